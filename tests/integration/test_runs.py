"""Three whole cases with the real programs, on a clock that is moved: one that
ends in a plan that was kept, one in a founded decision about a company that
stayed silent, one that could not be taken on.

Parties act by mail alone.  With OUV_RUNS set to a folder, what was written,
shown and logged is kept there as a transcript (`make runs`).
"""

import datetime as dt
import os
import re
import smtplib

import pytest

import harness
import scene as stage
from moved import SAO_PAULO, Clock
from scene import address_of, answer_to, letter

# A Monday without a holiday for three weeks (calendars/br.json).
BEGIN = dt.datetime(2027, 8, 2, 10, 0, 5)
COMPANY, UNIT = "Lojas Aurora S.A.", "SAC"
CONTACT = "Jorge Dantas <casos@aurora.example>"
ARTICLE = "clear-information"


class Transcript:
    """What somebody who was there would tell."""

    def __init__(self, name, title):
        self.name, self.lines = name, [f"# {title}", ""]

    def say(self, *lines):
        self.lines += [*lines, ""]

    def head(self, moment, text):
        self.say(f"## {moment:%A, %d %B %Y, %H:%M} · {text}")

    def quote(self, text):
        self.say(*(f"> {line}".rstrip() for line in text.strip().split("\n")))

    def keep(self):
        folder = os.environ.get("OUV_RUNS")
        if folder is None:
            return
        os.makedirs(folder, exist_ok=True)
        with open(os.path.join(folder, self.name + ".md"), "w",
                  encoding="utf-8") as out:
            out.write("\n".join(self.lines).rstrip() + "\n")


class World:
    """An office whose database and programs live at another time."""

    def __init__(self):
        self.folder = harness.Folder()
        self.clock = Clock(self.folder)
        self.cluster = harness.Postgres(self.folder)
        self.cluster.process.env = {**(self.cluster.process.env or {}),
                                    **self.clock.env}
        self.office = None
        self.listener = None
        self.people = {}
        self.steps = {}

    def begin(self):
        self.cluster.begin()
        template = harness.Template(self.folder, self.cluster)
        template.begin()
        self.office = harness.Office(self.folder, template)
        self.register()
        self.clock.set(BEGIN)
        self.office.dovecot.begin()
        self.listener = harness.SmtpListener(self.folder, self.office.dovecot)
        self.listener.begin()
        for program in (self.office.server, self.office.nginx):
            program.process.env = {**(program.process.env or {}),
                                   **self.clock.env}
        self.office.gateway.env.update(self.clock.env)
        self.office.server.begin()
        self.office.nginx.begin()
        return self

    def register(self):
        admin = self.office.admin
        admin.do("code", "import", "--shipped")
        admin.do("company", "add", "--name", COMPANY, "--lang", "pt-BR",
                 "--full-text", "yes")
        admin.do("company", "unit", "--company", COMPANY, "--name", UNIT,
                 "--kind", "sac")
        admin.do("company", "contact", "--company", COMPANY, "--unit", UNIT,
                 "--address", "casos@aurora.example", "--name",
                 "Jorge Dantas")

    def stop(self):
        if self.office is not None:
            self.office.stop()
        if self.listener is not None:
            self.listener.stop()
        self.cluster.stop()
        self.folder.remove()

    # -- time -----------------------------------------------------------------

    @property
    def now(self):
        return dt.datetime.fromtimestamp(self.clock.now, SAO_PAULO)

    def to(self, wall):
        """To that moment, with what the timer does at it."""
        self.clock.set(wall.replace(tzinfo=None))
        self.people.clear()  # sessions do not live that long
        self.round()

    def round(self):
        """One pass of the gateway: mail in, the timer, mail out."""
        assert self.office.gateway.once() == 0
        assert not self.value("SELECT count(*) FROM outbox"
                              " WHERE state NOT IN ('sent')")

    def post(self, raw, sender, recipient):
        """To the office's SMTP listener, and by it to Dovecot."""
        with smtplib.SMTP("127.0.0.1", self.listener.port, timeout=30) as line:
            line.sendmail(sender, [recipient], raw, ["BODY=8BITMIME"])

    # -- people ---------------------------------------------------------------

    def person(self, login):
        if login not in self.people:
            person = self.office.person(login)
            browser = stage.Browser("127.0.0.1", self.office.http_port,
                                    self.office.base_url)
            step = max(int(self.clock.now) // 30,
                       self.steps.get(login, 0) + 1)
            if step > int(self.clock.now) // 30 + 1:
                self.clock.offset += 30
                self.clock.write()
            self.steps[login] = step
            page = browser.try_login(login, person["password"],
                                     stage.totp(person["totp_secret"], step))
            assert page.status == 303, page.words
            self.people[login] = browser
        return self.people[login]

    def value(self, sql, *values):
        return self.office.database.value(sql, *values)

    def query(self, sql, *values):
        return self.office.database.query(sql, *values)


