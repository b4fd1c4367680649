/**
 * Read set-cookie-strings from standard input, a JSON list; write what the page script makes of
 * each, in a jar of its own. tests/server/cookies/test_agreement.py compares it with Python's.
 */

import { readFileSync } from "node:fs";

const script = readFileSync("src/tabcorn/runtime/page/cookiejar.js", "utf8");
const { readCookie, withCookie } = new Function(`${script}\nreturn { readCookie, withCookie };`)();

const { now, lines } = JSON.parse(readFileSync(0, "utf8"));
const made = lines.map((/** @type {string} */ line) => {
  const at = { host: "www.example.org", path: "/folder/page", now: now * 1000 };
  const cookie = readCookie(line, at);
  return cookie ? withCookie([], cookie, at.now) : [];
});
console.log(JSON.stringify(made));
