"""What the person a case is about may ask for: a copy of what is theirs and of
nothing else, and an answer within the term of the law.

The real programs; their clock is one that the tests move.
"""

import base64
import email
import email.policy
import hashlib
import io
import json
import os
import re
import secrets
import zipfile

import pytest

import scene as stage
import test_disclosure as released
import test_write as desk
from harness import wait_until
from moved import Clock
from scene import Scene, letter, mark, with_file

# It serves at any hour: alarms ring when they are due.
OPEN = {**desk.CALENDAR, "calendar": "open", "hours": {
    day: ["00:00-23:59"] for day in (
        "mon", "tue", "wed", "thu", "fri", "sat", "sun")}}
TEXTS = ("messages/", "attachments/", "given/", "index.", "manifest.json",
         "INCOMPLETE.txt")


@pytest.fixture(scope="module")
def office(template):
    made = Scene(template, to_sink=True, mailgw_acks_domain_hour=100000,
                 mailgw_acks_hour=100000, office_calendar="open",
                 paths_calendars=None)
    made.settings["paths_calendars"] = made.folder.make("calendars")
    with open(os.path.join(made.settings["paths_calendars"], "open.json"),
              "w", encoding="utf-8") as file:
        json.dump(OPEN, file)
    made.live_by(Clock(made.folder))
    try:
        made.begin()
        made.connect_all()
        yield made
    finally:
        made.stop()


@pytest.fixture(scope="module")
def mediator(office):
    return desk.login(office, "mediator")


class Copy:
    """An archive, unpacked by another program than the one that made it."""

    def __init__(self, octets):
        self.octets = octets
        with zipfile.ZipFile(io.BytesIO(octets)) as archive:
            assert archive.testzip() is None
            self.files = {name: archive.read(name)
                          for name in archive.namelist()}
        self.manifest = json.loads(self.files["manifest.json"])

    def all_bytes(self):
        """Everything in it, as it lies there and decoded."""
        out = [self.octets, *(name.encode() for name in self.files),
               *self.files.values()]
        for name, octets in self.files.items():
            if name.endswith(".eml"):
                mail = email.message_from_bytes(
                    octets, policy=email.policy.default)
                out += [part.get_payload(decode=True) or b""
                        for part in mail.walk()]
                out.append(str(mail["Subject"]).encode())
        return b"\n".join(out)

    def named(self, folder, end):
        return [octets for name, octets in sorted(self.files.items())
                if name.startswith(folder) and name.endswith(end)]


def ask_copy(browser, path, **fields):
    fields.setdefault("purpose", "access")
    return desk.act(browser, path, "export", **fields)


def copy_of(browser, path, **fields):
    page = ask_copy(browser, path, **fields)
    assert page.status == 200, page.words
    assert page.headers["Content-Type"] == "application/zip"
    return Copy(page.body)


def item_of(case, kind, number=0):
    return case.items(kind)[number][0]


@pytest.fixture(scope="module")
def case(office, mediator):
    """With all that is theirs, and with all that is not: a company's answer, a
    note, a message of a third person."""
    made = released.Case(office, mediator)
    made.note, made.third = mark(), mark()
    assert desk.act(mediator, made.path, "note",
                    text=f"Só para nós: {made.note}").status == 303
    made.letter = mark()
    page = desk.act(mediator, made.path, "reply", subject="Seu caso",
                    text=f"{desk.GOOD} {made.letter}")
    assert page.status == 303, page.words
    made.got(made.addr, 2)
    status, _ = office.gateway.ingest(letter(
        f"vizinho@{secrets.token_hex(4)}.example", name="Outra Pessoa",
        text=f"Eu também vi. {made.third}",
        to=stage.address_of(made.ack.parsed["Reply-To"])))
    assert status == 0
    made.copy = copy_of(mediator, made.path, reference="pedido 7")
    return made


# ---- what is in a copy --------------------------------------------------------


def test_a_copy_holds_what_the_person_wrote_and_what_was_written_to_them(case):
    mine, files = case.copy.files, case.copy
    mails = [email.message_from_bytes(octets, policy=email.policy.default)
             for octets in files.named("messages/", ".eml")]
    bodies = [str(mail.get_body(("plain",)).get_content()) for mail in mails]
    # The complaint, the acknowledgement, the letter: in their order.
    assert len(mails) == 3
    assert case.said in bodies[0]
    assert mails[1]["Message-ID"] == case.ack.parsed["Message-ID"]
    assert case.letter in bodies[2].replace(" \n", " ")
    # Readable without a mail program, and each attachment by itself.
    assert case.said in files.named("messages/", "001.txt")[0].decode()
    assert files.named("attachments/", "nota.pdf") == [case.file.encode()]
    assert all(name.startswith(TEXTS) for name in mine)


