"""Searching as a mediator does it: from any page, by the keyboard alone, with
scripts switched off."""

import os
import secrets

from selenium.webdriver.common.keys import Keys

from chrome import NARROW, WIDE
from scene import letter
from test_console import LANGUAGES, log_in, words_of

PICTURES = os.environ.get("OUV_PICTURES")


def keep(browser, name):
    """For whoever wants to look: OUV_PICTURES=FOLDER."""
    if PICTURES:
        for width in (NARROW, WIDE):
            browser.view(width)
            with open(f"{PICTURES}/{name}-{browser.lang}-{width}.png",
                      "wb") as file:
                file.write(browser.picture())


def test_a_case_is_found_from_any_page_by_the_keyboard(office, plain):
    word = "q" + "".join(secrets.choice("abcdefghkmn") for _ in range(10))
    sender = f"ana.{secrets.token_hex(6)}@consumidora.example"
    case = office.case_of(office.acknowledged(
        letter(sender, text=f"Comprei um fogão {word} e veio quebrado."),
        sender))
    for n in range(2):
        addr = f"eva.{secrets.token_hex(6)}@consumidora.example"
        office.acknowledged(letter(addr, name="Eva Lima", subject="Cobrança "
                                   f"em dobro {n}, no cartão"), addr)
    log_in(office, plain, "mediator")
    plain.go("/calendar")
    plain.assert_good_page()
    keep(plain, "head")
    field = plain.tab_to("#seek")
    assert field.accessible_name == words_of("pt-BR")["search_short"]
    plain.press(f"FOGAO {word}")
    plain.leave(lambda: plain.press(Keys.ENTER))
    plain.assert_good_page()
    assert plain.path == "/search" and plain.query == ""
    assert [a.get_attribute("href").rsplit("/", 1)[1]
            for a in plain.all(".subject")] == [case["protocol"]]
    # What was asked stands in the field, to be changed; one field is there.
    again = plain.tab_to("#search-q")
    assert again.get_attribute("value") == f"FOGAO {word}"
    assert not plain.has("#seek")
    for lang in LANGUAGES:
        words = words_of(lang)
        plain.speak(lang)
        plain.go("/search").assert_good_page()
        keep(plain, "search")
        for query, said in (("comprei", "search_found_other"),
                            ("zzz nada", "search_nothing"),
                            (" ", "search_empty")):
            plain.fill("#search-q", query)
            plain.leave(lambda: plain.press(Keys.ENTER))
            plain.assert_good_page()
            assert words[said] in plain.words
            keep(plain, said)
            if said == "search_empty":
                wrong = plain.one("#search-q")
                assert wrong.get_attribute("aria-invalid") == "true"
                assert plain.one("#search-q-e").text == words[said]
