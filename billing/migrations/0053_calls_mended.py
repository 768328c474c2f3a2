"""What is waived keeps the charge it had: its calls are neither charged again nor freed with the line that billed them.

Calls that come late are charged under their own month, and so named: 1000000012201809 is what came late first of line
12 in September 2018.
"""

from __future__ import annotations

from importlib import import_module

from django.db import migrations

MENDED = """
-- Who rates or takes back calls holds the sources before the calls; so does who charges them, lest each wait for the
-- other.
CREATE OR REPLACE FUNCTION billing_calls_charged() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    line bigint := NEW.item_id % 1000000000000000 / 1000000;
    late integer := NEW.item_id / 1000000000000000;
    taken bigint;
    many integer; length bigint; begun date; ended date; paid numeric; asked numeric;
BEGIN
    IF TG_TABLE_NAME = 'billing_waiver'
        AND EXISTS (SELECT FROM dataaccounts_callcharge
                   WHERE line_id = line AND month = NEW.period AND place = late) THEN
        RETURN NULL;
    END IF;
    PERFORM 1 FROM dataaccounts_voicesource ORDER BY id FOR SHARE;
    taken := nextval(pg_get_serial_sequence('dataaccounts_callcharge', 'id'));
    WITH took AS (
        UPDATE dataaccounts_call SET charge_id = taken
        WHERE line_id = line AND charge_id IS NULL AND day >= NEW.period
            AND day < (date_trunc('month', NEW.period) + interval '1 month')::date
        RETURNING seconds, day, cost, price
    )
    SELECT count(*), coalesce(sum(seconds), 0), coalesce(min(day), NEW.period), coalesce(max(day), NEW.period),
        coalesce(round(sum(cost), 2), 0), coalesce(round(sum(price), 2), 0)
    INTO many, length, begun, ended, paid, asked FROM took;
    INSERT INTO dataaccounts_callcharge
        (id, line_id, month, place, calls, seconds, first_on, last_on, cost, price)
    VALUES (taken, line, NEW.period, late, many, length, begun, ended, paid, asked);
    IF TG_TABLE_NAME = 'billing_line' AND asked <> (to_jsonb(NEW) ->> 'unit_price')::numeric THEN
        RAISE EXCEPTION 'Calls of voice line % came or went while they were charged: charge them again.', line
            USING ERRCODE = 'serialization_failure';
    END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION billing_calls_freed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    gone bigint;
BEGIN
    IF EXISTS (SELECT FROM billing_waiver
               WHERE source = 'calls' AND item_id = OLD.item_id AND period = OLD.period)
        OR EXISTS (SELECT FROM billing_line
                   WHERE source = 'calls' AND part = 0 AND item_id = OLD.item_id AND period = OLD.period) THEN
        RETURN NULL;
    END IF;
    PERFORM 1 FROM dataaccounts_voicesource ORDER BY id FOR SHARE;
    SELECT id INTO gone FROM dataaccounts_callcharge
    WHERE line_id = OLD.item_id % 1000000000000000 / 1000000 AND month = OLD.period
        AND place = OLD.item_id / 1000000000000000;
    UPDATE dataaccounts_call SET charge_id = NULL WHERE charge_id = gone;
    DELETE FROM dataaccounts_callcharge WHERE id = gone;
    RETURN NULL;
END $$;
"""
BEFORE = import_module("billing.migrations.0050_calls_billed")
UNDO = BEFORE.CHARGED.split("CREATE TRIGGER")[0].replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0052_books_mended"),
        ("dataaccounts", "0021_calls_mended"),
    ]

    operations = [migrations.RunSQL(MENDED, UNDO)]
