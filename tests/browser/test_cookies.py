"""Cookies as a browser keeps them: sent, shown to scripts, in step, kept, and withheld."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from tests.browser.engines import start
from tests.browser.known import COOKIES

if TYPE_CHECKING:
    from tests.browser.engines import Engine
    from tests.browser.hosts import Host
    from tests.browser.sites import App
    from tests.browser.tab import Tab

SENT = "return (await (await fetch('/sent')).json()).join()"
SET = "await fetch('/sent?' + args.map((line) => 'set=' + encodeURIComponent(line)).join('&'));"
LEVELS = ("strict=1; SameSite=Strict", "lax=1; SameSite=Lax", "none=1; SameSite=None; Secure")


@pytest.fixture
def host(visit: Callable[[App], Host]) -> Host:
    return visit(COOKIES)


@pytest.fixture
def home(tab: Tab, host: Host) -> Tab:
    """The app's page, with an empty jar."""
    tab.open(host.url).run_in_frame("await fetch('/folder/clear')")
    return tab


def cookies(tab: Tab) -> str:
    return str(tab.in_frame("return document.cookie"))


def shown(tab: Tab) -> str:
    """Return the Cookie header that the document in the frame was asked for with."""
    text = tab.wait(lambda: tab.in_frame("return document.querySelector('#sent')"))
    assert text
    return str(tab.in_frame("return document.querySelector('#sent').textContent"))


# In step


def test_set_cookie_is_sent_back_and_seen_as_soon_as_the_answer(home: Tab) -> None:
    assert home.run_in_frame(SET + "return document.cookie", "a=1", "b=2; HttpOnly") == "a=1"
    assert home.run_in_frame(SENT) == "a=1; b=2"
    assert home.run_in_frame("return (await (await fetch('/names')).json()).at(-1)") == "cookie"
    assert home.run_in_frame(SET + "return document.cookie", "a=; Max-Age=0") == ""


def test_a_new_document_has_its_cookies_at_once(home: Tab) -> None:
    home.in_frame("location.href = '/sent?page&set=" + quote("a='1\"<&lt") + "&set=b=ü%3BHttpOnly'")
    home.sees("Sent")
    assert home.in_frame("return window.atOnce") == "a='1\"<&lt"


def test_redirects_set_cookies_that_the_target_gets(home: Tab) -> None:
    script = "return (await (await fetch('/redirect?to=/sent&set=a=1')).json()).join()"
    assert home.run_in_frame(script) == "a=1"


def test_requests_without_credentials_neither_send_nor_set(home: Tab) -> None:
    home.run_in_frame(SET, "a=1")
    omit = "return (await (await fetch('/sent?set=b=1', { credentials: 'omit' })).json()).join()"
    assert home.run_in_frame(omit) == ""
    assert home.run_in_frame(SENT) == "a=1"


def test_errors_set_cookies_too(home: Tab) -> None:
    for status in (404, 500):
        home.run_in_frame("await fetch(`/sent?status=${args[0]}&set=s${args[0]}=1`)", status)
    assert home.run_in_frame(SENT) == "s404=1; s500=1"


def test_requests_of_workers_carry_all(home: Tab) -> None:
    home.run_in_frame(SET, *LEVELS)
    script = """
        const code = `fetch(${JSON.stringify(new URL('/sent', location.href).href)})
            .then((answer) => answer.json()).then((sent) => postMessage(sent.join()))`;
        const worker = new Worker(URL.createObjectURL(new Blob([code])));
        return new Promise((resolve) => (worker.onmessage = ({ data }) => resolve(data)));
    """
    assert levels(home.run_in_frame(script)) == {"strict", "lax", "none"}


def test_the_page_cannot_choose_the_header(home: Tab) -> None:
    script = "return (await (await fetch('/sent', { headers: { cookie: 'a=1' } })).json()).join()"
    assert home.run_in_frame(script) == ""


def test_paths(home: Tab) -> None:
    home.run_in_frame(SET, "a=1; Path=/folder", "b=1; Path=/")
    assert cookies(home) == "b=1"
    home.in_frame("history.pushState({}, '', '/folder/x')")
    assert cookies(home) == "b=1"  # in all engines, where the document came from decides
    script = "return (await (await fetch('/folder/sent')).json()).join()"
    assert home.run_in_frame(script) == "a=1; b=1"


