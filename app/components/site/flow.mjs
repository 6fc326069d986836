// The learned prior in the browser: latent/flow.py and latent/velocity.py in JavaScript, from the very same file.

import { fetchFile } from "../page/fetched.mjs";
import { _ } from "../page/texts.mjs";
import { pick, Random } from "./random.mjs";
import { silu, Tensors } from "./tensors.mjs";

/** @import { PriorMessage } from "./message.d.ts" */
/** @import { Wish } from "./types.d.ts" */

const FREQUENCIES = 32;
const FASTEST = 100; // radians a unit of time
const CONDITION = 128; // numbers that time and attributes are summed up in
const EPSILON = 1e-5;
const LEAST_WEIGHT = 1e-9; // of a training face that does not fit a wish at all
const AT_ONCE = 8; // points that are moved together; between two such the page has its turn

/** @type {Map<string, Promise<Flow>>} by address */
const opened = new Map();

/**
 * A model's learned prior, fetched once.
 *
 * @param {PriorMessage} prior
 * @returns {Promise<Flow>} rejects with a sentence that can be shown; a later call tries again
 */
export function openFlow(prior) {
  const found = opened.get(prior.url) ?? fetchFlow(prior);
  opened.set(prior.url, found);
  found.catch(() => opened.delete(prior.url));
  return found;
}

/** @param {PriorMessage} prior */
async function fetchFlow(prior) {
  const content = await fetchFile(prior.url);
  if (!content) throw new Error(_("The learned prior could not be fetched; load the page again."));
  return new Flow(new Tensors(content), prior);
}

/** A learned prior, ready to draw from. */
export class Flow {
  /**
   * @param {Tensors} tensors of prior.safetensors
   * @param {Pick<PriorMessage, "attributes"|"guidance"|"steps"|"blocks">} prior
   */
  constructor(tensors, { attributes, guidance, steps, blocks }) {
    this.tensors = tensors;
    this.attributes = attributes;
    this.guidance = guidance;
    this.steps = steps;
    this.blocks = blocks;
    this.dimensions = tensors.get("mean").length;
  }

  /**
   * The first draws of a seed.
   *
   * @param {{count: number, seed: number, temperature: number}} wanted
   * @param {Wish} wish
   * @param {(done: number) => boolean} goesOn told after each few draws how many are done; false gives the rest up
   * @returns {Promise<Float32Array[]>} each [D]; fewer than `count` where they were given up
   */
  async sample({ count, seed, temperature }, wish, goesOn = () => true) {
    const random = new Random([seed]);
    const told = this.#told(count, seed, wish);
    const guidance = wish.guidance ?? this.guidance;
    const draws = [];
    for (let first = 0; first < count && goesOn(first); first += AT_ONCE) {
      const n = Math.min(AT_ONCE, count - first);
      const noise = Float32Array.from({ length: n * this.dimensions }, () => temperature * random.normal());
      const rows = told?.subarray(first * 2 * this.attributes.length, (first + n) * 2 * this.attributes.length) ?? null;
      draws.push(...this.#placed(this.#carried(noise, n, guidance ? rows : null, guidance)));
      await new Promise((resolve) => setTimeout(resolve));
    }
    return draws;
  }

  /**
   * Attributes of a random training face for each draw, those that fit the wish the likelier, and that all are told.
   *
   * @param {number} count
   * @param {number} seed
   * @param {Wish} wish
   * @returns {Float32Array|null} [count, 2A], or null where it knows no attributes
   */
  #told(count, seed, wish) {
    const A = this.attributes.length;
    if (!A) return null;
    const profiles = this.tensors.get("profiles");
    const asked = Object.entries(wish.attributes).map(([name, share]) => ({ at: this.attributes.indexOf(name), share }));
    const weights = Array.from({ length: profiles.length / A }, (_one, row) =>
      asked.reduce((weight, { at, share }) => weight * (1 - Math.abs(profiles[row * A + at] / 255 - share)), 1),
    );
    const rows = pick(weights.map((weight) => Math.max(weight, LEAST_WEIGHT)), count, seed);
    const told = new Float32Array(2 * A * count).fill(1);
    for (const [i, row] of rows.entries()) {
      for (let a = 0; a < A; a++) told[2 * A * i + a] = (2 * profiles[row * A + a]) / 255 - 1;
      for (const { at, share } of asked) told[2 * A * i + at] = 2 * share - 1;
    }
    return told;
  }

