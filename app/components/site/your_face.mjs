// The page Your face without a server: a photo is cut out and encoded in this browser, and nothing of it leaves it.
// There is no detector here: the hand sets the marks (app/views/your_face in the app).

import { encodePicture } from "../decoding/decoder.mjs";
import * as faceMarks from "../face_marks/face_marks.mjs";
import * as latentPad from "../latent_pad/latent_pad.mjs";
import { loadBanks } from "../latent_pad/load.mjs";
import { combine } from "../latent_pad/pure.mjs";
import { contextOf, find, make } from "../page/elements.mjs";
import { _ } from "../page/texts.mjs";
import { align, cropAligned } from "./alignment.mjs";
import { Camera } from "./camera.mjs";
import { given, notice, placeOf, said } from "./page.mjs";
import { planes, restingMarks, rgbOf, rgbaOf } from "./photo.mjs";
import { padAt } from "./points.mjs";
import { ShelfPanel } from "./shelf_panel.mjs";

/** @import { MovedMarks } from "../face_marks/message.d.ts" */
/** @import { PadCommit, PadMessage } from "../latent_pad/message.d.ts" */
/** @import { Picture } from "./alignment.mjs" */
/** @import { FaceMessage, SiteMessage } from "./message.d.ts" */
/** @import { Point } from "./types.d.ts" */

class YourFace {
  /** @type {PadMessage} */
  #first = given("pad");
  /** @type {SiteMessage} */
  #site = given("site");
  /** @type {FaceMessage} */
  #face = given("face");
  #shelf = new ShelfPanel(this.#site);
  /** @type {(Picture & {url: string})|null} */
  #photo = null;
  #photos = 0;
  #visits = 0;
  /** @type {Point|null} */
  #point = null;
  #pad = this.#first;

  constructor() {
    const file = /** @type {HTMLInputElement} */ (find(document, "#file"));
    file.addEventListener("change", () => file.files?.[0] && said(this.#take(file.files[0])));
    find(document, "#portrait").addEventListener("click", () => said(this.#portrait()));
    new Camera((picture) => said(this.#take(picture)));
    document.addEventListener("dragover", (event) => event.preventDefault());
    document.addEventListener("drop", (event) => {
      event.preventDefault();
      const dropped = event.dataTransfer?.files[0];
      if (dropped) said(this.#take(dropped));
    });
    find(document, "#keep").addEventListener("click", () => said(this.#keep()));
    find(document, "#go-on").addEventListener("click", () => said(this.#goOn()));
  }

  async #portrait() {
    const answer = await fetch("./portrait.jpg");
    if (!answer.ok) throw new Error(_("The portrait could not be fetched; load the page again."));
    await this.#take(await answer.blob(), this.#face.portrait);
  }

  /**
   * Show a photo with marks for the hand to set.
   *
   * @param {Blob} file
   * @param {number[][]} [marks] where they are known
   */
  async #take(file, marks) {
    notice("");
    const picture = await rgbOf(file);
    if (this.#photo) URL.revokeObjectURL(this.#photo.url);
    this.#photos += 1;
    this.#photo = { ...picture, url: URL.createObjectURL(file) };
    find(document, "#marks").hidden = false;
    this.#drawMarks(marks ?? restingMarks([picture.width, picture.height]), true);
  }

  /**
   * @param {number[][]} marks
   * @param {boolean} placing whether the hand has yet to say that they are right
   */
  #drawMarks(marks, placing) {
    if (!this.#photo) return;
    const { url, width, height } = this.#photo;
    faceMarks.render({
      data: {
        base: "",
        photo: String(this.#photos),
        name: "",
        picture: url,
        size: [width, height],
        faces: [],
        chosen: null,
        marks,
        placing,
        byHand: true,
      },
      parentElement: placeOf("marks"),
      setStateValue: () => {},
      setTriggerValue: (name, value) => {
        if (name === "marks") said(this.#encode(/** @type {MovedMarks} */ (value)));
      },
    });
  }

  /** @param {MovedMarks} moved */
  async #encode({ photo, places }) {
    if (!this.#photo || photo !== String(this.#photos)) return;
    if (!this.#face.encoder) return;
    find(document, "#progress").textContent = _("Encoding your photo in this browser; the encoder comes first …");
    try {
      const aligned = align(this.#photo, places);
      if (!aligned) throw new Error(_("The three rings must lie apart like two eyes and a mouth."));
      const crop = cropAligned(aligned, this.#face.side);
      const code = await encodePicture(this.#face.encoder, planes(crop));
      if (photo !== String(this.#photos)) return; // another photo was given meanwhile
      this.#drawMarks(places, false);
      this.#show(code, crop);
    } finally {
      find(document, "#progress").textContent = "";
    }
  }

  /**
   * @param {Float32Array} code the mean, and for a VAE the log variance behind it
   * @param {Picture} crop
   */
  #show(code, crop) {
    const { dimensions } = this.#site;
    const logvar = code.length > dimensions ? code.subarray(dimensions) : null;
    this.#visits += 1;
    const visit = `photo ${this.#visits}`;
    /** @type {Point} */
    const point = { kind: "kept", text: visit, name: _("Your photo"), row: null, z: code.slice(0, dimensions), private: true };
    const sigma = logvar?.map((value) => Math.exp(0.5 * value)) ?? null;
    const message = padAt(this.#first, this.#site, { point, before: null, sigma, visit });
    const provenance = { ...message.provenance, point: { kind: "photo" } };
    this.#point = point;
    this.#pad = { ...message, provenance, beside: { url: pictureAddress(crop), label: _("Your photo") }, weights: {}, greet: "" };
    find(document, "#result").hidden = false;
    find(document, "#kept").textContent = "";
    latentPad.render({
      data: this.#pad,
      parentElement: placeOf("pad"),
      setTriggerValue: () => {},
      setStateValue: (name, value) => {
        const { point: at, bank, weights } = /** @type {PadCommit} */ (value);
        if (name === "committed" && at === this.#pad.pointId) this.#pad = { ...this.#pad, bank, weights };
      },
    });
  }

  /** What is on screen, for this tab's shelf alone. */
  async #kept() {
    const { weights } = this.#pad;
    const { name, z } = /** @type {Point} */ (this.#point);
    const moved = Object.keys(weights).length > 0;
    return {
      name: moved ? _("{name}, changed", { name }) : name,
      z: moved ? combine(z, await loadBanks(this.#pad), weights) : z,
      facts: { point: { kind: "photo" }, ...(moved ? { model: this.#site.model, weights } : {}) },
      private: true,
    };
  }

  async #keep() {
    find(document, "#kept").textContent = this.#shelf.keep(await this.#kept()).words;
  }

  /** On to the map: the face goes there by the shelf, since an address must not hold it. */
  async #goOn() {
    const { key, words } = this.#shelf.keep(await this.#kept());
    if (key) window.location.href = `./index.html?${new URLSearchParams({ model: this.#site.model, kept: key })}`;
    else find(document, "#kept").textContent = words;
  }
}

/**
 * A picture as an address of its own, which the page alone knows.
 *
 * @param {Picture} picture
 */
function pictureAddress(picture) {
  const { width, height } = picture;
  const canvas = make("canvas", "", { width, height });
  contextOf(canvas).putImageData(new ImageData(rgbaOf(picture), width, height), 0, 0);
  return canvas.toDataURL();
}

if (globalThis.document?.getElementById("facespace-face")) new YourFace();
