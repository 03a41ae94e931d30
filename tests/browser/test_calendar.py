"""Calendar, absences, profile and hand-over as a colleague meets them: by the
keyboard alone, with scripts switched off, at both widths, in every language."""

import datetime
import secrets

import pytest
from selenium.webdriver.common.keys import Keys

import scene as stage
from chrome import NARROW, WIDE
from scene import letter
from test_console import LANGUAGES, axe_source, log_in, violations, words_of

DAY = datetime.timedelta(days=1)


def enter(browser, css):
    """Goes there by Tab and presses Enter, which leads to another page."""
    browser.tab_to(css)
    browser.leave(lambda: browser.press(Keys.ENTER))
    return browser.assert_good_page()


def type_day(browser, css, day):
    """Into the browser's own field, whose parts stand in the order of the
    browser's language, which is English here."""
    browser.tab_to(css)
    browser.press(f"{day:%m%d%Y}")
    assert browser.one(css).get_attribute("value") == str(day)


@pytest.fixture(scope="module")
def case(office):
    sender = f"ana.{secrets.token_hex(5)}@consumidora.example"
    answer = office.acknowledged(letter(sender), sender)
    row = office.filed(letter(
        sender, subject="Fora do escritório", name="Maria Aparecida dos Santos "
        "Albuquerque de Vasconcelos", text="Estou ausente até "
        f"{stage.today() + 9 * DAY:%d/%m/%Y}. Em casos urgentes, escreva para "
        f"{'rita' * 12}@consumidora.example.",
        to=stage.address_of(answer.parsed["Reply-To"]),
        fields=[("Auto-Submitted", "auto-replied")]), sender,
        stage.address_of(answer.parsed["Reply-To"]))
    assert row["outcome"] == "recorded"
    return f"/cases/{office.case_of(answer)['protocol']}"


def test_an_absence_by_the_keyboard_alone_without_scripts(
        office, plain, case):
    words = words_of("pt-BR")
    log_in(office, plain, "mediator").assert_good_page()
    enter(plain, ".menu a[href='/calendar']")
    enter(plain, ".headlinks a[href='/calendar/absences/new']")
    plain.tab_to("#new-reason")
    plain.press(words["absence_training"])
    type_day(plain, "#new-first", stage.today())
    type_day(plain, "#new-last", stage.today() + DAY)
    plain.tab_to("#new-urgent_name")
    plain.press("Rita Fontes")
    plain.tab_to("#new-urgent_phone")
    plain.press("+55 11 3000-0000")
    plain.tab_to("#new-substitute")
    # Enter in a field shows the note; it does not send the form away.
    plain.tab_to("button[name=preview]")
    plain.leave(lambda: plain.press(Keys.ENTER)).assert_good_page()
    # Without a substitute: told beside the field, and the summary leads there.
    assert words["field_empty"] in plain.one("#new-substitute-e").text
    plain.tab_to("#errors a")
    plain.press(Keys.ENTER)
    assert plain.driver.switch_to.active_element \
        == plain.one("#new-substitute")
    plain.press("Rita")
    plain.tab_to("button[name=preview]")
    plain.leave(lambda: plain.press(Keys.ENTER)).assert_good_page()
    assert [p.get_attribute("lang") for p in plain.all(".paper")] \
        == list(LANGUAGES)
    assert not office.query("SELECT 1 FROM absence")
    plain.tab_to("form.card button.main")
    plain.leave(lambda: plain.press(Keys.ENTER)).assert_good_page()
    assert words["done_absence_add"] in plain.one("[role=status]").text
    assert "Marta Queiroz" in plain.one("#now-h + ul").text

    # The calendar says so at both widths: the mark is text or a list.
    for width in (WIDE, NARROW):
        plain.view(width)
        plain.go("/calendar")
        assert "Marta Queiroz" in plain.one("aside.facts").text
        assert any("Marta Queiroz" in one.text
                   for one in plain.all(".agenda li"))
    plain.view(WIDE)
    plain.go("/calendar/absences")
    enter(plain, "form[id^=end-] button")
    assert words["done_absence_end"] in plain.one("[role=status]").text
    assert words["away_nobody"] in plain.words


