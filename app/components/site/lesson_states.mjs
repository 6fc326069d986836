// What a chapter's controls show: each setting was worked out beforehand as pieces of HTML that take others' places.

import { find } from "../page/elements.mjs";

/** @import { Drawn } from "./lesson_drawn.mjs" */
/**
 * Controls that change the same parts of a page, as app/static_site/lesson/states.py has them.
 *
 * @typedef {{controls: Record<string, number>, begin: Record<string, number>, states: Record<string, Record<string, number>>, pieces: string[]}}
 *   GroupFacts places of the values at which they start, by their keys; for each part at the start its HTML, by its number among the
 *   pieces; the same for each setting
 */

/**
 * What names a setting, or "" for the start.
 *
 * @param {Record<string, number>} controls their starts, by their keys
 * @param {Map<string, number>} places
 */
export function nameOf(controls, places) {
  const away = Object.entries(controls).filter(([key, start]) => (places.get(key) ?? start) !== start);
  return away.map(([key]) => `${key}=${places.get(key)}`).join(";");
}

/**
 * The setting that is shown when a control moves: with the others as they are, where that was worked out.
 *
 * @param {GroupFacts} group
 * @param {Map<string, number>} places of all controls
 * @param {string} moved key of the one that did
 */
export function settingFor({ controls, states }, places, moved) {
  const name = nameOf(controls, places);
  if (!name || states[name]) return { name, places };
  const alone = new Map([[moved, /** @type {number} */ (places.get(moved))]]);
  return { name: nameOf(controls, alone), places: alone };
}

export class States {
  #root;
  #drawn;
  /** @type {GroupFacts[]} */
  #groups = [];
  /** @type {Map<string, number>} of controls that were moved, by their keys */
  #places = new Map();
  /** @type {Map<GroupFacts, string>} names of the settings on screen */
  #shown = new Map();

  /**
   * @param {HTMLElement} root
   * @param {Drawn} drawn
   */
  constructor(root, drawn) {
    this.#root = root;
    this.#drawn = drawn;
  }

  /** @param {GroupFacts[]} groups */
  open(groups) {
    this.#groups = groups;
    for (const group of groups) this.#show(group, Object.keys(group.controls)[0]); // what was moved before they came
    this.#root.dataset.states = "ready";
  }

  /** @param {HTMLElement} control */
  place({ dataset }) {
    return this.#places.get(dataset.control ?? "") ?? Number(dataset.start);
  }

  /**
   * @param {HTMLElement} control
   * @param {number} place of its value
   */
  moved(control, place) {
    const key = control.dataset.control ?? "";
    this.#places.set(key, place);
    say(control, place);
    const group = this.#groups.find(({ controls }) => key in controls);
    if (group) this.#show(group, key);
  }

  /**
   * @param {GroupFacts} group
   * @param {string} moved key of a control
   */
  #show(group, moved) {
    const { name, places } = settingFor(group, this.#places, moved);
    const before = group.states[this.#shown.get(group) ?? ""] ?? {};
    const wanted = group.states[name] ?? {};
    const back = Object.keys(before).filter((at) => !(at in wanted));
    for (const at of back) this.#put(at, group.pieces[group.begin[at]]);
    for (const [at, piece] of Object.entries(wanted)) if (before[at] !== piece) this.#put(at, group.pieces[piece]);
    this.#shown.set(group, name);
    for (const [key, start] of Object.entries(group.controls)) {
      const at = places.get(key) ?? start;
      if (at === start) this.#places.delete(key);
      const control = /** @type {HTMLElement|null} */ (this.#root.querySelector(`[data-control="${CSS.escape(key)}"]`));
      if (control) say(control, at);
    }
  }

  /**
   * @param {string} at
   * @param {string} html
   */
  #put(at, html) {
    const old = /** @type {HTMLElement|null} */ (this.#root.querySelector(`[data-at="${at}"]`));
    if (!old) return;
    const holder = document.createElement("template");
    holder.innerHTML = html;
    const fresh = /** @type {HTMLElement} */ (holder.content.firstElementChild);
    if (old.dataset.when) fresh.dataset.when = old.dataset.when; // the question is what lets it appear
    fresh.hidden = old.hidden;
    this.#drawn.exchange(old, fresh);
  }
}

/**
 * Put a control where it stands.
 *
 * @param {HTMLElement} control
 * @param {number} place
 */
function say(control, place) {
  for (const input of control.querySelectorAll("input")) {
    if (input.type === "radio") input.checked = Number(input.value) === place;
    else if (input.type === "checkbox") input.checked = place === 1;
    else input.value = String(place);
  }
  if (!control.dataset.said) return;
  const words = JSON.parse(control.dataset.said)[place];
  find(control, "output").textContent = words;
  find(control, "input").setAttribute("aria-valuetext", words);
}
