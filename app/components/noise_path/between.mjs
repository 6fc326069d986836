// Where draws are at any time between noise (0) and face (1), from the moments that the server worked out.

import { _ } from "../page/texts.mjs";

/**
 * The two moments around a time, and how far it lies from the first to the second.
 *
 * @param {number} time in [0, 1]; what is no number counts as 1
 * @param {number} moments T, at least 1
 * @returns {{before: number, after: number, share: number}}
 */
export function around(time, moments) {
  const at = (Number.isFinite(time) ? Math.min(Math.max(time, 0), 1) : 1) * (moments - 1);
  const before = Math.min(Math.floor(at), Math.max(moments - 2, 0));
  return { before, after: Math.min(before + 1, moments - 1), share: at - before };
}

/**
 * The latent of one draw at a time, on the straight line between two moments.
 *
 * @param {Float32Array} points T * N * D numbers, moment by moment
 * @param {{moments: number, draws: number, dimensions: number}} shape
 * @param {number} draw
 * @param {number} time
 */
export function pointAt(points, { moments, draws, dimensions }, draw, time) {
  const { before, after, share } = around(time, moments);
  const [a, b] = [(before * draws + draw) * dimensions, (after * draws + draw) * dimensions];
  const z = new Float32Array(dimensions);
  for (let i = 0; i < dimensions; i++) z[i] = points[a + i] + share * (points[b + i] - points[a + i]);
  return z;
}

/**
 * Where one draw lies on the map at a time, in [0, 1].
 *
 * @param {number[][]} places T * N pairs
 * @param {{moments: number, draws: number}} shape
 * @param {number} draw
 * @param {number} time
 */
export function placeAt(places, { moments, draws }, draw, time) {
  const { before, after, share } = around(time, moments);
  const [a, b] = [places[before * draws + draw], places[after * draws + draw]];
  return [a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])];
}

/**
 * The time after this one while it plays: to the face, a rest there, back to the noise, a rest, and on.
 *
 * @param {number} beat seconds since it began to play at noise
 * @param {number} length seconds for one way
 * @param {number} rest seconds at each end
 */
export function timeOf(beat, length, rest) {
  const round = 2 * (length + rest);
  const at = ((beat % round) + round) % round;
  if (at < length) return at / length;
  if (at < length + rest) return 1;
  if (at < 2 * length + rest) return 1 - (at - length - rest) / length;
  return 0;
}

/**
 * What a time is, in words.
 *
 * @param {number} time
 * @param {{noise: string, face: string}} ends what is said at the two ends
 */
export function wordsFor(time, { noise, face }) {
  if (time <= 0) return noise;
  if (time >= 1) return face;
  return _("{share} % of the way from noise to face", { share: Math.round(100 * time) });
}
