// An idle screen locks: a dialog over the whole page, what was typed stays beneath. All tabs share one clock and one lock.
import { on, renewCsrf } from "./wire.js";

const lock = document.getElementById("lock");
const { lockUrl, lockAfter } = document.body.dataset;
const limit = Number(lockAfter || 0) * 1000;
const CLOCK = "herotill.active";
const LOCKED = "herotill.locked";
let locked = false;
let noted = 0;
let told = Date.now();

function note() {
  if (locked || Date.now() - noted < 2000) return;
  noted = Date.now();
  localStorage.setItem(CLOCK, String(noted));
}

// Somebody who types a long text asks the server for nothing; it must hear all the same that a person is there.
function tell() {
  if (noted <= told || Date.now() - told < limit / 3) return;
  told = Date.now();
  fetch(lockUrl, { headers: { "HX-Request": "true" } }).catch(() => undefined);
}

function watch() {
  if (locked) return;
  if (Date.now() - Math.max(noted, Number(localStorage.getItem(CLOCK))) >= limit) show("POST");
  else tell();
}

function show(method) {
  if (locked) return;
  locked = true;
  localStorage.setItem(LOCKED, "1");
  lock.showModal();
  window.htmx.ajax(method, lockUrl, { target: "#lock-body", swap: "innerHTML" });
}

function hide(event) {
  if (event.detail?.csrf) renewCsrf(event.detail.csrf);
  locked = false;
  localStorage.removeItem(LOCKED);
  noted = 0;
  note();
  lock.close();
  document.getElementById("lock-body").replaceChildren();
}

if (lock && lockUrl) {
  localStorage.removeItem(LOCKED);
  on("click", "[data-lock-now]", () => show("POST"));
  lock.addEventListener("cancel", (event) => event.preventDefault());
  lock.addEventListener("close", () => { if (locked) lock.showModal(); });
  document.addEventListener("locked", () => show("GET"));
  document.addEventListener("unlocked", hide);
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.target.id === "lock-body") lock.querySelector("input:not([type=hidden])")?.focus();
  });
  window.addEventListener("storage", (event) => {
    if (event.key === LOCKED && event.newValue) show("GET");
    else if (event.key === LOCKED && locked) hide({});
  });
}
if (lock && lockUrl && limit) {
  note();
  for (const type of ["pointerdown", "pointermove", "keydown", "wheel"]) document.addEventListener(type, note, { passive: true, capture: true });
  setInterval(watch, 1000);
}

// What a page asks by itself, again and again, is no sign of a person.
document.addEventListener("htmx:configRequest", (event) => {
  if (!event.detail.triggeringEvent) event.detail.headers["X-Background"] = "1";
});
