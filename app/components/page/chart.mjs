// What a pointer stands at on a chart of the page's own (app/drawing/chart_html.py), said beside it; and the chart as a file.

import { find, make } from "./elements.mjs";
import { language } from "./texts.mjs";

/** Its title, its ends, and whether these are logarithms. @typedef {[string, number, number, boolean]} Axis */
/** A name, the numbers of both axes, the kind of mark, and what is said of each instead. @typedef {[string, (number|null)[], (number|null)[], string, string[]?]} Series */
/** @typedef {{x: Axis, y: Axis, series: Series[]}} Facts */
/** @typedef {{name: string, x: number, y: number, label?: string, across: number, down: number}} Found shares of the width and of the height */

const NEAR = 40; // CSS pixels
const FLAT = 4; // a way down counts so many times less than one across: a curve is read by its x
const DIGITS = 4;
const TEXT = "#31333f";

/**
 * The mark that a pointer stands at.
 *
 * @param {Facts} facts
 * @param {number} x CSS pixels from the left of the drawing
 * @param {number} y from its top
 * @param {{width: number, height: number}} size of the drawing
 * @returns {Found|null}
 */
export function markAt({ x: across, y: up, series }, x, y, { width, height }) {
  /** @type {Found|null} */
  let found = null;
  let least = NEAR;
  for (const [name, xs, ys, kind, labels] of series)
    for (const [i, value] of xs.entries()) {
      const other = ys[i];
      if (value === null || other === null) continue;
      const place = { across: share(value, across), down: 1 - share(other, up) };
      const [far, deep] = [Math.abs(place.across * width - x), Math.abs(place.down * height - y)];
      const way = Math.hypot(far, (kind === "dots" ? deep : deep / FLAT));
      if (!(way < least)) continue;
      least = way;
      found = { name, x: value, y: other, ...(labels ? { label: labels[i] } : {}), ...place };
    }
  return found;
}

/**
 * The cell of a table of colours (app/drawing/cells.py) that a pointer stands in, arguments as for `markAt`.
 *
 * @param {{rows: string[], columns: string[], said: string, notes: string[][]}} facts
 * @param {number} x
 * @param {number} y
 * @param {{width: number, height: number}} size
 * @returns {{label: string, across: number, down: number}|null}
 */
export function cellAt({ rows, columns, said: words, notes }, x, y, { width, height }) {
  const [r, c] = [Math.floor((y / height) * rows.length), Math.floor((x / width) * columns.length)];
  const note = notes[r]?.[c];
  if (note === undefined) return null;
  /** @type {Record<string, string>} */
  const known = { row: rows[r], column: columns[c], note };
  const label = words.replace(/\{(\w+)\}/g, (whole, name) => known[name] ?? whole);
  return { label, across: (c + 0.5) / columns.length, down: (r + 0.5) / rows.length };
}

/** @param {number} value @param {Axis} axis */
function share(value, [, low, high, log]) {
  return ((log ? Math.log10(value) : value) - low) / (high - low);
}

/**
 * What is said of a mark: its own label, else its series, where that has a name, and both numbers.
 *
 * @param {Facts} facts
 * @param {Found} mark
 */
export function said({ x: [across], y: [up] }, { name, x, y, label }) {
  if (label !== undefined) return label;
  const number = (/** @type {number} */ value) => value.toLocaleString(language, { maximumSignificantDigits: DIGITS }).replace("-", "\u2212");
  return [...(name ? [name] : []), `${across}: ${number(x)}`, `${up}: ${number(y)}`].join("\n");
}

let hearing = false;

/** Hear of pointers from now on. */
export function tellMarks() {
  if (hearing) return;
  hearing = true;
  for (const kind of ["pointermove", "pointerdown"])
    document.addEventListener(kind, (event) => {
      const target = /** @type {Element} */ (event.target);
      const figure = /** @type {HTMLElement|null} */ (target.closest?.(".fs-chart") ?? null);
      for (const other of document.querySelectorAll(".fs-chart output")) if (!figure?.contains(other)) other.remove();
      if (figure) tell(figure, /** @type {PointerEvent} */ (event));
    });
}

/**
 * @param {HTMLElement} figure
 * @param {PointerEvent} event
 */
function tell(figure, { clientX, clientY }) {
  const image = find(figure, "img");
  const box = image.getBoundingClientRect();
  const place = /** @type {const} */ ([clientX - box.left, clientY - box.top, box]);
  const { cells, chart = "" } = figure.dataset;
  const mark = cells ? cellAt(JSON.parse(cells), ...place) : markOf(JSON.parse(chart), place);
  const old = figure.querySelector("output");
  if (!mark) {
    old?.remove();
    return;
  }
  const label = old ?? make("output");
  label.ariaHidden = "true"; // a pointer's alone, which would be read aloud at each move
  label.textContent = mark.label;
  label.style.left = `${100 * mark.across}%`;
  label.style.top = `${100 * mark.down}%`;
  label.style.setProperty("--to", mark.across > 0.5 ? "calc(-100% - 0.75em)" : "0.75em");
  if (!old) image.after(label);
}

/**
 * @param {Facts} facts
 * @param {readonly [number, number, DOMRect]} place
 */
function markOf(facts, place) {
  const mark = markAt(facts, ...place);
  return mark && { ...mark, label: said(facts, mark) };
}

/**
 * The chart as an SVG drawing for a paper: light, as large as it stands on the page.
 *
 * @param {HTMLElement} figure
 * @param {string} drawing SVG of its marks
 */
export function fileOf(figure, drawing) {
  const whole = figure.getBoundingClientRect();
  const box = find(figure, "img").getBoundingClientRect();
  const place = `x="${box.left - whole.left}" y="${box.top - whole.top}" width="${box.width}" height="${box.height}"`;
  const seen = /** @type {HTMLElement[]} */ ([...figure.querySelectorAll("i, b, figcaption span")]).filter((element) => element.offsetWidth);
  const words = seen.map((element) => textOf(element, whole));
  const { width, height } = whole;
  const head = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="sans-serif">`;
  return `${head}<rect width="${width}" height="${height}" fill="#ffffff"/>${drawing.replace("<svg ", `<svg ${place} overflow="visible" `)}${words.join("")}</svg>`;
}

/**
 * @param {HTMLElement} element
 * @param {DOMRect} whole
 */
function textOf(element, whole) {
  const box = element.getBoundingClientRect();
  const size = parseFloat(getComputedStyle(element).fontSize);
  const [x, y] = [box.left + box.width / 2 - whole.left, box.top + box.height / 2 - whole.top];
  const angle = element.matches("b.up") ? -90 : element.matches("i.over") ? -60 : 0;
  const turn = angle ? ` transform="rotate(${angle} ${x} ${y})"` : "";
  const words = escaped(element.textContent ?? "");
  if (!element.matches("span")) return `<text x="${x}" y="${y}" font-size="${size}" fill="${TEXT}" text-anchor="middle" dominant-baseline="central"${turn}>${words}</text>`;
  const colour = escaped(element.style.getPropertyValue("--colour"));
  const [left, mark] = [box.left - whole.left, `y="${y - size / 3}" height="${size / 1.5}"`];
  return `<rect x="${left}" ${mark} width="${size}" fill="${colour}"/><text x="${left + 1.5 * size}" y="${y}" font-size="${size}" fill="${TEXT}" dominant-baseline="central">${words}</text>`;
}

/** @param {string} text */
const escaped = (text) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
