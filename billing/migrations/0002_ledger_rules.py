"""What the database itself holds to: issue posts once, the ledger only grows, balances and open items follow."""

from django.db import migrations

SERIES = """
CREATE FUNCTION billing_series_begins_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM billing_document WHERE series_id = OLD.id) THEN
        RAISE EXCEPTION 'Numbers have been given in this series; it stays, and so does where it begins.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'series_begins_once';
    END IF;
    RETURN coalesce(NEW, OLD);
END $$;
CREATE TRIGGER series_begins_once BEFORE UPDATE ON billing_series FOR EACH ROW
    WHEN (OLD.first_number <> NEW.first_number OR OLD.kind <> NEW.kind)
    EXECUTE FUNCTION billing_series_begins_once();
CREATE TRIGGER series_in_use_stays BEFORE DELETE ON billing_series FOR EACH ROW
    EXECUTE FUNCTION billing_series_begins_once();
INSERT INTO billing_series (kind, prefix, width, first_number) VALUES
    ('invoice', 'INV', 5, 1), ('credit_note', 'CN', 5, 1), ('debit_note', 'DN', 5, 1),
    ('adjustment', 'ADJ', 5, 1), ('write_off', 'WO', 5, 1);
"""

RULES = """
INSERT INTO billing_rules DEFAULT VALUES;

-- The bucket of age on a day: 0 current, 1 for 30 days, … 4 for 120 and more.
CREATE FUNCTION billing_bucket(dated date, as_at date, by_months boolean) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN CASE
    WHEN by_months THEN least(4, greatest(0, (extract(year FROM as_at)::int - extract(year FROM dated)::int) * 12
        + extract(month FROM as_at)::int - extract(month FROM dated)::int))
    ELSE least(4, greatest(0, as_at - dated) / 30) END;
"""

REFUSALS = """
CREATE FUNCTION billing_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', TG_ARGV[1] USING ERRCODE = 'check_violation', CONSTRAINT = TG_ARGV[0];
END $$;

CREATE TRIGGER issued_document_is_locked BEFORE UPDATE OR DELETE ON billing_document FOR EACH ROW
    WHEN (OLD.status = 'issued') EXECUTE FUNCTION billing_refuse(
        'issued_document_is_locked', 'An issued document is never changed; make a credit or debit note.');
CREATE TRIGGER documents_begin_as_drafts BEFORE INSERT ON billing_document FOR EACH ROW
    WHEN (NEW.status <> 'draft') EXECUTE FUNCTION billing_refuse(
        'documents_begin_as_drafts', 'A document begins as a draft.');

CREATE TRIGGER ledger_only_grows BEFORE UPDATE OR DELETE ON billing_entry FOR EACH STATEMENT
    EXECUTE FUNCTION billing_refuse(
        'ledger_only_grows', 'The ledger only grows; another entry answers a wrong one.');
CREATE TRIGGER receipt_is_locked BEFORE UPDATE OR DELETE ON billing_receipt FOR EACH STATEMENT
    EXECUTE FUNCTION billing_refuse('receipt_is_locked', 'A receipt is never changed; reverse it.');
CREATE TRIGGER reversal_is_locked BEFORE UPDATE OR DELETE ON billing_reversal FOR EACH STATEMENT
    EXECUTE FUNCTION billing_refuse('reversal_is_locked', 'A reversal is never changed.');
CREATE TRIGGER letterhead_is_locked BEFORE UPDATE OR DELETE ON billing_letterhead FOR EACH STATEMENT
    EXECUTE FUNCTION billing_refuse('letterhead_is_locked', 'A letterhead once used is never changed.');
CREATE TRIGGER allocations_are_kept BEFORE DELETE ON billing_allocation FOR EACH STATEMENT
    EXECUTE FUNCTION billing_refuse('allocations_are_kept', 'An allocation is undone, never deleted.');

-- These tables follow the ledger: only its triggers write them.
CREATE FUNCTION billing_only_by_trigger() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF pg_trigger_depth() < 2 THEN
        RAISE EXCEPTION '% follows what was posted; nothing else writes it.', TG_TABLE_NAME
            USING ERRCODE = 'check_violation', CONSTRAINT = 'only_posting_writes';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER only_posting_writes BEFORE INSERT ON billing_entry FOR EACH STATEMENT
    EXECUTE FUNCTION billing_only_by_trigger();
CREATE TRIGGER only_posting_writes BEFORE INSERT OR UPDATE OR DELETE ON billing_openitem FOR EACH STATEMENT
    EXECUTE FUNCTION billing_only_by_trigger();
CREATE TRIGGER only_posting_writes BEFORE INSERT OR UPDATE OR DELETE ON billing_linecredit FOR EACH STATEMENT
    EXECUTE FUNCTION billing_only_by_trigger();
CREATE TRIGGER only_posting_writes BEFORE UPDATE ON customers_customerbalance FOR EACH STATEMENT
    EXECUTE FUNCTION billing_only_by_trigger();
"""

