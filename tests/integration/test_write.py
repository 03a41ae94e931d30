"""What a colleague writes: nothing leaves that may not, and what was passed
over, promised or put off is kept.

Every letter here is posted to the real server and arrives in the sink.
"""

import base64
import contextlib
import datetime
import hashlib
import json
import os
import re
import secrets
import threading
import zoneinfo

import pytest

import harness
import scene as stage
from harness import wait_until
from scene import Scene, address_of, answer_to, letter

ZONE = zoneinfo.ZoneInfo("America/Sao_Paulo")
# Open from Monday to Friday, whatever the year: no holiday moves a day.
CALENDAR = {"calendar": "plain", "zone": "America/Sao_Paulo",
            "name": {"pt-BR": "Plano", "en": "Plain", "it": "Piano"},
            "years": [2020, 2100], "closed": [],
            "hours": {day: ["09:00-18:00"] for day in (
                "mon", "tue", "wed", "thu", "fri")}}
GOOD = "Recebemos a sua mensagem e pedimos à loja a nota fiscal da geladeira."
PHONE, SHOP_PHONE = "(11) 98765-4321", "+55 21 97654-3210"
CPF = "529.982.247-25"


def mark():
    """A word that stands nowhere else and is no number of any sort."""
    return "".join(secrets.choice("abcdefghkmnpqrstuvwxyz")
                   for _ in range(24))


def words_of(mail):
    """The text as it was written: soft line ends (RFC 3676) taken away."""
    return stage.plain_text(mail).replace("\r\n", "\n").replace(" \n", " ")


@pytest.fixture(scope="module")
def office(template):
    made = Scene(template, to_sink=True, imap_poll_secs=1,
                 mailgw_acks_domain_hour=100000, office_calendar="plain",
                 paths_calendars=None)
    made.settings["paths_calendars"] = made.folder.make("calendars")
    with open(os.path.join(made.settings["paths_calendars"], "plain.json"),
              "w", encoding="utf-8") as file:
        json.dump(CALENDAR, file)
    made.pool = Pool(made)
    try:
        yield made.begin()
    finally:
        made.stop()


@pytest.fixture(scope="module")
def mediator(office):
    return login(office, "mediator")


@pytest.fixture(scope="module")
def intake(office):
    return login(office, "intake")


def take(office, raw, *arguments):
    status, (told,) = office.gateway.ingest(raw, *arguments)
    assert status == 0
    # Others may come through the mailbox meanwhile, where each has a number.
    row, = office.query("SELECT id, case_id FROM inbound WHERE uid IS NULL AND"
                        " state <> 'duplicate' ORDER BY id DESC LIMIT 1")
    return told, *row


def hexes(value):
    return str(value).replace("-", "")


class Consumer:
    def __init__(self, text):
        self.addr = f"ana.{secrets.token_hex(6)}@consumidora.example"
        self.own_id = stage.new_id()
        self.raw = letter(self.addr, text=text, message_id=self.own_id)


class Pool:
    """Consumers whose mails are handed in together: a program's start each
    would be most of the time of this file."""

    SIZE = 20

    def __init__(self, office):
        self.office, self.ready = office, []

    def take(self):
        if not self.ready:
            many = [Consumer(stage.WORDS["pt-BR"]) for _ in range(self.SIZE)]
            folder, files = self.office.folder.make("pool"), []
            for number, one in enumerate(many[:-1]):
                files.append(os.path.join(folder, f"{number}.eml"))
                with open(files[-1], "wb") as file:
                    file.write(one.raw)
            status, told = self.office.gateway.ingest(many[-1].raw, *files)
            assert status == 0
            self.ready = list(zip(many, told))
        return self.ready.pop()


class Case:
    """A consumer's case, and the letters the sink got for each address."""

    def __init__(self, office, text=None):
        self.office, self.company = office, None
        if text is None:
            one, told = office.pool.take()
        else:
            one = Consumer(text)
            status, (told,) = office.gateway.ingest(one.raw)
            assert status == 0
        assert told["outcome"] == "created"
        self.addr, self.own_id = one.addr, one.own_id
        self.protocol = told["protocol"]
        self.path = f"/cases/{self.protocol}"
        self.id = office.query("SELECT id FROM case_file WHERE protocol = %s",
                               self.protocol)[0][0]
        self.item = self.items("mail_in")[0][0]
        self.ack = self.got(self.addr, 1)[-1]

    def got(self, addr, count):
        return wait_until(f"{count} letters for {addr}", lambda:
                          len(self.office.sink.to(addr)) >= count
                          and self.office.sink.to(addr), 20, 0.05)

    def join_company(self, browser, *, text="Estamos verificando o pedido.",
                     name="Marta Reis"):
        """The company's answer to what the consumer handed on: held, and
        accepted as the company's."""
        self.company = f"sac@loja{secrets.token_hex(4)}.example"
        self.company_id = stage.new_id("loja.example")
        raw = letter(self.company, text=text, name=name,
                     message_id=self.company_id,
                     to=address_of(self.ack.parsed["Reply-To"]))
        told, item, held = take(self.office, raw)
        assert told["outcome"] == "held"
        path = f"/cases/{hexes(held)}"
        page = act(browser, path, "attribute", to=self.protocol, remember="1",
                   item=hexes(item), **{"as": "company"})
        assert page.status == 303, page.words
        return self

    def company_writes(self, browser, **more):
        """A further message of the company's, to its own reply address."""
        last = self.got(self.company, 1)[-1]
        told, item, case = take(self.office, answer_to(
            last, self.company, name="Marta Reis", **more))
        return told, item

    def items(self, kind=None):
        rows = self.office.query(
            "SELECT id, kind::text, lane::text, party, seq FROM item"
            " WHERE case_id = %s ORDER BY seq", self.id)
        return [row for row in rows if kind in (None, row[1])]

    def party(self, side):
        return self.office.query("SELECT id FROM party WHERE case_id = %s AND"
                                 " side = %s::party_side", self.id, side)[0][0]

    def letters(self):
        return self.office.query(
            "SELECT kind, dedupe_key FROM outbox WHERE case_id = %s"
            " ORDER BY id", self.id)

    def tasks(self):
        return self.office.query(
            "SELECT kind, due, done, outcome FROM task WHERE case_id = %s"
            " ORDER BY opened, due", self.id)

    def due(self):
        return self.office.query("SELECT due FROM case_file WHERE id = %s",
                                 self.id)[0][0]

    def events(self):
        return [row[0] for row in self.office.query(
            "SELECT action FROM audit_event WHERE chain = %s ORDER BY seq",
            self.id) if row[0] not in NO_CHANGE]


