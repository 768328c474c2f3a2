"""What the database holds to about bank rows, the days somebody signed, and refunds."""

from django.db import migrations

ROWS = """
-- The columns are what we make of a row; all else is what the bank said.
CREATE FUNCTION billing_bank_row_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    ours text[] := '{kind,named,customer_id,confirms_id,how,round,gone,decided_by_id,decided_at}';
BEGIN
    IF TG_OP = 'UPDATE' AND (to_jsonb(OLD) - ours) <> (to_jsonb(NEW) - ours) OR OLD.gone THEN
        RAISE EXCEPTION 'What the bank said is never changed.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'bank_row_is_kept';
    END IF;
    IF OLD.kind = 'receipt' AND (TG_OP = 'DELETE' OR NEW.kind <> 'receipt' OR NEW.gone) AND EXISTS (
        SELECT 1 FROM billing_receipt r WHERE r.bank_row_id = OLD.id
        AND NOT EXISTS (SELECT 1 FROM billing_reversal v WHERE v.receipt_id = r.id)
    ) THEN
        RAISE EXCEPTION 'Receipts stand on this row; reverse them first.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'bank_row_carries_receipts';
    END IF;
    IF (TG_OP = 'DELETE' OR NEW.gone OR (NEW.kind = 'unmatched' AND OLD.kind <> 'unmatched')) AND EXISTS (
        SELECT 1 FROM billing_reconciliation s WHERE s.account_id = OLD.account_id
        AND OLD.day BETWEEN s.first AND s.last AND s.opened_at IS NULL
    ) THEN
        RAISE EXCEPTION 'The days around % are signed off for this account; open them again first.', OLD.day
            USING ERRCODE = 'check_violation', CONSTRAINT = 'signed_days_keep_their_rows';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER bank_row_is_kept BEFORE UPDATE OR DELETE ON billing_bankrow FOR EACH ROW
    EXECUTE FUNCTION billing_bank_row_guard();

CREATE FUNCTION billing_bank_rows_added() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    wrong record;
BEGIN
    SELECT a.day INTO wrong FROM added a JOIN billing_reconciliation s ON s.account_id = a.account_id
    WHERE a.day BETWEEN s.first AND s.last AND s.opened_at IS NULL LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'The days around % are signed off for this account; they take no more rows.', wrong.day
            USING ERRCODE = 'check_violation', CONSTRAINT = 'signed_days_take_no_rows';
    END IF;
    SELECT a.day INTO wrong FROM added a JOIN billing_bankaccount b ON b.id = a.account_id
    WHERE a.day < b.starts_on LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION '% is before the cut-over of this account.', wrong.day
            USING ERRCODE = 'check_violation', CONSTRAINT = 'rows_begin_at_cut_over';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER bank_rows_added AFTER INSERT ON billing_bankrow
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION billing_bank_rows_added();
"""

RECEIPTS = """
-- A row of the bank carries no more receipts than it brought money, of its own account and no earlier day.
CREATE FUNCTION billing_receipt_from_bank() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    wrong record;
BEGIN
    SELECT b.starts_on INTO wrong FROM added a JOIN billing_bankaccount b ON b.id = a.account_id
    WHERE a.receipt_date < b.starts_on AND NOT a.before LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'Receipts before % are history of the old system for this account.', wrong.starts_on
            USING ERRCODE = 'check_violation', CONSTRAINT = 'receipts_begin_at_cut_over';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM added WHERE bank_row_id IS NOT NULL) THEN
        RETURN NULL;
    END IF;
    SELECT b.id INTO wrong FROM added a JOIN billing_bankrow b ON b.id = a.bank_row_id
    WHERE b.account_id <> a.account_id OR a.receipt_date < b.day OR b.gone OR b.kind <> 'receipt' LIMIT 1;
    IF NOT FOUND THEN
        SELECT b.id INTO wrong FROM billing_bankrow b JOIN billing_receipt r ON r.bank_row_id = b.id
        WHERE b.id IN (SELECT bank_row_id FROM added)
          AND NOT EXISTS (SELECT 1 FROM billing_reversal v WHERE v.receipt_id = r.id)
        GROUP BY b.id, b.amount HAVING sum(r.amount) > b.amount LIMIT 1;
    END IF;
    IF FOUND THEN
        RAISE EXCEPTION 'More is booked from a bank row than it brought (%).', wrong.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'bank_row_booked_once';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER receipt_from_bank AFTER INSERT ON billing_receipt
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION billing_receipt_from_bank();
"""

