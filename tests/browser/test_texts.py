"""The office's texts as colleagues meet them: by the keyboard alone, with
scripts switched off."""

import pytest
from selenium.webdriver.common.keys import Keys

from chrome import NARROW
from test_console import (LANGUAGES, axe_source, log_in, violations, words_of)
from test_console_texts import (ACK, CAPITALS, LETTER, PLAIN, send, shipped,
                                versions, with_line)


PIECE = "/templates/piece/hear-you"


@pytest.fixture(scope="module", autouse=True)
def history(office):
    """One letter with a past, one that waits."""
    mediator = office.logged_in("mediator")
    changed = shipped("mail/letter")
    changed["en"] = changed["en"].replace("Thank you for your attention.",
                                          "Thank you for your patience.")
    for bodies, more in ((with_line(shipped("mail/letter"), CAPITALS),
                          {"overrule": "De propósito"}), (changed, {})):
        assert send(mediator, LETTER, bodies, **more)[0].status == 303
    assert send(mediator, ACK, with_line(shipped("mail/ack"), PLAIN))[
        0].status == 303


def go_on(browser, css):
    """Goes there by Tab and presses Enter, which leads to another page."""
    browser.tab_to(css)
    return browser.leave(lambda: browser.press(Keys.ENTER))


def enter(browser, css):
    return go_on(browser, css).assert_good_page()


def test_a_text_is_changed_by_the_keyboard_alone(office, plain):
    words = words_of("pt-BR")
    log_in(office, plain, "mediator2")
    go_on(plain.go("/"), ".menu a[href='/templates']")
    plain.tab_to("#find")
    plain.press("sono qui per darle")
    enter(plain, "main [role=search] button")
    go_on(plain, f".subject[href='{PIECE}']")
    go_on(plain, f"a[href^='{PIECE}/edit']")
    blank, good = "Rispondiamo (giorno/mese).", "Buona giornata."
    field = plain.tab_to("#edit-body-it")
    field.send_keys(Keys.CONTROL, Keys.END)
    plain.press(blank)
    enter(plain, "button[value=check]")
    # What blocks is told beside its language and leads to the field.
    assert words["texts_check_blocks"] in plain.one("#checked").text
    assert "(giorno/mese)" in plain.one("#edit-body-it-f .finding.bad").text
    assert not plain.has("#edit-body-en-f .finding")
    plain.tab_to("#edit-body-it-f .finding.bad a")
    plain.press(Keys.ENTER)
    field = plain.one("#edit-body-it")
    assert plain.driver.switch_to.active_element == field
    assert blank in field.get_attribute("value")
    field.send_keys(Keys.CONTROL, Keys.END)
    plain.press(*[Keys.BACKSPACE] * len(blank), good)
    plain.tab_to("#edit-reason")
    plain.press("Mais claro")
    enter(plain, "button[value=save]")
    assert plain.path == PIECE
    assert words["done_text_live"] in plain.one("[role=status]").text
    assert good in plain.one("ol[lang=it]").text
    # And back to where it was.
    enter(plain, f"a[href='{PIECE}/back?n=0']")
    assert good in plain.one("del").text
    plain.tab_to("#back-reason")
    plain.press("Era melhor")
    go_on(plain, "#back button")
    assert good not in plain.one("ol[lang=it]").text
    assert [row[0] for row in versions(office, "piece/hear-you")] == [1, 2]


def test_the_second_person_decides_by_the_keyboard_alone(office, plain):
    words = words_of("pt-BR")
    log_in(office, plain, "reader")
    plain.go("/templates")
    enter(plain, ".tabs a[href='/templates/waiting']")
    assert PLAIN["it"] in plain.one("ins[lang=it]").text
    # Said by a sign and in words, not by colour alone.
    sign = plain.driver.execute_script(
        "return getComputedStyle(document.querySelector('.diff .new'),"
        " '::before').content")
    assert sign == '"+"'
    enter(plain, "#decide-mail-ack-1 [value=refuse]")
    assert words["field_empty"] in plain.one("#decide-mail-ack-1-why-e").text
    plain.tab_to("#errors a")
    plain.press(Keys.ENTER)
    assert plain.driver.switch_to.active_element \
        == plain.one("#decide-mail-ack-1-why")
    plain.press("Já está dito acima.")
    enter(plain, "#decide-mail-ack-1 [value=refuse]")
    assert words["done_text_refused"] in plain.one("[role=status]").text


def test_the_frame_shows_the_letter_as_mail_programs_do(office, chrome):
    log_in(office, chrome, "mediator")
    chrome.go(f"{LETTER}/preview?lang=en").assert_good_page()
    text = chrome.one(".mailtext").text
    assert "Thank you for your patience." in text
    frame = chrome.one(".mailhtml")
    chrome.driver.switch_to.frame(frame)
    chrome.wait("the frame", lambda: chrome.has("p"))
    body = chrome.one("body").text
    family = chrome.driver.execute_script(
        "return getComputedStyle(document.querySelector('p')).fontFamily")
    chrome.driver.switch_to.default_content()
    assert "Thank you for your patience." in body
    assert family.startswith("Arial")
    assert chrome.complaints() == []


PAGES = ("/templates", "/templates/waiting", LETTER, f"{LETTER}/edit",
         f"{LETTER}/compare?a=0&b=1", f"{LETTER}/preview?lang=it",
         f"{LETTER}/back?n=1")


def test_every_page_of_the_texts_is_good_in_every_language(office, chrome):
    log_in(office, chrome, "ombudsman")
    for lang in LANGUAGES:
        chrome.go("/templates").speak(lang)
        for path in PAGES:
            chrome.go(path).assert_good_page()
            assert chrome.lang == lang, path


def test_axe_finds_no_violation_in_the_texts(office, chrome):
    """On a telephone; test_look.py walks the same pages on a desk."""
    axe = axe_source()
    log_in(office, chrome, "ombudsman")
    found = {}
    for path in PAGES:
        chrome.go(path)
        for dark in (False, True):
            chrome.view(NARROW, dark=dark)
            bad = violations(chrome, axe)
            if bad:
                found[path, dark] = bad
    assert found == {}
