// Fingers on the map. One finger scrolls the page, as everywhere; two move and enlarge the map; after a tap on it, or
// once a tool such as the lasso is chosen, the map is taken: then one finger does what Plotly's tool does, until a tap
// elsewhere. Plotly would take every finger for itself.

/** @import { AtlasMap } from "./map.mjs" */
/** @import { Pair, Ranges, Size } from "./types.d.ts" */

/**
 * The ranges that keep two places under two fingers.
 *
 * @param {Ranges} ranges when the fingers came down
 * @param {[Pair, Pair]} before where they came down, in pixels within the frame
 * @param {[Pair, Pair]} now where they are
 * @param {Size} size of the frame
 * @returns {Ranges}
 */
export function rangesUnder(ranges, before, now, { width, height }) {
  const apart = (/** @type {[Pair, Pair]} */ [a, b]) => Math.max(20, Math.hypot(a[0] - b[0], a[1] - b[1]));
  const middle = (/** @type {[Pair, Pair]} */ [a, b]) => [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
  const scale = apart(before) / apart(now);
  const [from, to] = [middle(before), middle(now)];
  const x = axis(ranges.x, from[0] / width, to[0] / width, scale);
  const y = axis(ranges.y, 1 - from[1] / height, 1 - to[1] / height, scale);
  return { x, y };
}

/**
 * A range, `scale` times as long, in which the place that was at one share of it is at another.
 *
 * @param {number[]} range
 * @param {number} from
 * @param {number} to
 * @param {number} scale
 */
function axis([low, high], from, to, scale) {
  const length = (high - low) * scale;
  const start = low + from * (high - low) - to * length;
  return [start, start + length];
}

/**
 * Listen for fingers.
 *
 * @param {AtlasMap} map
 * @param {AbortSignal} signal ends it
 */
export function listenToFingers(map, signal) {
  const { plot, frame, root } = map.dom;
  /** @type {{ranges: Ranges, at: [Pair, Pair], now: [Pair, Pair]}|null} */
  let grip = null;
  let waiting = false; // for the frame that shows where the fingers are

  const under = (/** @type {TouchEvent} */ event) => {
    const { left, top } = plot.getBoundingClientRect();
    const [a, b] = [...event.touches].map(({ clientX, clientY }) => /** @type {Pair} */ ([clientX - left, clientY - top]));
    return /** @type {[Pair, Pair]} */ ([a, b]);
  };
  const start = (/** @type {TouchEvent} */ event) => {
    if (!map.drawn || /** @type {Element} */ (event.target).closest(".modebar")) return;
    if (event.touches.length === 2) {
      event.preventDefault(); // the page neither scrolls nor zooms
      const at = under(event);
      grip = { ranges: map.view.ranges, at, now: at };
    }
    if (grip || root.dataset.taken !== "yes") event.stopPropagation(); // Plotly hears nothing of it
  };
  const move = (/** @type {TouchEvent} */ event) => {
    if (!grip || event.touches.length !== 2) return;
    event.preventDefault();
    event.stopPropagation();
    grip.now = under(event);
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      if (grip && map.drawn) map.view.show(rangesUnder(grip.ranges, grip.at, grip.now, map.view.size));
    });
  };
  const end = (/** @type {TouchEvent} */ event) => {
    if (event.touches.length < 2) grip = null;
  };
  const early = { signal, capture: true, passive: false };
  plot.addEventListener("touchstart", start, early);
  plot.addEventListener("touchmove", move, early);
  plot.addEventListener("touchend", end, early);
  plot.addEventListener("touchcancel", end, early);
  window.addEventListener("pointerdown", ({ target }) => {
    if (!(target instanceof Node && frame.contains(target))) root.dataset.taken = "no";
  }, { signal, capture: true });
}
