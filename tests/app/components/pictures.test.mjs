import assert from "node:assert/strict";
import { test } from "node:test";

import { fileName, laidOut } from "../../../app/components/page/pictures.mjs";

test("a file is named by the page or chapter and by what is on it", () => {
  const at = (pathname, search = "") => ({ pathname, search });
  assert.equal(fileName(at("/"), "Mean face: 12 faces"), "facespace-explore-mean-face-12-faces");
  assert.equal(fileName(at("/below/lesson", "?chapter=autoencoder&t=1"), "In"), "facespace-autoencoder-in");
  assert.equal(fileName(at("/folder/lesson_dataset.html"), ""), "facespace-lesson-dataset");
  assert.equal(fileName(at("/folder/index.html"), "Größe ß"), "facespace-explore-grosse-ss");
  const long = fileName(at("/models"), "word ".repeat(30));
  assert.match(long, /^facespace-models(-word)+$/);
  assert.ok(long.length < 70);
});

test("pictures of several sizes lie in rows with four pixels between them", () => {
  const sizes = [[10, 10], [20, 6], [8, 8]];
  assert.deepEqual(laidOut(sizes, 3), { places: [[0, 0], [14, 0], [38, 0]], width: 46, height: 10 });
  assert.deepEqual(laidOut(sizes, 2), { places: [[0, 0], [14, 0], [0, 14]], width: 34, height: 22 });
  assert.deepEqual(laidOut([[5, 7]], 4), { places: [[0, 0]], width: 5, height: 7 });
});
