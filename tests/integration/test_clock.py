"""Clocks, reminders and ends of terms, with the real programs on a clock that
is moved: what is due after a stoppage is done once, in its order, while the
office serves; a closed day moves what it must and says so."""

import datetime as dt
import re
import subprocess

import pytest

import harness
import scene as stage
import test_runs
from harness import wait_until
from moved import SAO_PAULO
from scene import letter
from test_runs import Run, Transcript, taken_up

MONDAY = dt.datetime(2027, 3, 1, 10, 0, 5)  # no holiday near; Easter 28 March
DAY = dt.timedelta(days=1)
SUBJECTS = {  # of the office's own letters, by what they are
    "reminder": "lembrete, a resposta da empresa",
    "last-call": "aviso antes de seguir",
    "declined": "não há resposta|empresa não",
    "questions": "ainda esperamos as suas informações",
    "lapse": "falta a sua resposta",
    "check": "foi feito o que foi prometido",
    "promised": "o que foi prometido vence",
}


def at(day, hour=10, minute=0):
    """So many days after the Monday."""
    return (MONDAY + day * DAY).replace(hour=hour, minute=minute)


class World(test_runs.World):
    """One office for all tests of this file; time only goes on."""

    number = 0

    def go(self, wall):
        """Time passes and nothing runs but what runs by itself."""
        self.clock.set(wall.replace(tzinfo=None))
        self.people.clear()

    def once(self):
        """Mail in, what is due, mail out."""
        assert self.office.gateway.once() == 0

    round = once

    def due(self):
        return self.value(
            "SELECT count(*) FROM alarm WHERE done IS NULL AND at <= now()")

    def workers(self, count=2):
        """So many gateways at once, until nothing is due any more."""
        gateway = self.office.gateway
        with open(gateway.log, "ab") as log:
            running = [subprocess.Popen(
                [gateway.program, "-c", gateway.config, "run"],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                env=gateway.env) for _ in range(count)]
        try:
            wait_until("nothing is due", lambda: self.due() == 0, 90, 0.05)
            wait_until("every letter has left", lambda: not self.value(
                "SELECT count(*) FROM outbox WHERE state = 'queued'"), 90, 0.05)
            assert all(one.poll() is None for one in running)
        finally:
            for one in running:
                one.terminate()
            for one in running:
                one.wait(60)

    # -- cases ----------------------------------------------------------------

    def sender(self):
        self.number += 1
        return f"clara{self.number}@clara{self.number}.example"

    def case(self):
        """A new one; its id."""
        status, (told,) = self.office.gateway.ingest(letter(
            self.sender(), subject=f"Pedido {self.number}"))
        assert status == 0 and told["outcome"] == "created", told
        return self.value("SELECT id FROM case_file WHERE protocol = %s",
                          told["protocol"])

    def clocks(self, case):
        """Kind: state and last day."""
        return {kind: (state, due and due.astimezone(SAO_PAULO).date())
                for kind, state, due in self.query(
                    "SELECT kind::text, state::text, due FROM clock"
                    " WHERE case_id = %s ORDER BY n", case)}

    def tasks(self, case):
        return sorted(kind for kind, in self.query(
            "SELECT kind FROM task WHERE case_id = %s AND done IS NULL", case))

    def events(self, case, action):
        return self.value(
            "SELECT count(*) FROM audit_event WHERE chain = %s"
            " AND action = %s", case, action)

    def rings(self, run, clock, kind="lapse", days=0):
        """To the moment of that alarm, or some days after it, and once."""
        self.go(run.alarm(clock, kind) + dt.timedelta(days=days, minutes=20))
        self.once()

    def letters(self, run, name):
        """How many letters of that kind went out in this case."""
        return sum(run.protocol in str(mail.parsed["Subject"]) and bool(
            re.search(SUBJECTS[name], str(mail.parsed["Subject"])))
            for mail in self.office.sink.mails)

    def new_run(self):
        return Run(self, Transcript("x", "x"), self.sender())

    def served(self):
        return taken_up(self, Transcript("x", "x"), self.sender())


@pytest.fixture(scope="module")
def world():
    made = World()
    try:
        before, test_runs.BEGIN = test_runs.BEGIN, MONDAY
        yield made.begin()
    finally:
        test_runs.BEGIN = before
        made.stop()


