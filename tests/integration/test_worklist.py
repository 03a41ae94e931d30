"""The list of cases: queues, filters, pages, views, a file, many at once.

What must stand in a list is computed here from the rows of the database, case
by case, and compared with what the page shows.
"""

import csv
import datetime
import html
import http.client
import io
import os
import re
import socket
import urllib.parse

import pytest

from harness import wait_until
from scene import Page, Scene, letter

MANY = 56  # more than a page
SUBJECTS = {0: "=1+1", 1: "@cmd", 2: "-2+3"}
STATES = ("received", "triage", "info", "company", "mediation", "proposal",
          "closed")


@pytest.fixture(scope="module")
def office(template):
    made = Scene(template, to_sink=True, mailgw_acks_domain_hour=100000)
    try:
        made.begin(gateway=False)
        folder, files = made.folder.make("mails"), []
        for n in range(MANY):
            files.append(os.path.join(folder, f"{n:03}.eml"))
            with open(files[-1], "wb") as file:
                file.write(letter(f"c{n}@consumidora.example",
                                  subject=SUBJECTS.get(n, f"Pedido {n}")))
        with open(files[-1], "rb") as last:
            status, _ = made.gateway.ingest(last.read(), *files[:-1])
        assert status == 0
        spread(made)
        yield made
    finally:
        made.stop()


def spread(office):
    """States, owners and dates by the number of the case; dates often equal."""
    office.query("INSERT INTO company (id, name, lang) VALUES"
                 " (gen_random_uuid(), 'Loja Boa', 'pt-BR')")
    office.query(
        "UPDATE case_file c SET state = (%s::text[])[1 + n %% 7]::case_state,"
        " owner = CASE WHEN n %% 7 = 0 THEN NULL WHEN n %% 2 = 0 THEN"
        "  (SELECT id FROM person WHERE login = 'mediator') ELSE"
        "  (SELECT id FROM person WHERE login = 'mediator2') END,"
        " due = CASE WHEN n %% 5 > 0 THEN"
        "  date_trunc('hour', now()) + (n %% 5 - 2) * interval '30 hours' END,"
        " opened = date_trunc('day', now()) - n / 10 * interval '1 day',"
        " last = date_trunc('hour', now()) - n / 20 * interval '1 hour',"
        " kind = (ARRAY['complaint', 'question'])[1 + n %% 2]::case_kind,"
        " severity = (ARRAY['low', 'high', 'critical'])[1 + n %% 3]::severity,"
        " company = CASE WHEN n %% 4 = 0 THEN (SELECT id FROM company"
        "  WHERE name = 'Loja Boa') END,"
        " contact_channel = CASE WHEN n %% 6 = 0 THEN 'phone' END,"
        " lang = CASE WHEN n %% 9 = 0 THEN 'en' ELSE 'pt-BR' END"
        " FROM (SELECT id, row_number() OVER (ORDER BY protocol) AS n"
        "  FROM case_file WHERE protocol IS NOT NULL) m WHERE m.id = c.id",
        list(STATES))
    office.query(
        "INSERT INTO task (id, case_id, kind, opened, due) SELECT"
        " gen_random_uuid(), id, CASE WHEN state = 'info' THEN 'send-again'"
        " ELSE 'check' END, now(), now() FROM case_file"
        " WHERE state IN ('info', 'closed') AND owner IN (SELECT id FROM"
        " person WHERE login = 'mediator')")
    # Answers that nobody has read; the time of some companies goes on all the
    # same, for it had ended before.
    office.query(
        "INSERT INTO task (id, case_id, kind, item, opened, due) SELECT"
        " gen_random_uuid(), c.id, 'read-answer', gen_random_uuid(), now(),"
        " now() FROM case_file c JOIN person p ON p.id = c.owner"
        " WHERE c.state = 'company' AND p.login = 'mediator'")
    office.query(
        "INSERT INTO clock (case_id, kind, state, profile, profile_n,"
        " calendar, unit, amount, started, since, due) SELECT id, 'company',"
        " CASE WHEN company IS NULL THEN 'paused' ELSE 'running'"
        "  END::clock_state, 'default', 0, 'br', 'days', 10, now(), now(),"
        " CASE WHEN company IS NOT NULL THEN now() + interval '10 days' END"
        " FROM case_file WHERE state = 'company'"
        " ON CONFLICT (case_id, kind, n) DO UPDATE SET state = excluded.state,"
        " due = excluded.due")


@pytest.fixture(scope="module")
def mediator(office):
    return office.logged_in("mediator")


@pytest.fixture(scope="module")
def mediator2(office):
    return office.logged_in("mediator2")


def rows(office):
    names = ("protocol", "state", "owner", "due", "opened", "last", "kind",
             "severity", "company", "channel", "lang", "tasks", "id",
             "clocks", "looked", "letters")
    return [dict(zip(names, row)) for row in office.query(
        "SELECT c.protocol, c.state::text, p.login, c.due, c.opened, c.last,"
        " c.kind::text, c.severity::text, y.name, c.contact_channel, c.lang,"
        " ARRAY(SELECT kind FROM task t WHERE t.case_id = c.id AND"
        "  t.done IS NULL), c.id, ARRAY(SELECT k.state::text FROM clock k"
        "  WHERE k.case_id = c.id AND k.kind = 'company'), s.seq,"
        " (SELECT count(*) FROM item i WHERE i.case_id = c.id AND"
        "   i.kind = 'mail_in' AND i.seq > coalesce(s.seq, 0))"
        " FROM case_file c LEFT JOIN case_seen s ON s.case_id = c.id AND"
        "  s.person = (SELECT id FROM person WHERE login = 'mediator')"
        " LEFT JOIN person p ON p.id = c.owner"
        " LEFT JOIN company y ON y.id = c.company"
        " WHERE c.protocol IS NOT NULL")]


