"""The office's own secrets are changed while everybody works: mail comes in,
letters go out, a colleague reads, and nobody notices.

One office lives through all of it.
"""

import os
import re
import secrets
import shutil
import signal
import subprocess
import threading
import time

import pytest

import scene as stage
import test_disclosure as disclosure
import test_search as searching
import unseal
from harness import wait_until
from scene import Scene, answer_to, letter
from test_account import write_down
from test_impartial import declare
from test_party import path_in
from test_restore import admin, secret_path, share, shares


@pytest.fixture(scope="module")
def office(template):
    made = Scene(template, to_sink=True, imap_poll_secs=1,
                 mailgw_acks_domain_hour=100000)
    try:
        yield made.begin()
    finally:
        made.stop()


@pytest.fixture(scope="module")
def mediator(office):
    browser = office.logged_in("mediator")
    with open(secret_path(office, "pepper"), encoding="ascii") as key:
        browser.pepper = bytes.fromhex(key.read().strip())
    return browser


def hurry(office):
    """A letter that was claimed when its process was told to end is sent
    after a pause."""
    office.patiently("UPDATE outbox SET not_before = now()"
                     " WHERE state = 'queued' AND not_before > now()")
    office.query("NOTIFY ouv_outbox")


class Consumer:
    """Somebody whose case is open."""

    def __init__(self, office):
        self.office = office
        self.addr = f"ana.{secrets.token_hex(6)}@consumidora.example"
        office.post_mail(self.begin(), self.addr)
        self.ack = self.got(1)[0]
        self.protocol = re.search(r"\d{4}-\d{6,9}-\d",
                                  str(self.ack.parsed["Subject"])).group()
        self.path = f"/cases/{self.protocol}"
        self.id = office.case(self.protocol)["id"]

    def begin(self):
        return letter(self.addr)

    def got(self, count):
        def enough():
            hurry(self.office)
            found = self.office.sink.to(self.addr)
            return len(found) >= count and found

        return wait_until(f"{count} letters for {self.addr}", enough, 30,
                          0.1)

    def is_answered(self, browser, text="Recebemos e estamos cuidando."):
        """A letter that the console writes and the gateway sends to an
        address that it alone can open."""
        before = len(self.office.sink.to(self.addr))
        page, _ = browser.reply(self.path, "Sua geladeira", text)
        assert page.status == 303, page.words
        assert text in stage.plain_text(self.got(before + 1)[-1])

    def writes(self, text):
        """A reply to the acknowledgement: it comes to this case."""
        items = len(self.office.items(self.id))
        self.office.post_mail(answer_to(self.ack, self.addr, text=text),
                              self.addr, stage.address_of(
                                  self.ack.parsed["Reply-To"]))
        wait_until("it is in its case", lambda: len(
            self.office.items(self.id)) > items, 30, 0.05)


@pytest.fixture(scope="module")
def ana(office):
    return Consumer(office)


class Traffic:
    """While it runs a colleague reads without a pause and mail comes in; at
    its end nothing was refused and everybody has been answered."""

    def __init__(self, office, browser, path):
        self.office, self.browser, self.path = office, browser, path
        self.statuses, self.senders, self.trouble = [], [], []
        self.over = threading.Event()
        self.threads = [threading.Thread(target=self.run, args=(work,))
                        for work in (self.read, self.write)]

    def run(self, work):
        try:
            while not self.over.is_set():
                work()
        except Exception as trouble:  # told at the end, by the test
            self.trouble.append(repr(trouble))

    def read(self):
        self.statuses.append(self.browser.get(self.path).status)
        self.over.wait(0.02)

    def write(self):
        addr = f"rui.{secrets.token_hex(6)}@consumidora.example"
        self.office.post_mail(letter(addr), addr)
        self.senders.append(addr)
        self.over.wait(0.4)

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, kind, *_):
        self.over.set()
        for thread in self.threads:
            thread.join()
        if kind is not None:
            return
        assert not self.trouble
        assert len(self.statuses) > 5 and set(self.statuses) == {200}

        def answered():
            hurry(self.office)
            return all(self.office.sink.to(addr) for addr in self.senders)

        wait_until("everybody has been answered", answered, 30, 0.2)
        assert len(self.senders) > 1


def root(first=1, second=2):
    return lambda office: shares(office, first, second, kind="root")


def rotate(office, name, pair=root()):
    return admin(office, "key", "rotate", name, *pair(office))


