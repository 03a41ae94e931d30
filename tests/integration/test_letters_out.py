"""Letters on paper: from the words of a move to the day on which they arrived.

The files are those that the real server gives out; they are read as a post
office would (the address where the window is), as a telephone would (the
square) and as an archivist would (PDF/A).
"""

import csv
import datetime as dt
import hashlib
import io
import os
import re
import secrets
import subprocess
import threading

import pytest

import harness
import pdfa
import scene as stage
import test_write as desk
from harness import wait_until
from test_intake import (EMPTY, SUMMARY, Case, about, office,  # noqa: F401
                         pending)

HERE = "/letters"
POSTAL = "Rua das Laranjeiras, 45\nApto. 401\n22240-003 Rio de Janeiro - RJ"
SHOP_POSTAL = "Avenida Paulista, 2000\n01310-200 São Paulo - SP"
MM = 72 / 25.4
# DIN 5008, form B, and the window of DIN 680: millimetres from the sheet's
# left and upper edge.
WINDOW = (20, 45, 105, 90)
DAY = dt.timedelta(1)


@pytest.fixture(scope="module")
def mediator(office):
    return desk.login(office, "mediator")


@pytest.fixture(scope="module")
def other(office):
    return desk.login(office, "mediator2")


@pytest.fixture(scope="module")
def intake(office):
    return desk.login(office, "intake")


def today():
    return stage.today()


class Pdf:
    """A file as its tools read it."""

    def __init__(self, folder, raw):
        self.raw = raw
        self.path = os.path.join(folder.make("pdf"), f"{secrets.token_hex(4)}.pdf")
        with open(self.path, "wb") as file:
            file.write(raw)

    def run(self, *command):
        return subprocess.run(command, capture_output=True, check=True).stdout

    def text(self, page=None):
        some = ["-f", str(page), "-l", str(page)] if page else []
        return self.run("pdftotext", *some, self.path, "-").decode()

    def pages(self):
        info = self.run("pdfinfo", self.path).decode()
        return int(re.search(r"Pages:\s+(\d+)", info)[1])

    def words(self, page=1):
        """(word, left, top, right, bottom) in millimetres."""
        found = self.run("pdftotext", "-bbox", "-f", str(page), "-l",
                         str(page), self.path, "-").decode()
        return [(word, *(float(n) / MM for n in numbers))
                for *numbers, word in re.findall(
                    r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)"'
                    r' yMax="([\d.]+)">(.*?)</word>', found)]

    def squares(self, page=1):
        picture = self.path[:-4]
        self.run("pdftoppm", "-r", "200", "-png", "-singlefile", "-f",
                 str(page), "-l", str(page), self.path, picture)
        return self.run("zbarimg", "-q", "--raw", f"{picture}.png").decode()


def in_window(word):
    left, top, right, bottom = WINDOW
    return left <= word[1] and top <= word[2] and word[3] <= right \
        and word[4] <= bottom


# ---- the register as a person uses it ------------------------------------------


def listed(browser, which="to-print"):
    """{protocol: id} of a list, all of its pages."""
    found, path = {}, f"{HERE}?list={which}"
    while path:
        page = browser.get(path)
        assert page.status == 200
        found |= {number: one for one, number in re.findall(
            r'name="letter-(\w{32})" value="([\d-]+)"', page.text)}
        after = page.links(r"/letters\?list=[\w-]+&amp;after=[\w-]+")
        path = after[-1] if after else None
    return found


def row(office, case):
    """The newest way of a case's newest letter on paper."""
    found = office.query(
        "SELECT q.id, q.state, q.addressed, q.clock::text, q.printed, q.posted,"
        " q.presumed, q.ended, o.state::text, o.sent, encode(q.pdf, 'hex'),"
        " o.kind, q.words IS NOT NULL, q.pages FROM post q JOIN outbox o ON"
        " o.id = q.letter WHERE q.case_id = %s ORDER BY q.id DESC LIMIT 1",
        case.id)
    return found and Row(*found[0])


