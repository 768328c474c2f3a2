"""Who is in the book already is asked of every contact, number and address: by indexes that stay small."""

from django.db import migrations

INDEXES = """
CREATE INDEX contacts_by_phone ON customers_contact (phone) WHERE NOT is_primary AND phone <> '';
CREATE INDEX contacts_by_other_phone ON customers_contact (other_phone) WHERE other_phone <> '';
CREATE INDEX contacts_by_email ON customers_contact (email) WHERE NOT is_primary AND email <> '';
CREATE INDEX customers_by_id_number ON customers_customer (id_number) WHERE id_number <> '';
CREATE INDEX addresses_by_place ON customers_address (left(house_fold(btrim(lines || ' ' || suburb)), 200))
    WHERE kind = 'physical' AND lines <> '';
"""
UNDO = """
DROP INDEX contacts_by_phone, contacts_by_other_phone, contacts_by_email, customers_by_id_number, addresses_by_place;
"""


class Migration(migrations.Migration):
    dependencies = [("customers", "0008_anonymising")]
    operations = [migrations.RunSQL(INDEXES, UNDO)]