def walk(browser, path, rel="next"):
    """The cases of a list, page by page to its end, and the last page."""
    found = []
    while True:
        page = browser.get(path)
        assert page.status == 200, page.words
        part = [case.rpartition("/")[2] for case in page.cases()]
        found = found + part if rel == "next" else part + found
        more = re.search(rf'rel="{rel}" href="([^"]+)"', page.text)
        if more is None:
            return found, page
        path = more[1].replace("&amp;", "&")


def is_open(row):
    return row["state"] != "closed"


def is_unread(row):
    """The company has answered, its clock stands still: the office's turn."""
    return (row["state"] == "company" and "read-answer" in row["tasks"]
            and not set(row["clocks"]) - {"paused"})


def within(row, low, high):
    return row["due"] is not None and hours(low) <= row["due"] < hours(high)


def hours(n):
    """The moment so many hours from the moment of asking."""
    return (datetime.datetime.now(datetime.timezone.utc)
            + datetime.timedelta(hours=n))


LONG_AGO = -24000
QUEUES = {
    "open": is_open,
    "mine": lambda r: is_open(r) and r["owner"] == "mediator",
    "new": lambda r: r["state"] == "received",
    "overdue": lambda r: is_open(r) and within(r, LONG_AGO, 0),
    "soon": lambda r: is_open(r) and within(r, 0, 24),
    "due": lambda r: is_open(r) and within(r, LONG_AGO, 24),
    "closed": lambda r: r["state"] == "closed",
    "consumer": lambda r: r["state"] in ("info", "proposal"),
    "company": lambda r: (r["state"] in ("company", "proposal")
                          and not is_unread(r)),
    "office": lambda r: (r["state"] in ("received", "triage", "mediation")
                         or is_unread(r)),
    "task": lambda r: r["tasks"],
    "trouble": lambda r: "send-again" in r["tasks"],
    "unread": lambda r: is_open(r) and r["letters"] > 0 and (
        r["looked"] is not None or r["owner"] == "mediator"),
    "second": lambda r: False,
    "promise": lambda r: False,
}


@pytest.mark.parametrize("queue", QUEUES)
def test_a_queue_holds_what_it_says_and_its_count_is_that(office, mediator,
                                                         queue):
    wanted = {r["protocol"] for r in rows(office) if QUEUES[queue](r)}
    found, page = walk(mediator, f"/cases?queue={queue}")
    assert len(found) == len(set(found)) and set(found) == wanted
    count = re.search(rf'queue={queue}"[^>]*>[^<]*<span class="count[^>]*>'
                      r"(\d+)<", page.text)
    if count is not None:
        assert int(count[1]) == len(wanted)
    else:  # neither is counted, or nothing is there and it is not shown
        assert queue in ("closed", "due") or not wanted


def test_a_line_says_whose_turn_it_is_as_the_list_it_stands_in(
        office, mediator, words):
    unread = {r["protocol"] for r in rows(office) if is_unread(r)}
    going = {r["protocol"] for r in rows(office)
             if "read-answer" in r["tasks"]} - unread
    assert unread and going
    seen = set()
    for queue in ("consumer", "company", "office"):
        text = mediator.get(f"/cases?queue={queue}").text
        for line in re.findall(r'(?s)<tr role="row">\n<td.*?</tr>', text):
            turn = re.search(rf"{words['turn_of']} ([^<]+)<", line)[1]
            assert turn in (words[f"owes_{queue}"], words["owes_both"]), line
            seen.add((queue, re.search(r'name="case-([^"]+)"', line)[1]))
    assert {("office", one) for one in unread} <= seen
    assert {("company", one) for one in going} <= seen


def open_count(browser):
    return re.search(r'queue=open"[^>]*>[^<]*<span class="count[^>]*>([^<]*)<',
                     browser.get("/cases?queue=closed").text)[1]


def test_a_count_ends_at_ninety_nine(office, mediator):
    there = int(open_count(mediator))
    try:
        for more, said in ((99 - there, "99"), (1, "99+"), (1, "99+")):
            office.query(
                "WITH c AS (INSERT INTO case_file (id, protocol, state, lang,"
                " channel, opened, last, items, key_version, summary)"
                " SELECT gen_random_uuid(), 'x' || gen_random_uuid(), 'triage',"
                " 'en', 'wall', now(), now(), 0, 1, '' FROM"
                " generate_series(1, %s) RETURNING id)"
                " INSERT INTO case_grant (case_id, version, person, pk, box,"
                " granted_by, sig) SELECT c.id, 1, p.id, p.pk, '', p.id, ''"
                " FROM c, person p WHERE p.login = 'mediator'", more)
            assert open_count(mediator) == said
    finally:
        office.query("DELETE FROM case_grant WHERE box = ''")
        office.query("DELETE FROM case_file WHERE channel = 'wall'")
    assert open_count(mediator) == str(there)


FILTERS = {
    "owner=me": lambda r: is_open(r) and r["owner"] == "mediator",
    "owner=nobody": lambda r: is_open(r) and r["owner"] is None,
    "owner=mediator2": lambda r: is_open(r) and r["owner"] == "mediator2",
    "state=info": lambda r: r["state"] == "info",
    "state=closed": lambda r: r["state"] == "closed",
    "kind=question": lambda r: is_open(r) and r["kind"] == "question",
    "severity=high&kind=complaint": lambda r: is_open(r)
    and r["severity"] == "high" and r["kind"] == "complaint",
    "company=loja+b": lambda r: is_open(r) and r["company"] == "Loja Boa",
    "company=%25": lambda r: False,
    "queue=closed&company=Loja+Boa": lambda r: not is_open(r)
    and r["company"] == "Loja Boa",
    "channel=phone": lambda r: is_open(r) and r["channel"] == "phone",
    "lang=en": lambda r: is_open(r) and r["lang"] == "en",
    "queue=mine&lang=pt-BR&severity=low&sort=opened": lambda r: is_open(r)
    and r["owner"] == "mediator" and r["lang"] == "pt-BR"
    and r["severity"] == "low",
}


