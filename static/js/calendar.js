// The week calendar: a job is dragged onto a technician's day, and the dialog opens with that filled in.
import { draggable } from "./dragging.js";

function schedule(block, { dataset }) {
  const asked = new URLSearchParams({ technician: dataset.technician, day: dataset.day });
  if (block.matches(".cal-block--new")) asked.set("starts", dataset.free);
  window.htmx.ajax("GET", `${block.dataset.cal}?${asked}`, { target: "#dialog", swap: "innerHTML" });
}

draggable({ thing: ".cal-block[data-cal]", place: "[data-slot]", but: "button", dropped: schedule });
