"""Whoever answers for a company, on the company's own page: the way in, what is
owed, an answer to each point, a case that goes from one hand to another.

The real server behind nginx; letters arrive in the sink.
"""

import csv
import datetime
import html
import http.client
import io
import os
import re
import secrets
import urllib.parse

import pytest

import accountant
import scene as stage
import test_intake as intake
import test_write as desk
from company_scene import (BIANCA, CELIA, CODE, OTTO, POINTS, RUI, SHOP,
                           SUMMARY, Clerk, answer_to_both, fields_of, link_in,
                           mail_to, open_day, outsource, posts)
from harness import wait_until



@pytest.fixture(scope="module")
def office(template):
    for made in intake.begun(template):
        outsource(made)
        yield made


@pytest.fixture(scope="module")
def mediator(office):
    return desk.login(office, "mediator")


@pytest.fixture(autouse=True)
def patience(office):
    """All parties here come from one address."""
    yield
    office.query("DELETE FROM login_throttle")


def served(office, mediator, company=SHOP, **more):
    case = intake.Case(office, mediator)
    case.served(company, **more)
    return case


@pytest.fixture
def case(office, mediator):
    return served(office, mediator, **POINTS)


@pytest.fixture
def bianca(office, case):
    mail_to(office, case, BIANCA)
    return Clerk(office, BIANCA)


@pytest.fixture
def otto(office, case):
    mail_to(office, case, OTTO)
    return Clerk(office, OTTO)


def open_tasks(case):
    return [kind for kind, _, done, _ in case.tasks() if done is None]


def figures(office):
    return office.query(
        "SELECT (SELECT count(*) FROM audit_event),"
        " (SELECT count(*) FROM page_visit), (SELECT count(*) FROM item),"
        " (SELECT count(*) FROM page_ask), (SELECT count(*) FROM company_post),"
        " (SELECT count(*) FROM party_act)")


# ---- what goes by mail ---------------------------------------------------------


@pytest.fixture
def by_reference(office):
    """The shop as a member that has not asked for the text by mail."""
    def gets(full):
        office.query("UPDATE company SET full_text = %s WHERE name = %s", full,
                     SHOP)
    gets(False)
    yield
    gets(True)


def said_of(case):
    """What no mail may tell of it."""
    return (SUMMARY, "fatura", "Reembolso", "Cobrança", "Ana Souza", case.addr)


def test_by_mail_goes_the_reference_and_the_page_has_the_words(
        office, mediator, by_reference, words):
    case = intake.Case(office, mediator).classified(**POINTS)
    path = f"{case.path}/serve"
    form = mediator.get(f"{case.path}/do/serve").form(path)
    look = mediator.ask("POST", f"{case.path}/do/serve/preview", {**form, "summary": SUMMARY})
    assert words["letters_covered"] in look.words and SUMMARY in look.text
    case.does("serve", summary=SUMMARY)
    text = mail_to(office, case, BIANCA)
    assert case.protocol in text and link_in(text) and "Bianca Moura" in text
    _, due = case.clock("company")
    assert intake.long_day(due) in text
    raw = intake.letters_to(office, case, BIANCA)[-1]
    for told in said_of(case):
        assert told not in text and told not in str(raw.parsed["Subject"])
    page = Clerk(office, BIANCA).enter(case)
    assert SUMMARY in page.text, page.words
    # The mediator sees what the company was told.
    assert SUMMARY in mediator.get(case.path).text


def test_the_first_reference_brings_the_code_and_an_answer_to_it_counts(
        office, mediator, by_reference):
    admin = office.office.admin
    addr = f"nova.{secrets.token_hex(4)}@aurora.example"
    admin.do("company", "contact", "--company", SHOP, "--unit", "SAC",
             "--address", addr, "--name", "Nova Dias")
    case = served(office, mediator)
    text = mail_to(office, case, addr)
    assert CODE.search(text) and not any(x in text for x in said_of(case))
    assert SUMMARY in Clerk(office, addr).enter(case).text
    letter = intake.letters_to(office, case, addr)[-1]
    told, _, own = desk.take(office, desk.answer_to(
        letter, addr, name="Nova Dias", text="Devolvemos o valor."))
    assert told["outcome"] == "appended" and own == case.id, told
    admin.do("company", "contact", "--company", SHOP, "--unit", "SAC",
             "--address", addr, "--active", "no")


def test_who_asked_for_it_gets_all_of_the_text(office, mediator):
    case = served(office, mediator)
    text = mail_to(office, case, BIANCA)
    assert SUMMARY in text and link_in(text)


# ---- the way in ----------------------------------------------------------------


