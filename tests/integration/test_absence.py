"""Who is away: whom the office tells, whom it does not, who looks after the
cases meanwhile, and that nothing is lost when a letter must not go out."""

import datetime
import json
import os
import re
import secrets
import shutil
import uuid

import pytest

import harness
import scene as stage
from harness import OFFICE_ADDRESS, wait_until
from scene import Scene, WORDS, letter, new_id, plain_text

DAY = datetime.timedelta(days=1)
MONTHS = {
    "pt-BR": "janeiro fevereiro março abril maio junho julho agosto setembro"
             " outubro novembro dezembro".split(),
    "en": "January February March April May June July August September"
          " October November December".split(),
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre"
          " ottobre novembre dicembre".split(),
}
SHAPE = {"pt-BR": "{d} de {m} de {y}", "en": "{m} {d}, {y}", "it": "{d} {m} {y}"}


def written(day, lang):
    return SHAPE[lang].format(d=day.day, m=MONTHS[lang][day.month - 1],
                              y=day.year)


def today():
    """On the office's wall."""
    zone = datetime.timezone(datetime.timedelta(hours=-3))
    return datetime.datetime.now(zone).date()


@pytest.fixture(scope="module")
def office(template):
    made = Scene(template, to_sink=True, mailgw_acks_domain_hour=100000,
                 mailgw_acks_hour=100000)
    try:
        yield made.begin()
    finally:
        made.stop()


@pytest.fixture(scope="module")
def mediator(office):
    return office.logged_in("mediator")


@pytest.fixture(scope="module")
def mediator2(office):
    return office.logged_in("mediator2")


@pytest.fixture(scope="module")
def ombudsman(office):
    return office.logged_in("ombudsman")


@pytest.fixture(autouse=True)
def everybody_is_back(office):
    yield
    office.query("DELETE FROM absence_note; DELETE FROM absence;"
                 " DELETE FROM case_conflict")


@pytest.fixture
def sender():
    return f"ana.{secrets.token_hex(6)}@consumidora.example"


def take(office, raw):
    """Hands a mail in; what `ingest` says of it."""
    status, (told,) = office.gateway.ingest(raw)
    assert status == 0
    return told


def person(office, login):
    return office.query("SELECT id FROM person WHERE login = %s", login)[0][0]


def letters(office, address):
    return [m for m in list(office.sink.mails) if address in m.recipients]


def sent(office, address, count):
    """All that went to an address once nothing waits; so many they are."""
    wait_until("the outbox is empty", office.outbox_is_quiet, 20, 0.05)
    found = letters(office, address)
    assert len(found) == count, [str(m.parsed["Subject"]) for m in found]
    return found


class Case:
    """A consumer's case, with an owner."""

    def __init__(self, office, sender, *, owner="mediator", **more):
        self.office, self.sender = office, sender
        self.own_id = new_id()
        told = take(office, letter(sender, message_id=self.own_id, **more))
        assert told["outcome"] == "created", told
        self.protocol = told["protocol"]
        self.path = f"/cases/{self.protocol}"
        if owner:
            office.query("UPDATE case_file SET owner = %s, state = 'triage'"
                         " WHERE protocol = %s", person(office, owner),
                         self.protocol)

    def reply(self, *, fields=(), **more):
        """The consumer writes into their thread."""
        more.setdefault("text", WORDS["pt-BR"])
        return letter(self.sender, subject="Re: Geladeira", fields=[
            ("In-Reply-To", self.own_id), *fields], **more)

    def write(self, **more):
        told = take(self.office, self.reply(**more))
        assert told["outcome"] == "appended", told
        return told

    def figures(self):
        """What an automatic mail must not change."""
        return self.office.query("SELECT state::text, owner, due, moved"
                                 " FROM case_file WHERE protocol = %s",
                                 self.protocol)

    def items(self):
        return self.office.query(
            "SELECT i.seq, i.kind::text, i.lane::text FROM item i"
            " JOIN case_file c ON c.id = i.case_id WHERE c.protocol = %s"
            " ORDER BY i.seq", self.protocol)


