// Keys: / or Ctrl K search, ? help, g and a letter goes to a screen, Ctrl Enter presses a form's [data-enter]. Letters can be switched off (data-keys="off").
import { on } from "./wire.js";

const typing = (target) => target.closest?.("input, select, textarea, [contenteditable], dialog");
const search = () => document.querySelector(".top [role=combobox]");
let going = false;

function find(event) {
  const box = search();
  if (!box || document.querySelector("dialog:modal")) return;
  event.preventDefault();
  box.focus();
  box.select();
}

// A press may put the focus into a field, which must not get the letter as well.
function press(event) {
  const found = document.querySelector(`.main [data-hotkey="${CSS.escape(event.key)}"]`);
  if (!found) return;
  event.preventDefault();
  found.click();
}

function letter(event) {
  if (going) {
    going = false;
    document.querySelector(`[data-key="${CSS.escape(event.key)}"]`)?.click();
  } else if (event.key === "g") {
    going = true;
    setTimeout(() => { going = false; }, 1200);
  } else if (event.key === "/") find(event);
  else if (event.key === "?") document.getElementById("shortcuts")?.showModal();
  else press(event);
}

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key === "Enter") return event.target.form?.querySelector("[data-enter]")?.click();
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") return find(event);
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || typing(event.target)) return;
  if (document.documentElement.dataset.keys !== "off") letter(event);
});

// Skip links inside the page put the focus where they lead.
on("click", "a.skip", (_, link) => document.getElementById(link.hash.slice(1))?.focus());
