"""A year of an office of three people, day by day, with the real programs on a
clock that is moved: what it sent is what a model of our own says it should
have sent, letter by letter."""

import collections
import datetime as dt
import json
import os
import re
import secrets
import time


import harness
import scene as stage
from harness import OFFICE_ADDRESS, wait_until
from moved import SAO_PAULO, Clock
from ouvoffice import demo
from ouvoffice.process import Process
from ouvoffice.programs import TUNABLES
from scene import WORDS, letter
from year_model import DAY, LANGS, NAMES, Absence, Model, Sent, order

YEAR = 2027
SETUP = dt.datetime(2026, 12, 28, 10, 0, 5)
STAFF = [("boss", "Álvaro Siqueira", "admin"), ("ana", "Ana Lima", "mediator"),
         ("bruno", "Bruno Reis", "mediator"), ("carla", "Carla Neri", "intake")]
PEOPLE = {login: name for login, name, _ in STAFF}

# As entered before the year begins; two are called off meanwhile.
ABSENCES = [
    Absence("", "holiday", dt.date(2026, 12, 30), dt.date(2027, 1, 5)),
    Absence("ana", "vacation", dt.date(2027, 2, 1), dt.date(2027, 2, 19),
            "bruno"),
    Absence("bruno", "business-trip", dt.date(2027, 2, 8),
            dt.date(2027, 2, 12), "carla"),
    Absence("carla", "training", dt.date(2027, 3, 10), dt.date(2027, 3, 10),
            "ana"),
    Absence("bruno", "external-meeting", dt.date(2027, 4, 5),
            dt.date(2027, 4, 6), "ana"),
    Absence("bruno", "vacation", dt.date(2027, 4, 7), dt.date(2027, 4, 30),
            "ana", called_off=dt.datetime(2027, 4, 20, 12, 0)),
    Absence("ana", "vacation", dt.date(2027, 7, 5), dt.date(2027, 7, 30),
            "bruno"),
    Absence("", "training", dt.date(2027, 7, 12), dt.date(2027, 7, 13)),
    Absence("bruno", "vacation", dt.date(2027, 9, 6), dt.date(2027, 9, 17),
            "carla"),
    Absence("carla", "training", dt.date(2027, 9, 13), dt.date(2027, 9, 24),
            "ana"),
    Absence("ana", "vacation", dt.date(2027, 10, 4), dt.date(2027, 10, 8),
            "bruno", called_off=dt.datetime(2027, 9, 30, 12, 0)),
    Absence("ana", "holiday", dt.date(2027, 11, 1), dt.date(2027, 11, 5),
            "carla"),
    Absence("", "vacation", dt.date(2027, 12, 20), dt.date(2027, 12, 31)),
]

MOMENTS = [dt.time(3, 10), dt.time(8, 20), dt.time(11, 45), dt.time(17, 59),
           dt.time(18, 30), dt.time(9, 30), dt.time(23, 40)]
TEXT = {**WORDS, "": "4711"}  # nobody can say which language that is


class Line:
    """One `ingest` that runs the whole year: its files are named pipes, which
    it opens one after another.  Whoever can open one for writing knows that
    the mail before it has been filed."""

    def __init__(self, year, most):
        self.folder = os.path.join(year.folder.path, "mails")
        os.mkdir(self.folder)
        self.pipes = [os.path.join(self.folder, str(n)) for n in range(most)]
        for pipe in self.pipes:
            os.mkfifo(pipe)
        self.next, self.open = iter(self.pipes), None
        self.out = os.path.join(self.folder, "out")
        self.process = Process(
            "ingest", ["/bin/sh", "-c", 'out=$1; shift; exec "$@" >"$out"',
                       "sh", self.out, year.office.gateway.program, "-c",
                       year.office.config, "ingest", *self.pipes],
            year.office.gateway.log,
            env={**TUNABLES, **year.clock.env})
        self.process.start()

    def ready(self):
        """All mails so far are filed."""
        if self.open is None:
            pipe = next(self.next)
            self.open = wait_until("the next mail is wanted",
                                   lambda: self.try_open(pipe), 60, 0.001)

    def try_open(self, pipe):
        self.process.expect_alive()
        try:
            return os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
        except OSError:
            return None

    def put(self, raw):
        self.ready()
        os.set_blocking(self.open, True)
        with os.fdopen(self.open, "wb") as out:
            out.write(raw)
        self.open = None

    def end(self):
        """What became of each mail."""
        self.ready()
        for pipe in self.next:
            os.unlink(pipe)
        os.close(self.open)  # an empty mail, the last one
        wait_until("it has come to the end", lambda:
                   not self.process.running, 60)
        with open(self.out) as out:
            return [json.loads(line)["outcome"] for line in out][:-1]


