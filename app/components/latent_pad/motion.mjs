// Sliders that move by themselves: the Play button of a way between faces, and the greeting of a first visit.

import { find } from "../page/elements.mjs";
import { _ } from "../page/texts.mjs";

const PLAY_MS = 5000;

/**
 * Call `frame` with the share of the time that has passed, 0 to 1, at each frame of the screen until it is 1.
 *
 * @param {number} ms
 * @param {(share: number) => void} frame
 * @param {() => void} done
 * @returns {() => void} stops it; `done` is then not called
 */
export function glide(ms, frame, done) {
  let id = 0;
  /** @type {number|null} */
  let began = null;
  const step = (/** @type {number} */ now) => {
    began ??= now;
    const share = Math.min(1, (now - began) / ms);
    if (share < 1) id = requestAnimationFrame(step);
    frame(share);
    if (share === 1) done();
  };
  id = requestAnimationFrame(step);
  return () => cancelAnimationFrame(id);
}

export class Play {
  #button;
  #on;
  /** @type {(() => void)|null} */
  #halt = null;

  /**
   * @param {HTMLElement} root of the pad; a hand on anything else in it stops the motion
   * @param {{place: () => number, show: (place: number) => void, end: () => void}} on where the slider is, 0 to 1; what
   *   puts it elsewhere; what happens when it stands still again
   */
  constructor(root, on) {
    this.#button = /** @type {HTMLButtonElement} */ (find(root, ".play"));
    this.#on = on;
    this.#button.addEventListener("click", () => (this.#halt ? this.stop() : this.#start()));
    for (const touch of ["pointerdown", "keydown"]) {
      root.addEventListener(touch, ({ target }) => target !== this.#button && this.stop(), { capture: true });
    }
  }

  /** @param {boolean} offered whether there is a way to play */
  offer(offered) {
    this.#button.hidden = !offered;
  }

  #start() {
    const from = this.#on.place() < 1 ? this.#on.place() : 0;
    const rest = 1 - from;
    this.#halt = glide(PLAY_MS * rest, (share) => this.#on.show(from + share * rest), () => this.stop());
    this.#button.textContent = _("Stop");
  }

  /** Stand still, if it moves. */
  stop() {
    if (!this.#halt) return;
    this.#halt();
    this.#halt = null;
    this.#button.textContent = _("Play");
    this.#on.end();
  }
}

const GREETED = "facespace-greeted";
const GREETING_MS = 3200;
const SWING = 1.2; // weights to either side
const TOO_SLOW_MS = 100;
const TOUCHES = ["pointerdown", "keydown", "wheel", "touchstart"];

/**
 * The weight of the greeting's slider: up, down and back.
 *
 * @param {number} share of the time, 0 to 1
 */
export const swing = (share) => (share < 1 ? SWING * Math.sin(2 * Math.PI * share) : 0);

/** The face moves once by itself, on somebody's first visit, so that it is seen that it can; nothing is kept of it. */
export class Greeting {
  #root;
  #on;
  /** @type {(() => void)|null} */
  #halt = null;

  /**
   * @param {HTMLElement} root of the pad
   * @param {{show: (weight: number) => void, end: () => void}} on what shows a weight, and what shows the state again
   */
  constructor(root, on) {
    this.#root = root;
    this.#on = on;
  }

  /** Move, unless this browser has been greeted, asks for less motion, or is too slow. */
  begin() {
    const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches || document.hidden;
    if (this.#halt || still || Number(this.#root.dataset.decodeMs) > TOO_SLOW_MS || !isFirstVisit()) return;
    const over = new AbortController();
    for (const touch of TOUCHES) {
      window.addEventListener(touch, () => this.stop(), { capture: true, passive: true, signal: over.signal });
    }
    const halt = glide(GREETING_MS, (share) => this.#on.show(swing(share)), () => this.stop());
    this.#root.dataset.greeting = "moving";
    this.#halt = () => {
      over.abort();
      halt();
    };
  }

  /** Show the state again, if it moves. */
  stop() {
    if (!this.#halt) return;
    this.#halt();
    this.#halt = null;
    this.#root.dataset.greeting = "over";
    this.#on.end();
  }
}

/** Whether this browser has not been greeted; from now on it has. One that keeps nothing is never greeted. */
function isFirstVisit() {
  try {
    const first = localStorage.getItem(GREETED) === null;
    localStorage.setItem(GREETED, "yes");
    return first;
  } catch {
    return false;
  }
}
