"""A case on its way as a mediator meets it: what can happen next, the form, its
letters and what somebody else changed meanwhile, by the keyboard and without
scripts."""

import secrets

import pytest
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

import scene as stage
from chrome import NARROW, WIDE, Chrome
from scene import letter
from test_console import (LANGUAGES, axe_source, log_in, violations, words_of)

QUESTIONS = "Qual é o número do contrato? Em que dia a senhora cancelou?"
CASES = 5


@pytest.fixture(scope="module")
def senders(office):
    made = [f"ana.{secrets.token_hex(5)}@consumidora.example"
            for _ in range(CASES)]
    for sender in made:
        office.post_mail(letter(sender), sender)
    return made


@pytest.fixture(scope="module")
def colleague(office):
    """A second person, by raw HTTP."""
    return office.logged_in("mediator2")


@pytest.fixture
def case(office, senders, colleague):
    """The path of a case in triage."""
    answer = office.arrived(senders.pop(), 1, stage.PATIENT)[0]
    path = f"/cases/{office.case_of(answer)['protocol']}"
    form = colleague.get(path).form(f"{path}/open")
    assert colleague.ask("POST", f"{path}/open", form).status == 303
    return path


@pytest.fixture(scope="module")
def bare(office):
    """A mediator without scripts."""
    made = Chrome(office.office.base_url, scripts=False)
    try:
        yield log_in(office, made, "mediator")
    finally:
        made.stop()


def enter(browser, css):
    """Goes there by Tab and presses Enter, which leads to another page."""
    browser.tab_to(css)
    browser.leave(lambda: browser.press(Keys.ENTER))
    return browser.assert_good_page()


def active(browser):
    return browser.driver.switch_to.active_element


def act(browser, path, verb, **fields):
    """The same by a colleague elsewhere."""
    form = browser.get(f"{path}/do/{verb}").form(f"{path}/{verb}")
    done = browser.ask("POST", f"{path}/{verb}", {**form, **fields})
    assert done.status == 303, done.words


def test_a_step_is_found_looked_at_and_done_by_the_keyboard_alone(
        bare, case):
    words = words_of("pt-BR")
    bare.go(case).assert_good_page()
    assert bare.one(".steps [aria-current=step]").text \
        == words["step_triage"]
    bare.tab_to(".reasons summary")
    bare.press(Keys.ENTER)
    assert words["clock_day_zero"] in bare.one(".reasons").text
    enter(bare, ".next a[data-verb=ask]")
    assert bare.path == f"{case}/do/ask"
    bare.tab_to("#move-questions")
    bare.press(QUESTIONS)
    enter(bare, ".moveform .verdict button")
    # The page begins at the letters; what was typed is still there.
    assert active(bare) == bare.one("#letters")
    assert "cancelou" in bare.one("#letter-consumer").text
    assert bare.one("#move-questions").get_attribute("value") == QUESTIONS
    enter(bare, ".moveform button.main")
    assert bare.path == case and words["done_ask"] in bare.words
    assert bare.one(".owes").text.startswith(words["owes_consumer"])


def test_what_is_missing_has_the_focus_and_leads_to_its_field(bare, case):
    bare.go(f"{case}/do/classify").assert_good_page()
    # A browser that does not check by itself.
    bare.driver.execute_script(
        "document.querySelector('.moveform').noValidate = true")
    Select(bare.one("#move-severity")).select_by_value("high")
    bare.leave(bare.one(".moveform button.main").click).assert_good_page()
    assert active(bare) == bare.one("#errors")
    bare.tab_to("#errors a[href='#move-kind']")
    bare.press(Keys.ENTER)
    assert active(bare) == bare.one("#move-kind")
    assert active(bare).get_attribute("aria-invalid") == "true"
    assert bare.one("#move-severity").get_attribute("value") == "high"


def test_what_somebody_changed_meanwhile_is_told_and_one_goes_on(
        bare, case, colleague):
    words = words_of("pt-BR")
    bare.go(f"{case}/do/ask")
    bare.one("#move-questions").send_keys(QUESTIONS)
    act(colleague, case, "note", text="A consumidora telefonou.")
    bare.leave(bare.one(".moveform button.main").click).assert_good_page()
    assert words["event_note"] in bare.one("#changed").text
    assert bare.one("#move-questions").get_attribute("value") == QUESTIONS
    enter(bare, ".moveform button.main")
    assert words["done_ask"] in bare.words


def test_what_waits_is_read_with_what_came_since_and_taken_up_again(
        office, bare, case, colleague):
    words, axe = words_of("pt-BR"), axe_source()
    reasons = "O mesmo pedido já está no Procon."
    act(colleague, case, "refuse", kind="complaint", ground="not-competent",
        reasons=reasons)
    act(colleague, case, "classify", kind="complaint")
    live = Chrome(office.office.base_url)
    try:
        log_in(office, live, "mediator")
        for path, css in ((case, "#pending"), (None, "#prepared")):
            if path is None:  # given back: its author's way to the form
                path = live.one(
                    ".tasks a[href*='?from=']").get_attribute("href")
                path = path[path.index("/cases/"):]
            live.go(path)
            for width, dark in ((WIDE, False), (NARROW, True)):
                live.view(width, dark=dark)
                assert violations(live, axe) == [], (path, width)
            live.view(WIDE)
            assert live.one(css).is_displayed()
            if css == "#pending":
                assert words["pending_since"] in live.one(css).text
                live.one("#pending textarea").send_keys("Falta a data.")
                live.leave(live.one(
                    "#pending button[value=return]").click)
    finally:
        live.stop()
    bare.go(path).assert_good_page()
    assert "Falta a data." in bare.one("#prepared").text
    assert bare.one("#move-reasons").get_attribute("value") == reasons
    enter(bare, ".moveform button.main")
    assert words["done_waiting"] in bare.words


@pytest.fixture(scope="module")
def weighed(office, senders, colleague):
    """A case that is classified, in which no test does anything more."""
    answer = office.arrived(senders.pop(), 1, stage.PATIENT)[0]
    path = f"/cases/{office.case_of(answer)['protocol']}"
    form = colleague.get(path).form(f"{path}/open")
    assert colleague.ask("POST", f"{path}/open", form).status == 303
    act(colleague, path, "classify", kind="complaint", severity="high",
        difficulty="complex", urgent="1")
    return path


OPEN_ALL = ("document.querySelectorAll('.next details, .filepart, .reasons')"
            ".forEach(d => d.open = true)")


def test_every_page_is_good_in_every_language(bare, weighed):
    for lang in LANGUAGES:
        words = words_of(lang)
        bare.go(weighed).speak(lang)
        bare.go(weighed)
        bare.driver.execute_script(OPEN_ALL)
        bare.assert_good_page()
        for key in ("next_heading", "case_complaint", "guard_chain"):
            assert words[key] in bare.words, key
        for verb in ("serve", "classify", "withdraw?behalf=consumer"):
            bare.go(f"{weighed}/do/{verb}").assert_good_page()
    bare.speak("pt-BR")


def test_axe_finds_no_violation(office, weighed):
    axe, found = axe_source(), {}
    live = Chrome(office.office.base_url)
    try:
        log_in(office, live, "intake")
        for path in (weighed, f"{weighed}/do/classify",
                     f"{weighed}/do/ask"):
            live.go(path)
            live.driver.execute_script(OPEN_ALL)
            for width, dark in ((WIDE, False), (NARROW, True)):
                live.view(width, dark=dark)
                bad = violations(live, axe)
                if bad:
                    found[path, width, dark] = bad
    finally:
        live.stop()
    assert found == {}
