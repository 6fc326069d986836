// The atlas as raw little-endian files: fetched once a page, checked, and turned into typed arrays.

import { fetchFile } from "../page/fetched.mjs";
import { _ } from "../page/texts.mjs";

/** @import { MapMessage } from "./message.d.ts" */
/** @import { Kinds } from "./types.d.ts" */

const KEPT = 16; // arrays of about three models; older ones are let go
/** @type {Map<string, Promise<any>>} by key, the latest used last */
const loaded = new Map();

/** Sentences that can be shown as they are. */
export class ArrayError extends Error {}

/**
 * A file as a typed array, from the page's store if it was asked for before.
 *
 * @template {keyof Kinds} K
 * @param {{url: string, type: K, length: number, what: string}} wanted
 * @returns {Promise<Kinds[K]>}
 */
export function loadArray({ url, type, length, what }) {
  const key = `${url} ${type} ${length}`;
  const found = loaded.get(key) ?? fetchArray(url, type, length, what);
  loaded.delete(key);
  loaded.set(key, found);
  found.catch(() => loaded.delete(key));
  for (const oldest of loaded.keys()) {
    if (loaded.size <= KEPT) break;
    loaded.delete(oldest);
  }
  return found;
}

/**
 * The byte a row that a colouring is made of, or null where it needs none.
 *
 * @param {MapMessage} data
 */
export async function loadColumn({ source, colouring }) {
  const bytes = (/** @type {string} */ url, /** @type {number} */ length, /** @type {string} */ what) =>
    loadArray({ url, type: "uint8", length, what });
  if ("url" in colouring && colouring.url) return bytes(colouring.url, source.points, _("colours"));
  if (colouring.kind === "partition") return bytes(source.partition, source.points, _("parts"));
  if (colouring.kind !== "attribute") return null;
  const table = await bytes(source.scores, source.points * source.attributes, _("attribute scores"));
  return columnOf(table, source.attributes, colouring.column);
}

/**
 * Every `width`-th byte from `offset` on: one attribute of the score table.
 *
 * @param {Uint8Array} table
 * @param {number} width
 * @param {number} offset
 */
export function columnOf(table, width, offset) {
  const column = new Uint8Array(table.length / width);
  for (let row = 0; row < column.length; row++) column[row] = table[row * width + offset];
  return column;
}

/**
 * @param {string} url
 * @param {keyof Kinds} type
 * @param {number} length
 * @param {string} what
 */
async function fetchArray(url, type, length, what) {
  const content = await fetchFile(url);
  if (!content) throw new ArrayError(_("The map's {what} could not be fetched from the server; reload the page.", { what }));
  return toArray(content, type, length, what);
}

const TYPES = { float32: Float32Array, float16: Uint16Array, int32: Int32Array, uint8: Uint8Array };

/**
 * Bytes as a typed array of exactly `length` numbers. Throws ArrayError for any other size.
 *
 * @param {ArrayBuffer} buffer
 * @param {keyof Kinds} type
 * @param {number} length
 * @param {string} what
 */
export function toArray(buffer, type, length, what) {
  const Type = TYPES[type];
  const expected = length * Type.BYTES_PER_ELEMENT;
  if (buffer.byteLength !== expected) {
    const sizes = { bytes: buffer.byteLength.toLocaleString("en"), expected: expected.toLocaleString("en") };
    throw new ArrayError(_("The map's {what} have {bytes} bytes instead of {expected}; make the atlas again with build_atlas.py.", { what, ...sizes }));
  }
  const array = new Type(buffer);
  return array instanceof Uint16Array ? halfToFloat(array) : array;
}

/** @type {Float32Array|undefined} the value of each of the 65,536 half-precision numbers */
let floats;

/**
 * IEEE half-precision bit patterns as a Float32Array.
 *
 * @param {Uint16Array} bits
 */
export function halfToFloat(bits) {
  floats ??= Float32Array.from({ length: 65536 }, (_one, pattern) => halfValue(pattern));
  const values = new Float32Array(bits.length);
  for (let i = 0; i < bits.length; i++) values[i] = floats[bits[i]];
  return values;
}

/** @param {number} pattern */
function halfValue(pattern) {
  const sign = pattern & 0x8000 ? -1 : 1;
  const exponent = (pattern >> 10) & 31;
  const fraction = pattern & 1023;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return exponent ? sign * 2 ** (exponent - 15) * (1 + fraction / 1024) : (sign * fraction) / 2 ** 24;
}

/**
 * Rows marked in `mask` as base64 of one bit a row, lowest bit first (numpy: unpackbits(..., bitorder="little")).
 *
 * @param {Uint8Array} mask
 */
export function packRows(mask) {
  const bytes = new Uint8Array(Math.ceil(mask.length / 8));
  for (let row = 0; row < mask.length; row++) if (mask[row]) bytes[row >> 3] |= 1 << (row & 7);
  let text = "";
  for (let i = 0; i < bytes.length; i += 4096) text += String.fromCharCode(...bytes.subarray(i, i + 4096));
  return btoa(text);
}
