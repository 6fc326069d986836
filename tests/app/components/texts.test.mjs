import assert from "node:assert/strict";
import test from "node:test";

const known = {
  language: "de",
  texts: { Save: "Speichern", "{count} face": ["{count} Gesicht", "{count} Gesichter"], "of {name}": "von {name}" },
};
globalThis.document = /** @type {any} */ ({ getElementById: (id) => id === "facespace-texts" && { textContent: JSON.stringify(known) } });
const { _, language, ngettext, numeral } = await import("../../../app/components/page/texts.mjs");

test("a text is in the language of the page, and English where that has none", () => {
  assert.equal(language, "de");
  assert.equal(_("Save"), "Speichern");
  assert.equal(_("Something else"), "Something else");
});

test("values stand in place of their names, and what has no value stays", () => {
  assert.equal(_("of {name}", { name: "{x} $& VAE" }), "von {x} $& VAE");
  assert.equal(_("of {name}"), "von {name}");
});

test("each number has its form, in English too", () => {
  assert.equal(ngettext("{count} face", "{count} faces", 1), "1 Gesicht");
  assert.equal(ngettext("{count} face", "{count} faces", 0), "0 Gesichter");
  assert.equal(ngettext("{count} draw", "{count} draws", 2, { count: "2,000" }), "2,000 draws");
});

test("a number has the decimal sign of its reader", () => {
  assert.equal(numeral(26000), "26.000");
  assert.equal(numeral(1234.5, 2), "1234,50");
});

test("a number stays with its unit, and the normal distribution is one word", () => {
  assert.equal(_("draws from N(0, I) in {ms} ms, 5 members", { ms: 3 }), "draws from N(0,\u00a0I) in 3\u00a0ms, 5 members");
});
