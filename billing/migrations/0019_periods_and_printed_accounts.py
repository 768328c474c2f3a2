"""Closed books open again, and an account is printed on documents, only as a second person approved."""

from django.db import migrations

# A closed month changes in one way: it is opened again by the request that was approved for it at that moment,
# with its reason, which opens it once. An open one keeps what is known of its last opening.
PERIODS = """
CREATE FUNCTION period_stays_closed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP IN ('DELETE', 'TRUNCATE') THEN
        RAISE EXCEPTION 'A month of the books is never deleted.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'period_is_kept';
    END IF;
    IF NEW IS NOT DISTINCT FROM OLD THEN
        RETURN NEW;
    END IF;
    IF OLD.closed_at IS NULL
        AND (OLD.id, OLD.month, OLD.reopened_at, OLD.reopened_why)
            IS NOT DISTINCT FROM (NEW.id, NEW.month, NEW.reopened_at, NEW.reopened_why)
    THEN
        RETURN NEW;
    END IF;
    IF OLD.closed_at IS NOT NULL AND NEW.closed_at IS NULL
        AND (OLD.id, OLD.month, OLD.totals, OLD.vat201) IS NOT DISTINCT FROM (NEW.id, NEW.month, NEW.totals, NEW.vat201)
        AND NEW.reopened_at IS DISTINCT FROM OLD.reopened_at
        AND EXISTS (
            SELECT FROM house_approvalrequest r WHERE r.kind = 'reopen-period' AND r.subject_id = OLD.id
            AND r.state = 'approved' AND r.decided_at = NEW.reopened_at
            AND left(r.payload ->> 'reason', 300) = NEW.reopened_why
            AND NOT EXISTS (
                SELECT FROM house_approvalrequest later WHERE later.kind = r.kind AND later.state = 'approved'
                AND later.subject_id = r.subject_id AND later.id > r.id))
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'Closed books open again only with the approval of a second person.'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'period_reopens_by_two';
END $$;
CREATE TRIGGER period_stays_closed BEFORE UPDATE OR DELETE ON billing_accountingperiod
    FOR EACH ROW EXECUTE FUNCTION period_stays_closed();
CREATE TRIGGER period_is_kept BEFORE TRUNCATE ON billing_accountingperiod
    FOR EACH STATEMENT EXECUTE FUNCTION period_stays_closed();
"""
FREE_PERIODS = """
DROP TRIGGER period_is_kept ON billing_accountingperiod;
DROP TRIGGER period_stays_closed ON billing_accountingperiod;
DROP FUNCTION period_stays_closed();
"""
ACCOUNTS = """
CREATE FUNCTION bank_account_begins_unprinted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Customers are told to pay into an account only with the approval of a second person.'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'bank_details_stand';
END $$;
CREATE TRIGGER bank_account_begins_unprinted BEFORE INSERT ON billing_bankaccount
    FOR EACH ROW WHEN (NEW.printed) EXECUTE FUNCTION bank_account_begins_unprinted();
"""
FREE_ACCOUNTS = """
DROP TRIGGER bank_account_begins_unprinted ON billing_bankaccount;
DROP FUNCTION bank_account_begins_unprinted();
"""


class Migration(migrations.Migration):
    dependencies = [("billing", "0018_item_price_back_to_the_list"), ("house", "0007_approvals")]
    operations = [migrations.RunSQL(PERIODS + ACCOUNTS, FREE_PERIODS + FREE_ACCOUNTS)]
