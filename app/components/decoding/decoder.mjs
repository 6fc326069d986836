// Decoders in the browser: WebAssembly with SIMD, one thread (more would need isolation headers), in a worker beside the
// page. The module is the page's register of open decoders: pad and map import it under one address and share them.

import { _ } from "../page/texts.mjs";
import { partsOf } from "./blend.mjs";

/**
 * A decoded picture: RGBA bytes, its side, and the milliseconds that it took.
 *
 * @typedef {{rgba: Uint8ClampedArray<ArrayBuffer>, size: number, ms: number}} Picture
 */

/** @type {Map<string, Promise<Decoder>>} by the decoder's address */
const opened = new Map();
/** @type {Worker|null} */
let worker = null;
let nextId = 0;
/** @type {Map<number, {resolve: (answer: any) => void, reject: (error: Error) => void}>} by the job's number */
const waiting = new Map();

/**
 * Open a decoder, once per address and page.
 *
 * @param {string} decoderUrl address of a decoder.onnx: input `z` [N, D], output `image` [N, 3, S, S] in [0, 1]; or of a
 *   blend of two (`blendedUrl`)
 * @returns {Promise<Decoder>} rejects with a sentence that can be shown; a later call tries again
 */
export function openDecoder(decoderUrl) {
  const url = new URL(decoderUrl, window.location.href).href;
  const found = opened.get(url);
  if (found) return found;
  const parts = partsOf(decoderUrl, window.location.href);
  const opening = ask({ url, ...parts }).then(() => new Decoder(url, parts));
  opened.set(url, opening);
  opening.catch(() => opened.delete(url));
  return opening;
}

/**
 * Encode one picture, whose bytes stay in this browser.
 *
 * @param {string} encoderUrl address of an encoder.onnx: input `image` [N, 3, S, S] in [0, 1], output `code` [N, K]
 * @param {Float32Array} pixels [3, S, S]
 * @returns {Promise<Float32Array>} K numbers; rejects with a sentence that can be shown
 */
export async function encodePicture(encoderUrl, pixels) {
  const url = new URL(encoderUrl, window.location.href).href;
  return (await ask({ url, ...partsOf(encoderUrl, window.location.href), pixels })).code;
}

/**
 * Let a module of ours work where the runtime is, in the thread of the decoders.
 *
 * @param {string} module address of a module whose `work(order, runtimeFor)` gives the answer
 * @param {any} order what a message can carry
 * @returns {Promise<any>} rejects with a sentence that can be shown
 */
export async function workBeside(module, order) {
  return (await ask({ module, order })).result;
}

/** One open decoder. Decodes queue up behind each other: one is in flight. */
export class Decoder {
  #job;

  /**
   * @param {string} url names it
   * @param {ReturnType<typeof partsOf>} parts what it is made of
   */
  constructor(url, parts) {
    this.#job = { url, ...parts };
  }

  /**
   * Decode one point.
   *
   * @param {Float32Array} z the point, D numbers
   * @returns {Promise<Picture>}
   */
  decode(z) {
    return ask({ ...this.#job, z });
  }
}

/**
 * @param {({url: string, z?: Float32Array, pixels?: Float32Array} & ReturnType<typeof partsOf>)|{module: string, order: any}} job
 *   without `z` or `pixels` the network is only opened
 * @returns {Promise<any>}
 */
async function ask(job) {
  if (typeof WebAssembly !== "object") throw new Error(_("WebAssembly is switched off in this browser."));
  worker ??= start();
  const id = nextId++;
  const answer = new Promise((resolve, reject) => waiting.set(id, { resolve, reject }));
  worker.postMessage({ id, ...job });
  return answer;
}

function start() {
  const begun = new Worker(new URL("./decoding_worker.mjs", import.meta.url), { type: "module" });
  begun.onmessage = ({ data: { id, error, ...answer } }) => {
    const job = waiting.get(id);
    waiting.delete(id);
    // The worker has no page, so it speaks English.
    if (error) job?.reject(new Error(_(error)));
    else job?.resolve(answer);
  };
  begun.onerror = () => {
    worker = null; // it never started, or it ran out of memory: whoever asks next starts another
    opened.clear();
    for (const { reject } of waiting.values()) reject(new Error(_("The decoder could not be started in this browser.")));
    waiting.clear();
  };
  return begun;
}
