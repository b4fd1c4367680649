/**
 * The service worker: decides who answers each request and carries the bytes.
 *
 * It is ended by the browser at will and keeps nothing that it cannot find again. Installing
 * means to have this build's files, checked; an update has all of them before it waits.
 */

import { Assets, assetsOf } from "../shared/assets.js";
import { first } from "../shared/headers.js";
import { isWebKit } from "../shared/request-headers.js";
import { Site, SNAPSHOT_MAKER } from "../shared/site.js";
import { entryFactsOf, factsOf, portOf } from "./asked.js";
import { Asking, bodyOf } from "./asking.js";
import { RequestBody } from "./body.js";
import { Callers } from "./callers.js";
import { PageCookies } from "./cookies.js";
import { Entries, entryOf } from "./entries.js";
import { EventSources } from "./events.js";
import { Broken, wholeAnswer } from "./exchange.js";
import { echo, handedAnswer, withOwnFragment } from "./handed.js";
import { HttpCache } from "./httpcache.js";
import { Leads } from "./leads.js";
import { Link } from "./link.js";
import { Redirected } from "./redirected.js";
import { brokenDocument, isForbidden, isRedirect, leadsApart, opensDocument, redirectTarget, toResponse } from "./response.js";
import { isHistoric, resendDocument, resultKey, Results } from "./results.js";
import { isRepeated, route } from "./routing.js";
import { Streams } from "./streams.js";
import { Underway } from "./underway.js";
import { placeInWorker, workerScript, workerScriptUrl } from "./workerscript.js";

/** @import { ConnectPage, PageAnswered, PageToSw, ShellToSw, SwToDocuments, SwToShell } from "../protocol.js" */
/** @import { Asked } from "./asked.js" */
/** @import { Replay } from "./entries.js" */
/** @import { Answer } from "./exchange.js" */

const sw = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (globalThis));

const site = Site.of(import.meta.url);
/** Another one after each time that the browser has ended this worker. */
const identity = crypto.randomUUID();
const assets = new Assets(site);
const entries = new Entries();
const leads = new Leads(site.root.origin);
const results = new Results();
const link = new Link(site, () => tellShells({ type: "tabcorn.host.wanted" }));
const { userAgent, languages } = navigator;
/** @type {import("../shared/request-headers.js").Browser} */
const browser = { userAgent, languages, hints: /** @type {any} */ (navigator).userAgentData };
const isChromium = userAgent.includes("Chrome/");
/** Chromium looks every half a minute which event has taken more than five. */
const underway = new Underway(isChromium ? 330_000 : undefined);
/** Where the engine does not keep what a redirected request brings along. */
const redirected = isWebKit(userAgent) ? new Redirected() : undefined;
const callers = new Callers((id) => sw.clients.get(id));
const cookies = new PageCookies(link, () => sw.clients.matchAll({ type: "window" }));
const streams = new Streams(
  async (client) => (await sw.clients.get(client)) !== undefined,
  (open) => void tellShells({ type: "tabcorn.sw.streaming", open }),
);
const eventSources = new EventSources(isChromium, (interrupted, id) =>
  streams.watch(interrupted, { id, seen: true }),
);
const means = { browser, callers, cookies, eventSources, link, redirected, streams, underway };
/** Documents hear on it which addresses are kept. */
const keeping = new BroadcastChannel(site.kept);
const cache = new HttpCache((url) => site.inside(url), (url) => tellKept([url]));

sw.addEventListener("install", (event) => event.waitUntil(install()));
sw.addEventListener("activate", (event) => event.waitUntil(activate()));
sw.addEventListener("message", (event) => event.waitUntil(receive(event)));
sw.addEventListener("fetch", (event) => {
  const kind = route(event.request, site);
  if (kind === "network") return;
  event.respondWith(answers[kind](event));
});

