-- 0004_mediation.sql - a case from arrival to its end
--
-- What is readable here: codes, dates, who did what in which role.  Words of a
-- person or of the office are sealed as items of the case; a column that ends
-- in _item names one.  The register of companies (names, business addresses of
-- their contacts) is the office's own and is readable, as colleagues' names.

CREATE TYPE case_kind AS ENUM ('complaint', 'suggestion', 'question',
  'criticism', 'praise', 'report');
CREATE TYPE severity AS ENUM ('low', 'moderate', 'high', 'critical');
CREATE TYPE difficulty AS ENUM ('simple', 'complex');
CREATE TYPE merit AS ENUM ('founded', 'partly', 'unfounded', 'not-established');
CREATE TYPE resolution AS ENUM ('kept', 'broken', 'refused', 'silent', 'none');
CREATE TYPE rating AS ENUM ('resolved', 'not-resolved', 'not-rated');
CREATE TYPE clock_kind AS ENUM ('hold', 'response', 'refusal', 'info',
  'feedback', 'company', 'consumer', 'mediation', 'proposal', 'opinion',
  'comment', 'promise', 'attest', 'total', 'silence', 'review',
  'review-window', 'reopen-window', 'retention');
CREATE TYPE clock_state AS ENUM ('running', 'paused', 'stopped');

-- ---- companies ----------------------------------------------------------------

CREATE TABLE company (
  id     uuid PRIMARY KEY,
  name   text NOT NULL UNIQUE CHECK (name <> ''),
  sector text NOT NULL DEFAULT '',   -- code
  lang   text NOT NULL,
  member_from  date NOT NULL DEFAULT current_date,
  member_until date,
  full_text boolean NOT NULL DEFAULT false, -- asked to get the text by mail
  calendar text NOT NULL DEFAULT ''  -- its own; empty: the office's
);
-- A contact centre, own or outsourced: a notice goes to one of them.
CREATE TABLE company_unit (
  id      uuid PRIMARY KEY,
  company uuid NOT NULL REFERENCES company,
  name    text NOT NULL CHECK (name <> ''),
  kind    text NOT NULL CHECK (kind IN ('call-center', 'contact-center',
            'help-desk', 'sac', 'telemarketing', 'ombudsman', 'other')),
  owned   boolean NOT NULL,          -- false: outsourced
  from_day date NOT NULL DEFAULT current_date,
  until_day date,                    -- end of the contract
  UNIQUE (company, name)
);
CREATE TABLE company_contact (
  id      uuid PRIMARY KEY,
  unit    uuid NOT NULL REFERENCES company_unit,
  name    text NOT NULL,
  addr    text NOT NULL CHECK (addr LIKE '%_@_%'),
  role    text NOT NULL DEFAULT 'answers', -- answers, copy
  active  boolean NOT NULL DEFAULT true,
  away_from date, away_until date,
  substitute uuid REFERENCES company_contact CHECK (substitute <> id),
  UNIQUE (unit, addr)
);

-- ---- what a case is about -------------------------------------------------------

ALTER TABLE case_file
  ADD kind        case_kind,               -- NULL: not yet classified
  ADD severity    severity,
  ADD difficulty  difficulty,
  ADD urgent      boolean NOT NULL DEFAULT false,
  ADD service     text,                    -- codes of the codebooks
  ADD remedy      text,
  ADD contact_channel text,                -- of the disputed contact
  ADD direction   text,                    -- inbound, outbound
  ADD first_instance date,                 -- asked the company itself; when
  ADD first_instance_item uuid,            -- its number there
  ADD identity    text,                    -- open, protected; NULL: not chosen
  ADD company     uuid REFERENCES company,
  ADD unit        uuid REFERENCES company_unit,
  ADD profile     text,                    -- deadline profile; NULL: default
  ADD calendar    text,
  ADD complete    timestamptz,             -- the file was complete
  ADD closed      timestamptz,
  ADD closed_by   text,                    -- the action that closed it
  ADD closed_from case_state,
  ADD ground      text,                    -- coded, of a refusal
  ADD merit       merit,
  ADD resolution  resolution,
  ADD rating      rating,
  ADD legal_hold  boolean NOT NULL DEFAULT false,
  ADD owes        text,                    -- who, as of the last move
  ADD told        boolean NOT NULL DEFAULT false; -- the company knows of it
