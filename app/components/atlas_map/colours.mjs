// What each point's colour says: a slot for every row (slots are drawn in order, the last on top) and a legend.

import { _ } from "../page/texts.mjs";
import { extentOf } from "./nearest.mjs";

/** @import { AttributeMessage, KindsMessage, MapMessage, ValuesMessage } from "./message.d.ts" */
/** @import { Coloured, LegendItem } from "./types.d.ts" */
/** @typedef {typeof PALETTES.light} Palette */

export const SLOTS = 9;
const RARE = 0.25; // a smaller share of points would drown among the others

// Safe for the common kinds of colour blindness: blue against orange, Okabe and Ito's green, and a blue-green ramp
// that also orders by lightness. Each theme has its own, so that points stand out from the page.
const PALETTES = {
  light: {
    absent: "#8299b3",
    present: "#d1570a",
    unknown: "#c9c9c9",
    partitions: ["#8299b3", "#d1570a", "#00805f"],
    kinds: ["#0072b2", "#d1570a", "#00805f", "#b8558c", "#a87700", "#3f9fd8", "#6b4bb8", "#5c5c2e"],
    ramp: ["#8fcbb0", "#6dc0b8", "#4db8c7", "#319ec4", "#2b80b8", "#2a62a8", "#274793", "#1d2e78", "#0d1a55"],
    split: ["#053f7a", "#2470b3", "#5a9bd0", "#9bbfdc", "#bdbdbd", "#e6b184", "#e08a3c", "#c4620d", "#8a3f00"],
  },
  dark: {
    absent: "#56708c",
    present: "#ffa14a",
    unknown: "#4a4a4a",
    partitions: ["#56708c", "#ffa14a", "#2fd6a3"],
    kinds: ["#4fa3e8", "#ffa14a", "#2fd6a3", "#f09ac6", "#f0e442", "#a9d8ff", "#b69cff", "#c2b27a"],
    ramp: ["#2b4a80", "#2c5f9e", "#2f7bb4", "#3797bd", "#4db1bd", "#74c8ba", "#a3dcb5", "#d2edb3", "#fbfcc4"],
    split: ["#9cd0ff", "#69b0ee", "#3f8ccb", "#37699a", "#6b6b6b", "#a0642d", "#d07f2b", "#f3a045", "#ffcd8f"],
  },
};

const PARTITIONS = [_("training"), _("validation"), _("test")];

/**
 * Slots and legend of a colouring.
 *
 * @param {MapMessage["colouring"]} colouring
 * @param {{xy: Float32Array, column: (Uint8Array|null)}} arrays `column`: one byte a row, where the kind needs it
 * @param {boolean} dark which palette
 * @returns {Coloured}
 */
export function colourBy(colouring, { xy, column }, dark) {
  const palette = PALETTES[dark ? "dark" : "light"];
  const bytes = column ?? new Uint8Array(xy.length / 2);
  if (colouring.kind === "attribute") return byAttribute(colouring, bytes, palette);
  if (colouring.kind === "partition") return byPartition(bytes, palette);
  if (colouring.kind === "kinds") return byKinds(colouring, bytes, palette);
  if (colouring.kind === "values") return byValues(colouring, bytes, palette);
  const slotOf = densitySlots(xy);
  const ramp = { colours: palette.ramp, low: _("few nearby"), high: _("many") };
  return { slotOf, colours: palette.ramp, legend: { title: _("Density"), note: "", items: [], ramp } };
}

/**
 * @param {AttributeMessage} colouring
 * @param {Uint8Array} column
 * @param {Palette} palette
 * @returns {Coloured}
 */
function byAttribute({ name, source }, column, palette) {
  const labelled = source === "labels"; // labels: 0 absent, 1 present, 255 not given; scores: probability times 255
  const slotOf = column.map((value) => (labelled ? [1, 2][value] ?? 0 : value >= 127.5 ? 2 : 1));
  const names = [_("no label"), _("absent"), _("present")];
  const note = labelled ? _("CelebA's labels") : _("the classifier's reading");
  const colours = [palette.unknown, palette.absent, palette.present];
  const items = countItems(slotOf, names, colours).reverse();
  const present = items.find((item) => item.name === names[2])?.count ?? 0;
  const raised = present < RARE * column.length ? 2 : null;
  const decided = labelled || column.every((value) => value === 0 || value === 255); // as in the folder of files
  const says = (/** @type {number} */ row) =>
    `${name}: ${decided ? names[slotOf[row]] : `${Math.round((100 * column[row]) / 255)} %`}`;
  return { slotOf, colours, legend: { title: name, note, items, ramp: null, says }, raised };
}

/**
 * @param {Uint8Array} column
 * @param {Palette} palette
 * @returns {Coloured}
 */
