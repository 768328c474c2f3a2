// Theme, density and the width of the navigation: applied at once, kept on the server.
import { on, post } from "./wire.js";

const root = document.documentElement;

function mark() {
  for (const button of document.querySelectorAll("[data-pref][data-value]")) {
    button.setAttribute("aria-pressed", String((root.dataset[button.dataset.pref] || "") === button.dataset.value));
  }
}

function choose(key, value) {
  root.dataset[key] = value;
  mark();
  post(document.body.dataset.prefUrl, { key, value });
}

on("click", "[data-pref][data-value]", (_, button) => choose(button.dataset.pref, button.dataset.value));
on("click", "[data-nav-toggle]", () => choose("nav", root.dataset.nav === "icons" ? "full" : "icons"));
mark();

// On a phone the navigation is a drawer.
const opener = document.querySelector("[data-drawer-toggle]");

function drawer(open) {
  if (open === "drawer" in root.dataset) return;
  root.toggleAttribute("data-drawer", open);
  opener?.setAttribute("aria-expanded", String(open));
  (open ? document.querySelector(".nav button, .nav a") : opener)?.focus();
}

on("click", "[data-drawer-toggle]", () => drawer(!("drawer" in root.dataset)));
document.addEventListener("click", (event) => {
  if ("drawer" in root.dataset && !event.target.closest(".nav, [data-drawer-toggle]")) drawer(false);
});
on("focusout", ".nav", (event, nav) => {
  if (event.relatedTarget && !nav.contains(event.relatedTarget)) drawer(false);
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  drawer(false);
  event.target.closest?.(".nav > ul > li")?.classList.add("is-shut");
});
for (const type of ["focusout", "mouseout"]) on(type, ".nav > ul > li.is-shut", (_, li) => li.classList.remove("is-shut"));
