// Pointing at faces: hover, click and tap, arrow keys, search by image number.

import { publish } from "../page/topics.mjs";
import { imageName, readNumber } from "./legend.mjs";
import { rowTowards } from "./nearest.mjs";

const REACH = { mouse: 12, pen: 16, touch: 24 }; // pixels around the pointer
const STILL = 5; // pixels that a click may move
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
const STEP = 6; // pixels that an arrow key moves at least; with Shift ten times as many

/** Connect the map's elements; returns the disconnection. */
export function listen(map) {
  const pointing = new Pointing(map);
  map.pointing = pointing;
  const off = new AbortController();
  const on = (element, type, handler, options = {}) =>
    element.addEventListener(type, (event) => map.drawn && handler(event), { signal: off.signal, ...options });
  const { plot, frame, search, found } = map.dom;
  on(plot, "pointermove", (event) => pointing.hover(event));
  on(plot, "pointerleave", () => pointing.leave());
  on(plot, "pointerdown", (event) => pointing.press(event), { capture: true });
  on(window, "pointermove", (event) => pointing.drag(event), { capture: true });
  on(window, "pointerup", (event) => pointing.release(event), { capture: true });
  on(window, "pointercancel", () => pointing.cancel(), { capture: true });
  on(plot, "keydown", (event) => pointing.key(event));
  on(plot, "focus", () => pointing.focus());
  on(plot, "blur", () => (map.dom.root.dataset.hand = "no"));
  on(frame, "wheel", (event) => pointing.wheel(event), { capture: true });
  on(found, "click", () => pointing.take(pointing.row));
  search.addEventListener("submit", (event) => pointing.find(event), { signal: off.signal });
  return () => off.abort();
}

class Pointing {
  row = null; // highlighted by the keyboard or the search
  #hovered = null;
  #press = null;

  constructor(map) {
    this.map = map;
  }

