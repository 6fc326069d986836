// The encoded faces of the map, and the points that links and the shelf name.

import { loadArray } from "../atlas_map/arrays.mjs";
import { faceName } from "../atlas_map/wording.mjs";
import { _ } from "../page/texts.mjs";
import { latentText } from "./link.mjs";
import { sigmaOf } from "./points.mjs";
import { codeOf, draw, sampleName } from "./samplers.mjs";
import { keptFaces } from "./shelf.mjs";

/** @import { SourceMessage } from "../atlas_map/message.d.ts" */
/** @import { SiteMessage } from "./message.d.ts" */
/** @import { Asked, KeptFace, Point, Sample } from "./types.d.ts" */

export class Faces {
  #source;
  #site;

  /**
   * @param {SourceMessage} source
   * @param {SiteMessage} site
   */
  constructor(source, site) {
    this.#source = source;
    this.#site = site;
  }

  /** How many there are. */
  get count() {
    return this.#source.points;
  }

  /** All codes, [M, D]: the folder's largest file. */
  latents() {
    const { points, dimensions, latents } = this.#source;
    return loadArray({ url: latents, type: "float16", length: points * dimensions, what: _("latents") });
  }

  /** The number of each face's picture. */
  images() {
    const { points, image } = this.#source;
    return loadArray({ url: image, type: "int32", length: points, what: _("image numbers") });
  }

  /** @param {number} row */
  async at(row) {
    const { dimensions } = this.#source;
    const [images, mu] = await Promise.all([this.images(), this.latents()]);
    return faceAs(row, images[row], mu.slice(row * dimensions, (row + 1) * dimensions));
  }

  /** Any face of the map. */
  random() {
    return this.at(Math.floor(Math.random() * this.#source.points));
  }

  /**
   * The face of a picture's number, or null where the map does not have it.
   *
   * @param {number} image
   */
  async of(image) {
    const row = (await this.images()).indexOf(image);
    return row < 0 ? null : this.at(row);
  }

  /**
   * What a link asks for, or null where that is not here.
   *
   * @param {Asked} asked
   * @returns {Promise<Point|null>}
   */
  async asked({ face, sample, z, kept }) {
    if (face !== null) return this.of(face);
    if (sample) return this.#drawn(sample);
    if (z) return { kind: "z", text: `${this.#site.weights}.${latentText(z)}`, name: this.#site.words.linked, row: null, z };
    const entry = keptFaces(this.#site).find(({ key }) => key === kept);
    return entry ? keptAs(entry, this.#site) : null;
  }

  /**
   * @param {Sample} sample
   * @returns {Promise<Point>}
   */
  async #drawn(sample) {
    const z = (await draw(sample.sampler, this.#site, { ...sample, count: sample.index + 1 }))[sample.index];
    return { kind: "sample", text: codeOf(sample), name: sampleName(sample), sample, row: null, z };
  }

  /**
   * How wide a face's posterior is, or null where there is none.
   *
   * @param {number|null} row
   */
  async sigma(row) {
    const { spread } = this.#site;
    if (row === null || !spread) return null;
    const { points, dimensions } = this.#source;
    const codes = await loadArray({ url: spread.url, type: "uint8", length: points * dimensions, what: _("widths") });
    return sigmaOf(spread, codes, row);
  }
}

/**
 * @param {number} row
 * @param {number} image
 * @param {Float32Array} z
 * @returns {Point}
 */
export function faceAs(row, image, z) {
  return { kind: "face", text: String(image), name: faceName(image), row, z };
}

/**
 * A kept face as a point. What was made from a photo has no place in a link: an address names it by its key alone, which
 * says nothing outside this tab.
 *
 * @param {KeptFace} entry
 * @param {SiteMessage} site
 * @returns {Point}
 */
export function keptAs({ key, name, z, facts, private: fromPhoto }, { weights }) {
  const named = { name, row: null, z, facts, private: fromPhoto };
  return fromPhoto ? { kind: "kept", text: key, ...named } : { kind: "z", text: `${weights}.${latentText(z)}`, ...named };
}
