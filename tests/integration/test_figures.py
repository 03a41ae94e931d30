"""What the office counts about itself: every figure is computed here once more,
by other means, from cases whose dates are known.
"""

import csv
import datetime
import io
import json
import math
import random
import re
import uuid
import zoneinfo

import psycopg2
import pytest

import harness
import scene
import test_intake as intake_tests
import test_write as desk
from ouvoffice.postgres import GATEWAY, SERVER
from test_intake import EMPTY, FOREIGN, SHOP

ZONE = zoneinfo.ZoneInfo("Pacific/Kiritimati")  # 14 hours before UTC
UTC = datetime.timezone.utc
FIRST = datetime.datetime(2024, 1, 1, tzinfo=UTC)
FUTURE = datetime.datetime(2090, 1, 1, tzinfo=UTC)
HOUR, DAY = datetime.timedelta(hours=1), datetime.timedelta(1)
PERIODS = ["2024", "2024-Q2", "2024-06", "2024-07", "2023"]


@pytest.fixture(scope="module")
def office(template):
    yield from intake_tests.begun(template, zone=str(ZONE))


@pytest.fixture(scope="module")
def mediator(office):
    return desk.login(office, "mediator")


# ---- cases with known dates ------------------------------------------------------


def made_up(n, dice, people, companies, articles):
    """One case as a dictionary; what it has depends on dice alone."""
    opened = FIRST + dice.random() * 380 * DAY
    kind = dice.choice(["complaint"] * 4 + ["question", "praise", None])
    case = {"id": str(uuid.uuid4()), "protocol": f"2024-{n:06d}-0",
            "kind": kind, "opened": opened, "state": "triage",
            "channel": dice.choice(["email", "email", "phone"]),
            "owner": dice.choice(people + [None]), "due": dice.choice(
                [None, FIRST, FUTURE]), "clocks": {}, "promises": [],
            "articles": [], "merged": dice.random() < .1,
            **dict.fromkeys(["contact_channel", "company", "closed",
                             "closed_by", "closed_from", "merit",
                             "resolution", "rating"])}
    if kind == "complaint":
        case["contact_channel"] = dice.choice([None, "phone", "e-mail"])
        case["company"] = dice.choice(companies + [None])
        case["articles"] = dice.sample(articles, dice.randint(0, 2))
    end(case, dice)
    clocks(case, dice)
    return case


def end(case, dice):
    if dice.random() < .4:
        return
    case["state"] = dice.choice(["closed", "closed", "erased"])
    case["closed"] = case["opened"] + dice.random() * 200 * DAY
    case["closed_by"] = dice.choice(["withdraw", "decide", "confirm",
                                     "accept"])
    case["closed_from"] = dice.choice(["triage", "company", "consumer"])
    case["merit"] = dice.choice([None, "founded", "partly", "unfounded"])
    case["resolution"] = dice.choice([None, "kept", "broken", "refused",
                                      "silent", "none"])
    case["rating"] = dice.choice([None, "resolved", "not-resolved",
                                  "not-rated"])


def clock(case, dice, kind, state, **more):
    length = dice.choice([3, 30, 300]) * HOUR + dice.random() * DAY
    started = more.pop("started", case["opened"])
    case["clocks"][kind] = {"started": started, "state": state, "stopped":
                            started + length if state == "stopped" else None,
                            "due": started + 40 * HOUR, **more}


def clocks(case, dice):
    gone = case["closed"]
    for kind in ("response", "total"):
        state = dice.choice(["stopped", "stopped", "running", "paused", None])
        if kind == "response" and state == "paused" or gone and state:
            state = "stopped"
        if state is None:
            continue
        clock(case, dice, kind, state)
        if state == "running" and dice.random() < .5:
            case["clocks"][kind]["due"] = FUTURE
        if state == "paused":
            case["clocks"][kind]["due"] = None
        if gone and dice.random() < .3:
            case["clocks"][kind]["stopped"] = gone
    if case["company"] and dice.random() < .8:
        state = "stopped" if gone else dice.choice(["stopped", "running"])
        clock(case, dice, "company", state, started=case["opened"] + DAY)
        if dice.random() < .3:
            case["clocks"]["company"]["due"] = FUTURE
        if gone and dice.random() < .4:
            case["clocks"]["company"]["stopped"] = gone
        if not gone and dice.random() < .3:
            case["state"] = "company"
        if dice.random() < .6:
            case["promises"].append(
                (dice.choice(["kept", "late", "broken", "open", "void"]),
                 dice.choice(["company", "company", "office"]),
                 case["opened"] + 20 * DAY))


