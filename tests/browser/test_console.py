"""The console as its users meet it: a real browser, through nginx."""

import json
import os
import secrets
import urllib.parse

import pytest
from selenium.webdriver.common.keys import Keys

import scene as stage
from chrome import NARROW, WIDE
from harness import ROOT, wait_until
from scene import letter, mark, with_file

LANGUAGES = ("pt-BR", "en", "it")
FILE = bytes(range(256)) * 40 + b"\r\n.\r\n%PDF"
FILE_NAME = "nota fiscal.pdf"


def words_of(lang):
    with open(os.path.join(ROOT, f"templates/html/words.{lang}.json")) as text:
        return json.load(text)


@pytest.fixture
def new_case(office):
    """A case with an attachment, just arrived: a dict with what to look for."""
    token = mark()
    sender = f"ana.{secrets.token_hex(6)}@consumidora.example"
    subject = f"Cobrança {secrets.token_hex(4)}"
    answer = office.acknowledged(
        with_file(sender, FILE, FILE_NAME, subject=subject,
                  text=f"{stage.WORDS['pt-BR']}\n{token}"), sender)
    case = office.case_of(answer)
    return {**case, "sender": sender, "subject": subject, "token": token,
            "path": f"/cases/{case['protocol']}"}


def log_in(office, browser, login):
    person = office.office.person(login)
    return browser.log_in(login, person["password"], office.code(person))


def delivered(office, browser, text):
    """Looks again until the reply with this text has left; its item."""
    def look():
        browser.leave(browser.driver.refresh)
        item = next(one for one in browser.all(".item")
                    if text in one.text)
        return item if words_of(browser.lang)["delivery_sent"] in item.text \
            else None

    wait_until("the reply is delivered", look, 30, 0.3)


# ---- the mediator's path ------------------------------------------------------


def test_the_mediators_path_from_login_to_logout(office, chrome, new_case):
    words = words_of("pt-BR")
    reply = f"Recebemos o seu caso. {mark()}"
    chrome.go("/").assert_good_page()
    assert chrome.path == "/login"
    log_in(office, chrome, "mediator").assert_good_page()
    assert chrome.path == "/"

    chrome.leave(chrome.link(new_case["subject"]).click).assert_good_page()
    assert chrome.path == new_case["path"]
    assert new_case["token"] in chrome.words

    chrome.one(".files a").click()
    assert chrome.downloaded(FILE_NAME) == FILE

    chrome.leave(chrome.one(f"form[action='{new_case['path']}/open'] button")
                 .click).assert_good_page()
    assert words["done_open"] in chrome.words
    chrome.fill("#reply-text", reply)
    chrome.leave(chrome.one(".compose button.main").click).assert_good_page()
    assert words["done_reply"] in chrome.words and reply in chrome.words
    delivered(office, chrome, reply)
    chrome.assert_good_page()
    assert reply in stage.plain_text(office.arrived(new_case["sender"], 2)[1])

    chrome.log_out().assert_good_page()
    assert chrome.path == "/login" and words["done_logout"] in chrome.words
    for _ in range(4):
        chrome.driver.back()
        chrome.wait("a page", lambda: chrome.has("footer"))
        assert chrome.path == "/login" and chrome.has("#password")
        for secret in (new_case["token"], new_case["subject"], reply,
                       new_case["sender"]):
            assert secret not in chrome.source()


def scripts_run(browser):
    page = "<title>off</title><script>document.title = 'on'</script>"
    browser.driver.get("data:text/html," + urllib.parse.quote(page))
    return browser.driver.title == "on"


def test_scripts_are_off_where_the_test_says_so(chrome, plain):
    assert scripts_run(chrome) and not scripts_run(plain)


def test_the_path_without_scripts_by_the_keyboard_alone(
        office, plain, new_case):
    person = office.office.person("mediator2")
    reply = f"A empresa tem dez dias para responder. {mark()}"
    plain.go("/login")
    # The first field has the focus already.
    plain.press("mediator2", Keys.TAB, person["password"], Keys.TAB,
                office.code(person))
    plain.leave(lambda: plain.press(Keys.ENTER)).assert_good_page()
    assert plain.path == "/"

    # The first stop leads past what every page begins with.
    plain.tab_to(".skip")
    plain.press(Keys.ENTER)
    plain.tab_to(f".subject[href='{new_case['path']}']")
    plain.leave(lambda: plain.press(Keys.ENTER)).assert_good_page()
    assert new_case["token"] in plain.words

    plain.tab_to(".files a")
    plain.press(Keys.ENTER)
    assert plain.downloaded(FILE_NAME) == FILE

    plain.go(new_case["path"])
    plain.tab_to(f"form[action='{new_case['path']}/open'] button")
    plain.leave(lambda: plain.press(Keys.ENTER))
    plain.tab_to(".jump a")
    plain.press(Keys.ENTER)
    plain.tab_to("#reply-text")
    plain.press(reply)
    plain.tab_to(".compose button.main")
    plain.leave(lambda: plain.press(Keys.ENTER)).assert_good_page()
    delivered(office, plain, reply)

    plain.tab_to("form[action='/logout'] button")
    plain.leave(lambda: plain.press(Keys.ENTER)).assert_good_page()
    assert plain.path == "/login"
    plain.driver.back()
    plain.wait("a page", lambda: plain.has("footer"))
    assert plain.path == "/login" and new_case["token"] not in plain.source()


