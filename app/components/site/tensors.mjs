// Named arrays out of a .safetensors file, and the arithmetic of layers over them.

/** @typedef {{dtype: string, shape: number[], data_offsets: [number, number]}} Entry */

/** @type {Record<string, new (buffer: ArrayBuffer) => Float32Array|Int8Array|Uint8Array>} */
const TYPES = { F32: Float32Array, I8: Int8Array, U8: Uint8Array };
const SCALE = ".scale"; // of the float32 scales that go with a matrix kept in eight bits

export class Tensors {
  #content;
  #begin;
  /** @type {Record<string, Entry>} */
  #entries;
  /** @type {Map<string, Float32Array>} matrices in full, as they are asked for */
  #whole = new Map();

  /**
   * @param {ArrayBuffer} content of the file: the header's length in 8 bytes, the header in JSON, the numbers.
   */
  constructor(content) {
    const length = Number(new DataView(content).getBigUint64(0, true));
    this.#entries = JSON.parse(new TextDecoder().decode(new Uint8Array(content, 8, length)));
    this.#begin = 8 + length;
    this.#content = content;
  }

  /**
   * The numbers of one array, row by row; what is kept in eight bits is widened.
   *
   * @param {string} name
   * @returns {Float32Array|Int8Array|Uint8Array}
   */
  get(name) {
    const found = this.#whole.get(name);
    if (found) return found;
    const values = this.#raw(name);
    if (!(`${name}${SCALE}` in this.#entries)) return values;
    const scale = this.#raw(name + SCALE);
    const columns = values.length / scale.length;
    const whole = Float32Array.from(values, (value, i) => value * scale[Math.floor(i / columns)]);
    this.#whole.set(name, whole);
    return whole;
  }

  /** @param {string} name */
  #raw(name) {
    const { dtype, data_offsets: [from, to] } = this.#entries[name];
    return new TYPES[dtype](this.#content.slice(this.#begin + from, this.#begin + to));
  }

  /**
   * A linear layer over rows: x @ weight.T + bias.
   *
   * @param {string} name
   * @param {Float32Array} x [n, I]
   * @param {number} n
   * @returns {Float32Array} [n, O]
   */
  linear(name, x, n) {
    const weight = this.get(`${name}.weight`);
    const bias = `${name}.bias` in this.#entries ? this.get(`${name}.bias`) : null;
    const I = x.length / n;
    const O = weight.length / I;
    const out = new Float32Array(n * O);
    for (let o = 0; o < O; o++) {
      const at = o * I;
      const begin = bias ? bias[o] : 0;
      let row = 0;
      for (; row + 4 <= n; row += 4) {
        const [p, q, r, s] = [row * I, (row + 1) * I, (row + 2) * I, (row + 3) * I];
        let [a, b, c, d] = [begin, begin, begin, begin];
        for (let i = 0; i < I; i++) {
          const w = weight[at + i]; // four rows to a read: twice as fast
          a += w * x[p + i];
          b += w * x[q + i];
          c += w * x[r + i];
          d += w * x[s + i];
        }
        out[row * O + o] = a;
        out[(row + 1) * O + o] = b;
        out[(row + 2) * O + o] = c;
        out[(row + 3) * O + o] = d;
      }
      for (; row < n; row++) {
        const from = row * I;
        let sum = begin;
        for (let i = 0; i < I; i++) sum += weight[at + i] * x[from + i];
        out[row * O + o] = sum;
      }
    }
    return out;
  }
}

/** @param {number} x */
export const silu = (x) => x / (1 + Math.exp(-x));
