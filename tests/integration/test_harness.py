"""The servers that all other tests stand on do what is said of them."""

import email.utils
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
from harness import OFFICE_ADDRESS, TcpProxy, raw_http, smtp_dialogue
from ouvoffice import conf, nginx, process
from ouvoffice.postgres import GATEWAY, OWNER, SERVER

MAIL = b"Subject: hello\r\n\r\nline\r\n"
PLUS = "ouvidoria+caso9@ouvidoria.example"


def send(port, sender, recipient, content=MAIL):
    """Sends octets as they are, which smtplib would tidy up."""
    stuffed = (b"\r\n" + content).replace(b"\r\n.", b"\r\n..")[2:]
    return smtp_dialogue(
        port, b"EHLO tests.example\r\n",
        b"MAIL FROM:<%s>\r\n" % sender.encode(),
        b"RCPT TO:<%s>\r\n" % recipient.encode(), b"DATA\r\n",
        stuffed + b".\r\n")[-1]


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


# ---- mail -------------------------------------------------------------------


def test_a_mail_to_the_office_arrives_with_its_whole_address(smtp, dovecot):
    assert send(smtp.port, "ana@consumidora.example", PLUS)[:3] == b"250"
    mail, = dovecot.wait_mails(1)
    assert mail.header("Delivered-To") == PLUS
    assert mail.header("X-Original-To") == PLUS
    assert mail.header("Return-Path") == "<ana@consumidora.example>"
    assert mail.raw.endswith(b"Subject: hello\r\n\r\nline\r\n")


def test_a_mail_to_anybody_else_arrives_in_catchall(smtp, dovecot):
    reply = send(smtp.port, "", "someone@elsewhere.example")
    assert reply[:3] == b"250"
    mail, = dovecot.wait_mails(1, "catchall")
    assert mail.header("Return-Path") == "<>"
    assert mail.header("Delivered-To") == "someone@elsewhere.example"
    assert dovecot.mails() == []


def test_a_mail_to_a_company_arrives_in_its_own_mailbox(smtp, dovecot):
    send(smtp.port, "", "Anyone+x@AURORA.example")
    assert len(dovecot.wait_mails(1, "aurora")) == 1
    assert dovecot.mails("catchall") == []


def test_each_recipient_gets_a_copy_with_its_own_address(smtp, dovecot):
    line = smtplib.SMTP("127.0.0.1", smtp.port)
    line.sendmail("a@x.example", [OFFICE_ADDRESS, PLUS, "b@y.example"], MAIL)
    line.quit()
    mails = dovecot.wait_mails(2)
    assert {m.header("Delivered-To") for m in mails} == {OFFICE_ADDRESS, PLUS}
    assert len(dovecot.wait_mails(1, "catchall")) == 1


@pytest.mark.parametrize("body", [
    b"\xff\xfe eight bits \x80\r\n",
    b"x" * 200_000 + b"\r\n",
    b"lone\rreturn and lone\nfeed\r\n",
    b".\r\n..\r\n.dots first\r\n",
    b"NUL \x00 inside\r\n",
    b"",
], ids=["eight-bit", "long-line", "lone-cr-lf", "dots", "nul", "empty"])
def test_a_body_arrives_octet_for_octet(smtp, dovecot, body):
    mail = b"Subject: octets\r\n\r\n" + body
    assert send(smtp.port, "a@x.example", PLUS, mail)[:3] == b"250"
    arrived, = dovecot.wait_mails(1)
    # A maildir keeps lines with LF and IMAP shows them with CRLF: a lone LF
    # is the one thing that the mailbox itself does not keep apart, and NUL
    # is what IMAP cannot show.
    expected = body.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    expected = expected.replace(b"\0", b"\x80")
    assert arrived.raw.partition(b"\r\n\r\n")[2] == expected


