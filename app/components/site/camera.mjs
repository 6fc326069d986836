// The camera, where the browser gives it: on https and on the visitor's own machine.

import { contextOf, find, make } from "../page/elements.mjs";
import { _ } from "../page/texts.mjs";
import { notice, said } from "./page.mjs";

export class Camera {
  #start = /** @type {HTMLButtonElement} */ (find(document, "#camera"));
  #shoot = find(document, "#shoot");
  #video = find(document, "video");
  #onPicture;
  /** @type {MediaStream|null} */
  #stream = null;

  /** @param {(picture: Blob) => void} onPicture */
  constructor(onPicture) {
    this.#onPicture = onPicture;
    const allowed = Boolean(navigator.mediaDevices);
    this.#start.disabled = !allowed;
    if (!allowed) find(document, "#no-camera").textContent = _("The camera is off: over plain http browsers keep it from pages. On a phone, the file box can take a photo.");
    this.#start.addEventListener("click", () => (this.#stream ? this.#stop() : said(this.#open())));
    this.#shoot.addEventListener("click", () => said(this.#take()));
  }

  async #open() {
    try {
      this.#stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "user" } });
    } catch {
      notice(_("The browser does not give the camera. Allow it in the address bar, or choose a file."));
      return;
    }
    this.#video.srcObject = this.#stream;
    this.#seen(true);
    await this.#video.play();
  }

  async #take() {
    const { videoWidth: width, videoHeight: height } = this.#video;
    const canvas = make("canvas", "", { width, height });
    contextOf(canvas).drawImage(this.#video, 0, 0);
    /** @type {Blob|null} */
    const picture = await new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
    this.#stop();
    if (picture) this.#onPicture(picture);
  }

  #stop() {
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    this.#stream = null;
    this.#video.srcObject = null;
    this.#seen(false);
  }

  /** @param {boolean} on */
  #seen(on) {
    this.#video.hidden = !on;
    this.#shoot.hidden = !on;
  }
}
