#!/usr/bin/python3
"""Is everything accounted for?  Reconciles mail in, cases, log and mail out.

Written from the descriptions of the stored formats alone and with another
library (PyNaCl), so that a mistake of the programs is not repeated here.  The
sealed rows are opened by the way that is left when everybody has forgotten
everything: two of the three shares of ESCROW.

What is wrong is a list of findings; an office without a fault has none:

  lost              a mail that was handed in is neither a case's nor in the
                    mailbox; or a row says it is filed and it is not there
  waiting           it is in the mailbox and not in a case
  doubled           it is there more than once
  unopened          sealed bytes do not open: altered, moved or cut
  differs           what is stored is not what came
  count             a case's items are not 1, 2, 3 ... as it says
  orphan            bytes that belong to nothing
  unacknowledged    an acknowledgement was due and did not go
  unsent            the outbox says sent and nobody received it
  sent-twice        more copies went than tries with an unknown end
  unexplained-mail  a mail went out that no row, or no event, accounts for
  unexplained-row   an item, letter or state without its event
  chain             the log was altered or cut
  held-lease        somebody still has, or still owes, a unit of work

As a program it looks at one office (its mailbox too, if IMAP answers):

  accountant.py CONFIG OFFLINE [--sent FOLDER]

OFFLINE holds the shares escrow-share-1 ...; FOLDER the mails that came out of
the office (*.eml).  Exit status 1 if there is a finding.
"""

import argparse
import collections
import dataclasses
import email
import glob
import hashlib
import imaplib
import os
import re
import struct
import sys
import uuid

import psycopg2
from nacl import bindings as na
from nacl.exceptions import CryptoError

sys.dont_write_bytecode = True

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
ZERO = bytes(16)
CASE_KEY, ITEM_KEY, ITEM_BODY, RAW, SIGNER = 1, 2, 3, 4, 13
NONE, CPK, ESCROW = 0, 3, 6
INCOMING = ("mail_in", "auto_in", "unparsed")
OUTGOING = ("mail_out", "auto_out")
ITEM_EVENTS = ("register", "append", "record", "hold", "attribute")
LETTER_EVENTS = {"acknowledge": "acknowledgement", "reply": "reply",
                 "holding": "holding", "substitute": "copy"}
END_EVENTS = {"sent": "sent", "failed": "delivery-failed"}

# How events move a case: from what the log says first to what the row says
# now.  An action that is not here moves nothing.
MOVES = {("open", "received"): "triage", ("reply", "received"): "triage",
         ("holding", "received"): "triage", ("substitute", "received"): "triage",
         ("register", "held"): "received", ("discard", "held"): "closed",
         ("restore", "closed"): "held", ("empty", "held"): "closed",
         ("erase-loose", "closed"): "erased",
         ("erase-loose", "held"): "erased"}


class Sealed(Exception):
    """Something sealed does not open."""


@dataclasses.dataclass(frozen=True, order=True)
class Finding:
    kind: str
    subject: str  # a mark, or the id of a row
    text: str = dataclasses.field(default="", compare=False)

    def __str__(self):
        return f"{self.kind}: {self.subject}: {self.text}"


@dataclasses.dataclass
class Injected:
    """A mail that was handed in, by what stands nowhere else.

    ack        True: it must be acknowledged; False: it must not; None: either
    raw        its octets, if they must be found again
    """

    mark: bytes
    ack: bool = None
    raw: bytes = None


@dataclasses.dataclass
class Sent:
    """A mail that somebody outside received."""

    recipients: list
    content: bytes


# ---- the sealed formats -----------------------------------------------------


def blake(data, key=b"", size=32):
    return hashlib.blake2b(data, key=key, digest_size=size).digest()


def context(tenant, kind, column=NONE, case=ZERO, row=ZERO, version=1,
            extra=ZERO):
    return (b"OUV1" + struct.pack("BB", kind, 1) + tenant + case + row
            + struct.pack(">BI", column, version) + extra)


