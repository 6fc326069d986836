// Which faces stand for their neighbourhood: rows with a distance between them, more of them the closer one looks.

const GOLDEN = 0.6180339887498949;
const LINES = 2 ** 26; // more than a grid has

/**
 * Rows in an order in which any first few of them are spread over the whole table, the same at each call.
 *
 * @param {number} count
 */
export function* mixedOrder(count) {
  let step = Math.max(1, Math.round(count * GOLDEN));
  while (divisor(step, count) > 1) step++;
  for (let i = 0, row = 0; i < count; i++, row = (row + step) % count) yield row;
}

/** @type {(a: number, b: number) => number} */
const divisor = (a, b) => (b ? divisor(b, a % b) : a);

/**
 * Rows at least `spacing` apart, so many that no other row has room: those of `before`, then others in mixed order.
 *
 * @param {ArrayLike<number>} xy M places
 * @param {number} spacing in the map's units
 * @param {{before?: number[], company?: number, order?: Iterable<number>}} [more] `before`: rows of a larger spacing, which stay, so that zooming
 *   in adds faces and takes none away; `company`: others that a row must have within a cell as wide as the spacing;
 *   `order`: in which rows are tried
 * @returns {number[]} in the order in which they were found
 */
export function spacedRows(xy, spacing, { before = [], company = 0, order = mixedOrder(xy.length / 2) } = {}) {
  /** @type {Map<number, number[]>} */
  const cells = new Map();
  const cell = (/** @type {number} */ value) => Math.floor(value / spacing);
  const keyAt = (/** @type {number} */ column, /** @type {number} */ line) => column * LINES + line;
  const keyOf = (/** @type {number} */ row) => keyAt(cell(xy[2 * row]), cell(xy[2 * row + 1]));
  /** @type {Map<number, number>} */
  const crowd = new Map();
  if (company) {
    for (let row = 0; 2 * row < xy.length; row++) {
      const key = keyOf(row);
      crowd.set(key, (crowd.get(key) ?? 0) + 1);
    }
  }
  const isFree = (/** @type {number} */ row) => {
    const [column, line] = [cell(xy[2 * row]), cell(xy[2 * row + 1])];
    for (let i = column - 1; i <= column + 1; i++) {
      for (let j = line - 1; j <= line + 1; j++) {
        for (const other of cells.get(keyAt(i, j)) ?? []) {
          if (Math.hypot(xy[2 * row] - xy[2 * other], xy[2 * row + 1] - xy[2 * other + 1]) < spacing) return false;
        }
      }
    }
    return true;
  };
  /** @type {number[]} */
  const found = [];
  const take = (/** @type {number} */ row) => {
    const key = keyOf(row);
    cells.set(key, [...(cells.get(key) ?? []), row]);
    found.push(row);
  };
  for (const row of before) take(row);
  for (const row of order) {
    if (company && (crowd.get(keyOf(row)) ?? 0) <= company) continue;
    if (isFree(row)) take(row);
  }
  return found;
}

/**
 * The same of some rows only: those that stay, then others, in the order in which they come.
 *
 * @param {ArrayLike<number>} xy M places
 * @param {number[]} among rows
 * @param {number} spacing
 * @param {number[]} stay rows that are there already; those that have become too near to each other go
 * @returns {number[]} rows
 */
export function spacedAmong(xy, among, spacing, stay) {
  const rows = [...stay, ...among];
  const places = Float32Array.from({ length: 2 * rows.length }, (_one, at) => xy[2 * rows[at >> 1] + (at & 1)]);
  return spacedRows(places, spacing, { order: rows.keys() }).map((at) => rows[at]);
}

/**
 * Rows at the level of a zoom: each level's spacing is the last one's over the square root of two. Kept by level.
 */
export class Levels {
  /** @type {number[][]} */
  #levels = [];

  /**
   * @param {ArrayLike<number>} xy M places
   * @param {number} spacing of level 0, in the map's units
   */
  constructor(xy, spacing) {
    this.xy = xy;
    this.spacing = spacing;
  }

  /**
   * @param {number} level 0 shows the whole map; each second one is twice as close
   * @returns {number[]}
   */
  rows(level) {
    for (let next = this.#levels.length; next <= level; next++) {
      const last = this.#levels.at(-1);
      this.#levels.push(spacedRows(this.xy, this.spacing / 2 ** (next / 2), last ? { before: last } : { company: 4 }));
    }
    return this.#levels[Math.max(0, level)];
  }
}

/**
 * Which of some boxes can be shown without one lying over another: the first ones first.
 *
 * @param {{x: number, y: number, width: number, height: number}[]} boxes around their middles
 * @param {{x: number, y: number, width: number, height: number}[]} [taken] what is there already
 * @returns {boolean[]}
 */
export function withRoom(boxes, taken = []) {
  const there = [...taken];
  return boxes.map((box) => {
    const free = there.every(
      (other) => Math.abs(box.x - other.x) * 2 >= box.width + other.width || Math.abs(box.y - other.y) * 2 >= box.height + other.height,
    );
    if (free) there.push(box);
    return free;
  });
}
