// send(): every type, bufferedAmount in every state, the order of Blobs; binaryType.
// WPT: Send-*, Secure-Send-*, send-many-*, binary/*, extended-payload-length, binaryType-*,
// interfaces/WebSocket/send, interfaces/WebSocket/bufferedAmount.

const bytes = () => Uint8Array.from({ length: 16 }, (_, i) => i + 1).buffer;
const given = (buffer) => structuredClone(buffer, { transfer: [buffer] });
const sends = {
  text: () => "hé€😀",
  empty: () => "",
  surrogate: () => "a\ud800b",
  "surrogates in the wrong order": () => "\udc00\ud800\ud83d\ude00",
  "byte order mark": () => "\ufeffx",
  nul: () => "\0",
  buffer: bytes,
  "empty buffer": () => new ArrayBuffer(0),
  view: () => new Uint8Array(bytes()).subarray(2, 5),
  "empty view": () => new Uint8Array(bytes(), 4, 0),
  Int8Array: () => new Int8Array(bytes(), 4, 2),
  Uint8ClampedArray: () => new Uint8ClampedArray(bytes(), 4, 2),
  Int16Array: () => new Int16Array(bytes(), 4, 2),
  Uint16Array: () => new Uint16Array(bytes(), 2, 2),
  Int32Array: () => new Int32Array(bytes(), 4, 2),
  Uint32Array: () => new Uint32Array(bytes(), 4),
  Float32Array: () => new Float32Array(bytes(), 4, 2),
  Float64Array: () => new Float64Array(bytes(), 8),
  BigInt64Array: () => new BigInt64Array(bytes(), 8, 1),
  DataView: () => new DataView(bytes(), 1, 4),
  "buffer that was transferred": () => {
    const buffer = bytes();
    given(buffer);
    return buffer;
  },
  "view of what was transferred": () => {
    const view = new Uint8Array(bytes());
    given(view.buffer);
    return view;
  },
  resizable: () => new ArrayBuffer(4, { maxByteLength: 8 }),
  "view of a resizable": () => new Uint8Array(new ArrayBuffer(4, { maxByteLength: 8 })),
  shared: () => new WebAssembly.Memory({ shared: true, initial: 1, maximum: 1 }).buffer,
  "view of a shared": () =>
    new Uint8Array(new WebAssembly.Memory({ shared: true, initial: 1, maximum: 1 }).buffer, 0, 4),
  "view of a memory": () => new Uint8Array(new WebAssembly.Memory({ initial: 1 }).buffer, 0, 5),
  blob: () => new Blob(["abc"]),
  "empty blob": () => new Blob([]),
  "part of a blob": () => new Blob(["abcdef"]).slice(2, 4),
  "blob with a type": () => new Blob(["é"], { type: "text/plain" }),
  file: () => new File(["abc"], "x"),
  number: () => 5,
  big: () => 12n,
  true: () => true,
  null: () => null,
  undefined: () => undefined,
  object: () => ({}),
  array: () => [1, [2, 3]],
  date: () => new Date(NaN),
  String: () => new String("boxed"),
  function: () => () => 1,
  parameters: () => new URLSearchParams("a=b"),
  form: () => new FormData(),
  "looks like a blob": () => Object.create(Blob.prototype),
  "looks like a buffer": () => Object.create(ArrayBuffer.prototype),
  symbol: () => Symbol("x"),
  "throws as a string": () => loud("x", new RangeError("x"), []),
  "no string": () => Object.create(null),
};
if (inDocument) {
  const frame = document.createElement("iframe");
  document.body.append(frame);
  const other = frame.contentWindow;
  sends["a frame's buffer"] = () => new other.Uint8Array([1, 2]).buffer;
  sends["a frame's view"] = () => new other.Uint8Array([1, 2]);
  sends["a frame's blob"] = () => new other.Blob(["abc"]);
}
for (const length of [125, 126, 127, 65535, 65536, 65537]) {
  sends[`text of ${length}`] = () => "x".repeat(length);
  sends[`bytes of ${length}`] = () => new Uint8Array(length);
}
for (const [name, make] of Object.entries(sends)) {
  runs[`send: ${name}`] = [`name=${where}-${encodeURIComponent(name)}`, undefined, opened((socket, note) => {
    note(socket.send(make()), `buffered ${socket.bufferedAmount}`);
    const again = () => note(tried(() => socket.send(make())), `buffered ${socket.bufferedAmount}`);
    socket.onmessage = () => {
      note(`then ${socket.bufferedAmount}`);
      socket.close();
      again();
    };
    socket.onclose = again;
  })];
}
runs["send: nothing"] = ["", undefined, opened((socket) => socket.send())];
runs["send: while connecting"] = ["", undefined, (socket, note) => {
  note(tried(() => socket.send(Symbol("x"))), tried(() => socket.send()));
  note(tried(() => socket.send("x")), socket.bufferedAmount);
  socket.onopen = () => socket.close();
}];
runs["send: what is changed afterwards"] = [`name=${where}-copy`, undefined, opened((socket) => {
  const view = new Uint8Array([1, 2, 3]);
  socket.send(view);
  view[0] = 9;
  socket.send(view);
  let got = 0;
  socket.onmessage = () => ++got === 2 && socket.close();
})];
runs["send: many"] = [`name=${where}-many`, undefined, opened((socket, note) => {
  for (let i = 0; i < 20; i++) socket.send("x".repeat(i));
  note(socket.bufferedAmount);
  let got = 0;
  socket.onmessage = () => ++got === 20 && (note(socket.bufferedAmount), socket.close());
})];
runs["send: blobs and others"] = [`name=${where}-mixed`, undefined, opened((socket, note) => {
  socket.binaryType = "arraybuffer";
  for (const each of ["1", new Blob(["22"]), new Blob([new Uint8Array(100000)]), "3", new Uint8Array(4)]) socket.send(each);
  note(socket.bufferedAmount);
  let got = 0;
  socket.onmessage = () => ++got === 5 && socket.close();
})];
runs["send: order"] = [`mode=quiet&name=${where}-order`, undefined, opened((socket) => {
  socket.send(new Blob(["slow"]));
  socket.send("quick");
  socket.send(new Uint8Array(3));
  socket.close(3001, "after all of it");
})];
runs["send: in onmessage"] = ["", undefined, opened((socket) => {
  socket.send("0");
  socket.onmessage = ({ data }) => (+data < 5 ? socket.send(String(+data + 1)) : socket.close());
})];
runs["binaryType"] = ["", undefined, opened((socket, note) => {
  for (const value of ["arraybuffer", "nonsense", "Blob", "", null, undefined, 0]) {
    socket.binaryType = value;
    note(socket.binaryType);
  }
  note(tried(() => (socket.binaryType = Symbol("x"))));
  socket.send(new Uint8Array(1));
  socket.onmessage = () => {
    if (socket.binaryType === "blob") return socket.close();
    socket.binaryType = "blob";
    return socket.send(new Uint8Array(2));
  };
  socket.onclose = () => {
    socket.binaryType = "arraybuffer";
    note(socket.binaryType);
  };
})];
runs["a blob's content"] = ["", undefined, opened((socket, note) => {
  socket.send(new Blob(["abc"], { type: "text/x" }));
  socket.onmessage = async ({ data }) => {
    note(`'${data.type}'`, await data.text(), data instanceof File);
    socket.close();
  };
})];
