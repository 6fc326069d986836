// Where faces lie between two maps, and what that looks like: arithmetic alone, tested by node.

/**
 * Places on the straight line from one map to the other.
 *
 * @param {Float32Array} first 2 N numbers
 * @param {Float32Array} second 2 N numbers
 * @param {number} share 0 is the first map, 1 the second; what is no number counts as 0
 * @param {Float32Array} into 2 N numbers, written
 */
export function placesAt(first, second, share, into) {
  const t = Number.isFinite(share) ? Math.min(Math.max(share, 0), 1) : 0;
  for (let i = 0; i < into.length; i++) into[i] = first[i] + t * (second[i] - first[i]);
  return into;
}

/**
 * Draw each face as a square into the pixels of a picture, later ones over earlier ones.
 *
 * @param {Uint8ClampedArray} pixels 4 * side * side, cleared first
 * @param {number} side
 * @param {Float32Array} places 2 N numbers in [0, 1], y upwards
 * @param {Uint8Array} colours 3 N
 * @param {number} dot side of a square in pixels
 */
export function paint(pixels, side, places, colours, dot) {
  pixels.fill(0);
  const room = side - dot;
  for (let i = 0; 2 * i < places.length; i++) {
    const left = Math.round(places[2 * i] * room);
    const top = Math.round((1 - places[2 * i + 1]) * room);
    for (let y = top; y < top + dot; y++) {
      for (let at = 4 * (y * side + left), end = at + 4 * dot; at < end; at += 4) {
        pixels[at] = colours[3 * i];
        pixels[at + 1] = colours[3 * i + 1];
        pixels[at + 2] = colours[3 * i + 2];
        pixels[at + 3] = 255;
      }
    }
  }
}

/**
 * Side of a face's square, in pixels of the canvas: larger where there are fewer.
 *
 * @param {number} count of faces
 */
export const dotFor = (count) => Math.round(Math.min(12, Math.max(4, 400 / Math.sqrt(count))));
