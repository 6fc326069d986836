// Elements of the page, found and made in one line each.

import { _ } from "./texts.mjs";

/**
 * The first element below `root` that a selector names. Our own HTML has it, so its absence is a fault of ours.
 *
 * @type {{
 *   <K extends keyof HTMLElementTagNameMap>(root: ParentNode, selector: K): HTMLElementTagNameMap[K],
 *   (root: ParentNode, selector: string): HTMLElement,
 * }}
 */
export const find = (/** @type {ParentNode} */ root, /** @type {string} */ selector) => {
  const found = root.querySelector(selector);
  if (!found) throw new Error(`There is no ${selector} in this part of the page.`);
  return /** @type {any} */ (found);
};

/**
 * A new element with its class and properties.
 *
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {string} [className]
 * @param {Partial<HTMLElementTagNameMap[K]>} [properties]
 * @returns {HTMLElementTagNameMap[K]}
 */
export function make(tag, className = "", properties = {}) {
  return Object.assign(document.createElement(tag), { className, ...properties });
}

/**
 * What draws on a canvas.
 *
 * @param {HTMLCanvasElement} canvas
 */
export function contextOf(canvas) {
  const context = canvas.getContext("2d");
  if (!context) throw new Error(_("This browser has no canvas to draw on."));
  return context;
}
