// Encode, then jitter: a held-out face moved a little, as latent/fitted_samplers.py does it.

import { loadArray } from "../atlas_map/arrays.mjs";
import { fetchFile } from "../page/fetched.mjs";
import { _ } from "../page/texts.mjs";
import { sigmaOf } from "./points.mjs";
import { pick, Random } from "./random.mjs";

/** @import { SamplerMessage, SiteMessage } from "./message.d.ts" */

/**
 * The first samples of a seed.
 *
 * @param {SamplerMessage} sampler
 * @param {Pick<SiteMessage, "codes"|"spread"|"dimensions">} site
 * @param {{count: number, seed: number, temperature: number}} wanted
 * @returns {Promise<Float32Array[]>} each [D]
 */
export async function drawJittered({ url }, { codes: { url: latents, points }, spread, dimensions: D }, { count, seed, temperature }) {
  const [content, mu, widths] = await Promise.all([
    url && fetchFile(url),
    loadArray({ url: latents, type: "float16", length: points * D, what: _("latents") }),
    spread && loadArray({ url: spread.url, type: "uint8", length: points * D, what: _("widths") }),
  ]);
  if (!content) throw new Error(_("The sampler could not be fetched; load the page again."));
  const numbers = new Float32Array(content);
  const rows = spread ? numbers : numbers.subarray(0, -D);
  const random = new Random([seed]);
  return pick(new Array(rows.length).fill(1 / rows.length), count, seed).map((chosen) => {
    const row = rows[chosen];
    const scale = spread && widths ? sigmaOf(spread, widths, row) : numbers.subarray(-D);
    return Float32Array.from(scale, (width, i) => mu[row * D + i] + width * temperature * random.normal());
  });
}
