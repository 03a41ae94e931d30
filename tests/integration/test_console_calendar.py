"""Calendar, absences, profile and the hand-over of cases by raw HTTP: what the
pages show, what they refuse, and what stays as it was."""

import calendar
import datetime
import json
import os
import re
import secrets

import html5lib
import pytest

import harness
import scene as stage
from scene import letter, mark, words_of

DAY = datetime.timedelta(days=1)
LANGUAGES = ("pt-BR", "en", "it")
# Where a later absence of a test begins, so that no two tests overlap.
SOON = iter(range(40, 4000, 20))


@pytest.fixture(scope="module")
def office(template):
    made = stage.Scene(template)
    try:
        yield made.begin()
    finally:
        made.stop()


@pytest.fixture(scope="module")
def people(office):
    """Everybody logged in once."""
    class People(dict):
        def __missing__(self, login):
            self[login] = office.logged_in(login)
            return self[login]

    return People()


@pytest.fixture(scope="module")
def mediator(people):
    return people["mediator"]


def good(page, status=200):
    assert page.status == status, page.words
    assert page.headers["Content-Security-Policy"] \
        == stage.policy_of(page.text)
    html5lib.HTMLParser(strict=True).parse(page.text)
    return page


def speak(browser, lang):
    form = browser.get("/calendar").form("/language")
    assert browser.post("/language", **{**form, "lang": lang}).status == 303


def day(offset):
    return stage.today() + offset * DAY


def br(date):
    return date.strftime("%d/%m/%Y")


def absences(office):
    return office.query("SELECT id, person, reason::text, first_day, last_day,"
                        " called_off FROM absence ORDER BY made, id")


def fields(first, last, **more):
    return {"reason": "vacation", "first": str(first), "last": str(last),
            "urgent_name": "Rita Fontes", "urgent_email": "",
            "urgent_phone": "+55 11 3000-0000", "substitute": "intake", **more}


def send(browser, form, **more):
    page = browser.get("/calendar/absences/new")
    hidden = page.form("/calendar/absences/new")
    return browser.ask("POST", "/calendar/absences/new",
                       {**hidden, **form, **more})


def entered(office, browser, form):
    """Enters an absence; its id."""
    known = {row[0] for row in absences(office)}
    page = send(browser, form)
    assert page.status == 303, page.words
    assert page.location == "/calendar/absences?done=absence-add"
    new, = [row[0] for row in absences(office) if row[0] not in known]
    return new


def end(browser, absence, page=None):
    path = f"/calendar/absences/{str(absence).replace('-', '')}/end"
    page = page or browser.get("/calendar/absences")
    return browser.post(path, **page.form(path))


def beside(page, field):
    """The word that stands beside a field of the new absence."""
    found = re.search(rf'id="new-{field}-e">([^<]+)<', page.text)
    assert f'href="#new-{field}"' in page.text
    return found[1]


# ---- the month ------------------------------------------------------------------


def test_a_month_is_a_table_of_its_weeks(mediator):
    page = good(mediator.get("/calendar?month=2026-11"))
    table = re.search(r'(?s)<table class="month">.*?</table>', page.text)[0]
    rows = [re.findall(r'<time datetime="([^"]+)">(\d+)</time>', row)
            for row in re.findall(r"(?s)<tr>.*?</tr>", table)[1:]]
    weeks = calendar.Calendar().monthdatescalendar(2026, 11)
    assert rows == [[(str(d), str(d.day)) for d in week] for week in weeks]
    assert "/calendar?month=2026-10" in page.text
    assert "/calendar?month=2026-12" in page.text


def test_closed_days_stand_in_month_and_year_with_their_law(mediator, words):
    page = good(mediator.get("/calendar?month=2026-11"))
    month, _, year = page.text.partition('class="yearly"')
    for date, name in ((2, "Finados"), (15, "Proclamação da República"),
                       (20, "Consciência Negra")):
        cell = re.search(rf'<td class="([^"]*)"[^>]*><time datetime='
                         rf'"2026-11-{date:02}">.*?</td>', month)
        assert "closed" in cell[1] and name in cell[0], cell[0]
        assert f"{date:02}/11/2026" in year and name in year
    # An ordinary Saturday is closed without a name; a Tuesday is open.
    saturday = re.search(r'<td class="([^"]*)"[^>]*><time datetime='
                         r'"2026-11-07">.*?</td>', month)
    assert "closed" in saturday[1] and words["day_closed"] in saturday[0]
    assert re.search(r'<td class="day"[^>]*><time datetime="2026-11-10">',
                     month)
    assert "Lei 14.759/2023" in year and "25/12/2026" in year
    assert "seg" in words["weekday_short_0"] and "09:00" in page.words


