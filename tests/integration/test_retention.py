"""How long a file is kept, who is told before it goes, what puts that off, and
what is left: with the real programs, on a clock that is moved.

All cases begin in one week and are looked at again years later, when the
notices go out; time only goes on.
"""

import datetime as dt
import json
import os
import re
import secrets
import subprocess

import nacl.bindings as na
import psycopg2
import pytest

import accountant
import harness
import scene as stage
import test_clock
import test_runs
import test_write as desk
import unseal
from moved import SAO_PAULO
from scene import address_of, answer_to, letter, with_file
from test_runs import Run, Transcript, words_of

MONDAY = dt.datetime(2027, 3, 1, 10, 0, 5)
DAY = dt.timedelta(days=1)
NOTICE = "os dados do caso serão eliminados"
MARK = "xylofonequadradoverde"  # stands in one case alone


class World(test_clock.World):
    def person(self, login):
        browser = super().person(login)
        browser.codes = lambda: self.code(login)
        browser.pepper = self.pepper()
        return browser

    def pepper(self):
        with open(os.path.join(self.office.home, "secrets", "pepper.key"),
                  encoding="ascii") as key:
            return bytes.fromhex(key.read().strip())

    def code(self, login):
        """The next one; the clock goes on where need be."""
        step = max(int(self.clock.now) // 30, self.steps[login] + 1)
        if step > int(self.clock.now) // 30 + 1:
            self.clock.offset += 30
            self.clock.write()
        self.steps[login] = step
        return stage.totp(self.office.person(login)["totp_secret"], step)

    def admin(self, *words):
        done = subprocess.run(
            [self.office.gateway.program.replace("-mailgw", ""), "-c",
             self.office.config, *words], capture_output=True, check=False,
            env=self.office.gateway.env, timeout=60)
        assert done.returncode == 0, done.stderr
        return done.stdout.decode()

    def letters(self, address, subject, protocol):
        return [mail for mail in self.office.sink.mails
                if mail.recipients == [address]
                and subject in str(mail.parsed["Subject"])
                and protocol in str(mail.parsed["Subject"])]


class Kept(Run):
    """A case that the consumer withdrew."""

    def __init__(self, world, sender, protocol):
        super().__init__(world, Transcript("x", "x"), sender)
        self.protocol, self.path = protocol, f"/cases/{protocol}"
        self.id = world.value("SELECT id FROM case_file WHERE protocol = %s",
                              protocol)

    def ends(self):
        page = self.tries("mediator", "withdraw", behalf="consumer",
                          source="call")
        assert page.status == 303, page.words
        assert self.state == "closed"
        # Whoever opens it next gives its key to those who need it now.
        assert self.world.person("mediator").get(self.path).status == 200
        return self

    def notices(self):
        return {address: self.world.letters(address, NOTICE, self.protocol)
                for address in (self.consumer, self.company)}

    def tasks(self):
        return self.world.tasks(self.id)

    def waiting(self):
        return self.world.value(
            "SELECT id FROM act_pending WHERE case_id = %s AND action ="
            " 'erase' AND decided IS NULL", self.id)

    def tries(self, login, verb, **fields):
        return desk.act(self.world.person(login), self.path, verb, **fields)

    def confirms(self, login):
        browser = self.world.person(login)
        form = browser.get(self.path).form(f"{self.path}/second")
        return browser.ask("POST", f"{self.path}/second",
                           {**form, "decision": "confirm"})


@pytest.fixture(scope="module")
def world():
    made = World()
    before, test_runs.BEGIN = test_runs.BEGIN, MONDAY
    try:
        yield made.begin()
    finally:
        test_runs.BEGIN = before
        made.stop()


def begun(world, count):
    """So many cases, handed in at once and opened."""
    senders = [world.sender() for _ in range(count)]
    raws = [letter(one, name="Ana Souza", subject=f"Pedido {MARK}",
                   text=f"{test_runs.COMPLAINT} {MARK}") for one in senders]
    files = []
    for number, raw in enumerate(raws[:-1]):
        files.append(os.path.join(world.folder.path, f"{number}.eml"))
        with open(files[-1], "wb") as file:
            file.write(raw)
    status, told = world.office.gateway.ingest(raws[-1], *files)
    assert status == 0
    made = [Kept(world, sender, one["protocol"]) for sender, one in
            zip(senders, told)]
    for case in made:
        case.opens("mediator")
    return made


@pytest.fixture(scope="module")
def cases(world):
    """One case for each thing that can happen to it."""
    names = ("writes", "held", "lost", "shut")
    made = dict(zip(names, begun(world, len(names))))
    run = test_runs.taken_up(world, Transcript("x", "x"), world.sender())
    made["erased"] = Kept(world, run.consumer, run.protocol)
    # Its consumer wrote a second time of the same: it goes on in the first.
    status, (told,) = world.office.gateway.ingest(letter(
        run.consumer, name="Ana Souza", subject="Pedido de novo"))
    assert status == 0
    twin = Kept(world, run.consumer, told["protocol"])
    twin.opens("mediator")
    twin.does("mediator", "merge", to=run.protocol)
    for case in made.values():
        case.ends()
    made["erased"].twin = twin
    world.once()
    return made


# ---- when -------------------------------------------------------------------


def test_the_date_depends_on_how_the_case_ended_and_says_why(world, cases):
    end = cases["erased"].due("retention")
    assert end.date() == (MONDAY + 731 * DAY).date()
    asked = ("deadline", "--clock", "retention", "--from",
             f"{MONDAY.replace(tzinfo=SAO_PAULO).isoformat()}", "--json")
    why = json.loads(world.admin(*asked, "--outcome", "withdrawn"))
    assert dt.datetime.fromisoformat(why["due"]) == end
    assert why["rule"] == "731 days" and why["outcome"] == "withdrawn"
    other = json.loads(world.admin(*asked))
    assert other["rule"] == "1827 days" and "outcome" not in other
    assert json.loads(world.admin(*asked, "--outcome", "decided"))["rule"] \
        == "1827 days"
    status, _, complaint = world.office.admin.run(
        *asked, "--outcome", "vanished")
    assert status != 0 and b"vanished" in complaint


# ---- who is told, and what puts it off ----------------------------------------


def notices_go(world, *cases):
    """To the day of their notices.  Years after the end the gateway can read
    no address; whoever opens a case makes it readable, and the next service
    day its notice goes."""
    world.go(cases[0].alarm("retention", "remind") + dt.timedelta(minutes=30))
    world.once()
    for case in cases:
        assert "notice-address" in case.tasks()
        assert world.person("mediator").get(case.path).status == 200
    world.go(max(case.alarm("retention", "remind") for case in cases)
             + dt.timedelta(minutes=30))
    world.once()


@pytest.fixture(scope="module")
def told(world, cases):
    """The notices go: nobody opens one case, one party's letters came back,
    and one case is on hold."""
    world.query("UPDATE outbox SET state = 'bounced' WHERE case_id = %s"
                " AND sent = (SELECT max(sent) FROM outbox WHERE case_id = %s)",
                cases["lost"].id, cases["lost"].id)
    first = cases["erased"].alarm("retention", "remind")
    world.review = open_day((first + 10 * DAY).date())
    world.go(first - DAY)
    page = cases["held"].does("custodian", "legal-hold", hold="set",
                              review=str(world.review),
                              reason="Há um processo na justiça.")
    assert page.status == 303
    notices_go(world, *(case for name, case in cases.items()
                        if name != "shut"))
    return cases


def open_day(day):
    while day.weekday() > 4:
        day += DAY
    return day


def test_both_parties_are_told_a_month_before(world, told):
    case = told["erased"]
    end = case.due("retention").date()
    assert end == dt.date(2029, 3, 1)
    # They went out a day late: thirty days end on Friday 2 March.
    assert case.alarm("retention", "lapse").date() == dt.date(2029, 3, 5)
    for address, (mail,) in case.notices().items():
        said = words_of(mail)
        assert "5 de março de 2029" in said, address
        assert "cópia" in said and "motivo" in said
        # Should it come back, that is heard of.
        assert re.fullmatch(r"b\+\S+", mail.sender), mail.sender
    # The company of a case it never heard of hears nothing of it now.
    assert [len(one) for one in told["writes"].notices().values()] == [1, 0]
    assert case.alarm("retention", "lapse").date() >= end
    assert world.now.date() <= end - 26 * DAY


def test_who_cannot_be_reached_by_mail_is_told_by_a_person(world, told):
    case = told["lost"]
    assert case.notices()[case.consumer] == []
    assert case.tasks() == ["tell-erasure"]
    task, party = world.query(
        "SELECT t.id, p.side::text FROM task t JOIN party p ON p.id = t.party"
        " WHERE t.case_id = %s AND t.done IS NULL", case.id)[0]
    assert party == "consumer"


def test_an_address_that_was_shut_is_asked_for_first(world, told):
    case = told["shut"]
    assert case.notices()[case.consumer] == []
    assert case.tasks() == ["notice-address"]
    assert world.person("mediator").get(case.path).status == 200
    world.go(world.now + 7 * DAY)
    world.once()
    assert len(case.notices()[case.consumer]) == 1
    assert case.tasks() == []
    # Whoever was told late has as long as the others.
    assert case.alarm("retention", "lapse") >= world.now + 29 * DAY
    assert case.alarm("retention", "lapse") > told["held"].alarm(
        "retention", "lapse")


def test_a_partys_mail_puts_it_off_and_is_told(world, told):
    case = told["writes"]
    before = case.due("retention")
    case.answers(case.consumer, "Por favor, guardem o meu caso.",
                 name="Ana Souza")
    after = case.due("retention")
    assert (after - before).days >= 700
    assert world.events(case.id, "keep-anew") == 1
    follows, = world.query(
        "SELECT c.protocol FROM case_link l JOIN case_file c ON c.id ="
        " l.case_id WHERE l.other = %s AND l.kind = 'follows'", case.id)[0]
    assert follows != case.protocol
    page = world.person("mediator").get(f"{case.path}/log")
    assert "Guardado de novo desde o início" in page.words


def test_the_company_can_put_it_off_too(world, told):
    case = told["erased"]
    mail, = case.notices()[case.company]
    before = case.due("retention")
    world.post(answer_to(mail, case.company, name="Jorge Dantas",
                         text="Peço uma cópia do que enviamos."),
               case.company, address_of(mail.parsed["Reply-To"]))
    world.once()
    assert case.tasks() == ["reopen"]
    assert (case.due("retention") - before).days >= 700


def test_a_hold_is_looked_at_again_on_its_day(world, told):
    case = told["held"]
    assert case.tasks() == []
    world.go(dt.datetime.combine(world.review, dt.time(11)))
    world.once()
    assert case.tasks() == ["hold-review"]
    world.once()
    assert case.tasks() == ["hold-review"]
    later = open_day(world.review + 90 * DAY)
    assert case.tries("custodian", "legal-hold", hold="set",
                      reason="Continua.").status == 422  # until when?
    case.does("custodian", "legal-hold", hold="set", review=str(later),
              reason="O processo continua.")
    assert case.tasks() == []
    assert world.value("SELECT hold_review FROM case_file WHERE id = %s",
                       case.id) == later


def against(world, case):
    doc = json.loads(world.admin("report", "retention", "--json"))
    one, = (one for one in doc["due"] if one["protocol"] == case.protocol)
    return set(one["against"])


def test_who_is_told_by_hand_has_as_long_as_the_others(world, told):
    case = told["lost"]
    world.go(case.alarm("retention", "lapse") + dt.timedelta(minutes=30))
    world.once()  # everything else has rung
    assert case.tasks() == ["erase", "tell-erasure"]
    assert against(world, case) == {"notified"}
    task = desk.hexes(world.value(
        "SELECT id FROM task WHERE case_id = %s AND kind = 'tell-erasure'",
        case.id))
    other = desk.hexes(world.value(
        "SELECT id FROM task WHERE case_id = %s AND kind = 'erase'", case.id))
    assert world.person("mediator").get(case.path).status == 200
    browser = world.person("custodian")
    form = browser.get(case.path).form(f"{case.path}/task-done")
    told_by = {**form, "outcome": "letter", "note": "Carta de hoje."}
    page = browser.ask("POST", f"{case.path}/task-done", {
        **told_by, "task": other, "outcome": "not-needed"})
    assert page.status == 403 and case.tasks() == ["erase", "tell-erasure"]
    form = browser.get(case.path).form(f"{case.path}/task-done")
    page = browser.ask("POST", f"{case.path}/task-done",
                       {**told_by, **form, "task": task})
    assert page.status == 303, page.words
    assert case.tasks() == ["erase"]
    # A hold that comes and goes takes nothing of that time.
    for hold in ("set", "lift"):
        page = case.tries("custodian", "legal-hold", hold=hold,
                          review=str(open_day(world.now.date() + 62 * DAY)),
                          reason="Um processo.")
        assert page.status == 303, page.words
    assert case.tries("custodian", "erase").status == 403
    world.go(world.now + 29 * DAY)
    world.once()
    assert against(world, case) == {"notified"}
    world.go(world.now + 5 * DAY)  # thirty days, and a weekend
    world.once()
    assert against(world, case) == set()


def attributed(world, case, raw, sender, to):
    """It is held, and a colleague puts it into the case."""
    world.post(raw, sender, to)
    world.once()
    held = world.value("SELECT id FROM case_file WHERE state = 'held' AND"
                       " desk_month IS NULL ORDER BY opened DESC LIMIT 1")
    path = f"/cases/{desk.hexes(held)}"
    browser = world.person("mediator")
    page = browser.ask("POST", f"{path}/attribute", {
        **browser.get(path).form(f"{path}/attribute"), "to": case.protocol,
        "as": "consumer"})
    assert page.status == 303, page.words


def test_whatever_joins_a_closed_case_puts_it_off(world, told):
    case = told["shut"]
    mail, = case.notices()[case.consumer]
    to = address_of(mail.parsed["Reply-To"])
    page = re.search(r"/t/[\w.-]+", words_of(mail)).group()

    def by_page():
        browser = stage.Browser("127.0.0.1", world.office.http_port,
                                world.office.base_url)
        form = {**browser.get(page).form(page), "words": "Ficou bom.",
                "what": "rate:resolved"}
        second = browser.ask("POST", page, form)
        done = browser.ask("POST", page, {
            **second.form(page), "words": "Ficou bom.", "confirm": "1"})
        assert done.status == 303, done.words

    def by_list():
        world.post(answer_to(mail, case.consumer, name="Ana Souza", fields=[
            ("List-Id", "<n.lista.example>"), ("Precedence", "list")]),
            case.consumer, to)
        world.once()

    def by_a_colleague():
        stranger = "eva@estranha.example"
        attributed(world, case, answer_to(mail, stranger, name="Eva Lima"),
                   stranger, to)

    for number, way in enumerate((by_page, by_list, by_a_colleague), 1):
        before = case.due("retention")
        world.go(world.now + DAY)
        way()
        assert world.value("SELECT max(at) FROM item WHERE case_id = %s AND"
                           " kind = 'mail_in'", case.id) is not None
        assert world.events(case.id, "keep-anew") == number, way.__name__
        assert case.due("retention") > before, way.__name__


# ---- who may erase, and what is left --------------------------------------------


REPORTS = [("report", "spread", "--by", by, "--from", "2026-01-01", "--json")
           for by in ("all", "company", "mediator")]


def secrets_of(world):
    """Every secret there is: people's by their passwords, the hosts' files,
    the escrow's two shares."""
    people = [login for login, in world.query(
        "SELECT p.login FROM person p JOIN person_key k ON k.person = p.id"
        " WHERE k.how = 1 ORDER BY 1")]
    known = [unseal.secret_of(world, login) for login in people]
    folder = os.path.join(world.office.home, "secrets")
    for name in sorted(os.listdir(folder)):
        with open(os.path.join(folder, name), encoding="latin-1") as source:
            text = source.read().split()
        if text and re.fullmatch("[0-9a-f]{64}", text[0]):
            known.append(bytes.fromhex(text[0]))
    shares = [open(os.path.join(world.office.template.offline,
                                f"escrow-share-{n}"), encoding="ascii").read()
              for n in (1, 2)]
    known.append(accountant.join_shares("escrow", *shares))
    assert len(people) >= 5 and len(known) >= len(people) + 6
    return known


class Dump:
    """A copy of the whole database, in another one."""

    def __init__(self, world, name):
        path = os.path.join(world.folder.path, f"{name}.dump")
        source = world.office.database
        subprocess.run(["pg_dump", "-Fc", "-f", path, source.cluster.dsn(
            source.name, "postgres")], check=True)
        self.database = source.cluster.fresh()
        subprocess.run(["pg_restore", "-d", self.database.cluster.dsn(
            self.database.name, "postgres"), path], check=True)

    def opened(self, known, case_id):
        """What of that case opens, and whether its own key is among it."""
        found = unseal.unseal(unseal.boxes_of(self.database.query), *known)
        publics = {bytes(cpk) for cpk, in self.database.query(
            "SELECT cpk FROM case_key WHERE case_id = %s", case_id)}
        keys = {*known, *(one.key for one in found if len(one.key) == 32)}
        return unseal.of_case(found, case_id), any(
            na.crypto_scalarmult_base(key) in publics for key in keys), found


@pytest.fixture(scope="module")
def gone(world, told):
    """The case at its end, and what was seen before and after."""
    case = told["erased"]
    notices_go(world, case)
    lapse = case.alarm("retention", "lapse")
    seen = {"early": case.tries("custodian", "erase").status}
    world.go(lapse + dt.timedelta(minutes=30))
    world.once()
    seen["tasks"] = case.tasks()
    world.person("mediator").get(case.path)
    seen["page"] = world.person("custodian").get("/retention")
    seen["report"] = world.admin("report", "retention")
    seen["reports"] = [world.admin(*words) for words in REPORTS]
    seen["token"] = re.search(r"/t/[\w.-]+", words_of(
        case.notices()[case.consumer][-1])).group()
    seen["link"] = world.person("mediator").get(seen["token"])
    seen["known"] = secrets_of(world)
    seen["before"] = Dump(world, "before")
    seen["asked"] = case.tries("custodian", "erase")
    seen["waits"] = case.state, case.waiting()
    seen["waiting"] = world.person("ombudsman").get("/retention")
    seen["own"] = case.tries("custodian", "second", decision="confirm",
                             act=desk.hexes(case.waiting()))
    seen["confirmed"] = case.tries("ombudsman", "second", decision="confirm",
                                   act=desk.hexes(case.waiting()))
    seen["after"] = Dump(world, "after")
    # What the reports of mail servers would name.
    seen["letters"] = world.query(
        "SELECT id, state::text FROM outbox WHERE case_id = %s ORDER BY 1",
        case.id)
    case.seen = seen
    return case


def test_the_clockwork_asks_and_two_people_do_it(gone):
    seen = gone.seen
    assert seen["early"] == 403  # the notice's time still ran
    assert "erase" in seen["tasks"]
    assert seen["asked"].status == 303, seen["asked"].words
    assert seen["waits"][0] == "closed" and seen["waits"][1] is not None
    assert seen["own"].status == 403
    assert seen["confirmed"].status == 303, seen["confirmed"].words
    assert gone.state == "erased" and gone.tasks() == []


def test_an_erased_case_opens_with_no_secret_of_the_office(world, told, gone):
    """On a dump made before, each way in is found; on one made after, none."""
    known, case = gone.seen["known"], gone.id
    before = gone.seen["before"]
    had, key, _ = before.opened(known, case)
    assert key
    assert had["case_grant", "box"] >= 4  # three people and the escrow
    assert had["item", "dek_box"] == before.database.value(
        "SELECT count(*) FROM item WHERE case_id = %s", case)
    assert had["capsule", "box_case"] == 2  # both parties
    left, key, found = gone.seen["after"].opened(known, case)
    assert left == {} and not key
    # The search was as good as before: the other cases open.
    other = unseal.of_case(found, told["held"].id)
    assert other["item", "dek_box"] > 0 and other["case_grant", "box"] >= 3


def test_a_duplicate_goes_with_the_case_in_which_it_went_on(world, gone):
    twin = gone.twin
    known = gone.seen["known"]
    had, key, _ = gone.seen["before"].opened(known, twin.id)
    assert key and had["item", "dek_box"] >= 2
    left, key, _ = gone.seen["after"].opened(known, twin.id)
    assert left == {} and not key
    assert twin.state == "erased" and twin.tasks() == []
    assert world.events(twin.id, "erase") == 1
    assert world.value("SELECT count(*) FROM clock WHERE case_id = %s"
                       " AND state <> 'stopped'", twin.id) == 0
    assert twin.id not in {id for id, in world.query(
        "SELECT case_id FROM reply_address UNION ALL"
        " SELECT case_id FROM ident_token UNION ALL"
        " SELECT case_id FROM capsule")}
    page = world.person("mediator").get(twin.path)
    assert page.status == 200 and "Este caso foi eliminado" in page.words


def test_a_second_notice_says_when_the_case_was_closed(gone):
    first, second = gone.notices()[gone.consumer]
    for mail in (first, second):
        assert "foi encerrado em 1 de março de 2027" in words_of(mail)


def test_nothing_of_it_lies_anywhere_else(world, gone):
    """Every table that names a case is either empty of it or in this list."""
    empty = {"case_grant", "capsule", "reply_address", "ident_token",
             "item_guess", "word_token", "word_part", "word_key", "disclosure",
             "grant_due", "grant_given", "grant_ended", "mail_burst",
             "case_seen", "case_reader", "company_hand", "company_post",
             "page_key"}
    stays = {"allegation", "alarm", "case_conflict", "case_key", "case_link",
             "case_team", "clock", "draw", "escrow_given", "evidence",
             "hearing", "inbound", "item", "opinion", "outbox", "party",
             "party_act", "promise", "recommendation", "settlement",
             "settlement_choice", "task", "act_pending", "post"}
    tables = {name for name, in world.query(
        "SELECT table_name FROM information_schema.columns JOIN"
        " information_schema.tables USING (table_schema, table_name) WHERE"
        " table_schema = 'public' AND column_name = 'case_id'"
        " AND table_type = 'BASE TABLE'")}
    assert tables - stays - empty == set()
    for table in sorted(empty & tables):
        assert world.value(f"SELECT count(*) FROM {table} WHERE case_id = %s",
                           gone.id) == 0, table
    assert world.query(
        "SELECT i.body, i.dek_box, (SELECT count(*) FROM chunk c WHERE c.item"
        " = i.id) FROM item i WHERE i.case_id = %s AND i.author IS NULL"
        " GROUP BY 1, 2, 3", gone.id) == [(b"", b"", 0)]
    assert world.query(
        "SELECT count(dek_box_svc), count(last_text) FROM outbox WHERE case_id"
        " = %s", gone.id) == [(0, 0)]
    assert world.value("SELECT count(*) FROM page_box b JOIN item i ON i.id ="
                       " b.item WHERE i.case_id = %s", gone.id) == 0
    assert world.value("SELECT count(*) FROM post WHERE case_id = %s AND words"
                       " IS NOT NULL", gone.id) == 0
    assert world.query("SELECT old_box FROM case_key WHERE case_id = %s AND"
                       " old_box IS NOT NULL", gone.id) == []


def test_figures_and_the_log_are_as_before(world, gone):
    assert [world.admin(*words) for words in REPORTS] == gone.seen["reports"]
    assert json.loads(gone.seen["reports"][0])[0]["cases"] >= 1
    world.admin("audit", "verify")
    kept = world.query(
        "SELECT protocol, kind::text, resolution::text, closed IS NOT NULL,"
        " erased IS NOT NULL FROM case_file WHERE id = %s", gone.id)
    assert kept == [(gone.protocol, "complaint", "none", True, True)]


def test_whoever_looks_for_it_is_told_in_plain_words(world, gone):
    for login in ("mediator", "custodian"):
        page = world.person(login).get(gone.path)
        assert page.status == 200 and "Este caso foi eliminado" in page.words
        assert gone.protocol in page.words and MARK not in page.words
        assert gone.consumer not in page.text
    assert gone.seen["link"].status == 200
    link = world.person("mediator").get(gone.seen["token"])
    assert link.status == 404 and "o caso foi eliminado" in link.words


def test_nobody_gets_a_key_of_it_again(world, gone):
    grant = gone.seen["before"].database.query(
        "SELECT g.* FROM case_grant g JOIN case_file c ON c.id = g.case_id"
        " WHERE c.id = %s AND g.person <> %s LIMIT 1", gone.id,
        "00000000-0000-0000-0000-000000000000")[0]
    with pytest.raises(psycopg2.errors.InsufficientPrivilege, match="erased"):
        world.query(f"INSERT INTO case_grant VALUES"
                    f" ({', '.join(['%s'] * len(grant))})", *grant)
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        world.office.database.query("SELECT holds_due(current_date, now(),"
                                    " now())", user="ouv_srv")


@pytest.mark.parametrize("way", ["number", "answer"])
def test_a_mail_with_its_number_begins_anew_and_says_why(world, gone, way):
    if way == "answer":
        mail = gone.notices()[gone.consumer][-1]
        raw = answer_to(mail, gone.consumer, name="Ana Souza",
                        text="Quero saber do meu caso antigo.")
    else:
        raw = letter(gone.consumer, name="Ana Souza",
                     subject=f"Protocolo {gone.protocol}",
                     text="Quero saber do meu caso antigo. Obrigada.")
    status, (told,) = world.office.gateway.ingest(raw)
    assert status == 0 and told["outcome"] == "created", told
    world.once()
    ack = world.letters(gone.consumer, "", told["protocol"])[-1]
    said = words_of(ack)
    assert gone.protocol in said and "foram eliminados" in said
    assert world.value("SELECT count(*) FROM case_link WHERE other = %s"
                       " AND kind <> 'merge'", gone.id) == 0


def test_a_late_report_about_its_letter_changes_nothing_of_it(world, gone):
    mail = gone.notices()[gone.consumer][-1]
    items = "SELECT count(*) FROM item WHERE case_id = %s"
    before = world.value(items, gone.id)
    status, (told,) = world.office.gateway.ingest(stage.bounce(
        gone.consumer, harness.OFFICE_ADDRESS,
        mail.parsed["Message-ID"].strip()))
    assert status == 0 and told["outcome"] == "recorded"
    assert world.query("SELECT id, state::text FROM outbox WHERE case_id = %s"
                       " ORDER BY 1", gone.id) == gone.seen["letters"]
    assert gone.tasks() == []
    assert world.value(items, gone.id) == before


def test_mail_of_a_duplicate_of_an_erased_case_is_filed(world, told, gone):
    """As if somebody had merged it at that very moment."""
    case = told["held"]
    mail = case.notices()[case.consumer][-1]
    world.query("INSERT INTO case_link (id, case_id, other, kind) VALUES"
                " (gen_random_uuid(), %s, %s, 'merge')", case.id, gone.id)
    try:
        answer = os.path.join(world.folder.path, "duplicate.eml")
        with open(answer, "wb") as file:
            file.write(answer_to(mail, case.consumer, name="Ana Souza"))
        status, told = world.office.gateway.ingest(
            letter(world.sender()), answer)
    finally:
        world.query("DELETE FROM case_link WHERE case_id = %s AND kind ="
                    " 'merge'", case.id)
    assert status == 0
    assert [one["outcome"] for one in told] == ["created", "created"]
    assert world.value(
        "SELECT count(*) FROM case_link l JOIN case_file c ON c.id = l.case_id"
        " WHERE l.other = %s AND l.kind = 'follows' AND c.protocol = ANY (%s)",
        case.id, [one["protocol"] for one in told]) == 1


def test_the_page_says_what_falls_due_and_what_stands_against_it(
        world, told, gone):
    page = gone.seen["page"]
    assert page.status == 200
    words = page.words
    assert "Pode ser eliminado hoje" in words
    assert f"{gone.path}/do/erase" in page.text
    held = told["held"]
    assert held.protocol in words and "Há um motivo legal" in words \
        or "guarda legal" in words or "Hoje não pode ser eliminado" in words
    waiting = gone.seen["waiting"].words
    assert "Pedido por" in waiting
    now = world.person("ombudsman").get("/retention")
    assert gone.protocol in now.words and "Eliminado em" in now.words
    assert world.person("mediator").get("/retention").status == 403
    assert "/retention" not in world.person("mediator").get("/").text
    one = world.person("custodian").get("/retention?list=erased")
    assert one.status == 200 and gone.protocol in one.words
    assert world.person("custodian").get(
        "/retention?list=erased&after=x").status == 404


def test_operators_see_the_same_without_a_secret(world, told, gone):
    assert gone.protocol in gone.seen["report"]
    doc = json.loads(world.admin("report", "retention", "--json"))
    assert {one["protocol"] for one in doc["erased"]} == {
        gone.protocol, gone.twin.protocol}
    assert {one["protocol"] for one in doc["hold"]} == {
        told["held"].protocol}
    assert doc["hold"][0]["against"] and doc["days"] == 90
    assert doc["waiting"] == []
