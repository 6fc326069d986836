// Faces and names on the map. Some faces stand for all around them, more of them the closer one looks, until each dot
// that has room is a picture. They are decoded here, one at a time, and only while nobody uses the decoder for a drag.

import { make } from "../page/elements.mjs";
import { subscribe } from "../page/topics.mjs";
import { isMany } from "./dots.mjs";
import { pictureOf, pictureSource } from "./drawn_pictures.mjs";
import { keep, kept } from "./small_pictures.mjs";
import { Levels, mixedOrder, spacedAmong, withRoom } from "./spaced.mjs";

/** @import { AtlasMap } from "./map.mjs" */
/** @import { Drawn, Pair } from "./types.d.ts" */

const STEPS_ACROSS = 10; // distances between faces that the map's width has, within these limits in pixels
const LEAST = 52;
const MOST = 68;
const SIZE = 0.52; // of that distance
const CLOSE = 160; // dots in view from which on faces stand as close as their size allows
const CLOSE_SIZE = 40;
const MOST_LOOKED_AT = 20_000; // dots among which faces are chosen, of very many
const BUTTONS = { width: 176, height: 30 };
const RING = 16; // of its 22 pixels, so that it may touch a face
const NAMES_UNTIL = 5; // times the whole map; closer, a name would speak of more than is in view
const REST_MS = 120; // without a movement of the map, before faces are chosen anew
const CALM_MS = 300; // without a movement of the face, before the decoder is used for the map
const SLOW_MS = 150; // a decoder that takes longer is left to the hand

export class Landmarks {
  /** @type {Levels|null} */
  #levels = null;
  /** @type {Map<number, HTMLElement>} a frame for each row on the map */
  #frames = new Map();
  /** @type {{element: HTMLElement, x: number, y: number, width: number, height: number}[]} */
  #names = [];
  #named = "";
  #size = 0;
  /** @type {number[]} rows whose picture is still to be made */
  #queue = [];
  #working = false;
  #held = false; // a hand is on something
  #calmAt = 0;
  #over = new AbortController();
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  #resting;
  #topic = "";
  #unsubscribe = () => {};

  /** @param {AtlasMap} map */
  constructor(map) {
    this.map = map;
    const { signal } = this.#over;
    const hold = (/** @type {boolean} */ held) => () => {
      this.#held = held;
      this.#calmAt = performance.now() + CALM_MS;
    };
    window.addEventListener("pointerdown", hold(true), { signal, capture: true });
    for (const end of ["pointerup", "pointercancel"]) window.addEventListener(end, hold(false), { signal, capture: true });
    map.dom.toggle.addEventListener("click", () => {
      this.map.memory.plain = !this.map.memory.plain;
      this.follow();
    }, { signal });
  }

