// The lesson's charts are drawn when they come near: each takes a tenth of a second in which the page does nothing else,
// and a chapter has up to three that nobody sees yet. Once the page is at rest, the others follow one after the other.
//
// Streamlit draws a chart when its frame has a width. Until then the page's style gives it none (page_styles.py).

import { isIdle } from "./streamlit.mjs";

const STEPS = ".st-key-lesson_steps";
const WAITING = "[class*=st-key-chart_]:not([data-near])";
const NEAR = "600px"; // below and above the window
const LOOK_MS = 150; // between two looks at whether the page is at rest
const idle = globalThis.requestIdleCallback ?? ((work) => setTimeout(work, LOOK_MS));

/** Watch the page for as long as it lives. */
export function watch() {
  document.documentElement.dataset.chartsWait = "";
  const margin = /** @type {object} */ ({ rootMargin: NEAR, scrollMargin: NEAR }); // the second of what scrolls within
  const coming = new IntersectionObserver((seen) => {
    for (const { isIntersecting, target } of seen) if (isIntersecting) show(target);
  }, margin);
  const shown = new Set();
  const show = (/** @type {Element} */ chart) => {
    coming.unobserve(chart);
    chart.setAttribute("data-near", "");
    shown.add(keyOf(chart));
  };
  const waiting = () => document.querySelector(STEPS)?.querySelectorAll(WAITING) ?? [];
  let following = false;
  const followOn = () => {
    const [next] = waiting();
    following = next !== undefined;
    if (following && isIdle()) {
      idle(() => {
        show(next);
        followOn();
      });
    } else if (following) setTimeout(followOn, LOOK_MS);
  };
  new MutationObserver(() => {
    for (const chart of waiting()) {
      keepRoom(chart);
      if (shown.has(keyOf(chart))) show(chart); // a live run puts a new one in the place of the last each second
      else coming.observe(chart); // one that is observed already is not observed twice
    }
    if (!following) followOn();
  }).observe(document.body, { subtree: true, childList: true });
  window.addEventListener("beforeprint", () => {
    for (const chart of waiting()) show(chart);
  });
}

/** What Streamlit calls it, each time that it is put on the page. @param {Element} chart */
const keyOf = ({ className }) => /st-key-chart_\S+/.exec(className)?.[0];

/** Give a chart the room that it will have, which its key says. @param {Element} chart */
export function keepRoom(chart) {
  const height = /st-key-chart_(\d+)_/.exec(chart.className)?.[1];
  if (height) /** @type {HTMLElement} */ (chart).style.minHeight = `${height}px`;
}

if (globalThis.document?.body && globalThis.IntersectionObserver) watch();
