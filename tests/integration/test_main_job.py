"""The main job, with the two real programs: a mail becomes a case, its sender
is answered, a person reads it and writes back; and whatever else arrives does
no harm."""

import json
import os
import random
import re
import secrets
import signal
import threading
import time

import pytest

import harness
import scene as stage
from harness import OFFICE_ADDRESS, ROOT, wait_until
from ouvoffice import accounts
from ouvoffice.programs import build_folder
from scene import Scene, WORDS, answer_to, letter, mark, with_file

WALL = 300  # poll_secs: what arrives sooner was announced by IDLE


@pytest.fixture(scope="module")
def office(template):
    """One office for this file; each test writes from addresses of its own."""
    made = Scene(template, imap_poll_secs=WALL)
    try:
        yield made.begin()
    finally:
        made.stop()


@pytest.fixture(scope="module")
def mediator(office):
    return office.logged_in("mediator")


@pytest.fixture
def sender():
    return f"ana.{secrets.token_hex(6)}@consumidora.example"


@pytest.fixture(scope="module")
def words():
    with open(os.path.join(ROOT, "templates/html/words.pt-BR.json")) as text:
        return json.load(text)


def path_of(case):
    return f"/cases/{case['protocol'] or str(case['id']).replace('-', '')}"


def path_of_id(case_id):
    return "/cases/" + str(case_id).replace("-", "")


# ---- a mail becomes a case, and is acknowledged -----------------------------

TELLING = {"pt-BR": "Recebemos sua mensagem", "en": "We received your message",
           "it": "Abbiamo ricevuto il suo messaggio"}


@pytest.mark.parametrize("lang", WORDS)
def test_a_mail_becomes_a_case_and_is_acknowledged_in_its_language(
        office, sender, lang):
    token, own = mark(), stage.new_id()
    grandparent = "<first@consumidora.example>"
    raw = letter(sender, text=f"{WORDS[lang]}\n{token}", message_id=own,
                 subject=f"{token} geladeira",
                 fields=[("References", grandparent)])
    begin = time.monotonic()
    answer = office.acknowledged(raw, sender)
    assert time.monotonic() - begin < stage.SOON
    mail = answer.parsed

    assert TELLING[lang] in str(mail["Subject"])
    case = office.case_of(answer)
    assert stage.protocol_is_good(case["protocol"])
    assert case["lang"] == lang and case["state"] == "received"
    assert str(mail["Return-Path"]) == "<>"
    assert mail["Auto-Submitted"] == "auto-replied"
    assert mail["X-Auto-Response-Suppress"] == "All"
    assert mail["Precedence"] == "bulk"
    assert mail["In-Reply-To"].strip() == own
    assert mail["References"].split() == [grandparent, own]
    assert stage.address_of(mail["From"]) == OFFICE_ADDRESS
    assert re.fullmatch(
        r"caso\+[0-9a-hjkmnp-tv-z]{26}@" + re.escape(harness.OFFICE_DOMAIN),
        stage.address_of(mail["Reply-To"]))
    assert stage.address_of(mail["To"]) == sender
    assert mail["Content-Language"] in (None, lang)

    text = mail.get_body(("plain",)).get_content()
    page = mail.get_body(("html",)).get_content()
    assert stage.text_words(text) == stage.html_words(page)
    assert case["protocol"] in text
    # Nothing that the consumer wrote goes back: it may not be theirs.
    assert token.encode() not in answer.raw
    for sentence in re.split(r"[.\n]", WORDS[lang]):
        if len(sentence.split()) > 3:
            assert sentence.strip() not in text


def test_only_the_first_mail_of_a_case_is_acknowledged(office, sender):
    answer = office.acknowledged(letter(sender), sender)
    case = office.case_of(answer)
    note = mark()
    row = office.filed(answer_to(answer, sender, text=note), sender,
                       stage.address_of(answer.parsed["Reply-To"]))
    assert (row["outcome"], row["case_id"]) == ("appended", case["id"])
    after = office.case(case["protocol"])
    assert after["items"] == 3
    assert (after["state"], after["due"]) == (case["state"], case["due"])
    assert office.outbox_is_quiet()
    assert len(office.now_arrived(sender)) == 1


ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