def test_months_that_are_none_or_unknown_lead_nowhere(mediator):
    for wrong in ("2026-13", "2026-00", "x", "2026-1", "2026-011", "99999-01",
                  "1900-01", "2026-11-01", "2026 11"):
        page = mediator.get("/calendar?month=" + wrong.replace(" ", "+"))
        assert page.status == 404, wrong


def test_the_calendar_ends_without_a_way_beyond(mediator):
    years = json.load(open(os.path.join(harness.ROOT, "calendars/br.json")))[
        "years"]
    page = good(mediator.get(f"/calendar?month={years[1]}-12"))
    assert f"/calendar?month={years[1] + 1}-01" not in page.text
    assert f"/calendar?month={years[1]}-11" in page.text


# ---- absences -----------------------------------------------------------------


def test_an_absence_is_previewed_entered_seen_and_taken_back(
        office, mediator, words):
    start = next(SOON)
    first, last = day(start), day(start + 3)
    before = absences(office)
    form = fields(first, last)
    seen = good(send(mediator, form, preview="1"))
    assert absences(office) == before
    papers = re.findall(r'(?s)<article class="paper" lang="([^"]+)">(.*?)'
                        r"</article>", seen.text)
    assert [lang for lang, _ in papers] == list(LANGUAGES)
    for _, text in papers:
        assert "Rita Fontes" in text and "+55 11 3000-0000" in text
        assert "{{" not in text and str(last.year) in text
    assert f'value="{first}"' in seen.text  # what was typed is kept

    new = entered(office, mediator, form)
    row, = [r for r in absences(office) if r[0] == new]
    assert row[2:] == ("vacation", first, last, None)
    page = good(mediator.get("/calendar/absences?done=absence-add"))
    assert words["done_absence_add"] in page.words
    for text in (br(first), br(last), words["absence_vacation"],
                 "Marta Queiroz", "Rita Fontes"):
        assert text in page.words
    month = good(mediator.get(f"/calendar?month={first:%Y-%m}"))
    cell = re.search(rf'<td [^>]*><time datetime="{first}">.*?</td>',
                     month.text)
    assert "Marta Queiroz" in cell[0]
    assert f"{words['absence_substitute']}: Rita Fontes" in month.words

    assert words["absence_take_back"] in page.words
    done = end(mediator, new, page)
    assert done.location == "/calendar/absences?done=absence-end"
    assert [r for r in absences(office) if r[0] == new][0][5] is not None
    page = good(mediator.get("/calendar/absences"))
    assert words["absence_called_off"] in page.words
    month = good(mediator.get(f"/calendar?month={first:%Y-%m}"))
    cell = re.search(rf'<td [^>]*><time datetime="{first}">.*?</td>',
                     month.text)
    assert "Marta Queiroz" not in cell[0]


def test_a_form_sent_twice_enters_one_absence(office, mediator):
    start = next(SOON)
    form = {**mediator.get("/calendar/absences/new").form(
        "/calendar/absences/new"), **fields(day(start), day(start))}
    before = len(absences(office))
    for _ in range(2):
        assert mediator.ask("POST", "/calendar/absences/new",
                            form).status == 303
    assert len(absences(office)) == before + 1


@pytest.mark.parametrize("change,field,code", [
    ({"reason": ""}, "reason", "empty"),
    ({"reason": "hunting"}, "reason", "unknown"),
    ({"first": ""}, "first", "empty"),
    ({"first": "31/02/2027"}, "first", "not_a_date"),
    ({"first": "tomorrow"}, "first", "not_a_date"),
    ({"first": str(day(-3))}, "first", "past"),
    ({"last": str(day(1))}, "last", "order"),
    ({"last": str(day(900))}, "last", "too_long"),
    ({"first": "2045-12-31", "last": "2046-01-02"}, "last", "calendar_ends"),
    ({"urgent_name": ""}, "urgent_name", "empty"),
    ({"urgent_phone": ""}, "urgent_email", "no_contact"),
    ({"urgent_email": "rita at home"}, "urgent_email", "not_an_address"),
    ({"urgent_phone": "later"}, "urgent_phone", "not_a_phone"),
    ({"urgent_phone": "12"}, "urgent_phone", "not_a_phone"),
    ({"urgent_name": "(nome)"}, "urgent_name", "may_not_leave"),
    ({"substitute": ""}, "substitute", "empty"),
    ({"substitute": "nobody"}, "substitute", "unknown"),
    ({"substitute": "mediator"}, "substitute", "not_yourself"),
    ({"substitute": "registrar"}, "substitute", "wrong_role"),
])
@pytest.mark.parametrize("button", ["save", "preview"])
def test_what_is_wrong_is_told_beside_its_field(
        office, mediator, words, change, field, code, button):
    form = {**fields(day(30), day(31)), **change}
    if button == "preview":
        form["preview"] = "1"
    before = absences(office)
    page = good(send(mediator, form), 422)
    assert beside(page, field) == words[f"field_{code}"]
    assert 'value="vacation" selected' in page.text or "reason" in change
    assert 'class="paper"' not in page.text
    assert absences(office) == before


