import assert from "node:assert/strict";
import { test } from "node:test";

import { cellAt, markAt, said } from "../../../app/components/page/chart.mjs";

const SIZE = { width: 200, height: 100 };

test("a pointer stands at the mark whose x is nearest, and at none from far away", () => {
  const facts = { x: ["k", 0, 10, false], y: ["sd", 0, 4, false], series: [["", [0, 5, 10], [1, 4, null], "line"]] };
  const mark = markAt(facts, 95, 60, SIZE);
  assert.deepEqual(mark, { name: "", x: 5, y: 4, across: 0.5, down: 0 });
  assert.equal(said(facts, mark), "k: 5\nsd: 4");
  assert.equal(said(facts, { ...mark, y: -0.1952 }), "k: 5\nsd: \u22120.1952");
  assert.equal(markAt(facts, 160, 0, SIZE), null);
  assert.equal(markAt({ ...facts, series: [] }, 10, 10, SIZE), null);
});

test("of several series the nearer one answers, and its name is said", () => {
  const facts = { x: ["k", 0, 2, true], y: ["loss", 0, 1, false], series: [["AE", [10], [0.25], "dots"], ["VAE", [10], [0.75], "dots"]] };
  const mark = markAt(facts, 100, 20, SIZE);
  assert.equal(said(facts, mark), "VAE\nk: 10\nloss: 0.75");
  assert.equal(mark.across, 0.5);
});

test("a mark with a label of its own says that", () => {
  const facts = { x: ["", 0, 1, false], y: ["", 0, 1, false], series: [["", [0, 1], [0, 1], "dots", ["Draw 1", "Draw 2"]]] };
  assert.equal(said(facts, markAt(facts, 195, 5, SIZE)), "Draw 2");
});

test("a pointer stands in one cell of a table, and outside in none", () => {
  const facts = { rows: ["Bald", "Hat"], columns: ["Hat", "Male"], said: "{row} and {column}: {note}, {other}", notes: [["a", "b"], ["c", "d"]] };
  assert.deepEqual(cellAt(facts, 150, 20, SIZE), { label: "Bald and Male: b, {other}", across: 0.75, down: 0.25 });
  assert.equal(cellAt(facts, 10, 120, SIZE), null);
  assert.equal(cellAt(facts, -1, 20, SIZE), null);
});
