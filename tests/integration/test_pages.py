"""A consumer's page: it opens with the code of our letter and with nothing
else, shows what is theirs, takes what they say, and tells nobody whether there
is such a case.

The real server behind nginx; its clock is one that the tests move.
"""

import html
import re
import secrets
import statistics
import time as clock_time
import threading
import urllib.parse

import nacl.bindings as na
import pytest

import scene as stage
import test_disclosure as released
import test_write as desk
from accountant import blake
from harness import wait_until
from moved import Clock
from scans import bring
from scene import Scene, answer_to, letter, mark, with_file

CODE = re.compile(r"\b(?:[0-9a-z]{4}-){6}[0-9a-z]{2}\b")
LINK = re.compile(r"https?://\S+?(/[tp]/[\w.]+(?:-[0-9a-z]{26})?)(?=\s|$)")
DAY = 86400
LANGUAGES = ("pt-BR", "en", "it")


@pytest.fixture(scope="module")
def office(template):
    made = Scene(template, to_sink=True, imap_poll_secs=1,
                 mailgw_acks_domain_hour=100000, mailgw_acks_hour=100000)
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
    """All consumers here come from one address, and press often."""
    yield
    office.query("DELETE FROM login_throttle WHERE scope LIKE 'link%%' OR"
                 " scope LIKE 'page%%' OR scope LIKE 'ask%%'")


@pytest.fixture
def time(office):
    """Forward, and back when the test is over."""
    def pass_by(seconds):
        office.clock.offset += seconds
        office.clock.write()

    yield pass_by
    office.clock.offset = 0
    office.clock.write()


def code_in(mail):
    found = set(CODE.findall(desk.words_of(mail)))
    assert len(found) == 1, found
    return found.pop()


def links_in(mail):
    return [path for path in LINK.findall(desk.words_of(mail))]


class Case(released.Case):
    """A consumer's complaint with an attachment, acknowledged."""

    def __init__(self, office, text="", lang="pt-BR", state="triage"):
        self.office, self.company = office, None
        self.addr = f"ana.{secrets.token_hex(6)}@consumidora.example"
        self.said, self.file = mark(), mark()
        status, (told,) = office.gateway.ingest(with_file(
            self.addr, self.file.encode(), "nota.pdf",
            text=f"{stage.WORDS[lang]}\n{self.said}\n{text}"))
        assert status == 0 and told["outcome"] == "created", told
        self.protocol = told["protocol"]
        self.path = f"/cases/{self.protocol}"
        self.id, = office.query("SELECT id FROM case_file WHERE protocol = %s",
                                self.protocol)[0]
        self.ack = self.got(self.addr, 1)[-1]
        self.code, (self.link, *_) = code_in(self.ack), links_in(self.ack)
        self.move(state)

    def move(self, state):
        self.office.query(
            "UPDATE case_file SET state = %s::case_state, moved = now(), due ="
            " now() + interval '5 days', kind = 'complaint' WHERE id = %s",
            state, self.id)

    def writes(self, text, **more):
        status, (told,) = self.office.gateway.ingest(
            answer_to(self.ack, self.addr, text=text, **more))
        assert status == 0 and told["outcome"] == "appended", told

    def acts(self):
        return self.office.query(
            "SELECT action, choice, source FROM party_act WHERE case_id = %s"
            " ORDER BY at, id", self.id)

    def key(self):
        return self.office.query(
            "SELECT id, revoked IS NULL, why FROM page_key WHERE case_id = %s"
            " ORDER BY made, id", self.id)

    def boxes(self):
        return self.office.query(
            "SELECT i.seq, b.part, b.disclosure IS NOT NULL FROM page_box b"
            " JOIN item i ON i.id = b.item WHERE i.case_id = %s"
            " ORDER BY 1, 2, 3", self.id)


def typed(browser, case, protocol=None, code=None):
    """The page that comes when these are typed."""
    form = browser.get("/t").form("/t")
    return browser.post("/t", protocol=case.protocol if protocol is None else
                        protocol, code=case.code if code is None else code,
                        **form)


