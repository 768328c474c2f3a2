"""A quote's sums are its lines'; what was sent stands, and goes its way; an acceptance is never changed."""

from django.db import migrations

SUMS = """
CREATE FUNCTION quote_sums(quotes bigint[]) RETURNS void LANGUAGE sql AS $$
    UPDATE workflow_quote q SET once_excl = s.once_excl, once_vat = s.once_vat, once = s.once,
        monthly_excl = s.monthly_excl, monthly_vat = s.monthly_vat, monthly = s.monthly
    FROM (
        SELECT one.id,
            coalesce(sum(l.excl) FILTER (WHERE NOT l.monthly), 0) AS once_excl,
            coalesce(sum(l.vat) FILTER (WHERE NOT l.monthly), 0) AS once_vat,
            coalesce(sum(l.incl) FILTER (WHERE NOT l.monthly), 0) AS once,
            coalesce(sum(l.excl) FILTER (WHERE l.monthly), 0) AS monthly_excl,
            coalesce(sum(l.vat) FILTER (WHERE l.monthly), 0) AS monthly_vat,
            coalesce(sum(l.incl) FILTER (WHERE l.monthly), 0) AS monthly
        FROM unnest(quotes) AS one (id) LEFT JOIN workflow_quoteline l ON l.quote_id = one.id GROUP BY one.id
    ) s
    WHERE q.id = s.id AND (q.once_excl, q.once_vat, q.monthly_excl, q.monthly_vat)
        IS DISTINCT FROM (s.once_excl, s.once_vat, s.monthly_excl, s.monthly_vat)
$$;

CREATE FUNCTION quote_lines_summed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM quote_sums(ARRAY(SELECT DISTINCT quote_id FROM touched));
    RETURN NULL;
END $$;
CREATE TRIGGER quote_lines_added AFTER INSERT ON workflow_quoteline
    REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION quote_lines_summed();
CREATE TRIGGER quote_lines_changed AFTER UPDATE ON workflow_quoteline
    REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION quote_lines_summed();
CREATE TRIGGER quote_lines_removed AFTER DELETE ON workflow_quoteline
    REFERENCING OLD TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION quote_lines_summed();
"""

LINES = """
CREATE FUNCTION quote_line_stands() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    its bigint := coalesce(OLD.quote_id, NEW.quote_id);
    stands varchar;
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.quote_id <> OLD.quote_id THEN
        RAISE EXCEPTION 'A line stays on its quote.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'quote_line_stays';
    END IF;
    SELECT state INTO stands FROM workflow_quote WHERE id = its FOR NO KEY UPDATE;
    IF stands IS NOT NULL AND stands <> 'draft' THEN
        RAISE EXCEPTION 'The lines of a quote that was sent stand.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'quote_line_stands';
    END IF;
    RETURN coalesce(NEW, OLD);
END $$;
CREATE TRIGGER quote_line_stands BEFORE INSERT OR UPDATE OR DELETE ON workflow_quoteline
    FOR EACH ROW EXECUTE FUNCTION quote_line_stands();
"""

