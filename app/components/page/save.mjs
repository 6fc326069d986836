// Files handed to the person.

import { withText } from "./png.mjs";
import { contextOf } from "./elements.mjs";

const KEPT_MS = 10_000; // the browser has begun to save by then

/**
 * Hand a file to the person.
 *
 * @param {string} name
 * @param {Blob} content
 */
export function saveFile(name, content) {
  const link = document.createElement("a");
  link.download = name;
  link.href = URL.createObjectURL(content);
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), KEPT_MS);
}

/**
 * Hand a picture to the person as a PNG, enlarged smoothly, that says where it came from.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {string} name of the file, without its ending
 * @param {Record<string, unknown>} provenance
 * @param {number} width of the file's picture
 */
export async function savePng(canvas, name, provenance, width) {
  const large = document.createElement("canvas");
  large.width = width;
  large.height = Math.round((width * canvas.height) / canvas.width);
  const context = contextOf(large);
  context.imageSmoothingQuality = "high";
  context.drawImage(canvas, 0, 0, large.width, large.height);
  /** @type {Blob|null} */
  const blob = await new Promise((resolve) => large.toBlob(resolve, "image/png"));
  if (!blob) return; // this browser has no room for it
  const png = withText(new Uint8Array(await blob.arrayBuffer()), "facespace", JSON.stringify(provenance));
  saveFile(`${name}.png`, new Blob([png], { type: "image/png" }));
}
