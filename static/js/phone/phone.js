// A technician's phone: every deed goes into the queue first and is sent from there, with a line or later.
import { on } from "../wire.js";
import { small } from "./camera.js";
import "./signature.js";
import { overlay } from "./overlay.js";
import { list, say } from "./waiting.js";

const person = Number(document.body.dataset.person);
const queue = self.jobQueue;
const pages = self.jobPages;
const news = new BroadcastChannel("my-jobs");
let worker = null;

// ---- what is done here ----
async function entryOf(form) {
  const fields = [];
  const files = [];
  for (const [name, value] of new FormData(form)) {
    if (name === "csrfmiddlewaretoken") continue;
    if (!(value instanceof File)) fields.push([name, value]);
    else if (value.size) files.push([name, ...(await small(value))]);
  }
  return {
    person, fields, files, refused: "", key: crypto.randomUUID(), made_at: new Date().toISOString(),
    url: new URL(form.action).pathname, page: location.pathname, kind: form.dataset.send, label: form.dataset.label,
    about: document.querySelector("h1").textContent,
  };
}

// What the server did not take of this very form; it is put in its place, and sent anew from there.
async function refusedOf(form) {
  if ("again" in form.dataset || form.dataset.send === "check") return [];
  return (await queue.of(person)).filter((one) => one.refused && one.page === location.pathname && one.kind === form.dataset.send);
}

async function putBack() {
  for (const form of document.querySelectorAll("form[data-send]:not([data-again]):not([data-dirty])")) {
    for (const entry of await refusedOf(form)) putInto(form, entry);
  }
}

function putInto(form, entry) {
  for (const [name, value] of entry.fields) fill(form.elements[name], value);
}

function fill(control, value) {
  if (!control || control.type === "file") return;
  if (control.type === "checkbox") control.checked = Boolean(value);
  else control.value = value;
}

async function done(form) {
  const entry = await entryOf(form);
  for (const old of await refusedOf(form)) await queue.remove(old.id);
  await queue.put(entry);
  delete form.dataset.dirty;
  if ("again" in form.dataset) {
    form.reset();
    form.closest("details")?.removeAttribute("open");
  }
  await show();
  worker?.sync?.register("my-jobs").catch(() => undefined);
  await send(true);
}

// What is missing can be said at once, with a line or without.
function lacks(form) {
  if (form.dataset.send !== "complete") return [];
  const undone = [...document.querySelectorAll("[data-check][data-compulsory]:not([data-done])")];
  const missing = undone.map((row) => `“${row.dataset.text}” is not done.`);
  const { signature, typed, signed_by: name } = form.elements;
  if ("signs" in form.dataset && !(name.value.trim() && (signature.value || typed.checked))) missing.push("The customer has not signed.");
  return missing;
}

on("submit", "form[data-send]", (event, form) => {
  event.preventDefault();
  const missing = lacks(form);
  const said = form.querySelector("[data-lacks]");
  if (said) {
    said.hidden = !missing.length;
    said.textContent = missing.join(" ");
    if (missing.length) said.focus();
  }
  if (!missing.length && form.reportValidity()) done(form);
});
on("input", "form[data-send]", (event, form) => { form.dataset.dirty = ""; });
on("change", "[data-at-once]", (event, input) => input.form.requestSubmit());

// ---- what waits, and its sending ----
// What was sent stays marked until the page comes anew with it: nobody is told in between that it is not done.
let known = [];
let sent = [];

async function show() {
  const entries = await queue.of(person);
  const left = new Set(entries.map((entry) => entry.id));
  sent.push(...known.filter((entry) => !entry.refused && !left.has(entry.id)));
  known = entries;
  list(entries);
  overlay([...sent, ...entries].filter((entry) => entry.page === location.pathname));
}

async function send(byPerson = false) {
  const before = (await queue.of(person)).length;
  const how = navigator.onLine ? await queue.drained(byPerson) : "waiting";
  const left = await queue.of(person);
  const waiting = left.filter((entry) => !entry.refused).length;
  say(how === "another" && !waiting ? "sent" : how, waiting);
  await show();
  if (left.length < before) await renew();
  await show();
  await tell(left);
}

