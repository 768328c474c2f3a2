"""Customers in the global search: what they are found by, and the triggers that keep it."""

from django.db import migrations

PHONE = r"""
CREATE FUNCTION customers_phone_shown(value text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN value ~ '^\+27[0-9]{9}$'
    THEN '0' || substr(value, 4, 2) || ' ' || substr(value, 6, 3) || ' ' || substr(value, 9) ELSE value END;
"""

# Whoever may see customers finds them by these. A customer without contacts exists only inside a transaction.
CUSTOMER = """
CREATE FUNCTION search_of_customer(ids bigint[]) RETURNS SETOF house_searchdocument LANGUAGE sql STABLE AS $$
    SELECT 'customer', c.id, c.id, house_fold(c.code), c.code,
        CASE WHEN c.kind = 'company' AND c.contact_name <> '' THEN c.name || ' (' || c.contact_name || ')'
             ELSE c.name END,
        concat_ws(' · ', nullif(customers_phone_shown(c.contact_phone), ''), nullif(c.contact_email, '')),
        c.status, c.name_key,
        array_to_tsvector(
            house_search_words(
                concat_ws(' ', c.code, c.company_name, c.first_names, c.surname, c.vat_number, people.words))
            || string_to_array(people.numbers, ' '))
    FROM customers_customer c
    CROSS JOIN LATERAL (
        SELECT string_agg(concat_ws(' ', p.name, p.email, array_to_string(p.other_emails, ' ')), ' '),
            string_agg(nullif(array_to_string(
                house_search_numbers(p.phone) || house_search_numbers(p.other_phone), ' '), ''), ' ')
        FROM customers_contact p WHERE p.customer_id = c.id
    ) AS people(words, numbers)
    WHERE (ids IS NULL OR c.id = ANY (ids)) AND people.words IS NOT NULL
$$;
"""

# A kind of its own, because finding by a number tells that somebody has it: it asks the right to see them.
NUMBERS = """
CREATE FUNCTION search_of_customer_number(ids bigint[]) RETURNS SETOF house_searchdocument
LANGUAGE sql STABLE AS $$
    SELECT 'customer_number', c.id, c.id,
        house_fold(replace(coalesce(nullif(c.id_number, ''), c.registration_number), ' ', '')), c.code,
        c.name, 'by ID or registration number', c.status, '',
        array_to_tsvector(
            house_search_words(concat_ws(' ', c.id_number, c.registration_number))
            || house_search_numbers(c.id_number) || house_search_numbers(c.registration_number))
    FROM customers_customer c
    WHERE (ids IS NULL OR c.id = ANY (ids)) AND (c.id_number <> '' OR c.registration_number <> '')
$$;
"""

# Old and new rows are joined by EXECUTE, which plans anew: a plan kept from a change of one row would pair
# each old row of a change of thousands with each new one.
CUSTOMER_TRIGGERS = """
CREATE FUNCTION search_customers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        -- Their contacts come after them as a rule, and write the document then.
        PERFORM house_search_write('customer', ARRAY(
            SELECT id FROM added a WHERE EXISTS (SELECT 1 FROM customers_contact WHERE customer_id = a.id)));
        PERFORM house_search_write('customer_number', ARRAY(
            SELECT id FROM added WHERE id_number <> '' OR registration_number <> ''));
    ELSIF TG_OP = 'UPDATE' THEN
        EXECUTE $sql$
            UPDATE house_searchdocument d SET state = a.status FROM added a JOIN gone g USING (id)
            WHERE a.status <> g.status AND d.object_id = a.id AND d.kind IN ('customer', 'customer_number')
        $sql$;
        EXECUTE $sql$
            SELECT house_search_write('customer', ARRAY(
                SELECT a.id FROM added a JOIN gone g USING (id)
                WHERE (a.kind, a.company_name, a.first_names, a.surname, a.vat_number)
                    IS DISTINCT FROM (g.kind, g.company_name, g.first_names, g.surname, g.vat_number))),
            house_search_write('customer_number', ARRAY(
                SELECT a.id FROM added a JOIN gone g USING (id)
                WHERE (a.name, a.id_number, a.registration_number)
                    IS DISTINCT FROM (g.name, g.id_number, g.registration_number)))
        $sql$;
    ELSIF TG_OP = 'DELETE' THEN
        PERFORM house_search_write(kind, ARRAY(SELECT id FROM gone))
        FROM unnest(ARRAY['customer', 'customer_number']) AS kind;
    ELSE
        PERFORM house_search_write(kind, NULL) FROM unnest(ARRAY['customer', 'customer_number']) AS kind;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER search_customers_insert AFTER INSERT ON customers_customer
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION search_customers();
CREATE TRIGGER search_customers_update AFTER UPDATE ON customers_customer
    REFERENCING OLD TABLE AS gone NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION search_customers();
CREATE TRIGGER search_customers_delete AFTER DELETE ON customers_customer
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION search_customers();
CREATE TRIGGER search_customers_truncate AFTER TRUNCATE ON customers_customer
    FOR EACH STATEMENT EXECUTE FUNCTION search_customers();
"""