CREATE INDEX case_company ON case_file (company, id) WHERE company IS NOT NULL;

-- What is alleged, each with the articles it would break.
CREATE TABLE allegation (
  case_id uuid NOT NULL,
  n       int NOT NULL,
  code    text NOT NULL,
  article text NOT NULL,             -- of the code of ethics; empty: none
  law     text NOT NULL,             -- of the law; empty: none
  PRIMARY KEY (case_id, n)
);

-- Codebooks: service, allegation, article, law, remedy, ground, referral,
-- sector, training.  A version is added, never changed; the one in force on a
-- day counts.
CREATE TABLE code_entry (
  book    text NOT NULL,
  code    text NOT NULL CHECK (code ~ '^[a-z0-9][a-z0-9.-]{0,62}$'),
  n       int NOT NULL,
  pos     int NOT NULL DEFAULT 0,    -- its place in the book
  parent  text NOT NULL DEFAULT '',
  from_day  date NOT NULL,
  until_day date,
  label   jsonb NOT NULL,            -- {"pt-BR": "...", "en": "...", "it": "..."}
  more    jsonb NOT NULL DEFAULT '{}', -- what a book needs besides
  author  uuid REFERENCES person,    -- NULL: shipped
  at      timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (book, code, n)
);

-- ---- deadlines --------------------------------------------------------------------

-- The office's own version of a profile; without one the file counts.
CREATE TABLE deadline_profile (
  name    text NOT NULL,
  n       int NOT NULL,
  content text NOT NULL CHECK (octet_length(content) <= 65536),
  reason  text NOT NULL CHECK (reason <> ''),
  author  uuid REFERENCES person,
  at      timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (name, n)
);

-- A day that came with a file; it counts once a person has accepted it.
CREATE TABLE calendar_day (
  id       uuid PRIMARY KEY,
  calendar text NOT NULL,
  day      date NOT NULL,
  name     text NOT NULL CHECK (name <> ''),
  source   text NOT NULL,            -- the file's name
  added    timestamptz NOT NULL DEFAULT now(),
  added_by uuid REFERENCES person,
  state    text NOT NULL DEFAULT 'proposed'
           CHECK (state IN ('proposed', 'accepted', 'refused')),
  decided  timestamptz,
  decided_by uuid REFERENCES person,
  UNIQUE (calendar, day)
);

CREATE TABLE clock (
  case_id  uuid NOT NULL,
  kind     clock_kind NOT NULL,
  n        int NOT NULL DEFAULT 0,   -- of several; promises by their number
  state    clock_state NOT NULL,
  profile  text NOT NULL,            -- the rule as it was when it began
  profile_n int NOT NULL,
  calendar text NOT NULL,
  unit     text NOT NULL,            -- as enum ouv_unit; "date": a day agreed
  amount   int NOT NULL,
  law      text NOT NULL DEFAULT '',
  started  timestamptz NOT NULL,     -- day zero
  since    timestamptz NOT NULL,     -- counted from here, after a pause
  used     bigint NOT NULL DEFAULT 0, -- before it: days, of hours seconds
  due      timestamptz,              -- NULL while paused
  stopped  timestamptz,
  round    int NOT NULL DEFAULT 1,   -- one more each time it begins anew
  PRIMARY KEY (case_id, kind, n)
);
CREATE INDEX clock_due ON clock (due, case_id) WHERE state = 'running';
CREATE INDEX clock_open ON clock (calendar, case_id) WHERE state <> 'stopped';

