// The filter's pure functions: node --test tests/app/components/

import assert from "node:assert/strict";
import { test } from "node:test";

import { bytesOf, counted, failures, interval, passing as passingOf, readTerms, writeTerms } from "../../../app/components/atlas_map/filter.mjs";
import { wordsOf } from "../../../app/components/atlas_map/wording.mjs";
import { barsPath, brushed, crossCounts } from "../../../app/components/atlas_map/histogram.mjs";
import { columnsShown, shownOf } from "../../../app/components/atlas_map/histograms.mjs";
import { drawingOf } from "../../../app/components/atlas_map/histograms_file.mjs";
import { both } from "../../../app/components/atlas_map/selection.mjs";

/** @type {(terms: import("../../../app/components/atlas_map/filter.mjs").Term[], columns: Map<string, Uint8Array>) => Uint8Array|null} */
const passing = (terms, columns) => passingOf(failures(terms, columns));

test("a filter and its text say the same, with whatever name an attribute has", () => {
  const text = "Smiling:with,Male:without,Eyeglasses:20-80,part:2,distance:50-100,has%2C%20a%3Ahat:with,own%3Aage:20-40,own%3Ahair:is12";
  const terms = readTerms(text);
  assert.equal(terms.length, 8);
  assert.equal(terms[5].of, "has, a:hat");
  assert.equal(writeTerms(terms), text);
});

test("what makes no sense in a link is left out, and the rest counts", () => {
  const text = "Smiling,Male:maybe,Young:80-20,Bald:0-101,part:7,distance:with,%E0:with,:with,Bangs:with,Bangs:without,own%3Aage:with,Young:is3,own%3Ahair:is1-2";
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
  assert.deepEqual(bytesOf({ of: "own:age", kind: "between", low: 0, high: 100 }), [0, 254]); // 255 is unknown
  assert.deepEqual(bytesOf({ of: "own:hair", kind: "is", low: 3, high: 3 }), [3, 3]);
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
  assert.equal(counted(1234, 26_000, wordsOf({ vectors: false })), "1,234 of 26,000 faces: 4.7\u00a0% (95\u00a0% interval: 4.5 to 5.0\u00a0%)");
  assert.match(counted(1, 60, wordsOf({ vectors: true })), /^1 of 60 rows: /);
});

test("an outline and a filter select what both let through", () => {
  const [one, other] = [Uint8Array.of(1, 1, 0), Uint8Array.of(0, 1, 1)];
  assert.deepEqual([...(both(one, other) ?? [])], [0, 1, 0]);
  assert.equal(both(one, null), one);
  assert.equal(both(null, other), other);
  assert.equal(both(null, null), null);
});

test("a histogram counts whoever passes the other terms, and not its own", () => {
  const columns = new Map([
    ["distance", Uint8Array.of(0, 10, 60, 100, 100)],
    ["own:age", Uint8Array.of(0, 254, 127, 255, 20)], // the fourth's age is unknown
    ["a", Uint8Array.of(200, 0, 200, 200, 200)],
  ]);
  const terms = readTerms("a:with,distance:0-59,own%3Aage:0-50");
  const failed = failures(terms, columns);
  assert.deepEqual([...(failed ?? [])], [0, 2, 1, 2, 1]);
  const counts = (/** @type {string} */ of, /** @type {number} */ top) => {
    const own = terms.find((term) => term.of === of);
    const { all, left } = crossCounts(/** @type {Uint8Array} */ (columns.get(of)), { top, bars: 2 }, failed, own);
    return [[...all], [...left]];
  };
  assert.deepEqual(counts("distance", 101), [[2, 3], [1, 2]]); // the third and the fifth fail nothing but the distance
  assert.deepEqual(counts("own:age", 255), [[3, 1], [1, 0]]);
  assert.deepEqual(counts("a", 256), [[1, 4], [0, 1]]);
  const { all, left } = crossCounts(Uint8Array.of(0, 1, 2, 255), { top: 3, bars: 3 }, null, undefined);
  assert.deepEqual([[...all], [...left]], [[1, 1, 1], [1, 1, 1]]);
});

test("a brush asks for what it covers, a click for a word or for everything", () => {
  assert.deepEqual(brushed({ words: [] }, 0.756, 0.25, true), { low: 25, high: 76 });
  assert.deepEqual(brushed({ words: [] }, -0.2, 1.7, true), { low: 0, high: 100 });
  assert.equal(brushed({ words: [] }, 0.5, 0.5, false), null);
  assert.deepEqual(brushed({ words: ["a", "b", "c"] }, 0.4, 0.4, false), { low: 1, high: 1 });
  assert.deepEqual(brushed({ words: ["a", "b", "c"] }, 1, 1, false), { low: 2, high: 2 });
});

test("bars reach the top where the most are, and what is not empty shows", () => {
  assert.equal(barsPath(Uint32Array.of(0, 100, 1)), "M0.3333 1v-1.0000h0.3067V1zM0.6667 1v-0.0200h0.3067V1z");
  assert.equal(barsPath(new Uint32Array(4)), "");
});

test("part, distance and what was brought have histograms, and the attributes that matter at the moment", () => {
  const filters = {
    columns: [{ of: "Smiling", name: "Smiling", column: 3 }, { of: "Young", name: "Young", column: 5 }, { of: "Male", name: "Male", column: 7 }],
    quantities: [
      { of: "own:age", name: "age", url: "", low: 18, high: 68, words: [] },
      { of: "own:hair", name: "hair", url: "", low: 0, high: 0, words: ["dark", "fair"] },
    ],
    distance: "url", asked: "", text: "",
  };
  const data = /** @type {any} */ ({ colouring: { kind: "attribute", column: 5 } });
  const shown = columnsShown(data, filters, readTerms("Male:with,nonsense:with"));
  assert.deepEqual(shown.map((one) => one.of), ["part", "distance", "own:age", "own:hair", "Male", "Young"]);
  assert.equal(shown[2].tell(10, 50), "23 to 43");
  assert.deepEqual([shown[3].bars, shown[3].top], [2, 2]);
  assert.equal(shownOf("nonsense", filters), null);
});

test("the histograms become one drawing with their names, whatever signs are in them", () => {
  const one = { name: "age < 30 & \"more\"", said: "1 to 2", words: [], all: "M0 1", left: "M0 0", from: 0.25, width: 0.5 };
  const drawing = drawingOf([one, { ...one, name: "hair", words: ["dark", "fair"] }, one, one]);
  assert.equal(drawing.match(/<g /g)?.length, 4);
  assert.ok(drawing.includes("age &#60; 30 &#38; &#34;more&#34;") && drawing.includes(">dark<") && drawing.includes(">1 to 2<"));
  assert.match(drawing, /^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" width="756" height="260"/);
});

test("what has no parts and no distance is not filtered by them", () => {
  const own = { of: "own:kind", name: "kind", url: "", low: 0, high: 0, words: ["cat", "dog"] };
  const data = /** @type {any} */ ({ colouring: { kind: "kinds" } });
  const shown = columnsShown(data, { columns: [], quantities: [own], distance: "", asked: "", text: "" }, []);
  assert.deepEqual(shown.map((one) => one.of), ["own:kind"]);
});
