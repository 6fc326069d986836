// The shelf in this browser tab, and its file, which is the app's (app/session/shelf.py). A photo's faces stay in the tab.

import { _, ngettext } from "../page/texts.mjs";
import { latentText, readLatent } from "./link.mjs";

/** @import { SiteMessage } from "./message.d.ts" */
/** @import { KeptFace, StoredFace } from "./types.d.ts" */

export const FORMAT = "facespace-shelf-1";
const MOST_FACES = 100;
const MOST_BYTES = 2_000_000;
export const LONGEST_NAME = 60;
const KEY_LETTERS = 12;

/** Where this folder's shelf lies in the tab: a host may have several folders. */
const place = () => `facespace-shelf ${new URL(".", globalThis.location.href).href}`;

/** @returns {StoredFace[]} */
function stored() {
  try {
    const found = JSON.parse(globalThis.sessionStorage.getItem(place()) ?? "[]");
    return Array.isArray(found) ? found : [];
  } catch {
    return []; // storage is switched off: the shelf lasts for the page
  }
}

/** @param {StoredFace[]} faces */
function store(faces) {
  try {
    globalThis.sessionStorage.setItem(place(), JSON.stringify(faces));
  } catch (error) {
    console.warn(error);
    throw new Error(_("This browser has no room for the shelf. Save it as a file, or take a face off it."));
  }
}

/**
 * The faces on the shelf that this model knows.
 *
 * @param {SiteMessage} site
 * @returns {KeptFace[]}
 */
export function keptFaces(site) {
  return stored().flatMap((face) => {
    const z = latentOf(face, site);
    return z ? [{ key: face.key, name: face.name, z, facts: face.facts, private: face.private }] : [];
  });
}

/**
 * Put a face on the shelf.
 *
 * @param {SiteMessage} site
 * @param {Omit<KeptFace, "key">} face
 * @returns {StoredFace|null} null where the shelf is full
 */
export function keep(site, { name, z, facts, private: fromPhoto }) {
  const faces = stored();
  if (faces.length >= MOST_FACES) return null;
  const latents = { [site.model]: { checkpoint_sha256: site.sha256, z: latentText(z) } };
  const face = { key: newKey(), name: plainName(name), latents, facts, private: fromPhoto };
  store([...faces, face]);
  return face;
}

/** @param {string} key */
export const remove = (key) => store(stored().filter((face) => face.key !== key));

/**
 * Call a face something else; an empty name changes nothing.
 *
 * @param {string} key
 * @param {string} name
 */
export function rename(key, name) {
  store(stored().map((face) => (face.key === key ? { ...face, name: plainName(name) || face.name } : face)));
}

/**
 * Move a face up (-1) or down (1) the shelf.
 *
 * @param {string} key
 * @param {1|-1} by
 */
export function move(key, by) {
  const faces = stored();
  const at = faces.findIndex((face) => face.key === key);
  const to = Math.min(Math.max(at + by, 0), faces.length - 1);
  faces.splice(to, 0, ...faces.splice(at, 1));
  store(faces);
}

/** The shelf as the app's own file: names and latents, no pictures. */
export function toFile() {
  const faces = stored().map(({ key: _key, ...face }) => face);
  return JSON.stringify({ format: FORMAT, faces }, null, 1);
}

/**
 * Add the faces of a shelf file.
 *
 * @param {string} text
 * @param {SiteMessage} site
 * @returns {string[]} a sentence for what had to be left out; throws one where nothing of the file can be used
 */
export function addFile(text, site) {
  const { faces, problems } = fromFile(text, site);
  const kept = stored();
  const room = MOST_FACES - kept.length;
  if (faces.length > room) problems.push(ngettext("The shelf has room for {count} more face only.", "The shelf has room for {count} more faces only.", room));
  store([...kept, ...faces.slice(0, room)]);
  return problems;
}

/**
 * Read a shelf file.
 *
 * @param {string} text
 * @param {Pick<SiteMessage, "sha256"|"dimensions">} site
 * @returns {{faces: StoredFace[], problems: string[]}}
 */
export function fromFile(text, site) {
  if (text.length > MOST_BYTES) throw new Error(_("The file is larger than 2 MB, so it is no shelf of ours. The shelf stays as it was."));
  /** @type {any} */
  let content;
  try {
    content = JSON.parse(text);
  } catch {
    throw new Error(_("The file is damaged or no shelf file. The shelf stays as it was."));
  }
  const entries = content?.faces;
  if (content?.format !== FORMAT || !Array.isArray(entries)) {
    throw new Error(_("The file is not of the format {format}. The shelf stays as it was.", { format: FORMAT }));
  }
  const read = entries.slice(0, MOST_FACES).map((entry) => entryOf(entry, site));
  const faces = read.filter((face) => face !== null);
  const problems = [];
  if (entries.length > MOST_FACES) {
    problems.push(_("The file holds {count} faces; only the first {most} were read.", { count: entries.length, most: MOST_FACES }));
  }
  if (faces.length < read.length) {
    const counts = { lost: read.length - faces.length, count: read.length };
    problems.push(_("Faces left out: {lost} of {count}, made with other weights than those of this copy, or damaged.", counts));
  }
  return { faces, problems };
}

/**
 * @param {any} entry of a file
 * @param {Pick<SiteMessage, "sha256"|"dimensions">} site
 * @returns {StoredFace|null}
 */
function entryOf(entry, site) {
  const isObject = (/** @type {unknown} */ value) => typeof value === "object" && value !== null && !Array.isArray(value);
  if (!isObject(entry) || !isObject(entry.latents) || !latentOf(entry, site)) return null;
  return {
    key: newKey(),
    name: plainName(String(entry.name ?? "")) || _("Unnamed face"),
    latents: entry.latents, // those of other models too: the file may go back to the app
    facts: isObject(entry.facts) ? entry.facts : {},
    private: Boolean(entry.private),
  };
}

/**
 * A face's latent in the model of this copy, by the weights' hash: a folder may have another name elsewhere.
 *
 * @param {Pick<StoredFace, "latents">} face
 * @param {Pick<SiteMessage, "sha256"|"dimensions">} site
 */
function latentOf({ latents }, { sha256, dimensions }) {
  const found = Object.values(latents).find((latent) => latent?.checkpoint_sha256 === sha256);
  return found ? readLatent(String(found.z ?? ""), dimensions) : null;
}

/**
 * A name without control characters or line breaks, 60 characters at most.
 *
 * @param {string} text
 */
export function plainName(text) {
  const kept = text.replace(/\p{C}/gu, "");
  return [...kept.split(/\s+/).filter(Boolean).join(" ")].slice(0, LONGEST_NAME).join("").trim();
}

function newKey() {
  const bytes = globalThis.crypto.getRandomValues(new Uint8Array(KEY_LETTERS / 2));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
