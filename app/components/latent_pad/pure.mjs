// What the latent pad works out, free of any page: tested with `node --test`.
// Weights are kept sparse: {direction key: weight}, only where a slider is away from its start.

import { _, numeral } from "../page/texts.mjs";

/** @import { Bank, Direction, Numbers, Scale, Slider, Weights } from "./types.d.ts" */

/**
 * Base64 of little-endian float32 to numbers.
 *
 * @param {string} base64
 */
export function floats(base64) {
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  return new Float32Array(bytes.buffer);
}

/**
 * The weight of a direction: what the hand left, or where its slider rests.
 *
 * @param {Weights} weights
 * @param {Pick<Slider, "key"|"start">} direction
 */
export function weightOf(weights, direction) {
  return weights[direction.key] ?? direction.start;
}

/**
 * `weights` with one direction set; back at its start it takes no room.
 *
 * @param {Weights} weights
 * @param {Pick<Slider, "key"|"start">} direction
 * @param {number} value
 * @returns {Weights}
 */
export function withWeight(weights, direction, value) {
  const { [direction.key]: _, ...rest } = weights;
  return value === direction.start ? rest : { ...rest, [direction.key]: value };
}

/**
 * z + the sum of what each direction of each bank adds at its weight.
 *
 * @param {Numbers} z
 * @param {Pick<Bank, "directions">[]} banks
 * @param {Weights} weights
 */
export function combine(z, banks, weights) {
  const sum = Float64Array.from(z);
  for (const { directions } of banks) {
    for (const direction of directions) add(sum, direction, weightOf(weights, direction));
  }
  return Float32Array.from(sum);
}

/**
 * Add (weight - origin) times the vector, or the place at that weight on a way that is not straight.
 *
 * @param {Float64Array} sum
 * @param {Direction} direction
 * @param {number} weight
 */
function add(sum, direction, weight) {
  const { vector, path, low, high, origin = 0 } = direction;
  if (!path) {
    const times = weight - origin;
    if (times !== 0) for (let i = 0; i < sum.length; i++) sum[i] += times * vector[i];
    return;
  }
  const last = path.length / sum.length - 1;
  const place = Math.min(Math.max(((weight - low) / (high - low)) * last, 0), last);
  const before = Math.min(Math.floor(place), last - 1);
  const share = place - before;
  const from = before * sum.length;
  for (let i = 0; i < sum.length; i++) {
    sum[i] += (1 - share) * path[from + i] + share * path[from + sum.length + i];
  }
}

/**
 * What linear probes read off a point: a probability each.
 *
 * @param {Numbers} z
 * @param {{weights: Numbers, bias: Numbers}} probes `weights` are [R, D] row by row, `bias` is [R]
 */
export function readings(z, { weights, bias }) {
  return Array.from(bias, (start, row) => {
    let odds = start;
    for (let i = 0; i < z.length; i++) odds += weights[row * z.length + i] * z[i];
    return 1 / (1 + Math.exp(-odds));
  });
}

/**
 * The weights whose directions these banks have: pads that move together may not have the same ones.
 *
 * @param {Weights} weights
 * @param {{directions: {key: string}[]}[]} banks
 * @returns {Weights}
 */
export function known(weights, banks) {
  const keys = new Set(banks.flatMap(({ directions }) => directions.map(({ key }) => key)));
  return Object.fromEntries(Object.entries(weights).filter(([key]) => keys.has(key)));
}

/**
 * How many decimals of a weight are shown.
 *
 * @param {number} step
 */
const decimalsOf = (step) => Math.min(4, Math.max(0, Math.ceil(-Math.log10(step) - 1e-9)));

/**
 * A weight as people read it: as many decimals as the step has, a true minus, a plus where both signs occur.
 *
 * @param {number} value
 * @param {Pick<Scale, "step"|"low">} scale
 */
export function signed(value, { step, low }) {
  const decimals = decimalsOf(step);
  const digits = numeral(Math.abs(value), decimals);
  if (Number(value.toFixed(decimals)) === 0) return digits;
  return (value < 0 ? "\u2212" : low < 0 ? "+" : "") + digits;
}

