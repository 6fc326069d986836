// The picture of the pad: points in, frames out. One decode is in flight; meanwhile newer points replace each other.

import { publish } from "../runtime/bus.mjs";
import { hasEarly } from "./early.mjs";
import { withText } from "./png.mjs";

const PNG_SIDE = 512;

export class Face {
  #root;
  #canvas;
  #readout;
  #decoder = null;
  #waiting = null; // the newest point that is not painted yet
  #busy = false;
  #picture = null; // the address of the server's latest picture
  #onFailure;

  constructor(root, onFailure) {
    this.#root = root;
    this.#canvas = root.querySelector("canvas");
    this.#readout = root.querySelector(".readout");
    this.#onFailure = onFailure;
  }

  /** Whether this browser decodes. */
  get live() {
    return this.#decoder !== null;
  }

  /** The decoder to use from now on, or null to wait for pictures of the server. */
  set decoder(decoder) {
    this.#decoder = decoder;
  }

  /** Show a point as soon as the decoder is free. `at` is when the hand asked for it. */
  async show(z, at = performance.now()) {
    this.#waiting = { z, at };
    if (this.#busy || !this.#decoder) return;
    this.#busy = true;
    while (this.#waiting && this.#decoder) {
      const next = this.#waiting;
      this.#waiting = null;
      try {
        this.#paint(await this.#decoder.decode(next.z), next.at);
      } catch (error) {
        console.error(error);
        this.#decoder = null;
        this.#onFailure("The decoder stopped working in this browser.");
      }
    }
    this.#busy = false;
  }

  #paint({ rgba, size, ms }, at) {
    if (this.#canvas.width !== size) this.#canvas.width = this.#canvas.height = size;
    this.#canvas.getContext("2d").putImageData(new ImageData(rgba, size, size), 0, 0);
    Object.assign(this.#root.dataset, {
      state: "ready",
      source: "browser",
      frames: Number(this.#root.dataset.frames) + 1,
      decodeMs: ms.toFixed(2),
      inputToPaintMs: (performance.now() - at).toFixed(2),
    });
    this.#readout.textContent = `Decoded in this browser in ${ms.toFixed(1)} ms`;
    // The map waits for it, and must not hold up an early pad's way to its place either.
    if (this.#root.dataset.frames === "1" && !hasEarly()) publish("first face", true);
  }

  /** Show a picture that the server decoded, unless this browser decodes. */
  async showFromServer(address) {
    this.#picture = address;
    const image = new Image();
    image.src = address;
    await image.decode().catch(() => {});
    if (this.#decoder || this.#picture !== address) return;
    this.#canvas.width = this.#canvas.height = image.naturalWidth;
    this.#canvas.getContext("2d").drawImage(image, 0, 0);
    this.#root.dataset.source = "server";
    this.#readout.textContent = "Decoded on the server";
  }

  /** Hand the picture to the person as a PNG, enlarged smoothly, that says where it came from. */
  async save(name, provenance) {
    const large = document.createElement("canvas");
    large.width = large.height = PNG_SIDE;
    const context = large.getContext("2d");
    context.imageSmoothingQuality = "high";
    context.drawImage(this.#canvas, 0, 0, PNG_SIDE, PNG_SIDE);
    const blob = await new Promise((resolve) => large.toBlob(resolve, "image/png"));
    const png = withText(new Uint8Array(await blob.arrayBuffer()), "facespace", JSON.stringify(provenance));
    const link = document.createElement("a");
    link.download = `${name}.png`;
    link.href = URL.createObjectURL(new Blob([png], { type: "image/png" }));
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  }
}
