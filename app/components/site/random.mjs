// numpy's random numbers, to the last bit but for rounding: a sample is named by its seed, so the same seed has to lead to
// the same face here as in the app. Source: numpy's SeedSequence, PCG64 and ziggurat (numpy/random/src/distributions).

const LONG = (1n << 64n) - 1n;
const HUGE = (1n << 128n) - 1n;
const MULTIPLIER = 0x2360ed051fc65da44385df649fccf645n;
const POOL = 4;

/**
 * What numpy's SeedSequence makes of a seed: 4 words of 64 bits.
 *
 * @param {number[]} entropy whole numbers below 2^32
 * @returns {bigint[]}
 */
function seedWords(entropy) {
  let constant = 0x43b0d7e5;
  const hash = (/** @type {number} */ value) => {
    let mixed = value ^ constant;
    constant = Math.imul(constant, 0x931e8875);
    mixed = Math.imul(mixed, constant);
    return mixed ^ (mixed >>> 16);
  };
  const mix = (/** @type {number} */ x, /** @type {number} */ y) => {
    const mixed = Math.imul(0xca01f9dd, x) - Math.imul(0x4973f715, y);
    return mixed ^ (mixed >>> 16);
  };
  const pool = Array.from({ length: POOL }, (_, i) => hash(entropy[i] ?? 0));
  for (let from = 0; from < POOL; from++) {
    for (let to = 0; to < POOL; to++) if (from !== to) pool[to] = mix(pool[to], hash(pool[from]));
  }
  let out = 0x8b51f9dd;
  const words = Array.from({ length: 8 }, (_, i) => {
    let value = pool[i % POOL] ^ out;
    out = Math.imul(out, 0x58f38ded);
    value = Math.imul(value, out);
    return BigInt((value ^ (value >>> 16)) >>> 0);
  });
  return [0, 2, 4, 6].map((i) => words[i] | (words[i + 1] << 32n));
}

/** numpy's `default_rng(seed)`, as much of it as the samplers need. */
export class Random {
  #state = 0n;
  #step;

  /** @param {number[]} entropy the seed: up to four whole numbers below 2^32 */
  constructor(entropy) {
    const [high, low, stepHigh, stepLow] = seedWords(entropy);
    this.#step = ((((stepHigh << 64n) | stepLow) << 1n) | 1n) & HUGE;
    this.#advance();
    this.#state = (this.#state + ((high << 64n) | low)) & HUGE;
    this.#advance();
  }

  #advance() {
    this.#state = (this.#state * MULTIPLIER + this.#step) & HUGE;
  }

  /** @returns {bigint} 64 bits */
  #bits() {
    this.#advance();
    const turn = this.#state >> 122n;
    const both = (this.#state >> 64n) ^ (this.#state & LONG);
    return ((both >> turn) | (both << (64n - turn))) & LONG;
  }

  /** A number in [0, 1). */
  uniform() {
    return Number(this.#bits() >> 11n) / 2 ** 53;
  }

  /** A number of the bell curve around 0 with width 1. */
  normal() {
    for (;;) {
      const bits = this.#bits();
      const slot = Number(bits & 0xffn);
      const size = Number((bits >> 9n) & 0xfffffffffffffn);
      const x = (bits >> 8n) & 1n ? -size * WIDTH[slot] : size * WIDTH[slot];
      if (size < INSIDE[slot]) return x;
      if (slot === 0) return this.#tail((bits >> 17n) & 1n ? -1 : 1);
      const height = (HEIGHT[slot - 1] - HEIGHT[slot]) * this.uniform() + HEIGHT[slot];
      if (height < Math.exp(-0.5 * x * x)) return x;
    }
  }

  /** @param {number} sign */
  #tail(sign) {
    for (;;) {
      const x = -Math.log1p(-this.uniform()) / EDGE;
      const y = -Math.log1p(-this.uniform());
      if (y + y > x * x) return sign * (EDGE + x);
    }
  }
}

/**
 * An index for each sample, by weight.
 *
 * @param {number[]} weights
 * @param {number} count
 * @param {number} seed
 * @returns {number[]}
 */
export function pick(weights, count, seed) {
  let sum = 0;
  const edges = weights.map((weight) => {
    sum += weight;
    return sum;
  });
  const random = new Random([seed, 1]);
  return Array.from({ length: count }, () => {
    const at = random.uniform() * sum;
    const found = edges.findIndex((edge) => at < edge);
    return found < 0 ? weights.length - 1 : found;
  });
}

const EDGE = 3.654152885361009; // where the bell curve's tail begins
const AREA = 0.004928673233974655; // of each of the 256 layers under it
const FULL = 2 ** 52;
const WIDTH = new Float64Array(256);
const HEIGHT = new Float64Array(256);
const INSIDE = new Float64Array(256);

/** Marsaglia and Tsang's layers: a number below `INSIDE` of its layer lies under the curve for sure. */
function layers() {
  const curve = (/** @type {number} */ x) => Math.exp(-0.5 * x * x);
  let [x, before] = [EDGE, EDGE];
  const bottom = AREA / curve(x);
  INSIDE[0] = Math.floor((x / bottom) * FULL);
  WIDTH[0] = bottom / FULL;
  HEIGHT[0] = 1;
  WIDTH[255] = x / FULL;
  HEIGHT[255] = curve(x);
  for (let i = 254; i > 0; i--) {
    x = Math.sqrt(-2 * Math.log(AREA / x + curve(x)));
    INSIDE[i + 1] = Math.floor((x / before) * FULL);
    before = x;
    WIDTH[i] = x / FULL;
    HEIGHT[i] = curve(x);
  }
}

layers();
