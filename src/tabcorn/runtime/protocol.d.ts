/**
 * Every message that crosses a boundary in the browser, grouped by direction.
 *
 * ASGI's own words (`http.*`) mean what ASGI says; messages of ours carry the prefix `tabcorn.`.
 * Headers are always pairs, in order, names in lower case, one character a byte (Latin-1).
 * Bodies are ArrayBuffers and are transferred. docs/protocol.md tells the same as a story.
 */

export type HeaderPairs = [name: string, value: string][];

/* ---- sw → host, on the port that `tabcorn.attach` carried ------------------------------------ */

/** First on a new port. A sw with another identity took the place of one that was ended: requests
 *  that the former had under way are nobody's any more. */
export interface Introduced {
  type: "tabcorn.sw.introduced";
  sw: string;
}

/** A request begins. `id` is the sender's, unique on this port. Answered at once by `Acknowledged`. */
export interface RequestOpened {
  type: "tabcorn.request";
  id: number;
  method: string;
  /** Percent-encoded, as on the wire, the site's own path included. */
  path: string;
  /** Without the question mark. */
  query: string;
  headers: HeaderPairs;
  /** Stands for the TCP port a tab would have had; the same for all requests of one document. On a
   *  document's own line it is the line's. */
  port: number;
  /** False where the page has asked for a request without cookies (`credentials: "omit"`). */
  credentials: boolean;
  body: ArrayBuffer | undefined;
  /** More `RequestBody` messages follow. */
  more_body: boolean;
}

/** The next bytes of a request's body. At most `WINDOW` bytes are sent beyond what was credited. */
export interface RequestBody {
  type: "http.request";
  id: number;
  body: ArrayBuffer;
  more_body: boolean;
}

/** The page has read `bytes` more of the response: the app may send as much again. */
export interface Credit {
  type: "tabcorn.credit";
  id: number;
  bytes: number;
}

/** The page went away, aborted, or navigated elsewhere. Nothing more is read of this response. */
export interface Disconnected {
  type: "http.disconnect";
  id: number;
}

/** A document wants a line of its own to the host. Transfers `port`, its end of that line. */
export interface ConnectHost {
  type: "tabcorn.host.connect";
  port: MessagePort;
  /** The page's name for the line; it holds the Web Lock `Site.lifeLock(page)` while it lives. */
  page: string;
  /** Stands for the TCP port that the document would have had. */
  client: number;
  carries: LineUse;
}

/** What a document's line is for. */
export type LineUse = "socket" | "requests";

/** Scripts set cookies: what a document has sent that was not confirmed, in its order. */
export interface WriteCookies {
  type: "tabcorn.cookies.write";
  /** The document's own name for itself. */
  document: string;
  /** Counted from 1; each is set once, however often it comes. `line` is what the script gave. */
  writes: { seq: number; path: string; line: string }[];
}

export type SwToHost = Introduced | WriteCookies | RequestOpened | RequestBody | Credit | Disconnected | ConnectHost;

/* ---- host → sw, on the same port --------------------------------------------------------------- */

/**
 * First on a new port or line: who answers here. A restarted host has another `host`, and each
 * holds the Web Lock `Site.lifeLock(host)` while it lives.
 */
export interface Attached {
  type: "tabcorn.attached";
  host: string;
  build: string;
}

/** The request has arrived. Its absence means that the host is gone, not that the app is slow. */
export interface Acknowledged {
  type: "tabcorn.acknowledged";
  id: number;
}

/** Status and headers, sent as soon as the app sent them. */
export interface ResponseStart {
  type: "http.response.start";
  id: number;
  status: number;
  /** The reason phrase, or empty: `statusText`. */
  reason: string;
  headers: HeaderPairs;
  /** For a navigation, and where the cookies that scripts see have changed since the request. */
  cookies: Pick<CookieState, "version" | "sight" | "written"> | undefined;
  /** The first of the body, perhaps all of it, if the app sent it before it let go of Python. */
  body?: ArrayBuffer;
  /** Comes with `body`, as in `ResponseBody`. */
  more_body?: boolean;
}

/** The next bytes of the response. */
export interface ResponseBody {
  type: "http.response.body";
  id: number;
  body: ArrayBuffer;
  more_body: boolean;
}

