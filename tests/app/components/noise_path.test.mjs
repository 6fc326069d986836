import assert from "node:assert/strict";
import { test } from "node:test";

import { around, placeAt, pointAt, timeOf, wordsFor } from "../../../app/components/noise_path/between.mjs";

const SHAPE = { moments: 3, draws: 2, dimensions: 2 };
// moment by moment, draw by draw
const POINTS = new Float32Array([0, 0, 10, 10, 1, 2, 20, 30, 5, 6, 40, 50]);
const PLACES = [[0, 0], [1, 1], [0.2, 0.4], [0.8, 0.6], [0.4, 0.4], [0.5, 0.5]];

test("a time lies between two moments, and nonsense at the face", () => {
  assert.deepEqual(around(0, 3), { before: 0, after: 1, share: 0 });
  assert.deepEqual(around(0.25, 3), { before: 0, after: 1, share: 0.5 });
  assert.deepEqual(around(1, 3), { before: 1, after: 2, share: 1 });
  assert.deepEqual(around(7, 3), around(1, 3));
  assert.deepEqual(around(-1, 3), around(0, 3));
  assert.deepEqual(around(Number.NaN, 3), around(1, 3));
  assert.deepEqual(around(0.5, 1), { before: 0, after: 0, share: 0 });
});

test("a draw goes straight from moment to moment and ends where it was sent", () => {
  assert.deepEqual([...pointAt(POINTS, SHAPE, 0, 0)], [0, 0]);
  assert.deepEqual([...pointAt(POINTS, SHAPE, 0, 0.25)], [0.5, 1]);
  assert.deepEqual([...pointAt(POINTS, SHAPE, 1, 0.5)], [20, 30]);
  assert.deepEqual([...pointAt(POINTS, SHAPE, 1, 1)], [40, 50]);
});

test("its dot on the map goes with it", () => {
  assert.deepEqual(placeAt(PLACES, SHAPE, 0, 0.25), [0.1, 0.2]);
  assert.deepEqual(placeAt(PLACES, SHAPE, 1, 1), [0.5, 0.5]);
});

test("it plays to the face and back, with a rest at each end", () => {
  const times = [0, 2, 4, 4.5, 5, 7, 9, 9.5, 10].map((beat) => timeOf(beat, 4, 1));
  assert.deepEqual(times, [0, 0.5, 1, 1, 1, 0.5, 0, 0, 0]);
  assert.equal(timeOf(12, 4, 1), 0.5);
});

test("a time is said in words", () => {
  const ends = { noise: "Pure noise", face: "Arrived" };
  assert.equal(wordsFor(0, ends), "Pure noise");
  assert.match(wordsFor(0.301, ends), /^30\u00a0%/);
  assert.equal(wordsFor(1, ends), "Arrived");
});
