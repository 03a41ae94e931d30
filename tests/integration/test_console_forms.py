"""The forms that a mediator fills: the messages they judge stand beside them,
what can be chosen is what can be meant, and it is told in words."""

import email
import email.policy
import html
import re
import secrets

import html5lib
import pytest

import scene as stage
import test_write as desk
from scene import Scene, address_of, letter, mark, with_file

LANGUAGES = ("pt-BR", "en", "it")
MOST = 60_000  # bytes of a page
ROWS = 6
WHOLE = 4  # rows in which everything can be chosen


@pytest.fixture(scope="module")
def office(template):
    made = Scene(template, to_sink=True)
    try:
        made.begin()
        made.connect_all()
        yield made
    finally:
        made.stop()


@pytest.fixture(scope="module")
def mediator(office):
    return desk.login(office, "mediator")


def first_letter(addr, text):
    """A complaint with a file that has a name, and two that have none."""
    mail = email.message_from_bytes(
        with_file(addr, b"%PDF", "nota.pdf", text=text),
        policy=email.policy.SMTP)
    for maintype, subtype in (("image", "png"), ("application", "x-strange")):
        mail.add_attachment(secrets.token_bytes(90), maintype=maintype,
                            subtype=subtype)
    return mail.as_bytes()


class Case(desk.Case):
    """A consumer's complaint that begins and ends with words of its own."""

    def __init__(self, office, browser, text="", state="triage"):
        self.office, self.browser, self.company = office, browser, None
        self.addr = f"ana.{secrets.token_hex(6)}@consumidora.example"
        self.said, self.end = mark(), mark()
        status, (told,) = office.gateway.ingest(first_letter(
            self.addr, f"{stage.WORDS['pt-BR']}\n{self.said}\n{text}\n"
            f"{self.end}"))
        assert status == 0 and told["outcome"] == "created", told
        self.protocol = told["protocol"]
        self.path = f"/cases/{self.protocol}"
        self.id, = office.query("SELECT id FROM case_file WHERE protocol = %s",
                                self.protocol)[0]
        self.ack = self.got(self.addr, 1)[-1]
        self.stand(state)

    def stand(self, state):
        self.office.query("UPDATE case_file SET state = %s::case_state"
                          " WHERE id = %s RETURNING id", state, self.id)

    def company_says(self, text):
        """A message of the company's that a person let in; its number."""
        if self.company is None:
            self.join_company(self.browser, text=text)
        else:
            told, item, held = desk.take(self.office, letter(
                self.company, text=text, name="Marta Reis",
                to=address_of(self.ack.parsed["Reply-To"])))
            assert told["outcome"] == "held"
            page = desk.act(self.browser, f"/cases/{desk.hexes(held)}",
                            "attribute", to=self.protocol, remember="0",
                            item=desk.hexes(item), **{"as": "company"})
            assert page.status == 303, page.words
        return max(row[4] for row in self.items("mail_in"))

    def waits(self, seq):
        """A task to read it, as a message of a company's brings one."""
        self.office.query(
            "INSERT INTO task (id, case_id, kind, item, opened, due)"
            " SELECT gen_random_uuid(), case_id, 'read-answer', id, now(),"
            " now() FROM item WHERE case_id = %s AND seq = %s", self.id, seq)

    def sheet(self, verb, query=""):
        return good(self.browser.get(f"{self.path}/do/{verb}{query}"))


def good(page, status=200):
    assert page.status == status, page.words
    assert len(page.body) < MOST, len(page.body)
    html5lib.HTMLParser(strict=True).parse(page.text)
    return page


def panel(page):
    """The messages beside the form, and whether they stand open."""
    found = re.search(r'(?s)<details class="card readin" id="said"( open)?>'
                      r'(.*?)</details>', page.text)
    return (found[2], bool(found[1])) if found else ("", None)


def options(page, name):
    """[(value, what it says, chosen)] of a select."""
    found = re.search(rf'(?s)<select id="move-{name}".*?</select>', page.text)
    return [(value, html.unescape(text.strip()), bool(chosen))
            for value, chosen, text in re.findall(
                r'<option value="([^"]+)"( selected)?>([^<]*)', found[0])]


def chosen(page, name):
    return [value for value, _, is_so in options(page, name) if is_so]


@pytest.fixture(scope="module")
def case(office, mediator):
    return Case(office, mediator)


