// The map's pure functions: node --test tests/app/components/

import assert from "node:assert/strict";
import { test } from "node:test";

import { OPACITY, dotsOf } from "../../../app/components/atlas_map/ahead.mjs";
import { ArrayError, packRows, toArray } from "../../../app/components/atlas_map/arrays.mjs";
import { SLOTS, colourBy, densitySlots } from "../../../app/components/atlas_map/colours.mjs";
import { describe, readNumber, share } from "../../../app/components/atlas_map/legend.mjs";
import { faceName } from "../../../app/components/atlas_map/wording.mjs";
import * as nearest from "../../../app/components/atlas_map/nearest.mjs";
import * as plot from "../../../app/components/atlas_map/plot.mjs";
import { isAlike } from "../../../app/components/atlas_map/marker.mjs";
import { rangesUnder } from "../../../app/components/atlas_map/fingers.mjs";
import { selectedPoints, sizesOf, splitBySlot } from "../../../app/components/atlas_map/split.mjs";
import { Levels, mixedOrder, spacedRows, withRoom } from "../../../app/components/atlas_map/spaced.mjs";
import { View } from "../../../app/components/atlas_map/view.mjs";

const { PlaceIndex, extentOf, nearestRows, placeAmong, rowTowards } = nearest;

/** Seeded numbers in [0, 1). */
function randoms(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const floats = (count, random) => Float32Array.from({ length: count }, () => random() * 4 - 2);

/** The k nearest rows the slow way. */
function slowNearest(z, mu, k) {
  const D = z.length;
  const all = Array.from({ length: mu.length / D }, (_, row) => {
    let square = 0;
    for (let j = 0; j < D; j++) square += (mu[row * D + j] - z[j]) ** 2;
    return { row, square };
  });
  return all.sort((a, b) => a.square - b.square).slice(0, k);
}

test("a file of the wrong length is refused with both lengths and a remedy", () => {
  assert.deepEqual([...toArray(Int32Array.of(3, -4).buffer, "int32", 2, "numbers")], [3, -4]);
  for (const length of [1, 3]) {
    const read = () => toArray(new ArrayBuffer(8), "int32", length, "image numbers");
    assert.throws(read, ArrayError);
    assert.throws(read, /image numbers have 8 bytes instead of (4|12); make the atlas again/);
  }
});

test("rows are packed one bit each, lowest bit first", () => {
  const mask = new Uint8Array(19);
  for (const row of [0, 3, 8, 18]) mask[row] = 1;
  assert.deepEqual([...Buffer.from(packRows(mask), "base64")], [0b1001, 0b1, 0b100]);
  assert.equal(Buffer.from(packRows(new Uint8Array(200_000)), "base64").length, 25_000);
});

test("the nearest rows are those of an exhaustive search", () => {
  const random = randoms(1);
  const [M, D] = [700, 37];
  const mu = floats(M * D, random);
  for (let i = 0; i < 20; i++) {
    const z = i % 2 ? floats(D, random) : mu.slice(i * D, (i + 1) * D);
    const expected = slowNearest(z, mu, 10);
    const found = nearestRows(z, mu, 10);
    assert.deepEqual([...found.rows], expected.map(({ row }) => row));
    for (let k = 0; k < 10; k++) assert.ok(Math.abs(found.squares[k] - expected[k].square) < 1e-9);
  }
});

test("fewer rows than neighbours are all used", () => {
  const mu = Float32Array.of(0, 0, 3, 4, 1, 0);
  assert.deepEqual([...nearestRows(Float32Array.of(0, 0), mu, 10).rows], [0, 2, 1]);
});

test("a point of the atlas is placed on itself, a point between two between their places", () => {
  const mu = Float32Array.of(0, 0, 2, 0, 100, 100);
  const xy = Float32Array.of(-5, 1, 5, 3, 40, 40);
  const [x, y] = placeAmong(nearestRows(Float32Array.of(2, 0), mu, 3), xy);
  assert.ok(Math.hypot(x - 5, y - 3) < 1e-4);
  const [mx, my] = placeAmong(nearestRows(Float32Array.of(1, 0), mu, 2), xy);
  assert.ok(Math.hypot(mx - 0, my - 2) < 1e-6);
});

test("the place index finds what a look at every point finds", () => {
  const random = randoms(2);
  const xy = floats(2 * 3000, random).map((value, i) => (i % 2 ? value * 3 : value));
  const index = new PlaceIndex(xy);
  let hits = 0;
  for (let i = 0; i < 200; i++) {
    const [x, y, radius] = [random() * 5 - 2.5, random() * 14 - 7, random() * 0.3];
    let best = -1;
    let least = radius;
    for (let row = 0; row < 3000; row++) {
      const distance = Math.hypot(xy[2 * row] - x, xy[2 * row + 1] - y);
      if (distance <= least) [best, least] = [row, distance];
    }
    assert.equal(index.nearest(x, y, radius), best);
    hits += best >= 0;
  }
  assert.ok(hits > 50 && hits < 200);
  assert.notEqual(index.nearest(1000, -1000, Infinity), -1);
});

test("the place index bears one point, and points on one line", () => {
  assert.equal(new PlaceIndex(Float32Array.of(3, 3)).nearest(3.1, 3, 0.2), 0);
  assert.equal(new PlaceIndex(Float32Array.of(0, 1, 5, 1, 9, 1)).nearest(5.2, 1, 1), 1);
  assert.deepEqual(extentOf(Float32Array.of(3, 7)), [2.5, 3.5, 6.5, 7.5]);
});

test("an arrow key goes to the nearest point on its side, and not nearer than a step", () => {
  const xy = Float32Array.of(0, 0, 1, 0.2, 3, 0, -1, 0, 0.5, 4, 0.1, 0);
  assert.equal(rowTowards(xy, [0, 0], [1, 0], 0.5), 1);
  assert.equal(rowTowards(xy, [0, 0], [1, 0], 2), 2);
  assert.equal(rowTowards(xy, [0, 0], [-1, 0], 0.5), 3);
  assert.equal(rowTowards(xy, [0, 0], [0, 1], 0.5), 4);
  assert.equal(rowTowards(xy, [0, 0], [0, -1], 0.5), -1);
});

test("an attribute is drawn present above absent, with counts that add up", () => {
  const column = Uint8Array.of(127, 128, 255, 3);
  const smiling = { kind: "attribute", name: "Smiling", source: "classifier" };
  const { slotOf, colours, legend } = colourBy(smiling, { column }, false);
  assert.deepEqual([...slotOf], [1, 2, 2, 1]);
  assert.deepEqual(legend.items.map(({ name, count }) => [name, count]), [["present", 2], ["absent", 2]]);
  assert.equal(legend.note, "the classifier's reading");
  assert.equal(legend.items[0].colour, colours[2]);
  assert.deepEqual([0, 1, 2, 3].map(legend.says), [50, 50, 100, 1].map((share) => `Smiling: ${share} %`));
});

test("where scores were cut to yes and no, no share is made of them", () => {
  const column = Uint8Array.of(0, 255);
  const { legend } = colourBy({ kind: "attribute", name: "Smiling", source: "classifier" }, { column }, false);
  assert.deepEqual([0, 1].map(legend.says), ["Smiling: absent", "Smiling: present"]);
});

test("an attribute that few faces have is drawn larger", () => {
  const some = (present) => Uint8Array.from({ length: 100 }, (_, row) => (row < present ? 255 : 0));
  const raised = (present) => colourBy({ kind: "attribute", name: "Bald" }, { column: some(present) }, false).raised;
  assert.deepEqual([raised(5), raised(60)], [2, null]);
  const slots = Uint8Array.of(1, 2, 2);
  assert.deepEqual(sizesOf(slots, 2, raised(5)), [2, 3, 3]);
  assert.deepEqual(sizesOf(slots, 2, null), [2, 2, 2]);
});

test("labels are named as labels, and a face without one is neither present nor absent", () => {
  const column = Uint8Array.of(0, 1, 255, 1);
  const { legend } = colourBy({ kind: "attribute", name: "Smiling", source: "labels" }, { column }, true);
  const counts = legend.items.map(({ name, count }) => [name, count]);
  assert.deepEqual(counts, [["present", 2], ["absent", 1], ["no label", 1]]);
  assert.equal(legend.note, "CelebA's labels");
  assert.deepEqual([0, 1, 2].map(legend.says), ["absent", "present", "no label"].map((word) => `Smiling: ${word}`));
});

test("the two themes have different colours for the same points", () => {
  const column = Uint8Array.of(0, 1, 2, 255);
  const [light, dark] = [false, true].map((isDark) => colourBy({ kind: "partition" }, { column }, isDark));
  assert.deepEqual(light.slotOf, dark.slotOf);
  assert.notDeepEqual(light.colours, dark.colours);
  assert.equal(light.legend.items.reduce((sum, { count }) => sum + count, 0), 4);
});

test("kinds have a colour each, and whatever has none of the words shares one", () => {
  const column = Uint8Array.of(0, 1, 0, 255);
  const { slotOf, colours, legend } = colourBy({ kind: "kinds", name: "kind", words: ["cat", "dog"] }, { column }, false);
  assert.deepEqual([...slotOf], [1, 2, 1, 0]);
  assert.equal(new Set(colours).size, SLOTS);
  assert.deepEqual(legend.items.map(({ name, count }) => [name, count]), [["cat", 2], ["all others", 1], ["dog", 1]]);
  assert.deepEqual([0, 3].map(legend.says), ["kind: cat", "kind: all others"]);
});

test("values fill nine levels in order; around a centre the extremes are drawn last", () => {
  const column = Uint8Array.from({ length: 256 }, (_, i) => i);
  const ramp = { kind: "values", name: "v", low: "0", high: "9", centred: false };
  const upwards = colourBy(ramp, { column }, false);
  assert.deepEqual([upwards.slotOf[0], upwards.slotOf[255], new Set(upwards.slotOf).size], [0, 8, SLOTS]);
  const split = colourBy({ ...ramp, centred: true }, { column }, false);
  assert.equal(split.slotOf[128], 0);
  assert.deepEqual(new Set([split.slotOf[0], split.slotOf[255]]), new Set([7, 8]));
  for (const value of [0, 100, 255]) {
    const level = Math.floor((value * SLOTS) / 256);
    assert.equal(split.colours[split.slotOf[value]], split.legend.ramp.colours[level]);
  }
});

test("density orders points by how crowded their surroundings are", () => {
  const random = randoms(3);
  const xy = new Float32Array(2 * 2000);
  for (let i = 0; i < xy.length; i++) xy[i] = i < 2000 ? random() * 0.5 : random() * 40; // a crowd, then outskirts
  const slots = densitySlots(xy);
  const mean = (from, to) => slots.slice(from, to).reduce((sum, slot) => sum + slot, 0) / (to - from);
  assert.ok(mean(0, 1000) > mean(1000, 2000) + 2);
  assert.ok(Math.max(...slots) < SLOTS);
});

test("splitting keeps every row once, in its slot, with its place and its selection", () => {
  const random = randoms(4);
  const xy = floats(2 * 500, random);
  const slotOf = Uint8Array.from({ length: 500 }, () => Math.floor(random() * SLOTS));
  const selected = Uint8Array.from({ length: 500 }, () => (random() < 0.3 ? 1 : 0));
  const split = splitBySlot(xy, slotOf, selected);
  const seen = new Set();
  split.rows.forEach((rows, at) => {
    rows.forEach((row, i) => {
      seen.add(row);
      assert.equal(slotOf[row], split.slots[at]);
      assert.deepEqual([split.x[at][i], split.y[at][i]], [xy[2 * row], xy[2 * row + 1]]);
      assert.equal(split.selectedpoints[at].includes(i), selected[row] === 1);
    });
  });
  assert.equal(seen.size, 500);
  assert.ok(selectedPoints(split.rows, null).every((one) => one === null));
});

test("a slot of very many points is several traces, always as many in all, drawn in the slots' order", () => {
  const count = 200_000;
  const xy = new Float32Array(2 * count);
  const shares = [() => 2, (row) => row % SLOTS, (row) => (row < 9 ? 8 : 1)];
  const splits = shares.map((share) => splitBySlot(xy, Uint8Array.from({ length: count }, (_, row) => share(row)), null));
  assert.equal(new Set(splits.map(({ rows }) => rows.length)).size, 1);
  for (const { rows, slots } of splits) {
    assert.ok(rows.every((list) => list.length < 100_000)); // of more Plotly makes a tree at each change
    assert.equal(rows.reduce((sum, list) => sum + list.length, 0), count);
    const drawn = [...slots].filter((_slot, at) => rows[at].length);
    assert.deepEqual(drawn, drawn.toSorted());
  }
});

test("of more points Plotly gets one that no view shows, in as many traces", () => {
  const count = 200_001;
  const { x, rows, selectedpoints } = splitBySlot(new Float32Array(2 * count), new Uint8Array(count), new Uint8Array(count));
  assert.equal(rows.length, splitBySlot(Float32Array.of(0, 0), Uint8Array.of(0), null).rows.length);
  assert.deepEqual(x.map((one) => one.length), [1, ...new Array(rows.length - 1).fill(0)]);
  assert.ok(x[0][0] > 1e20);
  assert.ok(selectedpoints.every((one) => one === null));
});

test("home shows everything at one scale for both axes", () => {
  for (const [width, height] of [[1200, 500], [360, 380]]) {
    const { x, y } = plot.homeRanges([-2, 8, 1, 5], width, height);
    assert.ok(x[0] < -2 && x[1] > 8 && y[0] < 1 && y[1] > 5);
    assert.ok(Math.abs((x[1] - x[0]) / width - (y[1] - y[0]) / height) < 1e-12);
  }
});

test("a view moves to another map with the map's extent", () => {
  const moved = plot.moveRanges({ x: [0, 5], y: [2, 4] }, [0, 10, 0, 10], [100, 120, -1, 0]);
  assert.deepEqual(moved.x, [100, 110]);
  assert.deepEqual(moved.y.map((value) => value.toFixed(6)), ["-0.800000", "-0.600000"]);
});

test("points shrink with their number and grow with the zoom, within bounds", () => {
  const frame = { width: 1200, height: 560 };
  assert.ok(plot.pointSize(200_000, frame, 1) < plot.pointSize(26_000, frame, 1));
  assert.ok(plot.pointSize(26_000, frame, 8) > plot.pointSize(26_000, frame, 1));
  assert.ok(plot.pointSize(2e6, frame, 0.5) >= 1.5 && plot.pointSize(5, frame, 1e6) <= 9);
});

test("a face is called the same on the map as on the pages", () => {
  assert.equal(faceName(68374), "Face 68374");
});

test("image numbers are read as people write them", () => {
  assert.deepEqual(["7", " 000123 ", "182638.jpg"].map(readNumber), [7, 123, 182638]);
  for (const text of ["", "abc", "12a", "-3", "1.2.3", "99999999999"]) assert.ok(Number.isNaN(readNumber(text)), text);
});

test("the description names the colouring, its counts and its source", () => {
  const legend = { title: "Eyeglasses", note: "the classifier's reading", items: [{ name: "present", count: 1690 }] };
  const regions = [{ name: "glasses", x: 0, y: 0 }, { name: "blond hair", x: 1, y: 1 }];
  const text = describe(legend, { modelName: "VAE", regions, source: { points: 26_000 } });
  const parts = ["26,000 faces", "VAE", "Regions: glasses; blond hair.", "Eyeglasses", "1,690 present", "classifier", "Arrow keys"];
  for (const part of parts) assert.ok(text.includes(part), part);
  const brought = describe(legend, { modelName: "codes.npy", regions: null, vectors: true, source: { points: 60 } });
  assert.match(brought, /^Map of the 60 vectors of codes\.npy, .* Escape lets the row go\.$/);
  assert.doesNotMatch(brought, /face/i); // its rows may be of anything
  assert.deepEqual([share(1690, 26_000), share(13_000, 26_000), share(0, 10)], ["6.5 %", "50 %", "0 %"]);
});

/** Two thousand places in a square of side 10, and one alone far away. */
function crowdAndOne() {
  const random = randoms(7);
  return Float32Array.from([...Array.from({ length: 4000 }, () => 10 * random()), 100, 100]);
}

const closest = (xy, rows) => {
  let least = Infinity;
  for (const a of rows) for (const b of rows) if (a < b) least = Math.min(least, Math.hypot(xy[2 * a] - xy[2 * b], xy[2 * a + 1] - xy[2 * b + 1]));
  return least;
};

test("rows in mixed order are all rows, each once", () => {
  for (const count of [1, 2, 7, 1000]) assert.deepEqual([...mixedOrder(count)].sort((a, b) => a - b), Array.from({ length: count }, (_, row) => row));
});

test("faces stand apart, no gap stays where one has room, and who is alone stands for nobody", () => {
  const xy = crowdAndOne();
  const rows = spacedRows(xy, 1, { company: 4 });
  assert.ok(closest(xy, rows) >= 1);
  assert.ok(!rows.includes(2000));
  assert.ok(spacedRows(xy, 1).includes(2000));
  for (let row = 0; row < 2000; row++) assert.ok(rows.some((one) => Math.hypot(xy[2 * one] - xy[2 * row], xy[2 * one + 1] - xy[2 * row + 1]) < 1), `${row}`);
});

test("zooming in adds faces and takes none away", () => {
  const xy = crowdAndOne();
  const levels = new Levels(xy, 2);
  const [far, near] = [levels.rows(0), levels.rows(4)];
  assert.ok(near.length > 5 * far.length);
  assert.deepEqual(near.slice(0, far.length), far);
  assert.ok(closest(xy, near) >= 0.5);
  assert.equal(levels.rows(4), near);
});

test("of boxes that would lie over each other, the first is shown", () => {
  const at = (x, width = 10) => ({ x, y: 0, width, height: 4 });
  assert.deepEqual(withRoom([at(0), at(5), at(12), at(30)]), [true, false, true, true]);
  assert.deepEqual(withRoom([at(0), at(30)], [at(-4, 2)]), [false, true]);
});

test("two fingers keep the places under them: moved, spread and pinched", () => {
  const ranges = { x: [0, 10], y: [0, 10] };
  const frame = { width: 100, height: 100 };
  const place = ({ x, y }, [left, top]) => [x[0] + (left / 100) * (x[1] - x[0]), y[1] - (top / 100) * (y[1] - y[0])];
  const before = [[20, 50], [60, 50]];
  for (const now of [[[30, 70], [70, 70]], [[10, 40], [90, 40]], [[40, 10], [60, 10]]]) {
    const after = rangesUnder(ranges, before, now, frame);
    for (const finger of [0, 1]) {
      const [is, was] = [place(after, now[finger]), place(ranges, before[finger])];
      assert.ok(Math.hypot(is[0] - was[0], is[1] - was[1]) < 1e-9);
    }
    assert.ok(Math.abs(after.x[1] - after.x[0] - (after.y[1] - after.y[0])) < 1e-9); // both axes keep one scale
  }
});

test("the ranges are what Plotly documents: its layout, and while a hand drags what its events say", () => {
  const element = { layout: { xaxis: { range: ["0", "8"] }, yaxis: { range: [0, 4] }, width: 80, height: 40, dragmode: "pan" } };
  const view = new View(element, { clientWidth: 80, clientHeight: 40 });
  view.home = { x: [0, 16], y: [0, 8] };
  assert.deepEqual([view.ranges, view.zoom, view.unitsPerPixel], [{ x: [0, 8], y: [0, 4] }, 2, 0.1]);
  assert.deepEqual([view.toPixels([4, 1]), view.toPlace([40, 30])], [[40, 30], [4, 1]]);
  view.follow({ "xaxis.range[0]": 1, "xaxis.range[1]": 9, "yaxis.range[0]": 0, "yaxis.range[1]": 4 });
  assert.deepEqual(view.ranges.x, [1, 9]);
  view.follow({ selections: [] }); // tells of something else
  assert.deepEqual(view.ranges.x, [1, 9]);
  view.settle();
  assert.deepEqual(view.ranges.x, [0, 8]);
});

test("a point that Python has worked out is the browser's, however directions were rounded, and no other one", () => {
  assert.ok(isAlike(Float32Array.of(1, -20, 0), [1.0005, -20.01, 0.0005]));
  for (const other of [[1.01, -20, 0], [1, -20], [1, -20, 0.01]]) assert.ok(!isAlike(Float32Array.of(1, -20, 0), other));
});

test("before Plotly is there, dots lie where it will draw them, later traces on top", () => {
  const split = { x: [[1], [2]], y: [[3], [3]], slots: [0, 1] };
  const size = { width: 40, height: 40 };
  const pixels = dotsOf(split, ["#0000ff", "#ff0000"], { x: [0, 4], y: [0, 4] }, [6, 20], size);
  const at = (/** @type {number} */ column, /** @type {number} */ line) => [...pixels.subarray(4 * (40 * line + column), 4 * (40 * line + column) + 4)];
  assert.deepEqual(at(20, 10), [255, 0, 0, Math.floor(255 * OPACITY)]);
  assert.deepEqual(at(20, 30), [0, 0, 0, 0]); // the axis points upwards
  const [red, , blue, opacity] = at(11, 10); // in both: the second lies over the first
  assert.ok(red > 2 * blue && blue > 0 && opacity > 255 * OPACITY);
  assert.deepEqual(at(7, 10).slice(0, 3), [0, 0, 255]);
  assert.equal(at(6, 10)[3], 0); // outside of its radius of 3
  const beyond = dotsOf({ x: [[-1, 9]], y: [[2, 2]], slots: [0] }, ["#0000ff"], { x: [0, 4], y: [0, 4] }, [6], size);
  assert.ok(beyond.every((value) => value === 0));
});