# ---- what goes wrong ------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_wrong_password_keeps_the_name_and_says_so(office, chrome, lang):
    words = words_of(lang)
    chrome.go("/login").speak(lang)
    assert chrome.lang == lang
    chrome.fill("#login", "registrar")
    chrome.fill("#password", "not this one at all")
    chrome.leave(chrome.one("main button.main").click).assert_good_page()
    assert chrome.one("[role=alert]").text == words["login_refused"]
    assert chrome.one("#login").get_attribute("value") == "registrar"
    assert chrome.one("#password").get_attribute("value") == ""
    assert chrome.driver.switch_to.active_element == chrome.one("#password")
    assert chrome.lang == lang


def test_an_empty_reply_is_refused_with_what_was_typed(
        office, chrome, new_case):
    log_in(office, chrome, "mediator").go(new_case["path"])
    words = words_of(chrome.lang)
    chrome.leave(chrome.one(f"form[action='{new_case['path']}/open'] button")
                 .click)
    chrome.fill("#reply-text", "   ")
    chrome.fill("#reply-subject", "Sobre o seu caso")
    chrome.leave(chrome.one(".compose button.main").click).assert_good_page()
    assert words["errors_heading"] in chrome.one("[role=alert]").text
    assert words["field_empty"] in chrome.one("#reply-text-e").text
    assert chrome.one("#reply-subject").get_attribute("value") \
        == "Sobre o seu caso"
    # The summary leads to the field.
    chrome.one("#errors a").click()
    assert chrome.driver.switch_to.active_element == chrome.one("#reply-text")


# ---- every page, in every language -------------------------------------------------


@pytest.fixture(scope="module")
def pages(office):
    """(name, path) of the pages that staff may see; the worklist and the held
    mail have something to show."""
    sender = f"rui.{secrets.token_hex(6)}@consumidora.example"
    long_name = "Maria Aparecida dos Santos Albuquerque de Vasconcelos"
    case = office.case_of(office.acknowledged(
        with_file(sender, FILE, "comprovante" * 9 + ".pdf", name=long_name,
                  subject="Pneumoultramicroscopicossilicovulcanoconiótico" * 3,
                  text="x" * 400 + " https://loja.example/" + "a" * 300),
        sender))
    row = office.filed(letter(sender, subject="Para quem for"), sender,
                       f"caso+{'0' * 26}@ouvidoria.example")
    assert row["outcome"] == "held"
    held = "/cases/" + str(row["case_id"]).replace("-", "")
    return [("worklist", "/"), ("closed", "/cases?queue=closed"),
            ("held", "/held"), ("case", f"/cases/{case['protocol']}"),
            ("held case", held), ("no such case", "/cases/x"),
            ("bad list", "/cases?queue=none"), ("404", "/nothing/here")]


# Two people in turn: a code is good for one login.
@pytest.mark.parametrize("lang,login", zip(
    LANGUAGES, ("mediator2", "mediator", "mediator2")))
def test_every_page_is_good_in_every_language(
        office, chrome, pages, lang, login):
    chrome.go("/login").speak(lang).assert_good_page()
    log_in(office, chrome, login).speak(lang)
    for name, path in pages:
        chrome.go(path).assert_good_page()
        assert chrome.lang == lang, name
        # An address that leads nowhere does not ask who wants to go there.
        if name != "404":
            assert words_of(lang)["logout"] in chrome.words, name


def test_the_language_is_kept_from_page_to_page_and_login_to_login(
        office, chrome):
    log_in(office, chrome, "intake")
    for lang in ("it", "en"):
        chrome.go("/").speak(lang)
        assert chrome.path == "/" and chrome.lang == lang
        chrome.go("/held")
        assert chrome.lang == lang
    chrome.log_out()
    log_in(office, chrome, "intake")
    assert chrome.lang == "en"


# ---- accessibility ----------------------------------------------------------------


def axe_source():
    """axe-core: $OUV_AXE (the file or a folder with node_modules), or what
    tools/deps.sh fetched beside this file."""
    beside = os.path.dirname(os.path.abspath(__file__))
    told = os.environ.get("OUV_AXE", "")
    inside = os.path.join("node_modules", "axe-core", "axe.min.js")
    for path in (told, os.path.join(told, inside),
                 os.path.join(beside, inside)):
        if path and os.path.isfile(path):
            with open(path, encoding="utf-8") as source:
                return source.read()
    pytest.skip("axe-core is not on this machine: make deps-check, where npm"
                " is, or OUV_AXE=/path/to/axe.min.js")


def violations(chrome, axe):
    chrome.cdp("Runtime.evaluate", expression=axe)
    return chrome.driver.execute_async_script(
        "const done = arguments[arguments.length - 1];"
        "axe.run(document).then(r => done(r.violations.map(v =>"
        " [v.id, v.nodes.map(n => n.html)])))")


def test_axe_finds_no_violation(office, chrome, pages):
    """On a telephone, by day and by night as the device asks; test_look.py
    walks all pages on a desk, in each language and theme."""
    axe = axe_source()
    found = {}

    def look(name):
        for dark in (False, True):
            chrome.view(NARROW, dark=dark)
            bad = violations(chrome, axe)
            if bad:
                found[name, dark] = bad

    chrome.go("/login")
    look("login")
    log_in(office, chrome, "mediator")
    for name, path in pages:
        chrome.go(path)
        look(name)
    assert found == {}
