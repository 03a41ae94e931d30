"""A scanned letter as a mediator reads it: the page's picture beside its words,
by the keyboard alone, with scripts switched off, on a telephone too."""

import os
import secrets

import pytest
from selenium.webdriver.common.keys import Keys

import drawn
import test_look
from chrome import NARROW, WIDE
from harness import wait_until
from scene import with_file
from test_console import LANGUAGES, axe_source, log_in, words_of

PICTURES = os.environ.get("OUV_PICTURES")
LETTER = ("Prezados senhores,\n\nvenho por meio desta carta pedir que a loja\n"
          "entregue a geladeira que comprei em outubro, com o\n"
          "pedido 4711, ou devolva o que paguei por ela.\n\n"
          "Aguardo resposta no prazo de dez dias.\n\nMaria Souza\n")


def keep(browser, name):
    """For whoever wants to look: OUV_PICTURES=FOLDER."""
    if PICTURES:
        for width in (NARROW, WIDE):
            browser.view(width)
            with open(f"{PICTURES}/{name}-{browser.lang}-{width}.png",
                      "wb") as file:
                file.write(browser.picture())


@pytest.fixture(scope="module")
def case(office):
    """Read well, read badly, nothing on it."""
    sender = f"ana.{secrets.token_hex(6)}@consumidora.example"
    row = office.case_of(office.acknowledged(with_file(
        sender, drawn.pdf_of([drawn.picture(LETTER), drawn.picture(
            LETTER * 4, dots=56, size=9), drawn.picture("")]),
        "carta.pdf"), sender))
    path = f"/cases/{row['protocol']}"
    browser = office.logged_in("mediator2")
    link, = browser.get(path).links(f"{path}/items/[^\"]+/parts/0")
    wait_until("it is read", lambda: office.database.value(
        "SELECT count(*) FROM item_page") == 4, 300, 0.2)
    return path, f"{link}/pages"


def shown(browser):
    """Is the picture there, and are its words beside it or below it?"""
    return browser.driver.execute_script(
        "const i = document.querySelector('.scanpicture img'),"
        " w = document.querySelector('.scanwords'),"
        " a = i.getBoundingClientRect(), b = w.getBoundingClientRect();"
        "return [i.complete && i.naturalWidth > 900, a.right <= b.left,"
        " a.bottom <= b.top]")


def test_a_scan_is_read_beside_its_picture_without_a_script(
        office, plain, case):
    path, pages = case
    words = words_of("pt-BR")
    log_in(office, plain, "mediator")
    plain.go(path).assert_good_page()
    keep(plain, "scan-case")
    assert words["scan_read"] in plain.words
    plain.tab_to(f'a[href="{pages}"]')
    plain.leave(lambda: plain.press(Keys.ENTER))
    plain.assert_good_page()
    for width, beside, below in ((WIDE, True, False), (NARROW, False, True)):
        plain.view(width)
        plain.wait("the picture", lambda: shown(plain)[0])
        assert shown(plain) == [True, beside, below], width
        assert plain.overflow()[0] <= 0, plain.overflow()
    plain.view(WIDE)
    assert "entregue a geladeira que comprei em outubro" in plain.words
    assert words["scan_machine"] in plain.words
    keep(plain, "scan-page")
    # On to the next, doubtful words marked by more than a colour.
    plain.tab_to('a[rel="next"]')
    plain.leave(lambda: plain.press(Keys.ENTER))
    plain.assert_good_page()
    keep(plain, "scan-doubts")
    doubts = plain.all(".text .doubt")
    assert doubts
    assert plain.driver.execute_script(
        "const e = document.querySelector('.text .doubt');"
        "return [getComputedStyle(e).textDecorationLine,"
        " getComputedStyle(e, '::after').content]") == ["underline", '"?"']
    # By its number to the empty one; and back to the message.
    plain.fill("#scan-page", "3")
    plain.leave(lambda: plain.press(Keys.ENTER))
    assert plain.path == f"{pages}/3"
    assert words["scan_no_words"] in plain.words
    plain.leave(plain.link(words["scan_back"]).click)
    assert plain.path == path


def test_words_go_into_a_letter(office, plain, case):
    _, pages = case
    words = words_of("pt-BR")
    log_in(office, plain, "mediator")
    plain.go(f"{pages}/1")
    plain.leave(plain.link(words["scan_quote"]).click)
    plain.assert_good_page()
    text = plain.one("#reply-text").get_attribute("value")
    assert text.startswith("> Prezados senhores,\n>\n> venho por meio")
    assert "geladeira" not in plain.query
    keep(plain, "scan-quote")


def test_the_page_breaks_no_rule(office, chrome, case):
    path, pages = case
    axe, found, passed = axe_source(), {}, {}
    log_in(office, chrome, "mediator")
    for lang in LANGUAGES:
        chrome.speak(lang)
        for address in (path, f"{pages}/1", f"{pages}/2", f"{pages}/3"):
            chrome.go(address)
            assert chrome.lang == lang
            test_look.look(chrome, axe, (lang, address), found,
                           test_look.THEMES, passed)
            keep(chrome, f"scan-{address.rpartition('/')[2][:4]}")
    assert found == {}
    assert chrome.complaints() == []