def changed(office, name, version=2):
    status, out, complaint = rotate(office, name)
    assert status == 0, complaint
    assert f"{name} version {version}" in out and f"key retire {name}" in out
    path = secret_path(office, name.replace("-", "_"))
    assert re.fullmatch(rf"[0-9a-f]{{64}} {version}\n", open(path).read())
    for one in (path, path + ".old"):
        assert os.stat(one).st_mode & 0o777 == 0o600
    assert not os.path.exists(path + ".new")


def children(pid):
    with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as source:
        return [int(word) for word in source.read().split()]


def one_part_is_killed(office):
    """Intake, which has children of its own; what takes its place reads the
    secrets that lie there now, the others go on with those before."""
    parent = office.gateway.process.pid
    before = children(parent)
    intake, = [part for part in before if children(part)]
    os.kill(intake, signal.SIGKILL)
    wait_until("there is another", lambda: intake not in children(parent)
               and len(children(parent)) == 3, 30, 0.02)
    assert set(before) - {intake} < set(children(parent))


def reload_past_one_that_hangs(office):
    """While one part of before runs the new key is nobody's."""
    parent = office.gateway.process.pid
    late = [part for part in children(parent) if not children(part)][0]
    os.kill(late, signal.SIGSTOP)
    try:
        reload(office.gateway)
        wait_until("the others have ended", lambda: children(parent) == [
            late], 30, 0.02)
        assert held(office, "gateway", "svc") == 1
    finally:
        os.kill(late, signal.SIGCONT)


def status_of(office, name):
    status, out, _ = admin(office, "key", "status", "--json")
    told = stage.json.loads(out)
    assert status == (0 if told["ok"] else 1)
    return next(key for key in told["keys"] if key["name"] == name)


def reload(program):
    program.process.child.send_signal(signal.SIGHUP)


def reload_gateway(office):
    """Each of its parts is another process then."""
    before = set(office.gateway_children())
    assert len(before) >= 3
    reload(office.gateway)
    wait_until("the gateway's parts are started again", lambda: len(
        set(office.gateway_children()) - before) >= 3, 30, 0.05)


def held(office, program, name):
    return office.query("SELECT version FROM key_taken WHERE program = %s AND"
                        " name = %s", program, name)[0][0]


def follows(office, program, name, version=2):
    wait_until(f"the {program} holds {name} {version}", lambda: held(
        office, program, name) == version, 30, 0.05)


def retired(office, name, *more):
    status, out, complaint = admin(office, "key", "retire", name, *more)
    assert status == 0, out + complaint
    row = name.replace("-", "_")
    assert not os.path.exists(secret_path(office, row) + ".old")
    versions = [v for v, in office.query(
        "SELECT version FROM host_secret WHERE name = %s", row)]
    assert versions == [status_of(office, row)["version"]]
    assert not status_of(office, row)["former"]


def not_yet(office, name, *words):
    status, out, _ = admin(office, "key", "retire", name)
    assert status == 1
    for word in words:
        assert word in out
    assert os.path.exists(secret_path(office, name.replace("-", "_"))
                          + ".old")


def untouched(office):
    folder = os.path.dirname(secret_path(office, "svc"))
    return {name: open(os.path.join(folder, name)).read()
            for name in os.listdir(folder)}


# ---- what is refused -----------------------------------------------------------


def test_one_share_of_root_changes_nothing(office):
    before = untouched(office)
    rows = office.query("SELECT kind, version FROM office_key ORDER BY 1")
    for pair in (root(1, 1), root(3, 3), shares):
        status, _, complaint = rotate(office, "svc", pair)
        assert status == 1 and "two different shares of ROOT" in complaint
    status, _, complaint = admin(office, "key", "rotate", "svc", "--share",
                                 share(office, "root", 1))
    assert status == 2 and "usage" in complaint
    assert untouched(office) == before
    assert office.query(
        "SELECT kind, version FROM office_key ORDER BY 1") == rows


def test_what_cannot_be_changed_is_said_in_words(office):
    before = untouched(office)
    for arguments in (["rotate", "escrow", *root()(office)],
                      ["retire", "escrow"]):
        status, _, complaint = admin(office, "key", *arguments)
        assert status == 1 and "none of the office's secrets" in complaint
    assert untouched(office) == before


def test_what_was_not_changed_has_nothing_to_retire(office):
    status, out, _ = admin(office, "key", "retire", "svc")
    assert status == 1 and "none before it" in out


# ---- svc -----------------------------------------------------------------------


def svc_boxes(office):
    return [box for box in unseal.boxes_of(office.query)
            if box[2] in ("box_svc", "dek_box_svc")]


