// What the map calls its points: faces, of which one is the current one on all pages, or rows of vectors that were brought.

import { _ } from "../page/texts.mjs";

/** @import { AtlasMap } from "./map.mjs" */

/** What to call a face of CelebA, the same as Python does on every page. */
export const faceName = (/** @type {number} */ image) => _("Face {number}", { number: image });

const FACES = {
  help: _("Hover over a point to see its face, click to take it. After a click, or with Ctrl, the wheel zooms."),
  touchHelp: _("Tap a point to see its face and take it. Two fingers move the map; after a tap, one does."),
  keysHelp: _("Arrow keys move from face to face (with Shift in larger steps), Enter takes the face."),
  search: _("Face number"),
  example: _("Type the number of a face, such as 182638."),
  map: _("map of faces"),
  pictures: _("Faces"),
  switch: _("Show faces and names on the map"),
  current: _("current face"),
  name: faceName,
  taken: (/** @type {string} */ name) => _("{name} is the current face.", { name }),
  take: (/** @type {string} */ name) => _("Make {name} the current face", { name }),
  reached: (/** @type {string} */ name) => _("{name}. Enter makes it the current face.", { name }),
  found: (/** @type {string} */ name) => _("{name} is ringed. Click the ring to make it the current face.", { name }),
  described: (/** @type {Values} */ values) => _("Map of {count} faces in the model {model}, coloured by {title}", values),
  passing: (/** @type {Record<string, string>} */ values) =>
    _("{count} of {total} faces: {share} % (95 % interval: {low} to {high} %)", values),
  keys: _("Arrow keys move from face to face, Enter takes the face, Escape lets it go."),
};

/** @type {typeof FACES} */
const VECTORS = {
  help: _("Hover over a point to see its row, click to keep that open. After a click, or with Ctrl, the wheel zooms."),
  touchHelp: _("Tap a point to see its row. Two fingers move the map; after a tap, one does."),
  keysHelp: _("Arrow keys move from row to row (with Shift in larger steps)."),
  search: _("Row number"),
  example: _("Type the number of a row, such as 12; the first is 0."),
  map: _("map of vectors"),
  pictures: _("Pictures"),
  switch: _("Show pictures on the map"),
  current: "",
  name: (image) => _("Row {number}", { number: image }),
  taken: (name) => name,
  take: (name) => name,
  reached: (name) => name,
  found: (name) => _("{name} is ringed.", { name }),
  described: (values) => _("Map of the {count} vectors of {model}, coloured by {title}", values),
  passing: (values) => _("{count} of {total} rows: {share} % (95 % interval: {low} to {high} %)", values),
  keys: _("Arrow keys move from row to row, Escape lets the row go."),
};

/** @typedef {{count: string, model: string, title: string}} Values of a description */
/**
 * The words of a map.
 *
 * @param {{vectors: boolean}} data
 */
export const wordsOf = ({ vectors }) => (vectors ? VECTORS : FACES);

/**
 * A row's name, and what the colours say of it.
 *
 * @param {AtlasMap} map
 * @param {number} row
 * @param {string} between the two
 */
export function called(map, row, between) {
  return [map.name(row), map.drawn?.legend.says?.(row)].filter(Boolean).join(between);
}