-- What somebody must be told, or done, at a moment; each once.
CREATE TABLE alarm (
  case_id uuid NOT NULL,
  clock   clock_kind NOT NULL,
  n       int NOT NULL DEFAULT 0,
  round   int NOT NULL,              -- of the clock: begun anew, others count
  kind    text NOT NULL,             -- remind, remind-2, lapse, delivery
  at      timestamptz NOT NULL,
  done    timestamptz,
  outcome text,                      -- sent, moved, task, void, failed
  PRIMARY KEY (case_id, clock, n, round, kind)
);
CREATE INDEX alarm_due ON alarm (at) WHERE done IS NULL;

-- A task may be about the case itself and no message of it.
ALTER TABLE task ALTER item DROP NOT NULL;

-- ---- what parties do ----------------------------------------------------------------

-- By mail, personal link, letter or call: the same act.  Done by whoever is
-- there first, once.
CREATE TABLE party_act (
  id      uuid PRIMARY KEY,
  case_id uuid NOT NULL,
  party   uuid NOT NULL,
  action  text NOT NULL,
  choice  text NOT NULL DEFAULT '',  -- an option's number, yes, no
  item    uuid,                      -- the message it stands in
  source  text NOT NULL,             -- mail, link, letter, call
  at      timestamptz NOT NULL,
  done    timestamptz,
  outcome text                       -- moved, noted, task, or guards that failed
);
CREATE INDEX party_act_waiting ON party_act (at, id) WHERE done IS NULL;
CREATE INDEX party_act_case ON party_act (case_id, at);

-- Several people of one company: each an address to write to.
ALTER TABLE capsule ADD main boolean NOT NULL DEFAULT false,
  ADD contact uuid REFERENCES company_contact;

-- ---- two people -----------------------------------------------------------------------

-- An act that waits for a second person; its fields are an item of the case.
CREATE TABLE act_pending (
  id      uuid PRIMARY KEY,
  case_id uuid NOT NULL,
  action  text NOT NULL,
  fields_item uuid NOT NULL,
  rev     int NOT NULL,              -- the log's last number then
  author  uuid NOT NULL REFERENCES person,
  at      timestamptz NOT NULL DEFAULT now(),
  second  uuid REFERENCES person CHECK (second <> author),
  decided timestamptz,
  decision text CHECK (decision IN ('confirmed', 'returned', 'void')),
  why_item uuid
);
CREATE UNIQUE INDEX act_pending_one ON act_pending (case_id, action)
  WHERE decided IS NULL;
CREATE INDEX act_pending_open ON act_pending (at, id) WHERE decided IS NULL;

-- ---- agreement ----------------------------------------------------------------------------

CREATE TABLE settlement (
  case_id uuid NOT NULL,
  round   int NOT NULL,
  n       int NOT NULL,              -- option 1, 2, ...
  item    uuid NOT NULL,             -- what would be done
  promiser text NOT NULL,            -- company, consumer, office
  due     timestamptz NOT NULL,
  PRIMARY KEY (case_id, round, n)
);
CREATE TABLE settlement_choice (
  case_id uuid NOT NULL,
  round   int NOT NULL,
  side    party_side NOT NULL,
  n       int NOT NULL,              -- 0: none of them
  at      timestamptz NOT NULL,
  source  text NOT NULL,
  PRIMARY KEY (case_id, round, side)
);

