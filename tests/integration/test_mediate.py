"""From the company's answer to the end of a plan: each verb, its letters, what
the ledger of promises says, and the three axes of the outcome.

Cases are put into the state a test begins in; everything from there on is
posted to the real server, and the letters arrive in the sink.
"""

import datetime
import html
import json
import os
import re
import secrets
import uuid

import pytest

import harness
import scene as stage
import test_write as desk
from harness import wait_until
from scene import Scene

OFFER = "Devolver o valor pago duas vezes."
OTHER = "Dar um desconto na próxima fatura."
ANSWER = "O valor cobrado duas vezes foi devolvido na fatura de maio."
CALL = {"source": "call"}


@pytest.fixture(scope="module")
def office(template):
    made = Scene(template, to_sink=True, imap_poll_secs=1,
                 mailgw_acks_domain_hour=100000, office_calendar="plain",
                 paths_calendars=None)
    made.settings["paths_calendars"] = made.folder.make("calendars")
    with open(os.path.join(made.settings["paths_calendars"], "plain.json"),
              "w", encoding="utf-8") as file:
        json.dump(desk.CALENDAR, file)
    made.pool = desk.Pool(made)
    made.waiting = Waiting(made)
    try:
        yield made.begin()
    finally:
        made.stop()


@pytest.fixture(scope="module")
def mediator(office):
    return desk.login(office, "mediator")


class Waiting:
    """Cases whose companies have answered: their mails are handed in
    together, for a program's start each would be most of the time."""

    SIZE = 20

    def __init__(self, office):
        self.office, self.ready = office, []

    def take(self):
        if not self.ready:
            cases = [desk.Case(self.office) for _ in range(self.SIZE)]
            folder, files = self.office.folder.make("companies"), []
            for number, case in enumerate(cases):
                case.company = f"sac@loja{secrets.token_hex(4)}.example"
                files.append(os.path.join(folder, f"{number}.eml"))
                with open(files[-1], "wb") as file:
                    file.write(stage.letter(
                        case.company, name="Marta Reis",
                        text="Estamos verificando o pedido.",
                        to=stage.address_of(case.ack.parsed["Reply-To"])))
            with open(files[-1], "rb") as last:
                status, told = self.office.gateway.ingest(
                    last.read(), *files[:-1])
            assert status == 0 and len(told) == self.SIZE
            rows = self.office.query(
                "SELECT id, case_id FROM inbound ORDER BY id DESC LIMIT %s",
                self.SIZE)
            self.ready = list(zip(cases, reversed(rows)))
        return self.ready.pop()


class Dispute(desk.Case):
    """A case with both parties, in some state of the mediation."""

    def __init__(self, office, mediator, state, *, asked=False):
        case, (item, held) = office.waiting.take()
        self.__dict__.update(case.__dict__)
        self.mediator = mediator
        page = desk.act(mediator, f"/cases/{desk.hexes(held)}", "attribute",
                        to=self.protocol, remember="1",
                        item=desk.hexes(item), **{"as": "company"})
        assert page.status == 303, page.words
        office.query("UPDATE case_file SET state = %s::case_state, kind ="
                     " 'complaint', severity = 'low', difficulty = 'simple',"
                     " identity = 'open', told = true WHERE id = %s",
                     state, self.id)
        company = str(uuid.uuid4())
        office.query("INSERT INTO company (id, name, lang) VALUES"
                     " (%s, %s, 'pt-BR')", company, f"Loja Aurora {company[:4]}")
        office.query("UPDATE case_file SET company = %s WHERE id = %s",
                     company, self.id)
        if asked:
            self.both_heard()

    def both_heard(self):
        """Both were shown the same index for as many days, and answered."""
        self.office.query("DELETE FROM hearing WHERE case_id = %s", self.id)
        for side in ("consumer", "company"):
            self.office.query(
                "INSERT INTO hearing (case_id, round, side, last_n, days,"
                " sent, due, answered) VALUES (%s, 1, %s::party_side, 0, 10,"
                " now(), now() + interval '10 days', now())", self.id, side)

    def do(self, verb, **fields):
        return desk.act(self.mediator, self.path, verb, **fields)

    def done(self, verb, **fields):
        page = self.do(verb, **fields)
        assert page.status == 303, page.words
        return page

    def says(self, side, verb, **fields):
        """What a party told a colleague by telephone."""
        return self.do(verb, behalf=side, **CALL, **fields)

    def said(self, side, verb, **fields):
        return self.done(verb, behalf=side, **CALL, **fields)

    @property
    def state(self):
        return self.column("state")

    def column(self, name):
        return self.office.query(f"SELECT {name}::text FROM case_file"
                                 " WHERE id = %s", self.id)[0][0]

    def axes(self):
        return tuple(self.column(name)
                     for name in ("merit", "resolution", "rating"))

    def ledger(self):
        return self.office.query(
            "SELECT n, promiser, source, state, says_company, says_consumer"
            " FROM promise WHERE case_id = %s ORDER BY n", self.id)

    def clocks(self, kind="promise", state="running"):
        return [row[0] for row in self.office.query(
            "SELECT n FROM clock WHERE case_id = %s AND kind ="
            " %s::clock_kind AND state = %s::clock_state ORDER BY n",
            self.id, kind, state)]

    def let_pass(self, days=30):
        """The day of every promise has come and gone."""
        self.office.query("UPDATE promise SET due = due - make_interval(days"
                          " => %s), asked = now() WHERE case_id = %s", days,
                          self.id)

    def consumer_got(self, count):
        """The letters after the acknowledgement."""
        return self.got(self.addr, count + 1)[1:]

    def company_got(self, count):
        return self.got(self.company, count)

    def kinds(self):
        return [row[0] for row in self.tasks() if row[2] is None]


