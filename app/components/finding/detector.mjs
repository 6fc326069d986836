// Faces in a photo: where, how sure, and the three points that CelebA's alignment needs; faces/detector.py in the browser,
// with the same numbers. What they were tuned on is told there.

import { TARGETS, warp } from "../site/alignment.mjs";
import { smallCopy } from "../site/resizing.mjs";
import { best } from "./boxes.mjs";
import { mean, minus, over, plus, scaled, size, times } from "./complex.mjs";
import { softened, stretched } from "./light.mjs";
import { halvings, pyramid, toPlanes, turnedBy } from "./planes.mjs";
import { HALF, MIDDLE, refine, settle } from "./poses.mjs";

/** @import { Picture, Similarity } from "../site/alignment.mjs" */
/** @import { Complex } from "./complex.mjs" */
/** @import { Networks } from "./networks.mjs" */
/** @import { Planes } from "./planes.mjs" */
/** @import { Pose } from "./poses.mjs" */

/** @typedef {{box: number[], points: Complex[], score: number, doubtful: boolean}} Face in the photo's pixels, see faces/detector.py */

const QUICK = { longest: 320, smallest: 32 };
const PORTRAIT_SHARE = 0.12;
const SEARCHES = [
  { longest: 640, smallest: 24, stretch: false, soften: false },
  { longest: 640, smallest: 24, stretch: true, soften: false },
  { longest: 640, smallest: 24, stretch: true, soften: true },
  { longest: 1280, smallest: 20, stretch: false, soften: false },
];
const SOFTNESS = 1 / 250; // of the longer side
const ACCEPTED = 0.95;
const SURE = 0.98;
const LARGEST_DISAGREEMENT = 2;
const LARGEST_MISFIT = 0.12;
const REFINEMENTS = 2;
const AGREED_SCORE = 0.85;
const AGREED_DISAGREEMENT = 1.2;
const HARD_SCORE = 0.6;
const HARD_DISAGREEMENT = 6;
const HARD_SHARE = 0.45;
const SMALLEST_EYE_DISTANCE = 19;
const MOST_FACES = 60;
const OUTLINE = [[46, 66], [131, 66], [131, 178], [46, 178]];

/**
 * The faces of a photo at any rotation, the preferred one first: the largest of those found with certainty.
 *
 * @param {Networks} networks
 * @param {Picture} picture
 * @returns {Promise<Face[]>} none where there is none, or all are too small
 */
export async function findFaces(networks, picture) {
  const least = PORTRAIT_SHARE * Math.min(picture.width, picture.height);
  let faces = await certain(networks, picture, await search(networks, picture, QUICK, 1));
  if (!faces.some((face) => face.score >= SURE && eyeDistance(face) >= least)) faces = [];
  const doubtful = [];
  const longest = Math.max(picture.width, picture.height);
  for (const way of SEARCHES) {
    if (faces.length || (way === SEARCHES.at(-1) && longest <= SEARCHES[0].longest)) break;
    const light = way.stretch ? stretched(picture) : picture;
    const seen = way.soften ? softened(light, longest * SOFTNESS) : light;
    const poses = await search(networks, seen, way, 4);
    faces = await certain(networks, seen, poses);
    if (!faces.length) doubtful.push(...(await hardFaces(networks, seen, poses)));
  }
  if (!faces.length) faces = doubtful.toSorted((a, b) => b.score - a.score).slice(0, 1);
  const order = (/** @type {Face} */ face) => (face.score < SURE ? 1e9 : 0) - eyeDistance(face);
  return faces.toSorted((a, b) => order(a) - order(b)).filter((face) => eyeDistance(face) >= SMALLEST_EYE_DISTANCE);
}

/**
 * The faces among some poses that a closer look confirms.
 *
 * @param {Networks} networks
 * @param {Picture} picture
 * @param {Pose[]} poses
 */
async function certain(networks, picture, poses) {
  const likely = distinct(poses.filter(({ score, misfit }) => score >= ACCEPTED && misfit <= LARGEST_MISFIT));
  const faces = [];
  for (const pose of likely.toSorted((a, b) => b.score - a.score).slice(0, MOST_FACES)) {
    const face = await verify(networks, picture, pose, { score: ACCEPTED, disagreement: LARGEST_DISAGREEMENT });
    if (face) faces.push(face);
  }
  return oneEach(faces);
}

/** @param {Face} face */
const eyeDistance = ({ points }) => size(minus(points[1], points[0]));

/**
 * Poses of likely faces, in the picture's own pixels, found on a small copy.
 *
 * @param {Networks} networks
 * @param {Picture} picture
 * @param {{longest: number, smallest: number}} way longest side of the copy, and the smallest face looked for there
 * @param {number} quarters in so many quarter turns
 * @returns {Promise<Pose[]>}
 */
