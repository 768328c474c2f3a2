"""Quotes in the global search; and what they know of a person is blanked with the lead or customer, never else."""

from django.db import migrations

SEARCH = """
CREATE FUNCTION search_of_quote(ids bigint[]) RETURNS SETOF house_searchdocument LANGUAGE sql STABLE AS $$
    SELECT 'quote', q.id, coalesce(q.customer_id, l.customer_id), lower(called.name), called.name,
        coalesce(l.name, c.name), concat('quote of ', q.day), q.state, '',
        array_to_tsvector(house_search_words(called.name || ' ' || split_part(called.name, '-', 1)))
    FROM workflow_quote q
    LEFT JOIN workflow_lead l ON l.id = q.lead_id
    LEFT JOIN customers_customer c ON c.id = q.customer_id
    CROSS JOIN LATERAL (SELECT 'QUO' || lpad(q.number::text, greatest(5, length(q.number::text)), '0')
        || CASE WHEN q.version > 1 THEN '-' || q.version ELSE '' END AS name) called
    WHERE ids IS NULL OR q.id = ANY (ids)
$$;
CREATE FUNCTION search_quotes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM house_search_write('quote', ARRAY(SELECT id FROM added));
    ELSIF TG_OP = 'UPDATE' THEN
        EXECUTE $sql$
            SELECT house_search_write('quote', moved) FROM (SELECT ARRAY(
                SELECT a.id FROM added a JOIN gone g USING (id)
                WHERE (a.state, a.day, a.lead_id, a.customer_id)
                    IS DISTINCT FROM (g.state, g.day, g.lead_id, g.customer_id)) AS moved) AS found
            WHERE cardinality(moved) > 0
        $sql$;
    ELSE
        PERFORM house_search_write('quote', ARRAY(SELECT id FROM gone));
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER search_quotes_insert AFTER INSERT ON workflow_quote
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION search_quotes();
CREATE TRIGGER search_quotes_update AFTER UPDATE ON workflow_quote
    REFERENCING OLD TABLE AS gone NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION search_quotes();
CREATE TRIGGER search_quotes_delete AFTER DELETE ON workflow_quote
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION search_quotes();

-- Who is called otherwise, or forgotten, is so on the quotes too.
CREATE FUNCTION search_quotes_of_leads() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE $sql$
        SELECT house_search_write('quote', moved) FROM (SELECT ARRAY(
            SELECT q.id FROM workflow_quote q JOIN added a ON a.id = q.lead_id JOIN gone g ON g.id = a.id
            WHERE (a.name, a.customer_id) IS DISTINCT FROM (g.name, g.customer_id)) AS moved) AS found
        WHERE cardinality(moved) > 0
    $sql$;
    RETURN NULL;
END $$;
CREATE TRIGGER search_quotes_of_leads AFTER UPDATE ON workflow_lead
    REFERENCING OLD TABLE AS gone NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION search_quotes_of_leads();
SELECT house_search_kind('quote'), house_search_rebuild('quote');
"""

