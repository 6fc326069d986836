// A photo in other light, in which a hard face may be seen: Pillow's `autocontrast` and `GaussianBlur`.

/** @import { Picture } from "../site/alignment.mjs" */

const CUT = 0.01; // of the pixels at either end
const PASSES = 3; // boxes that make up a bell

/**
 * Each colour stretched to the full range, but for what is darkest and lightest.
 *
 * @param {Picture} picture
 * @returns {Picture}
 */
export function stretched({ data, width, height }) {
  const out = new Uint8ClampedArray(data.length);
  const cut = Math.trunc(width * height * CUT);
  for (let c = 0; c < 3; c++) {
    const counts = new Uint32Array(256);
    for (let i = c; i < data.length; i += 3) counts[data[i]] += 1;
    const low = endOf(counts, cut);
    const high = 255 - endOf(counts.toReversed(), cut);
    const scale = high > low ? 255 / (high - low) : 1;
    const shift = high > low ? -low * scale : 0;
    for (let i = c; i < data.length; i += 3) out[i] = Math.trunc(data[i] * scale + shift);
  }
  return { data: out, width, height };
}

/**
 * The first value that is left once some pixels are cut off.
 *
 * @param {Uint32Array} counts of pixels by value
 * @param {number} cut
 */
function endOf(counts, cut) {
  let left = cut;
  return Math.max(0, counts.findIndex((count) => {
    left -= count;
    return left < 0;
  }));
}

/**
 * Softened by a bell.
 *
 * @param {Picture} picture
 * @param {number} deviation of the bell, in pixels
 */
export function softened(picture, deviation) {
  const radius = radiusOf(deviation);
  let soft = picture;
  for (let axis = 0; axis < 2; axis++) {
    let lines = soft.data;
    for (let pass = 0; pass < PASSES; pass++) lines = boxed(lines, soft.width, soft.height, radius);
    soft = flipped({ ...soft, data: lines });
  }
  return soft;
}

/**
 * Radius of the boxes that together have a bell's deviation; its fraction weighs the outermost pixels.
 *
 * @param {number} deviation
 */
function radiusOf(deviation) {
  const square = deviation ** 2 / PASSES;
  const whole = Math.floor((Math.sqrt(12 * square + 1) - 1) / 2);
  return whole + ((2 * whole + 1) * (whole * (whole + 1) - 3 * square)) / (6 * (square - (whole + 1) ** 2));
}

/**
 * @param {Uint8ClampedArray} data
 * @param {number} width
 * @param {number} height
 * @param {number} radius
 */
function boxed(data, width, height, radius) {
  const out = new Uint8ClampedArray(data.length);
  const whole = Math.floor(radius);
  const inner = 1 / (2 * radius + 1);
  const outer = (1 - (2 * whole + 1) * inner) / 2;
  for (let y = 0; y < height; y++) {
    for (let c = 0; c < 3; c++) {
      const at = (/** @type {number} */ x) => data[3 * (y * width + Math.min(Math.max(x, 0), width - 1)) + c];
      let sum = 0;
      for (let x = -whole; x <= whole; x++) sum += at(x);
      for (let x = 0; x < width; x++) {
        out[3 * (y * width + x) + c] = inner * sum + outer * (at(x - whole - 1) + at(x + whole + 1));
        sum += at(x + whole + 1) - at(x - whole);
      }
    }
  }
  return out;
}

/**
 * Lines become columns.
 *
 * @param {Picture} picture
 * @returns {Picture}
 */
function flipped({ data, width, height }) {
  const out = new Uint8ClampedArray(data.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) for (let c = 0; c < 3; c++) out[3 * (x * height + y) + c] = data[3 * (y * width + x) + c];
  }
  return { data: out, width: height, height: width };
}
