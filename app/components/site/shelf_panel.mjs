// The shelf at the top of every page without a server.

import { openDecoder } from "../decoding/decoder.mjs";
import { contextOf, find, make } from "../page/elements.mjs";
import { saveFile } from "../page/save.mjs";
import { _ } from "../page/texts.mjs";
import { addFile, keep, keptFaces, LONGEST_NAME, move, remove, rename, toFile } from "./shelf.mjs";

/** @import { SiteMessage } from "./message.d.ts" */
/** @import { KeptFace } from "./types.d.ts" */

const NOTHING = _("Nothing here yet. Press \u201cKeep on the shelf\u201d under a face to come back to it later or to morph it with others, or load a shelf file.");

export class ShelfPanel {
  #site;
  #root = find(document, "#shelf");
  #list = make("div", "kept");
  #says = make("p", "caption", { role: "status" });
  /** @type {() => void} */
  #onChange;

  /**
   * @param {SiteMessage} site
   * @param {() => void} [onChange] is told when another face can be used
   */
  constructor(site, onChange = () => {}) {
    this.#site = site;
    this.#onChange = onChange;
    const save = button(_("Save the shelf as a file"), () => saveFile("facespace-shelf.json", new Blob([toFile()], { type: "application/json" })));
    const load = make("input", "", { type: "file", accept: ".json,application/json" });
    load.addEventListener("change", () => this.#load(load));
    const label = make("label", "", { textContent: `${_("Load a shelf file; its faces are added")} ` });
    label.append(load);
    this.#root.append(this.#list, save, label, this.#says);
    this.#root.addEventListener("toggle", () => this.#draw());
    this.#draw();
  }

  /**
   * Put a face on the shelf and say so.
   *
   * @param {Omit<KeptFace, "key">} face
   * @returns {{key: string|null, words: string}} without a key where there was no room
   */
  keep(face) {
    const kept = keep(this.#site, face);
    this.#draw();
    if (!kept) return { key: null, words: _("The shelf is full. Take a face off it first.") };
    return { key: kept.key, words: _("Kept as \u201c{name}\u201d.", { name: kept.name }) };
  }

  /** @param {HTMLInputElement} input */
  async #load(input) {
    const [file] = input.files ?? [];
    if (!file) return;
    try {
      this.#says.textContent = addFile(await file.text(), this.#site).join(" ");
    } catch (error) {
      this.#says.textContent = /** @type {Error} */ (error).message;
    }
    input.value = ""; // the same file may be chosen again
    this.#draw();
  }

  #draw() {
    const faces = keptFaces(this.#site);
    const count = faces.length;
    find(this.#root, "summary").textContent = count ? _("Shelf \u00b7 {count}", { count }) : _("Shelf");
    this.#list.replaceChildren(...(count ? faces.map((face) => this.#row(face)) : [make("p", "caption", { textContent: NOTHING })]));
    this.#onChange();
  }

  /** @param {KeptFace} face */
  #row(face) {
    const row = make("div", "row");
    const canvas = make("canvas", "", { width: 48, height: 48 });
    if (/** @type {HTMLDetailsElement} */ (this.#root).open) paint(canvas, this.#site, face.z).catch(console.error);
    const name = make("input", "", { value: face.name, maxLength: LONGEST_NAME });
    name.setAttribute("aria-label", _("Name of {name}", { name: face.name }));
    name.addEventListener("change", () => this.#do(() => rename(face.key, name.value)));
    const use = make("a", "", { href: `./index.html?${new URLSearchParams({ model: this.#site.model, kept: face.key })}`, textContent: _("Use") });
    const tools = /** @type {const} */ ([
      ["\u2191", _("Move up"), () => move(face.key, -1)],
      ["\u2193", _("Move down"), () => move(face.key, 1)],
      ["\u00d7", _("Take off the shelf"), () => remove(face.key)],
    ]).map(([sign, title, act]) => {
      const tool = button(sign, () => this.#do(act));
      tool.title = title;
      tool.setAttribute("aria-label", title);
      return tool;
    });
    row.append(canvas, name, use, ...tools);
    return row;
  }

  /** @param {() => void} act */
  #do(act) {
    act();
    this.#draw();
  }
}

/**
 * Decode a point onto a canvas of any size.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {SiteMessage} site
 * @param {Float32Array} z
 */
export async function paint(canvas, site, z) {
  const { rgba, size } = await (await openDecoder(site.decoder)).decode(z);
  const whole = make("canvas", "", { width: size, height: size });
  contextOf(whole).putImageData(new ImageData(rgba, size, size), 0, 0);
  contextOf(canvas).imageSmoothingQuality = "high";
  contextOf(canvas).drawImage(whole, 0, 0, canvas.width, canvas.height);
}

/**
 * @param {string} words
 * @param {() => void} press
 */
export function button(words, press) {
  const made = make("button", "", { type: "button", textContent: words });
  made.addEventListener("click", press);
  return made;
}
