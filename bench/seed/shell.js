/**
 * The seed's window: starts Python in a dedicated worker, and relays each request of the service
 * worker to it and each answer back, whole.
 */

/** @typedef {{ id: number, request: object }} Call */

/** @type {Map<number, MessagePort>} */
const waiting = new Map();
let calls = 0;

const frame = /** @type {HTMLIFrameElement} */ (document.querySelector("#app"));
const worker = new Worker("/seed/worker.js", { type: "module" });

worker.onmessage = ({ data }) => {
  if (data.ready) return show();
  if (data.failed) return fail(data.failed);
  waiting.get(data.id)?.postMessage(data.response);
  waiting.delete(data.id);
};

navigator.serviceWorker.onmessage = ({ data, ports: [reply] }) => {
  const id = (calls += 1);
  waiting.set(id, /** @type {MessagePort} */ (reply));
  worker.postMessage({ id, request: data });
};

const controlled = new Promise((resolve) => {
  navigator.serviceWorker.oncontrollerchange = resolve;
});
await navigator.serviceWorker.register("/seed/sw.js", { scope: "/", type: "module" });
if (!navigator.serviceWorker.controller) await controlled;

async function show() {
  if (!navigator.serviceWorker.controller) await controlled;
  frame.addEventListener("load", () => {
    frame.hidden = false;
    document.querySelector("p")?.remove();
  });
  frame.src = "/";
}

/** @param {string} problem */
function fail(problem) {
  frame.dataset.failed = problem;
}

export {}; // a module
