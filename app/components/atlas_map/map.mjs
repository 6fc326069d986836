// The map itself: draws the atlas, recolours it in place, marks the current point, reports clicks and selections.

import { _ } from "../page/texts.mjs";
import { firstOf, isKnown } from "../page/topics.mjs";
import { paintAhead, quiet } from "./ahead.mjs";
import { loadArray, loadColumn } from "./arrays.mjs";
import { colourBy } from "./colours.mjs";
import { Dots, isMany } from "./dots.mjs";
import { FaceCard } from "./face.mjs";
import { FilterPanel } from "./filter_panel.mjs";
import { Landmarks } from "./landmarks.mjs";
import { buildDom, describe, wordDom } from "./legend.mjs";
import { Latents } from "./latents.mjs";
import { Marker } from "./marker.mjs";
import { memoryOf, noMasks } from "./memory.mjs";
import { PlaceIndex, extentOf } from "./nearest.mjs";
import * as plot from "./plot.mjs";
import { hearPlotly } from "./plot_events.mjs";
import { listen } from "./pointing.mjs";
import { Selection } from "./selection.mjs";
import { sizesOf, splitBySlot } from "./split.mjs";
import { View, asLayout, zoomOf } from "./view.mjs";

/** @import { Component } from "../page/component.d.ts" */
/** @import { MapMessage, SelectedMessage } from "./message.d.ts" */
/** @import { Coloured, Drawn, Theme } from "./types.d.ts" */

const FACE_FIRST_MS = 800; // how long the map waits for the pad's first face

export class AtlasMap {
  /** @type {Drawn|null} */
  drawn = null;
  /** @type {Component<MapMessage>|null} */
  #component = null;
  memory = memoryOf("");
  #busy = false;
  #stale = false;
  gone = false;
  #hidden = false; // in a closed tab or expander
  #plotted = false; // by Plotly; before that the dots are painted, and can be pointed at

