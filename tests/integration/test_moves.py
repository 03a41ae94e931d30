"""The frame around a move: what stands against it is named and nothing is
done, who comes second learns what changed, what two must sign waits for the
second, and what is shown before is what is sent.

Everything is posted to the real server and arrives in the sink.
"""

import html
import json
import re

import pytest

import accountant
import harness
import test_write as desk
from test_intake import Case, about, office, pending  # noqa: F401

REASONS = "A loja não faz parte do nosso programa."
REFUSAL = {"kind": "complaint", "ground": "not-competent", "reasons": REASONS}


@pytest.fixture(scope="module")
def mediator(office):
    return desk.login(office, "mediator")


@pytest.fixture(scope="module")
def second(office):
    return desk.login(office, "mediator2")


@pytest.fixture(scope="module")
def clerk(office):
    return desk.login(office, "intake")


@pytest.fixture
def case(office, mediator):
    return Case(office, mediator)


TABLES = {"case_file": "id", "party": "case_id", "capsule": "case_id",
          "item": "case_id", "outbox": "case_id", "task": "case_id",
          "clock": "case_id", "alarm": "case_id", "allegation": "case_id",
          "act_pending": "case_id", "promise": "case_id",
          "settlement": "case_id", "hearing": "case_id",
          "party_act": "case_id", "case_grant": "case_id",
          "reply_address": "case_id", "ident_token": "case_id"}


def dump(office, case):
    """Every row of the case, and what its log says was done (readings and
    refusals are no doing); the forms used up."""
    rows = {table: office.query(
        f"SELECT (to_jsonb(t) - 'indexed')::text FROM {table} t WHERE {column} = %s ORDER BY 1",
        case.id) for table, column in TABLES.items()}
    rows["audit_event"] = office.query(
        "SELECT t::text FROM audit_event t WHERE chain = %s AND action NOT IN"
        " ('read', 'denied') ORDER BY seq", case.id)
    rows["chunk"] = office.query(
        "SELECT count(*) FROM chunk WHERE item IN (SELECT id FROM item WHERE"
        " case_id = %s)", case.id)
    rows["form_key"] = office.query("SELECT count(*) FROM form_key")
    return rows


def rev(browser, case, verb):
    """The revision a form is made for."""
    page = browser.get(f"{case.path}/do/{verb}")
    return page.form(f"{case.path}/{verb}")["rev"]


def test_looking_at_the_log_is_no_change_of_the_case(mediator, case):
    before = rev(mediator, case, "classify")
    assert mediator.get(f"{case.path}/log").status == 200
    assert rev(mediator, case, "classify") == before


def look(browser, case, verb, **fields):
    """The letters as the form shows them."""
    path = f"{case.path}/do/{verb}"
    form = {**browser.get(path).form(f"{case.path}/{verb}"), **fields}
    return browser.ask("POST", f"{path}/preview", form)


def settled(office, case):
    """The letters of the case are out, so that no row moves by itself."""
    harness.wait_until("its letters are out", lambda: not office.query(
        "SELECT 1 FROM outbox WHERE case_id = %s AND state <> 'sent'",
        case.id), 20, 0.05)


# ---- guards ------------------------------------------------------------------


def test_a_move_with_failing_guards_changes_nothing_and_names_each(
        office, mediator, words, case):
    settled(office, case)
    before = dump(office, case)
    page = case.act("serve", summary="Cobrança em dobro.")
    assert page.status == 403, page.words
    for guard in ("complaint", "classified", "chain", "identity"):
        assert words[f"guard_{guard}"] in page.words
    for guard in ("free", "qualified", "team", "eyes", "lint"):
        assert words[f"guard_{guard}"] not in page.words
    assert dump(office, case) == before


def test_the_guards_that_hold_are_not_named(office, mediator, words, case):
    case.classified(identity="")
    page = case.act("serve", summary="Cobrança em dobro.")
    assert words["guard_identity"] in page.words
    for guard in ("complaint", "classified", "chain"):
        assert words[f"guard_{guard}"] not in page.words