def test_a_dot_between_lone_feeds_does_not_end_a_mail(smtp, dovecot):
    trick = (b"Subject: one\r\n\r\nbody\n.\n"
             b"MAIL FROM:<evil@x.example>\nRCPT TO:<a@b.example>\nDATA\n")
    assert send(smtp.port, "a@x.example", PLUS, trick + b"\r\n")[:3] == b"250"
    assert len(dovecot.wait_mails(1)) == 1
    assert dovecot.mails("catchall") == []


@pytest.mark.parametrize("sender, path", [
    ("josé@exämple.example", "<jos%C3%A9@xn--exmple-cua.example>"),
    ("two..dots@docomo.example", "<two%2E%2Edots@docomo.example>"),
    ("plain+x@a-b.example", "<plain+x@a-b.example>"),
])
def test_no_sender_is_mistaken_for_the_null_sender(smtp, dovecot, sender,
                                                   path):
    line = smtplib.SMTP("127.0.0.1", smtp.port)
    line.command_encoding = "utf-8"
    line.ehlo()
    assert line.docmd("MAIL", f"FROM:<{sender}> SMTPUTF8")[0] == 250
    assert line.rcpt(PLUS)[0] == 250
    assert line.data(MAIL)[0] == 250
    line.quit()
    mail, = dovecot.wait_mails(1)
    assert mail.header("Return-Path") == path
    if "%" in path:
        assert mail.raw.partition(b"X-Envelope-From: ")[2].startswith(
            f"<{sender}>\r\n".encode())


def test_the_listener_announces_what_it_takes(smtp):
    line = smtplib.SMTP("127.0.0.1", smtp.port)
    line.ehlo()
    assert {"8bitmime", "smtputf8"} <= set(line.esmtp_features)
    assert line.esmtp_features["size"] == str(40 << 20)
    assert line.docmd("MAIL", f"FROM:<a@b.example> SIZE={41 << 20}")[0] == 552
    line.quit()


def test_a_mail_above_the_limit_is_refused_and_the_next_taken(
        folder, dovecot):
    small = harness.SmtpListener(folder, dovecot, size_limit=3_000_000)
    small.begin()
    try:
        line = smtplib.SMTP("127.0.0.1", small.port)
        line.helo()
        for content, code in ((b"x" * 2_999_990, 250), (b"x" * 3_000_001, 552),
                              (b"y\r\n" * 2_000_000, 552), (MAIL, 250)):
            line.mail("a@x.example")
            line.rcpt(PLUS)
            assert line.data(content)[0] == code
        line.quit()
    finally:
        small.stop()
    assert len(dovecot.mails()) == 2


def test_control_characters_in_addresses_are_refused(smtp, dovecot):
    replies = smtp_dialogue(
        smtp.port, b"EHLO x\r\n", b"MAIL FROM:<a\rb@x.example>\r\n",
        b"MAIL FROM:<a@x.example>\r\n", b"RCPT TO:<a\x00b@x.example>\r\n",
        b"RCPT TO:<>\r\n", b"RCPT TO:no-brackets\r\n", b"DATA\r\n",
        b"\xff\xfe\x00\r\n", b"NOOP\r\n")
    codes = [reply[:3] for reply in replies]
    assert codes == [b"220", b"250", b"553", b"250", b"553", b"553", b"553",
                     b"503", b"500", b"250"]


def test_when_lmtp_is_away_the_sender_is_told_to_come_back(smtp, dovecot):
    dovecot.kill()
    assert send(smtp.port, "a@x.example", PLUS)[:3] == b"451"
    dovecot.restart()
    assert send(smtp.port, "a@x.example", PLUS)[:3] == b"250"
    assert len(dovecot.wait_mails(1)) == 1


def test_a_kept_lmtp_connection_that_died_is_replaced(smtp, dovecot):
    assert send(smtp.port, "a@x.example", PLUS)[:3] == b"250"
    dovecot.kill()
    dovecot.restart()
    assert send(smtp.port, "a@x.example", PLUS)[:3] == b"250"
    assert len(dovecot.wait_mails(2)) == 2