COLUMNS = ["id", "protocol", "kind", "opened", "state", "channel", "owner",
           "due", "contact_channel", "company", "closed", "closed_by",
           "closed_from", "merit", "resolution", "rating"]


def enter(office, case, other):
    office.query(
        f"INSERT INTO case_file ({', '.join(COLUMNS)}, lang, last,"
        f" key_version, summary) VALUES ({', '.join(['%s'] * len(COLUMNS))},"
        " 'pt-BR', now(), 1, '')", *(case[name] for name in COLUMNS))
    for kind, k in case["clocks"].items():
        office.query(
            "INSERT INTO clock (case_id, kind, state, profile, profile_n,"
            " calendar, unit, amount, started, since, due, stopped) VALUES"
            " (%s, %s, %s, 'default', 0, 'plain', 'hours', 40, %s, %s, %s,"
            " %s)", case["id"], kind, k["state"], k["started"], k["started"],
            k["due"], k["stopped"])
    for n, article in enumerate(case["articles"]):
        office.query("INSERT INTO allegation (case_id, n, code, article, law)"
                     " VALUES (%s, %s, 'x', %s, '')", case["id"], n, article)
    for n, (state, who, ended) in enumerate(case["promises"]):
        office.query(
            "INSERT INTO promise (id, case_id, n, promiser, item, source,"
            " made, due, state, ended) VALUES (gen_random_uuid(), %s, %s, %s,"
            " gen_random_uuid(), 'agreement', %s, %s, %s, %s)", case["id"], n,
            who, case["opened"], ended, state,
            None if state == "open" else ended)
    if case["merged"]:
        office.query(
            "INSERT INTO case_link (id, case_id, other, kind, by_person)"
            " SELECT gen_random_uuid(), %s, %s, 'merge', id FROM person LIMIT"
            " 1", case["id"], other)


@pytest.fixture(scope="module")
def cases(office):
    dice = random.Random(20241)
    people = [row[0] for row in office.query(
        "SELECT id::text FROM person WHERE login IN ('mediator', 'mediator2')"
        " ORDER BY login")]
    companies = [office.query("SELECT id::text FROM company WHERE name = %s",
                              name)[0][0] for name in (SHOP, FOREIGN)]
    articles = [row[0] for row in office.query(
        "SELECT DISTINCT code FROM code_entry WHERE book = 'article'"
        " ORDER BY 1 LIMIT 3")]
    made = [made_up(n, dice, people, companies, articles)
            for n in range(1, 181)]
    made.append(on_the_wall(200, "2024-06-30T09:59:59+00:00"))  # still June
    made.append(on_the_wall(201, "2024-06-30T10:00:00+00:00"))  # July
    lone = office.query("SELECT id::text FROM company WHERE name = %s",
                        EMPTY)[0][0]
    made.append({**made[0], "id": str(uuid.uuid4()), "company": lone,
                 "protocol": "2024-000300-0", "kind": "complaint",
                 "merged": False})
    for case in made:
        enter(office, case, made[0]["id"])
    # Taken back: it counts again.  No case yet: it never counts.
    apart = next(c for c in made if c["merged"])
    office.query("UPDATE case_link SET undone = now() WHERE case_id = %s",
                 apart["id"])
    apart["merged"] = False
    for state, protocol in (("held", None), ("closed", None)):
        office.query("INSERT INTO case_file (id, state, lang, channel, opened,"
                     " last, key_version, summary, protocol) VALUES"
                     " (gen_random_uuid(), %s, 'pt-BR', 'email', '2024-06-10',"
                     " now(), 1, '', %s)", state, protocol)
    return [c for c in made if not c["merged"]]


def on_the_wall(n, opened):
    case = made_up(n, random.Random(1), [], [], [])
    return {**case, "opened": datetime.datetime.fromisoformat(opened),
            "company": None, "owner": None, "merged": False, "articles": [],
            "promises": [], "clocks": {}, "kind": "praise", "channel": "wall"}


# ---- the same by other means ------------------------------------------------------


