CREATE TYPE public.absence_reason AS ENUM (
    'vacation',
    'holiday',
    'business-trip',
    'training',
    'external-meeting'
);

ALTER TYPE public.absence_reason OWNER TO ouv_owner;

CREATE TYPE public.case_kind AS ENUM (
    'complaint',
    'suggestion',
    'question',
    'criticism',
    'praise',
    'report',
    'data-request'
);

ALTER TYPE public.case_kind OWNER TO ouv_owner;

CREATE TYPE public.case_state AS ENUM (
    'held',
    'received',
    'triage',
    'info',
    'company',
    'consumer',
    'mediation',
    'proposal',
    'merit',
    'provisional',
    'plan',
    'closed',
    'review',
    'erased',
    'forwarded'
);

ALTER TYPE public.case_state OWNER TO ouv_owner;

CREATE TYPE public.clock_kind AS ENUM (
    'hold',
    'response',
    'refusal',
    'info',
    'feedback',
    'company',
    'consumer',
    'mediation',
    'proposal',
    'opinion',
    'comment',
    'promise',
    'attest',
    'total',
    'silence',
    'review',
    'review-window',
    'reopen-window',
    'retention'
);

ALTER TYPE public.clock_kind OWNER TO ouv_owner;

CREATE TYPE public.clock_state AS ENUM (
    'running',
    'paused',
    'stopped'
);

ALTER TYPE public.clock_state OWNER TO ouv_owner;

CREATE TYPE public.difficulty AS ENUM (
    'simple',
    'complex'
);

ALTER TYPE public.difficulty OWNER TO ouv_owner;

CREATE TYPE public.inbound_state AS ENUM (
    'received',
    'filed',
    'duplicate',
    'oversize',
    'quarantine'
);

ALTER TYPE public.inbound_state OWNER TO ouv_owner;

CREATE TYPE public.item_kind AS ENUM (
    'mail_in',
    'auto_in',
    'mail_out',
    'auto_out',
    'note',
    'unparsed'
);

ALTER TYPE public.item_kind OWNER TO ouv_owner;

CREATE TYPE public.lane AS ENUM (
    'consumer',
    'company',
    'internal'
);

ALTER TYPE public.lane OWNER TO ouv_owner;

CREATE TYPE public.merit AS ENUM (
    'founded',
    'partly',
    'unfounded',
    'not-established'
);

ALTER TYPE public.merit OWNER TO ouv_owner;

CREATE TYPE public.outbox_state AS ENUM (
    'queued',
    'unknown',
    'sent',
    'failed',
    'bounced'
);

ALTER TYPE public.outbox_state OWNER TO ouv_owner;

CREATE TYPE public.party_side AS ENUM (
    'consumer',
    'company'
);

ALTER TYPE public.party_side OWNER TO ouv_owner;

CREATE TYPE public.rating AS ENUM (
    'resolved',
    'not-resolved',
    'not-rated'
);

ALTER TYPE public.rating OWNER TO ouv_owner;

CREATE TYPE public.resolution AS ENUM (
    'kept',
    'broken',
    'refused',
    'silent',
    'none'
);

ALTER TYPE public.resolution OWNER TO ouv_owner;

CREATE TYPE public.severity AS ENUM (
    'low',
    'moderate',
    'high',
    'critical'
);

ALTER TYPE public.severity OWNER TO ouv_owner;

CREATE TYPE public.staff_role AS ENUM (
    'ombudsman',
    'reader',
    'mediator',
    'intake',
    'custodian',
    'registrar',
    'admin'
);

ALTER TYPE public.staff_role OWNER TO ouv_owner;

CREATE FUNCTION public.address_back(in_case uuid, in_person uuid, in_capsule uuid, in_version integer, in_box bytea) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
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

ALTER FUNCTION public.address_back(in_case uuid, in_person uuid, in_capsule uuid, in_version integer, in_box bytea) OWNER TO ouv_owner;

CREATE FUNCTION public.address_known() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
  PERFORM grant_drop(NEW.case_id, r.person) FROM conflict_register r
    WHERE r.consumer = NEW.token AND r.ended IS NULL
      AND conflicted(NEW.case_id, r.person);
  RETURN NULL;
END $$;

ALTER FUNCTION public.address_known() OWNER TO ouv_owner;

CREATE FUNCTION public.addresses_end(most integer) RETURNS SETOF uuid
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
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

ALTER FUNCTION public.addresses_end(most integer) OWNER TO ouv_owner;

CREATE FUNCTION public.api_token_over() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
  DELETE FROM api_once WHERE page_key = NEW.id;
  DELETE FROM api_count WHERE page_key = NEW.id;
  RETURN NULL;
END $$;

ALTER FUNCTION public.api_token_over() OWNER TO ouv_owner;

CREATE FUNCTION public.append_only() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  RAISE EXCEPTION 'the log is append-only' USING ERRCODE = '42501';
END $$;

ALTER FUNCTION public.append_only() OWNER TO ouv_owner;

CREATE FUNCTION public.capsule_reach(in_case uuid, in_person uuid, in_capsule uuid, in_version integer, in_ct bytea, in_box bytea, in_svc bytea) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
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

ALTER FUNCTION public.capsule_reach(in_case uuid, in_person uuid, in_capsule uuid, in_version integer, in_ct bytea, in_box bytea, in_svc bytea) OWNER TO ouv_owner;

CREATE TABLE public.case_file (
    id uuid NOT NULL,
    protocol text,
    state public.case_state NOT NULL,
    desk_month date,
    lang text NOT NULL,
    channel text NOT NULL,
    owner uuid,
    opened timestamp with time zone NOT NULL,
    due timestamp with time zone,
    moved timestamp with time zone DEFAULT now() NOT NULL,
    last timestamp with time zone NOT NULL,
    items integer DEFAULT 0 NOT NULL,
    key_version integer NOT NULL,
    rekey_due boolean DEFAULT false NOT NULL,
    summary bytea NOT NULL,
    aside text,
    kind public.case_kind,
    severity public.severity,
    difficulty public.difficulty,
    urgent boolean DEFAULT false NOT NULL,
    service text,
    remedy text,
    contact_channel text,
    direction text,
    first_instance date,
    first_instance_item uuid,
    identity text,
    company uuid,
    unit uuid,
    profile text,
    calendar text,
    complete timestamp with time zone,
    closed timestamp with time zone,
    closed_by text,
    closed_from public.case_state,
    ground text,
    merit public.merit,
    resolution public.resolution,
    rating public.rating,
    legal_hold boolean DEFAULT false NOT NULL,
    owes text,
    told boolean DEFAULT false NOT NULL,
    indexed integer DEFAULT 0 NOT NULL,
    hold_review date,
    erased timestamp with time zone,
    data_right text,
    data_outcome text,
    data_denial text
);
ALTER TABLE ONLY public.case_file ALTER COLUMN summary SET STORAGE EXTERNAL;

ALTER TABLE public.case_file OWNER TO ouv_owner;

CREATE FUNCTION public.case_due(c public.case_file) RETURNS timestamp with time zone
    LANGUAGE sql IMMUTABLE
    SET search_path TO 'public', 'pg_temp'
    AS $$
  SELECT coalesce(c.due, timestamptz '3000-01-01 00:00:00+00')
$$;

ALTER FUNCTION public.case_due(c public.case_file) OWNER TO ouv_owner;

CREATE FUNCTION public.case_entered(in_case uuid, in_protocol text, in_lang text, in_channel text, in_opened timestamp with time zone, in_summary bytea, in_cpk bytea, in_signer uuid, in_sig bytea, in_owner uuid) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
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

ALTER FUNCTION public.case_entered(in_case uuid, in_protocol text, in_lang text, in_channel text, in_opened timestamp with time zone, in_summary bytea, in_cpk bytea, in_signer uuid, in_sig bytea, in_owner uuid) OWNER TO ouv_owner;

CREATE FUNCTION public.case_erase(in_case uuid) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
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

ALTER FUNCTION public.case_erase(in_case uuid) OWNER TO ouv_owner;

CREATE FUNCTION public.case_idents_move(in_case uuid, in_before uuid[], in_now uuid[], in_version integer, in_whole boolean) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
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

ALTER FUNCTION public.case_idents_move(in_case uuid, in_before uuid[], in_now uuid[], in_version integer, in_whole boolean) OWNER TO ouv_owner;

CREATE FUNCTION public.case_paper(in_case uuid, in_protocol text, in_lang text, in_channel text, in_right text, in_profile text, in_opened timestamp with time zone, in_summary bytea, in_cpk bytea, in_signer uuid, in_sig bytea) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
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

ALTER FUNCTION public.case_paper(in_case uuid, in_protocol text, in_lang text, in_channel text, in_right text, in_profile text, in_opened timestamp with time zone, in_summary bytea, in_cpk bytea, in_signer uuid, in_sig bytea) OWNER TO ouv_owner;

CREATE FUNCTION public.case_part(c public.case_file) RETURNS text
    LANGUAGE sql IMMUTABLE
    SET search_path TO 'public', 'pg_temp'
    AS $$
  SELECT CASE
    WHEN c.desk_month IS NOT NULL OR c.state IN ('held', 'erased') THEN 'other'
    WHEN c.state <> 'closed' THEN 'open'
    WHEN c.protocol IS NOT NULL THEN 'closed' ELSE 'other' END
$$;

ALTER FUNCTION public.case_part(c public.case_file) OWNER TO ouv_owner;

CREATE FUNCTION public.case_reader_begin() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
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

ALTER FUNCTION public.case_reader_begin() OWNER TO ouv_owner;

CREATE FUNCTION public.case_reader_end() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
  DELETE FROM case_reader r WHERE r.case_id = OLD.case_id
    AND r.person = OLD.person AND NOT EXISTS (SELECT 1 FROM case_grant g
      WHERE g.case_id = OLD.case_id AND g.person = OLD.person);
  RETURN NULL;
END $$;

ALTER FUNCTION public.case_reader_end() OWNER TO ouv_owner;

CREATE FUNCTION public.case_reader_follow() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
  UPDATE case_reader SET part = case_part(NEW), state = NEW.state,
    owner = NEW.owner, last = NEW.last, opened = NEW.opened,
    due = case_due(NEW), kind = NEW.kind, severity = NEW.severity,
    company = NEW.company, lang = NEW.lang, channel = NEW.contact_channel
    WHERE case_id = NEW.id;
  RETURN NULL;
END $$;

ALTER FUNCTION public.case_reader_follow() OWNER TO ouv_owner;

CREATE FUNCTION public.case_reader_letter() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
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

ALTER FUNCTION public.case_reader_letter() OWNER TO ouv_owner;

CREATE FUNCTION public.case_reader_look() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
  PERFORM 1 FROM case_reader
    WHERE case_id = NEW.case_id AND person = NEW.person FOR NO KEY UPDATE;
  UPDATE case_reader SET seen = NEW.seq,
      fresh = letters_since(NEW.case_id, NEW.seq)
    WHERE case_id = NEW.case_id AND person = NEW.person;
  RETURN NULL;
END $$;

ALTER FUNCTION public.case_reader_look() OWNER TO ouv_owner;

CREATE FUNCTION public.case_reader_task() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE
  n int := CASE WHEN NEW.done IS NULL THEN 1 ELSE -1 END;
BEGIN
  PERFORM 1 FROM case_file WHERE id = NEW.case_id FOR NO KEY UPDATE;
  UPDATE case_reader SET tasks = tasks + n,
      trouble = trouble + CASE WHEN is_trouble(NEW.kind) THEN n ELSE 0 END
    WHERE case_id = NEW.case_id;
  RETURN NULL;
END $$;

ALTER FUNCTION public.case_reader_task() OWNER TO ouv_owner;

CREATE FUNCTION public.case_rekey(in_case uuid, in_person uuid, in_from integer, in_cpk bytea, in_sig bytea, in_old bytea, in_summary bytea, to_person uuid[], to_pk bytea[], to_box bytea[], to_sig bytea[], of_item uuid[], item_box bytea[], of_capsule uuid[], capsule_ct bytea[], capsule_box bytea[], capsule_svc bytea[]) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
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

ALTER FUNCTION public.case_rekey(in_case uuid, in_person uuid, in_from integer, in_cpk bytea, in_sig bytea, in_old bytea, in_summary bytea, to_person uuid[], to_pk bytea[], to_box bytea[], to_sig bytea[], of_item uuid[], item_box bytea[], of_capsule uuid[], capsule_ct bytea[], capsule_box bytea[], capsule_svc bytea[]) OWNER TO ouv_owner;

CREATE FUNCTION public.case_seen_end() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
  DELETE FROM case_seen s WHERE s.case_id = OLD.case_id
    AND s.person = OLD.person AND NOT EXISTS (SELECT 1 FROM case_grant g
      WHERE g.case_id = OLD.case_id AND g.person = OLD.person);
  RETURN NULL;
END $$;

ALTER FUNCTION public.case_seen_end() OWNER TO ouv_owner;

CREATE FUNCTION public.case_split(in_from uuid, in_case uuid, in_protocol text, in_summary bytea, in_cpk bytea, in_signer uuid, in_sig bytea) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
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

ALTER FUNCTION public.case_split(in_from uuid, in_case uuid, in_protocol text, in_summary bytea, in_cpk bytea, in_signer uuid, in_sig bytea) OWNER TO ouv_owner;

CREATE FUNCTION public.checkpoint_stays() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  IF OLD.mailed IS NULL AND NEW.mailed IS NOT NULL THEN
    OLD.mailed := NEW.mailed;
    IF NEW IS NOT DISTINCT FROM OLD THEN
      RETURN NEW;
    END IF;
  END IF;
  RAISE EXCEPTION 'the log is append-only' USING ERRCODE = '42501';
END $$;

ALTER FUNCTION public.checkpoint_stays() OWNER TO ouv_owner;

CREATE FUNCTION public.company_hand_over(in_id uuid, in_case uuid, in_giver uuid, in_heir uuid, in_both boolean, in_day date) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
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

ALTER FUNCTION public.company_hand_over(in_id uuid, in_case uuid, in_giver uuid, in_heir uuid, in_both boolean, in_day date) OWNER TO ouv_owner;

CREATE TABLE public.company_contact (
    id uuid NOT NULL,
    unit uuid NOT NULL,
    name text NOT NULL,
    addr text NOT NULL,
    role text DEFAULT 'answers'::text NOT NULL,
    active boolean DEFAULT true NOT NULL,
    away_from date,
    away_until date,
    substitute uuid,
    CONSTRAINT company_contact_addr_check CHECK ((addr ~~ '%_@_%'::text)),
    CONSTRAINT company_contact_check CHECK ((substitute <> id))
);

ALTER TABLE public.company_contact OWNER TO ouv_owner;

CREATE FUNCTION public.company_heirs(in_contact uuid, in_day date) RETURNS SETOF public.company_contact
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
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

ALTER FUNCTION public.company_heirs(in_contact uuid, in_day date) OWNER TO ouv_owner;

CREATE FUNCTION public.company_known() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
  PERFORM grant_drop(NEW.id, r.person) FROM conflict_register r
    WHERE r.company = NEW.company AND conflicted(NEW.id, r.person);
  RETURN NULL;
END $$;

ALTER FUNCTION public.company_known() OWNER TO ouv_owner;

CREATE FUNCTION public.company_page_erased() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
  DELETE FROM company_post WHERE case_id = NEW.id;
  DELETE FROM company_hand WHERE case_id = NEW.id;
  RETURN NULL;
END $$;

ALTER FUNCTION public.company_page_erased() OWNER TO ouv_owner;

CREATE FUNCTION public.conflict_of_case() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
  PERFORM grant_drop(NEW.case_id, NEW.person);
  RETURN NULL;
END $$;

ALTER FUNCTION public.conflict_of_case() OWNER TO ouv_owner;

CREATE FUNCTION public.conflict_registered() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
  PERFORM grant_drop(g.case_id, NEW.person)
     FROM case_grant g WHERE g.person = NEW.person
      AND conflicted(g.case_id, NEW.person);
  RETURN NULL;
END $$;

ALTER FUNCTION public.conflict_registered() OWNER TO ouv_owner;

CREATE FUNCTION public.conflicted(in_case uuid, in_person uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
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

ALTER FUNCTION public.conflicted(in_case uuid, in_person uuid) OWNER TO ouv_owner;

CREATE FUNCTION public.distrust_said(in_action text, in_object uuid, in_name text, in_since bigint) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
  SELECT EXISTS (SELECT 1 FROM audit_event e WHERE e.chain = e.signer
     AND e.at_us >= in_since AND e.action = in_action AND e.object = in_object
     AND (in_name = '' OR e.details = convert_to(in_name, 'UTF8')))
    AND starts_with(in_action, 'distrust-')
$$;

ALTER FUNCTION public.distrust_said(in_action text, in_object uuid, in_name text, in_since bigint) OWNER TO ouv_owner;

CREATE FUNCTION public.few_holders(in_case uuid) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
  INSERT INTO task (id, case_id, kind, opened, due)
    SELECT gen_random_uuid(), c.id, 'few-holders', now(),
           now() + interval '1 day'
      FROM case_file c WHERE c.id = in_case AND c.protocol IS NOT NULL
       AND NOT EXISTS (SELECT 1 FROM task t WHERE t.case_id = c.id
                        AND t.kind = 'few-holders' AND t.done IS NULL);
  PERFORM grant_ask(in_case, '{ombudsman}', 'few-holders');
END $$;

ALTER FUNCTION public.few_holders(in_case uuid) OWNER TO ouv_owner;

CREATE FUNCTION public.figure_cases(in_zone text) RETURNS TABLE(id uuid, m_opened date, m_closed date, opened timestamp with time zone, closed timestamp with time zone, due timestamp with time zone, is_open boolean, kind public.case_kind, channel text, contact text, who uuid, company uuid, closed_by text, closed_from public.case_state, merit public.merit, resolution public.resolution, rating public.rating, in_company boolean)
    LANGUAGE sql STABLE ROWS 100000
    SET search_path TO 'public', 'pg_temp'
    AS $$
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

ALTER FUNCTION public.figure_cases(in_zone text) OWNER TO ouv_owner;

CREATE FUNCTION public.figures_refresh(in_zone text, in_secs integer) RETURNS boolean
    LANGUAGE plpgsql STRICT SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    SET jit TO 'off'
    SET work_mem TO '128MB'
    AS $$
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

ALTER FUNCTION public.figures_refresh(in_zone text, in_secs integer) OWNER TO ouv_owner;

CREATE FUNCTION public.file_wipe(in_case uuid) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
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

ALTER FUNCTION public.file_wipe(in_case uuid) OWNER TO ouv_owner;

CREATE FUNCTION public.gateway_holds(in_name text, in_version integer) RETURNS boolean
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
  SELECT key_take('gateway', in_name, in_version)
$$;

ALTER FUNCTION public.gateway_holds(in_name text, in_version integer) OWNER TO ouv_owner;

CREATE FUNCTION public.grant_ask(in_case uuid, in_roles text[], in_why text) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
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

ALTER FUNCTION public.grant_ask(in_case uuid, in_roles text[], in_why text) OWNER TO ouv_owner;

CREATE FUNCTION public.grant_drop(in_case uuid, in_person uuid) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
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

ALTER FUNCTION public.grant_drop(in_case uuid, in_person uuid) OWNER TO ouv_owner;

CREATE FUNCTION public.grant_erased() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM fresh f JOIN case_file c ON c.id = f.case_id
              WHERE c.erased IS NOT NULL) THEN
    RAISE EXCEPTION 'the case was erased' USING ERRCODE = '42501';
  END IF;
  RETURN NULL;
END $$;

ALTER FUNCTION public.grant_erased() OWNER TO ouv_owner;

CREATE FUNCTION public.grant_fence() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
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

ALTER FUNCTION public.grant_fence() OWNER TO ouv_owner;

CREATE FUNCTION public.grant_gone(in_case uuid, in_person uuid) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
  DELETE FROM grant_given WHERE case_id = in_case AND person = in_person;
  DELETE FROM grant_due WHERE case_id = in_case AND person = in_person;
  DELETE FROM case_grant WHERE case_id = in_case AND person = in_person;
  RETURN FOUND;
END $$;

ALTER FUNCTION public.grant_gone(in_case uuid, in_person uuid) OWNER TO ouv_owner;

CREATE FUNCTION public.grant_revoke(in_case uuid, in_person uuid, in_by uuid) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
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

ALTER FUNCTION public.grant_revoke(in_case uuid, in_person uuid, in_by uuid) OWNER TO ouv_owner;

CREATE FUNCTION public.grants_desk_end(in_case uuid) RETURNS SETOF uuid
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
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

ALTER FUNCTION public.grants_desk_end(in_case uuid) OWNER TO ouv_owner;

CREATE FUNCTION public.held_move(in_item uuid, in_from uuid, in_to uuid, in_seq integer, in_lane public.lane, in_party uuid, in_version integer, in_box bytea, in_body bytea) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
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

ALTER FUNCTION public.held_move(in_item uuid, in_from uuid, in_to uuid, in_seq integer, in_lane public.lane, in_party uuid, in_version integer, in_box bytea, in_body bytea) OWNER TO ouv_owner;

CREATE FUNCTION public.held_number(in_case uuid, in_year integer) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
  PERFORM 1 FROM case_file WHERE id = in_case AND state = 'held'
    AND desk_month IS NULL AND protocol IS NULL;
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  RETURN protocol_take(in_year, 1);
END $$;

ALTER FUNCTION public.held_number(in_case uuid, in_year integer) OWNER TO ouv_owner;