def test_programs_that_open_every_link_change_nothing(office, case, bianca):
    link = link_in(mail_to(office, case, BIANCA))
    wait_until("its letters have left", office.outbox_is_quiet, 30)
    before = figures(office)
    for path in (link, "/p", f"/p/{case.protocol}", "/p/code", "/p/figures",
                 f"/p/{case.protocol}/answer", f"/p/{case.protocol}/hand",
                 f"/p/{case.protocol}/files/1/0", "/p/figures.csv"):
        for _ in range(2):
            page = office.browser().get(path)
            assert page.status in (200, 404), (path, page.status)
            assert SUMMARY not in page.text and BIANCA not in page.text
            assert office.browser().ask("HEAD", path).status == page.status
        assert office.browser().post(path).status in (400, 405)
    assert figures(office) == before


def test_the_link_and_its_code_lead_to_the_case(office, case, bianca, words):
    text = mail_to(office, case, BIANCA)
    link = link_in(text)
    page = bianca.browser.get(link)
    assert "Bianca" not in page.text and case.protocol not in page.text
    done = bianca.browser.post(link, **page.form(link), open="1",
                               code=bianca.code)
    assert done.status == 303 and done.location == f"/p/{case.protocol}"
    page = bianca.browser.get(done.location)
    assert SUMMARY in page.text and "Bianca Moura" in page.text
    assert words["member_answer"] in page.words
    assert "Cobrança" in page.text  # what is alleged
    assert words["link_state_company"] in page.words
    assert words["clock_day_zero"] in page.words  # why this date
    rows = office.query("SELECT action FROM audit_event WHERE action ="
                        " 'page-open'")
    assert rows


def test_a_code_that_stands_in_the_address_needs_no_typing(office, case,
                                                           bianca):
    link = link_in(mail_to(office, case, BIANCA)).split("-")[0]
    path = f"{link}-{bianca.code.replace('-', '')}"
    page = bianca.browser.get(path)
    assert 'name="code"' not in page.text
    done = bianca.browser.post(path, **page.form(path), open="1")
    assert done.status == 303 and done.location == f"/p/{case.protocol}"


def test_without_a_code_there_is_the_standing_of_that_case_alone(
        office, case, bianca, words):
    link = link_in(mail_to(office, case, BIANCA)).split("-")[0]
    browser = office.browser()
    page = browser.post(link, **browser.get(link).form(link), look="1")
    assert page.status == 200, page.words
    assert words["link_state_company"] in page.words
    assert "Bianca Moura" in page.text and words["member_link_of"] in page.words
    assert SUMMARY not in page.text and case.addr not in page.text
    assert browser.get(f"/p/{case.protocol}").text.count(SUMMARY) == 0
    # More time may be asked for: two steps, and it is the case's act.
    sent = page.form(link)
    page = browser.post(link, **sent, what="ask-extension",
                        words="Falta um laudo.")
    assert "Falta um laudo." in page.text and posts(office, case) == []
    done = browser.ask("POST", link, {**fields_of(page, link), "confirm": "1"})
    assert done.status == 200 and words["link_done"] in done.words
    wait_until("it is asked for", lambda: "extension-asked" in open_tasks(case),
               20, 0.05)


WRONG_CODES = ["", "x", "0" * 26, "abcd-efgh"]


@pytest.mark.parametrize("code", WRONG_CODES)
def test_wrong_codes_open_nothing_and_say_so(office, case, bianca, code,
                                             words):
    page = bianca.browser.post("/p", **bianca.browser.get("/p").form("/p"),
                               code=code)
    assert page.status == 422 and 'role="alert"' in page.text
    assert bianca.browser.get(f"/p/{case.protocol}").text.count(SUMMARY) == 0
    # A neighbour's code does not open by another's link.
    if code == "":
        mail_to(office, case, OTTO)
        link = link_in(mail_to(office, case, BIANCA)).split("-")[0]
        browser = office.browser()
        page = browser.post(link, **browser.get(link).form(link), open="1",
                            code=Clerk(office, OTTO).code)
        assert page.status == 422
        assert words["member_code_wrong"] in page.words


def test_another_code_is_sent_to_whom_we_know_and_the_answer_is_the_same(
        office, case, bianca, words):
    old = bianca.code
    before = len(office.sink.to(BIANCA))
    said = []
    for addr in (BIANCA, "ninguem@nenhures.example"):
        browser = office.browser()
        page = browser.get("/p/code")
        page = browser.post("/p/code", **page.form("/p/code"), addr=addr)
        assert page.status == 200
        said.append(page.words)
    assert said[0] == said[1] and words["member_ask_done"] in said[0]
    wait_until("a fresh code", lambda: len(office.sink.to(BIANCA)) > before,
               30, 0.1)
    assert bianca.code != old
    page = bianca.browser.post("/p", **bianca.browser.get("/p").form("/p"),
                               code=old)
    assert page.status == 422 and words["member_code_over"] in page.words
    bianca.enter()


def test_who_leaves_the_page_reads_no_more(office, case, bianca):
    page = bianca.enter(case)
    kept = dict(bianca.browser.cookies)
    done = bianca.browser.post("/p/leave", **page.form("/p/leave"))
    assert done.status == 303 and done.location == "/p"
    assert SUMMARY not in bianca.browser.get(f"/p/{case.protocol}").text
    bianca.browser.cookies = kept  # it is over, and not only forgotten
    assert SUMMARY not in bianca.browser.get(f"/p/{case.protocol}").text


