"""From the evidence to the end: who was heard, what was written of the merit,
what may be asked afterwards, and what remains when a case is erased.

Cases are put into the state a test begins in; everything from there on is
posted to the real server, and the letters arrive in the sink.
"""

import html
import json
import os
import re
import secrets

import psycopg2
import pytest

import scene as stage
import test_mediate as mediate
import test_write as desk
from harness import wait_until
from scene import Scene, answer_to, letter
from test_mediate import day

FINDINGS = "A geladeira foi entregue em março sem a peça que a oferta mostrava."
REASONS = "A oferta é parte do contrato, e a peça estava nela."
MEASURES = "A empresa manda a peça que falta."
ADVICE = "Rever as fotos das ofertas."
OPINION = {"merit": "founded", "findings": FINDINGS, "reasons": REASONS}
DECISION = {**OPINION, "measures": MEASURES}


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
    made.waiting = mediate.Waiting(made)
    try:
        yield made.begin()
    finally:
        made.stop()


@pytest.fixture(scope="module")
def people(office):
    """Everybody who acts here, logged in."""
    return {login: desk.login(office, login) for login in
            ("mediator", "mediator2", "reader", "ombudsman", "custodian")}


class Dispute(mediate.Dispute):
    """... with a team: whoever reads, decides or erases has a key."""

    def __init__(self, office, people, state, *, asked=False, team=()):
        super().__init__(office, people["mediator"], "triage", asked=asked)
        self.people = people
        for login in team:
            self.done("team", person=login)
        office.query("UPDATE case_file SET state = %s::case_state WHERE id ="
                     " %s", state, self.id)

    def by(self, login, verb, **fields):
        return desk.act(self.people[login], self.path, verb, **fields)

    def done_by(self, login, verb, **fields):
        page = self.by(login, verb, **fields)
        assert page.status == 303, page.words
        return page

    def adds(self, title, *, side="consumer", seq=1):
        self.done("evidence", what="add", item=str(seq), title=title,
                  side=side)

    def waiting(self, action):
        """The act that waits for a second person."""
        return self.office.query(
            "SELECT id FROM act_pending WHERE case_id = %s AND action = %s"
            " AND decided IS NULL", self.id, action)[0][0]

    def confirms(self, login, action):
        return self.by(login, "second", act=desk.hexes(self.waiting(action)),
                       decision="confirm")

    def opined(self, **more):
        self.done("draft-opinion", **{**OPINION, **more})
        assert self.state == "merit"  # it waits
        page = self.confirms("reader", "draft-opinion")
        assert page.status == 303, page.words
        assert self.state == "provisional"
        return self

    def commented(self):
        self.said("consumer", "comment", text="Concordo com o parecer.")
        self.said("company", "comment", text="Nada a acrescentar.")
        return self

    def decided(self, **more):
        self.opined().commented()
        self.done_by("ombudsman", "decide", **{**DECISION, **more})
        return self

    def rounds(self):
        return self.office.query(
            "SELECT round, side::text, last_n, days, due, answered IS NOT NULL"
            " FROM hearing WHERE case_id = %s ORDER BY round, side", self.id)

    def links(self):
        return self.office.query(
            "SELECT case_id, other, kind FROM case_link WHERE (case_id = %s OR"
            " other = %s) AND undone IS NULL", self.id, self.id)

    def running(self):
        return {row[0] for row in self.office.query(
            "SELECT kind::text FROM clock WHERE case_id = %s"
            " AND state = 'running'", self.id)}

    def writes(self, *fields, text="Ainda não foi resolvido.", to=None):
        """The consumer's mail to this case's own reply address."""
        told, item, case = desk.take(self.office, answer_to(
            self.ack, self.addr, text=text, fields=list(fields),
            **({"to": to} if to else {})))
        return told, case


@pytest.fixture
def at(office, people):
    return lambda state, **more: Dispute(office, people, state, **more)


@pytest.fixture
def merit(at):
    return at("merit", asked=True, team=("reader", "ombudsman"))


def refused_for(page, case, guard, words):
    """Nothing was done, and the page names the guard in words."""
    assert page.status == 403, (page.status, page.words)
    assert words[f"guard_{guard.replace('-', '_')}"] in page.words, page.words


