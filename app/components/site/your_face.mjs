// The page Your face without a server: a photo is cut out and encoded in this browser, and nothing of it leaves it.
// Where no face is found, the hand sets the marks (app/views/your_face in the app).

import { encodePicture } from "../decoding/decoder.mjs";
import * as faceMarks from "../face_marks/face_marks.mjs";
import { findFaces } from "../finding/finding.mjs";
import * as latentPad from "../latent_pad/latent_pad.mjs";
import { loadBanks } from "../latent_pad/load.mjs";
import { combine } from "../latent_pad/pure.mjs";
import { csvOf } from "../page/csv.mjs";
import { contextOf, find, make } from "../page/elements.mjs";
import { saveFile } from "../page/save.mjs";
import { _ } from "../page/texts.mjs";
import { align, cropAligned } from "./alignment.mjs";
import { Camera } from "./camera.mjs";
import { given, notice, placeOf, said } from "./page.mjs";
import { planes, restingMarks, rgbOf, rgbaOf } from "./photo.mjs";
import { padAt } from "./points.mjs";
import { readingsTable } from "./readings_table.mjs";
import { ShelfPanel } from "./shelf_panel.mjs";

/** @import { MovedMarks } from "../face_marks/message.d.ts" */
/** @import { PadCommit, PadMessage } from "../latent_pad/message.d.ts" */
/** @import { Face } from "../finding/detector.mjs" */
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
  /** @type {Face[]} */
  #faces = [];
  #chosen = 0;
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
    find(document, "#save-readings").addEventListener("click", () => said(this.#saveReadings()));
  }

  async #portrait() {
    const answer = await fetch("./portrait.jpg");
    if (!answer.ok) throw new Error(_("The portrait could not be fetched; load the page again."));
    await this.#take(await answer.blob());
  }

  /**
   * Look for faces in a photo and encode the preferred one; where there is none, the hand sets the marks.
   *
   * @param {Blob} file
   */
  async #take(file) {
    notice("");
    const picture = await rgbOf(file);
    if (this.#photo) URL.revokeObjectURL(this.#photo.url);
    this.#photos += 1;
    this.#photo = { ...picture, url: URL.createObjectURL(file) };
    this.#faces = [];
    for (const part of ["#marks", "#result"]) find(document, part).hidden = true;
    const photo = this.#photos;
    if (this.#face.encoder) await this.#search(picture);
    if (photo !== this.#photos) return; // another photo was given meanwhile
    find(document, "#marks").hidden = false;
    if (this.#faces.length) await this.#choose(0);
    else this.#drawMarks(restingMarks([picture.width, picture.height]), { placing: true });
  }

  /** @param {Picture} picture */
  async #search(picture) {
    const photo = this.#photos;
    say(_("Looking for faces in this browser; the detector comes first …"));
    try {
      const found = await findFaces(this.#face.detector, picture);
      if (photo !== this.#photos) return;
      this.#faces = found;
      if (!found.length) notice(_("No face was found that is large enough; a mask, a hat or dim light may hide one."));
    } catch (error) {
      console.error(error);
      if (photo === this.#photos) notice(/** @type {Error} */ (error).message);
    } finally {
      if (photo === this.#photos) say("");
    }
  }

  /** @param {number} face which of those found */
  async #choose(face) {
    this.#chosen = face;
    const { points, doubtful } = this.#faces[face];
    notice(doubtful ? _("This face was hard to find. If the marks are off, drag them.") : "");
    this.#drawMarks(points);
    await this.#encode({ photo: String(this.#photos), places: points });
  }

  /**
   * @param {number[][]} marks
   * @param {{placing?: boolean, byHand?: boolean}} [how] whether the hand has yet to say that they are right, or has moved them
   */
  #drawMarks(marks, { placing = false, byHand = placing } = {}) {
    if (!this.#photo) return;
    const { url, width, height } = this.#photo;
    faceMarks.render({
      data: {
        base: "",
        photo: String(this.#photos),
        name: "",
        picture: url,
        size: [width, height],
        faces: this.#faces.map(({ box }) => box),
        chosen: this.#faces.length ? this.#chosen : null,
        marks,
        placing,
        byHand,
      },
      parentElement: placeOf("marks"),
      setStateValue: () => {},
      setTriggerValue: (name, value) => {
        if (name === "face") said(this.#choose(/** @type {number} */ (value)));
        else said(this.#encode(/** @type {MovedMarks} */ (value), true));
      },
    });
  }

  /**
   * @param {MovedMarks} moved
   * @param {boolean} [byHand]
   */
  async #encode({ photo, places }, byHand = false) {
    if (!this.#photo || photo !== String(this.#photos)) return;
    if (!this.#face.encoder) return;
    say(_("Encoding your photo in this browser; the encoder comes first …"));
    try {
      const aligned = align(this.#photo, places);
      if (!aligned) throw new Error(_("The three rings must lie apart like two eyes and a mouth."));
      const crop = cropAligned(aligned, this.#face.side);
      const code = await encodePicture(this.#face.encoder, planes(crop));
      if (photo !== String(this.#photos)) return; // another photo was given meanwhile
      if (byHand) this.#drawMarks(places, { byHand });
      this.#show(code, crop);
    } finally {
      if (photo === String(this.#photos)) say("");
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

  async #saveReadings() {
    const { z } = await this.#kept();
    const before = /** @type {Point} */ (this.#point).z;
    saveFile(`facespace-${this.#site.model}-photo-readings.csv`, csvOf(await readingsTable(this.#pad, before, z)));
  }

  /** On to the map: the face goes there by the shelf, since an address must not hold it. */
  async #goOn() {
    const { key, words } = this.#shelf.keep(await this.#kept());
    if (key) window.location.href = `./index.html?${new URLSearchParams({ model: this.#site.model, kept: key })}`;
    else find(document, "#kept").textContent = words;
  }
}

/** @param {string} words what is being done, or nothing */
const say = (words) => {
  find(document, "#progress").textContent = words;
};

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