def test_two_absences_of_one_person_do_not_overlap(office, mediator, words):
    start = next(SOON)
    entered(office, mediator, fields(day(start), day(start + 4)))
    before = absences(office)
    for first, last in ((start, start), (start + 4, start + 6),
                        (start - 2, start), (start - 1, start + 9)):
        page = good(send(mediator, fields(day(first), day(last))), 422)
        assert words["field_overlaps"] in page.words
    assert absences(office) == before
    entered(office, mediator, fields(day(start + 5), day(start + 5)))


def test_a_substitute_is_there_all_the_time(office, people, words):
    start = next(SOON)
    entered(office, people["mediator2"], fields(day(start + 2), day(start + 2)))
    page = good(send(people["mediator"], fields(
        day(start), day(start + 5), substitute="mediator2")), 422)
    assert beside(page, "substitute") == words["field_away"]
    entered(office, people["mediator"], fields(
        day(start), day(start + 1), substitute="mediator2"))


@pytest.mark.parametrize("lang,typed,good_date", [
    ("pt-BR", "%d/%m/%Y", True), ("it", "%d/%m/%Y", True),
    ("it", "%d.%m.%Y", True), ("pt-BR", "%-d/%-m/%Y", True),
    ("en", "%d/%m/%Y", False), ("en", "%Y-%m-%d", True)])
def test_a_date_typed_by_hand_is_read_as_one_writes_it(
        office, mediator, lang, typed, good_date):
    # A day that could be a month, and is not this one.
    first = day(next(SOON) + 31)
    first = first.replace(day=6 if first.month == 5 else 5)
    form = fields(first.strftime(typed), first.strftime(typed))
    speak(mediator, lang)
    try:
        if good_date:
            new = entered(office, mediator, form)
            row, = [r for r in absences(office) if r[0] == new]
            assert row[3:5] == (first, first)
            assert end(mediator, new).status == 303
        else:
            before = absences(office)
            page = good(send(mediator, form), 422)
            assert beside(page, "first") \
                == words_of(lang)["field_not_a_date"]
            assert absences(office) == before
    finally:
        speak(mediator, "pt-BR")


def test_nobody_enters_or_ends_the_absence_of_another(office, people, words):
    start = next(SOON)
    mediator, other = people["mediator"], people["mediator2"]
    assert 'name="who"' not in mediator.get("/calendar/absences/new").text
    before = absences(office)
    for who in ("mediator2", "office"):
        page = good(send(mediator, fields(day(start), day(start), who=who)),
                    403)
        assert words["absence_refused"] in page.words
    assert absences(office) == before

    new = entered(office, other, fields(day(start), day(start)))
    path = f"/calendar/absences/{str(new).replace('-', '')}/end"
    assert path not in mediator.get("/calendar/absences").text
    own = entered(office, mediator, fields(day(start + 1), day(start + 1)))
    mine = f"/calendar/absences/{str(own).replace('-', '')}/end"
    form = mediator.get("/calendar/absences").form(mine)
    # The token of another form is none; without it there is no way in.
    assert mediator.post(path, **form).status == 400
    assert [r for r in absences(office) if r[0] == new][0][5] is None


def test_who_leads_the_office_enters_everybodys(office, people, words):
    start = next(SOON)
    for login in ("ombudsman", "admin"):
        boss = people[login]
        assert 'name="who"' in boss.get("/calendar/absences/new").text
        new = entered(office, boss, fields(day(start), day(start),
                                           who="mediator2"))
        row, = [r for r in absences(office) if r[0] == new]
        assert row[1] == office.query("SELECT id FROM person WHERE login ="
                                      " 'mediator2'")[0][0]
        assert end(boss, new).status == 303
        start += 2