def away(office, login, first=0, last=3, *, substitute="mediator2",
         reason="vacation", email="danilo@ouvidoria.example",
         phone="+55 11 5555-0100"):
    """An absence as the page would enter it, days counted from today."""
    begin, end = today() + first * DAY, today() + last * DAY
    whole = login is None
    ident = uuid.uuid4()
    office.query(
        "INSERT INTO absence (id, person, reason, first_day, last_day,"
        " back_day, starts, ends, signed_as, urgent_name, urgent_email,"
        " urgent_phone, substitute, substitute_as, made_by) VALUES"
        " (%s, %s, %s, %s, %s, %s,"
        "  %s::timestamp AT TIME ZONE 'America/Sao_Paulo',"
        "  %s::timestamp AT TIME ZONE 'America/Sao_Paulo',"
        "  %s, 'Danilo Peixoto', %s, %s, %s, %s, %s)",
        str(ident), None if whole else person(office, login), reason, begin,
        end, end + DAY, begin, end + DAY,
        "Ouvidoria de Demonstração" if whole else "Marta Queiroz",
        email, phone, None if whole else person(office, substitute),
        "" if whole else "Danilo Peixoto", person(office, "ombudsman"))
    return ident


# ---- the note ---------------------------------------------------------------


def test_the_owner_is_away_and_the_sender_is_told_once(office, sender):
    case = Case(office, sender)
    before = case.figures()
    away(office, "mediator", last=9)
    case.write()
    ack, note = sent(office, sender, 2)
    assert note.sender == ""  # nobody answers an automatic letter
    parsed = note.parsed
    assert parsed["Auto-Submitted"] == "auto-replied"
    assert parsed["X-Auto-Response-Suppress"] == "All"
    assert parsed["Precedence"] == "bulk"
    assert str(parsed["Content-Language"]) == "pt-BR"
    assert parsed["In-Reply-To"].startswith("<")
    assert case.own_id in str(parsed["References"])
    text = plain_text(note)
    for words in (written(today(), "pt-BR"),
                  written(today() + 9 * DAY, "pt-BR"), "Danilo Peixoto",
                  "danilo@ouvidoria.example", "+55 11 5555-0100",
                  "Marta Queiroz", case.protocol, "férias"):
        assert words in re.sub(r"\s+", " ", text), (words, text)
    assert case.items() == [(1, "mail_in", "consumer"),
                            (2, "auto_out", "consumer"),
                            (3, "mail_in", "consumer"),
                            (4, "auto_out", "consumer")]
    assert case.figures() == before
    for _ in range(3):
        case.write()
    sent(office, sender, 2)
    # Told again only after a week.
    office.query("UPDATE absence_note SET at = at - interval '6 days 23 hours'")
    case.write()
    sent(office, sender, 2)
    office.query("UPDATE absence_note SET at = at - interval '2 hours'")
    case.write()
    sent(office, sender, 3)
    assert office.query("SELECT count(*) FROM audit_event WHERE action ="
                        " 'absence-note'")[0][0] >= 2


@pytest.mark.parametrize("lang, words", [
    ("pt-BR", "Volto ao escritório em "), ("en", "back in the office on "),
    ("it", None)])
def test_the_note_is_in_the_partys_language(office, sender, lang, words):
    case = Case(office, sender, text=WORDS[lang])
    away(office, "mediator", last=9)
    # Even when this letter is in another one.
    case.write(text=WORDS["en" if lang != "en" else "it"])
    note = sent(office, sender, 2)[1]
    assert str(note.parsed["Content-Language"]) == lang
    text = re.sub(r"\s+", " ", plain_text(note))
    assert written(today() + 9 * DAY, lang) in text
    assert (words or "") in text


def test_whose_language_nobody_knows_reads_english_then_portuguese(
        office, sender):
    case = Case(office, sender, text="4711", subject="4711")
    away(office, "mediator", last=9)
    case.write(text="0815")
    note = sent(office, sender, 2)[1]
    assert str(note.parsed["Content-Language"]) == "en, pt-BR"
    text = re.sub(r"\s+", " ", plain_text(note))
    day = today() + 9 * DAY
    english, portuguese = written(day, "en"), written(day, "pt-BR")
    assert -1 < text.index(english) < text.index(portuguese)
    # What this very letter is in, is known.
    other = "b" + sender
    second = Case(office, other, text="4711", subject="4711")
    second.write(text=WORDS["it"])
    note = sent(office, other, 2)[1]
    assert str(note.parsed["Content-Language"]) == "it"


@pytest.mark.parametrize("first, last", [(1, 3), (-3, -1)])
def test_it_begins_and_ends_by_itself(office, sender, first, last):
    case = Case(office, sender)
    away(office, "mediator", first, last)
    case.write()
    sent(office, sender, 1)


