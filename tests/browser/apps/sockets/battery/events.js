// Events: their order, their fields, handlers and listeners, tasks and microtasks.
// WPT: eventhandlers.any.js, interfaces/WebSocket/events/*, interfaces/CloseEvent, binary/*.

runs["listeners"] = ["mode=close", undefined, (socket, note) => {
  const twice = () => note("twice");
  socket.addEventListener("open", twice);
  socket.addEventListener("open", twice);
  socket.addEventListener("open", twice, true);
  socket.addEventListener("open", { handleEvent: (event) => note("an object", event.type) });
  socket.addEventListener("open", () => note("once"), { once: true });
  socket.addEventListener("open", () => note("never"), { signal: AbortSignal.abort() });
  socket.addEventListener("open", () => socket.addEventListener("open", () => note("too late")));
  socket.addEventListener("open", null);
  socket.onopen = { handleEvent: () => note("not called") };
}];
runs["an event"] = ["mode=close", undefined, (socket, note) => {
  socket.addEventListener("close", (event) => {
    const { bubbles, cancelable, composed, eventPhase, defaultPrevented, timeStamp } = event;
    note(bubbles, cancelable, composed, eventPhase, defaultPrevented, event.composedPath().length);
    note([event.target, event.currentTarget, event.srcElement].every((each) => each === socket));
    note(timeStamp > 0 && timeStamp <= performance.now(), "message" in event);
    event.stopImmediatePropagation();
  });
  socket.addEventListener("close", () => note("never"));
}];
runs["handlers"] = ["", undefined, (socket, note) => {
  socket.onopen = () => note("never");
  socket.onopen = null;
  socket.onclose = {};
  note(`${socket.onopen} ${typeof socket.onclose}`);
  socket.onclose = 5;
  note(`${socket.onclose}`);
  socket.onopen = () => note("first set");
  socket.addEventListener("open", () => note("a listener"));
  socket.onopen = function (event) {
    note(`kept its place ${this === socket} ${event.target === socket} ${event.eventPhase}`);
    socket.close();
  };
}];
for (const type of EVENTS) {
  runs[`on${type}`] = ["mode=close", undefined, (socket, note) => {
    const values = [() => 1, 2, {}, null, () => 1, undefined, [], "x", Symbol("x"), class {}, { handleEvent() {} }];
    for (const value of values) {
      socket[`on${type}`] = value;
      const got = socket[`on${type}`];
      note(got === value ? "kept" : String(got));
    }
  }];
}
runs["a handler set anew has a new place"] = ["mode=close", undefined, (socket, note) => {
  socket.onopen = () => note("first");
  socket.addEventListener("open", () => note("a listener"));
  socket.onopen = null;
  socket.onopen = () => note("last");
}];
runs["a handler that replaces itself"] = ["mode=greet-close&n=3", undefined, (socket, note) => {
  socket.onmessage = () => {
    note("first");
    socket.onmessage = () => note("second");
  };
}];
runs["a handler that is removed before its turn"] = ["mode=greet-close&n=3", undefined, (socket, note) => {
  socket.addEventListener("message", () => (socket.onmessage = null));
  socket.onmessage = () => note("never");
}];
runs["a handler that returns false"] = ["mode=close", undefined, (socket, note) => {
  socket.onclose = () => false;
  socket.addEventListener("close", (event) => note(event.defaultPrevented));
}];
runs["a handler that throws"] = ["mode=greet-close&n=2", undefined, (socket, note) => {
  const reported = (event) => {
    if (!event.message.includes("the page's bug")) return;
    event.preventDefault();
    note(`reported ${event.error?.message}`);
  };
  globalThis.addEventListener("error", reported);
  socket.onmessage = () => {
    throw new Error("the page's bug");
  };
  socket.addEventListener("close", () => globalThis.removeEventListener("error", reported));
}];
runs["methods of the page's own"] = ["mode=close", undefined, (socket, note) => {
  for (const name of ["dispatchEvent", "addEventListener", "removeEventListener"]) socket[name] = () => note("never");
  socket.onopen = () => note("never");
  socket.onopen = null;
  socket.onopen = () => note("opened");
}];
runs["events of the page's own"] = ["", undefined, (socket, note) => {
  socket.onopen = () => note("fired", socket.readyState);
  note(socket.dispatchEvent(new Event("open")), socket.dispatchEvent(new CloseEvent("x")));
  socket.onopen = () => socket.close();
}];
runs["an error, awaited, then the closing"] = ["mode=deny", undefined, async (socket, note) => {
  await new Promise((resolve) => (socket.onerror = resolve));
  note("awaited");
  await 0;
  await 0;
  socket.onclose = () => note("heard", socket.readyState);
}];
runs["an opening, awaited, then all messages"] = ["mode=greet-close&n=5", undefined, async (socket, note) => {
  await new Promise((resolve) => (socket.onopen = resolve));
  await 0;
  await 0;
  socket.onmessage = ({ data }) => note("heard", data);
}];
runs["microtasks come before the next event"] = ["mode=greet-close&n=3", undefined, (socket, note) => {
  socket.onmessage = () => Promise.resolve().then(() => note("a microtask"));
}];
runs["microtasks come before the next listener"] = ["mode=close", undefined, (socket, note) => {
  socket.addEventListener("open", () => Promise.resolve().then(() => note("a microtask")));
  socket.addEventListener("open", () => note("the next listener"));
}];
runs["handlers set late"] = ["mode=close", undefined, (socket, note) => {
  for (const end = performance.now() + 100; performance.now() < end; );
  socket.onopen = () => note("not too late", socket.readyState);
}];
runs["a fresh one"] = ["mode=slow&seconds=0.1", undefined, (socket, note) => {
  note(socket.readyState, socket.bufferedAmount, socket.protocol, socket.extensions, socket.binaryType, socket.onopen);
  Promise.resolve().then(() => note("a microtask", socket.readyState));
  socket.onopen = () => socket.close();
}];
