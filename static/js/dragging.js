// Things that are dragged with the mouse onto a place: the thing follows the hand, the place below it is marked.
import { on } from "./wire.js";

const START = 6;
let held = null;

export const isDragging = () => Boolean(held?.moving);

function placeAt(x, y) {
  return document.elementsFromPoint(x, y).map((hit) => hit.closest(held.kind.place)).find(Boolean) || null;
}

function mark(kind, place) {
  for (const other of document.querySelectorAll(`${kind.place}.is-over`)) if (other !== place) other.classList.remove("is-over");
  place?.classList.add("is-over");
}

function take({ clientX, clientY }) {
  const { thing, kind, startX, startY } = held;
  if (!held.moving && Math.hypot(clientX - startX, clientY - startY) < START) return;
  if (!held.moving) {
    held.moving = true;
    const frame = thing.getBoundingClientRect();
    thing.style.setProperty("--at-x", `${frame.left}px`);
    thing.style.setProperty("--at-y", `${frame.top}px`);
    thing.style.setProperty("--wide", `${frame.width}px`);
    thing.classList.add("is-dragged");
    document.body.classList.add("is-dragging");
  }
  kind.along?.(thing, clientX);
  thing.style.setProperty("--x", `${clientX - startX}px`);
  thing.style.setProperty("--y", `${clientY - startY}px`);
  mark(kind, placeAt(clientX, clientY));
}

function leave() {
  document.removeEventListener("pointermove", take);
  if (!held) return null;
  const was = held;
  held = null;
  was.thing.classList.remove("is-dragged");
  for (const name of ["--x", "--y", "--at-x", "--at-y", "--wide"]) was.thing.style.removeProperty(name);
  document.body.classList.remove("is-dragging");
  mark(was.kind, null);
  was.kind.left?.();
  return was;
}

document.addEventListener("pointerup", ({ clientX, clientY }) => {
  if (!held) return;
  const place = held.moving ? placeAt(clientX, clientY) : null;
  const was = leave();
  if (!was.moving) return;
  const swallow = (event) => event.preventDefault();
  window.addEventListener("click", swallow, true);
  setTimeout(() => window.removeEventListener("click", swallow, true));
  if (place) was.kind.dropped(was.thing, place, was.home);
});
document.addEventListener("pointercancel", leave);
document.addEventListener("keydown", (event) => { if (event.key === "Escape") leave(); });

// A kind of thing: `thing` and `place` are selectors, and nothing is dragged by what `but` selects. `dropped` gets the
// thing, the place and where the thing was; `along` is told as it moves, `left` once it is let go, wherever that is.
export function draggable(kind) {
  on("pointerdown", kind.thing, (event, thing) => {
    if (event.button || event.pointerType === "touch" || event.target.closest(kind.but)) return;
    held = { kind, thing, home: thing.parentElement, startX: event.clientX, startY: event.clientY, moving: false };
    document.addEventListener("pointermove", take);
  });
  on("dragstart", kind.thing, (event) => event.preventDefault());
}
