// The latents behind the map. Few are fetched at once; of more, some rows until a hand is at the map or the sliders, and then
// all of them; of very many, some to place the marker among and others when a face is asked for. A million of 128 dimensions
// are 256 MB, which no page waits for.

import { isPacked } from "../page/fetched.mjs";
import { fromHalves } from "../page/halves.mjs";
import { _ } from "../page/texts.mjs";
import { MANY, loadArray, loadPart, loadRows } from "./arrays.mjs";

/** @import { AtlasMap } from "./map.mjs" */
/** @import { MapMessage, SourceMessage } from "./message.d.ts" */

const SMALL = 1_000_000; // bytes that are not worth waiting with
const BLOCKS = 64; // evenly over the file, which may be in any order
const BLOCK = 512; // rows
const KEPT = 2000; // single ones
/** @type {{url: string, sample: Promise<{mu: Float32Array, rows: Int32Array}>}|null} of the newest map of very many faces */
let newest = null;
/** @type {Set<string>} files of which a hand wanted all, so that another map of them does not wait again */
const wanted = new Set();

export class Latents {
  #map;
  #of = "";
  /** @type {Map<number, Promise<Float32Array|null>>} by row, the oldest first */
  #asked = new Map();
  /** @type {Map<number, Float32Array>} what came of those */
  #there = new Map();

  /** @param {AtlasMap} map */
  constructor(map) {
    this.#map = map;
  }

  /**
   * Have what the marker and the faces are made of.
   *
   * @param {MapMessage} data
   */
  async open({ source, decoderUrl }) {
    const map = this.#map;
    try {
      const { mu, rows } = await opened(source);
      if (map.gone || !map.drawn || map.drawn.data.source.latents !== source.latents) return;
      if (map.drawn.mu === mu && this.ready) return;
      if (this.#of !== source.latents) {
        this.#of = source.latents;
        this.#asked.clear();
        this.#there.clear();
      }
      Object.assign(map.drawn, { mu, sampled: rows });
      map.dom.root.dataset.latents = "ready";
      map.marker.settle();
      map.pointing.refresh();
      map.landmarks.follow();
      if (decoderUrl) map.face.warm(decoderUrl);
    } catch (error) {
      wanted.delete(source.latents);
      map.dom.says.textContent = /** @type {Error} */ (error).message; // the map itself is drawn; only faces and the moving marker are not
    }
  }

  /** Whether faces can be asked for. */
  get ready() {
    return this.#map.dom.root.dataset.latents === "ready";
  }

  /** Whether all are there that the marker is placed among. */
  get #whole() {
    const { drawn } = this.#map;
    return drawn?.mu && !drawn.sampled ? drawn.mu : null;
  }

  /** Have all of them, now that a hand needs them. */
  all() {
    const { drawn } = this.#map;
    if (!drawn || drawn.mu || wanted.has(drawn.data.source.latents)) return;
    wanted.add(drawn.data.source.latents);
    this.open(drawn.data);
  }

  /**
   * The latent of a row that is pointed at, or null while it is on its way.
   *
   * @param {number} row
   */
  row(row) {
    if (!this.ready) return null;
    if (this.#whole) return this.#cut(this.#whole, row);
    this.all();
    if (!this.#there.has(row)) this.fetch(row).then((z) => z && this.#map.pointing.refresh());
    return this.#there.get(row) ?? null;
  }

  /**
   * The latent of a row, once it is there.
   *
   * @param {number} row
   * @returns {Promise<Float32Array|null>}
   */
  async fetch(row) {
    this.ask([row]);
    return this.#whole ? this.#cut(this.#whole, row) : (this.#asked.get(row) ?? null);
  }

  /**
   * Send for rows that will be fetched one by one.
   *
   * @param {number[]} rows
   */
  ask(rows) {
    const { drawn } = this.#map;
    const missing = rows.filter((row) => !this.#asked.has(row));
    if (!drawn || !this.ready || this.#whole || !missing.length) return;
    const { source } = drawn.data;
    const sent = loadRows(source.latents, 2 * source.dimensions, missing);
    for (const [at, row] of missing.entries()) this.#asked.set(row, sent.then((bytes) => this.#take(source, row, bytes, at)));
  }

  /**
   * @param {SourceMessage} source
   * @param {number} row
   * @param {ArrayBuffer|null} bytes of several rows
   * @param {number} at which of them is this one's
   */
  #take({ latents, dimensions }, row, bytes, at) {
    if (latents !== this.#of) return null;
    if (!bytes) {
      this.#asked.delete(row);
      this.all(); // from a host that does not send rows
      return null;
    }
    const z = fromHalves(new Uint16Array(bytes, 2 * dimensions * at, dimensions));
    this.#there.set(row, z);
    for (const oldest of this.#there.keys()) {
      if (this.#there.size <= KEPT) break;
      this.#there.delete(oldest);
      this.#asked.delete(oldest);
    }
    return z;
  }

  /**
   * @param {Float32Array} mu
   * @param {number} row
   */
  #cut(mu, row) {
    const D = this.#map.drawn?.data.source.dimensions ?? 0;
    return mu.slice(row * D, (row + 1) * D);
  }
}

/**
 * @param {SourceMessage} source
 * @returns {Promise<{mu: Float32Array|null, rows: Int32Array|null}>} `rows` where they are not all; null where none is needed yet
 */
async function opened(source) {
  const { latents: url, points, dimensions } = source;
  const later = points <= MANY && 2 * points * dimensions > SMALL && !isPacked(url) && !wanted.has(url);
  if (later) return { mu: null, rows: null };
  if (points <= MANY) return { mu: await loadArray({ url, type: "float16", length: points * dimensions, what: _("latents") }), rows: null };
  if (newest?.url !== url) newest = { url, sample: sampleOf(source) };
  return newest.sample;
}

/** @param {SourceMessage} source of more than `BLOCKS` times `BLOCK` faces */
async function sampleOf(source) {
  const starts = Array.from({ length: BLOCKS }, (_one, at) => Math.floor((at * (source.points - BLOCK)) / (BLOCKS - 1)));
  const parts = await Promise.all(starts.map((start) => rowsFrom(source, start, BLOCK)));
  const mu = new Float32Array(BLOCKS * BLOCK * source.dimensions);
  for (const [at, part] of parts.entries()) mu.set(part, at * BLOCK * source.dimensions);
  return { mu, rows: Int32Array.from({ length: BLOCKS * BLOCK }, (_one, at) => starts[Math.floor(at / BLOCK)] + (at % BLOCK)) };
}

/**
 * Some rows of the file, without the rest of it.
 *
 * @param {SourceMessage} source
 * @param {number} first
 * @param {number} count
 */
async function rowsFrom({ latents, dimensions }, first, count) {
  const [from, to] = [2 * dimensions * first, 2 * dimensions * (first + count)];
  const bytes = await loadPart(latents, from, to);
  if (!bytes) throw new Error(_("Faces of so many pictures are only shown by a server that sends parts of files."));
  return fromHalves(new Uint16Array(bytes));
}
