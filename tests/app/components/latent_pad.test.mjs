import assert from "node:assert/strict";
import { test } from "node:test";

import { crc32, withText } from "../../../app/components/page/png.mjs";
import { aboutBank, aboutMarks } from "../../../app/components/latent_pad/banks.mjs";
import * as gauge from "../../../app/components/latent_pad/gauge.mjs";
import { begin, recallFrom, record, redo, sameWeights, undo } from "../../../app/components/latent_pad/memory.mjs";
import { glide, swing } from "../../../app/components/latent_pad/motion.mjs";
import { Pace, SLOW_MS } from "../../../app/components/latent_pad/pace.mjs";
import { Pause } from "../../../app/components/latent_pad/pause.mjs";
import * as pure from "../../../app/components/latent_pad/pure.mjs";
import { publish, subscribe } from "../../../app/components/page/topics.mjs";
import { openDecoder } from "../../../app/components/decoding/decoder.mjs";
import { toRgba } from "../../../app/components/decoding/pixels.mjs";

const glasses = { key: "glasses", name: "Eyeglasses", low: -3, high: 3, step: 0.05, unit: "sd", start: 0, vector: [1, 0, 2] };
const morph = { key: "morph", name: "Towards B", low: 0, high: 1, step: 0.01, unit: "", start: 0.5, vector: [0, 4, 0] };
const banks = [{ key: "a", name: "Attributes", directions: [glasses] }, { key: "m", name: "Morph", directions: [morph] }];

test("base64 float32 comes back as it was", () => {
  const sent = Buffer.from(new Float32Array([1.5, -0.25, 3e-9]).buffer).toString("base64");
  assert.deepEqual([...pure.floats(sent)], [1.5, -0.25, Math.fround(3e-9)]);
});

test("the point is z plus the weighted directions of every bank, resting weights included", () => {
  const z = new Float32Array([10, 20, 30]);
  assert.deepEqual([...pure.combine(z, banks, {})], [10, 22, 30]);
  assert.deepEqual([...pure.combine(z, banks, { glasses: -2, morph: 0 })], [8, 20, 26]);
  assert.deepEqual([...z], [10, 20, 30]);
});

test("a weight back at its start takes no room", () => {
  const moved = pure.withWeight({ glasses: 1 }, morph, 0.75);
  assert.deepEqual(moved, { glasses: 1, morph: 0.75 });
  assert.deepEqual(pure.withWeight(moved, morph, 0.5), { glasses: 1 });
  assert.equal(pure.weightOf({}, morph), 0.5);
});

test("a mark lies where its weight does, and is said in words", () => {
  assert.deepEqual([-3, 0, 1.5, 9].map((at) => pure.placeOf(at, glasses)), [0, 0.5, 0.75, 1]);
  const marks = [{ at: 1.25, share: "50 %" }, { at: 2.5, share: "90 %" }];
  assert.equal(pure.describeMarks({ ...glasses, marks }), "Faces that read as having it: 50 % at +1.25, 90 % at +2.50.");
  assert.equal(pure.describeMarks(glasses), "");
});

test("a place along a slider is a weight in its steps", () => {
  assert.deepEqual([0, 0.333, 1].map((place) => pure.weightAt(place, morph)), [0, 0.33, 1]);
  assert.equal(pure.weightAt(0.51, glasses), 0.05);
});

test("a glide tells every frame how far it is, ends once, and can be stopped", () => {
  /** @type {((now: number) => void)[]} */
  let frames = [];
  globalThis.requestAnimationFrame = (frame) => frames.push(frame);
  globalThis.cancelAnimationFrame = () => (frames = []);
  const at = (now) => {
    for (const frame of frames.splice(0)) frame(now);
  };
  const shares = [];
  let ends = 0;
  glide(100, (share) => shares.push(share), () => ends++);
  for (const now of [1000, 1025, 1200, 1300]) at(now);
  assert.deepEqual(shares, [0, 0.25, 1]);
  assert.equal(ends, 1);
  const stop = glide(100, (share) => shares.push(share), () => ends++);
  at(0);
  stop();
  at(50);
  assert.deepEqual([shares.length, ends], [4, 1]);
});

test("the greeting goes to both sides and ends where it began", () => {
  assert.deepEqual([0, 0.25, 0.75, 1].map((share) => Number(swing(share).toFixed(6))), [0, 1.2, -1.2, 0]);
});

/** @type {(weights: Record<string, number>, vivid?: number) => import("../../../app/components/latent_pad/types.d.ts").State} */
const state = (weights, vivid = 1) => ({ weights, vivid });