class Row:
    def __init__(self, *values):
        (self.id, self.state, self.addressed, self.clock, self.printed,
         self.posted, self.presumed, self.ended, self.letter, self.sent,
         self.pdf, self.kind, self.sealed, self.pages) = values
        self.hex = str(self.id).replace("-", "")


def send(browser, act, cases, **fields):
    """The form of a list with the letters of these cases ticked."""
    which = {"print": "to-print", "post": "to-post", "end": "under-way"}[act]
    page = browser.get(f"{HERE}?list={which}")
    form = page.form(f"{HERE}/{act}") if f'action="{HERE}/{act}"' in page.text \
        else {**browser.get(f"{HERE}?list=to-post").form(f"{HERE}/post")}
    form = {key: value for key, value in form.items()
            if not key.startswith("letter-")}
    ticked = {f"letter-{row(case.office, case).hex}": case.protocol
              for case in cases}
    return browser.ask("POST", f"{HERE}/{act}", {**form, **ticked, **fields})


def printed(browser, *cases):
    page = send(browser, "print", cases)
    assert page.status == 200, page.words
    return page


def pdf_of(browser, folder, page):
    """The file that the page after printing offers."""
    form = {**page.form(f"{HERE}/print")}
    answer = browser.ask("POST", f"{HERE}/print", form)
    assert answer.status == 200, answer.words
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    return Pdf(folder, answer.body)


def posted(browser, case, day=None, service="registered", tracking="", **more):
    page = send(browser, "post", [case], day=str(day or today()),
                service=service,
                **{f"tracking-{row(case.office, case).hex}": tracking}, **more)
    assert page.status == 303, page.words


def ends(browser, case, outcome, day=None, why=""):
    one = row(case.office, case).hex
    return send(browser, "end", [case], **{
        f"outcome-{one}": outcome, f"day-{one}": str(day or today()),
        f"why-{one}": why})


def ended(browser, case, outcome, **more):
    page = ends(browser, case, outcome, **more)
    assert page.status == 303, page.words


@pytest.fixture
def case(office, mediator):
    return Case(office, mediator)


def on_paper(case, **more):
    """Its consumer gets letters from now on."""
    return case.does("reach", party="consumer", way="post", postal=POSTAL, **more)


def asked(case):
    return on_paper(case).does(
        "ask", questions="Em que dia a geladeira chegou?")


@pytest.fixture(scope="module")
def by_post(office):  # noqa: F811
    """A company where nobody answers mails."""
    office.query("UPDATE company_unit SET postal = %s WHERE id = %s",
                 SHOP_POSTAL, office.units[EMPTY])
    return EMPTY


def waiting(case):
    """The tasks that nobody has done."""
    return [kind for kind, _, done, _ in case.tasks() if done is None]


def events(case, *actions):
    return [action for action in case.events() if action in actions]


# ---- from the move to the envelope ----------------------------------------------


def test_a_letter_goes_on_paper_and_no_mail_leaves(office, mediator, case):
    asked(case)
    one = row(office, case)
    assert (one.state, one.addressed, one.letter, one.kind) == (
        "to-print", True, "queued", "questions")
    assert office.query("SELECT paper, dek_box_svc IS NULL FROM outbox WHERE"
                        " id = (SELECT letter FROM post WHERE id = %s)",
                        one.id) == [(True, True)]
    assert waiting(case) == ["send-by-post"]
    # The gateway never takes it, however often it looks.
    Case(office, mediator).does("ask", questions="Quando?")
    assert len(case.got(case.addr, 1)) == 1
    page = mediator.get(case.path)
    assert stage.words_of("pt-BR")["delivery_to_print"] in page.words


