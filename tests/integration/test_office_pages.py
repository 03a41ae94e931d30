"""The office's own pages by raw HTTP: the register of companies and who may
change it, what falls due, the health of the gateway and the red line."""

import re

import html5lib
import pytest

import scene as stage
from harness import wait_until
from scene import letter, words_of

SENDER = "ana@consumidora.example"
OLD, NEW = "sac@loja.example", "atende@loja.example"


@pytest.fixture(scope="module")
def office(template):
    """One case, opened by the mediator, and one company in the register."""
    made = stage.Scene(template)
    try:
        made.begin()
        run = made.office.admin.run
        assert run("company", "add", "--name", "Loja & Filhos", "--sector",
                   "retail")[0] == 0, run("code", "list")
        assert run("company", "unit", "--company", "Loja & Filhos", "--name",
                   "SAC São Paulo", "--kind", "sac")[0] == 0
        for address in (OLD, "gerente@loja.example"):
            assert run("company", "contact", "--company", "Loja & Filhos",
                       "--unit", "SAC São Paulo", "--address",
                       address)[0] == 0
        made.case_path = "/cases/" + made.case_of(
            made.acknowledged(letter(SENDER), SENDER))["protocol"]
        yield made
    finally:
        made.stop()


@pytest.fixture(scope="module")
def ombudsman(office):
    return office.logged_in("ombudsman")


@pytest.fixture(scope="module")
def mediator(office):
    return office.logged_in("mediator")


def good(page, status=200):
    assert page.status == status, page.words[:200] + page.text[-900:]
    assert len(page.body) < 60_000
    html5lib.HTMLParser(strict=True).parse(page.text)
    return page


def contacts(office):
    return dict(office.query("SELECT addr, active FROM company_contact"))


def contact_path(office, browser, address):
    page = good(browser.get(company_path(office)))
    for path in page.links(r"/companies/\w+/\w+/contacts/\w+"):
        if path.endswith("/new") == (address is None) and (
                address is None or f'value="{address}"' in
                browser.get(path).text):
            return path
    raise LookupError(address)


def company_path(office, name="Loja & Filhos"):
    (ident,), = office.query("SELECT id FROM company WHERE name = %s", name)
    return "/companies/" + str(ident).replace("-", "")


def typed(page):
    """What the form of an entry holds, as a browser would send it."""
    form = re.search(r'(?s)<form class="card".*?</form>', page.text)[0]
    form = re.sub(r"<button[^>]*>", "", form)
    held = dict(re.findall(r'name="([\w-]+)" [^>]*?value="([^"]*)"', form))
    held |= dict(re.findall(r'type="hidden" name="([\w-]+)" value="([^"]*)"',
                            form))
    for name, options in re.findall(
            r'(?s)<select id="[^"]*" name="(\w+)".*?>(.*?)</select>', form):
        chosen = re.search(r'value="([^"]*)" selected', options)
        held[name] = chosen[1] if chosen else ""
    return held


# ---- who sees what ----------------------------------------------------------


@pytest.mark.parametrize("lang", ["en", "it", "pt-BR"])
def test_every_page_is_whole_in_every_language(office, ombudsman, lang):
    form = ombudsman.get("/calendar").form("/language")
    ombudsman.post("/language", **{**form, "lang": lang})
    words = words_of(lang)
    for path, word in (
            ("/companies", "companies_title"),
            (company_path(office), "company_units"),
            (company_path(office) + "/edit", "company_edit"),
            (company_path(office) + "/new", "unit_new"),
            ("/companies/new", "company_new"), ("/admin", "admin_title"),
            ("/admin/roles", "admin_roles"),
            ("/admin/deadlines", "admin_deadlines"),
            ("/admin/codes", "admin_codes"), ("/admin/keys", "admin_keys"),
            ("/calendar/due", "due_title"),
            ("/calendar/due?whose=all", "due_all")):
        assert words[word] in good(ombudsman.get(path)).words, path



def test_administration_is_for_those_who_answer_for_it(office, mediator,
                                                       ombudsman):
    custodian = office.logged_in("custodian")
    admin = office.logged_in("admin")
    for path in ("/admin", "/admin/roles", "/admin/deadlines", "/admin/codes",
                 "/admin/keys"):
        assert mediator.get(path).status == 403
        for told in (custodian, admin, ombudsman):
            assert told.get(path).status == 200
    assert office.browser().get("/admin").status == 303


