"""What the audit kept of a lead that is forgotten is blanked with it; guards let by what does nothing else."""

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
    dependencies = [("workflow", "0008_search_leads"), ("house", "0010_blanking")]
    operations = [migrations.RunSQL(GUARD + PINNED, migrations.RunSQL.noop)]
