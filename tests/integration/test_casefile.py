"""The file of a case for somebody else: each recipient gets what may be theirs,
masked where it must be, with a list that another program can check.

The real server behind nginx and the operator's command; archives are unpacked by
other programs than the ones that made them.
"""

import base64
import email
import email.policy
import hashlib
import http.client
import io
import json
import os
import pathlib
import random
import re
import secrets
import socket
import subprocess
import tempfile
import time
import urllib.parse
import zipfile

import pytest

import scene as stage
import test_disclosure as released
import test_download as download
import test_requests as requests
import test_write as desk
from harness import wait_until
from scene import Scene, letter, mark, with_file

ROOT = pathlib.Path(stage.harness.ROOT)
BUILD = pathlib.Path(os.environ.get("OUV_BUILD", ROOT / "build/plain"))
MASK = "█████"
CPF, PHONE = "529.982.247-25", "(11) 98765-4321"
CONSUMER, REPRESENTATIVE = "Ana Souza", "Marta Reis"  # as scene has them
ALL = {"lane_consumer": "1", "lane_company": "1", "lane_internal": "1"}
LANGUAGES = ("pt-BR", "en", "it")


@pytest.fixture(scope="module")
def office(template):
    made = Scene(template, to_sink=True, mailgw_acks_domain_hour=100000,
                 mailgw_acks_hour=100000)
    try:
        made.begin()
        made.connect_all()
        yield made
    finally:
        made.stop()


@pytest.fixture(scope="module")
def people(office):
    return {who: desk.login(office, who) for who in
            ("mediator", "mediator2", "intake", "ombudsman", "reader")}


@pytest.fixture(scope="module")
def mediator(people):
    return people["mediator"]


class File:
    """A case file, unpacked by another program than the one that made it."""

    def __init__(self, octets):
        self.octets = octets
        with zipfile.ZipFile(io.BytesIO(octets)) as archive:
            assert archive.testzip() is None
            self.names = archive.namelist()
            self.files = {name: archive.read(name) for name in self.names}
        self.manifest = json.loads(self.files["manifest.json"])
        self.messages = self.manifest["messages"]

    def named(self, begins, ends=""):
        return [octets for name, octets in sorted(self.files.items())
                if name.startswith(begins) and name.endswith(ends)]

    def all_bytes(self):
        """Everything in it: as it lies there, decoded, and as a reader of its
        mails and of its PDF has it."""
        out = [self.octets, *(name.encode() for name in self.files),
               *self.files.values()]
        for name, octets in self.files.items():
            if name.endswith(".eml"):
                mail = email.message_from_bytes(
                    octets, policy=email.policy.default)
                out += [part.get_payload(decode=True) or b""
                        for part in mail.walk()]
                out.append(str(mail["Subject"]).encode())
            if name == "case.pdf":
                out += [pdf_text(octets).encode(), pdf_info(octets)]
            if name == "log.json":
                out += [bytes.fromhex(line["details"])
                        for line in json.loads(octets)["entries"]]
        return b"\n".join(out)

    def holds(self, word):
        octets = self.all_bytes()
        return any(form in octets for form in (
            word.encode(), base64.b64encode(word.encode())[:-4],
            word.encode("utf-16-le"), word.encode("utf-16-be"),
            json.dumps(word)[1:-1].encode()))


def pdf_tool(octets, *command):
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(octets)
        file.flush()
        done = subprocess.run([file.name if word == "FILE" else word
                               for word in command], capture_output=True)
    assert done.returncode == 0, (done.stderr, octets[:200])
    return done.stdout


def pdf_text(octets):
    return pdf_tool(octets, "pdftotext", "-layout", "FILE", "-").decode()


def pdf_info(octets):
    return pdf_tool(octets, "pdfinfo", "-meta", "FILE") + pdf_tool(
        octets, "pdfinfo", "FILE")


def asked(browser, path, verb="case-file", **fields):
    fields.setdefault("purpose", "processo 12/2026")
    return desk.act(browser, path, verb, **fields)


def file_for(browser, path, recipient, verb="case-file", **fields):
    page = asked(browser, path, verb, recipient=recipient, **fields)
    assert page.status == 200, page.words
    assert page.headers["Content-Type"] == "application/zip"
    return File(page.body)


def confirmed(case, people, **fields):
    """A whole file for an authority, asked for and confirmed."""
    fields = {"recipient": "authority", **ALL, **fields}
    page = asked(people["mediator"], case.path, "whole-file", **fields)
    assert page.status == 303 and "waiting" in page.location, page.words
    act, = case.office.query(
        "SELECT id FROM act_pending WHERE case_id = %s AND decided IS NULL",
        case.id)[0]
    page = desk.act(people["mediator2"], case.path, "second",
                    act=desk.hexes(act), decision="confirm")
    assert page.status == 303, page.words


