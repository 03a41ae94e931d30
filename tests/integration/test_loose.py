"""Mail that is no case is not kept for ever: what was set aside, and the months'
files of automatic mail."""

import contextlib
import datetime as dt
import secrets
import threading

import psycopg2
import pytest

import scene as stage
import unseal
from harness import wait_until
from scene import letter
from test_console_held import Held, good, hexes

PAGE, ERASE = "/retention/mail", "/retention/mail/erase"
GONE = ("case_grant", "capsule", "reply_address", "ident_token", "item_guess",
        "word_token", "word_part", "disclosure", "grant_due", "grant_given",
        "mail_burst")


@pytest.fixture(scope="module")
def office(template):
    made = stage.Scene(template)
    try:
        yield made.begin()
    finally:
        made.stop()


@pytest.fixture(scope="module")
def custodian(office):
    browser = office.logged_in("custodian")
    browser.codes = lambda: office.code(office.office.person("custodian"))
    return browser


def set_aside(office, mediator, reason="spam"):
    held = Held(office)
    form = mediator.get(held.path).form(f"{held.path}/discard")
    page = mediator.post(f"{held.path}/discard", reason=reason, **form)
    assert page.status == 303, page.words
    return held


def moved_back(office, held, days):
    office.query("UPDATE case_file SET moved = now() - %s WHERE id = %s",
                 dt.timedelta(days=days), held.id)


@pytest.fixture(scope="module")
def files(office):
    """What was set aside half a year ago, one of it for a reason in law; what
    was yesterday, and what was taken back; a month that is long over."""
    mediator = office.logged_in("mediator")
    made = {name: set_aside(office, mediator, reason)
            for name, reason in (("old", "spam"), ("law", "not-for-us"),
                                 ("young", "spam"), ("back", "spam"))}
    form = mediator.get(made["back"].path).form(f"{made['back'].path}/restore")
    assert mediator.post(f"{made['back'].path}/restore", **form).status == 303
    for name, days in (("old", 181), ("law", 300), ("young", 179),
                       ("back", 300)):
        moved_back(office, made[name], days)
    office.query("UPDATE case_file SET legal_hold = true WHERE id = %s",
                 made["law"].id)
    sender = f"robot.{secrets.token_hex(5)}@estranha.example"
    row = office.filed(letter(sender, fields=[
        ("Auto-Submitted", "auto-generated")]), sender)
    assert row["outcome"] == "recorded"
    made["month"] = row["case_id"]
    office.query(
        "UPDATE case_file SET desk_month = date_trunc('month', now()) -"
        " interval '14 months', last = last - interval '14 months'"
        " WHERE id = %s AND desk_month IS NOT NULL", row["case_id"])
    return made


def secrets_now(office):
    return [unseal.secret_of(office, login) for login in
            ("mediator", "custodian", "ombudsman")]


def opens(office, known, file):
    found = unseal.unseal(unseal.boxes_of(office.query), *known)
    return sum(unseal.of_case(found, file).values())


def test_only_what_is_past_its_time_is_listed(office, files, custodian, words):
    page = good(custodian.get(PAGE))
    assert page.text.count("<li>\n<p>") == 2
    assert words["loose_month"] in page.words
    assert f"{words['held_aside']}: {words['discard_spam']}" in page.words
    assert f"180 {words['unit_days']}" in page.words
    assert f"365 {words['unit_days']}" in page.words
    way = custodian.get("/retention")
    assert f'<a href="{PAGE}">2</a>' in way.text


def test_the_mediator_sees_no_list_and_the_ombudsman_no_button(office, files):
    assert office.logged_in("mediator").get(PAGE).status == 403
    page = good(office.logged_in("ombudsman").get(PAGE))
    assert page.status == 200 and ERASE not in page.text


def test_without_a_code_nothing_is_erased(office, files, custodian):
    office.query("UPDATE session SET stepped = NULL")
    codes, custodian.codes = custodian.codes, None
    try:
        page = custodian.post(ERASE, **custodian.get(PAGE).form(ERASE))
    finally:
        custodian.codes = codes
    assert page.status == 403 and page.asks_code
    assert office.query("SELECT count(*) FROM case_file WHERE erased IS NOT"
                        " NULL") == [(0,)]


def test_a_list_that_changed_meanwhile_erases_nothing(
        office, files, custodian, words):
    form = custodian.get(PAGE).form(ERASE)
    moved_back(office, files["young"], 181)
    page = custodian.post(ERASE, **form)
    assert page.status == 409 and words["loose_changed"] in page.words
    assert office.query("SELECT count(*) FROM case_file WHERE erased IS NOT"
                        " NULL") == [(0,)]
    moved_back(office, files["young"], 179)


