import assert from "node:assert/strict";
import { test } from "node:test";

import { begin, keepLoaders } from "../../../app/components/page/elements_at_once.mjs";

// As much of React 18 as matters here: the first look at what is lazy throws, unless what loads it answers at once.
const react = () => ({
  lazy(load) {
    let module;
    const loading = load;
    return () => {
      const answer = loading();
      answer.then((loaded) => (module = loaded));
      if (module === undefined) throw answer;
      return module.default;
    };
  },
});

test("what was begun is there at the first look", async () => {
  const [library, known] = [react(), []];
  keepLoaders(library, known);
  const early = library.lazy(() => Promise.resolve("./Early.a1.js").then(() => ({ default: "early" })));
  const late = library.lazy(() => Promise.resolve("./Late.b2.js").then(() => ({ default: "late" })));
  await begin("./static/js/Early.a1.js", known);
  assert.equal(early(), "early");
  assert.throws(late);
  await Promise.resolve(known[1].begin());
  assert.equal(late(), "late");
});

test("an element is loaded once, and again where that went wrong", async () => {
  const [library, known] = [react(), []];
  keepLoaders(library, known);
  let asked = 0;
  library.lazy(() => (asked++ ? Promise.resolve({ default: "./Element.c3.js" }) : Promise.reject(new Error("no network"))));
  await assert.rejects(begin("./static/js/Element.c3.js", known), /no network/);
  await begin("./static/js/Element.c3.js", known);
  await begin("./static/js/Element.c3.js", known);
  assert.equal(asked, 2);
});