CREATE FUNCTION public.held_register(in_case uuid, in_protocol text, in_lang text, in_due timestamp with time zone, in_summary bytea, in_party uuid) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
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

ALTER FUNCTION public.held_register(in_case uuid, in_protocol text, in_lang text, in_due timestamp with time zone, in_summary bytea, in_party uuid) OWNER TO ouv_owner;

CREATE FUNCTION public.held_retry(in_item uuid, in_case uuid, in_box bytea) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
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

ALTER FUNCTION public.held_retry(in_item uuid, in_case uuid, in_box bytea) OWNER TO ouv_owner;

CREATE FUNCTION public.held_seq(in_item uuid, in_case uuid) RETURNS integer
    LANGUAGE sql STABLE
    SET search_path TO 'public', 'pg_temp'
    AS $$
  SELECT i.seq FROM item i JOIN case_file c ON c.id = i.case_id
   WHERE i.id = in_item AND i.case_id = in_case AND c.state = 'held'
     AND c.desk_month IS NULL AND i.kind IN ('mail_in', 'unparsed')
$$;

ALTER FUNCTION public.held_seq(in_item uuid, in_case uuid) OWNER TO ouv_owner;

CREATE FUNCTION public.held_take_out(in_case uuid, gap integer) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
  UPDATE item SET seq = -seq WHERE case_id = in_case AND seq > gap;
  UPDATE item SET seq = -seq - 1 WHERE case_id = in_case AND seq < 0;
  UPDATE case_file SET items = items - 1 WHERE id = in_case;
END $$;

ALTER FUNCTION public.held_take_out(in_case uuid, gap integer) OWNER TO ouv_owner;

CREATE FUNCTION public.holds_due(in_today date, in_now timestamp with time zone, in_due timestamp with time zone) RETURNS bigint
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
  WITH asked AS (INSERT INTO task (id, case_id, kind, opened, due)
    SELECT gen_random_uuid(), c.id, 'hold-review', in_now, in_due
      FROM case_file c WHERE c.legal_hold AND c.hold_review <= in_today
       AND NOT EXISTS (SELECT 1 FROM task t WHERE t.case_id = c.id
                        AND t.kind = 'hold-review' AND t.done IS NULL)
    RETURNING 1)
  SELECT count(*) FROM asked
$$;

ALTER FUNCTION public.holds_due(in_today date, in_now timestamp with time zone, in_due timestamp with time zone) OWNER TO ouv_owner;

CREATE FUNCTION public.ident_former(in_version integer) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
  SELECT EXISTS (SELECT FROM key_rotation r WHERE r.name = 'k_id'
    AND r.version = in_version AND r.stage = 0)
$$;

ALTER FUNCTION public.ident_former(in_version integer) OWNER TO ouv_owner;

CREATE FUNCTION public.ident_held(in_version integer) RETURNS boolean
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
  SELECT NOT EXISTS (SELECT FROM key_rotation r WHERE r.name = 'k_id'
    AND (SELECT count(*) FROM key_taken t WHERE t.name = 'k_id'
          AND t.version >= in_version
          AND t.at < clock_timestamp() - interval '45 seconds') < 2)
$$;

ALTER FUNCTION public.ident_held(in_version integer) OWNER TO ouv_owner;

CREATE FUNCTION public.ident_moves(in_version integer) RETURNS boolean
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
  SELECT ident_held(in_version) AND ident_former(in_version)
$$;

ALTER FUNCTION public.ident_moves(in_version integer) OWNER TO ouv_owner;

CREATE FUNCTION public.ident_write(in_now uuid, in_before uuid, in_version integer, OUT token uuid, OUT version integer) RETURNS record
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
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

ALTER FUNCTION public.ident_write(in_now uuid, in_before uuid, in_version integer, OUT token uuid, OUT version integer) OWNER TO ouv_owner;

CREATE FUNCTION public.idents_move(in_before uuid[], in_now uuid[], in_version integer) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
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

ALTER FUNCTION public.idents_move(in_before uuid[], in_now uuid[], in_version integer) OWNER TO ouv_owner;

CREATE FUNCTION public.invite_ask(in_person uuid, in_by uuid, all_the_same boolean, in_pk bytea, in_sig_pk bytea, in_cert_sig bytea, in_totp bytea, in_salt bytea, in_commit bytea, in_wrapped bytea) RETURNS boolean
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
  SELECT EXISTS (SELECT 1 FROM person a JOIN person p ON p.id = in_person
      WHERE a.id = in_by AND a.active AND a.role = 'admin'
        AND a.admin_sig IS NOT NULL AND p.role <> 'admin')
    AND invite_put(in_person, in_by, all_the_same, in_pk, in_sig_pk,
      in_cert_sig, NULL, in_totp, in_salt, in_commit, in_wrapped)
$$;

ALTER FUNCTION public.invite_ask(in_person uuid, in_by uuid, all_the_same boolean, in_pk bytea, in_sig_pk bytea, in_cert_sig bytea, in_totp bytea, in_salt bytea, in_commit bytea, in_wrapped bytea) OWNER TO ouv_owner;

CREATE FUNCTION public.invite_put(in_person uuid, in_by uuid, all_the_same boolean, in_pk bytea, in_sig_pk bytea, in_cert_sig bytea, in_admin_sig bytea, in_totp bytea, in_salt bytea, in_commit bytea, in_wrapped bytea) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
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

ALTER FUNCTION public.invite_put(in_person uuid, in_by uuid, all_the_same boolean, in_pk bytea, in_sig_pk bytea, in_cert_sig bytea, in_admin_sig bytea, in_totp bytea, in_salt bytea, in_commit bytea, in_wrapped bytea) OWNER TO ouv_owner;

CREATE FUNCTION public.invite_take(in_person uuid, in_pk bytea) RETURNS SETOF uuid
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
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

ALTER FUNCTION public.invite_take(in_person uuid, in_pk bytea) OWNER TO ouv_owner;

CREATE FUNCTION public.is_trouble(in_kind text) RETURNS boolean
    LANGUAGE sql IMMUTABLE
    SET search_path TO 'public', 'pg_temp'
    AS $$
  SELECT in_kind IN ('other-channel', 'send-again')
$$;

ALTER FUNCTION public.is_trouble(in_kind text) OWNER TO ouv_owner;

CREATE FUNCTION public.item_page_erased() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
  DELETE FROM item_page WHERE item IN
    (SELECT id FROM item WHERE case_id = NEW.id);
  RETURN NULL;
END $$;

ALTER FUNCTION public.item_page_erased() OWNER TO ouv_owner;

CREATE FUNCTION public.item_page_moved() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
  UPDATE item_page SET taken = false WHERE item = NEW.id AND taken;
  RETURN NULL;
END $$;

ALTER FUNCTION public.item_page_moved() OWNER TO ouv_owner;

CREATE FUNCTION public.item_page_rekeyed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
  UPDATE item_page SET taken = false WHERE taken
    AND item IN (SELECT id FROM item WHERE case_id = NEW.id);
  RETURN NULL;
END $$;

ALTER FUNCTION public.item_page_rekeyed() OWNER TO ouv_owner;

CREATE FUNCTION public.key_holders(in_case uuid, but uuid) RETURNS integer
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
  SELECT count(*)::int FROM case_grant g JOIN case_file c
      ON c.id = g.case_id AND c.key_version = g.version
    JOIN person p ON p.id = g.person AND p.active
   WHERE g.case_id = in_case AND g.person <> but
     AND EXISTS (SELECT 1 FROM person_key k WHERE k.person = p.id)
     AND NOT EXISTS (SELECT 1 FROM invite i WHERE i.person = p.id
                      AND i.until > now() AND i.pk <> p.pk)
     AND NOT conflicted(g.case_id, g.person)
$$;

ALTER FUNCTION public.key_holders(in_case uuid, but uuid) OWNER TO ouv_owner;

CREATE FUNCTION public.key_holders_least(in_case uuid) RETURNS integer
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
  SELECT CASE WHEN state = 'erased' THEN 0
              WHEN desk_month IS NOT NULL OR state IN ('held', 'closed') THEN 1
              ELSE 2 END
    FROM case_file WHERE id = in_case
$$;

ALTER FUNCTION public.key_holders_least(in_case uuid) OWNER TO ouv_owner;

CREATE FUNCTION public.key_rotation_onward() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
  IF NOT pg_has_role(current_user, (SELECT relowner FROM pg_class
      WHERE oid = TG_RELID), 'USAGE') THEN
    RAISE EXCEPTION 'a rotation goes on, not back' USING ERRCODE = '42501';
  END IF;
  RETURN NEW;
END $$;

ALTER FUNCTION public.key_rotation_onward() OWNER TO ouv_owner;

CREATE FUNCTION public.key_take(in_program text, in_name text, in_version integer) RETURNS boolean
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
  INSERT INTO key_taken (program, name, version)
    VALUES (in_program, in_name, in_version)
    ON CONFLICT (program, name) DO UPDATE
      SET version = excluded.version, at = now()
      WHERE key_taken.version < excluded.version
    RETURNING true
$$;

ALTER FUNCTION public.key_take(in_program text, in_name text, in_version integer) OWNER TO ouv_owner;

CREATE FUNCTION public.keys_told() RETURNS TABLE(cases bigint, no_escrow bigint, nobody bigint, rekey_due bigint, people bigint, no_recovery bigint, escrow_given bigint, escrow_at bigint, drill_at bigint)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
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

ALTER FUNCTION public.keys_told() OWNER TO ouv_owner;

CREATE FUNCTION public.letters_since(in_case uuid, in_seen integer) RETURNS integer
    LANGUAGE sql STABLE
    SET search_path TO 'public', 'pg_temp'
    AS $$
  SELECT count(*)::int FROM item i WHERE i.case_id = in_case
     AND i.seq > coalesce(in_seen, 0) AND i.kind IN ('mail_in', 'unparsed')
$$;

ALTER FUNCTION public.letters_since(in_case uuid, in_seen integer) OWNER TO ouv_owner;

CREATE FUNCTION public.loose_erase(in_file uuid, in_before timestamp with time zone) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
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

ALTER FUNCTION public.loose_erase(in_file uuid, in_before timestamp with time zone) OWNER TO ouv_owner;

CREATE FUNCTION public.loose_files() RETURNS TABLE(id uuid, since timestamp with time zone)
    LANGUAGE sql STABLE
    AS $$
  SELECT c.id, c.moved FROM case_file c WHERE c.aside IS NOT NULL
     AND c.state = 'closed' AND c.protocol IS NULL AND c.erased IS NULL
     AND NOT c.legal_hold
  UNION ALL
  SELECT c.id, greatest((c.desk_month + interval '1 month'), c.last)
    FROM case_file c WHERE c.desk_month IS NOT NULL AND c.erased IS NULL
     AND NOT c.legal_hold AND c.protocol IS NULL
     AND c.desk_month < date_trunc('month', now())
$$;

ALTER FUNCTION public.loose_files() OWNER TO ouv_owner;

CREATE FUNCTION public.page_case_erased() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
  DELETE FROM page_box WHERE item IN
    (SELECT id FROM item WHERE case_id = NEW.id);
  DELETE FROM page_visit v USING page_key k
    WHERE v.page_key = k.id AND k.case_id = NEW.id;
  DELETE FROM page_key WHERE case_id = NEW.id;
  RETURN NULL;
END $$;

ALTER FUNCTION public.page_case_erased() OWNER TO ouv_owner;

CREATE FUNCTION public.page_contact_left() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
  UPDATE page_key SET revoked = now(), why = 'left'
    WHERE reader = NEW.id AND revoked IS NULL;
  RETURN NULL;
END $$;

ALTER FUNCTION public.page_contact_left() OWNER TO ouv_owner;

CREATE FUNCTION public.page_item_moved() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
  DELETE FROM page_box WHERE item = NEW.id;
  RETURN NULL;
END $$;

ALTER FUNCTION public.page_item_moved() OWNER TO ouv_owner;

CREATE FUNCTION public.page_key_over() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
  DELETE FROM page_box WHERE page_key = NEW.id;
  DELETE FROM page_visit WHERE page_key = NEW.id;
  RETURN NULL;
END $$;

ALTER FUNCTION public.page_key_over() OWNER TO ouv_owner;

CREATE FUNCTION public.page_missing(in_case uuid) RETURNS TABLE(key uuid, party uuid, item uuid, part integer, disclosure uuid)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
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

ALTER FUNCTION public.page_missing(in_case uuid) OWNER TO ouv_owner;

CREATE FUNCTION public.page_readers(in_cases uuid[]) RETURNS TABLE(of_case uuid, party uuid, capsule uuid, key uuid)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
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

ALTER FUNCTION public.page_readers(in_cases uuid[]) OWNER TO ouv_owner;

CREATE FUNCTION public.page_unit_ended() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
  UPDATE page_key SET revoked = now(), why = 'left' WHERE revoked IS NULL
    AND (reader = NEW.id OR reader IN
     (SELECT id FROM company_contact WHERE unit = NEW.id));
  RETURN NULL;
END $$;

ALTER FUNCTION public.page_unit_ended() OWNER TO ouv_owner;

