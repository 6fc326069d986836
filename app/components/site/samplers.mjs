// Drawing new points, as latent/samplers.py does it: sample i of a seed depends on the seed and i alone.

import { fetchFile } from "../page/fetched.mjs";
import { _ } from "../page/texts.mjs";
import { openFlow } from "./flow.mjs";
import { drawJittered } from "./jitter.mjs";
import { pick, Random } from "./random.mjs";
import { LEARNED, wishOf } from "./wish.mjs";

/** @import { PriorMessage, SamplerMessage, SiteMessage } from "./message.d.ts" */
/** @import { Sample } from "./types.d.ts" */

const MOST_SEED = 2 ** 31 - 1;
const MOST_INDEX = 1023;
const MOST_TEMPERATURE = 10;
const JITTER = "jitter";

/**
 * What a sampler's key names, a wish at the learned prior included; undefined where it names nothing that is here.
 *
 * @param {string} key
 * @param {{samplers: SamplerMessage[], prior: PriorMessage|null}} known
 */
export function samplerOf(key, { samplers, prior }) {
  const wish = wishOf(key);
  if (wish && !(prior && Object.keys(wish.attributes).every((name) => prior.attributes.includes(name)))) return undefined;
  return samplers.find((sampler) => sampler.key === (wish ? LEARNED : key));
}

/**
 * A sample as links name it, or null where that makes no sense.
 *
 * @param {string|null} code such as "gaussian.7.12.0.8"
 * @param {{samplers: SamplerMessage[], prior: PriorMessage|null}} known
 * @returns {Sample|null}
 */
export function sampleOf(code, known) {
  const found = /^([^.]+)\.(\d{1,11})\.(\d{1,11})(?:\.(\d+(?:\.\d+)?))?$/.exec(code ?? "");
  if (!found || !samplerOf(found[1], known)) return null;
  const [seed, index, temperature] = [Number(found[2]), Number(found[3]), Number(found[4] ?? 1)];
  if (seed > MOST_SEED || index > MOST_INDEX || temperature > MOST_TEMPERATURE) return null;
  return { sampler: found[1], seed, index, temperature };
}

/**
 * The opposite.
 *
 * @param {Sample} sample
 */
export const codeOf = ({ sampler, seed, index, temperature }) => `${sampler}.${seed}.${index}.${temperature}`;

/** What to call a sample, the same as Python does on every page. */
export const sampleName = (/** @type {Sample} */ { seed, index }) => _("Sample {number} of seed {seed}", { number: index + 1, seed });

/**
 * The first samples of a seed.
 *
 * @param {string} key of a sampler that there is
 * @param {Pick<SiteMessage, "samplers"|"prior"|"dimensions"|"codes"|"spread">} site
 * @param {{count: number, seed: number, temperature: number}} wanted
 * @param {(done: number) => boolean} [goesOn] told how many are drawn; false gives the rest up
 * @returns {Promise<Float32Array[]>} each [D]; fewer where the rest was given up
 */
export async function draw(key, site, wanted, goesOn) {
  const [sampler, wish] = [samplerOf(key, site), wishOf(key)];
  if (!sampler) throw new Error(_("There is no such sampler in this copy."));
  if (wish && site.prior) return (await openFlow(site.prior)).sample(wanted, wish, goesOn);
  if (key === JITTER) return drawJittered(sampler, site, wanted);
  return drawMixture(sampler, site.dimensions, wanted);
}

/**
 * @param {SamplerMessage} sampler
 * @param {number} dimensions D
 * @param {{count: number, seed: number, temperature: number}} wanted
 */
async function drawMixture({ weights, url, triangular }, dimensions, { count, seed, temperature }) {
  const content = url === null ? null : await fetchFile(url);
  if (url !== null && !content) throw new Error(_("The sampler could not be fetched; load the page again."));
  const parts = content ? new Float32Array(content) : standard(dimensions);
  const size = parts.length / weights.length;
  const random = new Random([seed]);
  const chosen = weights.length > 1 ? pick(weights, count, seed) : new Array(count).fill(0);
  return chosen.map((k) => {
    const noise = Float64Array.from({ length: dimensions }, () => temperature * random.normal());
    return place(parts.subarray(k * size, (k + 1) * size), noise, triangular);
  });
}

/**
 * Mean + factor times noise.
 *
 * @param {Float32Array} part mean [D], then the factor: its diagonal [D], or its lower triangle row by row
 * @param {Float64Array} noise [D]
 * @param {boolean} triangular
 */
function place(part, noise, triangular) {
  const D = noise.length;
  const z = new Float32Array(D);
  let at = D;
  for (let i = 0; i < D; i++) {
    let sum = part[i];
    if (triangular) for (let j = 0; j <= i; j++) sum += part[at++] * noise[j];
    else sum += part[at++] * noise[i];
    z[i] = sum;
  }
  return z;
}

/** @param {number} dimensions */
const standard = (dimensions) => new Float32Array(2 * dimensions).fill(1, dimensions);
