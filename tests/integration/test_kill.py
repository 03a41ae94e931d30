"""kill -9 is a normal way to stop: of every program, at any moment.

The moments are random; the seed is printed, and OUV_SEED gives it again.
"""

import os
import random
import secrets
import signal
import threading
import time

import psycopg2
import pytest

import harness
from accountant import Injected
from harness import OFFICE_ADDRESS, TcpProxy, wait_until
from ouvoffice.process import started_at
from scene import WORDS, Scene, letter, mark, with_file

MAILS = 200
STORM_SECS = 40


@pytest.fixture
def seed():
    number = int(os.environ.get("OUV_SEED", secrets.randbelow(10**6)))
    print(f"OUV_SEED={number}")
    return number


class Sender(threading.Thread):
    """Delivers mails to Dovecot one after another, each until Dovecot says
    that it has it: as a mail server of the world does.  A mail whose answer
    was lost is delivered again, so the mailbox may hold it twice."""

    def __init__(self, scene, count, chance, pause):
        super().__init__(daemon=True)
        self.scene, self.pause, self.over = scene, pause, threading.Event()
        self.repeated = 0
        self.injected = [self.one(n, chance) for n in range(count)]

    def one(self, n, chance):
        token = mark()
        sender = f"c{n}.{token[:8]}@consumidora{n % 7}.example"
        kind = chance.random()
        text = f"{WORDS[chance.choice(list(WORDS))]}\n{token}"
        if kind < 0.1:
            raw = letter(sender, text=text,
                         fields=[("Auto-Submitted", "auto-generated")])
            return sender, Injected(token.encode(), False, raw)
        if kind < 0.2:
            data = chance.randbytes(chance.randrange(100_000, 2_000_000))
            raw = with_file(sender, data, "nota.pdf", text=text)
        else:
            raw = letter(sender, text=text)
        return sender, Injected(token.encode(), True, raw)

    def run(self):
        for sender, one in self.injected:
            while not self.over.is_set():
                try:
                    self.scene.dovecot.deliver(one.raw, sender=sender,
                                               recipient=OFFICE_ADDRESS)
                    break
                except (OSError, AssertionError, ValueError):
                    self.repeated += 1
                    self.over.wait(0.1)
            self.over.wait(self.pause)