# Scripts


def test_script_sets_and_deletes(home: Tab) -> None:
    write = "document.cookie = args[0]; return document.cookie"
    assert home.in_frame(write.replace("args", "arguments"), "a = 1 ; Secure") == "a=1"
    assert home.in_frame(write.replace("args", "arguments"), "grün=ja") == "a=1; grün=ja"
    assert home.run_in_frame(SENT).encode("latin-1").decode() == "a=1; grün=ja"
    assert home.in_frame(write.replace("args", "arguments"), "a=; Max-Age=0") == "grün=ja"
    assert home.in_frame(write.replace("args", "arguments"), "a=b\x01") == "grün=ja"


def test_script_neither_sees_nor_replaces_http_only(home: Tab) -> None:
    home.run_in_frame(SET, "a=1; HttpOnly", "b=1; HttpOnly; Path=/folder")
    at_once = home.in_frame("document.cookie = 'a=2'; return document.cookie")
    assert at_once == ""
    home.in_frame("document.cookie = 'a=; Max-Age=0'; document.cookie = 'c=1; HttpOnly'")
    assert home.run_in_frame(SENT) == "a=1"
    assert cookies(home) == ""


def test_the_next_request_carries_what_was_written(home: Tab) -> None:
    script = """
        const late = [];
        for (let i = 0; i < 40; i++) {
            document.cookie = `n=${i}`;
            const text = await (i % 2 ? fetched : asked)();
            if (!text.includes(`n=${i}`)) late.push(i);
        }
        async function fetched() { return (await fetch('/sent')).text(); }
        async function asked() {
            const xhr = new XMLHttpRequest();
            xhr.open('GET', '/sent');
            xhr.send();
            await new Promise((resolve) => (xhr.onload = resolve));
            return xhr.responseText;
        }
        return late;
    """
    assert home.run_in_frame(script) == []


def test_what_elements_ask_for_carries_what_was_written(home: Tab) -> None:
    """Asked for in the same turn, where a request may be faster than a message."""
    script = """
        const make = {
            image: (url) => Object.assign(new Image(), { src: url }),
            script: (url) => {
                const script = Object.assign(document.createElement('script'), { src: url });
                return document.head.appendChild(script);
            },
            events: (url) => new EventSource(url),
        };
        const wrong = [];
        document.cookie = 'round=first';
        await fetch('/names');  // since then it is known to set cookies
        for (let round = 0; round < 10; round++) {
            for (const kind of Object.keys(make)) {
                document.cookie = `round=${kind}${round}`;
                document.cookie = 'other=1';
                const source = make[kind](`/note/${kind}`);
                await new Promise((resolve) => source.onerror = source.onload = resolve);
                source.close?.();
                const sent = await (await fetch(`/note/${kind}?tell`)).json();
                if (!sent.includes(`round=${kind}${round}`) || !sent.includes('other=1'))
                    wrong.push([kind, round, sent]);
            }
        }
        document.cookie = 'round=; max-age=0';
        document.cookie = 'other=; max-age=0';
        return wrong;
    """
    assert home.run_in_frame(script) == []


def test_thousands_are_set_at_once(home: Tab) -> None:
    """By an answer and by a script; the last ones stay, as many as a domain may have."""
    script = """
        const lines = Array.from({ length: 2000 }, (_, i) => `k${i}=${'x'.repeat(50)}; path=/`);
        await fetch('/folder/lines', { method: 'POST', body: JSON.stringify(lines) });
        const byServer = document.cookie.split('; ').length;
        for (const line of lines) document.cookie = line.replace('k', 's');
        const sent = (await (await fetch('/sent')).json()).join().split('; ');
        return [byServer, sent.length, sent.at(-1).slice(0, 6)];
    """
    assert home.run_in_frame(script) == [180, 180, "s1999="]


def test_the_next_navigation_carries_what_was_written(home: Tab) -> None:
    for number in range(6):
        go = "document.cookie = `n=${arguments[0]}`; location.href = `/sent?page&n=${arguments[0]}`"
        home.in_frame(go, number)
        home.at(f"n={number}")
        assert f"n={number}" in shown(home)


