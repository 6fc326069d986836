// Where a face lies and how it is turned: the third network's readings at many rotations, followed to rest; faces/pose.py
// in the browser. A pose is the square that the network reads, `turn * z + middle`.

import { fitSimilarity, TARGETS } from "../site/alignment.mjs";
import { conjugate, inTheMirror, mean, minus, plus, scaled, size, times } from "./complex.mjs";
import { mirrored, turned } from "./crops.mjs";
import { CROP, SMALL_CROP } from "./networks.mjs";
import { toPlanes } from "./planes.mjs";

/** @import { Picture, Similarity } from "../site/alignment.mjs" */
/** @import { Turned } from "./crops.mjs" */
/** @import { Networks, Reading } from "./networks.mjs" */
/** @import { Planes } from "./planes.mjs" */

/** @typedef {Turned & {score: number, misfit: number}} Pose */

const ANGLES = 8;
const FOLLOWED = [3, 2, 1]; // so many of them are followed in each round
export const MIDDLE = [88.5, 127]; // of the square of CelebA's frame that the third network reads best
export const HALF = 48;
const BIAS = [[-0.65, 0.35], [0.8, 0.35], [0.05, -0.35]]; // of its readings there
const TEMPLATE = TARGETS.map((target, i) => scaled(minus(plus(target, BIAS[i]), MIDDLE), 1 / HALF));
const SQUARES = [{ middle: [88.5, 126], half: 40 }, { middle: [88.5, 127], half: 48 }, { middle: [88.5, 128], half: 56 }];
const MEAN_BIAS = [[-0.46, 0.1], [0.46, 0.1], [0, -0.07]]; // of their readings' mean

const CENTRE = mean(TEMPLATE);
const SHAPE = TEMPLATE.map((point) => minus(point, CENTRE));
const SPREAD = SHAPE.reduce((sum, point) => sum + size(point) ** 2, 0);

/**
 * The best pose of a face that may lie in each of some squares, at any rotation.
 *
 * @param {Networks} networks
 * @param {Planes[]} levels
 * @param {number[][]} boxes upright squares, edges of pixels
 * @returns {Promise<Pose[]>}
 */
export async function settle(networks, levels, boxes) {
  const squares = boxes.flatMap(([x0, y0, x1, y1]) =>
    Array.from({ length: ANGLES }, (_one, k) => {
      const angle = (2 * Math.PI * k) / ANGLES;
      return { turn: scaled([Math.cos(angle), Math.sin(angle)], (x1 - x0) / 2), middle: [(x0 + x1 - 1) / 2, (y0 + y1 - 1) / 2] };
    }));
  const scores = await networks.glance(turned(levels, squares, SMALL_CROP));
  let poses = await follow(networks, levels, bestOf(squares, scores, ANGLES, FOLLOWED[0]));
  for (let round = 1; round < FOLLOWED.length; round++) {
    const values = poses.map(({ score, misfit }) => score - misfit);
    poses = await follow(networks, levels, bestOf(poses, values, FOLLOWED[round - 1], FOLLOWED[round]));
  }
  return poses;
}

/**
 * Of each `group` in a row the `keep` with the largest values.
 *
 * @template T
 * @param {T[]} all
 * @param {number[]} values
 * @param {number} group
 * @param {number} keep
 */
function bestOf(all, values, group, keep) {
  const kept = [];
  for (let from = 0; from < all.length; from += group) {
    const order = Array.from({ length: group }, (_one, k) => from + k).sort((a, b) => values[b] - values[a]);
    kept.push(...order.slice(0, keep).map((i) => all[i]));
  }
  return kept;
}

/**
 * Read some poses, and move each to where its points say that the face is. The scores are those before the move.
 *
 * @param {Networks} networks
 * @param {Planes[]} levels
 * @param {Turned[]} squares
 * @returns {Promise<Pose[]>}
 */
async function follow(networks, levels, squares) {
  const readings = await networks.look(turned(levels, squares, CROP));
  return readings.map(({ score, points }, k) => {
    const centre = mean(points);
    const fit = scaled(points.map((point, i) => times(minus(point, centre), conjugate(SHAPE[i]))).reduce(plus), 1 / SPREAD);
    const rest = points.map((point, i) => size(minus(minus(point, centre), times(fit, SHAPE[i]))) ** 2);
    const misfit = Math.sqrt(rest.reduce((sum, one) => sum + one, 0) / 3) / Math.max(size(fit), 1e-6);
    const by = size(fit) < 0.2 ? [0.2, 0] : fit; // a reading without sense shall not collapse the square
    const { turn, middle } = squares[k];
    const shift = minus(centre, times(by, CENTRE));
    return { turn: times(turn, by), middle: plus(middle, times(turn, shift)), score, misfit };
  });
}

/**
 * The small correction that takes a face almost in CelebA's frame into it: the mean of six readings, three squares, each
 * also in the mirror.
 *
 * @param {Networks} networks
 * @param {Picture} aligned 178 x 218
 * @returns {Promise<{correction: Similarity|null, score: number, disagreement: number}>} the mean score, and the readings'
 *   disagreement in pixels
 */
export async function refine(networks, aligned) {
  const squares = SQUARES.map(({ middle, half }) => ({ turn: [half, 0], middle }));
  const crops = turned([toPlanes(aligned)], squares, CROP);
  const readings = [...(await networks.look(crops)), ...(await networks.look(mirrored(crops, CROP)))];
  const points = readings.map((reading, k) => {
    const { middle, half } = SQUARES[k % SQUARES.length];
    const seen = k < SQUARES.length ? reading.points : inTheMirror(reading.points);
    return seen.map((point) => plus(scaled(point, half), middle));
  });
  const means = [0, 1, 2].map((i) => mean(points.map((three) => three[i])));
  const apart = points.flatMap((three) => three.map((point, i) => size(minus(point, means[i])) ** 2));
  const shifts = annotators(readings);
  const corrected = means.map((point, i) => plus(minus(point, MEAN_BIAS[i]), shifts[i]));
  return {
    correction: fitSimilarity(corrected, TARGETS),
    score: readings.reduce((sum, { score }) => sum + score, 0) / readings.length,
    disagreement: Math.sqrt(apart.reduce((sum, one) => sum + one, 0) / apart.length),
  };
}

/**
 * By how much the mean of six readings is to be moved (faces/annotators.py). Each reading brings what it adds in each of
 * the six places: three x, then three y.
 *
 * @param {Reading[]} readings of three squares, then of their mirror images
 */
function annotators(readings) {
  const [plain, swapped] = [0, 3].map((from) => {
    const six = [0, 1, 2, 3, 4, 5].map((j) => readings.reduce((sum, { shifts }, i) => sum + shifts[6 * ((i + from) % 6) + j], 0));
    return [0, 1, 2].map((i) => [six[i], six[3 + i]]);
  });
  const back = inTheMirror(swapped);
  return plain.map((point, i) => scaled(plus(point, back[i]), 0.5));
}
