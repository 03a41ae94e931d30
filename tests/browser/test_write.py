"""The composer as a mediator meets it: everything by the keyboard with scripts
switched off; with scripts, what comes while one types."""

import os
import secrets

import pytest
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

import scene as stage
from chrome import NARROW, WIDE, Chrome
from harness import ROOT
from scene import letter, mark
from test_console import (LANGUAGES, axe_source, log_in, violations, words_of)

GOOD = "Recebemos os documentos. A empresa recebeu a cópia ontem."
BLANK = "Recebemos os documentos de (nome) 😀 hoje."
STRANGE = "A loja atende em balcao@outra-loja.example."


@pytest.fixture(scope="module")
def case(office):
    """A case with a consumer and a company: a dict."""
    sender = f"ana.{secrets.token_hex(5)}@consumidora.example"
    answer = office.acknowledged(letter(sender), sender)
    row = office.case_of(answer)
    company = f"sac.{secrets.token_hex(5)}@loja.example"
    to = stage.address_of(answer.parsed["Reply-To"])
    held = office.filed(letter(company, name="Loja Azul", to=to,
                               subject="Resposta"), company, to)
    path = "/cases/" + str(held["case_id"]).replace("-", "")
    mediator = office.logged_in("mediator")
    form = {**mediator.get(path).form(f"{path}/attribute"), "as": "company",
            "to": row["protocol"], "remember": "1"}
    assert mediator.ask("POST", f"{path}/attribute", form).status == 303
    return {**row, "sender": sender, "company": company,
            "path": f"/cases/{row['protocol']}"}


# One browser of each kind for the file; the second person has none open.
def browser(office, login, scripts):
    made = Chrome(office.office.base_url, scripts=scripts)
    try:
        yield log_in(office, made, login)
    finally:
        made.stop()


@pytest.fixture(scope="module")
def bare(office):
    """A mediator without scripts."""
    yield from browser(office, "mediator", False)


@pytest.fixture(scope="module")
def live(office):
    """A mediator with them."""
    yield from browser(office, "mediator2", True)


def enter(browser, css):
    """Goes there by Tab and presses Enter, which leads to another page."""
    browser.tab_to(css)
    browser.leave(lambda: browser.press(Keys.ENTER))
    return browser.assert_good_page()


def active(browser):
    return browser.driver.switch_to.active_element


def value(browser, css):
    return browser.one(css).get_attribute("value")


# ---- without scripts ------------------------------------------------------------


def test_a_letter_is_looked_at_mended_and_sent_by_the_keyboard_alone(
        office, bare, case):
    words = words_of("pt-BR")
    token = mark()
    bare.go(case["path"]).assert_good_page()
    bare.tab_to(".jump a")
    bare.press(Keys.ENTER)
    bare.tab_to("#reply-text")
    bare.press(f"{GOOD} {token} (nome)")
    enter(bare, "#reply-form .verdict button")
    # It is a page of its own, which begins at what was found.
    assert bare.path == case["path"] + "/check"
    assert active(bare) == bare.one("#checked")
    assert words["check_blocked"] in bare.one("#checked").text
    assert "(nome)" in bare.one(".findings .blocks").text
    assert token in value(bare, "#reply-text")
    bare.tab_to(".findings a")
    bare.press(Keys.ENTER)
    assert active(bare) == bare.one("#reply-text")
    active(bare).send_keys(Keys.CONTROL, Keys.END)
    bare.press(*[Keys.BACKSPACE] * len(" (nome)"))
    enter(bare, "#reply-form .verdict button")
    assert words["check_clean"] in bare.one("#checked").text
    assert f"{GOOD} {token}".split()[-1] in bare.one("#reply-plain").text
    enter(bare, ".compose button.main")
    assert bare.path == case["path"] and token in bare.words
    assert words["done_reply"] in bare.words


def test_enter_in_the_subject_looks_and_does_not_send(office, bare, case):
    before = office.case(case["protocol"])["items"]
    bare.go(case["path"])
    bare.one("#reply-text").send_keys(BLANK)
    bare.one("#reply-subject").click()
    bare.leave(lambda: bare.press(Keys.ENTER))
    assert bare.path == case["path"] + "/check"
    assert bare.has(".findings .blocks")
    assert office.case(case["protocol"])["items"] == before