@pytest.mark.parametrize("wrong", [1, 2, 3])
def test_a_mistyped_reply_address_still_leads_to_its_case(
        office, sender, wrong):
    answer = office.acknowledged(letter(sender), sender)
    address = stage.address_of(answer.parsed["Reply-To"])
    code = list(re.search(r"\+(\w{26})@", address).group(1))
    for at in random.sample(range(26), wrong):
        code[at] = random.choice([c for c in ALPHABET if c != code[at]])
    mistyped = f"caso+{''.join(code)}@{harness.OFFICE_DOMAIN}"
    # Written anew, as from paper: no thread leads to the case.
    row = office.filed(letter(sender, to=mistyped, text="Segue a nota."),
                       sender, mistyped)
    assert row["outcome"] == "appended"
    assert row["case_id"] == office.case_of(answer)["id"]
    assert len(office.now_arrived(sender)) == 1


def test_a_code_with_too_many_wrong_letters_is_held(office, sender):
    answer = office.acknowledged(letter(sender), sender)
    address = stage.address_of(answer.parsed["Reply-To"])
    code = re.search(r"\+(\w{26})@", address).group(1)
    strange = code[13:] + code[:13]
    row = office.filed(
        letter(sender, to=address.replace(code, strange)), sender,
        address.replace(code, strange))
    assert row["outcome"] == "held"
    assert row["case_id"] != office.case_of(answer)["id"]


def test_the_right_address_from_a_stranger_is_held_and_not_shown(
        office, mediator, sender):
    answer = office.acknowledged(letter(sender), sender)
    case = office.case_of(answer)
    note = mark()
    row = office.filed(
        answer_to(answer, "eve@stranger.example", text=note, name="Eve"),
        "eve@stranger.example", stage.address_of(answer.parsed["Reply-To"]))
    assert row["outcome"] == "held" and row["case_id"] != case["id"]
    assert office.case(case["protocol"])["items"] == case["items"]
    assert note not in mediator.get(path_of(case)).text
    held = mediator.get("/held").text
    assert path_of_id(row["case_id"]) in held
    assert note in mediator.get(path_of_id(row["case_id"])).text
    assert office.items(row["case_id"])[0][2] == "address-of-another"
    assert office.now_arrived("eve@stranger.example") == []


def test_a_second_mail_without_the_address_is_a_case_of_its_own(
        office, sender):
    first = office.case_of(office.acknowledged(letter(sender), sender))
    second = office.case_of(office.acknowledged(
        letter(sender, subject="Outra coisa"), sender))
    assert first["id"] != second["id"]
    assert int(second["protocol"].split("-")[1]) \
        > int(first["protocol"].split("-")[1])


def test_the_sixth_case_of_a_day_is_filed_without_an_acknowledgement(
        office, mediator, sender, words):
    rows = [office.filed(letter(sender, subject=f"Caso {n}"), sender)
            for n in range(6)]
    assert [row["outcome"] for row in rows] == ["created"] * 6
    assert len({row["case_id"] for row in rows}) == 6
    office.arrived(sender, 5)
    wait_until("the outbox is empty", office.outbox_is_quiet)
    assert len(office.now_arrived(sender)) == 5
    (_, kind, why), = office.items(rows[5]["case_id"])
    assert (kind, why) == ("mail_in", "acknowledgement-limit")
    protocol = office.query("SELECT protocol FROM case_file WHERE id = %s",
                            rows[5]["case_id"])[0][0]
    assert words["why_acknowledgement_limit"] \
        in mediator.get(f"/cases/{protocol}").words


# ---- what is not a person's letter ------------------------------------------

AUTOMATIC = {
    "newsletter": dict(fields=[
        ("List-Id", "<ofertas.loja.example>"), ("Precedence", "bulk"),
        ("List-Unsubscribe", "<https://loja.example/sair>")]),
    "list": dict(fields=[("List-Id", "<debate.lista.example>"),
                         ("List-Post", "<mailto:debate@lista.example>")],
                 to="debate@lista.example"),
    "notice": dict(fields=[("Auto-Submitted", "auto-generated")]),
    "out of office": dict(fields=[("Auto-Submitted", "auto-replied"),
                                  ("X-Autoreply", "yes")],
                          subject="Resposta automática: férias"),
}


