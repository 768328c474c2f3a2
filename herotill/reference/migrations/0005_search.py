"""Products in the global search: found by code, name and the text on invoices."""

from django.db import migrations

SEARCH = """
CREATE FUNCTION search_of_product(ids bigint[]) RETURNS SETOF house_searchdocument LANGUAGE sql STABLE AS $$
    SELECT 'product', p.id, NULL::bigint, house_fold(p.code), p.code, p.name, t.name,
        CASE WHEN p.retired THEN 'retired' ELSE '' END, p.name_key,
        array_to_tsvector(house_search_words(concat_ws(' ', p.code, p.name, p.description)))
    FROM reference_product p JOIN reference_producttype t ON t.id = p.product_type_id
    WHERE ids IS NULL OR p.id = ANY (ids)
$$;
CREATE FUNCTION search_products() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM house_search_write('product', ARRAY(SELECT id FROM touched));
    RETURN NULL;
END $$;
CREATE TRIGGER search_products_insert AFTER INSERT ON reference_product
    REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION search_products();
CREATE TRIGGER search_products_update AFTER UPDATE ON reference_product
    REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION search_products();
CREATE TRIGGER search_products_delete AFTER DELETE ON reference_product
    REFERENCING OLD TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION search_products();

CREATE FUNCTION search_products_of_type() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM house_search_write('product',
        ARRAY(SELECT p.id FROM reference_product p JOIN touched t ON t.id = p.product_type_id));
    RETURN NULL;
END $$;
CREATE TRIGGER search_products_of_type AFTER UPDATE ON reference_producttype
    REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION search_products_of_type();

SELECT house_search_kind('product'), house_search_rebuild('product');
"""
UNDO = """
DROP FUNCTION search_products CASCADE;
DROP FUNCTION search_products_of_type CASCADE;
DROP FUNCTION search_of_product;
DROP TABLE house_search_product;
"""


class Migration(migrations.Migration):
    dependencies = [("reference", "0004_rules"), ("house", "0004_search")]

    operations = [migrations.RunSQL(SEARCH, UNDO)]
