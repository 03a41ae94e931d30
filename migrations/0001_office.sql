-- 0001_office.sql - the office, its people, its cases, its mail
--
-- What is readable here: states, dates, sizes, who works on what.  What is
-- sealed: every text, name and address (bytea; formats in include/ouv/vault.h).
-- ids are time-ordered random uuids made by the programs; no sequence is
-- shared.  The roles ouv_gw and ouv_srv get only what stands at the end.
--
-- CHECK stands only on tables that are seldom written: the server parses it
-- anew for every INSERT, which was a quarter of the time of filing a mail.
-- Elsewhere sizes are fixed in the programs (a box of another length does not
-- open) and words are enum types.

CREATE TYPE case_state AS ENUM ('held', 'received', 'triage', 'info',
  'company', 'consumer', 'mediation', 'proposal', 'merit', 'provisional',
  'plan', 'closed', 'review', 'erased', 'forwarded');
CREATE TYPE staff_role AS ENUM ('ombudsman', 'reader', 'mediator', 'intake',
  'custodian', 'registrar', 'admin');
CREATE TYPE party_side AS ENUM ('consumer', 'company');
CREATE TYPE lane AS ENUM ('consumer', 'company', 'internal');
CREATE TYPE item_kind AS ENUM ('mail_in', 'auto_in', 'mail_out', 'auto_out',
  'note', 'unparsed');
CREATE TYPE inbound_state AS ENUM ('received', 'filed', 'duplicate',
  'oversize', 'quarantine');
CREATE TYPE outbox_state AS ENUM ('queued', 'unknown', 'sent', 'failed',
  'bounced');

-- ---- the office and its keys ------------------------------------------------

CREATE TABLE office (
  one     boolean PRIMARY KEY DEFAULT true CHECK (one),
  tenant  uuid NOT NULL,             -- in every sealed row's context
  created timestamptz NOT NULL DEFAULT now()
);

-- Public halves, each signed by ROOT, whose public key is in the configuration.
CREATE TABLE office_key (
  kind    text NOT NULL CHECK (kind IN ('escrow', 'svc', 'gateway', 'server')),
  version int NOT NULL,
  public  bytea NOT NULL CHECK (octet_length(public) = 32),
  sig     bytea NOT NULL CHECK (octet_length(sig) = 64),
  created timestamptz NOT NULL DEFAULT now(),
  retired timestamptz,
  PRIMARY KEY (kind, version)
);

-- Backups of the host's secrets, sealed to ESCROW.
CREATE TABLE host_secret (
  name    text NOT NULL,
  version int NOT NULL,
  box     bytea NOT NULL CHECK (octet_length(box) = 112),
  PRIMARY KEY (name, version)
);

-- ---- people -------------------------------------------------------------------

CREATE TABLE person (
  id             uuid PRIMARY KEY,
  login          text NOT NULL UNIQUE CHECK (login ~ '^[a-z0-9][a-z0-9._-]{0,62}$'),
  name           text NOT NULL,
  role           staff_role NOT NULL,
  desk           boolean NOT NULL,    -- gets a grant to each new case
  active         boolean NOT NULL DEFAULT true,
  lang           text NOT NULL,
  pk             bytea NOT NULL CHECK (octet_length(pk) = 32),
  sig_pk         bytea NOT NULL CHECK (octet_length(sig_pk) = 32),
  cert_admin     uuid NOT NULL,       -- who certified pk and sig_pk
  cert_sig       bytea NOT NULL CHECK (octet_length(cert_sig) = 64),
  admin_sig      bytea CHECK (octet_length(admin_sig) = 64), -- by ROOT, admins only
  totp_box       bytea NOT NULL,      -- the seed, sealed to pk
  totp_last_step bigint NOT NULL DEFAULT 0,
  created        timestamptz NOT NULL DEFAULT now()
);