test("undo and redo walk the history, a new step cuts off what could be redone", () => {
  const two = record(record(begin(state({})), state({ a: 1 })), state({ a: 2 }));
  const one = undo(two);
  assert.deepEqual(one.now, state({ a: 1 }));
  assert.deepEqual(redo(one), two);
  assert.deepEqual(record(one, state({ b: 5 })).future, []);
  const start = undo(one);
  assert.deepEqual(undo(start), start);
  assert.deepEqual(redo(two), two);
});

test("how vivid faces are is a step like any other", () => {
  const history = record(record(begin(state({})), state({ a: 1 })), state({ a: 1 }, 0.4));
  assert.deepEqual(undo(history).now, state({ a: 1 }));
  assert.deepEqual(redo(undo(history)), history);
});

test("the same state is no new step, and the history has an end", () => {
  const history = record(begin(state({})), state({ a: 1 }));
  assert.equal(record(history, state({ a: 1 })), history);
  let long = begin(state({}));
  for (let i = 1; i <= 500; i++) long = record(long, state({ a: i }));
  assert.equal(long.past.length, 200);
  assert.deepEqual(long.past[0], state({ a: 300 }));
});

test("weights are the same whatever the order of their keys", () => {
  assert.ok(sameWeights({ a: 1, b: 2 }, { b: 2, a: 1 }));
  assert.ok(!sameWeights({ a: 1 }, { a: 1, b: 2 }));
  assert.ok(!sameWeights({ a: 1 }, { b: 1 }));
});

test("numbers read with the decimals of their step, a true minus, and a sign where both occur", () => {
  assert.equal(pure.signed(1.5, glasses), "+1.50");
  assert.equal(pure.signed(-0.35, glasses), "\u22120.35");
  assert.equal(pure.signed(-0.001, glasses), "0.00");
  assert.equal(pure.signed(0.75, morph), "0.75");
  assert.equal(pure.signed(2, { step: 1, low: 0 }), "2");
  assert.equal(pure.valueText(1, glasses), "+1.00 sd");
  assert.equal(pure.valueText(1, morph), "1.00");
});

test("the words of two marks side by side meet neither each other nor those at the ends", () => {
  assert.deepEqual(pure.wordsUnder([]), { near: false, low: false, high: false });
  assert.deepEqual(pure.wordsUnder([0.58, 0.67]), { near: true, low: false, high: false });
  assert.deepEqual(pure.wordsUnder([0.76, 0.97]), { near: false, low: false, high: true });
});

test("a bank is explained where its name does not do it, and marks where there are some", () => {
  const plain = { ...glasses, key: "attribute-Eyeglasses" };
  const marked = { ...plain, marks: [{ at: 1.2, share: "50 %" }] };
  const bank = (directions) => ({ key: "attributes", name: "Attributes", directions });
  assert.equal(aboutBank(bank([plain])) + aboutMarks(bank([plain])), "");
  assert.match(aboutMarks(bank([plain, marked])), /50\u00a0% and 90\u00a0%/);
  assert.match(aboutBank(bank([plain, marked])), /^0 is the face as it is. .*classifier/);
  assert.match(aboutBank(bank([{ ...marked, start: 0.4 }])), /^The marks/, "0 is not the face where sliders start elsewhere");
  assert.match(aboutBank({ key: "noise", name: "Posterior noise", directions: [plain] }), /cloud/);
});

test("a number is typed in the ways that people write it, and stays in range", () => {
  const said = (text) => pure.typed(text, glasses);
  assert.deepEqual(["1.5", " -0,25 ", "\u22120.35 sd", "+.5", "7", "-99", "0.333"].map(said), [1.5, -0.25, -0.35, 0.5, 3, -3, 0.33]);
  assert.deepEqual(["", "one", "1e9", "1.2.3", "--1", "NaN", "0x10"].map(said), Array(7).fill(null));
  assert.ok(Object.is(said("-0"), 0));
  assert.equal(pure.typed("2.6", { low: 1, high: 128, step: 1, unit: "" }), 3);
});

const there = { pointId: "p#1", weights: { glasses: 1 }, vivid: 1, bank: "m", count: 12 };

test("at a new point the bank that comes in is shown, which a link may have chosen", () => {
  const before = recallFrom(undefined, null, { ...there, pointId: "p#0", weights: {}, bank: "a" });
  const now = recallFrom(before, before, there);
  assert.deepEqual([now.bank, now.history.now.weights], ["m", { glasses: 1 }]);
});

