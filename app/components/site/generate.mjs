// The page Generate without a server: faces are drawn and decoded in this browser (app/views/generate.py in the app).

import "../page/history.mjs"; // one entry for each thing that the visitor does
import * as faceGrid from "../face_grid/face_grid.mjs";
import { find } from "../page/elements.mjs";
import { savePng } from "../page/save.mjs";
import { _ } from "../page/texts.mjs";
import { given, notice, placeOf, said, writeAddress } from "./page.mjs";
import { codeOf, draw, samplerOf } from "./samplers.mjs";
import { LEARNED } from "./wish.mjs";
import { drawSheet, spaced } from "./sheet.mjs";
import { ShelfPanel } from "./shelf_panel.mjs";
import { WishPanel } from "./wish_panel.mjs";

/** @import { SamplerMessage, SiteMessage } from "./message.d.ts" */

/**
 * A whole number of the address in a range, or null.
 *
 * @param {string|null} text
 * @param {number} most
 */
export function whole(text, most) {
  return text !== null && /^\d{1,11}$/.test(text) && Number(text) <= most ? Number(text) : null;
}

class Generate {
  /** @type {SiteMessage} */
  #site = given("site");
  #sampler = /** @type {HTMLSelectElement} */ (find(document, "#sampler"));
  #seed = /** @type {HTMLInputElement} */ (find(document, "#seed"));
  #temperature = /** @type {HTMLInputElement} */ (find(document, "#temperature"));
  #count = /** @type {HTMLSelectElement} */ (find(document, "#count"));
  #asked = 0; // the newest wish
  /** @type {{sheet: HTMLCanvasElement, columns: number, sampler: string, seed: number, temperature: number, count: number}|null} */
  #drawn = null;
  #wish = this.#site.prior && new WishPanel(this.#site.prior, () => said(this.#draw()));

  constructor() {
    new ShelfPanel(this.#site);
    this.#sampler.append(...this.#site.samplers.map(({ key, name }) => new Option(name, key, key === "gaussian")));
    this.#sampler.value = "gaussian";
    for (const control of [this.#sampler, this.#seed, this.#temperature, this.#count]) {
      control.addEventListener("change", () => said(this.#draw()));
    }
    find(document, "#save").addEventListener("click", () => said(this.#save()));
    find(document, "#next").addEventListener("click", () => {
      this.#seed.valueAsNumber += 1;
      said(this.#draw());
    });
    window.addEventListener("popstate", () => said(this.follow()));
  }

  /** Take over what the address asks for, and draw. */
  follow() {
    const params = new URLSearchParams(window.location.search);
    const asked = params.get("sampler") ?? this.#sampler.value;
    const sampler = samplerOf(asked, this.#site);
    notice(sampler ? "" : this.#site.words["no sampler"]);
    if (sampler) this.#sampler.value = sampler.key;
    if (sampler?.key === LEARNED) this.#wish?.follow(asked);
    const seed = whole(params.get("seed"), Number(this.#seed.max));
    if (seed !== null) this.#seed.valueAsNumber = seed;
    if (Number(params.get("t") ?? Number.NaN) >= 0) this.#temperature.value = /** @type {string} */ (params.get("t"));
    const count = params.get("n");
    if ([...this.#count.options].some(({ value }) => value === count)) this.#count.value = /** @type {string} */ (count);
    return this.#draw();
  }

  async #draw() {
    this.#asked += 1;
    const mine = this.#asked;
    const key = this.#sampler.value === LEARNED && this.#wish ? this.#wish.key : this.#sampler.value;
    const sampler = /** @type {SamplerMessage} */ (samplerOf(key, this.#site));
    const seed = whole(this.#seed.value, Number(this.#seed.max)) ?? 0;
    const [temperature, count] = [this.#temperature.valueAsNumber, Number(this.#count.value)];
    find(document, "#warmth").textContent = String(temperature);
    find(document, "#explanation").textContent = sampler.explanation;
    find(document, "#quality").textContent = sampler.quality;
    this.#wish?.show(sampler.key === LEARNED);
    writeAddress(new URLSearchParams({ sampler: key, seed: String(seed), t: String(temperature), n: String(count) }));
    const goesOn = (/** @type {number} */ done) => this.#goesOn(mine, done, count);
    const points = await draw(key, this.#site, { count, seed, temperature }, goesOn);
    if (mine !== this.#asked) return; // something else is wanted meanwhile
    const columns = Math.floor(Math.sqrt(count));
    const sheet = await drawSheet(this.#site.decoder, points, columns, () => mine === this.#asked);
    if (!sheet) return;
    find(document, "#progress").textContent = "";
    this.#drawn = { sheet, columns, sampler: key, seed, temperature, count };
    this.#show(sheet.toDataURL(), columns, points.map((_point, index) => codeOf({ sampler: key, seed, index, temperature })));
  }

  async #save() {
    if (!this.#drawn) return;
    const { sheet, columns, ...drawn } = this.#drawn;
    const { model, sha256 } = this.#site;
    const facts = { model, checkpoint_sha256: sha256, point: { kind: "samples", ...drawn } };
    const whole = spaced(sheet, columns);
    await savePng(whole, `facespace-${model}-${drawn.sampler}-${drawn.seed}`, facts, whole.width);
  }

  /**
   * Say how far the drawing is, which another wish ends.
   *
   * @param {number} mine the wish's number
   * @param {number} done
   * @param {number} count
   */
  #goesOn(mine, done, count) {
    if (mine !== this.#asked) return false;
    find(document, "#progress").textContent = _("{done} of {count} faces are drawn.", { done, count });
    return true;
  }

  /**
   * @param {string} sheet
   * @param {number} columns
   * @param {string[]} codes of the samples
   */
  #show(sheet, columns, codes) {
    const names = codes.map((_code, i) => _("Sample {number}", { number: i + 1 }));
    faceGrid.render({
      data: { base: "", sheet, columns, names, label: this.#site.words["faces drawn"], chosen: null },
      parentElement: placeOf("grid"),
      setStateValue: () => {},
      setTriggerValue: (_name, i) => {
        window.location.href = `./index.html?${new URLSearchParams({ model: this.#site.model, sample: codes[Number(i)] })}`;
      },
    });
  }
}

if (globalThis.document?.getElementById("grid")) said(new Generate().follow());