class Storm:
    """What goes wrong, and how it is mended.  Each fault is one method."""

    def __init__(self, scene, proxy, chance):
        self.scene, self.proxy, self.chance = scene, proxy, chance
        self.cluster = scene.database.cluster
        self.done = {}

    FAULTS = {"gateway": 4, "part": 8, "parser": 3, "postgres": 1,
              "backend": 3, "line_to_postgres": 4, "answer_to_commit": 4,
              "dovecot": 2, "drop_before_dot": 3, "drop_after_dot": 4,
              "not_now": 2, "relay": 2}

    def one(self):
        name = self.chance.choices(list(self.FAULTS),
                                   list(self.FAULTS.values()))[0]
        getattr(self, name)()
        self.done[name] = self.done.get(name, 0) + 1

    def all_of_them(self):
        """Each fault once, in a random order: none is left to luck."""
        names = list(self.FAULTS)
        self.chance.shuffle(names)
        for name in names:
            yield name

    def pause(self, most=0.6):
        """Not a wait for something, but the moment that chance chooses."""
        time.sleep(self.chance.uniform(0, most))

    def time_passes(self):
        try:
            self.scene.time_passes()
        except psycopg2.OperationalError:
            pass  # the database is away; there will be another moment

    # -- the gateway ----------------------------------------------------------

    def gateway(self):
        self.scene.kill_gateway()
        self.time_passes()
        self.scene.gateway.begin()

    def part(self):
        """One of the gateway's own two parts; the parent starts it again."""
        pid = self.scene.gateway.process.pid
        with open(f"/proc/{pid}/task/{pid}/children") as source:
            parts = source.read().split()
        if parts:
            self.kill(int(self.chance.choice(parts)))
            self.time_passes()

    def parser(self):
        """The keeper or the child behind it."""
        pid = self.scene.gateway.process.pid
        with open(f"/proc/{pid}/task/{pid}/children") as source:
            parts = {int(word) for word in source.read().split()}
        below = [p for p in self.scene.gateway_children() if p not in parts]
        if below:
            self.kill(self.chance.choice(below))

    @staticmethod
    def kill(pid):
        tick = started_at(pid)
        if tick is None:
            return
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            return
        wait_until("it is dead", lambda: started_at(pid) != tick)

    # -- PostgreSQL -----------------------------------------------------------

    def postgres(self):
        if self.chance.random() < 0.5:
            self.cluster.process.child.send_signal(signal.SIGQUIT)
            self.cluster.process.child.wait(30)
            self.cluster.wait_gone()
        else:
            self.cluster.kill()
        self.pause()
        self.cluster.restart()

    def backend(self):
        """kill -9 of one backend: the postmaster starts all of them anew."""
        try:
            rows = self.scene.query(
                "SELECT pid FROM pg_stat_activity WHERE datname = %s"
                " AND application_name = 'ouvidoria-mailgw'",
                self.scene.database.name)
        except psycopg2.OperationalError:
            return
        if rows:
            os.kill(self.chance.choice(rows)[0], signal.SIGKILL)
            self.cluster.wait_ready()

    def line_to_postgres(self):
        self.proxy.cut_all()

    def answer_to_commit(self):
        """COMMIT reaches the server and its answer does not come back."""
        self.proxy.rule("up", pattern=b"\0commit\0", then="mute")
        self.proxy.cut_all()

    # -- mail servers ---------------------------------------------------------

    def dovecot(self):
        self.scene.dovecot.kill()
        self.pause()
        # A killed Dovecot leaves the lock of its list of UIDs, and its
        # successor waits a minute or two before it breaks that.
        for folder, _, names in os.walk(self.scene.dovecot.mail):
            for name in names:
                if name.endswith(".lock"):
                    os.unlink(os.path.join(folder, name))
        self.scene.dovecot.restart()

    def drop_before_dot(self):
        self.scene.sink.fault("data", drop=True)

    def drop_after_dot(self):
        self.scene.sink.fault("dot", drop=True,
                              recorded=self.chance.random() < 0.7)

    def not_now(self):
        self.scene.sink.fault(self.chance.choice(["mail", "rcpt", "dot"]),
                              reply="451 4.3.2 later")

    def relay(self):
        """The mail server itself is killed, and comes back where it was."""
        old = self.scene.sink
        old.stop()
        self.pause()
        new = harness.SmtpSink(old.port)
        new.mails = old.mails
        self.scene.sink = self.scene.office.sink = new


@pytest.fixture
def scene(template):
    made = Scene(template, to_sink=True)
    proxy = TcpProxy(made.database.cluster.port)
    made.set(database_dsn=f"host=127.0.0.1 port={proxy.port}"
                          f" dbname={made.database.name}",
             mailgw_acks_domain_hour=100_000, mailgw_acks_hour=100_000)
    made.proxy = proxy
    try:
        yield made
    finally:
        proxy.stop()
        made.stop()


def settle(scene, sender):
    """Everybody lives, and time passes until nobody has anything to do."""
    scene.sink.heal()
    scene.proxy.heal()
    scene.gateway.stop()
    scene.gateway.begin()

    def quiet():
        scene.time_passes()
        uids = len(scene.dovecot.mails())
        seen, waiting = scene.query(
            "SELECT count(DISTINCT uid), count(*) FILTER"
            " (WHERE state = 'received' OR lease_until IS NOT NULL)"
            " FROM inbound")[0]
        return uids == seen and not waiting and scene.outbox_is_quiet()

    assert not sender.is_alive()
    wait_until("nobody has anything to do", quiet, 60, 0.3)


def excuse(scene, injected):
    """A mail whose parser was killed for the third time is held for a person,
    and not acknowledged; how many, and that it is so for this reason only."""
    rows = scene.query("SELECT uid, error_code FROM inbound"
                       " WHERE state = 'quarantine'")
    assert {code for _, code in rows} <= {"child_killed"}
    mails = {m.uid: m.raw for m in scene.dovecot.mails()} if rows else {}
    for uid, _ in rows:
        for one in injected:
            if one.mark in mails[uid]:
                one.ack = None
    return len(rows)