@pytest.mark.parametrize("what", AUTOMATIC)
def test_automatic_mail_is_recorded_and_never_answered(office, sender, what):
    before = office.database.value("SELECT count(*) FROM outbox")
    row = office.filed(letter(sender, **AUTOMATIC[what]), sender)
    assert (row["state"], row["outcome"]) == ("filed", "recorded")
    (kind,), = office.query("SELECT kind FROM item WHERE id = %s", row["id"])
    assert kind == "auto_in"
    assert office.database.value("SELECT count(*) FROM outbox") == before
    assert office.now_arrived(sender) == []


def test_an_absence_notice_to_a_case_moves_nothing(office, mediator, sender):
    answer = office.acknowledged(letter(sender), sender)
    case = office.case_of(answer)
    note = mark()
    row = office.filed(
        answer_to(answer, sender, text=f"Estou de férias. {note}",
                  fields=[("Auto-Submitted", "auto-replied")]),
        "", stage.address_of(answer.parsed["Reply-To"]))
    assert (row["outcome"], row["case_id"]) == ("recorded", case["id"])
    after = office.case(case["protocol"])
    assert after["items"] == case["items"] + 1
    for what in ("state", "owner", "due"):
        assert after[what] == case[what]
    assert note in mediator.get(path_of(case)).text
    assert len(office.now_arrived(sender)) == 1


def test_our_own_letter_coming_back_is_recorded(office, sender):
    answer = office.acknowledged(letter(sender), sender)
    case = office.case_of(answer)
    # Forwarded back unchanged by somebody's rule; trace fields on top.
    _, _, own = answer.raw.partition(b"From: ")
    back = b"From: " + own
    row = office.filed(back, sender)
    assert row["outcome"] == "recorded"
    assert office.case(case["protocol"])["state"] == case["state"]
    assert len(office.now_arrived(sender)) == 1


# ---- a letter of the mediator's, and its way back ---------------------------


def write_letter(office, mediator, sender, text="Falamos com a loja."):
    """A case whose mediator has written; the case and the letter."""
    answer = office.acknowledged(letter(sender), sender)
    case = office.case_of(answer)
    page, _ = mediator.reply(path_of(case), "Sobre a sua geladeira", text)
    assert page.status == 303, page.words
    return case, office.arrived(sender, 2)[1]


def test_a_bounce_to_the_letters_own_address_is_seen(
        office, mediator, sender, words):
    case, sent = write_letter(office, mediator, sender)
    envelope = str(sent.parsed["Return-Path"]).strip("<>")
    assert re.fullmatch(r"b\+o\.\w{26}\.\w{16}@ouvidoria\.example", envelope)
    state = office.case(case["protocol"])
    row = office.filed(stage.bounce(sender, envelope,
                                    sent.parsed["Message-ID"].strip()),
                       "", envelope)
    assert (row["outcome"], row["case_id"]) == ("recorded", case["id"])
    states = dict(office.query(
        "SELECT kind, state::text FROM outbox WHERE case_id = %s", case["id"]))
    assert states == {"acknowledgement": "sent", "reply": "bounced"}
    after = office.case(case["protocol"])
    assert (after["state"], after["due"]) == (state["state"], state["due"])
    assert words["delivery_bounced"] in mediator.get(path_of(case)).words
    assert words["delivery_trouble"] in mediator.get("/").words


@pytest.mark.parametrize("forgery", ["an envelope of nobody's",
                                     "a letter of nobody's",
                                     "a wrong seal"])
def test_a_forged_bounce_changes_nothing(office, mediator, sender, forgery):
    case, sent = write_letter(office, mediator, sender)
    name = re.search(r"b\+(\S+?)@", str(sent.parsed["Return-Path"])).group(1)
    own = sent.parsed["Message-ID"].strip()
    last = "0" if name[-1] != "0" else "1"
    envelope, original = {
        "an envelope of nobody's": ("b+o.0000.0000@ouvidoria.example",
                                    "<x@elsewhere.example>"),
        "a letter of nobody's": (OFFICE_ADDRESS, "<x@ouvidoria.example>"),
        "a wrong seal": (f"b+{name[:-1]}{last}@ouvidoria.example",
                         own.replace("@", "0@")),
    }[forgery]
    row = office.filed(stage.bounce(sender, envelope, original), "", envelope)
    assert row["outcome"] == "recorded" and row["case_id"] != case["id"]
    assert office.query("SELECT DISTINCT state::text FROM outbox"
                        " WHERE case_id = %s", case["id"]) == [("sent",)]