def test_native_looks(home: Tab) -> None:
    script = """
        const { get, set, ...rest } = Object.getOwnPropertyDescriptor(Document.prototype, 'cookie');
        const bare = document.implementation.createHTMLDocument('');
        bare.cookie = 'a=1';
        const parsed = new DOMParser().parseFromString('', 'text/html');
        const thrown = [() => get.call({}), () => new get(),
            () => (document.cookie = Symbol()),
            () => (document.cookie = { toString() { throw 1; } })];
        return [get.name, set.name, rest, bare.cookie + parsed.cookie, `${get}${set}`,
            document.cookie,
            thrown.map((call) => { try { call(); } catch (error) { return error.name ?? error; } }),
            Object.keys(window).filter(isOurs)];
        function isOurs(name) { return /tabcorn|pageCookies|place/i.test(name); }
    """
    got, put, rest, bare, text, left, thrown, leaked = home.run_in_frame(script)
    assert (got, put, bare, left, leaked) == ("get cookie", "set cookie", "", "", [])
    assert text.count("[native code]") == 2
    assert thrown == ["TypeError"] * 3 + [1]
    assert rest == {"enumerable": True, "configurable": True}


def test_tabs_and_frames_see_each_other(home: Tab, engine: Engine, host: Host) -> None:
    other = engine.tab().open(host.url)
    other.in_frame("document.cookie = 'a=1'")
    home.wait(lambda: cookies(home) == "a=1")
    home.run_in_frame(SET, "b=2")
    other.wait(lambda: cookies(other) == "a=1; b=2")
    script = """
        const frame = document.createElement('iframe');
        frame.src = '/sent?page';
        document.body.append(frame);
        await new Promise((resolve) => (frame.onload = resolve));
        return frame.contentDocument.cookie;
    """
    assert home.run_in_frame(script) == "a=1; b=2"


def test_cookie_store(home: Tab) -> None:
    if home.in_frame("return typeof cookieStore === 'undefined'"):
        pytest.skip("this engine has no cookieStore")
    script = """
        const events = [];
        cookieStore.addEventListener('change', ({ changed, deleted }) =>
            events.push([changed.map(({ name }) => name), deleted.map(({ name }) => name)]));
        await cookieStore.set('a', '1');
        await cookieStore.set({ name: 'b', value: '2', expires: Date.now() + 1e6 });
        const seen = document.cookie;
        const names = (await cookieStore.getAll()).map(({ name, value }) => name + value);
        const { value } = await cookieStore.get({ name: 'b' });
        await cookieStore.delete('a');
        const sent = (await (await fetch('/sent')).json()).join();
        await fetch('/sent?set=c=3');
        const refused = await Promise.all([['__Host-a', '=;'], ['', ''], ['a', ';']].map(
            ([name, value]) => cookieStore.set(name, value).then(() => '', (error) => error.name)));
        const none = await cookieStore.get('nothing');
        document.cookie = 'd=4; max-age=1';
        for (let i = 0; i < 200 && events.length < 6; i++) {
            await new Promise((resolve) => setTimeout(resolve, 20));
        }
        return [seen, names, value, sent, events, refused, none];
    """
    seen, names, value, sent, events, refused, none = home.run_in_frame(script)
    assert (seen, names, value, sent, none) == ("a=1; b=2", ["a1", "b2"], "2", "b=2", None)
    assert events[:4] == [[["a"], []], [["b"], []], [[], ["a"]], [["c"], []]]
    assert events[4:] == [[["d"], []], [[], ["d"]]]  # it lapses
    assert refused == ["TypeError"] * 3


