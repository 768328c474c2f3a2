// Choosing rows: all on the page, a range with Shift, all that match; the bulk bar appears with the first.
import { on } from "./wire.js";

const boxesOf = (list) => [...list.querySelectorAll("[data-row]")];
let last = null;

function refresh(list) {
  const boxes = boxesOf(list);
  const chosen = boxes.filter((box) => box.checked).length;
  const all = list.querySelector("[data-all]");
  const bulk = list.querySelector("[data-bulk]");
  if (all) {
    all.checked = boxes.length > 0 && chosen === boxes.length;
    all.indeterminate = chosen > 0 && chosen < boxes.length;
  }
  if (!bulk) return;
  bulk.hidden = chosen === 0;
  const matching = bulk.querySelector("[data-matching]");
  const wide = matching?.checked && chosen === boxes.length;
  if (matching && !wide) matching.checked = false;
  const offer = matching?.closest("label");
  if (offer) offer.hidden = chosen < boxes.length;
  const count = wide ? matching.dataset.matching : chosen.toLocaleString("en-ZA").replaceAll(/\s/g, ",");
  for (const place of list.querySelectorAll("[data-count]")) place.textContent = count;
}

on("change", "[data-all]", (event, all) => {
  const list = all.closest("[data-list]");
  for (const box of boxesOf(list)) box.checked = all.checked;
  refresh(list);
});
on("click", "[data-row]", (event, box) => {
  const list = box.closest("[data-list]");
  const boxes = boxesOf(list);
  if (event.shiftKey && boxes.includes(last)) {
    const [from, to] = [boxes.indexOf(last), boxes.indexOf(box)].sort((a, b) => a - b);
    for (const between of boxes.slice(from, to + 1)) between.checked = box.checked;
  }
  last = box;
  refresh(list);
});
on("change", "[data-matching]", (_, box) => refresh(box.closest("[data-list]")));
on("click", "[data-unselect]", (_, button) => {
  const list = button.closest("[data-list]");
  for (const box of boxesOf(list)) box.checked = false;
  refresh(list);
  list.querySelector("[data-all]")?.focus();
});

// The bulk dialog counts again while it is filled in: nothing to change, nothing to press.
document.addEventListener("htmx:afterSettle", () => {
  const told = document.getElementById("bulk-told");
  if (told) document.getElementById("bulk-press").disabled = "nothing" in told.dataset;
});

const refreshAll = () => document.querySelectorAll("[data-list]").forEach(refresh);
document.addEventListener("htmx:afterSwap", refreshAll);
window.addEventListener("pageshow", refreshAll);

// What a narrow column cuts off is told when the pointer rests on it.
on("mouseover", ".table--list td.clip, .table--list tbody th.clip", (_, cell) => {
  if (!cell.title && cell.scrollWidth > cell.clientWidth) cell.title = cell.firstElementChild?.textContent || cell.textContent;
});
