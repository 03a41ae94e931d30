"""Keeps servers running: says when one dies, and starts it again."""

import os
import select
import signal
import sys
import time

from .process import Trouble

FIRST_PAUSE, LONGEST_PAUSE = 0.3, 30.0
CALM = 60.0  # after so long a life, the next death is a first one again


def say(text):
    """One line to the person at the terminal, who may have gone away."""
    try:
        print(text, flush=True)
    except OSError:
        pass


class Interrupted(Exception):
    """Ctrl-C or SIGTERM while something was being started."""


class Signals:
    """Turns SIGINT, SIGTERM and SIGHUP into an orderly stop."""

    def __init__(self):
        self.first = None
        self.raising = True
        self.on_second = None
        self._reader, writer = os.pipe()
        os.set_blocking(writer, False)
        os.set_blocking(self._reader, False)
        signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._caught)
        signal.signal(signal.SIGCHLD, lambda number, frame: None)

    def _caught(self, number, frame):
        now = time.monotonic()
        if self.first is None:
            self.first = now
            if self.raising:
                raise Interrupted
        elif now - self.first > 1 and self.on_second:
            # The terminal and make may both pass on one Ctrl-C: only a later
            # one is a person in a hurry.
            self.on_second()

    @property
    def stop(self):
        return self.first is not None

    def wait(self, seconds):
        """Until a signal comes or the time is over."""
        if select.select([self._reader], [], [], seconds)[0]:
            os.read(self._reader, 4096)


class Watch:
    """One server and how often it has died lately."""

    def __init__(self, service):
        self.service = service
        self.pause = FIRST_PAUSE
        self.due = None
        self.since = time.monotonic()

    @property
    def process(self):
        return self.service.process


def how_it_ended(status):
    if status is not None and status < 0:
        return f"killed by {signal.Signals(-status).name}"
    return f"status {status}"


class Supervisor:
    """Servers in the order of their starting; stopped in the reverse."""

    def __init__(self, signals, on_change):
        self.signals = signals
        self.on_change = on_change
        self.watches = []

    def start(self, service):
        """Starts a server and remembers it, so that it will be stopped."""
        self.watches.append(Watch(service))
        service.start()

    def run(self):
        """Until a signal says stop."""
        while not self.signals.stop:
            self.signals.wait(self._pass())

    def _pass(self):
        """Looks at every server once; how long the next look may wait."""
        wait, now = 5.0, time.monotonic()
        for watch in self.watches:
            if watch.due is None and not watch.process.running:
                self._died(watch, now)
            if watch.due is not None:
                if watch.due <= now:
                    self._again(watch, now)
                if watch.due is not None:
                    wait = min(wait, max(0.05, watch.due - now))
        return wait

    def _died(self, watch, now):
        if now - watch.since > CALM:
            watch.pause = FIRST_PAUSE
        say(f"{watch.process.name} died "
            f"({how_it_ended(watch.process.exit_code)}); "
            f"starting it again in {watch.pause:.1f} s, "
            f"its log is {watch.process.log}")
        watch.due = now + watch.pause
        watch.pause = min(LONGEST_PAUSE, watch.pause * 2)

    def _again(self, watch, now):
        try:
            watch.process.bury()
            wait_gone = getattr(watch.service, "wait_gone", None)
            if wait_gone:
                wait_gone()
            watch.service.start()
        except (Trouble, TimeoutError, OSError) as trouble:
            say(f"{watch.process.name} cannot be started: {trouble}")
            watch.due = now + watch.pause
            watch.pause = min(LONGEST_PAUSE, watch.pause * 2)
            return
        watch.due = None
        watch.since = time.monotonic()
        say(f"{watch.process.name} is running again, pid {watch.process.pid}")
        self.on_change()

    def stop(self):
        """Everything that was started, last first."""
        self.signals.on_second = self._kill_all
        for watch in reversed(self.watches):
            try:
                watch.service.stop()
            except (Trouble, TimeoutError, OSError) as trouble:
                print(f"{watch.process.name}: {trouble}", file=sys.stderr)

    def _kill_all(self):
        for watch in self.watches:
            if watch.process.running:
                watch.process.child.kill()
