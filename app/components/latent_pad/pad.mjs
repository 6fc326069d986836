// The pad itself: one face, banks of sliders, and the decoder in between.

import { find } from "../page/elements.mjs";
import { publish } from "../page/topics.mjs";
import { BankChoice } from "./banks.mjs";
import { Face, showBeside } from "./face.mjs";
import { Gauge } from "./gauge.mjs";
import { Group } from "./group.mjs";
import { loadBanks, loadGauge, loadReadings } from "./load.mjs";
import { recall, record, redo, sameWeights, undo } from "./memory.mjs";
import { Greeting, Play } from "./motion.mjs";
import { Opening } from "./opening.mjs";
import * as pure from "./pure.mjs";
import { Readings } from "./readings.mjs";
import { Pause } from "./pause.mjs";
import { PadRows } from "./rows.mjs";
import { Tools } from "./tools.mjs";
import { Vivid } from "./vivid.mjs";

/** @import { PadCommit, PadMessage, PadTurn } from "./message.d.ts" */
/** @import { Bank, Given, History, Memory, State, Weights } from "./types.d.ts" */
const STEPS = { undo, redo, reset: (/** @type {History} */ history) => record(history, { ...history.now, weights: {} }) };
const KEY_PAUSE_MS = 250; // arrow keys commit when they rest, not at each press

export class Pad {
  #root;
  #data;
  #signature = ""; // of what is drawn, or on its way
  /** @type {Memory} */
  #memory;
  /** @type {Given["setStateValue"]} of the latest render */
  #tell = () => {};
  #early = false; // there is no Streamlit yet that could be told
  #z = new Float32Array();
  /** @type {Bank[]} */
  #banks = [];
  #opening;
  #face;
  #gauge;
  #readings;
  #choice;
  #rows;
  #tools;
  #play;
  #greeting;
  #group;
  #vivid;
  #pause = new Pause(() => this.#commit());

