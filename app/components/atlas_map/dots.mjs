// The faces of a very large map, painted on a canvas below Plotly, which then keeps the hand's tools alone: counted by
// pixel, each pixel in the mean colour of its faces. One pass over a million takes about as long as a frame or two, also
// without a graphics card; Plotly's scatter works seconds at that number. `python -m benchmarks many-points` has both.

import { contextOf } from "../page/elements.mjs";
import { saveFile } from "../page/save.mjs";
import { MANY } from "./arrays.mjs";

/** @import { AtlasMap } from "./map.mjs" */
/** @import { Drawn, Ranges, Size } from "./types.d.ts" */

const FILE = "facespace-map.png";
const RAISED = 4; // faces of the others that one of a rare kind counts for
const DIMMED = 1e-4; // of a face, for one that is not selected: it colours a pixel where no selected one is
const CLEAR = 0.2; // of what is below that one dot lets through
const MOST_DIMMED = 0.3; // opacity of a pixel full of faces that are not selected

/**
 * Whether a map has too many places for Plotly.
 *
 * @param {ArrayLike<number>} xy
 */
export const isMany = (xy) => xy.length > 2 * MANY;

export class Dots {
  #map;
  #canvas;
  /** @type {unknown[]} what the picture that stands was painted from */
  #painted = [];
  /** @type {Float32Array[]} red, green, blue and weight of each pixel, kept from picture to picture */
  #sums = [];

  /** @param {AtlasMap} map */
  constructor(map) {
    this.#map = map;
    this.#canvas = map.dom.dots;
  }