def day(offset):
    """An open day: no Saturday, no Sunday."""
    when = datetime.datetime.now(desk.ZONE).date() + datetime.timedelta(offset)
    while when.weekday() > 4:
        when += datetime.timedelta(1)
    return when


@pytest.fixture
def at(office, mediator):
    return lambda state, **more: Dispute(office, mediator, state, **more)


def proposed(case, *, options=(OFFER, OTHER)):
    fields = {}
    for n, words in enumerate(options, 1):
        tail = "" if n == 1 else f"-{n}"
        fields |= {f"option{tail}": words, f"promiser{tail}": "company",
                   f"day{tail}": str(day(10 + n))}
    case.done("propose", **fields)
    assert case.state == "proposal"
    return case


def shown(case, part):
    """What the case page lists there: "options" or "promises"."""
    page = case.mediator.get(case.path)
    section = re.search(rf'(?s)<h3 id="{part}-h">.*?</section>', page.text)[0]
    return [html.unescape(words) for words in
            re.findall(r'<div class="text">([^<]*)</div>', section)]


def agreed(case):
    proposed(case)
    case.said("consumer", "choose", choice="1")
    case.said("company", "choose", choice="1")
    assert case.state == "plan"
    return case


# ---- the answer -------------------------------------------------------------


def answered(case, **more):
    fields = {"text": ANSWER, "points": "1", **more}
    case.done("answer", **fields)
    assert case.state == "consumer"
    return case


def test_the_answer_goes_over_and_says_how_to_evaluate_it(at):
    case = answered(at("company"))
    mail, = case.consumer_got(1)
    words = desk.words_of(mail)
    assert ANSWER in words
    assert "ACEITO" in words and "RECUSO" in words
    assert case.protocol in str(mail.parsed["Subject"])
    note, = case.company_got(1)
    assert ANSWER not in desk.words_of(note)
    assert case.addr not in note.content.decode("utf-8", "replace")
    assert case.ledger() == []


def test_an_answer_with_a_point_left_open_stays_with_the_company(at):
    case = at("company")
    before = desk.nothing_was_sent(case)
    page = case.do("answer", text=ANSWER)
    assert page.status in (403, 409, 422)
    assert case.state == "company"
    assert desk.nothing_was_sent(case) == before


def test_an_answer_needs_words_unless_the_company_wrote_itself(at):
    case = at("company")
    page = case.do("answer", points="1")
    assert page.status == 422 and case.state == "company"
    case.done("answer", points="1", direct="1")
    words = desk.words_of(case.consumer_got(1)[0])
    assert "cópia" in words and "O que a empresa responde" not in words