def test_a_day_on_which_the_whole_office_is_away_is_a_closed_day(
        office, people, words):
    monday = day(200)
    monday += (7 - monday.weekday()) % 7 * DAY
    while good(people["ombudsman"].get(f"/calendar?month={monday:%Y-%m}")) \
            .text.count(f'<td class="day"><time datetime="{monday}">') == 0:
        monday += 7 * DAY  # a holiday
    new = entered(office, people["ombudsman"], fields(
        monday, monday, who="office", substitute="", reason="training"))
    page = good(people["mediator"].get(f"/calendar?month={monday:%Y-%m}"))
    cell = re.search(rf'<td class="([^"]*)"[^>]*><time datetime="{monday}">'
                     r".*?</td>", page.text)
    assert "closed" in cell[1] and words["absence_office"] in cell[0]
    month, _, year = page.text.partition('class="yearly"')
    told = f"{words['absence_office']}: {words['absence_training']}"
    assert told in cell[0]
    # In the year's list too, as the office's own decision.
    row, = [r for r in re.findall(r"(?s)<tr .*?</tr>", year) if told in r]
    assert words["no_law"] in row and f"{monday:%d/%m/%Y}" in row
    assert end(people["ombudsman"], new).status == 303
    page = good(people["mediator"].get(f"/calendar?month={monday:%Y-%m}"))
    assert f'<td class="day"><time datetime="{monday}">' in page.text


def test_what_is_over_is_not_ended_again(office, mediator, words):
    start = next(SOON)
    new = entered(office, mediator, fields(day(start), day(start)))
    page = mediator.get("/calendar/absences")
    assert end(mediator, new, page).status == 303
    again = page.form(f"/calendar/absences/{str(new).replace('-', '')}/end")
    again["form_key"] = secrets.token_hex(16)
    told = good(mediator.post(
        f"/calendar/absences/{str(new).replace('-', '')}/end", **again), 409)
    assert words["absence_is_over"] in told.words
    nothing = "0" * 32
    form = {**again}
    assert mediator.post(f"/calendar/absences/{nothing}/end",
                         **form).status in (400, 404)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_page_is_in_the_readers_language(mediator, lang):
    speak(mediator, lang)
    try:
        for path, key in (("/calendar", "hours_heading"),
                          ("/calendar/absences", "absences_lead"),
                          ("/calendar/absences/new", "absence_lead"),
                          ("/profile", "profile_signed")):
            page = good(mediator.get(path))
            assert f'<html lang="{lang}"' in page.text
            assert words_of(lang)[key] in page.words
            for code in ("menu_calendar", "menu_held", "menu_worklist"):
                assert words_of(lang)[code] in page.words
    finally:
        speak(mediator, "pt-BR")


# ---- the profile --------------------------------------------------------------


def profile(browser, **change):
    form = browser.get("/profile").form("/profile")
    return browser.ask("POST", "/profile", {
        **form, "title": "", "phone": "", "color": "black", **change})


def profiles(office):
    return office.query("SELECT person, title, phone, color FROM profile"
                        " ORDER BY person")


def signed(page, lang):
    import html
    found = re.search(rf'(?s)<div class="text signed" lang="{lang}">(.*?)'
                      r"</div>", page.text)
    return html.unescape(found[1])


def unflowed(text):
    """RFC 3676: a space before the line's end means that it goes on."""
    return re.sub(r" \r?\n", " ", text).replace("\r\n", "\n")


def test_what_stands_in_the_profile_stands_below_the_letter(
        office, people, words):
    browser = people["mediator2"]
    title, phone = f"Mediador {mark()}", "+55 (11) 3000-0042"
    page = profile(browser, title=title, phone=phone, color="blue")
    assert page.location == "/profile?done=profile", page.words
    page = good(browser.get(page.location))
    assert words["done_profile"] in page.words
    assert f'value="{title}"' in page.text and 'value="blue" checked' \
        in page.text
    for lang in LANGUAGES:
        for text in (title, phone, "Danilo Peixoto"):
            assert text in signed(page, lang), lang

    sender = f"ana.{secrets.token_hex(5)}@consumidora.example"
    answer = office.acknowledged(letter(sender), sender)
    case = f"/cases/{office.case_of(answer)['protocol']}"
    form = browser.get(case).form(f"{case}/open")
    assert browser.post(f"{case}/open", **form).status == 303
    sent, _ = browser.reply(case, "Sobre o seu caso",
                            "Os documentos da geladeira estão no seu caso.")
    assert sent.status == 303, sent.words
    mail = office.arrived(sender, 2)[1].parsed
    plain = unflowed(mail.get_body(("plain",)).get_content()).strip()
    assert plain.endswith(signed(page, "pt-BR").strip()), plain
    assert re.search(r"(?i)color:\s*#(0000ee|003399)",
                     mail.get_body(("html",)).get_content())

    # In black and without a title it is by the role again.
    assert profile(browser).status == 303
    page = good(browser.get("/profile"))
    assert title not in page.text and 'value="black" checked' in page.text


