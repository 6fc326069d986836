// A photo with the faces found in it and three marks on the chosen one, which a hand or the arrow keys can move.
// See message.py for what it is given. Python hears of a mark when the hand lets go of it.

import { find, make } from "../page/elements.mjs";
import { _, translate } from "../page/texts.mjs";
import * as pure from "./pure.mjs";

/** @import { Component } from "../page/component.d.ts" */
/** @import { MarksMessage, MovedMarks } from "./message.d.ts" */
/** @import { Pair, View } from "./pure.mjs" */

const KEY_PAUSE_MS = 400; // arrow keys tell Python when they rest, not at each press
const PLACING = _("Put the rings on the two eyes and on the middle of the mouth, then press the button.");
const FOUND = _("The rings are the two eyes and the middle of the mouth. Drag one, or press arrow keys on it, to correct it.");
const CHOICE = _("Click a frame to choose another face.");
const APART = _("The three rings must lie apart like two eyes and a mouth.");

/** @type {WeakMap<object, Marks>} by parent element */
const shown = new WeakMap();

/**
 * Draw, or take over new data.
 *
 * @param {Component<MarksMessage>} component
 */
export function render(component) {
  const { parentElement } = component;
  if (!shown.has(parentElement)) translate(find(parentElement, ".face-marks"));
  const marks = shown.get(parentElement) ?? new Marks(find(parentElement, ".face-marks"), component);
  shown.set(parentElement, marks);
  marks.update(component);
}

/**
 * Forget the element, and what was not told yet goes to Python.
 *
 * @param {object} parentElement
 */
export function unmount(parentElement) {
  shown.get(parentElement)?.flush();
  shown.delete(parentElement);
}

class Marks {
  #root;
  #find;
  #data;
  /** @type {MarksMessage|null} what was drawn last */
  #drawn = null;
  /** @type {(name: "face"|"marks", value: number|MovedMarks) => void} */
  #tell = () => {};
  /** @type {Pair[]} of the three marks */
  #places = [];
  #zoom = 1;
  /** @type {View} */
  #view = { x: 0, y: 0, width: 1, height: 1 };
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  #timer;
  #handles;
  /** @type {HTMLButtonElement[]} */
  #frames = [];

