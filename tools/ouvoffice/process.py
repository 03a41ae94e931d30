"""One server process: started in a group of its own, stopped with all it forks.

A pid alone proves nothing after a crash, because numbers are given out again.
The pid file therefore also holds the moment the kernel started that process,
and a leftover is touched only if both agree and its command line names a
folder of ours.
"""

import ctypes
import os
import signal
import subprocess
import sys
import time

_libc = ctypes.CDLL(None, use_errno=True)
_PR_SET_PDEATHSIG = 1


class Trouble(Exception):
    """Something a person can understand and mend; shown as one line."""


def wait_until(reason, condition, deadline=10.0, pause=0.02):
    """Returns the first true value of condition(); says what it waited for."""
    end = time.monotonic() + deadline
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise TimeoutError(f"waited {deadline:g} s in vain: {reason}")
        time.sleep(pause)


def started_at(pid):
    """The kernel's start tick of a living process, or None."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as stat:
            fields = stat.read().rpartition(b")")[2].split()
    except OSError:
        return None
    return None if fields[0] in (b"Z", b"X") else int(fields[19])


def command_line(pid):
    try:
        with open(f"/proc/{pid}/cmdline", "rb") as line:
            return line.read().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


def group_alive(pgid):
    """Whether a process group has a member that is not a zombie."""
    for entry in os.listdir("/proc"):
        if not entry.isdigit():
            continue
        try:
            with open(f"/proc/{entry}/stat", "rb") as stat:
                fields = stat.read().rpartition(b")")[2].split()
        except OSError:
            continue
        if int(fields[2]) == pgid and fields[0] not in (b"Z", b"X"):
            return True
    return False


def end_group(pgid, deadline=10.0):
    """Kills what is left of a process group and waits until it is gone."""
    end = time.monotonic() + deadline
    while group_alive(pgid):
        try:
            os.killpg(pgid, signal.SIGKILL)
        except ProcessLookupError:
            return
        if time.monotonic() > end:
            raise Trouble(f"process group {pgid} does not die")
        time.sleep(0.02)


def end_job(job):
    """Ends a Popen with a session of its own, if it still runs."""
    if job.poll() is None:
        end_group(job.pid)
        job.wait()


class Process:
    """A server in the foreground of its own session, logging to a file."""

    def __init__(self, name, argv, log, *, pid_file=None, account=None,
                 env=None, cwd=None, stop_signal=signal.SIGTERM, grace=10.0,
                 orphan_signal=None):
        self.name = name
        self.argv = [os.fspath(part) for part in argv]
        self.log = log
        self.pid_file = pid_file
        self.account = account
        self.env = env
        self.cwd = cwd or "/"
        self.stop_signal = stop_signal
        self.grace = grace
        self.orphan_signal = orphan_signal or stop_signal
        self.child = None

    @property
    def pid(self):
        return self.child.pid if self.child else None

    @property
    def running(self):
        return self.child is not None and self.child.poll() is None

    @property
    def exit_code(self):
        return self.child.poll() if self.child else None

    def start(self):
        """Starts it.  Only from the main thread: an orphan's signal is sent
        when the *thread* that started it ends."""
        parent = os.getpid()

        def in_child():
            _libc.prctl(_PR_SET_PDEATHSIG, int(self.orphan_signal), 0, 0, 0)
            if os.getppid() != parent:
                os._exit(1)

        environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
                       "LC_ALL": "C.UTF-8"}
        environment.update(self.env or {})
        options = self.account.popen() if self.account else {}
        with open(self.log, "ab") as log:
            self.child = subprocess.Popen(
                self.argv, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                cwd=self.cwd, env=environment, start_new_session=True,
                preexec_fn=in_child, umask=0o077, **options)
        if self.pid_file:
            with open(self.pid_file, "w") as out:
                out.write(f"{self.pid} {started_at(self.pid)}\n")
        return self

    def expect_alive(self):
        if not self.running:
            raise Trouble(f"{self.name} ended (status {self.exit_code}); "
                          f"its log {self.log} ends:\n{tail(self.log)}")

    def ask_to_stop(self):
        if self.running:
            self.child.send_signal(self.stop_signal)

    def stop(self, grace=None):
        """Asks, waits, insists.  Returns the exit status, or None if it never
        ran."""
        if self.child is None:
            return None
        self.ask_to_stop()
        try:
            self.child.wait(self.grace if grace is None else grace)
        except subprocess.TimeoutExpired:
            print(f"{self.name} did not stop in time and is killed",
                  file=sys.stderr)
        return self.bury()

    def kill(self):
        """As a power cut: no goodbye."""
        if self.running:
            self.child.kill()
        return self.bury()

    def bury(self):
        """Ends what the process left behind, which may still hold its port."""
        if self.child is None:
            return None
        end_group(self.child.pid)
        status = self.child.wait()
        if self.pid_file and os.path.exists(self.pid_file):
            os.unlink(self.pid_file)
        return status


def tail(path, lines=15):
    try:
        with open(path, "rb") as log:
            log.seek(0, os.SEEK_END)
            log.seek(max(0, log.tell() - 8192))
            text = log.read().decode(errors="replace")
    except OSError:
        return ""
    return "\n".join(text.splitlines()[-lines:])


def end_leftovers(folder, marks):
    """Stops what an earlier, killed supervisor left, known by its pid files.

    `marks` are path prefixes of ours, one of which must stand in the command
    line.  Returns the names of what was ended.
    """
    ended = []
    if not os.path.isdir(folder):
        return ended
    for entry in sorted(os.listdir(folder)):
        path = os.path.join(folder, entry)
        if not entry.endswith(".pid") or not os.path.isfile(path):
            continue
        try:
            with open(path) as text:
                pid, tick = (int(word) for word in text.read().split())
        except ValueError:
            continue  # another program's pid file: not our form
        same = started_at(pid) == tick
        line = command_line(pid)
        if same and any(mark in line for mark in marks):
            os.kill(pid, signal.SIGTERM)
            try:
                wait_until("a leftover ends",
                           lambda: started_at(pid) != tick, 10)
            except TimeoutError:
                pass
            end_group(pid)
            ended.append(entry[:-4])
        os.unlink(path)
    return ended
