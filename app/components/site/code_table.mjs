// What is known of faces as the columns of a table, named as the app names them (latent/code_table.py).

import { percentile, squaredDistance } from "../latent_pad/gauge.mjs";

/** @import { FilterColumn, SourceMessage } from "../atlas_map/message.d.ts" */
/** @import { Plausibility } from "../latent_pad/types.d.ts" */
/** @import { Column } from "../page/csv.mjs" */

const PARTS = ["train", "valid", "test"];

/**
 * The map's own files: [M, D] codes, [M, 2] places, the numbers and parts of M faces, and [A, M] scores of 0 to 255.
 *
 * @typedef {{mu: Float32Array, xy: Float32Array, image: Int32Array, partition: Uint8Array, scores: Uint8Array}} Arrays
 */

/**
 * Faces of the map.
 *
 * @param {Pick<SourceMessage, "points"|"dimensions">} source
 * @param {Arrays} arrays
 * @param {ArrayLike<number>} rows
 * @param {{columns: Pick<FilterColumn, "of"|"column">[], gauge: Plausibility|null, sha256: string}} known the attributes whose scores are
 *   wanted, what distances are told by, and the hash of the model's weights
 * @returns {Record<string, Column>}
 */
export function facesTable({ points, dimensions }, { mu, xy, image, partition, scores }, rows, { columns, gauge, sha256 }) {
  const each = (/** @type {(row: number) => number} */ of) => Float32Array.from(rows, of);
  const code = (/** @type {number} */ row) => mu.subarray(row * dimensions, (row + 1) * dimensions);
  const inOrder = [...columns].sort((one, other) => one.column - other.column);
  return {
    image: Array.from(rows, (row) => image[row]),
    part: Array.from(rows, (row) => PARTS[partition[row]] ?? ""),
    x: each((row) => xy[2 * row]),
    y: each((row) => xy[2 * row + 1]),
    ...(gauge ? { distance: each((row) => farther(code(row), gauge)) } : {}),
    ...Object.fromEntries(inOrder.map(({ of, column }) => [`score_${of}`, each((row) => scores[column * points + row] / 255)])),
    checkpoint_sha256: new Array(rows.length).fill(sha256),
    ...Object.fromEntries(Array.from({ length: dimensions }, (_one, i) => [`z${i}`, each((row) => mu[row * dimensions + i])])),
  };
}

/**
 * How many of 100 held-out faces lie nearer to the average face.
 *
 * @param {Float32Array} z
 * @param {Plausibility} gauge
 */
export const farther = (z, { mean, precision, percentiles }) => percentile(squaredDistance(z, mean, precision), percentiles);

/**
 * The face on screen.
 *
 * @param {{name: string, image: number|null, z: Float32Array}} face
 * @param {{place: [number, number], gauge: Plausibility|null, sha256: string}} known
 * @returns {Record<string, Column>}
 */
export function faceTable({ name, image, z }, { place: [x, y], gauge, sha256 }) {
  return {
    name: [name],
    image: [image],
    x: [x],
    y: [y],
    ...(gauge ? { distance: [farther(z, gauge)] } : {}),
    checkpoint_sha256: [sha256],
    ...Object.fromEntries(Array.from(z, (value, i) => [`z${i}`, [value]])),
  };
}
