"""Leaving, new keys by an invitation, and who is counted: that nobody takes the
last key of a case along without somebody knowing.

Through the real server and the operator's command, with live sessions.
"""

import json
import os
import threading

import pytest

import scene as stage
import test_certified as certified
import test_write as desk
from harness import wait_until
from scene import Scene
from test_account import LONG, invitation, recover_with, send
from test_grants import due, hire, leave, move, open_tasks
from test_impartial import holders, person

REASON = "Ela conhece o contrato desta empresa."


@pytest.fixture(scope="module")
def office(template):
    made = Scene(template, to_sink=True, imap_poll_secs=1,
                 mailgw_acks_domain_hour=100000)
    made.pool = desk.Pool(made)
    made.passwords = {}
    try:
        yield made.begin()
    finally:
        made.stop()


@pytest.fixture(scope="module")
def people(office):
    return {name: desk.login(office, name) for name in
            ("mediator", "mediator2", "intake", "reader", "ombudsman",
             "admin")}


@pytest.fixture
def case(office):
    return desk.Case(office)


def fresh(office):
    """Filed now: whoever works here by now has its key."""
    return desk.Case(office, text=stage.WORDS["pt-BR"])


def only(office, case, *logins):
    """As if nobody else had ever had the key; beside the escrow."""
    office.query(
        "DELETE FROM case_grant g USING person p WHERE p.id = g.person AND"
        " g.case_id = %s AND NOT p.login = ANY (%s)", case.id, list(logins))
    office.query("UPDATE case_file SET rekey_due = false WHERE id = %s",
                 case.id)


def closed(office, case):
    office.query("UPDATE case_file SET state = 'closed', closed = now() WHERE"
                 " id = %s", case.id)


def rekey_due(office, case):
    return office.database.value(
        "SELECT rekey_due FROM case_file WHERE id = %s", case.id)


def invite(people, login, **fields):
    return send(people["admin"], f"/people/{login}",
                f"/people/{login}/invite", **fields)


def staff(office, *args):
    status, out, complaint = office.office.admin.run("staff", *args, "--json")
    return status, json.loads(out) if out else None, complaint.decode()


def invited(office, login):
    return office.query("SELECT 1 FROM invite WHERE person = %s",
                        person(office, login))


def of_admin(office):
    return ("--as", "admin", "--as-password-file",
            office.folder.path + "/as-admin.pw")


@pytest.fixture(scope="module", autouse=True)
def admins_password(office):
    path = of_admin(office)[3]
    with open(path, "w", encoding="utf-8") as file:
        file.write(office.office.person("admin")["password"] + "\n")
    os.chmod(path, 0o600)


# ---- who is counted ------------------------------------------------------------


def test_who_was_invited_and_never_came_does_not_count(office, people, words):
    status, made, complaint = staff(
        office, "add", "--login", "vera", "--name", "Vera Lins", "--role",
        "mediator", "--invite", *of_admin(office))
    assert status == 0 and made["invitation"], complaint
    case = fresh(office)
    only(office, case, "mediator", "mediator2", "vera")
    page = move(people["mediator"], case, "revoke", person="mediator2",
                reason=REASON)
    assert page.status == 422 and words["field_last_holders"] in page.words
    assert holders(office, case) == {"mediator", "mediator2", "vera"}
    # Nor is anybody an ombudsman's successor by an invitation alone.
    status, _, complaint = staff(
        office, "add", "--login", "olga", "--name", "Olga Reis", "--role",
        "ombudsman", "--invite", *of_admin(office))
    assert status == 0, complaint
    status, told, _ = staff(office, "leave", "ombudsman")
    assert status == 1 and told["why"] == "last-of-role"
    # They themselves are no reader that anybody would miss.
    assert staff(office, "leave", "vera")[1]["left"]
    assert staff(office, "leave", "olga")[1]["left"]