def opened(office, path):
    """How many of them a secret opens, asked of no program of ours."""
    with open(path, encoding="ascii") as source:
        key = bytes.fromhex(source.read()[:64])
    boxes = svc_boxes(office)
    return len(unseal.unseal(boxes, key)), len(boxes)


def test_svc_is_changed_and_what_lay_under_it_moves(office, mediator, ana):
    path = secret_path(office, "svc")
    before = office.query("SELECT id FROM capsule WHERE box_svc IS NOT NULL")
    assert before
    with Traffic(office, mediator, ana.path):
        changed(office, "svc")
        former = open(path + ".old").read()
        not_yet(office, "svc", "waits: gateway", "waits: server")
        status, _, complaint = rotate(office, "svc")
        assert status == 1 and "not retired" in complaint
        # The console first, which finds nobody who could read it yet.
        reload(office.server)
        follows(office, "server", "srv_sig", 1)
        ana.is_answered(mediator, "Antes de a troca valer.")
        assert held(office, "server", "svc") == 1
        one_part_is_killed(office)
        ana.writes("A peça chegou quebrada.")
        assert held(office, "gateway", "svc") == 1
        ana.is_answered(mediator, "Uma parte já tem as duas.")
        reload_past_one_that_hangs(office)
        follows(office, "gateway", "svc")
        ana.writes("Segue o número do pedido.")
        follows(office, "server", "svc")  # by itself
        not_yet(office, "svc", "waits: moving")
        # The pause for whoever is late is over.
        office.query("UPDATE key_taken SET at = at - interval '1 minute'")
        wait_until("all is moved", lambda: "moving" not in status_of(
            office, "svc")["waits"], 30, 0.2)
        ana.is_answered(mediator, "Depois de mudar.")
    wait_until("every letter has left", office.outbox_is_quiet, 30)
    assert office.query("SELECT count(*) FROM outbox WHERE state ="
                        " 'failed'") == [(0,)]
    count, boxes = opened(office, path)
    assert count == boxes >= len(before)
    assert status_of(office, "svc")["moved"] >= len(before)
    retired(office, "svc")
    reload_gateway(office)
    reload(office.server)
    ana.is_answered(mediator, "Agora só com a nova.")
    ana.writes("Obrigada.")
    fresh = Consumer(office)
    fresh.is_answered(mediator)
    wait_until("every letter has left", office.outbox_is_quiet, 30)
    old = os.path.join(office.folder.path, "svc.former")
    with open(old, "w", encoding="ascii") as out:
        out.write(former)
    assert opened(office, old)[0] == 0
    count, boxes = opened(office, path)
    assert count == boxes


# ---- a change that is cut short ---------------------------------------------------


def cut_after_the_file(office, name, kind):
    """kill -9 while the database is asked."""
    program = office.office.admin
    path = secret_path(office, name.replace("-", "_"))
    line = office.database.connect()
    line.autocommit = False
    cursor = line.cursor()
    # Whoever wants to add the same row waits for what becomes of this one.
    cursor.execute("INSERT INTO office_key (kind, version, public, sig) SELECT"
                   " kind, 2, public, sig FROM office_key WHERE kind = %s",
                   (kind,))
    job = subprocess.Popen(
        [program.program, "-c", program.config, "key", "rotate", name,
         *root()(office)], stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL)
    try:
        wait_until("it has made the new one", lambda: os.path.exists(
            path + ".new"), 20, 0.02)
    finally:
        job.kill()
        job.wait()
        line.rollback()
        line.close()
    return path


def test_a_change_that_was_killed_is_gone_on_with(office, mediator, ana):
    path = cut_after_the_file(office, "gw-sig", "gateway")
    new = open(path + ".new").read()
    assert re.fullmatch(r"[0-9a-f]{64}\n", open(path).read())
    key = status_of(office, "gw_sig")
    assert key["file"] == "half-changed" and key["version"] == 1
    status, out, _ = admin(office, "key", "status")
    assert status == 1 and "the same `ouvidoria key rotate` again" in out
    # It gets as far as the database, and no further.
    os.mkdir(path + ".old")
    status, _, complaint = rotate(office, "gw-sig")
    assert status == 1 and ".old cannot be written" in complaint
    os.rmdir(path + ".old")
    assert status_of(office, "gw_sig")["version"] == 2
    # Whatever is started now goes on with the key before it.
    reload_gateway(office)
    Consumer(office).is_answered(mediator)
    assert held(office, "gateway", "gw_sig") == 1
    changed(office, "gw-sig")
    assert open(path).read() == new
    reload(office.gateway)
    follows(office, "gateway", "gw_sig")
    retired(office, "gw-sig")


