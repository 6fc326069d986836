// How a decoder keeps up with the hand. A large one takes so long that a drag would show two faces late instead of
// many; then the face is drawn when the hand rests or lets go, and the pad says so.

import { _ } from "../page/texts.mjs";

export const SLOW_MS = 150;
const PAUSE_MS = 200; // a hand that holds still for so long wants to see something
const REMEMBERED = 3; // decodes; a single long one may be another program's fault

export const NOTE = _("Too slow to follow your hand: the face is drawn when you pause or let go.");

/** @typedef {(z: Float32Array, at: number) => void} Draw */

export class Pace {
  #draw;
  /** @type {number[]} milliseconds of the last decodes */
  #took = [];
  /** @type {{z: Float32Array, at: number}|null} the point that waits for the hand to rest */
  #held = null;
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  #timer;

  /** @param {Draw} draw decodes a point and shows it */
  constructor(draw) {
    this.#draw = draw;
  }

  /** Whether the last decodes all took too long; the first one alone does not tell, since it makes the decoder ready. */
  get slow() {
    return this.#took.length > 1 && Math.min(...this.#took) > SLOW_MS;
  }

  /** @param {number} ms that a decode took */
  took(ms) {
    this.#took = [...this.#took, ms].slice(-REMEMBERED);
  }

  /** Forget what is known: another decoder takes over. */
  renew() {
    this.drop();
    this.#took = [];
  }

  /**
   * A point on the hand's way: drawn at once where the decoder keeps up.
   *
   * @param {Float32Array} z
   * @param {number} at when the hand asked for it
   */
  move(z, at) {
    clearTimeout(this.#timer);
    if (!this.slow) {
      this.#held = null;
      this.#draw(z, at);
      return;
    }
    this.#held = { z, at };
    this.#timer = setTimeout(() => this.rest(), PAUSE_MS);
  }

  /** The hand let go: what was held back is drawn now. */
  rest() {
    const held = this.#held;
    this.drop();
    if (held) this.#draw(held.z, held.at);
  }

  /** Something else is shown instead. */
  drop() {
    clearTimeout(this.#timer);
    this.#held = null;
  }
}