def inside(at, period):
    if at is None:
        return False
    wall = at.astimezone(ZONE)
    names = {f"{wall.year}", f"{wall.year}-{wall.month:02d}",
             f"{wall.year}-Q{(wall.month - 1) // 3 + 1}"}
    return period in names


def share(part, whole):
    return {"part": part, "whole": whole, "percent":
            math.floor(part * 100 / whole + .5) if whole >= 5 else None}


def counted(values, apart=()):
    """{code: [cases, share]}; those apart are part of no share."""
    values = list(values)
    whole = sum(v not in apart for v in values)
    return {code: [values.count(code), share(values.count(code),
                                             0 if code in apart else whole)]
            for code in set(values)}


def standing(case, kind, now):
    k = case["clocks"].get(kind)
    if k is None:
        return "no-term"
    if k["state"] == "stopped":
        if kind == "response" and case["closed_by"] == "withdraw" and \
                k["stopped"] >= case["closed"]:
            return "withdrawn"
        return "late" if k["due"] and k["stopped"] > k["due"] else "in-time"
    return "overdue" if k["state"] == "running" and k["due"] < now else \
        "running"


def is_open(case):
    return case["state"] not in ("closed", "erased")


def units(span, unit):
    return max(0, math.ceil(span / unit))


def rank(values, percent):
    """Of all, also of those that are None: not yet."""
    ordered = sorted(math.inf if v is None else v for v in values)
    if not ordered:
        return None
    found = ordered[math.ceil(len(ordered) * percent / 100) - 1]
    return None if found == math.inf else found


def histogram(values, bounds):
    def name(value):
        if value is None:
            return "not-yet"
        return next((f"to-{b}" for b in bounds if value <= b), "more")

    return counted(map(name, values))


def company_row(cases, company, period, now):
    mine = [c for c in cases if c["company"] == company]
    answers = []
    for case in mine:
        k = case["clocks"].get("company")
        if k is None or not inside(k["started"], period):
            continue
        if k["state"] == "stopped":
            if case["state"] == "company" or (
                    case["closed_from"] == "company"
                    and k["stopped"] >= case["closed"]):
                continue
            answers.append(k["stopped"] <= k["due"])
        elif k["due"] < now:
            answers.append(False)
    ended = [c for c in mine if inside(c["closed"], period)]
    kept = [state == "kept" for c in mine for state, who, at in c["promises"]
            if who == "company" and state in ("kept", "late", "broken")
            and inside(at, period)]
    agreed = [c["resolution"] in ("kept", "broken") for c in ended]
    return [sum(inside(c["opened"], period) for c in mine),
            *(share(sum(list_), len(list_)) for list_ in
              (answers, agreed, kept))]


def raw_companies(cases, period, now):
    return {company: company_row(cases, company, period, now) for company in
            {c["company"] for c in cases} - {None}}


def folded(rows):
    """Companies of fewer than five complaints, and shares of fewer than five,
    are added up in one row."""
    told, counts, shares = {}, [0], [[], [], []]
    for company, (count, *values) in sorted(rows.items()):
        if count < 5:
            counts.append(count)
        small = [count < 5 or value["whole"] < 5 for value in values]
        for place, is_small, value in zip(shares, small, values):
            place += [value] * is_small
        if count >= 5:
            told[company] = [count, *(share(0, 0) if is_small else value for
                                      is_small, value in zip(small, values))]
    together = [share(sum(v["part"] for v in place),
                      sum(v["whole"] for v in place)) for place in shares]
    for n, value in enumerate(together):
        # What lacks of the whole would be these few: the least goes with them.
        while 0 < value["whole"] < 5:
            some = [row for row in told.values() if row[1 + n]["whole"] > 0]
            if not some:
                break
            row = min(some, key=lambda row: row[1 + n]["whole"])
            value = share(value["part"] + row[1 + n]["part"],
                          value["whole"] + row[1 + n]["whole"])
            row[1 + n] = share(0, 0)
        together[n] = value if value["whole"] >= 5 else share(0, 0)
    count = sum(counts)
    told["others"] = [count if count >= 5 else None, *together]
    return told


