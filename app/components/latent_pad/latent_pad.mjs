// The latent pad: one face, banks of sliders, and the decoder in between. See __init__.py for what it is given.
// `render` is called at every data change of the page; it builds once and then only takes over what is new.

import { publish, subscribe } from "../runtime/bus.mjs";
import { openDecoder } from "../runtime/decoder.mjs";
import { dropEarly, hasEarly, showEarly, takeEarly, whenReleased } from "./early.mjs";
import { Face } from "./face.mjs";
import { loadBanks, loadGauge, loadReadings } from "./load.mjs";
import { Readings } from "./readings.mjs";
import { PadRows } from "./rows.mjs";
import * as pure from "./pure.mjs";

const COUNTS = [6, 12, 24, 48, 96, 192];
const KEY_PAUSE_MS = 250; // arrow keys commit when they rest, not at each press

const pads = new WeakMap(); // root element -> Pad
// What the hand left, by pad and model: outlives a switch of the page, which unmounts the component.
const remembered = new Map();

/** Draw, or take over new data. */
export function render(component) {
  const { parentElement } = component;
  const place = () => parentElement.querySelector(".pad");
  if (component.data.ahead) {
    fetchAhead(component.data);
    return;
  }
  if (pads.has(place()) || !hasEarly()) {
    draw(place(), component);
    return;
  }
  whenReleased(() => parentElement.isConnected && draw(takeEarly(place(), component.data), component));
}

/** There is no point yet, and the pad is hidden: fetch what the first one will need. Its update reports what fails. */
function fetchAhead(data) {
  Promise.allSettled([data.decoderUrl && openDecoder(data.decoderUrl), loadBanks(data), loadGauge(data)]);
}

/** Draw before Streamlit asks for it; what the decoder cannot do here is left to Streamlit's page. */
export async function renderEarly(data) {
  const root = showEarly(data);
  await draw(root, { data, setStateValue: () => {}, early: true });
  if (root.dataset.state === "failed") dropEarly();
}

function draw(root, component) {
  if (!pads.has(root)) pads.set(root, new Pad(root));
  return pads.get(root).update(component);
}

/** Forget the element; the open decoders stay with the page. */
export function unmount(parentElement) {
  const root = parentElement.querySelector(".pad");
  pads.get(root)?.close();
  pads.delete(root);
}

class Pad {
  #root;
  #find;
  #tell = () => {}; // setStateValue of the latest render
  #early = false; // there is no Streamlit yet that could be told
  #data = null;
  #z = new Float32Array();
  #banks = [];
  #memory = null; // {pointId, history, live: the weights of an unfinished drag or null, bank, count}
  #face;
  #rows;
  #gauge = null;
  #readings;
  #group = null; // pads of one group move their sliders together
  #leaveGroup = () => {};
  #commitTimer = 0;