@pytest.mark.parametrize("query", FILTERS)
def test_filters_leave_what_they_say_alone_and_together(office, mediator,
                                                        query):
    wanted = {r["protocol"] for r in rows(office) if FILTERS[query](r)}
    found, page = walk(mediator, f"/cases?{query}")
    assert sorted(found) == sorted(wanted)
    # Each can be taken off again.
    for part in query.split("&"):
        name = part.split("=")[0]
        if name not in ("queue", "sort"):
            left = [p for p in page.links(r"/cases\?[^\"]*")
                    if f"{name}=" not in p]
            assert left, name


def test_days_of_a_filter_are_the_offices_and_both_included(office, mediator):
    day = hours(-48).date()
    found, _ = walk(mediator, f"/cases?opened_from={day}&opened_to={day}")
    wanted = office.query(
        "SELECT protocol FROM case_file WHERE protocol IS NOT NULL AND"
        " state <> 'closed' AND (opened AT TIME ZONE 'America/Sao_Paulo')::date"
        " = %s", day)
    assert wanted and sorted(found) == sorted(p for p, in wanted)


def test_a_wrong_day_is_told_beside_its_field(mediator):
    page = mediator.get("/cases?due_from=2026-02-31&lang=en")
    assert page.status == 400 and page.cases() == []
    assert re.search(r'name="due_from" value="2026-02-31"[^>]*aria-invalid',
                     page.text)


@pytest.mark.parametrize("field, value", [
    ("owner", "stranger"), ("kind", "nothing"), ("severity", "nothing"),
    ("channel", "email"), ("lang", "xx"), ("state", "nothing"),
    ("sort", "nothing"), ("company", "x" * 81)])
def test_a_filter_of_what_does_not_exist_is_told_at_its_field(
        mediator, words, field, value):
    page = mediator.get(f"/cases?queue=mine&{field}={value}")
    assert page.status == 400 and page.cases() == []
    assert words["filter_wrong"] in page.words  # the list, with its menu
    assert re.search(rf'id="f-{field}"[^>]*aria-invalid="true"', page.text)
    told = re.search(rf'id="e-{field}">([^<]*)<', page.text)[1]
    assert told and (value in told or len(value) > 80)
    # What is kept by a form of such a list is as wrong, and told as well.
    verb = "/cases/csv" if field == "owner" else "/cases/views"
    again = mediator.post(verb, **page.form(verb), name="Velha")
    assert again.status == 400 and f'id="e-{field}"' in again.text


def test_a_place_that_is_none_is_the_beginning(mediator):
    page = mediator.get("/cases?sort=last&after=gone")
    assert page.status == 200
    assert page.cases() == mediator.get("/cases?sort=last").cases()


def test_a_filter_names_days_as_its_reader_writes_them(office, mediator):
    page = mediator.get("/cases?due_from=2026-01-31&opened_to=2026-11-30")
    tags = re.search(r'(?s)<ul class="tags".*?</ul>', page.text)[0]
    assert re.findall(r"<strong>([^<]*)<", tags) == ["31/01/2026",
                                                     "30/11/2026"]


# ---- the way back -----------------------------------------------------------


def crumb(page):
    return html.unescape(re.search(
        r'<p class="crumb"><a href="([^"]*)"', page.text)[1])


def test_a_case_leads_back_to_the_list_it_was_opened_from(mediator):
    browser = mediator
    browser.get("/")
    case = browser.get("/cases?queue=mine&sort=last&all=1").cases()[0]
    assert crumb(browser.get(case)) == "/cases?queue=mine&sort=last"
    # Another list in another window: where one comes from counts.
    browser.get("/cases?lang=pt-BR")
    assert crumb(browser.get(case)) == "/cases?lang=pt-BR"
    back = {"Cookie": "; ".join(
        f"{k}={v}" for k, v in browser.cookies.items())}
    for referer, wanted in (
            (f"{browser.origin}/cases?queue=mine", "/cases?queue=mine"),
            (f"{browser.origin}/", "/"),
            (f"{browser.origin}{case}", "/cases?lang=pt-BR"),
            ("https://evil.example/cases?queue=mine", "/cases?lang=pt-BR"),
            (f"{browser.origin}/cases?lang=%22%3E<b>",
             "/cases?lang=%22%3E%3Cb%3E"),
            (f"{browser.origin}/cases?lang=%zz", "/")):
        line = http.client.HTTPConnection(browser.host, browser.port,
                                          timeout=30)
        try:
            line.request("GET", case, None, {**back, "Referer": referer})
            answer = line.getresponse()
            page = Page(answer.status, answer.headers, answer.read())
        finally:
            line.close()
        assert crumb(page) == wanted, referer
    page = browser.get("/cases?sort=opened")
    after = html.unescape(re.search(r'rel="next" href="([^"]+)"',
                                    page.text)[1])
    browser.get(after)
    assert urllib.parse.parse_qs(crumb(browser.get(case))) == \
        urllib.parse.parse_qs(after)
    # What is wrong, or nobody's address, is not gone back to.
    browser.get("/cases?lang=xx")
    assert crumb(browser.get(case)) != "/cases?lang=xx"
    browser.cookies["ouv-list"] = "//evil.example/"
    assert crumb(browser.get(case)) == "/"
    browser.get("/cases")
    assert "ouv-list" not in browser.cookies
    assert crumb(browser.get(case)) == "/"


def test_many_lead_back_to_their_list(office, mediator):
    page = mediator.get("/cases?state=mediation&sort=last")
    look = mediator.post("/cases/bulk", **page.form("/cases/bulk"),
                         **boxes(page), bulk="note", note="Ver.", to="",
                         severity="")
    done = mediator.post("/cases/bulk", **look.form("/cases/bulk"))
    for answer in (look, done):
        assert answer.status == 200
        assert answer.links(r"/cases\?[^\"]*") == [
            "/cases?state=mediation&sort=last"]
    other = mediator.post("/cases/bulk", **{
        **page.form("/cases/bulk"), "list": "https://evil.example/?a=b"},
        **boxes(page), bulk="take", note="", to="", severity="")
    assert "evil" not in "".join(other.links(r"[^\"]*"))


