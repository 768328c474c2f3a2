from django.db import migrations

# What the bank said of a row that was never anybody's goes once company law's years are over; nothing else of it.
RULES = """
CREATE FUNCTION billing_bank_row_of_nobody(was billing_bankrow, becomes billing_bankrow) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT was.customer_id IS NULL AND becomes.text = 'blanked-' || was.id AND becomes.named IN ('', '•••')
        AND to_jsonb(was) - '{text,named}'::text[] = to_jsonb(becomes) - '{text,named}'::text[]
        AND was.day < (SELECT current_date - make_interval(years => books_years + 1) FROM house_retentionrules)
$$;
DROP TRIGGER bank_row_is_kept ON billing_bankrow;
CREATE TRIGGER bank_row_is_kept BEFORE UPDATE ON billing_bankrow FOR EACH ROW
    WHEN (NOT billing_blanks('billing_bankrow', to_jsonb(OLD), to_jsonb(NEW))
        AND NOT billing_bank_row_of_nobody(OLD, NEW))
    EXECUTE FUNCTION billing_bank_row_guard();
"""
BACK = """
DROP TRIGGER bank_row_is_kept ON billing_bankrow;
CREATE TRIGGER bank_row_is_kept BEFORE UPDATE ON billing_bankrow FOR EACH ROW
    WHEN (NOT billing_blanks('billing_bankrow', to_jsonb(OLD), to_jsonb(NEW)))
    EXECUTE FUNCTION billing_bank_row_guard();
DROP FUNCTION billing_bank_row_of_nobody(billing_bankrow, billing_bankrow);
"""


class Migration(migrations.Migration):
    dependencies = [("billing", "0045_suspension_notices_by_sms")]

    operations = [migrations.RunSQL(RULES, BACK)]
