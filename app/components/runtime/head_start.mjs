// What the page will need, begun from its HTML while Streamlit's own code still loads (app/head_start.py names it).
// Everything here is only sooner: components ask for the same things by themselves, and tell of failures.

// The components find their modules there already.
import "../atlas_map/atlas_map.mjs";
import "../latent_pad/latent_pad.mjs";
import { loadPlotly } from "../atlas_map/plot.mjs";
import { openDecoder } from "./decoder.mjs";
import { subscribe } from "./bus.mjs";

const IDLE_MS = 400; // without a face that long after the decoder is open, the page waits for the server

const { decoder, plotly } = JSON.parse(document.getElementById("facespace-head-start").textContent);

let face = false;
const stop = subscribe("first face", () => (face = true));
if (decoder) await openDecoder(decoder).catch(() => {});
setTimeout(() => {
  stop();
  // It holds the page up for half a second: only where a map will be, and while there is nothing else to do.
  if (!face && /\/(explore)?$/.test(window.location.pathname)) loadPlotly(plotly).catch(() => {});
}, IDLE_MS);
