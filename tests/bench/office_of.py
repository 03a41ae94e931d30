"""An office with many cases, as real to its pages as one that had them mailed.

    /usr/bin/python3 tests/bench/office_of.py --build B --cases N [--items M]

makes one on servers of its own, says where, and keeps it until Ctrl-C.  Tests
use fill() on a scene or an office of theirs.  What a page opens with a
person's key is sealed by tests/bench/office_of (several processes of it); what
stands in clear beside it (states, owners, companies, terms, letters that
left) follows here in a few statements, spread by the numbers of the cases, so
that two offices of one size are alike.  Rows are copied in where no trigger
runs; what triggers would have made of them follows by statements, too.  Left
out: the bytes of the mails as they came, and what people did in the log, where
each mail that came stands.

Who sees what: the mediator has forty open cases and those of before, a second
mediator and the ombudsman hold all, intake what is new or in triage, the
second reader what may need a second person, the custodian what is closed.
"""
import argparse
import os
import pathlib
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests/integration"))

OPEN = ("received", "triage", "triage", "info", "company", "company",
        "consumer", "mediation", "mediation", "proposal", "merit",
        "provisional", "plan", "review", "forwarded")
# Who holds which keys, in the order of office_of.c's groups: of all open
# cases, of closed ones, of one mediator's own, of the desk's, of what may need
# a second person.
GROUPS = (("mediator2", "ombudsman"),
          ("mediator2", "ombudsman", "custodian"),
          ("mediator",), ("intake",), ("reader",))
OWN = 43  # open cases below that number are the first mediator's
OWES = {"info": "consumer", "consumer": "consumer", "company": "company",
        "plan": "company", "forwarded": "company", "proposal": "both",
        "provisional": "both"}


def holders(query, logins):
    return ",".join(str(id).replace("-", "") for id, in query(
        "SELECT id FROM person WHERE login = ANY(%s)", list(logins)))


