"""The list of cases in a real browser, by the keyboard alone and without
scripts: two of three cases go to a colleague, and a list is kept."""

import os

import pytest
from selenium.webdriver.common.keys import Keys

from chrome import NARROW, WIDE
from scene import letter
from test_console import log_in, words_of

NAME = "Do meu turno"


@pytest.fixture(scope="module")
def numbers(office):
    """Three cases of the mediator's; in the last the other is in conflict."""
    found = []
    for n in range(3):
        sender = f"c{n}@consumidora.example"
        found.append(office.case_of(office.acknowledged(
            letter(sender, subject=f"Pedido {n}"), sender))["protocol"])
    office.query("UPDATE case_file SET state = 'triage', owner = (SELECT id"
                 " FROM person WHERE login = 'mediator')"
                 " WHERE protocol = ANY(%s)", found)
    office.query("INSERT INTO case_conflict (case_id, person) SELECT c.id, p.id"
                 " FROM case_file c, person p WHERE c.protocol = %s"
                 " AND p.login = 'mediator2'", found[2])
    return found


def owners(office, numbers):
    return dict(office.query(
        "SELECT c.protocol, p.login FROM case_file c JOIN person p ON"
        " p.id = c.owner WHERE c.protocol = ANY(%s)", numbers))


def pictures(browser, name):
    if folder := os.environ.get("OUV_PICTURES"):
        for width in (WIDE, NARROW):
            browser.view(width)
            with open(f"{folder}/{name}-{width}.png", "wb") as out:
                out.write(browser.picture())


def enter(browser, css):
    """Goes there by Tab and presses Enter, which leads to another page."""
    browser.tab_to(css)
    browser.leave(lambda: browser.press(Keys.ENTER))
    return browser.assert_good_page()


def test_two_of_three_cases_are_handed_over(office, numbers, plain):
    words = words_of("pt-BR")
    before = dict.fromkeys(numbers, "mediator")
    log_in(office, plain, "mediator").go("/cases?queue=mine&sort=opened")
    plain.assert_good_page()
    pictures(plain, "worklist")
    plain.view(NARROW)
    boxes = [plain.one(f"[name='case-{number}']") for number in numbers]
    # The last one opened stands first.
    for number, box in reversed(list(zip(numbers, boxes))):
        plain.tab_to(f"[name='case-{number}']")
        plain.press(Keys.SPACE)
        assert box.is_selected()
    to = plain.tab_to("#bulk-to")
    plain.press(office.office.person("mediator2")["name"])
    assert to.get_attribute("value") == "mediator2"
    enter(plain, "button[value=assign]")
    pictures(plain, "bulk")
    # Nothing yet; and of the third it is said why not.
    assert words["bulk_look"] in plain.words
    assert owners(office, numbers) == before
    refused = plain.one("[aria-labelledby=cannot-head]").text
    assert numbers[2] in refused and numbers[0] not in refused
    assert words["bulk_why_assign_conflict"] in refused
    enter(plain, "form[action='/cases/bulk'] button.main")
    assert words["bulk_done"] in plain.words
    assert owners(office, numbers) == {
        **before, **dict.fromkeys(numbers[:2], "mediator2")}


def test_a_list_is_kept_and_gone_back_to(office, numbers, plain):
    words = words_of("pt-BR")
    log_in(office, plain, "mediator2").go("/cases?queue=open&sort=last")
    plain.tab_to(".keeplist summary")
    plain.press(Keys.ENTER)
    plain.tab_to("#save-name")
    plain.press(Keys.ENTER)
    plain.wait("the list without a name", lambda: plain.has("#save-name-error"))
    plain.assert_good_page()
    # It is open now, and its field says what is missing.
    plain.tab_to("#save-name")
    plain.press(NAME)
    plain.leave(lambda: plain.press(Keys.ENTER))
    plain.assert_good_page()
    plain.go("/").tab_to(".views a")
    plain.leave(lambda: plain.press(Keys.ENTER))
    assert (plain.path, plain.query) == ("/cases", "queue=open&sort=last")
    assert numbers[0] in plain.words and numbers[2] not in plain.words
    plain.tab_to(".keeplist summary")
    plain.press(Keys.ENTER)
    plain.tab_to(".drops button")
    plain.leave(lambda: plain.press(Keys.ENTER))
    plain.assert_good_page()
    assert NAME not in plain.go("/").words
    assert words["worklist_title"] in plain.words


def test_what_is_missing_or_wrong_is_reached_by_the_keyboard(
        office, numbers, plain):
    """A list that comes back, and `u` of a case: to the list it is of."""
    words = words_of("pt-BR")
    log_in(office, plain, "mediator2").go("/cases?queue=open&sort=last")
    plain.tab_to(f"[name='case-{numbers[0]}']")
    plain.press(Keys.SPACE)
    enter(plain, "button[value=assign]")
    pictures(plain, "bulk-missing")
    assert words["bulk_why_assign_empty"] in plain.one("#errors").text
    assert plain.one(f"[name='case-{numbers[0]}']").is_selected()
    assert plain.one("#bulk-to").get_attribute("aria-invalid") == "true"
    plain.go("/cases?queue=open&sort=last")
    enter(plain, "a.subject")
    enter(plain, ".crumb a")
    assert (plain.path, plain.query) == ("/cases", "queue=open&sort=last")
    plain.go("/cases?owner=nobodyhere")
    pictures(plain, "filter-wrong")
    assert "nobodyhere" in plain.one("#e-owner").text
    plain.go("/cases/bulk")
    pictures(plain, "no-page")