class FakeLmtp(socketserver.ThreadingUnixStreamServer):
    """Answers like an LMTP server up to the stage where it refuses."""

    daemon_threads = True

    def __init__(self, path, stage, reply):
        self.stage, self.reply = stage, reply
        super().__init__(path, FakeLmtpSession)
        os.chmod(path, 0o666)
        threading.Thread(target=self.serve_forever, args=(0.02,),
                         daemon=True).start()


class FakeLmtpSession(socketserver.StreamRequestHandler):
    def handle(self):
        self.wfile.write(b"220 fake\r\n")
        while line := self.rfile.readline():
            verb = line[:4].upper()
            if verb == b"BDAT":
                self.rfile.read(int(line.split()[1]))
            if verb == self.server.stage:
                if self.server.reply is None:
                    return
                self.wfile.write(self.server.reply + b"\r\n")
            else:
                self.wfile.write(b"250 ok\r\n")


@pytest.mark.parametrize("stage", [b"LHLO", b"MAIL", b"RCPT", b"BDAT"])
@pytest.mark.parametrize("reply", [b"452 4.2.2 full", b"550 5.1.1 unknown",
                                   None], ids=["4xx", "5xx", "cut"])
def test_whatever_lmtp_refuses_is_put_off(folder, dovecot, stage, reply):
    path = folder / "fake.sock"
    fake = FakeLmtp(path, stage, reply)
    listener = harness.SmtpListener(folder, dovecot, lmtp=path)
    listener.begin()
    try:
        assert send(listener.port, "a@x.example", PLUS)[:3] == b"451"
        fake.stage = None
        assert send(listener.port, "a@x.example", PLUS)[:3] == b"250"
    finally:
        listener.stop()
        fake.shutdown()
        fake.server_close()


def test_a_silent_lmtp_server_is_given_up(folder, dovecot):
    path = folder / "silent.sock"
    with socket.socket(socket.AF_UNIX) as silent:
        silent.bind(path)
        os.chmod(path, 0o666)
        silent.listen(5)
        listener = harness.SmtpListener(folder, dovecot, lmtp=path, timeout=2)
        listener.begin()
        try:
            assert send(listener.port, "a@x.example", PLUS)[:3] == b"451"
        finally:
            listener.stop()


def test_a_silent_client_is_hung_up_on(folder, dovecot):
    listener = harness.SmtpListener(folder, dovecot, timeout=1)
    listener.begin()
    try:
        with socket.create_connection(("127.0.0.1", listener.port),
                                      10) as line:
            assert line.recv(100).startswith(b"220")
            assert line.recv(100) == b""
    finally:
        listener.stop()


def test_idle_hears_of_a_new_mail_at_once(smtp, dovecot):
    line = dovecot.imap()
    line.select()
    line.send(b"x1 IDLE\r\n")
    assert line.readline().startswith(b"+")
    begin = time.monotonic()
    send(smtp.port, "a@x.example", PLUS)
    assert b"EXISTS" in line.readline()
    assert time.monotonic() - begin < 3
    line.send(b"DONE\r\n")
    line.readline()
    line.shutdown()


def test_the_office_mailbox_has_a_folder_for_processed_mail(dovecot):
    line = dovecot.imap()
    names = b" ".join(line.list()[1])
    line.logout()
    assert b"Processed" in names


def test_a_killed_dovecot_comes_back_on_its_port(dovecot):
    dovecot.deliver(MAIL)
    line = dovecot.imap()
    line.select()
    dovecot.kill()
    dovecot.restart()
    assert len(dovecot.mails()) == 1


def test_a_recreated_mailbox_has_another_uidvalidity(dovecot):
    def validity():
        line = dovecot.imap()
        line.select(readonly=True)
        value = line.response("UIDVALIDITY")[1][0]
        line.logout()
        return value

    dovecot.deliver(MAIL, recipient=PLUS)
    before, mails = validity(), dovecot.mails()
    dovecot.recreate()
    assert validity() != before
    assert [m.raw for m in dovecot.mails()] == [m.raw for m in mails]