def test_a_promise_in_an_answer_needs_its_day(at):
    case = at("company")
    page = case.do("answer", text=ANSWER, points="1", promise=OFFER)
    assert page.status == 422 and case.ledger() == []
    answered(case, promise=OFFER, promise_day=str(day(9)))
    assert case.ledger() == [(1, "company", "answer", "open", None, None)]
    assert OFFER in desk.words_of(case.consumer_got(1)[0])
    assert case.clocks() == []  # it binds once the answer is accepted


# ---- the company does not answer --------------------------------------------


def test_declined_in_words_is_refused_and_the_file_goes_on(at):
    case = at("company")
    case.said("company", "decline", text="Preferimos o juizado.")
    assert case.state == "merit"
    assert case.axes() == (None, "refused", None)
    words = desk.words_of(case.consumer_got(1)[0])
    assert "Preferimos o juizado." in words and "lembretes" not in words
    assert "quem tem razão" in desk.words_of(case.company_got(1)[0])


# ---- the consumer says yes, or no -------------------------------------------


def test_accepted_without_a_promise_is_closed_and_rated(at):
    case = answered(at("company"))
    case.said("consumer", "accept", measures="A cobrança foi cancelada.")
    assert case.state == "closed"
    assert case.axes() == (None, "none", "resolved")
    assert case.column("closed_by") == "accept"
    solved = desk.words_of(case.consumer_got(2)[1])
    assert "A cobrança foi cancelada." in solved and "encerrado" in solved
    assert "RESOLVIDO" in desk.words_of(case.company_got(2)[1])


def test_accepted_with_a_promise_waits_until_it_is_kept(at):
    case = answered(at("company"), promise=OFFER, promise_day=str(day(9)))
    case.said("consumer", "accept")
    assert case.state == "plan"
    assert case.axes() == (None, None, "resolved")
    assert case.clocks() == [1]
    assert shown(case, "promises") == [OFFER]
    for mail in (case.consumer_got(2)[1], case.company_got(2)[1]):
        assert OFFER in desk.words_of(mail)
    case.let_pass()
    case.said("consumer", "attest", choice="yes")
    assert case.state == "closed"
    assert case.axes() == (None, "kept", "resolved")
    assert case.ledger()[0][3:] == ("kept", None, "done")
    assert case.clocks() == []


def test_rejected_reaches_the_company_only_in_checked_words(at):
    case = answered(at("company"))
    case.said("consumer", "reject", text="Falta a taxa de entrega.")
    assert case.state == "mediation"
    assert "Falta a taxa" not in desk.words_of(case.consumer_got(2)[1])
    assert "Falta a taxa de entrega." in desk.words_of(
        case.company_got(2)[1])
    silent = answered(at("company"), promise=OFFER,
                      promise_day=str(day(9)))
    silent.said("consumer", "reject")
    assert silent.ledger()[0][3] == "void"  # it went with the answer
    assert "segundo quem reclamou" not in desk.words_of(
        silent.company_got(2)[1])


# ---- options ----------------------------------------------------------------


def test_both_sides_get_the_same_options_in_the_same_words(at):
    case = proposed(at("mediation", asked=True))
    ours, theirs = (desk.words_of(box[0]) for box in (
        case.consumer_got(1), case.company_got(1)))
    assert OFFER in ours and OTHER in ours
    # All but the greeting's name, the personal page and the blank lines.
    bare = [re.sub(r"Olá, .*|https?://\S+", "", text) for text in
            (ours, theirs)]
    assert bare[0].split() == bare[1].split()
    assert shown(case, "options") == [OFFER, OTHER]


def test_nothing_is_proposed_before_both_were_heard(at):
    case = at("mediation")
    before = desk.nothing_was_sent(case)
    page = case.do("propose", option=OFFER, promiser="company",
                   day=str(day(11)))
    assert page.status in (403, 409, 422)
    assert case.state == "mediation"
    assert desk.nothing_was_sent(case) == before


