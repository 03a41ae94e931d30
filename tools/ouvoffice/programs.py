"""Our own programs: the two that run, and the operator's command."""

import http.client
import json
import os
import socket
import subprocess

from .place import ROOT
from .process import Process, Trouble, wait_until

# Freed memory is overwritten: what a request or a mail left behind on the heap
# is gone before anybody can look (as in the service units).
TUNABLES = {"GLIBC_TUNABLES":
            "glibc.malloc.perturb=90:glibc.malloc.tcache_count=0"}


TRY_AGAIN = 75  # the exit status of a program for which it was too early


def build_folder():
    """Where the programs are: OUV_BUILD, or the plain build."""
    return os.path.join(ROOT, os.environ.get("OUV_BUILD", "build/plain"))


class UnixHTTP(http.client.HTTPConnection):
    """HTTP over a local socket."""

    def __init__(self, path, host="localhost", timeout=10):
        super().__init__(host, timeout=timeout)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


class Server:
    """ouvidoria-server on a local socket; `host` is what it expects to be
    called (the name in base_url)."""

    def __init__(self, config, socket_path, host, log, *, build=None,
                 pid_file=None, env=None, socket_group=None):
        self.socket = socket_path
        self.host = host
        self.socket_group = socket_group
        self.process = Process(
            "server", [os.path.join(build or build_folder(),
                                    "ouvidoria-server"), "-c", config],
            log, pid_file=pid_file, env={**TUNABLES, **(env or {})}, grace=30)

    def start(self):
        # One of a killed server would be in the way of its successor.
        if os.path.exists(self.socket):
            os.unlink(self.socket)
        self.process.start()
        if self.socket_group is not None:
            # The server opens it for its group; nginx has an account, and so
            # a group, of its own when root runs the office.
            wait_until("the server's socket appears",
                       lambda: os.path.exists(self.socket)
                       or not self.process.running, 10)
            if os.path.exists(self.socket):
                os.chown(self.socket, -1, self.socket_group)

    def healthy(self):
        line = UnixHTTP(self.socket, self.host, timeout=5)
        try:
            line.request("GET", "/healthz")
            answer = line.getresponse()
            return answer.status == 200 and answer.read().strip() == b"ok"
        except (OSError, http.client.HTTPException):
            return False
        finally:
            line.close()

    def wait_ready(self, deadline=60):
        def answers():
            self.process.expect_alive()
            return self.healthy()

        wait_until("the server says ok at /healthz", answers, deadline, 0.05)

    def stop(self):
        return self.process.stop()


class Gateway:
    """ouvidoria-mailgw, as a daemon or for one pass."""

    def __init__(self, config, log, *, build=None, pid_file=None, env=None):
        self.config = config
        self.program = os.path.join(build or build_folder(),
                                    "ouvidoria-mailgw")
        self.env = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", **TUNABLES,
                    **(env or {})}
        self.log = log
        self.process = Process("mailgw", [self.program, "-c", config, "run"],
                               log, pid_file=pid_file, env=self.env, grace=30)

    def start(self):
        self.process.start()

    def wait_ready(self, deadline=0):
        """It has no door to knock at; that it lives is all there is to ask."""
        self.process.expect_alive()

    def once(self, timeout=60):
        """One pass over mailbox and outbox; returns the exit status."""
        with open(self.log, "ab") as log:
            return subprocess.run(
                [self.program, "-c", self.config, "run", "--once"],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                env=self.env, timeout=timeout).returncode

    def ingest(self, mail, *arguments, timeout=60):
        """Hands one mail in; returns (exit status, documents printed)."""
        done = subprocess.run(
            [self.program, "-c", self.config, "ingest", *arguments, "-"],
            input=mail, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env=self.env, timeout=timeout)
        with open(self.log, "ab") as log:
            log.write(done.stderr)
        return done.returncode, [json.loads(line)
                                 for line in done.stdout.splitlines()]

    def stop(self):
        return self.process.stop()


class Admin:
    """The operator's command."""

    def __init__(self, config, log, *, build=None):
        self.config = config
        self.log = log
        self.program = os.path.join(build or build_folder(), "ouvidoria")

    def run(self, *arguments, stdin=b"", timeout=120):
        """Returns (exit status, standard output, standard error)."""
        done = subprocess.run(
            [self.program, "-c", self.config, *arguments], input=stdin,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=timeout,
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", **TUNABLES})
        with open(self.log, "ab") as log:
            log.write(done.stderr)
        return done.returncode, done.stdout, done.stderr

    def do(self, *arguments, tries=1):
        """Standard output of a command that must succeed; with `tries`, one
        that asks to be tried again is."""
        status, out, complaint = self.run(*arguments)
        while status == TRY_AGAIN and tries > 1:
            tries -= 1
            status, out, complaint = self.run(*arguments)
        if status != 0:
            last = complaint.decode(errors="replace").strip()
            raise Trouble(f"ouvidoria {' '.join(arguments[:2])} failed "
                          f"(status {status}): {last}")
        return out

    def json(self, *arguments, tries=1):
        return json.loads(self.do(*arguments, "--json", tries=tries))


def begin_build(log):
    """Starts make; the rest of an office is prepared meanwhile."""
    environment = {key: value for key, value in os.environ.items()
                   if key not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")}
    with open(log, "ab") as out:
        return subprocess.Popen(
            ["make", "-j2", "programs"], cwd=ROOT, stdin=subprocess.DEVNULL,
            stdout=out, stderr=out, env=environment, start_new_session=True)
