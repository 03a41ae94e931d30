"""A request about somebody's own data that came by letter, by telephone or in
person: entered at the console, a case like the others from then on."""

import datetime as dt
import io
import re
import zipfile

import html5lib
import pytest

import test_write as desk
from harness import wait_until
from moved import SAO_PAULO
from scene import Scene, answer_to, mark, words_of

FORM, PUT = "/requests/new", "/requests/new/put"
MAY = {"intake", "mediator", "ombudsman", "custodian"}
POSTAL = "Rua das Laranjeiras, 45\n22240-000 Rio de Janeiro"
FIELDS = ("channel", "arrived", "name", "addr", "postal", "lang",
          "identified", "right", "profile", "subject", "text")


@pytest.fixture(scope="module")
def office(template):
    made = Scene(template, to_sink=True, imap_poll_secs=1,
                 mailgw_acks_domain_hour=100000)
    try:
        yield made.begin()
    finally:
        made.stop()


@pytest.fixture(scope="module")
def people(office):
    return {name: desk.login(office, name)
            for name in ("intake", "mediator", "ombudsman")}


def today():
    return dt.datetime.now(SAO_PAULO).date()


def a_sunday():
    """The last one before yesterday."""
    day = today() - dt.timedelta(2)
    return day - dt.timedelta((day.weekday() + 1) % 7)


def typed(**other):
    return {"channel": "letter", "arrived": str(a_sunday()),
            "name": "Beatriz Moura", "addr": "", "postal": POSTAL,
            "lang": "pt-BR", "identified": "Cópia do documento.",
            "right": "access", "profile": "lgpd",
            "subject": "Os dados que guardam de mim",
            "text": "Peço uma cópia de tudo o que guardam sobre mim.",
            **other}


def put(browser, form=None, **other):
    form = form or browser.get(FORM).form(PUT)
    return browser.post(PUT, **form, **typed(**other))


class Paper:
    """The case that became of it."""

    def __init__(self, office, browser, **other):
        page = put(browser, **other)
        assert page.status == 303, page.words
        self.office = office
        self.path = page.headers["Location"].partition("?")[0]
        self.protocol = self.path.rpartition("/")[2]
        (self.id, self.opened, *self.facts), = office.query(
            "SELECT id, opened, state::text, kind::text, data_right, profile,"
            " channel, contact_channel FROM case_file WHERE protocol = %s",
            self.protocol)

    def tasks(self):
        return [kind for kind, in self.office.query(
            "SELECT kind FROM task WHERE case_id = %s AND done IS NULL"
            " ORDER BY kind", self.id)]

    def holders(self):
        return {login or "escrow" for login, in self.office.query(
            "SELECT p.login FROM case_grant g LEFT JOIN person p ON p.id ="
            " g.person WHERE g.case_id = %s", self.id)}

    def law(self):
        """The day on which the term of its law ends, and its law."""
        (due, law), = self.office.query(
            "SELECT due, profile FROM clock WHERE case_id = %s AND kind ="
            " 'total' AND state = 'running'", self.id)
        return due.astimezone(SAO_PAULO).date(), law


def cases(office):
    return office.database.value("SELECT count(*) FROM case_file")


@pytest.fixture(scope="module")
def letter(office, people):
    """By post, entered by the intake desk; nobody wrote an e-mail address."""
    marks = {name: mark() for name in ("name", "postal", "identified",
                                       "subject", "text")}
    made = Paper(office, people["intake"], **marks)
    made.marks = marks
    return made


# ---- the form ------------------------------------------------------------------


def test_the_form_is_for_those_who_receive_requests(office):
    for person in office.template.staff:
        browser, may = desk.login(office, person["login"]), \
            person["role"] in MAY
        assert browser.get(FORM).status == (200 if may else 403), person
        assert (f'href="{FORM}"' in browser.get("/office").text) == may


def test_whoever_may_not_enters_nothing(office):
    """The form was theirs, and then their role changed."""
    browser, before = desk.login(office, "mediator2"), cases(office)
    form = browser.get(FORM).form(PUT)
    role = "UPDATE person SET role = %s WHERE login = 'mediator2'"
    office.query(role, "reader")
    try:
        assert put(browser, form).status == 403
        assert cases(office) == before
    finally:
        office.query(role, "mediator")


