"""What the database itself holds to about VAT, and what is there from the start."""

from datetime import date
from decimal import Decimal

from django.db import migrations

TYPES = ["BANDWIDTH", "VOICE", "HARDWARE", "RENTAL", "HOSTING", "LABOUR", "OTHER"]
BEGINNING = date(1993, 4, 7)
RATES = [(BEGINNING, Decimal("14.00")), (date(2018, 4, 1), Decimal("15.00"))]

# What was charged at a rate stands; so a rate that has begun is neither changed nor taken away, and none
# is put before it. One that is only announced may be moved, withdrawn or deleted.
BEGUN_STANDS = """
CREATE FUNCTION reference_has_begun(day date) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT day <= (now() AT TIME ZONE 'Africa/Johannesburg')::date
$$;

CREATE FUNCTION vat_rate_begun_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND reference_has_begun(OLD.starts_on) THEN
        RAISE EXCEPTION 'The VAT rate of % has begun and stays as it is.', OLD.starts_on
            USING ERRCODE = 'check_violation', CONSTRAINT = 'vat_rate_begun_stands';
    END IF;
    IF TG_OP <> 'DELETE' AND EXISTS (
        SELECT 1 FROM reference_vatrate r
        WHERE r.id <> NEW.id AND NOT r.withdrawn
          AND r.starts_on >= NEW.starts_on AND reference_has_begun(r.starts_on)
    ) THEN
        RAISE EXCEPTION 'A VAT rate cannot begin before one that has begun.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'vat_rate_follows_the_begun';
    END IF;
    RETURN coalesce(NEW, OLD);
END $$;
CREATE TRIGGER vat_rate_begun_stands BEFORE INSERT OR UPDATE OR DELETE ON reference_vatrate
    FOR EACH ROW EXECUTE FUNCTION vat_rate_begun_stands();

CREATE FUNCTION vendor_status_begun_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF reference_has_begun(OLD.starts_on) THEN
        RAISE EXCEPTION 'The VAT status of % has begun and stays as it is.', OLD.starts_on
            USING ERRCODE = 'check_violation', CONSTRAINT = 'vendor_status_begun_stands';
    END IF;
    RETURN coalesce(NEW, OLD);
END $$;
CREATE TRIGGER vendor_status_begun_stands BEFORE UPDATE OF starts_on, is_vendor ON reference_vendorstatus
    FOR EACH ROW WHEN ((OLD.starts_on, OLD.is_vendor) IS DISTINCT FROM (NEW.starts_on, NEW.is_vendor))
    EXECUTE FUNCTION vendor_status_begun_stands();
CREATE TRIGGER vendor_status_begun_is_kept BEFORE DELETE ON reference_vendorstatus
    FOR EACH ROW EXECUTE FUNCTION vendor_status_begun_stands();
"""
FREE = """
DROP TRIGGER vat_rate_begun_stands ON reference_vatrate;
DROP FUNCTION vat_rate_begun_stands();
DROP TRIGGER vendor_status_begun_stands ON reference_vendorstatus;
DROP TRIGGER vendor_status_begun_is_kept ON reference_vendorstatus;
DROP FUNCTION vendor_status_begun_stands();
DROP FUNCTION reference_has_begun(date);
"""


def seed(apps, schema_editor):
    """The kinds of products, the rates by law, ourselves without a name, and a vendor without a number."""
    kinds, rates, status, company = (
        apps.get_model("reference", name) for name in ("ProductType", "VatRate", "VendorStatus", "Company")
    )
    kinds.objects.bulk_create(kinds(name=name) for name in TYPES)
    rates.objects.bulk_create(rates(starts_on=day, rate=rate) for day, rate in RATES)
    status.objects.create(starts_on=BEGINNING, is_vendor=True)
    company.objects.create()


class Migration(migrations.Migration):
    dependencies = [("reference", "0003_products_vat_and_company")]

    operations = [
        migrations.RunPython(seed, migrations.RunPython.noop),
        migrations.RunSQL(BEGUN_STANDS, FREE),
    ]
