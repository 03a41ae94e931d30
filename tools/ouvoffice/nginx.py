"""The proxy in front of ouvidoria-server, from the configuration we ship."""

import os
import re
import signal

from . import accounts
from .place import ROOT, render
from .process import Process, Trouble, wait_until

SAMPLE = os.path.join(ROOT, "etc", "nginx.conf.sample")
SITE = re.compile(r"^[ \t]*# ---- site: (?!end).*?# ---- site: end[^\n]*\n",
                  re.DOTALL | re.MULTILINE)


def site(values):
    """The shipped file with its "site" sections replaced by this machine's."""
    with open(SAMPLE) as source:
        text = source.read()
    own = render("nginx.site.conf", values).split("# ---- site\n")[1:]
    found = SITE.findall(text)
    if len(found) != len(own):
        raise Trouble(f"{SAMPLE} has {len(found)} site sections, "
                      f"tools/dev/nginx.site.conf {len(own)}")
    parts = iter(own)
    return SITE.sub(lambda hit: next(parts), text)


class Nginx:
    """Listens on 127.0.0.1:port; `upstream` is unix:/path or host:port."""

    def __init__(self, folder, port, upstream, log, *, account=None,
                 pid_file=None, host=None, rate=2000, burst=4000,
                 connections=500):
        self.folder = folder
        self.port = port
        self.account = account
        self.config = os.path.join(folder, "nginx.conf")
        self.access_log = os.path.join(folder, "access.log")
        self.values = {"FOLDER": folder, "PORT": port, "UPSTREAM": upstream,
                       "HOST": host or f"127.0.0.1:{port}", "RATE": rate,
                       "BURST": burst, "CONNECTIONS": connections}
        self.process = Process(
            "nginx", ["/usr/sbin/nginx", "-p", folder, "-c", self.config,
                      "-g", "daemon off;"],
            log, account=account, pid_file=pid_file,
            stop_signal=signal.SIGQUIT, grace=5)

    def start(self):
        accounts.make_folder(self.folder, 0o700, self.account)
        for name, text in (("site.conf", site(self.values)),
                           ("nginx.conf", render("nginx.conf", self.values))):
            accounts.write_file(os.path.join(self.folder, name), text, 0o600,
                                self.account)
        self.process.start()

    def wait_ready(self, deadline=60):
        def answers():
            self.process.expect_alive()
            return accepts(self.port)

        wait_until("nginx listens", answers, deadline)

    def stop(self):
        return self.process.stop()


def accepts(port):
    import socket

    with socket.socket() as line:
        line.settimeout(2)
        return line.connect_ex(("127.0.0.1", port)) == 0
