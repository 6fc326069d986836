// A visitor's photo as pixels, in this browser alone.

import { make } from "../page/elements.mjs";
import { _ } from "../page/texts.mjs";

/** @import { Picture } from "./alignment.mjs" */

const MOST_PIXELS = 6_000_000; // more are shrunk: far more than the 178 x 218 that a face is cut out at
const MIN_SIDE = 24;

/**
 * The pixels of a picture file, upright as its EXIF block says.
 *
 * @param {Blob} file
 * @returns {Promise<Picture>} rejects with a sentence that can be shown
 */
export async function rgbOf(file) {
  const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" }).catch(() => null);
  if (!bitmap) throw new Error(_("This browser cannot read that picture. Save it as a JPEG or PNG, then try again."));
  if (Math.min(bitmap.width, bitmap.height) < MIN_SIDE) throw new Error(_("The picture is smaller than 24 pixels. Give a larger one."));
  const shrink = Math.min(1, Math.sqrt(MOST_PIXELS / (bitmap.width * bitmap.height)));
  const [width, height] = [bitmap.width, bitmap.height].map((side) => Math.round(side * shrink));
  const context = make("canvas", "", { width, height }).getContext("2d", { willReadFrequently: true });
  if (!context) throw new Error(_("This browser has no canvas to draw on."));
  context.fillStyle = "white"; // for what is transparent
  context.fillRect(0, 0, width, height);
  context.imageSmoothingQuality = "high";
  context.drawImage(bitmap, 0, 0, width, height);
  bitmap.close();
  const { data } = context.getImageData(0, 0, width, height);
  const rgb = new Uint8ClampedArray(3 * width * height);
  for (let i = 0, o = 0; o < rgb.length; i += 4, o += 3) rgb.set([data[i], data[i + 1], data[i + 2]], o);
  return { data: rgb, width, height };
}

/**
 * Where the marks wait for the hand: as on a face that fills the middle of the photo (face_marks, resting_marks).
 *
 * @param {number[]} size width and height
 */
export function restingMarks([width, height]) {
  const reach = Math.min(width, height) / 8;
  return [[-1, -0.6], [1, -0.6], [0, 1.4]].map(([x, y]) => [width / 2 + reach * x, height / 2 + reach * y]);
}

/**
 * Pixels as a network takes them: [3, S, S] in [0, 1].
 *
 * @param {Picture} picture
 */
export function planes({ data }) {
  const pixels = data.length / 3;
  return Float32Array.from({ length: data.length }, (_one, i) => data[3 * (i % pixels) + Math.floor(i / pixels)] / 255);
}

/**
 * Pixels as a canvas takes them.
 *
 * @param {Picture} picture
 */
export function rgbaOf({ data }) {
  const rgba = new Uint8ClampedArray((4 * data.length) / 3).fill(255);
  for (let i = 0; i < data.length; i++) rgba[4 * Math.floor(i / 3) + (i % 3)] = data[i];
  return rgba;
}