@pytest.fixture
def case(office):
    return Case(office)


@pytest.fixture
def dispute(office, mediator):
    return Case(office).join_company(mediator)


# For what is refused, and so changes nothing.


@pytest.fixture(scope="module")
def still(office):
    return Case(office)


@pytest.fixture(scope="module")
def told(office, mediator):
    """Both parties wrote more of themselves than the other may know."""
    return Case(office, text=stage.WORDS["pt-BR"] + f"\n\nAna\nTelefone "
                f"{PHONE}\nCPF {CPF}").join_company(
        mediator, text=f"Estamos verificando.\n\nMarta\n{SHOP_PHONE}")


def token_for(browser, action):
    """The csrf of a form, also of one that no page shows."""
    cookie = browser.cookies["ouv"]
    session = base64.urlsafe_b64decode(cookie + "=" * (-len(cookie) % 4))
    digest = hashlib.blake2b(b"csrf" + session + action.encode(),
                             key=browser.pepper, digest_size=32).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def form_of(browser, path, verb, **fields):
    return {"csrf": token_for(browser, f"{path}/{verb}"),
            "form_key": secrets.token_hex(16), **fields}


def act(browser, path, verb, **fields):
    return browser.ask("POST", f"{path}/{verb}",
                       form_of(browser, path, verb, **fields))


def login(office, name):
    browser = office.logged_in(name)
    with open(os.path.join(office.office.home, "secrets", "pepper.key"),
              encoding="ascii") as key:
        browser.pepper = bytes.fromhex(key.read().strip())
    return browser


def write(browser, case, *, text=GOOD, subject="Sua geladeira", **more):
    return act(browser, case.path, "reply", subject=subject, text=text, **more)


# Events that come by themselves, or of an act that was refused.
NO_CHANGE = ("read", "sent", "denied")


def nothing_was_sent(case):
    """Everything a letter would leave behind."""
    return (case.letters(), case.items(), case.tasks(), case.due(),
            case.events())


def open_day(days):
    """The first day, so many days from today or later, that is no weekend."""
    day = datetime.datetime.now(ZONE).date() + datetime.timedelta(days)
    while day.weekday() > 4:
        day += datetime.timedelta(1)
    return day


def end_of(day):
    return datetime.datetime.combine(
        day, datetime.time(23, 59, 59), ZONE)


# ---- what is found ----------------------------------------------------------

BLOCKED = {
    "open-blank": {"text": "A resposta chega em (dia/mês)."},
    "open-blank in the subject": {"subject": "Caso de [nome]"},
    "other-protocol": {"text": "Veja também o caso 2025-000123-3."},
    "internal-note": {"text": "Nota interna: falar com a Ana antes."},
    "asks-password": {"text": "Por favor, informe a sua senha do site."},
    "card-number": {"text": "O cartão é 4111 1111 1111 1111."},
}
WARNED = {
    "cpf": f"Anotamos o CPF {CPF} no pedido.",
    "phone": "O telefone é (21) 99876-1234.",
    "capitals": "Pedimos QUE VOCÊ ENVIE A NOTA HOJE.",
    "promise-without-date": "Vamos verificar o seu pedido e retornaremos.",
    "other-language": "We wrote to the company and asked it for the invoice.",
}


@pytest.mark.parametrize("rule", BLOCKED)
def test_what_blocks_is_never_sent_whatever_the_reason(mediator, still, rule):
    before = nothing_was_sent(still)
    page = write(mediator, still, overrule="Eu sei.", **BLOCKED[rule])
    assert page.status == 422, page.words
    assert nothing_was_sent(still) == before
    # What was typed is still there.
    typed = list(BLOCKED[rule].values())[0]
    assert typed in page.text