# Triggers of one table fire by name: these after `customer_follows_contact`, whose copy the documents show.
CONTACT_TRIGGERS = """
CREATE FUNCTION search_contacts_of(ids bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    -- Two people changing two contacts of one customer: the second waits, and then sees what the first did.
    PERFORM 1 FROM customers_customer c
    WHERE c.id = ANY (ids) AND EXISTS (SELECT 1 FROM house_search_customer d WHERE d.object_id = c.id)
    ORDER BY c.id FOR NO KEY UPDATE;
    PERFORM house_search_write('customer', ids);
END $$;
CREATE FUNCTION search_contacts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM search_contacts_of(ARRAY(SELECT DISTINCT customer_id FROM added));
    ELSIF TG_OP = 'DELETE' THEN
        PERFORM search_contacts_of(ARRAY(SELECT DISTINCT customer_id FROM gone));
    ELSIF TG_OP = 'UPDATE' THEN
        EXECUTE $sql$
            SELECT search_contacts_of(ARRAY(
                SELECT DISTINCT whose FROM added a JOIN gone g USING (id)
                CROSS JOIN LATERAL unnest(ARRAY[a.customer_id, g.customer_id]) AS whose
                WHERE (a.customer_id, a.name, a.email, a.other_emails, a.phone, a.other_phone, a.is_primary)
                    IS DISTINCT FROM
                    (g.customer_id, g.name, g.email, g.other_emails, g.phone, g.other_phone, g.is_primary)))
        $sql$;
    ELSE
        PERFORM house_search_write('customer', NULL);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER search_contacts_insert AFTER INSERT ON customers_contact
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION search_contacts();
CREATE TRIGGER search_contacts_update AFTER UPDATE ON customers_contact
    REFERENCING OLD TABLE AS gone NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION search_contacts();
CREATE TRIGGER search_contacts_delete AFTER DELETE ON customers_contact
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION search_contacts();
CREATE TRIGGER search_contacts_truncate AFTER TRUNCATE ON customers_contact
    FOR EACH STATEMENT EXECUTE FUNCTION search_contacts();
"""

BEGIN = """
SELECT house_search_kind(kind), house_search_rebuild(kind) FROM unnest(ARRAY['customer', 'customer_number']) AS kind;
"""

UNDO = """
DROP FUNCTION search_customers, search_contacts CASCADE;
DROP FUNCTION search_contacts_of, search_of_customer, search_of_customer_number, customers_phone_shown;
DROP TABLE house_search_customer, house_search_customer_number;
"""


class Migration(migrations.Migration):
    dependencies = [("customers", "0003_audit"), ("house", "0004_search")]
    operations = [
        migrations.RunSQL(
            "\n".join((PHONE, CUSTOMER, NUMBERS, CUSTOMER_TRIGGERS, CONTACT_TRIGGERS, BEGIN)), UNDO
        )
    ]