STORE_CALLS = """
    const calls = {
        'get()': () => cookieStore.get(), 'get({})': () => cookieStore.get({}),
        'get(null)': () => cookieStore.get(null), 'get(url)': () => cookieStore.get({ url: '' }),
        'get(other url)': () => cookieStore.get({ url: '/other' }),
        'get( a )': () => (document.cookie = 'a=1', cookieStore.get(' a ')),
        'getAll(a)': () =>
            (document.cookie = 'a=1', document.cookie = 'b=1', cookieStore.getAll('a')),
        'set()': () => cookieStore.set(), 'set(a)': () => cookieStore.set('a'),
        'set(null)': () => cookieStore.set(null), 'set({})': () => cookieStore.set({}),
        'set({name})': () => cookieStore.set({ name: 'a' }),
        'set(1, 2)': () => cookieStore.set(1, 2),
        'set( a , b )': () => cookieStore.set(' a ', ' b '),
        'set(ü)': () => cookieStore.set('ü', '€'), 'set(both empty)': () => cookieStore.set('', ''),
        'set(a=b)': () => cookieStore.set('a=b', 'c'), 'set(;)': () => cookieStore.set('a', 'b;c'),
        'set(control)': () => cookieStore.set('a', 'b\\n'),
        'set(4096)': () => cookieStore.set('a', 'x'.repeat(4096)),
        ...Object.fromEntries([
            { path: 'x' }, { path: '/x' }, { path: '/' + 'x'.repeat(1024) },
            { domain: null }, { domain: '.localhost' }, { domain: 'example.org' },
            { domain: 'x'.repeat(1025) }, { expires: null }, { expires: 1 }, { expires: NaN },
            { expires: 'x' }, { expires: -1e15 }, { expires: 1e13 }, { sameSite: 'Lax' },
            { sameSite: 'lax' }, { sameSite: 'none' }, { name: '__Host-a', domain: 'localhost' },
            { name: '__Host-a', path: '/x' }, { name: '__Host-a' }, { name: '__Secure-a' },
            { name: '__Http-a' }, { name: '__Host-Http-a' },
        ].map((more) => [`set(${JSON.stringify(more).slice(0, 60)})`,
            () => cookieStore.set({ name: 'a', value: 'b', ...more })])),
        'delete()': () => cookieStore.delete(), 'delete({})': () => cookieStore.delete({}),
        'delete(nothing)': () => cookieStore.delete('nothing'),
        'delete(a)': () => (document.cookie = 'a=1; path=/', cookieStore.delete('a')),
        'delete(other path)': () =>
            (document.cookie = 'a=1; path=/', cookieStore.delete({ name: 'a', path: '/x/' })),
        'delete(path)': () => cookieStore.delete({ name: 'a', path: 'x' }),
        'delete(domain)': () => cookieStore.delete({ name: 'a', domain: 'example.org' }),
    };
    const plain = (item) => item && Object.fromEntries(Object.entries(item).map(
        ([name, value]) => [name, value && name === 'expires' ? 'a time' : value]));
    const forget = () => document.cookie.split('; ').forEach((pair) =>
        (document.cookie = `${pair.split('=')[0]}=; path=/; max-age=0; secure`));
    const outcome = async (call) => {
        try {
            const value = await call();
            const seen = Array.isArray(value) ? value.map(plain) : plain(value);
            return [seen ?? null, document.cookie];
        } catch (error) {
            return error.name;
        }
    };
    forget();
    const outcomes = {};
    for (const [name, call] of Object.entries(calls)) {
        outcomes[name] = await outcome(call);
        forget();
    }
    return outcomes;
"""


def test_cookie_store_answers_as_the_browsers_own(
    home: Tab, engine: Engine, under_uvicorn: Callable[[App], str]
) -> None:
    """Values, exceptions and the members of each item, with no word of which item has what."""
    if home.in_frame("return typeof cookieStore === 'undefined'"):
        pytest.skip("this engine has no cookieStore")
    if engine.name == "webkit":
        pytest.skip("WebKitGTK's jar keeps no Secure cookie here, and cookieStore makes no others")
    plain = engine.tab()
    plain.load(under_uvicorn(COOKIES))
    native = plain.run(STORE_CALLS)
    assert home.run_in_frame(STORE_CALLS) == native
    plain.close()


def test_socket_carries_cookies_and_sets_them(home: Tab) -> None:
    script = """
        document.cookie = 'a=1';
        const socket = new WebSocket('/socket');
        const shown = new Promise((resolve) => (socket.onopen = () => resolve(document.cookie)));
        const { data } = await new Promise((resolve) => (socket.onmessage = resolve));
        return [data, await shown, (await (await fetch('/sent')).json()).join()];
    """
    both = "a=1; from-socket=1"
    assert home.run_in_frame(script) == ["a=1", both, both]


# Sessions and keeping


def test_login_lasts_over_reloads_and_tabs_until_logout(
    home: Tab, engine: Engine, host: Host
) -> None:
    home.fill("#login [name=name]", "Ada")
    home.click("#login button")
    home.sees("Hello Ada")
    home.reload().sees("Hello Ada")
    engine.tab().open(host.url).sees("Hello Ada")
    assert cookies(home) == ""  # Starlette's is HttpOnly
    home.click("#logout button")
    home.sees("Hello stranger")
    home.reload().sees("Hello stranger")


