"""Who holds the key of a case: given with a reason, taken back, there for the
next step, gone after triage, never too few; and whole cupboards of keys for a
new colleague, a substitute, or none for one who left.

Everything is done through the real server or the operator's command; what
somebody can open is tried with their own live session.
"""

import json
import os

import pytest

import test_intake as intake_tests
import test_opinion as opinion
import test_write as desk
from harness import wait_until
from scene import Scene, today
from test_impartial import holders, owner, person
from test_intake import Case
from test_mediate import Waiting

REASON = "Ela conhece o contrato desta empresa."


@pytest.fixture(scope="module")
def office(template):
    made = Scene(template, to_sink=True, imap_poll_secs=1,
                 mailgw_acks_domain_hour=100000, mailgw_acks_sender_day=100,
                 office_calendar="plain", paths_calendars=None)
    made.settings["paths_calendars"] = made.folder.make("calendars")
    with open(os.path.join(made.settings["paths_calendars"], "plain.json"),
              "w", encoding="utf-8") as file:
        json.dump(desk.CALENDAR, file)
    made.pool = desk.Pool(made)
    made.waiting = Waiting(made)
    try:
        made.begin()
        made.units = intake_tests.register(made)
        yield made
    finally:
        made.stop()


@pytest.fixture(scope="module")
def people(office):
    return {login: desk.login(office, login) for login in
            ("mediator", "mediator2", "intake", "reader", "ombudsman",
             "custodian")}


@pytest.fixture(scope="module")
def mediator(people):
    return people["mediator"]


@pytest.fixture
def case(office, mediator):
    return Case(office, mediator)


def hire(office, login, role="mediator"):
    """A colleague who joins now, and their session."""
    password = office.office.person("admin")["password"]
    path = os.path.join(office.folder.make(login), "pw")
    with open(path, "w", encoding="utf-8") as file:
        file.write(password + "\n")
    os.chmod(path, 0o600)
    made = office.office.admin.json(
        "staff", "add", "--login", login, "--name", f"Zoe {login}", "--role",
        role, "--ready", "--as", "admin", "--as-password-file", path)
    browser = office.browser()
    page = browser.try_login(login, made["password"], office.code(made))
    assert page.status == 303, page.words
    browser.codes = lambda: office.code(made)
    browser.made = made
    return browser


@pytest.fixture(scope="module")
def zoe(office, people):
    return hire(office, "zoe")


def move(browser, case, verb, **fields):
    """By its form, once no letter's departure moves the case any more."""
    wait_until("the outbox is empty", case.office.outbox_is_quiet, 20, 0.05)
    page = browser.get(f"{case.path}/do/{verb}")
    assert page.status == 200, page.words
    return browser.ask("POST", f"{case.path}/{verb}",
                       {**page.form(f"{case.path}/{verb}"), **fields})


def due(office, case):
    return dict(office.query(
        "SELECT p.login, d.why FROM grant_due d JOIN person p ON p.id ="
        " d.person WHERE d.case_id = %s", case.id))


def given(office, case):
    return dict(office.query(
        "SELECT p.login, g.why FROM grant_given g JOIN person p ON p.id ="
        " g.person WHERE g.case_id = %s", case.id))


# ---- one key ------------------------------------------------------------------


def test_a_colleague_gets_the_key_and_the_reason_is_sealed(office, people,
                                                           case):
    assert people["reader"].get(case.path).status == 403
    page = move(people["mediator"], case, "grant", person="reader",
                reason=REASON)
    assert page.status == 303, page.words
    assert people["reader"].get(case.path).status == 200
    assert case.events().count("grant") == 1
    dump, = office.query("SELECT string_agg(e::text, '') FROM audit_event e"
                         " WHERE chain = %s", case.id)
    assert REASON.encode().hex() not in dump[0] and REASON not in dump[0]
    assert given(office, case) == {"reader": "given"}


def test_a_code_is_asked_for_before_a_key_is_given(office, people, case):
    browser = people["mediator2"]
    office.query("UPDATE session SET stepped = NULL")
    codes, browser.codes = browser.codes, None
    try:
        page = move(browser, case, "grant", person="reader", reason=REASON)
        assert page.status == 403 and page.asks_code
        assert "reader" not in holders(office, case)
        page = move(browser, case, "revoke", person="intake", reason=REASON)
        assert page.status == 403 and page.asks_code
        assert "intake" in holders(office, case)
    finally:
        browser.codes = codes


