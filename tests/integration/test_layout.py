"""A mail in its sender's layout: made for whoever may read it, given out once
by a second host name that knows nobody and answers nothing else."""

import http.client
import re

import pytest

import test_intake as intake_tests
import test_write as desk
from layout_mails import GIF, PAGE, with_page
from scene import letter, words_of

mediator = intake_tests.mediator
WORDS = words_of("pt-BR")
POLICY = ("sandbox; default-src 'none'; style-src 'unsafe-inline'; "
          "img-src data:; form-action 'none'; base-uri 'none'; "
          "frame-ancestors {}")


@pytest.fixture(scope="module")
def office(template):
    yield from intake_tests.begun(template)


class Case:
    def __init__(self, office, browser, page=None):
        sender = f"{desk.mark()}@consumidora.example"
        raw = letter(sender) if page is None else with_page(sender, page)
        told, item, self.id = desk.take(office, raw)
        assert told["outcome"] == "created", told
        self.path = f"/cases/{told['protocol']}"
        self.layout = f"{self.path}/items/{desk.hexes(item)}/layout"
        self.browser = browser
        assert desk.act(browser, self.path, "open").status == 303

    def framed(self):
        """(the page, the path in its frame)"""
        page = self.browser.get(self.layout)
        assert page.status == 200, page.words
        found = re.findall(r'<iframe src="([^"]+)" sandbox=""', page.text)
        assert len(found) == 1, page.text
        return page, found[0]


@pytest.fixture(scope="module")
def case(office, mediator):
    return Case(office, mediator, PAGE)


def view_host(office):
    return f"view.localhost:{office.office.http_port}"


def ask(office, path, method="GET", host=None, headers=None):
    """Of the second name, through nginx; (status, headers, text)."""
    line = http.client.HTTPConnection("127.0.0.1", office.office.http_port,
                                      timeout=20)
    try:
        line.request(method, path, headers={
            "Host": host or view_host(office), **(headers or {})})
        answer = line.getresponse()
        return answer.status, answer.headers, answer.read().decode()
    finally:
        line.close()


def path_of(office, url):
    origin = f"http://{view_host(office)}"
    assert url.startswith(f"{origin}/view/"), url
    assert re.fullmatch("/view/[a-z2-7]{26}", url.removeprefix(origin))
    return url.removeprefix(origin)


def test_the_page_may_frame_the_second_name_and_no_other_may(
        office, mediator, case):
    page, url = case.framed()
    policy = page.headers["Content-Security-Policy"]
    assert f"frame-src http://{view_host(office)};" in policy
    assert policy.startswith("default-src 'none';")
    assert "frame-ancestors 'none'" in policy
    assert url not in mediator.get(case.path).text
    for path in ("/", case.path, case.layout.replace("layout", "text")):
        other = mediator.get(path)
        assert other.status == 200
        assert "view.localhost" not in \
            other.headers["Content-Security-Policy"]


def test_the_document_is_rebuilt_and_wears_its_own_headers(office, case):
    _, url = case.framed()
    status, headers, text = ask(office, path_of(office, url))
    assert status == 200
    assert headers.get_all("Content-Security-Policy") == [
        POLICY.format(office.office.base_url)]
    assert headers["Content-Type"] == "text/html; charset=utf-8"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Frame-Options"] is None
    assert headers["Set-Cookie"] is None
    assert "<h1>Promo\u00e7\u00e3o</h1>" in text
    assert "https://evil.example/x" in text and "href" not in text
    assert f'src="data:image/gif;base64,{GIF[:12]}' in text
    assert "Foto \u2013 " in text
    assert "evil.example/t.gif" not in text and "alert" not in text
    assert "evil.example/b" not in text
    assert "Quero reclamar" not in text


def test_an_address_is_good_once(office, case):
    _, url = case.framed()
    path = path_of(office, url)
    # Whoever only looks whether it is there does not use it up.
    for method in ("HEAD", "POST"):
        assert ask(office, path, method,
                   headers={"Content-Length": "0"})[0] in (404, 405)
    assert ask(office, path + "?x=1")[0] == 404
    assert ask(office, path)[0] == 200
    status, headers, text = ask(office, path)
    assert status == 404 and "Promo" not in text
    assert headers["Content-Security-Policy"] is not None