  constructor(root) {
    this.#root = root;
    this.#find = (selector) => root.querySelector(selector);
    this.#face = new Face(root, (sentence) => this.#noDecoder(sentence));
    this.#readings = new Readings(this.#find(".readings"));
    this.#rows = new PadRows(this.#find(".rows"), {
      input: (direction, value, at) => this.#move(pure.withWeight(this.#weights, direction, value), at),
      commit: (byKey) => this.#commit(byKey ? KEY_PAUSE_MS : 0),
      reset: (direction, history) => {
        if (history) this.#memory.history = history; // a double click: its two single clicks never happened
        this.#move(pure.withWeight(this.#weights, direction, direction.start));
        this.#commit();
      },
      history: () => this.#memory.history,
    });
    for (const button of root.querySelectorAll(".tools button")) this.#wire(button);
    root.addEventListener("keydown", (event) => this.#shortcut(event));
    this.#find("select").addEventListener("change", (event) => {
      this.#memory.count = Number(event.target.value);
      this.#drawRows();
    });
  }

  get #weights() {
    return this.#memory.live ?? this.#memory.history.now;
  }

  /** Take over what Python sent: nothing happens to a slider unless the point, the model or the banks changed. */
  async update({ data, setStateValue, early = false }) {
    const before = this.#data;
    const joined = this.#early && !early;
    this.#early = early;
    if (before && before.pointId !== data.pointId) this.#flush();
    this.#tell = setStateValue;
    this.#data = data;
    this.#recall(`${data.id}|${data.model}`);
    this.#showBeside(data);
    this.#root.classList.toggle("stacked", Boolean(data.stacked));
    if (data.picture) this.#face.showFromServer(data.picture);
    if (before?.signature === data.signature) {
      if (joined) this.#catchUp(); // the hand may have been quicker than Streamlit
      return;
    }
    try {
      const parts = [this.#open(data), loadBanks(data), loadGauge(data), loadReadings(data)];
      const [decoder, banks, gauge, probes] = await Promise.all(parts);
      if (this.#data.signature !== data.signature) return; // overtaken by newer data
      this.#face.decoder = decoder;
      this.#banks = banks;
      this.#gauge = gauge;
      this.#readings.probes = probes;
      this.#z = pure.floats(data.z);
    } catch (error) {
      this.#fail(`${error.message} Load the page again.`);
      return;
    }
    this.#drawBanks();
    this.#drawRows();
    this.#show();
    this.#catchUp();
    this.#join(data.group);
  }

  /** After a head start, a switch of the page or a lost connection this side may know more than Python does. */
  #catchUp() {
    const { history } = this.#memory;
    if (!pure.sameWeights(history.now, this.#data.weights)) this.#commit();
  }

  /** Move with the other pads of a group; a pad that comes later takes over where they are. */
  #join(group) {
    if (group === this.#group) return;
    this.#leaveGroup();
    this.#group = group;
    this.#leaveGroup = group ? subscribe(`weights:${group}`, (note) => this.#follow(note)) : () => {};
  }

  #follow({ from, weights, done }) {
    if (from === this.#root) return;
    const mine = pure.known(weights, this.#banks);
    if (!pure.sameWeights(mine, this.#weights)) {
      this.#memory.live = mine;
      this.#show();
    }
    if (done && !pure.sameWeights(mine, this.#memory.history.now)) this.#commit(0, true);
  }

  #lead(done) {
    if (this.#group) publish(`weights:${this.#group}`, { from: this.#root, weights: this.#weights, done });
  }

  /** Before the element goes. Open decoders stay with the page: other components and a later visit use them. */
  close() {
    this.#flush();
    this.#join(null);
    this.#face.decoder = null;
  }

  /** The decoder, or null after saying why there is none. */
  async #open({ decoderUrl }) {
    try {
      if (!decoderUrl) throw new Error("The decoder is not available to this browser.");
      const decoder = await openDecoder(decoderUrl);
      this.#find(".trouble").hidden = true;
      if (this.#root.dataset.state === "failed") this.#tell("failed", false);
      return decoder;
    } catch (error) {
      this.#noDecoder(error.message);
      return null;
    }
  }

  /** Sliders work without a decoder too: the server then decodes on release. */
  #noDecoder(sentence) {
    this.#fail(`${sentence.replace(/\.$/, "")}, so the server draws the face each time you let go of a slider.`);
    this.#tell("failed", true);
  }

  #fail(sentence) {
    const trouble = this.#find(".trouble");
    trouble.textContent = sentence;
    trouble.hidden = false;
    this.#root.dataset.state = "failed";
    this.#find(".readout").textContent = "";
  }

  /** Find or begin the memory of this point; the bank on screen and the count stay when the model changes. */
  #recall(place) {
    const { pointId, weights, bank, count } = this.#data;
    const view = this.#memory;
    let memory = remembered.get(place) ?? { bank, count };
    if (memory.pointId !== pointId) memory = { ...memory, pointId, history: pure.begin(weights), live: null };
    if (view) Object.assign(memory, { bank: view.bank, count: view.count });
    remembered.set(place, memory);
    this.#memory = memory;
  }

  get #bank() {
    return this.#banks.find((bank) => bank.key === this.#memory.bank) ?? this.#banks[0];
  }

  #drawBanks() {
    const holder = this.#find(".banks");
    holder.hidden = this.#banks.length < 2;
    holder.replaceChildren(
      ...this.#banks.map((bank) => {
        const button = document.createElement("button");
        button.type = "button";
        button.dataset.bank = bank.key;
        button.addEventListener("click", () => {
          this.#memory.bank = bank.key;
          this.#drawRows();
          this.#commit();
        });
        return button;
      }),
    );
  }

  #drawRows() {
    const bank = this.#bank;
    if (!bank) return;
    const { count } = this.#memory;
    const total = bank.directions.length;
    this.#rows.draw(bank, pure.shown(bank, count, this.#weights));
    const counts = COUNTS.filter((n) => n < total);
    const select = this.#find("select");
    select.replaceChildren(...[...counts, total].map((n) => new Option(n === total ? `all ${n}` : n, n)));
    select.value = String(counts.includes(count) ? count : total);
    this.#find(".count").hidden = total <= COUNTS[0];
    this.#showWeights();
  }

  /** Put weights on screen and, unless they are the present ones, behind the hand. */
  #move(weights, at = performance.now()) {
    this.#memory.live = weights;
    this.#show(at);
    this.#lead(false);
  }

  #show(at) {
    this.#showWeights();
    const z = pure.combine(this.#z, this.#banks, this.#weights);
    publish(`point:${this.#data.model}`, { z, source: "pad" });
    this.#showGauge(z);
    this.#readings.show(z);
    this.#face.show(z, at);
  }

  #showWeights() {
    const weights = this.#weights;
    const { past, future, now } = this.#memory.history;
    this.#rows.set(weights);
    for (const button of this.#find(".banks").children) {
      const bank = this.#banks.find(({ key }) => key === button.dataset.bank);
      const moved = bank.directions.filter(({ key }) => key in weights).length;
      button.textContent = moved ? `${bank.name} \u00b7 ${moved}` : bank.name;
      button.setAttribute("aria-pressed", String(bank === this.#bank));
    }
    const dirty = !pure.sameWeights(weights, now);
    const moved = Object.keys(weights).length > 0;
    this.#button("undo").disabled = !past.length && !dirty;
    this.#button("redo").disabled = !future.length || dirty;
    this.#button("reset").disabled = !moved;
    this.#button("before").disabled = !moved || !this.#face.live;
  }

  #button(name) {
    return this.#find(`[data-do="${name}"]`);
  }

  #showGauge(z) {
    const holder = this.#find(".gauge");
    holder.hidden = !this.#gauge;
    if (!this.#gauge) return;
    const { mean, precision, percentiles, prior } = this.#gauge;
    const { share, level, words } = pure.judge(pure.squaredDistance(z, mean, precision), percentiles);
    holder.dataset.level = level;
    holder.dataset.share = share.toFixed(1);
    holder.style.setProperty("--share", `${share}%`);
    this.#find(".words").textContent = words;
    this.#find(".prior").hidden = !prior;
    if (prior) this.#find(".prior").textContent = pure.priorWords(z);
  }

  #showBeside({ beside }) {
    const holder = this.#find(".beside");
    holder.hidden = !beside;
    if (!beside) return;
    const image = holder.querySelector("img");
    if (image.getAttribute("src") !== beside.url) image.src = beside.url;
    image.alt = holder.querySelector("figcaption").textContent = beside.label;
  }

  /** The hand let go: one step in the history, and Python hears of it. */
  #commit(pause = 0, following = false) {
    clearTimeout(this.#commitTimer);
    this.#commitTimer = 0;
    if (pause) {
      this.#commitTimer = setTimeout(() => this.#commit(), pause);
      return;
    }
    const memory = this.#memory;
    memory.history = pure.record(memory.history, this.#weights);
    memory.live = null;
    this.#showWeights();
    const said = pure.describe(this.#banks, this.#weights);
    this.#find(".spoken").textContent = said;
    this.#find("canvas").setAttribute("aria-label", said);
    const { model, pointId } = this.#data;
    const state = { model, point: pointId, bank: this.#bank?.key ?? "", weights: this.#weights };
    this.#root.dataset.weights = JSON.stringify(state.weights);
    this.#tell("committed", state);
    if (!following) this.#lead(true);
  }

  #flush() {
    if (this.#commitTimer) this.#commit();
  }

  #wire(button) {
    const name = button.dataset.do;
    if (name === "before") {
      const hold = (down) => () => this.#showBefore(down);
      button.addEventListener("pointerdown", hold(true));
      for (const end of ["pointerup", "pointercancel", "pointerleave", "blur", "keyup"]) {
        button.addEventListener(end, hold(false));
      }
      button.addEventListener("keydown", ({ key, repeat }) => {
        if (!repeat && (key === " " || key === "Enter")) this.#showBefore(true);
      });
      return;
    }
    button.addEventListener("click", () => {
      if (name === "save") this.#face.save(`facespace-${this.#data.model}`, this.#provenance());
      else this.#step(name);
    });
  }

  /** What makes the picture on screen again: Python's facts, the weights and the latent that they lead to. */
  #provenance() {
    const z = pure.combine(this.#z, this.#banks, this.#weights);
    const latent = btoa(String.fromCharCode(...new Uint8Array(z.buffer)));
    return { ...this.#data.provenance, weights: this.#weights, latent };
  }

  #showBefore(down) {
    if (!this.#face.live || (this.#button("before").dataset.held === "true") === down) return;
    this.#button("before").dataset.held = String(down);
    this.#face.show(pure.combine(this.#z, this.#banks, down ? {} : this.#weights));
  }

  /** Undo, redo or reset. */
  #step(name) {
    this.#flush();
    const memory = this.#memory;
    const next = { undo: pure.undo, redo: pure.redo, reset: (history) => pure.record(history, {}) }[name];
    memory.history = next(pure.record(memory.history, this.#weights));
    memory.live = null;
    this.#drawRows(); // a step may move a slider that is not shown
    this.#show();
    this.#commit();
  }

  #shortcut(event) {
    if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
    const key = event.key.toLowerCase();
    const name = key === "y" || (key === "z" && event.shiftKey) ? "redo" : key === "z" ? "undo" : null;
    if (!name) return;
    event.preventDefault();
    if (!this.#button(name).disabled) this.#step(name);
  }
}