@pytest.mark.parametrize("change,field,code", [
    ({"title": "Mediador (nome)"}, "title", "may_not_leave"),
    ({"title": "XX, (nome)"}, "title", "may_not_leave"),
    ({"title": "x" * 81}, "title", "too_long"),
    ({"phone": "[ramal]"}, "phone", "not_a_phone"),
    ({"phone": "na mesa"}, "phone", "not_a_phone"),
    ({"phone": "12"}, "phone", "not_a_phone"),
    ({"phone": "1" * 41}, "phone", "too_long"),
    ({"color": "red"}, "color", "unknown"),
    ({"color": ""}, "color", "empty"),
])
def test_a_profile_with_something_wrong_is_not_kept(
        office, mediator, words, change, field, code):
    before = profiles(office)
    page = good(profile(mediator, **change), 422)
    told = re.search(rf'id="profile-{field}-e">([^<]+)<', page.text)
    assert told[1] == words[f"field_{code}"]
    assert f'href="#profile-{field}"' in page.text
    value = change.get(field)
    assert field == "color" or f'value="{value}"' in page.text
    assert profiles(office) == before


# ---- who of a case is away --------------------------------------------------------


@pytest.fixture
def case(office):
    """A case of a consumer; a dict with its path and row."""
    sender = f"ana.{secrets.token_hex(5)}@consumidora.example"
    answer = office.acknowledged(letter(sender), sender)
    row = office.case_of(answer)
    return {**row, "sender": sender, "answer": answer,
            "path": f"/cases/{row['protocol']}"}


def away_note(case, text, sender=None, name="Ana Souza"):
    return letter(
        sender or case["sender"], subject="Resposta automática: fora",
        name=name, text=text,
        to=stage.address_of(case["answer"].parsed["Reply-To"]),
        fields=[("Auto-Submitted", "auto-replied"),
                ("In-Reply-To", case["answer"].parsed["Message-ID"].strip())])


def away(page):
    """The notices at the head of a case, as words."""
    head = page.text.partition('class="columns"')[0]
    return [stage.Page(200, None, part.encode()).words for part in re.findall(
        r'(?s)<(?:p|div) class="why away-now">(.*?)</(?:p|div)>', head)]


def test_an_absence_of_a_party_stands_at_the_head_of_the_case(
        office, mediator, case, words):
    back, last = day(12), day(11)
    row = office.filed(away_note(
        case, f"Estou ausente de {br(day(-1))} a {br(last)}.\n"
        f"Retorno em {br(back)}.\nEm caso de urgência, escreva para "
        "Bruno Reis <bruno@consumidora.example>."), case["sender"],
        stage.address_of(case["answer"].parsed["Reply-To"]))
    assert row["outcome"] == "recorded"
    page = good_case(mediator.get(case["path"]))
    notice, = away(page)
    for text in (words["lane_consumer"], "Ana Souza", words["party_away"],
                 f"{words['away_until']} {br(last)}",
                 f"{words['away_back']} {br(back)}",
                 "<bruno@consumidora.example>"):
        assert text in notice, (text, notice)
    # Nobody else gets the consumer's letters.
    assert "/substitute" not in page.text
    speak(mediator, "en")
    try:
        english = away(mediator.get(case["path"]))[0]
        assert f"{last:%-d %b %Y}" in english and br(last) not in english
    finally:
        speak(mediator, "pt-BR")


def good_case(page, status=200):
    assert page.status == status, page.words
    html5lib.HTMLParser(strict=True).parse(page.text)
    return page


