"""The accountant finds what was taken, altered or doubled, names it, and says
nothing when nothing is wrong."""

import contextlib
import os
import re
import secrets
import subprocess
import uuid

import pytest

import accountant
import harness
from accountant import Injected, Sent
from scene import Scene, answer_to, letter, mark, with_file

SENDER = "ana@consumidora.example"


class Past:
    """An office after a little of everything, at rest."""

    def __init__(self, template):
        self.scene = Scene(template).begin()
        self.injected = []
        scene = self.scene
        plain = self.write(letter(SENDER, text="Bom dia, " + mark()), True)
        self.answer = scene.acknowledged(plain, SENDER)
        self.case = scene.case_of(self.answer)
        reply = self.write(answer_to(self.answer, SENDER, text=mark()), False)
        scene.filed(reply, SENDER)
        large = self.write(with_file(SENDER, secrets.token_bytes(900_000),
                                     "nota.pdf", text=mark()), True)
        scene.acknowledged(large, SENDER)
        scene.filed(self.write(letter(
            SENDER, text=mark(), fields=[("Auto-Submitted",
                                          "auto-generated")]), False), SENDER)
        scene.filed(self.write(letter(
            "eve@stranger.example", text=mark(), to=self.answer.parsed[
                "Reply-To"]), False), "eve@stranger.example")
        browser = scene.logged_in("mediator")
        page, _ = browser.reply(f"/cases/{self.case['protocol']}",
                                "Sua geladeira", "Falamos com a loja.")
        assert page.status == 303
        scene.arrived(SENDER, 3)
        harness.wait_until("the outbox is empty", scene.outbox_is_quiet)

    def write(self, raw, ack):
        found = re.search(rb"k[0-9a-f]{31}", raw).group()
        self.injected.append(Injected(found, ack, raw))
        return raw

    def findings(self, injected=None, sent=None):
        """As it is; or with other things handed in, or sent."""
        scene = self.scene
        mailbox = accountant.read_imap(
            "127.0.0.1", scene.dovecot.port, "ouvidoria",
            scene.dovecot.users["ouvidoria"], ["INBOX"])
        return accountant.Accountant(
            accountant.Books(scene.database.connect()), scene.secrets(),
            mailbox=mailbox,
            sent=scene.sent() if sent is None else sent,
            injected=injected or self.injected).findings()

    @contextlib.contextmanager
    def damaged(self):
        """The database as it was, after the test has done its worst."""
        cluster, name = self.scene.database.cluster, self.scene.database.name
        for server in (self.scene.gateway, self.scene.server):
            server.stop()
        copy = f"{name}_kept"
        cluster.ensure_database(copy, name)
        try:
            yield
        finally:
            cluster.drop_database(name)
            cluster.ensure_database(name, copy)
            cluster.drop_database(copy)

    def sql(self, text, *values):
        """As the superuser, and with the log's own guard off."""
        with self.scene.database.connect() as line, line.cursor() as cursor:
            cursor.execute("ALTER TABLE audit_event DISABLE TRIGGER ALL")
            cursor.execute(text, values)
            rows = cursor.fetchall() if cursor.description else None
            cursor.execute("ALTER TABLE audit_event ENABLE TRIGGER ALL")
        line.close()
        return rows

    def item_of(self, n):
        """The item of the n-th mail handed in: id, case, seq."""
        wanted = self.injected[n].mark
        mails = {m.uid: m.raw for m in self.scene.dovecot.mails()}
        for uid, item, case, seq in self.sql(
                "SELECT i.uid, t.id, t.case_id, t.seq FROM inbound i"
                " JOIN item t ON t.id = i.id"):
            if wanted in mails[uid]:
                return item, case, seq
        raise LookupError(wanted)


@pytest.fixture(scope="module")
def past(template):
    made = Past(template)
    try:
        yield made
    finally:
        made.scene.stop()


def found(past, **what):
    return [(f.kind, f.subject) for f in past.findings(**what)]


def text(value):
    return value.decode()


def test_an_office_without_a_fault_has_no_finding(past):
    assert past.findings() == []
    assert len(past.sql("SELECT 1 FROM inbound")) == 5
    assert len(past.sql("SELECT 1 FROM outbox")) == 3


def test_a_lost_row_is_found(past):
    item, case, seq = past.item_of(1)
    with past.damaged():
        past.sql("DELETE FROM item WHERE id = %s", item)
        assert found(past) == sorted([
            ("count", case),                       # the case says four
            ("lost", text(past.injected[1].mark)),  # whose mail it was
            ("lost", item),                        # the log knows it
            ("orphan", item)])                     # its bytes are left


def test_a_mail_of_which_nothing_is_left_is_found(past):
    item, case, seq = past.item_of(3)
    with past.damaged():
        for sql in ("DELETE FROM inbound WHERE id = %s",
                    "DELETE FROM chunk WHERE item = %s",
                    "DELETE FROM item WHERE id = %s",
                    "DELETE FROM audit_event WHERE object = %s"):
            past.sql(sql, item)
        past.sql("DELETE FROM case_file WHERE id = %s", case)
        past.sql("DELETE FROM case_grant WHERE case_id = %s", case)
        assert found(past) == [("waiting", text(past.injected[3].mark))]


