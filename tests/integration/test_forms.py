"""Every form of the console: what was typed is kept, the message stands at the
field and in a summary, a lost session loses nothing, the second of two people
is told, a form sent twice is done once, and a forged one is refused.

The table below has a row for each address that a form is sent to; one that is
missing there fails the first test.
"""

import dataclasses
import os
import re
import secrets

import html5lib
import pytest

import harness
import scene as stage
from harness import wait_until
from moved import Clock
from scene import letter, words_of
from test_console_held import hexes, unreadable

LANGUAGES = ("pt-BR", "en", "it")
LONG = "palavra " * 12500  # 100 kB
NS = "{http://www.w3.org/1999/xhtml}"
# What a page changes by being looked at, or a refusal by being refused.
RESTLESS = {"session", "login_throttle", "person_device", "case_seen",
            "audit_event", "audit_checkpoint", "audit_signer", "form_key",
            "mailbox_lease", "gateway_part", "word_token", "figure",
            "figure_made", "word_key", "case_reader"}
COMPANY = "Loja Aurora"


# ---- the table ------------------------------------------------------------------


@dataclasses.dataclass
class Form:
    """One form: whose, where it stands, where it goes, what it takes."""
    who: str
    page: str
    action: str
    typed: dict                       # what it takes
    bad: list = dataclasses.field(default_factory=list)
    # [({field: value}, the fields that are wrong)]
    long: tuple = ()                  # texts in which 100 kB are too many
    keeps: bool = True                # a lost session loses nothing of it


def case_form(verb, typed, bad=(), **more):
    return Form("mediator", f"CASE/do/{verb}", f"CASE/{verb}", typed,
                list(bad), **more)


BODIES = {f"body-{lang}": "{{office}}\n\nTexto." for lang in LANGUAGES}

