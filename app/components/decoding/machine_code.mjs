// Convolutions as WebAssembly with SIMD, written for the layers of one network: sizes and distances are part of the code.
// A pixel's channels lie side by side, then those of the next pixel: what one row of a kernel sees is one run of numbers. The
// innermost loop takes a number of the runs of several pixels and multiplies each with several times four weights: as many
// sums as a processor has registers for, and nothing is laid out twice.

/**
 * A function that works out some channels of `rows` x `width` pixels. Distances are in bytes, between pixels and rows.
 *
 * @typedef {object} Layer
 * @property {number} rows
 * @property {number} width
 * @property {number} pixels at a time; divides `width`
 * @property {number} vectors of four channels at a time
 * @property {number} taps runs for each pixel, a row apart
 * @property {number} run numbers in each
 * @property {[pixel: number, row: number]} from
 * @property {[pixel: number, row: number]} into
 * @property {boolean} [relu] whether what is below 0 becomes 0
 * @property {boolean} [onto] whether it is added to what stands there
 */

const [FROM, WEIGHTS, INTO, ROW, COLUMN, TAP, STEP, READ, WEIGHT, SUMS] = Array(10).keys(); // locals
const [I32, V128, ADD, END] = [0x7f, 0x7b, 0x6a, 0x0b];
const [LOAD, LOAD_ONE, STORE, CONSTANT] = [0, 9, 11, 12]; // LOAD_ONE fills all four lanes with one number
const [PLUS, TIMES, LARGER, TIMES_PLUS] = [228, 230, 233, 0x105]; // the last, f32x4.relaxed_madd, not everywhere yet

/** @type {(n: number) => number[]} */
const unsigned = (n) => (n < 128 ? [n] : [(n & 127) | 128, ...unsigned(n >>> 7)]);
/** @type {(n: number) => number[]} */
const signed = (n) => (n >= -64 && n < 64 ? [n & 127] : [(n & 127) | 128, ...signed(n >> 7)]);
const sized = (/** @type {number[]} */ content) => [...unsigned(content.length), ...content];
const get = (/** @type {number} */ local) => [0x20, local];
const set = (/** @type {number} */ local) => [0x21, local];
const vector = (/** @type {number} */ operation, /** @type {number[]} */ ...more) => [0xfd, ...unsigned(operation), ...more];
const access = (/** @type {number} */ operation, /** @type {number} */ at) => vector(operation, 0, ...unsigned(at));

/**
 * The functions of layers, which take three addresses: what to read, the weights behind their biases, and where to write.
 *
 * @param {Layer[]} layers
 * @param {WebAssembly.Memory} memory
 * @returns {((from: number, weights: number, into: number) => void)[]}
 */
export function compiled(layers, memory) {
  const fast = written(layers, true);
  const code = WebAssembly.validate(fast) ? fast : written(layers, false);
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(code), { m: { m: memory } });
  return layers.map((_, i) => /** @type {any} */ (exports[`${i}`]));
}

/** @param {Layer[]} layers @param {boolean} relaxed */
export function written(layers, relaxed) {
  const name = (/** @type {number} */ i) => sized([...`${i}`].map((digit) => digit.charCodeAt(0)));
  const all = (/** @type {(layer: Layer, i: number) => number[]} */ make) => [...unsigned(layers.length), ...layers.flatMap(make)];
  const sections = { 1: [1, 0x60, 3, I32, I32, I32, 0], 2: [1, 1, 0x6d, 1, 0x6d, 2, 0, 1] }; // one type, and a memory m.m
  const functions = { 3: all(() => [0]), 7: all((_, i) => [...name(i), 0, ...unsigned(i)]), 10: all((layer) => sized(body(layer, relaxed))) };
  const content = Object.entries({ ...sections, ...functions }).flatMap(([id, part]) => [Number(id), ...sized(part)]);
  return Uint8Array.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, ...content]);
}

/** @param {Layer} layer @param {boolean} relaxed */
function body({ rows, width, pixels, vectors, taps, run, from, into, relu, onto }, relaxed) {
  const sums = Array.from({ length: pixels * vectors }, (_, i) => ({ sum: SUMS + i, at: Math.floor(i / vectors) * into[0] + (i % vectors) * 16 }));
  const weights = SUMS + sums.length;
  const one = weights + vectors;
  const unrolled = [4, 2, 1].find((count) => run % count === 0) ?? 1;
  const code = [2, SUMS - ROW, I32, one + 1 - SUMS, V128]; // the locals
  const put = (/** @type {number[][]} */ ...parts) => {
    for (const part of parts) code.push(...part);
  };
  const move = (/** @type {number} */ local, /** @type {number} */ by, to = local) => put(get(local), [0x41, ...signed(by), ADD], set(to));
  const repeat = (/** @type {number} */ counter, /** @type {number} */ count, /** @type {() => void} */ write) => {
    put([0x41, ...signed(count)], set(counter), [0x03, 0x40]);
    write();
    move(counter, -1);
    put(get(counter), [0x0d, 0, END]);
  };
  const multiply = (/** @type {number} */ k) => {
    for (let v = 0; v < vectors; v++) put(get(WEIGHT), access(LOAD, (k * vectors + v) * 16), set(weights + v));
    for (const [i, { sum }] of sums.entries()) {
      if (i % vectors === 0) put(get(READ), access(LOAD_ONE, (i / vectors) * from[0] + k * 4), set(one));
      put(get(one), get(weights + (i % vectors)), relaxed ? [] : vector(TIMES), get(sum), vector(relaxed ? TIMES_PLUS : PLUS), set(sum));
    }
  };
  const few = () => {
    for (const [i, { sum, at }] of sums.entries()) {
      put(get(WEIGHTS), access(LOAD, (i % vectors) * 16), onto ? [...get(INTO), ...access(LOAD, at), ...vector(PLUS)] : [], set(sum));
    }
    move(WEIGHTS, 16 * vectors, WEIGHT);
    move(FROM, 0, READ);
    repeat(TAP, taps, () => {
      repeat(STEP, run / unrolled, () => {
        for (let k = 0; k < unrolled; k++) multiply(k);
        move(READ, 4 * unrolled);
        move(WEIGHT, 16 * vectors * unrolled);
      });
      move(READ, from[1] - 4 * run);
    });
    const zeros = relu ? [...vector(CONSTANT, ...Array(16).fill(0)), ...vector(LARGER)] : [];
    for (const { sum, at } of sums) put(get(INTO), get(sum), zeros, access(STORE, at));
    move(FROM, pixels * from[0]);
    move(INTO, pixels * into[0]);
  };
  repeat(ROW, rows, () => {
    repeat(COLUMN, width / pixels, few);
    move(FROM, from[1] - width * from[0]);
    move(INTO, into[1] - width * into[0]);
  });
  return [...code, END];
}
