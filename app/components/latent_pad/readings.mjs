// The bars beside the face: what linear probes read off the point, while it moves.

import { readings } from "./pure.mjs";

export class Readings {
  #holder;
  #probes = null;
  #bars = [];

  constructor(holder) {
    this.#holder = holder;
  }

  /** The probes to read with from now on, or null for none. */
  set probes(probes) {
    this.#holder.hidden = !probes;
    if (probes === this.#probes) return;
    this.#probes = probes;
    this.#bars = (probes?.names ?? []).map((name, i) => bar(name, probes.notes[i]));
    this.#holder.querySelector(".bars").replaceChildren(...this.#bars.map(({ element }) => element));
  }

  /** Read a point and draw what comes out. */
  show(z) {
    if (!this.#probes) return;
    readings(z, this.#probes).forEach((probability, i) => {
      const { element, value } = this.#bars[i];
      element.style.setProperty("--share", `${(100 * probability).toFixed(1)}%`);
      value.textContent = probability.toFixed(2);
    });
  }
}

function bar(name, note) {
  const element = document.createElement("li");
  element.title = note;
  const [label, rail, value] = ["name", "rail", "number"].map((className) =>
    Object.assign(document.createElement("span"), { className }),
  );
  label.textContent = name;
  rail.setAttribute("aria-hidden", "true");
  element.append(label, rail, value);
  return { element, value };
}