LINES = """
CREATE FUNCTION billing_line_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    named text;
BEGIN
    -- Before or after: a line that is or comes on an issued document is refused. Each question is asked apart,
    -- since an operation knows only its own tables.
    IF TG_OP <> 'INSERT' THEN
        IF EXISTS (SELECT FROM gone WHERE document_id IS NOT NULL) THEN
            SELECT d.name INTO named FROM (SELECT DISTINCT document_id FROM gone) l
            JOIN billing_document d ON d.id = l.document_id WHERE d.status = 'issued' LIMIT 1;
        END IF;
    END IF;
    IF TG_OP <> 'DELETE' AND named IS NULL THEN
        IF EXISTS (SELECT FROM added WHERE document_id IS NOT NULL) THEN
            SELECT d.name INTO named FROM (SELECT DISTINCT document_id FROM added) l
            JOIN billing_document d ON d.id = l.document_id WHERE d.status = 'issued' LIMIT 1;
        END IF;
    END IF;
    IF named IS NOT NULL THEN
        RAISE EXCEPTION '% is issued; its lines are never changed.', named
            USING ERRCODE = 'check_violation', CONSTRAINT = 'issued_lines_are_locked';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER issued_lines_are_locked_insert AFTER INSERT ON billing_line
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION billing_line_guard();
CREATE TRIGGER issued_lines_are_locked_update AFTER UPDATE ON billing_line
    REFERENCING OLD TABLE AS gone NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION billing_line_guard();
CREATE TRIGGER issued_lines_are_locked_delete AFTER DELETE ON billing_line
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION billing_line_guard();

CREATE FUNCTION billing_snapshot_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.sha256 <> '' OR (to_jsonb(OLD) - '{file,size,sha256,printed_at}'::text[])
            <> (to_jsonb(NEW) - '{file,size,sha256,printed_at}'::text[]) THEN
        RAISE EXCEPTION 'What a document showed at its issue is never changed.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'snapshot_is_locked';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER snapshot_is_locked BEFORE UPDATE OR DELETE ON billing_snapshot FOR EACH ROW
    EXECUTE FUNCTION billing_snapshot_guard();
"""