def test_the_message_is_whole_mime_with_the_address_and_no_mailbox(
        office, mediator, case):
    asked(case)
    item = case.items()[-1][0]
    raw = mediator.get(f"{case.path}/items/{desk.hexes(item)}/raw")
    import email.policy
    mail = email.message_from_bytes(raw.body, policy=email.policy.default)
    assert "@" not in str(mail["To"]) and str(mail["To"]).endswith(":;")
    assert mail["X-Ouvidoria-Postal"] == POSTAL.replace("\n", " / ")
    assert mail["Reply-To"] is None
    text = mail.get_content()
    assert "Em que dia a geladeira chegou?" in text
    assert "# " in text  # the marks of what is printed
    assert "20 dias para responder" in text  # and no date


def test_the_sheet_fits_the_envelope_and_says_whose_it_is(
        office, mediator, case):
    asked(case)
    file = pdf_of(mediator, office.folder, printed(mediator, case))
    assert pdfa.faults(file.raw) == {}
    words = file.words()
    shown = [word[0] for word in words if in_window(word)]
    for line in POSTAL.split("\n"):
        assert " ".join(line.split()) in " ".join(shown), shown
    # Nothing of the letter itself shows through the window.
    assert "geladeira" not in shown and case.protocol not in shown
    assert file.squares().split()[0] == case.protocol
    total = file.pages()
    for page in range(1, total + 1):
        assert f"{case.protocol} - {page}/{total}" in file.text(page)
    assert "Em que dia a geladeira chegou?" in file.text()
    one = row(office, case)
    assert (one.state, one.pages) == ("printed", total)
    assert one.pdf == hashlib.sha256(file.raw).hexdigest()


def test_the_square_names_the_page_that_the_letter_names(
        office, mediator, case):
    asked(case)
    file = pdf_of(mediator, office.folder, printed(mediator, case))
    number, url = file.squares().split()
    assert number == case.protocol and "/t/" in url
    # A long address is broken over lines on paper.
    assert url in re.sub(r"\s+", "", file.text())
    # Colleagues see the same words with the address hidden.
    page = mediator.get(case.path)
    assert url.rpartition("/")[2] not in page.text


def test_printed_again_it_is_the_same_file(office, mediator, case):
    asked(case)
    page = printed(mediator, case)
    first = pdf_of(mediator, office.folder, page)
    again = send(mediator, "post", [case], again="1", day=str(today()),
                 service="simple")
    assert again.body == first.raw
    assert row(office, case).state == "printed"
    # Nor does an address that is corrected meanwhile change what was printed.
    case.does("reach", party="consumer", way="post",
              postal="Rua Nova, 1\n20000-000 Rio de Janeiro - RJ")
    again = send(mediator, "post", [case], again="1", day=str(today()),
                 service="simple")
    assert again.body == first.raw


def test_many_are_one_file_and_each_counts_its_own_pages(office, mediator):
    cases = [asked(Case(office, mediator)) for _ in range(3)]
    page = printed(mediator, *cases)
    file = pdf_of(mediator, office.folder, page)
    assert pdfa.faults(file.raw) == {}
    text = file.text()
    for case in cases:
        pages = row(office, case).pages
        for n in range(1, pages + 1):
            assert f"{case.protocol} - {n}/{pages}" in text
    assert file.pages() == sum(row(office, case).pages for case in cases)


def test_letters_that_no_font_has_are_told_to_whoever_prints(
        office, mediator, case):
    on_paper(case).does("ask", questions="O que diz 領収書 no recibo?")
    page = printed(mediator, case)
    assert "領収書" in page.words
    file = pdf_of(mediator, office.folder, page)
    assert "□□□" in file.text()
    assert pdfa.faults(file.raw) == {}


# ---- posted, delivered, returned -------------------------------------------------


def clock(case, kind):
    found, = case.office.query(
        "SELECT state::text, (started AT TIME ZONE 'America/Sao_Paulo')::date,"
        " (due AT TIME ZONE 'America/Sao_Paulo')::date, round FROM clock WHERE"
        " case_id = %s AND kind = %s::clock_kind AND n = 0", case.id, kind)
    return found


