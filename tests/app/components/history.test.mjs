import assert from "node:assert/strict";
import { test } from "node:test";

import { onePerDoing } from "../../../app/components/page/history.mjs";

// A window whose history is a list of addresses.
function view() {
  const heard = {};
  const entries = ["http://here/"];
  const location = { get href() { return entries.at(-1); }, get pathname() { return new URL(entries.at(-1)).pathname; } };
  const full = (url) => new URL(url, entries.at(-1)).href;
  return {
    entries, location,
    history: {
      pushState: (_state, _unused, url) => entries.push(full(url)),
      replaceState: (_state, _unused, url) => (entries[entries.length - 1] = full(url)),
    },
    addEventListener: (name, hear) => (heard[name] = hear),
    removeEventListener: (name) => delete heard[name],
    does: (name) => heard[name]?.(),
    heard,
  };
}

test("a page that writes its address as it opens makes no entry of its own", () => {
  const window = view();
  onePerDoing(window);
  window.history.pushState({}, "", "/?model=ae");
  assert.deepEqual(window.entries, ["http://here/?model=ae"]);
  window.does("pointerdown");
  for (const url of ["/lesson", "/lesson?chapter=onward", "/lesson?chapter=onward&face=1"]) {
    window.history.pushState({}, "", url);
  }
  assert.deepEqual(window.entries, ["http://here/?model=ae", "http://here/lesson?chapter=onward&face=1"]);
});

test("what the visitor does on a page makes one entry each time", () => {
  const window = view();
  onePerDoing(window);
  for (const [doing, url] of [["pointerdown", "/?w=1"], ["keydown", "/?w=2"], ["input", "/?w=3"]]) {
    window.does(doing);
    window.history.pushState({}, "", url);
    window.history.pushState({}, "", `${url}&more=1`);
  }
  assert.deepEqual(window.entries.slice(1), [1, 2, 3].map((w) => `http://here/?w=${w}&more=1`));
});

test("a page that is gone back to writes its address in its place", () => {
  const window = view();
  onePerDoing(window);
  window.does("keydown"); // Alt and the arrow
  window.does("popstate");
  window.history.pushState({}, "", "/?model=ae");
  assert.equal(window.entries.length, 1);
});

test("it leaves the window as it was", () => {
  const window = view();
  const before = window.history.pushState;
  onePerDoing(window)();
  assert.equal(window.history.pushState, before);
  assert.deepEqual(Object.keys(window.heard), []);
});