ISSUE = """
CREATE FUNCTION billing_document_issued() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    wrong record;
BEGIN
    -- Issued documents are locked, so whatever is issued now has only just been.
    IF NOT EXISTS (SELECT 1 FROM added WHERE status = 'issued') THEN
        RETURN NULL;
    END IF;

    -- Without a condition on `added` before the join: its size is known, how many of it are issued is guessed.
    SELECT s.name INTO wrong FROM (
        SELECT a.name, a.status, a.excl, a.vat, a.incl,
               sum(l.excl) AS excls, sum(l.vat) AS vats, sum(l.incl) AS incls
        FROM added a LEFT JOIN billing_line l ON l.document_id = a.id
        GROUP BY a.id, a.name, a.status, a.excl, a.vat, a.incl
    ) s WHERE s.status = 'issued' AND (s.excl, s.vat, s.incl) IS DISTINCT FROM (s.excls, s.vats, s.incls) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'The totals of % are not the sums of its lines.', wrong.name
            USING ERRCODE = 'check_violation', CONSTRAINT = 'totals_are_sums_of_lines';
    END IF;

    SELECT coalesce(s.prefix, '?') AS prefix INTO wrong FROM (
        SELECT series_id, min(number) AS first, max(number) AS last, count(*) AS given
        FROM added WHERE status = 'issued' AND NOT before GROUP BY series_id
    ) n LEFT JOIN billing_series s ON s.id = n.series_id
    WHERE s.id IS NULL OR n.given <> n.last - n.first + 1
       OR n.first <> coalesce(1 + (
            SELECT max(d.number) FROM billing_document d WHERE d.series_id = n.series_id AND d.number < n.first
        ), s.first_number)
       OR EXISTS (SELECT 1 FROM added d WHERE d.status = 'issued' AND d.series_id = s.id
            AND (d.kind <> s.kind OR d.name <> s.prefix || CASE WHEN length(d.number::text) > s.width
                THEN d.number::text ELSE lpad(d.number::text, s.width, '0') END))
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'The numbers given in series % leave a gap or are not its own.', wrong.prefix
            USING ERRCODE = 'check_violation', CONSTRAINT = 'numbers_without_gaps';
    END IF;

    IF EXISTS (SELECT FROM added WHERE kind = 'credit_note') THEN
        INSERT INTO billing_linecredit (line_id, incl, credited)
        SELECT o.id, o.incl, sum(l.incl) FROM added d
        JOIN billing_line l ON l.document_id = d.id JOIN billing_line o ON o.id = l.credits_id
        WHERE d.status = 'issued' AND d.kind = 'credit_note' GROUP BY o.id, o.incl ORDER BY o.id
        ON CONFLICT (line_id) DO UPDATE SET credited = billing_linecredit.credited + excluded.credited;
    END IF;

    INSERT INTO billing_entry (customer_id, kind, source_id, accounting_date, due_date, amount, reference, before, run_id)
    SELECT customer_id, kind, id, document_date, due_date,
           CASE WHEN kind IN ('credit_note', 'write_off') THEN -incl ELSE incl END, name, before, run_id
    FROM added WHERE status = 'issued' ORDER BY document_date, number, id;
    RETURN NULL;
END $$;
CREATE TRIGGER document_issued AFTER UPDATE ON billing_document
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION billing_document_issued();
"""

