"""Requests that no browser behind our proxy sends, against the real server:
on its own socket, and through nginx."""

import dataclasses
import os
import re
import shutil
import socket
import threading
import time
import urllib.parse

import html5lib
import pytest

import harness
import scene as stage
from ouvoffice import conf
from scene import letter

FORM = "application/x-www-form-urlencoded"
HTTPS_HOST = "ouvidoria.example"
# What every answer carries, whoever makes it.
HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
STS = "max-age=63072000; includeSubDomains"
# The server cuts a request after 30 s of wall clock; nginx a head after 5 s.
SERVER_CUTS, NGINX_CUTS = 30, 5


@dataclasses.dataclass
class Answer:
    raw: bytes

    @property
    def head(self):
        return self.raw.partition(b"\r\n\r\n")[0].decode("latin-1")

    @property
    def body(self):
        return self.raw.partition(b"\r\n\r\n")[2]

    @property
    def text(self):
        return self.body.decode()

    @property
    def status(self):
        found = re.match(r"HTTP/1\.1 (\d{3}) ", self.head)
        return int(found[1]) if found else 0

    @property
    def count(self):
        """How many answers came."""
        return len(re.findall(rb"HTTP/1\.1 \d{3} ", self.raw))

    @property
    def fields(self):
        """In the order they came; a name may stand twice."""
        return [tuple(part.strip() for part in line.split(":", 1))
                for line in self.head.split("\r\n")[1:]]

    def all(self, name):
        return [value for key, value in self.fields
                if key.lower() == name.lower()]

    def one(self, name):
        values = self.all(name)
        assert len(values) == 1, (name, values, self.head)
        return values[0]

    @property
    def cookies(self):
        return dict(value.split(";")[0].split("=", 1)
                    for value in self.all("Set-Cookie"))

    def hidden(self, action):
        """The hidden fields of the form that posts there."""
        return stage.Page(self.status, None, self.body).form(action)


class Door:
    """A socket and the name that is expected behind it."""

    def __init__(self, host, connect, scheme="http"):
        self.host = host
        self.connect = connect
        self.origin = f"{scheme}://{host}"

    def say(self, octets, timeout=20):
        """Sends octets as they are; everything until the other side ends."""
        with self.connect() as line:
            line.settimeout(timeout)
            try:
                line.sendall(octets)
            except (BrokenPipeError, ConnectionResetError):
                pass  # refused before all was said
            return Answer(harness.read_to_end(line))

    def ask(self, first, *fields, body=b"", host=True):
        lines = [first, *([f"Host: {self.host}"] if host else []),
                 "Connection: close", *fields, "", ""]
        return self.say("\r\n".join(lines).encode("latin-1") + body)

    def get(self, path, *fields):
        return self.ask(f"GET {path} HTTP/1.1", *fields)

    def post(self, path, form, cookies, *fields, origin=None):
        """A form as browsers send it, except for what is changed."""
        body = form if isinstance(form, bytes) \
            else urllib.parse.urlencode(form).encode()
        origin = self.origin if origin is None else origin
        return self.ask(
            f"POST {path} HTTP/1.1", f"Content-Type: {FORM}",
            f"Content-Length: {len(body)}",
            *([f"Origin: {origin}"] if origin else []),
            *([f"Cookie: {crumbs(cookies)}"] if cookies else []),
            *fields, body=body)


def crumbs(cookies):
    return "; ".join(f"{name}={value}" for name, value in cookies.items())


def unix_line(path):
    line = socket.socket(socket.AF_UNIX)
    line.settimeout(20)
    line.connect(path)
    return line


def assert_protected(answer, secure=False):
    """The headers of every answer, an error's as well."""
    assert answer.status, answer.raw[:200]
    for name, value in HEADERS.items():
        assert answer.one(name) == value, answer.head
    policy = answer.one("Content-Security-Policy")
    assert "default-src 'none'" in policy, answer.head
    assert "unsafe" not in policy and "http" not in policy
    assert "script-src" not in policy or "script-src 'self';" in policy
    assert answer.one("Cache-Control") in (
        "no-store", "public, no-cache"), answer.head
    if secure:
        assert answer.one("Strict-Transport-Security") == STS