@pytest.mark.parametrize("rule", WARNED)
def test_what_warns_is_sent_only_with_a_reason_that_is_kept(
        office, mediator, intake, case, rule):
    before = nothing_was_sent(case)
    page = write(mediator, case, text=WARNED[rule])
    assert page.status == 422, page.words
    assert nothing_was_sent(case) == before
    why = f"Combinado com Ana: {mark()}"
    assert write(mediator, case, text=WARNED[rule],
                 overrule=why).status == 303
    assert WARNED[rule] in words_of(case.got(case.addr, 2)[-1])
    # Every colleague with a key reads why, and over what.
    seen = intake.get(case.path)
    assert why in seen.words and rule in seen.words
    assert "overrule" in case.events()
    assert case.items("note")[-1][2] == "internal"
    # Whoever reads the database does not.
    for (body,) in office.query("SELECT body FROM item WHERE case_id = %s",
                                case.id):
        assert why.encode() not in bytes(body)
    dump = office.query("SELECT string_agg(t::text, '') FROM audit_event t"
                        " WHERE chain = %s", case.id)[0][0]
    assert why not in dump


def test_a_good_letter_needs_no_reason_and_leaves_no_note(mediator, case):
    assert write(mediator, case, overrule="Sem motivo.").status == 303
    assert case.items("note") == [] and "overrule" not in case.events()
    assert GOOD in words_of(case.got(case.addr, 2)[-1])


@pytest.mark.parametrize("wrong", [
    {"subject": ""}, {"text": " \r\n "}, {"subject": "a\nb"},
    {"subject": "x" * 201}, {"text": "x " * 10001}, {"to": "judge"},
    {"to": "company"}, {"overrule": "x" * 2001}])
def test_a_wrong_field_sends_nothing(mediator, still, wrong):
    before = nothing_was_sent(still)
    assert write(mediator, still, **wrong).status == 422
    assert nothing_was_sent(still) == before


def test_length_is_counted_in_characters(mediator, case):
    words = "é" * 199 + "á"
    assert write(mediator, case, subject=words).status == 303
    assert words in str(case.got(case.addr, 2)[-1].parsed["Subject"])


# ---- whose is what ----------------------------------------------------------


def test_a_letter_to_the_company_is_the_companys_alone(
        office, mediator, dispute):
    token = mark()
    page = write(mediator, dispute, to="company", text=f"Sobre {token}: "
                 "pedimos a nota fiscal do pedido.")
    assert page.status == 303, page.words
    sent = dispute.got(dispute.company, 1)[-1]
    assert token in words_of(sent) and sent.recipients == [dispute.company]
    assert len(office.sink.to(dispute.addr)) == 1  # the acknowledgement
    assert not [m for m in office.sink.to(dispute.addr)
                if token in words_of(m)]
    item = dispute.items("mail_out")[-1]
    assert item[2:4] == ("company", dispute.party("company"))
    # It has an address of its own to answer to, which leads to its lane.
    own = address_of(sent.parsed["Reply-To"])
    assert own != address_of(dispute.ack.parsed["Reply-To"])
    told, answer = dispute.company_writes(mediator, text="Segue a nota.")
    assert told["outcome"] == "appended"
    assert [row[2] for row in dispute.items() if row[0] == answer] \
        == ["company"]


def test_a_letter_to_the_consumer_is_never_the_companys(
        office, mediator, dispute):
    assert write(mediator, dispute, to="consumer").status == 303
    assert dispute.got(dispute.addr, 2)[-1].recipients == [dispute.addr]
    assert office.sink.to(dispute.company) == []
    assert dispute.items("mail_out")[-1][2:4] \
        == ("consumer", dispute.party("consumer"))


def test_a_party_is_answered_in_its_language(mediator, office):
    case = Case(office).join_company(
        mediator, text=stage.WORDS["it"], name="Marta Reis")
    assert write(mediator, case, to="company",
                 text="Chiediamo la fattura del frigorifero.").status == 303
    sent = case.got(case.company, 1)[-1]
    assert sent.parsed["Content-Language"] == "it"
    assert case.ack.parsed["Content-Language"] == "pt-BR"


@pytest.mark.parametrize("what", ["addr", "ADDR", "name", "phone", "cpf"])
def test_the_consumers_data_never_go_to_the_company(mediator, told, what):
    secret = {"addr": told.addr, "ADDR": told.addr.upper(),
              "name": "Ana Souza", "phone": PHONE, "cpf": CPF}[what]
    before = nothing_was_sent(told)
    for fields in ({"text": f"Pedimos que escrevam: {secret}."},
                   {"subject": f"Geladeira {secret}"}):
        page = write(mediator, told, to="company", overrule="Ela deixou.",
                     **fields)
        assert page.status == 422, page.words
    assert nothing_was_sent(told) == before


@pytest.mark.parametrize("what", ["addr", "name", "phone"])
def test_the_companys_data_never_go_to_the_consumer(mediator, told, what):
    secret = {"addr": told.company, "name": "Marta Reis",
              "phone": SHOP_PHONE}[what]
    before = nothing_was_sent(told)
    page = write(mediator, told, overrule="Ela deixou.",
                 text=f"A resposta veio de {secret}.")
    assert page.status == 422, page.words
    assert nothing_was_sent(told) == before


