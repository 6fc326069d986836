// CelebA's own alignment in the browser: faces/alignment.py and the crop of models/images.py, from the same rule.
// Pictures are {data, width, height} with interleaved RGB bytes. A point counts from the middle of the top left pixel.

import { cubic, reduced, resized } from "./resizing.mjs";

/** @typedef {{data: Uint8ClampedArray, width: number, height: number}} Picture */
/** @typedef {{turn: number[], shift: number[]}} Similarity z -> turn * z + shift, complex numbers as [re, im] */

const ALIGNED = [178, 218];
const CROP_SIDE = 148;
export const TARGETS = [[69.745, 111], [107.237, 111], [88.432, 152.514]];
const FINEST = 2;

/**
 * The similarity transform that takes points nearest to others. Source: Umeyama, PAMI 13(4), 1991.
 *
 * @param {number[][]} source
 * @param {number[][]} target
 * @returns {Similarity|null} null where the points lie in one place
 */
export function fitSimilarity(source, target) {
  const mean = (/** @type {number[][]} */ points) => [0, 1].map((i) => points.reduce((sum, point) => sum + point[i], 0) / points.length);
  const [from, to] = [mean(source), mean(target)];
  let [re, im, spread] = [0, 0, 0];
  for (const [k, point] of source.entries()) {
    const [x, y] = [point[0] - from[0], point[1] - from[1]];
    const [u, v] = [target[k][0] - to[0], target[k][1] - to[1]];
    re += x * u + y * v;
    im += x * v - y * u;
    spread += x * x + y * y;
  }
  const turn = [re / spread, im / spread];
  if (!(spread > 0) || !turn.every(Number.isFinite) || (!turn[0] && !turn[1])) return null;
  return { turn, shift: [to[0] - (turn[0] * from[0] - turn[1] * from[1]), to[1] - (turn[0] * from[1] + turn[1] * from[0])] };
}

/**
 * A face warped into the frame of CelebA's aligned pictures.
 *
 * @param {Picture} picture
 * @param {number[][]} marks left eye, right eye, mouth; eyes given the other way round are exchanged
 * @returns {Picture|null} 178 x 218; null where the marks are in one place
 */
export function align(picture, [left, right, mouth]) {
  const over = (right[0] - left[0]) * (mouth[1] - left[1]) - (right[1] - left[1]) * (mouth[0] - left[0]) < 0;
  const fitted = fitSimilarity(over ? [right, left, mouth] : [left, right, mouth], TARGETS);
  return fitted && warp(picture, fitted);
}

/**
 * The part of a picture that a similarity transform brings into CelebA's frame.
 *
 * @param {Picture} picture
 * @param {Similarity} toFrame
 * @param {number} [finest] by how much more finely than the frame a finer picture is sampled, at most
 */
export function warp(picture, { turn, shift }, finest = FINEST) {
  const square = turn[0] ** 2 + turn[1] ** 2;
  const back = [turn[0] / square, -turn[1] / square];
  const at = (/** @type {number} */ x, /** @type {number} */ y) => {
    const [p, q] = [x - shift[0], y - shift[1]];
    return [back[0] * p - back[1] * q, back[0] * q + back[1] * p];
  };
  const shrink = Math.hypot(...back); // pixels of the picture for one of the frame
  const steps = Math.max(1, Math.min(finest, Math.ceil(shrink - 1e-6)));
  const block = Math.max(1, Math.ceil(shrink / steps - 1e-6));
  const [width, height] = ALIGNED.map((side) => side * steps);
  const small = coarser(picture, block);
  const fine = { data: new Uint8ClampedArray(3 * width * height), width, height };
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [u, v] = at((x + 0.5) / steps - 0.5, (y + 0.5) / steps - 0.5);
      bicubic(small, (u + 0.5) / block - 0.5, (v + 0.5) / block - 0.5, fine.data, 3 * (y * width + x));
    }
  }
  return steps === 1 ? fine : resized(fine, ALIGNED[0], ALIGNED[1]);
}

/** @type {WeakMap<Picture, Map<number, Picture>>} for a photo with several faces, each of which is looked at repeatedly */
const coarse = new WeakMap();

/**
 * A picture averaged over blocks, once for each size.
 *
 * @param {Picture} picture
 * @param {number} block
 * @returns {Picture}
 */
function coarser(picture, block) {
  if (block === 1) return picture;
  const known = coarse.get(picture) ?? new Map();
  coarse.set(picture, known);
  if (!known.has(block)) known.set(block, reduced(picture, block));
  return known.get(block);
}

/**
 * One place of a picture, whose edges are repeated outwards.
 *
 * @param {Picture} picture
 * @param {number} x
 * @param {number} y
 * @param {Uint8ClampedArray} out
 * @param {number} to where its three bytes go
 */
function bicubic({ data, width, height }, x, y, out, to) {
  const [left, top] = [Math.floor(x) - 1, Math.floor(y) - 1];
  const [across, down] = [[], []].map((/** @type {number[]} */ _none, axis) => [0, 1, 2, 3].map((k) => cubic((axis ? y - top : x - left) - k)));
  for (let c = 0; c < 3; c++) {
    let sum = 0;
    for (let j = 0; j < 4; j++) {
      const row = 3 * width * Math.min(Math.max(top + j, 0), height - 1);
      let line = 0;
      for (let i = 0; i < 4; i++) line += across[i] * data[row + 3 * Math.min(Math.max(left + i, 0), width - 1) + c];
      sum += down[j] * line;
    }
    out[to + c] = sum;
  }
}

/**
 * The square that a model sees, out of an aligned picture.
 *
 * @param {Picture} aligned
 * @param {number} side of the result
 */
export function cropAligned({ data, width, height }, side) {
  const square = Math.max(1, Math.round((Math.min(width, height) * CROP_SIDE) / ALIGNED[0]));
  const [left, top] = [Math.floor((width - square) / 2), Math.floor((height - square) / 2)];
  const cut = new Uint8ClampedArray(3 * square * square);
  for (let y = 0; y < square; y++) {
    const from = 3 * ((top + y) * width + left);
    cut.set(data.subarray(from, from + 3 * square), 3 * square * y);
  }
  return resized({ data: cut, width: square, height: square }, side, side);
}