async function search(networks, picture, { longest, smallest }, quarters) {
  const shrink = Math.max(1, Math.max(picture.width, picture.height) / longest);
  const levels = halvings(toPlanes(smallCopy(picture, longest)));
  const layers = pyramid(levels, smallest);
  const squares = [];
  for (let quarter = 0; quarter < quarters; quarter++) {
    const [these, smaller] = [levels, layers].map((some) => some.map((planes) => turnedBy(planes, quarter)));
    for (const { box, score } of await networks.propose(these, smaller)) squares.push({ box: turnedBack(box, levels[0], quarter), score });
  }
  const poses = await settle(networks, levels, best(squares, 0.5).map(({ box }) => box));
  return poses.map(({ turn, middle, ...said }) => ({
    ...said,
    turn: scaled(turn, shrink),
    middle: minus(scaled(plus(middle, [0.5, 0.5]), shrink), [0.5, 0.5]),
  }));
}

/**
 * A square of a picture that was turned by quarters against the clock, in the unturned one.
 *
 * @param {number[]} box
 * @param {Planes} planes the unturned picture
 * @param {number} quarter
 */
function turnedBack([x0, y0, x1, y1], { width, height }, quarter) {
  const [x, y, half] = [(x0 + x1) / 2, (y0 + y1) / 2, (x1 - x0) / 2];
  const [u, v] = [[x, y], [width - y, x], [width - x, height - y], [y, height - x]][quarter];
  return [u - half, v - half, u + half, v + half];
}

/**
 * The better one of poses that have come to rest in almost the same square.
 *
 * @param {Pose[]} poses
 */
function distinct(poses) {
  /** @type {Pose[]} */
  const kept = [];
  for (const pose of poses.toSorted((a, b) => a.misfit - a.score - (b.misfit - b.score))) {
    const side = size(pose.turn);
    const isRival = (/** @type {Pose} */ other) => size(other.turn) / side > 1 / 1.4 && size(other.turn) / side < 1.4;
    if (kept.filter(isRival).every((other) => size(minus(pose.middle, other.middle)) > 0.4 * side)) kept.push(pose);
  }
  return kept;
}

/**
 * Of faces that lie within one another, the surest; such an overlap is one face seen twice.
 *
 * @param {Face[]} faces
 */
function oneEach(faces) {
  /** @type {Face[]} */
  const kept = [];
  for (const face of faces.toSorted((a, b) => b.score - a.score)) {
    const isOther = (/** @type {Face} */ other) =>
      size(minus(mean(face.points), mean(other.points))) > 0.8 * Math.max(eyeDistance(face), eyeDistance(other));
    if (kept.every(isOther)) kept.push(face);
  }
  return kept;
}

/**
 * Faces for which a closer look speaks, though not for certain: all readings agree, or the face is large.
 *
 * @param {Networks} networks
 * @param {Picture} picture
 * @param {Pose[]} poses
 */
async function hardFaces(networks, picture, poses) {
  const likely = poses.filter(({ score }) => score >= HARD_SCORE).toSorted((a, b) => b.score - a.score);
  const large = HARD_SHARE * Math.min(picture.width, picture.height);
  const found = [];
  for (const pose of likely.slice(0, MOST_FACES)) {
    const agreed = await verify(networks, picture, pose, { score: AGREED_SCORE, disagreement: AGREED_DISAGREEMENT });
    const again = !agreed && 2 * size(pose.turn) >= large;
    const face = again ? await verify(networks, picture, pose, { score: HARD_SCORE, disagreement: HARD_DISAGREEMENT }) : agreed;
    if (face) found.push({ ...face, doubtful: true });
  }
  return found;
}

/**
 * Read a likely face again at full resolution, in CelebA's frame; null if it turns out to be no face.
 *
 * @param {Networks} networks
 * @param {Picture} picture
 * @param {Pose} pose
 * @param {{score: number, disagreement: number}} asked the least score, and the most disagreement
 * @returns {Promise<Face|null>}
 */
async function verify(networks, picture, pose, asked) {
  /** @type {Similarity} */
  let toFrame = { turn: over([HALF, 0], pose.turn), shift: minus(MIDDLE, over(scaled(pose.middle, HALF), pose.turn)) };
  let said = { score: 0, disagreement: 0 };
  for (let i = 0; i < REFINEMENTS; i++) {
    const { correction, ...now } = await refine(networks, warp(picture, toFrame, 1));
    if (!correction || now.score < asked.score / 2) return null;
    toFrame = { turn: times(correction.turn, toFrame.turn), shift: plus(times(correction.turn, toFrame.shift), correction.shift) };
    said = now;
  }
  if (said.score < asked.score || said.disagreement > asked.disagreement) return null;
  const back = (/** @type {Complex} */ point) => over(minus(point, toFrame.shift), toFrame.turn);
  const corners = OUTLINE.map(back);
  const [xs, ys] = [0, 1].map((axis) => corners.map((corner) => corner[axis]));
  const box = [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
  return { box, points: TARGETS.map(back), score: Math.min(1, said.score), doubtful: false };
}
