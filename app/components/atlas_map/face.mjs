// The face next to the pointer, the newest wish first.

import { openDecoder } from "../decoding/decoder.mjs";
import { contextOf, find } from "../page/elements.mjs";
import { pictureOf, pictureSource } from "./drawn_pictures.mjs";

/** @import { Picture } from "../decoding/decoder.mjs" */
/** @import { MapMessage } from "./message.d.ts" */
/** @import { Pair, Size } from "./types.d.ts" */
/** @typedef {{row: number, z: Float32Array, data: MapMessage, caption: string, since: number}} Wish */

const GAP = 16; // pixels between the point and its face

/** A small card with a canvas and a caption that is moved around over the map. */
export class FaceCard {
  /** @type {Wish|null} the newest row not yet decoded */
  #wanted = null;
  #busy = false;
  /** @type {number|null} the row whose face is meant to be on screen */
  #shown = null;

  /** @param {HTMLElement} card holds a canvas and a figcaption */
  constructor(card) {
    this.card = card;
    this.canvas = find(card, "canvas");
    this.caption = find(card, "figcaption");
  }

  /**
   * Open the decoder ahead of the first face; a failure is told when a face is asked for.
   *
   * @param {string} decoderUrl
   */
  async warm(decoderUrl) {
    const opened = await openDecoder(decoderUrl).catch(() => null);
    this.card.dataset.decoder = opened ? "ready" : "missing";
  }

  /**
   * Show a row's face beside a place on the map.
   *
   * @param {Wish} face
   * @param {Pair} at pixels within the frame
   * @param {Size} frame
   */
  show(face, at, frame) {
    this.place(at, frame);
    this.caption.textContent = face.caption; // another colouring says something else of the same face
    const source = pictureSource(face.data) ?? "";
    if (this.#shown === face.row && this.card.dataset.model === source) return;
    this.#shown = face.row;
    this.card.dataset.model = source;
    this.canvas.hidden = !source;
    if (source) {
      this.#wanted = face;
      this.#work();
    } else Object.assign(this.card.dataset, { open: "yes", row: face.row });
  }

  /**
   * Move the card beside a place, on the side where there is room.
   *
   * @param {Pair} at pixels within the frame
   * @param {Size} frame
   */
  place([x, y], frame) {
    const { offsetWidth: width, offsetHeight: height } = this.card;
    const left = x + GAP + width <= frame.width ? x + GAP : x - GAP - width;
    const top = Math.min(Math.max(4, y - height / 2), frame.height - height - 4);
    this.card.style.transform = `translate(${Math.round(Math.max(4, left))}px, ${Math.round(top)}px)`;
  }

  hide() {
    this.#shown = null;
    this.#wanted = null;
    this.card.dataset.open = "no";
  }

  async #work() {
    if (this.#busy) return;
    this.#busy = true;
    while (this.#wanted) {
      const face = this.#wanted;
      this.#wanted = null;
      try {
        const picture = await pictureOf(face.data, face.row, face.z);
        if (this.#shown === face.row) this.#paint(face, picture);
      } catch (error) {
        this.caption.textContent = `${face.caption}. ${/** @type {Error} */ (error).message}`;
        this.canvas.hidden = true;
        if (this.#shown === face.row) this.card.dataset.open = "yes";
      }
    }
    this.#busy = false;
  }

  /**
   * @param {Wish} face
   * @param {Picture} picture
   */
  #paint(face, { rgba, size }) {
    this.canvas.hidden = false;
    this.canvas.width = this.canvas.height = size;
    contextOf(this.canvas).putImageData(new ImageData(rgba, size, size), 0, 0);
    this.card.dataset.open = "yes";
    this.card.dataset.row = String(face.row);
    this.card.dataset.ms = (performance.now() - face.since).toFixed(1);
  }
}
