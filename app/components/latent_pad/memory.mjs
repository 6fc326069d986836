// What a pad remembers: where the hand left its sliders, and the steps that can be undone.

/** @import { PadMessage } from "./message.d.ts" */
/** @import { History, Memory, State, Weights } from "./types.d.ts" */

/**
 * What the hand left, by pad and model: outlives a switch of the page, which unmounts the component.
 *
 * @type {Map<string, Memory>}
 */
const remembered = new Map();

/**
 * Find or begin the memory of what a pad is given.
 *
 * @param {PadMessage} data
 * @param {Memory|null} onScreen what the pad has shown until now
 */
export function recall(data, onScreen) {
  const place = `${data.id}|${data.model}`;
  const memory = recallFrom(remembered.get(place), onScreen, data);
  remembered.set(place, memory);
  return memory;
}

/**
 * What a pad knows of the point that it is given now. While it stays there its own bank counts, which may be newer than
 * what Python knows; at a point or in a model that was not on screen, Python's does, which may come from a link.
 *
 * @param {Memory|undefined} kept of this pad and model, from an earlier stay
 * @param {Memory|null} onScreen what the pad has shown until now
 * @param {{pointId: string, weights: Weights, vivid: number, bank: string, count: number}} given
 * @returns {Memory}
 */
export function recallFrom(kept, onScreen, { pointId, weights, vivid, bank, count }) {
  const stays = kept?.pointId === pointId;
  const memory = stays ? kept : { pointId, history: begin({ weights, vivid }), live: null, bank, count: kept?.count ?? count };
  if (onScreen && onScreen !== kept) memory.bank = bank;
  if (onScreen) memory.count = onScreen.count;
  return memory;
}

const DEPTH = 200; // steps that can be undone

/**
 * A history that knows one state.
 *
 * @param {State} now
 * @returns {History}
 */
export function begin(now) {
  return { past: [], now, future: [] };
}

/**
 * A history with one more state; unchanged if the state is the present one.
 *
 * @param {History} history
 * @param {State} next
 * @returns {History}
 */
export function record(history, next) {
  if (sameState(history.now, next)) return history;
  return { past: [...history.past, history.now].slice(-DEPTH), now: next, future: [] };
}

/**
 * One step back, or the same history if there is none.
 *
 * @param {History} history
 * @returns {History}
 */
export function undo({ past, now, future }) {
  const before = past.at(-1);
  return before ? { past: past.slice(0, -1), now: before, future: [now, ...future] } : { past, now, future };
}

/**
 * One step forward again, or the same history if there is none.
 *
 * @param {History} history
 * @returns {History}
 */
export function redo({ past, now, future }) {
  if (!future.length) return { past, now, future };
  return { past: [...past, now], now: future[0], future: future.slice(1) };
}

/**
 * Whether a step back from one to the other would change nothing.
 *
 * @param {State} a
 * @param {State} b
 */
export function sameState(a, b) {
  return a.vivid === b.vivid && sameWeights(a.weights, b.weights);
}

/**
 * Whether two sets of weights are the same.
 *
 * @param {Weights} a
 * @param {Weights} b
 */
export function sameWeights(a, b) {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
}
