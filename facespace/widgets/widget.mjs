// The app's pad and map in a notebook. Jupyter and marimo import this module alone, from an address that nothing else lies
// beside; so it asks Python for the app's modules and gives each the addresses of those that it needs.

/** @import { Component } from "../../app/components/page/component.d.ts" */
/** @typedef {{modules: string, vendor: Record<string, string>, entry: string, html: string, css: string, themes: {light: string, dark: string}}} Parts */
/** @typedef {{render: (component: Component<any>) => void, unmount: (parent: Element|ShadowRoot) => void}} Entry */
/** @typedef {(content: any, buffers: DataView[]) => void} Listener */
/**
 * A widget, as anywidget hands it over.
 *
 * @typedef {object} Model
 * @property {(name: string) => any} get
 * @property {(name: string, value: unknown) => void} set
 * @property {() => void} save_changes
 * @property {(event: string, listener: Listener) => void} on
 * @property {(event: string, listener: Listener) => void} off
 * @property {(content: unknown) => void} send
 */

const NAMED = /facespace:[\w./-]+/g;
const NOWHERE = "about:blank";

/**
 * The page's own: every widget has a copy of this module, and all of them share files and modules, so that a pad and a
 * map of one model hear of each other. Addresses of files by name, and of modules by text.
 *
 * @type {{addresses: Map<string, string>}}
 */
const page = /** @type {any} */ (globalThis)[Symbol.for("facespace")] ?? { addresses: new Map() };
Object.assign(globalThis, { [Symbol.for("facespace")]: page });

export default {
  /** @param {{model: Model, el: HTMLElement}} given */
  render({ model, el }) {
    const showing = show(model, el).catch((error) => {
      console.error(error);
      el.append(`This could not be shown: ${error.message}`);
    });
    return () => void showing.then((remove) => remove?.());
  },
};

/**
 * @param {Model} model
 * @param {HTMLElement} el
 */
async function show(model, el) {
  /** @type {Parts} */
  const parts = model.get("parts");
  const { render, unmount } = await component(model, parts);
  const place = placeFor(el, parts);
  const setStateValue = (/** @type {string} */ what, /** @type {unknown} */ value) => {
    model.set("said", { what, value });
    model.save_changes();
  };
  const follow = async () => {
    const message = model.get("message");
    const data = await addressed(model, message);
    if (message === model.get("message")) render({ data, parentElement: place, setStateValue, setTriggerValue: setStateValue });
  };
  model.on("change:message", follow);
  await follow();
  return () => {
    model.off("change:message", follow);
    unmount(place);
  };
}

/**
 * Where the component stands. One that brings its HTML gets a shadow root, as Streamlit gives it.
 *
 * @param {HTMLElement} el
 * @param {Parts} parts
 */
function placeFor(el, { html, css, themes }) {
  const [r, g, b] = (getComputedStyle(el).color.match(/[\d.]+/g) ?? [0, 0, 0]).map(Number);
  const theme = r + g + b > 382 ? themes.dark : themes.light; // light text means a dark notebook
  const host = document.createElement("div");
  host.style.cssText = `${theme} color: var(--st-text-color); background: var(--st-background-color); padding: 0.5rem; border-radius: 0.5rem;`;
  host.dataset.lmSuppressShortcuts = "true"; // JupyterLab would take arrow keys for its own
  el.replaceChildren(host);
  const style = document.createElement("style");
  style.textContent = css;
  const place = html ? host.attachShadow({ mode: "open" }) : host;
  if (html) place.innerHTML = html;
  place.prepend(style);
  return place;
}

/**
 * The module of a component, with all that it needs. The same text under the same addresses is the same module.
 *
 * @param {Model} model
 * @param {Parts} parts
 * @returns {Promise<Entry>}
 */
async function component(model, { modules, vendor, entry }) {
  /** @type {Map<string, string>} */
  const known = new Map();
  for (const [name, address] of Object.entries(await addressed(model, vendor))) known.set(`facespace:${name}`, address);
  /** @type {[string, string][]} */
  const list = JSON.parse(new TextDecoder().decode(await fileOf(model, modules)));
  for (const [name, text] of list) {
    const whole = text.replace(NAMED, (found) => known.get(found) ?? NOWHERE);
    const address = page.addresses.get(whole) ?? blobAddress(whole, "text/javascript");
    page.addresses.set(whole, address);
    known.set(`facespace:${name}`, address);
  }
  return import(known.get(`facespace:${entry}`) ?? NOWHERE);
}

/**
 * A message with addresses that the browser can fetch in place of Python's names for files.
 *
 * @template T
 * @param {Model} model
 * @param {T} message JSON
 * @returns {Promise<T>}
 */
async function addressed(model, message) {
  const text = JSON.stringify(message);
  const names = [...new Set(text.match(NAMED) ?? [])];
  const found = await Promise.all(names.map((name) => addressOf(model, name)));
  return JSON.parse(text.replace(NAMED, (name) => found[names.indexOf(name)]));
}

/**
 * The address in this page of a file of Python's, which is asked for once.
 *
 * @param {Model} model
 * @param {string} name
 */
async function addressOf(model, name) {
  const there = page.addresses.get(name);
  if (there) return there;
  const content = await fileOf(model, name);
  const type = name.includes(".mjs") || name.includes(".js") ? "text/javascript" : name.includes(".wasm") ? "application/wasm" : "";
  const address = page.addresses.get(name) ?? blobAddress(content, type);
  page.addresses.set(name, address);
  return address;
}

/**
 * A file of Python's, unpacked.
 *
 * @param {Model} model
 * @param {string} name
 * @returns {Promise<ArrayBuffer>}
 */
async function fileOf(model, name) {
  const content = await asked(model, name);
  if (!name.endsWith(".gz")) return content;
  const stream = new Blob([content]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).arrayBuffer();
}

/**
 * @param {Model} model
 * @param {string} name
 * @returns {Promise<ArrayBuffer>}
 */
function asked(model, name) {
  return new Promise((resolve, reject) => {
    /** @type {Listener} */
    const hear = (content, buffers) => {
      if (content?.file !== name) return;
      model.off("msg:custom", hear);
      const view = buffers?.[0];
      if (!content.found || !view) reject(new Error("Python does not have its data any more. Run the cell again."));
      else resolve(/** @type {ArrayBuffer} */ (new Uint8Array(view.buffer, view.byteOffset, view.byteLength).slice().buffer));
    };
    model.on("msg:custom", hear);
    model.send({ file: name });
  });
}

/**
 * @param {BlobPart} content
 * @param {string} type
 */
function blobAddress(content, type) {
  return URL.createObjectURL(new Blob([content], { type }));
}
