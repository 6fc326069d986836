// Named by the page behind Streamlit's own code, which each of its elements would otherwise begin too early.

import { begin } from "./elements_at_once.mjs";

const { elements = [] } = JSON.parse(document.getElementById("facespace-page-head")?.textContent ?? "{}");
for (const element of elements) begin(element).catch(() => {}); // it is asked for again when it is needed
