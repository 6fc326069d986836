// A decoder in the browser: onnxruntime-web, WebAssembly with SIMD, one thread (more would need isolation headers).
// The module is the page's register of open decoders: pad and map import it under one address and share its sessions.

const opened = new Map(); // decoder address -> Promise<Decoder>
let lastOpening = Promise.resolve(); // onnxruntime refuses to be initialised twice at once

/**
 * Open a decoder, once per address and page.
 *
 * @param {string} decoderUrl address of a decoder.onnx: input `z` [N, D], output `image` [N, 3, S, S] in [0, 1]
 * @returns {Promise<Decoder>} rejects with a sentence that can be shown; a later call tries again
 */
export function openDecoder(decoderUrl) {
  const url = new URL(decoderUrl, window.location.href).href;
  if (!opened.has(url)) {
    const opening = lastOpening.then(() => createSession(url));
    lastOpening = opening.catch(() => {});
    opened.set(url, opening.then(({ ort, session }) => new Decoder(ort, session)));
    opened.get(url).catch(() => opened.delete(url));
  }
  return opened.get(url);
}

async function createSession(url) {
  if (typeof WebAssembly !== "object") throw new Error("WebAssembly is switched off in this browser.");
  let ort;
  try {
    ort = await import(new URL("../vendor/ort.wasm.bundle.min.mjs", import.meta.url).href);
  } catch {
    throw new Error("The front-end files are missing on the server; run python -m app.frontend there.");
  }
  ort.env.wasm.numThreads = 1;
  ort.env.wasm.wasmPaths = { wasm: new URL("../vendor/ort-wasm-simd-threaded.wasm", import.meta.url).href };
  const response = await fetch(url).catch(() => null);
  if (!response?.ok) throw new Error("The decoder could not be fetched from the server.");
  const bytes = new Uint8Array(await response.arrayBuffer());
  try {
    const session = await ort.InferenceSession.create(bytes, { executionProviders: ["wasm"], logSeverityLevel: 3 });
    return { ort, session };
  } catch (error) {
    console.error(error);
    throw new Error("The decoder could not be opened in this browser.");
  }
}

/** One open decoder. Decodes queue up behind each other: one is in flight. */
class Decoder {
  #ort;
  #session;
  #last = Promise.resolve();

  constructor(ort, session) {
    this.#ort = ort;
    this.#session = session;
  }

  /**
   * Decode one point.
   *
   * @param {Float32Array} z the point, D numbers
   * @returns {Promise<{rgba: Uint8ClampedArray, size: number, ms: number}>} the picture, its side, the time taken
   */
  decode(z) {
    const result = this.#last.then(() => this.#run(z));
    this.#last = result.catch(() => {});
    return result;
  }

  async #run(z) {
    const started = performance.now();
    const { image } = await this.#session.run({ z: new this.#ort.Tensor("float32", z, [1, z.length]) });
    const size = image.dims[3];
    const rgba = toRgba(image.data, size);
    return { rgba, size, ms: performance.now() - started };
  }
}

/** Planar [3, S, S] in [0, 1] to interleaved RGBA bytes, rounded to the nearest. */
export function toRgba(planes, size) {
  const pixels = size * size;
  const rgba = new Uint8ClampedArray(4 * pixels);
  for (let i = 0, o = 0; i < pixels; i++, o += 4) {
    // Rounded here, as integers: browsers differ in how a clamped array rounds a fraction.
    rgba[o] = (planes[i] * 255 + 0.5) | 0;
    rgba[o + 1] = (planes[pixels + i] * 255 + 0.5) | 0;
    rgba[o + 2] = (planes[2 * pixels + i] * 255 + 0.5) | 0;
    rgba[o + 3] = 255;
  }
  return rgba;
}