@pytest.mark.parametrize("texts,shown", [
    (["Estou ausente de {:-9} a {:-1}."], None),
    (["Estou ausente até {:9}.", "Estou ausente até {:5}."], 5),
    (["Estou ausente até {:9}.", "Estou ausente de {:-9} a {:-1}."], None),
    (["Volto no dia {:0}."], None),
    (["Estou ausente até {:0}."], 0),
])
def test_only_the_last_notice_that_is_in_force_is_shown(
        office, mediator, case, texts, shown):
    for text in texts:
        said = re.sub(r"\{:(-?\d+)\}", lambda m: br(day(int(m[1]))), text)
        row = office.filed(
            away_note(case, said), case["sender"],
            stage.address_of(case["answer"].parsed["Reply-To"]))
        assert row["outcome"] == "recorded"
    notices = away(mediator.get(case["path"]))
    assert len(notices) == (shown is not None)
    for notice in notices:
        assert br(day(shown)) in notice


def test_a_companys_notice_offers_our_letter_to_its_substitute(
        office, people, case, words):
    mediator, shop = people["mediator"], f"loja{secrets.token_hex(4)}.example"
    company, other = f"atendimento@{shop}", f"bruno@{shop}"
    to = stage.address_of(case["answer"].parsed["Reply-To"])
    row = office.filed(letter(company, name="Loja Aurora", to=to), company, to)
    held = "/cases/" + str(row["case_id"]).replace("-", "")
    done = mediator.ask("POST", f"{held}/attribute", {
        **mediator.get(held).form(f"{held}/attribute"), "remember": "1",
        "to": case["protocol"], "as": "company"})
    assert done.status == 303, done.words
    opened(mediator, case)
    form = mediator.get(f"{case['path']}?to=company").form(
        f"{case['path']}/reply")
    said = f"Os documentos da geladeira estão no caso. {mark()}"
    sent = mediator.ask("POST", f"{case['path']}/reply", {
        **form, "to": "company", "subject": "Documentos", "text": said,
        "overrule": "Dito por telefone."})
    assert sent.status == 303, sent.words
    mail = office.arrived(company)[-1]
    assert "/substitute" not in mediator.get(case["path"]).text
    reply_to = stage.address_of(mail.parsed["Reply-To"])
    row = office.filed(letter(
        company, name="Loja Aurora", subject="Fora do escritório", to=reply_to,
        text=f"Estou ausente até {br(day(6))}. Em casos urgentes, escreva para"
        f" Bruno Reis <{other}> ou a <ana@outra.example>.",
        fields=[("Auto-Submitted", "auto-replied"),
                ("In-Reply-To", mail.parsed["Message-ID"].strip())]),
        company, reply_to)
    assert (row["outcome"], row["case_id"]) == ("recorded", case["id"])

    page = good_case(mediator.get(case["path"]))
    notice, = away(page)
    assert words["lane_company"] in notice and br(day(6)) in notice
    # Only who is at the company's own domain.
    assert f"{words['substitute_send']} {other}" in page.words
    assert f"{words['substitute_send']} ana@" not in page.words
    form = page.form(f"{case['path']}/substitute")
    done = mediator.post(f"{case['path']}/substitute", **form)
    assert done.location == f"{case['path']}?done=substitute", done.words
    assert words["done_substitute"] in mediator.get(done.location).words
    assert said in unflowed(stage.plain_text(office.arrived(other)[0]))


def owner(office, case):
    return office.query("SELECT p.login FROM case_file c LEFT JOIN person p ON"
                        " p.id = c.owner WHERE c.id = %s",
                        str(case["id"]))[0][0]


def opened(browser, case):
    form = browser.get(case["path"]).form(f"{case['path']}/open")
    assert browser.post(f"{case['path']}/open", **form).status == 303


def assign(browser, case, to):
    form = browser.get(case["path"]).form(f"{case['path']}/assign")
    return browser.post(f"{case['path']}/assign", to=to, **form)


def logged(office, case):
    return [row[0] for row in office.query(
        "SELECT action FROM audit_event WHERE chain = %s ORDER BY seq",
        str(case["id"]))]


