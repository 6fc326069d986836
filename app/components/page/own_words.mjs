// Streamlit's own words and numbers in the reader's language: it knows English alone, and takes no others from a page.
// What it draws is watched and put into the language before it is painted; in English nothing is watched.

import { OWN_WORDS } from "./streamlit.mjs";
import { _, language } from "./texts.mjs";

const WHOLE = new Map([
  ["Upload", _("Upload")],
  ["Uploading...", _("Uploading …")],
  ["Add files", _("Add files")],
  ["Drag and drop a file here", _("Drop a file here")],
  ["Drag and drop files here", _("Drop files here")],
  ["Too many files", _("Too many files")],
  ["Take Photo", _("Take a photo")],
  ["Clear photo", _("Clear the photo")],
  ["This app would like to use your camera.", _("This app would like to use your camera.")],
  ["Learn how to allow access.", _("How to allow that")],
  ["Switch camera", _("Switch the camera")],
  ["No results", _("Nothing found")],
  ["Select all", _("Select all")],
  ["Clear all", _("Clear all")],
  ["Clear value", _("Clear")],
  ["Clear entry", _("Clear")],
  ["Selected values", _("Selected")],
  ["Open", _("Open the list")],
  ["Close", _("Close")],
  ["Increment", _("One more")],
  ["Decrement", _("One less")],
  ["Show password", _("Show what is typed")],
  ["Hide password", _("Hide what is typed")],
  ["Number is above the allowed range.", _("The number is too large.")],
  ["Number is below the allowed range.", _("The number is too small.")],
  ["App pages", _("Pages")],
  ["Navigate to home page", _("To the first page")],
  ["Sidebar", _("Pages")],
  ["Expand sidebar", _("Show the pages")],
  ["Collapse sidebar", _("Hide the pages")],
  ["Skip to main content", _("Skip to the page")],
  ["Running...", _("Working …")],
  ["Help", _("Help")],
  ["Link to heading", _("Link to this heading")],
  ["Fullscreen", _("Full screen")],
  ["Close fullscreen", _("Leave full screen")],
  ["Download as CSV", _("Save as CSV")],
  ["Search", _("Search")],
  ["Copy to clipboard", _("Copy")],
]);
/** What has something in it; `size` and `number` are numbers. @type {[RegExp, string][]} */
const WITH_HOLES = [
  [/^Press Enter to apply$/, _("Enter takes it over")],
  [/^(?<count>\d+) more$/, _("{count} more")],
  [/^(?<size>[\d.]+)(?<unit>[KMGT]?B)$/, "{size}\u00a0{unit}"],
  [/^(?<size>[\d.]+)(?<unit>[KMGT]?B) per file$/, _("{size}\u00a0{unit} a file")],
  [/^File must be (?<size>[\d.]+)(?<unit>[KMGT]?B) or smaller\.$/, _("A file can have {size}\u00a0{unit} at most.")],
  [/^(?<kind>\S*) files are not allowed\.$/, _("This kind of file is not taken here.")],
  [/^Help for (?<name>.+)$/, _("Help for {name}")],
  [/^Remove (?<name>.+)$/, _("Remove {name}")],
  [/^You can only select up to (?<count>\d+) options?\. Remove an option first\.$/, _("No more than {count}. Remove one first.")],
  [/^Number is above the allowed range\. .* (?<size>\S+)\.$/, _("{size} is the most.")],
  [/^Number is below the allowed range\. .* (?<size>\S+)\.$/, _("{size} is the least.")],
];
const DECIMAL = /^-?\d+\.\d+$/; // thousands are not set apart there; "1,234" would be read as such anew
const ATTRIBUTES = ["aria-label", "aria-valuetext", "title", "placeholder"];

/**
 * A text of Streamlit's in the reader's language; any other as it is.
 *
 * @param {string} text
 */
export function told(text) {
  const said = text.trim();
  const whole = WHOLE.get(said);
  if (whole !== undefined) return text.replace(said, () => whole);
  for (const [pattern, words] of WITH_HOLES) {
    const found = pattern.exec(said)?.groups;
    if (found) return words.replace(/\{(\w+)\}/g, (_hole, name) => (name === "size" ? localDecimal(found[name]) : found[name]));
  }
  return DECIMAL.test(said) ? localDecimal(said) : text;
}

/** @param {string} number as JavaScript writes it */
function localDecimal(number) {
  return number.replace(".", (0.5).toLocaleString(language).charAt(1));
}

/**
 * Put what Streamlit has drawn within a node into the reader's language.
 *
 * @param {Node} node
 */
function translate(node) {
  if (node instanceof Text) {
    if (!node.parentElement?.closest(OWN_WORDS)) return;
    const words = told(node.data);
    if (words !== node.data) node.data = words;
  } else if (node instanceof Element) {
    for (const element of [node, ...node.querySelectorAll(ATTRIBUTES.map((name) => `[${name}]`).join())]) readAloud(element);
    const texts = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) translate(texts.currentNode);
  }
}

/** @param {Element} element */
function readAloud(element) {
  for (const name of ATTRIBUTES) {
    const said = element.getAttribute(name);
    if (said && told(said) !== said) element.setAttribute(name, told(said));
  }
}

/** Watch the page for as long as it lives. */
export function watch() {
  translate(document.body);
  const changed = new MutationObserver((records) => {
    for (const { type, target, addedNodes } of records) {
      if (type === "childList") addedNodes.forEach(translate);
      else if (type === "characterData") translate(target);
      else readAloud(/** @type {Element} */ (target));
    }
  });
  changed.observe(document.body, { subtree: true, childList: true, characterData: true, attributeFilter: ATTRIBUTES });
}

if (globalThis.document?.body && language !== "en") watch();