def section(mail, head):
    """What stands below a heading."""
    text = desk.words_of(mail)
    return text.partition(f"{head}\n")[2].partition("\n\n")[0].strip()


# ---- the index of evidence --------------------------------------------------


def index(case):
    return case.office.query(
        "SELECT n, side, removed IS NULL FROM evidence WHERE case_id = %s"
        " ORDER BY n", case.id)


def test_a_piece_enters_the_index_and_leaves_it_with_a_reason(office, at):
    case = at("mediation")
    title = f"Nota fiscal {desk.mark()}"
    case.adds(title)
    case.adds("Resposta da loja", side="company", seq=3)
    assert index(case) == [(1, "consumer", True), (2, "company", True)]
    # The title is the case's own: the database does not show it.
    for (body,) in office.query("SELECT body FROM item WHERE case_id = %s",
                                case.id):
        assert title.encode() not in bytes(body)
    page = case.do("evidence", what="remove", n="1")
    assert page.status == 422 and index(case)[0][2]
    case.done("evidence", what="remove", n="1", reason="Não é deste caso.")
    page = case.do("evidence", what="remove", n="1", reason="Outra vez.")
    assert page.status == 422
    case.adds("Foto da geladeira")  # a number is never used again
    assert index(case) == [(1, "consumer", False), (2, "company", True),
                           (3, "consumer", True)]


@pytest.mark.parametrize("whose", ("addr", "company"))
def test_a_title_holds_nothing_that_is_one_sides_alone(at, whose):
    case = at("mediation")
    page = case.do("evidence", what="add", item="1", side="office",
                   title=f"Mensagem de {getattr(case, whose)}")
    assert page.status == 422, page.words
    assert index(case) == []


# ---- the same hearing -------------------------------------------------------

FAULTS = {
    "nobody was asked": "DELETE FROM hearing WHERE case_id = %s",
    "the company was not shown": "DELETE FROM hearing WHERE case_id = %s"
                                 " AND side = 'company'",
    # Both were asked at the same moment.
    "unequal days": "UPDATE hearing SET sent = date '2026-01-02', days ="
                    " CASE side WHEN 'consumer' THEN 9 ELSE days END"
                    " WHERE case_id = %s",
    "the consumer may still answer": "UPDATE hearing SET answered = NULL"
                                     " WHERE case_id = %s"
                                     " AND side = 'consumer'",
    "the index grew": "UPDATE evidence SET n = n WHERE case_id = %s",
}


@pytest.mark.parametrize("fault", FAULTS)
def test_without_equal_hearing_there_is_no_opinion(office, at, words, fault):
    case = at("merit", asked=True)
    if fault == "the index grew":
        case.adds("Foto da geladeira")
    office.query(FAULTS[fault], case.id)
    page = case.do("draft-opinion", **OPINION)
    refused_for(page, case, "heard", words)
    assert case.state == "merit"
    assert office.query("SELECT count(*) FROM opinion WHERE case_id = %s",
                        case.id) == [(0,)]


def test_both_are_shown_the_index_again_with_the_same_days(at, words):
    case = at("merit", asked=True, team=("reader",))
    case.adds("Foto da geladeira")
    case.adds("Resposta da loja", side="company", seq=3)
    case.done("hear")
    (consumer, company) = [row for row in case.rounds() if row[0] == 2]
    assert consumer[2:5] == company[2:5] and consumer[2:4] == (2, 10)
    ours, theirs = case.consumer_got(1)[-1], case.company_got(1)[-1]
    for mail in (ours, theirs):
        assert section(mail, "A lista como está agora") == \
            "- 1: Foto da geladeira\n- 2: Resposta da loja"
    refused_for(case.do("draft-opinion", **OPINION, evidence="1"), case,
                "heard", words)
    case.said("consumer", "comment", text="Conheço as duas.")
    refused_for(case.do("draft-opinion", **OPINION, evidence="1"), case,
                "heard", words)
    case.said("company", "comment", text="Nada a dizer.")
    case.opined(evidence="1", **{"evidence-2": "2"})
    # What one side said is not in the other's lane.
    assert "Conheço" not in desk.words_of(case.company_got(2)[-1])


