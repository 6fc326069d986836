import assert from "node:assert/strict";
import { test } from "node:test";

import { words } from "../../../app/components/page/presented.mjs";
import { after, fitting, notesAddress, rule, wish } from "../../../app/components/presenter/presenter.mjs";

const press = (key, more = {}) => ({ key, repeat: false, defaultPrevented: false, ...more });
const nothing = () => false;
const within = (...roles) => (selector) => roles.some((role) => selector.includes(role));

test("arrow keys and a remote's keys go on and back, Escape leaves", () => {
  assert.equal(wish(press("ArrowRight"), nothing, false), "next");
  assert.equal(wish(press("PageDown"), nothing, false), "next");
  assert.equal(wish(press("ArrowLeft"), nothing, false), "back");
  assert.equal(wish(press("PageUp"), nothing, false), "back");
  assert.equal(wish(press("Escape"), nothing, false), "leave");
  assert.equal(wish(press("ArrowDown"), nothing, false), null); // scrolls
});

test("a slide is drawn as large as it is whole, and a very high one at the smallest size", () => {
  assert.deepEqual(fitting(() => 0), { size: 1, columns: 1 });
  assert.deepEqual(fitting(({ size }) => 1000 * size - 850), { size: 0.8, columns: 1 });
  assert.deepEqual(fitting(({ size, columns }) => (1600 * size) / columns - 780), { size: 0.93, columns: 2 });
  assert.deepEqual(fitting(() => 1), { size: 0.62, columns: 2 });
});

test("a focused slider keeps its arrows but not a remote's keys; Escape gives the arrows back", () => {
  const slider = within("[role=slider]");
  assert.equal(wish(press("ArrowRight"), slider, false), null);
  assert.equal(wish(press("PageDown"), slider, false), "next");
  assert.equal(wish(press("Escape"), slider, false), "release");
  const text = within("textarea");
  assert.equal(wish(press("ArrowLeft"), text, false), null);
  assert.equal(wish(press("PageUp"), text, false), null);
});

test("keys that mean something else are left alone", () => {
  assert.equal(wish(press("ArrowRight", { altKey: true }), nothing, false), null);
  assert.equal(wish(press("ArrowRight", { repeat: true }), nothing, false), null);
  assert.equal(wish(press("ArrowRight", { defaultPrevented: true }), nothing, false), null);
  assert.equal(wish(press("Escape"), nothing, true), null); // a dialog lies over the page
});

test("the ends of a chapter lead out of it", () => {
  assert.equal(after("next", 0, 3), 1);
  assert.equal(after("next", 2, 3), "next");
  assert.equal(after("back", 2, 3), 1);
  assert.equal(after("back", 0, 3), "back");
});

test("the rule spares the shown step alone", () => {
  const text = rule("st-key-lesson_step_", "st-key-lesson_step_prior_2");
  assert.match(text, /^\[class\*="st-key-lesson_step_"\]:not\(\.st-key-lesson_step_prior_2\) \{/);
});

test("a second window is led to the notes of the chapter, and keeps the teacher's plan", () => {
  assert.equal(notesAddress("?chapter=prior&face=3", "dataset"), "?chapter=dataset&notes=1");
  assert.equal(notesAddress("?plan=20", "dataset"), "?chapter=dataset&notes=1&plan=20");
  assert.equal(words({ chapter: "prior", step: 2, count: 5 }), "On the projector: step 3 of 5 of this chapter.");
});
