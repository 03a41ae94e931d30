-- 0002_held.sql - what a person does with mail that belongs to no case
--
-- A held mail keeps the cases it may belong to; a letter that did not arrive
-- opens a task; a sender's flood is one held case.  A message moves between
-- cases only out of a held one, and only by the functions at the end: the
-- server's role cannot alter or remove an item by itself.

-- ---- a held case that was set aside -----------------------------------------

ALTER TABLE case_file ADD aside text;  -- code of the reason; NULL: it was not

-- Closed: what had a number.  A held case whose messages all went elsewhere is
-- closed and in no list; one that was set aside is in a list of its own.
DROP INDEX case_closed;
CREATE INDEX case_closed ON case_file (last, id)
  WHERE desk_month IS NULL AND state = 'closed' AND protocol IS NOT NULL;
CREATE INDEX case_aside ON case_file (last, id) WHERE aside IS NOT NULL;

-- ---- where a held mail may belong -------------------------------------------

-- Best first.  lead: address, letter, message, sender.
CREATE TABLE item_guess (
  item    uuid NOT NULL,
  n       int NOT NULL,
  case_id uuid NOT NULL,
  party   uuid NOT NULL,
  lead    text NOT NULL,
  PRIMARY KEY (item, n)
);

-- ---- what no letter does ------------------------------------------------------

CREATE TABLE task (
  id      uuid PRIMARY KEY,
  case_id uuid NOT NULL,
  kind    text NOT NULL,             -- other-channel, send-again
  item    uuid NOT NULL,             -- the letter it is about
  party   uuid,                      -- to whom the letter goes
  opened  timestamptz NOT NULL,
  due     timestamptz NOT NULL,
  done    timestamptz,
  done_by uuid REFERENCES person,
  outcome text,                      -- code
  note    uuid,                      -- an internal item of the case
  UNIQUE (item, kind)                -- once a letter
);
CREATE INDEX task_case ON task (case_id, opened);
CREATE INDEX task_open ON task (case_id) WHERE done IS NULL;

-- ---- floods ---------------------------------------------------------------------

-- The one held case of a sender's mails of an hour.
CREATE TABLE mail_burst (
  token   uuid NOT NULL,             -- blind index of the sender
  start   timestamptz NOT NULL,
  case_id uuid NOT NULL,
  PRIMARY KEY (token, start)
);

-- ---- functions for the server ------------------------------------------------------

-- Takes a message out of a held case and closes the gap in its numbers, by way
-- of negative ones: no two are ever equal.
CREATE FUNCTION held_take_out(in_case uuid, gap int) RETURNS void
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE item SET seq = -seq WHERE case_id = in_case AND seq > gap;
  UPDATE item SET seq = -seq - 1 WHERE case_id = in_case AND seq < 0;
  UPDATE case_file SET items = items - 1 WHERE id = in_case;
END $$;

-- Is this a message of a held case? Its number there; NULL: no.  The caller
-- holds the lock of the case's row.
CREATE FUNCTION held_seq(in_item uuid, in_case uuid) RETURNS int
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
  SELECT i.seq FROM item i JOIN case_file c ON c.id = i.case_id
   WHERE i.id = in_item AND i.case_id = in_case AND c.state = 'held'
     AND c.desk_month IS NULL AND i.kind IN ('mail_in', 'unparsed')
$$;

-- A held message goes to the case where it belongs, its key sealed anew.
CREATE FUNCTION held_move(in_item uuid, in_from uuid, in_to uuid, in_seq int,
  in_lane lane, in_party uuid, in_version int, in_box bytea, in_body bytea)
RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  gap int := held_seq(in_item, in_from);
BEGIN
  IF gap IS NULL THEN
    RETURN false;
  END IF;
  UPDATE item SET case_id = in_to, seq = in_seq, lane = in_lane,
    party = in_party, key_version = in_version, dek_box = in_box,
    body = in_body WHERE id = in_item;
  UPDATE inbound SET case_id = in_to, outcome = 'appended' WHERE id = in_item;
  DELETE FROM item_guess WHERE item = in_item;
  PERFORM held_take_out(in_from, gap);
  RETURN true;
END $$;

-- A held message goes back to the gateway, as if it had just been received.
CREATE FUNCTION held_retry(in_item uuid, in_case uuid, in_box bytea)
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
    WHERE id = in_item AND state IN ('filed', 'quarantine');
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  DELETE FROM item_guess WHERE item = in_item;
  DELETE FROM item WHERE id = in_item;
  PERFORM held_take_out(in_case, gap);
  RETURN true;
END $$;

-- The next number of a year, for a held case only.
CREATE FUNCTION held_number(in_case uuid, in_year int) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM 1 FROM case_file WHERE id = in_case AND state = 'held'
    AND desk_month IS NULL AND protocol IS NULL;
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  RETURN protocol_take(in_year, 1);
END $$;

-- A held case becomes an ordinary one: its messages are its consumer's.  Its
-- state is moved by whoever calls.
CREATE FUNCTION held_register(in_case uuid, in_protocol text, in_lang text,
  in_due timestamptz, in_summary bytea, in_party uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE case_file SET protocol = in_protocol, lang = in_lang, due = in_due,
    summary = coalesce(in_summary, summary)
    WHERE id = in_case AND state = 'held' AND desk_month IS NULL
      AND protocol IS NULL;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  UPDATE item SET lane = 'consumer', party = in_party
    WHERE case_id = in_case AND kind IN ('mail_in', 'unparsed');
  UPDATE inbound SET outcome = 'created' WHERE case_id = in_case;
  RETURN true;
END $$;

REVOKE ALL ON FUNCTION held_take_out(uuid, int), held_seq(uuid, uuid),
  held_move(uuid, uuid, uuid, int, lane, uuid, int, bytea, bytea),
  held_retry(uuid, uuid, bytea), held_number(uuid, int),
  held_register(uuid, text, text, timestamptz, bytea, uuid) FROM PUBLIC;

-- ---- who may do what -----------------------------------------------------------------

GRANT INSERT ON item_guess TO ouv_gw;
GRANT INSERT ON task TO ouv_gw;
GRANT SELECT (id, item, kind) ON task TO ouv_gw; -- for ON CONFLICT
GRANT SELECT, INSERT, UPDATE ON mail_burst TO ouv_gw;

GRANT SELECT ON item_guess, task TO ouv_srv;
GRANT UPDATE (aside) ON case_file TO ouv_srv;
GRANT UPDATE (done, done_by, outcome, note) ON task TO ouv_srv;
-- Registering a held mail makes a party of its sender and acknowledges it.
GRANT INSERT ON party, reply_address, capsule, ident_token TO ouv_srv;
GRANT SELECT, INSERT, UPDATE ON rate_bucket TO ouv_srv;
GRANT EXECUTE ON FUNCTION
  held_move(uuid, uuid, uuid, int, lane, uuid, int, bytea, bytea),
  held_retry(uuid, uuid, bytea), held_number(uuid, int),
  held_register(uuid, text, text, timestamptz, bytea, uuid) TO ouv_srv;
