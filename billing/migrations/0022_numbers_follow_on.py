"""That numbers follow on is asked when a batch commits, if it is issued beside the batch before it.

What one statement gives is written down as a row; the row's constraint trigger asks whether it begins where
the series stood. Immediate, unless a transaction says SET CONSTRAINTS numbers_follow_on DEFERRED: then it is
asked at its commit, so that two batches can be issued side by side and the second still cannot stay without
the first.
"""

import django.db.models.deletion
from django.db import migrations, models

ISSUED = """
CREATE OR REPLACE FUNCTION billing_document_issued() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    wrong record;
BEGIN
    -- Issued documents are locked, so whatever is issued now has only just been.
    IF NOT EXISTS (SELECT 1 FROM added WHERE status = 'issued') THEN
        RETURN NULL;
    END IF;

    -- Without a condition on `added` before the join: its size is known, how many of it are issued is guessed.
    SELECT s.name INTO wrong FROM (
        SELECT a.name, a.status, a.excl, a.vat, a.incl,
               sum(l.excl) AS excls, sum(l.vat) AS vats, sum(l.incl) AS incls
        FROM added a LEFT JOIN billing_line l ON l.document_id = a.id
        GROUP BY a.id, a.name, a.status, a.excl, a.vat, a.incl
    ) s WHERE s.status = 'issued' AND (s.excl, s.vat, s.incl) IS DISTINCT FROM (s.excls, s.vats, s.incls) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'The totals of % are not the sums of its lines.', wrong.name
            USING ERRCODE = 'check_violation', CONSTRAINT = 'totals_are_sums_of_lines';
    END IF;

    SELECT coalesce(s.prefix, '?') AS prefix INTO wrong FROM (
        SELECT series_id, min(number) AS first, max(number) AS last, count(*) AS given
        FROM added WHERE status = 'issued' AND NOT before GROUP BY series_id
    ) n LEFT JOIN billing_series s ON s.id = n.series_id
    WHERE s.id IS NULL OR n.given <> n.last - n.first + 1
       OR EXISTS (SELECT 1 FROM added d WHERE d.status = 'issued' AND d.series_id = s.id
            AND (d.kind <> s.kind OR d.name <> s.prefix || CASE WHEN length(d.number::text) > s.width
                THEN d.number::text ELSE lpad(d.number::text, s.width, '0') END))
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'The numbers given in series % leave a gap or are not its own.', wrong.prefix
            USING ERRCODE = 'check_violation', CONSTRAINT = 'numbers_without_gaps';
    END IF;
    INSERT INTO billing_givennumbers (series_id, first, last)
    SELECT series_id, min(number), max(number) FROM added WHERE status = 'issued' AND NOT before GROUP BY series_id;

    IF EXISTS (SELECT FROM added WHERE kind = 'credit_note') THEN
        INSERT INTO billing_linecredit (line_id, incl, credited)
        SELECT o.id, o.incl, sum(l.incl) FROM added d
        JOIN billing_line l ON l.document_id = d.id JOIN billing_line o ON o.id = l.credits_id
        WHERE d.status = 'issued' AND d.kind = 'credit_note' GROUP BY o.id, o.incl ORDER BY o.id
        ON CONFLICT (line_id) DO UPDATE SET credited = billing_linecredit.credited + excluded.credited;
    END IF;

    INSERT INTO billing_entry (customer_id, kind, source_id, accounting_date, due_date, amount, reference, before, run_id)
    SELECT customer_id, kind, id, document_date, due_date,
           CASE WHEN kind IN ('credit_note', 'write_off') THEN -incl ELSE incl END, name, before, run_id
    FROM added WHERE status = 'issued' ORDER BY document_date, number, id;
    RETURN NULL;
END $$;
"""

FOLLOW_ON = """
CREATE FUNCTION billing_numbers_follow_on() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    wanted integer := (
        SELECT coalesce(1 + (
            SELECT max(d.number) FROM billing_document d WHERE d.series_id = s.id AND d.number < NEW.first
        ), s.first_number) FROM billing_series s WHERE s.id = NEW.series_id);
BEGIN
    IF NEW.first IS DISTINCT FROM wanted THEN
        RAISE EXCEPTION 'The numbers from % on leave a gap; the next of their series is %.', NEW.first, wanted
            USING ERRCODE = 'check_violation', CONSTRAINT = 'numbers_without_gaps';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER numbers_follow_on AFTER INSERT ON billing_givennumbers
    DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION billing_numbers_follow_on();
CREATE TRIGGER only_posting_writes BEFORE INSERT OR UPDATE OR DELETE ON billing_givennumbers FOR EACH STATEMENT
    EXECUTE FUNCTION billing_only_by_trigger();
CREATE TRIGGER kept_whole BEFORE TRUNCATE ON billing_givennumbers FOR EACH STATEMENT
    EXECUTE FUNCTION billing_refuse('kept_whole', 'What was posted is never emptied.');
"""

PATHS = """
DO $$
DECLARE
    rule text;
BEGIN
    FOREACH rule IN ARRAY '{billing_document_issued,billing_numbers_follow_on}'::text[] LOOP
        EXECUTE format('ALTER FUNCTION %I() SET search_path = pg_catalog, %I, pg_temp', rule, current_schema());
    END LOOP;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("billing", "0021_receipts_by_reference")]

    operations = [
        migrations.CreateModel(
            name="GivenNumbers",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("first", models.PositiveIntegerField()),
                ("last", models.PositiveIntegerField()),
                (
                    "series",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="billing.series",
                    ),
                ),
            ],
            options={"default_permissions": ()},
        ),
        migrations.RunSQL(ISSUED + FOLLOW_ON + PATHS, migrations.RunSQL.noop),
    ]
