// Take it along: faces of the map, or the one under the sliders, as a table and as a sheet of pictures (app/controls/take_along.py).

import { loadArray } from "../atlas_map/arrays.mjs";
import { nearestRows, placeAmong } from "../atlas_map/nearest.mjs";
import { loadGauge } from "../latent_pad/load.mjs";
import { find, make } from "../page/elements.mjs";
import { csvOf } from "../page/csv.mjs";
import { saveFile, savePng } from "../page/save.mjs";
import { _, ngettext, numeral } from "../page/texts.mjs";
import { faceTable, facesTable } from "./code_table.mjs";
import { said } from "./page.mjs";
import { drawSheet, spaced } from "./sheet.mjs";
import { button } from "./shelf_panel.mjs";

/** @import { MapMessage } from "../atlas_map/message.d.ts" */
/** @import { PadMessage } from "../latent_pad/message.d.ts" */
/** @import { Faces } from "./faces.mjs" */
/** @import { SiteMessage } from "./message.d.ts" */
/** @typedef {{name: string, image: number|null, z: Float32Array, facts: Record<string, unknown>}} Here the face on screen */

const MOST_PICTURES = 90;
const FACE_SIDE = 256; // pixels that a face has on a sheet of few
const COLUMNS = 9;

export class TakeAlong {
  #given;
  #faces;
  #here;
  #root = find(document, "#take-along");
  #what = make("select");
  /** @type {Int32Array} */
  #selected = new Int32Array(0);

  /**
   * @param {{pad: PadMessage, map: MapMessage, site: SiteMessage}} given
   * @param {Faces} faces
   * @param {() => Promise<Here>} here
   */
  constructor(given, faces, here) {
    this.#given = given;
    this.#faces = faces;
    this.#here = here;
    const label = make("label", "", { textContent: `${_("What to take")} ` });
    label.append(this.#what);
    const controls = make("div", "controls");
    controls.append(label, button(_("Save as CSV"), () => said(this.#table())), button(_("Save as PNG"), () => said(this.#sheet())));
    const about = _(
      "The table holds a row for each face: its number, part, place on the map, distance (how many of 100 held-out faces lie nearer to the average face), the classifier’s scores from 0 to 1, the hash of the model’s weights, and the code itself, rounded as in this copy. The picture shows the decoded faces, of more than {most} a sample. Parquet, PDF and directions are in the app.",
      { most: MOST_PICTURES },
    );
    this.#root.append(make("summary", "", { textContent: _("Take it along") }), controls, make("p", "caption", { textContent: about }));
    this.#offer();
  }

  /** @param {Int32Array} rows that the map has selected, in order */
  select(rows) {
    this.#selected = rows;
    this.#offer();
    if (rows.length) this.#what.value = "selection";
  }

  #offer() {
    const before = this.#what.value;
    const groups = [
      { key: "selection", name: _("The selection"), count: this.#selected.length },
      { key: "map", name: _("The map"), count: this.#faces.count },
    ];
    const options = groups.filter(({ count }) => count).map(({ key, name, count }) =>
      new Option(ngettext("{name}: {count} face", "{name}: {count} faces", count, { name, count: numeral(count) }), key));
    this.#what.replaceChildren(...options, new Option(_("This face"), "face"));
    this.#what.value = [...this.#what.options].some(({ value }) => value === before) ? before : this.#what.options[0].value;
  }

  /** Rows of the map, or null for the face on screen. */
  get #rows() {
    if (this.#what.value === "face") return null;
    return this.#what.value === "selection" ? this.#selected : Int32Array.from({ length: this.#faces.count }, (_one, row) => row);
  }

  /** @param {string} ending */
  #name(ending) {
    return `facespace-${this.#given.site.model}-${this.#what.value}${ending}`;
  }

  async #table() {
    const { pad, map, site } = this.#given;
    const { source } = map;
    const rows = this.#rows;
    const name = this.#name(".csv");
    const of = { type: /** @type {const} */ ("uint8"), length: source.points };
    const [mu, xy, gauge] = await Promise.all([
      this.#faces.latents(), loadArray({ url: source.xy, type: "float32", length: 2 * source.points, what: _("places") }), loadGauge(pad),
    ]);
    const known = { gauge, sha256: site.sha256, columns: map.filters?.columns ?? [] };
    if (!rows) {
      const here = await this.#here();
      const place = placeAmong(nearestRows(here.z, mu), xy);
      return saveFile(name, csvOf(faceTable(here, { ...known, place })));
    }
    const [image, partition, scores] = await Promise.all([
      this.#faces.images(),
      loadArray({ ...of, url: source.partition, what: _("parts") }),
      loadArray({ ...of, url: source.scores, length: source.points * source.attributes, what: _("attribute scores") }),
    ]);
    saveFile(name, csvOf(facesTable(source, { mu, xy, image, partition, scores }, rows, known)));
  }

  async #sheet() {
    const { site } = this.#given;
    const rows = this.#rows;
    const name = this.#name("");
    const here = await this.#here();
    if (!rows) return this.#save([here.z], name, here.facts);
    const mu = await this.#faces.latents();
    const D = site.dimensions;
    const few = sample(rows, MOST_PICTURES);
    const images = await this.#faces.images();
    const facts = { ...here.facts, point: { kind: "faces", images: Array.from(few, (row) => images[row]) } };
    await this.#save(Array.from(few, (row) => mu.slice(row * D, (row + 1) * D)), name, facts);
  }

  /**
   * @param {Float32Array[]} codes
   * @param {string} name
   * @param {Record<string, unknown>} facts
   */
  async #save(codes, name, facts) {
    const columns = Math.min(COLUMNS, codes.length);
    const sheet = await drawSheet(this.#given.site.decoder, codes, columns);
    if (!sheet) return;
    await savePng(spaced(sheet, columns), name, facts, columns * FACE_SIDE);
  }
}

/**
 * At most so many rows, evenly over all of them.
 *
 * @param {Int32Array} rows
 * @param {number} most
 */
export function sample(rows, most) {
  const count = Math.min(most, rows.length);
  return Int32Array.from({ length: count }, (_one, i) => rows[Math.floor((i * rows.length) / count)]);
}
