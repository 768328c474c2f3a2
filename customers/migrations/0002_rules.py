"""What the database itself holds to: codes for ever, keys, contacts, masters, balances."""

from django.db import migrations

CODE_IS_FOREVER = """
CREATE FUNCTION customer_code_is_forever() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Customer code % never changes.', OLD.code
        USING ERRCODE = 'check_violation', CONSTRAINT = 'customer_code_is_forever';
END $$;
CREATE TRIGGER customer_code_is_forever BEFORE UPDATE OF code ON customers_customer
    FOR EACH ROW WHEN (OLD.code IS DISTINCT FROM NEW.code) EXECUTE FUNCTION customer_code_is_forever();
"""

# The version counts changes that a person can make, so that an edit form notices another's edit.
VERSION = """
CREATE FUNCTION customer_version_up() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.version := OLD.version + 1;
    RETURN NEW;
END $$;
CREATE TRIGGER customer_version_up BEFORE UPDATE OF kind, company_name, first_names, surname, id_number,
        registration_number, vat_number, group_id, billing_group_id, status, payment_method, prepaid,
        verified_on, master_id, is_reseller, highsite_id, customer_since
    ON customers_customer FOR EACH ROW EXECUTE FUNCTION customer_version_up();
"""

KEYS = """
CREATE FUNCTION customer_keys() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT name_key INTO NEW.group_key FROM customers_customergroup WHERE id = NEW.group_id;
    NEW.billing_group_key := '';
    NEW.highsite_key := '';
    NEW.master_key := '';
    IF NEW.billing_group_id IS NOT NULL THEN
        SELECT name_key INTO NEW.billing_group_key FROM customers_billinggroup WHERE id = NEW.billing_group_id;
    END IF;
    IF NEW.highsite_id IS NOT NULL THEN
        SELECT name_key INTO NEW.highsite_key FROM reference_highsite WHERE id = NEW.highsite_id;
    END IF;
    IF NEW.master_id IS NOT NULL THEN
        SELECT name_key INTO NEW.master_key FROM customers_customer WHERE id = NEW.master_id;
    END IF;
    -- The row pointed at may come later in the same transaction; its foreign key is checked at the end.
    NEW.group_key := coalesce(NEW.group_key, '');
    NEW.billing_group_key := coalesce(NEW.billing_group_key, '');
    NEW.highsite_key := coalesce(NEW.highsite_key, '');
    NEW.master_key := coalesce(NEW.master_key, '');
    RETURN NEW;
END $$;
CREATE TRIGGER customer_keys BEFORE INSERT OR UPDATE OF group_id, billing_group_id, highsite_id, master_id
    ON customers_customer FOR EACH ROW EXECUTE FUNCTION customer_keys();

CREATE FUNCTION customer_keys_follow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('UPDATE customers_customer SET %I = $1 WHERE %I = $2', TG_ARGV[0], TG_ARGV[1])
        USING NEW.name_key, NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER group_renamed AFTER UPDATE ON customers_customergroup FOR EACH ROW
    WHEN (OLD.name_key IS DISTINCT FROM NEW.name_key)
    EXECUTE FUNCTION customer_keys_follow('group_key', 'group_id');
CREATE TRIGGER billing_group_renamed AFTER UPDATE ON customers_billinggroup FOR EACH ROW
    WHEN (OLD.name_key IS DISTINCT FROM NEW.name_key)
    EXECUTE FUNCTION customer_keys_follow('billing_group_key', 'billing_group_id');
CREATE TRIGGER highsite_renamed AFTER UPDATE ON reference_highsite FOR EACH ROW
    WHEN (OLD.name_key IS DISTINCT FROM NEW.name_key)
    EXECUTE FUNCTION customer_keys_follow('highsite_key', 'highsite_id');
CREATE TRIGGER master_renamed AFTER UPDATE ON customers_customer FOR EACH ROW
    WHEN (OLD.name_key IS DISTINCT FROM NEW.name_key)
    EXECUTE FUNCTION customer_keys_follow('master_key', 'master_id');
"""

MASTERS = """
CREATE FUNCTION master_is_no_ring() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Two changes at once could close a ring that neither sees, so they go one after the other.
    PERFORM pg_advisory_xact_lock(hashtext('customers.master'));
    IF EXISTS (
        WITH RECURSIVE above(id) AS (
            SELECT NEW.master_id
            UNION
            SELECT c.master_id FROM customers_customer c JOIN above ON c.id = above.id WHERE c.master_id IS NOT NULL
        ) SELECT 1 FROM above WHERE id = NEW.id
    ) THEN
        RAISE EXCEPTION 'A customer cannot be its own master, directly or through others.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'master_is_no_ring';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER master_is_no_ring_on_insert AFTER INSERT ON customers_customer
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.master_id IS NOT NULL)
    EXECUTE FUNCTION master_is_no_ring();
CREATE TRIGGER master_is_no_ring AFTER UPDATE OF master_id ON customers_customer
    FOR EACH ROW WHEN (NEW.master_id IS NOT NULL AND NEW.master_id IS DISTINCT FROM OLD.master_id)
    EXECUTE FUNCTION master_is_no_ring();
"""

