"""Whom an administrator certified counts for good: when that administrator has
got new keys since, and only if they were an administrator when they signed.
What was put in the place of a key is handed on by nobody, and a tie that begins
takes keys by itself.

One office lives through it here: its administrator loses everything and comes
back with two shares of ROOT.
"""

import datetime
import os

import nacl.bindings as na
import pytest

import accountant
import test_account as account
import test_write as desk
import unseal
from harness import wait_until
from scene import Scene, today
from test_account import LONG, enrol, recover_with, send, write_down
from test_grants import due, move
from test_impartial import declare, holders
from test_recusal import kept, kept_columns, telling

REASON = "Precisamos do que ela sabe deste contrato."


@pytest.fixture(scope="module")
def office(template):
    made = Scene(template, to_sink=True, imap_poll_secs=1,
                 mailgw_acks_domain_hour=100000)
    made.pool = desk.Pool(made)
    made.passwords = {}
    try:
        yield made.begin()
    finally:
        made.stop()


@pytest.fixture(scope="module")
def people(office):
    return {name: desk.login(office, name)
            for name in ("mediator", "mediator2", "intake", "reader")}


def root_shares(office):
    found = []
    for number in (1, 3):
        found += ["--root-share", os.path.join(office.template.offline,
                                               f"root-share-{number}")]
    return found


@pytest.fixture(scope="module")
def before(office, people):
    """A case from the days of the administrator's former keys."""
    return desk.Case(office)


@pytest.fixture(scope="module")
def renewed(office, before):
    """The administrator, with other keys than those that certified all."""
    old, = office.query("SELECT id, sig_pk FROM person WHERE login = 'admin'")
    made = office.office.admin.json(
        "staff", "invite", "--login", "admin", *root_shares(office))
    browser, known = office.browser(), {"login": "admin"}
    page = recover_with(browser, "admin", made["invitation"], LONG)
    assert page.status == 303, page.words
    enrol(office, browser, known)
    write_down(browser, known)
    now, = office.query("SELECT sig_pk FROM person WHERE login = 'admin'")
    assert bytes(now[0]) != bytes(old[1])
    assert office.query("SELECT cert_admin = %s FROM person WHERE login ="
                        " 'mediator'", old[0]) == [(True,)]
    browser.codes = lambda: account.code_of(office, known)
    return browser


def hire(office, login):
    path = os.path.join(office.folder.make(f"as-{login}"), "pw")
    with open(path, "w", encoding="utf-8") as file:
        file.write(LONG + "\n")
    os.chmod(path, 0o600)
    made = office.office.admin.json(
        "staff", "add", "--login", login, "--name", f"Nova {login}", "--role",
        "mediator", "--desk", "yes", "--ready", "--as", "admin",
        "--as-password-file", path)
    browser = office.browser()
    page = browser.try_login(login, made["password"], office.code(made))
    assert page.status == 303, page.words
    return browser


def is_open(browser, case):
    return browser.get(case.path).status == 200


def test_a_key_is_given_to_whom_the_former_keys_certified(office, people,
                                                          before, renewed):
    assert not is_open(people["reader"], before)
    page = move(people["mediator"], before, "grant", person="reader",
                reason=REASON)
    assert page.status == 303, page.words
    assert is_open(people["reader"], before)


def test_a_new_key_leaves_nobody_out(office, people, before, renewed):
    held = holders(office, before)
    assert {"mediator", "mediator2", "intake"} <= held
    page = move(people["mediator"], before, "revoke", person="intake",
                reason=REASON)
    assert page.status == 303, page.words
    office.query("UPDATE case_file SET rekey_due = true WHERE id = %s",
                 before.id)
    assert is_open(people["mediator2"], before)
    assert office.query("SELECT key_version, rekey_due FROM case_file"
                        " WHERE id = %s", before.id) == [(3, False)]
    assert holders(office, before) == held - {"intake"}
    for name in held - {"intake"}:
        if name in people:
            assert is_open(people[name], before), name
    assert not is_open(people["intake"], before)


def test_mail_is_sealed_to_those_of_before_and_to_newcomers(office, people,
                                                            before, renewed):
    newcomer = hire(office, "bia")
    case = desk.Case(office, text=desk.stage.WORDS["pt-BR"])
    assert is_open(newcomer, case)
    assert is_open(people["mediator"], case)
    assert not is_open(newcomer, before)
    page = move(people["mediator"], before, "grant", person="bia",
                reason=REASON)
    assert page.status == 303, page.words
    assert is_open(newcomer, before)


