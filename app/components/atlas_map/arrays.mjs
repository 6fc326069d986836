// The atlas as raw little-endian files: fetched once a page, checked, and turned into typed arrays.

import { fetchFile, isPacked } from "../page/fetched.mjs";
import { fromHalves } from "../page/halves.mjs";
import { _, numeral } from "../page/texts.mjs";

/** @import { MapMessage } from "./message.d.ts" */
/** @import { Kinds } from "./types.d.ts" */

export const MANY = 200_000; // faces: the map of more is painted without Plotly, and not all of their files are fetched
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
  return loadScores(source, colouring.column);
}

/**
 * The scores of one attribute, which lie together in their file: of very many faces without those of the others.
 *
 * @param {MapMessage["source"]} source
 * @param {number} column
 * @returns {Promise<Uint8Array>}
 */
export async function loadScores({ scores: url, points, attributes }, column) {
  const [from, to] = [column * points, (column + 1) * points];
  if (points > MANY && attributes > 1) {
    const key = `${url} ${column}`;
    const asked = loaded.get(key) ?? loadPart(url, from, to).then((part) => part && new Uint8Array(part));
    loaded.set(key, asked);
    const part = await asked;
    if (part) return part;
    loaded.delete(key);
  }
  const table = await loadArray({ url, type: "uint8", length: points * attributes, what: _("attribute scores") });
  return table.subarray(from, to);
}

/**
 * Some bytes of a file, or null where the host sends whole files only.
 *
 * @param {string} url
 * @param {number} from
 * @param {number} to
 */
export async function loadPart(url, from, to) {
  if (isPacked(url)) return null;
  const response = await fetch(url, { headers: { Range: `bytes=${from}-${to - 1}` } }).catch(() => null);
  if (response?.status !== 206) {
    response?.body?.cancel();
    return null;
  }
  const bytes = await response.arrayBuffer();
  return bytes.byteLength === to - from ? bytes : null;
}

/**
 * Some rows of a file one after the other, or null where the host sends whole files only.
 *
 * @param {string} url
 * @param {number} each bytes of a row
 * @param {number[]} rows
 */
export async function loadRows(url, each, rows) {
  const response = await fetch(`${url}?each=${each}&rows=${rows.join(",")}`).catch(() => null);
  const length = each * rows.length;
  if (!response?.ok || Number(response.headers.get("Content-Length")) > length) {
    response?.body?.cancel();
    return null;
  }
  const bytes = await response.arrayBuffer().catch(() => null);
  return bytes?.byteLength === length ? bytes : null;
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
    const sizes = { bytes: numeral(buffer.byteLength), expected: numeral(expected) };
    throw new ArrayError(_("The map's {what} have {bytes} bytes instead of {expected}; make the atlas again with build_atlas.py.", { what, ...sizes }));
  }
  const array = new Type(buffer);
  return array instanceof Uint16Array ? fromHalves(array) : array;
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

/**
 * The opposite: the rows that are marked, in order.
 *
 * @param {string} packed
 * @param {number} points how many rows there are
 */
export function unpackRows(packed, points) {
  const bytes = Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0));
  return Int32Array.from({ length: points }, (_one, row) => row).filter((row) => bytes[row >> 3] & (1 << (row & 7)));
}