-- The identity under a password (1) and under a recovery code (2).
CREATE TABLE person_key (
  person  uuid NOT NULL REFERENCES person,
  how     smallint NOT NULL CHECK (how IN (1, 2)),
  salt    bytea NOT NULL CHECK (octet_length(salt) = 16),
  ops     int NOT NULL,
  mem     bigint NOT NULL,
  version int NOT NULL,
  commit  bytea NOT NULL CHECK (octet_length(commit) = 16),
  wrapped bytea NOT NULL CHECK (octet_length(wrapped) = 104),
  PRIMARY KEY (person, how)
);

-- Emptied by a crash, never in WAL or backups: a stolen copy holds no session.
CREATE UNLOGGED TABLE session (
  id      bytea PRIMARY KEY CHECK (octet_length(id) = 32), -- hash of the cookie
  person  uuid NOT NULL,
  wrapped bytea NOT NULL CHECK (octet_length(wrapped) = 104),
  created timestamptz NOT NULL DEFAULT now(),
  seen    timestamptz NOT NULL DEFAULT now(),
  ua_hash bytea
);
CREATE INDEX session_person ON session (person, created);

CREATE UNLOGGED TABLE login_throttle (
  scope text NOT NULL,               -- account, address, office
  token uuid NOT NULL,               -- keyed hash of what is counted
  fails int NOT NULL,
  since timestamptz NOT NULL,
  until timestamptz NOT NULL,
  PRIMARY KEY (scope, token)
);

-- ---- cases ----------------------------------------------------------------------

CREATE TABLE protocol_counter (
  year int PRIMARY KEY,
  last bigint NOT NULL
);

-- A desk file (desk_month set) keeps mail that belongs to no case: automatic
-- mail without an address of ours, quarantine.
CREATE TABLE case_file (
  id          uuid PRIMARY KEY,
  protocol    text UNIQUE,           -- NULL until registered
  state       case_state NOT NULL,
  desk_month  date,
  lang        text NOT NULL,
  channel     text NOT NULL,
  owner       uuid REFERENCES person,
  opened      timestamptz NOT NULL,
  due         timestamptz,
  moved       timestamptz NOT NULL DEFAULT now(),
  last        timestamptz NOT NULL,  -- latest item
  items       int NOT NULL DEFAULT 0,
  key_version int NOT NULL,
  rekey_due   boolean NOT NULL DEFAULT false,
  summary     bytea NOT NULL         -- subject and names, under the case key
);
CREATE UNIQUE INDEX case_desk_month ON case_file (desk_month)
  WHERE desk_month IS NOT NULL;
-- One for each worklist, newest activity first.
CREATE INDEX case_open ON case_file (last, id)
  WHERE desk_month IS NULL AND state NOT IN ('held', 'closed', 'erased');
CREATE INDEX case_mine ON case_file (owner, last, id)
  WHERE owner IS NOT NULL AND desk_month IS NULL AND state NOT IN ('held', 'closed', 'erased');
CREATE INDEX case_due ON case_file (due)
  WHERE desk_month IS NULL AND state NOT IN ('held', 'closed', 'erased');
CREATE INDEX case_new ON case_file (last, id)
  WHERE desk_month IS NULL AND state = 'received';
CREATE INDEX case_closed ON case_file (last, id)
  WHERE desk_month IS NULL AND state = 'closed';
CREATE INDEX case_held ON case_file (last, id)
  WHERE desk_month IS NOT NULL OR state = 'held';

CREATE TABLE case_key (
  case_id uuid NOT NULL,
  version int NOT NULL,
  cpk     bytea NOT NULL,
  signer  uuid NOT NULL,             -- a person, or zero: the gateway
  sig     bytea NOT NULL,
  created timestamptz NOT NULL DEFAULT now(),
  retired timestamptz,
  PRIMARY KEY (case_id, version)
);

-- No row, no key.  person is zero for ESCROW.
CREATE TABLE case_grant (
  case_id    uuid NOT NULL,
  version    int NOT NULL,
  person     uuid NOT NULL,
  box        bytea NOT NULL,
  granted_by uuid NOT NULL,          -- a person, or zero: the gateway
  sig        bytea NOT NULL,
  created    timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (case_id, version, person)
);
CREATE INDEX case_grant_person ON case_grant (person, case_id, version);

