"""What comes by letter, telephone, fax, chat or in person: registered with its
scans, from the day on which it came; into the case it belongs to; and messages
that were taken for a colleague who is away."""

import datetime as dt
import json
import os
import re
import threading
import time

import pytest

import scans
import test_write as desk
from harness import wait_until
from moved import SAO_PAULO
from scans import bring
from scene import Scene, answer_to, descendants, mark, words_of
from test_absence import away

FORM, PUT = "/letters/new", "/letters/new/put"
CALL, CALL_PUT = "/calls/new", "/calls/new/put"
MIB = 1 << 20


@pytest.fixture(scope="module")
def office(template):
    made = Scene(template, to_sink=True, imap_poll_secs=1,
                 mailgw_acks_domain_hour=100000)
    made.pool = desk.Pool(made)
    try:
        yield made.begin()
    finally:
        made.stop()


@pytest.fixture(scope="module")
def intake(office):
    return desk.login(office, "intake")


@pytest.fixture(scope="module")
def mediator(office):
    return desk.login(office, "mediator")


def today():
    return dt.datetime.now(SAO_PAULO).date()


def typed(**other):
    return {"channel": "letter", "arrived": str(today()), "arrived_time": "",
            "protocol": "", "as": "", "name": "Beatriz Moura", "person": "",
            "addr": "", "postal": "Rua das Flores, 1\n20000-000 Rio de Janeiro",
            "phone": "", "lang": "pt-BR", "representative": "", "mandate": "",
            "subject": "A geladeira", "text": "Veio quebrada.", "rings": "",
            "wait": "", **other}


def send(browser, *files, form=None, **other):
    form = browser.get(FORM).form(PUT) if form is None else form
    return bring(browser, PUT, {**form, **typed(**other)}, files)


def registered(office, page):
    assert page.status == 303, page.words
    protocol = page.location.partition("?")[0].rpartition("/")[2]
    names = ("id", "state", "channel", "opened", "owner", "lang", "protocol")
    (row,) = office.query(
        "SELECT id, state::text, channel, opened, owner, lang, protocol FROM"
        " case_file WHERE protocol = %s", protocol)
    return dict(zip(names, row))


def clocks(office, case):
    return {kind: (start, due) for kind, start, due in office.query(
        "SELECT kind, started, due FROM clock WHERE case_id = %s", case)}


def tasks(office, case):
    return [kind for kind, in office.query(
        "SELECT kind FROM task WHERE case_id = %s AND done IS NULL"
        " ORDER BY kind", str(case))]


def cases(office):
    return office.database.value("SELECT count(*) FROM case_file")


# ---- a new case --------------------------------------------------------------------


@pytest.mark.parametrize("channel", ("letter", "phone", "fax", "chat",
                                     "in-person", "web", "other"))
def test_each_channel_makes_a_case_that_waits_to_be_opened(
        office, intake, channel):
    case = registered(office, send(intake, channel=channel))
    assert (case["state"], case["channel"]) == ("received", channel)
    assert case["owner"] is None
    path = f"/cases/{case['protocol']}"
    page = desk.act(intake, path, "open")
    assert page.status == 303, page.words
    assert registered(office, page)["state"] == "triage" if page.location \
        else True


def test_its_terms_count_from_the_day_on_which_it_came(office, intake):
    """Not from the day on which somebody entered it; also of a day on which
    the office is closed."""
    day = today() - dt.timedelta(3)
    case = registered(office, send(intake, arrived=str(day)))
    assert case["opened"].astimezone(SAO_PAULO).date() == day
    terms = clocks(office, case["id"])
    assert {"response", "total"} <= set(terms)
    for start, _ in terms.values():
        assert start.astimezone(SAO_PAULO).date() == day
    for kind in ("response", "total"):
        status, out, err = office.office.admin.run(
            "deadline", "--clock", kind, "--from",
            case["opened"].astimezone(SAO_PAULO).isoformat(), "--json")
        assert status == 0, err
        due = dt.datetime.fromisoformat(json.loads(out)["due"])
        assert terms[kind][1] == due


