"""Leads in the global search: what they are found by, and the triggers that keep it."""

from django.db import migrations

# Merged and forgotten ones are found no more.
LEAD = """
CREATE FUNCTION search_of_lead(ids bigint[]) RETURNS SETOF house_searchdocument LANGUAGE sql STABLE AS $$
    SELECT 'lead', l.id, l.customer_id, 'l' || l.id, 'L' || l.id,
        CASE WHEN l.kind = 'company' AND l.contact_name <> '' THEN l.name || ' (' || l.contact_name || ')'
             ELSE l.name END,
        concat_ws(' · ', nullif(customers_phone_shown(l.phone), ''), nullif(l.email, ''), nullif(l.town, '')),
        l.step_id, l.name_key,
        array_to_tsvector(
            house_search_words(concat_ws(' ', 'L' || l.id, l.company_name, l.first_names, l.surname,
                l.contact_name, l.email, l.vat_number))
            || house_search_numbers(l.phone) || house_search_numbers(l.other_phone))
    FROM workflow_lead l
    WHERE (ids IS NULL OR l.id = ANY (ids)) AND l.merged_into_id IS NULL AND l.forgotten_on IS NULL
$$;
"""

# A kind of its own, because finding by a number tells that somebody has it: it asks the right to see them.
NUMBERS = """
CREATE FUNCTION search_of_lead_number(ids bigint[]) RETURNS SETOF house_searchdocument
LANGUAGE sql STABLE AS $$
    SELECT 'lead_number', l.id, l.customer_id,
        house_fold(replace(coalesce(nullif(l.id_number, ''), l.registration_number), ' ', '')), 'L' || l.id,
        l.name, 'by ID or registration number', l.step_id, '',
        array_to_tsvector(
            house_search_words(concat_ws(' ', l.id_number, l.registration_number))
            || house_search_numbers(l.id_number) || house_search_numbers(l.registration_number))
    FROM workflow_lead l
    WHERE (ids IS NULL OR l.id = ANY (ids)) AND l.merged_into_id IS NULL AND l.forgotten_on IS NULL
        AND (l.id_number <> '' OR l.registration_number <> '')
$$;
"""

# Old and new rows are joined by EXECUTE, which plans anew, as for customers.
TRIGGERS = """
CREATE FUNCTION search_leads() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM house_search_write('lead', ARRAY(SELECT id FROM added));
        PERFORM house_search_write('lead_number', ARRAY(
            SELECT id FROM added WHERE id_number <> '' OR registration_number <> ''));
    ELSIF TG_OP = 'UPDATE' THEN
        EXECUTE $sql$
            UPDATE house_searchdocument d SET state = a.step_id FROM added a JOIN gone g USING (id)
            WHERE a.step_id <> g.step_id AND d.object_id = a.id AND d.kind IN ('lead', 'lead_number')
        $sql$;
        EXECUTE $sql$
            SELECT house_search_write('lead', moved), house_search_write('lead_number', moved)
            FROM (SELECT ARRAY(
                SELECT a.id FROM added a JOIN gone g USING (id)
                WHERE (a.kind, a.company_name, a.first_names, a.surname, a.contact_name, a.email, a.phone,
                       a.other_phone, a.vat_number, a.town, a.id_number, a.registration_number,
                       a.customer_id, a.merged_into_id, a.forgotten_on)
                    IS DISTINCT FROM
                      (g.kind, g.company_name, g.first_names, g.surname, g.contact_name, g.email, g.phone,
                       g.other_phone, g.vat_number, g.town, g.id_number, g.registration_number,
                       g.customer_id, g.merged_into_id, g.forgotten_on)) AS moved) AS found
        $sql$;
    ELSIF TG_OP = 'DELETE' THEN
        PERFORM house_search_write(kind, ARRAY(SELECT id FROM gone))
        FROM unnest(ARRAY['lead', 'lead_number']) AS kind;
    ELSE
        PERFORM house_search_write(kind, NULL) FROM unnest(ARRAY['lead', 'lead_number']) AS kind;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER search_leads_insert AFTER INSERT ON workflow_lead
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION search_leads();
CREATE TRIGGER search_leads_update AFTER UPDATE ON workflow_lead
    REFERENCING OLD TABLE AS gone NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION search_leads();
CREATE TRIGGER search_leads_delete AFTER DELETE ON workflow_lead
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION search_leads();
CREATE TRIGGER search_leads_truncate AFTER TRUNCATE ON workflow_lead
    FOR EACH STATEMENT EXECUTE FUNCTION search_leads();

SELECT house_search_kind(kind), house_search_rebuild(kind) FROM unnest(ARRAY['lead', 'lead_number']) AS kind;
"""

UNDO = """
DROP FUNCTION search_leads CASCADE;
DROP FUNCTION search_of_lead, search_of_lead_number;
DROP TABLE house_search_lead, house_search_lead_number;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("workflow", "0007_leads_to_forget"),
        ("customers", "0004_search"),
        ("house", "0004_search"),
    ]
    operations = [migrations.RunSQL("\n".join((LEAD, NUMBERS, TRIGGERS)), UNDO)]