# ---- the opinion ------------------------------------------------------------


def test_the_opinion_is_the_same_for_both_in_words_and_days(office, merit):
    merit.opined(measures=MEASURES, recommendation=ADVICE,
                 recommendation_day=str(day(20)))
    consumer, company = merit.consumer_got(1)[-1], merit.company_got(1)[-1]
    for head in ("O nosso parecer provisório", "O que apuramos",
                 "As nossas razões", "As medidas em que pensamos",
                 "As recomendações em que pensamos", "O que acontece agora"):
        assert section(consumer, head) and \
            section(consumer, head) == section(company, head), head
    assert FINDINGS in desk.words_of(consumer)
    assert str(consumer.parsed["Subject"]) == str(company.parsed["Subject"])
    one, other = [row for row in merit.rounds() if row[0] == 2]
    assert one[2:5] == other[2:5] and one[3] == 10
    kind, by, reader = office.query(
        "SELECT o.kind, a.login, r.login FROM opinion o JOIN person a ON"
        " a.id = o.author JOIN person r ON r.id = o.reader"
        " WHERE o.case_id = %s", merit.id)[0]
    assert (kind, by, reader) == ("provisional", "mediator", "reader")


def test_nobody_alone_gives_an_opinion(merit):
    merit.done("draft-opinion", **OPINION)
    for login in ("mediator", "mediator2", "ombudsman"):
        page = merit.confirms(login, "draft-opinion")
        assert page.status == 403, (login, page.words)
        assert merit.state == "merit"
    assert len(merit.consumer_got(0)) == 0
    assert merit.confirms("reader", "draft-opinion").status == 303
    assert merit.state == "provisional"


def test_an_opinion_that_is_given_back_is_not_written_twice(merit, people):
    merit.adds("Foto da geladeira")
    merit.both_heard()
    merit.office.query("UPDATE hearing SET last_n = 1 WHERE case_id = %s",
                       merit.id)
    merit.done("draft-opinion", **DECISION, recommendation=ADVICE,
               recommendation_day=str(day(20)), evidence="1")
    merit.done_by("reader", "second", act=desk.hexes(
        merit.waiting("draft-opinion")), decision="return",
        why="Falta a data da entrega.")
    page = merit.mediator.get(merit.path)
    path = re.search(r'href="([^"]+/do/draft-opinion\?from=[0-9a-f]{32})"',
                     page.text)[1]
    page = merit.mediator.get(path)
    for name, text in (("findings", FINDINGS), ("reasons", REASONS),
                       ("measures", MEASURES), ("recommendation", ADVICE)):
        assert re.search(rf'(?s)<textarea id="move-{name}"[^>]*>\n'
                         rf'{re.escape(text)}</textarea>', page.text), name
    assert str(day(20)) in page.text
    form = page.form(f"{merit.path}/draft-opinion")
    done = merit.mediator.ask("POST", f"{merit.path}/draft-opinion", {
        **form, **DECISION, "evidence": "1"})
    assert done.status == 303, done.words
    assert merit.confirms("reader", "draft-opinion").status == 303
    assert merit.state == "provisional"


def test_an_opinion_rests_only_on_what_both_know(merit, office):
    merit.adds("Foto da geladeira")
    office.query("UPDATE hearing SET last_n = 1 WHERE case_id = %s", merit.id)
    page = merit.do("draft-opinion", **OPINION)
    assert page.status == 422  # which pieces?
    page = merit.do("draft-opinion", **OPINION, evidence="7")
    assert page.status == 422
    merit.opined(evidence="1")
    assert office.query("SELECT evidence FROM opinion WHERE case_id = %s",
                        merit.id) == [([1],)]


def boxes(page):
    """[(name, value, what it says, ticked)] of the index."""
    return [(name, value, html.unescape(text), bool(ticked))
            for name, value, ticked, text in re.findall(
                r'<input id="move-evidence-\d+" type="checkbox"'
                r' name="(evidence[-\d]*)" value="(\d+)"( checked)?[^>]*>'
                r' <span>([^<]*)</span>', page.text)]


