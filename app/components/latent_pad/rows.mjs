// The sliders of one bank: a label, a range input and a value that is also the button that resets it.

import { signed, valueText, weightOf } from "./pure.mjs";

/** Rows in `holder`; the hand's doings go to `on`: input, commit, reset, and history to look up. */
export class PadRows {
  #holder;
  #on;
  #rows = [];

  constructor(holder, on) {
    this.#holder = holder;
    this.#on = on;
  }

  /** Show these directions of a bank; rows that are there already stay, so that no focus or drag is lost. */
  draw(bank, directions) {
    const same = this.#rows.length === directions.length
      && directions.every((direction, i) => direction.key === this.#rows[i].direction.key);
    if (same) {
      directions.forEach((direction, i) => this.#rows[i].fill(direction));
      return;
    }
    this.#rows = directions.map((direction, i) => new Row(direction, i, this.#on));
    this.#holder.setAttribute("aria-label", bank.name);
    this.#holder.replaceChildren(...this.#rows.map((row) => row.element));
    if (!this.#rows.length) this.#holder.append(emptyNote());
  }

  /** Put every slider where its weight is. */
  set(weights) {
    for (const row of this.#rows) row.set(weightOf(weights, row.direction), row.direction.key in weights);
  }
}

function emptyNote() {
  const note = document.createElement("p");
  note.className = "empty";
  note.textContent = "This bank has no slider.";
  return note;
}

function make(tag, className, properties = {}) {
  return Object.assign(document.createElement(tag), { className, ...properties });
}

class Row {
  constructor(direction, place, on) {
    this.element = make("div", "row");
    this.input = make("input", "", { type: "range", id: `slider-${place}` });
    this.label = make("label", "", { htmlFor: this.input.id });
    this.note = make("span", "note");
    this.value = make("button", "value", { type: "button" });
    const top = make("div", "top");
    top.append(this.label, this.note, this.value);
    this.element.append(top, this.input);
    this.fill(direction);
    this.#listen(on);
  }

  fill(direction) {
    this.direction = direction;
    this.weight = null;
    const { name, note, hint, unused, low, high, step, key } = direction;
    this.element.dataset.direction = key;
    this.element.classList.toggle("unused", unused);
    this.label.textContent = name;
    this.label.title = name;
    this.note.textContent = unused ? `unused${note ? `, ${note}` : ""}` : note;
    this.note.title = unused ? "The model does not use this dimension: moving it changes next to nothing." : hint || note;
    Object.assign(this.input, { min: low, max: high, step });
    this.input.setAttribute("aria-label", unused ? `${name}, unused` : name);
    this.value.title = `Reset ${name} (or double-click the slider)`;
  }

  set(weight, moved) {
    if (weight === this.weight && moved === this.moved) return; // called for every row at every step of a drag
    this.weight = weight;
    this.moved = moved;
    const { low, high, start } = this.direction;
    if (Number(this.input.value) !== weight) this.input.value = weight;
    this.value.textContent = moved ? valueText(weight, this.direction) : signed(weight, this.direction);
    this.value.disabled = !moved;
    this.value.setAttribute("aria-label", `${valueText(weight, this.direction)}, reset ${this.direction.name}`);
    this.input.setAttribute("aria-valuetext", valueText(weight, this.direction));
    this.element.classList.toggle("moved", moved);
    const place = (value) => Math.min(1, Math.max(0, (value - low) / (high - low)));
    this.element.style.setProperty("--from", String(Math.min(place(start), place(weight))));
    this.element.style.setProperty("--to", String(Math.max(place(start), place(weight))));
  }

  #listen(on) {
    let byKey = false;
    let beforeClicks = null; // the history before the first click of a double click
    this.input.addEventListener("keydown", (event) => {
      byKey = true;
      if (event.key === "Delete" || event.key === "Backspace") on.reset(this.direction);
    });
    this.input.addEventListener("pointerdown", () => (byKey = false));
    this.input.addEventListener("mousedown", ({ detail }) => {
      if (detail === 1) beforeClicks = on.history();
    });
    this.input.addEventListener("input", ({ timeStamp }) =>
      on.input(this.direction, this.input.valueAsNumber, timeStamp),
    );
    this.input.addEventListener("change", () => on.commit(byKey));
    this.input.addEventListener("dblclick", () => on.reset(this.direction, beforeClicks));
    this.value.addEventListener("click", () => on.reset(this.direction));
  }
}
