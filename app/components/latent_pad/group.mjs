// Pads of one group move their sliders together.

import { publish, subscribe } from "../page/topics.mjs";

/** @import { Weights } from "./types.d.ts" */

export class Group {
  #root;
  #follow;
  /** @type {string|null} */
  #name = null;
  #leave = () => {};

  /**
   * @param {HTMLElement} root of the pad, which does not follow itself
   * @param {(weights: Weights, done: boolean) => void} follow is told where another pad is, and whether its hand let go
   */
  constructor(root, follow) {
    this.#root = root;
    this.#follow = follow;
  }

  /**
   * Move with the pads of this group; a pad that comes later takes over where they are.
   *
   * @param {string|null} name null for no group
   */
  join(name) {
    if (name === this.#name) return;
    this.#leave();
    this.#name = name;
    this.#leave = () => {};
    if (!name) return;
    this.#leave = subscribe(`weights:${name}`, ({ from, weights, done }) => {
      if (from !== this.#root) this.#follow(weights, done);
    });
  }

  /**
   * Tell the others where this pad is.
   *
   * @param {Weights} weights
   * @param {boolean} done whether the hand has let go
   */
  lead(weights, done) {
    if (this.#name) publish(`weights:${this.#name}`, { from: this.#root, weights, done });
  }
}