class Run:
    """One case, and what was written in it."""

    def __init__(self, world, transcript, consumer):
        self.world, self.out, self.consumer = world, transcript, consumer
        self.company = "casos@aurora.example"
        self.seen = len(world.office.sink.mails)
        self.protocol = self.path = self.id = None

    # -- mail -----------------------------------------------------------------

    def arrives(self, raw, sender, who, text):
        """Over SMTP, Dovecot and IMAP, as any mail."""
        self.out.head(self.world.now, f"{who} writes")
        self.out.quote(text)
        self.world.post(raw, sender, harness.OFFICE_ADDRESS)
        self.world.round()
        self.tell()

    def tell(self):
        """The letters that went out since."""
        mails = self.world.office.sink.mails[self.seen:]
        self.seen += len(mails)
        for mail in mails:
            who = ("consumer" if mail.recipients == [self.consumer]
                   else "company")
            self.out.say(f"**The office writes to the {who}:** "
                         f"{mail.parsed['Subject']}")
            self.out.quote(stage.plain_text(mail).replace("\r\n", "\n")
                           .replace(" \n", " "))
        if self.id is not None:
            self.out.say(self.standing())
        return mails

    def last_all(self):
        """Every letter to the company in this case."""
        return [mail for mail in self.world.office.sink.mails
                if mail.recipients == [self.company]
                and self.protocol in str(mail.parsed["Subject"])]

    def last(self, address, subject=""):
        """The newest letter to that address."""
        return [mail for mail in self.world.office.sink.mails
                if mail.recipients == [address]
                and subject in str(mail.parsed["Subject"])][-1]

    def begins(self, text, subject):
        raw = letter(self.consumer, name="Ana Souza", text=text,
                     subject=subject)
        self.arrives(raw, self.consumer, "Ana Souza, a consumer,", text)
        self.protocol = re.search(r"\d{4}-\d{6}-\d", str(
            self.last(self.consumer).parsed["Subject"])).group()
        self.path = f"/cases/{self.protocol}"
        self.id = self.world.value(
            "SELECT id FROM case_file WHERE protocol = %s", self.protocol)

    def answers(self, address, text, *, name):
        raw = answer_to(self.last(address), address, text=text, name=name)
        to = address_of(self.last(address).parsed["Reply-To"])
        self.out.head(self.world.now, f"{name} answers by mail")
        self.out.quote(text)
        self.world.post(raw, address, to)
        self.world.round()
        return self.tell()

    def days_pass(self, most, until=lambda: False):
        """Day by day, at eleven; what is sent meanwhile."""
        told = []
        for _ in range(most):
            self.world.to((self.world.now + dt.timedelta(days=1)).replace(
                hour=11))
            if self.world.office.sink.mails[self.seen:]:
                self.out.head(self.world.now, "the date comes by itself")
                told += self.tell()
            if until():
                break
        return told

    # -- the console ------------------------------------------------------------

    def does(self, login, verb, *, expect=303, **fields):
        """A colleague fills in the form of a move and sends it."""
        browser = self.world.person(login)
        page = browser.get(f"{self.path}/do/{verb}")
        assert page.status == 200, page.words
        form = {**page.form(f"{self.path}/{verb}"), **fields}
        answer = browser.ask("POST", f"{self.path}/{verb}", form)
        assert answer.status == expect, answer.words
        name = self.world.office.person(login)["name"]
        self.out.head(self.world.now, f"{name} ({login}): `{verb}`")
        self.out.say(*(f"- {key}: {value}" for key, value in fields.items()))
        self.world.round()
        self.tell()
        return answer

    def opens(self, login):
        browser = self.world.person(login)
        form = browser.get(self.path).form(f"{self.path}/open")
        page = browser.ask("POST", f"{self.path}/open", form)
        assert page.status == 303, page.words
        name = self.world.office.person(login)["name"]
        self.out.head(self.world.now, f"{name} ({login}): `open`")

    def seconds(self, login, decision="confirm", **fields):
        """The second person looks at what waits, and decides."""
        browser = self.world.person(login)
        page = browser.get(self.path)
        form = page.form(f"{self.path}/second")
        answer = browser.ask("POST", f"{self.path}/second",
                             {**form, "decision": decision, **fields})
        assert answer.status == 303, answer.words
        name = self.world.office.person(login)["name"]
        self.out.head(self.world.now, f"{name} ({login}): second person, "
                      f"{decision}")
        self.world.round()
        self.tell()

    # -- the file -----------------------------------------------------------------

    def row(self):
        return self.world.query(
            "SELECT state::text, owes, due, merit::text, resolution::text,"
            " rating::text, closed_by FROM case_file WHERE id = %s",
            self.id)[0]

    @property
    def state(self):
        return self.row()[0]

    def standing(self):
        state, owes, due, merit, resolution, rating, _ = self.row()
        until = (f", until {due.astimezone(SAO_PAULO):%d %B %Y, %H:%M}"
                 if due else "")
        ends = [word for word in (merit, resolution, rating) if word]
        return (f"*State: **{state}**; the next step is owed by {owes}{until}"
                + (f"; {', '.join(ends)}" if ends else "") + ".*")

    def moves(self):
        """The moves of the log, without readings and deliveries."""
        return [row[0] for row in self.world.query(
            "SELECT action FROM audit_event WHERE chain = %s ORDER BY seq",
            self.id)]

    def due(self, clock):
        return self.world.value(
            "SELECT due FROM clock WHERE case_id = %s AND kind = %s"
            "   AND state = 'running' ORDER BY n LIMIT 1", self.id,
            clock).astimezone(SAO_PAULO)

    def alarm(self, clock, kind):
        return self.world.value(
            "SELECT min(at) FROM alarm WHERE case_id = %s AND clock = %s"
            "   AND kind = %s AND done IS NULL", self.id, clock,
            kind).astimezone(SAO_PAULO)

    def ends(self):
        self.out.say("## The log of the case", "")
        rows = self.world.query(
            "SELECT e.seq, to_timestamp(e.at_us / 1e6), e.action,"
            " coalesce(p.name, '') FROM audit_event e"
            "  LEFT JOIN person p ON p.id = e.actor WHERE e.chain = %s"
            "   AND e.action <> 'read' ORDER BY e.seq", self.id)
        self.out.say("| n | when | what | who |", "| --- | --- | --- | --- |",
                     *(f"| {seq} | {at.astimezone(SAO_PAULO):%d %b %H:%M} |"
                       f" {action} | {who or 'the programs'} |"
                       for seq, at, action, who in rows))
        assert self.world.office.admin.run("audit", "verify")[0] == 0
        self.out.keep()

    def own_lanes(self):
        """Nobody got a letter with the other's address in it."""
        for mail in self.world.office.sink.mails:
            text = words_of(mail)
            if mail.recipients == [self.company]:
                assert self.consumer not in text
            if mail.recipients == [self.consumer]:
                assert self.company not in text