def expected(cases, period, now):
    begun = [c for c in cases if inside(c["opened"], period)]
    complaints = [c for c in begun if c["kind"] == "complaint"]
    ended = [c for c in cases if inside(c["closed"], period)
             and c["kind"] == "complaint"]
    replies = [(standing(c, "response", now), c) for c in begun]
    waits = [units(c["clocks"]["response"]["stopped"] - c["opened"], HOUR)
             if how in ("in-time", "late") else None
             for how, c in replies if how not in ("withdrawn", "no-term")]
    ends = [standing(c, "total", now) for c in begun]
    days = [None if is_open(c) else units(c["closed"] - c["opened"], DAY)
            for c in begun]

    def in_time(list_):
        return share(list_.count("in-time"), sum(
            how in ("in-time", "late", "overdue") for how in list_))

    standings = [how for how, _ in replies]
    with_article = [c for c in complaints if c["articles"]]
    articles = {a: [n, share(n, len(with_article))] for a in
                {a for c in complaints for a in c["articles"]}
                for n in [sum(a in c["articles"] for c in complaints)]}
    if len(with_article) < len(complaints):
        n = len(complaints) - len(with_article)
        articles["none"] = [n, share(n, 0)]
    late = [c["due"] is not None and c["due"] < now for c in cases]
    backlog = {}
    for case, overdue in zip(cases, late):
        if is_open(case):
            age = (now - case["opened"]) // DAY
            code = next((f"to-{b}" for b in (7, 15, 30, 60, 90, 180, 365)
                         if age <= b), "more")
            row = backlog.setdefault(code, [0, 0])
            row[0] += 1
            row[1] += overdue
    people = {}
    for case, overdue in zip(cases, late):
        row = people.setdefault(case["owner"] or "none", [0] * 4)
        row[0] += is_open(case)
        row[1] += is_open(case) and overdue
        row[2] += inside(case["opened"], period)
        row[3] += inside(case["closed"], period)
    return {
        "times": {
            "reply": [len(waits), len(waits) - waits.count(None),
                      rank(waits, 50), rank(waits, 90), in_time(standings)],
            "end": [len(days), len(days) - days.count(None), rank(days, 50),
                    rank(days, 90), in_time(ends)]},
        "type": counted(c["kind"] or "none" for c in begun),
        "channel": counted(c["channel"] for c in begun),
        "contact": counted((c["contact_channel"] or "none"
                            for c in complaints), ["none"]),
        "article": articles,
        "reply": counted(standings, ["running", "withdrawn", "no-term"]),
        "reply-hours": histogram(waits, (4, 8, 24, 48, 72, 168)),
        "end": counted(ends, ["running", "no-term"]),
        "end-days": histogram(days, (7, 15, 30, 60, 90, 180)),
        "backlog": {code: [*row, share(row[1], row[0])]
                    for code, row in backlog.items()},
        "ended-by": counted(c["closed_by"] for c in ended),
        "merit": counted((c["merit"] or "none" for c in ended), ["none"]),
        "resolution": counted(c["resolution"] or "none" for c in ended),
        "rating": counted((c["rating"] or "not-rated" for c in ended),
                          ["not-rated"]),
        "mediator": {who: row for who, row in people.items() if any(row)},
        "company": folded(raw_companies(cases, period, now)),
    }


# ---- the figures --------------------------------------------------------------------


def told(office, period, *more):
    return json.loads(office.office.admin.do(
        "report", "figures", "--period", period, "--lang", "en", "--json",
        *more))


def rows_of(table):
    """{code: values}, without rows in which nothing is."""
    rows = {row["code"]: [v for k, v in row.items()
                          if k not in ("code", "label")] for row in table}
    return {code: values for code, values in rows.items()
            if any(v["part"] if isinstance(v, dict) else v for v in values)}


@pytest.mark.parametrize("period", PERIODS)
def test_every_figure_is_what_the_cases_say(office, cases, period):
    now = datetime.datetime.now(UTC)
    found = told(office, period)["figures"]
    wanted = expected(cases, period, now)
    assert set(found) == set(wanted)
    for name, rows in wanted.items():
        there = {code: row for code, row in rows.items()
                 if any(v["part"] if isinstance(v, dict) else v for v in row)}
        assert rows_of(found[name]) == there, (period, name)


def test_three_months_are_their_quarter(office, cases):
    months = [told(office, f"2024-{m:02d}")["figures"] for m in (4, 5, 6)]
    year = told(office, "2024-Q2")["figures"]
    for name in ("type", "reply", "end", "resolution", "reply-hours"):
        total = {}
        for month in months:
            for row in month[name]:
                total[row["code"]] = total.get(row["code"], 0) + row["cases"]
        assert {row["code"]: row["cases"] for row in year[name]
                if row["cases"]} == {k: n for k, n in total.items() if n}