def test_sent_with_a_blank_the_focus_is_on_what_is_wrong(bare, case):
    bare.go(case["path"])
    bare.one("#reply-text").send_keys(BLANK)
    bare.leave(bare.one("#reply-form button.main").click).assert_good_page()
    assert active(bare) == bare.one("#errors")
    # The summary names what was found and leads to where it is told.
    link = bare.one("#errors a[href='#reply-found']")
    assert "(nome)" in link.text
    bare.tab_to("#errors a[href='#reply-found']")
    bare.press(Keys.ENTER)
    assert bare.driver.execute_script(
        "const e = document.querySelector('#reply-found');"
        " const r = e.getBoundingClientRect();"
        " return e.checkVisibility() && r.top >= 0 && r.top < innerHeight")
    assert "(nome)" in bare.one("#reply-found .blocks").text
    assert value(bare, "#reply-text") == BLANK
    bare.tab_to("#errors a[href='#reply-text']")
    bare.press(Keys.ENTER)
    assert active(bare) == bare.one("#reply-text")
    assert active(bare).get_attribute("aria-invalid") == "true"


def piece(name):
    """The words of a ready-made text for this case, from the product's file
    where they hold no value."""
    with open(os.path.join(ROOT, "templates", name + ".pt-BR.txt"),
              encoding="utf-8") as source:
        text = source.read()
    assert "{{" not in text, name
    return text


def plain_piece(browser):
    """Chooses one that holds no value; its name."""
    choice = Select(browser.one("#reply-piece"))
    for option in choice.options[1:]:
        name = option.get_attribute("value")
        with open(os.path.join(ROOT, "templates", name + ".pt-BR.txt"),
                  encoding="utf-8") as source:
            if "{{" not in source.read():
                choice.select_by_value(name)
                return name
    raise LookupError("each of them has a value in it")


def test_a_piece_is_put_in_by_its_button(bare, case):
    bare.go(case["path"])
    bare.one("#reply-text").send_keys("Bom dia.")
    name = plain_piece(bare)
    bare.tab_to("button[value=insert]")
    bare.leave(lambda: bare.press(Keys.ENTER)).assert_good_page()
    assert value(bare, "#reply-text") == f"Bom dia.\n\n{piece(name)}"
    assert active(bare) == bare.one("#reply-text")


def in_frame(browser, css, look):
    """What look says of the frame's document, once it is there."""
    frame = browser.one(css)
    try:
        browser.driver.switch_to.frame(frame)
        return browser.wait("the frame is filled",
                            lambda: browser.has("p") and look())
    finally:
        browser.driver.switch_to.default_content()


def test_the_formatted_part_is_shown_in_its_own_fonts(bare, case):
    bare.go(case["path"])
    bare.one("#reply-text").send_keys(GOOD)
    bare.leave(bare.one("#reply-form .verdict button").click)
    bare.tab_to("button.show")
    bare.press(Keys.ENTER)

    def look():
        body = bare.one("p")
        return body.value_of_css_property("font-family"), \
            body.value_of_css_property("font-size"), bare.words
    font, size, seen = in_frame(bare, ".mail iframe", look)
    assert font.startswith("Arial") and size.startswith("13.33")
    assert GOOD.split(".")[0] in seen
    assert not bare.complaints()


def test_a_warning_a_promise_and_the_reason_fit_the_page(bare, case):
    bare.go(case["path"])
    bare.one("#reply-text").send_keys(
        f"{STRANGE} Enviaremos a resposta da empresa.")
    bare.leave(bare.one("#reply-form button.main").click).assert_good_page()
    assert active(bare) == bare.one("#errors")
    assert value(bare, "#reply-promise_text") \
        == "Enviaremos a resposta da empresa."
    bare.tab_to("#reply-promise_by")
    bare.tab_to("#reply-overrule")


