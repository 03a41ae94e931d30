"""`make run`, as a newcomer and as a power cut know it."""

import imaplib
import json
import os
import re
import signal
import smtplib
import socket
import stat
import subprocess
import threading
import time

import psycopg2
import pytest

import harness
from ouvoffice import conf
from ouvoffice.process import command_line, started_at

ROLES = {"ombudsman", "reader", "mediator", "intake", "custodian",
         "registrar", "admin"}
SERVERS = ["postgres", "dovecot", "smtp", "server", "mailgw", "nginx"]


class Run:
    """One `office.py run`, watched line by line."""

    def __init__(self, var, ports):
        self.var = var
        self.ports = ports
        self.lines = []
        self.process = None

    def start(self):
        environment = dict(os.environ, OUV_VAR=self.var)
        for name, port in self.ports.items():
            environment[f"OUV_{name}_PORT"] = str(port)
        self.lines = []
        self.process = subprocess.Popen(
            ["/usr/bin/python3", os.path.join(harness.ROOT, "tools",
                                              "office.py"),
             "run", "--no-build"],
            env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, start_new_session=True)
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()
        return self

    def _read(self):
        for line in self.process.stdout:
            self.lines.append(line.rstrip("\n"))

    def wait_line(self, pattern, deadline=180, since=0):
        def said():
            hit = next((line for line in self.lines[since:]
                        if re.search(pattern, line)), None)
            if hit is None and self.process.poll() is not None:
                self.reader.join(5)
                raise AssertionError("it ended:\n" + "\n".join(self.lines))
            return hit

        return harness.wait_until(f"a line like {pattern}", said, deadline)

    def ready(self):
        self.wait_line("^ready ")
        return self

    @property
    def told(self):
        return harness.read_json(os.path.join(self.var, "run.json"))

    def healthy(self):
        try:
            status, _, body = harness.http_get(self.ports["HTTP"], "/healthz")
        except OSError:
            return False
        return status == 200 and body.strip() == b"ok"

    def stop(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        status = self.process.wait(120)
        self.reader.join(10)
        return status

    def remains(self):
        """Living processes whose command line names this office's folder."""
        return [line for line in (command_line(pid) for pid in os.listdir(
            "/proc") if pid.isdigit() and int(pid) != os.getpid()
            and started_at(pid)) if self.var + "/" in line]


@pytest.fixture(scope="module")
def run():
    """One office for all tests of this file; each leaves it running."""
    folder = harness.Folder()
    office = Run(folder / "var", {name: harness.free_port() for name in (
        "HTTP", "SMTP", "IMAP", "PG")})
    office.start().ready()
    try:
        yield office
    finally:
        if office.process.poll() is None:
            office.stop()
        folder.remove()


def test_run_json_says_where_everything_is(run):
    told = run.told
    assert told["http"] == f"http://127.0.0.1:{run.ports['HTTP']}"
    assert told["smtp"] == f"127.0.0.1:{run.ports['SMTP']}"
    assert told["imap"] == f"127.0.0.1:{run.ports['IMAP']}"
    assert told["office"] == harness.OFFICE_ADDRESS
    assert told["config"] == os.path.join(run.var, "ouvidoria.conf")
    assert {person["role"] for person in told["staff"]} == ROLES
    for person in told["staff"]:
        assert person["login"] and person["password"]
        assert "totp_secret" in person
    for company in told["companies"]:
        assert set(company) >= {"name", "address", "imap_user",
                                "imap_password"}
    assert set(told["pids"]) == set(SERVERS)
    assert all(started_at(pid) for pid in told["pids"].values())


def test_the_dsn_of_run_json_opens_the_database(run):
    connection = psycopg2.connect(run.told["dsn"])
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_database(), current_user")
        assert cursor.fetchone() == ("ouvidoria", "ouv_owner")
    connection.close()


def test_the_staff_have_changed_some_of_the_texts(run):
    connection = psycopg2.connect(run.told["dsn"])
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, published IS NOT NULL, second IS NOT NULL"
                       " FROM text_version ORDER BY name")
        assert cursor.fetchall() == [("mail/absence", True, True),
                                     ("mail/ack", False, False),
                                     ("piece/hear-you", True, False)]
    connection.close()


def test_the_last_line_says_ready_with_the_address(run):
    assert run.lines[-1] == f"ready http://127.0.0.1:{run.ports['HTTP']}/"
    text = "\n".join(run.lines)
    for person in run.told["staff"]:
        assert person["login"] in text and person["password"] in text
    assert "swaks --server" in text and "smtplib" in text
    assert "DEMONSTRATION ONLY" in text