def test_an_act_of_another_state_or_role_changes_nothing(
        office, mediator, clerk, case):
    settled(office, case)
    before = dump(office, case)
    for browser, verb in ((mediator, "decide"), (mediator, "open"),
                          (mediator, "answer"), (clerk, "refuse"),
                          (clerk, "serve"), (mediator, "no-such-verb")):
        page = desk.act(browser, case.path, verb, **REFUSAL)
        assert page.status in (403, 404, 409, 422), (verb, page.words)
    assert dump(office, case) == before


def test_a_party_is_entered_only_by_a_way_it_could_have_come(
        office, mediator, case):
    settled(office, case)
    before = dump(office, case)
    for more in ({"behalf": "consumer"},
                 {"behalf": "consumer", "source": "rumour"},
                 {"behalf": "ombudsman", "source": "call"}):
        assert case.act("withdraw", **more).status == 422
    assert dump(office, case) == before
    case.does("withdraw", behalf="consumer", source="call")
    assert case.column("state::text", "closed_by", "closed_from::text") == (
        "closed", "withdraw", "triage")


# ---- two at once ---------------------------------------------------------------


def test_who_comes_second_is_told_what_changed(
        office, mediator, second, words, case):
    seen = rev(mediator, case, "ask")
    name = office.office.person("mediator2")["name"]
    assert desk.act(second, case.path, "note",
                    text="O cliente ligou.").status == 303
    settled(office, case)
    before = dump(office, case)
    page = case.act("ask", rev=seen, questions="Em que dia ela chegou?")
    assert page.status == 409, page.words
    assert name in page.words and words["changed_heading"] in page.words
    assert dump(office, case) == before
    # What was typed is still there; with what they have now seen it goes out.
    assert "Em que dia ela chegou?" in page.text
    form = page.form(f"{case.path}/ask")
    assert form["rev"] != seen
    case.does("ask", rev=form["rev"], questions="Em que dia ela chegou?")
    assert case.column("state::text") == "info"


def test_reading_changes_nothing_for_others(mediator, second, case):
    seen = rev(mediator, case, "ask")
    second.get(case.path)
    case.does("ask", rev=seen, questions="Em que dia ela chegou?")


def test_a_mail_that_came_meanwhile_is_a_change(office, mediator, case):
    seen = rev(mediator, case, "ask")
    desk.take(office, desk.answer_to(case.ack, case.addr))
    page = case.act("ask", rev=seen, questions="Em que dia ela chegou?")
    assert page.status == 409
    assert case.column("state::text") == "triage"


# ---- two people ------------------------------------------------------------------


def test_a_refusal_waits_and_nothing_of_it_happens(office, case):
    settled(office, case)
    before = dump(office, case)
    case.does("refuse", **REFUSAL)
    after = dump(office, case)
    for table in ("outbox", "clock", "alarm", "party", "capsule"):
        assert after[table] == before[table]
    assert case.column("state::text") == "triage"
    assert [row[0] for row in case.tasks() if row[2] is None] == [
        "second-person"]
    # What waits is sealed like everything else.
    for table in ("item", "act_pending", "audit_event"):
        text, = office.query(f"SELECT string_agg(t::text, '') FROM {table} t")
        assert REASONS not in text[0]


def test_the_author_does_not_confirm_and_the_wrong_role_neither(
        office, mediator, clerk, words, case):
    case.does("refuse", **REFUSAL)
    settled(office, case)
    before = dump(office, case)
    act = pending(office, case)
    page = case.act("second", act=act, decision="confirm")
    assert page.status == 403 and words["guard_eyes"] in page.words
    assert desk.act(clerk, case.path, "second", act=act,
                    decision="confirm").status in (403, 409)
    assert dump(office, case) == before


