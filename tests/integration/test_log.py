"""The log proves itself: what was altered, cut, swapped or written anew is
found and named, by whoever has the database, the mails that were kept, or two
shares of the escrow key; and people read it in plain words."""

import json
import os
import re
import struct

import pytest

import accountant
from harness import wait_until
from ouvoffice import accounts, conf
from scene import Scene, letter

KEEPERS = ("um@guarda.example", "dois@guarda.example")
SENDERS = ("ana@consumidora.example", "rui@consumidor.example")


class Log:
    """An office that has worked a little, at rest, and copies of it."""

    def __init__(self, template):
        self.scene = Scene(template, to_sink=True, imap_poll_secs=1,
                           audit_mail_to=", ".join(KEEPERS))
        self.template = template

    def work(self):
        scene = self.scene.begin()
        for sender in SENDERS:
            scene.filed(letter(sender), sender)
        self.cases = [row[0] for row in scene.query(
            "SELECT protocol FROM case_file WHERE protocol IS NOT NULL"
            " ORDER BY protocol")]
        wait_until("the outbox is empty", scene.outbox_is_quiet, 20, 0.1)
        scene.logged_in("mediator").get(f"/cases/{self.cases[0]}")
        self.rest()
        return self

    def rest(self):
        """An orderly stop of both programs: they seal what they wrote."""
        for program in (self.scene.server, self.scene.gateway):
            program.stop()

    def wake(self):
        self.scene.gateway.begin()
        self.scene.server.begin()

    @property
    def admin(self):
        return self.scene.office.admin

    def keepers_got(self):
        return [m for m in self.scene.sink.mails
                if set(m.recipients) & set(KEEPERS)]

    def shares(self):
        return [os.path.join(self.template.offline, f"escrow-share-{n}")
                for n in (1, 3)]


@pytest.fixture(scope="module")
def log(template):
    made = Log(template)
    try:
        yield made.work()
    finally:
        made.scene.stop()


@pytest.fixture(scope="module")
def kept(log):
    """What a keeper holds: the programs begin again, and mail."""
    log.wake()
    wait_until("all is mailed", lambda: not log.scene.database.value(
        "SELECT count(*) FROM audit_checkpoint WHERE mailed IS NULL"), 20, 0.1)
    log.rest()
    path = os.path.join(log.scene.office.home, "kept.mbox")
    accounts.write_file(path, "\n".join(
        m.content.decode() for m in log.keepers_got()
        if m.recipients == [KEEPERS[0]]))
    return path


# ---- somebody who may do everything in the database -------------------------


class Copy:
    """The office's database once more, for an intruder to work on."""

    def __init__(self, log):
        self.log = log
        database = log.scene.database
        database.cluster.hang_up(database.name)  # nobody may be in it
        self.database = database.cluster.fresh(database.name)
        self.config = os.path.join(log.scene.office.home,
                                   f"{self.database.name}.conf")
        with open(log.scene.office.config) as source:
            accounts.write_file(self.config, source.read())
        conf.adjust(self.config, {("database", "dsn"): self.database.dsn})

    def query(self, sql, *values):
        return self.database.query(sql, *values)

    def do(self, sql, *values):
        """As the owner with the walls taken down."""
        line = self.database.connect()
        try:
            with line, line.cursor() as cursor:
                cursor.execute("SET session_replication_role = replica")
                cursor.execute(sql, values)
                assert cursor.rowcount > 0, sql
        finally:
            line.close()

    def verify(self, *arguments):
        admin = self.log.admin
        old, admin.config = admin.config, self.config
        try:
            status, out, err = admin.run("audit", "verify", "--json",
                                         *arguments)
        finally:
            admin.config = old
        assert out, err
        found = json.loads(out)
        assert status == (0 if found["ok"] else 1)
        return found

    def chain(self, action="read"):
        """A case's chain that holds such an entry: (chain, its seq, last)."""
        return self.query(
            "SELECT e.chain, e.seq, (SELECT max(seq) FROM audit_event l"
            "  WHERE l.chain = e.chain) FROM audit_event e JOIN case_file c"
            "  ON c.id = e.chain WHERE e.action = %s ORDER BY 1, 2 LIMIT 1",
            action)[0]

    def write_anew(self, chain, since):
        """Every hash from there on as it must be, without anybody's key."""
        fields = ("chain, seq, at_us, signer, signer_seq, actor, action,"
                  " object, details, prev, hash")
        rows = self.query(f"SELECT {fields} FROM audit_event WHERE chain = %s"
                          " AND seq >= %s ORDER BY seq", chain, since)
        head = None
        for row in rows:
            event = accountant.collections.namedtuple(
                "Event", [f.strip() for f in fields.split(",")])(*row)
            if head is not None:
                event = event._replace(prev=head)
            head = accountant.event_hash(event)
            self.do("UPDATE audit_event SET prev = %s, hash = %s"
                    " WHERE chain = %s AND seq = %s", bytes(event.prev), head,
                    chain, event.seq)

    def close(self):
        self.database.drop()


