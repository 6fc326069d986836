// A slider that moves by itself: the Play button of a way between faces.

import { find } from "../page/elements.mjs";

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
    this.#button.textContent = "Stop";
  }

  /** Stand still, if it moves. */
  stop() {
    if (!this.#halt) return;
    this.#halt();
    this.#halt = null;
    this.#button.textContent = "Play";
    this.#on.end();
  }
}