  /** @param {Element} parent */
  constructor(parent) {
    this.dom = buildDom(parent);
    this.words = wordDom(this.dom, { vectors: false });
    this.view = new View(this.dom.plot, this.dom.frame);
    this.dots = new Dots(this);
    this.face = new FaceCard(this.dom.face);
    this.landmarks = new Landmarks(this);
    this.latents = new Latents(this);
    this.marker = new Marker(this);
    this.selection = new Selection(this);
    this.filter = new FilterPanel(this);
    const { pointing, stop } = listen(this);
    this.pointing = pointing;
    this.unlisten = stop;
    this.resizing = new ResizeObserver(() => this.#resize());
    this.resizing.observe(this.dom.frame);
  }

  /**
   * Take new data; what changed is worked out while drawing.
   *
   * @param {Component<MapMessage>} component
   */
  update(component) {
    const { data } = component;
    this.#component = component;
    this.dom.root.style.setProperty("--am-height", `${data.height}px`);
    this.memory = memoryOf(data.key);
    this.words = wordDom(this.dom, data);
    this.#sync();
  }

  remove() {
    this.gone = true;
    this.resizing.disconnect();
    this.unlisten();
    this.marker.remove();
    this.landmarks.remove();
    if (this.#plotted) plot.purge(this.dom.plot);
    this.dom.root.remove();
  }

  /** One drawing at a time; what arrives meanwhile is drawn after it, the newest only. */
  async #sync() {
    this.#stale = true;
    if (this.#busy) return;
    this.#busy = true;
    while (this.#stale && !this.gone) {
      this.#stale = false;
      try {
        if (this.#component) await this.#draw(this.#component.data);
      } catch (error) {
        this.fail(/** @type {Error} */ (error));
      }
    }
    this.#busy = false;
  }

  /** @param {MapMessage} data */
  async #draw(data) {
    const started = performance.now();
    const { points, xy: places, image: images } = data.source;
    const [xy, image, column] = await Promise.all(/** @type {const} */ ([
      loadArray({ url: places, type: "float32", length: 2 * points, what: _("places") }),
      loadArray({ url: images, type: "int32", length: points, what: _("image numbers") }),
      loadColumn(data),
    ]));
    this.#hidden = !this.view.measure().width;
    if (this.gone || this.#hidden) return;
    const theme = plot.readTheme(this.dom.root);
    const looks = JSON.stringify([data.source.xy, data.colouring, theme]);
    if (this.drawn?.looks !== looks) { // often only the current point is another one
      const coloured = colourBy(data.colouring, { xy, column }, theme.dark);
      const parts = { xy, image, coloured, theme };
      if (this.drawn && this.#plotted) await this.#again(data, parts, this.drawn);
      else await this.#first(data, parts);
    }
    if (this.gone || !this.drawn || !this.#plotted) return; // hidden before Plotly came: it is drawn when it is seen
    Object.assign(this.drawn, { data, looks });
    this.#tell(this.drawn, performance.now() - started);
    this.latents.open(data);
  }

  /** @param {MapMessage} data @param {Parts} parts */
  async #first(data, { xy, image, coloured, theme }) {
    const { dom, memory } = this;
    const extent = extentOf(xy);
    if (memory.image !== data.source.image) this.#forget();
    const split = splitBySlot(xy, coloured.slotOf, memory.selected);
    const { colours, legend, raised, slotOf } = coloured;
    const framed = () => {
      const frame = this.view.framed(extent, memory);
      const size = plot.pointSize(xy.length / 2, frame, zoomOf(frame.ranges, frame.home));
      return { ...frame, size, sizes: sizesOf(split.slots, size, raised) };
    };
    const index = new PlaceIndex(xy);
    /** @returns {Drawn} */
    const drawn = (/** @type {number} */ size) => ({ data, xy, image, extent, split, size, raised, colours, slotOf, legend, index, mu: null, sampled: null, looks: "" });
    if (!isMany(xy) && !memory.selected) {
      const frame = framed();
      await paintAhead(dom, split, colours, frame);
      if (this.gone) return;
      Object.assign(this.view, { home: frame.home, ahead: frame.ranges });
      this.drawn = drawn(frame.size);
      this.#tellHand(this.drawn);
    }
    // Plotly's script and first draw hold the page up for half a second each: faces and hands come first.
    if (isKnown("pad")) await firstOf("first face", FACE_FIRST_MS);
    if (this.drawn) await quiet();
    await plot.loadPlotly(data.plotly);
    const { width, height, home, ranges, size, sizes } = framed(); // the window may be another one by now
    this.#hidden = !width;
    if (this.gone || this.#hidden) return;
    if (!isMany(xy) && !plot.hasWebGl()) throw new Error(_("The map needs WebGL, which is switched off or missing in this browser."));
    this.view.home = home;
    const traces = plot.traces(split, colours, sizes);
    const layout = { ...plot.layout(ranges, memory.dragmode, theme), width, height };
    const config = plot.config(dom.plot, () => this.view.showAll(), () => this.dots.save());
    await plot.plotly.newPlot(dom.plot, traces, layout, config);
    this.#plotted = true;
    this.drawn = drawn(size);
    this.#remember(this.drawn);
    hearPlotly(this);
  }

  /** @param {MapMessage} data @param {Parts} parts @param {Drawn} before */
  async #again(data, { xy, image, coloured, theme }, before) {
    const { width, height } = this.view.size;
    if (this.memory.image !== data.source.image) this.#forget();
    const split = splitBySlot(xy, coloured.slotOf, this.memory.selected);
    const layout = plot.themed(theme);
    if (before.xy !== xy) {
      const extent = extentOf(xy);
      const ranges = plot.moveRanges(this.view.ranges, before.extent, extent);
      this.view.home = plot.homeRanges(extent, width, height);
      Object.assign(layout, asLayout(ranges));
      this.drawn = { ...before, xy, extent, index: new PlaceIndex(xy), mu: null, sampled: null };
      this.dom.root.dataset.latents = "loading";
      this.face.hide();
    }
    const { colours, legend, raised, slotOf } = coloured;
    const drawn = Object.assign(this.drawn ?? before, { data, image, split, colours, slotOf, legend, raised });
    const sizes = sizesOf(split.slots, before.size, raised);
    await plot.plotly.update(this.dom.plot, plot.restyling(split, colours, sizes), layout);
    this.view.settle();
    this.#remember(drawn);
  }

  /**
   * What is painted can be pointed at and taken; dragging, zooming and choosing wait for Plotly.
   *
   * @param {Drawn} drawn
   */
  #tellHand({ legend, data }) {
    const { dom } = this;
    dom.root.dataset.state = "pointing";
    dom.plot.setAttribute("aria-label", describe(legend, data));
    this.#tellView();
    this.marker.follow(data);
    this.marker.draw();
  }

  /**
   * Everything on the page that says what is drawn.
   *
   * @param {Drawn} drawn
   * @param {number} ms how long it took
   */
  #tell(drawn, ms) {
    const { dom } = this;
    const { data } = drawn;
    const { dataset } = dom.root;
    dom.message.hidden = true;
    Object.assign(dataset, { state: "ready", points: data.source.points, model: data.model, drawMs: ms.toFixed(0) });
    dataset.colouring = `${data.colouring.kind}:${drawn.legend.title}`;
    dataset.theme = plot.readTheme(dom.root).dark ? "dark" : "light";
    dom.plot.setAttribute("aria-label", describe(drawn.legend, data));
    this.selection.tell(drawn);
    this.filter.follow(data);
    this.marker.follow(data);
    dom.says.textContent ||= window.matchMedia("(hover: none)").matches ? this.words.touchHelp : this.words.help;
    this.landmarks.follow();
    this.place();
  }

  /** @param {number} row */
  name(row) {
    return this.words.name(this.drawn?.image[row] ?? 0);
  }

  /**
   * Tell Python what the hand did.
   *
   * @param {"clicked"|"selected"} what
   * @param {number|SelectedMessage} value
   */
  report(what, value) {
    this.#component?.setTriggerValue(what, value);
  }

  async #resize() {
    const { width } = this.view.measure();
    if (this.#hidden && width) this.#sync();
    if (this.drawn) await this.view.fit(this.drawn.extent);
  }

  /** Another part of the map is on screen. */
  moved() {
    const { drawn, view } = this;
    if (this.gone || !drawn) return;
    view.settle();
    this.memory.dragmode = view.dragmode;
    this.#remember(drawn);
    this.place();
    const size = plot.pointSize(drawn.data.source.points, view.size, view.zoom);
    if (size === drawn.size) return;
    drawn.size = size;
    plot.plotly.restyle(this.dom.plot, { "marker.size": sizesOf(drawn.split.slots, size, drawn.raised) });
  }

  /** @param {Drawn} drawn */
  #remember({ extent, data }) {
    Object.assign(this.memory, { ranges: this.view.ranges, extent, image: data.source.image });
  }

  #tellView() {
    const { x, y } = this.view.ranges;
    this.dom.root.dataset.view = [...x, ...y].map((value) => value.toFixed(4)).join(" ");
  }

  /** Put every mark where its point is now. */
  place() {
    this.#tellView();
    this.dots.draw();
    this.marker.draw();
    this.pointing.draw();
    this.landmarks.draw();
  }

  /** Rows mean other faces from now on. */
  #forget() {
    Object.assign(this.memory, noMasks());
    this.pointing.row = null;
  }

  /** @param {Error} error whose message can be shown as it is */
  fail(error) {
    if (this.gone) return;
    console.error(error);
    this.dom.root.dataset.state = "error";
    this.dom.message.textContent = error.message;
    this.dom.message.hidden = false;
  }
}

/** @typedef {{xy: Float32Array, image: Int32Array, coloured: Coloured, theme: Theme}} Parts what a drawing is made of */