def test_a_call_has_its_time(office, intake):
    yesterday = today() - dt.timedelta(1)
    case = registered(office, send(
        intake, channel="phone", arrived=str(yesterday), arrived_time="09:05",
        addr="", postal="", phone="+55 21 5555-0199"))
    assert case["opened"].astimezone(SAO_PAULO).strftime("%d %H:%M") == \
        yesterday.strftime("%d 09:05")
    later = (dt.datetime.now(SAO_PAULO) + dt.timedelta(minutes=30))
    if later.date() == today():
        page = send(intake, arrived_time=later.strftime("%H:%M"))
        assert page.status == 422
        assert words_of("pt-BR")["field_future"] in page.words


def test_whoever_has_a_telephone_only_is_called(office, intake):
    """S2.6: everybody gets an answer by some way; nobody without one."""
    case = registered(office, send(
        intake, channel="phone", addr="", postal="", phone="(21) 5555-0199"))
    assert tasks(office, case["id"]) == ["callback"]
    before = cases(office)
    page = send(intake, addr="", postal="", phone="")
    assert page.status == 422 and cases(office) == before
    assert words_of("pt-BR")["field_no_way_back"] in page.words


def test_with_an_address_it_is_acknowledged_and_goes_on_by_mail(
        office, intake):
    addr = f"{mark()}@consumidora.example"
    case = registered(office, send(intake, channel="chat", addr=addr))
    ack, = wait_until("it is acknowledged", lambda: office.sink.to(addr), 20)
    assert case["protocol"] in ack.parsed.as_string()
    status, (told,) = office.gateway.ingest(answer_to(ack, addr))
    assert status == 0 and told["protocol"] == case["protocol"]


@pytest.mark.parametrize("addr", ("ana@consumidora", "ana at home",
                                  "ana@@consumidora.example", "@example.org"))
def test_an_address_that_is_mistyped_is_caught(office, intake, addr):
    before = cases(office)
    page = send(intake, addr=addr)
    assert page.status == 422 and cases(office) == before
    assert words_of("pt-BR")["field_not_an_address"] in page.words


def test_a_letter_without_a_word_of_it_is_none(office, intake):
    before = cases(office)
    page = send(intake, text="  \n")
    assert page.status == 422 and cases(office) == before
    assert words_of("pt-BR")["field_nothing_brought"] in page.words
    assert send(intake, ("1.png", "image/png", scans.png()),
                text="").status == 303


def test_who_speaks_for_whom_is_for_the_office_alone(office, intake):
    """A note beside the message, in the office's language; nothing of it in
    the message, and nothing of either in the database in clear."""
    secrets = {name: mark() for name in ("representative", "mandate", "text",
                                         "subject", "name")}
    case = registered(office, send(
        intake, person="legal", rings="2", wait="3",
        phone="+55 21 5555-0133", **secrets))
    page = intake.get(f"/cases/{case['protocol']}")
    words = words_of("pt-BR")
    for name in ("representative", "mandate"):
        assert f"{words['letter_' + name]}: {secrets[name]}" in page.words
    assert f"{words['letter_person']}: {words['letter_person_legal']}" \
        in page.words
    assert f"{words['letter_rings']}: 2" in page.words
    assert office.query(
        "SELECT kind::text, lane::text FROM item WHERE case_id = %s"
        " AND kind IN ('mail_in', 'note') ORDER BY seq", case["id"]) == [
            ("mail_in", "consumer"), ("note", "internal")]
    for table in ("case_file", "item", "chunk", "capsule", "party", "task",
                  "audit_event", "ident_token", "upload"):
        for value in secrets.values():
            assert office.query(
                f"SELECT 1 FROM {table} t WHERE position(%s::text IN t::text)"
                " > 0 OR position(encode(%s::bytea, 'hex') IN t::text) > 0",
                value, value.encode()) == [], table


def test_the_form_says_how_one_speaks_on_the_telephone(intake):
    page = intake.get(FORM)
    for n in range(1, 6):
        assert words_of("pt-BR")[f"letter_call_{n}"] in page.words


def test_only_those_who_receive_the_mail_register(office):
    for person in office.template.staff:
        browser = desk.login(office, person["login"])
        may = person["role"] in ("intake", "mediator")
        page = browser.get(FORM)
        assert page.status == (200 if may else 403), person
        assert (words_of("pt-BR")["error_403_text"] in page.words) != may
        for path in ("/office", "/letters"):
            assert (f'href="{FORM}"' in browser.get(path).text) == may, path


