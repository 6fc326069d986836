import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { hasEarly, showEarly, takeEarly, whenReleased } from "../../../app/components/latent_pad/early.mjs";

/** As much of a page as the early pad touches. */
class FakeElement extends EventTarget {
  dataset = { frames: "0" };
  style = {};
  toggleAttribute() {}
  attachShadow() {
    return Object.assign(new FakeElement(), { querySelector: () => this.root, activeElement: null });
  }
  append() {}
  replaceWith() {}
  remove() {}
}

let root;
let window;

beforeEach(() => {
  root = new FakeElement();
  window = Object.assign(new EventTarget(), { location: { pathname: "/" }, localStorage: { getItem: () => "Light" } });
  const host = Object.assign(new FakeElement(), { root });
  globalThis.window = window;
  globalThis.getComputedStyle = () => ({ backgroundColor: "white" });
  globalThis.document = {
    createElement: () => host,
    getElementById: () => ({ content: { cloneNode: () => null } }),
    querySelector: () => null,
    body: new FakeElement(),
    documentElement: new FakeElement(),
  };
});

/** What a press on the root and the letting go lead to: errors of listeners, which a browser reports as uncaught. */
function press() {
  const failures = [];
  const note = (error) => failures.push(error.message);
  process.once("uncaughtException", note);
  root.dispatchEvent(new Event("pointerdown"));
  window.dispatchEvent(new Event("pointerup"));
  return new Promise((resolve) => setTimeout(() => {
    process.removeListener("uncaughtException", note);
    resolve(failures);
  }, 5));
}

test("a press on the pad that has moved into Streamlit's page is nobody's business here", async () => {
  const place = new FakeElement();
  assert.equal(showEarly({ signature: "s" }), root);
  assert.deepEqual(await press(), []);
  assert.equal(takeEarly(place, { signature: "s" }), root);
  assert.ok(!hasEarly());
  assert.deepEqual(await press(), []);
});

test("what waits for the hand to let go happens then, once", async () => {
  showEarly({ signature: "s" });
  let times = 0;
  root.dispatchEvent(new Event("pointerdown"));
  whenReleased(() => times++);
  assert.equal(times, 0);
  window.dispatchEvent(new Event("pointerup"));
  await new Promise((resolve) => setTimeout(resolve, 5));
  window.dispatchEvent(new Event("pointerup"));
  await new Promise((resolve) => setTimeout(resolve, 5));
  assert.equal(times, 1);
  takeEarly(new FakeElement(), { signature: "another" });
});
