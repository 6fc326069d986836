// What was lassoed: rows of the atlas, not an outline, since the same faces lie elsewhere on the other model's map.

import { packRows } from "./arrays.mjs";
import { drawLegend } from "./legend.mjs";
import { selectedPoints } from "./plot.mjs";

/** @import { AtlasMap } from "./map.mjs" */
/** @import { Drawn } from "./types.d.ts" */

export class Selection {
  #map;

  /** @param {AtlasMap} map */
  constructor(map) {
    this.#map = map;
  }

  /**
   * Select these points.
   *
   * @param {{curveNumber: number, pointNumber: number}[]} points as Plotly numbers them
   */
  take(points) {
    const { drawn } = this.#map;
    if (!drawn) return;
    const mask = new Uint8Array(drawn.data.source.points);
    for (const { curveNumber, pointNumber } of points) mask[drawn.split.rows[curveNumber][pointNumber]] = 1;
    this.#show(drawn, points.length ? mask : null);
    this.#report(mask);
  }

  /** Select nothing, and say so. */
  clear() {
    const { drawn, memory } = this.#map;
    if (!memory.selected || !drawn) return;
    this.#show(drawn, null);
    this.#report(new Uint8Array(drawn.data.source.points));
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
    drawLegend(dom.legend, legend, { points: data.source.points, selected, onClear: () => this.clear() });
  }

  /**
   * @param {Drawn} drawn
   * @param {Uint8Array|null} mask
   */
  #show(drawn, mask) {
    this.#map.memory.selected = mask;
    const selectedpoints = selectedPoints(drawn.split.rows, mask);
    window.Plotly.update(this.#map.dom.plot, { selectedpoints }, { selections: [] });
    this.#map.landmarks.follow();
    this.tell(drawn);
  }

  /** @param {Uint8Array} mask */
  #report(mask) {
    this.#map.report("selected", { points: mask.length, rows: packRows(mask) });
  }
}