def test_a_partys_own_data_may_stand_in_its_letter(office, mediator):
    case = Case(office, text=f"Meu telefone é {PHONE}. {stage.WORDS['pt-BR']}")
    page = write(mediator, case, text=f"Ligaremos para {PHONE} na segunda, "
                 f"e escreveremos para {case.addr}.", overrule="Combinado.")
    assert page.status == 303, page.words
    # Neither is a stranger's: the reason was not needed for them.
    assert not [note for note in case.items("note")
                if "phone" in mediator.get(case.path).words.split(
                    "Combinado.")[-1][:200]]


def test_what_the_reader_wrote_is_no_secret_from_them(office, mediator):
    case = Case(office, text="Quem me atendeu foi Marta Reis, e não resolveu. "
                + stage.WORDS["pt-BR"]).join_company(mediator)
    page = write(mediator, case, text="Pedimos a Marta Reis que nos escreva.")
    assert page.status == 303, page.words
    # Her address the consumer did not know.
    assert write(mediator, case, overrule="Sim.",
                 text=f"É {case.company}.").status == 422


def ids(value):
    return re.findall(r"<([^<>\s]+)>", str(value or ""))


def test_a_thread_holds_its_own_partys_messages_and_no_other(
        office, mediator, dispute):
    """The company's message named one of the consumer's in its References:
    not even that comes back."""
    theirs = {dispute.own_id.strip("<>"), dispute.ack.message_id.strip("<>")}
    assert write(mediator, dispute, to="company").status == 303
    first = dispute.got(dispute.company, 1)[-1]
    assert ids(first.parsed["In-Reply-To"]) \
        == [dispute.company_id.strip("<>")]
    foreign = " ".join(f"<{one}>" for one in sorted(theirs))
    told, _, _ = take(office, letter(
        dispute.company, text="Segue a nota.",
        to=address_of(first.parsed["Reply-To"]),
        message_id="<second@loja.example>", fields=[
            ("In-Reply-To", first.message_id),
            ("References", f"{foreign} {dispute.company_id}")]))
    assert told["outcome"] == "appended"
    assert write(mediator, dispute, to="company").status == 303
    assert write(mediator, dispute).status == 303
    second = dispute.got(dispute.company, 2)[-1]
    for sent in (first, second):
        named = set(ids(sent.parsed["References"])
                    + ids(sent.parsed["In-Reply-To"]))
        assert named and not named & theirs
    # What is left out is the other's alone.
    assert ids(second.parsed["References"]) \
        == [dispute.company_id.strip("<>"), "second@loja.example"]
    mine = dispute.got(dispute.addr, 2)[-1]
    assert ids(mine.parsed["In-Reply-To"]) == [dispute.own_id.strip("<>")]
    assert not set(ids(mine.parsed["References"])) & {
        dispute.company_id.strip("<>"), "second@loja.example",
        *ids(first.message_id), *ids(second.message_id)}


# ---- looking before sending ---------------------------------------------------


def check(browser, case, verb="reply", **fields):
    return browser.ask("POST", f"{case.path}/check", {
        "csrf": token_for(browser, f"{case.path}/{verb}"), "verb": verb,
        "form_key": secrets.token_hex(16), **fields})


def test_a_look_shows_the_letter_and_sends_nothing(mediator, told):
    token, before = mark(), nothing_was_sent(told)
    page = check(mediator, told, to="company", subject="Nota fiscal",
                 text=f"Pedimos a nota {token} (dia/mês). Vamos verificar.")
    assert page.status == 200, page.words
    # Typed, shown as text, shown as it would be sent.
    assert page.text.count(token) >= 2
    assert f"Protocolo {told.protocol}: Nota fiscal" in page.words
    assert told.company in page.words and "(dia/mês)" in page.words
    page = check(mediator, told, "holding", reason=f"Falta {token}.",
                 new_date=open_day(20).isoformat())
    assert page.status == 200 and page.text.count(token) >= 2
    assert nothing_was_sent(told) == before


def pieces(page):
    return re.findall(r'<option value="(piece/[^"]+)"', page.text)


def test_every_piece_is_offered_in_the_partys_language(mediator, office):
    case = Case(office).join_company(mediator, text=stage.WORDS["it"])
    folder = os.path.join(harness.ROOT, "templates", "piece")
    every = {f"piece/{name[:-5]}" for name in os.listdir(folder)
             if name.endswith(".json")}
    page = mediator.get(case.path)
    assert len(every) > 20 and set(pieces(page)) == every
    for to, lang in (("consumer", "pt-BR"), ("company", "it")):
        page = check(mediator, case, to=to, subject="", text="Antes.",
                     action="insert", piece="piece/anything-else")
        assert page.status == 200, page.words
        with open(os.path.join(folder, f"anything-else.{lang}.txt"),
                  encoding="utf-8") as file:
            first = file.read().splitlines()[0]
        assert "{{" not in first and "Antes." in page.text
        assert first in stage.html.unescape(page.text)


def test_a_piece_with_a_blank_cannot_be_sent_before_it_is_filled(
        mediator, case):
    page = check(mediator, case, subject="x", text="", action="insert",
                 piece="piece/action-plan")
    text = stage.html.unescape(re.search(
        r'(?s)<textarea[^>]* name="text"[^>]*>\n?(.*?)</textarea>',
        page.text)[1])
    assert text.count("[… ") == 2
    before = nothing_was_sent(case)
    assert write(mediator, case, text=text, overrule="Sim.").status == 422
    assert nothing_was_sent(case) == before
    filled = re.sub(r"\[… .*?\]", "ligar na segunda", text)
    assert write(mediator, case, text=filled, overrule="Sim.").status == 303


