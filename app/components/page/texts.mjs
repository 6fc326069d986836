// Texts in the reader's language. The server puts those of the modules into the page's head where it is not English.

const FORMS = ["one", "other"];
const ATTRIBUTES = ["title", "aria-label", "alt", "placeholder"];
// What no end of a line may tear apart, as in app/texts/together.py.
const UNITS = /([\d}]) (?=(?:dB|nats?|Nats?|[kMG]B|ms|s|px|sd|%)(?!\w))/g;
const NORMAL = /\b(N\(0,) (?=[I1]\))/g;

/** @type {{ language: string, texts: Record<string, string|string[]> }} */
const here = read();

/** The reader's language, as in `lang` of the page. */
export const language = here.language;

function read() {
  const found = typeof document === "undefined" ? null : document.getElementById("facespace-texts");
  return found ? JSON.parse(found.textContent ?? "") : { language: "en", texts: {} };
}

/**
 * A text in the reader's language, with values in place of what stands in braces.
 *
 * @param {string} text in English
 * @param {Record<string, string|number>} [values]
 */
export function _(text, values = {}) {
  const found = here.texts[text];
  return filled(typeof found === "string" ? found : text, values);
}

/**
 * A text for so many things in the reader's language.
 *
 * @param {string} one in English, for one
 * @param {string} many in English, for any other number
 * @param {number} count
 * @param {Record<string, string|number>} [values] in place of what stands in braces; `count` is there by itself
 */
export function ngettext(one, many, count, values = {}) {
  const form = FORMS.indexOf(new Intl.PluralRules(language).select(count) === "one" ? "one" : "other");
  const found = here.texts[one];
  return filled(Array.isArray(found) ? found[form] : [one, many][form], { count, ...values });
}

/**
 * A number as the reader's language writes it.
 *
 * @param {number} value
 * @param {number} [digits] after the decimal sign; if not given as many as it has, up to three, and thousands apart
 */
export function numeral(value, digits) {
  const exactly = { minimumFractionDigits: digits, maximumFractionDigits: digits, useGrouping: false };
  return value.toLocaleString(language, digits === undefined ? {} : exactly);
}

/**
 * @param {string} text
 * @param {Record<string, string|number>} values
 */
function filled(text, values) {
  const whole = text.replace(UNITS, "$1\u00a0").replace(NORMAL, "$1\u00a0");
  return whole.replace(/\{(\w+)\}/g, (hole, name) => (name in values ? String(values[name]) : hole));
}

/**
 * Put the reader's language into a piece of our own HTML, which is English: its texts, titles, labels and alternatives.
 *
 * @param {ParentNode} root
 */
export function translate(root) {
  if (!Object.keys(here.texts).length) return;
  const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const node = /** @type {Text} */ (texts.currentNode);
    const text = node.data.trim().replace(/\s+/g, " ");
    if (text) node.data = node.data.replace(node.data.trim(), () => _(text));
  }
  for (const name of ATTRIBUTES)
    for (const element of root.querySelectorAll(`[${name}]`)) {
      const text = element.getAttribute(name);
      if (text) element.setAttribute(name, _(text));
    }
}
