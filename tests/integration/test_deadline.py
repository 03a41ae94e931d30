"""`ouvidoria deadline` and `ouvidoria calendar import`: dates with their
reasons, the office's own terms, and days that come with a file."""

import json

import psycopg2
import pytest

import harness
from ouvoffice import conf
from ouvoffice.postgres import GATEWAY, SERVER

NEW_YEAR = "2027-01-01T09:00:00-03:00"


@pytest.fixture(scope="module")
def office(template):
    """A database and the command; no server has to run."""
    folder = harness.Folder()
    made = harness.Office(folder, template)
    yield made
    made.stop()
    folder.remove()


def run(office, *arguments):
    status, out, err = office.admin.run(*arguments)
    return status, out.decode(), err.decode()


def due(office, *arguments):
    status, out, err = run(office, "deadline", *arguments, "--json")
    assert status == 0, err
    return json.loads(out)


def rows(office, query):
    return office.database.query(query)


def steps(answer):
    return {step["date"]: (step["counted"], step["reason"])
            for step in answer["steps"]}


# ---- why this date ----------------------------------------------------------


def test_ten_working_days_over_carnival(office):
    answer = due(office, "--profile", "br-bank", "--clock", "company",
                 "--from", "2027-02-04T15:00:00-03:00")
    # Fri 5; Carnival is 8 and 9; Wed 10 to Fri 12 are 2 to 4; 15 to 19 make
    # nine, Monday the 22nd the tenth.
    assert answer["due"] == "2027-02-22T23:59:59-03:00"
    assert (answer["rule"], answer["calendar"], answer["day_zero"]) == (
        "10 service-days", "br", "2027-02-04")
    assert answer["law"] == "Resolução CMN 4.860/2020, art. 6"
    told = steps(answer)
    assert len(told) == 18 and "2027-02-04" not in told
    assert told["2027-02-05"] == (True, None)
    assert told["2027-02-06"] == (False, "weekly")
    assert told["2027-02-08"] == (
        False, "Segunda-feira de Carnaval (ponto facultativo)")
    assert sum(counted for counted, _ in told.values()) == 10


def test_days_roll_to_one_on_which_the_office_is_open(office):
    answer = due(office, "--profile", "br-public", "--clock", "total",
                 "--from", "2027-01-10T10:00:00-03:00")
    # Thirty days end on Carnival Tuesday: Ash Wednesday is the next.
    assert answer["due"] == "2027-02-10T23:59:59-03:00"
    told = steps(answer)
    assert told["2027-02-09"] == (True, None)
    assert told["2027-02-10"] == (False, None)


@pytest.mark.parametrize("profile, clock, end", [
    ("seed", "response-limit", "2027-01-06T10:00:00-03:00"),
    ("seed", "message", "2027-01-04T12:00:00-03:00"),
    ("eu-adr", "total", "2027-04-05T23:59:59-03:00"),
    ("default", "promise", "2027-02-01T23:59:59-03:00"),
])
def test_clocks_and_limits_by_name(office, profile, clock, end):
    """From Monday 4 January 2027, 10:00; counted by hand."""
    assert due(office, "--profile", profile, "--clock", clock, "--from",
               "2027-01-04T13:00:00Z")["due"] == end


def test_another_calendar_and_zone(office):
    answer = due(office, "--clock", "company", "--from",
                 "2026-12-29T23:30:00Z", "--calendar", "it")
    # 30 December in Rome by now: ten days end on 9 January, a Saturday.
    assert (answer["day_zero"], answer["due"]) == (
        "2026-12-30", "2027-01-11T23:59:59+01:00")
    assert answer["profile"] == "default"


def test_people_can_read_it(office):
    status, out, _ = run(office, "deadline", "--profile", "br-sac", "--clock",
                         "total", "--from", "2027-09-01T10:00:00-03:00")
    assert status == 0
    assert out.splitlines()[:4] == [
        "due       2027-09-08T23:59:59-03:00",
        "rule      br-sac total: 7 days (Decreto 11.034/2022, art. 13)",
        "calendar  br, America/Sao_Paulo", "day zero  2027-09-01"]
    status, out, _ = run(office, "deadline", "--clock", "proposal", "--from",
                         "2027-09-01T10:00:00-03:00")
    assert ("2027-09-07  passed over: Independência do Brasil (Lei 662/1949)"
            in out.splitlines())


