// Something that waits until the hand has rested for a while, or until it can wait no longer.

export class Pause {
  #act;
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  #timer;

  /** @param {() => void} act what is done at the end */
  constructor(act) {
    this.#act = act;
  }

  /**
   * Wait anew, or no more.
   *
   * @param {number} milliseconds 0 for not at all: then whoever asks acts at once
   * @returns {boolean} whether to wait
   */
  begin(milliseconds) {
    clearTimeout(this.#timer);
    this.#timer = milliseconds ? setTimeout(() => this.end(), milliseconds) : undefined;
    return milliseconds > 0;
  }

  /** Act now, if it was still to be done. */
  end() {
    if (this.#timer === undefined) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#act();
  }
}
