"""Two hundred hostile mails, opened in a browser as colleagues open them: on
the page of their case and in their sender's layout."""

import ast
import contextlib
import http.server
import json
import os
import re
import threading
import urllib.parse

import pytest
from selenium.common.exceptions import (NoAlertPresentException,
                                        UnexpectedAlertPresentException)

import harness
import layout_mails as mails
from chrome import NARROW, WIDE, Chrome
from test_console import log_in, words_of

COUNT, CASES = 200, 20
AT_ONCE = 20  # frames on one page: most of what a browser does is its pages
SOURCE = os.path.join(harness.ROOT, "tests", "unit", "layout_hostile.h")
# What may stand in a frame, as the browser itself has read it.
ELEMENTS = set("""html head meta title style body a b bdi blockquote br caption
code dd del div dl dt em h1 h2 h3 h4 h5 h6 hr i img ins li ol p pre s small
span strong sub sup table tbody td tfoot th thead tr u ul""".split())
ATTRIBUTES = set("""src alt title colspan rowspan dir lang class charset name
content""".split())
LOOK = """
const names = new Set(), attributes = new Set(), sources = new Set();
for (const e of document.querySelectorAll('*')) {
  names.add(e.localName);
  for (const a of e.attributes) attributes.add(a.name);
  if (e.src) sources.add(e.src.slice(0, 11));
}
return [[...names], [...attributes], [...sources]];
"""
# More frames beside the first; answers how many there are once all have come.
ADD = """
const [more, done] = arguments, place = document.querySelector('.original');
place.insertAdjacentHTML('beforeend', more);
const frames = [...place.querySelectorAll('iframe')];
let missing = frames.length - 1;
for (const frame of frames.slice(1))
  frame.addEventListener('load', () => --missing || done(frames.length));
"""
# On a page of ours: handlers, addresses of scripts, what a mail would bring.
STRANGE = """
return [...document.querySelectorAll('*')].filter(e =>
  [...e.attributes].some(a => a.name.startsWith('on')
    || /^\\s*(javascript|data|vbscript):/i.test(a.value)
    || a.name == 'srcdoc' || a.name == 'style')
  || ['object', 'embed', 'base', 'iframe', 'frame', 'math', 'template']
    .includes(e.localName)).map(e => e.outerHTML.slice(0, 200));
"""


class Trap(http.server.ThreadingHTTPServer):
    """Where the mails would have their reader's browser go."""

    daemon_threads = True

    def __init__(self):
        self.visits = []
        super().__init__(("127.0.0.1", 0), TrapVisit)
        self.port = self.server_address[1]
        threading.Thread(target=self.serve_forever, args=(0.05,),
                         daemon=True).start()


