"""What the database holds to about holds, items, deposits and notices."""

from django.db import migrations

# A range of one number, since the server's own index methods know ranges but no plain numbers; no item is
# every item.
HOLDS = """
ALTER TABLE billing_hold ADD CONSTRAINT holds_do_not_overlap EXCLUDE USING gist (
    int8range(customer_id, customer_id, '[]') WITH &&,
    int8range(item_id, item_id, '[]') WITH &&,
    daterange(first, last, '[]') WITH &&
);
"""

ITEMS = """
CREATE FUNCTION billing_item_billed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM billing_line WHERE source = 'item' AND item_id = OLD.id AND document_id IS NOT NULL) THEN
        RAISE EXCEPTION 'This item has been billed; it can be ended, not deleted.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'billed_item_stays';
    END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER billed_item_stays BEFORE DELETE ON billing_recurringitem FOR EACH ROW
    EXECUTE FUNCTION billing_item_billed();
"""

DEPOSITS = """
CREATE TRIGGER deposit_entry_is_locked BEFORE UPDATE OR DELETE ON billing_depositentry FOR EACH STATEMENT
    EXECUTE FUNCTION billing_refuse(
        'deposit_entry_is_locked', 'A deposit''s entry is never changed; another answers it.');

CREATE FUNCTION billing_deposit_moved() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    held numeric;
    owner bigint;
BEGIN
    SELECT customer_id INTO owner FROM billing_rentalcontract WHERE id = NEW.contract_id FOR NO KEY UPDATE;
    IF owner <> NEW.customer_id THEN
        RAISE EXCEPTION 'The contract is another customer''s.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'deposit_of_its_customer';
    END IF;
    SELECT coalesce(sum(CASE WHEN kind = 'received' THEN amount ELSE -amount END), 0) INTO held
    FROM billing_depositentry WHERE contract_id = NEW.contract_id;
    IF NEW.kind <> 'received' AND held < NEW.amount THEN
        RAISE EXCEPTION 'No more can be taken from a deposit than is held.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'deposit_no_less_than_nothing';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER deposit_moved BEFORE INSERT ON billing_depositentry FOR EACH ROW
    EXECUTE FUNCTION billing_deposit_moved();
"""

NOTICES = """
CREATE TRIGGER told_once BEFORE UPDATE ON billing_pricenotice FOR EACH ROW WHEN (
    OLD.sent_on IS NOT NULL
    OR (OLD.customer_id, OLD.price_id, OLD.item_price_id, OLD.queued_at)
        IS DISTINCT FROM (NEW.customer_id, NEW.price_id, NEW.item_price_id, NEW.queued_at)
) EXECUTE FUNCTION billing_refuse('told_once', 'A notice that was sent is never changed.');
"""


class Migration(migrations.Migration):
    dependencies = [("billing", "0003_contracts")]
    operations = [
        migrations.RunSQL("\n".join((HOLDS, ITEMS, DEPOSITS, NOTICES)), migrations.RunSQL.noop),
    ]