def test_beyond_the_calendar_names_it(office):
    status, out, err = run(office, "deadline", "--clock", "company", "--from",
                           "2045-12-28T10:00:00-03:00")
    assert status == 1 and not out
    assert "calendar br" in err and "2015 to 2045" in err
    status, _, err = run(office, "deadline", "--clock", "company", "--from",
                         "2014-12-28T10:00:00-03:00", "--calendar", "it")
    assert status == 1 and "calendar it" in err


@pytest.mark.parametrize("arguments, told", [
    (("--profile", "none-such", "--clock", "total"), "no such profile"),
    (("--profile", "../br-sac", "--clock", "total"), "no such profile"),
    (("--clock", "tea"), "tea: there is no such clock"),
    (("--clock", "total", "--calendar", "atlantis"), "calendar atlantis"),
    (("--clock", "total", "--calendar", "../br"), "calendar ../br"),
])
def test_what_there_is_not_is_told(office, arguments, told):
    status, out, err = run(office, "deadline", *arguments, "--from", NEW_YEAR)
    assert (status, out) == (1, "") and told in err


@pytest.mark.parametrize("arguments", [
    (), ("--clock", "total"), ("--from", NEW_YEAR),
    ("--clock", "total", "--from", "tomorrow"),
    ("--clock", "total", "--from", "2027-01-01"),
    ("--clock", "total", "--from", NEW_YEAR, "more"),
    ("list", "more"), ("show",), ("set", "default"),
    ("set", "default", "--file", "x"), ("--no-such-option",),
])
def test_usage(office, arguments):
    status, out, err = run(office, "deadline", *arguments)
    assert (status, out) == (2, "") and "usage: ouvidoria deadline" in err


def test_without_a_database_the_files_answer_and_it_is_said(office):
    was = office.database.dsn
    conf.adjust(office.config, {
        ("database", "dsn"): "host=127.0.0.1 port=1 dbname=nowhere"})
    try:
        status, out, err = run(office, "deadline", "--clock", "company",
                               "--from", "2027-01-04T10:00:00-03:00", "--json")
        listed = run(office, "deadline", "list")
        shown = run(office, "deadline", "show", "br-sac", "--json")
        stored = run(office, "deadline", "set", "seed", "--file", "/dev/null",
                     "--reason", "x")
    finally:
        conf.adjust(office.config, {("database", "dsn"): was})
    assert status == 0 and json.loads(out)["due"].startswith("2027-01-14")
    assert "no database: the product's files alone" in err
    assert listed[0] == 0 and listed[1].split()[0] == "br-bank"
    assert json.loads(shown[1])["clocks"]["total"]["term"] == "7 days"
    assert stored[0] == 75


# ---- the office's own terms -----------------------------------------------------


def own(name, **more):
    titles = {"pt-BR": "Nossos", "en": "Ours", "it": "Nostri"}
    return json.dumps({"profile": name, "name": titles, **more})


def store(office, name, text, reason="Decidido em reunião"):
    path = office.folder / "profile.json"
    with open(path, "w", encoding="utf-8") as out:
        out.write(text)
    return run(office, "deadline", "set", name, "--file", path, "--reason",
               reason)


def test_the_offices_own_version_counts_from_then_on(office):
    from_ = ("--from", "2027-01-04T10:00:00-03:00")
    longer = own("default", extends="default", clocks={
        "consumer": {"term": "25 days", "law": "Regimento, art. 4"}})
    assert store(office, "default", longer)[:2] == (0, "default 1\n")
    answer = due(office, "--clock", "consumer", *from_)
    assert (answer["version"], answer["law"]) == (1, "Regimento, art. 4")
    assert answer["due"].startswith("2027-01-29")
    # What it does not say is as it was; who builds on it has it too.
    assert due(office, "--clock", "company", *from_)["due"].startswith(
        "2027-01-14")
    assert due(office, "--profile", "br-sac", "--clock", "consumer",
               *from_)["due"].startswith("2027-01-29")
    assert due(office, "--profile", "consumidor", "--clock", "consumer",
               *from_)["due"].startswith("2027-01-25")
    # A second version, and one of a name of their own.
    assert store(office, "default", own("default", extends="default"))[
        1] == "default 2\n"
    assert due(office, "--clock", "consumer", *from_)["due"].startswith(
        "2027-01-25")
    assert store(office, "nosso", own(
        "nosso", extends="seed", calendar="it",
        clocks={"company": {"term": "3 service-days",
                                        "remind": ["1 days"]}}))[:2] == (0, "nosso 1\n")
    answer = due(office, "--profile", "nosso", "--clock", "company", *from_)
    assert (answer["calendar"], answer["due"]) == (
        "it", "2027-01-08T23:59:59+01:00")
    listed = json.loads(run(office, "deadline", "list", "--json")[1])
    assert [(row["profile"], row["version"]) for row in listed] == [
        ("br-bank", 0), ("br-public", 0), ("br-sac", 0), ("consumidor", 0),
        ("default", 2), ("eu-adr", 0), ("gdpr", 0), ("lgpd", 0), ("nosso", 1),
        ("seed", 0)]
    shown = json.loads(run(office, "deadline", "show", "nosso", "--json")[1])
    assert shown["clocks"]["company"]["term"] == "3 service-days"
    assert shown["clocks"]["company"]["extension"] == "10 days"
    assert shown["limits"]["response-limit"] == "48 hours"
    assert shown["title"] == "Nossos"
    text = run(office, "deadline", "show", "nosso")[1]
    assert text.startswith("nosso, version 1: Nossos\n")


