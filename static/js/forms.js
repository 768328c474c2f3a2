// Nothing typed is lost by leaving: forms marked data-guard ask first.
import { on } from "./wire.js";

const TYPED = "input:not([type=hidden]), select, textarea";
const guarded = (scope) => [...scope.querySelectorAll("form[data-guard]")];
export const isDirty = (scope) => guarded(scope).some((form) => "dirty" in form.dataset);
export const forget = (scope) => guarded(scope).forEach((form) => delete form.dataset.dirty);

on("input", "form[data-guard]", (_, form) => { form.dataset.dirty = ""; });
document.addEventListener("submit", (event) => {
  if (!event.defaultPrevented) forget(document);
});
// Before the answer is acted on: it may lead to another page, and what was saved is nothing to lose.
document.addEventListener("htmx:beforeOnLoad", (event) => {
  const form = event.detail.elt;
  if (event.detail.xhr.status < 400 && form.matches?.("form[data-guard]")) delete form.dataset.dirty;
});
window.addEventListener("beforeunload", (event) => {
  if (isDirty(document)) event.preventDefault();
});

// A form that comes back refused keeps its mark and shows its summary.
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.xhr?.status !== 422) return;
  const place = event.detail.target.isConnected ? event.detail.target : document.querySelector("main");
  for (const form of guarded(place)) if (form.querySelector(TYPED)) form.dataset.dirty = "";
  place.querySelector(".errors")?.focus();
});
document.querySelector(".main .errors[tabindex], .portal-main .errors[tabindex]")?.focus();

// A select or checkbox that sends its form when changed: data-submit.
on("change", "[data-submit]", (_, input) => input.form.requestSubmit());