@pytest.fixture
def copy(log, kept):
    made = Copy(log)
    yield made
    made.close()


def named(found, chain):
    return found["chain"] == str(chain).replace("-", "")


# ---- nothing wrong ----------------------------------------------------------


def test_a_whole_log_verifies_down_to_its_macs(log, kept, copy):
    found = copy.verify("--mail", kept, "--escrow", log.shares()[0],
                        "--escrow", log.shares()[1])
    events, = copy.query("SELECT count(*) FROM audit_event")[0]
    points, = copy.query("SELECT count(*) FROM audit_checkpoint")[0]
    assert found["ok"] and found["events"] == found["macs"] == events
    assert found["checkpoints"] == points > 3
    # Both programs stopped in order: nothing is left open.
    assert found["unsealed"] == 0
    assert found["mailed"] == open(kept).read().count("OUV-CHECKPOINT-1 ")


def test_every_run_that_wrote_has_sealed_all_it_wrote(log, copy):
    assert copy.query(
        "SELECT signer FROM audit_event e GROUP BY signer HAVING"
        " max(signer_seq) <> coalesce((SELECT max(c.signer_seq) FROM"
        " audit_checkpoint c WHERE c.signer = e.signer), 0)") == []
    kinds = {row[0] for row in copy.query(
        "SELECT s.kind FROM audit_checkpoint c JOIN audit_signer s"
        " ON s.id = c.signer")}
    assert kinds == {"gateway", "server", "operator"}


def test_verifying_needs_only_to_read(copy):
    """A role that may select from the log's tables, and nothing else."""
    copy.query("DROP ROLE IF EXISTS log_reader")
    copy.query("CREATE ROLE log_reader LOGIN PASSWORD 'reads'")
    try:
        copy.query("GRANT SELECT (id, key_version) ON case_file"
                   " TO log_reader")
        copy.query("GRANT SELECT ON audit_event, audit_signer,"
                   " audit_checkpoint, office, office_key, schema_migration"
                   " TO log_reader")
        path = os.path.join(os.path.dirname(copy.config), "reader.pw")
        accounts.write_file(path, "reads\n")
        conf.adjust(copy.config, {("database", "owner_user"): "log_reader",
                                  ("database", "owner_password_file"): path})
        assert copy.verify()["ok"]
    finally:
        copy.query("DROP OWNED BY log_reader")
        copy.query("DROP ROLE log_reader")


def test_the_checkpoint_is_what_another_program_makes_of_it(log, copy):
    """Heads, tree and signature, from their description alone."""
    from nacl import bindings as na
    secrets = log.scene.secrets()
    publics = [bytes(row[0]) for row in copy.query(
        "SELECT public FROM office_key WHERE kind IN ('gateway', 'server')")]
    rows = copy.query(
        "SELECT c.signer, c.n, c.at_us, c.signer_seq, c.events, c.merkle_root,"
        " c.prev, c.sig, c.heads FROM audit_checkpoint c JOIN audit_signer s"
        " ON s.id = c.signer WHERE s.kind <> 'operator' ORDER BY 1, 2")
    last = {}
    for signer, n, at, upto, events, root, prev, sig, heads in rows:
        heads = bytes(heads)
        leaves = [heads[i:i + 56] for i in range(0, len(heads), 56)]
        assert leaves == sorted(leaves)
        level = [accountant.blake(b"\0" + leaf) for leaf in leaves]
        while len(level) > 1:
            pairs = [level[i:i + 2] for i in range(0, len(level), 2)]
            level = [accountant.blake(b"\1" + b"".join(p)) if len(p) == 2
                     else p[0] for p in pairs]
        assert level[0] == bytes(root)
        message = (b"OUV-CHECKPOINT-1" + secrets.tenant
                   + accountant.key_of(signer)
                   + struct.pack(">QQQQ", n, at, upto, events)
                   + bytes(root) + bytes(prev))
        assert bytes(prev) == last.get(signer, bytes(32))
        last[signer] = accountant.blake(message)
        assert any(na.crypto_sign_open(bytes(sig) + message, public) == message
                   for public in publics if verifies(na, sig, message, public))
        for leaf in leaves:
            assert copy.query(
                "SELECT count(*) FROM audit_event WHERE chain = %s"
                " AND seq = %s AND hash = %s", leaf[:16].hex(),
                struct.unpack(">Q", leaf[16:24])[0], leaf[24:]) == [(1,)]
    assert rows