def test_who_may_not_have_it_does_not_get_it(office, people, words, case):
    assert desk.act(people["mediator2"], case.path, "conflict").status == 303
    for login, word in (("mediator2", "field_conflict"),
                        ("intake", "field_has_it"),
                        ("nobody", "field_grant_unknown")):
        page = move(people["mediator"], case, "grant", person=login,
                    reason=REASON)
        assert page.status == 422 and words[word] in page.words, login
    page = move(people["mediator"], case, "grant", person="reader", reason="")
    assert page.status == 422
    assert holders(office, case) == {"mediator", "intake"}


def test_a_colleague_without_a_certificate_gets_none(office, people, case):
    office.query("UPDATE person SET cert_sig = %s WHERE login = 'registrar'",
                 b"x" * 64)
    page = move(people["mediator"], case, "grant", person="registrar",
                reason=REASON)
    assert page.status == 422
    assert "registrar" not in holders(office, case)


def test_a_key_that_was_taken_back_opens_nothing(office, people, words, case):
    assert people["mediator2"].get(case.path).status == 200
    page = move(people["mediator"], case, "revoke", person="mediator2",
                reason=REASON)
    assert page.status == 303, page.words
    assert people["mediator2"].get(case.path).status == 403
    version, rekey = office.query("SELECT key_version, rekey_due FROM"
                                  " case_file WHERE id = %s", case.id)[0]
    assert (version, rekey) == (2, False)
    assert case.events().count("revoke") == 1
    # Two are left: that is the least.
    for login in ("intake", "mediator"):
        page = move(people["mediator"], case, "revoke", person=login,
                    reason=REASON)
        assert page.status == 422
        assert words["field_last_holders"] in page.words
    page = move(people["mediator"], case, "revoke", person="reader",
                reason=REASON)
    assert page.status == 422
    assert words["field_revoke_no_key"] in page.words
    assert holders(office, case) == {"mediator", "intake"}


def test_the_page_says_who_can_read_it_and_since_when(people, words, case):
    move(people["mediator"], case, "grant", person="reader", reason=REASON)
    page = people["mediator"].get(case.path)
    text = page.text.partition('id="readers"')[2].partition("</details>")[0]
    for name in ("Marta Queiroz", "Danilo Peixoto", "Rita Fontes",
                 "Ivo Tavares"):
        assert text.count(f"<bdi>{name}</bdi>") >= 1, name
    assert "Helena Prado" not in text
    assert words["key_why_given"] in text and words["key_why_desk"] in text
    assert f"{case.path}/do/grant" in text and "/do/revoke" in text
    # Intake gives no key away by taking it from others.
    page = people["intake"].get(case.path)
    assert "/do/grant" in page.text and "/do/revoke" not in page.text


# ---- the next step --------------------------------------------------------------


def test_whoever_goes_on_from_here_gets_the_key(office, people):
    case = opinion.Dispute(office, people, "merit", asked=True)
    assert people["reader"].get(case.path).status == 403
    case.done("draft-opinion", **opinion.OPINION)  # it waits
    assert people["reader"].get(case.path).status == 200
    assert people["ombudsman"].get(case.path).status == 403
    page = case.confirms("reader", "draft-opinion")
    assert page.status == 303, page.words
    assert case.state == "provisional"
    assert people["ombudsman"].get(case.path).status == 200
    assert given(office, case) == {"reader": "second", "ombudsman": "decide"}
    assert people["custodian"].get(case.path).status == 403


def test_nobody_in_conflict_gets_it_by_itself(office, people):
    case = opinion.Dispute(office, people, "merit", asked=True)
    office.query("INSERT INTO case_conflict (case_id, person) SELECT %s, id"
                 " FROM person WHERE login = 'reader'", case.id)
    case.done("draft-opinion", **opinion.OPINION)
    assert "reader" not in holders(office, case)


def test_what_was_taken_back_does_not_come_by_itself(office, people):
    case = opinion.Dispute(office, people, "merit", asked=True)
    for verb in ("grant", "revoke"):
        page = move(people["mediator"], case, verb, person="reader",
                    reason=REASON)
        assert page.status == 303, page.words
    case.done("draft-opinion", **opinion.OPINION)
    assert "reader" not in holders(office, case)


def test_what_a_party_moves_waits_for_the_next_holder(office, people):
    case = opinion.Dispute(office, people, "merit", asked=True)
    office.query("INSERT INTO party_act (id, case_id, party, action, source,"
                 " at) SELECT gen_random_uuid(), %s, p.id, 'withdraw', 'link',"
                 " now() FROM party p WHERE p.case_id = %s AND p.side ="
                 " 'consumer'", case.id, case.id)
    office.query("NOTIFY ouv_timer")
    wait_until("the case is closed", lambda: case.state == "closed", 40, 0.1)
    assert due(office, case) == {"custodian": "custody"}
    assert people["custodian"].get(case.path).status == 403
    assert people["mediator"].get(case.path).status == 200
    assert due(office, case) == {}
    assert people["custodian"].get(case.path).status == 200


