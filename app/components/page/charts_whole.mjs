// A chart is drawn for the width that its frame had. Where that changes, Streamlit draws it anew, on a busy computer only
// seconds later: until then it is shown smaller, so that no legend, label or curve is cut.

const FRAME = ".stPlotlyChart";
const DRAWN = "svg-container"; // the class that Plotly gives what it draws in
const SLACK = 1; // pixels that a frame may be narrower by rounding

/** @typedef {{offsetWidth: number, offsetHeight: number}} Size */

/**
 * By how much a drawing is to be shrunk for its frame; 1 where it is whole or cannot be seen.
 *
 * @param {Size} drawn
 * @param {Size} frame
 */
export function shrink(drawn, frame) {
  const wide = frame.offsetWidth + SLACK < drawn.offsetWidth ? frame.offsetWidth / drawn.offsetWidth : 1;
  const high = frame.offsetHeight + SLACK < drawn.offsetHeight ? frame.offsetHeight / drawn.offsetHeight : 1;
  return Math.min(wide, high) || 1;
}

/** Watch the page for as long as it lives. */
export function watch() {
  const sizes = new ResizeObserver((changed) => {
    const drawings = changed.map(({ target }) => (target.matches(FRAME) ? target.querySelector(`.${DRAWN}`) : target));
    for (const drawing of new Set(drawings)) if (drawing?.isConnected) fit(/** @type {HTMLElement} */ (drawing));
  });
  const known = new WeakSet();
  const drawings = document.getElementsByClassName(DRAWN);
  new MutationObserver(() => {
    for (const drawing of drawings) {
      const frame = drawing.closest(FRAME);
      if (!frame || known.has(drawing)) continue;
      known.add(drawing);
      sizes.observe(drawing);
      sizes.observe(frame); // one that is observed already is not observed twice
    }
  }).observe(document.body, { subtree: true, childList: true });
}

/** @param {HTMLElement} drawing */
export function fit(drawing) {
  const frame = /** @type {HTMLElement|null} */ (drawing.closest(FRAME));
  const share = frame ? shrink(drawing, frame) : 1;
  drawing.style.transformOrigin = "0 0";
  drawing.style.transform = share < 1 ? `scale(${share})` : "";
}

if (globalThis.document?.body && globalThis.ResizeObserver) watch();