def test_what_it_rests_on_is_ticked_by_its_title(merit, office):
    path = f"{merit.path}/do/draft-opinion"
    # Of an empty index nothing is offered.
    assert "move-evidence" not in merit.mediator.get(path).text
    for title in ("Foto <da geladeira>", "Nota fiscal", "Laudo", "Contrato"):
        merit.adds(title)
    merit.done("evidence", what="remove", n="2", reason="Não é deste caso.")
    offered = [("evidence", "1", "1. Foto <da geladeira>", False),
               ("evidence-2", "3", "3. Laudo", False),
               ("evidence-3", "4", "4. Contrato", False)]
    assert boxes(merit.mediator.get(path)) == offered
    office.query("UPDATE hearing SET last_n = 4 WHERE case_id = %s", merit.id)
    page = merit.do("draft-opinion", **OPINION)
    assert page.status == 422 and 'href="#move-evidence"' in page.text
    assert 'id="move-evidence"' in page.text
    # The first box was left; the last one's entry is not there any more.
    page = merit.do("draft-opinion", **OPINION,
                    **{"evidence-2": "3", "evidence-3": "2"})
    assert page.status == 422
    assert [row[3] for row in boxes(page)] == [False, True, False]
    assert re.search(r'id="move-evidence-3-e">[^<]+<', page.text)
    assert 'href="#move-evidence-3"' in page.text
    merit.opined(**{"evidence-2": "3"})
    assert office.query("SELECT evidence FROM opinion WHERE case_id = %s",
                        merit.id) == [([3],)]


# ---- the decision -----------------------------------------------------------


def test_nobody_decides_before_both_had_their_say(merit, office, words):
    merit.opined()
    page = merit.by("ombudsman", "decide", **DECISION)
    refused_for(page, merit, "commented", words)
    merit.said("consumer", "comment", text="Concordo.")
    refused_for(merit.by("ombudsman", "decide", **DECISION), merit,
                "commented", words)
    # The company lets its term go by.
    office.query("UPDATE hearing SET due = now() - interval '1 day' WHERE"
                 " case_id = %s AND side = 'company'", merit.id)
    merit.done_by("ombudsman", "decide", **DECISION)
    assert merit.state == "closed"


def test_only_the_ombudsman_decides_and_never_their_own_opinion(
        merit, office, words):
    merit.opined().commented()
    for login in ("mediator", "reader"):
        assert merit.by(login, "decide", **DECISION).status == 403
    author = "UPDATE opinion SET author = (SELECT id FROM person WHERE login" \
             " = %s) WHERE case_id = %s"
    office.query(author, "ombudsman", merit.id)
    refused_for(merit.by("ombudsman", "decide", **DECISION), merit,
                "not-author", words)
    office.query(author, "mediator", merit.id)
    merit.done_by("ombudsman", "decide", **DECISION)


def test_a_decision_says_why_what_and_what_else_can_be_done(office, merit):
    merit.decided(recommendation=ADVICE, recommendation_day=str(day(20)),
                  referral="procon")
    assert merit.state == "closed"
    assert merit.axes() == ("founded", "none", "not-rated")
    ours, theirs = merit.consumer_got(2)[-1], merit.company_got(2)[-1]
    for mail in (ours, theirs):
        text = desk.words_of(mail)
        assert all(part in text for part in (FINDINGS, REASONS, MEASURES,
                                             ADVICE, "REVISÃO"))
    assert section(ours, "Aonde mais você pode recorrer").startswith("- ")
    assert "Aonde mais" not in desk.words_of(theirs)
    assert {"review-window", "reopen-window", "retention"} <= merit.running()
    assert office.query("SELECT count(*) FROM recommendation WHERE case_id ="
                        " %s", merit.id) == [(1,)]
    assert {"recommendation", "seal-review"} <= set(merit.kinds())


def test_what_the_company_undertook_becomes_a_plan(merit):
    merit.decided(promise="Mandar a peça que falta.",
                  promise_day=str(day(12)))
    assert merit.state == "plan" and merit.column("merit") == "founded"
    assert merit.clocks() == [1]
    assert "Mandar a peça" in desk.words_of(merit.consumer_got(2)[-1])
    assert merit.ledger() == [(1, "company", "decision", "open", None, None)]


