// Which faces a filter lets through: several terms at once, each over one byte a face. Pure; filter_panel.mjs has the hand.
//
// As text, for links: "Smiling:with,Male:without,Eyeglasses:20-80,part:2,distance:50-100,own%3Aage:20-40,own%3Ahair:is3".
// Scores, distances and own numbers are in per cent (of these the smallest is 0 and the largest 100), both ends
// included; a word is told by its place. A name is encoded as in an address.

import { _, numeral } from "../page/texts.mjs";

/** @import { wordsOf } from "./wording.mjs" */
/** @typedef {{of: string, kind: ("with"|"without"|"between"|"part"|"is"), low: number, high: number}} Term */

export const PRESENT = 127; // of 255: above it a face has the attribute, as in Python
export const PARTS = [_("training part"), _("validation part"), _("test part")];
const MOST_TERMS = 20;
const HIGHEST = 254; // the byte of the largest number of a column that was brought; 255 is unknown

/** Whether a term is of a column that was brought. */
export const isOwn = (/** @type {string} */ of) => of.startsWith("own:");

/**
 * The terms of a text; what makes no sense in it is left out.
 *
 * @param {string} text
 * @returns {Term[]}
 */
export function readTerms(text) {
  /** @type {Term[]} */
  const terms = [];
  for (const one of text.split(",").slice(0, MOST_TERMS)) {
    const match = /^([^:]+):(?:(with|without)|(is)?(\d{1,3})(?:-(\d{1,3}))?)$/.exec(one);
    if (!match) continue;
    const of = decode(match[1]);
    const [low, high] = [Number(match[4] ?? 0), Number(match[5] ?? match[4] ?? 100)];
    if (!of || low > high || high > 100 || terms.some((term) => term.of === of)) continue;
    if (of === "part") {
      if (low < PARTS.length && low === high) terms.push({ of, kind: "part", low, high });
    } else if (match[3]) {
      if (isOwn(of) && low === high) terms.push({ of, kind: "is", low, high });
    } else if (match[2]) {
      if (of !== "distance" && !isOwn(of)) terms.push({ of, kind: match[2] === "with" ? "with" : "without", low: 0, high: 100 });
    } else terms.push({ of, kind: "between", low, high });
  }
  return terms;
}

/** @param {string} text */
function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return "";
  }
}

/**
 * The opposite of `readTerms`.
 *
 * @param {Term[]} terms
 */
export function writeTerms(terms) {
  return terms
    .map(({ of, kind, low, high }) => {
      const value = { between: `${low}-${high}`, part: `${low}`, is: `is${low}`, with: "with", without: "without" }[kind];
      return `${encodeURIComponent(of)}:${value}`;
    })
    .join(",");
}

/**
 * The bytes that a term lets through, both ends included: scores are shares of 255, distances and parts count as they are.
 *
 * @param {Term} term
 * @returns {[number, number]}
 */
export function bytesOf({ of, kind, low, high }) {
  if (kind === "with") return [PRESENT + 1, 255];
  if (kind === "without") return [0, PRESENT];
  if (kind === "part" || kind === "is" || of === "distance") return [low, high];
  const step = isOwn(of) ? HIGHEST / 100 : 2.55;
  return [Math.max(0, Math.ceil(low * step - 1e-9)), Math.floor(high * step + 1e-9)];
}

/**
 * How many of the terms, of those whose column is known, each face fails; null where nothing is filtered.
 *
 * @param {Term[]} terms
 * @param {Map<string, Uint8Array>} columns a byte for each face, by what the terms are of
 */
export function failures(terms, columns) {
  /** @type {Uint8Array|null} */
  let failed = null;
  for (const term of terms) {
    const column = columns.get(term.of);
    if (!column) continue;
    const [low, high] = bytesOf(term);
    failed ??= new Uint8Array(column.length);
    const counts = failed;
    for (let row = 0; row < column.length; row++) counts[row] += +(column[row] < low || column[row] > high);
  }
  return failed;
}

/**
 * Faces that fail no term: 1 or 0 each; null where nothing is filtered.
 *
 * @param {Uint8Array|null} failed
 */
export function passing(failed) {
  if (!failed) return null;
  const mask = new Uint8Array(failed.length);
  for (let row = 0; row < failed.length; row++) mask[row] = +(failed[row] === 0);
  return mask;
}

/**
 * The 95 % interval of a share: Wilson's, which stays within 0 and 1 (Wilson 1927).
 *
 * @param {number} count
 * @param {number} total
 */
export function interval(count, total) {
  const z = 1.96;
  const share = count / total;
  const middle = share + (z * z) / (2 * total);
  const half = z * Math.sqrt((share * (1 - share)) / total + (z * z) / (4 * total * total));
  const scale = 1 + (z * z) / total;
  return [Math.max(0, (middle - half) / scale), Math.min(1, (middle + half) / scale)];
}

/**
 * How many points pass, in words.
 *
 * @param {number} count
 * @param {number} total
 * @param {Pick<ReturnType<typeof wordsOf>, "passing">} words
 */
export function counted(count, total, { passing }) {
  const percent = (/** @type {number} */ share) => numeral(100 * share, 1);
  const [low, high] = interval(count, total);
  const values = { count: numeral(count), total: numeral(total), low: percent(low), high: percent(high) };
  const share = percent(count / total);
  return passing({ ...values, share });
}
