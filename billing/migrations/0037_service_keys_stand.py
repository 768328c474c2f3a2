"""Keys of the debit-order service change only as a second person approved: the database looks for it itself."""

from django.db import migrations

# A key may become what the latest approved request keeps encrypted, and nothing else. A new encryption key that
# goes over what stands is no change.
KEYS_STAND = """
CREATE FUNCTION billing_service_keys_stand() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    approved jsonb;
BEGIN
    IF current_setting('house.reencrypting', true) = 'on' THEN
        RETURN NEW;
    END IF;
    SELECT r.payload INTO approved FROM house_approvalrequest r
    WHERE r.kind = 'bank-service-keys' AND r.subject_id = NEW.id AND r.state = 'approved'
    ORDER BY r.decided_at DESC, r.id DESC LIMIT 1;
    IF (NEW.debit_key = OLD.debit_key OR NEW.debit_key = approved ->> 'debit_key')
        AND (NEW.account_key = OLD.account_key OR NEW.account_key = approved ->> 'account_key') THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'Service keys change only with the approval of a second person.'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'service_keys_stand';
END $$;
CREATE TRIGGER service_keys_stand BEFORE UPDATE OF debit_key, account_key ON billing_bankservice FOR EACH ROW
    WHEN ((OLD.debit_key, OLD.account_key) IS DISTINCT FROM (NEW.debit_key, NEW.account_key))
    EXECUTE FUNCTION billing_service_keys_stand();
"""
FREE = """
DROP TRIGGER service_keys_stand ON billing_bankservice;
DROP FUNCTION billing_service_keys_stand();
"""


class Migration(migrations.Migration):
    dependencies = [("billing", "0036_card_rules"), ("house", "0007_approvals")]

    operations = [migrations.RunSQL(KEYS_STAND, FREE)]
