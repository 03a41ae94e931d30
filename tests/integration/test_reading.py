"""Reading a case costs few answers of the database and no lock, and leaves one
line a minute; a login holds the log for no longer than it must."""

import re
import threading

import pytest

from harness import wait_until
from scene import Scene, answer_to, letter

ANA = "ana@consumidora.example"
MAILS = 14


@pytest.fixture(scope="module")
def scene(template):
    made = Scene(template, imap_poll_secs=1)
    try:
        made.begin()
        mail = made.acknowledged(letter(ANA), ANA)
        made.number = made.case_of(mail)["protocol"]
        for n in range(MAILS):
            made.post_mail(answer_to(mail, ANA, text=f"Carta {n}."), ANA)
        wait_until("all are filed", lambda: made.case(
            made.number)["items"] >= MAILS + 2, 30, 0.1)
        made.gateway.stop()
        yield made
    finally:
        made.stop()


@pytest.fixture
def page(scene):
    return f"/cases/{scene.number}"


def asked(scene):
    """What the server asked of the database so far: statements, waits."""
    text = scene.server.request("GET", "/metrics")[2].decode()
    return [int(re.search(rf"^ouvidoria_{what}_total (\d+)$", text, re.M)[1])
            for what in ("statements", "waits")]


def cost(scene, browser, path):
    """Of one page: the least of several, for a thread that answers for the
    first time connects."""
    found = []
    for _ in range(8):
        before = asked(scene)
        assert browser.get(path).status == 200
        found.append([b - a for a, b in zip(before, asked(scene))])
    return [min(column) for column in zip(*found)]


def lines(scene, person, action="read"):
    return scene.database.value(
        "SELECT count(*) FROM audit_event e JOIN case_file c ON c.id = e.chain"
        " JOIN person p ON p.id = e.actor WHERE c.protocol = %s"
        " AND p.login = %s AND e.action = %s",
        scene.number, scene.office.person(person)["login"], action)


# ---- the page of a case -----------------------------------------------------


def test_a_case_is_shown_after_few_answers_of_the_database(scene, page):
    """The session is asked for as well, whether words are to be taken in, and
    whether pictures are to be read: eight of them."""
    browser = scene.logged_in("mediator")
    statements, waits = cost(scene, browser, page)
    assert waits <= 20 and statements <= 54, (statements, waits)


def test_more_messages_ask_no_more(scene, page):
    """Each is opened from what was read at once."""
    browser = scene.logged_in("mediator")
    short = scene.database.value(
        "SELECT count(*) FROM item i JOIN case_file c ON c.id = i.case_id"
        " WHERE c.protocol = %s", scene.number)
    assert short >= MAILS
    text = browser.get(page).text
    for n in range(MAILS):
        assert f"Carta {n}." in text
    assert cost(scene, browser, page)[1] <= 20


def test_who_reads_again_within_a_minute_leaves_no_second_line(scene, page):
    browser = scene.logged_in("intake")
    for _ in range(3):
        assert browser.get(page).status == 200
        assert browser.get(f"{page}/log").status == 200
    assert lines(scene, "intake") == 1
    assert lines(scene, "intake", "read-log") == 1


def test_a_case_can_be_read_while_somebody_changes_it(scene, page):
    browser = scene.logged_in("mediator")
    for path in (page, f"{page}/log"):
        assert browser.get(path).status == 200
    line = scene.database.connect()
    try:
        with line, line.cursor() as cursor:
            cursor.execute("SELECT id FROM case_file WHERE protocol = %s"
                           " FOR UPDATE", (scene.number,))
            for path in (page, f"{page}/log"):
                assert browser.get(path).status == 200
    finally:
        line.close()


def test_the_last_change_is_found_without_reading_the_readings(scene):
    plan = "\n".join(row[0] for row in scene.query(
        "SET enable_seqscan = off; EXPLAIN SELECT seq FROM audit_event"
        " WHERE chain = gen_random_uuid() AND action NOT IN ('read',"
        " 'read-log', 'download', 'preview', 'denied', 'rekey', 'sent')"
        " ORDER BY seq DESC LIMIT 1"))
    assert "audit_event_change" in plan, plan


# ---- our own chain ----------------------------------------------------------


def test_a_login_waits_for_a_count_before_it_holds_the_log(scene):
    """Who fails to log in holds the count and wants the log's chain: the other
    way round both would wait for each other."""
    person = scene.office.person("reader")
    assert scene.browser().try_login(
        person["login"], "wrong" * 4, "000000").status != 303
    line = scene.database.connect()
    done = []
    try:
        with line, line.cursor() as cursor:
            cursor.execute("SELECT 1 FROM login_throttle"
                           " WHERE scope = 'account' FOR UPDATE")
            assert cursor.rowcount > 0
            thread = threading.Thread(
                target=lambda: done.append(scene.logged_in("reader")))
            thread.start()
            waiting = wait_until("the login waits", lambda: scene.query(
                "SELECT pid FROM pg_stat_activity WHERE wait_event_type ="
                " 'Lock' AND usename <> 'postgres'"), 20, 0.02)
            held = scene.query(
                "SELECT 1 FROM pg_locks WHERE pid = %s AND (locktype ="
                " 'advisory' OR relation = 'audit_event'::regclass"
                " AND mode = 'RowExclusiveLock')", waiting[0][0])
        thread.join(30)
    finally:
        line.close()
    assert held == []
    assert len(done) == 1