# clang-format has no say here: one row a form.
FORMS = {
    "/cases/views": [Form("mediator", "/cases", "/cases/views", {"name": "Minha lista"}, [({"name": ""}, ["name"]), ({"name": "x" * 300}, ["name"])])],
    "/search": [Form("mediator", "/search", "/search", {"q": "geladeira"}, [({"q": ""}, ["q"]), ({"q": "x " * 200}, ["q"])])],
    "/cases/*/check": [Form("mediator", "CASE", "CASE/reply", {"subject": "Sua geladeira", "text": "Recebemos a sua mensagem e vamos estudar o caso."}, [({"text": "", "subject": ""}, ["subject", "text"])], long=("text",))],
    "/cases/*/*": [
        case_form("note", {"text": "Uma nota só minha."}, [({"text": ""}, ["text"])], long=("text",)),
        case_form("ask", {"questions": "Qual é o número do contrato?"}, [({"questions": ""}, ["questions"])], long=("questions",)),
        case_form("classify", {"kind": "complaint"}, [({"kind": "nonsense"}, ["kind"])]),
        Form("mediator", "CASE", "CASE/reply", {"subject": "Sua geladeira", "text": "Recebemos a sua mensagem e vamos estudar o caso."}, [({"text": ""}, ["text"]), ({"subject": ""}, ["subject"]), ({"subject": "x" * 500}, ["subject"])], long=("text",)),
    ],
    "/templates/*/*/edit": [Form("mediator", "/templates/mail/ack/edit", "/templates/mail/ack/edit", {**BODIES, "reason": "Mais claro"}, [({"reason": ""}, ["reason"])])],
    "/calendar/absences/new": [Form("mediator", "/calendar/absences/new", "/calendar/absences/new", {"reason": "vacation", "first": "2031-03-03", "last": "2031-03-10", "urgent_name": "Clara", "urgent_email": "clara@ouvidoria.example", "urgent_phone": "+55 21 5555-0100", "substitute": "mediator2"},
        [({"first": ""}, ["first"]), ({"first": "2031-02-30"}, ["first"]), ({"last": "2031-03-01"}, ["last"]), ({"urgent_name": "", "urgent_email": "nada"}, ["urgent_email"]), ({"reason": "nonsense"}, ["reason"])])],
    "/companies/new/put": [Form("ombudsman", "/companies/new", "/companies/new/put", {"name": "Banco do Rio", "lang": "it", "full_text": "yes", "member_until": "2031-03-10"}, [({"name": ""}, ["name"]), ({"name": "x" * 300}, ["name"]), ({"member_until": "2031-02-30"}, ["member_until"]), ({"lang": "tlh"}, ["lang"])])],
    "/companies/*/edit/put": [Form("ombudsman", "COMPANY/edit", "COMPANY/edit/put", {"name": COMPANY, "lang": "it", "full_text": "yes", "member_until": "2031-03-10"}, [({"name": ""}, ["name"]), ({"member_until": "2031-02-30"}, ["member_until"])])],
    "/companies/*/new/put": [Form("ombudsman", "COMPANY/new", "COMPANY/new/put", {"name": "Balcão", "kind": "contact-center", "owned": "no", "from": "2031-03-10", "until": ""}, [({"name": ""}, ["name"]), ({"from": ""}, ["from"]), ({"until": "2031-03-01"}, ["until"]), ({"kind": "nonsense"}, ["kind"])])],
    "/companies/*/*/edit/put": [Form("ombudsman", "UNIT/edit", "UNIT/edit/put", {"name": "Balcão novo", "kind": "contact-center", "owned": "no", "from": "2021-03-10", "until": ""}, [({"name": ""}, ["name"])])],
    "/companies/*/*/contacts/*/put": [Form("ombudsman", "UNIT/contacts/new", "UNIT/contacts/new/put", {"name": "Rui", "addr": "rui@aurora.example", "role": "answers", "active": "yes", "away_from": "2031-03-10", "away_until": "2031-03-12"}, [({"addr": ""}, ["addr"]), ({"addr": "nada"}, ["addr"]), ({"away_until": "2031-03-01"}, ["away_until"])])],
    "/companies/*/*/tokens/put": [Form("ombudsman", "UNIT/tokens", "UNIT/tokens/put", {"label": "ERP", "days": "90", "answer": "yes"}, [({"label": ""}, ["label"]), ({"days": "400"}, ["days"]), ({"read": "", "answer": ""}, ["read"])])],
    "/requests/new/put": [Form("intake", "/requests/new", "/requests/new/put", {"channel": "letter", "arrived": "2026-01-05", "name": "Beatriz Moura", "addr": "", "postal": "Rua das Laranjeiras, 45", "lang": "it", "identified": "Cópia do documento.", "right": "access", "profile": "lgpd", "subject": "Meus dados", "text": "Peço uma cópia de tudo."},
        [({"name": "", "text": ""}, ["name", "text"]), ({"arrived": "2026-02-30"}, ["arrived"]), ({"addr": "nada"}, ["addr"]), ({"channel": "nonsense"}, ["channel"])], long=("text", "postal", "identified"))],
    "/letters/new/put": [Form("intake", "/letters/new", "/letters/new/put", {"channel": "letter", "arrived": "2026-01-05", "arrived_time": "", "protocol": "", "as": "", "name": "Beatriz Moura", "person": "natural", "addr": "", "postal": "Rua das Laranjeiras, 45", "phone": "", "lang": "it", "representative": "", "mandate": "", "subject": "A geladeira", "text": "Veio quebrada.", "rings": "2", "wait": ""},
        [({"name": "", "text": ""}, ["name", "text"]), ({"arrived": "2026-02-30"}, ["arrived"]), ({"addr": "nada"}, ["addr"]), ({"channel": "nonsense"}, ["channel"]), ({"arrived_time": "25:00"}, ["arrived_time"]), ({"protocol": "2026-000001-0"}, ["protocol"]), ({"postal": ""}, ["addr"]), ({"phone": "abc"}, ["phone"])], long=("text", "postal"))],
    "/calls/new/put": [Form("intake", "/calls/new", "/calls/new/put", {"whom": "mediator", "name": "Beatriz Moura", "phone": "+55 21 5555-0102", "text": "Pede que liguem de volta.", "protocol": ""},
        [({"name": "", "text": ""}, ["name", "text"]), ({"whom": "nobody"}, ["whom"]), ({"phone": "abc"}, ["phone"]), ({"protocol": "123"}, ["protocol"])], long=("text",))],
    "/conflicts/new": [Form("mediator", "/conflicts", "/conflicts/new", {"company": "COMPANYID", "kind": "family", "from": "2026-01-05", "until": "", "note": "Um primo trabalha lá.", "case": ""}, [({"from": ""}, ["from"]), ({"until": "2025-01-01"}, ["until"]), ({"kind": "nonsense"}, ["kind"]), ({"note": "x" * 5000}, ["note"])])],
    "/conflicts/training": [Form("ombudsman", "/conflicts", "/conflicts/training", {"who": "mediator", "subject": "severe-cases", "on": "2026-01-05", "until": ""}, [({"on": ""}, ["on"]), ({"who": "nobody"}, ["who"]), ({"until": "2025-01-01"}, ["until"])])],
    "/profile": [Form("mediator", "/profile", "/profile", {"title": "Mediadora", "phone": "+55 21 5555-0101", "color": "blue"}, [({"title": "x" * 300}, ["title"]), ({"phone": "x" * 300}, ["phone"])])],
}
# Forms in which nothing is typed, or that have a test of their own: its file
# and name.
ELSEWHERE = {
    "/cases/views/drop": ("test_worklist", "test_a_view_is_an_address_and_its_authors"),
    "/cases/csv": ("test_worklist", "test_the_file_holds_the_list_and_computes_nothing"),
    "/cases/bulk": ("test_forms", "test_a_chosen_list_comes_back_rehearsed"),
    "/cases/*/do/*/preview": ("test_console_mediation", "test_looking_changes_nothing_and_shows_what_will_arrive"),
    "/templates/*/*/back": ("test_console_texts", "test_the_way_back_is_a_new_version_with_its_reason"),
    "/templates/*/*/decide": ("test_console_texts", "test_the_author_cannot_decide_even_with_a_form_of_his_own"),
    "/calendar/days/*": ("test_console_days", "test_an_accepted_day_is_a_closed_day"),
    "/calendar/absences/*/end": ("test_console_calendar", "test_nobody_enters_or_ends_the_absence_of_another"),
    "/letters/print": ("test_letters_out", "test_the_same_form_sent_twice_prints_once"),
    "/letters/post": ("test_letters_out", "test_each_wrong_thing_is_said_in_the_readers_words"),
    "/letters/end": ("test_letters_out", "test_each_wrong_thing_is_said_in_the_readers_words"),
    "/letters/csv": ("test_letters_out", "test_the_register_is_a_file_that_asks_for_a_code"),
    "/retention/mail/erase": ("test_loose", "test_without_a_code_nothing_is_erased"),
    "/companies/*/*/tokens/*/end": ("test_api", "test_the_console_gives_a_token_once_and_ends_it"),
    "/conflicts/*/end": ("test_impartial", "test_somebody_elses_tie_is_for_the_ombudsman"),
    "/people/*/keys": ("test_grants", "test_only_keys_that_one_holds_are_given"),
    "/people/*/invite": ("test_account", "test_only_an_administrator_invites_and_no_other_one"),
    "/people/*/leave": ("test_leaving", "test_what_happened_since_one_looked_is_told"),
    "/login": ("test_main_job", "test_a_wrong_word_is_refused_in_the_same_words"),
    "/profile/password": ("test_account", "test_another_password_opens_the_same_keys_and_ends_other_sessions"),
    "/profile/recovery/begin": ("test_account", "test_what_is_grave_asks_for_a_code_and_the_same_form_does_it"),
    "/profile/recovery/confirm": ("test_account", "test_a_recovery_code_counts_once_it_was_typed_back"),
    "/profile/device/begin": ("test_account", "test_who_lost_the_device_shows_the_paper_instead"),
    "/profile/device/confirm": ("test_account", "test_a_new_device_counts_once_a_code_of_it_came_back"),
    "/profile/sessions/end": ("test_account", "test_sessions_are_listed_and_ended"),
    "/profile/sessions/known": ("test_account", "test_only_a_browser_that_is_known_vouches_for_another"),
    "/recover": ("test_account", "test_a_forgotten_password_is_chosen_anew_with_the_paper"),
    "/logout": ("test_main_job", "test_after_logout_the_old_cookie_opens_nothing"),
    "/language": ("test_party", "test_the_page_is_in_the_readers_language"),
    "/theme": ("test_look", "test_a_theme_that_does_not_exist_is_no_choice"),
    "/keys": ("test_look", "test_the_map_is_the_page_and_can_be_switched_off"),
    "/t": ("test_pages", "test_what_is_mistyped_is_explained_and_kept"),
    "/t/leave": ("test_pages", "test_whoever_closes_it_leaves_nothing_behind"),
    "/t/code": ("test_pages", "test_a_fresh_code_goes_to_the_address_we_know"),
    "/t/say": ("test_pages", "test_what_is_wrong_changes_nothing_and_loses_nothing"),
    "/t/*": ("test_party", "test_a_decision_takes_two_steps_and_counts_once"),
    "/p": ("test_company_page", "test_wrong_codes_open_nothing_and_say_so"),
    "/p/leave": ("test_company_page", "test_who_leaves_the_page_reads_no_more"),
    "/p/code": ("test_company_page", "test_another_code_is_sent_to_whom_we_know_and_the_answer_is_the_same"),
    "/p/*": ("test_company_page", "test_without_a_code_there_is_the_standing_of_that_case_alone"),
    "/p/*/*": ("test_company_page", "test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost"),
    "/d/*": ("test_disclosure", "test_a_link_opens_what_was_released_and_nothing_else"),
}