-- The ledger: who promised what (an item), until when, and what became of it.
CREATE TABLE promise (
  id       uuid PRIMARY KEY,
  case_id  uuid NOT NULL,
  n        int NOT NULL,             -- its clock's number
  promiser text NOT NULL,            -- company, consumer, office
  person   uuid REFERENCES person,   -- of the office: who
  item     uuid NOT NULL,            -- the words
  source   text NOT NULL,            -- agreement, answer, decision, letter
  made     timestamptz NOT NULL,
  due      timestamptz NOT NULL,
  says_company  text,                -- done, not-done
  says_consumer text,                -- done, not-done, silent
  asked    timestamptz,              -- the consumer was asked
  state    text NOT NULL DEFAULT 'open', -- open, kept, late, broken, void
  ended    timestamptz,
  UNIQUE (case_id, n)
);
CREATE INDEX promise_open ON promise (due) WHERE state = 'open';
-- What letters promised before there was a ledger.
INSERT INTO promise (id, case_id, n, promiser, person, item, source, made, due,
                     state, ended)
  SELECT t.id, t.case_id,
         row_number() OVER (PARTITION BY t.case_id ORDER BY t.opened, t.id),
         'office', i.author, t.words, 'letter', t.opened, t.due,
         CASE WHEN t.done IS NULL THEN 'open'
              WHEN t.outcome = 'not-needed' THEN 'void' ELSE t.outcome END,
         t.done
    FROM task t JOIN item i ON i.id = t.words
   WHERE t.kind = 'promise';

-- ---- hearing both sides ---------------------------------------------------------------------

-- The index of evidence: items (or parts of one) both sides are told of.
CREATE TABLE evidence (
  case_id uuid NOT NULL,
  n       int NOT NULL,
  item    uuid NOT NULL,
  part    int NOT NULL DEFAULT -1,   -- an attachment; -1: the message
  title_item uuid NOT NULL,          -- what the index calls it
  side    text NOT NULL,             -- who brought it: consumer, company, office
  added   timestamptz NOT NULL,
  added_by uuid NOT NULL REFERENCES person,
  removed timestamptz,
  PRIMARY KEY (case_id, n)
);
-- What a side was shown of the index, and how long it had.
CREATE TABLE hearing (
  case_id uuid NOT NULL,
  round   int NOT NULL,              -- 1 the notice and the answer; one more
                                     -- each time the index goes out
  side    party_side NOT NULL,
  last_n  int NOT NULL,              -- of the index as it was
  days    int NOT NULL,
  sent    timestamptz NOT NULL,
  due     timestamptz NOT NULL,
  answered timestamptz,
  lapsed  timestamptz,
  PRIMARY KEY (case_id, round, side)
);

CREATE TABLE opinion (
  case_id uuid NOT NULL,
  n       int NOT NULL,
  kind    text NOT NULL,             -- provisional, final, review
  merit   merit NOT NULL,
  item    uuid NOT NULL,             -- findings, reasons, measures
  evidence int[] NOT NULL DEFAULT '{}', -- numbers of the index it rests on
  author  uuid NOT NULL REFERENCES person,
  reader  uuid REFERENCES person,
  at      timestamptz NOT NULL,
  PRIMARY KEY (case_id, n)
);

CREATE TABLE recommendation (
  id      uuid PRIMARY KEY,
  case_id uuid NOT NULL,
  company uuid NOT NULL REFERENCES company,
  item    uuid NOT NULL,
  made    timestamptz NOT NULL,
  due     timestamptz NOT NULL,
  state   text NOT NULL DEFAULT 'open', -- open, accepted, done, refused, lapsed
  reply_item uuid,
  changed timestamptz
);
CREATE INDEX recommendation_company ON recommendation (company, made);

-- Merge, split, linked, follows: taken back by undone.
CREATE TABLE case_link (
  id      uuid PRIMARY KEY,
  case_id uuid NOT NULL,
  other   uuid NOT NULL,             -- merge: where it goes on
  kind    text NOT NULL,             -- merge, split, linked, follows
  at      timestamptz NOT NULL DEFAULT now(),
  by_person uuid REFERENCES person,
  undone  timestamptz,
  undone_by uuid REFERENCES person
);
CREATE INDEX case_link_case ON case_link (case_id) WHERE undone IS NULL;
CREATE INDEX case_link_other ON case_link (other) WHERE undone IS NULL;

-- ---- impartiality ------------------------------------------------------------------------------

