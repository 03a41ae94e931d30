"""The log as people read it: what a case's says, to whom, in plain words; who
tried to read what they may not; and what the registers leave behind."""

import glob
import json
import os
import re

import pytest

import harness
from scene import Scene, letter, words_of

SENDER = "ana@consumidora.example"


@pytest.fixture(scope="module")
def office(template):
    made = Scene(template, imap_poll_secs=1, audit_checkpoint_secs=1)
    try:
        yield made.begin()
    finally:
        made.stop()


@pytest.fixture(scope="module")
def case(office):
    made = office.case_of(office.acknowledged(letter(SENDER), SENDER))
    made["path"] = f"/cases/{made['protocol']}"
    return made


@pytest.fixture(scope="module")
def mediator(office, case):
    """Has read the case, and opened it."""
    browser = office.logged_in("mediator")
    page = browser.get(case["path"])
    done = browser.post(f"{case['path']}/open",
                        **page.form(f"{case['path']}/open"))
    assert done.status == 303, done.words
    return browser


@pytest.fixture(scope="module")
def ombudsman(office):
    return office.logged_in("ombudsman")


def actions(office, chain, person=None):
    """What stands in a chain, oldest first."""
    return [row[0] for row in office.query(
        "SELECT e.action FROM audit_event e LEFT JOIN person p"
        " ON p.id = e.actor WHERE chain = %s AND (%s::text IS NULL OR"
        " p.login = %s) ORDER BY seq", chain, person, person)]


def own(office, person, action):
    """Entries of that person that stand in no case."""
    return office.database.value(
        "SELECT count(*) FROM audit_event e JOIN person p ON p.id = e.actor"
        " WHERE e.chain = e.signer AND p.login = %s AND e.action = %s",
        person, action)


def lines(page):
    """(who, what) of each line, as they stand."""
    return re.findall(r"· <bdi>([^<]*)</bdi></p>\s*<p><strong>([^<]*)</strong>",
                      page.text)


# ---- of a case --------------------------------------------------------------


def test_the_log_says_who_did_what_oldest_first(office, case, mediator, words):
    page = mediator.get(f"{case['path']}/log")
    assert page.status == 200
    said = lines(page)
    itself = words["log_by_gateway"]
    assert said[0] == (itself, words["event_register"])
    assert (itself, words["event_acknowledge"]) in said
    read = said.index(("Marta Queiroz", words["event_read"]))
    opened = said.index(("Marta Queiroz", words["event_open"]))
    assert 0 < read < opened
    # Looking at the log is in the log.
    assert said[-1] == ("Marta Queiroz", words["event_read_log"])


def test_what_was_sealed_beside_a_step_is_opened_for_its_readers(
        office, case, mediator, words):
    assert office.database.value(
        "SELECT details IS NOT NULL FROM audit_event WHERE chain = %s"
        " AND action = 'open'", case["id"])
    page = mediator.get(f"{case['path']}/log")
    moved = f"{words['log_to_state']} {words['state_triage']}"
    assert moved in page.words
    assert words["log_locked"] not in page.words


def test_a_message_is_named_by_its_number_and_a_letter_by_its_lane(
        office, case, mediator, words):
    page = mediator.get(f"{case['path']}/log")
    told = dict(re.findall(
        r"<strong>([^<]*)</strong> <a class=\"lane\" href=\"([^\"]*)\">",
        page.text))
    for action, number in (("register", 1), ("acknowledge", 2)):
        path = f"{case['path']}?open={number}#item-{number}"
        assert told.get(words[f"event_{action}"]) == path
        shown = mediator.get(path.split("#", maxsplit=1)[0])
        assert f'id="item-{number}"' in shown.text
    assert (f"{words['message_number']} 2 {words['lane_consumer']}"
            in page.words)
    assert words["event_open"] in page.words
    assert words["event_open"] not in told


def test_it_says_that_the_chain_holds_and_since_when(
        office, case, mediator, words):
    page = mediator.get(f"{case['path']}/log")
    count = len(actions(office, case["id"]))
    assert words["log_whole"] in page.words
    assert f"({count} {words['log_entries']})" in page.words


def test_a_broken_chain_is_told_with_its_first_wrong_entry(
        office, case, mediator, words):
    """Somebody with the owner's rights puts another person in."""
    seq = actions(office, case["id"]).index("acknowledge") + 1

    def put(actor):
        line = office.database.connect()
        try:
            with line, line.cursor() as cursor:
                cursor.execute("SET session_replication_role = replica")
                cursor.execute("UPDATE audit_event SET actor = %s WHERE"
                               " chain = %s AND seq = %s",
                               (actor, case["id"], seq))
        finally:
            line.close()

    put("00000000-0000-0000-0000-000000000001")
    try:
        page = mediator.get(f"{case['path']}/log")
    finally:
        put("00000000-0000-0000-0000-000000000000")
    assert f"{words['log_broken']} {seq}." in page.words
    assert words["log_whole"] not in page.words
    assert f'class="bad" id="entry-{seq}"' in page.text
    assert f'class="bad" id="entry-{seq - 1}"' not in page.text
    assert words["log_whole"] in mediator.get(f"{case['path']}/log").words