CREATE TABLE party (
  id      uuid PRIMARY KEY,
  case_id uuid NOT NULL,
  side    party_side NOT NULL,
  code_version int NOT NULL DEFAULT 1
);
CREATE INDEX party_case ON party (case_id);

-- Reply addresses: the hash of the code, never the code.
CREATE TABLE reply_address (
  id      uuid PRIMARY KEY,
  case_id uuid NOT NULL,
  party   uuid NOT NULL,
  version int NOT NULL
);

-- Name, address, language of a party: for people by box_case, for the gateway
-- by box_svc until the case is closed.
CREATE TABLE capsule (
  id          uuid PRIMARY KEY,
  case_id     uuid NOT NULL,
  party       uuid NOT NULL,
  key_version int NOT NULL,
  ct          bytea NOT NULL,
  box_case    bytea NOT NULL,
  box_svc     bytea
);
CREATE INDEX capsule_case ON capsule (case_id);

-- Blind index: addresses of parties (kind 1), Message-IDs seen (kind 2).
CREATE TABLE ident_token (
  token   uuid NOT NULL,
  kind    smallint NOT NULL,
  case_id uuid NOT NULL,
  party   uuid NOT NULL,
  PRIMARY KEY (token, kind, case_id, party)
);

CREATE TABLE item (
  id          uuid PRIMARY KEY,
  case_id     uuid NOT NULL,
  seq         int NOT NULL,
  kind        item_kind NOT NULL,
  lane        lane NOT NULL,
  party       uuid,                  -- who wrote it, or to whom it goes
  author      uuid,                  -- the colleague who wrote it
  at          timestamptz NOT NULL,
  why         text,                  -- code of the reason it was held
  key_version int NOT NULL,
  dek_box     bytea NOT NULL,
  body        bytea NOT NULL,        -- what was understood, sealed
  raw_padded  bigint NOT NULL,
  UNIQUE (case_id, seq)
);

-- The message itself, byte for byte, sealed in pieces of 256 KiB.
CREATE TABLE chunk (
  item uuid NOT NULL,
  n    int NOT NULL,
  ct   bytea NOT NULL,
  PRIMARY KEY (item, n)
);

-- Sealed bytes do not shrink: not even tried.
ALTER TABLE case_file ALTER summary SET STORAGE EXTERNAL;
ALTER TABLE capsule ALTER ct SET STORAGE EXTERNAL;
ALTER TABLE item ALTER body SET STORAGE EXTERNAL;
ALTER TABLE chunk ALTER ct SET STORAGE EXTERNAL;

-- ---- mail in ----------------------------------------------------------------------

-- Who reads a mailbox now; epoch fences a worker that slept.
CREATE TABLE mailbox_lease (
  mailbox text PRIMARY KEY,
  holder  uuid NOT NULL,
  epoch   bigint NOT NULL,
  until   timestamptz NOT NULL
);

CREATE TABLE inbound (
  id          uuid PRIMARY KEY,      -- becomes the item's id
  mailbox     text NOT NULL,
  uidvalidity bigint,                -- NULL: handed in without IMAP
  uid         bigint,
  raw_mac     bytea NOT NULL,
  canon_mac   bytea,
  duplicate_of uuid,
  size        bigint NOT NULL,
  padded      bigint NOT NULL DEFAULT 0,
  state       inbound_state NOT NULL,
  received    timestamptz NOT NULL DEFAULT now(),
  filed       timestamptz,
  moved       timestamptz,           -- taken to the processed mailbox
  attempts    int NOT NULL DEFAULT 0,
  not_before  timestamptz NOT NULL DEFAULT now(),
  lease_by    uuid,
  lease_until timestamptz,
  lease_epoch bigint NOT NULL DEFAULT 0,
  dek_box_svc bytea,
  case_id     uuid,
  outcome     text,                  -- created, appended, held, recorded
  error_code  text,
  UNIQUE (mailbox, uidvalidity, uid),
  UNIQUE (mailbox, canon_mac)
);
CREATE INDEX inbound_waiting ON inbound (not_before, id) WHERE state = 'received';
CREATE INDEX inbound_unmoved ON inbound (mailbox, uidvalidity, uid)
  WHERE uid IS NOT NULL AND moved IS NULL;