def a_week_after(day):
    """The days that the seventh may be: a closed one moves on to an open one."""
    return [day + n * DAY for n in range(7, 14)]


def backdate(office, case, days):
    """The letter was written so long ago, and its clock began with it."""
    office.query("UPDATE post SET made = made - make_interval(days => %s)"
                 " WHERE case_id = %s", days, case.id)


def test_the_consumers_time_begins_on_the_day_of_delivery(
        office, mediator, case):
    asked(case)
    state, began, _, _ = clock(case, "info")
    assert state == "running" and began in a_week_after(today())
    printed(mediator, case)
    backdate(office, case, 5)
    posted(mediator, case, day=today() - 3 * DAY, tracking="BR123456789BR")
    one = row(office, case)
    assert (one.state, one.posted) == ("posted", today() - 3 * DAY)
    assert one.presumed in a_week_after(one.posted)
    assert clock(case, "info")[:2] == ("running", one.presumed)
    ended(mediator, case, "delivered", day=today() - DAY, why="AR assinado")
    state, began, due, _ = clock(case, "info")
    assert (state, began) == ("running", today() - DAY)
    assert due >= today() - DAY + 20 * DAY  # twenty days, on an open one
    one = row(office, case)
    assert (one.state, one.ended, one.letter) == (
        "delivered", today() - DAY, "sent")
    assert events(case, "print", "post", "delivered") == [
        "print", "post", "delivered"]
    page = mediator.get(case.path)
    assert stage.words_of("pt-BR")["delivery_delivered"] in page.words


def test_the_task_ends_when_it_is_posted(office, mediator, case):
    asked(case)
    printed(mediator, case)
    posted(mediator, case)
    assert office.query("SELECT kind, outcome FROM task WHERE case_id = %s AND"
                        " kind = 'send-by-post'", case.id) == [
        ("send-by-post", "letter")]


def test_the_companys_time_begins_on_the_day_of_delivery(
        office, mediator, by_post):
    case = Case(office, mediator).served(by_post)
    one = row(office, case)
    assert (one.kind, one.clock, one.addressed) == ("notice", "company", True)
    state, began, _, _ = clock(case, "company")
    assert state == "running" and began in a_week_after(today())
    page = printed(mediator, case)
    file = pdf_of(mediator, office.folder, page)
    shown = " ".join(word[0] for word in file.words() if in_window(word))
    assert " ".join(SHOP_POSTAL.split()) in shown
    assert re.sub(r"\s+", " ", SUMMARY) in re.sub(r"\s+", " ", file.text())
    posted(mediator, case)
    ended(mediator, case, "delivered")
    assert clock(case, "company")[:2] == ("running", today())


def test_nobody_knows_and_it_counts_as_arrived(office, mediator, case):
    asked(case)
    printed(mediator, case)
    posted(mediator, case)
    assert row(office, case).letter == "queued"
    office.query("UPDATE post SET posted = posted - 8, presumed = current_date"
                 " WHERE case_id = %s", case.id)
    gateway_sweeps(office)
    one = row(office, case)
    assert (one.state, one.letter) == ("posted", "sent")
    assert one.sent.date() in (today(), today() - DAY, today() + DAY)
    page = mediator.get(case.path)
    assert stage.words_of("pt-BR")["delivery_presumed"] in page.words
    # And later somebody knows after all.
    ended(mediator, case, "delivered")
    assert row(office, case).state == "delivered"


def gateway_sweeps(office):
    """The dispatcher's first act, once more."""
    office.query("SELECT post_presume()")


