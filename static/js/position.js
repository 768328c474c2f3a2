// Where this device is, into the fields latitude and longitude of the same form: data-position.
import { on } from "./wire.js";

const DIGITS = 6;
const NO = {
  1: "This device did not allow it. Type the coordinates.",
  2: "This device does not know where it is. Type the coordinates.",
  3: "It took too long. Try again, or type the coordinates.",
};

function take(form, says, { coords }) {
  for (const name of ["latitude", "longitude"]) {
    const field = form.elements[name];
    field.value = coords[name].toFixed(DIGITS);
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  says.textContent = `Within ${Math.round(coords.accuracy)} m.`;
}

on("click", "[data-position]", (_, button) => {
  const says = button.parentElement.querySelector("[data-position-says]");
  if (!navigator.geolocation) { says.textContent = NO[2]; return; }
  says.textContent = "Looking …";
  navigator.geolocation.getCurrentPosition(
    (found) => take(button.form, says, found),
    (trouble) => { says.textContent = NO[trouble.code] ?? NO[2]; },
    { enableHighAccuracy: true, timeout: 20_000, maximumAge: 60_000 },
  );
});
