// A grid of faces: each is a button that shows its part of one picture. See message.py for what it is given.

import { find, make } from "../page/elements.mjs";

/** @import { Component } from "../page/component.d.ts" */
/** @import { GridMessage } from "./message.d.ts" */

/**
 * Where face `i` lies on the sheet, as a CSS background-position.
 *
 * @param {number} i
 * @param {number} columns
 * @param {number} rows
 */
export function place(i, columns, rows) {
  const share = (/** @type {number} */ at, /** @type {number} */ count) => (count > 1 ? (100 * at) / (count - 1) : 0);
  return `${share(i % columns, columns)}% ${share(Math.floor(i / columns), rows)}%`;
}

/**
 * The face that an arrow key leads to; the same one at the edge.
 *
 * @param {number} i
 * @param {string} key
 * @param {number} columns
 * @param {number} count
 */
export function step(i, key, columns, count) {
  /** @type {Record<string, number>} */
  const ways = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns };
  const to = i + (ways[key] ?? 0);
  return to >= 0 && to < count ? to : i;
}

/** @param {Component<GridMessage>} component */
export function render({ data, parentElement, setTriggerValue }) {
  const root = find(parentElement, ".face-grid");
  const { sheet, columns, names, label, chosen } = data;
  root.setAttribute("aria-label", label);
  root.style.setProperty("--columns", String(columns));
  if (root.childElementCount !== names.length) {
    root.replaceChildren(...names.map(() => make("button", "", { type: "button" })));
  }
  const rows = Math.ceil(names.length / columns);
  const buttons = root.querySelectorAll("button");
  for (const [i, button] of buttons.entries()) {
    button.title = names[i];
    button.setAttribute("aria-label", names[i]);
    button.setAttribute("aria-pressed", String(i === chosen));
    button.tabIndex = i === (chosen ?? 0) ? 0 : -1; // one stop for the Tab key; arrows go on from there
    Object.assign(button.style, {
      backgroundImage: `url("${sheet}")`,
      backgroundSize: `${columns * 100}% ${rows * 100}%`,
      backgroundPosition: place(i, columns, rows),
    });
    button.onclick = () => setTriggerValue("clicked", i);
    button.onkeydown = (event) => {
      const to = step(i, event.key, columns, names.length);
      if (to === i) return;
      event.preventDefault();
      buttons[to].focus();
    };
  }
  root.dataset.sheet = String(sheet.length);
  root.dataset.drawn = String(Math.round(performance.timeOrigin + performance.now()));
}

export function unmount() {}