/** The response broke, or the socket was refused or lost: the page must see an error, no clean end. */
export interface Aborted {
  type: "tabcorn.abort";
  id: number;
  message: string;
}

/** `Credit` travels this way too: the app has read `bytes` more of the request's body. */
export type HostToSw = Attached | Acknowledged | ResponseStart | ResponseBody | Credit | Aborted;

/* ---- shell → host, on the worker's own port ------------------------------------------------------ */

/** Hand the host a port on which a service worker will send requests. Transfers `port`. */
export interface Attach {
  type: "tabcorn.attach";
  port: MessagePort;
  /** Who it is, as in `ShellOpened`. */
  shell: string;
  /** The browser session that this tab remembers to be in, or empty. */
  session: string;
}

/* ---- host ↔ documents, on the BroadcastChannel `Site.cookies` --------------------------------------- */

/** What scripts may see of the cookies now; never an HttpOnly one. The sw sends it on, too. */
export interface CookieState {
  type: "tabcorn.cookies.state";
  /** Later ones are greater. */
  version: number;
  /** JSON: `cookies`, and in `guarded` a hash of each HttpOnly cookie's name, domain and path. */
  sight: string;
  /** The last write of a document that is in it. */
  written: { document: string; seq: number } | undefined;
}

/** A document asks for the state. */
export interface CookiesWanted {
  type: "tabcorn.cookies.wanted";
}

/* ---- shells ↔ host, on the BroadcastChannel `Site.announcements` ------------------------------------ */

/** A host has started, perhaps in the place of another: every shell answers with `ShellOpened`. */
export interface HostStarted {
  type: "tabcorn.host.started";
}

/** A shell has opened: tell it the present state. The shell holds the Web Lock `Site.shellLock(id)`. */
export interface ShellOpened {
  type: "tabcorn.shell.opened";
  shell: string;
}

/** Where the boot is. `loaded` and `total` are bytes; both are 0 in steps that have no measure. */
export interface Booting {
  type: "tabcorn.booting";
  step: BootStep;
  loaded: number;
  total: number;
}

export type BootStep = "download" | "interpreter" | "app";

/** The app has started up and answers requests. */
export interface Ready {
  type: "tabcorn.ready";
  host: string;
  /** What Python was started from. */
  from: "snapshot" | "packages";
}

/** The host cannot come up. */
export interface Failed {
  type: "tabcorn.failed";
  failure: Failure;
}

/** An error as data. `detail` is a Python traceback or empty. */
export interface Failure {
  stage: FailureStage;
  message: string;
  detail: string;
}

export type FailureStage =
  | "browser" // the browser lacks something, or forbids it
  | "service-worker" // it could not be registered, or never took control
  | "asset" // a file of the site is missing or not what the build wrote
  | "interpreter" // Python did not start
  | "storage" // the files that are kept cannot be read
  | "import" // the app could not be imported
  | "interface" // what was imported is no application
  | "form" // it will not be sent again
  | "lifespan" // the app's own startup failed
  | "runtime"; // a fault of ours, or of Python, later on

/** Lines that the app or the server printed. Earlier lines are repeated for one `shell` only. */
export interface Logged {
  type: "tabcorn.logged";
  shell: string | undefined;
  lines: Line[];
}

export interface Line {
  stream: "stdout" | "stderr";
  text: string;
}

/** The browser session that all tabs are in: they remember it over a reload. */
export interface SessionNamed {
  type: "tabcorn.session";
  session: string;
}

export type Announcement = HostStarted | SessionNamed | ShellOpened | Booting | Ready | Failed | Logged;

/* ---- shell → sw ------------------------------------------------------------------------------- */

/** Which build are you? Answered on the transferred port by `SwBuild`. */
export interface WhichBuild {
  type: "tabcorn.sw.build?";
  reply: MessagePort;
}

/** Take control of this page, which was loaded past the sw. Answered by `controllerchange`. */
export interface ClaimMe {
  type: "tabcorn.sw.claim";
}

/** Waiting sw: no other tab is open, take over now. */
export interface Activate {
  type: "tabcorn.sw.activate";
}

/** A port to the host; `build` and a fresh `Attached` on the port say which. Transfers `port`. */
export interface HostPort {
  type: "tabcorn.sw.host";
  port: MessagePort;
}

