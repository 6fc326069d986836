// The map of faces: draws the atlas, recolours it in place, marks the current point, reports clicks and selections.
// Streamlit calls the renderer at every change of data or theme; one AtlasMap a place on the page takes all calls.

import { firstOf } from "../page/topics.mjs";
import { loadArray, loadColumn, packRows } from "./arrays.mjs";
import { colourBy } from "./colours.mjs";
import { FaceCard } from "./face.mjs";
import { buildDom, describe, drawLegend, imageName } from "./legend.mjs";
import { Marker } from "./marker.mjs";
import { PlaceIndex, extentOf } from "./nearest.mjs";
import * as plot from "./plot.mjs";
import { listen } from "./pointing.mjs";

const HELP = "Hover over a point to see its face, click to take it. After a click, or with Ctrl, the wheel zooms.";
const TOUCH_HELP = "Tap a point to see its face and take it.";
const FACE_FIRST_MS = 800; // how long the map waits for the pad's first face
const remembered = new Map(); // component key -> what survives a switch of the page

/** Draw, or take over new data. */
export function render(component) {
  const { parentElement } = component;
  if (!(parentElement.atlasMap instanceof AtlasMap)) {
    parentElement.atlasMap?.remove(); // of this module's last version: the server was renewed under an open page
    parentElement.atlasMap = new AtlasMap(parentElement);
  }
  parentElement.atlasMap.update(component);
}

/** Take the map away; the arrays and the open decoders stay with the page. */
export function unmount(parentElement) {
  parentElement.atlasMap?.remove();
  delete parentElement.atlasMap;
}

class AtlasMap {
  drawn = null; // what is on screen, which may lag behind `data`
  #busy = false;
  #stale = false;
  #gone = false;

