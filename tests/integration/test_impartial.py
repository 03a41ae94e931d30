"""Who may not work on a case, why it falls to whom, and how outcomes spread.

Recusal is tried with a live session; the schema's fences as the roles of the
programs; a draw is done again by the operator's command.
"""

import datetime
import json
import re
import zoneinfo

import psycopg2
import pytest

import harness
import scene
import test_intake as intake_tests
import test_write as desk
from test_intake import SHOP, Case, about

mediator = intake_tests.mediator
DAY = datetime.timedelta(1)
# On this wall it is another day than in UTC, at whatever hour we look.
WALL = ("Pacific/Kiritimati" if datetime.datetime.now(
    datetime.timezone.utc).hour >= 12 else "Etc/GMT+12")


@pytest.fixture(scope="module")
def office(template):
    yield from intake_tests.begun(template, zone=WALL)


def wall_now():
    return datetime.datetime.now(zoneinfo.ZoneInfo(WALL))


@pytest.fixture(scope="module")
def second(office):
    return desk.login(office, "mediator2")


@pytest.fixture(scope="module")
def ombudsman(office):
    return desk.login(office, "ombudsman")


@pytest.fixture(scope="module")
def reader(office):
    return desk.login(office, "reader")


@pytest.fixture
def case(office, mediator):
    return Case(office, mediator)


def move(browser, case, verb, **fields):
    """By the form of that act, as a colleague would."""
    page = browser.get(f"{case.path}/do/{verb}")
    assert page.status == 200, page.words
    return browser.ask("POST", f"{case.path}/{verb}",
                       {**page.form(f"{case.path}/{verb}"), **fields})


def person(office, login):
    return office.query("SELECT id FROM person WHERE login = %s", login)[0][0]


def holders(office, case):
    return {row[0] for row in office.query(
        "SELECT p.login FROM case_grant g JOIN person p ON p.id = g.person"
        " WHERE g.case_id = %s", case.id)}


def owner(office, case):
    rows = office.query("SELECT p.login FROM case_file c JOIN person p ON"
                        " p.id = c.owner WHERE c.id = %s", case.id)
    return rows[0][0] if rows else None


def pages_of(case):
    item = desk.hexes(case.item)
    return (case.path, f"{case.path}/items/{item}/raw",
            f"{case.path}/items/{item}/text")


def shut_out(browser, case):
    return [browser.get(path).status for path in pages_of(case)]


# ---- access -------------------------------------------------------------------


def test_whoever_says_so_can_no_longer_read_the_case(office, mediator, second,
                                                      case):
    assert [second.get(path).status for path in pages_of(case)] == [200] * 3
    page = desk.act(second, case.path, "conflict")
    assert page.status == 303 and page.location.startswith("/?"), page.words
    assert shut_out(second, case) == [403] * 3  # the same session
    assert "mediator2" not in holders(office, case)
    assert mediator.get(case.path).status == 200
    assert office.query("SELECT rekey_due, key_version FROM case_file"
                        " WHERE id = %s", case.id) == [(False, 2)]


def test_an_order_takes_the_key_and_the_case(office, mediator, second,
                                              ombudsman, case):
    assert move(mediator, case, "team", person="ombudsman").status == 303
    assert desk.act(mediator, case.path, "assign", to="mediator2").status == 303
    assert owner(office, case) == "mediator2"
    page = move(ombudsman, case, "recuse", person="mediator2",
                reason="O pai dela trabalha na empresa.")
    assert page.status == 303, page.words
    assert owner(office, case) is None
    assert shut_out(second, case) == [403] * 3
    who, by = office.query(
        "SELECT person, ordered_by FROM case_conflict WHERE case_id = %s",
        case.id)[0]
    assert (who, by) == (person(office, "mediator2"),
                         person(office, "ombudsman"))
    assert case.events().count("recuse") == 1


def test_a_mediator_gives_no_such_order(mediator, case):
    assert mediator.get(f"{case.path}/do/recuse").status in (403, 404)
    form = {**mediator.get(case.path).form(f"{case.path}/conflict"),
            "person": "mediator2", "reason": "x"}
    assert mediator.ask("POST", f"{case.path}/recuse",
                        form).status in (400, 403)
    assert "recuse" not in case.events()


