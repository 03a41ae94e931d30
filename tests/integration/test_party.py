"""What a party says by mail or on its own page: which answers become acts,
which a person reads, and what never moves anything."""

import re
import secrets
import time
import urllib.parse

import pytest

from harness import wait_until
from scene import (Scene, WORDS, address_of, answer_to, letter, new_id,
                   plain_text)

CODES = {"pt-BR": ("ACEITO", "RECUSO"), "en": ("ACCEPT", "REFUSE"),
         "it": ("ACCETTO", "RIFIUTO")}


@pytest.fixture(scope="module")
def office(template):
    made = Scene(template, to_sink=True, mailgw_acks_domain_hour=100000,
                 mailgw_acks_hour=100000)
    try:
        yield made.begin()
    finally:
        made.stop()


@pytest.fixture(scope="module")
def mediator(office):
    return office.logged_in("mediator")


def take(office, raw):
    status, (told,) = office.gateway.ingest(raw)
    assert status == 0
    return told


def sent(office, address, count):
    """All that went to an address once nothing waits; so many they are."""
    def enough():
        found = [m for m in list(office.sink.mails) if address in m.recipients]
        return found if len(found) >= count else None

    found = wait_until(f"{count} letters to {address}", enough, 20, 0.05)
    wait_until("the outbox is empty", office.outbox_is_quiet, 20, 0.05)
    assert len(found) == count, [str(m.parsed["Subject"]) for m in found]
    return found


class Case:
    """A consumer's case in a state of its life, put there by hand."""

    def __init__(self, office, state="consumer", lang="pt-BR"):
        self.office = office
        self.consumer = f"ana.{secrets.token_hex(6)}@consumidora.example"
        told = take(office, letter(self.consumer, text=WORDS[lang]))
        assert told["outcome"] == "created", told
        self.protocol = told["protocol"]
        self.id = office.case(self.protocol)["id"]
        self.ack = sent(office, self.consumer, 1)[0]
        self.move(state)

    def move(self, state):
        self.office.query(
            "UPDATE case_file SET state = %s::case_state, moved = now(),"
            " due = now() + interval '5 days',"
            " kind = 'complaint' WHERE id = %s", state, self.id)

    def says(self, text, **more):
        """The consumer answers our last letter."""
        return answer_to(self.ack, self.consumer, text=text, **more)

    def write(self, text, **more):
        told = take(self.office, self.says(text, **more))
        assert told["outcome"] == "appended", told

    def acts(self):
        return self.office.query(
            "SELECT action, choice, source FROM party_act WHERE case_id = %s"
            " ORDER BY at, id", self.id)

    def tasks(self):
        return [kind for kind, in self.office.query(
            "SELECT kind FROM task WHERE case_id = %s AND kind LIKE 'read%%'"
            " ORDER BY opened, id", self.id)]

    def figures(self):
        """What no automatic mail and no reading may change."""
        return self.office.query(
            "SELECT state::text, owner, due, moved, told, items"
            " FROM case_file WHERE id = %s", self.id)

    def options(self, count):
        for n in range(1, count + 1):
            self.office.query(
                "INSERT INTO settlement (case_id, round, n, item, promiser,"
                " due) VALUES (%s, 1, %s, gen_random_uuid(), 'company',"
                " now() + interval '9 days')", self.id, n)

    def link(self):
        """The consumer's page, from a letter that names it."""
        self.write("Não sei ainda.")
        mail = sent(self.office, self.consumer, 2)[1]
        return path_in(mail)


def path_in(mail):
    url = re.search(r"https?://\S+/t/\S+", plain_text(mail)).group()
    return urllib.parse.urlsplit(url).path


def test_staff_who_read_a_letter_get_no_partys_page(office, mediator):
    case = Case(office, "consumer")
    token = case.link().removeprefix("/t/")
    page = mediator.get(f"/cases/{case.protocol}")
    last = max(map(int, re.findall(r'id="item-(\d+)"', page.text)))
    shown = mediator.get(f"/cases/{case.protocol}?item={last}").text
    assert "/t/…" in shown and token not in shown


