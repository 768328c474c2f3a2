"""What is there from the start of adjustment reasons, and what locks with a document."""

from django.db import migrations

REASONS = ["Rounding", "Bank charges", "Small balance", "Correction of the opening balance"]

LOCKS = """
CREATE FUNCTION billing_grounds_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM billing_document d WHERE d.id = OLD.document_id AND d.status = 'issued') THEN
        RAISE EXCEPTION 'The grounds of an issued document are never changed.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'grounds_are_locked';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER grounds_are_locked BEFORE UPDATE OR DELETE ON billing_grounds FOR EACH ROW
    EXECUTE FUNCTION billing_grounds_guard();
-- Numbers already given stay what prefix and width say.
CREATE TRIGGER series_looks_the_same BEFORE UPDATE ON billing_series FOR EACH ROW
    WHEN (OLD.prefix <> NEW.prefix OR OLD.width <> NEW.width) EXECUTE FUNCTION billing_series_begins_once();
CREATE TRIGGER draft_changes_are_kept BEFORE UPDATE ON billing_draftchange FOR EACH STATEMENT
    EXECUTE FUNCTION billing_refuse('draft_changes_are_kept', 'What was done to a draft stays on record.');
"""

UNDO = """
DROP TRIGGER grounds_are_locked ON billing_grounds;
DROP FUNCTION billing_grounds_guard;
DROP TRIGGER series_looks_the_same ON billing_series;
DROP TRIGGER draft_changes_are_kept ON billing_draftchange;
"""


def give_reasons(apps, schema_editor):
    """The reasons that every ISP meets."""
    model = apps.get_model("billing", "AdjustmentReason")
    for name in REASONS:
        model.objects.create(name=name)


class Migration(migrations.Migration):
    dependencies = [("billing", "0005_grounds_and_corrections")]
    operations = [
        migrations.RunSQL(LOCKS, UNDO),
        migrations.RunPython(give_reasons, migrations.RunPython.noop),
    ]
