// close(): conversions, codes, reasons, states; closings by the app.
// WPT: Close-*, Secure-Close-*, close-invalid, interfaces/WebSocket/close, interfaces/CloseEvent,
// closing-handshake/*, interfaces/WebSocket/readyState.

const closes = {
  nothing: [],
  1000: [1000],
  3000: [3000, "why"],
  4999: [4999, "ä".repeat(61) + "x"],
  text: ["3000"],
  object: [{ valueOf: () => 3333 }],
  fraction: [3000.4],
  "half of an even": [3000.5],
  "half of an odd": [3001.5],
  "half below 1000": [999.5],
  "half below 3000": [2999.5],
  "half above 4999": [4999.5],
  "too long": [1000, "x".repeat(124)],
  "as long as may be": [1000, "x".repeat(123)],
  "too long in bytes": [1000, "ä".repeat(62)],
  "four bytes each": [1000, "😀".repeat(30)],
  surrogate: [1000, "a\ud800b\udc00"],
  "surrogates that fit": [1000, "\ud800".repeat(41)],
  "surrogates too long": [1000, "\ud800".repeat(42)],
  "null reason": [1000, null],
  "undefined reason": [1000, undefined],
  "object for a reason": [1000, {}],
  "symbol for a reason": [1000, Symbol("x")],
  "undefined code": [undefined],
  "undefined code with a reason": [undefined, "why"],
  "undefined both": [undefined, undefined],
  "null code": [null],
  "only a reason": ["why"],
  "both wrong": [1, "x".repeat(200)],
  "more arguments": [1000, "a", 5],
  0: [0],
  "-1": [-1],
  1: [true],
  999: [999],
  1001: [1001],
  1005: [1005],
  1006: [1006],
  2999: [2999],
  5000: [5000],
  "past a short": [65536 + 1000],
  endless: [Infinity],
  big: [1000n],
  symbol: [Symbol("x")],
};
for (const [name, args] of Object.entries(closes)) {
  runs[`close: ${name}`] = ["", undefined, opened((socket, note) => {
    note(socket.close(...args), `state ${socket.readyState}`);
    socket.close(4000, "again");
  })];
}
runs["close: wrongly in each state"] = ["", undefined, (socket, note) => {
  const wrongly = () => note(tried(() => socket.close(1)), tried(() => socket.close(1000, "x".repeat(200))), socket.readyState);
  wrongly();
  socket.onopen = () => {
    wrongly();
    socket.close();
    wrongly();
  };
  socket.onclose = wrongly;
}];
runs["close: in onclose"] = ["mode=close", undefined, (socket, note) => {
  socket.onclose = () => {
    socket.close();
    note(socket.readyState);
  };
}];
runs["close: in onerror"] = ["mode=deny", undefined, (socket) => {
  socket.onerror = () => socket.close(3000, "x");
}];
runs["close: in onmessage"] = ["", undefined, opened((socket) => {
  socket.send("a");
  socket.send("b");
  socket.onmessage = () => socket.close(3000);
})];
runs["close: while connecting"] = ["mode=slow&seconds=0.3", undefined, (socket, note) => {
  socket.close(3000, "x");
  note(`state ${socket.readyState}`);
  note(tried(() => socket.send("abc")), socket.bufferedAmount);
  socket.close();
}];
runs["close: wrongly while connecting"] = ["mode=slow&seconds=0.3", undefined, (socket, note) => {
  note(tried(() => socket.close(1)));
  socket.close();
}];
runs["close: while messages come"] = ["mode=chatty", undefined, (socket) => {
  let got = 0;
  socket.onmessage = () => ++got === 3 && socket.close(3000, "x");
}];

for (const code of [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999]) {
  runs[`closed by the app: ${code}`] = [`mode=close&code=${code}&reason=${encodeURIComponent("ä".repeat(61) + "x")}`];
}
runs["closed by the app: without a code"] = ["mode=close-none"];
runs["closed by the app: after messages"] = ["mode=greet-close&n=50"];
runs["closed by the app: while the page sends"] = ["mode=close-on-text", undefined, opened((socket, note) => {
  for (let i = 0; i < 30; i++) socket.send(new Uint8Array(100_000));
  note(socket.bufferedAmount);
})];
runs["refused"] = ["mode=deny"];
runs["returning"] = ["mode=return"];
runs["raising late"] = ["mode=raise-late"];
