// Where Streamlit's server answers, said before Streamlit's own code runs.
//
// It would first ask below the page's own name (`/lesson/_stcore/health`), and only a tenth of a second after the refusal
// where the server is. Our addresses are relative to the page (`./facespace/…`), and so is the server's.

/**
 * Tell Streamlit; call it before its code runs.
 *
 * @param {{ __streamlit?: object }} view the window
 * @param {string} page address of the page
 */
export function sayWhere(view, page) {
  view.__streamlit = { ...view.__streamlit, BACKEND_BASE_URL: new URL("./", page).href };
}

if (globalThis.window && globalThis.document) sayWhere(/** @type {any} */ (window), document.baseURI);
