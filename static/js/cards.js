// Cards flow in columns without holes: the grid has rows of one pixel, each card spans its own height.
// A card keeps its column when heights change; only those still below the window are dealt out again, so nothing jumps.
import { on, post } from "./wire.js";

const WIDTH = 366;
const MOST = 4;
const columns = new WeakMap();

function countFor(box, gap) {
  return Math.max(1, Math.min(MOST, Math.floor((box.clientWidth + gap) / (WIDTH + gap))));
}

function flow(box, again) {
  const gap = parseFloat(getComputedStyle(box).columnGap) || 0;
  const count = countFor(box, gap);
  const seen = columns.get(box);
  const kept = !again && seen?.count === count ? seen.of : new Map();
  columns.set(box, { count, of: kept });
  box.style.setProperty("--cols", count);
  box.toggleAttribute("data-flow", count > 1);
  if (count === 1) return;
  const cards = [...box.children].filter((card) => card.offsetHeight > 0);
  const sizes = cards.map((card) => [Math.ceil(card.offsetHeight + gap), card.getBoundingClientRect().top]);
  const bottom = new Array(count).fill(0);
  cards.forEach((card, n) => {
    const [height, top] = sizes[n];
    let column = kept.get(card.id || card);
    if (column === undefined || top > window.innerHeight) column = bottom.indexOf(Math.min(...bottom));
    bottom[column] += height;
    kept.set(card.id || card, column);
    card.style.setProperty("--col", column + 1);
    card.style.setProperty("--span", height);
  });
}

const waiting = new Set();
function later(box) {
  if (!waiting.size) requestAnimationFrame(() => {
    for (const each of waiting) flow(each, false);
    waiting.clear();
  });
  waiting.add(box);
}

const sizes = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    const box = target.closest(".cards");
    if (box) later(box);
  }
});
const arrivals = new MutationObserver((records) => {
  for (const { addedNodes, target } of records) {
    for (const node of addedNodes) if (node.nodeType === 1) sizes.observe(node);
    flow(target, false);
  }
});

for (const box of document.querySelectorAll(".cards")) {
  flow(box, true);
  sizes.observe(box);
  for (const card of box.children) sizes.observe(card);
  arrivals.observe(box, { childList: true });
}

// ---- refresh, collapse ----
function fold(card, shut) {
  card.toggleAttribute("data-collapsed", shut);
  card.querySelector("[data-collapse]")?.setAttribute("aria-expanded", String(!shut));
}

on("click", "[data-refresh]", (_, button) => window.htmx.trigger(button.closest(".card"), "refresh"));
on("click", "[data-collapse]", (_, button) => {
  const card = button.closest(".card");
  const shut = !("collapsed" in card.dataset);
  fold(card, shut);
  post(card.parentElement.dataset.cardsUrl, { card: card.dataset.card, collapsed: shut ? "1" : "" });
});
on("click", "[data-cards-all]", (_, button) => {
  const box = document.querySelector(".cards");
  const shut = button.dataset.cardsAll === "shut";
  for (const card of box.children) fold(card, shut);
  post(box.dataset.cardsUrl, { card: namesOf(box), collapsed: shut ? "1" : "" });
});

// ---- the person's own order: dragging the grip, its arrow keys, or the menu it opens ----
const namesOf = (box) => [...box.children].map((card) => card.dataset.card).filter(Boolean).join(",");
let chosen = null;
let dragged = false;

function move(card, way) {
  const box = card.parentElement;
  const other = { up: card.previousElementSibling, down: card.nextElementSibling, first: box.firstElementChild }[way];
  if (!other || other === card) return;
  const focus = card.contains(document.activeElement) ? document.activeElement : card.querySelector(".card-grip");
  other[way === "down" ? "after" : "before"](card);
  flow(box, true);
  post(box.dataset.cardsUrl, { order: namesOf(box) });
  focus.focus();
  card.scrollIntoView({ block: "nearest" });
}

on("click", "[data-move]", (_, button) => chosen && move(chosen, button.dataset.move));
on("keydown", ".card-grip", (event, grip) => {
  const way = { ArrowUp: "up", ArrowLeft: "up", ArrowDown: "down", ArrowRight: "down" }[event.key];
  if (!way) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  move(grip.closest(".card"), way);
});
on("click", ".card-grip", (event, grip) => {
  if (dragged) event.preventDefault();
  dragged = false;
  chosen = grip.closest(".card");
});

on("pointerdown", ".card-grip", (event, grip) => {
  const card = grip.closest(".card");
  const box = card.parentElement;
  const start = event.clientY + event.clientX;
  const drag = ({ clientX, clientY }) => {
    if (!dragged && Math.abs(clientX + clientY - start) < 6) return;
    dragged = true;
    card.classList.add("is-dragged");
    const over = document.elementsFromPoint(clientX, clientY).find((hit) => hit.parentElement === box && hit !== card);
    if (!over) return;
    const frame = over.getBoundingClientRect();
    const place = clientY < frame.top + frame.height / 2 ? "before" : "after";
    if ((place === "before" ? over.previousElementSibling : over.nextElementSibling) === card) return;
    over[place](card);
    flow(box, true);
  };
  const stop = () => {
    document.removeEventListener("pointermove", drag);
    card.classList.remove("is-dragged");
    if (dragged) post(box.dataset.cardsUrl, { order: namesOf(box) });
  };
  dragged = false;
  document.addEventListener("pointermove", drag);
  for (const type of ["pointerup", "pointercancel"]) document.addEventListener(type, stop, { once: true });
});