def test_the_last_key_stays(office, mediator, case):
    office.query("DELETE FROM case_grant g USING person p WHERE p.id = g.person"
                 " AND g.case_id = %s AND p.login <> 'mediator'", case.id)
    page = desk.act(mediator, case.path, "conflict")
    assert page.status == 422
    assert holders(office, case) == {"mediator"}
    assert mediator.get(case.path).status == 200
    assert not office.query("SELECT 1 FROM case_conflict WHERE case_id = %s",
                            case.id)


@pytest.mark.parametrize("role", ["ouv_srv", "ouv_gw"])
def test_the_schema_refuses_a_new_key(office, second, case, role):
    assert desk.act(second, case.path, "conflict").status == 303
    with pytest.raises(psycopg2.errors.InsufficientPrivilege,
                       match="in conflict"):
        office.database.query(
            "INSERT INTO case_grant (case_id, version, person, box,"
            " granted_by, sig) VALUES (%s, 1, %s, '', %s, '')", case.id,
            person(office, "mediator2"), person(office, "mediator"), user=role)


# ---- the register ----------------------------------------------------------------


def declare(browser, **fields):
    page = browser.get("/conflicts")
    return browser.ask("POST", "/conflicts/new", {
        **page.form("/conflicts/new"), "kind": "worked-there",
        "from": "2020-01-01", "until": "", "company": "", "case": "",
        "note": "", **fields})


@pytest.fixture
def tie(office, second):
    """mediator2 once worked for the shop; ended when the test ends."""
    company = office.query("SELECT id FROM company WHERE name = %s", SHOP)
    page = declare(second, company=desk.hexes(company[0][0]))
    assert page.status == 303, page.words
    yield
    office.query("UPDATE conflict_register SET ended = now()")


def test_a_tie_to_a_company_shuts_all_its_cases(office, second, mediator):
    before = Case(office, mediator).classified()
    assert second.get(before.path).status == 200
    company = office.query("SELECT id FROM company WHERE name = %s", SHOP)
    assert declare(second, company=desk.hexes(company[0][0])).status == 303
    try:
        assert shut_out(second, before) == [403] * 3
        later = Case(office, mediator)
        assert second.get(later.path).status == 200  # no company is known yet
        later.classified()
        assert shut_out(second, later) == [403] * 3
        other = Case(office, mediator).classified("Northwind Ltd.")
        assert second.get(other.path).status == 200
    finally:
        office.query("UPDATE conflict_register SET ended = now()")


def test_a_tie_to_a_consumer_is_a_token_and_shuts_their_cases(
        office, mediator, second, case):
    page = declare(second, case=case.protocol, kind="family")
    assert page.status == 303, page.words
    try:
        assert shut_out(second, case) == [403] * 3
        row, = office.query("SELECT company, consumer, conflict_register::text"
                            " FROM conflict_register WHERE ended IS NULL")
        assert row[0] is None and row[1] is not None
        assert case.addr not in row[2]
        # What they write from now on is shut from the start.
        status, (told,) = office.gateway.ingest(
            f"From: Ana Luz <{case.addr}>\r\nTo: {harness.OFFICE_ADDRESS}\r\n"
            f"Message-ID: <{desk.mark()}@casa.example>\r\nSubject: Outra\r\n"
            "\r\nA entrega de ontem veio quebrada.\r\n".encode())
        assert status == 0 and told["outcome"] == "created"
        later, = office.query("SELECT id FROM case_file WHERE protocol = %s",
                              told["protocol"])
        assert mediator.get(f"/cases/{told['protocol']}").status == 200
        assert second.get(f"/cases/{told['protocol']}").status == 403
        assert not office.query(
            "SELECT 1 FROM case_grant g JOIN person p ON p.id = g.person"
            " WHERE g.case_id = %s AND p.login = 'mediator2'", later[0])
    finally:
        office.query("UPDATE conflict_register SET ended = now()")