def test_the_register_is_read_by_all_and_changed_by_few(office, mediator,
                                                        ombudsman):
    path = company_path(office)
    page = good(mediator.get(path))
    assert OLD in page.words and "SAC São Paulo" in page.words
    assert "/edit" not in page.text
    assert mediator.get(path + "/edit").status == 403
    assert mediator.get("/companies/new").status == 403
    form = typed(good(ombudsman.get(path + "/edit")))
    # Another's form is of no use, nor is one without a form.
    assert mediator.post(path + "/edit/put", **form).status == 400
    assert ombudsman.get("/companies/" + "0" * 32).status == 404
    assert ombudsman.get("/companies/x").status == 404


def test_a_search_finds_by_a_piece_of_the_name(office, mediator, words):
    assert "Loja &amp; Filhos" in mediator.get("/companies?q=FILHO").text
    page = good(mediator.get("/companies?q=zebra"))
    assert words["companies_not_found"] in page.words
    office.query("INSERT INTO company (id, name, lang) SELECT"
                 " gen_random_uuid(), 'Zé ' || lpad(n::text, 3, '0'), 'pt-BR'"
                 " FROM generate_series(1, 60) n")
    first = good(mediator.get("/companies?q=z"))
    after, = first.links(r"/companies\?q=z&amp;after=[^\"]+")
    second = good(mediator.get(after))
    names = re.findall(r"Zé \d+", first.words + second.words)
    assert names == [f"Zé {n:03}" for n in range(1, 61)]
    office.query("DELETE FROM company WHERE name LIKE 'Zé %%'")


# ---- a company and its unit -------------------------------------------------


def test_a_new_company_is_entered_once(office, ombudsman, words):
    form = typed(good(ombudsman.get("/companies/new")))
    bad = good(ombudsman.post("/companies/new/put", **{
        **form, "name": "", "member_until": "amanhã"}), 422)
    assert words["field_empty"] in bad.words
    assert words["field_not_a_date"] in bad.words
    assert 'value="amanhã"' in bad.text
    made = {**form, "name": "Banco do Vale", "sector": ""}
    for _ in range(2):
        assert ombudsman.post("/companies/new/put", **made).status == 303
    assert office.query("SELECT count(*) FROM audit_event WHERE action ="
                        " 'company-set' AND details::text <> ''"
                        " AND actor = (SELECT id FROM person WHERE login ="
                        " 'ombudsman')") == [(1,)]
    again = {**made, "form_key": form["form_key"][::-1]}
    assert words["field_entry_exists"] in good(
        ombudsman.post("/companies/new/put", **again), 422).words


def test_of_two_at_once_the_second_is_told(office, ombudsman, words):
    path = company_path(office, "Banco do Vale") + "/edit"
    first, second = (typed(ombudsman.get(path)) for _ in range(2))
    assert ombudsman.post(path + "/put", **{
        **first, "lang": "en"}).status == 303
    page = good(ombudsman.post(path + "/put", **{
        **second, "lang": "it"}), 409)
    assert words["entry_changed"] in page.words
    assert office.query("SELECT lang FROM company WHERE name ="
                        " 'Banco do Vale'") == [("en",)]
    # What they had typed is still there, and counts when sent again.
    assert ombudsman.post(path + "/put", **typed(page)).status == 303
    assert office.query("SELECT lang FROM company WHERE name ="
                        " 'Banco do Vale'") == [("it",)]


def test_all_of_the_text_by_mail_asks_for_a_code(office, ombudsman):
    path = company_path(office, "Banco do Vale") + "/edit"
    form = {**typed(ombudsman.get(path)), "full_text": "yes"}
    codes, ombudsman.codes = ombudsman.codes, None
    assert ombudsman.post(path + "/put", **form).asks_code
    ombudsman.codes = codes
    assert office.query("SELECT full_text FROM company WHERE name ="
                        " 'Banco do Vale'") == [(False,)]


def test_a_unit_ends_after_it_begins(office, ombudsman, words):
    path = company_path(office, "Banco do Vale") + "/new"
    form = {**typed(good(ombudsman.get(path))), "name": "Central",
            "kind": "call-center", "from": "2026-03-01",
            "until": "2026-02-01"}
    page = good(ombudsman.post(path + "/put", **form), 422)
    assert words["field_order"] in page.words
    assert 'value="2026-02-01"' in page.text
    assert ombudsman.post(path + "/put", **{
        **typed(page), "until": ""}).status == 303
    assert office.query("SELECT name, until_day FROM company_unit WHERE name"
                        " = 'Central'") == [("Central", None)]


