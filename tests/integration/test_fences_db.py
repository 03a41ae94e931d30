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
        made.query("INSERT INTO key_rotation (name, version, stage, done)"
                   " VALUES ('pepper', 2, 1, now())")
        yield made
    finally:
        made.stop()


GATEWAY_MAY_NOT = [
    "SELECT * FROM saved_view",
    "INSERT INTO saved_view SELECT * FROM saved_view",
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
    "SELECT * FROM invite",
    "SELECT * FROM person_device",
    "SELECT ended FROM person_former",
    "SELECT invite_take(gen_random_uuid(), '')",
    "SELECT invite_ask(NULL, NULL, true, '', '', '', '', '', '', '')",
    "SELECT invite_put(NULL, NULL, true, '', '', '', '', '', '', '', '')",
    "SELECT person_key_set(NULL, '', 1, '', 1, 1, 1, '', '')",
    "SELECT role_others(gen_random_uuid())",
    "SELECT address_back(NULL, NULL, NULL, 1, '')",
    "UPDATE capsule SET box_svc = NULL",
    "SELECT must FROM person",
    "SELECT 1 FROM disclosure",
    "SELECT 1 FROM disclosure_item",
    "SELECT 1 FROM disclosure_visit",
    "SELECT 1 FROM page_box",
    "DELETE FROM page_box",
    "SELECT 1 FROM page_visit",
    "UPDATE page_key SET pk = pk",
    "UPDATE page_key SET reader = reader",
    "UPDATE page_key SET expires = now()",
    "DELETE FROM page_key",
    "INSERT INTO page_ask SELECT * FROM page_ask",
    "SELECT * FROM page_missing(gen_random_uuid())",
    "SELECT server_holds('svc', 9)",
    "SELECT key_take('gateway', 'svc', 9)",
    "UPDATE key_taken SET version = version",
    "INSERT INTO key_taken SELECT * FROM key_taken",
    "UPDATE key_rotation SET version = version",
    "UPDATE key_rotation SET stage = 0",
    "INSERT INTO key_rotation SELECT * FROM key_rotation",
    "SELECT * FROM host_secret",
    "SELECT * FROM escrow_given",
    "INSERT INTO escrow_given SELECT * FROM escrow_given",
    "SELECT details FROM audit_event",
    "SELECT action FROM audit_event",
    "SELECT * FROM form_key",
    "SELECT case_id FROM item_guess",
    "SELECT token FROM word_token",
    "INSERT INTO word_token SELECT gen_random_uuid(), ''",
    "DELETE FROM word_token",
    "SELECT 1 FROM word_key",
    "SELECT 1 FROM case_seen",
    "SELECT 1 FROM case_reader",
    "DELETE FROM case_reader",
    "DELETE FROM case_seen",
    "INSERT INTO word_key SELECT * FROM word_key",
    "SELECT 1 FROM word_part",
    "SELECT 1 FROM item_page",
    "SELECT contact FROM company_post",
    "SELECT points FROM company_post",
    "INSERT INTO company_post SELECT * FROM company_post",
    "UPDATE company_post SET what = 'message'",
    "INSERT INTO company_hand SELECT * FROM company_hand",
    "UPDATE company_hand SET heir = giver",
    "UPDATE capsule SET main = true",
    "SELECT company_hand_over(NULL, NULL, NULL, NULL, true, current_date)",
    "SELECT company_heirs(NULL, current_date)",
    "DELETE FROM item_page",
    "UPDATE item_page SET taken = true",
    "INSERT INTO item_page SELECT * FROM item_page",
    "INSERT INTO word_part SELECT * FROM word_part",
    "SELECT indexed FROM case_file",
    "UPDATE case_file SET indexed = 0",
    "SELECT outcome, done_by FROM task",
    "UPDATE task SET done_by = done_by",
    "DELETE FROM item_guess",
    "UPDATE case_file SET aside = 'spam'",
    "SELECT held_move(NULL, NULL, NULL, 1, 'internal', NULL, 1, '', '')",
    "SELECT held_retry(gen_random_uuid(), gen_random_uuid(), '')",
    "SELECT held_register(NULL, '', '', now(), '', NULL)",
    "UPDATE item SET body = ''",
    "UPDATE case_file SET owner = NULL",
    "UPDATE case_file SET kind = 'praise'",
    "UPDATE case_file SET company = NULL",
    "UPDATE case_file SET merit = 'founded'",
    "UPDATE case_file SET legal_hold = false",
    "UPDATE case_file SET hold_review = NULL",
    "UPDATE case_file SET data_outcome = 'granted'",
    "UPDATE case_file SET erased = NULL",
    "SELECT case_erase(gen_random_uuid())",
    "SELECT loose_erase(gen_random_uuid(), now())",
    "SELECT loose_files()",
    "SELECT paper_number(gen_random_uuid(), 2026)",
    "SELECT case_paper(gen_random_uuid(), '', '', 'letter', 'access', 'lgpd',"
    " now(), '', '', gen_random_uuid(), '')",
    "SELECT file_wipe(gen_random_uuid())",
    "SELECT remedy FROM case_file",
    "INSERT INTO act_pending SELECT * FROM act_pending",
    "UPDATE act_pending SET decision = 'confirmed'",
    "INSERT INTO opinion SELECT * FROM opinion",
    "INSERT INTO settlement SELECT * FROM settlement",
    "INSERT INTO evidence SELECT * FROM evidence",
    "UPDATE conflict_register SET ended = now()",
    "UPDATE ident_token SET version = 2",
    "DELETE FROM ident_token",
    "SELECT case_idents_move(gen_random_uuid(), '{}', '{}', 2, true)",
    "UPDATE case_key SET cpk = cpk",
    "SELECT case_rekey(NULL, NULL, 1, '', '', '', '', '{}', '{}', '{}', '{}', '{}',"
    " '{}', '{}', '{}', '{}', '{}')",
    "UPDATE case_file SET rekey_due = false",
    "UPDATE person SET pk = pk",
    "UPDATE office_key SET public = public",
    "UPDATE audit_event SET action = 'x'",
    "DELETE FROM item",
    "DELETE FROM chunk",
    "DELETE FROM case_file",
    "DELETE FROM case_grant",
    "SELECT * FROM grant_due",
    "DELETE FROM grant_due",
    "SELECT * FROM grant_given",
    "SELECT * FROM grant_ended",
    "SELECT person_leave(gen_random_uuid())",
    "SELECT grant_revoke(gen_random_uuid(), gen_random_uuid(), NULL)",
    "SELECT grant_gone(gen_random_uuid(), gen_random_uuid())",
    "DELETE FROM inbound",
    "DELETE FROM outbox",
    "DELETE FROM audit_event",
    "TRUNCATE audit_event",
    "UPDATE audit_checkpoint SET n = 2",
    "UPDATE audit_checkpoint SET sig = ''",
    "DELETE FROM audit_checkpoint",
    "SELECT mac_box FROM audit_signer",
    "DROP TABLE item",
    "INSERT INTO item SELECT * FROM item RETURNING body",
    "INSERT INTO chunk (item, n, ct) VALUES"
    " (gen_random_uuid(), 0, '') RETURNING ct",
    "COPY item TO STDOUT",
    "CREATE TABLE mine AS SELECT 1",
    "INSERT INTO text_version SELECT * FROM text_version",
    "UPDATE text_version SET content = ''",
    "UPDATE text_version SET published = now()",
    "DELETE FROM text_version",
    "INSERT INTO absence SELECT * FROM absence",
    "UPDATE absence SET ends = now()",
    "UPDATE absence SET called_off = now()",
    "DELETE FROM absence",
    "DELETE FROM absence_note",
    "SELECT * FROM profile",
    "SELECT * FROM person_choice",
    "INSERT INTO person_choice SELECT * FROM person_choice",
    "INSERT INTO case_conflict SELECT * FROM case_conflict",
    "DELETE FROM case_conflict",
    "DELETE FROM form_key",
    "INSERT INTO company SELECT * FROM company",
    "UPDATE company_contact SET active = false",
    "UPDATE company_contact SET addr = 'x@y.example'",
    "DELETE FROM gateway_part",
    "SELECT * FROM secrets_kept()",
    "SELECT * FROM keys_told()",
]