  constructor(parent) {
    this.dom = buildDom(parent);
    this.face = new FaceCard(this.dom.face);
    this.marker = new Marker(this);
    this.unlisten = listen(this);
    this.resizing = new ResizeObserver(() => this.#resize());
    this.resizing.observe(this.dom.frame);
  }

  /** Take new data; what changed is worked out while drawing. */
  update(component) {
    const { data } = component;
    this.component = component;
    this.data = data;
    this.dom.root.style.setProperty("--am-height", `${data.height}px`);
    const nothing = { ranges: null, selected: null, dragmode: "pan", pointId: null };
    if (!remembered.has(data.key)) remembered.set(data.key, nothing);
    this.memory = remembered.get(data.key);
    this.#sync();
  }

  remove() {
    this.#gone = true;
    this.resizing.disconnect();
    this.unlisten();
    this.marker.remove();
    if (this.drawn) plot.purge(window.Plotly, this.dom.plot);
    this.dom.root.remove();
  }

  /** One drawing at a time; what arrives meanwhile is drawn after it, the newest only. */
  async #sync() {
    this.#stale = true;
    if (this.#busy) return;
    this.#busy = true;
    while (this.#stale && !this.#gone) {
      this.#stale = false;
      try {
        await this.#draw(this.data);
      } catch (error) {
        this.fail(error);
      }
    }
    this.#busy = false;
  }

  async #draw(data) {
    const started = performance.now();
    // Plotly's script and first draw hold the page up for a second; the face is small and comes first.
    if (!this.drawn) await firstOf("first face", FACE_FIRST_MS);
    const [Plotly, xy, image, column] = await Promise.all([
      plot.loadPlotly(data.plotly),
      loadArray({ url: data.source.xy, type: "float32", length: 2 * data.source.points, what: "places" }),
      loadArray({ url: data.source.image, type: "int32", length: data.source.points, what: "image numbers" }),
      loadColumn(data),
    ]);
    this.waiting = !this.#size().width; // in a closed tab or expander
    if (this.#gone || this.waiting) return;
    const theme = plot.readTheme(this.dom.root);
    const looks = JSON.stringify([data.source.xy, data.colouring, theme]);
    if (this.drawn?.looks !== looks) { // often only the current point is another one
      const coloured = colourBy(data.colouring, { xy, column }, theme.dark);
      const draw = this.drawn ? this.#again : this.#first;
      await draw.call(this, Plotly, data, { xy, image, coloured, theme });
    }
    if (this.#gone) return;
    Object.assign(this.drawn, { data, looks });
    this.#tell(performance.now() - started);
    this.#openLatents(data);
  }

  async #first(Plotly, data, { xy, image, coloured, theme }) {
    if (!plot.hasWebGl()) throw new Error("The map needs WebGL, which is switched off or missing in this browser.");
    const { memory } = this;
    const extent = extentOf(xy);
    const { width, height } = this.#size();
    this.home = plot.homeRanges(extent, width, height);
    if (memory.image !== data.source.image) this.#forget();
    const ranges = memory.ranges ? plot.moveRanges(memory.ranges, memory.extent, extent) : this.home;
    const split = plot.splitBySlot(xy, coloured.slotOf, memory.selected);
    const size = plot.pointSize(xy.length / 2, { width, height }, zoomOf(ranges, this.home));
    const { colours, legend, raised } = coloured;
    const traces = plot.traces(split, colours, plot.slotSizes(size, raised));
    const layout = { ...plot.layout(ranges, memory.dragmode, theme), width, height };
    const config = plot.config(Plotly, () => this.showAll());
    await Plotly.newPlot(this.dom.plot, traces, layout, config);
    this.drawn = { xy, image, extent, split, size, raised, legend, index: new PlaceIndex(xy) };
    this.#remember(data);
    this.dom.plot.on("plotly_relayout", () => this.#moved());
    this.dom.plot.on("plotly_relayouting", () => this.place());
    // Taking the outline away reports a selection without outlines, which is not the hand's doing.
    this.dom.plot.on("plotly_selected", (event) => event?.selections?.length && this.#select(event.points));
    this.dom.plot.on("plotly_deselect", () => this.clearSelection());
    this.dom.plot.on("plotly_doubleclick", () => this.showAll());
    const lost = new Error("The graphics card let the map go; reload the page.");
    this.dom.plot.on("plotly_webglcontextlost", () => this.fail(lost));
  }

  async #again(Plotly, data, { xy, image, coloured, theme }) {
    const before = this.drawn;
    const { width, height } = this.#size();
    if (this.memory.image !== data.source.image) this.#forget();
    const split = plot.splitBySlot(xy, coloured.slotOf, this.memory.selected);
    const layout = plot.themed(theme);
    if (before.xy !== xy) {
      const extent = extentOf(xy);
      const ranges = plot.moveRanges(this.ranges(), before.extent, extent);
      this.home = plot.homeRanges(extent, width, height);
      Object.assign(layout, { "xaxis.range": ranges.x, "yaxis.range": ranges.y });
      this.drawn = { ...before, xy, extent, index: new PlaceIndex(xy), mu: null };
      this.dom.root.dataset.latents = "loading";
      this.face.hide();
    }
    const { colours, legend, raised } = coloured;
    Object.assign(this.drawn, { image, split, legend, raised });
    const sizes = plot.slotSizes(before.size, raised);
    await Plotly.update(this.dom.plot, plot.restyling(split, colours, sizes), layout);
    this.#remember(data);
  }

  /** Everything on the page that says what is drawn. */
  #tell(ms) {
    const { drawn, dom } = this;
    const { data } = drawn;
    const { dataset } = dom.root;
    dom.message.hidden = true;
    Object.assign(dataset, { state: "ready", points: data.source.points, model: data.model, drawMs: ms.toFixed(0) });
    dataset.colouring = `${data.colouring.kind}:${drawn.legend.title}`;
    dataset.theme = plot.readTheme(dom.root).dark ? "dark" : "light";
    dom.plot.setAttribute("aria-label", describe(drawn.legend, data.source.points, data.modelName));
    dom.says.textContent ||= window.matchMedia("(hover: none)").matches ? TOUCH_HELP : HELP;
    this.#legend();
    this.marker.follow(data);
    this.place();
  }

  #legend() {
    const selected = this.memory.selected?.reduce((sum, one) => sum + one, 0) ?? 0;
    this.dom.root.dataset.selected = selected;
    const state = { points: this.drawn.data.source.points, selected, onClear: () => this.clearSelection() };
    drawLegend(this.dom.legend, this.drawn.legend, state);
  }

  async #openLatents({ source, decoderUrl }) {
    const wanted = { url: source.latents, type: "float16", length: source.points * source.dimensions, what: "latents" };
    try {
      const mu = await loadArray(wanted);
      if (this.#gone || this.drawn.data.source.latents !== source.latents || this.drawn.mu === mu) return;
      this.drawn.mu = mu;
      this.dom.root.dataset.latents = "ready";
      this.marker.settle();
      this.pointing.refresh();
      if (decoderUrl) this.face.warm(decoderUrl);
    } catch (error) {
      this.dom.says.textContent = error.message; // the map itself is drawn; only faces and the moving marker are not
    }
  }