def test_the_second_confirms_and_it_is_done_as_the_authors(
        office, mediator, second, case):
    case.does("refuse", **REFUSAL)
    page = desk.act(second, case.path, "second", act=pending(office, case),
                    decision="confirm")
    assert page.status == 303, page.words
    assert case.column("state::text", "closed_by") == ("closed", "refuse")
    assert office.query("SELECT decision FROM act_pending WHERE case_id = %s",
                        case.id) == [("confirmed",)]
    people = dict(office.query("SELECT login, id FROM person"))
    done = dict(office.query("SELECT action, actor FROM audit_event WHERE"
                             " chain = %s", case.id))
    assert done["refuse"] == people["mediator"]
    assert done["second"] == people["mediator2"]
    # The letter is signed by who wrote it.
    text = case.mail(2)
    assert office.office.person("mediator")["name"] in text
    assert office.office.person("mediator2")["name"] not in text
    assert all(row[2] is not None for row in case.tasks())


def decides(browser, case, form, decision="confirm", why=""):
    """Presses a button of the form that a page showed."""
    return browser.ask("POST", f"{case.path}/second",
                       {**form, "decision": decision, "why": why})


def card(browser, case):
    """What waits, as this colleague reads it, and the form below it."""
    page = browser.get(case.path)
    shown = re.search(r'(?s)<section[^>]* id="pending".*?</section>',
                      page.text)[0]
    return shown, page.form(f"{case.path}/second")


def decision_of(office, case):
    return office.query("SELECT decision FROM act_pending WHERE case_id = %s"
                        " ORDER BY at", case.id)


def waiting_tasks(case):
    return [row[0] for row in case.tasks() if row[2] is None]


def typed(page, name):
    return html.unescape(re.search(
        rf'(?s)<textarea id="move-{name}"[^>]*>\n(.*?)</textarea>',
        page.text)[1])


def take_up(page, case, verb):
    """Where the task of what came back leads."""
    tasks = re.search(r'(?s)<section[^>]*aria-labelledby="tasks-h".*?'
                      r'</section>', page.text)[0]
    assert "#item-" not in tasks  # what a form held is no message
    return re.search(rf'href="({case.path}/do/{verb}\?from=[0-9a-f]{{32}})"',
                     tasks)[1]


def test_what_is_given_back_goes_to_the_author_with_the_reason(
        office, mediator, second, words, case):
    case.does("refuse", **REFUSAL)
    act = pending(office, case)
    assert desk.act(second, case.path, "second", act=act,
                    decision="return").status == 422  # why?
    page = desk.act(second, case.path, "second", act=act, decision="return",
                    why="Falta dizer onde ir.")
    assert page.status == 303, page.words
    assert case.column("state::text") == "triage"
    assert waiting_tasks(case) == ["act-returned"]
    assert "Falta dizer onde ir." in mediator.get(case.path).words
    # Its author goes on from what they wrote.
    page = mediator.get(take_up(mediator.get(case.path), case, "refuse"))
    assert page.status == 200, page.words
    assert words["prepared_state_returned"] in page.words
    assert "Falta dizer onde ir." in page.words
    assert typed(page, "reasons") == REASONS
    assert '<option value="not-competent" selected>' in page.text
    done = mediator.ask("POST", f"{case.path}/refuse", {
        **page.form(f"{case.path}/refuse"), **REFUSAL,
        "reasons": typed(page, "reasons") + " Procure o Procon."})
    assert done.status == 303, done.words
    assert pending(office, case) != act
    assert waiting_tasks(case) == ["second-person"]


def test_what_waits_can_be_changed_by_its_author(
        office, mediator, second, words, case):
    case.does("refuse", **REFUSAL)
    shown = re.search(r'(?s)<section[^>]* id="pending".*?</section>',
                      mediator.get(case.path).text)[0]
    path = re.search(r'href="([^"]+\?from=[0-9a-f]{32})"', shown)[1]
    page = mediator.get(path)
    assert words["prepared_state_waits"] in page.words
    assert typed(page, "reasons") == REASONS
    # Only as that act, of that case, and not once it was carried out.
    act = path.partition("=")[2]
    other = Case(office, mediator)
    for wrong in (f"{case.path}/do/ask?from={act}",
                  f"{other.path}/do/refuse?from={act}",
                  f"{case.path}/do/refuse?from=0",
                  f"{case.path}/do/refuse?from={'0' * 32}"):
        assert mediator.get(wrong).status == 404, wrong
    assert decides(second, case, card(second, case)[1]).status == 303
    assert mediator.get(path).status == 404


