// What the pages without a server share: what they are given, and what they say of themselves.

import { find } from "../page/elements.mjs";
import { _ } from "../page/texts.mjs";

const ALONG = ["model", "face", "sample", "z", "kept", "plan"]; // what goes along to another page
const LINKS = 'nav:not(.plans) a, .lesson a[href^="lesson"]:not([data-chosen])';

/**
 * What Python put into the page under a name.
 *
 * @param {string} id
 */
export const given = (id) => JSON.parse(document.getElementById(`facespace-${id}`)?.textContent ?? "null");

/** @param {string} sentence "" for none */
export function notice(sentence) {
  Object.assign(find(document, "#problems"), { textContent: sentence, hidden: !sentence });
}

/**
 * Say on the page what goes wrong.
 *
 * @param {Promise<void>} doing
 */
export function said(doing) {
  return doing.catch((error) => {
    console.error(error);
    notice(error.message);
  });
}

/**
 * Where a component of the app stands.
 *
 * @param {string} id
 */
export function placeOf(id) {
  const { shadowRoot } = find(document, `#${id}`);
  if (!shadowRoot) throw new Error(_("This browser is too old for this page: it has no declarative shadow root."));
  return shadowRoot;
}

/**
 * Put the state into the address; the other pages begin at the same point.
 *
 * @param {URLSearchParams} params
 * @param {URLSearchParams} [current] what names the point, where that is not among them
 */
export function writeAddress(params, current = params) {
  const point = new URLSearchParams([...current].filter(([name]) => ALONG.includes(name)));
  for (const link of /** @type {NodeListOf<HTMLAnchorElement>} */ (document.querySelectorAll(LINKS))) link.search = String(point);
  if (`?${params}` !== window.location.search) window.history.pushState(null, "", `?${params}`);
}