def test_the_list_of_cases_gives_what_is_due(office, people, case):
    office.query("INSERT INTO grant_due (case_id, person, why) SELECT %s, id,"
                 " 'review' FROM person WHERE login IN ('reader', 'registrar')",
                 case.id)
    assert people["intake"].get("/cases").status == 200
    # One of the two has no certificate that holds.
    assert people["reader"].get(case.path).status == 200
    assert due(office, case) == {"registrar": "review"}


# ---- after triage ------------------------------------------------------------------


def test_the_desks_keys_end_after_triage(office, people):
    case = Case(office, people["mediator"])
    assert people["intake"].get(case.path).status == 200
    case.served()
    assert people["intake"].get(case.path).status == 403
    assert people["mediator2"].get(case.path).status == 200
    assert case.events().count("desk-end") == 1
    assert case.column("key_version") == 1  # they were entitled: no new key


def test_intake_that_works_on_it_keeps_the_key(office, people):
    case = Case(office, people["mediator"]).classified()
    assert move(people["mediator"], case, "team",
                person="intake").status == 303
    case.does("serve", summary=intake_tests.SUMMARY)
    assert people["intake"].get(case.path).status == 200
    assert "desk-end" not in case.events()


def open_tasks(office, case):
    return [row[0] for row in office.query(
        "SELECT kind FROM task WHERE case_id = %s AND done IS NULL AND kind IN"
        " ('few-holders', 'no-owner')", case.id)]


# ---- few -----------------------------------------------------------------------------


def test_of_two_one_may_be_in_conflict_and_the_ombudsman_comes(office, people,
                                                               words):
    case = Case(office, people["mediator"]).served()
    assert holders(office, case) == {"mediator", "mediator2"}
    page = desk.act(people["mediator2"], case.path, "conflict")
    assert page.status == 303, page.words
    assert holders(office, case) == {"mediator"}
    assert due(office, case) == {"ombudsman": "few-holders"}
    page = people["mediator"].get(case.path)
    assert page.status == 200
    assert holders(office, case) == {"mediator", "ombudsman"}
    assert open_tasks(office, case) == []
    assert people["ombudsman"].get(case.path).status == 200


def test_without_an_ombudsman_it_stays_a_task(office, people, words):
    case = Case(office, people["mediator"]).served()
    office.query("INSERT INTO case_conflict (case_id, person) SELECT %s, id"
                 " FROM person WHERE login = 'ombudsman'", case.id)
    desk.act(people["mediator2"], case.path, "conflict")
    page = people["mediator"].get(case.path)
    assert words["task_few_holders"] in page.words
    assert open_tasks(office, case) == ["few-holders"]
    assert holders(office, case) == {"mediator"}
    page = move(people["mediator"], case, "grant", person="reader",
                reason=REASON)
    assert page.status == 303, page.words
    assert open_tasks(office, case) == []


# ---- many ----------------------------------------------------------------------------


def give(browser, login, which, of="", path=None):
    page = browser.get(path or f"/people/{login}")
    form = page.form(f"/people/{login}/keys")
    return browser.ask("POST", f"/people/{login}/keys",
                       {**form, "which": which, "of": of})


def test_a_new_colleague_gets_the_keys_of_ones_cases(office, people, zoe,
                                                     words):
    case = Case(office, people["mediator"]).served()
    shut = Case(office, people["mediator"]).served()
    office.query("INSERT INTO case_conflict (case_id, person) SELECT %s, id"
                 " FROM person WHERE login = 'zoe'", shut.id)
    assert zoe.get(case.path).status == 403
    page = give(people["mediator"], "zoe", "mine")
    assert page.status == 303, page.words
    shown = people["mediator"].get(page.location)
    assert zoe.get(case.path).status == 200
    assert zoe.get(shut.path).status == 403
    assert given(office, case)["zoe"] == "batch"
    assert case.events().count("grant") == 1
    count, = office.query("SELECT count(*) FROM case_grant WHERE person = %s",
                          person(office, "zoe"))[0]
    assert f"<strong>{count}</strong>" in shown.text
    assert f"1 {words['keys_conflicts']}" in shown.words
    assert words["keys_all_given"] in shown.words


