"""The SMTP listener as a process (tools/smtpd.py is the program)."""

import json
import os

from . import accounts
from .dovecot import greets
from .place import ROOT
from .process import Process, wait_until

PYTHON = "/usr/bin/python3"
SIZE_LIMIT = 40 << 20


class SmtpListener:
    """Hands every mail to Dovecot; `domains` maps a domain to its mailbox."""

    def __init__(self, folder, port, lmtp, domains, log, *, account=None,
                 pid_file=None, catchall="catchall", name="mx.invalid",
                 size_limit=SIZE_LIMIT, timeout=60):
        self.port = port
        self.account = account
        self.config = os.path.join(folder, "smtpd.json")
        self.values = {"host": "127.0.0.1", "port": port, "lmtp": lmtp,
                       "name": name, "domains": domains, "catchall": catchall,
                       "size_limit": size_limit, "timeout": timeout}
        # -B: no __pycache__ beside the program, -I: no surprises from the
        # environment.
        self.process = Process(
            "smtp", [PYTHON, "-BI", os.path.join(ROOT, "tools", "smtpd.py"),
                     self.config],
            log, account=account, pid_file=pid_file)

    def start(self):
        accounts.write_file(self.config, json.dumps(self.values), 0o600,
                            self.account)
        self.process.start()

    def wait_ready(self, deadline=60):
        def answers():
            self.process.expect_alive()
            return greets(("127.0.0.1", self.port), b"220")

        wait_until("the SMTP listener greets", answers, deadline)

    def stop(self):
        return self.process.stop()