def test_tabs_lead_to_the_company_and_back(bare, case):
    words = words_of("pt-BR")
    bare.go(case["path"])
    bare.tab_to(".compose .tabs a:not([aria-current])")
    bare.leave(lambda: bare.press(Keys.ENTER)).assert_good_page()
    assert bare.query == "to=company"
    assert bare.one(".compose .tabs [aria-current]").text \
        == words["write_company"]
    assert case["company"] in bare.one("#reply").text
    assert case["sender"] not in bare.one("#reply-form").text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_face_of_the_composer_is_good_in_every_language(
        bare, case, lang):
    words = words_of(lang)
    bare.go(case["path"]).speak(lang)
    bare.go(case["path"]).assert_good_page()
    bare.one("#reply-text").send_keys(f"{BLANK}\n{STRANGE}")
    bare.leave(bare.one("#reply-form .verdict button").click)
    bare.assert_good_page()
    for key in ("check_heading", "check_blocked", "finding_blocks",
                "finding_warns", "mail_heading", "holding_heading"):
        assert words[key] in bare.words, key
    bare.go(case["path"])
    bare.one("#holding summary").click()
    bare.one("#holding-reason").send_keys(BLANK)
    bare.leave(bare.one("#holding-form .verdict button").click)
    bare.assert_good_page()
    assert bare.one("#holding").get_attribute("open")
    bare.speak("pt-BR")


# ---- with scripts -----------------------------------------------------------------


def test_what_is_wrong_is_said_while_one_types(office, live, case):
    words = words_of("pt-BR")
    before = office.case(case["protocol"])["items"]
    key = value(live.go(case["path"]), "#reply-form [name=form_key]")
    field = live.one("#reply-text")
    field.send_keys(BLANK)
    live.wait("the blank is found", lambda: live.has(".findings .blocks"))
    assert active(live) == field and value(live, "#reply-text") == BLANK
    # The words found are one press away.
    live.one(".findings a").click()
    chosen = live.driver.execute_script(
        "const t = document.activeElement;"
        "return t.value.slice(t.selectionStart, t.selectionEnd)")
    assert chosen == "(nome)"
    live.press("Ana")
    live.wait("nothing is found any more", lambda: words["check_clean"]
              in live.one("#reply-findings").text)
    assert value(live, "#reply-form [name=form_key]") == key
    assert office.case(case["protocol"])["items"] == before
    assert not live.complaints()


def test_a_piece_goes_where_the_cursor_stands(live, case):
    live.go(case["path"])
    field = live.one("#reply-text")
    field.send_keys("Bom dia. Até logo.")
    live.driver.execute_script(
        "arguments[0].setSelectionRange(9, 9)", field)
    text = piece(plain_piece(live))
    live.one("button[value=insert]").click()
    live.wait("the piece", lambda: text in value(live, "#reply-text"))
    assert live.path == case["path"]
    assert value(live, "#reply-text") == f"Bom dia.\n\n{text}\n\nAté logo."
    assert active(live) == field
    live.press("!")
    assert f"{text}!\n\nAté" in value(live, "#reply-text")


def test_the_formatted_part_comes_by_itself(live, case):
    live.go(case["path"])
    live.one("#reply-text").send_keys(GOOD)
    live.leave(live.one("#reply-form .verdict button").click)
    seen = in_frame(live, ".mail iframe", lambda: live.words)
    assert GOOD.split(".")[0] in seen
    assert not live.complaints()


def test_a_session_that_ended_is_said_and_the_text_stays(office, live, case):
    words = words_of("pt-BR")
    live.go(case["path"])
    live.driver.delete_all_cookies()
    live.one("#reply-text").send_keys(GOOD)
    live.wait("it is said", lambda: words["check_lost"]
              in live.one("#reply-findings").text)
    assert value(live, "#reply-text") == GOOD
    # Sent all the same, it comes back on the page to log in.
    live.leave(live.one("#reply-form button.main").click)
    assert live.has("#password") and value(live, "#kept") == GOOD
    log_in(office, live, "mediator2")


