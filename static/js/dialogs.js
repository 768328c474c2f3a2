// One <dialog id="dialog"> for everything: a GET fills and opens it, 422 fills it again, 204 closes it.
import { on } from "./wire.js";
import { isDirty, forget } from "./forms.js";

const dialog = document.getElementById("dialog");
let opener = null;

function open(by) {
  if (!dialog.open) {
    opener = by;
    dialog.showModal();
  } else if (!dialog.querySelector(".errors") && dialog.querySelector(":focus")) {
    return; // filled again by a field or button of its own, which htmx has given the focus back
  }
  const first = dialog.querySelector(".errors, [autofocus], [aria-invalid=true], .dialog-body :is(input, select, textarea):not([type=hidden], :disabled)");
  (first || dialog.querySelector("[data-dialog-close]"))?.focus();
}

function close(force) {
  if (!dialog.open) return;
  if (!force && isDirty(dialog) && !window.confirm("Close and lose what you typed?")) return;
  forget(dialog);
  dialog.close();
}

// The opener may have been swapped away with its card: then its successor gets the focus.
function giveBack() {
  const was = opener;
  if (!was) return;
  if (was.isConnected && was.checkVisibility()) return was.focus();
  const key = was.id ? `#${CSS.escape(was.id)}` : was.getAttribute("hx-get") && `[hx-get="${CSS.escape(was.getAttribute("hx-get"))}"]`;
  document.querySelector(key || "main")?.focus();
}

if (dialog) {
  dialog.addEventListener("close", () => {
    dialog.replaceChildren();
    giveBack();
  });
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    close(false);
  });
  let pressed = null;
  dialog.addEventListener("pointerdown", (event) => { pressed = event.target; });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog && pressed === dialog) close(false);
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.target === dialog) open(event.detail.requestConfig?.elt);
    else if (!dialog.open && opener && !opener.isConnected && document.activeElement === document.body) giveBack();
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.xhr?.status === 204 && dialog.contains(event.detail.requestConfig?.elt)) close(true);
  });
  document.addEventListener("dialog:close", () => close(true));
  on("click", "#dialog [data-dialog-close]", (event) => {
    event.preventDefault();
    close(false);
  });
}

// Dialogs that come with the page: <button data-dialog="id">.
on("click", "[data-dialog]", (_, button) => document.getElementById(button.dataset.dialog)?.showModal());
on("click", "dialog:not(#dialog) [data-dialog-close]", (_, button) => button.closest("dialog").close());
