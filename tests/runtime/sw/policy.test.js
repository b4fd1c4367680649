/**
 * What is done to an app's policies: the page script runs, and nothing else is let in or shut out.
 */
import assert from "node:assert/strict";
import { test } from "node:test";

import { Site } from "../../../src/tabcorn/runtime/shared/site.js";
import { framedHeaders, runsScripts } from "../../../src/tabcorn/runtime/sw/framing.js";
import { allows } from "./csp.js";
import { pick, random } from "./documents.js";

const OURS = "https://example.org/_tabcorn/0/runtime/page.js";
const SERVER = "https://example.org/sw.js";
const site = new Site(new URL("https://example.org/"), "0");

/**
 * @param {string[]} policies
 * @param {string} [scriptUrl]
 */
function framed(policies, scriptUrl = OURS) {
  const pairs = policies.map((value) => /** @type {[string, string]} */ (["content-security-policy", value]));
  const { headers, nonce } = framedHeaders(pairs, site, scriptUrl);
  return { values: headers.map(([, value]) => value), nonce };
}

/** "R" stands for a nonce made up on the spot. @type {[before: string, after: string][]} */
const POLICIES = [
  // left as they are, to the letter
  ...[
    "img-src 'self'", "script-src 'self'", "script-src 'SELF' 'unsafe-inline';;  ", "script-src *", "script-src https:",
    "script-src https://example.org", "script-src 'nonce-abc'", "script-src 'nonce-abc' 'strict-dynamic'",
    "default-src 'self' 'unsafe-inline'", "script-src 'nonce-abc', default-src 'nonce-abc'", "nonsense", ";;", "upgrade-insecure-requests",
    "script-src 'self'; script-src 'none'", "trusted-types x; require-trusted-types-for 'script'", "script-src-attr 'none'",
    "script-srcé 'none'", "frame-ancestors 'self'", "default-src 'self' ; report-uri /r",
  ].map((policy) => /** @type {[string, string]} */ ([policy, policy])),
  // a nonce that nobody knows
  ["script-src 'none'", "script-src 'none'; script-src-elem 'nonce-R'"],
  ["script-src", "script-src; script-src-elem 'nonce-R'"],
  ["SCRIPT-SRC 'sha256-x'", "SCRIPT-SRC 'sha256-x'; script-src-elem 'sha256-x' 'nonce-R'"],
  ["default-src 'none'", "default-src 'none'; script-src-elem 'nonce-R'"],
  ["default-src 'none'; script-src-elem 'NONE'; img-src *", "default-src 'none'; script-src-elem 'nonce-R'; img-src *"],
  ["script-src https://cdn.example", "script-src https://cdn.example; script-src-elem https://cdn.example 'nonce-R'"],
  ["script-src 'none', img-src *", "script-src 'none'; script-src-elem 'nonce-R', img-src *"],
  ["script-src 'strict-dynamic' 'sha256-x'", "script-src 'strict-dynamic' 'sha256-x'; script-src-elem 'strict-dynamic' 'sha256-x' 'nonce-R'"],
  // scripts that carry one policy's nonce are not let in by another
  [
    "script-src 'nonce-abc', script-src 'nonce-xyz'",
    "script-src 'nonce-abc'; script-src-elem 'nonce-abc' 'nonce-R', script-src 'nonce-xyz'; script-src-elem 'nonce-xyz' 'nonce-R'",
  ],
  // an address, where a nonce would shut out inline scripts
  ["script-src 'unsafe-inline'", `script-src 'unsafe-inline'; script-src-elem 'unsafe-inline' ${OURS} ${SERVER}`],
  [
    "script-src 'nonce-abc', default-src 'unsafe-inline'",
    `script-src 'nonce-abc', default-src 'unsafe-inline'; script-src-elem 'unsafe-inline' ${OURS} ${SERVER}`,
  ],
  // for what the service worker answers, Firefox asks of its script
  ["img-src https://example.org/i/ x", `img-src https://example.org/i/ x ${SERVER}`],
  ["img-src https://example.org/i/ 'self'", "img-src https://example.org/i/ 'self'"],
  // the shell, which is of the same origin, is an ancestor
  ["frame-ancestors 'none'", "frame-ancestors 'self'"],
  ["img-src x; frame-ancestors 'NONE' ;x", "img-src x; frame-ancestors 'self' ;x"],
  ["frame-ancestors https://portal.example", "frame-ancestors https://portal.example 'self'"],
  ["frame-ancestors", "frame-ancestors 'self'"],
];

for (const [before, after] of POLICIES) {
  test(before, () => {
    const { values, nonce } = framed([before]);
    assert.deepEqual(values, [after.replaceAll("'nonce-R'", `'nonce-${nonce}'`)]);
  });
}

