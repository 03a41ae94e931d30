#!/usr/bin/python3
"""`make bench`: one JSON line per figure, measured on the real programs.

The comparison that counts is a ratio against a reference of the same run:
ingest (mails waiting in Dovecot until they are filed and acknowledged in the
outbox) against tests/bench/floor, which does the fewest durable steps.
"""
import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests/integration"))


def say(name, value, unit, n, median_of=1):
    print(json.dumps({"name": name, "value": round(float(value), 3), "unit": unit,
                      "n": n, "median_of": median_of}), flush=True)


def mail(number, size):
    """An ordinary complaint of about `size` bytes, of a sender of its own."""
    words = ("Comprei uma geladeira em maio, a loja prometeu entregar em dez "
             "dias e ninguém responde às minhas ligações. ")
    head = (f"From: Consumidora {number} <c{number}@consumidora{number % 50}"
            f".example>\r\nTo: ouvidoria@ouvidoria.example\r\n"
            f"Subject: Entrega atrasada, pedido {number}\r\n"
            f"Date: Mon, 02 Feb 2026 10:00:00 -0300\r\n"
            f"Message-ID: <bench.{number}.{time.time_ns()}@consumidora.example>\r\n"
            "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
            "Content-Transfer-Encoding: 8bit\r\n\r\n")
    line = words.encode()
    body = (line + b"\r\n") * (max(size - len(head), 0) // (len(line) + 2) + 1)
    return head.encode() + body


def rss_kb(pid):
    """Resident memory of a process and all below it."""
    rows = {}
    for status in pathlib.Path("/proc").glob("[0-9]*/status"):
        try:
            lines = status.read_text().splitlines()
        except OSError:
            continue
        fields = dict(line.split(":\t", 1) for line in lines if ":\t" in line)
        rows[int(fields["Pid"])] = (int(fields["PPid"]),
                                    int(fields.get("VmRSS", "0 kB").split()[0]))
    family, grown = {pid}, True
    while grown:
        more = {p for p, (parent, _) in rows.items() if parent in family}
        grown = not more <= family
        family |= more
    return sum(rows[p][1] for p in family if p in rows)


def fence_figures(build, size):
    """Mails a second, of one processor's time, understood behind the fence;
    beside each what the same costs without it, and with a child for each
    mail.  OUV_BENCH_MAIL names a folder of other mails."""
    import tempfile
    with tempfile.TemporaryDirectory() as folder:
        (pathlib.Path(folder) / "one.eml").write_bytes(mail(0, size))
        mixes = [("specimens", ROOT / "tests/data/mail"),
                 (f"{size // 1000}kB", folder)]
        if os.environ.get("OUV_BENCH_MAIL"):
            mixes.append(("samples", os.environ["OUV_BENCH_MAIL"]))
        for name, mails in mixes:
            for kind, per_child in (("", 0), ("_child_for_each", 1)):
                runs = [json.loads(subprocess.run(
                    [build / "tests/bench/fence", "2", str(per_child), mails],
                    capture_output=True, check=True).stdout)
                    for _ in range(3)]
                assert not any(run["failed"] for run in runs), "fence"
                middle = sorted(runs, key=lambda run: run["fenced"])[1]
                say(f"fenced_{name}{kind}", middle["fenced"], "mails/s",
                    middle["mails"], 3)
                if not kind:
                    say(f"in_process_{name}", middle["in_process"], "mails/s",
                        middle["mails"], 3)


def scan_figures(build, pages=6):
    """A page of A4 at 300 dots to the inch read by machine, behind the fence:
    its processor time, and the memory of who reads a page of 100."""
    told = json.loads(subprocess.run(
        [build / "tests/bench/bench_scan", str(pages)], cwd=ROOT, check=True,
        stdout=subprocess.PIPE).stdout)
    say("scan_page", told["seconds"], "s", pages)
    say("scan_child", told["kb_child"] / 1024, "MiB", pages)
    say("scan_keeper", told["kb_keeper"] / 1024, "MiB", 1)


class Bench:
    def __init__(self, build, mails, size):
        os.environ["OUV_BUILD"] = str(build)
        import harness
        self.harness = harness
        self.build, self.mails, self.size = build, mails, size
        self.folder = harness.Folder()
        self.cluster = harness.Postgres(self.folder, fsync=True)
        self.cluster.begin()
        self.template = harness.Template(self.folder, self.cluster)
        self.template.begin()

    def close(self):
        self.cluster.stop()
        self.folder.remove()

    def office(self):
        folder = self.harness.Folder()
        office = self.harness.Office(folder, self.template)
        office.set(mailgw_acks_hour="1000000",
                   mailgw_acks_domain_hour="1000000")
        office.dovecot.begin()
        return folder, office

    def floor(self):
        database = self.cluster.fresh()
        dsn = (f"{database.dsn} user={self.harness.postgres_module.OWNER} "
               f"password={self.cluster.passwords[self.harness.postgres_module.OWNER]}")
        database.query("GRANT CREATE ON SCHEMA public TO PUBLIC")
        run = subprocess.run(
            [self.build / "tests/bench/floor", dsn, str(max(self.mails, 100))],
            input=mail(0, self.size), capture_output=True, check=True)
        database.drop()
        return json.loads(run.stdout)

    def ingest(self):
        """Mails a second from Dovecot to filed, with the acknowledgement
        queued, by one worker; and what the gateway then weighs."""
        folder, office = self.office()
        try:
            for number in range(self.mails):
                office.dovecot.deliver(mail(number, self.size),
                                       sender=f"c{number}@consumidora{number % 50}.example")
            connection = office.database.connect()
            connection.autocommit = True
            cursor = connection.cursor()
            begun = weighed = time.monotonic()
            weight = 0
            # --once: the mailbox first, the outbox afterwards, so that what
            # is measured is receiving and filing alone.
            gateway = subprocess.Popen(
                [self.build / "ouvidoria-mailgw", "-c", office.config, "run",
                 "--once"], stderr=open(folder / "once.log", "w"))
            while True:
                cursor.execute("SELECT count(*) FROM inbound WHERE state = 'filed'")
                if cursor.fetchone()[0] >= self.mails:
                    break
                if time.monotonic() - begun > 300:
                    raise RuntimeError("the gateway did not file everything")
                if time.monotonic() - weighed > 0.3:
                    weight = max(weight, rss_kb(gateway.pid))
                    weighed = time.monotonic()
                time.sleep(0.02)  # the measured thing is in other processes
            seconds = time.monotonic() - begun
            cursor.execute("SELECT count(*) FROM outbox")
            assert cursor.fetchone()[0] == self.mails, "acknowledgements"
            connection.close()
            return self.mails / seconds, weight
        finally:
            gateway.kill()
            gateway.wait()
            office.stop()
            folder.remove()

    def api(self):
        """What a company's program reads; it says its own lines."""
        import api
        folder, office = self.office()
        try:
            office.set(server_api_minute="1000000")
            office.server.begin()
            office.nginx.begin()
            api.figures(say, office)
        finally:
            office.stop()
            folder.remove()

    def clock(self, config, *arguments):
        run = subprocess.run(
            [self.build / "tests/bench/bench_clock", config, *arguments],
            capture_output=True, check=True)
        return json.loads(run.stdout)

    def moves(self, count=200, clocks=10000):
        """Milliseconds of a move with its transaction, and of counting so
        many clocks again after a day was closed."""
        folder, office = self.office()
        try:
            office.dovecot.stop()
            for number in range(count):
                office.gateway.ingest(mail(number, 4000))
            cases = [case.replace("-", "") for case, in office.database.query(
                "SELECT id::text FROM case_file WHERE state = 'received'")]
            assert len(cases) == count
            move = self.clock(office.config, "move", *cases)
            # Each ends three service days from now: the day after tomorrow
            # is closed, and every one of them moves.
            office.database.query(
                "WITH c AS (INSERT INTO case_file (id, state, lang, channel,"
                "  opened, last, due, items, key_version, summary)"
                " SELECT gen_random_uuid(), 'mediation', 'en', 'letter', now(),"
                "  now(), now() + interval '3 days', 0, 1, ''"
                " FROM generate_series(1, %s) RETURNING id)"
                " INSERT INTO clock (case_id, kind, state, profile, profile_n,"
                "  calendar, unit, amount, started, since, due)"
                " SELECT id, 'mediation', 'running', 'default', 0, 'br',"
                "  'service-days', 5, now(), now(), now() + interval '3 days'"
                " FROM c", clocks)
            self.clock(office.config, "recompute")
            office.database.query(
                "INSERT INTO calendar_day (id, calendar, day, name, source,"
                " state, decided) SELECT gen_random_uuid(), 'br', day, 'Test',"
                " 'bench.ics', 'accepted', now() FROM (SELECT current_date + n"
                " AS day FROM generate_series(1, 6) n) d"
                " WHERE extract(isodow FROM day) < 6")
            counted = self.clock(office.config, "recompute")
            assert counted["done"] >= clocks, counted
            return move["ms"], counted["ms"]
        finally:
            office.stop()
            folder.remove()

    def search(self, cases=5000, runs=20):
        """Milliseconds of a search over so many cases of one person's, and of
        what it consists of: opening their grants, asking for tokens."""
        folder, office = self.office()
        try:
            office.dovecot.stop()
            run = subprocess.run(
                [self.build / "tests/bench/bench_search", office.config,
                 str(cases), str(runs)], stdout=subprocess.PIPE, check=True)
            return json.loads(run.stdout)
        finally:
            office.stop()
            folder.remove()

    def grants(self, count=50):
        """Milliseconds in which one colleague gives another the keys of so
        many cases: one request of the console, each an event of its case."""
        import scene
        made = scene.Scene(self.template, to_sink=True)
        try:
            made.begin(gateway=False)
            folder = pathlib.Path(made.folder.make("many"))
            for number in range(count):
                (folder / f"{number}.eml").write_bytes(mail(number, 4000))
            first, *rest = sorted(folder.iterdir())
            made.gateway.ingest(first.read_bytes(), *map(str, rest))
            browser, took = made.logged_in("mediator"), []
            for login in ("reader", "ombudsman", "custodian"):
                path = f"/people/{login}"
                form = browser.get(path).form(f"{path}/keys")
                if not took:  # the code is asked for once
                    browser.post(f"{path}/keys", **form, which="closed", of="")
                    form = browser.get(path).form(f"{path}/keys")
                begun = time.monotonic()
                page = browser.post(f"{path}/keys", **form, which="open", of="")
                took.append(1000 * (time.monotonic() - begun))
                assert page.status == 303, page.words
            assert made.database.value(
                "SELECT count(*) FROM grant_given") == 3 * count
            return statistics.median(took)
        finally:
            made.stop()

    def case_keys(self, items=200, runs=11):
        """Milliseconds, as the console answers: a page of 50 cases, a case of
        one message, and how much longer a message of so many takes when the
        case gets a new key first."""
        import scene
        made = scene.Scene(self.template, to_sink=True,
                           mailgw_mails_sender_hour=100000)
        try:
            made.begin(gateway=False)
            folder = pathlib.Path(made.folder.make("many"))
            for number in range(50 + items):
                text = mail(min(number, 50), 4000)
                if number > 50:  # they answer the first of that sender
                    text = text.replace(
                        b"\r\nMessage-ID", b"\r\nIn-Reply-To: " + name
                        + b"\r\nMessage-ID", 1)
                else:
                    name = text[text.index(b"<bench"):].split(b"\r\n")[0]
                (folder / f"{number:03}.eml").write_bytes(text)
            first, *rest = sorted(folder.iterdir())
            for part in rest[:50], rest[50:]:
                made.gateway.ingest(first.read_bytes(), *map(str, part))
            large, count = made.query(
                "SELECT id::text, items FROM case_file ORDER BY items DESC"
                " LIMIT 1")[0]
            assert count >= items, count
            small, = made.query("SELECT protocol FROM case_file WHERE items < 3"
                                " AND protocol IS NOT NULL LIMIT 1")[0]
            item, = made.query("SELECT id::text FROM item WHERE case_id = %s"
                               " ORDER BY seq LIMIT 1", large)[0]
            browser = made.logged_in("mediator")

            def took(path, due=False):
                times = []
                for _ in range(runs):
                    made.query("UPDATE case_file SET rekey_due = %s"
                               " WHERE id = %s", due, large)
                    begun = time.monotonic()
                    page = browser.get(path)
                    times.append(1000 * (time.monotonic() - begun))
                    assert page.status == 200, page.words
                return statistics.median(times)

            raw = "/cases/{}/items/{}/raw".format(
                large.replace("-", ""), item.replace("-", ""))
            found = {"list_of_50": took("/cases?queue=open"),
                     "case_opened": took(f"/cases/{small}"),
                     "new_key_of_200_items": took(raw, True) - took(raw)}
            assert made.query("SELECT key_version FROM case_file WHERE id = %s",
                              large) == [(1 + runs,)]
            return found
        finally:
            made.stop()

    def pages(self, cases, runs=60):
        """The pages of a day in an office of so many cases, as its people get
        them through nginx: {(role, page): Figures}."""
        import office_of
        import pages
        import scene
        made = scene.Scene(self.template, to_sink=True)
        try:
            took = office_of.fill(self.build, made.office.config,
                                  made.database, cases)
            say(f"office_of_{cases}_cases_made", took, "s", cases)
            say(f"office_of_{cases}_cases_size", made.database.value(
                "SELECT pg_database_size(current_database()) / 1000000.0"),
                "MB", cases)
            made.begin(gateway=False)
            return pages.measure(made, runs)
        finally:
            made.stop()

    def day(self, cases):
        """The same at 1,000 cases and at so many; what of it is more than was
        promised, in words."""
        import pages
        small, large = self.pages(1000), self.pages(cases)
        for key, f in large.items():
            name, was = "page_{}_{}".format(*key), small[key]
            for size, one in ((1000, was), (cases, f)):
                say(f"{name}_p50_at_{size}", one.p50, "ms", one.n, one.n)
                say(f"{name}_p95_at_{size}", one.p95, "ms", one.n)
                say(f"{name}_cpu_server_at_{size}", one.server, "ms", one.n)
                say(f"{name}_cpu_database_at_{size}", one.database, "ms",
                    one.n)
            say(f"{name}_to_1000_cases", f.p50 / was.p50, "ratio", f.n)
            say(f"{name}_cpu_to_1000_cases", f.cpu / was.cpu, "ratio", f.n)
            say(f"{name}_bytes", f.bytes, "B", 1)
        return pages.judge(small, large)

    def weights(self, count=1000):
        """Resident memory of both programs: idle, and after so many mails."""
        folder, office = self.office()
        try:
            office.gateway.begin()
            office.server.begin()
            pids = office.gateway.process.pid, office.server.process.pid
            idle = [rss_kb(pid) for pid in pids]
            for number in range(count):
                office.dovecot.deliver(
                    mail(number, self.size),
                    sender=f"c{number}@consumidora{number % 50}.example")
            deadline = time.monotonic() + 300
            while office.database.value(
                    "SELECT count(*) FROM outbox WHERE state = 'sent'") < count:
                if time.monotonic() > deadline:
                    raise RuntimeError("not every acknowledgement was sent")
                time.sleep(0.5)
            return idle, [rss_kb(pid) for pid in pids]
        finally:
            office.stop()
            folder.remove()

    def delay(self, count):
        """Seconds from the SMTP server's 250 to the case, and to the
        acknowledgement at the other end."""
        import smtplib
        folder, office = self.office()
        listener = self.harness.SmtpListener(folder, office.dovecot)
        listener.begin()
        office.set(smtp_port=str(listener.port))
        try:
            office.gateway.begin()
            connection = office.database.connect()
            connection.autocommit = True
            cursor = connection.cursor()
            to_case, to_ack = [], []
            for number in range(count):
                with smtplib.SMTP("127.0.0.1", listener.port) as line:
                    line.sendmail(f"c{number}@consumidora{number % 50}.example",
                                  ["ouvidoria@ouvidoria.example"],
                                  mail(number, 4000))
                begun = time.monotonic()
                for query, times in (("SELECT count(*) FROM case_file", to_case),
                                     ("SELECT count(*) FROM outbox WHERE state = 'sent'", to_ack)):
                    while True:
                        cursor.execute(query)
                        if cursor.fetchone()[0] > number:
                            break
                        if time.monotonic() - begun > 30:
                            raise RuntimeError(query)
                        time.sleep(0.005)
                    times.append(time.monotonic() - begun)
            connection.close()
            return statistics.median(to_case), statistics.median(to_ack)
        finally:
            listener.stop()
            office.stop()
            folder.remove()


def main():
    args = argparse.ArgumentParser()
    args.add_argument("--build", default="build/plain")
    args.add_argument("--mails", type=int, default=1000)
    args.add_argument("--size", type=int, default=37000)
    args.add_argument("--runs", type=int, default=3)
    args.add_argument("--cases", type=int, help="of the larger office of two",
                      default=int(os.environ.get("OUV_BENCH_CASES", 10000)))
    args.add_argument("--only-pages", action="store_true",
                      help="nothing but the pages of a day")
    args.add_argument("--only-api", action="store_true",
                      help="nothing but what a company's program reads")
    options = args.parse_args()
    build = (ROOT / options.build).resolve()
    if options.only_api:
        bench = Bench(build, options.mails, options.size)
        try:
            bench.api()
        finally:
            bench.close()
        return
    if options.only_pages:
        bench = Bench(build, options.mails, options.size)
        try:
            end(bench.day(options.cases))
        finally:
            bench.close()
        return
    # Our reader and two libraries over the same mails; it says its own lines.
    subprocess.run([(ROOT / options.build / "tests/bench/readers").resolve()],
                   cwd=ROOT, check=True)
    # Acknowledgements made ready to send; it says its own lines.
    subprocess.run([(ROOT / options.build / "tests/bench/bench_tmpl").resolve()],
                   cwd=ROOT, check=True)
    # Letters on paper: a letter, a page of it, its bytes; it says its own lines.
    subprocess.run([(ROOT / options.build / "tests/bench/bench_print").resolve()],
                   cwd=ROOT, check=True)
    fence_figures((ROOT / options.build).resolve(), options.size)
    scan_figures((ROOT / options.build).resolve())
    bench = Bench((ROOT / options.build).resolve(), options.mails, options.size)
    try:
        floors, rates, weights = [], [], []
        for _ in range(options.runs):
            floors.append(bench.floor())
            rate, weight = bench.ingest()
            rates.append(rate)
            weights.append(weight)
        n, runs = options.mails, options.runs
        single = statistics.median(f["single"] for f in floors)
        batch = statistics.median(f["batch"] for f in floors)
        rate = statistics.median(rates)
        say("floor_one_commit_per_mail", single, "mails/s", n, runs)
        say("floor_100_mails_per_commit", batch, "mails/s", n, runs)
        say("ingest", rate, "mails/s", n, runs)
        say("ingest_to_floor_single", rate / single, "ratio", n, runs)
        say("ingest_to_floor_batch", rate / batch, "ratio", n, runs)
        move, counted = bench.moves()
        say("move", move, "ms", 200, 200)
        say("clocks_recomputed_10000", counted, "ms", 10000)
        say("keys_of_50_cases_given", bench.grants(), "ms", 50, 3)
        for name, ms in bench.case_keys().items():
            say(name, ms, "ms", 1, 11)
        found = bench.search()
        for name, of in (("first", 1), ("search", 20), ("grants_alone", 20),
                         ("join_alone", 20)):
            for figure, ms in found[name].items():
                say(f"search_5000_{name}_{figure}", ms, "ms", found["cases"],
                    of)
        say("search_5000_to_grants_alone", found["search"]["ms"]
            / found["grants_alone"]["ms"], "ratio", found["cases"], 20)
        bench.api()
        wrong = bench.day(options.cases)
        case, ack = bench.delay(20)
        say("smtp_accept_to_case", case, "s", 20, 20)
        say("smtp_accept_to_acknowledgement_sent", ack, "s", 20, 20)
        idle, after = bench.weights()
        for name, before, then in zip(("mailgw", "server"), idle, after):
            say(f"{name}_rss_idle", before, "kB", 1)
            say(f"{name}_rss_after_1000_mails", then, "kB", 1000)
        say("mailgw_peak_rss_during_ingest", statistics.median(weights), "kB", n, runs)
        end(wrong)
    finally:
        bench.close()


def end(wrong):
    for line in wrong:
        print(line, file=sys.stderr)
    if wrong:
        sys.exit(1)


if __name__ == "__main__":
    main()
