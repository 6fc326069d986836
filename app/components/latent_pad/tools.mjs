// The buttons under the face: undo, redo, reset, the face before, save; and their keys.

import { find } from "../page/elements.mjs";
import { sameState } from "./memory.mjs";

/** @import { History, State } from "./types.d.ts" */
/** @typedef {"undo"|"redo"|"reset"|"before"|"save"} Tool */

export class Tools {
  #root;
  #on;

  /**
   * @param {HTMLElement} root of the pad
   * @param {{step: (tool: "undo"|"redo"|"reset") => void, before: (down: boolean) => void, save: () => void}} on
   */
  constructor(root, on) {
    this.#root = root;
    this.#on = on;
    for (const tool of /** @type {const} */ (["undo", "redo", "reset"])) {
      this.#button(tool).addEventListener("click", () => on.step(tool));
    }
    this.#button("save").addEventListener("click", () => on.save());
    this.#hold(this.#button("before"));
    root.addEventListener("keydown", (event) => this.#shortcut(event));
  }

  /**
   * What can be pressed.
   *
   * @param {History} history
   * @param {State} state that is on screen
   * @param {{live: boolean, back: boolean, forward: boolean}} can whether this browser decodes; whether there is a point
   *   before, and one behind
   */
  mark({ past, future, now }, state, { live, back, forward }) {
    const dirty = !sameState(state, now);
    const moved = Object.keys(state.weights).length > 0;
    const undo = past.length > 0 || dirty || back;
    const can = { undo, redo: !dirty && (future.length > 0 || (forward && !past.length)), reset: moved, before: moved && live };
    for (const [tool, able] of Object.entries(can)) this.#button(/** @type {Tool} */ (tool)).disabled = !able;
  }

  /** @param {Tool} tool */
  #button(tool) {
    return /** @type {HTMLButtonElement} */ (find(this.#root, `[data-do="${tool}"]`));
  }

  /** @param {HTMLButtonElement} button shows the face before while it is held */
  #hold(button) {
    const hold = (/** @type {boolean} */ down) => {
      if ((button.dataset.held === "true") === down) return;
      button.dataset.held = String(down);
      this.#on.before(down);
    };
    button.addEventListener("pointerdown", () => hold(true));
    for (const end of ["pointerup", "pointercancel", "pointerleave", "blur", "keyup"]) {
      button.addEventListener(end, () => hold(false));
    }
    button.addEventListener("keydown", ({ key, repeat }) => {
      if (!repeat && (key === " " || key === "Enter")) hold(true);
    });
  }

  /** @param {KeyboardEvent} event */
  #shortcut(event) {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.defaultPrevented) return;
    const key = event.key.toLowerCase();
    const tool = key === "y" || (key === "z" && event.shiftKey) ? "redo" : key === "z" ? "undo" : null;
    if (!tool) return;
    event.preventDefault();
    if (!this.#button(tool).disabled) this.#on.step(tool);
  }
}