@pytest.fixture(scope="module")
def world():
    made = World()
    try:
        yield made.begin()
    finally:
        made.stop()


COMPLAINT = ("Bom dia. Em maio comprei uma geladeira no site da Lojas Aurora. "
             "Ela parou de gelar depois de dez dias. Liguei três vezes, cada "
             "pessoa disse outra coisa, e ninguém devolve o meu dinheiro. "
             "Quero o reembolso. Obrigada.")
SUMMARY = ("A cliente comprou uma geladeira que deixou de funcionar depois de "
           "dez dias. Diz que pediu a solução três vezes por telefone e que "
           "recebeu informações diferentes. Pede o reembolso.")


def taken_up(world, transcript, consumer, severity="moderate"):
    """From the first mail to the company's notice."""
    run = Run(world, transcript, consumer)
    run.begins(COMPLAINT, "Geladeira parada e ninguém resolve")
    assert run.state == "received"
    run.opens("mediator")
    run.does("mediator", "classify", kind="complaint", severity=severity,
             difficulty="simple", service=codes(world, "service", "support"),
             remedy="refund", contact_channel="phone", direction="inbound",
             identity="open", unit=unit(world), allegation="defective",
             article=codes(world, "article"), law=codes(world, "law", "cdc"))
    run.does("mediator", "serve", summary=SUMMARY)
    assert run.state == "company"
    notice = run.last(run.company)
    assert "dez dias" in words_of(notice)
    return run


