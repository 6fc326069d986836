// The page without a server: links as the app reads and writes them, and the pad's message at another point.

import assert from "node:assert/strict";
import { test } from "node:test";

import { floats } from "../../../app/components/latent_pad/pure.mjs";
import { askedFor, latentText, parse, specOf, write } from "../../../app/components/site/link.mjs";
import { whole } from "../../../app/components/site/generate.mjs";
import { base64, editBank, padAt, sigmaOf } from "../../../app/components/site/points.mjs";
import { Random } from "../../../app/components/site/random.mjs";
import { dithered, withComment } from "../../../app/components/site/gif.mjs";
import { codeOf, sampleOf } from "../../../app/components/site/samplers.mjs";
import { addFile, fromFile, keep, keptFaces, move, plainName, remove, rename, toFile } from "../../../app/components/site/shelf.mjs";
import { nearestOther } from "../../../app/components/site/strip.mjs";
import { keyOf, wishOf } from "../../../app/components/site/wish.mjs";

const WORDS = ["too long", "no model", "no face", "no weight", "no bank", "no colour", "vivid"];
const KNOWN = {
  model: "vae",
  hash: "0123abcd",
  dimensions: 3,
  banks: ["attributes", "morphs", "noise"],
  directions: new Set(["attribute-Smiling", "dim-3"]),
  colours: ["Smiling", "How crowded"],
  samplers: [{ key: "gaussian" }, { key: "standard" }, { key: "learned" }],
  prior: { attributes: ["Smiling", "5_o_Clock_Shadow"] },
  words: Object.fromEntries(WORDS.map((word) => [word, word])),
};
const read = (text) => parse(new URLSearchParams(text), KNOWN);

test("a link of the app is taken over whole", () => {
  const link = read("model=vae&face=20&bank=attributes&w=dim-3:1.5,attribute-Smiling:-1.0,morph-Average+face:0.5&colour=Smiling&filter=Male%3Awith&t=3");
  const weights = { "dim-3": 1.5, "attribute-Smiling": -1, "morph-Average face": 0.5 };
  assert.deepEqual(link, { face: 20, sample: null, z: null, kept: null, bank: "attributes", weights, colour: "Smiling", filter: "Male:with", problems: [] });
  assert.deepEqual(read("").problems, []);
});

test("a latent survives the way through a link, and counts for the same weights only", () => {
  const z = Float32Array.of(1.25, -3.5e-7, 900);
  const text = latentText(z);
  assert.equal(text, "AACgP6Lnu7QAAGFE"); // app/session/link.py, write_latent
  assert.deepEqual(read(`z=0123abcd.${text}`).z, z);
  for (const bad of [`0123abce.${text}`, `0123abcd.${latentText(z.subarray(1))}`, "0123abcd.%%%", "0123abcd",
    `0123abcd.${latentText(Float32Array.of(1, Number.NaN, 2))}`, `0123abcd.${latentText(Float32Array.of(1, 2e4, 2))}`]) {
    const { z: none, problems } = read(`z=${encodeURIComponent(bad)}`);
    assert.deepEqual([none, problems], [null, ["no face"]], bad);
  }
});

test("each part that makes no sense is named and left out", () => {
  assert.deepEqual(read("model=ae&face=-1&w=dim-3:inf,nothing:1,dim-3:2&bank=none&colour=Taste"), {
    face: null, sample: null, z: null, kept: null, bank: null, weights: { "dim-3": 2 }, colour: null, filter: "",
    problems: ["no model", "no face", "no weight", "no bank", "no colour"],
  });
  for (const w of ["dim-3", "dim-3:", ":1", "dim-3:1001", "dim-3:1e999"]) assert.deepEqual(read(`w=${w}`).problems, ["no weight"], w);
  assert.deepEqual(read(`face=1&w=${"dim-3:1,".repeat(2000)}`).problems, ["too long"]);
  assert.deepEqual(["vivid=1", "vivid=0.4", "vivid=x"].map((text) => read(text).problems.length), [0, 1, 1]);
});