POSTING = """
CREATE FUNCTION billing_entry_posted() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    wrong record;
BEGIN
    -- The last month that was closed closes all before it: its opening balance follows from theirs.
    SELECT a.accounting_date INTO wrong FROM added a WHERE a.accounting_date < (
        SELECT max(month) + interval '1 month' FROM billing_accountingperiod WHERE closed_at IS NOT NULL) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION '% is closed; nothing more is posted in it.', to_char(wrong.accounting_date, 'Mon YYYY')
            USING ERRCODE = 'check_violation', CONSTRAINT = 'entry_in_open_period';
    END IF;

    -- In the order of customers, so that two postings to many never wait for each other.
    PERFORM 1 FROM customers_customerbalance b
    WHERE b.customer_id IN (SELECT customer_id FROM added) ORDER BY b.customer_id FOR NO KEY UPDATE;
    UPDATE customers_customerbalance b SET amount = b.amount + s.amount
    FROM (SELECT customer_id, sum(amount) AS amount FROM added GROUP BY customer_id) s
    WHERE b.customer_id = s.customer_id AND s.amount <> 0;

    INSERT INTO billing_openitem (entry_id, customer_id, accounting_date, due_date, free_from, amount, open)
    SELECT id, customer_id, accounting_date, due_date, accounting_date, amount, amount FROM added WHERE amount <> 0;
    RETURN NULL;
END $$;
CREATE TRIGGER entry_posted AFTER INSERT ON billing_entry
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION billing_entry_posted();

CREATE FUNCTION billing_receipt_written() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO billing_entry (customer_id, kind, source_id, accounting_date, due_date, amount, reference, before, run_id)
    SELECT customer_id, 'receipt', id, receipt_date, receipt_date, -amount,
           left(coalesce(nullif(reference, ''), source_reference), 60), before, run_id
    FROM added ORDER BY receipt_date, id;
    RETURN NULL;
END $$;
CREATE TRIGGER receipt_written AFTER INSERT ON billing_receipt
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION billing_receipt_written();

-- A reversal frees what its receipt had paid, posts the opposite, and the two settle each other.
CREATE FUNCTION billing_reversal_written() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE billing_allocation l SET ends_on = greatest(a.reversed_on, l.starts_on),
        known_until = statement_timestamp(), undone_by_id = a.made_by_id
    FROM added a JOIN billing_entry e ON e.kind = 'receipt' AND e.source_id = a.receipt_id
    WHERE l.credit_id = e.id AND l.known_until IS NULL;

    INSERT INTO billing_entry (customer_id, kind, source_id, accounting_date, due_date, amount, reference, before, run_id)
    SELECT r.customer_id, 'reversal', a.id, a.reversed_on, a.reversed_on, r.amount,
           left(coalesce(nullif(r.reference, ''), r.source_reference), 60), r.before, a.run_id
    FROM added a JOIN billing_receipt r ON r.id = a.receipt_id ORDER BY a.id;

    INSERT INTO billing_allocation (customer_id, debit_id, credit_id, amount, how, starts_on, made_by_id)
    SELECT c.customer_id, d.id, c.id, d.amount, 'reversal', greatest(d.accounting_date, o.free_from), a.made_by_id
    FROM added a
    JOIN billing_entry c ON c.kind = 'receipt' AND c.source_id = a.receipt_id
    JOIN billing_openitem o ON o.entry_id = c.id
    JOIN billing_entry d ON d.kind = 'reversal' AND d.source_id = a.id;
    RETURN NULL;
END $$;
CREATE TRIGGER reversal_written AFTER INSERT ON billing_reversal
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION billing_reversal_written();
"""

