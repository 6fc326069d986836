// A chapter of the lesson without a server: its charts and components are drawn as they come into sight, its question is
// answered here, and its controls put in place what was worked out for them (app/static_site/lesson).

import { fetchFile } from "../page/fetched.mjs";
import { find } from "../page/elements.mjs";
import { _ } from "../page/texts.mjs";
import { publish } from "../page/topics.mjs";
import { Drawn } from "./lesson_drawn.mjs";
import { States } from "./lesson_states.mjs";
import { given, said, writeAddress } from "./page.mjs";

/** @import { GroupFacts } from "./lesson_states.mjs" */
/** @typedef {{plotly: string, states: string, files: string[]}} LessonFacts addresses: of Plotly, of what the controls show, and of
 *   all that the chapter needs */

/** @type {LessonFacts|null} */
const facts = given("lesson");

class Lesson {
  #drawn;
  #states;

  /** @param {LessonFacts} lesson */
  constructor(lesson) {
    const main = find(document, "main");
    this.#drawn = new Drawn(lesson.plotly, main);
    this.#states = new States(main, this.#drawn);
    if (!main.querySelector('[data-part="latent_pad"]')) publish("first face", null); // for which the map would wait
    main.addEventListener("input", (event) => this.#moved(/** @type {HTMLElement} */ (event.target)));
    main.addEventListener("click", (event) => this.#pressed(/** @type {HTMLElement} */ (event.target)));
    said(this.#open(lesson.states));
  }

  /** @param {string} address */
  async #open(address) {
    const content = await fetchFile(address);
    if (!content) throw new Error(_("What this page's controls show could not be fetched; load the page again."));
    /** @type {GroupFacts[]} */
    const groups = JSON.parse(new TextDecoder().decode(content));
    this.#states.open(groups);
  }

  /** @param {HTMLElement} target */
  #moved(target) {
    const question = /** @type {HTMLElement|null} */ (target.closest(".question"));
    if (question) {
      /** @type {HTMLButtonElement} */ (find(question, ".reveal")).disabled = false;
      return;
    }
    const control = /** @type {HTMLElement|null} */ (target.closest("[data-control]"));
    if (control && target instanceof HTMLInputElement) this.#states.moved(control, placeIn(target));
  }

  /** @param {HTMLElement} target */
  #pressed(target) {
    const button = target.closest("button");
    const question = /** @type {HTMLElement|null} */ (button?.closest(".question") ?? null);
    if (question && button) return this.#settle(question, button.matches(".reveal"));
    const control = /** @type {HTMLElement|null} */ (button?.closest("[data-control]") ?? null);
    if (control) this.#states.moved(control, (this.#states.place(control) + 1) % Number(control.dataset.count));
  }

  /**
   * Show what would have given the answer away, and the answer where it is wanted.
   *
   * @param {HTMLElement} question
   * @param {boolean} wanted
   */
  #settle(question, wanted) {
    const guess = /** @type {HTMLInputElement|null} */ (question.querySelector("input:checked"));
    for (const verdict of /** @type {NodeListOf<HTMLElement>} */ (question.querySelectorAll("[data-verdict]")))
      verdict.hidden = !wanted || verdict.dataset.verdict !== guess?.value;
    find(question, ".skip").hidden = true;
    for (const part of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-when]")))
      part.hidden = part.dataset.when === "open";
  }
}

/**
 * The place of the value that an input stands at.
 *
 * @param {HTMLInputElement} input
 */
export function placeIn({ type, value, checked }) {
  return type === "checkbox" ? Number(checked) : Number(value);
}

/**
 * Have the browser keep all that a chapter needs: it keeps what it fetches by the folder's worker.
 *
 * @param {string[]} files
 */
async function keepChapter(files) {
  const { serviceWorker } = navigator;
  if (!serviceWorker) return;
  await serviceWorker.register("./service-worker.js").catch(console.warn);
  await serviceWorker.ready;
  if (!serviceWorker.controller) await new Promise((resolve) => serviceWorker.addEventListener("controllerchange", resolve, { once: true }));
  for (const file of files) await fetch(file);
  find(document, "main").dataset.kept = "1";
}

if (facts) {
  new Lesson(facts);
  if (document.readyState === "complete") keepChapter(facts.files).catch(console.warn); // a page that cannot be kept is as good today
  else window.addEventListener("load", () => keepChapter(facts.files).catch(console.warn));
}
if (globalThis.window?.location.search) writeAddress(new URLSearchParams(window.location.search));