def test_a_decision_needs_measures_and_whole_pairs(merit):
    merit.opined().commented()
    for lacking in ({**OPINION}, {**DECISION, "promise": "Mandar a peça."},
                    {**DECISION, "recommendation_day": str(day(9))}):
        page = merit.by("ombudsman", "decide", **lacking)
        assert page.status == 422, page.words
    assert merit.state == "provisional"


# ---- the review -------------------------------------------------------------


def closed_by_acceptance(at):
    case = at("consumer", team=("ombudsman", "reader"))
    case.said("consumer", "accept")
    assert case.state == "closed"
    return case


ASKED = {"ground": "error-of-fact", "text": "A data da entrega está errada."}


def test_a_review_is_asked_for_with_a_ground_and_told_to_both(at):
    case = closed_by_acceptance(at)
    page = case.says("consumer", "ask-review", ground="error-of-fact")
    assert page.status == 422 and case.state == "closed"
    case.said("consumer", "ask-review", **ASKED)
    assert case.state == "review" and "review" in case.running()
    ours, theirs = case.consumer_got(2)[-1], case.company_got(2)[-1]
    assert "Recebemos o seu pedido" in desk.words_of(ours)
    assert "A outra parte pediu" in desk.words_of(theirs)
    assert ASKED["text"] not in desk.words_of(theirs)


def test_after_the_window_there_is_no_review(office, at, words):
    case = closed_by_acceptance(at)
    office.query("UPDATE clock SET due = now() - interval '1 day' WHERE"
                 " case_id = %s AND kind = 'review-window'", case.id)
    refused_for(case.says("consumer", "ask-review", **ASKED), case, "window",
                words)
    assert case.state == "closed"


def test_who_was_in_the_case_does_not_review_it(merit, words):
    merit.decided()
    merit.said("company", "ask-review", ground="new-evidence",
               text="Achamos o recibo.")
    for login in ("ombudsman", "reader"):
        page = merit.by(login, "decide-review", outcome="uphold",
                        reasons="Nada muda.")
        refused_for(page, merit, "new-reader", words)
    assert merit.by("mediator", "decide-review", outcome="uphold",
                    reasons="Nada muda.").status == 403
    assert merit.state == "review"


def test_a_review_upholds_or_the_merit_is_examined_again(at):
    upheld, again = closed_by_acceptance(at), closed_by_acceptance(at)
    for case in (upheld, again):
        case.said("consumer", "ask-review", **ASKED)
    before = upheld.axes()
    upheld.done_by("reader", "decide-review", outcome="uphold",
                   reasons="A data não muda o resultado.")
    assert upheld.state == "closed" and upheld.axes() == before
    assert upheld.column("closed_from") == "consumer"
    assert "retention" in upheld.running()
    again.done_by("reader", "decide-review", outcome="reexamine",
                  reasons="A data muda o resultado.")
    assert again.state == "merit" and "opinion" in again.running()
    for case, words in ((upheld, "fica como estava"),
                        (again, "volta a ser examinado")):
        for mail in (case.consumer_got(3)[-1], case.company_got(3)[-1]):
            assert words in desk.words_of(mail)


# ---- late mail --------------------------------------------------------------


def withdrawn(at, state="mediation"):
    case = at(state)
    case.said("consumer", "withdraw")
    assert case.state == "closed"
    # Both this and the arrival of a mail are kept in whole seconds: what comes
    # within the same one did not come later.
    wait_until("the next second", lambda: case.office.database.value(
        "SELECT closed < date_trunc('second', now()) FROM case_file"
        " WHERE id = %s", case.id))
    return case


def test_a_case_goes_on_where_it_had_stopped(at, words):
    case = withdrawn(at)
    refused_for(case.do("reopen", reason="A pedido."), case, "late-mail",
                words)
    told, where = case.writes()
    assert told["outcome"] == "appended" and where == case.id
    assert "reopen" in case.kinds()
    case.done("reopen", reason="Chegou uma mensagem nova.")
    assert case.state == "mediation"
    assert case.axes() == (None, None, None)
    assert "mediation" in case.running()
    assert not {"retention", "reopen-window"} & case.running()
    assert "aberto de novo" in desk.words_of(case.consumer_got(2)[-1])