ALL = [(pattern, form) for pattern, rows in FORMS.items() for form in rows]
NAMES = [f"{form.action} {n}" for n, (_, form) in enumerate(ALL)]
each = pytest.mark.parametrize("form", [form for _, form in ALL], ids=NAMES)


# ---- the office -----------------------------------------------------------------


@pytest.fixture(scope="module")
def office(template):
    made = stage.Scene(template, to_sink=True)
    try:
        made.live_by(Clock(made.folder))
        made.begin()
        made.connect_all()
        sender = f"ana.{secrets.token_hex(5)}@consumidora.example"
        row = made.filed(letter(sender), sender)
        protocol, = made.query("SELECT protocol FROM case_file WHERE id = %s",
                               str(row["case_id"]))[0]
        made.query("INSERT INTO company (id, name, lang) VALUES"
                   " (gen_random_uuid(), %s, 'pt-BR')", COMPANY)
        company, = made.query("SELECT replace(id::text, '-', '') FROM company"
                              " WHERE name = %s", COMPANY)[0]
        made.query("INSERT INTO company_unit (id, company, name, kind, owned,"
                   " from_day)"
                   " VALUES (gen_random_uuid(), %s, 'SAC', 'contact-center', true,"
                   " '2020-01-01')", company)
        unit, = made.query("SELECT replace(id::text, '-', '') FROM"
                           " company_unit WHERE company = %s", company)[0]
        made.query("INSERT INTO company_contact (id, unit, name, addr)"
                   " VALUES (gen_random_uuid(), %s, 'Eva',"
                   " 'eva@aurora.example')", unit)
        contact, = made.query("SELECT replace(id::text, '-', '') FROM"
                              " company_contact WHERE unit = %s", unit)[0]
        made.places = {"HELD": f"/cases/{hexes(unreadable(made))}",
                       "CASE": f"/cases/{protocol}",
                       "COMPANYID": company,
                       "COMPANY": f"/companies/{company}",
                       "UNIT": f"/companies/{company}/{unit}",
                       "CONTACT": f"/companies/{company}/{unit}/contacts/"
                                  f"{contact}"}
        wait_until("the acknowledgement is out", made.outbox_is_quiet)
        made.gateway.stop()  # what it does by the hour is no form's doing
        made.tables = [name for name, in made.query(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
            " ORDER BY 1") if name not in RESTLESS]
        yield made
    finally:
        made.stop()


@pytest.fixture(scope="module")
def people(office):
    found = {who: office.logged_in(who)
             for who in ("mediator", "intake", "ombudsman", "mediator2")}
    case = office.places["CASE"]
    done = found["mediator"].ask("POST", f"{case}/open", found[
        "mediator"].get(case).form(f"{case}/open"))
    assert done.status == 303, done.words
    return found


def put_in(office, text):
    for name in sorted(office.places, key=len, reverse=True):
        text = text.replace(name, office.places[name])
    return text


def placed(office, form):
    """The form with the addresses of this office."""
    return dataclasses.replace(
        form, page=put_in(office, form.page),
        action=put_in(office, form.action),
        typed={name: put_in(office, value)
               for name, value in form.typed.items()})


