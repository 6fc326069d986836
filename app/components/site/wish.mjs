// What the learned prior is asked for, and the sampler's key that holds it: app/checkpoints/learned_prior.py says more.

/** @import { Wish } from "./types.d.ts" */

export const LEARNED = "learned";
const BETWEEN = "--";
const WITHOUT = "no-";
const MOST = 40;
const MOST_GUIDANCE = 10;
const NAME = /^(?:no-)?[\p{L}\p{N}_][\p{L}\p{N}_']*(?:[ -][\p{L}\p{N}_']+)*$/u;

/**
 * The wish that a sampler's key states, or null where it is no key of the learned prior.
 *
 * @param {string} key such as "learned--130--Smiling--no-Male"
 * @returns {Wish|null} `guidance` is null for the one that the prior learnt best with
 */
export function wishOf(key) {
  const [sampler, ...rest] = key.split(BETWEEN);
  if (sampler !== LEARNED || rest.length > MOST) return null;
  if (!rest.length) return { attributes: {}, guidance: null };
  const [hundredths, ...names] = rest;
  if (!/^\d{1,4}$/.test(hundredths) || Number(hundredths) > 100 * MOST_GUIDANCE) return null;
  if (!names.every((name) => NAME.test(name))) return null;
  const attributes = Object.fromEntries(
    names.map((name) => (name.startsWith(WITHOUT) ? [name.slice(WITHOUT.length), 0] : [name, 1])),
  );
  return { attributes, guidance: Number(hundredths) / 100 };
}

/**
 * What names the learned prior with a wish.
 *
 * @param {Wish} wish
 */
export function keyOf({ attributes, guidance }) {
  const wanted = Object.entries(attributes);
  if (guidance === null && !wanted.length) return LEARNED;
  const names = wanted.map(([name, share]) => (share > 0.5 ? name : WITHOUT + name));
  return [LEARNED, String(Math.round(100 * (guidance ?? 1))), ...names].join(BETWEEN);
}
