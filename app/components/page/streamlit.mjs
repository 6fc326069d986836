// What our modules rely on of Streamlit's own page, which promises nothing of it. tests/app/drawing/test_page_styles.py
// says which of it the installed version does not have.

/** Whether Streamlit's page stands, is connected and has run its script to the end. */
export function isIdle() {
  const app = /** @type {HTMLElement|null} */ (document.querySelector('[data-testid="stApp"]'))?.dataset;
  return app?.testConnectionState === "CONNECTED" && app.testScriptState === "notRunning";
}

/** Whether Streamlit's page stands and is connected. */
export function isConnected() {
  return document.querySelector('[data-testid="stApp"][data-test-connection-state="CONNECTED"]') !== null;
}

/** Close the dialog about a lost connection, if it is open; Streamlit does not open it again before the next loss. */
export function closeConnectionError() {
  for (const dialog of document.querySelectorAll("[role=dialog]")) {
    if (!dialog.textContent?.startsWith("Connection error")) continue;
    /** @type {HTMLElement} */ (dialog).style.visibility = "hidden";
    /** @type {HTMLElement|null} */ (dialog.querySelector("button[aria-label=Close]"))?.click();
  }
}

/** Where the visitor's choice of a theme is kept, or null for no choice: "dark" or "light". */
export function chosenTheme() {
  const kept = window.localStorage.getItem(`stActiveTheme-${window.location.pathname}-v2`);
  if (kept?.includes("Dark")) return "dark";
  return kept?.includes("Light") ? "light" : null;
}

/** Whether something of Streamlit's lies over the page and has the keys: a dialog, an open list or a popover. */
export function isCovered() {
  return document.querySelector("[role=dialog], [role=listbox], [data-testid=stPopoverBody]") !== null;
}

/** Scroll the page to its top. */
export function scrollToTop() {
  scrolledPart()?.scrollTo({ top: 0, behavior: "instant" });
}

/** What scrolls when a page is higher than the window; its first child holds the page. */
export function scrolledPart() {
  return document.querySelector("[data-testid=stMain]");
}

/** The title of the page on screen, as st.title draws it. @returns {HTMLElement|null} */
export function pageTitle() {
  return document.querySelector("[data-testid=stMain] h1");
}

/** Where Streamlit says something of its own, or writes a number: its words there are no visitor's and none of ours. */
export const OWN_WORDS = [
  ...["stFileUploader", "stCameraInput", "InputInstructions", "stNumberInput", "stSliderThumbValue", "stSliderTickBar"],
  ...["stTopNavSection", "stTooltipContent", "stStatusWidget"],
]
  .map((part) => `[data-testid=${part}]`)
  .concat("[role=listbox]", "[role=alert]")
  .join();
