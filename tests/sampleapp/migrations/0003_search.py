"""Gadgets in the global search, by their name."""

from django.db import migrations

SEARCH = """
CREATE FUNCTION search_of_gadget(ids bigint[]) RETURNS SETOF house_searchdocument LANGUAGE sql STABLE AS $$
    SELECT 'gadget', id, customer_id, house_fold(name), '', name, 'a gadget', size, house_fold(name),
        array_to_tsvector(house_search_words(name))
    FROM sampleapp_gadget WHERE ids IS NULL OR id = ANY (ids)
$$;
CREATE FUNCTION search_gadgets() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM house_search_write('gadget', ARRAY(SELECT id FROM touched));
    RETURN NULL;
END $$;
CREATE TRIGGER search_gadgets_insert AFTER INSERT ON sampleapp_gadget
    REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION search_gadgets();
CREATE TRIGGER search_gadgets_update AFTER UPDATE ON sampleapp_gadget
    REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION search_gadgets();
CREATE TRIGGER search_gadgets_delete AFTER DELETE ON sampleapp_gadget
    REFERENCING OLD TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION search_gadgets();
SELECT house_search_kind('gadget');
"""


class Migration(migrations.Migration):
    dependencies = [("sampleapp", "0002_gadgets"), ("house", "0004_search")]
    operations = [migrations.RunSQL(SEARCH, migrations.RunSQL.noop)]