-- ---- mail out ---------------------------------------------------------------------

CREATE TABLE outbox (
  id          uuid PRIMARY KEY,      -- names the Message-ID and the VERP address
  case_id     uuid NOT NULL,
  item        uuid NOT NULL,
  capsule     uuid NOT NULL,         -- to whom
  kind        text NOT NULL,         -- acknowledgement, reply
  dedupe_key  text NOT NULL UNIQUE,
  null_path   boolean NOT NULL,      -- MAIL FROM:<>
  dek_box_svc bytea,
  state       outbox_state NOT NULL DEFAULT 'queued',
  attempts    int NOT NULL DEFAULT 0,
  created     timestamptz NOT NULL DEFAULT now(),
  not_before  timestamptz NOT NULL DEFAULT now(),
  expires     timestamptz NOT NULL DEFAULT now() + interval '5 days',
  lease_by    uuid,
  lease_until timestamptz,
  lease_epoch bigint NOT NULL DEFAULT 0,
  sent        timestamptz,
  last_code   int,
  last_text   text
);
CREATE INDEX outbox_due ON outbox (not_before, id) WHERE state IN ('queued', 'unknown');
CREATE INDEX outbox_case ON outbox (case_id);
CREATE INDEX outbox_item ON outbox (item, id);
CREATE INDEX outbox_undelivered ON outbox (case_id) WHERE state IN ('failed', 'bounced');

CREATE TABLE outbox_try (
  outbox     uuid NOT NULL,
  n          int NOT NULL,
  started    timestamptz NOT NULL DEFAULT now(),
  finished   timestamptz,            -- NULL: the answer is not known
  phase      text,                   -- connect, mail, rcpt, data, dot
  reply_code int,
  reply_text text,
  PRIMARY KEY (outbox, n)
);

-- How many automatic answers went to a sender, a domain, everybody.
CREATE TABLE rate_bucket (
  scope text NOT NULL,
  token uuid NOT NULL,
  start timestamptz NOT NULL,
  count int NOT NULL,
  PRIMARY KEY (scope, token, start)
);

-- ---- forms and the log --------------------------------------------------------------

