"""A consumer's whole case on their own page: a narrow screen, no scripts, the
keyboard alone; in three languages, in every theme, in large type, on paper."""

import re
import secrets
import urllib.parse

import pytest
from selenium.webdriver.common.keys import Keys

import scene as stage
from chrome import NARROW, WIDE
from scene import mark, with_file
from test_console import LANGUAGES, axe_source, violations, words_of

CODE = re.compile(r"\b(?:[0-9a-z]{4}-){6}[0-9a-z]{2}\b")


class Consumer:
    """Who wrote to us, and what came back."""

    def __init__(self, office, state="consumer", lang="pt-BR"):
        self.office = office
        self.addr = f"ana.{secrets.token_hex(6)}@consumidora.example"
        self.said = mark()
        self.ack = office.acknowledged(with_file(
            self.addr, b"%PDF-1.4 nota", "nota.pdf",
            text=f"{stage.WORDS[lang]}\n{self.said}"), self.addr)
        text = stage.plain_text(self.ack).replace("\r\n", "\n").replace(
            " \n", " ")
        self.code = CODE.search(text).group()
        self.link = urllib.parse.urlsplit(
            re.search(r"https?://\S+/t/\S+", text).group()).path
        case = office.case_of(self.ack)
        self.protocol, self.id = case["protocol"], case["id"]
        self.move(state)

    def move(self, state):
        self.office.query(
            "UPDATE case_file SET state = %s::case_state, moved = now(), due ="
            " now() + interval '5 days', kind = 'complaint' WHERE id = %s",
            state, self.id)

    def acts(self):
        return self.office.query(
            "SELECT action, choice, source FROM party_act WHERE case_id = %s"
            " ORDER BY at, id", self.id)


@pytest.fixture
def consumer(office):
    office.query("DELETE FROM login_throttle")
    return Consumer(office)


def enter(chrome, consumer):
    chrome.go("/t")
    chrome.fill("#protocol", consumer.protocol)
    chrome.fill("#code", consumer.code)
    chrome.leave(chrome.one("main button.main").click)
    return chrome


def test_a_whole_case_by_the_keyboard_without_scripts(office, plain, consumer):
    words = words_of("pt-BR")
    plain.view(NARROW)
    plain.go("/t").assert_good_page()
    plain.tab_to("#protocol")
    plain.press(consumer.protocol)
    plain.tab_to("#code")
    plain.press(consumer.code.upper())
    plain.leave(lambda: plain.press(Keys.ENTER)).assert_good_page()
    assert plain.path == "/t" and consumer.said in plain.words
    assert words["link_state_consumer"] in plain.words
    assert words["track_from_you"] in plain.words
    # What is to be done now, and the second step.
    plain.tab_to('a[href="/t/say?what=reject"]')
    plain.leave(lambda: plain.press(Keys.ENTER)).assert_good_page()
    assert plain.one("input[value=reject]").is_selected()
    plain.tab_to("#say-words")
    plain.press("A geladeira continua parada.")
    plain.tab_to("main button.main")
    plain.leave(lambda: plain.press(Keys.ENTER)).assert_good_page()
    assert words["link_confirm_heading"] in plain.words
    assert consumer.acts() == []
    plain.tab_to("main button.main")
    plain.leave(lambda: plain.press(Keys.ENTER)).assert_good_page()
    assert words["track_done_decide"] in plain.words
    assert "A geladeira continua parada." in plain.words
    assert consumer.acts() == [("reject", "", "link")]
    # A wish, then the end: what is still open then.
    plain.tab_to('a[href="/t/say?what=person"]')
    plain.leave(lambda: plain.press(Keys.ENTER)).assert_good_page()
    plain.tab_to("#say-words")
    plain.press("Depois das 18 horas.")
    plain.tab_to("main button.main")
    plain.leave(lambda: plain.press(Keys.ENTER))
    plain.tab_to("main button.main")
    plain.leave(lambda: plain.press(Keys.ENTER)).assert_good_page()
    assert words["track_done_person"] in plain.words
    office.query("UPDATE party_act SET done = now(), outcome = 'moved'"
                 " WHERE case_id = %s", consumer.id)
    consumer.move("closed")
    plain.go("/t").assert_good_page()
    assert words["track_closed_review"][:40] in plain.words
    assert words["link_do_rate_resolved"] in plain.words
    plain.tab_to(".trackbar button")
    plain.leave(lambda: plain.press(Keys.ENTER)).assert_good_page()
    assert plain.has("#code") and consumer.said not in plain.words


