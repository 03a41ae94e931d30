"""The pieces that all other tests stand on do what is said of them."""

import os
import smtplib
import socket
import socketserver
import subprocess
import threading
import time

import psycopg2
import pytest

import harness
import moved
from harness import OFFICE_ADDRESS, TcpProxy, read_to_end, smtp_dialogue, \
    smtp_send as send
from ouvoffice import conf, process
from ouvoffice.postgres import GATEWAY, OWNER, SERVER

MAIL = b"Subject: hello\r\n\r\nline\r\n"


# ---- PostgreSQL -------------------------------------------------------------


def test_the_three_roles_log_in_and_own_nothing(cluster, database):
    for role in (OWNER, GATEWAY, SERVER):
        assert database.query("SELECT current_user", user=role) == [(role,)]
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        database.query("CREATE TABLE t (a int)", user=GATEWAY)
    database.query("CREATE TABLE t (a int)", user=OWNER)
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        database.query("SELECT * FROM t", user=SERVER)


def test_a_wrong_password_is_refused(cluster, database):
    with pytest.raises(psycopg2.OperationalError, match="password"):
        psycopg2.connect(cluster.dsn(database.name)
                         + f" user={OWNER} password=wrong")


def test_no_row_and_no_parameter_reaches_the_log(cluster, database):
    mark = "canary-7c1f"
    database.query("CREATE TABLE t (a text CHECK (a <> %s), b text)", mark)
    with pytest.raises(psycopg2.errors.CheckViolation):
        database.query("INSERT INTO t VALUES (%s, %s)", mark, mark)
    with pytest.raises(psycopg2.errors.InvalidTextRepresentation):
        database.query("SELECT %s::int", mark)
    # Written after them, so that the log is known to be complete.
    database.query("DO $$ BEGIN RAISE LOG 'the end of the test'; END $$")
    text = harness.wait_until(
        "the log's end", lambda: next(
            (log for log in [open(cluster.log).read()]
             if "the end of the test" in log), None))
    assert mark not in text


def test_a_killed_postgresql_comes_back_with_what_was_committed(
        cluster, database):
    database.query("CREATE TABLE t (a int)")
    database.query("INSERT INTO t VALUES (42)")
    cluster.kill()
    cluster.restart()
    assert database.value("SELECT a FROM t") == 42


def test_a_copied_database_has_the_rows_of_its_template(cluster, database):
    database.query("CREATE TABLE t AS SELECT 7 AS a")
    copy = cluster.fresh(database.name)
    assert copy.value("SELECT a FROM t") == 7
    copy.drop()


def test_a_foreign_pid_in_postmaster_pid_does_not_block_the_start(folder):
    postgres = harness.Postgres(folder)
    postgres.begin()
    path = os.path.join(postgres.data, "postmaster.pid")
    with open(path) as source:
        lines = source.readlines()
    postgres.stop()
    with open(path, "w") as out:
        out.write("".join([f"{os.getpid()}\n"] + lines[1:]))
    postgres.start()
    postgres.wait_ready()
    postgres.stop()


# ---- the stock of a run -------------------------------------------------------


def costs(database, login):
    return database.query(
        "SELECT ops, mem FROM person_key k JOIN person p ON p.id = k.person"
        " WHERE login = %s AND how = 1", login)


def test_only_the_people_of_the_stock_have_passwords_that_are_quick(office):
    assert {*(costs(office.database, person["login"])[0]
              for person in office.template.staff)} == {(1, 8 << 20)}
    office.admin.do("staff", "add", "--login", "nova", "--name", "Nova Prado",
                    "--role", "intake", "--as", "admin", "--as-password-file",
                    os.path.join(office.home, "secrets", "staff-admin.pw"))
    assert costs(office.database, "nova") == [(3, 256 << 20)]


def test_a_line_that_broke_is_replaced(cluster, database):
    own = database.value("SELECT pg_backend_pid()")
    assert database.value("SELECT pg_backend_pid()") == own
    other = cluster.connect()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 20000)", (own,))
        assert cursor.fetchone() == (True,)
    other.close()
    assert database.value("SELECT pg_backend_pid()") != own


# ---- the moved clock ----------------------------------------------------------

READERS = """
import ctypes, sys, threading, time
class Moment(ctypes.Structure):
    _fields_ = [("sec", ctypes.c_long), ("nsec", ctypes.c_long)]
system, seen, stop = ctypes.CDLL(None), [], threading.Event()
def read():
    moment, least = Moment(), 1 << 62
    while not stop.is_set():
        for _ in range(500):  # without the interpreter's lock
            system.clock_gettime(0, ctypes.byref(moment))
            least = min(least, moment.sec)
    seen.append(least)
readers = [threading.Thread(target=read) for _ in range(4)]
print(int(time.time()), flush=True)
for one in readers: one.start()
sys.stdin.read(1)
print(int(time.time()), flush=True)
stop.set()
for one in readers: one.join()
print(min(seen), flush=True)
"""


