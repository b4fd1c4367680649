// Fetch one request after the other in a page and tell everything a page can see of the answers.
// The body of an async function: its argument is the list of requests, see Case.request().

const LARGE = 200_000;

function bodyOf(body) {
  if (body === null || typeof body === "string") return body ?? undefined;
  if ("bytes" in body) return Uint8Array.from({ length: body.bytes }, (_, index) => index % 251);
  if ("fields" in body) return new URLSearchParams(body.fields);
  const form = new FormData();
  for (const [name, value, filename] of body.form) {
    if (filename === undefined) form.append(name, value);
    else form.append(name, new Blob([value], { type: "text/x-item" }), filename);
  }
  return form;
}

async function digest(bytes) {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return `${bytes.byteLength} bytes, sha256 ${[...hash].map((byte) => byte.toString(16)).join("-")}`;
}

// Text as it is, bytes that are no text one character each, much of either as a hash.
async function told(bytes) {
  if (bytes.byteLength > LARGE) return digest(bytes);
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return Array.from(new Uint8Array(bytes), (byte) => String.fromCharCode(byte)).join("");
  }
}

// What cases took of earlier answers, by name.
const taken = {};

function filled(request) {
  const text = JSON.stringify(request);
  return JSON.parse(text.replace(/\$\{(\w+)\}/g, (_, name) => JSON.stringify(taken[name]).slice(1, -1)));
}

// Take the first group of each pattern.
function takeFrom(text, patterns) {
  for (const [name, pattern] of Object.entries(patterns)) {
    taken[name] = new RegExp(pattern).exec(text)?.[1] ?? `no ${name}`;
  }
}

async function ask({ path, init, body, take }) {
  const options = body === null ? init : { ...init, body: bodyOf(body) };
  let response;
  try {
    response = await fetch(path, options);
  } catch (error) {
    return { error: error.name };
  }
  const answer = {
    status: response.status,
    reason: response.statusText,
    type: response.type,
    redirected: response.redirected,
    url: response.url.replace(location.origin, ""),
    headers: [...response.headers],
  };
  try {
    const bytes = await response.arrayBuffer();
    takeFrom(new TextDecoder().decode(bytes), take);
    return { ...answer, body: await told(bytes) };
  } catch (error) {
    return { ...answer, broken: error.name };
  }
}

const answers = [];
for (const request of args[0]) answers.push(await ask(filled(request)));
return answers;
