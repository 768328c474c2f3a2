// Tabs: <div role="tablist"> with <button role="tab" aria-controls>; without this all panels stand one under another.
// Menus: arrow keys inside a popover.
import { on } from "./wire.js";

const tabsOf = (list) => [...list.querySelectorAll("[role=tab]")];

function activate(list, chosen, focus) {
  for (const tab of tabsOf(list)) {
    const is = tab === chosen;
    tab.setAttribute("aria-selected", String(is));
    tab.tabIndex = is ? 0 : -1;
    document.getElementById(tab.getAttribute("aria-controls"))?.toggleAttribute("hidden", !is);
  }
  if (focus) chosen.focus();
}

function start(scope) {
  for (const list of scope.querySelectorAll?.("[role=tablist]") || []) {
    const tabs = tabsOf(list);
    const chosen = tabs.find((tab) => "errors" in tab.dataset) || tabs.find((tab) => tab.getAttribute("aria-selected") === "true") || tabs[0];
    if (chosen) activate(list, chosen, false);
  }
}

on("click", "[role=tab]", (_, tab) => activate(tab.closest("[role=tablist]"), tab, false));
on("keydown", "[role=tab]", (event, tab) => {
  const list = tab.closest("[role=tablist]");
  const tabs = tabsOf(list);
  const at = tabs.indexOf(tab);
  const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  activate(list, tabs[(to + tabs.length) % tabs.length], true);
});

// A link to a field that stands in a hidden panel opens that panel first.
on("click", ".errors a[href^='#']", (event, link) => {
  const field = document.getElementById(link.hash.slice(1));
  const panel = field?.closest("[role=tabpanel][hidden]");
  const tab = panel && document.querySelector(`[role=tab][aria-controls="${CSS.escape(panel.id)}"]`);
  if (tab) activate(tab.closest("[role=tablist]"), tab, false);
  if (field) {
    event.preventDefault();
    field.focus();
  }
});

on("keydown", ".menu", (event, menu) => {
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!by || event.target.matches("input:not([type=checkbox]), select, textarea")) return;
  const items = [...menu.querySelectorAll("a[href], button, input[type=checkbox]")].filter((item) => item.checkVisibility());
  event.preventDefault();
  items[(items.indexOf(document.activeElement) + by + items.length) % items.length]?.focus();
});
on("keydown", "[popovertarget]", (event, button) => {
  const menu = document.getElementById(button.getAttribute("popovertarget"));
  if (event.key !== "ArrowDown" || !menu) return;
  event.preventDefault();
  menu.showPopover({ source: button });
  menu.querySelector("a[href], button, input")?.focus();
});
on("click", ".menu :is(a, button):not([data-keep])", (_, item) => {
  const menu = item.closest("[popover]");
  if (menu?.matches(":popover-open")) menu.hidePopover();
});

start(document);
document.addEventListener("htmx:load", (event) => start(event.detail.elt));
