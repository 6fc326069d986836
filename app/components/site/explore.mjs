// The pages Explore and Edit without a server: the pad and the map are the app's own, and this module does what the app's
// script does between them (app/views/explore.py): the point, the title and the address. Edit has no map.

import "../page/history.mjs"; // one entry for each thing that the visitor does
import * as atlasMap from "../atlas_map/atlas_map.mjs";
import { loadArray } from "../atlas_map/arrays.mjs";
import { faceName } from "../atlas_map/legend.mjs";
import * as latentPad from "../latent_pad/latent_pad.mjs";
import { floats } from "../latent_pad/pure.mjs";
import { find } from "../page/elements.mjs";
import { _ } from "../page/texts.mjs";
import { firstOf } from "../page/topics.mjs";
import { Along } from "./along.mjs";
import { latentText, parse, write } from "./link.mjs";
import { given, notice, placeOf, said, writeAddress } from "./page.mjs";
import { padAt, sigmaOf } from "./points.mjs";
import { codeOf, draw, sampleName } from "./samplers.mjs";

/** @import { MapMessage } from "../atlas_map/message.d.ts" */
/** @import { PadCommit, PadMessage } from "../latent_pad/message.d.ts" */
/** @import { SiteMessage } from "./message.d.ts" */
/** @import { Known, Point, Sample } from "./types.d.ts" */

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
  #visits = 0;
  #drawn = false;
  #mapStands = false;
  #box = /** @type {HTMLSelectElement|null} */ (document.querySelector("#colour"));
  #along = this.#box && new Along(this.#first, () => said(this.#recolour()));

  constructor() {
    const { image } = /** @type {{image: number}} */ (this.#first.provenance.point);
    this.#point = this.#face(0, image, floats(this.#first.z));
    this.#box?.addEventListener("change", () => said(this.#recolour()));
    find(document, "#random").addEventListener("click", () => said(this.#randomFace()));
    window.addEventListener("popstate", () => said(this.follow()));
    window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#drawMap());
  }

  /** Take over what the address asks for, and draw. */
  async follow() {
    const link = parse(new URLSearchParams(window.location.search), this.#known);
    const { problems } = link;
    if (link.colour && this.#box) this.#box.value = link.colour;
    let point = link.z && this.#linked(link.z);
    if (link.sample) point = await this.#drawnSample(link.sample);
    if (link.face !== null) {
      point = await this.#faceOf(link.face);
      if (!point) problems.push(this.#site.words["no face"]);
    }
    notice(problems.join(" "));
    await this.#go(point ?? this.#point, { weights: link.weights, bank: link.bank });
    this.#writeAddress(this.#pad.bank, link.weights);
    await firstOf("first face", FACE_FIRST_MS);
    this.#mapStands = true;
    await this.#recolour();
    await this.#latents(); // the last large file
    await keepForLater(this.#site.words.offline);
  }

  /** @returns {Known} */
  get #known() {
    const { banks, dimensions, model } = this.#first;
    const { weights, words, axes, samplers, prior } = this.#site;
    const directions = new Set([...banks.flatMap((bank) => bank.directions.map(({ key }) => key)), ...axes]);
    const colours = [...(this.#box?.options ?? [])].map(({ value }) => value);
    return { model, hash: weights, dimensions, banks: [...banks.map(({ key }) => key), "noise"], directions, colours, samplers, prior, words };
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
      const sigma = await this.#sigma(point.row);
      if (this.#point !== point) return; // the visitor has gone on meanwhile
      this.#pad = { ...padAt(this.#first, this.#site, { point, before: this.#before, sigma, visit }), bank: this.#pad.bank };
    }
    this.#pad = { ...this.#pad, weights, bank: bank ?? this.#pad.bank };
    const { words } = this.#site;
    const ofCelebA = point.kind === "face" && Number(point.text) <= this.#site.lastCelebA;
    find(document, "#pad-title").innerHTML = words[ofCelebA ? "of CelebA" : "face"].replace("{name}", point.name);
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
      },
    });
  }

  /** Colour the map as the boxes say. */
  async #recolour() {
    if (!this.#box || !this.#along) return;
    const name = this.#box.value;
    this.#along.show(!(name in this.#colours));
    const colouring = this.#colours[name] ?? (await this.#along.colouring(await this.#latents()));
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
      data: { ...this.#map, point },
      parentElement: find(document, "#map"),
      setStateValue: () => {},
      setTriggerValue: (name, value) => {
        if (name === "clicked" && value !== this.#point.row) said(this.#take(Number(value)));
      },
    });
  }

  /**
   * Make a face of the map current.
   *
   * @param {number} row
   */
  async #take(row) {
    await this.#go(await this.#faceAt(row));
    this.#writeAddress(this.#pad.bank, {});
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
    writeAddress(write({ model, point: this.#point, bank, weights, colour: this.#box?.value ?? null, before: this.#site.before }));
  }

  #randomFace() {
    return this.#take(Math.floor(Math.random() * this.#map.source.points));
  }

  /** @param {number} image */
  async #faceOf(image) {
    const row = (await this.#images()).indexOf(image);
    return row < 0 ? null : this.#faceAt(row);
  }

  /** @param {number} row */
  async #faceAt(row) {
    const { dimensions } = this.#map.source;
    const [images, mu] = await Promise.all([this.#images(), this.#latents()]);
    return this.#face(row, images[row], mu.slice(row * dimensions, (row + 1) * dimensions));
  }

  #latents() {
    const { points, dimensions, latents } = this.#map.source;
    return loadArray({ url: latents, type: "float16", length: points * dimensions, what: _("latents") });
  }

  #images() {
    const { points, image } = this.#map.source;
    return loadArray({ url: image, type: "int32", length: points, what: _("image numbers") });
  }

  /**
   * @param {number} row
   * @param {number} image
   * @param {Float32Array} z
   * @returns {Point}
   */
  #face(row, image, z) {
    return { kind: "face", text: String(image), name: faceName(image), row, z };
  }

  /**
   * @param {Float32Array} z
   * @returns {Point}
   */
  #linked(z) {
    return { kind: "z", text: `${this.#site.weights}.${latentText(z)}`, name: this.#site.words.linked, row: null, z };
  }

  /**
   * @param {Sample} sample
   * @returns {Promise<Point>}
   */
  async #drawnSample(sample) {
    const z = (await draw(sample.sampler, this.#site, { ...sample, count: sample.index + 1 }))[sample.index];
    return { kind: "sample", text: codeOf(sample), name: sampleName(sample), sample, row: null, z };
  }

  /** @param {number|null} row */
  async #sigma(row) {
    const { spread } = this.#site;
    if (row === null || !spread) return null;
    const { points, dimensions } = this.#map.source;
    const codes = await loadArray({ url: spread.url, type: "uint8", length: points * dimensions, what: _("widths") });
    return sigmaOf(spread, codes, row);
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
