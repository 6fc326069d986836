// What of a map survives a switch of the page.

/** @import { MapMemory } from "./types.d.ts" */

/** @type {Map<string, MapMemory>} by the component's key */
const remembered = new Map();

/**
 * What is remembered of the map with this key; at first, nothing.
 *
 * @param {string} key
 * @returns {MapMemory}
 */
export function memoryOf(key) {
  const found = remembered.get(key) ?? {
    ranges: null, extent: [], ...noMasks(), filter: "", asked: "", told: "",
    dragmode: "pan", pointId: null, image: "", plain: false,
  };
  remembered.set(key, found);
  return found;
}

/** Nothing selected: neither by an outline nor by a filter. */
export const noMasks = () => ({ selected: null, lasso: null, filtered: null });
