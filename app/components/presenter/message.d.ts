// Written by `python -m app.components.declarations` from message.py, which has the meaning.

/** The chapter on screen; `presenter_bar` has the meaning. */
export interface BarMessage {
  base: string;
  prefix: string;
  chapter: string;
  title: string;
  step: number;
  turn: number;
  first: boolean;
  last: boolean;
}

/** Where the presenter is. */
export interface ShownStep {
  chapter: string;
  turn: number;
  step: number;
}
