"""Attackers of docs/threats.md who hold a host's secrets and a whole copy of
the database, played with every secret on every row."""

import contextlib
import json
import os
import uuid

import nacl.bindings as na
import pytest

import accountant
import unseal
from harness import wait_until
from scene import Scene, letter

SENDER = "ana@consumidora.example"
AWAY = "bia@consumidora.example"


class Stolen:
    """An office at work, and a copy of all that is sealed in it: two cases,
    one of them the mediator's, and a letter that cannot go."""

    def __init__(self, template):
        self.scene = scene = Scene(template, to_sink=True)
        scene.begin()
        scene.sink.fault("rcpt", match=AWAY, times=None,
                         reply="451 4.2.1 not now")
        self.cases = [str(scene.filed(letter(sender), sender)["case_id"])
                      for sender in (SENDER, AWAY)]
        wait_until("one acknowledgement went, one waits", lambda: sorted(
            state for state, in scene.query("SELECT state FROM outbox")
        ) == ["queued", "sent"] and len(scene.sink.mails) == 1)
        self.boxes = list(unseal.boxes_of(scene.query))

    def host_secret(self, name):
        values = accountant.read_config(self.scene.office.config)
        with open(os.path.join(self.scene.office.home,
                               values["keys", name]), encoding="ascii") as f:
            return bytes.fromhex(f.read().split()[0])

    def opened(self, *secrets):
        return unseal.unseal(self.boxes, *secrets)


@pytest.fixture(scope="module")
def stolen(template):
    with contextlib.ExitStack() as stack:
        made = Stolen(template)
        stack.callback(made.scene.stop)
        yield made


def kinds(found):
    return {(one.table, one.column) for one in found}


def test_the_gateways_key_opens_addresses_and_what_waits(stolen):
    """Row 4: of what was filed or sent, nothing."""
    found = stolen.opened(stolen.host_secret("svc_file"))
    assert kinds(found) == {("capsule", "box_svc"), ("outbox", "dek_box_svc")}
    assert {one.row["case_id"] for one in found
            if one.table == "capsule"} == set(stolen.cases)
    assert [one.row["state"] for one in found
            if one.table == "outbox"] == ["queued"]


def test_a_password_and_all_hosts_open_the_sum_of_both(stolen):
    """Row 10: rows 4 and 9 together, and nothing that neither opens."""
    svc = stolen.host_secret("svc_file")
    person = unseal.secret_of(stolen.scene, "mediator")
    alone = stolen.opened(svc) + stolen.opened(person)
    together = stolen.opened(svc, person)
    assert ("item", "dek_box") in kinds(together)
    assert {(one.table, one.column, one.key) for one in together} == {
        (one.table, one.column, one.key) for one in alone}


def test_the_other_secrets_of_the_hosts_open_nothing(stolen):
    """Rows 6 and 9 without a password: they are no keys to boxes."""
    for name in ("pepper_file", "k_id_file", "k_tok_file", "gw_sig_file",
                 "srv_sig_file"):
        assert stolen.opened(stolen.host_secret(name)) == [], name


# ---- row 3: what was altered, in a running office ---------------------------------


@contextlib.contextmanager
def altered(scene, table, column, where, *values):
    """One byte of the newest is another one meanwhile."""
    flip = (f"UPDATE {table} SET {column} = set_byte({column}, 40,"
            f" get_byte({column}, 40) # 1) WHERE {where} RETURNING 1")
    assert len(scene.query(flip, *values)) == 1
    try:
        yield
    finally:
        scene.query(flip, *values)


def test_an_altered_summary_is_not_shown_and_the_list_is(stolen):
    """One line of the list says nothing; the others stand."""
    browser = stolen.scene.logged_in("mediator")
    first, other = stolen.cases
    assert browser.get("/").text.count("Geladeira") == 2
    with altered(stolen.scene, "case_file", "summary", "id = %s", first):
        page = browser.get("/")
        assert page.status == 200
        assert len(page.cases()) == 2 and page.text.count("Geladeira") == 1
    assert browser.get("/").text.count("Geladeira") == 2
    assert other != first


def test_an_altered_session_is_none(stolen):
    browser = stolen.scene.logged_in("mediator2")
    assert browser.get("/").status == 200
    with altered(stolen.scene, "session", "wrapped", "person = (SELECT id"
                 " FROM person WHERE login = %s)", "mediator2"):
        page = browser.get("/")
        assert (page.status, page.location) == (303, "/login")


def test_an_altered_authenticator_lets_nobody_in(stolen):
    scene = stolen.scene
    person = scene.office.person("ombudsman")
    with altered(scene, "person", "totp_box", "login = %s", "ombudsman"):
        page = scene.browser().try_login(
            "ombudsman", person["password"], scene.code(person))
        assert page.status != 303, page.location
    assert scene.logged_in("ombudsman").get("/").status == 200


@pytest.mark.parametrize("kind", ["escrow", "svc"])
def test_nothing_is_sealed_to_a_replaced_key_of_the_office(stolen, kind):
    """Programs that run seal to the key that they checked; one that begins
    says what it found and does not work."""
    scene = stolen.scene
    public, secret = na.crypto_box_keypair()
    (true,), = scene.query("SELECT public FROM office_key WHERE kind = %s",
                           kind)
    log = scene.folder / "mailgw.log"

    def told():
        with open(log, encoding="utf-8") as source:
            return source.read().count(
                f"the {kind} key in the database is not signed by ROOT")

    def replace(key):
        scene.query("UPDATE office_key SET public = %s WHERE kind = %s",
                    key, kind)

    sender = f"{kind}@consumidora.example"
    replace(public)
    try:
        scene.filed(letter(sender), sender)
        before = told()
        scene.gateway.stop()
        scene.gateway.start()
        wait_until("it says so", lambda: told() > before)
        assert unseal.unseal(unseal.boxes_of(scene.query), secret) == []
    finally:
        replace(true)
        scene.gateway.stop()
        scene.gateway.begin()
    scene.filed(letter(sender, text="Mais uma coisa."), sender)


def test_a_waiting_mail_whose_key_does_not_open_stops_no_other(stolen):
    """It is held for people, and what came with it is filed."""
    scene = stolen.scene
    row = str(uuid.uuid4())
    changes = {"id": row, "uid": 1 << 31, "state": "received", "attempts": 0,
               "lease_by": None, "lease_until": None, "case_id": None,
               "outcome": None, "filed": None, "moved": None}
    changes |= {name: "\\x" + os.urandom(size).hex() for name, size in (
        ("dek_box_svc", 112), ("raw_mac", 32), ("canon_mac", 32))}
    scene.query("INSERT INTO inbound SELECT n.* FROM (SELECT i FROM inbound i"
                " WHERE state = 'filed' LIMIT 1) o (i),"
                " jsonb_populate_record(o.i, %s) n", json.dumps(changes))
    wait_until("it is held", lambda: scene.query(
        "SELECT f.state::text, t.why FROM inbound i JOIN case_file f"
        " ON f.id = i.case_id JOIN item t ON t.id = i.id WHERE i.id = %s",
        row) == [("held", "sealed-bytes-altered")], 30)
    sender = "carla@consumidora.example"
    assert scene.filed(letter(sender), sender)["state"] == "filed"