test("a stay at a point keeps the bank on screen, whatever an older word of Python says", () => {
  const pad = recallFrom(undefined, null, there);
  pad.bank = "a"; // the hand chose it
  assert.equal(recallFrom(pad, pad, there).bank, "a");
  assert.equal(recallFrom(pad, null, there).bank, "a"); // after a switch of the page
});

test("another model takes over the bank that Python names, and how many sliders are shown", () => {
  const pad = recallFrom(undefined, null, there);
  const other = { ...recallFrom(undefined, null, there), count: 48 };
  const back = recallFrom(pad, other, { ...there, bank: "a" });
  assert.deepEqual([back, back.bank, back.count], [pad, "a", 48]);
});

test("the description names what is moved", () => {
  assert.equal(pure.describe(banks, {}), "Decoded face of the point, no slider moved.");
  assert.equal(
    pure.describe(banks, { glasses: -1, morph: 0.25 }),
    "Decoded face. Moved: Eyeglasses \u22121.00 sd, Towards B 0.25.",
  );
});

test("a moved slider is shown even beyond the count", () => {
  const directions = ["a", "b", "c", "d"].map((key) => ({ key }));
  assert.deepEqual(pure.shown({ directions }, 2, { d: 1 }).map(({ key }) => key), ["a", "b", "d"]);
});

test("the squared distance weighs the offset by the precision", () => {
  assert.equal(gauge.squaredDistance([3, 5], [1, 1], [2, 0.5, 0.5, 3]), 2 * 4 + 2 * 0.5 * 8 + 3 * 16);
});

test("percentiles are looked up along straight lines and end at 0 and 100", () => {
  const table = [10, 20, 40];
  assert.equal(gauge.percentile(15, table), 25);
  assert.equal(gauge.percentile(20, table), 50);
  assert.equal(gauge.percentile(30, table), 75);
  assert.equal(gauge.percentile(3, table), 0);
  assert.equal(gauge.percentile(99, table), 100);
  assert.equal(gauge.percentile(20, [10, 20, 20, 20, 40]), 75); // equal entries: above all of them
  assert.equal(gauge.percentile(NaN, table), 0);
});

test("the gauge speaks plainly from the centre to beyond the data", () => {
  const table = Array.from({ length: 101 }, (_, i) => 100 + i);
  const level = (squared) => gauge.judge(squared, table).level;
  assert.deepEqual([50, 130, 195, 201].map(level), ["central", "ordinary", "rare", "outside"]);
  assert.match(gauge.judge(130, table).words, /30 of 100 held-out faces/);
  for (const squared of [1, 130, 198, 800]) {
    assert.doesNotMatch(gauge.judge(squared, table).words, /(ordinary|rare|plausible) face/); // a distance, no verdict
  }
  assert.match(gauge.judge(800, table).words, /2\.0 times as far/);
  assert.match(gauge.priorWords([3, 4, 0, 0]), /4 numbers .*: 5\.0\. .* about 2\.0 long/);
});

test("planes become bytes rounded to the nearest, opaque", () => {
  const planes = [0, 1, 0.5, 0.1, 0.4 / 255, 0.6 / 255, 254.6 / 255, 0, 1, 0, 0.25, 0.75];
  assert.deepEqual([...toRgba(planes, 2)], [0, 0, 255, 255, 255, 1, 0, 255, 128, 255, 64, 255, 26, 0, 191, 255]);
});

test("the bus tells later subscribers the last word, and nobody after unsubscribing", () => {
  const heard = [];
  publish("point:t", 1);
  const stop = subscribe("point:t", (value) => heard.push(value));
  publish("point:t", 2);
  publish("point:other", 9);
  stop();
  publish("point:t", 3);
  assert.deepEqual(heard, [1, 2]);
});

test("a listener that fails does not silence the others", (t) => {
  t.mock.method(console, "error", () => {});
  const heard = [];
  subscribe("shaky", () => { throw new Error("mine"); });
  subscribe("shaky", (value) => heard.push(value));
  publish("shaky", 7);
  assert.deepEqual(heard, [7]);
});

test("without WebAssembly the decoder says so, and can be tried again", async () => {
  const kept = globalThis.WebAssembly;
  globalThis.window = { location: { href: "http://localhost/" } };
  delete globalThis.WebAssembly;
  try {
    const first = openDecoder("/decoder.onnx");
    await assert.rejects(first, /WebAssembly is switched off/);
    assert.notEqual(openDecoder("/decoder.onnx").catch(() => {}), first);
  } finally {
    globalThis.WebAssembly = kept;
    delete globalThis.window;
  }
});

