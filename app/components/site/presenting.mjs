// Presenter mode of a chapter without a server: the app's own bar, with the address and the other chapters' pages in place of
// what the app's script answers (app/views/lesson/presenter.py).

import { find, make } from "../page/elements.mjs";
import * as presenter from "../presenter/presenter.mjs";

/** @import { ShownStep } from "../presenter/message.d.ts" */
/** @typedef {{key: string, title: string, steps: string, notes: string}} ChapterFacts how the classes of its steps begin, and where the
 *   speaker's notes are */

const PRESENT = "present"; // the parameter of the address: the step, counted from 1, or "last"
const LAST = 99;

export class Presenting {
  #chapter;
  #main;
  #onChange;
  #onStep;
  /** @type {HTMLElement[]} what the mode adds to the page */
  #added = [];

  /**
   * @param {ChapterFacts} chapter
   * @param {HTMLElement} main
   * @param {() => void} onChange is told when the mode begins and ends
   * @param {(step: number) => void} onStep is told which step is shown, counted from 0
   */
  constructor(chapter, main, onChange, onStep) {
    this.#chapter = chapter;
    this.#main = main;
    this.#onChange = onChange;
    this.#onStep = onStep;
    find(main, "#present").addEventListener("click", () => this.#begin(0));
    const asked = new URLSearchParams(window.location.search).get(PRESENT);
    if (asked) this.#begin(stepOf(asked));
  }

  /** @param {number} step */
  #begin(step) {
    const style = /** @type {HTMLTemplateElement} */ (find(document, "#presenting"));
    const shell = /** @type {HTMLTemplateElement} */ (find(document, "#part-presenter"));
    const sheet = make("div");
    sheet.append(style.content.cloneNode(true));
    const host = make("div");
    const root = host.attachShadow({ mode: "open" });
    root.append(shell.content.cloneNode(true));
    document.body.append(sheet, host);
    this.#added = [sheet, host];
    this.#main.dataset.testid = "stMain"; // the names that the app's style sheet knows
    this.#main.classList.add("stMainBlockContainer");
    const [before, behind] = [this.#beside("prev"), this.#beside("next")];
    const { key, title, steps } = this.#chapter;
    presenter.render(/** @type {any} */ ({
      data: { base: "", prefix: steps, chapter: key, title, step, turn: 0, tall: innerHeight, first: !before, last: !behind },
      parentElement: root,
      setStateValue: (/** @type {string} */ _name, /** @type {ShownStep} */ shown) => {
        write(String(shown.step + 1));
        this.#onStep(shown.step);
      },
      setTriggerValue: (/** @type {string} */ _name, /** @type {string} */ go) => {
        if (go === "leave") this.#leave();
        else if (go === "next" && behind) window.location.href = addressOf(behind, "1");
        else if (go === "back" && before) window.location.href = addressOf(before, "last");
      },
    }));
    const notes = /** @type {HTMLAnchorElement} */ (find(root, ".notes"));
    const plan = new URLSearchParams(window.location.search).get("plan");
    notes.href = `${this.#chapter.notes}${plan ? `?plan=${plan}` : ""}#${key}`;
    write(step === LAST ? "last" : String(step + 1));
    this.#onStep(step);
    this.#onChange();
  }

  /** The link to another chapter of the plan. @param {"prev"|"next"} rel */
  #beside(rel) {
    return /** @type {HTMLAnchorElement|null} */ (this.#main.querySelector(`nav.chapters:not([hidden]) a[rel=${rel}]`));
  }

  #leave() {
    presenter.unmount();
    for (const one of this.#added) one.remove();
    delete this.#main.dataset.testid;
    this.#main.classList.remove("stMainBlockContainer");
    write(null);
    this.#onChange();
  }
}

/**
 * The step that an address asks for, counted from 0.
 *
 * @param {string} asked
 */
export function stepOf(asked) {
  if (asked === "last") return LAST;
  return /^\d{1,2}$/.test(asked) ? Math.max(0, Number(asked) - 1) : 0;
}

/**
 * @param {HTMLAnchorElement} link
 * @param {string} step
 */
function addressOf({ href }, step) {
  const url = new URL(href);
  url.searchParams.set(PRESENT, step);
  return url.href;
}

/** @param {string|null} step */
function write(step) {
  const url = new URL(window.location.href);
  if (step) url.searchParams.set(PRESENT, step);
  else url.searchParams.delete(PRESENT);
  window.history.replaceState(null, "", url);
}