def test_secrets_are_for_their_owner_alone(run):
    for folder in ("secrets", "offline"):
        path = os.path.join(run.var, folder)
        assert stat.S_IMODE(os.stat(path).st_mode) == 0o700
        names = os.listdir(path)
        assert names
        for name in names:
            info = os.stat(os.path.join(path, name))
            assert stat.S_IMODE(info.st_mode) == 0o600, name
            assert info.st_uid == os.geteuid()
    for name in ("run.json", "demo.json"):
        info = os.stat(os.path.join(run.var, name))
        assert stat.S_IMODE(info.st_mode) == 0o600


def test_no_secret_stands_in_a_command_line_or_an_environment(run):
    secrets = [person["password"] for person in run.told["staff"]]
    folder = os.path.join(run.var, "secrets")
    for name in os.listdir(folder):
        with open(os.path.join(folder, name), errors="replace") as source:
            secrets.append(source.read().strip())
    for pid in run.told["pids"].values():
        text = command_line(pid) + (environment_of(pid) or "")
        # The made-up keys of a build under test may be short.
        assert not [s for s in secrets if len(s) > 8 and s in text]


def environment_of(pid):
    """None: not even their own user may look at programs that forbid it."""
    try:
        with open(f"/proc/{pid}/environ", errors="replace") as source:
            # glibc cuts the tunables apart where they stand.
            return source.read().replace("\0", ":")
    except PermissionError:
        return None


def test_our_programs_run_with_freed_memory_overwritten(run):
    found = [environment_of(run.told["pids"][name])
             for name in ("server", "mailgw")]
    if None in found:
        pytest.skip("only root may look")
    for text in found:
        assert "glibc.malloc.perturb=90:glibc.malloc.tcache_count=0" in text


def test_everything_listens_on_loopback_alone(run):
    listening = subprocess.run(["ss", "-Hltn"], stdout=subprocess.PIPE,
                               text=True, check=True).stdout \
        if os.path.exists("/usr/bin/ss") else proc_net_listeners()
    ours = {str(port) for port in run.ports.values()}
    found = [line.split()[3] for line in listening.splitlines()
             if line.split()[3].rpartition(":")[2] in ours]
    assert len(found) == 4
    assert all(address.startswith("127.0.0.1:") for address in found)


def proc_net_listeners():
    """The same shape as ss prints, from /proc."""
    lines = []
    for table in ("tcp", "tcp6"):
        with open(f"/proc/net/{table}") as source:
            for row in source.readlines()[1:]:
                fields = row.split()
                if fields[3] != "0A":
                    continue
                host, _, port = fields[1].partition(":")
                name = socket.inet_ntoa(bytes.fromhex(host)[::-1]) \
                    if table == "tcp" else f"[{host}]"
                lines.append(f"LISTEN 0 0 {name}:{int(port, 16)}")
    return "\n".join(lines)


def test_mail_for_others_lies_in_catchall(run):
    with smtplib.SMTP("127.0.0.1", run.ports["SMTP"]) as line:
        line.sendmail("a@x.example", ["someone@elsewhere.example"],
                      b"Subject: x\r\n\r\nx\r\n")
    told = run.told["mail"]
    line = imaplib.IMAP4(told["host"], told["imap_port"])
    line.login(told["catchall_user"], told["catchall_password"])
    line.select()
    assert line.search(None, "HEADER", "X-Original-To",
                       "someone@elsewhere.example")[1][0].split()
    line.logout()


@pytest.mark.parametrize("name", SERVERS)
def test_a_killed_server_is_said_and_comes_back(run, name):
    before, since = run.told["pids"][name], len(run.lines)
    os.kill(before, signal.SIGKILL)
    run.wait_line(f"^{name} died .*SIGKILL", since=since)
    run.wait_line(f"^{name} is running again", since=since)
    after = harness.wait_until(
        "run.json has the new pid", lambda: (
            pid if (pid := run.told["pids"][name]) != before else None))
    assert started_at(after)
    harness.wait_until("all is well again", run.healthy, 30)


def test_a_second_supervisor_of_the_same_folder_refuses(run):
    second = Run(run.var, run.ports).start()
    assert second.process.wait(30) == 1
    second.reader.join(5)
    assert len(second.lines) == 1 and "already running" in second.lines[0]
    assert run.healthy()


