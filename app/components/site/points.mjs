// The pad's message at another point than the first: what app/controls/pad.py works out in the app, from the same targets
// and the same draws.

import { floats } from "../latent_pad/pure.mjs";

/** @import { BankMessage, PadMessage } from "../latent_pad/message.d.ts" */
/** @import { SiteMessage } from "./message.d.ts" */
/** @import { Point } from "./types.d.ts" */

const MORPHS = "morphs";
const NOISE = "noise";
const EDIT = "edit";
const STEP = 0.05;
const FARTHEST = 10;

/**
 * Base64 of little-endian float32.
 *
 * @param {Float32Array} values
 */
export function base64(values) {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

/**
 * Towards other faces in a straight line: weight 1 arrives. The one that the visitor comes from follows the average.
 *
 * @param {BankMessage} bank as Python made it for the first point
 * @param {Float32Array} z the point
 * @param {Float32Array} targets [T, D], in the bank's order
 * @param {{z: Float32Array, name: string}|null} before where the visitor comes from
 * @returns {BankMessage}
 */
export function morphBank(bank, z, targets, before) {
  const D = z.length;
  const ends = bank.directions.map((_, i) => targets.subarray(i * D, (i + 1) * D));
  const directions = [...bank.directions];
  if (before) {
    directions.splice(1, 0, { ...directions[0], key: `morph-${before.name}`, name: before.name });
    ends.splice(1, 0, before.z);
  }
  const vectors = Float32Array.from(ends.flatMap((end) => Array.from(end, (value, i) => value - z[i])));
  return { ...bank, directions, vectors: base64(vectors) };
}

/**
 * Draws from a face's posterior.
 *
 * @param {BankMessage} bank as Python made it for the first point
 * @param {Float32Array} draws [N, D], at a width of 1
 * @param {Float32Array} sigma [D], the face's standard deviations
 * @returns {BankMessage}
 */
export function noiseBank(bank, draws, sigma) {
  return { ...bank, vectors: base64(draws.map((value, i) => value * sigma[i % sigma.length])) };
}

/**
 * Sliders that start where a point lies along each attribute's axis: latent/attribute_axes.py, edit_bank.
 *
 * @param {BankMessage} bank as Python made it for the first point
 * @param {Float32Array} z the point
 * @param {Record<string, number>} zeros by direction
 * @returns {BankMessage}
 */
export function editBank(bank, z, zeros) {
  const vectors = floats(bank.vectors ?? "");
  const rounded = (/** @type {number} */ value) => Number(value.toFixed(2)) + 0; // no minus zero
  const directions = bank.directions.map((direction, k) => {
    let [along, square] = [0, 0];
    for (const [i, value] of z.entries()) {
      const part = vectors[k * z.length + i];
      along += value * part;
      square += part * part;
    }
    const standing = along / Math.max(square, 1e-12) - zeros[direction.key];
    const start = rounded(Math.min(FARTHEST, Math.max(-FARTHEST, Math.round(standing / STEP) * STEP)));
    const [low, high] = [rounded(Math.min(-1, start - 1.5)), rounded(Math.max(2, start + 1.5))];
    return { ...direction, start, origin: start, low, high };
  });
  return { ...bank, directions };
}

/**
 * Standard deviations of one face's posterior.
 *
 * @param {NonNullable<SiteMessage["spread"]>} spread
 * @param {Uint8Array} codes [M, D]
 * @param {number} row
 */
export function sigmaOf(spread, codes, row) {
  const [low, step] = [floats(spread.low), floats(spread.step)];
  return low.map((value, i) => Math.exp(0.5 * (value + codes[row * low.length + i] * step[i])));
}

/**
 * What the pad is given at a point.
 *
 * @param {PadMessage} first the message of the first point, which Python made
 * @param {SiteMessage} site
 * @param {{point: Point, before: Float32Array|null, sigma: Float32Array|null, visit: string}} at `sigma` is null for
 *   what was not encoded; `visit` names the stay at the point
 * @returns {PadMessage}
 */
export function padAt(first, site, { point, before, sigma, visit }) {
  const comesFrom = before && { z: before, name: site.before };
  const banks = first.banks.flatMap((bank) => {
    if (bank.key === EDIT) return [editBank(bank, point.z, site.zeros)];
    if (bank.key === MORPHS) return [morphBank(bank, point.z, floats(site.targets), comesFrom)];
    if (bank.key !== NOISE) return [bank];
    return sigma && site.noise ? [noiseBank(bank, floats(site.noise), sigma)] : [];
  });
  const made = { ...first.provenance, point: originOf(point) };
  return { ...first, z: base64(point.z), banks, pointId: visit, signature: visit, provenance: made };
}

/**
 * Where a point came from, for the metadata of pictures.
 *
 * @param {Point} point
 */
export function originOf({ kind, text, name, sample, facts }) {
  if (sample) return { kind, ...sample };
  return kind === "face" ? { kind, image: Number(text) } : { kind: "kept", name, ...facts };
}
