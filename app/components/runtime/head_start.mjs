// What the page will need, begun from its HTML while Streamlit's own code still loads (app/head_start.py names it).
// Everything here is only sooner: components ask for the same things by themselves, and tell of failures.

import { openDecoder } from "./decoder.mjs";

const { decoder, pad } = JSON.parse(document.getElementById("facespace-head-start").textContent);

if (decoder) openDecoder(decoder).catch(() => {});
// The components find their modules there already.
import("../latent_pad/latent_pad.mjs").then(({ renderEarly }) => pad && renderEarly(pad));
import("../atlas_map/atlas_map.mjs");
