// Presenter mode: shows one step of a chapter and listens to the keys. See __init__.py for what it is given.

import { isCovered, scrollToTop } from "../page/streamlit.mjs";

// Where arrow keys mean something already. A checkbox, a button or a link does without.
const OWN_ARROWS =
  "input:not([type=checkbox], [type=button], [type=submit], [type=file]), textarea, select, [contenteditable=true], " +
  "[role=slider], [role=spinbutton], [role=radio], [role=tab], [role=textbox], [role=combobox], [role=listbox], " +
  "[role=option], [role=menu], [role=menuitem], [role=grid], [role=gridcell]";
// Where Page Up and Page Down do: a remote sends those, and should work with the focus on a slider too.
const OWN_PAGES = "textarea, select, [contenteditable=true], [role=combobox], [role=listbox], [role=option], [role=grid]";
const KEYS = { ArrowRight: "next", PageDown: "next", ArrowLeft: "back", PageUp: "back", Escape: "leave" };

/**
 * What a key asks for: "next", "back", "leave", "release" (give the keys back to the presenter) or null.
 * `keeps(selector)` says whether the focus is within such an element; `covered` whether something lies over the page.
 */
export function wish({ key, repeat, defaultPrevented, altKey, ctrlKey, metaKey, shiftKey }, keeps, covered) {
  const asked = KEYS[key] ?? null;
  if (!asked || repeat || defaultPrevented || altKey || ctrlKey || metaKey || shiftKey || covered) return null;
  if (asked === "leave") return keeps(OWN_ARROWS) ? "release" : "leave";
  return keeps(key.startsWith("Page") ? OWN_PAGES : OWN_ARROWS) ? null : asked;
}

/** The step after a wish: its number, or the wish itself where it leads out of the chapter. */
export function after(asked, step, count) {
  if (asked === "next") return step + 1 < count ? step + 1 : "next";
  return step > 0 ? step - 1 : "back";
}

/** The rule that hides every step but one. They keep their width, so that charts in them are laid out. */
export function rule(prefix, shown) {
  return (
    `[class*="${prefix}"]:not(.${shown}) { position: absolute !important; left: 0; width: 100%; height: 0 !important; ` +
    "overflow: hidden !important; visibility: hidden !important; }"
  );
}

let mode = null; // there is one bar on a page

export function render({ data, parentElement, setStateValue, setTriggerValue }) {
  const root = parentElement.querySelector(".presenter");
  mode ??= begin();
  const name = `${data.chapter} ${data.turn}`;
  if (mode.name !== name) Object.assign(mode, { name, step: data.step });
  Object.assign(mode, { data, root, setStateValue, setTriggerValue });
  root.querySelector(".title").textContent = data.title;
  root.querySelector(".back").onclick = () => move("back");
  root.querySelector(".next").onclick = () => move("next");
  root.querySelector(".leave").onclick = () => move("leave");
  show();
}

function begin() {
  const style = document.head.appendChild(document.createElement("style"));
  const steps = new MutationObserver(show); // they come one after the other while the server writes the page
  steps.observe(document.body, { childList: true, subtree: true });
  document.addEventListener("keydown", onKey);
  return { style, steps };
}

function classes() {
  const start = `${mode.data.prefix}${mode.data.chapter}_`;
  const found = [...document.querySelectorAll(`[class*="${start}"]`)];
  return found.map((step) => [...step.classList].find((word) => word.startsWith(start)));
}

function show() {
  const names = classes();
  const at = Math.min(mode.step, names.length - 1);
  const { root, data } = mode;
  const key = `${names.length} ${at} ${data.chapter} ${data.first} ${data.last}`;
  if (at < 0 || (mode.shown === key && root.dataset.step)) return;
  mode.shown = key;
  mode.style.textContent = rule(data.prefix, names[at]);
  document.documentElement.dataset.presenter = names[at];
  root.querySelector("output").textContent = `${at + 1} of ${names.length}`;
  root.querySelector(".back").disabled = data.first && at === 0;
  root.querySelector(".next").disabled = data.last && at + 1 === names.length;
  root.dataset.step = String(at);
}

function onKey(event) {
  const path = event.composedPath();
  const keeps = (selector) => path.some((node) => node.matches?.(selector));
  const asked = wish(event, keeps, isCovered());
  if (asked === null) return;
  event.preventDefault();
  if (asked === "release") path[0].blur();
  else move(asked);
}

function move(asked) {
  const { data } = mode;
  if (asked === "leave") return mode.setTriggerValue("go", "leave");
  const count = classes().length;
  const to = after(asked, Math.min(mode.step, count - 1), count);
  if (to === (data.last ? "next" : "") || to === (data.first ? "back" : "")) return;
  if (typeof to === "string") return mode.setTriggerValue("go", to);
  mode.step = to;
  show();
  scrollToTop();
  mode.setStateValue("at", { chapter: data.chapter, turn: data.turn, step: to });
}

export function unmount() {
  if (!mode) return;
  document.removeEventListener("keydown", onKey);
  mode.steps.disconnect();
  mode.style.remove();
  delete document.documentElement.dataset.presenter;
  mode = null;
}
