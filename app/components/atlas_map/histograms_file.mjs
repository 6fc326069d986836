// The filter's histograms as an SVG drawing for a paper: light, with their names, whatever the page looks like.

const [COLUMNS, WIDTH, HEIGHT, GAP] = [3, 220, 60, 24]; // of one, in the drawing's units
const [HEAD, FOOT] = [18, 16];
const COLOURS = { all: "#c9ced6", left: "#3a8294", text: "#222222", faint: "#666666" };
const LETTERS = 34; // of a line over a histogram

/** @typedef {{name: string, said: string, words: readonly string[], all: string, left: string, from: number, width: number}} Drawing */

/** @param {string} text */
const escaped = (text) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** @param {string} text */
const cut = (text, most = LETTERS) => (text.length > most ? `${text.slice(0, most - 1)}\u2026` : text);

/**
 * @param {Drawing[]} list paths in a box of 1 by 1, and the range that is asked for as shares of its width
 * @returns {string} SVG
 */
export function drawingOf(list) {
  const columns = Math.min(COLUMNS, list.length);
  const [across, down] = [WIDTH + GAP, HEAD + HEIGHT + FOOT + GAP];
  const [width, height] = [columns * across + GAP, Math.ceil(list.length / COLUMNS) * down + GAP];
  const parts = list.map((one, at) => `<g transform="translate(${GAP + (at % COLUMNS) * across} ${GAP + Math.floor(at / COLUMNS) * down})">${single(one)}</g>`);
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12"><rect width="${width}" height="${height}" fill="#ffffff"/>${parts.join("")}</svg>`;
}

/** @param {Drawing} drawing */
function single({ name, said, words, all, left, from, width }) {
  const box = `transform="translate(0 ${HEAD}) scale(${WIDTH} ${HEIGHT})"`;
  const step = WIDTH / (words.length || 1);
  const labels = words.map((word, at) => `<text x="${(at + 0.5) * step}" y="${HEAD + HEIGHT + 12}" text-anchor="middle" font-size="9" fill="${COLOURS.faint}">${escaped(cut(word, Math.max(3, Math.floor(step / 5))))}</text>`);
  return [
    `<text y="10" fill="${COLOURS.text}">${escaped(cut(name))}</text>`,
    `<text x="${WIDTH}" y="10" text-anchor="end" fill="${COLOURS.left}">${escaped(cut(said, Math.max(0, LETTERS - cut(name).length)))}</text>`,
    `<path ${box} fill="${COLOURS.all}" d="${all}"/><path ${box} fill="${COLOURS.left}" fill-opacity="0.75" d="${left}"/>`,
    `<rect x="${from * WIDTH}" y="${HEAD}" width="${width * WIDTH}" height="${HEIGHT}" fill="${COLOURS.left}" fill-opacity="0.14"/>`,
    `<path d="M0 ${HEAD + HEIGHT}h${WIDTH}" stroke="${COLOURS.all}"/>`,
    ...labels,
  ].join("");
}
