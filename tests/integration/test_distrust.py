"""A certificate or a signature that does not hold stands in the office's own
log, in plain words, once a day for each key."""

import os
import time

import pytest

import test_write as desk
from harness import wait_until
from scene import Scene, letter, mark, words_of
from test_certified import MINE, another_key
from test_grants import move
from test_history import lines

WHY = "Precisamos do que ela sabe deste contrato."
DAY_US = 86400 * 1000000
LANGUAGES = ("pt-BR", "en", "it")


@pytest.fixture(scope="module")
def office(template):
    made = Scene(template, to_sink=True, imap_poll_secs=1,
                 mailgw_acks_domain_hour=100000)
    made.pool = desk.Pool(made)
    try:
        yield made.begin()
    finally:
        made.stop()


@pytest.fixture(scope="module")
def people(office):
    return {name: desk.login(office, name)
            for name in ("mediator", "ombudsman")}


def entries(office, action):
    return office.query(
        "SELECT s.kind, convert_from(e.details, 'UTF8') FROM audit_event e"
        " JOIN audit_signer s ON s.id = e.signer WHERE e.chain = e.signer"
        " AND e.action = %s ORDER BY e.at_us", action)


def said(people, action, name):
    """As the ombudsman reads it, in each language."""
    browser = people["ombudsman"]
    for lang in LANGUAGES:
        done = browser.post("/language", lang=lang,
                            **browser.get("/log").form("/language"))
        assert done.status == 303
        word = words_of(lang)[f"event_{action.replace('-', '_')}"]
        text = [what for _, what in lines(browser.get("/log"))]
        page = browser.get("/log").words
        if "{{name}}" in word:
            assert word.replace("{{name}}", name) in text, (lang, text)
        else:
            assert f"{word} {name}" in page, lang


def told(office):
    return {action for action, in office.query(
        "SELECT DISTINCT action FROM audit_event WHERE starts_with(action,"
        " 'distrust-')")}


def test_an_office_without_a_fault_says_nothing_of_the_kind(office, people):
    case = desk.Case(office)
    assert people["mediator"].get(case.path).status == 200
    assert move(people["mediator"], case, "note", text="Fica assim.").status \
        == 303
    assert people["ombudsman"].get("/log").status == 200  # writes what waits
    assert told(office) == set()


def test_a_colleagues_certificate(office, people):
    case = desk.Case(office)
    office.query("UPDATE person SET pk = %s WHERE login = 'reader'",
                 os.urandom(32))
    for _ in range(2):
        page = move(people["mediator"], case, "grant", person="reader",
                    reason=WHY)
        assert page.status == 422, page.words
    name = office.database.value("SELECT name FROM person WHERE login ="
                                 " 'reader'")
    said(people, "distrust-person", name)
    assert len(entries(office, "distrust-person")) == 1
    asked = ("SELECT distrust_said('distrust-person', id, '', %s) FROM person"
             " WHERE login = 'reader'")
    now = int(time.time() * 1000000)
    assert office.query(asked, now - DAY_US) == [(True,)]
    assert office.query(asked, now + DAY_US) == [(False,)]


def test_the_signature_of_a_key_of_a_case(office, people):
    case = desk.Case(office)
    assert people["mediator"].get(case.path).status == 200
    office.query("UPDATE case_grant g SET sig = %s FROM person p WHERE p.id ="
                 " g.person AND p.login = 'mediator' AND g.case_id = %s",
                 os.urandom(64), case.id)
    for _ in range(2):
        assert people["mediator"].get(case.path).status != 200
    number = case.path.rpartition("/")[2]
    said(people, "distrust-grant", number)
    assert entries(office, "distrust-grant") == [("server", number)]


def test_the_public_key_of_a_case(office, people):
    case = desk.Case(office)
    office.query("UPDATE case_key SET cpk = %s WHERE case_id = %s",
                 os.urandom(32), case.id)
    page = move(people["mediator"], case, "note", text="Fica assim.")
    assert page.status >= 400
    number = case.path.rpartition("/")[2]
    said(people, "distrust-case", number)
    assert entries(office, "distrust-case") == [("server", number)]


def test_the_secret_of_a_key_of_a_case(office, people):
    case = desk.Case(office)
    box, sig, giver = another_key(office, case)
    office.query("UPDATE case_grant SET box = %s, sig = %s, granted_by = %s"
                 f" WHERE {MINE}", box, sig, giver, case.id)
    office.query("UPDATE case_file SET rekey_due = true WHERE id = %s",
                 case.id)
    for _ in range(2):
        assert people["mediator"].get(case.path).status != 200
    number = case.path.rpartition("/")[2]
    said(people, "distrust-secret", number)
    assert entries(office, "distrust-secret") == [("server", number)]


def test_a_key_of_the_office(office, people):
    """While programs run: whose key the gateway should have signed is asked
    for among the keys that stand there now."""
    case = desk.Case(office)
    (true,), = office.query("SELECT public FROM office_key WHERE kind = 'svc'")
    office.query("UPDATE case_key SET cpk = %s WHERE case_id = %s",
                 os.urandom(32), case.id)
    office.query("UPDATE office_key SET public = %s WHERE kind = 'svc'",
                 os.urandom(32))
    try:
        page = move(people["mediator"], case, "note", text="Fica assim.")
        assert page.status >= 400
    finally:
        office.query("UPDATE office_key SET public = %s WHERE kind = 'svc'",
                     bytes(true))
    said(people, "distrust-office", "svc")
    assert entries(office, "distrust-office") == [("server", "svc")]
    assert told(office) == {f"distrust-{what}" for what in (
        "person", "grant", "case", "secret", "office")}


def a_mail_is_filed(office):
    before = office.database.value("SELECT count(*) FROM inbound WHERE state ="
                                   " 'filed'")
    sender = f"{mark()}@consumidora.example"
    office.post_mail(letter(sender), sender)
    wait_until("it is filed", lambda: office.database.value(
        "SELECT count(*) FROM inbound WHERE state = 'filed'") > before, 30)


def about(office, login):
    """Who said of them that their certificate does not hold, each time."""
    return office.query(
        "SELECT s.kind FROM audit_event e JOIN audit_signer s ON s.id ="
        " e.signer JOIN person p ON p.id = e.object WHERE e.chain = e.signer"
        " AND e.action = 'distrust-person' AND p.login = %s ORDER BY e.at_us,"
        " e.seq", login)


def test_the_gateway_says_it_and_again_a_day_later(office):
    """It looks at those whom it gives keys to, with each mail."""
    office.query("UPDATE person SET pk = %s WHERE login = 'mediator2'",
                 os.urandom(32))
    a_mail_is_filed(office)
    wait_until("it is said", lambda: about(office, "mediator2"), 30)
    a_mail_is_filed(office)
    office.gateway.stop()  # what it had in mind is gone
    office.gateway.begin()
    a_mail_is_filed(office)
    office.gateway.stop()  # an orderly end writes what is to be written
    assert about(office, "mediator2") == [("gateway",)]
    office.query("ALTER TABLE audit_event DISABLE TRIGGER USER")
    office.query("UPDATE audit_event SET at_us = at_us - %s WHERE action ="
                 " 'distrust-person'", DAY_US)
    office.query("ALTER TABLE audit_event ENABLE TRIGGER USER")
    office.gateway.begin()
    a_mail_is_filed(office)
    wait_until("it is said again", lambda: about(office, "mediator2")
               == [("gateway",), ("gateway",)], 30)