def test_a_new_case_begins_with_its_clocks(world):
    world.go(at(0))
    case = world.case()
    # 24 hours, three weeks, thirty days, fifteen days after Monday 1 March;
    # Wednesday 31 March is open, Tuesday the 16th and Monday the 22nd too.
    assert world.clocks(case) == {
        "response": ("running", dt.date(2027, 3, 2)),
        "refusal": ("running", dt.date(2027, 3, 22)),
        "silence": ("running", dt.date(2027, 3, 16)),
        "total": ("running", dt.date(2027, 3, 31))}
    assert world.value(
        "SELECT c.due = k.due FROM case_file c JOIN clock k"
        " ON k.case_id = c.id AND k.kind = 'response' WHERE c.id = %s", case)


def test_held_mail_is_due_in_a_service_day(world):
    world.go(at(4, 16))  # a Friday
    status, (told,) = world.office.gateway.ingest(letter(
        "lista@lista.example", fields=[("List-Id", "<n.lista.example>"),
                                       ("Precedence", "list")]))
    assert status == 0 and told["outcome"] == "held"
    (case,), = world.query(
        "SELECT id FROM case_file WHERE state = 'held'"
        " AND desk_month IS NULL ORDER BY opened DESC LIMIT 1")
    assert world.clocks(case) == {"hold": ("running", dt.date(2027, 3, 8))}


def test_what_was_due_while_nothing_ran_is_done_once(world):
    world.go(at(7))
    cases = [world.case() for _ in range(8)]
    world.go(at(10, 11))  # nothing ran for three days
    world.workers(2)
    for case in cases:
        assert world.tasks(case) == ["overdue"]
        assert world.events(case, "task-open") == 1
    assert world.value(
        "SELECT count(*) FROM alarm WHERE outcome = 'failed'") == 0


def test_nothing_rings_while_the_office_is_closed(world):
    world.go(at(11))  # Friday the 12th, 10:00
    case = world.case()  # due on Monday the 15th, 10:00
    world.go(at(14, 22))  # Monday at ten in the evening
    world.once()
    assert world.tasks(case) == []
    world.go(at(15, 7, 30))
    world.once()
    assert world.tasks(case) == []
    world.go(at(15, 9, 15))
    world.once()
    assert world.tasks(case) == ["overdue"]
    rung = world.query(
        "SELECT DISTINCT done AT TIME ZONE 'America/Sao_Paulo' FROM alarm"
        " WHERE outcome <> 'void' AND done IS NOT NULL")
    assert rung and all(
        moment.weekday() < 5 and 8 <= moment.hour < 18 for moment, in rung)


def close(world, first, last):
    """The administrator enters a closing of the office, on the console."""
    browser = world.person("admin")
    path = "/calendar/absences/new"
    page = browser.ask("POST", path, {
        **browser.get(path).form(path), "who": "office", "reason": "training",
        "first": str(first), "last": str(last), "urgent_name": "Plantão",
        "urgent_email": f"plantao@{harness.OFFICE_DOMAIN}",
        "urgent_phone": "", "substitute": ""})
    assert page.status == 303, page.words


def test_a_closed_day_moves_what_it_must_and_the_log_says_so(world):
    world.go(at(16))
    moved = world.case()  # Wednesday 17 March
    before = world.clocks(moved)
    assert before["response"][1] == dt.date(2027, 3, 18)
    assert before["total"][1] == dt.date(2027, 4, 16)
    settled = world.case()
    world.query("UPDATE clock SET state = 'stopped' WHERE case_id = %s",
                         settled)
    alarm = ("SELECT at FROM alarm WHERE case_id = %s AND clock = 'response'")
    rings = world.value(alarm, moved)
    close(world, dt.date(2027, 3, 18), dt.date(2027, 3, 19))
    # 24 hours on open days: Monday the 22nd.  Days are days: those that do
    # not end on a closed one stay.
    assert world.clocks(moved) == {
        **before, "response": ("running", dt.date(2027, 3, 22))}
    assert world.value(alarm, moved) - rings == 4 * DAY
    assert world.value("SELECT due FROM case_file WHERE id = %s",
                                moved) == world.value(
        "SELECT due FROM clock WHERE case_id = %s AND kind = 'response'", moved)
    assert world.events(moved, "clock-moved") == 1
    assert world.events(settled, "clock-moved") == 0


