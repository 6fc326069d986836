// Half-precision numbers as their bits. (Not every browser has Float16Array.)

/** @param {Uint16Array} halves their bits */
export function fromHalves(halves) {
  const floats = new Float32Array(halves.length);
  const bits = new Uint32Array(floats.buffer);
  for (let i = 0; i < halves.length; i++) {
    const half = halves[i];
    bits[i] = ((half & 0x8000) << 16) | ((half & 0x7fff) << 13);
    floats[i] *= 2 ** 112; // its exponent counts from elsewhere; so the smallest come out right, too
    if ((half & 0x7c00) === 0x7c00) bits[i] |= 0x7f800000; // no finite number
  }
  return floats;
}

const float = new Float32Array(1);
const bitsOfFloat = new Uint32Array(float.buffer);
const LEAST_NORMAL = 0x38800000; // 2^-14, as the bits of a float32
const INFINITE = 0x477ff000; // 65520: from here on a float16 is infinite

/**
 * The bits of the nearest half, of the even one where two are as near.
 *
 * @param {number} value
 */
export function toHalf(value) {
  float[0] = value;
  const sign = (bitsOfFloat[0] >>> 16) & 0x8000;
  const bits = bitsOfFloat[0] & 0x7fffffff;
  if (bits >= LEAST_NORMAL && bits < INFINITE) return sign | ((bits - 0x38000000 + 0xfff + ((bits >>> 13) & 1)) >>> 13);
  if (bits >= INFINITE) return bits > 0x7f800000 ? 0x7e00 : sign | 0x7c00;
  float[0] = Math.abs(value) + 0.5; // whose last bit weighs as much as that of so small a float16: float32 rounds
  return sign | (bitsOfFloat[0] - 0x3f000000);
}
