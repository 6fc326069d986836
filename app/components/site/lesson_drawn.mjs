// The charts and components of a chapter: each is drawn when it comes near the window, and taken over into what replaces it.

import { loadPlotly } from "../atlas_map/plot.mjs";
import { find, make } from "../page/elements.mjs";
import { fetchFile } from "../page/fetched.mjs";
import { _ } from "../page/texts.mjs";
import { notice, writeAddress } from "./page.mjs";

const NEAR = "400px"; // below the window
const PLACES = ".chart, .component";
/** @type {Record<string, () => Promise<any>>} modules of components, by the names of their folders */
const MODULES = {
  latent_pad: () => import("../latent_pad/latent_pad.mjs"),
  atlas_map: () => import("../atlas_map/atlas_map.mjs"),
  timelapse: () => import("../timelapse/timelapse.mjs"),
};

export class Drawn {
  #plotly;
  #sight;
  /** @type {WeakSet<Element>} those that stand */
  #stand = new WeakSet();

  /**
   * @param {string} plotly its address
   * @param {HTMLElement} root
   */
  constructor(plotly, root) {
    this.#plotly = plotly;
    const seen = (/** @type {IntersectionObserverEntry[]} */ entries) => {
      for (const { isIntersecting, target } of entries) if (isIntersecting) this.#draw(/** @type {HTMLElement} */ (target));
    };
    this.#sight = new IntersectionObserver(seen, { rootMargin: NEAR });
    this.#watch(root);
    const again = () => {
      for (const place of root.querySelectorAll(PLACES)) if (this.#stand.has(place)) this.#draw(/** @type {HTMLElement} */ (place));
    };
    window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", again);
  }

  /**
   * Put an element in place of another; a chart or a component that both hold stays and only takes over what is new.
   *
   * @param {HTMLElement} old
   * @param {HTMLElement} fresh
   */
  exchange(old, fresh) {
    const here = /** @type {HTMLElement|null} */ (old.querySelector(`:scope > :is(${PLACES})`));
    const there = /** @type {HTMLElement|null} */ (fresh.querySelector(`:scope > :is(${PLACES})`));
    if (here && there && here.className === there.className && here.dataset.part === there.dataset.part) {
      find(here, "script").textContent = find(there, "script").textContent;
      if (this.#stand.has(here)) this.#draw(here);
      return;
    }
    for (const place of old.querySelectorAll(PLACES)) {
      this.#sight.unobserve(place);
      if (this.#stand.has(place)) this.#leave(/** @type {HTMLElement} */ (place));
    }
    old.replaceWith(fresh);
    this.#watch(fresh);
  }

  /** @param {HTMLElement} root */
  #watch(root) {
    for (const place of root.querySelectorAll(PLACES)) this.#sight.observe(place);
  }

  /** @param {HTMLElement} place */
  async #draw(place) {
    this.#sight.unobserve(place);
    this.#stand.add(place);
    try {
      await (place.matches(".chart") ? drawChart(place, this.#plotly) : drawComponent(place));
      place.dataset.drawn = "1";
    } catch (error) {
      console.error(error);
      notice(_("A part of this page could not be drawn; load the page again."));
    }
  }

  /** @param {HTMLElement} place */
  #leave(place) {
    if (place.matches(".chart")) window.Plotly?.purge(find(place, ".drawn"));
    else MODULES[place.dataset.part ?? ""]().then(({ unmount }) => unmount(place.shadowRoot ?? place));
  }
}

/** @param {HTMLElement} place */
const givenTo = (place) => JSON.parse(find(place, ":scope > script").textContent ?? "");

/**
 * @param {HTMLElement} place
 * @param {string} plotly
 */
async function drawChart(place, plotly) {
  const Plotly = await loadPlotly(plotly);
  const { data, layout, config } = givenTo(place);
  const canvas = place.querySelector(".drawn") ?? place.appendChild(make("div", "drawn"));
  const style = getComputedStyle(place);
  const font = { family: style.fontFamily, size: 12, color: style.color, ...layout.font };
  await Plotly.react(/** @type {any} */ (canvas), data, { ...layout, font }, { ...config, responsive: true });
}

/** @param {HTMLElement} place */
async function drawComponent(place) {
  const name = place.dataset.part ?? "";
  const { render } = await MODULES[name]();
  const shell = /** @type {HTMLTemplateElement|null} */ (document.getElementById(`part-${name}`));
  if (shell && !place.shadowRoot) place.attachShadow({ mode: "open" }).append(shell.content.cloneNode(true));
  const data = givenTo(place);
  const root = place.shadowRoot ?? place;
  /** The face of a row of the map becomes the current one, on other pages too. @param {number} row */
  const take = async (row) => {
    const images = await fetchFile(data.source.image);
    if (images) writeAddress(new URLSearchParams({ model: data.model, face: String(new Int32Array(images)[row]) }));
    find(place, ":scope > script").textContent = JSON.stringify({ ...data, point: { id: `row ${row}`, row } });
    await drawComponent(place);
  };
  render({
    data,
    parentElement: root,
    setStateValue: () => {},
    setTriggerValue: (/** @type {string} */ event, /** @type {unknown} */ value) => {
      if (name === "atlas_map" && event === "clicked") take(Number(value));
    },
  });
}