# ---- who never was an administrator --------------------------------------------


def tenant_of(office):
    return bytes.fromhex(accountant.read_config(office.office.config)[
        "office", "tenant"])


def person_cert(office, subject, public, signing):
    return (b"OUV-CERT-PERS-1\0" + tenant_of(office)
            + accountant.key_of(subject) + bytes(16) + bytes(4) + public
            + signing)


@pytest.mark.parametrize("how", ["former", "present"])
def test_whoever_never_was_an_administrator_certifies_nobody(
        office, people, before, renewed, how):
    """Keys for a colleague, signed by a pair of the attacker's own, which the
    database calls the administrator's: their present ones, or former ones."""
    case = desk.Case(office)
    public, _ = na.crypto_box_keypair()
    sign_public, secret = na.crypto_sign_keypair()
    admin, = office.query("SELECT id FROM person WHERE login = 'admin'")[0]
    who, signing = office.query("SELECT id, sig_pk FROM person WHERE login ="
                                " 'custodian'")[0]
    text = person_cert(office, who, public, bytes(signing))
    sig = na.crypto_sign(text, secret)[:64]
    root_sig = na.crypto_sign(b"x", secret)[:64]
    with kept_columns(office, "custodian", "pk"), \
            kept_columns(office, "custodian", "cert_sig"), \
            kept_columns(office, "admin", "sig_pk"):
        office.query("UPDATE person SET pk = %s, cert_sig = %s WHERE login ="
                     " 'custodian'", public, sig)
        if how == "present":
            office.query("UPDATE person SET sig_pk = %s WHERE login = 'admin'",
                         sign_public)
        else:
            office.query("INSERT INTO person_former (person, pk, sig_pk,"
                         " cert_admin, cert_sig, admin_sig) VALUES"
                         " (%s, %s, %s, %s, %s, %s)", admin, public,
                         sign_public, admin, sig, root_sig)
        with telling(office, "has no certificate that leads to ROOT"):
            page = move(people["mediator"], case, "grant", person="custodian",
                        reason=REASON)
        office.query("DELETE FROM person_former WHERE sig_pk = %s",
                     sign_public)
        assert page.status == 422, page.words
    assert "custodian" not in holders(office, case)


def test_a_former_key_of_a_colleague_gets_nothing(office, people, before,
                                                  renewed):
    """A certificate names both keys: the one of another pair is no way in."""
    case = desk.Case(office)
    public, _ = na.crypto_box_keypair()
    with kept_columns(office, "reader", "pk"):
        office.query("UPDATE person SET pk = %s WHERE login = 'reader'",
                     public)
        page = move(people["mediator"], case, "grant", person="reader",
                    reason=REASON)
        assert page.status == 422, page.words
    assert "reader" not in holders(office, case)
    assert send(renewed, "/profile/recovery",
                "/profile/recovery/begin").status == 200


# ---- what is no key of the case -------------------------------------------------


MINE = ("case_id = %s AND person = (SELECT id FROM person WHERE login ="
        " 'mediator')")
GIVES_NOTHING = "does not open: its key is given to nobody"


def key_asked_for(office, case, login="reader"):
    office.query("INSERT INTO grant_due (case_id, person, why) SELECT %s, id,"
                 " 'review' FROM person WHERE login = %s", case.id, login)


def another_key(office, case):
    """A secret that is not the case's, sealed as its key to the mediator, with
    the signature that a colleague who is certified could make for it."""
    who, public = office.query("SELECT id, pk FROM person WHERE login ="
                               " 'mediator'")[0]
    giver, = office.query("SELECT id FROM person WHERE login = 'mediator2'")[0]
    _, secret = na.crypto_box_keypair()
    tenant = tenant_of(office)
    box = na.crypto_box_seal(accountant.blake(accountant.context(
        tenant, accountant.CASE_KEY, 5, case=accountant.key_of(case.id),
        row=accountant.key_of(who))) + secret, bytes(public))
    _, sign = na.crypto_sign_seed_keypair(
        unseal.keys_of(office, "mediator2")[32:])
    text = (b"OUV-CERT-GRNT-1\0" + tenant + accountant.key_of(case.id)
            + accountant.key_of(who) + (1).to_bytes(4, "big")
            + accountant.blake(b"grant" + box) + bytes(32))
    return box, na.crypto_sign(text, sign)[:64], giver