def test_the_database_makes_no_other_case_by_that_door(office):
    (own, none), = office.query(
        "SELECT a.id, b.id FROM person a, person b WHERE a.login = 'intake'"
        " AND b.login = 'reader'")
    before = cases(office)
    good = {"channel": "letter", "at": "now()", "by": own, "owner": None}
    for bad in ({"by": none}, {"channel": "email"}, {"channel": ""},
                {"at": "now() + interval '1 day'"},
                {"at": "now() - interval '400 days'"},
                {"owner": "00000000-0000-0000-0000-000000000001"}):
        one = {**good, **bad}
        assert office.query(
            "SELECT case_entered(gen_random_uuid(), '2026-999999-9', 'en', %s,"
            f" {one['at']}, '', %s, %s, %s, %s)", one["channel"], b"\0" * 32,
            one["by"], b"\0" * 64, one["owner"]) == [(False,)], bad
    assert cases(office) == before


def test_the_log_holds(office):
    status, out, complaint = office.office.admin.run("audit", "verify")
    assert status == 0, (out, complaint)


# ---- into a case that there is --------------------------------------------------------


def test_a_letter_joins_the_lane_of_its_party(office, intake):
    case = desk.Case(office)
    data = scans.pdf(2)
    page = send(intake, ("carta.pdf", "application/pdf", data), name="",
                protocol=f" {case.protocol.replace('-', ' ')} ",
                **{"as": "consumer"})
    assert page.status == 303, page.words
    *_, last = case.items("mail_in")
    assert last[2:4] == ("consumer", case.party("consumer"))
    shown = intake.get(page.location)
    assert shown.status == 200 and "carta.pdf" in shown.words
    assert words_of("pt-BR")["done_append"] in shown.words
    link, = shown.links(rf"{case.path}/items/[0-9a-f]+/parts/0")
    assert intake.get(link).body == data
    assert "append" in case.events()


def test_the_companys_letter_leads_on_to_its_answer(office, mediator):
    """As its mail does: somebody is asked to read it, its clock waits, and the
    form of the act begins with that letter and how it came."""
    case = desk.Case(office).join_company(mediator)
    office.query("UPDATE case_file SET state = 'company', kind = 'complaint'"
                 " WHERE id = %s", case.id)
    page = send(mediator, protocol=case.protocol, channel="fax", name="",
                text="Devolvemos o valor.", **{"as": "company"})
    assert page.status == 303, page.words
    assert ("read-answer", None) in [(kind, done) for kind, _, done, _ in
                                     case.tasks()]
    shown = mediator.get(page.location)
    seq = case.items("mail_in")[-1][4]
    links = shown.links(rf"{case.path}/do/[a-z-]+\?behalf=company[^\"]*")
    assert links and all(f"item={seq}&source=fax" in link for link in links)
    form = mediator.get(next(link for link in links
                             if "/do/decline?" in link))
    assert re.search(r'<option value="fax" selected', form.text)
    answer = mediator.get(f"{case.path}/do/answer?item={seq}")
    assert re.search(rf'<option value="{seq}" selected', answer.text)


def test_a_third_persons_letter_is_nobodys(office, intake):
    case = desk.Case(office)
    page = send(intake, protocol=case.protocol, name="", **{"as": "third"})
    assert page.status == 422
    assert words_of("pt-BR")["field_empty"] in page.words
    page = send(intake, protocol=case.protocol, name="Um vizinho",
                **{"as": "third"})
    assert page.status == 303
    assert case.items("mail_in")[-1][2:4] == ("internal", None)


def test_a_company_that_is_not_there_is_told(office, intake):
    case = desk.Case(office)
    before = case.items()
    page = send(intake, protocol=case.protocol, **{"as": "company"})
    assert page.status == 422 and case.items() == before
    assert words_of("pt-BR")["field_no_such_party"] in page.words