# ---- by mail ----------------------------------------------------------------


@pytest.mark.parametrize("lang", CODES)
@pytest.mark.parametrize("which, action", [(0, "accept"), (1, "reject")])
def test_a_word_on_the_first_line_is_a_decision(office, lang, which, action):
    case = Case(office, lang=lang)
    case.write(CODES[lang][which])
    assert case.acts() == [(action, "", "mail")]
    assert case.tasks() == []


def test_so_are_clear_words(office):
    case = Case(office)
    case.write("Boa tarde,\n\nnão aceito a proposta da empresa.\n\nAna Souza")
    assert case.acts() == [("reject", "", "mail")]


def test_the_words_we_quote_decide_nothing(office):
    """Our own letter, quoted below, says ACEITO and RECUSO."""
    case = Case(office)
    case.write("Segue a nota fiscal.\n\n> ACEITO\n> a resposta resolve")
    assert case.acts() == []


@pytest.mark.parametrize("text", [
    "Aceito se devolverem o frete.", "Aceito, mas só metade.",
    "Não sei se aceito.", "ACEITO\nRECUSO", "Aceito? Nunca."])
def test_what_is_not_clear_a_person_reads_and_we_ask_once(office, text):
    case = Case(office)
    before = case.figures()[0][:5]
    case.write(text)
    assert case.acts() == [] and case.tasks() == ["read-decision"]
    asked = sent(office, case.consumer, 2)[1]
    words = plain_text(asked)
    assert "ACEITO" in words and "RECUSO" in words
    assert case.protocol in words
    assert asked.sender == ""
    assert asked.parsed["Auto-Submitted"] == "auto-replied"
    # A second time a person reads it too, but nobody asks again.
    case.write("Ainda não sei.")
    assert case.tasks() == ["read-decision"] * 2
    sent(office, case.consumer, 2)
    assert case.figures()[0][:5] == before


def test_after_the_next_step_we_may_ask_again(office):
    case = Case(office)
    case.write("Talvez.")
    sent(office, case.consumer, 2)
    office.query("UPDATE case_file SET moved = moved + interval '1 hour'"
                 " WHERE id = %s", case.id)
    case.write("Talvez.")
    sent(office, case.consumer, 3)


AUTOMATIC = {
    "auto-reply": [("Auto-Submitted", "auto-replied")],
    "generated": [("Auto-Submitted", "auto-generated")],
    "suppressed": [("X-Auto-Response-Suppress", "All"),
                   ("Auto-Submitted", "auto-replied")],
    "list": [("List-Id", "<l.x.example>"), ("Precedence", "list")],
}


@pytest.mark.parametrize("kind", AUTOMATIC)
def test_no_automatic_mail_decides_or_is_answered(office, kind):
    case = Case(office)
    before = case.figures()[0][:5]
    take(office, case.says("ACEITO", fields=AUTOMATIC[kind]))
    assert case.acts() == [] and case.figures()[0][:5] == before
    sent(office, case.consumer, 1)


def test_a_notice_of_absence_that_says_yes_decides_nothing(office):
    case = Case(office)
    take(office, letter(
        case.consumer, subject="Resposta automática: férias",
        to=address_of(case.ack.parsed["Reply-To"]),
        text="ACEITO\n\nEstou de férias até 30/12.",
        fields=[("Auto-Submitted", "auto-replied")]))
    assert case.acts() == [] and case.tasks() == []


def test_somebody_else_with_the_secret_address_decides_nothing(office):
    case = Case(office)
    told = take(office, answer_to(case.ack, "outro@x.example", text="ACEITO"))
    assert told["outcome"] == "held"
    assert case.acts() == []