def test_names_stand_in_their_order_and_few_cases_have_no_percentage(
        office, cases):
    year = told(office, "2024")["figures"]
    names = [row["label"] for row in year["company"][:-1]]
    assert names == sorted(names) and len(names) > 1
    assert all(row[column]["percent"] is None for table in year.values()
               for row in table for column in row
               if isinstance(row[column], dict) and row[column]["whole"] < 5)


def test_no_figure_tells_how_one_case_of_a_company_ended(office, cases):
    """Few of a company are told with those of others, and few of all not at
    all; EMPTY has so few that it has no row."""
    small = 0
    for period in PERIODS:
        raw = raw_companies(cases, period, datetime.datetime.now(UTC))
        table = told(office, period)["figures"]["company"]
        assert EMPTY not in [row.get("label") for row in table]
        small += sum(0 < value["whole"] < 5 for row in raw.values()
                     if row[0] >= 5 for value in row[1:])
        for row in table:
            assert row["code"] == "others" or row["cases"] >= 5
            assert all(row[name]["whole"] == 0 or row[name]["whole"] >= 5
                       for name in ("answered", "agreed", "kept"))
    assert small > 0  # a company of enough cases, of which few ended


def test_what_few_are_told_together_does_not_come_back_by_subtraction(
        office, cases):
    """What lacks of a table that has all of them is nothing or of five, and
    nobody's number of complaints is told when it is below."""
    lacks = 0
    for period in PERIODS:
        figures = told(office, period)["figures"]
        raw = raw_companies(cases, period, datetime.datetime.now(UTC))
        table = figures["company"]
        if not table:
            continue
        for place, name in enumerate(("answered", "agreed", "kept"), 1):
            whole = sum(row[place]["whole"] for row in raw.values())
            left = whole - sum(row[name]["whole"] for row in table)
            assert left == 0 or all(row[name]["whole"] == 0 for row in table)
            lacks += left
        assert table[-1]["cases"] is None or table[-1]["cases"] >= 5
    assert lacks > 0
    for period in ("2024-Q2", "2024-04"):  # they lie in the year
        assert told(office, period)["figures"]["company"] != []
        assert told(office, period, "--public")["figures"]["company"] == []


def test_what_is_published_names_no_colleague_and_no_lone_case(office, cases):
    year = told(office, "2024", "--public")["figures"]
    assert year["mediator"] == []
    assert EMPTY not in json.dumps(year, ensure_ascii=False)
    assert [r["code"] for r in year["company"]][-1] == "others"
    assert year["company"] == told(office, "2024")["figures"]["company"]
    begun = [row[0] for row in raw_companies(
        cases, "2024", datetime.datetime.now(UTC)).values()]
    few = sum(n for n in begun if n < 5)
    assert 0 < few < 5  # so their number is not told either
    assert year["company"][-1]["cases"] is None  # and not as none at all
    assert sum(r["cases"] for r in year["company"][:-1]) == sum(begun) - few


def test_an_erased_case_stays_in_the_figures(office, cases):
    before = told(office, "2024")["figures"]
    gone = next(c for c in cases if c["state"] == "closed")
    office.query("UPDATE case_file SET state = 'erased', summary = '',"
                 " erased = now() WHERE id = %s", gone["id"])
    assert told(office, "2024")["figures"] == before
    office.query("UPDATE case_file SET state = 'closed', erased = NULL WHERE"
                 " id = %s", gone["id"])


def test_wrong_words_count_nothing(office):
    for wrong in ([], ["--period", "2024-Q5"], ["--period", "2024", "--lang",
                                                "xx"], ["--period", "2024",
                                                        "--table"]):
        status, _, said = office.office.admin.run("report", "figures", *wrong)
        assert status == 2 and b"usage" in said, wrong


# ---- when they are counted ------------------------------------------------------------


def refresh(office, secs, user=GATEWAY):
    return office.database.query(
        "SELECT figures_refresh('America/Sao_Paulo', %s)", secs, user=user)


def test_the_gateway_counts_by_itself(office):
    harness.wait_until("the figures were counted", lambda: office.query(
        "SELECT at FROM figure_made"))