@pytest.fixture(scope="module")
def dispute(office, mediator):
    """The company has written twice; its second message is the shorter."""
    made = Case(office, mediator)
    made.theirs = [mark(), mark()]
    made.seqs = [made.company_says(text) for text in made.theirs]
    made.stand("company")
    return made


# ---- the message that an act is about -----------------------------------------


def test_whoever_sorts_a_case_has_its_first_letter_open_beside(case, words):
    for verb in ("classify", "serve"):
        shown, is_open = panel(case.sheet(verb))
        assert is_open and case.said in shown and case.end in shown, verb
        assert case.addr in shown or "Ana" in shown
        assert re.search(r'<time datetime="20', shown)
        link = re.search(rf'href="({case.path}\?open=(\d+)#item-\2)"', shown)
        assert link and int(link[2]) == case.items("mail_in")[0][4]
        assert words["said_rest"] not in shown
    there = good(case.browser.get(link[1].split("#")[0]))
    assert f'id="item-{link[2]}"' in there.text and case.said in there.words


def test_what_is_only_judged_with_it_is_a_key_press_away(case):
    for verb in ("refuse", "ask", "forward", "withdraw?behalf=consumer"):
        shown, is_open = panel(case.sheet(verb))
        assert case.said in shown and is_open is False, verb
    for verb in ("note", "conflict", "link"):
        page = case.browser.get(f"{case.path}/do/{verb}")
        assert panel(page) == ("", None), verb


def test_an_act_shows_the_side_it_is_about(dispute):
    first, second = dispute.theirs
    shown, _ = panel(dispute.sheet("answer"))
    assert second in shown and first not in shown
    assert dispute.said not in shown
    shown, _ = panel(dispute.sheet("decline", "?behalf=company"))
    assert second in shown and dispute.said not in shown
    shown, _ = panel(dispute.sheet("withdraw", "?behalf=consumer"))
    assert dispute.said in shown and second not in shown


def test_who_weighs_both_has_both_whole(office, mediator):
    made = Case(office, mediator)
    theirs = mark()
    made.company_says("Estamos verificando. " * 60 + theirs)
    made.stand("mediation")
    shown, is_open = panel(made.sheet("propose"))
    assert made.said in shown and theirs in shown and is_open is False


def test_a_letter_without_end_is_cut_and_the_rest_is_a_link(
        office, mediator, words):
    made = Case(office, mediator, text="&<" * 20_000 + "ção " * 20_000)
    for verb in ("classify", "serve"):
        page = made.sheet(verb)
        shown, _ = panel(page)
        assert made.said in shown and made.end not in shown
        assert words["said_rest"] in shown
        assert len(shown.encode()) < 8_000


# ---- a page that stays light ---------------------------------------------------


def speak(browser, lang):
    token = browser.get("/").form("/language")
    assert browser.ask("POST", "/language",
                       {**token, "lang": lang, "to": "/"}).status == 303


def test_six_filled_rows_and_a_long_letter_stay_light(office, mediator, words):
    """Each row keeps what it has, and what was emptied comes back whole."""
    made = Case(office, mediator, text="palavra " * 2_000)
    page = made.sheet("classify")
    books = {name: [row[0] for row in options(page, name)]
             for name in ("allegation", "article", "law")}
    assert all(len(book) > 9 for book in books.values())
    rows = {f"{name}{f'-{n}' if n > 1 else ''}": book[n]
            for name, book in books.items() for n in range(1, ROWS + 1)}
    base = {"kind": "complaint", "severity": "critical",
            "difficulty": "simple"}
    done = desk.act(mediator, made.path, "classify", **base, **rows)
    assert done.status == 303, done.words
    try:
        for lang in LANGUAGES:
            speak(mediator, lang)
            page = made.sheet("classify")
            assert {name: chosen(page, name) for name in rows} == {
                name: [value] for name, value in rows.items()}
            assert stage.words_of(lang)["move_kept_rows"] in page.words
            good(mediator.get(f"{made.path}/do/classify"))
    finally:
        speak(mediator, "pt-BR")
    short = {n for n in range(2, ROWS + 1)
             if len(options(page, f"law-{n}")) == 1}
    assert len(short) == ROWS - WHOLE
    # Emptied and saved, it offers everything again.
    last = max(short)
    emptied = {**rows, f"allegation-{last}": "", f"article-{last}": "",
               f"law-{last}": ""}
    assert desk.act(mediator, made.path, "classify", **base,
                    **emptied).status == 303
    page = made.sheet("classify")
    for name, book in books.items():
        assert [row[0] for row in options(page, f"{name}-{last}")] == book
        assert not chosen(page, f"{name}-{last}")


