// The picture of the pad: points in, frames out. One decode is in flight; meanwhile newer points replace each other.

import { contextOf, find } from "../page/elements.mjs";
import { savePng } from "../page/save.mjs";
import { _, numeral } from "../page/texts.mjs";
import { publish } from "../page/topics.mjs";
import { hasEarly } from "./early.mjs";
import { NOTE, Pace } from "./pace.mjs";

/** @import { BesideMessage } from "./message.d.ts" */
/** @import { Decoder, Picture } from "../decoding/decoder.mjs" */

const PNG_SIDE = 512;

export class Face {
  #root;
  #canvas;
  #readout;
  /** @type {Decoder|null} */
  #decoder = null;
  /** @type {{z: Float32Array, at: number}|null} the newest point that is not painted yet */
  #waiting = null;
  #busy = false;
  /** @type {string|null} the address of the server's latest picture */
  #picture = null;
  #onFailure;
  #pace = new Pace((z, at) => this.#decode(z, at));

  /**
   * @param {HTMLElement} root of the pad
   * @param {(sentence: string) => void} onFailure
   */
  constructor(root, onFailure) {
    this.#root = root;
    this.#canvas = find(root, "canvas");
    this.#readout = find(root, ".readout");
    this.#onFailure = onFailure;
  }

  /** Whether this browser decodes. */
  get live() {
    return this.#decoder !== null;
  }

  /** The decoder to use from now on, or null to wait for pictures of the server. */
  set decoder(/** @type {Decoder|null} */ decoder) {
    if (decoder !== this.#decoder) this.#pace.renew();
    this.#decoder = decoder;
  }

  /**
   * Show a point as soon as the decoder is free.
   *
   * @param {Float32Array} z
   * @param {number} [at] when the hand asked for it
   */
  show(z, at = performance.now()) {
    this.#pace.drop();
    return this.#decode(z, at);
  }

  /**
   * Show a point on the hand's way, at once or when the hand rests: whichever the decoder can do.
   *
   * @param {Float32Array} z
   * @param {number} [at] when the hand asked for it
   */
  follow(z, at = performance.now()) {
    this.#pace.move(z, at);
  }

  /**
   * Say the picture in words.
   *
   * @param {string} said
   */
  say(said) {
    find(this.#root, ".spoken").textContent = said;
    this.#canvas.setAttribute("aria-label", said);
  }

  /** The hand let go. */
  rest() {
    this.#pace.rest();
  }

  /**
   * @param {Float32Array} z
   * @param {number} at when the hand asked for it
   */
  async #decode(z, at) {
    this.#waiting = { z, at };
    if (this.#busy || !this.#decoder) return;
    this.#busy = true;
    this.#root.dataset.busy = "yes";
    while (this.#waiting && this.#decoder) {
      const next = this.#waiting;
      this.#waiting = null;
      try {
        this.#paint(await this.#decoder.decode(next.z), next.at);
      } catch (error) {
        console.error(error);
        this.#decoder = null;
        this.#onFailure(_("The decoder stopped working in this browser."));
      }
    }
    this.#busy = false;
    delete this.#root.dataset.busy;
  }

  /**
   * @param {Picture} picture
   * @param {number} at when the hand asked for it
   */
  #paint({ rgba, size, ms }, at) {
    if (this.#canvas.width !== size) this.#canvas.width = this.#canvas.height = size;
    contextOf(this.#canvas).putImageData(new ImageData(rgba, size, size), 0, 0);
    Object.assign(this.#root.dataset, {
      state: "ready",
      source: "browser",
      frames: Number(this.#root.dataset.frames) + 1,
      decodeMs: ms.toFixed(2),
      inputToPaintMs: (performance.now() - at).toFixed(2),
    });
    this.#pace.took(ms);
    const { slow } = this.#pace;
    this.#readout.textContent = slow ? NOTE : "";
    find(this.#root, ".ms").textContent = _("Decoded in this browser in {ms} ms", { ms: numeral(ms, slow ? 0 : 1) });
    find(this.#root, ".numbers").hidden = false;
    // The map waits for it, and must not hold up an early pad's way to its place either.
    if (this.#root.dataset.frames === "1" && !hasEarly()) publish("first face", true);
  }

  /**
   * Show a picture that the server decoded, unless this browser decodes.
   *
   * @param {string} address
   * @param {boolean} [stays] whether this browser's own is not on its way
   */
  async showFromServer(address, stays = true) {
    this.#picture = address;
    const image = new Image();
    image.src = address;
    await image.decode().catch(() => {});
    if (this.#decoder || this.#picture !== address) return;
    this.#canvas.width = this.#canvas.height = image.naturalWidth;
    contextOf(this.#canvas).drawImage(image, 0, 0);
    this.#root.dataset.source = "server";
    if (stays) this.#readout.textContent = _("Decoded on the server");
  }

  /**
   * Hand the picture to the person as a PNG, enlarged smoothly, that says where it came from.
   *
   * @param {string} name of the file, without its ending
   * @param {Record<string, unknown>} provenance
   */
  save(name, provenance) {
    return savePng(this.#canvas, name, provenance, PNG_SIDE);
  }
}

/**
 * Show a picture next to the face, such as the original, or none.
 *
 * @param {HTMLElement} root of the pad
 * @param {BesideMessage|null} beside
 */
export function showBeside(root, beside) {
  const holder = find(root, ".beside");
  holder.hidden = !beside;
  if (!beside) return;
  const image = find(holder, "img");
  if (image.getAttribute("src") !== beside.url) image.src = beside.url;
  image.alt = find(holder, "figcaption").textContent = beside.label;
}
