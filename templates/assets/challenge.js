// Comfort for the challenge pages. Every page works without it.
"use strict";

// Counts down beside a time that the page already names. Starts from seconds, so a wrong clock does no harm. What ticks is
// not read out; where a code ends, that is said once while there is time to type it or to ask for another, and at its end.
for (const place of document.querySelectorAll("[data-countdown]")) {
  const status = place.dataset.soon ? document.getElementById("code-soon") : null;
  const end = performance.now() + Number(place.dataset.countdown) * 1000;
  const tick = () => {
    const left = Math.max(0, Math.ceil((end - performance.now()) / 1000));
    const minutes = Math.floor(left / 60);
    place.textContent = left > 0
      ? ` (${minutes}:${String(left % 60).padStart(2, "0")})`
      : (place.dataset.over ?? "");
    const said = left > 150 ? "" : left > 0 ? place.dataset.soon : place.dataset.ended;
    if (status && status.textContent !== said) status.textContent = said;
    if (left > 0) setTimeout(tick, 500);
  };
  tick();
}

// Shows the resend button once its pause is over.
for (const form of document.querySelectorAll("form[data-ready-in]")) {
  for (const hint of document.querySelectorAll("[data-without-script]")) hint.hidden = true;
  setTimeout(() => {
    form.hidden = false;
    for (const note of document.querySelectorAll("[data-until-ready]")) note.hidden = true;
  }, Number(form.dataset.readyIn) * 1000 + 500);
}

// A press that was meant for something else is no "no": a window that was closed above this one, the second half of a
// double-click. So "no" counts only from a press that began on this page, after the page was in front for a moment. What
// presses without a pointer (the keyboard, a screen reader) begins where it ends. The server asks for the moment, too.
for (const form of document.querySelectorAll("form[data-look]")) {
  const look = Number(form.dataset.look);
  let inFront = performance.now();
  let pointed = NaN;
  let pressed = NaN;
  const again = () => { inFront = performance.now(); };
  addEventListener("focus", again);
  addEventListener("pageshow", again);
  document.addEventListener("visibilitychange", again);
  for (const kind of ["pointerdown", "mousedown", "touchstart"]) {
    addEventListener(kind, (event) => { pointed = event.timeStamp; }, { capture: true, passive: true });
  }
  form.addEventListener("click", (event) => {
    if (event.target.closest("button")) pressed = event.detail > 0 ? pointed : event.timeStamp;
  }, true);
  form.addEventListener("submit", (event) => {
    if (form.elements.intent.value !== "confirmed" || pressed - inFront >= look) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const soon = document.getElementById("too-soon");
    soon.hidden = false;
    soon.focus();
  });
}

// Asks for a report one field at a time, for one thumb on a phone. Whoever has said enough sends what there is.
for (const form of document.querySelectorAll("form[data-steps]")) {
  const steps = [...form.querySelectorAll("[data-step]")];
  const [place, onward, send, back] =
    ["place", "onward", "send", "back"].map((name) => form.querySelector(`[data-${name}]`));
  let at = 0;
  const show = (step) => {
    at = step;
    const isLast = at === steps.length - 1;
    steps.forEach((each, number) => { each.hidden = number !== at; });
    place.textContent = `${at + 1} / ${steps.length}`;
    place.hidden = false;
    onward.hidden = isLast;
    send.hidden = back.hidden = at === 0;
  };
  const go = (step) => {
    show(step);
    (steps[at].querySelector("input:checked") ?? steps[at].querySelector("input, textarea")).focus();
  };
  form.addEventListener("submit", (event) => {
    const unknown = form.elements.channel.value === "";
    const error = document.getElementById("channel-error");
    error.hidden = !unknown;
    if (!unknown && (event.submitter === send || at === steps.length - 1)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    go(unknown ? 0 : at + 1);
  });
  back.addEventListener("click", () => go(at - 1));
  show(0);
}

// A second press while the first is on its way is not sent.
for (const form of document.querySelectorAll("form")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    (event.submitter ?? form.querySelector("button[type=submit]"))?.setAttribute("aria-disabled", "true");
  });
}

// Coming back with the browser's back button: a page that the browser kept shows how things stood when it was left, so it
// is asked for anew. What answered a form would be sent once more by that; there, the form is made usable again.
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  if (!location.pathname.endsWith("/report")) {
    location.reload();
    return;
  }
  for (const form of document.querySelectorAll("form")) {
    delete form.dataset.sent;
    for (const button of form.querySelectorAll("button[aria-disabled]")) button.removeAttribute("aria-disabled");
  }
});

// What went wrong, or went well, is what a reader should hear first.
document.querySelector("[data-focus]")?.focus();

// Tells the page that opened this window that it is over, where that page is one of those the organisation registered.
// Which those are stands on the page. The token goes to the one origin that the form would post it to, and to no other.
const back = document.querySelector("form.return");
const about = document.querySelector("[data-openers]");
const openers = about?.dataset.openers.split(" ").filter(Boolean) ?? [];
let handedOver = false;
if (window.opener && openers.length > 0) {
  addEventListener("message", (event) => {
    if (event.source !== window.opener || !openers.includes(event.origin)) return;
    const { ase, nonce } = event.data ?? {};
    if (ase !== "nonce" || typeof nonce !== "string" || about.dataset.state === "open") return;
    const over = { ase: "over", nonce, expired: about.dataset.state === "expired" };
    if (back && new URL(back.action).origin === event.origin) {
      over.token = back.elements.decision_token.value;
      // who was let through is done here; everybody else has something to read
      over.close = "autoSubmit" in back.dataset;
      handedOver = true;
    }
    window.opener.postMessage(over, event.origin);
  });
  for (const origin of openers) window.opener.postMessage({ ase: "hello" }, origin);
}

// What was handed over is not sent once more: then the button closes the window.
back?.addEventListener("submit", (event) => {
  if (!handedOver) return;
  event.preventDefault();
  close();
});

// Takes the person back by itself, but not when they came here with the back button, or load the page again. A page that
// opened this one gets the time to listen first.
if (back?.matches("[data-auto-submit]") && performance.getEntriesByType("navigation")[0]?.type === "navigate") {
  const status = back.querySelector("[data-auto-status]");
  if (status) status.textContent = status.dataset.autoStatus;
  setTimeout(() => { if (!handedOver) back.requestSubmit(); }, window.opener ? 4000 : 1500);
}
