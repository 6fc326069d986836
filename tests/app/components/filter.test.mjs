// The filter's pure functions: node --test tests/app/components/

import assert from "node:assert/strict";
import { test } from "node:test";

import { bytesOf, counted, interval, passing, readTerms, writeTerms } from "../../../app/components/atlas_map/filter.mjs";
import { both } from "../../../app/components/atlas_map/selection.mjs";

test("a filter and its text say the same, with whatever name an attribute has", () => {
  const text = "Smiling:with,Male:without,Eyeglasses:20-80,part:2,distance:50-100,has%2C%20a%3Ahat:with";
  const terms = readTerms(text);
  assert.equal(terms.length, 6);
  assert.equal(terms[5].of, "has, a:hat");
  assert.equal(writeTerms(terms), text);
});

test("what makes no sense in a link is left out, and the rest counts", () => {
  const text = "Smiling,Male:maybe,Young:80-20,Bald:0-101,part:7,distance:with,%E0:with,:with,Bangs:with,Bangs:without";
  assert.deepEqual(readTerms(text), [{ of: "Bangs", kind: "with", low: 0, high: 100 }]);
  assert.deepEqual(readTerms(""), []);
  assert.equal(readTerms(Array.from({ length: 99 }, (_, i) => `a${i}:with`).join(",")).length, 20);
});

test("with and without part the faces where the legend does, and 0 to 100 lets all through", () => {
  assert.deepEqual(bytesOf({ of: "a", kind: "with", low: 0, high: 100 }), [128, 255]);
  assert.deepEqual(bytesOf({ of: "a", kind: "without", low: 0, high: 100 }), [0, 127]);
  assert.deepEqual(bytesOf({ of: "a", kind: "between", low: 0, high: 100 }), [0, 255]);
  assert.deepEqual(bytesOf({ of: "a", kind: "between", low: 20, high: 80 }), [51, 204]);
  assert.deepEqual(bytesOf({ of: "distance", kind: "between", low: 20, high: 80 }), [20, 80]);
  assert.deepEqual(bytesOf({ of: "part", kind: "part", low: 2, high: 2 }), [2, 2]);
});

test("a face passes when it passes every term that the model knows", () => {
  const columns = new Map([
    ["a", Uint8Array.of(200, 200, 10, 128)],
    ["b", Uint8Array.of(0, 255, 0, 127)],
  ]);
  assert.deepEqual([...(passing(readTerms("a:with,b:without,unknown:with"), columns) ?? [])], [1, 0, 0, 1]);
  assert.equal(passing(readTerms("unknown:with"), columns), null);
  assert.equal(passing([], columns), null);
});

test("four terms over 200,000 faces take far less than a frame of the hand", () => {
  const terms = readTerms("a:with,b:10-90,c:without,part:0");
  const columns = new Map(["a", "b", "c", "part"].map((of, k) => [of, Uint8Array.from({ length: 200_000 }, (_, i) => (i * (7 + k)) % 256)]));
  passing(terms, columns);
  const started = performance.now();
  passing(terms, columns);
  assert.ok(performance.now() - started < 100);
});

test("the interval is Wilson's: as published for 8 of 10, and within 0 and 1 at the ends", () => {
  const [low, high] = interval(8, 10);
  assert.ok(Math.abs(low - 0.4901625) < 1e-4 && Math.abs(high - 0.9433178) < 1e-4);
  assert.equal(interval(0, 50)[0], 0);
  assert.ok(interval(50, 50)[1] <= 1 && interval(50, 50)[0] > 0.9);
  assert.equal(counted(1234, 26_000), "1,234 of 26,000 faces: 4.7 % (95 % interval: 4.5 to 5.0 %)");
});

test("an outline and a filter select what both let through", () => {
  const [one, other] = [Uint8Array.of(1, 1, 0), Uint8Array.of(0, 1, 1)];
  assert.deepEqual([...(both(one, other) ?? [])], [0, 1, 0]);
  assert.equal(both(one, null), one);
  assert.equal(both(null, other), other);
  assert.equal(both(null, null), null);
});
