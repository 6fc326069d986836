// Pointing at faces: hover, click and tap, arrow keys, search by image number.

import { publish } from "../page/topics.mjs";
import { pictureSource } from "./drawn_pictures.mjs";
import { listenToFingers } from "./fingers.mjs";
import { rowTowards } from "./nearest.mjs";
import { onModeBar } from "./plot.mjs";
import { findTyped } from "./search.mjs";
import { called } from "./wording.mjs";

/** @import { AtlasMap } from "./map.mjs" */
/** @import { Pair, Size } from "./types.d.ts" */

/** @type {Record<string, number>} */
const REACH = { mouse: 12, pen: 16, touch: 24 }; // pixels around the pointer
const STILL = 5; // pixels that a click may move
/** @type {Record<string, Pair>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
const STEP = 6; // pixels that an arrow key moves at least; with Shift ten times as many

/**
 * Connect the map's elements.
 *
 * @param {AtlasMap} map
 * @returns {{pointing: Pointing, stop: () => void}}
 */
export function listen(map) {
  const pointing = new Pointing(map);
  const off = new AbortController();
  /**
   * @template {keyof WindowEventMap & keyof HTMLElementEventMap} K
   * @param {HTMLElement|Window} element
   * @param {K} type
   * @param {(event: HTMLElementEventMap[K]) => void} handler
   * @param {AddEventListenerOptions} [options]
   */
  const on = (element, type, handler, options = {}) => {
    const heard = (/** @type {any} */ event) => map.drawn && handler(event);
    element.addEventListener(type, heard, { signal: off.signal, ...options });
  };
  const { plot, frame, search, found, root } = map.dom;
  on(plot, "pointermove", (event) => pointing.hover(event));
  on(plot, "pointerleave", () => pointing.leave());
  on(plot, "pointerdown", (event) => pointing.press(event), { capture: true });
  on(window, "pointermove", (event) => pointing.drag(event), { capture: true });
  on(window, "pointerup", (event) => pointing.release(event), { capture: true });
  on(window, "pointercancel", () => pointing.cancel(), { capture: true });
  on(plot, "keydown", (event) => pointing.key(event));
  on(plot, "focus", () => pointing.focus());
  on(plot, "blur", () => {
    root.dataset.hand = "no";
  });
  on(frame, "wheel", (event) => pointing.wheel(event), { capture: true });
  on(found, "click", (event) => pointing.takeFound(/** @type {PointerEvent} */ (event)));
  search.addEventListener("submit", (event) => {
    event.preventDefault();
    if (map.drawn) findTyped(map, map.drawn, pointing);
  }, { signal: off.signal });
  listenToFingers(map, off.signal);
  return { pointing, stop: () => off.abort() };
}

export class Pointing {
  /** @type {number|null} highlighted by the keyboard, the search or a finger */
  row = null;
  /** @type {number|null} */
  #hovered = null;
  /** @type {{at: Pair, id: number, moved: boolean}|null} */
  #press = null;
  /** @type {number|null} the finger's whose tap has taken a face */
  #tapped = null;

  /** @param {AtlasMap} map */
  constructor(map) {
    this.map = map;
  }