def test_no_thread_ever_sees_the_time_that_was_moved(folder):
    clock = moved.Clock(folder)
    day = 24 * 3600
    clock.offset = 100 * day
    clock.write()
    begun = time.time()
    child = subprocess.Popen(
        ["/usr/bin/python3", "-c", READERS], stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, text=True, env=clock.env)
    first = int(child.stdout.readline())
    assert 0 <= first - int(begun) - 100 * day < 60
    for n in range(101, 400):
        clock.offset = n * day
        clock.write()
    last, least = child.communicate("x", timeout=60)[0].split()
    assert 0 <= int(last) - int(begun) - 399 * day < 60
    assert int(least) >= first


# ---- the sink ---------------------------------------------------------------


def test_the_sink_keeps_what_arrives(sink):
    assert send(sink.port, "", "b@y.example", MAIL)[:3] == b"250"
    mail, = sink.mails
    assert (mail.sender, mail.recipients) == ("", ["b@y.example"])
    assert mail.content == MAIL
    assert sink.to("b@y.example") == [mail] and sink.to("c@y.example") == []


STAGE_REPLY = {"connect": 0, "ehlo": 1, "mail": 2, "rcpt": 3, "data": 4,
               "dot": 5}


@pytest.mark.parametrize("stage", STAGE_REPLY)
@pytest.mark.parametrize("code", ["421", "450", "550"])
def test_the_sink_refuses_at_every_command_once(sink, stage, code):
    fault = sink.fault(stage, reply=f"{code} on purpose")
    commands = [b"EHLO x\r\n", b"MAIL FROM:<a@x.example>\r\n",
                b"RCPT TO:<b@y.example>\r\n", b"DATA\r\n", MAIL + b".\r\n"]
    replies = smtp_dialogue(sink.port, *commands[:STAGE_REPLY[stage]])
    assert replies[-1].startswith(code.encode()) and fault.hits == 1
    assert sink.mails == []
    assert send(sink.port, "a@x.example", "b@y.example", MAIL)[:3] == b"250"


@pytest.mark.parametrize("stage", STAGE_REPLY)
def test_the_sink_cuts_at_every_command(sink, stage):
    sink.fault(stage, drop=True, recorded=stage == "dot")
    commands = [b"EHLO x\r\n", b"MAIL FROM:<a@x.example>\r\n",
                b"RCPT TO:<b@y.example>\r\n", b"DATA\r\n", MAIL + b".\r\n"]
    try:
        last = smtp_dialogue(sink.port, *commands[:STAGE_REPLY[stage]])[-1]
    except ConnectionResetError:
        last = b""
    assert last == b""
    assert len(sink.mails) == (1 if stage == "dot" else 0)


def test_the_sink_hangs_until_released(sink):
    fault = sink.fault("dot", hang=True)
    answers = []
    sender = threading.Thread(target=lambda: answers.append(
        send(sink.port, "a@x.example", "b@y.example", MAIL)))
    sender.start()
    harness.wait_until("the sink hangs", lambda: fault.hits == 1)
    assert answers == [] and sink.mails == []
    fault.release()
    sender.join(20)
    assert answers[0][:3] == b"250" and len(sink.mails) == 1


def test_a_fault_for_one_recipient_spares_the_others(sink):
    sink.fault("rcpt", reply="550 no", match="bad@", times=None)
    line = smtplib.SMTP("127.0.0.1", sink.port)
    refused = line.sendmail("a@x.example", ["bad@y.example", "ok@y.example"],
                            MAIL)
    line.quit()
    assert set(refused) == {"bad@y.example"}
    assert sink.mails[0].recipients == ["ok@y.example"]


# ---- the cutting proxy ------------------------------------------------------


