// The bars beside the face: what linear probes read off the point, while it moves.

import { find, make } from "../page/elements.mjs";
import { numeral } from "../page/texts.mjs";
import { readings } from "./pure.mjs";

/** @import { Probes } from "./types.d.ts" */

export class Readings {
  #holder;
  /** @type {Probes|null} */
  #probes = null;
  /** @type {ReturnType<typeof bar>[]} */
  #bars = [];

  /** @param {HTMLElement} holder */
  constructor(holder) {
    this.#holder = holder;
  }

  /** The probes to read with from now on, or null for none. */
  set probes(/** @type {Probes|null} */ probes) {
    this.#holder.hidden = !probes;
    if (probes === this.#probes) return;
    this.#probes = probes;
    this.#bars = (probes?.names ?? []).map((name, i) => bar(name, probes?.notes[i] ?? ""));
    find(this.#holder, ".bars").replaceChildren(...this.#bars.map(({ element }) => element));
  }

  /**
   * Read a point and draw what comes out.
   *
   * @param {Float32Array} z
   */
  show(z) {
    if (!this.#probes) return;
    for (const [i, probability] of readings(z, this.#probes).entries()) {
      const { element, value } = this.#bars[i];
      element.style.setProperty("--share", `${(100 * probability).toFixed(1)}%`);
      value.textContent = numeral(probability, 2);
    }
  }
}

/**
 * @param {string} name
 * @param {string} note
 */
function bar(name, note) {
  const element = make("li", "", { title: note });
  const value = make("span", "number");
  const rail = make("span", "rail", { ariaHidden: "true" });
  element.append(make("span", "name", { textContent: name }), rail, value);
  return { element, value };
}
