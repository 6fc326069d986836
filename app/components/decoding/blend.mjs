// A decoder between the faithful and the vivid one: weights blended into the bytes of a decoder.onnx, before it is opened.
// See models/onnx/blend_file.py for the file that holds the faithful decoder's weights and where they belong.

/** @typedef {{at: number, count: number, half: boolean}} Entry a weight: its first byte in decoder.onnx, how many, float16 or float32 */

const ALIGNED = 4;
const LENGTH_BYTES = 4;

/**
 * The address of a decoder between the two. What is to be blended stands behind the address of the vivid one, so a
 * blend is named like any decoder.
 *
 * @param {string} decoderUrl of the vivid decoder
 * @param {string|null} blendUrl of the faithful decoder's weights; null for none
 * @param {number} share from 0, faithful, to 1, vivid
 */
export function blendedUrl(decoderUrl, blendUrl, share) {
  return blendUrl === null || share === 1 ? decoderUrl : `${decoderUrl}#${new URLSearchParams({ vivid: `${share}`, blend: blendUrl })}`;
}

/**
 * What `blendedUrl` put together, as whole addresses; `blend` is null for the vivid decoder.
 *
 * @param {string} url
 * @param {string} page address of the page, which the others are relative to
 * @returns {{decoder: string, blend: string|null, share: number}}
 */
export function partsOf(url, page) {
  const whole = new URL(url, page);
  const asked = new URLSearchParams(whole.hash.slice(1));
  whole.hash = "";
  const blend = asked.get("blend");
  return { decoder: whole.href, blend: blend && new URL(blend, page).href, share: Number(asked.get("vivid") ?? 1) };
}

/**
 * The bytes of a decoder.onnx with blended weights.
 *
 * @param {Uint8Array} vivid a decoder.onnx; it stays as it is
 * @param {ArrayBuffer} file the faithful decoder's weights
 * @param {number} share from 0, faithful, to 1, vivid
 */
export function blend(vivid, file, share) {
  const blended = new Uint8Array(vivid);
  const length = new DataView(file).getUint32(0, true);
  let place = LENGTH_BYTES + length;
  /** @type {{entries: Entry[]}} */
  const { entries } = JSON.parse(new TextDecoder().decode(new Uint8Array(file, LENGTH_BYTES, length)));
  for (const { at, count, half } of entries) {
    const size = count * (half ? 2 : 4);
    const own = blended.slice(at, at + size).buffer; // a copy, since a weight may begin at any byte
    if (half) blendHalves(new Uint16Array(own), new Uint16Array(file, place, count), share);
    else blendFloats(new Float32Array(own), new Float32Array(file, place, count), share);
    blended.set(new Uint8Array(own), at);
    place += Math.ceil(size / ALIGNED) * ALIGNED;
  }
  return blended;
}

/**
 * @param {Uint16Array} own its bits are replaced
 * @param {Uint16Array} faithful
 * @param {number} share
 */
function blendHalves(own, faithful, share) {
  for (let i = 0; i < own.length; i++) {
    const from = FLOATS[faithful[i]];
    own[i] = toHalf(from + share * (FLOATS[own[i]] - from));
  }
}

/**
 * @param {Float32Array} own
 * @param {Float32Array} faithful
 * @param {number} share
 */
function blendFloats(own, faithful, share) {
  for (let i = 0; i < own.length; i++) own[i] = faithful[i] + share * (own[i] - faithful[i]);
}

/** Every float16 as a number, by its bits. */
const FLOATS = Float32Array.from({ length: 0x10000 }, (_, bits) => {
  const [exponent, fraction] = [(bits >> 10) & 0x1f, bits & 0x3ff];
  const size = exponent ? 2 ** (exponent - 15) * (1 + fraction / 1024) : 2 ** -14 * (fraction / 1024);
  return (bits & 0x8000 ? -1 : 1) * (exponent === 0x1f ? (fraction ? Number.NaN : Number.POSITIVE_INFINITY) : size);
});

const float = new Float32Array(1);
const bitsOfFloat = new Uint32Array(float.buffer);
const LEAST_NORMAL = 0x38800000; // 2^-14, as the bits of a float32
const INFINITE = 0x477ff000; // 65520: from here on a float16 is infinite

/**
 * The bits of the nearest float16, of the even one where two are as near. (Not every browser has Float16Array.)
 *
 * @param {number} value
 */
export function toHalf(value) {
  float[0] = value;
  const sign = (bitsOfFloat[0] >>> 16) & 0x8000;
  const bits = bitsOfFloat[0] & 0x7fffffff;
  if (bits >= LEAST_NORMAL && bits < INFINITE) return sign | ((bits - 0x38000000 + 0xfff + ((bits >>> 13) & 1)) >>> 13);
  if (bits >= INFINITE) return bits > 0x7f800000 ? 0x7e00 : sign | 0x7c00;
  float[0] = Math.abs(value) + 0.5; // whose last bit weighs as much as that of so small a float16: float32 rounds
  return sign | (bitsOfFloat[0] - 0x3f000000);
}