def test_each_visit_has_an_address_of_its_own(office, case):
    urls = {case.framed()[1] for _ in range(3)}
    assert len(urls) == 3
    for url in urls:
        assert "Promo" in ask(office, path_of(office, url))[2]


OTHERS = ["/", "/login", "/cases", "/static/style.css", "/healthz",
          "/metrics", "/d", "/view/", "/view/" + 26 * "a",
          "/view/" + 25 * "a", "/view/" + 27 * "a", "/public"]


def test_the_second_name_answers_nothing_else(office, mediator, case):
    """With a cookie of ours as well, through nginx and straight."""
    cookies = {"Cookie": "; ".join(
        f"{k}={v}" for k, v in mediator.cookies.items())}
    for path in OTHERS + [case.path, case.layout]:
        status, headers, text = ask(office, path, headers=cookies)
        assert status == 404, path
        assert "<" not in text and headers["Set-Cookie"] is None
        status, headers, body = office.server.request(
            "GET", path, headers={"Host": view_host(office), **cookies})
        assert status == 404, path
        assert b"<" not in body and headers["Set-Cookie"] is None
        assert headers["Content-Security-Policy"] == \
            POLICY.format(office.office.base_url)


def test_the_first_name_does_not_give_it_out(office, mediator, case):
    _, url = case.framed()
    path = path_of(office, url)
    page = mediator.get(path)
    assert page.status == 404 and "Promo" not in page.text
    assert ask(office, path)[0] == 200


def test_only_whoever_holds_the_key_has_it_made(office, mediator):
    case = Case(office, mediator, PAGE)
    other = desk.login(office, "mediator2")
    assert desk.act(mediator, case.path, "conflict").status == 303
    assert other.get(case.layout).status == 200
    page = mediator.get(case.layout)
    assert page.status == 403 and "/view/" not in page.text
    nobody = office.browser().get(case.layout)
    assert nobody.status == 303 and nobody.location.startswith("/login")


def test_it_counts_as_a_reading(office, case):
    def readings():
        return office.query("SELECT count(*) FROM audit_event WHERE chain ="
                            " %s AND action = 'download'", case.id)[0][0]

    before = readings()
    case.framed()
    assert readings() == before + 1


def test_it_is_offered_where_there_is_a_page(office, mediator, case):
    assert f'href="{case.layout}"' in mediator.get(case.path).text
    plain = Case(office, mediator)
    assert "/layout" not in mediator.get(plain.path).text
    page = mediator.get(plain.layout)
    assert page.status == 200 and "<iframe" not in page.text
    assert WORDS["layout_none"] in page.words
    assert mediator.get(case.path + "/items/0/layout").status == 404


def test_what_is_too_much_is_said(office, mediator):
    case = Case(office, mediator, "<div>\n" * 100000)
    page = mediator.get(case.layout)
    assert page.status == 200 and "<iframe" not in page.text
    assert WORDS["layout_cannot"] in page.words
    # The next one is painted all the same.
    Case(office, mediator, PAGE).framed()


def test_without_a_second_name_it_says_so(office, case):
    office.office.set(server_view_url="")
    office.server.stop()
    office.server.begin()
    try:
        page = case.browser.get(case.layout)
        assert page.status == 200 and "<iframe" not in page.text
        assert WORDS["layout_no_name"] in page.words
        # Then its name is one that is not ours.
        assert office.server.request("GET", "/", headers={
            "Host": view_host(office)})[0] == 400
    finally:
        office.office.set(server_view_url=f"http://{view_host(office)}")
        office.server.stop()
        office.server.begin()


def test_no_address_of_a_document_reaches_a_log(office, case):
    _, url = case.framed()
    path = path_of(office, url)
    assert ask(office, path)[0] == 200
    with open(office.nginx.access_log, encoding="utf-8") as source:
        access = source.read()
    with open(office.folder / "server.log", encoding="utf-8") as source:
        server = source.read()
    assert "GET /view/- 200" in access
    assert path[6:] not in access + server
    assert "route=view status=200" in server
