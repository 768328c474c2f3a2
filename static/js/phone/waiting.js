// The strip at the top: what waits to be sent, what the server did not take and why.
const strip = document.getElementById("line");
const says = document.getElementById("line-says");
const shown = document.getElementById("waiting");
const shape = document.getElementById("waiting-shape");

export function say(how, count) {
  const waiting = `${count} waiting to be sent`;
  const words = {
    sent: count ? waiting : "",
    waiting: count ? `No signal · ${waiting}` : "No signal. What you do is kept on this phone and sent later.",
    out: `Log in or unlock to send · ${waiting}`,
    another: `Somebody else is logged in · ${waiting}`,
  };
  strip.dataset.how = how;
  strip.dataset.count = count;
  says.textContent = words[how];
  strip.hidden = !words[how];
  strip.querySelector("[data-log-in]").hidden = how !== "out";
  strip.querySelector("[data-send-now]").hidden = how !== "waiting" || !count;
}

const typed = (entry) =>
  [...entry.fields.filter(([name, value]) => value && !["item", "signature", "key", "made_at"].includes(name)).map(([, value]) => value), ...entry.files.map(([, , called]) => called)].join(" · ");

// What was typed is never lost: a thing that was refused stays until it is sent again or put away.
export function list(entries) {
  const refused = entries.filter((entry) => entry.refused);
  shown.replaceChildren(...refused.map(line));
  shown.hidden = !refused.length;
}

// What was typed here goes into its form again; a picture cannot, and a tick needs no form.
const mendable = (entry) => entry.page === location.pathname && !entry.files.length && entry.kind !== "check" && Boolean(document.querySelector(`form[data-send="${entry.kind}"]`));

function line(entry) {
  const made = shape.content.cloneNode(true);
  made.querySelector("b").textContent = `${entry.label}, ${entry.about}`;
  made.querySelector("[data-why]").textContent = entry.refused;
  made.querySelector("[data-typed]").textContent = typed(entry);
  for (const button of made.querySelectorAll("button")) button.value = entry.key;
  made.querySelector("[data-mend]").hidden = !mendable(entry);
  return made;
}