# ---- an address -------------------------------------------------------------


def test_another_address_is_seen_and_is_another_entry(office, ombudsman,
                                                      words):
    path = contact_path(office, ombudsman, OLD)
    form = {**typed(ombudsman.get(path)), "addr": "sem arroba"}
    page = good(ombudsman.post(path + "/put", **form), 422)
    assert words["field_not_an_address"] in page.words
    assert 'value="sem arroba"' in page.text
    # A look without the address in full, and nothing is changed by it.
    form = {**typed(page), "addr": NEW}
    look = good(ombudsman.post(path + "/put", **form))
    assert words["contact_look"] in look.words and OLD in look.words
    assert f'<p class="bigaddr" dir="ltr">{NEW}</p>' in look.text
    assert contacts(office)[OLD] and NEW not in contacts(office)
    # Whoever says no goes on with what was typed.
    back = good(ombudsman.post(path + "/put", **typed(look), back="1"))
    assert f'value="{NEW}"' in back.text and NEW not in contacts(office)
    # Whoever says yes to one address has said nothing to another one.
    other = {**typed(look), "addr": "ladrao@loja.example"}
    assert words["contact_look"] in good(
        ombudsman.post(path + "/put", **other)).words
    assert "ladrao@loja.example" not in contacts(office)
    # The code comes last; without it nothing is done.
    codes, ombudsman.codes = ombudsman.codes, None
    assert ombudsman.post(path + "/put", **typed(look)).asks_code
    assert NEW not in contacts(office)
    ombudsman.codes = codes
    assert ombudsman.post(path + "/put", **typed(look)).status == 303
    assert contacts(office) == {OLD: False, NEW: True,
                                "gerente@loja.example": True}
    assert office.query("SELECT count(*) FROM audit_event WHERE action ="
                        " 'contact-set' AND actor = (SELECT id FROM person"
                        " WHERE login = 'ombudsman')") == [(2,)]


def test_who_stood_in_is_followed_by_the_new_address(office, ombudsman):
    boss = contact_path(office, ombudsman, "gerente@loja.example")
    (ident,), = office.query("SELECT id FROM company_contact WHERE addr = %s",
                             NEW)
    form = {**typed(ombudsman.get(boss)), "away_from": "2026-01-01",
            "away_until": "2026-01-09",
            "substitute": str(ident).replace("-", "")}
    assert ombudsman.post(boss + "/put", **form).status == 303
    path = contact_path(office, ombudsman, NEW)
    form = {**typed(ombudsman.get(path)), "addr": "terceiro@loja.example"}
    look = ombudsman.post(path + "/put", **form)
    assert ombudsman.post(path + "/put", **typed(look)).status == 303
    assert office.query(
        "SELECT s.addr FROM company_contact c JOIN company_contact s"
        " ON s.id = c.substitute WHERE c.addr = 'gerente@loja.example'"
    ) == [("terceiro@loja.example",)]


def test_the_console_cannot_change_an_address_in_place(office):
    """Whoever takes the server over meets the same wall in the database."""
    import psycopg2
    from ouvoffice.postgres import SERVER
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        office.database.query("UPDATE company_contact SET addr = 'x@y.zz'",
                              user=SERVER)


# ---- what falls due ---------------------------------------------------------


def test_a_date_is_shown_with_its_reason_to_who_may_read(office, mediator,
                                                         words):
    number = office.case_path.removeprefix("/cases/")
    page = good(mediator.get("/calendar/due?whose=all"))
    assert number in page.words and words["clock_response"] in page.words
    assert words["clock_day_zero"] in page.words  # why this date
    admin = office.logged_in("admin")  # holds no key of any case
    assert number not in good(admin.get("/calendar/due?whose=all")).words
    mine = good(mediator.get("/calendar/due"))
    assert number not in mine.words


