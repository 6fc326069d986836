// Written by `python -m app.components.declarations` from message.py, which has the meaning.

/** N draws at each of T moments between noise and face; it never answers. `points` is the address of T * N * D little-endian float32 numbers, moment by moment; `places` holds T * N pairs on the map in [0, 1], y upwards; `crowd` is the address of a picture of the map in grey; `noise` and `face` are what is said at the two ends. */
export interface PathMessage {
  base: string;
  name: string;
  decoder: string;
  points: string;
  moments: number;
  draws: number;
  dimensions: number;
  places: Array<Array<number>>;
  crowd: string;
  side: number;
  label: string;
  noise: string;
  face: string;
}
