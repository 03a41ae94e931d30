-- 0005_keys.sql - who can open what, for how long, and how it is proved
--
-- What is readable here: who holds a key, who released what to which party and
-- how often it was opened, when a case may be erased.  Keys are sealed; word
-- tokens are keyed by the case.

-- ---- a new key for a case -------------------------------------------------------

-- old_box: the secret of the version before, sealed to this one's public key:
-- whoever may read the case now may read its log's old details as well.
ALTER TABLE case_key ADD old_box bytea;
-- The gateway seals to a case; of its former secrets it sees nothing.
REVOKE SELECT ON case_key FROM ouv_gw;
GRANT SELECT (case_id, version, cpk, signer, sig, created, retired)
  ON case_key TO ouv_gw;
-- key_version is the version of dek_box; the body stays under the context in
-- which it was sealed.
ALTER TABLE item ADD body_version int NOT NULL DEFAULT 1;
UPDATE item SET body_version = key_version;

-- pk: the public key that the box is sealed to.  Whoever gives a key may have
-- read a colleague's public key before that colleague got another: such a row
-- would count as a holder and open nothing.  The lock keeps a person's keys as
-- they are, and the person here, until the grant is written; new keys
-- (invite_take) and leaving lock the row FOR UPDATE before they look for grants.
ALTER TABLE case_grant ADD pk bytea;
UPDATE case_grant g SET pk = p.pk FROM person p WHERE p.id = g.person;
CREATE OR REPLACE FUNCTION grant_fence() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  one record;
BEGIN
  IF EXISTS (SELECT 1 FROM fresh f JOIN case_conflict k
               ON k.case_id = f.case_id AND k.person = f.person)
    OR EXISTS (SELECT 1 FROM fresh f JOIN conflict_register r
                 ON r.person = f.person
                WHERE conflicted(f.case_id, f.person)) THEN
    RAISE EXCEPTION 'a person in conflict gets no key' USING ERRCODE = '42501';
  END IF;
  FOR one IN SELECT DISTINCT person, pk FROM fresh
     WHERE person <> '00000000-0000-0000-0000-000000000000'
     ORDER BY person LOOP
    PERFORM 1 FROM person p WHERE p.id = one.person AND p.active
      AND p.pk = one.pk FOR KEY SHARE;
    IF NOT FOUND THEN
      RAISE EXCEPTION 'that person has other keys now, or has left'
        USING ERRCODE = '40001';
    END IF;
  END LOOP;
  RETURN NULL;
END $$;

-- A held message that moves is sealed anew, its document too.
CREATE OR REPLACE FUNCTION held_move(in_item uuid, in_from uuid, in_to uuid,
  in_seq int, in_lane lane, in_party uuid, in_version int, in_box bytea,
  in_body bytea) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  gap int := held_seq(in_item, in_from);
BEGIN
  IF gap IS NULL THEN
    RETURN false;
  END IF;
  UPDATE item SET case_id = in_to, seq = in_seq, lane = in_lane,
    party = in_party, key_version = in_version, body_version = in_version,
    dek_box = in_box, body = in_body WHERE id = in_item;
  UPDATE inbound SET case_id = in_to, outcome = 'appended' WHERE id = in_item;
  DELETE FROM item_guess WHERE item = in_item;
  PERFORM held_take_out(in_from, gap);
  RETURN true;
END $$;

-- The next key of a case, by somebody who holds this one: from its version to
-- the one after it and no other.  Whoever is not among the new grants holds
-- none afterwards; the escrow and one person at least are.  Each item and
-- capsule named is of this case and of the version before.  A capsule's box
-- for the gateway goes over only where there was one.
CREATE FUNCTION case_rekey(in_case uuid, in_person uuid, in_from int,
  in_cpk bytea, in_sig bytea, in_old bytea, in_summary bytea,
  to_person uuid[], to_pk bytea[], to_box bytea[], to_sig bytea[],
  of_item uuid[], item_box bytea[],
  of_capsule uuid[], capsule_ct bytea[], capsule_box bytea[],
  capsule_svc bytea[]) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  nobody CONSTANT uuid := '00000000-0000-0000-0000-000000000000';
  found_n bigint;
BEGIN
  PERFORM 1 FROM case_file WHERE id = in_case AND key_version = in_from
    FOR UPDATE;
  IF NOT FOUND OR in_person = nobody OR NOT EXISTS (SELECT 1 FROM case_grant g
      JOIN person p ON p.id = g.person AND p.active
     WHERE g.case_id = in_case AND g.version = in_from
       AND g.person = in_person) THEN
    RETURN false;
  END IF;
  IF octet_length(in_cpk) <> 32 OR octet_length(in_sig) <> 64
    OR octet_length(in_old) <> 112 OR NOT nobody = ANY (to_person)
    OR cardinality(to_person) < 2
    OR EXISTS (SELECT 1 FROM case_key WHERE case_id = in_case
                AND cpk = in_cpk) THEN
    RETURN false;
  END IF;
  UPDATE case_key SET retired = now() WHERE case_id = in_case
    AND version = in_from;
  INSERT INTO case_key (case_id, version, cpk, signer, sig, old_box)
    VALUES (in_case, in_from + 1, in_cpk, in_person, in_sig, in_old);
  UPDATE case_file SET key_version = in_from + 1, rekey_due = false,
    summary = in_summary, indexed = 0 WHERE id = in_case;
  DELETE FROM case_grant WHERE case_id = in_case;
  INSERT INTO case_grant (case_id, version, person, pk, box, granted_by, sig)
    SELECT in_case, in_from + 1, g.person, g.pk, g.box, in_person, g.sig
      FROM unnest(to_person, to_pk, to_box, to_sig) AS g(person, pk, box, sig);
  UPDATE item i SET key_version = in_from + 1, dek_box = n.box
    FROM unnest(of_item, item_box) AS n(id, box)
   WHERE i.id = n.id AND i.case_id = in_case AND i.key_version = in_from;
  GET DIAGNOSTICS found_n = ROW_COUNT;
  IF found_n <> cardinality(of_item) THEN
    RAISE EXCEPTION 'an item is not of this case and key'
      USING ERRCODE = '42501';
  END IF;
  UPDATE capsule c SET key_version = in_from + 1, ct = n.ct, box_case = n.box,
    box_svc = CASE WHEN c.box_svc IS NOT NULL THEN n.svc END
    FROM unnest(of_capsule, capsule_ct, capsule_box, capsule_svc)
     AS n(id, ct, box, svc)
   WHERE c.id = n.id AND c.case_id = in_case AND c.key_version = in_from;
  GET DIAGNOSTICS found_n = ROW_COUNT;
  IF found_n <> cardinality(of_capsule) THEN
    RAISE EXCEPTION 'a capsule is not of this case and key'
      USING ERRCODE = '42501';
  END IF;
  DELETE FROM word_token WHERE case_id = in_case;
  RETURN true;
