// Which columns stand as histograms in the filter, and all of them at once.

import { saveFile } from "../page/save.mjs";
import { _, numeral } from "../page/texts.mjs";
import { PARTS } from "./filter.mjs";
import { BARS, Histogram, crossCounts } from "./histogram.mjs";
import { drawingOf } from "./histograms_file.mjs";

/** @import { FilterMessage, MapMessage, QuantityMessage } from "./message.d.ts" */
/** @import { Term } from "./filter.mjs" */
/** @import { Shown } from "./histogram.mjs" */

export const DISTANCE = _("Distance from the average face");
export const PART = _("Part of the data");
const SCORES = 4; // histograms of attributes at most: those that are filtered by, and the one that the colours say

const inPercent = (/** @type {number} */ low, /** @type {number} */ high) => _("{low} to {high} %", { low, high });

/**
 * A range of a column that was brought, in its own unit; the ends come in per cent of the way from its lowest to its highest.
 *
 * @param {QuantityMessage} quantity
 */
const inUnits = ({ low, high }) => {
  const at = (/** @type {number} */ percent) => numeral(Number((low + ((high - low) * percent) / 100).toPrecision(4)));
  return (/** @type {number} */ from, /** @type {number} */ to) => _("{low} to {high}", { low: at(from), high: at(to) });
};

/**
 * What is to be known of a column to show it, by what a term of it is of; null where the model does not know it.
 *
 * @param {string} of
 * @param {FilterMessage} filters
 * @returns {Shown|null}
 */
export function shownOf(of, filters) {
  if (of === "part") return { of, name: PART, top: PARTS.length, bars: PARTS.length, words: PARTS, tell: inPercent };
  if (of === "distance") return { of, name: DISTANCE, top: 101, bars: BARS, words: [], tell: inPercent };
  const quantity = filters.quantities.find((one) => one.of === of);
  if (quantity?.words.length) {
    const { name, words } = quantity;
    return { of, name, top: words.length, bars: words.length, words, tell: inPercent };
  }
  if (quantity) return { of, name: quantity.name, top: 255, bars: BARS, words: [], tell: inUnits(quantity) };
  const known = filters.columns.find((one) => one.of === of);
  return known ? { of, name: known.name, top: 256, bars: BARS, words: [], tell: inPercent } : null;
}

/**
 * The columns that get a histogram: part, distance, what was brought, and the attributes that matter at the moment.
 *
 * @param {MapMessage} data
 * @param {FilterMessage} filters
 * @param {Term[]} terms
 * @returns {Shown[]}
 */
export function columnsShown({ colouring }, filters, terms) {
  const coloured = colouring.kind === "attribute" ? filters.columns.filter((one) => one.column === colouring.column) : [];
  const asked = filters.columns.filter((one) => terms.some((term) => term.of === one.of));
  const scores = new Set([...asked, ...coloured].map((one) => one.of).slice(0, SCORES));
  const all = [...(filters.distance ? ["part", "distance"] : []), ...filters.quantities.map((one) => one.of), ...scores];
  return all.map((of) => shownOf(of, filters)).filter((one) => one !== null);
}

export class Histograms {
  #holder;
  #brush;
  #drawn = "";
  /** @type {Map<string, {looks: string, histogram: Histogram}>} by column */
  #list = new Map();

  /**
   * @param {HTMLElement} holder
   * @param {(shown: Shown, range: {low: number, high: number}|null, settled: boolean) => void} brush
   */
  constructor(holder, brush) {
    this.#holder = holder;
    this.#brush = brush;
  }

  /**
   * @param {Shown[]} shown
   * @param {Map<string, Uint8Array>} columns
   * @param {Uint8Array|null} failed how many terms each face fails
   * @param {Term[]} terms
   */
  draw(shown, columns, failed, terms) {
    const looks = JSON.stringify(shown);
    if (looks !== this.#drawn) {
      this.#drawn = looks;
      this.#list = new Map(shown.map((one) => [one.of, this.#kept(one)]));
      this.#holder.replaceChildren(...[...this.#list.values()].map(({ histogram }) => histogram.root));
    }
    for (const one of shown) {
      const column = columns.get(one.of);
      const own = terms.find((term) => term.of === one.of);
      if (column) this.#list.get(one.of)?.histogram.draw(crossCounts(column, one, failed, own), own);
    }
  }

  /** Hand those on screen to the person as one drawing. */
  save() {
    const drawn = drawingOf([...this.#list.values()].map(({ histogram }) => histogram.drawing));
    saveFile("facespace-filter.svg", new Blob([drawn], { type: "image/svg+xml" }));
  }

  /**
   * One that is there already keeps its element, and with it the hand's hold on it.
   *
   * @param {Shown} shown
   */
  #kept(shown) {
    const looks = JSON.stringify(shown);
    const before = this.#list.get(shown.of);
    if (before?.looks === looks) return before;
    return { looks, histogram: new Histogram(shown, (range, settled) => this.#brush(shown, range, settled)) };
  }
}
