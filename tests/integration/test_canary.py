"""What people write to the office lies nowhere in clear, but in their mailbox:
marks that are in every part of mails are looked for in every place that the
programs and the database write to."""

import os
import stat
import subprocess
import tempfile
import time

import pytest

import drawn
import harness
from canary import Marks, planted
from harness import OFFICE_ADDRESS, wait_until
from ouvoffice.postgres import BINARIES, SUPERUSER
from scene import Scene, answer_to, bounce, letter, with_file

MAILS = 1000


class Story:
    """Mails full of marks, read and answered; then everybody is at rest."""

    def __init__(self, template):
        self.marks = Marks()
        # Two that a machine takes for others when it reads a picture of them.
        while set("jq") & set(self.marks.start):
            self.marks = Marks()
        self.began = time.time()
        self.scene = Scene(template, to_sink=True, log_level="debug")
        self.scene.begin()
        self.mediator = self.scene.logged_in("mediator")

    def address(self):
        return f"{self.marks.new()}@consumidora.example"

    def mail(self, sender):
        new = self.marks.new
        return with_file(
            sender, f"Nota fiscal {new()}\n".encode() * 400, f"{new()}.pdf",
            subject=f"Reclamação {new()}", name=f"Ana {new()}",
            text=f"Bom dia, {new()}.\nObrigada.",
            fields=[("Message-ID-Note", new()),
                    ("Comments", new())])

    def tell(self):
        scene, refused = self.scene, [self.address() for _ in range(3)]
        answers = ["550 5.1.1 <{}>: Recipient address rejected: unknown",
                   "550 5.1.1 No such user {local} here",
                   "451 4.2.1 mailbox of {local}: try again, {}"]
        for address, words in zip(refused, answers):
            scene.sink.fault("rcpt", match=address, times=None,
                             reply=words.format(
                                 address, local=address.partition("@")[0]))
        senders = [self.address() for _ in range(4)] + refused
        for sender in senders:
            self.post(self.mail(sender), sender)
        scene.inbound(len(senders))
        wait_until("everything that can go has gone", lambda: len(
            scene.sink.mails) == 4 and scene.database.value(
            "SELECT count(*) FROM outbox WHERE last_text IS NOT NULL") == 7)
        self.work(senders)
        return self

    def scan(self):
        """A picture of the mark, which a machine reads and a search finds."""
        mark, sender = self.marks.start.upper(), self.address()
        told = self.scene.gateway.ingest(with_file(
            sender, drawn.scanned_pdf(
                ["Prezados senhores, segue o codigo:\n\n" + f"{mark}\n\n" * 4],
                size=20), "carta.pdf"))[1][0]
        path = f"/cases/{told['protocol']}"
        link, = self.mediator.get(path).links(f"{path}/items/[^\"]+/parts/0")
        wait_until("the picture is read", lambda: self.scene.database.value(
            "SELECT count(*) FROM item_page WHERE page = 1"), 300, 0.2)
        assert mark in self.mediator.get(f"{link}/pages/1").text
        assert self.mediator.get(f"{link}/pages/1/picture").status == 200
        assert self.mediator.get(path).status == 200

    def post(self, raw, sender, *recipients):
        self.scene.post_mail(raw, sender, *recipients)

    def work(self, senders):
        """The mediator reads and answers all; some of it comes back."""
        scene, mediator = self.scene, self.mediator
        for path in mediator.get("/").cases():
            page = mediator.get(path)
            assert self.marks.start in page.text
            for link in page.links(rf"{path}/items/[^\"]+"):
                assert mediator.get(link).status == 200
            page, _ = mediator.reply(
                path, f"Resposta {self.marks.new()}",
                f"Prezada Ana {self.marks.new()},\nfalamos com a loja.")
            assert page.status == 303
        # A form that is refused shows the words again, and keeps none.
        page, _ = mediator.reply(path, "", f"Sem assunto {self.marks.new()}")
        assert page.status == 422 and self.marks.start in page.text
        mediator.get(f"/cases?state={self.marks.new()}")
        scene.browser().try_login(self.marks.new(), self.marks.new(), "0")
        wait_until("the letters have gone", lambda: len(scene.sink.mails) == 8)
        first = harness.Mail(0, (), scene.sink.mails[0].content)
        last = scene.sink.mails[-1]
        self.post(answer_to(first, senders[0], text=self.marks.new()),
                  senders[0])
        self.post(answer_to(first, self.address(), text=self.marks.new()),
                  self.address())
        self.post(bounce(last.recipients[0], last.sender, last.message_id,
                         status=f"5.1.1 ({self.marks.new()})"), "",
                  last.sender)
        self.post(letter(self.address(), text=self.marks.new(), fields=[
            ("Auto-Submitted", "auto-generated")]), self.address())
        for raw in (b"no header " + self.marks.new().encode(),
                    b"From: " + b"(" * 200 + self.marks.new().encode(),
                    b"Content-Type: " + self.marks.new().encode()
                    + b"/x; charset=" + self.marks.new().encode()
                    + b"\r\n\r\nx"):
            scene.dovecot.deliver(raw, recipient=OFFICE_ADDRESS)
        scene.inbound(len(senders) + 7)
        status, told = scene.gateway.ingest(self.mail(self.address()))
        assert status == 0 and told[0]["outcome"] == "created"
        self.scan()
        self.crowd(len(senders) + 7)
        scene.database.query("CHECKPOINT")

    def crowd(self, before):
        """A thousand mails in all."""
        scene = self.scene
        scene.dovecot.deliver_many(
            (self.mail(self.address()) for _ in range(MAILS - before)),
            recipient=OFFICE_ADDRESS)
        scene.inbound(MAILS, deadline=180)
        assert scene.database.value("SELECT count(*) FROM inbound"
                                    " WHERE state = 'filed'") >= MAILS - 10

    # -- where to look --------------------------------------------------------

    def promised(self):
        """Everything that is written, but Dovecot's mails."""
        scene, cluster = self.scene, self.scene.database.cluster
        return self.marks.in_folders(
            cluster.data, cluster.log, scene.folder.path,
            without=(scene.dovecot.mail, scene.dovecot.run))


    def processes(self):
        """(name, pid) of all that runs of the programs."""
        scene = self.scene
        yield "server", scene.server.process.pid
        for number, pid in enumerate((scene.gateway.process.pid,
                                      *scene.gateway_children())):
            yield f"gateway {number}", pid