def test_called_off_there_is_none_from_then_on(office, sender, ombudsman):
    case = Case(office, sender)
    absence = away(office, "mediator", last=9)
    path = f"/calendar/absences/{absence.hex}/end"
    page = ombudsman.post(path, **ombudsman.get("/calendar/absences")
                          .form(path))
    assert page.status == 303, page.words
    case.write()
    sent(office, sender, 1)


def test_somebody_elses_absence_is_told_to_nobody(office, sender):
    case = Case(office, sender, owner="intake")
    nobodys = Case(office, "b" + sender, owner=None)
    away(office, "mediator")
    case.write()
    nobodys.write()
    sent(office, sender, 1)
    sent(office, "b" + sender, 1)


SILENT = {
    "out-of-office": [("Auto-Submitted", "auto-replied")],
    "list": [("List-Id", "<l.x.example>"), ("Precedence", "list")],
    "bulk": [("Precedence", "bulk")],
    "suppressed": [("X-Auto-Response-Suppress", "All")],
    "notification": [("Auto-Submitted", "auto-generated")],
    "elsewhere": [("Reply-To", "outra@x.example")],
}


@pytest.mark.parametrize("kind", SILENT)
def test_what_is_automatic_changes_nothing_and_is_not_answered(
        office, sender, kind):
    case = Case(office, sender)
    away(office, "mediator")
    before = case.figures()
    take(office, case.reply(fields=SILENT[kind]))
    sent(office, sender, 1)
    assert case.figures() == before
    assert office.query("SELECT count(*) FROM absence_note") == [(0,)]


def test_a_notice_of_their_own_absence_changes_only_what_is_seen(
        office, sender, mediator):
    case = Case(office, sender)
    before = case.figures()
    back = today() + 7 * DAY
    take(office, letter(
        sender, subject="Resposta automática: férias",
        text=f"Estou de férias até {back:%d/%m/%Y}. Em caso de urgência fale"
             " com Rui Lima <rui@consumidora.example>.",
        fields=[("In-Reply-To", case.own_id),
                ("Auto-Submitted", "auto-replied")]))
    sent(office, sender, 1)
    assert case.figures() == before
    assert case.items()[-1][1] == "auto_in"
    assert mediator.get(case.path).status == 200


def test_an_answer_of_the_company_is_told_too_in_its_own_lane(
        office, sender, mediator):
    company = f"sac.{secrets.token_hex(4)}@loja.example"
    case = Case(office, sender)
    first = new_id("loja.example")
    told = take(office, letter(company, message_id=first, name="SAC",
                               text=WORDS["en"], fields=[
                                   ("In-Reply-To", case.own_id)]))
    assert told["outcome"] == "held"
    held = office.query("SELECT case_id FROM inbound ORDER BY id DESC"
                        " LIMIT 1")[0][0]
    path = f"/cases/{str(held).replace('-', '')}"
    form = {**mediator.get(path).form(f"{path}/attribute"), "as": "company",
            "to": case.protocol, "remember": "1"}
    assert mediator.ask("POST", f"{path}/attribute", form).status == 303
    away(office, "mediator", last=9)
    told = take(office, letter(company, name="SAC", text=WORDS["en"], fields=[
        ("In-Reply-To", first)]))
    assert told["outcome"] == "appended", told
    note = sent(office, company, 1)[0]
    assert str(note.parsed["Content-Language"]) == "en"
    assert case.items()[-2:] == [(4, "mail_in", "company"),
                                 (5, "auto_out", "company")]
    # The other party hears nothing of it.
    sent(office, sender, 1)
    assert sender not in note.content.decode()


def test_the_limits_of_acknowledgements_hold_for_notes(
        template, sender):
    made = Scene(template, to_sink=True, mailgw_acks_sender_day=1)
    try:
        made.begin(web=False)
        case = Case(made, sender)
        away(made, "mediator")
        case.write()
        sent(made, sender, 1)
    finally:
        made.stop()


# ---- the whole office -------------------------------------------------------


def test_the_office_is_away_and_one_mail_says_it(office, sender):
    away(office, None, last=9, reason="holiday")
    case = Case(office, sender)
    note = sent(office, sender, 1)[0]
    text = re.sub(r"\s+", " ", plain_text(note))
    for words in (case.protocol, written(today() + 9 * DAY, "pt-BR"),
                  "danilo@ouvidoria.example"):
        assert words in text, text
    # Told already: no note when they write again.
    case.write()
    sent(office, sender, 1)