-- A form that was already carried out is not carried out again.
CREATE TABLE form_key (
  key    uuid PRIMARY KEY,
  person uuid NOT NULL,
  verb   text NOT NULL,
  at     timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE audit_event (
  chain      uuid NOT NULL,          -- a case, or a signer
  seq        bigint NOT NULL,
  at_us      bigint NOT NULL,
  signer     uuid NOT NULL,
  signer_seq bigint NOT NULL,
  actor      uuid NOT NULL,          -- a person, or zero: a program
  action     text NOT NULL,
  object     uuid NOT NULL,
  details    bytea,
  prev       bytea NOT NULL,
  hash       bytea NOT NULL,
  mac        bytea NOT NULL,
  PRIMARY KEY (chain, seq)
);

-- One run of one program.  mac_box: its first MAC key, sealed to ESCROW.
CREATE TABLE audit_signer (
  id       uuid PRIMARY KEY,
  kind     text NOT NULL CHECK (kind IN ('gateway', 'server', 'operator')),
  started  timestamptz NOT NULL DEFAULT now(),
  mac_box  bytea NOT NULL CHECK (octet_length(mac_box) = 112),
  sig      bytea NOT NULL CHECK (octet_length(sig) = 64)
);

CREATE TABLE audit_checkpoint (
  signer      uuid NOT NULL,
  n           bigint NOT NULL,
  at_us       bigint NOT NULL,
  signer_seq  bigint NOT NULL,       -- last event covered
  merkle_root bytea NOT NULL CHECK (octet_length(merkle_root) = 32),
  sig         bytea NOT NULL CHECK (octet_length(sig) = 64),
  mailed      timestamptz,
  PRIMARY KEY (signer, n)
);

CREATE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the log is append-only' USING ERRCODE = '42501';
END $$;
CREATE TRIGGER audit_event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_event
  FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER audit_signer_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_signer
  FOR EACH STATEMENT EXECUTE FUNCTION append_only();

-- ---- functions for the gateway ---------------------------------------------------------

-- The next n protocol numbers of a year; the first is returned.  The counter's
-- row is locked until the caller's transaction ends: no number is lost.
CREATE FUNCTION protocol_take(in_year int, n int) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  high bigint;
BEGIN
  INSERT INTO protocol_counter AS c (year, last) VALUES (in_year, n)
    ON CONFLICT (year) DO UPDATE SET last = c.last + n
    RETURNING last INTO high;
  RETURN high - n + 1;
END $$;

-- The gateway may read sealed bytes only while it still has to: a mail not yet
-- filed, a letter not yet sent.  Of what is filed it cannot even fetch them.
CREATE FUNCTION transit_chunks(in_item uuid, from_n int, most int)
RETURNS TABLE (n int, ct bytea)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT c.n, c.ct FROM chunk c
   WHERE c.item = in_item AND c.n >= from_n
     AND (EXISTS (SELECT 1 FROM inbound i
                   WHERE i.id = in_item AND i.dek_box_svc IS NOT NULL)
       OR EXISTS (SELECT 1 FROM outbox o
                   WHERE o.item = in_item AND o.dek_box_svc IS NOT NULL))
   ORDER BY c.n LIMIT most
$$;
REVOKE ALL ON FUNCTION protocol_take(int, int) FROM PUBLIC;
REVOKE ALL ON FUNCTION transit_chunks(uuid, int, int) FROM PUBLIC;

-- ---- who may do what ----------------------------------------------------------------------

GRANT SELECT ON office, office_key TO ouv_gw, ouv_srv;

-- The gateway adds; of sealed texts it reads back nothing.
GRANT SELECT (id, role, desk, active, pk, sig_pk, cert_admin, cert_sig, admin_sig)
  ON person TO ouv_gw;
GRANT EXECUTE ON FUNCTION protocol_take(int, int), transit_chunks(uuid, int, int)
  TO ouv_gw;
GRANT INSERT ON case_file, case_key, case_grant, party, reply_address, capsule,
  ident_token, item, chunk TO ouv_gw;
GRANT SELECT (id, protocol, state, desk_month, lang, key_version, items, last)
  ON case_file TO ouv_gw;
GRANT UPDATE (last, items) ON case_file TO ouv_gw;
GRANT SELECT ON case_key TO ouv_gw;
GRANT SELECT (id, case_id, side, code_version) ON party TO ouv_gw;
GRANT SELECT ON reply_address, ident_token TO ouv_gw;
GRANT SELECT (id, case_id, party, key_version, ct, box_svc) ON capsule TO ouv_gw;
GRANT SELECT (id, case_id, seq) ON item TO ouv_gw;
GRANT SELECT (item, n) ON chunk TO ouv_gw;
GRANT SELECT, INSERT, UPDATE ON mailbox_lease, inbound, rate_bucket TO ouv_gw;
GRANT SELECT, INSERT, UPDATE ON outbox, outbox_try TO ouv_gw;
GRANT SELECT (chain, seq, hash), INSERT ON audit_event TO ouv_gw;
GRANT INSERT ON audit_signer TO ouv_gw;
GRANT INSERT ON audit_checkpoint TO ouv_gw;

-- The server reads sealed rows; only a person's key opens them.
GRANT SELECT ON person, person_key, case_file, case_key, case_grant, party,
  reply_address, capsule, ident_token, item, chunk, inbound, outbox,
  outbox_try, audit_event, audit_signer, audit_checkpoint, form_key TO ouv_srv;
GRANT UPDATE (totp_last_step, lang) ON person TO ouv_srv;
GRANT SELECT, INSERT, UPDATE, DELETE ON session, login_throttle TO ouv_srv;
GRANT UPDATE (state, owner, moved, last, items, due) ON case_file TO ouv_srv;
GRANT INSERT ON item, chunk, outbox, form_key, audit_event, audit_signer,
  audit_checkpoint TO ouv_srv;
