"""The worst day: the machine is gone.  A backup, an empty database and two of
three custodians bring the office back; what one of them has alone opens
nothing.

One office lives through it here, from its first cases to the reading of one by
a colleague who joined after the disaster.
"""

import fcntl
import hashlib
import json
import os
import re
import resource
import shutil
import signal
import subprocess
import time

import pytest

import accountant
import harness
import scene as stage
import test_write as desk
import unseal
from harness import wait_until
from ouvoffice import accounts, conf
from scene import Scene, letter, run_program

NAMES = ("svc", "k_id", "k_tok", "pepper", "gw_sig", "srv_sig")
WORDS = "Comprei um colchão na loja Aurora e ele chegou com a espuma rasgada."


def share(office, kind, number):
    return os.path.join(office.template.offline, f"{kind}-share-{number}")


def shares(office, first=1, second=2, kind="escrow"):
    return ["--share", share(office, kind, first),
            "--share", share(office, kind, second)]


def password_file(office, login, password=None):
    path = os.path.join(office.folder.path, f"pw-{login}")
    if not os.path.exists(path):
        accounts.write_file(
            path, (password or office.office.person(login)["password"]) + "\n")
    return path


def admin(office, *arguments, config=None):
    """(status, what it printed, what it complained of)"""
    program = office.office.admin
    status, out, complaint = run_program(
        program.program, "-c", config or program.config, *arguments)
    return status, out.decode(), complaint.decode()


def secret_path(office, name):
    return os.path.join(office.office.home, "secrets", f"{name}.key")


class Story:
    """What is true before the disaster, to be compared with what is after."""


@pytest.fixture(scope="module")
def office(template):
    made = Scene(template, imap_poll_secs=1, mailgw_acks_domain_hour=100000)
    try:
        yield made.begin()
    finally:
        made.stop()


def consumer(office, words):
    addr = f"ana.{os.urandom(6).hex()}@consumidora.example"
    return addr, office.acknowledged(letter(addr, text=words), addr)


@pytest.fixture(scope="module")
def backup(office):
    """Two cases, a backup, and a third case after it."""
    told = Story()
    told.mark = desk.mark()
    told.cases = [office.case_of(consumer(office, WORDS + " " + told.mark)[1]),
                  office.case_of(consumer(office, WORDS)[1])]
    told.mediator = desk.login(office, "mediator")
    wait_until("every letter has left", office.outbox_is_quiet, 30)
    told.folder = os.path.join(office.folder.path, "backups")
    status, out, complaint = admin(office, "backup", "--out", told.folder)
    assert status == 0, complaint
    told.path = out.strip()
    told.secrets = {name: open(secret_path(office, name)).read()
                    for name in NAMES}
    told.late = "z" + desk.mark()
    told.late_addr, _ = consumer(office, told.late)
    return told


def read(path):
    with open(path, "rb") as source:
        return source.read()


def test_a_backup_is_whole_and_says_so(office, backup):
    assert re.fullmatch(r".*/\d{8}T\d{6}Z", backup.path)
    names = {"database.dump", "manifest.json", "ouvidoria.conf"}
    assert set(os.listdir(backup.path)) == names
    for name in names:
        mode = os.stat(os.path.join(backup.path, name)).st_mode & 0o777
        assert mode == 0o600, name
    assert os.stat(backup.path).st_mode & 0o777 == 0o700
    told = json.loads(read(os.path.join(backup.path, "manifest.json")))
    for file in told["files"]:
        content = read(os.path.join(backup.path, file["name"]))
        assert file["bytes"] == len(content)
        assert file["blake2b"] == hashlib.blake2b(
            content, digest_size=32).hexdigest()
    assert [file["name"] for file in told["files"]] == [
        "database.dump", "ouvidoria.conf"]


def as_text(path):
    return subprocess.run(["pg_restore", "-f", "-", path], check=True,
                          stdout=subprocess.PIPE).stdout


