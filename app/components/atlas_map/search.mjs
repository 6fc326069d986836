// Finding a face by its image number.

import { faceName, readNumber } from "./legend.mjs";

/** @import { AtlasMap } from "./map.mjs" */
/** @import { Pointing } from "./pointing.mjs" */
/** @import { Drawn } from "./types.d.ts" */

/**
 * Ring the face whose number was typed, or say why there is none.
 *
 * @param {AtlasMap} map
 * @param {Drawn} drawn
 * @param {Pointing} pointing
 */
export function findTyped({ dom }, { image }, pointing) {
  const number = readNumber(dom.input.value);
  const row = image.indexOf(number);
  if (Number.isNaN(number)) dom.says.textContent = "Type the number of a face, such as 182638.";
  else if (row < 0) dom.says.textContent = `${faceName(number)} is not on this map.`;
  else dom.says.textContent = `${faceName(number)} is ringed. Click the ring to make it the current face.`;
  pointing.highlight(row < 0 ? null : row);
}