# ---- parties ------------------------------------------------------------------


def test_a_silent_company_is_reminded_before_the_case_goes_on(world):
    world.go(at(21))  # Monday 22 March
    run = world.served()
    due = run.due("company")
    assert due.date() == dt.date(2027, 4, 1)
    # Nothing runs until long after the end: the first reminder leaves, and
    # leaves the time that the profile gives; the second one after it.
    world.go(at(42, 9, 30))  # Monday 12 April
    world.workers(2)
    assert (world.letters(run, "reminder"), world.letters(run, "last-call"),
            run.state) == (1, 0, "company")
    world.go(at(44, 9, 30))  # the second of two service days: not over
    world.workers(2)
    assert (world.letters(run, "last-call"), run.state) == (0, "company")
    world.go(at(45, 9, 30))
    world.workers(2)
    assert (world.letters(run, "reminder"), world.letters(run, "last-call"),
            run.state) == (1, 1, "company")
    world.go(at(47, 9, 30))
    world.workers(2)
    assert run.state == "company"
    world.go(at(50, 9, 30))  # Tuesday; Wednesday 21 April is a holiday
    world.workers(2)
    assert run.state == "merit" and run.row()[4] == "silent"
    assert world.events(run.id, "decline") == 1
    assert (world.letters(run, "reminder"),
            world.letters(run, "last-call")) == (1, 1)
    assert world.value("SELECT count(*) FROM alarm WHERE case_id = %s"
                       "   AND outcome = 'failed'", run.id) == 0


def test_a_case_pauses_while_the_consumer_owes_data(world):
    world.go(at(52))  # Thursday 22 April
    run = world.new_run()
    run.begins("Comprei um fogão e ele não chegou.", "Fogão")
    run.opens("mediator")
    before = world.clocks(run.id)
    world.go(at(53))
    run.does("mediator", "ask", questions="Qual é o número do pedido?")
    clocks = world.clocks(run.id)
    assert clocks["total"] == ("paused", None)
    assert clocks["info"] == ("running", dt.date(2027, 5, 13))
    assert clocks["response"][0] == "stopped"
    assert run.row()[2].astimezone(SAO_PAULO).date() == clocks["info"][1]
    world.rings(run, "info", "remind")
    assert (world.letters(run, "questions"), world.letters(run, "lapse")) == (
        1, 0)
    # Who was reminded has heard of us.
    assert world.clocks(run.id)["silence"][1] > at(53 + 15).date()
    world.rings(run, "info", "remind-2")
    assert (world.letters(run, "questions"), world.letters(run, "lapse")) == (
        1, 1)
    world.rings(run, "info")
    assert "confirm-lapse" in world.tasks(run.id) and run.state == "info"
    assert world.clocks(run.id)["total"] == ("paused", None)
    today = world.now.date()
    run.answers(run.consumer, "O pedido é o 4711.", name="Clara")
    assert run.state == "triage"
    clocks = world.clocks(run.id)
    # The first complement makes the file complete: the whole term, anew.
    assert clocks["total"][0] == "running"
    assert clocks["total"][1] >= today + 30 * DAY > before["total"][1]
    assert clocks["info"][0] == "stopped"
    assert "confirm-lapse" not in world.tasks(run.id)


def test_a_promise_is_asked_about_once_and_lapses(world):
    world.go(at(84))  # Monday 24 May
    run = world.served()
    run.answers(run.company, "Devolvemos o valor.", name="Jorge Dantas")
    item = world.value("SELECT max(seq) FROM item WHERE case_id = %s"
                       "   AND lane = 'company' AND kind = 'mail_in'", run.id)
    run.does("mediator", "answer", item=str(item), points="1",
             text="A empresa devolve o valor.", promise="Devolver o valor.",
             promise_day=str(at(98).date()))
    run.answers(run.consumer, "ACEITO", name="Clara")
    assert run.state == "plan"
    world.rings(run, "promise", "remind")
    world.rings(run, "promise", "remind-2")
    assert world.letters(run, "promised") == 2
    world.go(at(102, 9, 30))  # nothing ran for three days
    world.workers(2)
    assert world.letters(run, "check") == 1 and run.state == "plan"
    for kind in ("remind", "remind-2", "lapse"):
        world.rings(run, "attest", kind)
    assert world.letters(run, "check") == 3  # and two reminders of it
    assert run.state == "closed" and run.row()[4] == "broken"
    assert world.events(run.id, "confirm") == 1


