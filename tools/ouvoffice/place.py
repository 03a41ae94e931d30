"""Where an office keeps its files, and how its configuration files are made."""

import hashlib
import os
import re
import secrets
import shutil
import stat

from . import accounts
from .process import Trouble

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
TEMPLATES = os.path.join(ROOT, "tools", "dev")

# sun_path holds 108 bytes; the longest name Dovecot adds is some 40.
LONGEST_RUN_FOLDER = 60


def render(name, values, folder=TEMPLATES):
    """Fills the @NAMES@ of a file in tools/dev; each must be known."""
    with open(os.path.join(folder, name)) as source:
        text = source.read()
    return re.sub("@([A-Z_]+)@", lambda hit: str(values[hit.group(1)]), text)


class Place:
    """The folders of one office.

    `var` is where the user asked for; `hall` is where the servers with
    accounts of their own keep theirs: the same folder if they can reach it,
    otherwise one outside; `run` is short enough for sockets.
    """

    def __init__(self, var):
        self.var = os.path.abspath(var)
        servers = [accounts.service(name)
                   for name in ("postgres", "dovecot", "www-data")]
        self.postgres, self.dovecot, self.nginx = servers
        # Others must pass through when servers have accounts of their own.
        self.pass_mode = 0o711 if self.postgres else 0o700
        accounts.make_folder(self.var, self.pass_mode)
        self.mark = hashlib.sha256(self.var.encode()).hexdigest()[:12]
        self.moved = not all(account is None or account.can_reach(self.var)
                             for account in servers)
        self.hall = self._outside() if self.moved else self.var
        self.run = self._run_folder()
        self.secrets = accounts.make_folder(self.path("secrets"))
        self.logs = accounts.make_folder(self.path("log"))
        for name, account in (("pg", None), ("mail", self.dovecot),
                              ("dovecot", self.dovecot),
                              ("nginx", self.nginx)):
            if account or name != "pg":
                accounts.make_folder(os.path.join(self.hall, name), 0o700,
                                     account)
            self._link(name)

    def path(self, *names):
        return os.path.join(self.var, *names)

    def log(self, name):
        return os.path.join(self.logs, name + ".log")

    def pid_file(self, name):
        return os.path.join(self.run, name + ".pid")

    def secret(self, name, make=lambda: secrets.token_urlsafe(24)):
        """The secret of this name, made the first time; returns (path, text)."""
        path = os.path.join(self.secrets, name)
        try:
            with open(path) as text:
                return path, text.read().rstrip("\n")
        except FileNotFoundError:
            value = make()
            accounts.write_file(path, value + "\n")
            return path, value

    def _outside(self):
        """A folder that every account can reach and that outlives a reboot."""
        for base in ("/var/lib", "/var/tmp"):
            folder = f"{base}/ouvidoria-demo-{self.mark}"
            if os.access(base, os.W_OK) and self._safe(folder):
                # Whoever deleted the state folder meant all of it.
                if not os.path.exists(self.path("secrets", "postgres.pw")):
                    shutil.rmtree(folder, ignore_errors=True)
                return accounts.make_folder(folder, self.pass_mode)
        raise Trouble("found no folder that the servers' accounts can reach; "
                      "set OUV_VAR to one outside " + self.var)

    def _run_folder(self):
        folder = os.path.join(self.hall, "run")
        if len(folder) > LONGEST_RUN_FOLDER:
            folder = f"/tmp/ouvidoria-{self.mark}"
            if not self._safe(folder):
                raise Trouble(f"{folder} belongs to somebody else; "
                              "set OUV_VAR to a shorter path")
        return accounts.make_folder(folder, self.pass_mode)

    @staticmethod
    def _safe(folder):
        """In a folder where anybody may write, a name may be taken."""
        try:
            info = os.lstat(folder)
        except FileNotFoundError:
            return True
        return stat.S_ISDIR(info.st_mode) and info.st_uid == os.geteuid()

    def _link(self, name):
        """var/NAME leads to what lies in the hall."""
        link = self.path(name)
        target = os.path.join(self.hall, name)
        if link != target and not os.path.islink(link):
            os.symlink(target, link)
