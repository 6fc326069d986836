// Finding a face by its image number.

import { _ } from "../page/texts.mjs";
import { readNumber } from "./legend.mjs";

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
export function findTyped({ dom, words }, { image }, pointing) {
  const number = readNumber(dom.input.value);
  const row = image.indexOf(number);
  if (Number.isNaN(number)) dom.says.textContent = words.example;
  else if (row < 0) dom.says.textContent = _("{name} is not on this map.", { name: words.name(number) });
  else dom.says.textContent = words.found(words.name(number));
  pointing.highlight(row < 0 ? null : row);
}
