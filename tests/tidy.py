#!/usr/bin/python3
"""Runs clang-tidy over sources, as many at once as there are processors, the
largest first.  What passed is remembered under build/ by what it was made of
(the source, every header of ours it includes, the rules, the flags, the
program), so that only what changed is read again.

usage: tidy.py SOURCES... -- FLAGS...
"""
import concurrent.futures
import hashlib
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
STAMPS = ROOT / "build/tidy"


def digest(*parts):
    made = hashlib.sha256()
    for part in parts:
        made.update(hashlib.sha256(part).digest())
    return made.hexdigest()


def made_of(source, flags):
    """The octets of the source and of its headers; the system's count by
    their names alone."""
    rule = subprocess.run(["gcc", "-M", *flags, source], cwd=ROOT, text=True,
                          capture_output=True, check=True).stdout
    names = re.sub(r"\\\n", " ", rule.partition(":")[2]).split()
    return [name.encode() if name.startswith("/") else
            (ROOT / name).read_bytes() for name in names]


def tidy(source, flags, ground):
    """None, or what is wrong with it."""
    stamp = STAMPS / digest(ground, source.encode(), *made_of(source, flags))
    if stamp.exists():
        return None
    run = subprocess.run(["clang-tidy", "--quiet", source, "--", *flags],
                         cwd=ROOT, text=True, capture_output=True)
    if run.returncode == 0:
        stamp.touch()
        return None
    return run.stdout or run.stderr


def main():
    cut = sys.argv.index("--")
    sources, flags = sys.argv[1:cut], sys.argv[cut + 1:]
    version = subprocess.run(["clang-tidy", "--version"], check=True,
                             capture_output=True).stdout
    ground = digest(version, (ROOT / ".clang-tidy").read_bytes(),
                    *(flag.encode() for flag in flags)).encode()
    STAMPS.mkdir(parents=True, exist_ok=True)
    sources.sort(key=lambda name: -(ROOT / name).stat().st_size)
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        wrong = list(filter(None, pool.map(
            lambda source: tidy(source, flags, ground), sources)))
    print(*wrong, sep="\n", end="")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