def digest(office):
    """All that a form could change, table by table."""
    parts = ", ".join(
        f"(SELECT coalesce(md5(string_agg(r, '' ORDER BY r)), '') FROM"
        f" (SELECT (to_jsonb(t) - 'totp_last_step')::text FROM {name} t) r(r))"
        for name in office.tables)
    return dict(zip(office.tables, office.query(f"SELECT {parts}")[0]))


# ---- a page as a reader has it --------------------------------------------------


class Sheet:
    """A form of a page: its fields, and what is said of them."""

    def __init__(self, page, action):
        self.page = page
        self.tree = html5lib.parse(page.text)
        self.ids = {one.get("id"): one for one in self.tree.iter()
                    if one.get("id")}
        self.form = next((one for one in self.tree.iter(f"{NS}form")
                          if one.get("action") == action), None)
        assert self.form is not None, (action, page.words[:300])

    def fields(self):
        found = {}
        for one in self.form.iter():
            kind, name = one.tag[len(NS):], one.get("name")
            if not name or kind == "button":
                continue
            if kind == "select":
                chosen = [o for o in one.iter(f"{NS}option")
                          if o.get("selected") is not None]
                chosen = chosen or list(one.iter(f"{NS}option"))[:1]
                found[name] = chosen[0].get("value") if chosen else ""
            elif kind == "textarea":
                found[name] = "".join(one.itertext())
            elif one.get("type") in ("checkbox", "radio"):
                if one.get("checked") is not None:
                    found[name] = one.get("value")
            elif kind == "input":
                found[name] = one.get("value") or ""
        return found

    def offers(self, name):
        """What a field can say: None is anything."""
        found = None
        for one in self.form.iter():
            if one.get("name") != name:
                continue
            if one.tag == f"{NS}select":
                return {o.get("value") for o in one.iter(f"{NS}option")}
            if one.get("type") in ("radio", "checkbox"):
                found = (found or set()) | {one.get("value")}
        return found

    def hidden(self):
        return {one.get("name"): one.get("value") for one in
                self.form.iter(f"{NS}input") if one.get("type") == "hidden"}

    def marked(self):
        """{field: what is said there}, each marked as wrong and described."""
        found = {}
        for one in self.form.iter():
            if one.get("aria-invalid") != "true":
                continue
            told = [self.ids[name] for name in
                    (one.get("aria-describedby") or "").split()]
            found[one.get("name")] = " ".join(
                "".join(part.itertext()).strip() for part in told
                if "wrong" in (part.get("class") or "").split())
        return found

    def summary(self):
        """[(id that it leads to, what it says)]"""
        box = self.ids.get("errors")
        if box is None:
            return []
        return [(a.get("href").lstrip("#"), "".join(a.itertext()).strip())
                for a in box.iter(f"{NS}a")]


def send(browser, form, fields, path=None):
    return browser.ask("POST", path or form.action, fields)


def filled(browser, form, typed=None):
    """As a browser sends it: what stands there, and what is typed."""
    sheet = Sheet(browser.get(form.page), form.action)
    for name in form.typed:
        assert name in sheet.fields() or sheet.offers(name), (name, form.page)
    return {**sheet.fields(), **form.typed, **(typed or {})}


def kept(sheet, fields):
    """Whatever was typed stands in its field, if the field can say it."""
    now = sheet.fields()
    for name, value in fields.items():
        offers = sheet.offers(name)
        if name in ("csrf", "form_key", "rev"):
            continue
        if offers is None or value in offers:
            assert now.get(name, "") == value, name


# ---- none is missing --------------------------------------------------------------


def patterns():
    path = os.path.join(harness.ROOT, "server/route.c")
    with open(path, encoding="utf-8") as source:
        return set(re.findall(
            r'METHOD_POST,\s*WHO_\w+,\s*"([^"]+)"', source.read()))


def test_every_form_of_the_console_is_in_the_table():
    assert patterns() == set(FORMS) | set(ELSEWHERE)
    assert not set(FORMS) & set(ELSEWHERE)
    for name, test in ELSEWHERE.values():
        folder = "browser" if name == "test_look" else "integration"
        path = os.path.join(harness.ROOT, "tests", folder, f"{name}.py")
        with open(path, encoding="utf-8") as source:
            assert re.search(rf"(?m)^def {test}\(", source.read()), (name, test)


# ---- bad input ------------------------------------------------------------------


@each
def test_what_is_wrong_is_said_at_its_field_and_above_and_nothing_is_lost(
        office, people, form):
    form, browser = placed(office, form), people[form.who]
    before = digest(office)
    for bad, wrong in form.bad:
        fields = filled(browser, form, bad)
        page = send(browser, form, fields)
        assert 400 <= page.status < 500, (bad, page.status, page.words[:300])
        sheet = Sheet(page, form.action)
        kept(sheet, fields)
        marked, above = sheet.marked(), sheet.summary()
        for name in wrong:
            assert marked.get(name), (bad, name, marked, above)
            field = next(one for one in sheet.form.iter()
                         if one.get("name") == name)
            assert [words for target, words in above
                    if target == field.get("id") and marked[name] in words], \
                (bad, name, above)
        for target, _ in above:
            assert target in sheet.ids, (bad, target)
    assert digest(office) == before


@each
def test_a_text_that_is_much_too_long_comes_back_whole(office, people, form):
    form, browser = placed(office, form), people[form.who]
    before = digest(office)
    for name in form.long:
        fields = filled(browser, form, {name: LONG})
        page = send(browser, form, fields)
        assert page.status == 422, (name, page.status, page.words[:300])
        sheet = Sheet(page, form.action)
        kept(sheet, fields)
        assert sheet.marked().get(name)
    assert digest(office) == before