def test_somebody_elses_tie_is_for_the_ombudsman(office, second, ombudsman):
    company = desk.hexes(office.query("SELECT id FROM company LIMIT 1")[0][0])
    known = office.query("SELECT count(*) FROM conflict_register")
    page = declare(second, company=company, who="mediator")
    assert page.status == 403
    assert office.query("SELECT count(*) FROM conflict_register") == known
    assert declare(ombudsman, company=company, who="registrar").status == 303
    hexa = desk.hexes(office.query(
        "SELECT id FROM conflict_register WHERE ended IS NULL")[0][0])
    form = ombudsman.get("/conflicts").form(f"/conflicts/{hexa}/end")
    assert ombudsman.ask("POST", f"/conflicts/{hexa}/end", form).status == 303
    assert not office.query("SELECT 1 FROM conflict_register"
                            " WHERE ended IS NULL")


def test_a_code_is_asked_for_before_others_keys_change(
        office, ombudsman, words):
    """A tie of somebody else's takes keys, its end lets them be given again; of
    one's own tie nobody is kept from telling."""
    codes, ombudsman.codes = ombudsman.codes, None
    company = desk.hexes(office.query("SELECT id FROM company LIMIT 1")[0][0])
    rows = "SELECT count(*) FROM conflict_register WHERE ended IS NULL"
    forget = "UPDATE session SET stepped = NULL"
    try:
        office.query(forget)
        page = declare(ombudsman, company=company, who="registrar")
        assert page.status == 403 and page.asks_code
        assert words["stepup_conflicts"] in page.words
        assert office.database.value(rows) == 0
        page = ombudsman.ask("POST", "/conflicts/new", {
            **page.form("/conflicts/new"), "code_now": codes()})
        assert page.status == 303 and office.database.value(rows) == 1
        office.query(forget)
        hexa = desk.hexes(office.query(
            "SELECT id FROM conflict_register WHERE ended IS NULL")[0][0])
        path = f"/conflicts/{hexa}/end"
        page = ombudsman.ask("POST", path,
                             ombudsman.get("/conflicts").form(path))
        assert page.status == 403 and page.asks_code
        assert office.database.value(rows) == 1
        assert declare(ombudsman, company=company).status == 303
        assert office.database.value(rows) == 2
    finally:
        ombudsman.codes = codes
        office.query("UPDATE conflict_register SET ended = now()")


@pytest.mark.parametrize("field, value", [
    ("company", ""), ("company", "f" * 32), ("kind", ""), ("kind", "enemy"),
    ("from", ""), ("from", "soon"), ("until", "2019-12-31")])
def test_a_declaration_says_what_is_wrong(office, second, words, field, value):
    company = desk.hexes(office.query("SELECT id FROM company LIMIT 1")[0][0])
    known = office.query("SELECT count(*) FROM conflict_register")
    page = declare(second, **{"company": company, field: value})
    assert page.status == 422 and f'id="new-{field}-e"' in page.text
    assert office.query("SELECT count(*) FROM conflict_register") == known


# ---- the draw ------------------------------------------------------------------------


def again(office, case):
    return office.office.admin.run("report", "draw", case.protocol)


def test_a_case_falls_to_one_of_those_who_may(office, mediator, tie):
    case = Case(office, mediator).classified()
    page = move(mediator, case, "draw")
    assert page.status == 422, page.words  # one has it, the other has a tie
    office.query("UPDATE case_file SET owner = NULL WHERE id = %s", case.id)
    assert move(mediator, case, "draw").status == 303
    seed, pool, chosen = office.query(
        "SELECT seed, pool, chosen FROM draw WHERE case_id = %s", case.id)[0]
    assert len(seed) == 32 and owner(office, case) is not None
    assert chosen == office.query("SELECT owner FROM case_file WHERE id = %s",
                                  case.id)[0][0]
    out = {entry["name"]: entry.get("against") for entry in pool}
    assert out["Danilo Peixoto"] == "conflict"
    assert out["Marta Queiroz"] is None
    status, text, _ = again(office, case)
    assert status == 0 and b"OK" in text