def test_one_key_that_does_not_open_keeps_nobody_from_the_others(
        office, people):
    """The list of cases gives what is due; a row that was altered is left."""
    bad, good = sorted((desk.Case(office), desk.Case(office)),
                       key=lambda case: case.id)
    for case in (bad, good):
        key_asked_for(office, case)
    with kept(office, "case_grant", MINE, bad.id):
        office.query("UPDATE case_grant SET box = set_byte(box, 50,"
                     f" get_byte(box, 50) # 1) WHERE {MINE}", bad.id)
        with telling(office, GIVES_NOTHING):
            assert people["mediator"].get("/cases").status == 200
        assert is_open(people["reader"], good)
        assert due(office, good) == {}
        assert due(office, bad) == {"reader": "review"}
        assert "reader" not in holders(office, bad)
    assert people["mediator"].get("/cases").status == 200
    assert is_open(people["reader"], bad)


def test_another_key_in_its_place_is_handed_on_by_nobody(office, people):
    case = desk.Case(office)
    key_asked_for(office, case)
    box, sig, giver = another_key(office, case)
    with kept(office, "case_grant", MINE, case.id):
        office.query("UPDATE case_grant SET box = %s, sig = %s, granted_by ="
                     f" %s WHERE {MINE}", box, sig, giver, case.id)
        with telling(office, "what was given as its key is another one"):
            assert people["mediator"].get("/cases").status == 200
        assert "reader" not in holders(office, case)
        # Nor does the case get a new key by whoever holds another one.
        office.query("UPDATE case_file SET rekey_due = true WHERE id = %s",
                     case.id)
        assert not is_open(people["mediator"], case)
        assert office.query("SELECT key_version, rekey_due FROM case_file"
                            " WHERE id = %s", case.id) == [(1, True)]
    assert is_open(people["mediator"], case)
    assert office.query("SELECT key_version, rekey_due FROM case_file"
                        " WHERE id = %s", case.id) == [(2, False)]


def test_a_part_of_a_case_is_for_those_to_whom_its_key_was_given(office,
                                                                 people):
    """A row written by hand makes no reader of the new case."""
    case = desk.Case(office)
    assert desk.act(people["mediator"], case.path, "open").status == 303
    reader = office.query("SELECT id, pk FROM person WHERE login ="
                          " 'reader'")[0]
    office.query("INSERT INTO case_grant (case_id, version, person, box, pk,"
                 " granted_by, sig) SELECT case_id, version, %s, box, %s,"
                 " granted_by, sig FROM case_grant WHERE case_id = %s LIMIT 1",
                 *reader, case.id)
    page = move(people["mediator"], case, "split", item="1",
                matter="A cobrança do seguro")
    assert page.status == 303, page.words
    new, = office.query("SELECT case_id FROM case_link WHERE other = %s",
                        case.id)[0]
    held = {row[0] for row in office.query(
        "SELECT p.login FROM case_grant g JOIN person p ON p.id = g.person"
        " WHERE g.case_id = %s", new)}
    assert "mediator" in held and "mediator2" in held
    assert held == holders(office, case) - {"reader"}


# ---- a tie that begins -----------------------------------------------------------


def test_a_tie_of_tomorrow_takes_the_key_tomorrow(office, people, words):
    case = desk.Case(office)
    tomorrow = today() + datetime.timedelta(1)
    page = declare(people["mediator2"], case=case.protocol, kind="family",
                   **{"from": tomorrow.isoformat()})
    assert page.status == 303, page.words
    assert is_open(people["mediator2"], case)
    office.query("UPDATE conflict_register SET from_day = from_day - 1")
    try:
        office.kill_gateway()
        office.gateway.begin()
        wait_until("the tie is felt", lambda: "mediator2" not in holders(
            office, case), 20, 0.1)
        assert not is_open(people["mediator2"], case)
        assert is_open(people["mediator"], case)
        assert office.query("SELECT key_version, rekey_due FROM case_file"
                            " WHERE id = %s", case.id) == [(2, False)]
        name, = office.query("SELECT name FROM person WHERE login ="
                             " 'mediator2'")[0]
        log = people["mediator"].get(f"{case.path}/log")
        assert words["event_tie_felt"].replace("{{name}}", name) in log.words
    finally:
        office.query("UPDATE conflict_register SET ended = now()")