# ---- the notice ------------------------------------------------------------------


def serve_without_sending(world):
    """A case whose notice waits in the outbox."""
    run = world.new_run()
    run.begins(test_runs.COMPLAINT, "Geladeira")
    run.opens("mediator")
    run.does("mediator", "classify", kind="complaint", severity="low",
             difficulty="simple", remedy="refund", identity="open",
             service=test_runs.codes(world, "service", "support"),
             unit=test_runs.unit(world), allegation="defective",
             article=test_runs.codes(world, "article"))
    browser = world.person("mediator")
    form = browser.get(f"{run.path}/do/serve").form(f"{run.path}/serve")
    page = browser.ask("POST", f"{run.path}/serve",
                       {**form, "summary": test_runs.SUMMARY})
    assert page.status == 303, page.words
    return run


def test_the_companys_time_begins_when_the_notice_arrives(world):
    world.go(at(126))  # Monday 5 July
    run = serve_without_sending(world)
    assert run.due("company").date() == at(136).date()
    world.go(at(128))
    world.once()  # it leaves
    world.go(at(128, 11))
    world.once()  # ... and that is seen
    assert run.due("company").date() == at(140).date()  # the tenth is Saturday
    assert run.row()[2].astimezone(SAO_PAULO).date() == at(140).date()
    assert world.events(run.id, "clock-moved") == 1


def test_a_notice_that_came_back_serves_nobody(world):
    world.go(at(133))
    run = world.served()
    notice = run.last_all()[-1]
    raw = stage.bounce(run.company, notice.sender,
                       str(notice.parsed["Message-ID"]))
    world.post(raw, "", notice.sender)
    world.once()
    assert world.clocks(run.id)["company"][0] == "stopped"
    assert "other-channel" in world.tasks(run.id)
    for day in (144, 147, 151):
        world.go(at(day))
        world.once()
    assert (world.letters(run, "reminder"), run.state) == (0, "company")


def test_a_reminder_that_comes_back_reminds_nobody(world):
    """It has an envelope address of its own; the mail server that could not
    deliver it says so there, after ours had taken it."""
    world.go(at(154))  # Monday 2 August
    run = world.served()
    world.rings(run, "company", "remind")
    reminder = run.last_all()[-1]
    assert world.letters(run, "reminder") == 1
    assert reminder.recipients == [run.company]
    assert re.fullmatch(rf"b\+\S+@{re.escape(harness.OFFICE_DOMAIN)}",
                        reminder.sender)
    parsed = reminder.parsed
    assert parsed["Auto-Submitted"] == "auto-generated"
    assert parsed["X-Auto-Response-Suppress"] == "All"
    assert parsed["Precedence"] is None
    sent = ("SELECT state::text FROM outbox WHERE case_id = %s"
            " AND kind = 'reminder'")
    assert world.query(sent, run.id) == [("sent",)]
    before = len(world.office.sink.mails)
    world.post(stage.bounce(run.company, reminder.sender,
                            str(parsed["Message-ID"])), "", reminder.sender)
    world.once()
    assert world.query(sent, run.id) == [("bounced",)]
    assert "other-channel" in world.tasks(run.id)
    # Nobody is told of it by mail, and the company is not silent: it was
    # never reminded.
    assert len(world.office.sink.mails) == before
    world.rings(run, "company", "remind-2")
    world.rings(run, "company")
    assert run.state == "company" and world.events(run.id, "decline") == 0


def test_the_log_of_all_this_is_whole(world):
    admin = world.office.admin
    done = subprocess.run([admin.program, "-c", admin.config, "audit",
                           "verify"], capture_output=True, timeout=60,
                          env=world.clock.env, check=False)
    assert done.returncode == 0, done
