import assert from "node:assert/strict";
import { test } from "node:test";

import { handedAnswer, withOwnFragment } from "../../../src/tabcorn/runtime/sw/handed.js";

test("an answer in the fragment", () => {
  const answer = { status: 303, headers: [["location", "/ä?#%"]] };
  const fragment = `#tabcorn-answer:${encodeURIComponent(JSON.stringify(answer))}`;
  assert.deepEqual(handedAnswer(`http://localhost/a${fragment}`), answer);
  assert.deepEqual(handedAnswer(`http://localhost/a#b${fragment}`), answer);
  for (const other of ["", "#b", "#tabcorn-answer:", "#tabcorn-answer:%"]) {
    assert.equal(handedAnswer(`http://localhost/a${other}`), undefined);
  }
});

test("a redirect's target does not take the request's fragment", () => {
  /** @param {string} location */
  const target = (location) => withOwnFragment(new Response(null, { status: 302, headers: { location } })).headers.get("location");
  assert.equal(target("/b"), "/b#redirected");
  assert.equal(target("/b#c"), "/b#c");
  assert.equal(withOwnFragment(new Response("x")).headers.get("location"), null);
});