def test_automatic_mail_asks_nobody_to_open_a_case_again(at, words):
    case = withdrawn(at)
    told, where = case.writes(("Auto-Submitted", "auto-replied"))
    assert told["outcome"] == "recorded"
    assert "reopen" not in case.kinds()
    refused_for(case.do("reopen", reason="A pedido."), case, "late-mail",
                words)


def test_after_the_window_a_late_letter_is_a_case_that_follows(office, at):
    case = withdrawn(at)
    office.query("UPDATE clock SET due = now() - interval '1 day' WHERE"
                 " case_id = %s AND kind = 'reopen-window'", case.id)
    told, where = case.writes()
    assert told["outcome"] == "created" and where != case.id
    assert case.links() == [(where, case.id, "follows")]
    mail = case.got(case.addr, 3)[-1]
    assert str(mail.parsed["Subject"]).startswith("Recebemos")
    assert case.protocol in desk.words_of(mail)
    assert told["protocol"] in desk.words_of(mail)
    # The machine's note a moment later opens nothing.
    before = office.query("SELECT count(*) FROM case_file")
    told, _ = case.writes(("Auto-Submitted", "auto-replied"))
    assert told["outcome"] == "recorded"
    assert office.query("SELECT count(*) FROM case_file") == before


# ---- cases that belong together ---------------------------------------------


def second_case(case):
    """Another case of the same consumer."""
    told, _, other = desk.take(case.office, letter(
        case.addr, text="A geladeira ainda não funciona. Já escrevi antes.",
        message_id=stage.new_id()))
    assert told["outcome"] == "created"
    return told["protocol"], other


def test_a_duplicate_goes_on_in_the_other_and_comes_back(office, at):
    case = at("triage")
    protocol, main = second_case(case)
    before = case.running()
    case.done("merge", to=protocol)
    assert case.links() == [(case.id, main, "merge")]
    assert case.running() == set() and case.state == "triage"
    mail = case.got(case.addr, 3)[-1]
    assert protocol in desk.words_of(mail)
    # What answers the one joins the other; both stay readable.
    told, where = case.writes()
    assert told["outcome"] == "appended" and where == main
    for number in (case.protocol, protocol):
        assert case.mediator.get(f"/cases/{number}").status == 200
    # Nothing can go on in two places, nor back and forth.
    assert case.do("merge", to=protocol).status == 422
    page = desk.act(case.mediator, f"/cases/{protocol}", "merge",
                    to=case.protocol)
    assert page.status == 422
    case.done("unlink", to=protocol)
    assert case.links() == [] and case.running() >= before - {"response"}
    told, where = case.writes(text="Mais uma coisa.")
    assert told["outcome"] == "appended" and where == case.id


def test_cases_of_two_consumers_are_never_merged(at):
    case, other = at("triage"), at("triage")
    assert case.do("merge", to=other.protocol).status == 422
    case.done("link", to=other.protocol, kind="linked")
    assert case.links() == [(case.id, other.id, "linked")]
    assert case.do("link", to=other.protocol, kind="linked").status == 422
    assert case.do("link", to=case.protocol, kind="linked").status == 422