def test_without_the_secret_address_it_is_only_read(office):
    """The sender fits, but anybody could have written that."""
    case = Case(office)
    told = take(office, letter(
        case.consumer, text="ACEITO", subject="Re: Recebemos",
        fields=[("In-Reply-To", case.ack.parsed["Message-ID"].strip())]))
    assert told["outcome"] == "appended"
    assert case.acts() == [] and case.tasks() == ["read-decision"]
    sent(office, case.consumer, 1)  # a stranger may have written it: no answer


def test_where_the_mail_server_vouches_it_must_do_so(template):
    made = Scene(template, to_sink=True, mailgw_authserv_id="mx.office.example")
    try:
        made.begin(web=False)
        case = Case(made)
        case.write("ACEITO")
        assert case.acts() == [] and case.tasks() == ["read-decision"]
        case.write("ACEITO", fields=[(
            "Authentication-Results",
            "mx.office.example; dmarc=none; spf=pass")])
        assert case.acts() == []
        vouched = case.says("ACEITO").replace(
            b"From:", b"Authentication-Results: mx.office.example;"
            b" dmarc=pass header.from=consumidora.example\r\nFrom:", 1)
        take(made, vouched)
        assert case.acts() == [("accept", "", "mail")]
    finally:
        made.stop()


@pytest.mark.parametrize("state, text, act", [
    ("info", "O número da nota é 4711.", ("complement", "", "mail")),
    ("provisional", "Não concordo com a página dois.",
     ("comment", "", "mail")),
    ("mediation", "DESISTO", ("withdraw", "", "mail")),
    ("closed", "REVISÃO\n\nA data da compra está errada.",
     ("ask-review", "", "mail")),
])
def test_each_state_hears_what_may_be_said_in_it(office, state, text, act):
    case = Case(office, state)
    case.write(text)
    assert case.acts() == [act]


def test_a_number_is_an_option_only_where_there_are_some(office):
    case = Case(office, "proposal")
    case.options(2)
    case.write("Opção 3")
    assert case.acts() == []
    case.write("OPÇÃO 2")
    assert case.acts() == [("choose", "2", "mail")]


def test_in_a_state_where_nothing_is_asked_a_letter_is_just_filed(office):
    case = Case(office, "triage")
    case.write("ACEITO")
    assert case.acts() == [] and case.tasks() == []
    sent(office, case.consumer, 1)


# ---- the company ------------------------------------------------------------


@pytest.fixture
def register(office):
    """A unit with three contacts; somebody stands in for one of them."""
    company, unit = (office.query("SELECT gen_random_uuid()")[0][0]
                     for _ in range(2))
    mark = secrets.token_hex(4)
    office.query("INSERT INTO company (id, name, lang) VALUES"
                 " (%s, %s, 'pt-BR')", company, f"Loja {mark}")
    office.query("INSERT INTO company_unit (id, company, name, kind, owned)"
                 " VALUES (%s, %s, 'SAC', 'sac', true)", unit, company)
    people = {}
    for role, active in (("bia", True), ("caio", True), ("deia", True),
                         ("gone", False), ("elsewhere", True)):
        people[role] = office.query("SELECT gen_random_uuid()")[0][0]
        office.query("INSERT INTO company_contact (id, unit, name, addr,"
                     " active) VALUES (%s, %s, %s, %s, %s)", people[role],
                     unit, role.title(), f"{role}.{mark}@loja.example", active)
    # Who stands in for Deia belongs to another unit.
    other = office.query("SELECT gen_random_uuid()")[0][0]
    office.query("INSERT INTO company_unit (id, company, name, kind, owned)"
                 " VALUES (%s, %s, 'Filial', 'sac', true)", other, company)
    office.query("UPDATE company_contact SET unit = %s WHERE id = %s", other,
                 people["elsewhere"])
    return unit, {k: f"{k}.{mark}@loja.example" for k in people}


