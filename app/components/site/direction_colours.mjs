// Colouring the map by how far each face lies along a slider's direction: what app/controls/colouring.py works out in the
// app (value_colouring), put under an address of this page's own.

import { _, numeral } from "../page/texts.mjs";

/** @import { ValuesMessage } from "../atlas_map/message.d.ts" */
/** @import { Numbers } from "../latent_pad/types.d.ts" */

const SPREAD = [2, 98]; // percentiles at which the ramp ends

/**
 * How far points lie along a direction, in standard deviations from their mean.
 *
 * @param {Float32Array} mu [M, D]
 * @param {Numbers} vector [D]
 */
export function coordinates(mu, vector) {
  const D = vector.length;
  const along = new Float64Array(mu.length / D);
  for (let row = 0; row < along.length; row++) {
    for (let i = 0; i < D; i++) along[row] += mu[row * D + i] * vector[i];
  }
  const mean = along.reduce((sum, value) => sum + value, 0) / along.length;
  const variance = along.reduce((sum, value) => sum + (value - mean) ** 2, 0) / along.length;
  const sd = Math.max(Math.sqrt(variance), 1e-12);
  return along.map((value) => (value - mean) / sd);
}

/**
 * Values around 0 as bytes of a ramp, and the ramp's ends in words.
 *
 * @param {Float64Array} values
 * @returns {{codes: Uint8Array<ArrayBuffer>, low: string, high: string}}
 */
export function ramp(values) {
  const sorted = values.toSorted();
  const [low, high] = SPREAD.map((share) => percentile(sorted, share));
  const reach = Math.max(high, -low);
  const width = 2 * reach || 1;
  const codes = Uint8Array.from(values, (value) => Math.min(255, Math.max(0, Math.round(((value + reach) / width) * 255))));
  const [below, above] = [-reach, reach].map((end) => `${numeral(Number(end.toPrecision(3)))} ${_("sd")}`.replace("-", "\u2212"));
  return { codes, low: below, high: above };
}

/**
 * The colouring of a direction. Its bytes stay with the page for as long as that is open.
 *
 * @param {string} name
 * @param {Float32Array} mu [M, D]
 * @param {Numbers} vector [D]
 * @returns {ValuesMessage}
 */
export function directionColouring(name, mu, vector) {
  const { codes, low, high } = ramp(coordinates(mu, vector));
  return { kind: "values", name, url: URL.createObjectURL(new Blob([codes])), low, high, centred: true };
}

/**
 * @param {Float64Array} sorted
 * @param {number} share 0 to 100
 */
function percentile(sorted, share) {
  const at = ((sorted.length - 1) * share) / 100;
  const below = Math.floor(at);
  return sorted[below] + (at - below) * (sorted[Math.min(below + 1, sorted.length - 1)] - sorted[below]);
}