def test_the_letters_link_is_one_button(plain, consumer):
    plain.view(NARROW)
    plain.go(consumer.link).assert_good_page()
    assert not plain.has("#code")
    plain.tab_to("main button.main")
    plain.leave(lambda: plain.press(Keys.ENTER)).assert_good_page()
    assert plain.path == "/t" and consumer.said in plain.words


def test_a_file_by_hand(office, plain, consumer, tmp_path):
    file = tmp_path / "recibo.txt"
    file.write_text("pago em março")
    enter(plain, consumer).go("/t/say?what=message")
    plain.fill("#say-words", "Segue o recibo.")
    plain.one("#say-files-input").send_keys(str(file))
    plain.leave(plain.one("main button.main").click).assert_good_page()
    assert "recibo.txt" in plain.words
    plain.leave(plain.one("main button.main").click).assert_good_page()
    assert "recibo.txt" in plain.words and "Segue o recibo." in plain.words


def test_what_was_mistyped_stays_and_is_led_to(plain, consumer):
    words = words_of("pt-BR")
    plain.go("/t")
    plain.fill("#protocol", consumer.protocol)
    plain.fill("#code", "abc")
    plain.leave(plain.one("main button.main").click).assert_good_page()
    assert words["track_code_none"] in plain.one("[role=alert]").text
    assert plain.one("#protocol").get_attribute("value") == consumer.protocol
    assert plain.one("#code").get_attribute("aria-invalid") == "true"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_page_is_good_in_every_language(office, chrome, consumer, lang):
    words = words_of(lang)
    chrome.view(NARROW)
    chrome.go("/t").speak(lang).assert_good_page()
    assert words["track_door_lead"] in chrome.words
    chrome.go("/t/code").assert_good_page()
    chrome.fill("#who", "nobody@nobody.example")
    chrome.leave(chrome.one("main button.main").click).assert_good_page()
    assert words["track_ask_done"] in chrome.words
    enter(chrome, consumer).assert_good_page()
    for what in ("message", "person", "data", "accept"):
        chrome.go(f"/t/say?what={what}").assert_good_page()
    chrome.fill("#say-words", "x")
    chrome.leave(chrome.one("main button.main").click).assert_good_page()
    chrome.go("/t/messages/1").assert_good_page()
    assert consumer.said in chrome.words


@pytest.mark.parametrize("width, dark", [(NARROW, False), (WIDE, True)])
def test_nothing_stands_in_anybodys_way(office, chrome, consumer, width, dark):
    source = axe_source()
    chrome.view(width, dark=dark)
    for path in ("/t", "/t/code", consumer.link):
        chrome.go(path)
        assert violations(chrome, source) == [], path
    enter(chrome, consumer)
    assert violations(chrome, source) == []
    for path in ("/t/say?what=reject", "/t/say?what=data", "/t/messages/2"):
        chrome.go(path)
        assert violations(chrome, source) == [], path


def test_letters_are_large_and_grow_with_the_browser(chrome, consumer):
    """18 px at least wherever there are words; twice that at 200 %."""
    chrome.view(WIDE)
    enter(chrome, consumer)
    small = ("return Array.from(document.querySelectorAll('main *')).filter("
             "e => Array.from(e.childNodes).some(n => n.nodeType == 3 &&"
             " n.data.trim()) && e.getClientRects().length &&"
             " !e.classList.contains('hide') &&"
             " !e.closest('.hide')).map(e => [e.tagName,"
             " parseFloat(getComputedStyle(e).fontSize)])")
    sizes = chrome.driver.execute_script(small)
    assert sizes and min(size for _, size in sizes) >= 18, sorted(
        {tuple(s) for s in sizes if s[1] < 18})
    # What the browser is told about letters counts.
    chrome.driver.execute_script("document.documentElement.style.fontSize ="
                                 " '32px'")
    grown = chrome.driver.execute_script(small)
    assert min(size for _, size in grown) >= 36
