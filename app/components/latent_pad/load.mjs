// What the pad is given, made ready for arithmetic.

import { fetchFile } from "../page/fetched.mjs";
import { _ } from "../page/texts.mjs";
import { floats } from "./pure.mjs";

/** @import { PadContent, PadMessage } from "./message.d.ts" */
/** @import { Bank, Plausibility, Probes } from "./types.d.ts" */

/**
 * Give every direction its vector: inline where small, else from the published binary that the browser keeps.
 *
 * @param {PadContent} content
 * @returns {Promise<Bank[]>}
 */
export function loadBanks({ banks, dimensions }) {
  return Promise.all(
    banks.map(async ({ vectors, vectorsUrl, directions, ...bank }) => {
      const all = vectorsUrl ? await fetchFloats(vectorsUrl) : floats(vectors ?? "");
      const complete = directions.map(({ path, ...direction }, i) => {
        const vector = all.subarray(i * dimensions, (i + 1) * dimensions);
        return { ...direction, vector, path: path === null ? null : floats(path) };
      });
      return { ...bank, directions: complete };
    }),
  );
}

/**
 * What the plausibility gauge needs, or null where there is none.
 *
 * @param {PadContent} content
 * @returns {Promise<Plausibility|null>}
 */
export async function loadGauge({ gauge, dimensions: d }) {
  if (!gauge) return null;
  const all = await fetchFloats(gauge.url);
  const mean = all.subarray(0, d);
  return { mean, precision: all.subarray(d, d + d * d), percentiles: all.subarray(d + d * d), prior: gauge.prior };
}

/**
 * The linear probes that read the face, or null where there are none.
 *
 * @param {PadMessage} message
 * @returns {Promise<Probes|null>}
 */
export async function loadReadings({ readings, dimensions: d }) {
  if (!readings) return null;
  const all = await fetchFloats(readings.url);
  const count = readings.names.length;
  const bias = all.subarray(count * d);
  return { names: readings.names, notes: readings.notes, weights: all.subarray(0, count * d), bias };
}

/** @param {string} address */
async function fetchFloats(address) {
  const content = await fetchFile(address);
  if (!content) throw new Error(_("The sliders' data could not be fetched from the server."));
  return new Float32Array(content);
}