# ---- signatures --------------------------------------------------------------------


def certificate(office, consumer):
    return bytes(office.query("SELECT sig FROM case_key WHERE case_id = %s AND"
                              " version = 1", str(consumer.id))[0][0])


def test_srv_sig_is_changed_and_old_signatures_stay_good(
        office, mediator, ana):
    with Traffic(office, mediator, ana.path):
        changed(office, "srv-sig")
        not_yet(office, "srv-sig", "waits: server")
        assert mediator.get(ana.path).status == 200
        reload(office.server)
        follows(office, "server", "srv_sig")
        retired(office, "srv-sig")
    # What the former gateway's key signed opens, what the new one signs too.
    fresh = Consumer(office)
    for one in (ana, fresh):
        assert mediator.get(one.path).status == 200
        one.is_answered(mediator)
    status, out, complaint = admin(office, "audit", "verify")
    assert status == 0, out + complaint


@pytest.mark.parametrize("kind", ["gateway", "server"])
def test_a_retired_key_signs_nothing_after_its_day(office, kind):
    office.query("UPDATE office_key SET retired = retired - interval '1 day'"
                 " WHERE kind = %s AND version = 1", kind)
    status, out, complaint = admin(office, "audit", "verify")
    office.query("UPDATE office_key SET retired = retired + interval '1 day'"
                 " WHERE kind = %s AND version = 1", kind)
    assert status == 1 and "retired before" in out + complaint


# ---- k_tok -------------------------------------------------------------------------


def answer_filed(office, raw, sender, recipient):
    """Its row; a mail that begins a case is somebody else's."""
    known = {row[0] for row in office.query("SELECT id FROM inbound")}
    office.post_mail(raw, sender, recipient)
    rows = wait_until("it is filed", lambda: [row for row in office.query(
        "SELECT id, outcome, case_id, state FROM inbound WHERE"
        " state <> 'received' AND outcome IS DISTINCT FROM 'created'")
        if row[0] not in known], 30, 0.05)
    return dict(zip(("id", "outcome", "case_id", "state"), rows[0]))


class Asked(Consumer):
    """Somebody who is to answer, and whose letters bear a link."""

    def __init__(self, office):
        super().__init__(office)
        office.query("UPDATE case_file SET state = 'consumer', moved = now(),"
                     " due = now() + interval '5 days', kind = 'complaint'"
                     " WHERE id = %s", self.id)

    def outcome(self, mail, text, sender=None):
        """What becomes of an answer to that letter."""
        sender = sender or self.addr
        raw = answer_to(mail, sender, text=text)
        return answer_filed(self.office, raw, sender, stage.address_of(
            mail.parsed["Reply-To"]))

    def asks(self):
        """A letter with a link, which the gateway writes."""
        before = len(self.office.sink.to(self.addr))
        told = self.outcome(self.ack, "Não sei ainda.")
        assert (told["outcome"], told["case_id"]) == ("appended", self.id)
        return self.got(before + 1)[-1]


def proposed(office, told):
    """Of a held mail: what led to which case."""
    assert told["outcome"] == "held"
    return office.query("SELECT lead, case_id FROM item_guess WHERE item = %s"
                        " ORDER BY n LIMIT 1", told["id"])[0]


def code_of(mail):
    return re.search(r"\+(\w{26})@", str(mail.parsed["Reply-To"])).group(1)


def comes_back(office, letter_of, addr):
    """The mail server's word that it could not be delivered."""
    told = answer_filed(office, stage.bounce(addr, letter_of.sender, str(
        letter_of.parsed["Message-ID"])), "", letter_of.sender)
    return told["case_id"]


def rows_of(office, one):
    return office.database.value("SELECT count(*) FROM reply_address"
                                 " WHERE case_id = %s", one.id)


