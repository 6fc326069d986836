// Frames as an endless animated GIF that says where it came from, made in the browser: app/drawing/picture_files.py, gif.

/** @typedef {any} Gifenc the library, whose own types come with a package that is not installed here */

const COLOURS = 256;
const TELLING = 8; // frames that the palette is made of
const HEADER = 13; // signature, version and logical screen, before the global palette
const BLOCK = 255; // bytes of a comment that come at once

/**
 * @param {ImageData[]} frames of one size; all share one palette, so that nothing flickers
 * @param {Record<string, unknown>} provenance
 * @param {{frameMs: number, goesOn: (share: number) => Promise<boolean>}} how how long each frame stands; told the share
 *   that is done, 0 to 1, and false gives up
 * @returns {Promise<Uint8Array<ArrayBuffer>|null>} null where it was given up
 */
export async function gif(frames, provenance, { frameMs, goesOn }) {
  /** @type {Gifenc} */
  const { GIFEncoder, quantize, nearestColorIndex } = await import(new URL("../vendor/gifenc.mjs", import.meta.url).href);
  const palette = quantize(few(frames), COLOURS);
  const nearest = nearestIn(palette, nearestColorIndex);
  const encoder = GIFEncoder();
  for (const [i, { data, width, height }] of frames.entries()) {
    if (!(await goesOn(i / frames.length))) return null;
    const said = i === 0 ? { palette, repeat: 0 } : {};
    encoder.writeFrame(dithered(data, width, palette, nearest), width, height, { ...said, delay: frameMs });
  }
  encoder.finish();
  return withComment(encoder.bytes(), JSON.stringify(provenance));
}

/**
 * Pixels of a few frames, spread over all.
 *
 * @param {ImageData[]} frames
 */
function few(frames) {
  const count = Math.min(TELLING, frames.length);
  const chosen = Array.from({ length: count }, (_one, i) => frames[Math.floor((i * (frames.length - 1)) / Math.max(count - 1, 1))]);
  const size = chosen[0].data.length;
  const all = new Uint8Array(count * size);
  for (const [i, { data }] of chosen.entries()) all.set(data, i * size);
  return all;
}

/**
 * The palette's nearest colour, remembered by the five highest bits of each channel.
 *
 * @param {number[][]} palette
 * @param {(palette: number[][], colour: number[]) => number} nearestColorIndex
 */
function nearestIn(palette, nearestColorIndex) {
  const known = new Int16Array(1 << 15).fill(-1);
  return (/** @type {number} */ r, /** @type {number} */ g, /** @type {number} */ b) => {
    const at = ((r >> 3) << 10) | ((g >> 3) << 5) | (b >> 3);
    if (known[at] < 0) known[at] = nearestColorIndex(palette, [(r & 0xf8) + 4, (g & 0xf8) + 4, (b & 0xf8) + 4]);
    return known[at];
  };
}

/**
 * Numbers of palette colours, with what is lost at a pixel handed on to its neighbours.
 * Source: Floyd and Steinberg 1976, "An adaptive algorithm for spatial greyscale".
 *
 * @param {Uint8ClampedArray} rgba
 * @param {number} width
 * @param {number[][]} palette
 * @param {(r: number, g: number, b: number) => number} nearest
 */
export function dithered(rgba, width, palette, nearest) {
  const pixels = rgba.length / 4;
  const wanted = Float32Array.from({ length: 3 * pixels }, (_one, i) => rgba[4 * Math.floor(i / 3) + (i % 3)]);
  const byte = (/** @type {number} */ i) => Math.min(255, Math.max(0, Math.round(wanted[i])));
  const index = new Uint8Array(pixels);
  for (let at = 0; at < pixels; at++) {
    const colour = [byte(3 * at), byte(3 * at + 1), byte(3 * at + 2)];
    index[at] = nearest(colour[0], colour[1], colour[2]);
    const x = at % width;
    for (let c = 0; c < 3; c++) {
      const lost = (colour[c] - palette[index[at]][c]) / 16;
      if (x + 1 < width) wanted[3 * (at + 1) + c] += 7 * lost;
      if (at + width >= pixels) continue;
      const below = 3 * (at + width) + c;
      if (x > 0) wanted[below - 3] += 3 * lost;
      wanted[below] += 5 * lost;
      if (x + 1 < width) wanted[below + 3] += lost;
    }
  }
  return index;
}

/**
 * A GIF with a comment behind its palette.
 *
 * @param {Uint8Array} bytes
 * @param {string} text
 */
export function withComment(bytes, text) {
  const said = new TextEncoder().encode(text);
  const comment = [0x21, 0xfe];
  for (let from = 0; from < said.length; from += BLOCK) {
    const part = said.subarray(from, from + BLOCK);
    comment.push(part.length, ...part);
  }
  comment.push(0);
  const begin = HEADER + (bytes[10] & 0x80 ? 3 << ((bytes[10] & 7) + 1) : 0);
  const whole = new Uint8Array(bytes.length + comment.length);
  whole.set(bytes.subarray(0, begin));
  whole.set(comment, begin);
  whole.set(bytes.subarray(begin), begin + comment.length);
  return whole;
}