# field: what is missing; typed: what was typed all the same
MISSING = {
    "assign": ("to", {"note": "Um recado", "severity": "high"}),
    "team": ("to", {"note": "Um recado"}),
    "severity": ("severity", {"note": "Um recado", "to": "mediator2"}),
    "note": ("note", {"note": "  ", "to": "mediator2"}),
}


@pytest.mark.parametrize("act", MISSING)
def test_a_choice_that_is_missing_is_asked_for_where_it_is_made(
        office, mediator, words, act):
    field, typed = MISSING[act]
    page = mediator.get("/cases?state=mediation&sort=last")
    chosen = dict(list(boxes(page).items())[:3])
    assert len(boxes(page)) > 3
    again = mediator.post("/cases/bulk", **page.form("/cases/bulk"), **{
        "to": "", "severity": "", "note": "", **typed}, **chosen, bulk=act)
    assert again.status == 422 and again.cases() == page.cases()
    picked = re.findall(r'name="(case-[^"]+)"[^>]* checked', again.text)
    assert picked == list(chosen)
    assert re.search(rf'id="bulk-{field}"[^>]*aria-invalid="true"', again.text)
    assert f'href="#bulk-{field}"' in again.text
    assert again.words.count(words[f"bulk_why_{act}_empty"]) == 2
    for name, value in typed.items():
        assert re.search(
            rf'id="bulk-{name}"[^>]* value="{value}"' if name == "note" else
            rf'(?s)id="bulk-{name}"(?:(?!</select).)*value="{value}" selected',
            again.text), name
    # From there it goes on.
    if act == "note":
        look = mediator.post("/cases/bulk", **again.form("/cases/bulk"),
                             **chosen, bulk="note", note="Ligar.")
        assert look.status == 200 and boxes(look) == chosen




@pytest.mark.parametrize("sort", ["due", "last", "opened"])
def test_pages_lead_there_and_back_though_dates_are_equal(office, mediator,
                                                          sort):
    end = datetime.datetime(3000, 1, 1, tzinfo=datetime.timezone.utc)
    key = {"due": lambda r: (r["due"] or end, r["id"]),
           "last": lambda r: (r["last"], r["id"]),
           "opened": lambda r: (r["opened"], r["id"])}[sort]
    wanted = [r["protocol"] for r in sorted(
        filter(is_open, rows(office)), key=key, reverse=sort != "due")]
    assert len(wanted) > 40 and len({key(r)[0] for r in rows(office)}) < 20
    found, last = walk(mediator, f"/cases?sort={sort}")
    assert found == wanted
    back = re.search(r'rel="prev" href="([^"]+)"', last.text)[1]
    found, first = walk(mediator, back.replace("&amp;", "&"), "prev")
    assert found == wanted[:40]
    assert 'rel="prev"' not in first.text


# ---- a file -----------------------------------------------------------------


def test_the_file_holds_what_one_filters_by(office, mediator, words):
    """In the words of the filter, and empty where it is not known."""
    page = mediator.post("/cases/csv",
                         **mediator.get("/cases").form("/cases/csv"))
    table = list(csv.DictReader(io.StringIO(page.body.decode("utf-8-sig"))))
    codes = {"kind": ("word_kind_", set()), "channel": (
        "word_contact_channel_", set()), "severity": ("word_severity_", set()),
        "lang": ("lang_", set())}
    state = {r["protocol"]: r for r in rows(office)}
    assert len(table) > 40
    for line in table:
        for field, (prefix, seen) in codes.items():
            code = state[line[words["csv_protocol"]]][field]
            wanted = "" if code is None else words[
                prefix + code.lower().replace("-", "_")]
            assert line[words[f"filter_{field}"]] == wanted, field
            seen.add(wanted)
    assert all(len(seen) > 1 for _, seen in codes.values())


def test_the_file_holds_the_list_and_computes_nothing(office, mediator):
    form = mediator.get("/cases?lang=pt-BR&sort=opened").form("/cases/csv")
    before = office.database.value(
        "SELECT count(*) FROM audit_event WHERE action = 'list-export'")
    page = mediator.post("/cases/csv", **form)
    assert page.status == 200 and page.headers["Content-Type"].startswith(
        "text/csv")
    table = list(csv.reader(io.StringIO(page.body.decode("utf-8-sig"))))
    wanted = {r["protocol"]: r for r in rows(office)
              if is_open(r) and r["lang"] == "pt-BR"}
    assert [line[0] for line in table[1:]] == walk(
        mediator, "/cases?lang=pt-BR&sort=opened")[0]
    assert {line[0] for line in table[1:]} == set(wanted)
    subjects = {line[1] for line in table[1:]}
    assert not any(s[:1] in "=+-@" for s in subjects)
    assert subjects & {"'=1+1", "'@cmd", "'-2+3"}
    assert office.database.value("SELECT count(*) FROM audit_event WHERE"
                                 " action = 'list-export'") == before + 1


def test_without_a_code_there_is_no_file(office):
    browser = office.logged_in("mediator")
    browser.codes = None
    form = browser.get("/cases").form("/cases/csv")
    page = browser.post("/cases/csv", **form)
    assert page.status == 403 and page.asks_code


# ---- views ------------------------------------------------------------------


def drop_of(browser):
    """What is sent to drop the first saved list that one may drop."""
    page = browser.get("/")
    return {**page.form("/cases/views/drop"), "view": re.search(
        r'name="view" value="(\w+)"', page.text)[1]}


