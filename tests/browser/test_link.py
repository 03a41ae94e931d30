"""A party's own page as somebody with a telephone and no scripts meets it:
by the keyboard alone, in three languages, and with nothing decided by chance."""

import re
import secrets
import urllib.parse

import pytest
from selenium.webdriver.common.keys import Keys

import scene as stage
from chrome import NARROW, WIDE
from scene import answer_to, letter
from test_console import LANGUAGES, axe_source, violations, words_of


@pytest.fixture
def party(office):
    """A consumer who must say whether the answer will do: a dict with the
    page's path and the case."""
    consumer = f"ana.{secrets.token_hex(6)}@consumidora.example"
    ack = office.acknowledged(letter(consumer), consumer)
    case = office.case_of(ack)
    office.query("UPDATE case_file SET state = 'consumer', due = now() +"
                 " interval '5 days', moved = now() WHERE id = %s",
                 case["id"])
    raw = answer_to(ack, consumer, text="Ainda não sei o que dizer.")
    office.post_mail(raw, consumer,
                     stage.address_of(ack.parsed["Reply-To"]))
    mail = office.arrived(consumer, 2, stage.PATIENT)[1]
    url = re.search(r"https?://\S+/t/\S+", stage.plain_text(mail)).group()
    return {"path": urllib.parse.urlsplit(url).path, "id": case["id"],
            "protocol": case["protocol"]}


def acts(office, party):
    return office.query("SELECT action, choice, source FROM party_act"
                        " WHERE case_id = %s", party["id"])


def test_a_decision_by_the_keyboard_without_scripts(office, plain, party):
    words = words_of("pt-BR")
    plain.view(NARROW)
    plain.go(party["path"]).assert_good_page()
    assert party["protocol"] in plain.words
    assert words["link_turn_you"] in plain.words
    plain.tab_to("#what-1")  # arrows go from one to the next
    plain.press(Keys.ARROW_DOWN)
    assert plain.one("#what-2").is_selected()
    plain.tab_to("#words")
    plain.press("A geladeira continua parada.")
    plain.tab_to("main button.main")
    plain.leave(lambda: plain.press(Keys.ENTER)).assert_good_page()
    assert words["link_confirm_heading"] in plain.words
    assert "A geladeira continua parada." in plain.words
    assert acts(office, party) == []
    plain.tab_to("main button.main")
    plain.leave(lambda: plain.press(Keys.ENTER)).assert_good_page()
    assert words["link_done"] in plain.words
    assert acts(office, party) == [("reject", "", "link")]


def test_whoever_goes_back_has_decided_nothing(office, plain, party):
    plain.go(party["path"])
    plain.one("#what-1").click()
    plain.leave(plain.one("main button.main").click).assert_good_page()
    plain.leave(plain.one("main .actions a").click).assert_good_page()
    assert plain.path == party["path"] and plain.has("#what-1")
    assert acts(office, party) == []


def test_what_is_missing_is_said_beside_its_field(office, plain, party):
    plain.go(party["path"])
    plain.fill("#words", "Sem escolha.")
    plain.leave(plain.one("main button.main").click).assert_good_page()
    words = words_of("pt-BR")
    assert words["link_choose"] in plain.one("[role=alert]").text
    assert plain.one("#what-e").text == words["link_choose"]
    assert plain.one("#words").get_attribute("value") == "Sem escolha."
    assert acts(office, party) == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_step_is_good_in_every_language(office, chrome, party, lang):
    words = words_of(lang)
    chrome.go(party["path"]).speak(lang).assert_good_page()
    assert chrome.lang == lang and chrome.path == party["path"]
    assert words["link_state_consumer"] in chrome.words
    chrome.one("#what-3").click()
    chrome.leave(chrome.one("main button.main").click).assert_good_page()
    assert words["link_do_withdraw"] in chrome.words
    chrome.go("/t/o.x.y").assert_good_page()
    assert words["link_gone"] in chrome.words


@pytest.mark.parametrize("width, dark", [(NARROW, False), (WIDE, True)])
def test_nothing_stands_in_anybodys_way(office, chrome, party, width, dark):
    source = axe_source()
    chrome.go(party["path"])
    chrome.view(width, dark=dark)
    assert violations(chrome, source) == []
    chrome.one("#what-1").click()
    chrome.leave(chrome.one("main button.main").click)
    assert violations(chrome, source) == []
