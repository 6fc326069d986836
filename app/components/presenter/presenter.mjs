// Presenter mode: shows one step of a chapter and listens to the keys. See message.py for what it is given.

import { find } from "../page/elements.mjs";
import { presented } from "../page/presented.mjs";
import { isCovered, scrolledPart, scrollToTop } from "../page/streamlit.mjs";
import { _, translate } from "../page/texts.mjs";
import { asksForLayout, fitting } from "./layouts.mjs";

/** @import { Component } from "../page/component.d.ts" */
/** @import { Layout, Size } from "./layouts.mjs" */
/** @import { BarMessage, ShownStep } from "./message.d.ts" */
/**
 * The bar on the page: what it was given last, and the step that it shows.
 *
 * @typedef {Component<BarMessage> & {root: HTMLElement, begun: string, step: number, shown: string,
 *   style: HTMLStyleElement, steps: MutationObserver, sizes: ResizeObserver, watched: Element|null, laidOut: Size, soon: number, channel: BroadcastChannel, said: number}} Mode
 */
/** @typedef {Pick<KeyboardEvent, "key"|"repeat"|"defaultPrevented"|"altKey"|"ctrlKey"|"metaKey"|"shiftKey">} Key */

// Where arrow keys mean something already. A checkbox, a button or a link does without.
const OWN_ARROWS =
  "input:not([type=checkbox], [type=button], [type=submit], [type=file]), textarea, select, [contenteditable=true], " +
  "[role=slider], [role=spinbutton], [role=radio], [role=tab], [role=textbox], [role=combobox], [role=listbox], " +
  "[role=option], [role=menu], [role=menuitem], [role=grid], [role=gridcell]";
// Where Page Up and Page Down do: a remote sends those, and should work with the focus on a slider too.
const OWN_PAGES = "textarea, select, [contenteditable=true], [role=combobox], [role=listbox], [role=option], [role=grid]";
const FIGURE = "[class*=st-key-lesson_figure_]"; // what may stand beside the words; see stage.py
const PICTURES = "figure > img, .fs-net, .fs-chart, .stPlotlyChart, .stBidiComponent, .stTable, .chart, .component"; // the last two without a server
const PHONE = 640; // pixels wide at most; see app/drawing/lesson_styles.py
/** @type {Record<string, "next"|"back"|"leave">} */
const KEYS = { ArrowRight: "next", PageDown: "next", ArrowLeft: "back", PageUp: "back", Escape: "leave" };

/**
 * What a key asks for: "next", "back", "leave", "release" (give the keys back to the presenter) or null.
 *
 * @param {Key} event
 * @param {(selector: string) => boolean} keeps whether the focus is within such an element
 * @param {boolean} covered whether something lies over the page
 */
export function wish({ key, repeat, defaultPrevented, altKey, ctrlKey, metaKey, shiftKey }, keeps, covered) {
  const asked = KEYS[key] ?? null;
  if (!asked || repeat || defaultPrevented || altKey || ctrlKey || metaKey || shiftKey || covered) return null;
  if (asked === "leave") return keeps(OWN_ARROWS) ? "release" : "leave";
  return keeps(key.startsWith("Page") ? OWN_PAGES : OWN_ARROWS) ? null : asked;
}

/**
 * The step after a wish: its number, or the wish itself where it leads out of the chapter.
 *
 * @param {string} asked
 * @param {number} step
 * @param {number} count
 */
export function after(asked, step, count) {
  if (asked === "next") return step + 1 < count ? step + 1 : "next";
  return step > 0 ? step - 1 : "back";
}

/**
 * The rule that hides every step but one. They keep their width, so that charts in them are laid out.
 *
 * @param {string} prefix
 * @param {string} shown
 */
export function rule(prefix, shown) {
  const others = `[class*="${prefix}"]:not(.${shown})`;
  return (
    `${others} { position: absolute !important; left: 0; width: 100%; height: 0 !important; overflow: hidden !important; } ` +
    `:is(${others}, ${others} *) { visibility: hidden !important; }` // what says that it is visible would have the keyboard's focus
  );
}

/**
 * Where the speaker's notes of a chapter are, for a second window.
 *
 * @param {string} search of this window's address
 * @param {string} chapter
 */
export function notesAddress(search, chapter) {
  const plan = new URLSearchParams(search).get("plan");
  return `?${new URLSearchParams({ chapter, notes: "1", ...(plan ? { plan } : {}) })}`;
}

/** @type {Mode|null} there is one bar on a page */
let mode = null;

/** @param {Component<BarMessage>} component */
export function render(component) {
  const { data, parentElement } = component;
  const root = find(parentElement, ".presenter");
  if (mode?.root !== root) translate(root);
  mode ??= begin(component, root);
  const begun = `${data.chapter} ${data.turn}`; // not `name`: Streamlit's component has one of its own
  if (mode.begun !== begun) Object.assign(mode, { begun, step: data.step });
  Object.assign(mode, { ...component, root });
  // Charts are drawn for this window; once is enough, whatever Python makes of it.
  if (mode.said !== innerHeight && Math.abs(data.tall - innerHeight) > 0.05 * innerHeight) say(mode.step);
  find(root, ".title").textContent = data.title;
  /** @type {HTMLAnchorElement} */ (find(root, ".notes")).href = notesAddress(location.search, data.chapter);
  for (const way of ["back", "next", "leave"]) find(root, `.${way}`).onclick = () => move(way);
  show();
}

/**
 * @param {Component<BarMessage>} component
 * @param {HTMLElement} root
 * @returns {Mode}
 */
