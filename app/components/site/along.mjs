// The box that says which slider's direction colours the map.

import { loadBanks } from "../latent_pad/load.mjs";
import { find } from "../page/elements.mjs";
import { _ } from "../page/texts.mjs";
import { directionColouring } from "./direction_colours.mjs";

/** @import { ValuesMessage } from "../atlas_map/message.d.ts" */
/** @import { PadMessage } from "../latent_pad/message.d.ts" */

const OF_A_POINT = ["morphs", "noise"]; // banks whose directions are another point's elsewhere

export class Along {
  #message;
  #label = find(document, "#which");
  #box = find(this.#label, "select");
  /** @type {Map<string, ValuesMessage>} by the direction's name */
  #made = new Map();

  /**
   * @param {PadMessage} message of the first point
   * @param {() => void} onChange
   */
  constructor(message, onChange) {
    this.#message = message;
    const names = message.banks.filter(({ key }) => !OF_A_POINT.includes(key)).flatMap(({ directions }) => directions.map(({ name }) => name));
    this.#box.append(...names.map((name) => new Option(name)));
    this.#box.addEventListener("change", onChange);
  }

  /** @param {boolean} wanted */
  show(wanted) {
    this.#label.hidden = !wanted;
  }

  /**
   * The colouring of the direction that is chosen.
   *
   * @param {Float32Array} mu [M, D], the encoded faces
   */
  async colouring(mu) {
    const name = this.#box.value;
    const banks = await loadBanks(this.#message);
    const direction = banks.flatMap(({ directions }) => directions).find((one) => one.name === name);
    if (!direction) throw new Error(_("There is no direction to colour the map by."));
    const colouring = this.#made.get(name) ?? directionColouring(name, mu, direction.vector);
    this.#made.set(name, colouring);
    return colouring;
  }
}