def open_box(box, ctx, secret):
    public = na.crypto_scalarmult_base(secret)
    try:
        plain = na.crypto_box_seal_open(bytes(box), public, secret)
    except (CryptoError, ValueError) as no:
        raise Sealed("box") from no
    if plain[:32] != blake(ctx) or len(plain) != 64:
        raise Sealed("box of another row")
    return plain[32:]


def head_of(data, ctx):
    """The suite and key version in front of a blob or a stream."""
    if data[:5] != struct.pack(">BI", 1, struct.unpack(">I", ctx[55:59])[0]):
        raise Sealed("suite or key version")


def open_blob(blob, ctx, dek):
    head_of(blob, ctx)
    key = blake(b"ouv-blob" + ctx, dek)
    try:
        text = na.crypto_aead_xchacha20poly1305_ietf_decrypt(
            bytes(blob[29:]), ctx, bytes(blob[5:29]), key)
    except CryptoError as no:
        raise Sealed("blob") from no
    return unpad(text)


def unpad(text):
    bare = text.rstrip(b"\0")
    if not bare.endswith(b"\x80"):
        raise Sealed("padding")
    return bare[:-1]


def open_stream(chunks, ctx, dek):
    if not chunks:
        raise Sealed("no chunk")
    head_of(chunks[0], ctx)
    state = na.crypto_secretstream_xchacha20poly1305_state()
    na.crypto_secretstream_xchacha20poly1305_init_pull(
        state, chunks[0][5:29], blake(b"ouv-strm" + ctx, dek))
    plain, last = [], None
    for n, chunk in enumerate([chunks[0][29:]] + chunks[1:]):
        if last == na.crypto_secretstream_xchacha20poly1305_TAG_FINAL:
            raise Sealed("a chunk after the last")
        try:
            piece, last = na.crypto_secretstream_xchacha20poly1305_pull(
                state, chunk, ctx + struct.pack(">I", n))
        except (CryptoError, ValueError, RuntimeError) as no:
            raise Sealed(f"chunk {n}") from no
        plain.append(piece)
    if last != na.crypto_secretstream_xchacha20poly1305_TAG_FINAL:
        raise Sealed("the last chunk is missing")
    return unpad(b"".join(plain))


def join_shares(name, first, second):
    """2-of-3 by XOR pairs: which halves of two shares belong together."""
    halves = {1: (0, 1), 2: (0, 2), 3: (1, 2)}  # pairs (1,2) (1,3) (2,3)
    read = []
    for text in (first, second):
        head, given, number, body, check = text.split()
        data = bytes.fromhex(body)
        sum_ = blake(b"OUV-SHARE-1" + name.encode() + b"\0"
                     + number.encode() + data)[:4]
        if (head, given) != ("OUV-SHARE-1", name) or sum_.hex() != check:
            raise ValueError("not a share of " + name)
        read.append((int(number), data[:32], data[32:]))
    (a, *a_halves), (b, *b_halves) = read
    if a == b:
        raise ValueError("twice the same share")
    pair = (set(halves[a]) & set(halves[b])).pop()
    one = a_halves[halves[a].index(pair)]
    two = b_halves[halves[b].index(pair)]
    return bytes(x ^ y for x, y in zip(one, two))


def base32(data, chars):
    bits = "".join(f"{b:08b}" for b in data).ljust(5 * chars, "0")
    return "".join(ALPHABET[int(bits[5 * i:5 * i + 5], 2)]
                   for i in range(chars))


def unbase32(text, size):
    bits = "".join(f"{ALPHABET.index(c):05b}" for c in text.lower())
    return bytes(int(bits[8 * i:8 * i + 8], 2) for i in range(size))


def message_name(k_tok, label, row):
    return (f"o.{base32(row, 26)}."
            f"{base32(blake(label + row, k_tok)[:10], 16)}")


CERT_DOMAINS = {"gateway": "OUV-CERT-GATE-1", "server": "OUV-CERT-SERV-1",
                "escrow": "OUV-CERT-ESCR-1", "svc": "OUV-CERT-SVC-1",
                "case": "OUV-CERT-CASE-1", "signer": "OUV-CERT-SIGN-1"}


