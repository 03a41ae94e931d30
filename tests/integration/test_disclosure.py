"""What a person releases to a party: it opens by the link of one letter and by
nothing else, is counted, runs out, and is taken back while somebody reads it.

The real server behind nginx; its clock is one that the tests move.
"""

import email
import email.policy
import re
import secrets
import threading
import urllib.parse

import pytest

import scene as stage
import test_write as desk
from harness import wait_until
from moved import Clock
from scene import Scene, letter, mark, plain_text, with_file

CPF, PHONE = "529.982.247-25", "(11) 98765-4321"
GONE = "rel_gone"
DAY = 86400


@pytest.fixture(scope="module")
def office(template):
    made = Scene(template, to_sink=True, mailgw_acks_domain_hour=100000,
                 mailgw_acks_hour=100000)
    made.live_by(Clock(made.folder))
    try:
        made.begin()
        made.connect_all()
        yield made
    finally:
        made.stop()


@pytest.fixture(scope="module")
def mediator(office):
    return desk.login(office, "mediator")


@pytest.fixture(autouse=True)
def patience(office):
    """All parties here come from one address, and press often."""
    yield
    office.query("DELETE FROM login_throttle"
                 " WHERE scope IN ('link', 'link-address')")


@pytest.fixture
def time(office):
    """Forward, and back when the test is over."""
    def pass_by(seconds):
        office.clock.offset += seconds
        office.clock.write()

    yield pass_by
    office.clock.offset = 0
    office.clock.write()


class Case(desk.Case):
    """A consumer's complaint with an attachment; the company has answered."""

    def __init__(self, office, mediator, text="", answer="", raw=None):
        self.office, self.company = office, None
        self.addr = f"ana.{secrets.token_hex(6)}@consumidora.example"
        self.said, self.file, self.theirs = mark(), mark(), mark()
        if raw is None:
            raw = with_file(self.addr, self.file.encode(), "nota.pdf",
                            text=f"{stage.WORDS['pt-BR']}\n{self.said}\n{text}")
        status, (told,) = office.gateway.ingest(raw)
        assert status == 0 and told["outcome"] == "created", told
        self.protocol = told["protocol"]
        self.path = f"/cases/{self.protocol}"
        self.id, = office.query("SELECT id FROM case_file WHERE protocol = %s",
                                self.protocol)[0]
        self.ack = self.got(self.addr, 1)[-1]
        self.join_company(mediator, text=f"Estamos verificando. {self.theirs} "
                          + answer)
        office.query("UPDATE case_file SET state = 'mediation' WHERE id = %s",
                     self.id)

    def seq(self, kind, number=0):
        return [row[4] for row in self.items(kind)][number]

    @property
    def complaint(self):
        return str(self.seq("mail_in"))

    def release(self, browser, *pieces, to="company", mode="link", **more):
        """Ticks these; the page that comes, and the letter's link."""
        addr = self.company if to == "company" else self.addr
        before = len(self.office.sink.to(addr))
        boxes = {"piece" if n == 0 else f"piece-{n + 1}": value
                 for n, value in enumerate(pieces)}
        page = desk.act(browser, self.path, "disclose", to=to, mode=mode,
                        **boxes, **more)
        if page.status != 303:
            return page, None
        mail = self.got(addr, before + 1)[-1]
        return page, link_of(mail)

    def released(self):
        return self.office.query(
            "SELECT opened, max_opens, revoked IS NOT NULL FROM disclosure"
            " WHERE case_id = %s ORDER BY n", self.id)

    def logged(self, action):
        return self.office.query(
            "SELECT actor, object FROM audit_event WHERE chain = %s"
            " AND action = %s ORDER BY seq", self.id, action)


def link_of(mail):
    found = re.search(r"https?://\S+/d/[lc][\w-]{43}(?![\w-])",
                      desk.words_of(mail))
    return urllib.parse.urlsplit(found.group()).path


def enter(office, link, **fields):
    """A party presses the button: its browser, and the page that comes."""
    party = office.browser()
    form = party.get(link).form(link)
    page = party.post(link, **form, **fields)
    return party, page


def read(office, link, **fields):
    party, page = enter(office, link, **fields)
    assert page.status == 303 and page.location == "/d", page.words
    return party, party.get("/d")