@pytest.mark.parametrize("name, text, told", [
    ("a/b", own("a/b", extends="default"), "is not the profile's own name"),
    ("seed", own("seed", extends="default", clocks={"total": "5 weeks"}),
     "is not of hours"),
    ("seed", own("seed", extends="default", calendar="atlantis"),
     "calendar atlantis"),
    ("seed", own("seed", extends="default") + " " * 70000, "too long"),
], ids=["name", "unit", "calendar", "length"])
def test_what_is_no_profile_is_not_stored(office, name, text, told):
    before = rows(office, "SELECT name, n FROM deadline_profile ORDER BY 1, 2")
    status, out, err = store(office, name, text)
    assert (status, out) == (1, "") and told in err, err
    assert rows(office, "SELECT name, n FROM deadline_profile"
                        " ORDER BY 1, 2") == before


def test_circles_and_reasons(office):
    assert store(office, "ida", own("ida", extends="seed"))[0] == 0
    assert store(office, "volta", own("volta", extends="ida"))[0] == 0
    status, _, err = store(office, "ida", own("ida", extends="volta"))
    assert status == 1 and "goes in circles" in err
    status, _, err = store(office, "ida", own("ida", extends="seed"), "  ")
    assert status == 1 and "reason: is empty" in err
    assert rows(office, "SELECT n FROM deadline_profile WHERE name = 'ida'"
                ) == [(1,)]


# ---- days that come with a file ---------------------------------------------------


def ics(office, *events, name="feriados.ics", tail="END:VCALENDAR\r\n"):
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//prova//PT"]
    for number, event in enumerate(events):
        lines += ["BEGIN:VEVENT", f"UID:{number}@prova", *event, "END:VEVENT"]
    path = office.folder / name
    with open(path, "w", encoding="utf-8", newline="") as out:
        out.write("\r\n".join(lines) + "\r\n" + tail)
    return path


def whole(day, name, *more):
    return [f"DTSTART;VALUE=DATE:{day}", f"SUMMARY:{name}", *more]


def imported(office, path, calendar="br"):
    status, out, err = run(office, "calendar", "import", path, "--calendar",
                           calendar, "--json")
    assert status == 0, err
    return json.loads(out)


def why(office, day):
    return run(office, "calendar", "why", day)[1]