def test_notes_and_letters_stop_no_second_person(
        office, mediator, second, words, case):
    case.does("refuse", **REFUSAL)
    assert desk.act(second, case.path, "note",
                    text="A loja ligou.").status == 303
    shown, form = card(second, case)
    assert words["pending_since"] not in shown
    case.does("note", text="Já liguei de volta.")
    case.does("reply", to="consumer", subject="Sua geladeira",
              text=desk.GOOD)
    page = decides(second, case, form)
    assert page.status == 303, page.words
    assert case.column("state::text", "closed_by") == ("closed", "refuse")


def test_what_came_since_stands_beside_what_waits(
        office, second, words, case):
    case.does("refuse", **REFUSAL)
    desk.take(office, desk.answer_to(case.ack, case.addr))
    (seq,), = office.query("SELECT max(seq) FROM item WHERE case_id = %s AND"
                           " kind = 'mail_in'", case.id)
    shown, form = card(second, case)
    assert words["pending_since"] in shown
    assert f"{words['event_append']} #{seq}" in shown
    way = re.search(r'href="([^"]+)#item-(\d+)"', shown)
    assert int(way[2]) == seq
    assert f'id="item-{seq}"' in second.get(html.unescape(way[1])).text
    page = decides(second, case, form)
    assert page.status == 303, page.words
    assert decision_of(office, case) == [("confirmed",)]
    assert REASONS in case.mail(2)


@pytest.mark.parametrize("says", ("the page", "nothing"))
def test_what_came_after_the_page_is_read_first(
        office, second, words, case, says):
    case.does("refuse", **REFUSAL)
    form = card(second, case)[1]
    if says == "nothing":
        form = {**form, "rev": ""}
    desk.take(office, desk.answer_to(case.ack, case.addr))
    page = decides(second, case, form)
    assert page.status == 409, page.words
    assert words["changed_second"] in page.words
    assert words["event_append"] in page.words
    assert case.column("state::text") == "triage"
    # It still waits, and the page that told what came is enough to go on.
    assert decision_of(office, case) == [(None,)]
    assert waiting_tasks(case) == ["second-person"]
    page = decides(second, case, page.form(f"{case.path}/second"))
    assert page.status == 303, page.words
    assert case.column("state::text") == "closed"


def test_an_act_is_void_when_it_no_longer_exists(
        office, mediator, second, words, case):
    case.does("refuse", **REFUSAL)
    act = pending(office, case)
    early = card(second, case)[1]
    case.does("withdraw", behalf="consumer", source="call")
    shown, form = card(second, case)
    assert words["pending_gone"] in shown and 'value="confirm"' not in shown
    page = decides(second, case, early)
    assert page.status == 409, page.words
    assert words["changed_void"] in page.words
    assert words["event_withdraw"] in page.words
    assert decision_of(office, case) == [("void",)]
    assert waiting_tasks(case) == ["act-void"]
    assert decides(second, case, form).status == 422
    # Its author has the words, though there is no form for them any more.
    page = mediator.get(take_up(mediator.get(case.path), case, "refuse"))
    assert page.status == 200, page.words
    assert words["prepared_state_void"] in page.words
    assert re.search(r'(?s)<textarea id="kept"[^>]*>\n(.*?)</textarea>',
                     page.text)[1] == REASONS


def test_written_anew_it_waits_once(office, case):
    case.does("refuse", **REFUSAL)
    first = pending(office, case)
    case.does("refuse", **REFUSAL)
    assert pending(office, case) != first
    assert len([row for row in case.tasks() if row[2] is None]) == 1


# ---- looking first ---------------------------------------------------------------


