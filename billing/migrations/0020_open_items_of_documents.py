"""An open item names the document it is of, so that lists of what is open begin with it."""

import django.db.models.deletion
from django.db import migrations, models

# The kinds of entries that are documents. The functions are those of 0002, with the document.
NAMES = """
ALTER TABLE billing_openitem DISABLE TRIGGER only_posting_writes;
UPDATE billing_openitem o SET document_id = e.source_id FROM billing_entry e
WHERE e.id = o.entry_id AND e.kind IN ('invoice', 'credit_note', 'debit_note', 'adjustment', 'write_off');
ALTER TABLE billing_openitem ENABLE TRIGGER only_posting_writes;

CREATE FUNCTION billing_document_of(kind text, source bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN kind IN ('invoice', 'credit_note', 'debit_note', 'adjustment', 'write_off') THEN source END
$$;
"""
POSTED = """
CREATE OR REPLACE FUNCTION billing_entry_posted() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    wrong record;
BEGIN
    -- The last month that was closed closes all before it: its opening balance follows from theirs.
    SELECT a.accounting_date INTO wrong FROM added a WHERE a.accounting_date < (
        SELECT max(month) + interval '1 month' FROM billing_accountingperiod WHERE closed_at IS NOT NULL) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION '% is closed; nothing more is posted in it.', to_char(wrong.accounting_date, 'Mon YYYY')
            USING ERRCODE = 'check_violation', CONSTRAINT = 'entry_in_open_period';
    END IF;

    -- In the order of customers, so that two postings to many never wait for each other.
    PERFORM 1 FROM customers_customerbalance b
    WHERE b.customer_id IN (SELECT customer_id FROM added) ORDER BY b.customer_id FOR NO KEY UPDATE;
    UPDATE customers_customerbalance b SET amount = b.amount + s.amount
    FROM (SELECT customer_id, sum(amount) AS amount FROM added GROUP BY customer_id) s
    WHERE b.customer_id = s.customer_id AND s.amount <> 0;

    INSERT INTO billing_openitem
        (entry_id, customer_id, document_id, accounting_date, due_date, free_from, amount, open)
    SELECT id, customer_id, billing_document_of(kind, source_id), accounting_date, due_date, accounting_date, amount, amount
    FROM added WHERE amount <> 0;
    RETURN NULL;
END $$;
"""
UNDONE = """
CREATE OR REPLACE FUNCTION billing_allocation_undone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO billing_openitem AS o
        (entry_id, customer_id, document_id, accounting_date, due_date, free_from, amount, open)
    SELECT e.id, e.customer_id, billing_document_of(e.kind, e.source_id), e.accounting_date, e.due_date, s.ended,
        e.amount, s.amount
    FROM (
        SELECT entry_id, sum(amount) AS amount, max(ends_on) AS ended FROM (
            SELECT debit_id AS entry_id, amount, ends_on FROM added
            UNION ALL SELECT credit_id, -amount, ends_on FROM added
        ) both_sides GROUP BY entry_id
    ) s JOIN billing_entry e ON e.id = s.entry_id ORDER BY e.id
    ON CONFLICT (entry_id) DO UPDATE
    SET open = o.open + excluded.open, free_from = greatest(o.free_from, excluded.free_from);
    RETURN NULL;
END $$;
"""
# The rules read the tables they mean, whatever temporary table or search path a session has, as in 0014.
PATHS = """
DO $$
DECLARE
    rule text;
BEGIN
    FOREACH rule IN ARRAY ARRAY['billing_entry_posted()', 'billing_allocation_undone()'] LOOP
        EXECUTE format('ALTER FUNCTION %s SET search_path = pg_catalog, %I, pg_temp', rule, current_schema());
    END LOOP;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("billing", "0019_periods_and_printed_accounts")]
    operations = [
        migrations.AddField(
            model_name="openitem",
            name="document",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                help_text="The document that posted the entry; the same as its source.",
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="open_items",
                to="billing.document",
            ),
        ),
        migrations.RunSQL(NAMES),
        migrations.RunSQL(POSTED + UNDONE + PATHS),
        migrations.AddIndex(
            model_name="openitem",
            index=models.Index(
                condition=models.Q(("document__isnull", False)),
                fields=["accounting_date", "document"],
                name="open_documents_by_date",
            ),
        ),
    ]
