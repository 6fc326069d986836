// What the learned prior is asked for: attributes with and without, and how much they count (app/controls/prior_wish.py).

import { find, make } from "../page/elements.mjs";
import { _ } from "../page/texts.mjs";
import { keyOf, LEARNED, wishOf } from "./wish.mjs";

/** @import { PriorMessage } from "./message.d.ts" */

const SIDES = /** @type {const} */ (["with", "without"]);

export class WishPanel {
  #root = find(document, "#wish");
  #guidance = /** @type {HTMLInputElement} */ (find(this.#root, "#guidance"));
  #prior;

  /**
   * @param {PriorMessage} prior
   * @param {() => void} onChange
   */
  constructor(prior, onChange) {
    this.#prior = prior;
    for (const side of SIDES) find(this.#root, `#${side} div`).append(...Object.entries(prior.offered).map(boxOf));
    this.follow(LEARNED);
    this.#root.addEventListener("change", () => {
      this.#say();
      onChange();
    });
  }

  /** @param {boolean} wanted */
  show(wanted) {
    this.#root.hidden = !wanted;
  }

  /**
   * Take over a wish.
   *
   * @param {string} key of the learned prior
   */
  follow(key) {
    const { attributes, guidance } = wishOf(key) ?? { attributes: {}, guidance: null };
    for (const [i, side] of SIDES.entries()) for (const box of this.#boxes(side)) box.checked = attributes[box.value] === 1 - i;
    this.#guidance.valueAsNumber = guidance ?? this.#prior.guidance;
    this.#say();
  }

  /** The sampler's key that holds the wish. */
  get key() {
    const [wanted, unwanted] = SIDES.map((side) => this.#boxes(side).filter(({ checked }) => checked).map(({ value }) => value));
    const without = unwanted.filter((name) => !wanted.includes(name));
    const attributes = Object.fromEntries([...wanted.map((name) => [name, 1]), ...without.map((name) => [name, 0])]);
    const guidance = this.#guidance.valueAsNumber;
    const usual = !Object.keys(attributes).length && guidance === this.#prior.guidance;
    return usual ? LEARNED : keyOf({ attributes, guidance });
  }

  /** @param {string} side */
  #boxes(side) {
    return [.../** @type {NodeListOf<HTMLInputElement>} */ (this.#root.querySelectorAll(`#${side} input`))];
  }

  #say() {
    const [wanted, unwanted] = SIDES.map((side) => this.#boxes(side).filter(({ checked }) => checked));
    find(this.#root, "#with .chosen").textContent = namesOf(wanted);
    find(this.#root, "#without .chosen").textContent = namesOf(unwanted);
    find(this.#root, "#counts").textContent = this.#guidance.value;
    const both = wanted.find(({ value }) => unwanted.some((other) => other.value === value));
    const sentence = both
      ? _("{attribute} cannot be asked for with and without; it is asked for.", { attribute: namesOf([both]) })
      : "";
    find(this.#root, "#both").textContent = sentence;
  }
}

/** @param {HTMLInputElement[]} boxes */
const namesOf = (boxes) => boxes.map((box) => box.parentElement?.textContent?.trim()).join(", ");

/** @param {[string, string]} attribute its key and what it is called */
function boxOf([key, name]) {
  const label = make("label");
  label.append(make("input", "", { type: "checkbox", value: key }), ` ${name}`);
  return label;
}