def test_nothing_is_lost_and_nothing_is_done_twice(scene, seed):
    chance = random.Random(seed)
    scene.begin(web=False)
    sender = Sender(scene, MAILS, chance, STORM_SECS * 0.8 / MAILS)
    storm = Storm(scene, scene.proxy, chance)
    sender.start()
    end = time.monotonic() + STORM_SECS
    for name in storm.all_of_them():
        getattr(storm, name)()
        storm.done[name] = 1
        storm.pause()
    while time.monotonic() < end or sender.is_alive():
        storm.one()
        storm.pause()
        if time.monotonic() > end + 30:
            break
    sender.join(10)
    settle(scene, sender)
    print(f"faults {storm.done}, delivered again {sender.repeated}")

    injected = [one for _, one in sender.injected]
    excused = excuse(scene, injected)
    print(f"held because their parser was killed {excused}")
    assert scene.findings(injected) == []
    figures = dict(scene.query(
        "SELECT outcome, count(*) FROM inbound WHERE state <> 'duplicate'"
        " GROUP BY 1"))
    assert figures.pop("held", 0) == excused
    assert sum(figures.values()) + excused == MAILS
    assert figures["created"] == sum(one.ack is True for one in injected)
    copies = len(scene.sink.mails) - figures["created"]
    unknown = scene.database.value(
        "SELECT count(*) FROM outbox_try WHERE finished IS NULL")
    print(f"second copies {copies}, tries without an end {unknown}")
    assert 0 <= copies <= unknown
    # The storm must have hit: a test that disturbs nothing proves nothing.
    assert set(storm.done) == set(Storm.FAULTS)
    assert unknown > 0
    with open(scene.gateway.log) as log:
        started = log.read().count("started version=")
    # One that was killed again while it started has not said so.
    assert started > storm.done["gateway"] // 2


@pytest.mark.parametrize("which", ["intake", "dispatch", "keeper", "child"])
def test_a_killed_process_of_the_gateway_is_replaced(template, which):
    """Whichever it is, the next mail is acknowledged: at once if nobody held
    a lease, and otherwise when that has run out."""
    scene = Scene(template, imap_poll_secs=10)
    try:
        scene.begin(web=False)
        scene.acknowledged(letter("a@x.example"), "a@x.example")
        intake = next(pid for pid in children(scene.gateway.process.pid)
                      if children(pid))
        keeper, = children(intake)
        victim = {
            "intake": intake, "keeper": keeper,
            "dispatch": next(p for p in children(scene.gateway.process.pid)
                             if p != intake),
            "child": next(iter(children(keeper)))}[which]
        Storm.kill(victim)
        scene.time_passes()
        raw = letter("b@x.example")
        scene.post_mail(raw, "b@x.example")
        scene.arrived("b@x.example", 1, 30)
        assert scene.query("SELECT DISTINCT outcome FROM inbound") == [
            ("created",)]
    finally:
        scene.stop()


def children(pid):
    with open(f"/proc/{pid}/task/{pid}/children") as source:
        return [int(word) for word in source.read().split()]


def test_a_reply_posted_into_a_dying_server_is_sent_once(template, seed):
    """kill -9 at any moment of a posted form; the person posts it again."""
    chance = random.Random(seed)
    scene = Scene(template, to_sink=True)
    try:
        scene.begin()
        address = "ana@consumidora.example"
        scene.post_mail(letter(address), address)
        scene.inbound(1)
        mediator = scene.logged_in("mediator")
        path, = mediator.get("/").cases()
        texts = []
        for n in range(12):
            text = mark()
            form = {**mediator.get(path).form(f"{path}/reply"),
                    "subject": f"Carta {n}", "text": text}
            lost = threading.Thread(target=post_into_the_void,
                                    args=(mediator, f"{path}/reply", form))
            lost.start()
            time.sleep(chance.uniform(0, 0.06))
            os.kill(scene.server.process.pid, signal.SIGKILL)
            lost.join()
            scene.server.process.bury()
            scene.server.begin()
            wait_until("nginx finds the server again",
                       lambda: mediator.get("/").status == 200)
            page = mediator.ask("POST", f"{path}/reply", form)
            assert page.status == 303, page.words
            texts.append(text)
        wait_until("the outbox is empty", scene.outbox_is_quiet, 30, 0.1)
        letters = [m.parsed.get_body(("plain",)).get_content()
                   for m in scene.sink.mails]
        for text in texts:
            assert sum(text in letter_ for letter_ in letters) == 1
        assert scene.query(
            "SELECT count(*) FROM outbox WHERE kind = 'reply'") == [(12,)]
        assert scene.query(
            "SELECT count(*) FROM audit_event WHERE action = 'reply'") \
            == [(12,)]
        assert scene.findings() == []
    finally:
        scene.stop()


def post_into_the_void(browser, path, form):
    """The answer may be a 303, nginx's 502, or nothing."""
    try:
        browser.ask("POST", path, form)
    except (OSError, ValueError):
        pass
