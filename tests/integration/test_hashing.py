"""A password is stretched while no transaction is open: the database ends one
in which nothing is said for half a minute, which on a busy machine is soon.

The programs stop at each stretching until the test has looked around
(watched_hash.c), so that nothing here depends on how long one takes.
"""

import contextlib
import json
import os
import shutil
import socket
import subprocess
import threading

import pytest

import harness
from harness import wait_until
from scene import Scene, letter
from test_restore import fingerprint_of, password_file, shares

LIBRARY = "tests/integration/watched_hash.so"
LONG = "sete gansos nadam devagar rio acima"
OPEN = ("SELECT query FROM pg_stat_activity WHERE datname = current_database()"
        " AND application_name = %s AND state LIKE 'idle in transaction%%'")


class Watcher:
    """Whoever stretches a password waits here until it was looked at."""

    def __init__(self, folder):
        library = folder / "watched_hash.so"
        shutil.copy(os.path.join(harness.programs.build_folder(), LIBRARY),
                    library)
        path = folder / "watched"
        self.env = {"LD_PRELOAD": library, "OUV_HASH_WATCH": path,
                    "ASAN_OPTIONS": "verify_asan_link_order=0"}
        self.line = socket.socket(socket.AF_UNIX)
        self.line.bind(path)
        self.line.listen(16)
        self.look = None
        self.found = []
        self.thread = threading.Thread(target=self.run)
        self.thread.start()

    def run(self):
        while True:
            try:
                caller, _ = self.line.accept()
            except OSError:
                return
            with caller:
                if self.look is not None:
                    self.found.append(self.look())
                caller.sendall(b".")

    def stop(self):
        self.line.shutdown(socket.SHUT_RDWR)
        self.line.close()
        self.thread.join()

    @contextlib.contextmanager
    def looking(self, office, program):
        """Yields what was found open at each stretching.  Another thread of a
        server may be in the midst of its own: only what stays open counts."""
        def look():
            connection = office.database.connect()
            try:
                with connection.cursor() as cursor:
                    def nothing():
                        cursor.execute(OPEN, (program,))
                        look.seen = cursor.fetchall()
                        return not look.seen
                    wait_until("no transaction is open", nothing, 3)
            except TimeoutError:
                pass
            finally:
                connection.close()
            return look.seen

        self.found, self.look = [], look
        try:
            yield self.found
        finally:
            self.look = None


@pytest.fixture(scope="module")
def office(template):
    made = Scene(template, to_sink=True)
    made.watcher = Watcher(made.folder)
    made.server.process.env = {**(made.server.process.env or {}),
                               **made.watcher.env}
    try:
        yield made.begin()
    finally:
        made.stop()
        made.watcher.stop()


def command(office, *arguments):
    program = office.office.admin
    return subprocess.run(
        [program.program, "-c", program.config, *arguments],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, timeout=120,
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8",
             **office.watcher.env})


def watched(office, *arguments):
    """What the operator's command printed, and what was open meanwhile."""
    with office.watcher.looking(office, "ouvidoria") as found:
        done = command(office, *arguments)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode(), found


def by_admin(office):
    return ["--as", "admin", "--as-password-file",
            password_file(office, "admin")]


def add(office, login, *more):
    out, found = watched(office, "staff", "add", "--login", login, "--name",
                         f"Nova {login}", "--role", "mediator", "--desk", "no",
                         "--json", *more, *by_admin(office))
    return json.loads(out), found


def logs_in(office, made):
    page = office.browser().try_login(made["login"], made["password"],
                                      office.code(made))
    return page.status == 303


def test_a_colleague_is_added_without_a_transaction_that_waits(office):
    made, found = add(office, "nova", "--ready")
    assert found == [[], []]  # the administrator's, and the new one
    assert logs_in(office, made)


def test_nor_does_one_wait_for_an_invitation(office):
    _, found = add(office, "vera", "--invite")
    assert found == [[]]
    out, found = watched(office, "staff", "invite", "--login", "vera",
                         "--json", *by_admin(office))
    assert found == [[]] and json.loads(out)["invitation"]


def test_who_is_no_administrator_any_more_adds_nobody(office):
    """What was read before the stretching is looked at once more."""
    seen = []

    def step_down():
        seen.append(office.query("UPDATE person SET role = 'reader' WHERE"
                                 " login = 'admin' RETURNING login"))

    office.watcher.look = step_down
    try:
        done = command(office, "staff", "add", "--login", "late", "--name",
                       "Tarde", "--role", "mediator", *by_admin(office))
    finally:
        office.watcher.look = None
        office.query("UPDATE person SET role = 'admin' WHERE login = 'admin'"
                     " RETURNING login")
    assert seen and done.returncode == 1, done.stderr
    assert not office.query("SELECT 1 FROM person WHERE login = 'late'")


def test_nor_for_the_passwords_of_those_who_confirm_an_escrow(office):
    sender = "ana@consumidora.example"
    row = office.filed(letter(sender), sender)
    protocol, = office.query("SELECT protocol FROM case_file WHERE id = %s",
                             str(row["case_id"]))[0]
    add(office, "nina", "--ready")
    path = os.path.join(office.folder.path, "keys.json")
    out = office.office.admin.do("escrow", "open", *shares(office, 2, 3),
                                 "--for", "nina", "--out", path,
                                 protocol).decode()
    out, found = watched(
        office, "escrow", "import", "--fingerprint", fingerprint_of(out),
        "--confirm", "admin", "--password-file",
        password_file(office, "admin"), "--confirm", "ombudsman",
        "--password-file", password_file(office, "ombudsman"), path)
    assert found == [[], []]
    assert office.database.value("SELECT count(*) FROM escrow_given") == 1


def test_nor_for_a_login_a_new_password_and_a_recovery(office):
    known = office.office.person("reader")
    browser = office.browser()

    def to_login(password):
        return browser.try_login("reader", password, office.code(known))

    def seen(act, status, stretchings):
        with office.watcher.looking(office, "ouvidoria-server") as found:
            page = act()
            assert page.status == status, page.words
        assert found == [[]] * stretchings

    seen(lambda: to_login("no such password at all"), 403, 1)
    seen(lambda: office.browser().try_login("nobody", "x" * 20, "000000"),
         403, 1)
    seen(lambda: to_login(known["password"]), 303, 1)
    form = browser.get("/profile/password").form("/profile/password")
    seen(lambda: browser.post("/profile/password", **{
        **form, "password_old": known["password"], "password": LONG,
        "password_again": LONG}), 303, 2)
    other = "onze violas tocam baixo ao entardecer"
    fresh = office.browser()
    form = fresh.get("/recover").form("/recover")
    seen(lambda: fresh.post("/recover", **{
        **form, "login": "reader", "recovery": known["recovery_code"],
        "password": other, "password_again": other, "code": ""}), 303, 1)
