// The page in the frame: asks how far the challenge is, shows the fields it wants, sends what was typed, and waits.
'use strict';
(() => {
  /**
   * @typedef {{state: string, fields: string[], merchantName: string, amount: number, currency: string, cardBrand: ?string,
   *   cardLast4Digits: ?string, attemptsLeft: number, expiresUtc: string, stepUp: ?string}} Challenge
   */
  const root = document.documentElement;
  const key = location.pathname.split('/').filter(Boolean).pop();
  const address = `/v1/challenge/${encodeURIComponent(key)}`;
  /** @param {string} id @returns {HTMLElement} */
  const at = (id) => document.getElementById(id);
  const form = /** @type {HTMLFormElement} */ (at('form'));
  const MEMBERS = {
    VerificationValue: 'verificationValue', ExpirationMonth: 'expirationMonth', ExpirationYear: 'expirationYear',
    BillingInformation: 'addressLine1', StepUp: 'stepUp',
  };
  /** @type {?Challenge} */
  let shown = null;

  if (root.dataset.colour) root.style.setProperty('--accent', root.dataset.colour);
  if (root.dataset.ink) root.style.setProperty('--on-accent', root.dataset.ink);
  const locale = new URLSearchParams(location.search).get('locale') || root.dataset.locale || 'en';

  /** @param {Challenge} of */
  const price = (of) => {
    try {
      const style = new Intl.NumberFormat(locale, { style: 'currency', currency: of.currency });
      return style.format(of.amount / 10 ** style.resolvedOptions().maximumFractionDigits);
    } catch { return `${of.amount / 100} ${of.currency}`; }
  };

  /** Tells the page around the frame, which knows where we come from. @param {object} news */
  const tell = (news) => { if (parent !== window) parent.postMessage({ fc: 'challenge', ...news }, '*'); };

  /** @param {string} seen @param {number} wait @returns {Promise<?Challenge>} */
  async function look(seen, wait) {
    const reply = await fetch(`${address}?wait=${wait}${seen ? `&seen=${seen}` : ''}`, { cache: 'no-store' });
    if (reply.status === 404) return { ...(shown || { fields: [] }), state: 'expired' };
    if (!reply.ok) throw new Error(String(reply.status));
    return reply.json();
  }

  /** @param {string} text @param {string} [name] */
  function trouble(text, name) {
    at('trouble').textContent = text;
    at('trouble').hidden = !text;
    for (const input of form.elements) input.removeAttribute('aria-invalid');
    const input = name && form.elements.namedItem(name);
    if (input instanceof HTMLInputElement) {
      input.setAttribute('aria-invalid', 'true');
      input.setAttribute('aria-describedby', 'trouble');
      input.focus();
    }
  }

  const CARDS = { visa: 'Visa', mastercard: 'Mastercard', amex: 'American Express', discover: 'Discover', jcb: 'JCB' };

  /** @param {Challenge} challenge */
  function show(challenge) {
    const again = shown && shown.state === 'attempted' && challenge.state === 'presented';
    shown = challenge;
    if (challenge.merchantName) {
      at('who').textContent = challenge.merchantName;
      const card = challenge.cardLast4Digits ? ` with ${CARDS[challenge.cardBrand] || 'the card'} ending in ${challenge.cardLast4Digits}` : '';
      at('what').textContent = `To pay ${price(challenge)}${card}, please check what your bank asks for.`;
      at('pay').textContent = `Pay ${price(challenge)}`;
    }
    const open = challenge.state === 'presented' || challenge.state === 'attempted';
    form.hidden = !open;
    for (const name of ['cvv', 'cardExpiry', 'billingAddress', 'threeDS']) at(name).hidden = !challenge.fields.includes(name);
    at('bank').hidden = challenge.stepUp !== 'simulated';
    at('elsewhere').hidden = challenge.stepUp !== 'merchant';
    at('tries').textContent = challenge.attemptsLeft === 1 ? 'Last try' : `${challenge.attemptsLeft} tries left`;
    at('pay').disabled = challenge.state === 'attempted';
    at('status').className = challenge.state;
    at('status').textContent = {
      presented: '', attempted: 'Asking your bank…', passed: 'Thank you: the payment was made.',
      failed: 'The payment could not be made.', expired: 'The time for this step is over.',
    }[challenge.state];
    if (again) {
      form.reset();
      trouble('Your bank did not accept that. Please try again.', firstField(challenge));
    }
    tell({ state: challenge.state, height: root.scrollHeight });
  }

  /** @param {Challenge} challenge */
  const firstField = (challenge) =>
    ({ cvv: 'verificationValue', cardExpiry: 'expirationMonth', billingAddress: 'addressLine1' })[challenge.fields[0]];

  /** Waits for the end of what was sent. */
  async function follow() {
    for (let failures = 0; shown.state === 'attempted' && failures < 20;) {
      try { show(await look('attempted', 25)); failures = 0; } catch { failures += 1; await new Promise((go) => setTimeout(go, 1500)); }
    }
  }

  /** Watches for the time that runs out while nobody types. */
  async function watch() {
    for (let failures = 0; failures < 20;) {
      if (!shown || shown.state !== 'presented') { await new Promise((go) => setTimeout(go, 500)); continue; }
      try {
        const news = await look('presented', 25);
        failures = 0;
        if (shown.state === 'presented' && news.state !== 'presented' && news.state !== 'attempted') { show(news); return; }
        if (news.state === 'attempted') await new Promise((go) => setTimeout(go, 1000));
      } catch { failures += 1; await new Promise((go) => setTimeout(go, 3000)); }
    }
  }

  /** @returns {object} */
  function answer() {
    const value = (name) => form.elements.namedItem(name).value.trim();
    const wants = (name) => shown.fields.includes(name);
    const body = {};
    if (wants('cvv')) body.verificationValue = value('verificationValue');
    if (wants('cardExpiry')) Object.assign(body, { expirationMonth: value('expirationMonth'), expirationYear: value('expirationYear') });
    if (wants('billingAddress')) {
      const parts = ['addressLine1', 'zipcode', 'city', 'country'].map((name) => [name, value(name)]).filter(([, text]) => text);
      body.billingInformation = Object.fromEntries(parts);
    }
    if (wants('threeDS')) body.stepUp = { result: value('stepUp') };
    return body;
  }

  async function send(event) {
    event.preventDefault();
    if (at('pay').disabled) return;
    trouble('');
    at('pay').disabled = true;
    try {
      const reply = await fetch(address, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(answer()) });
      if (reply.status === 400) {
        const name = Object.keys(await reply.json()).find((path) => path !== 'TraceId') || '';
        trouble('Please check what is marked.', MEMBERS[name.split('.')[0]]);
        at('pay').disabled = false;
        return;
      }
      if (reply.status === 202) {
        for (const name of ['verificationValue']) form.elements.namedItem(name).value = '';
        show({ ...shown, state: 'attempted' });
        await follow();
        return;
      }
      if (reply.status === 404) { show(await look('', 0)); return; }
      throw new Error(String(reply.status));
    } catch {
      trouble('That did not get through. Please try again.');
      at('pay').disabled = false;
    }
  }

  form.addEventListener('submit', send);
  addEventListener('keydown', (event) => { if (event.key === 'Escape') tell({ escape: true }); });
  look('', 0).then((first) => { show(first); if (first.state === 'attempted') follow(); watch(); })
    .catch(() => { at('status').textContent = 'This step cannot be shown now. Please reload.'; });
})();
