// The pad before Streamlit is there. The page's HTML carries what the first pad will be given (app/first_pad.py), so its
// face stands and its sliders move while Streamlit still loads. Then the element itself moves into Streamlit's page,
// with all that the hand has done to it.

import { publish } from "../runtime/bus.mjs";

const TEMPLATE = "facespace-early-pad";
const PATIENCE = 20; // looks, half a second apart, at a page that has run without asking for the pad

let early = null; // {host, root, data, held: whether a hand is on it, later: what to do once it lets go}

/** Put the pad in front of the empty page; returns its root element. */
export function showEarly(data) {
  const host = document.createElement("div");
  host.id = "facespace-early";
  host.toggleAttribute("data-dark", isDark());
  host.attachShadow({ mode: "open" }).append(document.getElementById(TEMPLATE).content.cloneNode(true));
  document.body.append(host);
  document.documentElement.style.backgroundColor = getComputedStyle(host).backgroundColor;
  const root = host.shadowRoot.querySelector(".pad");
  early = { host, root, data, held: false, later: [] };
  root.addEventListener("pointerdown", () => (early.held = true));
  for (const end of ["pointerup", "pointercancel"]) window.addEventListener(end, release);
  watch(window.location.pathname);
  return root;
}

/** Whether an early pad waits for its place. */
export const hasEarly = () => early !== null;

/** Do it now, or once the hand has let go of the early pad. */
export function whenReleased(act) {
  if (early?.held) early.later.push(act);
  else act();
}

/**
 * Give the early pad its place in Streamlit's page.
 *
 * @param {Element} place Streamlit's own pad, which is still empty
 * @param {object} data what it is given
 * @returns {Element} the early pad, now in that place; or `place`, if the early one showed something else
 */
export function takeEarly(place, data) {
  if (!early) return place;
  const { host, root, data: shown } = early;
  const same = shown.signature === data.signature;
  const focused = host.shadowRoot.activeElement;
  if (same) place.replaceWith(root);
  dropEarly();
  if (same) focused?.focus({ preventScroll: true });
  if (same && root.dataset.frames !== "0") publish("first face", true);
  return same ? root : place;
}

/** Take the early pad away. */
export function dropEarly() {
  if (!early) return;
  const { host, later } = early;
  for (const end of ["pointerup", "pointercancel"]) window.removeEventListener(end, release);
  early = null;
  host.remove();
  later.forEach((act) => act());
}

function release() {
  early.held = false;
  // After the slider's own event: it commits first.
  setTimeout(() => early?.held || early?.later.splice(0).forEach((act) => act()));
}

/** The visitor may go to another page before this one stood, and a page may stop before its pad. */
function watch(pathname) {
  let left = PATIENCE;
  const timer = setInterval(() => {
    const app = document.querySelector('[data-testid="stApp"]')?.dataset;
    if (app?.testConnectionState === "CONNECTED" && app.testScriptState === "notRunning") left -= 1;
    if (early && left && window.location.pathname === pathname) return;
    clearInterval(timer);
    if (!early?.held) dropEarly();
  }, 500);
}

/** As Streamlit will choose: what the visitor chose here before, else what the system says. */
function isDark() {
  const chosen = window.localStorage.getItem(`stActiveTheme-${window.location.pathname}-v2`);
  if (chosen?.includes("Dark")) return true;
  return !chosen?.includes("Light") && window.matchMedia("(prefers-color-scheme: dark)").matches;
}
