import assert from "node:assert/strict";
import { test } from "node:test";

import { fit, shrink } from "../../../app/components/page/charts_whole.mjs";

const size = (offsetWidth, offsetHeight) => ({ offsetWidth, offsetHeight });

test("a chart that was drawn for a wider or a higher frame is shown smaller until it is drawn anew", () => {
  assert.equal(shrink(size(1302, 345), size(651, 345)), 0.5);
  assert.equal(shrink(size(700, 390), size(700, 312)), 0.8);
  assert.equal(shrink(size(700, 390), size(350, 312)), 0.5);
});

test("one that is whole stays as it is, as does one that cannot be seen", () => {
  assert.equal(shrink(size(700, 390), size(1302, 390)), 1);
  assert.equal(shrink(size(621, 390), size(620.5, 390)), 1);
  assert.equal(shrink(size(0, 0), size(397, 390)), 1);
  assert.equal(shrink(size(700, 390), size(0, 0)), 1); // on a slide that is not shown
});

test("it gets its own size back once it is drawn for its frame", () => {
  const frame = size(397, 390);
  const drawing = { ...size(794, 390), style: {}, closest: () => frame };
  fit(drawing);
  assert.equal(drawing.style.transform, "scale(0.5)");
  drawing.offsetWidth = 397;
  fit(drawing);
  assert.equal(drawing.style.transform, "");
});
