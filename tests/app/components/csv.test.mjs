// Tables as CSV: node --test tests/app/components/

import assert from "node:assert/strict";
import { test } from "node:test";

import { csvOf, shortest } from "../../../app/components/page/csv.mjs";

test("numbers are as short as bring back the very same float32, words stand in quotation marks", async () => {
  for (const value of [0, 1, -0.5, 0.1, 1 / 3, 1e-8, 16777217, 2 ** 53]) {
    const text = shortest(Math.fround(value));
    assert.equal(Math.fround(Number(text)), Math.fround(value), text);
  }
  assert.equal(shortest(Math.fround(0.1)), "0.1");
  const blob = csvOf({ name: ['Ann, "A"', ""], image: [3, null], x: Float32Array.of(0.1, 2) });
  assert.equal(await blob.text(), '"name","image","x"\n"Ann, ""A""",3,0.1\n"",,2\n');
  assert.equal(await csvOf({ name: [] }).text(), '"name"\n');
});