def test_an_imported_day_counts_once_a_person_accepts_it(office):
    path = ics(office,
               whole("20270125", "Aniversário de São Paulo",
                     "RRULE:FREQ=YEARLY;COUNT=2"),
               whole("20270126", "Ponte"),
               whole("20271225", "Natal"),
               whole("20270310", "Festa", "STATUS:CANCELLED"),
               whole("20990101", "Longe"))
    assert imported(office, path) == {"proposed": 3, "known": 0, "closed": 1,
                                      "cancelled": 1, "outside": 1}
    assert imported(office, path)["known"] == 3  # nothing twice
    listed = json.loads(run(office, "calendar", "proposed", "--json")[1])
    assert [(day["day"], day["name"], day["source"], day["calendar"])
            for day in listed] == [
        ("2027-01-25", "Aniversário de São Paulo", "feriados.ics", "br"),
        ("2027-01-26", "Ponte", "feriados.ics", "br"),
        ("2028-01-25", "Aniversário de São Paulo", "feriados.ics", "br")]
    clock = ("--clock", "proposal", "--from", "2027-01-20T10:00:00-03:00")
    assert "2027-01-25 mon open" in why(office, "2027-01-25")
    assert due(office, *clock)["due"].startswith("2027-02-03")
    assert run(office, "calendar", "accept", "--calendar", "br",
               "2027-01-25")[:2] == (0, "accepted 1\n")
    assert run(office, "calendar", "refuse", "--calendar", "br",
               "2027-01-26")[:2] == (0, "refused 1\n")
    assert why(office, "2027-01-25") == (
        "2027-01-25 mon closed Aniversário de São Paulo (feriados.ics)\n")
    assert "2027-01-26 tue open" in why(office, "2027-01-26")
    answer = due(office, *clock)
    assert answer["due"].startswith("2027-02-04")
    assert steps(answer)["2027-01-25"] == (
        False, "Aniversário de São Paulo (feriados.ics)")
    # It also counts in a calendar that builds on this one, not in another.
    assert due(office, *clock, "--calendar", "br-sp")["due"].startswith(
        "2027-02-04")
    assert due(office, *clock, "--calendar", "it")["due"].startswith(
        "2027-02-03")
    # A decision may be changed; what was refused stays refused.
    assert imported(office, path)["proposed"] == 0
    assert run(office, "calendar", "refuse", "--calendar", "br",
               "2027-01-25")[0] == 0
    assert due(office, *clock)["due"].startswith("2027-02-03")
    assert run(office, "calendar", "accept", "--calendar", "br",
               "all")[1] == "accepted 1\n"  # 2028
    assert run(office, "calendar", "proposed")[1] == ""
    states = run(office, "calendar", "proposed", "--all")[1]
    assert states.count("refused") == 2 and states.count("accepted") == 1


@pytest.mark.parametrize("events, tail, told", [
    ([whole("20270401", "Bom"), ["DTSTART:20270402T130000Z",
                                 "SUMMARY:Almoco"]],
     "END:VCALENDAR\r\n", 'event "Almoco" (?): has a time of day'),
    ([whole("20270401", "Bom")], "X" * 1100000, "larger than 1 MiB"),
], ids=["timed", "large"])
def test_a_file_with_anything_wrong_leaves_nothing(office, events, tail, told):
    before = rows(office, "SELECT count(*) FROM calendar_day")
    path = ics(office, *events, name="mau.ics", tail=tail)
    status, out, err = run(office, "calendar", "import", path, "--calendar",
                           "br")
    assert (status, out) == (1, "") and told in err and "mau.ics" in err
    assert rows(office, "SELECT count(*) FROM calendar_day") == before


def test_what_the_commands_of_days_refuse(office):
    path = ics(office, whole("20270401", "Bom"))
    for arguments in (("import", path), ("import", "--calendar", "br"),
                      ("accept", "2027-01-25"), ("refuse", "--calendar", "br"),
                      ("proposed", "--calendar", "br")):
        status, out, err = run(office, "calendar", *arguments)
        assert (status, out) == (2, "") and "usage: ouvidoria calendar" in err
    status, _, err = run(office, "calendar", "import", path, "--calendar",
                         "atlantis")
    assert status == 1 and "calendar atlantis" in err
    status, _, err = run(office, "calendar", "import", "/no/such.ics",
                         "--calendar", "br")
    assert status == 1 and "No such file" in err
    # A day that no file brought is told, and then nothing is decided.
    imported(office, path)
    status, out, err = run(office, "calendar", "accept", "--calendar", "br",
                           "2027-04-01", "2027-04-05")
    assert (status, out) == (1, "") and "2027-04-05" in err
    assert rows(office, "SELECT state FROM calendar_day WHERE day ="
                        " '2027-04-01'") == [("proposed",)]


@pytest.mark.parametrize("role, statement", [
    (GATEWAY, "UPDATE calendar_day SET state = 'accepted'"),
    (GATEWAY, "INSERT INTO deadline_profile (name, n, content, reason)"
              " VALUES ('x', 1, '', 'x')"),
    (SERVER, "INSERT INTO deadline_profile (name, n, content, reason)"
             " VALUES ('x', 1, '', 'x')"),
    (SERVER, "UPDATE deadline_profile SET content = ''"),
    (SERVER, "INSERT INTO calendar_day (id, calendar, day, name, source)"
             " VALUES (gen_random_uuid(), 'br', now(), 'x', 'x')"),
    (SERVER, "UPDATE calendar_day SET day = day"),
    (SERVER, "DELETE FROM calendar_day"),
])
def test_programs_may_not_write_terms_or_days(office, role, statement):
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        office.database.query(statement, user=role)