class Served(Case):
    """The company has written once; a colleague said whose party it is."""

    def __init__(self, office, mediator, register):
        super().__init__(office, "company")
        unit, people = register
        self.company = people["bia"]
        office.query("UPDATE case_file SET unit = %s WHERE id = %s", unit,
                     self.id)
        told = take(office, letter(self.company, name="SAC", fields=[
            ("In-Reply-To", self.ack.parsed["Message-ID"].strip())]))
        assert told["outcome"] == "held", told
        held = office.query("SELECT case_id FROM inbound ORDER BY id DESC"
                            " LIMIT 1")[0][0]
        path = f"/cases/{str(held).replace('-', '')}"
        form = {**mediator.get(path).form(f"{path}/attribute"),
                "as": "company", "to": self.protocol, "remember": "1"}
        assert mediator.ask("POST", f"{path}/attribute", form).status == 303
        path = f"/cases/{self.protocol}"
        page = mediator.get(path)
        form = {**page.form(f"{path}/reply"), "to": "company",
                "subject": "Pedimos a sua resposta",
                "text": "Bom dia. Pedimos a resposta da empresa a este caso."
                        " Obrigado."}
        page = mediator.ask("POST", f"{path}/reply", form)
        assert page.status == 303, page.words
        self.notice = sent(office, self.company, 1)[0]
        self.move("company")


@pytest.fixture
def served(office, mediator, register):
    return Served(office, mediator, register)


def test_the_companys_answer_waits_for_a_person(office, served):
    office.query(
        "INSERT INTO clock (case_id, kind, state, profile, profile_n,"
        " calendar, unit, amount, started, since, due) VALUES (%s, 'company',"
        " 'running', 'default', 0, 'br', 'days', 10, now(), now(),"
        " now() + interval '10 days') ON CONFLICT (case_id, kind, n) DO UPDATE"
        " SET state = 'running', due = excluded.due", served.id)
    state = served.figures()[0][0]
    told = take(office, answer_to(
        served.notice, served.company, name="SAC",
        text="Prezados, o reembolso foi pago em 3 de dezembro."))
    assert told["outcome"] == "appended", told
    assert served.acts() == [] and served.tasks() == ["read-answer"]
    assert served.figures()[0][0] == state  # no move
    assert office.query("SELECT state::text FROM clock WHERE case_id = %s AND"
                        " kind = 'company'", served.id) == [("paused",)]
    receipt = sent(office, served.company, 2)[1]
    assert "Recebemos a resposta" in plain_text(receipt)
    sent(office, served.consumer, 1)
    # Another mail is read too, and gets no second receipt.
    take(office, answer_to(served.notice, served.company, name="SAC",
                           text="Segue o comprovante."))
    assert served.tasks() == ["read-answer"] * 2
    sent(office, served.company, 2)


def company_clock(office, case):
    return office.query(
        "SELECT k.state::text, k.due = c.due FROM clock k, case_file c"
        " WHERE k.case_id = %s AND k.kind = 'company' AND c.id = %s",
        case.id, case.id)


def answered(office, case, *texts):
    """The company's clock ran, and it has written."""
    office.query(
        "INSERT INTO clock (case_id, kind, state, profile, profile_n,"
        " calendar, unit, amount, started, since, due) VALUES (%s, 'company',"
        " 'running', 'default', 0, 'br', 'days', 10, now(), now(),"
        " now() + interval '10 days') ON CONFLICT (case_id, kind, n) DO UPDATE"
        " SET state = 'running', due = excluded.due", case.id)
    for text in texts:
        take(office, answer_to(case.notice, case.company, name="SAC",
                               text=text))
    assert company_clock(office, case) == [("paused", None)]


def end_task(mediator, case):
    path = f"/cases/{case.protocol}"
    form = mediator.get(path).form(f"{path}/task-done")
    page = mediator.ask("POST", f"{path}/task-done",
                        {**form, "outcome": "done"})
    assert page.status == 303, page.words


def test_what_was_read_and_answers_too_little_lets_the_term_go_on(
        office, served, mediator):
    answered(office, served, "Vamos verificar.", "Segue em análise.")
    for state in (("paused", None), ("running", True)):
        end_task(mediator, served)
        assert company_clock(office, served) == [state]


