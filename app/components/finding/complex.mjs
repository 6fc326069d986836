// Places and similarity transforms of the plane as complex numbers [re, im], as faces/alignment.py has them.

/** @typedef {number[]} Complex a pair [re, im], which is a place [x, y] */

/** @type {(a: Complex, b: Complex) => Complex} */
export const plus = (a, b) => [a[0] + b[0], a[1] + b[1]];

/** @type {(a: Complex, b: Complex) => Complex} */
export const minus = (a, b) => [a[0] - b[0], a[1] - b[1]];

/** @type {(a: Complex, b: Complex) => Complex} */
export const times = (a, b) => [a[0] * b[0] - a[1] * b[1], a[0] * b[1] + a[1] * b[0]];

/** @type {(a: Complex, by: number) => Complex} */
export const scaled = (a, by) => [a[0] * by, a[1] * by];

/** @type {(a: Complex, b: Complex) => Complex} */
export const over = (a, b) => scaled(times(a, conjugate(b)), 1 / (b[0] ** 2 + b[1] ** 2));

/** @type {(a: Complex) => Complex} */
export const conjugate = ([re, im]) => [re, -im];

/** @type {(a: Complex) => number} */
export const size = (a) => Math.hypot(a[0], a[1]);

/** @type {(all: Complex[]) => Complex} */
export const mean = (all) => scaled(all.reduce(plus, [0, 0]), 1 / all.length);

/**
 * Three points of a face as they lie in its mirror image, about the middle between the eyes.
 *
 * @param {Complex[]} points left eye, right eye, mouth, about 0
 */
export const inTheMirror = ([left, right, mouth]) => [right, left, mouth].map(([x, y]) => [-x, y]);