def test_a_taken_port_is_one_clear_line(run):
    folder = harness.Folder()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ports = {name: harness.free_port() for name in run.ports}
        ports["IMAP"] = taken.getsockname()[1]
        other = Run(folder / "var", ports).start()
        assert other.process.wait(30) == 1
        other.reader.join(5)
    assert len(other.lines) == 1
    assert str(ports["IMAP"]) in other.lines[0]
    assert "OUV_IMAP_PORT" in other.lines[0]
    folder.remove()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_stop_ends_all_of_it_and_a_start_finds_all_of_it(run, number):
    before = run.told
    root = conf.read(before["config"])["keys", "root_public"]
    assert run.stop(number) == 0
    assert run.remains() == []
    begin = time.monotonic()
    run.start().ready()
    # Two seconds on an idle machine; tests share theirs.
    assert time.monotonic() - begin < 30
    after = run.told
    assert after["staff"] == before["staff"]
    assert after["companies"] == before["companies"]
    assert after["mail"] == before["mail"]
    assert conf.read(after["config"])["keys", "root_public"] == root
    assert run.healthy()


def test_a_killed_supervisor_leaves_nothing_in_the_way(run):
    run.process.kill()
    run.process.wait(10)
    run.start().ready()
    assert run.healthy()


def test_a_leftover_of_a_killed_run_is_ended_first(run):
    """A server whose supervisor died without its servers hearing of it."""
    run.stop()
    folder = os.path.join(run.var, "run")
    left = subprocess.Popen(
        ["/usr/bin/python3", "-c",
         "import socket, time\n"
         f"s = socket.create_server(('127.0.0.1', {run.ports['SMTP']}))\n"
         "time.sleep(300)", os.path.join(run.var, "x")],
        start_new_session=True)
    with open(os.path.join(folder, "smtp.pid"), "w") as out:
        out.write(f"{left.pid} {started_at(left.pid)}\n")
    harness.wait_until("it listens", lambda: listens(run.ports["SMTP"]))
    # Reaps it, as init would.
    threading.Thread(target=left.wait, daemon=True).start()
    run.start().ready()
    assert any("ended smtp, left over" in line for line in run.lines)


def listens(port):
    with socket.socket() as line:
        return line.connect_ex(("127.0.0.1", port)) == 0


def test_an_interrupted_founding_is_begun_anew():
    folder = harness.Folder()
    office = Run(folder / "var", {name: harness.free_port() for name in (
        "HTTP", "SMTP", "IMAP", "PG")})
    try:
        office.start()
        office.wait_line("^founding")
        office.process.kill()
        office.process.wait(10)
        assert not os.path.exists(os.path.join(office.var, "demo.json"))
        office.start().ready()
        assert {p["role"] for p in office.told["staff"]} == ROLES
        assert office.healthy()
    finally:
        if office.process.poll() is None:
            office.stop()
        folder.remove()


def test_ctrl_c_while_starting_leaves_nothing_running():
    folder = harness.Folder()
    office = Run(folder / "var", {name: harness.free_port() for name in (
        "HTTP", "SMTP", "IMAP", "PG")})
    try:
        office.start()
        office.wait_line("^founding")
        assert office.stop(signal.SIGINT) == 0
        assert office.remains() == []
        assert not any(line.startswith("ready") for line in office.lines)
    finally:
        folder.remove()


def test_what_a_person_changed_in_the_configuration_stays(run):
    config = run.told["config"]
    conf.adjust(config, {("office", "language"): "it"})
    run.stop()
    run.start().ready()
    assert conf.read(config)["office", "language"] == "it"
    with open(os.path.join(run.var, "run.json")) as source:
        assert json.load(source)["config"] == config


def test_a_consumers_mail_is_acknowledged_within_seconds(run):
    with smtplib.SMTP("127.0.0.1", run.ports["SMTP"]) as line:
        line.sendmail(
            "maria@consumidora.example", [harness.OFFICE_ADDRESS],
            "From: Maria <maria@consumidora.example>\r\n"
            f"To: {harness.OFFICE_ADDRESS}\r\n"
            "Subject: Entrega atrasada\r\n\r\n"
            "Comprei em 3 de maio e nada chegou.\r\n".encode())
    told = run.told["mail"]
    box = imaplib.IMAP4(told["host"], told["imap_port"])
    box.login(told["catchall_user"], told["catchall_password"])
    try:
        def answered():
            box.select()
            return box.search(None, "HEADER", "Delivered-To",
                              "maria@consumidora.example")[1][0].split()

        number, = harness.wait_until("the acknowledgement", answered, 30, 0.2)
        raw = box.fetch(number, "(BODY.PEEK[])")[1][0][1]
        assert b"Auto-Submitted: auto-replied" in raw
        assert b"Return-Path: <>" in raw
    finally:
        box.logout()