def certified(public, sig, kind, tenant, a, subject=ZERO, version=0):
    message = (CERT_DOMAINS[kind].encode().ljust(16, b"\0") + tenant + subject
               + ZERO + struct.pack(">I", version) + a + bytes(32))
    try:
        na.crypto_sign_open(bytes(sig) + message, public)
    except CryptoError:
        return False
    return True


# ---- an office's secrets and books ------------------------------------------


def read_config(path):
    values, section = {}, ""
    with open(path) as source:
        for line in source:
            if head := re.match(r"\[(\w+)\]", line):
                section = head.group(1)
            elif pair := re.match(r"(\w+) *= *(.*?) *$", line):
                values[section, pair.group(1)] = pair.group(2)
    return values


class Secrets:
    """What the office keeps in files, and what its custodians keep."""

    def __init__(self, config, offline):
        values = read_config(config)
        folder = os.path.dirname(config)

        def key(name):
            with open(os.path.join(folder, values["keys", name])) as source:
                return bytes.fromhex(source.read().strip())

        def share(number):
            path = os.path.join(offline, f"escrow-share-{number}")
            with open(path) as source:
                return source.read()

        self.tenant = bytes.fromhex(values["office", "tenant"])
        self.root = bytes.fromhex(values["keys", "root_public"])
        self.k_id, self.k_tok = key("k_id_file"), key("k_tok_file")
        self.escrow = join_shares("escrow", share(1), share(3))


def octets(value):
    return None if value is None else bytes(value)


def key_of(value):
    return uuid.UUID(value).bytes if value else ZERO


class Books:
    """Every table that matters, read in one snapshot."""

    TABLES = {
        "case_file": "id, protocol, state::text, desk_month, items,"
                     " key_version",
        "case_key": "case_id, version, cpk, signer, sig",
        "case_grant": "case_id, version, person, box",
        "item": "id, case_id, seq, kind::text, key_version, dek_box, body,"
                " body_version",
        "chunk": "item, n, ct",
        "inbound": "id, mailbox, uidvalidity, uid, raw_mac, duplicate_of,"
                   " size, state::text, case_id, outcome, lease_until,"
                   " dek_box_svc",
        "outbox": "id, case_id, item, kind, state::text, attempts,"
                  " lease_until, dek_box_svc",
        "outbox_try": "outbox, n, finished",
        "audit_event": "chain, seq, at_us, signer, signer_seq, actor, action,"
                       " object, details, prev, hash, mac",
        "audit_signer": "id, kind, mac_box, sig",
        "audit_checkpoint": "signer, n, signer_seq",
        "office_key": "kind, version, public, sig",
    }
    ORDER = {"chunk": "item, n", "audit_event": "chain, seq",
             "item": "case_id, seq", "outbox_try": "outbox, n"}

    def __init__(self, connection):
        connection.autocommit = False
        with connection, connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            for table, columns in self.TABLES.items():
                cursor.execute(f"SELECT {columns} FROM {table} ORDER BY "
                               + self.ORDER.get(table, "1"))
                row = collections.namedtuple(
                    table, [c.split("::")[0].strip()
                            for c in columns.split(",")])
                setattr(self, table, [row(*values) for values in cursor])
        connection.close()


# ---- the reconciliation -----------------------------------------------------


