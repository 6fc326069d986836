// Saves the pictures that stand in a page's own HTML: `app/drawing/gallery.py` puts a button beside each figure of them.
// What it needs for that is fetched at the first press. Charts of the page's own are heard of from then on, too.

import { fileOf, tellMarks } from "./chart.mjs";
import { make } from "./elements.mjs";

const GAP = 4; // pixels between pictures, as in the app's own sheets
const LONGEST = 48; // letters of a file's name that say what is on the picture
const SVG = "data:image/svg+xml;base64,";

/** Hear of the buttons from now on; they are not to be seen before that. */
export function keepPictures() {
  const { dataset } = document.documentElement;
  if (dataset.saves) return;
  dataset.saves = "1";
  tellMarks();
  document.addEventListener("click", ({ target }) => {
    const button = /** @type {Element} */ (target).closest?.(".fs-save");
    if (button) save(/** @type {HTMLElement} */ (button)).catch(console.error);
  });
}

/** @param {HTMLElement} button */
async function save(button) {
  const { saveFile, savePng } = await import("./save.mjs");
  const figure = /** @type {HTMLElement} */ (button.parentElement);
  const images = [...figure.querySelectorAll("img")];
  const pictures = images.map(({ alt }) => alt);
  const name = fileName(location, button.dataset.name || pictures[0] || "");
  const [{ src }] = images;
  if (src.startsWith(SVG)) {
    const drawing = new TextDecoder().decode(Uint8Array.from(atob(src.slice(SVG.length)), (letter) => letter.charCodeAt(0)));
    const chart = /** @type {HTMLElement|null} */ (figure.querySelector(".fs-chart"));
    return saveFile(`${name}.svg`, new Blob([chart ? fileOf(chart, drawing) : drawing], { type: "image/svg+xml" }));
  }
  await Promise.all(images.map((image) => image.decode()));
  const sizes = images.map(({ naturalWidth, naturalHeight }) => [naturalWidth, naturalHeight]);
  const sheet = inRows(images, sizes, images.length);
  return savePng(sheet, name, { page: location.href, pictures }, sheet.width);
}

/**
 * Pictures in rows on white, each pixel of theirs one of the sheet's.
 *
 * @param {CanvasImageSource[]} pictures
 * @param {number[][]} sizes width and height of each
 * @param {number} columns
 */
export function inRows(pictures, sizes, columns) {
  const { places, width, height } = laidOut(sizes, columns);
  const sheet = make("canvas", "", { width, height });
  const context = /** @type {CanvasRenderingContext2D} */ (sheet.getContext("2d"));
  context.fillStyle = "white";
  context.fillRect(0, 0, width, height);
  for (const [i, [x, y]] of places.entries()) context.drawImage(pictures[i], x, y);
  return sheet;
}

/**
 * Where pictures lie in rows of so many, and how large all of it is.
 *
 * @param {number[][]} sizes width and height of each
 * @param {number} columns
 */
export function laidOut(sizes, columns) {
  const places = [];
  let [width, height] = [0, -GAP];
  for (let start = 0; start < sizes.length; start += columns) {
    const row = sizes.slice(start, start + columns);
    let x = 0;
    for (const [wide] of row) {
      places.push([x, height + GAP]);
      x += wide + GAP;
    }
    width = Math.max(width, x - GAP);
    height += GAP + Math.max(...row.map(([, high]) => high));
  }
  return { places, width, height };
}

/**
 * What a file is called, without its ending: by the page or chapter, and by what is on the picture.
 *
 * @param {{pathname: string, search: string}} address
 * @param {string} words
 */
export function fileName({ pathname, search }, words) {
  const page = pathname.split("/").pop()?.replace(/\.html$/, "").replace(/^index$/, "") || "explore";
  const place = (page === "lesson" && new URLSearchParams(search).get("chapter")) || page;
  return ["facespace", slug(place), slug(words)].filter(Boolean).join("-");
}

/** @param {string} words */
function slug(words) {
  const plain = words.replace(/ß/g, "ss").normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const found = plain.replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "");
  return found.length > LONGEST ? found.slice(0, LONGEST + 1).replace(/-[^-]*$/, "") : found;
}