  /**
   * @param {HTMLElement} root
   * @param {PadMessage} data
   */
  constructor(root, data) {
    this.#root = root;
    this.#data = data;
    this.#memory = recall(data, null);
    this.#opening = new Opening(root, data.server, (failed) => this.#tell("failed", failed));
    this.#face = new Face(root, (/** @type {string} */ sentence) => this.#opening.noDecoder(sentence));
    this.#vivid = new Vivid(root, {
      decoder: (decoder) => {
        this.#face.decoder = decoder;
        this.#face.show(this.#point);
      },
      end: () => this.#commit(),
      fail: (sentence) => {
        this.#face.decoder = null; // it would draw what the slider does not say
        this.#opening.noDecoder(sentence);
      },
    });
    this.#gauge = new Gauge(root);
    this.#readings = new Readings(find(root, ".readings"));
    this.#choice = new BankChoice(root, {
      bank: (bank) => {
        this.#memory.bank = bank;
        this.#drawRows();
        this.#commit();
      },
      count: (count) => {
        this.#memory.count = count;
        this.#drawRows();
      },
    });
    this.#rows = new PadRows(find(root, ".rows"), {
      input: (direction, value, at) => this.#move(pure.withWeight(this.#weights, direction, value), at),
      commit: (byKey) => this.#commit(byKey ? KEY_PAUSE_MS : 0),
      reset: (direction, history) => {
        if (history) this.#memory.history = history; // a double click: its two single clicks never happened
        this.#move(pure.withWeight(this.#weights, direction, direction.start));
        this.#commit();
      },
      history: () => this.#memory.history,
    });
    this.#group = new Group(root, (weights, done) => this.#follow(weights, done));
    this.#tools = new Tools(root, {
      step: (tool) => this.#step(tool),
      before: (down) => this.#face.live && this.#face.show(down ? this.#rest : this.#point),
      save: () => {
        const { model, provenance } = this.#data;
        this.#face.save(`facespace-${model}`, pure.provenance(provenance, this.#weights, this.#point, this.#vivid.share));
      },
    });
    this.#play = new Play(root, {
      place: () => pure.placeOf(pure.weightOf(this.#weights, this.#played), this.#played),
      show: (place) => this.#move(pure.withWeight(this.#weights, this.#played, pure.weightAt(place, this.#played))),
      end: () => this.#commit(),
    });
    this.#greeting = new Greeting(root, {
      show: (weight) => {
        const weights = { [this.#data.greet]: weight };
        this.#rows.set(weights);
        this.#face.show(pure.combine(this.#z, this.#banks, weights));
      },
      end: () => this.#show(),
    });
  }

  /** Where the sliders lead. */
  get #point() {
    return pure.combine(this.#z, this.#banks, this.#weights);
  }

  /** The same with every slider at rest. */
  get #rest() {
    const { rest } = this.#data;
    return rest === null ? pure.combine(this.#z, this.#banks, {}) : pure.floats(rest);
  }

  get #weights() {
    return this.#memory.live ?? this.#memory.history.now.weights;
  }

  /** What is on screen. @returns {State} */
  get #state() {
    return { weights: this.#weights, vivid: this.#vivid.share ?? this.#data.vivid };
  }

  /**
   * Take over what Python sent: nothing happens to a slider unless the point, the model or the banks changed.
   *
   * @param {Given} given
   */
  async update({ data, setStateValue, early = false }) {
    const joined = this.#early && !early;
    this.#early = early;
    if (this.#data.pointId !== data.pointId) this.#pause.end();
    this.#tell = setStateValue;
    this.#data = data;
    this.#memory = recall(data, this.#memory);
    showBeside(this.#root, data.beside);
    this.#root.classList.toggle("stacked", data.group !== null); // such a pad is narrow
    delete this.#root.dataset.empty; // until now its parts would be seen in places that are not theirs
    if (data.picture) this.#face.showFromServer(data.picture, !this.#early);
    const otherBlend = this.#vivid.offer(data);
    if (otherBlend) this.#memory.history.now.vivid = this.#vivid.share ?? data.vivid; // chosen elsewhere: no step of this pad's
    if (this.#signature === data.signature) {
      if (otherBlend) this.#vivid.follow();
      if (joined) this.#catchUp(); // the hand may have been quicker than Streamlit
      return;
    }
    this.#signature = data.signature;
    try {
      const [decoder, banks, gauge, probes] = await Promise.all(
        /** @type {const} */ ([this.#opening.open(this.#vivid.url), loadBanks(data), loadGauge(data), loadReadings(data)]),
      );
      if (this.#data.signature !== data.signature) return; // overtaken by newer data
      this.#face.decoder = decoder;
      this.#banks = banks;
      this.#gauge.known = gauge;
      this.#readings.probes = probes;
      this.#z = pure.floats(data.z);
    } catch (error) {
      this.#opening.lost(error);
      return;
    }
    this.#play.stop();
    this.#greeting.stop();
    this.#play.offer(data.play && this.#banks.length > 0);
    this.#choice.draw(this.#banks);
    this.#drawRows();
    this.#show();
    this.#catchUp();
    this.#group.join(data.group);
  }

  /** Where there is a face that nobody has touched. */
  #greet() {
    const there = this.#bank?.directions.some(({ key }) => key === this.#data.greet);
    if (there && this.#face.live && sameWeights(this.#weights, {})) this.#greeting.begin();
  }

  /** After a head start, a switch of the page or a lost connection this side may know more than Python does. */
  #catchUp() {
    const { weights, bank, vivid } = this.#data;
    const elsewhere = (this.#vivid.share ?? vivid) !== vivid || this.#bank?.key !== bank;
    if (elsewhere || !sameWeights(this.#memory.history.now.weights, weights)) this.#commit();
    if (!this.#early) this.#greet();
  }

  /** Take over where another pad of the group is. @param {Weights} weights @param {boolean} done the hand has let go */
  #follow(weights, done) {
    const mine = pure.known(weights, this.#banks);
    if (!sameWeights(mine, this.#weights)) {
      this.#memory.live = mine;
      this.#show(undefined, !done);
    }
    if (done && !sameWeights(mine, this.#memory.history.now.weights)) this.#commit(0, true);
  }

  /** Before the element goes. Open decoders stay with the page: other components and a later visit use them. */
  close() {
    this.#play.stop();
    this.#greeting.stop();
    this.#pause.end();
    this.#group.join(null);
    this.#face.decoder = null;
  }

  /** The slider that Play moves. */
  get #played() {
    return this.#banks[0].directions[0];
  }

  get #bank() {
    return this.#banks.find((bank) => bank.key === this.#memory.bank) ?? this.#banks[0];
  }

  #drawRows() {
    const bank = this.#bank;
    if (!bank) return;
    const { count } = this.#memory;
    this.#rows.draw(bank, pure.shown(bank, count, this.#weights));
    this.#choice.offerCounts(count, bank.directions.length);
    this.#showWeights();
  }

  /** Put weights on screen and behind the hand. @param {Weights} weights @param {number} [at] when the hand asked */
  #move(weights, at = performance.now()) {
    this.#memory.live = weights;
    this.#show(at, true);
    this.#group.lead(this.#weights, false);
  }

  /** @param {number} [at] when the hand asked for it @param {boolean} [moving] whether it is still on its way */
  #show(at, moving = false) {
    this.#showWeights();
    const z = this.#point;
    publish(`point:${this.#data.model}`, { z, source: "pad" });
    this.#gauge.show(z);
    this.#readings.show(z);
    this.#vivid.point(z, moving);
    this.#face[moving ? "follow" : "show"](z, at);
  }

  #showWeights() {
    const weights = this.#weights;
    this.#rows.set(weights);
    this.#choice.mark(this.#bank, weights);
    this.#tools.mark(this.#memory.history, this.#state, { ...this.#data, live: this.#face.live });
  }

  /**
   * The hand let go: one step in the history, and Python hears of it.
   *
   * @param {number} pause milliseconds to wait for more of the same
   * @param {boolean} following whether another pad of the group has led
   */
  #commit(pause = 0, following = false) {
    if (this.#pause.begin(pause)) return;
    this.#face.rest();
    const memory = this.#memory;
    memory.history = record(memory.history, this.#state);
    memory.live = null;
    this.#showWeights();
    this.#face.say(pure.describe(this.#banks, this.#weights));
    const { model, pointId } = this.#data;
    /** @type {PadCommit} */
    const state = { model, point: pointId, bank: this.#bank?.key ?? "", weights: this.#weights, vivid: this.#vivid.share };
    this.#root.dataset.weights = JSON.stringify(state.weights);
    this.#tell("committed", state);
    if (!following) this.#group.lead(this.#weights, true);
  }

  /** @param {"undo"|"redo"|"reset"} tool */
  #step(tool) {
    this.#pause.end();
    const known = record(this.#memory.history, this.#state);
    const to = { undo: known.past.length ? null : "back", redo: known.future.length ? null : "forward", reset: null }[tool];
    if (to) return this.#tell("turned", /** @type {PadTurn} */ ({ point: this.#data.pointId, to })); // to another point
    const history = STEPS[tool](known);
    Object.assign(this.#memory, { history, live: null });
    this.#vivid.choose(history.now.vivid);
    this.#drawRows(); // a step may move a slider that is not shown
    this.#show();
    this.#commit();
  }
}
