import assert from "node:assert/strict";
import { test } from "node:test";

import { fromHalves, toHalf } from "../../../app/components/page/halves.mjs";

test("half precision becomes the numbers that IEEE 754 says", () => {
  const patterns = Uint16Array.of(0x0000, 0x3c00, 0xc000, 0x3555, 0x7bff, 0x0001, 0x8400, 0x7c00, 0xfc00);
  const values = [0, 1, -2, 0.333251953125, 65504, 2 ** -24, -(2 ** -14), Infinity, -Infinity];
  assert.deepEqual([...fromHalves(patterns)], values);
  assert.ok(Number.isNaN(fromHalves(Uint16Array.of(0x7e00))[0]));
});

test("a number becomes the nearest float16, of two the even one", () => {
  const cases = [
    [0, 0], [-0, 0x8000], [1, 0x3c00], [-2, 0xc000], [65504, 0x7bff], [65519, 0x7bff], [65520, 0x7c00], [1e9, 0x7c00],
    [2 ** -14, 0x0400], [2 ** -24, 1], [2 ** -25, 0], [1.5 * 2 ** -24, 2], [2 ** -14 - 2 ** -26, 0x0400],
    [1 + 2 ** -11, 0x3c00], [1 + 3 * 2 ** -11, 0x3c02], [Number.NEGATIVE_INFINITY, 0xfc00], [Number.NaN, 0x7e00],
  ];
  assert.deepEqual(cases.map(([value]) => toHalf(value)), cases.map(([, bits]) => bits));
});

test("there and back again each is what it was", () => {
  const halves = Uint16Array.from({ length: 0x10000 }, (_, bits) => bits).filter((bits) => (bits & 0x7fff) <= 0x7c00);
  assert.deepEqual(Uint16Array.from(fromHalves(halves), toHalf), halves);
});