class Case(released.Case):
    """A dispute with everything in it: what each side wrote, a note, a third
    person, our letters, a page and a reply address of each."""

    def __init__(self, office, mediator):
        super().__init__(office, mediator,
                         text=f"Meu CPF é {CPF}, telefone {PHONE}.",
                         answer=f"{REPRESENTATIVE} responde pela loja.")
        self.note, self.third, self.letter = mark(), mark(), mark()
        self.promise = mark()
        assert desk.act(mediator, self.path, "note",
                        text=f"Só para nós: {self.note}").status == 303
        page = desk.act(mediator, self.path, "reply", subject="Seu caso",
                        text=f"{desk.PROMISE} {self.letter}",
                        promise_text=f"Ligar para ela: {self.promise}",
                        promise_by=desk.open_day(9).isoformat())
        assert page.status == 303, page.words
        self.got(self.addr, 2)
        self.third_addr = f"vizinho@{secrets.token_hex(4)}.example"
        status, _ = office.gateway.ingest(letter(
            self.third_addr, name="Outra Pessoa",
            text=f"Eu também vi. {self.third}",
            to=stage.address_of(self.ack.parsed["Reply-To"])))
        assert status == 0
        wait_until("the letters are out", office.outbox_is_quiet)

    def found(self, pattern):
        """In our letters to both."""
        found = set()
        for addr in (self.addr, self.company):
            for mail in self.office.sink.to(addr):
                found |= set(re.findall(pattern, desk.words_of(mail) + str(
                    mail.parsed["Reply-To"])))
        assert found, pattern
        return found

    @property
    def links(self):
        """What stands behind the slash in addresses of pages."""
        return self.found(r"/[tpd]/([\w.-]{20,})")

    @property
    def codes(self):
        return self.found(r"\b(\w{4}(?:-\w{4}){5}-\w\w)\b")

    @property
    def replies(self):
        return self.found(r"caso\+(\w{20,})@")


@pytest.fixture(scope="module")
def case(office, mediator):
    return Case(office, mediator)


@pytest.fixture(scope="module")
def archive(case, mediator):
    """For the office's own archive: everything, nothing masked."""
    return file_for(mediator, case.path, "internal", **ALL, notes="1", log="1")


# ---- all of it -----------------------------------------------------------------


def test_the_archive_holds_every_message_byte_for_byte(office, case, archive):
    mails = archive.named("messages/", ".eml")
    bodies = [email.message_from_bytes(octets, policy=email.policy.default)
              for octets in mails]
    said = [case.said, case.theirs, case.letter]
    for words in said:
        assert archive.holds(words), words
    # What came, as our own books have it; what went, as it was received.
    for message in archive.messages:
        if message["how"] != "whole":
            continue
        octets = archive.files[message["path"]]
        assert hashlib.sha256(octets).hexdigest() == \
            message["sha256_at_receipt"]
    ids = {str(body["Message-ID"]) for body in bodies}
    assert case.company_id in ids and len(mails) >= 3
    assert archive.named("attachments/", "nota.pdf") == [case.file.encode()]
    notes = b"".join(archive.named("notes/", ".txt")).decode()
    assert case.note in notes
    assert case.promise in pdf_text(archive.files["case.pdf"])
    assert archive.manifest["complete"] is True
    assert archive.manifest["left_out"] == []


def test_nobody_but_the_consumer_gets_the_key_to_their_page(
        case, archive, mediator):
    """Whoever has it decides in their name: where it stood there is a text."""
    for word in case.codes | case.links:
        assert not archive.holds(word), word
    ack = next(m for m in archive.messages
               if m["kind"] == "auto_out" and m["to"] == "consumer")
    assert ack["how"] == "masked" and ack["path"].endswith(".txt")
    assert ack["message_id"] and ack["sha256_at_receipt"]
    mine = file_for(mediator, case.path, "consumer")
    assert all(mine.holds(word) for word in case.codes | case.links)


def test_each_file_has_its_sum_in_two_lists(archive):
    told = {row["path"]: row for row in archive.manifest["files"]}
    assert set(told) == set(archive.files) - {"manifest.json", "case.pdf",
                                              "SHA256SUMS"}
    for name, row in told.items():
        octets = archive.files[name]
        assert row["sha256"] == hashlib.sha256(octets).hexdigest(), name
        assert row["bytes"] == len(octets) and row["complete"] is True
    sums = dict(line.split("  ", 1)[::-1] for line in
                archive.files["SHA256SUMS"].decode().splitlines())
    assert set(sums) == set(archive.files) - {"SHA256SUMS"}
    assert all(hashlib.sha256(archive.files[name]).hexdigest() == value
               for name, value in sums.items())


