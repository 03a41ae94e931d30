"""From the first classification to the notice: each verb of the first half, its
fields, its letters and to whom they go.

Everything is posted to the real server and arrives in the sink.
"""

import datetime
import json
import os
import re

import pytest

import harness
import scene as stage
import test_write as desk
from scene import Scene

ZONE = desk.ZONE
SUMMARY = "Quem reclama pagou duas vezes a fatura de março."
SHOP, FOREIGN, EMPTY = "Lojas Aurora", "Northwind Ltd.", "Sem Ninguém"
SUMMARIES = {FOREIGN: "The complainant says that the bill was charged twice."}


@pytest.fixture(scope="module")
def office(template):
    yield from begun(template)


def begun(template, **calendar):
    """An office with its companies, by the plain calendar but for that."""
    made = Scene(template, to_sink=True, imap_poll_secs=1,
                 mailgw_acks_domain_hour=100000, office_calendar="plain",
                 paths_calendars=None)
    made.settings["paths_calendars"] = made.folder.make("calendars")
    if "zone" in calendar:
        made.settings["office_time_zone"] = calendar["zone"]
    with open(os.path.join(made.settings["paths_calendars"], "plain.json"),
              "w", encoding="utf-8") as file:
        json.dump({**desk.CALENDAR, **calendar}, file)
    made.pool = desk.Pool(made)
    try:
        made.begin()
        made.units = register(made)
        yield made
    finally:
        made.stop()


def register(office):
    """Three companies; the ids of their units by the company's name."""
    admin = office.office.admin
    today = stage.today()

    def add(company, *contacts, lang="pt-BR"):
        admin.do("company", "add", "--name", company, "--lang", lang,
                 "--full-text", "yes")
        admin.do("company", "unit", "--company", company, "--name", "SAC",
                 "--from", "2020-01-01")
        for address, *more in contacts:
            admin.do("company", "contact", "--company", company, "--unit",
                     "SAC", "--address", address, *more)

    add(SHOP, ("bianca@aurora.example", "--name", "Bianca Moura"),
        ("otto@aurora.example", "--name", "Otto Reis", "--role", "copy"))
    add(FOREIGN, ("dora@northwind.example", "--name", "Dora Hill"),
        ("carl@northwind.example", "--name", "Carl Voss",
         "--away-from", str(today - datetime.timedelta(3)),
         "--away-until", str(today + datetime.timedelta(3)),
         "--substitute", "dora@northwind.example"), lang="en")
    add(EMPTY)
    return {company["name"]: company["units"][0]["id"]
            for company in admin.json("company", "list")}


@pytest.fixture(scope="module")
def mediator(office):
    return desk.login(office, "mediator")


@pytest.fixture(scope="module")
def intake(office):
    return desk.login(office, "intake")


@pytest.fixture(scope="module")
def reader(office):
    return desk.login(office, "mediator2")


class Case(desk.Case):
    def __init__(self, office, browser, text=None):
        super().__init__(office, text)
        self.browser = browser
        self.does("open")

    def act(self, verb, **fields):
        return desk.act(self.browser, self.path, verb, **fields)

    def does(self, verb, **fields):
        page = self.act(verb, **fields)
        assert page.status == 303, page.words
        return self

    def column(self, *names):
        row, = self.office.query(
            f"SELECT {', '.join(names)} FROM case_file WHERE id = %s", self.id)
        return row if len(names) > 1 else row[0]

    def row(self):
        """All that a refused act must leave as it was."""
        return self.office.query("SELECT (to_jsonb(c) - 'indexed')::text FROM"
                                 " case_file c WHERE id = %s", self.id), self.allegations(), \
            desk.nothing_was_sent(self), self.clocks()

    def clocks(self):
        return dict(self.office.query(
            "SELECT kind::text, (state::text, due)::text FROM clock"
            " WHERE case_id = %s", self.id))

    def clock(self, kind):
        """(state, due) of a clock."""
        row, = self.office.query(
            "SELECT state::text, due FROM clock WHERE case_id = %s AND"
            " kind = %s::clock_kind AND n = 0", self.id, kind)
        return row

    def allegations(self):
        return self.office.query(
            "SELECT code, article, law FROM allegation WHERE case_id = %s"
            " ORDER BY n", self.id)

    def mail(self, count):
        """The newest letter to the consumer, of so many."""
        return desk.words_of(self.got(self.addr, count)[-1])

    def lane(self, lane):
        return [row for row in self.items() if row[2] == lane]

    def classified(self, company=SHOP, **more):
        return self.does("classify", **{**about(self.office, company), **more})

    def served(self, company=SHOP, **more):
        self.classified(company, **more)
        return self.does("serve", summary=SUMMARIES.get(company, SUMMARY))