def test_the_originals_are_byte_for_byte_as_they_came_and_left(office, case):
    first, ack, _ = case.copy.named("messages/", ".eml")
    assert first.startswith(b"From: ") and case.addr.encode() in first
    sent = case.got(case.addr, 1)[0]
    body = ack.split(b"\r\n\r\n", 1)[1].replace(b"\r\n", b"\n")
    assert body.strip() == sent.content.replace(b"\r\n", b"\n").split(
        b"\n\n", 1)[1].strip()


def test_nothing_of_another_is_in_any_byte_of_it(case):
    octets = case.copy.all_bytes()
    for word in (case.theirs, case.company, case.note, case.third,
                 "Marta Reis", "Outra Pessoa"):
        for form in (word.encode(), base64.b64encode(word.encode())[:-4],
                     word.encode("utf-16-le")):
            assert form not in octets, word
    # It would have been found.
    assert case.said.encode() in octets and case.addr.encode() in octets


def test_each_file_has_its_sum_in_the_manifest(case):
    told = {row["path"]: row for row in case.copy.manifest["files"]}
    assert set(told) == set(case.copy.files) - {"manifest.json"}
    for name, row in told.items():
        octets = case.copy.files[name]
        assert row["sha256"] == hashlib.sha256(octets).hexdigest(), name
        assert row["bytes"] == len(octets) and row["complete"] is True
    assert case.copy.manifest["complete"] is True
    assert case.copy.manifest["protocol"] == case.protocol


@pytest.mark.parametrize("lang,title,yours", [
    ("pt-BR", "Cópia do caso", "de você"), ("en", "Copy of case", "from you"),
    ("it", "Copia della pratica", "da lei")])
def test_the_index_is_in_the_persons_language(
        office, mediator, case, lang, title, yours):
    if lang == "pt-BR":
        copy, number, addr = case.copy, case.protocol, case.addr
    else:
        addr = f"p.{secrets.token_hex(6)}@consumer.example"
        _, (told,) = office.gateway.ingest(
            letter(addr, text=stage.WORDS[lang], name="Kim Doe"))
        number = told["protocol"]
        copy = copy_of(mediator, f"/cases/{number}")
    page = copy.files["index.html"].decode()
    text = copy.files["index.txt"].decode()
    assert f'<html lang="{lang}">' in page
    for words in (page, text):
        assert f"{title} {number}" in words and yours in words
        assert addr in words and "{{" not in words
    # Links lead to what is there.
    for link in re.findall(r'href="([^"]+)"', page):
        assert link in copy.files, link


def test_the_index_tells_roles_and_no_colleagues_name(office, case):
    text = case.copy.files["index.txt"].decode()
    names = [name for name, in office.query("SELECT name FROM person")]
    assert names and not any(name in text for name in names)
    held = office.query(
        "SELECT count(*) FROM case_grant g JOIN person p ON p.id = g.person"
        " WHERE g.case_id = %s AND p.role = 'mediator'", case.id)[0][0]
    assert f"- {held} na função de mediador" in text


def test_until_when_it_is_kept_is_the_date_of_the_retention(
        office, mediator, case):
    text = case.copy.files["index.txt"].decode()
    assert "Se ele fosse encerrado hoje" in text
    assert "Ainda não foi encerrado." in text


def test_what_was_released_to_them_is_theirs_until_it_is_taken_back(
        office, mediator):
    case = released.Case(office, mediator)
    answer = str(case.seq("mail_in", 1))
    page, _ = case.release(mediator, answer, to="consumer",
                           overrule="Combinado com a empresa.")
    assert page.status == 303, page.words
    copy = copy_of(mediator, case.path)
    given = copy.named("given/", ".txt")
    assert len(given) == 1 and case.theirs in given[0].decode()
    assert desk.act(mediator, case.path, "withhold", which="1",
                    reason="Engano.").status == 303
    copy = copy_of(mediator, case.path)
    assert not copy.named("given/", "")
    # The letter that announced it was theirs all the same.
    assert case.theirs.encode() not in copy.all_bytes()


