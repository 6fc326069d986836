// What part of the map is on screen, and where its places are in pixels. Of Plotly it uses what is documented: the
// element's `layout`, which Plotly keeps up to date, and while a hand drags, what its events say.

import { homeRanges, moveRanges, plotly } from "./plot.mjs";

/** @import { Extent, Pair, PlotElement, Ranges, Size } from "./types.d.ts" */

const NEAR_HOME = 0.02; // a zoom that differs by less counts as none

export class View {
  #plot;
  #frame;
  /** @type {Ranges|null} while a hand drags, which the layout hears of at the end */
  #dragged = null;
  /** @type {Ranges} what shows the whole map */
  home = { x: [0, 1], y: [0, 1] };
  /** @type {Ranges|null} what is painted before Plotly draws */
  ahead = null;

  /**
   * @param {PlotElement} plot
   * @param {HTMLElement} frame
   */
  constructor(plot, frame) {
    this.#plot = plot;
    this.#frame = frame;
    this.size = this.measure();
  }

  /**
   * Look how large the frame is. Kept in `size`, since a mark that moves asks at each frame, and asking the page makes it
   * lay itself out.
   *
   * @returns {Size} in pixels
   */
  measure() {
    this.size = { width: this.#frame.clientWidth, height: this.#frame.clientHeight };
    return this.size;
  }

  /**
   * How a map is shown at first: the whole of it, or the part that was seen last.
   *
   * @param {Extent} extent of all places
   * @param {{ranges: Ranges|null, extent: Extent}} memory
   * @returns {Size & {home: Ranges, ranges: Ranges}}
   */
  framed(extent, memory) {
    const size = this.measure();
    const home = homeRanges(extent, size.width, size.height);
    return { ...size, home, ranges: memory.ranges ? moveRanges(memory.ranges, memory.extent, extent) : home };
  }

  /** What the axes show now. @returns {Ranges} */
  get ranges() {
    const { layout } = this.#plot;
    if (!layout) return this.ahead ?? this.home;
    return this.#dragged ?? { x: layout.xaxis.range.map(Number), y: layout.yaxis.range.map(Number) };
  }

  /** What a drag on the map does now: "pan", "lasso" and so on. */
  get dragmode() {
    return this.#plot.layout.dragmode;
  }

  /** How many times larger than at home. */
  get zoom() {
    return zoomOf(this.ranges, this.home);
  }

  /** Data units a pixel, the same on both axes. */
  get unitsPerPixel() {
    const { x } = this.ranges;
    return (x[1] - x[0]) / this.size.width;
  }

  /**
   * Pixels within the frame of a place on the map.
   *
   * @param {ArrayLike<number>} place
   * @returns {Pair}
   */
  toPixels(place) {
    const { width, height } = this.size;
    const { x, y } = this.ranges;
    return [((place[0] - x[0]) / (x[1] - x[0])) * width, ((y[1] - place[1]) / (y[1] - y[0])) * height];
  }

  /**
   * The place on the map of pixels within the frame.
   *
   * @param {ArrayLike<number>} pixels
   * @returns {Pair}
   */
  toPlace(pixels) {
    const { width, height } = this.size;
    const { x, y } = this.ranges;
    return [x[0] + (pixels[0] / width) * (x[1] - x[0]), y[1] - (pixels[1] / height) * (y[1] - y[0])];
  }

  /**
   * Follow a drag that is under way.
   *
   * @param {Record<string, number>|undefined} event of `plotly_relayouting`
   */
  follow(event) {
    this.#dragged = rangesIn(event) ?? this.#dragged;
  }

  /** The drag is over, and the layout is up to date. */
  settle() {
    this.#dragged = null;
  }

  /**
   * Show these ranges; what is painted before Plotly draws stays as it is.
   *
   * @param {Ranges} ranges
   * @param {object} more of the layout that changes with them
   */
  show(ranges, more = {}) {
    this.#dragged = null;
    if (this.#plot.layout) return plotly.relayout(this.#plot, { ...more, ...asLayout(ranges) });
  }

  showAll() {
    return this.show(this.home);
  }

  /**
   * Fit into a frame of another size; the whole map stays the whole map.
   *
   * @param {Extent} extent of all places
   */
  async fit(extent) {
    const { width, height } = this.size;
    const old = this.#plot.layout;
    if (!old || !width || (old.width === width && old.height === height)) return;
    const atHome = Math.abs(this.zoom - 1) < NEAR_HOME;
    this.home = homeRanges(extent, width, height);
    if (atHome) await this.show(this.home, { width, height });
    else await plotly.relayout(this.#plot, { width, height });
  }
}

/**
 * Ranges as Plotly's layout takes them.
 *
 * @param {Ranges} ranges
 */
export const asLayout = ({ x, y }) => ({ "xaxis.range": [...x], "yaxis.range": [...y] });

/**
 * The ranges in an event of Plotly's, or null where it tells of something else.
 *
 * @param {Record<string, any>|undefined} event
 * @returns {Ranges|null}
 */
export function rangesIn(event) {
  const [x, y] = ["xaxis", "yaxis"].map((axis) => event?.[`${axis}.range`] ?? [0, 1].map((end) => event?.[`${axis}.range[${end}]`]));
  const all = [...x, ...y].map(Number);
  return all.every(Number.isFinite) ? { x: all.slice(0, 2), y: all.slice(2) } : null;
}

/**
 * @param {Ranges} ranges
 * @param {Ranges} home
 */
export const zoomOf = (ranges, home) => (home.x[1] - home.x[0]) / (ranges.x[1] - ranges.x[0]);
