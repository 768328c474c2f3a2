// The search box and the picker: htmx brings the options, the keys walk over them, Enter opens one.
import { on } from "./wire.js";

const listOf = (input) => document.getElementById(input.getAttribute("aria-controls"));
const optionsOf = (input) => [...listOf(input).querySelectorAll("[role=option][href]")];

function select(input, option) {
  for (const other of optionsOf(input)) other.setAttribute("aria-selected", String(other === option));
  if (option) {
    input.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  } else input.removeAttribute("aria-activedescendant");
}

function show(input, open) {
  const shown = open && listOf(input).childElementCount > 0;
  input.setAttribute("aria-expanded", String(shown));
  input.closest(".search").toggleAttribute("data-open", shown);
  if (!shown) select(input, null);
}

function step(input, by) {
  const options = optionsOf(input);
  const at = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
  select(input, options[(at + by + options.length) % options.length] || null);
}

const keys = {
  ArrowDown: (input) => { show(input, true); step(input, 1); },
  ArrowUp: (input) => { show(input, true); step(input, -1); },
  Enter: (input, event) => {
    const option = document.getElementById(input.getAttribute("aria-activedescendant"));
    option?.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, ctrlKey: event.ctrlKey, metaKey: event.metaKey }));
  },
};

on("keydown", "[role=combobox]", (event, input) => {
  if (event.isComposing) return;
  if (event.key === "Escape" && input.getAttribute("aria-expanded") === "true") {
    event.preventDefault();
    event.stopPropagation();
    return show(input, false);
  }
  if (event.key === "Escape" && input.closest(".top > .search")) return input.blur();
  if (event.key === "Enter" && !input.hasAttribute("aria-activedescendant")) return;
  if (!(event.key in keys)) return;
  event.preventDefault();
  keys[event.key](input, event);
});

on("focusin", "[role=combobox]", (_, input) => show(input, true));
document.addEventListener("click", (event) => {
  for (const input of document.querySelectorAll("[role=combobox][aria-expanded=true]")) {
    if (!input.closest(".search").contains(event.target)) show(input, false);
  }
});
on("focusout", ".search:has([role=combobox])", (event, box) => {
  if (event.relatedTarget && !box.contains(event.relatedTarget)) show(box.querySelector("[role=combobox]"), false);
});

// New options: the first one is chosen already, so that a name and Enter is enough.
document.addEventListener("htmx:afterSwap", (event) => {
  const list = event.detail.target;
  const input = list.id && document.querySelector(`[role=combobox][aria-controls="${CSS.escape(list.id)}"]`);
  if (!input) return;
  const options = optionsOf(input);
  options.forEach((option, n) => { option.id ||= `${list.id}-${n}`; });
  show(input, document.activeElement === input);
  if (input.value.trim()) select(input, options[0] || null);
});

// A picker opens with its box ready for typing.
document.addEventListener("toggle", (event) => {
  if (!event.target.matches?.(".menu")) return;
  if (event.newState === "open") event.target.querySelector("[role=combobox]")?.focus();
}, true);
