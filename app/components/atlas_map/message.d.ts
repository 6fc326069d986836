// Written by `python -m app.components.declarations` from message.py, which has the meaning.

/** A name on the map; `NamedPlace` has the meaning. */
export interface RegionMessage {
  name: string;
  x: number;
  y: number;
}

/** Sizes and addresses of the arrays; `AtlasSource` has the meaning. */
export interface SourceMessage {
  points: number;
  dimensions: number;
  attributes: number;
  xy: string;
  latents: string;
  image: string;
  partition: string;
  scores: string;
}

/** Present against absent; `AttributeColouring` has the meaning. */
export interface AttributeMessage {
  kind: "attribute";
  name: string;
  column: number;
  source: "classifier" | "labels";
  url: string | null;
}

/** A number for each point; `ValueColouring` has the meaning. */
export interface ValuesMessage {
  kind: "values";
  name: string;
  url: string;
  low: string;
  high: string;
  centred: boolean;
}

/** A colouring that needs nothing but its name. */
export interface PlainMessage {
  kind: "density" | "partition";
}

/** The current point is a row of the atlas. */
export interface RowPoint {
  id: string;
  row: number;
}

/** The current point lies elsewhere: its latent, D numbers. */
export interface LatentPoint {
  id: string;
  z: Array<number>;
}

/** What the map draws. */
export interface MapMessage {
  base: string;
  plotly: string;
  key: string;
  model: string;
  modelName: string;
  height: number;
  decoderUrl: string | null;
  source: SourceMessage;
  colouring: AttributeMessage | ValuesMessage | PlainMessage;
  point: RowPoint | LatentPoint | null;
  regions: Array<RegionMessage> | null;
}

/** What was lassoed: base64 of one bit a row, lowest bit first, and how many rows the map has. */
export interface SelectedMessage {
  points: number;
  rows: string;
}