def test_but_not_in_a_case_that_was_merged_into_another(
        office, served, mediator):
    answered(office, served, "Vamos verificar.")
    office.query(
        "INSERT INTO case_link (id, case_id, other, kind, by_person) SELECT"
        " gen_random_uuid(), %s, c.id, 'merge', p.id FROM case_file c,"
        " person p WHERE c.id <> %s AND p.login = 'mediator' LIMIT 1",
        served.id, served.id)
    end_task(mediator, served)
    assert company_clock(office, served) == [("paused", None)]


def test_a_copy_of_its_answer_to_the_consumer_is_its_answer(office, served):
    raw = answer_to(served.notice, served.company, name="SAC",
                    text="Cara cliente, o reembolso foi pago.",
                    to=f"{served.consumer}, "
                       f"{address_of(served.notice.parsed['Reply-To'])}")
    told = take(office, raw)
    assert told["outcome"] == "appended", told
    assert served.tasks() == ["read-answer"]
    receipt = plain_text(sent(office, served.company, 2)[1])
    assert "cópia da resposta" in receipt
    assert served.consumer not in receipt


@pytest.mark.parametrize("text, action", [
    ("PRAZO\n\nO laudo chega na próxima semana.", "ask-extension"),
    ("DECLINO\n\nA cliente já tem ação na justiça.", "decline")])
def test_the_company_may_ask_for_time_or_decline(office, served, text, action):
    told = take(office, answer_to(served.notice, served.company, name="SAC",
                                  text=text))
    assert told["outcome"] == "appended", told
    assert served.acts() == [(action, "", "mail")]
    assert "read-answer" not in served.tasks()


def test_any_contact_of_the_unit_writes_for_the_company(
        office, served, register):
    _, people = register
    told = take(office, answer_to(served.notice, people["caio"], name="Caio",
                                  text="O reembolso foi pago."))
    assert told["outcome"] == "appended", told
    assert served.tasks() == ["read-answer"]
    lane = office.query("SELECT lane::text FROM item WHERE case_id = %s AND"
                        " kind = 'mail_in' ORDER BY seq DESC LIMIT 1",
                        served.id)
    assert lane == [("company",)]


def test_so_does_whoever_stands_in_for_one(office, served, register):
    _, people = register
    answer = answer_to(served.notice, people["elsewhere"], name="E",
                       text="O reembolso foi pago.")
    assert take(office, answer)["outcome"] == "held"  # of another unit
    office.query("UPDATE company_contact SET substitute = s.id FROM"
                 " company_contact s WHERE s.addr = %s AND"
                 " company_contact.addr = %s", people["elsewhere"],
                 people["deia"])
    answer = answer_to(served.notice, people["elsewhere"], name="E",
                       text="O reembolso foi pago, veja o anexo.")
    assert take(office, answer)["outcome"] == "appended"
    assert served.tasks() == ["read-answer"]


def test_whoever_has_left_or_is_in_no_register_does_not(
        office, served, register):
    _, people = register
    for address in (people["gone"], "chefe@loja.example"):
        told = take(office, answer_to(served.notice, address, name="X",
                                      text="O reembolso foi pago."))
        assert told["outcome"] == "held", told
    assert served.tasks() == []


# ---- the party's own page ---------------------------------------------------


def test_the_page_says_where_the_case_stands_and_nothing_else(office):
    case = Case(office)
    browser = office.browser()
    page = browser.get(case.link())
    assert page.status == 200
    for words in (case.protocol, "A empresa respondeu", "Agora é a sua vez"):
        assert words in page.words, page.words
    for secret in (case.consumer, "Ana Souza", "geladeira", "Geladeira"):
        assert secret not in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert "noindex" in page.text


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_reading_the_page_changes_nothing(office, method):
    """Mail scanners open every link of a letter, each as often as it likes."""
    case = Case(office)
    path = case.link()
    before = case.figures(), case.acts(), everything(office)
    for _ in range(3):
        for tail in ("", "?done=1", "?what=accept&confirm=1"):
            assert office.browser().ask(method, path + tail).status == 200
    assert (case.figures(), case.acts(), everything(office)) == before


