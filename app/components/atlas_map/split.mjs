// The faces as Plotly's traces: a trace a colour slot, several where that has very many; and which of them are dimmed.

import { MANY } from "./arrays.mjs";
import { SLOTS } from "./colours.mjs";
import { isMany } from "./dots.mjs";

/** @import { PlotElement, Split } from "./types.d.ts" */

const BY_TREE = 100_000; // points of a trace from which Plotly draws by a tree, which it works out anew at each change
const TRACES = SLOTS + Math.floor(MANY / (BY_TREE - 1)); // always as many, so that one update of Plotly's fits any colouring
const FAR = 1e30;
/** @type {WeakSet<number[]>} lists of all points of a trace, as they lie dimmed under those that are selected */
const whole = new WeakSet();

/**
 * Points by trace, as Plotly's restyle takes them: the slots in their order, a large one in several pieces.
 *
 * @param {Float32Array} xy M places
 * @param {Uint8Array} slotOf M slots
 * @param {Uint8Array|null} selected mask of M rows, or null for no selection
 * @returns {Split}
 */
export function splitBySlot(xy, slotOf, selected) {
  if (isMany(xy)) return outOfSight();
  const sizes = new Int32Array(SLOTS);
  for (const slot of slotOf) sizes[slot]++;
  const bySlot = Array.from(sizes, (size) => new Int32Array(size));
  const next = new Int32Array(SLOTS);
  for (let row = 0; row < slotOf.length; row++) bySlot[slotOf[row]][next[slotOf[row]]++] = row;
  const most = BY_TREE - 1;
  /** @type {Int32Array[]} */
  const rows = [];
  const slots = new Uint8Array(TRACES);
  for (const [slot, list] of bySlot.entries())
    for (let start = 0; start < list.length; start += most) {
      slots[rows.length] = slot;
      rows.push(list.subarray(start, start + most));
    }
  while (rows.length < TRACES) rows.push(new Int32Array(0));
  return {
    x: rows.map((list) => Float32Array.from(list, (row) => xy[2 * row])),
    y: rows.map((list) => Float32Array.from(list, (row) => xy[2 * row + 1])),
    rows,
    slots,
    selectedpoints: selectedPoints(rows, selected),
  };
}

/**
 * One place that no view shows, of no row, where the faces are painted without Plotly: it has outlines of something only.
 *
 * @returns {Split}
 */
function outOfSight() {
  const empty = Array.from({ length: TRACES - 1 }, () => new Float32Array(0));
  return {
    x: [Float32Array.of(FAR), ...empty],
    y: [Float32Array.of(FAR), ...empty],
    rows: Array.from({ length: TRACES }, () => new Int32Array(0)),
    slots: new Uint8Array(TRACES),
    selectedpoints: new Array(TRACES).fill(null),
  };
}

/**
 * Per trace, the positions of the selected rows; null everywhere where nothing is selected.
 *
 * @param {Int32Array[]} rows
 * @param {Uint8Array|null} selected
 */
export function selectedPoints(rows, selected) {
  return rows.map((list) => {
    if (!selected) return null;
    /** @type {number[]} */
    const positions = [];
    for (let i = 0; i < list.length; i++) if (selected[list[i]]) positions.push(i);
    return positions;
  });
}

/**
 * Show another selection in the plot that stands, where one stands already: Plotly's own update works every place out
 * again, which takes several times as long. All points lie dimmed on the plot's lower canvas, which then stays as it is;
 * the selected ones are drawn over them on the upper one. What this relies on within Plotly is what its lasso does while
 * it is drawn (`plots/cartesian/select.js`, `traces/scattergl/scene_update.js`); a Plotly that does otherwise gets its own
 * update.
 *
 * @param {PlotElement} element
 * @param {Int32Array[]} rows of each trace
 * @param {Uint8Array|null} selected
 * @returns {boolean} whether it is drawn
 */
export function reselect(element, rows, selected) {
  const { _fullLayout: full, _fullData: traces, data } = element;
  const scene = full?._plots?.xy?._scene;
  const canvases = full?._glcanvas?.data?.();
  const drawn = [...rows.keys()].filter((trace) => rows[trace].length); // the scene has no empty ones
  const known = scene?.select2d?.draw && scene.draw && scene.count === drawn.length && canvases?.[1]?.regl;
  if (!selected || !known || !traces || element.layout.selections?.length) return false;
  const dimmed = drawn.every((_trace, at) => whole.has(scene.unselectBatch[at]));
  const count = (/** @type {number} */ at) => scene.selectBatch[at].length + scene.unselectBatch[at].length;
  // Without any selected, Plotly has not made the dimmed colours yet.
  if (!dimmed && drawn.some((trace, at) => count(at) !== rows[trace].length)) return false;
  const inside = selectedPoints(rows, selected);
  for (const [at, trace] of drawn.entries()) {
    scene.selectBatch[at] = inside[trace];
    if (!dimmed) scene.unselectBatch[at] = allOf(rows[trace]);
    data[trace].selectedpoints = traces[trace].selectedpoints = inside[trace]; // for the next update of Plotly's own
  }
  for (const { regl } of dimmed ? [canvases[1]] : canvases) regl?.clear({ color: true, depth: true });
  if (dimmed) scene.select2d.draw(scene.selectBatch);
  else scene.draw();
  return true;
}

/** @param {Int32Array} rows of a trace */
function allOf(rows) {
  const positions = [...rows.keys()];
  whole.add(positions);
  return positions;
}

/**
 * The diameter for each trace: half as much again for the points that are few.
 *
 * @param {Uint8Array} slots of each trace
 * @param {number} size
 * @param {number|null} [raised] slot
 */
export function sizesOf(slots, size, raised) {
  return Array.from(slots, (slot) => (slot === raised ? 1.5 * size : size));
}