@pytest.mark.parametrize("wrong,word", (
    (lambda number: number[:-1] + str((int(number[-1]) + 1) % 10),
     "field_mistyped_number"),
    (lambda number: "12345", "field_mistyped_number"),
    (lambda number: "2019-000123-" + check("2019000123"),
     "field_no_such_case"),
))
def test_a_mistyped_number_is_caught_in_plain_words(
        office, intake, wrong, word):
    case = desk.Case(office)
    before = cases(office)
    page = send(intake, ("1.png", "image/png", scans.png()),
                protocol=wrong(case.protocol), **{"as": "consumer"})
    assert page.status == 422 and cases(office) == before
    assert words_of("pt-BR")[word] in page.words
    assert "1.png" in page.words  # what was brought is not lost
    office.query("DELETE FROM upload")


def check(digits):
    from scene import DAMM
    state = 0
    for digit in digits:
        state = int(DAMM[state][int(digit)])
    return str(DAMM[state].index("0"))


def test_a_case_that_one_may_not_open_takes_nothing_from_them(
        office, intake):
    case = desk.Case(office)
    office.query("DELETE FROM case_grant WHERE case_id = %s AND person ="
                 " (SELECT id FROM person WHERE login = 'intake')", case.id)
    before = case.items()
    page = send(intake, protocol=case.protocol, **{"as": "consumer"})
    assert page.status == 422 and case.items() == before
    assert words_of("pt-BR")["field_not_yours"] in page.words


def test_a_letter_for_a_case_that_is_over_asks_whether_it_goes_on(
        office, intake):
    case = desk.Case(office)
    office.query("UPDATE case_file SET state = 'closed' WHERE id = %s",
                 case.id)
    assert send(intake, protocol=case.protocol,
                **{"as": "consumer"}).status == 303
    assert "reopen" in tasks(office, case.id)


def test_from_its_page_the_number_stands_there(office, intake):
    case = desk.Case(office)
    link, = intake.get(case.path).links(rf"/letters/new\?protocol=[^\"]*")
    assert f'value="{case.protocol}"' in intake.get(link).text


# ---- a message was taken ----------------------------------------------------------------


def call(browser, **other):
    return browser.post(CALL_PUT, **browser.get(CALL).form(CALL_PUT), **{
        "whom": "mediator", "name": "Beatriz Moura",
        "phone": "+55 21 5555-0102", "text": "Quer saber do conserto.",
        "protocol": "", **other})


def callback(office, case):
    (row,) = office.query(
        "SELECT p.login, t.opened, t.due FROM task t JOIN person p"
        " ON p.id = t.person WHERE t.case_id = %s AND t.kind = 'callback'",
        str(case))
    return row


def in_two_service_hours(office, opened):
    status, out, err = office.office.admin.run(
        "deadline", "--clock", "message", "--from",
        opened.astimezone(SAO_PAULO).isoformat(timespec="seconds"), "--json")
    assert status == 0, err
    return dt.datetime.fromisoformat(json.loads(out)["due"])


@pytest.fixture
def absent(office):
    ident = away(office, "mediator")
    yield
    office.query("DELETE FROM absence WHERE id = %s", str(ident))


def test_a_message_becomes_a_case_with_a_task_for_whom_it_is(office, intake):
    said = mark()
    case = registered(office, call(intake, text=said))
    assert (case["state"], case["channel"]) == ("received", "phone")
    login, opened, due = callback(office, case["id"])
    assert login == "mediator"
    assert due == in_two_service_hours(office, opened)
    page = desk.login(office, "mediator").get(f"/cases/{case['protocol']}")
    words = words_of("pt-BR")
    assert words["task_callback"] in page.words and said in page.words
    assert "+55 21 5555-0102" in page.words
    for table in ("case_file", "item", "chunk", "task"):
        assert office.query(f"SELECT 1 FROM {table} t WHERE"
                            " position(%s IN t::text) > 0", said) == []
    assert office.query("SELECT 1 FROM outbox WHERE case_id = %s",
                        case["id"]) == []