def test_k_tok_is_changed_and_letters_of_before_are_answered(
        office, mediator, ana):
    dora, rosa = Asked(office), Asked(office)
    other = f"marido.{secrets.token_hex(6)}@consumidora.example"
    before = dora.asks()
    rosa.is_answered(mediator)
    reported = rosa.got(2)[-1]
    link = path_in(before)
    assert office.browser().get(link).status == 200
    assert code_of(before) == code_of(dora.ack)
    with Traffic(office, mediator, ana.path):
        changed(office, "k-tok")
        not_yet(office, "k-tok", "waits: gateway", "waits: server",
                "waits: letters")
        reload(office.server)
        follows(office, "server", "k_tok")
        # What the console writes now is read by a gateway of before.
        dora.is_answered(mediator, "Antes de a troca valer.")
        between = office.sink.to(dora.addr)[-1]
        assert code_of(between) == code_of(before)
        assert dora.outcome(between, "Certo.")["case_id"] == dora.id
        not_yet(office, "k-tok", "waits: gateway", "waits: letters")
        reload_gateway(office)
        follows(office, "gateway", "k_tok")
        # Of before: an answer, a report, a link, whoever writes.
        assert dora.outcome(before, "E agora?")["case_id"] == dora.id
        assert proposed(office, dora.outcome(
            dora.ack, "E então?", other)) == ("address", dora.id)
        assert comes_back(office, reported, rosa.addr) == rosa.id
        assert office.browser().get(link).status == 200
        # Of now, each program's.
        dora.is_answered(mediator, "Depois da troca.")
        after = office.sink.to(dora.addr)[-1]
        fresh = rosa.asks()
        for one, mail, old in ((dora, after, before), (rosa, fresh, rosa.ack)):
            assert code_of(mail) != code_of(old)
            assert rows_of(office, one) == 2
            assert one.outcome(mail, "Obrigada.")["case_id"] == one.id
        assert office.browser().get(path_in(fresh)).status == 200
    new = Asked(office)
    assert rows_of(office, new) == 1
    # Only letters of before are counted, and only while somebody may answer.
    cases = office.database.value("SELECT count(DISTINCT case_id) FROM outbox")
    office.query("UPDATE key_taken SET at = at - interval '1 minute'"
                 " WHERE name = 'k_tok'")
    key = status_of(office, "k_tok")
    assert key["waits"] == ["letters"]
    assert 2 <= key["letters"] < cases and key["live"] == key["letters"]
    office.query("UPDATE case_file SET state = 'closed', closed = now()"
                 " - interval '40 days' WHERE id = %s", rosa.id)
    again = status_of(office, "k_tok")
    assert again["letters"] == key["letters"]
    assert again["live"] == key["live"] - 1
    not_yet(office, "k-tok", f"cases with letters of before: {key['letters']}",
            f"of them open, or to be opened again: {again['live']}")
    office.query("UPDATE case_file SET state = 'consumer', closed = NULL"
                 " WHERE id = %s", rosa.id)
    retired(office, "k-tok", "--all-the-same")
    reload_gateway(office)
    former = office.server.process.child.pid
    reload(office.server)
    wait_until("links of before open nothing", lambda: office.browser().get(
        link).status == 404, 30, 0.1)
    assert office.server.process.child.pid == former
    # What was written since goes on.
    assert office.browser().get(path_in(fresh)).status == 200
    for one, mail in ((dora, after), (rosa, fresh), (new, new.ack)):
        assert one.outcome(mail, "Ainda aqui.")["case_id"] == one.id
    dora.is_answered(mediator, "Só com a nova.")
    assert code_of(office.sink.to(dora.addr)[-1]) == code_of(after)
    new.is_answered(mediator)
    assert comes_back(office, new.got(2)[-1], new.addr) == new.id
    # An answer to a letter of before is not lost: somebody sees it.
    assert dora.outcome(before, "Demorei.")["case_id"] == dora.id
    assert proposed(office, dora.outcome(before, "Demorei.", other)) == (
        "message", dora.id)


# ---- k_id --------------------------------------------------------------------------


def tokens_of(office, one):
    """Under which versions of k_id its addresses and messages lie."""
    return {v for v, in office.query("SELECT version FROM ident_token WHERE"
                                     " case_id = %s", one.id)}


def shut_case(office, browser, addr):
    """A mail of that consumer opens a case that this colleague has no key
    of; another reads it."""
    known = len(office.sink.to(addr))
    office.post_mail(letter(addr), addr)

    def told():
        hurry(office)
        return office.sink.to(addr)[known:]

    protocol = re.search(r"\d{4}-\d{6,9}-\d", str(wait_until(
        "there is a case", told, 30, 0.1)[0].parsed["Subject"])).group()
    return browser.get(f"/cases/{protocol}").status == 403


