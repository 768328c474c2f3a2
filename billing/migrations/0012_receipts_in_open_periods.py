"""A receipt of a month that is closed posts on the first day after it that is open; its own date stays."""

from django.db import migrations

CLOSED = """
-- The first day that the books still take.
CREATE FUNCTION billing_open_from() RETURNS date LANGUAGE sql STABLE AS $$
    SELECT coalesce((max(month) + interval '1 month')::date, '-infinity')
    FROM billing_accountingperiod WHERE closed_at IS NOT NULL
$$;
"""

# What was taken over from before is never moved: in a closed month it is refused.
RECEIPTS = """
CREATE OR REPLACE FUNCTION billing_receipt_written() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO billing_entry (customer_id, kind, source_id, accounting_date, due_date, amount, reference, before, run_id)
    SELECT customer_id, 'receipt', id, d.dated, d.dated, -amount,
           left(coalesce(nullif(reference, ''), source_reference), 60), before, run_id
    FROM added CROSS JOIN (SELECT billing_open_from() AS first) o
    CROSS JOIN LATERAL (SELECT CASE WHEN before THEN receipt_date ELSE greatest(receipt_date, o.first) END AS dated) d
    ORDER BY receipt_date, id;
    RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("billing", "0011_ageing_and_statements")]
    operations = [migrations.RunSQL(CLOSED + RECEIPTS, migrations.RunSQL.noop)]