def test_while_they_are_away_it_is_their_substitutes(office, intake, absent):
    assert words_of("pt-BR")["call_away"] in intake.get(CALL).words
    case = registered(office, call(intake))
    login, _, _ = callback(office, case["id"])
    assert login == "mediator2"
    substitute = desk.login(office, "mediator2")
    due = substitute.get("/calendar/due")
    assert case["protocol"] in due.text
    assert words_of("pt-BR")["task_callback"] in due.words
    assert case["protocol"] not in intake.get("/calendar/due").text


def test_in_a_case_it_is_a_note_and_a_task(office, intake):
    """Its owner stays; whoever is asked has it in their list all the same."""
    case = desk.Case(office)
    office.query("UPDATE case_file SET owner = (SELECT id FROM person WHERE"
                 " login = 'mediator2') WHERE id = %s", case.id)
    before, said = cases(office), mark()
    page = call(intake, protocol=case.protocol, text=said)
    assert page.status == 303 and cases(office) == before
    assert case.items("note")[-1][2] == "internal"
    assert callback(office, case.id)[0] == "mediator"
    asked = desk.login(office, "mediator")
    assert case.protocol in asked.get("/calendar/due").text
    assert said in asked.get(case.path).words


@pytest.mark.parametrize("outcome", ("reached", "not-reached",
                                     "wrong-number"))
def test_how_the_call_ended_is_said(office, intake, outcome):
    case = registered(office, call(intake))
    asked = desk.login(office, "mediator")
    path = f"/cases/{case['protocol']}"
    page = asked.get(path)
    task = re.search(r'name="task" value="([0-9a-f]{32})"', page.text)[1]
    assert desk.act(asked, path, "task-done", task=task,
                    outcome="done").status == 422
    assert desk.act(asked, path, "task-done", task=task, outcome=outcome,
                    note="Ligo amanhã.").status == 303
    assert office.query("SELECT outcome FROM task WHERE case_id = %s AND kind"
                        " = 'callback'", case["id"]) == [(outcome,)]
    word = words_of("pt-BR")["outcome_" + outcome.replace("-", "_")]
    assert word in asked.get(path).words


def test_nobody_is_asked_who_cannot_open_the_case(office, intake):
    case = desk.Case(office)
    office.query("DELETE FROM case_grant WHERE case_id = %s AND person ="
                 " (SELECT id FROM person WHERE login = 'mediator2')", case.id)
    before = case.items()
    page = call(intake, whom="mediator2", protocol=case.protocol)
    assert page.status == 422 and case.items() == before
    assert words_of("pt-BR")["field_cannot_open"] in page.words


def test_the_same_message_twice_is_one(office, intake):
    form, before = intake.get(CALL).form(CALL_PUT), cases(office)
    fields = {"whom": "mediator", "name": "Ana", "phone": "5555-0102",
              "text": "Ligar.", "protocol": ""}
    assert intake.post(CALL_PUT, **form, **fields).status == 303
    assert intake.post(CALL_PUT, **form, **fields).status == 303
    assert cases(office) == before + 1


# ---- a hundred pages -----------------------------------------------------------------------


def own_memory(pid):
    """kB that this process has for itself; what it shares with its fence is
    another matter (test_upload's limits bound that)."""
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        return int(re.search(r"RssAnon:\s+(\d+) kB", status.read())[1])


def test_a_scan_of_a_hundred_pages_is_never_whole_in_memory(office, intake):
    pid = office.server.process.child.pid
    send(intake, ("1.png", "image/png", scans.png()))  # what is made once
    data = scans.noise(25 * MIB - 10000)
    form = intake.get(FORM).form(PUT)
    before, most, going = own_memory(pid), [0], [True]

    def watch():
        while going[0]:
            most[0] = max(most[0], own_memory(pid))
            time.sleep(0.002)
    watching = threading.Thread(target=watch)
    watching.start()
    begun = time.monotonic()
    page = send(intake, ("cem.pdf", "application/pdf", data), form=form)
    took = time.monotonic() - begun
    going[0] = False
    watching.join()
    case = registered(office, page)
    grown = most[0] - before
    print(f"25 MiB: {grown} kB more at most, {took:.1f} s")
    assert grown < 10 << 10
    shown = intake.get(f"/cases/{case['protocol']}")
    link, = shown.links(rf"/cases/{case['protocol']}/items/[0-9a-f]+/parts/0")
    assert intake.get(link).body == data