  /** @param {MouseEvent} event @returns {Pair} pixels within the frame */
  #at(event) {
    const { left, top } = this.map.dom.plot.getBoundingClientRect();
    return [event.clientX - left, event.clientY - top];
  }

  /** @param {PointerEvent} event */
  #rowAt(event) {
    const { drawn, view } = this.map;
    const reach = REACH[event.pointerType] ?? REACH.mouse;
    const row = this.map.landmarks.rowAt(this.#at(event)) ?? drawn?.index.nearest(...view.toPlace(this.#at(event)), reach * view.unitsPerPixel) ?? -1;
    return row < 0 ? null : row;
  }

  /** @param {PointerEvent} event */
  hover(event) {
    const elsewhere = event.buttons || event.pointerType === "touch" || onModeBar(event);
    if (elsewhere) return this.leave();
    this.#hoverRow(this.#rowAt(event), event.timeStamp);
  }

  /** @param {number|null} row @param {number} since */
  #hoverRow(row, since) {
    if (row === this.#hovered && row !== null) return;
    this.#hovered = row;
    this.map.dom.root.dataset.hovered = String(row ?? "");
    this.map.dom.plot.style.cursor = row === null ? "" : "pointer";
    this.#showFace(row ?? this.row, since);
    this.draw();
  }

  leave() {
    if (this.#hovered !== null) this.#hoverRow(null, performance.now());
  }

  /**
   * @param {number|null} row
   * @param {number} since
   */
  #showFace(row, since) {
    const { map } = this;
    const z = row === null ? null : map.latents.row(row);
    const data = map.drawn?.data;
    if (row === null || !z || !data || !(pictureSource(data) || data.vectors)) return map.face.hide();
    map.face.show({ row, z, data, caption: called(map, row, "\n"), since }, ...this.#besides(row));
  }

  /** Show the face that is pointed at, now that there are latents to decode it from. */
  refresh() {
    this.#showFace(this.#hovered ?? this.row, performance.now());
  }

  /**
   * @param {number} row
   * @returns {[Pair, Size]} where its point is, and the room that there is
   */
  #besides(row) {
    return [this.map.view.toPixels(this.#placeOf(row)), this.map.view.size];
  }

  /**
   * @param {number} row
   * @returns {Pair} its place on the map
   */
  #placeOf(row) {
    const xy = this.map.drawn?.xy ?? [0, 0];
    return [xy[2 * row], xy[2 * row + 1]];
  }

  /** @param {PointerEvent} event */
  press(event) {
    const { dataset } = this.map.dom.root;
    const touch = event.pointerType === "touch";
    if (onModeBar(event)) {
      if (touch) dataset.taken = "yes"; // a tool was chosen, to be used
      return;
    }
    dataset.hand = "yes"; // no focus ring around the map for those who use a hand
    if (!touch) this.map.dom.plot.focus({ preventScroll: true }); // a finger may only be scrolling
    this.#press = { at: this.#at(event), id: event.pointerId, moved: false };
    this.leave();
  }

  /** A press that has gone away and come back, as a lasso does, is not a click. */
  drag(/** @type {PointerEvent} */ event) {
    if (!this.#press || this.#press.moved) return;
    const [x, y] = this.#at(event);
    this.#press.moved = Math.hypot(x - this.#press.at[0], y - this.#press.at[1]) > STILL;
  }

  cancel() {
    this.#press = null;
  }

  /** @param {PointerEvent} event */
  release(event) {
    const press = this.#press;
    this.#press = null;
    if (!press || press.moved || press.id !== event.pointerId || event.button > 0) return;
    if (event.pointerType === "touch") {
      this.map.dom.root.dataset.taken = "yes";
      this.map.dom.plot.focus({ preventScroll: true });
      this.#tapped = event.pointerId;
    }
    const row = this.#rowAt(event);
    if (row === null) return this.highlight(null);
    this.highlight(event.pointerType === "mouse" ? null : row); // a finger cannot hover: its face stays open
    this.take(row);
  }

  /** Take the face that is ringed, unless the press is what is left of the tap that has done so. */
  takeFound(/** @type {PointerEvent} */ { pointerId }) {
    if (pointerId !== this.#tapped) this.take(this.row);
  }

  /**
   * Make a face the current one: on this page at once, and in Python.
   *
   * @param {number|null} row
   */
  take(row) {
    const { map } = this;
    if (row === null || !map.drawn) return;
    if (map.drawn.data.vectors) { // no page has a use for one of them
      this.highlight(row);
      map.dom.says.textContent = called(map, row, ". ");
      return;
    }
    const z = map.latents.row(row);
    if (z) publish(`point:${map.drawn.data.model}`, { z, source: "map" });
    map.marker.take(row);
    map.dom.says.textContent = map.words.taken(map.name(row));
    map.report("clicked", row);
  }

  /**
   * Ring a row and show its face until something else is pointed at; null lets go.
   *
   * @param {number|null} row
   */
  highlight(row) {
    this.row = row;
    this.#hovered = null;
    this.map.dom.root.dataset.highlighted = String(row ?? "");
    if (row !== null) {
      this.map.dom.found.setAttribute("aria-label", this.map.words.take(this.map.name(row)));
      this.#bringIntoView(row);
    }
    this.#showFace(row, performance.now());
    this.draw();
  }

  /** @param {number} row */
  #bringIntoView(row) {
    const { view } = this.map;
    const [[x, y], { width, height }] = this.#besides(row);
    if (x >= 10 && y >= 10 && x <= width - 10 && y <= height - 10) return;
    const around = (/** @type {number[]} */ range, /** @type {number} */ centre) =>
      range.map((end) => centre + (end - (range[0] + range[1]) / 2));
    const place = this.#placeOf(row);
    view.show({ x: around(view.ranges.x, place[0]), y: around(view.ranges.y, place[1]) });
  }

  focus() {
    const { dom, words } = this.map;
    if (this.row === null && dom.root.dataset.hand !== "yes") dom.says.textContent = words.keysHelp;
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const direction = ARROWS[event.key];
    if (event.target !== this.map.dom.plot || event.ctrlKey || event.altKey || event.metaKey) return;
    if (!direction && !["Enter", "Escape"].includes(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
    this.map.dom.root.dataset.hand = "no";
    if (event.key === "Escape") this.highlight(null);
    else if (event.key === "Enter") this.take(this.row);
    else this.#walk(direction, event.shiftKey ? 10 * STEP : STEP);
  }

  /** @param {Pair} direction @param {number} pixels */
  #walk(direction, pixels) {
    const { map } = this;
    if (!map.drawn) return;
    const { xy, index } = map.drawn;
    const { width, height } = map.view.size;
    const middle = map.view.toPlace([width / 2, height / 2]);
    const row = this.row !== null
      ? rowTowards(xy, this.#placeOf(this.row), direction, pixels * map.view.unitsPerPixel)
      : index.nearest(...(map.marker.place ?? middle), Infinity);
    if (row < 0) return;
    this.highlight(row);
    map.dom.says.textContent = map.words.reached(called(map, row, ". "));
  }

  /** @param {WheelEvent} event */
  wheel(event) {
    // Over a map that was not asked for, the wheel scrolls the page.
    if (!event.ctrlKey && !this.map.dom.plot.contains(document.activeElement)) event.stopPropagation();
    else this.leave();
  }

  /** Put the rings where their points are. */
  draw() {
    this.#ring(this.map.dom.found, this.row);
    this.#ring(this.map.dom.hover, this.#hovered);
    const row = this.#hovered ?? this.row;
    if (row !== null) this.map.face.place(...this.#besides(row));
  }

  /**
   * @param {HTMLElement} element
   * @param {number|null} row
   */
  #ring(element, row) {
    element.hidden = row === null;
    if (row === null) return;
    const [x, y] = this.#besides(row)[0];
    element.style.transform = `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px)`;
  }
}