@pytest.mark.parametrize("lack", ["option", "promiser", "day"])
def test_an_option_says_what_who_and_when(at, lack):
    case = at("mediation", asked=True)
    fields = {"option": OFFER, "promiser": "company", "day": str(day(11)),
              "option-2": OTHER, "promiser-2": "office",
              "day-2": str(day(12))}
    fields.pop(f"{lack}-2")
    page = case.do("propose", **fields)
    assert page.status == 422 and case.state == "mediation"
    assert case.office.query("SELECT count(*) FROM settlement WHERE case_id"
                             " = %s", case.id)[0][0] == 0


@pytest.mark.parametrize("first,second", [("consumer", "company"),
                                          ("company", "consumer")])
def test_the_first_choice_alone_moves_nothing(at, first, second):
    case = proposed(at("mediation", asked=True))
    case.said(first, "choose", choice="2")
    assert case.state == "proposal" and case.ledger() == []
    box = {"consumer": case.consumer_got, "company": case.company_got}
    assert "OPÇÃO 2" in desk.words_of(box[first](2)[1])
    assert len(box[second](1)) == 1  # and the other does not learn of it
    case.said(second, "choose", choice="2")
    assert case.state == "plan"
    assert case.ledger() == [(1, "company", "agreement", "open", None, None)]
    assert case.clocks() == [1]
    for side in ("consumer", "company"):
        last = box[side](3 if side == first else 2)[-1]
        words = desk.words_of(last)
        assert OTHER in words and OFFER not in words


def test_different_choices_are_the_mediators_to_look_at(at):
    case = proposed(at("mediation", asked=True))
    case.said("consumer", "choose", choice="1")
    assert "options-differ" not in case.kinds()
    case.said("company", "choose", choice="2")
    assert case.state == "proposal"
    assert "options-differ" in case.kinds()
    for mail in (case.consumer_got(2)[1], case.company_got(2)[1]):
        assert "outra opção" not in desk.words_of(mail)
    case.said("company", "choose", choice="1")  # it may change its mind
    assert case.state == "plan"


def test_an_option_that_was_not_offered_is_not_chosen(at):
    case = proposed(at("mediation", asked=True))
    page = case.says("consumer", "choose", choice="3")
    assert page.status == 422 and case.state == "proposal"
    assert case.office.query("SELECT count(*) FROM settlement_choice WHERE"
                             " case_id = %s", case.id)[0][0] == 0


def test_an_agreement_needs_both(at):
    case = proposed(at("mediation", asked=True))
    case.said("consumer", "choose", choice="1")
    page = case.says("consumer", "accept")
    assert page.status in (403, 409, 422)
    assert case.state == "proposal" and case.ledger() == []


def test_whoever_wants_none_of_them_ends_the_search(at):
    case = proposed(at("mediation", asked=True))
    case.said("company", "choose", choice="0")
    assert case.state == "merit"
    for mail in (case.consumer_got(2)[1], case.company_got(2)[1]):
        assert "parecer" in desk.words_of(mail)


def test_the_mediator_ends_it_with_the_same_words_to_both(at):
    case = at("mediation", asked=True)
    case.done("no-agreement", text="As propostas ficaram distantes.")
    assert case.state == "merit"
    for mail in (case.consumer_got(1)[0], case.company_got(1)[0]):
        assert "As propostas ficaram distantes." in desk.words_of(mail)


# ---- the plan ---------------------------------------------------------------


def test_kept_when_the_consumer_says_so(at):
    case = agreed(at("mediation", asked=True))
    case.let_pass()
    case.said("company", "attest", choice="yes")
    assert case.state == "plan"  # the consumer has not been heard
    case.said("consumer", "attest", choice="yes")
    assert case.state == "closed"
    assert case.axes() == (None, "kept", "not-rated")
    assert "Cumprida no prazo." in desk.words_of(case.consumer_got(4)[-1])


def test_late_is_kept_but_said(at):
    case = agreed(at("mediation", asked=True))
    case.let_pass()
    case.said("consumer", "attest", choice="late")
    assert case.ledger()[0][3] == "late"
    assert case.axes() == (None, "kept", "not-rated")
    assert "depois da data" in desk.words_of(case.company_got(3)[-1])


def test_broken_is_looked_at_by_the_registrar(at):
    case = agreed(at("mediation", asked=True))
    case.let_pass()
    case.said("consumer", "attest", choice="no")
    assert case.state == "closed"
    assert case.ledger()[0][3] == "broken"
    assert case.axes() == (None, "broken", "not-rated")
    assert "seal-review" in case.kinds()
    assert "Não foi cumprida." in desk.words_of(case.company_got(3)[-1])


