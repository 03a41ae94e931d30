-- 0006_console.sql - what a day at the console needs: lists that count without
-- scanning, what a person chose, who has a case open, figures of the office
--
-- Nothing of a case's words is readable here.

-- ---- retention of what is no case ---------------------------------------------

-- What goes of a file, whatever it was: of mails and letters stays when they
-- came and went and how it ended, of keys their public halves, for the
-- signatures of the log.  The caller holds the lock of the file's row.
CREATE FUNCTION file_wipe(in_case uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
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
  DELETE FROM case_seen WHERE case_id = in_case;
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
END $$;

-- As before.
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
  PERFORM file_wipe(in_case);
  RETURN true;
END $$;

-- Held mail that was set aside and not taken back, and the file of a month that
-- is over: neither is a case, was one, or is held for a reason in law.  since:
-- when it was set aside; the month's end.  It has no settings of its own, so
-- that a question about one file reads that file.
CREATE FUNCTION loose_files() RETURNS TABLE (id uuid, since timestamptz)
LANGUAGE sql STABLE AS $$
  SELECT c.id, c.moved FROM case_file c WHERE c.aside IS NOT NULL
     AND c.state = 'closed' AND c.protocol IS NULL AND c.erased IS NULL
     AND NOT c.legal_hold
  UNION ALL
  SELECT c.id, greatest((c.desk_month + interval '1 month'), c.last)
    FROM case_file c WHERE c.desk_month IS NOT NULL AND c.erased IS NULL
     AND NOT c.legal_hold AND c.protocol IS NULL
     AND c.desk_month < date_trunc('month', now())
$$;

DROP INDEX case_aside;
CREATE INDEX case_aside ON case_file (last, id)
  WHERE aside IS NOT NULL AND erased IS NULL;

-- Everything readable of such a file goes, if it is older than that moment,
-- which is a day ago at least.
CREATE FUNCTION loose_erase(in_file uuid, in_before timestamptz)
RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM 1 FROM case_file WHERE id = in_file FOR UPDATE;
  PERFORM 1 FROM loose_files() l WHERE l.id = in_file
    AND l.since < least(in_before, now() - interval '1 day');
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  PERFORM file_wipe(in_file);
  UPDATE case_file SET state = 'erased', due = NULL WHERE id = in_file;
  RETURN true;
END $$;
REVOKE ALL ON FUNCTION file_wipe(uuid), loose_files(),
  loose_erase(uuid, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION loose_files(), loose_erase(uuid, timestamptz)
  TO ouv_srv;

-- ---- figures of the office ----------------------------------------------------

-- Counts and nothing else, made anew every quarter of an hour: how many cases of
-- a month on the office's wall have a code, a state, a length.  name says which
-- figure; a and b are its codes or the id of a colleague or company; value is a
-- number of hours or days (-1: not yet).  What is so now stands under the month
-- '-infinity'.  docs/figures.md defines each.
CREATE TABLE figure (
  month date   NOT NULL,
  name  text   NOT NULL,
  a     text   NOT NULL,
  b     text   NOT NULL,
  value int    NOT NULL,
  n     bigint NOT NULL CHECK (n > 0),
  PRIMARY KEY (month, name, a, b, value)
);
CREATE TABLE figure_made (
  one boolean     PRIMARY KEY DEFAULT true CHECK (one),
  at  timestamptz NOT NULL
);

-- Of every case with a number that does not go on in another: what its figures
-- are made of.
CREATE FUNCTION figure_cases(in_zone text) RETURNS TABLE (
  id uuid, m_opened date, m_closed date, opened timestamptz,
  closed timestamptz, due timestamptz, is_open boolean, kind case_kind,
  channel text, contact text, who uuid, company uuid, closed_by text,
  closed_from case_state, merit merit, resolution resolution, rating rating,
  in_company boolean)
LANGUAGE sql STABLE ROWS 100000 SET search_path = public, pg_temp AS $$
  SELECT c.id, date_trunc('month', c.opened AT TIME ZONE in_zone)::date,
    date_trunc('month', c.closed AT TIME ZONE in_zone)::date, c.opened,
    c.closed, c.due, c.state NOT IN ('closed', 'erased'),
    c.kind, c.channel, c.contact_channel, c.owner, c.company, c.closed_by,
    c.closed_from, c.merit, coalesce(c.resolution, 'none'),
    coalesce(c.rating, 'not-rated'), c.state = 'company'
    FROM case_file c
   WHERE c.protocol IS NOT NULL AND c.desk_month IS NULL
     AND c.state <> 'held'
     AND NOT EXISTS (SELECT 1 FROM case_link l WHERE l.case_id = c.id
       AND l.kind = 'merge' AND l.undone IS NULL)
$$;

-- False: they are younger than that, and nothing was done.
CREATE FUNCTION figures_refresh(in_zone text, in_secs int) RETURNS boolean
LANGUAGE plpgsql STRICT SECURITY DEFINER
SET search_path = public, pg_temp SET jit = off SET work_mem = '128MB' AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('ouvidoria'), hashtext('figures'));
  IF EXISTS (SELECT 1 FROM figure_made
              WHERE at > now() - make_interval(secs => in_secs)) THEN
    RETURN false;
  END IF;
  WITH c AS MATERIALIZED (SELECT * FROM figure_cases(in_zone)),
  -- One that was taken back unanswered was not answered.
  reply AS (
    SELECT c.m_opened, CASE
      WHEN k.case_id IS NULL THEN 'no-term'
      WHEN k.state = 'stopped' AND c.closed_by = 'withdraw'
        AND k.stopped >= c.closed THEN 'withdrawn'
      WHEN k.state = 'stopped' AND k.stopped > k.due THEN 'late'
      WHEN k.state = 'stopped' THEN 'in-time'
      WHEN k.due < now() THEN 'overdue' ELSE 'running' END AS status,
      greatest(ceil(extract(epoch FROM k.stopped - c.opened) / 3600), 0)::int
        AS hours
      FROM c LEFT JOIN clock k ON k.case_id = c.id AND k.kind = 'response'
       AND k.n = 0),
  whole AS (
    SELECT c.m_opened, CASE
      WHEN k.case_id IS NULL THEN 'no-term'
      WHEN k.state = 'stopped' AND k.stopped > k.due THEN 'late'
      WHEN k.state = 'stopped' THEN 'in-time'
      WHEN k.state = 'running' AND k.due < now() THEN 'overdue'
      ELSE 'running' END AS status,
      CASE WHEN c.is_open THEN -1 ELSE greatest(ceil(extract(epoch FROM
        coalesce(c.closed, c.opened) - c.opened) / 86400), 0)::int END AS days
      FROM c LEFT JOIN clock k ON k.case_id = c.id AND k.kind = 'total'
       AND k.n = 0),
  -- The company's time to answer: what stopped because the case ended, or
  -- because the notice came back, says nothing of the company.
  answer AS (
    SELECT c.company, date_trunc('month', k.started AT TIME ZONE in_zone)::date
      AS month, CASE
      WHEN k.state = 'stopped' AND (c.in_company OR
        c.closed_from = 'company' AND k.stopped >= c.closed) THEN 'no-answer'
      WHEN k.state = 'stopped' AND k.stopped <= k.due THEN 'in-time'
      WHEN k.state = 'stopped' OR k.due < now() THEN 'not-in-time'
      ELSE 'waiting' END AS status
      FROM c JOIN clock k ON k.case_id = c.id AND k.kind = 'company' AND k.n = 0
     WHERE c.company IS NOT NULL AND c.kind = 'complaint'),
  promised AS (
    SELECT c.company, date_trunc('month', p.ended AT TIME ZONE in_zone)::date
      AS month, p.state FROM promise p JOIN c ON c.id = p.case_id
     WHERE p.promiser = 'company' AND p.state IN ('kept', 'late', 'broken')
       AND c.company IS NOT NULL AND p.ended IS NOT NULL),
  fresh (month, name, a, b, value, n) AS MATERIALIZED (
    SELECT m_opened, 'type', coalesce(kind::text, 'none'), '', 0, count(*)
      FROM c GROUP BY 1, kind
    UNION ALL
    SELECT m_opened, 'channel', channel, '', 0, count(*) FROM c GROUP BY 1, 3
    UNION ALL
    SELECT m_opened, 'contact', coalesce(nullif(contact, ''), 'none'), '', 0,
      count(*) FROM c
     WHERE kind = 'complaint' GROUP BY 1, 3
    UNION ALL
    SELECT c.m_opened, 'article', coalesce(g.article, 'none'), '', 0,
      count(*) FROM c LEFT JOIN (SELECT DISTINCT case_id, article FROM
       allegation) g ON g.case_id = c.id
     WHERE c.kind = 'complaint' GROUP BY 1, g.article
    UNION ALL
    SELECT m_opened, 'complaints', '', '', 0, count(*) FROM c
     WHERE kind = 'complaint' GROUP BY 1
    UNION ALL
    SELECT m_opened, 'reply', status, '',
      CASE WHEN status IN ('in-time', 'late') THEN hours ELSE -1 END, count(*)
      FROM reply GROUP BY 1, 3, 5
    UNION ALL
    SELECT m_opened, 'end', status, '', days, count(*) FROM whole
     GROUP BY 1, 3, 5
    UNION ALL
    SELECT m_closed, 'ended-by', coalesce(closed_by, 'none'), '', 0, count(*)
      FROM c WHERE NOT is_open AND kind = 'complaint' AND m_closed IS NOT NULL
     GROUP BY 1, 3
    UNION ALL
    SELECT m_closed, 'merit', coalesce(merit::text, 'none'), '', 0, count(*)
      FROM c
     WHERE NOT is_open AND kind = 'complaint' AND m_closed IS NOT NULL
     GROUP BY 1, merit
    UNION ALL
    SELECT m_closed, 'resolution', resolution::text, '', 0, count(*) FROM c
     WHERE NOT is_open AND kind = 'complaint' AND m_closed IS NOT NULL
     GROUP BY 1, resolution
    UNION ALL
    SELECT m_closed, 'rating', rating::text, '', 0, count(*) FROM c
     WHERE NOT is_open AND kind = 'complaint' AND m_closed IS NOT NULL
     GROUP BY 1, rating
    UNION ALL
    SELECT date '-infinity', 'backlog',
      CASE WHEN due < now() THEN 'overdue' ELSE 'in-time' END, '',
      greatest(floor(extract(epoch FROM now() - opened) / 86400), 0)::int,
      count(*) FROM c WHERE is_open GROUP BY 3, 5
    UNION ALL
    SELECT date '-infinity', 'mediator', coalesce(who::text, 'none'),
      CASE WHEN due < now() THEN 'overdue' ELSE 'open' END, 0, count(*)
      FROM c WHERE is_open GROUP BY who, 4
    UNION ALL
    SELECT m_opened, 'mediator', coalesce(who::text, 'none'), 'begun', 0,
      count(*) FROM c GROUP BY 1, who
    UNION ALL
    SELECT m_closed, 'mediator', coalesce(who::text, 'none'), 'ended', 0,
      count(*) FROM c
     WHERE NOT is_open AND m_closed IS NOT NULL GROUP BY 1, who
    UNION ALL
    SELECT m_opened, 'company', company::text, 'cases', 0, count(*) FROM c
     WHERE company IS NOT NULL AND kind = 'complaint' GROUP BY 1, company
    UNION ALL
    SELECT month, 'company', company::text, status, 0, count(*) FROM answer
     GROUP BY 1, company, 4
    UNION ALL
    SELECT m_closed, 'company', company::text, CASE WHEN resolution IN ('kept',
      'broken') THEN 'agreed' ELSE 'not-agreed' END, 0, count(*) FROM c
     WHERE NOT is_open AND kind = 'complaint' AND m_closed IS NOT NULL
       AND company IS NOT NULL GROUP BY 1, company, 4
    UNION ALL
    SELECT month, 'company', company::text, state, 0, count(*) FROM promised
     GROUP BY 1, company, 4),
  -- What stayed the same is not written again.
  gone AS (
    DELETE FROM figure f WHERE NOT EXISTS (SELECT 1 FROM fresh q
      WHERE (q.month, q.name, q.a, q.b, q.value)
          = (f.month, f.name, f.a, f.b, f.value)))
  INSERT INTO figure AS f (month, name, a, b, value, n)
    SELECT q.month, q.name, q.a, q.b, q.value, q.n FROM fresh q
    ON CONFLICT (month, name, a, b, value) DO UPDATE SET n = excluded.n
     WHERE f.n <> excluded.n;
  INSERT INTO figure_made (at) VALUES (now())
    ON CONFLICT (one) DO UPDATE SET at = excluded.at;
  RETURN true;
END $$;
REVOKE ALL ON FUNCTION figure_cases(text), figures_refresh(text, int)
  FROM PUBLIC;
GRANT EXECUTE ON FUNCTION figures_refresh(text, int) TO ouv_gw, ouv_srv;
GRANT SELECT ON figure, figure_made TO ouv_srv;

-- ---- what a person chose -------------------------------------------------------

-- How their pages look, and whether single keys do something.  A person
-- without a row has what everybody has.
CREATE TABLE person_choice (
  person uuid PRIMARY KEY REFERENCES person,
  theme  text NOT NULL DEFAULT 'auto'
    CHECK (theme IN ('auto', 'light', 'dark', 'contrast')),
  keys   boolean NOT NULL DEFAULT true
);
GRANT SELECT, INSERT, UPDATE ON person_choice TO ouv_srv;

-- ---- health of the gateway ----------------------------------------------------

-- One row a part, written by it at most once a minute and when something begins
-- or ends to be wrong: that it lives (seen), its last whole round (good), its
-- last mail, letter or alarm (did), what is wrong and since when.  Of a mail
-- nothing stands here.
CREATE TABLE gateway_part (
  part    text PRIMARY KEY
    CHECK (part IN ('intake', 'dispatch', 'timer', 'seal')),
  program text NOT NULL,
  seen    timestamptz NOT NULL DEFAULT now(),
  good    timestamptz,
  did     timestamptz,
  trouble text NOT NULL DEFAULT '' CHECK (trouble ~ '^[a-z-]{0,32}$'),
  since   timestamptz
);
GRANT SELECT, INSERT, UPDATE ON gateway_part TO ouv_gw;
GRANT SELECT ON gateway_part TO ouv_srv;
GRANT SELECT (mailbox, until) ON mailbox_lease TO ouv_srv;

-- ---- what falls due -------------------------------------------------------------

CREATE INDEX task_due ON task (due, id) WHERE done IS NULL;
-- From a task to the act that was prepared, and came back.
CREATE INDEX act_pending_fields ON act_pending (fields_item);
-- Every closed case has a clock that runs for years: how long it is kept.
CREATE INDEX clock_dates ON clock (due, case_id) WHERE state = 'running'
  AND kind NOT IN ('retention', 'review-window', 'reopen-window');

-- ---- the register of companies, from the console ---------------------------------

-- The console may add entries and change all of an entry but whose it is.  No
-- address is ever changed: whoever gets another one is another entry, so that
-- nothing which was sealed for the one before is sent there.
GRANT INSERT, UPDATE (name, sector, lang, member_until, full_text) ON company
  TO ouv_srv;
GRANT INSERT, UPDATE (name, kind, owned, from_day, until_day) ON company_unit
  TO ouv_srv;
GRANT INSERT, UPDATE (substitute, name, role, active, away_from, away_until)
  ON company_contact TO ouv_srv;

-- ---- how the office's keys stand, for its page ------------------------------------

-- Which secrets have a backup, and of which version; the box itself stays here.
CREATE FUNCTION secrets_kept() RETURNS TABLE (name text, version int)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT name, max(version) FROM host_secret GROUP BY name ORDER BY name
$$;
-- Cases without a key under ESCROW, that nobody here can open, that wait for a
-- new one; colleagues, those without a recovery code; keys that came out of the
-- escrow and the last of them; the last drill (seconds; 0: none).
CREATE FUNCTION keys_told() RETURNS TABLE (cases int8, no_escrow int8,
  nobody int8, rekey_due int8, people int8, no_recovery int8,
  escrow_given int8, escrow_at int8, drill_at int8)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT count(*), count(*) FILTER (WHERE NOT EXISTS (SELECT 1
      FROM case_grant g WHERE g.case_id = c.id AND g.version = c.key_version
       AND g.person = '00000000-0000-0000-0000-000000000000')),
    count(*) FILTER (WHERE NOT EXISTS (SELECT 1 FROM case_grant g
      JOIN person p ON p.id = g.person AND p.active
      WHERE g.case_id = c.id AND g.version = c.key_version
       AND EXISTS (SELECT 1 FROM person_key k WHERE k.person = p.id))),
    count(*) FILTER (WHERE c.rekey_due),
    (SELECT count(*) FROM person WHERE active),
    (SELECT count(*) FROM person p WHERE active AND (must & 4 <> 0
      OR NOT EXISTS (SELECT 1 FROM person_key k
        WHERE k.person = p.id AND k.how = 2))),
    (SELECT count(*) FROM escrow_given),
    coalesce(floor(extract(epoch FROM
      (SELECT max(at) FROM escrow_given)))::int8, 0),
    (SELECT coalesce(max(at_us), 0) / 1000000 FROM audit_event
      WHERE chain = signer AND action = 'key-drill')
   FROM case_file c WHERE c.state <> 'erased'
$$;
CREATE INDEX audit_event_drill ON audit_event (at_us)
  WHERE chain = signer AND action = 'key-drill';
REVOKE ALL ON FUNCTION secrets_kept(), keys_told() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION secrets_kept(), keys_told() TO ouv_srv;

-- ---- who looks at a case, and how far they have read -----------------------
-- base is the last message they knew when this visit began: a visit ends with
-- ten minutes without a look.  seq is the last message there was at their last
-- look, at when that was: for ten minutes the case counts as open.
CREATE TABLE case_seen (
  case_id uuid NOT NULL REFERENCES case_file ON DELETE CASCADE,
  person  uuid NOT NULL REFERENCES person ON DELETE CASCADE,
  base    int NOT NULL CHECK (base >= 0),
  seq     int NOT NULL CHECK (seq >= base),
  at      timestamptz NOT NULL,
  PRIMARY KEY (case_id, person)
) WITH (fillfactor = 70);

-- It goes with the last key its person had to the case.
CREATE FUNCTION case_seen_end() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  DELETE FROM case_seen s WHERE s.case_id = OLD.case_id
    AND s.person = OLD.person AND NOT EXISTS (SELECT 1 FROM case_grant g
      WHERE g.case_id = OLD.case_id AND g.person = OLD.person);
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION case_seen_end() FROM PUBLIC;
CREATE TRIGGER case_seen_end AFTER DELETE ON case_grant
  FOR EACH ROW EXECUTE FUNCTION case_seen_end();
GRANT SELECT, INSERT ON case_seen TO ouv_srv;
GRANT UPDATE (base, seq, at) ON case_seen TO ouv_srv;

-- The case whose page was the last one there; NULL: some other page.  So whoever
-- went on or logged out has no case open any more.
ALTER TABLE session ADD at_case uuid;

-- ---- another k_id ------------------------------------------------------------------

-- Under which version of k_id a blind token or a digest was made.  Version 0 of
-- a token: under a former one, and its case does not say (any more) of what.
ALTER TABLE ident_token ADD version int NOT NULL DEFAULT 1;
CREATE INDEX ident_token_case ON ident_token (case_id, version);
ALTER TABLE conflict_register ADD consumer_version int NOT NULL DEFAULT 1;
ALTER TABLE inbound ADD mac_version int NOT NULL DEFAULT 1;
ALTER TABLE key_taken DROP CONSTRAINT key_taken_name_check;
ALTER TABLE key_taken ADD CONSTRAINT key_taken_name_check CHECK (name IN
  ('svc', 'k_id', 'k_tok', 'gw_sig', 'srv_sig', 'pepper'));

-- May that version be written?  Once both programs have held it for longer than
-- they take to end what they began under the one before: by the clock, not by
-- when a transaction began, so that nothing of before is written later.
CREATE FUNCTION ident_held(in_version int) RETURNS boolean
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT NOT EXISTS (SELECT FROM key_rotation r WHERE r.name = 'k_id'
    AND (SELECT count(*) FROM key_taken t WHERE t.name = 'k_id'
          AND t.version >= in_version
          AND t.at < clock_timestamp() - interval '45 seconds') < 2)
$$;
-- Does the one before that version stand?  The stage of the rotation is 0, and
-- 1 once it is retired.
CREATE FUNCTION ident_former(in_version int) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT EXISTS (SELECT FROM key_rotation r WHERE r.name = 'k_id'
    AND r.version = in_version AND r.stage = 0)
$$;
-- May tokens of before become those of that version?  While the former stands.
CREATE FUNCTION ident_moves(in_version int) RETURNS boolean
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT ident_held(in_version) AND ident_former(in_version)
$$;
-- All rows of a token, in every case and in the register of conflicts, become
-- those of the other at once: they are joined by it before and after, and no
-- tie is without effect for a moment.  How many.
CREATE FUNCTION idents_move(in_before uuid[], in_now uuid[], in_version int)
RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  ties bigint;
  rows bigint;
BEGIN
  IF NOT ident_moves(in_version) THEN
    RETURN 0;
  END IF;
  UPDATE conflict_register r SET consumer = m.next, consumer_version = in_version
    FROM unnest(in_before, in_now) AS m(was, next)
    WHERE r.consumer = m.was AND m.was <> m.next AND r.ended IS NULL;
  GET DIAGNOSTICS ties = ROW_COUNT;
  DELETE FROM ident_token t USING unnest(in_before, in_now) AS m(was, next),
      ident_token n
    WHERE t.token = m.was AND m.was <> m.next AND n.token = m.next
      AND (n.kind, n.case_id, n.party) = (t.kind, t.case_id, t.party);
  UPDATE ident_token t SET token = m.next, version = in_version
    FROM (SELECT DISTINCT was, next FROM unnest(in_before, in_now)
       AS u(was, next)) m
    WHERE t.token = m.was AND m.was <> m.next;
  GET DIAGNOSTICS rows = ROW_COUNT;
  RETURN ties + rows;
END $$;
-- What somebody who has opened that case found in it.  The rest stays as it is,
-- and nobody looks for it there again.
CREATE FUNCTION case_idents_move(in_case uuid, in_before uuid[], in_now uuid[],
  in_version int, in_whole boolean) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  moved bigint;
BEGIN
  IF NOT ident_moves(in_version) THEN
    RETURN 0;
  END IF;
  moved := idents_move(in_before, in_now, in_version);
  IF in_whole THEN
    UPDATE ident_token SET version = 0
      WHERE case_id = in_case AND version < in_version;
  END IF;
  RETURN moved;
END $$;
-- What to write for a token: the present one, and all rows with it; or the one
-- before, which a program of before knows as well.
CREATE FUNCTION ident_write(in_now uuid, in_before uuid, in_version int,
  OUT token uuid, OUT version int)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF in_now = in_before OR ident_held(in_version) THEN
    token := in_now;
    version := in_version;
    IF in_now <> in_before THEN
      PERFORM idents_move(ARRAY[in_before], ARRAY[in_now], in_version);
    END IF;
  ELSE
    token := in_before;
    version := in_version - 1;
  END IF;
END $$;

-- A mail goes back to the gateway only while its bytes can be told from others:
-- what was under a k_id that is destroyed has no digest any more.
CREATE OR REPLACE FUNCTION held_retry(in_item uuid, in_case uuid, in_box bytea)
RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  gap int := held_seq(in_item, in_case);
BEGIN
  IF gap IS NULL THEN
    RETURN false;
  END IF;
  UPDATE inbound SET state = 'received', attempts = 0, not_before = now(),
    lease_by = NULL, lease_until = NULL, filed = NULL, case_id = NULL,
    outcome = NULL, error_code = NULL, dek_box_svc = in_box
    WHERE id = in_item AND state IN ('filed', 'quarantine')
      AND octet_length(raw_mac) > 0;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  DELETE FROM item_guess WHERE item = in_item;
  DELETE FROM item WHERE id = in_item;
  PERFORM held_take_out(in_case, gap);
  RETURN true;
END $$;

-- A stage that was left is not entered again: what was retired stays so, and
-- no token of before is taken for one of its version after that.  The owner
-- alone begins anew, with another version.
CREATE FUNCTION key_rotation_onward() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT pg_has_role(current_user, (SELECT relowner FROM pg_class
      WHERE oid = TG_RELID), 'USAGE') THEN
    RAISE EXCEPTION 'a rotation goes on, not back' USING ERRCODE = '42501';
  END IF;
  RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION key_rotation_onward() FROM PUBLIC;
CREATE TRIGGER key_rotation_onward BEFORE UPDATE ON key_rotation FOR EACH ROW
  WHEN (NEW.stage < OLD.stage AND NEW.version = OLD.version)
  EXECUTE FUNCTION key_rotation_onward();

REVOKE ALL ON FUNCTION ident_held(int), ident_former(int), ident_moves(int),
  idents_move(uuid[], uuid[], int),
  case_idents_move(uuid, uuid[], uuid[], int, boolean),
  ident_write(uuid, uuid, int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ident_held(int), ident_former(int), ident_moves(int),
  idents_move(uuid[], uuid[], int),
  ident_write(uuid, uuid, int) TO ouv_gw, ouv_srv;
GRANT EXECUTE ON FUNCTION
  case_idents_move(uuid, uuid[], uuid[], int, boolean) TO ouv_srv;

-- ---- lists of cases -----------------------------------------------------------

-- Of each case with a key of a person: in which list it stands, by what the
-- lists are ordered, and what most of them ask for, copied from the case.  So a
-- list is one range of an index, and the counts another, whatever share of the
-- cases their reader can open.  It opens nothing: whoever shows a line asks for
-- the key itself.
CREATE TABLE case_reader (
  case_id uuid NOT NULL REFERENCES case_file ON DELETE CASCADE,
  person  uuid NOT NULL,
  part    text NOT NULL CHECK (part IN ('open', 'closed', 'other')),
  state   case_state NOT NULL,
  owner   uuid,
  last    timestamptz NOT NULL,
  opened  timestamptz NOT NULL,
  due     timestamptz NOT NULL,
  kind    case_kind, -- these are asked for by filters alone
  severity severity,
  company uuid,
  lang    text,
  channel text, -- contact_channel
  seen    int, -- as in case_seen; NULL: they never had it open
  fresh   int NOT NULL, -- letters of the parties after that one
  tasks   int NOT NULL, -- what is to be done there
  trouble int NOT NULL, -- of these: a letter did not arrive
  PRIMARY KEY (case_id, person)
);
CREATE INDEX case_reader_fresh ON case_reader (person, owner)
  WHERE fresh > 0 AND part = 'open';
CREATE INDEX case_reader_tasks ON case_reader (person, part, trouble)
  WHERE tasks > 0;
CREATE INDEX case_reader_last ON case_reader (person, part, last, case_id);
CREATE INDEX case_reader_opened ON case_reader (person, part, opened, case_id);
CREATE INDEX case_reader_due ON case_reader (person, part, due, case_id)
  INCLUDE (state, owner);

-- The conditions are those of the lists; the year 3000: no date, so due last.
CREATE FUNCTION case_part(c case_file) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = public, pg_temp AS $$
  SELECT CASE
    WHEN c.desk_month IS NOT NULL OR c.state IN ('held', 'erased') THEN 'other'
    WHEN c.state <> 'closed' THEN 'open'
    WHEN c.protocol IS NOT NULL THEN 'closed' ELSE 'other' END
$$;
CREATE FUNCTION case_due(c case_file) RETURNS timestamptz
LANGUAGE sql IMMUTABLE SET search_path = public, pg_temp AS $$
  SELECT coalesce(c.due, timestamptz '3000-01-01 00:00:00+00')
$$;

-- What somebody wrote to us; what their program sent by itself is no letter.
CREATE FUNCTION letters_since(in_case uuid, in_seen int) RETURNS int
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
  SELECT count(*)::int FROM item i WHERE i.case_id = in_case
     AND i.seq > coalesce(in_seen, 0) AND i.kind IN ('mail_in', 'unparsed')
$$;

-- What of a case is still to be done; or only where a letter did not arrive.
CREATE FUNCTION is_trouble(in_kind text) RETURNS boolean
LANGUAGE sql IMMUTABLE SET search_path = public, pg_temp AS $$
  SELECT in_kind IN ('other-channel', 'send-again')
$$;
CREATE FUNCTION tasks_open(in_case uuid, in_trouble boolean) RETURNS int
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
  SELECT count(*)::int FROM task t WHERE t.case_id = in_case
     AND t.done IS NULL AND (NOT in_trouble OR is_trouble(t.kind))
$$;

-- The case is locked first: what is being filed in it is waited for, and then
-- seen by a statement of its own; what comes later finds the row.
CREATE FUNCTION case_reader_begin() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM 1 FROM case_file WHERE id = NEW.case_id FOR NO KEY UPDATE;
  INSERT INTO case_reader (case_id, person, part, state, owner, last, opened,
      due, kind, severity, company, lang, channel, seen, fresh, tasks, trouble)
    SELECT c.id, NEW.person, case_part(c), c.state, c.owner, c.last, c.opened,
        case_due(c), c.kind, c.severity, c.company, c.lang, c.contact_channel,
        s.seq, letters_since(c.id, s.seq), tasks_open(c.id, false),
        tasks_open(c.id, true)
      FROM case_file c LEFT JOIN case_seen s ON s.case_id = c.id
        AND s.person = NEW.person
     WHERE c.id = NEW.case_id
    ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
CREATE TRIGGER case_reader_begin AFTER INSERT ON case_grant FOR EACH ROW
  WHEN (NEW.person <> '00000000-0000-0000-0000-000000000000')
  EXECUTE FUNCTION case_reader_begin();

CREATE FUNCTION case_reader_end() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  DELETE FROM case_reader r WHERE r.case_id = OLD.case_id
    AND r.person = OLD.person AND NOT EXISTS (SELECT 1 FROM case_grant g
      WHERE g.case_id = OLD.case_id AND g.person = OLD.person);
  RETURN NULL;
END $$;
CREATE TRIGGER case_reader_end AFTER DELETE ON case_grant
  FOR EACH ROW EXECUTE FUNCTION case_reader_end();

CREATE FUNCTION case_reader_follow() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE case_reader SET part = case_part(NEW), state = NEW.state,
    owner = NEW.owner, last = NEW.last, opened = NEW.opened,
    due = case_due(NEW), kind = NEW.kind, severity = NEW.severity,
    company = NEW.company, lang = NEW.lang, channel = NEW.contact_channel
    WHERE case_id = NEW.id;
  RETURN NULL;
END $$;
CREATE TRIGGER case_reader_follow AFTER UPDATE ON case_file FOR EACH ROW
  WHEN ((OLD.state, OLD.desk_month, OLD.protocol, OLD.owner, OLD.last,
    OLD.opened, OLD.due, OLD.kind, OLD.severity, OLD.company, OLD.lang,
    OLD.contact_channel) IS DISTINCT FROM (NEW.state, NEW.desk_month,
    NEW.protocol, NEW.owner, NEW.last, NEW.opened, NEW.due, NEW.kind,
    NEW.severity, NEW.company, NEW.lang, NEW.contact_channel))
  EXECUTE FUNCTION case_reader_follow();

-- A letter came, or went from a held file to another: the case is locked by
-- whoever files it.
CREATE FUNCTION case_reader_letter() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    UPDATE case_reader SET fresh = fresh + 1
      WHERE case_id = NEW.case_id AND NEW.seq > coalesce(seen, 0);
  ELSE
    UPDATE case_reader SET fresh = letters_since(case_id, seen)
      WHERE case_id IN (OLD.case_id, NEW.case_id);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER case_reader_letter AFTER INSERT ON item FOR EACH ROW
  WHEN (NEW.kind IN ('mail_in', 'unparsed')) EXECUTE FUNCTION case_reader_letter();
CREATE TRIGGER case_reader_moved AFTER UPDATE OF case_id ON item FOR EACH ROW
  WHEN (OLD.case_id <> NEW.case_id) EXECUTE FUNCTION case_reader_letter();

-- Something is to be done, or no longer.
CREATE FUNCTION case_reader_task() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  n int := CASE WHEN NEW.done IS NULL THEN 1 ELSE -1 END;
BEGIN
  PERFORM 1 FROM case_file WHERE id = NEW.case_id FOR NO KEY UPDATE;
  UPDATE case_reader SET tasks = tasks + n,
      trouble = trouble + CASE WHEN is_trouble(NEW.kind) THEN n ELSE 0 END
    WHERE case_id = NEW.case_id;
  RETURN NULL;
END $$;
CREATE TRIGGER case_reader_task AFTER INSERT ON task FOR EACH ROW
  WHEN (NEW.done IS NULL) EXECUTE FUNCTION case_reader_task();
CREATE TRIGGER case_reader_task_done AFTER UPDATE OF done ON task FOR EACH ROW
  WHEN ((OLD.done IS NULL) <> (NEW.done IS NULL))
  EXECUTE FUNCTION case_reader_task();

-- Its reader looked.  What is being filed meanwhile is waited for, and counted
-- by a statement of its own, which sees it.
CREATE FUNCTION case_reader_look() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM 1 FROM case_reader
    WHERE case_id = NEW.case_id AND person = NEW.person FOR NO KEY UPDATE;
  UPDATE case_reader SET seen = NEW.seq,
      fresh = letters_since(NEW.case_id, NEW.seq)
    WHERE case_id = NEW.case_id AND person = NEW.person;
  RETURN NULL;
END $$;
CREATE TRIGGER case_reader_look AFTER INSERT ON case_seen FOR EACH ROW
  EXECUTE FUNCTION case_reader_look();
CREATE TRIGGER case_reader_look_again AFTER UPDATE OF seq ON case_seen
  FOR EACH ROW WHEN (OLD.seq <> NEW.seq) EXECUTE FUNCTION case_reader_look();

INSERT INTO case_reader (case_id, person, part, state, owner, last, opened,
    due, kind, severity, company, lang, channel, fresh, tasks, trouble)
  SELECT c.id, g.person, case_part(c), c.state, c.owner, c.last, c.opened,
      case_due(c), c.kind, c.severity, c.company, c.lang, c.contact_channel,
      letters_since(c.id, NULL), tasks_open(c.id, false),
      tasks_open(c.id, true)
    FROM case_grant g JOIN case_file c ON c.id = g.case_id
   WHERE g.person <> '00000000-0000-0000-0000-000000000000'
  ON CONFLICT DO NOTHING;
REVOKE ALL ON FUNCTION case_part(case_file), case_due(case_file),
  letters_since(uuid, int), is_trouble(text), tasks_open(uuid, boolean),
  case_reader_begin(), case_reader_end(), case_reader_follow(),
  case_reader_letter(), case_reader_task(), case_reader_look() FROM PUBLIC;
GRANT SELECT ON case_reader TO ouv_srv;

-- ---- views --------------------------------------------------------------------

-- A filter of the list of cases under a name: an address, no result.  The name
-- is the office's own word; the page asks that it name no party.
CREATE TABLE saved_view (
  id     uuid PRIMARY KEY,
  person uuid NOT NULL REFERENCES person,
  name   text NOT NULL CHECK (name <> '' AND octet_length(name) <= 60),
  query  text NOT NULL CHECK (octet_length(query) <= 600),
  shared boolean NOT NULL DEFAULT false,
  made   timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX saved_view_person ON saved_view (person);
CREATE INDEX saved_view_shared ON saved_view (id) WHERE shared;
GRANT SELECT, INSERT, DELETE ON saved_view TO ouv_srv;
-- They go with whoever made them.
CREATE FUNCTION saved_view_end() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  DELETE FROM saved_view WHERE person = NEW.id;
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION saved_view_end() FROM PUBLIC;
CREATE TRIGGER saved_view_end AFTER UPDATE OF active ON person
  FOR EACH ROW WHEN (OLD.active AND NOT NEW.active)
  EXECUTE FUNCTION saved_view_end();

-- ---- what does not hold ---------------------------------------------------------

-- Does the office's own log say this of it since then?  A program may ask what
-- it must not read.
CREATE FUNCTION distrust_said(in_action text, in_object uuid, in_name text,
  in_since bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT EXISTS (SELECT 1 FROM audit_event e WHERE e.chain = e.signer
     AND e.at_us >= in_since AND e.action = in_action AND e.object = in_object
     AND (in_name = '' OR e.details = convert_to(in_name, 'UTF8')))
    AND starts_with(in_action, 'distrust-')
$$;
REVOKE ALL ON FUNCTION distrust_said(text, uuid, text, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION distrust_said(text, uuid, text, bigint)
  TO ouv_gw, ouv_srv;

-- ---- a request that came on paper ---------------------------------------------

-- A letter, a call or a visit in which somebody asks about their own data: the
-- server has the case made here, and may make no other.  Who enters it is one
-- of those who receive such requests.
CREATE FUNCTION paper_by(in_signer uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT EXISTS (SELECT 1 FROM person WHERE id = in_signer AND active
    AND role IN ('intake', 'mediator', 'ombudsman', 'custodian'))
$$;
CREATE FUNCTION paper_number(in_signer uuid, in_year int) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT paper_by(in_signer)
    OR abs(in_year - extract(year FROM now())) > 1 THEN
    RETURN NULL;
  END IF;
  RETURN protocol_take(in_year, 1);
END $$;
-- in_opened: when it arrived, from where its law counts.
CREATE FUNCTION case_paper(in_case uuid, in_protocol text, in_lang text,
  in_channel text, in_right text, in_profile text, in_opened timestamptz,
  in_summary bytea, in_cpk bytea, in_signer uuid, in_sig bytea)
RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT paper_by(in_signer) OR in_opened > now()
    OR in_opened < now() - interval '367 days' OR in_protocol IS NULL
    OR in_right IS NULL OR in_right = ''
    OR in_profile IS NULL OR in_profile NOT IN ('lgpd', 'gdpr')
    OR in_channel IS NULL OR in_channel NOT IN ('letter', 'phone', 'in-person')
  THEN
    RETURN false;
  END IF;
  INSERT INTO case_file (id, protocol, state, lang, channel, owner, opened,
    last, key_version, summary, kind, contact_channel, profile, data_right)
    SELECT in_case, in_protocol, 'triage', in_lang, in_channel,
      CASE WHEN p.role IN ('intake', 'mediator') THEN p.id END, in_opened,
      now(), 1, in_summary, 'data-request', in_channel, in_profile, in_right
      FROM person p WHERE p.id = in_signer;
  INSERT INTO case_key (case_id, version, cpk, signer, sig)
    VALUES (in_case, 1, in_cpk, in_signer, in_sig);
  RETURN true;
END $$;
REVOKE ALL ON FUNCTION paper_by(uuid), paper_number(uuid, int),
  case_paper(uuid, text, text, text, text, text, timestamptz, bytea, bytea,
    uuid, bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION paper_number(uuid, int),
  case_paper(uuid, text, text, text, text, text, timestamptz, bytea, bytea,
    uuid, bytea) TO ouv_srv;