@pytest.mark.parametrize("lang", ("pt-BR", "en", "it"))
def test_what_is_wrong_is_said_beside_the_field_and_nothing_is_lost(
        office, people, lang):
    browser, words = people["mediator"], words_of(lang)
    browser.post("/language", lang=lang,
                 **browser.get("/").form("/language"))
    text = f'Uma <b>cópia</b> & "tudo"\n{mark()}'
    tomorrow, before = today() + dt.timedelta(1), cases(office)
    page = put(browser, channel="fax", arrived=str(tomorrow), addr="Beatriz",
               right="", identified=" ", subject="x" * 201, text=text)
    assert page.status == 422
    html5lib.HTMLParser(strict=True).parse(page.text)
    wrong = dict(re.findall(
        r'<p class="wrong" id="paper-(\w+)-e">([^<]*)</p>', page.text))
    assert wrong == {
        "channel": words["field_unknown"], "arrived": words["field_future"],
        "addr": words["field_not_an_address"], "right": words["field_empty"],
        "identified": words["field_empty"],
        "subject": words["field_too_long"]}
    for name in wrong:
        assert f'href="#paper-{name}"' in page.text, name
    assert page.field("paper-text") == text
    assert page.field("paper-postal") == POSTAL
    assert 'value="lgpd" selected' in page.text
    old = put(browser, addr="", postal="", profile="seed",
              arrived=str(today() - dt.timedelta(400)))
    assert old.status == 422
    for key in ("field_no_address", "field_unknown", "field_too_long_ago"):
        assert words[key] in old.text, key
    assert cases(office) == before
    browser.post("/language", lang="pt-BR",
                 **browser.get("/").form("/language"))


def test_every_field_has_its_label_and_only_two_may_be_empty(people):
    page = people["intake"].get(FORM)
    for name in FIELDS:
        assert f'<label for="paper-{name}">' in page.text
        control = re.search(rf'<\w+ [^>]*id="paper-{name}"[^>]*>',
                            page.text)[0]
        assert (" required" in control) == (name not in ("addr", "postal"))


# ---- by post -------------------------------------------------------------------


def test_it_is_a_request_in_the_hands_of_those_on_the_desk(
        office, people, letter):
    assert letter.facts == ["triage", "data-request", "access", "lgpd",
                            "letter", "letter"]
    assert letter.holders() == {"escrow"} | {login for login, in office.query(
        "SELECT login FROM person WHERE desk AND active")}
    for who in ("intake", "mediator"):
        page = people[who].get(letter.path)
        assert page.status == 200
        for name in ("name", "postal", "subject", "text", "identified"):
            assert letter.marks[name] in page.text, (who, name)
    assert people["ombudsman"].get(letter.path).status != 200


def test_its_term_counts_from_the_day_on_which_it_came(letter):
    """A Sunday; fifteen calendar days, on whatever day they end."""
    assert letter.opened.astimezone(SAO_PAULO).date() == a_sunday()
    assert letter.law() == (a_sunday() + dt.timedelta(15), "lgpd")


def test_a_term_that_is_over_rings_at_once(office, people):
    day = today() - dt.timedelta(40)
    late = Paper(office, people["intake"], arrived=str(day), profile="gdpr")
    assert late.law() == (day + dt.timedelta(28), "gdpr")
    (due,), = office.query(
        "SELECT min(at) FROM alarm WHERE case_id = %s AND clock = 'total'"
        " AND outcome IS NULL", late.id)
    assert due is not None


def test_without_an_address_it_is_confirmed_on_paper(office, people, letter):
    """As test_letters_out.py has it to its end."""
    assert "send-by-post" in letter.tasks()
    assert office.query(
        "SELECT o.kind, o.state::text, o.paper, o.dek_box_svc IS NULL, q.state"
        " FROM outbox o JOIN post q ON q.letter = o.id WHERE o.case_id = %s",
        letter.id) == [("acknowledgement", "queued", True, True, "to-print")]
    page = people["intake"].get(letter.path)
    assert words_of("pt-BR")["task_send_by_post"] in page.words


def test_the_log_says_who_entered_it(office, people, letter):
    assert office.query(
        "SELECT p.login, e.action FROM audit_event e JOIN person p ON p.id ="
        " e.actor WHERE e.chain = %s ORDER BY e.seq LIMIT 1",
        letter.id) == [("intake", "register")]
    status, out, complaint = office.office.admin.run("audit", "verify")
    assert status == 0, (out, complaint)


