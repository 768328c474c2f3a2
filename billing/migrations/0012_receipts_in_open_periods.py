"""A receipt of a month that is closed posts on the first day after it that is open; its own date stays."""

from django.db import migrations

CLOSED = """
CREATE FUNCTION billing_closed_months() RETURNS TABLE (month date, opens date) LANGUAGE sql STABLE AS $$
    SELECT p.month, (
        SELECT min(m)::date FROM generate_series(p.month + interval '1 month',
            (SELECT max(c.month) FROM billing_accountingperiod c) + interval '1 month', interval '1 month') m
        WHERE NOT EXISTS (SELECT 1 FROM billing_accountingperiod c WHERE c.month = m::date AND c.closed_at IS NOT NULL))
    FROM billing_accountingperiod p WHERE p.closed_at IS NOT NULL
$$;
"""

# What was taken over from before is never moved: in a closed month it is refused.
RECEIPTS = """
CREATE OR REPLACE FUNCTION billing_receipt_written() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO billing_entry (customer_id, kind, source_id, accounting_date, due_date, amount, reference, before, run_id)
    SELECT customer_id, 'receipt', id, coalesce(c.opens, receipt_date), coalesce(c.opens, receipt_date), -amount,
           left(coalesce(nullif(reference, ''), source_reference), 60), before, run_id
    FROM added LEFT JOIN billing_closed_months() c
        ON c.month = date_trunc('month', receipt_date)::date AND NOT before
    ORDER BY receipt_date, id;
    RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("billing", "0011_ageing_and_statements")]
    operations = [migrations.RunSQL(CLOSED + RECEIPTS, migrations.RunSQL.noop)]