/** @type {Record<"file" | "shell" | "frame" | "app", (event: FetchEvent) => Promise<Response>>} */
const answers = {
  file: async ({ request }) => {
    if (request.url === workerScriptUrl(site)) return workerScript(site);
    return (await caches.match(request.url)) ?? fetch(request);
  },
  shell: async ({ request, resultingClientId }) => {
    await entries.remember(request, resultingClientId);
    return shellDocument();
  },
  frame: async (event) => {
    const { url } = event.request;
    const replay = entries.claim(url) ?? (isRepeated(event.request) ? await entries.restore(url) : undefined);
    if (replay) return answerEntry(event, replay);
    // Without a shell there is nothing that could show this frame: it is embedded elsewhere.
    const connection = await link.connection().catch(() => undefined);
    if (!connection) return shellDocument();
    await cookies.flush();
    const facts = await frameFactsOf(event.request);
    const response = await (event.request.method === "POST" ? answerForm(event, facts) : ask(event, facts));
    if (facts.initiator === "page" && facts.referrer === "") leads.follow(facts.method, response);
    return response;
  },
  app: (event) => {
    const handed = handedAnswer(event.request.url);
    return handed ? answerHanded(event, handed) : ask(event, factsOf(event.request, site));
  },
};

/* ---- life cycle --------------------------------------------------------------------------- */

async function install() {
  const manifest = await assets.manifest();
  // This script itself is kept by the browser.
  const files = manifest.files.filter(({ path }) => path !== "runtime/sw/main.js");
  if (!sw.registration.active) {
    // On a first visit the host is fetching the rest just now, and the shell what it needs later.
    await Promise.all(files.filter(({ path }) => path !== SNAPSHOT_MAKER).map((file) => assets.file(file)));
    return;
  }
  // An update must have all of it before it waits: tomorrow it may be gone from the server.
  const parts = assetsOf(manifest).flatMap((asset) => asset.parts);
  await Promise.all([...files, ...parts].map((file) => assets.file(file)));
}

async function activate() {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith(site.cachePrefix) && name !== site.cache);
  await Promise.all(old.map((name) => caches.delete(name)));
  await sw.clients.claim();
}

/* ---- messages ------------------------------------------------------------------------------ */

/** @param {ExtendableMessageEvent} event */
async function receive(event) {
  const message = /** @type {ShellToSw | PageToSw} */ (event.data);
  const source = /** @type {WindowClient} */ (event.source);
  switch (message.type) {
    case "tabcorn.sw.build?": {
      const shells = (await shellClients()).length;
      message.reply.postMessage({ type: "tabcorn.sw.build", build: site.build, shells });
      return;
    }
    case "tabcorn.sw.claim":
      return sw.clients.claim();
    case "tabcorn.sw.activate":
      return sw.skipWaiting();
    case "tabcorn.sw.host":
      link.adopt(message.port);
      return message.port.postMessage({ type: "tabcorn.sw.introduced", sw: identity });
    case "tabcorn.entry.take":
      if (streams.open) source.postMessage({ type: "tabcorn.sw.streaming", open: true });
      return message.reply.postMessage({ type: "tabcorn.entry.taken", ...takeEntry(message.form ?? source.id) });
    case "tabcorn.entry.put":
      return message.reply.postMessage({
        type: "tabcorn.entry.ready",
        restored: entries.put(message.entry, source.id),
      });
    case "tabcorn.sw.ping":
      // One that has just been started, in the place of one that was ended, makes itself known: the
      // host tells the app then that what the other one carried is over.
      await link.connection().catch(() => {});
      return streams.sweep();
    case "tabcorn.page.connect":
      return connectPage(message, source.id);
    case "tabcorn.cookies.write":
      await cookies.forward(message, source.id);
      return event.ports[0]?.postMessage(undefined);
    case "tabcorn.page.leads":
      return leads.say(message.method, message.url);
    case "tabcorn.page.aborted":
      eventSources.closed(message.url);
      return underway.abort(source.id, message.method, message.url, message.read);
    case "tabcorn.page.answered":
      return takeAnswer(message);
  }
}

/**
 * Hand a document's port on to the host. Who asks again has waited long: the host may have died.
 *
 * @param {ConnectPage} message
 * @param {string} client
 */
