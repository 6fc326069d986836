// The search for faces, in the thread in which the runtime is (decoding_worker.mjs).

import { fetchFile } from "../page/fetched.mjs";
import { _ } from "../page/texts.mjs";
import { findFaces } from "./detector.mjs";
import { Networks } from "./networks.mjs";

/** @import { Picture } from "../site/alignment.mjs" */

/** @typedef {any} Runtime onnxruntime-web, whose own types come with a package that is not installed here */

/** @type {Promise<Networks>|undefined} */
let opened;

/**
 * @param {{networks: string[], photo: Picture}} order
 * @param {(url: string) => Promise<Runtime>} runtimeFor
 */
export async function work({ networks, photo }, runtimeFor) {
  opened ??= open(networks, runtimeFor(networks[0])).catch((error) => {
    opened = undefined; // the next photo tries again
    throw error;
  });
  return findFaces(await opened, photo);
}

/**
 * @param {string[]} urls
 * @param {Promise<Runtime>} runtime
 */
async function open(urls, runtime) {
  const [ort, ...files] = await Promise.all([runtime, ...urls.map(fetchFile)]);
  const options = { executionProviders: ["wasm"], logSeverityLevel: 3 };
  const sessions = files.map((file) => {
    if (!file) throw new Error(_("The face detector could not be fetched."));
    return ort.InferenceSession.create(new Uint8Array(file), options);
  });
  return new Networks(ort, await Promise.all(sessions));
}