def is_gone(page, words):
    return page.status == 404 and words[GONE] in page.words


@pytest.fixture(scope="module")
def case(office, mediator):
    """For what changes nothing that another test looks at."""
    return Case(office, mediator)


# ---- what opens ---------------------------------------------------------------


def test_a_link_opens_what_was_released_and_nothing_else(
        office, mediator, words):
    case = Case(office, mediator)
    page, link = case.release(mediator, case.complaint, words="Como falamos.")
    assert page.status == 303
    mail = office.sink.to(case.company)[-1]
    assert "Como falamos." in desk.words_of(mail)
    for canary in (case.said, case.file, case.theirs, case.addr):
        assert canary.encode() not in mail.content
    party, page = read(office, link)
    assert case.said in page.text and case.protocol in page.text
    assert "1 / 20" in page.words
    seen = page.body + party.get("/d/file/1").body + party.get("/d/file/2").body
    for canary in (case.file, case.theirs, case.addr, case.company):
        assert canary.encode() not in seen, canary
    assert case.released() == [(1, 20, False)]
    assert len(case.logged("released-open")) == 1
    # Read on within the half hour: one opening.
    assert case.said in party.get("/d").text
    assert case.released() == [(1, 20, False)]
    shown = mediator.get(case.path).words
    assert f"{words['release_opened']} 1 / 20" in shown
    # Whose form it was that stood open meanwhile: nobody was faster.
    assert "released-open" not in shown


def test_an_attachment_is_released_by_itself(office, mediator, case):
    _, link = case.release(mediator, case.complaint + ".1")
    party, page = read(office, link)
    assert "nota.pdf" in page.text and case.said not in page.text
    file = party.get("/d/file/1")
    assert file.status == 200 and file.body == case.file.encode()
    assert file.headers["Content-Disposition"].startswith("attachment;")
    assert file.headers["Content-Type"] == "application/octet-stream"
    assert party.get("/d/file/2").status == 404
    assert len(case.logged("released-file")) == 1
    assert office.browser().get("/d/file/1").status == 404  # no visit


def test_programs_that_open_every_link_change_nothing(office, mediator):
    case = Case(office, mediator)
    _, link = case.release(mediator, case.complaint)

    def figures():
        return office.query(
            "SELECT (SELECT count(*) FROM audit_event),"
            " (SELECT sum(opened) FROM disclosure),"
            " (SELECT count(*) FROM disclosure_visit)")

    wait_until("its letter has left", office.outbox_is_quiet, 30)
    before = figures()
    for _ in range(5):
        scanner = office.browser()
        page = scanner.get(link)
        assert page.status == 200 and case.said not in page.text
        assert scanner.ask("HEAD", link).status == 200
        assert scanner.get("/d").status == 404
        # A form of another site, or none at all, opens nothing either.
        bare = office.browser()
        assert bare.post(link).status == 400
    assert figures() == before
    assert case.released() == [(0, 20, False)]


def test_links_that_are_none_get_the_page_of_those_that_are_over(
        office, mediator, case, words):
    _, link = case.release(mediator, case.complaint)
    other = link[:-3] + ("abA" if link[-3:] != "abA" else "baA")
    party = office.browser()
    assert is_gone(enter(office, other)[1], words)
    for path in ("/d/l", "/d/" + "l" * 44, "/d/x" + link[4:], link + "A"):
        page = party.get(path)
        assert is_gone(page, words), path
    # One party's link is not another release's.
    _, mine = case.release(mediator, case.complaint + ".1", to="consumer")
    assert case.said not in read(office, mine)[1].text


def test_the_letter_is_in_the_readers_language(office, mediator, case, words):
    """And the page in the browser's."""
    _, link = case.release(mediator, case.complaint, to="consumer")
    assert "documentos" in desk.words_of(office.sink.to(case.addr)[-1])
    party = office.browser()
    form = party.get(link).form("/language")
    party.post("/language", **{**form, "lang": "it"})
    page = party.get(link)
    assert stage.words_of("it")["rel_button"] in page.words
    assert words["rel_button"] not in page.words


# ---- a code besides ------------------------------------------------------------