class Accountant:
    """findings() of one office at one moment.

    mailbox    {(uidvalidity, uid): octets} of what IMAP holds, moved mail too;
               None: not looked at
    sent       list of Sent; None: nobody watched
    injected   list of Injected; None: unknown
    settled    nothing may wait any more
    """

    def __init__(self, books, secrets, *, mailbox=None, sent=None,
                 injected=None, settled=True):
        self.books, self.secrets = books, secrets
        self.mailbox, self.sent, self.injected = mailbox, sent, injected
        self.settled = settled
        self.found = []
        self.raw = {}  # item -> octets, or None: it does not open
        self.csk, self.version = {}, {}
        self.chunks = collections.defaultdict(list)
        for chunk in books.chunk:
            self.chunks[chunk.item].append(chunk)
        self.items = {item.id: item for item in books.item}
        self.inbound = {row.id: row for row in books.inbound}
        self.outbox = {row.id: row for row in books.outbox}
        self.events = collections.defaultdict(list)
        for event in books.audit_event:
            self.events[event.chain].append(event)
        self.objects = collections.defaultdict(list)
        for event in books.audit_event:
            self.objects[event.object].append(event)

    def say(self, kind, subject, text):
        if isinstance(subject, bytes):
            subject = subject.decode(errors="replace")
        self.found.append(Finding(kind, str(subject), text))

    def findings(self):
        self.open_cases()
        self.open_items()
        self.check_rows()
        self.check_marks()
        self.check_letters()
        self.check_log()
        self.check_leases()
        return sorted(self.found)

    # -- opening --------------------------------------------------------------

    def open_cases(self):
        s = self.secrets
        grants = {(g.case_id, g.version): g for g in self.books.case_grant
                  if key_of(g.person) == ZERO}
        keys = {(k.case_id, k.version): k for k in self.books.case_key}
        trusted = {(k.kind, k.version): bytes(k.public)
                   for k in self.books.office_key
                   if certified(s.root, k.sig, k.kind, s.tenant,
                                bytes(k.public), version=k.version)}
        for case in self.books.case_file:
            which = (case.id, case.key_version)
            try:
                if which not in grants or which not in keys:
                    raise Sealed("no key, or no grant to ESCROW")
                secret = open_box(grants[which].box, context(
                    s.tenant, CASE_KEY, ESCROW, key_of(case.id),
                    version=case.key_version), s.escrow)
                key = keys[which]
                if na.crypto_scalarmult_base(secret) != bytes(key.cpk):
                    raise Sealed("public key of another secret")
                if key_of(key.signer) == ZERO and not any(
                        certified(public, key.sig, "case", s.tenant,
                                  bytes(key.cpk), key_of(case.id),
                                  key.version)
                        for (kind, _), public in trusted.items()
                        if kind == "gateway"):
                    raise Sealed("public key without a certificate")
                self.csk[case.id] = secret
                self.version[case.id] = case.key_version
            except Sealed as no:
                self.say("unopened", case.id, f"case key: {no}")

    def open_items(self):
        for item in self.books.item:
            if item.case_id not in self.csk:
                continue
            try:
                self.raw[item.id] = self.open_item(item)
            except Sealed as no:
                self.raw[item.id] = None
                self.say("unopened", item.id, str(no))

    def open_item(self, item):
        s, row, case = self.secrets, key_of(item.id), key_of(item.case_id)
        if item.key_version != self.version[item.case_id]:
            raise Sealed("its key is of another version than the case's")
        dek = open_box(item.dek_box, context(
            s.tenant, ITEM_KEY, CPK, case, row, item.key_version),
            self.csk[item.case_id])
        open_blob(bytes(item.body), context(
            s.tenant, ITEM_BODY, NONE, case, row, item.body_version), dek)
        chunks = self.chunks[item.id]
        if item.kind not in INCOMING + OUTGOING and not chunks:
            return b""
        if [c.n for c in chunks] != list(range(len(chunks))):
            raise Sealed("a chunk is missing")
        return open_stream([bytes(c.ct) for c in chunks],
                           context(s.tenant, RAW, row=row), dek)

    # -- rows that belong together --------------------------------------------

    def check_rows(self):
        by_case = collections.defaultdict(list)
        for item in self.books.item:
            by_case[item.case_id].append(item)
        for case in self.books.case_file:
            numbers = [item.seq for item in by_case.pop(case.id, [])]
            if numbers != list(range(1, case.items + 1)):
                self.say("count", case.id, f"{case.items} items: {numbers}")
        for case_id, items in by_case.items():
            self.say("orphan", case_id, f"{len(items)} items of no case")
        waiting = {row.id for row in self.books.inbound
                   if row.state == "received"}
        for owner in self.chunks:
            if owner not in self.items and owner not in waiting:
                self.say("orphan", owner, f"{len(self.chunks[owner])} chunks")
        for row in self.books.inbound:
            self.check_inbound(row)
        for item in self.books.item:
            if item.kind in INCOMING and item.id not in self.inbound:
                self.say("unexplained-row", item.id, "it never came in")
            if item.kind in OUTGOING and not any(
                    o.item == item.id for o in self.books.outbox):
                self.say("unexplained-row", item.id, "it is in no outbox")

    def check_inbound(self, row):
        if row.state == "duplicate":
            if row.duplicate_of not in self.inbound:
                self.say("lost", row.id, "a duplicate of nothing")
            return
        if row.state == "received":
            return
        if row.id not in self.items:
            self.say("lost", self.name_of(row), f"{row.state}, and no item")
            return
        raw = self.raw.get(row.id)
        if raw is None:
            return
        if blake(b"raw" + raw, self.secrets.k_id) != bytes(row.raw_mac):
            self.say("differs", row.id, "not the bytes that were received")
        held = (self.mailbox or {}).get((row.uidvalidity, row.uid))
        whole = row.size == len(raw)
        if held is not None and (held != raw if whole
                                 else not held.startswith(raw)):
            self.say("differs", row.id, "not what the mailbox holds")

    def name_of(self, row):
        """The mark of an inbound row, by the mailbox; else its id."""
        held = (self.mailbox or {}).get((row.uidvalidity, row.uid))
        for one in self.injected or []:
            if held is not None and one.mark in held:
                return one.mark
        return row.id

    # -- 1 and 2: every mail in, once, as it came -----------------------------

    def check_marks(self):
        if self.injected is None:
            return
        owners = collections.defaultdict(list)
        unknown = []
        wanted = re.compile(b"|".join(
            re.escape(one.mark) for one in self.injected) or b"(?!)")
        for item in self.books.item:
            if item.kind not in INCOMING:
                continue
            raw = self.raw.get(item.id)
            if raw is None and item.id in self.inbound:
                # It does not open, which is said already; whose it is the
                # mailbox tells.
                name = self.name_of(self.inbound[item.id])
                owners[name].append(item)
                continue
            marks = set(wanted.findall(raw or b""))
            for mark in marks:
                owners[mark].append(item)
            if not marks:
                unknown.append(item)
        for one in self.injected:
            self.check_mark(one, owners[one.mark])
        for item in unknown:
            self.say("unexplained-row", item.id, "nobody handed it in")

    def check_mark(self, one, items):
        if len(items) > 1:
            self.say("doubled", one.mark, f"in {len(items)} items: "
                     + ", ".join(item.id for item in items))
        if not items:
            held = any(one.mark in raw
                       for raw in (self.mailbox or {}).values())
            known = any(f.subject.encode() == one.mark for f in self.found)
            if not held:
                self.say("lost", one.mark, "neither filed nor in the mailbox")
            elif self.settled and not known:
                self.say("waiting", one.mark, "in the mailbox only")
        for item in items:
            raw = self.raw.get(item.id)
            if one.raw is not None and raw is not None \
                    and not raw.endswith(one.raw):
                self.say("differs", item.id, "not what was handed in")

    # -- 3 and 4: what went out, and why --------------------------------------

    def check_letters(self):
        tries = collections.Counter(t.outbox for t in self.books.outbox_try
                                    if t.finished is None)
        rows = {message_name(self.secrets.k_tok, b"mid", key_of(o.id)): o
                for o in self.books.outbox}
        copies = collections.defaultdict(list)
        for mail in self.sent or []:
            name = name_in(mail.content).partition("@")[0].lower()
            if name not in rows:
                self.say("unexplained-mail", name or "no Message-ID",
                         "sent, and in no outbox")
                continue
            copies[rows[name].id].append(mail)
        for row in self.books.outbox:
            self.check_causes(row)
            if self.sent is not None:
                self.check_copies(row, copies[row.id], tries[row.id])
        if self.sent is not None:
            self.check_acknowledgements(copies)

    def check_causes(self, row):
        kinds = [event.action for event in self.objects[row.id]
                 if event.chain == row.case_id]
        causes = [k for k in kinds if LETTER_EVENTS.get(k) == row.kind]
        if len(causes) != 1:
            self.say("unexplained-mail", row.id,
                     f"{row.kind} with {len(causes)} events")
        end = END_EVENTS.get(row.state)
        if end is not None and kinds.count(end) != 1:
            self.say("unexplained-row", row.id,
                     f"{row.state} with {kinds.count(end)} events")
        if row.item not in self.items:
            self.say("lost", row.item, "a letter without its item")
        if row.state in ("sent", "failed") and row.dek_box_svc is not None:
            self.say("unexplained-row", row.id, "done, and still readable")

    def check_copies(self, row, mails, unknown):
        if row.state in ("sent", "bounced") and not mails:
            self.say("unsent", row.id, "nobody received it")
        if len(mails) > 1 and len(mails) - 1 > unknown:
            self.say("sent-twice", row.id, f"{len(mails)} copies, {unknown}"
                     " tries with an unknown end")
        stored = self.raw.get(row.item)
        for mail in mails:
            if stored is not None and not mail.content.endswith(stored):
                self.say("differs", row.id, "another letter than the stored")

    def check_acknowledgements(self, copies):
        answered = collections.Counter()
        for row in self.books.outbox:
            if row.kind == "acknowledgement" and copies[row.id]:
                answered[name_in(copies[row.id][0].content,
                                 "In-Reply-To")] += 1
        for one in self.injected or []:
            if one.ack is None:
                continue
            count = answered[name_in(one.raw)]
            if one.ack and count == 0:
                self.say("unacknowledged", one.mark, "no acknowledgement")
            if count > int(one.ack):
                self.say("unexplained-mail", one.mark,
                         f"{count} acknowledgements")

    # -- 4: the log -----------------------------------------------------------

    def check_log(self):
        macs = self.signer_keys()
        known = {case.id for case in self.books.case_file}
        for chain, events in self.events.items():
            seq, head = 0, bytes(32)
            for event in events:
                what = self.wrong_with(event, seq + 1, head, macs)
                if what:
                    self.say("chain", f"{chain}/{event.seq}", what)
                # What follows is judged by what is written, so that one
                # altered event is one finding.
                seq, head = event.seq, bytes(event.hash)
            if chain not in known and chain not in macs:
                self.say("chain", chain, "of no case and no signer")
        for case in self.books.case_file:
            self.check_state(case)
        for item in self.books.item:
            count = sum(event.action in ITEM_EVENTS
                        and event.chain == item.case_id
                        for event in self.objects[item.id])
            if item.kind in INCOMING and count != 1:
                self.say("unexplained-row", item.id, f"{count} events")
        for event in self.books.audit_event:
            # A held case that is registered as a whole names itself.
            if event.action in ITEM_EVENTS and event.chain != event.object \
                    and event.object not in self.items:
                self.say("lost", event.object, f"{event.action} without item")
            if event.action in LETTER_EVENTS \
                    and event.object not in self.outbox:
                self.say("lost", event.object, f"{event.action} of no letter")

    def signer_keys(self):
        """{signer: (first MAC key, signer_seq of its checkpoints)}"""
        s, keys = self.secrets, {}
        publics = collections.defaultdict(list)
        for key in self.books.office_key:
            publics[key.kind].append(bytes(key.public))
        marks = collections.defaultdict(list)
        for point in self.books.audit_checkpoint:
            marks[point.signer].append(point.signer_seq)
        for signer in self.books.audit_signer:
            box = bytes(signer.mac_box)
            hash_ = blake(b"signer" + box)
            if signer.kind in ("gateway", "server") and not any(
                    certified(public, signer.sig, "signer", s.tenant, hash_,
                              key_of(signer.id))
                    for public in publics[signer.kind]):
                self.say("chain", signer.id, "signer without a certificate")
            try:
                first = open_box(box, context(
                    s.tenant, SIGNER, ESCROW, row=key_of(signer.id)),
                    s.escrow)
            except Sealed:
                self.say("chain", signer.id, "MAC key does not open")
                continue
            keys[signer.id] = (first, sorted(marks[signer.id]))
        return keys

    def wrong_with(self, event, seq, head, macs):
        if event.seq != seq:
            return f"number {seq} is missing"
        if bytes(event.prev) != head:
            return "it does not follow the one before it"
        if event_hash(event) != bytes(event.hash):
            return "its fields were altered"
        if event.signer not in macs:
            return "signed by nobody"
        key, points = macs[event.signer]
        for _ in range(sum(p < event.signer_seq for p in points)):
            key = blake(key)
        if blake(bytes(event.hash), key)[:16] != bytes(event.mac):
            return "its MAC is another's"
        return None

    def check_state(self, case):
        events = self.events[case.id]
        state = None
        for event in events:
            if event.action == "register" and state is None:
                state = "received"
            elif state is None:
                state = "held"
            state = MOVES.get((event.action, state), state)
        if state != case.state:
            self.say("unexplained-row", case.id,
                     f"{case.state}; its log says {state}")

    # -- 5: nothing left over -------------------------------------------------

    def check_leases(self):
        if not self.settled:
            return
        for row in self.books.inbound:
            if row.lease_until is not None or row.state == "received":
                self.say("held-lease", row.id, f"inbound {row.state}")
            elif row.dek_box_svc is not None:
                self.say("held-lease", row.id, "filed, and still readable")
        for row in self.books.outbox:
            if row.lease_until is not None or row.state in ("queued",
                                                            "unknown"):
                self.say("held-lease", row.id, f"outbox {row.state}")