def test_a_mediator_reads_downloads_and_writes_back(
        office, mediator, sender, words):
    token = mark()
    data = os.urandom(200_000)
    raw = with_file(sender, data, "nota fiscal.pdf", name="Ana Souza",
                    subject="Geladeira parada", text=f"Bom dia, {token}.")
    answer = office.acknowledged(raw, sender)
    case = office.case_of(answer)
    path = path_of(case)

    listed = mediator.get("/")
    assert path in listed.cases()
    assert "Geladeira parada" in listed.words and "Ana Souza" in listed.words
    page = mediator.get(path)
    assert token in page.words and sender in page.words
    part, = page.links(rf"{path}/items/\w+/parts/\d+")
    got = mediator.get(part)
    assert (got.status, got.body) == (200, data)
    assert "attachment" in got.headers["Content-Disposition"]
    assert "nota%20fiscal.pdf" in got.headers["Content-Disposition"]

    (item, uid), = office.query(
        "SELECT id, uid FROM inbound WHERE case_id = %s", case["id"])
    held = next(m.raw for m in office.dovecot.mails() if m.uid == uid)
    assert held.endswith(raw)
    original = mediator.get(
        f"{path}/items/{str(item).replace('-', '')}/raw")
    assert (original.status, original.body) == (200, held)

    told = f"Falamos com a loja. {mark()}"
    done, _ = mediator.reply(path, "Sua geladeira", told)
    assert done.status == 303
    sent = office.arrived(sender, 2)[1]
    mail = sent.parsed
    assert told in mail.get_body(("plain",)).get_content()
    assert told in mail.get_body(("html",)).get_content()
    assert mail["Auto-Submitted"] is None and mail["Precedence"] is None
    assert "Sua geladeira" in str(mail["Subject"])
    assert mail["Reply-To"] == answer.parsed["Reply-To"]
    wait_until("it is known as sent", lambda: words["delivery_sent"]
               in mediator.get(path).words)
    assert office.case(case["protocol"])["state"] == "triage"


def test_a_form_posted_twice_is_one_letter(office, mediator, sender):
    case = office.case_of(office.acknowledged(letter(sender), sender))
    path = path_of(case)
    first, form = mediator.reply(path, "Uma vez", "Uma carta só.")
    second, _ = mediator.reply(path, "", "", form)
    assert (first.status, second.status) == (303, 303)
    office.arrived(sender, 2)
    wait_until("the outbox is empty", office.outbox_is_quiet)
    assert len(office.now_arrived(sender)) == 2
    assert office.query("SELECT count(*) FROM outbox WHERE case_id = %s"
                        " AND kind = 'reply'", case["id"]) == [(1,)]