class Known(Asked):
    """Somebody whose first mail is known, to the octet."""

    def __init__(self, office, cpf):
        self.cpf, self.first = cpf, stage.new_id()
        super().__init__(office)

    def begin(self):
        self.raw = letter(self.addr, message_id=self.first,
                          text=f"A geladeira parou. Meu CPF: {self.cpf}.")
        return self.raw

    def answers(self):
        """A reply to our letter; a mail without any address of ours, by the
        name of their own; and that one, delivered once more."""
        return ((answer_to(self.ack, self.addr), stage.address_of(
            self.ack.parsed["Reply-To"])),
            (letter(self.addr, text="Ainda espero.", fields=[
                ("In-Reply-To", self.first)]), stage.OFFICE_ADDRESS),
            (self.raw, stage.OFFICE_ADDRESS))


def filed_of(office, known):
    return office.query("SELECT case_id, outcome, state FROM inbound WHERE"
                        " state <> 'received' AND outcome IS DISTINCT FROM"
                        " 'created' AND NOT id = ANY(%s::uuid[])", known)


def all_known(office, *people):
    """By their address and by their own mail they come into their cases, and
    what came already is one."""
    known = [row for row, in office.query("SELECT id::text FROM inbound")]
    for one in people:
        for raw, recipient in one.answers():
            office.post_mail(raw, one.addr, recipient)
    wait_until("all are filed", lambda: len(
        filed_of(office, known)) >= 3 * len(people), 30, 0.05)
    told = sorted(filed_of(office, known), key=str)
    assert told == sorted([row for one in people for row in (
        (one.id, "appended", "filed"), (one.id, "appended", "filed"),
        (None, None, "duplicate"))], key=str)


def finds(browser, one):
    """Those cases, by a tax number or an address."""
    return set(searching.found(browser, one))


def k_id_of(office):
    with open(secret_path(office, "k_id"), encoding="ascii") as source:
        return bytes.fromhex(source.read()[:64])


def tells(office, key, one):
    """What whoever has that key and a copy of the database learns of an
    address and of a message: in how many rows they are."""
    return [len(office.query(
        "SELECT 1 FROM ident_token WHERE token = encode(%s, 'hex')::uuid",
        stage.accountant.blake(b"ident" + kind + b"\0" + value.encode(), key,
                               16)))
        for kind, value in ((b"addr", one.addr),
                            (b"mid", one.first.strip("<>")))]


def left_of(office):
    key = status_of(office, "k_id")
    return {code: key[code] for code in ("names", "cases", "lost", "ties",
                                         "held", "recent", "coming")}


def decided(office, browser):
    """Nothing waits among the held mails."""
    for path in browser.get("/held").cases():
        form = browser.get(path).form(f"{path}/discard")
        page = browser.post(f"{path}/discard", reason="spam", **form)
        assert page.status == 303, page.words


def automatic(office):
    """A mail that is filed with its month, and about which nobody decides."""
    sender = f"robot.{secrets.token_hex(5)}@estranha.example"
    told = answer_filed(office, letter(sender, fields=[
        ("Auto-Submitted", "auto-generated")]), sender, stage.OFFICE_ADDRESS)
    assert told["outcome"] == "recorded"


def nobody_starts_without_the_former(office):
    """What would be written without it would be known by nobody again."""
    old = secret_path(office, "k_id") + ".old"
    folder = os.path.dirname(office.gateway.program)
    config = stage.copy_config(office, "alone.conf", server_listen="unix:"
                               + os.path.join(office.office.home, "a.sock"))
    taken = office.query("SELECT * FROM key_taken ORDER BY 1, 2")
    os.rename(old, old + ".away")
    try:
        for program, *more in (("ouvidoria-mailgw", "run"),
                               ("ouvidoria-server",)):
            status, _, complaint = stage.run_program(
                os.path.join(folder, program), "-c", config, *more)
            complaint = complaint.decode()
            assert status == 1, complaint
            assert "k_id version 2 is here" in complaint
            assert f"put {old} back" in complaint
            assert "key retire k-id" in complaint
    finally:
        os.rename(old + ".away", old)
    assert office.query("SELECT * FROM key_taken ORDER BY 1, 2") == taken