  /** The latent of a row, or null while the latents are on their way. */
  latent(row) {
    const D = this.drawn.data.source.dimensions;
    return this.drawn.mu?.slice(row * D, (row + 1) * D) ?? null;
  }

  name(row) {
    return `Image ${imageName(this.drawn.image[row])}`;
  }

  /** What the axes show: {x: [x0, x1], y: [y0, y1]}. */
  ranges() {
    const { xaxis, yaxis } = this.dom.plot._fullLayout;
    return { x: xaxis.range.map(Number), y: yaxis.range.map(Number) };
  }

  showAll() {
    return window.Plotly.relayout(this.dom.plot, { "xaxis.range": [...this.home.x], "yaxis.range": [...this.home.y] });
  }

  #size() {
    return { width: this.dom.frame.clientWidth, height: this.dom.frame.clientHeight };
  }

  async #resize() {
    const { width, height } = this.#size();
    const old = this.dom.plot._fullLayout;
    if (this.waiting && width) this.#sync();
    if (!this.drawn || !width || (old.width === width && old.height === height)) return;
    const atHome = Math.abs(zoomOf(this.ranges(), this.home) - 1) < 0.02;
    this.home = plot.homeRanges(this.drawn.extent, width, height);
    const view = atHome ? { "xaxis.range": [...this.home.x], "yaxis.range": [...this.home.y] } : {};
    await window.Plotly.relayout(this.dom.plot, { width, height, ...view });
  }

  #moved() {
    if (this.#gone) return;
    this.memory.dragmode = this.dom.plot._fullLayout.dragmode;
    this.#remember(this.drawn.data);
    this.place();
    const size = plot.pointSize(this.drawn.data.source.points, this.#size(), zoomOf(this.ranges(), this.home));
    if (size === this.drawn.size) return;
    this.drawn.size = size;
    window.Plotly.restyle(this.dom.plot, { "marker.size": plot.slotSizes(size, this.drawn.raised) });
  }

  #remember(data) {
    Object.assign(this.memory, { ranges: this.ranges(), extent: this.drawn.extent, image: data.source.image });
  }

  #select(points) {
    const mask = new Uint8Array(this.drawn.data.source.points);
    for (const { curveNumber, pointNumber } of points) mask[this.drawn.split.rows[curveNumber][pointNumber]] = 1;
    this.#show(points.length ? mask : null);
    this.component.setTriggerValue("selected", { points: mask.length, rows: packRows(mask) });
  }

  clearSelection() {
    if (!this.memory.selected) return;
    const none = new Uint8Array(this.drawn.data.source.points);
    this.#show(null);
    this.component.setTriggerValue("selected", { points: none.length, rows: packRows(none) });
  }

  /** Rows stay selected, not an outline: the same faces lie elsewhere on the other model's map. */
  #show(mask) {
    this.memory.selected = mask;
    const { rows } = this.drawn.split;
    window.Plotly.update(this.dom.plot, { selectedpoints: plot.selectedPoints(rows, mask) }, { selections: [] });
    this.#legend();
  }

  /** Put every mark where its point is now. */
  place() {
    const { width, height } = this.#size();
    const { x, y } = this.ranges();
    this.unitsPerPixel = (x[1] - x[0]) / width;
    this.dom.root.dataset.view = [...x, ...y].map((value) => value.toFixed(4)).join(" ");
    this.toPixels = ([px, py]) => [((px - x[0]) / (x[1] - x[0])) * width, ((y[1] - py) / (y[1] - y[0])) * height];
    this.toPlace = ([left, top]) => [x[0] + (left / width) * (x[1] - x[0]), y[1] - (top / height) * (y[1] - y[0])];
    this.marker.draw();
    this.pointing.draw();
  }

  /** Rows mean other faces from now on. */
  #forget() {
    this.memory.selected = null;
    this.pointing.row = null;
  }

  fail(error) {
    if (this.#gone) return;
    console.error(error);
    this.dom.root.dataset.state = "error";
    this.dom.message.textContent = error.message;
    this.dom.message.hidden = false;
  }
}

const zoomOf = (ranges, home) => (home.x[1] - home.x[0]) / (ranges.x[1] - ranges.x[0]);
