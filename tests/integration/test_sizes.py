"""An office as the bench fills it: real to the product, only quicker made.

What tests/bench/office_of copies in must be what the gateway would have filed:
it opens, the log verifies, and the lists are what the triggers keep.
"""

import os
import re
import sys

import pytest

import harness
from scene import Scene

sys.path.insert(0, os.path.join(harness.ROOT, "tests/bench"))
import office_of  # noqa: E402
import pages  # noqa: E402

CASES = 240  # twelve of them open
LARGE = "2020-000021-"  # of two hundred messages


@pytest.fixture(scope="module")
def office(template):
    made = Scene(template, to_sink=True)
    try:
        office_of.fill(harness.programs.build_folder(),
                       made.office.config, made.database, CASES)
        made.begin(gateway=False)
        yield made
    finally:
        made.stop()


@pytest.fixture(scope="module")
def mediator(office):
    return office.logged_in("mediator")


def path_of(office, where, *values):
    return "/cases/" + office.query(
        f"SELECT replace(id::text, '-', '') FROM case_file WHERE {where}",
        *values)[0][0]


def test_any_case_opens_with_its_words(office, mediator):
    """Subject, name and a message of each of these, which are sealed."""
    for number, subject, name in office.query(
            "SELECT protocol, '', '' FROM case_file ORDER BY md5(id::text)"
            " LIMIT 8"):
        if not office.database.value(
                "SELECT count(*) FROM case_reader r JOIN person p ON p.id ="
                " r.person JOIN case_file c ON c.id = r.case_id"
                " WHERE p.login = 'mediator' AND protocol = %s", number):
            continue
        page = mediator.get("/cases/" + number)
        assert page.status == 200, page.words
        assert "Comprei uma geladeira em maio" in page.words
        assert re.search(r"c\d+@consumidora\d+\.example", page.words)


def test_nobody_else_opens_it(office):
    """Who has no key to a case is told so, as ever."""
    intake = office.logged_in("intake")
    page = intake.get(path_of(office, "state = 'closed' LIMIT 1"))
    assert page.status in (403, 404)
    assert "geladeira" not in page.words


def test_the_log_of_such_an_office_verifies(office):
    events = office.database.value(
        "SELECT count(*) FROM audit_event e JOIN case_file c ON c.id = e.chain"
        " WHERE action IN ('register', 'append')")
    assert events >= CASES * 5
    told = office.office.admin.json("audit", "verify")
    assert told["ok"] is True, told


def test_its_lists_are_what_the_triggers_keep(office):
    """The same rows, made anew by giving each case and key to the triggers."""
    rows = ("SELECT case_id, person, part, state, owner, last, opened, due,"
            " kind, severity, company, lang, channel, seen, fresh,"
            " tasks, trouble"
            " FROM case_reader ORDER BY 1, 2")
    was = office.query(rows)
    assert len(was) > CASES * 3
    line = office.database.connect()
    line.autocommit = False
    try:
        with line.cursor() as cursor:
            cursor.execute("DELETE FROM case_reader")
            cursor.execute("CREATE TEMP TABLE s AS SELECT * FROM case_seen")
            cursor.execute("CREATE TEMP TABLE g AS SELECT * FROM case_grant")
            cursor.execute("DELETE FROM case_grant")
            cursor.execute("INSERT INTO case_grant SELECT * FROM g")
            # Where they had read to went with their keys.
            cursor.execute("INSERT INTO case_seen SELECT * FROM s")
            cursor.execute(rows)
            assert cursor.fetchall() == was
        line.rollback()
    finally:
        line.close()


def test_references_lead_somewhere(office):
    """The rows came where no reference was looked at."""
    for table, column, to in office.query(
            "SELECT c.conrelid::regclass::text, a.attname,"
            " c.confrelid::regclass::text FROM pg_constraint c"
            " JOIN pg_attribute a ON a.attrelid = c.conrelid"
            "  AND a.attnum = c.conkey[1]"
            " JOIN pg_attribute b ON b.attrelid = c.confrelid"
            "  AND b.attnum = c.confkey[1] AND b.attname = 'id'"
            " WHERE c.contype = 'f' AND array_length(c.conkey, 1) = 1"):
        lost = office.database.value(
            f"SELECT count(*) FROM {table} t WHERE {column} IS NOT NULL AND"
            f" NOT EXISTS (SELECT FROM {to} o WHERE o.id = t.{column})")
        assert lost == 0, (table, column)


def test_an_old_letter_of_a_long_case_is_one_link_away(office, mediator):
    """The page of the last messages opens no letter of long before; asked for
    them, it does."""
    path = path_of(office, "protocol LIKE %s", LARGE + "%")
    last = mediator.get(path)
    assert last.status == 200 and 'id="item-200"' in last.text
    assert "Comprei uma geladeira em maio" in last.words
    for question in ("?before=8", "?open=3", "?lane=consumer&before=8"):
        page = mediator.get(path + question)
        assert page.status == 200 and 'id="item-3"' in page.text
        assert "Comprei uma geladeira em maio" in page.words
        assert 'id="item-200"' not in page.text


def test_the_page_of_a_long_case_opens_what_it_shows(office, mediator):
    """An altered letter of long ago is not missed on the page of the last; on
    its own page it is told."""
    path = path_of(office, "protocol LIKE %s", LARGE + "%")
    errors = office.folder / "server.log"
    office.query("UPDATE item SET body = overlay(body placing '\\x00'::bytea"
                 " from 60) WHERE seq = 3 AND case_id = (SELECT id FROM"
                 " case_file WHERE protocol LIKE %s)", LARGE + "%")
    with open(errors, encoding="utf-8") as log:
        log.seek(0, os.SEEK_END)
        assert mediator.get(path).status == 200
        assert "does not open" not in log.read()
        assert mediator.get(path + "?before=8").status == 200
        assert "does not open" in log.read()


def test_pages_of_the_day_are_light_and_measured(office):
    """What the bench measures is there, and each page within its size."""
    found = pages.measure(office, 2, roles=("mediator",))
    for page in ("smallest", "worklist", "cases", "filter", "closed", "case",
                 "case_of_200", "search"):
        assert found["mediator", page].cpu >= 0
        assert found["mediator", page].bytes <= pages.MOST_BYTES, page


def figures(**changes):
    usual = {"p50": 10, "p95": 20, "server": 5, "database": 5, "bytes": 40000,
             "n": 60, "busy": False}
    return {("mediator", "cases"): pages.Figures(**{**usual, **changes})}


@pytest.mark.parametrize("changes, wrong", [
    ({}, 0),
    ({"p95": 51}, 1),
    ({"p95": 51, "busy": True}, 0),     # the clock says nothing then,
    ({"server": 46, "busy": True}, 2),  # the processor does
    ({"p50": 16}, 1),
    ({"server": 11}, 1),
    ({"bytes": 60001}, 1),
])
def test_the_bench_says_what_is_too_slow(changes, wrong):
    assert len(pages.judge(figures(), figures(**changes))) == wrong
