"""What a run issued is found by the days of its statements."""

from django.db import migrations, models

NOTED = """
CREATE OR REPLACE FUNCTION billing_names_noted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Issued documents are locked, so whatever is issued now has only just been.
    INSERT INTO billing_namerange (first_day, last_day, period, run_id, first_name, last_name)
    SELECT min(document_date), max(document_date), period, run_id, min(name), max(name) FROM added
    WHERE status = 'issued' GROUP BY date_trunc('month', document_date), period, run_id;
    RETURN NULL;
END $$;
DO $$
BEGIN
    EXECUTE format('ALTER FUNCTION billing_names_noted() SET search_path = pg_catalog, %I, pg_temp', current_schema());
END $$;
ALTER TABLE billing_namerange DISABLE TRIGGER only_posting_writes;
INSERT INTO billing_namerange (first_day, last_day, period, run_id, first_name, last_name)
SELECT min(document_date), max(document_date), period, run_id, min(name), max(name) FROM billing_document
WHERE status = 'issued' AND run_id IS NOT NULL GROUP BY date_trunc('month', document_date), period, run_id;
ALTER TABLE billing_namerange ENABLE TRIGGER only_posting_writes;
"""


class Migration(migrations.Migration):
    dependencies = [("billing", "0024_names_of_days")]

    operations = [
        migrations.AddField("namerange", "run_id", models.BigIntegerField(null=True)),
        migrations.AddIndex(
            "namerange",
            models.Index(fields=["run_id"], condition=models.Q(run_id__isnull=False), name="days_of_run"),
        ),
        migrations.RunSQL(NOTED, migrations.RunSQL.noop),
    ]