# ---- promises ---------------------------------------------------------------

PROMISE = "Vamos verificar o seu pedido e retornaremos."


def test_a_promise_is_entered_and_kept(office, mediator, intake, case):
    day, words = open_day(9), f"Verificar o pedido {mark()}"
    page = write(mediator, case, text=PROMISE, promise_text=words,
                 promise_by=day.isoformat())
    assert page.status == 303, page.words
    (kind, due, done, _), = case.tasks()
    assert (kind, done) == ("promise", None) and due == end_of(day)
    # Nothing was passed over; the day is not in the letter.
    assert "overrule" not in case.events()
    sent = words_of(case.got(case.addr, 2)[-1])
    assert PROMISE in sent and str(day.year) not in sent.replace(
        case.protocol, "")
    # Sealed, readable, and to be done.
    assert words in intake.get(case.path).words
    for (body,) in office.query("SELECT body FROM item WHERE case_id = %s",
                                case.id):
        assert words.encode() not in bytes(body)
    row = next(part for part in intake.get("/").text.split("<tr ")
               if case.path in part)
    assert 'class="flag warn">1 ' in row
    task, = office.query("SELECT id FROM task WHERE case_id = %s", case.id)
    fields = {"task": hexes(task[0]), "note": "Feito."}
    for wrong in ("phone", "sent-again", ""):
        assert act(intake, case.path, "task-done", outcome=wrong,
                   **fields).status == 422
    assert act(intake, case.path, "task-done", outcome="kept",
               **fields).status == 303
    (_, _, done, outcome), = case.tasks()
    assert done is not None and outcome == "kept"
    assert act(mediator, case.path, "task-done", outcome="late",
               **fields).status == 409
    assert words in intake.get(case.path).words


def test_a_task_of_another_kind_has_other_outcomes(office, mediator, case):
    item = case.items()[0][0]
    office.query("INSERT INTO task (id, case_id, kind, item, opened, due)"
                 " VALUES (gen_random_uuid(), %s, 'send-again', %s, now(),"
                 " now())", case.id, item)
    task, = office.query("SELECT id FROM task WHERE case_id = %s", case.id)
    assert act(mediator, case.path, "task-done", outcome="kept",
               task=hexes(task[0])).status == 422
    assert act(mediator, case.path, "task-done", outcome="sent-again",
               task=hexes(task[0])).status == 303


def test_two_promises_in_one_letter_are_two_tasks(mediator, case):
    days = [open_day(9), open_day(16)]
    page = write(mediator, case,
                 text=PROMISE + "\n\nDepois vamos consultar a loja.",
                 promise_text="Verificar", promise_by=days[0].isoformat(),
                 **{"promise_text-2": "Consultar",
                    "promise_by-2": days[1].isoformat()})
    assert page.status == 303, page.words
    assert [(row[0], row[1]) for row in case.tasks()] \
        == [("promise", end_of(day)) for day in days]


def test_one_day_does_not_settle_two_promises(mediator, still):
    before = nothing_was_sent(still)
    page = write(mediator, still, promise_text="Verificar",
                 promise_by=open_day(9).isoformat(), text=PROMISE
                 + "\n\nVamos analisar a resposta da loja e avisaremos.")
    assert page.status == 422, page.words
    assert nothing_was_sent(still) == before


def saturday():
    day = datetime.datetime.now(ZONE).date() + datetime.timedelta(7)
    return day + datetime.timedelta((5 - day.weekday()) % 7)


BAD_DAYS = {
    "past": lambda: (datetime.datetime.now(ZONE).date()
                     - datetime.timedelta(1)).isoformat(),
    "no date": lambda: "2026-02-30",
    "another shape": lambda: "30/12/2026",
    "longer": lambda: open_day(9).isoformat() + "0",
    "signs": lambda: "2030-+1-07",
    "closed": lambda: saturday().isoformat(),
    "beyond the calendar": lambda: "2999-01-04",
}


@pytest.mark.parametrize("bad", BAD_DAYS)
def test_a_promise_has_a_day_on_which_it_can_be_kept(mediator, still, bad):
    before = nothing_was_sent(still)
    page = write(mediator, still, text=PROMISE, promise_text="Verificar",
                 promise_by=BAD_DAYS[bad]())
    assert page.status == 422, page.words
    assert nothing_was_sent(still) == before


def test_a_promise_without_words_is_none(mediator, still):
    before = nothing_was_sent(still)
    assert write(mediator, still, text=PROMISE, promise_text=" ",
                 promise_by=open_day(9).isoformat()).status == 422
    assert nothing_was_sent(still) == before


# ---- it takes longer --------------------------------------------------------

REASON = "A loja pediu mais tempo para achar a nota fiscal."


def hold(browser, case, day, **more):
    return act(browser, case.path, "holding",
               **{"reason": REASON, "new_date": day.isoformat(), **more})


