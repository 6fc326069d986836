// How the map of very many faces is painted, and what an outline on it holds: node --test tests/app/components/

import assert from "node:assert/strict";
import { test } from "node:test";

import { addFaces, pixelsOf, spreadOut, within } from "../../../app/components/atlas_map/dots.mjs";
import { inView } from "../../../app/components/atlas_map/landmarks.mjs";
import { spacedAmong } from "../../../app/components/atlas_map/spaced.mjs";

const SIZE = { width: 4, height: 3 };
const RANGES = { x: [0, 4], y: [0, 3] };
const COLOURS = ["#ff0000", "#0000ff"];
const empty = () => Array.from({ length: 4 }, () => new Float32Array(SIZE.width * SIZE.height));

/** @returns {number[][]} red, green, blue and opacity of each pixel */
function painted(places, slots, { selected = null, raised = null, across = 1 } = {}) {
  const sums = empty();
  const faces = { xy: Float32Array.from(places.flat()), slotOf: Uint8Array.from(slots), colours: COLOURS, raised };
  addFaces(sums, faces, selected && Uint8Array.from(selected), RANGES, SIZE);
  const pixels = pixelsOf(spreadOut(sums, SIZE, across));
  return Array.from({ length: SIZE.width * SIZE.height }, (_, at) => [...pixels.subarray(4 * at, 4 * at + 4)]);
}
const filled = (pixels) => pixels.flatMap(([, , , opacity], at) => (opacity ? [at] : []));

test("each face colours the pixel of its place, the top line first, and none outside the view", () => {
  const pixels = painted([[0.5, 2.5], [3.9, 0.1], [4, 1], [-0.1, 1], [1, 3.01], [1, -0.1]], [0, 1, 0, 0, 0, 0]);
  assert.deepEqual(filled(pixels), [0, 11]);
  assert.deepEqual(pixels[0].slice(0, 3), [255, 0, 0]);
  assert.deepEqual(pixels[11].slice(0, 3), [0, 0, 255]);
});

test("faces at one pixel mix, a rare kind counts more, and more faces let less through", () => {
  const place = [1.5, 1.5];
  const mixed = painted([place, place, place, place], [0, 1, 1, 1])[5];
  assert.deepEqual(mixed.slice(0, 3), [64, 0, 191]);
  const rare = painted([place, place, place, place, place], [0, 1, 1, 1, 1], { raised: 0 })[5];
  assert.deepEqual(rare.slice(0, 3), [128, 0, 128]);
  assert.ok(mixed[3] > painted([place], [0])[5][3]);
});

test("what is not selected is pale, and gives way where something selected lies", () => {
  const [here, there] = [[0.5, 2.5], [2.5, 0.5]];
  const pixels = painted([here, here, there, there], [0, 1, 1, 1], { selected: [1, 0, 0, 0] });
  assert.deepEqual(pixels[0].slice(0, 3), [255, 0, 0]);
  assert.ok(pixels[0][3] > 200);
  assert.deepEqual(pixels[10].slice(0, 3), [0, 0, 255]);
  assert.ok(pixels[10][3] > 0 && pixels[10][3] < 80);
});

test("a dot covers pixels around its own, as far as the picture goes", () => {
  assert.deepEqual(filled(painted([[1.5, 1.5]], [0], { across: 2 })), [5, 6, 9, 10]);
  assert.deepEqual(filled(painted([[3.5, 0.5]], [0], { across: 2 })), [11]);
  assert.deepEqual(filled(painted([[1.5, 1.5]], [0], { across: 3 })), [0, 1, 2, 4, 5, 6, 8, 9, 10]);
});

test("boxes and outlines of any shape hold the faces within them", () => {
  const xy = Float32Array.of(1, 1, 5, 5, 3, 1, 2, 4, 2, 1.5);
  assert.deepEqual([...within([{ type: "rect", x0: 2.5, x1: 0, y0: 0, y1: 2 }], xy)], [1, 0, 0, 0, 1]);
  const bent = "M0,0L4,0L4,4L3,4L3,2L1,2L1,4L0,4Z"; // a U: (2, 4) lies in its opening
  assert.deepEqual([...within([{ type: "path", path: bent }], xy)], [1, 0, 1, 0, 1]);
  const both = [{ type: "path", path: bent }, { type: "rect", x0: 4, x1: 6, y0: 4, y1: 6 }];
  assert.deepEqual([...within(both, xy)], [1, 1, 1, 0, 1]);
  assert.deepEqual([...within([], xy)], [0, 0, 0, 0, 0]);
});

test("of very many dots in view some are looked at, spread over the table, and faces among them keep their distance", () => {
  const xy = Float32Array.from({ length: 2000 }, (_, at) => (at >> 1) / (at & 1 ? 1000 : 10)); // x 0 to 100, y 0 to 1
  const ranges = { x: [10, 60], y: [-1, 1] };
  assert.equal(inView(xy, ranges, 0).length, 501);
  const some = inView(xy, ranges, 0, 50);
  assert.equal(some.length, 50);
  assert.ok(some.every((row) => row >= 100 && row <= 600));
  assert.ok(Math.min(...some) < 160 && Math.max(...some) > 540);
  assert.deepEqual(inView(xy, ranges, 0, Infinity, [5, 200, 300]), [200, 300]);
  const faces = spacedAmong(xy, some, 10, [200, 205, 500]);
  assert.deepEqual(faces.slice(0, 2), [200, 500]); // 205 has come too near to 200
  for (const one of faces) for (const other of faces) assert.ok(one === other || Math.abs(one - other) >= 100);
  assert.equal(faces.length, new Set(faces).size);
});