def test_a_draw_that_was_touched_is_found(office, mediator):
    case = Case(office, mediator)
    office.query("UPDATE case_file SET owner = NULL WHERE id = %s", case.id)
    assert move(mediator, case, "draw").status == 303
    assert again(office, case)[0] == 0
    office.query("UPDATE draw d SET chosen = p.id FROM person p"
                 " WHERE d.case_id = %s AND p.login = 'registrar'", case.id)
    assert again(office, case)[0] == 1


def test_today_in_the_register_is_today_on_the_wall(office, second, mediator):
    case, day = Case(office, mediator).classified(), wall_now().date()
    company = desk.hexes(office.query(
        "SELECT id FROM company WHERE name = %s", SHOP)[0][0])
    for first, last, felt in ((day - DAY, day - DAY, False),
                              (day + DAY, day + DAY, False), (day, day, True)):
        page = declare(second, company=company,
                       **{"from": str(first), "until": str(last)})
        assert page.status == 303, page.words
        try:
            assert (second.get(case.path).status == 200) != felt, (first, last)
        finally:
            office.query("UPDATE conflict_register SET ended = now()")


def test_a_company_begins_on_the_day_of_the_wall(office, mediator):
    do = office.office.admin.do
    do("company", "add", "--name", "Hoje S.A.", "--sector", "retail")
    do("company", "unit", "--company", "Hoje S.A.", "--name", "SAC Hoje",
       "--kind", "sac")
    day = wall_now().date()
    assert office.query(
        "SELECT c.member_from, u.from_day FROM company c JOIN company_unit u"
        " ON u.company = c.id WHERE c.name = 'Hoje S.A.'") == [(day, day)]
    case = Case(office, mediator)
    assert "SAC Hoje" in mediator.get(f"{case.path}/do/classify").words


# ---- two people, and training ----------------------------------------------------------


def test_the_team_gets_the_key(office, mediator, reader, case):
    assert reader.get(case.path).status == 403
    assert move(mediator, case, "team", person="reader").status == 303
    assert reader.get(case.path).status == 200
    page = move(mediator, case, "team", person="reader", leave="1")
    assert page.status == 303
    page = move(mediator, case, "team", person="reader", leave="1")
    assert page.status == 422


def test_a_severe_case_needs_training(office, mediator, ombudsman, words):
    case = Case(office, mediator).classified(severity="high")
    refused = move(mediator, case, "serve", summary=intake_tests.SUMMARY)
    assert refused.status == 403
    assert words["guard_qualified"] in refused.words
    form = ombudsman.get("/conflicts").form("/conflicts/training")
    page = ombudsman.ask("POST", "/conflicts/training", {
        **form, "who": "mediator", "subject": "severe-cases",
        "on": "2020-02-01", "until": ""})
    assert page.status == 303, page.words
    case.does("serve", summary=intake_tests.SUMMARY)
    assert case.column("state") == "company"


def test_training_counts_on_the_day_of_the_offices_wall(office, mediator,
                                                         ombudsman):
    case = Case(office, mediator).classified(severity="high")
    office.query("DELETE FROM training")
    today = wall_now().date()
    office.query("UPDATE case_file SET owner = NULL WHERE id = %s", case.id)

    def train(day):
        form = ombudsman.get("/conflicts").form("/conflicts/training")
        page = ombudsman.ask("POST", "/conflicts/training", {
            **form, "who": "mediator", "subject": "severe-cases",
            "on": str(day), "until": str(day)})
        assert page.status == 303, page.words

    def against():
        office.query("UPDATE case_file SET owner = NULL WHERE id = %s",
                     case.id)
        move(mediator, case, "draw")
        pool, = office.query("SELECT pool FROM draw WHERE case_id = %s"
                             " ORDER BY n DESC LIMIT 1", case.id)
        return {entry["name"]: entry.get("against")
                for entry in pool[0]}["Marta Queiroz"]

    train(today - datetime.timedelta(1))
    train(today + datetime.timedelta(1))
    refused = move(mediator, case, "serve", summary=intake_tests.SUMMARY)
    assert refused.status == 403 and case.column("state") == "triage"
    train(today)
    assert against() is None
    case.does("serve", summary=intake_tests.SUMMARY)
    assert case.column("state") == "company"


