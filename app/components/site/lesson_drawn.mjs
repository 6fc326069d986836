// The components of a chapter: each is drawn when it comes near the window, and taken over into what replaces it.

import { find } from "../page/elements.mjs";
import { fetchFile } from "../page/fetched.mjs";
import { _ } from "../page/texts.mjs";
import { notice, writeAddress } from "./page.mjs";

const NEAR = "400px"; // below the window
const PLACES = ".component";
/** @type {Record<string, () => Promise<any>>} modules of components, by the names of their folders */
const MODULES = {
  latent_pad: () => import("../latent_pad/latent_pad.mjs"),
  atlas_map: () => import("../atlas_map/atlas_map.mjs"),
  follow_presenter: () => import("../follow_presenter/follow_presenter.mjs"),
  timelapse: () => import("../timelapse/timelapse.mjs"),
};

export class Drawn {
  #root;
  #sight;
  /** @type {WeakSet<Element>} those that stand */
  #stand = new WeakSet();

  /** @param {HTMLElement} root */
  constructor(root) {
    const seen = (/** @type {IntersectionObserverEntry[]} */ entries) => {
      for (const { isIntersecting, target } of entries) if (isIntersecting) this.#draw(/** @type {HTMLElement} */ (target));
    };
    this.#sight = new IntersectionObserver(seen, { rootMargin: NEAR });
    this.#watch(root);
    this.#root = root;
    window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.again());
  }

  /** Draw those that stand as the page looks now. */
  again() {
    for (const place of this.#root.querySelectorAll(PLACES)) if (this.#stand.has(place)) this.#draw(/** @type {HTMLElement} */ (place));
  }

  /**
   * Put an element in place of another; a component that both hold stays and only takes over what is new.
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
      await drawComponent(place);
      place.dataset.drawn = "1";
    } catch (error) {
      if (!place.isConnected) return; // another took its place meanwhile, and it was let go of
      console.error(error);
      notice(_("A part of this page could not be drawn; load the page again."));
    }
  }

  /** @param {HTMLElement} place */
  #leave(place) {
    MODULES[place.dataset.part ?? ""]().then(({ unmount }) => unmount(place.shadowRoot ?? place));
  }
}

/** @param {HTMLElement} place */
const givenTo = (place) => JSON.parse(find(place, ":scope > script").textContent ?? "");

/** @param {HTMLElement} place */
export async function drawComponent(place) {
  const name = place.dataset.part ?? "";
  const { render } = await MODULES[name]();
  const shell = /** @type {HTMLTemplateElement|null} */ (document.getElementById(`part-${name}`));
  if (shell && !place.shadowRoot) place.attachShadow({ mode: "open" }).append(shell.content.cloneNode(true));
  const data = givenTo(place);
  const root = place.shadowRoot ?? place;
  /** The face of a row of the map becomes the current one, on other pages too. @param {number} row */
  const take = async (row) => {
    const images = await fetchFile(data.source.image);
    const address = new URLSearchParams(window.location.search);
    address.set("model", data.model);
    if (images) address.set("face", String(new Int32Array(images)[row]));
    writeAddress(address);
    find(place, ":scope > script").textContent = JSON.stringify({ ...data, point: { id: `row ${row}`, row } });
    await drawComponent(place);
  };
  render({
    data,
    parentElement: root,
    setStateValue: () => {},
    setTriggerValue: (/** @type {string} */ event, /** @type {unknown} */ value) => {
      if (name === "atlas_map" && event === "clicked") take(Number(value));
      if (name === "follow_presenter") window.location.hash = String(value);
    },
  });
}
