// The pad before Streamlit is there. The page's HTML carries what the first pad will be given (app/early_pad/first_pad.py),
// so its face stands and its sliders move while Streamlit still loads. Then the element itself moves into Streamlit's
// page, with all that the hand has done to it.

import { find } from "../page/elements.mjs";
import { chosenTheme, isIdle } from "../page/streamlit.mjs";
import { publish } from "../page/topics.mjs";

/** @import { PadMessage } from "./message.d.ts" */
/**
 * `held`: whether a hand is on it; `later`: what to do once it lets go; `over`: ends its listeners.
 *
 * @typedef {object} Early
 * @property {HTMLElement} host
 * @property {HTMLElement} root
 * @property {ShadowRoot} shadow
 * @property {PadMessage} data
 * @property {boolean} held
 * @property {(() => void)[]} later
 * @property {AbortController} over
 */

const TEMPLATE = "facespace-early-pad";
const PATIENCE = 20; // looks, half a second apart, at a page that has run without asking for the pad

/** @type {Early|null} */
let early = null;

/**
 * Put the pad in front of the empty page.
 *
 * @param {PadMessage} data
 * @returns {HTMLElement} its root element
 */
export function showEarly(data) {
  const host = document.createElement("div");
  host.id = "facespace-early";
  host.toggleAttribute("data-dark", isDark());
  const shadow = host.attachShadow({ mode: "open" });
  const template = /** @type {HTMLTemplateElement} */ (document.getElementById(TEMPLATE));
  shadow.append(template.content.cloneNode(true));
  document.body.append(host);
  document.documentElement.style.backgroundColor = getComputedStyle(host).backgroundColor;
  const root = find(shadow, ".pad");
  const mine = { host, root, shadow, data, held: false, later: [], over: new AbortController() };
  early = mine;
  // The element outlives its time as an early pad, and these listeners must not.
  const { signal } = mine.over;
  const hold = () => {
    mine.held = true;
  };
  root.addEventListener("pointerdown", hold, { signal });
  for (const end of ["pointerup", "pointercancel"]) window.addEventListener(end, () => release(mine), { signal });
  watch(window.location.pathname);
  return root;
}

/** Whether an early pad waits for its place. */
export const hasEarly = () => early !== null;

/**
 * Do it now, or once the hand has let go of the early pad.
 *
 * @param {() => void} act
 */
export function whenReleased(act) {
  if (early?.held) early.later.push(act);
  else act();
}

/**
 * Give the early pad its place in Streamlit's page.
 *
 * @param {HTMLElement} place Streamlit's own pad, which is still empty
 * @param {PadMessage} data what it is given
 * @returns {HTMLElement} the early pad, now in that place; or `place`, if the early one showed something else
 */
export function takeEarly(place, data) {
  if (!early) return place;
  const { shadow, root, data: shown } = early;
  const same = shown.signature === data.signature;
  const focused = /** @type {HTMLElement|null} */ (shadow.activeElement);
  if (same) place.replaceWith(root);
  dropEarly();
  if (same) focused?.focus({ preventScroll: true });
  if (same && root.dataset.frames !== "0") publish("first face", true);
  return same ? root : place;
}

/** Take the early pad away. */
export function dropEarly() {
  if (!early) return;
  const { host, later, over } = early;
  over.abort();
  early = null;
  host.remove();
  for (const act of later) act();
}

/** @param {Early} mine */
function release(mine) {
  mine.held = false;
  // After the slider's own event: it commits first.
  setTimeout(() => {
    if (!mine.held) for (const act of mine.later.splice(0)) act();
  });
}

/**
 * The visitor may go to another page before this one stood, and a page may stop before its pad.
 *
 * @param {string} pathname
 */
function watch(pathname) {
  let left = PATIENCE;
  const timer = setInterval(() => {
    if (isIdle()) left -= 1;
    if (early && left && window.location.pathname === pathname) return;
    clearInterval(timer);
    if (!early?.held) dropEarly();
  }, 500);
}

/** As Streamlit will choose: what the visitor chose here before, else what the system says. */
function isDark() {
  const chosen = chosenTheme();
  return chosen ? chosen === "dark" : window.matchMedia("(prefers-color-scheme: dark)").matches;
}