def enter(office, case):
    browser = office.browser()
    page = typed(browser, case)
    assert page.status == 303 and page.location == "/t", page.words
    return browser


def act_of(browser, what, words="", files=(), **more):
    """Both steps; the page that comes after the second."""
    page = browser.get(f"/t/say?what={urllib.parse.quote(what)}")
    form = {**page.form("/t/say"), "what": what, "words": words, **more}
    if files:
        page = bring(browser, "/t/say", form, files)
    else:
        page = browser.ask("POST", "/t/say", form)
    if page.status != 200 or 'name="confirm"' not in page.text:
        return page
    form = {**page.form("/t/say"), "words": words, "confirm": "1"}
    return bring(browser, "/t/say", form, []) if files else \
        browser.ask("POST", "/t/say", form)


@pytest.fixture(scope="module")
def case(office):
    """For what changes nothing that another test looks at."""
    return Case(office)


# ---- what opens ---------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_acknowledgement_brings_the_code_and_the_page(office, lang):
    case = Case(office, lang=lang)
    text = desk.words_of(case.ack)
    assert case.protocol in text and "/t " in text.replace("\n", " ")
    assert case.link.endswith("-" + case.code.replace("-", ""))
    # The message itself was not read for it: one message each to and fro.
    assert case.boxes() == [(1, -1, False), (2, -1, False)]


def test_number_and_code_open_what_is_theirs(office, case):
    browser = enter(office, case)
    page = browser.get("/t")
    assert page.status == 200 and case.said in page.text
    assert "Recebemos sua mensagem" in page.words  # our letter to them
    assert case.code not in page.text and case.code[:9] not in page.text
    assert case.link.split("-")[0] not in page.text
    file, = set(page.links(r"/t/messages/\d+/files/\d+"))
    answer = browser.get(file)
    assert answer.body == case.file.encode()
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert "nota.pdf" in answer.headers["Content-Disposition"]
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert [a for a in case.events() if a.startswith("page")] or \
        case.logged("page-open")
    assert len(case.logged("page-file")) == 1


def test_a_long_message_is_cut_between_words_and_read_in_full(office):
    """On the page of all a beginning, behind a link all of it; what is too
    long for one page goes on where it stopped."""
    spoken = [f"palavr\u00e3o{n}x" for n in range(3000)]
    case = Case(office, text=" ".join(spoken))
    browser = enter(office, case)

    def said(path):
        page = browser.get(path)
        assert page.status == 200
        return page, re.findall(r"palavr\u00e3o\w*", page.text)

    page, begun = said("/t")
    assert 10 < len(begun) < 200 and begun == spoken[:len(begun)]
    assert "\u2026</div>" in page.text
    path, = set(page.links(r"/t/messages/1(?:\?[^\"]*)?"))
    assert path == "/t/messages/1"
    read = []
    while path:
        page, more = said(path)
        assert len(more) > 200
        read += more
        path, = set(page.links(r"/t/messages/1\?[^\"]*")) or (None,)
    assert read == spoken
    # An address changed by hand: never half a character.
    for at in range(1500, 1520):
        assert "\ufffd" not in browser.get(f"/t/messages/1?from={at}").text


def test_the_link_of_the_letter_has_a_button_and_asks_nothing(office, case):
    def figures():
        return office.query(
            "SELECT (SELECT count(*) FROM audit_event),"
            " (SELECT count(*) FROM page_visit),"
            " (SELECT max(last_used) FROM page_key)")

    wait_until("its letter has left", office.outbox_is_quiet, 30)
    before = figures()
    browser = office.browser()
    page = browser.get(case.link)
    assert page.status == 200 and case.said not in page.text
    assert case.protocol not in page.text  # nothing was asked
    assert browser.ask("HEAD", case.link).status == 200
    assert figures() == before
    page = browser.post(case.link, **page.form(case.link))
    assert page.status == 303 and page.location == "/t", page.words
    assert case.said in browser.get("/t").text
    assert case.link.split("/t/")[1] not in browser.get("/t").text