def test_a_view_is_an_address_and_its_authors(office, mediator, mediator2):
    form = mediator.get("/cases?queue=mine&severity=high").form("/cases/views")
    assert mediator.post("/cases/views", **form, name="").status == 422
    assert mediator.post("/cases/views", **form, name="Minhas graves"
                         ).status == 303
    assert mediator.post("/cases/views", **form, name="Minhas graves"
                         ).status == 303  # the same form again
    shared = mediator.get("/cases?owner=nobody").form("/cases/views")
    mediator.post("/cases/views", **shared, name="<b>Sem dono", shared="1")
    assert office.query("SELECT name, query, shared FROM saved_view ORDER BY"
                        " shared") == [
        ("Minhas graves", "queue=mine&severity=high", False),
        ("<b>Sem dono", "owner=nobody", True)]
    page = mediator2.get("/")
    assert "Minhas graves" not in page.text and "<b>Sem dono" not in page.text
    assert "&lt;b&gt;Sem dono" in page.text
    drop = drop_of(mediator)
    mine = mediator2.get("/cases?lang=en").form("/cases/views")
    mediator2.post("/cases/views", **mine, name="De outro")
    own = drop_of(mediator2)
    assert mediator2.post(
        "/cases/views/drop", csrf=own["csrf"], view=drop["view"]).status == 404
    assert office.database.value("SELECT count(*) FROM saved_view") == 3
    assert mediator.post("/cases/views/drop", **drop).status == 303
    assert office.database.value("SELECT count(*) FROM saved_view") == 2


def test_a_shared_view_does_not_outlast_who_made_it(office, mediator):
    (name,), = office.query("SELECT name FROM saved_view WHERE shared")
    ids = dict(office.query("SELECT shared, replace(id::text, '-', '') FROM"
                            " saved_view"))
    assert ids.keys() == {True, False} and name in html.unescape(
        mediator.get("/").text)
    ombudsman = office.logged_in("ombudsman")
    form = drop_of(ombudsman)
    assert form["view"] == ids[True]
    own = {**form, "view": ids[False]}
    assert ombudsman.post("/cases/views/drop", **own).status == 404
    assert ombudsman.post("/cases/views/drop", **form).status == 303
    assert office.query("SELECT shared FROM saved_view") == [(False,)]
    add = ("INSERT INTO saved_view (id, person, name, query, shared) SELECT"
           " gen_random_uuid(), id, 'De quem saiu', '', true FROM person WHERE"
           " login = 'intake'")
    leave = "UPDATE person SET active = %s WHERE login = 'intake'"
    office.query(add)
    assert "De quem saiu" in mediator.get("/").text
    office.query(leave, False)
    assert office.database.value("SELECT count(*) FROM saved_view") == 1
    office.query(add)
    assert "De quem saiu" not in mediator.get("/").text
    office.query("DELETE FROM saved_view")
    office.query(leave, True)


def test_thirty_lists_are_kept_and_no_more(office, mediator):
    form = mediator.get("/cases?lang=it").form("/cases/views")
    try:
        office.query("INSERT INTO saved_view (id, person, name, query, shared)"
                     " SELECT gen_random_uuid(), p.id, 'n' || n, '', false"
                     " FROM person p, generate_series(1, 29) n"
                     " WHERE login = 'mediator'")
        assert mediator.post("/cases/views", **form, name="A trigésima"
                             ).status == 303
        form = mediator.get("/cases?lang=en").form("/cases/views")
        assert mediator.post("/cases/views", **form, name="Mais uma"
                             ).status == 409
        assert office.query("SELECT count(*), count(*) FILTER (WHERE name ="
                            " 'A trigésima') FROM saved_view") == [(30, 1)]
    finally:
        office.query("DELETE FROM saved_view")


# ---- the address of a form --------------------------------------------------


@pytest.mark.parametrize("verb, back", [
    ("", None), ("/reply", ""), ("/classify", ""), ("/check", ""),
    ("/do/classify/preview", "/do/classify")])
def test_an_opened_address_of_a_form_leads_back(mediator, words, verb, back):
    """As when a browser opens its tabs again."""
    case = mediator.get("/cases").cases()[0]
    page = mediator.get(case + verb)
    if back is None:
        assert page.status == 200
        return
    assert page.status == 405 and page.headers["Allow"] == "POST"
    assert words["menu_worklist"] in page.words  # with the menu
    assert words["to_login"] not in page.words
    assert f'href="{case}{back}">{words["error_to_case"]}' in page.text
    assert mediator.get(case + back).status == 200


@pytest.mark.parametrize("path, back", [
    ("/cases/bulk", "/cases"), ("/cases/csv", "/cases"),
    ("/cases/views", "/cases"), ("/cases/views/drop", "/cases"),
    ("/profile/sessions/end", "/profile/sessions")])
def test_so_does_one_that_is_of_no_case(office, mediator, words, path, back):
    page = mediator.get(path)
    assert page.status == 405 and page.headers["Allow"] == "POST"
    assert f'href="{back}">{words["error_to_page"]}' in page.text
    stranger = office.browser().get(path)
    assert stranger.status == 405 and back not in stranger.links("/[^\"]*")
    assert words["to_login"] in stranger.words


# ---- many at once -----------------------------------------------------------


def boxes(page):
    return dict(re.findall(r'name="(case-[^"]+)" value="(\d+)"', page.text))


def owners(office):
    return {r["protocol"]: r["owner"] for r in rows(office)}


def events(office):
    return office.database.value("SELECT count(*) FROM audit_event WHERE"
                                 " action = 'assign'")


