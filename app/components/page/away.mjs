// One quiet line while the server is away. Streamlit would lay a dialog over the page that asks whoever reads it to
// restart a program, though the pad and the map go on working.

import { closeConnectionError, isConnected } from "./streamlit.mjs";
import { _ } from "./texts.mjs";

const PATIENCE = 2000; // milliseconds for which a connection may be lost without a word
const WORDS = _("The server is away. Sliders go on; the rest comes back by itself.");
const LOOK =
  "position: fixed; left: 50%; bottom: 1rem; transform: translateX(-50%); z-index: 999992; max-width: calc(100vw - 2rem);" +
  "padding: 0.5rem 1rem; border-radius: 0.5rem; border: 1px solid #565c61; background: #22272b; color: #fbfaf7;" +
  "font: 400 0.9375rem/1.45 sans-serif;";

/** Watch the page for as long as it lives. */
export function watch() {
  const line = document.createElement("div");
  line.setAttribute("role", "status"); // is read out when words come into it
  line.id = "facespace-away";
  document.body.append(line);
  let connected = false; // at least once: a page that opens has words of its own
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  let later;
  const say = (/** @type {string} */ words) => {
    line.textContent = words;
    line.style.cssText = words && LOOK;
  };
  const look = () => {
    if (isConnected()) {
      connected = true;
      clearTimeout(later);
      later = undefined;
      if (line.textContent) say("");
    } else if (connected) {
      closeConnectionError(); // before the browser has painted it
      later ??= setTimeout(say, PATIENCE, WORDS);
    }
  };
  const attributeFilter = ["data-test-connection-state"];
  new MutationObserver(look).observe(document.body, { subtree: true, childList: true, attributeFilter });
}

if (globalThis.document?.body) watch();