class TrapVisit(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.visits.append(self.path)
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_POST = do_HEAD = do_OPTIONS = do_GET

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def trap():
    server = Trap()
    yield server
    server.shutdown()
    server.server_close()


def pieces(trap):
    """The hostile pages of the unit test, leading to the trap."""
    with open(SOURCE, encoding="utf-8") as source:
        table = source.read().split("hostile[] = {", 1)[1]
    found = []
    for row in re.findall(r'((?:"(?:[^"\\\n]|\\.)*"\s*)+),\n', table):
        literals = re.findall(r'"(?:[^"\\\n]|\\.)*"', row)
        found.append(b"".join(ast.literal_eval("b" + one)
                              for one in literals))
    assert len(found) >= 200
    return [one.replace(b"evil.example", f"127.0.0.1:{trap.port}".encode())
            for one in found]


@pytest.fixture(scope="module")
def hostile(office, trap):
    """[(path of the case, path of the layout)] of all mails."""
    made = mails.make(office, pieces(trap), f"127.0.0.1:{trap.port}",
                      COUNT, CASES)
    assert len(made) == COUNT
    return made


@pytest.fixture(scope="module")
def live(office):
    """One browser, with scripts, for all."""
    browser = Chrome(office.office.base_url)
    try:
        log_in(office, browser, "mediator")
        yield browser
    finally:
        browser.stop()


def ours(office):
    port = office.office.http_port
    return {f"127.0.0.1:{port}", f"view.localhost:{port}"}


def is_ours(office, url):
    parts = urllib.parse.urlsplit(url)
    return parts.scheme in ("data", "about") or (
        parts.scheme == "http" and parts.netloc in ours(office))


def assert_quiet(office, browser, what):
    """Nothing was asked of others, led anywhere, ran or was refused."""
    for entry in browser.driver.get_log("performance"):
        event = json.loads(entry["message"])["message"]
        kind, told = event["method"], event["params"]
        assert kind not in (
            "Page.javascriptDialogOpening", "Page.windowOpen",
            "Page.downloadWillBegin", "Browser.downloadWillBegin",
            "Network.webSocketCreated"), (what, told)
        if kind == "Network.requestWillBeSent":
            assert is_ours(office, told["request"]["url"]), (what, told)
        if kind == "Page.frameNavigated":
            assert is_ours(office, told["frame"]["url"]), (what, told)
        if kind in ("Page.frameRequestedNavigation",
                    "Page.frameScheduledNavigation"):
            assert is_ours(office, told["url"]), (what, told)
    complaints = browser.complaints()
    assert not complaints, (what, complaints)


def test_on_the_page_of_their_case(office, live, hostile, trap):
    live.driver.get_log("performance")
    for path in dict.fromkeys(case for case, _ in hostile):
        live.go(path)
        assert live.path == path and live.has(".item")
        assert live.driver.execute_script(STRANGE) == [], path
        assert_quiet(office, live, path)
    assert trap.visits == []


def reader(office, browser):
    """Whoever is logged in there, without the browser."""
    made = office.browser()
    made.cookies = {crumb["name"]: crumb["value"]
                    for crumb in browser.driver.get_cookies()}
    return made


def around(text):
    """A page without what differs between two messages: their addresses and
    the secrets of forms; and the frame in it, as it stands there."""
    frames = re.findall(r"<iframe[^>]*></iframe>", text)
    assert len(frames) == text.count("<iframe") == 1
    assert re.fullmatch(
        r'<iframe src="http://view\.localhost:\d+/view/[\w-]+" sandbox=""'
        r' title="[\w ]+"></iframe>', frames[0]), frames
    return re.sub(r'/cases/[\d-]+|/items/[0-9a-f]{32}|/view/[\w-]+'
                  r'|name="csrf" value="[^"]+"', "", text), frames[0]


def policy(page):
    """What the server tells the browser of that page, but for its moment."""
    told = {name.lower(): value for name, value in page.headers.items()
            if name.lower() not in ("date", "content-length")}
    assert {"content-security-policy", "x-frame-options", "referrer-policy",
            "x-content-type-options"} <= set(told), told
    return tuple(sorted(told.items()))


def test_in_their_senders_layout(office, live, hostile, trap):
    """Each frame as its own page has it, several in one: the pages around
    them are the same, letter for letter, and so is what the server says of them."""
    other, pages, seen = reader(office, live), set(), 0
    policies = set()
    live.driver.get_log("performance")
    for n in range(0, len(hostile), AT_ONCE):
        paths = [path for _, path in hostile[n:n + AT_ONCE]]
        live.go(paths[0])
        assert live.driver.execute_script(
            "return document.querySelectorAll('iframe[sandbox=\"\"]')"
            ".length") == 1, (paths[0], live.words)
        pages.add(around(live.source())[0])
        got = [other.get(path) for path in paths]
        policies |= {policy(page) for page in got}
        rest = [around(page.text) for page in got[1:]]
        pages |= {page for page, _ in rest}
        assert live.driver.execute_async_script(
            ADD, "".join(frame for _, frame in rest)) == len(paths)
        for path, frame in zip(paths, live.all(".original iframe"),
                               strict=True):
            assert frame.get_dom_attribute("sandbox") == ""
            live.driver.switch_to.frame(frame)
            names, attributes, sources = live.driver.execute_script(LOOK)
            words = live.words
            live.driver.switch_to.default_content()
            assert set(names) <= ELEMENTS, (path, set(names) - ELEMENTS)
            assert set(attributes) <= ATTRIBUTES, (path, attributes)
            assert set(sources) <= {"data:image/"}, (path, sources)
            assert mails.END in words, path
            seen += mails.BEGIN in words
        assert_quiet(office, live, paths)
    assert len(pages) == 1, pages
    assert len(policies) == 1, policies
    assert seen == COUNT
    assert trap.visits == []


BETRAYALS = {
    "a visit": "location.href = '{}'",
    "a refused picture": "document.body.append(Object.assign("
                         "new Image(), {{ src: '{}' }}))",
    "a dialog": "setTimeout(() => alert(1))",
}


@pytest.mark.parametrize("what", BETRAYALS)
def test_the_same_look_tells_of(office, live, trap, what):
    """What the mails want, done on purpose."""
    live.driver.get_log("performance")
    live.go("/")
    assert_quiet(office, live, what)
    live.driver.execute_script(
        BETRAYALS[what].format(f"http://127.0.0.1:{trap.port}/x"))

    def told():
        try:
            assert_quiet(office, live, what)
        except (AssertionError, UnexpectedAlertPresentException):
            return True
        return False

    live.wait("it is told", told)
    if what == "a dialog":
        with contextlib.suppress(NoAlertPresentException):
            live.driver.switch_to.alert.dismiss()
    live.go("/")
    live.complaints()
    live.driver.get_log("performance")
    trap.visits.clear()


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_a_newsletter_can_be_read(office, live, width):
    path = mails.newsletter(office)
    live.go(path)
    live.view(width)
    link = live.one(".raw a[href$='/layout']")
    assert words_of(live.lang)["layout_link"] in link.text
    live.leave(link.click)
    live.driver.switch_to.frame(live.one(".original iframe"))
    assert live.one("h1").text == mails.TITLE
    assert live.one("img").get_attribute("src").startswith("data:image/gif")
    assert "https://evil.example/oferta" in live.one("small.to").text
    assert live.one(".pic").text.startswith("Loja")
    live.driver.switch_to.default_content()
    live.assert_good_page()
    live.view(width)
    if shots := os.environ.get("OUV_SHOTS"):
        with open(os.path.join(shots, f"layout-{width}.png"), "wb") as out:
            out.write(live.picture())
