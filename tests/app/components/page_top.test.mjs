import assert from "node:assert/strict";
import { test } from "node:test";

import { leads } from "../../../app/components/page_top/page_top.mjs";

test("another place leads to the top, a page that was just opened and the same place do not", () => {
  assert.equal(leads("lesson autoencoder", "lesson dataset"), true);
  assert.equal(leads("explore", "generate"), true);
  assert.equal(leads("explore", "explore"), false);
  assert.equal(leads(null, "explore"), false);
});
