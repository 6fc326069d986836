// What the window that presents says to other windows of the same browser: no server hears of it.

import { _ } from "./texts.mjs";

/**
 * A step on screen, or with `ask` the wish to hear of it.
 *
 * @typedef {{ask?: boolean, chapter?: string, step?: number, count?: number}} Step
 */

const CHANNEL = "facespace presenter";

/**
 * Join the conversation.
 *
 * @param {(step: Step) => void} hear
 */
export function presented(hear) {
  const channel = new BroadcastChannel(CHANNEL);
  channel.onmessage = ({ data }) => hear(data);
  return channel;
}

/**
 * What a second window says of a step, counted from 0.
 *
 * @param {Step} step
 */
export function words({ step = 0, count = 0 }) {
  return _("On the projector: step {step} of {count} of this chapter.", { step: step + 1, count });
}