def about(office, company=SHOP):
    return {"kind": "complaint", "severity": "low", "difficulty": "simple",
            "remedy": "refund", "service": "payments", "identity": "protected",
            "unit": office.units[company], "allegation": "wrong-charge",
            "law": "cdc-42"}


@pytest.fixture
def case(office, mediator):
    return Case(office, mediator)


@pytest.fixture(scope="module")
def still(office, mediator):
    """For what is refused, and so changes nothing."""
    return Case(office, mediator)


def long_day(due, lang="pt-BR"):
    """The day as letters write it."""
    day = due.astimezone(ZONE)
    names = {"pt-BR": "janeiro fevereiro março abril maio junho julho agosto"
                      " setembro outubro novembro dezembro",
             "en": "January February March April May June July August"
                   " September October November December"}[lang].split()
    name = names[day.month - 1]
    return (f"{day.day} de {name} de {day.year}" if lang == "pt-BR"
            else f"{name} {day.day}, {day.year}")


def letters_to(office, case, addr):
    return [mail for mail in office.sink.to(addr)
            if case.protocol in str(mail.parsed["Subject"])]


def notice(office, case, addr):
    return harness.wait_until(
        f"the notice to {addr}", lambda: letters_to(office, case, addr),
        20, 0.05)


# ---- what it is about --------------------------------------------------------


def test_a_classification_stands_in_the_case_with_its_articles(case):
    case.classified(urgent="1", contact_channel="phone", direction="inbound",
                    first_instance="2026-01-05", first_number="AU-77",
                    profile="consumidor", **{
                        "allegation-2": "hidden-fee", "article-2": "ce-6"})
    assert case.column(
        "kind::text", "severity::text", "difficulty::text", "urgent",
        "service", "remedy", "contact_channel", "direction", "identity",
        "profile", "first_instance") == (
            "complaint", "low", "simple", True, "payments", "refund", "phone",
            "inbound", "protected", "consumidor", datetime.date(2026, 1, 5))
    # Without an article the allegation's own; a chosen one stands.
    assert case.allegations() == [("wrong-charge", "ce-2", "cdc-42"),
                                  ("hidden-fee", "ce-6", "")]
    assert case.column("(SELECT name FROM company WHERE id = company)") == SHOP
    assert "classify" in case.events()


def test_the_companys_own_number_is_sealed(office, case):
    case.classified(first_instance="2026-01-05", first_number="SEGREDO-77")
    assert case.column("first_instance_item") is not None
    for table in ("item", "case_file", "audit_event"):
        dump, = office.query(f"SELECT string_agg(t::text, '') FROM {table} t")
        assert "SEGREDO-77" not in dump[0]


def test_what_is_not_sent_stays_and_what_is_empty_goes(case):
    case.classified(urgent="1").does("classify", kind="complaint", remedy="",
                                     severity="moderate")
    assert case.column("severity::text", "remedy", "service", "urgent") == (
        "moderate", None, "payments", False)
    assert case.allegations() == [("wrong-charge", "ce-2", "cdc-42")]
    case.does("classify", kind="complaint", allegation="")
    assert case.allegations() == []


WRONG = {
    "no kind": {"kind": ""},
    "no such kind": {"kind": "quarrel"},
    "no such severity": {"severity": "huge"},
    "no such code": {"remedy": "a-castle"},
    "a code of another book": {"remedy": "cdc-42"},
    "no such unit": {"unit": "0" * 32},
    "no unit at all": {"unit": "SAC"},
    "a day to come": {"first_instance": "2099-01-01"},
    "no day": {"first_instance": "2026-02-30"},
    "an article of nothing": {"article-2": "ce-3"},
    "too low for pressure": {"allegation-2": "pressure-selling"},
    "no such profile": {"profile": "fast"},
}