  /** Take over what has been drawn: other dots, colours, selection or model. */
  follow() {
    const { drawn, dom, memory } = this.map;
    const { regions, model } = drawn?.data ?? {};
    dom.toggle.hidden = !regions;
    dom.toggle.setAttribute("aria-pressed", String(!memory.plain));
    if (!drawn || !regions || memory.plain) return this.#clear();
    if (this.#topic !== model) {
      this.#unsubscribe();
      this.#topic = model ?? "";
      this.#unsubscribe = subscribe(`point:${model}`, () => {
        this.#calmAt = performance.now() + CALM_MS;
      });
    }
    const said = JSON.stringify(regions);
    if (this.#named !== said) {
      this.#named = said;
      for (const { element } of this.#names) element.remove();
      this.#names = regions.map(({ name, x, y }) => ({ x, y, width: 0, height: 0, element: make("span", "am-name", { textContent: name }) }));
      dom.faces.append(...this.#names.map(({ element }) => element));
    }
    const source = pictureSource(drawn.data) ?? "";
    if (dom.faces.dataset.decoder !== source) this.#forgetFrames(source);
    this.#choose(drawn);
  }

  /** Put each where its place is now; which there are is decided once the map rests. */
  draw() {
    if (!this.map.drawn || this.map.dom.toggle.hidden || this.map.memory.plain) return;
    this.#place();
    clearTimeout(this.#resting);
    this.#resting = setTimeout(() => this.map.drawn && this.#choose(this.map.drawn), REST_MS);
  }

  /**
   * The row whose picture is at a place within the frame, or null.
   *
   * @param {Pair} pixels
   */
  rowAt([x, y]) {
    for (const [row, { dataset }] of this.#frames) {
      if (dataset.shown !== "yes") continue;
      const [left, top] = this.#pixelsOf(row);
      if (Math.max(Math.abs(x - left), Math.abs(y - top)) <= this.#size / 2) return row;
    }
    return null;
  }

  remove() {
    this.#over.abort();
    this.#unsubscribe();
    clearTimeout(this.#resting);
    this.#queue = [];
  }

  #clear() {
    clearTimeout(this.#resting);
    this.#queue = [];
    this.#frames.clear();
    this.#names = [];
    this.#named = "";
    this.map.dom.faces.replaceChildren();
  }

  /** @param {string} source of the pictures */
  #forgetFrames(source) {
    this.map.dom.faces.dataset.decoder = source;
    for (const frame of this.#frames.values()) frame.remove();
    this.#frames.clear();
    this.#queue = [];
  }

  /** @param {Drawn} drawn */
  #choose(drawn) {
    const { view, dom, memory } = this.map;
    const { width } = view.size;
    if (!width || memory.plain || dom.toggle.hidden) return;
    const apart = Math.min(MOST, Math.max(LEAST, width / STEPS_ACROSS));
    const spacing = (apart * (view.home.x[1] - view.home.x[0])) / width;
    const close = inView(drawn.xy, view.ranges, 0, CLOSE + 1).length <= CLOSE;
    this.#size = close ? CLOSE_SIZE : Math.round(apart * SIZE);
    const level = Math.max(0, Math.round(2 * Math.log2(view.zoom))) + (close ? 1 : 0);
    this.#attach(drawn, pictureSource(drawn.data) && this.map.latents.ready ? this.#rows(drawn, spacing, level) : []);
    dom.faces.style.setProperty("--am-side", `${this.#size}px`);
    dom.root.dataset.faces = String(this.#frames.size);
    this.#place();
    this.#work(drawn);
  }

  /**
   * The rows whose faces stand on what is in view and around it.
   *
   * @param {Drawn} drawn
   * @param {number} spacing at home
   * @param {number} level of the zoom
   */
  #rows({ xy }, spacing, level) {
    const { ranges } = this.map.view;
    if (isMany(xy)) { // those of a level would be sought among all
      const near = inView(xy, ranges, 0.25, MOST_LOOKED_AT);
      const stay = inView(xy, ranges, 0.25, Infinity, this.#frames.keys());
      return spacedAmong(xy, near, spacing / 2 ** (level / 2), stay);
    }
    if (this.#levels?.xy !== xy || Math.abs(this.#levels.spacing / spacing - 1) > 0.02) this.#levels = new Levels(xy, spacing);
    const near = new Set(inView(xy, ranges, 0.25));
    return this.#levels.rows(level).filter((row) => near.has(row));
  }

  /**
   * A frame for each of these rows and for no other, in the colour of its dot.
   *
   * @param {Drawn} drawn
   * @param {number[]} rows
   */
  #attach(drawn, rows) {
    const { dom, memory } = this.map;
    const wanted = new Set(rows);
    for (const [row, frame] of this.#frames) {
      if (wanted.has(row)) continue;
      frame.remove();
      this.#frames.delete(row);
    }
    for (const row of rows) {
      const frame = this.#frames.get(row) ?? make("i", "am-landmark");
      frame.dataset.row = String(row);
      if (!this.#frames.has(row)) dom.faces.prepend(frame);
      this.#frames.set(row, frame);
      const canvas = kept(keyOf(drawn, row));
      if (canvas && frame.firstChild !== canvas) frame.replaceChildren(canvas);
      frame.style.borderColor = drawn.colours[drawn.slotOf[row]] ?? drawn.colours[0];
      frame.dataset.faded = memory.selected && !memory.selected[row] ? "yes" : "no";
    }
    this.#queue = rows.filter((row) => !kept(keyOf(drawn, row)));
  }

  #place() {
    const { view } = this.map;
    const far = view.zoom > NAMES_UNTIL;
    for (const name of this.#names) { // once: asking the page makes it lay itself out
      if (!name.width) Object.assign(name, { width: name.element.offsetWidth, height: name.element.offsetHeight });
    }
    const boxes = this.#names.map(({ width, height, ...name }) => {
      const [x, y] = view.toPixels([name.x, name.y]);
      return { x, y, width: width + 4, height: height + 2 };
    });
    const free = withRoom(boxes).map((one) => one && !far);
    const shown = [...boxes.filter((_, i) => free[i]), ...this.#taken()];
    for (const [i, { element }] of this.#names.entries()) {
      element.style.transform = `translate(-50%, -50%) translate(${boxes[i].x.toFixed(1)}px, ${boxes[i].y.toFixed(1)}px)`;
      element.toggleAttribute("data-away", !free[i]);
    }
    const side = this.#size;
    for (const [row, frame] of this.#frames) {
      const [x, y] = this.#pixelsOf(row);
      frame.style.transform = `translate(-50%, -50%) translate(${x.toFixed(1)}px, ${y.toFixed(1)}px)`;
      const room = withRoom([{ x, y, width: side, height: side }], shown)[0];
      frame.dataset.shown = room && frame.firstChild ? "yes" : "no";
    }
    this.map.dom.root.dataset.facesShown = String([...this.#frames.values()].filter(({ dataset }) => dataset.shown === "yes").length);
  }

  /** Where no face may lie: on the ring of the current face and on Plotly's buttons. */
  #taken() {
    const { marker, view } = this.map;
    const buttons = { x: view.size.width - BUTTONS.width / 2, y: BUTTONS.height / 2, ...BUTTONS };
    if (!marker.place) return [buttons];
    const [x, y] = view.toPixels(marker.place);
    return [buttons, { x, y, width: RING, height: RING }];
  }

  /** @param {number} row */
  #pixelsOf(row) {
    const xy = this.map.drawn?.xy ?? [];
    return this.map.view.toPixels([xy[2 * row], xy[2 * row + 1]]);
  }

  /** @param {Drawn} drawn */
  async #work(drawn) {
    if (this.#working) return;
    this.#working = true;
    try {
      const { data } = drawn;
      if (!data.pictures) this.map.latents.ask(this.#queue);
      for (let row = this.#queue.shift(); row !== undefined && pictureSource(data); row = this.#queue.shift()) {
        await this.#calm();
        const z = await this.map.latents.fetch(row);
        if (!z || this.#over.signal.aborted || pictureSource(this.map.drawn?.data) !== pictureSource(data)) break;
        const picture = await pictureOf(data, row, z);
        this.#frames.get(row)?.replaceChildren(keep(keyOf(drawn, row), picture));
        if (this.map.drawn) this.#place();
        if (picture.ms > SLOW_MS) this.#queue = [];
      }
    } catch (error) {
      console.warn("No more faces on the map", error); // the pad says what is wrong with the decoder
      this.#queue = [];
    }
    this.#working = false;
    if (this.#queue.length && this.map.drawn && !this.#over.signal.aborted) this.#work(this.map.drawn);
  }

  /** Wait until neither a hand nor a drag needs the decoder. */
  async #calm() {
    while (!this.#over.signal.aborted && (this.#held || performance.now() < this.#calmAt)) {
      await new Promise((done) => setTimeout(done, 50));
    }
    await new Promise((done) => {
      if (window.requestIdleCallback) window.requestIdleCallback(done, { timeout: 500 });
      else setTimeout(done);
    });
  }
}

/** @type {(drawn: Drawn, row: number) => string} */
const keyOf = ({ data }, row) => `${pictureSource(data)} ${row}`;

/**
 * Rows within the ranges, and a share of their length around them.
 *
 * @param {ArrayLike<number>} xy
 * @param {import("./types.d.ts").Ranges} ranges
 * @param {number} around
 * @param {number} [most] of very many, spread over the table
 * @param {Iterable<number>} [among] only these rows
 */
export function inView(xy, { x, y }, around, most = Infinity, among = undefined) {
  const [left, right] = [x[0] - around * (x[1] - x[0]), x[1] + around * (x[1] - x[0])];
  const [low, high] = [y[0] - around * (y[1] - y[0]), y[1] + around * (y[1] - y[0])];
  const rows = [];
  for (const row of among ?? (most < xy.length / 2 ? mixedOrder(xy.length / 2) : new Array(xy.length / 2).keys())) {
    if (xy[2 * row] < left || xy[2 * row] > right || xy[2 * row + 1] < low || xy[2 * row + 1] > high) continue;
    rows.push(row);
    if (rows.length >= most) break;
  }
  return rows;
}
