"""Documents for a party: ticked and released by a colleague, opened by whoever
got the letter, both by the keyboard and without scripts."""

import re
import secrets
import urllib.parse

import pytest
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

import scene as stage
from chrome import NARROW, WIDE
from scene import with_file
from test_console import LANGUAGES, axe_source, log_in, violations, words_of

CPF = "529.982.247-25"
SAID = "A geladeira chegou com a porta amassada."


@pytest.fixture(scope="module")
def case(office):
    """A case with a message and its attachment: path, who wrote it."""
    consumer = f"ana.{secrets.token_hex(6)}@consumidora.example"
    ack = office.acknowledged(with_file(
        consumer, b"%PDF nota", "nota fiscal.pdf",
        text=f"{stage.WORDS['pt-BR']}\n\n{SAID}\nCPF {CPF}"), consumer)
    row = office.case_of(ack)
    office.query("UPDATE case_file SET state = 'mediation' WHERE id = %s",
                 row["id"])
    return {"path": f"/cases/{row['protocol']}", "consumer": consumer,
            "id": row["id"]}


def enter(browser, css):
    browser.tab_to(css)
    browser.leave(lambda: browser.press(Keys.ENTER))
    return browser.assert_good_page()


def tick(browser, css):
    browser.tab_to(css)
    browser.press(Keys.SPACE)
    assert browser.one(css).is_selected()


def give_code(office, browser, login="mediator"):
    browser.fill("[name=code_now]", office.code(office.office.person(login)))
    browser.leave(browser.one("main button.main").click).assert_good_page()


def link_in(office, address, count):
    mail = office.arrived(address, count, stage.PATIENT)[-1]
    text = stage.plain_text(mail).replace(" \r\n", " ").replace(" \n", " ")
    url = re.search(r"https?://\S+/d/[lc][\w-]{43}", text).group()
    return urllib.parse.urlsplit(url).path


def test_released_by_the_keyboard_and_read_by_whoever_has_the_link(
        office, plain, case):
    words = words_of("pt-BR")
    log_in(office, plain, "mediator")
    plain.go(f"{case['path']}/do/redact?item=1").assert_good_page()
    text = plain.one("#move-text").get_attribute("value")
    plain.fill("#move-title", "Extrato da reclamação")
    plain.fill("#move-text", text.replace(CPF, f"[[{CPF}]]"))
    enter(plain, ".moveform button.main")
    assert words["done_redact"] in plain.words
    extract = plain.all(".item[data-lane=internal]")[-1]
    assert CPF not in extract.text and "█████" in extract.text
    plain.view(NARROW)
    plain.go(f"{case['path']}/do/disclose").assert_good_page()
    Select(plain.one("#move-to")).select_by_value("consumer")
    for box in plain.all(".boxes input"):
        if box.get_attribute("value") in ("1.1", "3"):
            tick(plain, "#" + box.get_attribute("id"))
    Select(plain.one("#move-mode")).select_by_value("code")
    enter(plain, ".moveform button.main")
    assert plain.path == f"{case['path']}/disclose"  # a code is asked for
    give_code(office, plain)
    assert plain.path == case["path"] and words["done_disclose"] in plain.words
    shown = plain.one("#released")
    assert words["release_never"] in shown.text
    code = shown.find_element("css selector", "code").text
    plain.log_out()
    link = link_in(office, case["consumer"], 2)
    plain.go(link).assert_good_page()
    plain.fill("#code", "0" * 26)
    enter(plain, "main button.main")
    assert words["rel_code_wrong"] in plain.words
    plain.tab_to("#code")
    plain.press(code.lower())
    enter(plain, "main button.main")
    assert plain.path == "/d"
    assert SAID in plain.words and CPF not in plain.words
    plain.one("main a[download]").click()
    assert plain.downloaded("nota fiscal.pdf") == b"%PDF nota"
    assert office.query("SELECT opened FROM disclosure WHERE case_id = %s",
                        case["id"]) == [(1,)]


@pytest.fixture(scope="module")
def party(office, case):
    """A link without a code, by raw HTTP."""
    browser = office.logged_in("mediator2")
    path = f"{case['path']}/disclose"
    form = browser.get(f"{case['path']}/do/disclose").form(path)
    before = len(office.now_arrived(case["consumer"]))
    done = browser.ask("POST", path, {
        **form, "to": "consumer", "mode": "link", "piece": "1",
        "piece-2": "1.1"})
    assert done.status == 303, done.words
    return link_in(office, case["consumer"], before + 1)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_page_is_good_in_every_language(office, chrome, party, lang):
    words = words_of(lang)
    chrome.go(party).speak(lang).assert_good_page()
    assert chrome.lang == lang and words["rel_button"] in chrome.words
    chrome.leave(chrome.one("main button.main").click).assert_good_page()
    assert words["rel_from_consumer"] in chrome.words and SAID in chrome.words
    chrome.go("/d/l" + "A" * 43).assert_good_page()
    chrome.leave(chrome.one("main button.main").click).assert_good_page()
    assert words["rel_gone"] in chrome.words


@pytest.mark.parametrize("width, dark", [(NARROW, False), (WIDE, True)])
def test_nothing_stands_in_anybodys_way(office, chrome, party, case, width,
                                        dark):
    source = axe_source()
    chrome.view(width, dark=dark)
    log_in(office, chrome, "mediator2")
    for path in (f"{case['path']}/do/disclose", f"{case['path']}/do/redact",
                 case["path"], party, "/d/c" + "A" * 43, "/d/x"):
        chrome.go(path)
        assert violations(chrome, source) == []
    chrome.go(party)
    chrome.leave(chrome.one("main button.main").click)
    assert violations(chrome, source) == []