def test_with_a_code_the_link_alone_opens_nothing(office, mediator, words):
    case = Case(office, mediator)
    _, link = case.release(mediator, case.complaint, mode="code")
    shown = mediator.get(case.path)
    code, = re.findall(r'<code class="code">([^<]*)</code>', shown.text)
    assert re.fullmatch(r"(\w{4}-){6}\w{2}", code)
    # It is told another way: no mail holds it, and no row of the database.
    plain = code.replace("-", "")
    for mail in list(office.sink.mails):
        assert code.encode() not in mail.content
        assert plain.encode() not in mail.content
    rows = office.query("SELECT string_agg(d::text, '') FROM disclosure d")
    assert plain not in rows[0][0] and code not in rows[0][0]
    for wrong in ("", "x", "0" * 26, plain[:-1], plain[13:] + plain[:13]):
        party, page = enter(office, link, code=wrong)
        assert page.status == 422 and words["rel_code_wrong"] in page.words
        assert party.get("/d").status == 404
    assert case.released() == [(0, 20, False)]
    # As one hears and types it: capitals, blanks, a letter misheard.
    typed = code.upper().replace("-", " ")
    typed = typed[:-1] + ("7" if typed[-1] != "7" else "8")
    _, page = read(office, link, code=typed)
    assert case.said in page.text and case.released() == [(1, 20, False)]


def test_codes_are_not_guessed_for_long(office, mediator):
    case = Case(office, mediator)
    _, link = case.release(mediator, case.complaint, mode="code")
    seen = [enter(office, link, code="0" * 26)[1] for _ in range(13)]
    assert seen[0].status == 422 and seen[-1].status == 429
    assert int(seen[-1].headers["Retry-After"]) > 0


# ---- the end of it -------------------------------------------------------------


def test_what_is_taken_back_ends_at_once_also_for_who_reads_it(
        office, mediator, words):
    case = Case(office, mediator)
    _, link = case.release(mediator, case.complaint, case.complaint + ".1")
    party, page = read(office, link)
    assert case.said in page.text
    assert desk.act(mediator, case.path, "withhold", which="1").status == 303
    for path in ("/d", "/d/file/2"):
        page = party.get(path)
        assert page.status == 404, path
        assert words[GONE] in page.words
        assert case.said not in page.text and case.file not in page.text
    assert is_gone(enter(office, link)[1], words)
    # Its keys are gone with it.
    assert office.query(
        "SELECT count(*) FROM disclosure_item i JOIN disclosure d"
        " ON d.id = i.disclosure WHERE d.case_id = %s AND box IS NOT NULL",
        case.id) == [(0,)]
    assert len(case.logged("withhold")) == 1
    page = desk.act(mediator, case.path, "withhold", which="1")
    assert page.status == 422 and words["field_over"] in page.words
    page = desk.act(mediator, case.path, "withhold", which="2")
    assert page.status == 422 and words["field_withhold_unknown"] in page.words


def test_it_runs_out_on_its_day_and_a_reading_after_half_an_hour(
        office, mediator, time, words):
    case = Case(office, mediator)
    _, link = case.release(mediator, case.complaint, days="3")
    early, page = read(office, link)
    assert case.said in page.text
    time(29 * 60)
    assert case.said in early.get("/d").text
    time(2 * 60)
    page = early.get("/d")
    assert page.status == 404 and words["rel_ended"] in page.words
    assert case.said not in page.text
    time(3 * DAY - 40 * 60)
    late, page = read(office, link)
    assert case.said in page.text
    time(10 * 60)  # within the half hour, after the last day
    assert is_gone(late.get("/d"), words)
    assert is_gone(enter(office, link)[1], words)
    assert case.released() == [(2, 20, False)]


def test_without_a_day_it_runs_for_a_fortnight(office, mediator, time, words):
    case = Case(office, mediator)
    _, link = case.release(mediator, case.complaint)
    time(14 * DAY - 60)
    assert case.said in read(office, link)[1].text
    time(120)
    assert is_gone(enter(office, link)[1], words)


