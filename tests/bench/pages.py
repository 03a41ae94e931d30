"""How long the pages of a day take: measured over HTTP in a running office, as
each of its people, beside the processor time of console and database.

Promised: 95 of a hundred within 50 ms, and no more than half as long again in
a hundred times as many cases.  A machine that has other work to do cannot tell
that by the clock: then the processor's time is judged alone.
"""
import dataclasses
import os
import statistics
import time

MOST_MS, MOST_RATIO, MOST_BYTES = 50, 1.5, 60000
LEAST_MS = 2  # what is quicker than that tells nothing by its ratio
TICK_MS = 1000 / os.sysconf("SC_CLK_TCK")


@dataclasses.dataclass
class Figures:
    p50: float
    p95: float
    server: float  # ms of processor time a page
    database: float
    bytes: int
    n: int
    busy: bool  # others had work for the processors meanwhile

    @property
    def cpu(self):
        return self.server + self.database


def ticks(pid):
    """Milliseconds of processor time of a process until now."""
    with open(f"/proc/{pid}/stat") as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) * TICK_MS


def all_ticks():
    """Of the whole machine: what it worked."""
    with open("/proc/stat") as stat:
        fields = [int(word) for word in stat.readline().split()[1:9]]
    return (sum(fields) - fields[3] - fields[4]) * TICK_MS


class Watch:
    """Processor times of a console and of its lines to the database."""

    def __init__(self, made):
        self.made = made

    def now(self):
        backends = self.made.query(
            "SELECT pid FROM pg_stat_activity WHERE usename = 'ouv_srv'"
            " AND datname = current_database()")
        return (ticks(self.made.server.process.pid),
                sum(ticks(pid) for pid, in backends))


def timed(made, get, runs):
    """Figures of a page."""
    watch = Watch(made)
    get()  # what is read once only
    server, database = watch.now()
    work, begun = all_ticks(), time.monotonic()
    times = []
    for _ in range(runs):
        at = time.monotonic()
        page = get()
        times.append(1000 * (time.monotonic() - at))
        assert page.status == 200, page.words
    seconds = time.monotonic() - begun
    work = all_ticks() - work
    server, database = (b - a for a, b in zip((server, database), watch.now()))
    # nginx and whoever asks take about as much again.
    others = work - 3 * (server + database)
    times.sort()
    return Figures(statistics.median(times), times[int(runs * 0.95) - 1],
                   server / runs, database / runs, len(page.body), runs,
                   others > 300 * seconds * os.cpu_count())


def page_number(browser, path, number):
    """The address of that page of a list, by its links; None: too short."""
    for _ in range(number - 1):
        links = browser.get(path).links(r"/cases\?[^\"]*after=[^\"]*")
        if not links:
            return None
        path = links[-1]
    return path


def addresses(made, browser):
    """What is asked for, by name."""
    found = {"smallest": "/healthz", "worklist": "/", "cases": "/cases",
             "filter": "/cases?company=Loja+3&severity=high",
             "due": "/cases?queue=due&sort=due", "tasks": "/cases?queue=task",
             "closed": "/cases?queue=closed"}
    deep = page_number(browser, "/cases?queue=closed", 20)
    if deep is not None:
        found["page_20"] = deep
    cases = browser.get("/cases").cases()
    if cases:
        found["case"] = cases[0]
    large = made.query("SELECT id::text FROM case_file ORDER BY items DESC"
                       " LIMIT 1")[0][0].replace("-", "")
    if browser.get(f"/cases/{large}").status == 200:
        found["case_of_200"] = f"/cases/{large}"
    return found


def measure(made, runs, roles=("mediator", "mediator2", "intake", "reader")):
    """{(role, page): Figures}; the search of each as well."""
    found = {}
    for role in roles:
        browser = made.logged_in(role)
        for name, path in addresses(made, browser).items():
            found[role, name] = timed(made, lambda p=path: browser.get(p),
                                      runs)
        form = browser.get("/search").form("/search")
        found[role, "search"] = timed(made, lambda f=form: browser.post(
            "/search", **f, q="geladeira"), max(3, runs // 12))
    return found


def judge(small, large):
    """What is more than was promised.  A search asks each case that its reader
    can open, so its ratio is no promise; neither is anybody's first."""
    wrong = []
    for (role, page), f in large.items():
        was = small.get((role, page))
        where = f"{page} of {role}"
        if page == "search" or was is None:
            continue
        if f.bytes > MOST_BYTES:
            wrong.append(f"{where}: {f.bytes} bytes")
        if f.cpu > MOST_MS or (not f.busy and f.p95 > MOST_MS):
            wrong.append(f"{where}: p95 {f.p95:.0f} ms, processor {f.cpu:.0f}")
        alike = was.bytes > f.bytes / 2  # a fuller page is another page
        if alike and f.cpu > max(MOST_RATIO * was.cpu, LEAST_MS):
            wrong.append(f"{where}: processor {was.cpu:.1f} to {f.cpu:.1f} ms")
        if alike and not (f.busy or was.busy) \
                and f.p50 > max(MOST_RATIO * was.p50, LEAST_MS):
            wrong.append(f"{where}: {was.p50:.1f} to {f.p50:.1f} ms")
    return wrong
