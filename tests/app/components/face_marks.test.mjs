import assert from "node:assert/strict";
import { test } from "node:test";

import * as pure from "../../../app/components/face_marks/pure.mjs";

const size = [400, 300];
const box = { left: 10, top: 20, width: 200, height: 150 }; // half a CSS pixel for each of the photo's
const marks = [[150, 100], [250, 100], [200, 180]];

test("the whole photo is in view at zoom 1, a part of it around a place beyond", () => {
  assert.deepEqual(pure.viewOf(1, [399, 0], size), { x: 0, y: 0, width: 400, height: 300 });
  assert.deepEqual(pure.viewOf(2, [200, 150], size), { x: 100, y: 75, width: 200, height: 150 });
});

test("a view does not leave the photo", () => {
  assert.deepEqual(pure.viewOf(4, [0, 0], size), { x: 0, y: 0, width: 100, height: 75 });
  assert.deepEqual(pure.viewOf(4, [400, 300], size), { x: 300, y: 225, width: 100, height: 75 });
});

test("a place goes to the screen and back", () => {
  for (const zoom of pure.ZOOMS) {
    const view = pure.viewOf(zoom, [200, 140], size);
    const [left, top] = pure.toPercent([210, 130], view);
    const pointer = { clientX: box.left + (left / 100) * box.width, clientY: box.top + (top / 100) * box.height };
    const [x, y] = pure.toPlace(pointer, box, view, size);
    assert.ok(Math.abs(x - 210) < 1e-9 && Math.abs(y - 130) < 1e-9);
  }
});

test("a mark stays inside the photo, wherever the pointer goes", () => {
  const view = pure.viewOf(1, [0, 0], size);
  assert.deepEqual(pure.toPlace({ clientX: -500, clientY: 9999 }, box, view, size), [0, 299]);
  assert.deepEqual(pure.inside([400, -3], size), [399, 0]);
});

test("arrow keys move a mark, ten times as far with Shift, other keys do not", () => {
  assert.deepEqual(pure.nudge([50, 60], "ArrowLeft", 2, false, size), [48, 60]);
  assert.deepEqual(pure.nudge([50, 60], "ArrowDown", 2, true, size), [50, 80]);
  assert.deepEqual(pure.nudge([395, 60], "ArrowRight", 2, true, size), [399, 60]);
  assert.equal(pure.nudge([50, 60], "Enter", 2, false, size), null);
});

test("a small face is enlarged, a large one is not", () => {
  assert.equal(pure.zoomFor([[20, 20], [380, 20], [200, 280]], size), 1);
  assert.equal(pure.zoomFor([[198, 148], [202, 148], [200, 152]], size), 8);
  assert.ok(pure.zoomFor(marks, size) < 4);
});

test("zooming stops at both ends", () => {
  assert.equal(pure.nextZoom(1, -1), 1);
  assert.equal(pure.nextZoom(1, 1), 2);
  assert.equal(pure.nextZoom(8, 1), 8);
});

test("a screen reader hears which mark is where", () => {
  assert.equal(pure.label(2, [200.4, 179.6]), "Mouth, 200 across and 180 down. Arrow keys move it.");
});

test("three marks must lie apart like a face, however it is turned", () => {
  assert.ok(pure.plausible(marks));
  assert.ok(pure.plausible(marks.map(([x, y]) => [y, 400 - x])));
  assert.ok(!pure.plausible([[10, 10], [10, 10], [20, 30]]));
  assert.ok(!pure.plausible([[10, 10], [60, 10], [35, 14]]));
});
