// The page Morph without a server: ways between faces, analogies and grids, in one model (app/views/morph in the app).

import "../page/history.mjs"; // one entry for each thing that the visitor does
import * as latentPad from "../latent_pad/latent_pad.mjs";
import { loadGauge } from "../latent_pad/load.mjs";
import { floats } from "../latent_pad/pure.mjs";
import { find } from "../page/elements.mjs";
import { savePng } from "../page/save.mjs";
import { _ } from "../page/texts.mjs";
import { faceAs, Faces } from "./faces.mjs";
import { askedBy, askedFor, knownBy, specOf } from "./link.mjs";
import { given, notice, placeOf, said, writeAddress } from "./page.mjs";
import { base64, originOf } from "./points.mjs";
import { drawSheet, spaced } from "./sheet.mjs";
import { ShelfPanel } from "./shelf_panel.mjs";
import { Slots } from "./slots.mjs";
import { Strip } from "./strip.mjs";
import { analogy, grid, walk } from "./ways.mjs";

/** @import { MapMessage } from "../atlas_map/message.d.ts" */
/** @import { PadCommit, PadMessage } from "../latent_pad/message.d.ts" */
/** @import { MorphMessage, SiteMessage } from "./message.d.ts" */
/** @import { Point } from "./types.d.ts" */
/** @import { Way } from "./ways.mjs" */

const LETTERS = "ABCD";
const KNOTS = 48; // straight pieces that stand for each leg of an arc
const GRID_SIDE = 7;
const PNG_WIDTH = 1024;
const MODES = { way: 2, analogy: 3, grid: 4 }; // and how many faces each needs

class Morph {
  /** @type {PadMessage} */
  #first = given("pad");
  /** @type {MapMessage} */
  #map = given("map");
  /** @type {SiteMessage} */
  #site = given("site");
  /** @type {MorphMessage} */
  #morph = given("morph");
  #faces = new Faces(this.#map.source, this.#site);
  #known = knownBy(this.#first, this.#site);
  #slots = new Slots(this.#site, this.#faces, () => said(this.#draw()));
  #strip = new Strip(this.#site, this.#faces, (more) => this.#facts(more));
  #mode = /** @type {HTMLSelectElement} */ (find(document, "#show"));
  #way = /** @type {HTMLSelectElement} */ (find(document, "#way"));
  #count = /** @type {HTMLSelectElement} */ (find(document, "#count"));
  #place = 0; // of the slider, 0 to 1
  #asked = 0; // the newest wish
  /** @type {Float32Array|undefined} the average face */
  #centre;
  /** @type {HTMLCanvasElement|null} what is saved as a picture */
  #sheet = null;

