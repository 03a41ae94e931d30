#!/usr/bin/python3
"""Runs the tests of each layer and ends with one line: N passed, N failed.

unit         programs of cmocka, TAP      replay       fuzz seeds, plain build
static       include rules, PIE           integration, browser   pytest
"""
import argparse
import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET

ROOT = pathlib.Path(__file__).resolve().parent.parent
TAP = re.compile(r"^(ok|not ok) \d+(?: - (.*))?$")


class Tally:
    def __init__(self):
        self.passed = self.failed = self.skipped = 0
        self.bad = []  # what failed, to be named once more at the end

    def add(self, name, passed, failed, skipped=0):
        self.passed += passed
        self.failed += failed
        self.skipped += skipped
        if failed:
            self.bad.append(name)


def at_once(run, programs):
    """(program, what run() gave) of each, as many at a time as there are
    processors."""
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        yield from zip(programs, pool.map(run, programs))


def run_unit(program):
    begun = time.monotonic()
    run = subprocess.run([program], cwd=ROOT, capture_output=True, text=True,
                         errors="replace",
                         env={**os.environ, "CMOCKA_MESSAGE_OUTPUT": "TAP"})
    return run, time.monotonic() - begun


def unit(build, tally):
    programs = sorted((build / "tests/unit").glob("*_test"))
    for program, (run, seconds) in at_once(run_unit, programs):
        results = [TAP.match(line) for line in run.stdout.splitlines()]
        good = sum(1 for m in results if m and m[1] == "ok")
        bad = sum(1 for m in results if m and m[1] == "not ok")
        if run.returncode != 0 and bad == 0:
            bad = 1  # it crashed, or a sanitizer spoke
        if good + bad == 0:
            bad = 1  # a test program that tests nothing
        print(f"unit {program.name}: {good} ok, {bad} not ok"
              f" ({seconds:.1f} s)", flush=True)
        if bad:
            print(run.stdout[-4000:], run.stderr[-4000:], sep="\n", flush=True)
        names = [m[2] or "?" for m in results if m and m[1] == "not ok"]
        tally.add(f"unit {program.name}: {', '.join(names)}"
                  f" (exit {run.returncode})", good, bad)


def run_replay(program):
    seeds = ROOT / "tests/fuzz/seeds" / program.name.removeprefix("fuzz_")
    return subprocess.run([program, seeds], cwd=ROOT, capture_output=True,
                          text=True, errors="replace")


def replay(build, tally):
    programs = [program for program in sorted(
        (build / "tests/fuzz").glob("fuzz_*")) if not program.suffix]
    for program, run in at_once(run_replay, programs):
        good = run.returncode == 0
        print(f"replay {program.name}: {'ok' if good else 'not ok'}", flush=True)
        if not good:
            print(run.stdout[-2000:], run.stderr[-4000:], sep="\n", flush=True)
        tally.add(f"replay {program.name} (exit {run.returncode})",
                  good, not good)


def static(build, tally):
    for name, command in (
            ("layers", ["sh", "tests/layers.sh"]),
            ("pie", ["make", "-s", f"B={build.relative_to(ROOT)}", "pie"])):
        good = subprocess.run(command, cwd=ROOT).returncode == 0
        tally.add(f"static {name}", good, not good)


def pytest(build, folder, tally, extra, shared):
    with tempfile.TemporaryDirectory() as temp:
        report = pathlib.Path(temp) / "report.xml"
        run = subprocess.run(
            ["/usr/bin/python3", "-m", "pytest", "-q", "-p", "no:cacheprovider",
             # Tests mostly wait for servers: one process more than processors,
             # each with servers of its own, the tests of a file together.
             f"--numprocesses={(os.cpu_count() or 1) + 1}", "--dist=loadfile",
             f"--junitxml={report}", "--durations=8", folder, *extra],
            cwd=ROOT, env={**os.environ, "OUV_BUILD": str(build), **shared})
        if not report.exists():
            tally.add(f"{folder}: no report (exit {run.returncode})", 0, 1)
            return
        suite = ET.parse(report).getroot().find("testsuite")
        total, bad, skipped = (int(suite.get(k)) for k in ("tests", "failures", "skipped"))
        bad += int(suite.get("errors"))
        if run.returncode != 0 and bad == 0:
            bad += 1
        names = [f"{case.get('classname')}::{case.get('name')}"
                 for case in suite.iter("testcase")
                 if case.find("failure") is not None
                 or case.find("error") is not None]
        tally.add(f"{folder}: {', '.join(names)} (exit {run.returncode})",
                  total - bad - skipped, bad, skipped)


def main():
    args = argparse.ArgumentParser()
    args.add_argument("--build", default="build/plain")
    args.add_argument("layer", choices=("all", "unit", "replay", "static", "integration", "browser"))
    args.add_argument("extra", nargs="*")
    options = args.parse_args()
    build = (ROOT / options.build).resolve()
    tally = Tally()
    wanted = lambda layer: options.layer in ("all", layer)
    if wanted("static"):
        static(build, tally)
    if wanted("unit"):
        unit(build, tally)
    if wanted("replay"):
        replay(build, tally)
    # One office is founded for all, and copied (tests/integration/stock.py).
    with tempfile.TemporaryDirectory(prefix="ouv-", dir="/tmp") as stock:
        if os.geteuid() == 0:  # then servers have accounts of their own
            os.chmod(stock, 0o711)
        for layer in ("integration", "browser"):
            if wanted(layer):
                pytest(build, f"tests/{layer}", tally, options.extra,
                       {"OUV_STOCK": stock})
    for name in tally.bad:
        print(f"FAILED {name}")
    line = f"{tally.passed} passed, {tally.failed} failed"
    if tally.skipped:
        line += f", {tally.skipped} skipped"
    print(line)
    return 1 if tally.failed or not tally.passed else 0


if __name__ == "__main__":
    sys.exit(main())