def test_the_manifest_tells_who_when_and_how_sure(case, archive):
    first = archive.messages[0]
    assert first["from"] == "consumer" and first["lane"] == "consumer"
    assert first["from_addr"] == case.addr and first["to"] == "office"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", first["date"])
    ours = [m for m in archive.messages if m["from"] == "office"
            and m["kind"] == "mail_out"]
    assert ours and all(m["delivery"] == "sent" and m["sent"] for m in ours)
    assert [m["from"] for m in archive.messages].count("company") >= 1
    assert archive.manifest["purpose"] == "processo 12/2026"
    listed = archive.files["MANIFEST.txt"].decode()
    for message in archive.messages:
        assert message["path"] in listed


def test_the_log_walks_without_a_key(office, case, archive):
    log = json.loads(archive.files["log.json"])
    entries = log["entries"]
    assert [e["seq"] for e in entries] == list(range(1, log["until"] + 1))
    # The last one is the making of this very file.
    assert entries[-1]["action"] == "case-file"
    assert "processo 12/2026" in entries[-1]["says"]
    for before, after in zip(entries, entries[1:]):
        assert after["prev"] == before["hash"]
    # By another program: the hash of each, from what stands in it.
    for entry in entries:
        assert audit_hash(entry) == entry["hash"], entry["seq"]
    kept = office.query("SELECT encode(hash, 'hex') FROM audit_event WHERE"
                        " chain = %s AND seq = %s", case.id, log["until"])
    assert kept[0][0] == entries[-1]["hash"]


def audit_hash(entry):
    """docs/casefile.md, in another language than the programs'."""
    def number(value):
        return int(value).to_bytes(8, "big")

    details = bytes.fromhex(entry["details"])
    return hashlib.blake2b(
        b"OUV-AUDIT-1".ljust(16, b"\0") + bytes.fromhex(entry["chain"])
        + number(entry["seq"]) + number(entry["at_us"])
        + bytes.fromhex(entry["signer"]) + number(entry["signer_seq"])
        + bytes.fromhex(entry["actor"])
        + entry["action"].encode().ljust(32, b"\0")
        + bytes.fromhex(entry["object"])
        + hashlib.blake2b(details, digest_size=32).digest()
        + bytes.fromhex(entry["prev"]), digest_size=32).hexdigest()


# ---- the parties: theirs alone -------------------------------------------------


def test_the_consumer_gets_nothing_of_anybody_else(case, mediator):
    mine = file_for(mediator, case.path, "consumer")
    assert mine.holds(case.said) and mine.holds(case.letter)
    for word in (case.theirs, case.company, case.note, case.third,
                 REPRESENTATIVE, "Outra Pessoa", case.third_addr):
        assert not mine.holds(word), word
    # Nor how many notes there are, nor that the log exists.
    assert "log.json" not in mine.files and not mine.named("notes/")
    assert not any("number_in_case" in m or "lane" in m
                   for m in mine.messages)
    assert mine.manifest["left_out"] == [
        {"why": "not-released", "count": 0, "is_counted": False,
         **{key: value for key, value in mine.manifest["left_out"][0].items()
            if key.startswith("is_")}}]


def test_the_company_gets_nothing_of_anybody_else(case, mediator):
    theirs = file_for(mediator, case.path, "company")
    assert theirs.holds(case.theirs)
    for word in (case.said, case.addr, case.file, case.note, case.third,
                 case.letter, case.promise, CONSUMER, CPF, PHONE):
        assert not theirs.holds(word), word


@pytest.mark.parametrize("recipient,field", [
    ("consumer", "lane_company"), ("consumer", "lane_internal"),
    ("consumer", "notes"), ("consumer", "log"), ("company", "lane_consumer"),
    ("company", "notes"), ("company", "log")])
def test_what_is_not_a_partys_is_refused_whatever_the_form_says(
        case, mediator, recipient, field):
    before = len(case.logged("case-file"))
    page = asked(mediator, case.path, recipient=recipient, **{field: "1"})
    assert page.status == 422 and not page.body.startswith(b"PK")
    assert len(case.logged("case-file")) == before


def test_what_was_released_goes_along_masked_until_it_is_taken_back(
        office, mediator):
    case = Case(office, mediator)
    page, _ = case.release(mediator, case.complaint, f"{case.complaint}.1",
                           to="company", overrule="Combinado.")
    assert page.status == 303, page.words
    theirs = file_for(mediator, case.path, "company")
    words = b"".join(theirs.named("released/", ".txt")).decode()
    assert case.said in words and MASK in words
    for word in (CPF, PHONE, case.addr, CONSUMER):
        assert not theirs.holds(word), word
    # The attachment as it was released: a person looked at it.
    assert theirs.named("attachments/", "nota.pdf") == [case.file.encode()]
    assert desk.act(mediator, case.path, "withhold", which="1",
                    reason="Engano.").status == 303
    theirs = file_for(mediator, case.path, "company")
    assert not theirs.named("released/") and not theirs.holds(case.said)
    assert not theirs.holds(case.file)


# ---- masked --------------------------------------------------------------------


