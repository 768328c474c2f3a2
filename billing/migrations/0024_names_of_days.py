"""Between which names the documents of a day or billing month stand, so that a list by number begins there.

What one statement issues adds a row for each month it has documents of: nothing waits for anybody's row, and no
further index of documents has to be kept while everybody is billed.
"""

from django.db import migrations, models

NOTED = """
INSERT INTO billing_namerange (first_day, last_day, period, first_name, last_name)
SELECT document_date, document_date, period, min(name), max(name) FROM billing_document WHERE status = 'issued'
GROUP BY document_date, period;

CREATE FUNCTION billing_names_noted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Issued documents are locked, so whatever is issued now has only just been.
    INSERT INTO billing_namerange (first_day, last_day, period, first_name, last_name)
    SELECT min(document_date), max(document_date), period, min(name), max(name) FROM added WHERE status = 'issued'
    GROUP BY date_trunc('month', document_date), period;
    RETURN NULL;
END $$;
DO $$
BEGIN
    EXECUTE format('ALTER FUNCTION billing_names_noted() SET search_path = pg_catalog, %I, pg_temp', current_schema());
END $$;
CREATE TRIGGER document_names_noted AFTER UPDATE ON billing_document
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION billing_names_noted();
CREATE TRIGGER only_posting_writes BEFORE INSERT OR UPDATE OR DELETE ON billing_namerange FOR EACH STATEMENT
    EXECUTE FUNCTION billing_only_by_trigger();
CREATE TRIGGER kept_whole BEFORE TRUNCATE ON billing_namerange FOR EACH STATEMENT
    EXECUTE FUNCTION billing_refuse('kept_whole', 'What was posted is never emptied.');
"""
NO_MORE = """
DROP TRIGGER document_names_noted ON billing_document;
DROP FUNCTION billing_names_noted;
"""


class Migration(migrations.Migration):
    dependencies = [("billing", "0023_notices_of_account_prices")]

    operations = [
        migrations.CreateModel(
            name="NameRange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("first_day", models.DateField()),
                ("last_day", models.DateField()),
                ("period", models.DateField(null=True)),
                ("first_name", models.CharField(db_collation="C", max_length=30)),
                ("last_name", models.CharField(db_collation="C", max_length=30)),
            ],
            options={
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["last_day"], name="names_by_day"),
                    models.Index(fields=["period"], name="names_of_period"),
                ],
            },
        ),
        migrations.RunSQL(NOTED, NO_MORE),
    ]