def test_swaks_and_a_date_header_arrive_as_told_to_newcomers(smtp, dovecot):
    done = subprocess.run(
        ["swaks", "--server", f"127.0.0.1:{smtp.port}", "--to",
         OFFICE_ADDRESS, "--from", "maria@consumidora.example", "--header",
         "Subject: Entrega atrasada", "--body", "Nada chegou."],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60)
    assert done.returncode == 0, done.stdout.decode()
    mail, = dovecot.wait_mails(1)
    assert mail.header("Subject") == "Entrega atrasada"
    assert email.utils.parsedate_to_datetime(mail.header("Date"))


# ---- the sink ---------------------------------------------------------------


def test_the_sink_keeps_what_arrives(sink):
    assert send(sink.port, "", "b@y.example")[:3] == b"250"
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
    assert send(sink.port, "a@x.example", "b@y.example")[:3] == b"250"


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
        send(sink.port, "a@x.example", "b@y.example")))
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


# ---- the cutting proxy --------------------------------------------------------


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


def read_to_end(line):
    got = b""
    try:
        while piece := line.recv(65536):
            got += piece
    except ConnectionResetError:
        pass
    return got


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


# ---- nginx ------------------------------------------------------------------


class FakeServer(socketserver.ThreadingUnixStreamServer):
    """Notes each request's head and length of body, and says ok."""

    daemon_threads = True

    def __init__(self, path):
        self.requests = []
        super().__init__(path, FakeServerSession)
        os.chmod(path, 0o666)
        threading.Thread(target=self.serve_forever, args=(0.02,),
                         daemon=True).start()


class FakeServerSession(socketserver.StreamRequestHandler):
    def handle(self):
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            line = self.rfile.readline()
            if not line:
                return
            head += line
        fields = dict(
            line.split(b": ", 1) for line in head.split(b"\r\n")[1:-2])
        length = int(fields.get(b"Content-Length", 0))
        body = self.rfile.read(length)
        self.server.requests.append((head, fields, len(body)))
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n"
                         b"Content-Security-Policy: ours\r\n\r\nok")


@pytest.fixture
def upstream(folder):
    server = FakeServer(folder / "up.sock")
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def front(folder, upstream):
    server = harness.Nginx(folder, f"unix:{folder / 'up.sock'}")
    try:
        server.begin()
        yield server
    finally:
        server.stop()


def ask(front, first, *fields, body=b""):
    """One request with our Host and the fields given; (status, all)."""
    lines = [first, f"Host: 127.0.0.1:{front.port}", "Connection: close",
             *fields, "", ""]
    answer = raw_http(front.port, "\r\n".join(lines).encode("latin-1") + body)
    return int(answer.split(b" ", 2)[1]), answer


def test_the_server_sees_our_host_and_our_forwarded_for(front, upstream):
    status, _ = ask(front, "GET /cases HTTP/1.1", "X-Forwarded-For: 9.9.9.9",
                    "X-Real-IP: 9.9.9.9", "Forwarded: for=9.9.9.9",
                    "X-Forwarded-Host: evil.example")
    assert status == 200
    head, fields, _ = upstream.requests[0]
    assert fields[b"Host"] == f"127.0.0.1:{front.port}".encode()
    assert fields[b"X-Forwarded-For"] == b"127.0.0.1"
    assert b"9.9.9.9" not in head and b"evil" not in head


def test_another_host_never_reaches_the_server_under_its_name(
        front, upstream):
    raw_http(front.port, b"GET / HTTP/1.1\r\nHost: evil.example\r\n"
             b"Connection: close\r\n\r\n")
    assert all(fields[b"Host"] == f"127.0.0.1:{front.port}".encode()
               for _, fields, _ in upstream.requests)


def test_figures_are_asked_for_in_nobody_elses_name(front, upstream):
    assert ask(front, "GET /metrics HTTP/1.1",
               "X-Forwarded-For: 9.9.9.9")[0] == 200
    _, fields, _ = upstream.requests[0]
    assert b"X-Forwarded-For" not in fields
    assert fields[b"Host"] == f"127.0.0.1:{front.port}".encode()