def test_nothing_secret_lies_in_a_backup_in_clear(office, backup):
    text = as_text(os.path.join(backup.path, "database.dump"))
    assert b"COPY public.case_file" in text
    everything = text + b"".join(
        read(os.path.join(backup.path, name))
        for name in os.listdir(backup.path))
    looked_for = [s.strip() for s in backup.secrets.values()]
    for person in office.template.staff:
        looked_for += [person["password"], person["totp_secret"],
                       person["recovery_code"]]
    for name in os.listdir(os.path.join(office.office.home, "secrets")):
        looked_for.append(read(os.path.join(
            office.office.home, "secrets", name)).decode().strip())
    for number in (1, 2, 3):
        looked_for.append(read(share(office, "escrow", number)).decode()
                          .split()[3])
    looked_for.append(backup.mark)
    for word in looked_for:
        assert len(word) >= 9
        assert word.encode() not in everything
    # The session that was open then is not in it.
    assert office.database.value("SELECT count(*) FROM session") > 0
    sessions = re.search(rb"COPY public\.session .*?\n\\\.\n", text, re.S)
    assert sessions is None


def test_old_backups_go_and_nothing_else_does(office, backup, tmp_path):
    folder = str(tmp_path / "kept")
    old = [time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(
        time.time() - days * 86400)) for days in (36, 34, 2)]
    for name in old + ["notes", "20200101T000000Z-mine"]:
        shutil.copytree(backup.path, os.path.join(folder, name))
    status, out, complaint = admin(office, "backup", "--out", folder)
    assert status == 0, complaint
    assert set(os.listdir(folder)) == {
        *old[1:], "notes", "20200101T000000Z-mine",
        os.path.basename(out.strip())}
    shutil.rmtree(out.strip())  # the next may have the same second's name
    status, out, _ = admin(office, "backup", "--out", folder,
                           "--keep-days", "1")
    assert status == 0
    assert not set(old) & set(os.listdir(folder))


def named(seconds):
    """As a backup that began so many seconds ago is called."""
    return time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(time.time() - seconds))


def test_what_a_killed_backup_left_goes_before_the_next_is_made(
        office, tmp_path):
    folder = tmp_path / "drafts"
    killed, works, young = (f".{named(age)}.draft" for age in (
        2 * 86400, 86400, 60))
    kept = {works, young, ".notes.draft", f".{named(86400)}.other",
            f"{killed[1:]}"}
    for name in kept | {killed}:
        (folder / name).mkdir(parents=True)
        (folder / name / "database.dump").write_bytes(b"half of it")
    # One that goes on, however slowly, holds its folder.
    at_work = os.open(folder / works, os.O_RDONLY)
    fcntl.flock(at_work, fcntl.LOCK_EX)
    # There is no database: nothing new can be made.
    config = stage.copy_config(office, "away.conf", database_dsn=office
                               .database.dsn + " port=1")
    assert admin(office, "backup", "--out", str(folder),
                 config=config)[0] == 75
    assert set(os.listdir(folder)) == kept
    os.close(at_work)
    assert admin(office, "backup", "--out", str(folder),
                 config=config)[0] == 75
    assert set(os.listdir(folder)) == kept - {works}


@pytest.mark.parametrize("dsn", [
    "{} password=geheim",
    "postgresql://ouv_owner:geheim@localhost/ouvidoria",
    "postgresql://localhost/ouvidoria?pass%77ord=geheim",
    "{} sslpassword=geheim",
])
def test_a_configuration_with_a_password_in_it_is_not_copied(
        office, tmp_path, dsn):
    config = stage.copy_config(office, "loose.conf", database_dsn=dsn.format(
        office.database.dsn))
    status, _, complaint = admin(office, "backup", "--out",
                                 str(tmp_path / "b"), config=config)
    assert status == 1 and "dsn holds a password" in complaint
    assert "geheim" not in complaint
    assert not os.path.exists(tmp_path / "b")