def verifies(na, sig, message, public):
    try:
        na.crypto_sign_open(bytes(sig) + message, public)
    except Exception:  # noqa: BLE001: a signature of another key
        return False
    return True


# ---- what an intruder tries -------------------------------------------------


def test_an_altered_entry_is_named(copy):
    chain, seq, _ = copy.chain()
    copy.do("UPDATE audit_event SET actor = gen_random_uuid()"
            " WHERE chain = %s AND seq = %s", chain, seq)
    found = copy.verify()
    assert named(found, chain) and found["seq"] == seq
    assert "altered" in found["what"]


def test_a_missing_entry_is_named(copy):
    chain, seq, last = copy.chain("acknowledge")
    assert seq < last
    copy.do("DELETE FROM audit_event WHERE chain = %s AND seq = %s", chain,
            seq)
    found = copy.verify()
    assert named(found, chain) and found["seq"] == seq + 1
    assert "missing" in found["what"]


def test_two_entries_that_changed_places_are_named(copy):
    chain, seq, _ = copy.chain("acknowledge")
    copy.do("UPDATE audit_event SET seq = CASE seq WHEN %s THEN -1 ELSE %s END"
            " WHERE chain = %s AND seq IN (%s, %s)", seq, seq, chain, seq,
            seq + 1)
    copy.do("UPDATE audit_event SET seq = %s WHERE chain = %s AND seq = -1",
            seq + 1, chain)
    found = copy.verify()
    assert named(found, chain) and found["seq"] == seq


def test_a_cut_end_is_named_by_the_checkpoint(copy):
    chain, _, last = copy.chain()
    copy.do("DELETE FROM audit_event WHERE chain = %s AND seq = %s", chain,
            last)
    found = copy.verify()
    assert found["where"] == "chain" and named(found, chain)
    assert found["seq"] == last and "sealed and is missing" in found["what"]


def test_a_chain_that_is_gone_is_named(copy):
    chain, _, last = copy.chain()
    copy.do("DELETE FROM audit_event WHERE chain = %s", chain)
    found = copy.verify()
    assert named(found, chain) and "missing" in found["what"]


def test_a_chain_written_anew_is_not_the_one_that_was_sealed(copy):
    """The intruder makes every hash fit; no chain is broken."""
    chain, seq, last = copy.chain()
    copy.do("UPDATE audit_event SET actor = gen_random_uuid()"
            " WHERE chain = %s AND seq = %s", chain, seq)
    copy.write_anew(chain, seq)
    found = copy.verify()
    assert named(found, chain) and seq <= found["seq"] <= last
    assert found["what"] == "it is not the entry that was sealed"


@pytest.mark.parametrize("step", [1, -1])
def test_a_case_that_was_put_back_to_a_former_key_is_named(copy, step):
    """Old rows of a case and its former key are put back, or a key is passed
    over: its log knows how many keys it had."""
    case, = copy.query("SELECT id FROM case_file ORDER BY id LIMIT 1")[0]
    copy.do("UPDATE case_file SET key_version = key_version + %s"
            " WHERE id = %s", step, case)
    found = copy.verify()
    assert named(found, case) and "another time" in found["what"]


@pytest.mark.parametrize("sql, what", [
    ("UPDATE audit_checkpoint SET heads = '', merkle_root = decode(%s, 'hex')",
     "signature"),
    ("UPDATE audit_checkpoint SET heads = substr(heads, 57)", "heads"),
    ("UPDATE audit_checkpoint SET signer_seq = signer_seq + 1", "signature"),
    ("UPDATE audit_checkpoint SET sig = decode(repeat('00', 64), 'hex')",
     "signature")])
def test_a_changed_checkpoint_is_named(copy, sql, what):
    values = [accountant.blake(b"").hex()] if "%s" in sql else []
    signer, = copy.query("SELECT signer FROM audit_checkpoint c JOIN"
                         " audit_signer s ON s.id = c.signer"
                         " WHERE kind = 'server' LIMIT 1")[0]
    copy.do(sql + " WHERE signer = %s AND n = 1", *values, signer)
    found = copy.verify()
    assert found["where"] == "checkpoint" and named(found, signer)
    assert found["seq"] == 1 and what in found["what"]