@pytest.fixture(scope="module")
def masked(case, mediator):
    return file_for(mediator, case.path, "authority", **ALL, notes="1",
                    log="1", whom="Procon")


def test_a_masked_file_has_nobodys_name_address_or_number(case, masked):
    assert masked.holds(case.said) and masked.holds(case.theirs)
    for word in (CONSUMER, "Souza", REPRESENTATIVE, "Reis", case.addr,
                 case.company, case.third_addr, CPF, PHONE, "529982247",
                 *case.links, *case.codes, *case.replies):
        assert not masked.holds(word), word
    assert masked.holds(MASK)
    assert not masked.named("messages/", ".eml")


def test_the_manifest_says_what_was_masked_and_left_out(case, masked):
    first = masked.messages[0]
    assert first["how"] == "masked" and first["masked"]["numbers"] >= 2
    assert first["attachments"] == [{
        "name": "nota.pdf", "type": "application/pdf",
        "bytes": len(case.file), "left_out": "masked-message"}]
    assert not masked.holds(case.file)
    whys = {row["why"]: row["count"] for row in masked.manifest["left_out"]}
    assert whys == {"masked-message": 1}
    assert "message_id" not in first and "from_addr" not in first
    assert "nota.pdf" in masked.files["MANIFEST.txt"].decode()


def test_an_attachment_that_a_person_released_is_in_a_masked_file(
        office, mediator):
    case = released.Case(office, mediator)
    page, _ = case.release(mediator, f"{case.complaint}.1", to="company",
                           overrule="Sem dados pessoais.")
    assert page.status == 303, page.words
    file = file_for(mediator, case.path, "court", **ALL)
    assert file.named("attachments/", "nota.pdf") == [case.file.encode()]


def test_only_the_lanes_days_and_parts_that_were_asked_for(case, mediator):
    file = file_for(mediator, case.path, "internal", lane_company="1")
    assert file.holds(case.theirs) and not file.holds(case.said)
    assert not file.holds(case.note) and "log.json" not in file.files
    whys = {row["why"]: row["count"] for row in file.manifest["left_out"]}
    assert whys["other-lane"] >= 3 and whys["notes"] >= 1
    file = file_for(mediator, case.path, "internal", **ALL,
                    until="2020-01-02")
    assert file.messages == []
    assert {row["why"] for row in file.manifest["left_out"]} >= {"other-days"}


@pytest.mark.parametrize("wrong,field", [
    ({"recipient": "neighbour"}, "recipient"), ({"purpose": ""}, "purpose"),
    ({"lane_consumer": "", "lane_company": "", "lane_internal": ""},
     "lane_consumer"), ({"from": "2026-02-30"}, "from"),
    ({"from": "2026-01-03", "until": "2026-01-02"}, "until"),
    ({"lang": "tlh"}, "lang"), ({"form": "docx"}, "form")])
def test_a_wrong_field_makes_nothing_and_is_told(case, mediator, wrong, field):
    before = len(case.logged("case-file"))
    page = asked(mediator, case.path,
                 **{"recipient": "internal", **ALL, **wrong})
    assert page.status == 422 and f'id="move-{field}"' in page.text
    assert len(case.logged("case-file")) == before


# ---- nothing masked: two people ------------------------------------------------


def test_a_whole_file_waits_for_a_second_person_and_is_its_authors(
        office, people):
    case = Case(office, people["mediator"])
    page = asked(people["mediator"], case.path, "take-file")
    assert page.status == 403 and not page.body.startswith(b"PK")
    confirmed(case, people, whom="Procon-RJ", notes="1")
    page = people["mediator"].get(case.path)
    assert f"{case.path}/do/take-file" in page.text
    file = File(asked(people["mediator"], case.path, "take-file").body)
    assert file.manifest["whom"] == "Procon-RJ"
    for word in (case.said, case.addr, case.theirs, case.company, case.note,
                 CPF):
        assert file.holds(word), word
    assert MASK not in file.files["README.txt"].decode()
    # It is its author's, and nobody else's to take.
    page = asked(people["mediator2"], case.path, "take-file")
    assert page.status == 403 and not page.body.startswith(b"PK")
    assert [row[0] for row in office.query(
        "SELECT action FROM audit_event WHERE chain = %s AND action LIKE"
        " '%%-file%%' ORDER BY seq", case.id)] == [
            "whole-file", "take-file", "case-file-out"]


def test_after_a_week_it_is_asked_for_again(office, people):
    case = Case(office, people["mediator"])
    confirmed(case, people)
    office.query("UPDATE act_pending SET decided = decided - interval '8 days'"
                 " WHERE case_id = %s", case.id)
    page = asked(people["mediator"], case.path, "take-file")
    assert page.status == 403 and not page.body.startswith(b"PK")


