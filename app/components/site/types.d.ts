// What the modules of the page without a server hand to each other. What Python sends is in message.d.ts.
import type { PriorMessage, SamplerMessage } from "./message";

/** What a link can name here. `hash`: the beginning of the weights' hash. */
export interface Known {
  model: string;
  hash: string;
  dimensions: number;
  banks: string[];
  directions: Set<string>;
  colours: string[];
  samplers: SamplerMessage[];
  prior: PriorMessage | null;
  words: Record<string, string>;
}
/** What a link asks for; `face` is an image number. */
export interface Link {
  face: number | null;
  sample: Sample | null;
  z: Float32Array | null;
  bank: string | null;
  weights: Record<string, number>;
  colour: string | null;
  problems: string[];
}
/** A generated face: which sampler, which seed, which sample of it. */
export interface Sample {
  sampler: string;
  seed: number;
  index: number;
  temperature: number;
}
/** What the learned prior is asked for: attributes with (1) or without (0); null is the guidance that it learnt best with. */
export interface Wish {
  attributes: Record<string, number>;
  guidance: number | null;
}
/** A point as links write it, and where it lies. `row`: of the atlas, or null for what was not encoded. */
export interface Point {
  kind: "face" | "sample" | "z";
  text: string;
  name: string;
  sample?: Sample;
  row: number | null;
  z: Float32Array;
}
/** What is on screen; `before` names the morph that belongs to this session alone. */
export interface Shown {
  model: string;
  point: Pick<Point, "kind" | "text">;
  bank: string;
  weights: Record<string, number>;
  colour: string | null;
  before: string;
}
