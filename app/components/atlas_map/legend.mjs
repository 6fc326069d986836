// The words around the map: what the colours say, how many of each, the search field, one line of help.

import { find as findIn, make } from "../page/elements.mjs";
import { _, numeral } from "../page/texts.mjs";
import { wordsOf } from "./wording.mjs";

/** @import { MapMessage } from "./message.d.ts" */
/** @import { Legend, PlotElement } from "./types.d.ts" */

/**
 * The component's elements. Everything that changes later is returned by name.
 *
 * @param {Element} parent
 */
export function buildDom(parent) {
  const root = document.createElement("section");
  root.className = "atlas-map";
  root.dataset.state = "loading";
  root.innerHTML = `
    <div class="am-head">
      <div class="am-legend" aria-live="polite"></div>
      <form class="am-search" role="search">
        <label><span></span><input type="text" inputmode="numeric" autocomplete="off" size="8"></label>
        <button type="submit">${_("Find")}</button>
      </form>
    </div>
    <div class="am-frame" data-loading="${_("Loading the map")}">
      <canvas class="am-dots" hidden></canvas>
      <div class="am-plot" tabindex="0" role="application"></div>
      <div class="am-marks">
        <div class="am-faces" aria-hidden="true"></div>
        <div class="am-mark am-current" hidden></div>
        <div class="am-mark am-hover" hidden></div>
        <button type="button" class="am-mark am-found" hidden></button>
        <figure class="am-face" data-open="no"><canvas width="1" height="1"></canvas><figcaption></figcaption></figure>
      </div>
      <button type="button" class="am-toggle" hidden></button>
      <p class="am-message" role="alert" hidden></p>
    </div>
    <p class="am-says" role="status"></p>`;
  parent.append(root);
  const find = (/** @type {string} */ name) => findIn(root, `.am-${name}`);
  return {
    root,
    legend: find("legend"),
    search: /** @type {HTMLFormElement} */ (find("search")),
    input: findIn(root, "input"),
    frame: find("frame"),
    dots: /** @type {HTMLCanvasElement} */ (find("dots")),
    plot: /** @type {PlotElement} */ (find("plot")),
    faces: find("faces"),
    toggle: find("toggle"),
    current: find("current"),
    hover: find("hover"),
    found: find("found"),
    face: find("face"),
    message: find("message"),
    says: find("says"),
  };
}

/**
 * Put the words for its points into a map, and return them all.
 *
 * @param {ReturnType<typeof buildDom>} dom
 * @param {{vectors: boolean}} data
 */
export function wordDom({ search, plot, toggle }, data) {
  const words = wordsOf(data);
  findIn(search, "span").textContent = words.search;
  plot.setAttribute("aria-roledescription", words.map);
  toggle.title = words.switch;
  toggle.textContent = words.pictures;
  return words;
}

/**
 * Percent of the points, with a decimal where it matters.
 *
 * @param {number} count
 * @param {number} total
 */
export function share(count, total) {
  const percent = (100 * count) / total;
  return `${numeral(percent, percent < 10 && percent > 0 ? 1 : 0)} %`;
}

/**
 * Draw the legend anew.
 *
 * @param {HTMLElement} element
 * @param {Legend} legend from colourBy
 * @param {{points: number, selected: number, current: string, onClear: () => void}} state with what the ring means, if it is there
 */
export function drawLegend(element, legend, { points, selected, current, onClear }) {
  const parts = [part("strong", "", legend.title)];
  if (legend.note) parts.push(part("span", "am-note", legend.note));
  for (const item of legend.items) {
    const dot = part("i", "am-dot");
    dot.style.background = item.colour;
    const count = part("b", "", numeral(item.count));
    parts.push(part("span", "am-item", dot, `${item.name} `, count, ` (${share(item.count, points)})`));
  }
  if (legend.ramp) {
    const bar = part("i", "am-ramp");
    bar.style.background = `linear-gradient(90deg, ${legend.ramp.colours.join(", ")})`;
    parts.push(part("span", "am-item", `${legend.ramp.low} `, bar, ` ${legend.ramp.high}`));
  }
  if (current) parts.push(part("span", "am-item", part("i", "am-ring"), current));
  if (selected) {
    const clear = part("button", "am-clear", _("clear"));
    clear.type = "button";
    clear.addEventListener("click", onClear);
    parts.push(part("span", "am-item", part("b", "", numeral(selected)), ` ${_("selected")}`, clear));
  }
  element.replaceChildren(...parts);
}

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {string} className
 * @param {(Node|string)[]} children
 */
function part(tag, className, ...children) {
  const element = make(tag, className);
  element.append(...children);
  return element;
}

/**
 * The map in words, for those who cannot see it.
 *
 * @param {Legend} legend
 * @param {Pick<MapMessage, "modelName"|"regions"|"vectors"> & {source: {points: number}}} data
 */
export function describe(legend, { modelName, regions, vectors, source: { points } }) {
  const words = wordsOf({ vectors });
  const kinds = legend.items.map((item) => `${numeral(item.count)} ${item.name}`).join(", ");
  const names = (regions ?? []).map(({ name }) => name).join("; ");
  const title = legend.note ? `${legend.title} (${legend.note})` : legend.title;
  const map = words.described({ count: numeral(points), model: modelName, title });
  return [
    `${kinds ? `${map}: ${kinds}` : map}.`,
    ...(names ? [_("Regions: {names}.", { names })] : []),
    words.keys,
  ].join(" ");
}

/**
 * The image number in what was typed, such as 123, 000123 or 000123.jpg; NaN where there is none.
 *
 * @param {string} text
 */
export function readNumber(text) {
  const match = /^\s*0*(\d{1,9})(\.\w+)?\s*$/.exec(text);
  return match ? Number(match[1]) : NaN;
}
