// The sliders of one bank: a label, a range input, its number to read or to type, and a button that resets it.

import { make } from "../page/elements.mjs";
import { heedFinger } from "../page/finger.mjs";
import { _ } from "../page/texts.mjs";
import { describeMarks, placeOf, signed, typed, valueText, weightOf, wordsUnder } from "./pure.mjs";

/** @import { Bank, Direction, History, Weights } from "./types.d.ts" */
/**
 * What the hand does: `input` while it moves, `commit` once it lets go, `reset`, and the history to look up.
 *
 * @typedef {object} Hand
 * @property {(direction: Direction, value: number, at?: number) => void} input
 * @property {(byKey: boolean) => void} commit
 * @property {(direction: Direction, history?: History|null) => void} reset
 * @property {() => History} history
 */

const UNUSED = _("The model does not use this dimension: moving it changes next to nothing.");

/** Rows in `holder`. */
export class PadRows {
  #holder;
  #on;
  /** @type {Row[]} */
  #rows = [];

  /**
   * @param {HTMLElement} holder
   * @param {Hand} on
   */
  constructor(holder, on) {
    this.#holder = holder;
    this.#on = on;
  }

  /**
   * Show these directions of a bank; rows that are there already stay, so that no focus or drag is lost.
   *
   * @param {Bank} bank
   * @param {Direction[]} directions
   */
  draw(bank, directions) {
    const same = directions.length > 0 && this.#rows.length === directions.length
      && directions.every((direction, i) => direction.key === this.#rows[i].direction.key);
    if (same) {
      for (const [i, direction] of directions.entries()) this.#rows[i].fill(direction);
      return;
    }
    this.#rows = directions.map((direction, i) => new Row(direction, i, this.#on));
    this.#holder.setAttribute("aria-label", bank.name);
    this.#holder.replaceChildren(...grouped(this.#rows));
    if (!this.#rows.length) this.#holder.append(make("p", "empty", { textContent: _("This bank has no slider.") }));
  }

  /**
   * Put every slider where its weight is.
   *
   * @param {Weights} weights
   */
  set(weights) {
    for (const row of this.#rows) row.set(weightOf(weights, row.direction), row.direction.key in weights);
  }
}

/**
 * The rows, those of a group within an element of its own under the group's name.
 *
 * @param {Row[]} rows
 */
function grouped(rows) {
  /** @type {Map<string, HTMLElement[]>} */
  const groups = new Map();
  for (const { direction, element } of rows) {
    const name = direction.group ?? "";
    groups.set(name, [...(groups.get(name) ?? []), element]);
  }
  return [...groups].flatMap(([name, elements]) => {
    if (!name) return elements;
    const group = make("div", "group", { role: "group", ariaLabel: name });
    group.append(make("p", "group-name", { textContent: name }), ...elements);
    return group;
  });
}

/**
 * The mark of a share of faces, with that share under it.
 *
 * @param {number} place 0 to 1 along the slider
 * @param {string} share
 */
function tick(place, share) {
  const mark = make("span", "");
  mark.dataset.share = share;
  mark.style.setProperty("--at", String(place));
  return mark;
}

class Row {
  /** @type {number|null} */
  #weight = null;
  #moved = false;

  /**
   * @param {Direction} direction
   * @param {number} place
   * @param {Hand} on
   */
  constructor(direction, place, on) {
    this.direction = direction;
    this.element = make("div", "row");
    this.input = make("input", "", { type: "range", id: `slider-${place}` });
    this.label = make("label", "", { htmlFor: this.input.id });
    this.note = make("span", "note");
    this.number = make("input", "value", { type: "text", autocomplete: "off", spellcheck: false });
    this.unit = make("span", "unit");
    this.back = make("button", "back", { type: "button", textContent: "\u21ba" });
    const top = make("div", "top");
    top.append(this.label, this.note, this.number, this.unit, this.back);
    this.ends = make("div", "ends");
    this.ends.append(make("span", ""), make("span", ""));
    this.marks = make("div", "marks", { ariaHidden: "true" }); // the slider's description says them
    this.element.append(this.input, top, this.marks, this.ends); // the Tab key comes to the slider first; the style puts its words above it
    this.fill(direction);
    heedFinger(this.input);
    this.#listenToSlider(on);
    this.#listenToNumber(on);
    this.back.addEventListener("click", () => {
      on.reset(this.direction);
      this.input.focus({ preventScroll: true }); // the button is gone
    });
  }

  /** @param {Direction} direction */
  fill(direction) {
    this.direction = direction;
    this.#weight = null;
    const { name, note, hint, unused, low, high, step, key, unit, ends, marks } = direction;
    this.element.dataset.direction = key;
    this.element.classList.toggle("unused", unused);
    this.label.textContent = name;
    this.ends.hidden = !ends?.some(Boolean);
    for (const [i, span] of [...this.ends.children].entries()) span.textContent = ends?.[i] ?? "";
    const ticks = (marks ?? []).map(({ at, share }) => tick(placeOf(at, direction), share));
    this.marks.replaceChildren(...ticks);
    const words = wordsUnder((marks ?? []).map(({ at }) => placeOf(at, direction)));
    for (const [name, on] of Object.entries(words)) this.element.classList.toggle(`marks-${name}`, on);
    this.label.title = hint ? `${name}: ${hint}` : name;
    this.note.textContent = unused ? [_("unused"), note].filter(Boolean).join(", ") : note;
    this.note.title = unused ? UNUSED : hint || note;
    Object.assign(this.input, { min: low, max: high, step });
    this.input.setAttribute("aria-label", unused ? _("{name}, unused", { name }) : name);
    this.input.setAttribute("aria-description", describeMarks(direction));
    this.number.setAttribute("aria-label", _("{name}, number", { name }));
    this.number.inputMode = low < 0 ? "text" : "decimal"; // some phones' number keys have no minus
    const [from, to] = [signed(low, direction), signed(high, direction)];
    this.number.title = _("Type a number from {from} to {to}", { from, to });
    this.unit.textContent = unit;
    this.back.title = _("Reset {name} (or double-click the slider)", { name });
    this.back.setAttribute("aria-label", _("Reset {name}", { name }));
  }

  /**
   * @param {number} weight
   * @param {boolean} moved
   */
  set(weight, moved) {
    if (weight === this.#weight && moved === this.#moved) return; // called for every row at every step of a drag
    this.#weight = weight;
    this.#moved = moved;
    const { start } = this.direction;
    if (Number(this.input.value) !== weight) this.input.value = String(weight);
    this.number.value = signed(weight, this.direction);
    this.input.setAttribute("aria-valuetext", valueText(weight, this.direction));
    this.element.classList.toggle("moved", moved);
    const [rest, now] = [start, weight].map((value) => placeOf(value, this.direction));
    this.element.style.setProperty("--from", String(Math.min(rest, now)));
    this.element.style.setProperty("--to", String(Math.max(rest, now)));
  }

  /** @param {Hand} on */
  #listenToSlider(on) {
    let byKey = false;
    /** @type {History|null} */
    let beforeClicks = null; // the history before the first click of a double click
    this.input.addEventListener("keydown", (event) => {
      byKey = true;
      if (event.key === "Delete" || event.key === "Backspace") on.reset(this.direction);
    });
    this.input.addEventListener("pointerdown", () => {
      byKey = false;
    });
    this.input.addEventListener("mousedown", ({ detail }) => {
      if (detail === 1) beforeClicks = on.history();
    });
    this.input.addEventListener("input", ({ timeStamp }) =>
      on.input(this.direction, this.input.valueAsNumber, timeStamp),
    );
    this.input.addEventListener("change", () => on.commit(byKey));
    this.input.addEventListener("dblclick", () => on.reset(this.direction, beforeClicks));
  }

  /** @param {Hand} on */
  #listenToNumber(on) {
    const { number } = this;
    const written = () => signed(this.#weight ?? this.direction.start, this.direction);
    const take = () => {
      if (number.value === written()) return; // it may stand for a weight of more decimals
      const value = typed(number.value, this.direction);
      number.value = written(); // what is no number goes; what is out of range comes back as the end of the range
      if (value === null || value === this.#weight) return;
      on.input(this.direction, value);
      on.commit(false);
    };
    number.addEventListener("focus", () => number.select());
    number.addEventListener("blur", take);
    number.addEventListener("keydown", (event) => {
      if (event.key === "Escape") number.value = written();
      if (event.key === "Enter") take();
      if (event.key === "Enter" || event.key === "Escape") number.select();
      if (number.value !== written()) event.stopPropagation(); // Ctrl+Z takes back letters before it takes back a slider
    });
  }
}
