// Written by `python -m app.components.declarations` from message.py, which has the meaning.

/** The same `count` faces on two maps; it never answers. `first` and `second` are addresses of 2 * count little-endian float32 numbers each, places in [0, 1] with y upwards, `colours` of 3 * count bytes, red, green and blue; later faces are drawn over earlier ones. */
export interface TwoMapsMessage {
  base: string;
  count: number;
  first: string;
  second: string;
  colours: string;
  firstName: string;
  secondName: string;
}
