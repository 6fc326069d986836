// The ring at the current point: where Python says, and while a slider is dragged where the neighbours say.

import { subscribe } from "../page/topics.mjs";
import { nearestRows, placeAmong } from "./nearest.mjs";

const ROUNDED = 1e-3; // share by which a number of a point may differ, since directions lie rounded in the browser
const LATEST = 40; // milliseconds after which the ring moves even if the page is busy decoding

/** @import { AtlasMap } from "./map.mjs" */
/** @import { MapMessage } from "./message.d.ts" */
/** @import { Pair } from "./types.d.ts" */

export class Marker {
  /** @type {Pair|null} on the map */
  #place = null;
  /** @type {Float32Array|null} the newest point not yet placed */
  #wish = null;
  #moving = false;
  /** @type {number|null} the row that the hand has taken, which the map says is current */
  #taken = null;
  /** @type {string|null} */
  #topic = null;
  #unsubscribe = () => {};

  /** @param {AtlasMap} map */
  constructor(map) {
    this.map = map;
    this.element = map.dom.current;
  }

  /**
   * Take the point of Python's data if it is a new one, and listen for the model's point.
   *
   * @param {MapMessage} data
   */
  follow({ model, point, placed, source }) {
    const { memory } = this.map;
    if (!point) return this.#forget();
    const pointId = `${source.xy} ${point.id}`;
    const fresh = memory.pointId !== pointId && memory.pointId !== null;
    memory.pointId = pointId;
    const topic = `point:${model}`;
    if (topic !== this.#topic) this.#listen(topic);
    // A point that Python has just set is newer than the board's; at the first call the board knows better.
    if (fresh) this.#unsay(point);
    if (fresh || (!this.#place && !this.#wish)) this.#start(point, placed);
  }

  /** No point, no ring: also not where another page's point, or a photo that is gone, has been. */
  #forget() {
    const { memory, dom } = this.map;
    this.#unsubscribe();
    this.#unsubscribe = () => {};
    this.#topic = this.#place = this.#wish = null;
    memory.pointId = ""; // the next point is a new one
    delete dom.root.dataset.markerX;
    delete dom.root.dataset.markerY;
    this.draw();
  }

  /**
   * The face that was taken is current no longer: another part of the page has chosen.
   *
   * @param {NonNullable<MapMessage["point"]>} point
   */
  #unsay(point) {
    if (this.#taken === null || ("row" in point && point.row === this.#taken)) return;
    this.#taken = null;
    this.map.dom.says.textContent = "";
  }

  /** @param {string} topic */
  #listen(topic) {
    this.#unsubscribe();
    this.#topic = topic;
    this.#place = this.#wish = null;
    this.#unsubscribe = subscribe(topic, ({ z }) => this.move(z));
  }

  /**
   * @param {NonNullable<MapMessage["point"]>} point
   * @param {MapMessage["placed"]} placed where it will stand once the pad has set a link's sliders, which may take longer
   */
  #start(point, placed) {
    if (!("z" in point)) this.put(point.row);
    else if (placed && this.map.drawn) {
      this.#wish = null;
      this.#set([placed.x, placed.y]);
    } else this.move(Float32Array.from(placed?.z ?? point.z));
  }

  /**
   * The hand has taken a row.
   *
   * @param {number} row
   */
  take(row) {
    this.#taken = row;
    this.put(row);
  }

  /**
   * The place of a row, at once.
   *
   * @param {number} row
   */
  put(row) {
    if (!this.map.drawn) return;
    const { xy } = this.map.drawn;
    this.#wish = null;
    this.#set([xy[2 * row], xy[2 * row + 1]]);
  }

  /**
   * Place any latent among its neighbours: at most once a frame, after the frame's face has been painted.
   *
   * @param {Float32Array} z
   */
  move(z) {
    this.#wish = z;
    if (this.#moving) return;
    this.#moving = true;
    requestAnimationFrame(() => whenIdle(() => this.settle()));
  }

  /** Place the newest point, if the latents are there to place it by. */
  settle() {
    this.#moving = false;
    const { drawn, dom } = this.map;
    if (!this.#wish || !drawn || this.#wish.length !== drawn.data.source.dimensions) return;
    if (!drawn.mu) {
      this.#settleWithoutAll(this.#wish, drawn.data);
      return;
    }
    const started = performance.now();
    const found = nearestRows(this.#wish, drawn.mu);
    this.#wish = null;
    const rows = drawn.sampled ? found.rows.map((at) => drawn.sampled?.[at] ?? 0) : found.rows;
    this.#set(placeAmong({ ...found, rows }, drawn.xy));
    dom.root.dataset.markerMs = (performance.now() - started).toFixed(2);
  }

  /**
   * A face of the map that nobody has changed is where its dot is, and a link's point where Python has placed it; only
   * another point needs all latents.
   *
   * @param {Float32Array} z
   * @param {MapMessage} data
   */
  async #settleWithoutAll(z, { point, placed }) {
    const { latents } = this.map;
    if (!latents.ready) return;
    if (placed && isAlike(z, placed.z)) {
      this.#wish = null;
      this.#set([placed.x, placed.y]);
      return;
    }
    const row = point && "row" in point ? point.row : null;
    const own = row === null ? null : await latents.fetch(row);
    if (this.#wish !== z) return;
    if (row !== null && own?.every((value, i) => value === z[i])) this.put(row);
    else latents.all();
  }

  /** @param {Pair} place */
  #set(place) {
    this.#place = place;
    const { dataset } = this.map.dom.root;
    dataset.markerX = place[0].toFixed(4);
    dataset.markerY = place[1].toFixed(4);
    this.draw();
  }

  /** Where the ring is, or null. */
  get place() {
    return this.#place;
  }

  draw() {
    this.element.hidden = !this.#place;
    if (!this.#place || !this.map.drawn) return;
    const [x, y] = this.map.view.toPixels(this.#place);
    this.element.style.transform = `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px)`;
  }

  remove() {
    this.#unsubscribe();
    this.#wish = null;
  }
}

/**
 * Whether two points are one, worked out in Python and in the browser.
 *
 * @param {ArrayLike<number>} one
 * @param {ArrayLike<number>} other
 */
export function isAlike(one, other) {
  return one.length === other.length && Array.from(one).every((value, i) => Math.abs(value - other[i]) <= ROUNDED * (1 + Math.abs(value)));
}

/**
 * Once the page has nothing more urgent to do: decoding and painting a face come first.
 *
 * @param {() => void} work
 */
function whenIdle(work) {
  if (window.requestIdleCallback) window.requestIdleCallback(work, { timeout: LATEST });
  else setTimeout(work); // Safari: after this frame's paint
}
