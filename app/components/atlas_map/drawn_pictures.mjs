// A row's picture: the one that was brought for it, or the face that the decoder makes of its latent.

import { openDecoder } from "../decoding/decoder.mjs";
import { contextOf, make } from "../page/elements.mjs";
import { _ } from "../page/texts.mjs";
import { loadArray } from "./arrays.mjs";

/** @import { Picture } from "../decoding/decoder.mjs" */
/** @import { MapMessage, PicturesMessage } from "./message.d.ts" */

/**
 * Where the pictures of a map come from; null where it has none.
 *
 * @param {Pick<MapMessage, "decoderUrl"|"pictures">|undefined} data
 */
export const pictureSource = (data) => data?.pictures?.url ?? data?.decoderUrl ?? null;

/**
 * @param {Pick<MapMessage, "decoderUrl"|"pictures">} data with a source of pictures
 * @param {number} row
 * @param {Float32Array} z its latent
 * @returns {Promise<Picture>}
 */
export async function pictureOf({ decoderUrl, pictures }, row, z) {
  if (pictures) return brought(pictures, row);
  return (await openDecoder(decoderUrl ?? "")).decode(z);
}

/**
 * @param {PicturesMessage} pictures
 * @param {number} row
 * @returns {Promise<Picture>}
 */
async function brought({ url, bytes, ends, count }, row) {
  const started = performance.now();
  const [content, endOf] = await Promise.all([
    loadArray({ url, type: "uint8", length: bytes, what: _("pictures") }),
    loadArray({ url: ends, type: "int32", length: count, what: _("pictures") }),
  ]);
  const bitmap = await createImageBitmap(new Blob([content.slice(row ? endOf[row - 1] : 0, endOf[row])], { type: "image/jpeg" }));
  const size = bitmap.width;
  const context = contextOf(make("canvas", "", { width: size, height: size }));
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  return { rgba: context.getImageData(0, 0, size, size).data, size, ms: performance.now() - started };
}