  /** Hand the map to the person as a picture; false where Plotly draws it. */
  save() {
    if (this.#canvas.hidden) return false;
    this.#canvas.toBlob((picture) => picture && saveFile(FILE, picture));
    return true;
  }

  /** Paint what is in view, if that is not on the canvas already. */
  draw() {
    const { drawn, view, memory } = this.#map;
    const many = drawn !== null && isMany(drawn.xy);
    this.#canvas.hidden = !many;
    if (!many) return;
    const ratio = window.devicePixelRatio || 1;
    const { x, y } = view.ranges;
    const size = { width: Math.round(view.size.width * ratio), height: Math.round(view.size.height * ratio) };
    const from = [drawn.xy, drawn.slotOf, drawn.colours, memory.selected, drawn.size, ...x, ...y, size.width, size.height];
    if (!size.width || from.every((one, at) => one === this.#painted[at])) return;
    this.#painted = from;
    if (this.#canvas.width !== size.width || this.#canvas.height !== size.height) {
      Object.assign(this.#canvas, size);
      this.#sums = Array.from({ length: 4 }, () => new Float32Array(size.width * size.height));
    }
    for (const sum of this.#sums) sum.fill(0);
    const started = performance.now();
    addFaces(this.#sums, drawn, memory.selected, view.ranges, size);
    const spread = spreadOut(this.#sums, size, Math.max(1, Math.round(drawn.size * ratio)));
    contextOf(this.#canvas).putImageData(new ImageData(pixelsOf(spread), size.width, size.height), 0, 0);
    this.#map.dom.root.dataset.paintMs = (performance.now() - started).toFixed(0);
  }
}

/**
 * Add each face that is in view to the pixel where its place is.
 *
 * @param {Float32Array[]} sums red, green, blue and weight
 * @param {Pick<Drawn, "xy"|"slotOf"|"colours"|"raised">} faces
 * @param {Uint8Array|null} selected mask, or null where all count alike
 * @param {Ranges} ranges
 * @param {Size} size
 */
export function addFaces([red, green, blue, weight], { xy, slotOf, colours, raised }, selected, { x, y }, { width, height }) {
  const shades = colours.map((colour) => [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16)));
  const [left, top] = [x[0], y[1]];
  const [across, down] = [width / (x[1] - x[0]), height / (y[1] - y[0])];
  for (let row = 0; row < slotOf.length; row++) {
    const column = Math.floor((xy[2 * row] - left) * across);
    const line = Math.floor((top - xy[2 * row + 1]) * down);
    if (column < 0 || line < 0 || column >= width || line >= height) continue;
    const slot = slotOf[row];
    const shade = shades[slot] ?? shades[0];
    const share = (slot === raised ? RAISED : 1) * (selected && !selected[row] ? DIMMED : 1);
    const at = line * width + column;
    red[at] += share * shade[0];
    green[at] += share * shade[1];
    blue[at] += share * shade[2];
    weight[at] += share;
  }
}

/**
 * The same with each pixel as a round dot: the faces of one pixel lie in all that the dot covers.
 *
 * @param {Float32Array[]} sums
 * @param {Size} size
 * @param {number} across diameter of a dot
 */
export function spreadOut(sums, { width, height }, across) {
  if (across === 1) return sums;
  const dot = dotOf(across);
  const spread = sums.map((sum) => new Float32Array(sum.length));
  const [[red, green, blue, weight], [toRed, toGreen, toBlue, toWeight]] = [sums, spread];
  for (let from = 0; from < weight.length; from++) {
    if (!weight[from]) continue;
    const [column, line] = [from % width, Math.floor(from / width)];
    for (const [right, below] of dot) {
      if (column + right < 0 || column + right >= width || line + below < 0 || line + below >= height) continue;
      const at = from + below * width + right;
      toRed[at] += red[from];
      toGreen[at] += green[from];
      toBlue[at] += blue[from];
      toWeight[at] += weight[from];
    }
  }
  return spread;
}

/** @param {number} across */
function dotOf(across) {
  const middle = (across - 1) / 2;
  /** @type {[number, number][]} */
  const dot = [];
  for (let line = 0; line < across; line++)
    for (let column = 0; column < across; column++)
      if (Math.hypot(column - middle, line - middle) <= across / 2) dot.push([column - Math.floor(middle), line - Math.floor(middle)]);
  return dot;
}

/**
 * Red, green, blue and opacity of each pixel, 0 to 255.
 *
 * @param {Float32Array[]} sums
 */
export function pixelsOf([red, green, blue, weight]) {
  const pixels = new Uint8ClampedArray(4 * weight.length);
  for (let at = 0; at < weight.length; at++) {
    const here = weight[at];
    if (!here) continue;
    pixels[4 * at] = red[at] / here;
    pixels[4 * at + 1] = green[at] / here;
    pixels[4 * at + 2] = blue[at] / here;
    pixels[4 * at + 3] = 255 * (here < 1 - DIMMED ? Math.min(MOST_DIMMED, (0.08 * here) / DIMMED) : 1 - CLEAR ** Math.min(4, here));
  }
  return pixels;
}

/**
 * The faces within outlines, as Plotly's layout lists them: boxes, and paths of straight lines.
 *
 * @param {Record<string, any>[]} selections
 * @param {Float32Array} xy
 */
export function within(selections, xy) {
  const mask = new Uint8Array(xy.length / 2);
  for (const { type, x0, x1, y0, y1, path } of selections) {
    const outline = type === "path" ? cornersOf(path) : [[x0, y0], [x1, y0], [x1, y1], [x0, y1]];
    const columns = outline.map((corner) => Number(corner[0]));
    const lines = outline.map((corner) => Number(corner[1]));
    const [left, right] = [Math.min(...columns), Math.max(...columns)];
    const [low, high] = [Math.min(...lines), Math.max(...lines)];
    for (let row = 0; row < mask.length; row++) {
      const [x, y] = [xy[2 * row], xy[2 * row + 1]];
      if (mask[row] || x < left || x > right || y < low || y > high) continue;
      mask[row] = isInside(x, y, columns, lines);
    }
  }
  return mask;
}

/** @param {string} path such as "M1,2L3,4L5,6Z" */
const cornersOf = (path) => path.replace(/[MZ]/g, "").split("L").map((corner) => corner.split(","));

/**
 * 1 where a ray from the place crosses the outline an odd number of times.
 *
 * @param {number} x
 * @param {number} y
 * @param {number[]} columns
 * @param {number[]} lines
 */
function isInside(x, y, columns, lines) {
  let inside = 0;
  for (let i = 0, j = columns.length - 1; i < columns.length; j = i++) {
    if (lines[i] > y === lines[j] > y) continue;
    if (x < columns[i] + ((y - lines[i]) / (lines[j] - lines[i])) * (columns[j] - columns[i])) inside = 1 - inside;
  }
  return inside;
}