/**
 * Where a weight lies along its slider: 0 at the low end, 1 at the high one.
 *
 * @param {number} weight
 * @param {Pick<Scale, "low"|"high">} scale
 */
export function placeOf(weight, { low, high }) {
  return Math.min(1, Math.max(0, (weight - low) / (high - low)));
}

/**
 * The weight at a place along its slider, in the slider's steps.
 *
 * @param {number} place 0 at the low end, 1 at the high one
 * @param {Pick<Scale, "low"|"high"|"step">} scale
 */
export function weightAt(place, { low, high, step }) {
  return Number((low + Math.round((place * (high - low)) / step) * step).toFixed(decimalsOf(step)));
}

/**
 * What a slider's marks say, for a screen reader; empty where it has none.
 *
 * @param {Pick<Slider, "marks"|"step"|"low">} direction
 */
export function describeMarks({ marks, step, low }) {
  if (!marks?.length) return "";
  const places = marks.map(({ at, share }) => _("{share} at {place}", { share, place: signed(at, { step, low }) }));
  return _("Faces that read as having it: {places}.", { places: places.join(", ") });
}

/**
 * Which words under a slider give way, so that those of its marks can be read on the narrowest one.
 *
 * @param {number[]} places of the marks, 0 to 1 along the slider, rising
 * @returns {{near: boolean, low: boolean, high: boolean}} whether the marks' own words would meet, and whether the words at
 *   the low and at the high end are left out
 */
export function wordsUnder(places) {
  const [first, last] = [places[0] ?? 0.5, places.at(-1) ?? 0.5];
  const near = places.length > 1 && last - first < 0.12;
  return { near, low: first < (near ? 0.3 : 0.24), high: last > (near ? 0.8 : 0.86) };
}

/**
 * The weight that somebody typed, in the slider's range and as precise as it is shown; null where it is no number.
 *
 * @param {string} text such as "1.5", "-0,25" or what `valueText` writes
 * @param {Scale} scale
 */
export function typed(text, { low, high, step, unit }) {
  const plain = text.replace(unit, "").replace(/\s/g, "").replace(/[\u2212\u2013]/g, "-").replace(",", ".");
  if (!/^[+-]?(\d+\.?\d*|\.\d+)$/.test(plain)) return null;
  const rounded = Number(Number(plain).toFixed(decimalsOf(step)));
  return Math.min(high, Math.max(low, rounded)) + 0; // no minus zero
}

/**
 * The value with its unit, for the eye and for a screen reader.
 *
 * @param {number} value
 * @param {Pick<Scale, "step"|"low"|"unit">} scale
 */
export function valueText(value, scale) {
  return `${signed(value, scale)} ${scale.unit}`.trim();
}

/**
 * Which sliders are away from their start, as a sentence for a screen reader.
 *
 * @param {Bank[]} banks
 * @param {Weights} weights
 */
export function describe(banks, weights) {
  const moved = banks
    .flatMap((bank) => bank.directions)
    .filter((direction) => direction.key in weights)
    .map((direction) => `${direction.name} ${valueText(weights[direction.key], direction)}`);
  return moved.length
    ? _("Decoded face. Moved: {sliders}.", { sliders: moved.join(", ") })
    : _("Decoded face of the point, no slider moved.");
}

/**
 * The first `count` directions of a bank, and beyond them those that are moved: nothing acts unseen.
 *
 * @param {Bank} bank
 * @param {number} count
 * @param {Weights} weights
 */
export function shown(bank, count, weights) {
  return bank.directions.filter((direction, place) => place < count || direction.key in weights);
}

/**
 * What makes a picture again.
 *
 * @param {Record<string, unknown>} facts Python's
 * @param {Weights} weights of the sliders
 * @param {Float32Array} z the latent that they lead to
 * @param {number|null} vivid how vividly it is drawn; null where there is no choice
 */
export function provenance(facts, weights, z, vivid) {
  const latent = btoa(String.fromCharCode(...new Uint8Array(z.buffer)));
  return { ...facts, ...(vivid === null ? {} : { vivid }), weights, latent };
}
