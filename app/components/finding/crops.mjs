// Squares cut out of a picture in one batch, upright or turned: what torch and torchvision do for faces/cascade.py.

/** @import { Complex } from "./complex.mjs" */
/** @import { Planes } from "./planes.mjs" */

/** @typedef {{turn: Complex, middle: Complex}} Turned a square: `turn * z + middle` brings its coordinates, -1 to 1, into the picture */

const SMALL = 24; // side of what the second network reads

/**
 * What the second network reads of upright boxes, each averaged over all that it covers (torchvision's `roi_align`).
 *
 * @param {Planes[]} levels
 * @param {number[][]} boxes
 */
export function upright(levels, boxes) {
  const out = new Float32Array(boxes.length * 3 * SMALL * SMALL);
  for (const [k, box] of boxes.entries()) {
    const side = Math.max(box[2] - box[0], 1);
    const depth = Math.min(Math.max(Math.floor(Math.log2(side / (2 * SMALL))), 0), levels.length - 1);
    const scale = levels[depth].width / levels[0].width;
    average(levels[depth], box.map((edge) => edge * scale - 0.5), out.subarray(k * 3 * SMALL * SMALL));
  }
  return out;
}

/**
 * @param {Planes} planes
 * @param {number[]} box by its first and last places rather than edges
 * @param {Float32Array} out
 */
function average({ data, width, height }, [x0, y0, x1, y1], out) {
  const [across, down] = [(x1 - x0) / SMALL, (y1 - y0) / SMALL];
  const xs = places(x0, across, width);
  const ys = places(y0, down, height);
  for (let c = 0; c < 3; c++) {
    const plane = c * width * height;
    for (let i = 0; i < SMALL; i++) {
      for (let j = 0; j < SMALL; j++) {
        let sum = 0;
        for (const y of ys[i]) {
          for (const x of xs[j]) {
            const [above, below] = [plane + y.low * width, plane + y.high * width];
            const upper = data[above + x.low] * (1 - x.share) + data[above + x.high] * x.share;
            const lower = data[below + x.low] * (1 - x.share) + data[below + x.high] * x.share;
            sum += upper * (1 - y.share) + lower * y.share;
          }
        }
        out[(c * SMALL + i) * SMALL + j] = sum / (Math.ceil(across) * Math.ceil(down));
      }
    }
  }
}

/**
 * Between which pixels of a line each part's places lie; those more than a pixel outside count as 0, so they are left out.
 *
 * @param {number} from
 * @param {number} part
 * @param {number} length of the line
 */
function places(from, part, length) {
  const count = Math.ceil(part);
  return Array.from({ length: SMALL }, (_one, i) =>
    Array.from({ length: count }, (_two, k) => from + i * part + ((k + 0.5) * part) / count)
      .filter((place) => place >= -1 && place <= length)
      .map((place) => {
        const low = Math.min(Math.floor(Math.max(place, 0)), length - 1);
        return low === length - 1 ? { low, high: low, share: 0 } : { low, high: low + 1, share: Math.max(place, 0) - low };
      }));
}

/**
 * Turned squares, read between the pixels of the level that is fine enough; 0 outside the picture.
 *
 * @param {Planes[]} levels
 * @param {Turned[]} squares
 * @param {number} side of the result
 */
export function turned(levels, squares, side) {
  const out = new Float32Array(squares.length * 3 * side * side);
  for (const [k, { turn, middle }] of squares.entries()) {
    const wanted = Math.round(Math.log2(Math.max((Math.hypot(...turn) * 2) / side, 1)));
    const level = levels[Math.min(wanted, levels.length - 1)];
    const [across, down] = [level.width / levels[0].width, level.height / levels[0].height];
    for (let i = 0; i < side; i++) {
      for (let j = 0; j < side; j++) {
        const [u, v] = [(2 * j + 1) / side - 1, (2 * i + 1) / side - 1];
        const x = (turn[0] * u - turn[1] * v + middle[0] + 0.5) * across - 0.5;
        const y = (turn[1] * u + turn[0] * v + middle[1] + 0.5) * down - 0.5;
        between(level, x, y, out, ((k * 3 * side) + i) * side + j, side * side);
      }
    }
  }
  return out;
}

/**
 * One place of a picture.
 *
 * @param {Planes} planes
 * @param {number} x
 * @param {number} y
 * @param {Float32Array} out
 * @param {number} to where its first number goes
 * @param {number} step from there to the next
 */
function between({ data, width, height }, x, y, out, to, step) {
  const [left, top] = [Math.floor(x), Math.floor(y)];
  if (left < -1 || top < -1 || left >= width || top >= height) return;
  const [right, below] = [x - left, y - top];
  for (let corner = 0; corner < 4; corner++) {
    const [u, v] = [left + (corner & 1), top + (corner >> 1)];
    if (u < 0 || v < 0 || u >= width || v >= height) continue;
    const share = (corner & 1 ? right : 1 - right) * (corner >> 1 ? below : 1 - below);
    for (let c = 0; c < 3; c++) out[to + c * step] += share * data[(c * height + v) * width + u];
  }
}

/**
 * Crops in the mirror.
 *
 * @param {Float32Array} crops
 * @param {number} side
 */
export function mirrored(crops, side) {
  const out = new Float32Array(crops.length);
  for (let i = 0; i < crops.length; i++) out[i] = crops[i - (i % side) + side - 1 - (i % side)];
  return out;
}