# ---- who may make one ---------------------------------------------------------


def test_a_copy_is_made_for_a_purpose_that_the_log_keeps(
        office, mediator, case):
    events = case.logged("export")
    assert len(events) >= 1
    page = mediator.get(f"{case.path}/log")
    assert "access: pedido 7" in page.words
    before = len(case.logged("export"))
    page = ask_copy(mediator, case.path, purpose="")
    assert page.status == 422 and len(case.logged("export")) == before
    page = ask_copy(mediator, case.path, purpose="curiosity")
    assert page.status == 422 and len(case.logged("export")) == before


def test_a_copy_wants_a_fresh_code(office, mediator, case):
    before = len(case.logged("export"))
    office.query("UPDATE session SET stepped = stepped - interval '1 hour'")
    codes, mediator.codes = mediator.codes, None
    page = ask_copy(mediator, case.path)
    mediator.codes = codes
    assert page.asks_code and len(case.logged("export")) == before
    assert not page.body.startswith(b"PK")
    # With the code the same form does it, also when its session is renewed.
    copy_of(mediator, case.path)
    assert len(case.logged("export")) == before + 1


def test_nobody_gets_a_copy_by_an_address_alone(mediator, case):
    page = mediator.get(f"{case.path}/export")
    assert page.status in (404, 405)


@pytest.mark.parametrize("who", ["intake", "reader"])
def test_other_roles_make_none(office, case, who):
    browser = desk.login(office, who)
    before = len(case.logged("export"))
    page = ask_copy(browser, case.path)
    assert page.status == 403 and not page.body.startswith(b"PK")
    assert len(case.logged("export")) == before


# ---- what does not go well ----------------------------------------------------


def test_a_damaged_attachment_is_said_and_hides_nothing_else(
        office, mediator):
    case = released.Case(office, mediator)
    item = item_of(case, "mail_in")
    office.query("UPDATE chunk SET ct = set_byte(ct, 40,"
                 " (get_byte(ct, 40) + 1) %% 256) WHERE item = %s", item)
    copy = copy_of(mediator, case.path)
    told = {row["path"]: row["complete"]
            for row in copy.manifest["files"]}
    assert copy.manifest["complete"] is False
    assert told["messages/001.eml"] is False
    assert told["messages/002.eml"] is True
    assert told["messages/001.txt"] is True
    assert case.said in copy.files["messages/001.txt"].decode()
    missing = copy.files["INCOMPLETE.txt"].decode()
    assert "messages/001.eml" in missing and "messages/002" not in missing
    assert "não está completa" in missing


def test_a_mail_with_broken_base64_is_copied_as_it_came(office, mediator):
    addr = f"ana.{secrets.token_hex(6)}@consumidora.example"
    raw = with_file(addr, b"x" * 100, "nota.pdf").replace(
        base64.b64encode(b"x" * 30)[:20], b"\x00%%\xff not base64 ")
    _, (told,) = office.gateway.ingest(raw)
    copy = copy_of(mediator, f"/cases/{told['protocol']}")
    assert copy.named("messages/", "001.eml") == [raw]
    assert copy.manifest["complete"] is True


def test_a_large_copy_is_never_whole_in_memory(office, mediator):
    """Two hundred messages, some large: what the server needs does not grow
    with them."""
    case = released.Case(office, mediator)
    big, small = secrets.token_bytes(4_000_000), secrets.token_bytes(2_000)
    folder, files = office.folder.make("many"), []
    to = stage.address_of(case.ack.parsed["Reply-To"])
    for number in range(200):
        files.append(os.path.join(folder, f"{number}.eml"))
        with open(files[-1], "wb") as file:
            file.write(with_file(case.addr, big if number % 50 == 0 else small,
                                 "foto.jpg", to=to,
                                 text=f"Mensagem {number}"))
    with open(files[-1], "rb") as last:
        status, told = office.gateway.ingest(last.read(), *files[:-1])
    assert status == 0 and len(told) == 200
    before = peak(office.server.process.pid)
    copy = copy_of(mediator, case.path)
    grown = peak(office.server.process.pid) - before
    photos = copy.named("attachments/", "foto.jpg")
    assert len(photos) == 200 and set(photos) == {big, small}
    # 38 MB went out; pieces of a megabyte were held.
    assert sum(map(len, copy.files.values())) > 36_000_000
    assert grown < 16_000_000, grown