def test_while_its_owner_is_away_the_case_says_who_looks_after_it(
        office, people, case, words):
    opened(people["mediator2"], case)
    assert away(people["mediator"].get(case["path"])) == []
    new = entered(office, people["mediator2"], fields(
        day(0), day(2), substitute="mediator"))
    try:
        notice, = away(good_case(people["intake"].get(case["path"])))
        for text in ("Danilo Peixoto", words["owner_away"], br(day(2)),
                     "Marta Queiroz", words["owner_stand_in"]):
            assert text in notice
        calendar_page = good(people["mediator"].get("/calendar"))
        aside = calendar_page.text.partition("<aside")[2].partition(
            "</aside>")[0]
        assert "Danilo Peixoto" in aside
        assert words["away_nobody"] not in aside
        # Nobody gives a case to somebody who is not there.
        page = people["mediator"].get(case["path"])
        assert not re.search(r'value="mediator2"', page.text)
        other = {**case}
        assert assign(people["mediator"], other, "intake").status == 303
        page = people["mediator"].get(case["path"])
        option = re.search(r'<option value="mediator2"([^>]*)>([^<]*)<',
                           page.text)
        assert "disabled" in option[1] and "Danilo Peixoto" in option[2]
        refused = good_case(assign(people["mediator"], case, "mediator2"),
                            422)
        assert words["field_away"] in refused.words
        assert owner(office, case) == "intake"
    finally:
        assert end(people["mediator2"], new).status == 303
    assert away(people["mediator"].get(case["path"])) == []


# ---- the hand-over --------------------------------------------------------------


def test_a_case_is_handed_to_a_colleague(office, people, case, words):
    opened(people["mediator"], case)
    page = good_case(people["mediator"].get(case["path"]))
    options = re.findall(r'<option value="(\w+)"', page.text.partition(
        'id="assign-to"')[2].partition("</select>")[0])
    # Not the owner, nobody without the key or the role.
    assert options == ["mediator2", "intake"]
    done = assign(people["mediator"], case, "mediator2")
    assert done.location == f"{case['path']}?done=assign"
    page = good_case(people["mediator"].get(done.location))
    assert words["done_assign"] in page.words
    assert owner(office, case) == "mediator2"
    assert logged(office, case).count("assign") == 1
    assert case["protocol"] in people["mediator2"].get(
        "/cases?queue=mine").text
    assert case["protocol"] not in people["mediator"].get(
        "/cases?queue=mine").text


def handing(browser, case, verb="assign", **typed):
    """The form as the page had it, with what was chosen."""
    path = f"{case['path']}/{verb}"
    return {**browser.get(case["path"]).form(path), **typed}


def hand(browser, case, form, verb="assign"):
    return browser.ask("POST", f"{case['path']}/{verb}", form)


def told_of_hands(page):
    assert page.status == 409, page.words
    good_case(page, 409)
    return page.text.partition('id="changed"')[2].partition("</section>")[0]


@pytest.mark.parametrize("verb", ["assign", "conflict"])
def test_of_two_who_hand_a_case_over_the_second_is_told(
        office, people, case, words, verb):
    opened(people["mediator"], case)
    mine = handing(people["mediator"], case, verb)
    if verb == "assign":
        mine["to"] = "mediator2"
    assert hand(people["mediator2"], case, handing(
        people["mediator2"], case, to="intake")).status == 303
    before = everything(office)
    page = hand(people["mediator"], case, mine, verb)
    told = told_of_hands(page)
    assert everything(office) == before and owner(office, case) == "intake"
    assert words["act_handed"] in page.words
    assert words["event_assign"] in told and "Danilo Peixoto" in told
    assert re.search(rf"{words['handed_now']} <strong><bdi>Rita Fontes<", told)
    assert f'<a href="#{verb}">' in told and f'id="{verb}"' in page.text
    # What was chosen still stands there, and is done by doing it again.
    again = page.form(f"{case['path']}/{verb}")
    assert again["form_key"] == mine["form_key"]
    if verb == "assign":
        assert '<option value="mediator2" selected>' in page.text
        again["to"] = "mediator2"
    else:
        assert '<details class="conflict" open>' in page.text
    assert hand(people["mediator"], case, again, verb).status == 303
    assert owner(office, case) == {"assign": "mediator2",
                                   "conflict": "intake"}[verb]


def test_a_hand_over_waits_for_nothing_but_another(office, people, case):
    opened(people["mediator"], case)
    form = handing(people["mediator"], case, to="mediator2")
    assert people["intake"].get(case["path"]).status == 200
    other = people["mediator2"]
    note = other.get(f"{case['path']}/do/note").form(f"{case['path']}/note")
    assert hand(other, case, {**note, "text": "Liguei para a loja."},
                "note").status == 303
    assert hand(people["mediator"], case, form).status == 303
    assert owner(office, case) == "mediator2"


def test_a_case_of_nobody_that_somebody_took_meanwhile_is_told(
        office, people, case, words):
    form = handing(people["mediator"], case, to="mediator2")
    assert set(form["owner"]) == {"0"}
    opened(people["intake"], case)
    assert owner(office, case) == "intake"
    told = told_of_hands(hand(people["mediator"], case, form))
    assert "Rita Fontes" in told and words["event_open"] in told
    assert owner(office, case) == "intake"


