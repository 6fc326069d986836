// How far out the point lies among held-out faces, as a scale and in words. Distance alone cannot see a garish picture.

import { find } from "../page/elements.mjs";
import { _, numeral } from "../page/texts.mjs";

/** @import { Numbers, Plausibility } from "./types.d.ts" */

export class Gauge {
  #holder;
  #length;
  /** @type {Plausibility|null} */
  #known = null;

  /** @param {HTMLElement} root of the pad */
  constructor(root) {
    this.#holder = find(root, ".gauge");
    this.#length = find(root, ".prior");
  }

  /** What to judge by from now on, or null for no gauge. */
  set known(/** @type {Plausibility|null} */ known) {
    this.#known = known;
    this.#holder.hidden = !known;
  }

  /**
   * Judge a point.
   *
   * @param {Float32Array} z
   */
  show(z) {
    if (!this.#known) return;
    const { mean, precision, percentiles, prior } = this.#known;
    const { share, level, words } = judge(squaredDistance(z, mean, precision), percentiles);
    this.#holder.dataset.level = level;
    this.#holder.dataset.share = share.toFixed(1);
    this.#holder.style.setProperty("--share", `${share}%`);
    find(this.#holder, ".words").textContent = words;
    this.#length.hidden = !prior;
    if (prior) this.#length.textContent = priorWords(z);
  }
}

/**
 * Squared Mahalanobis distance (z - mean)' P (z - mean), the precision P [D, D] row by row.
 *
 * @param {Numbers} z
 * @param {Numbers} mean
 * @param {Numbers} precision
 */
export function squaredDistance(z, mean, precision) {
  const offset = Float64Array.from(z, (value, i) => value - mean[i]);
  const d = offset.length;
  let total = 0;
  for (let row = 0; row < d; row++) {
    let sum = 0;
    for (let i = 0; i < d; i++) sum += precision[row * d + i] * offset[i];
    total += sum * offset[row];
  }
  return total;
}

/**
 * Where `value` lies among held-out faces: 0 to 100, straight lines between the rising entries of `table`.
 *
 * @param {number} value
 * @param {Numbers} table
 */
export function percentile(value, table) {
  const last = table.length - 1;
  if (!(value > table[0])) return 0;
  if (value >= table[last]) return 100;
  let upper = 1;
  while (table[upper] <= value) upper++;
  const share = (value - table[upper - 1]) / (table[upper] - table[upper - 1]);
  return (100 * (upper - 1 + share)) / last;
}

/**
 * How far out a point lies, in plain words: never that its picture is good, which a distance cannot tell.
 *
 * @param {number} squared its squared distance from the mean
 * @param {Numbers} percentiles squared distances of held-out faces
 */
export function judge(squared, percentiles) {
  const share = percentile(squared, percentiles);
  const farthest = percentiles[percentiles.length - 1];
  if (squared > farthest) {
    const times = Math.sqrt(squared / farthest);
    const words = times < 1.05
      ? _("Outside the data: just beyond the farthest held-out face.")
      : _("Outside the data: {times} times as far from the centre as the farthest held-out face.", { times: numeral(times, 1) });
    return { share: 100, level: "outside", words };
  }
  const rounded = Math.min(99, Math.round(share));
  if (share === 0) return { share, level: "central", words: _("Closer to the average face than any held-out face.") };
  const ordinary = share < 90;
  const words = ordinary
    ? _("At an ordinary distance: {count} of 100 held-out faces are nearer to the average.", { count: rounded })
    : _("Farther out than most: {count} of 100 held-out faces are nearer to the average.", { count: rounded });
  return { share, level: ordinary ? "ordinary" : "rare", words };
}

/**
 * The length of z against what the prior N(0, I) expects, about the square root of D.
 *
 * @param {Numbers} z
 */
export function priorWords(z) {
  const length = Math.sqrt(Array.from(z).reduce((sum, value) => sum + value * value, 0));
  const [own, expected] = [numeral(length, 1), numeral(Math.sqrt(z.length), 1)];
  return _(
    "Length of the {count} numbers (the root of the sum of their squares): {own}. What the prior N(0, I) draws, with which a VAE begins a new face, is about {expected} long.",
    { count: z.length, own, expected },
  );
}
