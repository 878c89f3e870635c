// SenseJS: what a visit to a shop looks like, without what is typed; and the challenge widget. No dependencies.
'use strict';
(() => {
  const LIFE_MS = 24 * 3600e3, FLUSH_MS = 4000, QUEUE_MAX = 400, BATCH_MAX = 120, BATCHES_MAX = 256, FAILURES_MAX = 5;
  const name = window['JS-Widget'] || 'fc';
  const own = document.currentScript || document.getElementById('fc');
  const url = new URL(own && own.src ? own.src : location.href);
  const base = url.origin;
  const env = url.searchParams.get('env');
  const store = (kind) => { try { return window[kind]; } catch { return null; } };
  /** Nothing that goes wrong in here may disturb the page. @template {Function} F @param {F} work @returns {F} */
  const safe = (work) => /** @type {any} */ (function guarded(...given) { try { return work.apply(this, given); } catch { return undefined; } });

  // ---- The visit -------------------------------------------------------------------------------------------------

  /** @typedef {{k: string, t: number, n: number}} Visit Key, begin, number of the next batch. */
  /** @returns {Visit} */
  function visit() {
    const kept = safe(() => JSON.parse(store('sessionStorage').getItem('fc')))();
    if (kept && kept.k && Date.now() - kept.t < LIFE_MS) return kept;
    return keep({ k: guid(), t: Date.now(), n: 0 });
  }
  let memory = null;
  /** @param {Visit} it */
  function keep(it) { memory = it; safe(() => store('sessionStorage').setItem('fc', JSON.stringify(it)))(); return it; }
  const current = () => (memory && Date.now() - memory.t < LIFE_MS ? memory : visit());
  function guid() {
    const b = crypto.getRandomValues(new Uint8Array(16));
    b[6] = (b[6] & 15) | 64; b[8] = (b[8] & 63) | 128;
    return [...b].map((x, i) => (i === 4 || i === 6 || i === 8 || i === 10 ? '-' : '') + x.toString(16).padStart(2, '0')).join('');
  }

  // ---- What is never looked at -----------------------------------------------------------------------------------

  const SECRET = /card.?(num|no\b)|\bcc.?(num|no|exp|csc|cvc)|credit.?card|debit.?card|\bpan\b|cvv|cvc|csc|cvn|secur\w*.?(code|num)|verif\w*.?(code|val)|expir|exp.?(m|y|date)|passw|passcode|\bpwd|\bpin\b|otp|one.?time|\btoken\b|iban|account.?num|routing|\bssn\b/i;
  const SECRET_AUTO = /\bcc-|password|one-time-code/;
  const marked = new WeakSet();
  /** @param {string} text */
  function isCard(text) {
    const digits = text.replace(/[\s-]/g, '');
    if (!/^\d{12,19}$/.test(digits)) return false;
    let sum = 0;
    for (let i = 0; i < digits.length; i += 1) {
      let d = +digits[digits.length - 1 - i];
      if (i % 2) { d *= 2; if (d > 9) d -= 9; }
      sum += d;
    }
    return sum % 10 === 0;
  }
  /** What a field asks for; null: nothing of it may be told. @param {EventTarget} el @returns {?string} */
  function kindOf(el) {
    if (!(el instanceof HTMLInputElement || el instanceof HTMLTextAreaElement || el instanceof HTMLSelectElement)) return null;
    const type = (el.getAttribute('type') || 'text').toLowerCase();
    if (marked.has(el) || /^(hidden|password|file|submit|button|image|reset)$/.test(type) || el.type === 'password') return null;
    if (el.closest('[data-fc-ignore]') || (el.getClientRects && el.getClientRects().length === 0)) return null;
    const auto = (el.getAttribute('autocomplete') || '').toLowerCase();
    const label = el.labels && el.labels[0] ? el.labels[0].textContent : '';
    const words = [el.name, el.id, el.getAttribute('aria-label'), el.getAttribute('placeholder'), label].join(' ');
    const apart = words.replace(/([a-z])([A-Z])/g, '$1 $2').replace(/_/g, ' ');
    if (SECRET_AUTO.test(auto) || SECRET.test(words) || SECRET.test(apart) || isCard(el.value)) { marked.add(el); return null; }
    const all = `${auto} ${apart}`.toLowerCase();
    if (type === 'email' || /e-?mail/.test(all)) return 'email';
    if (type === 'tel' || /phone|\btel\b|mobile/.test(all)) return 'phone';
    if (/address|street|postal|postcode|\bzip|city|town|state|province|country/.test(all)) return 'address';
    if (/name/.test(all)) return 'name';
    return 'other';
  }

  // ---- Collecting ------------------------------------------------------------------------------------------------

  let site = null, orderId = null, device = null, out = false, failures = 0, timer = 0;
  /** @type {object[]} */
  let queue = [];
  /** Waits between keys, by field: count, sum, squares, last key. @type {Map<string, {n: number, s: number, q: number, at: number}>} */
  const rhythm = new Map();
  const listeners = [];

  /** @param {string} type @param {?string} [target] @param {object} [more] */
  function note(type, target, more) {
    if (out || queue.length >= QUEUE_MAX) return;
    queue.push({ t: Math.max(0, Date.now() - current().t), type, ...(target ? { target } : {}), ...more });
    if (!timer) timer = setTimeout(safe(flush), FLUSH_MS);
  }
  /** @param {string} type @param {EventTarget} on @param {(event: any) => void} work */
  function hear(type, on, work) {
    const guarded = safe(work);
    on.addEventListener(type, guarded, { capture: true, passive: true });
    listeners.push(() => on.removeEventListener(type, guarded, { capture: true }));
  }
  /** At most so often. @param {number} ms @param {() => void} work */
  function seldom(ms, work) { let last = 0; return () => { const now = Date.now(); if (now - last >= ms) { last = now; work(); } }; }

  function key(event) {
    const kind = kindOf(event.target);
    if (!kind || event.isComposing) return;
    const now = performance.now();
    const it = rhythm.get(kind) || { n: 0, s: 0, q: 0, at: 0 };
    const wait = now - it.at;
    if (it.at && wait < 3000) { it.n += 1; it.s += wait; it.q += wait * wait; }
    it.at = now;
    rhythm.set(kind, it);
  }
  function keys() {
    for (const [kind, it] of rhythm) {
      if (!it.at) continue;
      const mean = it.n ? it.s / it.n : 0;
      note('keys', kind, { n: it.n, mean: Math.round(mean), dev: Math.round(Math.sqrt(Math.max(0, it.n ? it.q / it.n - mean * mean : 0))) });
    }
    rhythm.clear();
  }
  /** Length and keyed hash of what a field holds. @param {HTMLInputElement} el @param {string} kind */
  async function field(el, kind) {
    const text = el.value;
    if (!text || isCard(text)) return;
    let autofilled = false;
    try { autofilled = el.matches(':autofill'); } catch { /* an older browser cannot say */ }
    const hash = kind === 'other' ? null : await keyed(text.trim().toLowerCase());
    note('field', kind, { length: text.length, autofilled, ...(hash ? { hash } : {}) });
  }
  /** @param {string} text @returns {Promise<?string>} */
  async function keyed(text) {
    try {
      const bytes = new TextEncoder();
      const secret = await crypto.subtle.importKey('raw', bytes.encode(site.mid), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
      const tag = new Uint8Array(await crypto.subtle.sign('HMAC', secret, bytes.encode(text)));
      return [...tag.slice(0, 16)].map((x) => x.toString(16).padStart(2, '0')).join('');
    } catch { return null; }
  }
  async function measure() {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    const it = {
      userAgent: navigator.userAgent.slice(0, 400), languages: [...(navigator.languages || [])].slice(0, 8), timeZone: zone,
      offsetMinutes: -new Date().getTimezoneOffset(), screen: `${screen.width}x${screen.height}x${screen.colorDepth}@${devicePixelRatio}`,
      touch: navigator.maxTouchPoints || 0, storage: Boolean(store('localStorage')),
    };
    const hash = await keyed(JSON.stringify([it.userAgent, it.languages, zone, it.screen, it.touch, it.storage, navigator.hardwareConcurrency]));
    device = hash ? { ...it, hash } : it;
  }
  function begin() {
    visit();
    hear('focus', document, (e) => { const kind = kindOf(e.target); if (kind) note('focus', kind); });
    hear('blur', document, (e) => { const kind = kindOf(e.target); if (kind) { note('blur', kind); field(e.target, kind); } });
    hear('change', document, (e) => { const kind = kindOf(e.target); if (kind) field(e.target, kind); });
    hear('paste', document, (e) => { const kind = kindOf(e.target); if (kind) note('paste', kind); });
    hear('keydown', document, key);
    hear('resize', window, seldom(1000, () => note('resize')));
    hear('scroll', document, seldom(2000, () => note('scroll')));
    hear('visibilitychange', document, () => { if (document.visibilityState === 'hidden') flush(true); });
    hear('pagehide', window, () => flush(true));
    note('load', null, { path: location.pathname.slice(0, 200) });
    measure().catch(() => {}).then(safe(() => flush()));
  }

  // ---- Sending ---------------------------------------------------------------------------------------------------

  /** @param {boolean} [leaving] */
  function flush(leaving) {
    clearTimeout(timer); timer = 0;
    if (out || !site || failures >= FAILURES_MAX) { queue = []; return; }
    keys();
    clearTimeout(timer); timer = 0;
    const it = current();
    while ((queue.length || orderId !== it.o) && it.n < BATCHES_MAX) {
      const events = queue.splice(0, BATCH_MAX);
      const body = JSON.stringify({ ...site, senseKey: it.k, orderId, seq: it.n, device: device || {}, events });
      it.n += 1; it.o = orderId;
      keep(it);
      send(body, leaving === true);
    }
  }
  /** @param {string} body @param {boolean} leaving */
  function send(body, leaving) {
    const to = `${base}/v1/sense${env ? `?env=${encodeURIComponent(env)}` : ''}`;
    if (leaving && navigator.sendBeacon && navigator.sendBeacon(to, body)) return;
    fetch(to, { method: 'POST', body, keepalive: leaving, credentials: 'omit', headers: { 'content-type': 'text/plain' } })
      .then((reply) => { failures = reply.ok ? 0 : failures + 1; }, () => { failures += 1; });
  }

  // ---- The challenge ---------------------------------------------------------------------------------------------

  /**
   * @typedef {{orderSessionKey: string, mid: string, siteId: string, successUrl: string, failUrl?: string, failurl?: string,
   *   locale?: string, container?: Element|string, onResult?: (result: {state: string}) => void}} Options
   */
  const LOOK = `dialog{border:0;padding:0;border-radius:14px;width:min(32rem,calc(100vw - 2rem));max-height:calc(100dvh - 2rem);overflow:auto;
background:Canvas;color:CanvasText;box-shadow:0 24px 80px #0006;font:16px/1.5 system-ui,sans-serif;color-scheme:light dark}
dialog::backdrop{background:#000a}iframe{display:block;border:0;width:100%;height:26rem;color-scheme:light dark}
.bar{display:flex;justify-content:flex-end;padding:.5rem .5rem 0}.ask{padding:1.25rem;display:grid;gap:.75rem}.ask[hidden]{display:none}
button{font:inherit;min-height:2.75rem;padding:.4rem 1rem;border-radius:8px;border:1px solid GrayText;background:ButtonFace;color:ButtonText;cursor:pointer}
button:focus-visible{outline:3px solid Highlight;outline-offset:2px}p{margin:0}`;
  let showing = false;

  /** @param {string} tag @param {object} [props] @param {...(Node|string)} inner */
  function make(tag, props, ...inner) { const el = Object.assign(document.createElement(tag), props); el.append(...inner); return el; }

  /** @param {Options} options */
  function initUI(options) {
    const given = { ...options, failUrl: options && (options.failUrl || options.failurl) };
    for (const member of ['orderSessionKey', 'mid', 'siteId', 'successUrl', 'failUrl']) {
      if (!given[member]) { console.error(`fc: initUI needs ${member}`); return; }
    }
    if (showing) return;
    showing = true;
    const back = document.activeElement;
    const where = typeof given.container === 'string' ? document.querySelector(given.container) : given.container;
    const locale = given.locale ? `?locale=${encodeURIComponent(given.locale)}` : '';
    const frame = make('iframe', { title: 'Confirm your payment', src: `${base}/challenge/${encodeURIComponent(given.orderSessionKey)}${locale}` });
    const host = make('div', {});
    const shadow = host.attachShadow({ mode: 'closed' });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(LOOK);
    shadow.adoptedStyleSheets = [sheet];
    let over = false, dialog = null;
    const ask = make('div', { className: 'ask', hidden: true });
    const close = (state, to) => {
      if (over) return;
      over = true; showing = false;
      removeEventListener('message', heard);
      safe(() => given.onResult && given.onResult({ state }))();
      if (to) { location.assign(to); return; }
      if (dialog) dialog.close();
      host.remove();
      if (back instanceof HTMLElement) back.focus();
    };
    const leave = () => {
      if (!dialog || !ask.hidden) return;
      ask.hidden = false; frame.hidden = true; frame.style.display = 'none';
      ask.querySelector('button').focus();
    };
    const stay = () => { ask.hidden = true; frame.hidden = false; frame.style.display = ''; frame.focus(); };
    if (where) {
      shadow.append(frame);
      where.append(host);
    } else {
      const yes = make('button', { type: 'button', onclick: () => close('closed', addresses.fail) }, 'Leave without paying');
      ask.append(make('p', {}, 'Your payment is not finished. Leave anyway?'), make('button', { type: 'button', onclick: stay }, 'Go on paying'), yes);
      const cross = make('button', { type: 'button', onclick: leave, ariaLabel: 'Close' }, '\u2715');
      dialog = make('dialog', { ariaLabel: 'Confirm your payment' }, make('div', { className: 'bar' }, cross), ask, frame);
      dialog.addEventListener('cancel', (event) => { event.preventDefault(); if (ask.hidden) leave(); else stay(); });
      dialog.addEventListener('keydown', (event) => { if (event.key === 'Escape') { event.preventDefault(); if (ask.hidden) leave(); else stay(); } });
      shadow.append(dialog);
      document.body.append(host);
      dialog.showModal();
      frame.focus();
    }
    /** @param {MessageEvent} event */
    function heard(event) {
      if (event.origin !== base || event.source !== frame.contentWindow || !event.data || event.data.fc !== 'challenge') return;
      if (event.data.height) frame.style.height = `${Math.min(Math.max(event.data.height, 160), 900)}px`;
      if (event.data.escape) leave();
    }
    addEventListener('message', heard);
    // Where to go is what the server says of the addresses that were asked for: others than the site's are refused.
    const addresses = { success: null, fail: null };
    const query = new URLSearchParams({ successUrl: given.successUrl, failUrl: given.failUrl });
    const poll = async (wait) => {
      query.set('wait', wait);
      const reply = await fetch(`${base}/v1/challenge/${encodeURIComponent(given.orderSessionKey)}?${query}`, { credentials: 'omit' });
      if (reply.status === 404) return { state: 'expired', failUrl: addresses.fail };
      if (reply.status === 400 || reply.status === 403) { console.error('fc: the challenge refuses this page', await reply.text()); return null; }
      if (!reply.ok) throw new Error(String(reply.status));
      return reply.json();
    };
    (async () => {
      for (let missed = 0; !over && missed < 20;) {
        try {
          const told = await poll(addresses.success ? 25 : 0);
          if (!told) { close('failed'); return; }
          missed = 0;
          if (told.successUrl) Object.assign(addresses, { success: told.successUrl, fail: told.failUrl });
          if (told.state === 'presented' || told.state === 'attempted') { query.set('seen', told.state); continue; }
          await new Promise((go) => setTimeout(go, 1200));
          close(told.state, told.state === 'passed' ? addresses.success : addresses.fail);
        } catch { missed += 1; await new Promise((go) => setTimeout(go, 1500)); }
      }
      close('failed', addresses.fail);
    })();
  }

  // ---- Commands --------------------------------------------------------------------------------------------------

  const commands = {
    init(mid, siteId) {
      if (site || out) return;
      site = { mid: String(mid), siteId: String(siteId) };
      begin();
    },
    setOrderId(id) { orderId = String(id).slice(0, 255); if (site) flush(); },
    getSenseKey(then) { if (typeof then === 'function') then(out ? null : current().k); },
    initUI,
    optOut() {
      out = true; queue = []; rhythm.clear();
      listeners.splice(0).forEach((stop) => stop());
      safe(() => { store('sessionStorage').removeItem('fc'); store('localStorage').setItem('fc-opt-out', '1'); })();
    },
  };
  const call = safe((command, ...given) => { if (Object.hasOwn(commands, command)) commands[command](...given); });
  safe(() => { out = store('localStorage').getItem('fc-opt-out') === '1'; })();
  const waiting = (window[name] && window[name].q) || [];
  window[name] = call;
  window.initUI = window.InitUI = safe(initUI);
  for (const given of [...waiting]) call(...given);
})();