def test_two_mediators_posting_one_form_at_once_is_one_letter(
        office, mediator, sender):
    case = office.case_of(office.acknowledged(letter(sender), sender))
    path = path_of(case)
    form = {**mediator.get(path).form(f"{path}/reply"),
            "subject": "Uma vez", "text": "Uma carta só."}
    answers = []
    threads = [threading.Thread(target=lambda: answers.append(
        mediator.ask("POST", f"{path}/reply", form).status))
        for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [303] * 4
    assert office.query("SELECT count(*) FROM outbox WHERE case_id = %s"
                        " AND kind = 'reply'", case["id"]) == [(1,)]


# ---- who may see what -------------------------------------------------------


def test_a_code_is_good_for_one_login(office):
    person = office.office.person("mediator2")
    code = office.code(person)
    first = office.browser().try_login("mediator2", person["password"], code)
    assert first.status == 303
    again = office.browser()
    second = again.try_login("mediator2", person["password"], code)
    assert second.status == 403
    assert again.get("/").status == 303


@pytest.mark.parametrize("wrong", ["password", "code", "login"])
def test_a_wrong_word_is_refused_in_the_same_words(office, words, wrong):
    person = office.office.person("intake")
    right = {"login": "intake", "password": person["password"],
             "code": stage.totp(person["totp_secret"],
                                int(time.time()) // 30)}
    right[wrong] = {"password": "not this one at all", "code": "000000",
                    "login": "nobody"}[wrong]
    browser = office.browser()
    page = browser.try_login(**right)
    assert page.status == 403 and words["login_refused"] in page.words
    assert browser.get("/").location.startswith("/login")


def test_who_holds_no_key_sees_nothing(office, mediator, sender):
    case = office.case_of(office.acknowledged(
        letter(sender, subject="Segredo de família"), sender))
    ombudsman = office.logged_in("ombudsman")
    page = ombudsman.get(path_of(case))
    assert page.status == 403
    assert "Segredo" not in page.text and sender not in page.text
    assert ombudsman.get("/").cases() == []
    item = office.items(case["id"])[0][0].replace("-", "")
    raw = ombudsman.get(f"{path_of(case)}/items/{item}/raw")
    assert raw.status == 403 and sender.encode() not in raw.body
    assert mediator.get(path_of(case)).status == 200


def test_after_logout_the_old_cookie_opens_nothing(office):
    browser = office.logged_in("intake")
    old = dict(browser.cookies)
    page = browser.get("/")
    assert page.status == 200
    assert browser.post("/logout", **page.form("/logout")).status == 303
    thief = office.browser()
    thief.cookies = old
    for path in ("/", "/held", "/cases"):
        page = thief.get(path)
        assert page.status == 303 and page.location.startswith("/login")


# ---- bad input --------------------------------------------------------------


def bare(*lines, body=b"Bom dia."):
    return b"\r\n".join(lines) + b"\r\n\r\n" + body + b"\r\n"


BAD = {
    "only trace fields": b"",
    "no colon anywhere": b"this is no header\r\nnor is this\r\n",
    "a header cut in the middle": b"From: ana@x.example\r\nSubj",
    "no Message-ID": bare(b"From: ana@x.example", b"To: "
                          + OFFICE_ADDRESS.encode(), b"Subject: sem id"),
    "NUL in header and body": bare(
        b"From: a\0na@x.example", b"Subject: n\0ul", body=b"a\0b\0\0c" * 99),
    "eight bits everywhere": bare(
        b"From: Ana \xe7\xe3o <ana@x.example>", b"Subject: \xff\xfe\x80",
        body=bytes(range(1, 256)) * 20),
    "unbalanced parentheses": bare(b"From: " + b"(" * 150_000,
                                   b"Subject: x"),
    "nested messages": (b"Content-Type: message/rfc822\r\n\r\n" * 40_000),
    "nested multiparts": b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n"
        % (n, n) for n in range(20_000)),
    "one very long line": bare(b"From: ana@x.example",
                               body=b"x" * 3_000_000),
    "lone returns": b"From: ana@x.example\rSubject: cr\r\rBom dia\r",
}


def test_bad_mail_is_one_row_each_and_the_daemon_lives(office, mediator):
    pid, parts = office.gateway.process.pid, office.gateway_children()[:2]
    known = {row[0] for row in office.query("SELECT id FROM inbound")}
    for raw in BAD.values():
        office.dovecot.deliver(raw + (b"X-T: 1\r\n" if not raw else b""),
                               sender="a@x.example",
                               recipient=OFFICE_ADDRESS)
    rows = office.new_rows(known, len(BAD), 60)
    assert len(rows) == len(BAD)
    assert all(row["state"] in ("filed", "quarantine") for row in rows)
    assert office.gateway.process.running
    assert office.gateway.process.pid == pid
    assert office.gateway_children()[:2] == parts
    for row in rows:
        assert office.query("SELECT count(*) FROM item WHERE id = %s",
                            row["id"]) == [(1,)]
    # The next ordinary mail is none the worse for it.
    sender = f"depois.{secrets.token_hex(4)}@consumidora.example"
    office.acknowledged(letter(sender), sender)


def test_a_mail_of_no_octet_is_recorded(office):
    status, told = office.gateway.ingest(b"")
    assert status == 0 and len(told) == 1
    assert told[0]["outcome"] in ("held", "recorded", "duplicate")


def test_a_mail_above_the_limit_is_a_case_that_says_so(
        office, mediator, sender, words):
    known = {row[0] for row in office.query("SELECT id FROM inbound")}
    raw = with_file(sender, os.urandom(30 << 20), "filme.mp4",
                    subject="Um filme")
    assert len(raw) > 40 << 20
    office.dovecot.deliver(raw, sender=sender, recipient=OFFICE_ADDRESS)
    row, = office.new_rows(known, 1, 60)
    assert row["case_id"] is not None, "recorded, but no person will see it"
    answer = office.arrived(sender)[0]
    page = mediator.get(path_of(office.case_of(answer)))
    assert "Um filme" in page.words
    assert words["why_oversize"] in page.words
    assert "grande demais" in stage.plain_text(answer)
    held = [m for m in office.dovecot.mails() if m.uid == row["uid"]]
    assert len(held) == 1 and held[0].raw.endswith(raw)


class Stalker(threading.Thread):
    """Kills whatever a process starts and what that starts: a parser that
    dies of every mail."""

    def __init__(self, depth):
        super().__init__(daemon=True)
        self.depth = depth
        self.over = threading.Event()
        self.killed = 0

    def run(self):
        me = os.getpid()
        while not self.over.is_set():
            for pid in stage.descendants(me):
                if self.is_parser(pid, me):
                    try:
                        os.kill(pid, signal.SIGKILL)
                        self.killed += 1
                    except ProcessLookupError:
                        pass

    def is_parser(self, pid, me):
        """`ingest` starts a keeper, and the keeper the parsers."""
        line = []
        while pid and pid != me:
            line.append(pid)
            try:
                with open(f"/proc/{pid}/stat") as stat:
                    pid = int(stat.read().rpartition(")")[2].split()[1])
            except OSError:
                return False
        try:
            with open(f"/proc/{line[-1]}/cmdline") as text:
                return len(line) == self.depth and "ingest" in text.read()
        except OSError:
            return False


def test_a_mail_whose_parser_dies_is_held_with_its_octets(office, mediator):
    raw = with_file("ana@x.example", os.urandom(6 << 20), "grande.bin")
    stalker = Stalker(depth=3)
    stalker.start()
    try:
        status, told = office.gateway.ingest(raw)
    finally:
        stalker.over.set()
        stalker.join()
    assert stalker.killed
    assert status == 0
    assert (told[0]["outcome"], told[0]["protocol"]) == ("held", None)
    (item, case_id, state), = office.query(
        "SELECT id, case_id, state::text FROM inbound ORDER BY id DESC"
        " LIMIT 1")
    assert state == "quarantine"
    (kind, why), = office.query("SELECT kind, why FROM item WHERE id = %s",
                                item)
    assert kind == "unparsed" and why in ("child_killed",
                                              "parser-not-started")
    got = mediator.get(f"{path_of_id(case_id)}/items/"
                       f"{str(item).replace('-', '')}/raw")
    assert got.body == raw


# ---- without IMAP -----------------------------------------------------------


def test_ingest_says_what_became_of_each_mail(office, sender):
    raw = letter(sender)
    status, (told,) = office.gateway.ingest(raw)
    assert status == 0 and told["outcome"] == "created"
    assert stage.protocol_is_good(told["protocol"]) and told["auto"] is None
    answer = office.arrived(sender)[0]
    assert told["protocol"] in str(answer.parsed["Subject"])

    assert office.gateway.ingest(raw) == (0, [
        {"outcome": "duplicate", "protocol": None, "auto": None,
         "reason": ""}])
    reply = answer_to(answer, sender)
    status, (more,) = office.gateway.ingest(
        reply, "--rcpt", stage.address_of(answer.parsed["Reply-To"]))
    assert (status, more["outcome"]) == (0, "appended")
    assert more["protocol"] == told["protocol"]
    status, (strange,) = office.gateway.ingest(
        answer_to(answer, "eve@stranger.example"))
    assert (status, strange["outcome"]) == (0, "held")
    assert strange["protocol"] is None
    assert strange["reason"] == "address-of-another"
    status, (machine,) = office.gateway.ingest(letter(
        sender, fields=[("Auto-Submitted", "auto-generated")]))
    assert (status, machine["outcome"]) == (0, "recorded")
    assert machine["auto"] == "notification"


def test_one_mail_by_imap_and_by_ingest_is_one_item(office, sender):
    raw = letter(sender)
    office.acknowledged(raw, sender)
    status, (told,) = office.gateway.ingest(raw, "--rcpt", OFFICE_ADDRESS)
    assert (status, told["outcome"]) == (0, "duplicate")
    wait_until("the outbox is empty", office.outbox_is_quiet)
    assert len(office.now_arrived(sender)) == 1


def test_ingest_without_its_database_says_try_again(office):
    config = stage.copy_config(
        office, "away.conf",
        database_dsn=f"host=127.0.0.1 port={harness.free_port()} dbname=x")
    status, out, _ = stage.run_program(
        office.gateway.program, "-c", config, "ingest", "-",
        stdin=letter("ana@x.example"))
    assert (status, out) == (75, b"")


def test_ingest_of_a_file_that_is_not_there_fails(office):
    status, out, complaint = stage.run_program(
        office.gateway.program, "-c", office.office.config, "ingest",
        "/nonexistent/mail")
    assert (status, out) == (1, b"") and b"/nonexistent/mail" in complaint


# ---- a configuration that is wrong ------------------------------------------


@pytest.fixture(scope="module")
def desk(template):
    """An office of which nothing runs."""
    made = Scene(template)
    made.dovecot.begin()
    try:
        yield made
    finally:
        made.office.stop()
        made.folder.remove()


PROGRAMS = {"ouvidoria-mailgw": ["run"], "ouvidoria-server": []}


def one_line(program, config):
    status, out, complaint = stage.run_program(
        os.path.join(build_folder(), program), "-c", config,
        *PROGRAMS[program], timeout=10)
    lines = complaint.decode().splitlines()
    assert (status, out) == (1, b""), complaint.decode()
    return lines


@pytest.mark.parametrize("program", PROGRAMS)
def test_an_unknown_key_is_named_with_its_line(desk, program):
    config = stage.copy_config(desk, "unknown.conf")
    with open(config) as source:
        text = source.read().replace("[imap]\n", "[imap]\ncolour = red\n")
    accounts.write_file(config, text)
    number = text[:text.index("colour")].count("\n") + 1
    line, = one_line(program, config)
    assert f"unknown.conf:{number}:" in line and "colour" in line


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_missing_secret_is_one_line(desk, program):
    config = stage.copy_config(desk, "missing.conf",
                               keys_k_id_file="secrets/not-there.key")
    lines = [line for line in one_line(program, config)
             if "started" not in line and "stopped" not in line]
    assert lines and all("not-there.key" in line for line in lines), lines
    assert len(lines) == 1, lines


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_secret_that_others_may_read_is_refused(desk, program):
    folder = os.path.join(desk.office.home, "secrets")
    with open(os.path.join(folder, "k_id.key")) as source:
        accounts.write_file(os.path.join(folder, "open.key"), source.read(),
                            0o644)
    config = stage.copy_config(desk, "open.conf",
                               keys_k_id_file="secrets/open.key")
    lines = [line for line in one_line(program, config)
             if "started" not in line and "stopped" not in line]
    assert len(lines) == 1 and "open.key" in lines[0], lines


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_schema_of_another_version_is_refused(desk, program):
    desk.query("INSERT INTO schema_migration SELECT number + 1,"
               " name || 'x', hash FROM schema_migration"
               " ORDER BY number DESC LIMIT 1")
    try:
        lines = [line for line in one_line(program, desk.office.config)
                 if "started" not in line and "stopped" not in line]
    finally:
        desk.query("DELETE FROM schema_migration WHERE name LIKE '%%x'")
    assert len(lines) == 1 and "ouvidoria migrate" in lines[0], lines


# ---- and all of it adds up --------------------------------------------------


def test_after_all_this_everything_is_accounted_for(office):
    wait_until("the outbox is empty", office.outbox_is_quiet)
    assert office.findings() == []
    status, out, _ = office.office.admin.run("audit", "verify")
    assert status == 0, out