def temporary(since):
    """Files that somebody wrote since then directly into a folder for such;
    folders in it belong to tests and their servers."""
    for folder in {tempfile.gettempdir(), "/tmp", "/var/tmp", "/dev/shm"}:
        for entry in os.scandir(folder):
            try:
                if entry.is_file(follow_symlinks=False) \
                        and entry.stat().st_mtime >= since:
                    yield entry.path
            except FileNotFoundError:
                continue  # gone


def held_open(pid):
    """The regular files a process has open, with a name or without."""
    for name in os.listdir(f"/proc/{pid}/fd"):
        path = f"/proc/{pid}/fd/{name}"
        try:
            if stat.S_ISREG(os.stat(path).st_mode):
                yield path
        except FileNotFoundError:
            continue  # closed


@pytest.fixture(scope="module")
def story(template):
    made = Story(template)
    try:
        yield made.tell()
    finally:
        made.scene.stop()


def test_the_mails_were_full_of_marks(story):
    """Where they may be, they are: in the mailbox, and at the readers."""
    box = story.marks.in_folders(story.scene.dovecot.mail)
    assert {"raw", "base64 at 0"} <= {shape for _, shape in box}
    for mail in story.scene.sink.mails:
        assert story.marks.in_octets(mail.recipients[0].encode())


def test_no_mark_lies_in_the_database_its_log_or_ours(story):
    assert story.promised() == []