def test_a_long_log_comes_a_hundred_lines_at_a_time(
        office, case, mediator, words):
    item = office.items(case["id"])[0][0].replace("-", "")
    while len(actions(office, case["id"])) < 110:
        assert mediator.get(f"{case['path']}/items/{item}/raw").status == 200
    page = mediator.get(f"{case['path']}/log")
    numbers = [int(n) for n in re.findall(r'id="entry-(\d+)"', page.text)]
    total = len(actions(office, case["id"]))
    assert numbers == list(range(total - 99, total + 1))
    older, = page.links(rf"{case['path']}/log\?before=\d+")
    before = mediator.get(older)
    numbers = [int(n) for n in re.findall(r'id="entry-(\d+)"', before.text)]
    assert numbers == list(range(1, total - 99))
    assert words["log_newest"] in before.words
    assert mediator.get(f"{case['path']}/log?before=x").status == 404


def test_whoever_cannot_read_the_case_cannot_read_its_log(office, case, words):
    browser = office.logged_in("registrar")
    page = browser.get(f"{case['path']}/log")
    assert page.status == 403
    assert words["event_register"] not in page.words
    assert actions(office, case["id"], "registrar") == ["denied"]


def test_the_page_of_the_case_leads_to_its_log(case, mediator, words):
    page = mediator.get(case["path"])
    assert f'href="{case["path"]}/log"' in page.text
    assert words["log_link"] in page.words


# ---- attempts ---------------------------------------------------------------


def test_attempts_without_a_key_stand_in_the_log_once_a_minute(
        office, case, mediator):
    browser = office.logged_in("custodian")
    item = office.items(case["id"])[0][0].replace("-", "")
    rev = case_rev(mediator, case)
    for path in (case["path"], f"{case['path']}/items/{item}/raw",
                 f"{case['path']}/log", case["path"]):
        assert browser.get(path).status == 403
    assert actions(office, case["id"], "custodian") == ["denied"]
    # ... and nobody's form is too old for it.
    assert case_rev(mediator, case) == rev
    office.query("SET session_replication_role = replica; UPDATE audit_event"
                 " SET at_us = at_us - 61000000 WHERE action = 'denied'"
                 " AND chain = %s; RESET session_replication_role",
                 case["id"])
    try:
        assert browser.get(case["path"]).status == 403
        assert actions(office, case["id"], "custodian") == ["denied"] * 2
    finally:
        office.query(
            "SET session_replication_role = replica; UPDATE audit_event"
            " SET at_us = at_us + 61000000 WHERE action = 'denied' AND"
            " chain = %s AND seq < (SELECT max(seq) FROM audit_event WHERE"
            " action = 'denied' AND chain = %s);"
            " RESET session_replication_role", case["id"], case["id"])


def case_rev(browser, case):
    return browser.get(f"{case['path']}/do/note").form(
        f"{case['path']}/note")["rev"]


def test_an_act_that_is_not_ones_own_is_an_attempt(office, case, mediator):
    """The form is of before, the role another one by now: nothing is done, and
    there is one entry for two attempts."""
    form = mediator.get(f"{case['path']}/do/note").form(
        f"{case['path']}/note")
    office.query("UPDATE person SET role = 'registrar'"
                 " WHERE login = 'mediator'")
    try:
        for _ in range(2):
            page = mediator.post(f"{case['path']}/note", words="Nada.",
                                 **form)
            assert page.status == 403, page.words
    finally:
        office.query("UPDATE person SET role = 'mediator'"
                     " WHERE login = 'mediator'")
    said = actions(office, case["id"], "mediator")
    assert said.count("denied") == 1 and "note" not in said


def test_a_page_that_is_not_ones_own_is_an_attempt(office, mediator):
    assert mediator.get("/log").status == 403
    assert mediator.get("/log").status == 403
    assert own(office, "mediator", "denied") == 1


def test_a_case_that_is_not_there_leaves_nothing(office, mediator):
    before = office.database.value("SELECT count(*) FROM audit_event")
    assert mediator.get("/cases/2026-999999-9").status == 404
    assert office.database.value("SELECT count(*) FROM audit_event") == before


def test_reading_the_held_mail_is_in_the_log_once_a_minute(office, ombudsman):
    for _ in range(3):
        assert ombudsman.get("/held").status == 200
    assert own(office, "ombudsman", "list-held") == 1


# ---- the office's own -------------------------------------------------------


def test_the_office_log_tells_logins_and_attempts(office, ombudsman, mediator,
                                                  words):
    page = ombudsman.get("/log")
    assert page.status == 200
    said = lines(page)
    assert ("Helena Prado", words["event_login"]) in said
    assert ("Álvaro Siqueira",
            words["event_staff_add"].replace("{{name}}", "Marta Queiroz")) \
        in said
    # Newest last.
    assert said[-1] == ("Helena Prado", words["event_read_log"])