ALLOCATIONS = """
CREATE FUNCTION billing_allocation_made() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    wrong record;
    sides integer;
    moved integer;
BEGIN
    SELECT d.reference INTO wrong FROM added a
    JOIN billing_entry d ON d.id = a.debit_id JOIN billing_entry c ON c.id = a.credit_id
    WHERE d.customer_id <> a.customer_id OR c.customer_id <> a.customer_id OR d.amount <= 0 OR c.amount >= 0
       OR a.starts_on < greatest(d.accounting_date, c.accounting_date) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'A credit pays a debit of the same customer, from the later of their dates (%).', wrong.reference
            USING ERRCODE = 'check_violation', CONSTRAINT = 'credit_pays_debit';
    END IF;

    WITH sides AS (
        SELECT entry_id, sum(amount) AS amount, min(starts_on) AS since FROM (
            SELECT debit_id AS entry_id, amount, starts_on FROM added
            UNION ALL SELECT credit_id, -amount, starts_on FROM added
        ) both_sides GROUP BY entry_id
    ), settled AS (
        DELETE FROM billing_openitem o USING sides s
        WHERE o.entry_id = s.entry_id AND o.open = s.amount AND o.free_from <= s.since RETURNING o.entry_id
    ), reduced AS (
        UPDATE billing_openitem o SET open = o.open - s.amount FROM sides s
        WHERE o.entry_id = s.entry_id AND o.open <> s.amount AND o.free_from <= s.since RETURNING o.entry_id
    )
    SELECT (SELECT count(*) FROM sides), (SELECT count(*) FROM settled) + (SELECT count(*) FROM reduced)
    INTO sides, moved;
    IF sides <> moved THEN
        RAISE EXCEPTION 'More is allocated than is open from that day on.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'no_more_than_is_open';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER allocation_made AFTER INSERT ON billing_allocation
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION billing_allocation_made();

CREATE FUNCTION billing_allocation_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.known_until IS NOT NULL OR NEW.known_until IS NULL
            OR (to_jsonb(OLD) - '{ends_on,known_until,undone_by_id}'::text[])
            <> (to_jsonb(NEW) - '{ends_on,known_until,undone_by_id}'::text[]) THEN
        RAISE EXCEPTION 'An allocation is undone once and otherwise never changed.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'allocations_are_kept';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER allocation_guard BEFORE UPDATE ON billing_allocation FOR EACH ROW
    EXECUTE FUNCTION billing_allocation_guard();

CREATE FUNCTION billing_allocation_undone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO billing_openitem AS o (entry_id, customer_id, accounting_date, due_date, free_from, amount, open)
    SELECT e.id, e.customer_id, e.accounting_date, e.due_date, s.ended, e.amount, s.amount
    FROM (
        SELECT entry_id, sum(amount) AS amount, max(ends_on) AS ended FROM (
            SELECT debit_id AS entry_id, amount, ends_on FROM added
            UNION ALL SELECT credit_id, -amount, ends_on FROM added
        ) both_sides GROUP BY entry_id
    ) s JOIN billing_entry e ON e.id = s.entry_id ORDER BY e.id
    ON CONFLICT (entry_id) DO UPDATE
    SET open = o.open + excluded.open, free_from = greatest(o.free_from, excluded.free_from);
    RETURN NULL;
END $$;
CREATE TRIGGER allocation_undone AFTER UPDATE ON billing_allocation
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION billing_allocation_undone();

-- Credits pay debits, oldest first on both sides; for one customer or for a hundred thousand. Returns how many.
CREATE FUNCTION billing_allocate_oldest(ids bigint[], actor bigint) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    made bigint;
BEGIN
    PERFORM 1 FROM customers_customerbalance b WHERE b.customer_id = ANY (ids)
        AND EXISTS (SELECT 1 FROM billing_openitem o WHERE o.customer_id = b.customer_id AND o.open < 0)
    ORDER BY b.customer_id FOR NO KEY UPDATE;
    WITH credit AS (
        SELECT customer_id, entry_id, free_from, sum(-open) OVER running AS upto, -open AS amount
        FROM billing_openitem WHERE customer_id = ANY (ids) AND open < 0
        WINDOW running AS (PARTITION BY customer_id ORDER BY accounting_date, entry_id)
    ), debit AS (
        SELECT o.customer_id, o.entry_id, o.free_from, sum(o.open) OVER running AS upto, o.open AS amount
        FROM billing_openitem o WHERE o.open > 0 AND o.customer_id IN (SELECT customer_id FROM credit)
        WINDOW running AS (PARTITION BY o.customer_id ORDER BY o.accounting_date, o.entry_id)
    )
    INSERT INTO billing_allocation (customer_id, debit_id, credit_id, amount, how, starts_on, made_by_id)
    SELECT d.customer_id, d.entry_id, c.entry_id,
           least(d.upto, c.upto) - greatest(d.upto - d.amount, c.upto - c.amount), 'oldest',
           greatest(d.free_from, c.free_from), actor
    FROM debit d JOIN credit c USING (customer_id)
    WHERE d.upto - d.amount < c.upto AND c.upto - c.amount < d.upto
    ORDER BY d.customer_id, d.entry_id, c.entry_id;
    GET DIAGNOSTICS made = ROW_COUNT;
    RETURN made;
END $$;
"""