def test_a_holding_notice_moves_the_date_and_says_why(office, mediator, case):
    was, day = case.due(), open_day(20)
    assert hold(mediator, case, day,
                what_we_do="Perguntamos outra vez.").status == 303
    assert case.due() == end_of(day) > was
    text = words_of(case.got(case.addr, 2)[-1])
    assert REASON in text and "Perguntamos outra vez." in text
    assert re.search(rf"\b{day.day} de \w+ de {day.year}\b", text)
    seen = mediator.get(case.path).words
    assert f"{was.astimezone(ZONE).date()} → {day}" in seen
    assert "holding" in case.events()


@pytest.mark.parametrize("wrong", [
    {"reason": ""}, {"new_date": ""}, {"new_date": "soon"},
    {"reason": "x" * 4001}, {"reason": "Falta (dia/mês)."},
    {"what_we_do": "Nota interna: ver depois."}])
def test_a_wrong_holding_notice_moves_nothing(mediator, still, wrong):
    before = nothing_was_sent(still)
    assert hold(mediator, still, open_day(20), **wrong).status == 422
    assert nothing_was_sent(still) == before


@pytest.mark.parametrize("bad", [
    0, -3, 61, 200], ids=lambda days: f"{days} days")
def test_a_new_date_is_soon_and_to_come(mediator, still, bad):
    before = nothing_was_sent(still)
    day = datetime.datetime.now(ZONE).date() + datetime.timedelta(bad)
    assert hold(mediator, still, day).status == 422
    assert nothing_was_sent(still) == before


def test_a_new_date_is_a_day_on_which_somebody_is_there(mediator, still):
    before = nothing_was_sent(still)
    page = hold(mediator, still, saturday())
    assert page.status == 422, page.words
    assert nothing_was_sent(still) == before


def test_a_date_is_never_moved_nearer(mediator, case):
    far, near = open_day(40), open_day(20)
    assert hold(mediator, case, far).status == 303
    before = nothing_was_sent(case)
    assert hold(mediator, case, near).status == 422
    assert hold(mediator, case, far).status == 422
    assert nothing_was_sent(case) == before


def test_a_holding_notice_to_the_company_is_none(mediator, told):
    """It is the consumer who waits."""
    before = nothing_was_sent(told)
    assert hold(mediator, told, open_day(20), to="company").status == 422
    assert nothing_was_sent(told) == before


# ---- somebody else reads the company's mail ----------------------------------


def absent(case, browser, *, until, instead, sender=None, text=None):
    """The company's automatic answer to our last letter."""
    last = case.got(case.company, 1)[-1]
    sender = sender or case.company
    text = text or (
        f"Estarei ausente até {until:%d/%m/%Y}. Em caso de urgência, "
        f"escreva para {instead}.")
    told, item, _ = take(case.office, letter(
        sender, name="Marta Reis", subject="Resposta automática: ausente",
        to=address_of(last.parsed["Reply-To"]), text=text,
        fields=[("Auto-Submitted", "auto-replied"),
                ("In-Reply-To", last.message_id)]))
    assert told["outcome"] == "recorded", told
    return item


def copy(browser, case, item, to="0"):
    return act(browser, case.path, "substitute", item=hexes(item), to=to)


def in_days(days):
    return datetime.datetime.now(ZONE).date() + datetime.timedelta(days)


def write_first(mediator, dispute):
    """Our letter to the company goes out."""
    dispute.token = mark()
    dispute.words = f"Pedimos a nota fiscal.\n\nÉ o pedido {dispute.token}."
    assert write(mediator, dispute, to="company", subject="Nota fiscal",
                 text=dispute.words).status == 303
    dispute.other = f"bruno@{dispute.company.partition('@')[2]}"
    dispute.got(dispute.company, 1)
    return dispute


@pytest.fixture
def written(mediator, dispute):
    return write_first(mediator, dispute)


@pytest.fixture(scope="module")
def calm(office, mediator):
    return write_first(mediator, Case(office).join_company(mediator))


def test_the_substitute_gets_the_same_words_marked_as_a_copy(
        office, mediator, written):
    item = absent(written, mediator, until=in_days(5), instead=written.other)
    assert copy(mediator, written, item).status == 303
    sent = written.got(written.other, 1)[-1]
    first = written.got(written.company, 1)[-1]
    assert sent.recipients == [written.other]
    text = words_of(sent)
    assert written.token in text and text.count("Pedimos a nota fiscal.") == 1
    assert "Marta Reis" in text  # on whose notice it is a copy
    assert str(sent.parsed["Subject"]) == str(first.parsed["Subject"])
    assert address_of(sent.parsed["Reply-To"]) \
        == address_of(first.parsed["Reply-To"])
    assert written.items("mail_out")[-1][2:4] \
        == ("company", written.party("company"))
    # The company's own address stays what it was.
    assert write(mediator, written, to="company").status == 303
    written.got(written.company, 2)
    assert len(office.sink.to(written.other)) == 1


def test_a_copy_goes_once(mediator, intake, written):
    item = absent(written, mediator, until=in_days(5), instead=written.other)
    assert copy(mediator, written, item).status == 303
    before = nothing_was_sent(written)
    assert copy(intake, written, item).status == 409
    assert nothing_was_sent(written) == before


@pytest.mark.parametrize("why", ["over", "elsewhere", "the consumer",
                                 "not named", "nobody"])