def test_what_came_back_was_never_served(office, mediator, by_post):
    case = Case(office, mediator).served(by_post)
    printed(mediator, case)
    posted(mediator, case)
    ended(mediator, case, "returned", why="Mudou-se")
    assert clock(case, "company")[0] == "stopped"
    one = row(office, case)
    assert (one.state, one.letter) == ("returned", "bounced")
    assert "other-channel" in waiting(case)
    assert "Mudou-se" in mediator.get(f"{HERE}?list=done").words
    # At another address it goes out once more, and then the time begins.
    case.does("reach", party="company", way="post", again="1",
              postal="Rua Augusta, 9\n01304-000 São Paulo - SP")
    assert row(office, case).state == "to-print"
    assert waiting(case) == ["send-by-post"]
    printed(mediator, case)
    posted(mediator, case)
    state, began, _, _ = clock(case, "company")
    assert state == "running" and began in a_week_after(today())
    ended(mediator, case, "delivered")
    assert clock(case, "company")[:2] == ("running", today())


# ---- mail that comes back -----------------------------------------------------------


def bounced(office, case):
    """The consumer's newest mail comes back for good."""
    mail = office.sink.to(case.addr)[-1]
    told, _, _ = desk.take(office, stage.bounce(
        case.addr, mail.sender, mail.parsed["Message-ID"].strip()))
    return told


def test_a_mail_that_comes_back_goes_on_paper(office, mediator, case):
    """Where a postal address is known; all that follows does, too."""
    case.does("reach", party="consumer", way="mail", postal=POSTAL)
    case.does("ask", questions="Em que dia a geladeira chegou?")
    case.got(case.addr, 2)
    bounced(office, case)
    wait_until("it waits to be printed", lambda: row(office, case), 20, 0.05)
    one = row(office, case)
    assert (one.state, one.kind, one.letter) == (
        "to-print", "questions", "queued")
    assert waiting(case) == ["send-by-post"]
    assert "by-post" in case.events()
    file = pdf_of(mediator, office.folder, printed(mediator, case))
    assert "Em que dia a geladeira chegou?" in file.text()
    assert row(office, case).pdf == hashlib.sha256(file.raw).hexdigest()
    desk.write(mediator, case)
    assert row(office, case).kind == "reply"


def test_without_an_address_a_person_is_asked_for_one(office, mediator, case):
    case.does("ask", questions="Em que dia a geladeira chegou?")
    case.got(case.addr, 2)
    bounced(office, case)
    wait_until("a task", lambda: "other-channel" in waiting(case), 20, 0.05)
    assert not row(office, case)
    case.does("reach", party="consumer", way="post", postal=POSTAL, again="1")
    one = row(office, case)
    assert (one.state, one.addressed) == ("to-print", True)
    assert waiting(case) == ["send-by-post"]


def test_back_to_mail_by_the_same_form(office, mediator, case):
    on_paper(case)
    other = f"nova.{secrets.token_hex(4)}@consumidora.example"
    case.does("reach", party="consumer", way="mail", addr=other)
    case.does("ask", questions="Em que dia a geladeira chegou?")
    case.got(other, 1)
    assert not row(office, case)
    # What they write from there is theirs.
    mail = office.sink.to(other)[-1]
    told, _, filed = desk.take(office, stage.answer_to(mail, other))
    assert (told["outcome"], str(filed)) == ("appended", str(case.id))


# ---- who may, and two at once ----------------------------------------------------


def test_whoever_said_that_they_cannot_be_impartial_prints_nothing(
        office, mediator, case):
    asked(case)
    stranger = desk.login(office, "mediator2")
    assert case.protocol in listed(stranger)
    one = row(office, case)
    page = desk.act(stranger, case.path, "conflict")
    assert page.status == 303, page.words
    assert case.protocol not in listed(stranger)
    form = stranger.get(f"{HERE}?list=to-print")
    some = asked(Case(office, mediator))
    page = send(stranger, "print", [some], **{
        f"letter-{one.hex}": case.protocol})
    assert page.status == 409, page.words
    assert form.status == 200
    assert row(office, case).state == "to-print"
    assert row(office, some).state == "printed"


