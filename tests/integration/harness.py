"""Real servers for tests: the classes of tools/ouvoffice in throw-away folders.

What `make run` starts is what the tests start.  Here are only the things that
a test needs besides: a mail server that misbehaves on command, a proxy that
cuts where it is told to, a reader of mailboxes, and fresh databases.
"""

import copy
import dataclasses
import email
import email.policy
import fcntl
import http.client
import imaplib
import itertools
import json
import os
import random
import select
import shutil
import signal
import socket
import sys
import tempfile
import threading

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(ROOT, "tools"))

from ouvoffice import accounts, conf, demo  # noqa: E402
from ouvoffice import dovecot as dovecot_module  # noqa: E402
from ouvoffice import nginx as nginx_module  # noqa: E402
from ouvoffice import postgres as postgres_module  # noqa: E402
from ouvoffice import programs, smtp as smtp_module  # noqa: E402
from ouvoffice.process import wait_until  # noqa: E402,F401

import stock  # noqa: E402
from sink import SmtpSink  # noqa: E402,F401
from tcpproxy import TcpProxy  # noqa: E402,F401

OFFICE_DOMAIN = demo.DOMAIN
OFFICE_ADDRESS = demo.OFFICE
SANITIZER_MARKS = (b"ERROR: AddressSanitizer", b"runtime error:",
                   b"WARNING: ThreadSanitizer", b"ERROR: LeakSanitizer")


_reserved = {}