test("a sample is named as the app names it", () => {
  const sample = { sampler: "gaussian", seed: 7, index: 12, temperature: 0.8 };
  assert.deepEqual(read("sample=gaussian.7.12.0.8"), { ...read(""), sample });
  assert.equal(codeOf(sample), "gaussian.7.12.0.8");
  assert.equal(sampleOf("standard.0.0", KNOWN).temperature, 1);
  for (const bad of ["nothing.7.1.1", "learned--130--Bald.7.1.1", "learned--130--a.b.7.1", "gaussian.7", "gaussian.7.1024.1", "gaussian.2147483648.0.1", "gaussian.7.1.11", "gaussian.-1.0.1"]) {
    assert.deepEqual([read(`sample=${bad}`).sample, read(`sample=${bad}`).problems], [null, ["no face"]], bad);
  }
});

test("a wish comes back from its key, and nonsense is no key", () => {
  const wishes = [{}, { Smiling: 1 }, { Smiling: 0, "5_o_Clock_Shadow": 1 }].map((attributes) => ({ attributes, guidance: 1.5 }));
  for (const wish of [...wishes, { attributes: {}, guidance: null }]) assert.deepEqual(wishOf(keyOf(wish)), wish);
  assert.equal(keyOf(wishes[2]), "learned--150--no-Smiling--5_o_Clock_Shadow"); // app/checkpoints/learned_prior.py, sampler_key
  for (const rest of ["--", "--x", "--150--", "--9999", "--150--a.b", "--150--a--no-", "ly"]) assert.equal(wishOf(`learned${rest}`), null, rest);
  const sample = sampleOf("learned--130--no-Smiling.7.1.0.8", KNOWN);
  assert.deepEqual([sample.sampler, sample.temperature], ["learned--130--no-Smiling", 0.8]);
  assert.equal(sampleOf("learned.7.1.1", { ...KNOWN, prior: null }), null);
});

test("random numbers are numpy's", () => {
  // np.random.default_rng(seed): random(), then standard_normal(2)
  const expected = [
    [[0], [0.6369616873214543, -0.1321048632913019, 0.6404226504432821]],
    [[2147483647], [0.27085409914511427, -0.4371331243344511, 0.7117045087761301]],
    [[7, 1], [0.7701409510034741, -2.3378561559560835, -0.33885783296512045]],
  ];
  for (const [seed, numbers] of expected) {
    const random = new Random(seed);
    const found = [random.uniform(), random.normal(), random.normal()];
    for (const [i, number] of numbers.entries()) assert.ok(Math.abs(found[i] - number) < 1e-12, `${seed}: ${found[i]}, not ${number}`);
  }
  const random = new Random([5]);
  const many = Float64Array.from({ length: 20_000 }, () => random.normal());
  assert.ok(Math.max(...many) > 3.7, "the tail is never reached");
});

test("what is written is read again, without what belongs to one session", () => {
  const shown = { model: "vae", point: { kind: "face", text: "20" }, bank: "morphs", colour: "How crowded", before: "The face before" };
  const params = write({ ...shown, weights: { "dim-3": -0.05, "morph-The face before": 1 } });
  assert.equal(String(params), "model=vae&face=20&bank=morphs&w=dim-3%3A-0.05&colour=How+crowded");
  assert.deepEqual(read(String(params)).weights, { "dim-3": -0.05 });
  assert.equal(write({ ...shown, weights: {} }).has("w"), false);
  const filter = "Male:with,part:2";
  assert.equal(read(String(write({ ...shown, weights: {}, filter }))).filter, filter);
  assert.equal(read(`filter=${"a".repeat(2001)}`).filter, "");
});

const direction = (key, name) => ({ key, name, low: 0, high: 1 });
const MORPHS = { key: "morphs", name: "Morphs", vectors: "", directions: [direction("morph-A", "A"), direction("morph-B", "B")] };
const NOISE = { key: "noise", name: "Noise", vectors: "", directions: [direction("noise-0", "Draw 1")] };
const FIRST = { banks: [{ key: "own", directions: [], vectors: "AA==" }, MORPHS, NOISE], provenance: { app: "facespace", point: {} } };
const SITE = { targets: base64(Float32Array.of(1, 2, 3, 4)), before: "Before", noise: base64(Float32Array.of(1, -1)), spread: null };
const vectors = (bank) => [...floats(bank.vectors)];