test("the tag carries the app's nonce, or one that nobody knows", () => {
  assert.equal(framed(["img-src 'nonce-i', script-src 'nonce-abc'; style-src 'nonce-s'"]).nonce, "abc");
  assert.equal(framed(["default-src 'nonce-d'"]).nonce, "d");
  assert.match(framed(["script-src 'strict-dynamic' 'sha256-x'"]).nonce, /^[0-9a-f-]{36}$/);
  assert.equal(framedHeaders([], site, OURS).nonce, "");
});

test("without a script nothing but the ancestors is changed", () => {
  assert.deepEqual(framed(["default-src 'none'; frame-ancestors 'none'"], "").values, ["default-src 'none'; frame-ancestors 'self'"]);
});

test("what is only reported is let in as well", () => {
  const { headers, nonce } = framedHeaders([["content-security-policy-report-only", "script-src 'none'"]], site, OURS);
  assert.deepEqual(headers, [["content-security-policy-report-only", `script-src 'none'; script-src-elem 'nonce-${nonce}'`]]);
});

for (const [before, after] of /** @type {[string[], string[]][]} */ ([
  [["DENY"], ["SAMEORIGIN"]],
  [["SameOrigin"], ["SAMEORIGIN"]],
  [["DENY", "SAMEORIGIN"], ["SAMEORIGIN"]],
  [["deny, deny"], ["SAMEORIGIN"]],
  [["ALLOW-FROM https://portal.example"], ["ALLOW-FROM https://portal.example"]],
])) {
  test(`X-Frame-Options: ${before.join(" and ")}`, () => {
    const { headers } = framedHeaders(before.map((value) => ["x-frame-options", value]), site, "");
    assert.deepEqual(headers.map(([, value]) => value), after);
  });
}

for (const [policy, runs] of /** @type {[string, boolean][]} */ ([
  ["default-src 'none'", true],
  ["sandbox", false],
  ["sandbox allow-scripts", false],
  ["SANDBOX Allow-Scripts allow-same-origin", true],
  ["sandbox allow-scripts allow-same-origin, sandbox allow-scripts", false],
])) {
  test(`scripts ${runs ? "run" : "do not run"} under ${policy}`, () => {
    assert.equal(runsScripts([["content-security-policy", policy]]), runs);
    assert.ok(runsScripts([["content-security-policy-report-only", policy]]));
  });
}

/* ---- policies made up from a seed ----------------------------------------------------------------- */

const DIRECTIVES = ["script-src", "script-src-elem", "script-src-attr", "default-src", "worker-src", "child-src", "style-src", "img-src", "connect-src", "Script-Src"];
const SOURCES = [
  ..."'self' 'none' * 'unsafe-inline' 'unsafe-eval' 'strict-dynamic' 'nonce-a' 'nonce-b' 'nonce-c' 'sha256-x'".split(" "),
  ..."https: http: data: https://example.org https://cdn.example https://example.org/static/a.js 'unsafe-hashes' 'report-sample' 'NONE' 'bogus'".split(" "),
];
const ACTS = ["", "a", "b", "c", "z"].flatMap((nonce) => [
  ...["https://example.org/static/a.js", "https://example.org/b.js", "https://cdn.example/x.js", "http://example.org/x.js"].flatMap((url) =>
    ["script", "worker", "image", "connect", "frame"].map((kind) => ({ kind, url, nonce })),
  ),
  ...["inline", "handler", "eval", "style"].map((kind) => ({ kind, nonce })),
]);

/** @param {() => number} next */
function randomPolicy(next) {
  const some = (/** @type {number} */ most, /** @type {() => string} */ make) => Array.from({ length: Math.floor(next() * most) }, make);
  const directive = () => [pick(next, DIRECTIVES), ...some(5, () => pick(next, SOURCES))].join(" ");
  return Array.from({ length: 1 + Math.floor(next() * 2) }, () => some(4, directive).join("; ")).join(", ");
}

test("ours runs, and all else is allowed or forbidden as before", () => {
  const next = random(7);
  let changed = 0;
  for (let i = 0; i < 600; i++) {
    const before = Array.from({ length: 1 + Math.floor(next() * 2) }, () => randomPolicy(next));
    const { values, nonce } = framed(before);
    const [old, now] = [before.join(", "), values.join(", ")];
    changed += Number(old !== now);
    assert.ok(allows(now, { kind: "script", url: OURS, nonce }), `${old} → ${now}`);
    for (const act of ACTS) {
      assert.equal(allows(now, act), allows(old, act), `${JSON.stringify(act)}: ${old} → ${now}`);
    }
  }
  assert.ok(changed > 150, `${changed} were changed`);
});
