"""The office's own pages in a real browser: readable at both widths, in each
language, without scripts, and an address changed by the keyboard alone."""

import os

import pytest
from selenium.webdriver.common.keys import Keys

from chrome import NARROW, WIDE
from scene import letter
from test_console import log_in, words_of

SENDER = "ana@consumidora.example"
OLD, NEW = "sac@loja.example", "atende@loja.example"
ADMIN = ("/admin", "/admin/roles", "/admin/deadlines", "/admin/codes",
         "/admin/keys")


@pytest.fixture(scope="module")
def company(office):
    """The path of a company with a unit and a contact; one case waits."""
    run = office.office.admin.run
    assert run("company", "add", "--name", "Loja & Filhos")[0] == 0
    assert run("company", "unit", "--company", "Loja & Filhos", "--name",
               "SAC São Paulo", "--kind", "sac")[0] == 0
    assert run("company", "contact", "--company", "Loja & Filhos", "--unit",
               "SAC São Paulo", "--address", OLD)[0] == 0
    office.acknowledged(letter(SENDER), SENDER)
    (ident,), = office.query("SELECT id FROM company")
    return "/companies/" + str(ident).replace("-", "")


def pictures(browser, name):
    if folder := os.environ.get("OUV_PICTURES"):
        for width in (WIDE, NARROW):
            browser.view(width)
            with open(f"{folder}/{name}-{width}.png", "wb") as out:
                out.write(browser.picture())


def test_the_pages_are_good_in_every_language(office, company, plain):
    log_in(office, plain, "ombudsman")
    for lang in ("en", "it", "pt-BR"):
        plain.go("/admin")
        plain.speak(lang)
        paths = ADMIN + ("/companies", company, company + "/edit",
                         "/calendar/due?whose=all")
        for path in paths if lang == "pt-BR" else paths[:1] + paths[6:]:
            plain.go(path)
            plain.assert_good_page()
            pictures(plain, path.split("?")[0].strip("/").replace("/", "-")
                     .replace(company.strip("/").replace("/", "-"), "company")
                     + "-" + lang)
    assert not plain.complaints()


def test_the_reason_of_a_date_unfolds_by_the_keyboard(office, company, plain):
    words = words_of("pt-BR")
    log_in(office, plain, "mediator").go("/calendar")
    plain.leave(plain.link(words["due_link"]).click)
    plain.go("/calendar/due?whose=all")
    assert words["clock_day_zero"] not in plain.words
    plain.tab_to("#dates summary")
    plain.press(Keys.ENTER)
    assert words["clock_day_zero"] in plain.words
    plain.assert_good_page()


def test_an_address_is_changed_by_the_keyboard_alone(office, company, plain):
    words = words_of("pt-BR")
    log_in(office, plain, "ombudsman").go(company)
    plain.tab_to('a[href*="/contacts/"]')
    plain.leave(lambda: plain.press(Keys.ENTER))
    plain.fill("#entry-addr", "sem arroba")
    plain.leave(plain.one("form.card button.main").click)
    plain.assert_good_page()
    assert words["field_not_an_address"] in plain.words
    plain.fill("#entry-addr", NEW)
    plain.tab_to("form.card button.main")
    plain.leave(lambda: plain.press(Keys.ENTER))
    assert words["contact_look"] in plain.words
    assert plain.one(".bigaddr").text == NEW
    plain.assert_good_page()
    pictures(plain, "contactlook-pt-BR")
    plain.tab_to("#look button.main")
    plain.leave(lambda: plain.press(Keys.ENTER))
    # Not without a fresh code; that page's own refusal is no complaint.
    plain.assert_good_page()
    plain.fill("[name=code_now]",
               office.code(office.office.person("ombudsman")))
    plain.press(Keys.ENTER)
    plain.wait("the company again", lambda: plain.path == company)
    assert words["done_company_set"] in plain.words
    assert office.query("SELECT addr, active FROM company_contact"
                        " ORDER BY addr") == [(NEW, True), (OLD, False)]
    plain.assert_good_page()
