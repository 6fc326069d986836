// Written by `python -m app.components.declarations` from message.py, which has the meaning.

/** The page or chapter on screen. */
export interface PlaceMessage {
  base: string;
  place: string;
}