def peak(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        return int(re.search(r"VmHWM:\s+(\d+)", file.read())[1]) * 1024


# ---- requests: a case of their own ---------------------------------------------


class Request(desk.Case):
    """Somebody asks about their own data, by mail."""

    def __init__(self, office, browser, *, lang="pt-BR", right=None, **more):
        self.office, self.company, self.browser = office, None, browser
        self.addr = f"eva.{secrets.token_hex(6)}@consumidora.example"
        status, (told,) = office.gateway.ingest(
            letter(self.addr, text=stage.WORDS[lang], subject="Meus dados"))
        assert status == 0 and told["outcome"] == "created", told
        self.protocol = told["protocol"]
        self.path = f"/cases/{self.protocol}"
        self.id, = office.query("SELECT id FROM case_file WHERE protocol = %s",
                                self.protocol)[0]
        self.ack = self.got(self.addr, 1)[-1]
        self.done("open")
        if right is not None:
            self.done("classify", kind="data-request", right=right, **more)

    def do(self, verb, **fields):
        return desk.act(self.browser, self.path, verb, **fields)

    def done(self, verb, **fields):
        page = self.do(verb, **fields)
        assert page.status == 303, page.words
        return page

    def column(self, name):
        return self.office.query(f"SELECT {name}::text FROM case_file"
                                 " WHERE id = %s", self.id)[0][0]

    def total(self):
        """State, profile, days from day zero to the end, law."""
        return self.office.query(
            "SELECT state::text, profile, (due AT TIME ZONE"
            " 'America/Sao_Paulo')::date - (started AT TIME ZONE"
            " 'America/Sao_Paulo')::date, law FROM clock"
            " WHERE case_id = %s AND kind = 'total'", self.id)[0]

    def came_before(self, days):
        """As if it had come so many days ago."""
        self.office.query(
            "UPDATE clock SET started = started - d, since = since - d,"
            " due = due - d FROM make_interval(days => %s) AS d"
            " WHERE case_id = %s AND kind = 'total'", days, self.id)

    def days_left(self):
        return self.office.query(
            "SELECT (due AT TIME ZONE 'America/Sao_Paulo')::date - (now()"
            " AT TIME ZONE 'America/Sao_Paulo')::date FROM clock"
            " WHERE case_id = %s AND kind = 'total'", self.id)[0][0]

    def answered(self, count=2):
        return desk.words_of(self.got(self.addr, count)[-1])

    def open_tasks(self):
        return [row[0] for row in self.office.query(
            "SELECT kind FROM task WHERE case_id = %s AND done IS NULL",
            self.id)]


@pytest.mark.parametrize("profile,days,law", [
    ("lgpd", 15, "Lei 13.709/2018, art. 19, II"),
    ("gdpr", 28, "Regulation (EU) 2016/679, art. 12(3)")])
def test_a_request_has_the_term_of_its_law(
        office, mediator, profile, days, law):
    request = Request(office, mediator)
    assert request.total()[1:3] == ("default", 30)
    # The law of the office's country, unless another one is said.
    more = {} if profile == "lgpd" else {"profile": profile}
    request.done("classify", kind="data-request", right="access", **more)
    assert request.total() == ("running", profile, days, law)
    # Counted from the day on which it came.
    started, opened = office.query(
        "SELECT k.started, c.opened FROM clock k JOIN case_file c"
        " ON c.id = k.case_id WHERE c.id = %s AND k.kind = 'total'",
        request.id)[0]
    assert abs((started - opened).total_seconds()) < 2
    # It was none after all: the office's own term again.
    request.done("classify", kind="question", profile=profile)
    assert request.total()[1:3] == ("default", 30)
    assert request.column("data_right") is None


def test_a_request_names_the_right(office, mediator, words):
    request = Request(office, mediator)
    page = request.do("classify", kind="data-request")
    assert page.status == 422 and request.column("kind") is None
    page = request.do("classify", kind="data-request", right="holidays")
    assert page.status == 422 and request.column("kind") is None


def test_the_proof_of_identity_stops_the_term(office, mediator):
    request = Request(office, mediator, right="access")
    request.done("ask", questions="- Em que mês você nos escreveu?")
    text = request.answered()
    assert "precisamos ter certeza de que quem pede é você" in text
    assert "Em que mês você nos escreveu?" in text
    assert request.total()[0] == "paused"
    assert "O prazo está parado" in mediator.get(request.path).words
    page = request.do("answer-request", outcome="granted", text=desk.GOOD)
    assert page.status == 422 and request.column("state") == "info"
    request.done("complement", behalf="consumer", source="call",
                 text="Foi em março.")
    assert request.total()[0] == "running"
    assert request.column("state") == "triage"


def test_a_question_leaves_what_is_left_of_the_term(office, mediator):
    """It came fourteen days ago: one day is left, before and after."""
    request = Request(office, mediator, right="access")
    request.came_before(14)
    assert request.days_left() == 1
    request.done("ask", questions="- Em que mês você nos escreveu?")
    assert request.total()[0] == "paused"
    request.done("complement", behalf="consumer", source="call",
                 text="Foi em março.")
    assert request.total()[0] == "running" and request.days_left() == 1
    # Its end rings after that day, and not a month later.
    assert office.query(
        "SELECT a.at > k.due AND a.at < k.due + interval '1 day' FROM alarm a"
        " JOIN clock k ON k.case_id = a.case_id AND k.kind = a.clock"
        " AND k.round = a.round WHERE a.case_id = %s AND a.clock = 'total'"
        " AND a.kind = 'lapse' AND a.done IS NULL", request.id) == [(True,)]


def test_a_question_after_the_end_of_the_term_gives_no_other(office, mediator):
    request = Request(office, mediator, right="access")
    request.came_before(20)
    request.done("ask", questions="- Em que mês você nos escreveu?")
    request.done("complement", behalf="consumer", source="call",
                 text="Foi em março.")
    assert request.total()[0] == "running" and request.days_left() == -5


def test_what_was_passed_on_becomes_no_request(office, mediator, words):
    other = Request(office, mediator)
    other.done("classify", kind="question")
    other.done("forward", by=str(desk.open_day(3)), owner="Toda a equipe")
    before = other.total()
    page = other.do("classify", kind="data-request", right="access")
    assert page.status == 422 and words["field_passed_on"] in page.words
    assert (other.column("kind"), other.column("data_right")) == (
        "question", None)
    assert other.total() == before
    # The message does, as a case of its own.
    page = other.do("split", item="1", matter="Pedido de acesso")
    assert page.status == 303, page.words


@pytest.mark.parametrize("outcome,denial,says,reason", [
    ("granted", "", "Atendemos o seu pedido.", None),
    ("partly", "others-rights", "em parte", "de outra pessoa"),
    ("refused", "legal-duty", "Não podemos atender", "obriga a guardar"),
    ("not-identified", "", "Não foi possível confirmar", None)])
def test_an_answer_ends_it_with_its_reason(
        office, mediator, outcome, denial, says, reason):
    request = Request(office, mediator, right="correct")
    said = mark()
    request.done("answer-request", outcome=outcome, denial=denial,
                 text=f"Conferimos o cadastro. {said}")
    assert (request.column("state"), request.column("data_outcome"),
            request.column("data_denial"), request.column("closed_by")) == (
        "closed", outcome, denial or None, "answer-request")
    text = request.answered()
    assert says in text and said in text
    assert "Corrigir dados seus" in text
    assert ("Motivo:" in text) == (reason is not None)
    assert reason is None or reason in text
    assert request.total()[0] == "stopped"
    kinds = {kind for kind, in office.query(
        "SELECT kind::text FROM clock WHERE case_id = %s AND state ="
        " 'running'", request.id)}
    assert kinds == {"reopen-window", "retention"}


@pytest.mark.parametrize("outcome", ["refused", "partly"])
def test_what_is_not_granted_has_a_reason(office, mediator, outcome):
    request = Request(office, mediator, right="erase")
    page = request.do("answer-request", outcome=outcome, text=desk.GOOD)
    assert page.status == 422 and request.column("state") == "triage"
    assert len(office.sink.to(request.addr)) == 1


def test_a_request_goes_to_no_company_and_a_complaint_is_no_request(
        office, mediator):
    request = Request(office, mediator, right="confirm")
    for verb in ("forward", "serve", "refuse"):
        page = request.do(verb, text=desk.GOOD)
        assert page.status == 403, (verb, page.words)
    assert request.column("state") == "triage"
    other = Request(office, mediator)
    other.done("classify", kind="suggestion")
    page = other.do("answer-request", outcome="granted", text=desk.GOOD)
    assert page.status == 403 and other.column("state") == "triage"


def test_a_request_to_erase_asks_the_custodian_of_each_linked_case(
        office, mediator):
    about, apart = Request(office, mediator), Request(office, mediator)
    request = Request(office, mediator, right="erase")
    request.done("link", to=about.protocol, kind="linked")
    assert "erasure-asked" not in about.open_tasks()
    request.done("answer-request", outcome="granted",
                 text="O caso será apagado no prazo da lei.")
    assert about.open_tasks() == ["erasure-asked"]
    assert apart.open_tasks() == []
    # Nothing is gone by itself.
    assert about.column("state") == "triage"
    assert "pediu que este caso seja apagado" in mediator.get(about.path).words


def test_each_such_answer_asks_the_custodian(office, mediator):
    """The first task is done; somebody asks again later."""
    about = Request(office, mediator)
    for times in (1, 2):
        request = Request(office, mediator, right="erase")
        request.done("link", to=about.protocol, kind="linked")
        request.done("answer-request", outcome="granted", text=desk.GOOD)
        assert about.open_tasks() == ["erasure-asked"], times
        form = mediator.get(about.path).form(f"{about.path}/task-done")
        page = mediator.ask("POST", f"{about.path}/task-done",
                            {**form, "outcome": "done", "note": "Visto."})
        assert page.status == 303, page.words
        assert about.open_tasks() == []


def test_mediation_figures_leave_requests_out(office, mediator):
    def figures():
        return office.office.admin.do("report", "spread", "--json")

    before = figures()
    request = Request(office, mediator, right="access")
    request.done("answer-request", outcome="granted", text=desk.GOOD)
    assert figures() == before


def test_the_office_is_told_before_the_term_ends_and_at_its_end(
        office, mediator):
    request = Request(office, mediator, right="access")

    def ring(kind):
        office.query("UPDATE alarm SET at = now() - interval '1 minute'"
                     " WHERE case_id = %s AND clock = 'total' AND kind = %s",
                     request.id, kind)
        office.query("SELECT pg_notify('ouv_timer', '')")

    days = office.query(
        "SELECT (k.due AT TIME ZONE 'America/Sao_Paulo')::date"
        "  - (a.at AT TIME ZONE 'America/Sao_Paulo')::date FROM alarm a"
        " JOIN clock k ON k.case_id = a.case_id AND k.kind = a.clock"
        " WHERE a.case_id = %s AND a.clock = 'total' AND a.kind = 'remind'"
        " AND a.round = k.round", request.id)[0][0]
    assert days == 5
    ring("remind")
    wait_until("the task", lambda: "request-due" in request.open_tasks())
    assert len(office.sink.to(request.addr)) == 1  # nobody else hears of it
    office.query("UPDATE clock SET due = now() - interval '1 minute' WHERE"
                 " case_id = %s AND kind = 'total'", request.id)
    ring("lapse")
    wait_until("the end", lambda: "overdue-total" in request.open_tasks())


@pytest.mark.parametrize("lang,asked,by", [
    ("pt-BR", "O que foi pedido", "Pela lei, a resposta deve chegar até"),
    ("en", "What was asked for", "By law the answer is due by"),
    ("it", "Che cosa è stato chiesto", "Per legge la risposta è dovuta")])
def test_the_page_says_what_was_asked_and_by_when(
        office, mediator, lang, asked, by):
    request = Request(office, mediator, right="access")
    about = Request(office, mediator)
    request.done("link", to=about.protocol, kind="linked")
    form = mediator.get("/").form("/language")
    mediator.post("/language", **{**form, "lang": lang})
    page = mediator.get(request.path)
    plain = mediator.get(about.path)
    mediator.post("/language", **{**form, "lang": "pt-BR"})
    assert asked in page.words and by in page.words
    assert "Lei 13.709/2018" in page.words and about.protocol in page.words
    assert asked not in plain.words
    # What can be done: an answer, of such a case alone.
    assert page.links(f"{request.path}/do/answer-request")
    assert not plain.links(f"{about.path}/do/answer-request")
    # Nothing that begins a dispute, not even as what cannot be done yet.
    for verb in ("forward", "serve", "refuse"):
        assert not page.links(f"{request.path}/do/{verb}")
        word = stage.words_of(lang)[f"action_{verb}"]
        assert f">{word}<" not in page.text, verb
    assert plain.links(f"{about.path}/do/refuse")
