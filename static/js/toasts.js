// What succeeded is said in a toast; what failed on the wire too, unless a card can say it in its own place.
import { on } from "./wire.js";

// Looked for each time: an answer that takes the place of the whole page brings another one.
const region = () => document.getElementById("toasts");

// The top layer stacks by time of entry: enter again, so that a toast stands over a dialog.
function lift() {
  const place = region();
  if (!place?.showPopover) return;
  if (place.matches(":popover-open")) place.hidePopover();
  place.showPopover();
}

function arm(toast, seconds = 7) {
  if (toast.classList.contains("toast--bad")) return;
  let timer;
  const start = () => { timer = setTimeout(() => toast.remove(), seconds * 1000); };
  toast.addEventListener("pointerenter", () => clearTimeout(timer));
  toast.addEventListener("pointerleave", start);
  toast.addEventListener("focusin", () => clearTimeout(timer));
  toast.addEventListener("focusout", start);
  start();
}

export function say(text, tone = "ok", link = null) {
  const toast = document.getElementById("toast-shape")?.content.firstElementChild.cloneNode(true);
  if (!toast) return;
  toast.classList.add(`toast--${tone}`);
  const place = toast.querySelector("div");
  place.textContent = text;
  if (link?.href?.startsWith("/")) {
    const a = document.createElement("a");
    a.href = link.href;
    a.textContent = link.label || "Open";
    place.append(" ", a);
  }
  if (link?.post?.startsWith("/")) place.append(" ", deed(toast, link));
  lift();
  region()?.append(toast);
  arm(toast, link?.post ? 30 : 7);
}

// A toast that offers to take back what it tells of: a press posts to its address.
function deed(toast, { post, label }) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "link";
  button.textContent = label;
  button.addEventListener("click", () => {
    toast.remove();
    window.htmx.ajax("POST", post, { source: document.body, swap: "none" });
  });
  return button;
}

const WRONG = {
  0: "The server could not be reached. Nothing was saved; try again in a moment.",
  403: "You may not do this. If you need to, ask your system administrator about your permissions.",
  404: "This is no longer here. Somebody may have removed it; reload the page.",
  429: "Too many requests. Wait a moment and try again.",
  500: "The server met an error and nothing was saved. Try again; if it stays, tell your system administrator.",
};

function failed(event) {
  const { xhr, target } = event.detail;
  const status = xhr?.status || 0;
  if (xhr?.getResponseHeader("HX-Trigger")) return;
  const text = WRONG[status] || WRONG[status >= 500 ? 500 : 404];
  const cards = unloaded(target);
  if (!cards.length) return say(text, "bad");
  for (const card of cards) cardError(card, "This card could not be loaded. The others are not affected.");
}

// A card asks for itself; a skeleton asks for its group, whose other skeletons have no request of their own.
function unloaded(target) {
  if (target?.matches?.(".card")) return [target];
  if (!target?.matches?.(".skeleton")) return [];
  const waiting = document.querySelectorAll(".card .skeleton:not([hx-get])");
  return [target, ...waiting].map((skeleton) => skeleton.closest(".card"));
}

function cardError(card, text) {
  const error = document.getElementById("card-error")?.content.cloneNode(true);
  const body = card.querySelector(".card-body");
  if (!error || !body) return say(text, "bad");
  error.querySelector("p").textContent = text;
  card.classList.add("card--error");
  body.replaceChildren(error);
}

for (const type of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) document.addEventListener(type, failed);
document.addEventListener("toast", (event) => {
  for (const item of [].concat(event.detail.value ?? event.detail)) {
    if (typeof item === "string") say(item);
    else say(item.text, item.tone, item);
  }
});
on("click", ".toast [data-close]", (_, button) => button.closest(".toast").remove());
lift();
for (const toast of document.querySelectorAll("#toasts .toast")) arm(toast);
