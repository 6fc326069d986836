// A chapter of the lesson without a server: its components are drawn as they come into sight, its question is
// answered here, and its controls put in place what was worked out for them (app/static_site/lesson).

import { fetchFile } from "../page/fetched.mjs";
import { find } from "../page/elements.mjs";
import { keepPictures } from "../page/pictures.mjs";
import { _ } from "../page/texts.mjs";
import { Drawn, drawComponent } from "./lesson_drawn.mjs";
import { States } from "./lesson_states.mjs";
import { given, said, writeAddress } from "./page.mjs";
import { followPlan } from "./plan.mjs";
import { Presenting } from "./presenting.mjs";

/** @import { GroupFacts } from "./lesson_states.mjs" */
/** @import { ChapterFacts } from "./presenting.mjs" */
/** @typedef {{states: string, files: string[], chapter: ChapterFacts}} LessonFacts addresses: of what the controls show, and of
 *   all that the chapter needs */

const COVERED = "[data-when]"; // what comes and what goes with the answer to the question

/** @type {LessonFacts|null} */
const facts = given("lesson");

class Lesson {
  #drawn;
  #states;

  /** @param {LessonFacts} lesson */
  constructor(lesson) {
    const main = find(document, "main");
    this.#drawn = new Drawn(main);
    this.#states = new States(main, this.#drawn);
    main.addEventListener("input", (event) => this.#moved(/** @type {HTMLElement} */ (event.target)));
    main.addEventListener("click", (event) => this.#pressed(/** @type {HTMLElement} */ (event.target)));
    keepPictures();
    followPlan(new URLSearchParams(window.location.search).get("plan"), main);
    new Presenting(lesson.chapter, main, () => this.#drawn.again(), (step) => this.#presented(lesson.chapter, step));
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
   * Who goes on to what an open question covers has had the answers (app/views/lesson/presenter.py, uncovers).
   *
   * @param {ChapterFacts} chapter
   * @param {number} step that is shown, counted from 0
   */
  #presented({ key, steps }, step) {
    const covered = [...document.querySelectorAll(`[class*="${steps}${key}_"]`)].findIndex((one) => one.matches(COVERED) || one.querySelector(COVERED));
    const skip = /** @type {HTMLButtonElement|null} */ (document.querySelector(".question .skip:not([hidden])"));
    if (covered >= 0 && step >= covered) skip?.click();
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

const main = document.querySelector("main");
/** @type {string[]|null} of a page that is no chapter, what it needs */
const files = facts?.files ?? given("keep");
if (main && facts) new Lesson(facts);
else if (main) {
  followPlan(new URLSearchParams(window.location.search).get("plan"), main);
  for (const place of main.querySelectorAll(".component")) said(drawComponent(/** @type {HTMLElement} */ (place)));
}
if (files) {
  const keep = () => keepChapter(files).catch(console.warn); // a page that cannot be kept is as good today
  if (document.readyState === "complete") keep();
  else window.addEventListener("load", keep);
}
if (window.location.search) writeAddress(new URLSearchParams(window.location.search));