-- Who cannot be impartial towards whom.  A consumer is a blind token.
CREATE TABLE conflict_register (
  id        uuid PRIMARY KEY,
  person    uuid NOT NULL REFERENCES person,
  company   uuid REFERENCES company,
  consumer  uuid,
  kind      text NOT NULL CHECK (kind IN ('worked-there', 'family', 'shares',
              'friendship', 'dispute', 'customer', 'other')),
  from_day  date NOT NULL,
  until_day date,
  note      text NOT NULL DEFAULT '',
  made_by   uuid NOT NULL REFERENCES person,
  made      timestamptz NOT NULL DEFAULT now(),
  ended     timestamptz,
  CHECK ((company IS NULL) <> (consumer IS NULL))
);
CREATE INDEX conflict_company ON conflict_register (company) WHERE ended IS NULL;
CREATE INDEX conflict_person ON conflict_register (person) WHERE ended IS NULL;
ALTER TABLE case_conflict ADD ordered_by uuid REFERENCES person; -- NULL: own

-- How it was decided to whom a case falls.
CREATE TABLE draw (
  case_id uuid NOT NULL,
  n       int NOT NULL,
  at      timestamptz NOT NULL,
  by_person uuid REFERENCES person,  -- NULL: by itself
  seed    bytea NOT NULL CHECK (octet_length(seed) = 32),
  pool    jsonb NOT NULL,            -- [{"person", "load", "weight"}], and who
                                     -- was left out, why
  chosen  uuid NOT NULL REFERENCES person,
  PRIMARY KEY (case_id, n)
);