def test_a_run_nobody_certified_is_named(copy):
    signer, = copy.query("SELECT id FROM audit_signer WHERE kind = 'gateway'"
                         " ORDER BY id LIMIT 1")[0]
    copy.do("UPDATE audit_signer SET sig = set_byte(sig, 3,"
            " get_byte(sig, 3) # 1) WHERE id = %s", signer)
    found = copy.verify()
    assert found["where"] == "signer" and named(found, signer)


def test_a_run_that_was_removed_is_named(copy):
    signer, = copy.query("SELECT signer FROM audit_checkpoint LIMIT 1")[0]
    copy.do("DELETE FROM audit_signer WHERE id = %s", signer)
    assert "nobody knows" in copy.verify()["what"]


def test_an_administrators_run_needs_the_word_of_root(copy):
    signer, = copy.query("SELECT id FROM audit_signer WHERE person IS NOT NULL"
                         " LIMIT 1")[0]
    copy.do("UPDATE audit_signer SET public = decode(repeat('07', 32), 'hex')"
            " WHERE id = %s", signer)
    found = copy.verify()
    assert found["where"] == "signer" and named(found, signer)


# ---- what only somebody outside notices -------------------------------------


def cut_back(copy, signer):
    """The run's last checkpoint, and all that it sealed, gone without trace:
    chains end earlier, and what is left fits together."""
    (n, since), = copy.query(
        "SELECT max(n), coalesce((SELECT max(signer_seq) FROM audit_checkpoint"
        "  WHERE signer = %s AND n < (SELECT max(n) FROM audit_checkpoint"
        "   WHERE signer = %s)), 0) FROM audit_checkpoint WHERE signer = %s",
        signer, signer, signer)
    copy.do("DELETE FROM audit_checkpoint WHERE signer = %s AND n = %s",
            signer, n)
    copy.do("DELETE FROM audit_event WHERE signer = %s AND signer_seq > %s",
            signer, since)
    return n


def last_server(copy):
    """The server's run that worked: its entries are the last of their
    chains, as nothing happened after it but the keepers' mails."""
    return copy.query(
        "SELECT e.signer FROM audit_event e JOIN audit_signer s"
        " ON s.id = e.signer WHERE s.kind = 'server' GROUP BY 1"
        " HAVING bool_and(NOT EXISTS (SELECT 1 FROM audit_event l WHERE"
        "  l.chain = e.chain AND l.seq > e.seq AND l.signer <> e.signer))")[0]


def test_a_log_cut_with_its_checkpoint_fits_and_the_kept_mail_tells(
        copy, kept):
    signer, = last_server(copy)
    n = cut_back(copy, signer)
    assert copy.verify()["ok"]
    found = copy.verify("--mail", kept)
    assert found["where"] == "mail" and named(found, signer)
    assert found["seq"] == n and "the log was cut" in found["what"]


def test_a_run_that_was_mailed_cannot_be_forgotten(copy, kept):
    signer, = last_server(copy)
    cut_back(copy, signer)
    copy.do("DELETE FROM audit_signer WHERE id = %s", signer)
    assert copy.verify()["ok"]
    found = copy.verify("--mail", kept)
    assert found["where"] == "mail" and named(found, signer)


def test_a_mail_that_somebody_made_accuses_nobody_else(copy, kept, folder):
    text = open(kept).read()
    path = folder / "other.eml"
    root = re.search(r"root: (\w{64})", text).group(1)
    accounts.write_file(path, text.replace(root, "0" * 64))
    assert copy.verify("--mail", path)["what"] == "the kept mail was altered"
    accounts.write_file(path, "Subject: nothing\n\nno line of ours\n")
    status, _, err = copy.log.admin.run("audit", "verify", "--mail", path)
    assert status == 1 and b"holds no checkpoint" in err


def test_a_mail_that_was_handed_on_is_read_as_well(copy, kept, folder):
    quoted = "".join("> " + line for line in open(kept).read()
                     .splitlines(keepends=True))
    path = folder / "forwarded.txt"
    accounts.write_file(path, quoted.replace("\n", "\r\n"))
    assert copy.verify("--mail", path)["mailed"] > 0


# ---- what only the escrow notices -------------------------------------------


def first_key(log, copy, signer):
    (box,), = copy.query("SELECT mac_box FROM audit_signer WHERE id = %s",
                         signer)
    secrets = log.scene.secrets()
    return accountant.open_box(box, accountant.context(
        secrets.tenant, accountant.SIGNER, accountant.ESCROW,
        row=accountant.key_of(signer)), secrets.escrow)


