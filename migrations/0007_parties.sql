-- 0007_parties.sql - what a consumer and a company do on pages of their own, and
-- what comes and goes on paper: files that are brought, letters that are posted,
-- the keys by which a party reads what is theirs
--
-- Nothing of a case's words is readable here.

-- ---- files that somebody brings ----------------------------------------------

-- One on its way (head NULL), or whole and waiting for its form, which alone has
-- the secret that opens it.  As sessions: in no backup, gone after a crash; the
-- form says so then.
CREATE UNLOGGED TABLE upload (
  form  bytea NOT NULL CHECK (octet_length(form) = 32), -- hash of the secret
  n     int NOT NULL,                -- in order of arrival
  id    uuid NOT NULL UNIQUE,
  at    timestamptz NOT NULL DEFAULT now(), -- of its last piece
  bytes bigint NOT NULL DEFAULT 0,
  head  bytea,                       -- name, type and the rest, sealed
  PRIMARY KEY (form, n)
);
CREATE INDEX upload_at ON upload (at);
CREATE UNLOGGED TABLE upload_chunk (
  upload uuid NOT NULL REFERENCES upload (id) ON DELETE CASCADE,
  n      int NOT NULL,
  ct     bytea NOT NULL,
  PRIMARY KEY (upload, n)
);
ALTER TABLE upload ALTER head SET STORAGE EXTERNAL;
ALTER TABLE upload_chunk ALTER ct SET STORAGE EXTERNAL;
GRANT SELECT, INSERT, UPDATE, DELETE ON upload TO ouv_srv;
GRANT SELECT, INSERT, DELETE ON upload_chunk TO ouv_srv;

