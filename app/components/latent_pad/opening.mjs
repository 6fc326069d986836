// Opening the pad's decoder, and what the pad says where it cannot decode.

import { openDecoder } from "../decoding/decoder.mjs";
import { find } from "../page/elements.mjs";
import { _ } from "../page/texts.mjs";

/** @import { Decoder } from "../decoding/decoder.mjs" */

export class Opening {
  #root;
  #tell;
  #server;

  /**
   * @param {HTMLElement} root of the pad
   * @param {boolean} server whether one draws the face where this browser cannot
   * @param {(failed: boolean) => void} tell Python, which then decodes
   */
  constructor(root, server, tell) {
    this.#root = root;
    this.#server = server;
    this.#tell = tell;
  }

  /**
   * The decoder, or null after saying why there is none.
   *
   * @param {string|null} url
   * @returns {Promise<Decoder|null>}
   */
  async open(url) {
    try {
      if (!url) throw new Error(_("The decoder is not available to this browser."));
      const decoder = await openDecoder(url);
      find(this.#root, ".trouble").hidden = true;
      if (this.#root.dataset.state === "failed") this.#tell(false);
      return decoder;
    } catch (error) {
      this.noDecoder(/** @type {Error} */ (error).message);
      return null;
    }
  }

  /**
   * Sliders work without a decoder too: the server then decodes on release.
   *
   * @param {string} sentence
   */
  noDecoder(sentence) {
    if (!this.#server) return this.fail(sentence);
    const problem = sentence.replace(/\.$/, "");
    this.fail(_("{problem}, so the server draws the face each time you let go of a slider.", { problem }));
    this.#tell(true);
  }

  /** @param {unknown} error which a page that is loaded again may not have */
  lost(error) {
    this.fail(`${/** @type {Error} */ (error).message} ${_("Load the page again.")}`);
  }

  /** @param {string} sentence */
  fail(sentence) {
    const trouble = find(this.#root, ".trouble");
    Object.assign(trouble, { textContent: sentence, hidden: false });
    this.#root.dataset.state = "failed";
    find(this.#root, ".readout").textContent = "";
  }
}
