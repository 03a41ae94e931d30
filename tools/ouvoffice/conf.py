"""The programs' own configuration file: written once, then only adjusted."""

import os
import re
import secrets

from . import accounts
from .dovecot import PROCESSED
from .place import ROOT, render

DATABASE = "ouvidoria"


def static_folder():
    for candidate in ("static", "templates/static", "server/static"):
        folder = os.path.join(ROOT, candidate)
        if os.path.isdir(folder):
            return folder
    return os.path.join(ROOT, "static")


def view_url(base_url):
    """Another name of this machine, at the same port."""
    return base_url.replace("//127.0.0.1", "//view.localhost")


def moving_keys(dsn, base_url, listen, imap_port, smtp_port):
    """What follows the ports and folders of one start."""
    return {
        ("database", "dsn"): dsn,
        ("server", "base_url"): base_url,
        ("server", "view_url"): view_url(base_url),
        ("server", "listen"): listen,
        ("imap", "port"): imap_port,
        ("smtp", "port"): smtp_port,
        ("paths", "templates"): os.path.join(ROOT, "templates"),
        ("paths", "calendars"): os.path.join(ROOT, "calendars"),
        ("paths", "deadlines"): os.path.join(ROOT, "deadlines"),
        ("paths", "codes"): os.path.join(ROOT, "codes"),
        ("paths", "lint_rules"): os.path.join(ROOT, "lint", "rules.json"),
        ("paths", "migrations"): os.path.join(ROOT, "migrations"),
        ("paths", "static"): static_folder(),
    }


def create(path, address, keys):
    """A new configuration; `keys` as from moving_keys()."""
    accounts.write_file(path, render("ouvidoria.conf", {
        "ADDRESS": address,
        "TENANT": secrets.token_hex(16),
        "PROCESSED": PROCESSED,
        "DSN": keys["database", "dsn"],
        "BASE_URL": keys["server", "base_url"],
        "VIEW_URL": keys["server", "view_url"],
        "LISTEN": keys["server", "listen"],
        "IMAP_PORT": keys["imap", "port"],
        "SMTP_PORT": keys["smtp", "port"],
        "STATIC": keys["paths", "static"],
        "ROOT": ROOT,
    }))


def read(path):
    """{(section, key): value} of a configuration file."""
    values, section = {}, ""
    with open(path) as source:
        for line in source:
            head = re.match(r"\[(\w+)\]", line)
            pair = re.match(r"(\w+) *= *(.*?) *$", line)
            if head:
                section = head.group(1)
            elif pair:
                values[section, pair.group(1)] = pair.group(2)
    return values


def adjust(path, changes):
    """Sets keys where they stand and leaves every other line as it is."""
    left = {key: str(value) for key, value in changes.items()}
    lines, section = [], ""
    with open(path) as source:
        old = source.read()
    for line in old.splitlines():
        head = re.match(r"\[(\w+)\]", line)
        pair = re.match(r"(\w+) *=", line)
        if head:
            section = head.group(1)
        elif pair and (section, pair.group(1)) in left:
            line = f"{pair.group(1)} = {left.pop((section, pair.group(1)))}"
        lines.append(line)
    for (section, key), value in left.items():
        lines += [f"[{section}]", f"{key} = {value}"]
    new = "\n".join(lines) + "\n"
    if new != old:
        accounts.write_file(path, new)
