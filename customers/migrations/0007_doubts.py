"""Numbers that do not check: a column that the database keeps, so that a filter finds them."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.db import migrations, models

import customers.models.doubts

# The same as customers.policies.numbers says in Python.
NUMBERS = """
CREATE FUNCTION customers_checks_luhn(number text) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE STRICT AS $$
DECLARE
    total integer := 0;
    digit integer;
BEGIN
    FOR place IN 1..length(number) LOOP
        digit := ascii(substr(number, length(number) - place + 1, 1)) - 48;
        IF place % 2 = 0 THEN
            digit := CASE WHEN digit > 4 THEN 2 * digit - 9 ELSE 2 * digit END;
        END IF;
        total := total + digit;
    END LOOP;
    RETURN total % 10 = 0;
END $$;

CREATE FUNCTION customers_is_identity(number text) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE STRICT AS $$
DECLARE
    month integer;
    days integer;
BEGIN
    IF number !~ '^[0-9]{10}[0-2][0-9]{2}$' THEN
        RETURN false;
    END IF;
    month := substr(number, 3, 2)::integer;
    IF month NOT BETWEEN 1 AND 12 THEN
        RETURN false;
    END IF;
    -- A year that two digits name is a leap year in one century or the other if they divide by four.
    days := (ARRAY[31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])[month];
    IF month = 2 AND substr(number, 1, 2)::integer % 4 = 0 THEN
        days := 29;
    END IF;
    RETURN substr(number, 5, 2)::integer BETWEEN 1 AND days AND customers_checks_luhn(number);
END $$;

CREATE FUNCTION customers_doubts(id_number text, registration_number text, vat_number text, phone text)
RETURNS text[] LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE STRICT AS $$
DECLARE
    found text[] := '{}';
    number text;
BEGIN
    IF id_number <> '' THEN
        number := replace(id_number, ' ', '');
        IF number <> '' AND number !~ '^[A-Za-z]{1,2}[0-9]{6,8}$' AND NOT customers_is_identity(number) THEN
            found := found || 'id_invalid'::text;
        END IF;
    END IF;
    IF registration_number <> '' THEN
        number := replace(registration_number, ' ', '');
        IF number <> '' AND number !~ '^(19|20)[0-9]{2}/[0-9]{6}/[0-9]{2}$'
            AND NOT customers_is_identity(number) THEN
            found := found || 'reg_invalid'::text;
        END IF;
    END IF;
    IF vat_number <> '' THEN
        number := replace(vat_number, ' ', '');
        IF number <> '' AND (number !~ '^4[0-9]{9}$' OR NOT customers_checks_luhn(number)) THEN
            found := found || 'vat_invalid'::text;
        END IF;
    END IF;
    IF phone ~ '^\\+27(0|9|89)' THEN
        found := found || 'phone_doubtful'::text;
    END IF;
    RETURN found;
END $$;
"""

UNDO = "DROP FUNCTION customers_doubts, customers_is_identity, customers_checks_luhn"


class Migration(migrations.Migration):
    dependencies = [("customers", "0006_list_indexes")]

    operations = [
        migrations.RunSQL(NUMBERS, UNDO),
        migrations.AddField(
            model_name="customer",
            name="doubts",
            field=models.GeneratedField(
                db_persist=True,
                expression=customers.models.doubts.Doubts(
                    "id_number", "registration_number", "vat_number", "contact_phone"
                ),
                output_field=django.contrib.postgres.fields.ArrayField(
                    base_field=models.CharField(max_length=20), size=None
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="customer",
            index=django.contrib.postgres.indexes.GinIndex(fields=["doubts"], name="customer_by_doubts"),
        ),
    ]