@pytest.mark.parametrize("what", WRONG)
def test_a_wrong_field_changes_nothing(office, still, what):
    before = still.row()
    page = still.act("classify", **{**about(office), **WRONG[what]})
    assert page.status == 422, page.words
    assert still.row() == before


def test_pressure_to_buy_weighs_at_least_moderately(office, case):
    page = case.act("classify", **{
        **about(office), "allegation": "pressure-selling"})
    assert page.status == 422
    case.classified(allegation="pressure-selling", severity="moderate")
    assert case.allegations()[0][:2] == ("pressure-selling", "ce-10")


# ---- questions ---------------------------------------------------------------


def test_questions_go_out_once_and_the_answer_completes_the_file(
        office, mediator):
    case = Case(office, mediator, text=stage.WORDS["en"])
    total = case.clock("total")
    case.does("ask", questions="On which day did the fridge arrive?")
    assert case.column("state::text", "owes") == ("info", "consumer")
    text = case.mail(2)
    assert "On which day did the fridge arrive?" in text
    assert long_day(case.clock("info")[1], "en") in text
    assert total[0] == "running" and case.clock("total") == ("paused", None)
    # Somebody heard the answer on the telephone.
    case.does("complement", behalf="consumer", source="call",
              text="Chegou no dia 3 de maio.")
    assert case.column("state::text") == "triage"
    assert case.column("complete") is not None
    assert case.clock("total")[0] == "running"
    assert "We received the information we asked for" in case.mail(3)
    assert case.items("note")[-1][2] == "internal"
    before = case.row()
    assert case.act("ask", questions="E a cor?").status != 303
    assert case.row() == before


def test_questions_want_words(still):
    before = still.row()
    assert still.act("ask", questions="  ").status == 422
    assert still.act("ask", questions="Qual é o (nome)?").status == 422
    assert still.row() == before


def remind(office, case, clock):
    """The term is over, and a reminder was delivered: the acknowledgement
    stands for it."""
    office.query("UPDATE clock SET due = now() - interval '1 hour' WHERE"
                 " case_id = %s AND kind = %s::clock_kind", case.id, clock)
    (turn,), = office.query("SELECT round FROM clock WHERE case_id = %s AND"
                            " kind = %s::clock_kind", case.id, clock)
    office.query("INSERT INTO alarm (case_id, clock, n, round, kind, at, done,"
                 " outcome) VALUES (%s, %s::clock_kind, 0, %s, 'remind',"
                 " now(), now(), 'sent') ON CONFLICT (case_id, clock, n,"
                 " round, kind) DO UPDATE SET done = now()",
                 case.id, clock, turn)
    harness.wait_until("it is sent", office.outbox_is_quiet, 20, 0.05)
    office.query("UPDATE outbox SET kind = 'reminder', dedupe_key ="
                 " 'alarm:' || replace(case_id::text, '-', '') || %s"
                 " WHERE case_id = %s AND kind = 'acknowledgement'",
                 f":{clock}:0:{turn}:remind:x", case.id)


def test_nobody_is_given_up_before_the_term_and_a_reminder(
        office, case, intake):
    case.does("ask", questions="Em que dia a geladeira chegou?")
    before = case.row()
    assert desk.act(intake, case.path, "lapse").status == 403
    assert case.row() == before
    office.query("UPDATE clock SET due = now() - interval '1 hour' WHERE"
                 " case_id = %s AND kind = 'info'", case.id)
    assert desk.act(intake, case.path, "lapse").status == 403
    case.got(case.addr, 2)
    remind(office, case, "info")
    page = desk.act(intake, case.path, "lapse",
                    text="Se mudar de ideia, estamos à disposição.")
    assert page.status == 303, page.words
    assert case.column("state::text", "resolution::text", "rating::text",
                       "closed_by", "closed_from::text") == (
        "closed", "none", "not-rated", "lapse", "info")
    text = case.mail(3)
    assert "Se mudar de ideia" in text and "Você pode voltar" in text
    assert "Pedimos a você algumas informações" in text
    assert long_day(case.clock("reopen-window")[1]) in text


