// Decoders in the browser: onnxruntime-web, WebAssembly with SIMD, one thread (more would need isolation headers), in
// a worker beside the page. The module is the page's register of open decoders: pad and map import it under one
// address and share its sessions.

const opened = new Map(); // decoder address -> Promise<Decoder>
let worker = null;
let nextId = 0;
const waiting = new Map(); // id of a job -> what to do with its answer

/**
 * Open a decoder, once per address and page.
 *
 * @param {string} decoderUrl address of a decoder.onnx: input `z` [N, D], output `image` [N, 3, S, S] in [0, 1]
 * @returns {Promise<Decoder>} rejects with a sentence that can be shown; a later call tries again
 */
export function openDecoder(decoderUrl) {
  const url = new URL(decoderUrl, window.location.href).href;
  if (!opened.has(url)) {
    opened.set(url, ask({ url }).then(() => new Decoder(url)));
    opened.get(url).catch(() => opened.delete(url));
  }
  return opened.get(url);
}

/** One open decoder. Decodes queue up behind each other: one is in flight. */
class Decoder {
  #url;

  constructor(url) {
    this.#url = url;
  }

  /**
   * Decode one point.
   *
   * @param {Float32Array} z the point, D numbers
   * @returns {Promise<{rgba: Uint8ClampedArray, size: number, ms: number}>} the picture, its side, the time taken
   */
  decode(z) {
    return ask({ url: this.#url, z });
  }
}

async function ask(job) {
  if (typeof WebAssembly !== "object") throw new Error("WebAssembly is switched off in this browser.");
  worker ??= start();
  const id = nextId++;
  const answer = new Promise((resolve, reject) => waiting.set(id, { resolve, reject }));
  worker.postMessage({ id, ...job });
  return answer;
}

function start() {
  const begun = new Worker(new URL("./decoding_worker.mjs", import.meta.url), { type: "module" });
  begun.onmessage = ({ data: { id, error, ...answer } }) => {
    const { resolve, reject } = waiting.get(id);
    waiting.delete(id);
    if (error) reject(new Error(error));
    else resolve(answer);
  };
  begun.onerror = () => {
    worker = null; // it never started, or it ran out of memory: whoever asks next starts another
    opened.clear();
    for (const { reject } of waiting.values()) reject(new Error("The decoder could not be started in this browser."));
    waiting.clear();
  };
  return begun;
}
