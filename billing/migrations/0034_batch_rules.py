"""What the database itself holds batches to: one live line for an open amount, and a release that stays as it was."""

from django.db import migrations

# An open amount is in one line at most (rule 2): `live` says so, and follows the state of the line.
LIVE = """
CREATE FUNCTION billing_is_live(state text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN state IN ('planned', 'sent');

CREATE FUNCTION billing_lines_live() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE billing_collectedentry e SET live = billing_is_live(n.state)
    FROM added n WHERE e.line_id = n.id AND e.live <> billing_is_live(n.state);
    RETURN NULL;
END $$;
CREATE TRIGGER lines_live AFTER UPDATE ON billing_collectionline
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION billing_lines_live();

CREATE FUNCTION billing_entries_follow_lines() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM added a JOIN billing_collectionline l ON l.id = a.line_id
            WHERE a.live <> billing_is_live(l.state)) THEN
        RAISE EXCEPTION 'Whether an amount is being collected follows from its line.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'live_follows_the_line';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER entries_follow_lines_insert AFTER INSERT ON billing_collectedentry
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION billing_entries_follow_lines();
CREATE TRIGGER entries_follow_lines_update AFTER UPDATE ON billing_collectedentry
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION billing_entries_follow_lines();
"""

# What was released stays (rule 4); only what becomes of it is added.
LOCKED = """
CREATE FUNCTION billing_released_line() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT state FROM billing_collectionbatch WHERE id = OLD.batch_id) <> 'draft' THEN
        RAISE EXCEPTION 'The batch is released; its lines are not changed any more.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'released_lines_are_locked';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER released_line BEFORE UPDATE ON billing_collectionline FOR EACH ROW WHEN (
    (OLD.batch_id, OLD.customer_id, OLD.mandate_id, OLD.card_id, OLD.reference, OLD.due, OLD.credit, OLD.amount,
        OLD.edited_why, OLD.released) IS DISTINCT FROM
    (NEW.batch_id, NEW.customer_id, NEW.mandate_id, NEW.card_id, NEW.reference, NEW.due, NEW.credit, NEW.amount,
        NEW.edited_why, NEW.released)
    OR OLD.state = 'withdrawn' AND NEW.state <> 'withdrawn'
    OR OLD.state NOT IN ('planned', 'withdrawn') AND NEW.state = 'planned'
) EXECUTE FUNCTION billing_released_line();

CREATE FUNCTION billing_released_lines() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM (SELECT DISTINCT batch_id FROM touched) t
            JOIN billing_collectionbatch b ON b.id = t.batch_id WHERE b.state <> 'draft') THEN
        RAISE EXCEPTION 'The batch is released; no line is added or removed.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'released_lines_are_locked';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER released_lines_insert AFTER INSERT ON billing_collectionline
    REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION billing_released_lines();
CREATE TRIGGER released_lines_delete AFTER DELETE ON billing_collectionline
    REFERENCING OLD TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION billing_released_lines();

CREATE FUNCTION billing_released_entries() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM touched t JOIN billing_collectionline l ON l.id = t.line_id
            JOIN billing_collectionbatch b ON b.id = l.batch_id WHERE b.state <> 'draft') THEN
        RAISE EXCEPTION 'The batch is released; what its lines collect stays.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'released_lines_are_locked';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER released_entries_insert AFTER INSERT ON billing_collectedentry
    REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION billing_released_entries();
CREATE TRIGGER released_entries_delete AFTER DELETE ON billing_collectedentry
    REFERENCING OLD TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION billing_released_entries();
CREATE TRIGGER collected_amount_stays BEFORE UPDATE ON billing_collectedentry FOR EACH ROW
    WHEN ((OLD.line_id, OLD.entry_id, OLD.amount) IS DISTINCT FROM (NEW.line_id, NEW.entry_id, NEW.amount))
    EXECUTE FUNCTION billing_refuse(
        'collected_amount_stays', 'What a line collects is written anew, never changed.');

CREATE FUNCTION billing_released_batch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> 'draft' AND (OLD.billing_group_id, OLD.method, OLD.channel, OLD.name, OLD.action_date, OLD.due_upto)
            IS DISTINCT FROM (NEW.billing_group_id, NEW.method, NEW.channel, NEW.name, NEW.action_date, NEW.due_upto)
        OR OLD.state NOT IN ('draft', 'released') AND NEW.state IN ('draft', 'released') AND OLD.state <> NEW.state
        OR OLD.state IN ('cancelled', 'rejected') AND NEW.state <> OLD.state
        OR OLD.release_hash <> '' AND NEW.release_hash <> OLD.release_hash AND NEW.state <> 'draft'
        OR NEW.state = 'draft' AND NEW.release_hash <> '' THEN
        RAISE EXCEPTION 'The batch is released; it is not changed any more.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'released_batch_is_locked';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER released_batch BEFORE UPDATE ON billing_collectionbatch FOR EACH ROW
    EXECUTE FUNCTION billing_released_batch();
CREATE TRIGGER batches_stay BEFORE DELETE ON billing_collectionbatch FOR EACH ROW
    EXECUTE FUNCTION billing_refuse('batches_stay', 'A batch is cancelled, never deleted.');

-- A batch that will not be carried out gives its amounts free.
CREATE FUNCTION billing_batch_ended() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE billing_collectionline SET
        state = CASE NEW.state WHEN 'rejected' THEN 'refused' ELSE 'withdrawn' END,
        withdrawn_why = CASE NEW.state WHEN 'rejected' THEN 'The bank refused the batch.' ELSE 'The batch was cancelled.' END
    WHERE batch_id = NEW.id AND billing_is_live(state);
    RETURN NULL;
END $$;
CREATE TRIGGER batch_ended AFTER UPDATE OF state ON billing_collectionbatch FOR EACH ROW
    WHEN (NEW.state IN ('cancelled', 'rejected') AND OLD.state <> NEW.state)
    EXECUTE FUNCTION billing_batch_ended();
"""