def test_a_code_is_read_as_people_type_it(office, case):
    letters = "0123456789abcdefghjkmnpqrstvwxyz"
    wrong = list(case.code)
    for place in (1, 7, 22):
        wrong[place] = next(c for c in letters if c != wrong[place])
    for text in (case.code.upper(), case.code.replace("-", " "),
                 "  " + case.code.replace("-", "") + " ", "".join(wrong)):
        assert typed(office.browser(), case, code=text).status == 303, text
    assert typed(office.browser(), case,
                 protocol=case.protocol.replace("-", ".")).status == 303


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_is_mistyped_is_explained_and_kept(office, case, lang):
    words = stage.words_of(lang)
    browser = office.browser()
    browser.post("/language", lang=lang,
                 **browser.get("/t").form("/language"))
    digit = str((int(case.protocol[-1]) + 1) % 10)
    for fields, word in (
            ({"protocol": case.protocol[:-1] + digit}, "track_protocol_wrong"),
            ({"protocol": ""}, "track_protocol_empty"),
            ({"code": case.code[:-3]}, "track_code_none"),
            ({"code": ""}, "track_code_empty")):
        page = typed(browser, case, **fields)
        assert page.status == 422 and words[word] in page.words, word
        assert fields.get("protocol", case.protocol) in page.text


def test_wrong_pairs_and_none_get_the_same_page(office, case):
    words = stage.words_of("pt-BR")
    other = Case(office)
    unknown = another_code(case)
    pages = [typed(office.browser(), case, code=other.code),
             typed(office.browser(), other, code=unknown),
             typed(office.browser(), case, protocol=no_case(office),
                   code=unknown)]
    for page in pages:
        assert page.status == 422 and words["track_wrong"] in page.words
    bare = [re.sub(r'value="[^"]*"', "", page.text) for page in pages]
    assert bare[0] == bare[1] == bare[2]


def another_code(case):
    """A whole code that nobody has: of a party that is none."""
    symbols = [secrets.randbelow(32) for _ in range(20)]
    import sys
    sys.path.insert(0, "tests/data")
    import make_vault_kat as kat
    text = "".join(kat.ALPHABET[s] for s in kat.rs_encode(symbols))
    return "-".join(text[i:i + 4] for i in range(0, 26, 4))


def no_case(office):
    """A number with its check digit that no case has."""
    table = office.query("SELECT protocol FROM case_file WHERE protocol IS NOT"
                         " NULL")
    taken = {p for p, in table}
    year = next(iter(taken))[:4]
    for number in range(900000, 900100):
        for digit in range(10):
            text = f"{year}-{number}-{digit}"
            if stage.protocol_is_good(text) and text not in taken:
                return text
    raise LookupError


def test_it_takes_as_long_whether_there_is_such_a_case_or_not(office, case):
    """Medians of what the server itself says it took are compared."""
    kinds = {"known": (case.protocol, None), "none": (no_case(office), None)}
    took = {kind: [] for kind in kinds}
    browser = office.browser()
    form = browser.get("/t").form("/t")
    for _ in range(60):
        for kind, (protocol, _) in kinds.items():
            began = clock_time.perf_counter()
            page = browser.post("/t", protocol=protocol,
                                code=another_code(case), **form)
            took[kind].append(clock_time.perf_counter() - began)
            assert page.status == 422
        office.query("DELETE FROM login_throttle")
    known, none = (statistics.median(took[kind]) for kind in kinds)
    print(f"known {known * 1000:.2f} ms, none {none * 1000:.2f} ms")
    assert abs(known - none) < 0.25 * max(known, none) + 0.002


# ---- what is sealed, and when ---------------------------------------------------