def test_no_mark_lies_in_a_folder_for_temporary_files(story):
    planted_ = os.path.join(tempfile.gettempdir(), f"ouv-{os.getpid()}.mark")
    with open(planted_, "w", encoding="ascii") as out:
        out.write(story.marks.new())
    try:
        assert story.marks.in_folders(*temporary(story.began)) \
            == [(planted_, "raw")]
    finally:
        os.remove(planted_)


def test_no_mark_is_in_a_file_that_a_program_has_open(story):
    """Also in one without a name: a deleted one, or memory as a file; one of
    our own is found so."""
    with tempfile.TemporaryFile() as nameless:
        nameless.write(story.marks.new().encode())
        nameless.flush()
        assert f"/proc/{os.getpid()}/fd/{nameless.fileno()}" in [
            path for path in held_open(os.getpid())
            if story.marks.in_file(path)]
    for name, pid in story.processes():
        for path in held_open(pid):
            assert story.marks.in_file(path) == [], (name, os.readlink(path))


def test_keys_are_locked_and_nothing_is_swapped(story):
    """As far as one process can say it of itself; that a unit swaps nothing at
    all is a line of the units (test_units.py)."""
    gateway, locked = story.scene.gateway.process.pid, 0
    for name, pid in story.processes():
        with open(f"/proc/{pid}/status", encoding="ascii") as source:
            told = dict(line.split(":", 1) for line in source)
        assert told["VmSwap"].split() == ["0", "kB"], name
        # The parent of the gateway's parts has no keys, nor has a parser.
        if name == "server" or int(told["PPid"]) == gateway:
            assert int(told["VmLck"].split()[0]) > 0, name
            locked += 1
    assert locked >= 3


def test_no_mark_is_in_a_dump(story):
    scene = story.scene
    cluster = scene.database.cluster
    dump = subprocess.run(
        [f"{BINARIES}/pg_dump", "-d",
         cluster.dsn(scene.database.name, SUPERUSER)],
        check=True, stdout=subprocess.PIPE).stdout
    assert b"COPY public.item" in dump
    assert story.marks.in_octets(dump) == []


def test_no_mark_of_a_recipient_is_in_what_mail_servers_answered(story):
    """They like to repeat an address, or what stands before its @."""
    for table, column in (("outbox", "last_text"), ("outbox_try",
                                                    "reply_text")):
        for (text,) in story.scene.query(
                f"SELECT {column} FROM {table} WHERE {column} IS NOT NULL"):
            assert story.marks.in_octets(text.encode()) == [], text


def test_no_secret_stands_in_a_process_list_or_an_environment(story):
    scene = story.scene
    secrets_ = [person["password"] for person in scene.template.staff]
    for name in os.listdir(os.path.join(scene.office.home, "secrets")):
        with open(os.path.join(scene.office.home, "secrets", name)) as source:
            secrets_.append(source.read().strip())
    for pid in (scene.server.process.pid, scene.gateway.process.pid,
                *scene.gateway_children()):
        for what in ("cmdline", "environ"):
            with open(f"/proc/{pid}/{what}", "rb") as source:
                octets = source.read()
            assert not story.marks.in_octets(octets)
            for secret in secrets_:
                assert secret.encode() not in octets


def test_a_mark_in_a_table_is_found(story):
    """The search is worth something: the same places, one mark more."""
    scene = story.scene
    scene.query("CREATE TABLE planted (a text)")
    try:
        scene.query("INSERT INTO planted VALUES (%s)", story.marks.new())
        scene.query("CHECKPOINT")
        places = {path for path, shape in story.promised() if shape == "raw"}
        data = scene.database.cluster.data
        assert any(p.startswith(os.path.join(data, "base")) for p in places)
        assert any(p.startswith(os.path.join(data, "pg_wal")) for p in places)
    finally:
        scene.query("DROP TABLE planted")


def test_a_mark_is_found_in_every_shape(tmp_path):
    marks = Marks()
    paths = planted(marks, tmp_path)
    found = marks.in_folders(tmp_path)
    for path, shape in paths.items():
        assert (path, shape) in found, shape
    other = Marks()
    assert other.in_folders(tmp_path) == []
