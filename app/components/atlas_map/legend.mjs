// The words around the map: what the colours say, how many of each, the search field, one line of help.

/** The component's elements. Everything that changes later is returned by name. */
export function buildDom(parent) {
  const root = document.createElement("section");
  root.className = "atlas-map";
  root.dataset.state = "loading";
  root.innerHTML = `
    <div class="am-head">
      <div class="am-legend" aria-live="polite"></div>
      <form class="am-search" role="search">
        <label><span>Image number</span><input type="text" inputmode="numeric" autocomplete="off" size="8"></label>
        <button type="submit">Find</button>
      </form>
    </div>
    <div class="am-frame">
      <div class="am-plot" tabindex="0" role="application" aria-roledescription="map of faces"></div>
      <div class="am-marks">
        <div class="am-mark am-current" hidden></div>
        <div class="am-mark am-hover" hidden></div>
        <button type="button" class="am-mark am-found" hidden></button>
        <figure class="am-face" data-open="no"><canvas width="1" height="1"></canvas><figcaption></figcaption></figure>
      </div>
      <p class="am-message" role="alert" hidden></p>
    </div>
    <p class="am-says" role="status"></p>`;
  parent.append(root);
  const find = (name) => root.querySelector(`.am-${name}`);
  return {
    root,
    legend: find("legend"),
    search: find("search"),
    input: root.querySelector("input"),
    frame: find("frame"),
    plot: find("plot"),
    current: find("current"),
    hover: find("hover"),
    found: find("found"),
    face: find("face"),
    message: find("message"),
    says: find("says"),
  };
}

const number = (value) => value.toLocaleString("en");

/** Percent of the points, with a decimal where it matters. */
export function share(count, total) {
  const percent = (100 * count) / total;
  return `${percent.toFixed(percent < 10 && percent > 0 ? 1 : 0)} %`;
}

/**
 * Draw the legend anew.
 *
 * @param {HTMLElement} element
 * @param {{title: string, note: string, items: object[], ramp: ?object}} legend from colourBy
 * @param {{points: number, selected: number, onClear: function}} state
 */
export function drawLegend(element, legend, { points, selected, onClear }) {
  const parts = [make("strong", "", legend.title)];
  if (legend.note) parts.push(make("span", "am-note", legend.note));
  for (const item of legend.items) {
    const dot = make("i", "am-dot");
    dot.style.background = item.colour;
    const count = make("b", "", number(item.count));
    parts.push(make("span", "am-item", dot, `${item.name} `, count, ` (${share(item.count, points)})`));
  }
  if (legend.ramp) {
    const bar = make("i", "am-ramp");
    bar.style.background = `linear-gradient(90deg, ${legend.ramp.colours.join(", ")})`;
    parts.push(make("span", "am-item", `${legend.ramp.low} `, bar, ` ${legend.ramp.high}`));
  }
  parts.push(make("span", "am-item", make("i", "am-ring"), "current face"));
  if (selected) {
    const clear = make("button", "am-clear", "clear");
    clear.type = "button";
    clear.addEventListener("click", onClear);
    parts.push(make("span", "am-item", make("b", "", number(selected)), " selected", clear));
  }
  element.replaceChildren(...parts);
}

function make(tag, className, ...children) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...children);
  return element;
}

/** The map in words, for those who cannot see it. */
export function describe(legend, points, model) {
  const kinds = legend.items.map((item) => `${number(item.count)} ${item.name}`).join(", ");
  const source = legend.note ? ` (${legend.note})` : "";
  return (
    `Map of ${number(points)} faces in the model ${model}, coloured by ${legend.title}${source}` +
    `${kinds ? `: ${kinds}` : ""}. Arrow keys move from face to face, Enter takes the face, Escape lets it go.`
  );
}

/** The image number in what was typed, such as 123, 000123 or 000123.jpg; NaN where there is none. */
export function readNumber(text) {
  const match = /^\s*0*(\d{1,9})(\.\w+)?\s*$/.exec(text);
  return match ? Number(match[1]) : NaN;
}

/** Image numbers as CelebA writes them: six digits. */
export const imageName = (image) => String(image).padStart(6, "0");
