// Takes a visitor to the top of a new page or chapter. See __init__.py for what it is given.

import { keepPictures } from "../page/pictures.mjs";
import { isIdle, pageTitle, scrollToTop } from "../page/streamlit.mjs";

const PATIENCE = 10_000; // milliseconds in which a page is drawn
const LOOK = 100; // milliseconds
const HANDS = ["wheel", "touchstart", "pointerdown", "keydown"];

/** @type {string|null} the place on screen; here, since Streamlit mounts a component anew on another page */
let shown = null;
let stop = () => {};

/**
 * Whether a change of place calls for the top: not where the page was just opened.
 * @param {string|null} before
 * @param {string} place
 */
export function leads(before, place) {
  return before !== null && before !== place;
}

/** @param {import("../page/component").Component<import("./message").PlaceMessage>} component */
export function render({ data }) {
  keepPictures(); // here, since this stands on every page
  const go = leads(shown, data.place);
  shown = data.place;
  if (go) arrive();
}

/** Hold the page at its top until its new title is drawn, and give that the focus; a hand of the visitor's ends it. */
function arrive() {
  stop();
  const before = pageTitle();
  const words = before?.textContent;
  scrollToTop();
  const began = Date.now();
  const looking = setInterval(() => {
    const title = pageTitle();
    const drawn = title && (title !== before || title.textContent !== words);
    // The new title may have stood there before this module heard of the place: then the end of the run tells.
    if (!drawn && !isIdle() && Date.now() - began < PATIENCE) return;
    end();
    scrollToTop();
    if (!title) return;
    title.tabIndex = -1;
    title.style.outline = "none"; // the focus is for those who hear the page; nothing here can be pressed
    title.focus({ preventScroll: true });
  }, LOOK);
  const end = () => {
    clearInterval(looking);
    for (const hand of HANDS) removeEventListener(hand, end, true);
    stop = () => {};
  };
  stop = end;
  for (const hand of HANDS) addEventListener(hand, end, true);
}

export function unmount() {} // what is shown is remembered across pages