def test_what_is_over_is_destroyed_though_nobody_looks(
        office, mediator, time):
    """Its last day, or its last opening: a copy of the database that is made
    afterwards opens nothing, whoever has the link and the secrets."""
    case = Case(office, mediator)
    links = [case.release(mediator, case.complaint, **more)[1] for more in (
        {"days": "1"}, {"opens": "1"}, {"days": "3"})]

    def alive():
        return [row[0] for row in office.query(
            "SELECT d.n FROM disclosure d JOIN disclosure_item i"
            " ON d.id = i.disclosure WHERE d.case_id = %s"
            " AND i.box IS NOT NULL ORDER BY 1", case.id)]

    assert alive() == [1, 2, 3]
    time(DAY - 60)
    party, page = read(office, links[1])
    assert case.said in page.text
    time(120)
    wait_until("the first is destroyed", lambda: 1 not in alive(), 45, 0.1)
    # The second one is read once more, and that reading goes on.
    assert alive() == [2, 3] and case.said in party.get("/d").text
    time(31 * 60)
    wait_until("the second is destroyed", lambda: 2 not in alive(), 45, 0.1)
    assert alive() == [3] and case.said in read(office, links[2])[1].text


def test_two_who_open_the_last_time_at_once_are_one(office, mediator, words):
    case = Case(office, mediator)
    _, link = case.release(mediator, case.complaint, opens="1")
    parties = [office.browser() for _ in range(6)]
    forms = [party.get(link).form(link) for party in parties]
    pages, gate = [], threading.Barrier(len(parties))

    def press(party, form):
        gate.wait()
        pages.append(party.post(link, **form))

    threads = [threading.Thread(target=press, args=pair)
               for pair in zip(parties, forms)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(page.status for page in pages) == [303] + [404] * 5
    assert all(is_gone(page, words) for page in pages if page.status != 303)
    assert case.released() == [(1, 1, False)]
    assert len(case.logged("released-open")) == 1
    # Whoever came in reads on.
    inside = [party for party in parties if "ouv-d" in party.cookies]
    assert len(inside) == 1 and case.said in inside[0].get("/d").text


def test_a_new_key_of_the_case_leaves_it_as_it_is(office, mediator):
    case = Case(office, mediator)
    _, link = case.release(mediator, case.complaint, case.complaint + ".1")
    other = desk.login(office, "intake")
    assert desk.act(other, case.path, "conflict").status == 303
    mediator.get(case.path)
    assert office.query("SELECT key_version FROM case_file WHERE id = %s",
                        case.id) == [(2,)]
    party, page = read(office, link)
    assert case.said in page.text
    assert party.get("/d/file/2").body == case.file.encode()


def test_altered_rows_open_nothing(office, mediator):
    """A box moved to another message, the words' box made an attachment's."""
    case = Case(office, mediator)
    _, link = case.release(mediator, case.complaint, case.complaint + ".1")
    which, = office.query("SELECT id FROM disclosure WHERE case_id = %s",
                          case.id)[0]
    other, = office.query("SELECT id FROM item WHERE case_id = %s AND"
                          " lane = 'company' AND kind = 'mail_in'",
                          case.id)[0]
    office.query("UPDATE disclosure_item SET part = -1 WHERE disclosure = %s"
                 " AND n = 2", which)
    party, page = read(office, link)
    assert page.text.count(case.said) == 1
    office.query("UPDATE disclosure_item SET item = %s WHERE disclosure = %s",
                 other, which)
    page = party.get("/d")
    assert page.status == 200
    assert case.said not in page.text and case.theirs not in page.text


@pytest.mark.parametrize("raised", [
    "expires = expires + interval '90 days'", "max_opens = max_opens + 100"])
def test_limits_raised_in_the_database_open_nothing(
        office, mediator, words, raised):
    case = Case(office, mediator)
    _, link = case.release(mediator, case.complaint, case.complaint + ".1")
    party, page = read(office, link)
    assert case.said in page.text
    office.query(f"UPDATE disclosure SET {raised} WHERE case_id = %s",
                 case.id)
    assert case.said not in party.get("/d").text
    assert case.file.encode() not in party.get("/d/file/2").body
    assert is_gone(enter(office, link)[1], words)
    assert case.released() == [(1, 120 if "max" in raised else 20, False)]


# ---- what is released at once --------------------------------------------------


def many_files(addr, said, count):
    """A complaint with so many attachments."""
    mail = email.message_from_bytes(with_file(
        addr, b"0", "anexo-0.txt", text=f"{stage.WORDS['pt-BR']}\n{said}"),
        policy=email.policy.SMTP)
    for n in range(1, count):
        mail.add_attachment(f"{n}".encode(), maintype="application",
                            subtype="octet-stream",
                            filename=f"anexo-{n}.txt")
    return mail.as_bytes()


def test_a_message_and_its_299_attachments_go_in_one_release(
        office, mediator, words):
    """As many boxes as the page has, with a code asked for on the way: nothing
    that was ticked or typed is lost."""
    addr, said = f"ana.{secrets.token_hex(6)}@consumidora.example", mark()
    status, (told,) = office.gateway.ingest(many_files(addr, said, 299))
    assert status == 0 and told["outcome"] == "created", told
    case = Case.__new__(Case)
    case.office, case.addr, case.protocol = office, addr, told["protocol"]
    case.company, case.path = None, f"/cases/{told['protocol']}"
    case.id, = office.query("SELECT id FROM case_file WHERE protocol = %s",
                            case.protocol)[0]
    case.ack = case.got(addr, 1)[-1]
    case.join_company(mediator, text="Estamos verificando.")
    office.query("UPDATE case_file SET state = 'mediation' WHERE id = %s",
                 case.id)
    fresh = desk.login(office, "mediator2")
    codes, fresh.codes = fresh.codes, None
    verb, words_typed = f"{case.path}/disclose", f"Seguem os anexos. {mark()}"
    shown = fresh.get(f"{case.path}/do/disclose").text
    boxes = re.findall(r'type="checkbox" name="(piece[-\d]*)" value="([\d.]+)"',
                       shown)
    assert len(boxes) == 300
    fields = desk.form_of(fresh, case.path, "disclose", to="company",
                          mode="link", words=words_typed, days="91",
                          **dict(boxes))
    page = fresh.post(verb, **fields)
    assert page.status == 403 and page.asks_code
    hidden = page.form(verb)
    assert dict(boxes).items() <= hidden.items()
    assert hidden["words"] == words_typed
    # What is wrong comes back with everything that was chosen.
    page = fresh.post(verb, **hidden, code_now=codes())
    assert page.status == 422, page.words
    assert words_typed in page.text
    assert len(re.findall(r'name="piece[-\d]*" value="[\d.]+"\s+checked',
                          page.text)) == 300
    page = fresh.post(verb, **{**fields, **page.form(verb), "to": "company",
                               "mode": "link", "days": "3"})
    assert page.status == 303, page.words
    party, page = read(office, link_of(case.got(case.company, 1)[-1]))
    assert said in page.text and page.text.count("/d/file/") == 299
    assert party.get("/d/file/300").body == b"298"


def test_what_is_more_than_one_form_holds_is_released_in_parts(
        office, mediator, words):
    """350 things to tick: 300 of them, then the rest; what was asked for
    stands on the page it has, and a form that comes back is the same part."""
    addr = f"ana.{secrets.token_hex(6)}@consumidora.example"
    status, (told,) = office.gateway.ingest(many_files(addr, mark(), 349))
    assert status == 0 and told["outcome"] == "created", told
    case = Case.__new__(Case)
    case.office, case.addr, case.protocol = office, addr, told["protocol"]
    case.company, case.path = None, f"/cases/{told['protocol']}"
    case.id, = office.query("SELECT id FROM case_file WHERE protocol = %s",
                            case.protocol)[0]
    case.ack = case.got(addr, 1)[-1]
    case.join_company(mediator, text="Estamos verificando.")
    office.query("UPDATE case_file SET state = 'mediation' WHERE id = %s",
                 case.id)
    form = f"{case.path}/do/disclose"

    def boxes(page):
        return re.findall(
            r'type="checkbox" name="(piece[-\d]*)" value="([\d.]+)"',
            page.text)

    first = mediator.get(form)
    after, = first.links(rf"{form}\?boxes_from=[\d.]+#move-piece")
    rest = mediator.get(after.partition("#")[0])
    shown = [value for _, value in boxes(first) + boxes(rest)]
    assert len(boxes(first)) == 300 and boxes(rest)[0][0] == "piece"
    assert len(shown) == len(set(shown)) >= 350
    assert {"1", "1.1", "1.349"} <= set(shown)
    assert rest.links(rf"{form}\?boxes_from=[\d.]+#move-piece") == [
        f"{form}?boxes_from=1#move-piece"]
    asked = mediator.get(f"{form}?piece=1.349")
    assert boxes(asked) == boxes(rest)
    assert re.search(r'value="1\.349"\s+checked', asked.text)
    # A part of the second page, refused once and then released.
    name = dict((value, name) for name, value in boxes(rest))["1.349"]
    fields = {**rest.form(f"{case.path}/disclose"), name: "1.349",
              "to": "company", "mode": "link", "words": "Segue um anexo."}
    assert fields["boxes_from"] == boxes(rest)[0][1]
    path = f"{case.path}/disclose"
    page = mediator.ask("POST", path, {**fields, "days": "91"})
    assert page.status == 422 and boxes(page) == boxes(rest)
    assert re.search(r'value="1\.349"\s+checked', page.text)
    page = mediator.ask("POST", path, {**fields, **page.form(path),
                                       "days": "3"})
    assert page.status == 303, page.words
    party, _ = read(office, link_of(case.got(case.company, 1)[-1]))
    assert party.get("/d/file/1").body == b"348"


def test_what_only_quotes_is_not_released_as_it_stands(
        office, mediator, words):
    """An answer above which nothing was typed: it is all the other side's, or
    ours."""
    case = Case(office, mediator)
    secret = mark()
    quoted = "\n".join(f"> {line}" for line in (
        "Prezados,", f"o valor combinado foi {secret}.", "Obrigado."))
    told, _, where = desk.take(office, stage.answer_to(
        case.ack, case.addr,
        text=f"Em 3 de fevereiro de 2026, Loja <x@loja.example> escreveu:\n"
        f"{quoted}"))
    assert (told["outcome"], where) == ("appended", case.id)
    seq = str(case.seq("mail_in", -1))
    assert secret in mediator.get(case.path).text
    page, _ = case.release(mediator, seq)
    assert page.status == 422 and case.released() == [], page.words
    assert words["field_only_quoted"] in page.words
    # With the writer's own words above it, those go, and those alone.
    own = mark()
    told, _, _ = desk.take(office, stage.answer_to(
        case.ack, case.addr, text=f"Discordo. {own}\n\nEm 3 de fevereiro de "
        f"2026, Loja <x@loja.example> escreveu:\n{quoted}"))
    _, link = case.release(mediator, str(case.seq("mail_in", -1)))
    _, page = read(office, link)
    assert own in page.text and secret not in page.text


# ---- before it is released -----------------------------------------------------


def test_what_is_the_other_sides_needs_a_reason_that_is_kept(
        office, mediator, words):
    case = Case(office, mediator, text=f"Meu CPF: {CPF}, fone {PHONE}")
    page, _ = case.release(mediator, case.complaint)
    assert page.status == 422 and case.released() == []
    assert CPF in page.words and PHONE in page.words
    assert words["field_warned"] in page.words
    assert 'data-rule="cpf"' in page.text
    assert re.search(rf'value="{case.complaint}"\s+checked', page.text)
    why = f"A empresa já tem o CPF. {mark()}"
    page, link = case.release(mediator, case.complaint, overrule=why)
    assert page.status == 303, page.words
    assert CPF in read(office, link)[1].text
    shown = mediator.get(case.path).words
    assert why in shown and "overrule" in case.events()
    # To the consumer herself it is no news.
    assert case.release(mediator, case.complaint, to="consumer")[1]


def test_our_own_links_and_addresses_are_masked(office, mediator):
    """Whoever reads them could act as the other party."""
    first = Case(office, mediator)
    page = desk.write(mediator, first)
    assert page.status == 303, page.words
    theirs = plain_text(first.got(first.addr, 2)[-1])
    reply = stage.address_of(first.got(first.addr, 2)[-1].parsed["Reply-To"])
    url = f"{office.office.base_url}/t/o.{'a' * 26}.{'b' * 16}"
    case = Case(office, mediator, text=f"Vejam: {url} e {reply}\n{theirs[:0]}")
    page, link = case.release(mediator, case.complaint, overrule="Mascarado.")
    assert page.status == 303, page.words
    text = read(office, link)[1].text
    assert case.said in text and "█████" in text
    assert "o." + "a" * 26 not in text
    assert reply.split("+")[1].split("@")[0] not in text


def test_no_internal_note_is_ever_released(office, mediator, case, words):
    secret = mark()
    assert desk.act(mediator, case.path, "note", text=secret).status == 303
    note = str(case.seq("note", -1))
    page, _ = case.release(mediator, note)
    assert page.status == 422 and words["field_internal"] in page.words
    form = mediator.get(f"{case.path}/do/disclose").text
    boxes = re.findall(r'type="checkbox" name="piece[-\d]*" value="([\d.]+)"',
                       form)
    assert note not in boxes
    assert {case.complaint, case.complaint + ".1"} <= set(boxes)


@pytest.mark.parametrize("fields, word", [
    ({}, "field_disclose_empty"),
    ({"piece": "99"}, "field_unknown"),
    ({"piece": "1.9"}, "field_unknown"),
    ({"piece": "1x"}, "field_unknown"),
    ({"piece": "1", "days": "91"}, "field_unknown"),
])
def test_what_is_wrong_is_told_and_nothing_is_released(
        mediator, case, words, fields, word):
    before = case.released()
    page = desk.act(mediator, case.path, "disclose", to="company",
                    mode="link", **fields)
    assert page.status == 422 and words[word] in page.words
    assert case.released() == before


def test_only_who_may_and_with_a_code_of_theirs(office, mediator, case):
    before = case.released()
    intake = desk.login(office, "intake")
    assert case.release(intake, case.complaint)[0].status in (403, 422)
    fresh = desk.login(office, "mediator")  # gave no code since the login
    fresh.codes = None
    page = desk.act(fresh, case.path, "disclose", to="company", mode="link",
                    piece=case.complaint)
    assert page.status == 403 and page.asks_code
    assert case.released() == before


def test_looking_first_releases_nothing(office, mediator, case):
    before, letters = case.released(), len(office.sink.to(case.company))
    path = f"{case.path}/disclose"
    page = mediator.ask("POST", f"{case.path}/do/disclose/preview",
                        desk.form_of(mediator, case.path, "disclose",
                                     to="company", mode="link",
                                     piece=case.complaint))
    assert page.status == 200 and path in page.text
    assert "/d/…" in page.text
    assert case.released() == before
    assert len(office.sink.to(case.company)) == letters


# ---- extracts ------------------------------------------------------------------


def test_an_extract_shows_all_but_what_was_left_out(office, mediator):
    case = Case(office, mediator)
    page = mediator.get(f"{case.path}/do/redact?item={case.complaint}")
    text = page.field("move-text")
    assert case.said in text
    left, kept = mark(), mark()
    text = f"{kept} [[{left}\n{case.said}]] fim"
    page = desk.act(mediator, case.path, "redact", item=case.complaint,
                    title="Extrato da reclamação", text=text)
    assert page.status == 303, page.words
    extract = str(case.seq("note", -1))
    _, link = case.release(mediator, extract)
    _, page = read(office, link)
    assert kept in page.text and "Extrato da reclamação" in page.text
    assert "█████ fim" in page.text
    assert left not in page.text and case.said not in page.text
    # The message itself is as it was, for the case's people.
    assert case.said in mediator.get(case.path).text


def test_an_extract_begins_with_the_messages_text(mediator, case, words):
    page = desk.act(mediator, case.path, "redact", item=case.complaint,
                    title="Extrato")
    assert page.status == 422 and words["field_take"] in page.words
    assert case.said in page.field("move-text")
    page = desk.act(mediator, case.path, "redact", item=case.complaint,
                    title="Extrato", text="sem [[ fim")
    assert page.status == 422 and words["field_brackets"] in page.words


# ---- what is left in logs ------------------------------------------------------


def test_no_log_holds_a_link(office, mediator, case):
    _, link = case.release(mediator, case.complaint)
    party, _ = read(office, link)
    token, cookie = link[3:], party.cookies["ouv-d"]
    logs = b""
    for path in (office.folder / "server.log", office.folder / "nginx.log",
                 office.nginx.access_log):
        with open(path, "rb") as file:
            logs += file.read()
    assert b" POST /d/- 303" in logs and b"route=release " in logs
    assert token.encode() not in logs and cookie.encode() not in logs