def test_many_are_looked_at_first_and_done_once(office, mediator):
    page = mediator.get("/cases?queue=open&severity=critical")
    form, chosen = page.form("/cases/bulk"), boxes(page)
    was = owners(office)
    against = next(n[5:] for n in chosen if was[n[5:]] != "mediator")
    office.query("INSERT INTO case_conflict (case_id, person) SELECT c.id, p.id"
                 " FROM case_file c, person p WHERE c.protocol = %s"
                 " AND p.login = 'mediator'", against)
    before, logged = owners(office), events(office)
    look = mediator.post("/cases/bulk", **form, **chosen, bulk="take", to="",
                         note="")
    assert look.status == 200 and owners(office) == before
    assert events(office) == logged  # a look leaves nothing
    can, cannot = boxes(look), chosen.keys() - boxes(look).keys()
    own = {name for name in chosen if was[name[5:]] == "mediator"}
    assert cannot == {f"case-{against}"} | own and own and len(can) > 3
    assert re.search(rf'{against}</a> <span class="wrong">\w', look.text)
    # Somebody is faster in one of them.
    slow = next(iter(can))
    path = f"/cases/{slow[5:]}"
    other = office.logged_in("mediator2")
    assert other.post(f"{path}/note", **{
        **other.get(f"{path}/do/note").form(f"{path}/note"),
        "text": "Entretanto."}).status == 303
    sure = look.form("/cases/bulk")
    done = mediator.post("/cases/bulk", **sure)
    assert done.status == 200
    after = owners(office)
    for name in chosen:
        mine = name in can and name != slow
        assert after[name[5:]] == ("mediator" if mine else before[name[5:]])
    assert events(office) == logged + len(can) - 1
    again = mediator.post("/cases/bulk", **sure)
    assert again.status == 200 and owners(office) == after
    assert events(office) == logged + len(can) - 1


def shown(page):
    """What a person reads of each case: {protocol: words}."""
    return {number: Page(200, None, text.encode()).words.strip()
            for number, text in re.findall(
                r'(?s)<li><a class="protocol" href="[^"]*">([^<]*)</a>(.*?)'
                r'</li>', page.text)}


def test_a_look_tells_each_case_by_name_with_what_becomes_of_it(
        office, mediator, words):
    chosen = boxes(mediator.get("/cases?state=mediation"))
    some = [r for r in rows(office) if f"case-{r['protocol']}" in chosen]
    names = dict(office.query("SELECT login, name FROM person"))
    form = mediator.get("/cases").form("/cases/bulk")
    look = mediator.post("/cases/bulk", **form, **chosen, bulk="assign",
                         to="mediator2", note="", severity="")
    told = shown(look)
    assert names["mediator2"] in look.words and len(some) > 4
    assert len({r["owner"] for r in some}) > 1
    for r in some:
        text = told[r["protocol"]]
        subject = next(s for s in sorted(SUBJECTS.values(), key=len) + [
            "Pedido"] if s in text)
        assert subject and "mediator2" not in text
        if r["owner"] == "mediator2":
            assert words["bulk_why_same"] in text
        else:
            was = names[r["owner"]] if r["owner"] else words["nobody"]
            assert f'{was} → {names["mediator2"]}' in text
    # Of one: not "1 cases".
    one = mediator.post("/cases/bulk", **form, **{
        f"case-{some[0]['protocol']}": ""}, bulk="note", note="x", to="",
        severity="")
    assert f'{words["bulk_can"]}: 1 {words["bulk_count_one"]}\n' in (
        re.sub(r"<[^>]+>", "", one.text))


@pytest.mark.parametrize("act, typed, state, reason", [
    ("open", {}, "triage", "bulk_why_state_open"),
    ("open", {}, "company", "bulk_why_state_open"),
    ("severity", {"severity": "moderate"}, "closed", "bulk_why_state_classify")])
def test_why_not_names_the_state_of_each(
        office, mediator, words, act, typed, state, reason):
    chosen = boxes(mediator.get(f"/cases?state={state}"))
    form = mediator.get("/cases").form("/cases/bulk")
    look = mediator.post("/cases/bulk", **form, **chosen, bulk=act,
                         **{"to": "", "note": "", "severity": "", **typed})
    told = shown(look)
    assert len(chosen) > 2 and not boxes(look)
    for name in chosen:
        assert words[reason].replace("#", words[f"state_{state}"]) in told[
            name[5:]]


def test_why_not_says_what_must_be_known_first(office, mediator, words):
    page = mediator.get("/cases?state=triage")
    form, chosen = page.form("/cases/bulk"), boxes(page)
    kinds = office.query("UPDATE case_file c SET kind = NULL FROM case_file w"
                         " WHERE w.id = c.id AND c.state = 'triage'"
                         " RETURNING w.kind::text, c.id")
    try:
        look = mediator.post("/cases/bulk", **form, **chosen, bulk="severity",
                             severity="moderate", to="", note="")
    finally:
        for kind, case in kinds:
            office.query("UPDATE case_file SET kind = %s WHERE id = %s", kind,
                         case)
    assert len(chosen) > 2 and not boxes(look)
    for text in shown(look).values():
        assert words["bulk_why_severity_kind_empty"] in text


def test_severity_changes_in_many_and_nothing_else_of_them(
        office, mediator, words):
    chosen = {**boxes(mediator.get("/cases?state=triage")),
              **boxes(mediator.get("/cases?state=mediation"))}
    state = {r["protocol"]: r for r in rows(office)
             if f"case-{r['protocol']}" in chosen}
    urgent = dict(office.query("UPDATE case_file SET urgent = n %% 2 = 0 FROM"
        " (SELECT id AS i, row_number() OVER (ORDER BY id) AS n FROM case_file"
        " WHERE state IN ('triage', 'mediation')) m WHERE i = id"
        " RETURNING protocol, urgent"))
    form = mediator.get("/cases").form("/cases/bulk")
    assert {r["severity"] for r in state.values()} == {
        "low", "high", "critical"} and len(set(urgent.values())) == 2
    look = mediator.post("/cases/bulk", **form, **chosen, bulk="severity",
                         severity="high", to="", note="")
    told = shown(look)
    for number, r in state.items():
        if r["severity"] == "high":
            assert words["bulk_why_same"] in told[number]
        else:
            assert (f'{words["severity_" + r["severity"]]} → '
                    f'{words["severity_high"]}') in told[number]
    assert mediator.post(
        "/cases/bulk", **look.form("/cases/bulk")).status == 200
    now = {r["protocol"]: r for r in rows(office) if r["protocol"] in state}
    for number, r in now.items():
        assert r == {**state[number], "severity": "high"}, number
    assert dict(office.query(
        "SELECT protocol, urgent FROM case_file WHERE state IN ('triage',"
        " 'mediation')")) == urgent


