// One entry in the browser's history for each thing that the visitor does.
//
// Streamlit makes an entry each time the server writes the address (`history.pushState`), and a page writes it anew as it
// opens, so Back would stand still two or three times. Only the first entry after a key, a press or a drop is the
// visitor's; what is written after it on the same page replaces it.

const DOINGS = ["pointerdown", "keydown", "input", "drop"];

/**
 * Watch a window; call it before Streamlit's code runs.
 *
 * @param {Window} view
 * @returns {() => void} puts everything back
 */
export function onePerDoing(view) {
  const { history } = view;
  const push = history.pushState;
  let done = false; // the visitor has done something since the last entry
  const doing = () => {
    done = true;
  };
  const moved = () => {
    done = false; // Back or Forward: the entry is there already
  };
  for (const name of DOINGS) view.addEventListener(name, doing, true);
  view.addEventListener("popstate", moved, true);
  history.pushState = (/** @type {any} */ state, /** @type {string} */ unused, /** @type {string|URL|null} */ url) => {
    const to = new URL(url ?? view.location.href, view.location.href);
    const turns = to.pathname !== view.location.pathname;
    if (turns || done) push.call(history, state, unused, url);
    else history.replaceState(state, unused, url);
    done = false;
  };
  return () => {
    history.pushState = push;
    for (const name of DOINGS) view.removeEventListener(name, doing, true);
    view.removeEventListener("popstate", moved, true);
  };
}

if (globalThis.window?.history) onePerDoing(window);