test("morphs lead from the point to their targets and to the face before, noise is as wide as the face's posterior", () => {
  const point = { kind: "face", text: "12", name: "Face 12", row: 4, z: Float32Array.of(0.5, 1) };
  const at = { point, before: Float32Array.of(9, 9), sigma: Float32Array.of(0.25, 2), visit: "v" };
  const { banks, z, pointId, signature, provenance } = padAt(FIRST, SITE, at);
  assert.deepEqual([...floats(z)], [0.5, 1]);
  assert.deepEqual([pointId, signature], ["v", "v"]);
  assert.deepEqual(provenance, { app: "facespace", point: { kind: "face", image: 12 } });
  assert.deepEqual(banks[0], FIRST.banks[0]);
  assert.deepEqual(banks[1].directions.map(({ key }) => key), ["morph-A", "morph-Before", "morph-B"]);
  assert.deepEqual(vectors(banks[1]), [0.5, 1, 8.5, 8, 2.5, 3]);
  assert.deepEqual(vectors(banks[2]), [0.25, -2]);
  const linked = padAt(FIRST, SITE, { ...at, before: null, sigma: null });
  assert.deepEqual(linked.banks.map(({ key }) => key), ["own", "morphs"]);
  assert.deepEqual(vectors(linked.banks[1]), [0.5, 1, 2.5, 3]);
});

test("a slider of Edit begins where the face lies along its axis", () => {
  const bank = { key: "edit", vectors: base64(Float32Array.of(2, 0, 0, 1)), directions: [direction("attribute-A", "A"), direction("attribute-B", "B")] };
  const { directions } = editBank(bank, Float32Array.of(3, -30), { "attribute-A": 0.27, "attribute-B": 0 });
  assert.deepEqual(directions.map(({ start, origin, low, high }) => [start, origin, low, high]), [
    [1.25, 1.25, -1, 2.75], // 6 / 4 - 0.27, in steps of 0.05
    [-10, -10, -11.5, 2],
  ]);
});

test("a posterior's width comes out of its steps", () => {
  const spread = { url: "", low: base64(Float32Array.of(-2, 0)), step: base64(Float32Array.of(1, 0.5)) };
  const sigma = sigmaOf(spread, Uint8Array.of(9, 9, 2, 4), 1);
  assert.ok(Math.abs(sigma[0] - 1) < 1e-6 && Math.abs(sigma[1] - Math.exp(1)) < 1e-6, String(sigma));
});

test("a number of the address is a whole one in its range, or none", () => {
  assert.deepEqual(["0", "16", "17", "-1", "1.5", "", null].map((text) => whole(text, 16)), [0, 16, null, null, null, null, null]);
});

test("a face of a list is named as the app names it", () => {
  const z = Float32Array.of(1, 2, 3);
  for (const [kind, text, found] of [["face", "12", { face: 12 }], ["z", `0123abcd.${latentText(z)}`, { z }], ["kept", "0123456789ab", { kept: "0123456789ab" }]]) {
    assert.deepEqual(askedFor(specOf({ kind, text }), KNOWN), { face: null, sample: null, z: null, kept: null, ...found });
  }
  for (const bad of ["face", "face:x", "kept:../x", "photo:1", ""]) assert.equal(askedFor(bad, KNOWN), null, bad);
});

/** A tab's own store. */
function tab() {
  const store = new Map();
  globalThis.location = { href: "http://host.test/school/index.html?face=1" };
  globalThis.sessionStorage = { getItem: (key) => store.get(key) ?? null, setItem: (key, value) => store.set(key, value) };
  return store;
}

const OURS = { model: "vae", sha256: "a".repeat(64), dimensions: 2 };
const face = (name, z = Float32Array.of(1, 2)) => ({ name, z, facts: { point: { kind: "face", image: 3 } }, private: false });
const names = () => keptFaces(OURS).map(({ name }) => name);