# The totals of a batch are its lines', always.
TOTALS = """
CREATE FUNCTION billing_batch_totals() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        UPDATE billing_collectionbatch b SET lines = b.lines + s.lines, total = b.total + s.total
        FROM (SELECT batch_id, count(*) AS lines, sum(amount) AS total FROM added
            WHERE state <> 'withdrawn' GROUP BY batch_id) s WHERE b.id = s.batch_id;
    ELSIF TG_OP = 'DELETE' THEN
        UPDATE billing_collectionbatch b SET lines = b.lines - s.lines, total = b.total - s.total
        FROM (SELECT batch_id, count(*) AS lines, sum(amount) AS total FROM gone
            WHERE state <> 'withdrawn' GROUP BY batch_id) s WHERE b.id = s.batch_id;
    ELSE
        UPDATE billing_collectionbatch b SET lines = b.lines + s.lines, total = b.total + s.total
        FROM (SELECT batch_id, sum(one) AS lines, sum(amount) AS total FROM (
            SELECT batch_id, 1 AS one, amount FROM added WHERE state <> 'withdrawn'
            UNION ALL SELECT batch_id, -1, -amount FROM gone WHERE state <> 'withdrawn'
        ) sides GROUP BY batch_id HAVING sum(one) <> 0 OR sum(amount) <> 0) s WHERE b.id = s.batch_id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER batch_totals_insert AFTER INSERT ON billing_collectionline
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION billing_batch_totals();
CREATE TRIGGER batch_totals_update AFTER UPDATE ON billing_collectionline
    REFERENCING OLD TABLE AS gone NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION billing_batch_totals();
CREATE TRIGGER batch_totals_delete AFTER DELETE ON billing_collectionline
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION billing_batch_totals();
"""

