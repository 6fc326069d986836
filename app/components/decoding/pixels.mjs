/**
 * Planar [3, S, S] in [0, 1] to interleaved RGBA bytes, rounded to the nearest.
 *
 * @param {ArrayLike<number>} planes
 * @param {number} size S
 */
export function toRgba(planes, size) {
  const pixels = size * size;
  const rgba = new Uint8ClampedArray(4 * pixels);
  for (let i = 0, o = 0; i < pixels; i++, o += 4) {
    // Rounded here, as integers: browsers differ in how a clamped array rounds a fraction.
    rgba[o] = (planes[i] * 255 + 0.5) | 0;
    rgba[o + 1] = (planes[pixels + i] * 255 + 0.5) | 0;
    rgba[o + 2] = (planes[2 * pixels + i] * 255 + 0.5) | 0;
    rgba[o + 3] = 255;
  }
  return rgba;
}