SIGNED = """
ALTER TABLE billing_reconciliation ADD CONSTRAINT signed_days_do_not_overlap EXCLUDE USING gist (
    int8range(account_id, account_id, '[]') WITH &&, daterange(first, last, '[]') WITH &&
) WHERE (opened_at IS NULL);

CREATE FUNCTION billing_reconciliation_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    held record;
    earlier record;
BEGIN
    IF TG_OP = 'UPDATE' AND (OLD.opened_at IS NOT NULL OR NEW.opened_at IS NULL
            OR (to_jsonb(OLD) - '{opened_at,opened_by_id,opened_why}'::text[])
            <> (to_jsonb(NEW) - '{opened_at,opened_by_id,opened_why}'::text[])) OR TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'A reconciliation that was signed is opened again, never changed.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'signed_reconciliation_is_kept';
    END IF;
    IF EXISTS (SELECT 1 FROM billing_reconciliation s WHERE s.account_id = NEW.account_id
            AND s.first > NEW.last AND s.opened_at IS NULL) THEN
        RAISE EXCEPTION 'Later days of this account are signed off already.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'later_days_are_signed';
    END IF;
    IF TG_OP = 'UPDATE' THEN
        RETURN NEW;
    END IF;
    PERFORM 1 FROM billing_bankaccount WHERE id = NEW.account_id FOR NO KEY UPDATE;
    SELECT count(*) AS rows, coalesce(sum(amount), 0) AS moved, count(*) FILTER (WHERE kind = 'unmatched') AS open
    INTO held FROM billing_bankrow
    WHERE account_id = NEW.account_id AND day BETWEEN NEW.first AND NEW.last AND NOT gone;
    IF held.open > 0 OR held.rows <> NEW.rows OR held.moved <> NEW.moved THEN
        RAISE EXCEPTION 'Rows of these days are unmatched, or there are others by now.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'every_row_has_a_name';
    END IF;
    SELECT s.last, s.closing INTO earlier FROM billing_reconciliation s
    WHERE s.account_id = NEW.account_id AND s.opened_at IS NULL ORDER BY s.last DESC LIMIT 1;
    IF FOUND AND (NEW.first <> earlier.last + 1 OR NEW.opening <> earlier.closing) THEN
        RAISE EXCEPTION 'It does not follow on the days signed before, up to %.', earlier.last
            USING ERRCODE = 'check_violation', CONSTRAINT = 'signed_days_follow';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER reconciliation_guard BEFORE INSERT OR UPDATE OR DELETE ON billing_reconciliation FOR EACH ROW
    EXECUTE FUNCTION billing_reconciliation_guard();
"""

REFUNDS = """
CREATE TRIGGER refund_is_locked BEFORE UPDATE OR DELETE ON billing_refund FOR EACH STATEMENT
    EXECUTE FUNCTION billing_refuse('refund_is_locked', 'A refund is never changed.');

-- A refund is owed again at once by the credit it pays out: that of the receipt it names first, then the oldest.
CREATE FUNCTION billing_refund_written() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    made record;
    entry bigint;
    used numeric;
BEGIN
    PERFORM 1 FROM customers_customerbalance WHERE customer_id IN (SELECT customer_id FROM added)
    ORDER BY customer_id FOR NO KEY UPDATE;
    FOR made IN SELECT a.*, r.customer_id AS payer, r.method FROM added a
            LEFT JOIN billing_receipt r ON r.id = a.receipt_id ORDER BY a.id LOOP
        IF made.payer <> made.customer_id OR (made.method = 'card' AND made.destination <> 'source') THEN
            RAISE EXCEPTION 'A refund goes to the customer who paid, and of a card payment back to the card.'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'refund_goes_to_the_payer';
        END IF;
        INSERT INTO billing_entry (customer_id, kind, source_id, accounting_date, due_date, amount, reference, before)
        VALUES (made.customer_id, 'refund', made.id, made.refunded_on, made.refunded_on, made.amount, 'Refund', false)
        RETURNING id INTO entry;
        WITH credit AS (
            SELECT o.entry_id, -o.open AS amount, sum(-o.open) OVER (
                ORDER BY (e.kind = 'receipt' AND e.source_id = made.receipt_id) IS TRUE DESC,
                         o.accounting_date, o.entry_id) AS upto
            FROM billing_openitem o JOIN billing_entry e ON e.id = o.entry_id
            WHERE o.customer_id = made.customer_id AND o.open < 0 AND o.free_from <= made.refunded_on
        ), paid AS (
            INSERT INTO billing_allocation (customer_id, debit_id, credit_id, amount, how, starts_on, made_by_id)
            SELECT made.customer_id, entry, entry_id, least(upto, made.amount) - (upto - amount), 'hand',
                   made.refunded_on, made.approved_by_id
            FROM credit WHERE upto - amount < made.amount ORDER BY entry_id
            RETURNING amount
        )
        SELECT coalesce(sum(amount), 0) INTO used FROM paid;
        IF used <> made.amount THEN
            RAISE EXCEPTION 'There is less unallocated credit than is to be refunded.'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'refund_within_credit';
        END IF;
    END LOOP;
    RETURN NULL;
END $$;
CREATE TRIGGER refund_written AFTER INSERT ON billing_refund
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION billing_refund_written();
"""


class Migration(migrations.Migration):
    dependencies = [("billing", "0008_bank_statements")]
    operations = [migrations.RunSQL("\n".join((ROWS, RECEIPTS, SIGNED, REFUNDS)), migrations.RunSQL.noop)]