def test_an_answer_that_nobody_rates_ends_unrated_for_both(office, case):
    case.served()
    office.query("UPDATE case_file SET state = 'consumer' WHERE id = %s",
                 case.id)
    office.query("UPDATE clock SET kind = 'consumer' WHERE case_id = %s AND"
                 " kind = 'company'", case.id)
    assert case.act("lapse").status == 403
    remind(office, case, "consumer")
    case.does("lapse")
    assert case.column("state::text", "resolution::text", "rating::text",
                       "merit") == ("closed", "none", "not-rated", None)
    text = case.mail(3)
    assert "não conta como resolvido nem como não resolvido" in text
    assert "Pedimos a você algumas informações" not in text
    ends = long_day(case.clock("reopen-window")[1])
    assert ends in text
    mails = harness.wait_until("the company's copy", lambda: len(letters_to(
        office, case, "otto@aurora.example")) == 2 and letters_to(
        office, case, "otto@aurora.example"), 20, 0.05)
    assert "Encerramos hoje" in desk.words_of(mails[-1])
    assert ends in desk.words_of(mails[-1])


# ---- refusing ------------------------------------------------------------------


def pending(office, case):
    return desk.hexes(office.query(
        "SELECT id FROM act_pending WHERE case_id = %s AND decided IS NULL",
        case.id)[0][0])


def test_a_refusal_says_why_and_where_to_go_and_needs_two(
        office, case, reader):
    case.does("refuse", kind="complaint", ground="not-competent",
              reasons="A loja não faz parte do nosso programa.",
              **{"referral": "procon", "referral-2": "consumidor-gov"})
    # One person alone refuses nobody.
    assert case.column("state::text") == "triage"
    act = pending(office, case)
    # Whoever is to confirm it reads what codes are called.
    waits = re.search(r'(?s)<section[^>]* id="pending">.*?</section>',
                      reader.get(case.path).text)[0]
    assert re.findall(r'<dd class="text">([^<]*)</dd>', waits) == [
        "reclamação", "O assunto não cabe a esta ouvidoria",
        "A loja não faz parte do nosso programa.",
        "Procon do seu estado ou município", "consumidor.gov.br"]
    assert desk.act(case.browser, case.path, "second", act=act,
                    decision="confirm").status != 303
    page = desk.act(reader, case.path, "second", act=act, decision="confirm")
    assert page.status == 303, page.words
    assert case.column("state::text", "kind::text", "ground", "merit::text",
                       "resolution::text", "rating::text") == (
        "closed", "complaint", "not-competent", "not-established", "none",
        "not-rated")
    text = case.mail(2)
    for words in ("O assunto não cabe a esta ouvidoria.",
                  "A loja não faz parte do nosso programa.",
                  "Procon do seu estado ou município",
                  "https://consumidor.gov.br/",
                  long_day(case.clock("review-window")[1])):
        assert words in text
    assert case.lane("company") == []


def test_a_refusal_without_its_reasons_is_none(still):
    before = still.row()
    for fields in ({"ground": "not-competent", "reasons": ""},
                   {"ground": "", "reasons": "Não."},
                   {"ground": "no-such", "reasons": "Não."},
                   {"ground": "duplicate", "reasons": "Não.",
                    "referral": "mars"},
                   # It was never classified, and nobody says what it is.
                   {"ground": "duplicate", "reasons": "Já está noutro caso."}):
        assert still.act("refuse", **fields).status == 422, fields
    assert still.row() == before


# ---- the light path -------------------------------------------------------------