def test_the_word_alone_is_no_password(office, tmp_path):
    config = stage.copy_config(office, "word.conf", database_dsn=office
                               .database.dsn
                               + " fallback_application_name=password")
    status, out, complaint = admin(office, "backup", "--out",
                                   str(tmp_path / "b"), config=config)
    assert status == 0, complaint
    assert os.path.exists(out.strip())


# ---- the disaster -------------------------------------------------------------


@pytest.fixture(scope="module")
def ruin(office, backup):
    """Programs, database and secrets are gone; the mailbox and the custodians
    are elsewhere.  A new machine has an empty database and a configuration."""
    office.gateway.kill()
    office.server.kill()
    office.database.drop()
    office.office.database = office.database = \
        office.template.cluster.fresh()
    office.set(database_dsn=office.database.dsn)
    for name in NAMES:
        os.unlink(secret_path(office, name))
    return backup


def test_one_share_restores_nothing(office, ruin):
    for pair in ([1, 1], [2, 2]):
        status, _, complaint = admin(office, "restore", "--from", ruin.path,
                                     *shares(office, *pair))
        assert status == 1 and "two different shares" in complaint
    status, _, complaint = admin(office, "restore", "--from", ruin.path,
                                 "--share", share(office, "escrow", 1))
    assert status == 2 and "usage" in complaint
    status, _, complaint = admin(office, "restore", "--from", ruin.path,
                                 *shares(office, kind="root"))
    assert status == 1
    assert nothing_was_done(office)


def nothing_was_done(office):
    return not any(os.path.exists(secret_path(office, name))
                   for name in NAMES) and office.database.value(
        "SELECT count(*) FROM pg_class"
        " WHERE relnamespace = 'public'::regnamespace") == 0


@pytest.mark.parametrize("name", ["database.dump", "ouvidoria.conf"])
def test_an_altered_backup_is_refused(office, ruin, tmp_path, name):
    copy = str(tmp_path / "copy")
    shutil.copytree(ruin.path, copy)
    content = bytearray(read(os.path.join(copy, name)))
    content[len(content) // 2] ^= 1
    with open(os.path.join(copy, name), "wb") as out:
        out.write(content)
    status, _, complaint = admin(office, "restore", "--from", copy,
                                 *shares(office))
    assert status == 1 and "not what was backed up" in complaint
    assert nothing_was_done(office)


def test_another_offices_backup_is_refused(office, ruin, tmp_path):
    config = stage.copy_config(office, "other.conf", office_tenant="ab" * 16)
    status, _, complaint = admin(office, "restore", "--from", ruin.path,
                                 *shares(office), config=config)
    assert status == 1 and "no backup of this office" in complaint
    assert nothing_was_done(office)


@pytest.mark.parametrize("dsn", [
    "postgresql://ouv_owner:geheim@localhost/ouvidoria",
    "host=localhost dbname=ouvidoria password=geheim",
])
def test_no_password_becomes_an_argument_of_a_program(office, ruin, dsn):
    """Arguments are everybody's to read."""
    config = stage.copy_config(office, "loose.conf", database_dsn=dsn)
    status, _, complaint = admin(office, "restore", "--from", ruin.path,
                                 *shares(office), config=config)
    assert status == 1 and "dsn holds a password" in complaint
    assert nothing_was_done(office)


def test_a_secret_that_finds_no_room_leaves_no_half_of_a_file(office, ruin):
    """A full disk, played by a limit: 64 bytes fit, a secret's line is one
    longer."""
    program = office.office.admin

    def full():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (64, 64))

    folder = os.path.dirname(secret_path(office, "svc"))
    before = set(os.listdir(folder))
    done = subprocess.run(
        [program.program, "-c", program.config, "restore", "--from",
         ruin.path, *shares(office)], preexec_fn=full, text=True,
        capture_output=True, timeout=60, check=False)
    assert done.returncode == 75 and "svc.key" in done.stderr
    assert set(os.listdir(folder)) == before
    office.database.drop()
    office.office.database = office.database = \
        office.template.cluster.fresh()
    office.set(database_dsn=office.database.dsn)