def test_the_only_reader_in_conflict_hands_it_on_and_is_out(office, people,
                                                            case):
    only(office, case, "mediator2")
    office.query("INSERT INTO case_conflict (case_id, person) VALUES (%s, %s)",
                 case.id, person(office, "mediator2"))
    assert holders(office, case) == {"mediator2"}
    assert due(office, case) == {"ombudsman": "few-holders"}
    assert open_tasks(office, case) == ["few-holders"]
    # Who has it looks at the list of cases: no more than that is asked.
    assert people["mediator2"].get("/").status == 200
    assert people["ombudsman"].get(case.path).status == 200
    assert holders(office, case) == {"ombudsman"}
    assert people["mediator2"].get(case.path).status == 403
    assert not rekey_due(office, case)


# ---- an invitation --------------------------------------------------------------


def test_what_an_invitation_would_close_is_shown_and_confirmed(office, people,
                                                               words):
    hire(office, "xena")
    cases = [fresh(office) for _ in range(2)]
    only(office, cases[0], "xena", "mediator")
    only(office, cases[1], "xena", "mediator", "mediator2")
    assert "all_the_same" not in people["admin"].get("/people/xena").text
    page = invite(people, "xena")
    assert page.status == 422, page.words
    assert words["field_few_left"] in page.words
    assert cases[0].protocol in page.words
    assert cases[1].protocol not in page.words
    assert page.text.count(words["invite_all_the_same"]) >= 1
    assert page.text.index('id="invite"') < page.text.index(cases[0].protocol)
    assert not invited(office, "xena")
    status, told, _ = staff(office, "invite", "--login", "xena",
                            *of_admin(office))
    assert (status, told) == (1, {"invited": False, "why": "last-holders",
                                  "cases": [cases[0].protocol]})
    assert not invited(office, "xena")
    status, told, complaint = staff(
        office, "invite", "--login", "xena", "--all-the-same",
        *of_admin(office))
    assert status == 0 and told["invitation"], complaint
    # Those keys are as good as gone: nobody leaves on their strength.
    page = move(people["mediator"], cases[1], "revoke", person="mediator2",
                reason=REASON)
    assert page.status == 422 and words["field_last_holders"] in page.words
    code = invitation(invite(people, "xena", all_the_same="1"))
    assert code != told["invitation"]
    for case in cases:
        assert "xena" in holders(office, case)  # nothing has changed yet
    # The code of before opens keys that nobody waits for.
    assert recover_with(office.browser(), "xena", told["invitation"],
                        LONG).status == 403
    page = recover_with(office.browser(), "xena", code, LONG)
    assert page.status == 303, page.words
    for case in cases:
        assert "xena" not in holders(office, case)
        assert case.events()[-1] == "key-left"
        assert rekey_due(office, case)
    assert open_tasks(office, cases[0]) == ["few-holders"]
    assert due(office, cases[0]) == {"ombudsman": "few-holders"}
    assert open_tasks(office, cases[1]) == []
    log = people["mediator"].get(cases[0].path + "/log")
    assert words["event_key_left"].replace("{{name}}", "Zoe xena") in log.words


def test_a_case_that_nobody_here_can_open_is_told_to_the_operator(office,
                                                                  case):
    status, out, _ = office.office.admin.run("key", "status", "--json")
    before = json.loads(out)
    assert before["nobody"] == 0 and "nobody" not in before["wrong"]
    only(office, case)
    status, out, _ = office.office.admin.run("key", "status", "--json")
    told = json.loads(out)
    assert status == 1 and told["nobody"] == 1 and "nobody" in told["wrong"]
    _, out, _ = office.office.admin.run("key", "status")
    assert b"ouvidoria escrow open" in out
    # Who never logged in could not open it either.
    status, _, complaint = staff(
        office, "add", "--login", "wanda", "--name", "Wanda Reis", "--role",
        "reader", "--invite", *of_admin(office))
    assert status == 0, complaint
    office.query("INSERT INTO case_grant (case_id, version, person, box,"
                 " granted_by, sig, pk) SELECT g.case_id, g.version, p.id,"
                 " g.box, g.granted_by, g.sig, p.pk FROM case_grant g, person"
                 " p WHERE g.case_id = %s AND p.login = 'wanda'", case.id)
    assert json.loads(office.office.admin.run("key", "status", "--json")[1])[
        "nobody"] == 1
    office.query("DELETE FROM case_grant WHERE case_id = %s", case.id)
    office.query("UPDATE case_file SET state = 'erased' WHERE id = %s",
                 case.id)


