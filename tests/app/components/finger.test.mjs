import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { heedFinger, isSideways, slide } from "../../../app/components/page/finger.mjs";

/** A range input from 0 to 100 on a track of 100 pixels, without a page. */
class FakeSlider extends EventTarget {
  min = "0";
  max = "100";
  value = "50";
  clientWidth = 118;
  get valueAsNumber() {
    return Number(this.value);
  }
  /** What the browser itself does under a finger: the knob jumps there. */
  jump(value) {
    this.value = value;
    this.dispatchEvent(new Event("input"));
  }
  point(type, clientX, clientY, pointerType = "touch") {
    this.dispatchEvent(Object.assign(new Event(type), { pointerId: 1, pointerType, clientX, clientY }));
  }
}

let slider;
let heard;

beforeEach(() => {
  slider = new FakeSlider();
  heard = [];
  heedFinger(slider);
  for (const type of ["input", "change"]) slider.addEventListener(type, () => heard.push([type, slider.value]));
});

test("a swipe that goes down leaves the slider where it is, and nobody hears of it", async () => {
  slider.point("pointerdown", 20, 0);
  slider.jump("5");
  slider.point("pointermove", 24, 40);
  slider.point("pointercancel", 24, 40);
  slider.dispatchEvent(new Event("change"));
  assert.deepEqual([slider.value, heard], ["50", []]);
});

test("a finger that moves sideways moves the knob from where it stands", async () => {
  slider.point("pointerdown", 20, 0);
  slider.jump("5");
  slider.point("pointermove", 22, 0);
  slider.point("pointermove", 40, 3);
  slider.jump("24");
  slider.point("pointerup", 40, 3);
  slider.dispatchEvent(new Event("change")); // the browser's own
  assert.deepEqual([slider.value, heard], ["70", [["input", "70"], ["change", "70"]]]);
});

test("a mouse is the browser's business, also after a finger", async () => {
  slider.point("pointerdown", 20, 0);
  slider.point("pointerup", 20, 0);
  await new Promise((resolve) => setTimeout(resolve, 5));
  slider.point("pointerdown", 20, 0, "mouse");
  slider.jump("5");
  assert.deepEqual(heard, [["input", "5"]]);
});

test("sideways means far enough, and farther across than down", () => {
  assert.deepEqual([[3, 0], [-8, 2], [8, 9], [0, 30]].map(([x, y]) => isSideways(x, y)), [false, true, false, false]);
  assert.equal(slide(0, 500, 118, { low: -3, high: 3 }), 3);
});