@pytest.fixture(scope="module")
def restored(office, ruin):
    began = time.monotonic()
    status, out, complaint = admin(office, "restore", "--from", ruin.path,
                                   *shares(office, 3, 1))
    assert status == 0, complaint
    ruin.told = out
    office.server.begin()
    office.gateway.begin()
    ruin.mediator = desk.login(office, "mediator")
    ruin.seconds = time.monotonic() - began
    print(f"restored, served and logged in after {ruin.seconds:.1f} s")
    return ruin


def test_the_secrets_are_the_same_and_for_nobody_else(office, restored):
    for name in NAMES:
        path = secret_path(office, name)
        assert open(path).read() == restored.secrets[name]
        assert os.stat(path).st_mode & 0o777 == 0o600
    assert "secrets 6" in restored.told
    assert re.search(r"log \d+ entries whole, [1-9]\d* MACs hold",
                     restored.told)


def test_whoever_kept_a_password_reads_on(office, restored):
    protocol = restored.cases[0]["protocol"]
    page = restored.mediator.get(f"/cases/{protocol}")
    assert page.status == 200 and restored.mark in page.words


def test_a_restored_office_is_not_restored_over(office, restored):
    status, _, complaint = admin(office, "restore", "--from", restored.path,
                                 *shares(office))
    assert status == 1 and "is there already" in complaint


def test_mail_newer_than_the_backup_is_taken_in_again_once(office, restored):
    """The mailbox has it still; what was filed before comes in no second
    time."""
    def cases():
        return office.database.value(
            "SELECT count(*) FROM case_file WHERE protocol IS NOT NULL")

    # The dead gateway's hold on the mailbox would end within a minute.
    office.time_passes()
    wait_until("the late mail is a case again", lambda: cases() >= 3, 30)
    mails = office.dovecot.mails()
    office.inbound(len(mails))
    assert cases() == 3
    assert office.database.value(
        "SELECT count(*) FROM inbound WHERE outcome = 'created'") == 3
    # A new one comes after those; it is the fourth and nothing else is.
    consumer(office, WORDS)
    assert cases() == 4


# ---- the escrow ceremony ----------------------------------------------------------


@pytest.fixture(scope="module")
def newcomer(office, restored):
    """Somebody who joins after the disaster, off the desk."""
    made = office.office.admin.json(
        "staff", "add", "--login", "nova", "--name", "Nova Alencar", "--role",
        "mediator", "--desk", "no", "--ready", "--as", "admin", "--as-password-file",
        password_file(office, "admin"))
    browser = office.browser()
    page = browser.try_login("nova", made["password"], office.code(made))
    assert page.status == 303, page.words
    browser.codes = lambda: office.code(made)
    browser.made = made
    return browser


def open_escrow(office, out, *cases, login="nova", who=None):
    return admin(office, "escrow", "open", *(who or shares(office, 2, 3)),
                 "--for", login, "--out", out, *(cases or ["--all"]))


def fingerprint_of(out):
    return re.search(r"^fingerprint (\S+)$", out, re.M).group(1)


def imported(office, path, fingerprint, first="admin", second="ombudsman",
             passwords=None):
    files = passwords or [password_file(office, first),
                          password_file(office, second)]
    return admin(office, "escrow", "import", "--fingerprint", fingerprint,
                 "--confirm", first, "--password-file", files[0],
                 "--confirm", second, "--password-file", files[1], path)


@pytest.fixture(scope="module")
def ceremony(office, stale, restored):
    """Off line: with a copy of the database and no secret of a host."""
    copy = office.template.cluster.fresh(stale)
    config = stage.copy_config(office, "offline.conf",
                               database_dsn=copy.dsn)
    conf.adjust(config, {("keys", f"{name}_file"): f"nowhere/{name}"
                         for name in NAMES})
    path = os.path.join(office.folder.path, "keys.json")
    try:
        status, out, complaint = admin(
            office, "escrow", "open", *shares(office, 2, 3), "--for", "nova",
            "--out", path, restored.cases[0]["protocol"], config=config)
    finally:
        copy.drop()
    assert status == 0, complaint
    assert "cases 1" in out
    return path, fingerprint_of(out)