test("an edit slider's origin is where the point itself lies", () => {
  const edit = { ...glasses, start: 0.4, origin: 0.4 };
  assert.deepEqual([...pure.combine([1, 1, 1], [{ directions: [edit] }], {})], [1, 1, 1]);
  assert.deepEqual([...pure.combine([1, 1, 1], [{ directions: [edit] }], { glasses: 1.4 })], [2, 1, 3]);
});

test("a way that is not straight passes through its knots", () => {
  const path = Float32Array.from([0, 0, 0, 2, 0, 0, 2, 4, 0]);
  const walk = { ...morph, start: 0, path, vector: [9, 9, 9] };
  const at = (weight) => [...pure.combine([0, 0, 1], [{ directions: [walk] }], { morph: weight })];
  assert.deepEqual([0, 0.25, 0.5, 0.75, 1].map(at), [[0, 0, 1], [1, 0, 1], [2, 0, 1], [2, 2, 1], [2, 4, 1]]);
});

test("probes read a probability each", () => {
  const probes = { weights: [1, 0, 0, 0, 2, 0], bias: [0, -2] };
  const [first, second] = pure.readings([0, 1, 5], probes);
  assert.equal(first, 0.5);
  assert.equal(second, 0.5);
  assert.ok(pure.readings([3, 1, 0], probes)[0] > 0.95);
});

test("weights of directions that a pad does not have are left out", () => {
  assert.deepEqual(pure.known({ glasses: 1, other: 2 }, [{ directions: [glasses] }]), { glasses: 1 });
});

test("a PNG carries a text behind its header", () => {
  const png = Uint8Array.from({ length: 60 }, (_, i) => i);
  const text = withText(png, "facespace", '{"name":"é"}');
  assert.deepEqual(text.subarray(0, 33), png.subarray(0, 33));
  assert.deepEqual(text.subarray(text.length - 27), png.subarray(33));
  assert.equal(new TextDecoder().decode(text.subarray(37, 50)), "iTXtfacespace");
  assert.equal(crc32(new TextEncoder().encode("IEND")), 0xae426082);
});

function paced() {
  const drawn = [];
  return { drawn, pace: new Pace((z) => drawn.push(z[0])) };
}

test("a quick decoder draws every point of a drag, and one long decode changes nothing", () => {
  const { drawn, pace } = paced();
  for (const ms of [900, 10, 12, 700]) pace.took(ms);
  assert.equal(pace.slow, false);
  for (let i = 0; i < 5; i++) pace.move([i], 0);
  assert.deepEqual(drawn, [0, 1, 2, 3, 4]);
  pace.rest();
  assert.equal(drawn.length, 5);
});

test("a slow decoder draws when the hand lets go, once", () => {
  const { drawn, pace } = paced();
  pace.took(SLOW_MS + 400);
  assert.equal(pace.slow, false); // the first one made the decoder ready
  pace.took(SLOW_MS + 1);
  assert.equal(pace.slow, true);
  for (let i = 0; i < 15; i++) pace.move([i], 0);
  assert.deepEqual(drawn, []);
  pace.rest();
  pace.rest();
  assert.deepEqual(drawn, [14]);
});

test("a slow decoder draws when the hand rests, and not what was replaced by something else", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { drawn, pace } = paced();
  for (const ms of [300, 300]) pace.took(ms);
  pace.move([1], 0);
  t.mock.timers.tick(150);
  pace.move([2], 0);
  t.mock.timers.tick(150);
  assert.deepEqual(drawn, []);
  t.mock.timers.tick(60);
  assert.deepEqual(drawn, [2]);
  pace.move([3], 0);
  pace.drop();
  t.mock.timers.tick(1000);
  assert.deepEqual(drawn, [2]);
  pace.renew();
  pace.move([4], 0);
  assert.deepEqual(drawn, [2, 4]);
});

test("a pause ends by itself once, at once when asked, and not at all when somebody acts meanwhile", (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  let acted = 0;
  const pause = new Pause(() => acted++);
  assert.equal(pause.begin(250), true);
  context.mock.timers.tick(249);
  assert.equal(pause.begin(250), true); // anew
  context.mock.timers.tick(249);
  assert.equal(acted, 0);
  context.mock.timers.tick(1);
  assert.equal(acted, 1);
  pause.end();
  assert.equal(acted, 1);
  pause.begin(250);
  pause.end();
  assert.equal(acted, 2);
  pause.begin(250);
  assert.equal(pause.begin(0), false);
  context.mock.timers.tick(1000);
  assert.equal(acted, 2);
});
