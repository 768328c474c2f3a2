// An idle screen locks: a dialog over the whole page, what was typed stays beneath. All tabs share one clock.
import { on, renewCsrf } from "./wire.js";

const lock = document.getElementById("lock");
const body = document.body;
const limit = Number(body.dataset.lockAfter || 0) * 1000;
const CLOCK = "herotill.active";
let locked = false;
let noted = 0;

function note() {
  if (locked || Date.now() - noted < 2000) return;
  noted = Date.now();
  localStorage.setItem(CLOCK, String(noted));
}

function show(method) {
  if (!lock || locked) return;
  locked = true;
  lock.showModal();
  if (body.dataset.lockUrl) window.htmx.ajax(method, body.dataset.lockUrl, { target: "#lock-body", swap: "innerHTML" });
}

function hide(event) {
  if (event.detail?.csrf) renewCsrf(event.detail.csrf);
  locked = false;
  note();
  lock?.close();
  document.getElementById("lock-body")?.replaceChildren();
}

if (lock && limit) {
  note();
  for (const type of ["pointerdown", "keydown", "wheel", "pointermove"]) document.addEventListener(type, note, { passive: true, capture: true });
  setInterval(() => {
    if (!locked && Date.now() - Math.max(noted, Number(localStorage.getItem(CLOCK))) >= limit) show("POST");
  }, 1000);
}
if (lock) {
  on("click", "[data-lock-now]", () => show("POST"));
  lock.addEventListener("cancel", (event) => event.preventDefault());
  lock.addEventListener("close", () => { if (locked) lock.showModal(); });
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.target.id === "lock-body") lock.querySelector("input:not([type=hidden])")?.focus();
  });
  document.addEventListener("locked", () => show("GET"));
  document.addEventListener("unlocked", hide);
}
