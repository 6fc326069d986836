// What the modules of the page without a server hand to each other. What Python sends is in message.d.ts.

/** What a link can name here. `hash`: the beginning of the weights' hash. */
export interface Known {
  model: string;
  hash: string;
  dimensions: number;
  banks: string[];
  directions: Set<string>;
  colours: string[];
  words: Record<string, string>;
}
/** What a link asks for; `face` is an image number. */
export interface Link {
  face: number | null;
  z: Float32Array | null;
  bank: string | null;
  weights: Record<string, number>;
  colour: string | null;
  problems: string[];
}
/** A point as links write it, and where it lies. `row`: of the atlas, or null for what was not encoded. */
export interface Point {
  kind: "face" | "z";
  text: string;
  name: string;
  row: number | null;
  z: Float32Array;
}
/** What is on screen; `before` names the morph that belongs to this session alone. */
export interface Shown {
  model: string;
  point: Pick<Point, "kind" | "text">;
  bank: string;
  weights: Record<string, number>;
  colour: string;
  before: string;
}
