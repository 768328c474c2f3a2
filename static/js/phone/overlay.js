// The page as it will be once everything that waits is sent.
const WAITS = "waiting to be sent";

const value = (entry, name) => entry.fields.find(([one]) => one === name)?.[1] || "";

function clear() {
  for (const made of document.querySelectorAll(".is-waiting")) made.remove();
  for (const form of document.querySelectorAll("form[data-waits]")) {
    delete form.dataset.waits;
    for (const control of form.querySelectorAll("button, input, select, textarea")) control.disabled = false;
  }
  for (const row of document.querySelectorAll("[data-check]")) mark(row, row.dataset.was === "yes", row.dataset.answer || "");
}

function mark(row, done, answer) {
  row.toggleAttribute("data-done", done);
  const button = row.querySelector("[data-tick]");
  if (button) {
    button.setAttribute("aria-pressed", String(done));
    row.querySelector("[data-tick-value]").value = done ? "" : "yes";
  }
  const text = row.querySelector("[data-answer]");
  if (text && !text.form.hasAttribute("data-dirty")) text.value = answer;
}

function note(place, words, tag = "span") {
  const made = document.createElement(tag);
  made.className = "is-waiting";
  made.textContent = words;
  place.append(made);
}

function check(entry) {
  const row = document.getElementById(`check-${value(entry, "item")}`);
  if (!row) return;
  mark(row, entry.kind === "photo" || value(entry, "answer") !== "", value(entry, "answer"));
  note(row, `${entry.kind === "photo" ? "Photo, " : ""}${WAITS}`);
}

function added(entry) {
  const place = document.querySelector(`[data-list="${entry.kind}"]`);
  const words = [value(entry, "quantity"), value(entry, "text") || value(entry, "description") || value(entry, "caption"), value(entry, "serial_number") || value(entry, "mac_address")];
  if (place) note(place, `${words.filter(Boolean).join(" · ") || entry.label}: ${WAITS}`, "li");
}

// Started, completed, failed, tested: the form is done with.
function once(entry) {
  for (const form of document.querySelectorAll(`form[data-send="${entry.kind}"]`)) {
    form.dataset.waits = "";
    for (const control of form.querySelectorAll("button, input, select, textarea")) control.disabled = true;
  }
  for (const place of document.querySelectorAll("[data-state]")) note(place, `${entry.label}: ${WAITS}`);
}

export function overlay(entries) {
  clear();
  for (const entry of entries.filter((one) => !one.refused)) {
    if (entry.kind === "check" || (entry.kind === "photo" && value(entry, "item"))) check(entry);
    else if (["photo", "material", "equipment"].includes(entry.kind)) added(entry);
    else once(entry);
  }
}
