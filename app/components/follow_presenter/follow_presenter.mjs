// Listens to the window that presents. See __init__.py for what it is given.

import { find } from "../page/elements.mjs";
import { presented, words } from "../page/presented.mjs";
import { translate } from "../page/texts.mjs";

/** @import { Component } from "../page/component.d.ts" */
/** @import { FollowMessage } from "./message.d.ts" */

/** @type {{component: Component<FollowMessage>, channel: BroadcastChannel}|null} there is one on a page */
let following = null;

/** @param {Component<FollowMessage>} component */
export function render(component) {
  if (following) {
    following.component = component;
    return;
  }
  translate(component.parentElement);
  following = { component, channel: presented(hear) };
  following.channel.postMessage({ ask: true }); // it may have been presented before this window was opened
}

/** @param {import("../page/presented.mjs").Step} step */
function hear(step) {
  if (!following || !step.chapter) return;
  const { data, parentElement, setTriggerValue } = following.component;
  find(parentElement, ".presented").textContent = words(step);
  if (step.chapter !== data.chapter) setTriggerValue("to", step.chapter);
}

export function unmount() {
  following?.channel.close();
  following = null;
}