def test_days_are_counted_and_lead_to_their_dates(office, mediator, words):
    number = office.case_path.removeprefix("/cases/")
    office.query("UPDATE clock SET due = date_trunc('day', now()) + interval"
                 " '5 days 15 hours' WHERE kind = 'response'")
    page = good(mediator.get("/calendar/due?whose=all"))
    (day,), = office.query("SELECT (now() + interval '5 days')::date::text")
    way, = [link for link in page.links(r"/calendar/due\?[^\"]+")
            if f"from={day}&until={day}" in link]
    assert number in good(mediator.get(way)).words
    empty = way.replace(day, "2031-01-01")
    assert words["due_none"] in good(mediator.get(empty)).words
    assert mediator.get("/calendar/due?from=hoje").status == 400
    assert mediator.get("/calendar/due?after=x").status == 400
    # What is past is said on top, and stands first.
    office.query("UPDATE clock SET due = now() - interval '3 days' WHERE kind"
                 " = 'response'")
    late = good(mediator.get("/calendar/due?whose=all"))
    assert words["due_late"] in late.words and words["overdue"] in late.words
    assert number in good(mediator.get("/calendar/due?whose=all&late=1")).words


def test_pages_of_dates_leave_none_out(office, mediator):
    office.query("INSERT INTO task (id, case_id, kind, opened, due) SELECT"
                 " gen_random_uuid(), c.id, 'overdue', now(),"
                 " date_trunc('day', now()) + interval '2 days'"
                 " FROM generate_series(1, 60), (SELECT id FROM case_file"
                 "  WHERE protocol IS NOT NULL LIMIT 1) c")
    seen, path = 0, "/calendar/due?whose=all"
    while path:
        page = good(mediator.get(path))
        seen += page.text.count('<span class="lane">')
        path = next(iter(page.links(r"[^\"]*after=[^\"]+")), None)
    office.query("DELETE FROM task WHERE kind = 'overdue'")
    assert seen == 60


def events(browser):
    """{UID: DTSTART} of one's own dates."""
    text = browser.get("/calendar/due.ics").text.replace("\r\n ", "")
    found = re.findall(r"\r\nUID:(.*)\r\nDTSTAMP:.*\r\nDTSTART:(.*)\r\n",
                       text)
    assert len(found) == text.count("BEGIN:VEVENT")
    assert len({uid for uid, _ in found}) == len(found)
    return dict(found)


def test_a_date_that_moves_is_the_same_in_a_calendar_and_two_are_two(
        office, mediator):
    office.query("UPDATE case_file SET owner = (SELECT id FROM person WHERE"
                 " login = 'mediator') WHERE protocol IS NOT NULL")
    before = events(mediator)
    office.query("INSERT INTO task (id, case_id, kind, opened, due) SELECT"
                 " gen_random_uuid(), c.id, 'overdue', now(),"
                 " date_trunc('day', now()) + interval '2 days'"
                 " FROM generate_series(1, 2), (SELECT id FROM case_file"
                 "  WHERE protocol IS NOT NULL LIMIT 1) c")
    both = events(mediator)
    assert len(both) == len(before) + 2 > 2
    office.query("UPDATE clock SET due = due + interval '3 hours'")
    moved = events(mediator)
    assert set(moved) == set(both)
    assert {uid for uid in moved if moved[uid] != both[uid]} == set(before)
    office.query("UPDATE clock SET due = due - interval '3 hours'")
    office.query("DELETE FROM task WHERE kind = 'overdue'")
    office.query("UPDATE case_file SET owner = NULL")


def test_the_file_of_dates_holds_nothing_of_a_person(office, mediator, words):
    number = office.case_path.removeprefix("/cases/")
    form = mediator.get(office.case_path).form(office.case_path + "/open")
    assert mediator.post(office.case_path + "/open", **form).status == 303
    answer = mediator.get("/calendar/due.ics")
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert "attachment" in answer.headers["Content-Disposition"]
    lines = answer.text.replace("\r\n ", "").split("\r\n")
    assert lines[0] == "BEGIN:VCALENDAR" and lines[-2] == "END:VCALENDAR"
    assert any(line.startswith(f"SUMMARY:{number}: ") for line in lines)
    assert all(len(line.encode()) <= 75 for line in
               answer.text.split("\r\n"))
    for secret in ("Ana", "Souza", SENDER, "Geladeira", "geladeira"):
        assert secret not in answer.text
    assert office.browser().get("/calendar/due.ics").status == 303


