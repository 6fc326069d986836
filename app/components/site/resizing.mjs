// Pictures in other sizes, as Pillow makes them.

/** @import { Picture } from "./alignment.mjs" */

/** @typedef {{reach: number, at: (x: number) => number}} Kernel how far it reaches, and what it weighs there */

/**
 * Averaged over blocks; what is left over at the right and below makes blocks of its own.
 *
 * @param {Picture} picture
 * @param {number} block
 * @returns {Picture}
 */
export function reduced({ data, width, height }, block) {
  const [w, h] = [Math.ceil(width / block), Math.ceil(height / block)];
  const out = new Uint8ClampedArray(3 * w * h);
  for (let y = 0; y < h; y++) {
    for (let x = 0; x < w; x++) {
      const [right, bottom] = [Math.min((x + 1) * block, width), Math.min((y + 1) * block, height)];
      const sums = [0, 0, 0];
      for (let v = y * block; v < bottom; v++) {
        for (let u = x * block; u < right; u++) for (let c = 0; c < 3; c++) sums[c] += data[3 * (v * width + u) + c];
      }
      const count = (right - x * block) * (bottom - y * block);
      for (let c = 0; c < 3; c++) out[3 * (y * w + x) + c] = sums[c] / count;
    }
  }
  return { data: out, width: w, height: h };
}

/** Pillow's bicubic kernel. @param {number} x */
export function cubic(x) {
  const a = -0.5;
  const d = Math.abs(x);
  if (d < 1) return ((a + 2) * d - (a + 3)) * d * d + 1;
  return d < 2 ? (((d - 5) * d + 8) * d - 4) * a : 0;
}

/** @param {number} x */
const sinc = (x) => (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x));

/** @type {Kernel} */
export const LANCZOS = { reach: 3, at: (x) => (Math.abs(x) < 3 ? sinc(x) * sinc(x / 3) : 0) };
/** @type {Kernel} */
export const BICUBIC = { reach: 2, at: cubic };

/**
 * For each place of a line the first one that counts, and what it and those after it weigh.
 *
 * @param {number} from places of the line as it is
 * @param {number} to places that it gets
 * @param {Kernel} kernel
 * @param {number} [length] how much of the line is meant, where its last place is not a whole one
 */
function weightsOf(from, to, { reach, at }, length = from) {
  const scale = length / to;
  const stretch = Math.max(scale, 1);
  return Array.from({ length: to }, (_one, i) => {
    const centre = (i + 0.5) * scale;
    const first = Math.max(0, Math.trunc(centre - reach * stretch + 0.5));
    const last = Math.min(from, Math.trunc(centre + reach * stretch + 0.5));
    const weights = Array.from({ length: last - first }, (_two, k) => at((first + k - centre + 0.5) / stretch));
    const sum = weights.reduce((all, one) => all + one, 0);
    return { first, weights: weights.map((one) => one / sum) };
  });
}

/**
 * Another size: across, then down, rounded to bytes in between as Pillow does it.
 *
 * @param {Picture} picture
 * @param {number} width
 * @param {number} height
 * @param {Kernel} [kernel]
 * @returns {Picture}
 */
export function resized(picture, width, height, kernel = LANCZOS) {
  const across = turned(picture, weightsOf(picture.width, width, kernel));
  return turned(across, weightsOf(picture.height, height, kernel));
}

/**
 * A copy for a quick look, whose longer side is no longer than this: a large picture is averaged over blocks first.
 *
 * @param {Picture} picture
 * @param {number} longest
 */
export function smallCopy(picture, longest) {
  const shrink = Math.max(picture.width, picture.height) / longest;
  if (shrink <= 1) return picture;
  const [width, height] = [picture.width, picture.height].map((side) => Math.max(1, Math.round(side / shrink)));
  const block = Math.max(1, Math.trunc(picture.width / width / 2));
  const coarse = block > 1 ? reduced(picture, block) : picture;
  const across = turned(coarse, weightsOf(coarse.width, width, BICUBIC, picture.width / block));
  return turned(across, weightsOf(coarse.height, height, BICUBIC, picture.height / block));
}

/**
 * Each line filtered; lines become columns, so that twice makes the picture upright again.
 *
 * @param {Picture} picture
 * @param {{first: number, weights: number[]}[]} filters
 */
function turned({ data, width, height }, filters) {
  const out = new Uint8ClampedArray(3 * height * filters.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < filters.length; x++) {
      const { first, weights } = filters[x];
      let [red, green, blue] = [0, 0, 0];
      for (let k = 0, from = 3 * (y * width + first); k < weights.length; k++, from += 3) {
        red += weights[k] * data[from];
        green += weights[k] * data[from + 1];
        blue += weights[k] * data[from + 2];
      }
      const to = 3 * (x * height + y);
      out[to] = red;
      out[to + 1] = green;
      out[to + 2] = blue;
    }
  }
  return { data: out, width: height, height: filters.length };
}