def test_what_comes_and_goes_is_there_at_once(office, mediator):
    case = Case(office)
    browser = enter(office, case)
    more = mark()
    case.writes(f"Segue mais uma coisa: {more}")
    assert more in browser.get("/t").text
    told = mark()
    page = desk.write(mediator, case, text=f"{desk.GOOD} {told}")
    assert page.status == 303, page.words
    assert told in browser.get("/t").text
    # What is the office's own is not.
    secret = mark()
    assert desk.act(mediator, case.path, "note",
                    text=f"Só entre nós: {secret}").status == 303
    assert secret not in browser.get("/t").text
    assert "track_lacking" and stage.words_of("pt-BR")["track_lacking"] \
        not in browser.get("/t").words


def test_nothing_opens_it_but_the_code(office, case):
    """Of the boxes, only the secret that the code makes opens any; and what
    lies in the database of a visit is none of it."""
    key, reader = office.query("SELECT id, reader FROM page_key WHERE case_id ="
                               " %s AND revoked IS NULL", case.id)[0]
    boxes = [bytes(box) for box, in office.query(
        "SELECT box FROM page_box WHERE page_key = %s", key)]
    raw = raw_of(case.code)
    secret = blake(b"page" + key.bytes + raw) if hasattr(key, "bytes") else \
        blake(b"page" + bytes.fromhex(str(key).replace("-", "")) + raw)
    public = na.crypto_scalarmult_base(secret)
    assert len(boxes) >= 2
    for box in boxes:
        assert len(na.crypto_box_seal_open(box, public, secret)) == 64
    browser = enter(office, case)
    assert browser.get("/t").status == 200
    for (box,) in office.query("SELECT box FROM page_visit"):
        assert secret not in bytes(box)
    for (text,) in office.query("SELECT string_agg(t::text, '') FROM page_key t"):
        assert case.code not in text
    assert reader


def raw_of(code):
    alphabet = "0123456789abcdefghjkmnpqrstvwxyz"
    bits = "".join(f"{alphabet.index(c):05b}" for c in code.replace("-", "")[:20])
    return int(bits.ljust(104, "0"), 2).to_bytes(13, "big")


def test_what_was_released_is_there_until_it_is_taken_back(
        office, mediator, time):
    case = Case(office)
    case.theirs = mark()
    case.join_company(mediator, text=f"Estamos verificando. {case.theirs}")
    case.move("mediation")
    company = str(case.seq("mail_in", 1))
    browser = enter(office, case)
    assert case.theirs not in browser.get("/t").text
    page, _ = case.release(mediator, company, to="consumer")
    assert page.status == 303, page.words
    assert case.theirs in browser.get("/t").text
    page = desk.act(mediator, case.path, "withhold", which="1")
    assert page.status == 303, page.words
    assert case.theirs not in browser.get("/t").text
    assert all(not was_released for *_, was_released in case.boxes())
    # The next runs out by itself.
    case.release(mediator, company, to="consumer", days="2")
    assert case.theirs in enter(office, case).get("/t").text
    time(2 * DAY + 60)
    browser = enter(office, case)
    assert case.theirs not in browser.get("/t").text
    # Whoever asks for a code trusts no letter: the page's code came by one.
    case.release(mediator, company, to="consumer", mode="code")
    assert case.theirs not in enter(office, case).get("/t").text


def test_the_other_party_opens_nothing_of_it(office, mediator):
    case = Case(office)
    case.join_company(mediator, text="Estamos verificando.")
    other = Case(office)
    browser = enter(office, other)
    for path in ("/t/messages/1", "/t/messages/1/files/1", "/t/messages/3"):
        page = browser.get(path)
        assert case.said not in page.text and case.file not in page.text
    assert browser.get("/t/messages/99").status == 404


# ---- a false key ------------------------------------------------------------------