def test_what_is_shown_before_is_what_is_sent(office, mediator, case):
    fields = {"questions": "Em que dia a geladeira chegou?\n\nE o número?"}
    settled(office, case)
    before = dump(office, case)
    page = look(mediator, case, "ask", **fields)
    assert page.status == 200, page.words
    after = dump(office, case)
    assert after == before
    case.does("ask", **fields)
    mail = case.got(case.addr, 2)[-1]
    sent = desk.stage.plain_text(mail).replace("\r\n", "\n")
    # But for the token of the reader's own page, which is nobody else's.
    sent = re.sub(r"(?<=/t/)[\w.-]+", "…", re.sub(r" \n", " ", sent).strip())
    shown = html.unescape(page.text)
    assert str(mail.parsed["Subject"]) in re.sub(r"\s+", " ", shown)
    flat = re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", shown))
    for paragraph in filter(None, sent.split("\n")):
        assert re.sub(r"\s+", " ", paragraph).strip() in flat, paragraph


def test_looking_at_what_cannot_be_done_tells_why(
        office, mediator, words, case):
    settled(office, case)
    before = dump(office, case)
    page = look(mediator, case, "serve", summary="Cobrança em dobro.")
    assert words["guard_complaint"] in page.words
    assert dump(office, case) == before


# ---- the letters -------------------------------------------------------------------


def test_what_the_other_party_wrote_leaves_in_no_letter_of_a_move(
        office, mediator):
    case = Case(office, mediator, text=desk.stage.WORDS["pt-BR"]
                + f"\n\nAna\nCPF {desk.CPF}")
    case.classified()
    settled(office, case)
    before = dump(office, case)
    for text in (f"A consumidora tem o CPF {desk.CPF}.",
                 f"Escreva para {case.addr}."):
        page = case.act("serve", summary=text, overrule="Eu sei.")
        assert page.status == 422, page.words
        assert text in html.unescape(page.text)
    assert dump(office, case) == before


def test_a_party_without_an_address_gets_its_letter_by_post(
        office, mediator, case):
    office.query("DELETE FROM capsule WHERE case_id = %s", case.id)
    case.does("ask", questions="Em que dia a geladeira chegou?")
    assert case.column("state::text") == "info"
    # Whose address is not known gets it on paper once somebody finds it.
    assert [row[0] for row in case.tasks()] == ["other-channel"]
    last = case.items()[-1]
    assert last[1:3] == ("mail_out", "consumer")
    assert office.query(
        "SELECT o.paper, q.state, q.addressed FROM outbox o LEFT JOIN post q ON"
        " q.letter = o.id WHERE o.case_id = %s ORDER BY o.created", case.id) \
        == [(False, None, None), (True, "to-print", False)]
    assert "Em que dia a geladeira chegou?" in mediator.get(case.path).words


# ---- the log -----------------------------------------------------------------------


AUDIT, CPK = 11, 3  # include/ouv/vault.h


def opened_details(office, case, action):
    """As whoever holds the escrow's key opens it: sealed to the case, and to
    the number of its event."""
    auditor = accountant.Accountant(
        accountant.Books(office.database.connect()), office.secrets())
    auditor.open_cases()
    event, = [one for one in auditor.events[case.id] if one.action == action]
    box, blob = bytes(event.details)[:112], bytes(event.details)[112:]

    def context(column, seq):
        return accountant.context(
            auditor.secrets.tenant, AUDIT, column,
            accountant.key_of(case.id), accountant.key_of(event.object),
            extra=seq.to_bytes(16, "big"))

    secret = auditor.csk[case.id]
    with pytest.raises(accountant.Sealed):
        accountant.open_box(box, context(CPK, event.seq + 1), secret)
    key = accountant.open_box(box, context(CPK, event.seq), secret)
    return json.loads(accountant.open_blob(
        blob, context(accountant.NONE, event.seq), key))


def test_the_log_tells_how_it_was_done_to_whom_may_open_it(
        office, mediator, case):
    case.classified()
    case.does("serve", summary="Cobrança em dobro.")
    details = opened_details(office, case, "serve")
    assert details["n"] == 10
    assert (details["from"], details["to"]) == ("triage", "company")
    assert (details["role"], details["source"]) == ("mediator", "console")
    assert {"free", "complaint", "chain", "lint"} <= set(details["guards"])
    clocks = {clock["kind"]: clock for clock in details["clocks"]}
    due = case.clock("company")[1]
    assert clocks["company"]["due"] == int(due.timestamp())
    assert "response" not in clocks
