"""Documents in which the page script must leave no trace, each as the app is to answer it.

`FIRST` stands for a script that writes down what it finds; see the app's folder.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
from urllib.parse import quote

from tests.browser.known import INJECTION

Told = dict[str, object]

FIRST = (INJECTION.folder / "first.js").read_text()
PROBE = (INJECTION.folder / "probe.js").read_text()

XHTML = "http://www.w3.org/1999/xhtml"
SVG = "http://www.w3.org/2000/svg"


def answer(told: Told) -> str:
    """Return the path that makes the app answer so; ORIGIN in it is to be replaced."""
    return "answer?" + quote(json.dumps(told), safe="")


def page(text: str, code: str = "latin1", kind: str = "text/html", **headers: str) -> Told:
    """Return a document in its encoding, with headers whose names have `_` for `-`."""
    data = text.replace("FIRST", f"<script>{FIRST}</script>").encode(code).decode("latin1")
    more = [(name.replace("_", "-"), value) for name, value in headers.items()]
    return {"headers": [("content-type", kind), *more], "chunks": [data]}


def typed(told: Told, *types: str) -> Told:
    """Return the same with these Content-Types instead of its own."""
    return {**told, "headers": [("content-type", kind) for kind in types]}


def comment(length: int) -> str:
    return f"<!--{'x' * length}-->"


def xml(text: str, kind: str) -> Told:
    """Escaped, and no CDATA: WebKit cuts that into pieces wherever its buffer ends."""
    script = f"<script xmlns='{XHTML}'>{html.escape(FIRST)}</script>"
    return page(text.replace("FIRST", script), kind=kind)


RUN = "(window.ran ??= []).push"
HASH = base64.b64encode(hashlib.sha256(f"{RUN}('hash')".encode()).digest()).decode()


def policy(*policies: str, only_reported: bool = False) -> Told:
    """Return a page that does what a policy may forbid: `ran` names what was allowed."""
    javascript = {"headers": [("content-type", "text/javascript")], "chunks": [f"{RUN}('self')"]}
    text = f"""<!doctype html><title>policy</title>
      <script nonce=one>{FIRST}</script>
      <script nonce=two>{RUN}('two')</script>
      <script>{RUN}('inline')</script>
      <script>{RUN}('hash')</script>
      <script nonce=one>try {{ eval("{RUN}('eval')") }} catch {{}}</script>
      <script src="/{answer(javascript)}"></script>
      <button onclick="{RUN}('handler')">x</button><img src=x>
      <p style="color: red">x<style>p {{ margin: 0 }}</style>"""
    name = "content-security-policy" + ("-report-only" if only_reported else "")
    headers = [(name, value.replace("HASH", f"'sha256-{HASH}'")) for value in policies]
    return {"headers": [("content-type", "text/html"), *headers], "chunks": [text]}


MARKUP: dict[str, Told] = {
    "plain": page("<!doctype html>\n<html lang=en>\n<head>\nFIRST\n</head>\n<body>\n<p>x\n"),
    "no head": page("<!doctype html>\n<!-- c -->\nFIRST<p>x"),
    "quirks": page("FIRST<p>x"),
    "text first": page("<!doctype html>text FIRST"),
    "space of another kind": page("<!doctype html>\xa0FIRST"),
    "quotes": page("<!doctype html><html a\"b data-x='>'>FIRST<p>\">"),
    "end tags": page("</p><!-- c --></div>FIRST"),
    "frames": page("<!doctype html><html>FIRST<frameset><frame></frameset>"),
    "body first": page(f"<body onload=\"{RUN}('load')\">FIRST"),
    "template": page("<!doctype html><template><script>1</script></template>FIRST"),
    "never ends": page("<!doctype html><!-- never ends"),
    "empty": page(""),
    "error": {**page("<!doctype html>FIRST<p>not found"), "status": 404},
    "part": {**page("<!doctype html><p>part"), "status": 206},
    "length": page("<!doctype html><p>ab", content_length="20"),
    "byte by byte": {
        **page(""),
        "chunks": [*"<!doctype html><html lang='>'><head>", f"<script>{FIRST}</script>"],
    },
    "long comment": {
        **page(""),
        "chunks": ["<!--", ["x", 100_000], "--><!doctype html><html><script>", FIRST, "</script>"],
    },
    "other headers": page(
        "<!doctype html>FIRST",
        cross_origin_opener_policy="same-origin",
        cross_origin_embedder_policy="require-corp",
        cross_origin_resource_policy="same-origin",
        permissions_policy="camera=(), sync-xhr=()",
        document_policy="document-write=?0",
        referrer_policy="no-referrer",
        x_content_type_options="nosniff",
    ),
}

ENCODINGS: dict[str, Told] = {
    "utf-16le": page("\ufeff<!doctype html>FIRST<p>é日", "utf-16le"),
    "utf-16be": page("\ufeff<!doctype html>FIRST<p>é日", "utf-16be"),
    "utf-16": page("<!doctype html>FIRST<p>é日", "utf-16le", "text/html; charset=utf-16"),
    "utf-8 mark": page("\ufeff<html><head>FIRST<p>é日", "utf-8", "text/html; charset=latin1"),
    "shift_jis": page("<html title='日本'><meta charset=shift_jis>FIRST<p>日本", "shift_jis"),
    "iso-2022-jp": page(
        "<html title='日本語の本'><!-- 日本 --><meta charset=iso-2022-jp>FIRST", "iso2022_jp"
    ),
    "euc-kr": page("<html title='한'>FIRST", "euc_kr", 'text/html; Charset="EUC-KR"'),
    "declared late": page(f"<!doctype html><p>x{comment(960)}<meta charset=shift_jis>FIRST"),
    "declared too late": page(f"<!doctype html><p>x{comment(2000)}<meta charset=shift_jis>FIRST"),
    "declared by pragma": page(
        f"<!doctype html><p>{comment(900)}"
        "<meta http-equiv=content-type content='text/html; charset=gbk'>FIRST"
    ),
}

TYPES: dict[str, Told] = {
    "odd type": page("<!doctype html>FIRST", kind="TEXT/Html ; charset=utf-8"),
    "two types": typed(page("<!doctype html>FIRST"), "text/plain", "text/html"),
    "two types, text": typed(page("<!doctype html>FIRST"), "text/html", "text/plain"),
    "no type": typed(page("<!doctype html>FIRST")),
    "no readable type": typed(page("<!doctype html>FIRST"), "nonsense"),
    "no type, comment": typed(page("  <!-- c --> FIRST")),
    "no type, text": typed(page("text <b>")),
    "no type, not sniffed": {
        **page("<!doctype html>"),
        "headers": [("x-content-type-options", "nosniff")],
    },
    "json": page("{}", kind="application/json"),
    "text": page("<!doctype html><p>", kind="text/plain"),
    "xhtml": xml(
        "<?xml version='1.0'?>\n<!DOCTYPE html [<!ENTITY e ']>'>]>"
        f"<html xmlns='{XHTML}'>\n<head>FIRST</head><body>&e;</body></html>",
        "application/xhtml+xml",
    ),
    "prefixed": xml(f"<h:html xmlns:h='{XHTML}'><h:head>FIRST</h:head></h:html>", "text/xml"),
    "svg": xml(f"<svg xmlns='{SVG}' width='9'>\nFIRST<g/></svg>", "image/svg+xml"),
    "data": xml("<a><b>x</b></a>", "application/xml"),
    "no type, xml": typed(xml(f"<?xml version='1.0'?><html xmlns='{XHTML}'>FIRST</html>", "")),
}

POLICIES: dict[str, Told] = {
    "no policy": policy(),
    "nonce": policy("script-src 'nonce-one'"),
    "nonces": policy("script-src 'nonce-one' 'nonce-two'", "script-src 'nonce-two' 'nonce-one'"),
    "different nonces": policy("script-src 'nonce-two', script-src 'nonce-one' HASH"),
    "unsafe-inline": policy("default-src 'unsafe-inline'"),
    "self": policy("default-src 'self' 'unsafe-inline'; script-src 'self' 'nonce-one'"),
    "hash": policy("script-src HASH"),
    "strict, nonce": policy("script-src 'strict-dynamic' 'nonce-one' 'unsafe-inline' https:"),
    "strict, hash": policy("script-src 'strict-dynamic' HASH"),
    "none": policy("default-src 'none'"),
    "elements": policy(
        "script-src-elem 'nonce-one'; script-src-attr 'unsafe-inline'; script-src 'unsafe-eval'"
    ),
    "handlers": policy("script-src-attr 'none'; script-src 'unsafe-inline' 'unsafe-eval'"),
    "only reported": policy("default-src 'none'", only_reported=True),
    "trusted types": policy("require-trusted-types-for 'script'; script-src 'nonce-one'"),
    "paths": policy("script-src ORIGIN/answer 'unsafe-inline'; img-src ORIGIN/answer"),
    "in the document": page(
        "<!doctype html>"
        "<meta http-equiv=content-security-policy content=\"script-src 'nonce-one'\">"
        f"<script nonce=one>{FIRST}</script><script>ran = 1</script>"
    ),
}

DOCUMENTS = {**MARKUP, **ENCODINGS, **TYPES, **POLICIES}


def paths(origin: str) -> dict[str, str]:
    """Return the paths of all documents in an app at this origin."""
    own = quote(origin, safe="")
    return {name: "/" + answer(told).replace("ORIGIN", own) for name, told in DOCUMENTS.items()}
