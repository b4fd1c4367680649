// Streams of every kind for so many seconds, each with what a page can find wrong with it.
// The body of an async function; scripts/soak runs it for minutes, a test for one.

const EVERY = 5;
const seconds = Math.ceil(args[0] / EVERY) * EVERY;

const play = (...steps) => `/play/soak-${crypto.randomUUID()}?parts=${encodeURIComponent(JSON.stringify([steps]))}`;
const start = (type) => ["start", 200, type];
const ticking = (type, text, every) => play(start(type), ["ticks", seconds / every, every, text]);
const quiet = (type, text) => play(start(type), ["text", text], ["sleep", seconds], ["text", text]);

/** Notes arrivals; `ended` says what is wrong with their number and their distances. */
class Arrivals {
  count = 0;
  longest = 0;
  last = performance.now();
  arrived() {
    const now = performance.now();
    this.longest = Math.max(this.longest, now - this.last);
    this.last = now;
    this.count += 1;
  }
  ended(expected, gap) {
    const shown = `${this.count}/${expected}, longest gap ${(this.longest / 1000).toFixed(1)} s`;
    return { good: this.count === expected && this.longest < gap * 1000, shown };
  }
}

const read = async (url, onChunk) => {
  const reader = (await fetch(url)).body.getReader();
  const decoder = new TextDecoder();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    onChunk(decoder.decode(part.value, { stream: true }));
  }
};

const listen = (url, arrivals) =>
  new Promise((resolve) => {
    const source = new EventSource(url);
    source.onmessage = () => arrivals.arrived();
    source.onerror = () => (source.close(), resolve());
  });

const kinds = {
  "fetch, ticking": async () => {
    const arrivals = new Arrivals();
    await read(ticking("text/plain", "#\n", 1), (text) => {
      for (const _ of text.matchAll(/\n/g)) arrivals.arrived();
    });
    return arrivals.ended(seconds, 10);
  },
  "fetch, quiet": async () => {
    let text = "";
    await read(quiet("text/plain", "part"), (more) => (text += more));
    return { good: text === "partpart", shown: text };
  },
  "EventSource, ticking": async () => {
    const arrivals = new Arrivals();
    await listen(ticking("text/event-stream", "data: #\n\n", EVERY), arrivals);
    return arrivals.ended(seconds / EVERY, 15);
  },
  "EventSource, quiet": async () => {
    const arrivals = new Arrivals();
    await listen(quiet("text/event-stream", "data: x\n\n"), arrivals);
    return arrivals.ended(2, seconds + 10);
  },
  navigation: async () => {
    const frame = document.createElement("iframe");
    frame.src = ticking("text/html", "<i>#</i>\n", 1);
    document.body.append(frame);
    await new Promise((resolve) => (frame.onload = resolve));
    const count = frame.contentDocument.querySelectorAll("i").length;
    return { good: count === seconds, shown: `${count}/${seconds}` };
  },
  "long poll": async () => {
    // Chromium gives an answer five minutes to begin.
    const wait = navigator.userAgent.includes("Chrome/") ? Math.min(seconds, 280) : seconds;
    const answer = await fetch(play(["sleep", wait], start("text/plain"), ["text", "late"]));
    const text = await answer.text();
    return { good: text === "late", shown: text, least: wait };
  },
  "WebSocket, idle": async () => {
    const socket = new WebSocket("/echo");
    await new Promise((resolve) => (socket.onopen = resolve));
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
    const answer = new Promise((resolve) => {
      socket.onmessage = ({ data }) => resolve(data);
      socket.onclose = ({ code }) => resolve(`closed, ${code}`);
    });
    socket.send("awake");
    const shown = await answer;
    socket.close();
    return { good: shown === "awake", shown };
  },
  "WebSocket, ticking": async () => {
    const arrivals = new Arrivals();
    const socket = new WebSocket(`/ticks?count=${seconds / EVERY}&every=${EVERY}`);
    socket.onmessage = ({ data }) => {
      arrivals.arrived();
      socket.send(data); // the app sends the next when it has this
    };
    const { code, wasClean } = await new Promise((resolve) => (socket.onclose = resolve));
    const { good, shown } = arrivals.ended(seconds / EVERY, 15);
    return { good: good && code === 1000 && wasClean, shown: `${shown}, closed ${code}` };
  },
};

window.soaked = {};
window.wasHidden = document.hidden;
document.addEventListener("visibilitychange", () => (window.wasHidden ||= document.hidden));
const begin = performance.now();
for (const [name, run] of Object.entries(kinds)) {
  const told = (result) => {
    const after = (performance.now() - begin) / 1000;
    const early = after < (result.least ?? seconds) - 1;
    const shown = `${result.shown}, after ${after.toFixed(1)} s`;
    window.soaked[name] = { good: result.good && !early, shown };
  };
  run().then(told, (error) => told({ good: false, shown: String(error) }));
}
return Object.keys(kinds);