# Opening balances used to move the balance themselves; now they post like everything else.
OPENINGS = """
DROP TRIGGER balance_follows_opening_insert ON customers_openingbalance;
DROP TRIGGER balance_follows_opening_update ON customers_openingbalance;
DROP TRIGGER balance_follows_opening_delete ON customers_openingbalance;
DROP FUNCTION balance_follows_opening;

CREATE FUNCTION billing_opening_written() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO billing_entry (customer_id, kind, source_id, accounting_date, due_date, amount, reference, before)
        SELECT customer_id, 'opening', id, as_at, as_at, amount, 'Opening balance', true
        FROM added WHERE amount <> 0 ORDER BY id;
        RETURN NULL;
    END IF;
    UPDATE billing_allocation l SET ends_on = l.starts_on, known_until = statement_timestamp()
    FROM gone g JOIN billing_entry e ON e.kind = 'opening' AND e.source_id = g.id
    WHERE e.id IN (l.debit_id, l.credit_id) AND l.known_until IS NULL;
    INSERT INTO billing_entry (customer_id, kind, source_id, accounting_date, due_date, amount, reference, before)
    SELECT customer_id, 'opening_back', id, as_at, as_at, -amount, 'Opening balance taken back', true
    FROM gone WHERE amount <> 0 ORDER BY id;
    INSERT INTO billing_allocation (customer_id, debit_id, credit_id, amount, how, starts_on)
    SELECT o.customer_id, CASE WHEN o.amount > 0 THEN o.id ELSE b.id END, CASE WHEN o.amount > 0 THEN b.id ELSE o.id END,
           abs(o.amount), 'reversal', i.free_from
    FROM gone g JOIN billing_entry o ON o.kind = 'opening' AND o.source_id = g.id
    JOIN billing_openitem i ON i.entry_id = o.id
    JOIN billing_entry b ON b.kind = 'opening_back' AND b.source_id = g.id WHERE o.amount <> 0;
    RETURN NULL;
END $$;
CREATE TRIGGER opening_written AFTER INSERT ON customers_openingbalance
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION billing_opening_written();
CREATE TRIGGER opening_taken_back AFTER DELETE ON customers_openingbalance
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION billing_opening_written();
CREATE TRIGGER opening_is_locked BEFORE UPDATE ON customers_openingbalance FOR EACH ROW
    WHEN ((OLD.customer_id, OLD.amount, OLD.as_at) IS DISTINCT FROM (NEW.customer_id, NEW.amount, NEW.as_at))
    EXECUTE FUNCTION billing_refuse(
        'opening_is_locked', 'An opening balance is taken back and given anew, never changed.');

-- Openings that stood before there was a ledger post now; the balances they made are counted anew.
CREATE FUNCTION billing_take_over() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    ALTER TABLE customers_customerbalance DISABLE TRIGGER only_posting_writes;
    ALTER TABLE billing_entry DISABLE TRIGGER only_posting_writes;
    ALTER TABLE billing_openitem DISABLE TRIGGER only_posting_writes;
    UPDATE customers_customerbalance SET amount = 0 WHERE amount <> 0;
    INSERT INTO billing_entry (customer_id, kind, source_id, accounting_date, due_date, amount, reference, before)
    SELECT customer_id, 'opening', id, as_at, as_at, amount, 'Opening balance', true
    FROM customers_openingbalance WHERE amount <> 0 ORDER BY id;
    SET CONSTRAINTS ALL IMMEDIATE;
    ALTER TABLE customers_customerbalance ENABLE TRIGGER only_posting_writes;
    ALTER TABLE billing_entry ENABLE TRIGGER only_posting_writes;
    ALTER TABLE billing_openitem ENABLE TRIGGER only_posting_writes;
END $$;
SELECT billing_take_over();
DROP FUNCTION billing_take_over();
"""

CUSTOMERS = """
-- Only somebody of whom the ledger knows nothing but an opening balance that was taken back may go.
CREATE FUNCTION billing_customer_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM billing_entry WHERE customer_id = OLD.id HAVING sum(amount) <> 0
            OR bool_or(kind NOT IN ('opening', 'opening_back'))) THEN
        RAISE EXCEPTION 'Customer % stands in the ledger and stays.', OLD.code
            USING ERRCODE = 'check_violation', CONSTRAINT = 'customer_in_the_ledger_stays';
    END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER customer_in_the_ledger_stays BEFORE DELETE ON customers_customer FOR EACH ROW
    EXECUTE FUNCTION billing_customer_stays();
"""

TUNING = """
ALTER TABLE billing_document SET (fillfactor = 80);
ALTER TABLE billing_line SET (fillfactor = 85);
ALTER TABLE billing_openitem SET (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05);
"""


class Migration(migrations.Migration):
    dependencies = [("billing", "0001_initial"), ("customers", "0007_doubts")]
    operations = [
        migrations.RunSQL(
            "\n".join(
                (SERIES, RULES, REFUSALS, LINES, ISSUE, POSTING, ALLOCATIONS, OPENINGS, CUSTOMERS, TUNING)
            ),
            migrations.RunSQL.noop,
        )
    ]
