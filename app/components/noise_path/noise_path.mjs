// The way from noise to a face: faces decoded here for any time between the two. See message.py for what it is given.

import { openDecoder } from "../decoding/decoder.mjs";
import { contextOf, find, make } from "../page/elements.mjs";
import { heedFinger } from "../page/finger.mjs";
import { fileName, inRows } from "../page/pictures.mjs";
import { savePng } from "../page/save.mjs";
import { _, translate } from "../page/texts.mjs";
import { placeAt, pointAt, timeOf, wordsFor } from "./between.mjs";

/** @import { Component } from "../page/component.d.ts" */
/** @import { Decoder } from "../decoding/decoder.mjs" */
/** @import { PathMessage } from "./message.d.ts" */

const COLUMNS = 4; // as in the style sheet
const [LENGTH, REST] = [4, 0.8]; // seconds of one way, and at each end

/** @type {WeakMap<HTMLElement, Stage>} */
const stages = new WeakMap();

/** What one component on the page shows. */
class Stage {
  /** @type {Float32Array|null} */
  #points = null;
  /** @type {Decoder|null} */
  #decoder = null;
  #drawing = false;
  #wanted = 1;
  #painted = 0;
  /** @type {number|null} milliseconds at which it would have begun to play at noise */
  #began = null;
  #gone = false;
  /** @type {HTMLImageElement} */
  #crowd;

  /**
   * @param {HTMLElement} root
   * @param {PathMessage} data
   */
  constructor(root, data) {
    translate(root);
    this.root = root;
    this.data = data;
    this.slider = find(root, "input");
    this.button = find(root, "button");
    const faces = find(root, ".faces");
    faces.setAttribute("aria-label", data.label);
    faces.classList.toggle("alone", data.draws === 1);
    this.canvases = Array.from({ length: data.draws }, () =>
      make("canvas", "", { width: data.side, height: data.side }),
    );
    faces.replaceChildren(...this.canvases);
    find(root, ".map").setAttribute("aria-label", _("Where the draws lie on the map of encoded faces"));
    this.#crowd = make("img", "", { src: data.crowd, onload: () => this.#map(this.#wanted) });
    this.slider.value = "1";
    this.slider.oninput = () => {
      this.stop();
      this.show(Number(this.slider.value));
    };
    this.button.onclick = () => (this.#began === null ? this.play() : this.stop());
    find(root, ".save").onclick = () => this.#save();
    this.show(1);
    this.#open();
  }

  /** The faces as they stand, in rows as on the screen. */
  #save() {
    const { side, draws, label } = this.data;
    const sheet = inRows(this.canvases, this.canvases.map(() => [side, side]), Math.min(draws, COLUMNS));
    const facts = { page: location.href, pictures: [label], time: Number(this.slider.value) };
    savePng(sheet, fileName(location, label), facts, sheet.width);
  }

  async #open() {
    try {
      const [decoder, response] = await Promise.all([openDecoder(this.data.decoder), fetch(this.data.points)]);
      if (!response.ok) throw new Error(_("The points could not be fetched from the server. Load the page again."));
      this.#points = new Float32Array(await response.arrayBuffer());
      this.#decoder = decoder;
      this.#draw();
    } catch (error) {
      find(this.root, ".words").textContent = /** @type {Error} */ (error).message;
    }
  }

  /** @param {number} time */
  show(time) {
    this.#wanted = time;
    const words = wordsFor(time, this.data);
    find(this.root, ".words").textContent = words;
    this.slider.setAttribute("aria-valuetext", words);
    this.#map(time);
    this.#draw();
  }

  play() {
    const time = Number(this.slider.value) < 1 ? Number(this.slider.value) : 0;
    this.#began = performance.now() - 1000 * LENGTH * time;
    this.button.textContent = _("Pause");
    const tick = () => {
      if (this.#began === null || this.#gone) return;
      const now = timeOf((performance.now() - this.#began) / 1000, LENGTH, REST);
      this.slider.value = String(now);
      if (now !== this.#wanted) this.show(now);
      requestAnimationFrame(tick);
    };
    tick();
  }

  stop() {
    this.#began = null;
    this.button.textContent = _("Play");
  }

  leave() {
    this.#gone = true;
    this.stop();
  }

  /** Decode the draws for the wanted time, and again while it has moved on; one round is in flight. */
  async #draw() {
    if (this.#drawing || !this.#decoder || !this.#points) return;
    this.#drawing = true;
    try {
      for (let time = Number.NaN; time !== this.#wanted && !this.#gone; ) {
        time = this.#wanted;
        for (const [i, canvas] of this.canvases.entries()) {
          const { rgba, size } = await this.#decoder.decode(pointAt(this.#points, this.data, i, time));
          if (this.#gone) return;
          contextOf(canvas).putImageData(new ImageData(rgba, size, size), 0, 0);
          this.root.dataset.painted = String(++this.#painted);
        }
        this.root.dataset.shown = String(time);
      }
    } catch (error) {
      find(this.root, ".words").textContent = /** @type {Error} */ (error).message;
    } finally {
      this.#drawing = false;
    }
  }

  /** @param {number} time */
  #map(time) {
    const canvas = /** @type {HTMLCanvasElement} */ (find(this.root, ".map"));
    const [context, side] = [contextOf(canvas), canvas.width];
    context.clearRect(0, 0, side, side);
    if (this.#crowd.complete && this.#crowd.naturalWidth) context.drawImage(this.#crowd, 0, 0, side, side);
    for (let i = 0; i < this.data.draws; i++) {
      const [x, y] = placeAt(this.data.places, this.data, i, time);
      context.beginPath();
      context.arc(x * side, (1 - y) * side, 7, 0, 2 * Math.PI);
      context.fillStyle = "#e07a2f";
      context.fill();
      context.lineWidth = 2;
      context.strokeStyle = "white";
      context.stroke();
    }
  }
}

/** @param {Component<PathMessage>} component */
export function render({ data, parentElement }) {
  const root = find(parentElement, ".noise-path");
  if (root.dataset.name === data.name && stages.has(root)) return;
  if (!root.dataset.name) heedFinger(find(root, "input"));
  stages.get(root)?.leave();
  root.dataset.name = data.name;
  delete root.dataset.shown;
  stages.set(root, new Stage(root, data));
}

/** @param {ParentNode} parentElement */
export function unmount(parentElement) {
  const root = /** @type {HTMLElement|null} */ (parentElement.querySelector(".noise-path"));
  if (root) stages.get(root)?.leave();
}
