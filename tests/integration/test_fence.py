"""Mail that breaks parsers, over the real path: it is filed or held within
seconds with every octet, the mail behind it is none the worse, and no process
of the gateway but the parser ever ends."""

import os
import re
import secrets

import pytest

import harness
import scene as stage
from accountant import Injected
from harness import wait_until
from ouvoffice.programs import build_folder
from scene import PATIENT, Scene, letter, mark

SECONDS = 30.0  # within which a hostile mail has an end; most take one

TRAPPED = os.path.join(build_folder(), "tests/integration/trapped_gateway")


def parts_of(office):
    """The gateway and its three parts; the parsers below them may change."""
    pid = office.gateway.process.pid
    with open(f"/proc/{pid}/task/{pid}/children") as source:
        return [pid] + sorted(int(word) for word in source.read().split())


def begun(office):
    """Once the first ordinary mail is answered all its processes are there."""
    office.begin(web=False)
    sender = someone()
    office.acknowledged(letter(sender), sender, PATIENT)
    assert len(parts_of(office)) == 4
    return office


def someone():
    return f"ana.{secrets.token_hex(6)}@consumidora.example"


def name_of(mail):
    """Its Message-ID; Python's own reader would break on some."""
    return re.search(rb"(?m)^Message-ID: <([^>\r\n]+)>", mail.raw)[1]


def quarantined(office, row):
    """Why a mail that could not be parsed is held, and after how many tries."""
    (kind, why), = office.query("SELECT kind, why FROM item WHERE id = %s",
                                row["id"])
    (attempts,), = office.query("SELECT attempts FROM inbound WHERE id = %s",
                                row["id"])
    assert (kind, row["outcome"]) == ("unparsed", "held")
    assert (row["state"], row["error_code"]) in (("quarantine", why),
                                                 ("filed", None))
    return why, attempts


# ---- a parser that fails on command -----------------------------------------

TRAPS = {
    "crash": "child_killed", "leave": "child_killed",
    "hoard": "child_killed", "call-out": "child_killed",
    "spin": "child_timeout", "doze": "child_timeout",
}

# What a parser answers that a mail has taken over: too much is no answer, and
# one that is no document is not believed, nor asked for again.
LIES = {"flood": ("answer_too_large", 3), "lie": ("unparsed", 1)}


@pytest.fixture(scope="module")
def trapped(template):
    made = Scene(template)
    made.gateway.program = TRAPPED
    made.gateway.process.argv[0] = TRAPPED
    try:
        yield begun(made)
    finally:
        made.stop()


def test_what_the_parser_dies_of_three_times_is_held_and_the_rest_goes_on(
        trapped):
    traps, before = {}, parts_of(trapped)
    injected = [Injected(name_of(mail), None)
                for mail in trapped.dovecot.mails()]
    known = len(injected)

    def post(ack, sender=None, **more):
        token, sender = mark(), sender or someone()
        raw = letter(sender, text=stage.WORDS["pt-BR"] + "\n" + token, **more)
        trapped.post_mail(raw, sender)
        injected.append(Injected(token.encode(), ack, raw))
        return token

    for word, why in TRAPS.items():
        traps[post(False, fields=[("X-Trap", word)])] = (why, 3)
        post(True)
    for word, why in LIES.items():
        traps[post(False, subject=word)] = why
        post(True)
    last = someone()
    post(True, last)

    # Those between and behind them do not wait for the third attempt.
    trapped.arrived(last, 1, SECONDS)
    mails = {mail.uid: mail.raw for mail in trapped.dovecot.mails()}
    rows = trapped.new_rows(set(), len(injected), 180)[known:]
    seen = {}
    for row in rows:
        token = next(t for t in (one.mark.decode() for one in injected)
                     if t.encode() in mails[row["uid"]])
        if token in traps:
            seen[token] = quarantined(trapped, row)
        else:
            assert row["outcome"] == "created"
    assert seen == traps
    assert parts_of(trapped) == before
    wait_until("every acknowledgement is sent", trapped.outbox_is_quiet, 30)
    assert trapped.findings(injected) == []


# ---- mails that break parsers -----------------------------------------------


def nested_multiparts(depth):
    return b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n'
        % (i, i) for i in range(depth)) + b"\r\ntext\r\n"


def nested_messages(depth):
    return b"Content-Type: message/rfc822\r\n\r\n" * depth + b"\r\ntext\r\n"


def empty_parts(count):
    return (b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
            + b"--b\r\n\r\n" * count + b"--b--\r\n")


def nested_elements(depth):
    return (b"Content-Type: text/html; charset=utf-8\r\n\r\n"
            + b"<div><table><tr><td>" * depth + b"text\r\n")


def pieces_of_a_name(count):
    pieces = b"".join(b";\r\n filename*%d*=%%e1%d" % (i, i)
                      for i in reversed(range(count)))
    return (b"Content-Type: application/pdf\r\n"
            b"Content-Disposition: attachment" + pieces + b"\r\n\r\nx\r\n")


def broken_winmail():
    return (b"Content-Type: application/ms-tnef; name=winmail.dat\r\n\r\n"
            + b"\x78\x9f\x3e\x22\x01\x00"
            + b"\x02\x0f\x80\x06\x00\xff\xff\xff\x7f" * 20000 + b"\r\n")