test("faces are kept, renamed, moved and taken off, and the shelf is full at a hundred", () => {
  tab();
  const kept = ["one", " two  lines\u0007 ", "three"].map((name) => keep(OURS, face(name)));
  assert.deepEqual(names(), ["one", "two lines", "three"]);
  assert.deepEqual([...keptFaces(OURS)[0].z], [1, 2]);
  move(kept[2].key, -1);
  move(kept[0].key, -1);
  rename(kept[1].key, "second");
  rename(kept[0].key, "  ");
  assert.deepEqual(names(), ["one", "three", "second"]);
  remove(kept[2].key);
  assert.deepEqual(names(), ["one", "second"]);
  for (let i = 2; i < 100; i++) keep(OURS, face("more"));
  assert.equal(keep(OURS, face("too many")), null);
  assert.deepEqual(addFile(toFile(), OURS), ["The shelf has room for 0 more faces only."]);
  assert.equal(plainName("x".repeat(70)).length, 60);
});

test("a shelf file comes back whole, with other models' latents, and what is none of ours is refused", () => {
  tab();
  const stored = { name: "Ann", facts: { a: 1 }, private: true, latents: {
    other: { checkpoint_sha256: "b".repeat(64), z: "AAAAAA==" }, mine: { checkpoint_sha256: OURS.sha256, z: latentText(Float32Array.of(3, 4)) },
  } };
  const file = (faces, format = "facespace-shelf-1") => JSON.stringify({ format, faces });
  assert.deepEqual(addFile(file([stored]), OURS), []);
  assert.deepEqual(JSON.parse(toFile()).faces, [stored]);
  assert.deepEqual(keptFaces(OURS).map(({ z, private: fromPhoto }) => [[...z], fromPhoto]), [[[3, 4], true]]);
  const wrong = [null, {}, { ...stored, latents: { other: stored.latents.other } }, { ...stored, latents: { mine: { checkpoint_sha256: OURS.sha256, z: "AAAA" } } }];
  const { faces, problems } = fromFile(file([...wrong, { ...stored, name: 7 }]), OURS);
  assert.deepEqual([faces.length, faces[0].name], [1, "7"]);
  assert.match(problems[0], /^Faces left out: 4 of 5,/);
  assert.match(fromFile(file(new Array(101).fill(stored)), OURS).problems[0], /only the first 100 were read/);
  for (const [text, said] of [["{", /damaged/], ["null", /format/], [file([], "x"), /format/], [" ".repeat(2_000_001), /2\u00a0MB/]]) {
    assert.throws(() => fromFile(text, OURS), said);
  }
});

test("without a tab's store the shelf is empty and says that nothing can be kept", () => {
  globalThis.sessionStorage = { getItem: () => { throw new Error("switched off"); }, setItem: () => { throw new Error("switched off"); } };
  assert.deepEqual(keptFaces(OURS), []);
  assert.throws(() => keep(OURS, face("one")), /no room for the shelf/);
});

test("the nearest face is none of those that are morphed", () => {
  const mu = Float32Array.of(0, 0, 1, 1, 9, 9);
  assert.equal(nearestOther(Float32Array.of(0.1, 0), mu, new Set([0])), 1);
  assert.equal(nearestOther(Float32Array.of(0.1, 0), mu, new Set([null])), 0);
});

test("what dithering loses at a pixel its neighbours get, so that the mean stays", () => {
  const palette = [[0, 0, 0], [255, 255, 255]];
  const nearest = (r) => Number(r > 127);
  const grey = Uint8ClampedArray.from({ length: 4 * 64 * 64 }, (_one, i) => (i % 4 === 3 ? 255 : 64));
  const index = dithered(grey, 64, palette, nearest);
  const share = index.reduce((sum, one) => sum + one, 0) / index.length;
  assert.ok(Math.abs(share - 64 / 255) < 0.01, String(share));
});

test("a comment stands behind a GIF's palette, in parts of 255 bytes", () => {
  const gif = Uint8Array.of(71, 73, 70, 56, 57, 97, 1, 0, 1, 0, 0x80, 0, 0, 1, 2, 3, 4, 5, 6, 59); // two colours
  const bytes = withComment(gif, "x".repeat(300));
  assert.deepEqual([...bytes.slice(0, 19)], [...gif.slice(0, 19)]);
  assert.deepEqual([...bytes.slice(19, 22)], [0x21, 0xfe, 255]);
  assert.deepEqual([bytes[22 + 255], bytes.at(-2), bytes.at(-1)], [45, 0, 59]);
  assert.equal(bytes.length, gif.length + 2 + 2 + 300 + 1);
});
