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

/** One of a few words for each point; `KindsColouring` has the meaning. */
export interface KindsMessage {
  kind: "kinds";
  name: string;
  url: string;
  words: Array<string>;
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

/** A latent, D numbers, and its place among its neighbours, so that it needs no latents of others in the browser. */
export interface PlacedPoint {
  z: Array<number>;
  x: number;
  y: number;
}

/** An attribute that the map can be filtered by: its own name, the plain one, its column of the scores. */
export interface FilterColumn {
  of: string;
  name: string;
  column: number;
}

/** A number or a word for each face; `Quantity` has the meaning. */
export interface QuantityMessage {
  of: string;
  name: string;
  url: string;
  low: number;
  high: number;
  words: Array<string>;
}

/** What the map can be filtered by; `Filters` has the meaning. */
export interface FilterMessage {
  columns: Array<FilterColumn>;
  quantities: Array<QuantityMessage>;
  distance: string;
  asked: string;
  text: string;
}

/** A picture for each face; `Pictures` has the meaning. */
export interface PicturesMessage {
  url: string;
  bytes: number;
  ends: string;
  count: number;
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
  pictures: PicturesMessage | null;
  source: SourceMessage;
  colouring: AttributeMessage | KindsMessage | ValuesMessage | PlainMessage;
  point: RowPoint | LatentPoint | null;
  placed: PlacedPoint | null;
  regions: Array<RegionMessage> | null;
  filters: FilterMessage | null;
  vectors: boolean;
}

/** What was lassoed and passes the filter: base64 of one bit a row, lowest bit first, how many rows the map has, and the filter as text, and the newest `asked` that the browser knows of. */
export interface SelectedMessage {
  points: number;
  rows: string;
  filter: string;
  asked: string;
}