def test_before_its_day_nobody_has_waited_in_vain(at):
    case = agreed(at("mediation", asked=True))
    page = case.says("consumer", "attest", choice="no")
    assert page.status == 422
    assert case.state == "plan" and case.ledger()[0][3] == "open"
    case.said("consumer", "attest", choice="yes")  # done before its day
    assert case.state == "closed"


def test_a_contradiction_is_a_persons_to_decide(at):
    case = agreed(at("mediation", asked=True))
    case.let_pass()
    case.said("company", "attest", choice="yes")
    case.said("consumer", "attest", choice="no")
    assert case.state == "plan" and "promise-disputed" in case.kinds()
    page = case.do("confirm", outcome="kept")
    assert page.status == 422  # and says how they know
    case.done("confirm", outcome="late",
              text="O comprovante mostra o pagamento em junho.")
    assert case.axes() == (None, "kept", "not-rated")
    assert case.ledger()[0][3] == "late"
    assert "O comprovante mostra" in desk.words_of(case.consumer_got(4)[-1])


def test_of_two_promises_the_plan_waits_for_the_second(at):
    case = answered(at("company"), promise=OFFER, promise_day=str(day(9)),
                    **{"promise-2": OTHER, "promise_day-2": str(day(20))})
    case.said("consumer", "accept")
    assert case.clocks() == [1, 2]
    case.said("consumer", "attest", choice="yes", promise="1")
    assert case.state == "plan" and case.clocks() == [2]
    case.let_pass()
    case.said("consumer", "attest", choice="no")
    assert [row[3] for row in case.ledger()] == ["kept", "broken"]
    # What was accepted did not come whole: it no longer counts as resolved.
    assert case.axes() == (None, "broken", "not-rated")


def test_the_last_word_ends_what_was_asked_about_in_vain(at, office):
    case = answered(at("company"), promise=OFFER, promise_day=str(day(9)),
                    **{"promise-2": OTHER, "promise_day-2": str(day(20))})
    case.said("consumer", "accept")
    case.let_pass()
    office.query("UPDATE clock SET due = now() - interval '1 day' WHERE"
                 " case_id = %s AND kind = 'promise' AND n = 1", case.id)
    case.said("consumer", "attest", choice="yes", promise="2")
    assert [row[3] for row in case.ledger()] == ["broken", "kept"]
    assert case.state == "closed"


# ---- withdrawn, rated -------------------------------------------------------


def test_withdrawn_voids_what_was_promised(at):
    case = agreed(at("mediation", asked=True))
    case.said("consumer", "withdraw")
    assert case.state == "closed"
    assert case.axes() == (None, "none", "not-rated")
    assert case.ledger()[0][3] == "void" and case.clocks() == []
    assert "retirou" in desk.words_of(case.consumer_got(4)[-1])
    assert "retirou" in desk.words_of(case.company_got(3)[-1])


def test_a_company_that_never_knew_is_not_told_of_a_withdrawal(at, office):
    case = at("triage")
    office.query("UPDATE case_file SET told = false WHERE id = %s", case.id)
    case.said("consumer", "withdraw")
    assert "não soube" in desk.words_of(case.consumer_got(1)[0])
    assert [kind for kind, _ in case.letters()
            if kind.endswith("-company")] == []


def test_the_company_cannot_withdraw_the_consumers_case(at):
    case = at("mediation", asked=True)
    assert case.says("company", "withdraw").status in (403, 409, 422)
    assert case.state == "mediation"


def test_each_side_rates_for_itself_after_the_end(at):
    case = agreed(at("mediation", asked=True))
    assert case.says("consumer", "rate", choice="resolved").status != 303
    case.let_pass()
    case.said("consumer", "attest", choice="yes")
    case.said("company", "rate", choice="not-resolved")
    assert case.column("rating") == "not-rated"
    case.said("consumer", "rate", choice="resolved")
    assert case.column("rating") == "resolved"
    rows = case.office.query(
        "SELECT p.side::text, a.choice FROM party_act a JOIN party p ON p.id"
        " = a.party WHERE a.case_id = %s AND a.action = 'rate' ORDER BY a.at,"
        " a.id", case.id)
    assert ("company", "not-resolved") in rows
    assert ("consumer", "resolved") in rows