def name_in(raw, field="Message-ID"):
    """The message named by a header field, without its brackets."""
    value = email.message_from_bytes(raw)[field] or ""
    return value.strip().strip("<>")


def event_hash(event):
    head = (b"OUV-AUDIT-1".ljust(16, b"\0") + key_of(event.chain)
            + struct.pack(">QQ", event.seq, event.at_us)
            + key_of(event.signer) + struct.pack(">Q", event.signer_seq)
            + key_of(event.actor) + event.action.encode().ljust(32, b"\0")
            + key_of(event.object))
    return blake(head + blake(octets(event.details) or b"")
                 + bytes(event.prev))


# ---- as a program -----------------------------------------------------------


def connect(config):
    values = read_config(config)
    path = values.get(("database", "owner_password_file"))
    password = ""
    if path:
        with open(os.path.join(os.path.dirname(config), path)) as source:
            password = f" password={source.read().strip()}"
    return psycopg2.connect(f"{values['database', 'dsn']} user="
                            f"{values['database', 'owner_user']}{password}")


def read_imap(host, port, user, password, folders):
    """{(uidvalidity, uid): octets}; mail that was moved has another uid, so
    only the first folder's are named as the database names them."""
    line = imaplib.IMAP4(host, port, timeout=20)
    line.login(user, password)
    found = {}
    for folder in folders:
        if line.select(folder, readonly=True)[0] != "OK":
            continue
        validity = int(line.response("UIDVALIDITY")[1][0])
        for uid in line.uid("SEARCH", None, "ALL")[1][0].split():
            answer = line.uid("FETCH", uid, "(BODY.PEEK[])")[1]
            raw = next(p[1] for p in answer if isinstance(p, tuple))
            found[validity, int(uid)] = raw
    line.logout()
    return found


def main():
    parser = argparse.ArgumentParser(
        usage="accountant.py CONFIG OFFLINE [--sent FOLDER]")
    parser.add_argument("config")
    parser.add_argument("offline")
    parser.add_argument("--sent")
    options = parser.parse_args()
    config = os.path.abspath(options.config)
    values = read_config(config)
    mailbox = None
    if values.get(("imap", "security")) == "none":
        with open(os.path.join(os.path.dirname(config),
                               values["imap", "password_file"])) as source:
            password = source.read().strip()
        mailbox = read_imap(values["imap", "host"], values["imap", "port"],
                            values["imap", "user"], password,
                            [values["imap", "mailbox"]])
    sent = None
    if options.sent:
        sent = []
        for path in sorted(glob.glob(os.path.join(options.sent, "*.eml"))):
            with open(path, "rb") as source:
                sent.append(Sent([], source.read()))
    books = Books(connect(config))
    found = Accountant(
        books, Secrets(config, options.offline), mailbox=mailbox,
        sent=sent).findings()
    for finding in found:
        print(finding)
    print(f"{len(books.inbound)} mails in, {len(books.case_file)} cases, "
          f"{len(books.outbox)} letters, {len(books.audit_event)} events, "
          f"{len(found)} findings")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