def test_localhost_is_sent_to_the_name_that_sessions_know(front):
    answer = raw_http(
        front.port, f"GET /cases?q=1 HTTP/1.1\r\nHost: localhost:{front.port}"
        "\r\nConnection: close\r\n\r\n".encode())
    assert answer.startswith(b"HTTP/1.1 308")
    assert f"Location: http://127.0.0.1:{front.port}/cases?q=1".encode() \
        in answer


HOSTILE = {
    "TRACE / HTTP/1.1": [],
    "PUT / HTTP/1.1": [],
    "get / HTTP/1.1": [],
    "GET /%00 HTTP/1.1": [],
    "GET / HTTP/1.1": ["X-A: 1", " folded"],
    "GET /a HTTP/1.1": ["Name : space before colon"],
    "POST /a HTTP/1.1": ["Content-Length: 1", "Content-Length: 2"],
    "POST /b HTTP/1.1": ["Content-Length: 5", "Transfer-Encoding: chunked"],
    "POST /c HTTP/1.1": ["Transfer-Encoding: xchunked"],
    "GET /b HTTP/1.1": ["Host: second.example"],
    "GET /" + "a" * 40000 + " HTTP/1.1": [],
    "GET /c HTTP/1.1": ["X-Big: " + "a" * 40000],
    "NONSENSE": [],
}


@pytest.mark.parametrize("first", HOSTILE, ids=lambda line: line[:18])
def test_hostile_requests_stop_at_the_proxy(front, upstream, first):
    status, answer = ask(front, first, *HOSTILE[first], body=b"abcde")
    assert 400 <= status < 600 and status != 503
    assert upstream.requests == []
    assert b"Content-Security-Policy: default-src 'none'" in answer
    assert b"X-Content-Type-Options: nosniff" in answer


def test_a_body_is_bounded_and_a_letter_may_be_larger(front, upstream):
    def post(path, size):
        return ask(front, f"POST {path} HTTP/1.1", f"Content-Length: {size}",
                   body=b"x" * size)[0]

    assert post("/cases/1/note", 1 << 20) == 200
    assert post("/cases/1/note", (1 << 20) + 1) == 413
    assert post("/letters/new", 30 << 20) == 200
    assert post("/letters/new", (30 << 20) + 1) == 413
    assert [size for _, _, size in upstream.requests] == [1 << 20, 30 << 20]


def test_bodies_lie_on_no_disk(front, upstream, folder):
    """A body twice the size of nginx's usual buffer, watched on its way."""
    size = 20 << 20
    with socket.create_connection(("127.0.0.1", front.port), 20) as line:
        line.sendall(f"POST /letters/new HTTP/1.1\r\nHost: 127.0.0.1:"
                     f"{front.port}\r\nConnection: close\r\n"
                     f"Content-Length: {size}\r\n\r\n".encode())
        line.sendall(b"x" * (size - 1))
        workers = [pid for pid in os.listdir("/proc") if pid.isdigit()
                   and process.command_line(pid).startswith("nginx: worker")
                   and parent(pid) == front.process.pid]
        assert workers
        for pid in workers:
            for handle in os.listdir(f"/proc/{pid}/fd"):
                target = os.readlink(f"/proc/{pid}/fd/{handle}")
                assert "/body/" not in target and "/proxy/" not in target
        line.sendall(b"x")
        assert read_to_end(line).startswith(b"HTTP/1.1 200")


def parent(pid):
    with open(f"/proc/{pid}/stat") as stat:
        return int(stat.read().rpartition(")")[2].split()[1])


