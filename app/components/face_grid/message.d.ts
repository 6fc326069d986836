// Written by `python -m app.components.declarations` from message.py, which has the meaning.

/** What the grid shows; it answers with the number of the face that was clicked. */
export interface GridMessage {
  base: string;
  sheet: string;
  columns: number;
  names: Array<string>;
  label: string;
  chosen: number | null;
}