def test_what_is_wrong_comes_back_whole_wherever_it_stands(case):
    """An article without what is alleged, in the last of six rows."""
    page = case.sheet("classify")
    codes = [row[0] for row in options(page, "allegation")]
    rows = {f"allegation{f'-{n}' if n > 1 else ''}": codes[n]
            for n in range(1, ROWS)}
    article = options(page, "article")[0][0]
    page = good(desk.act(case.browser, case.path, "classify",
                         kind="complaint", severity="critical", **rows,
                         **{f"article-{ROWS}": article}), 422)
    assert [row[0] for row in options(page, f"allegation-{ROWS}")] == codes
    assert chosen(page, f"article-{ROWS}") == [article]
    assert [chosen(page, name) for name in rows] == [
        [code] for code in rows.values()]


# ---- which message is the answer -----------------------------------------------


def test_only_what_the_company_wrote_can_be_its_answer(dispute, case, office):
    page = dispute.sheet("answer")
    assert [int(value) for value, _, _ in options(page, "item")] \
        == dispute.seqs
    # Of any message, another act may be.
    assert len(options(dispute.sheet("redact"), "item")) > len(dispute.seqs)
    case.stand("company")
    try:
        assert options(case.sheet("answer"), "item") == []
    finally:
        case.stand("triage")


def test_the_last_that_nobody_read_is_chosen(dispute):
    first, second = dispute.seqs
    assert chosen(dispute.sheet("answer"), "item") == [str(second)]
    dispute.waits(first)
    page = dispute.sheet("answer")
    assert chosen(page, "item") == [str(first)]
    assert dispute.theirs[0] in panel(page)[0]
    # Whoever names one means it.
    page = dispute.sheet("answer", f"?item={second}")
    assert chosen(page, "item") == [str(second)]
    assert dispute.theirs[1] in panel(page)[0]
    dispute.waits(second)
    assert chosen(dispute.sheet("answer"), "item") == [str(second)]


# ---- what has no name ----------------------------------------------------------


def test_a_file_without_a_name_is_told_by_kind_and_number(dispute):
    seq = dispute.items("mail_in")[0][4]
    try:
        for lang in LANGUAGES:
            speak(dispute.browser, lang)
            said = stage.words_of(lang)
            page = dispute.sheet("disclose")
            told = {value: html.unescape(text) for value, text in re.findall(
                r'<input id="move-piece[^>]*value="([^"]+)"[^>]*>'
                r' <span>([^<]*)</span>', page.text)}
            assert told[f"{seq}.1"] == "nota.pdf"
            assert told[f"{seq}.2"] \
                == f"{said['file_nth']} 2: {said['nameless_image']}"
            assert told[f"{seq}.3"] \
                == f"{said['file_nth']} 3: {said['unnamed_file']}"
            assert not [text for text in told.values() if text.isdigit()]
    finally:
        speak(dispute.browser, "pt-BR")


# ---- the log -------------------------------------------------------------------


def test_the_log_says_in_words_what_was_released(dispute):
    seq = dispute.items("mail_in")[0][4]
    pieces = [f"{seq}", f"{seq}.1", f"{seq}.2"]
    page = desk.act(dispute.browser, dispute.path, "disclose", to="consumer",
                    mode="link", **{
                        f"piece{f'-{n}' if n > 1 else ''}": value
                        for n, value in enumerate(pieces, 1)})
    assert page.status == 303, page.words
    try:
        for lang in LANGUAGES:
            speak(dispute.browser, lang)
            said = stage.words_of(lang)
            text = good(dispute.browser.get(f"{dispute.path}/log")).words
            assert (f"{said['log_released']} {said['side_consumer']}: "
                    f"{said['message_number']} {seq} "
                    f"{said['file_nth']} 1 {said['log_piece_of']} {seq} "
                    f"{said['file_nth']} 2 {said['log_piece_of']} {seq}"
                    ) in text
            assert "consumer:" not in text.replace(
                f"{said['side_consumer']}:", "")
            assert f"{seq}.1" not in text
    finally:
        speak(dispute.browser, "pt-BR")