def test_no_link_and_no_code_reaches_a_log(front, upstream, folder):
    for path in ("/p/SECRET1", "/t?code=SECRET2", "/t/SECRET3", "//p/SECRET4",
                 "/%70/SECRET5", "/P/SECRET6", "/view/SECRET7",
                 "/cases?q=SECRET8", "/./p/SECRET9"):
        ask(front, f"GET {path} HTTP/1.1", "Referer: http://x/p/SECRET0",
            "User-Agent: SECRETA", "Cookie: SECRETB")
    upstream.shutdown()
    upstream.server_close()
    os.unlink(folder / "up.sock")
    assert ask(front, "GET /p/SECRETC HTTP/1.1")[0] == 503
    assert ask(front, "GET /p/SECRETD%00 HTTP/1.1")[0] == 400
    ask(front, "GET /cases/7 HTTP/1.1")
    front.stop()
    with open(front.access_log) as source:
        access = source.read()
    with open(folder / "nginx.log") as source:
        errors = source.read()
    assert "GET /cases/7 503" in access and "GET /p/- 200" in access
    assert "SECRET" not in access + errors
    assert not any("127.0.0.1" in line for line in access.splitlines()
                   if " /p/-" in line or " /t/-" in line)


def test_an_absent_server_is_a_503_that_says_when_to_try_again(
        front, upstream, folder):
    upstream.shutdown()
    upstream.server_close()
    os.unlink(folder / "up.sock")
    status, answer = ask(front, "GET / HTTP/1.1")
    assert status == 503 and b"Retry-After: 10" in answer
    assert "Temporarily unavailable" in answer.decode()


def test_a_header_that_drips_is_cut_off(front):
    begin = time.monotonic()
    with socket.create_connection(("127.0.0.1", front.port), 20) as line:
        line.sendall(b"GET / HTTP/1.1\r\nHost: ")
        line.settimeout(1.5)
        while time.monotonic() - begin < 15:
            try:
                line.sendall(b"x")
                if line.recv(100) == b"":
                    break
            except TimeoutError:
                continue
            except ConnectionError:
                break
    assert time.monotonic() - begin < 9


def test_too_many_requests_are_refused(folder, upstream):
    server = harness.Nginx(folder, f"unix:{folder / 'up.sock'}", rate=1,
                           burst=3)
    server.begin()
    try:
        codes = [ask(server, "GET / HTTP/1.1")[0] for _ in range(8)]
    finally:
        server.stop()
    assert codes.count(200) in (4, 5) and codes[-1] == 429


def test_the_shipped_configuration_is_accepted_as_it_is(folder):
    """With certificates made for it, and nothing else changed but the folders
    that need rights."""
    key, certificate = folder / "key.pem", folder / "cert.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
         "ec_paramgen_curve:P-256", "-nodes", "-subj",
         "/CN=ouvidoria.example", "-keyout", key, "-out", certificate],
        check=True, stderr=subprocess.DEVNULL)
    with open(nginx.SAMPLE) as source:
        text = source.read()
    for old, new in (("/etc/ssl/private/ouvidoria.key", key),
                     ("/etc/ssl/certs/ouvidoria.pem", certificate),
                     ("/var/log/nginx/ouvidoria.log", folder / "a.log")):
        assert text.count(old) == 1
        text = text.replace(old, new)
    with open(folder / "site", "w") as out:
        out.write(text)
    with open(folder / "nginx.conf", "w") as out:
        out.write(f"pid {folder / 'pid'};\nerror_log stderr;\nevents {{}}\n"
                  f"http {{ access_log off; include {folder / 'site'}; }}\n")
    done = subprocess.run(
        ["/usr/sbin/nginx", "-t", "-p", folder.path, "-c",
         folder / "nginx.conf"], stderr=subprocess.PIPE)
    assert b"syntax is ok" in done.stderr, done.stderr.decode()


# ---- processes and configuration -----------------------------------------------


def test_a_leftover_is_ended_and_a_stranger_is_not(folder):
    mine = process.Process("mine", ["/bin/sleep", "300"], folder / "log",
                           pid_file=folder / "mine.pid")
    mine.argv = ["/bin/sh", "-c", f"exec sleep 300 # {folder / 'x'}",
                 folder / "x"]
    mine.argv = ["/usr/bin/python3", "-c", "import time; time.sleep(300)",
                 folder / "x"]
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
