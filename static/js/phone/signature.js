// A signature on the glass: strokes of points from 0 to 1000, kept as text in the form. The name can be typed instead.
import { on } from "../wire.js";

const GRID = 1000;
const NS = "http://www.w3.org/2000/svg";
let stroke = null;

const glassOf = (element) => element.closest("form").querySelector("[data-glass]");
const kept = (glass) => glass.closest("form").querySelector("[name=signature]");
const strokes = (glass) => JSON.parse(kept(glass).value || "[]");

function point(glass, event) {
  const { left, top, width, height } = glass.getBoundingClientRect();
  const within = (part) => Math.round(Math.min(1, Math.max(0, part)) * GRID);
  return [within((event.clientX - left) / width), within((event.clientY - top) / height)];
}

function begin(event, glass) {
  event.preventDefault();
  glass.setPointerCapture(event.pointerId);
  const line = document.createElementNS(NS, "polyline");
  glass.append(line);
  stroke = { glass, line, points: [] };
  go(event);
}

function go(event) {
  if (!stroke) return;
  stroke.points.push(point(stroke.glass, event));
  stroke.line.setAttribute("points", stroke.points.map((one) => one.join(",")).join(" "));
}

function end() {
  if (!stroke) return;
  const { glass, line, points } = stroke;
  stroke = null;
  if (points.length < 2) return line.remove();
  kept(glass).value = JSON.stringify([...strokes(glass), points]);
  glass.closest("form").dispatchEvent(new Event("input", { bubbles: true }));
}

function wipe(glass) {
  kept(glass).value = "";
  glass.replaceChildren();
}

on("pointerdown", "[data-glass]", begin);
document.addEventListener("pointermove", go);
document.addEventListener("pointerup", end);
document.addEventListener("pointercancel", end);
on("click", "[data-wipe]", (event, button) => wipe(glassOf(button)));
document.addEventListener("reset", (event) => {
  const glass = event.target.querySelector("[data-glass]");
  if (glass) wipe(glass);
});
