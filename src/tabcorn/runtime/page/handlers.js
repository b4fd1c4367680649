/**
 * Page script: `onopen` and the like of a WebSocket, and how its events are fired.
 *
 * Runs in the app's documents and workers. What an app's class or script puts in the place of
 * addEventListener or dispatchEvent is not asked, as a browser does not.
 * Source: HTML, "event handlers": the first one set takes its place among the listeners, others
 * keep it.
 */

const listenTo = EventTarget.prototype.addEventListener;
const unlisten = EventTarget.prototype.removeEventListener;
const fireAt = EventTarget.prototype.dispatchEvent;

/**
 * @param {EventTarget} target
 * @param {Event} event
 */
const fire = (target, event) => void Reflect.apply(fireAt, target, [event]);

/**
 * Go on when no script runs: what the listeners of an event await is done before the next event.
 *
 * @param {() => void} action
 */
const nextTask = (action) => {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {
    port1.close();
    action();
  };
  port2.postMessage(undefined);
};

/**
 * @typedef {{ callback: object, listener: (event: Event) => void }} Handler
 * @type {WeakMap<EventTarget, Record<string, Handler>>}
 */
const handlers = new WeakMap();

/**
 * @param {EventTarget} target
 * @param {string} type
 */
const getHandler = (target, type) => handlers.get(target)?.[type]?.callback ?? null;

/**
 * @param {EventTarget} target
 * @param {string} type
 * @param {unknown} value
 */
const setHandler = (target, type, value) => {
  const all = handlers.get(target) ?? {};
  handlers.set(target, all);
  const present = all[type];
  if (typeof value !== "function" && (typeof value !== "object" || value === null)) {
    if (present) Reflect.apply(unlisten, target, [type, present.listener]);
    delete all[type];
  } else if (present) {
    present.callback = value;
  } else {
    const handler = newHandler(target, value);
    all[type] = handler;
    Reflect.apply(listenTo, target, [type, handler.listener]);
  }
};

/**
 * @param {EventTarget} target
 * @param {object} callback one that is no function is kept, and never called
 * @returns {Handler}
 */
const newHandler = (target, callback) => {
  const handler = {
    callback,
    /** @param {Event} event */
    listener(event) {
      const { callback } = handler;
      if (typeof callback !== "function") return;
      if (callback.call(target, event) === false) event.preventDefault();
    },
  };
  return handler;
};