def test_a_case_is_handed_over_and_left_by_the_keyboard_alone(
        office, plain, case):
    words = words_of("pt-BR")
    log_in(office, plain, "mediator2").go(case).assert_good_page()
    assert "Maria Aparecida" in plain.one(".away-now").text
    plain.tab_to("#assign-to")
    plain.press("Marta")
    enter(plain, "#assign button")
    assert words["done_assign"] in plain.one("[role=status]").text
    assert "Marta Queiroz" in plain.one(".facts dl").text
    plain.tab_to(".conflict summary")
    plain.press(Keys.ENTER)
    assert words["conflict_help"] in plain.one(".conflict").text
    enter(plain, "#conflict button")
    assert words["done_conflict"] in plain.one("[role=status]").text
    plain.go(case)  # their key went with it
    assert not plain.has("#timeline") and not plain.has("#reply form")


def test_the_profile_is_kept_and_shown_as_it_will_stand(office, plain, case):
    words = words_of("pt-BR")
    log_in(office, plain, "intake")
    enter(plain, ".who a[href='/profile']")
    plain.tab_to("#profile-title")
    plain.press("Atendente (nome)")
    enter(plain, "form.card button.main")
    assert words["field_may_not_leave"] in plain.one("#profile-title-e").text
    field = plain.one("#profile-title")
    assert field.get_attribute("value") == "Atendente (nome)"
    field.clear()
    field.send_keys("Atendente-chefe")
    plain.tab_to("input[value=black]")
    plain.press(Keys.ARROW_DOWN)
    enter(plain, "form.card button.main")
    assert words["done_profile"] in plain.one("[role=status]").text
    for paper in plain.all(".paper.blue .text"):
        assert "Atendente-chefe" in paper.text
        assert "Rita Fontes" in paper.text
        assert paper.value_of_css_property("color") \
            in ("rgba(0, 0, 238, 1)", "rgb(0, 0, 238)")
        assert "Arial" in paper.value_of_css_property("font-family")
    assert len(plain.all(".paper.blue .text")) == 3


PAGES = ("/calendar", "/calendar?month=2026-11", "/calendar/absences",
         "/calendar/absences/new", "/profile")


@pytest.fixture(scope="module")
def away(office):
    """Absences of every kind, entered by nobody's hand."""
    office.query(
        "INSERT INTO absence (id, person, reason, first_day, last_day,"
        " back_day, starts, ends, signed_as, urgent_name, urgent_email,"
        " urgent_phone, substitute, substitute_as, made_by)"
        " SELECT gen_random_uuid(), p.id, 'vacation', current_date + 30 * n - 30, current_date + 30 * n - 21,"
        " current_date + 30 * n - 20, now() + (30 * n - 30) * interval '1 day',"
        " now() + (30 * n - 21) * interval '1 day', p.name, 'Maria Aparecida"
        " dos Santos Albuquerque de Vasconcelos',"
        f" '{'x' * 40}@consumidora.example', '+55 11 3000-0000', s.id,"
        " s.name, p.id"
        " FROM generate_series(0, 2) n, person p, person s WHERE p.login ="
        " 'mediator2' AND s.login = 'intake' RETURNING 1")


def test_every_page_is_good_in_every_language(office, chrome, away, case):
    log_in(office, chrome, "mediator")
    for lang in LANGUAGES:
        chrome.go("/calendar").speak(lang)
        for path in (*PAGES, case):
            chrome.go(path).assert_good_page()
            assert chrome.lang == lang, path
            assert words_of(lang)["menu_calendar"] in chrome.one(".menu").text
    # Each entry of the menu is whole and can be hit.
    chrome.view(NARROW)
    for entry in chrome.all(".menu a, .who a"):
        box = entry.rect
        assert box["x"] >= 0 and box["x"] + box["width"] <= NARROW
        assert box["height"] >= 24, entry.text


def test_axe_finds_no_violation_in_calendar_and_profile(
        office, chrome, away, case):
    """On a telephone; test_look.py walks the same pages on a desk."""
    axe = axe_source()
    log_in(office, chrome, "admin")
    found = {}
    for path in PAGES:
        chrome.go(path)
        for dark in (False, True):
            chrome.view(NARROW, dark=dark)
            bad = violations(chrome, axe)
            if bad:
                found[path, dark] = bad
    assert found == {}
