// Ways between points, and blends of them: latent/paths.py in JavaScript.

/** @typedef {"straight"|"spherical"} Way */

const NARROW = 1e-4; // radians; at such an angle, or as near to the opposite, an arc is drawn as a straight line

/**
 * The point at a share of the way from one point to another.
 *
 * @param {Float32Array} a [D]
 * @param {Float32Array} b [D]
 * @param {number} t 0 is a, 1 is b
 * @param {Way} way spherical: along the arc around the centre
 * @param {Float32Array} centre [D], such as the average face
 * @returns {Float32Array}
 */
export function between(a, b, t, way, centre) {
  let [p, q, both] = [0, 0, 0];
  for (const [i, middle] of centre.entries()) {
    const [from, to] = [a[i] - middle, b[i] - middle];
    p += from * from;
    q += to * to;
    both += from * to;
  }
  const lengths = Math.sqrt(p) * Math.sqrt(q);
  const angle = lengths > 0 ? Math.acos(Math.min(1, Math.max(-1, both / lengths))) : 0;
  const arc = way === "spherical" && NARROW < angle && angle < Math.PI - NARROW;
  const [fromA, toB] = arc ? [Math.sin((1 - t) * angle), Math.sin(t * angle)].map((part) => part / Math.sin(angle)) : [1 - t, t];
  return a.map((_value, i) => {
    const middle = arc ? centre[i] : 0;
    return middle + fromA * (a[i] - middle) + toB * (b[i] - middle);
  });
}

/**
 * Points at equal steps along the way through two or more points.
 *
 * @param {Float32Array[]} points each [D]; every leg between neighbours takes equally many steps
 * @param {number} count 2 or more; the first and the last are the ends themselves
 * @param {Way} way
 * @param {Float32Array} centre
 */
export function walk(points, count, way, centre) {
  const legs = points.length - 1;
  return Array.from({ length: count }, (_one, step) => {
    const place = (step * legs) / (count - 1);
    const leg = Math.min(Math.floor(place), legs - 1);
    return between(points[leg], points[leg + 1], place - leg, way, centre);
  });
}

/**
 * Straight blends of four points, row by row.
 *
 * @param {Float32Array[]} corners top left, top right, bottom left, bottom right
 * @param {number} side points along each edge, 2 or more
 */
export function grid([topLeft, topRight, bottomLeft, bottomRight], side) {
  return Array.from({ length: side * side }, (_one, at) => {
    const [x, y] = [(at % side) / (side - 1), Math.floor(at / side) / (side - 1)];
    return topLeft.map((value, i) => (1 - y) * ((1 - x) * value + x * topRight[i]) + y * ((1 - x) * bottomLeft[i] + x * bottomRight[i]));
  });
}

/**
 * A is to B as C is to the answer.
 *
 * @param {Float32Array} a
 * @param {Float32Array} b
 * @param {Float32Array} c
 */
export function analogy(a, b, c) {
  return c.map((value, i) => value + b[i] - a[i]);
}