// A no is seen where somebody is, and what they typed is in its form again.
const told = new Set();
async function tell(entries) {
  const fresh = entries.filter((entry) => entry.refused && !told.has(entry.key));
  for (const entry of fresh) told.add(entry.key);
  if (!fresh.length) return;
  await putBack();
  document.getElementById("waiting").scrollIntoView({ block: "center" });
}

// The page as the server has it now; what somebody is typing in stays. Of several asked for at once only the newest
// counts: an older one, answered late, would put back what was there before.
let asked = 0;
async function renew() {
  const mine = ++asked;
  const meant = [...sent];
  try {
    const answer = await fetch(location.href, { headers: { "X-Background": "1" }, redirect: "error", cache: "no-store" });
    const kept = answer.clone();
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (mine === asked) await pages.keep(location.href, kept);
    if (mine !== asked || !answer.ok || Number(fresh.body.dataset.person) !== person) return;
    for (const part of document.querySelectorAll("[data-part]")) {
      const next = fresh.getElementById(part.id);
      if (!part.querySelector("[data-dirty]")) next ? part.replaceWith(document.adoptNode(next)) : part.remove();
    }
    sent = sent.filter((entry) => !meant.includes(entry));
    await putBack();
  } catch {
    // the page stays as it is until there is a line
  }
}

on("click", "[data-again]", async (event, button) => {
  const entry = (await queue.of(person)).find((one) => one.key === button.value);
  if (entry) await queue.put({ ...entry, refused: "" });
  await send(true);
});
// Into the form it came from, to be put right there.
on("click", "[data-mend]", async (event, button) => {
  const entry = (await queue.of(person)).find((one) => one.key === button.value);
  const form = entry && document.querySelector(`form[data-send="${entry.kind}"]`);
  if (!form) return;
  putInto(form, entry);
  form.dataset.dirty = "";
  form.closest("details")?.setAttribute("open", "");
  form.scrollIntoView({ block: "center" });
  form.querySelector("input:not([type=hidden]), textarea")?.focus({ preventScroll: true });
  if ("again" in form.dataset) await queue.remove(entry.id);
  await show();
});
on("click", "[data-discard]", async (event, button) => {
  const entry = (await queue.of(person)).find((one) => one.key === button.value);
  if (entry) await queue.remove(entry.id);
  await send();
});
on("click", "[data-send-now]", () => send(true));
let soon = 0;
news.addEventListener("message", () => {
  show();
  clearTimeout(soon);
  soon = setTimeout(() => renew().then(show), 500);
});
window.addEventListener("online", () => send());
window.addEventListener("offline", () => send());
document.addEventListener("visibilitychange", () => { if (!document.hidden) send(); });
setInterval(() => { if (!document.hidden && navigator.onLine) send(); }, 30000);

// ---- what stays on the phone ----
async function keepAll() {
  const seen = performance.getEntriesByType("resource").map((one) => one.name);
  const files = [...seen, ...[...document.querySelectorAll("link[rel=stylesheet]")].map((one) => one.href)];
  await Promise.all([...new Set(files)].filter((url) => new URL(url).pathname.startsWith("/static/")).map(keepFile));
  const visits = [...document.querySelectorAll("a[data-visit]")].map((one) => one.href);
  for (const url of visits) await keepPage(url);
  await pages.tidy(document.body.dataset.pages === "list" ? [location.href, ...visits] : null);
  document.documentElement.dataset.kept = "yes";
}

const keepFile = async (url) => pages.keepStatic(url, await fetch(url));
const keepPage = async (url) => pages.keep(url, await fetch(url, { headers: { "X-Background": "1" }, redirect: "error", cache: "no-store" }));

// Somebody who works here for hours asks the server for little; it must hear all the same that a person is there.
let heard = Date.now();
document.addEventListener("pointerdown", () => {
  if (!navigator.onLine || Date.now() - heard < 120000) return;
  heard = Date.now();
  queue.line(true).catch(() => undefined);
}, { passive: true });

async function begin() {
  await show();
  await putBack();
  if ("serviceWorker" in navigator) {
    await navigator.serviceWorker.register("/workflow/my-jobs/worker.js", { scope: "/workflow/my-jobs/" }).catch(() => undefined);
    worker = await navigator.serviceWorker.ready;
  }
  await send();
  await renew();  // the worker may have sent what waited while this page was on its way
  await show();
  await keepAll().catch(() => pages.tidy(null));
}

if (self.jobQueue && "caches" in window) begin();
