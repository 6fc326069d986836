// The buttons that choose a bank, and the box that says how many of its sliders are shown.

import { make } from "../page/elements.mjs";

/** @import { Bank, Weights } from "./types.d.ts" */

const COUNTS = [6, 12, 24, 48, 96, 192];

export class BankChoice {
  #holder;
  #choose;
  /** @type {{bank: Bank, button: HTMLButtonElement}[]} */
  #offered = [];

  /**
   * @param {HTMLElement} holder
   * @param {(bank: string) => void} choose is told the key of the bank that the hand chose
   */
  constructor(holder, choose) {
    this.#holder = holder;
    this.#choose = choose;
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
      button.addEventListener("click", () => this.#choose(bank.key));
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

/**
 * Offer numbers of sliders for a bank of `total`.
 *
 * @param {HTMLSelectElement} select
 * @param {number} count how many are wanted
 * @param {number} total
 * @returns {boolean} whether there is anything to choose
 */
export function offerCounts(select, count, total) {
  const counts = COUNTS.filter((n) => n < total);
  select.replaceChildren(...[...counts, total].map((n) => new Option(n === total ? `all ${n}` : String(n), String(n))));
  select.value = String(counts.includes(count) ? count : total);
  return total > COUNTS[0];
}
