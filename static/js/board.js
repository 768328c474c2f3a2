// The board of the workflow: a card is dragged to another column; the server says whether it may stay there.
import { draggable, isDragging } from "./dragging.js";

// Near an edge the board goes along, since not all its columns fit the window.
function follow(card, x) {
  const board = card.closest("[data-board]");
  const frame = board.getBoundingClientRect();
  const edge = 60;
  if (x < frame.left + edge) board.scrollLeft -= 14;
  if (x > frame.right - edge) board.scrollLeft += 14;
}

// The board may be shown anew meanwhile, so the request is the page's, and the card is looked for by its id.
async function drop(card, column, home) {
  const { id, dataset } = card;
  if (column.dataset.place === dataset.from) return;
  const next = card.nextElementSibling;
  column.querySelector("[data-cards]").prepend(card);
  card.setAttribute("aria-busy", "true");
  let stays = false;
  const listen = ({ detail }) => { if (detail.pathInfo?.requestPath === dataset.moveUrl) stays = detail.successful; };
  document.addEventListener("htmx:afterRequest", listen);
  await window.htmx.ajax("POST", dataset.moveUrl, {
    source: document.body, swap: "none", values: { to: column.dataset.place, dragged: "1" },
  });
  document.removeEventListener("htmx:afterRequest", listen);
  card.removeAttribute("aria-busy");
  if (stays) return;
  if (card.isConnected) home.insertBefore(card, next?.parentElement === home ? next : null);
  const back = document.getElementById(id);
  back?.classList.add("is-back");
  back?.addEventListener("animationend", () => back.classList.remove("is-back"), { once: true });
}

// A board that would be shown anew while a card is in the hand waits until it is let go.
let waits = false;
document.addEventListener("htmx:beforeSwap", (event) => {
  if (!isDragging() || !event.detail.target.matches("[data-board]")) return;
  event.detail.shouldSwap = false;
  waits = true;
});

function left() {
  if (waits) window.htmx.trigger(document.body, "list-changed");
  waits = false;
}

draggable({
  thing: ".lead-card[data-move-url]", place: "[data-place]", but: "button, [aria-busy]", along: follow, dropped: drop, left,
});

// A refused move whose way is a dialog, such as scheduling the survey, has it opened.
document.addEventListener("board-deed", ({ detail }) => {
  if (detail.url?.startsWith("/")) window.htmx.ajax("GET", detail.url, { target: "#dialog", swap: "innerHTML" });
});