class SmallTemplate(harness.Template):
    NAME = "small_template"

    def begin(self):
        everybody, demo.STAFF = demo.STAFF, STAFF
        try:
            self.make()
        finally:
            demo.STAFF = everybody


# ---- the office -------------------------------------------------------------


class Party:
    """A consumer or a company with a case of its own."""

    def __init__(self, number, lang, owner, side="consumer"):
        self.lang, self.owner, self.side = lang, owner, side
        self.address = (f"{side}{number}@{side}{number}.example")
        self.thread = stage.new_id(f"{side}{number}.example")


class Year:
    def __init__(self):
        self.folder = harness.Folder()
        self.clock = Clock(self.folder)
        self.cluster = harness.Postgres(self.folder)
        self.cluster.process.env = {**(self.cluster.process.env or {}),
                                    **self.clock.env}
        self.office = None
        self.model = Model(ABSENCES, PEOPLE)
        self.expected, self.wanted = [], []
        self.told = collections.Counter()

    def begin(self):
        self.cluster.begin()
        template = SmallTemplate(self.folder, self.cluster)
        template.begin()
        self.office = harness.Office(self.folder, template)
        self.clock.set(SETUP)
        self.office.dovecot.begin()
        self.parties = [
            Party(n, lang, owner) for n, (owner, lang) in enumerate(
                (owner, lang) for owner in ("ana", "bruno", "carla")
                for lang in (*LANGS, ""))]
        for party in self.parties:
            party.protocol = self.take(letter(
                party.address, text=TEXT[party.lang], subject="1",
                message_id=party.thread))["protocol"]
        self.with_people()
        self.office.database.query(
            "UPDATE case_file c SET owner = p.id, state = 'triage'"
            "  FROM person p, unnest(%s, %s) AS q(protocol, login)"
            " WHERE c.protocol = q.protocol AND p.login = q.login",
            [p.protocol for p in self.parties], [p.owner for p in self.parties])
        self.dispatch()
        self.office.sink.mails.clear()

    def stop(self):
        if self.office is not None:
            self.office.stop()
        self.cluster.stop()
        self.folder.remove()

    def with_people(self):
        """Absences are entered, and companies accepted, as people do it."""
        for server in (self.office.server, self.office.nginx):
            server.process.env = {**(server.process.env or {}),
                                  **self.clock.env}
        self.office.server.begin()
        self.office.nginx.begin()
        boss, carla = self.logged_in("boss"), self.logged_in("carla")
        for absence in ABSENCES:
            self.enter(boss, absence)
        for n, owner in enumerate(("ana", "bruno", "carla")):
            self.add_company(carla, n, owner)
        self.office.server.stop()
        self.office.nginx.stop()

    def logged_in(self, login):
        person = self.office.person(login)
        browser = stage.Browser("127.0.0.1", self.office.http_port,
                                self.office.base_url)
        page = browser.try_login(login, person["password"], stage.totp(
            person["totp_secret"], int(self.clock.now) // 30))
        assert page.status == 303, page.words
        return browser

    @staticmethod
    def enter(browser, absence):
        path = "/calendar/absences/new"
        page = browser.ask("POST", path, {
            **browser.get(path).form(path), "who": absence.who or "office",
            "reason": absence.reason, "first": str(absence.first),
            "last": str(absence.last), "urgent_name": "Plantão",
            "urgent_email": f"plantao@{harness.OFFICE_DOMAIN}",
            "urgent_phone": "", "substitute": absence.substitute})
        assert page.status == 303, (absence, page.words)

    def add_company(self, browser, n, owner):
        """Its message is held, and a person says whose case it is about."""
        consumer = next(p for p in self.parties if p.owner == owner)
        company = Party(n, LANGS[n], owner, "company")
        told = self.take(letter(
            company.address, text=TEXT[company.lang], subject="Re: 1",
            message_id=company.thread,
            fields=[("In-Reply-To", consumer.thread)]))
        assert told["outcome"] == "held", told
        held = self.office.database.value(
            "SELECT case_id FROM inbound ORDER BY id DESC LIMIT 1")
        path = f"/cases/{str(held).replace('-', '')}"
        page = browser.ask("POST", f"{path}/attribute", {
            **browser.get(path).form(f"{path}/attribute"), "as": "company",
            "to": consumer.protocol, "remember": "1"})
        assert page.status == 303, page.words
        company.protocol = consumer.protocol
        self.parties.append(company)

    # -- the programs ---------------------------------------------------------

    def take(self, raw):
        """One `ingest`; what it says."""
        self.office.gateway.env.update(self.clock.env)
        status, (told,) = self.office.gateway.ingest(raw)
        assert status == 0
        return told

    def dispatch(self):
        """Letters are made when they are queued; here they only leave.  Once
        a month, so that a letter's five days must not run out."""
        self.office.database.query(
            "UPDATE outbox SET expires = 'infinity' WHERE state = 'queued'")
        self.office.gateway.env.update(self.clock.env)
        assert self.office.gateway.once() == 0
        assert not self.office.database.value(
            "SELECT count(*) FROM outbox WHERE state <> 'sent'")

    # -- a day ----------------------------------------------------------------

    def day(self, n, day, line):
        at = dt.datetime.combine(day, MOMENTS[(3 * n + n // 7) % 7].replace(
            second=5))
        mails = [self.new_case(n, at), self.of_a_party(n, at),
                 self.of_a_party(5 * n + 3, at), self.automatic(n, at)]
        if n % 2:
            mails.append(self.of_a_party(12 + n // 2 % 3, at, company=True))
        line.ready()
        self.call_off(day)
        self.clock.set(at)
        for raw, outcome in mails:
            line.put(raw)
            self.wanted.append((day, outcome))

    def call_off(self, day):
        """At noon of that day; mail comes at another hour."""
        for absence in ABSENCES:
            off = absence.called_off
            if off is None or off.date() != day - DAY:
                continue
            self.clock.set(off)
            assert self.office.database.query(
                "UPDATE absence a SET called_off = now(), called_by = p.id"
                "  FROM person p WHERE p.id = a.person AND p.login = %s"
                "   AND first_day = %s RETURNING 1", absence.who,
                absence.first) == [(1,)]

    def expect(self, letter_sent):
        if letter_sent is None:
            self.told["silent"] += 1
            return
        self.told[letter_sent.kind] += 1
        self.expected.append(letter_sent)

    def new_case(self, n, at):
        lang = (*LANGS, "")[n % 4]
        sender = f"novo{n}@novo{n % 50}.example"
        self.expect(self.model.new_case(sender, lang, at))
        return letter(sender, text=TEXT[lang], subject=str(n)), "created"

    def of_a_party(self, n, at, company=False):
        party = self.parties[n] if company else self.parties[n % 12]
        self.expect(self.model.letter(party.address, party.lang, party.owner,
                                      at))
        return letter(party.address, subject="Re: 1",
                      text=f"{TEXT[party.lang]} {secrets.token_hex(4)}"
                      if party.lang else str(secrets.randbelow(10 ** 9)),
                      fields=[("In-Reply-To", party.thread)]), "appended"

    def automatic(self, n, at):
        """Never answered, whoever is away."""
        self.told["silent"] += 1
        party = self.parties[n % 12]
        thread = [("In-Reply-To", party.thread)]
        other = f"outro{n}@outro.example"
        kinds = [
            lambda: (letter(party.address, subject="Out of office", fields=[
                *thread, ("Auto-Submitted", "auto-replied")]), "recorded"),
            lambda: (letter(other, subject=f"News {n}", fields=[
                ("List-Id", "<news.outro.example>"),
                ("Precedence", "list")]), "held"),
            lambda: (letter(party.address, subject="Re: 1", fields=[
                *thread, ("X-Auto-Response-Suppress", "All")]), "appended"),
            lambda: (letter(other, subject=f"Caso {n}", fields=[
                ("X-Auto-Response-Suppress", "All")]), "created"),
            lambda: (stage.bounce(other, OFFICE_ADDRESS,
                                  stage.new_id("outro.example")), "recorded"),
            lambda: (letter("noreply@outro.example", subject=f"Fatura {n}",
                            fields=[("Auto-Submitted", "auto-generated")]),
                     "recorded"),
        ]
        return kinds[n % len(kinds)]()


# ---- what was sent ----------------------------------------------------------

MONTHS = {
    "pt-BR": "janeiro fevereiro março abril maio junho julho agosto setembro"
             " outubro novembro dezembro".split(),
    "en": "January February March April May June July August September"
          " October November December".split(),
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre"
          " ottobre novembre dicembre".split(),
}
TIME = r"(?:(?:,| at| às| alle ore)? (\d{1,2}):(\d\d)(?: ([AP])M)?)?"
DATE = {
    "pt-BR": r"(?P<d>\d{1,2}) de (?P<m>%s) de (?P<y>\d{4})",
    "en": r"(?P<m>%s) (?P<d>\d{1,2}), (?P<y>\d{4})",
    "it": r"(?P<d>\d{1,2}) (?P<m>%s) (?P<y>\d{4})",
}


def dates_in(text, lang):
    found = []
    for hit in re.finditer(DATE[lang] % "|".join(MONTHS[lang]) + TIME, text):
        day = dt.date(int(hit["y"]), MONTHS[lang].index(hit["m"]) + 1,
                      int(hit["d"]))
        hour, minute, half = hit.groups()[3:]
        at = None
        if hour is not None:
            hour = int(hour) % 12 if half else int(hour)
            at = dt.time(hour + 12 * (half == "P"), int(minute))
        found.append((day, at))
    return found


def read(mail):
    """A letter as the model speaks of it."""
    parsed = mail.parsed
    langs = tuple(str(parsed["Content-Language"]).split(", "))
    text = re.sub(r"\s+", " ", stage.plain_text(mail))
    dates = [found for lang in langs for found in dates_in(text, lang)]
    sent_on = parsed["Date"].datetime.astimezone(SAO_PAULO).date()
    new = re.match("We received|Recebemos|Abbiamo ricevuto",
                   str(parsed["Subject"]))
    kind = ("note" if not new else "merged" if "plantao@" in text
            else "acknowledgement")
    people = () if new else tuple(sorted(
        name for name in PEOPLE.values() if name in text))
    names = tuple(sorted({row[LANGS.index(langs[0])] for row in NAMES.values()
                          if row[LANGS.index(langs[0])] + "." in text}))
    return Sent(mail.recipients[0], kind, sent_on, langs, order(dates), names,
                people)


def test_a_year_of_an_office():
    year = Year()
    begun = time.monotonic()
    try:
        year.begin()
        ready = time.monotonic()
        day = dt.date(YEAR, 1, 1)
        line = Line(year, 2000)
        for n in range(365):
            year.day(n, day + n * DAY, line)
            if n % 30 == 29:
                year.dispatch()
        outcomes = line.end()
        year.dispatch()
        sent = list(year.office.sink.mails)
        envelopes = {m.sender for m in sent}
        found = collections.Counter(read(mail) for mail in sent)
        wanted = collections.Counter(year.expected)
        bad = [(*row, told) for row, told in zip(
            year.wanted, outcomes, strict=True) if row[1] != told]
        print(f"\nyear {YEAR}: mails in {len(outcomes)}, "
              f"acknowledgements {year.told['acknowledgement']}, "
              f"merged {year.told['merged']}, notes {year.told['note']}, "
              f"silent {year.told['silent']}; "
              f"{ready - begun:.0f} s + {time.monotonic() - ready:.0f} s")
    finally:
        year.stop()
    assert bad == []
    assert found - wanted == {} and wanted - found == {}
    assert envelopes == {""}
    assert year.told["note"] > 60 and year.told["merged"] > 15
    assert sum(found.values()) == len(year.expected)