@pytest.fixture(scope="module")
def stale(office, newcomer):
    """A copy of the database that nobody is connected to, to be copied."""
    dump = os.path.join(office.folder.path, "copy.dump")
    source = office.database
    subprocess.run(["pg_dump", "-Fc", "-f", dump, source.cluster.dsn(
        source.name, "postgres")], check=True)
    made = office.template.cluster.fresh()
    subprocess.run(["pg_restore", "-d", made.cluster.dsn(
        made.name, "postgres"), dump], check=True)
    made.cluster.hang_up(made.name)
    yield made.name
    made.drop()


def test_one_share_opens_no_case(office, newcomer, tmp_path):
    out = str(tmp_path / "out.json")
    for who in (shares(office, 1, 1), shares(office, 3, 3),
                shares(office, kind="root")):
        status, _, complaint = open_escrow(office, out, who=who)
        assert status == 1 and "shares" in complaint
    status, _, _ = open_escrow(
        office, out, who=["--share", share(office, "escrow", 1)])
    assert status == 2
    assert not os.path.exists(out)


@pytest.mark.parametrize("number", [1, 2, 3])
def test_what_one_custodian_has_is_no_key_to_anything(office, restored,
                                                      number):
    """Each half of a share, and what they give together, against every box of
    the database; two shares open them."""
    body = bytes.fromhex(read(share(office, "escrow", number)).decode()
                         .split()[3])
    halves = body[:32], body[32:]
    mixed = bytes(a ^ b for a, b in zip(*halves))
    boxes = list(unseal.boxes_of(office.query))
    assert unseal.unseal(boxes, *halves, mixed) == []
    both = accountant.join_shares(
        "escrow", *[read(share(office, "escrow", n)).decode()
                    for n in (1, 2)])
    found = unseal.unseal(boxes, both)
    assert unseal.of_case(found, restored.cases[0]["id"])[
        "case_grant", "box"] == 1


def test_a_newcomer_reads_nothing_before(office, newcomer, restored):
    page = newcomer.get(f"/cases/{restored.cases[0]['protocol']}")
    assert page.status == 403 and restored.mark not in page.words


def test_the_document_is_of_no_use_to_others(office, ceremony, restored):
    """Sealed boxes only; another fingerprint, one colleague twice, one without
    the office's trust, a wrong password, the receiver: none imports it."""
    path, fingerprint = ceremony
    assert set(json.loads(read(path))) == {
        "format", "tenant", "person", "pk", "keys"}
    assert os.stat(path).st_mode & 0o777 == 0o600
    before = holders(office, restored.cases[0]["id"])
    for wrong in ({"fingerprint": "0000-0000-0000-0000-0000"},
                  {"second": "admin"}, {"second": "mediator"},
                  {"second": "nova", "passwords": [
                      password_file(office, "admin"), password_file(
                          office, "admin")]},
                  {"passwords": [password_file(office, "admin"),
                                 password_file(office, "admin")]}):
        arguments = {"fingerprint": fingerprint, **wrong}
        status, _, complaint = imported(office, path, **arguments)
        assert status == 1, wrong
        assert complaint, wrong
    assert holders(office, restored.cases[0]["id"]) == before
    assert office.database.value("SELECT count(*) FROM escrow_given") == 0


def holders(office, case_id):
    return [row[0] for row in office.query(
        "SELECT p.login FROM case_grant g JOIN person p ON p.id = g.person"
        " JOIN case_file c ON c.id = g.case_id AND c.key_version = g.version"
        " WHERE c.id = %s ORDER BY 1", str(case_id))]


@pytest.fixture(scope="module")
def given(office, ceremony):
    status, out, complaint = imported(office, *ceremony)
    assert status == 0, complaint
    assert out == "given 1\n"


