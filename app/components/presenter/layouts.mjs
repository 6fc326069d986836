// How a slide is laid out so that it is whole and its letters and figures are large.

/**
 * How a slide is laid out: its size as a part of the usual one, and its columns ("beside": words at the left, the figure
 * large at the right; "wide": the figure has most of the width). See app/drawing/lesson_styles.py.
 *
 * @typedef {{size: number, columns: "1"|"2"|"beside"|"wide"}} Layout
 * @typedef {{high: number, over: number}} Size a slide's height, and by how many pixels it is too high or too wide
 * @typedef {{over: number, figures: number}} Look by how many pixels a slide is too high, and how many its figures have
 */
const LARGE = [1.6, 1.45, 1.3, 1.15]; // for the last row, where there is room
const SIZES = [1, 0.93, 0.86, 0.8, 0.74];
const SMALL = [0.68, 0.62];
/** @type {(sizes: number[], ...columns: Layout["columns"][]) => Layout[]} */
const layouts = (sizes, ...columns) => sizes.flatMap((size) => columns.map((one) => ({ size, columns: one })));
const READABLE = [...layouts([...LARGE, ...SIZES], "1", "beside", "wide"), ...layouts(SIZES, "2")];
const OTHERS = layouts(SMALL, "1", "beside", "wide", "2");

/**
 * The layout with the largest letters and figures in which a slide is whole, else the smallest there is.
 *
 * @param {(layout: Layout) => Look} looks
 */
export function fitting(looks) {
  let best = null;
  let most = 0;
  for (const layout of READABLE) {
    const { over, figures } = looks(layout);
    const worth = layout.size ** 2 * Math.max(1, figures); // both are areas
    if (over <= 0 && worth > most) [best, most] = [layout, worth];
  }
  return best ?? OTHERS.find((layout) => looks(layout).over <= 0) ?? OTHERS[OTHERS.length - 1];
}

const FEW = 0.03; // of the window's height

/**
 * Whether a slide whose height has changed is to be laid out anew: that tries some thirty layouts of the whole page, which a
 * live run would ask for each second by the words of its progress.
 *
 * @param {Size} before as it was laid out
 * @param {Size} now
 * @param {number} room the window's height
 */
export function asksForLayout(before, now, room) {
  return now.over > Math.max(0, before.over) || Math.abs(now.high - before.high) > FEW * room;
}