def test_nothing_of_it_lies_in_the_database_in_clear(office, letter):
    for table in ("case_file", "item", "chunk", "capsule", "party", "task",
                  "audit_event", "ident_token", "outbox", "post"):
        for value in letter.marks.values():
            assert office.query(
                f"SELECT 1 FROM {table} t WHERE position(%s::text IN t::text)"
                " > 0 OR position(encode(%s::bytea, 'hex') IN t::text) > 0",
                value, value.encode()) == [], table


def test_the_copy_has_their_words_and_not_our_note(people, letter):
    page = desk.act(people["mediator"], letter.path, "export",
                    purpose="access")
    assert page.status == 200, page.words
    with zipfile.ZipFile(io.BytesIO(page.body)) as archive:
        octets = b"".join(archive.read(name) for name in archive.namelist())
    for name in ("name", "subject", "text", "postal"):
        assert letter.marks[name].encode() in octets, name
    assert letter.marks["identified"].encode() not in octets


def test_the_answer_goes_by_post(office, people):
    case = Paper(office, people["mediator"], right="confirm")
    page = desk.act(people["mediator"], case.path, "answer-request",
                    outcome="granted", text="Guardamos o seu nome e o seu "
                    "endereço.")
    assert page.status == 303, page.words
    assert office.database.value("SELECT state::text FROM case_file WHERE id ="
                                 f" '{case.id}'") == "closed"
    assert "send-by-post" in case.tasks()


# ---- with an e-mail address ----------------------------------------------------


def test_with_an_address_it_is_acknowledged_and_goes_on_by_mail(
        office, people):
    addr = f"{mark()}@consumidora.example"
    case = Paper(office, people["ombudsman"], channel="phone", addr=addr,
                 postal="", arrived=str(today()))
    assert case.facts[4:] == ["phone", "phone"] and case.tasks() == []
    assert "ombudsman" in case.holders() and "intake" in case.holders()
    ack, = wait_until("it is acknowledged", lambda: office.sink.to(addr), 20)
    assert case.protocol in ack.parsed["Subject"] \
        or case.protocol in ack.parsed.as_string()
    status, (told,) = office.gateway.ingest(answer_to(ack, addr))
    assert status == 0 and told["outcome"] == "appended"
    assert told["protocol"] == case.protocol


def test_a_case_that_one_alone_could_open_does_not_begin(office, people):
    """Whoever has no keys yet, for they never logged in, is nobody else."""
    others = ("person IN (SELECT id FROM person WHERE desk AND login <>"
              " 'intake')")
    before = cases(office)
    office.query(f"CREATE TABLE kept AS SELECT * FROM person_key WHERE {others}")
    office.query(f"DELETE FROM person_key WHERE {others}")
    try:
        page = put(people["intake"])
        assert page.status == 422
        assert words_of("pt-BR")["field_few_holders"] in page.words
        assert cases(office) == before
    finally:
        office.query("INSERT INTO person_key SELECT * FROM kept")
        office.query("DROP TABLE kept")
    assert put(people["intake"]).status == 303


def test_the_same_form_twice_is_one_case(office, people):
    browser = people["intake"]
    form, before = browser.get(FORM).form(PUT), cases(office)
    assert put(browser, form).status == 303
    again = put(browser, form)
    assert again.status == 303 and again.headers["Location"] == "/"
    assert cases(office) == before + 1


def test_the_database_makes_no_other_case_by_that_door(office):
    """Whatever the server asks for: not for everybody, not of tomorrow, no
    other kind of channel or term."""
    (own, none), = office.query(
        "SELECT a.id, b.id FROM person a, person b WHERE a.login = 'intake'"
        " AND b.login = 'reader'")
    year, before = today().year, cases(office)
    assert office.query("SELECT paper_number(%s, %s)", none, year) == [(None,)]
    assert office.query("SELECT paper_number(%s, %s)", own, year + 5) == [
        (None,)]
    good = {"channel": "letter", "right": "access", "law": "lgpd",
            "at": "now()", "by": own}
    for bad in ({"by": none}, {"channel": "email"}, {"law": "default"},
                {"right": ""}, {"at": "now() + interval '1 day'"},
                {"at": "now() - interval '400 days'"}):
        one = {**good, **bad}
        assert office.query(
            "SELECT case_paper(gen_random_uuid(), '2026-999999-9', 'en', %s,"
            f" %s, %s, {one['at']}, '', %s, %s, %s)", one["channel"],
            one["right"], one["law"], b"\0" * 32, one["by"], b"\0" * 64) == [
                (False,)], bad
    assert cases(office) == before