@pytest.mark.parametrize("to,code", [
    ("", "empty"), ("somebody", "unknown"), ("registrar", "unknown"),
    ("ombudsman", "unknown"), ("admin", "unknown")])
def test_a_case_goes_to_nobody_who_may_not_have_it(
        office, mediator, case, words, to, code):
    opened(mediator, case)
    page = good_case(assign(mediator, case, to), 422)
    told = re.search(r'id="assign-to-e">([^<]+)<', page.text)
    assert told[1] == words[f"field_{code}"]
    assert owner(office, case) == "mediator"
    assert "assign" not in logged(office, case)


def test_a_case_goes_to_nobody_without_its_key(office, mediator, case, words):
    opened(mediator, case)
    office.query("DELETE FROM case_grant g USING person p WHERE g.case_id = %s"
                 " AND g.person = p.id AND p.login = 'intake'"
                 " RETURNING g.person", str(case["id"]))
    assert 'value="intake"' not in mediator.get(case["path"]).text
    page = good_case(assign(mediator, case, "intake"), 422)
    assert words["field_no_key"] in page.words
    assert owner(office, case) == "mediator"


VERBS = {"open": {}, "reply": {"subject": "Sobre", "text": "Bom dia a todos."},
         "assign": {"to": "intake"}, "conflict": {},
         "holding": {"reason": "Falta a empresa.", "new_date": "2027-01-04"},
         "task-done": {"task": "0" * 32, "outcome": "phone"}}


def everything(office):
    tables = {"case_file": "t::text", "item": "t::text", "outbox": "id",
              "task": "t::text", "case_conflict": "t::text"}
    return {table: office.query(f"SELECT {what} FROM {table} t ORDER BY 1")
            for table, what in tables.items()}


def test_who_cannot_be_impartial_leaves_the_case_for_good(
        office, people, case, words):
    mediator = people["mediator"]
    opened(mediator, case)
    page = good_case(mediator.get(case["path"]))
    assert words["conflict_help"] in page.words
    # The tokens of a time when they were allowed.
    forms = {verb: page.form(f"{case['path']}/{verb}")
             for verb in ("assign", "conflict", "reply")}
    done = mediator.post(f"{case['path']}/conflict", **forms["conflict"])
    assert done.location == "/?done=conflict"
    assert words["done_conflict"] in mediator.get(done.location).words
    assert owner(office, case) is None
    assert logged(office, case).count("conflict") == 1

    assert mediator.get(case["path"]).status == 403  # the key went with it
    before = everything(office)
    for verb, form in forms.items():
        form["form_key"] = secrets.token_hex(16)
        answer = mediator.post(f"{case['path']}/{verb}",
                               **{**VERBS[verb], **form})
        assert answer.status == 403, verb
    assert everything(office) == before

    # Nor do others give it back to them.
    other = people["mediator2"]
    page = good_case(other.get(case["path"]))
    assert 'value="mediator"' not in page.text
    refused = good_case(assign(other, case, "mediator"), 422)
    assert words["field_conflict"] in refused.words
    assert owner(office, case) is None
    assert assign(other, case, "mediator2").status == 303


def test_a_held_message_is_not_brought_to_a_case_one_left(
        office, people, case):
    mediator = people["mediator"]
    form = mediator.get(case["path"]).form(f"{case['path']}/conflict")
    assert mediator.post(f"{case['path']}/conflict", **form).status == 303
    stranger = f"eva.{secrets.token_hex(5)}@estranha.example"
    to = stage.address_of(case["answer"].parsed["Reply-To"])
    row = office.filed(letter(stranger, to=to), stranger, to)
    held = "/cases/" + str(row["case_id"]).replace("-", "")
    form = mediator.get(held).form(f"{held}/attribute")
    before = everything(office)
    answer = mediator.ask("POST", f"{held}/attribute", {
        **form, "to": case["protocol"], "as": "third"})
    assert answer.status == 403
    assert everything(office) == before


def test_a_conflict_changes_no_owner_but_ones_own(office, people, case):
    opened(people["mediator2"], case)
    form = people["intake"].get(case["path"]).form(f"{case['path']}/conflict")
    assert people["intake"].post(f"{case['path']}/conflict",
                                 **form).status == 303
    assert owner(office, case) == "mediator2"
