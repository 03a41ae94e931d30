"""A private Dovecot: IMAP for the gateway, LMTP for what arrives."""

import base64
import hashlib
import os
import secrets
import socket

from . import accounts
from .place import render
from .process import Process, wait_until

PROCESSED = "Processed"


def hashed(password):
    """A passwd-file entry that does not give the password away."""
    salt = secrets.token_bytes(8)
    digest = hashlib.sha512(password.encode() + salt).digest()
    return "{SSHA512}" + base64.b64encode(digest + salt).decode()


class Dovecot:
    """`folder` is the server's own, `mail` holds the mailboxes, `run` its
    sockets; `users` maps mailbox to password."""

    def __init__(self, folder, mail, run, port, users, log, *, account=None,
                 pid_file=None, failure_delay="2 secs"):
        self.folder = folder
        self.mail = mail
        self.run = run
        self.port = port
        self.users = users
        self.account = account
        self.failure_delay = failure_delay
        self.config = os.path.join(folder, "dovecot.conf")
        self.lmtp = os.path.join(run, "lmtp")
        self.process = Process(
            "dovecot", ["/usr/sbin/dovecot", "-F", "-c", self.config], log,
            account=account, pid_file=pid_file, grace=10)

    def configure(self):
        accounts.make_folder(self.folder, 0o700, self.account)
        accounts.make_folder(self.mail, 0o700, self.account)
        # Dovecot wants its base folder readable; nothing secret is in it.
        accounts.make_folder(self.run, 0o755, self.account)
        users = os.path.join(self.folder, "users")
        lines = [f"{name}:{hashed(password)}\n"
                 for name, password in self.users.items()]
        accounts.write_file(users, "".join(lines), 0o600, self.account)
        name = os.path.basename(os.path.dirname(self.folder)) or "office"
        accounts.write_file(self.config, render("dovecot.conf", {
            "RUN": self.run,
            "INSTANCE": f"ouvidoria-{name}",
            "FAILURE_DELAY": self.failure_delay,
            "MAIL": self.mail,
            "USER": accounts.user_name(self.account),
            "GROUP": accounts.group_name(self.account),
            "PROCESSED": PROCESSED,
            "USERS": users,
            "IMAP_PORT": self.port,
        }), 0o600, self.account)

    def start(self):
        self.configure()
        # A killed master leaves its pid file; the number may be another's now.
        stale = os.path.join(self.run, "master.pid")
        if os.path.exists(stale):
            os.unlink(stale)
        self.process.start()

    def wait_ready(self, deadline=60):
        def answers():
            self.process.expect_alive()
            return greets(("127.0.0.1", self.port), b"* OK") \
                and greets(self.lmtp, b"220")

        wait_until("Dovecot greets", answers, deadline)

    def stop(self):
        return self.process.stop()


def greets(address, prefix):
    """Whether a server at a port or a socket says hello as expected."""
    family = socket.AF_UNIX if isinstance(address, str) else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as line:
        line.settimeout(2)
        try:
            line.connect(address)
            return line.recv(64).startswith(prefix)
        except OSError:
            return False