function byPartition(column, palette) {
  const slotOf = column.map((value) => (value < PARTITIONS.length ? value + 1 : 0));
  const colours = [palette.unknown, ...palette.partitions];
  const items = countItems(slotOf, [_("in no part"), ...PARTITIONS], colours);
  return { slotOf, colours, legend: { title: _("Part of the data"), note: "", items: items.sort(byCount), ramp: null } };
}

/**
 * @param {KindsMessage} colouring
 * @param {Uint8Array} column
 * @param {Palette} palette
 * @returns {Coloured}
 */
function byKinds({ name, words }, column, palette) {
  const slotOf = column.map((value) => (value < words.length ? value + 1 : 0));
  const names = [_("all others"), ...words];
  const colours = [palette.unknown, ...palette.kinds];
  const items = countItems(slotOf, names, colours).sort(byCount);
  const says = (/** @type {number} */ row) => `${name}: ${names[slotOf[row]]}`;
  return { slotOf, colours, legend: { title: name, note: "", items, ramp: null, says } };
}

/** @type {(a: LegendItem, b: LegendItem) => number} */
const byCount = (a, b) => b.count - a.count;

/**
 * @param {Uint8Array} slotOf
 * @param {string[]} names
 * @param {string[]} colours
 * @returns {LegendItem[]}
 */
function countItems(slotOf, names, colours) {
  const counts = new Array(names.length).fill(0);
  for (const slot of slotOf) counts[slot]++;
  return names.map((name, slot) => ({ name, colour: colours[slot], count: counts[slot] })).filter((item) => item.count);
}

/**
 * @param {ValuesMessage} colouring
 * @param {Uint8Array} column
 * @param {Palette} palette
 * @returns {Coloured}
 */
function byValues({ name, low, high, centred }, column, palette) {
  const levels = centred ? palette.split : palette.ramp;
  const order = drawingOrder(centred); // slot -> level
  const slotOfLevel = new Uint8Array(SLOTS);
  for (const [slot, level] of order.entries()) slotOfLevel[level] = slot;
  const slotOf = column.map((value) => slotOfLevel[Math.floor((value * SLOTS) / 256)]);
  const legend = { title: name, note: "", items: [], ramp: { colours: levels, low, high } };
  return { slotOf, colours: order.map((level) => levels[level]), legend };
}

/**
 * Levels in drawing order: upwards, or, where zero is in the middle, from the middle outwards.
 *
 * @param {boolean} centred
 */
function drawingOrder(centred) {
  const levels = Array.from({ length: SLOTS }, (_one, level) => level);
  const middle = (SLOTS - 1) / 2;
  return centred ? levels.sort((a, b) => Math.abs(a - middle) - Math.abs(b - middle)) : levels;
}

const GRID = 160;

/**
 * Nine equally large classes of points, from the sparsest to the densest surroundings.
 *
 * @param {Float32Array} xy
 */
export function densitySlots(xy) {
  const [x0, x1, y0, y1] = extentOf(xy);
  const cell = Math.max(x1 - x0, y1 - y0) / (GRID - 1);
  const count = xy.length / 2;
  const cellOf = new Int32Array(count);
  const grid = new Float32Array(GRID * GRID);
  for (let row = 0; row < count; row++) {
    const column = Math.floor((xy[2 * row] - x0) / cell);
    cellOf[row] = Math.floor((xy[2 * row + 1] - y0) / cell) * GRID + column;
    grid[cellOf[row]]++;
  }
  const smooth = blur(blur(grid, 1), GRID);
  const sorted = new Float32Array(count);
  for (let row = 0; row < count; row++) sorted[row] = smooth[cellOf[row]];
  sorted.sort();
  const bounds = Array.from({ length: SLOTS - 1 }, (_one, i) => sorted[Math.floor(((i + 1) * count) / SLOTS)]);
  const classes = Uint8Array.from(smooth, (value) => bounds.filter((bound) => value > bound).length);
  const slots = new Uint8Array(count);
  for (let row = 0; row < count; row++) slots[row] = classes[cellOf[row]];
  return slots;
}

const KERNEL = [1, 4, 8, 10, 8, 4, 1]; // about a Gaussian of 1.4 cells

/**
 * @param {Float32Array} grid
 * @param {number} stride
 */
function blur(grid, stride) {
  const out = new Float32Array(grid.length);
  for (let i = 0; i < grid.length; i++) {
    const along = stride === 1 ? i % GRID : Math.floor(i / GRID);
    for (let k = -3; k <= 3; k++) {
      if (along + k >= 0 && along + k < GRID) out[i] += grid[i + k * stride] * KERNEL[k + 3];
    }
  }
  return out;
}