/** How did the user come here? Answered on the transferred port by `EntryTaken`. */
export interface TakeEntry {
  type: "tabcorn.entry.take";
  /** Not the sender's own entry, but the form that its document answers. */
  form?: string;
  reply: MessagePort;
}

/** The frame is about to be navigated: answer that navigation as this one. `reply` gets `EntryPut`. */
export interface PutEntry {
  type: "tabcorn.entry.put";
  entry: Entry;
  reply: MessagePort;
}

/** Keeps the sw alive while streams are open (Firefox ends an idle sw's streams after 30 s). */
export interface Ping {
  type: "tabcorn.sw.ping";
}

export type ShellToSw = WhichBuild | ClaimMe | Activate | HostPort | TakeEntry | PutEntry | Ping;

/* ---- sw → shell ------------------------------------------------------------------------------- */

export interface SwBuild {
  type: "tabcorn.sw.build";
  build: string;
  /** How many shells of this site the sw controls. */
  shells: number;
}

export interface EntryTaken {
  type: "tabcorn.entry.taken";
  entry: Entry | undefined;
  /** The browser itself brings the shell's frame back to where it was, and has asked the user before
   *  it sent a form again. */
  restored: boolean;
}

export interface EntryPut {
  type: "tabcorn.entry.ready";
  /** The browser has navigated the frame by itself: the shell must not. */
  restored: boolean;
}

/** The frame's first navigation has been answered, perhaps by something that opens no document. */
export interface EntryAnswered {
  type: "tabcorn.entry.answered";
  status: number;
  /** False for a download, 204, 205 and the like: no load event will follow. */
  document: boolean;
}

/** The sw has no (living) host: every shell that can reach one answers with `HostPort`. */
export interface HostWanted {
  type: "tabcorn.host.wanted";
}

/** Streams are open, or are not any more: send `Ping` every ten seconds, or stop. */
export interface Streaming {
  type: "tabcorn.sw.streaming";
  open: boolean;
}

export type SwToShell = EntryAnswered | HostWanted | Streaming;

/* ---- sw → documents, on the BroadcastChannel `Site.kept` ------------------------------------------ */

/** The cache now holds the answers of these addresses: requests for them take the sw's way. */
export interface Kept {
  type: "tabcorn.sw.kept";
  urls: string[];
}

export type SwToDocuments = Kept;

/**
 * A top-level navigation as a server would have seen it. The sw answers it with the shell and
 * keeps what came with it; the shell replays it in the frame.
 */
export interface Entry {
  url: string;
  method: string;
  /** Full referrer, or empty where the browser hides it. */
  referrer: string;
  /** The Origin header where the engine shows it, or empty. */
  origin: string;
  /** There is no referrer since the page that led here hides itself. */
  hidden: boolean;
  /** The page that led here hides itself, and is the app's own. */
  own: boolean;
  /** The origin to which the app had led, and which has led back by a redirect; or empty. */
  through: string;
  /** The tab was reloaded, or found again by Back. */
  again?: Again | undefined;
  headers: HeaderPairs;
  /** A reload says so here (Chromium, Firefox). */
  cache: RequestCache;
  body: ArrayBuffer | undefined;
}

/** What the browser calls such a navigation, and where the document was scrolled to before. */
export interface Again {
  type: "reload" | "back_forward";
  scroll: [x: number, y: number];
}

/** What of an entry its document is told, in the page script's tag. */
export type Arrival = Pick<Entry, "referrer" | "again">;

/* ---- page script → shell (window.postMessage, same origin) ------------------------------------------- */

/** The document in the frame is at another URL, or has another title. */
export interface PageMoved {
  type: "tabcorn.page.moved";
  href: string;
  /** Undefined while the document loads and has none yet. */
  title: string | undefined;
  /** It is the answer to a form; `PagePosted` follows if the form is not too old. */
  posted: boolean;
}

/** The form that the frame's document answers: the shell keeps it in case the tab is reloaded. */
export interface PagePosted {
  type: "tabcorn.page.posted";
  entry: Entry;
}

/** Open a URL in place of the whole tab: it lies off the site. */
export interface OpenTop {
  type: "tabcorn.page.leave";
  href: string;
  /** The navigation takes the place of the present history entry: it was a redirect, say. */
  replace: boolean;
}