async function connectPage({ port, page, again, carries }, client) {
  if (carries === "requests") tellKept(cache.urls);
  const connection = await (again ? link.renewed() : link.connection());
  connection.send({ type: "tabcorn.host.connect", port, page, client: portOf(client), carries }, [port]);
}

/**
 * Shells are the top documents of tabs; where this site is embedded in another, they are frames,
 * and every document has to be asked.
 */
async function shellClients() {
  const windows = await sw.clients.matchAll({ type: "window", includeUncontrolled: true });
  const ours = windows.filter(({ url }) => site.contains(new URL(url)));
  const top = ours.filter(({ frameType }) => frameType === "top-level");
  return top.length > 0 ? top : ours;
}

/**
 * @param {SwToShell} message
 * @returns {Promise<number>} how many were told
 */
async function tellShells(message) {
  const shells = await shellClients();
  for (const shell of shells) shell.postMessage(message);
  return shells.length;
}

/**
 * What a page has got by its own port, for the cache.
 *
 * @param {PageAnswered} message
 */
function takeAnswer({ method, url: address, cache: mode, sent: headers, times, answer }) {
  const { body, ...start } = answer;
  const url = new URL(address);
  if (method === "GET" && !body) cache.miss(url);
  if (!body) return cache.passed(method, url, start);
  cache.take({ method, url, headers, cache: mode, navigates: false }, wholeAnswer({ ...start, cookies: undefined }, body), times);
}

/** @param {string[]} urls */
function tellKept(urls) {
  keeping.postMessage(/** @satisfies {SwToDocuments} */ ({ type: "tabcorn.sw.kept", urls }));
}

/* ---- answers -------------------------------------------------------------------------------- */

async function shellDocument() {
  const url = new URL("runtime/shell/document.txt", site.base).href;
  const template = await ((await caches.match(url)) ?? (await fetch(url))).text();
  const { installing, waiting } = sw.registration;
  const html = template
    .replaceAll("{{build}}", site.build)
    .replaceAll("{{base}}", site.root.href)
    .replaceAll("{{agreed}}", installing || waiting ? "" : "yes");
  return new Response(html, { headers: { "content-type": "text/html" } });
}

/**
 * The frame's first navigation: answered as what brought the user here.
 *
 * @param {FetchEvent} event
 * @param {Replay} replay
 */
async function answerEntry(event, replay) {
  const { entry, shell } = replay;
  const form = entry.method === "POST" ? entries.hold(entry) : undefined;
  const facts = { ...entryFactsOf(event.request, site, entry), form };
  const body = entry.body ? await RequestBody.of(new Blob([entry.body])) : RequestBody.none();
  const response = await ask(event, facts, body);
  const location = response.headers.get("location");
  if (isRedirect(response.status) && location) {
    entries.redirect(replay, response.status, location);
    return response;
  }
  const client = await sw.clients.get(shell);
  client?.postMessage({
    type: "tabcorn.entry.answered",
    status: response.status,
    document: opensDocument({ status: response.status, headers: [...response.headers] }),
  });
  return response;
}

/**
 * A form in the frame: its answer is kept for Back and Forward, the form itself for a reload.
 *
 * @param {FetchEvent} event
 * @param {Asked} known
 */
async function answerForm(event, known) {
  const { request } = event;
  const body = await bodyOf(request, browser);
  const form = entries.hold(entryOf(request, body.complete ? body.first : undefined));
  const facts = { ...known, form };
  const key = await resultKey(request, body.first);
  if (!isHistoric(request)) return ask(event, facts, body, (answer) => results.keep(key, answer));
  const kept = results.find(key, body.first === undefined);
  return kept ? toResponse(kept, { ...facts, navigates: true, inWorker: "" }, site) : resendDocument();
}

/**
 * Ask the app. A response that breaks is a network error, as a server's would be; but Firefox takes
 * one for a navigation to the network, to a host that knows nothing of the app.
 *
 * @param {FetchEvent} event
 * @param {Asked} facts
 * @param {RequestBody} [known] the body, when it is not the request's own
 * @param {(answer: Answer) => Answer} [keep]
 */
