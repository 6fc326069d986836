// Finds the faces of a photo in this browser. What does it, and its networks, come with the first photo.

import { workBeside } from "../decoding/decoder.mjs";

/** @import { Picture } from "../site/alignment.mjs" */
/** @import { Face } from "./detector.mjs" */

/**
 * @param {string[]} networks addresses of the detector's three networks
 * @param {Picture} photo
 * @returns {Promise<Face[]>} the preferred one first; rejects with a sentence that can be shown
 */
export function findFaces(networks, photo) {
  const addresses = networks.map((url) => new URL(url, window.location.href).href);
  return workBeside(new URL("./searching.mjs", import.meta.url).href, { networks: addresses, photo });
}
