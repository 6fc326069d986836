import assert from "node:assert/strict";
import { test } from "node:test";

import { following, within } from "../../../app/components/timelapse/timelapse.mjs";

test("playing stops at the end", () => {
  assert.equal(following(0, 3), 1);
  assert.equal(following(2, 3), null);
  assert.equal(following(0, 1), null);
});

test("a place is always one that exists", () => {
  assert.equal(within("2", 3), 2);
  assert.equal(within(9, 3), 2);
  assert.equal(within(-1, 3), 0);
  assert.equal(within("x", 3), 0);
});