-- What came by letter, telephone, fax, chat or in person, and a message that was
-- taken for a colleague: the server has the case made here, as of a request that
-- came on paper; it waits to be opened.  in_opened: when it arrived.
CREATE FUNCTION case_entered(in_case uuid, in_protocol text, in_lang text,
  in_channel text, in_opened timestamptz, in_summary bytea, in_cpk bytea,
  in_signer uuid, in_sig bytea, in_owner uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT paper_by(in_signer) OR in_opened > now()
    OR in_opened < now() - interval '367 days' OR in_protocol IS NULL
    OR in_channel IS NULL OR in_channel NOT IN ('letter', 'phone', 'fax',
      'chat', 'in-person', 'web', 'other')
    OR in_owner IS NOT NULL AND NOT EXISTS
      (SELECT 1 FROM person WHERE id = in_owner AND active)
  THEN
    RETURN false;
  END IF;
  INSERT INTO case_file (id, protocol, state, lang, channel, owner, opened,
    last, key_version, summary)
    VALUES (in_case, in_protocol, 'received', in_lang, in_channel, in_owner,
      in_opened, now(), 1, in_summary);
  INSERT INTO case_key (case_id, version, cpk, signer, sig)
    VALUES (in_case, 1, in_cpk, in_signer, in_sig);
  RETURN true;
END $$;
REVOKE ALL ON FUNCTION case_entered(uuid, text, text, text, timestamptz, bytea,
  bytea, uuid, bytea, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION case_entered(uuid, text, text, text, timestamptz,
  bytea, bytea, uuid, bytea, uuid) TO ouv_srv;

-- Who is asked by name; NULL: whoever looks after the case.
ALTER TABLE task ADD person uuid REFERENCES person;

-- ---- words read from pictures ------------------------------------------------

-- What a machine read on one page of an attachment, sealed under the item's own
-- key, so that it goes where the item goes and stays readable under a new key of
-- the case.  Page 0: how many there are, and which are to be read.  taken: its
-- words are among the tokens of the case under its present key.
CREATE TABLE item_page (
  item  uuid NOT NULL REFERENCES item ON DELETE CASCADE,
  part  int NOT NULL CHECK (part BETWEEN 0 AND 9999),
  page  int NOT NULL CHECK (page BETWEEN 0 AND 500),
  ct    bytea NOT NULL,
  taken boolean NOT NULL DEFAULT false,
  at    timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (item, part, page)
);
ALTER TABLE item_page ALTER ct SET STORAGE EXTERNAL;
CREATE INDEX item_page_due ON item_page (item) WHERE NOT taken AND page > 0;

-- In another case its words are tokens of that one.
CREATE FUNCTION item_page_moved() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE item_page SET taken = false WHERE item = NEW.id AND taken;
  RETURN NULL;
END $$;
CREATE TRIGGER item_page_moved AFTER UPDATE OF case_id ON item
  FOR EACH ROW WHEN (OLD.case_id <> NEW.case_id)
  EXECUTE FUNCTION item_page_moved();

-- A new key has no tokens yet.
CREATE FUNCTION item_page_rekeyed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE item_page SET taken = false WHERE taken
    AND item IN (SELECT id FROM item WHERE case_id = NEW.id);
  RETURN NULL;
END $$;
CREATE TRIGGER item_page_rekeyed AFTER UPDATE OF key_version ON case_file
  FOR EACH ROW WHEN (OLD.key_version <> NEW.key_version)
  EXECUTE FUNCTION item_page_rekeyed();

-- Erased with everything else that could be read.
CREATE FUNCTION item_page_erased() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  DELETE FROM item_page WHERE item IN
    (SELECT id FROM item WHERE case_id = NEW.id);
  RETURN NULL;
END $$;
CREATE TRIGGER item_page_erased AFTER UPDATE OF erased ON case_file
  FOR EACH ROW WHEN (OLD.erased IS NULL AND NEW.erased IS NOT NULL)
  EXECUTE FUNCTION item_page_erased();
REVOKE ALL ON FUNCTION item_page_moved(), item_page_rekeyed(),
  item_page_erased() FROM PUBLIC;
GRANT SELECT, INSERT ON item_page TO ouv_srv;
GRANT UPDATE (taken) ON item_page TO ouv_srv;

-- ---- letters on paper --------------------------------------------------------

-- Whoever has no mailbox that lets our letters through gets them on paper.
ALTER TABLE party ADD by_post boolean NOT NULL DEFAULT false;
-- Of the register, as a contact's address is.
ALTER TABLE company_unit ADD postal text NOT NULL DEFAULT '';
-- A letter on paper is a row as any other: queued until it has arrived, sent
-- from the day on which it did, bounced when it came back.
ALTER TABLE outbox ADD paper boolean NOT NULL DEFAULT false;
DROP INDEX outbox_due;
CREATE INDEX outbox_due ON outbox (not_before, id)
  WHERE state IN ('queued', 'unknown') AND NOT paper;

-- What becomes of it.  The newest row of a letter counts: one that came back is
-- sent again by another.
CREATE TABLE post (
  id         uuid PRIMARY KEY,
  letter     uuid NOT NULL,          -- its row in outbox
  case_id    uuid NOT NULL,
  item       uuid NOT NULL,
  party      uuid,
  state      text NOT NULL DEFAULT 'to-print' CHECK (state IN ('to-print',
    'printed', 'posted', 'delivered', 'returned', 'void')),
  addressed  boolean NOT NULL,       -- do we know where it goes?
  made       timestamptz NOT NULL,
  moved      timestamptz NOT NULL,   -- into this state
  clock      clock_kind,             -- that begins when it is delivered
  round      int,                    -- ... the one it began for; NULL: none
  printed    timestamptz,
  printed_by uuid,
  pdf        bytea CHECK (octet_length(pdf) = 32),
  pages      int,
  posted     date,
  service    text,                   -- simple, registered, receipt
  presumed   date,                   -- counts as arrived then, if nobody knows
  assumed    boolean NOT NULL DEFAULT false,
  ended      date,                   -- delivered, or back
  proof      uuid,                   -- the item that shows it
  words      bytea                   -- address as printed, tracking number,
                                     -- reason: sealed with the item's key
);
CREATE INDEX post_state ON post (state, made, id);
CREATE INDEX post_done ON post (moved, id)
  WHERE state IN ('delivered', 'returned', 'void');
CREATE INDEX post_case ON post (case_id);
CREATE INDEX post_letter ON post (letter, id);
CREATE INDEX post_presumed ON post (presumed)
  WHERE state = 'posted' AND NOT assumed;
ALTER TABLE post ALTER words SET STORAGE EXTERNAL;

-- The letter's row says the same.
CREATE FUNCTION post_told() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    UPDATE outbox SET paper = true, state = 'queued', sent = NULL,
      dek_box_svc = NULL, last_code = NULL, last_text = NULL
      WHERE id = NEW.letter;
  ELSIF NEW.state = 'delivered' THEN
    UPDATE outbox SET state = 'sent', sent = NEW.ended + interval '12 hours'
      WHERE id = NEW.letter;
  ELSIF NEW.state = 'returned' THEN
    UPDATE outbox SET state = 'bounced', sent = NULL WHERE id = NEW.letter;
  ELSIF NEW.state = 'void' THEN
    UPDATE outbox SET state = 'failed', sent = NULL WHERE id = NEW.letter;
  ELSIF NEW.assumed AND NOT OLD.assumed THEN
    UPDATE outbox SET state = 'sent', sent = NEW.presumed + interval '12 hours'
      WHERE id = NEW.letter AND state = 'queued';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER post_told AFTER INSERT OR UPDATE OF state, assumed ON post
  FOR EACH ROW EXECUTE FUNCTION post_told();

-- Nobody said that it did not arrive, for as long as the profile has it.
CREATE FUNCTION post_presume() RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH now_there AS (UPDATE post SET assumed = true
    WHERE state = 'posted' AND NOT assumed AND presumed <= current_date
    RETURNING 1)
  SELECT count(*) FROM now_there
$$;

-- Nothing of it stays but that it was, and when.
CREATE FUNCTION post_case_erased() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE post SET words = NULL, state = CASE WHEN state IN ('to-print',
      'printed') THEN 'void' ELSE state END WHERE case_id = NEW.id;
  RETURN NULL;
END $$;
CREATE TRIGGER post_case_erased AFTER UPDATE OF erased ON case_file
  FOR EACH ROW WHEN (OLD.erased IS NULL AND NEW.erased IS NOT NULL)
  EXECUTE FUNCTION post_case_erased();

-- Another name or address of a party, by somebody who holds the case's key.
CREATE FUNCTION capsule_reach(in_case uuid, in_person uuid, in_capsule uuid,
  in_version int, in_ct bytea, in_box bytea, in_svc bytea) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE capsule p SET ct = in_ct, box_case = in_box,
    box_svc = CASE WHEN p.box_svc IS NOT NULL THEN in_svc END
    FROM case_file c
   WHERE p.id = in_capsule AND p.case_id = in_case AND c.id = in_case
     AND c.state <> 'erased' AND c.key_version = in_version
     AND p.key_version = in_version
     AND octet_length(in_box) = 112 AND octet_length(in_svc) = 112
     AND EXISTS (SELECT 1 FROM case_grant g JOIN person w ON w.id = g.person
           AND w.active WHERE g.case_id = in_case AND g.version = in_version
            AND g.person = in_person);
  RETURN FOUND;
END $$;

-- As before; a letter on paper needs no address of the gateway's.
CREATE OR REPLACE FUNCTION addresses_end(most int) RETURNS SETOF uuid
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
         AND o.state IN ('queued', 'unknown') AND NOT o.paper)
     AND NOT EXISTS (SELECT 1 FROM task t WHERE t.case_id = c.id
         AND t.kind = 'notice-address' AND t.done IS NULL)
     ORDER BY c.id LIMIT most FOR UPDATE OF c SKIP LOCKED LOOP
    UPDATE capsule SET box_svc = NULL WHERE case_id = one
      AND box_svc IS NOT NULL;
    RETURN NEXT one;
  END LOOP;
END $$;
REVOKE ALL ON FUNCTION post_told(), post_presume(), post_case_erased(),
  capsule_reach(uuid, uuid, uuid, int, bytea, bytea, bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION post_presume() TO ouv_gw;
GRANT EXECUTE ON FUNCTION capsule_reach(uuid, uuid, uuid, int, bytea, bytea,
  bytea) TO ouv_srv;
GRANT INSERT ON post TO ouv_gw, ouv_srv;
GRANT SELECT (id, letter, case_id, item, state, clock, round, posted, presumed,
  ended) ON post TO ouv_gw;
GRANT SELECT ON post TO ouv_srv;
GRANT UPDATE (state, addressed, moved, round, printed, printed_by, pdf, pages,
  posted, service, presumed, ended, proof, words) ON post TO ouv_srv;
GRANT SELECT (by_post), UPDATE (by_post) ON party TO ouv_gw;
GRANT UPDATE (by_post) ON party TO ouv_srv;
GRANT UPDATE (postal) ON company_unit TO ouv_srv;
GRANT UPDATE (opened, due) ON task TO ouv_srv; -- asked once more

-- ---- the parties' pages ------------------------------------------------------

-- A key that its reader has, as a code in a letter: whoever writes to them seals
-- the message to pk, and nobody here can open it.  reader: a consumer's party, a
-- company's contact (or, of somebody the register does not know, their capsule),
-- a unit for a token.  As of chunks, no row refers to another by the schema: the
-- gateway writes them by the thousand.
CREATE TABLE page_key (
  id        uuid PRIMARY KEY,
  name      bytea NOT NULL UNIQUE,   -- hash of the code
  kind      text NOT NULL CHECK (kind IN ('consumer', 'contact', 'token')),
  case_id   uuid,                    -- it is for this case alone
  reader    uuid NOT NULL,
  pk        bytea NOT NULL CHECK (octet_length(pk) = 32),
  signer    uuid NOT NULL,           -- zeros: the gateway
  sig       bytea NOT NULL CHECK (octet_length(sig) = 64),
  label     text NOT NULL DEFAULT '',
  made      timestamptz NOT NULL,
  expires   timestamptz NOT NULL,
  revoked   timestamptz,
  why       text,                    -- fresh, expired, left, ...
  last_used timestamptz,
  CHECK (kind <> 'consumer' OR case_id IS NOT NULL),
  CHECK (kind <> 'token' OR case_id IS NULL)
);
-- One at a time, but of tokens.
CREATE UNIQUE INDEX page_key_live ON page_key (reader)
  WHERE revoked IS NULL AND kind <> 'token';
CREATE INDEX page_key_reader ON page_key (reader, made);
CREATE INDEX page_key_case ON page_key (case_id) WHERE case_id IS NOT NULL;
CREATE INDEX page_key_end ON page_key (expires) WHERE revoked IS NULL;

-- What it opens: a message (part -1), or of what was released to that party its
-- words (-1) or one attachment.
CREATE TABLE page_box (
  page_key   uuid NOT NULL,
  item       uuid NOT NULL,
  part       int NOT NULL CHECK (part >= -1),
  disclosure uuid,
  box        bytea NOT NULL CHECK (octet_length(box) = 112),
  UNIQUE NULLS NOT DISTINCT (page_key, item, part, disclosure)
);
CREATE INDEX page_box_item ON page_box (item);
CREATE INDEX page_box_released ON page_box (disclosure)
  WHERE disclosure IS NOT NULL;

-- Half an hour of reading.  Like sessions: in no backup, gone after a crash.
CREATE UNLOGGED TABLE page_visit (
  id       bytea PRIMARY KEY,        -- hash of the cookie
  page_key uuid NOT NULL,
  box      bytea NOT NULL,           -- the secret under the cookie's key
  expires  timestamptz NOT NULL
);
CREATE INDEX page_visit_key ON page_visit (page_key);

-- Somebody asks for another code.  Whether there is such a case nobody looks up
-- before the answer is given: the gateway finds out, and writes to whom it knows.
CREATE TABLE page_ask (
  id        uuid PRIMARY KEY,
  kind      text NOT NULL CHECK (kind IN ('consumer', 'contact')),
  protocol  text,
  token     uuid,                    -- of an address, under k_id
  token_was uuid,                    -- ... and under the one before
  at        timestamptz NOT NULL,
  done      timestamptz,
  outcome   text
);
CREATE INDEX page_ask_waiting ON page_ask (at, id) WHERE done IS NULL;

-- A key that is over opens nothing, and nobody goes on reading by it.
CREATE FUNCTION page_key_over() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  DELETE FROM page_box WHERE page_key = NEW.id;
  DELETE FROM page_visit WHERE page_key = NEW.id;
  RETURN NULL;
END $$;
CREATE TRIGGER page_key_over AFTER UPDATE OF revoked ON page_key
  FOR EACH ROW WHEN (OLD.revoked IS NULL AND NEW.revoked IS NOT NULL)
  EXECUTE FUNCTION page_key_over();

-- A contact who does not answer for the unit any more.
CREATE FUNCTION page_contact_left() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE page_key SET revoked = now(), why = 'left'
    WHERE reader = NEW.id AND revoked IS NULL;
  RETURN NULL;
END $$;
CREATE TRIGGER page_contact_left AFTER UPDATE OF active, addr, unit
  ON company_contact FOR EACH ROW
  WHEN (OLD.active AND NOT NEW.active OR OLD.addr <> NEW.addr
    OR OLD.unit <> NEW.unit)
  EXECUTE FUNCTION page_contact_left();

-- A unit that works for its company no more.
CREATE FUNCTION page_unit_ended() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE page_key SET revoked = now(), why = 'left' WHERE revoked IS NULL
    AND (reader = NEW.id OR reader IN
     (SELECT id FROM company_contact WHERE unit = NEW.id));
  RETURN NULL;
END $$;
CREATE TRIGGER page_unit_ended AFTER UPDATE OF until_day ON company_unit
  FOR EACH ROW WHEN (NEW.until_day < current_date)
  EXECUTE FUNCTION page_unit_ended();

-- A message that goes to another case, or turns out to be somebody else's, is
-- theirs to read no more.
CREATE FUNCTION page_item_moved() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  DELETE FROM page_box WHERE item = NEW.id;
  RETURN NULL;
END $$;
CREATE TRIGGER page_item_moved AFTER UPDATE OF case_id, party, lane ON item
  FOR EACH ROW WHEN (OLD.case_id <> NEW.case_id
    OR OLD.party IS DISTINCT FROM NEW.party OR OLD.lane <> NEW.lane)
  EXECUTE FUNCTION page_item_moved();

-- With the case goes what was for it alone.
CREATE FUNCTION page_case_erased() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  DELETE FROM page_box WHERE item IN
    (SELECT id FROM item WHERE case_id = NEW.id);
  DELETE FROM page_visit v USING page_key k
    WHERE v.page_key = k.id AND k.case_id = NEW.id;
  DELETE FROM page_key WHERE case_id = NEW.id;
  RETURN NULL;
END $$;
CREATE TRIGGER page_case_erased AFTER UPDATE OF erased ON case_file
  FOR EACH ROW WHEN (OLD.erased IS NULL AND NEW.erased IS NOT NULL)
  EXECUTE FUNCTION page_case_erased();

-- The live keys by which somebody may read of these cases: whose, by which
-- address (NULL: all of that party), and the key.
CREATE FUNCTION page_readers(in_cases uuid[])
RETURNS TABLE (of_case uuid, party uuid, capsule uuid, key uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT p.case_id, p.id, NULL::uuid, k.id
    FROM party p JOIN page_key k ON k.reader = p.id AND k.kind = 'consumer'
     AND k.case_id = p.case_id AND k.revoked IS NULL AND k.expires > now()
   WHERE p.case_id = ANY(in_cases) AND p.side = 'consumer'
  UNION ALL
  SELECT c.case_id, c.party, c.id, k.id
    FROM capsule c JOIN page_key k ON k.reader IN (c.id, c.contact)
     AND k.kind = 'contact' AND k.revoked IS NULL AND k.expires > now()
     AND (k.case_id IS NULL OR k.case_id = c.case_id)
    JOIN party p ON p.id = c.party AND p.side = 'company'
    LEFT JOIN company_contact a ON a.id = c.contact
   WHERE c.case_id = ANY(in_cases) AND coalesce(a.active, true)
  UNION ALL
  SELECT f.id, p.id, NULL, k.id
    FROM case_file f JOIN party p ON p.case_id = f.id AND p.side = 'company'
    JOIN page_key k ON k.reader = f.unit AND k.kind = 'token'
     AND k.revoked IS NULL AND k.expires > now()
   WHERE f.id = ANY(in_cases)
$$;

-- What those keys ought to open of one case and do not yet: written when there
-- was no such key, by a program that had the message no more.
CREATE FUNCTION page_missing(in_case uuid)
RETURNS TABLE (key uuid, party uuid, item uuid, part int, disclosure uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH r AS MATERIALIZED (SELECT * FROM page_readers(ARRAY[in_case]))
  SELECT r.key, r.party, i.id, -1, NULL::uuid
    FROM r JOIN item i ON i.case_id = in_case AND i.party = r.party
     AND i.lane <> 'internal' AND i.kind IN ('mail_in', 'mail_out', 'auto_out')
   WHERE NOT EXISTS (SELECT 1 FROM page_box b WHERE b.page_key = r.key
      AND b.item = i.id AND b.part = -1 AND b.disclosure IS NULL)
     AND (r.capsule IS NULL OR i.kind = 'mail_in' OR NOT EXISTS
      (SELECT 1 FROM outbox o WHERE o.item = i.id AND o.capsule <> r.capsule))
  UNION ALL
  SELECT r.key, r.party, x.item, x.part, d.id
    FROM r JOIN disclosure d ON d.case_id = in_case AND d.party = r.party
     AND d.mode = 'link' AND d.revoked IS NULL AND d.expires > now()
     AND d.opened < d.max_opens
    JOIN disclosure_item x ON x.disclosure = d.id
   WHERE NOT EXISTS (SELECT 1 FROM page_box b WHERE b.page_key = r.key
      AND b.item = x.item AND b.part = x.part AND b.disclosure = d.id)
$$;
REVOKE ALL ON FUNCTION page_key_over(), page_contact_left(), page_unit_ended(),
  page_item_moved(), page_case_erased(), page_readers(uuid[]),
  page_missing(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION page_readers(uuid[]) TO ouv_gw, ouv_srv;
GRANT EXECUTE ON FUNCTION page_missing(uuid) TO ouv_srv;
GRANT SELECT, INSERT ON page_key TO ouv_gw, ouv_srv;
GRANT UPDATE (revoked, why) ON page_key TO ouv_gw, ouv_srv;
GRANT UPDATE (last_used) ON page_key TO ouv_srv;
GRANT INSERT ON page_box TO ouv_gw;
GRANT SELECT, INSERT, DELETE ON page_box TO ouv_srv;
GRANT SELECT, INSERT, DELETE ON page_visit TO ouv_srv;
GRANT INSERT ON page_ask TO ouv_srv;
GRANT SELECT, DELETE ON page_ask TO ouv_gw;
GRANT UPDATE (done, outcome) ON page_ask TO ouv_gw;

-- ---- programs of companies ---------------------------------------------------

-- What a page key of kind token may be used for.  sig: of whoever made it, over
-- key, unit, scopes and public key, so that nobody widens one by writing here.
CREATE TABLE api_token (
  page_key uuid PRIMARY KEY,
  unit     uuid NOT NULL,
  scopes   int NOT NULL CHECK (scopes BETWEEN 1 AND 3), -- 1 read, 2 answer
  signer   uuid NOT NULL,
  sig      bytea NOT NULL CHECK (octet_length(sig) = 64)
);
CREATE INDEX api_token_unit ON api_token (unit);

-- Requests of this minute.
CREATE UNLOGGED TABLE api_count (
  page_key uuid PRIMARY KEY,
  since    timestamptz NOT NULL,
  used     int NOT NULL
);

-- A request that is sent twice is done once: its key and all of it as hashes
-- under the token's own secret, and what was answered, which holds numbers and
-- no words of a case.  status NULL: it is being done.
CREATE TABLE api_once (
  page_key uuid NOT NULL,
  key      bytea NOT NULL CHECK (octet_length(key) = 32),
  request  bytea NOT NULL CHECK (octet_length(request) = 32),
  at       timestamptz NOT NULL DEFAULT now(),
  status   int,
  answer   text NOT NULL DEFAULT '',
  PRIMARY KEY (page_key, key)
);
CREATE INDEX api_once_at ON api_once (at);

-- A token that is over leaves nothing of its requests.
CREATE FUNCTION api_token_over() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  DELETE FROM api_once WHERE page_key = NEW.id;
  DELETE FROM api_count WHERE page_key = NEW.id;
  RETURN NULL;
END $$;
CREATE TRIGGER api_token_over AFTER UPDATE OF revoked ON page_key
  FOR EACH ROW WHEN (NEW.kind = 'token' AND OLD.revoked IS NULL
    AND NEW.revoked IS NOT NULL)
  EXECUTE FUNCTION api_token_over();
REVOKE ALL ON FUNCTION api_token_over() FROM PUBLIC;
GRANT SELECT, INSERT ON api_token TO ouv_srv;
GRANT SELECT, INSERT, UPDATE ON api_count TO ouv_srv;
GRANT SELECT, INSERT, UPDATE, DELETE ON api_once TO ouv_srv;

-- ---- copies of a case for somebody else --------------------------------------

-- Whether a file waits for its author is asked with every page of a case.
CREATE INDEX act_pending_confirmed ON act_pending (case_id, author)
  WHERE decision = 'confirmed';

-- ---- a company's page --------------------------------------------------------

-- Who of a company wrote a message on its page (NULL: somebody the register does
-- not know, or a program), and as what.  points: what is answered to each
-- allegation, sealed to the case, for the colleague who passes it on.  told: it
-- was received, by mail.
CREATE TABLE company_post (
  item    uuid PRIMARY KEY,
  case_id uuid NOT NULL,
  contact uuid,
  what    text NOT NULL,
  points  uuid,
  at      timestamptz NOT NULL,
  told    timestamptz
);
CREATE INDEX company_post_case ON company_post (case_id, at);
CREATE INDEX company_post_untold ON company_post (at) WHERE told IS NULL;

-- A case that one contact of a company gave to another; keeps: letters go to
-- the giver as well.  told: both know it by mail.
CREATE TABLE company_hand (
  id       uuid PRIMARY KEY,
  case_id  uuid NOT NULL,
  giver    uuid NOT NULL,
  heir     uuid NOT NULL,
  keeps    boolean NOT NULL,
  at       timestamptz NOT NULL,
  told     timestamptz,
  CHECK (giver <> heir)
);
CREATE INDEX company_hand_case ON company_hand (case_id, at);
CREATE INDEX company_hand_untold ON company_hand (at) WHERE told IS NULL;
CREATE INDEX capsule_contact ON capsule (contact) WHERE contact IS NOT NULL;

-- To whom a contact may give a case: whoever is in use, and of a unit of the same
-- company that works on that day.
CREATE FUNCTION company_heirs(in_contact uuid, in_day date)
RETURNS SETOF company_contact
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT h.* FROM company_contact g JOIN company_unit gu ON gu.id = g.unit
    JOIN company c ON c.id = gu.company
     AND (c.member_until IS NULL OR c.member_until >= in_day)
    JOIN company_unit u ON u.company = c.id AND u.from_day <= in_day
     AND (u.until_day IS NULL OR u.until_day >= in_day)
    JOIN company_contact h ON h.unit = u.id AND h.active AND h.id <> g.id
   WHERE g.id = in_contact AND g.active
     AND gu.from_day <= in_day
     AND (gu.until_day IS NULL OR gu.until_day >= in_day)
$$;

-- The heir's address is there already.  Who writes here directly gives no case to
-- a stranger, nor one that the giver has not.
CREATE FUNCTION company_hand_over(in_id uuid, in_case uuid, in_giver uuid,
  in_heir uuid, in_both boolean, in_day date)
RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM company_heirs(in_giver, in_day)
                  WHERE id = in_heir)
    OR NOT EXISTS (SELECT 1 FROM capsule g JOIN capsule h ON h.party = g.party
         AND h.contact = in_heir JOIN party p ON p.id = g.party
         AND p.side = 'company' JOIN case_file f ON f.id = g.case_id
        WHERE g.contact = in_giver AND g.case_id = in_case
          AND f.state NOT IN ('held', 'closed', 'erased')) THEN
    RETURN false;
  END IF;
  INSERT INTO company_hand (id, case_id, giver, heir, keeps, at)
    VALUES (in_id, in_case, in_giver, in_heir, in_both, now());
  UPDATE capsule SET main = true
    WHERE case_id = in_case AND contact = in_heir;
  IF NOT in_both THEN
    UPDATE capsule SET main = false
      WHERE case_id = in_case AND contact = in_giver;
  END IF;
  RETURN true;
END $$;

-- Of an erased case nothing is left that names anybody.
CREATE FUNCTION company_page_erased() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  DELETE FROM company_post WHERE case_id = NEW.id;
  DELETE FROM company_hand WHERE case_id = NEW.id;
  RETURN NULL;
END $$;
CREATE TRIGGER company_page_erased AFTER UPDATE OF erased ON case_file
  FOR EACH ROW WHEN (OLD.erased IS NULL AND NEW.erased IS NOT NULL)
  EXECUTE FUNCTION company_page_erased();
REVOKE ALL ON FUNCTION company_heirs(uuid, date), company_page_erased(),
  company_hand_over(uuid, uuid, uuid, uuid, boolean, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION company_heirs(uuid, date),
  company_hand_over(uuid, uuid, uuid, uuid, boolean, date) TO ouv_srv;
GRANT SELECT, INSERT ON company_post TO ouv_srv;
GRANT SELECT ON company_hand TO ouv_srv, ouv_gw;
GRANT SELECT (item, case_id, what, at, told), UPDATE (told) ON company_post
  TO ouv_gw;
GRANT UPDATE (told) ON company_hand TO ouv_gw;
