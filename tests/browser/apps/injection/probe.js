// Loads documents in frames of its own and tells what each has become.
// (The body of an async function; its argument: name → URL.)
const describe = ({ contentDocument: shown, contentWindow: inner }) => {
  const texts = [];
  const walker = shown.createTreeWalker(shown, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) texts.push(walker.currentNode.data.length);
  return {
    seen: inner.seen,
    ran: inner.ran,
    // WebKit reports what it tries to preload once more.
    violations: inner.violations && [...new Set(inner.violations)].sort(),
    charset: shown.characterSet,
    mode: shown.compatMode,
    type: shown.contentType,
    title: shown.title,
    nodes: [...shown.childNodes].map(({ nodeName, publicId, data }) => [nodeName, publicId, data]),
    texts,
    html: shown.documentElement.outerHTML,
    scripts: shown.scripts.length,
  };
};

const settled = async (inner) => {
  for (let last, told; ; last = told) {
    told = JSON.stringify([inner.ran, inner.violations]);
    if (told === last) return;
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
};

const show = async (url) => {
  const frame = document.createElement("iframe");
  frame.src = url;
  const loaded = new Promise((resolve) => (frame.onload = () => resolve(true)));
  const late = new Promise((resolve) => setTimeout(resolve, 10000));
  document.body.append(frame);
  if (!(await Promise.race([loaded, late]))) return "no load";
  frame.contentDocument?.querySelector("button")?.click();
  await settled(frame.contentWindow); // reports come late
  return frame.contentDocument ? describe(frame) : "out of reach";
};

return Object.fromEntries(
  await Promise.all(Object.entries(args[0]).map(async ([name, url]) => [name, await show(url)])),
);