def test_what_was_accepted_stays_accepted(at):
    case = answered(at("company"))
    case.said("consumer", "accept")
    case.said("consumer", "rate", choice="not-resolved")
    assert case.column("rating") == "resolved"
    assert case.state == "closed"


# ---- the office's own promises ----------------------------------------------


def test_what_a_letter_promises_is_in_the_ledger_and_the_queue(at, office,
                                                               mediator):
    case = at("mediation", asked=True)
    page = desk.write(mediator, case,
                      text="Obrigado. Até segunda, ligamos para você.",
                      promise_text="Ligar para a consumidora.",
                      promise_by=str(day(1)))
    assert page.status == 303, page.words
    assert case.ledger() == [(1, "office", "letter", "open", None, None)]
    assert case.clocks() == []
    office.query("UPDATE case_file SET due = now() + interval '60 days'"
                 " WHERE id = %s", case.id)
    office.query("UPDATE promise SET due = now() WHERE case_id = %s", case.id)
    assert case.path in mediator.get("/?queue=due").cases()
    task = office.query("SELECT id FROM task WHERE case_id = %s AND kind ="
                        " 'promise'", case.id)[0][0]
    page = desk.act(mediator, case.path, "task-done",
                    task=uuid.UUID(str(task)).hex, outcome="kept")
    assert page.status == 303, page.words
    assert case.ledger()[0][3] == "kept"
    assert case.path not in mediator.get("/?queue=due").cases()


# ---- lanes ------------------------------------------------------------------


def test_a_partys_letters_lie_in_its_own_lane(at):
    case = agreed(at("mediation", asked=True))
    case.let_pass()
    case.said("consumer", "attest", choice="no")
    wait_until("all letters have left", lambda: not case.office.query(
        "SELECT 1 FROM outbox WHERE case_id = %s AND state <> 'sent'",
        case.id), 20, 0.05)
    lanes = dict(case.office.query(
        "SELECT o.kind, i.lane::text FROM outbox o JOIN item i ON i.id ="
        " o.item WHERE o.case_id = %s", case.id))
    for kind, lane in lanes.items():
        assert lane == ("company" if kind.endswith("-company")
                        else "consumer"), kind
    for mail in case.company_got(3):
        assert case.addr.encode() not in mail.content
    for mail in case.consumer_got(4):
        assert case.company.encode() not in mail.content


def test_every_mail_of_this_file_is_whole(office):
    """No open blank, no braces, in whatever language."""
    for mail in list(office.sink.mails):
        text = stage.plain_text(mail)
        assert "{{" not in text and "[…" not in text


@pytest.mark.parametrize("lang", ["pt-BR", "en", "it"])
def test_the_two_texts_of_options_are_one(lang):
    """Whatever is changed in the one is changed in the other."""
    ours, theirs = (open(os.path.join(
        harness.ROOT, f"templates/mail/{name}.{lang}.txt"),
        encoding="utf-8").read() for name in ("options", "options-company"))
    assert ours == theirs and "{{#options}}" in ours


def test_an_agreement_by_mail_names_the_option_without_its_words(at, office):
    """The gateway holds no key to a case: it cannot quote the option."""
    case = proposed(at("mediation", asked=True))
    case.said("consumer", "choose", choice="1")
    told, _, _ = desk.take(office, stage.answer_to(
        case.company_got(1)[0], case.company, name="Marta Reis",
        text="OPÇÃO 1"))
    assert told["outcome"] == "appended"
    wait_until("the agreement", lambda: case.state == "plan", 30, 0.2)
    for mail in (case.consumer_got(3)[-1], case.company_got(2)[-1]):
        words = desk.words_of(mail)
        assert "OPÇÃO 1" in words and "palavras da nossa proposta" in words
        assert OFFER not in words.split("\n>")[0]
    assert case.ledger() == [(1, "company", "agreement", "open", None, None)]
    assert case.clocks() == [1]


