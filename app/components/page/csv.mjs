// Tables as CSV, written as the app's server writes them (latent/code_table.py).

/** @typedef {ArrayLike<number>|readonly (string|number|null)[]} Column a value for each row; null is nothing */

/** @type {Map<number, string>} of codes and scores there are few different ones */
const written = new Map();
const MOST = 100_000;

/**
 * The shortest text that brings back the very same float32.
 *
 * @param {number} value
 */
export function shortest(value) {
  const known = written.get(value);
  if (known !== undefined) return known;
  let text = String(value);
  for (let digits = 1; digits <= 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) !== Math.fround(value)) continue;
    text = String(short);
    break;
  }
  if (written.size < MOST) written.set(value, text);
  return text;
}

/**
 * A table in UTF-8: words in quotation marks, numbers with a decimal point.
 *
 * @param {Record<string, Column>} columns by what they are called, all of one length
 */
export function csvOf(columns) {
  const values = Object.values(columns);
  const lines = [Object.keys(columns).map(quoted).join(",")];
  for (let row = 0; row < (values[0]?.length ?? 0); row++) lines.push(values.map((column) => cell(column[row])).join(","));
  return new Blob([lines.join("\n"), "\n"], { type: "text/csv" });
}

/** @param {string|number|null} value */
function cell(value) {
  if (value === null) return "";
  return typeof value === "number" ? shortest(value) : quoted(value);
}

/** @param {string} text */
const quoted = (text) => `"${text.replaceAll('"', '""')}"`;
