"""A registrar's part of the interface for programs, in a real browser without
scripts: a token is made by the keyboard, shown once, and ended."""

import os
import re

import pytest
from selenium.webdriver.common.keys import Keys

from chrome import NARROW, WIDE
from test_console import log_in, words_of


@pytest.fixture(scope="module")
def place(office):
    """The path of a unit's tokens."""
    do = office.office.admin.do
    do("company", "add", "--name", "Loja & Filhos")
    do("company", "unit", "--company", "Loja & Filhos", "--name",
       "SAC São Paulo", "--kind", "sac")
    (company, unit), = office.query(
        "SELECT replace(company::text, '-', ''), replace(id::text, '-', '')"
        " FROM company_unit")
    return f"/companies/{company}/{unit}/tokens"


def pictures(browser, name):
    if folder := os.environ.get("OUV_PICTURES"):
        for width in (WIDE, NARROW):
            browser.view(width)
            with open(f"{folder}/{name}-{width}.png", "wb") as out:
                out.write(browser.picture())


def good(browser, name):
    for width in (NARROW, WIDE):
        browser.view(width)
        browser.assert_good_page()
    pictures(browser, name)


def make(office, browser, label):
    """By the keyboard, and with the code that is asked for."""
    browser.fill("#new-label", label)
    browser.tab_to("#new button.main")
    browser.leave(lambda: browser.press(Keys.ENTER))
    if browser.driver.find_elements("css selector", "[name=code_now]"):
        browser.fill("[name=code_now]",
                     office.code(office.office.person("ombudsman")))
        browser.leave(lambda: browser.press(Keys.ENTER))
    return browser.one("#bearer").text


@pytest.mark.parametrize("lang", ["en", "it", "pt-BR"])
def test_a_token_is_made_shown_once_and_ended(office, place, plain, lang):
    words = words_of(lang)
    log_in(office, plain, "ombudsman").go(place)
    plain.speak(lang)
    plain.go(place)
    good(plain, f"tokens-empty-{lang}")
    plain.fill("#new-label", "ERP")
    plain.one("#new-read").click()
    plain.leave(plain.one("#new button.main").click)
    assert words["field_scope_needed"] in plain.words
    assert plain.one("#new-label").get_attribute("value") == "ERP"
    good(plain, f"tokens-wrong-{lang}")
    plain.one("#new-read").click()
    bearer = make(office, plain, "ERP")
    assert re.fullmatch(r"ouv1_[0-9a-z]{58}", bearer)
    assert words["token_once"] in plain.words
    good(plain, f"tokens-made-{lang}")
    plain.go(place)
    assert bearer not in plain.driver.page_source and words["token_may_read"] in plain.words
    good(plain, f"tokens-{lang}")
    plain.tab_to('form[action$="/end"] button')
    plain.leave(lambda: plain.press(Keys.ENTER))
    assert words["done_token_end"] in plain.words
    assert words["token_ended"] in plain.words
    good(plain, f"tokens-ended-{lang}")
    plain.speak("pt-BR")