CREATE FUNCTION public.paper_by(in_signer uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
  SELECT EXISTS (SELECT 1 FROM person WHERE id = in_signer AND active
    AND role IN ('intake', 'mediator', 'ombudsman', 'custodian'))
$$;

ALTER FUNCTION public.paper_by(in_signer uuid) OWNER TO ouv_owner;

CREATE FUNCTION public.paper_number(in_signer uuid, in_year integer) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
  IF NOT paper_by(in_signer)
    OR abs(in_year - extract(year FROM now())) > 1 THEN
    RETURN NULL;
  END IF;
  RETURN protocol_take(in_year, 1);
END $$;

ALTER FUNCTION public.paper_number(in_signer uuid, in_year integer) OWNER TO ouv_owner;

CREATE FUNCTION public.person_grants_end(in_person uuid) RETURNS SETOF uuid
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
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

ALTER FUNCTION public.person_grants_end(in_person uuid) OWNER TO ouv_owner;

CREATE FUNCTION public.person_key_set(in_person uuid, in_pk bytea, in_how integer, in_salt bytea, in_ops integer, in_mem bigint, in_version integer, in_commit bytea, in_wrapped bytea) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
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

ALTER FUNCTION public.person_key_set(in_person uuid, in_pk bytea, in_how integer, in_salt bytea, in_ops integer, in_mem bigint, in_version integer, in_commit bytea, in_wrapped bytea) OWNER TO ouv_owner;

CREATE FUNCTION public.person_leave(in_person uuid) RETURNS SETOF uuid
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
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

ALTER FUNCTION public.person_leave(in_person uuid) OWNER TO ouv_owner;

CREATE FUNCTION public.person_leave_stops(in_person uuid) RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
  SELECT g.case_id FROM case_grant g JOIN case_file c
      ON c.id = g.case_id AND c.key_version = g.version
   WHERE g.person = in_person
     AND EXISTS (SELECT 1 FROM person_key k WHERE k.person = in_person)
     AND key_holders(g.case_id, in_person) < key_holders_least(g.case_id)
   ORDER BY g.case_id
$$;

ALTER FUNCTION public.person_leave_stops(in_person uuid) OWNER TO ouv_owner;

CREATE FUNCTION public.post_case_erased() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
  UPDATE post SET words = NULL, state = CASE WHEN state IN ('to-print',
      'printed') THEN 'void' ELSE state END WHERE case_id = NEW.id;
  RETURN NULL;
END $$;

ALTER FUNCTION public.post_case_erased() OWNER TO ouv_owner;

CREATE FUNCTION public.post_presume() RETURNS bigint
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
  WITH now_there AS (UPDATE post SET assumed = true
    WHERE state = 'posted' AND NOT assumed AND presumed <= current_date
    RETURNING 1)
  SELECT count(*) FROM now_there
$$;

ALTER FUNCTION public.post_presume() OWNER TO ouv_owner;

CREATE FUNCTION public.post_told() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
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

ALTER FUNCTION public.post_told() OWNER TO ouv_owner;

CREATE FUNCTION public.protocol_take(in_year integer, n integer) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
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

ALTER FUNCTION public.protocol_take(in_year integer, n integer) OWNER TO ouv_owner;

CREATE FUNCTION public.role_others(in_person uuid) RETURNS integer
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
  SELECT count(*)::int FROM person p JOIN person o ON o.role = p.role
      AND o.id <> p.id AND o.active
   WHERE p.id = in_person
     AND EXISTS (SELECT 1 FROM person_key k WHERE k.person = o.id)
$$;

ALTER FUNCTION public.role_others(in_person uuid) OWNER TO ouv_owner;

CREATE FUNCTION public.saved_view_end() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
  DELETE FROM saved_view WHERE person = NEW.id;
  RETURN NULL;
END $$;

ALTER FUNCTION public.saved_view_end() OWNER TO ouv_owner;

CREATE FUNCTION public.secrets_kept() RETURNS TABLE(name text, version integer)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
  SELECT name, max(version) FROM host_secret GROUP BY name ORDER BY name
$$;

ALTER FUNCTION public.secrets_kept() OWNER TO ouv_owner;

CREATE FUNCTION public.server_holds(in_name text, in_version integer) RETURNS boolean
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
  SELECT key_take('server', in_name, in_version)
$$;

ALTER FUNCTION public.server_holds(in_name text, in_version integer) OWNER TO ouv_owner;

CREATE FUNCTION public.split_number(in_from uuid, in_year integer) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
  PERFORM 1 FROM case_file WHERE id = in_from AND protocol IS NOT NULL
    AND state NOT IN ('held', 'closed', 'erased') FOR UPDATE;
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  RETURN protocol_take(in_year, 1);
END $$;

ALTER FUNCTION public.split_number(in_from uuid, in_year integer) OWNER TO ouv_owner;

CREATE FUNCTION public.svc_reseal(in_stage integer, in_id uuid, in_old bytea, in_new bytea) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
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

ALTER FUNCTION public.svc_reseal(in_stage integer, in_id uuid, in_old bytea, in_new bytea) OWNER TO ouv_owner;

CREATE FUNCTION public.tasks_open(in_case uuid, in_trouble boolean) RETURNS integer
    LANGUAGE sql STABLE
    SET search_path TO 'public', 'pg_temp'
    AS $$
  SELECT count(*)::int FROM task t WHERE t.case_id = in_case
     AND t.done IS NULL AND (NOT in_trouble OR is_trouble(t.kind))
$$;

ALTER FUNCTION public.tasks_open(in_case uuid, in_trouble boolean) OWNER TO ouv_owner;

CREATE FUNCTION public.ties_felt() RETURNS TABLE(of_case uuid, of_person uuid)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
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

ALTER FUNCTION public.ties_felt() OWNER TO ouv_owner;

CREATE FUNCTION public.transit_chunks(in_item uuid, from_n integer, most integer) RETURNS TABLE(n integer, ct bytea)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
  SELECT c.n, c.ct FROM chunk c
   WHERE c.item = in_item AND c.n >= from_n
     AND (EXISTS (SELECT 1 FROM inbound i
                   WHERE i.id = in_item AND i.dek_box_svc IS NOT NULL)
       OR EXISTS (SELECT 1 FROM outbox o
                   WHERE o.item = in_item AND o.dek_box_svc IS NOT NULL))
   ORDER BY c.n LIMIT most
$$;

ALTER FUNCTION public.transit_chunks(in_item uuid, from_n integer, most integer) OWNER TO ouv_owner;

CREATE TABLE public.absence (
    id uuid NOT NULL,
    person uuid,
    reason public.absence_reason NOT NULL,
    first_day date NOT NULL,
    last_day date NOT NULL,
    back_day date NOT NULL,
    starts timestamp with time zone NOT NULL,
    ends timestamp with time zone NOT NULL,
    signed_as text NOT NULL,
    urgent_name text NOT NULL,
    urgent_email text NOT NULL,
    urgent_phone text NOT NULL,
    substitute uuid,
    substitute_as text NOT NULL,
    made_by uuid NOT NULL,
    made timestamp with time zone DEFAULT now() NOT NULL,
    called_off timestamp with time zone,
    called_by uuid,
    CONSTRAINT absence_check CHECK ((substitute <> person)),
    CONSTRAINT absence_check1 CHECK (((last_day >= first_day) AND (ends > starts))),
    CONSTRAINT absence_check2 CHECK (((urgent_email <> ''::text) OR (urgent_phone <> ''::text))),
    CONSTRAINT absence_check3 CHECK (((person IS NULL) OR (substitute IS NOT NULL))),
    CONSTRAINT absence_urgent_name_check CHECK ((urgent_name <> ''::text))
);

ALTER TABLE public.absence OWNER TO ouv_owner;

CREATE TABLE public.absence_note (
    absence uuid NOT NULL,
    sender uuid NOT NULL,
    at timestamp with time zone NOT NULL
);

ALTER TABLE public.absence_note OWNER TO ouv_owner;

CREATE TABLE public.act_pending (
    id uuid NOT NULL,
    case_id uuid NOT NULL,
    action text NOT NULL,
    fields_item uuid NOT NULL,
    rev integer NOT NULL,
    author uuid NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    second uuid,
    decided timestamp with time zone,
    decision text,
    why_item uuid,
    CONSTRAINT act_pending_check CHECK ((second <> author)),
    CONSTRAINT act_pending_decision_check CHECK ((decision = ANY (ARRAY['confirmed'::text, 'returned'::text, 'void'::text])))
);

ALTER TABLE public.act_pending OWNER TO ouv_owner;

CREATE TABLE public.alarm (
    case_id uuid NOT NULL,
    clock public.clock_kind NOT NULL,
    n integer DEFAULT 0 NOT NULL,
    round integer NOT NULL,
    kind text NOT NULL,
    at timestamp with time zone NOT NULL,
    done timestamp with time zone,
    outcome text
);

ALTER TABLE public.alarm OWNER TO ouv_owner;

CREATE TABLE public.allegation (
    case_id uuid NOT NULL,
    n integer NOT NULL,
    code text NOT NULL,
    article text NOT NULL,
    law text NOT NULL
);

ALTER TABLE public.allegation OWNER TO ouv_owner;

CREATE UNLOGGED TABLE public.api_count (
    page_key uuid NOT NULL,
    since timestamp with time zone NOT NULL,
    used integer NOT NULL
);

ALTER TABLE public.api_count OWNER TO ouv_owner;

CREATE TABLE public.api_once (
    page_key uuid NOT NULL,
    key bytea NOT NULL,
    request bytea NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    status integer,
    answer text DEFAULT ''::text NOT NULL,
    CONSTRAINT api_once_key_check CHECK ((octet_length(key) = 32)),
    CONSTRAINT api_once_request_check CHECK ((octet_length(request) = 32))
);

ALTER TABLE public.api_once OWNER TO ouv_owner;

CREATE TABLE public.api_token (
    page_key uuid NOT NULL,
    unit uuid NOT NULL,
    scopes integer NOT NULL,
    signer uuid NOT NULL,
    sig bytea NOT NULL,
    CONSTRAINT api_token_scopes_check CHECK (((scopes >= 1) AND (scopes <= 3))),
    CONSTRAINT api_token_sig_check CHECK ((octet_length(sig) = 64))
);

ALTER TABLE public.api_token OWNER TO ouv_owner;

CREATE TABLE public.audit_checkpoint (
    signer uuid NOT NULL,
    n bigint NOT NULL,
    at_us bigint NOT NULL,
    signer_seq bigint NOT NULL,
    merkle_root bytea NOT NULL,
    sig bytea NOT NULL,
    mailed timestamp with time zone,
    events bigint NOT NULL,
    heads bytea NOT NULL,
    prev bytea NOT NULL,
    CONSTRAINT audit_checkpoint_merkle_root_check CHECK ((octet_length(merkle_root) = 32)),
    CONSTRAINT audit_checkpoint_sig_check CHECK ((octet_length(sig) = 64))
);
ALTER TABLE ONLY public.audit_checkpoint ALTER COLUMN heads SET STORAGE EXTERNAL;

ALTER TABLE public.audit_checkpoint OWNER TO ouv_owner;

CREATE TABLE public.audit_event (
    chain uuid NOT NULL,
    seq bigint NOT NULL,
    at_us bigint NOT NULL,
    signer uuid NOT NULL,
    signer_seq bigint NOT NULL,
    actor uuid NOT NULL,
    action text NOT NULL,
    object uuid NOT NULL,
    details bytea,
    prev bytea NOT NULL,
    hash bytea NOT NULL,
    mac bytea NOT NULL
);

ALTER TABLE public.audit_event OWNER TO ouv_owner;

CREATE TABLE public.audit_signer (
    id uuid NOT NULL,
    kind text NOT NULL,
    started timestamp with time zone DEFAULT now() NOT NULL,
    mac_box bytea NOT NULL,
    sig bytea NOT NULL,
    person uuid,
    public bytea,
    root_sig bytea,
    CONSTRAINT audit_signer_kind_check CHECK ((kind = ANY (ARRAY['gateway'::text, 'server'::text, 'operator'::text]))),
    CONSTRAINT audit_signer_mac_box_check CHECK ((octet_length(mac_box) = 112)),
    CONSTRAINT audit_signer_sig_check CHECK ((octet_length(sig) = 64))
);

ALTER TABLE public.audit_signer OWNER TO ouv_owner;

CREATE TABLE public.calendar_day (
    id uuid NOT NULL,
    calendar text NOT NULL,
    day date NOT NULL,
    name text NOT NULL,
    source text NOT NULL,
    added timestamp with time zone DEFAULT now() NOT NULL,
    added_by uuid,
    state text DEFAULT 'proposed'::text NOT NULL,
    decided timestamp with time zone,
    decided_by uuid,
    CONSTRAINT calendar_day_name_check CHECK ((name <> ''::text)),
    CONSTRAINT calendar_day_state_check CHECK ((state = ANY (ARRAY['proposed'::text, 'accepted'::text, 'refused'::text])))
);

ALTER TABLE public.calendar_day OWNER TO ouv_owner;

CREATE TABLE public.capsule (
    id uuid NOT NULL,
    case_id uuid NOT NULL,
    party uuid NOT NULL,
    key_version integer NOT NULL,
    ct bytea NOT NULL,
    box_case bytea NOT NULL,
    box_svc bytea,
    main boolean DEFAULT false NOT NULL,
    contact uuid
);
ALTER TABLE ONLY public.capsule ALTER COLUMN ct SET STORAGE EXTERNAL;

ALTER TABLE public.capsule OWNER TO ouv_owner;

CREATE TABLE public.case_conflict (
    case_id uuid NOT NULL,
    person uuid NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    ordered_by uuid
);

ALTER TABLE public.case_conflict OWNER TO ouv_owner;

CREATE TABLE public.case_grant (
    case_id uuid NOT NULL,
    version integer NOT NULL,
    person uuid NOT NULL,
    box bytea NOT NULL,
    granted_by uuid NOT NULL,
    sig bytea NOT NULL,
    created timestamp with time zone DEFAULT now() NOT NULL,
    pk bytea
);

ALTER TABLE public.case_grant OWNER TO ouv_owner;

CREATE TABLE public.case_key (
    case_id uuid NOT NULL,
    version integer NOT NULL,
    cpk bytea NOT NULL,
    signer uuid NOT NULL,
    sig bytea NOT NULL,
    created timestamp with time zone DEFAULT now() NOT NULL,
    retired timestamp with time zone,
    old_box bytea
);

ALTER TABLE public.case_key OWNER TO ouv_owner;

CREATE TABLE public.case_link (
    id uuid NOT NULL,
    case_id uuid NOT NULL,
    other uuid NOT NULL,
    kind text NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    by_person uuid,
    undone timestamp with time zone,
    undone_by uuid
);

ALTER TABLE public.case_link OWNER TO ouv_owner;

CREATE TABLE public.case_reader (
    case_id uuid NOT NULL,
    person uuid NOT NULL,
    part text NOT NULL,
    state public.case_state NOT NULL,
    owner uuid,
    last timestamp with time zone NOT NULL,
    opened timestamp with time zone NOT NULL,
    due timestamp with time zone NOT NULL,
    kind public.case_kind,
    severity public.severity,
    company uuid,
    lang text,
    channel text,
    seen integer,
    fresh integer NOT NULL,
    tasks integer NOT NULL,
    trouble integer NOT NULL,
    CONSTRAINT case_reader_part_check CHECK ((part = ANY (ARRAY['open'::text, 'closed'::text, 'other'::text])))
);

ALTER TABLE public.case_reader OWNER TO ouv_owner;

CREATE TABLE public.case_seen (
    case_id uuid NOT NULL,
    person uuid NOT NULL,
    base integer NOT NULL,
    seq integer NOT NULL,
    at timestamp with time zone NOT NULL,
    CONSTRAINT case_seen_base_check CHECK ((base >= 0)),
    CONSTRAINT case_seen_check CHECK ((seq >= base))
)
WITH (fillfactor='70');

ALTER TABLE public.case_seen OWNER TO ouv_owner;

CREATE VIEW public.stand_in AS
 WITH RECURSIVE away AS (
         SELECT absence.person,
            absence.substitute
           FROM public.absence
          WHERE ((absence.person IS NOT NULL) AND (absence.starts <= now()) AND (now() < absence.ends) AND (absence.called_off IS NULL))
        ), chain(person, who, n) AS (
         SELECT away.person,
            away.substitute,
            1 AS "?column?"
           FROM away
        UNION ALL
         SELECT c.person,
            a.substitute,
            (c.n + 1)
           FROM (chain c
             JOIN away a ON ((a.person = c.who)))
          WHERE (c.n < 8)
        )
 SELECT chain.person,
    chain.who
   FROM chain
  WHERE (NOT (chain.who IN ( SELECT away.person
           FROM away)));

ALTER TABLE public.stand_in OWNER TO ouv_owner;

CREATE VIEW public.case_stray AS
 SELECT c.id
   FROM public.case_file c
  WHERE ((c.desk_month IS NULL) AND (c.owner IS NULL) AND (c.state <> ALL (ARRAY['held'::public.case_state, 'closed'::public.case_state, 'erased'::public.case_state, 'received'::public.case_state])))
UNION ALL
 SELECT c.id
   FROM (public.absence a
     JOIN public.case_file c ON ((c.owner = a.person)))
  WHERE ((a.starts <= now()) AND (now() < a.ends) AND (a.called_off IS NULL) AND (c.desk_month IS NULL) AND (c.state <> ALL (ARRAY['held'::public.case_state, 'closed'::public.case_state, 'erased'::public.case_state, 'received'::public.case_state])) AND (NOT (EXISTS ( SELECT 1
           FROM public.stand_in s
          WHERE ((s.person = a.person) AND (NOT (EXISTS ( SELECT 1
                   FROM public.case_conflict k
                  WHERE ((k.case_id = c.id) AND (k.person = s.who))))))))));

ALTER TABLE public.case_stray OWNER TO ouv_owner;

CREATE TABLE public.case_team (
    case_id uuid NOT NULL,
    person uuid NOT NULL,
    since timestamp with time zone DEFAULT now() NOT NULL,
    until timestamp with time zone
);

ALTER TABLE public.case_team OWNER TO ouv_owner;

CREATE TABLE public.chunk (
    item uuid NOT NULL,
    n integer NOT NULL,
    ct bytea NOT NULL
);
ALTER TABLE ONLY public.chunk ALTER COLUMN ct SET STORAGE EXTERNAL;

ALTER TABLE public.chunk OWNER TO ouv_owner;

CREATE TABLE public.clock (
    case_id uuid NOT NULL,
    kind public.clock_kind NOT NULL,
    n integer DEFAULT 0 NOT NULL,
    state public.clock_state NOT NULL,
    profile text NOT NULL,
    profile_n integer NOT NULL,
    calendar text NOT NULL,
    unit text NOT NULL,
    amount integer NOT NULL,
    law text DEFAULT ''::text NOT NULL,
    started timestamp with time zone NOT NULL,
    since timestamp with time zone NOT NULL,
    used bigint DEFAULT 0 NOT NULL,
    due timestamp with time zone,
    stopped timestamp with time zone,
    round integer DEFAULT 1 NOT NULL
);

ALTER TABLE public.clock OWNER TO ouv_owner;

CREATE TABLE public.code_entry (
    book text NOT NULL,
    code text NOT NULL,
    n integer NOT NULL,
    pos integer DEFAULT 0 NOT NULL,
    parent text DEFAULT ''::text NOT NULL,
    from_day date NOT NULL,
    until_day date,
    label jsonb NOT NULL,
    more jsonb DEFAULT '{}'::jsonb NOT NULL,
    author uuid,
    at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT code_entry_code_check CHECK ((code ~ '^[a-z0-9][a-z0-9.-]{0,62}$'::text))
);

ALTER TABLE public.code_entry OWNER TO ouv_owner;

CREATE TABLE public.company (
    id uuid NOT NULL,
    name text NOT NULL,
    sector text DEFAULT ''::text NOT NULL,
    lang text NOT NULL,
    member_from date DEFAULT CURRENT_DATE NOT NULL,
    member_until date,
    full_text boolean DEFAULT false NOT NULL,
    calendar text DEFAULT ''::text NOT NULL,
    CONSTRAINT company_name_check CHECK ((name <> ''::text))
);

ALTER TABLE public.company OWNER TO ouv_owner;

CREATE TABLE public.company_hand (
    id uuid NOT NULL,
    case_id uuid NOT NULL,
    giver uuid NOT NULL,
    heir uuid NOT NULL,
    keeps boolean NOT NULL,
    at timestamp with time zone NOT NULL,
    told timestamp with time zone,
    CONSTRAINT company_hand_check CHECK ((giver <> heir))
);

ALTER TABLE public.company_hand OWNER TO ouv_owner;

CREATE TABLE public.company_post (
    item uuid NOT NULL,
    case_id uuid NOT NULL,
    contact uuid,
    what text NOT NULL,
    points uuid,
    at timestamp with time zone NOT NULL,
    told timestamp with time zone
);

ALTER TABLE public.company_post OWNER TO ouv_owner;

CREATE TABLE public.company_unit (
    id uuid NOT NULL,
    company uuid NOT NULL,
    name text NOT NULL,
    kind text NOT NULL,
    owned boolean NOT NULL,
    from_day date DEFAULT CURRENT_DATE NOT NULL,
    until_day date,
    postal text DEFAULT ''::text NOT NULL,
    CONSTRAINT company_unit_kind_check CHECK ((kind = ANY (ARRAY['call-center'::text, 'contact-center'::text, 'help-desk'::text, 'sac'::text, 'telemarketing'::text, 'ombudsman'::text, 'other'::text]))),
    CONSTRAINT company_unit_name_check CHECK ((name <> ''::text))
);

ALTER TABLE public.company_unit OWNER TO ouv_owner;

CREATE TABLE public.conflict_register (
    id uuid NOT NULL,
    person uuid NOT NULL,
    company uuid,
    consumer uuid,
    kind text NOT NULL,
    from_day date NOT NULL,
    until_day date,
    note text DEFAULT ''::text NOT NULL,
    made_by uuid NOT NULL,
    made timestamp with time zone DEFAULT now() NOT NULL,
    ended timestamp with time zone,
    consumer_version integer DEFAULT 1 NOT NULL,
    CONSTRAINT conflict_register_check CHECK (((company IS NULL) <> (consumer IS NULL))),
    CONSTRAINT conflict_register_kind_check CHECK ((kind = ANY (ARRAY['worked-there'::text, 'family'::text, 'shares'::text, 'friendship'::text, 'dispute'::text, 'customer'::text, 'other'::text])))
);

ALTER TABLE public.conflict_register OWNER TO ouv_owner;

CREATE TABLE public.deadline_profile (
    name text NOT NULL,
    n integer NOT NULL,
    content text NOT NULL,
    reason text NOT NULL,
    author uuid,
    at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT deadline_profile_content_check CHECK ((octet_length(content) <= 65536)),
    CONSTRAINT deadline_profile_reason_check CHECK ((reason <> ''::text))
);

ALTER TABLE public.deadline_profile OWNER TO ouv_owner;

CREATE TABLE public.disclosure (
    id uuid NOT NULL,
    case_id uuid NOT NULL,
    n integer NOT NULL,
    party uuid NOT NULL,
    link bytea NOT NULL,
    mode text NOT NULL,
    code_item uuid,
    created timestamp with time zone NOT NULL,
    created_by uuid NOT NULL,
    expires timestamp with time zone NOT NULL,
    opened integer DEFAULT 0 NOT NULL,
    max_opens integer NOT NULL,
    first_opened timestamp with time zone,
    last_opened timestamp with time zone,
    revoked timestamp with time zone,
    revoked_by uuid,
    CONSTRAINT disclosure_check CHECK ((opened <= max_opens)),
    CONSTRAINT disclosure_check1 CHECK (((mode = 'code'::text) = (code_item IS NOT NULL))),
    CONSTRAINT disclosure_max_opens_check CHECK ((max_opens > 0)),
    CONSTRAINT disclosure_mode_check CHECK ((mode = ANY (ARRAY['link'::text, 'code'::text])))
);

ALTER TABLE public.disclosure OWNER TO ouv_owner;

CREATE TABLE public.disclosure_item (
    disclosure uuid NOT NULL,
    n integer NOT NULL,
    item uuid NOT NULL,
    part integer NOT NULL,
    box bytea,
    CONSTRAINT disclosure_item_part_check CHECK ((part >= '-1'::integer))
);

ALTER TABLE public.disclosure_item OWNER TO ouv_owner;

CREATE UNLOGGED TABLE public.disclosure_visit (
    id bytea NOT NULL,
    disclosure uuid NOT NULL,
    box bytea NOT NULL,
    expires timestamp with time zone NOT NULL
);

ALTER TABLE public.disclosure_visit OWNER TO ouv_owner;

CREATE TABLE public.draw (
    case_id uuid NOT NULL,
    n integer NOT NULL,
    at timestamp with time zone NOT NULL,
    by_person uuid,
    seed bytea NOT NULL,
    pool jsonb NOT NULL,
    chosen uuid NOT NULL,
    CONSTRAINT draw_seed_check CHECK ((octet_length(seed) = 32))
);

ALTER TABLE public.draw OWNER TO ouv_owner;

CREATE TABLE public.escrow_given (
    case_id uuid NOT NULL,
    version integer NOT NULL,
    person uuid NOT NULL,
    grant_hash bytea NOT NULL,
    first uuid NOT NULL,
    second uuid NOT NULL,
    first_sig bytea NOT NULL,
    second_sig bytea NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT escrow_given_check CHECK (((first <> second) AND (person <> first) AND (person <> second))),
    CONSTRAINT escrow_given_first_sig_check CHECK ((octet_length(first_sig) = 64)),
    CONSTRAINT escrow_given_grant_hash_check CHECK ((octet_length(grant_hash) = 32)),
    CONSTRAINT escrow_given_second_sig_check CHECK ((octet_length(second_sig) = 64))
);

ALTER TABLE public.escrow_given OWNER TO ouv_owner;

CREATE TABLE public.evidence (
    case_id uuid NOT NULL,
    n integer NOT NULL,
    item uuid NOT NULL,
    part integer DEFAULT '-1'::integer NOT NULL,
    title_item uuid NOT NULL,
    side text NOT NULL,
    added timestamp with time zone NOT NULL,
    added_by uuid NOT NULL,
    removed timestamp with time zone
);

ALTER TABLE public.evidence OWNER TO ouv_owner;

CREATE TABLE public.figure (
    month date NOT NULL,
    name text NOT NULL,
    a text NOT NULL,
    b text NOT NULL,
    value integer NOT NULL,
    n bigint NOT NULL,
    CONSTRAINT figure_n_check CHECK ((n > 0))
);

ALTER TABLE public.figure OWNER TO ouv_owner;

CREATE TABLE public.figure_made (
    one boolean DEFAULT true NOT NULL,
    at timestamp with time zone NOT NULL,
    CONSTRAINT figure_made_one_check CHECK (one)
);

ALTER TABLE public.figure_made OWNER TO ouv_owner;

CREATE TABLE public.form_key (
    key uuid NOT NULL,
    person uuid NOT NULL,
    verb text NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE public.form_key OWNER TO ouv_owner;

CREATE TABLE public.gateway_part (
    part text NOT NULL,
    program text NOT NULL,
    seen timestamp with time zone DEFAULT now() NOT NULL,
    good timestamp with time zone,
    did timestamp with time zone,
    trouble text DEFAULT ''::text NOT NULL,
    since timestamp with time zone,
    CONSTRAINT gateway_part_part_check CHECK ((part = ANY (ARRAY['intake'::text, 'dispatch'::text, 'timer'::text, 'seal'::text]))),
    CONSTRAINT gateway_part_trouble_check CHECK ((trouble ~ '^[a-z-]{0,32}$'::text))
);

ALTER TABLE public.gateway_part OWNER TO ouv_owner;

CREATE TABLE public.grant_due (
    case_id uuid NOT NULL,
    person uuid NOT NULL,
    why text NOT NULL,
    since timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE public.grant_due OWNER TO ouv_owner;

CREATE TABLE public.grant_ended (
    case_id uuid NOT NULL,
    person uuid NOT NULL,
    by_person uuid NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE public.grant_ended OWNER TO ouv_owner;

CREATE TABLE public.grant_given (
    case_id uuid NOT NULL,
    person uuid NOT NULL,
    giver uuid NOT NULL,
    why text NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE public.grant_given OWNER TO ouv_owner;

CREATE TABLE public.hearing (
    case_id uuid NOT NULL,
    round integer NOT NULL,
    side public.party_side NOT NULL,
    last_n integer NOT NULL,
    days integer NOT NULL,
    sent timestamp with time zone NOT NULL,
    due timestamp with time zone NOT NULL,
    answered timestamp with time zone,
    lapsed timestamp with time zone
);

ALTER TABLE public.hearing OWNER TO ouv_owner;

CREATE TABLE public.host_secret (
    name text NOT NULL,
    version integer NOT NULL,
    box bytea NOT NULL,
    CONSTRAINT host_secret_box_check CHECK ((octet_length(box) = 112))
);

ALTER TABLE public.host_secret OWNER TO ouv_owner;

CREATE TABLE public.ident_token (
    token uuid NOT NULL,
    kind smallint NOT NULL,
    case_id uuid NOT NULL,
    party uuid NOT NULL,
    version integer DEFAULT 1 NOT NULL
);

ALTER TABLE public.ident_token OWNER TO ouv_owner;

CREATE TABLE public.inbound (
    id uuid NOT NULL,
    mailbox text NOT NULL,
    uidvalidity bigint,
    uid bigint,
    raw_mac bytea NOT NULL,
    canon_mac bytea,
    duplicate_of uuid,
    size bigint NOT NULL,
    padded bigint DEFAULT 0 NOT NULL,
    state public.inbound_state NOT NULL,
    received timestamp with time zone DEFAULT now() NOT NULL,
    filed timestamp with time zone,
    moved timestamp with time zone,
    attempts integer DEFAULT 0 NOT NULL,
    not_before timestamp with time zone DEFAULT now() NOT NULL,
    lease_by uuid,
    lease_until timestamp with time zone,
    lease_epoch bigint DEFAULT 0 NOT NULL,
    dek_box_svc bytea,
    case_id uuid,
    outcome text,
    error_code text,
    mac_version integer DEFAULT 1 NOT NULL
);

ALTER TABLE public.inbound OWNER TO ouv_owner;

CREATE TABLE public.invite (
    person uuid NOT NULL,
    made timestamp with time zone DEFAULT now() NOT NULL,
    until timestamp with time zone NOT NULL,
    made_by uuid NOT NULL,
    pk bytea NOT NULL,
    sig_pk bytea NOT NULL,
    cert_admin uuid NOT NULL,
    cert_sig bytea NOT NULL,
    admin_sig bytea,
    totp_box bytea NOT NULL,
    salt bytea NOT NULL,
    commit bytea NOT NULL,
    wrapped bytea NOT NULL,
    CONSTRAINT invite_admin_sig_check CHECK ((octet_length(admin_sig) = 64)),
    CONSTRAINT invite_cert_sig_check CHECK ((octet_length(cert_sig) = 64)),
    CONSTRAINT invite_commit_check CHECK ((octet_length(commit) = 16)),
    CONSTRAINT invite_pk_check CHECK ((octet_length(pk) = 32)),
    CONSTRAINT invite_salt_check CHECK ((octet_length(salt) = 16)),
    CONSTRAINT invite_sig_pk_check CHECK ((octet_length(sig_pk) = 32)),
    CONSTRAINT invite_wrapped_check CHECK ((octet_length(wrapped) = 104))
);

ALTER TABLE public.invite OWNER TO ouv_owner;

CREATE TABLE public.item (
    id uuid NOT NULL,
    case_id uuid NOT NULL,
    seq integer NOT NULL,
    kind public.item_kind NOT NULL,
    lane public.lane NOT NULL,
    party uuid,
    author uuid,
    at timestamp with time zone NOT NULL,
    why text,
    key_version integer NOT NULL,
    dek_box bytea NOT NULL,
    body bytea NOT NULL,
    raw_padded bigint NOT NULL,
    body_version integer DEFAULT 1 NOT NULL
);
ALTER TABLE ONLY public.item ALTER COLUMN body SET STORAGE EXTERNAL;

ALTER TABLE public.item OWNER TO ouv_owner;

CREATE TABLE public.item_guess (
    item uuid NOT NULL,
    n integer NOT NULL,
    case_id uuid NOT NULL,
    party uuid NOT NULL,
    lead text NOT NULL
);

ALTER TABLE public.item_guess OWNER TO ouv_owner;

CREATE TABLE public.item_page (
    item uuid NOT NULL,
    part integer NOT NULL,
    page integer NOT NULL,
    ct bytea NOT NULL,
    taken boolean DEFAULT false NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT item_page_page_check CHECK (((page >= 0) AND (page <= 500))),
    CONSTRAINT item_page_part_check CHECK (((part >= 0) AND (part <= 9999)))
);
ALTER TABLE ONLY public.item_page ALTER COLUMN ct SET STORAGE EXTERNAL;

ALTER TABLE public.item_page OWNER TO ouv_owner;

CREATE TABLE public.key_rotation (
    name text NOT NULL,
    version integer NOT NULL,
    began timestamp with time zone DEFAULT now() NOT NULL,
    stage integer DEFAULT 0 NOT NULL,
    at uuid DEFAULT '00000000-0000-0000-0000-000000000000'::uuid NOT NULL,
    moved bigint DEFAULT 0 NOT NULL,
    done timestamp with time zone
);

ALTER TABLE public.key_rotation OWNER TO ouv_owner;

CREATE TABLE public.key_taken (
    program text NOT NULL,
    name text NOT NULL,
    version integer NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT key_taken_name_check CHECK ((name = ANY (ARRAY['svc'::text, 'k_id'::text, 'k_tok'::text, 'gw_sig'::text, 'srv_sig'::text, 'pepper'::text]))),
    CONSTRAINT key_taken_program_check CHECK ((program = ANY (ARRAY['gateway'::text, 'server'::text])))
);

ALTER TABLE public.key_taken OWNER TO ouv_owner;

CREATE UNLOGGED TABLE public.login_throttle (
    scope text NOT NULL,
    token uuid NOT NULL,
    fails integer NOT NULL,
    since timestamp with time zone NOT NULL,
    until timestamp with time zone NOT NULL
);

ALTER TABLE public.login_throttle OWNER TO ouv_owner;

CREATE TABLE public.mail_burst (
    token uuid NOT NULL,
    start timestamp with time zone NOT NULL,
    case_id uuid NOT NULL
);

ALTER TABLE public.mail_burst OWNER TO ouv_owner;

CREATE TABLE public.mailbox_lease (
    mailbox text NOT NULL,
    holder uuid NOT NULL,
    epoch bigint NOT NULL,
    until timestamp with time zone NOT NULL
);

ALTER TABLE public.mailbox_lease OWNER TO ouv_owner;

CREATE TABLE public.office (
    one boolean DEFAULT true NOT NULL,
    tenant uuid NOT NULL,
    created timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT office_one_check CHECK (one)
);

ALTER TABLE public.office OWNER TO ouv_owner;

CREATE TABLE public.office_key (
    kind text NOT NULL,
    version integer NOT NULL,
    public bytea NOT NULL,
    sig bytea NOT NULL,
    created timestamp with time zone DEFAULT now() NOT NULL,
    retired timestamp with time zone,
    CONSTRAINT office_key_kind_check CHECK ((kind = ANY (ARRAY['escrow'::text, 'svc'::text, 'gateway'::text, 'server'::text]))),
    CONSTRAINT office_key_public_check CHECK ((octet_length(public) = 32)),
    CONSTRAINT office_key_sig_check CHECK ((octet_length(sig) = 64))
);

ALTER TABLE public.office_key OWNER TO ouv_owner;

CREATE TABLE public.opinion (
    case_id uuid NOT NULL,
    n integer NOT NULL,
    kind text NOT NULL,
    merit public.merit NOT NULL,
    item uuid NOT NULL,
    evidence integer[] DEFAULT '{}'::integer[] NOT NULL,
    author uuid NOT NULL,
    reader uuid,
    at timestamp with time zone NOT NULL
);

ALTER TABLE public.opinion OWNER TO ouv_owner;

CREATE TABLE public.outbox (
    id uuid NOT NULL,
    case_id uuid NOT NULL,
    item uuid NOT NULL,
    capsule uuid NOT NULL,
    kind text NOT NULL,
    dedupe_key text NOT NULL,
    null_path boolean NOT NULL,
    dek_box_svc bytea,
    state public.outbox_state DEFAULT 'queued'::public.outbox_state NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    created timestamp with time zone DEFAULT now() NOT NULL,
    not_before timestamp with time zone DEFAULT now() NOT NULL,
    expires timestamp with time zone DEFAULT (now() + '5 days'::interval) NOT NULL,
    lease_by uuid,
    lease_until timestamp with time zone,
    lease_epoch bigint DEFAULT 0 NOT NULL,
    sent timestamp with time zone,
    last_code integer,
    last_text text,
    paper boolean DEFAULT false NOT NULL
);

ALTER TABLE public.outbox OWNER TO ouv_owner;

CREATE TABLE public.outbox_try (
    outbox uuid NOT NULL,
    n integer NOT NULL,
    started timestamp with time zone DEFAULT now() NOT NULL,
    finished timestamp with time zone,
    phase text,
    reply_code integer,
    reply_text text
);

ALTER TABLE public.outbox_try OWNER TO ouv_owner;

CREATE TABLE public.page_ask (
    id uuid NOT NULL,
    kind text NOT NULL,
    protocol text,
    token uuid,
    token_was uuid,
    at timestamp with time zone NOT NULL,
    done timestamp with time zone,
    outcome text,
    CONSTRAINT page_ask_kind_check CHECK ((kind = ANY (ARRAY['consumer'::text, 'contact'::text])))
);

ALTER TABLE public.page_ask OWNER TO ouv_owner;

CREATE TABLE public.page_box (
    page_key uuid NOT NULL,
    item uuid NOT NULL,
    part integer NOT NULL,
    disclosure uuid,
    box bytea NOT NULL,
    CONSTRAINT page_box_box_check CHECK ((octet_length(box) = 112)),
    CONSTRAINT page_box_part_check CHECK ((part >= '-1'::integer))
);

ALTER TABLE public.page_box OWNER TO ouv_owner;

CREATE TABLE public.page_key (
    id uuid NOT NULL,
    name bytea NOT NULL,
    kind text NOT NULL,
    case_id uuid,
    reader uuid NOT NULL,
    pk bytea NOT NULL,
    signer uuid NOT NULL,
    sig bytea NOT NULL,
    label text DEFAULT ''::text NOT NULL,
    made timestamp with time zone NOT NULL,
    expires timestamp with time zone NOT NULL,
    revoked timestamp with time zone,
    why text,
    last_used timestamp with time zone,
    CONSTRAINT page_key_check CHECK (((kind <> 'consumer'::text) OR (case_id IS NOT NULL))),
    CONSTRAINT page_key_check1 CHECK (((kind <> 'token'::text) OR (case_id IS NULL))),
    CONSTRAINT page_key_kind_check CHECK ((kind = ANY (ARRAY['consumer'::text, 'contact'::text, 'token'::text]))),
    CONSTRAINT page_key_pk_check CHECK ((octet_length(pk) = 32)),
    CONSTRAINT page_key_sig_check CHECK ((octet_length(sig) = 64))
);

ALTER TABLE public.page_key OWNER TO ouv_owner;

CREATE UNLOGGED TABLE public.page_visit (
    id bytea NOT NULL,
    page_key uuid NOT NULL,
    box bytea NOT NULL,
    expires timestamp with time zone NOT NULL
);

ALTER TABLE public.page_visit OWNER TO ouv_owner;

CREATE TABLE public.party (
    id uuid NOT NULL,
    case_id uuid NOT NULL,
    side public.party_side NOT NULL,
    code_version integer DEFAULT 1 NOT NULL,
    by_post boolean DEFAULT false NOT NULL
);

ALTER TABLE public.party OWNER TO ouv_owner;

CREATE TABLE public.party_act (
    id uuid NOT NULL,
    case_id uuid NOT NULL,
    party uuid NOT NULL,
    action text NOT NULL,
    choice text DEFAULT ''::text NOT NULL,
    item uuid,
    source text NOT NULL,
    at timestamp with time zone NOT NULL,
    done timestamp with time zone,
    outcome text
);

ALTER TABLE public.party_act OWNER TO ouv_owner;

CREATE TABLE public.person (
    id uuid NOT NULL,
    login text NOT NULL,
    name text NOT NULL,
    role public.staff_role NOT NULL,
    desk boolean NOT NULL,
    active boolean DEFAULT true NOT NULL,
    lang text NOT NULL,
    pk bytea NOT NULL,
    sig_pk bytea NOT NULL,
    cert_admin uuid NOT NULL,
    cert_sig bytea NOT NULL,
    admin_sig bytea,
    totp_box bytea NOT NULL,
    totp_last_step bigint DEFAULT 0 NOT NULL,
    created timestamp with time zone DEFAULT now() NOT NULL,
    must integer DEFAULT 0 NOT NULL,
    CONSTRAINT person_admin_sig_check CHECK ((octet_length(admin_sig) = 64)),
    CONSTRAINT person_cert_sig_check CHECK ((octet_length(cert_sig) = 64)),
    CONSTRAINT person_login_check CHECK ((login ~ '^[a-z0-9][a-z0-9._-]{0,62}$'::text)),
    CONSTRAINT person_pk_check CHECK ((octet_length(pk) = 32)),
    CONSTRAINT person_sig_pk_check CHECK ((octet_length(sig_pk) = 32))
);

ALTER TABLE public.person OWNER TO ouv_owner;

CREATE TABLE public.person_choice (
    person uuid NOT NULL,
    theme text DEFAULT 'auto'::text NOT NULL,
    keys boolean DEFAULT true NOT NULL,
    CONSTRAINT person_choice_theme_check CHECK ((theme = ANY (ARRAY['auto'::text, 'light'::text, 'dark'::text, 'contrast'::text])))
);

ALTER TABLE public.person_choice OWNER TO ouv_owner;

CREATE TABLE public.person_device (
    person uuid NOT NULL,
    id bytea NOT NULL,
    first timestamp with time zone DEFAULT now() NOT NULL,
    last timestamp with time zone DEFAULT now() NOT NULL,
    known boolean DEFAULT false NOT NULL,
    CONSTRAINT person_device_id_check CHECK ((octet_length(id) = 32))
);

ALTER TABLE public.person_device OWNER TO ouv_owner;

CREATE TABLE public.person_former (
    person uuid NOT NULL,
    ended timestamp with time zone DEFAULT now() NOT NULL,
    pk bytea NOT NULL,
    sig_pk bytea NOT NULL,
    cert_admin uuid NOT NULL,
    cert_sig bytea NOT NULL,
    admin_sig bytea
);

ALTER TABLE public.person_former OWNER TO ouv_owner;

CREATE TABLE public.person_key (
    person uuid NOT NULL,
    how smallint NOT NULL,
    salt bytea NOT NULL,
    ops integer NOT NULL,
    mem bigint NOT NULL,
    version integer NOT NULL,
    commit bytea NOT NULL,
    wrapped bytea NOT NULL,
    CONSTRAINT person_key_commit_check CHECK ((octet_length(commit) = 16)),
    CONSTRAINT person_key_how_check CHECK ((how = ANY (ARRAY[1, 2]))),
    CONSTRAINT person_key_salt_check CHECK ((octet_length(salt) = 16)),
    CONSTRAINT person_key_wrapped_check CHECK ((octet_length(wrapped) = 104))
);

ALTER TABLE public.person_key OWNER TO ouv_owner;

CREATE TABLE public.post (
    id uuid NOT NULL,
    letter uuid NOT NULL,
    case_id uuid NOT NULL,
    item uuid NOT NULL,
    party uuid,
    state text DEFAULT 'to-print'::text NOT NULL,
    addressed boolean NOT NULL,
    made timestamp with time zone NOT NULL,
    moved timestamp with time zone NOT NULL,
    clock public.clock_kind,
    round integer,
    printed timestamp with time zone,
    printed_by uuid,
    pdf bytea,
    pages integer,
    posted date,
    service text,
    presumed date,
    assumed boolean DEFAULT false NOT NULL,
    ended date,
    proof uuid,
    words bytea,
    CONSTRAINT post_pdf_check CHECK ((octet_length(pdf) = 32)),
    CONSTRAINT post_state_check CHECK ((state = ANY (ARRAY['to-print'::text, 'printed'::text, 'posted'::text, 'delivered'::text, 'returned'::text, 'void'::text])))
);
ALTER TABLE ONLY public.post ALTER COLUMN words SET STORAGE EXTERNAL;

ALTER TABLE public.post OWNER TO ouv_owner;

CREATE TABLE public.profile (
    person uuid NOT NULL,
    title text DEFAULT ''::text NOT NULL,
    phone text DEFAULT ''::text NOT NULL,
    color text DEFAULT 'black'::text NOT NULL,
    CONSTRAINT profile_color_check CHECK ((color = ANY (ARRAY['black'::text, 'blue'::text])))
);

ALTER TABLE public.profile OWNER TO ouv_owner;

CREATE TABLE public.promise (
    id uuid NOT NULL,
    case_id uuid NOT NULL,
    n integer NOT NULL,
    promiser text NOT NULL,
    person uuid,
    item uuid NOT NULL,
    source text NOT NULL,
    made timestamp with time zone NOT NULL,
    due timestamp with time zone NOT NULL,
    says_company text,
    says_consumer text,
    asked timestamp with time zone,
    state text DEFAULT 'open'::text NOT NULL,
    ended timestamp with time zone
);

ALTER TABLE public.promise OWNER TO ouv_owner;

CREATE TABLE public.protocol_counter (
    year integer NOT NULL,
    last bigint NOT NULL
);

ALTER TABLE public.protocol_counter OWNER TO ouv_owner;

CREATE TABLE public.rate_bucket (
    scope text NOT NULL,
    token uuid NOT NULL,
    start timestamp with time zone NOT NULL,
    count integer NOT NULL
);

ALTER TABLE public.rate_bucket OWNER TO ouv_owner;

CREATE TABLE public.recommendation (
    id uuid NOT NULL,
    case_id uuid NOT NULL,
    company uuid NOT NULL,
    item uuid NOT NULL,
    made timestamp with time zone NOT NULL,
    due timestamp with time zone NOT NULL,
    state text DEFAULT 'open'::text NOT NULL,
    reply_item uuid,
    changed timestamp with time zone
);

ALTER TABLE public.recommendation OWNER TO ouv_owner;

CREATE TABLE public.reply_address (
    id uuid NOT NULL,
    case_id uuid NOT NULL,
    party uuid NOT NULL,
    version integer NOT NULL
);

ALTER TABLE public.reply_address OWNER TO ouv_owner;

CREATE TABLE public.saved_view (
    id uuid NOT NULL,
    person uuid NOT NULL,
    name text NOT NULL,
    query text NOT NULL,
    shared boolean DEFAULT false NOT NULL,
    made timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT saved_view_name_check CHECK (((name <> ''::text) AND (octet_length(name) <= 60))),
    CONSTRAINT saved_view_query_check CHECK ((octet_length(query) <= 600))
);

ALTER TABLE public.saved_view OWNER TO ouv_owner;

CREATE TABLE public.schema_migration (
    number integer NOT NULL,
    name text NOT NULL,
    hash bytea NOT NULL,
    applied timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT schema_migration_hash_check CHECK ((octet_length(hash) = 32))
);

ALTER TABLE public.schema_migration OWNER TO ouv_owner;

CREATE UNLOGGED TABLE public.session (
    id bytea NOT NULL,
    person uuid NOT NULL,
    wrapped bytea NOT NULL,
    created timestamp with time zone DEFAULT now() NOT NULL,
    seen timestamp with time zone DEFAULT now() NOT NULL,
    ua_hash bytea,
    stepped timestamp with time zone,
    agent bytea,
    totp_new bytea,
    recovery_new bytea,
    at_case uuid,
    CONSTRAINT session_id_check CHECK ((octet_length(id) = 32)),
    CONSTRAINT session_wrapped_check CHECK ((octet_length(wrapped) = 104))
);

ALTER TABLE public.session OWNER TO ouv_owner;

CREATE TABLE public.settlement (
    case_id uuid NOT NULL,
    round integer NOT NULL,
    n integer NOT NULL,
    item uuid NOT NULL,
    promiser text NOT NULL,
    due timestamp with time zone NOT NULL
);

ALTER TABLE public.settlement OWNER TO ouv_owner;

CREATE TABLE public.settlement_choice (
    case_id uuid NOT NULL,
    round integer NOT NULL,
    side public.party_side NOT NULL,
    n integer NOT NULL,
    at timestamp with time zone NOT NULL,
    source text NOT NULL
);

ALTER TABLE public.settlement_choice OWNER TO ouv_owner;

CREATE TABLE public.task (
    id uuid NOT NULL,
    case_id uuid NOT NULL,
    kind text NOT NULL,
    item uuid,
    party uuid,
    opened timestamp with time zone NOT NULL,
    due timestamp with time zone NOT NULL,
    done timestamp with time zone,
    done_by uuid,
    outcome text,
    note uuid,
    words uuid,
    person uuid
);

ALTER TABLE public.task OWNER TO ouv_owner;

CREATE TABLE public.text_version (
    name text NOT NULL,
    n integer NOT NULL,
    content text NOT NULL,
    reason text NOT NULL,
    from_n integer,
    overrule text,
    author uuid NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    sig bytea NOT NULL,
    second uuid,
    second_at timestamp with time zone,
    second_sig bytea,
    second_why text,
    published timestamp with time zone,
    refused timestamp with time zone,
    CONSTRAINT text_version_check CHECK ((second <> author)),
    CONSTRAINT text_version_check1 CHECK (((published IS NULL) OR (refused IS NULL))),
    CONSTRAINT text_version_content_check CHECK ((octet_length(content) <= 262144)),
    CONSTRAINT text_version_reason_check CHECK ((reason <> ''::text)),
    CONSTRAINT text_version_second_sig_check CHECK ((octet_length(second_sig) = 64)),
    CONSTRAINT text_version_sig_check CHECK ((octet_length(sig) = 64))
);

ALTER TABLE public.text_version OWNER TO ouv_owner;

CREATE TABLE public.training (
    id uuid NOT NULL,
    person uuid NOT NULL,
    subject text NOT NULL,
    on_day date NOT NULL,
    until_day date,
    made_by uuid NOT NULL,
    made timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE public.training OWNER TO ouv_owner;

CREATE UNLOGGED TABLE public.upload (
    form bytea NOT NULL,
    n integer NOT NULL,
    id uuid NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    bytes bigint DEFAULT 0 NOT NULL,
    head bytea,
    CONSTRAINT upload_form_check CHECK ((octet_length(form) = 32))
);
ALTER TABLE ONLY public.upload ALTER COLUMN head SET STORAGE EXTERNAL;

ALTER TABLE public.upload OWNER TO ouv_owner;

CREATE UNLOGGED TABLE public.upload_chunk (
    upload uuid NOT NULL,
    n integer NOT NULL,
    ct bytea NOT NULL
);
ALTER TABLE ONLY public.upload_chunk ALTER COLUMN ct SET STORAGE EXTERNAL;

ALTER TABLE public.upload_chunk OWNER TO ouv_owner;

CREATE UNLOGGED TABLE public.word_key (
    person uuid NOT NULL,
    case_id uuid NOT NULL,
    version integer NOT NULL,
    box bytea NOT NULL
);

ALTER TABLE public.word_key OWNER TO ouv_owner;

CREATE UNLOGGED TABLE public.word_part (
    case_id uuid NOT NULL,
    version integer NOT NULL,
    seq integer NOT NULL,
    part integer NOT NULL
);

ALTER TABLE public.word_part OWNER TO ouv_owner;

CREATE TABLE public.word_token (
    case_id uuid NOT NULL,
    token bytea NOT NULL
);

ALTER TABLE public.word_token OWNER TO ouv_owner;

ALTER TABLE ONLY public.absence_note
    ADD CONSTRAINT absence_note_pkey PRIMARY KEY (absence, sender);

ALTER TABLE ONLY public.absence
    ADD CONSTRAINT absence_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.act_pending
    ADD CONSTRAINT act_pending_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.alarm
    ADD CONSTRAINT alarm_pkey PRIMARY KEY (case_id, clock, n, round, kind);

ALTER TABLE ONLY public.allegation
    ADD CONSTRAINT allegation_pkey PRIMARY KEY (case_id, n);

ALTER TABLE ONLY public.api_count
    ADD CONSTRAINT api_count_pkey PRIMARY KEY (page_key);

ALTER TABLE ONLY public.api_once
    ADD CONSTRAINT api_once_pkey PRIMARY KEY (page_key, key);

ALTER TABLE ONLY public.api_token
    ADD CONSTRAINT api_token_pkey PRIMARY KEY (page_key);

ALTER TABLE ONLY public.audit_checkpoint
    ADD CONSTRAINT audit_checkpoint_pkey PRIMARY KEY (signer, n);

ALTER TABLE ONLY public.audit_event
    ADD CONSTRAINT audit_event_pkey PRIMARY KEY (chain, seq);

ALTER TABLE ONLY public.audit_signer
    ADD CONSTRAINT audit_signer_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.calendar_day
    ADD CONSTRAINT calendar_day_calendar_day_key UNIQUE (calendar, day);

ALTER TABLE ONLY public.calendar_day
    ADD CONSTRAINT calendar_day_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.capsule
    ADD CONSTRAINT capsule_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.case_conflict
    ADD CONSTRAINT case_conflict_pkey PRIMARY KEY (case_id, person);

ALTER TABLE ONLY public.case_file
    ADD CONSTRAINT case_file_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.case_file
    ADD CONSTRAINT case_file_protocol_key UNIQUE (protocol);

ALTER TABLE ONLY public.case_grant
    ADD CONSTRAINT case_grant_pkey PRIMARY KEY (case_id, version, person);

ALTER TABLE ONLY public.case_key
    ADD CONSTRAINT case_key_pkey PRIMARY KEY (case_id, version);

ALTER TABLE ONLY public.case_link
    ADD CONSTRAINT case_link_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.case_reader
    ADD CONSTRAINT case_reader_pkey PRIMARY KEY (case_id, person);

ALTER TABLE ONLY public.case_seen
    ADD CONSTRAINT case_seen_pkey PRIMARY KEY (case_id, person);

ALTER TABLE ONLY public.case_team
    ADD CONSTRAINT case_team_pkey PRIMARY KEY (case_id, person);

ALTER TABLE ONLY public.chunk
    ADD CONSTRAINT chunk_pkey PRIMARY KEY (item, n);

ALTER TABLE ONLY public.clock
    ADD CONSTRAINT clock_pkey PRIMARY KEY (case_id, kind, n);

ALTER TABLE ONLY public.code_entry
    ADD CONSTRAINT code_entry_pkey PRIMARY KEY (book, code, n);

ALTER TABLE ONLY public.company_contact
    ADD CONSTRAINT company_contact_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.company_contact
    ADD CONSTRAINT company_contact_unit_addr_key UNIQUE (unit, addr);

ALTER TABLE ONLY public.company_hand
    ADD CONSTRAINT company_hand_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.company
    ADD CONSTRAINT company_name_key UNIQUE (name);

ALTER TABLE ONLY public.company
    ADD CONSTRAINT company_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.company_post
    ADD CONSTRAINT company_post_pkey PRIMARY KEY (item);

ALTER TABLE ONLY public.company_unit
    ADD CONSTRAINT company_unit_company_name_key UNIQUE (company, name);

ALTER TABLE ONLY public.company_unit
    ADD CONSTRAINT company_unit_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.conflict_register
    ADD CONSTRAINT conflict_register_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.deadline_profile
    ADD CONSTRAINT deadline_profile_pkey PRIMARY KEY (name, n);

ALTER TABLE ONLY public.disclosure
    ADD CONSTRAINT disclosure_case_id_n_key UNIQUE (case_id, n);

ALTER TABLE ONLY public.disclosure_item
    ADD CONSTRAINT disclosure_item_pkey PRIMARY KEY (disclosure, n);

ALTER TABLE ONLY public.disclosure
    ADD CONSTRAINT disclosure_link_key UNIQUE (link);

ALTER TABLE ONLY public.disclosure
    ADD CONSTRAINT disclosure_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.disclosure_visit
    ADD CONSTRAINT disclosure_visit_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.draw
    ADD CONSTRAINT draw_pkey PRIMARY KEY (case_id, n);

ALTER TABLE ONLY public.escrow_given
    ADD CONSTRAINT escrow_given_pkey PRIMARY KEY (case_id, version, person);

ALTER TABLE ONLY public.evidence
    ADD CONSTRAINT evidence_pkey PRIMARY KEY (case_id, n);

ALTER TABLE ONLY public.figure_made
    ADD CONSTRAINT figure_made_pkey PRIMARY KEY (one);

ALTER TABLE ONLY public.figure
    ADD CONSTRAINT figure_pkey PRIMARY KEY (month, name, a, b, value);

ALTER TABLE ONLY public.form_key
    ADD CONSTRAINT form_key_pkey PRIMARY KEY (key);

ALTER TABLE ONLY public.gateway_part
    ADD CONSTRAINT gateway_part_pkey PRIMARY KEY (part);

ALTER TABLE ONLY public.grant_due
    ADD CONSTRAINT grant_due_pkey PRIMARY KEY (case_id, person);

ALTER TABLE ONLY public.grant_ended
    ADD CONSTRAINT grant_ended_pkey PRIMARY KEY (case_id, person);

ALTER TABLE ONLY public.grant_given
    ADD CONSTRAINT grant_given_pkey PRIMARY KEY (case_id, person);

ALTER TABLE ONLY public.hearing
    ADD CONSTRAINT hearing_pkey PRIMARY KEY (case_id, round, side);

ALTER TABLE ONLY public.host_secret
    ADD CONSTRAINT host_secret_pkey PRIMARY KEY (name, version);

ALTER TABLE ONLY public.ident_token
    ADD CONSTRAINT ident_token_pkey PRIMARY KEY (token, kind, case_id, party);

ALTER TABLE ONLY public.inbound
    ADD CONSTRAINT inbound_mailbox_canon_mac_key UNIQUE (mailbox, canon_mac);

ALTER TABLE ONLY public.inbound
    ADD CONSTRAINT inbound_mailbox_uidvalidity_uid_key UNIQUE (mailbox, uidvalidity, uid);

ALTER TABLE ONLY public.inbound
    ADD CONSTRAINT inbound_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.invite
    ADD CONSTRAINT invite_pkey PRIMARY KEY (person);

ALTER TABLE ONLY public.item
    ADD CONSTRAINT item_case_id_seq_key UNIQUE (case_id, seq);

ALTER TABLE ONLY public.item_guess
    ADD CONSTRAINT item_guess_pkey PRIMARY KEY (item, n);

ALTER TABLE ONLY public.item_page
    ADD CONSTRAINT item_page_pkey PRIMARY KEY (item, part, page);

ALTER TABLE ONLY public.item
    ADD CONSTRAINT item_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.key_rotation
    ADD CONSTRAINT key_rotation_pkey PRIMARY KEY (name);

ALTER TABLE ONLY public.key_taken
    ADD CONSTRAINT key_taken_pkey PRIMARY KEY (program, name);

ALTER TABLE ONLY public.login_throttle
    ADD CONSTRAINT login_throttle_pkey PRIMARY KEY (scope, token);

ALTER TABLE ONLY public.mail_burst
    ADD CONSTRAINT mail_burst_pkey PRIMARY KEY (token, start);

ALTER TABLE ONLY public.mailbox_lease
    ADD CONSTRAINT mailbox_lease_pkey PRIMARY KEY (mailbox);

ALTER TABLE ONLY public.office_key
    ADD CONSTRAINT office_key_pkey PRIMARY KEY (kind, version);

ALTER TABLE ONLY public.office
    ADD CONSTRAINT office_pkey PRIMARY KEY (one);

ALTER TABLE ONLY public.opinion
    ADD CONSTRAINT opinion_pkey PRIMARY KEY (case_id, n);

ALTER TABLE ONLY public.outbox
    ADD CONSTRAINT outbox_dedupe_key_key UNIQUE (dedupe_key);

ALTER TABLE ONLY public.outbox
    ADD CONSTRAINT outbox_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.outbox_try
    ADD CONSTRAINT outbox_try_pkey PRIMARY KEY (outbox, n);

ALTER TABLE ONLY public.page_ask
    ADD CONSTRAINT page_ask_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.page_box
    ADD CONSTRAINT page_box_page_key_item_part_disclosure_key UNIQUE NULLS NOT DISTINCT (page_key, item, part, disclosure);

ALTER TABLE ONLY public.page_key
    ADD CONSTRAINT page_key_name_key UNIQUE (name);

ALTER TABLE ONLY public.page_key
    ADD CONSTRAINT page_key_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.page_visit
    ADD CONSTRAINT page_visit_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.party_act
    ADD CONSTRAINT party_act_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.party
    ADD CONSTRAINT party_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.person_choice
    ADD CONSTRAINT person_choice_pkey PRIMARY KEY (person);

ALTER TABLE ONLY public.person_device
    ADD CONSTRAINT person_device_pkey PRIMARY KEY (person, id);

ALTER TABLE ONLY public.person_former
    ADD CONSTRAINT person_former_pkey PRIMARY KEY (person, sig_pk);

ALTER TABLE ONLY public.person_key
    ADD CONSTRAINT person_key_pkey PRIMARY KEY (person, how);

ALTER TABLE ONLY public.person
    ADD CONSTRAINT person_login_key UNIQUE (login);

ALTER TABLE ONLY public.person
    ADD CONSTRAINT person_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.post
    ADD CONSTRAINT post_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.profile
    ADD CONSTRAINT profile_pkey PRIMARY KEY (person);

ALTER TABLE ONLY public.promise
    ADD CONSTRAINT promise_case_id_n_key UNIQUE (case_id, n);

ALTER TABLE ONLY public.promise
    ADD CONSTRAINT promise_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.protocol_counter
    ADD CONSTRAINT protocol_counter_pkey PRIMARY KEY (year);

ALTER TABLE ONLY public.rate_bucket
    ADD CONSTRAINT rate_bucket_pkey PRIMARY KEY (scope, token, start);

ALTER TABLE ONLY public.recommendation
    ADD CONSTRAINT recommendation_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.reply_address
    ADD CONSTRAINT reply_address_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.saved_view
    ADD CONSTRAINT saved_view_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.schema_migration
    ADD CONSTRAINT schema_migration_pkey PRIMARY KEY (number);

ALTER TABLE ONLY public.session
    ADD CONSTRAINT session_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.settlement_choice
    ADD CONSTRAINT settlement_choice_pkey PRIMARY KEY (case_id, round, side);

ALTER TABLE ONLY public.settlement
    ADD CONSTRAINT settlement_pkey PRIMARY KEY (case_id, round, n);

ALTER TABLE ONLY public.task
    ADD CONSTRAINT task_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.text_version
    ADD CONSTRAINT text_version_pkey PRIMARY KEY (name, n);

ALTER TABLE ONLY public.training
    ADD CONSTRAINT training_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.upload_chunk
    ADD CONSTRAINT upload_chunk_pkey PRIMARY KEY (upload, n);

ALTER TABLE ONLY public.upload
    ADD CONSTRAINT upload_id_key UNIQUE (id);

ALTER TABLE ONLY public.upload
    ADD CONSTRAINT upload_pkey PRIMARY KEY (form, n);

ALTER TABLE ONLY public.word_key
    ADD CONSTRAINT word_key_pkey PRIMARY KEY (person, case_id, version);

ALTER TABLE ONLY public.word_part
    ADD CONSTRAINT word_part_pkey PRIMARY KEY (case_id);

ALTER TABLE ONLY public.word_token
    ADD CONSTRAINT word_token_pkey PRIMARY KEY (case_id, token);

CREATE INDEX absence_person ON public.absence USING btree (person, ends);

CREATE INDEX absence_time ON public.absence USING btree (ends, starts);

CREATE INDEX act_pending_confirmed ON public.act_pending USING btree (case_id, author) WHERE (decision = 'confirmed'::text);

CREATE INDEX act_pending_fields ON public.act_pending USING btree (fields_item);

CREATE UNIQUE INDEX act_pending_one ON public.act_pending USING btree (case_id, action) WHERE (decided IS NULL);

CREATE INDEX act_pending_open ON public.act_pending USING btree (at, id) WHERE (decided IS NULL);

CREATE INDEX alarm_due ON public.alarm USING btree (at) WHERE (done IS NULL);

CREATE INDEX api_once_at ON public.api_once USING btree (at);

CREATE INDEX api_token_unit ON public.api_token USING btree (unit);

CREATE INDEX audit_checkpoint_unmailed ON public.audit_checkpoint USING btree (signer, n DESC) WHERE (mailed IS NULL);

CREATE INDEX audit_event_change ON public.audit_event USING btree (chain, seq) WHERE (action <> ALL (ARRAY['read'::text, 'read-log'::text, 'download'::text, 'preview'::text, 'denied'::text]));

CREATE INDEX audit_event_drill ON public.audit_event USING btree (at_us) WHERE ((chain = signer) AND (action = 'key-drill'::text));

CREATE INDEX audit_event_own ON public.audit_event USING btree (at_us, chain, seq) WHERE (chain = signer);

CREATE UNIQUE INDEX audit_event_signer ON public.audit_event USING btree (signer, signer_seq);

CREATE INDEX capsule_case ON public.capsule USING btree (case_id);

CREATE INDEX capsule_contact ON public.capsule USING btree (contact) WHERE (contact IS NOT NULL);

CREATE INDEX capsule_svc ON public.capsule USING btree (case_id) WHERE (box_svc IS NOT NULL);

CREATE INDEX case_aside ON public.case_file USING btree (last, id) WHERE ((aside IS NOT NULL) AND (erased IS NULL));

CREATE INDEX case_closed ON public.case_file USING btree (last, id) WHERE ((desk_month IS NULL) AND (state = 'closed'::public.case_state) AND (protocol IS NOT NULL));

CREATE INDEX case_company ON public.case_file USING btree (company, id) WHERE (company IS NOT NULL);

CREATE UNIQUE INDEX case_desk_month ON public.case_file USING btree (desk_month) WHERE (desk_month IS NOT NULL);

CREATE INDEX case_due ON public.case_file USING btree (due) WHERE ((desk_month IS NULL) AND (state <> ALL (ARRAY['held'::public.case_state, 'closed'::public.case_state, 'erased'::public.case_state])));

CREATE INDEX case_erased ON public.case_file USING btree (erased, id) WHERE (erased IS NOT NULL);

CREATE INDEX case_grant_person ON public.case_grant USING btree (person, case_id, version);

CREATE INDEX case_held ON public.case_file USING btree (last, id) WHERE ((desk_month IS NOT NULL) OR (state = 'held'::public.case_state));

CREATE INDEX case_key_signer ON public.case_key USING btree (signer) WHERE (signer <> '00000000-0000-0000-0000-000000000000'::uuid);

CREATE INDEX case_link_case ON public.case_link USING btree (case_id) WHERE (undone IS NULL);

CREATE INDEX case_link_other ON public.case_link USING btree (other) WHERE (undone IS NULL);

CREATE INDEX case_mine ON public.case_file USING btree (owner, last, id) WHERE ((owner IS NOT NULL) AND (desk_month IS NULL) AND (state <> ALL (ARRAY['held'::public.case_state, 'closed'::public.case_state, 'erased'::public.case_state])));

CREATE INDEX case_new ON public.case_file USING btree (last, id) WHERE ((desk_month IS NULL) AND (state = 'received'::public.case_state));

CREATE INDEX case_on_hold ON public.case_file USING btree (hold_review, id) WHERE legal_hold;

CREATE INDEX case_open ON public.case_file USING btree (last, id) WHERE ((desk_month IS NULL) AND (state <> ALL (ARRAY['held'::public.case_state, 'closed'::public.case_state, 'erased'::public.case_state])));

CREATE INDEX case_ownerless ON public.case_file USING btree (last, id) WHERE ((owner IS NULL) AND (desk_month IS NULL) AND (state <> ALL (ARRAY['held'::public.case_state, 'closed'::public.case_state, 'erased'::public.case_state, 'received'::public.case_state])));

CREATE INDEX case_reader_due ON public.case_reader USING btree (person, part, due, case_id) INCLUDE (state, owner);

CREATE INDEX case_reader_fresh ON public.case_reader USING btree (person, owner) WHERE ((fresh > 0) AND (part = 'open'::text));

CREATE INDEX case_reader_last ON public.case_reader USING btree (person, part, last, case_id);

CREATE INDEX case_reader_opened ON public.case_reader USING btree (person, part, opened, case_id);

CREATE INDEX case_reader_tasks ON public.case_reader USING btree (person, part, trouble) WHERE (tasks > 0);

CREATE INDEX clock_dates ON public.clock USING btree (due, case_id) WHERE ((state = 'running'::public.clock_state) AND (kind <> ALL (ARRAY['retention'::public.clock_kind, 'review-window'::public.clock_kind, 'reopen-window'::public.clock_kind])));

CREATE INDEX clock_due ON public.clock USING btree (due, case_id) WHERE (state = 'running'::public.clock_state);

CREATE INDEX clock_open ON public.clock USING btree (calendar, case_id) WHERE (state <> 'stopped'::public.clock_state);

CREATE INDEX clock_retention ON public.clock USING btree (due, case_id) WHERE ((kind = 'retention'::public.clock_kind) AND (state = 'running'::public.clock_state));

CREATE INDEX company_hand_case ON public.company_hand USING btree (case_id, at);

CREATE INDEX company_hand_untold ON public.company_hand USING btree (at) WHERE (told IS NULL);

CREATE INDEX company_post_case ON public.company_post USING btree (case_id, at);

CREATE INDEX company_post_untold ON public.company_post USING btree (at) WHERE (told IS NULL);

CREATE INDEX conflict_company ON public.conflict_register USING btree (company) WHERE (ended IS NULL);

CREATE INDEX conflict_consumer ON public.conflict_register USING btree (consumer) WHERE (ended IS NULL);

CREATE INDEX conflict_person ON public.conflict_register USING btree (person) WHERE (ended IS NULL);

CREATE INDEX disclosure_item_live ON public.disclosure_item USING btree (disclosure) WHERE (box IS NOT NULL);

CREATE INDEX ident_token_case ON public.ident_token USING btree (case_id, version);

CREATE INDEX inbound_unmoved ON public.inbound USING btree (mailbox, uidvalidity, uid) WHERE ((uid IS NOT NULL) AND (moved IS NULL));

CREATE INDEX inbound_waiting ON public.inbound USING btree (not_before, id) WHERE (state = 'received'::public.inbound_state);

CREATE INDEX item_page_due ON public.item_page USING btree (item) WHERE ((NOT taken) AND (page > 0));

CREATE INDEX outbox_case ON public.outbox USING btree (case_id);

CREATE INDEX outbox_due ON public.outbox USING btree (not_before, id) WHERE ((state = ANY (ARRAY['queued'::public.outbox_state, 'unknown'::public.outbox_state])) AND (NOT paper));

CREATE INDEX outbox_item ON public.outbox USING btree (item, id);

CREATE INDEX outbox_undelivered ON public.outbox USING btree (case_id) WHERE (state = ANY (ARRAY['failed'::public.outbox_state, 'bounced'::public.outbox_state]));

CREATE INDEX page_ask_waiting ON public.page_ask USING btree (at, id) WHERE (done IS NULL);

CREATE INDEX page_box_item ON public.page_box USING btree (item);

CREATE INDEX page_box_released ON public.page_box USING btree (disclosure) WHERE (disclosure IS NOT NULL);

CREATE INDEX page_key_case ON public.page_key USING btree (case_id) WHERE (case_id IS NOT NULL);

CREATE INDEX page_key_end ON public.page_key USING btree (expires) WHERE (revoked IS NULL);

CREATE UNIQUE INDEX page_key_live ON public.page_key USING btree (reader) WHERE ((revoked IS NULL) AND (kind <> 'token'::text));

CREATE INDEX page_key_reader ON public.page_key USING btree (reader, made);

CREATE INDEX page_visit_key ON public.page_visit USING btree (page_key);

CREATE INDEX party_act_case ON public.party_act USING btree (case_id, at);

CREATE INDEX party_act_waiting ON public.party_act USING btree (at, id) WHERE (done IS NULL);

CREATE INDEX party_case ON public.party USING btree (case_id);

CREATE INDEX post_case ON public.post USING btree (case_id);

CREATE INDEX post_done ON public.post USING btree (moved, id) WHERE (state = ANY (ARRAY['delivered'::text, 'returned'::text, 'void'::text]));

CREATE INDEX post_letter ON public.post USING btree (letter, id);

CREATE INDEX post_presumed ON public.post USING btree (presumed) WHERE ((state = 'posted'::text) AND (NOT assumed));

CREATE INDEX post_state ON public.post USING btree (state, made, id);

CREATE INDEX promise_open ON public.promise USING btree (due) WHERE (state = 'open'::text);

CREATE INDEX recommendation_company ON public.recommendation USING btree (company, made);

CREATE INDEX saved_view_person ON public.saved_view USING btree (person);

CREATE INDEX saved_view_shared ON public.saved_view USING btree (id) WHERE shared;

CREATE INDEX session_person ON public.session USING btree (person, created);

CREATE INDEX task_case ON public.task USING btree (case_id, opened);

CREATE INDEX task_due ON public.task USING btree (due, id) WHERE (done IS NULL);

CREATE UNIQUE INDEX task_once ON public.task USING btree (item, kind) WHERE (kind <> 'promise'::text);

CREATE INDEX task_open ON public.task USING btree (case_id) WHERE (done IS NULL);

CREATE INDEX text_live ON public.text_version USING btree (name, n DESC) WHERE (published IS NOT NULL);

CREATE INDEX text_published ON public.text_version USING btree (published) WHERE (published IS NOT NULL);

CREATE INDEX text_waiting ON public.text_version USING btree (name) WHERE ((published IS NULL) AND (refused IS NULL));

CREATE INDEX training_person ON public.training USING btree (person, subject);

CREATE INDEX upload_at ON public.upload USING btree (at);

CREATE TRIGGER api_token_over AFTER UPDATE OF revoked ON public.page_key FOR EACH ROW WHEN (((new.kind = 'token'::text) AND (old.revoked IS NULL) AND (new.revoked IS NOT NULL))) EXECUTE FUNCTION public.api_token_over();

CREATE TRIGGER audit_checkpoint_append_only BEFORE DELETE OR TRUNCATE ON public.audit_checkpoint FOR EACH STATEMENT EXECUTE FUNCTION public.append_only();

CREATE TRIGGER audit_checkpoint_stays BEFORE UPDATE ON public.audit_checkpoint FOR EACH ROW EXECUTE FUNCTION public.checkpoint_stays();

CREATE TRIGGER audit_event_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.audit_event FOR EACH STATEMENT EXECUTE FUNCTION public.append_only();

CREATE TRIGGER audit_signer_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.audit_signer FOR EACH STATEMENT EXECUTE FUNCTION public.append_only();

CREATE TRIGGER case_address_felt AFTER INSERT ON public.ident_token FOR EACH ROW WHEN ((new.kind = 1)) EXECUTE FUNCTION public.address_known();

CREATE TRIGGER case_company_felt AFTER UPDATE OF company ON public.case_file FOR EACH ROW WHEN (((new.company IS NOT NULL) AND (new.company IS DISTINCT FROM old.company))) EXECUTE FUNCTION public.company_known();

CREATE TRIGGER case_conflict_felt AFTER INSERT ON public.case_conflict FOR EACH ROW EXECUTE FUNCTION public.conflict_of_case();

CREATE TRIGGER case_grant_erased AFTER INSERT ON public.case_grant REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION public.grant_erased();

CREATE TRIGGER case_grant_fence AFTER INSERT ON public.case_grant REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION public.grant_fence();

CREATE TRIGGER case_reader_begin AFTER INSERT ON public.case_grant FOR EACH ROW WHEN ((new.person <> '00000000-0000-0000-0000-000000000000'::uuid)) EXECUTE FUNCTION public.case_reader_begin();

CREATE TRIGGER case_reader_end AFTER DELETE ON public.case_grant FOR EACH ROW EXECUTE FUNCTION public.case_reader_end();

CREATE TRIGGER case_reader_follow AFTER UPDATE ON public.case_file FOR EACH ROW WHEN (((((((((((((old.state IS DISTINCT FROM new.state) OR (old.desk_month IS DISTINCT FROM new.desk_month)) OR (old.protocol IS DISTINCT FROM new.protocol)) OR (old.owner IS DISTINCT FROM new.owner)) OR (old.last IS DISTINCT FROM new.last)) OR (old.opened IS DISTINCT FROM new.opened)) OR (old.due IS DISTINCT FROM new.due)) OR (old.kind IS DISTINCT FROM new.kind)) OR (old.severity IS DISTINCT FROM new.severity)) OR (old.company IS DISTINCT FROM new.company)) OR (old.lang IS DISTINCT FROM new.lang)) OR (old.contact_channel IS DISTINCT FROM new.contact_channel))) EXECUTE FUNCTION public.case_reader_follow();

CREATE TRIGGER case_reader_letter AFTER INSERT ON public.item FOR EACH ROW WHEN ((new.kind = ANY (ARRAY['mail_in'::public.item_kind, 'unparsed'::public.item_kind]))) EXECUTE FUNCTION public.case_reader_letter();

CREATE TRIGGER case_reader_look AFTER INSERT ON public.case_seen FOR EACH ROW EXECUTE FUNCTION public.case_reader_look();

CREATE TRIGGER case_reader_look_again AFTER UPDATE OF seq ON public.case_seen FOR EACH ROW WHEN ((old.seq <> new.seq)) EXECUTE FUNCTION public.case_reader_look();

CREATE TRIGGER case_reader_moved AFTER UPDATE OF case_id ON public.item FOR EACH ROW WHEN ((old.case_id <> new.case_id)) EXECUTE FUNCTION public.case_reader_letter();

CREATE TRIGGER case_reader_task AFTER INSERT ON public.task FOR EACH ROW WHEN ((new.done IS NULL)) EXECUTE FUNCTION public.case_reader_task();

CREATE TRIGGER case_reader_task_done AFTER UPDATE OF done ON public.task FOR EACH ROW WHEN (((old.done IS NULL) <> (new.done IS NULL))) EXECUTE FUNCTION public.case_reader_task();

CREATE TRIGGER case_seen_end AFTER DELETE ON public.case_grant FOR EACH ROW EXECUTE FUNCTION public.case_seen_end();

CREATE TRIGGER company_page_erased AFTER UPDATE OF erased ON public.case_file FOR EACH ROW WHEN (((old.erased IS NULL) AND (new.erased IS NOT NULL))) EXECUTE FUNCTION public.company_page_erased();

CREATE TRIGGER conflict_register_felt AFTER INSERT ON public.conflict_register FOR EACH ROW EXECUTE FUNCTION public.conflict_registered();

CREATE TRIGGER item_page_erased AFTER UPDATE OF erased ON public.case_file FOR EACH ROW WHEN (((old.erased IS NULL) AND (new.erased IS NOT NULL))) EXECUTE FUNCTION public.item_page_erased();

CREATE TRIGGER item_page_moved AFTER UPDATE OF case_id ON public.item FOR EACH ROW WHEN ((old.case_id <> new.case_id)) EXECUTE FUNCTION public.item_page_moved();

CREATE TRIGGER item_page_rekeyed AFTER UPDATE OF key_version ON public.case_file FOR EACH ROW WHEN ((old.key_version <> new.key_version)) EXECUTE FUNCTION public.item_page_rekeyed();

CREATE TRIGGER key_rotation_onward BEFORE UPDATE ON public.key_rotation FOR EACH ROW WHEN (((new.stage < old.stage) AND (new.version = old.version))) EXECUTE FUNCTION public.key_rotation_onward();

CREATE TRIGGER page_case_erased AFTER UPDATE OF erased ON public.case_file FOR EACH ROW WHEN (((old.erased IS NULL) AND (new.erased IS NOT NULL))) EXECUTE FUNCTION public.page_case_erased();

CREATE TRIGGER page_contact_left AFTER UPDATE OF active, addr, unit ON public.company_contact FOR EACH ROW WHEN (((old.active AND (NOT new.active)) OR (old.addr <> new.addr) OR (old.unit <> new.unit))) EXECUTE FUNCTION public.page_contact_left();

CREATE TRIGGER page_item_moved AFTER UPDATE OF case_id, party, lane ON public.item FOR EACH ROW WHEN (((old.case_id <> new.case_id) OR (old.party IS DISTINCT FROM new.party) OR (old.lane <> new.lane))) EXECUTE FUNCTION public.page_item_moved();

CREATE TRIGGER page_key_over AFTER UPDATE OF revoked ON public.page_key FOR EACH ROW WHEN (((old.revoked IS NULL) AND (new.revoked IS NOT NULL))) EXECUTE FUNCTION public.page_key_over();

CREATE TRIGGER page_unit_ended AFTER UPDATE OF until_day ON public.company_unit FOR EACH ROW WHEN ((new.until_day < CURRENT_DATE)) EXECUTE FUNCTION public.page_unit_ended();

CREATE TRIGGER post_case_erased AFTER UPDATE OF erased ON public.case_file FOR EACH ROW WHEN (((old.erased IS NULL) AND (new.erased IS NOT NULL))) EXECUTE FUNCTION public.post_case_erased();

CREATE TRIGGER post_told AFTER INSERT OR UPDATE OF state, assumed ON public.post FOR EACH ROW EXECUTE FUNCTION public.post_told();

CREATE TRIGGER saved_view_end AFTER UPDATE OF active ON public.person FOR EACH ROW WHEN ((old.active AND (NOT new.active))) EXECUTE FUNCTION public.saved_view_end();

ALTER TABLE ONLY public.absence
    ADD CONSTRAINT absence_called_by_fkey FOREIGN KEY (called_by) REFERENCES public.person(id);

ALTER TABLE ONLY public.absence
    ADD CONSTRAINT absence_made_by_fkey FOREIGN KEY (made_by) REFERENCES public.person(id);

ALTER TABLE ONLY public.absence_note
    ADD CONSTRAINT absence_note_absence_fkey FOREIGN KEY (absence) REFERENCES public.absence(id);

ALTER TABLE ONLY public.absence
    ADD CONSTRAINT absence_person_fkey FOREIGN KEY (person) REFERENCES public.person(id);

ALTER TABLE ONLY public.absence
    ADD CONSTRAINT absence_substitute_fkey FOREIGN KEY (substitute) REFERENCES public.person(id);

ALTER TABLE ONLY public.act_pending
    ADD CONSTRAINT act_pending_author_fkey FOREIGN KEY (author) REFERENCES public.person(id);

ALTER TABLE ONLY public.act_pending
    ADD CONSTRAINT act_pending_second_fkey FOREIGN KEY (second) REFERENCES public.person(id);

ALTER TABLE ONLY public.calendar_day
    ADD CONSTRAINT calendar_day_added_by_fkey FOREIGN KEY (added_by) REFERENCES public.person(id);

ALTER TABLE ONLY public.calendar_day
    ADD CONSTRAINT calendar_day_decided_by_fkey FOREIGN KEY (decided_by) REFERENCES public.person(id);

ALTER TABLE ONLY public.capsule
    ADD CONSTRAINT capsule_contact_fkey FOREIGN KEY (contact) REFERENCES public.company_contact(id);

ALTER TABLE ONLY public.case_conflict
    ADD CONSTRAINT case_conflict_ordered_by_fkey FOREIGN KEY (ordered_by) REFERENCES public.person(id);

ALTER TABLE ONLY public.case_conflict
    ADD CONSTRAINT case_conflict_person_fkey FOREIGN KEY (person) REFERENCES public.person(id);

ALTER TABLE ONLY public.case_file
    ADD CONSTRAINT case_file_company_fkey FOREIGN KEY (company) REFERENCES public.company(id);

ALTER TABLE ONLY public.case_file
    ADD CONSTRAINT case_file_owner_fkey FOREIGN KEY (owner) REFERENCES public.person(id);

ALTER TABLE ONLY public.case_file
    ADD CONSTRAINT case_file_unit_fkey FOREIGN KEY (unit) REFERENCES public.company_unit(id);

ALTER TABLE ONLY public.case_link
    ADD CONSTRAINT case_link_by_person_fkey FOREIGN KEY (by_person) REFERENCES public.person(id);

ALTER TABLE ONLY public.case_link
    ADD CONSTRAINT case_link_undone_by_fkey FOREIGN KEY (undone_by) REFERENCES public.person(id);

ALTER TABLE ONLY public.case_reader
    ADD CONSTRAINT case_reader_case_id_fkey FOREIGN KEY (case_id) REFERENCES public.case_file(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.case_seen
    ADD CONSTRAINT case_seen_case_id_fkey FOREIGN KEY (case_id) REFERENCES public.case_file(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.case_seen
    ADD CONSTRAINT case_seen_person_fkey FOREIGN KEY (person) REFERENCES public.person(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.case_team
    ADD CONSTRAINT case_team_person_fkey FOREIGN KEY (person) REFERENCES public.person(id);

ALTER TABLE ONLY public.code_entry
    ADD CONSTRAINT code_entry_author_fkey FOREIGN KEY (author) REFERENCES public.person(id);

ALTER TABLE ONLY public.company_contact
    ADD CONSTRAINT company_contact_substitute_fkey FOREIGN KEY (substitute) REFERENCES public.company_contact(id);

ALTER TABLE ONLY public.company_contact
    ADD CONSTRAINT company_contact_unit_fkey FOREIGN KEY (unit) REFERENCES public.company_unit(id);

ALTER TABLE ONLY public.company_unit
    ADD CONSTRAINT company_unit_company_fkey FOREIGN KEY (company) REFERENCES public.company(id);

ALTER TABLE ONLY public.conflict_register
    ADD CONSTRAINT conflict_register_company_fkey FOREIGN KEY (company) REFERENCES public.company(id);

ALTER TABLE ONLY public.conflict_register
    ADD CONSTRAINT conflict_register_made_by_fkey FOREIGN KEY (made_by) REFERENCES public.person(id);

ALTER TABLE ONLY public.conflict_register
    ADD CONSTRAINT conflict_register_person_fkey FOREIGN KEY (person) REFERENCES public.person(id);

ALTER TABLE ONLY public.deadline_profile
    ADD CONSTRAINT deadline_profile_author_fkey FOREIGN KEY (author) REFERENCES public.person(id);

ALTER TABLE ONLY public.disclosure
    ADD CONSTRAINT disclosure_case_id_fkey FOREIGN KEY (case_id) REFERENCES public.case_file(id);

ALTER TABLE ONLY public.disclosure
    ADD CONSTRAINT disclosure_code_item_fkey FOREIGN KEY (code_item) REFERENCES public.item(id);

ALTER TABLE ONLY public.disclosure
    ADD CONSTRAINT disclosure_created_by_fkey FOREIGN KEY (created_by) REFERENCES public.person(id);

ALTER TABLE ONLY public.disclosure_item
    ADD CONSTRAINT disclosure_item_disclosure_fkey FOREIGN KEY (disclosure) REFERENCES public.disclosure(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.disclosure_item
    ADD CONSTRAINT disclosure_item_item_fkey FOREIGN KEY (item) REFERENCES public.item(id);

ALTER TABLE ONLY public.disclosure
    ADD CONSTRAINT disclosure_party_fkey FOREIGN KEY (party) REFERENCES public.party(id);

ALTER TABLE ONLY public.disclosure
    ADD CONSTRAINT disclosure_revoked_by_fkey FOREIGN KEY (revoked_by) REFERENCES public.person(id);

ALTER TABLE ONLY public.draw
    ADD CONSTRAINT draw_by_person_fkey FOREIGN KEY (by_person) REFERENCES public.person(id);

ALTER TABLE ONLY public.draw
    ADD CONSTRAINT draw_chosen_fkey FOREIGN KEY (chosen) REFERENCES public.person(id);

ALTER TABLE ONLY public.escrow_given
    ADD CONSTRAINT escrow_given_first_fkey FOREIGN KEY (first) REFERENCES public.person(id);

ALTER TABLE ONLY public.escrow_given
    ADD CONSTRAINT escrow_given_person_fkey FOREIGN KEY (person) REFERENCES public.person(id);

ALTER TABLE ONLY public.escrow_given
    ADD CONSTRAINT escrow_given_second_fkey FOREIGN KEY (second) REFERENCES public.person(id);

ALTER TABLE ONLY public.evidence
    ADD CONSTRAINT evidence_added_by_fkey FOREIGN KEY (added_by) REFERENCES public.person(id);

ALTER TABLE ONLY public.grant_due
    ADD CONSTRAINT grant_due_person_fkey FOREIGN KEY (person) REFERENCES public.person(id);

ALTER TABLE ONLY public.grant_ended
    ADD CONSTRAINT grant_ended_by_person_fkey FOREIGN KEY (by_person) REFERENCES public.person(id);

ALTER TABLE ONLY public.grant_ended
    ADD CONSTRAINT grant_ended_person_fkey FOREIGN KEY (person) REFERENCES public.person(id);

ALTER TABLE ONLY public.invite
    ADD CONSTRAINT invite_made_by_fkey FOREIGN KEY (made_by) REFERENCES public.person(id);

ALTER TABLE ONLY public.invite
    ADD CONSTRAINT invite_person_fkey FOREIGN KEY (person) REFERENCES public.person(id);

ALTER TABLE ONLY public.item_page
    ADD CONSTRAINT item_page_item_fkey FOREIGN KEY (item) REFERENCES public.item(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.opinion
    ADD CONSTRAINT opinion_author_fkey FOREIGN KEY (author) REFERENCES public.person(id);

ALTER TABLE ONLY public.opinion
    ADD CONSTRAINT opinion_reader_fkey FOREIGN KEY (reader) REFERENCES public.person(id);

ALTER TABLE ONLY public.person_choice
    ADD CONSTRAINT person_choice_person_fkey FOREIGN KEY (person) REFERENCES public.person(id);

ALTER TABLE ONLY public.person_device
    ADD CONSTRAINT person_device_person_fkey FOREIGN KEY (person) REFERENCES public.person(id);

ALTER TABLE ONLY public.person_former
    ADD CONSTRAINT person_former_person_fkey FOREIGN KEY (person) REFERENCES public.person(id);

ALTER TABLE ONLY public.person_key
    ADD CONSTRAINT person_key_person_fkey FOREIGN KEY (person) REFERENCES public.person(id);

ALTER TABLE ONLY public.profile
    ADD CONSTRAINT profile_person_fkey FOREIGN KEY (person) REFERENCES public.person(id);

ALTER TABLE ONLY public.promise
    ADD CONSTRAINT promise_person_fkey FOREIGN KEY (person) REFERENCES public.person(id);

ALTER TABLE ONLY public.recommendation
    ADD CONSTRAINT recommendation_company_fkey FOREIGN KEY (company) REFERENCES public.company(id);

ALTER TABLE ONLY public.saved_view
    ADD CONSTRAINT saved_view_person_fkey FOREIGN KEY (person) REFERENCES public.person(id);

ALTER TABLE ONLY public.task
    ADD CONSTRAINT task_done_by_fkey FOREIGN KEY (done_by) REFERENCES public.person(id);

ALTER TABLE ONLY public.task
    ADD CONSTRAINT task_person_fkey FOREIGN KEY (person) REFERENCES public.person(id);

ALTER TABLE ONLY public.text_version
    ADD CONSTRAINT text_version_author_fkey FOREIGN KEY (author) REFERENCES public.person(id);

ALTER TABLE ONLY public.text_version
    ADD CONSTRAINT text_version_second_fkey FOREIGN KEY (second) REFERENCES public.person(id);

ALTER TABLE ONLY public.training
    ADD CONSTRAINT training_made_by_fkey FOREIGN KEY (made_by) REFERENCES public.person(id);

ALTER TABLE ONLY public.training
    ADD CONSTRAINT training_person_fkey FOREIGN KEY (person) REFERENCES public.person(id);

ALTER TABLE ONLY public.upload_chunk
    ADD CONSTRAINT upload_chunk_upload_fkey FOREIGN KEY (upload) REFERENCES public.upload(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.word_key
    ADD CONSTRAINT word_key_case_id_version_person_fkey FOREIGN KEY (case_id, version, person) REFERENCES public.case_grant(case_id, version, person) ON DELETE CASCADE;

REVOKE ALL ON FUNCTION public.address_back(in_case uuid, in_person uuid, in_capsule uuid, in_version integer, in_box bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION public.address_back(in_case uuid, in_person uuid, in_capsule uuid, in_version integer, in_box bytea) TO ouv_srv;

REVOKE ALL ON FUNCTION public.address_known() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.addresses_end(most integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.addresses_end(most integer) TO ouv_gw;

REVOKE ALL ON FUNCTION public.api_token_over() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.capsule_reach(in_case uuid, in_person uuid, in_capsule uuid, in_version integer, in_ct bytea, in_box bytea, in_svc bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION public.capsule_reach(in_case uuid, in_person uuid, in_capsule uuid, in_version integer, in_ct bytea, in_box bytea, in_svc bytea) TO ouv_srv;

GRANT INSERT ON TABLE public.case_file TO ouv_gw;
GRANT SELECT ON TABLE public.case_file TO ouv_srv;

GRANT SELECT(id) ON TABLE public.case_file TO ouv_gw;

GRANT SELECT(protocol) ON TABLE public.case_file TO ouv_gw;

GRANT SELECT(state),UPDATE(state) ON TABLE public.case_file TO ouv_gw;
GRANT UPDATE(state) ON TABLE public.case_file TO ouv_srv;

GRANT SELECT(desk_month) ON TABLE public.case_file TO ouv_gw;

GRANT SELECT(lang) ON TABLE public.case_file TO ouv_gw;

GRANT UPDATE(owner) ON TABLE public.case_file TO ouv_srv;
GRANT SELECT(owner) ON TABLE public.case_file TO ouv_gw;

GRANT SELECT(opened) ON TABLE public.case_file TO ouv_gw;

GRANT UPDATE(due) ON TABLE public.case_file TO ouv_srv;
GRANT SELECT(due),UPDATE(due) ON TABLE public.case_file TO ouv_gw;

GRANT UPDATE(moved) ON TABLE public.case_file TO ouv_srv;
GRANT SELECT(moved),UPDATE(moved) ON TABLE public.case_file TO ouv_gw;

GRANT SELECT(last),UPDATE(last) ON TABLE public.case_file TO ouv_gw;
GRANT UPDATE(last) ON TABLE public.case_file TO ouv_srv;

GRANT SELECT(items),UPDATE(items) ON TABLE public.case_file TO ouv_gw;
GRANT UPDATE(items) ON TABLE public.case_file TO ouv_srv;

GRANT SELECT(key_version) ON TABLE public.case_file TO ouv_gw;

GRANT UPDATE(aside) ON TABLE public.case_file TO ouv_srv;

GRANT SELECT(kind) ON TABLE public.case_file TO ouv_gw;
GRANT UPDATE(kind) ON TABLE public.case_file TO ouv_srv;

GRANT SELECT(severity) ON TABLE public.case_file TO ouv_gw;
GRANT UPDATE(severity) ON TABLE public.case_file TO ouv_srv;

GRANT SELECT(difficulty) ON TABLE public.case_file TO ouv_gw;
GRANT UPDATE(difficulty) ON TABLE public.case_file TO ouv_srv;

GRANT SELECT(urgent) ON TABLE public.case_file TO ouv_gw;
GRANT UPDATE(urgent) ON TABLE public.case_file TO ouv_srv;

GRANT UPDATE(service) ON TABLE public.case_file TO ouv_srv;

GRANT UPDATE(remedy) ON TABLE public.case_file TO ouv_srv;

GRANT UPDATE(contact_channel) ON TABLE public.case_file TO ouv_srv;

GRANT UPDATE(direction) ON TABLE public.case_file TO ouv_srv;

GRANT UPDATE(first_instance) ON TABLE public.case_file TO ouv_srv;

GRANT UPDATE(first_instance_item) ON TABLE public.case_file TO ouv_srv;

GRANT SELECT(identity) ON TABLE public.case_file TO ouv_gw;
GRANT UPDATE(identity) ON TABLE public.case_file TO ouv_srv;

GRANT SELECT(company) ON TABLE public.case_file TO ouv_gw;
GRANT UPDATE(company) ON TABLE public.case_file TO ouv_srv;

GRANT SELECT(unit) ON TABLE public.case_file TO ouv_gw;
GRANT UPDATE(unit) ON TABLE public.case_file TO ouv_srv;

GRANT SELECT(profile) ON TABLE public.case_file TO ouv_gw;
GRANT UPDATE(profile) ON TABLE public.case_file TO ouv_srv;

GRANT SELECT(calendar) ON TABLE public.case_file TO ouv_gw;
GRANT UPDATE(calendar) ON TABLE public.case_file TO ouv_srv;

GRANT SELECT(complete),UPDATE(complete) ON TABLE public.case_file TO ouv_gw;
GRANT UPDATE(complete) ON TABLE public.case_file TO ouv_srv;

GRANT SELECT(closed),UPDATE(closed) ON TABLE public.case_file TO ouv_gw;
GRANT UPDATE(closed) ON TABLE public.case_file TO ouv_srv;

GRANT SELECT(closed_by),UPDATE(closed_by) ON TABLE public.case_file TO ouv_gw;
GRANT UPDATE(closed_by) ON TABLE public.case_file TO ouv_srv;

GRANT SELECT(closed_from),UPDATE(closed_from) ON TABLE public.case_file TO ouv_gw;
GRANT UPDATE(closed_from) ON TABLE public.case_file TO ouv_srv;

GRANT UPDATE(ground) ON TABLE public.case_file TO ouv_srv;

GRANT SELECT(merit) ON TABLE public.case_file TO ouv_gw;
GRANT UPDATE(merit) ON TABLE public.case_file TO ouv_srv;

GRANT SELECT(resolution),UPDATE(resolution) ON TABLE public.case_file TO ouv_gw;
GRANT UPDATE(resolution) ON TABLE public.case_file TO ouv_srv;

GRANT SELECT(rating),UPDATE(rating) ON TABLE public.case_file TO ouv_gw;
GRANT UPDATE(rating) ON TABLE public.case_file TO ouv_srv;

GRANT SELECT(legal_hold) ON TABLE public.case_file TO ouv_gw;
GRANT UPDATE(legal_hold) ON TABLE public.case_file TO ouv_srv;

GRANT SELECT(owes),UPDATE(owes) ON TABLE public.case_file TO ouv_gw;
GRANT UPDATE(owes) ON TABLE public.case_file TO ouv_srv;

GRANT SELECT(told),UPDATE(told) ON TABLE public.case_file TO ouv_gw;
GRANT UPDATE(told) ON TABLE public.case_file TO ouv_srv;

GRANT UPDATE(indexed) ON TABLE public.case_file TO ouv_srv;

GRANT UPDATE(hold_review) ON TABLE public.case_file TO ouv_srv;

GRANT UPDATE(data_right) ON TABLE public.case_file TO ouv_srv;

GRANT UPDATE(data_outcome) ON TABLE public.case_file TO ouv_srv;

GRANT UPDATE(data_denial) ON TABLE public.case_file TO ouv_srv;

REVOKE ALL ON FUNCTION public.case_due(c public.case_file) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.case_entered(in_case uuid, in_protocol text, in_lang text, in_channel text, in_opened timestamp with time zone, in_summary bytea, in_cpk bytea, in_signer uuid, in_sig bytea, in_owner uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.case_entered(in_case uuid, in_protocol text, in_lang text, in_channel text, in_opened timestamp with time zone, in_summary bytea, in_cpk bytea, in_signer uuid, in_sig bytea, in_owner uuid) TO ouv_srv;

REVOKE ALL ON FUNCTION public.case_erase(in_case uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.case_erase(in_case uuid) TO ouv_srv;

REVOKE ALL ON FUNCTION public.case_idents_move(in_case uuid, in_before uuid[], in_now uuid[], in_version integer, in_whole boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION public.case_idents_move(in_case uuid, in_before uuid[], in_now uuid[], in_version integer, in_whole boolean) TO ouv_srv;

REVOKE ALL ON FUNCTION public.case_paper(in_case uuid, in_protocol text, in_lang text, in_channel text, in_right text, in_profile text, in_opened timestamp with time zone, in_summary bytea, in_cpk bytea, in_signer uuid, in_sig bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION public.case_paper(in_case uuid, in_protocol text, in_lang text, in_channel text, in_right text, in_profile text, in_opened timestamp with time zone, in_summary bytea, in_cpk bytea, in_signer uuid, in_sig bytea) TO ouv_srv;

REVOKE ALL ON FUNCTION public.case_part(c public.case_file) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.case_reader_begin() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.case_reader_end() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.case_reader_follow() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.case_reader_letter() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.case_reader_look() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.case_reader_task() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.case_rekey(in_case uuid, in_person uuid, in_from integer, in_cpk bytea, in_sig bytea, in_old bytea, in_summary bytea, to_person uuid[], to_pk bytea[], to_box bytea[], to_sig bytea[], of_item uuid[], item_box bytea[], of_capsule uuid[], capsule_ct bytea[], capsule_box bytea[], capsule_svc bytea[]) FROM PUBLIC;
GRANT ALL ON FUNCTION public.case_rekey(in_case uuid, in_person uuid, in_from integer, in_cpk bytea, in_sig bytea, in_old bytea, in_summary bytea, to_person uuid[], to_pk bytea[], to_box bytea[], to_sig bytea[], of_item uuid[], item_box bytea[], of_capsule uuid[], capsule_ct bytea[], capsule_box bytea[], capsule_svc bytea[]) TO ouv_srv;

REVOKE ALL ON FUNCTION public.case_seen_end() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.case_split(in_from uuid, in_case uuid, in_protocol text, in_summary bytea, in_cpk bytea, in_signer uuid, in_sig bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION public.case_split(in_from uuid, in_case uuid, in_protocol text, in_summary bytea, in_cpk bytea, in_signer uuid, in_sig bytea) TO ouv_srv;

REVOKE ALL ON FUNCTION public.company_hand_over(in_id uuid, in_case uuid, in_giver uuid, in_heir uuid, in_both boolean, in_day date) FROM PUBLIC;
GRANT ALL ON FUNCTION public.company_hand_over(in_id uuid, in_case uuid, in_giver uuid, in_heir uuid, in_both boolean, in_day date) TO ouv_srv;

GRANT SELECT ON TABLE public.company_contact TO ouv_gw;
GRANT SELECT,INSERT ON TABLE public.company_contact TO ouv_srv;

GRANT UPDATE(name) ON TABLE public.company_contact TO ouv_srv;

GRANT UPDATE(role) ON TABLE public.company_contact TO ouv_srv;

GRANT UPDATE(active) ON TABLE public.company_contact TO ouv_srv;

GRANT UPDATE(away_from) ON TABLE public.company_contact TO ouv_srv;

GRANT UPDATE(away_until) ON TABLE public.company_contact TO ouv_srv;

GRANT UPDATE(substitute) ON TABLE public.company_contact TO ouv_srv;

REVOKE ALL ON FUNCTION public.company_heirs(in_contact uuid, in_day date) FROM PUBLIC;
GRANT ALL ON FUNCTION public.company_heirs(in_contact uuid, in_day date) TO ouv_srv;

REVOKE ALL ON FUNCTION public.company_known() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.company_page_erased() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.conflict_of_case() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.conflict_registered() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.conflicted(in_case uuid, in_person uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.conflicted(in_case uuid, in_person uuid) TO ouv_gw;
GRANT ALL ON FUNCTION public.conflicted(in_case uuid, in_person uuid) TO ouv_srv;

REVOKE ALL ON FUNCTION public.distrust_said(in_action text, in_object uuid, in_name text, in_since bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION public.distrust_said(in_action text, in_object uuid, in_name text, in_since bigint) TO ouv_gw;
GRANT ALL ON FUNCTION public.distrust_said(in_action text, in_object uuid, in_name text, in_since bigint) TO ouv_srv;

REVOKE ALL ON FUNCTION public.few_holders(in_case uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.figure_cases(in_zone text) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.figures_refresh(in_zone text, in_secs integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.figures_refresh(in_zone text, in_secs integer) TO ouv_gw;
GRANT ALL ON FUNCTION public.figures_refresh(in_zone text, in_secs integer) TO ouv_srv;

REVOKE ALL ON FUNCTION public.file_wipe(in_case uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.gateway_holds(in_name text, in_version integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.gateway_holds(in_name text, in_version integer) TO ouv_gw;

REVOKE ALL ON FUNCTION public.grant_ask(in_case uuid, in_roles text[], in_why text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.grant_ask(in_case uuid, in_roles text[], in_why text) TO ouv_gw;
GRANT ALL ON FUNCTION public.grant_ask(in_case uuid, in_roles text[], in_why text) TO ouv_srv;

REVOKE ALL ON FUNCTION public.grant_drop(in_case uuid, in_person uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.grant_erased() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.grant_fence() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.grant_gone(in_case uuid, in_person uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.grant_revoke(in_case uuid, in_person uuid, in_by uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.grant_revoke(in_case uuid, in_person uuid, in_by uuid) TO ouv_srv;

REVOKE ALL ON FUNCTION public.grants_desk_end(in_case uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.grants_desk_end(in_case uuid) TO ouv_srv;

REVOKE ALL ON FUNCTION public.held_move(in_item uuid, in_from uuid, in_to uuid, in_seq integer, in_lane public.lane, in_party uuid, in_version integer, in_box bytea, in_body bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION public.held_move(in_item uuid, in_from uuid, in_to uuid, in_seq integer, in_lane public.lane, in_party uuid, in_version integer, in_box bytea, in_body bytea) TO ouv_srv;

REVOKE ALL ON FUNCTION public.held_number(in_case uuid, in_year integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.held_number(in_case uuid, in_year integer) TO ouv_srv;

REVOKE ALL ON FUNCTION public.held_register(in_case uuid, in_protocol text, in_lang text, in_due timestamp with time zone, in_summary bytea, in_party uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.held_register(in_case uuid, in_protocol text, in_lang text, in_due timestamp with time zone, in_summary bytea, in_party uuid) TO ouv_srv;

REVOKE ALL ON FUNCTION public.held_retry(in_item uuid, in_case uuid, in_box bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION public.held_retry(in_item uuid, in_case uuid, in_box bytea) TO ouv_srv;

REVOKE ALL ON FUNCTION public.held_seq(in_item uuid, in_case uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.held_take_out(in_case uuid, gap integer) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.holds_due(in_today date, in_now timestamp with time zone, in_due timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.holds_due(in_today date, in_now timestamp with time zone, in_due timestamp with time zone) TO ouv_gw;

REVOKE ALL ON FUNCTION public.ident_former(in_version integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.ident_former(in_version integer) TO ouv_gw;
GRANT ALL ON FUNCTION public.ident_former(in_version integer) TO ouv_srv;

REVOKE ALL ON FUNCTION public.ident_held(in_version integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.ident_held(in_version integer) TO ouv_gw;
GRANT ALL ON FUNCTION public.ident_held(in_version integer) TO ouv_srv;

REVOKE ALL ON FUNCTION public.ident_moves(in_version integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.ident_moves(in_version integer) TO ouv_gw;
GRANT ALL ON FUNCTION public.ident_moves(in_version integer) TO ouv_srv;

REVOKE ALL ON FUNCTION public.ident_write(in_now uuid, in_before uuid, in_version integer, OUT token uuid, OUT version integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.ident_write(in_now uuid, in_before uuid, in_version integer, OUT token uuid, OUT version integer) TO ouv_gw;
GRANT ALL ON FUNCTION public.ident_write(in_now uuid, in_before uuid, in_version integer, OUT token uuid, OUT version integer) TO ouv_srv;

REVOKE ALL ON FUNCTION public.idents_move(in_before uuid[], in_now uuid[], in_version integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.idents_move(in_before uuid[], in_now uuid[], in_version integer) TO ouv_gw;
GRANT ALL ON FUNCTION public.idents_move(in_before uuid[], in_now uuid[], in_version integer) TO ouv_srv;

REVOKE ALL ON FUNCTION public.invite_ask(in_person uuid, in_by uuid, all_the_same boolean, in_pk bytea, in_sig_pk bytea, in_cert_sig bytea, in_totp bytea, in_salt bytea, in_commit bytea, in_wrapped bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION public.invite_ask(in_person uuid, in_by uuid, all_the_same boolean, in_pk bytea, in_sig_pk bytea, in_cert_sig bytea, in_totp bytea, in_salt bytea, in_commit bytea, in_wrapped bytea) TO ouv_srv;

REVOKE ALL ON FUNCTION public.invite_put(in_person uuid, in_by uuid, all_the_same boolean, in_pk bytea, in_sig_pk bytea, in_cert_sig bytea, in_admin_sig bytea, in_totp bytea, in_salt bytea, in_commit bytea, in_wrapped bytea) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.invite_take(in_person uuid, in_pk bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION public.invite_take(in_person uuid, in_pk bytea) TO ouv_srv;

REVOKE ALL ON FUNCTION public.is_trouble(in_kind text) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.item_page_erased() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.item_page_moved() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.item_page_rekeyed() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.key_holders(in_case uuid, but uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.key_holders(in_case uuid, but uuid) TO ouv_srv;

REVOKE ALL ON FUNCTION public.key_holders_least(in_case uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.key_rotation_onward() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.key_take(in_program text, in_name text, in_version integer) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.keys_told() FROM PUBLIC;
GRANT ALL ON FUNCTION public.keys_told() TO ouv_srv;

REVOKE ALL ON FUNCTION public.letters_since(in_case uuid, in_seen integer) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.loose_erase(in_file uuid, in_before timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.loose_erase(in_file uuid, in_before timestamp with time zone) TO ouv_srv;

REVOKE ALL ON FUNCTION public.loose_files() FROM PUBLIC;
GRANT ALL ON FUNCTION public.loose_files() TO ouv_srv;

REVOKE ALL ON FUNCTION public.page_case_erased() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.page_contact_left() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.page_item_moved() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.page_key_over() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.page_missing(in_case uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.page_missing(in_case uuid) TO ouv_srv;

REVOKE ALL ON FUNCTION public.page_readers(in_cases uuid[]) FROM PUBLIC;
GRANT ALL ON FUNCTION public.page_readers(in_cases uuid[]) TO ouv_gw;
GRANT ALL ON FUNCTION public.page_readers(in_cases uuid[]) TO ouv_srv;

REVOKE ALL ON FUNCTION public.page_unit_ended() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.paper_by(in_signer uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.paper_number(in_signer uuid, in_year integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.paper_number(in_signer uuid, in_year integer) TO ouv_srv;

REVOKE ALL ON FUNCTION public.person_grants_end(in_person uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.person_key_set(in_person uuid, in_pk bytea, in_how integer, in_salt bytea, in_ops integer, in_mem bigint, in_version integer, in_commit bytea, in_wrapped bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION public.person_key_set(in_person uuid, in_pk bytea, in_how integer, in_salt bytea, in_ops integer, in_mem bigint, in_version integer, in_commit bytea, in_wrapped bytea) TO ouv_srv;

REVOKE ALL ON FUNCTION public.person_leave(in_person uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.person_leave(in_person uuid) TO ouv_srv;

REVOKE ALL ON FUNCTION public.person_leave_stops(in_person uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.person_leave_stops(in_person uuid) TO ouv_srv;

REVOKE ALL ON FUNCTION public.post_case_erased() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.post_presume() FROM PUBLIC;
GRANT ALL ON FUNCTION public.post_presume() TO ouv_gw;

REVOKE ALL ON FUNCTION public.post_told() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.protocol_take(in_year integer, n integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.protocol_take(in_year integer, n integer) TO ouv_gw;

REVOKE ALL ON FUNCTION public.role_others(in_person uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.role_others(in_person uuid) TO ouv_srv;

REVOKE ALL ON FUNCTION public.saved_view_end() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.secrets_kept() FROM PUBLIC;
GRANT ALL ON FUNCTION public.secrets_kept() TO ouv_srv;

REVOKE ALL ON FUNCTION public.server_holds(in_name text, in_version integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.server_holds(in_name text, in_version integer) TO ouv_srv;

REVOKE ALL ON FUNCTION public.split_number(in_from uuid, in_year integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.split_number(in_from uuid, in_year integer) TO ouv_srv;

REVOKE ALL ON FUNCTION public.svc_reseal(in_stage integer, in_id uuid, in_old bytea, in_new bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION public.svc_reseal(in_stage integer, in_id uuid, in_old bytea, in_new bytea) TO ouv_gw;

REVOKE ALL ON FUNCTION public.tasks_open(in_case uuid, in_trouble boolean) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.ties_felt() FROM PUBLIC;
GRANT ALL ON FUNCTION public.ties_felt() TO ouv_gw;

REVOKE ALL ON FUNCTION public.transit_chunks(in_item uuid, from_n integer, most integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.transit_chunks(in_item uuid, from_n integer, most integer) TO ouv_gw;

GRANT SELECT ON TABLE public.absence TO ouv_gw;
GRANT SELECT,INSERT ON TABLE public.absence TO ouv_srv;

GRANT UPDATE(called_off) ON TABLE public.absence TO ouv_srv;

GRANT UPDATE(called_by) ON TABLE public.absence TO ouv_srv;

GRANT SELECT,INSERT,UPDATE ON TABLE public.absence_note TO ouv_gw;
GRANT SELECT,INSERT,UPDATE ON TABLE public.absence_note TO ouv_srv;

GRANT SELECT ON TABLE public.act_pending TO ouv_gw;
GRANT SELECT,INSERT ON TABLE public.act_pending TO ouv_srv;

GRANT UPDATE(second) ON TABLE public.act_pending TO ouv_srv;

GRANT UPDATE(decided) ON TABLE public.act_pending TO ouv_srv;

GRANT UPDATE(decision) ON TABLE public.act_pending TO ouv_srv;

GRANT UPDATE(why_item) ON TABLE public.act_pending TO ouv_srv;

GRANT SELECT,INSERT,UPDATE ON TABLE public.alarm TO ouv_gw;
GRANT SELECT,INSERT,UPDATE ON TABLE public.alarm TO ouv_srv;

GRANT SELECT ON TABLE public.allegation TO ouv_gw;
GRANT SELECT,INSERT,DELETE ON TABLE public.allegation TO ouv_srv;

GRANT SELECT,INSERT,UPDATE ON TABLE public.api_count TO ouv_srv;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.api_once TO ouv_srv;

GRANT SELECT,INSERT ON TABLE public.api_token TO ouv_srv;

GRANT SELECT,INSERT ON TABLE public.audit_checkpoint TO ouv_gw;
GRANT SELECT,INSERT ON TABLE public.audit_checkpoint TO ouv_srv;

GRANT UPDATE(mailed) ON TABLE public.audit_checkpoint TO ouv_gw;

GRANT INSERT ON TABLE public.audit_event TO ouv_gw;
GRANT SELECT,INSERT ON TABLE public.audit_event TO ouv_srv;

GRANT SELECT(chain) ON TABLE public.audit_event TO ouv_gw;

GRANT SELECT(seq) ON TABLE public.audit_event TO ouv_gw;

GRANT SELECT(hash) ON TABLE public.audit_event TO ouv_gw;

GRANT INSERT ON TABLE public.audit_signer TO ouv_gw;
GRANT SELECT,INSERT ON TABLE public.audit_signer TO ouv_srv;

GRANT SELECT(id) ON TABLE public.audit_signer TO ouv_gw;

GRANT SELECT(kind) ON TABLE public.audit_signer TO ouv_gw;

GRANT SELECT ON TABLE public.calendar_day TO ouv_gw;
GRANT SELECT ON TABLE public.calendar_day TO ouv_srv;

GRANT UPDATE(state) ON TABLE public.calendar_day TO ouv_srv;

GRANT UPDATE(decided) ON TABLE public.calendar_day TO ouv_srv;

GRANT UPDATE(decided_by) ON TABLE public.calendar_day TO ouv_srv;

GRANT INSERT ON TABLE public.capsule TO ouv_gw;
GRANT SELECT,INSERT ON TABLE public.capsule TO ouv_srv;

GRANT SELECT(id) ON TABLE public.capsule TO ouv_gw;

GRANT SELECT(case_id) ON TABLE public.capsule TO ouv_gw;

GRANT SELECT(party) ON TABLE public.capsule TO ouv_gw;

GRANT SELECT(key_version) ON TABLE public.capsule TO ouv_gw;

GRANT SELECT(ct) ON TABLE public.capsule TO ouv_gw;

GRANT SELECT(box_svc) ON TABLE public.capsule TO ouv_gw;

GRANT SELECT(main) ON TABLE public.capsule TO ouv_gw;

GRANT SELECT(contact) ON TABLE public.capsule TO ouv_gw;

GRANT SELECT,INSERT ON TABLE public.case_conflict TO ouv_srv;
GRANT SELECT ON TABLE public.case_conflict TO ouv_gw;

GRANT INSERT ON TABLE public.case_grant TO ouv_gw;
GRANT SELECT,INSERT ON TABLE public.case_grant TO ouv_srv;

GRANT INSERT ON TABLE public.case_key TO ouv_gw;
GRANT SELECT ON TABLE public.case_key TO ouv_srv;

GRANT SELECT(case_id) ON TABLE public.case_key TO ouv_gw;

GRANT SELECT(version) ON TABLE public.case_key TO ouv_gw;

GRANT SELECT(cpk) ON TABLE public.case_key TO ouv_gw;

GRANT SELECT(signer) ON TABLE public.case_key TO ouv_gw;

GRANT SELECT(sig) ON TABLE public.case_key TO ouv_gw;

GRANT SELECT(created) ON TABLE public.case_key TO ouv_gw;

GRANT SELECT(retired) ON TABLE public.case_key TO ouv_gw;

GRANT SELECT,INSERT ON TABLE public.case_link TO ouv_gw;
GRANT SELECT,INSERT ON TABLE public.case_link TO ouv_srv;

GRANT UPDATE(undone) ON TABLE public.case_link TO ouv_srv;

GRANT UPDATE(undone_by) ON TABLE public.case_link TO ouv_srv;

GRANT SELECT ON TABLE public.case_reader TO ouv_srv;

GRANT SELECT,INSERT ON TABLE public.case_seen TO ouv_srv;

GRANT UPDATE(base) ON TABLE public.case_seen TO ouv_srv;

GRANT UPDATE(seq) ON TABLE public.case_seen TO ouv_srv;

GRANT UPDATE(at) ON TABLE public.case_seen TO ouv_srv;

GRANT SELECT ON TABLE public.stand_in TO ouv_srv;

GRANT SELECT ON TABLE public.case_stray TO ouv_srv;

GRANT SELECT ON TABLE public.case_team TO ouv_gw;
GRANT SELECT,INSERT,UPDATE ON TABLE public.case_team TO ouv_srv;

GRANT INSERT ON TABLE public.chunk TO ouv_gw;
GRANT SELECT,INSERT ON TABLE public.chunk TO ouv_srv;

GRANT SELECT(item) ON TABLE public.chunk TO ouv_gw;

GRANT SELECT(n) ON TABLE public.chunk TO ouv_gw;

GRANT SELECT,INSERT,UPDATE ON TABLE public.clock TO ouv_gw;
GRANT SELECT,INSERT,UPDATE ON TABLE public.clock TO ouv_srv;

GRANT SELECT ON TABLE public.code_entry TO ouv_gw;
GRANT SELECT ON TABLE public.code_entry TO ouv_srv;

GRANT SELECT ON TABLE public.company TO ouv_gw;
GRANT SELECT,INSERT ON TABLE public.company TO ouv_srv;

GRANT UPDATE(name) ON TABLE public.company TO ouv_srv;

GRANT UPDATE(sector) ON TABLE public.company TO ouv_srv;

GRANT UPDATE(lang) ON TABLE public.company TO ouv_srv;

GRANT UPDATE(member_until) ON TABLE public.company TO ouv_srv;

GRANT UPDATE(full_text) ON TABLE public.company TO ouv_srv;

GRANT SELECT ON TABLE public.company_hand TO ouv_srv;
GRANT SELECT ON TABLE public.company_hand TO ouv_gw;

GRANT UPDATE(told) ON TABLE public.company_hand TO ouv_gw;

GRANT SELECT,INSERT ON TABLE public.company_post TO ouv_srv;

GRANT SELECT(item) ON TABLE public.company_post TO ouv_gw;

GRANT SELECT(case_id) ON TABLE public.company_post TO ouv_gw;

GRANT SELECT(what) ON TABLE public.company_post TO ouv_gw;

GRANT SELECT(at) ON TABLE public.company_post TO ouv_gw;

GRANT SELECT(told),UPDATE(told) ON TABLE public.company_post TO ouv_gw;

GRANT SELECT ON TABLE public.company_unit TO ouv_gw;
GRANT SELECT,INSERT ON TABLE public.company_unit TO ouv_srv;

GRANT UPDATE(name) ON TABLE public.company_unit TO ouv_srv;

GRANT UPDATE(kind) ON TABLE public.company_unit TO ouv_srv;

GRANT UPDATE(owned) ON TABLE public.company_unit TO ouv_srv;

GRANT UPDATE(from_day) ON TABLE public.company_unit TO ouv_srv;

GRANT UPDATE(until_day) ON TABLE public.company_unit TO ouv_srv;

GRANT UPDATE(postal) ON TABLE public.company_unit TO ouv_srv;

GRANT SELECT ON TABLE public.conflict_register TO ouv_gw;
GRANT SELECT,INSERT ON TABLE public.conflict_register TO ouv_srv;

GRANT UPDATE(ended) ON TABLE public.conflict_register TO ouv_srv;

GRANT SELECT ON TABLE public.deadline_profile TO ouv_gw;
GRANT SELECT ON TABLE public.deadline_profile TO ouv_srv;

GRANT SELECT,INSERT ON TABLE public.disclosure TO ouv_srv;

GRANT UPDATE(opened) ON TABLE public.disclosure TO ouv_srv;

GRANT UPDATE(first_opened) ON TABLE public.disclosure TO ouv_srv;

GRANT UPDATE(last_opened) ON TABLE public.disclosure TO ouv_srv;

GRANT UPDATE(revoked) ON TABLE public.disclosure TO ouv_srv;

GRANT UPDATE(revoked_by) ON TABLE public.disclosure TO ouv_srv;

GRANT SELECT,INSERT ON TABLE public.disclosure_item TO ouv_srv;

GRANT UPDATE(box) ON TABLE public.disclosure_item TO ouv_srv;

GRANT SELECT,INSERT,DELETE ON TABLE public.disclosure_visit TO ouv_srv;

GRANT SELECT,INSERT ON TABLE public.draw TO ouv_srv;

GRANT SELECT ON TABLE public.evidence TO ouv_gw;
GRANT SELECT,INSERT ON TABLE public.evidence TO ouv_srv;

GRANT UPDATE(removed) ON TABLE public.evidence TO ouv_srv;

GRANT SELECT ON TABLE public.figure TO ouv_srv;

GRANT SELECT ON TABLE public.figure_made TO ouv_srv;

GRANT SELECT,INSERT,DELETE ON TABLE public.form_key TO ouv_srv;

GRANT SELECT,INSERT,UPDATE ON TABLE public.gateway_part TO ouv_gw;
GRANT SELECT ON TABLE public.gateway_part TO ouv_srv;

GRANT SELECT,INSERT,DELETE ON TABLE public.grant_due TO ouv_srv;

GRANT SELECT,DELETE ON TABLE public.grant_ended TO ouv_srv;

GRANT SELECT,INSERT,UPDATE ON TABLE public.grant_given TO ouv_srv;

GRANT SELECT,INSERT,UPDATE ON TABLE public.hearing TO ouv_gw;
GRANT SELECT,INSERT,UPDATE ON TABLE public.hearing TO ouv_srv;

GRANT SELECT,INSERT ON TABLE public.ident_token TO ouv_gw;
GRANT SELECT,INSERT ON TABLE public.ident_token TO ouv_srv;

GRANT SELECT,INSERT,UPDATE ON TABLE public.inbound TO ouv_gw;
GRANT SELECT ON TABLE public.inbound TO ouv_srv;

GRANT SELECT(person) ON TABLE public.invite TO ouv_srv;

GRANT SELECT(until) ON TABLE public.invite TO ouv_srv;

GRANT SELECT(salt) ON TABLE public.invite TO ouv_srv;

GRANT SELECT(commit) ON TABLE public.invite TO ouv_srv;

GRANT SELECT(wrapped) ON TABLE public.invite TO ouv_srv;

GRANT INSERT ON TABLE public.item TO ouv_gw;
GRANT SELECT,INSERT ON TABLE public.item TO ouv_srv;

GRANT SELECT(id) ON TABLE public.item TO ouv_gw;

GRANT SELECT(case_id) ON TABLE public.item TO ouv_gw;

GRANT SELECT(seq) ON TABLE public.item TO ouv_gw;

GRANT INSERT ON TABLE public.item_guess TO ouv_gw;
GRANT SELECT ON TABLE public.item_guess TO ouv_srv;

GRANT SELECT,INSERT ON TABLE public.item_page TO ouv_srv;

GRANT UPDATE(taken) ON TABLE public.item_page TO ouv_srv;

GRANT SELECT ON TABLE public.key_rotation TO ouv_gw;

GRANT UPDATE(stage) ON TABLE public.key_rotation TO ouv_gw;

GRANT UPDATE(at) ON TABLE public.key_rotation TO ouv_gw;

GRANT UPDATE(moved) ON TABLE public.key_rotation TO ouv_gw;

GRANT UPDATE(done) ON TABLE public.key_rotation TO ouv_gw;

GRANT SELECT ON TABLE public.key_taken TO ouv_gw;
GRANT SELECT ON TABLE public.key_taken TO ouv_srv;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.login_throttle TO ouv_srv;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.mail_burst TO ouv_gw;

GRANT SELECT,INSERT,UPDATE ON TABLE public.mailbox_lease TO ouv_gw;

GRANT SELECT(mailbox) ON TABLE public.mailbox_lease TO ouv_srv;

GRANT SELECT(until) ON TABLE public.mailbox_lease TO ouv_srv;

GRANT SELECT ON TABLE public.office TO ouv_gw;
GRANT SELECT ON TABLE public.office TO ouv_srv;

GRANT SELECT ON TABLE public.office_key TO ouv_gw;
GRANT SELECT ON TABLE public.office_key TO ouv_srv;

GRANT SELECT ON TABLE public.opinion TO ouv_gw;
GRANT SELECT,INSERT ON TABLE public.opinion TO ouv_srv;

GRANT SELECT,INSERT,UPDATE ON TABLE public.outbox TO ouv_gw;
GRANT SELECT,INSERT ON TABLE public.outbox TO ouv_srv;

GRANT SELECT,INSERT,UPDATE ON TABLE public.outbox_try TO ouv_gw;
GRANT SELECT ON TABLE public.outbox_try TO ouv_srv;

GRANT INSERT ON TABLE public.page_ask TO ouv_srv;
GRANT SELECT,DELETE ON TABLE public.page_ask TO ouv_gw;

GRANT UPDATE(done) ON TABLE public.page_ask TO ouv_gw;

GRANT UPDATE(outcome) ON TABLE public.page_ask TO ouv_gw;

GRANT INSERT ON TABLE public.page_box TO ouv_gw;
GRANT SELECT,INSERT,DELETE ON TABLE public.page_box TO ouv_srv;

GRANT SELECT,INSERT ON TABLE public.page_key TO ouv_gw;
GRANT SELECT,INSERT ON TABLE public.page_key TO ouv_srv;

GRANT UPDATE(revoked) ON TABLE public.page_key TO ouv_gw;
GRANT UPDATE(revoked) ON TABLE public.page_key TO ouv_srv;

GRANT UPDATE(why) ON TABLE public.page_key TO ouv_gw;
GRANT UPDATE(why) ON TABLE public.page_key TO ouv_srv;

GRANT UPDATE(last_used) ON TABLE public.page_key TO ouv_srv;

GRANT SELECT,INSERT,DELETE ON TABLE public.page_visit TO ouv_srv;

GRANT INSERT ON TABLE public.party TO ouv_gw;
GRANT SELECT,INSERT ON TABLE public.party TO ouv_srv;

GRANT SELECT(id) ON TABLE public.party TO ouv_gw;

GRANT SELECT(case_id) ON TABLE public.party TO ouv_gw;

GRANT SELECT(side) ON TABLE public.party TO ouv_gw;

GRANT SELECT(code_version) ON TABLE public.party TO ouv_gw;

GRANT SELECT(by_post),UPDATE(by_post) ON TABLE public.party TO ouv_gw;
GRANT UPDATE(by_post) ON TABLE public.party TO ouv_srv;

GRANT SELECT,INSERT,UPDATE ON TABLE public.party_act TO ouv_gw;
GRANT SELECT,INSERT,UPDATE ON TABLE public.party_act TO ouv_srv;

GRANT SELECT ON TABLE public.person TO ouv_srv;

GRANT SELECT(id) ON TABLE public.person TO ouv_gw;

GRANT SELECT(role) ON TABLE public.person TO ouv_gw;

GRANT SELECT(desk) ON TABLE public.person TO ouv_gw;

GRANT SELECT(active) ON TABLE public.person TO ouv_gw;

GRANT UPDATE(lang) ON TABLE public.person TO ouv_srv;

GRANT SELECT(pk) ON TABLE public.person TO ouv_gw;

GRANT SELECT(sig_pk) ON TABLE public.person TO ouv_gw;

GRANT SELECT(cert_admin) ON TABLE public.person TO ouv_gw;

GRANT SELECT(cert_sig) ON TABLE public.person TO ouv_gw;

GRANT SELECT(admin_sig) ON TABLE public.person TO ouv_gw;

GRANT UPDATE(totp_box) ON TABLE public.person TO ouv_srv;

GRANT UPDATE(totp_last_step) ON TABLE public.person TO ouv_srv;

GRANT UPDATE(must) ON TABLE public.person TO ouv_srv;

GRANT SELECT,INSERT,UPDATE ON TABLE public.person_choice TO ouv_srv;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.person_device TO ouv_srv;

GRANT SELECT ON TABLE public.person_former TO ouv_srv;

GRANT SELECT(person) ON TABLE public.person_former TO ouv_gw;

GRANT SELECT(pk) ON TABLE public.person_former TO ouv_gw;

GRANT SELECT(sig_pk) ON TABLE public.person_former TO ouv_gw;

GRANT SELECT(cert_admin) ON TABLE public.person_former TO ouv_gw;

GRANT SELECT(cert_sig) ON TABLE public.person_former TO ouv_gw;

GRANT SELECT(admin_sig) ON TABLE public.person_former TO ouv_gw;

GRANT SELECT ON TABLE public.person_key TO ouv_srv;

GRANT INSERT ON TABLE public.post TO ouv_gw;
GRANT SELECT,INSERT ON TABLE public.post TO ouv_srv;

GRANT SELECT(id) ON TABLE public.post TO ouv_gw;

GRANT SELECT(letter) ON TABLE public.post TO ouv_gw;

GRANT SELECT(case_id) ON TABLE public.post TO ouv_gw;

GRANT SELECT(item) ON TABLE public.post TO ouv_gw;

GRANT SELECT(state) ON TABLE public.post TO ouv_gw;
GRANT UPDATE(state) ON TABLE public.post TO ouv_srv;

GRANT UPDATE(addressed) ON TABLE public.post TO ouv_srv;

GRANT UPDATE(moved) ON TABLE public.post TO ouv_srv;

GRANT SELECT(clock) ON TABLE public.post TO ouv_gw;

GRANT SELECT(round) ON TABLE public.post TO ouv_gw;
GRANT UPDATE(round) ON TABLE public.post TO ouv_srv;

GRANT UPDATE(printed) ON TABLE public.post TO ouv_srv;

GRANT UPDATE(printed_by) ON TABLE public.post TO ouv_srv;

GRANT UPDATE(pdf) ON TABLE public.post TO ouv_srv;

GRANT UPDATE(pages) ON TABLE public.post TO ouv_srv;

GRANT SELECT(posted) ON TABLE public.post TO ouv_gw;
GRANT UPDATE(posted) ON TABLE public.post TO ouv_srv;

GRANT UPDATE(service) ON TABLE public.post TO ouv_srv;

GRANT SELECT(presumed) ON TABLE public.post TO ouv_gw;
GRANT UPDATE(presumed) ON TABLE public.post TO ouv_srv;

GRANT SELECT(ended) ON TABLE public.post TO ouv_gw;
GRANT UPDATE(ended) ON TABLE public.post TO ouv_srv;

GRANT UPDATE(proof) ON TABLE public.post TO ouv_srv;

GRANT UPDATE(words) ON TABLE public.post TO ouv_srv;

GRANT SELECT,INSERT,UPDATE ON TABLE public.profile TO ouv_srv;

GRANT SELECT,INSERT,UPDATE ON TABLE public.promise TO ouv_gw;
GRANT SELECT,INSERT,UPDATE ON TABLE public.promise TO ouv_srv;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.rate_bucket TO ouv_gw;
GRANT SELECT,INSERT,UPDATE ON TABLE public.rate_bucket TO ouv_srv;

GRANT SELECT,INSERT ON TABLE public.recommendation TO ouv_srv;

GRANT SELECT,INSERT ON TABLE public.reply_address TO ouv_gw;
GRANT SELECT,INSERT ON TABLE public.reply_address TO ouv_srv;

GRANT SELECT,INSERT,DELETE ON TABLE public.saved_view TO ouv_srv;

GRANT SELECT ON TABLE public.schema_migration TO ouv_gw;
GRANT SELECT ON TABLE public.schema_migration TO ouv_srv;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.session TO ouv_srv;

GRANT SELECT ON TABLE public.settlement TO ouv_gw;
GRANT SELECT,INSERT ON TABLE public.settlement TO ouv_srv;

GRANT SELECT,INSERT,UPDATE ON TABLE public.settlement_choice TO ouv_gw;
GRANT SELECT,INSERT,UPDATE ON TABLE public.settlement_choice TO ouv_srv;

GRANT INSERT ON TABLE public.task TO ouv_gw;
GRANT SELECT,INSERT ON TABLE public.task TO ouv_srv;

GRANT SELECT(id) ON TABLE public.task TO ouv_gw;

GRANT SELECT(case_id) ON TABLE public.task TO ouv_gw;

GRANT SELECT(kind) ON TABLE public.task TO ouv_gw;

GRANT SELECT(item) ON TABLE public.task TO ouv_gw;

GRANT UPDATE(opened) ON TABLE public.task TO ouv_srv;

GRANT UPDATE(due) ON TABLE public.task TO ouv_gw;
GRANT UPDATE(due) ON TABLE public.task TO ouv_srv;

GRANT UPDATE(done) ON TABLE public.task TO ouv_srv;
GRANT SELECT(done),UPDATE(done) ON TABLE public.task TO ouv_gw;

GRANT UPDATE(done_by) ON TABLE public.task TO ouv_srv;

GRANT UPDATE(outcome) ON TABLE public.task TO ouv_srv;
GRANT UPDATE(outcome) ON TABLE public.task TO ouv_gw;

GRANT UPDATE(note) ON TABLE public.task TO ouv_srv;

GRANT SELECT ON TABLE public.text_version TO ouv_gw;
GRANT SELECT,INSERT ON TABLE public.text_version TO ouv_srv;

GRANT UPDATE(second) ON TABLE public.text_version TO ouv_srv;

GRANT UPDATE(second_at) ON TABLE public.text_version TO ouv_srv;

GRANT UPDATE(second_sig) ON TABLE public.text_version TO ouv_srv;

GRANT UPDATE(second_why) ON TABLE public.text_version TO ouv_srv;

GRANT UPDATE(published) ON TABLE public.text_version TO ouv_srv;

GRANT UPDATE(refused) ON TABLE public.text_version TO ouv_srv;

GRANT SELECT ON TABLE public.training TO ouv_gw;
GRANT SELECT,INSERT ON TABLE public.training TO ouv_srv;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.upload TO ouv_srv;

GRANT SELECT,INSERT,DELETE ON TABLE public.upload_chunk TO ouv_srv;

GRANT SELECT,INSERT ON TABLE public.word_key TO ouv_srv;

GRANT UPDATE(box) ON TABLE public.word_key TO ouv_srv;

GRANT SELECT,INSERT,UPDATE ON TABLE public.word_part TO ouv_srv;

GRANT SELECT,INSERT ON TABLE public.word_token TO ouv_srv;