def test_a_suggestion_goes_to_the_company_and_comes_back(office, case):
    day = desk.open_day(7)
    case.does("classify", kind="suggestion", identity="protected")
    case.does("forward", unit=office.units[SHOP], by=str(day),
              owner="Área de produtos",
              text="Seria bom poder cancelar pelo aplicativo.")
    assert case.column("state::text", "owes", "told") == (
        "forwarded", "company", True)
    assert case.clock("feedback") == ("running", desk.end_of(day))
    text = case.mail(2)
    assert "Área de produtos" in text and SHOP in text
    assert long_day(desk.end_of(day)) in text
    assert "Seu nome e seu endereço ficam conosco" in text
    for addr in ("bianca@aurora.example", "otto@aurora.example"):
        mail, = notice(office, case, addr)
        text = desk.words_of(mail)
        assert "Seria bom poder cancelar pelo aplicativo." in text
        assert long_day(desk.end_of(day)) in text
        assert "Ana" not in text and case.addr not in mail.content.decode()
    case.does("feed-back", text="O botão de cancelamento está no aplicativo.")
    assert case.column("state::text", "closed_by") == ("closed", "feed-back")
    assert "O botão de cancelamento está no aplicativo." in case.mail(3)
    harness.wait_until("the thanks", lambda: len(letters_to(
        office, case, "bianca@aurora.example")) == 2, 20, 0.05)


def test_it_may_go_to_somebody_whom_no_letter_needs_to_reach(office, case):
    case.does("classify", kind="praise")
    case.does("forward", by=str(desk.open_day(3)), owner="Toda a equipe")
    assert "Toda a equipe" in case.mail(2)
    assert case.lane("company") == [] and not case.column("told")
    case.does("feed-back", text="Lemos o elogio na reunião de equipe.")
    assert case.column("state::text") == "closed"


def test_it_may_go_to_an_address_that_is_in_no_register(office, case):
    addr = f"lojista.{desk.mark()}@fora.example"
    case.does("classify", kind="question", identity="open")
    case.does("forward", by=str(desk.open_day(3)), owner="Gerência da loja",
              to_addr=addr, to_name="Rui Campos", text="Abrem no sábado?")
    mail, = notice(office, case, addr)
    assert "Olá, Rui Campos," in desk.words_of(mail)
    assert "Quem escreveu: Ana Souza" in desk.words_of(mail)
    assert case.addr not in mail.content.decode()


LOOSE = {
    "no owner": {"owner": ""},
    "no day": {"by": ""},
    "a day that is past": {"by": "2020-01-06"},
    "no address": {"to_addr": "rua da loja"},
    "nothing to read": {"text": ""},
    "two places": {"unit": None},
}


@pytest.fixture(scope="module")
def question(office, mediator):
    return Case(office, mediator).does("classify", kind="question")


@pytest.mark.parametrize("what", LOOSE)
def test_what_is_forwarded_has_owner_date_and_words(office, question, what):
    case = question
    fields = {"owner": "Loja", "by": str(desk.open_day(3)),
              "to_addr": "loja@fora.example", "text": "Abrem no sábado?"}
    fields |= {key: value if value is not None else office.units[SHOP]
               for key, value in LOOSE[what].items()}
    before = case.row()
    page = case.act("forward", **fields)
    assert page.status == 422, page.words
    assert case.row() == before


def test_a_complaint_is_not_forwarded(office, case):
    case.classified()
    before = case.row()
    assert case.act("forward", owner="Loja",
                    by=str(desk.open_day(3))).status != 303
    assert case.row() == before


# ---- the notice ------------------------------------------------------------------


def test_a_notice_says_all_that_the_company_needs(office, case):
    case.classified(first_instance="2026-01-05", first_number="AU-77", **{
        "allegation-2": "hidden-fee"})
    case.does("serve", summary=SUMMARY)
    assert case.column("state::text", "owes", "told") == (
        "company", "company", True)
    due = case.clock("company")[1]
    assert case.due() == due
    mail, = notice(office, case, "bianca@aurora.example")
    text = desk.words_of(mail)
    for words in ("Olá, Bianca Moura,", case.protocol, SUMMARY,
                  "Cobrança indevida; código de ética: Art. 2",
                  "lei: CDC, art. 42", "Taxa adicional que não foi informada",
                  "Devolução do valor pago", "Serviço: Pagamentos",
                  "5 de janeiro de 2026, registro AU-77", long_day(due),
                  "PRAZO", "DECLINO", "não tomamos partido"):
        assert words in text, words
    text = case.mail(2)
    for words in ("SAC, Lojas Aurora", SUMMARY, "Devolução do valor pago",
                  long_day(due)):
        assert words in text, words


