import assert from "node:assert/strict";
import { test } from "node:test";

import { after } from "../../../src/tabcorn/runtime/shared/promises.js";
import { RequestBody } from "../../../src/tabcorn/runtime/sw/body.js";

const URL = "https://example.org/";

/** @param {RequestBody} body */
async function whole(body) {
  const parts = body.first ? [body.first] : [];
  for await (const part of body.rest()) {
    assert.ok(part.byteLength <= 256 * 1024);
    parts.push(part);
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

/** @param {BodyInit} body  @param {boolean} onDisk */
const put = (body, onDisk) => RequestBody.from(new Request(URL, { method: "PUT", body }), onDisk);

/** @param {number} size */
const bytesOf = (size) => Uint8Array.from({ length: size }, (_, i) => i % 251);

for (const size of [0, 1, 1000, 256 * 1024, 256 * 1024 + 1, 1_000_000, 5_000_000]) {
  test(`a body of ${size} bytes comes whole, and its length is known`, async () => {
    for (const onDisk of [true, false]) {
      const body = await put(bytesOf(size), onDisk);
      assert.equal(body.length, size);
      assert.equal(body.complete, size <= 256 * 1024);
      assert.deepEqual(await whole(body), bytesOf(size));
    }
  });
}

test("an empty body is told from none, in Firefox where it has a type", async () => {
  /** @param {BodyInit | null} body */
  const given = async (body, firefox = false) => {
    const request = new Request(URL, { method: "DELETE", body });
    if (firefox) Object.defineProperty(request, "body", { value: undefined });
    return (await RequestBody.from(request, true)).given;
  };
  assert.deepEqual([await given(null), await given(""), await given(new Uint8Array(0))], [false, true, true]);
  assert.deepEqual([await given(null, true), await given("", true), await given("x", true)], [false, true, true]);
});

test("a GET has none", async () => {
  const body = await RequestBody.from(new Request(URL), true);
  assert.deepEqual([body.first, body.length, body.complete], [undefined, 0, true]);
});

test("where the engine has no request.body the whole is read (Firefox)", async () => {
  const request = new Request(URL, { method: "POST", body: bytesOf(300_000) });
  Object.defineProperty(request, "body", { value: undefined });
  const body = await RequestBody.from(request, true);
  assert.equal(body.length, 300_000);
  assert.deepEqual(await whole(body), bytesOf(300_000));
});

/** @param {ReadableStream} body */
const stream = (body) =>
  RequestBody.from(
    new Request(URL, /** @type {RequestInit} */ ({ method: "POST", body, duplex: "half" })),
    true,
  );

test("a body that is still being made is passed on as it comes, without a length", async () => {
  const body = await stream(
    new ReadableStream({
      async start(controller) {
        for (const byte of [1, 2, 3]) {
          controller.enqueue(Uint8Array.of(byte));
          await after(30);
        }
        controller.close();
      },
    }),
  );
  assert.equal(body.length, undefined);
  assert.equal(body.complete, false);
  assert.deepEqual(await whole(body), Uint8Array.of(1, 2, 3));
});

test("of a body that is being made no more is taken than is asked for", async () => {
  let made = 0;
  const body = await stream(
    new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(++made)) }, { highWaterMark: 0 }),
  );
  const rest = body.rest();
  await rest.next();
  await rest.next();
  await after(20);
  assert.ok(made <= 3, `${made} were made`);
  await rest.return();
});

test("what can be in a request's other properties does not matter", async () => {
  for (const init of [{ mode: "same-origin" }, { cache: "reload" }, { integrity: "sha256-x" }, { keepalive: true }]) {
    const request = new Request(URL, /** @type {RequestInit} */ ({ method: "PATCH", body: "abc", ...init }));
    assert.equal((await RequestBody.from(request, true)).length, 3);
  }
});
