// The latent pad's way in. `render` is called at every data change of the page; the pad builds once and then only takes
// over what is new. See message.py for what it is given.

import { openDecoder } from "../decoding/decoder.mjs";
import { find } from "../page/elements.mjs";
import { translate } from "../page/texts.mjs";
import { publish } from "../page/topics.mjs";
import { dropEarly, hasEarly, showEarly, takeEarly, whenReleased } from "./early.mjs";
import { loadBanks, loadGauge } from "./load.mjs";
import { Pad } from "./pad.mjs";

/** @import { Component } from "../page/component.d.ts" */
/** @import { PadAhead, PadMessage } from "./message.d.ts" */
/** @import { Given } from "./types.d.ts" */

/** @type {WeakMap<Element, Pad>} by root element */
const pads = new WeakMap();

/**
 * Draw, or take over new data.
 *
 * @param {Component<PadMessage|PadAhead>} component
 */
export function render({ data, parentElement, setStateValue }) {
  if ("ahead" in data) {
    fetchAhead(data);
    return;
  }
  const place = () => find(parentElement, ".pad");
  if (pads.has(place()) || !hasEarly()) {
    draw(place(), { data, setStateValue });
    return;
  }
  whenReleased(() => parentElement.isConnected && draw(takeEarly(place(), data), { data, setStateValue }));
}

/**
 * There is no point yet, and the pad is hidden: fetch what the first one will need. Its update reports what fails.
 *
 * @param {PadAhead} data
 */
function fetchAhead(data) {
  Promise.allSettled([data.decoderUrl && openDecoder(data.decoderUrl), loadBanks(data), loadGauge(data)]);
}

/**
 * Draw before Streamlit asks for it; what the decoder cannot do here is left to Streamlit's page.
 *
 * @param {PadMessage} data
 */
export async function renderEarly(data) {
  const root = showEarly(data);
  await draw(root, { data, setStateValue: () => {}, early: true });
  if (root.dataset.state === "failed") dropEarly();
}

/**
 * @param {HTMLElement} root
 * @param {Given} given
 */
function draw(root, given) {
  if (!pads.has(root)) {
    translate(root);
    publish("pad", true); // a map lets its first face go before
  }
  const pad = pads.get(root) ?? new Pad(root, given.data);
  pads.set(root, pad);
  return pad.update(given);
}

/**
 * Forget the element; the open decoders stay with the page.
 *
 * @param {ParentNode} parentElement
 */
export function unmount(parentElement) {
  const root = parentElement.querySelector(".pad");
  if (!root) return;
  pads.get(root)?.close();
  pads.delete(root);
}