@pytest.mark.parametrize("until", ("NULL", "current_date - 2"))
def test_no_severity_goes_below_what_is_alleged(
        office, mediator, words, until):
    """Also where the allegation is one that is chosen no more."""
    page = mediator.get("/cases?state=triage")
    form, chosen = page.form("/cases/bulk"), boxes(page)
    heavy, light = list(chosen)[:2]
    for name, code in ((heavy, "confidentiality"), (light, "wrong-charge")):
        office.query("INSERT INTO allegation (case_id, n, code, article, law)"
                     " SELECT id, 0, %s, '', '' FROM case_file WHERE protocol"
                     " = %s", code, name[5:])
    office.query("UPDATE case_file SET severity = 'critical' WHERE protocol ="
                 " %s", heavy[5:])
    office.query(f"UPDATE code_entry SET until_day = {until} WHERE book ="
                 " 'allegation' AND code = 'confidentiality'")
    before = rows(office)
    look = mediator.post("/cases/bulk", **form, **chosen, bulk="severity",
                         severity="moderate", to="", note="")
    assert boxes(look).keys() == chosen.keys() - {heavy}
    assert words["bulk_why_severity_too_low"] in shown(look)[heavy[5:]]
    sure = {**look.form("/cases/bulk"), heavy: chosen[heavy]}
    for name in chosen.keys() - {heavy}:
        sure.pop(name)
    done = mediator.post("/cases/bulk", **sure)
    assert words["bulk_why_severity_too_low"] in shown(done)[heavy[5:]]
    assert rows(office) == before
    # What it weighs at least may be chosen.
    look = mediator.post("/cases/bulk", **form, **chosen, bulk="severity",
                         severity="high", to="", note="")
    assert heavy in boxes(look)
    office.query("UPDATE code_entry SET until_day = NULL WHERE book ="
                 " 'allegation'")
    office.query("UPDATE case_file SET severity = 'high' WHERE protocol = %s",
                 heavy[5:])
    office.query("DELETE FROM allegation")


def test_two_colleagues_of_one_name_are_two(office, mediator, words):
    chosen = boxes(mediator.get("/cases?state=mediation"))
    owner = {r["protocol"]: r["owner"] for r in rows(office)
             if f"case-{r['protocol']}" in chosen}
    assert {"mediator", "mediator2"} <= set(owner.values())
    names = dict(office.query("SELECT login, name FROM person"))
    form = mediator.get("/cases").form("/cases/bulk")
    office.query("UPDATE person SET name = %s WHERE login = 'mediator2'",
                 names["mediator"])
    try:
        look = mediator.post("/cases/bulk", **form, **chosen, bulk="assign",
                             to="mediator2", note="", severity="")
    finally:
        office.query("UPDATE person SET name = %s WHERE login = 'mediator2'",
                     names["mediator2"])
    told = shown(look)
    for number, login in owner.items():
        own = login == "mediator2"
        assert (f"case-{number}" in boxes(look)) == (not own)
        assert (words["bulk_why_same"] in told[number]) == own


def test_a_colleague_joins_many(office, mediator, words):
    form = mediator.get("/cases").form("/cases/bulk")
    chosen = boxes(mediator.get("/cases?state=mediation"))
    some = [r for r in rows(office) if f"case-{r['protocol']}" in chosen]
    look = mediator.post("/cases/bulk", **form, **chosen, bulk="team",
                         to="mediator2", note="", severity="")
    can = {name[5:] for name in boxes(look)}
    assert can == {r["protocol"] for r in some if r["owner"] != "mediator2"}
    assert words["bulk_why_team_owner"] in look.words
    assert mediator.post(
        "/cases/bulk", **look.form("/cases/bulk")).status == 200
    assert {n for (n,) in office.query(
        "SELECT c.protocol FROM case_team t JOIN case_file c ON c.id ="
        " t.case_id JOIN person p ON p.id = t.person WHERE p.login ="
        " 'mediator2'")} == can


def test_a_note_stands_in_each(office, mediator):
    page = mediator.get("/cases?state=company")
    form, chosen = page.form("/cases/bulk"), boxes(page)
    noted = "SELECT count(*) FROM audit_event WHERE action = 'note'"
    before = office.database.value(noted)
    look = mediator.post("/cases/bulk", **form, **chosen, bulk="note", to="",
                         note="Ligar para a loja.")
    assert office.database.value(noted) == before
    done = mediator.post("/cases/bulk", **look.form("/cases/bulk"))
    assert done.status == 200 and len(chosen) > 2
    assert office.database.value(noted) == before + len(chosen)
    case = mediator.get(f"/cases/{next(iter(chosen))[5:]}")
    assert "Ligar para a loja." in case.words


def test_nothing_chosen_and_forms_of_others(mediator, words):
    form = mediator.get("/cases").form("/cases/bulk")
    page = mediator.post("/cases/bulk", **form, bulk="note", to="", note="Já")
    assert page.status == 422 and words["bulk_nothing"] in page.words
    assert 'href="#bulk-cases"' in page.text and page.cases()
    assert re.search('id="bulk-note"[^>]* value="Já"', page.text)
    page = mediator.post("/cases/bulk", **form, bulk="take", to="", note="")
    assert page.status == 422 and 'role="alert"' in page.text
    assert mediator.post("/cases/bulk", **form, bulk="erase").status == 400
    assert mediator.post("/cases/bulk", csrf="x", bulk="take").status == 400


