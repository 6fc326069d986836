// What the page will need, begun from its HTML (app/early_pad/page_head.py) while Streamlit's own code still loads.
// Everything here is only sooner: components ask for the same things by themselves, and tell of failures.

import { isConnected } from "./streamlit.mjs";
import { firstOf } from "./topics.mjs";

const FACE_MS = 10_000; // how long a map that comes later waits for the page's first face
const LOOK_MS = 30; // between two looks at whether Streamlit is connected
const LATER_MS = 4000; // after which a page that draws no face opens the decoder for the next one that does
const idle = globalThis.requestIdleCallback ?? ((work) => setTimeout(work, 1000));

const { decoder, later, pad, plotly, mapFirst } = JSON.parse(document.getElementById("facespace-page-head")?.textContent ?? "{}");

function open() {
  if (decoder) import("../decoding/decoder.mjs").then(({ openDecoder }) => openDecoder(decoder)).catch(() => {});
  // The components find their modules there already.
  import("../latent_pad/latent_pad.mjs").then(({ renderEarly }) => pad && renderEarly(pad));
}
if (later) setTimeout(() => idle(open), LATER_MS);
else open();
if (mapFirst) import("../atlas_map/atlas_map.mjs");
import("./away.mjs");
import("./own_words.mjs");
// What draws maps holds a page up for half a second: it runs once the page has its first face. A page that begins with a
// map paints that first (atlas_map/ahead.mjs); until then the script only arrives.
if (plotly && mapFirst) {
  connected().then(() => document.head.append(Object.assign(document.createElement("link"), { rel: "preload", as: "script", href: plotly })));
} else if (plotly) {
  firstOf("first face", FACE_MS)
    .then(() => Promise.all([import("../atlas_map/plot.mjs"), import("../atlas_map/atlas_map.mjs")]))
    .then(([{ loadPlotly }]) => idle(() => loadPlotly(plotly).catch(() => {})));
}

/** Resolves once Streamlit has asked the server for the page. @returns {Promise<void>} */
function connected() {
  return new Promise((resolve) => {
    const timer = setInterval(() => {
      if (!isConnected()) return;
      clearInterval(timer);
      resolve();
    }, LOOK_MS);
  });
}
