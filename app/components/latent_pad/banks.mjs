// The buttons that choose a bank, and the box that says how many of its sliders are shown.

import { find, make } from "../page/elements.mjs";
import { _ } from "../page/texts.mjs";

/** @import { Bank, Weights } from "./types.d.ts" */

const COUNTS = [6, 12, 24, 48, 96, 192];

export class BankChoice {
  #root;
  #holder;
  #on;
  /** @type {{bank: Bank, button: HTMLButtonElement}[]} */
  #offered = [];

  /**
   * @param {HTMLElement} root of the pad
   * @param {{bank: (bank: string) => void, count: (count: number) => void}} on is told what the hand chose: the key of a
   *   bank, how many sliders are shown
   */
  constructor(root, on) {
    this.#root = root;
    this.#holder = find(root, ".banks");
    this.#on = on;
    const select = find(root, "select");
    select.addEventListener("change", () => on.count(Number(select.value)));
  }

  /**
   * Offer numbers of sliders for a bank of `total`, where there is anything to choose.
   *
   * @param {number} count how many are wanted
   * @param {number} total
   */
  offerCounts(count, total) {
    const counts = COUNTS.filter((n) => n < total);
    const select = find(this.#root, "select");
    select.replaceChildren(...[...counts, total].map((n) => new Option(n === total ? _("all {count}", { count: n }) : String(n), String(n))));
    select.value = String(counts.includes(count) ? count : total);
    find(this.#root, ".count").hidden = total <= COUNTS[0];
  }

  /**
   * Offer these banks; one alone needs no button.
   *
   * @param {Bank[]} banks
   */
  draw(banks) {
    this.#holder.hidden = banks.length < 2;
    this.#offered = banks.map((bank) => {
      const button = make("button", "", { type: "button" });
      button.dataset.bank = bank.key;
      button.addEventListener("click", () => this.#on.bank(bank.key));
      return { bank, button };
    });
    this.#holder.replaceChildren(...this.#offered.map(({ button }) => button));
  }

  /**
   * Mark the bank on screen, and say of each how many of its sliders are moved.
   *
   * @param {Bank|undefined} onScreen
   * @param {Weights} weights
   */
  mark(onScreen, weights) {
    for (const { bank, button } of this.#offered) {
      const moved = bank.directions.filter(({ key }) => key in weights).length;
      button.textContent = moved ? `${bank.name} \u00b7 ${moved}` : bank.name;
      button.setAttribute("aria-pressed", String(bank === onScreen));
    }
  }
}