def test_what_is_young_is_not_counted_again(office, cases):
    told(office, "2024")
    at = office.query("SELECT at FROM figure_made")
    assert refresh(office, 3600) == [(False,)]
    assert office.query("SELECT at FROM figure_made") == at
    assert refresh(office, 0) == [(True,)]
    assert office.query("SELECT at FROM figure_made") > at


def test_what_stayed_the_same_is_not_written_again(office, cases):
    told(office, "2024")
    rows = "SELECT xmin::text, ctid::text, month, name, a, b, value, n FROM" \
        " figure ORDER BY month, name, a, b, value"
    before = office.query(rows)
    told(office, "2024")
    assert before and office.query(rows) == before
    one = next(c for c in cases if c["channel"] == "wall")
    office.query("UPDATE case_file SET channel = 'changed' WHERE id = %s",
                 one["id"])
    told(office, "2024")
    changed = set(before) ^ set(office.query(rows))
    # A case may have grown a day older in between.
    assert {row[3] for row in changed} - {"backlog"} == {"channel"}
    office.query("UPDATE case_file SET channel = 'wall' WHERE id = %s",
                 one["id"])


def test_counts_are_all_that_a_program_may_read_of_them(office):
    for user, sql in ((GATEWAY, "SELECT 1 FROM figure"),
                      (GATEWAY, "SELECT figure_cases('UTC')"),
                      (SERVER, "SELECT figure_cases('UTC')"),
                      (SERVER, "DELETE FROM figure"),
                      (SERVER, "UPDATE figure SET n = 1"),
                      (SERVER, "UPDATE figure_made SET at = now()")):
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            office.database.query(sql, user=user)


# ---- the pages --------------------------------------------------------------------------


def test_each_figure_stands_on_the_page_as_bars_and_as_a_table(
        office, mediator, cases):
    figures = told(office, "2024")["figures"]
    page = mediator.get("/reports?period=2024")
    assert page.status == 200 and len(page.body) < 60000, len(page.body)
    few = scene.words_of("pt-BR")["fig_too_few"]
    assert figures["company"][-1]["cases"] is None
    for name, rows in figures.items():
        section = re.search(rf'<section class="figure" aria-labelledby="{name}'
                            r'-h">.*?</section>', page.text, re.S).group(0)
        table = re.findall(r'<tr role="row"><th role="rowheader".*?</tr>',
                           section)
        assert len(table) == min(len(rows), 12), name
        numbers = [re.sub(r"<[^>]*>", "", re.findall(
            r"<td[^>]*>(.*?)</td>", row)[0]) for row in table]
        column = next(k for k in rows[0] if k not in ("code", "label"))
        assert numbers == [few if row[column] is None else str(row[column])
                           for row in rows[:12]], name
        bars = re.findall(r'<text class="number"[^>]*>([^<]*)</text>', section)
        if name in ("backlog", "mediator"):
            bars = [str(sum(map(int, bar.split(" + ")))) for bar in bars]
        drawn = {"times": []}.get(name, numbers)
        if name not in ("backlog", "mediator", "reply-hours", "end-days"):
            drawn = [number for number in drawn if number not in ("0", few)]
        assert bars == drawn, name


def test_the_period_is_in_the_address(office, mediator, cases):
    by_form = mediator.get("/reports?year=2024&part=Q2")
    by_link = mediator.get("/reports?period=2024-Q2")
    assert by_form.status == by_link.status == 200
    assert by_form.words == by_link.words
    assert "/reports/company.csv?period=2024-Q2" in by_link.text
    assert "/reports?period=2024-Q1" in by_link.text
    assert "/reports?period=2024-Q3" in by_link.text
    for odd in ("period=2024-Q9", "period=", "year=x&part=y"):
        assert mediator.get(f"/reports?{odd}").status == 200


@pytest.mark.parametrize("name", ["company", "times", "reply", "backlog",
                                  "article"])
