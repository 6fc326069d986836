// A picture as the detector's networks take it, and smaller copies of it: faces/cascade.py in the browser.

/** @import { Picture } from "../site/alignment.mjs" */

/** @typedef {{data: Float32Array, width: number, height: number}} Planes red, green and blue one after the other, -1 to 1 */

const CELL = 12; // side of the square that the first network judges
const PYRAMID_STEP = 0.709;
const CROP = 48; // side of what the third network reads

/**
 * @param {Picture} picture
 * @returns {Planes}
 */
export function toPlanes({ data: bytes, width, height }) {
  const count = width * height;
  const data = new Float32Array(3 * count);
  for (let i = 0; i < count; i++) for (let c = 0; c < 3; c++) data[c * count + i] = (bytes[3 * i + c] - 127.5) / 128;
  return { data, width, height };
}

/**
 * The picture and its halves, quarters and so on, for reading without aliasing.
 *
 * @param {Planes} planes
 */
export function halvings(planes) {
  const levels = [planes];
  for (let last = planes; Math.min(last.width, last.height) >= 2 * CROP; ) {
    last = averaged(last, Math.floor(last.width / 2), Math.floor(last.height / 2));
    levels.push(last);
  }
  return levels;
}

/**
 * The sizes of a picture at which the first network's square just holds a face.
 *
 * @param {Planes[]} levels what `halvings` made of it
 * @param {number} smallest side in pixels of the smallest face to look for
 */
export function pyramid(levels, smallest) {
  const { width, height } = levels[0];
  const layers = [];
  for (let scale = CELL / smallest; Math.min(width, height) * scale >= CELL; scale *= PYRAMID_STEP) {
    const [across, down] = [Math.round(width * scale), Math.round(height * scale)];
    layers.push(averaged(levels.findLast((level) => level.height >= 2 * down) ?? levels[0], across, down));
  }
  return layers;
}

/**
 * Another size: each pixel is the mean of all those that it covers.
 *
 * @param {Planes} planes
 * @param {number} width
 * @param {number} height
 * @returns {Planes}
 */
export function averaged({ data, width: from, height: lines }, width, height) {
  const narrow = new Float32Array(3 * lines * width);
  meansOfLines(data, narrow, { lines: 3 * lines, from, to: width, step: 1 });
  const out = new Float32Array(3 * height * width);
  for (let c = 0; c < 3; c++) {
    const [plane, place] = [narrow.subarray(c * lines * width, (c + 1) * lines * width), out.subarray(c * height * width, (c + 1) * height * width)];
    meansOfLines(plane, place, { lines: width, from: lines, to: height, step: width });
  }
  return { data: out, width, height };
}

/**
 * @param {Float32Array} data
 * @param {Float32Array} out
 * @param {{lines: number, from: number, to: number, step: number}} shape places of a line as it is and as it gets, and how
 *   far apart they lie; lines begin one after the other where that is 1, else side by side
 */
function meansOfLines(data, out, { lines, from, to, step }) {
  const [before, after] = step === 1 ? [from, to] : [1, 1];
  for (let i = 0; i < to; i++) {
    const [first, last] = [Math.floor((i * from) / to), Math.ceil(((i + 1) * from) / to)];
    for (let line = 0; line < lines; line++) {
      let sum = 0;
      for (let k = first; k < last; k++) sum += data[line * before + k * step];
      out[line * after + i * step] = sum / (last - first);
    }
  }
}

/**
 * Turned by quarters against the clock.
 *
 * @param {Planes} planes
 * @param {number} quarters 0 to 3
 * @returns {Planes}
 */
export function turnedBy({ data, width, height }, quarters) {
  if (!quarters) return { data, width, height };
  const [across, down] = quarters === 2 ? [width, height] : [height, width];
  const out = new Float32Array(data.length);
  for (let i = 0; i < down; i++) {
    for (let j = 0; j < across; j++) {
      const [y, x] = [[j, width - 1 - i], [height - 1 - i, width - 1 - j], [height - 1 - j, i]][quarters - 1];
      for (let c = 0; c < 3; c++) out[(c * down + i) * across + j] = data[(c * height + y) * width + x];
    }
  }
  return { data: out, width: across, height: down };
}