def test_the_office_is_away_and_who_has_a_case_gets_a_note(office, sender):
    case = Case(office, sender, owner=None)
    away(office, None, last=9, reason="training")
    away(office, "mediator", last=9)  # hers counts for nothing then
    case.write()
    note = sent(office, sender, 2)[1]
    text = re.sub(r"\s+", " ", plain_text(note))
    assert "Nosso escritório está fechado" in text
    assert "Marta Queiroz" not in text


def test_the_offices_closing_moves_the_promise(office, sender):
    away(office, None, last=30)
    case = Case(office, sender)
    due = office.query("SELECT due FROM case_file WHERE protocol = %s",
                       case.protocol)[0][0]
    zone = datetime.timezone(datetime.timedelta(hours=-3))
    assert due.astimezone(zone).date() > today() + 30 * DAY
    text = re.sub(r"\s+", " ", plain_text(sent(office, sender, 1)[0]))
    assert written(due.astimezone(zone).date(), "pt-BR") in text


# ---- a letter that must not go out ------------------------------------------


@pytest.mark.parametrize("text", ["ack", "absence"])
def test_a_letter_with_an_open_blank_stays_and_a_person_writes(
        template, sender, text):
    made = Scene(template, to_sink=True)
    folder = os.path.join(made.folder.path, "templates")
    shutil.copytree(os.path.join(harness.ROOT, "templates"), folder)
    path = os.path.join(folder, "mail", f"{text}.pt-BR.txt")
    with open(path) as source:
        words = source.read()
    with open(path, "w") as target:
        target.write(words.replace("\n\n", "\n\nFale com (nome).\n\n", 2))
    made.settings["paths_templates"] = folder
    try:
        made.begin(web=text == "ack")
        case = Case(made, sender)
        if text == "absence":
            away(made, "mediator")
        case.write()
        sent(made, sender, 0 if text == "ack" else 1)
        assert [kind for _, kind, _ in case.items()] == (
            ["mail_in", "mail_in"] if text == "ack" else
            ["mail_in", "auto_out", "mail_in"])
        assert [seq for seq, _, _ in case.items()] == list(
            range(1, made.case(case.protocol)["items"] + 1))
        assert made.query(
            "SELECT t.kind, i.seq FROM task t JOIN item i ON i.id = t.item"
        ) == [("write-by-hand", 1 if text == "ack" else 3)]
        if text == "ack":
            settle_by_hand(made, case)
    finally:
        made.stop()


def settle_by_hand(made, case):
    """The colleague sees it in the case, writes, and marks it done."""
    browser = made.logged_in("mediator")
    page = browser.get(case.path)
    assert "A resposta automática não saiu" in page.words
    form = {**page.form(f"{case.path}/task-done"), "outcome": "letter",
            "note": ""}
    assert browser.ask("POST", f"{case.path}/task-done", form).status == 303
    assert made.query("SELECT outcome FROM task") == [("letter",)]


# ---- who looks after the cases ----------------------------------------------


def enter(browser, **fields):
    path = "/calendar/absences/new"
    form = {"who": "", "reason": "vacation", "first": str(today()),
            "last": str(today() + 3 * DAY), "urgent_name": "Danilo Peixoto",
            "urgent_email": "danilo@ouvidoria.example", "urgent_phone": "",
            "substitute": "mediator2", **browser.get(path).form(path),
            **fields}
    return browser.ask("POST", path, form)


def absences(office):
    return office.query(
        "SELECT p.login, s.login, reason::text, first_day, last_day, back_day"
        " FROM absence a LEFT JOIN person p ON p.id = a.person"
        " LEFT JOIN person s ON s.id = a.substitute ORDER BY first_day")


def wrong(page):
    """The fields with an error."""
    return sorted(set(re.findall(r'id="new-(\w+)-e"', page.text)))


def test_what_is_entered_counts_at_once(office, sender, mediator):
    case = Case(office, sender)
    page = enter(mediator)
    assert page.status == 303, page.words
    row = absences(office)[0]
    assert row[:5] == ("mediator", "mediator2", "vacation", today(),
                       today() + 3 * DAY)
    assert row[5] > today() + 3 * DAY and row[5].weekday() < 5
    case.write()
    sent(office, sender, 2)