def old_token(office, row):
    """The address of before, as letters bore it."""
    with open(os.path.join(office.office.home, "secrets", "k_tok.key"),
              encoding="ascii") as key:
        k_tok = bytes.fromhex(key.read().strip())
    return accountant.message_name(k_tok, b"lnk", bytes.fromhex(row))


def test_an_old_link_of_a_company_leads_to_its_page(office, case, bianca,
                                                    words):
    """Letters of before named the company's reply address, not a person."""
    (row,), = office.query(
        "SELECT replace(id::text, '-', '') FROM reply_address WHERE party = %s",
        case.party("company"))
    old = "/t/" + old_token(office, row)
    page = office.browser().get(old)
    assert page.status == 303 and page.location.startswith("/p/")
    link, browser = page.location, office.browser()
    page = browser.get(link)
    assert page.status == 200 and case.protocol not in page.text
    page = browser.post(link, **page.form(link), look="1")
    assert words["link_state_company"] in page.words
    page = browser.post(link, **browser.get(link).form(link), open="1",
                        code=bianca.code)
    assert page.status == 422  # it is nobody's in particular


# ---- the list ------------------------------------------------------------------


def lines(page):
    return re.findall(r'<h2><a href="/p/([\d-]+)"', page.text)


def test_what_the_company_owes_stands_soonest_first(office, mediator, case,
                                                    bianca, words):
    late = served(office, mediator)
    mail_to(office, late, BIANCA)
    office.query("UPDATE case_file SET due = now() - interval '1 day'"
                 " WHERE id = %s", late.id)
    page = bianca.enter()
    found = lines(page)
    assert found.index(late.protocol) < found.index(case.protocol)
    assert words["member_step_company"] in page.words
    assert words["member_late"] in page.words
    assert words["member_why_date"] in page.words
    for what, there in ((case.protocol, [case.protocol]), ("2099-9", [])):
        page = bianca.browser.get(f"/p?q={what}")
        assert lines(page) == there
    # One's own number: sealed, and found by a part of it.
    own = "SAC-" + secrets.token_hex(4).upper()
    page = bianca.see(case)
    path = f"/p/{case.protocol}/reference"
    done = bianca.browser.post(path, **page.form(path), words=own)
    assert done.status == 303
    assert own in bianca.browser.get("/p").text
    assert lines(bianca.browser.get("/p?q=" + own[4:8].lower())) == [
        case.protocol]
    for table in ("item", "company_post", "case_file"):
        dump, = office.query(f"SELECT string_agg(t::text, '') FROM {table} t")
        assert own not in (dump[0] or "")
    # What was answered waits for others, what is closed is apart.
    bianca.say(case, "answer", **answer_to_both())
    assert case.protocol not in lines(bianca.browser.get("/p"))
    page = bianca.browser.get("/p?show=waiting")
    assert case.protocol in lines(page)
    assert words["member_wait_reading"] in page.words
    office.query("UPDATE case_file SET state = 'closed', closed = now()"
                 " - interval '10 days' WHERE id = %s", late.id)
    assert late.protocol in lines(bianca.browser.get("/p?show=closed"))
    assert late.protocol not in lines(
        bianca.browser.get("/p?show=closed&days=5"))


def test_a_long_list_has_pages(office, mediator, case, bianca):
    many = [served(office, mediator) for _ in range(2)]
    for one in many:
        mail_to(office, one, BIANCA)
    bianca.enter()
    office.query("INSERT INTO case_file (id, protocol, state, lang, channel,"
                 " opened, last, key_version, summary, due)"
                 " SELECT md5(n::text || %s)::uuid, '2031-' || to_char(n,"
                 "'FM000000') || '-0', 'company', 'pt-BR', 'mail', now(),"
                 " now(), 1, '', now() + n * interval '1 day'"
                 " FROM generate_series(1, 40) n", case.protocol)
    office.query("INSERT INTO party (id, case_id, side)"
                 " SELECT id, id, 'company' FROM case_file"
                 " WHERE protocol LIKE '2031-%%'")
    office.query("INSERT INTO capsule (id, case_id, party, key_version, ct,"
                 " box_case, main, contact) SELECT id, id, id, 1, '', '',"
                 " true, (SELECT id FROM company_contact WHERE addr = %s)"
                 " FROM case_file WHERE protocol LIKE '2031-%%'", BIANCA)
    try:
        seen, path = [], "/p"
        while path:
            page = bianca.browser.get(path)
            seen += lines(page)
            following = re.search(r'rel="next" href="([^"]+)"', page.text)
            path = html.unescape(following[1]) if following else None
            assert len(page.body) < 60000
        assert len(seen) == len(set(seen))
        assert len([s for s in seen if s.startswith("2031-")]) == 40
    finally:
        for table in ("capsule", "party"):
            office.query(f"DELETE FROM {table} WHERE case_id IN (SELECT id FROM"
                         " case_file WHERE protocol LIKE '2031-%%')")
        office.query("DELETE FROM case_file WHERE protocol LIKE '2031-%%'")


