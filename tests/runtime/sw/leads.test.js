/** Navigations without a referrer: the app's own are those that its documents have said before. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { Leads } from "../../../src/tabcorn/runtime/sw/leads.js";

const HOME = "https://example.org";

test("a lead counts once, for its method, whatever the fields of a form", async () => {
  const leads = new Leads(HOME);
  leads.say("GET", `${HOME}/a`);
  assert.equal(leads.take("POST", `${HOME}/a`), false);
  assert.equal(leads.take("GET", `${HOME}/b`), false);
  assert.equal(leads.take("GET", `${HOME}/a?field=1#part`), true);
  assert.equal(leads.take("GET", `${HOME}/a`), false);
});

test("a navigation waits a moment for what is about to be said", async () => {
  const leads = new Leads(HOME);
  const taken = leads.taken("POST", `${HOME}/a`);
  leads.say("POST", `${HOME}/a`);
  assert.equal(await taken, true);
  assert.equal(await leads.taken("GET", `${HOME}/a`), false);
});

test("a lead does not last", async (context) => {
  const now = context.mock.method(performance, "now", () => 0);
  const leads = new Leads(HOME);
  leads.say("GET", `${HOME}/a`);
  now.mock.mockImplementation(() => 6000);
  assert.equal(leads.take("GET", `${HOME}/a`), false);
});

/** @type {[status: number, method: string, followed: string][]} */
const REDIRECTS = [
  [302, "GET", "GET"],
  [303, "POST", "GET"],
  [302, "POST", "GET"],
  [307, "POST", "POST"],
];

for (const [status, method, followed] of REDIRECTS) {
  test(`a lead goes on over ${status} after ${method}`, () => {
    const leads = new Leads(HOME);
    leads.follow(method, new Response(null, { status, headers: { location: `${HOME}/b` } }));
    assert.equal(leads.take(followed, `${HOME}/b`), true);
  });
}

test("who comes back from another site with the app's referrer was redirected there, once", () => {
  const leads = new Leads(HOME);
  assert.equal(leads.through(`${HOME}/page`), "");
  leads.say("GET", "https://other.example/login?back");
  assert.equal(leads.through("https://other.example/"), "");
  assert.equal(leads.through(`${HOME}/page`), "https://other.example");
  assert.equal(leads.through(`${HOME}/page`), "");
});
