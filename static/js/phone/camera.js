// Pictures of the camera: made small before they wait to be sent, and read for the code on a label.
import { on } from "../wire.js";

const EDGE = 2000;

// The picture as a JPEG of at most EDGE pixels, without what the camera wrote into it; as it is where that fails.
export async function small(file) {
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, EDGE / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(picture.width * scale));
    canvas.height = Math.max(1, Math.round(picture.height * scale));
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.85));
    return blob ? [blob, file.name.replace(/\.\w+$/, "") + ".jpg"] : [file, file.name];
  } catch {
    return [file, file.name];
  }
}

// A code on a label goes into the field beside; phones that cannot read codes do not offer it.
const canRead = "BarcodeDetector" in window;
document.documentElement.toggleAttribute("data-can-scan", canRead);

on("change", "[data-scan]", async (event, input) => {
  const said = input.closest(".field").querySelector("[data-scanned]");
  const [file] = input.files;
  input.value = "";
  if (!file || !canRead) return;
  const found = await new window.BarcodeDetector().detect(await createImageBitmap(file)).catch(() => []);
  said.textContent = found.length ? "" : "No code was found in the picture. Go closer, or type it.";
  if (!found.length) return;
  const field = document.getElementById(input.dataset.scan);
  field.value = found[0].rawValue;
  field.dispatchEvent(new Event("input", { bubbles: true }));
});