# The seal: everything by which a debit is what it is. It does not cover what becomes of the lines.
SEAL = """
CREATE FUNCTION billing_release_hash(of_batch bigint) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT encode(sha256(convert_to(
        jsonb_build_array(b.id, b.billing_group_id, b.method, b.channel, b.name, b.action_date, b.due_upto)::text || coalesce((
            SELECT string_agg(jsonb_build_array(l.id, l.customer_id, l.reference, l.amount, l.mandate_id, m.reference,
                m.maximum, d.id, d.bank_id, d.branch_code, d.holder, d.account_type, d.number_last_four, l.card_id,
                c.gateway_id, c.token_last_four)::text, E'\\n' ORDER BY l.id)
            FROM billing_collectionline l LEFT JOIN billing_mandate m ON m.id = l.mandate_id
            LEFT JOIN billing_debitdetail d ON d.id = m.detail_id LEFT JOIN billing_storedcard c ON c.id = l.card_id
            WHERE l.batch_id = b.id AND l.released
        ), ''), 'UTF8')), 'hex')
    FROM billing_collectionbatch b WHERE b.id = of_batch
$$;

-- A bank detail that changes in its row breaks the seal of what was released over it and not sent yet.
CREATE FUNCTION billing_detail_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('house.reencrypting', true) = 'on' THEN
        RETURN NULL;
    END IF;
    UPDATE billing_collectionbatch b SET state = 'draft', release_hash = '', released_by_id = NULL, released_at = NULL,
        trouble = 'A bank detail in it changed after its release.'
    WHERE b.state = 'released' AND EXISTS (
        SELECT FROM billing_collectionline l JOIN billing_mandate m ON m.id = l.mandate_id
        WHERE l.batch_id = b.id AND l.released AND m.detail_id = NEW.id);
    RETURN NULL;
END $$;
CREATE TRIGGER detail_changed AFTER UPDATE ON billing_debitdetail FOR EACH ROW WHEN (
    (OLD.number, OLD.holder, OLD.branch_code, OLD.account_type, OLD.bank_id)
    IS DISTINCT FROM (NEW.number, NEW.holder, NEW.branch_code, NEW.account_type, NEW.bank_id)
) EXECUTE FUNCTION billing_detail_changed();
"""

# Money that comes in while a line is on its way is shown at the line (rule 3).
PAID_AFTER = """
CREATE FUNCTION billing_paid_after_release() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE billing_collectionline l SET paid_after_release = true
    FROM billing_collectionbatch b
    WHERE l.customer_id IN (SELECT customer_id FROM added) AND l.state IN ('planned', 'sent')
      AND b.id = l.batch_id AND b.state <> 'draft' AND NOT l.paid_after_release;
    RETURN NULL;
END $$;
CREATE TRIGGER paid_after_release AFTER INSERT ON billing_receipt
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION billing_paid_after_release();
"""

# What bank or gateway told stays as it was told.
TOLD = """
CREATE TRIGGER told_stays BEFORE UPDATE ON billing_collectionresult FOR EACH ROW WHEN (
    (OLD.channel, OLD.told_id, OLD.told_type, OLD.day, OLD.amount, OLD.reference, OLD.code, OLD.text) IS DISTINCT FROM
    (NEW.channel, NEW.told_id, NEW.told_type, NEW.day, NEW.amount, NEW.reference, NEW.code, NEW.text)
) EXECUTE FUNCTION billing_refuse('told_stays', 'What the bank told is never changed.');
CREATE TRIGGER told_is_kept BEFORE DELETE ON billing_collectionresult FOR EACH STATEMENT
    EXECUTE FUNCTION billing_refuse('told_is_kept', 'What the bank told is kept.');
"""


class Migration(migrations.Migration):
    dependencies = [("billing", "0033_batches_kept")]
    operations = [
        migrations.RunSQL("\n".join((LIVE, LOCKED, TOTALS, SEAL, PAID_AFTER, TOLD)), migrations.RunSQL.noop)
    ]
