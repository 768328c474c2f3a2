"""Calls are charged by the line that bills them: what it takes is marked in the same statement, and freed with it.

The charge is made of what stands there when the line is written. Where that differs from the line's price, calls came
in or went while the run worked, and the line is refused; the run finds them when it asks again. What is billed is
named by the voice line and the month: 12201809 is line 12 in September 2018.
"""

from __future__ import annotations

from django.db import migrations

CHARGED = """
CREATE FUNCTION billing_calls_charged() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    line bigint := NEW.item_id / 1000000;
    taken bigint := nextval(pg_get_serial_sequence('dataaccounts_callcharge', 'id'));
    many integer; length bigint; begun date; ended date; paid numeric; asked numeric;
BEGIN
    WITH took AS (
        UPDATE dataaccounts_call SET charge_id = taken
        WHERE line_id = line AND charge_id IS NULL
            AND day < (date_trunc('month', NEW.period) + interval '1 month')::date
        RETURNING seconds, day, cost, price
    )
    SELECT count(*), coalesce(sum(seconds), 0), coalesce(min(day), NEW.period), coalesce(max(day), NEW.period),
        coalesce(round(sum(cost), 2), 0), coalesce(round(sum(price), 2), 0)
    INTO many, length, begun, ended, paid, asked FROM took;
    INSERT INTO dataaccounts_callcharge (id, line_id, month, calls, seconds, first_on, last_on, cost, price)
    VALUES (taken, line, NEW.period, many, length, begun, ended, paid, asked);
    IF TG_TABLE_NAME = 'billing_line' AND asked <> (to_jsonb(NEW) ->> 'unit_price')::numeric THEN
        RAISE EXCEPTION 'Calls of voice line % came or went while they were charged: charge them again.', line
            USING ERRCODE = 'serialization_failure';
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION billing_calls_freed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE dataaccounts_call SET charge_id = NULL WHERE charge_id =
        (SELECT id FROM dataaccounts_callcharge WHERE line_id = OLD.item_id / 1000000 AND month = OLD.period);
    DELETE FROM dataaccounts_callcharge WHERE line_id = OLD.item_id / 1000000 AND month = OLD.period;
    RETURN NULL;
END $$;
CREATE TRIGGER calls_charged AFTER INSERT ON billing_line
    FOR EACH ROW WHEN (NEW.source = 'calls' AND NEW.part = 0) EXECUTE FUNCTION billing_calls_charged();
CREATE TRIGGER calls_freed AFTER DELETE ON billing_line
    FOR EACH ROW WHEN (OLD.source = 'calls' AND OLD.part = 0) EXECUTE FUNCTION billing_calls_freed();
CREATE TRIGGER calls_charged AFTER INSERT ON billing_waiver
    FOR EACH ROW WHEN (NEW.source = 'calls') EXECUTE FUNCTION billing_calls_charged();
CREATE TRIGGER calls_freed AFTER DELETE ON billing_waiver
    FOR EACH ROW WHEN (OLD.source = 'calls') EXECUTE FUNCTION billing_calls_freed();
"""
UNDO = "DROP FUNCTION billing_calls_charged CASCADE; DROP FUNCTION billing_calls_freed CASCADE;"


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0049_sage_down"),
        ("dataaccounts", "0020_voice_more"),
    ]

    operations = [migrations.RunSQL(CHARGED, UNDO)]
