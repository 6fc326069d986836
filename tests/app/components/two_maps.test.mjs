import assert from "node:assert/strict";
import { test } from "node:test";

import { dotFor, paint, placesAt } from "../../../app/components/two_maps/between.mjs";

test("faces go straight from the first map to the second, and nonsense stays on the first", () => {
  const [first, second] = [new Float32Array([0, 1, 0.5, 0.5]), new Float32Array([1, 0, 0.5, 1])];
  const at = (share) => [...placesAt(first, second, share, new Float32Array(4))];
  assert.deepEqual(at(0), [...first]);
  assert.deepEqual(at(1), [...second]);
  assert.deepEqual(at(0.25), [0.25, 0.75, 0.5, 0.625]);
  assert.deepEqual(at(7), [...second]);
  assert.deepEqual(at(Number.NaN), [...first]);
});

test("a face is a square of its colour, y upwards, and a later one covers an earlier one", () => {
  const side = 6;
  const pixels = new Uint8ClampedArray(4 * side * side).fill(9);
  const at = (x, y) => [...pixels.subarray(4 * (y * side + x), 4 * (y * side + x) + 4)];
  const places = new Float32Array([0, 0, 1, 1, 1, 1]);
  paint(pixels, side, places, new Uint8Array([10, 20, 30, 1, 1, 1, 40, 50, 60]), 2);
  assert.deepEqual(at(0, 5), [10, 20, 30, 255]);
  assert.deepEqual(at(1, 4), [10, 20, 30, 255]);
  assert.deepEqual(at(5, 0), [40, 50, 60, 255]);
  assert.deepEqual(at(2, 3), [0, 0, 0, 0]); // what stood there before is gone
  assert.equal(pixels.filter((value) => value === 255).length, 8);
});

test("few faces are larger than many", () => {
  assert.deepEqual([60, 3000, 26000, 200000].map(dotFor), [12, 7, 4, 4]);
});
