"use strict";
// What script adds to pages that work without it.
(() => {
  const two = (number) => String(number).padStart(2, "0");
  const shapes = {
    time: { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", hour12: false },
    second: { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false },
    day: { day: "numeric", month: "short", year: "numeric" },
  };
  // The user has chosen no time zone: the browser knows one.
  for (const element of document.querySelectorAll("time[data-local]")) {
    const at = new Date(element.dateTime);
    if (!Number.isNaN(at.getTime())) {
      element.textContent = at.toLocaleString("en-GB", shapes[element.dataset.local] || shapes.time);
      const east = -at.getTimezoneOffset();
      const zone = `UTC${east < 0 ? "-" : "+"}${two(Math.floor(Math.abs(east) / 60))}:${two(Math.abs(east) % 60)}`;
      element.title = `${element.dateTime} (${zone} shown)`;
    }
  }
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button || !navigator.clipboard) return;
    event.preventDefault();
    await navigator.clipboard.writeText(button.dataset.copy);
    const before = button.textContent;
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = before; }, 1500);
  });
  document.addEventListener("submit", (event) => {
    const question = (event.submitter && event.submitter.dataset.confirm) || event.target.dataset.confirm;
    if (question && !window.confirm(question)) event.preventDefault();
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-submit]")) event.target.form.requestSubmit();
  });
  // On narrow screens the menu is closed until it is asked for.
  const menu = document.querySelector("details.fold");
  if (menu && window.matchMedia("(max-width: 50rem)").matches) menu.open = false;
})();
