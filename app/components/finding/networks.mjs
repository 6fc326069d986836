// The three networks of MTCNN (weights of facenet-pytorch, MIT), run by the onnxruntime that the page has already:
// faces/cascade.py in the browser. app/static_site/detector.py wrote them.

import { best, moved, squared } from "./boxes.mjs";
import { mean } from "./complex.mjs";
import { upright } from "./crops.mjs";

/** @import { Scored } from "./boxes.mjs" */
/** @import { Complex } from "./complex.mjs" */
/** @import { Planes } from "./planes.mjs" */

/** @typedef {any} Session of onnxruntime-web, whose own types come with a package that is not installed here */
/** @typedef {{score: number, points: Complex[], shifts: Float32Array}} Reading left eye, right eye and mouth in the square's own coordinates, and what it adds to where annotators would have put them */

export const SMALL_CROP = 24; // side of what the second network reads
export const CROP = 48; // side of what the third network reads
const CELL = 12; // side of the square that the first network judges
const STRIDE = 2;
const PROPOSAL_SCORE = 0.6;
const REFINED_SCORE = 0.6;
const MOST_PROPOSALS = 1000;
const BATCH = 128;

export class Networks {
  #ort;
  #sessions;

  /**
   * @param {any} ort onnxruntime-web
   * @param {Session[]} sessions the three networks
   */
  constructor(ort, sessions) {
    this.#ort = ort;
    this.#sessions = sessions;
  }

  /**
   * Squares of a picture that may hold an upright face.
   *
   * @param {Planes[]} levels
   * @param {Planes[]} layers
   * @returns {Promise<Scored[]>}
   */
  async propose(levels, layers) {
    const found = [];
    for (const layer of layers) found.push(...(await this.#scan(layer, levels[0])));
    const likely = best(found, 0.7).slice(0, MOST_PROPOSALS).map(({ box }) => squared(box));
    const verdicts = await this.#inBatches(1, upright(levels, likely), SMALL_CROP);
    const refined = [];
    for (const [k, box] of likely.entries()) {
      const { score, shift } = verdicts[k];
      if (score[1] > REFINED_SCORE) refined.push({ box: squared(moved(box, shift)), score: score[1] });
    }
    return best(refined, 0.7);
  }

  /**
   * The first network over one size of the picture.
   *
   * @param {Planes} layer
   * @param {Planes} planes the picture itself, in whose pixels the boxes are
   * @returns {Promise<Scored[]>}
   */
  async #scan({ data, width, height }, planes) {
    const { score, shift } = await this.#run(0, data, [1, 3, height, width]);
    const [rows, columns] = score.dims.slice(2);
    const places = rows * columns;
    const stretch = [planes.width / width, planes.height / height];
    const found = [];
    for (let i = 0; i < places; i++) {
      const likely = score.data[places + i];
      if (likely < PROPOSAL_SCORE) continue;
      const corner = [STRIDE * (i % columns), STRIDE * Math.floor(i / columns)];
      const box = [0, 1, 2, 3].map((edge) => (corner[edge % 2] + (edge > 1 ? CELL : 0)) * stretch[edge % 2]);
      found.push({ box, score: likely, shift: [0, 1, 2, 3].map((edge) => shift.data[edge * places + i]) });
    }
    return best(found, 0.5).map((one) => ({ box: moved(one.box, one.shift), score: one.score }));
  }

  /**
   * The second network's scores of crops [N, 3, 24, 24].
   *
   * @param {Float32Array} crops
   * @returns {Promise<number[]>}
   */
  async glance(crops) {
    return (await this.#inBatches(1, crops, SMALL_CROP)).map(({ score }) => score[1]);
  }

  /**
   * The third network on crops [N, 3, 48, 48].
   *
   * @param {Float32Array} crops
   * @returns {Promise<Reading[]>}
   */
  async look(crops) {
    return (await this.#inBatches(2, crops, CROP)).map(({ score, points, shifts }) => {
      const five = [0, 1, 2, 3, 4].map((i) => [2 * points[i] - 1, 2 * points[5 + i] - 1]);
      return { score: score[1], points: [five[0], five[1], mean(five.slice(3))], shifts };
    });
  }

  /**
   * @param {number} which of the networks
   * @param {Float32Array} crops [N, 3, side, side]
   * @param {number} side
   * @returns {Promise<Record<string, Float32Array>[]>} what it says of each
   */
  async #inBatches(which, crops, side) {
    const one = 3 * side * side;
    const said = [];
    for (let from = 0; from < crops.length; from += BATCH * one) {
      const batch = crops.subarray(from, from + BATCH * one);
      const outputs = Object.entries(await this.#run(which, batch, [batch.length / one, 3, side, side]));
      for (let k = 0; k < batch.length / one; k++) {
        said.push(Object.fromEntries(outputs.map(([name, { data, dims }]) => [name, data.subarray(k * dims[1], (k + 1) * dims[1])])));
      }
    }
    return said;
  }

  /**
   * @param {number} which
   * @param {Float32Array} data
   * @param {number[]} shape
   * @returns {Promise<Record<string, {data: Float32Array, dims: number[]}>>}
   */
  #run(which, data, shape) {
    return this.#sessions[which].run({ picture: new this.#ort.Tensor("float32", data, shape) });
  }
}
