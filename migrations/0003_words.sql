-- 0003_words.sql - what the office says, and when it is away
--
-- An office's own versions of the product's texts; absences of persons and of
-- the whole office; what a colleague signs with; who may not work on a case.

-- ---- texts --------------------------------------------------------------------

-- Versions are added, never changed; the live one is the published version
-- with the highest number, and without one the product's own text counts.
-- content is the exact JSON that was signed, {"pt-BR":"...","en":"...",
-- "it":"..."}; empty: back to the product's own text.  The author signs all
-- that stands up to sig, the second person the author's signature and the
-- decision: nobody who only writes in here changes what the office says.
CREATE TABLE text_version (
  name       text NOT NULL,          -- "mail/ack", "piece/hear-you"
  n          int NOT NULL,
  content    text NOT NULL CHECK (octet_length(content) <= 262144),
  reason     text NOT NULL CHECK (reason <> ''),
  from_n     int,                    -- rolled back to that version
  overrule   text,                   -- why warnings were passed over
  author     uuid NOT NULL REFERENCES person,
  at         timestamptz NOT NULL DEFAULT now(),
  sig        bytea NOT NULL CHECK (octet_length(sig) = 64),
  -- whoever let it go out by itself, or refused it; never the author
  second     uuid REFERENCES person CHECK (second <> author),
  second_at  timestamptz,
  second_sig bytea CHECK (octet_length(second_sig) = 64),
  second_why text,
  published  timestamptz,
  refused    timestamptz,
  PRIMARY KEY (name, n),
  CHECK (published IS NULL OR refused IS NULL)
);
CREATE INDEX text_live ON text_version (name, n DESC)
  WHERE published IS NOT NULL;
CREATE INDEX text_published ON text_version (published)
  WHERE published IS NOT NULL;
CREATE INDEX text_waiting ON text_version (name)
  WHERE published IS NULL AND refused IS NULL;

-- ---- absences -----------------------------------------------------------------

CREATE TYPE absence_reason AS ENUM ('vacation', 'holiday', 'business-trip',
  'training', 'external-meeting');

-- person NULL: the whole office is closed on these days.
CREATE TABLE absence (
  id           uuid PRIMARY KEY,
  person       uuid REFERENCES person,
  reason       absence_reason NOT NULL,
  first_day    date NOT NULL,        -- on the office's wall, both included
  last_day     date NOT NULL,
  back_day     date NOT NULL,        -- the first open day after it
  starts       timestamptz NOT NULL, -- the same as instants
  ends         timestamptz NOT NULL,
  signed_as    text NOT NULL,        -- the name under the note
  urgent_name  text NOT NULL CHECK (urgent_name <> ''),
  urgent_email text NOT NULL,
  urgent_phone text NOT NULL,
  substitute   uuid REFERENCES person CHECK (substitute <> person),
  substitute_as text NOT NULL,       -- the substitute's name in it, or empty
  made_by      uuid NOT NULL REFERENCES person,
  made         timestamptz NOT NULL DEFAULT now(),
  called_off   timestamptz,          -- it ended before its last day
  called_by    uuid REFERENCES person,
  CHECK (last_day >= first_day AND ends > starts),
  CHECK (urgent_email <> '' OR urgent_phone <> ''),
  CHECK (person IS NULL OR substitute IS NOT NULL)
);
CREATE INDEX absence_time ON absence (ends, starts);
CREATE INDEX absence_person ON absence (person, ends);

-- Whom we told, and when (RFC 5230, 4.2 and 4.3).
CREATE TABLE absence_note (
  absence uuid NOT NULL REFERENCES absence,
  sender  uuid NOT NULL,             -- blind index of the address
  at      timestamptz NOT NULL,
  PRIMARY KEY (absence, sender)
);

-- ---- colleagues ---------------------------------------------------------------

-- What stands under a letter, beside the name.
CREATE TABLE profile (
  person uuid PRIMARY KEY REFERENCES person,
  title  text NOT NULL DEFAULT '',   -- "Mediator"; empty: by the role
  phone  text NOT NULL DEFAULT '',
  color  text NOT NULL DEFAULT 'black' CHECK (color IN ('black', 'blue'))
);

-- Somebody who said that they cannot be impartial in this case.
CREATE TABLE case_conflict (
  case_id uuid NOT NULL,
  person  uuid NOT NULL REFERENCES person,
  at      timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (case_id, person)
);

-- ---- who looks after whose cases now ------------------------------------------

-- A substitute who is away as well has a substitute; a chain that leads back
-- or has no end leads to nobody.
CREATE VIEW stand_in AS
  WITH RECURSIVE away AS (
    SELECT person, substitute FROM absence
     WHERE person IS NOT NULL AND starts <= now() AND now() < ends
       AND called_off IS NULL
  ), chain (person, who, n) AS (
    SELECT person, substitute, 1 FROM away
    UNION ALL
    SELECT c.person, a.substitute, c.n + 1
      FROM chain c JOIN away a ON a.person = c.who WHERE c.n < 8
  )
  SELECT person, who FROM chain
   WHERE who NOT IN (SELECT person FROM away);

-- Open cases that nobody looks after, though somebody has opened them: no
-- owner, or an owner away whose substitute is none or not impartial.
CREATE VIEW case_stray AS
  SELECT c.id FROM case_file c
   WHERE c.desk_month IS NULL AND c.owner IS NULL
     AND c.state NOT IN ('held', 'closed', 'erased', 'received')
  UNION ALL
  SELECT c.id FROM absence a JOIN case_file c ON c.owner = a.person
   WHERE a.starts <= now() AND now() < a.ends AND a.called_off IS NULL
     AND c.desk_month IS NULL
     AND c.state NOT IN ('held', 'closed', 'erased', 'received')
     AND NOT EXISTS (SELECT 1 FROM stand_in s WHERE s.person = a.person
       AND NOT EXISTS (SELECT 1 FROM case_conflict k
        WHERE k.case_id = c.id AND k.person = s.who));
CREATE INDEX case_ownerless ON case_file (last, id)
  WHERE owner IS NULL AND desk_month IS NULL
    AND state NOT IN ('held', 'closed', 'erased', 'received');

-- ---- what was promised --------------------------------------------------------

-- A promise made in a letter is a task, and a letter may hold several.
ALTER TABLE task ADD words uuid;     -- an internal item: what was promised
ALTER TABLE task DROP CONSTRAINT task_item_kind_key;
CREATE UNIQUE INDEX task_once ON task (item, kind) WHERE kind <> 'promise';

-- ---- who may do what ----------------------------------------------------------

GRANT SELECT ON text_version, absence TO ouv_gw, ouv_srv;
GRANT INSERT ON text_version, absence, case_conflict TO ouv_srv;
GRANT UPDATE (second, second_at, second_sig, second_why, published, refused)
  ON text_version TO ouv_srv;
GRANT UPDATE (called_off, called_by) ON absence TO ouv_srv;
GRANT SELECT, INSERT, UPDATE ON absence_note TO ouv_gw, ouv_srv;
GRANT SELECT ON case_conflict, stand_in, case_stray TO ouv_srv;
GRANT SELECT ON case_conflict TO ouv_gw;
GRANT SELECT, INSERT, UPDATE ON profile TO ouv_srv;
GRANT SELECT (owner) ON case_file TO ouv_gw;
GRANT INSERT, SELECT ON task TO ouv_srv;

-- What has served its time is swept away.
GRANT DELETE ON form_key TO ouv_srv;
GRANT DELETE ON rate_bucket, mail_burst TO ouv_gw;