def test_a_name_that_ends_with_a_dot_ends_no_sentence(office, case):
    admin, name = office.office.admin, "Lojas Boreal S.A."
    admin.do("company", "add", "--name", name, "--lang", "pt-BR",
             "--full-text", "yes")
    admin.do("company", "unit", "--company", name, "--name", "SAC Ltda.",
             "--from", "2020-01-01")
    admin.do("company", "contact", "--company", name, "--unit", "SAC Ltda.",
             "--address", "bia@boreal.example", "--name", "Bia Lima Jr.")
    office.units[name], = (company["units"][0]["id"] for company in
                           admin.json("company", "list")
                           if company["name"] == name)
    case.served(name)
    letters = case.mail(2), desk.words_of(notice(
        office, case, "bia@boreal.example")[0])
    for text in letters:
        assert name in text and ".." not in text


@pytest.mark.parametrize("lang", ["pt-BR", "en", "it"])
def test_no_letter_puts_a_full_stop_behind_a_name(lang):
    folder = os.path.join(harness.ROOT, "templates/mail")
    ends = re.compile(  # closed sections and the other case may lie between
        r"\{\{(company_name|unit|owner|name|office_name)\}\}"
        r"(\{\{/\w+\}\}|\{\{\^\w+\}\}[^{]*\{\{/\w+\}\})*\.")
    files = [file for file in sorted(os.listdir(folder))
             if file.endswith(f".{lang}.txt")]
    assert len(files) > 50
    for file in files:
        with open(os.path.join(folder, file), encoding="utf-8") as text:
            assert not ends.search(text.read()), file


def test_two_contacts_get_one_notice_each_and_both_may_answer(office, case):
    case.served()
    both = [notice(office, case, addr) for addr in (
        "bianca@aurora.example", "otto@aurora.example")]
    assert [len(mails) for mails in both] == [1, 1]
    assert office.query("SELECT count(*) FROM outbox WHERE case_id = %s AND"
                        " kind = 'notice'", case.id) == [(2,)]
    for mails, addr in zip(both, ("bianca@aurora.example",
                                  "otto@aurora.example")):
        told, item, where = desk.take(office, stage.answer_to(
            mails[0], addr, name="Loja", text="Estamos verificando."))
        assert told["outcome"] == "appended" and where == case.id
        lane, = office.query("SELECT lane::text FROM item WHERE id = %s", item)
        assert lane == ("company",)


def test_whoever_is_away_is_replaced_and_reads_their_language(office, case):
    case.served(FOREIGN)
    mail, = notice(office, case, "dora@northwind.example")
    text = desk.words_of(mail)
    assert "Dear Dora Hill," in text and "Undue charge" in text
    assert "Refund of what was paid" in text
    assert long_day(case.clock("company")[1], "en") in text
    assert letters_to(office, case, "carl@northwind.example") == []
    # Back at work, they answer for the company all the same.
    told, item, _ = desk.take(office, stage.answer_to(
        mail, "carl@northwind.example", name="Carl Voss", text="We look."))
    assert told["outcome"] == "appended"
    assert office.query("SELECT lane::text FROM item WHERE id = %s",
                        item) == [("company",)]


def test_words_for_two_languages_are_in_one_of_them(office, case):
    """One summary goes to both: whoever writes it chooses whose words."""
    case.classified(FOREIGN)
    page = case.act("serve", summary="L'impresa ha addebitato due volte la"
                                     " stessa fattura di marzo.")
    assert page.status == 422 and "outra língua" in page.words
    assert case.act("serve", summary=SUMMARY).status == 303


def test_a_protected_identity_is_nowhere_in_the_notice(office, case):
    case.served()
    for mail in notice(office, case, "bianca@aurora.example"):
        source = mail.content.decode()
        text = desk.words_of(mail) + source
        assert "A identidade está protegida." in text
        for secret in ("Ana", "Souza", case.addr, case.own_id):
            assert secret not in text, secret
    assert "não foram passados à empresa" in case.mail(2)


def test_an_open_identity_names_the_consumer_and_no_more(office, case):
    case.served(identity="open")
    mail, = notice(office, case, "bianca@aurora.example")
    assert "# Quem reclama" not in desk.words_of(mail)
    assert re.search(r"Quem reclama\s+Ana Souza", desk.words_of(mail))
    assert case.addr not in mail.content.decode()
    assert "Passamos também o seu nome" in case.mail(2)