def test_nobody_confirms_their_own(office, people):
    case = Case(office, people["mediator"])
    page = asked(people["mediator"], case.path, "whole-file",
                 recipient="court", **ALL)
    act, = office.query("SELECT id FROM act_pending WHERE case_id = %s",
                        case.id)[0]
    page = desk.act(people["mediator"], case.path, "second",
                    act=desk.hexes(act), decision="confirm")
    assert page.status == 403
    page = asked(people["mediator"], case.path, "take-file")
    assert page.status == 403


def test_a_party_gets_no_whole_file(case, people):
    page = asked(people["mediator"], case.path, "whole-file",
                 recipient="company", **ALL)
    assert page.status == 422


# ---- who may -------------------------------------------------------------------


def test_a_file_wants_a_fresh_code(office, mediator, case):
    before = len(case.logged("case-file"))
    office.query("UPDATE session SET stepped = stepped - interval '1 hour'")
    codes, mediator.codes = mediator.codes, None
    page = asked(mediator, case.path, recipient="internal", **ALL)
    mediator.codes = codes
    assert page.asks_code and not page.body.startswith(b"PK")
    assert len(case.logged("case-file")) == before


@pytest.mark.parametrize("who", ["intake", "reader"])
def test_other_roles_make_none(case, people, who):
    before = len(case.logged("case-file"))
    page = asked(people[who], case.path, recipient="internal", **ALL)
    assert page.status == 403 and not page.body.startswith(b"PK")
    assert len(case.logged("case-file")) == before


def test_whoever_is_in_conflict_makes_none(office, people):
    case = Case(office, people["mediator"])
    office.query("INSERT INTO case_conflict (case_id, person) SELECT %s, id"
                 " FROM person WHERE login = 'mediator'", case.id)
    page = asked(people["mediator"], case.path, recipient="internal", **ALL)
    assert page.status == 403 and not page.body.startswith(b"PK")
    assert not case.logged("case-file")


def test_it_is_logged_with_what_it_was_and_the_sum_of_its_list(
        office, mediator, case, masked):
    page = mediator.get(f"{case.path}/log")
    assert "authority (Procon): processo 12/2026" in page.words
    sums = [line for line in office.query(
        "SELECT count(*) FROM audit_event WHERE chain = %s AND action ="
        " 'case-file-out'", case.id)]
    assert sums[0][0] >= 1
    digest = hashlib.sha256(masked.files["manifest.json"]).hexdigest()
    assert digest in page.words.replace("\n", "")


def test_looking_makes_nothing_and_says_what_will_be_in_it(
        office, mediator, case):
    before = len(case.events())
    form = desk.form_of(mediator, case.path, "case-file",
                        recipient="authority", purpose="x", **ALL)
    page = mediator.ask("POST", f"{case.path}/do/case-file/preview", form)
    assert page.status == 200 and not page.body.startswith(b"PK")
    words = json.load(open(ROOT /
                           "templates/html/words.pt-BR.json"))
    for key in ("file_look", "file_masked", "file_left",
                "file_left_attachments"):
        assert words[key] in page.words, key
    assert len(case.events()) == before


# ---- languages -----------------------------------------------------------------


@pytest.mark.parametrize("lang,title", [
    ("pt-BR", "Autos do caso"), ("en", "File of case"),
    ("it", "Fascicolo della pratica")])
def test_explanations_are_in_the_language_that_was_chosen(
        case, mediator, lang, title):
    file = file_for(mediator, case.path, "court", **ALL, notes="1", lang=lang)
    for name in ("README.txt", "MANIFEST.txt"):
        text = file.files[name].decode()
        assert case.protocol in text and "{{" not in text
    assert file.files["README.txt"].decode().startswith(title)
    assert title in pdf_text(file.files["case.pdf"])


# ---- as one document -----------------------------------------------------------


def test_the_document_tells_the_case_and_the_sum_of_the_list(case, archive):
    text = pdf_text(archive.files["case.pdf"])
    flat = re.sub(r"\s+", "", text)
    assert case.protocol in text
    for word in (case.said, case.theirs, case.letter, case.note):
        assert word in flat or word in text, word
    digest = hashlib.sha256(archive.files["manifest.json"]).hexdigest()
    assert digest in flat
    assert hashlib.sha256(case.file.encode()).hexdigest() in flat
    pages = int(re.search(rb"Pages:\s+(\d+)", pdf_info(
        archive.files["case.pdf"]))[1])
    assert f"1/{pages}" in text and f"{pages}/{pages}" in text


def test_the_document_alone(case, mediator):
    page = asked(mediator, case.path, recipient="internal", **ALL, form="pdf")
    assert page.status == 200
    assert page.headers["Content-Type"] == "application/pdf"
    assert page.body.startswith(b"%PDF-")
    assert case.protocol in pdf_text(page.body)


# ---- what does not go well -----------------------------------------------------