@pytest.mark.parametrize("fields, field", [
    ({"first": "", "last": ""}, "first"),
    ({"first": "2026-02-30"}, "first"),
    ({"first": str(today() - DAY)}, "first"),
    ({"last": str(today() - DAY)}, "last"),
    ({"last": str(today() + 400 * DAY)}, "last"),
    ({"first": "2045-12-28", "last": "2045-12-31"}, "last"),
    ({"urgent_name": " "}, "urgent_name"),
    ({"urgent_name": "(nome)"}, "urgent_name"),
    ({"urgent_name": "x" * 200}, "urgent_name"),
    ({"urgent_email": ""}, "urgent_email"),
    ({"urgent_email": "no address"}, "urgent_email"),
    ({"urgent_phone": "call me"}, "urgent_phone"),
    ({"substitute": ""}, "substitute"),
    ({"substitute": "mediator"}, "substitute"),
    ({"substitute": "nobody"}, "substitute"),
    ({"substitute": "registrar"}, "substitute"),
    ({"reason": "gone fishing"}, "reason"),
], ids=str)
def test_what_is_wrong_is_said_at_its_field(office, mediator, fields, field):
    page = enter(mediator, **fields)
    assert page.status == 422
    assert field in wrong(page), page.words
    assert absences(office) == []


def test_only_ones_own_unless_one_leads_the_office(
        office, mediator, ombudsman):
    assert enter(mediator, who="intake").status == 403
    assert enter(mediator, who="office", substitute="").status == 403
    assert absences(office) == []
    assert enter(ombudsman, who="mediator").status == 303
    assert enter(ombudsman, who="office", substitute="").status == 303
    assert [row[:2] for row in absences(office)] == [
        ("mediator", "mediator2"), (None, None)]
    ident = office.query("SELECT id FROM absence WHERE person IS NOT NULL")
    path = f"/calendar/absences/{ident[0][0].replace('-', '')}/end"
    own = mediator.get("/calendar/absences").form(path)
    office.query("UPDATE absence SET person = %s WHERE person IS NOT NULL",
                 person(office, "intake"))
    assert mediator.ask("POST", path, own).status == 403
    assert office.query("SELECT count(called_off) FROM absence") == [(0,)]


def test_two_absences_of_one_person_do_not_overlap(office, mediator):
    assert enter(mediator).status == 303
    page = enter(mediator, first=str(today() + 3 * DAY),
                 last=str(today() + 9 * DAY))
    assert page.status == 422 and "first" in wrong(page)
    assert enter(mediator, first=str(today() + 4 * DAY),
                 last=str(today() + 9 * DAY)).status == 303


def test_a_substitute_must_be_there(office, mediator):
    away(office, "mediator2", 2, 2, substitute="intake")
    page = enter(mediator)
    assert page.status == 422 and wrong(page) == ["substitute"]
    assert enter(mediator, last=str(today() + DAY)).status == 303


def test_a_substitute_without_the_keys_gets_them(office, sender, mediator,
                                                 mediator2):
    cases = [Case(office, f"{n}{sender}") for n in "ab"]
    office.query("DELETE FROM case_grant g USING case_file c WHERE c.id ="
                 " g.case_id AND c.protocol = ANY (%s) AND g.person = %s",
                 [case.protocol for case in cases],
                 person(office, "mediator2"))
    assert [mediator2.get(case.path).status for case in cases] == [403] * 2
    assert enter(mediator).status == 303
    assert [mediator2.get(case.path).status for case in cases] == [200] * 2
    for case in cases:
        office.query("UPDATE case_file SET owner = NULL WHERE protocol = %s",
                     case.protocol)


def test_a_form_posted_twice_is_one_absence(office, mediator):
    path = "/calendar/absences/new"
    form = {"who": "", "reason": "training", "first": str(today()),
            "last": str(today()), "urgent_name": "Danilo",
            "urgent_email": "d@x.example", "urgent_phone": "",
            "substitute": "mediator2", **mediator.get(path).form(path)}
    for _ in range(2):
        assert mediator.ask("POST", path, form).status == 303
    assert len(absences(office)) == 1


def test_the_substitute_finds_the_cases_of_whoever_is_away(
        office, sender, mediator, mediator2):
    case = Case(office, sender)
    assert case.path not in mediator2.get("/?queue=mine").text
    away(office, "mediator", last=9)
    assert case.path in mediator2.get("/?queue=mine").text
    page = mediator2.get(case.path)
    assert "Marta Queiroz" in page.words and "Danilo Peixoto" in page.words
    # Whoever cannot be impartial in it does not get it; everybody sees it.
    office.query("INSERT INTO case_conflict SELECT id, %s FROM case_file"
                 " WHERE protocol = %s", person(office, "mediator2"),
                 case.protocol)
    assert case.path not in mediator2.get("/?queue=mine").text
    assert case.path in mediator.get("/?queue=new").text
    case.write()
    text = plain_text(sent(office, sender, 2)[1])
    assert "Enquanto isso" not in text  # nobody looks after it


