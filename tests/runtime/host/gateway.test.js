/** What a page is told of its cookies with an answer. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { Gateway } from "../../../src/tabcorn/runtime/host/gateway.js";
import { Outbox } from "../../../src/tabcorn/runtime/host/outbox.js";

/** @import { ResponseStart } from "../../../src/tabcorn/runtime/protocol.js" */

const REQUEST = {
  ...{ type: "tabcorn.request", id: 1, method: "GET", path: "/", query: "", headers: [], port: 50000 },
  ...{ credentials: true, body: undefined, more_body: false },
};

/**
 * An app that sets a cookie; what the page gets.
 *
 * @param {object[]} messages of the page's
 * @returns {Promise<ResponseStart>}
 */
function answered(messages) {
  const gateway = new Gateway("host", "build", new Outbox());
  let state = { version: 1, sight: "{}" };
  gateway.cookies = () => state;
  gateway.onCookieWrite = () => (state = { version: 2, sight: '{"cookies":[]}' });
  gateway.open({
    open: (/** @type {number} */ key) => {
      state = { version: 3, sight: '{"cookies":[1]}' };
      gateway.sink.start(key, 200, "", "");
      gateway.sink.body(key, new Uint8Array([1]), false);
    },
  });
  const { port1, port2 } = new MessageChannel();
  gateway.attach(port1);
  for (const message of messages) port2.postMessage(message);
  return new Promise((resolve) => {
    port2.onmessage = ({ data }) => {
      if (data.type !== "http.response.start") return;
      port1.close();
      resolve(data);
    };
  });
}

test("an answer that changes the cookies says what they are", async () => {
  const { cookies } = await answered([REQUEST]);
  assert.deepEqual(cookies, { version: 3, sight: '{"cookies":[1]}', written: undefined });
});

test("and that what the page had set before is in them", async () => {
  const writes = [4, 5].map((seq) => ({ seq, path: "/", line: "a=; max-age=0" }));
  const { cookies } = await answered([{ type: "tabcorn.cookies.write", document: "d", writes }, REQUEST]);
  assert.deepEqual(cookies?.written, { document: "d", seq: 5 });
});
