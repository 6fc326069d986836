// The map of one model becoming that of another under a slider. See message.py for what it is given.

import { fetchFile } from "../page/fetched.mjs";
import { contextOf, find } from "../page/elements.mjs";
import { heedFinger } from "../page/finger.mjs";
import { savePng } from "../page/save.mjs";
import { _, translate } from "../page/texts.mjs";
import { dotFor, paint, placesAt } from "./between.mjs";

/** @import { Component } from "../page/component.d.ts" */
/** @import { TwoMapsMessage } from "./message.d.ts" */

/** @type {WeakMap<HTMLElement, Stage>} */
const stages = new WeakMap();

/** What one component on the page shows. */
class Stage {
  /** @type {{first: Float32Array, second: Float32Array, colours: Uint8Array}|null} */
  #faces = null;
  #asked = false;
  #gone = false;

  /**
   * @param {HTMLElement} root
   * @param {TwoMapsMessage} data
   */
  constructor(root, data) {
    this.root = root;
    this.data = data;
    this.slider = find(root, "input");
    this.canvas = find(root, "canvas");
    this.picture = new ImageData(this.canvas.width, this.canvas.height);
    this.places = new Float32Array(2 * data.count);
    find(root, ".first").textContent = data.firstName;
    find(root, ".second").textContent = data.secondName;
    const names = { first: data.firstName, second: data.secondName };
    this.canvas.setAttribute("aria-label", _("The same faces on the map of {first} and on that of {second}", names));
    this.slider.oninput = () => this.show();
    const save = () => savePng(this.canvas, "facespace-two-maps", { ...names, share: Number(this.slider.value) }, this.canvas.width);
    find(root, "button").onclick = save;
    this.#open();
  }

  async #open() {
    try {
      const { first, second, colours, count } = this.data;
      const files = await Promise.all([first, second, colours].map(fetchFile));
      if (files.some((file, i) => file?.byteLength !== (i < 2 ? 8 : 3) * count)) {
        throw new Error(_("The maps could not be fetched from the server. Load the page again."));
      }
      const [a, b, c] = /** @type {ArrayBuffer[]} */ (files);
      this.#faces = { first: new Float32Array(a), second: new Float32Array(b), colours: new Uint8Array(c) };
      this.show();
    } catch (error) {
      find(this.root, ".words").textContent = /** @type {Error} */ (error).message;
    }
  }

  /** Draw at the next frame where the slider then stands. */
  show() {
    if (this.#asked) return;
    this.#asked = true;
    requestAnimationFrame(() => {
      this.#asked = false;
      if (!this.#gone) this.#draw(Number(this.slider.value));
    });
  }

  leave() {
    this.#gone = true;
  }

  /** @param {number} share */
  #draw(share) {
    if (!this.#faces) return;
    const { first, second, colours } = this.#faces;
    paint(this.picture.data, this.canvas.width, placesAt(first, second, share, this.places), colours, dotFor(this.data.count));
    contextOf(this.canvas).putImageData(this.picture, 0, 0);
    const words = wordsFor(share, this.data);
    find(this.root, ".words").textContent = words;
    this.slider.setAttribute("aria-valuetext", words);
    this.root.dataset.shown = String(share);
  }
}

/**
 * What stands on screen, in words.
 *
 * @param {number} share
 * @param {{firstName: string, secondName: string}} names
 */
function wordsFor(share, { firstName, secondName }) {
  if (share <= 0) return _("The map of {model}", { model: firstName });
  if (share >= 1) return _("The map of {model}", { model: secondName });
  return _("{share} % of the way from {first} to {second}", { share: Math.round(100 * share), first: firstName, second: secondName });
}

/** @param {Component<TwoMapsMessage>} component */
export function render({ data, parentElement }) {
  const root = find(parentElement, ".two-maps");
  const name = [data.first, data.second, data.colours, data.firstName, data.secondName].join(" ");
  if (root.dataset.name === name && stages.has(root)) return;
  if (!root.dataset.name) {
    translate(root);
    heedFinger(find(root, "input"));
  }
  stages.get(root)?.leave();
  root.dataset.name = name;
  delete root.dataset.shown;
  stages.set(root, new Stage(root, data));
}

/** @param {ParentNode} parentElement */
export function unmount(parentElement) {
  const root = /** @type {HTMLElement|null} */ (parentElement.querySelector(".two-maps"));
  if (root) stages.get(root)?.leave();
}