class Echo(socketserver.ThreadingTCPServer):
    """Remembers what it got, and sends each piece back."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self):
        self.got, self.ended = bytearray(), threading.Event()
        super().__init__(("127.0.0.1", 0), EchoSession)
        threading.Thread(target=self.serve_forever, args=(0.02,),
                         daemon=True).start()


class EchoSession(socketserver.BaseRequestHandler):
    def handle(self):
        while data := self.request.recv(65536):
            self.server.got += data
            try:
                self.request.sendall(data)
            except OSError:
                break
        self.server.ended.set()


@pytest.fixture
def echo():
    server = Echo()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def proxy(echo):
    made = TcpProxy(echo.server_address[1])
    yield made
    made.stop()


def dial(proxy):
    return socket.create_connection(("127.0.0.1", proxy.port), 10)


@pytest.mark.parametrize("count", [0, 1, 7, 12])
def test_a_line_is_cut_after_exactly_so_many_octets_up(proxy, echo, count):
    rule = proxy.rule("up", after=count)
    with dial(proxy) as line:
        line.sendall(b"abcdefghijkl")
        read_to_end(line)
    assert echo.ended.wait(10)
    assert bytes(echo.got) == b"abcdefghijkl"[:count] and rule.hits == 1


def test_a_line_is_cut_after_exactly_so_many_octets_down(proxy):
    proxy.rule("down", after=5)
    with dial(proxy) as line:
        line.sendall(b"abcdefghijkl")
        read_to_end(line)
    assert proxy.sent("down") == b"abcde"


def test_a_pattern_is_found_across_pieces(proxy, echo):
    proxy.rule("up", pattern=b"COMMIT")
    with dial(proxy) as line:
        for piece in (b"BEGIN;COM", b"MI", b"T;MORE"):
            line.sendall(piece)
            harness.wait_until("the piece has passed",
                               lambda: echo.ended.is_set() or
                               bytes(echo.got).endswith(piece))
        read_to_end(line)
    assert echo.ended.wait(10)
    assert bytes(echo.got) == b"BEGIN;COMMIT"


def test_a_muted_line_delivers_and_loses_the_answer(proxy, echo):
    proxy.rule("up", pattern=b"COMMIT", then="mute")
    with dial(proxy) as line:
        line.sendall(b"COMMIT;")
        assert read_to_end(line) == b""
    assert echo.ended.wait(10)
    assert bytes(echo.got) == b"COMMIT;"


def test_a_stalled_line_says_nothing_and_goes_on_later(proxy, echo):
    proxy.rule("up", after=3, then="stall")
    with dial(proxy) as line:
        line.sendall(b"abcdef")
        harness.wait_until("three octets", lambda: len(echo.got) == 3)
        line.settimeout(0.3)
        with pytest.raises(TimeoutError):
            while line.recv(10):
                pass
        line.settimeout(10)
        proxy.resume()
        harness.wait_until("the rest", lambda: bytes(echo.got) == b"abcdef")


def test_damage_is_for_the_next_connection_only(proxy):
    proxy.rule("up", after=0)
    with dial(proxy) as line:
        line.sendall(b"x")
        assert read_to_end(line) == b""
    with dial(proxy) as line:
        line.sendall(b"whole")
        assert line.recv(10) == b"whole"


def test_a_refusing_proxy_refuses(proxy):
    proxy.refusing = True
    try:
        with dial(proxy) as line:
            line.sendall(b"x")
            assert read_to_end(line) == b""
    except ConnectionError:
        pass  # so early that the dialling heard of it
    assert proxy.lines == []
    proxy.heal()
    with dial(proxy) as line:
        line.sendall(b"again")
        assert line.recv(10) == b"again"


# ---- processes and configuration --------------------------------------------


def test_a_leftover_is_ended_and_a_stranger_is_not(folder):
    mine = process.Process(
        "mine", ["/usr/bin/python3", "-c", "import time; time.sleep(300)",
                 folder / "x"],
        folder / "log", pid_file=folder / "mine.pid")
    mine.start()
    stranger = subprocess.Popen(["/bin/sleep", "300"])
    with open(folder / "stranger.pid", "w") as out:
        out.write(f"{stranger.pid} {process.started_at(stranger.pid)}\n")
    with open(folder / "recycled.pid", "w") as out:
        out.write(f"{os.getpid()} 1\n")
    try:
        ended = process.end_leftovers(folder.path, [folder.path + "/"])
        assert ended == ["mine"]
        assert mine.child.wait(5) == -15
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()
        mine.stop()


def test_a_server_ends_with_whatever_it_forked(folder):
    script = ("import os, time\n"
              "if os.fork() == 0:\n"
              "    time.sleep(300)\n"
              "time.sleep(300)\n")
    server = process.Process("forks", ["/usr/bin/python3", "-c", script],
                             folder / "log")
    server.start()
    group = server.pid
    harness.wait_until("it has forked", lambda: len(
        [pid for pid in os.listdir("/proc") if pid.isdigit()
         and in_group(pid, group)]) == 2)
    server.stop()
    assert not process.group_alive(group)


def in_group(pid, group):
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return int(stat.read().rpartition(")")[2].split()[2]) == group
    except OSError:
        return False


def test_adjusting_a_configuration_keeps_every_other_line(folder):
    path = folder / "a.conf"
    conf.create(path, OFFICE_ADDRESS, conf.moving_keys(
        "host=x", "http://127.0.0.1:1", "unix:/a", 1, 2))
    with open(path) as source:
        before = source.read()
    conf.adjust(path, {("imap", "port"): 77, ("log", "level"): "debug"})
    with open(path) as source:
        after = source.read()
    changed = [pair for pair in zip(before.splitlines(), after.splitlines())
               if pair[0] != pair[1]]
    assert changed == [("port = 1", "port = 77"),
                       ("level = info", "level = debug")]
    assert conf.read(path)["imap", "port"] == "77"
    assert conf.read(path)["smtp", "port"] == "2"
