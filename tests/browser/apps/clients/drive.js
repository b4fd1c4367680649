// Drive socket.io's own client in every way; tell what came of it. The body of an async function.

const told = {};
const after = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const event = (target, name) => new Promise((resolve) => target.once(name, (...values) => resolve(values)));
const within = (promise) => Promise.race([promise, after(15000).then(() => "nothing")]);
const plain = (value) =>
  value instanceof ArrayBuffer
    ? ["bytes", ...new Uint8Array(value)].slice(0, 20)
    : Array.isArray(value)
      ? value.map(plain)
      : value && typeof value === "object"
        ? Object.fromEntries(Object.entries(value).map(([name, each]) => [name, plain(each)]))
        : value;
const connected = async (options) => {
  const socket = io({ forceNew: true, ...options });
  if (!socket.connected) await within(event(socket, "connect"));
  return socket;
};

const use = async (transports) => {
  const socket = await connected({ transports, auth: `by ${transports}` });
  const { engine } = socket.io;
  if (transports.length > 1 && engine.transport.name === "polling") await within(event(engine, "upgrade"));
  const seen = { transport: engine.transport.name };
  const values = ["text é😀", 5, null, [1, { a: "b" }], new Uint8Array([1, 2, 3]).buffer, { deep: new Uint8Array([4]).buffer }];
  seen.echo = plain(await within(socket.emitWithAck("echo", ...values)));
  seen.session = await within(socket.emitWithAck("session"));
  const large = await within(socket.emitWithAck("echo", new Uint8Array(400_000).fill(7).buffer));
  seen.large = [large[0].byteLength, new Uint8Array(large[0]).every((each) => each === 7)];
  socket.on("question", (question, answer) => answer(`${question} me`));
  seen.asked = await within(socket.emitWithAck("ask_me", "who?"));
  const numbers = [];
  socket.on("number", (number) => numbers.push(number));
  socket.emit("count", 500);
  for (let i = 0; i < 200 && numbers.length < 500; i++) await after(20);
  seen.numbers = [numbers.length, numbers.every((number, i) => number === i)];
  await after(1500); // a ping, and its answer
  seen.after = [socket.connected, engine.transport.name];
  const closed = event(socket, "disconnect");
  socket.disconnect();
  seen.closed = (await within(closed))[0];
  return seen;
};
for (const transports of [["polling"], ["websocket"], ["polling", "websocket"]]) told[transports] = use(transports);

const rooms = async () => {
  const [one, two, three] = await Promise.all([1, 2, 3].map(() => connected({ transports: ["websocket"] })));
  one.emit("join", "room");
  two.emit("join", "room");
  await after(100);
  const heard = [];
  for (const [name, socket] of Object.entries({ one, two, three })) socket.on("said", (what) => heard.push([name, plain(what)]));
  const arrived = event(two, "said");
  one.emit("say", "room", "hello");
  await within(arrived);
  await after(100);
  for (const socket of [one, two, three]) socket.disconnect();
  return heard;
};
told["rooms"] = rooms();

const again = async () => {
  const socket = await connected({ auth: "again", reconnectionDelay: 50, transports: ["websocket"] });
  const first = socket.id;
  const lost = event(socket, "disconnect");
  const back = event(socket, "connect");
  socket.io.engine.close();
  const [reason] = await within(lost);
  await within(back);
  const seen = [reason, socket.id !== first, await within(socket.emitWithAck("echo", 1))];
  const sent = event(socket, "disconnect");
  socket.emit("go");
  seen.push((await within(sent))[0], socket.active);
  return seen;
};
told["reconnects"] = again();

const refused = async () => {
  const socket = io({ forceNew: true, auth: "wrong", transports: ["websocket"] });
  const [error] = await within(event(socket, "connect_error"));
  return [error.message, error.data];
};
told["refused"] = refused();
const other = async () => {
  const socket = io("/other", { forceNew: true });
  const answer = await within(socket.emitWithAck("shout", "loud"));
  socket.disconnect();
  return answer;
};
told["another namespace"] = other();

for (const name of Object.keys(told)) told[name] = await told[name];
await after(300);
told["gone"] = (await (await fetch("/gone")).json()).map(String).sort();
return told;