function begin(component, root) {
  const style = document.head.appendChild(document.createElement("style"));
  const steps = new MutationObserver(show); // they come one after the other while the server writes the page
  steps.observe(document.body, { childList: true, subtree: true });
  document.addEventListener("keydown", onKey);
  const sizes = new ResizeObserver(fitSoon); // what comes later, or is opened, may need more room
  addEventListener("resize", fit);
  const channel = presented(({ ask }) => ask && tell()); // the speaker's notes in another window
  return { ...component, root, begun: "", step: 0, shown: "", style, steps, sizes, watched: null, laidOut: { high: 0, over: 0 }, soon: 0, channel, said: 0 };
}

/** @param {Mode} mode */
function classes({ data }) {
  const start = `${data.prefix}${data.chapter}_`;
  const found = [...document.querySelectorAll(`[class*="${start}"]`)];
  return found.flatMap((step) => [...step.classList].find((word) => word.startsWith(start)) ?? []);
}

function show() {
  if (!mode) return;
  const names = classes(mode);
  const at = Math.min(mode.step, names.length - 1);
  const { root, data } = mode;
  const key = `${names.length} ${at} ${data.chapter} ${data.first} ${data.last}`;
  if (at < 0 || (mode.shown === key && root.dataset.step)) return;
  mode.shown = key;
  mode.style.textContent = rule(data.prefix, names[at]);
  document.documentElement.dataset.presenter = names[at];
  find(root, "output").textContent = _("{step} of {count}", { step: at + 1, count: names.length });
  const button = (/** @type {string} */ way) => /** @type {HTMLButtonElement} */ (find(root, `.${way}`));
  button("back").disabled = data.first && at === 0;
  button("next").disabled = data.last && at + 1 === names.length;
  root.dataset.step = String(at);
  fit();
  tell();
}

/** Let the step on screen fill the window without a scroll bar. */
function fit() {
  const page = scrolledPart();
  const step = mode && document.querySelector(`.${document.documentElement.dataset.presenter}`);
  if (!mode || !page || !step) return;
  if (step !== mode.watched) {
    mode.sizes.disconnect();
    mode.sizes.observe(step);
    mode.watched = step;
  }
  const marked = step.querySelector(FIGURE) !== null;
  const chosen = fitting((layout) => {
    if (!marked && ["beside", "wide"].includes(layout.columns)) return { over: Infinity, figures: 0 };
    layOut(layout);
    return { over: sizeOf(step, page).over, figures: areas(step.querySelectorAll(PICTURES)) };
  });
  // A phone's visitor scrolls rather than reads letters that are smaller than a page's.
  layOut(innerWidth <= PHONE && chosen.size < 1 ? { size: 1, columns: "1" } : chosen);
  mode.laidOut = sizeOf(step, page);
}

/** Once the browser is about to draw what has changed, however much that is. */
function fitSoon() {
  if (!mode || mode.soon) return;
  mode.soon = requestAnimationFrame(() => {
    const page = scrolledPart();
    if (!mode) return;
    mode.soon = 0;
    if (page && mode.watched && asksForLayout(mode.laidOut, sizeOf(mode.watched, page), innerHeight)) fit();
  });
}

/**
 * @param {Element} step
 * @param {Element} page
 * @returns {Size}
 */
function sizeOf(step, page) {
  const over = Math.max(page.scrollHeight - page.clientHeight, page.scrollWidth - page.clientWidth);
  return { high: step.getBoundingClientRect().height, over };
}

/** @param {Iterable<Element>} elements */
function areas(elements) {
  let sum = 0;
  for (const element of elements) {
    const { width, height } = element.getBoundingClientRect();
    sum += width * height;
  }
  return sum;
}

/** @param {Layout|null} layout null for that of a page */
function layOut(layout) {
  const { style, dataset } = document.documentElement;
  if (layout) {
    style.setProperty("--fs-fit", String(layout.size));
    dataset.slideColumns = layout.columns;
  } else {
    style.removeProperty("--fs-fit");
    delete dataset.slideColumns;
  }
}

/** Tell the speaker's notes what is on the screen. */
function tell() {
  if (!mode) return;
  const count = classes(mode).length;
  const step = Math.min(mode.step, count - 1);
  if (step >= 0) mode.channel.postMessage({ chapter: mode.data.chapter, step, count });
}

/**
 * Tell Python where we are.
 *
 * @param {number} step
 */
function say(step) {
  if (!mode) return;
  const { data } = mode;
  /** @type {ShownStep} */
  const shown = { chapter: data.chapter, turn: data.turn, step, tall: innerHeight };
  mode.said = innerHeight;
  mode.setStateValue("at", shown);
}

/** @param {KeyboardEvent} event */
function onKey(event) {
  const path = event.composedPath();
  const keeps = (/** @type {string} */ selector) => path.some((node) => node instanceof Element && node.matches(selector));
  const asked = wish(event, keeps, isCovered());
  if (asked === null) return;
  event.preventDefault();
  if (asked === "release") /** @type {HTMLElement} */ (path[0]).blur();
  else move(asked);
}

/** @param {string} asked */
function move(asked) {
  if (!mode) return;
  const { data } = mode;
  if (asked === "leave") return mode.setTriggerValue("go", "leave");
  const count = classes(mode).length;
  const to = after(asked, Math.min(mode.step, count - 1), count);
  if (to === (data.last ? "next" : "") || to === (data.first ? "back" : "")) return;
  if (typeof to === "string") return mode.setTriggerValue("go", to);
  mode.step = to;
  show();
  scrollToTop();
  say(to);
}

export function unmount() {
  if (!mode) return;
  document.removeEventListener("keydown", onKey);
  removeEventListener("resize", fit);
  mode.steps.disconnect();
  mode.sizes.disconnect();
  cancelAnimationFrame(mode.soon);
  layOut(null);
  mode.channel.close();
  mode.style.remove();
  delete document.documentElement.dataset.presenter;
  mode = null;
}
