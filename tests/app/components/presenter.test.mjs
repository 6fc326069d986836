import assert from "node:assert/strict";
import { test } from "node:test";

import { words } from "../../../app/components/page/presented.mjs";
import { asksForLayout, fitting } from "../../../app/components/presenter/layouts.mjs";
import { after, notesAddress, rule, wish } from "../../../app/components/presenter/presenter.mjs";

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
  const words = (over) => (layout) => ({ over: ["beside", "wide"].includes(layout.columns) ? Infinity : over(layout), figures: 0 });
  assert.deepEqual(fitting(words(() => 0)), { size: 1.6, columns: "1" });
  assert.deepEqual(fitting(words(({ size }) => 1000 * size - 1020)), { size: 1, columns: "1" });
  assert.deepEqual(fitting(words(({ size, columns }) => (1600 * size) / Number(columns) - 780)), { size: 0.93, columns: "2" });
  assert.deepEqual(fitting(words(() => 1)), { size: 0.62, columns: "2" });
});

test("a slide's figure stands beside its words where it is so much larger that smaller letters are worth it", () => {
  const looks = (beside) => ({ size, columns }) => ({
    over: columns === "wide" ? 1 : columns === "beside" && size <= 0.86 ? 0 : 1000 * size - 1010,
    figures: columns === "beside" ? beside : 100_000,
  });
  assert.deepEqual(fitting(looks(200_000)), { size: 1, columns: "beside" }); // which is whole there, too
  assert.deepEqual(fitting(looks(110_000)), { size: 1, columns: "beside" });
  assert.deepEqual(fitting(looks(90_000)), { size: 1, columns: "1" });
  const high = ({ size, columns }) => ({ over: columns === "beside" && size <= 0.86 ? 0 : 1, figures: 100_000 });
  assert.deepEqual(fitting(high), { size: 0.86, columns: "beside" });
  const wider = ({ columns }) => ({ over: 0, figures: columns === "wide" ? 200_000 : 100_000 });
  assert.deepEqual(fitting(wider), { size: 1.6, columns: "wide" }); // the figure with most of the width
});

test("a slide is laid out anew for what it has no room for, or a figure that has come, not for a few pixels of a live run", () => {
  const before = { high: 600, over: 0 };
  assert.equal(asksForLayout(before, { high: 606, over: 0 }, 900), false);
  assert.equal(asksForLayout(before, { high: 606, over: 2 }, 900), true);
  assert.equal(asksForLayout(before, { high: 400, over: 0 }, 900), true);
  assert.equal(asksForLayout({ high: 900, over: 5 }, { high: 900, over: 5 }, 900), false, "the smallest layout is too high, too");
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
  assert.match(text, /:not\(\.st-key-lesson_step_prior_2\) \*\) \{ visibility: hidden !important; \}$/); // and what is in them
});

test("a second window is led to the notes of the chapter, and keeps the teacher's plan", () => {
  assert.equal(notesAddress("?chapter=prior&face=3", "dataset"), "?chapter=dataset&notes=1");
  assert.equal(notesAddress("?plan=20", "dataset"), "?chapter=dataset&notes=1&plan=20");
  assert.equal(words({ chapter: "prior", step: 2, count: 5 }), "On the projector: step 3 of 5 of this chapter.");
});
