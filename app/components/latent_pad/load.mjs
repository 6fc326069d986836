// What the pad is given, made ready for arithmetic.

import { floats } from "./pure.mjs";

/** Give every direction its vector: inline where small, else from the published binary that the browser keeps. */
export function loadBanks({ banks, dimensions }) {
  return Promise.all(
    banks.map(async ({ vectors, vectorsUrl, directions, ...bank }) => {
      const all = vectorsUrl ? await fetchFloats(vectorsUrl) : floats(vectors);
      const vector = (i) => all.subarray(i * dimensions, (i + 1) * dimensions);
      const complete = ({ path, ...direction }, i) => ({ ...direction, vector: vector(i), path: path && floats(path) });
      return { ...bank, directions: directions.map(complete) };
    }),
  );
}

/** What the plausibility gauge needs, or null where there is none. */
export async function loadGauge({ gauge, dimensions: d }) {
  if (!gauge) return null;
  const all = await fetchFloats(gauge.url);
  const mean = all.subarray(0, d);
  return { mean, precision: all.subarray(d, d + d * d), percentiles: all.subarray(d + d * d), prior: gauge.prior };
}

/** The linear probes that read the face, or null where there are none. */
export async function loadReadings({ readings, dimensions: d }) {
  if (!readings) return null;
  const all = await fetchFloats(readings.url);
  const count = readings.names.length;
  return { names: readings.names, notes: readings.notes, weights: all.subarray(0, count * d), bias: all.subarray(count * d) };
}

async function fetchFloats(address) {
  const response = await fetch(new URL(address, window.location.href)).catch(() => null);
  if (!response?.ok) throw new Error("The sliders' data could not be fetched from the server.");
  return new Float32Array(await response.arrayBuffer());
}