def erase_beside(office, custodian, file):
    """The answer to erasing while a colleague holds that file, who finds the
    keys of all cases free: they are not waited for in two orders."""
    form, answers = custodian.get(PAGE).form(ERASE), []
    with contextlib.closing(office.database.connect()) as colleague:
        colleague.autocommit = False
        line = colleague.cursor()
        line.execute("SELECT 1 FROM case_file WHERE id = %s FOR UPDATE",
                     (file,))
        post = threading.Thread(target=lambda: answers.append(
            custodian.post(ERASE, **form)))
        post.start()
        wait_until("the erasing waits for it", lambda: office.query(
            "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
            " AND datname = current_database()"))
        line.execute("LOCK TABLE case_grant IN ROW EXCLUSIVE MODE NOWAIT")
        colleague.rollback()
    post.join()
    return answers[0]


def test_what_was_listed_opens_no_more_and_nothing_else_went(
        office, files, custodian, words):
    known = secrets_now(office)
    chosen = files["old"].id, files["month"]
    others = [files[name].id for name in ("law", "young", "back")]
    for file in (*chosen, *others):
        assert opens(office, known, file) > 0
    last = max(chosen, key=lambda file: office.query(
        "SELECT since FROM loose_files() WHERE id = %s", file)[0][0])
    page = erase_beside(office, custodian, last)
    assert page.status == 303, page.words
    told = good(custodian.get(page.location))
    assert words["done_erase_loose"] in told.words
    assert words["loose_none"] in told.words
    for file in chosen:
        assert opens(office, known, file) == 0
        assert office.query("SELECT state::text, erased IS NOT NULL, items"
                            " FROM case_file WHERE id = %s", file) \
            == [("erased", True, 1)]
        for table in GONE:
            assert office.query(f"SELECT count(*) FROM {table} WHERE case_id"
                                " = %s", file) == [(0,)], table
        assert office.query(
            "SELECT i.body, i.dek_box, (SELECT count(*) FROM chunk c WHERE"
            " c.item = i.id) FROM item i WHERE case_id = %s", file) \
            == [(b"", b"", 0)]
        assert office.query("SELECT count(*) FROM audit_event WHERE chain ="
                            " %s AND action = 'erase-loose'", file) == [(1,)]
    for file in others:
        assert opens(office, known, file) > 0


def test_it_is_in_no_list_and_in_the_log(office, files, words):
    mediator = office.logged_in("mediator")
    path = files["old"].path
    assert path not in mediator.get("/held?aside=1").cases()
    assert f"/cases/{hexes(files['month'])}" not in mediator.get(
        "/held").cases()
    assert mediator.get(path).status in (403, 404)
    log = good(office.logged_in("ombudsman").get("/log"))
    assert f"{words['event_erase_loose']} 2" in log.words


def test_a_second_delivery_of_it_is_known(office, files):
    held = files["old"]
    status, (told,) = office.gateway.ingest(held.raw)
    assert (status, told["outcome"]) == (0, "duplicate"), told


@pytest.mark.parametrize("which", ["case", "law", "back"])
def test_the_database_itself_erases_nothing_else(office, files, which):
    file = files["old"].case["id"] if which == "case" else files[which].id
    assert office.database.query(
        "SELECT loose_erase(%s, now() + interval '9 years')", file,
        user="ouv_srv") == [(False,)]


def test_the_database_erases_nothing_of_the_last_day(office, files):
    held = set_aside(office, office.logged_in("mediator"))
    ask = "SELECT loose_erase(%s, now() + interval '9 years')"
    assert office.database.query(ask, held.id, user="ouv_srv") == [(False,)]
    moved_back(office, held, 2)
    assert office.database.query(ask, held.id, user="ouv_srv") == [(True,)]
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        office.database.query(ask, held.id, user="ouv_gw")


def test_a_question_about_one_file_reads_that_file_alone(office, files):
    """While it is asked, nobody is given a key of any case."""
    plan = "\n".join(line for line, in office.query(
        "SET enable_seqscan = off; EXPLAIN SELECT 1 FROM loose_files() l"
        " WHERE l.id = %s", files["young"].id))
    assert "Function Scan" not in plan and "Seq Scan" not in plan
    assert plan.count("Index Cond: (id = '") == 2, plan


def test_what_is_erased_is_in_the_way_of_no_list(office, files):
    """Of those set aside the index has what is still there."""
    condition, = office.query(
        "SELECT pg_get_expr(indpred, indrelid) FROM pg_index WHERE indexrelid"
        " = 'case_aside'::regclass")[0]
    erased = office.query(f"SELECT count(*) FILTER (WHERE {condition}),"
                          " count(*) FILTER (WHERE erased IS NOT NULL)"
                          " FROM case_file WHERE aside IS NOT NULL")[0]
    assert erased[1] > 0
    assert erased[0] == office.database.value(
        "SELECT count(*) FROM case_file WHERE aside IS NOT NULL AND erased IS"
        " NULL")
