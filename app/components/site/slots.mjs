// The faces that are morphed: which ones they are, and where others come from (app/views/morph/faces.py in the app).

import { find, make } from "../page/elements.mjs";
import { _ } from "../page/texts.mjs";
import { keptAs } from "./faces.mjs";
import { notice, said } from "./page.mjs";
import { keptFaces } from "./shelf.mjs";
import { button, paint } from "./shelf_panel.mjs";

/** @import { Faces } from "./faces.mjs" */
/** @import { SiteMessage } from "./message.d.ts" */
/** @import { Point } from "./types.d.ts" */

const LETTERS = "ABCD";
const SIDE = 72;

export class Slots {
  #site;
  #faces;
  #onChange;
  #root = find(document, "#slots");
  /** @type {Map<string, (Point|number)[]>} by what is made of them; a number is a picture's, not yet fetched */
  #slots = new Map();
  /** @type {Point|null} the current face */
  current = null;
  /** @type {Point[]} those on screen */
  shown = [];

  /**
   * @param {SiteMessage} site
   * @param {Faces} faces
   * @param {() => void} onChange
   */
  constructor(site, faces, onChange) {
    this.#site = site;
    this.#faces = faces;
    this.#onChange = onChange;
  }

  /** A way and a grid share their faces; an analogy has its own. @param {string} mode */
  has(mode) {
    return this.#slots.has(setOf(mode));
  }

  /**
   * @param {string} mode
   * @param {(Point|number)[]} places
   */
  async fill(mode, places) {
    this.#slots.set(setOf(mode), places);
  }

  /**
   * Show the first so many faces, each with what can take its place.
   *
   * @param {string} mode
   * @param {number} count
   * @returns {Promise<Point[]>}
   */
  async show(mode, count) {
    const slots = this.#slots.get(setOf(mode)) ?? [];
    const found = await Promise.all(slots.slice(0, count).map((slot) => (typeof slot === "number" ? this.#faces.of(slot) : slot)));
    this.shown = found.map((point) => {
      if (!point) throw new Error(this.#site.words["no face"]);
      return point;
    });
    for (const [at, point] of this.shown.entries()) slots[at] = point;
    this.#root.replaceChildren(...this.shown.map((point, at) => this.#slot(point, at, slots)));
    this.offerShelf();
    return this.shown;
  }

  /**
   * @param {Point} point
   * @param {number} at
   * @param {(Point|number)[]} slots
   */
  #slot(point, at, slots) {
    const canvas = make("canvas", "", { width: SIDE, height: SIDE });
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", _("Face {name}", { name: LETTERS[at] }));
    said(paint(canvas, this.#site, point.z));
    const words = make("div");
    const name = make("p", "", { textContent: `${LETTERS[at]}: ${point.name}` });
    const change = make("details");
    change.append(make("summary", "", { textContent: _("Change") }), this.#sources(at, slots));
    words.append(name, change);
    const slot = make("div", "slot");
    slot.append(canvas, words);
    return slot;
  }

  /**
   * Where another face comes from.
   *
   * @param {number} at
   * @param {(Point|number)[]} slots
   */
  #sources(at, slots) {
    const put = (/** @type {Point} */ point) => {
      slots[at] = point;
      this.#onChange();
    };
    const number = make("input", "", { type: "number", min: "1", step: "1" });
    const label = make("label", "", { textContent: `${_("Or a face by its number in CelebA")} ` });
    label.append(number);
    number.addEventListener("change", () => said(this.#byNumber(number.valueAsNumber, put)));
    const place = make("div");
    const { current } = this;
    if (current) place.append(button(_("Take the current face ({name})", { name: current.name }), () => put(current)));
    place.append(button(_("Take a random face of the map"), () => said(this.#faces.random().then(put))), label);
    const shelf = make("div", "from-shelf");
    shelf.addEventListener("click", ({ target }) => {
      const found = keptFaces(this.#site).find(({ key }) => key === /** @type {HTMLElement} */ (target).dataset.key);
      if (found) put(keptAs(found, this.#site));
    });
    place.append(shelf);
    return place;
  }

  /**
   * @param {number} image
   * @param {(point: Point) => void} put
   */
  async #byNumber(image, put) {
    if (!Number.isInteger(image)) return;
    const point = await this.#faces.of(image);
    notice(point ? "" : _("The map does not hold that face. Try another number."));
    if (point) put(point);
  }

  /** What the shelf has now. */
  offerShelf() {
    for (const place of this.#root.querySelectorAll(".from-shelf")) {
      place.replaceChildren(
        ...keptFaces(this.#site).map(({ key, name }) => {
          const from = button(_("From the shelf: {name}", { name }), () => {});
          from.dataset.key = key;
          return from;
        }),
      );
    }
  }
}

/** @param {string} mode */
const setOf = (mode) => (mode === "analogy" ? mode : "faces");