def test_only_keys_that_one_holds_are_given(office, people, zoe):
    case = Case(office, people["mediator"])
    before = office.query("SELECT count(*) FROM case_grant WHERE person = %s",
                          person(office, "zoe"))
    page = give(people["custodian"], "zoe", "desk")
    assert page.status == 303, page.words
    assert office.query("SELECT count(*) FROM case_grant WHERE person = %s",
                        person(office, "zoe")) == before
    assert "zoe" not in holders(office, case)


@pytest.mark.parametrize("which, of, word", [
    ("", "", "field_empty"), ("all", "", "field_unknown"),
    ("of", "", "field_empty"), ("of", "nobody", "field_unknown")])
def test_a_wrong_choice_is_told(people, zoe, words, which, of, word):
    page = give(people["mediator"], "zoe", which, of)
    assert page.status == 422 and words[word] in page.words, page.words


def test_many_keys_go_in_steps_with_their_progress(office, people, words):
    """Three more than a step gives, and the button that goes on."""
    browser = hire(office, "yara")
    folder, files = office.folder.make("many"), []
    many = [desk.Consumer(desk.stage.WORDS["pt-BR"]) for _ in range(103)]
    for number, one in enumerate(many[:-1]):
        files.append(os.path.join(folder, f"{number}.eml"))
        with open(files[-1], "wb") as file:
            file.write(one.raw)
    before, = office.query("SELECT count(*) FROM case_file WHERE state ="
                           " 'received'")[0]
    office.query("DELETE FROM case_grant WHERE person = %s",
                 person(office, "yara"))
    office.query("UPDATE person SET desk = false WHERE login = 'yara'")
    status, _ = office.gateway.ingest(many[-1].raw, *files)
    assert status == 0
    office.query("UPDATE case_file SET owner = %s WHERE state = 'received'"
                 " AND owner IS NULL", person(office, "intake"))
    total, = office.query(
        "SELECT count(*) FROM case_file c JOIN case_grant g ON g.case_id ="
        " c.id AND g.version = c.key_version AND g.person = %s WHERE c.owner ="
        " %s AND c.state = 'received'", person(office, "mediator2"),
        person(office, "intake"))[0]
    assert 103 <= total < 200 and before < 100
    page = give(people["mediator2"], "yara", "of", "intake")
    assert page.status == 303, page.words
    shown = people["mediator2"].get(page.location)
    assert f"<strong>100</strong> {words['keys_given']}" in shown.text
    assert f"<strong>{total}</strong>" in shown.text
    form = shown.text.partition('id="more"')[2].partition("</form>")[0]
    fields = dict(desk.re.findall(r'name="(\w+)" value="([^"]*)"', form))
    page = people["mediator2"].ask("POST", "/people/yara/keys", fields)
    assert page.status == 303, page.words
    shown = people["mediator2"].get(page.location)
    assert f"<strong>{total}</strong> {words['keys_given']}" in shown.text
    assert 'id="more"' not in shown.text
    # The same form again: nothing is done twice.
    assert people["mediator2"].ask("POST", "/people/yara/keys",
                                   fields).status == 303
    count, = office.query("SELECT count(*) FROM case_grant WHERE person = %s",
                          person(office, "yara"))[0]
    assert count == total
    path, = office.query(
        "SELECT '/cases/' || protocol FROM case_file WHERE owner = %s AND"
        " state = 'received' LIMIT 1", person(office, "intake"))[0]
    assert browser.get(path).status == 200
    office.query("UPDATE case_file SET owner = NULL WHERE owner = %s AND"
                 " state = 'received'", person(office, "intake"))


# ---- away ------------------------------------------------------------------------------


def absent(browser, **fields):
    form = browser.get("/calendar/absences/new").form("/calendar/absences/new")
    day = today()
    return browser.ask("POST", "/calendar/absences/new", {
        **form, "reason": "vacation", "first": str(day + desk.datetime.timedelta(3)),
        "last": str(day + desk.datetime.timedelta(9)), "urgent_name": "Rita",
        "urgent_email": "rita@ouvidoria.example", "urgent_phone": "",
        "substitute": "zoe", **fields})


def test_a_substitute_gets_the_keys_when_an_absence_is_entered(office, people,
                                                               zoe):
    case = Case(office, people["mediator2"])
    assert owner(office, case) == "mediator2"
    assert zoe.get(case.path).status == 403
    page = absent(people["mediator2"], who="")
    assert page.status == 303, page.words
    assert zoe.get(case.path).status == 200
    assert given(office, case)["zoe"] == "substitute"


