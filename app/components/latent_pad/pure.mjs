// What the latent pad works out, free of any page: tested with `node --test`.
// Weights are kept sparse: {direction key: weight}, only where a slider is away from its start.

/** Base64 of little-endian float32 to numbers. */
export function floats(base64) {
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  return new Float32Array(bytes.buffer);
}

/** The weight of a direction: what the hand left, or where its slider rests. */
export function weightOf(weights, direction) {
  return weights[direction.key] ?? direction.start;
}

/** `weights` with one direction set; back at its start it takes no room. */
export function withWeight(weights, direction, value) {
  const { [direction.key]: _, ...rest } = weights;
  return value === direction.start ? rest : { ...rest, [direction.key]: value };
}

/** z + the sum of what each direction of each bank adds at its weight. */
export function combine(z, banks, weights) {
  const sum = Float64Array.from(z);
  for (const { directions } of banks) {
    for (const direction of directions) add(sum, direction, weightOf(weights, direction));
  }
  return Float32Array.from(sum);
}

/** Add (weight - origin) times the vector, or the place at that weight on a way that is not straight. */
function add(sum, direction, weight) {
  const { vector, path, low, high, origin = 0 } = direction;
  if (!path) {
    const times = weight - origin;
    if (times !== 0) for (let i = 0; i < sum.length; i++) sum[i] += times * vector[i];
    return;
  }
  const last = path.length / sum.length - 1;
  const place = Math.min(Math.max(((weight - low) / (high - low)) * last, 0), last);
  const before = Math.min(Math.floor(place), last - 1);
  const share = place - before;
  const from = before * sum.length;
  for (let i = 0; i < sum.length; i++) {
    sum[i] += (1 - share) * path[from + i] + share * path[from + sum.length + i];
  }
}

/** What linear probes read off a point: a probability each. `weights` are [R, D] row by row, `bias` is [R]. */
export function readings(z, { weights, bias }) {
  return Array.from(bias, (start, row) => {
    let odds = start;
    for (let i = 0; i < z.length; i++) odds += weights[row * z.length + i] * z[i];
    return 1 / (1 + Math.exp(-odds));
  });
}

/** The weights whose directions these banks have: pads that move together may not have the same ones. */
export function known(weights, banks) {
  const keys = new Set(banks.flatMap(({ directions }) => directions.map(({ key }) => key)));
  return Object.fromEntries(Object.entries(weights).filter(([key]) => keys.has(key)));
}

const DEPTH = 200; // steps that can be undone

/** A history that knows one state. */
export function begin(now) {
  return { past: [], now, future: [] };
}

/** A history with one more state; unchanged if the state is the present one. */
export function record(history, next) {
  if (sameWeights(history.now, next)) return history;
  return { past: [...history.past, history.now].slice(-DEPTH), now: next, future: [] };
}

/** One step back, or the same history if there is none. */
export function undo({ past, now, future }) {
  if (!past.length) return { past, now, future };
  return { past: past.slice(0, -1), now: past.at(-1), future: [now, ...future] };
}

/** One step forward again, or the same history if there is none. */
export function redo({ past, now, future }) {
  if (!future.length) return { past, now, future };
  return { past: [...past, now], now: future[0], future: future.slice(1) };
}

/** Whether two sets of weights are the same. */
export function sameWeights(a, b) {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
}

/** A weight as people read it: as many decimals as the step has, a true minus, a plus where both signs occur. */
export function signed(value, { step, low }) {
  const decimals = Math.min(4, Math.max(0, Math.ceil(-Math.log10(step) - 1e-9)));
  const digits = Math.abs(value).toFixed(decimals);
  if (Number(digits) === 0) return digits;
  return (value < 0 ? "\u2212" : low < 0 ? "+" : "") + digits;
}

/** The value with its unit, for the eye and for a screen reader. */
export function valueText(value, direction) {
  return `${signed(value, direction)} ${direction.unit}`.trim();
}

/** Which sliders are away from their start, as a sentence for a screen reader. */
export function describe(banks, weights) {
  const moved = banks
    .flatMap((bank) => bank.directions)
    .filter((direction) => direction.key in weights)
    .map((direction) => `${direction.name} ${valueText(weights[direction.key], direction)}`);
  return moved.length ? `Decoded face. Moved: ${moved.join(", ")}.` : "Decoded face of the point, no slider moved.";
}

/** The first `count` directions of a bank, and beyond them those that are moved: nothing acts unseen. */
export function shown(bank, count, weights) {
  return bank.directions.filter((direction, place) => place < count || direction.key in weights);
}

/** Squared Mahalanobis distance (z - mean)' P (z - mean), the precision P [D, D] row by row. */
export function squaredDistance(z, mean, precision) {
  const offset = Float64Array.from(z, (value, i) => value - mean[i]);
  const d = offset.length;
  let total = 0;
  for (let row = 0; row < d; row++) {
    let sum = 0;
    for (let i = 0; i < d; i++) sum += precision[row * d + i] * offset[i];
    total += sum * offset[row];
  }
  return total;
}

/** Where `value` lies among held-out faces: 0 to 100, straight lines between the rising entries of `table`. */
export function percentile(value, table) {
  const last = table.length - 1;
  if (!(value > table[0])) return 0;
  if (value >= table[last]) return 100;
  let upper = 1;
  while (table[upper] <= value) upper++;
  const share = (value - table[upper - 1]) / (table[upper] - table[upper - 1]);
  return (100 * (upper - 1 + share)) / last;
}

/** How plausible a point is, in plain words. `percentiles` are squared distances of held-out faces. */
export function judge(squared, percentiles) {
  const share = percentile(squared, percentiles);
  const farthest = percentiles[percentiles.length - 1];
  if (squared > farthest) {
    const times = Math.sqrt(squared / farthest);
    const how = times < 1.05 ? "just beyond" : `${times.toFixed(1)} times as far from the centre as`;
    return { share: 100, level: "outside", words: `Outside the data: ${how} the farthest held-out face.` };
  }
  const rounded = Math.min(99, Math.round(share));
  if (share === 0) return { share, level: "central", words: "Closer to the average face than any held-out face." };
  const farther = `${rounded} of 100 held-out faces are nearer to the average.`;
  if (share < 90) return { share, level: "ordinary", words: `An ordinary face: ${farther}` };
  return { share, level: "rare", words: `A rare face: ${farther}` };
}

/** The length of z against what the prior N(0, I) expects, about the square root of D. */
export function priorWords(z) {
  const length = Math.sqrt(z.reduce((sum, value) => sum + value * value, 0));
  return `Length ${length.toFixed(1)}; the prior expects about ${Math.sqrt(z.length).toFixed(1)}.`;
}