def test_a_part_becomes_a_case_with_its_own_key(office, at):
    case = at("mediation", team=("reader",))
    raw = office.query("SELECT id FROM item WHERE case_id = %s AND seq = 1",
                       case.id)[0][0]
    page = case.done("split", item="1", matter="A cobrança do seguro")
    protocol = re.search(r"\d{4}-\d{6}-\d", page.location).group()
    assert stage.protocol_is_good(protocol)
    new, state = office.query("SELECT id, state::text FROM case_file WHERE"
                              " protocol = %s", protocol)[0]
    assert state == "triage"
    assert case.links() == [(new, case.id, "split")]
    # Whoever can open the one can open the other, and nobody else.
    holders = "SELECT person FROM case_grant WHERE case_id = %s ORDER BY 1"
    assert office.query(holders, new) == office.query(holders, case.id)
    for login in ("mediator", "reader"):
        assert case.people[login].get(f"/cases/{protocol}").status == 200
    assert case.people["custodian"].get(
        f"/cases/{protocol}").status in (403, 404)
    # The message is there byte for byte, under a key of its own.
    copied = office.query("SELECT id FROM item WHERE case_id = %s AND kind ="
                          " 'mail_in'", new)[0][0]
    assert copied != raw
    assert desk_raw(case.mediator, f"/cases/{protocol}", copied) == \
        desk_raw(case.mediator, case.path, raw)
    # The consumer is told the number, once, and may answer to the new case.
    mail = case.consumer_got(1)[-1]
    assert protocol in desk.words_of(mail)
    kinds = {row[0] for row in office.query(
        "SELECT kind::text FROM clock WHERE case_id = %s AND state ="
        " 'running'", new)}
    assert {"response", "total"} <= kinds


def desk_raw(browser, path, item):
    page = browser.get(f"{path}/items/{desk.hexes(item)}/raw")
    assert page.status == 200
    return page.body


def test_nothing_of_the_companys_is_split_off(at):
    case = at("mediation")
    seq = [row for row in case.items("mail_in") if row[2] == "company"][0][4]
    page = case.do("split", item=str(seq), matter="Outro assunto")
    assert page.status == 422 and case.links() == []


# ---- erasure ----------------------------------------------------------------


def over(case):
    """Kept as long as it must be, and the notice before erasure delivered."""
    office = case.office
    wait_until("its letters have gone", lambda: office.query(
        "SELECT count(*) FROM outbox WHERE case_id = %s"
        " AND state::text NOT IN ('sent', 'failed', 'bounced')",
        case.id) == [(0,)], 60)
    office.query("UPDATE clock SET due = now() - interval '1 day' WHERE"
                 " case_id = %s AND kind = 'retention'", case.id)
    number, = office.query("SELECT round FROM clock WHERE case_id = %s AND"
                           " kind = 'retention'", case.id)[0]
    office.query("INSERT INTO alarm (case_id, clock, n, round, kind, at, done,"
                 " outcome) VALUES (%s, 'retention', 0, %s, 'remind', now(),"
                 " now(), 'sent') ON CONFLICT (case_id, clock, n, round, kind)"
                 " DO UPDATE SET done = now(), outcome = 'sent'", case.id,
                 number)
    office.query("UPDATE alarm SET at = now() - interval '1 hour' WHERE"
                 " case_id = %s AND clock = 'retention' AND kind = 'lapse'",
                 case.id)
    office.query("INSERT INTO outbox (id, case_id, item, capsule, kind,"
                 " dedupe_key, null_path, state, sent) SELECT"
                 " gen_random_uuid(), %s, gen_random_uuid(), c.id,"
                 " 'reminder', %s || c.id, true, 'sent', now()"
                 " FROM capsule c WHERE c.case_id = %s",
                 case.id, f"alarm:{desk.hexes(case.id)}:retention:0:{number}:"
                 f"remind:{secrets.token_hex(16)}", case.id)


FIGURES = ("SELECT kind, severity, merit, resolution, rating, closed::date,"
           " count(*) FROM case_file WHERE closed IS NOT NULL"
           " GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 2, 3, 4, 5, 6")


@pytest.fixture
def ended(at):
    case = at("consumer", team=("custodian", "ombudsman"))
    case.said("consumer", "accept")
    assert case.state == "closed"
    return case


