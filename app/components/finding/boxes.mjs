// Squares in a picture with what a network says of them: faces/cascade.py in the browser. Boxes are [x0, y0, x1, y1], edges
// of pixels.

/** @typedef {{box: number[], score: number}} Scored */

/**
 * The best boxes, without those that share more than a part of their common area with a better one.
 *
 * @template {Scored} T
 * @param {T[]} boxes
 * @param {number} most share of the area that both cover together
 */
export function best(boxes, most) {
  const waiting = boxes.toSorted((a, b) => b.score - a.score);
  /** @type {T[]} */
  const kept = [];
  for (const one of waiting) if (kept.every((other) => shared(one.box, other.box) <= most)) kept.push(one);
  return kept;
}

/**
 * @param {number[]} a
 * @param {number[]} b
 */
function shared(a, b) {
  const width = Math.min(a[2], b[2]) - Math.max(a[0], b[0]);
  const height = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
  if (width <= 0 || height <= 0) return 0;
  const both = width * height;
  return both / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - both);
}

/**
 * A box with its edges moved by shares of its sides.
 *
 * @param {number[]} box
 * @param {ArrayLike<number>} shift
 */
export function moved(box, shift) {
  const sides = [box[2] - box[0], box[3] - box[1]];
  return box.map((edge, i) => edge + shift[i] * sides[i % 2]);
}

/**
 * The square round a box's middle with its longer side.
 *
 * @param {number[]} box
 */
export function squared([x0, y0, x1, y1]) {
  const [x, y, half] = [(x0 + x1) / 2, (y0 + y1) / 2, Math.max(x1 - x0, y1 - y0) / 2];
  return [x - half, y - half, x + half, y + half];
}