def test_the_same_numbers_as_a_table_for_spreadsheets(office, mediator, cases,
                                                      name):
    page = mediator.get(f"/reports/{name}.csv?period=2024&head=codes")
    assert page.status == 200
    assert page.headers["Content-Type"].startswith("text/csv; charset=utf-8")
    assert f'filename="{name}-2024.csv"' in page.headers[
        "Content-Disposition"]
    assert page.body.startswith(b"\xef\xbb\xbf") and b"\r\n" in page.body
    rows = list(csv.DictReader(io.StringIO(
        page.body.decode("utf-8-sig"), newline="")))
    wanted = []
    for row in told(office, "2024")["figures"][name]:
        flat = {"code": row["code"]}
        for key, value in row.items():
            if isinstance(value, dict):
                # What is withheld is no number: not 0 of 0.
                flat.update({f"{key}-{k}": v if value["whole"] else None
                             for k, v in value.items()})
            elif key not in ("code", "label"):
                flat[key] = value
        wanted.append({k: "" if v is None else str(v)
                       for k, v in flat.items()})
    assert [{k: v for k, v in row.items() if k != "label"}
            for row in rows] == wanted
    words = mediator.get(f"/reports/{name}.csv?period=2024")
    if name == "company":
        # What the page writes as a dash is empty, a number is one.
        blank = {row["code"] for row in rows if "" in row.values()}
        assert blank and len(blank) < len(rows)
        assert "0,0," not in page.body.decode()
    head = words.body.decode("utf-8-sig").split("\r\n")[0]
    assert "código" in head and "part" not in head.replace("parte", "")
    assert words.body.split(b"\r\n")[1:] == page.body.split(b"\r\n")[1:]


def test_a_company_that_computes_does_so_nowhere(office, mediator, cases):
    office.query("UPDATE company SET name = %s WHERE name = %s",
                 '=HYPERLINK("x"),1', SHOP)
    page = mediator.get("/reports/company.csv?period=2024")
    told_as = mediator.get("/reports?period=2024")
    office.query("UPDATE company SET name = %s WHERE name = %s", SHOP,
                 '=HYPERLINK("x"),1')
    rows = list(csv.reader(io.StringIO(page.body.decode("utf-8-sig"),
                                       newline="")))
    assert [row[1] for row in rows].count('\'=HYPERLINK("x"),1') == 1
    assert len({len(row) for row in rows}) == 1
    assert "=HYPERLINK(&quot;x&quot;)" in told_as.text


def test_the_command_prints_a_line_for_each_number(office, cases):
    text = office.office.admin.do("report", "figures", "--period", "2024",
                                  "--csv").decode()
    assert "\r\n" in text and not text.startswith("\ufeff")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    year = told(office, "2024")["figures"]
    for row in year["resolution"]:
        line, = [r for r in rows if r["figure"] == "resolution"
                 and r["code"] == row["code"] and r["column"] == "share"]
        assert line["value"] == str(row["share"]["part"])
        assert line["whole"] == str(row["share"]["whole"])
    assert len(rows) == sum(len(row) - 1 - ("label" in row)
                            for table in year.values() for row in table)


def test_many_companies_are_leafed_through(office, mediator, cases):
    office.query(
        "WITH c AS (INSERT INTO company (id, name, lang) SELECT"
        " gen_random_uuid(), 'Zeta ' || lpad(g::text, 3, '0'), 'pt-BR' FROM"
        " generate_series(1, 130) g RETURNING id) INSERT INTO case_file (id,"
        " protocol, state, lang, channel, opened, last, key_version, summary,"
        " kind, company) SELECT gen_random_uuid(), '2019-' || n || c.id,"
        " 'triage', 'pt-BR', 'email', '2019-05-05', now(), 1, '', 'complaint',"
        " c.id FROM c, generate_series(1, 5) n")
    told(office, "2019")
    seen, path = [], "/reports?period=2019"
    for _ in range(4):
        page = mediator.get(path)
        assert page.status == 200 and len(page.body) < 60000
        seen += re.findall(r"<bdi>(Zeta \d+)</bdi>", page.text)
        more = re.search(r'/reports/company\?period=2019&amp;after=[0-9a-f-]+',
                         page.text)
        if not more:
            break
        path = more.group(0).replace("&amp;", "&")
    assert seen == [f"Zeta {n:03d}" for n in range(1, 131)]
    office.query("DELETE FROM case_file WHERE protocol LIKE '2019-%%-%%'")
    told(office, "2019")


def test_what_is_no_figure_is_not_found(office, mediator):
    for path in ("/reports/nothing", "/reports/nothing.csv", "/reports/.csv"):
        assert mediator.get(path).status == 404


def test_nobody_from_outside_reads_them(office):
    for path in ("/reports", "/reports/company", "/reports/company.csv"):
        page = office.browser().get(path)
        assert page.status == 303 and page.location.startswith("/login")