def test_nothing_is_erased_while_anything_stands_against_it(
        office, ended, words):
    refused_for(ended.by("custodian", "erase"), ended, "retained", words)
    over(ended)
    ended.done_by("custodian", "legal-hold", hold="set",
                  review=str(day(30)), reason="Há um processo.")
    refused_for(ended.by("custodian", "erase"), ended, "no-hold", words)
    ended.done_by("custodian", "legal-hold", hold="lift",
                  reason="O processo terminou.")
    office.query("UPDATE outbox SET state = 'failed' WHERE case_id = %s AND"
                 " kind = 'reminder'", ended.id)
    refused_for(ended.by("custodian", "erase"), ended, "notified", words)
    office.query("UPDATE outbox SET state = 'sent' WHERE case_id = %s AND"
                 " kind = 'reminder'", ended.id)
    assert ended.by("mediator", "erase").status == 403
    ended.done_by("custodian", "erase")  # waits for a second person
    assert ended.state == "closed"
    assert ended.confirms("custodian", "erase").status == 403
    assert ended.state == "closed"
    told, where = ended.writes()  # a new message postpones it
    assert where == ended.id
    assert ended.confirms("ombudsman", "erase").status in (403, 409)
    assert ended.state == "closed"


def test_after_erasure_nothing_can_be_read_and_figures_stay(office, ended):
    over(ended)
    figures = office.query(FIGURES)
    log = office.query("SELECT count(*) FROM audit_event WHERE chain = %s",
                       ended.id)[0][0]
    protocol = ended.protocol
    ended.done_by("custodian", "erase")
    page = ended.confirms("ombudsman", "erase")
    assert page.status == 303, page.words
    assert ended.state == "erased"
    for table, column in (("case_grant", "case_id"), ("capsule", "case_id"),
                          ("ident_token", "case_id"),
                          ("reply_address", "case_id")):
        assert office.query(f"SELECT count(*) FROM {table} WHERE {column} ="
                            " %s", ended.id) == [(0,)]
    assert office.query(
        "SELECT count(*) FROM item i LEFT JOIN chunk c ON c.item = i.id WHERE"
        " i.case_id = %s AND (c.item IS NOT NULL OR i.body <> ''"
        " OR i.dek_box <> '')", ended.id) == [(0,)]
    assert office.query("SELECT summary, protocol FROM case_file WHERE id ="
                        " %s", ended.id) == [(b"", protocol)]
    for login in ("mediator", "ombudsman", "custodian"):
        page = ended.people[login].get(ended.path)
        assert "Este caso foi eliminado" in page.words
        assert ended.addr not in page.text
    assert office.query(FIGURES) == figures
    assert office.query("SELECT count(*) FROM audit_event WHERE chain = %s",
                        ended.id)[0][0] > log
    # A letter to its old address finds no case any more.
    told, where = ended.writes()
    assert where != ended.id


def test_the_database_itself_erases_only_what_may_be(office, at, ended):
    """Also when a program asks for more."""
    case = at("triage")
    ask = "SELECT case_erase(%s)"
    for wrong in (case, ended):
        office.query("UPDATE case_file SET legal_hold = %s WHERE id = %s",
                     wrong is ended, wrong.id)
        assert office.database.query(ask, wrong.id, user="ouv_srv") == \
            [(False,)]
        assert office.query("SELECT count(*) > 0 FROM case_grant WHERE"
                            " case_id = %s", wrong.id) == [(True,)]
    for user, sql in (
            ("ouv_gw", "SELECT case_erase(gen_random_uuid())"),
            ("ouv_gw", "SELECT split_number(gen_random_uuid(), 2026)"),
            ("ouv_gw", "UPDATE case_link SET undone = now()"),
            ("ouv_gw", "DELETE FROM evidence"),
            ("ouv_srv", "DELETE FROM case_grant"),
            ("ouv_srv", "DELETE FROM evidence"),
            ("ouv_srv", "DELETE FROM hearing"),
            ("ouv_srv", "DELETE FROM opinion"),
            ("ouv_srv", "UPDATE case_key SET cpk = cpk")):
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            office.database.query(sql, user=user)


def test_a_hold_is_set_and_lifted_once_and_with_a_reason(ended):
    assert ended.by("custodian", "legal-hold", hold="set").status == 422
    ended.done_by("custodian", "legal-hold", hold="set", reason="Processo.",
                  review=str(day(30)))
    assert ended.column("legal_hold") == "true"
    assert ended.by("custodian", "legal-hold", hold="set",
                    reason="De novo.").status == 422
    assert ended.by("mediator", "legal-hold", hold="lift",
                    reason="Não sei.").status == 403
    assert ended.column("legal_hold") == "true"
