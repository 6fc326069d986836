// The scatter: Plotly's WebGL one, with a trace a colour slot, or several. Constant colours draw several times faster than a
// colour a point, and the order of the traces decides who is on top.

import { fetchFile, isPacked } from "../page/fetched.mjs";
import { _ } from "../page/texts.mjs";
import { OPACITY } from "./ahead.mjs";

/** @import { Extent, PlotElement, Plotly, Ranges, Size, Split, Theme } from "./types.d.ts" */

const PADDING = 0.04; // of the extent, around all points at home
/** @type {Map<string, Promise<Plotly>>} one script tag a part of Plotly and page, by its address */
const loading = new Map();
/** @type {Plotly} what draws maps, once it is there: the page's own may be the part that draws charts */
export let plotly;

/**
 * The part of Plotly that draws maps, from the server's own copy. Rejects with a sentence that can be shown.
 *
 * @param {string} url
 */
export async function loadPlotly(url) {
  const found = loading.get(url) ?? unpacked(url).then((src) => run(src, url));
  loading.set(url, found);
  found.catch(() => loading.delete(url)); // a later call tries again
  plotly = await found;
}

/**
 * @param {string} src
 * @param {string} url
 * @returns {Promise<Plotly>}
 */
function run(src, url) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = src;
    const file = url.split("/").pop()?.replace(/\.xz$/, "") ?? "";
    const fail = () => {
      script.remove();
      reject(new Error(_("The map cannot be drawn: {file} is missing on the server; run python -m app.server.frontend_files there.", { file })));
    };
    script.onerror = fail;
    script.onload = () => (window.Plotly ? resolve(window.Plotly) : fail());
    document.head.append(script);
  });
}

/**
 * The address of a script that the browser can run; of a packed one, that of its unpacked copy in this page.
 *
 * @param {string} url
 */
async function unpacked(url) {
  const content = isPacked(url) ? await fetchFile(url) : null;
  return content ? URL.createObjectURL(new Blob([content], { type: "text/javascript" })) : url;
}

/** Whether this browser can draw with WebGL. */
export function hasWebGl() {
  const context = document.createElement("canvas").getContext("webgl");
  context?.getExtension("WEBGL_lose_context")?.loseContext();
  return context !== null;
}

/**
 * Diameter of a point in CSS pixels: smaller for more points on less room, larger when zoomed in.
 *
 * @param {number} count
 * @param {Size} frame
 * @param {number} zoom
 */
export function pointSize(count, { width, height }, zoom) {
  const base = Math.min(6, Math.max(1.8, 0.68 * Math.sqrt((width * height) / count)));
  return Math.round(2 * Math.min(9, base * Math.max(1, zoom) ** 0.45)) / 2;
}

/**
 * Axis ranges that show the whole extent, in the shape of the plot, so that both axes have one scale.
 *
 * @param {Extent} extent
 * @param {number} width
 * @param {number} height
 * @returns {Ranges}
 */
export function homeRanges([x0, x1, y0, y1], width, height) {
  const scale = (1 + 2 * PADDING) * Math.max((x1 - x0) / width, (y1 - y0) / height); // data units a pixel
  const around = (/** @type {number} */ middle, /** @type {number} */ length) => [middle - (scale * length) / 2, middle + (scale * length) / 2];
  return { x: around((x0 + x1) / 2, width), y: around((y0 + y1) / 2, height) };
}

/**
 * The same view on another map: ranges are kept as fractions of the map's extent.
 *
 * @param {Ranges} ranges
 * @param {Extent} before
 * @param {Extent} after
 * @returns {Ranges}
 */
export function moveRanges(ranges, before, after) {
  const move = (/** @type {number} */ value, /** @type {number} */ side) => {
    const [a0, a1, b0, b1] = [before[side], before[side + 1], after[side], after[side + 1]];
    return b0 + ((value - a0) / (a1 - a0)) * (b1 - b0);
  };
  return { x: ranges.x.map((x) => move(x, 0)), y: ranges.y.map((y) => move(y, 2)) };
}

/**
 * The traces: the points by slot, their colours and their sizes.
 *
 * @param {Split} split
 * @param {string[]} colours
 * @param {number[]} sizes
 */