SERVER_MAY_NOT = [
    "UPDATE company_contact SET addr = 'x@y.example'",
    "UPDATE company_contact SET unit = unit",
    "UPDATE company_unit SET company = company",
    "DELETE FROM company_contact",
    "DELETE FROM company",
    "UPDATE gateway_part SET good = now()",
    "INSERT INTO gateway_part SELECT * FROM gateway_part",
    "SELECT holder FROM mailbox_lease",
    "SELECT box FROM host_secret",
    "UPDATE disclosure SET expires = now()",
    "UPDATE disclosure SET max_opens = 99",
    "UPDATE disclosure SET link = ''",
    "UPDATE disclosure SET party = party",
    "DELETE FROM disclosure",
    "UPDATE disclosure_item SET item = item",
    "UPDATE disclosure_item SET part = -1",
    "DELETE FROM disclosure_item",
    "UPDATE disclosure_visit SET expires = now()",
    "UPDATE page_key SET pk = pk",
    "UPDATE page_key SET sig = sig",
    "UPDATE page_key SET reader = reader",
    "UPDATE page_key SET expires = now()",
    "DELETE FROM page_key",
    "UPDATE page_box SET box = box",
    "UPDATE page_box SET item = item",
    "UPDATE page_visit SET expires = now()",
    "SELECT 1 FROM page_ask",
    "UPDATE page_ask SET done = NULL",
    "UPDATE word_token SET token = ''",
    "DELETE FROM word_token",
    "UPDATE word_key SET person = person",
    "DELETE FROM word_key",
    "DELETE FROM word_part",
    "UPDATE item_page SET ct = ct",
    "DELETE FROM item_page",
    "INSERT INTO company_hand SELECT * FROM company_hand",
    "UPDATE company_hand SET heir = giver",
    "DELETE FROM company_hand",
    "UPDATE company_post SET contact = contact",
    "DELETE FROM company_post",
    "UPDATE capsule SET main = true",
    "UPDATE capsule SET contact = contact",
    "UPDATE case_reader SET person = person",
    "INSERT INTO case_reader SELECT * FROM case_reader",
    "DELETE FROM case_reader",
    "UPDATE case_seen SET person = person",
    "DELETE FROM case_seen",
    "UPDATE item SET body = ''",
    "UPDATE chunk SET ct = ''",
    "UPDATE person SET pk = pk",
    "UPDATE person_key SET wrapped = wrapped",
    "DELETE FROM person_key",
    "UPDATE person SET active = active",
    "DELETE FROM invite",
    "INSERT INTO invite (person) VALUES (gen_random_uuid())",
    "UPDATE invite SET pk = pk",
    "UPDATE invite SET until = until",
    "SELECT admin_sig FROM invite",
    "SELECT invite_put(NULL, NULL, true, '', '', '', '', '', '', '', '')",
    "SELECT person_grants_end(gen_random_uuid())",
    "SELECT addresses_end(50)",
    "UPDATE capsule SET box_svc = NULL",
    "UPDATE person_former SET sig_pk = sig_pk",
    "DELETE FROM person_former",
    "INSERT INTO person_former SELECT * FROM person_former",
    "UPDATE case_file SET erased = NULL",
    "SELECT holds_due(current_date, now(), now())",
    "SELECT file_wipe(gen_random_uuid())",
    "UPDATE case_file SET protocol = 'x'",
    "UPDATE case_file SET summary = ''",
    "UPDATE case_file SET key_version = 1",
    "UPDATE case_file SET rekey_due = false",
    "UPDATE item SET dek_box = '', key_version = 1",
    "UPDATE capsule SET box_case = ''",
    "UPDATE case_key SET cpk = cpk",
    "UPDATE case_key SET retired = now()",
    "INSERT INTO case_key SELECT * FROM case_key",
    "UPDATE case_grant SET box = box",
    "DELETE FROM case_grant",
    "DELETE FROM grant_given",
    "INSERT INTO grant_ended SELECT * FROM grant_ended",
    "UPDATE grant_due SET person = person",
    "SELECT grant_gone(gen_random_uuid(), gen_random_uuid())",
    "SELECT few_holders(gen_random_uuid())",
    "UPDATE office_key SET public = public",
    "UPDATE audit_event SET action = 'x'",
    "UPDATE inbound SET state = 'received'",
    "DELETE FROM item",
    "DELETE FROM case_file",
    "DELETE FROM audit_event",
    "UPDATE form_key SET verb = 'x'",
    "DELETE FROM outbox",
    "TRUNCATE audit_event",
    "UPDATE audit_checkpoint SET mailed = now()",
    "UPDATE audit_checkpoint SET heads = ''",
    "DELETE FROM audit_checkpoint",
    "UPDATE audit_signer SET sig = ''",
    "SELECT gateway_holds('svc', 9)",
    "SELECT key_take('server', 'svc', 9)",
    "UPDATE key_taken SET version = version",
    "INSERT INTO key_taken SELECT * FROM key_taken",
    "SELECT * FROM key_rotation",
    "UPDATE key_rotation SET done = now()",
    "SELECT svc_reseal(0, NULL, '', '')",
    "SELECT * FROM host_secret",
    "SELECT * FROM escrow_given",
    "INSERT INTO escrow_given SELECT * FROM escrow_given",
    "SELECT * FROM transit_chunks(gen_random_uuid(), 0, 1)",
    "SELECT protocol_take(2026, 1)",
    "SELECT held_take_out(gen_random_uuid(), 1)",
    "UPDATE item SET case_id = case_id",
    "UPDATE item SET lane = 'consumer'",
    "UPDATE inbound SET dek_box_svc = ''",
    "UPDATE ident_token SET party = party",
    "UPDATE ident_token SET token = token",
    "UPDATE conflict_register SET consumer = consumer",
    "DELETE FROM ident_token",
    "UPDATE party SET side = 'company'",
    "UPDATE capsule SET ct = ''",
    "UPDATE reply_address SET party = party",
    "INSERT INTO item_guess SELECT * FROM item_guess",
    "UPDATE task SET kind = 'x'",
    "DELETE FROM task",
    "SELECT * FROM mail_burst",
    "DELETE FROM mail_burst",
    "DELETE FROM rate_bucket",
    "UPDATE text_version SET content = ''",
    "UPDATE text_version SET author = author",
    "UPDATE text_version SET sig = sig",
    "DELETE FROM text_version",
    "TRUNCATE text_version",
    "UPDATE absence SET first_day = first_day",
    "UPDATE absence SET substitute = NULL",
    "DELETE FROM absence",
    "DELETE FROM absence_note",
    "UPDATE case_conflict SET person = person",
    "DELETE FROM case_conflict",
    "DELETE FROM act_pending",
    "DELETE FROM case_grant",
    "UPDATE opinion SET author = author, merit = merit",
    "DELETE FROM opinion",
    "UPDATE saved_view SET shared = true",
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


def test_a_rotation_goes_on_and_begins_anew_by_its_owner_alone(office):
    for stage in (1, 2):
        office.database.query("UPDATE key_rotation SET stage = %s", stage,
                              user=GATEWAY)
    with pytest.raises(psycopg2.errors.InsufficientPrivilege,
                       match="not back"):
        office.database.query("UPDATE key_rotation SET stage = 1",
                              user=GATEWAY)
    office.query("UPDATE key_rotation SET stage = 0, version = 3")
    assert office.query("SELECT stage, version FROM key_rotation") == [(0, 3)]
    office.query("UPDATE key_rotation SET stage = 1")


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


def test_the_server_moves_nothing_out_of_a_case_that_is_not_held(office):
    """Its functions are for held mail alone."""
    (item, case_id), = office.query(
        "SELECT id, case_id FROM item WHERE kind = 'mail_in'")
    (box,), = office.query("SELECT dek_box FROM item WHERE id = %s", item)
    (number,), = office.query("SELECT last FROM protocol_counter")
    other = "00000000-0000-0000-0000-000000000001"
    for sql, values in (
            ("held_move(%s, %s, %s, 1, 'internal', NULL, 1, %s, '')",
             (item, case_id, other, box)),
            ("held_retry(%s, %s, %s)", (item, case_id, box)),
            ("held_register(%s, 'x', 'en', now(), NULL, %s)",
             (case_id, other)),
            ("held_number(%s, 2026) IS NOT NULL", (case_id,))):
        assert office.database.query(
            f"SELECT {sql}", *values, user=SERVER) == [(False,)]
    assert office.query("SELECT case_id, lane::text FROM item WHERE id = %s",
                        item) == [(case_id, "consumer")]
    assert office.query("SELECT state::text FROM inbound") == [("filed",)]
    assert office.query("SELECT last FROM protocol_counter") == [(number,)]


def test_a_checkpoint_is_mailed_once_and_nothing_else_changes(office):
    """Each by itself: the one change that is allowed, and only once."""
    office.gateway.stop()
    assert office.query("SELECT count(*) FROM audit_checkpoint"
                        " WHERE mailed IS NULL")[0][0] > 0
    office.database.query("UPDATE audit_checkpoint SET mailed = now()",
                          user=GATEWAY)
    with pytest.raises(psycopg2.errors.InsufficientPrivilege,
                       match="append-only"):
        office.database.query("UPDATE audit_checkpoint SET mailed = NULL",
                              user=GATEWAY)


@pytest.mark.parametrize("sql", [
    "UPDATE audit_event SET action = 'x'", "DELETE FROM audit_event",
    "TRUNCATE audit_event", "DELETE FROM audit_signer",
    "UPDATE audit_checkpoint SET heads = ''",
    "UPDATE audit_checkpoint SET mailed = now(), events = events + 1",
    "DELETE FROM audit_checkpoint", "TRUNCATE audit_checkpoint"])
def test_not_even_the_owner_alters_the_log(office, sql):
    with pytest.raises(psycopg2.errors.InsufficientPrivilege,
                       match="append-only"):
        office.query(sql)