def test_two_custodians_and_two_colleagues_let_a_newcomer_read(
        office, given, newcomer, restored):
    first, second = restored.cases
    page = newcomer.get(f"/cases/{first['protocol']}")
    assert page.status == 200 and restored.mark in page.words
    assert newcomer.get(f"/cases/{second['protocol']}").status == 403


def test_the_case_tells_who_got_its_key_and_by_whose_word(
        office, given, restored):
    case = restored.cases[0]
    rows = office.query(
        "SELECT e.action, a.login, o.login FROM audit_event e"
        " JOIN person a ON a.id = e.actor JOIN person o ON o.id = e.object"
        " WHERE e.chain = %s AND e.action LIKE 'escrow%%' ORDER BY e.seq",
        str(case["id"]))
    assert rows == [("escrow-grant", "admin", "nova"),
                    ("escrow-confirm", "ombudsman", "nova")]
    assert office.query(
        "SELECT kind FROM task WHERE case_id = %s AND done IS NULL",
        str(case["id"])) == [("escrow-opened",)]
    words = json.loads(read(os.path.join(
        harness.ROOT, "templates", "html", "words.pt-BR.json")))
    page = restored.mediator.get(f"/cases/{case['protocol']}")
    assert words["task_escrow_opened"] in page.words
    assert words["key_why_escrow"] in page.words
    log = restored.mediator.get(f"/cases/{case['protocol']}/log")
    assert words["event_escrow_grant"].replace(
        "{{name}}", "Nova Alencar") in log.words
    status, out, complaint = admin(office, "audit", "verify")
    assert status == 0, out + complaint


def test_both_signatures_hold(office, given, restored):
    """Read and checked without our own code."""
    case_id, version, person, hashed, one, two, first, second = office.query(
        "SELECT case_id, version, person, grant_hash, first, second,"
        " first_sig, second_sig FROM escrow_given")[0]
    box, sig = office.query(
        "SELECT box, sig FROM case_grant WHERE case_id = %s AND person = %s",
        case_id, person)[0]
    tenant = bytes.fromhex(accountant.read_config(office.office.config)[
        "office", "tenant"])
    assert bytes(hashed) == accountant.blake(b"grant" + bytes(box))
    assert bytes(sig) == bytes(first)
    message = (b"OUV-CERT-GRNT-1\0" + tenant + accountant.key_of(case_id)
               + accountant.key_of(person) + version.to_bytes(4, "big")
               + bytes(hashed) + bytes(32))
    from nacl.signing import VerifyKey
    for who, mark in ((one, first), (two, second)):
        public = office.query("SELECT sig_pk FROM person WHERE id = %s",
                              who)[0][0]
        VerifyKey(bytes(public)).verify(message, bytes(mark))


def test_a_key_of_before_is_not_imported(office, given, newcomer, restored,
                                         tmp_path):
    """The case got a new key since the copy was made."""
    case = restored.cases[1]
    out = str(tmp_path / "late.json")
    status, told, complaint = open_escrow(office, out, case["protocol"])
    assert status == 0, complaint
    office.query("UPDATE case_file SET rekey_due = true WHERE id = %s",
                 str(case["id"]))
    assert restored.mediator.get(f"/cases/{case['protocol']}").status == 200
    assert office.database.value(
        "SELECT key_version FROM case_file WHERE protocol = %s",
        case["protocol"]) == 2
    status, _, complaint = imported(office, out, fingerprint_of(told))
    assert status == 1 and "another key since" in complaint
    assert "nova" not in holders(office, case["id"])