# ---- how outcomes are spread ---------------------------------------------------------------


def test_the_spread_counts_what_is_there_and_names_nobody_by_chance(office,
                                                                    mediator):
    ends = [("founded", "kept", "resolved")] * 4 + [
        ("unfounded", "none", "not-resolved"), (None, "silent", "not-rated"),
        ("partly", "broken", None)]
    for merit, resolution, rating in ends:
        case = Case(office, mediator).classified()
        office.query(
            "UPDATE case_file SET state = 'closed', closed = '2021-06-15',"
            " merit = %s::merit, resolution = %s::resolution,"
            " rating = %s::rating WHERE id = %s", merit, resolution, rating,
            case.id)
    other = Case(office, mediator).classified("Northwind Ltd.")
    office.query("UPDATE case_file SET state = 'closed', closed = '2021-06-16'"
                 " WHERE id = %s", other.id)

    def spread(by):
        return json.loads(office.office.admin.do(
            "report", "spread", "--by", by, "--from", "2021-06-01", "--until",
            "2021-06-30", "--json"))

    whole, = spread("all")
    assert whole == {
        "who": "", "cases": 8,
        "merit": {"founded": 4, "partly": 1, "unfounded": 1,
                  "not-established": 0, "none": 2},
        "resolution": {"kept": 4, "broken": 1, "refused": 0, "silent": 1,
                       "none": 2},
        "rating": {"resolved": 4, "not-resolved": 1, "not-rated": 3}}
    # One case tells of chance, and beside the whole seven tell of the one.
    together, = spread("company")
    assert together == {**whole, "who": ""}
    office.query("UPDATE case_file SET closed = '2021-07-16' WHERE id = %s",
                 other.id)
    alone, = spread("company")
    assert (alone["who"], alone["cases"]) == (SHOP, 7)
    assert json.loads(office.office.admin.do(
        "report", "spread", "--by", "company", "--from", "2021-07-16",
        "--until", "2021-07-16", "--json")) == []
    page = mediator.get("/reports/spread?from=2021-06-01&until=2021-06-30")
    assert page.status == 200 and SHOP in page.words
    assert "Northwind" not in page.words
    assert re.search(r"4 / 5 · 80\s%", page.words), page.words


def test_the_page_of_a_company_has_no_share_of_few(office, mediator):
    company, = office.query("SELECT id FROM company WHERE name = %s", SHOP)[0]
    cases = [Case(office, mediator).classified().id for _ in range(5)]
    office.query("UPDATE case_file SET rating = NULL")
    office.query("UPDATE case_file SET state = 'closed', merit = 'founded',"
                 " closed = now() - interval '1 day' WHERE id ="
                 " ANY(%s::uuid[])", cases)
    words = scene.words_of("pt-BR")

    def shares():
        page = mediator.get("/companies/" + str(company).replace("-", ""))
        assert page.status == 200
        return dict(re.findall(r"<dt>([^<]*)</dt><dd>(\d+ / \d+)</dd>",
                               page.text))

    rate = ("UPDATE case_file SET rating = 'resolved' WHERE id ="
            " ANY(%s::uuid[])")
    office.query(rate, cases[:4])
    told = shares()
    assert words["company_spread_founded"] in told
    assert words["company_spread_resolved"] not in told
    office.query(rate, cases)
    assert shares()[words["company_spread_resolved"]] == "5 / 5"


def test_the_year_of_a_report_ends_with_the_offices_day(office, mediator):
    def cases():
        return [one["cases"] for one in json.loads(
            office.office.admin.do("report", "spread", "--json"))]

    now = wall_now()
    noon = now.replace(hour=12, minute=0, second=0)
    before = sum(cases())
    for days, counts in ((0, 1), (365, 2), (366, 2)):
        case = Case(office, mediator).classified()
        at = now if days == 0 else noon - datetime.timedelta(days)
        office.query("UPDATE case_file SET state = 'closed', closed = %s"
                     " WHERE id = %s", at, case.id)
        assert sum(cases()) == before + counts, days
