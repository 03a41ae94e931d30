"""The gateway's network code against a real Dovecot and against liars.

Everything goes through net_probe, which reads one command a line.  Servers
that misbehave are threads here; each keeps every byte it was sent, so that a
test can say what never crossed the wire.
"""

import contextlib
import hashlib
import os
import pathlib
import pwd
import re
import selectors
import shutil
import smtplib
import socket
import ssl
import subprocess
import tempfile
import threading
import time

import pytest

from harness import free_port

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = ROOT / os.environ.get("OUV_BUILD", "build/plain")
PROBE = BUILD / "tests" / "integration" / "net_probe"
USER = "caixa"
PASSWORD = 'se"n\\ha segura'
DEADLINE = 30


# ---- certificates ------------------------------------------------------------

CA_CONF = """
[ca]
default_ca = here
[here]
database = {dir}/index
new_certs_dir = {dir}
serial = {dir}/serial
default_md = sha256
policy = any
copy_extensions = copy
unique_subject = no
[any]
commonName = supplied
"""


class Authority:
    """A certificate authority of its own, by the openssl command."""

    def __init__(self, folder, name):
        self.dir = folder / name
        self.dir.mkdir()
        (self.dir / "index").write_text("")
        (self.dir / "serial").write_text("1000\n")
        (self.dir / "conf").write_text(CA_CONF.format(dir=self.dir))
        self.cert = self.dir / "ca.pem"
        self.key = self.dir / "ca.key"
        self.openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes",
                     "-keyout", self.key, "-out", self.cert, "-days", "30",
                     "-subj", f"/CN={name}", "-addext",
                     "basicConstraints=critical,CA:TRUE")

    @staticmethod
    def openssl(*args):
        subprocess.run(["openssl", *map(str, args)], check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def issue(self, name, hosts, start="20200101000000Z",
              end="20491231000000Z"):
        """A key and a certificate for hosts, as one file."""
        key, csr, cert = (self.dir / f"{name}.{x}" for x in
                          ("key", "csr", "pem"))
        self.openssl("req", "-new", "-newkey", "rsa:2048", "-nodes", "-keyout",
                     key, "-out", csr, "-subj", f"/CN={name}", "-addext",
                     "subjectAltName=" + ",".join(hosts))
        self.openssl("ca", "-batch", "-notext", "-config", self.dir / "conf",
                     "-cert", self.cert, "-keyfile", self.key, "-in", csr,
                     "-out", cert, "-startdate", start, "-enddate", end)
        both = self.dir / f"{name}.both"
        both.write_text(key.read_text() + cert.read_text())
        both.chmod(0o600)
        return both


@pytest.fixture(scope="module")
def area():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="ouv-net-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


class Certs:
    def __init__(self, folder):
        ca = Authority(folder, "trusted")
        stranger = Authority(folder, "stranger")
        here = ["DNS:localhost", "IP:127.0.0.1"]
        self.ca = ca.cert
        self.good = ca.issue("good", here)
        self.expired = ca.issue("expired", here, end="20200201000000Z")
        self.future = ca.issue("future", here, start="20450101000000Z")
        self.wrong_host = ca.issue("other", ["DNS:mail.example.org"])
        self.unknown_ca = stranger.issue("unknown", here)
        self.self_signed = folder / "self.both"
        Authority.openssl(
            "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout",
            folder / "self.key", "-out", folder / "self.pem", "-days", "30",
            "-subj", "/CN=localhost", "-addext",
            "subjectAltName=DNS:localhost")
        self.self_signed.write_text((folder / "self.key").read_text() +
                                    (folder / "self.pem").read_text())


@pytest.fixture(scope="module")
def certs(area):
    return Certs(area)


@pytest.fixture(scope="module")
def secret(area):
    path = area / "password"
    path.write_text(PASSWORD)
    path.chmod(0o600)
    return path


# ---- the probe ---------------------------------------------------------------


class Probe:
    """net_probe with one line asked and one answered at a time."""

    def __init__(self, **config):
        # What the sanitizers say goes where the log goes.
        self.log = tempfile.TemporaryFile()
        self.process = subprocess.Popen(
            [str(PROBE)] + [f"{k}={v}" for k, v in config.items()],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.log)
        self.buffer = b""

    def tell(self, line):
        self.process.stdin.write(line.encode() + b"\n")
        self.process.stdin.flush()

    def hear(self, seconds=DEADLINE):
        end = time.monotonic() + seconds
        with selectors.DefaultSelector() as ready:
            ready.register(self.process.stdout, selectors.EVENT_READ)
            while b"\n" not in self.buffer:
                left = end - time.monotonic()
                assert left > 0 and ready.select(left), \
                    f"no answer in {seconds} s; log: {self.said()}"
                more = os.read(self.process.stdout.fileno(), 65536)
                assert more, f"the probe died; log: {self.said()}"
                self.buffer += more
        line, self.buffer = self.buffer.split(b"\n", 1)
        return line.decode("ascii")

    def ask(self, line, seconds=DEADLINE):
        self.tell(line)
        return self.hear(seconds)

    def said(self):
        self.log.seek(0)
        return self.log.read().decode()

    def end(self):
        self.process.stdin.close()
        code = self.process.wait(DEADLINE)
        said = self.said()
        self.process.stdout.close()
        self.log.close()
        assert code == 0, said
        for hidden in (PASSWORD, USER, "@"):
            assert hidden not in said, "the log tells too much"
        return said


@contextlib.contextmanager
def probe(**config):
    one = Probe(**config)
    try:
        yield one
        one.end()
    finally:
        one.process.kill()
        one.process.wait()


def imap_config(port, secret, certs=None, security="none", host="127.0.0.1"):
    config = {"imap_host": host, "imap_port": port, "imap_user": USER,
              "imap_security": security, "imap_password_file": secret}
    if certs:
        config["imap_ca_file"] = certs.ca
    return config


def smtp_config(port, secret=None, certs=None, security="none",
                host="127.0.0.1", dot=600):
    config = {"smtp_host": host, "smtp_port": port, "smtp_dot_secs": dot,
              "smtp_security": security}
    if secret:
        config |= {"smtp_user": USER, "smtp_password_file": secret}
    if certs:
        config["smtp_ca_file"] = certs.ca
    return config


def digest(data):
    return f"{len(data)}:{hashlib.sha256(data).hexdigest()[:16]}"


# ---- servers that follow a script --------------------------------------------


def context(cert, **how):
    ctx = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ctx.load_cert_chain(cert)
    if how.get("old"):
        ctx.set_ciphers("ALL:@SECLEVEL=0")
        ctx.minimum_version = ssl.TLSVersion.TLSv1
        ctx.maximum_version = ssl.TLSVersion.TLSv1_1
    return ctx


class Line:
    """One connection as its server sees it."""

    def __init__(self, sock, heard):
        self.sock = sock
        self.heard = heard
        self.buffer = b""

    def send(self, data):
        self.sock.sendall(data)

    def read(self):
        """A line without its end; None at the end of the stream."""
        while b"\n" not in self.buffer:
            more = self.sock.recv(65536)
            if not more:
                return None
            self.heard.append(more)
            self.buffer += more
        line, self.buffer = self.buffer.split(b"\n", 1)
        return line.rstrip(b"\r")

    def secure(self, ctx):
        self.sock = ctx.wrap_socket(self.sock, server_side=True)


class Server:
    """Runs play(line) for each connection until closed."""

    def __init__(self, play, tls=None):
        self.play, self.tls = play, tls
        self.heard = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.connections = 0
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self):
        while True:
            try:
                sock, _ = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            sock.settimeout(DEADLINE)
            line = Line(sock, self.heard)
            try:
                if self.tls:
                    line.secure(self.tls)
                self.play(line)
            except (OSError, ssl.SSLError):
                pass
            with contextlib.suppress(OSError):
                line.sock.close()

    def wire(self):
        return b"".join(self.heard)

    def close(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.thread.join(DEADLINE)


@contextlib.contextmanager
def serving(play, tls=None):
    server = Server(play, tls)
    try:
        yield server
    finally:
        server.close()


CAPABILITIES = b"IMAP4rev1 IDLE UIDPLUS MOVE"


def imap_server(answers=None, greeting=b"* OK hello\r\n", tls=None,
                capabilities=CAPABILITIES):
    """A small IMAP server.  answers: regular expression on the command (after
    its tag) -> bytes (with TAG for the tag) or function(line, tag, command).
    A function that returns True has ended the connection."""
    rules = [(re.compile(k.encode(), re.I), v)
             for k, v in (answers or {}).items()]
    rules += [(re.compile(k, re.I), v) for k, v in {
        rb"CAPABILITY": b"* CAPABILITY " + capabilities + b"\r\nTAG OK done\r\n",
        rb"LIST": b'* LIST () "/" Processed\r\nTAG OK done\r\n',
        rb"SELECT": b"* 3 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n"
                    b"* OK [PERMANENTFLAGS (\\Seen \\*)] ok\r\n"
                    b"TAG OK [READ-WRITE] done\r\n",
        rb"LOGOUT": b"* BYE\r\nTAG OK done\r\n",
        rb"": b"TAG OK done\r\n"}.items()]

    def play(line):
        line.send(greeting)
        while (command := line.read()) is not None:
            tag, _, rest = command.partition(b" ")
            answer = next(v for k, v in rules if k.match(rest))
            if callable(answer):
                if answer(line, tag, rest):
                    return
            else:
                line.send(answer.replace(b"TAG", tag))
            if rest.upper().startswith(b"STARTTLS") and tls:
                line.secure(tls)

    return play


def smtp_server(answers=None, tls=None, offers=(b"STARTTLS", b"SIZE 1000000",
                                                b"DSN", b"AUTH PLAIN LOGIN"),
                received=None):
    """A small SMTP server.  answers: "greeting", a command's first word, or
    "dot" -> bytes, None (hang up) or function(line)."""
    answers = answers or {}

    def reply(line, what, default):
        answer = answers.get(what, default)
        if callable(answer):
            return answer(line)
        if answer is None:
            return True
        line.send(answer)
        return False

    def play(line):
        if reply(line, "greeting", b"220 relay ready\r\n"):
            return
        while (command := line.read()) is not None:
            word = command.split(b" ")[0].upper().decode()
            default = b"250 done\r\n"
            if word == "EHLO":
                default = b"".join(b"250-" + o + b"\r\n" for o in
                                   (b"relay",) + offers) + b"250 HELP\r\n"
            elif word == "STARTTLS":
                default = b"220 go\r\n"
            elif word == "AUTH":
                default = b"235 welcome\r\n"
            elif word == "DATA":
                default = b"354 go on\r\n"
            elif word == "QUIT":
                line.send(b"221 bye\r\n")
                return
            if reply(line, word, default):
                return
            if word == "STARTTLS" and tls:
                line.secure(tls)
            if word == "DATA" and "DATA" not in answers:
                body = []
                while (text := line.read()) != b".":
                    if text is None:
                        return
                    body.append(text)
                if received is not None:
                    received.append(body)
                if reply(line, "dot", b"250 queued as 42\r\n"):
                    return

    return play


# ---- TLS ---------------------------------------------------------------------


def inject_imap(line, tag, _):
    line.send(tag + b" OK go\r\n* OK hello\r\n2 OK injected\r\n")
    return False


def inject_smtp(line):
    line.send(b"220 go\r\n250 injected\r\n")
    return False


def tls_case(name, certs):
    """(security, cert or None, old protocol, what the log says)"""
    return {
        "expired": ("tls", certs.expired, False, "expired"),
        "not yet valid": ("tls", certs.future, False, "not yet valid"),
        "wrong host": ("tls", certs.wrong_host, False, "name"),
        "self-signed": ("tls", certs.self_signed, False, "certificate"),
        "unknown authority": ("tls", certs.unknown_ca, False, "certificate"),
        "TLS 1.1 only": ("tls", certs.good, True, "handshake"),
        "expired after STARTTLS": ("starttls", certs.expired, False,
                                   "expired"),
        "wrong host after STARTTLS": ("starttls", certs.wrong_host, False,
                                      "name"),
    }[name]


TLS_CASES = ["expired", "not yet valid", "wrong host", "self-signed",
             "unknown authority", "TLS 1.1 only", "expired after STARTTLS",
             "wrong host after STARTTLS"]


def never_logged_in(server):
    wire = server.wire()
    assert b"LOGIN" not in wire.upper() and b"AUTH" not in wire.upper(), wire
    assert PASSWORD.encode() not in wire


@pytest.mark.parametrize("name", TLS_CASES)
def test_imap_refuses_a_bad_certificate_before_login(name, certs, secret):
    security, cert, old, reason = tls_case(name, certs)
    ctx = context(cert, old=old)
    capable = b"IMAP4rev1 STARTTLS"
    with serving(imap_server(tls=ctx, capabilities=capable),
                 ctx if security == "tls" else None) as server:
        with probe(**imap_config(server.port, secret, certs, security,
                                 "localhost")) as one:
            assert one.ask("imap") == "imap refused"
            assert reason in one.said()
        assert server.connections == 1
        never_logged_in(server)


@pytest.mark.parametrize("name", TLS_CASES)
def test_smtp_refuses_a_bad_certificate_before_login(name, certs, secret):
    security, cert, old, reason = tls_case(name, certs)
    ctx = context(cert, old=old)
    with serving(smtp_server(tls=ctx),
                 ctx if security == "tls" else None) as server:
        with probe(**smtp_config(server.port, secret, certs, security,
                                 "localhost")) as one:
            assert one.ask("smtp").startswith("smtp refused connect")
            assert reason in one.said()
        assert server.connections == 1
        assert b"AUTH" not in server.wire()


@pytest.mark.parametrize("security", ["tls", "starttls"])
@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_imap_accepts_the_good_certificate(security, host, certs, secret):
    ctx = context(certs.good)
    with serving(imap_server(tls=ctx, capabilities=b"IMAP4rev1 STARTTLS IDLE"),
                 ctx if security == "tls" else None) as server:
        with probe(**imap_config(server.port, secret, certs, security,
                                 host)) as one:
            assert one.ask("imap") == "imap ok 7 0"
        assert b'LOGIN caixa "se\\"n\\\\ha segura"' in server.wire()


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_smtp_accepts_the_good_certificate_and_logs_in(security, certs,
                                                       secret):
    ctx = context(certs.good)
    with serving(smtp_server(tls=ctx),
                 ctx if security == "tls" else None) as server:
        with probe(**smtp_config(server.port, secret, certs, security,
                                 "localhost")) as one:
            assert one.ask("smtp") == "smtp ok connect 235 welcome"
        assert server.wire().count(b"EHLO") == (2 if security == "starttls"
                                                else 1)
        assert b"AUTH PLAIN " in server.wire()


def test_the_system_store_does_not_know_our_authority(certs, secret):
    with serving(imap_server(), context(certs.good)) as server:
        with probe(**imap_config(server.port, secret, None, "tls",
                                 "localhost")) as one:
            assert one.ask("imap") == "imap refused"
        never_logged_in(server)


def test_a_stripped_starttls_ends_the_session(certs, secret):
    with serving(imap_server(capabilities=b"IMAP4rev1")) as server:
        with probe(**imap_config(server.port, secret, certs, "starttls",
                                 "localhost")) as one:
            assert one.ask("imap") == "imap refused"
        never_logged_in(server)
    with serving(smtp_server(offers=(b"AUTH PLAIN",))) as server:
        with probe(**smtp_config(server.port, secret, certs, "starttls",
                                 "localhost")) as one:
            assert one.ask("smtp").startswith("smtp refused connect")
        assert b"AUTH" not in server.wire()


@pytest.mark.parametrize("answer", [b"TAG NO not today\r\n",
                                    b"TAG BAD what\r\n"])
def test_a_denied_starttls_ends_the_session(answer, certs, secret):
    with serving(imap_server({"STARTTLS": answer},
                             capabilities=b"IMAP4rev1 STARTTLS")) as server:
        with probe(**imap_config(server.port, secret, certs, "starttls",
                                 "localhost")) as one:
            assert one.ask("imap").split()[1] in ("refused", "temporary")
        never_logged_in(server)
    with serving(smtp_server({"STARTTLS": b"454 not today\r\n"})) as server:
        with probe(**smtp_config(server.port, secret, certs, "starttls",
                                 "localhost")) as one:
            assert one.ask("smtp") == "smtp temporary connect 454 not today"
        assert b"AUTH" not in server.wire()


def test_bytes_before_the_handshake_end_the_session(certs, secret):
    ctx = context(certs.good)
    with serving(imap_server({"STARTTLS": inject_imap}, tls=ctx,
                             capabilities=b"IMAP4rev1 STARTTLS")) as server:
        with probe(**imap_config(server.port, secret, certs, "starttls",
                                 "localhost")) as one:
            assert one.ask("imap") == "imap refused"
            assert "before it was encrypted" in one.said()
        never_logged_in(server)
    with serving(smtp_server({"STARTTLS": inject_smtp}, tls=ctx)) as server:
        with probe(**smtp_config(server.port, secret, certs, "starttls",
                                 "localhost")) as one:
            assert one.ask("smtp").startswith("smtp refused connect")
        assert b"AUTH" not in server.wire()


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_preauth_greeting_is_refused(security, certs, secret):
    ctx = context(certs.good)
    with serving(imap_server(greeting=b"* PREAUTH come in\r\n", tls=ctx,
                             capabilities=b"IMAP4rev1 STARTTLS"),
                 ctx if security == "tls" else None) as server:
        with probe(**imap_config(server.port, secret, certs, security,
                                 "localhost")) as one:
            assert one.ask("imap") == "imap refused"
            assert "PREAUTH" in one.said()
        never_logged_in(server)


def test_the_clear_is_for_this_machine_only(secret):
    # TEST-NET-1 (RFC 5737): refused before anything is sent to it.
    with probe(**imap_config(143, secret, host="192.0.2.1")) as one:
        assert one.ask("imap", 5) == "imap refused"
        assert "not this machine" in one.said()
    with probe(**smtp_config(25, host="192.0.2.1")) as one:
        assert one.ask("smtp", 5).startswith("smtp refused connect")


def test_smtp_never_sends_a_password_in_clear(secret):
    with serving(smtp_server()) as server:
        with probe(**smtp_config(server.port, secret)) as one:
            assert one.ask("smtp").startswith("smtp refused connect")
        assert b"AUTH" not in server.wire()


# ---- hostile IMAP ------------------------------------------------------------

SMALL = b"Subject: a\r\n\r\nb\r\n"


def fetched(uid, raw, number=1):
    return b"* %d FETCH (UID %d BODY[] {%d}\r\n%s)\r\n" % (
        number, uid, len(raw), raw)


def dialogue(secret, answers, *commands, greeting=b"* OK hello\r\n",
             seconds=DEADLINE):
    """What the probe answers to commands, with its memory at the end."""
    with serving(imap_server(answers, greeting)) as server:
        with probe(**imap_config(server.port, secret)) as one:
            heard = [one.ask(c, seconds) for c in ("imap",) + commands]
            memory = int(one.ask("rss").split()[2])
    return heard, memory


def endless(text):
    """Sends text for ever, until the other side has had enough."""

    def play(line, _tag, _command):
        while True:
            line.send(text)

    return play


HOSTILE = {
    "a literal of 4 GiB": b"* 1 FETCH (UID 1 BODY[] {4294967295}\r\nabc",
    "a literal beyond 64 bits":
        b"* 1 FETCH (UID 1 BODY[] {99999999999999999999}\r\nabc",
    "a literal of 60 MiB": b"* 1 FETCH (UID 1 BODY[] {62914560}\r\n",
    "a literal that is not whole": b"* 1 FETCH (UID 1 BODY[] {12 }\r\nabc",
    "a negative literal": b"* 1 FETCH (UID 1 BODY[] {-1}\r\nabc",
    "a literal in a status": b"* OK {4294967295}\r\nTAG OK\r\n",
    "a literal in a list": b'* LIST () "/" {4294967295}\r\nTAG OK\r\n',
    "an unclosed quote": b'* 1 FETCH (UID 1 BODY[] "abc {9}\r\nTAG OK\r\n',
    "an endless line": endless(b"a" * 65536),
    "endless lines": endless(b"* OK still here\r\n" * 4096),
    "endless fetches": endless(b"* 1 FETCH (FLAGS ())\r\n" * 4096),
    "endless numbers": endless(b"* SEARCH" + b" 1" * 65536 + b"\r\n"),
    "deep parentheses":
        b"* 1 FETCH (BODYSTRUCTURE " + b"(" * 200000 + b"\r\nTAG OK\r\n",
    "deep parentheses behind quotes":
        b"* 1 FETCH (BODYSTRUCTURE " + b'("))")' * 50000 + b"\r\nTAG OK\r\n",
    "deep parentheses in a thread": b"* THREAD " + b"(" * 200000 + b"\r\n",
    "a search with extras": b"* SEARCH 1 (MODSEQ 5)\r\nTAG OK done\r\n",
    "a zero byte": b"* OK a\0b\r\nTAG OK\r\n",
    "BYE": b"* BYE go away\r\n",
    "another's tag": b"x9 OK done\r\n",
    "no tag": b"OK done\r\n",
    "a continuation": b"+ go on\r\n",
    "nonsense": b"\x80\xff\xfe)(*&^%$\r\n",
    "an empty line": b"\r\n",
    "only the end of a line": b"\n",
    "nothing": b"",
}


# Stopped by our own rule, and not by the end of the stream or libetpan.
REASONS = {
    "a literal of 4 GiB": "a literal larger than was asked",
    "a literal beyond 64 bits": "a malformed literal",
    "a literal of 60 MiB": "a literal larger than was asked",
    "a literal that is not whole": "a malformed literal",
    "a negative literal": "a malformed literal",
    "a literal in a status": "a literal outside FETCH",
    "a literal in a list": "a literal outside FETCH",
    "an unclosed quote": "a quoted string cut short",
    "an endless line": "an answer without end",
    "endless lines": "an answer without end",
    "endless fetches": "an answer without end",
    "endless numbers": "an answer without end",
    "deep parentheses": "parentheses too deep",
    "deep parentheses behind quotes": "parentheses too deep",
    "deep parentheses in a thread": "parentheses too deep",
    "a search with extras": "a search answer with extras",
    "a zero byte": "a zero byte in a line",
    "BYE": "closed by the server",
    "nothing": "closed by the server",
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("command", ["uids", "fetch 1", "mark 1", "move 1",
                                     "sizes 1"])
def test_nonsense_ends_the_session_and_costs_little(name, command, secret):
    answer = HOSTILE[name]

    def play(line, tag, rest):
        if callable(answer):
            answer(line, tag, rest)
        line.send(answer.replace(b"TAG", tag))
        return True  # and closes

    with serving(imap_server({"UID ": play})) as server:
        with probe(**imap_config(server.port, secret)) as one:
            assert one.ask("imap") == "imap ok 7 1"
            assert one.ask(command) == command.split()[0] + " temporary"
            # dead: says so at once, and for every command
            assert one.ask("uids", 2) == "uids temporary"
            assert one.ask("idle 1000 0", 2) == "idle temporary"
            assert int(one.ask("rss").split()[2]) < 120 * 1024
            assert one.said().count("session ended") == 1
            assert "session ended: " + REASONS.get(name, "") in one.said()


@pytest.mark.parametrize("greeting", [
    b"", b"* BYE full\r\n", b"HTTP/1.1 400 Bad\r\n", b"* OK {9999999}\r\n",
    b"220 smtp\r\n", b"\0\0\0\0\r\n", b"* OK " + b"(" * 1000 + b"\r\n"])
def test_a_strange_greeting_is_no_login(greeting, secret):
    def play(line):
        line.send(greeting)

    with serving(play) as server:
        with probe(**imap_config(server.port, secret)) as one:
            assert one.ask("imap") == "imap temporary"
        never_logged_in(server)


def test_every_byte_a_fetch_can_be_cut_at_stores_nothing(secret):
    raw = b"Subject: cut\r\n\r\n" + b"0123456789abcdef\r\n" * 8
    whole = fetched(1, raw) + fetched(2, SMALL, 2)
    full = len(whole) + len(b"6 OK done\r\n")
    results = {}

    for cut in list(range(0, full, 7)) + [full - 1]:
        def play(line, tag, _command, cut=cut):
            answer = whole + tag + b" OK done\r\n"
            assert len(answer) == full
            line.send(answer[:cut])
            return True

        heard, _ = dialogue(secret, {"UID FETCH": play}, "fetch 1,2")
        results[cut] = heard[1]
    assert set(results.values()) == {"fetch temporary"}, results


def test_the_same_answer_uncut_is_taken(secret):
    raw = b"Subject: cut\r\n\r\n" + b"0123456789abcdef\r\n" * 8
    heard, _ = dialogue(
        secret, {"UID FETCH": fetched(1, raw) + fetched(2, SMALL, 2) +
                 b"TAG OK done\r\n"}, "fetch 1,2")
    assert heard[1] == f"fetch ok 1:{digest(raw)} 2:{digest(SMALL)}"


def test_only_what_was_asked_and_came_whole_counts(secret):
    answers = (
        fetched(9, b"not asked for")
        + b"* 1 FETCH (FLAGS (\\Seen))\r\n"          # unsolicited
        + b"* 2 EXPUNGE\r\n* 5 EXISTS\r\n* 1 RECENT\r\n"
        + b"* 1 FETCH (BODY[] {3}\r\nabc)\r\n"       # whose?
        + b"* 1 FETCH (BODY[] {17}\r\n" + SMALL[:17] + b" UID 1)\r\n"
        + b"* 2 FETCH (UID 2 BODY[] NIL)\r\n"
        + b"* 3 FETCH (UID 3 BODY[TEXT] {1}\r\na)\r\n"
        + b"* 4 FETCH (UID 4 BODY[]<5> {1}\r\na)\r\n"
        + b"* 5 FETCH (UID 5 BODY[] {1}\r\na BODY[] {1}\r\nb)\r\n"
        + b"* 6 FETCH (UID 6 RFC822 {1}\r\na BODY[] {1}\r\nb)\r\n"
        + b'* 7 FETCH (UID 7 BODY[] "quoted (ok) \\"x\\"")\r\n'
        + b"* 8 FETCH (UID 8 BODY[] {0}\r\n)\r\n"
        + fetched(1, b"the same again")
        + b"TAG OK done\r\n")
    heard, _ = dialogue(secret, {"UID FETCH": answers}, "fetch 1:8,10")
    assert heard[1] == " ".join([
        "fetch ok", "1:" + digest(SMALL[:17]),
        "7:" + digest(b'quoted (ok) "x"'), "8:" + digest(b"")])


def test_a_fetch_of_mail_that_is_gone_finds_the_others(secret):
    heard, _ = dialogue(
        secret, {"UID FETCH 1,3": fetched(3, SMALL) +
                 b"TAG NO [EXPUNGEISSUED] some are gone\r\n",
                 "UID FETCH": b"TAG OK done\r\n"},
        "fetch 1,3", "fetch 7", "piece 7 0 100", "header 7", "sizes 7")
    assert heard[1:] == [f"fetch ok 3:{digest(SMALL)}", "fetch ok",
                         "piece not_found", "header not_found", "sizes ok -1"]


def test_a_piece_larger_than_asked_is_refused(secret):
    heard, _ = dialogue(
        secret, {"UID FETCH": b"* 1 FETCH (UID 1 BODY[]<0> {101}\r\n" +
                 b"a" * 101 + b")\r\nTAG OK done\r\n"}, "piece 1 0 100")
    assert heard[1] == "piece temporary"


def test_silence_about_capabilities_is_having_none(secret):
    heard, _ = dialogue(secret, {"CAPABILITY": b"TAG OK done\r\n"},
                        "idle 100 0")
    assert heard == ["imap ok 7 0", "idle ok 1"]


def test_a_declined_idle_is_not_asked_for_again(secret):
    with serving(imap_server({**NO_MAIL,
                              "IDLE": b"TAG NO not now\r\n"})) as server:
        with probe(**imap_config(server.port, secret)) as one:
            assert [one.ask(c) for c in (
                "imap", "uids", "idle 300 0", "idle 100 0")][2:] == [
                    "idle ok 0", "idle ok 0"]
        assert server.wire().count(b"IDLE") == 1


def test_uids_come_sorted_and_once(secret):
    heard, _ = dialogue(
        secret, {"UID SEARCH": b"* SEARCH 9 2 2\r\n* SEARCH 4294967295 0 3\r\n"
                 b"TAG OK done\r\n"}, "uids")
    assert heard[1] == "uids ok 4 2 3 9 4294967295"


def test_a_mailbox_of_many_is_listed_in_chunks(secret):
    asked = []

    def play(line, tag, command):
        first, last = re.match(rb"UID SEARCH (\d+):(\S+)", command).groups()
        asked.append((int(first), last))
        end = 120000 if last == b"*" else int(last)
        line.send(b"* SEARCH " + b" ".join(
            b"%d" % (n * 3) for n in range(int(first), end + 1)) +
            b"\r\n" + tag + b" OK done\r\n")

    with serving(imap_server({
            "SELECT": b"* 120000 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n"
                      b"TAG OK [READ-WRITE] ok\r\n",
            "UID SEARCH": play})) as server:
        with probe(**imap_config(server.port, secret)) as one:
            assert one.ask("imap") == "imap ok 7 1"
            assert one.ask("uids").startswith("uids ok 120000 3 6 9 ")
            assert int(one.ask("rss").split()[2]) < 80 * 1024
    assert asked == [(1, b"50000"), (50001, b"100000"), (100001, b"*")]


def test_sets_are_short_and_split(secret):
    asked = []

    def play(line, tag, command):
        asked.append(command.split()[2].decode())
        line.send(tag + b" OK done\r\n")

    scattered = ",".join(str(n) for n in range(1, 1400, 2))
    dialogue(secret, {"UID STORE": play}, "mark 1:5,7,9:10", "mark " +
             scattered, "mark 1:12000")
    assert asked[0] == "1:5,7,9:10"
    assert ",".join(asked[1:4]) == scattered
    assert all(len(a) < 8000 for a in asked)
    assert asked[4:] == ["1:10000", "10001:12000"]


def test_a_refused_keyword_leaves_seen(secret):
    asked = []

    def play(line, tag, command):
        asked.append(command)
        line.send(tag + (b" NO no keywords\r\n" if b"$" in command
                         else b" OK done\r\n"))

    heard, _ = dialogue(secret, {"UID STORE": play}, "mark 1:2", "mark 3")
    assert heard[1:] == ["mark ok", "mark ok"]
    assert asked == [b"UID STORE 1:2 +FLAGS.SILENT (\\Seen $OuvReceived)",
                     b"UID STORE 1:2 +FLAGS.SILENT (\\Seen)",
                     b"UID STORE 3 +FLAGS.SILENT (\\Seen)"]


@pytest.mark.parametrize("capabilities,expected", [
    (b"IMAP4rev1 MOVE UIDPLUS", ["UID MOVE 1:2"]),
    (b"IMAP4rev1 UIDPLUS", ["UID COPY 1:2", "UID STORE 1:2", "UID EXPUNGE"]),
    (b"IMAP4rev1", []),
])
def test_moving_uses_what_the_server_has(capabilities, expected, secret):
    with serving(imap_server(capabilities=capabilities)) as server:
        with probe(**imap_config(server.port, secret)) as one:
            assert one.ask("imap") == f"imap ok 7 {int(bool(expected))}"
            assert one.ask("move 1:2") == (
                "move ok" if expected else "move refused")
        done = re.findall(r"UID \w+(?: 1:2)?", server.wire().decode())
        assert [d for e, d in zip(expected, done) if not d.startswith(e)] == []
        assert len(done) == len(expected)


def test_a_missing_target_is_created_and_the_move_repeated(secret):
    state = {"made": False}

    def create(line, tag, _):
        state["made"] = True
        line.send(tag + b" OK done\r\n")

    def move(line, tag, _):
        line.send(tag + (b" OK done\r\n" if state["made"] else
                         b" NO [TRYCREATE] no such mailbox\r\n"))

    heard, _ = dialogue(secret, {"CREATE Processed": create,
                                 "UID MOVE": move}, "move 1")
    assert heard[1] == "move ok" and state["made"]


@pytest.mark.parametrize("answer,expected", [
    (b"TAG NO [AUTHENTICATIONFAILED] caixa, caixa@example.org\r\n",
     "refused"),
    (b"TAG NO [UNAVAILABLE] later\r\n", "temporary"),
    (b"* BYE too many\r\n", "temporary"),
])
def test_a_failed_login_says_whether_to_try_again(answer, expected, secret):
    def play(line, tag, _):
        line.send(answer.replace(b"TAG", tag))
        return True

    # Probe.end() checks that the address in the answer is not in the log.
    heard, _ = dialogue(secret, {"LOGIN": play})
    assert heard == ["imap " + expected]


def test_nobody_listening_is_for_later(secret):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with probe(**imap_config(port, secret), **smtp_config(port)) as one:
        assert one.ask("imap", 5) == "imap temporary"
        assert one.ask("smtp", 5).startswith("smtp temporary connect 0")


def test_what_the_server_says_is_logged_without_addresses(secret):
    with serving(imap_server({
            "SELECT": b"TAG NO quota of ana@example.org is gone\r\n"
            })) as server:
        with probe(**imap_config(server.port, secret)) as one:
            assert one.ask("imap") == "imap refused"
            assert "no: quota of [...] is gone" in one.said()


@pytest.mark.parametrize("answers", [
    {"SELECT": b"TAG NO no such mailbox\r\n"},
    {"SELECT": b"* 1 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n"
               b"TAG OK [READ-ONLY] done\r\n"},
    {"SELECT": b"* 1 EXISTS\r\nTAG OK [READ-WRITE] done\r\n"},
    {"LIST": b"TAG OK none\r\n", "CREATE": b"TAG NO may not\r\n"},
])
def test_a_mailbox_that_cannot_serve_is_refused(answers, secret):
    heard, _ = dialogue(secret, answers)
    assert heard == ["imap refused"]


def idling(text, later=b""):
    """IDLE answered with text, and with later once half a second passed."""

    def play(line, tag, _):
        line.send(text)
        timer = threading.Timer(0.5, line.send, [later])
        timer.start()
        assert line.read() == b"DONE"
        timer.cancel()
        line.send(tag + b" OK done\r\n")

    return play


NO_MAIL = {"UID SEARCH": b"* SEARCH\r\nTAG OK done\r\n"}


@pytest.mark.parametrize("text,later", [
    (b"* 9 EXISTS\r\n+ idling\r\n", b""),
    (b"+ idling\r\n* 9 EXISTS\r\n", b""),
    (b"+ idling\r\n", b"* 9 EXISTS\r\n"),
])
def test_idle_hears_mail_before_with_and_after_its_continuation(text, later,
                                                                secret):
    begun = time.monotonic()
    heard, _ = dialogue(secret, {**NO_MAIL, "IDLE": idling(text, later)},
                        "uids", "idle 20000 0")
    assert heard[2] == "idle ok 1"
    assert time.monotonic() - begun < 15  # of twenty


def test_idle_is_not_woken_by_chatter(secret):
    begun = time.monotonic()
    heard, _ = dialogue(
        secret, {**NO_MAIL, "IDLE": idling(
            b"+ idling\r\n", b"* OK Still here\r\n* 1 EXPUNGE\r\n")},
        "uids", "idle 1200 0")
    assert heard[2] == "idle ok 0"
    assert time.monotonic() - begun > 1.1


def test_mail_that_comes_during_a_command_ends_the_next_wait(secret):
    heard, _ = dialogue(
        secret, {**NO_MAIL, "IDLE": idling(b"+ idling\r\n"),
                 "UID STORE": b"* 1 EXPUNGE\r\n* 3 EXISTS\r\nTAG OK ok\r\n"},
        "uids", "mark 1", "idle 20000 0", "uids", "idle 300 0")
    assert heard[3] == "idle ok 1" and heard[5] == "idle ok 0"


def test_without_idle_the_wait_ends_with_a_noop(secret):
    with serving(imap_server({**NO_MAIL,
                              "NOOP": b"* 9 EXISTS\r\nTAG OK done\r\n"},
                             capabilities=b"IMAP4rev1 MOVE")) as server:
        with probe(**imap_config(server.port, secret)) as one:
            assert [one.ask(c) for c in ("imap", "uids", "idle 300 0")] == [
                "imap ok 7 1", "uids ok 0", "idle ok 1"]
        assert b"IDLE" not in server.wire()


def test_another_descriptor_ends_the_wait(secret):
    with serving(imap_server({**NO_MAIL,
                              "IDLE": idling(b"+ idling\r\n")})) as server:
        with probe(**imap_config(server.port, secret)) as one:
            assert one.ask("imap") == "imap ok 7 1"
            assert one.ask("uids") == "uids ok 0"
            one.tell("idle 20000 1")
            one.tell("rss")  # makes its standard input readable
            assert one.hear(5) == "idle ok 2"
            assert one.hear(5).startswith("rss ok")


def test_a_server_gone_while_idle_is_noticed_at_once(secret):
    def play(line, _tag, _command):
        line.send(b"+ idling\r\n* BYE going down\r\n")
        return True

    begun = time.monotonic()
    heard, _ = dialogue(secret, {**NO_MAIL, "IDLE": play}, "uids",
                        "idle 20000 0")
    assert heard[2] == "idle temporary"
    assert time.monotonic() - begun < 15  # of twenty


# ---- SMTP --------------------------------------------------------------------

LETTER = (b"From: <a@example.org>\r\nSubject: x\r\n\r\n"
          b".one dot\r\n..two\r\nlast\r\n")
SEND = "send a@example.org b@example.com "


@pytest.fixture(scope="module")
def letter(area):
    path = area / "letter"
    path.write_bytes(LETTER)
    return path


def sending(answers, letter, *lines, dot=5, received=None, **server_words):
    with serving(smtp_server(answers, received=received,
                             **server_words)) as server:
        with probe(**smtp_config(server.port, dot=dot)) as one:
            heard = [one.ask(c) for c in ("smtp",) + lines]
        return heard, server.wire()


def test_two_letters_in_one_session_arrive_as_they_were(letter):
    received = []
    heard, wire = sending({}, letter, f"{SEND}{letter}",
                          f"send - c@example.com {letter}",
                          received=received)
    assert heard == ["smtp ok connect 250 relay STARTTLS SIZE 1000000 DSN "
                     "AUTH PLAIN LOGIN HELP",
                     "send ok dot 250 queued as 42",
                     "send ok dot 250 queued as 42"]
    text = wire.split(b"\r\n")
    size = b" SIZE=%d" % len(LETTER)
    assert text[1] == b"MAIL FROM:<a@example.org> RET=HDRS" + size
    assert text[2] == b"RCPT TO:<b@example.com>"
    assert b"RSET" in text
    assert b"MAIL FROM:<> RET=HDRS" + size in text
    assert b"RCPT TO:<c@example.com> NOTIFY=NEVER" in text
    assert text[-2] == b"QUIT"
    unstuffed = [b"\r\n".join(t[1:] if t.startswith(b".") else t
                              for t in body) + b"\r\n" for body in received]
    assert unstuffed == [LETTER, LETTER]


COMMANDS = {"MAIL": "mail", "RCPT": "rcpt", "DATA": "data", "dot": "dot"}


@pytest.mark.parametrize("code,word", [(421, "temporary"), (450, "temporary"),
                                       (452, "temporary"), (550, "refused"),
                                       (554, "refused"), (599, "refused")])
@pytest.mark.parametrize("command", COMMANDS)
def test_a_refusal_is_told_with_its_phase(command, code, word, letter):
    received = []
    heard, wire = sending({command: b"%d-no\r\n%d 5.0.0 no\r\n" % (code,
                                                                   code)},
                          letter, f"{SEND}{letter}", received=received)
    over = " (session over)" if code == 421 else ""
    assert heard[1] == (f"send {word} {COMMANDS[command]} {code} no 5.0.0 no"
                        + over)
    assert len(received) == (command == "dot")
    if command in ("MAIL", "RCPT"):
        assert b"DATA" not in wire


@pytest.mark.parametrize("command,code,word", [
    ("greeting", 421, "temporary"), ("greeting", 554, "refused"),
    ("EHLO", 421, "temporary"), ("EHLO", 550, "refused")])
def test_a_refused_session_is_the_relays_fault(command, code, word, letter):
    heard, _ = sending({command: b"%d no\r\n" % code}, letter)
    assert heard[0].startswith(f"smtp {word} connect {code}")


@pytest.mark.parametrize("command", ["greeting", "EHLO"] + list(COMMANDS))
def test_a_line_cut_after_a_command_is_lost_in_its_phase(command, letter):
    heard, _ = sending({command: lambda line: True}, letter,
                       f"{SEND}{letter}")
    if command in ("greeting", "EHLO"):
        assert heard[0].startswith("smtp temporary connect 0")
        assert heard[1] == "send not_open"
    else:
        assert heard[1] == (f"send temporary {COMMANDS[command]} 0 closed by "
                            "the server (session over)")


def test_after_a_loss_nothing_more_is_said(letter):
    heard, wire = sending({"dot": lambda line: True}, letter,
                          f"{SEND}{letter}", f"{SEND}{letter}")
    assert heard[2] == "send temporary connect 0 session lost (session over)"
    assert wire.count(b"MAIL") == 1


def drip(line):
    """A byte now and then: never silent for long, never done."""
    with contextlib.suppress(OSError):
        for _ in range(200):
            line.send(b"2")
            time.sleep(0.2)
    return True


@pytest.mark.parametrize("hang", ["silent", "dripping"])
def test_a_hang_after_the_dot_ends_by_the_clock(hang, letter):
    begun = time.monotonic()
    heard, _ = sending(
        {"dot": (lambda line: line.read() is None) if hang == "silent"
         else (lambda line: [line.send(b"250-"), drip(line)][1])},
        letter, f"{SEND}{letter}", dot=2)
    took = time.monotonic() - begun
    assert heard[1] == ("send temporary dot 0 no answer in time "
                        "(session over)")
    assert 1.5 < took < 20  # it drips for forty


def test_a_line_lost_inside_the_data_is_not_the_dot(area):
    big = area / "big"
    big.write_bytes(b"a" * 60 + b"\r\n")
    with big.open("ab") as f:
        for _ in range(200000):
            f.write(b"b" * 60 + b"\r\n")

    with serving(takes_a_little) as server:
        with probe(**smtp_config(server.port, dot=5)) as one:
            assert one.ask("smtp").startswith("smtp ok")
            assert one.ask(f"{SEND}{big}").startswith("send temporary data 0")


def takes_a_little(line):
    """Reads the beginning of the message and is gone."""
    line.send(b"220 relay\r\n")
    while (command := line.read()) is not None:
        if command == b"DATA":
            line.send(b"354 go on\r\n")
            line.sock.recv(1000)
            line.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                                 b"\1\0\0\0\0\0\0\0")
            return
        line.send(b"250 done\r\n")


@pytest.mark.parametrize("sender,recipient", [
    ("a@example.org", "b@example.com%0d%0aRCPT%20TO:<c@example.com>"),
    ("a@example.org%0aDATA", "b@example.com"),
    ("a@example.org", "b@example.com>%20NOTIFY=SUCCESS"),
    ("a@example.org", "x" * 300 + "@example.com"),
    ("a@example.org", "-"),
    ("a@example.org", "b"),
    ("a@example.org", "jos\u00e9@example.com"),
])
def test_an_address_that_injects_is_refused_before_the_wire(sender, recipient,
                                                            letter):
    heard, wire = sending({}, letter, f"send {sender} {recipient} {letter}",
                          f"{SEND}{letter}")
    assert heard[1].startswith("send invalid connect 0 address")
    # the session is unharmed and saw only the good one
    assert heard[2].startswith("send ok dot 250")
    assert wire.count(b"MAIL FROM") == wire.count(b"RCPT TO") == 1


def test_a_letter_above_the_servers_size_stays_here(area, letter):
    big = area / "over"
    big.write_bytes(b"a\r\n" * 400000)
    eight = area / "eight"
    eight.write_bytes("Subject: \u00e9\r\n".encode())
    heard, wire = sending({}, letter, f"{SEND}{big}", f"{SEND}{eight}")
    assert heard[1].startswith("send invalid connect 0 message above")
    assert heard[2].startswith("send invalid connect 0 message is not 7-bit")
    assert b"MAIL" not in wire


NONSENSE = {
    "an empty line": b"\r\n", "only the end": b"\n", "words": b"hello\r\n",
    "two digits": b"25\r\n", "four digits": b"2500 x\r\n",
    "an endless line": b"250-" + b"a" * 100000,
    "endless lines": b"250-more\r\n" * 20000, "a number": b"4346-x\r\n",
    "zeroes": b"\0\0\0\0\r\n"}


@pytest.mark.parametrize("name", NONSENSE)
@pytest.mark.parametrize("command", ["greeting", "EHLO", "MAIL", "dot"])
def test_nonsense_from_a_relay_ends_the_session(command, name, letter):
    heard, _ = sending({command: NONSENSE[name]}, letter, f"{SEND}{letter}", dot=3)
    last = heard[0] if command in ("greeting", "EHLO") else heard[1]
    assert last.split()[1:4:2] == ["temporary", "0"], heard


def test_a_tab_in_the_auth_line_is_no_endless_loop(letter):
    heard, _ = sending({}, letter, f"{SEND}{letter}",
                       offers=(b"AUTH PLAIN\tLOGIN", b"AUTH \t", b"AUTH=\t"))
    assert heard[1].startswith("send ok dot 250")


def test_a_reply_is_printable_and_cut(letter):
    heard, _ = sending({"MAIL": b"550 a\x01b\xc3\xa9\x7f" + b"c" * 1500 +
                        b"\r\n"}, letter, f"{SEND}{letter}")
    assert heard[1].startswith("send refused mail 550 a?b???ccc")
    assert len(heard[1]) < 540


# ---- a real server -----------------------------------------------------------


def unprivileged():
    """A user Dovecot can run as when the test is root."""
    names = ("dovecot", "mail", "nobody") if os.getuid() == 0 else (
        pwd.getpwuid(os.getuid()).pw_name,)
    for name in names:
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise AssertionError("no user to run Dovecot as")


DOVECOT_CONF = """
protocols = imap lmtp
listen = 127.0.0.1
base_dir = {dir}/run
state_dir = {dir}/run
log_path = {dir}/log
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
first_valid_uid = 1
first_valid_gid = 1
mail_location = maildir:{dir}/mail/%u
ssl = yes
ssl_cert = <{cert}
ssl_key = <{cert}
passdb {{
  driver = passwd-file
  args = {dir}/users
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={dir}/home/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
service lmtp {{
  inet_listener lmtp {{
    port = {lmtp}
  }}
}}
protocol lmtp {{
  postmaster_address = postmaster@example.org
}}
"""


class Dovecot:
    def __init__(self, folder, certs):
        self.dir = folder / "dovecot"
        self.dir.mkdir()
        user = unprivileged()
        self.imap, self.imaps, self.lmtp = (free_port() for _ in "123")
        for name in ("mail", "home"):
            (self.dir / name).mkdir()
            os.chown(self.dir / name, user.pw_uid, user.pw_gid)
        (self.dir / "users").write_text(f"{USER}:{{PLAIN}}{PASSWORD}\n")
        (self.dir / "users").chmod(0o644)
        conf = self.dir / "conf"
        conf.write_text(DOVECOT_CONF.format(
            dir=self.dir, user=user.pw_name, uid=user.pw_uid, gid=user.pw_gid,
            group=__import__("grp").getgrgid(user.pw_gid).gr_name,
            cert=certs.good, imap=self.imap, imaps=self.imaps,
            lmtp=self.lmtp))
        self.process = subprocess.Popen(["/usr/sbin/dovecot", "-F", "-c",
                                         conf])
        self.wait_for_port()

    def wait_for_port(self):
        end = time.monotonic() + DEADLINE
        while time.monotonic() < end and self.process.poll() is None:
            with contextlib.suppress(OSError):
                for port in (self.imap, self.imaps, self.lmtp):
                    socket.create_connection(("127.0.0.1", port), 1).close()
                return
            time.sleep(0.05)
        raise AssertionError((self.dir / "log").read_text())

    def deliver(self, *mails):
        with smtplib.LMTP("127.0.0.1", self.lmtp) as lmtp:
            for mail in mails:
                lmtp.sendmail("ana@example.org", [USER], mail)

    def stop(self):
        self.process.terminate()
        self.process.wait(DEADLINE)


@pytest.fixture(scope="module")
def real(area, certs):
    server = Dovecot(area, certs)
    yield server
    server.stop()


def mail(n, size=500):
    return (b"From: Ana <ana@example.org>\r\nSubject: n %d\r\n\r\n" % n +
            b"x" * 70 + b"\r\n" + b"y\r\n" * (size // 3))


def plain_imap(real):
    import imaplib
    client = imaplib.IMAP4("127.0.0.1", real.imap)
    client.starttls(ssl._create_unverified_context())
    client.login(USER, PASSWORD)
    client.select("INBOX")
    return client


@pytest.fixture
def box(real):
    """An empty mailbox; the client is a person's other program."""
    client = plain_imap(real)
    client.create("Processed")
    for name in ("Processed", "INBOX"):
        if client.select(name)[1] != [b"0"]:
            client.store("1:*", "+FLAGS", "\\Deleted")
            client.expunge()
    yield client
    client.logout()


def bodies(client):
    """uid -> bytes as another IMAP client sees them."""
    client.noop()
    _, data = client.uid("FETCH", "1:*", "(BODY.PEEK[])")
    return {int(re.search(rb"UID (\d+)", part[0])[1]): part[1]
            for part in data if isinstance(part, tuple)}


@contextlib.contextmanager
def at_work(real, certs, secret, security="tls"):
    port = real.imaps if security == "tls" else real.imap
    with probe(**imap_config(port, secret, certs, security,
                             "localhost")) as one:
        assert one.ask("imap").startswith("imap ok ")
        yield one


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_mails_are_listed_fetched_flagged_and_moved(security, real, box, certs,
                                                    secret):
    real.deliver(*(mail(n, 300 * n) for n in range(1, 6)))
    there = bodies(box)
    uids = sorted(there)
    with at_work(real, certs, secret, security) as one:
        assert one.ask("uids") == "uids ok 5 " + " ".join(map(str, uids))
        wanted = ",".join(map(str, uids))
        assert one.ask("sizes " + wanted) == "sizes ok " + " ".join(
            str(len(there[u])) for u in uids)
        assert one.ask("fetch " + wanted) == "fetch ok " + " ".join(
            f"{u}:{digest(there[u])}" for u in uids)
        assert box.uid("SEARCH", "UNSEEN")[1][0].split() == [
            str(u).encode() for u in uids]  # fetching marks nothing
        last = there[uids[-1]]
        assert one.ask(f"piece {uids[-1]} 100 50") == (
            f"piece ok {digest(last[100:150])}")
        assert one.ask(f"piece {uids[-1]} 100 5000") == (
            f"piece ok {digest(last[100:])}")
        assert one.ask(f"header {uids[0]}") == "header ok " + digest(
            there[uids[0]].split(b"\r\n\r\n")[0] + b"\r\n\r\n")
        assert one.ask("mark " + wanted) == "mark ok"
        flags = box.uid("FETCH", wanted, "(FLAGS)")[1]
        assert all(b"\\Seen" in f and b"$OuvReceived" in f for f in flags)
        assert one.ask(f"move {uids[0]},{uids[2]}") == "move ok"
        assert one.ask("uids").split()[3:] == [
            str(uids[i]) for i in (1, 3, 4)]
    assert box.select("Processed")[1] == [b"2"]
    assert len(bodies(box)) == 2


def test_mails_that_others_expunged_are_absent(real, box, certs, secret):
    real.deliver(*(mail(n) for n in range(6)))
    with at_work(real, certs, secret) as one:
        uids = one.ask("uids").split()[3:]
        box.noop()
        box.uid("STORE", uids[1] + "," + uids[4], "+FLAGS", "\\Deleted")
        box.expunge()
        heard = one.ask("fetch " + ",".join(uids)).split()
        assert heard[:2] == ["fetch", "ok"]
        assert [h.split(":")[0] for h in heard[2:]] == [
            uids[i] for i in (0, 2, 3, 5)]
        assert one.ask(f"piece {uids[1]} 0 10") == "piece not_found"
        assert one.ask("uids").split()[2] == "4"


def test_idle_wakes_within_a_second_of_a_mail(real, box, certs, secret):
    with at_work(real, certs, secret) as one:
        assert one.ask("uids") == "uids ok 0"
        took = []
        for n in range(3):
            one.tell("idle 20000 0")
            # give IDLE its start; what comes earlier is heard as well
            time.sleep(0.3 * n)
            real.deliver(mail(n))
            begun = time.monotonic()
            assert one.hear(10) == "idle ok 1"
            took.append(time.monotonic() - begun)
            assert one.ask("uids").split()[2] == str(n + 1)
        assert min(took) < 1  # the machine has other work, too
        assert one.ask("idle 200 0") == "idle ok 0"


def test_old_processed_mail_is_expunged_and_new_kept(real, box, certs, secret):
    real.deliver(mail(1), mail(2))
    with at_work(real, certs, secret) as one:
        uids = one.ask("uids").split()[3:]
        assert one.ask("move " + uids[0]) == "move ok"
        assert one.ask("expunge 7 0") == "expunge ok 0"
        # nine days later
        assert one.ask(f"expunge 7 {9 * 86400}") == "expunge ok 1"
        # and we are back where we were
        assert one.ask("uids").split()[3:] == uids[1:]
    assert box.select("Processed")[1] == [b"0"]


def test_a_batch_of_eight_mebibytes_and_a_mail_of_thirty(real, box, certs,
                                                         secret):
    real.deliver(*(mail(n, 80000) for n in range(100)))
    there = bodies(box)
    uids = sorted(there)
    with at_work(real, certs, secret) as one:
        assert one.ask("uids").split()[2] == "100"
        begun = time.monotonic()
        heard = one.ask(f"fetch {uids[0]}:{uids[-1]}")
        took = time.monotonic() - begun
        assert heard == "fetch ok " + " ".join(
            f"{u}:{digest(there[u])}" for u in uids)
        print(f"8 MB in {took:.2f} s")
        real.deliver(mail(0, 30 << 20))
        large = max(bodies(box))
        whole = bodies(box)[large]
        assert one.ask("idle 20000 0") == "idle ok 1"
        assert one.ask("uids").split()[2] == "101"
        assert one.ask(f"sizes {large}") == f"sizes ok {len(whole)}"
        assert one.ask(f"fetch {large}") == (
            f"fetch ok {large}:{digest(whole)}")
        # a scratch buffer that doubles, and the copy in the arena; the
        # sanitizer keeps what was freed
        if b"__asan_init" not in PROBE.read_bytes():
            assert int(one.ask("rss").split()[2]) < 150 * 1024


def test_a_wrong_password_is_refused_once(real, certs, area):
    wrong = area / "wrong"
    wrong.write_text("not it")
    wrong.chmod(0o600)
    with probe(**imap_config(real.imaps, wrong, certs, "tls",
                             "localhost")) as one:
        assert one.ask("imap") == "imap refused"


def test_many_small_mails_come_fast(real, box, certs, secret):
    real.deliver(*(mail(n) for n in range(400)))
    with at_work(real, certs, secret) as one:
        uids = one.ask("uids").split()[3:]
        assert len(uids) == 100  # the probe prints a hundred
        begun = time.monotonic()
        for i in range(10):
            heard = one.ask(f"fetch {uids[0]}:{uids[-1]}").split()
            assert len(heard) == 102
        rate = 1000 / (time.monotonic() - begun)
        print(f"{rate:.0f} mails a second")
        assert rate > 500
