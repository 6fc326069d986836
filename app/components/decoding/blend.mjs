// A decoder between the faithful and the vivid one: weights blended into the bytes of a decoder.onnx, before it is opened.
// See models/onnx/blend_file.py for the file that holds the faithful decoder's weights and where they belong.

import { fromHalves, toHalf } from "../page/halves.mjs";

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
  const numbers = fromHalves(own);
  blendFloats(numbers, fromHalves(faithful), share);
  for (let i = 0; i < own.length; i++) own[i] = toHalf(numbers[i]);
}

/**
 * @param {Float32Array} own
 * @param {Float32Array} faithful
 * @param {number} share
 */
function blendFloats(own, faithful, share) {
  for (let i = 0; i < own.length; i++) own[i] = faithful[i] + share * (own[i] - faithful[i]);
}
