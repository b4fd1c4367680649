import assert from "node:assert/strict";
import { test } from "node:test";

import { KeptPaths } from "../../../../src/tabcorn/runtime/host/persistence/paths.js";

const paths = new KeptPaths(["/app/data/", "/app/x.db"]);

/** @type {[path: string, kept: boolean][]} */
const TABLE = [
  ["/app/data", true],
  ["/app/data/a/b", true],
  ["/app/database", false],
  ["/app/data2/a", false],
  ["/app/x.db", true],
  ["/app/x.db-journal", true],
  ["/app/x.db-wal", true],
  ["/app/x.db-shm", true],
  ["/app/x.db-other", false],
  ["/app/x.dbx", false],
  ["/app", false],
  ["/", false],
];

for (const [path, kept] of TABLE) {
  test(`${path} is ${kept ? "" : "not "}kept`, () => assert.equal(paths.cover(path), kept));
}

test("only what is said to be a folder is made one", () => {
  assert.deepEqual(paths.folders, ["/app/data"]);
});

test("a walk begins where something may be", () => {
  const { starts } = paths;
  assert.ok(["/app/data", "/app/x.db", "/app/x.db-wal"].every((path) => starts.includes(path)));
});
