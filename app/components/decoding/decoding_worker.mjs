// onnxruntime-web in a thread of its own: opening a decoder takes half a second of computing, each decode some
// milliseconds, and the page stays free meanwhile. Asked by decoder.mjs, one job after another.

import { toRgba } from "./pixels.mjs";

/** @typedef {any} Runtime onnxruntime-web, whose own types come with a package that is not installed here */
/** @typedef {{ort: Runtime, session: any}} Opened */

/** @type {Promise<Runtime>|undefined} */
let runtime;
/** @type {Map<string, Opened>} by the decoder's address */
const sessions = new Map();
/** @type {Promise<unknown>} */
let last = Promise.resolve();

self.onmessage = (/** @type {MessageEvent<{id: number, url: string, z?: Float32Array}>} */ { data: { id, url, z } }) => {
  const arriving = sessions.has(url) ? null : fetchDecoder(url); // under way while other jobs run
  last = last
    .then(() => sessions.get(url) ?? open(url, arriving))
    .then((opened) => z && decode(opened, z))
    .then(
      (answer) => self.postMessage({ id, ...answer }, { transfer: answer ? [answer.rgba.buffer] : [] }),
      (error) => self.postMessage({ id, error: error.message }),
    );
};

/** @param {string} url */
async function fetchDecoder(url) {
  const response = await fetch(url).catch(() => null);
  return response?.ok ? new Uint8Array(await response.arrayBuffer()) : null;
}

/**
 * @param {string} url
 * @param {Promise<Uint8Array|null>|null} arriving
 * @returns {Promise<Opened>}
 */
async function open(url, arriving) {
  runtime ??= load().catch((error) => {
    runtime = undefined; // the next decoder tries again
    throw error;
  });
  const [ort, bytes] = await Promise.all([runtime, arriving]);
  if (!bytes) throw new Error("The decoder could not be fetched from the server.");
  try {
    const options = { executionProviders: ["wasm"], logSeverityLevel: 3 };
    const opened = { ort, session: await ort.InferenceSession.create(bytes, options) };
    sessions.set(url, opened);
    return opened;
  } catch (error) {
    console.error(error);
    throw new Error("The decoder could not be opened in this browser.");
  }
}

async function load() {
  let ort;
  try {
    ort = await import(new URL("../vendor/ort.wasm.bundle.min.mjs", import.meta.url).href);
  } catch {
    throw new Error("The front-end files are missing on the server; run python -m app.server.frontend_files there.");
  }
  ort.env.wasm.numThreads = 1;
  ort.env.wasm.wasmPaths = { wasm: new URL("../vendor/ort-wasm-simd-threaded.wasm", import.meta.url).href };
  // It fetches and compiles its WebAssembly at the first session; that need not wait for the first decoder to arrive.
  ort.InferenceSession.create(new Uint8Array(1), { executionProviders: ["wasm"], logSeverityLevel: 4 }).catch(() => {});
  return ort;
}

/**
 * @param {Opened} opened
 * @param {Float32Array} z
 */
async function decode({ ort, session }, z) {
  const started = performance.now();
  const { image } = await session.run({ z: new ort.Tensor("float32", z, [1, z.length]) });
  const size = image.dims[3];
  const rgba = toRgba(image.data, size);
  return { rgba, size, ms: performance.now() - started };
}