  constructor() {
    new ShelfPanel(this.#site, () => this.#slots.offerShelf());
    for (const control of [this.#mode, this.#way, this.#count]) control.addEventListener("change", () => said(this.#draw()));
    find(document, "#save").addEventListener("click", () => said(this.#save()));
    window.addEventListener("popstate", () => said(this.follow()));
  }

  /** Take over what the address asks for, and draw. */
  async follow() {
    const params = new URLSearchParams(window.location.search);
    const mode = params.get("show") ?? "way";
    this.#mode.value = mode in MODES ? mode : "way";
    this.#way.value = params.get("way") === "spherical" ? "spherical" : "straight";
    this.#place = Math.min(1, Math.max(0, Number(params.get("t")) || 0));
    const specs = (params.get("faces") ?? "").split(",").filter(Boolean).slice(0, LETTERS.length);
    const linked = await Promise.all(specs.map((spec) => this.#pointOf(askedFor(spec, this.#known))));
    notice(linked.includes(null) ? _("A face of the link is not known here, so another one is shown.") : "");
    this.#count.value = String(Math.max(2, specs.length));
    await this.#fill(linked, await this.#pointOf(askedBy(params, this.#known)));
    await this.#draw();
  }

  /** @param {ReturnType<typeof askedFor>} asked */
  async #pointOf(asked) {
    return asked && this.#faces.asked(asked);
  }

  /**
   * The faces to begin with: those of the link, else the current one and some of the map.
   *
   * @param {(Point|null)[]} linked
   * @param {Point|null} current
   */
  async #fill(linked, current) {
    const { image } = /** @type {{image: number}} */ (this.#first.provenance.point);
    const begin = current ?? this.#slots.current ?? faceAs(0, image, floats(this.#first.z));
    this.#slots.current = begin;
    const { others, pair } = this.#morph;
    const faces = this.#mode.value === "analogy" && pair.length ? [pair[0], pair[1], begin, ...others] : [begin, ...others];
    const places = Array.from(LETTERS, (_letter, i) => linked[i] ?? faces[i]);
    await this.#slots.fill(this.#mode.value, places);
  }

  async #draw() {
    this.#asked += 1;
    const mine = this.#asked;
    const mode = this.#mode.value;
    if (!this.#slots.has(mode)) await this.#fill([], null);
    const count = mode === "way" ? Number(this.#count.value) : MODES[/** @type {"analogy"|"grid"} */ (mode)];
    const points = await this.#slots.show(mode, count);
    if (mine !== this.#asked) return;
    for (const part of document.querySelectorAll("[data-for]")) {
      /** @type {HTMLElement} */ (part).hidden = !(/** @type {HTMLElement} */ (part).dataset.for?.split(" ").includes(mode));
    }
    this.#centre ??= (await loadGauge(this.#first))?.mean ?? new Float32Array(this.#first.dimensions);
    const goesOn = () => mine === this.#asked;
    if (mode === "way") await this.#drawWay(points, goesOn);
    else await this.#drawSheet(mode, points, goesOn);
  }

  /**
   * The live face with one slider, and what lies along the way.
   *
   * @param {Point[]} points
   * @param {() => boolean} goesOn
   */
  async #drawWay(points, goesOn) {
    const way = /** @type {Way} */ (this.#way.value);
    const along = (/** @type {number} */ steps) => walk(points.map(({ z }) => z), steps, way, /** @type {Float32Array} */ (this.#centre));
    const knots = along((way === "spherical" ? KNOTS : 1) * (points.length - 1) + 1);
    const [{ z }] = points;
    const path = Float32Array.from(knots.flatMap((knot) => Array.from(knot, (value, i) => value - z[i])));
    const [bank] = this.#first.banks;
    const name = _("From A to {last}", { last: LETTERS[points.length - 1] });
    const visit = `${this.#site.identity} ${points.map(specOf).join(" ")} ${way}`;
    latentPad.render({
      data: {
        ...this.#first,
        z: base64(z),
        banks: [{ ...bank, directions: [{ ...bank.directions[0], name, path: base64(path) }] }],
        pointId: visit,
        signature: visit,
        weights: this.#place ? { [bank.directions[0].key]: this.#place } : {},
        provenance: this.#facts({ way }),
      },
      parentElement: placeOf("pad"),
      setTriggerValue: () => {},
      setStateValue: (what, value) => {
        if (what === "committed") this.#committed(/** @type {PadCommit} */ (value), visit);
      },
    });
    this.#writeAddress();
    await this.#strip.show(points, along, { way }, goesOn);
  }

  /**
   * @param {PadCommit} commit
   * @param {string} visit
   */
  #committed({ point, weights }, visit) {
    if (point !== visit) return;
    this.#place = Object.values(weights)[0] ?? 0;
    this.#writeAddress();
  }

  /**
   * An analogy, or blends of four faces.
   *
   * @param {string} mode
   * @param {Point[]} points
   * @param {() => boolean} goesOn
   */
  async #drawSheet(mode, points, goesOn) {
    const corners = points.map(({ z }) => z);
    const answer = mode === "analogy" ? analogy(corners[0], corners[1], corners[2]) : null;
    const drawn = answer ? [...corners, answer] : grid(corners, GRID_SIDE);
    const sheet = await drawSheet(this.#site.decoder, drawn, answer ? 4 : GRID_SIDE, goesOn);
    if (!sheet) return;
    this.#sheet = sheet;
    const place = find(document, "#sheet");
    sheet.setAttribute("role", "img");
    sheet.setAttribute("aria-label", find(document, `[data-for="${mode}"].caption`).textContent ?? "");
    place.replaceChildren(sheet);
    place.dataset.mode = mode;
    this.#writeAddress();
  }

  async #save() {
    if (!this.#sheet) return;
    const mode = this.#mode.value;
    const made = mode === "analogy" ? "C + B - A" : `grid of ${GRID_SIDE} x ${GRID_SIDE}`;
    const columns = mode === "analogy" ? 4 : GRID_SIDE;
    await savePng(spaced(this.#sheet, columns), `facespace-${this.#site.model}-${mode}`, this.#facts({ made }), PNG_WIDTH);
  }

  /**
   * What a picture says of itself.
   *
   * @param {Record<string, unknown>} more
   */
  #facts(more) {
    const points = this.#slots.shown;
    return { ...this.#first.provenance, point: originOf(points[0]), faces: points.map(originOf), ...more };
  }

  #writeAddress() {
    const points = this.#slots.shown;
    const current = this.#slots.current;
    const here = new URLSearchParams({ show: this.#mode.value, way: this.#way.value, t: String(this.#place) });
    if (!points.some(({ kind }) => kind === "kept")) here.set("faces", points.map(specOf).join(","));
    const other = new URLSearchParams({ model: this.#site.model });
    if (current) other.set(current.kind, current.text);
    writeAddress(here, other);
  }
}

if (globalThis.document?.getElementById("facespace-morph")) said(new Morph().follow());