def test_nobody_gets_a_key_that_they_may_not_have(office, newcomer, restored,
                                                  tmp_path):
    """Somebody who cannot be impartial, by name and among all."""
    case = restored.cases[1]
    out = str(tmp_path / "no.json")
    office.query(
        "INSERT INTO case_conflict (case_id, person) SELECT %s, id FROM person"
        " WHERE login = 'nova'", str(case["id"]))
    status, _, complaint = open_escrow(office, out, case["protocol"])
    assert status == 1 and "conflict" in complaint
    status, told, complaint = open_escrow(office, out)
    assert status == 0, complaint
    everything = office.database.value(
        "SELECT count(*) FROM case_file WHERE state <> 'erased'")
    assert f"cases {everything - 1}" in told
    assert case["id"].replace("-", "") not in {
        key["case"] for key in json.loads(read(out))["keys"]}


# ---- how the keys stand ------------------------------------------------------------


def key_status(office):
    status, out, complaint = admin(office, "key", "status", "--json")
    assert complaint == "" or status == 1, complaint
    return status, json.loads(out)


def test_the_keys_stand_well(office, given, newcomer):
    status, told = key_status(office)
    looked_at = ("name", "version", "certified", "backed_up", "file")
    assert [tuple(key[one] for one in looked_at) for key in told["keys"]] == [
        (name, 1, True, True, "here") for name in NAMES]
    assert (told["no_escrow"], told["escrow_given"]) == (0, 1)
    assert told["cases"] == office.database.value(
        "SELECT count(*) FROM case_file WHERE state <> 'erased'")
    assert (status, told["ok"], told["wrong"]) == (0, True, [])


@pytest.mark.parametrize("code", [
    "open-to-others", "unreadable", "does-not-fit", "elsewhere", "no-backup",
    "no-escrow", "no-recovery"])
def test_what_is_wrong_with_the_keys_is_told(office, given, code):
    path = secret_path(office, "svc")
    was = read(path)
    case = office.query("SELECT case_id, version, person, box, granted_by,"
                        " sig FROM case_grant WHERE person ="
                        " '00000000-0000-0000-0000-000000000000' LIMIT 1")[0]
    sealed = office.query(
        "SELECT name, version, box FROM host_secret WHERE name = 'gw_sig'")[0]
    if code == "open-to-others":
        os.chmod(path, 0o640)
    elif code == "unreadable":
        accounts.write_file(path, "no key\n")
    elif code == "does-not-fit":
        accounts.write_file(path, "5a" * 32 + "\n")
    elif code == "elsewhere":
        os.unlink(path)
    elif code == "no-backup":
        office.query("DELETE FROM host_secret WHERE name = 'gw_sig'")
    elif code == "no-escrow":
        office.query("DELETE FROM case_grant WHERE case_id = %s AND person"
                     " = %s", case[0], case[2])
    else:
        office.query("UPDATE person SET must = 4 WHERE login = 'reader'")
    try:
        status, told = key_status(office)
        plain = admin(office, "key", "status")[1]
        if code == "no-backup":
            assert admin(office, "key", "backup")[:2] == (0, "sealed 1\n")
            assert key_status(office)[1]["ok"]
            secret = bytes.fromhex(accountant_secret(office))
            box, = office.query("SELECT box FROM host_secret"
                                " WHERE name = 'gw_sig'")[0]
            opened = unseal.unseal([("host_secret", {}, "box", bytes(box))],
                                   escrow_secret(office))
            assert [one.key for one in opened] == [secret]
    finally:
        accounts.write_file(path, was.decode())
        os.chmod(path, 0o600)
        office.query("UPDATE person SET must = 0 WHERE login = 'reader'")
        office.query("INSERT INTO case_grant (case_id, version, person, box,"
                     " granted_by, sig) VALUES (%s, %s, %s, %s, %s, %s)"
                     " ON CONFLICT DO NOTHING", *case)
        office.query("INSERT INTO host_secret (name, version, box) VALUES"
                     " (%s, %s, %s) ON CONFLICT DO NOTHING", *sealed)
    if code == "elsewhere":
        # Another host may have it.
        assert (status, told["wrong"]) == (0, [])
        assert told["keys"][0]["file"] == "elsewhere"
        return
    assert (status, told["wrong"]) == (1, [code])
    assert f"wrong: {code}: " in plain


def accountant_secret(office):
    return read(secret_path(office, "gw_sig")).decode().strip()


