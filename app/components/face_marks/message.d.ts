// Written by `python -m app.components.declarations` from message.py, which has the meaning.

/** The photo and what was found in it; `face_marks` has the meaning. All places are in pixels of the photo. */
export interface MarksMessage {
  base: string;
  photo: string;
  name: string;
  picture: string;
  size: Array<number>;
  faces: Array<Array<number>>;
  chosen: number | null;
  marks: Array<Array<number>>;
  placing: boolean;
  byHand: boolean;
}

/** Where the hand left the three marks. */
export interface MovedMarks {
  photo: string;
  places: Array<Array<number>>;
}