def test_session_cookies_last_over_a_reload_of_the_only_tab(
    tab: Tab, fresh: Callable[[App], Host]
) -> None:
    home = tab.open(fresh(COOKIES).url)
    home.run_in_frame(SET, "session=1", "kept=1; Max-Age=1000", "secret=1; HttpOnly")
    home.reload()
    assert home.run_in_frame(SENT) == "session=1; kept=1; secret=1"
    home.reload()
    assert cookies(home) == "session=1; kept=1"


def test_session_cookies_end_with_the_last_tab_and_others_are_kept(
    engine: Engine, fresh: Callable[[App], Host]
) -> None:
    host = fresh(COOKIES)
    home = engine.tab().open(host.url)
    home.run_in_frame(SET, "session=1", "kept=1; Max-Age=1000", "secret=1; HttpOnly; Max-Age=1000")
    home.close()
    time.sleep(5)  # the host waits three seconds, whether it was a reload
    again = engine.tab().open(host.url)
    assert again.run_in_frame(SENT) == "kept=1; secret=1"
    assert cookies(again) == "kept=1"
    again.close()


def test_cookies_are_kept_over_a_restart_of_the_browser(
    engine: Engine, fresh: Callable[[App], Host], tmp_path: Path
) -> None:
    if engine.name == "webkit":
        pytest.skip("WebKitGTK's driver gives every start a profile of its own")
    host = fresh(COOKIES)
    with start(engine.name, tmp_path / "browser") as browser:
        tab = browser.tab().open(host.url)
        tab.run_in_frame(SET, "session=1", "kept=1; Max-Age=1000; HttpOnly")
    with start(engine.name, tmp_path / "browser") as browser:
        tab = browser.tab().open(host.url)
        assert tab.run_in_frame(SENT) == "kept=1"


def test_token_that_forms_repeat(home: Tab, host: Host, foreign: Host) -> None:
    """The app's own form does it; one of another site, which may even know the token, does not."""
    home.click("#enter button")
    field = "return document.querySelector('[name=token]').value"
    token = home.wait(lambda: str(home.in_frame(field)))
    assert cookies(home) == f"token={token}"
    home.click("#pay button")
    home.sees("Paid")
    form = f"<form method=post action='{host.url}pay'><input name=token value='{token}'></form>"
    arrive(home, host, foreign, f"{form}<script>document.forms[0].submit()</script>", "")
    home.sees("Refused")
    assert shown(home) == f"token={token}"
    home.open(host.url).click("#pay button")
    home.sees("Paid")


# Other sites


def levels(header: str) -> set[str]:
    """Name the levels of SameSite that were sent."""
    return {pair.partition("=")[0] for pair in header.split("; ") if pair}


FOREIGN = {
    "link": "<a href='{0}'>x</a><script>document.links[0].click()</script>",
    "hidden": "<a href='{0}' referrerpolicy=no-referrer>x</a>"
    "<script>document.links[0].click()</script>",
    "form-get": "<form action='{0}'><input name=page></form>"
    "<script>document.forms[0].submit()</script>",
    "form-post": "<form method=post action='{0}'></form>"
    "<script>document.forms[0].submit()</script>",
    "noreferrer-post": "<meta name=referrer content=no-referrer>"
    "<form method=post action='{0}'></form><script>document.forms[0].submit()</script>",
    "location": "<script>setTimeout(() => (location.href = '{0}'))</script>",
}
EXPECTED = {
    ("cross-site", "link"): {"lax", "none"},
    ("cross-site", "form-get"): {"lax", "none"},
    ("cross-site", "form-post"): {"none"},
    ("cross-site", "noreferrer-post"): {"none"},
    ("cross-site", "location"): {"lax", "none"},
    ("same-site", "link"): {"strict", "lax", "none"},
    ("same-site", "form-post"): {"strict", "lax", "none"},
}