def escrow_secret(office):
    return accountant.join_shares(
        "escrow", *[read(share(office, "escrow", n)).decode()
                    for n in (1, 2)])


@pytest.mark.parametrize("what", ["pk", "escrow", "box"])
def test_an_altered_copy_gives_nothing(office, stale, restored, tmp_path,
                                       what):
    """Whoever wrote into the copy that the custodians use: another public key
    for the receiver, another ESCROW, another key for the case."""
    copy = office.template.cluster.fresh(stale)
    change = {
        "pk": "UPDATE person SET pk = sha256(pk) WHERE login = 'nova'",
        "escrow": "UPDATE office_key SET public = sha256(public)"
                  " WHERE kind = 'escrow'",
        "box": "UPDATE case_grant SET box = (SELECT box FROM case_grant WHERE"
               " case_id <> %(id)s AND person = uuid_nil LIMIT 1)"
               " WHERE case_id = %(id)s AND person = uuid_nil",
    }[what].replace(
        "uuid_nil", "'00000000-0000-0000-0000-000000000000'").replace(
        "%(id)s", f"'{restored.cases[0]['id']}'")
    copy.query(change)
    config = stage.copy_config(office, f"bad-{what}.conf",
                               database_dsn=copy.dsn)
    out = str(tmp_path / "bad.json")
    try:
        status, _, complaint = admin(
            office, "escrow", "open", *shares(office), "--for", "nova",
            "--out", out, restored.cases[0]["protocol"], config=config)
    finally:
        copy.drop()
    assert status == 1 and complaint
    assert not os.path.exists(out)


# ---- nobody is left ------------------------------------------------------------------


def joined(office, login, role, *by):
    """Somebody new, and the file with their password."""
    made = office.office.admin.json(
        "staff", "add", "--login", login, "--name", f"Novo {login.title()}",
        "--role", role, "--desk", "no", "--ready", *by)
    return made, password_file(office, login, made["password"])


def test_an_office_in_which_nobody_has_a_password_is_opened_by_the_shares(
        office, stale, restored, tmp_path):
    """Two sheets of ROOT make an administrator, who makes colleagues; two of
    ESCROW give one of them the key of a case.  It is the last thing that happens
    to this office."""
    case, person = restored.cases[0], newest_admin(office)
    office.query("DELETE FROM session")
    office.query("DELETE FROM person_key")
    assert office.browser().try_login(
        "mediator", office.office.person("mediator")["password"],
        "000000").status == 403
    assert "nobody" in key_status(office)[1]["wrong"]
    one = ["--root-share", share(office, "root", 1)]
    status, _, _ = admin(office, "staff", "add", "--login", "raiz", "--name",
                         "Raiz", "--role", "admin", "--ready", *one, *one)
    assert status == 1 and newest_admin(office) == person
    _, boss_file = joined(office, "raiz", "admin", *one, "--root-share",
                          share(office, "root", 3))
    by = ["--as", "raiz", "--as-password-file", boss_file]
    _, second_file = joined(office, "segunda", "ombudsman", *by)
    reader, _ = joined(office, "leitora", "mediator", *by)
    browser = office.browser()
    page = browser.try_login("leitora", reader["password"],
                             office.code(reader))
    assert page.status == 303, page.words
    path = f"/cases/{case['protocol']}"
    assert browser.get(path).status == 403
    out = str(tmp_path / "keys.json")
    status, told, complaint = open_escrow(office, out, case["protocol"],
                                          login="leitora")
    assert status == 0, complaint
    status, told, complaint = imported(
        office, out, fingerprint_of(told), "raiz", "segunda",
        [boss_file, second_file])
    assert (status, told) == (0, "given 1\n"), complaint
    page = browser.get(path)
    assert page.status == 200 and restored.mark in page.words


def newest_admin(office):
    return office.database.value(
        "SELECT login FROM person WHERE role = 'admin' ORDER BY created DESC"
        " LIMIT 1")