def test_a_broken_message_is_told_and_hides_nothing_else(office, mediator):
    case = Case(office, mediator)
    item = requests.item_of(case, "mail_in")
    office.query("UPDATE chunk SET ct = set_byte(ct, 40,"
                 " (get_byte(ct, 40) + 1) %% 256) WHERE item = %s", item)
    file = file_for(mediator, case.path, "internal", **ALL)
    told = {row["path"]: row["complete"] for row in file.manifest["files"]}
    broken = [path for path, complete in told.items() if not complete]
    assert broken == [file.messages[0]["path"],
                      file.messages[0]["attachments"][0]["path"]]
    assert file.manifest["complete"] is False
    assert "ATENÇÃO" in file.files["MANIFEST.txt"].decode()
    assert case.said in pdf_text(file.files["case.pdf"])


def test_a_message_that_does_not_open_is_missed(office, mediator):
    case = Case(office, mediator)
    item = requests.item_of(case, "mail_in")
    office.query("UPDATE item SET body = set_byte(body, 40,"
                 " (get_byte(body, 40) + 1) %% 256) WHERE id = %s", item)
    file = file_for(mediator, case.path, "internal", **ALL)
    assert file.messages[0]["how"] == "lost"
    assert "path" not in file.messages[0]
    assert file.manifest["complete"] is False
    assert {"does-not-open"} <= {r["why"] for r in file.manifest["left_out"]}


def peak(pid):
    return requests.peak(pid)


def many(office, case, count, size):
    folder, files = office.folder.make("many"), []
    to = stage.address_of(case.ack.parsed["Reply-To"])
    for number in range(count):
        files.append(os.path.join(folder, f"{number}.eml"))
        with open(files[-1], "wb") as file:
            file.write(with_file(
                case.addr, secrets.token_bytes(size), "foto.jpg", to=to,
                text=f"Mensagem {number}. {stage.WORDS['pt-BR']}"))
    with open(files[-1], "rb") as last:
        status, told = office.gateway.ingest(last.read(), *files[:-1])
    assert status == 0 and len(told) == count


def test_a_long_one_is_never_whole_in_memory(office, mediator, record_property):
    case = released.Case(office, mediator)
    many(office, case, 200, 150_000)
    before = peak(office.server.process.pid)
    began = time.monotonic()
    page = asked(mediator, case.path, recipient="internal", **ALL)
    seconds = time.monotonic() - began
    grown = peak(office.server.process.pid) - before
    file = File(page.body)
    assert len(file.named("attachments/", "foto.jpg")) == 200
    assert sum(map(len, file.files.values())) > 70_000_000
    print(f"200 messages: {seconds:.1f} s, {grown / 1e6:.1f} MB more")
    assert grown < 48_000_000, grown


class Poster(download.Reader):
    """Sends a form and takes of the answer as much as it is told to."""

    def __init__(self, office, browser, path, form):
        self.line = socket.socket(socket.AF_UNIX)
        self.line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self.line.settimeout(20)
        self.line.connect(office.server.socket)
        cookies = "; ".join(f"{k}={v}" for k, v in browser.cookies.items())
        body = urllib.parse.urlencode(form)
        self.line.sendall(
            f"POST {path} HTTP/1.1\r\nHost: {office.server.host}\r\n"
            f"Cookie: {cookies}\r\nOrigin: {browser.origin}\r\n"
            "Sec-Fetch-Site: same-origin\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(body)}\r\n\r\n{body}".encode())
        self.answer = http.client.HTTPResponse(self.line)
        self.answer.begin()


@pytest.mark.parametrize("lose", [download.lose_by_recusal,
                                  download.lose_by_logout])
def test_it_ends_when_its_maker_may_read_no_more(office, people, lose):
    case = Case(office, people["mediator"])
    many(office, case, 40, 600_000)
    own = desk.login(office, "mediator2")
    # The code was given a moment ago.
    assert asked(own, case.path, recipient="consumer").status == 200
    form = desk.form_of(own, case.path, "case-file", recipient="internal",
                        purpose="x", **ALL)
    reader = Poster(office, own, f"{case.path}/case-file", form)
    try:
        got = reader.take(2_000_000)
        assert got.startswith(b"PK")
        lose(office, own, case)
        lost_at = time.monotonic()
        wait_until("the second is over",
                   lambda: time.monotonic() - lost_at > 1.1, 5, 0.05)
        more, ended = reader.rest()
        assert not ended and len(got) + len(more) < 8_000_000
    finally:
        reader.close()
    with pytest.raises(zipfile.BadZipFile):
        zipfile.ZipFile(io.BytesIO(got + more))
    # The one before went out to its end, this one did not.
    assert len(case.logged("case-file")) == 2
    assert len(case.logged("case-file-out")) == 1


# ---- the operator's command ------------------------------------------------------