def everything(office):
    """How many rows there are of all that a decision would write."""
    return [office.query(f"SELECT count(*) FROM {table}") for table in
            ("item", "party_act", "task", "outbox", "audit_event", "form_key",
             "login_throttle")]


def first_step(browser, path, **fields):
    form = {**browser.get(path).form(path), "words": "", **fields}
    return browser.ask("POST", path, form)


def test_a_decision_takes_two_steps_and_counts_once(office):
    case = Case(office)
    path, browser = case.link(), office.browser()
    items = case.figures()[0][5]
    page = first_step(browser, path, what="reject",
                      words="O técnico não veio.")
    assert page.status == 200 and "Confirme" in page.words
    assert "O técnico não veio." in page.words
    assert case.acts() == []  # the first step is none
    form = {**page.form(path), "words": "O técnico não veio.",
            "confirm": "1"}
    for _ in range(3):
        done = browser.ask("POST", path, form)
        assert done.status == 303 and done.location == path + "?done=1"
    assert case.acts() == [("reject", "", "link")]
    assert case.figures()[0][5] >= items + 1
    assert "Recebemos a sua resposta" in browser.get(done.location).words
    kinds = office.query(
        "SELECT kind::text, lane::text, why FROM item i JOIN party_act a ON"
        " a.item = i.id WHERE a.case_id = %s", case.id)
    assert kinds == [("mail_in", "consumer", "by-link")]


def test_a_colleague_reads_what_was_typed_there(office, mediator):
    case = Case(office)
    path, browser = case.link(), office.browser()
    page = first_step(browser, path, what="reject", words="Falta o manual.")
    browser.ask("POST", path, {**page.form(path), "confirm": "1",
                               "words": "Falta o manual."})
    page = mediator.get(f"/cases/{case.protocol}")
    assert "Falta o manual." in page.words
    assert "Recuso: a resposta não resolve" in page.words


def test_what_is_missing_is_said(office):
    case = Case(office, "provisional")
    case.move("consumer")
    path = case.link()
    case.move("provisional")
    browser = office.browser()
    page = first_step(browser, path)
    assert page.status == 422 and "Escolha uma das respostas" in page.words
    page = first_step(browser, path, what="comment")
    assert page.status == 422 and "Explique em poucas palavras" in page.words
    page = first_step(browser, path, what="accept")
    assert page.status == 422 and "já não é possível" in page.words
    page = first_step(browser, path, what="comment", words="x" * 6001)
    assert page.status == 422
    assert case.acts() == []


def test_a_form_of_another_origin_decides_nothing(office):
    case = Case(office)
    path, browser = case.link(), office.browser()
    page = first_step(browser, path, what="accept")
    form = {**page.form(path), "confirm": "1", "words": ""}
    assert office.browser().ask("POST", path, form).status == 400
    assert browser.ask("POST", path, {**form, "csrf": "x"}).status == 400
    assert case.acts() == []


def test_every_wrong_address_gets_the_same_answer(office):
    case = Case(office)
    path = case.link()
    token = path.rsplit("/", 1)[1]
    head, middle, tail = token.split(".")
    other = "0" if middle[3] != "0" else "1"
    wrong = ["x", "o." + "0" * 26 + "." + "0" * 16, token[:-1],
             f"{head}.{middle}.{'0' * len(tail)}",
             f"{head}.{middle[:3]}{other}{middle[4:]}.{tail}"]
    pages = [office.browser().get(f"/t/{t}") for t in wrong]
    bodies = {re.sub(r'value="[^"]*"', "", re.sub(r"/t/[^\"<]*", "", p.text))
              for p in pages}
    assert {p.status for p in pages} == {404} and len(bodies) == 1
    # A new reply address makes the old link worthless; so does erasure.
    office.query("UPDATE party SET code_version = 2 WHERE case_id = %s",
                 case.id)
    assert office.browser().get(path).status == 404
    office.query("UPDATE party SET code_version = 1 WHERE case_id = %s",
                 case.id)
    assert office.browser().get(path).status == 200
    office.query("UPDATE case_file SET state = 'erased' WHERE id = %s",
                 case.id)
    assert office.browser().get(path).status == 404
    office.query("UPDATE case_file SET state = 'closed' WHERE id = %s",
                 case.id)


