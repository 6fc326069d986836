// Our own decoders (models/onnx/own_graph.py) in some kilobytes of WebAssembly, written here for the layers of the one at
// hand, instead of the general runtime's 14 MB: open at once, and faster.

import { compiled } from "./machine_code.mjs";
import { readOnnx } from "./onnx_file.mjs";

/** @import { Layer } from "./machine_code.mjs" */

/**
 * Where numbers lie while a face is drawn: pixels with their channels side by side. `at` counts numbers.
 *
 * @typedef {object} Place
 * @property {number} at
 * @property {number} side in pixels; a vector is one pixel
 * @property {number} border around them, in pixels
 * @property {number} count of channels
 * @property {number} filled that count, filled up to a multiple of four
 */
/** @typedef {{numbers: ArrayLike<number>, bias: ArrayLike<number>, inputs: number, kernel: number, outputsFirst?: boolean}} Weights [inputs, outputs, kernel, kernel] */

const OURS =
  /^(Gemm (Sigmoid Mul Gemm Sigmoid Mul Gemm Add ){2}Sigmoid Mul Gemm Add )?Gemm Reshape Relu (ConvTranspose Relu )*ConvTranspose (Sigmoid|Gemm Reshape Resize Add Clip)$/;
const CONSTANTS = ["Cast", "DequantizeLinear"]; // operators on weights alone
const COLOURS = 3;
const ENLARGED = 4; // what the picture of the linear path is enlarged by
const SUMS = 12; // as many as sixteen registers leave room for

const largest = (/** @type {number[]} */ sizes, /** @type {number} */ whole) => sizes.find((size) => whole % size === 0) ?? 1;

/** @param {Uint8Array} bytes of a decoder.onnx @returns null where it is another network: that is for the general runtime */
export function openOwn(bytes) {
  const { operators, tensors } = readOnnx(bytes);
  return OURS.test(operators.filter((op) => !CONSTANTS.includes(op)).join(" ")) ? new OwnNetwork(tensors()) : null;
}

class OwnNetwork {
  #tensors;
  #top = 0;
  /** @type {Layer[]} */
  #layers = [];
  /** @type {(() => void)[]} */
  #steps = [];
  /** @type {(() => void)[]} what puts weights into the memory, once there is one */
  #filling = [];
  #numbers;
  #functions;
  #z;
  #image;

