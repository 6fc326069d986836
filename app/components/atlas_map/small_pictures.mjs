// Decoded faces in the size in which the map shows them. They outlive the map's page.

import { contextOf, make } from "../page/elements.mjs";

/** @import { Picture } from "../decoding/decoder.mjs" */

const SIDE = 96; // pixels: sharp at the size on the map, also on a phone's screen
const KEPT = 500; // about 18 MB

/** @type {Map<string, HTMLCanvasElement>} by decoder and row, the latest used last */
const pictures = new Map();
/** @type {HTMLCanvasElement|undefined} */
let scratch;

/**
 * The picture kept under a key, or null.
 *
 * @param {string} key
 */
export function kept(key) {
  const canvas = pictures.get(key);
  if (!canvas) return null;
  pictures.delete(key);
  pictures.set(key, canvas);
  return canvas;
}

/**
 * Keep a picture, and let the one go that was not used for the longest time.
 *
 * @param {string} key
 * @param {Picture} picture
 */
export function keep(key, { rgba, size }) {
  scratch ??= make("canvas");
  scratch.width = scratch.height = size;
  contextOf(scratch).putImageData(new ImageData(rgba, size, size), 0, 0);
  const canvas = make("canvas", "", { width: SIDE, height: SIDE });
  const context = contextOf(canvas);
  context.imageSmoothingQuality = "high";
  context.drawImage(scratch, 0, 0, SIDE, SIDE);
  pictures.set(key, canvas);
  for (const oldest of pictures.keys()) {
    if (pictures.size <= KEPT) break;
    pictures.delete(oldest);
  }
  return canvas;
}