def test_shares_of_root_make_administrators_and_nobody_else(office):
    shares = certified.root_shares(office)
    status, _, complaint = staff(
        office, "add", "--login", "rosa", "--name", "Rosa Reis", "--role",
        "mediator", *shares)
    assert status == 1 and "administrators alone" in complaint
    assert not office.query("SELECT 1 FROM person WHERE login = 'rosa'")
    status, _, complaint = staff(office, "invite", "--login", "reader",
                                 *shares)
    assert status == 1 and "administrators alone" in complaint
    assert not invited(office, "reader")
    assert office.query("SELECT count(*) FROM person WHERE admin_sig IS NOT"
                        " NULL AND role <> 'admin'") == [(0,)]


def test_who_signs_like_an_administrator_and_is_none_invites_nobody(office,
                                                                    people):
    office.query("UPDATE person SET admin_sig = (SELECT admin_sig FROM person"
                 " WHERE login = 'admin') WHERE login = 'ombudsman'")
    try:
        form = people["ombudsman"].get("/people/reader").form(
            "/people/reader/keys")
        page = people["ombudsman"].post("/people/reader/invite", **form)
        assert page.status in (400, 403) and not page.asks_code
        status, _, _ = staff(office, "invite", "--login", "reader", "--as",
                             "ombudsman", "--as-password-file",
                             of_admin(office)[3])
        assert status == 1
        assert not invited(office, "reader")
    finally:
        office.query("UPDATE person SET admin_sig = NULL WHERE login ="
                     " 'ombudsman'")


# ---- gone ----------------------------------------------------------------------


def test_all_cases_get_a_new_key_the_closed_ones_too(office, people):
    hire(office, "yara")
    open_case, done = fresh(office), fresh(office)
    closed(office, done)
    assert {"yara"} <= holders(office, open_case) & holders(office, done)
    page = leave(people["ombudsman"], "yara")
    assert page.status == 303, page.words
    assert rekey_due(office, open_case) and rekey_due(office, done)
    assert people["mediator"].get(done.path).status == 200
    assert office.database.value("SELECT key_version FROM case_file WHERE id ="
                                 " %s", done.id) == 2


@pytest.mark.parametrize("change, word", [
    ("UPDATE person SET active = false WHERE login = %s", "field_unknown"),
    ("DELETE FROM case_grant g USING person p WHERE p.id = g.person AND"
     " g.person <> '00000000-0000-0000-0000-000000000000' AND p.login <> %s",
     "leave_stops")])
def test_what_happened_since_one_looked_is_told(office, people, words, change,
                                                word):
    """Somebody else is faster by the wait for one row's lock."""
    login = f"zita{word[0]}"
    hire(office, login)
    case = fresh(office)
    form = people["ombudsman"].get(f"/people/{login}").form(
        f"/people/{login}/leave")
    answer = []
    line = office.database.connect()
    line.autocommit = False
    try:
        cursor = line.cursor()
        cursor.execute("SELECT 1 FROM person WHERE login = %s FOR UPDATE",
                       (login,))
        thread = threading.Thread(target=lambda: answer.append(
            people["ombudsman"].ask("POST", f"/people/{login}/leave", form)))
        thread.start()
        wait_until("the server waits for it", lambda: office.query(
            "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
            " AND query LIKE '%%person_leave%%'"), 10, 0.02)
        cursor.execute(change, (login,))
        line.commit()
        thread.join(20)
    finally:
        line.close()
    page, = answer
    assert page.status == 422 and words[word] in page.words, page.words
    assert office.query("SELECT 1 FROM person_key k JOIN person p ON p.id ="
                        " k.person WHERE login = %s", login)
    assert not office.query("SELECT 1 FROM audit_event WHERE action ="
                            " 'staff-leave' AND object = %s",
                            person(office, login))
    assert case.protocol in page.words or word != "leave_stops"


