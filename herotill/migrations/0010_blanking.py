"""The one narrow way in which what is only added to loses personal data: on record, one transaction, one customer."""

from django.db import migrations

# Whoever blanks says so first, and the database notes transaction and time itself; so a row lets its guard
# by in that transaction only, and afterwards says what was done.
RECORD = """
CREATE FUNCTION house_blanking_noted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        RAISE EXCEPTION 'That data was blanked stays on record.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'blankings_are_kept';
    END IF;
    NEW.xact := pg_current_xact_id()::text::bigint;
    NEW.at := transaction_timestamp();
    RETURN NEW;
END $$;
CREATE TRIGGER blankings_are_kept BEFORE INSERT OR UPDATE OR DELETE ON house_blanking
    FOR EACH ROW EXECUTE FUNCTION house_blanking_noted();

CREATE FUNCTION house_blanks(whose bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM house_blanking
        WHERE customer_id = whose AND xact = pg_current_xact_id_if_assigned()::text::bigint
        AND at = transaction_timestamp())
$$;
CREATE FUNCTION house_blanks_some() RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM house_blanking
        WHERE xact = pg_current_xact_id_if_assigned()::text::bigint AND at = transaction_timestamp())
$$;
-- Whether an update does nothing but blank those columns of a customer's row.
CREATE FUNCTION house_only_blanks(whose bigint, was jsonb, becomes jsonb, free text[]) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT house_blanks(whose) AND (was - free) = (becomes - free)
$$;
INSERT INTO house_retentionrules ("only") VALUES (true);
"""

# Events of a portal log-in name no customer; whether one is blanked is asked of the log-in itself.
AUDIT = """
CREATE OR REPLACE FUNCTION house_audit_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    free text[] := '{old,new,name,ip,reason}';
BEGIN
    IF current_setting('house.audit_retention', true) = 'on' THEN
        RETURN OLD;
    END IF;
    IF TG_OP = 'UPDATE' AND (to_jsonb(OLD) - free) = (to_jsonb(NEW) - free) THEN
        IF house_blanks(OLD.customer_id) OR OLD.customer_id IS NULL AND house_blanks_some()
            AND to_jsonb(OLD)->>'model' = 'users.user' AND OLD.object_id IN (
            SELECT id::text FROM users_user WHERE kind = 'portal' AND NOT is_active) THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'The audit is only ever added to.'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'audit_is_kept';
END $$;
"""

APPROVALS = """
CREATE OR REPLACE FUNCTION approval_is_answered_once() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    free text[] := '{about,payload,shown,reason,answer}';
BEGIN
    IF coalesce(current_setting('house.reencrypting', true), '') = 'on' THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.state = 'open'
        AND (OLD.kind, OLD.subject_id, OLD.about, OLD.payload, OLD.shown, OLD.basis, OLD.reason,
             OLD.asked_by_id, OLD.asked_at)
            IS NOT DISTINCT FROM
            (NEW.kind, NEW.subject_id, NEW.about, NEW.payload, NEW.shown, NEW.basis, NEW.reason,
             NEW.asked_by_id, NEW.asked_at)
    THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.state <> 'open' AND house_blanks_some()
        AND (to_jsonb(OLD) - free) = (to_jsonb(NEW) - free) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'What was asked of a second person stays, and is answered once.'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'approval_is_answered_once';
END $$;
"""

# They look for their tables where they were made, so that no other table of that name stands in the way.
PINNED = """
DO $$
DECLARE
    rule text;
BEGIN
    FOREACH rule IN ARRAY ARRAY['house_blanking_noted()',
        'house_blanks(bigint)',
        'house_blanks_some()',
        'house_only_blanks(bigint, jsonb, jsonb, text[])',
        'house_audit_is_kept()',
        'approval_is_answered_once()'] LOOP
        EXECUTE format('ALTER FUNCTION %s SET search_path = pg_catalog, %I, pg_temp', rule, current_schema());
    END LOOP;
END $$;
"""

UNDO = "DROP FUNCTION house_blanking_noted, house_blanks, house_blanks_some, house_only_blanks CASCADE;"


class Migration(migrations.Migration):
    dependencies = [("house", "0009_retention"), ("users", "0001_initial")]
    operations = [migrations.RunSQL("\n".join((RECORD, AUDIT, APPROVALS, PINNED)), UNDO)]