  /** @param {Map<string, import("./onnx_file.mjs").Tensor>} tensors */
  constructor(tensors) {
    this.#tensors = tensors;
    const named = (/** @type {string} */ name) => this.#weights(name);
    this.#z = this.#place(named(tensors.has("begin_bias") ? "begin_" : "0").inputs);
    const placed = tensors.has("begin_bias") ? this.#mapped(this.#z) : this.#z;
    const stem = this.#linear(placed, "0", true);
    const convolutions = [...tensors.keys()].flatMap((name) => name.match(/^bias([1-9]\d*)$/)?.[1] ?? []);
    let plane = this.#asPlane(stem, named(convolutions[0]).inputs, false);
    for (const weights of convolutions.slice(0, -1).map(named))
      plane = this.#convolved(plane, this.#place(weights.bias.length, 2 * plane.side, 1), weights, { relu: true });
    const below = tensors.has("bias_linear") ? this.#smooth(this.#asPlane(this.#linear(placed, "_linear"), COLOURS, true)) : null;
    this.#image = this.#joined(plane, named(convolutions[convolutions.length - 1]), 2, below);
    if (!below) this.#image = this.#each(this.#image, this.#image, (x) => 1 / (1 + Math.exp(-x)));
    const memory = new WebAssembly.Memory({ initial: Math.ceil(this.#top / 0x4000) });
    this.#numbers = new Float32Array(memory.buffer);
    this.#functions = compiled(this.#layers, memory);
    for (const fill of this.#filling) fill();
  }

  /** @param {Float32Array} z */
  decode(z) {
    this.#numbers.set(z, this.#z.at);
    for (const step of this.#steps) step();
    const [size, numbers] = [2 * this.#image.side, this.#numbers];
    const rgba = new Uint8ClampedArray(4 * size * size).fill(255);
    for (let y = 0, to = 0; y < size; y++) {
      let from = this.#pixel(this.#image, y >> 1, 0) + 2 * COLOURS * (y & 1);
      for (let x = 0; x < size; x++, to += 4) {
        for (let c = 0; c < COLOURS; c++) rgba[to + c] = (Math.min(Math.max(numbers[from + c], 0), 1) * 255 + 0.5) | 0;
        from += x & 1 ? 3 * COLOURS : COLOURS; // the pixel beside it, or the first of the next four
      }
    }
    return { rgba, size };
  }

  /** @param {string} name @returns {Weights} of a linear layer or a transposed convolution, kept in one of three ways */
  #weights(name) {
    const all = this.#tensors;
    const [weight, bias] = /^\d|^_/.test(name) ? [`weight${name}`, `bias${name}`] : [`${name}weight`, `${name}bias`];
    const { dims, numbers } = all.get(weight) ?? all.get(`${weight}_half`) ?? all.get(`${name}eight`) ?? { dims: [], numbers: [] };
    const scale = all.get(`${name}scale`)?.numbers;
    const scaled = scale ? numbers.map((x, i) => x * scale[Math.floor(i / dims[1])]) : numbers;
    return { numbers: scaled, bias: all.get(bias)?.numbers ?? [], inputs: dims[dims.length === 2 ? 1 : 0], kernel: dims[2] ?? 1, outputsFirst: dims.length === 2 };
  }

  /** @param {number} count @param {number} side @param {number} border @returns {Place} */
  #place(count, side = 1, border = 0) {
    const filled = Math.ceil(count / 4) * 4;
    return { at: this.#taken(filled * (side + 2 * border) ** 2), count, side, border, filled };
  }

  /** @param {number} numbers @returns {number} where there is room for so many, at a multiple of 16 bytes */
  #taken(numbers) {
    const at = this.#top;
    this.#top += Math.ceil(numbers / 4) * 4;
    return at;
  }

  /** @param {Place} place @param {number} y @param {number} x */
  #pixel({ at, side, border, filled }, y, x) {
    return at + ((y + border) * (side + 2 * border) + x + border) * filled;
  }

  /** @param {Place} x @param {Place} y @param {(x: number, y: number) => number} make */
  #each(x, y, make) {
    const into = this.#place(x.count, x.side, x.border);
    this.#steps.push(() => {
      const [numbers, count] = [this.#numbers, into.filled * (into.side + 2 * into.border) ** 2];
      for (let i = 0; i < count; i++) numbers[into.at + i] = make(numbers[x.at + i], numbers[y.at + i]);
    });
    return into;
  }

  /** @param {Place} z moved to where faces lie, as `LatentMapping` in models/networks.py does */
  #mapped(z) {
    const silu = (/** @type {Place} */ x) => this.#each(x, x, (a) => a / (1 + Math.exp(-a)));
    const plus = (/** @type {Place} */ x, /** @type {Place} */ y) => this.#each(x, y, (a, b) => a + b);
    let x = this.#linear(z, "begin_");
    for (const block of [0, 1]) x = plus(x, this.#linear(silu(this.#linear(silu(x), `inner${block}_`)), `outer${block}_`));
    return plus(z, this.#linear(silu(x), "end_"));
  }

  /** @param {Place} x @param {string} name @param {boolean} [relu] */
  #linear(x, name, relu) {
    const weights = this.#weights(name);
    return this.#convolved(x, this.#place(weights.bias.length), weights, { relu });
  }

  /** @param {Place} x [count, side, side] @param {number} count @param {boolean} edges whether the border repeats the outermost pixels */
  #asPlane(x, count, edges) {
    const side = Math.sqrt(x.count / count);
    const into = this.#place(count, side, 1);
    const [first, last] = edges ? [-1, side] : [0, side - 1];
    const inside = (/** @type {number} */ i) => Math.min(Math.max(i, 0), side - 1);
    this.#steps.push(() => {
      const numbers = this.#numbers;
      for (let i = first; i <= last; i++)
        for (let j = first; j <= last; j++)
          for (let c = 0, to = this.#pixel(into, i, j), from = x.at + inside(i) * side + inside(j); c < count; c++)
            numbers[to + c] = numbers[from + c * side * side];
    });
    return into;
  }

  /** @param {Place} x a picture, which is enlarged as a transposed convolution does: each pixel becomes a pyramid */
  #smooth(x) {
    const kernel = 2 * ENLARGED;
    const slope = Array.from({ length: kernel }, (_, i) => 1 - Math.abs(i + 0.5 - ENLARGED) / ENLARGED);
    const pyramid = slope.flatMap((high) => slope.map((wide) => high * wide));
    const numbers = Array.from({ length: COLOURS ** 2 }, (_, i) => (i % (COLOURS + 1) ? pyramid.map(() => 0) : pyramid)).flat();
    return this.#joined(x, { numbers, bias: [0, 0, 0], inputs: COLOURS, kernel }, ENLARGED, null);
  }

  /**
   * A transposed convolution that makes a picture: the colours of 2 x 2 pixels become the channels of one, since three
   * numbers are too few for vectors of four.
   *
   * @param {Place} x @param {Weights} weights @param {number} stride @param {Place|null} below what it is added to
   */
  #joined(x, { numbers: values, bias, inputs, kernel }, stride, below) {
    const [outputs, small] = [4 * COLOURS, 2 + stride / 2]; // `small` is the kernel's side when it makes four pixels at once
    const numbers = new Float32Array(inputs * outputs * small ** 2);
    const seen = (/** @type {number} */ i, /** @type {number} */ phase) => 2 * i + phase + (kernel - stride) / 2 - 2;
    for (let i = 0; i < numbers.length; i++) {
      const [place, output, input] = [i % small ** 2, Math.floor(i / small ** 2) % outputs, Math.floor(i / small ** 2 / outputs)];
      const phase = Math.floor(output / COLOURS);
      const [tall, wide] = [seen(Math.floor(place / small), phase >> 1), seen(place % small, phase & 1)];
      const meant = Math.min(tall, wide) >= 0 && Math.max(tall, wide) < kernel;
      if (meant) numbers[i] = values[((input * COLOURS + (output % COLOURS)) * kernel + tall) * kernel + wide];
    }
    const four = Array.from({ length: outputs }, (_, i) => bias[i % COLOURS]);
    const into = below ?? this.#place(outputs, (x.side * stride) / 2, 1);
    return this.#convolved(x, into, { numbers, bias: four, inputs, kernel: small }, { onto: below !== null });
  }

  /**
   * A convolution, or one transposed: then each pixel becomes stride x stride, and each of those is a convolution.
   *
   * @param {Place} from @param {Place} into @param {Weights} weights @param {Pick<Layer, "relu"|"onto">} how
   */
  #convolved(from, into, { numbers: values, bias, inputs, kernel, outputsFirst }, how) {
    const stride = into.side / from.side;
    const [pad, taps] = [(kernel - stride) / 2, kernel / stride];
    const vectors = largest(from.side === 1 ? [SUMS, 8, 6, 4, 3, 2] : [3, 2], into.filled / 4);
    const pixels = largest([8, 4, 2].filter((count) => count * vectors <= SUMS), from.side);
    const read = from.side === 1 ? from.count : from.filled;
    const apart = (/** @type {Place} */ { filled, side, border }, step = 1) => /** @type {[number, number]} */ ([4 * step * filled, 4 * step * filled * (side + 2 * border)]);
    const layer = { ...how, rows: from.side, width: from.side, pixels, vectors, taps, run: taps * read, from: apart(from), into: apart(into, stride) };
    const number = this.#layers.push(layer) - 1;
    const block = 4 * vectors * (1 + taps * taps * read); // numbers for so many channels
    const at = this.#taken((block * stride ** 2 * into.filled) / 4 / vectors);
    const first = (/** @type {number} */ phase) => Math.ceil((phase + pad - kernel + 1) / stride); // the pixel that it sees
    const [output, input] = outputsFirst ? [inputs, 1] : [kernel ** 2, into.count * kernel ** 2];
    /** @type {[number, number, number][]} */
    const calls = [];
    this.#filling.push(() => {
      for (let phase = 0, to = at; phase < stride ** 2; phase++) {
        const [y, x] = [Math.floor(phase / stride), phase % stride];
        for (let channel = 0; channel < into.filled; channel += 4 * vectors, to += block) {
          calls.push([4 * this.#pixel(from, first(y), first(x)), 4 * to, 4 * (this.#pixel(into, y, x) + channel)]);
          const counts = [Math.min(into.count - channel, 4 * vectors), inputs];
          for (let i = 0; i < counts[0]; i++) this.#numbers[to + i] = bias[channel + i];
          for (let tap = 0; tap < taps * taps; tap++) {
            const [tall, wide] = [first(y) + Math.floor(tap / taps), first(x) + (tap % taps)];
            const start = channel * output + (y + pad - stride * tall) * kernel + x + pad - stride * wide;
            gather(this.#numbers, to + 4 * vectors * (1 + tap * read), 4 * vectors, counts, values, start, [output, input]);
          }
        }
      }
    });
    this.#steps.push(() => {
      for (const [a, b, c] of calls) this.#functions[number](a, b, c);
    });
    return into;
  }
}

/**
 * Weights in the order in which they are needed: for each input those of some outputs, `lanes` from the next input's.
 *
 * @type {(into: Float32Array, at: number, lanes: number, counts: number[], values: ArrayLike<number>, start: number, apart: number[]) => void}
 */
const gather = (into, at, lanes, [outputs, inputs], values, start, [output, input]) => {
  for (let i = 0; i < inputs; i++)
    for (let o = 0, to = at + i * lanes, from = start + i * input; o < outputs; o++, from += output) into[to + o] = values[from];
};
