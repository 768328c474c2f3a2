"""Our own bank details change only as a second person approved: the database looks for the approval itself."""

from django.db import migrations

# The details of an account may become what the latest approved request for it says, and nothing else. That
# the printed mark goes away is always allowed, since then customers are told to pay nowhere.
DETAILS_STAND = """
CREATE FUNCTION bank_details_stand() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    approved jsonb;
BEGIN
    SELECT r.payload INTO approved FROM house_approvalrequest r
    WHERE r.kind = 'bank-details' AND r.subject_id = NEW.id AND r.state = 'approved'
    ORDER BY r.decided_at DESC, r.id DESC LIMIT 1;
    IF approved IS NOT NULL AND (approved ->> 'bank', approved ->> 'branch_code', approved ->> 'holder',
            approved ->> 'number', (approved ->> 'printed')::boolean)
        IS NOT DISTINCT FROM (NEW.bank::text, NEW.branch_code::text, NEW.holder::text, NEW.number::text, NEW.printed)
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'Bank details change only with the approval of a second person.'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'bank_details_stand';
END $$;
CREATE TRIGGER bank_details_stand BEFORE UPDATE OF bank, branch_code, holder, number, printed
    ON billing_bankaccount FOR EACH ROW
    WHEN ((OLD.bank, OLD.branch_code, OLD.holder, OLD.number) IS DISTINCT FROM
          (NEW.bank, NEW.branch_code, NEW.holder, NEW.number) OR (NEW.printed AND NOT OLD.printed))
    EXECUTE FUNCTION bank_details_stand();
"""
FREE = """
DROP TRIGGER bank_details_stand ON billing_bankaccount;
DROP FUNCTION bank_details_stand();
"""


class Migration(migrations.Migration):
    dependencies = [("billing", "0009_bank_rules"), ("house", "0007_approvals")]

    operations = [migrations.RunSQL(DETAILS_STAND, FREE)]
