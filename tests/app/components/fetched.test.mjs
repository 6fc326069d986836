// Files that lie packed on the host come out as they were.

import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { gzipSync } from "node:zlib";

import { fetchFile, isPacked } from "../../../app/components/page/fetched.mjs";

const real = globalThis.fetch;
const serve = (files) => {
  globalThis.fetch = async (url) => {
    const found = files[new URL(url).pathname];
    return found ? new Response(found) : new Response("", { status: 404 });
  };
};
const at = (name) => `http://host.test/deep/${name}`;

afterEach(() => {
  globalThis.fetch = real;
});

test("a file is unpacked by the end of its name", async () => {
  const bytes = Uint8Array.from({ length: 1001 }, (_, i) => (i * 7) % 256);
  const planes = [...bytes.filter((_, i) => i % 2 === 0), ...bytes.filter((_, i) => i % 2 === 1)];
  serve({
    "/deep/plain.u8": bytes,
    "/deep/small.u8.packed": gzipSync(bytes),
    "/deep/halves.f16.planes": gzipSync(Uint8Array.from(planes)),
  });
  for (const name of ["plain.u8", "small.u8.packed", "halves.f16.planes"]) {
    assert.deepEqual(new Uint8Array(await fetchFile(at(name))), bytes, name);
  }
  assert.deepEqual(["a.f32", "a.f32.packed", "a.planes?x=.f32"].map((name) => isPacked(at(name))), [false, true, true]);
});

test("what is missing, cut off or not packed at all is null", async () => {
  serve({ "/deep/cut.packed": gzipSync(new Uint8Array(5000).map((_, i) => i * i)).subarray(0, 60), "/deep/odd.packed": new Uint8Array(9) });
  for (const name of ["gone.f32", "cut.packed", "odd.packed"]) assert.equal(await fetchFile(at(name)), null, name);
  globalThis.fetch = () => Promise.reject(new TypeError("no network"));
  assert.equal(await fetchFile(at("plain.u8")), null);
});
