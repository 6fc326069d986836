import assert from "node:assert/strict";
import test from "node:test";

const known = {
  language: "de",
  texts: {
    Upload: "Hochladen",
    "{count} more": "{count} weitere",
    "{size}\u00a0{unit} a file": "{size}\u00a0{unit} je Datei",
    "A file can have {size}\u00a0{unit} at most.": "Höchstens {size}\u00a0{unit}.",
    "Help for {name}": "Hilfe zu: {name}",
    "{size} is the most.": "Höchstens {size}.",
  },
};
globalThis.document = /** @type {any} */ ({ getElementById: (id) => id === "facespace-texts" && { textContent: JSON.stringify(known) } });
const { told } = await import("../../../app/components/page/own_words.mjs");

test("Streamlit's own words are in the reader's language", () => {
  assert.equal(told("Upload"), "Hochladen");
  assert.equal(told(" Upload"), " Hochladen");
  assert.equal(told("2 more"), "2 weitere");
  assert.equal(told("20MB per file"), "20\u00a0MB je Datei");
  assert.equal(told("12.5KB"), "12,5\u00a0KB");
  assert.equal(told("File must be 20.0MB or smaller."), "Höchstens 20,0\u00a0MB.");
  assert.equal(told("Help for Temperatur"), "Hilfe zu: Temperatur");
  assert.equal(told("Number is above the allowed range. Please enter a value less than or equal to 0.5."), "Höchstens 0,5.");
});

test("numbers have the decimal sign of the reader, and are not read twice", () => {
  assert.equal(told("1.00"), "1,00");
  assert.equal(told("-0.125"), "-0,125");
  assert.equal(told("-0,125"), "-0,125");
  assert.equal(told("1,234"), "1,234");
});

test("what is none of Streamlit's stays", () => {
  for (const text of ["", "Uploads", "v1.2", "Gesicht 3", "192.168.0.1"]) assert.equal(told(text), text);
});