def test_a_public_key_put_in_its_place_gets_nothing(office, mediator):
    case = Case(office)
    before = case.boxes()
    public, _ = na.crypto_box_keypair()
    office.query("UPDATE page_key SET pk = %s WHERE case_id = %s", public,
                 case.id)
    assert desk.write(mediator, case).status == 303
    assert case.boxes() == before
    page = typed(office.browser(), case)
    assert page.status == 422
    assert desk.login(office, "ombudsman").get("/log").status == 200
    wait_until("it stands in the log", lambda: office.query(
        "SELECT 1 FROM audit_event WHERE action = 'distrust-page' AND object ="
        " %s", case.id), 20, 0.1)


@pytest.mark.parametrize("change", [
    "expires = expires + interval '1 year'", "reader = gen_random_uuid()",
    "signer = gen_random_uuid()", "sig = set_byte(sig, 3, 7)"])
def test_nothing_of_its_certificate_may_be_another(office, mediator, change):
    case = Case(office)
    office.query(f"UPDATE page_key SET {change} WHERE case_id = %s", case.id)
    before = case.boxes()
    assert desk.write(mediator, case).status == 303
    assert case.boxes() == before
    assert typed(office.browser(), case).status == 422


def test_a_box_moved_to_another_message_opens_nothing(office):
    case, other = Case(office), Case(office)
    browser = enter(office, case)
    office.query(
        "UPDATE page_box b SET item = o.id FROM item o, item i WHERE o.case_id"
        " = %s AND o.seq = 1 AND i.id = b.item AND i.case_id = %s AND i.seq ="
        " 1", other.id, case.id)
    assert other.said not in browser.get("/t").text


# ---- another code ------------------------------------------------------------------


def ask_for(office, who):
    browser = office.browser()
    form = browser.get("/t/code").form("/t/code")
    return browser.post("/t/code", who=who, **form)


def test_a_fresh_code_goes_to_the_address_we_know(office, mediator):
    words = stage.words_of("pt-BR")
    case = Case(office)
    for count, who in ((2, case.protocol), (3, case.addr.upper())):
        was = case.code
        page = ask_for(office, who)
        assert page.status == 200 and words["track_ask_done"] in page.words
        mail = case.got(case.addr, count)[-1]
        case.code, case.link = code_in(mail), links_in(mail)[0]
        assert case.code != was
        page = typed(office.browser(), case, code=was)
        assert page.status == 422 and words["track_code_over"] in page.words
    assert [live for _, live, _ in case.key()] == [False, False, True]
    assert {why for _, live, why in case.key() if not live} == {"fresh"}
    # What was written before waits for a colleague, and is told.
    browser = enter(office, case)
    page = browser.get("/t")
    assert case.said not in page.text
    assert f"{words['track_lacking']} " in page.words
    assert mediator.get(case.path).status == 200
    page = browser.get("/t")
    assert case.said in page.text and words["track_lacking"] not in page.words


def test_nobody_learns_whether_there_is_such_a_case(office, case):
    pages = [ask_for(office, who) for who in (
        case.protocol, no_case(office), f"x{secrets.token_hex(4)}@nobody.example")]
    wait_until("all were looked at", lambda: office.query(
        "SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM page_ask WHERE done IS"
        " NULL)"), 20, 0.1)
    texts = [re.sub(r'value="[^"]*"', "", page.text) for page in pages]
    assert texts[0] == texts[1] == texts[2]
    assert {o for o, in office.query("SELECT outcome FROM page_ask ORDER BY at"
                                     " DESC LIMIT 3")} == {"sent", "nobody"}
    new = case.got(case.addr, len(office.sink.to(case.addr)))[-1]
    wait_until("the new code came", lambda: CODE.search(
        desk.words_of(office.sink.to(case.addr)[-1])) and
        office.sink.to(case.addr)[-1] is not case.ack, 20, 0.1)
    case.code = code_in(office.sink.to(case.addr)[-1])
    assert new