def assert_page(answer, secure=False):
    """A page of the server's own: all headers, and valid HTML."""
    assert_protected(answer, secure)
    if answer.one("Content-Type").startswith("text/html"):
        assert answer.one("Content-Security-Policy") \
            == stage.policy_of(answer.text)
        features = answer.one("Permissions-Policy")
        assert all(part.strip().endswith("=()")
                   for part in features.split(",")), features
        html5lib.HTMLParser(strict=True).parse(answer.text)


# ---- one office, and slow visitors from the first second on ------------------------


class Drip(threading.Thread):
    """Sends a request's head an octet at a time; how long it was let."""

    def __init__(self, door, limit):
        super().__init__(daemon=True)
        self.door, self.limit, self.lasted = door, limit, None
        self.start()

    def run(self):
        begun = time.monotonic()
        with self.door.connect() as line:
            line.settimeout(0.5)
            for octet in b"GET /login HTTP/1.1\r\nX-A: " + b"a" * 1000:
                try:
                    line.sendall(bytes([octet]))
                    if line.recv(4096) == b"":
                        break
                except TimeoutError:
                    if time.monotonic() - begun > self.limit:
                        return
                except OSError:
                    break
        self.lasted = time.monotonic() - begun


@pytest.fixture(scope="module")
def office(template):
    made = stage.Scene(template)
    try:
        yield made.begin()
    finally:
        made.stop()


@pytest.fixture(scope="module")
def inner(office):
    """The server's own socket."""
    path = office.server.socket
    return Door(office.server.host, lambda: unix_line(path))


@pytest.fixture(scope="module")
def outer(office):
    """Through nginx."""
    port = office.office.http_port
    return Door(office.server.host, lambda: socket.create_connection(
        ("127.0.0.1", port), 20))


@pytest.fixture(scope="module", autouse=True)
def drips(inner, outer):
    """Both doors are held open slowly while the other tests run."""
    return {"inner": Drip(inner, SERVER_CUTS + 10),
            "outer": Drip(outer, NGINX_CUTS + 10)}


@pytest.fixture(scope="module")
def case(office):
    """The address of a case that the mediator has opened."""
    sender = "ana@consumidora.example"
    row = office.case_of(office.acknowledged(letter(sender), sender))
    return f"/cases/{row['protocol']}"


@pytest.fixture(scope="module")
def mediator(office, inner, case):
    """The cookies of a session, the case's reply form, and its token for
    opening, kept from before the case was opened."""
    browser = office.logged_in("mediator")
    opening = browser.get(case).form(f"{case}/open")
    assert browser.post(f"{case}/open", **opening).status == 303
    form = browser.get(case).form(f"{case}/reply")
    return browser.cookies, {**form, "subject": "Sobre o seu caso",
                             "text": "A loja tem dez dias para responder."}, opening


@pytest.fixture
def untouched(office, case):
    """Fails if the test changed the case."""
    def items():
        protocol = case.removeprefix("/cases/")
        found = office.case(protocol)
        return found["items"], found["state"]

    before = items()
    yield
    assert items() == before


@pytest.fixture(scope="module")
def https(office):
    """A second server of the same office, whose base_url is https."""
    folder = office.folder
    path = os.path.join(office.office.home, "https.conf")
    listen = os.path.join(office.office.home, "https.sock")
    shutil.copy(office.office.config, path)
    conf.adjust(path, {("server", "base_url"): f"https://{HTTPS_HOST}",
                       ("server", "view_url"): f"https://view.{HTTPS_HOST}",
                       ("server", "listen"): f"unix:{listen}"})
    server = harness.Server(path, listen, HTTPS_HOST, folder / "https.log")
    try:
        server.begin()
        yield Door(HTTPS_HOST, lambda: unix_line(listen), "https")
    finally:
        server.stop()
        harness.assert_no_sanitizer_report(folder / "https.log")


# ---- requests with two meanings ------------------------------------------------------

CHUNKED = b"0\r\n\r\n"
SMUGGLED = b"0\r\n\r\nGET /metrics HTTP/1.1\r\nHost: x\r\n\r\n"