def test_a_wrong_address_takes_as_long_as_an_old_one(office):
    """A token without our MAC asks the database just the same."""
    case = Case(office)
    path = case.link()
    office.query("UPDATE party SET code_version = 2 WHERE case_id = %s",
                 case.id)
    browser = office.browser()

    def best(target):
        times = []
        for _ in range(30):
            begun = time.perf_counter()
            assert browser.get(target).status == 404
            times.append(time.perf_counter() - begun)
        return sorted(times)[3]

    best(path)
    old, wrong = best(path), best("/t/o." + "0" * 26 + "." + "0" * 16)
    assert 0.5 < wrong / old < 2, (wrong, old)


def test_too_many_answers_in_a_row_must_wait(office):
    case = Case(office)
    path, browser = case.link(), office.browser()
    page = first_step(browser, path, what="accept")
    form = {**page.form(path), "what": "accept", "confirm": "1", "words": "",
            "form_key": "x"}
    statuses = []
    for n in range(14):
        form["form_key"] = secrets.token_hex(16)
        statuses.append(browser.ask("POST", path, form).status)
    assert 429 in statuses, statuses
    assert len(case.acts()) == 1
    office.query("DELETE FROM login_throttle")


@pytest.mark.parametrize("lang, words", [("en", "It is your turn now"),
                                         ("it", "Ora tocca a lei")])
def test_the_page_is_in_the_readers_language(office, lang, words):
    case = Case(office)
    path, browser = case.link(), office.browser()
    page = browser.get(path)
    form = {**page.form("/language"), "lang": lang}
    assert browser.ask("POST", "/language", form).location == path
    page = browser.get(path)
    assert words in page.words and f'lang="{lang}"' in page.text


# ---- carried out ------------------------------------------------------------


def outcome(office, case):
    """What became of the case's acts, once the clockwork has seen them."""
    def done():
        rows = office.query("SELECT outcome FROM party_act WHERE case_id = %s"
                            " AND done IS NOT NULL ORDER BY at", case.id)
        return rows or None

    return [o for o, in wait_until("the act is carried out", done, 20, 0.05)]


def test_a_yes_by_mail_closes_the_case_with_letters(office):
    case = Case(office)
    case.write("ACEITO")
    assert outcome(office, case) == ["moved"]
    assert office.case(case.protocol)["state"] == "closed"
    last = sent(office, case.consumer, 2)[1]
    assert case.protocol in plain_text(last)


def test_a_decision_that_comes_too_late_is_told_and_read(office):
    case = Case(office)
    case.write("ACEITO")
    assert outcome(office, case) == ["moved"]
    sent(office, case.consumer, 2)
    case.move("consumer")
    office.query(
        "INSERT INTO party_act (id, case_id, party, action, item, source, at)"
        " SELECT gen_random_uuid(), case_id, party, 'choose', item, 'mail',"
        " now() FROM party_act WHERE case_id = %s", case.id)
    office.query("NOTIFY ouv_timer")
    wait_until("a task says so", lambda: office.query(
        "SELECT 1 FROM task WHERE case_id = %s AND kind = 'act-failed'",
        case.id), 20, 0.05)
    assert office.case(case.protocol)["state"] == "consumer"
    text = plain_text(sent(office, case.consumer, 3)[2])
    assert "não pode ser registrada" in re.sub(r"\s+", " ", text)
