// Finding a face by its image number.

import { _ } from "../page/texts.mjs";
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
  if (Number.isNaN(number)) dom.says.textContent = _("Type the number of a face, such as 182638.");
  else if (row < 0) dom.says.textContent = _("{name} is not on this map.", { name: faceName(number) });
  else dom.says.textContent = _("{name} is ringed. Click the ring to make it the current face.", { name: faceName(number) });
  pointing.highlight(row < 0 ? null : row);
}
