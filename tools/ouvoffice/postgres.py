"""A private PostgreSQL 15 cluster: made once, then started and stopped."""

import os
import re
import secrets
import shutil
import signal
import subprocess

import psycopg2
import psycopg2.extensions

from . import accounts
from .place import render
from .process import Process, Trouble, command_line, wait_until

BINARIES = "/usr/lib/postgresql/15/bin"
SUPERUSER = "postgres"
OWNER, GATEWAY, SERVER = "ouv_owner", "ouv_gw", "ouv_srv"
# The office's days, for whoever asks for today; as in its configuration.
ZONE = "America/Sao_Paulo"


class Postgres:
    """The cluster in `folder`; `passwords` maps role to password."""

    def __init__(self, folder, sockets, port, passwords, log, *,
                 account=None, pid_file=None, fsync=True):
        self.data = folder
        self.sockets = sockets
        self.port = port
        self.passwords = passwords
        self.log = log
        self.account = account
        self.fsync = fsync
        self.process = Process(
            "postgres", [f"{BINARIES}/postgres", "-D", folder], log,
            account=account, pid_file=pid_file,
            stop_signal=signal.SIGINT, grace=30)

    # -- making it ---------------------------------------------------------

    @property
    def exists(self):
        return os.path.exists(os.path.join(self.data, "PG_VERSION"))

    def begin_init(self):
        """Starts initdb and returns its Popen, or None if there is nothing to
        do.  Into a draft folder: an initdb that was killed leaves nothing that
        looks finished."""
        if self.exists:
            self._require_owner()
            return None
        draft = self.data + ".draft"
        shutil.rmtree(draft, ignore_errors=True)
        accounts.make_folder(draft, 0o700, self.account)
        self._password_file = self.data + ".pw"
        accounts.write_file(self._password_file,
                            self.passwords[SUPERUSER] + "\n", 0o600,
                            self.account)
        options = self.account.popen() if self.account else {}
        with open(self.log, "ab") as log:
            return subprocess.Popen(
                [f"{BINARIES}/initdb", "-D", draft, "-U", SUPERUSER,
                 "--auth=scram-sha-256", f"--pwfile={self._password_file}",
                 "--encoding=UTF8", "--locale=C.UTF-8", "--data-checksums"]
                + ([] if self.fsync else ["--no-sync"]),
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/",
                env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
                start_new_session=True, **options)

    def _require_owner(self):
        ours = self.account.uid if self.account else os.geteuid()
        owner = os.stat(self.data).st_uid
        if owner != ours:
            raise Trouble(f"{self.data} belongs to uid {owner}: start the "
                          "office as the user who started it first")

    def finish_init(self, job):
        if job is None:
            return
        status = job.wait()
        os.unlink(self._password_file)
        if status != 0:
            raise Trouble(f"initdb failed; see {self.log}")
        os.rename(self.data + ".draft", self.data)

    # -- running it --------------------------------------------------------

    def configure(self):
        values = {"PORT": self.port, "SOCKETS": self.sockets,
                  "FSYNC": "on" if self.fsync else "off"}
        for name in ("postgresql.conf", "pg_hba.conf"):
            accounts.write_file(os.path.join(self.data, name),
                                render(name, values), 0o600, self.account)

    def start(self):
        self.configure()
        self._forget_foreign_pid()
        self.process.start()

    def wait_ready(self, deadline=60):
        def answers():
            self.process.expect_alive()
            try:
                self.connect().close()
            except psycopg2.OperationalError:
                return False
            return True

        wait_until("PostgreSQL takes connections", answers, deadline, 0.05)

    def stop(self):
        status = self.process.stop()
        self.wait_gone()
        return status

    def wait_gone(self, deadline=60):
        """Backends of a killed postmaster are in sessions of their own; a new
        one must not start before the last of them is gone."""
        wait_until("PostgreSQL's last backend ends",
                   lambda: not self._inhabitants(), deadline)

    def _inhabitants(self):
        here = os.path.realpath(self.data)
        found = []
        for entry in os.listdir("/proc"):
            if not entry.isdigit():
                continue
            try:
                if os.readlink(f"/proc/{entry}/cwd") == here:
                    found.append(int(entry))
            except OSError:
                continue
        return found

    def _forget_foreign_pid(self):
        """After a reboot, postmaster.pid may name a stranger who was given the
        same number, and PostgreSQL would refuse to start.  Nobody lives in the
        cluster's folder then, and the file can go."""
        path = os.path.join(self.data, "postmaster.pid")
        try:
            with open(path) as text:
                pid = int(text.readline())
        except (OSError, ValueError):
            return
        if self.data not in command_line(pid) and not self._inhabitants():
            os.unlink(path)

    # -- using it ----------------------------------------------------------

    def dsn(self, database, user=None):
        base = f"host=127.0.0.1 port={self.port} dbname={database}"
        if user is None:
            return base
        return f"{base} user={user} password={self.passwords[user]}"

    def connect(self, database="postgres", user=SUPERUSER):
        connection = psycopg2.connect(self.dsn(database, user),
                                      options=f"-c timezone={ZONE}",
                                      connect_timeout=5)
        connection.autocommit = True
        return connection

    def ensure_roles(self):
        """The three roles, without any right: migrations grant those.  The
        statement carries a verifier, never the password."""
        with self.connect() as connection, connection.cursor() as cursor:
            for role in (OWNER, GATEWAY, SERVER):
                verifier = psycopg2.extensions.encrypt_password(
                    self.passwords[role], role, connection, "scram-sha-256")
                cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s",
                               (role,))
                verb = "ALTER" if cursor.fetchone() else "CREATE"
                cursor.execute(
                    f"{verb} ROLE {role} LOGIN NOSUPERUSER NOCREATEDB"
                    " NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD %s",
                    (verifier,))
        connection.close()

    def ensure_database(self, name, template=None):
        if not re.fullmatch("[a-z][a-z0-9_]*", name):
            raise ValueError(f"not a database name: {name}")
        connection = self.connect()
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s",
                           (name,))
            if not cursor.fetchone():
                # TEMPLATE needs a source that nobody is connected to.
                cursor.execute(
                    f"CREATE DATABASE {name} OWNER {OWNER}"
                    + (f" TEMPLATE {template}" if template else ""))
        connection.close()

    def drop_database(self, name):
        connection = self.connect()
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        connection.close()


def new_passwords():
    return {role: secrets.token_urlsafe(24)
            for role in (SUPERUSER, OWNER, GATEWAY, SERVER)}