@each
def test_it_is_said_in_the_readers_language(office, people, form):
    form, browser = placed(office, form), people[form.who]
    said = set()
    for lang in LANGUAGES:
        speak(browser, lang)
        page = send(browser, form, filled(browser, form, form.bad[0][0]))
        marked = Sheet(page, form.action).marked()
        said.add(" ".join(marked[name] for name in sorted(marked)))
        assert Sheet(page, form.action).summary()
    speak(browser, "pt-BR")
    assert len(said) == len(LANGUAGES) and "" not in said


def speak(browser, lang):
    form = browser.get("/profile").form("/language")
    assert browser.ask("POST", "/language",
                       {**form, "lang": lang}).status == 303


@each
def test_another_language_or_look_takes_what_is_typed_along(
        office, people, form):
    """The buttons send the form that came back: nothing of it is done, and
    what was typed since stands in the page that comes."""
    form, browser = placed(office, form), people[form.who]
    sheet = Sheet(send(browser, form, filled(browser, form, form.bad[0][0])),
                  form.action)
    fields, before = {**sheet.fields(), **form.typed}, digest(office)
    try:
        for choice, sign in (("theme-contrast", 'data-theme="contrast"'),
                             ("lang-en", '<html lang="en"')):
            button, = [one for one in sheet.tree.iter(f"{NS}button")
                       if one.get("value") == choice]
            assert sheet.ids[button.get("form")] is sheet.form
            page = browser.ask("POST", button.get("formaction"),
                               {**fields, button.get("name"): choice})
            assert page.status == 200 and sign in page.text, page.words[:300]
            sheet = Sheet(page, form.action)
            kept(sheet, fields)
            if form.action != "/search":  # where nothing is ever sent
                assert 'role="status"' in page.text
    finally:
        speak(browser, "pt-BR")
        assert browser.ask("POST", "/theme", {
            **browser.get("/").form("/theme"), "theme": "auto"}).status == 303
    assert {**digest(office), "person": 0, "person_choice": 0} \
        == {**before, "person": 0, "person_choice": 0}


@each
def test_a_choice_that_does_not_exist_does_nothing(office, people, form):
    form, browser = placed(office, form), people[form.who]
    before = digest(office)
    fields = {**filled(browser, form), "page_choice": "theme-pink"}
    assert send(browser, form, fields).status == 400
    assert digest(office) == before


@each
def test_a_control_character_is_seen_and_does_no_harm(office, people, form):
    form, browser = placed(office, form), people[form.who]
    bad, _ = form.bad[0]
    fields = filled(browser, form, bad)
    name = next((name for name in form.typed if name not in bad
                 and not re.fullmatch(r"[\w-]*", form.typed[name])), None)
    if name is not None:
        fields[name] += "\x01\x1b"
        page = send(browser, form, fields)
        assert 400 <= page.status < 500
        assert "\x01" not in page.text and "\x1b" not in page.text
        assert Sheet(page, form.action).fields()[name] \
            == fields[name].replace("\x01", "\ufffd").replace("\x1b", "\ufffd")


@each
def test_a_zero_octet_is_no_form(office, people, form):
    form, browser = placed(office, form), people[form.who]
    before, fields = digest(office), filled(browser, form)
    name = next(iter(form.typed))
    fields[name] += "\x00"
    assert send(browser, form, fields).status == 400
    assert digest(office) == before


# ---- forged ------------------------------------------------------------------------


@each
def test_a_form_that_is_not_ours_is_refused(office, people, form):
    form, browser = placed(office, form), people[form.who]
    before, fields = digest(office), filled(browser, form)
    for csrf in ("", "x" * len(fields["csrf"]), None):
        forged = {**fields, "csrf": csrf}
        if csrf is None:
            del forged["csrf"]
        assert send(browser, form, forged).status == 400
    browser.origin, right = "https://elsewhere.example", browser.origin
    try:
        assert send(browser, form, fields).status == 400
    finally:
        browser.origin = right
    assert digest(office) == before


# ---- a lost session ----------------------------------------------------------------


def lose(office, login):
    """Idle for too long; and then somebody else came and went, who swept."""
    office.query("UPDATE session SET seen = seen - interval '16 minutes'"
                 " WHERE person = (SELECT id FROM person WHERE login = %s)",
                 login)


def log_in(office, browser, page, login):
    """With the fields of the page that asks for it."""
    person = office.office.person(login)
    return browser.ask("POST", "/login", {
        **page.form("/login"), "login": login, "password": person["password"],
        "code": office.code(person)})


@pytest.mark.parametrize("pattern", list(FORMS))
def test_what_was_typed_stands_in_its_form_after_the_login(
        office, people, words, pattern):
    """One login for each address: all its forms travel in pages of their own.
    """
    for form in (placed(office, row) for row in FORMS[pattern]):
        browser = people[form.who]
        fields = filled(browser, form)
        path = form.action
        if pattern.endswith("/check"):
            path = form.action.replace("/reply", "/check")
            fields["verb"] = "reply"
        before = digest(office)
        lose(office, form.who)
        page = send(browser, form, fields, path)
        assert page.status == 403, page.words[:200]
        assert words["login_draft"] in page.words
        for value in form.typed.values():
            assert len(value) < 12 or value not in page.text
        again = log_in(office, browser, page, form.who)
        assert again.status == 200, (again.status, again.words[:300])
        sheet = Sheet(again, form.action)
        if pattern != "/search":  # which only looks
            assert words["done_draft"] in again.words
        kept(sheet, fields)
        assert sheet.summary() == []
        assert digest(office) == before


# ---- ... and nobody else's, and not for long --------------------------------------


NOTE = "Uma nota que ninguém mais deve ler."