# ---- answering -----------------------------------------------------------------


def test_an_answer_to_each_point_becomes_the_mediators_form(
        office, mediator, case, bianca, words):
    bianca.enter(case)
    page, _ = bianca.form(case, "answer", **answer_to_both())
    assert page.status == 200 and words["link_confirm_heading"] in page.words
    assert "A fatura saiu duas vezes." in page.text
    assert posts(office, case) == []  # nothing counts yet
    done = bianca.confirm(case, "answer", page)
    assert done.status == 303, done.words
    shown = bianca.browser.get(done.location)
    assert words["member_done_answer"] in shown.words
    assert "A taxa está no contrato." in shown.text  # their own message
    assert posts(office, case) == ["answer"]
    assert case.clock("company")[0] == "paused"
    assert "read-answer" in open_tasks(case)
    # It was received, by mail; and once, however often it is sent.
    wait_until("the receipt", lambda: any(
        "Recebemos a resposta" in desk.words_of(m)
        for m in intake.letters_to(office, case, BIANCA)), 20, 0.05)
    again = bianca.confirm(case, "answer", page)
    assert again.status == 303 and posts(office, case) == ["answer"]
    # Nothing went to the consumer.
    assert not any("fatura saiu" in desk.words_of(m)
                   for m in office.sink.to(case.addr))
    # The mediator's form holds the message and the promise.
    form = mediator.get(f"{case.path}/do/answer")
    assert form.status == 200
    assert "Devolver R$ 80" in form.text
    assert str(open_day()) in form.text or \
        open_day().strftime("%d/%m/%Y") in form.text
    case.does("answer", item=str(case.items("mail_in")[-1][4]),
              text="A empresa respondeu a cada ponto.", points="1",
              promise="Devolver R$ 80", promise_day=str(open_day()))
    assert case.column("state::text") == "consumer"
    row, = office.query("SELECT promiser, source, due::date FROM promise"
                        " WHERE case_id = %s", case.id)
    assert row[:2] == ("company", "answer")
    page = bianca.see(case)
    assert words["member_promise_offer"] in page.words
    assert words["link_state_consumer"] in page.words


