// What the pad's modules hand to each other. What Python sends is in message.d.ts.
import type { BankMessage, DirectionMessage, MarkMessage, PadMessage } from "./message";

/** Sparse: only where a slider is away from its start, by direction key. */
export type Weights = Record<string, number>;
export type Numbers = ArrayLike<number>;
/** A slider's range and how its weight is written. */
export type Scale = Pick<DirectionMessage, "low" | "high" | "step" | "unit">;
/** A slider's scale, what it is called and where it rests. */
export type Slider = Omit<DirectionMessage, "path" | "origin" | "marks" | "group"> & {
  marks?: MarkMessage[];
  group?: string;
};
/** A direction, ready for arithmetic. */
export interface Direction extends Slider {
  origin?: number;
  vector: Numbers;
  path?: Numbers | null;
}
export type Bank = Pick<BankMessage, "key" | "name"> & { directions: Direction[] };
/** What a step back returns to: the sliders, and how vividly faces are drawn. */
export interface State {
  weights: Weights;
  vivid: number;
}
export interface History {
  past: State[];
  now: State;
  future: State[];
}
/** What a pad knows of its stay at a point; `live` is an unfinished drag. */
export interface Memory {
  pointId: string;
  history: History;
  live: Weights | null;
  bank: string;
  count: number;
}
/** What the gauge needs: mean [D], precision [D, D] row by row, rising squared distances of held-out faces. */
export interface Plausibility {
  mean: Float32Array;
  precision: Float32Array;
  percentiles: Float32Array;
  prior: boolean;
}
/** Linear probes: weights [R, D] row by row, bias [R]. */
export interface Probes {
  names: string[];
  notes: string[];
  weights: Numbers;
  bias: Numbers;
}
/** What a pad is given; `early` where there is no Streamlit yet that could be told. */
export interface Given {
  data: PadMessage;
  setStateValue(name: string, value: unknown): void;
  early?: boolean;
}
