// What stands under a way between faces: its strip with the nearest encoded faces, and its animation.

import { nearestRows } from "../atlas_map/nearest.mjs";
import { openDecoder } from "../decoding/decoder.mjs";
import { contextOf, find, make } from "../page/elements.mjs";
import { saveFile, savePng } from "../page/save.mjs";
import { _ } from "../page/texts.mjs";
import { gif } from "./gif.mjs";
import { said } from "./page.mjs";
import { drawSheet, spaced } from "./sheet.mjs";

/** @import { Faces } from "./faces.mjs" */
/** @import { SiteMessage } from "./message.d.ts" */
/** @import { Point } from "./types.d.ts" */

const STEPS = 9;
const [FRAMES, FRAME_SIDE, FRAME_MS] = [60, 256, 50];
const PNG_WIDTH = STEPS * FRAME_SIDE;

export class Strip {
  #site;
  #faces;
  #facts;
  #make = /** @type {HTMLButtonElement} */ (find(document, "#make-gif"));
  #cancel = find(document, "#cancel-gif");
  #bar = find(document, "progress");
  /** @type {Record<string, HTMLCanvasElement>} what is saved, by its name in the file's */
  #sheets = {};
  /** @type {(steps: number) => Float32Array[]} */
  #along = () => [];
  /** @type {Record<string, unknown>} */
  #more = {};
  #making = 0; // the newest animation

  /**
   * @param {SiteMessage} site
   * @param {Faces} faces
   * @param {(more: Record<string, unknown>) => Record<string, unknown>} facts what a picture says of itself
   */
  constructor(site, faces, facts) {
    this.#site = site;
    this.#faces = faces;
    this.#facts = facts;
    for (const name of ["strip", "near"]) find(document, `#save-${name}`).addEventListener("click", () => said(this.#save(name)));
    this.#make.addEventListener("click", () => said(this.#animate()));
    this.#cancel.addEventListener("click", () => this.#stop());
  }

  /**
   * Nine steps of the way, and the encoded face nearest to each.
   *
   * @param {Point[]} points
   * @param {(steps: number) => Float32Array[]} along
   * @param {Record<string, unknown>} more what pictures say of the way
   * @param {() => boolean} goesOn
   */
  async show(points, along, more, goesOn) {
    this.#stop();
    find(document, "#animation").replaceChildren();
    this.#along = along;
    this.#more = more;
    const steps = along(STEPS);
    const { decoder } = this.#site;
    const [sheet, mu, images] = await Promise.all([drawSheet(decoder, steps, STEPS, goesOn), this.#faces.latents(), this.#faces.images()]);
    if (!sheet) return;
    this.#sheets.strip = sheet;
    delete this.#sheets.near; // of the way before
    put("#strip", sheet, _("The way in {count} steps", { count: STEPS }));
    const ends = new Set(points.map(({ row }) => row));
    const rows = steps.map((z) => nearestOther(z, mu, ends));
    const D = steps[0].length;
    const near = await drawSheet(decoder, rows.map((row) => mu.slice(row * D, (row + 1) * D)), STEPS, goesOn);
    if (!near) return;
    this.#sheets.near = near;
    put("#near", near, _("The encoded faces nearest to these steps"));
    find(document, "#numbers").textContent = _("Their numbers in CelebA: {numbers}", { numbers: rows.map((row) => images[row]).join(", ") });
  }

  /** @param {string} name */
  async #save(name) {
    const sheet = this.#sheets[name];
    if (!sheet) return;
    const facts = this.#facts({ ...this.#more, steps: STEPS });
    await savePng(spaced(sheet, STEPS), `facespace-${this.#site.model}-${name}`, facts, PNG_WIDTH);
  }

  /** Make an animation of the way, show it and offer it as a file. */
  async #animate() {
    this.#making += 1;
    const mine = this.#making;
    this.#busy(true);
    const goesOn = async (/** @type {number} */ share) => {
      this.#bar.value = share;
      await new Promise((resolve) => setTimeout(resolve)); // the page has its turn
      return mine === this.#making;
    };
    try {
      const frames = await this.#frames((share) => goesOn(share / 2));
      const facts = this.#facts({ ...this.#more, frames: FRAMES });
      const made = frames && (await gif(frames, facts, { frameMs: FRAME_MS, goesOn: (share) => goesOn((1 + share) / 2) }));
      if (made) this.#offer(new Blob([made], { type: "image/gif" }));
    } finally {
      if (mine === this.#making) this.#busy(false);
    }
  }

  /** @param {(share: number) => Promise<boolean>} goesOn */
  async #frames(goesOn) {
    const decoder = await openDecoder(this.#site.decoder);
    const large = make("canvas", "", { width: FRAME_SIDE, height: FRAME_SIDE });
    const context = contextOf(large);
    context.imageSmoothingQuality = "high";
    const frames = [];
    for (const [i, z] of this.#along(FRAMES).entries()) {
      if (!(await goesOn(i / FRAMES))) return null;
      const { rgba, size } = await decoder.decode(z);
      const small = make("canvas", "", { width: size, height: size });
      contextOf(small).putImageData(new ImageData(rgba, size, size), 0, 0);
      context.drawImage(small, 0, 0, FRAME_SIDE, FRAME_SIDE);
      frames.push(context.getImageData(0, 0, FRAME_SIDE, FRAME_SIDE));
    }
    return frames;
  }

  /** @param {Blob} content */
  #offer(content) {
    const shown = make("img", "", { src: URL.createObjectURL(content), width: FRAME_SIDE, height: FRAME_SIDE, alt: _("The way, animated") });
    const save = make("button", "", { type: "button", textContent: _("Save the animation") });
    save.addEventListener("click", () => saveFile(`facespace-${this.#site.model}-morph.gif`, content));
    find(document, "#animation").replaceChildren(shown, save);
  }

  #stop() {
    this.#making += 1;
    this.#busy(false);
  }

  /** @param {boolean} busy */
  #busy(busy) {
    this.#make.disabled = busy;
    this.#cancel.hidden = !busy;
    this.#bar.hidden = !busy;
  }
}

/**
 * @param {string} place
 * @param {HTMLCanvasElement} canvas
 * @param {string} words
 */
function put(place, canvas, words) {
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", words);
  find(document, place).replaceChildren(canvas);
}

/**
 * The row nearest to a point, not counting some rows.
 *
 * @param {Float32Array} z
 * @param {Float32Array} mu
 * @param {Set<number|null>} without
 */
export function nearestOther(z, mu, without) {
  const { rows } = nearestRows(z, mu, without.size + 1);
  return rows.find((row) => !without.has(row)) ?? rows[0];
}