WRONG = {
    "nothing of the second point": ({"happened-2": " "}, "happened-2"),
    "a day without an offer": ({"offered": ""}, "by"),
    "no day": ({"by": "amanhã"}, "by"),
    "a day that is past": ({"by": "2020-01-06"}, "by"),
    "too long": ({"happened": "x" * 4001}, "happened"),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(
        office, case, bianca, what):
    bianca.enter(case)
    before = figures(office)
    changed, field = WRONG[what]
    page, sent = bianca.form(case, "answer", **answer_to_both(**changed))
    assert page.status == 422, page.words
    assert f'href="#say-{field}"' in page.text
    assert f'id="say-{field}-e"' in page.text
    assert page.field("say-words") == sent["words"]
    assert page.field("say-happened") == sent["happened"]
    assert figures(office) == before


def test_two_of_one_company_at_once(office, case, bianca, otto, words):
    bianca.enter(case)
    otto.enter(case)
    page, _ = bianca.form(case, "answer", **answer_to_both())
    late, sent = otto.form(case, "answer",
                           **answer_to_both(words="Otto escreveu isto."))
    assert bianca.confirm(case, "answer", page).status == 303
    done = otto.confirm(case, "answer", late)
    assert done.status == 409, done.words
    assert "Bianca Moura" in done.text and words["member_faster"] in done.words
    assert done.field("say-words") == "Otto escreveu isto."
    assert posts(office, case) == ["answer"]
    # He sees who was faster, and sends it as a message, whole.
    path = f"/p/{case.protocol}/answer"
    page = otto.browser.ask("POST", path, {
        **sent, **done.form(path), "as_message": "1"})
    assert page.status == 200 and "Otto escreveu isto." in page.text
    done = otto.confirm(case, "answer", page)
    assert done.status == 303, done.words
    assert posts(office, case) == ["answer", "message"]
    assert "A taxa está no contrato." in otto.browser.get(done.location).text


def test_more_time_with_a_reason_once(office, case, bianca, words):
    bianca.enter(case)
    page, _ = bianca.form(case, "decide", what="ask-extension", words="")
    assert page.status == 422  # why?
    page = bianca.say(case, "decide", what="ask-extension",
                      words="O laudo chega na sexta.")
    assert words["member_done_decide"] in page.words
    wait_until("it is asked for", lambda: "extension-asked" in open_tasks(case),
               20, 0.05)
    rows = office.query("SELECT action, source FROM party_act WHERE"
                        " case_id = %s", case.id)
    assert rows == [("ask-extension", "link")]
    page = bianca.see(case)
    assert "/decide?what=ask-extension" not in page.text
    page, _ = bianca.form(case, "decide", what="ask-extension", words="Mais.")
    assert page.status == 409
    before = case.clock("company")[1]
    case.does("extend", reason="O laudo chega na sexta.")
    assert case.clock("company")[1] > before and open_tasks(case) == []


def test_a_refusal_with_its_reasons_is_the_act_it_is_by_mail(office, case,
                                                             bianca):
    bianca.enter(case)
    bianca.say(case, "decide", what="decline",
               words="O contrato não é com esta empresa.")
    wait_until("it is merit", lambda: case.column("state::text") == "merit",
               20, 0.05)


def test_a_missing_datum_is_asked_of_the_office_and_not_of_the_consumer(
        office, mediator, case, bianca, words):
    bianca.enter(case)
    before = len(office.sink.to(case.addr))
    bianca.say(case, "ask-datum", words="O número do contrato.")
    assert open_tasks(case) == ["ask-consumer"]
    wait_until("nothing waits", office.outbox_is_quiet, 20)
    assert len(office.sink.to(case.addr)) == before
    page = mediator.get(case.path)
    assert words["task_ask_consumer"] in page.words
    assert "O número do contrato." in page.text
    # Who writes to the consumer has seen to it.
    page = desk.write(mediator, case, text="Qual é o número do contrato?")
    assert page.status == 303, page.words
    assert open_tasks(case) == []


@pytest.mark.parametrize("state", ["consumer", "mediation", "closed"])
def test_a_message_to_the_office_in_any_state(office, case, bianca, state):
    bianca.enter(case)
    office.query("UPDATE case_file SET state = %s::case_state, closed = CASE"
                 " WHEN %s = 'closed' THEN now() END WHERE id = %s", state,
                 state, case.id)
    page = bianca.say(case, "message", words="Uma pergunta nossa.")
    assert "Uma pergunta nossa." in page.text
    assert posts(office, case) == ["message"]
    assert open_tasks(case) == (["reopen"] if state == "closed" else [])
    assert case.column("state::text") == state


def test_what_cannot_be_done_now_says_so_and_keeps_the_words(
        office, case, bianca, words):
    bianca.enter(case)
    path = f"/p/{case.protocol}/answer"
    page = bianca.browser.get(path)
    office.query("UPDATE case_file SET state = 'mediation' WHERE id = %s",
                 case.id)
    page = bianca.browser.ask("POST", path, {
        **page.form(path), **answer_to_both()})
    assert page.status == 409 and words["link_not_now"] in page.words
    assert page.field("say-words") == "Estamos à disposição."
    assert posts(office, case) == []


def test_a_visit_that_is_over_loses_nothing(office, case, bianca, words):
    bianca.enter(case)
    path = f"/p/{case.protocol}/answer"
    sent = {**bianca.browser.get(path).form(path), **answer_to_both()}
    office.query("DELETE FROM page_visit")
    page = bianca.browser.ask("POST", path, sent)
    assert page.status == 403 and words["member_ended_kept"] in page.words
    again = fields_of(page, path)
    assert again["happened-2"] == sent["happened-2"]
    page = bianca.browser.ask("POST", path, {**again, "code": "0" * 26})
    assert page.status == 422
    page = bianca.browser.ask("POST", path, {
        **fields_of(page, path), "code": bianca.code})
    assert page.status == 200 and "A taxa está no contrato." in page.text
    assert bianca.confirm(case, "answer", page).status == 303


# ---- files ---------------------------------------------------------------------


def multipart(fields, files):
    edge = "x" + secrets.token_hex(8)
    parts = [f'--{edge}\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n'
             f"{v}\r\n".encode() for k, v in fields.items()]
    parts += [f'--{edge}\r\nContent-Disposition: form-data; name="files";'
              f' filename="{name}"\r\nContent-Type: {kind}\r\n\r\n'.encode()
              + data + b"\r\n" for name, kind, data in files]
    return (f"multipart/form-data; boundary={edge}",
            b"".join(parts) + f"--{edge}--\r\n".encode())


def post_files(office, browser, path, fields, files=()):
    kind, body = multipart(fields, files)
    line = http.client.HTTPConnection(browser.host, browser.port, timeout=30)
    line.request("POST", path, body, {
        "Content-Type": kind, "Origin": browser.origin,
        "Sec-Fetch-Site": "same-origin", "Cookie": "; ".join(
            f"{k}={v}" for k, v in browser.cookies.items())})
    answer = line.getresponse()
    page = stage.Page(answer.status, answer.headers, answer.read())
    line.close()
    return page


def test_a_file_goes_with_the_answer_and_is_read_again(office, mediator, case,
                                                       bianca):
    bianca.enter(case)
    path = f"/p/{case.protocol}/answer"
    page = bianca.browser.get(path)
    data = b"Comprovante da devolucao.\n" * 20
    page = post_files(office, bianca.browser, path, {
        **page.form(path), **answer_to_both()},
        [("comprovante.txt", "text/plain", data)])
    assert page.status == 200 and "comprovante.txt" in page.text, page.words
    done = post_files(office, bianca.browser, path, {
        **fields_of(page, path), "confirm": "1"})
    assert done.status == 303, done.words
    shown = bianca.browser.get(done.location)
    link, = set(re.findall(rf"/p/{case.protocol}/files/\d+/\d+", shown.text))
    file = bianca.browser.get(link)
    assert file.status == 200 and file.body == data
    assert file.headers["Content-Disposition"].startswith("attachment;")
    assert "comprovante.txt" in mediator.get(case.path).text
    assert office.browser().get(link).status == 200  # the door, and no file
    assert office.browser().get(link).body != data


# ---- handing over --------------------------------------------------------------


def hand(clerk, case, addr, keeps="0"):
    path = f"/p/{case.protocol}/hand"
    page = clerk.browser.get(path)
    (to,), = clerk.office.query(
        "SELECT replace(id::text, '-', '') FROM company_contact WHERE"
        " addr = %s", addr)
    page = clerk.browser.post(path, **page.form(path), to=to, keeps=keeps)
    assert page.status == 200, page.words
    return clerk.browser.ask("POST", path, {**page.form(path), "confirm": "1"})


def test_a_case_goes_to_an_outsourced_centre(office, mediator, case, bianca,
                                             words):
    bianca.enter(case)
    page = bianca.browser.get(f"/p/{case.protocol}/hand")
    assert "Célia Prado" in page.text and "Rui Velho" not in page.text
    before = len(office.sink.to(CELIA))
    done = hand(bianca, case, CELIA)
    assert done.status == 303, done.words
    assert words["member_done_hand"] in bianca.browser.get(done.location).words
    text = mail_to(office, case, CELIA)
    assert "Bianca Moura" in text and case.protocol in text
    wait_until("both know", lambda: len(office.sink.to(CELIA)) > before and any(
        "Célia Prado" in desk.words_of(m)
        for m in intake.letters_to(office, case, BIANCA)), 20, 0.05)
    # The giver's own visit opened it to her, then or at the next look.
    bianca.see(case)
    celia = Clerk(office, CELIA)
    page = celia.enter(case)
    assert SUMMARY in page.text, page.words
    assert lines(celia.browser.get("/p")) and case.protocol in lines(
        celia.browser.get("/p"))
    celia.say(case, "answer", **answer_to_both())
    # Letters from now on go to her alone; the office sees who has it.
    count = len(intake.letters_to(office, case, BIANCA))
    wait_until("the receipt", lambda: any(
        "Recebemos a resposta" in desk.words_of(m)
        for m in intake.letters_to(office, case, CELIA)), 20, 0.05)
    assert len(intake.letters_to(office, case, BIANCA)) == count
    assert "hand-over" in case.events()
    log = mediator.get(f"{case.path}/log")
    assert "Célia Prado" in log.text and words["event_hand_over"] in log.words
    # Her mail is the company's, too.
    known = office.query("SELECT count(*) FROM ident_token WHERE case_id = %s"
                         " AND party = %s", case.id, case.party("company"))
    assert known[0][0] >= 3


def test_whoever_has_a_key_reads_at_once_and_both_get_letters(
        office, mediator, case, bianca, otto):
    other = served(office, mediator)
    mail_to(office, other, BIANCA)
    office.query("DELETE FROM capsule WHERE case_id = %s AND contact ="
                 " (SELECT id FROM company_contact WHERE addr = %s)",
                 other.id, OTTO)
    office.query(
        "DELETE FROM page_box b USING item i, page_key k, company_contact c"
        " WHERE i.id = b.item AND i.case_id = %s AND k.id = b.page_key AND"
        " c.id = k.reader AND c.addr = %s", other.id, OTTO)
    otto.enter()
    assert otto.browser.get(f"/p/{other.protocol}").status == 404
    bianca.enter(other)
    assert hand(bianca, other, OTTO, keeps="1").status == 303
    assert SUMMARY in otto.see(other).text
    rows = office.query(
        "SELECT k.addr, c.main FROM capsule c JOIN company_contact k"
        " ON k.id = c.contact WHERE c.case_id = %s ORDER BY 1", other.id)
    assert rows == [(BIANCA, True), (OTTO, True)]


def test_a_colleague_of_the_office_opens_it_to_the_heir_as_well(
        office, mediator, bianca, case):
    bianca.enter(case)
    assert hand(bianca, case, CELIA).status == 303
    mail_to(office, case, CELIA)
    celia = Clerk(office, CELIA)
    wait_until("she has a key", lambda: any(
        CODE.search(desk.words_of(m)) for m in office.sink.to(CELIA)), 20, 0.05)
    office.query(
        "DELETE FROM page_box b USING item i, page_key k, company_contact c"
        " WHERE i.id = b.item AND i.case_id = %s AND k.id = b.page_key AND"
        " c.id = k.reader AND c.addr = %s", case.id, CELIA)
    celia.enter()
    assert SUMMARY not in celia.see(case).text
    assert mediator.get(case.path).status == 200
    assert SUMMARY in celia.see(case).text


def test_a_case_is_given_to_nobody_else(office, mediator, case, bianca):
    bianca.enter(case)
    path = f"/p/{case.protocol}/hand"
    page = bianca.browser.get(path)
    strangers = ["dora@northwind.example", RUI, BIANCA]
    for addr in strangers:
        (to,), = office.query("SELECT replace(id::text, '-', '') FROM"
                              " company_contact WHERE addr = %s", addr)
        for extra in ({}, {"confirm": "1", "form_key": secrets.token_hex(16)}):
            refused = bianca.browser.post(path, **page.form(path) | extra,
                                          to=to)
            assert refused.status == 422, (addr, refused.words)
    # Nor by who writes to the database as the server does.
    with pytest.raises(Exception):
        office.query("SET ROLE ouv_srv; INSERT INTO company_hand VALUES ("
                     "gen_random_uuid(), gen_random_uuid(), gen_random_uuid(),"
                     " gen_random_uuid(), false, now())")
    assert office.query("SELECT count(*) FROM company_hand WHERE case_id = %s",
                        case.id) == [(0,)]


# ---- leaving -------------------------------------------------------------------


def test_who_has_left_has_no_way_in(office, mediator, words):
    case = served(office, mediator)
    admin = office.office.admin
    mail_to(office, case, BIANCA)
    bianca = Clerk(office, BIANCA)
    bianca.enter(case)
    assert hand(bianca, case, CELIA).status == 303
    mail_to(office, case, CELIA)
    celia = Clerk(office, CELIA)
    celia.enter(case)
    code = celia.code
    today = stage.today()
    # Its contract ends by itself: no key is revoked, and no page opens.
    office.query("ALTER TABLE company_unit DISABLE TRIGGER ALL")
    office.query("UPDATE company_unit SET until_day = %s WHERE name ="
                 " 'Central Atende'", today - datetime.timedelta(1))
    office.query("ALTER TABLE company_unit ENABLE TRIGGER ALL")
    try:
        for path in ("/p", f"/p/{case.protocol}", "/p/figures",
                     f"/p/{case.protocol}/answer"):
            page = celia.browser.get(path)
            assert page.status == 403, path
            assert words["member_shut_unit"] in page.words
            assert SUMMARY not in page.text
    finally:
        office.query("UPDATE company_unit SET until_day = %s WHERE name ="
                     " 'Central Atende'", today + datetime.timedelta(40))
    celia.see(case)
    admin.do("company", "contact", "--company", SHOP, "--unit",
             "Central Atende", "--address", CELIA, "--active", "no")
    try:
        page = celia.browser.get("/p")
        assert SUMMARY not in page.text and not lines(page)
        page = celia.browser.post("/p", **celia.browser.get("/p").form("/p"),
                                  code=code)
        assert page.status == 422 and words["member_code_over"] in page.words
    finally:
        admin.do("company", "contact", "--company", SHOP, "--unit",
                 "Central Atende", "--address", CELIA, "--active", "yes")


# ---- what is whose -------------------------------------------------------------


def test_another_companys_clerk_finds_nothing(office, mediator, case, bianca):
    foreign = served(office, mediator, "Northwind Ltd.")
    mail_to(office, foreign, "dora@northwind.example")
    dora = Clerk(office, "dora@northwind.example")
    dora.enter(foreign)
    bianca.enter(case)
    bianca.say(case, "answer", **answer_to_both())
    seq = case.items("mail_in")[-1][4]
    for path in ("", "/answer", "/message", "/decide", "/ask-datum", "/hand",
                 f"/files/{seq}/0", f"/text?n={seq}"):
        page = dora.browser.get(f"/p/{case.protocol}{path}")
        assert page.status == 404, path
        assert case.protocol not in dora.browser.get("/p").text
    path = f"/p/{foreign.protocol}/message"
    sent = dora.browser.get(path).form(path)
    theirs = f"/p/{case.protocol}/message"
    assert dora.browser.post(theirs, **sent | {
        "words": "x", "confirm": "1"}).status in (400, 404)
    assert posts(office, case) == ["answer"]


def test_no_page_holds_what_is_the_consumers(office, mediator, words):
    """Address, telephone, numbers, and other companies' cases: canaries over
    every page and file of a case in which everything was written."""
    phone, cpf = "(11) 98765-4321", "529.982.247-25"
    case = intake.Case(office, mediator, text=stage.WORDS["pt-BR"]
                       + f"\nMeu telefone {phone}, CPF {cpf}.")
    other = served(office, mediator, "Northwind Ltd.")
    case.served()
    mail_to(office, case, BIANCA)
    bianca = Clerk(office, BIANCA)
    bianca.enter(case)
    bianca.say(case, "answer", happened="Foi um engano.",
               offered="Devolver", by=str(open_day()))
    seen = b""
    base = f"/p/{case.protocol}"
    for path in ("/p", "/p?show=open", "/p?show=waiting", "/p/figures",
                 "/p/figures.csv", "/p/promises.csv", base, base + "/answer",
                 base + "/message", base + "/decide", base + "/ask-datum",
                 base + "/hand"):
        page = bianca.browser.get(path)
        assert page.status == 200, path
        seen += page.body
    for n in range(1, 12):
        seen += bianca.browser.get(f"{base}/text?n={n}").body
        seen += bianca.browser.get(f"{base}/files/{n}/0").body
    assert case.protocol.encode() in seen and b"Foi um engano." in seen
    for canary in (case.addr, phone, cpf, other.protocol, "Ana Souza",
                   "geladeira e ela"):
        assert canary.encode() not in seen, canary


def test_what_was_released_is_read_until_it_is_taken_back(office, mediator,
                                                          case, bianca):
    said = case.items("mail_in")[0][4]
    bianca.enter(case)
    page = desk.act(mediator, case.path, "disclose", to="company", mode="link",
                    piece=str(said), overrule="A empresa precisa ler isto.")
    assert page.status == 303, page.words
    page = bianca.see(case)
    assert "geladeira" in page.text and 'class="sub">' in page.text
    assert desk.act(mediator, case.path, "withhold", which="1").status == 303
    assert "geladeira nessa loja" not in bianca.see(case).text


# ---- figures -------------------------------------------------------------------


def test_own_figures_are_what_the_cases_say(office, mediator, case, bianca,
                                            words):
    bianca.enter(case)
    page = bianca.browser.get("/p/figures")
    assert page.status == 200, page.words
    (cases, began), = office.query(
        "SELECT count(*), count(*) FILTER (WHERE opened >= date_trunc('year',"
        " now())) FROM case_file WHERE kind = 'complaint' AND company ="
        " (SELECT id FROM company WHERE name = %s)", SHOP)
    rows = list(csv.reader(io.StringIO(bianca.browser.get(
        "/p/figures.csv").body.decode("utf-8-sig"))))
    assert rows[0][0] == words["member_csv_figure"]
    assert rows[1][:2] == [words["member_fig_cases"], str(began)]
    # No sector, or too few others: nothing is told of them.
    assert all(cell == "" for row in rows[1:] for cell in row[3:])
    assert words["member_figures_few"] in page.words
    assert cases >= began


def test_the_sector_is_told_only_of_enough_other_companies(office, mediator,
                                                           case, bianca):
    bianca.enter(case)
    office.query("UPDATE company SET sector = 'shops'")
    made = []
    try:
        for n in range(3):
            company = secrets.token_hex(16)
            made.append(company)
            office.query("INSERT INTO company (id, name, sector, lang)"
                         " VALUES (%s::uuid, %s, 'shops', 'pt-BR')", company,
                         "Outra " + company[:6])
            office.query(
                "INSERT INTO case_file (id, protocol, state, lang, channel,"
                " opened, last, key_version, summary, kind, company, closed,"
                " resolution) SELECT gen_random_uuid(), '2032-' || to_char("
                "%s * 10 + n, 'FM000000') || '-0', 'closed', 'pt-BR', 'mail',"
                " now(), now(), 1, '', 'complaint', %s::uuid, now(), CASE WHEN"
                " n = 1 THEN 'silent'::resolution ELSE 'kept' END"
                " FROM generate_series(1, 2) n", n, company)
            rows = list(csv.reader(io.StringIO(bianca.browser.get(
                "/p/figures.csv").body.decode("utf-8-sig"))))
            others = rows[1][3]
            # The other companies of this office are of the sector as well.
            count, = office.query(
                "SELECT count(DISTINCT company), count(*) FROM case_file f"
                " WHERE kind = 'complaint' AND company <> (SELECT id FROM"
                " company WHERE name = %s) AND opened >="
                " date_trunc('year', now())", SHOP)
            if count[0] < 3 or count[1] < 5:
                assert others == "", rows
            else:
                assert others == str(count[1]), rows
        assert others != ""
    finally:
        office.query("DELETE FROM case_file WHERE protocol LIKE '2032-%%'")
        office.query("DELETE FROM company WHERE name LIKE 'Outra %%'")
        office.query("UPDATE company SET sector = ''")


def test_an_erased_case_leaves_nobodys_name(office, case, bianca):
    bianca.enter(case)
    bianca.say(case, "answer", **answer_to_both())
    assert hand(bianca, case, CELIA).status == 303
    # As case_erase does it: nobody else is at this case meanwhile.
    office.query("WITH it AS MATERIALIZED (SELECT id FROM case_file WHERE id ="
                 " %s FOR UPDATE) SELECT file_wipe(id) FROM it", case.id)
    for table in ("company_post", "company_hand"):
        assert office.query(f"SELECT count(*) FROM {table} WHERE case_id = %s",
                            case.id) == [(0,)]