  /**
   * @param {HTMLElement} root
   * @param {Component<MarksMessage>} component
   */
  constructor(root, { data }) {
    this.#root = root;
    this.#data = data;
    this.#find = (/** @type {string} */ selector) => find(root, selector);
    this.#handles = pure.NAMES.map((name, i) => this.#handle(name, i));
    this.#find(".view").append(...this.#handles);
    this.#find(".closer").addEventListener("click", () => this.#zoomTo(pure.nextZoom(this.#zoom, 1)));
    this.#find(".farther").addEventListener("click", () => this.#zoomTo(pure.nextZoom(this.#zoom, -1)));
    this.#find(".use").addEventListener("click", () => this.#commit(true));
    this.#find(".again").addEventListener("click", () => {
      this.#forgetTimer();
      this.#tell("face", this.#data.chosen ?? 0);
    });
  }

  /**
   * Take over what Python sent; a new photo, face or set of marks starts afresh. Marks that answer what arrow keys did
   * some presses ago do not: what they have done since is told once they rest.
   *
   * @param {Component<MarksMessage>} component
   */
  update({ data, setTriggerValue }) {
    const before = this.#drawn;
    this.#drawn = data;
    if (before && before.photo !== data.photo) this.#forgetTimer();
    this.#tell = setTriggerValue;
    this.#data = data;
    const signature = JSON.stringify([data.photo, data.chosen, data.marks]);
    if (this.#root.dataset.signature === signature) return;
    this.#root.dataset.signature = signature;
    const another = before?.photo !== data.photo || before?.chosen !== data.chosen;
    if (another || !this.#timer) this.#places = data.marks.map((mark) => [...mark]);
    if (another) {
      this.#zoom = data.placing ? 1 : Math.min(pure.zoomFor(this.#places, data.size), data.faces.length > 1 ? 1 : 2);
    }
    this.#drawPhoto(before?.photo !== data.photo);
    this.#drawFrames();
    this.#zoomTo(this.#zoom);
    this.#find(".use").hidden = !data.placing;
    this.#find(".again").hidden = !data.byHand || !data.faces.length;
    this.#say(data.placing ? PLACING : data.faces.length > 1 ? `${CHOICE} ${FOUND}` : FOUND);
    this.#root.dataset.state = "ready";
  }

  flush() {
    if (this.#timer) this.#commit();
  }

  /** @param {boolean} fresh whether it is another photo */
  #drawPhoto(fresh) {
    const { size, picture, name } = this.#data;
    const view = this.#find(".view");
    view.style.setProperty("--across", String(size[0] / size[1]));
    if (!fresh) return;
    const image = find(this.#root, "img");
    image.src = picture;
    image.alt = _("Your photo {name}", { name });
  }

  #drawFrames() {
    const { faces, chosen } = this.#data;
    for (const frame of this.#frames) frame.remove();
    this.#frames = faces.length < 2 ? [] : faces.map((_box, i) => {
      const title = _("Face {number} of {count}", { number: i + 1, count: faces.length });
      const frame = make("button", "frame", { type: "button", title });
      frame.setAttribute("aria-label", title);
      frame.setAttribute("aria-pressed", String(i === chosen));
      frame.addEventListener("click", () => i !== this.#data.chosen && this.#tell("face", i));
      return frame;
    });
    this.#find("img").after(...this.#frames);
  }

  /** @param {number} zoom */
  #zoomTo(zoom) {
    const { size } = this.#data;
    this.#zoom = zoom;
    this.#view = pure.viewOf(zoom, pure.middle(this.#places), size);
    const [left, top] = pure.toPercent([0, 0], this.#view);
    Object.assign(this.#find("img").style, { left: `${left}%`, top: `${top}%`, width: `${100 * zoom}%` });
    for (const [name, way] of /** @type {const} */ ([["closer", 1], ["farther", -1]])) {
      const button = /** @type {HTMLButtonElement} */ (this.#find(`.${name}`));
      button.disabled = pure.nextZoom(zoom, way) === zoom;
    }
    for (const [i, frame] of this.#frames.entries()) this.#placeFrame(frame, this.#data.faces[i]);
    this.#place();
  }

  /**
   * @param {HTMLElement} frame
   * @param {number[]} box
   */
  #placeFrame(frame, [x0, y0, x1, y1]) {
    const [left, top] = pure.toPercent([x0, y0], this.#view);
    const [right, bottom] = pure.toPercent([x1, y1], this.#view);
    Object.assign(frame.style, {
      left: `${left}%`, top: `${top}%`, width: `${right - left}%`, height: `${bottom - top}%`,
    });
  }

  #place() {
    for (const [i, handle] of this.#handles.entries()) {
      const [left, top] = pure.toPercent(this.#places[i], this.#view);
      Object.assign(handle.style, { left: `${left}%`, top: `${top}%` });
      handle.setAttribute("aria-label", pure.label(i, this.#places[i]));
    }
  }

  /**
   * @param {string} name
   * @param {number} i
   */
  #handle(name, i) {
    const handle = make("button", "mark", { type: "button", title: name });
    handle.dataset.mark = String(i);
    const lines = this.#find(".view");
    /** @type {Pair|null} */
    let grip = null; // from the mark to the finger, so that it does not jump under it
    handle.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      handle.setPointerCapture(event.pointerId);
      const at = this.#under(event);
      grip = [this.#places[i][0] - at[0], this.#places[i][1] - at[1]];
    });
    handle.addEventListener("pointermove", (event) => {
      if (!grip) return;
      const [x, y] = this.#under(event);
      this.#places[i] = pure.inside([x + grip[0], y + grip[1]], this.#data.size);
      this.#place();
    });
    for (const end of ["pointerup", "pointercancel"]) {
      handle.addEventListener(end, () => {
        if (grip) this.#commit();
        grip = null;
      });
    }
    handle.addEventListener("keydown", (event) => {
      const step = this.#view.width / lines.clientWidth;
      const moved = pure.nudge(this.#places[i], event.key, step, event.shiftKey, this.#data.size);
      if (!moved) return;
      event.preventDefault();
      this.#places[i] = moved;
      this.#place();
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#commit(), KEY_PAUSE_MS);
    });
    return handle;
  }

  /** @param {PointerEvent} event */
  #under(event) {
    return pure.toPlace(event, this.#find(".view").getBoundingClientRect(), this.#view, this.#data.size);
  }

  #forgetTimer() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /**
   * Tell Python, but while the marks are being placed only when the hand says that they are right.
   *
   * @param {boolean} done whether the hand says so
   */
  #commit(done = false) {
    this.#forgetTimer();
    if (this.#data.placing && !done) return;
    if (!pure.plausible(this.#places)) {
      this.#say(APART);
      return;
    }
    const { photo, marks } = this.#data;
    const moved = this.#places.some((place, i) => place.some((value, j) => Math.abs(value - marks[i][j]) > 1e-3));
    if (!moved && !done) return;
    this.#tell("marks", { photo, places: this.#places });
  }

  /** @param {string} words */
  #say(words) {
    this.#find(".says").textContent = words;
  }
}
