import assert from "node:assert/strict";
import { test } from "node:test";

import { place, step } from "../../../app/components/face_grid/face_grid.mjs";

test("each face shows its part of the sheet", () => {
  assert.equal(place(0, 4, 4), "0% 0%");
  assert.equal(place(5, 3, 2), "100% 100%");
  assert.equal(place(0, 1, 1), "0% 0%");
});

test("arrows stay in the grid", () => {
  assert.equal(step(0, "ArrowRight", 4, 16), 1);
  assert.equal(step(0, "ArrowDown", 4, 16), 4);
  assert.equal(step(15, "ArrowDown", 4, 16), 15);
  assert.equal(step(0, "ArrowLeft", 4, 16), 0);
  assert.equal(step(3, "Enter", 4, 16), 3);
});
