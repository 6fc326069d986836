// A line of text inside a PNG: where the picture came from travels with it.

const TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let bit = 0; bit < 8; bit++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c >>> 0;
});

/**
 * CRC-32 as PNG uses it (PNG specification, annex D).
 *
 * @param {Uint8Array} bytes
 */
export function crc32(bytes) {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = TABLE[(crc ^ byte) & 0xff] ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

const HEADER = 8 + 25; // signature and IHDR, which must come first

/**
 * A PNG with an iTXt chunk, which holds UTF-8, behind its header.
 *
 * @param {Uint8Array} png
 * @param {string} keyword
 * @param {string} text
 */
export function withText(png, keyword, text) {
  const encoder = new TextEncoder();
  const body = Uint8Array.from([
    ...encoder.encode("iTXt"), ...encoder.encode(keyword), 0, 0, 0, 0, 0, ...encoder.encode(text),
  ]);
  const chunk = new Uint8Array(body.length + 8);
  const view = new DataView(chunk.buffer);
  view.setUint32(0, body.length - 4);
  chunk.set(body, 4);
  view.setUint32(body.length + 4, crc32(body));
  const whole = new Uint8Array(png.length + chunk.length);
  whole.set(png.subarray(0, HEADER));
  whole.set(chunk, HEADER);
  whole.set(png.subarray(HEADER), HEADER + chunk.length);
  return whole;
}