def test_k_id_is_changed_and_everybody_is_known_again(office, mediator, ana):
    cpf = "529.982.247-25"
    dora, lia, closed = Known(office, cpf), Known(office, cpf), Known(
        office, "111.444.777-35")
    office.query("UPDATE case_file SET state = 'closed', closed = now()"
                 " WHERE id = %s", closed.id)
    # The gateway can read that address no more.
    office.query("UPDATE capsule SET box_svc = NULL WHERE case_id = %s",
                 closed.id)
    second = office.logged_in("mediator2")
    assert declare(second, case=lia.protocol, kind="family").status == 303
    assert second.get(lia.path).status == 403
    former = k_id_of(office)
    assert tells(office, former, closed) == [1, 1]
    decided(office, mediator)
    automatic(office)
    changed(office, "k-id")
    nobody_starts_without_the_former(office)
    not_yet(office, "k-id", "waits: gateway", "waits: server", "waits: names",
            "waits: ties", "waits: recent")
    reload(office.server)
    follows(office, "server", "k_id")
    # What the console holds the gateway does not: nothing is written that one
    # of them could not find.
    all_known(office, dora)
    reload_gateway(office)
    follows(office, "gateway", "k_id")
    between = Known(office, cpf)
    all_known(office, dora, between)
    assert tokens_of(office, dora) == tokens_of(office, between) == {1}
    assert finds(mediator, dora.addr) == {dora.path}
    assert shut_case(office, second, lia.addr)
    not_yet(office, "k-id", "waits: moving")
    # The pauses for whoever is late are over.
    office.query("UPDATE key_taken SET at = at - interval '2 minutes'"
                 " WHERE name = 'k_id'")
    wait_until("the gateway's part is done", lambda: "moving" not in status_of(
        office, "k_id")["waits"], 30, 0.1)
    assert status_of(office, "k_id")["moved"] >= 3
    assert left_of(office)["ties"] == 0  # they went with the address
    # Of a case that nobody has opened the messages are left, of one that the
    # gateway cannot read all.
    assert tokens_of(office, dora) == {1, 2}
    assert tokens_of(office, closed) == {1}
    with Traffic(office, mediator, ana.path):
        fresh = Known(office, cpf)
        assert tokens_of(office, fresh) == {2}
        all_known(office, dora, between, fresh)
        assert finds(mediator, cpf) == {
            dora.path, lia.path, between.path, fresh.path}
        assert finds(mediator, fresh.addr) == {fresh.path}
        assert shut_case(office, second, lia.addr)
        # Whoever opens one takes it over, and others that they can open.
        assert mediator.get(closed.path).status == 200
        assert tokens_of(office, closed) == {2}
        wait_until("all is taken over", lambda: mediator.get(
            ana.path).status == 200 and not left_of(office)["names"], 30, 0.1)
    assert office.query("SELECT count(*) FROM ident_token WHERE version <> 2"
                        ) == [(0,)]
    waits = set(status_of(office, "k_id")["waits"])
    assert waits == {"recent"}
    not_yet(office, "k-id", "waits: recent", "mails of the last seven days")
    retired(office, "k-id", "--all-the-same")
    assert tells(office, former, closed) == [0, 0]
    assert tells(office, k_id_of(office), closed) == [1, 1]
    assert office.query("SELECT DISTINCT octet_length(raw_mac), canon_mac IS"
                        " NULL FROM inbound WHERE id IN (SELECT id FROM item"
                        " WHERE case_id = %s)", closed.id) == [(0, True)]
    reload_gateway(office)
    reload(office.server)
    again = Known(office, cpf)
    all_known(office, again)
    told = closed.outcome(closed.ack, "Ainda aqui.")
    assert told["case_id"] == closed.id
    assert finds(mediator, cpf) >= {dora.path, fresh.path}
    assert finds(mediator, dora.addr) == {dora.path}
    assert shut_case(office, second, lia.addr)
    # What was said: only its digest could tell that it came already.
    cases = office.database.value("SELECT count(*) FROM inbound WHERE outcome"
                                  " = 'created'")
    office.post_mail(dora.raw, dora.addr)
    wait_until("it is filed again", lambda: office.database.value(
        "SELECT count(*) FROM inbound WHERE outcome = 'created'") == cases + 1,
        30, 0.1)
    office.query("UPDATE conflict_register SET ended = now()")


# ---- pepper: the last one, for it ends the sessions of before -----------------------


def versions_of(office, login):
    return dict(office.query(
        "SELECT k.how, k.version FROM person_key k JOIN person p"
        " ON p.id = k.person WHERE p.login = %s", login))


def a_former_file_is_not_gone_on_from(office, name):
    """A second key of a version that the database has already."""
    path = secret_path(office, name)
    with open(path, encoding="ascii") as source:
        present = source.read()
    with open(path, "w", encoding="ascii") as out:
        out.write("ab" * 32 + "\n")
    try:
        status, _, complaint = rotate(office, name)
    finally:
        with open(path, "w", encoding="ascii") as out:
            out.write(present)
    assert status == 1 and "the database has version 2" in complaint
    assert not os.path.exists(path + ".new")


