// What was lassoed: rows of the atlas, not an outline, since the same faces lie elsewhere on the other model's map.

import { packRows } from "./arrays.mjs";
import { isMany, within } from "./dots.mjs";
import { drawLegend } from "./legend.mjs";
import { plotly } from "./plot.mjs";
import { reselect, selectedPoints } from "./split.mjs";

/** @import { AtlasMap } from "./map.mjs" */
/** @import { Drawn } from "./types.d.ts" */

export class Selection {
  #map;

  /** @param {AtlasMap} map */
  constructor(map) {
    this.#map = map;
  }

  /**
   * Select what was drawn around.
   *
   * @param {{points: {curveNumber: number, pointNumber: number}[], selections: Record<string, any>[]}} event of Plotly's
   */
  take({ points, selections }) {
    const { drawn } = this.#map;
    if (!drawn) return;
    const many = isMany(drawn.xy);
    const mask = many ? within(selections, drawn.xy) : new Uint8Array(drawn.data.source.points);
    if (!many) for (const { curveNumber, pointNumber } of points) mask[drawn.split.rows[curveNumber][pointNumber]] = 1;
    this.#map.memory.lasso = mask.includes(1) ? mask : null;
    this.#show(drawn, true);
  }

  /** Take the outline's faces out of the selection, and say so; a filter stays. */
  clear() {
    const { drawn, memory } = this.#map;
    if (!memory.selected || !drawn) return;
    memory.lasso = null;
    this.#show(drawn, true);
  }

  /**
   * Of what is selected, or of all faces, show only those that pass a filter.
   *
   * @param {Uint8Array|null} mask of the faces that pass; null lets all through
   * @param {boolean} settled whether the hand has let go, so that Python should know
   */
  async filter(mask, settled) {
    const { drawn, memory } = this.#map;
    if (!drawn) return;
    memory.filtered = mask;
    await this.#show(drawn, settled);
  }

  #clearAll() {
    this.clear();
    this.#map.filter.reset();
  }

  /**
   * Say what the colours mean and how much is selected.
   *
   * @param {Drawn} drawn
   */
  tell({ data, legend }) {
    const { dom, memory } = this.#map;
    const selected = memory.selected?.reduce((sum, one) => sum + one, 0) ?? 0;
    dom.root.dataset.selected = String(selected);
    const { current } = this.#map.words;
    drawLegend(dom.legend, legend, { points: data.source.points, selected, current, onClear: () => this.#clearAll() });
  }

  /**
   * @param {Drawn} drawn
   * @param {boolean} settled
   */
  async #show(drawn, settled) {
    const { memory, dom } = this.#map;
    const filtered = drawn.data.filters ? memory.filtered : null; // on a page without a filter nothing is hidden by one
    memory.selected = both(memory.lasso, filtered);
    const { rows } = drawn.split;
    this.#map.dots.draw();
    const changed = isMany(drawn.xy) || reselect(dom.plot, rows, memory.selected)
      ? isMany(drawn.xy) && dom.plot.layout.selections?.length && plotly.relayout(dom.plot, { selections: [] })
      : plotly.update(dom.plot, { selectedpoints: selectedPoints(rows, memory.selected) }, { selections: [] });
    this.tell(drawn);
    if (settled) this.#map.landmarks.follow();
    if (settled) this.#report(memory.selected ?? new Uint8Array(drawn.data.source.points));
    await changed;
  }

  /** @param {Uint8Array} mask */
  #report(mask) {
    const { memory } = this.#map;
    const message = { points: mask.length, rows: packRows(mask), filter: memory.filter, asked: memory.asked };
    const said = JSON.stringify(message);
    if (memory.told === said) return; // each report runs the page again
    memory.told = said;
    this.#map.report("selected", message);
  }
}

/**
 * Rows that both masks have; a mask that is not there has all.
 *
 * @param {Uint8Array|null} one
 * @param {Uint8Array|null} other
 */
export function both(one, other) {
  return one && other ? one.map((value, row) => value & other[row]) : (one ?? other);
}