export type PageToShell = PageMoved | PagePosted | OpenTop;

/* ---- page script → sw ------------------------------------------------------------------------ */

/** The page gave up requests of its own, and waits for no other of the method and address. */
export interface PageAborted {
  type: "tabcorn.page.aborted";
  method: string;
  /** Absolute, as it was asked for, with its fragment. */
  url: string;
  /** It may be reading an earlier answer of the address. */
  read: boolean;
}

/** The document is about to navigate itself, or another window. */
export interface PageLeads {
  type: "tabcorn.page.leads";
  method: "GET" | "POST";
  /** Absolute, perhaps of another origin; a GET form's has no fields yet. */
  url: string;
}

/** A document wants a line of its own to the host. Transfers `port`, its end of that line. */
export interface ConnectPage {
  type: "tabcorn.page.connect";
  port: MessagePort;
  page: string;
  /** Nobody has answered for long: make sure that the host still lives. */
  again: boolean;
  carries: LineUse;
}

/** By its own port the page has got an answer that the sw's cache may keep, or that makes void what it
 *  holds. */
export interface PageAnswered {
  type: "tabcorn.page.answered";
  method: string;
  /** Absolute, inside the site. */
  url: string;
  cache: RequestCache;
  /** The request's headers, as the app has seen them. */
  sent: HeaderPairs;
  /** In ms since 1970. */
  times: { asked: number; received: number };
  /** With its body, if that is to be kept and came with the start. Transfers it. */
  answer: Pick<ResponseStart, "status" | "reason" | "headers"> & { body: ArrayBuffer | undefined };
}

/** Answer, on `reply`, with what your scripts have set: a navigation waits for it. By the sw. */
export interface FlushCookies {
  type: "tabcorn.cookies.flush";
  reply: MessagePort;
}

export type PageToSw = WriteCookies | PageAborted | PageLeads | PageAnswered | ConnectPage;

/* ---- worker of the app → host, on the BroadcastChannel `Site.lines` ------------------------------ */

/** A worker wants a line of its own: the BroadcastChannel `Site.line(page)`. */
export interface ConnectWorker {
  type: "tabcorn.worker.connect";
  page: string;
  client: number;
}

/* ---- page script → host, on a line ---------------------------------------------------------------- */

/** A WebSocket begins. `id` is the page's, unique on this line. */
export interface SocketOpened {
  type: "tabcorn.socket";
  id: number;
  /** As its `url` shows it: absolute, ws or wss. */
  url: string;
  protocols: string[];
}

/** A message for the app: either a text without surrogates, or bytes. */
export interface SocketReceived {
  type: "websocket.receive";
  id: number;
  text?: string;
  bytes?: ArrayBuffer;
}

/** A close frame of the page's, or its answer to the app's; 1005 stands for one without a code. */
export interface SocketDisconnected {
  type: "websocket.disconnect";
  id: number;
  code: number;
  reason: string;
}

/** `Credit` tells here that the page has read messages: their bytes, and 64 for each. */
export type PageToHost = SocketOpened | SocketReceived | SocketDisconnected | Credit;

/** On a line that carries requests, a document says what a service worker says. */
export type PortToHost = WriteCookies | RequestOpened | Credit | Disconnected;

/* ---- host → page script, on the same line ----------------------------------------------------------- */

/** The app has accepted the socket. No subprotocol is the empty string. */
export interface SocketAccepted {
  type: "websocket.accept";
  id: number;
  subprotocol: string;
  /** What scripts may see of the cookies now: the acceptance may have set some. */
  cookies: Pick<CookieState, "version" | "sight">;
}

/** A message of the app's: a text or bytes. */
export interface SocketSent {
  type: "websocket.send";
  id: number;
  text?: string;
  bytes?: ArrayBuffer;
}

/** A close frame of the app's, or its answer to the page's. */
export interface SocketClosed {
  type: "websocket.close";
  id: number;
  code: number;
  reason: string;
}

/** `Credit` tells here how many bytes of messages the host has taken. */
export type HostToPage = Attached | SocketAccepted | SocketSent | SocketClosed | Credit | Aborted;

/** On a line that carries requests. */
export type HostToPort = Attached | Acknowledged | ResponseStart | ResponseBody | Aborted;
