"""How fast a company's program reads what it owes: requests a second by four at
once, and how long one takes alone, beside a static file of the same server."""
import concurrent.futures
import http.client
import os
import statistics
import time

import pages

COMPANY, UNIT = "Loja Medida", "SAC"

# A unit with so many cases that wait for its answer, as its list reads them.
CASES = (
    """CREATE TABLE bench_api AS SELECT gen_random_uuid() AS id, n,
 now() + n * interval '1 hour' AS due FROM generate_series(1, %s) n""",
    """INSERT INTO case_file (id, protocol, state, lang, channel, opened, last,
 due, items, key_version, summary, kind, company, unit)
 SELECT b.id, '2031-' || lpad(b.n::text, 6, '0') || '-0', 'company', 'pt-BR',
 'email', now(), now(), b.due, 0, 1, '', 'complaint', u.company, u.id
 FROM bench_api b, company_unit u JOIN company c ON c.id = u.company
 WHERE c.name = '""" + COMPANY + "'",
    """INSERT INTO party (id, case_id, side)
 SELECT gen_random_uuid(), id, 'company' FROM bench_api""",
    """INSERT INTO clock (case_id, kind, state, profile, profile_n, calendar,
 unit, amount, started, since, due) SELECT id, 'company', 'running', 'default',
 0, 'br', 'days', 10, now(), now(), due FROM bench_api""",
    "DROP TABLE bench_api", "ANALYZE",
)


def token_of(office):
    do = office.admin.do
    do("company", "add", "--name", COMPANY)
    do("company", "unit", "--company", COMPANY, "--name", UNIT)
    path = os.path.join(office.home, "secrets", "bench.pw")
    with open(path, "w") as file:
        os.chmod(path, 0o600)
        file.write(office.person("ombudsman")["password"] + "\n")
    return do("company", "token", "add", "--company", COMPANY, "--unit", UNIT,
              "--label", "bench", "--as", "ombudsman", "--as-password-file",
              path).decode().strip()


class Asker:
    def __init__(self, port, token):
        self.port, self.head = port, {"Authorization": f"Bearer {token}"}

    def get(self, path):
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            line.request("GET", path, headers=self.head)
            answer = line.getresponse()
            body = answer.read()
            assert answer.status == 200, (path, answer.status, body[:300])
            return len(body)
        finally:
            line.close()

    def alone(self, path, runs):
        """Milliseconds: median, and what 95 of a hundred stay below."""
        times = []
        for _ in range(runs):
            at = time.monotonic()
            size = self.get(path)
            times.append(1000 * (time.monotonic() - at))
        times.sort()
        return statistics.median(times), times[int(runs * 0.95) - 1], size

    def many(self, path, runs, at_once=4):
        """Requests a second."""
        begun = time.monotonic()
        with concurrent.futures.ThreadPoolExecutor(at_once) as pool:
            list(pool.map(lambda _: self.get(path), range(runs)))
        return runs / (time.monotonic() - begun)


class Watched:
    """What pages.Watch asks of an office."""

    def __init__(self, office):
        self.server, self.query = office.server, office.database.query


def figures(say, office, cases=200, runs=300):
    """office: a running server and proxy, and a database."""
    token = token_of(office)
    for n, sql in enumerate(CASES):
        office.database.query(sql, *([cases] if n == 0 else []))
    asker = Asker(office.http_port, token)
    for path in ("/api/v1/tasks", "/static/style.css"):
        asker.alone(path, 20)
    watch = pages.Watch(Watched(office))
    server, database = watch.now()
    p50, p95, size = asker.alone("/api/v1/tasks", runs)
    server, database = (b - a for a, b in zip((server, database),
                                              watch.now()))
    plain, plain95, _ = asker.alone("/static/style.css", runs)
    say("api_tasks_p50", p50, "ms", runs)
    say("api_tasks_p95", p95, "ms", runs)
    say("api_tasks_cpu", server / runs, "ms", runs)
    say("api_tasks_cpu_database", database / runs, "ms", runs)
    say("api_tasks_bytes", size, "bytes", 1)
    say("api_tasks_to_static_p50", p50 / plain, "ratio", runs)
    say("api_static_p95", plain95, "ms", runs)
    say("api_tasks", asker.many("/api/v1/tasks", runs * 2), "requests/s",
        runs * 2)
    say("api_static", asker.many("/static/style.css", runs * 2), "requests/s",
        runs * 2)
