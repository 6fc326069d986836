// What is read of a decoder.onnx without the general runtime: the operators, and the numbers that it keeps.
// The numbers in the tables are those of the fields and types in ONNX's own description of its files, onnx.proto.

import { fromHalves } from "../page/halves.mjs";

/** @typedef {{dims: number[], numbers: Float32Array}} Tensor */
/** @typedef {Record<number, [name: string, make: (value: any) => any, many?: boolean]>} Table what is read of a message, by field */

const as = (/** @type {any} */ value) => value;
const text = (/** @type {Uint8Array} */ bytes) => new TextDecoder().decode(bytes);
const message = (/** @type {Table} */ table) => (/** @type {Uint8Array} */ bytes) => read(bytes, table);
const NODE = message({ 4: ["op", text] });
const TENSOR = message({ 1: ["dims", as, true], 2: ["type", as], 8: ["name", text], 9: ["raw", as] });
const MODEL = message({ 7: ["graph", message({ 1: ["nodes", NODE, true], 5: ["tensors", TENSOR, true] })] });
/** @type {Record<number, (raw: ArrayBuffer) => Float32Array>} */
const NUMBERS = {
  1: (raw) => new Float32Array(raw),
  3: (raw) => Float32Array.from(new Int8Array(raw)),
  7: (raw) => Float32Array.from(new BigInt64Array(raw), Number),
  10: (raw) => fromHalves(new Uint16Array(raw)),
};

/**
 * @param {Uint8Array} bytes of a decoder.onnx; throws where they are none
 * @returns {{operators: string[], tensors: () => Map<string, Tensor>}} the numbers of our own files alone can be read
 */
export function readOnnx(bytes) {
  const { nodes = [], tensors = [] } = MODEL(bytes).graph;
  return {
    operators: nodes.map((/** @type {any} */ { op }) => op),
    tensors: () => new Map(tensors.map((/** @type {any} */ { name, dims = [], type, raw }) => [name, { dims, numbers: NUMBERS[type](raw.slice().buffer) }])),
  };
}

/**
 * @param {Uint8Array} bytes of a message in the format of protocol buffers
 * @param {Table} table
 */
function read(bytes, table) {
  /** @type {Record<string, any>} */
  const found = {};
  let at = 0;
  const whole = () => {
    for (let value = 0, unit = 1; ; unit *= 128) {
      const byte = bytes[at++];
      value += (byte & 127) * unit;
      if (!(byte & 128)) return value;
    }
  };
  while (at < bytes.length) {
    const key = whole();
    const kind = key & 7;
    const size = kind === 1 ? 8 : kind === 5 ? 4 : whole(); // of kind 0, it is the content
    const value = kind ? bytes.subarray(at, at + size) : size;
    if (kind) at += size;
    const [name, make, many] = table[key >>> 3] ?? [];
    if (!name || !make) continue;
    found[name] ??= many ? [] : make(value);
    if (many) found[name].push(make(value));
  }
  return found;
}