HOSTILE = {
    "50,000 multiparts inside each other": (
        lambda: nested_multiparts(50_000), "parts_too_deep"),
    "20,000 messages inside each other": (
        lambda: nested_messages(20_000), None),
    "300,000 empty parts": (
        lambda: empty_parts(300_000), "too_many_parts"),
    "a megabyte of parentheses": (
        lambda: b"Cc: " + b"(" * 1_000_000 + b"\r\n\r\ntext\r\n",
        "field_too_large"),
    "100 comments inside each other": (
        lambda: b"Cc: " + b"(" * 100 + b"a@b.example\r\n\r\ntext\r\n",
        "parentheses_too_deep"),
    "100,000 fields": (
        lambda: b"X-A: b\r\n" * 100_000 + b"\r\ntext\r\n",
        "header_too_large"),
    "5,000 encoded words": (
        lambda: b"X-A: b\r\n =?utf-8?B?4Q?=\r\n" * 5_000 + b"\r\ntext\r\n",
        "too_many_encoded_words"),
    "1,000 recipients": (
        lambda: b"Cc: a@b.example" + b",\r\n a@b.example" * 1_000
        + b"\r\n\r\ntext\r\n", "too_many_addresses"),
    "a boundary of 300 octets": (
        lambda: b"Content-Type: multipart/mixed; boundary=" + b"b" * 300
        + b"\r\n\r\ntext\r\n", "boundary_too_long"),
    "200,000 elements inside each other": (
        lambda: nested_elements(50_000), None),
    "a name in 2,000 pieces, last one first": (
        lambda: pieces_of_a_name(2_000), None),
    "a winmail.dat of impossible lengths": (broken_winmail, None),
    "100,000 levels of quotation": (
        lambda: b"\r\n" + b">" * 100_000 + b"\r\n> " * 100_000, None),
    "8 MB of base64 that is none": (
        lambda: b"Content-Transfer-Encoding: base64\r\n\r\n"
        + b"!=A=" * 2_000_000 + b"\r\n", None),
    "a charset that shifts for ever": (
        lambda: b"Content-Type: text/plain; charset=iso-2022-jp\r\n\r\n"
        + b"\x1b$B\x1b(B" * 200_000 + b"\r\n", None),
}


def hostile(what, sender, token):
    make, _ = HOSTILE[what]
    return (f"From: Ana <{sender}>\r\nTo: {harness.OFFICE_ADDRESS}\r\n"
            f"Message-ID: <{token}@consumidora.example>\r\n"
            f"Date: Mon, 02 Feb 2026 10:00:00 -0300\r\n"
            f"Subject: {token}\r\nMIME-Version: 1.0\r\n").encode() + make()


@pytest.fixture(scope="module")
def office(template):
    made = Scene(template)
    try:
        yield begun(made)
    finally:
        made.stop()


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_mail_has_an_end_and_the_next_is_filed(office, what):
    sender, token, before = someone(), mark(), parts_of(office)
    raw = hostile(what, sender, token)
    row = office.filed(raw, sender, deadline=SECONDS)
    if HOSTILE[what][1] is None:
        assert row["state"] in ("filed", "quarantine")
        assert row["outcome"] in ("created", "held")
        assert row["error_code"] not in ("child_killed", "child_timeout")
    else:
        # Nothing would be different a second time.
        assert quarantined(office, row) == (HOSTILE[what][1], 1)
    next_one = someone()
    office.acknowledged(letter(next_one), next_one, PATIENT)
    assert parts_of(office) == before


def test_of_all_of_them_every_octet_is_kept(office):
    """Runs last: the accountant opens what the tests above have filed."""
    token, sender = mark(), someone()
    raw = hostile("50,000 multiparts inside each other", sender, token)
    row = office.filed(raw, sender, deadline=SECONDS)
    assert row["outcome"] == "held"
    wait_until("every acknowledgement is sent", office.outbox_is_quiet, 30)
    everything = [Injected(name_of(mail), None, mail.raw)
                  for mail in office.dovecot.mails()]
    assert len(everything) > 2
    assert office.findings(everything) == []


# ---- the size, before anything is fetched -----------------------------------


def test_one_octet_above_the_size_limit_only_the_header_is_taken(template):
    office = Scene(template, imap_size_limit_mib="1")
    try:
        office.dovecot.begin()
        office.set(imap_size_limit_mib="1")
        office.gateway.begin()
        for above, code in ((0, None), (1, "oversize")):
            sender = someone()
            start = letter(sender, text=mark()) + b"\r\n"
            # What Dovecot puts on top counts as well.
            office.dovecot.deliver(start, user="aurora", sender=sender)
            mail, = office.dovecot.wait_mails(1 + above, "aurora")[above:]
            room = (1 << 20) + above - len(mail.raw)
            raw = start + b"x" * (room - 2) + b"\r\n"
            known = {row[0] for row in office.query("SELECT id FROM inbound")}
            office.dovecot.deliver(raw, sender=sender)
            arrived, = [m for m in office.dovecot.wait_mails(1 + above)
                        if raw in m.raw]
            assert len(arrived.raw) == (1 << 20) + above
            row, = office.new_rows(known, 1, SECONDS)
            assert row["error_code"] == code
            assert row["case_id"] is not None
    finally:
        office.stop()