def words_of(mail):
    return re.sub(r"\s+", " ", stage.plain_text(mail))


def unit(world):
    return str(world.value("SELECT id FROM company_unit WHERE name = %s",
                           UNIT)).replace("-", "")


def codes(world, book, begins=""):
    """Some code of that book."""
    return world.value("SELECT min(code) FROM code_entry WHERE book = %s"
                       "   AND code LIKE %s", book, begins + "%")


def test_a_plan_that_was_kept(world):
    run = taken_up(world, Transcript(
        "agreed", "A complaint that ends in a plan that was kept"),
        "ana.agreed@consumidora.example")
    world.to(world.now + dt.timedelta(days=2))
    run.answers(run.company, "Lamentamos o transtorno. O técnico confirmou o "
                "defeito. Oferecemos a troca da peça, sem custo.",
                name="Jorge Dantas")
    assert run.state == "company"  # until a mediator has looked at it
    item = world.value("SELECT max(seq) FROM item WHERE case_id = %s"
                       " AND lane = 'company' AND kind = 'mail_in'", run.id)
    run.does("mediator", "answer", item=str(item), points="1",
             text="A empresa confirma o defeito e oferece a troca da peça, "
             "sem custo.")
    assert run.state == "consumer"
    world.to(world.now + dt.timedelta(days=1))
    run.answers(run.consumer, "RECUSO\n\nJá trocaram a peça uma vez. Quero o "
                "reembolso.", name="Ana Souza")
    assert run.state == "mediation"
    day = (world.now + dt.timedelta(days=21)).date()
    day += dt.timedelta(days=(7 - day.weekday()) % 7)
    run.does("mediator", "propose",
             option="Reembolso do valor da compra na conta indicada.",
             promiser="company", day=str(day),
             **{"option-2": "Troca por uma geladeira nova do mesmo modelo.",
                "promiser-2": "company", "day-2": str(day)})
    assert run.state == "proposal"
    one, other = run.last(run.consumer), run.last(run.company)
    assert (options_of(one) == options_of(other)) and options_of(one)
    world.to(world.now + dt.timedelta(days=1))
    run.answers(run.company, "OPÇÃO 1", name="Jorge Dantas")
    assert run.state == "proposal"  # one side alone agrees to nothing
    run.answers(run.consumer, "OPÇÃO 1\n\nObrigada.", name="Ana Souza")
    assert run.state == "plan"
    due = run.due("promise")
    assert due.date() == day
    told = run.days_pass((due - world.now).days + 3)
    assert [mail.recipients for mail in told] == [  # before, and after
        [run.company], [run.company], [run.consumer]]
    assert run.state == "plan"  # a date that passed proves nothing
    run.answers(run.consumer, "SIM\n\nO dinheiro chegou ontem.",
                name="Ana Souza")
    assert run.row()[0] == "closed" and run.row()[4] == "kept"
    run.own_lanes()
    run.ends()