  #at(event) {
    const { left, top } = this.map.dom.plot.getBoundingClientRect();
    return [event.clientX - left, event.clientY - top];
  }

  #rowAt(event) {
    const { drawn, unitsPerPixel, toPlace } = this.map;
    const reach = REACH[event.pointerType] ?? REACH.mouse;
    const row = drawn.index.nearest(...toPlace(this.#at(event)), reach * unitsPerPixel);
    return row < 0 ? null : row;
  }

  hover(event) {
    const elsewhere = event.buttons || event.pointerType === "touch" || event.target.closest(".modebar");
    if (elsewhere) return this.leave();
    this.#hoverRow(this.#rowAt(event), event.timeStamp);
  }

  #hoverRow(row, since) {
    if (row === this.#hovered && row !== null) return;
    this.#hovered = row;
    this.map.dom.root.dataset.hovered = row ?? "";
    this.map.dom.plot.style.cursor = row === null ? "" : "pointer";
    if (row === null) this.#showFace(this.row, since);
    else this.#showFace(row, since);
    this.draw();
  }

  leave() {
    if (this.#hovered !== null) this.#hoverRow(null, performance.now());
  }

  #showFace(row, since) {
    const { map } = this;
    const z = row === null ? null : map.latent(row);
    const { decoderUrl } = map.drawn.data;
    if (!z || !decoderUrl) return map.face.hide();
    map.face.show({ row, z, decoderUrl, caption: map.name(row), since }, ...this.#besides(row));
  }

  /** Show the face that is pointed at, now that there are latents to decode it from. */
  refresh() {
    this.#showFace(this.#hovered ?? this.row, performance.now());
  }

  #besides(row) {
    const { drawn, dom, toPixels } = this.map;
    const frame = { width: dom.frame.clientWidth, height: dom.frame.clientHeight };
    return [toPixels([drawn.xy[2 * row], drawn.xy[2 * row + 1]]), frame];
  }

  press(event) {
    if (event.target.closest(".modebar")) return;
    this.map.dom.root.dataset.hand = "yes"; // no focus ring around the map for those who use a hand
    this.map.dom.plot.focus({ preventScroll: true });
    this.#press = { at: this.#at(event), id: event.pointerId, moved: false };
    this.leave();
  }

  /** A press that has gone away and come back, as a lasso does, is not a click. */
  drag(event) {
    if (!this.#press || this.#press.moved) return;
    const [x, y] = this.#at(event);
    this.#press.moved = Math.hypot(x - this.#press.at[0], y - this.#press.at[1]) > STILL;
  }

  cancel() {
    this.#press = null;
  }

  release(event) {
    const press = this.#press;
    this.#press = null;
    if (!press || press.moved || press.id !== event.pointerId || event.button > 0) return;
    const row = this.#rowAt(event);
    if (row === null) return this.highlight(null);
    this.highlight(event.pointerType === "mouse" ? null : row); // a finger cannot hover: its face stays open
    this.take(row);
  }

  /** Make a face the current one: on this page at once, and in Python. */
  take(row) {
    const { map } = this;
    if (row === null) return;
    const z = map.latent(row);
    if (z) publish(`point:${map.drawn.data.model}`, { z, source: "map" });
    map.marker.put(row);
    map.dom.says.textContent = `${map.name(row)} is the current face.`;
    map.component.setTriggerValue("clicked", row);
  }

  /** Ring a row and show its face until something else is pointed at; null lets go. */
  highlight(row) {
    this.row = row;
    this.#hovered = null;
    this.map.dom.root.dataset.highlighted = row ?? "";
    if (row !== null) {
      this.map.dom.found.setAttribute("aria-label", `Make ${this.map.name(row)} the current face`);
      this.#bringIntoView(row);
    }
    this.#showFace(row, performance.now());
    this.draw();
  }

  #bringIntoView(row) {
    const { map } = this;
    const [[x, y], { width, height }] = this.#besides(row);
    if (x >= 10 && y >= 10 && x <= width - 10 && y <= height - 10) return;
    const ranges = map.ranges();
    const around = (range, centre) => range.map((end) => centre + (end - (range[0] + range[1]) / 2));
    const view = [around(ranges.x, map.drawn.xy[2 * row]), around(ranges.y, map.drawn.xy[2 * row + 1])];
    window.Plotly.relayout(map.dom.plot, { "xaxis.range": view[0], "yaxis.range": view[1] });
  }

  focus() {
    if (this.row === null && this.map.dom.root.dataset.hand !== "yes") {
      this.map.dom.says.textContent =
        "Arrow keys move from face to face (with Shift in larger steps), Enter takes the face.";
    }
  }

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

  #walk(direction, pixels) {
    const { map } = this;
    const { xy, index } = map.drawn;
    const { width, height } = this.#besides(0)[1];
    const middle = map.toPlace([width / 2, height / 2]);
    const from = this.row === null ? null : [xy[2 * this.row], xy[2 * this.row + 1]];
    const row = from
      ? rowTowards(xy, from, direction, pixels * map.unitsPerPixel)
      : index.nearest(...(map.marker.place ?? middle), Infinity);
    if (row < 0) return;
    this.highlight(row);
    map.dom.says.textContent = `${map.name(row)}. Enter makes it the current face.`;
  }

  wheel(event) {
    // Over a map that was not asked for, the wheel scrolls the page.
    if (!event.ctrlKey && !this.map.dom.plot.contains(document.activeElement)) event.stopPropagation();
    else this.leave();
  }

  find(event) {
    event.preventDefault();
    const { map } = this;
    if (!map.drawn) return;
    const number = readNumber(map.dom.input.value);
    const row = map.drawn.image.indexOf(number);
    if (Number.isNaN(number)) map.dom.says.textContent = "Type an image number, such as 182638.";
    else if (row < 0) map.dom.says.textContent = `There is no image ${imageName(number)} on this map.`;
    else map.dom.says.textContent = `${map.name(row)} is ringed. Click the ring to make it the current face.`;
    this.highlight(row < 0 ? null : row);
  }

  /** Put the rings where their points are. */
  draw() {
    this.#ring(this.map.dom.found, this.row);
    this.#ring(this.map.dom.hover, this.#hovered);
    const row = this.#hovered ?? this.row;
    if (row !== null) this.map.face.place(...this.#besides(row));
  }

  #ring(element, row) {
    element.hidden = row === null;
    if (row === null) return;
    const [x, y] = this.#besides(row)[0];
    element.style.transform = `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px)`;
  }
}
