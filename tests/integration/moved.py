"""A clock that tests move: PostgreSQL and our programs read another time of
day, through a small library that they preload (moved_clock.c).
"""

import datetime as dt
import os
import shutil
import struct
import time

from harness import programs

LIBRARY = "tests/integration/moved_clock.so"
SAO_PAULO = dt.timezone(dt.timedelta(hours=-3))


class Clock:
    """One clock for the database and all programs of an office; `env` is what
    they are started with."""

    def __init__(self, folder):
        self.offset = 0
        self.path = folder / "clock"
        library = folder / "moved_clock.so"
        # Servers with accounts of their own read both.
        shutil.copy(os.path.join(programs.build_folder(), LIBRARY), library)
        os.chmod(library, 0o755)
        self.write()
        os.chmod(self.path, 0o644)
        self.env = {"LD_PRELOAD": library, "OUV_CLOCK": self.path,
                    "ASAN_OPTIONS": "verify_asan_link_order=0"}

    def write(self):
        """All who live by this clock see it at once: the file is mapped, and
        eight octets are written at once and in place."""
        out = os.open(self.path, os.O_WRONLY | os.O_CREAT, 0o644)
        try:
            os.pwrite(out, struct.pack("=q", self.offset * 10**9), 0)
        finally:
            os.close(out)

    def set(self, wall):
        """To a moment on the office's wall."""
        self.offset = round(wall.replace(tzinfo=SAO_PAULO).timestamp()
                            - time.time())
        self.write()

    @property
    def now(self):
        return time.time() + self.offset