def test_codes_are_not_sent_without_end(office, time):
    case = Case(office)
    for n in range(5):
        office.query("DELETE FROM login_throttle WHERE scope LIKE 'ask%%'")
        assert ask_for(office, case.protocol).status == 200
        wait_until("it was looked at", lambda: office.query(
            "SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM page_ask WHERE done IS"
            " NULL)"), 20, 0.1)
    assert len(case.key()) == 4  # with the first one
    # Who presses on is told to wait, whoever it is about.
    codes = [ask_for(office, case.protocol).status for _ in range(6)]
    assert 429 in codes
    assert ask_for(office, "isto não é nada").status == 422


# ---- a visit ---------------------------------------------------------------------


def test_the_visit_ends_and_nothing_typed_is_lost(office, time):
    words = stage.words_of("pt-BR")
    case = Case(office, state="consumer")
    browser = enter(office, case)
    page = browser.get("/t/say?what=reject")
    form = {**page.form("/t/say"), "what": "reject", "words": "Não resolve."}
    time(31 * 60)
    assert case.said not in browser.get("/t").text
    page = browser.ask("POST", "/t/say", form)
    assert page.status == 403 and words["track_ended_kept"] in page.words
    assert "Não resolve." in page.text and case.acts() == []
    kept = {name: html.unescape(value) for name, value in re.findall(
        r'<textarea name="([\w-]+)" hidden>\n(.*?)</textarea>', page.text)}
    page = browser.ask("POST", "/t/say", {
        **page.form("/t/say"), **kept, "code": case.code})
    assert page.status == 200 and 'name="confirm"' in page.text, page.words
    assert "Não resolve." in page.text
    page = browser.ask("POST", "/t/say", {
        **page.form("/t/say"), "words": "Não resolve.", "confirm": "1"})
    assert page.status == 303, page.words
    assert case.acts() == [("reject", "", "link")]


def test_whoever_closes_it_leaves_nothing_behind(office, case):
    browser = enter(office, case)
    crumb = dict(browser.cookies)
    page = browser.get("/t")
    assert browser.post("/t/leave", **page.form("/t/leave")).status == 303
    other = office.browser()
    other.cookies.update(crumb)
    assert case.said not in other.get("/t").text


def test_its_cookie_is_for_this_host_and_no_script(office, case):
    browser = office.browser()
    page = typed(browser, case)
    cookie, = [c for c in page.headers.get_all("Set-Cookie") if "ouv-t=" in c]
    assert "HttpOnly" in cookie and "SameSite=Strict" in cookie
    assert "Path=/" in cookie and "Domain" not in cookie
    assert "Max-Age" not in cookie and "Expires" not in cookie


# ---- what they say ----------------------------------------------------------------


@pytest.mark.parametrize("state, what, words, act", [
    ("consumer", "accept", "", ("accept", "", "link")),
    ("consumer", "reject", "Não devolveram.", ("reject", "", "link")),
    ("info", "complement", "O número é 4711.", ("complement", "", "link")),
    ("mediation", "withdraw", "", ("withdraw", "", "link")),
    ("closed", "rate:resolved", "", ("rate", "resolved", "link")),
    ("closed", "ask-review", "A data está errada.",
     ("ask-review", "", "link"))])
def test_a_choice_is_the_act_that_a_mail_is(office, state, what, words, act):
    case = Case(office, state=state)
    browser = enter(office, case)
    page = act_of(browser, what, words)
    assert page.status == 303 and page.location == "/t?done=decide", page.words
    assert case.acts() == [act]
    if words:
        assert words in browser.get("/t").text  # theirs, sealed to their page


def test_it_counts_once_and_only_while_it_is_theirs_to_decide(office):
    case = Case(office, state="consumer")
    browser = enter(office, case)
    page = browser.get("/t/say?what=accept")
    form = {**page.form("/t/say"), "what": "accept", "words": ""}
    page = browser.ask("POST", "/t/say", form)
    form = {**page.form("/t/say"), "words": "", "confirm": "1"}
    assert [browser.ask("POST", "/t/say", form).status for _ in range(3)] \
        == [303] * 3
    # Nobody is told that it is their turn while their answer is under way.
    page = browser.get("/t")
    assert ('role="status"' in page.text) != ('class="turn"' in page.text)
    assert case.acts() == [("accept", "", "link")]
    late = act_of(browser, "reject", "Mudei de ideia.")
    assert late.status in (409, 422)
    assert "Mudei de ideia." in late.text
    assert case.acts() == [("accept", "", "link")]