def options_of(mail):
    return re.findall(r"OPÇÃO \d.*?(?=- OPÇÃO|Como |O que |$)",
                      words_of(mail))[:2]


def test_a_founded_decision_about_a_silent_company(world):
    run = taken_up(world, Transcript(
        "decided", "A founded decision, the company having stayed silent"),
        "ana.decided@consumidora.example")
    due = run.due("company")
    sent = len(run.last_all())
    run.days_pass((due - world.now).days + 15,
                  until=lambda: run.state == "merit")
    assert run.state == "merit", (run.standing(), world.query(
        "SELECT clock, kind, at, done, outcome FROM alarm WHERE case_id = %s"
        " ORDER BY at", run.id))
    assert len(run.last_all()) - sent == 3  # two reminders, then it is recorded
    # The consumer may say something to that for as long as the company could.
    run.out.say("The consumer has as many days to comment as the company had.")
    world.to((world.value(
        "SELECT max(due) FROM hearing WHERE case_id = %s", run.id).astimezone(
            SAO_PAULO) + dt.timedelta(days=1)).replace(hour=11))
    run.does("mediator", "team", person="reader")
    run.does("mediator", "team", person="ombudsman")
    run.does("mediator", "draft-opinion", merit="founded",
             findings="A geladeira parou depois de dez dias. A consumidora "
             "pediu a solução três vezes. A empresa não respondeu.",
             reasons="O produto tem defeito dentro da garantia legal. A "
             "empresa teve o mesmo prazo para se manifestar e não o usou.",
             measures="Reembolso do valor pago, corrigido.")
    assert run.state == "merit"  # it waits for a second person
    run.seconds("reader")
    assert run.state == "provisional"
    comment = run.due("comment")
    world.to((comment + dt.timedelta(days=1)).replace(hour=11))
    run.tell()
    run.does("ombudsman", "decide", merit="founded",
             findings="A geladeira parou depois de dez dias. A consumidora "
             "pediu a solução três vezes. A empresa não respondeu.",
             reasons="O produto tem defeito dentro da garantia legal. A "
             "empresa teve o mesmo prazo para se manifestar e não o usou.",
             measures="Reembolso do valor pago, corrigido.",
             recommendation="Registrar cada contato com protocolo e dar a "
             "mesma informação em todos os canais.",
             recommendation_day=str(open_day(world.now, 30)),
             referral="consumidor-gov", resolution="silent")
    state, _, _, merit, resolution, _, _ = run.row()
    assert (state, merit, resolution) == ("closed", "founded", "silent")
    run.own_lanes()
    run.ends()


def open_day(now, days):
    day = (now + dt.timedelta(days=days)).date()
    return day + dt.timedelta(days=(7 - day.weekday()) % 7)


def test_a_case_that_cannot_be_taken_on(world):
    run = Run(world, Transcript(
        "refused", "A complaint that the office cannot take on"),
        "ana.refused@consumidora.example")
    run.begins("Quero reclamar da conta de luz da minha rua. A prefeitura não "
               "troca a lâmpada do poste há meses e ninguém responde.",
               "Poste apagado na minha rua")
    run.opens("mediator")
    run.does("mediator", "classify", kind="complaint", severity="low",
             difficulty="simple")
    run.does("mediator", "refuse", ground="not-competent",
             reasons="A iluminação da rua é um serviço da prefeitura. A "
             "ouvidoria trata só do atendimento das empresas do programa.",
             referral="procon")
    assert run.state == "triage"
    assert run.world.person("mediator").get(run.path).status == 200
    before = len(run.world.office.sink.mails)
    run.seconds("mediator2")
    assert run.row()[0] == "closed"
    told = run.world.office.sink.mails[before:]
    assert [mail.recipients for mail in told] == [[run.consumer]]
    assert "Procon" in words_of(told[0])
    run.ends()
