import assert from "node:assert/strict";
import { test } from "node:test";

import { blend, blendedUrl, partsOf } from "../../../app/components/decoding/blend.mjs";
import { added, BRIGHTER, Vivid } from "../../../app/components/latent_pad/vivid.mjs";
import { toHalf } from "../../../app/components/page/halves.mjs";

const PAGE = "https://somewhere.org/base/explore?model=vae";

/** A file of faithful weights: header, then each weight at a multiple of 4 bytes. */
function fileOf(entries, parts) {
  let header = JSON.stringify({ entries });
  header += " ".repeat((4 - ((4 + header.length) % 4)) % 4);
  const padded = parts.map((part) => Buffer.concat([part, Buffer.alloc((4 - (part.length % 4)) % 4)]));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(header.length);
  return Uint8Array.from(Buffer.concat([length, Buffer.from(header), ...padded, Buffer.from("stamp")])).buffer;
}

const halves = (...values) => Buffer.from(Uint16Array.from(values, toHalf).buffer);
const floats = (...values) => Buffer.from(Float32Array.from(values).buffer);

test("weights are blended where they stand, at any byte, and nothing else changes", () => {
  const vivid = Buffer.concat([Buffer.from([7]), halves(1, -2, 0.5), Buffer.from([8, 9]), floats(10, 20), Buffer.from([6])]);
  const entries = [{ at: 1, count: 3, half: true }, { at: 9, count: 2, half: false }];
  const file = fileOf(entries, [halves(0, -1, 0.5), floats(0, 40)]);
  const expected = (...parts) => Buffer.concat([Buffer.from([7]), parts[0], Buffer.from([8, 9]), parts[1], Buffer.from([6])]);
  assert.deepEqual(Buffer.from(blend(vivid, file, 0)), expected(halves(0, -1, 0.5), floats(0, 40)));
  assert.deepEqual(Buffer.from(blend(vivid, file, 0.25)), expected(halves(0.25, -1.25, 0.5), floats(2.5, 35)));
  assert.deepEqual(Buffer.from(blend(vivid, file, 1)), vivid);
});

test("the address of a blend names both files and the share, relative to the page", () => {
  const url = blendedUrl("./facespace/data/a/decoder.onnx", "./facespace/data/b/faithful.blend", 0.3);
  assert.deepEqual(partsOf(url, PAGE), {
    decoder: "https://somewhere.org/base/facespace/data/a/decoder.onnx",
    blend: "https://somewhere.org/base/facespace/data/b/faithful.blend",
    share: 0.3,
  });
  assert.equal(blendedUrl("a.onnx", "b.blend", 1), "a.onnx");
  assert.equal(blendedUrl("a.onnx", null, 0.5), "a.onnx");
  assert.deepEqual(partsOf("a.onnx", PAGE), { decoder: "https://somewhere.org/base/a.onnx", blend: null, share: 1 });
});

test("what is added is drawn around a middle grey, brightened", () => {
  const drawn = added(Uint8ClampedArray.from([100, 100, 100, 9]), Uint8ClampedArray.from([100, 90, 250, 9]));
  assert.deepEqual([...drawn], [128, 128 + 10 * BRIGHTER, 0, 255]);
});

/** A pad's slider without a page, and what its hand does. There is no decoder, so none is opened. */
function slider() {
  const heard = {};
  const element = {
    style: { setProperty: () => {} },
    setAttribute: () => {},
    getAttribute: () => "false",
    addEventListener: (name, act) => (heard[name] = act),
    querySelector: () => element,
    dataset: {},
    value: "",
  };
  const vivid = new Vivid(element, { decoder: () => {}, end: () => {}, fail: () => {} });
  const given = { model: "vae", decoderUrl: null, blendUrl: "b.blend", vivid: 1 };
  return {
    vivid,
    given,
    hand: (share) => {
      element.value = String(share);
      heard.input();
      heard.change();
    },
  };
}

test("the hand's word counts until Python has heard it, then Python's does", () => {
  const { vivid, given, hand } = slider();
  assert.equal(vivid.offer(given), true); // the first word is news
  hand(0.5);
  hand(0.7);
  assert.equal(vivid.offer({ ...given, vivid: 0.5 }), false); // the first word comes back: the slider stays
  assert.equal(vivid.share, 0.7);
  assert.equal(vivid.offer({ ...given, vivid: 0.7 }), false);
  assert.equal(vivid.offer({ ...given, vivid: 0.2 }), true); // a link
  assert.equal(vivid.share, 0.2);
});

test("a model with one decoder has no share, and one that comes in takes Python's", () => {
  const { vivid, given, hand } = slider();
  vivid.offer(given);
  hand(0.4);
  vivid.offer({ ...given, model: "ae", blendUrl: null, vivid: 1 });
  assert.equal(vivid.share, null);
  vivid.offer({ ...given, vivid: 0.4 });
  assert.equal(vivid.share, 0.4);
});