def test_a_copy_goes_nowhere_else(mediator, calm, why):
    until, instead, to = in_days(5), calm.other, "0"
    if why == "over":
        until = in_days(-1)
    elif why == "elsewhere":
        instead = "bruno@outra.example"
    elif why == "the consumer":
        instead = calm.addr
    elif why == "not named":
        to = "1"
    text = why == "nobody" and "Estarei ausente até o dia 28." or None
    item = absent(calm, mediator, until=until, instead=instead, text=text)
    before = nothing_was_sent(calm)
    assert copy(mediator, calm, item, to).status == 422
    assert nothing_was_sent(calm) == before


def test_a_strangers_notice_offers_nobody(mediator, calm):
    item = absent(calm, mediator, until=in_days(5), instead=calm.other,
                  sender="eve@estranha.example")
    before = nothing_was_sent(calm)
    assert copy(mediator, calm, item).status == 422
    assert nothing_was_sent(calm) == before


def test_a_consumers_notice_offers_nobody(office, mediator, calm):
    told, item, _ = take(office, letter(
        calm.addr, subject="Resposta automática: ausente",
        to=address_of(calm.ack.parsed["Reply-To"]),
        text=f"Estarei ausente até {in_days(5):%d/%m/%Y}. Em caso de urgência,"
        " escreva para bruno@consumidora.example.",
        fields=[("Auto-Submitted", "auto-replied")]))
    assert told["outcome"] == "recorded"
    before = nothing_was_sent(calm)
    assert copy(mediator, calm, item).status == 422
    assert nothing_was_sent(calm) == before


def test_without_a_company_nobody_has_a_substitute(mediator, still):
    before = nothing_was_sent(still)
    assert copy(mediator, still, still.item).status == 403
    assert nothing_was_sent(still) == before


# ---- a company joins the case -------------------------------------------------


def test_a_company_is_made_of_whom_a_person_says_it_is(
        office, mediator, dispute):
    party = dispute.party("company")
    row, = office.query("SELECT lane::text, party FROM item WHERE case_id = %s"
                        " ORDER BY seq DESC LIMIT 1", dispute.id)
    assert row == ("company", party)
    assert dispute.company in mediator.get(dispute.path).text
    # Its next message to the case's address is still no consumer's.
    told, _, _ = take(office, letter(
        dispute.company, text="Mais uma coisa.",
        to=address_of(dispute.ack.parsed["Reply-To"])))
    assert (told["outcome"], told["reason"]) == ("held", "other-party")


# ---- two at once --------------------------------------------------------------


def started(*calls):
    """Requests that start together; a function that gives their answers."""
    gate, answers = threading.Barrier(len(calls)), [None] * len(calls)

    def run(number):
        gate.wait()
        answers[number] = calls[number]().status

    threads = [threading.Thread(target=run, args=(number,))
               for number in range(len(calls))]
    for thread in threads:
        thread.start()

    def end():
        for thread in threads:
            thread.join()
        return sorted(answers)

    return end


def test_a_date_that_somebody_moved_meanwhile_is_left_alone(
        office, mediator, case):
    """The notice was written to the date the case had: it read that, and
    then waited for whoever was faster."""
    before, line = nothing_was_sent(case), office.database.connect()
    with contextlib.closing(line), line.cursor() as cursor:
        cursor.execute("BEGIN; UPDATE case_file SET due = due + interval"
                       " '3 days' WHERE id = %s RETURNING due", (case.id,))
        moved, = cursor.fetchone()
        end = started(lambda: hold(mediator, case, open_day(20)))
        wait_until("it waits for the case", lambda: office.query(
            "SELECT 1 FROM pg_stat_activity WHERE datname ="
            " current_database() AND wait_event_type = 'Lock'"), 20, 0.02)
        cursor.execute("COMMIT")
    assert end() == [409]
    assert case.due() == moved
    assert nothing_was_sent(case)[:3] == before[:3]


def test_of_two_holding_notices_at_once_one_goes_out(
        mediator, intake, case):
    day = open_day(20)
    end = started(*[lambda browser=browser: hold(browser, case, day)
                    for browser in (mediator, intake)])
    # The slower one read the old date, or the new one already.
    assert end() in ([303, 409], [303, 422])
    assert [kind for kind, _ in case.letters()].count("holding") == 1
    assert case.due() == end_of(day)


def test_a_form_posted_twice_at_once_is_one_letter(mediator, case):
    form = form_of(mediator, case.path, "reply", subject="Uma vez",
                   text=PROMISE, promise_text="Verificar",
                   promise_by=open_day(9).isoformat())
    assert started(*[lambda: mediator.ask(
        "POST", f"{case.path}/reply", form)] * 2)() == [303, 303]
    assert [kind for kind, _ in case.letters()].count("reply") == 1
    assert len(case.tasks()) == 1


def typing(browser, case, verb="reply", to=None, **typed):
    """The form as the page had it, with what was typed."""
    page = browser.get(case.path + (f"?to={to}" if to else ""))
    return {**page.form(f"{case.path}/{verb}"), **typed}


def send(browser, case, form, verb="reply"):
    return browser.ask("POST", f"{case.path}/{verb}", form)


def crossed(page):
    assert page.status == 409, page.words
    return page.text.split('id="changed"')[1].split("</section>")[0]


WRITTEN = {
    "reply": lambda: {"subject": "Uma só", "text": GOOD},
    # Later than what the other's letter makes of the case's date.
    "holding": lambda: {"reason": REASON,
                        "new_date": open_day(40).isoformat()},
}


