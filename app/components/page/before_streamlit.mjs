// What the page will need, begun from its HTML (app/early_pad/page_head.py) while Streamlit's own code still loads.
// Everything here is only sooner: components ask for the same things by themselves, and tell of failures.

import { firstOf } from "./topics.mjs";
import { openDecoder } from "../decoding/decoder.mjs";

const FACE_MS = 10_000; // how long a map that comes later waits for the page's first face
const idle = globalThis.requestIdleCallback ?? ((work) => setTimeout(work, 1000));

const { decoder, pad, plotly } = JSON.parse(document.getElementById("facespace-page-head")?.textContent ?? "{}");

if (decoder) openDecoder(decoder).catch(() => {});
// The components find their modules there already.
import("../latent_pad/latent_pad.mjs").then(({ renderEarly }) => pad && renderEarly(pad));
import("../atlas_map/atlas_map.mjs");
import("./away.mjs");
// For a map in a later part of the page. Plotly's script holds a page up for half a second, so it runs while nothing
// else does.
if (plotly) {
  Promise.all([import("../atlas_map/plot.mjs"), firstOf("first face", FACE_MS)]).then(([{ loadPlotly }]) =>
    idle(() => loadPlotly(plotly).catch(() => {})),
  );
}
