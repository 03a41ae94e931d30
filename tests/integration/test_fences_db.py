"""The database's own wall: a program that may add to cases cannot read them."""

import psycopg2
import pytest

import harness
from ouvoffice.postgres import GATEWAY, SERVER
from scene import Scene, letter

SENDER = "ana@consumidora.example"


@pytest.fixture(scope="module")
def office(template):
    """One case, filed, answered, and at rest."""
    made = Scene(template)
    try:
        made.begin(web=False)
        made.acknowledged(letter(SENDER), SENDER)
        harness.wait_until("the outbox is empty", made.outbox_is_quiet)
        yield made
    finally:
        made.stop()


GATEWAY_MAY_NOT = [
    "SELECT body FROM item",
    "SELECT dek_box FROM item",
    "SELECT ct FROM chunk",
    "SELECT summary FROM case_file",
    "SELECT box_case FROM capsule",
    "SELECT * FROM case_grant",
    "SELECT box FROM case_grant",
    "SELECT * FROM person",
    "SELECT login, name FROM person",
    "SELECT totp_box FROM person",
    "SELECT * FROM person_key",
    "SELECT * FROM session",
    "SELECT * FROM host_secret",
    "SELECT details FROM audit_event",
    "SELECT * FROM form_key",
    "UPDATE item SET body = ''",
    "UPDATE case_file SET state = 'closed'",
    "UPDATE case_file SET due = now()",
    "UPDATE case_file SET owner = NULL",
    "UPDATE case_key SET cpk = cpk",
    "UPDATE person SET pk = pk",
    "UPDATE office_key SET public = public",
    "UPDATE audit_event SET action = 'x'",
    "DELETE FROM item",
    "DELETE FROM chunk",
    "DELETE FROM case_file",
    "DELETE FROM case_grant",
    "DELETE FROM inbound",
    "DELETE FROM outbox",
    "DELETE FROM audit_event",
    "TRUNCATE audit_event",
    "DROP TABLE item",
    "INSERT INTO item SELECT * FROM item RETURNING body",
    "INSERT INTO chunk (item, n, ct) VALUES"
    " (gen_random_uuid(), 0, '') RETURNING ct",
    "COPY item TO STDOUT",
    "CREATE TABLE mine AS SELECT 1",
]

SERVER_MAY_NOT = [
    "UPDATE item SET body = ''",
    "UPDATE chunk SET ct = ''",
    "UPDATE person SET pk = pk",
    "UPDATE person_key SET wrapped = wrapped",
    "UPDATE case_file SET protocol = 'x'",
    "UPDATE case_file SET summary = ''",
    "UPDATE case_key SET cpk = cpk",
    "UPDATE case_grant SET box = box",
    "UPDATE office_key SET public = public",
    "UPDATE audit_event SET action = 'x'",
    "UPDATE inbound SET state = 'received'",
    "DELETE FROM item",
    "DELETE FROM case_file",
    "DELETE FROM audit_event",
    "DELETE FROM form_key",
    "DELETE FROM outbox",
    "TRUNCATE audit_event",
    "SELECT * FROM host_secret",
    "SELECT * FROM transit_chunks(gen_random_uuid(), 0, 1)",
    "INSERT INTO case_file SELECT * FROM case_file",
    "INSERT INTO person SELECT * FROM person",
    "DROP TABLE item",
]


@pytest.mark.parametrize("role, sql", [
    *((GATEWAY, sql) for sql in GATEWAY_MAY_NOT),
    *((SERVER, sql) for sql in SERVER_MAY_NOT)])
def test_a_program_may_not(office, role, sql):
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        office.database.query(sql.replace("%", "%%"), user=role)


def test_the_gateway_sees_that_an_item_is_there_and_no_more(office):
    rows = office.database.query("SELECT id, case_id, seq FROM item",
                                 user=GATEWAY)
    assert len(rows) == 2


def test_filed_and_sent_bytes_are_out_of_the_gateways_reach(office):
    chunks = office.query("SELECT item, n FROM chunk")
    assert len(chunks) == 2
    for item, n in chunks:
        assert office.database.query(
            "SELECT * FROM transit_chunks(%s, 0, 100)", item,
            user=GATEWAY) == []


def test_the_gateway_reads_bytes_only_while_they_wait(office):
    """The function itself opens: for a mail not yet filed it gives them."""
    item, = next(iter(office.query("SELECT id FROM inbound")))
    key = office.query("SELECT box_svc FROM capsule")[0][0]
    office.query("UPDATE inbound SET dek_box_svc = %s WHERE id = %s", key,
                 item)
    try:
        assert len(office.database.query(
            "SELECT * FROM transit_chunks(%s, 0, 100)", item,
            user=GATEWAY)) == 1
    finally:
        office.query("UPDATE inbound SET dek_box_svc = NULL WHERE id = %s",
                     item)


@pytest.mark.parametrize("sql", [
    "UPDATE audit_event SET action = 'x'", "DELETE FROM audit_event",
    "TRUNCATE audit_event", "DELETE FROM audit_signer"])
def test_not_even_the_owner_alters_the_log(office, sql):
    with pytest.raises(psycopg2.errors.InsufficientPrivilege,
                       match="append-only"):
        office.query(sql)