BALANCES = """
CREATE FUNCTION customer_has_a_balance() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO customers_customerbalance (customer_id) SELECT id FROM added;
    RETURN NULL;
END $$;
CREATE TRIGGER customer_has_a_balance AFTER INSERT ON customers_customer
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION customer_has_a_balance();

CREATE FUNCTION balance_follows_opening() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        UPDATE customers_customerbalance b SET amount = b.amount - g.amount FROM gone g
        WHERE g.customer_id = b.customer_id;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        UPDATE customers_customerbalance b SET amount = b.amount + a.amount FROM added a
        WHERE a.customer_id = b.customer_id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER balance_follows_opening_insert AFTER INSERT ON customers_openingbalance
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION balance_follows_opening();
CREATE TRIGGER balance_follows_opening_update AFTER UPDATE ON customers_openingbalance
    REFERENCING OLD TABLE AS gone NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION balance_follows_opening();
CREATE TRIGGER balance_follows_opening_delete AFTER DELETE ON customers_openingbalance
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION balance_follows_opening();
ALTER TABLE customers_customerbalance SET (fillfactor = 70);
"""

CONTACTS = """
CREATE FUNCTION customers_copy_contacts(ids bigint[]) RETURNS void LANGUAGE sql AS $$
    UPDATE customers_customer c
    SET contact_name = coalesce(p.name, ''), contact_email = coalesce(p.email, ''),
        contact_phone = coalesce(p.phone, '')
    FROM unnest(ids) AS touched(id) LEFT JOIN customers_contact p ON p.customer_id = touched.id AND p.is_primary
    WHERE c.id = touched.id
      AND (c.contact_name, c.contact_email, c.contact_phone)
          IS DISTINCT FROM (coalesce(p.name, ''), coalesce(p.email, ''), coalesce(p.phone, ''))
$$;
CREATE FUNCTION customer_follows_contact() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM customers_copy_contacts((SELECT array_agg(DISTINCT customer_id) FROM gone));
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM customers_copy_contacts((SELECT array_agg(DISTINCT customer_id) FROM added));
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER customer_follows_contact_insert AFTER INSERT ON customers_contact
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION customer_follows_contact();
CREATE TRIGGER customer_follows_contact_update AFTER UPDATE ON customers_contact
    REFERENCING OLD TABLE AS gone NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION customer_follows_contact();
CREATE TRIGGER customer_follows_contact_delete AFTER DELETE ON customers_contact
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION customer_follows_contact();

-- At the commit of a great copy the planner still takes the tables for empty: it must use the index all the same.
CREATE FUNCTION every_purpose_is_held() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan TO off AS $$
DECLARE
    whose bigint;
    missing text;
BEGIN
    IF TG_TABLE_NAME = 'customers_customer' THEN
        whose := NEW.id;
    ELSIF TG_OP = 'INSERT' THEN
        whose := NEW.customer_id;
    ELSE
        whose := OLD.customer_id;
    END IF;
    IF NOT EXISTS (SELECT 1 FROM customers_customer WHERE id = whose) THEN
        RETURN NULL;
    END IF;
    IF NOT EXISTS (SELECT 1 FROM customers_contact WHERE customer_id = whose AND is_primary) THEN
        RAISE EXCEPTION 'A customer needs a primary contact.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'customer_has_a_primary_contact';
    END IF;
    SELECT string_agg(purpose, ', ') INTO missing
    FROM unnest(ARRAY['invoices', 'statements', 'debt', 'usage', 'tickets', 'sales', 'outages', 'portal']) AS purpose
    WHERE NOT EXISTS (
        SELECT 1 FROM customers_contact WHERE customer_id = whose AND purpose = ANY (purposes));
    IF missing IS NOT NULL THEN
        RAISE EXCEPTION 'No contact is left for: %.', missing
            USING ERRCODE = 'check_violation', CONSTRAINT = 'every_purpose_is_held';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER every_purpose_is_held AFTER INSERT OR UPDATE OR DELETE ON customers_contact
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION every_purpose_is_held();
CREATE CONSTRAINT TRIGGER customer_has_a_primary_contact AFTER INSERT ON customers_customer
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION every_purpose_is_held();
"""

DEFAULTS = "INSERT INTO customers_customergroup (name, is_default) VALUES ('Others', true);"

UNDO = """
DROP FUNCTION customer_code_is_forever, customer_version_up, customer_keys, customer_keys_follow, master_is_no_ring,
    customer_has_a_balance, balance_follows_opening, customer_follows_contact, every_purpose_is_held CASCADE;
DROP FUNCTION customers_copy_contacts(bigint[]);
DELETE FROM customers_customergroup WHERE is_default AND name = 'Others';
"""


class Migration(migrations.Migration):
    dependencies = [("customers", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "\n".join((CODE_IS_FOREVER, VERSION, KEYS, MASTERS, BALANCES, CONTACTS, DEFAULTS)), UNDO
        )
    ]
