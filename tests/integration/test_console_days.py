"""The review of days that came with a file, by raw HTTP: who sees them, what
a decision changes, and what stays as it was."""

import re

import html5lib
import pytest

import scene as stage
from scene import words_of

ICS = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//prova//PT
BEGIN:VEVENT
UID:1@prova
DTSTART;VALUE=DATE:20270125
SUMMARY:Aniversário <b>da</b> cidade
END:VEVENT
BEGIN:VEVENT
UID:2@prova
DTSTART;VALUE=DATE:20270126
SUMMARY:Ponte
END:VEVENT
BEGIN:VEVENT
UID:3@prova
DTSTART;VALUE=DATE:20270420
SUMMARY:Véspera
END:VEVENT
END:VCALENDAR
"""


@pytest.fixture(scope="module")
def office(template):
    """An office that was given a file of three days."""
    made = stage.Scene(template)
    try:
        made.begin()
        path = made.office.folder / "feriados.ics"
        with open(path, "w", encoding="utf-8") as out:
            out.write(ICS)
        done = made.office.admin.json("calendar", "import", path,
                                      "--calendar", "br")
        assert done["proposed"] == 3
        yield made
    finally:
        made.stop()


@pytest.fixture(scope="module")
def ombudsman(office):
    return office.logged_in("ombudsman")


@pytest.fixture(scope="module")
def mediator(office):
    return office.logged_in("mediator")


def good(page, status=200):
    assert page.status == status, page.words
    html5lib.HTMLParser(strict=True).parse(page.text)
    return page


def path_of(office, day):
    (ident,), = office.query("SELECT id FROM calendar_day WHERE day = %s", day)
    return f"/calendar/days/{str(ident).replace('-', '')}"


def state(office, day):
    return office.query(
        "SELECT d.state, p.login FROM calendar_day d LEFT JOIN person p"
        " ON p.id = d.decided_by WHERE d.day = %s", day)[0]


def closed(browser, day):
    page = browser.get(f"/calendar?month={day[:7]}")
    return bool(re.search(rf'closed named"[^>]*><time datetime="{day}">',
                          page.text))


@pytest.mark.parametrize("lang", ["pt-BR", "en", "it"])
def test_who_may_decide_sees_what_waits(office, ombudsman, lang):
    form = ombudsman.get("/calendar").form("/language")
    assert ombudsman.post("/language", **{**form, "lang": lang}).status == 303
    words = words_of(lang)
    for path in ("/calendar", "/calendar/days"):
        page = good(ombudsman.get(path))
        assert words["proposed_title"] in page.words
        assert "Aniversário <b>da</b> cidade" in page.words  # as text
        assert page.text.count('action="/calendar/days/') == 3
        assert "feriados.ics" in page.words
    ombudsman.post("/language", **{**form, "lang": "pt-BR"})


def test_the_month_shows_the_first_few_and_the_way_to_all(
        office, ombudsman, words):
    office.query("INSERT INTO calendar_day (id, calendar, day, name, source)"
                 " SELECT gen_random_uuid(), 'br', date '2029-07-02' + n,"
                 " 'Obras', 'x.ics' FROM generate_series(1, 3) n")
    month = good(ombudsman.get("/calendar"))
    assert month.text.count('action="/calendar/days/') == 4
    assert words["proposed_all"] in month.words
    full = good(ombudsman.get("/calendar/days"))
    assert full.text.count('action="/calendar/days/') == 6
    office.query("DELETE FROM calendar_day WHERE name = 'Obras'")


def test_others_neither_see_nor_decide(office, ombudsman, mediator):
    assert "/calendar/days/" not in good(mediator.get("/calendar")).text
    assert mediator.get("/calendar/days").status == 403
    # What stands in another's form is of no use to them.
    path = path_of(office, "2027-01-25")
    form = {**ombudsman.get("/calendar").form(path), "decision": "accept"}
    assert mediator.post(path, **form).status == 400
    assert state(office, "2027-01-25") == ("proposed", None)


def test_bad_forms_change_nothing(office, ombudsman):
    path = path_of(office, "2027-04-20")
    form = ombudsman.get("/calendar/days").form(path)
    for wrong in ({}, {"decision": "perhaps"},
                  {"decision": "accept", "form_key": "x"},
                  {"decision": "accept", "csrf": "0" * 64}):
        assert ombudsman.post(path, **{**form, **wrong}).status == 400
    assert state(office, "2027-04-20") == ("proposed", None)


def test_an_accepted_day_is_a_closed_day(office, ombudsman, mediator, words):
    path = path_of(office, "2027-01-25")
    assert not closed(mediator, "2027-01-25")
    form = {**ombudsman.get("/calendar").form(path), "decision": "accept"}
    page = ombudsman.post(path, **form)
    assert (page.status, page.location) == (
        303, "/calendar/days?done=day-accept")
    told = good(ombudsman.get(page.location))
    assert words["done_day_accept"] in told.words
    assert path not in told.text
    assert state(office, "2027-01-25") == ("accepted", "ombudsman")
    assert closed(mediator, "2027-01-25")
    # The year's list says its name and the file as its reason.
    year = mediator.get("/calendar?month=2027-01").text.partition(
        'class="yearly"')[2]
    assert "Aniversário &lt;b&gt;da&lt;/b&gt; cidade" in year
    assert "feriados.ics" in year
    # The same form again: nothing happens, nothing is said against it.
    assert ombudsman.post(path, **form).status == 303
    assert office.query("SELECT count(*) FROM audit_event WHERE action ="
                        " 'day-accept'") == [(1,)]


def test_a_refused_day_is_an_open_day(office, ombudsman, mediator, words):
    path = path_of(office, "2027-01-26")
    form = {**ombudsman.get("/calendar/days").form(path),
            "decision": "refuse"}
    assert ombudsman.post(path, **form).location == (
        "/calendar/days?done=day-refuse")
    assert state(office, "2027-01-26") == ("refused", "ombudsman")
    assert not closed(mediator, "2027-01-26")


def test_what_is_decided_is_not_decided_again(office, ombudsman, words):
    """Two people at once: the second one is told."""
    path = path_of(office, "2027-04-20")
    form = {**ombudsman.get("/calendar/days").form(path),
            "decision": "refuse"}
    assert office.office.admin.run("calendar", "accept", "--calendar", "br",
                                   "2027-04-20")[0] == 0
    page = good(ombudsman.post(path, **form), 409)
    assert words["day_decided"] in page.words
    assert state(office, "2027-04-20") == ("accepted", None)
    assert words["proposed_none"] in page.words