# A change that only blanks is let by where the quote has ended; at the end of the transaction its lead is
# forgotten, or its customer blanked on record, or the whole is refused.
BLANKING = """
CREATE FUNCTION quote_only_blanks(was workflow_quote, becomes workflow_quote) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT was.state NOT IN ('draft', 'sent')
        AND becomes.snapshot IS NULL AND becomes.pdf IS NULL
        AND (becomes.remark, becomes.recipient, becomes.decline_words, becomes.token_hash) = ('', '', '', '')
        AND (was.state, was.number, was.version, was.day, was.expires_on, was.terms, was.once, was.monthly,
            was.once_vat, was.monthly_vat, was.pdf_sha256, was.sent_at, was.answered_at, was.decline_reason_id,
            was.lead_id, was.customer_id)
        IS NOT DISTINCT FROM (becomes.state, becomes.number, becomes.version, becomes.day, becomes.expires_on,
            becomes.terms, becomes.once, becomes.monthly, becomes.once_vat, becomes.monthly_vat, becomes.pdf_sha256,
            becomes.sent_at, becomes.answered_at, becomes.decline_reason_id, becomes.lead_id, becomes.customer_id)
$$;
DROP TRIGGER quote_stands ON workflow_quote;
CREATE TRIGGER quote_stands BEFORE UPDATE ON workflow_quote FOR EACH ROW
    WHEN (NOT quote_only_blanks(OLD, NEW)) EXECUTE FUNCTION quote_stands();

CREATE FUNCTION quote_is_of_who_is_forgotten(its bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT FROM workflow_quote q LEFT JOIN workflow_lead l ON l.id = q.lead_id
        WHERE q.id = its AND (l.forgotten_on IS NOT NULL OR house_blanks(q.customer_id))
    )
$$;
CREATE FUNCTION quote_is_blanked_by_law() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT quote_is_of_who_is_forgotten(CASE TG_TABLE_NAME WHEN 'workflow_quote' THEN (to_jsonb(NEW)->>'id')::bigint
        ELSE (to_jsonb(NEW)->>'quote_id')::bigint END)
    THEN
        RAISE EXCEPTION 'What a quote knows of a person goes only with the person.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'quote_is_blanked_by_law';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER quote_is_blanked_by_law AFTER UPDATE ON workflow_quote
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (OLD.state NOT IN ('draft', 'sent') AND (OLD.pdf IS NOT NULL AND NEW.pdf IS NULL OR OLD.remark <> NEW.remark
        OR OLD.decline_words <> NEW.decline_words))
    EXECUTE FUNCTION quote_is_blanked_by_law();

CREATE FUNCTION acceptance_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF (NEW.name, NEW.browser, NEW.document, NEW.details) = ('', '', '', '{}'::jsonb) AND NEW.address IS NULL
            AND (NEW.quote_id, NEW.at, NEW.pdf_sha256, NEW.terms_sha256, NEW.by_id)
            IS NOT DISTINCT FROM (OLD.quote_id, OLD.at, OLD.pdf_sha256, OLD.terms_sha256, OLD.by_id)
        THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'An acceptance is never changed.'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'acceptance_stands';
END $$;
DROP TRIGGER acceptance_stands ON workflow_acceptance;
CREATE TRIGGER acceptance_stands BEFORE UPDATE OR DELETE ON workflow_acceptance
    FOR EACH ROW EXECUTE FUNCTION acceptance_is_kept();
CREATE CONSTRAINT TRIGGER acceptance_is_blanked_by_law AFTER UPDATE ON workflow_acceptance
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION quote_is_blanked_by_law();
"""

PINNED = """
DO $$
DECLARE
    rule text;
BEGIN
    FOREACH rule IN ARRAY ARRAY['quote_sums(bigint[])', 'quote_lines_summed()', 'quote_line_stands()', 'quote_begins()',
        'quote_stands()', 'quote_is_kept()', 'acceptance_stands()', 'acceptance_is_of_what_was_sent()',
        'accepted_quote_has_its_acceptance()', 'quote_is_of_who_is_forgotten(bigint)', 'quote_is_blanked_by_law()',
        'acceptance_is_kept()'] LOOP
        EXECUTE format('ALTER FUNCTION %s SET search_path = pg_catalog, %I, pg_temp', rule, current_schema());
    END LOOP;
END $$;
"""

UNDO = """
DROP TRIGGER acceptance_is_blanked_by_law ON workflow_acceptance;
DROP TRIGGER acceptance_stands ON workflow_acceptance;
CREATE TRIGGER acceptance_stands BEFORE UPDATE OR DELETE ON workflow_acceptance
    FOR EACH ROW EXECUTE FUNCTION acceptance_stands();
DROP TRIGGER quote_is_blanked_by_law ON workflow_quote;
DROP TRIGGER quote_stands ON workflow_quote;
CREATE TRIGGER quote_stands BEFORE UPDATE ON workflow_quote FOR EACH ROW EXECUTE FUNCTION quote_stands();
DROP FUNCTION acceptance_is_kept, quote_is_blanked_by_law, quote_is_of_who_is_forgotten, quote_only_blanks;
DROP FUNCTION search_quotes_of_leads CASCADE;
DROP FUNCTION search_quotes CASCADE;
DROP FUNCTION search_of_quote;
DROP TABLE house_search_quote;
"""


class Migration(migrations.Migration):
    dependencies = [("workflow", "0015_tell_of_jobs"), ("house", "0010_blanking")]

    operations = [migrations.RunSQL(SEARCH + BLANKING + PINNED, UNDO)]
