from __future__ import annotations

from django.db import migrations

# Whatever issues, by hand, by the month-end or by a payment, takes numbers; history brings its own.
RULE = """
CREATE FUNCTION billing_waits_for_the_move() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM house_movingin WHERE signed_at IS NULL AND called_off_at IS NULL) THEN
        RAISE 'Billing is off while we move in from another system.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER billing_waits_for_the_move AFTER INSERT ON billing_givennumbers FOR EACH ROW
    EXECUTE FUNCTION billing_waits_for_the_move();
"""
BACK = """
DROP TRIGGER billing_waits_for_the_move ON billing_givennumbers;
DROP FUNCTION billing_waits_for_the_move;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0050_calls_billed"),
        ("house", "0016_moving_in"),
    ]

    operations = [migrations.RunSQL(RULE, BACK)]