class Command:
    """ouvidoria export, with a colleague's login, password and code on its
    standard input."""

    def __init__(self, office, folder):
        self.office, self.folder = office, folder

    def __call__(self, protocol, *options, login="mediator", password=None,
                 out="file.zip"):
        person = self.office.office.person(login)
        path = os.path.join(self.folder, out)
        done = subprocess.run(
            [BUILD / "ouvidoria", "-c", self.office.office.config, "export",
             protocol, "--out", path, *options],
            input=f"{login}\n{password or person['password']}\n"
                  f"{self.office.code(person)}\n",
            capture_output=True, text=True)
        return done, path


@pytest.fixture
def command(office, tmp_path):
    return Command(office, tmp_path)


def verify(path, *options):
    return subprocess.run([BUILD / "ouvidoria", "export-verify", *options,
                           path], capture_output=True, text=True)


def sessions(office, login):
    return office.query("SELECT count(*) FROM session WHERE person = (SELECT id"
                        " FROM person WHERE login = %s)", login)[0][0]


def test_the_command_makes_a_file_as_the_colleagues_own(office, case, command):
    before = case.logged("case-file")
    before_sessions = sessions(office, "mediator")
    done, path = command(case.protocol, "--log", "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    octets = pathlib.Path(path).read_bytes()
    assert told["bytes"] == len(octets)
    assert told["sha256"] == hashlib.sha256(octets).hexdigest()
    assert os.stat(path).st_mode & 0o777 == 0o600
    assert os.listdir(os.path.dirname(path)) == ["file.zip"]
    file = File(octets)
    assert file.manifest["recipient"] == "internal"
    for word in (case.said, case.theirs, case.note):
        assert file.holds(word), word
    who, = office.query("SELECT id FROM person WHERE login = 'mediator'")[0]
    assert case.logged("case-file")[len(before):] == [(who, case.id)]
    # No session stays behind.
    assert sessions(office, "mediator") == before_sessions


@pytest.mark.parametrize("options,says", [
    (("--for", "consumer", "--lanes", "company"), "lane_company: not-theirs"),
    (("--for", "consumer", "--log"), "log: not-theirs"),
    (("--for", "nobody"), "recipient: unknown"),
    (("--from", "2026-13-01"), "from: not-a-date"),
    (("--take",), "confirmed")])
def test_the_command_refuses_what_may_not_be(case, command, options, says):
    done, path = command(case.protocol, *options)
    assert done.returncode == 1 and says in done.stderr, done.stderr
    assert not os.path.exists(path) and done.stdout == ""


def test_the_command_wants_somebody_who_may(office, case, command):
    done, path = command(case.protocol, password="wrong password, long enough")
    assert done.returncode == 1 and "is wrong" in done.stderr
    done, path = command(case.protocol, login="intake")
    assert done.returncode == 1 and "may not" in done.stderr
    done, path = command("2026-999999-1")
    assert done.returncode == 1 and not os.path.exists(path)


def test_the_command_overwrites_nothing(case, command, tmp_path):
    (tmp_path / "file.zip").write_bytes(b"mine")
    done, path = command(case.protocol)
    assert done.returncode == 1 and "there already" in done.stderr
    assert pathlib.Path(path).read_bytes() == b"mine"


def test_the_command_masks_and_chooses(case, command):
    done, path = command(case.protocol, "--for", "court", "--redact",
                         "--lanes", "consumer", "--no-notes", "--lang", "en")
    assert done.returncode == 0, done.stderr
    file = File(pathlib.Path(path).read_bytes())
    assert file.holds(case.said) and not file.holds(case.theirs)
    assert not file.holds(CPF) and not file.holds(case.note)
    assert "Nothing is masked" not in file.files["README.txt"].decode()


def test_the_command_waits_for_a_second_person_too(office, people, command):
    case = Case(office, people["mediator"])
    done, path = command(case.protocol, "--for", "authority", "--json")
    assert done.returncode == 0 and json.loads(done.stdout) == {
        "waiting": True} and not os.path.exists(path)
    act, = office.query("SELECT id FROM act_pending WHERE case_id = %s",
                        case.id)[0]
    # At most two sessions at a time: others took the place of the fixture's.
    page = desk.act(desk.login(office, "mediator2"), case.path, "second",
                    act=desk.hexes(act), decision="confirm")
    assert page.status == 303, page.words
    done, path = command(case.protocol, "--take")
    assert done.returncode == 0, done.stderr
    assert File(pathlib.Path(path).read_bytes()).holds(case.addr)


# ---- whoever was handed it checks it ---------------------------------------------


@pytest.fixture(scope="module")
def handed(tmp_path_factory, archive):
    path = tmp_path_factory.mktemp("handed") / "file.zip"
    path.write_bytes(archive.octets)
    return path


def test_a_file_that_holds_is_told_so_without_any_configuration(
        handed, case, archive):
    done = subprocess.run(
        [BUILD / "ouvidoria", "export-verify", "--json", handed],
        capture_output=True, text=True, env={"PATH": ""}, cwd="/")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["ok"] is True and told["protocol"] == case.protocol
    assert told["files"] == len(archive.files) - 3
    assert told["entries"] == len(json.loads(
        archive.files["log.json"])["entries"])
    assert told["manifest_sha256"] == hashlib.sha256(
        archive.files["manifest.json"]).hexdigest()
    assert verify(handed).stdout.startswith(f"case {case.protocol}:")


def test_the_usual_tool_finds_the_same_sums(archive, tmp_path):
    with zipfile.ZipFile(io.BytesIO(archive.octets)) as packed:
        packed.extractall(tmp_path)
    done = subprocess.run(["sha256sum", "--strict", "-c", "SHA256SUMS"],
                          cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    assert done.stdout.count(": OK") == len(archive.files) - 1


def repacked(path, files):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, octets in files.items():
            archive.writestr(name, octets)
    return path


def with_sums(files):
    """As a forger does it: every sum that can be made anew is."""
    files = dict(files)
    files.pop("SHA256SUMS")
    files["SHA256SUMS"] = "".join(
        f"{hashlib.sha256(octets).hexdigest()}  {name}\n"
        for name, octets in files.items()).encode()
    return files


def changed_manifest(archive, change):
    files = dict(archive.files)
    manifest = json.loads(files["manifest.json"])
    change(manifest, files)
    for row in manifest["files"]:
        if row["path"] in files:
            octets = files[row["path"]]
            row["bytes"] = len(octets)
            row["sha256"] = hashlib.sha256(octets).hexdigest()
    files["manifest.json"] = json.dumps(manifest).encode()
    return with_sums(files)


def test_a_file_packed_again_by_others_still_holds(archive, tmp_path):
    assert verify(repacked(tmp_path / "f.zip", archive.files)).returncode == 0


def one_byte(archive):
    files = dict(archive.files)
    name = next(n for n in files if n.endswith(".eml"))
    files[name] = files[name].replace(b"e", b"3", 1)
    return files, name


def one_byte_and_its_sum(archive):
    """... whose forger forgot the manifest."""
    files, name = one_byte(archive)
    return with_sums(files), name


def one_more(archive):
    files = dict(archive.files)
    files["messages/999-more.eml"] = b"From: x\r\n\r\nx"
    return with_sums(files), "messages/999-more.eml"


def one_less(archive):
    files = dict(archive.files)
    name = next(n for n in files if n.endswith(".eml"))
    del files[name]
    return with_sums(files), name


def other_document(archive):
    files = dict(archive.files)
    files["case.pdf"] += b"%x"
    return files, "case.pdf"


def log_word(archive):
    def change(manifest, files):
        log = json.loads(files["log.json"])
        log["entries"][2]["action"] = "decide"
        files["log.json"] = json.dumps(log).encode()
    return changed_manifest(archive, change), "log.json, entry 3"


def log_gap(archive):
    def change(manifest, files):
        log = json.loads(files["log.json"])
        del log["entries"][3]
        files["log.json"] = json.dumps(log).encode()
    return changed_manifest(archive, change), "log.json, entry 4"


def log_end(archive):
    def change(manifest, files):
        log = json.loads(files["log.json"])
        del log["entries"][-1]
        files["log.json"] = json.dumps(log).encode()
    return changed_manifest(archive, change), "log.json"


@pytest.mark.parametrize("forge", [one_byte, one_byte_and_its_sum, one_more,
                                   one_less, other_document, log_word, log_gap,
                                   log_end])
def test_what_was_altered_is_found_and_named(archive, tmp_path, forge):
    files, where = forge(archive)
    done = verify(repacked(tmp_path / "f.zip", files))
    assert done.returncode == 1, done.stdout
    assert done.stdout.startswith(f"broken: {where}: "), done.stdout


@pytest.mark.parametrize("octets", [
    b"", b"PK\5\6" + bytes(18), b"%PDF-1.7 no archive", b"PK\3\4" * 5000,
    random.Random(7).randbytes(4096)],
    ids=["nothing", "empty", "document", "heads", "noise"])
def test_what_is_no_case_file_is_said_so(tmp_path, octets):
    path = tmp_path / "f.zip"
    path.write_bytes(octets)
    done = verify(path)
    assert done.returncode == 1 and done.stdout.startswith("broken: ")


def test_a_bomb_takes_neither_time_nor_memory(tmp_path):
    path = tmp_path / "f.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open("zeros", "w", force_zip64=True) as member:
            for _ in range(1500):
                member.write(bytes(1_000_000))
    began = time.monotonic()
    done = subprocess.run(
        ["/usr/bin/time", "-f", "%M", BUILD / "ouvidoria", "export-verify",
         path], capture_output=True, text=True) \
        if os.path.exists("/usr/bin/time") else verify(path)
    assert done.returncode == 1 and done.stdout.startswith("broken: ")
    assert time.monotonic() - began < 60