def test_a_summary_that_names_a_protected_consumer_stops(case):
    case.classified()
    before = case.row()
    page = case.act("serve", summary="Ana Souza pagou duas vezes.")
    assert page.status == 422, page.words
    assert case.row() == before


MISSING = {
    "severity": {"severity": ""}, "remedy": {"remedy": ""},
    "an allegation": {"allegation": "", "law": ""}, "the unit": {"unit": ""},
    "whether the name is told": {"identity": ""},
    "a second colleague": {"difficulty": "complex"},
    "a dispute": {"kind": "question"},
}


@pytest.fixture(scope="module")
def untold(office, mediator):
    return Case(office, mediator)


@pytest.mark.parametrize("what", MISSING)
def test_without_this_nobody_is_told(untold, what):
    untold.classified(**MISSING[what])
    before = untold.row()
    assert untold.act("serve", summary=SUMMARY).status == 403
    assert untold.row() == before


def test_a_unit_without_anybody_cannot_be_told(case):
    case.classified(EMPTY)
    before = case.row()
    assert case.act("serve", summary=SUMMARY).status != 303
    assert case.row() == before


def test_what_the_company_was_told_of_stands(office, case):
    case.served()
    for change in ({"kind": "question"},
                   {"kind": "complaint", "unit": office.units[FOREIGN]}):
        before = case.row()
        assert case.act("classify", **change).status == 422
        assert case.row() == before
    case.does("classify", kind="complaint", severity="moderate")
    assert case.column("severity::text") == "moderate"


# ---- more time ---------------------------------------------------------------------


def test_more_time_is_given_once_with_a_reason_told_to_both(office, case):
    case.served()
    was = case.clock("company")[1]
    reason = "A gravação da chamada precisa ser recuperada."
    assert case.act("extend", reason="").status == 422
    case.does("extend", reason=reason)
    due = case.clock("company")[1]
    assert due > was and case.due() == due
    for text in (case.mail(3), desk.words_of(harness.wait_until(
            "the company is told", lambda: len(letters_to(
                office, case, "bianca@aurora.example")) == 2
            and letters_to(office, case, "bianca@aurora.example"),
            20, 0.05)[-1])):
        assert reason in text and long_day(due) in text
    before = case.row()
    assert case.act("extend", reason=reason).status != 303
    assert case.row() == before


def test_more_time_may_be_less_than_all_and_never_more(case):
    case.served()
    was = case.clock("company")[1]
    before = case.row()
    for day in (desk.open_day(90), desk.open_day(1)):
        assert case.act("extend", reason="Falta a gravação.",
                        by=str(day)).status == 422
        assert case.row() == before
    day = desk.open_day(
        (was.astimezone(ZONE).date() - datetime.datetime.now(
            ZONE).date()).days + 2)
    case.does("extend", reason="Falta a gravação.", by=str(day))
    assert case.clock("company")[1] == desk.end_of(day)
    assert long_day(desk.end_of(day)) in case.mail(3)


# ---- notes ----------------------------------------------------------------------------


def test_a_note_is_internal_sealed_and_moves_nothing(office, case):
    words = f"Ligou e contou {desk.mark()}"
    before = case.column("state::text"), case.letters(), case.due()
    case.does("note", text=words, heard="call")
    assert (case.column("state::text"), case.letters(), case.due()) == before
    assert case.items("note")[-1][2] == "internal"
    assert words in case.browser.get(case.path).words
    dump, = office.query("SELECT string_agg(t::text, '') FROM item t"
                         " WHERE case_id = %s", case.id)
    assert words not in dump[0]
    assert "note" in case.events()


def test_a_note_wants_words_and_a_known_way(still):
    before = still.row()
    assert still.act("note", text="").status == 422
    assert still.act("note", text="Ligou.", heard="telepathy").status == 422
    assert still.row() == before


def test_the_case_page_says_what_it_is_about(case):
    case.classified()
    seen = case.browser.get(case.path).words
    for words in ("Cobrança indevida", "Devolução do valor pago", SHOP,
                  "CDC, art. 42"):
        assert words in seen, words
