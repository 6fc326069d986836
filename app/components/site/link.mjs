// The state in the address, written and read as the app does it (app/session/link.py), so that a link opens in either.

import { sampleOf } from "./samplers.mjs";

/** @import { PadMessage } from "../latent_pad/message.d.ts" */
/** @import { SiteMessage } from "./message.d.ts" */
/** @import { Asked, Known, Link, Point, Shown } from "./types.d.ts" */

const MOST_LENGTH = 8000;
const MOST_WEIGHTS = 200;
const MOST_WEIGHT = 1000;
const LONGEST_FILTER = 2000;
const MOST_IMAGE = 2 ** 31 - 1;
const KEPT = /^[0-9a-f]{12}$/;
const FARTHEST = 1e4; // no latent has such an entry
const PASSING = ["morph-", "noise-"]; // directions that depend on the point
const SESSIONS_OWN = ["edit", "own"]; // banks of other pages

/**
 * What links can name on a page.
 *
 * @param {Pick<PadMessage, "banks"|"dimensions"|"model">} pad
 * @param {SiteMessage} site
 * @param {string[]} [colours]
 * @returns {Known}
 */
export function knownBy({ banks, dimensions, model }, { weights, words, axes, samplers, prior }, colours = []) {
  const directions = new Set([...banks.flatMap((bank) => bank.directions.map(({ key }) => key)), ...axes]);
  return { model, hash: weights, dimensions, banks: [...banks.map(({ key }) => key), "noise"], directions, colours, samplers, prior, words };
}

/** Nobody asks for a face. */
const NOBODY = { face: null, sample: null, z: null, kept: null };

/**
 * The face that parameters name, or null where they name none or what they say makes no sense.
 *
 * @param {URLSearchParams} params
 * @param {Known} known
 * @returns {Asked|null}
 */
export function askedBy(params, known) {
  const kind = KINDS.find((one) => params.has(one));
  return kind ? askedAs(kind, params.get(kind) ?? "", known) : null;
}

const KINDS = ["face", "sample", "z", "kept"];

/**
 * @param {string} kind
 * @param {string} text
 * @param {Known} known
 * @returns {Asked|null}
 */
function askedAs(kind, text, known) {
  const [face, sample] = [kind === "face" ? faceOf(text) : null, kind === "sample" ? sampleOf(text, known) : null];
  const z = kind === "z" ? latentOf(text, known) : null;
  const kept = kind === "kept" && KEPT.test(text) ? text : null;
  return face === null && !sample && !z && kept === null ? null : { ...NOBODY, face, sample, z, kept };
}

/**
 * A face of a list, such as "face:12" or "z:0123abcd.AACgPw==".
 *
 * @param {string} spec
 * @param {Known} known
 */
export function askedFor(spec, known) {
  const colon = spec.indexOf(":");
  return colon < 0 ? null : askedAs(spec.slice(0, colon), spec.slice(colon + 1), known);
}

/** The opposite. */
export const specOf = (/** @type {Pick<Point, "kind"|"text">} */ { kind, text }) => `${kind}:${text}`;

/**
 * What a link asks for, as far as it makes sense, and a sentence for each part that does not.
 *
 * @param {URLSearchParams} params unknown ones are left alone
 * @param {Known} known
 * @returns {Link}
 */
export function parse(params, known) {
  const { words } = known;
  const nothing = { ...NOBODY, bank: null, weights: {}, colour: null, filter: "" };
  if ([...params.values()].some((value) => value.length > MOST_LENGTH)) {
    return { ...nothing, problems: [words["too long"]] };
  }
  const problems = [];
  const model = params.get("model");
  if (model !== null && model !== known.model) problems.push(words["no model"]);
  const asked = askedBy(params, known);
  if (!asked && KINDS.some((kind) => params.has(kind))) problems.push(words["no face"]);
  const { weights, lost } = weightsOf(params.get("w") ?? "", known);
  if (lost) problems.push(words["no weight"]);
  let bank = params.get("bank");
  if (bank !== null && ![...known.banks, ...SESSIONS_OWN].includes(bank)) {
    problems.push(words["no bank"]);
    bank = null;
  }
  let colour = params.get("colour");
  if (colour !== null && !known.colours.includes(colour)) {
    problems.push(words["no colour"]);
    colour = null;
  }
  if (Number(params.get("vivid") ?? 1) !== 1) problems.push(words.vivid);
  const filter = params.get("filter") ?? "";
  return { ...(asked ?? NOBODY), bank, weights, colour, filter: filter.length <= LONGEST_FILTER ? filter : "", problems };
}

/**
 * The address's parameters of what is on screen.
 *
 * @param {Shown} shown
 */
export function write({ model, point, bank, weights, colour, filter = "", before }) {
  const params = new URLSearchParams({ model, [point.kind]: point.text });
  if (bank) params.set("bank", bank);
  const shared = Object.entries(weights).filter(([key]) => key !== `morph-${before}`);
  if (shared.length) params.set("w", shared.map(([key, weight]) => `${key}:${weight}`).join(","));
  if (colour !== null) params.set("colour", colour);
  if (filter) params.set("filter", filter);
  return params;
}

/**
 * A latent as links write it.
 *
 * @param {Float32Array} z
 */
export function latentText(z) {
  const bytes = new Uint8Array(z.buffer, z.byteOffset, z.byteLength);
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_");
}

/** @param {string} text */
function faceOf(text) {
  if (!/^\d{1,11}$/.test(text)) return null;
  return Number(text) <= MOST_IMAGE ? Number(text) : null;
}

/**
 * @param {string} text the weights' hash and the latent
 * @param {Known} known
 */
function latentOf(text, { hash, dimensions }) {
  return text.startsWith(`${hash}.`) ? readLatent(text.slice(hash.length + 1), dimensions) : null;
}

/**
 * The opposite of `latentText`; null where the text is none, of another size or not finite.
 *
 * @param {string} latent
 * @param {number} dimensions
 */
export function readLatent(latent, dimensions) {
  try {
    const bytes = Uint8Array.from(atob(latent.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
    if (bytes.length !== 4 * dimensions) return null;
    const z = new Float32Array(bytes.buffer);
    return z.every((value) => Math.abs(value) <= FARTHEST) ? z : null;
  } catch {
    return null; // no base64
  }
}

/**
 * @param {string} text
 * @param {Known} known
 */
function weightsOf(text, { directions }) {
  /** @type {Record<string, number>} */
  const weights = {};
  const parts = text.split(",").filter(Boolean);
  for (const part of parts.slice(0, MOST_WEIGHTS)) {
    const colon = part.lastIndexOf(":");
    const [key, value] = [part.slice(0, Math.max(colon, 0)), part.slice(colon + 1).trim()];
    const weight = value ? Number(value) : Number.NaN;
    const fits = directions.has(key) || PASSING.some((begin) => key.startsWith(begin));
    if (fits && Math.abs(weight) <= MOST_WEIGHT) weights[key] = weight;
  }
  return { weights, lost: Object.keys(weights).length < parts.length };
}