def test_pepper_is_changed_and_nobody_is_logged_out(office, mediator, ana):
    everybody = {p["login"] for p in office.office.staff}
    released = disclosure.Case(office, mediator)
    _, link = released.release(mediator, released.complaint)
    party, page = disclosure.read(office, link)
    assert released.said in page.text
    form = mediator.get(ana.path).form(f"{ana.path}/reply")
    with Traffic(office, mediator, ana.path):
        changed(office, "pepper")
        not_yet(office, "pepper", "waits: server", "waits: people")
        # The console that runs still makes links with the former one.
        late = disclosure.Case(office, mediator)
        late.release(mediator, late.complaint)
        reload(office.server)
        follows(office, "server", "pepper")
        # A form that was fetched before is taken as it was.
        page, _ = mediator.reply(ana.path, "x", "x", {
            **form, "subject": "Sua geladeira", "text": "De antes da troca."})
        assert page.status == 303, page.words
        # A visit goes on, and the link opens what it opened.
        assert released.said in party.get("/d").text
        assert released.said in disclosure.read(office, link)[1].text
    assert versions_of(office, "mediator2") == {1: 1, 2: 1}
    other = office.logged_in("mediator2")
    assert versions_of(office, "mediator2") == {1: 2, 2: 1}
    # The paper is of before: another is asked for.
    assert other.get("/").location == "/profile/recovery"
    not_yet(office, "pepper", "not since: mediator2", "not since: intake",
            "links: 2")
    write_down(other, office.office.person("mediator2"))
    assert versions_of(office, "mediator2") == {1: 2, 2: 2}
    assert other.get("/").status == 200
    left = status_of(office, "pepper")["left"]
    assert set(left) == everybody - {"mediator2"}
    retired(office, "pepper", "--all-the-same")
    reload(office.server)
    wait_until("sessions of before are over", lambda: mediator.get(
        ana.path).status != 200, 20, 0.1)
    assert other.get("/").status == 200
    assert office.logged_in("mediator2").get("/").status == 200
    a_former_file_is_not_gone_on_from(office, "pepper")
    # Whoever did not log in needs an invitation, as was said.
    person = office.office.person("intake")
    page = office.browser().try_login("intake", person["password"],
                                      office.code(person))
    assert page.status != 303


# ---- backup, drill ------------------------------------------------------------------


def test_a_drill_opens_everything_and_is_remembered(office):
    status, out, complaint = admin(office, "key", "drill", *shares(office))
    assert status == 0 and "opened 6" in out, complaint
    told = stage.json.loads(admin(office, "key", "status", "--json")[1])
    assert abs(told["drill_at"] - time.time()) < 60
    assert "last drill" in admin(office, "key", "status")[1]
    status, _, complaint = admin(office, "key", "drill",
                                 *shares(office, kind="root"))
    assert status == 1 and "ESCROW" in complaint
    path = secret_path(office, "k_id")
    kept = open(path).read()
    with open(path, "w", encoding="ascii") as out:
        out.write("00" * 32 + kept[64:])
    status, _, complaint = admin(office, "key", "drill", *shares(office))
    with open(path, "w", encoding="ascii") as out:
        out.write(kept)
    assert status == 1 and "not what was backed up" in complaint


def test_a_restore_brings_back_both_while_both_stand(office, tmp_path):
    changed(office, "svc", 3)
    path = secret_path(office, "svc")
    both = [open(path).read(), open(path + ".old").read()]
    status, out, complaint = admin(office, "backup", "--out", str(tmp_path))
    assert status == 0, complaint
    folder = str(tmp_path / "secrets")
    shutil.copytree(os.path.dirname(path), folder, ignore=lambda *_: [
        name for name in os.listdir(os.path.dirname(path)) if ".key" in name])
    other = office.template.cluster.fresh()
    files = {f"keys_{name}_file": os.path.join(folder, f"{name}.key")
             for name in ("svc", "k_id", "k_tok", "pepper", "gw_sig",
                          "srv_sig")}
    config = stage.copy_config(office, "restored.conf",
                               database_dsn=other.dsn, **files)
    try:
        status, _, complaint = admin(
            office, "restore", "--from", out.strip(), *shares(office),
            config=config)
        assert status == 0, complaint
    finally:
        other.drop()
    assert [open(os.path.join(folder, name)).read()
            for name in ("svc.key", "svc.key.old")] == both
    assert not os.path.exists(os.path.join(folder, "pepper.key.old"))
