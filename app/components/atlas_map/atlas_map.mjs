// The map of faces. Streamlit calls the renderer at every change of data or theme; one AtlasMap a place on the page takes
// all calls. See message.py for what it is given.

import { AtlasMap } from "./map.mjs";

/** @import { Component } from "../page/component.d.ts" */
/** @import { MapMessage } from "./message.d.ts" */
/** @typedef {Element & {atlasMap?: any}} Place where a map stands, perhaps one of this module's last version */

/**
 * Draw, or take over new data.
 *
 * @param {Component<MapMessage>} component
 */
export function render(component) {
  const parentElement = /** @type {Place} */ (component.parentElement);
  if (!(parentElement.atlasMap instanceof AtlasMap)) {
    parentElement.atlasMap?.remove(); // of this module's last version: the server was renewed under an open page
    parentElement.atlasMap = new AtlasMap(parentElement);
  }
  parentElement.atlasMap.update(component);
}

/**
 * Take the map away; the arrays and the open decoders stay with the page.
 *
 * @param {Place} parentElement
 */
export function unmount(parentElement) {
  parentElement.atlasMap?.remove();
  delete parentElement.atlasMap;
}