export function traces(split, colours, sizes) {
  return split.x.map((x, at) => ({
    type: "scattergl",
    mode: "markers",
    x,
    y: split.y[at],
    hoverinfo: "skip",
    selectedpoints: split.selectedpoints[at],
    marker: { size: sizes[at], color: colours[split.slots[at]] ?? colours[0], opacity: OPACITY, line: { width: 0 } },
    selected: { marker: { opacity: 0.95 } },
    unselected: { marker: { opacity: 0.08 } },
  }));
}

/**
 * The same as one restyle of the traces that are there.
 *
 * @param {Split} split
 * @param {string[]} colours
 * @param {number[]} sizes
 */
export function restyling(split, colours, sizes) {
  const { x, y, selectedpoints } = split;
  const color = x.map((_one, at) => colours[split.slots[at]] ?? colours[0]);
  return { x, y, selectedpoints, "marker.color": color, "marker.size": sizes };
}

/**
 * No axes, no margins, the page's own background, one scale for both axes.
 *
 * @param {Ranges} ranges
 * @param {string} dragmode
 * @param {Theme} theme
 */
export function layout(ranges, dragmode, theme) {
  const axis = { visible: false, autorange: false, fixedrange: false };
  return {
    autosize: false,
    margin: { l: 0, r: 0, t: 0, b: 0, pad: 0, autoexpand: false },
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    hovermode: false,
    dragmode,
    showlegend: false,
    xaxis: { ...axis, range: [...ranges.x] },
    yaxis: { ...axis, range: [...ranges.y], scaleanchor: "x" },
    ...themed(theme),
  };
}

/**
 * Colours that Plotly needs; light text means a dark page.
 *
 * @param {Element} root
 * @returns {Theme}
 */
export function readTheme(root) {
  const style = getComputedStyle(root);
  const [r, g, b] = (style.color.match(/[\d.]+/g) ?? [0, 0, 0]).map(Number);
  const primary = style.getPropertyValue("--st-primary-color").trim() || "#d1570a";
  return { dark: r + g + b > 382, text: `rgb(${r},${g},${b})`, faint: `rgba(${r},${g},${b},0.55)`, primary };
}

/**
 * The part of the layout that follows the theme.
 *
 * @param {Theme} theme
 */
export function themed({ text, faint, primary }) {
  return {
    modebar: { bgcolor: "rgba(0,0,0,0)", color: faint, activecolor: text, orientation: "h" },
    newselection: { line: { color: primary, width: 2, dash: "solid" } },
  };
}

/**
 * A mode bar of what a map needs; `reset` is ours, since Plotly's would go back to the first map's ranges.
 *
 * @param {PlotElement} element
 * @param {() => void} reset
 * @param {() => boolean} saved hands over a picture of what Plotly does not draw, if there is such
 */
export function config(element, reset, saved) {
  const picture = { format: "png", filename: "facespace-map", scale: 2 };
  const save = {
    name: "save", title: _("Save the map as a PNG"), icon: plotly.Icons.camera,
    click: () => saved() || plotly.downloadImage(element, picture),
  };
  const home = { name: "reset", title: _("Show the whole map"), icon: plotly.Icons.home, click: reset };
  return {
    displaylogo: false,
    displayModeBar: true,
    scrollZoom: true,
    doubleClick: false,
    showTips: false,
    plotGlPixelRatio: window.devicePixelRatio || 1, // Plotly's own 2 makes software rendering four times slower
    modeBarButtons: [["pan2d", "zoom2d", "select2d", "lasso2d"], ["zoomIn2d", "zoomOut2d", home], [save]],
  };
}

/**
 * Give the graphics memory back at once; Plotly.purge leaves that to the garbage collector.
 *
 * @param {PlotElement} element
 */
export function purge(element) {
  const canvases = /** @type {HTMLCanvasElement[]} */ ([...element.querySelectorAll("canvas.gl-canvas")]);
  plotly.purge(element);
  for (const canvas of canvases) canvas.getContext("webgl")?.getExtension("WEBGL_lose_context")?.loseContext();
}

/** Whether something happens on Plotly's buttons, which it draws over the map. */
export const onModeBar = (/** @type {Event} */ { target }) => target instanceof Element && target.closest(".modebar") !== null;
