// The filter under the map: a line for each term, histograms to brush, and how many faces pass. The map dims the others
// while the hand moves; Python hears of it when the hand lets go.

import { find as findIn, make } from "../page/elements.mjs";
import { _ } from "../page/texts.mjs";
import { loadArray, loadScores } from "./arrays.mjs";
import { counted, failures, passing, readTerms, writeTerms } from "./filter.mjs";
import { DISTANCE, Histograms, PART, columnsShown, shownOf } from "./histograms.mjs";

/** @import { AtlasMap } from "./map.mjs" */
/** @import { FilterMessage, MapMessage } from "./message.d.ts" */
/** @import { Term } from "./filter.mjs" */
/** @import { Shown } from "./histogram.mjs" */

export class FilterPanel {
  #map;
  #histograms;
  /** @type {Term[]} */
  #terms = [];
  /** @type {Map<string, Uint8Array>} */
  #columns = new Map();
  #source = ""; // whose columns they are
  #drawn = ""; // what the lines were made of: a line whose numbers change stays, and with it the hand's hold on it
  #applied = ""; // whose faces were filtered, and how
  #asked = 0; // the newest of the changes that wait for the next frame

  /** @param {AtlasMap} map */
  constructor(map) {
    this.#map = map;
    this.root = make("details", "am-filter");
    this.root.innerHTML = `<summary>${_("Filter")}<span class="am-passing" role="status"></span></summary>
      <div class="am-terms"></div>
      <label>${_("Add")} <select class="am-add"></select></label>
      <div class="am-histograms"></div>
      <button type="button" class="am-clear am-save">${_("Save the histograms as SVG")}</button>
      <p class="am-help">${_("Drag over a histogram to keep a range, click it to let all through again. Grey: all of them. Coloured: those that pass what the others ask for. Each is drawn to its own height.")}</p>`;
    this.root.hidden = true;
    map.dom.root.append(this.root);
    this.#histograms = new Histograms(findIn(this.root, ".am-histograms"), (...asked) => this.#brushed(...asked));
    findIn(this.root, ".am-save").addEventListener("click", () => this.#histograms.save());
    this.#add.addEventListener("change", () => this.#added());
    this.root.addEventListener("toggle", () => this.#brushes());
  }

  get #add() {
    return /** @type {HTMLSelectElement} */ (findIn(this.root, ".am-add"));
  }

  /**
   * Take new data of Python's: other columns, or a link's filter.
   *
   * @param {MapMessage} data
   */
  async follow(data) {
    const { filters } = data;
    const { memory } = this.#map;
    this.root.hidden = !filters;
    if (!filters) return;
    if (memory.asked !== filters.asked) {
      memory.asked = filters.asked;
      memory.filter = filters.text;
      this.#drawn = "";
    }
    if (writeTerms(this.#terms) !== memory.filter) this.#terms = readTerms(memory.filter);
    if (this.#terms.length && !this.#drawn) this.root.open = true;
    this.#draw(filters);
    const source = data.source.image + data.source.scores + filters.distance + filters.quantities.map((one) => one.url);
    if (source !== this.#source) {
      this.#source = source;
      this.#columns.clear();
    }
    if (source + memory.filter === this.#applied) return this.#brushes(); // only the point or the colours are others
    if (this.#terms.length || memory.filtered) await this.#apply(true);
    else {
      this.#tell(data.source.points, data.source.points);
      await this.#brushes();
    }
  }

  /** Let everything through, and say so. */
  reset() {
    if (this.#terms.length) this.#change([], true);
  }

  #added() {
    const of = this.#add.value;
    const filters = this.#map.drawn?.data.filters;
    if (!of || !filters) return;
    const known = filters.columns.some((one) => one.of === of);
    /** @type {Term} */
    const term =
      of === "part" ? { of, kind: "part", low: 2, high: 2 }
      : known ? { of, kind: "with", low: 0, high: 100 }
      : shownOf(of, filters)?.words.length ? { of, kind: "is", low: 0, high: 0 }
      : { of, kind: "between", low: 50, high: 100 };
    this.#change([...this.#terms.filter((one) => one.of !== of), term], true);
  }

  /**
   * A range, or a word, of a histogram: the same word again, or no range, lets all through.
   *
   * @param {Shown} shown
   * @param {{low: number, high: number}|null} range
   * @param {boolean} settled
   */
  #brushed({ of, words }, range, settled) {
    const before = this.#terms.find((term) => term.of === of);
    if (!range && !before) return;
    /** @type {Term["kind"]} */
    const kind = of === "part" ? "part" : words.length ? "is" : "between";
    const again = words.length > 0 && before?.low === range?.low;
    const term = range && !again ? { of, kind, ...range } : null;
    const at = before && term ? this.#terms.indexOf(before) : this.#terms.length;
    const others = this.#terms.filter((one) => one !== before);
    if (settled) this.#drawn = ""; // the sliders of its line stand elsewhere now
    this.#change(term ? others.toSpliced(at, 0, term) : others, settled);
  }

  /** Draw the histograms, where they are in sight: their columns are fetched for that only. */
  async #brushes() {
    const { drawn } = this.#map;
    const filters = drawn?.data.filters;
    if (!drawn || !filters || !this.root.open) return;
    const shown = columnsShown(drawn.data, filters, this.#terms);
    try {
      await this.#load(drawn.data, filters, shown);
      this.#histograms.draw(shown, this.#columns, failures(this.#terms, this.#columns), this.#terms);
    } catch (error) {
      findIn(this.root, ".am-passing").textContent = /** @type {Error} */ (error).message;
    }
  }

  /**
   * @param {Term[]} terms
   * @param {boolean} settled whether the hand has let go
   */
  #change(terms, settled) {
    this.#terms = terms;
    const { memory, drawn } = this.#map;
    memory.filter = writeTerms(terms);
    if (settled && drawn?.data.filters) this.#draw(drawn.data.filters);
    const mine = ++this.#asked;
    const started = performance.now();
    requestAnimationFrame(async () => {
      if (mine !== this.#asked && !settled) return;
      await this.#apply(settled);
      this.#map.dom.root.dataset.filterMs = (performance.now() - started).toFixed(0);
    });
  }

  /** @param {boolean} settled */
  async #apply(settled) {
    const { drawn, memory } = this.#map;
    if (!drawn?.data.filters) return;
    const { data } = drawn;
    const terms = this.#terms;
    try {
      await this.#load(data, /** @type {FilterMessage} */ (data.filters), terms);
    } catch (error) {
      findIn(this.root, ".am-passing").textContent = /** @type {Error} */ (error).message;
      return;
    }
    if (terms !== this.#terms || this.#map.drawn !== drawn) return; // the hand, or the model, is further already
    this.#applied = this.#source + memory.filter;
    const mask = passing(failures(terms, this.#columns));
    const count = mask ? mask.reduce((sum, one) => sum + one, 0) : data.source.points;
    this.#tell(count, data.source.points);
    await Promise.all([this.#map.selection.filter(mask, settled), this.#brushes()]);
  }

  /**
   * Have the columns of terms, or of histograms, that this model knows.
   *
   * @param {MapMessage} data
   * @param {FilterMessage} filters
   * @param {readonly {of: string}[]} wanted
   */
  async #load({ source }, filters, wanted) {
    const bytes = (/** @type {string} */ url, /** @type {number} */ length, /** @type {string} */ what) =>
      loadArray({ url, type: "uint8", length, what });
    const { points } = source;
    for (const { of } of wanted) {
      if (this.#columns.has(of)) continue;
      const known = filters.columns.find((one) => one.of === of);
      const own = filters.quantities.find((one) => one.of === of);
      if (own) this.#columns.set(of, await bytes(own.url, points, own.name));
      else if (of === "part") this.#columns.set(of, await bytes(source.partition, points, _("parts")));
      else if (of === "distance") this.#columns.set(of, await bytes(filters.distance, points, _("distances")));
      else if (known) this.#columns.set(of, await loadScores(source, known.column));
    }
  }

  /**
   * @param {number} count
   * @param {number} total
   */
  #tell(count, total) {
    this.#map.dom.root.dataset.passing = String(count);
    findIn(this.root, ".am-passing").textContent = this.#terms.length ? ` ${counted(count, total, this.#map.words)}` : "";
  }

  /** @param {FilterMessage} filters */
  #draw(filters) {
    const { columns, quantities } = filters;
    const looks = JSON.stringify([this.#terms.map(({ of, kind }) => [of, kind]), columns, quantities]);
    if (looks === this.#drawn) return;
    this.#drawn = looks;
    const told = [...quantities, ...columns].map((one) => /** @type {const} */ ([one.of, one.name]));
    /** @type {[string, string][]} */
    const always = filters.distance ? [["distance", DISTANCE], ["part", PART]] : [];
    const names = new Map([...told, ...always]);
    const used = new Set(this.#terms.map((term) => term.of));
    const options = [...names].filter(([of]) => !used.has(of)).map(([value, text]) => make("option", "", { value, text }));
    this.#add.replaceChildren(make("option", "", { value: "", text: _("a condition") }), ...options);
    findIn(this.root, ".am-terms").replaceChildren(
      ...this.#terms.map((term) => this.#line(term, shownOf(term.of, filters), filters)),
    );
  }

  /**
   * @param {Term} term
   * @param {Shown|null} shown
   * @param {FilterMessage} filters
   */
  #line(term, shown, filters) {
    const line = make("div", "am-term");
    const name = shown?.name ?? _("{name} (not known to this model)", { name: term.of });
    const set = (/** @type {Partial<Term>} */ change, settled = true) => {
      const now = this.#terms.find((one) => one.of === term.of) ?? term;
      this.#change(this.#terms.map((one) => (one === now ? { ...now, ...change } : one)), settled);
    };
    line.append(make("span", "am-of", { textContent: name }));
    if (shown?.words.length) line.append(choice(name, shown.words, term.low, (at) => set({ low: at, high: at })));
    else if (filters.columns.some((one) => one.of === term.of)) {
      const kinds = /** @type {const} */ (["with", "without", "between"]);
      const words = [_("with it"), _("without it"), _("score between")];
      line.append(choice(name, words, kinds.indexOf(/** @type {"with"} */ (term.kind)), (at) => set({ kind: kinds[at] })));
    }
    if (shown && term.kind === "between") line.append(...ends(shown, term, set));
    const remove = make("button", "am-clear", { type: "button", textContent: _("remove") });
    remove.setAttribute("aria-label", _("Remove {name} from the filter", { name }));
    remove.addEventListener("click", () => this.#change(this.#terms.filter((one) => one.of !== term.of), true));
    line.append(remove);
    return line;
  }
}

/**
 * @param {string} label
 * @param {readonly string[]} words
 * @param {number} chosen
 * @param {(at: number) => void} then
 */
function choice(label, words, chosen, then) {
  const select = make("select");
  select.setAttribute("aria-label", _("Filter by {name}", { name: label }));
  select.append(...words.map((text, at) => make("option", "", { value: String(at), text })));
  select.selectedIndex = chosen;
  select.addEventListener("change", () => then(select.selectedIndex));
  return select;
}

/**
 * Two sliders for the ends of a range in per cent; neither passes the other.
 *
 * @param {Shown} shown
 * @param {Term} term
 * @param {(change: Partial<Term>, settled: boolean) => void} set
 */
function ends({ name, tell }, term, set) {
  const said = make("output", "", { textContent: tell(term.low, term.high) });
  const [low, high] = /** @type {const} */ (["low", "high"]).map((end) => {
    const input = make("input", "", { type: "range", min: "0", max: "100", value: String(term[end]) });
    input.setAttribute("aria-label", end === "low" ? _("{name}: from, per cent", { name }) : _("{name}: to, per cent", { name }));
    for (const event of ["input", "change"]) input.addEventListener(event, () => moved(end, event === "change"));
    return input;
  });
  const moved = (/** @type {"low"|"high"} */ end, /** @type {boolean} */ settled) => {
    if (Number(low.value) > Number(high.value)) (end === "low" ? low : high).value = (end === "low" ? high : low).value;
    said.textContent = tell(Number(low.value), Number(high.value));
    set({ low: Number(low.value), high: Number(high.value) }, settled);
  };
  return [low, high, said];
}