def test_two_at_once_are_one(office):
    case = Case(office, state="consumer")
    browsers = [enter(office, case) for _ in range(2)]
    forms = []
    for browser, what in zip(browsers, ("accept", "reject")):
        page = browser.get(f"/t/say?what={what}")
        page = browser.ask("POST", "/t/say", {
            **page.form("/t/say"), "what": what, "words": "x"})
        forms.append({**page.form("/t/say"), "words": "x", "confirm": "1"})
    pages = [None, None]

    def press(n):
        pages[n] = browsers[n].ask("POST", "/t/say", forms[n])

    threads = [threading.Thread(target=press, args=(n,)) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(page.status for page in pages) == [303, 409], \
        [page.words for page in pages]
    assert len(case.acts()) == 1


@pytest.mark.parametrize("what, task", [("person", "ask-person"),
                                        ("data", "ask-data")])
def test_a_wish_is_a_task_with_its_message(office, mediator, what, task):
    case = Case(office)
    browser = enter(office, case)
    wish = mark()
    page = act_of(browser, what, f"Por favor: {wish}")
    assert page.status == 303 and page.location == f"/t?done={what}", page.words
    assert case.acts() == []
    (kind, due, done, _), = case.tasks()
    assert kind == task and done is None and due is not None
    shown = mediator.get(case.path)
    assert wish in shown.text
    words = stage.words_of("pt-BR")
    assert html.escape(words[f"task_{task.replace('-', '_')}"],
                       quote=False).split(":")[0] in shown.text


def test_files_they_bring_are_in_the_case_and_on_their_page(office, mediator):
    case = Case(office)
    browser = enter(office, case)
    told, inside = mark(), f"{mark()}\n" * 120000  # 3 MB, through nginx
    page = act_of(browser, "message", f"Segue: {told}",
                  [("extrato.txt", "text/plain", inside.encode())])
    assert page.status == 303, page.words
    page = browser.get("/t")
    assert told in page.text and "extrato.txt" in page.text
    path = next(p for p in page.links(r"/t/messages/\d+/files/\d+")
                if "/messages/3/" in p)
    assert browser.get(path).body == inside.encode()
    assert told in mediator.get(case.path).text
    item, = [row for row in case.items("mail_in")][1:]
    part = mediator.get(f"{case.path}/items/{desk.hexes(item[0])}/parts/0")
    assert part.body == inside.encode()


def test_what_is_wrong_changes_nothing_and_loses_nothing(office):
    words = stage.words_of("pt-BR")
    case = Case(office, state="info")
    browser = enter(office, case)
    before = case.items()
    page = act_of(browser, "complement", "   ")
    assert page.status == 422 and words["link_words_needed"] in page.words
    page = act_of(browser, "message", "")
    assert page.status == 422
    page = act_of(browser, "choose:7", "Esta opção")
    assert page.status == 422 and "Esta opção" in page.text
    # A form of another site does nothing at all.
    page = browser.ask("POST", "/t/say", {"what": "withdraw", "confirm": "1",
                                          "csrf": "x"})
    assert page.status == 400
    assert case.items() == before and case.acts() == []


# ---- colleagues, programs, endings ---------------------------------------------------


def test_colleagues_read_neither_code_nor_page(office, mediator):
    case = Case(office)
    # The consumer's answer quotes our letter, as mail programs do.
    case.writes("Segue a nota.\n\n" + "\n".join(
        "> " + line for line in desk.words_of(case.ack).splitlines()))
    bare = case.code.replace("-", "")
    for seq in (1, 2, 3):
        page = mediator.get(f"{case.path}?item={seq}")
        assert case.code not in page.text and bare not in page.text
    page = mediator.post("/search", q=case.code, **mediator.get(
        "/search").form("/search"))
    assert case.protocol not in page.text


def test_programs_that_open_every_link_of_every_letter_change_nothing(
        office, mediator):
    case = Case(office, state="consumer")
    desk.write(mediator, case)
    assert ask_for(office, case.protocol).status == 200
    case.got(case.addr, 3)
    case.release(mediator, case.complaint, to="consumer")
    wait_until("all letters have left", office.outbox_is_quiet, 30)

    def figures():
        return office.query(
            "SELECT (SELECT count(*) FROM audit_event WHERE action NOT IN"
            " ('sent')), (SELECT count(*) FROM page_visit),"
            " (SELECT count(*) FROM disclosure_visit),"
            " (SELECT sum(opened) FROM disclosure),"
            " (SELECT count(*) FROM party_act), (SELECT count(*) FROM page_ask),"
            " (SELECT max(last_used) FROM page_key),"
            " (SELECT count(*) FROM item)")

    paths = {urllib.parse.urlsplit(url).path
             for mail in list(office.sink.mails)
             for url in re.findall(r"https?://127\S+", desk.words_of(mail))}
    assert {path[:3] for path in paths} >= {"/t/", "/d/"}
    before = figures()
    scanner = office.browser()
    for path in sorted(paths):
        assert scanner.get(path).status in (200, 404), path
        assert scanner.ask("HEAD", path).status in (200, 404), path
    assert figures() == before


def test_erased_it_is_gone_and_nobody_learns_that_it_was(office):
    words = stage.words_of("pt-BR")
    case = Case(office)
    browser = enter(office, case)
    key = case.key()[0][0]
    office.query("SELECT file_wipe(%s)", case.id)
    office.query("UPDATE case_file SET state = 'erased' WHERE id = %s", case.id)
    for table, column in (("page_key", "id"), ("page_box", "page_key"),
                          ("page_visit", "page_key")):
        assert office.query(f"SELECT count(*) FROM {table} WHERE {column} = %s",
                            key) == [(0,)], table
    assert case.said not in browser.get("/t").text
    page = typed(office.browser(), case)
    assert page.status == 422 and words["track_wrong"] in page.words
    assert ask_for(office, case.protocol).status == 200


def test_a_new_key_of_the_case_leaves_the_page_as_it_is(office, mediator):
    case = Case(office)
    office.query("UPDATE case_file SET rekey_due = true WHERE id = %s", case.id)
    assert mediator.get(case.path).status == 200
    assert office.query("SELECT key_version FROM case_file WHERE id = %s",
                        case.id) == [(2,)]
    browser = enter(office, case)
    assert case.said in browser.get("/t").text
    told = mark()
    assert desk.write(mediator, case, text=f"{desk.GOOD} {told}").status == 303
    assert told in browser.get("/t").text


def test_a_key_ends_with_its_day(office, time):
    words = stage.words_of("pt-BR")
    case = Case(office)
    browser = enter(office, case)
    time(731 * DAY)
    assert case.said not in browser.get("/t").text
    page = typed(office.browser(), case)
    assert page.status == 422 and words["track_code_over"] in page.words


def test_typed_the_code_stands_beside_the_address_alone(template):
    made = Scene(template, to_sink=True, server_party_code="typed",
                 mailgw_acks_domain_hour=100000)
    try:
        made.begin(web=False)
        addr = f"ana.{secrets.token_hex(6)}@consumidora.example"
        status, (told,) = made.gateway.ingest(letter(
            addr, text=stage.WORDS["pt-BR"]))
        assert status == 0 and told["outcome"] == "created"
        mail = wait_until("it came", lambda: made.sink.to(addr), 20, 0.05)[-1]
        code = code_in(mail)
        text = desk.words_of(mail)
        assert code.replace("-", "") not in text
        assert all("-" not in path for path in links_in(mail))
    finally:
        made.stop()
