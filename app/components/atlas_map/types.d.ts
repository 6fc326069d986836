// What the map's modules hand to each other. What Python sends is in message.d.ts.
import type { MapMessage } from "./message";
import type { PlaceIndex } from "./nearest.mjs";

/** What the axes show, or would: [low, high] each. */
export interface Ranges {
  x: number[];
  y: number[];
}
/** [x0, x1, y0, y1] around all places. */
export type Extent = number[];
/** Pixels within the frame, or a place on the map. */
export type Pair = [number, number];
export interface Size {
  width: number;
  height: number;
}
export interface Theme {
  dark: boolean;
  text: string;
  faint: string;
  primary: string;
}
export interface LegendItem {
  name: string;
  colour: string;
  count: number;
}
/** `says` tells in words what the colour of a row says, where that is more than its item does. */
export interface Legend {
  title: string;
  note: string;
  items: LegendItem[];
  ramp: { colours: string[]; low: string; high: string } | null;
  says?: (row: number) => string;
}
/** A slot for each row; `raised` is one whose points are few and drawn larger. */
export interface Coloured {
  slotOf: Uint8Array;
  colours: string[];
  legend: Legend;
  raised?: number | null;
}
/** Points by trace; `rows` says which rows of the atlas they are, `slots` of which slot the trace is. */
export interface Split {
  x: Float32Array[];
  y: Float32Array[];
  rows: Int32Array[];
  slots: Uint8Array;
  selectedpoints: (number[] | null)[];
}
/** What is on screen, which may lag behind what Python sent. */
export interface Drawn {
  data: MapMessage;
  xy: Float32Array;
  image: Int32Array;
  extent: Extent;
  split: Split;
  size: number;
  raised?: number | null;
  colours: string[];
  slotOf: Uint8Array;
  legend: Legend;
  index: PlaceIndex;
  mu: Float32Array | null;
  /** Which rows `mu` is of, where it is not of all. */
  sampled: Int32Array | null;
  looks: string;
}
/** What survives a switch of the page. */
export interface MapMemory {
  ranges: Ranges | null;
  extent: Extent;
  /** What is selected: what both the outline and the filter let through. */
  selected: Uint8Array | null;
  lasso: Uint8Array | null;
  filtered: Uint8Array | null;
  /** The filter as text, the link that asked for it, and what Python last heard of the selection. */
  filter: string;
  asked: string;
  told: string;
  dragmode: string;
  pointId: string | null;
  image: string;
  /** Dots alone: the hand has switched faces and names off. */
  plain: boolean;
}
/** The element that Plotly draws into, with what Plotly's documentation says of it and nothing else. */
export interface PlotElement extends HTMLElement {
  layout: {
    xaxis: { range: number[] };
    yaxis: { range: number[] };
    width: number;
    height: number;
    dragmode: string;
    selections?: object[];
  };
  data: { selectedpoints: number[] | null }[];
  /** Undocumented: see `reselect` in split.mjs. */
  _fullData?: { selectedpoints: number[] | null }[];
  _fullLayout?: {
    _plots?: { xy?: { _scene?: any } };
    _glcanvas?: { data?(): { regl?: { clear(what: object): void } }[] };
  };
  on(event: string, handler: (event: any) => void): void;
}
/** As much of Plotly as the map uses. */
export interface Plotly {
  newPlot(element: HTMLElement, traces: object[], layout: object, config: object): Promise<unknown>;
  react(element: HTMLElement, traces: object[], layout: object, config: object): Promise<unknown>;
  update(element: HTMLElement, traces: object, layout: object): Promise<unknown>;
  relayout(element: HTMLElement, layout: object): Promise<unknown>;
  restyle(element: HTMLElement, traces: object): Promise<unknown>;
  purge(element: HTMLElement): void;
  downloadImage(element: HTMLElement, options: object): Promise<unknown>;
  Icons: { home: object; camera: object };
}
declare global {
  interface Window {
    Plotly: Plotly;
  }
}
/** What a file of each type arrives as. */
export interface Kinds {
  float32: Float32Array;
  float16: Float32Array;
  int32: Int32Array;
  uint8: Uint8Array;
}