def test_it_is_read_by_person_and_day(office, ombudsman, mediator, words):
    page = ombudsman.get("/log?who=mediator")
    assert {who for who, _ in lines(page)} == {"Marta Queiroz"}
    day = office.database.value(
        "SELECT (now() AT TIME ZONE 'America/Sao_Paulo')::date::text")
    here = ombudsman.get(f"/log?who=mediator&day={day}")
    assert lines(here) == lines(page)
    assert lines(ombudsman.get("/log?day=2020-02-29")) == []
    wrong = ombudsman.get("/log?day=2020-02-30")
    assert wrong.status == 200 and words["office_log_day_wrong"] in wrong.words
    assert ombudsman.get("/log?who=nobody").status == 404


def test_what_an_operator_changes_is_there_with_its_name(
        office, ombudsman, words):
    admin = office.office.admin
    admin.do("company", "add", "--name", "Lojas Boreal S.A.", "--lang",
             "pt-BR")
    admin.do("company", "unit", "--company", "Lojas Boreal S.A.", "--name",
             "SAC Boreal", "--kind", "sac")
    admin.do("company", "contact", "--company", "Lojas Boreal S.A.", "--unit",
             "SAC Boreal", "--address", "bia@boreal.example", "--name",
             "Bia Moura")
    text = ombudsman.get("/log").text
    by = words["log_by_operator"]
    for event, name in (("company_set", "Lojas Boreal S.A."),
                        ("unit_set", "SAC Boreal"), ("contact_set", None)):
        line = rf"{by}</bdi></p>\s*<p><strong>{words['event_' + event]}"
        line += rf"</strong> <bdi>{re.escape(name)}" if name else r"</strong></p>"
        assert re.search(line, text), event
    # A person's address is nobody else's business.
    assert "boreal.example" not in text and "Bia Moura" not in text
    assert admin.run("audit", "verify")[0] == 0


def test_a_change_that_could_not_be_signed_is_not_made(office):
    """Without the server's key there is no entry, and so no change."""
    path = os.path.join(office.office.home, "keyless.conf")
    with open(office.office.config) as source:
        text = re.sub(r"(?m)^srv_sig_file = .*$", "srv_sig_file = nowhere.key",
                      source.read())
    harness.accounts.write_file(path, text)
    admin = office.office.admin
    old, admin.config = admin.config, path
    try:
        status, _, _ = admin.run("company", "add", "--name", "Sem Chave Ltda.",
                                 "--lang", "pt-BR")
    finally:
        admin.config = old
    assert status != 0
    assert not office.query("SELECT 1 FROM company WHERE name = %s",
                            "Sem Chave Ltda.")


# ---- sealed while it is written ---------------------------------------------


def test_both_programs_seal_what_they_write_while_they_run(
        office, template):
    """Several checkpoints a run, so that the MACs' key went on each time."""
    for login in ("mediator2", "ombudsman"):
        office.logged_in(login)
        office.filed(letter(SENDER), SENDER)
        harness.wait_until("all of it is sealed", lambda: not office.query(
            "SELECT signer FROM audit_event e GROUP BY signer HAVING"
            " max(signer_seq) > coalesce((SELECT max(c.signer_seq) FROM"
            " audit_checkpoint c WHERE c.signer = e.signer), 0)"), 20, 0.1)
    deepest = dict(office.query(
        "SELECT s.kind, max(c.n) FROM audit_checkpoint c JOIN audit_signer s"
        " ON s.id = c.signer GROUP BY 1"))
    assert deepest["server"] > 1 and deepest["gateway"] > 1
    shares = [f"--escrow={template.offline}/escrow-share-{n}" for n in (2, 3)]
    status, out, err = office.office.admin.run("audit", "verify", "--json",
                                               *shares)
    found = json.loads(out)
    assert status == 0 and found["unsealed"] == 0, (found, err)
    assert found["macs"] == found["events"]


# ---- words ------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["pt-BR", "en", "it"])
def test_every_action_that_is_written_has_words(lang):
    """Of the workflow's table, and of every call that writes an entry."""
    known = words_of(lang)
    text = ""
    for path in sorted(glob.glob(os.path.join(harness.ROOT, "lib/desk/*.c"))):
        with open(path, encoding="utf-8") as source:
            text += source.read()
    written = set()
    for call in re.findall(
            r"\b(?:log_own|log_own_named|log_case|log_case_details|held_log|"
            r"log_existing|log_command|ouv_desk_seen|note|ack_send)\("
            r"((?:[^()]|\([^()]*\))*)\)", text):
        written |= set(re.findall(r'"([a-z]+(?:-[a-z]+)*)"', call))
    written -= {"write-by-hand"}
    with open(os.path.join(harness.ROOT, "lib/case/names.c")) as source:
        written |= set(re.findall(r'\[OUV_ACTION_\w+\]\s*=\s*"([a-z-]+)"',
                                  source.read()))
    written |= {"sent", "delivery-failed", "task-done", "acknowledge"}
    assert len(written) > 80
    assert [a for a in sorted(written)
            if "event_" + a.replace("-", "_") not in known] == []
