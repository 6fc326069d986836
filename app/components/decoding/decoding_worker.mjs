// Networks in a thread of their own: each decode takes some milliseconds, and the page stays free meanwhile. Asked by
// decoder.mjs, one job after another. Our own decoders need nothing else; onnxruntime-web comes for all other networks.

import { fetchFile, isPacked, LARGE } from "../page/fetched.mjs";
import { _ } from "../page/texts.mjs";
import { blend } from "./blend.mjs";
import { openOwn } from "./own_network.mjs";
import { toRgba } from "./pixels.mjs";

const MOST_BLENDS = 4; // open at once; one that is asked for again is blended again, in a tenth of a second

/** @typedef {any} Runtime onnxruntime-web, whose own types come with a package that is not installed here */
/** @typedef {{own: NonNullable<ReturnType<typeof openOwn>>}|{own: null, ort: Runtime, session: any}} Opened */
/** @typedef {{id: number, url: string, decoder: string, blend: string|null, share: number, z?: Float32Array, pixels?: Float32Array}} Job */
/** @typedef {{id: number, module: string, order: any}} Work that another module does, by its address, and what that is given */

const OPTIONS = { executionProviders: ["wasm"], logSeverityLevel: 3 };

/** @type {Promise<Runtime>|undefined} */
let runtime;
/** @type {Map<string, Opened>} by the decoder's address */
const sessions = new Map();
/** @type {Promise<unknown>} */
let last = Promise.resolve();

self.onmessage = (/** @type {MessageEvent<Job|Work>} */ { data }) => {
  const { id } = data;
  const work = "module" in data ? () => workOf(data) : jobOf(data);
  last = last.then(work).then(
    ({ transfer, ...answer }) => self.postMessage({ id, ...answer }, { transfer }),
    (error) => self.postMessage({ id, error: error.message }),
  );
};

/**
 * @param {Job} job
 * @returns {() => Promise<{transfer: Transferable[]} & Record<string, unknown>>} done when those before it are
 */
function jobOf({ url, z, pixels, ...parts }) {
  const arriving = sessions.has(url) ? null : fetchDecoder(parts); // under way while other jobs run
  return async () => answerOf(sessions.get(url) ?? (await open(url, arriving ?? fetchDecoder(parts))), z, pixels);
}

/**
 * What the last blend was made of: a hand on the slider asks for many.
 *
 * @type {{of: string, parts: Promise<(ArrayBuffer|null)[]>}|null}
 */
let ends = null;

/** @param {Pick<Job, "decoder"|"blend"|"share">} parts */
async function fetchDecoder({ decoder, blend: faithful, share }) {
  if (faithful === null) {
    const alone = await fetchFile(decoder);
    return alone && new Uint8Array(alone);
  }
  const of = `${decoder} ${faithful}`;
  if (ends?.of !== of) ends = { of, parts: Promise.all([fetchFile(decoder), fetchFile(faithful)]) };
  const [vivid, weights] = await ends.parts;
  if (vivid && weights) return blend(new Uint8Array(vivid), weights, share);
  ends = null; // the next blend tries again
  return null;
}

/**
 * @param {string} url
 * @param {Promise<Uint8Array|null|"">} arriving
 * @returns {Promise<Opened>}
 */
async function open(url, arriving) {
  const bytes = await arriving;
  if (!bytes) throw new Error(_("The decoder could not be fetched from the server."));
  const own = await orSay(() => openOwn(bytes));
  const ort = own ? null : await runtimeFor(url);
  const opened = own ? { own } : { own, ort, session: await orSay(() => ort.InferenceSession.create(bytes, OPTIONS)) };
  sessions.set(url, opened);
  closeOldest();
  return opened;
}

/**
 * @template T
 * @param {() => T} opening
 * @returns {Promise<Awaited<T>>}
 */
async function orSay(opening) {
  try {
    return await opening();
  } catch (error) {
    console.error(error);
    throw new Error(_("The decoder could not be opened in this browser."));
  }
}

/**
 * The runtime, once for all.
 *
 * @param {string} url of a network that it will run
 */
function runtimeFor(url) {
  runtime ??= load(isPacked(url)).catch((error) => {
    runtime = undefined; // the next decoder tries again
    throw error;
  });
  return runtime;
}

/** Blends are opened as the hand moves: only the latest stay. */
function closeOldest() {
  const blends = [...sessions.keys()].filter((url) => url.includes("#"));
  for (const url of blends.slice(0, -MOST_BLENDS)) {
    const opened = sessions.get(url);
    if (opened && !opened.own) opened.session.release();
    sessions.delete(url);
  }
}

/**
 * @param {boolean} packed whether files come from a host that sends them packed as they lie there
 * @returns {Promise<Runtime>}
 */
async function load(packed) {
  const wasm = new URL("../vendor/ort-wasm-simd-threaded.wasm", import.meta.url).href;
  const unpacked = packed ? fetchFile(wasm + LARGE) : null; // under way while the module arrives
  let ort;
  try {
    ort = await import(new URL("../vendor/ort.wasm.bundle.min.mjs", import.meta.url).href);
  } catch {
    throw new Error(_("The front-end files are missing on the server; run python -m app.server.frontend_files there."));
  }
  ort.env.wasm.numThreads = 1;
  if (unpacked) ort.env.wasm.wasmBinary = await unpacked;
  else ort.env.wasm.wasmPaths = { wasm };
  // It fetches and compiles its WebAssembly at the first session; that need not wait for the first decoder to arrive.
  ort.InferenceSession.create(new Uint8Array(1), { executionProviders: ["wasm"], logSeverityLevel: 4 }).catch(() => {});
  return ort;
}

/**
 * What another module makes of an order with the runtime that is here.
 *
 * @param {Work} work
 * @returns {Promise<{transfer: Transferable[], result: any}>}
 */
async function workOf({ module, order }) {
  const { work } = await import(module);
  return { result: await work(order, runtimeFor), transfer: [] };
}

/**
 * What a job asks of a network that is open.
 *
 * @param {Opened} opened
 * @param {Float32Array} [z]
 * @param {Float32Array} [pixels]
 * @returns {Promise<{transfer: Transferable[]} & Record<string, unknown>>}
 */
async function answerOf(opened, z, pixels) {
  if (pixels) return { code: await encode(opened, pixels), transfer: [] };
  if (!z) return { transfer: [] };
  const picture = await decode(opened, z);
  return { ...picture, transfer: [picture.rgba.buffer] };
}

/**
 * @param {Opened} opened
 * @param {Float32Array} z
 */
async function decode(opened, z) {
  const started = performance.now();
  if (opened.own) return { ...opened.own.decode(z), ms: performance.now() - started };
  const { ort, session } = opened;
  const { image } = await session.run({ z: new ort.Tensor("float32", z, [1, z.length]) });
  const size = image.dims[3];
  const rgba = toRgba(image.data, size);
  return { rgba, size, ms: performance.now() - started };
}

/**
 * @param {Opened} opened
 * @param {Float32Array} pixels [3, S, S] in [0, 1]
 */
async function encode(opened, pixels) {
  if (opened.own) throw new Error(_("The decoder could not be opened in this browser."));
  const { ort, session } = opened;
  const side = Math.sqrt(pixels.length / 3);
  const { code } = await session.run({ image: new ort.Tensor("float32", pixels, [1, 3, side, side]) });
  return code.data;
}