QUOTES = """
CREATE FUNCTION quote_begins() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state <> 'draft' THEN
        RAISE EXCEPTION 'A quote begins as a draft.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'quote_begins_as_draft';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER quote_begins BEFORE INSERT ON workflow_quote FOR EACH ROW EXECUTE FUNCTION quote_begins();

CREATE FUNCTION quote_stands() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    sums numeric[];
BEGIN
    IF (OLD.number, OLD.version) IS DISTINCT FROM (NEW.number, NEW.version) THEN
        RAISE EXCEPTION 'A quote keeps its number.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'quote_keeps_its_number';
    END IF;
    IF NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN (
        ('draft', 'sent'), ('draft', 'withdrawn'), ('sent', 'accepted'), ('sent', 'declined'),
        ('sent', 'expired'), ('sent', 'replaced'), ('sent', 'withdrawn'))
    THEN
        RAISE EXCEPTION 'A quote that is % does not become %.', OLD.state, NEW.state
            USING ERRCODE = 'check_violation', CONSTRAINT = 'quote_goes_its_way';
    END IF;
    IF OLD.state <> 'draft' AND (OLD.day, OLD.expires_on, OLD.remark, OLD.terms, OLD.once_excl, OLD.once_vat,
            OLD.once, OLD.monthly_excl, OLD.monthly_vat, OLD.monthly, OLD.snapshot, OLD.pdf, OLD.pdf_sha256, OLD.sent_at)
        IS DISTINCT FROM (NEW.day, NEW.expires_on, NEW.remark, NEW.terms, NEW.once_excl, NEW.once_vat,
            NEW.once, NEW.monthly_excl, NEW.monthly_vat, NEW.monthly, NEW.snapshot, NEW.pdf, NEW.pdf_sha256, NEW.sent_at)
    THEN
        RAISE EXCEPTION 'A quote that was sent stands; a new version takes its place.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'quote_stands';
    END IF;
    IF OLD.state NOT IN ('draft', 'sent') AND (OLD.answered_at, OLD.decline_reason_id, OLD.decline_words)
        IS DISTINCT FROM (NEW.answered_at, NEW.decline_reason_id, NEW.decline_words)
    THEN
        RAISE EXCEPTION 'An answer to a quote stands.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'quote_answer_stands';
    END IF;
    IF OLD.state = 'draft' AND NEW.state = 'sent' THEN
        SELECT ARRAY[
            coalesce(sum(excl) FILTER (WHERE NOT monthly), 0), coalesce(sum(vat) FILTER (WHERE NOT monthly), 0),
            coalesce(sum(excl) FILTER (WHERE monthly), 0), coalesce(sum(vat) FILTER (WHERE monthly), 0), count(*)]
        INTO sums FROM workflow_quoteline WHERE quote_id = NEW.id;
        IF sums[5] = 0 OR sums[1:4] <> ARRAY[NEW.once_excl, NEW.once_vat, NEW.monthly_excl, NEW.monthly_vat]
            OR NEW.snapshot IS NULL OR NEW.pdf IS NULL OR NEW.expires_on IS NULL
            OR NEW.pdf_sha256 <> encode(sha256(NEW.pdf), 'hex')
        THEN
            RAISE EXCEPTION 'A quote goes out whole: lines, sums, paper and the day it stands until.'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'quote_goes_out_whole';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER quote_stands BEFORE UPDATE ON workflow_quote FOR EACH ROW EXECUTE FUNCTION quote_stands();

CREATE FUNCTION quote_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> 'draft' THEN
        RAISE EXCEPTION 'A quote that was sent is kept.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'quote_is_kept';
    END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER quote_is_kept BEFORE DELETE ON workflow_quote FOR EACH ROW EXECUTE FUNCTION quote_is_kept();
"""

ACCEPTANCES = """
CREATE FUNCTION acceptance_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'An acceptance is never changed.'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'acceptance_stands';
END $$;
CREATE TRIGGER acceptance_stands BEFORE UPDATE OR DELETE ON workflow_acceptance
    FOR EACH ROW EXECUTE FUNCTION acceptance_stands();

CREATE FUNCTION acceptance_is_of_what_was_sent() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM workflow_quote q WHERE q.id = NEW.quote_id AND q.state = 'accepted'
        AND q.pdf_sha256 = NEW.pdf_sha256 AND encode(sha256(convert_to(q.terms, 'UTF8')), 'hex') = NEW.terms_sha256)
    THEN
        RAISE EXCEPTION 'An acceptance is of a quote as it was sent, once it is accepted.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'acceptance_is_of_what_was_sent';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER acceptance_is_of_what_was_sent BEFORE INSERT ON workflow_acceptance
    FOR EACH ROW EXECUTE FUNCTION acceptance_is_of_what_was_sent();

CREATE FUNCTION accepted_quote_has_its_acceptance() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM workflow_acceptance WHERE quote_id = NEW.id) THEN
        RAISE EXCEPTION 'An accepted quote has its acceptance.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'accepted_quote_has_its_acceptance';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER accepted_quote_has_its_acceptance AFTER UPDATE OF state ON workflow_quote
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.state = 'accepted' AND OLD.state <> 'accepted')
    EXECUTE FUNCTION accepted_quote_has_its_acceptance();
"""

FREE = """
DROP TRIGGER accepted_quote_has_its_acceptance ON workflow_quote;
DROP TRIGGER acceptance_is_of_what_was_sent ON workflow_acceptance;
DROP TRIGGER acceptance_stands ON workflow_acceptance;
DROP TRIGGER quote_is_kept ON workflow_quote;
DROP TRIGGER quote_stands ON workflow_quote;
DROP TRIGGER quote_begins ON workflow_quote;
DROP TRIGGER quote_line_stands ON workflow_quoteline;
DROP TRIGGER quote_lines_removed ON workflow_quoteline;
DROP TRIGGER quote_lines_changed ON workflow_quoteline;
DROP TRIGGER quote_lines_added ON workflow_quoteline;
DROP FUNCTION accepted_quote_has_its_acceptance(), acceptance_is_of_what_was_sent(), acceptance_stands(),
    quote_is_kept(), quote_stands(), quote_begins(), quote_line_stands(), quote_lines_summed(), quote_sums(bigint[]);
"""


class Migration(migrations.Migration):
    dependencies = [("workflow", "0003_quotes_kept")]

    operations = [migrations.RunSQL(SUMS + LINES + QUOTES + ACCEPTANCES, FREE)]