@pytest.mark.parametrize("n", [0, 1, 3])
def test_a_missing_chunk_is_found(past, n):
    item, case, seq = past.item_of(2)
    count = len(past.sql("SELECT n FROM chunk WHERE item = %s", item))
    assert count > 4
    with past.damaged():
        past.sql("DELETE FROM chunk WHERE item = %s AND n = %s", item,
                 n if n else count - 1)
        assert found(past) == [("unopened", item)]


@pytest.mark.parametrize("table, column, row", [
    ("chunk", "ct", "item"), ("item", "body", "id"), ("item", "dek_box", "id")])
def test_one_altered_byte_is_found(past, table, column, row):
    item, case, seq = past.item_of(2)
    with past.damaged():
        (value,), *_ = past.sql(
            f"SELECT {column} FROM {table} WHERE {row} = %s"
            " ORDER BY 1 DESC LIMIT 1", item)
        bad = bytearray(value)
        bad[len(bad) // 2] ^= 1
        past.sql(f"UPDATE {table} SET {column} = %s WHERE {row} = %s"
                 f" AND {column} = %s", bytes(bad), item, bytes(value))
        assert found(past) == [("unopened", item)]


def test_a_row_moved_to_another_is_found(past):
    one, _, _ = past.item_of(0)
    two, _, _ = past.item_of(1)
    with past.damaged():
        past.sql("UPDATE item SET body = (SELECT body FROM item"
                 " WHERE id = %s) WHERE id = %s", one, two)
        assert found(past) == [("unopened", two)]


def test_other_bytes_than_were_received_are_found(past):
    item, _, _ = past.item_of(0)
    with past.damaged():
        past.sql("UPDATE inbound SET raw_mac = decode(repeat('00', 32), 'hex')"
                 " WHERE id = %s", item)
        assert found(past) == [("differs", item)]


def test_other_bytes_than_were_handed_in_are_found(past):
    one = past.injected[0]
    item, _, _ = past.item_of(0)
    other = [Injected(one.mark, one.ack, one.raw.replace(b"Bom", b"Mau")),
             *past.injected[1:]]
    assert found(past, injected=other) == [("differs", item)]


def test_a_deleted_event_is_found(past):
    """The one that appended the reply: others follow it."""
    item, case, _ = past.item_of(1)
    with past.damaged():
        (after,), = past.sql(
            "DELETE FROM audit_event WHERE object = %s RETURNING seq + 1",
            item)
        assert found(past) == [("chain", f"{case}/{after}"),
                               ("unexplained-row", item)]


def test_a_log_cut_at_its_end_is_found(past):
    """Nothing follows the last event; but a letter that was sent says so."""
    (letter_id, case), = past.sql(
        "SELECT id, case_id FROM outbox WHERE kind = 'reply'")
    with past.damaged():
        past.sql("DELETE FROM audit_event e WHERE chain = %s AND seq >="
                 " (SELECT seq FROM audit_event WHERE object = %s"
                 "   AND action = 'sent')", case, letter_id)
        assert found(past) == [("unexplained-row", letter_id)]


@pytest.mark.parametrize("change", [
    "at_us = at_us - 1", "actor = gen_random_uuid()", "action = 'hold'",
    "signer_seq = signer_seq + 1000", "details = 'x'"])
def test_an_altered_event_is_found(past, change):
    item, case, _ = past.item_of(1)
    (seq,), = past.sql("SELECT seq FROM audit_event WHERE object = %s", item)
    with past.damaged():
        past.sql(f"UPDATE audit_event SET {change} WHERE object = %s", item)
        assert found(past) == [("chain", f"{case}/{seq}")]


def test_an_event_forged_with_a_good_hash_is_found(past):
    """Whoever holds the database alone cannot make the MAC."""
    item, case, _ = past.item_of(3)
    with past.damaged():
        past.sql("UPDATE audit_event SET at_us = at_us - 1 WHERE object = %s",
                 item)
        books = accountant.Books(past.scene.database.connect())
        event = next(e for e in books.audit_event if e.object == item)
        past.sql("UPDATE audit_event SET hash = %s WHERE object = %s",
                 accountant.event_hash(event), item)
        assert ("chain", f"{case}/{event.seq}") in found(past)
        assert {f.text for f in past.findings()} <= {
            "its MAC is another's", "it does not follow the one before it"}


def test_a_state_without_an_event_is_found(past):
    with past.damaged():
        past.sql("UPDATE case_file SET state = 'closed' WHERE id = %s",
                 past.case["id"])
        assert found(past) == [("unexplained-row", past.case["id"])]


def test_a_doubled_item_is_found(past):
    """Filed a second time by the program itself, which was made to forget
    that it knows the mail."""
    item, case, _ = past.item_of(1)
    with past.damaged():
        past.sql("UPDATE inbound SET canon_mac = raw_mac WHERE id = %s", item)
        status, (told,) = past.scene.gateway.ingest(past.injected[1].raw)
        assert (status, told["outcome"]) == (0, "appended")
        assert found(past) == [("doubled", text(past.injected[1].mark))]


def test_a_mail_that_nobody_handed_in_is_found(past):
    item, _, _ = past.item_of(3)
    assert found(past, injected=past.injected[:3] + past.injected[4:]) == [
        ("unexplained-row", item)]


def test_an_unexplained_mail_at_a_reader_is_found(past):
    stranger = Sent([], letter("ouvidoria@ouvidoria.example",
                               message_id="<x@ouvidoria.example>"))
    assert found(past, sent=past.scene.sent() + [stranger]) == [
        ("unexplained-mail", "x")]


def test_a_letter_without_a_cause_is_found(past):
    (letter_id,), = past.sql("SELECT id FROM outbox WHERE kind = 'reply'")
    with past.damaged():
        past.sql("UPDATE audit_event SET object = gen_random_uuid()"
                 " WHERE object = %s AND action = 'reply'", letter_id)
        assert ("unexplained-mail", letter_id) in found(past)


def test_a_second_copy_needs_a_try_without_an_end(past):
    sent = past.scene.sent()
    name = accountant.name_in(sent[0].content).partition("@")[0]
    row = accountant.unbase32(name.split(".")[1], 16)
    row = str(uuid.UUID(bytes=row))
    assert found(past, sent=sent + sent[:1]) == [("sent-twice", row)]
    with past.damaged():
        past.sql("INSERT INTO outbox_try (outbox, n) VALUES (%s, 0)", row)
        assert found(past, sent=sent + sent[:1]) == []


def test_a_letter_that_never_arrived_is_found(past):
    sent = past.scene.sent()
    replies = [m for m in sent if b"Falamos com" in m.content]
    rest = [m for m in sent if m not in replies]
    (letter_id,), = past.sql("SELECT id FROM outbox WHERE kind = 'reply'")
    assert found(past, sent=rest) == [("unsent", letter_id)]


def test_a_letter_altered_on_its_way_is_found(past):
    sent = [Sent(m.recipients, m.content.replace(b"Falamos com", b"Nunca fale"))
            for m in past.scene.sent()]
    (letter_id,), = past.sql("SELECT id FROM outbox WHERE kind = 'reply'")
    assert found(past, sent=sent) == [("differs", letter_id)]


def test_a_missing_and_an_unwanted_acknowledgement_are_found(past):
    first, second, *rest = past.injected
    other = [Injected(first.mark, False, first.raw),
             Injected(second.mark, True, second.raw), *rest]
    assert found(past, injected=other) == sorted([
        ("unacknowledged", text(second.mark)),
        ("unexplained-mail", text(first.mark))])


def test_a_unit_of_work_that_somebody_still_holds_is_found(past):
    item, _, _ = past.item_of(0)
    with past.damaged():
        past.sql("UPDATE inbound SET lease_until = now() WHERE id = %s", item)
        assert found(past) == [("held-lease", item)]


def test_bytes_of_nothing_are_found(past):
    with past.damaged():
        (item,), = past.sql(
            "INSERT INTO chunk VALUES (gen_random_uuid(), 0, 'x')"
            " RETURNING item")
        assert found(past) == [("orphan", item)]


def test_a_replaced_case_key_is_found(past):
    with past.damaged():
        past.sql("UPDATE case_key SET cpk = decode(repeat('09', 32), 'hex')"
                 " WHERE case_id = %s", past.case["id"])
        kinds = found(past)
        assert ("unopened", past.case["id"]) in kinds


def test_one_share_alone_opens_nothing(past):
    folder = past.scene.template.offline
    with open(os.path.join(folder, "escrow-share-1")) as source:
        share = source.read()
    with pytest.raises(ValueError, match="twice"):
        accountant.join_shares("escrow", share, share)
    wrong = share.replace("escrow", "root")
    with pytest.raises(ValueError, match="not a share"):
        accountant.join_shares("escrow", share, wrong)


@pytest.mark.parametrize("pair", [(1, 2), (1, 3), (2, 3), (3, 1)])
def test_any_two_shares_open_everything(past, pair):
    folder = past.scene.template.offline
    shares = [open(os.path.join(folder, f"escrow-share-{n}")).read()
              for n in pair]
    assert accountant.join_shares("escrow", *shares) \
        == past.scene.secrets().escrow


def test_the_program_says_the_same(past, tmp_path):
    for n, mail in enumerate(past.scene.sent()):
        (tmp_path / f"{n}.eml").write_bytes(mail.content)
    command = ["/usr/bin/python3", accountant.__file__,
               past.scene.office.config, past.scene.template.offline,
               "--sent", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith("3 letters, "
                                f"{len(past.sql('SELECT 1 FROM audit_event'))}"
                                " events, 0 findings\n")
    os.unlink(tmp_path / "0.eml")
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stdout.startswith("unsent: ") and "1 findings" in done.stdout
