// Who is near whom: in the latent space (placing a point on the map) and on the map (hover, arrow keys).

export const NEIGHBOURS = 10; // as in latent/projection.py
const CHUNK = 16; // dimensions between two looks at whether a row can still be among the nearest

/**
 * The k rows of `mu` nearest to `z`, nearest first, with squared Euclidean distances.
 *
 * @param {Float32Array} z the point, D numbers
 * @param {Float32Array} mu M rows of D numbers
 * @param {number} k how many; at most M are returned
 * @returns {{rows: Int32Array, squares: Float64Array}}
 */
export function nearestRows(z, mu, k = NEIGHBOURS) {
  const D = z.length;
  const count = Math.min(k, mu.length / D);
  const rows = new Int32Array(count);
  const squares = new Float64Array(count).fill(Infinity);
  for (let row = 0, start = 0; start < mu.length; row++, start += D) {
    const square = squareTo(z, mu, start, squares[count - 1]);
    if (square >= squares[count - 1]) continue;
    let place = count - 1;
    for (; place > 0 && squares[place - 1] > square; place--) {
      squares[place] = squares[place - 1];
      rows[place] = rows[place - 1];
    }
    squares[place] = square;
    rows[place] = row;
  }
  return { rows, squares };
}

/**
 * Squared distance of z to the row that begins at `start`; stops with a partial sum once it is over `limit`.
 *
 * @param {Float32Array} z
 * @param {Float32Array} mu
 * @param {number} start
 * @param {number} limit
 */
function squareTo(z, mu, start, limit) {
  const D = z.length;
  let sum = 0;
  for (let j = 0; j < D && sum <= limit; ) {
    for (const stop = Math.min(j + CHUNK, D); j < stop; j++) {
      const difference = mu[start + j] - z[j];
      sum += difference * difference;
    }
  }
  return sum;
}

/**
 * Mean place of the neighbours weighted by 1 / squared distance: the rule of latent/projection.py, place().
 *
 * @param {{rows: ArrayLike<number>, squares: ArrayLike<number>}} neighbours
 * @param {ArrayLike<number>} xy
 * @returns {[number, number]}
 */
export function placeAmong({ rows, squares }, xy) {
  let x = 0;
  let y = 0;
  let total = 0;
  for (let i = 0; i < rows.length; i++) {
    const weight = 1 / (squares[i] + 1e-6);
    x += weight * xy[2 * rows[i]];
    y += weight * xy[2 * rows[i] + 1];
    total += weight;
  }
  return [x / total, y / total];
}

/**
 * Smallest rectangle around all places: [x0, x1, y0, y1]. A side without extent gets a length of 1.
 *
 * @param {ArrayLike<number>} xy
 */
export function extentOf(xy) {
  const extent = [Infinity, -Infinity, Infinity, -Infinity];
  for (let i = 0; i < xy.length; i += 2) {
    extent[0] = Math.min(extent[0], xy[i]);
    extent[1] = Math.max(extent[1], xy[i]);
    extent[2] = Math.min(extent[2], xy[i + 1]);
    extent[3] = Math.max(extent[3], xy[i + 1]);
  }
  for (const side of [0, 2]) {
    if (extent[side] < extent[side + 1]) continue;
    extent[side] -= 0.5;
    extent[side + 1] += 0.5;
  }
  return extent;
}

/** Places sorted into square cells, to find the one under the pointer without looking at all. */
export class PlaceIndex {
  /** @param {Float32Array} xy */
  constructor(xy) {
    const [x0, x1, y0, y1] = extentOf(xy);
    const count = xy.length / 2;
    this.xy = xy;
    this.x0 = x0;
    this.y0 = y0;
    this.cell = Math.max(x1 - x0, y1 - y0) / Math.max(1, Math.min(512, Math.ceil(Math.sqrt(count))));
    this.columns = Math.floor((x1 - x0) / this.cell) + 1;
    this.lines = Math.floor((y1 - y0) / this.cell) + 1;
    this.starts = new Int32Array(this.columns * this.lines + 1);
    this.rows = new Int32Array(count);
    const cellOf = new Int32Array(count);
    for (let row = 0; row < count; row++) {
      cellOf[row] = this.#line(xy[2 * row + 1]) * this.columns + this.#column(xy[2 * row]);
      this.starts[cellOf[row] + 1]++;
    }
    for (let i = 1; i < this.starts.length; i++) this.starts[i] += this.starts[i - 1];
    const next = this.starts.slice();
    for (let row = 0; row < count; row++) this.rows[next[cellOf[row]]++] = row;
  }

  /** @param {number} x */
  #column(x) {
    return Math.min(this.columns - 1, Math.max(0, Math.floor((x - this.x0) / this.cell)));
  }

  /** @param {number} y */
  #line(y) {
    return Math.min(this.lines - 1, Math.max(0, Math.floor((y - this.y0) / this.cell)));
  }

  /**
   * The row nearest to (x, y) within `radius`, or -1.
   *
   * @param {number} x
   * @param {number} y
   * @param {number} radius
   */
  nearest(x, y, radius) {
    let best = -1;
    let least = radius * radius;
    const [left, right] = [this.#column(x - radius), this.#column(x + radius)];
    for (let line = this.#line(y - radius); line <= this.#line(y + radius); line++) {
      const from = this.starts[line * this.columns + left];
      const to = this.starts[line * this.columns + right + 1];
      for (let i = from; i < to; i++) {
        const row = this.rows[i];
        const square = (this.xy[2 * row] - x) ** 2 + (this.xy[2 * row + 1] - y) ** 2;
        if (square > least) continue;
        least = square;
        best = row;
      }
    }
    return best;
  }
}

/**
 * The row nearest to `from` among those that lie in a direction (within 45 degrees) and at least `least` away, or -1.
 *
 * @param {Float32Array} xy M places
 * @param {[number, number]} from a place
 * @param {[number, number]} direction one of [1, 0], [-1, 0], [0, 1], [0, -1]
 * @param {number} least shortest step, so that a key press is seen
 */
export function rowTowards(xy, from, direction, least) {
  let best = -1;
  let smallest = Infinity;
  for (let row = 0; 2 * row < xy.length; row++) {
    const dx = xy[2 * row] - from[0];
    const dy = xy[2 * row + 1] - from[1];
    const along = dx * direction[0] + dy * direction[1];
    const across = Math.abs(dx * direction[1] - dy * direction[0]);
    const square = dx * dx + dy * dy;
    if (along <= 0 || across > along || square < least * least || square >= smallest) continue;
    smallest = square;
    best = row;
  }
  return best;
}