async function ask(event, facts, known, keep = (answer) => answer) {
  const { url, method } = facts;
  const navigates = facts.mode === "navigate";
  const asking = await Asking.make(means, event, facts, known);
  const { headers, eventSource } = asking;
  try {
    const answer = await cache.answer({ method, url, headers, cache: cacheMode(facts), navigates }, (more) => asking.send(more));
    if (!answer) return Response.error();
    await settle(event, facts, answer, asking.body);
    const inWorker = placeInWorker(event.request);
    return await toResponse(keep(answer), { ...facts, navigates, inWorker, eventSource }, site);
  } catch (error) {
    asking.cancel();
    console.error(`${method} ${url.href}: ${error}`);
    return navigates ? brokenDocument(String(error)) : Response.error();
  }
}

/**
 * WebKit asks a server for what only its cache may answer, when that has not got it.
 *
 * @param {Asked} facts
 */
function cacheMode({ cache: mode }) {
  return mode === "only-if-cached" && isWebKit(userAgent) ? "force-cache" : mode;
}

/**
 * What an answer says to others than who has asked.
 *
 * @param {FetchEvent} event
 * @param {Asked} facts
 * @param {Answer} answer
 * @param {RequestBody} body that was sent
 * @throws {Broken} when it leads nowhere
 */
async function settle({ clientId, request }, { url, method, mode }, answer, body) {
  const target = mode === "navigate" && redirectTarget(answer, url, site);
  if (target && isForbidden(target)) throw new Broken(`The app redirects to a ${target.protocol} address.`);
  if (target && !site.contains(target)) leads.say(method, target.href);
  const location = isRedirect(answer.status) && first(answer.headers, "location");
  if (location) redirected?.hold(clientId, request, { status: answer.status, location }, body);
  if (leadsApart(answer)) throw new Broken("The app's answer has several Location headers.");
  const page = answer.cookies && clientId && (await sw.clients.get(clientId));
  if (answer.cookies && page) await cookies.show(page, answer.cookies);
}

/** @returns {ReadableStream<Uint8Array<ArrayBuffer>>} that is at its end */
const empty = () => new ReadableStream({ start: (controller) => controller.close() });

/**
 * What the page itself has got of the host: a redirect, or a network error.
 *
 * @param {FetchEvent} event
 * @param {NonNullable<ReturnType<typeof handedAnswer>>} handed
 */
async function answerHanded({ request, clientId }, handed) {
  if (handed.echoed !== undefined) return echo(request, handed);
  const { status, headers } = handed;
  const answer = { status, reason: "", headers, cookies: undefined, body: empty() };
  if (status === 0 || leadsApart(answer)) return Response.error();
  const facts = factsOf(request, site);
  cache.passed(facts.method, facts.url, answer);
  redirected?.hold(clientId, request, { status, location: first(headers, "location") }, await bodyOf(request, browser));
  return withOwnFragment(await toResponse(answer, { ...facts, navigates: false, inWorker: "" }, site));
}

/**
 * How the user came to a tab. A page that hides itself has said so when it is the app's own; an app's
 * page that has not is one that another site has redirected back to.
 *
 * @param {string} id
 */
function takeEntry(id) {
  const { entry, restored } = entries.take(id);
  if (!entry) return { entry, restored };
  const led = leads.take(entry.method, entry.url);
  const own = led && entry.referrer === "";
  return { entry: { ...entry, own, through: led ? "" : leads.through(entry.referrer) }, restored };
}

/**
 * A frame's navigation that hides where it comes from may come from a page that embeds this site,
 * or that is embedded in the app: unless the app has led there, it is trusted no more than one to the
 * top of a tab.
 *
 * @param {Request} request
 * @returns {Promise<Asked>}
 */
async function frameFactsOf(request) {
  const facts = factsOf(request, site);
  const { method, url, referrer } = request;
  if (referrer !== "") leads.take(method, url);
  if (referrer !== "" || (await leads.taken(method, url))) return facts;
  return { ...facts, initiator: "entry", knownOrigin: request.headers.get("origin") ?? "" };
}