def seal(build, config, database, cases, items, processes):
    """The sealed part: cases 0 to `cases` in even shares."""
    share = -(-cases // processes)
    people = [holders(database.query, logins) for logins in GROUPS]
    # The gateway asks for those of the desk alone; the others get theirs from
    # colleagues, which costs a list the same.
    others = [id for id, in database.query(
        "UPDATE person SET desk = true WHERE NOT desk RETURNING id")]
    env = dict(os.environ, OUV_BENCH_DSN=database.cluster.dsn(
        database.name, "postgres"))
    running = [subprocess.Popen(
        [pathlib.Path(build) / "tests/bench/office_of", config, str(first),
         str(min(share, cases - first)), str(items), *people], env=env)
        for first in range(0, cases, share)]
    for process in running:
        assert process.wait() == 0, "office_of"
    database.query("UPDATE person SET desk = false WHERE id = ANY(%s::uuid[])",
                   others)


# Each case's number, from which everything follows; 0: not one of ours.
NUMBERED = """
CREATE TABLE bench_case AS SELECT id, split_part(protocol, '-', 2)::int - 1
 AS n, opened, due, state = 'closed' AS over FROM case_file
 WHERE protocol LIKE '2020-%%'"""

SPREAD = (
    "SET session_replication_role = replica",
    "SET work_mem = '64MB'",
    NUMBERED,
    "CREATE UNIQUE INDEX ON bench_case (id)",
    """INSERT INTO company (id, name, lang, member_from)
 SELECT gen_random_uuid(), 'Loja ' || n, 'pt-BR', '2015-01-01'
 FROM generate_series(1, 40) n""",
    """CREATE TABLE bench_company AS SELECT id, (row_number() OVER (ORDER BY
 name))::int - 1 AS n FROM company WHERE name LIKE 'Loja %%'""",
    # n / 20: only every twentieth is open.
    """UPDATE case_file c SET
 state = CASE WHEN b.over THEN c.state
  ELSE (%(open)s::text[])[1 + b.n / 20 %% %(states)s]::case_state END,
 owner = CASE WHEN b.over OR b.n / 20 %% %(states)s > 0 THEN
  (SELECT id FROM person WHERE login =
    CASE WHEN b.n / 20 < %(own)s THEN 'mediator' ELSE 'mediator2' END) END,
 company = CASE WHEN b.n %% 3 > 0 THEN k.id END,
 kind = (ARRAY['complaint', 'complaint', 'complaint', 'question', 'suggestion',
  'praise', 'report'])[1 + b.n / 7 %% 7]::case_kind,
 severity = (ARRAY['low', 'moderate', 'high', 'critical'])
  [1 + b.n / 20 %% 4]::severity,
 difficulty = (ARRAY['simple', 'complex'])[1 + b.n / 20 %% 2]::difficulty,
 contact_channel = (ARRAY['e-mail', 'phone', 'letter', 'site'])
  [1 + b.n / 11 %% 4],
 lang = (ARRAY['pt-BR', 'pt-BR', 'pt-BR', 'en', 'it'])[1 + b.n / 13 %% 5],
 moved = CASE WHEN b.over THEN least(b.opened + interval '20 days', now())
  ELSE b.opened END,
 complete = b.opened + interval '2 days',
 closed = CASE WHEN b.over THEN least(b.opened + interval '20 days', now()) END,
 closed_by = CASE WHEN b.over THEN 'office' END,
 closed_from = CASE WHEN b.over THEN 'mediation'::case_state END,
 merit = CASE WHEN b.over THEN (ARRAY['founded', 'founded', 'partly',
  'unfounded'])[1 + b.n %% 4]::merit END,
 resolution = CASE WHEN b.over THEN (ARRAY['kept', 'kept', 'broken',
  'refused'])[1 + b.n %% 4]::resolution END
 FROM bench_case b
 LEFT JOIN bench_company k ON k.n = b.n %% 40
 WHERE c.id = b.id""",
    """UPDATE case_file c SET owes = coalesce(%(owes)s::jsonb ->> c.state::text,
 CASE WHEN c.state IN ('closed', 'erased') THEN 'none' ELSE 'office' END)
 FROM bench_case b WHERE b.id = c.id""",
    # The clock of an open case, and those that a closed one had.
    """INSERT INTO clock (case_id, kind, state, profile, profile_n, calendar,
 unit, amount, started, since, due, stopped) SELECT c.id,
 CASE WHEN b.over THEN 'mediation' ELSE 'response' END::clock_kind,
 CASE WHEN b.over THEN 'stopped' ELSE 'running' END::clock_state, 'default', 0,
 'br', 'service-days', 20, c.opened, c.opened,
 coalesce(c.due, c.opened + interval '25 days'), c.closed
 FROM case_file c JOIN bench_case b ON b.id = c.id""",
    # Letters: those of closed cases left, one of two hundred came back.
    """INSERT INTO outbox (id, case_id, item, capsule, kind, dedupe_key,
 null_path, state, attempts, created, sent) SELECT gen_random_uuid(),
 i.case_id, i.id, p.id, 'reply', i.id::text, false,
 CASE WHEN b.n %% 4000 = 0 THEN 'bounced' ELSE 'sent' END::outbox_state, 1,
 i.at, i.at FROM item i JOIN bench_case b ON b.id = i.case_id
 JOIN capsule p ON p.case_id = i.case_id
 WHERE i.kind IN ('mail_out', 'auto_out')""",
    # What a person must do: in one of six open cases, and, done, elsewhere.
    """INSERT INTO task (id, case_id, kind, item, opened, due, done, outcome)
 SELECT gen_random_uuid(), i.case_id, 'other-channel', i.id, i.at,
 i.at + interval '3 days', CASE WHEN b.over THEN i.at END,
 CASE WHEN b.over THEN 'done' END FROM item i
 JOIN bench_case b ON b.id = i.case_id AND i.seq = 1 AND b.n / 20 %% 6 = 0""",
    """INSERT INTO promise (id, case_id, n, promiser, item, source, made, due,
 state, ended) SELECT gen_random_uuid(), i.case_id, 1, 'company', i.id, 'plan',
 i.at, coalesce(b.due, i.at + interval '9 days'),
 CASE WHEN b.over THEN 'kept' ELSE 'open' END,
 CASE WHEN b.over THEN i.at + interval '8 days' END FROM item i
 JOIN bench_case b ON b.id = i.case_id AND i.seq = 1 AND b.n / 20 %% 9 = 0""",
    # The next number of that year is free.
    """INSERT INTO protocol_counter (year, last) SELECT 2020, max(n) + 1
 FROM bench_case ON CONFLICT (year) DO UPDATE SET last = excluded.last""",
    "DROP TABLE bench_case, bench_company",
    # What case_reader_begin and case_reader_follow would have written.
    """INSERT INTO case_reader (case_id, person, part, state, owner, last,
 opened, due, kind, severity, company, lang, channel, fresh, tasks, trouble)
 SELECT c.id, g.person, case_part(c), c.state, c.owner, c.last,
 c.opened, case_due(c), c.kind, c.severity, c.company, c.lang,
 c.contact_channel, letters_since(c.id, NULL), tasks_open(c.id, false),
 tasks_open(c.id, true)
 FROM case_grant g JOIN case_file c ON c.id = g.case_id
 WHERE g.person <> '00000000-0000-0000-0000-000000000000'
  AND c.protocol LIKE '2020-%%'""",
    "SET session_replication_role = origin",
)


def fill(build, config, database, cases, items=10, processes=2):
    """Fills an office; seconds it took.  database: as harness.Database."""
    import json
    begun = time.monotonic()
    seal(build, config, database, cases, items, processes)
    values = {"open": list(OPEN), "states": len(OPEN), "own": OWN,
              "owes": json.dumps(OWES)}
    line = database.connect()
    line.autocommit = True
    try:
        with line.cursor() as cursor:
            for statement in SPREAD:
                cursor.execute(statement, values)
            cursor.execute("VACUUM ANALYZE")
    finally:
        line.close()
    return time.monotonic() - begun


def main():
    args = argparse.ArgumentParser(description=__doc__)
    args.add_argument("--build", default="build/plain")
    args.add_argument("--cases", type=int, default=1000)
    args.add_argument("--items", type=int, default=10)
    options = args.parse_args()
    build = (ROOT / options.build).resolve()
    os.environ["OUV_BUILD"] = str(build)
    import harness
    import scene
    folder = harness.Folder()
    cluster = harness.Postgres(folder)
    cluster.begin()
    template = harness.Template(folder, cluster)
    template.begin()
    made = scene.Scene(template, to_sink=True)
    try:
        took = fill(build, made.office.config, made.database, options.cases,
                    options.items)
        made.begin(gateway=False)
        size = made.database.value(
            "SELECT pg_size_pretty(pg_database_size(current_database()))")
        print(f"{options.cases} cases in {took:.0f} s, {size}\n"
              f"console  {made.office.base_url}\n"
              f"database {made.database.dsn}\n"
              f"config   {made.office.config}")
        for person in made.office.staff:
            print(f"  {person['login']}: {person['password']}"
                  f" (TOTP {person['totp_secret']})")
        sys.stdout.flush()
        while True:
            time.sleep(3600)
    except KeyboardInterrupt:
        pass
    finally:
        made.stop()
        cluster.stop()
        folder.remove()


if __name__ == "__main__":
    main()