  /**
   * Heun's method from noise [n, D] to whitened faces.
   *
   * @param {Float32Array} noise
   * @param {number} n
   * @param {Float32Array|null} told
   * @param {number} guidance
   */
  #carried(noise, n, told, guidance) {
    const speed = (/** @type {Float32Array} */ x, /** @type {number} */ t) => this.#guided(x, n, t, told, guidance);
    const step = Math.fround(1 / this.steps);
    let x = noise;
    for (let k = 0; k < this.steps; k++) {
      const here = x;
      const first = speed(here, k / this.steps);
      const second = speed(here.map((value, i) => value + step * first[i]), (k + 1) / this.steps);
      x = here.map((value, i) => value + (step / 2) * (first[i] + second[i]));
    }
    return x;
  }

  /**
   * Source: Ho and Salimans 2022, "Classifier-free diffusion guidance", equation 6.
   *
   * @param {Float32Array} x
   * @param {number} n
   * @param {number} t
   * @param {Float32Array|null} told
   * @param {number} guidance
   */
  #guided(x, n, t, told, guidance) {
    if (!told) return this.#velocity(x, n, t, null);
    const asked = this.#velocity(x, n, t, told);
    if (guidance === 1) return asked;
    const free = this.#velocity(x, n, t, null);
    return free.map((value, i) => value + guidance * (asked[i] - value));
  }

  /**
   * Velocities [n, D] of whitened points at a time.
   *
   * @param {Float32Array} x
   * @param {number} n
   * @param {number} t
   * @param {Float32Array|null} told [n, 2A]
   */
  #velocity(x, n, t, told) {
    const { tensors } = this;
    const time = tensors.linear("time", timeFeatures(t), 1);
    const rows = told ? n : 1; // what the network is told of each point, or the same of all
    const condition = new Float32Array(rows * CONDITION);
    const said = told && tensors.linear("told", told, n);
    for (let i = 0; i < condition.length; i++) condition[i] = silu(time[i % CONDITION] + (said ? said[i] : 0));
    const mixed = tensors.linear("mixed", condition, rows).map(silu);
    const spread = variance(t);
    const scaled = 1 / Math.fround(Math.sqrt(spread));
    let hidden = tensors.linear("input", x.map((value) => value * scaled), n);
    const W = hidden.length / n;
    for (let k = 0; k < this.blocks; k++) {
      const modulation = tensors.linear(`blocks.${k}.modulation`, mixed, rows);
      const inner = normalised(hidden, W);
      for (let i = 0; i < inner.length; i++) {
        const at = (told ? Math.floor(i / W) * 2 * W : 0) + (i % W);
        inner[i] = inner[i] * (1 + modulation[at]) + modulation[at + W];
      }
      const added = tensors.linear(`blocks.${k}.second`, tensors.linear(`blocks.${k}.first`, inner, n).map(silu), n);
      hidden = hidden.map((value, i) => value + added[i]);
    }
    const share = Math.fround((2 * t - 1) / spread);
    return tensors.linear("output", normalised(hidden, W), n).map((value, i) => value + share * x[i]);
  }

  /**
   * Whitened points in the latent space.
   *
   * @param {Float32Array} white [n, D]
   */
  #placed(white) {
    const [D, root, mean] = [this.dimensions, this.tensors.get("root"), this.tensors.get("mean")];
    return Array.from({ length: white.length / D }, (_one, row) =>
      Float32Array.from({ length: D }, (_number, i) => {
        let sum = 0;
        for (let j = 0; j < D; j++) sum += root[i * D + j] * white[row * D + j];
        return sum + mean[i];
      }),
    );
  }
}

/** @param {number} t */
const variance = (t) => (1 - t) ** 2 + t ** 2;

/**
 * Sines and cosines of a time.
 *
 * @param {number} t in [0, 1]
 */
export function timeFeatures(t) {
  const angles = Array.from({ length: FREQUENCIES }, (_one, k) => t * FASTEST ** (k / (FREQUENCIES - 1)));
  return Float32Array.from([...angles.map(Math.sin), ...angles.map(Math.cos)]);
}

/**
 * Rows with mean 0 and width 1.
 *
 * @param {Float32Array} x [n, W]
 * @param {number} W
 */
function normalised(x, W) {
  const out = new Float32Array(x.length);
  for (let start = 0; start < x.length; start += W) {
    let [mean, square] = [0, 0];
    for (let i = start; i < start + W; i++) mean += x[i];
    mean /= W;
    for (let i = start; i < start + W; i++) square += (x[i] - mean) ** 2;
    const width = Math.sqrt(square / W + EPSILON);
    for (let i = start; i < start + W; i++) out[i] = (x[i] - mean) / width;
  }
  return out;
}