END $$;
REVOKE ALL ON FUNCTION case_rekey(uuid, uuid, int, bytea, bytea, bytea, bytea,
  uuid[], bytea[], bytea[], bytea[], uuid[], bytea[], uuid[], bytea[],
  bytea[], bytea[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION case_rekey(uuid, uuid, int, bytea, bytea, bytea,
  bytea, uuid[], bytea[], bytea[], bytea[], uuid[], bytea[], uuid[], bytea[],
  bytea[], bytea[]) TO ouv_srv;

-- ---- who holds a key --------------------------------------------------------------

-- Where a key that did not come with its case came from; a new key for the
-- case changes nothing of it.  why: team, drawn, given, batch, split,
-- substitute, few-holders, or the step that called for it (second, decide,
-- review, custody).
CREATE TABLE grant_given (
  case_id uuid NOT NULL,
  person  uuid NOT NULL,
  giver   uuid NOT NULL,
  why     text NOT NULL,
  at      timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (case_id, person)
);
-- Somebody is to get a key and no machine can give it: the next holder who
-- looks at the case, or at the list of cases, does.
CREATE TABLE grant_due (
  case_id uuid NOT NULL,
  person  uuid NOT NULL REFERENCES person,
  why     text NOT NULL,
  since   timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (case_id, person)
);
-- Taken back by a colleague: it is not given again by itself.
CREATE TABLE grant_ended (
  case_id uuid NOT NULL,
  person  uuid NOT NULL REFERENCES person,
  by_person uuid NOT NULL REFERENCES person,
  at      timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (case_id, person)
);

-- A way in for somebody who has no password: keys that an administrator made
-- and certified, under a code that only they get.
CREATE TABLE invite (
  person     uuid PRIMARY KEY REFERENCES person,
  made       timestamptz NOT NULL DEFAULT now(),
  until      timestamptz NOT NULL,
  made_by    uuid NOT NULL REFERENCES person,
  pk         bytea NOT NULL CHECK (octet_length(pk) = 32),
  sig_pk     bytea NOT NULL CHECK (octet_length(sig_pk) = 32),
  cert_admin uuid NOT NULL,
  cert_sig   bytea NOT NULL CHECK (octet_length(cert_sig) = 64),
  admin_sig  bytea CHECK (octet_length(admin_sig) = 64),
  totp_box   bytea NOT NULL,
  salt       bytea NOT NULL CHECK (octet_length(salt) = 16),
  commit     bytea NOT NULL CHECK (octet_length(commit) = 16),
  wrapped    bytea NOT NULL CHECK (octet_length(wrapped) = 104)
);

-- How many colleagues besides that one can open the case and may: not who is
-- in conflict, who was invited and never came, or whose invitation to other
-- keys is open.
CREATE FUNCTION key_holders(in_case uuid, but uuid) RETURNS int
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT count(*)::int FROM case_grant g JOIN case_file c
      ON c.id = g.case_id AND c.key_version = g.version
    JOIN person p ON p.id = g.person AND p.active
   WHERE g.case_id = in_case AND g.person <> but
     AND EXISTS (SELECT 1 FROM person_key k WHERE k.person = p.id)
     AND NOT EXISTS (SELECT 1 FROM invite i WHERE i.person = p.id
                      AND i.until > now() AND i.pk <> p.pk)
     AND NOT conflicted(g.case_id, g.person)
$$;

-- How many must be left when somebody gives their key up: two of an open case,
-- one of any other that is still there.
CREATE FUNCTION key_holders_least(in_case uuid) RETURNS int
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT CASE WHEN state = 'erased' THEN 0
              WHEN desk_month IS NOT NULL OR state IN ('held', 'closed') THEN 1
              ELSE 2 END
    FROM case_file WHERE id = in_case
$$;

-- All of these roles who lack the key and may have it are to get it.
CREATE FUNCTION grant_ask(in_case uuid, in_roles text[], in_why text)
RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  INSERT INTO grant_due (case_id, person, why)
    SELECT c.id, p.id, in_why FROM case_file c JOIN person p
        ON p.active AND p.role::text = ANY (in_roles)
     WHERE c.id = in_case AND c.state <> 'erased'
       AND NOT conflicted(c.id, p.id)
       AND NOT EXISTS (SELECT 1 FROM grant_ended e
                        WHERE e.case_id = c.id AND e.person = p.id)
       AND NOT EXISTS (SELECT 1 FROM case_grant g WHERE g.case_id = c.id
                        AND g.version = c.key_version AND g.person = p.id)
    ON CONFLICT DO NOTHING
$$;

-- One person alone can open an open case: it is told, and the ombudsman is to
-- get the key.
CREATE FUNCTION few_holders(in_case uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO task (id, case_id, kind, opened, due)
    SELECT gen_random_uuid(), c.id, 'few-holders', now(),
           now() + interval '1 day'
      FROM case_file c WHERE c.id = in_case AND c.protocol IS NOT NULL
       AND NOT EXISTS (SELECT 1 FROM task t WHERE t.case_id = c.id
                        AND t.kind = 'few-holders' AND t.done IS NULL);
  PERFORM grant_ask(in_case, '{ombudsman}', 'few-holders');
END $$;

-- The key of a case goes, and all that hangs on it.  The caller holds the lock
-- of the case's row.
CREATE FUNCTION grant_gone(in_case uuid, in_person uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  DELETE FROM grant_given WHERE case_id = in_case AND person = in_person;
  DELETE FROM grant_due WHERE case_id = in_case AND person = in_person;
  DELETE FROM case_grant WHERE case_id = in_case AND person = in_person;
  RETURN FOUND;
END $$;

-- Takes the key of a case from somebody in conflict, and the case itself.  The
-- last key but the escrow's stays until somebody else has one: the ombudsman is
-- to get it, and then the case gets another.
CREATE OR REPLACE FUNCTION grant_drop(in_case uuid, in_person uuid)
RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  others int;
BEGIN
  PERFORM 1 FROM case_file WHERE id = in_case FOR UPDATE;
  UPDATE case_file SET owner = NULL WHERE id = in_case AND owner = in_person;
  UPDATE case_team SET until = now()
    WHERE case_id = in_case AND person = in_person AND until IS NULL;
  DELETE FROM grant_due WHERE case_id = in_case AND person = in_person;
  others := key_holders(in_case, in_person);
  IF EXISTS (SELECT 1 FROM case_grant WHERE case_id = in_case
              AND person = in_person) THEN
    UPDATE case_file SET rekey_due = true WHERE id = in_case;
    IF others > 0 THEN
      PERFORM grant_gone(in_case, in_person);
    END IF;
  ELSIF others = 0 THEN
    RETURN;
  END IF;
  IF others < key_holders_least(in_case) THEN
    PERFORM few_holders(in_case);
  END IF;
END $$;

-- A colleague takes the key from another, or gives their own up: revoked,
-- no-key (that person has none), last-holders (too few would be left), or
-- refused (whoever asks has none).
CREATE FUNCTION grant_revoke(in_case uuid, in_person uuid, in_by uuid)
RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM 1 FROM case_file WHERE id = in_case FOR UPDATE;
  IF NOT EXISTS (SELECT 1 FROM case_grant g JOIN case_file c
      ON c.id = g.case_id AND c.key_version = g.version
     WHERE g.case_id = in_case AND g.person = in_by) THEN
    RETURN 'refused';
  ELSIF NOT EXISTS (SELECT 1 FROM case_grant g JOIN case_file c
      ON c.id = g.case_id AND c.key_version = g.version
    JOIN person p ON p.id = g.person
     WHERE g.case_id = in_case AND g.person = in_person) THEN
    RETURN 'no-key';
  ELSIF key_holders(in_case, in_person) < key_holders_least(in_case) THEN
    RETURN 'last-holders';
  END IF;
  PERFORM grant_drop(in_case, in_person);
  INSERT INTO grant_ended (case_id, person, by_person)
    VALUES (in_case, in_person, in_by)
    ON CONFLICT (case_id, person) DO UPDATE SET by_person = in_by, at = now();
  RETURN 'revoked';
END $$;

-- Once a case has left triage: intake colleagues who had its key as members of
-- the desk alone need it no more.  Who they were.
CREATE FUNCTION grants_desk_end(in_case uuid) RETURNS SETOF uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  who uuid;
BEGIN
  PERFORM 1 FROM case_file WHERE id = in_case AND desk_month IS NULL
    AND state NOT IN ('held', 'received', 'triage', 'info', 'erased')
    FOR UPDATE;
  IF NOT FOUND THEN
    RETURN;
  END IF;
  FOR who IN SELECT g.person FROM case_grant g
      JOIN case_file c ON c.id = g.case_id AND c.key_version = g.version
      JOIN person p ON p.id = g.person AND p.role = 'intake'
      LEFT JOIN grant_given o ON o.case_id = g.case_id AND o.person = g.person
     WHERE g.case_id = in_case AND c.owner IS DISTINCT FROM p.id
       AND (o.why IS NULL OR o.why = 'split')
       AND NOT EXISTS (SELECT 1 FROM case_team t WHERE t.case_id = c.id
                        AND t.person = p.id AND t.until IS NULL)
     ORDER BY g.person LOOP
    IF key_holders(in_case, who) >= 2 AND grant_gone(in_case, who) THEN
      RETURN NEXT who;
    END IF;
  END LOOP;
END $$;

-- What stands against somebody's leaving, or getting other keys: cases of which
-- too few would be left.  Who was invited and never came leaves nothing.
CREATE FUNCTION person_leave_stops(in_person uuid) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT g.case_id FROM case_grant g JOIN case_file c
      ON c.id = g.case_id AND c.key_version = g.version
   WHERE g.person = in_person
     AND EXISTS (SELECT 1 FROM person_key k WHERE k.person = in_person)
     AND key_holders(g.case_id, in_person) < key_holders_least(g.case_id)
   ORDER BY g.case_id
$$;

-- How many others of that person's role can log in.
CREATE FUNCTION role_others(in_person uuid) RETURNS int
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT count(*)::int FROM person p JOIN person o ON o.role = p.role
      AND o.id <> p.id AND o.active
   WHERE p.id = in_person
     AND EXISTS (SELECT 1 FROM person_key k WHERE k.person = o.id)
$$;

-- Somebody's keys to cases go, and each case they could open gets a new one.
-- Their row is locked; the cases are by now, in their order.
CREATE FUNCTION person_grants_end(in_person uuid) RETURNS SETOF uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  one uuid;
BEGIN
  PERFORM 1 FROM case_file c WHERE c.id IN
      (SELECT g.case_id FROM case_grant g WHERE g.person = in_person)
    ORDER BY c.id FOR UPDATE;
  FOR one IN SELECT DISTINCT g.case_id FROM case_grant g
     WHERE g.person = in_person ORDER BY 1 LOOP
    PERFORM grant_gone(one, in_person);
    UPDATE case_file SET rekey_due = true WHERE id = one AND state <> 'erased';
    RETURN NEXT one;
  END LOOP;
END $$;

-- Somebody has left: no session, no wrapped key, no grant; their open cases are
-- nobody's and get a task, and every case a new key.  Who left, then the cases
-- they could open; no row, and nothing done, when they had left already,
-- are the last of a role that the office needs, or a case stands against it.
CREATE FUNCTION person_leave(in_person uuid) RETURNS SETOF uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM 1 FROM person p WHERE p.active AND (p.id = in_person
      OR p.role IN ('admin', 'ombudsman')
      AND p.role = (SELECT role FROM person WHERE id = in_person))
    ORDER BY p.id FOR UPDATE;
  IF NOT EXISTS (SELECT 1 FROM person p WHERE p.id = in_person AND p.active
      AND (p.role NOT IN ('admin', 'ombudsman')
        OR role_others(in_person) > 0)) THEN
    RETURN;
  END IF;
  PERFORM 1 FROM case_file c WHERE c.id IN
      (SELECT g.case_id FROM case_grant g WHERE g.person = in_person)
    ORDER BY c.id FOR UPDATE;
  IF EXISTS (SELECT 1 FROM person_leave_stops(in_person)) THEN
    RETURN;
  END IF;
  UPDATE person SET active = false, desk = false WHERE id = in_person;
  DELETE FROM session WHERE person = in_person;
  DELETE FROM person_key WHERE person = in_person;
  DELETE FROM person_device WHERE person = in_person;
  DELETE FROM invite WHERE person = in_person;
  DELETE FROM grant_due WHERE person = in_person;
  INSERT INTO task (id, case_id, kind, opened, due)
    SELECT gen_random_uuid(), c.id, 'no-owner', now(), now() + interval '1 day'
      FROM case_file c WHERE c.owner = in_person AND c.desk_month IS NULL
       AND c.state NOT IN ('held', 'closed', 'erased');
  UPDATE case_file SET owner = NULL WHERE owner = in_person
    AND desk_month IS NULL AND state NOT IN ('held', 'closed', 'erased');
  UPDATE case_team SET until = now()
    WHERE person = in_person AND until IS NULL;
  RETURN NEXT in_person;
  RETURN QUERY SELECT * FROM person_grants_end(in_person);
END $$;

REVOKE ALL ON FUNCTION key_holders(uuid, uuid), key_holders_least(uuid),
  grant_ask(uuid, text[], text), few_holders(uuid), grant_gone(uuid, uuid),
  grant_revoke(uuid, uuid, uuid), grants_desk_end(uuid),
  person_leave_stops(uuid), role_others(uuid), person_grants_end(uuid),
  person_leave(uuid) FROM PUBLIC;
GRANT SELECT, INSERT, UPDATE ON grant_given TO ouv_srv;
GRANT SELECT, INSERT, DELETE ON grant_due TO ouv_srv;
GRANT SELECT, DELETE ON grant_ended TO ouv_srv;
GRANT EXECUTE ON FUNCTION grant_ask(uuid, text[], text) TO ouv_gw, ouv_srv;
GRANT EXECUTE ON FUNCTION key_holders(uuid, uuid),
  grant_revoke(uuid, uuid, uuid), grants_desk_end(uuid),
  person_leave_stops(uuid), role_others(uuid), person_leave(uuid) TO ouv_srv;

-- A consumer writes again, or another address of theirs becomes known: whoever
-- said they are tied to them gets no key of it.
CREATE INDEX conflict_consumer ON conflict_register (consumer) WHERE ended IS NULL;
CREATE FUNCTION address_known() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM grant_drop(NEW.case_id, r.person) FROM conflict_register r
    WHERE r.consumer = NEW.token AND r.ended IS NULL
      AND conflicted(NEW.case_id, r.person);
  RETURN NULL;
END $$;
CREATE TRIGGER case_address_felt AFTER INSERT ON ident_token
  FOR EACH ROW WHEN (NEW.kind = 1) EXECUTE FUNCTION address_known();
REVOKE ALL ON FUNCTION address_known() FROM PUBLIC;

-- A tie that was entered for a day to come begins by itself: whose keys of which
-- cases ended now.  The last key stays, as it does for any tie (grant_drop).
CREATE FUNCTION ties_felt() RETURNS TABLE (of_case uuid, of_person uuid)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  had boolean;
BEGIN
  FOR of_case, of_person IN
    WITH tie AS (SELECT person, company, consumer FROM conflict_register
       WHERE ended IS NULL AND from_day <= current_date
         AND (until_day IS NULL OR until_day >= current_date)),
    tied AS (SELECT c.id, r.person FROM tie r
        JOIN case_file c ON c.company = r.company
      UNION SELECT t.case_id, r.person FROM tie r
        JOIN ident_token t ON t.token = r.consumer AND t.kind = 1)
    SELECT c.id, k.person FROM tied k JOIN case_file c ON c.id = k.id
      LEFT JOIN case_grant g ON g.case_id = c.id AND g.version = c.key_version
        AND g.person = k.person
     WHERE c.state <> 'erased' AND
       (c.owner = k.person AND c.state NOT IN ('held', 'closed')
        OR g.person IS NOT NULL
           AND (NOT c.rekey_due OR key_holders(c.id, k.person) > 0)
        OR EXISTS (SELECT 1 FROM case_team m WHERE m.case_id = c.id
                    AND m.person = k.person AND m.until IS NULL))
     ORDER BY c.id, k.person LOOP
    PERFORM 1 FROM case_file WHERE id = of_case FOR UPDATE;
    had := EXISTS (SELECT 1 FROM case_grant g WHERE g.case_id = of_case
                    AND g.person = of_person);
    PERFORM grant_drop(of_case, of_person);
    IF had AND NOT EXISTS (SELECT 1 FROM case_grant g
        WHERE g.case_id = of_case AND g.person = of_person) THEN
      RETURN NEXT;
    END IF;
  END LOOP;
END $$;
REVOKE ALL ON FUNCTION ties_felt() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ties_felt() TO ouv_gw;

-- ---- addresses of cases that are over --------------------------------------------

CREATE INDEX capsule_svc ON capsule (case_id) WHERE box_svc IS NOT NULL;
-- Once nobody may ask for a review or for the case to be opened again, the
-- gateway can read no address of it any more; not while a letter is on its way,
-- something else runs, or a task asks for an address.  The cases.
CREATE FUNCTION addresses_end(most int) RETURNS SETOF uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  one uuid;
BEGIN
  FOR one IN SELECT c.id FROM case_file c WHERE c.state = 'closed'
     AND c.id IN (SELECT case_id FROM capsule WHERE box_svc IS NOT NULL)
     AND coalesce((SELECT max(k.due) FROM clock k WHERE k.case_id = c.id
         AND k.kind IN ('review-window', 'reopen-window')),
       c.closed + interval '30 days') < now()
     AND NOT EXISTS (SELECT 1 FROM clock k WHERE k.case_id = c.id
         AND k.state = 'running' AND k.kind NOT IN ('review-window',
           'reopen-window', 'retention'))
     AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.case_id = c.id
         AND o.state IN ('queued', 'unknown'))
     AND NOT EXISTS (SELECT 1 FROM task t WHERE t.case_id = c.id
         AND t.kind = 'notice-address' AND t.done IS NULL)
     ORDER BY c.id LIMIT most FOR UPDATE OF c SKIP LOCKED LOOP
    UPDATE capsule SET box_svc = NULL WHERE case_id = one
      AND box_svc IS NOT NULL;
    RETURN NEXT one;
  END LOOP;
END $$;
-- Sealed to the gateway again by somebody who holds the case's key.
CREATE FUNCTION address_back(in_case uuid, in_person uuid, in_capsule uuid,
  in_version int, in_box bytea) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE capsule p SET box_svc = in_box FROM case_file c
   WHERE p.id = in_capsule AND p.case_id = in_case AND c.id = in_case
     AND c.state <> 'erased' AND c.key_version = in_version
     AND p.key_version = in_version AND p.box_svc IS NULL
     AND octet_length(in_box) = 112
     AND EXISTS (SELECT 1 FROM case_grant g JOIN person w ON w.id = g.person
           AND w.active WHERE g.case_id = in_case AND g.version = in_version
            AND g.person = in_person);
  RETURN FOUND;
END $$;
REVOKE ALL ON FUNCTION addresses_end(int), address_back(uuid, uuid, uuid, int,
  bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION addresses_end(int) TO ouv_gw;
GRANT EXECUTE ON FUNCTION address_back(uuid, uuid, uuid, int, bytea) TO ouv_srv;

-- ---- people: passwords, codes, sessions --------------------------------------------

-- stepped: when a code was given besides the login's.  agent: what the browser
-- calls itself, under a key of its person's.
-- totp_new, recovery_new: an authenticator (sealed to its person) and a
-- recovery code (what it wraps) that are not confirmed yet.
ALTER TABLE session ADD stepped timestamptz, ADD agent bytea,
  ADD totp_new bytea, ADD recovery_new bytea;

-- must: what is asked for before any page: 1 a password of one's own, 2 an
-- authenticator, 4 a recovery code.
ALTER TABLE person ADD must int NOT NULL DEFAULT 0;

-- A browser that somebody logged in with; the row's name is a hash of its
-- cookie.
CREATE TABLE person_device (
  person uuid NOT NULL REFERENCES person,
  id     bytea NOT NULL CHECK (octet_length(id) = 32),
  first  timestamptz NOT NULL DEFAULT now(),
  last   timestamptz NOT NULL DEFAULT now(),
  known  boolean NOT NULL DEFAULT false, -- they said that it is theirs
  PRIMARY KEY (person, id)
);

-- Keys that somebody had before: nothing is sealed to them, and what they
-- signed stays signed.
CREATE TABLE person_former (
  person     uuid NOT NULL REFERENCES person,
  ended      timestamptz NOT NULL DEFAULT now(),
  pk         bytea NOT NULL,
  sig_pk     bytea NOT NULL,
  cert_admin uuid NOT NULL,
  cert_sig   bytea NOT NULL,
  admin_sig  bytea,
  PRIMARY KEY (person, sig_pk)
);

-- What an administrator made and certified waits under a code for 72 hours; in
-- place of what waited before.  False: too few could open one of the cases when
-- those keys are taken, and nobody said that it is to be done all the same.
CREATE FUNCTION invite_put(in_person uuid, in_by uuid, all_the_same boolean,
  in_pk bytea, in_sig_pk bytea, in_cert_sig bytea, in_admin_sig bytea,
  in_totp bytea, in_salt bytea, in_commit bytea, in_wrapped bytea)
RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM 1 FROM person WHERE id = in_person FOR NO KEY UPDATE;
  IF NOT FOUND OR (NOT all_the_same
      AND EXISTS (SELECT 1 FROM person_leave_stops(in_person))) THEN
    RETURN false;
  END IF;
  INSERT INTO invite (person, until, made_by, pk, sig_pk, cert_admin, cert_sig,
      admin_sig, totp_box, salt, commit, wrapped)
    VALUES (in_person, now() + interval '72 hours', in_by, in_pk, in_sig_pk,
      in_by, in_cert_sig, in_admin_sig, in_totp, in_salt, in_commit,
      in_wrapped)
    ON CONFLICT (person) DO UPDATE SET made = now(), until = excluded.until,
      made_by = excluded.made_by, pk = excluded.pk, sig_pk = excluded.sig_pk,
      cert_admin = excluded.cert_admin, cert_sig = excluded.cert_sig,
      admin_sig = excluded.admin_sig, totp_box = excluded.totp_box,
      salt = excluded.salt, commit = excluded.commit,
      wrapped = excluded.wrapped;
  RETURN true;
END $$;

-- The same by an administrator who works here, and for nobody whose own
-- certificate is ROOT's to give.
CREATE FUNCTION invite_ask(in_person uuid, in_by uuid, all_the_same boolean,
  in_pk bytea, in_sig_pk bytea, in_cert_sig bytea, in_totp bytea,
  in_salt bytea, in_commit bytea, in_wrapped bytea) RETURNS boolean
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT EXISTS (SELECT 1 FROM person a JOIN person p ON p.id = in_person
      WHERE a.id = in_by AND a.active AND a.role = 'admin'
        AND a.admin_sig IS NOT NULL AND p.role <> 'admin')
    AND invite_put(in_person, in_by, all_the_same, in_pk, in_sig_pk,
      in_cert_sig, NULL, in_totp, in_salt, in_commit, in_wrapped)
$$;

-- The keys of that invitation become the person's.  Keys to cases were sealed
-- to those before, so they go, and what was to be given with them; where too
-- few are left it is told.  The person, then the cases they could open; no row:
-- there is no such invitation, or its time is over.
CREATE FUNCTION invite_take(in_person uuid, in_pk bytea) RETURNS SETOF uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  i invite;
  came boolean;
  one uuid;
BEGIN
  PERFORM 1 FROM person WHERE id = in_person FOR UPDATE;
  SELECT * INTO i FROM invite WHERE person = in_person AND pk = in_pk
    AND until > now() FOR UPDATE;
  IF NOT FOUND THEN
    RETURN;
  END IF;
  RETURN NEXT in_person;
  IF EXISTS (SELECT 1 FROM person WHERE id = in_person
      AND (pk, sig_pk) IS DISTINCT FROM (i.pk, i.sig_pk)) THEN
    came := EXISTS (SELECT 1 FROM person_key WHERE person = in_person);
    INSERT INTO person_former (person, pk, sig_pk, cert_admin, cert_sig,
        admin_sig)
      SELECT id, pk, sig_pk, cert_admin, cert_sig, admin_sig FROM person
        WHERE id = in_person;
    FOR one IN SELECT * FROM person_grants_end(in_person) LOOP
      IF came AND key_holders(one, in_person) < key_holders_least(one) THEN
        PERFORM few_holders(one);
      END IF;
      RETURN NEXT one;
    END LOOP;
    -- Whoever has the code alone gets at no case that was there before.
    DELETE FROM grant_due WHERE person = in_person;
  END IF;
  UPDATE person SET pk = i.pk, sig_pk = i.sig_pk, cert_admin = i.cert_admin,
      cert_sig = i.cert_sig, admin_sig = i.admin_sig, totp_box = i.totp_box,
      totp_last_step = 0, must = 6, active = true WHERE id = in_person;
  DELETE FROM person_key WHERE person = in_person;
  DELETE FROM session WHERE person = in_person;
  DELETE FROM invite WHERE person = in_person;
END $$;
REVOKE ALL ON FUNCTION invite_put(uuid, uuid, boolean, bytea, bytea, bytea,
  bytea, bytea, bytea, bytea, bytea), invite_ask(uuid, uuid, boolean, bytea,
  bytea, bytea, bytea, bytea, bytea, bytea), invite_take(uuid, bytea)
  FROM PUBLIC;
GRANT EXECUTE ON FUNCTION invite_ask(uuid, uuid, boolean, bytea, bytea, bytea,
  bytea, bytea, bytea, bytea), invite_take(uuid, bytea) TO ouv_srv;
GRANT SELECT (person, pk, sig_pk, cert_admin, cert_sig, admin_sig)
  ON person_former TO ouv_gw;
GRANT SELECT ON person_former TO ouv_srv;
GRANT SELECT (person, until, salt, commit, wrapped) ON invite TO ouv_srv;
GRANT SELECT, INSERT, UPDATE, DELETE ON person_device TO ouv_srv;
GRANT UPDATE (totp_box, must) ON person TO ouv_srv;
-- One person's keys under another secret: those they have now, and only while
-- they work here.
CREATE FUNCTION person_key_set(in_person uuid, in_pk bytea, in_how int,
  in_salt bytea, in_ops int, in_mem bigint, in_version int, in_commit bytea,
  in_wrapped bytea) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM 1 FROM person WHERE id = in_person AND active AND pk = in_pk
    FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  INSERT INTO person_key (person, how, salt, ops, mem, version, commit, wrapped)
    VALUES (in_person, in_how, in_salt, in_ops, in_mem, in_version, in_commit,
      in_wrapped)
    ON CONFLICT (person, how) DO UPDATE SET salt = excluded.salt,
      ops = excluded.ops, mem = excluded.mem, version = excluded.version,
      commit = excluded.commit, wrapped = excluded.wrapped;
  RETURN true;
END $$;
REVOKE ALL ON FUNCTION person_key_set(uuid, bytea, int, bytea, int, bigint, int,
  bytea, bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION person_key_set(uuid, bytea, int, bytea, int, bigint,
  int, bytea, bytea) TO ouv_srv;

-- ---- what was released to a party ---------------------------------------------------

-- What of a case was released to whom, until when, and how often it was opened.
-- link: the hash of what stands in one letter and nowhere else.
CREATE TABLE disclosure (
  id           uuid PRIMARY KEY,
  case_id      uuid NOT NULL REFERENCES case_file,
  n            int NOT NULL,         -- of its case, from 1
  party        uuid NOT NULL REFERENCES party,
  link         bytea NOT NULL UNIQUE,
  mode         text NOT NULL CHECK (mode IN ('link', 'code')),
  code_item    uuid REFERENCES item, -- the code to tell, as words of the case
  created      timestamptz NOT NULL,
  created_by   uuid NOT NULL REFERENCES person,
  expires      timestamptz NOT NULL,
  opened       int NOT NULL DEFAULT 0,
  max_opens    int NOT NULL CHECK (max_opens > 0),
  first_opened timestamptz,
  last_opened  timestamptz,
  revoked      timestamptz,
  revoked_by   uuid REFERENCES person,
  CHECK (opened <= max_opens),
  CHECK ((mode = 'code') = (code_item IS NOT NULL)),
  UNIQUE (case_id, n)
);
-- One message, or one attachment of it (part: from 0; -1: its words).  box: the
-- message's key under the link's; NULL: over, and opened by no link any more.
CREATE TABLE disclosure_item (
  disclosure uuid NOT NULL REFERENCES disclosure ON DELETE CASCADE,
  n          int NOT NULL,
  item       uuid NOT NULL REFERENCES item,
  part       int NOT NULL CHECK (part >= -1),
  box        bytea,
  PRIMARY KEY (disclosure, n)
);
CREATE INDEX disclosure_item_live ON disclosure_item (disclosure)
  WHERE box IS NOT NULL;
-- Half an hour of reading.  Like sessions: in no backup, gone after a crash.
CREATE UNLOGGED TABLE disclosure_visit (
  id         bytea PRIMARY KEY,      -- hash of the cookie
  disclosure uuid NOT NULL,
  box        bytea NOT NULL,         -- the link's key under the cookie's
  expires    timestamptz NOT NULL
);
GRANT SELECT, INSERT ON disclosure, disclosure_item TO ouv_srv;
GRANT UPDATE (opened, first_opened, last_opened, revoked, revoked_by)
  ON disclosure TO ouv_srv;
GRANT UPDATE (box) ON disclosure_item TO ouv_srv;
GRANT SELECT, INSERT, DELETE ON disclosure_visit TO ouv_srv;

-- ---- words of a case -----------------------------------------------------------------

-- Tokens are keyed by the case's secret: no two cases have one in common.
CREATE TABLE word_token (
  case_id uuid NOT NULL,
  token   bytea NOT NULL,            -- 8 bytes
  PRIMARY KEY (case_id, token)
);
-- The highest number of an item whose words were taken in; 0: none, or a new key.
ALTER TABLE case_file ADD indexed int NOT NULL DEFAULT 0;
-- How much of the message after it: its words, then its attachments one by one.
-- Of no use under another key, and counted anew after a crash.
CREATE UNLOGGED TABLE word_part (
  case_id uuid PRIMARY KEY,
  version int NOT NULL,
  seq     int NOT NULL,
  part    int NOT NULL
);
-- The key of a case's tokens under one that its person's secret alone gives: a
-- search need not open the grant again.  It goes with the grant.
CREATE UNLOGGED TABLE word_key (
  person  uuid NOT NULL,
  case_id uuid NOT NULL,
  version int NOT NULL,
  box     bytea NOT NULL,
  PRIMARY KEY (person, case_id, version),
  FOREIGN KEY (case_id, version, person) REFERENCES case_grant
    ON DELETE CASCADE
);
GRANT SELECT, INSERT ON word_token, word_key TO ouv_srv;
GRANT UPDATE (box) ON word_key TO ouv_srv;
GRANT SELECT, INSERT, UPDATE ON word_part TO ouv_srv;
GRANT UPDATE (indexed) ON case_file TO ouv_srv;

-- ---- the log ----------------------------------------------------------------------------

-- No two entries of a signer have the same number.
CREATE UNIQUE INDEX audit_event_signer ON audit_event (signer, signer_seq);
-- For a case's revision, its last entry that is a change: most entries are
-- readings.  Statements leave out more; what is left out here they leave out.
CREATE INDEX audit_event_change ON audit_event (chain, seq) WHERE action NOT IN
  ('read', 'read-log', 'download', 'preview', 'denied');
-- What stands in no case: logins, keys, registers.
CREATE INDEX audit_event_own ON audit_event (at_us, chain, seq)
  WHERE chain = signer;
-- An operator's run may be signed by an administrator: who, with which key, and
-- ROOT's word for it, so that it can be checked when they have another.
ALTER TABLE audit_signer ADD person uuid, ADD public bytea, ADD root_sig bytea;
-- events: entries of the signer since the one before; heads: of the chains it
-- moved, 56 bytes each; prev: hash of the one before (include/ouv/vault.h).
ALTER TABLE audit_checkpoint ADD events bigint NOT NULL,
  ADD heads bytea NOT NULL, ADD prev bytea NOT NULL;
ALTER TABLE audit_checkpoint ALTER heads SET STORAGE EXTERNAL;
CREATE INDEX audit_checkpoint_unmailed ON audit_checkpoint (signer, n DESC)
  WHERE mailed IS NULL;

-- Nothing of a checkpoint changes but that it was mailed, once.
CREATE FUNCTION checkpoint_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.mailed IS NULL AND NEW.mailed IS NOT NULL THEN
    OLD.mailed := NEW.mailed;
    IF NEW IS NOT DISTINCT FROM OLD THEN
      RETURN NEW;
    END IF;
  END IF;
  RAISE EXCEPTION 'the log is append-only' USING ERRCODE = '42501';
END $$;
CREATE TRIGGER audit_checkpoint_stays BEFORE UPDATE ON audit_checkpoint
  FOR EACH ROW EXECUTE FUNCTION checkpoint_stays();
CREATE TRIGGER audit_checkpoint_append_only BEFORE DELETE OR TRUNCATE
  ON audit_checkpoint FOR EACH STATEMENT EXECUTE FUNCTION append_only();

GRANT SELECT ON audit_checkpoint TO ouv_gw;
GRANT SELECT (id, kind) ON audit_signer TO ouv_gw;
GRANT UPDATE (mailed) ON audit_checkpoint TO ouv_gw;

-- ---- retention, erasure, requests of the people a case is about ---------------------------

-- hold_review: the day on which somebody looks at a legal hold again; erased:
-- when the file was.
ALTER TABLE case_file ADD hold_review date, ADD erased timestamptz;
CREATE INDEX case_on_hold ON case_file (hold_review, id) WHERE legal_hold;
CREATE INDEX case_erased ON case_file (erased, id) WHERE erased IS NOT NULL;
-- What falls due when.
CREATE INDEX clock_retention ON clock (due, case_id)
  WHERE kind = 'retention' AND state = 'running';

-- As before, and what came since: words, releases, requests for a key, the
-- words of acts that waited.  The former secrets go with the key's rows: the
-- public halves stay, for the signatures of the log.  Of mails and letters
-- stay when they came and went and how it ended; what servers said goes.
CREATE OR REPLACE FUNCTION case_erase(in_case uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  -- A duplicate is never closed: it goes with the one in which it went on.
  PERFORM 1 FROM case_file WHERE id = in_case AND NOT legal_hold
    AND (state = 'closed' OR state <> 'erased' AND EXISTS
     (SELECT 1 FROM case_link l JOIN case_file t ON t.id = l.other
       WHERE l.case_id = in_case AND l.kind = 'merge' AND l.undone IS NULL
        AND t.erased IS NOT NULL)) FOR UPDATE;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  -- Keys that are being given at this moment are there first, or not at all.
  LOCK TABLE case_grant IN SHARE ROW EXCLUSIVE MODE;
  DELETE FROM case_grant WHERE case_id = in_case;
  DELETE FROM grant_due WHERE case_id = in_case;
  DELETE FROM grant_given WHERE case_id = in_case;
  DELETE FROM grant_ended WHERE case_id = in_case;
  UPDATE case_key SET old_box = NULL WHERE case_id = in_case;
  DELETE FROM chunk WHERE item IN (SELECT id FROM item WHERE case_id = in_case);
  DELETE FROM capsule WHERE case_id = in_case;
  DELETE FROM reply_address WHERE case_id = in_case;
  DELETE FROM ident_token WHERE case_id = in_case;
  DELETE FROM item_guess WHERE case_id = in_case
    OR item IN (SELECT id FROM item WHERE case_id = in_case);
  DELETE FROM mail_burst WHERE case_id = in_case;
  DELETE FROM word_token WHERE case_id = in_case;
  DELETE FROM word_part WHERE case_id = in_case;
  DELETE FROM disclosure_visit v USING disclosure d
    WHERE v.disclosure = d.id AND d.case_id = in_case;
  DELETE FROM disclosure WHERE case_id = in_case;
  UPDATE act_pending SET decided = now(), decision = 'void'
    WHERE case_id = in_case AND decided IS NULL AND action <> 'erase';
  UPDATE task SET done = now(), outcome = 'not-needed'
    WHERE case_id = in_case AND done IS NULL AND kind <> 'second-person';
  UPDATE item SET body = '', dek_box = '' WHERE case_id = in_case;
  UPDATE outbox_try SET reply_text = NULL WHERE outbox IN
    (SELECT id FROM outbox WHERE case_id = in_case);
  UPDATE outbox SET dek_box_svc = NULL, last_text = NULL
    WHERE case_id = in_case;
  UPDATE inbound SET dek_box_svc = NULL WHERE case_id = in_case;
  UPDATE case_file SET summary = '', indexed = 0, rekey_due = false,
    hold_review = NULL, erased = now() WHERE id = in_case;
  RETURN true;
END $$;

-- Nobody gets a key to a case that was erased: also not whoever held it in
-- memory at that moment and would put it back.
CREATE FUNCTION grant_erased() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM fresh f JOIN case_file c ON c.id = f.case_id
              WHERE c.erased IS NOT NULL) THEN
    RAISE EXCEPTION 'the case was erased' USING ERRCODE = '42501';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER case_grant_erased AFTER INSERT ON case_grant
  REFERENCING NEW TABLE AS fresh
  FOR EACH STATEMENT EXECUTE FUNCTION grant_erased();

-- Legal holds whose day of review has come: somebody looks at them again, and
-- says until when it stays.  How many.
CREATE FUNCTION holds_due(in_today date, in_now timestamptz,
  in_due timestamptz) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH asked AS (INSERT INTO task (id, case_id, kind, opened, due)
    SELECT gen_random_uuid(), c.id, 'hold-review', in_now, in_due
      FROM case_file c WHERE c.legal_hold AND c.hold_review <= in_today
       AND NOT EXISTS (SELECT 1 FROM task t WHERE t.case_id = c.id
                        AND t.kind = 'hold-review' AND t.done IS NULL)
    RETURNING 1)
  SELECT count(*) FROM asked
$$;
REVOKE ALL ON FUNCTION grant_erased(),
  holds_due(date, timestamptz, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION holds_due(date, timestamptz, timestamptz) TO ouv_gw;
GRANT UPDATE (hold_review) ON case_file TO ouv_srv;

-- ---- what somebody asks about their own data ----------------------------------------------

-- data_right: which right, by the codebook; data_outcome: granted, partly,
-- refused, not-identified; data_denial: why not, by its codebook.
ALTER TYPE case_kind ADD VALUE 'data-request';
ALTER TABLE case_file ADD data_right text, ADD data_outcome text,
  ADD data_denial text;
GRANT UPDATE (data_right, data_outcome, data_denial) ON case_file TO ouv_srv;

-- ---- numbers of cases ------------------------------------------------------------------------

-- As before, and never backwards: a number that was given is given once.
CREATE OR REPLACE FUNCTION protocol_take(in_year int, n int) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  high bigint;
BEGIN
  IF n IS NULL OR n < 1 THEN
    RAISE EXCEPTION 'protocol_take: % numbers', n USING ERRCODE = '22023';
  END IF;
  INSERT INTO protocol_counter AS c (year, last) VALUES (in_year, n)
    ON CONFLICT (year) DO UPDATE SET last = c.last + n
    RETURNING last INTO high;
  RETURN high - n + 1;
END $$;

-- ---- keys of the office, backup -------------------------------------------------------------

-- A key that came out of the escrow: who confirmed it, each with a signature
-- over the grant.  No secret, and nobody's to change.
CREATE TABLE escrow_given (
  case_id    uuid NOT NULL,
  version    int NOT NULL,
  person     uuid NOT NULL REFERENCES person,
  grant_hash bytea NOT NULL CHECK (octet_length(grant_hash) = 32),
  first      uuid NOT NULL REFERENCES person,
  second     uuid NOT NULL REFERENCES person,
  first_sig  bytea NOT NULL CHECK (octet_length(first_sig) = 64),
  second_sig bytea NOT NULL CHECK (octet_length(second_sig) = 64),
  at         timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (case_id, version, person),
  CHECK (first <> second AND person <> first AND person <> second)
);

-- Which version of the office's secrets the running programs hold.  Nobody
-- seals to a key of the gateway that it was not started with.
CREATE TABLE key_taken (
  program text NOT NULL CHECK (program IN ('gateway', 'server')),
  name    text NOT NULL CHECK (name IN ('svc', 'k_tok', 'gw_sig', 'srv_sig',
    'pepper')),
  version int NOT NULL,
  at      timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (program, name)
);
-- It never goes back: a process that was started before is behind, no more.
CREATE FUNCTION key_take(in_program text, in_name text, in_version int)
RETURNS boolean
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  INSERT INTO key_taken (program, name, version)
    VALUES (in_program, in_name, in_version)
    ON CONFLICT (program, name) DO UPDATE
      SET version = excluded.version, at = now()
      WHERE key_taken.version < excluded.version
    RETURNING true
$$;
-- Each program speaks for itself, whatever the name of its user.
CREATE FUNCTION gateway_holds(in_name text, in_version int) RETURNS boolean
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT key_take('gateway', in_name, in_version)
$$;
CREATE FUNCTION server_holds(in_name text, in_version int) RETURNS boolean
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT key_take('server', in_name, in_version)
$$;
-- The last change of each; of svc how far what lay under the former was moved:
-- stage 0 capsules, 1 letters, 2 mails, in the order of their ids.
CREATE TABLE key_rotation (
  name    text PRIMARY KEY,
  version int NOT NULL,
  began   timestamptz NOT NULL DEFAULT now(),
  stage   int NOT NULL DEFAULT 0,
  at      uuid NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000',
  moved   bigint NOT NULL DEFAULT 0,
  done    timestamptz
);
-- One box for another that was read a moment ago; false: it is not there now.
CREATE FUNCTION svc_reseal(in_stage int, in_id uuid, in_old bytea, in_new bytea)
RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF in_stage = 0 THEN
    UPDATE capsule SET box_svc = in_new WHERE id = in_id AND box_svc = in_old;
  ELSIF in_stage = 1 THEN
    UPDATE outbox SET dek_box_svc = in_new
      WHERE id = in_id AND dek_box_svc = in_old;
  ELSE
    UPDATE inbound SET dek_box_svc = in_new
      WHERE id = in_id AND dek_box_svc = in_old;
  END IF;
  RETURN FOUND;
END $$;
REVOKE ALL ON FUNCTION key_take(text, text, int), gateway_holds(text, int),
  server_holds(text, int), svc_reseal(int, uuid, bytea, bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION gateway_holds(text, int) TO ouv_gw;
GRANT EXECUTE ON FUNCTION server_holds(text, int) TO ouv_srv;
GRANT EXECUTE ON FUNCTION svc_reseal(int, uuid, bytea, bytea) TO ouv_gw;
GRANT SELECT ON key_taken TO ouv_gw, ouv_srv;
GRANT SELECT, UPDATE (stage, at, moved, done) ON key_rotation TO ouv_gw;