def asks_before_leaving(browser):
    """Would the browser ask now?  The driver answers the question itself."""
    return browser.driver.execute_script(
        "const e = new Event('beforeunload', { cancelable: true });"
        "window.dispatchEvent(e); return e.defaultPrevented")


def test_what_was_typed_is_asked_about_before_it_is_left(live, case):
    live.go(case["path"])
    assert not asks_before_leaving(live)
    live.one("#reply-text").send_keys(GOOD)
    assert asks_before_leaving(live)


# ---- accessibility ------------------------------------------------------------------


def test_axe_finds_no_violation_in_the_composer(live, case):
    axe = axe_source()
    found = {}
    for query in ("", "?to=company"):
        live.go(case["path"] + query)
        live.one("#reply-subject").send_keys(" x")
        live.one("#reply-text").send_keys(f"{BLANK}\n{STRANGE}")
        live.leave(live.one("#reply-form .verdict button").click)
        for width in (WIDE, NARROW):
            for dark in (False, True):
                live.view(width, dark=dark)
                bad = violations(live, axe)
                if bad:
                    found[query, width, dark] = bad
    assert found == {}


# ---- another look while one writes ---------------------------------------------


def theme_of(browser):
    return browser.one("html").get_attribute("data-theme")


def test_another_look_takes_a_form_along_with_what_was_typed_since(bare, case):
    text = f"Ligou às dez: {mark()}"
    bare.complaints()  # of the tests before
    bare.go(case["path"])
    if bare.has("#open button"):  # in which nothing may be noted yet
        bare.leave(bare.one("#open button").click)
    bare.go(f"{case['path']}/do/note")
    bare.fill("#move-text", "   ")
    bare.leave(bare.one("#move .main").click)
    assert bare.has("#errors")
    bare.fill("#move-text", text)
    try:
        bare.tab_to(".langs [lang=en]")
        bare.leave(lambda: bare.press(Keys.ENTER))
        assert bare.lang == "en" and words_of("en")["done_choice"] in bare.words
        assert value(bare, "#move-text") == text
        bare.assert_good_page()
        # The switch in the head leads to the buttons, for one there would be
        # what Enter in a field presses.
        bare.tab_to(".me [href='#themes']")
        bare.press(Keys.ENTER)
        bare.tab_to(".themes [value=theme-contrast]")
        bare.leave(lambda: bare.press(Keys.ENTER))
        assert theme_of(bare) == "contrast"
        assert value(bare, "#move-text") == text
        bare.leave(bare.one("#move .main").click)
        assert bare.path == case["path"] and text in bare.words
    finally:
        bare.go("/held").speak("pt-BR")
        bare.leave(bare.one(".themes [value=auto]").click)


def test_a_letter_that_was_looked_at_is_looked_at_in_the_other_language(
        bare, case):
    bare.go(case["path"])
    bare.fill("#reply-text", BLANK)
    bare.leave(bare.one("#reply-form .verdict button").click)
    more = f"{GOOD} {mark()}"
    bare.fill("#reply-text", more)
    try:
        bare.leave(bare.one(".langs [lang=it]").click)
        assert bare.lang == "it" and bare.has("#checked .said")
        assert value(bare, "#reply-text") == more
        # Enter in a field does what it did.
        bare.one("#reply-subject").click()
        bare.leave(lambda: bare.press(Keys.ENTER))
        assert bare.lang == "it" and value(bare, "#reply-text") == more
    finally:
        bare.go("/held").speak("pt-BR")


def test_a_text_that_is_too_long_is_not_cut_but_told(bare, case):
    long = "palavra " * 1010 + mark()  # of at most 8000 characters
    bare.go(f"{case['path']}/do/note")
    assert " 8000 " in bare.one("label[for=move-text]").text
    bare.one("#move-text").click()
    bare.driver.execute_script(  # as it is pasted
        "document.execCommand('insertText', false, arguments[0])", long)
    assert value(bare, "#move-text") == long
    bare.leave(bare.one("#move .main").click)
    assert bare.one("#move-text-e").text == words_of("pt-BR")["field_too_long"]
    assert value(bare, "#move-text") == long
    bare.assert_good_page()
