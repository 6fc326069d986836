// The pages Explore and Edit without a server: the pad and the map are the app's own, and this module does what the app's
// script does between them (app/views/explore.py): the point, the title and the address. Edit has no map.

import "../page/history.mjs"; // one entry for each thing that the visitor does
import { unpackRows } from "../atlas_map/arrays.mjs";
import * as atlasMap from "../atlas_map/atlas_map.mjs";
import * as latentPad from "../latent_pad/latent_pad.mjs";
import { loadBanks } from "../latent_pad/load.mjs";
import { combine, floats } from "../latent_pad/pure.mjs";
import { csvOf } from "../page/csv.mjs";
import { find } from "../page/elements.mjs";
import { saveFile } from "../page/save.mjs";
import { _ } from "../page/texts.mjs";
import { firstOf } from "../page/topics.mjs";
import { Along } from "./along.mjs";
import { faceAs, Faces } from "./faces.mjs";
import { knownBy, parse, write } from "./link.mjs";
import { given, notice, placeOf, said, writeAddress } from "./page.mjs";
import { originOf, padAt } from "./points.mjs";
import { readingsTable } from "./readings_table.mjs";
import { ShelfPanel } from "./shelf_panel.mjs";
import { TakeAlong } from "./take_along.mjs";

/** @import { MapMessage, SelectedMessage } from "../atlas_map/message.d.ts" */
/** @import { PadCommit, PadMessage, PadTurn } from "../latent_pad/message.d.ts" */
/** @import { SiteMessage } from "./message.d.ts" */
/** @import { Point } from "./types.d.ts" */

const FACE_FIRST_MS = 60_000; // the map is the larger part and waits for the first face

export class Explore {
  /** @type {PadMessage} */
  #first = given("pad");
  /** @type {MapMessage} */
  #map = given("map");
  /** @type {SiteMessage} */
  #site = given("site");
  /** @type {Record<string, MapMessage["colouring"]>} */
  #colours = given("colours") ?? {};
  #pad = this.#first;
  /** @type {Point} */
  #point;
  /** @type {Float32Array|null} */
  #before = null;
  /** @type {{point: Point, weights: Record<string, number>, bank: string}[]} */
  #left = []; // faces that another one was taken after, as their sliders stood: see app/session/left_faces.py
  /** @type {{point: Point, weights: Record<string, number>, bank: string}[]} */
  #undone = []; // those that were gone back from
  #visits = 0;
  #drawn = false;
  #mapStands = false;
  #box = /** @type {HTMLSelectElement|null} */ (document.querySelector("#colour"));
  #faces = new Faces(this.#map.source, this.#site);
  #shelf = new ShelfPanel(this.#site);
  #filter = ""; // of the map, as the address has it
  #links = 0; // how many were followed
  #take = this.#box && new TakeAlong({ pad: this.#first, map: this.#map, site: this.#site }, this.#faces, () => this.#here());
  #along = this.#box && new Along(this.#first, () => said(this.#recolour()));

