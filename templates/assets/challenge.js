// Comfort for the challenge pages. Every page works without it.
"use strict";

// Counts down beside a time that the page already names. Starts from seconds, so a wrong clock does no harm.
for (const place of document.querySelectorAll("[data-countdown]")) {
  const end = performance.now() + Number(place.dataset.countdown) * 1000;
  const tick = () => {
    const left = Math.max(0, Math.ceil((end - performance.now()) / 1000));
    const minutes = Math.floor(left / 60);
    place.textContent = left > 0
      ? ` (${minutes}:${String(left % 60).padStart(2, "0")})`
      : (place.dataset.over ?? "");
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

// A second press while the first is on its way is not sent.
for (const form of document.querySelectorAll("form")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    form.querySelector("button[type=submit]")?.setAttribute("aria-disabled", "true");
  });
}

// Coming back with the browser's back button makes the forms usable again.
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const form of document.querySelectorAll("form")) {
    delete form.dataset.sent;
    form.querySelector("button[type=submit]")?.removeAttribute("aria-disabled");
  }
});

// What went wrong, or went well, is what a reader should hear first.
document.querySelector("[data-focus]")?.focus();

// Takes the person back by itself, but not when they came here with the back button.
const back = document.querySelector("form[data-auto-submit]");
if (back && performance.getEntriesByType("navigation")[0]?.type !== "back_forward") {
  const status = back.querySelector("[data-auto-status]");
  if (status) status.textContent = status.dataset.autoStatus;
  setTimeout(() => back.requestSubmit(), 1500);
}
