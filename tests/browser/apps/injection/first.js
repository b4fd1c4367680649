// The first script of a document: writes down what it finds.
var seen = {
  cookie: document.cookie,
  scripts: document.scripts.length,
  charset: document.characterSet,
  mine: document.currentScript === document.querySelector("script, *|script"),
  nodes: document.childNodes.length,
  before: document.documentElement.outerHTML.length,
};
var violations = [];
document.addEventListener("securitypolicyviolation", (event) => {
  const blocked = event.blockedURI.replace(location.origin, "");
  violations.push([event.effectiveDirective, blocked, event.disposition].join(" "));
});