@pytest.mark.parametrize("verb", WRITTEN)
def test_of_two_who_answer_the_same_message_the_second_is_told(
        office, mediator, intake, case, words, verb):
    """Two letters to one person is worse than one that waits for a click."""
    typed = WRITTEN[verb]()
    mine = typing(mediator, case, verb, **typed)
    theirs = typing(intake, case, **WRITTEN["reply"]())
    assert send(intake, case, theirs).status == 303
    # Looking at it does not count as having seen what changed.
    page = mediator.ask("POST", f"{case.path}/check", mine)
    assert page.form(f"{case.path}/{verb}")["seen"] == mine["seen"]
    page = send(mediator, case, mine, verb)
    changed = crossed(page)
    assert len(case.letters()) == 2  # the acknowledgement, and theirs
    assert words["act_crossed"] in page.words
    # Who, what, when, and the way there and back.
    (number, at), = office.query(
        "SELECT seq, at FROM item WHERE case_id = %s AND kind = 'mail_out'",
        case.id)
    assert office.office.person("intake")["name"] in changed
    assert f'<a href="#item-{number}">{words["event_reply"]}' in changed
    assert f'id="item-{number}"' in page.text
    assert f"{at.astimezone(ZONE):%d/%m/%Y %H:%M}" in changed
    assert f'<a href="#{verb}">{words["changed_letter"]}' in changed
    for text in typed.values():
        assert text in page.text
    again = {**page.form(f"{case.path}/{verb}"), **typed}
    assert again["seen"] == str(number)
    page = send(mediator, case, again, verb)
    assert page.status == 303, page.words
    assert [kind for kind, _ in case.letters()].count(verb) == (
        2 if verb == "reply" else 1)


def test_what_the_party_wrote_meanwhile_is_told_before_the_answer_goes(
        office, mediator, case, words):
    form = typing(mediator, case, **WRITTEN["reply"]())
    told, _, _ = take(office, letter(
        case.addr, text="Já resolvi tudo com a loja.",
        to=address_of(case.ack.parsed["Reply-To"])))
    assert told["outcome"] == "appended"
    page = send(mediator, case, form)
    assert words["event_append"] in crossed(page)
    assert words["lane_consumer"] in crossed(page)
    assert "Já resolvi tudo com a loja." in page.text
    # Another one arrives while that page is read.
    again = {**page.form(f"{case.path}/reply"), **WRITTEN["reply"]()}
    take(office, letter(case.addr, text="E mais uma coisa.",
                        to=address_of(case.ack.parsed["Reply-To"])))
    page = send(mediator, case, again)
    assert crossed(page).count("<li>") == 1
    again = {**page.form(f"{case.path}/reply"), **WRITTEN["reply"]()}
    assert send(mediator, case, again).status == 303


def test_a_letter_waits_for_nothing_but_letters_to_the_same_party(
        office, mediator, intake, dispute):
    form = typing(mediator, dispute, **WRITTEN["reply"]())
    # A look, a note, a classification, a letter to the other side.
    assert intake.get(dispute.path).status == 200
    noted = mediator.get(f"{dispute.path}/do/note").form(
        f"{dispute.path}/note")
    assert send(mediator, dispute, {**noted, "text": "Liguei para a loja."},
                "note").status == 303
    other = typing(intake, dispute, to="company", **WRITTEN["reply"]())
    assert other["to"] == "company"
    assert send(intake, dispute, other).status == 303
    assert send(mediator, dispute, form).status == 303
    # The company's own writer would have been told.
    assert send(mediator, dispute, {
        **typing(mediator, dispute, to="company", **WRITTEN["reply"]()),
        "seen": other["seen"]}).status == 409


def test_what_was_typed_stays_when_both_are_told_at_once_and_wrong(
        mediator, intake, case, words):
    """A letter that crossed and may not leave is told of both, one by one."""
    blocked = {"subject": "Uma só", "text": f"Ligue para {CPF}."}
    form = typing(mediator, case, **blocked)
    assert send(intake, case, typing(
        intake, case, **WRITTEN["reply"]())).status == 303
    page = send(mediator, case, form)
    crossed(page)
    assert blocked["text"] in page.text
    page = send(mediator, case, {**page.form(f"{case.path}/reply"),
                                 **blocked})
    assert page.status == 422 and blocked["text"] in page.text
    assert 'id="changed"' not in page.text


# ---- whoever has no key --------------------------------------------------------


def test_nobody_writes_in_a_case_without_a_key(office, mediator, case):
    office.query("DELETE FROM case_grant g USING person p"
                 " WHERE p.login = 'mediator' AND g.person = p.id"
                 " AND g.case_id = %s", case.id)
    before = nothing_was_sent(case)
    for verb, fields in (
            ("reply", {"subject": "x", "text": GOOD}),
            ("holding", {"reason": REASON,
                         "new_date": open_day(20).isoformat()}),
            ("substitute", {"item": hexes(case.item), "to": "0"})):
        assert act(mediator, case.path, verb, **fields).status == 403
    assert nothing_was_sent(case) == before


def test_the_books_are_right_after_all_this(office):
    wait_until("all letters are out", office.outbox_is_quiet, 20, 0.1)
    assert office.findings() == []