def test_the_substitutes_substitute_is_named_when_both_are_away(
        office, sender):
    case = Case(office, sender)
    away(office, "mediator", last=9)
    office.query("UPDATE absence SET substitute_as = 'Somebody Away'")
    away(office, "mediator2", last=2, substitute="intake")
    office.query("UPDATE absence SET substitute_as = 'Rita Fontes'"
                 " WHERE substitute = %s", person(office, "intake"))
    case.write()
    text = plain_text(sent(office, sender, 2)[1])
    assert "Rita Fontes" in text and "Somebody Away" not in text


def test_whoever_is_away_gets_no_new_case(office, sender, mediator, mediator2):
    def opened(browser, case):
        form = browser.get(case.path).form(f"{case.path}/open")
        assert browser.ask("POST", f"{case.path}/open", form).status == 303
        return office.case(case.protocol)

    away(office, "mediator")
    case = Case(office, sender, owner=None)
    figures = opened(mediator, case)
    assert (figures["state"], figures["owner"]) == ("triage", None)
    assert case.path in mediator2.get("/?queue=new").text
    other = Case(office, "b" + sender, owner=None)
    assert opened(mediator2, other)["owner"] == person(office, "mediator2")


# ---- the command ------------------------------------------------------------


def calendar(office, *arguments):
    status, out, err = office.office.admin.run("calendar", *arguments)
    return status, out.decode() if isinstance(out, bytes) else out, err


def test_the_command_names_the_closed_days_of_a_year(office):
    status, out, _ = calendar(office, "days", "--year", "2027", "--json")
    assert status == 0
    days = {day["day"]: day for day in json.loads(out)}
    assert days["2027-02-09"]["name"]["en"] == "Carnival Tuesday"
    assert days["2027-05-01"] == {
        "day": "2027-05-01", "weekday": "sat", "open": False, "hours": [],
        "name": {"pt-BR": "Dia Mundial do Trabalho", "en": "Labour Day",
                 "it": "Festa del lavoro"},
        "law": "Lei 662/1949", "closing": None}
    assert "2027-05-02" not in days  # a Sunday as every other
    assert len(days) == 13
    # Another calendar, by its file alone.
    status, out, _ = calendar(office, "days", "--year", "2027", "--calendar",
                              "it", "--json")
    names = [day["name"]["it"] for day in json.loads(out)]
    assert status == 0 and "Epifania" in names
    status, out, err = calendar(office, "days", "--year", "2900")
    assert status == 1 and not out and b"does not know that year" in err


def test_the_command_says_why_a_day_is_closed(office):
    status, out, _ = calendar(office, "why", "2027-12-25")
    assert (status, out) == (0, "2027-12-25 sat closed Natal (Lei 662/1949)\n")
    status, out, _ = calendar(office, "why", "2027-05-02")
    assert (status, out) == (0, "2027-05-02 sun closed weekly\n")
    status, out, _ = calendar(office, "why", "2027-05-03")
    assert (status, out) == (0, "2027-05-03 mon open 09:00-18:00\n")
    for wrong_day in ("2027-02-30", "tomorrow", "2027-5-3"):
        assert calendar(office, "why", wrong_day)[0] == 2


def test_the_command_knows_the_offices_own_closings(office):
    # A week of next year's August, in which the calendar has no holiday.
    monday = datetime.date(today().year + 1, 8, 7)
    monday -= monday.weekday() * DAY
    begin, (wed, thu) = (monday - today()).days, (
        str(monday + n * DAY) for n in (2, 3))
    away(office, None, begin, begin + 2, reason="training")
    away(office, "mediator")
    assert calendar(office, "why", wed)[1] == (
        f"{wed} wed closed office training\n")
    assert calendar(office, "why", thu)[1].startswith(f"{thu} thu open")
    rows = json.loads(calendar(office, "absences", "--json")[1])
    assert [(row["login"], row["first"], row["now"], row["substitute"])
            for row in rows] == [
        ("mediator", str(today()), True, "Danilo Peixoto"),
        (None, str(monday), False, None)]
    office.query("UPDATE absence SET called_off = now()")
    assert calendar(office, "why", wed)[1].startswith(f"{wed} wed open")
    assert calendar(office, "absences")[1].count("called-off") == 2
