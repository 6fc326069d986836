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
/** A face that is asked for: by its image number, as a sample, as a latent, or by its key on this tab's shelf. */
export interface Asked {
  face: number | null;
  sample: Sample | null;
  z: Float32Array | null;
  kept: string | null;
}
/** What a link asks for. */
export interface Link extends Asked {
  bank: string | null;
  weights: Record<string, number>;
  colour: string | null;
  filter: string;
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
  kind: "face" | "sample" | "z" | "kept";
  text: string;
  name: string;
  sample?: Sample;
  facts?: Record<string, unknown>;
  private?: boolean;
  row: number | null;
  z: Float32Array;
}
/** A face on the shelf. `private`: made from a photo, so it stays out of links. */
export interface KeptFace {
  key: string;
  name: string;
  z: Float32Array;
  facts: Record<string, unknown>;
  private: boolean;
}
/** The same as it is stored and as its file has it, with its latents by model. */
export interface StoredFace extends Omit<KeptFace, "z"> {
  latents: Record<string, { checkpoint_sha256: string; z: string }>;
}
/** What is on screen; `before` names the morph that belongs to this session alone. */
export interface Shown {
  model: string;
  point: Pick<Point, "kind" | "text">;
  bank: string;
  weights: Record<string, number>;
  colour: string | null;
  filter?: string;
  before: string;
}
