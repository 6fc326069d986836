// The map before Plotly is there, whose script and first drawing take half a second each: the same dots in the same places,
// on the canvas below it. They can be pointed at. Where Plotly has drawn, the canvas is hidden; the pixels hardly change.

/** @import { Ranges, Size, Split } from "./types.d.ts" */

export const OPACITY = 0.8; // of a dot
const SOFT = 0.5; // pixels within and outside of a dot's edge
const LATEST_MS = 200; // a page out of sight paints nothing
const QUIET_MS = 300;
const LATEST_QUIET_MS = 3000; // after which Plotly comes all the same
const HANDS = ["pointermove", "pointerdown", "keydown", "wheel"];

/**
 * Paint, and wait until that is on the screen.
 *
 * @param {{root: HTMLElement, dots: HTMLCanvasElement}} dom of the map
 * @param {Split} split
 * @param {string[]} colours
 * @param {Size & {ranges: Ranges, sizes: number[]}} frame sizes of the frame and of each trace's dots in CSS pixels
 */
export async function paintAhead({ root, dots }, split, colours, { width, height, ranges, sizes }) {
  const context = dots.getContext("2d");
  if (!context) return; // Plotly needs another kind
  const ratio = window.devicePixelRatio || 1;
  const size = { width: Math.round(width * ratio), height: Math.round(height * ratio) };
  const pixels = dotsOf(split, colours, ranges, sizes.map((across) => across * ratio), size);
  Object.assign(dots, { ...size, hidden: false });
  context.putImageData(new ImageData(pixels, size.width, size.height), 0, 0);
  root.dataset.state = "painted";
  await new Promise((done) => {
    requestAnimationFrame(() => setTimeout(done));
    setTimeout(done, LATEST_MS);
  });
}

/**
 * Resolves once no hand and no key has done anything for a moment and the page has nothing else to do: the first drag of a
 * slider, which is what a page begins with, is not held up.
 *
 * @returns {Promise<void>}
 */
export async function quiet() {
  const off = new AbortController();
  const began = performance.now();
  let last = began;
  for (const kind of HANDS) window.addEventListener(kind, () => (last = performance.now()), { signal: off.signal, capture: true, passive: true });
  while (performance.now() < Math.min(last + QUIET_MS, began + LATEST_QUIET_MS)) await new Promise((done) => setTimeout(done, QUIET_MS / 4));
  off.abort();
  if (window.requestIdleCallback) await new Promise((done) => window.requestIdleCallback(done, { timeout: QUIET_MS })); // Safari has none
}

/**
 * The pixels of all dots, those of later traces on top.
 *
 * @param {Pick<Split, "x"|"y"|"slots">} split
 * @param {string[]} colours a slot each, such as "#8299b3"
 * @param {Ranges} ranges of the axes
 * @param {number[]} sizes diameter of each trace's dots in pixels
 * @param {Size} size in pixels
 * @returns {Uint8ClampedArray<ArrayBuffer>} red, green, blue and opacity
 */
export function dotsOf({ x: left, y: up, slots }, colours, { x, y }, sizes, { width, height }) {
  const sums = new Float32Array(4 * width * height); // colours times opacity, and opacity
  const [across, down] = [width / (x[1] - x[0]), height / (y[1] - y[0])];
  for (const [trace, places] of left.entries()) {
    const colour = colours[slots[trace]] ?? colours[0];
    const shade = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
    for (let i = 0; i < places.length; i++)
      addDot(sums, [(places[i] - x[0]) * across, (y[1] - up[trace][i]) * down], sizes[trace] / 2, shade, width, height);
  }
  const pixels = new Uint8ClampedArray(sums.length);
  for (let at = 0; at < sums.length; at += 4) {
    const opacity = sums[at + 3];
    if (!opacity) continue;
    for (let i = 0; i < 3; i++) pixels[at + i] = sums[at + i] / opacity;
    pixels[at + 3] = 255 * opacity;
  }
  return pixels;
}

/**
 * @param {Float32Array} sums
 * @param {number[]} middle in pixels
 * @param {number} radius
 * @param {number[]} shade red, green and blue
 * @param {number} width
 * @param {number} height
 */
function addDot(sums, [right, below], radius, [red, green, blue], width, height) {
  // A pixel counts as where its middle is, and lies within the square around the dot.
  const [first, last] = [Math.max(0, Math.ceil(right - radius - 0.5)), Math.min(width - 1, Math.floor(right + radius - 0.5))];
  const [top, bottom] = [Math.max(0, Math.ceil(below - radius - 0.5)), Math.min(height - 1, Math.floor(below + radius - 0.5))];
  for (let line = top; line <= bottom; line++)
    for (let column = first; column <= last; column++) {
      const far = Math.sqrt((column + 0.5 - right) ** 2 + (line + 0.5 - below) ** 2) - radius;
      if (far >= SOFT) continue;
      const inside = far <= -SOFT ? 0 : (far + SOFT) / (2 * SOFT);
      const opacity = OPACITY * (1 - inside * inside * (3 - 2 * inside));
      const at = 4 * (line * width + column);
      const through = 1 - opacity;
      sums[at] = sums[at] * through + red * opacity;
      sums[at + 1] = sums[at + 1] * through + green * opacity;
      sums[at + 2] = sums[at + 2] * through + blue * opacity;
      sums[at + 3] = sums[at + 3] * through + opacity;
    }
}
