// Written by `python -m app.components.declarations` from message.py, which has the meaning.

/** A place on a slider, and how many of the held-out faces read as having the attribute from there on. */
export interface MarkMessage {
  at: number;
  share: string;
}

/** A slider; `latent.directions.Direction` has the meaning. Its vector lies among those of its bank. */
export interface DirectionMessage {
  key: string;
  name: string;
  low: number;
  high: number;
  step: number;
  unit: string;
  note: string;
  start: number;
  origin: number;
  hint: string;
  ends: Array<string>;
  unused: boolean;
  path: string | null;
  marks: Array<MarkMessage>;
  group: string;
}

/** A bank: its K vectors are float32 [K, D], in base64 where they are small, else under an address. */
export interface BankMessage {
  key: string;
  name: string;
  vectors: string | null;
  vectorsUrl: string | null;
  directions: Array<DirectionMessage>;
}

/** The plausibility gauge: `url` gives float32 mean [D], precision [D, D] and percentiles [101] in one file. */
export interface GaugeMessage {
  url: string;
  prior: boolean;
}

/** Linear probes: `url` gives float32 weights [R, D] and bias [R] in one file. */
export interface ReadingsMessage {
  url: string;
  names: Array<string>;
  notes: Array<string>;
}

/** A picture next to the face. */
export interface BesideMessage {
  url: string;
  label: string;
}

/** What can be fetched before there is a point. `z` is base64 of float32 [D]. */
export interface PadContent {
  base: string;
  decoderUrl: string | null;
  blendUrl: string | null;
  z: string;
  dimensions: number;
  banks: Array<BankMessage>;
  gauge: GaugeMessage | null;
}

/** A pad without a point: its place is hidden. */
export interface PadAhead {
  base: string;
  decoderUrl: string | null;
  blendUrl: string | null;
  z: string;
  dimensions: number;
  banks: Array<BankMessage>;
  gauge: GaugeMessage | null;
  ahead: true;
}

/** A pad at a point. Under another signature the browser builds the sliders anew; `pointId` names the visit. `rest` is base64 of float32 [D]: the point with every slider at rest, where ways bend each other and begin at `z` as the sliders stand; else null. */
export interface PadMessage {
  base: string;
  decoderUrl: string | null;
  blendUrl: string | null;
  z: string;
  dimensions: number;
  banks: Array<BankMessage>;
  gauge: GaugeMessage | null;
  id: string;
  model: string;
  pointId: string;
  readings: ReadingsMessage | null;
  group: string | null;
  play: boolean;
  greet: string;
  signature: string;
  rest: string | null;
  weights: Record<string, number>;
  bank: string;
  count: number;
  picture: string | null;
  server: boolean;
  provenance: Record<string, unknown>;
  beside: BesideMessage | null;
  vivid: number;
  back: boolean;
  forward: boolean;
}

/** What the browser says when the hand lets go; `point` is the visit, weights only where a slider is away. `vivid` is how vividly faces are drawn, from 0 to 1; null where there is no choice. */
export interface PadCommit {
  model: string;
  point: string;
  bank: string;
  weights: Record<string, number>;
  vivid: number | null;
}

/** What the browser says where Undo or Redo asks for another point; `point` is the visit. */
export interface PadTurn {
  point: string;
  to: "back" | "forward";
}
