// Files as they were made, also from a host that sends each file as it lies there: those are packed, and their names end
// in how. The app's own server packs while it sends, which the browser undoes by itself.

const GZIP = ".packed";
const XZ = ".xz";
export const LARGE = XZ; // how the large libraries are packed: it takes a module of its own to unpack
const PLANES = ".planes"; // gzip of all even bytes, then all odd ones: 16-bit numbers pack better so

/**
 * The content of a file, or null where it cannot be had.
 *
 * @param {string|URL} address
 * @returns {Promise<ArrayBuffer|null>}
 */
export async function fetchFile(address) {
  const url = new URL(address, globalThis.location?.href);
  const response = await fetch(url).catch(() => null);
  if (!response?.ok) return null;
  if (!isPacked(url)) return response.arrayBuffer();
  const content = await (url.pathname.endsWith(XZ) ? unpackXz(response) : unpack(response)).catch(() => null);
  return content && url.pathname.endsWith(PLANES) ? interleave(content) : content;
}

/**
 * Whether a file lies packed at an address.
 *
 * @param {string|URL} address
 */
export function isPacked(address) {
  const { pathname } = new URL(address, globalThis.location?.href);
  return [GZIP, XZ, PLANES].some((end) => pathname.endsWith(end));
}

/** @param {Response} response */
async function unpackXz(response) {
  const { XzReadableStream } = await import(new URL("../vendor/xz-decompress.mjs", import.meta.url).href);
  return new Response(new XzReadableStream(response.body)).arrayBuffer();
}

/** @param {Response} response */
function unpack(response) {
  const stream = response.body?.pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).arrayBuffer();
}

/**
 * All even bytes followed by all odd ones, in their order again.
 *
 * @param {ArrayBuffer} planes
 */
export function interleave(planes) {
  const from = new Uint8Array(planes);
  const bytes = new Uint8Array(from.length);
  const even = Math.ceil(from.length / 2);
  for (let i = 0; i < even; i++) bytes[2 * i] = from[i];
  for (let i = even; i < from.length; i++) bytes[2 * (i - even) + 1] = from[i];
  return bytes.buffer;
}
