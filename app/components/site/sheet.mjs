// Several points decoded into one picture.

import { openDecoder } from "../decoding/decoder.mjs";
import { contextOf, make } from "../page/elements.mjs";

const KEPT_GAP = 4; // pixels between the pictures of a sheet that is saved

/**
 * Decode points side by side, row by row.
 *
 * @param {string} decoderUrl
 * @param {Float32Array[]} points
 * @param {number} columns
 * @param {(done: number) => boolean} [goesOn] told how many are decoded; false gives up
 * @returns {Promise<HTMLCanvasElement|null>} null where it was given up
 */
export async function drawSheet(decoderUrl, points, columns, goesOn = () => true) {
  const decoder = await openDecoder(decoderUrl);
  const sheet = make("canvas");
  for (const [i, z] of points.entries()) {
    if (!goesOn(i)) return null;
    const { rgba, size } = await decoder.decode(z);
    if (i === 0) Object.assign(sheet, { width: columns * size, height: Math.ceil(points.length / columns) * size });
    contextOf(sheet).putImageData(new ImageData(rgba, size, size), (i % columns) * size, Math.floor(i / columns) * size);
  }
  return goesOn(points.length) ? sheet : null;
}

/**
 * A sheet with white lines between its pictures, as the app saves it.
 *
 * @param {HTMLCanvasElement} sheet
 * @param {number} columns
 */
export function spaced(sheet, columns) {
  const size = sheet.width / columns;
  const rows = sheet.height / size;
  const pitch = size + KEPT_GAP;
  const wide = make("canvas", "", { width: columns * pitch - KEPT_GAP, height: rows * pitch - KEPT_GAP });
  const context = contextOf(wide);
  context.fillStyle = "white";
  context.fillRect(0, 0, wide.width, wide.height);
  for (let at = 0; at < rows * columns; at++) {
    const [x, y] = [at % columns, Math.floor(at / columns)];
    context.drawImage(sheet, x * size, y * size, size, size, x * pitch, y * pitch, size, size);
  }
  return wide;
}