def test_a_case_without_a_key_is_not_touched(office, mediator, words):
    page = mediator.get("/cases?owner=mediator2")
    form, (name, rev) = page.form("/cases/bulk"), list(boxes(page).items())[0]
    office.query("DELETE FROM case_grant g USING person p, case_file c"
                 " WHERE p.id = g.person AND p.login = 'mediator'"
                 " AND c.id = g.case_id AND c.protocol = %s", name[5:])
    before = owners(office)
    denied = ("SELECT count(*) FROM audit_event e JOIN case_file c ON"
              " e.chain = c.id WHERE c.protocol = %s AND e.action = 'denied'")
    assert office.database.value(denied, name[5:]) == 0
    look = mediator.post("/cases/bulk", **form, **{name: rev}, bulk="take",
                         to="", note="")
    assert look.status == 200 and not boxes(look)
    assert words["bulk_why_no_key"] in look.words
    assert office.database.value(denied, name[5:]) == 1
    page = mediator.post("/cases/bulk", **form, **{name: rev}, bulk="take",
                         to="", note="", confirmed="1", form_key="5a" * 16)
    assert page.status == 200 and 'class="wrong"' in page.text
    assert owners(office) == before
    assert name[5:] not in mediator.get("/cases?owner=mediator2").text


# ---- the whole is not gone through ------------------------------------------


PAGES = ("/", "/cases?queue=mine", "/cases?queue=closed", "/cases?queue=new",
         "/cases?queue=task", "/cases?queue=consumer", "/cases?sort=last",
         "/cases?sort=opened&severity=high", "/cases?queue=promise",
         "/cases?queue=closed&company=Loja&sort=opened")


def scans(office):
    return office.query(
        "SELECT seq_scan, idx_scan FROM pg_stat_user_tables"
        " WHERE relname = 'case_file'")[0]


def test_no_list_goes_through_all_cases(office, mediator):
    office.query(
        "WITH c AS (INSERT INTO case_file (id, protocol, state, lang, channel,"
        "  opened, last, due, items, key_version, summary)"
        " SELECT gen_random_uuid(), '1990-' || n, (CASE WHEN n %% 20 = 0"
        "  THEN 'triage' ELSE 'closed' END)::case_state, 'en', 'email', now(),"
        "  now() - n * interval '1 minute', now() + n * interval '1 minute',"
        "  0, 1, decode(repeat('00', 300), 'hex') FROM"
        "  generate_series(1, 10000) n RETURNING id)"
        " INSERT INTO case_grant (case_id, version, person, pk, box, granted_by,"
        "  sig) SELECT c.id, 1, p.id, p.pk, '', p.id, '' FROM c, person p"
        " WHERE p.login = 'mediator'")
    office.query("ANALYZE")
    for path in PAGES:  # what is planned anew knows it now
        assert mediator.get(path).status == 200
    before, indexed = scans(office)
    for path in PAGES * 6:
        assert mediator.get(path).status == 200
    # Told late, the first round's as well.  Another program may go through
    # all cases meanwhile; a list would in each round.
    wait_until("the figures are told",
               lambda: scans(office)[1] > indexed + 300, 20)
    assert scans(office)[0] - before < 6


@pytest.fixture(scope="module")
def company(office):
    (ident,), = office.query("SELECT replace(id::text, '-', '') FROM company"
                             " WHERE name = 'Loja Boa'")
    return f"/companies/{ident}"


def test_the_page_of_a_company_reads_its_cases_alone(office, mediator,
                                                     company):
    before, indexed = scans(office)
    looks = 0

    def looked():
        nonlocal looks
        assert mediator.get(company).status == 200
        looks += 1
        return looks >= 40 and scans(office)[1] > indexed + looks

    wait_until("it was looked at often enough", looked, 60)
    # Another program may go through all cases meanwhile; a page would each
    # time it is looked at.
    assert scans(office)[0] - before < looks / 2


def test_the_form_of_a_company_reads_no_case(office, company):
    ombudsman = office.logged_in("ombudsman")
    other = office.database.connect()
    try:
        with other.cursor() as cursor:
            cursor.execute("BEGIN; LOCK TABLE case_file IN ACCESS EXCLUSIVE"
                           " MODE")
            page = ombudsman.get(f"{company}/edit")
    finally:
        other.close()
    assert page.status == 200 and 'value="Loja Boa"' in page.text


def csv_under_way(office, browser, form):
    """The answer, of which nothing but the head was taken: straight from the
    server's socket, so that nothing lies in between."""
    line = socket.socket(socket.AF_UNIX)
    line.settimeout(20)
    line.connect(office.server.socket)
    cookies = "; ".join(f"{k}={v}" for k, v in browser.cookies.items())
    body = urllib.parse.urlencode(form)
    line.sendall(
        f"POST /cases/csv HTTP/1.1\r\nHost: {office.server.host}\r\n"
        f"Cookie: {cookies}\r\nContent-Length: {len(body)}\r\n"
        f"Origin: {browser.origin}\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n\r\n"
        f"{body}".encode())
    answer = http.client.HTTPResponse(line)
    answer.begin()
    assert answer.status == 200
    return answer


@pytest.mark.parametrize("ended", [False, True])
def test_a_file_under_way_ends_with_its_session(office, ended):
    browser = office.logged_in("mediator")
    form = browser.get("/cases?queue=closed").form("/cases/csv")
    assert browser.post("/cases/csv", **form).status == 200  # with a code
    form = browser.get("/cases?queue=closed").form("/cases/csv")
    answer = csv_under_way(office, browser, form)
    if ended:
        office.query(
            "DELETE FROM session s USING person p WHERE p.id = s.person AND"
            " p.login = 'mediator' AND s.created = (SELECT max(created) FROM"
            "  session WHERE person = p.id)")
    try:
        got, whole = answer.read(), True
    except http.client.IncompleteRead as cut:
        got, whole = cut.partial, False
    lines = got.count(b"\r\n")
    assert whole != ended and (lines < 4500 if ended else lines == 5001)