def test_what_a_consumer_writes_with_a_refusal_is_not_passed_on(at, office):
    case = answered(at("company"))
    told, _, _ = desk.take(office, stage.answer_to(
        case.consumer_got(1)[0], case.addr, name="Ana Souza",
        text="RECUSO\n\nFalta a taxa de entrega, que o João cobrou."))
    assert told["outcome"] == "appended"
    wait_until("the mediation", lambda: case.state == "mediation", 30, 0.2)
    assert "pass-on" in case.kinds()
    letter = desk.words_of(case.company_got(2)[-1])
    assert "taxa de entrega" not in letter and "João" not in letter


# ---- what a step settles ----------------------------------------------------


def settled(case, kind):
    """Who ended the tasks of that kind, and how; None: it is open."""
    return case.office.query(
        "SELECT p.login, t.outcome FROM task t LEFT JOIN person p ON p.id ="
        " t.done_by WHERE t.case_id = %s AND t.kind = %s ORDER BY t.opened",
        case.id, kind)


def wrote(case, letter, addr, text):
    told, _, _ = desk.take(case.office, stage.answer_to(
        letter, addr, text=text))
    assert told["outcome"] == "appended"


def test_an_answer_that_went_over_needs_no_reading(at):
    case, other = at("company"), at("company")
    for one in (case, other):
        page = desk.write(one.mediator, one, to="company",
                          text="Pedimos a resposta da empresa. Obrigado.")
        assert page.status == 303, page.words
        wrote(one, one.company_got(1)[0], one.company,
              "Prezados, o reembolso foi pago.")
        assert settled(one, "read-answer") == [(None, None)]
    case.done("answer", text=ANSWER, points="1")
    assert settled(case, "read-answer") == [("mediator", "done")]
    assert settled(other, "read-answer") == [(None, None)]


def test_a_decision_is_read_when_a_colleague_enters_it(at):
    case = proposed(at("mediation", asked=True))
    wrote(case, case.consumer_got(1)[0], case.addr,
          "Talvez a primeira opção, preciso ver a fatura antes.")
    assert settled(case, "read-decision") == [(None, None)]
    case.said("company", "choose", choice="1")  # is not the consumer's
    assert settled(case, "read-decision") == [(None, None)]
    wrote(case, case.consumer_got(1)[0], case.addr, "OPÇÃO 2")
    wait_until("the choice", lambda: case.office.query(
        "SELECT 1 FROM settlement_choice WHERE case_id = %s AND side ="
        " 'consumer'", case.id), 30, 0.2)
    # Nobody has read the first mail because the second one was clear.
    assert settled(case, "read-decision") == [(None, None)]
    case.said("consumer", "choose", choice="1")
    assert settled(case, "read-decision") == [("mediator", "done")]


def test_a_comment_is_passed_on_by_a_letter_to_the_company(at, office):
    case = answered(at("company"))
    wrote(case, case.consumer_got(1)[0], case.addr,
          "RECUSO\n\nFalta a taxa de entrega.")
    wait_until("the mediation", lambda: case.state == "mediation", 30, 0.2)
    for to, now in (("consumer", (None, None)),
                    ("company", ("mediator", "done"))):
        page = desk.write(case.mediator, case, to=to,
                          text="Falta a taxa de entrega. Obrigado.")
        assert page.status == 303, page.words
        assert settled(case, "pass-on") == [now]


def test_of_mails_that_come_together_each_decides_its_own_case(at, office):
    """What is asked of all parties at once is not mixed up."""
    cases = [proposed(at("mediation", asked=True)), answered(at("company"))]
    letters = [case.consumer_got(1)[0] for case in cases]
    office.gateway.stop()  # both wait in the mailbox: one batch
    try:
        for case, letter, text in zip(cases, letters, ("OPÇÃO 2", "ACEITO")):
            office.post_mail(
                stage.answer_to(letter, case.addr, name="Ana Souza",
                                text=text), case.addr,
                stage.address_of(letter.parsed["Reply-To"]))
    finally:
        office.gateway.begin()
    wait_until("both decisions", lambda: [case.office.query(
        "SELECT action, choice FROM party_act WHERE case_id = %s", case.id)
        for case in cases] == [[("choose", "2")], [("accept", "")]], 30, 0.1)