def left_behind(office, browser, who="mediator"):
    """The page to log in, with a note that was typed in vain."""
    form = placed(office, case_form("note", {"text": NOTE}))
    fields = filled(browser, form)
    lose(office, who)
    page = send(browser, form, fields)
    assert page.status == 403 and NOTE not in page.text
    return form, fields, page


def test_a_wrong_password_takes_nothing_away(office, people, words):
    browser = people["mediator"]
    form, fields, page = left_behind(office, browser)
    person = office.office.person("mediator")
    for _ in range(2):
        page = browser.ask("POST", "/login", {
            **page.form("/login"), "login": "mediator", "password": "no",
            "code": office.code(person)})
        assert page.status == 403 and words["login_draft"] in page.words
    kept(Sheet(log_in(office, browser, page, "mediator"), form.action), fields)


# ---- ... in two tabs, and when the page is sent again ------------------------------


def log_in_fields(office, page, login="mediator"):
    person = office.office.person(login)
    return {**page.form("/login"), "login": login,
            "password": person["password"], "code": office.code(person)}


def test_two_tabs_that_lost_their_session_both_get_their_form_back(
        office, people, words):
    browser = people["mediator"]
    form, first, page = left_behind(office, browser)
    other = {**first, "text": "Outra nota, escrita na outra aba."}
    second = send(browser, form, other)
    assert second.status == 403 and words["login_draft"] in second.words
    before = digest(office)
    kept(Sheet(log_in(office, browser, page, "mediator"), form.action), first)
    session = browser.cookies["ouv"]
    # The other page is of a visit that is over: nobody logs in by it.
    late = log_in_fields(office, second)
    again = browser.ask("POST", "/login", late)
    assert again.status == 200 and words["done_draft"] in again.words
    kept(Sheet(again, form.action), other)
    # So is a reload of what the login showed.
    again = browser.ask("POST", "/login", late)
    assert again.status == 200
    kept(Sheet(again, form.action), other)
    assert browser.cookies["ouv"] == session
    assert digest(office) == before


def test_a_login_page_of_an_older_visit_asks_again_and_keeps_the_draft(
        office, people, words):
    browser = people["mediator"]
    form, fields, page = left_behind(office, browser)
    before = digest(office)
    for cookies in ({}, {"ouv-pre": "A" * 43}):
        kept_who = {"ouv-who": browser.cookies["ouv-who"]}
        late = log_in_fields(office, page)
        browser.cookies = {**kept_who, **cookies}
        page = browser.ask("POST", "/login", late)
        assert page.status == 403, page.words[:200]
        assert words["login_late"] in page.words
        assert words["login_draft"] in page.words
        assert "ouv" not in browser.cookies
        assert late["password"] not in page.text
        assert page.form("/login")["draft"] == late["draft"]
        assert page.form("/login")["csrf"] != late["csrf"]
    kept(Sheet(log_in(office, browser, page, "mediator"), form.action), fields)
    assert digest(office) == before


def test_no_other_origin_shows_a_draft_or_logs_anybody_in(office, people):
    browser = people["mediator"]
    _, _, page = left_behind(office, browser)
    inside = office.logged_in("mediator2")
    for who in (browser, inside):
        session = who.cookies.get("ouv")
        who.origin, right = "https://elsewhere.example", who.origin
        try:
            done = who.ask("POST", "/login", log_in_fields(office, page))
        finally:
            who.origin = right
        assert done.status == 400 and 'name="draft"' not in done.text
        assert NOTE not in done.text
        assert who.cookies.get("ouv") == session
    # Nor has a page without a draft a second way.
    fields = log_in_fields(office, page, "mediator2")
    for draft in ({}, {"draft": ""}):
        del fields["draft"]
        fields.update(draft)
        assert inside.ask("POST", "/login", fields).status == 400
        fields.setdefault("draft", "")
    # Somebody else who is logged in gets nothing of it.
    done = inside.ask("POST", "/login", log_in_fields(office, page))
    assert done.status == 303 and done.location == "/?done=draft-gone"
    people["mediator"] = office.logged_in("mediator")


def test_what_was_typed_about_something_gone_is_still_there_to_copy(
        office, people):
    """No case: whoever typed it may have it."""
    hexa, = office.query(
        "INSERT INTO company (id, name, lang) VALUES (gen_random_uuid(),"
        " 'Loja Breve', 'pt-BR') RETURNING replace(id::text, '-', '')")[0]
    form = Form("ombudsman", f"/companies/{hexa}/edit",
                f"/companies/{hexa}/edit/put", {"name": "Loja Muito Breve"})
    browser = people["ombudsman"]
    fields = filled(browser, form)
    lose(office, "ombudsman")
    page = send(browser, form, fields)
    assert page.status == 403 and form.typed["name"] not in page.text
    office.query("DELETE FROM company WHERE replace(id::text, '-', '') = %s"
                 " RETURNING id", hexa)
    done = log_in(office, browser, page, "ombudsman")
    assert done.status == 404 and form.typed["name"] in done.text


def test_somebody_else_at_the_same_browser_gets_nothing_of_it(
        office, people, words):
    browser = people["mediator"]
    _, _, page = left_behind(office, browser)
    done = log_in(office, browser, page, "intake")
    assert done.status == 303 and done.location == "/?done=draft-gone"
    page = browser.get(done.location)
    assert words["done_draft_gone"] in page.words and NOTE not in page.text
    people["mediator"] = office.logged_in("mediator")


def test_after_an_hour_it_is_gone(office, people):
    browser = people["mediator"]
    for minutes, status in ((59, 200), (62, 303), (-2, 303)):
        form, fields, page = left_behind(office, browser)
        office.clock.offset = minutes * 60
        office.clock.write()
        try:
            done = log_in_at(office, browser, page, "mediator")
        finally:
            office.clock.offset = 0
            office.clock.write()
            office.query("UPDATE person SET totp_last_step = 0")
        assert done.status == status, (minutes, done.words[:200])
        if status == 303:
            assert done.location == "/?done=draft-gone"
        else:
            kept(Sheet(done, form.action), fields)