def free_port():
    """A port that nobody listens on, and that nobody is given while these
    tests run: it lies below those the kernel hands to clients, and a lock on
    a file keeps the other processes of the tests from choosing it too."""
    with open("/proc/sys/net/ipv4/ip_local_port_range") as limits:
        first = int(limits.read().split()[0])
    folder = os.path.join(tempfile.gettempdir(), f"ouvports-{os.getuid()}")
    os.makedirs(folder, mode=0o700, exist_ok=True)
    for _ in range(1000):
        port = random.SystemRandom().randrange(first - 12000, first)
        if port in _reserved:
            continue
        lock = open(os.path.join(folder, str(port)), "w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            with socket.socket() as line:
                line.bind(("127.0.0.1", port))
        except OSError:
            lock.close()
            continue
        _reserved[port] = lock
        return port
    raise RuntimeError("no free port below those of the kernel")


class Folder:
    """A short temporary folder that servers with accounts of their own can
    reach; pytest's own is closed to them."""

    def __init__(self, path=None):
        self.path = path or tempfile.mkdtemp(prefix="ouv-", dir="/tmp")
        os.chmod(self.path, 0o711 if os.geteuid() == 0 else 0o700)

    def __truediv__(self, name):
        return os.path.join(self.path, name)

    def make(self, name, account=None):
        return accounts.make_folder(self / name, 0o700, account)

    def remove(self):
        shutil.rmtree(self.path, ignore_errors=True)


class Postgres(postgres_module.Postgres):
    """One cluster for a whole run of tests, on a port of its own."""

    _numbers = itertools.count(1)

    def __init__(self, folder, fsync=False):
        account = accounts.service("postgres")
        super().__init__(
            folder / "pg", folder.make("pgs", account), free_port(),
            postgres_module.new_passwords(), folder / "postgres.log",
            account=account, fsync=fsync)
        self.lines = {}

    def begin(self):
        if not self.copied():
            return self.make()
        self.start()
        return self.wait_ready()

    def make(self):
        self.finish_init(self.begin_init())
        self.start()
        self.wait_ready()
        self.ensure_roles()

    def copied(self):
        """The cluster of the run's stock, if there is one."""
        found = stock.found(make_stock)
        if found is None:
            return False
        stock.copy(found["cluster"], self.data)
        self.passwords.update(found["passwords"])
        return True

    # Tests ask again and again: a new line for each question would cost more
    # than the answer.

    def line(self, name):
        """This thread's line to a database, a new one where the last broke."""
        key = name, threading.get_ident()
        line = self.lines.get(key)
        # Nobody speaks unasked but a server that goes.
        if line is None or line.closed or select.select([line], [], [], 0)[0]:
            self.lines[key] = line = self.connect(name)
        return line

    def ensure_database(self, name, template=None):
        self.hang_up(template)
        super().ensure_database(name, template)

    def drop_database(self, name):
        self.hang_up(name)
        super().drop_database(name)

    def hang_up(self, name):
        """Nobody may be in a database that is copied."""
        for key in [key for key in self.lines if key[0] == name]:
            self.lines.pop(key).close()

    def restart(self):
        """After a kill: as the supervisor does it."""
        self.process.bury()
        self.wait_gone()
        self.start()
        self.wait_ready()

    def kill(self):
        """kill -9 of the postmaster; its backends follow by themselves."""
        self.process.kill()
        self.wait_gone()

    def fresh(self, template=None):
        """A database of a test's own."""
        name = f"test_{next(self._numbers)}"
        self.ensure_database(name, template)
        return Database(self, name)


class Database:
    """One database of the cluster, with the ways in that tests need."""

    def __init__(self, cluster, name):
        self.cluster = cluster
        self.name = name

    @property
    def dsn(self):
        """As it stands in the configuration: without user and password."""
        return self.cluster.dsn(self.name)

    def connect(self, user=postgres_module.SUPERUSER):
        return self.cluster.connect(self.name, user)

    def query(self, sql, *values, user=postgres_module.SUPERUSER):
        """All rows of one statement, or None if it has none."""
        if user == postgres_module.SUPERUSER:
            return rows_of(self.cluster.line(self.name), sql, values)
        connection = self.connect(user)
        try:
            return rows_of(connection, sql, values)
        finally:
            connection.close()

    def value(self, sql, *values):
        return self.query(sql, *values)[0][0]

    def drop(self):
        self.cluster.drop_database(self.name)


def rows_of(connection, sql, values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall() if cursor.description else None


@dataclasses.dataclass
class Mail:
    """A mail in a mailbox."""

    uid: int
    flags: tuple
    raw: bytes

    @property
    def parsed(self):
        return email.message_from_bytes(self.raw, policy=email.policy.default)

    def header(self, name):
        value = self.parsed[name]
        return None if value is None else str(value)


class Dovecot(dovecot_module.Dovecot):
    """A mail server with a mailbox each for the office, companies, others."""

    def __init__(self, folder, users=None):
        account = accounts.service("dovecot")
        names = [demo.MAILBOX, demo.CATCHALL] + [b for _, _, b, *_
                                                 in demo.COMPANIES]
        super().__init__(
            folder.make("dovecot", account), folder / "mail", folder / "dv",
            free_port(), users or {name: f"pw-{name}" for name in names},
            folder / "dovecot.log", account=account,
            failure_delay="0 secs")

    def begin(self):
        self.start()
        self.wait_ready()

    def kill(self):
        self.process.kill()

    # Dovecot takes its time to say goodbye, and loses nothing without.
    stop = kill

    def restart(self):
        self.process.bury()
        self.begin()

    def imap(self, user=demo.MAILBOX):
        line = imaplib.IMAP4("127.0.0.1", self.port, timeout=20)
        line.login(user, self.users[user])
        return line

    def mails(self, user=demo.MAILBOX, mailbox="INBOX"):
        """Every mail of a mailbox, without changing it."""
        line = self.imap(user)
        try:
            if line.select(mailbox, readonly=True)[0] != "OK":
                return []
            found = []
            for uid in line.uid("SEARCH", None, "ALL")[1][0].split():
                _, answer = line.uid("FETCH", uid, "(FLAGS BODY.PEEK[])")
                # A literal comes as a pair, what follows it as bare bytes.
                pair = next(p for p in answer if isinstance(p, tuple))
                rest = b"".join(p for p in answer if isinstance(p, bytes))
                flags = imaplib.ParseFlags(pair[0]) \
                    or imaplib.ParseFlags(rest)
                found.append(Mail(int(uid), flags, pair[1]))
            return found
        finally:
            line.logout()

    def wait_mails(self, count, user=demo.MAILBOX, mailbox="INBOX",
                   deadline=20):
        """The mails of a mailbox once there are at least so many."""
        def enough():
            mails = self.mails(user, mailbox)
            return mails if len(mails) >= count else None

        return wait_until(f"{count} mails in {user}/{mailbox}", enough,
                          deadline)

    def deliver(self, raw, user=demo.MAILBOX, sender="", recipient=None):
        """Puts a mail into a mailbox by LMTP, octet for octet; `recipient`
        becomes its Delivered-To."""
        self.deliver_many([raw], user, sender, recipient)

    def deliver_many(self, mails, user=demo.MAILBOX, sender="",
                     recipient=None):
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(20)
            line.connect(self.lmtp)
            answers = line.makefile("rb")

            def say(command, *more):
                if command:
                    line.sendall(command)
                text = answers.readline()
                while text[3:4] == b"-":
                    text = answers.readline()
                assert text.startswith(b"2"), text

            say(b"")
            say(b"LHLO tests.example\r\n")
            for raw in mails:
                if recipient:
                    raw = f"Delivered-To: {recipient}\r\n".encode() + raw
                say(f"MAIL FROM:<{sender}>\r\n".encode())
                say(f"RCPT TO:<{user}>\r\n".encode())
                say(b"BDAT %d LAST\r\n%s" % (len(raw), raw))
            line.sendall(b"QUIT\r\n")

    def recreate(self, user=demo.MAILBOX, mailbox="INBOX"):
        """The same mails under a new UIDVALIDITY, as after a move to another
        host."""
        mails = self.mails(user, mailbox)
        self.stop()
        box = os.path.join(self.mail, user)
        folder = box if mailbox == "INBOX" else os.path.join(box,
                                                             "." + mailbox)
        for name in ("cur", "new"):
            shutil.rmtree(os.path.join(folder, name), ignore_errors=True)
        for name in os.listdir(folder):
            # dovecot-uidvalidity remembers the last value, so that the next
            # is another one even within the same second.
            if name.startswith("dovecot") and "uidvalidity" not in name:
                os.unlink(os.path.join(folder, name))
        self.begin()
        line = self.imap(user)
        for mail in mails:
            line.append(mailbox, " ".join(
                flag.decode() for flag in mail.flags
                if flag != b"\\Recent"), None, mail.raw)
        line.logout()


class SmtpListener(smtp_module.SmtpListener):
    """The listener of `make run`, in front of a test's Dovecot."""

    def __init__(self, folder, dovecot, lmtp=None, **options):
        super().__init__(
            dovecot.folder, free_port(), lmtp or dovecot.lmtp, demo.domains(),
            folder / "smtp.log", account=dovecot.account,
            catchall=demo.CATCHALL, name=f"mx.{demo.DOMAIN}", **options)

    def begin(self):
        self.start()
        self.wait_ready()


class Nginx(nginx_module.Nginx):
    """The proxy with the shipped rules."""

    def __init__(self, folder, upstream, port=None, **options):
        account = accounts.service("www-data")
        super().__init__(
            folder.make("nginx", account), port or free_port(), upstream,
            folder / "nginx.log", account=account, **options)

    def begin(self):
        self.start()
        self.wait_ready()


class Server(programs.Server):
    """ouvidoria-server with a small HTTP client attached."""

    def begin(self):
        self.start()
        self.wait_ready()

    def kill(self):
        self.process.kill()

    def request(self, method, path, body=None, headers=None, timeout=30):
        """(status, headers, body) straight from the server's socket."""
        line = programs.UnixHTTP(self.socket, self.host, timeout)
        try:
            line.request(method, path, body, headers or {})
            answer = line.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            line.close()


class Gateway(programs.Gateway):
    """ouvidoria-mailgw."""

    def begin(self):
        self.start()
        self.wait_ready()

    def kill(self):
        self.process.kill()


class Template:
    """A database that is migrated, keyed and staffed, to be copied by each
    test, with the secrets that belong to it."""

    NAME = "office_template"

    def __init__(self, folder, cluster):
        self.folder = folder
        self.cluster = cluster
        self.home = folder.make("template")
        self.secrets = accounts.make_folder(os.path.join(self.home, "secrets"))
        self.offline = os.path.join(self.home, "offline")
        self.config = os.path.join(self.home, "ouvidoria.conf")
        self.staff = []

    def begin(self):
        if not self.copied():
            self.make()

    def copied(self):
        """The secrets of the run's stock; the database came with its
        cluster."""
        found = stock.found(make_stock)
        if found is None:
            return False
        shutil.rmtree(self.home)
        stock.copy(found["home"], self.home)
        self.staff = found["staff"]
        return True

    def make(self):
        self.cluster.ensure_database(self.NAME)
        for role in (postgres_module.OWNER, postgres_module.GATEWAY,
                     postgres_module.SERVER):
            accounts.write_file(os.path.join(self.secrets, f"{role}.pw"),
                                self.cluster.passwords[role] + "\n")
        accounts.write_file(os.path.join(self.secrets, "imap.pw"),
                            f"pw-{demo.MAILBOX}\n")
        conf.create(self.config, demo.OFFICE, conf.moving_keys(
            self.cluster.dsn(self.NAME), "http://127.0.0.1:1",
            "unix:/nowhere", 1, 1))
        admin = programs.Admin(self.config, self.folder / "template.log")
        admin.do("migrate")
        root = demo.new_keys(admin, self.secrets, self.offline)
        conf.adjust(self.config, {("keys", "root_public"): root})
        self.staff = demo.new_staff(admin, self.secrets, self.offline)
        stock.lighten(Database(self.cluster, self.NAME), self.config,
                      self.staff)

    def person(self, login):
        return next(p for p in self.staff if p["login"] == login)


def make_stock(path):
    """What every process of a run of tests copies; see stock.py."""
    folder = Folder(path)
    cluster = Postgres(folder)
    template = Template(folder, cluster)
    try:
        cluster.make()
        template.make()
    finally:
        cluster.stop()
    return {"cluster": cluster.data, "passwords": cluster.passwords,
            "home": template.home, "staff": template.staff}


class Office:
    """One test's office: its database, its configuration, and whichever of
    the servers the test begins.  stop() ends all and looks at the logs."""

    def __init__(self, folder, template):
        self.folder = folder
        self.template = template
        # A test may give somebody another password or device.
        self.staff = copy.deepcopy(template.staff)
        self.database = template.cluster.fresh(template.NAME)
        self.home = folder.make("office")
        shutil.copytree(template.secrets, os.path.join(self.home, "secrets"))
        self.config = os.path.join(self.home, "ouvidoria.conf")
        shutil.copy(template.config, self.config)
        self.http_port = free_port()
        self.base_url = f"http://127.0.0.1:{self.http_port}"
        self.dovecot = Dovecot(folder)
        self.sink = SmtpSink()
        socket_path = os.path.join(self.home, "server.sock")
        conf.adjust(self.config, conf.moving_keys(
            self.database.dsn, self.base_url, f"unix:{socket_path}",
            self.dovecot.port, self.sink.port))
        host = f"127.0.0.1:{self.http_port}"
        web = accounts.service("www-data")
        self.server = Server(self.config, socket_path, host,
                             folder / "server.log",
                             socket_group=web.gid if web else None)
        self.gateway = Gateway(self.config, folder / "mailgw.log")
        self.admin = programs.Admin(self.config, folder / "ouvidoria.log")
        self.nginx = Nginx(folder, f"unix:{socket_path}", self.http_port)
        if os.geteuid() == 0:
            os.chmod(self.home, 0o711)

    def set(self, **changes):
        """Changes configuration keys, written section_key=value."""
        conf.adjust(self.config, {
            tuple(name.split("_", 1)): value
            for name, value in changes.items()})

    def person(self, login):
        return next(p for p in self.staff if p["login"] == login)

    def stop(self):
        ends = {"nginx": self.nginx.stop(), "server": self.server.stop(),
                "gateway": self.gateway.stop(), "sink": self.sink.stop(),
                "dovecot": self.dovecot.stop()}
        self.database.drop()
        # -SIGKILL is ours, where one was too slow; any other signal is a fault.
        assert all(status is None or status in (0, -signal.SIGKILL)
                   for status in ends.values()), ends
        for log in ("server.log", "mailgw.log", "ouvidoria.log"):
            assert_no_sanitizer_report(self.folder / log)


def assert_no_sanitizer_report(log):
    if not os.path.exists(log):
        return
    with open(log, "rb") as source:
        text = source.read()
    for mark in SANITIZER_MARKS:
        assert mark not in text, text[text.index(mark):][:4000].decode(
            errors="replace")


def smtp_dialogue(port, *commands, timeout=20):
    """Sends octets as they are; the reply lines of each, greeting first."""
    with socket.create_connection(("127.0.0.1", port), timeout) as line:
        answers = line.makefile("rb")

        def reply():
            lines = [answers.readline()]
            while lines[-1][3:4] == b"-":
                lines.append(answers.readline())
            return b"".join(lines)

        replies = [reply()]
        for command in commands:
            line.sendall(command)
            replies.append(reply())
        return replies


def smtp_send(port, sender, recipient, content):
    """Sends octets as they are, which smtplib would tidy up."""
    stuffed = (b"\r\n" + content).replace(b"\r\n.", b"\r\n..")[2:]
    return smtp_dialogue(
        port, b"EHLO tests.example\r\n",
        b"MAIL FROM:<%s>\r\n" % sender.encode(),
        b"RCPT TO:<%s>\r\n" % recipient.encode(), b"DATA\r\n",
        stuffed + b".\r\n")[-1]


def raw_http(port, request, timeout=20):
    """Sends octets to a port and reads until the other side closes."""
    with socket.create_connection(("127.0.0.1", port), timeout) as line:
        line.sendall(request)
        answer = b""
        try:
            while piece := line.recv(65536):
                answer += piece
        except ConnectionError:
            pass
        return answer


def read_to_end(line):
    """What still comes before the other side closes or cuts."""
    got = b""
    try:
        while piece := line.recv(65536):
            got += piece
    except ConnectionResetError:
        pass
    return got


def http_get(port, path, host=None):
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        line.request("GET", path, headers={"Host": host} if host else {})
        answer = line.getresponse()
        return answer.status, answer.headers, answer.read()
    finally:
        line.close()


def read_json(path):
    with open(path) as source:
        return json.load(source)