@pytest.mark.parametrize(("site", "way"), EXPECTED)
def test_what_comes_from_elsewhere(
    home: Tab, host: Host, serve: Callable[[Path], Host], tmp_path: Path, site: str, way: str
) -> None:
    """An address is another site than localhost; another port of localhost is the same."""
    home.run_in_frame(SET, *LEVELS)
    (tmp_path / "go.html").write_text(FOREIGN[way].format(f"{host.url}sent?page"))
    name = "127.0.0.1" if site == "cross-site" else "localhost"
    home.start(f"http://{name}:{serve(tmp_path).port}/go.html")
    home.wait(lambda: home.url.startswith(host.url))
    assert levels(shown(home.ready())) == EXPECTED[site, way]


def arrive(tab: Tab, host: Host, foreign: Host, way: str, path: str) -> Tab:
    page = FOREIGN.get(way, way).format(host.url + path)
    (foreign.folder / "go.html").write_text(page)
    tab.start(f"http://127.0.0.1:{foreign.port}/go.html")
    tab.wait(lambda: tab.url.startswith(host.url))
    return tab.ready()


@pytest.fixture
def foreign(serve: Callable[[Path], Host], tmp_path: Path) -> Host:
    folder = tmp_path / "foreign"
    folder.mkdir()
    return serve(folder)


def test_redirect_of_a_foreign_request_is_foreign(home: Tab, host: Host, foreign: Host) -> None:
    home.run_in_frame(SET, *LEVELS)
    arrive(home, host, foreign, "link", "redirect?to=/sent?page")
    assert levels(shown(home)) == {"lax", "none"}


def test_kept_post_of_a_foreign_form_is_foreign(home: Tab, host: Host, foreign: Host) -> None:
    home.run_in_frame(SET, *LEVELS)
    arrive(home, host, foreign, "form-post", "redirect?status=307&to=/sent?page")
    assert levels(shown(home)) == {"none"}


def test_reload_of_what_is_foreign_is_foreign_and_what_follows_is_not(
    home: Tab, host: Host, foreign: Host
) -> None:
    home.run_in_frame(SET, *LEVELS)
    arrive(home, host, foreign, "link", "sent?page")
    assert levels(shown(home.reload())) == {"lax", "none"}
    home.in_frame("location.href = '/sent?page&next'")
    home.at("next")
    assert levels(shown(home)) == {"strict", "lax", "none"}
    assert levels(shown(home.reload())) == {"strict", "lax", "none"}


def test_typed_address_gets_all(home: Tab, host: Host) -> None:
    home.run_in_frame(SET, *LEVELS)
    home.open(f"{host.url}sent?page")
    assert levels(shown(home)) == {"strict", "lax", "none"}


def test_link_that_hides_its_page_is_foreign_where_the_engine_shows_it(
    home: Tab, host: Host, foreign: Host
) -> None:
    home.run_in_frame(SET, *LEVELS)
    arrive(home, host, foreign, "hidden", "sent?page")
    webkit = home.engine.name == "webkit"  # a typed address looks the same there
    assert levels(shown(home)) == ({"strict", "lax", "none"} if webkit else {"lax", "none"})


HIDING_FORM = (
    "<meta name=referrer content=no-referrer>"
    "<form method=post action='{0}sent?page'></form><script>document.forms[0].submit()</script>"
)


def test_form_that_hides_its_page_is_the_apps_own_and_a_foreign_frames_is_not(
    home: Tab, host: Host, foreign: Host
) -> None:
    home.run_in_frame(SET, *LEVELS)
    (foreign.folder / "go.html").write_text(HIDING_FORM.format(host.url))
    script = """
        const frame = document.createElement('iframe');
        frame.src = args[0];
        document.body.append(frame);
        for (;;) {
            await new Promise((resolve) => (frame.onload = resolve));
            const sent = frame.contentDocument?.querySelector('#sent');
            if (sent) return sent.textContent;
        }
    """
    address = f"http://127.0.0.1:{foreign.port}/go.html"
    assert levels(home.run_in_frame(script, address)) == {"none"}
    own = HIDING_FORM.format("/").split("<script>")[0]
    submit = "document.body.innerHTML = arguments[0]; document.forms[0].submit()"
    home.in_frame(submit, own)
    home.at("/sent?page")
    assert levels(shown(home)) == {"strict", "lax", "none"}


def test_foreign_requests_may_set_cookies(home: Tab, host: Host, foreign: Host) -> None:
    arrive(home, host, foreign, "form-post", f"sent?page&set={quote(LEVELS[0])}")
    assert home.run_in_frame(SENT) == "strict=1"