def test_dates_of_those_one_stands_in_for_are_ones_own(office):
    """The case is the mediator's; while they are away also their
    substitute's: in the list, its counts and the file."""
    number = office.case_path.removeprefix("/cases/")
    office.query(
        "UPDATE case_file SET owner = (SELECT id FROM person WHERE login ="
        " 'mediator') WHERE protocol = %s", number)
    office.query(
        "UPDATE clock SET due = date_trunc('day', now()) + interval '2 days 15"
        " hours' WHERE state = 'running'")
    browser = office.logged_in("mediator2")

    def shown():
        page = good(browser.get("/calendar/due"))
        return (number in page.words,
                len(page.links(r"/calendar/due\?[^\"]*from=[^\"]+")) > 0,
                number in browser.get("/calendar/due.ics").text)

    assert shown() == (False, False, False)
    office.query(
        "INSERT INTO absence (id, person, reason, first_day, last_day,"
        " back_day, starts, ends, signed_as, urgent_name, urgent_email,"
        " urgent_phone, substitute, substitute_as, made_by) SELECT"
        " gen_random_uuid(), p.id, 'vacation', current_date - 1,"
        " current_date + 2, current_date + 3, now() - interval '1 day',"
        " now() + interval '2 days', 'Marta', 'Danilo', 'd@office.example',"
        " '1', s.id, 'Danilo', s.id FROM person p, person s"
        " WHERE p.login = 'mediator' AND s.login = 'mediator2'")
    stood_in = shown()
    office.query("DELETE FROM absence")
    assert stood_in == (True, True, True)


# ---- the health of the gateway ----------------------------------------------


def alarm(browser):
    return 'id="alarm"' in good(browser.get("/")).text


def test_a_gateway_that_stands_still_is_seen_and_one_that_goes_on_too(
        office, ombudsman, mediator, words):
    def written():
        return {part for part, in office.query(
            "SELECT part FROM gateway_part WHERE good IS NOT NULL")} >= {
                "intake", "dispatch", "timer"}

    wait_until("each part has told of itself", written, 30, 0.2)
    assert not alarm(ombudsman)
    page = good(ombudsman.get("/admin"))
    assert words["admin_is_good"] in page.words
    assert words["admin_lease"] in page.words
    office.gateway.stop()
    # A quarter of an hour passes.
    office.query("UPDATE gateway_part SET seen = seen - interval '16 minutes',"
                 " good = good - interval '16 minutes'")
    assert alarm(ombudsman) and not alarm(mediator)
    top = ombudsman.get("/").words
    assert words["alarm_unfetched"] in top and words["alarm_stopped"] in top
    assert words["admin_is_late"] in good(ombudsman.get("/admin")).words
    office.gateway.begin()
    wait_until("the line is gone", lambda: not alarm(ombudsman), 30, 0.3)


def test_a_mail_server_that_is_away_is_named(office, ombudsman, words):
    office.dovecot.stop()
    trouble = words["part_trouble_intake_no_answer"]
    wait_until("the trouble is told", lambda: trouble in
               ombudsman.get("/admin").words, 40, 0.5)
    office.dovecot.begin()
    wait_until("and that it is over", lambda: trouble not in
               ombudsman.get("/admin").words, 40, 0.5)


def test_letters_that_wait_too_long_are_told(office, ombudsman, words):
    (ident,), = office.query("SELECT id FROM outbox LIMIT 1")
    office.query("UPDATE outbox SET state = 'queued', not_before = 'infinity',"
                 " created = now() - interval '61 minutes' WHERE id = %s",
                 ident)
    assert words["alarm_stuck"] in ombudsman.get("/").words
    office.query("UPDATE outbox SET created = now() - interval '50 minutes'"
                 " WHERE id = %s", ident)
    assert not alarm(ombudsman)
    office.query("UPDATE outbox SET state = 'sent', not_before = now()"
                 " WHERE id = %s", ident)


def test_what_the_page_of_keys_says_is_so(office, ombudsman, words):
    page = good(ombudsman.get("/admin/keys"))
    (cases, people), = office.query(
        "SELECT (SELECT count(*) FROM case_file WHERE state <> 'erased'),"
        " (SELECT count(*) FROM person WHERE active)")
    assert f"{words['admin_key_case_count']} {cases}" in page.words
    assert f"{words['admin_key_people']} {people}" in page.words
    assert words["admin_key_no_drill"] in page.words
    office.query("UPDATE host_secret SET name = 'gone' WHERE name = 'pepper'")
    assert words["admin_not_backed_up"] in ombudsman.get("/admin/keys").words
    office.query("UPDATE host_secret SET name = 'pepper' WHERE name = 'gone'")
    assert words["admin_not_backed_up"] not in \
        ombudsman.get("/admin/keys").words