# ---- addresses of a case that is over ----------------------------------------------


def is_read_by_the_gateway(office, case):
    (box,), = office.query("SELECT bool_or(box_svc IS NOT NULL) FROM capsule"
                           " WHERE case_id = %s", case.id)
    return box


def window(office, case, due):
    office.query("INSERT INTO clock (case_id, kind, state, profile, profile_n,"
                 " calendar, unit, amount, started, since, due) VALUES (%s,"
                 " 'reopen-window', 'running', 'p', 1, 'br', 'days', 30,"
                 " now(), now(), now() + %s::interval)", case.id, due)


def test_an_address_is_sealed_away_when_a_case_is_over_for_good(
        office, people, words):
    """And given back by whoever opens the case when it is needed."""
    names = ("done", "young", "waits", "runs", "asked", "leaves", "open")
    cases = {name: fresh(office) for name in names}
    wait_until("the outbox is empty", office.outbox_is_quiet, 20, 0.05)
    office.gateway.stop()
    try:
        for name in names[:-1]:
            office.query("UPDATE case_file SET state = 'closed', closed ="
                         " now() - %s::interval WHERE id = %s",
                         "29 days" if name == "young" else "31 days",
                         cases[name].id)
            office.query("UPDATE clock SET state = 'stopped' WHERE case_id ="
                         " %s", cases[name].id)
        window(office, cases["waits"], "1 day")
        office.query("UPDATE clock SET state = 'running' WHERE case_id = %s",
                     cases["runs"].id)
        task = ("INSERT INTO task (id, case_id, kind, opened, due) VALUES"
                " (gen_random_uuid(), %s, 'notice-address', now(), now())")
        office.query(task, cases["asked"].id)
        office.query("UPDATE outbox SET state = 'unknown', not_before ="
                     " now() + interval '1 day' WHERE case_id = %s",
                     cases["leaves"].id)
        assert office.gateway.once() == 0
        assert {name for name in names if not is_read_by_the_gateway(
            office, cases[name])} == {"done"}
        done = cases["done"]
        assert done.events()[-1] == "address-end"
        # Reading it, or a note in it, asks for no address.
        people["mediator"].get(done.path)
        assert desk.act(people["mediator"], done.path, "note",
                        text="Nada a fazer.").status == 303
        assert not is_read_by_the_gateway(office, done)
        # A letter does, until it has left.
        office.query("UPDATE outbox SET state = 'unknown', not_before ="
                     " now() + interval '1 day' WHERE case_id = %s", done.id)
        assert desk.act(people["mediator"], done.path, "note",
                        text="Foi uma carta.").status == 303
        assert is_read_by_the_gateway(office, done)
        assert done.events()[-1] == "address-back"
        office.query("UPDATE outbox SET state = 'sent' WHERE case_id = %s",
                     done.id)
        assert office.gateway.once() == 0
        assert not is_read_by_the_gateway(office, done)
        # So does a task, when a holder of the key comes.
        office.query(task, done.id)
        assert people["mediator2"].get(done.path).status == 200
        assert is_read_by_the_gateway(office, done)
        log = people["mediator"].get(done.path + "/log").words
        assert words["event_address_back"] in log
        assert words["event_address_end"] in log
    finally:
        office.query("UPDATE outbox SET state = 'sent' WHERE state ="
                     " 'unknown'")
        office.gateway.begin()


def test_the_log_holds_after_all_this(office):
    status, told, err = office.office.admin.run("audit", "verify", "--json")
    assert status == 0, (told, err)
