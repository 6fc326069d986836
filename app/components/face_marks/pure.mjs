// What the marks work out, free of any page: tested with `node --test`.
// Places are [x, y] in the photo's own pixels; a view is the part of the photo on screen, {x, y, width, height}.

import { _ } from "../page/texts.mjs";

/** @typedef {number[]} Pair a place [x, y] in the photo's own pixels, or a size [width, height] */
/** @typedef {{x: number, y: number, width: number, height: number}} View the part of the photo on screen */

export const NAMES = [_("Left eye"), _("Right eye"), _("Mouth")];
export const ZOOMS = [1, 2, 4, 8];

/**
 * The view of a photo at a zoom, around a place as far as the photo's edges allow.
 *
 * @param {number} zoom
 * @param {Pair} around
 * @param {Pair} size
 * @returns {View}
 */
export function viewOf(zoom, [cx, cy], [width, height]) {
  const w = width / zoom;
  const h = height / zoom;
  return { x: within(cx - w / 2, 0, width - w), y: within(cy - h / 2, 0, height - h), width: w, height: h };
}

/**
 * Where a place is on screen, in per cent of the view's width and height.
 *
 * @param {Pair} place
 * @param {View} view
 */
export function toPercent([x, y], view) {
  return [(100 * (x - view.x)) / view.width, (100 * (y - view.y)) / view.height];
}

/**
 * The place under a pointer, inside the photo.
 *
 * @param {{clientX: number, clientY: number}} pointer
 * @param {{left: number, top: number, width: number, height: number}} box the view's rectangle on the page
 * @param {View} view
 * @param {Pair} size
 */
export function toPlace({ clientX, clientY }, box, view, size) {
  const x = view.x + ((clientX - box.left) / box.width) * view.width;
  const y = view.y + ((clientY - box.top) / box.height) * view.height;
  return inside([x, y], size);
}

/**
 * The nearest place inside the photo.
 *
 * @param {Pair} place
 * @param {Pair} size
 */
export function inside([x, y], [width, height]) {
  return [within(x, 0, width - 1), within(y, 0, height - 1)];
}

/**
 * A place moved by an arrow key, `step` photo pixels at a time and ten times as far with Shift; null for other keys.
 *
 * @param {Pair} place
 * @param {string} key
 * @param {number} step
 * @param {boolean} far
 * @param {Pair} size
 */
export function nudge([x, y], key, step, far, size) {
  /** @type {Record<string, Pair>} */
  const ways = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  const way = ways[key];
  if (!way) return null;
  const reach = step * (far ? 10 : 1);
  return inside([x + way[0] * reach, y + way[1] * reach], size);
}

/**
 * The middle of the marks.
 *
 * @param {Pair[]} marks
 */
export function middle(marks) {
  const mean = (/** @type {number} */ i) => marks.reduce((sum, mark) => sum + mark[i], 0) / marks.length;
  return [mean(0), mean(1)];
}

/**
 * The largest zoom at which all marks and some room around them stay in view.
 *
 * @param {Pair[]} marks
 * @param {Pair} size
 */
export function zoomFor(marks, size) {
  const [cx, cy] = middle(marks);
  const reach = Math.max(...marks.map(([x, y]) => Math.max(Math.abs(x - cx) / size[0], Math.abs(y - cy) / size[1])));
  return ZOOMS.findLast((zoom) => reach * zoom <= 0.2) ?? 1;
}

/**
 * The next zoom up (1) or down (-1), or the same one at the end.
 *
 * @param {number} zoom
 * @param {1|-1} way
 */
export function nextZoom(zoom, way) {
  return ZOOMS[within(ZOOMS.indexOf(zoom) + way, 0, ZOOMS.length - 1)];
}

/**
 * What a screen reader says of a mark.
 *
 * @param {number} i
 * @param {Pair} place
 */
export function label(i, [x, y]) {
  const place = { name: NAMES[i], across: Math.round(x), down: Math.round(y) };
  return _("{name}, {across} across and {down} down. Arrow keys move it.", place);
}

/**
 * Whether three marks could be a face: the eyes apart, and the mouth off the line between them.
 *
 * @param {Pair[]} marks
 */
export function plausible([left, right, mouth]) {
  const eyes = [right[0] - left[0], right[1] - left[1]];
  const apart = Math.hypot(...eyes);
  const off = Math.abs(eyes[0] * (mouth[1] - left[1]) - eyes[1] * (mouth[0] - left[0])) / Math.max(apart, 1e-9);
  return apart >= 4 && off >= apart / 4;
}

/**
 * @param {number} value
 * @param {number} low
 * @param {number} high
 */
function within(value, low, high) {
  return Math.min(Math.max(value, low), Math.max(low, high));
}
