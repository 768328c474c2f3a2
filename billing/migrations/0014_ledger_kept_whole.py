"""The ledger against what goes round its triggers: TRUNCATE, allocations born undone, NaN, tables put in the way."""

from django.db import migrations

KEPT = (
    "billing_document billing_line billing_linecredit billing_snapshot billing_letterhead billing_entry"
    " billing_openitem billing_allocation billing_receipt billing_reversal billing_refund billing_depositentry"
    " customers_customerbalance"
).split()

WHOLE = "\n".join(
    f"""
CREATE TRIGGER kept_whole BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION billing_refuse(
    'kept_whole', 'What was posted is never emptied.');"""
    for table in KEPT
)
NEVER_WHOLE = "\n".join(f"DROP TRIGGER kept_whole ON {table};" for table in KEPT)

# A balance comes and goes with its customer; while that stands in the ledger, it stays.
BALANCES = """
CREATE FUNCTION billing_balance_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM billing_entry WHERE customer_id = OLD.customer_id HAVING sum(amount) <> 0) THEN
        RAISE EXCEPTION 'A balance follows what was posted; nothing else writes it.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'only_posting_writes';
    END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER balance_stays BEFORE DELETE ON customers_customerbalance FOR EACH ROW
    EXECUTE FUNCTION billing_balance_stays();
"""
NO_BALANCES = """
DROP TRIGGER balance_stays ON customers_customerbalance;
DROP FUNCTION billing_balance_stays();
"""

# One that begins undone would take from what is open and never give it back. NaN is greater than every number.
AMOUNTS = """
CREATE TRIGGER allocation_begins_live BEFORE INSERT ON billing_allocation FOR EACH ROW
    WHEN (NEW.known_until IS NOT NULL) EXECUTE FUNCTION billing_refuse(
        'allocation_begins_live', 'An allocation begins live; it is undone afterwards.');
ALTER TABLE billing_entry ADD CONSTRAINT entry_is_a_number CHECK (amount <> 'NaN'::numeric);
"""
NO_AMOUNTS = """
DROP TRIGGER allocation_begins_live ON billing_allocation;
ALTER TABLE billing_entry DROP CONSTRAINT entry_is_a_number;
"""

# The rules read the tables they mean, whatever temporary table or search path a session has.
PATHS = """
DO $$
DECLARE
    rule regprocedure;
BEGIN
    FOR rule IN SELECT p.oid FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang
        WHERE p.pronamespace = current_schema()::regnamespace AND l.lanname = 'plpgsql'
          AND (p.proname LIKE 'billing\\_%' OR p.proname = 'bank_details_stand')
    LOOP
        EXECUTE format('ALTER FUNCTION %s SET search_path = pg_catalog, %I, pg_temp', rule, current_schema());
    END LOOP;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("billing", "0013_month_end")]
    operations = [
        migrations.RunSQL(WHOLE, NEVER_WHOLE),
        migrations.RunSQL(BALANCES, NO_BALANCES),
        migrations.RunSQL(AMOUNTS, NO_AMOUNTS),
        migrations.RunSQL(PATHS, migrations.RunSQL.noop),
    ]