# first line, header fields, body, the server's own status
HOSTILE = {
    "length and chunks": (
        "POST /login HTTP/1.1", ["Content-Length: 4",
                                 "Transfer-Encoding: chunked"], SMUGGLED, 501),
    "chunks": ("POST /login HTTP/1.1", ["Transfer-Encoding: chunked"],
               CHUNKED, 501),
    "chunks misspelt": ("POST /login HTTP/1.1",
                        ["Transfer-Encoding: xchunked"], b"", 501),
    "two lengths": ("POST /login HTTP/1.1",
                    ["Content-Length: 4", "Content-Length: 6"], b"abcdef",
                    400),
    "two equal lengths": ("POST /login HTTP/1.1",
                          ["Content-Length: 4", "Content-Length: 4"],
                          b"abcd", 400),
    "a signed length": ("POST /login HTTP/1.1", ["Content-Length: +4"],
                        b"abcd", 400),
    "a length in words": ("POST /login HTTP/1.1", ["Content-Length: four"],
                          b"abcd", 400),
    "no length": ("POST /login HTTP/1.1", [f"Content-Type: {FORM}"], b"",
                  411),
    "a body to read": ("GET /login HTTP/1.1", ["Content-Length: 5"],
                       b"hello", 400),
    "space before the colon": ("GET /login HTTP/1.1", ["X-A : b"], b"", 400),
    "a second cookie in a fold": ("GET /login HTTP/1.1",
                                  ["Cookie: ouv=a;", " ouv=b"], b"", 400),
    "a length in a fold": ("POST /login HTTP/1.1",
                           ["Content-Length: 4", " 6"], b"abcdef", 411),
    "a control in a header": ("GET /login HTTP/1.1", ["X-A: b\x01c"], b"",
                              400),
    "%00": ("GET /login%00.css HTTP/1.1", [], b"", 400),
    "%2e%2e": ("GET /static/%2e%2e/x HTTP/1.1", [], b"", 400),
    "%2e": ("GET /static/%2e/x HTTP/1.1", [], b"", 400),
    "dots": ("GET /static/../main.c HTTP/1.1", [], b"", 400),
    "an encoded slash": ("GET /static%2fstyle.css HTTP/1.1", [], b"", 400),
    "a line end in the query": ("GET /login?x=%0d%0aA:b HTTP/1.1", [], b"",
                                400),
    "two slashes": ("GET //login HTTP/1.1", [], b"", 400),
    "a backslash": ("GET /\\login HTTP/1.1", [], b"", 400),
    "an absolute address": ("GET http://evil.example/login HTTP/1.1", [],
                            b"", 400),
    "another host too": ("GET /login HTTP/1.1", ["Host: evil.example"], b"",
                         400),
    "TRACE": ("TRACE / HTTP/1.1", [], b"", 405),
    "PUT": ("PUT / HTTP/1.1", ["Content-Length: 0"], b"", 405),
    "CONNECT": ("CONNECT / HTTP/1.1", [], b"", 405),
    "an unknown method": ("FOO /login HTTP/1.1", [], b"", 501),
    "a method in lower case": ("get /login HTTP/1.1", [], b"", 501),
    "a hundred headers": ("GET /login HTTP/1.1",
                          [f"X-{n}: y" for n in range(100)], b"", 431),
    "a huge header": ("GET /login HTTP/1.1", ["X-A: " + "y" * 20000], b"",
                      431),
    "a huge address": ("GET /" + "a" * 3000 + " HTTP/1.1", [], b"", 414),
    "two session cookies": ("GET /login HTTP/1.1", ["Cookie: ouv=a; ouv=b"],
                            b"", 400),
    "two cookie lines": ("GET /login HTTP/1.1",
                         ["Cookie: ouv=a", "Cookie: ouv=b"], b"", 400),
    "another type of body": (
        "POST /login HTTP/1.1", ["Content-Type: multipart/form-data; "
                                 "boundary=x", "Content-Length: 3"], b"abc",
        415),
    "no type of body": ("POST /login HTTP/1.1", ["Content-Length: 3"],
                        b"a=b", 415),
    "a body too large": (
        "POST /login HTTP/1.1", [f"Content-Type: {FORM}",
                                 "Content-Length: 5000000"], b"", 413),
}
# The HTTP library refuses these before our code sees them, in its own words,
# and libmicrohttpd 0.9.75 says them twice; the connection ends with them.
LIBRARYS = {"a signed length", "a length in words"}
# RFC 9112 lets a server join a fold to its line, and the library hides what
# follows a NUL: these are the proxy's to refuse.
PROXYS = {
    "a folded header": ("GET /login HTTP/1.1", ["X-A: b", " folded"]),
    "NUL in the path": ("GET /login\0x HTTP/1.1", []),
    "NUL in a header": ("GET /login HTTP/1.1", ["X-A: b\0c"]),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_the_server_refuses(inner, what):
    first, fields, body, status = HOSTILE[what]
    answer = inner.ask(first, *fields, body=body)
    assert answer.status == status, answer.head
    if what in LIBRARYS:
        assert answer.one("Connection") == "close"
        assert answer.cookies == {} and b"csrf" not in answer.body
    else:
        assert answer.count == 1, "one request, one answer"
        assert_page(answer)


def assert_refused(answer):
    assert 400 <= answer.status < 600 and answer.status != 503, answer.head
    assert_protected(answer)
    assert answer.count == 1, "one request, one answer"


@pytest.mark.parametrize("what", [name for name in HOSTILE
                                  if name != "an absolute address"])
def test_nothing_hostile_is_served_through_the_proxy(outer, what):
    first, fields, body, _ = HOSTILE[what]
    assert_refused(outer.ask(first, *fields, body=body))


@pytest.mark.parametrize("what", PROXYS)
def test_the_proxy_refuses_what_the_server_cannot_see(outer, what):
    first, fields = PROXYS[what]
    assert_refused(outer.ask(first, *fields))


def test_the_proxy_puts_our_name_before_an_absolute_address(outer):
    """Servers must take that form (RFC 9112 3.2.2); who is meant is ours."""
    answer = outer.get("http://evil.example/login")
    assert answer.status == 200 and "evil" not in answer.raw.decode()
    assert_page(answer)


@pytest.mark.parametrize("host", ["evil.example", "", "127.0.0.1"])
def test_another_name_is_not_ours(inner, host):
    answer = inner.ask("GET /login HTTP/1.1", f"Host: {host}", host=False)
    assert answer.status == 400
    assert_page(answer)


def test_no_name_at_all_is_refused(inner, outer):
    answer = inner.ask("GET /login HTTP/1.1", host=False)
    assert answer.status == 400 and b"csrf" not in answer.body
    assert_refused(outer.ask("GET /login HTTP/1.1", host=False))


def test_two_requests_at_once_are_two_answers(inner):
    one = f"GET /healthz HTTP/1.1\r\nHost: {inner.host}\r\n"
    answer = inner.say((one + "\r\n" + one + "Connection: close\r\n\r\n")
                       .encode())
    assert answer.raw.count(b"HTTP/1.1 200 ") == 2


# ---- headers and cookies ------------------------------------------------------------

PAGES = {"/": 303, "/login": 200, "/held": 303, "/cases/2026-000001-5": 303,
         "/nothing": 404, "/login?x": 400, "/logout": 405,
         "/static/style.css": 200, "/static/nothing": 404, "/healthz": 200}


@pytest.mark.parametrize("path", PAGES)
def test_every_answer_is_protected(inner, outer, https, path):
    for door, secure in ((inner, False), (outer, False), (https, True)):
        answer = door.get(path)
        assert answer.status == PAGES[path], answer.head
        assert_page(answer, secure)


def test_http_never_promises_https(inner):
    assert inner.get("/login").all("Strict-Transport-Security") == []


def test_pages_of_a_session_are_protected(inner, mediator, case):
    cookies, _, _ = mediator
    for path, status in (("/", 200), ("/held", 200), (case, 200),
                         ("/cases?queue=zzz", 400), ("/cases/x", 404),
                         ("/cases/2026-999999-9", 404)):
        answer = inner.get(path, f"Cookie: {crumbs(cookies)}")
        assert answer.status == status, (path, answer.head)
        assert_page(answer)
        assert answer.one("Cache-Control") == "no-store"


def test_a_strangers_bytes_are_a_download_in_a_sandbox(inner, mediator, case):
    cookies, _, _ = mediator
    page = inner.get(case, f"Cookie: {crumbs(cookies)}")
    path = re.search(r'href="([^"]+/raw)"', page.text)[1]
    answer = inner.get(path, f"Cookie: {crumbs(cookies)}")
    assert answer.status == 200
    assert_protected(answer)
    assert answer.one("Content-Security-Policy") \
        == "sandbox; default-src 'none'"
    assert answer.one("Content-Type") == "application/octet-stream"
    assert answer.one("Content-Disposition").startswith("attachment; ")


def attributes(answer):
    """{name: set of attributes} of the cookies set."""
    found = {}
    for line in answer.all("Set-Cookie"):
        first, *rest = [part.strip() for part in line.split(";")]
        found[first.split("=")[0]] = set(rest)
    return found


def log_in(office, door, login):
    page = door.get("/login")
    person = office.office.person(login)
    return page, door.post(
        "/login", {**page.hidden("/login"), "login": login,
                   "password": person["password"],
                   "code": office.code(person)}, page.cookies)


def test_cookies_of_https_are_bound_to_the_host(office, https):
    page, answer = log_in(office, https, "reader")
    strict = {"Path=/", "HttpOnly", "SameSite=Strict", "Secure"}
    assert attributes(page) == {"__Host-ouv-pre": strict}
    assert answer.status == 303
    assert attributes(answer) == {
        "__Host-ouv": strict, "__Host-ouv-pre": strict | {"Max-Age=0"},
        "__Host-ouv-dev": strict | {"Max-Age=31536000"},
        "__Host-ouv-who": strict}
    assert len(answer.cookies["__Host-ouv"]) == 43  # 32 octets, base64url


def test_cookies_of_http_lack_only_secure(office, inner):
    page, answer = log_in(office, inner, "reader")
    strict = {"Path=/", "HttpOnly", "SameSite=Strict"}
    assert attributes(page) == {"ouv-pre": strict}
    assert attributes(answer) == {"ouv": strict,
                                  "ouv-pre": strict | {"Max-Age=0"},
                                  "ouv-dev": strict | {"Max-Age=31536000"},
                                  "ouv-who": strict}
    home = inner.get("/", f"Cookie: {crumbs(answer.cookies)}")
    out = inner.post("/logout", home.hidden("/logout"),
                     {"ouv": answer.cookies["ouv"]})
    assert out.one("Clear-Site-Data") == '"*"'
    assert attributes(out) == {"ouv": strict | {"Max-Age=0"},
                               "ouv-who": strict | {"Max-Age=0"}}
    assert inner.get("/", f"Cookie: ouv={answer.cookies['ouv']}").status == 303


# ---- forms ------------------------------------------------------------------------

BAD_FORMS = {
    "a name twice": b"csrf=a&csrf=b",
    "a bad percent": b"csrf=%zz",
    "a cut percent": b"csrf=%4",
    "not UTF-8": b"csrf=%ff%fe",
    "an overlong slash": b"csrf=%c0%af",
    "a surrogate": b"csrf=%ed%a0%80",
    "NUL": b"csrf=a%00b",
    "bare octets": b"csrf=\xc3\xa9",
    "no equals sign": b"csrf",
    "no name": b"=x",
    "too many fields": b"&".join(b"f%d=x" % n for n in range(513)),
}


@pytest.mark.parametrize("what", BAD_FORMS)
def test_a_form_no_browser_writes_is_refused(
        inner, mediator, case, untouched, what):
    cookies, form, _ = mediator
    good = urllib.parse.urlencode(form).encode()
    for body in (BAD_FORMS[what], good + b"&" + BAD_FORMS[what]):
        answer = inner.post(f"{case}/reply", body, cookies)
        assert answer.status == 400, answer.head
        assert_page(answer)


def forged(form, opening, other):
    """What is wrong with the form, with its headers, or its origin."""
    bare = {key: value for key, value in form.items() if key != "csrf"}
    return {
        "no token": (bare, [], None),
        "an empty token": ({**bare, "csrf": ""}, [], None),
        "a token cut short": ({**bare, "csrf": form["csrf"][:-1]}, [], None),
        "the token of another form": ({**bare, "csrf": opening["csrf"]}, [],
                                      None),
        "the token of another session": ({**bare, "csrf": other}, [], None),
        "another origin": (form, [], "https://evil.example"),
        "an opaque origin": (form, [], "null"),
        "our host by another scheme": (form, [], "https:"),
        "neither origin nor referer": (form, [], ""),
        "another referer": (form, ["Referer: https://evil.example/"], ""),
        "a cross-site fetch": (form, ["Sec-Fetch-Site: cross-site"], None),
        "a same-site fetch": (form, ["Sec-Fetch-Site: same-site"], None),
    }


FORGERIES = list(forged({"csrf": ""}, {"csrf": ""}, ""))


@pytest.fixture(scope="module")
def another_session(office, case):
    """A token of the same form, in somebody else's session."""
    browser = office.logged_in("mediator2")
    return browser.get(case).form(f"{case}/reply")["csrf"]


@pytest.mark.parametrize("what", FORGERIES)
def test_a_forged_form_changes_nothing(
        inner, mediator, another_session, case, untouched, what):
    cookies, form, opening = mediator
    fields, headers, origin = forged(form, opening, another_session)[what]
    if origin == "https:":
        origin = f"https://{inner.host}"
    answer = inner.post(f"{case}/reply", fields, cookies, *headers,
                        origin=origin)
    assert answer.status == 400, answer.head
    assert_page(answer)


def test_a_host_that_begins_like_ours_is_another(
        inner, mediator, case, untouched):
    cookies, form, _ = mediator
    answer = inner.post(
        f"{case}/reply", form, cookies,
        f"Referer: {inner.origin}.evil.example/", origin="")
    assert answer.status == 400


def test_two_session_cookies_are_nobodys(inner, mediator, case, untouched):
    cookies, form, _ = mediator
    answer = inner.post(f"{case}/reply", form, {},
                        f"Cookie: ouv={'A' * 43}; {crumbs(cookies)}")
    assert answer.status == 400
    assert_page(answer)


def test_a_form_too_large_is_refused(inner, mediator, case, untouched):
    cookies, form, _ = mediator
    answer = inner.post(f"{case}/reply", {**form, "text": "x" * 270000},
                        cookies)
    assert answer.status == 413
    assert_page(answer)


def test_login_needs_the_token_of_the_same_visit(inner):
    mine, theirs = inner.get("/login"), inner.get("/login")
    form = {**mine.hidden("/login"), "login": "reader", "password": "x",
            "code": ""}
    assert inner.post("/login", form, theirs.cookies).status == 400
    assert inner.post("/login", form, {}).status == 400
    assert inner.post("/login", form, mine.cookies).status == 403


def test_the_very_same_form_unforged_is_accepted(
        office, inner, mediator, case):
    """Without this the refusals above would prove nothing."""
    cookies, form, _ = mediator
    protocol = case.removeprefix("/cases/")
    before = office.case(protocol)["items"]
    for _ in range(2):  # the same form twice has one effect
        answer = inner.post(f"{case}/reply", form, cookies,
                            "Sec-Fetch-Site: same-origin")
        assert answer.status == 303, answer.text
        assert_protected(answer)
    assert office.case(protocol)["items"] == before + 1


# ---- slow visitors; last, because they were begun first ------------------------------


@pytest.mark.parametrize("door,cut", [("outer", NGINX_CUTS),
                                      ("inner", SERVER_CUTS)])
def test_a_slow_drip_is_cut(drips, door, cut):
    drip = drips[door]
    drip.join(cut + 12)
    assert drip.lasted is not None, "it was never cut"
    assert cut - 2 <= drip.lasted <= cut + 8, drip.lasted


def test_the_server_is_well_after_all_this(office, inner):
    assert inner.get("/healthz").body.strip() == b"ok"
    assert office.server.process.running
