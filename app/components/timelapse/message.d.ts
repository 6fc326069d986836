// Written by `python -m app.components.declarations` from message.py, which has the meaning.

/** A picture and what is said under it. */
export interface FrameMessage {
  src: string;
  words: string;
}

/** The pictures, at least one, all of one size in pixels. */
export interface FilmMessage {
  base: string;
  frames: Array<FrameMessage>;
  width: number;
  height: number;
  label: string;
}
