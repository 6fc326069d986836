import assert from "node:assert/strict";
import { test } from "node:test";

import { sayWhere } from "../../../app/components/page/backend.mjs";

test("the server is where the page's relative addresses lead", () => {
  for (const [page, server] of [
    ["http://here:8501/", "http://here:8501/"],
    ["http://here:8501/lesson?chapter=training", "http://here:8501/"],
    ["https://there/faces/", "https://there/faces/"],
    ["https://there/faces/edit?face=3#top", "https://there/faces/"],
  ]) {
    const view = {};
    sayWhere(view, page);
    assert.equal(view.__streamlit.BACKEND_BASE_URL, server);
  }
});

test("what somebody else has told Streamlit stays", () => {
  const view = { __streamlit: { LIGHT_THEME: "theirs" } };
  sayWhere(view, "http://here/edit");
  assert.deepEqual(view.__streamlit, { LIGHT_THEME: "theirs", BACKEND_BASE_URL: "http://here/" });
});
