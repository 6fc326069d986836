// What the probes under a face read, as a table.

import { loadReadings } from "../latent_pad/load.mjs";
import { readings } from "../latent_pad/pure.mjs";
import { _ } from "../page/texts.mjs";

/** @import { PadMessage } from "../latent_pad/message.d.ts" */
/** @import { Column } from "../page/csv.mjs" */

/**
 * @param {PadMessage} pad one that has probes
 * @param {Float32Array} before the point without its sliders
 * @param {Float32Array} now and with them
 * @returns {Promise<Record<string, Column>>}
 */
export async function readingsTable(pad, before, now) {
  const probes = await loadReadings(pad);
  if (!probes) return {};
  return { [_("Attribute")]: probes.names, [_("Before")]: Float32Array.from(readings(before, probes)), [_("Now")]: Float32Array.from(readings(now, probes)) };
}
