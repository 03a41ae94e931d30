"""Keys of the pages of people who answer for a company: one for all their
cases, sealed to them alone, and over when they do not answer any more."""

import pytest

import test_write as desk
from company_scene import BIANCA, CODE, OTTO, Case, Clerk, begun, mail_to
from harness import wait_until
from scene import mark


@pytest.fixture(scope="module")
def office(template):
    yield from begun(template)


@pytest.fixture(scope="module")
def mediator(office):
    return desk.login(office, "mediator")


def served(office, mediator):
    return Case(office, mediator)


def keys(office, addr):
    return office.query(
        "SELECT k.id, k.revoked IS NULL, k.why FROM page_key k"
        " JOIN company_contact c ON c.id = k.reader WHERE c.addr = %s"
        " ORDER BY k.made, k.id", addr)


def boxes(office, addr, case):
    """Of which items of that case the contact's live key has a box."""
    return {seq for seq, in office.query(
        "SELECT i.seq FROM page_box b JOIN page_key k ON k.id = b.page_key"
        " JOIN company_contact c ON c.id = k.reader JOIN item i ON i.id ="
        " b.item WHERE c.addr = %s AND i.case_id = %s", addr, case.id)}


def letters(office, addr, case):
    """The items of our letters to that address."""
    return {seq for seq, in office.query(
        "SELECT i.seq FROM outbox o JOIN item i ON i.id = o.item"
        " JOIN capsule p ON p.id = o.capsule JOIN company_contact c"
        " ON c.id = p.contact WHERE c.addr = %s AND o.case_id = %s", addr,
        case.id)}


def test_one_code_serves_all_cases_and_each_reads_their_own_letters(
        office, mediator):
    first, second = served(office, mediator), served(office, mediator)
    assert CODE.search(mail_to(office, first, BIANCA))
    text = mail_to(office, second, BIANCA)
    assert not CODE.search(text) and "/p/" in text
    assert [live for _, live, _ in keys(office, BIANCA)] == [True]
    for case in (first, second):
        for addr in (BIANCA, OTTO):
            assert letters(office, addr, case)
            assert boxes(office, addr, case) == letters(office, addr, case)
    # A look by a colleague adds nothing: there is nothing that lacks.
    assert mediator.get(first.path).status == 200
    assert boxes(office, OTTO, first) == letters(office, OTTO, first)
    clerk = Clerk(office, BIANCA)
    assert clerk.browser is not None


def test_who_answers_no_more_has_no_key_any_more(office, mediator):
    case = served(office, mediator)
    assert boxes(office, OTTO, case)
    office.query("UPDATE company_contact SET active = false WHERE addr = %s",
                 OTTO)
    try:
        assert {(live, why) for _, live, why in keys(office, OTTO)} \
            == {(False, "left")}
        assert boxes(office, OTTO, case) == set()
        told = mark()
        page = desk.write(mediator, case, to="company",
                          text=f"{desk.GOOD} {told}")
        assert page.status == 303, page.words
        assert boxes(office, OTTO, case) == set()
    finally:
        office.query("UPDATE company_contact SET active = true WHERE addr ="
                     " %s", OTTO)
    # Back again they have no key, and the next notice brings one.
    again = served(office, mediator)
    assert CODE.search(mail_to(office, again, OTTO))
    assert [live for _, live, _ in keys(office, OTTO)][-1]
    assert boxes(office, OTTO, again) == letters(office, OTTO, again)
    # What is older is sealed to it when somebody opens the case.
    assert boxes(office, OTTO, case) == set()
    assert mediator.get(case.path).status == 200
    assert boxes(office, OTTO, case) >= letters(office, OTTO, case)


def test_a_unit_whose_contract_is_over_reads_no_more(office, mediator):
    case = served(office, mediator)
    assert boxes(office, BIANCA, case)
    unit, was = office.query(
        "SELECT u.id, u.until_day FROM company_unit u JOIN company_contact c"
        " ON c.unit = u.id WHERE c.addr = %s", BIANCA)[0]
    office.query("UPDATE company_unit SET from_day = current_date - 9,"
                 " until_day = current_date - 1 WHERE id = %s", unit)
    try:
        assert [live for _, live, _ in keys(office, BIANCA)][-1] is False
        assert boxes(office, BIANCA, case) == set()
    finally:
        office.query("UPDATE company_unit SET until_day = %s WHERE id = %s",
                     was, unit)


def test_a_false_key_of_a_contact_gets_nothing_and_is_told(office, mediator):
    case = served(office, mediator)
    key = keys(office, OTTO)[-1][0]
    office.query("UPDATE page_key SET sig = set_byte(sig, 0, 1) WHERE id = %s",
                 key)
    before = boxes(office, OTTO, case)
    desk.write(mediator, case, to="company", text=desk.GOOD)
    assert mediator.get(case.path).status == 200
    assert boxes(office, OTTO, case) == before
    assert desk.login(office, "ombudsman").get("/log").status == 200
    wait_until("it stands in the log", lambda: office.query(
        "SELECT 1 FROM audit_event WHERE action = 'distrust-page'"), 20, 0.1)