def test_of_two_who_print_at_once_one_does(office, mediator, other, case):
    asked(case)
    forms = [(browser, {**browser.get(HERE).form(f"{HERE}/print")})
             for browser in (mediator, other)]
    one = row(office, case)
    answers = []

    def run(browser, form):
        form = {key: value for key, value in form.items()
                if not key.startswith("letter-")}
        answers.append(browser.ask("POST", f"{HERE}/print", {
            **form, f"letter-{one.hex}": case.protocol}))

    threads = [threading.Thread(target=run, args=pair) for pair in forms]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(page.status for page in answers) == [200, 409]
    told = next(page for page in answers if page.status == 409)
    assert stage.words_of("pt-BR")["post_why_printed"] in told.words
    assert events(case, "print") == ["print"]


def test_the_same_form_sent_twice_prints_once(office, mediator, case):
    asked(case)
    form = {key: value for key, value in mediator.get(HERE).form(
        f"{HERE}/print").items() if not key.startswith("letter-")}
    form[f"letter-{row(office, case).hex}"] = case.protocol
    for _ in range(2):
        assert mediator.ask("POST", f"{HERE}/print", form).status in (200, 409)
    assert events(case, "print") == ["print"]


# ---- what is wrong is said, and nothing is lost ------------------------------------


@pytest.mark.parametrize("lang", ("pt-BR", "en", "it"))
def test_each_wrong_thing_is_said_in_the_readers_words(
        office, mediator, case, lang):
    mediator.post("/language", lang=lang,
                  **mediator.get("/").form("/language"))
    words = stage.words_of(lang)
    try:
        asked(case)
        page = send(mediator, "print", [])
        assert page.status == 422 and words["post_nothing"] in page.words
        printed(mediator, case)
        one = row(office, case).hex
        for day, code in (("", "empty"), ("32/13/2026", "not_a_date"),
                          (str(today() + DAY), "future"),
                          (str(today() - DAY), "before_it")):
            page = send(mediator, "post", [case], day=day, service="simple",
                        **{f"tracking-{one}": "BR-GUARDADO"})
            assert page.status == 422, (day, page.words)
            assert words[f"post_why_{code}"] in page.words
            assert 'value="BR-GUARDADO"' in page.text
        posted(mediator, case)
        page = ends(mediator, case, "delivered", day=today() + DAY,
                    why="guardado")
        assert page.status == 422 and words["post_why_future"] in page.words
        assert 'value="guardado"' in page.text
        assert row(office, case).state == "posted"
    finally:
        mediator.post("/language", lang="pt-BR",
                      **mediator.get("/").form("/language"))


def test_an_address_that_no_envelope_holds_is_refused(office, mediator, case):
    words = stage.words_of("pt-BR")
    for postal in ("1\n2\n3\n4\n5\n6", "x" * 61):
        page = case.act("reach", party="consumer", way="post", postal=postal)
        assert page.status == 422
        assert words["field_not_an_envelope"] in page.words
    page = case.act("reach", party="consumer", way="post", postal="")
    assert page.status == 422
    page = case.act("reach", party="consumer", way="mail", addr="nada")
    assert page.status == 422
    assert office.query("SELECT by_post FROM party WHERE case_id = %s",
                        case.id) == [(False,)]


def test_the_other_partys_address_is_not_theirs(office, mediator):
    case = Case(office, mediator)
    case.join_company(mediator)
    page = case.act("reach", party="consumer", way="mail", addr=case.company)
    assert page.status == 422
    assert stage.words_of("pt-BR")["field_theirs"] in page.words


def test_the_lint_knows_whose_street_it_is(office, mediator):
    """The consumer's postal address does not go to the company."""
    case = on_paper(Case(office, mediator).classified())
    page = case.act("serve", summary="Quem reclama mora na Rua das Laranjeiras,"
                    " 45.", overrule="Eu sei.")
    assert page.status == 422, page.words


# ---- the file for a spreadsheet, the fence of the database ---------------------------


