// A column of the faces as a histogram that a hand can brush: in grey all of them, in colour those that pass what the
// *other* columns ask for, so that it says what a change of its own range would bring (Becker and Cleveland 1987,
// "Brushing scatterplots"; the "crossfilter" of Embedding Atlas and others).

import { find as findIn, make } from "../page/elements.mjs";
import { bytesOf } from "./filter.mjs";

/** @import { Term } from "./filter.mjs" */
/**
 * A column: its name, how many byte values it uses from 0 on (more are unknown), its bars, and what a share of its width
 * is called; where `words` has any, a bar each.
 *
 * @typedef {{of: string, name: string, top: number, bars: number, words: readonly string[], tell: (low: number, high: number) => string}} Shown
 */

export const BARS = 50;
const MOST_LABELS = 5; // words that have room below their bars
const SLIP = 3; // pixels that a click may move

/**
 * Faces in each bar: all of them, and those that fail no term but perhaps this column's own.
 *
 * @param {Uint8Array} column
 * @param {{top: number, bars: number}} shown
 * @param {Uint8Array|null} failed how many terms each face fails
 * @param {Term|undefined} own
 */
export function crossCounts(column, { top, bars }, failed, own) {
  const all = new Uint32Array(bars);
  const left = new Uint32Array(bars);
  const barOf = Uint8Array.from({ length: 256 }, (_one, byte) => (byte < top ? Math.floor((byte * bars) / top) : 255));
  const [low, high] = own ? bytesOf(own) : [0, 255];
  for (let row = 0; row < column.length; row++) {
    const byte = column[row];
    const bar = barOf[byte];
    if (bar === 255) continue;
    all[bar]++;
    if ((failed?.[row] ?? 0) <= +(byte < low || byte > high)) left[bar]++;
  }
  return { all, left };
}

/**
 * What a brush from one share of the width to another asks for: per cent, or a word's place; null asks for nothing.
 *
 * @param {{words: readonly string[]}} shown
 * @param {number} from
 * @param {number} to
 * @param {boolean} moved whether the hand has moved
 * @returns {{low: number, high: number}|null}
 */
export function brushed({ words }, from, to, moved) {
  const [a, b] = [Math.min(from, to), Math.max(from, to)].map((share) => Math.min(1, Math.max(0, share)));
  if (words.length) {
    const at = Math.min(words.length - 1, Math.floor(b * words.length));
    return { low: at, high: at };
  }
  return moved ? { low: Math.round(100 * a), high: Math.round(100 * b) } : null;
}

/**
 * The bars as an SVG path in a box of 1 by 1, the highest as high as the box; what is not empty shows.
 *
 * @param {Uint32Array} counts
 */
export function barsPath(counts) {
  const most = counts.reduce((a, b) => Math.max(a, b), 0);
  const width = 1 / counts.length;
  return [...counts]
    .map((count, i) => (count ? `M${(i * width).toFixed(4)} 1v${(-Math.max(0.02, count / most)).toFixed(4)}h${(0.92 * width).toFixed(4)}V1z` : ""))
    .join("");
}

/** One histogram on the page. */
export class Histogram {
  #shown;
  #from = 0;
  #x = 0;
  #down = false;

  /**
   * @param {Shown} shown
   * @param {(range: {low: number, high: number}|null, settled: boolean) => void} brush what the hand asks for
   */
  constructor(shown, brush) {
    this.#shown = shown;
    this.root = make("figure", "am-histogram");
    this.root.innerHTML = `<figcaption><span></span> <output></output></figcaption>
      <svg viewBox="0 0 1 1" preserveAspectRatio="none" role="img"><path class="am-all"/><path class="am-left"/><rect y="0" height="1"/></svg>`;
    findIn(this.root, "span").textContent = shown.name;
    const { words } = shown;
    if (words.length && words.length <= MOST_LABELS) {
      const labels = make("div", "am-words");
      labels.append(...words.map((word) => make("small", "", { textContent: word, title: word })));
      this.root.append(labels);
    }
    this.root.dataset.of = shown.of;
    const svg = this.#svg;
    const share = (/** @type {PointerEvent} */ event) => {
      const box = svg.getBoundingClientRect();
      return (event.clientX - box.left) / box.width;
    };
    const asked = (/** @type {PointerEvent} */ event) =>
      brushed(shown, this.#from, share(event), Math.abs(event.clientX - this.#x) > SLIP);
    svg.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      svg.setPointerCapture(event.pointerId);
      [this.#down, this.#from, this.#x] = [true, share(event), event.clientX];
    });
    svg.addEventListener("pointermove", (event) => {
      const range = this.#down ? asked(event) : null;
      if (range && !shown.words.length) brush(range, false);
    });
    svg.addEventListener("pointerup", (event) => {
      if (this.#down) brush(asked(event), true);
      this.#down = false;
    });
    svg.addEventListener("pointercancel", () => (this.#down = false));
  }

  /** What is drawn, for a file. */
  get drawing() {
    const { words, name } = this.#shown;
    const path = (/** @type {string} */ of) => findIn(this.root, of).getAttribute("d") ?? "";
    const side = (/** @type {string} */ of) => Number(findIn(this.root, "rect").getAttribute(of));
    const said = findIn(this.root, "output").textContent ?? "";
    return { name, said, words, all: path(".am-all"), left: path(".am-left"), from: side("x"), width: side("width") };
  }

  get #svg() {
    return /** @type {SVGSVGElement} */ (/** @type {unknown} */ (findIn(this.root, "svg")));
  }

  /**
   * @param {{all: Uint32Array, left: Uint32Array}} counts
   * @param {Term|undefined} own
   */
  draw({ all, left }, own) {
    const { words, top, tell } = this.#shown;
    findIn(this.root, ".am-all").setAttribute("d", barsPath(all));
    findIn(this.root, ".am-left").setAttribute("d", barsPath(left));
    const sum = left.reduce((a, b) => a + b, 0);
    this.root.dataset.left = String(sum);
    const [low, high] = own ? bytesOf(own) : [0, 0];
    const rect = findIn(this.root, "rect");
    rect.setAttribute("x", String(low / top));
    rect.setAttribute("width", String(own ? Math.max(0, Math.min(top, high + 1) - low) / top : 0));
    const [from, to] = !own || own.kind === "between" ? [own?.low ?? 0, own?.high ?? 100] : own.kind === "with" ? [50, 100] : [0, 50];
    const said = !words.length ? tell(from, to) : own ? (words[own.low] ?? "") : "";
    findIn(this.root, "output").textContent = said;
    this.#svg.setAttribute("aria-label", [this.#shown.name, said].filter(Boolean).join(": "));
  }
}
