"""Contacts are found by any of their addresses: mail that comes in says nothing else about who writes."""

from django.db import migrations

SQL = """
CREATE FUNCTION customers_addresses(email text, others varchar[]) RETURNS text[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT array(SELECT lower(each) FROM unnest(array_append(others::text[], email)) each WHERE each <> '')
$$;
CREATE INDEX contact_by_address ON customers_contact USING gin (customers_addresses(email, other_emails));
"""
UNDO = """
DROP INDEX contact_by_address;
DROP FUNCTION customers_addresses;
"""


class Migration(migrations.Migration):
    dependencies = [("customers", "0011_portal_looks")]

    operations = [migrations.RunSQL(SQL, UNDO)]