def test_the_register_is_a_file_that_asks_for_a_code(office, mediator, case):
    asked(case)
    page = mediator.get(f"{HERE}?list=to-print")
    browser = mediator
    browser.codes, before = None, browser.codes
    try:
        form = page.form(f"{HERE}/csv")
        first = browser.ask("POST", f"{HERE}/csv", {**form, "list": "to-print"})
    finally:
        browser.codes = before
    if first.asks_code:
        first = browser.ask("POST", f"{HERE}/csv", {**form, "list": "to-print"})
    assert first.headers["Content-Type"].startswith("text/csv")
    rows = list(csv.reader(io.StringIO(first.body.decode("utf-8-sig")),
                           delimiter=";" if b";" in first.body[:200] else ","))
    assert any(case.protocol in one for one in rows)


def test_nothing_of_an_address_or_number_lies_in_clear(office, mediator, case):
    street, number, why = desk.mark(), desk.mark(), desk.mark()
    case.does("reach", party="consumer", way="post",
              postal=f"Rua {street}\n20000-000 Rio")
    case.does("ask", questions="Quando?")
    printed(mediator, case)
    posted(mediator, case, tracking=number)
    ended(mediator, case, "returned", why=why)
    for table in ("post", "capsule", "item", "outbox", "party", "task",
                  "audit_event", "chunk", "form_key"):
        for word in (street, number, why):
            assert office.query(
                f"SELECT 1 FROM {table} t WHERE position(%s::text IN t::text)"
                " > 0 OR position(encode(%s::bytea, 'hex') IN t::text) > 0",
                word, word.encode()) == [], (table, word)
    page = mediator.get(f"{HERE}?list=done")
    for word in (street, number, why):
        assert word in page.words


def test_of_an_erased_case_nothing_is_left_to_print(office, mediator, case):
    asked(case)
    printed(mediator, case)
    another = asked(Case(office, mediator))
    office.query("SELECT file_wipe(%s)", case.id)
    one = row(office, case)
    assert (one.state, one.sealed, one.letter) == ("void", False, "failed")
    assert row(office, another).state == "to-print"
    assert case.protocol not in listed(mediator, "to-post")


def test_a_session_that_ends_loses_nothing_that_was_typed(
        office, mediator, case):
    """The form comes back after the login, as it was sent; nothing is done."""
    asked(case)
    printed(mediator, case)
    browser = desk.login(office, "mediator2")
    form = {key: value for key, value in browser.get(
        f"{HERE}?list=to-post").form(f"{HERE}/post").items()
        if not key.startswith("letter-")}
    one = row(office, case).hex
    office.query("UPDATE session SET seen = seen - interval '16 minutes' WHERE"
                 " person = (SELECT id FROM person WHERE login = 'mediator2')")
    page = browser.ask("POST", f"{HERE}/post", {
        **form, f"letter-{one}": case.protocol, "day": str(today()),
        "service": "receipt", f"tracking-{one}": "BR-NAO-PERDIDO"})
    assert 'name="password"' in page.text
    person = office.office.person("mediator2")
    page = browser.ask("POST", "/login", {
        **page.form("/login"), "login": "mediator2",
        "password": person["password"], "code": office.code(person)})
    assert page.status == 200
    assert 'value="BR-NAO-PERDIDO"' in page.text
    assert '<option value="receipt" selected>' in page.text
    assert row(office, case).state == "printed"


def test_the_log_verifies_with_all_of_it(office, mediator):
    status, out, complaint = office.office.admin.run("audit", "verify")
    assert status == 0, (out, complaint)


def test_a_letter_without_an_address_waits_for_one(office, mediator, case):
    office.query("DELETE FROM capsule WHERE case_id = %s", case.id)
    case.does("ask", questions="Em que dia a geladeira chegou?")
    one = row(office, case)
    assert (one.state, one.addressed) == ("to-print", False)
    assert waiting(case) == ["other-channel"]
    page = send(mediator, "print", [case])
    assert page.status == 409
    assert stage.words_of("pt-BR")["post_why_no_address"] in page.words
    assert stage.words_of("pt-BR")["post_no_address"] in \
        mediator.get(HERE).words
