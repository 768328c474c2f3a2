"""What the audit kept of the surveys of a forgotten lead goes with it, as that of the lead itself does."""

from django.db import migrations

GUARD = """
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
        IF to_jsonb(OLD)->>'model' = 'workflow.lead' AND OLD.object_id IN (
            SELECT id::text FROM workflow_lead WHERE forgotten_on IS NOT NULL) THEN
            RETURN NEW;
        END IF;
        IF to_jsonb(OLD)->>'model' = 'workflow.survey' AND OLD.object_id IN (
            SELECT s.id::text FROM workflow_survey s JOIN workflow_lead l ON l.id = s.lead_id
            WHERE l.forgotten_on IS NOT NULL) THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'The audit is only ever added to.'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'audit_is_kept';
END $$;
"""
# A function that is replaced looks for its tables anew where it was made.
PINNED = """
DO $$
BEGIN
    EXECUTE format('ALTER FUNCTION house_audit_is_kept() SET search_path = pg_catalog, %I, pg_temp', current_schema());
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("workflow", "0017_quotes_audited")]
    operations = [migrations.RunSQL(GUARD + PINNED, migrations.RunSQL.noop)]
