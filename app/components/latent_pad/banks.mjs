// The buttons that choose a bank, and the box that says how many of its sliders are shown.

import { find, make } from "../page/elements.mjs";
import { _ } from "../page/texts.mjs";

/** @import { Bank, Weights } from "./types.d.ts" */

const COUNTS = [6, 12, 24, 48, 96, 192];
const MARKED = _("At the marks, 50 % and 90 % of faces read as having it.");
const ZERO = _("0 is the face as it is.");
const READ = _("The marks were measured on held-out faces without the attribute, by a classifier that looks at the decoded pictures. Where one is missing, fewer do, however far the slider goes.");
/** @type {Record<string, string>} what the sliders of a bank are, for those to whom its name says nothing */
const ABOUT = {
  dimensions: _("Each slider is one of the numbers that are this face, those that change the picture most first. One number alone stands for nothing that has a name. KL, where it is given, is how much the encoder tells by it."),
  principal: _("Each slider moves many of the numbers together, in the directions in which faces differ most (principal components). The percentage is how much of all differences lies along it."),
  morphs: _("Each slider leads from this face to another one: 1 is there."),
  noise: _("A VAE\u2019s encoder gives a face no single point but a small cloud of them, its posterior. Each slider goes from the middle of this face\u2019s cloud to a point drawn from it by chance: up to 1 it should stay the same person."),
};

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
    find(this.#root, ".about-marks").textContent = onScreen ? aboutMarks(onScreen) : "";
    find(this.#root, ".about-bank").textContent = onScreen ? aboutBank(onScreen) : "";
    for (const { bank, button } of this.#offered) {
      const moved = bank.directions.filter(({ key }) => key in weights).length;
      button.textContent = moved ? `${bank.name} \u00b7 ${moved}` : bank.name;
      button.setAttribute("aria-pressed", String(bank === onScreen));
    }
  }
}

/** @param {Pick<Bank, "directions">} bank */
const isMarked = ({ directions }) => directions.some(({ marks }) => marks?.length);

/**
 * What the marks under its sliders say, in a line that stands above them; empty where they have none.
 *
 * @param {Bank} bank
 */
export function aboutMarks(bank) {
  return isMarked(bank) ? MARKED : "";
}

/**
 * What its sliders are, where its name and theirs do not say it.
 *
 * @param {Bank} bank
 */
export function aboutBank(bank) {
  if (ABOUT[bank.key] || !isMarked(bank)) return ABOUT[bank.key] ?? "";
  const fromZero = bank.directions.every(({ start }) => start === 0); // on Edit they start where the face is
  return fromZero ? `${ZERO} ${READ}` : READ;
}
