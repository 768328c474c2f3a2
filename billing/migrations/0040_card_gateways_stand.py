"""What card gateways know us by changes only as a second person approved: the database looks for it itself."""

from django.db import migrations

# All but switching off takes the latest approved request, which holds each secret as it is then kept. A new
# encryption key that goes over what stands is no change.
GATEWAYS_STAND = """
CREATE FUNCTION billing_card_gateway_stands() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    approved jsonb;
BEGIN
    IF current_setting('house.reencrypting', true) = 'on' THEN
        RETURN NEW;
    END IF;
    SELECT r.payload INTO approved FROM house_approvalrequest r
    WHERE r.kind = 'card-gateway' AND r.subject_id = NEW.id AND r.state = 'approved'
    ORDER BY r.decided_at DESC, r.id DESC LIMIT 1;
    IF approved IS NOT NULL
        AND (approved ->> 'merchant', (approved ->> 'account')::bigint, (approved ->> 'test_mode')::boolean)
            IS NOT DISTINCT FROM (NEW.merchant::text, NEW.account_id, NEW.test_mode)
        AND ((approved ->> 'is_on')::boolean OR NOT NEW.is_on)
        AND NEW.key IN (OLD.key, approved ->> 'key')
        AND NEW.passphrase IN (OLD.passphrase, approved ->> 'passphrase') THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'A card gateway changes only with the approval of a second person.'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'card_gateway_stands';
END $$;
CREATE TRIGGER card_gateway_stands BEFORE UPDATE OF merchant, account_id, test_mode, is_on, key, passphrase
    ON billing_cardgateway FOR EACH ROW
    WHEN ((OLD.merchant, OLD.account_id, OLD.test_mode, OLD.key, OLD.passphrase) IS DISTINCT FROM
          (NEW.merchant, NEW.account_id, NEW.test_mode, NEW.key, NEW.passphrase) OR (NEW.is_on AND NOT OLD.is_on))
    EXECUTE FUNCTION billing_card_gateway_stands();
"""
FREE = """
DROP TRIGGER card_gateway_stands ON billing_cardgateway;
DROP FUNCTION billing_card_gateway_stands();
"""


class Migration(migrations.Migration):
    dependencies = [("billing", "0039_result_statements"), ("house", "0007_approvals")]

    operations = [migrations.RunSQL(GATEWAYS_STAND, FREE)]