CREATE TABLE training (
  id        uuid PRIMARY KEY,
  person    uuid NOT NULL REFERENCES person,
  subject   text NOT NULL,           -- code
  on_day    date NOT NULL,
  until_day date,
  made_by   uuid NOT NULL REFERENCES person,
  made      timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX training_person ON training (person, subject);

CREATE TABLE case_team (
  case_id uuid NOT NULL,
  person  uuid NOT NULL REFERENCES person,
  since   timestamptz NOT NULL DEFAULT now(),
  until   timestamptz,
  PRIMARY KEY (case_id, person)
);

-- Is that person impartial towards the company of that case today?  Blind
-- tokens of consumers are looked up in the index of addresses.
CREATE FUNCTION conflicted(in_case uuid, in_person uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT EXISTS (SELECT 1 FROM case_conflict k
                  WHERE k.case_id = in_case AND k.person = in_person)
    OR EXISTS (SELECT 1 FROM conflict_register r
                WHERE r.person = in_person AND r.ended IS NULL
                  AND r.from_day <= current_date
                  AND (r.until_day IS NULL OR r.until_day >= current_date)
                  AND (r.company = (SELECT company FROM case_file
                                     WHERE id = in_case)
                    OR EXISTS (SELECT 1 FROM ident_token t
                                WHERE t.token = r.consumer AND t.kind = 1
                                  AND t.case_id = in_case)))
$$;

-- Takes the key of a case from somebody, and the case itself; never the last
-- key but the escrow's.
CREATE FUNCTION grant_drop(in_case uuid, in_person uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE case_file SET owner = NULL WHERE id = in_case AND owner = in_person;
  UPDATE case_team SET until = now()
    WHERE case_id = in_case AND person = in_person AND until IS NULL;
  IF NOT EXISTS (SELECT 1 FROM case_grant g JOIN person p ON p.id = g.person
                  WHERE g.case_id = in_case AND g.person <> in_person
                    AND p.active) THEN
    RETURN;
  END IF;
  DELETE FROM case_grant WHERE case_id = in_case AND person = in_person;
  IF FOUND THEN
    UPDATE case_file SET rekey_due = true WHERE id = in_case;
  END IF;
END $$;

-- Recusal, own or ordered, is felt at once.
CREATE FUNCTION conflict_of_case() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM grant_drop(NEW.case_id, NEW.person);
  RETURN NULL;
END $$;
CREATE TRIGGER case_conflict_felt AFTER INSERT ON case_conflict
  FOR EACH ROW EXECUTE FUNCTION conflict_of_case();

CREATE FUNCTION conflict_registered() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM grant_drop(g.case_id, NEW.person)
     FROM case_grant g WHERE g.person = NEW.person
      AND conflicted(g.case_id, NEW.person);
  RETURN NULL;
END $$;
CREATE TRIGGER conflict_register_felt AFTER INSERT ON conflict_register
  FOR EACH ROW EXECUTE FUNCTION conflict_registered();

-- A case whose company becomes known.
CREATE FUNCTION company_known() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM grant_drop(NEW.id, r.person) FROM conflict_register r
    WHERE r.company = NEW.company AND conflicted(NEW.id, r.person);
  RETURN NULL;
END $$;
CREATE TRIGGER case_company_felt AFTER UPDATE OF company ON case_file
  FOR EACH ROW WHEN (NEW.company IS NOT NULL
    AND NEW.company IS DISTINCT FROM OLD.company)
  EXECUTE FUNCTION company_known();

-- Nobody in conflict gets a key, whoever asks.
CREATE FUNCTION grant_fence() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM fresh f JOIN case_conflict k
               ON k.case_id = f.case_id AND k.person = f.person)
    OR EXISTS (SELECT 1 FROM fresh f JOIN conflict_register r
                 ON r.person = f.person
                WHERE conflicted(f.case_id, f.person)) THEN
    RAISE EXCEPTION 'a person in conflict gets no key' USING ERRCODE = '42501';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER case_grant_fence AFTER INSERT ON case_grant
  REFERENCING NEW TABLE AS fresh
  FOR EACH STATEMENT EXECUTE FUNCTION grant_fence();
REVOKE ALL ON FUNCTION conflicted(uuid, uuid), grant_drop(uuid, uuid),
  conflict_of_case(), conflict_registered(), company_known(), grant_fence()
  FROM PUBLIC;

-- ---- erasure ------------------------------------------------------------------------------------

-- Takes everything away that could be read; dates, states and codes stay, so
-- that past figures do not change.  False: this case may not be erased.
CREATE FUNCTION case_erase(in_case uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM 1 FROM case_file WHERE id = in_case AND state = 'closed'
    AND NOT legal_hold FOR UPDATE;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  DELETE FROM case_grant WHERE case_id = in_case;
  DELETE FROM chunk WHERE item IN (SELECT id FROM item WHERE case_id = in_case);
  DELETE FROM capsule WHERE case_id = in_case;
  DELETE FROM reply_address WHERE case_id = in_case;
  DELETE FROM ident_token WHERE case_id = in_case;
  DELETE FROM item_guess WHERE case_id = in_case;
  UPDATE item SET body = '', dek_box = '' WHERE case_id = in_case;
  UPDATE outbox SET dek_box_svc = NULL WHERE case_id = in_case;
  UPDATE case_file SET summary = '' WHERE id = in_case;
  RETURN true;
END $$;
REVOKE ALL ON FUNCTION case_erase(uuid) FROM PUBLIC;

-- ---- a case of its own for a part of one -----------------------------------------------

CREATE FUNCTION split_number(in_from uuid, in_year int) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM 1 FROM case_file WHERE id = in_from AND protocol IS NOT NULL
    AND state NOT IN ('held', 'closed', 'erased') FOR UPDATE;
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  RETURN protocol_take(in_year, 1);
END $$;

-- The same consumer, kind and rules; whom it concerns is said anew.  Whoever
-- cannot be impartial in the one cannot be in the other.
CREATE FUNCTION case_split(in_from uuid, in_case uuid, in_protocol text,
  in_summary bytea, in_cpk bytea, in_signer uuid, in_sig bytea) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO case_file (id, protocol, state, lang, channel, owner, opened,
    last, key_version, summary, kind, severity, difficulty, identity, profile,
    calendar)
    SELECT in_case, in_protocol, 'triage', lang, channel, owner, now(), now(),
      1, in_summary, kind, severity, difficulty, identity, profile, calendar
      FROM case_file WHERE id = in_from AND protocol IS NOT NULL
       AND state NOT IN ('held', 'closed', 'erased');
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  INSERT INTO case_key (case_id, version, cpk, signer, sig)
    VALUES (in_case, 1, in_cpk, in_signer, in_sig);
  INSERT INTO case_conflict (case_id, person)
    SELECT in_case, person FROM case_conflict WHERE case_id = in_from;
  RETURN true;
END $$;
-- The keys of such cases are certified by people; those who left as well.
CREATE INDEX case_key_signer ON case_key (signer)
  WHERE signer <> '00000000-0000-0000-0000-000000000000';
REVOKE ALL ON FUNCTION split_number(uuid, int),
  case_split(uuid, uuid, text, bytea, bytea, uuid, bytea) FROM PUBLIC;

-- ---- who may do what ----------------------------------------------------------------------------

GRANT SELECT ON company, company_unit, company_contact, code_entry,
  deadline_profile, calendar_day, clock, alarm, party_act, allegation,
  settlement, settlement_choice, promise, hearing, evidence, act_pending,
  opinion, case_link, conflict_register, training, case_team TO ouv_gw;
GRANT SELECT (kind, severity, difficulty, urgent, identity, company, unit,
  profile, calendar, complete, closed, closed_by, closed_from, merit,
  resolution, rating, legal_hold, owes, told, due, opened, moved) ON case_file
  TO ouv_gw;
GRANT UPDATE (state, moved, due, closed, closed_by, closed_from,
  complete, resolution, rating, owes, told) ON case_file TO ouv_gw;
GRANT SELECT (main, contact) ON capsule TO ouv_gw;
GRANT INSERT, UPDATE ON clock, alarm, party_act, settlement_choice, hearing,
  promise TO ouv_gw;
GRANT INSERT ON case_link TO ouv_gw; -- late mail makes a case that follows
GRANT UPDATE (due, done, outcome) ON task TO ouv_gw;
GRANT SELECT (case_id, done) ON task TO ouv_gw;

GRANT SELECT ON company, company_unit, company_contact, code_entry,
  deadline_profile, calendar_day, clock, alarm, party_act, allegation,
  settlement, settlement_choice, promise, hearing, evidence, act_pending,
  opinion, recommendation, case_link, conflict_register, draw, training,
  case_team TO ouv_srv;
GRANT INSERT, UPDATE ON clock, alarm, party_act, settlement_choice, promise,
  hearing, case_team TO ouv_srv;
-- What was written stays as it was written.
GRANT INSERT ON settlement, evidence, act_pending, opinion, recommendation,
  case_link, conflict_register TO ouv_srv;
GRANT UPDATE (removed) ON evidence TO ouv_srv;
GRANT UPDATE (second, decided, decision, why_item) ON act_pending TO ouv_srv;
GRANT UPDATE (undone, undone_by) ON case_link TO ouv_srv;
GRANT UPDATE (ended) ON conflict_register TO ouv_srv;
GRANT INSERT, DELETE ON allegation TO ouv_srv;
GRANT INSERT ON draw, training
  TO ouv_srv;
GRANT UPDATE (state, decided, decided_by) ON calendar_day TO ouv_srv;
GRANT UPDATE (kind, severity, difficulty, urgent, service, remedy,
  contact_channel, direction, first_instance, first_instance_item, identity,
  company, unit, profile, calendar, complete, closed, closed_by, closed_from,
  ground, merit, resolution, rating, legal_hold, owes, told) ON case_file
  TO ouv_srv;
GRANT INSERT ON case_grant TO ouv_srv;
GRANT EXECUTE ON FUNCTION conflicted(uuid, uuid) TO ouv_gw, ouv_srv;
GRANT EXECUTE ON FUNCTION case_erase(uuid), split_number(uuid, int),
  case_split(uuid, uuid, text, bytea, bytea, uuid, bytea) TO ouv_srv;