def test_who_has_todays_mac_key_cannot_write_yesterdays_entry(log, copy):
    """The entry of before the checkpoint is written anew with the key that
    the run holds afterwards, and even the checkpoint is gone: only the first
    key, in the escrow, shows it."""
    signer, = last_server(copy)
    chain, seq, last = copy.query(
        "SELECT chain, seq, (SELECT max(l.seq) FROM audit_event l"
        "  WHERE l.chain = e.chain) FROM audit_event e WHERE signer = %s"
        " AND action = 'login'", signer)[0]
    today = accountant.blake(first_key(log, copy, signer))
    copy.do("UPDATE audit_event SET actor = gen_random_uuid()"
            " WHERE chain = %s AND seq = %s", chain, seq)
    copy.write_anew(chain, seq)
    for number, hash_ in copy.query("SELECT seq, hash FROM audit_event WHERE"
                                    " chain = %s AND seq >= %s", chain, seq):
        copy.do("UPDATE audit_event SET mac = %s WHERE chain = %s"
                " AND seq = %s", accountant.blake(bytes(hash_), today)[:16],
                chain, number)
    copy.do("DELETE FROM audit_checkpoint WHERE signer = %s", signer)
    assert copy.verify()["ok"]
    found = copy.verify("--escrow", log.shares()[0], "--escrow",
                        log.shares()[1])
    assert named(found, chain) and found["seq"] == seq
    assert "MAC" in found["what"]


def test_wrong_shares_are_refused(log, copy):
    root = [os.path.join(log.template.offline, f"root-share-{n}")
            for n in (1, 2)]
    status, out, err = log.admin.run("audit", "verify", "--escrow", root[0],
                                     "--escrow", root[1])
    assert status == 1 and not out and b"shares of ESCROW" in err


# ---- the keepers ------------------------------------------------------------


def test_each_keeper_gets_one_mail_that_nobody_answers(log, kept):
    mails = log.keepers_got()
    assert sorted(m.recipients[0] for m in mails[:2]) == sorted(KEEPERS)
    for arrived in mails[:2]:
        mail = arrived.parsed
        assert arrived.sender == ""
        assert mail["Auto-Submitted"] == "auto-generated"
        assert mail["X-Auto-Response-Suppress"] == "All"
        assert mail["X-Ouvidoria-Loop"]
        text = mail.get_content()
        points = re.findall(r"^OUV-CHECKPOINT-1 \d+\r?$", text, re.M)
        assert points and str(len(points)) in mail["Subject"]
        # What it says is no secret: no name, no address, no case.
        for word in (*SENDERS, *log.cases, "Ana", "mediator"):
            assert word not in text


def test_a_keeper_behind_a_dead_mail_server_gets_it_later(log, kept):
    """One takes it, the other's server is away for a while."""
    before = len(log.keepers_got())
    fault = log.scene.sink.fault("rcpt", reply="451 4.3.0 later", times=None,
                                match=KEEPERS[1])
    log.scene.server.begin()
    log.scene.logged_in("mediator")
    log.scene.server.stop()
    log.scene.gateway.begin()
    try:
        wait_until("the first has it", lambda: len(log.keepers_got()) > before
                   and fault.hits, 20, 0.1)
        assert log.scene.database.value(
            "SELECT count(*) FROM audit_checkpoint WHERE mailed IS NULL") > 0
    finally:
        log.scene.gateway.stop()
        log.scene.sink.heal()
    log.scene.gateway.begin()
    try:
        wait_until("it is mailed", lambda: not log.scene.database.value(
            "SELECT count(*) FROM audit_checkpoint WHERE mailed IS NULL"), 20,
            0.1)
    finally:
        log.scene.gateway.stop()
    assert any(m.recipients == [KEEPERS[1]]
               for m in log.keepers_got()[before:])


def test_the_operator_hears_whether_anybody_keeps_them(log, kept):
    status, out, _ = log.admin.run("audit", "status", "--json")
    said = json.loads(out)
    assert status == 0 and said["mail_to"] == ", ".join(KEEPERS)
    assert said["mailed"].startswith("20") and said["checkpoints"] > 0
    with open(log.scene.office.config) as source:
        bare = source.read().replace(", ".join(KEEPERS), "")
    path = os.path.join(log.scene.office.home, "nobody.conf")
    accounts.write_file(path, bare)
    old, log.admin.config = log.admin.config, path
    try:
        _, out, _ = log.admin.run("audit", "status")
    finally:
        log.admin.config = old
    assert b"nobody" in out
