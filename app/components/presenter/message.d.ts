// Written by `python -m app.components.declarations` from message.py, which has the meaning.

/** The chapter on screen; `presenter_bar` has the meaning. */
export interface BarMessage {
  base: string;
  prefix: string;
  chapter: string;
  title: string;
  step: number;
  turn: number;
  tall: number;
  first: boolean;
  last: boolean;
}

/** Where the presenter is, and how many CSS pixels high the window is. */
export interface ShownStep {
  chapter: string;
  turn: number;
  step: number;
  tall: number;
}
