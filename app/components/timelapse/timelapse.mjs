// Training as a time-lapse: one picture an epoch under a slider. See message.py for what it is given.

import { find, make } from "../page/elements.mjs";
import { heedFinger } from "../page/finger.mjs";
import { fileName, inRows } from "../page/pictures.mjs";
import { savePng } from "../page/save.mjs";
import { _, translate } from "../page/texts.mjs";

/** @import { Component } from "../page/component.d.ts" */
/** @import { FilmMessage } from "./message.d.ts" */

const BEAT = 450; // milliseconds an epoch while it plays
/** @type {WeakMap<HTMLElement, ReturnType<typeof setInterval>>} of those that play */
const timers = new WeakMap();

/**
 * The frame after this one, or null at the end.
 *
 * @param {number} at
 * @param {number} count
 */
export function following(at, count) {
  return at + 1 < count ? at + 1 : null;
}

/**
 * A place that exists, whatever is asked for.
 *
 * @param {unknown} at
 * @param {number} count
 */
export function within(at, count) {
  return Math.min(Math.max(Math.round(Number(at)) || 0, 0), count - 1);
}

/** @param {Component<FilmMessage>} component */
export function render({ data, parentElement }) {
  const root = find(parentElement, ".timelapse");
  const { frames, width, height, label } = data;
  const [slider, button, words] = [find(root, "input"), find(root, "button"), find(root, "output")];
  const view = find(root, ".view");
  if (!root.dataset.name) {
    translate(root);
    heedFinger(slider);
    button.textContent = _("Play");
  }
  const name = frames.map(({ src }) => src).join(" ");
  const same = root.dataset.name === name;
  if (!same) {
    stop(root, button);
    root.dataset.name = name;
    view.style.aspectRatio = `${width} / ${height}`;
    // All of them at once: a picture that waits behind the others is there when the hand asks for it.
    view.replaceChildren(...frames.map(({ src }) => make("img", "", { src, alt: "" })));
    slider.max = String(frames.length - 1);
    slider.setAttribute("aria-label", label);
  }

  const show = (/** @type {unknown} */ wanted) => {
    const at = within(wanted, frames.length);
    for (const [i, image] of [...view.children].entries()) image.classList.toggle("shown", i === at);
    view.setAttribute("aria-label", `${label}: ${frames[at].words}`);
    slider.value = String(at);
    slider.setAttribute("aria-valuetext", frames[at].words);
    words.textContent = frames[at].words;
    root.dataset.at = String(at);
  };
  slider.oninput = () => {
    stop(root, button);
    show(slider.value);
  };
  find(root, ".save").onclick = async () => {
    const at = within(slider.value, frames.length);
    const image = /** @type {HTMLImageElement} */ (view.children[at]);
    await image.decode();
    const sheet = inRows([image], [[image.naturalWidth, image.naturalHeight]], 1);
    savePng(sheet, fileName(location, frames[at].words), { page: location.href, pictures: [frames[at].words] }, sheet.width);
  };
  button.onclick = () => {
    if (timers.has(root)) return stop(root, button);
    if (following(within(slider.value, frames.length), frames.length) === null) show(0);
    button.textContent = _("Pause");
    timers.set(root, setInterval(() => {
      const next = following(within(slider.value, frames.length), frames.length);
      if (next === null) return stop(root, button);
      show(next);
    }, BEAT));
  };
  show(same ? slider.value : frames.length - 1);
}

/**
 * @param {HTMLElement} root
 * @param {HTMLButtonElement} button
 */
function stop(root, button) {
  clearInterval(timers.get(root));
  timers.delete(root);
  button.textContent = _("Play");
}

/** @param {ParentNode} parentElement */
export function unmount(parentElement) {
  const root = /** @type {HTMLElement|null} */ (parentElement.querySelector(".timelapse"));
  if (root) stop(root, find(root, "button"));
}