def log_in_at(office, browser, page, login):
    """By the moved clock's code."""
    person = office.office.person(login)
    office.query("UPDATE person SET totp_last_step = 0")
    return browser.ask("POST", "/login", {
        **page.form("/login"), "login": login, "password": person["password"],
        "code": stage.totp(person["totp_secret"],
                           int(office.clock.now) // 30)})


def test_what_was_typed_of_a_case_goes_with_its_key(office, people, words):
    browser = people["mediator"]
    _, _, page = left_behind(office, browser)
    grant, = office.query(
        "DELETE FROM case_grant g USING person p, case_file c WHERE p.id ="
        " g.person AND p.login = 'mediator' AND c.id = g.case_id AND"
        " '/cases/' || c.protocol = %s RETURNING to_jsonb(g)::text",
        office.places["CASE"])
    try:
        done = log_in(office, browser, page, "mediator")
    finally:
        office.query("INSERT INTO case_grant SELECT * FROM"
                     " jsonb_populate_record(NULL::case_grant, %s::jsonb)",
                     *grant)
    assert done.status == 403 and words["no_key_text"] in done.words
    assert NOTE not in done.text


def test_a_draft_that_was_changed_is_none(office, people):
    browser = people["mediator"]
    _, _, page = left_behind(office, browser)
    person = office.office.person("mediator")
    fields = {**page.form("/login"), "login": "mediator",
              "password": person["password"]}
    whole = fields["draft"]
    middle = len(whole) // 2
    other = {n: "A" if whole[n] != "A" else "B" for n in (0, middle)}
    for draft in (whole[:-8], other[0] + whole[1:], "A", "not base64!",
                  whole[:middle] + other[middle] + whole[middle + 1:]):
        done = browser.ask("POST", "/login", {
            **fields, "draft": draft, "code": office.code(person)})
        assert done.status == 303, done.words[:200]
        assert done.location == "/?done=draft-gone"
        fields["csrf"] = browser_entry(office, browser)


def browser_entry(office, browser):
    """Out, and the token of the next login."""
    lose(office, "mediator")
    return browser.get("/login").form("/login")["csrf"]


def test_where_nobody_is_known_the_text_comes_back_to_be_copied(
        office, people):
    browser = people["mediator"] = office.logged_in("mediator")
    form = placed(office, case_form("note", {"text": NOTE}))
    fields = filled(browser, form)
    stranger = office.browser()
    forged = browser.cookies["ouv-who"]
    for who in (None, "A" * 43, forged[:20] + "AAAA" + forged[24:]):
        stranger.cookies = {"ouv-who": who} if who else {}
        page = send(stranger, form, fields)
        assert page.status == 403 and 'name="draft"' not in page.text
        assert NOTE in page.text


def test_a_secret_never_travels_in_a_page(office, people):
    browser = people["mediator"]
    page = browser.get("/profile/password")
    fields = {**page.form("/profile/password"), "password_old": "velha senha 1",
              "password": "nova senha 22", "password_again": "nova senha 22"}
    lose(office, "mediator")
    page = browser.ask("POST", "/profile/password", fields)
    assert page.status == 403 and 'name="draft"' not in page.text
    assert "nova senha" not in page.text and "velha senha" not in page.text
    people["mediator"] = office.logged_in("mediator")


def test_a_message_registered_by_hand_comes_back_with_its_names(
        office, people, words):
    """Its form stands on the page of the held message."""
    path, = office.places["HELD"],
    browser = people["mediator"]
    typed = {"from_name": "Rui Braga", "from_addr": "rui@loja.example"}
    page = browser.get(path)
    sheet = Sheet(page, f"{path}/register")
    assert set(typed) <= set(sheet.fields())
    fields = {**sheet.fields(), **typed}
    lose(office, "mediator")
    page = browser.ask("POST", f"{path}/register", fields)
    assert words["login_draft"] in page.words
    again = log_in(office, browser, page, "mediator")
    assert again.status == 200 and words["done_draft"] in again.words
    kept(Sheet(again, f"{path}/register"), fields)


def test_a_chosen_list_comes_back_rehearsed(office, people, words):
    browser = people["mediator"]
    number = office.places["CASE"].rpartition("/")[2]
    sheet = Sheet(browser.get("/cases"), "/cases/bulk")
    rev, = sheet.offers(f"case-{number}")
    fields = {**sheet.hidden(), f"case-{number}": rev, "bulk": "note",
              "note": NOTE}
    before = digest(office)
    lose(office, "mediator")
    page = browser.ask("POST", "/cases/bulk", fields)
    assert words["login_draft"] in page.words and NOTE not in page.text
    again = log_in(office, browser, page, "mediator")
    assert again.status == 200 and words["done_draft"] in again.words
    assert Sheet(again, "/cases/bulk").fields()["note"] == NOTE
    assert digest(office) == before


# ---- every step of a case ---------------------------------------------------------


def steps_of(office, browser):
    """The forms of all that can be done with the case now."""
    case = office.places["CASE"]
    for path in sorted(set(browser.get(case).links(
            rf"{case}/do/[\w-]+(?:\?behalf=\w+)?"))):
        verb = path.rpartition("/")[2].partition("?")[0]
        yield path, f"{case}/{verb}"


def typed_everywhere(sheet):
    """Something in each field; what each one needs."""
    fields, needed = sheet.fields(), []
    for one in sheet.form.iter():
        name = one.get("name")
        kind = one.get("type") if one.tag == f"{NS}input" else one.tag[len(NS):]
        if one.get("required") is not None:
            needed.append(name)
        if kind in ("text", "textarea"):
            fields[name] = f"Palavras de {name}."
        elif kind == "date":
            fields[name] = one.get("min") or one.get("max") or "2026-01-05"
        elif kind == "number":
            fields[name] = "7"
        elif kind == "select":
            fields[name] = [o.get("value") for o in one.iter(f"{NS}option")][-1]
        elif kind in ("checkbox", "radio"):
            fields[name] = one.get("value")
    return fields, needed


def test_every_step_of_a_case_keeps_what_was_typed(office, people):
    browser, seen = people["mediator"], 0
    before = digest(office)
    for path, action in steps_of(office, browser):
        sheet = Sheet(browser.get(path), action)
        fields, needed = typed_everywhere(sheet)
        for name in needed:
            # Where a code was asked for, the session has another name since.
            token = Sheet(browser.get(path), action).hidden()["csrf"]
            wrong = {**fields, name: "", "csrf": token}
            page = browser.ask("POST", action, wrong)
            back = Sheet(page, action)
            kept(back, wrong)
            if page.status == 403:  # something else has to come first
                assert back.summary(), path
                continue
            assert page.status == 422, (path, name, page.words[:300])
            target = next(one.get("id") for one in back.form.iter()
                          if one.get("name") == name)
            assert back.marked().get(name), (path, name)
            assert target in [to for to, _ in back.summary()], (path, name)
            for to, _ in back.summary():
                assert to in back.ids, (path, to)
            seen += 1
    assert seen > 10
    assert digest(office) == before


def test_every_step_of_a_case_comes_back_after_the_login(office, people, words):
    browser = people["mediator"]
    before, seen = digest(office), 0
    for path, action in steps_of(office, browser):
        fields, _ = typed_everywhere(Sheet(browser.get(path), action))
        lose(office, "mediator")
        page = browser.ask("POST", action, fields)
        assert words["login_draft"] in page.words, path
        again = log_in(office, browser, page, "mediator")
        assert again.status == 200, (path, again.words[:200])
        assert words["done_draft"] in again.words
        kept(Sheet(again, action), fields)
        seen += 1
    assert seen > 8
    assert digest(office) == before


# ---- two at once -----------------------------------------------------------------


CONTACT = Form("ombudsman", "CONTACT", "CONTACT/put", {
    "name": "Eva Reis", "addr": "eva@aurora.example", "role": "answers",
    "active": "yes", "away_from": "2031-03-10", "away_until": "2031-03-12"})
ENTRIES = [("/companies/*/edit/put", {"lang": "en"}, "company_lang",
            "lang_en"),
           ("/companies/*/*/edit/put", {"kind": "sac"}, "unit_kind",
            "unit_kind_sac"),
           (CONTACT, {"active": "no"}, "contact_active", "answer_no")]


@pytest.mark.parametrize("pattern,other,label,now", ENTRIES,
                         ids=["company", "unit", "contact"])
def test_the_second_is_told_who_changed_what_and_goes_on_with_one_click(
        office, people, words, pattern, other, label, now):
    form = placed(office, pattern if isinstance(pattern, Form)
                  else FORMS[pattern][0])
    mine = filled(people["ombudsman"], form)
    admin = office.logged_in("admin")
    theirs = {**Sheet(admin.get(form.page), form.action).fields(), **other}
    assert send(admin, form, theirs).status == 303
    before = digest(office)
    page = send(people["ombudsman"], form, mine)
    assert page.status == 409 and digest(office) == before
    sheet = Sheet(page, form.action)
    kept(sheet, mine)
    told = " ".join("".join(sheet.ids["changed"].itertext()).split())
    name, = office.query("SELECT name FROM person WHERE login = 'admin'")[0]
    assert name in told and f"{words[label]}: {words[now]}" in told
    assert sheet.ids["changed"].find(f".//{NS}time") is not None
    assert send(people["ombudsman"], form, sheet.fields()).status == 303
    after = digest(office)
    assert after != before


# ---- sent twice ---------------------------------------------------------------------
# (These change things: they stand last.)


@pytest.mark.parametrize("pattern", [
    pattern for pattern in FORMS
    if pattern not in ("/search", "/cases/*/check", "/templates/*/*/edit",
                       *(row[0] for row in ENTRIES))])
def test_what_came_back_is_done_by_the_second_click_and_once(
        office, people, pattern):
    form = placed(office, FORMS[pattern][0])
    browser = people[form.who]
    fields = filled(browser, form)
    lose(office, form.who)
    page = send(browser, form, fields)
    again = log_in(office, browser, page, form.who)
    sheet = Sheet(again, form.action)
    before = digest(office)
    ours = {**sheet.fields(), **{
        name: value for name, value in fields.items()
        if name not in ("csrf",) and value}}
    done = [send(browser, form, ours)]
    after = digest(office)
    if form.action.endswith("contacts/new/put"):  # it asks to look again
        assert done[0].status == 200 and "seen" in done[0].text
        ours = {**ours, **done[0].form(form.action)}
        done = [send(browser, form, ours)]
        after = digest(office)
    # Where a code was asked for, the session has another name since.
    ours["csrf"] = Sheet(browser.get(form.page), form.action).hidden()["csrf"]
    done.append(send(browser, form, ours))
    if pattern.endswith("tokens/put"):  # it is shown, in the answer itself
        assert done[0].status == 200 and 'id="bearer"' in done[0].text
        done[0].status = 303
    assert [page.status for page in done] == [303, 303], \
        [Sheet(page, form.action).marked() for page in done if page.text]
    assert before != after and digest(office) == after