  constructor() {
    const { image } = /** @type {{image: number}} */ (this.#first.provenance.point);
    this.#point = faceAs(0, image, floats(this.#first.z));
    this.#box?.addEventListener("change", () => said(this.#recolour()));
    find(document, "#random").addEventListener("click", () => said(this.#random()));
    find(document, "#keep").addEventListener("click", () => said(this.#keep()));
    document.querySelector("#save-readings")?.addEventListener("click", () => said(this.#saveReadings()));
    window.addEventListener("popstate", () => said(this.follow()));
    window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#drawMap());
  }

  /** Take over what the address asks for, and draw. */
  async follow() {
    const link = parse(new URLSearchParams(window.location.search), this.#known);
    const { problems } = link;
    if (link.colour && this.#box) this.#box.value = link.colour;
    this.#filter = link.filter;
    this.#links += 1;
    const asked = link.face !== null || link.sample || link.z || link.kept;
    const point = asked ? await this.#faces.asked(link) : null;
    if (asked && !point) problems.push(this.#site.words["no face"]);
    notice(problems.join(" "));
    await this.#go(point ?? this.#point, { weights: link.weights, bank: link.bank });
    this.#writeAddress(this.#pad.bank, link.weights);
    await firstOf("first face", FACE_FIRST_MS);
    this.#mapStands = true;
    await this.#recolour();
    await this.#faces.latents(); // the last large file
    await keepForLater(this.#site.words.offline);
  }

  get #known() {
    return knownBy(this.#first, this.#site, [...(this.#box?.options ?? [])].map(({ value }) => value));
  }

  /**
   * Make a point current.
   *
   * @param {Point} point
   * @param {{weights?: Record<string, number>, bank?: string|null}} sliders where they stand
   */
  async #go(point, { weights = {}, bank = null } = {}) {
    const stays = point.kind === this.#point.kind && point.text === this.#point.text;
    if (!stays || this.#drawn) {
      if (!stays) this.#before = this.#point.z;
      this.#point = point;
      this.#visits += 1;
      const visit = `${this.#site.identity} ${point.kind}-${point.text}#${this.#visits}`;
      const sigma = await this.#faces.sigma(point.row);
      if (this.#point !== point) return; // the visitor has gone on meanwhile
      this.#pad = { ...padAt(this.#first, this.#site, { point, before: this.#before, sigma, visit }), bank: this.#pad.bank };
    }
    this.#pad = { ...this.#pad, weights, bank: bank ?? this.#pad.bank, back: this.#left.length > 0, forward: this.#undone.length > 0 };
    const { words } = this.#site;
    const ofCelebA = point.kind === "face" && Number(point.text) <= this.#site.lastCelebA;
    const title = find(document, "#pad-title");
    title.innerHTML = words[ofCelebA ? "of CelebA" : "face"];
    find(title, "strong").textContent = point.name; // as text: that of a kept face comes from a visitor's file
    find(document, "#kept").textContent = "";
    this.#drawn = true;
    this.#drawPad();
    this.#drawMap();
  }

  #drawPad() {
    latentPad.render({
      data: this.#pad,
      parentElement: placeOf("pad"),
      setTriggerValue: () => {},
      setStateValue: (name, value) => {
        if (name === "committed") this.#committed(/** @type {PadCommit} */ (value));
        if (name === "turned") said(this.#turn(/** @type {PadTurn} */ (value)));
      },
    });
  }

  /** Colour the map as the boxes say. */
  async #recolour() {
    if (!this.#box || !this.#along) return;
    const name = this.#box.value;
    this.#along.show(!(name in this.#colours));
    const colouring = this.#colours[name] ?? (await this.#along.colouring(await this.#faces.latents()));
    if (this.#box.value !== name) return; // another one was chosen meanwhile
    this.#map = { ...this.#map, colouring };
    this.#drawMap();
    this.#writeAddress(this.#pad.bank, this.#pad.weights);
  }

  #drawMap() {
    if (!this.#mapStands || !this.#box) return;
    const { kind, text, row, z } = this.#point;
    const id = `${kind} ${text}`;
    /** @type {MapMessage["point"]} */
    const point = row === null ? { id, z: [...z] } : { id, row };
    atlasMap.render({
      data: { ...this.#map, point, filters: this.#map.filters && { ...this.#map.filters, text: this.#filter, asked: `link ${this.#links}` } },
      parentElement: find(document, "#map"),
      setStateValue: () => {},
      setTriggerValue: (name, value) => {
        if (name === "clicked" && value !== this.#point.row) said(this.#choose(Number(value)));
        if (name === "selected") this.#selected(/** @type {SelectedMessage} */ (value));
      },
    });
  }

  async #random() {
    await this.#leaveFor(await this.#faces.random());
  }

  /**
   * Make a face of the map current.
   *
   * @param {number} row
   */
  async #choose(row) {
    await this.#leaveFor(await this.#faces.at(row));
  }

  /** What is on screen, to come back to. */
  get #now() {
    return { point: this.#point, weights: this.#pad.weights, bank: this.#pad.bank };
  }

  /** The hand takes another face. @param {Point} point */
  async #leaveFor(point) {
    this.#left.push(this.#now);
    this.#undone = [];
    await this.#go(point);
    this.#writeAddress(this.#pad.bank, {});
  }

  /** Make a face current again as it was left. @param {PadTurn} turn */
  async #turn({ point, to }) {
    const [taken, kept] = to === "back" ? [this.#left, this.#undone] : [this.#undone, this.#left];
    const face = point === this.#pad.pointId ? taken.pop() : undefined;
    if (!face) return;
    kept.push(this.#now);
    if (to === "back" && Object.keys(face.weights).length) this.#left.push({ ...face, weights: {} });
    await this.#go(face.point, face);
    this.#writeAddress(face.bank, face.weights);
  }

  /** @param {SelectedMessage} message what the map says of the faces drawn around, or left by its filter */
  #selected({ rows, points, filter }) {
    this.#filter = filter;
    this.#take?.select(unpackRows(rows, points));
    this.#writeAddress(this.#pad.bank, this.#pad.weights);
  }

  /** @param {PadCommit} commit */
  #committed({ point, bank, weights }) {
    if (point !== this.#pad.pointId) return;
    this.#pad = { ...this.#pad, bank, weights };
    this.#writeAddress(bank, weights);
  }

  /**
   * @param {string} bank
   * @param {Record<string, number>} weights
   */
  #writeAddress(bank, weights) {
    const { model } = this.#first;
    writeAddress(write({ model, point: this.#point, bank, weights, colour: this.#box?.value ?? null, filter: this.#filter, before: this.#site.before }));
  }

  /** What is on screen: the point with the sliders' weights. */
  async #here() {
    const { weights } = this.#pad;
    const moved = Object.keys(weights).length > 0;
    const { name, row, z } = this.#point;
    const { model } = this.#first;
    return {
      name: moved ? _("{name}, changed", { name }) : name,
      image: row === null ? null : Number(this.#point.text),
      z: moved ? combine(z, await loadBanks(this.#pad), weights) : z,
      facts: { point: originOf(this.#point), ...(moved ? { model, weights } : {}) },
    };
  }

  /** Put it on the shelf. */
  async #keep() {
    const { name, z, facts } = await this.#here();
    const kept = this.#shelf.keep({ name, z, facts, private: Boolean(this.#point.private) });
    find(document, "#kept").textContent = kept.words;
  }

  async #saveReadings() {
    const { z } = await this.#here();
    saveFile(`facespace-${this.#site.model}-readings.csv`, csvOf(await readingsTable(this.#pad, this.#point.z, z)));
  }
}

/**
 * Keep the folder in this browser, where it may: on https and on this machine. A page that cannot is as good today.
 *
 * @param {string} sentence what is said once all is kept
 */
async function keepForLater(sentence) {
  const { serviceWorker } = navigator;
  if (!serviceWorker) return;
  await serviceWorker.register("./service-worker.js").catch(console.warn);
  await serviceWorker.ready;
  find(document, "#offline").textContent = sentence;
}

if (globalThis.document?.getElementById("facespace-pad")) said(new Explore().follow());