def test_entered_by_somebody_without_the_keys_they_are_due(office, people,
                                                           zoe):
    case = Case(office, people["mediator"])
    page = absent(people["ombudsman"], who="mediator",
                  first=str(today()
                            + desk.datetime.timedelta(20)),
                  last=str(today()
                           + desk.datetime.timedelta(25)))
    assert page.status == 303, page.words
    assert due(office, case) == {"zoe": "substitute"}
    assert people["mediator"].get(case.path).status == 200
    assert zoe.get(case.path).status == 200


# ---- gone ------------------------------------------------------------------------------


def leave(browser, login):
    form = browser.get(f"/people/{login}").form(f"/people/{login}/leave")
    return browser.ask("POST", f"/people/{login}/leave", form)


def test_the_page_of_people_shows_sessions_to_the_head_alone(people, words):
    page = people["mediator"].get("/people")
    assert page.status == 200 and "Helena Prado" in page.text
    assert words["people_sessions"] not in page.words
    head = people["ombudsman"].get("/people")
    assert words["people_sessions"] in head.words
    assert "/leave" not in people["mediator"].get("/people/reader").text
    assert "/leave" in people["ombudsman"].get("/people/reader").text
    assert people["mediator"].get("/people/nobody").status == 404


def test_who_left_has_nothing_any_more(office, people, words):
    gone = hire(office, "xena")
    case = Case(office, people["mediator"]).served()
    page = move(people["mediator"], case, "grant", person="xena",
                reason=REASON)
    assert page.status == 303, (page.words, case.events())
    assert gone.get(case.path).status == 200
    office.query("UPDATE case_file SET owner = %s WHERE id = %s",
                 person(office, "xena"), case.id)
    refused = people["mediator"].get("/people/xena")
    assert 'action="/people/xena/leave"' not in refused.text
    page = leave(people["ombudsman"], "xena")
    assert page.status == 303, page.words
    assert gone.get(case.path).status in (302, 303)  # to the login page
    again = office.browser().try_login("xena", gone.made["password"],
                                       office.code(gone.made))
    assert again.status != 303
    assert owner(office, case) is None
    assert "xena" not in holders(office, case)
    assert not office.query("SELECT 1 FROM person_key WHERE person = %s",
                            person(office, "xena"))
    assert case.events()[-1] == "key-left"
    assert words["task_no_owner"] in people["mediator"].get(case.path).words
    assert case.column("key_version") == 2
    assert words["people_left"] in people["ombudsman"].get("/people").words


def test_nobody_leaves_who_would_leave_too_few(office, people, words):
    hire(office, "vera")
    case = Case(office, people["mediator"])
    assert move(people["mediator"], case, "grant", person="vera",
                reason=REASON).status == 303
    office.query("DELETE FROM case_grant g USING person p WHERE p.id ="
                 " g.person AND g.case_id = %s AND p.login NOT IN ('mediator',"
                 " 'vera')", case.id)
    page = leave(people["ombudsman"], "vera")
    assert page.status == 422 and case.protocol in page.words
    assert words["leave_stops"] in page.words
    assert holders(office, case) == {"mediator", "vera"}
    status, told, _ = office.office.admin.run("staff", "leave", "vera",
                                              "--json")
    assert status == 1
    told = json.loads(told)
    assert told["why"] == "last-holders" and told["cases"] == [case.protocol]
    assert office.office.admin.json("staff", "show", "vera")["can_open"] == 1
    assert move(people["mediator"], case, "grant", person="reader",
                reason=REASON).status == 303
    told = json.loads(office.office.admin.do("staff", "leave", "vera",
                                             "--json"))
    assert told["left"] and told["cases_closed_to_them"] >= 1
    assert office.office.admin.json("staff", "show", "vera")["active"] is False


@pytest.mark.parametrize("login", ["ombudsman", "admin"])
def test_the_last_of_a_role_stays(office, login):
    status, told, _ = office.office.admin.run("staff", "leave", login,
                                              "--json")
    assert status == 1 and json.loads(told)["why"] == "last-of-role"
    assert office.query("SELECT active FROM person WHERE login = %s",
                        login) == [(True,)]


def test_a_mediator_ends_nobodys_access(office, people):
    form = people["mediator"].get("/people/reader").form("/people/reader/keys")
    page = people["mediator"].ask("POST", "/people/reader/leave", form)
    assert page.status in (400, 403)
    assert office.query("SELECT active FROM person WHERE login = 'reader'") \
        == [(True,)]


def test_the_log_holds_after_all_this(office):
    status, told, err = office.office.admin.run("audit", "verify", "--json")
    assert status == 0, (told, err)
