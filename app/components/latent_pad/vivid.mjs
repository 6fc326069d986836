// From faithful to vivid: the slider that blends the two decoders' weights, and a picture of what the vivid one added.

import { blendedUrl } from "../decoding/blend.mjs";
import { openDecoder } from "../decoding/decoder.mjs";
import { contextOf, find, make } from "../page/elements.mjs";
import { _ } from "../page/texts.mjs";

/** @import { Decoder } from "../decoding/decoder.mjs" */
/** @import { PadMessage } from "./message.d.ts" */

export const BRIGHTER = 4; // times: what is added is mostly too faint to be seen
const WHAT = _("The difference from the faithful face");

export class Vivid {
  #root;
  #holder;
  #slider;
  #on;
  /** @type {Pick<PadMessage, "model"|"decoderUrl"|"blendUrl">} */
  #given = { model: "", decoderUrl: null, blendUrl: null };
  #share = Number.NaN; // until Python says it
  #told = 1; // what Python said last
  /** @type {number|null} what the hand chose, until Python says it, too */
  #pending = null;
  #opening = false;
  /** @type {Float32Array} */
  #z = new Float32Array();

  /**
   * @param {HTMLElement} root of the pad
   * @param {{decoder: (decoder: Decoder) => void, end: () => void, fail: (sentence: string) => void}} on another decoder
   *   is open; the hand let go; none can be had
   */
  constructor(root, on) {
    this.#root = root;
    this.#on = on;
    this.#holder = find(root, ".vivid");
    this.#slider = find(this.#holder, "input");
    this.#slider.addEventListener("input", () => this.#move(Number(this.#slider.value)));
    this.#slider.addEventListener("change", () => {
      this.#pending = this.#share;
      this.#on.end();
    });
    this.#button.addEventListener("click", () => {
      this.#button.setAttribute("aria-pressed", String(!this.#shown));
      this.#drawAdded();
    });
  }

  /** From 0, faithful, to 1, vivid; null where there is no choice. */
  get share() {
    return this.#given.blendUrl === null ? null : this.#share;
  }

  /** Address of the decoder to use. */
  get url() {
    const { decoderUrl, blendUrl } = this.#given;
    return decoderUrl && blendedUrl(decoderUrl, blendUrl, this.#share);
  }

  get #button() {
    return find(this.#holder, "button");
  }

  get #shown() {
    return this.#button.getAttribute("aria-pressed") === "true";
  }

  /**
   * Take over what Python sent. Its word counts where it is news, and not while the hand's own word is on its way there.
   *
   * @param {PadMessage} data
   * @returns {boolean} whether that asks for another decoder
   */
  offer({ model, decoderUrl, blendUrl, vivid }) {
    if (this.#given.model !== model) this.#pending = null;
    const before = this.#share;
    if (this.#pending === null && (this.#told !== vivid || this.#given.model !== model)) this.#share = vivid;
    if (this.#pending === vivid) this.#pending = null;
    this.#told = vivid;
    this.#given = { model, decoderUrl, blendUrl };
    this.#holder.hidden = blendUrl === null;
    this.#mark();
    return this.#share !== before;
  }

  /**
   * The pad shows another point.
   *
   * @param {Float32Array} z
   * @param {boolean} moving whether it is still on its way
   */
  point(z, moving) {
    this.#z = z;
    if (!moving) this.#drawAdded();
  }

  /**
   * Draw as vividly as a step of the history says, where there is a choice.
   *
   * @param {number} share
   */
  choose(share) {
    if (this.share === null || this.#share === share) return;
    this.#pending = share;
    this.#move(share);
  }

  /** @param {number} share */
  #move(share) {
    this.#share = share;
    this.#mark();
    this.follow();
  }

  #mark() {
    this.#slider.value = String(this.#share);
    this.#slider.setAttribute("aria-valuetext", _("{share} % of the way to vivid", { share: Math.round(100 * this.#share) }));
    this.#slider.style.setProperty("--to", String(this.#share));
  }

  /** Open the decoder of where the slider stands; while one is opened, only the latest place waits. */
  async follow() {
    if (this.#opening) return;
    this.#opening = true;
    let url = null;
    while (this.url && url !== this.url) {
      url = this.url;
      const began = performance.now();
      const decoder = await openDecoder(url).catch((/** @type {Error} */ error) => this.#on.fail(error.message));
      if (!decoder) break;
      this.#root.dataset.blendMs = (performance.now() - began).toFixed(1);
      this.#on.decoder(decoder);
    }
    this.#root.dataset.vivid = String(this.#share);
    this.#opening = false;
    this.#drawAdded();
  }

  /** What the decoder adds at this point to what the faithful one draws. */
  async #drawAdded() {
    const { decoderUrl, blendUrl } = this.#given;
    const [corner, about] = [".added", ".about-added"].map((name) => find(this.#root, name));
    about.hidden = !this.#shown || blendUrl === null;
    const [z, share] = [this.#z, this.#share];
    corner.hidden = about.hidden || share === 0; // a grey square would tell nobody why it is one
    if (!this.#shown || !decoderUrl || blendUrl === null || this.#opening) return;
    if (share === 0) {
      about.textContent = _("This is the faithful face itself, so there is no difference: move the slider towards Vivid to see one.");
      return;
    }
    try {
      const opened = [this.url ?? decoderUrl, blendedUrl(decoderUrl, blendUrl, 0)].map(openDecoder);
      const [vivid, faithful] = await Promise.all(opened.map(async (decoder) => (await decoder).decode(z)));
      if (this.#z !== z || this.#share !== share) return; // overtaken by the hand
      const canvas = make("canvas", "", { width: vivid.size, height: vivid.size, role: "img", ariaLabel: WHAT });
      corner.replaceChildren(canvas);
      about.textContent = _("In the corner of the face: what is drawn beyond the faithful one, {times} times as strong; grey is no difference.", { times: BRIGHTER });
      contextOf(canvas).putImageData(new ImageData(added(vivid.rgba, faithful.rgba), vivid.size, vivid.size), 0, 0);
      this.#root.dataset.added = String(share);
    } catch (error) {
      corner.hidden = true;
      about.textContent = /** @type {Error} */ (error).message;
    }
  }
}

/**
 * What one picture has that another has not, `BRIGHTER` times as strong around a middle grey.
 *
 * @param {Uint8ClampedArray} picture RGBA
 * @param {Uint8ClampedArray} without RGBA of the same size
 */
export function added(picture, without) {
  const drawn = new Uint8ClampedArray(picture.length);
  for (let i = 0; i < picture.length; i++) drawn[i] = i % 4 === 3 ? 255 : 128 + BRIGHTER * (picture[i] - without[i]);
  return drawn;
}
