"""What the books keep for ever loses its personal words once the law lets it: by a blanking on record alone."""

from django.db import migrations

# Which columns of what is locked hold personal words; everything else stays locked also while blanking.
FREE = {
    "billing_bankrow": "text,named",
    "billing_casestep": "why",
    "billing_collectionfee": "waived_why",
    "billing_collectionline": "edited_why,withdrawn_why,warnings",
    "billing_collectionresult": "reference,text",
    "billing_debitdetail": "number,number_last_four,holder,branch_name,check_overridden",
    "billing_debtornote": "text",
    "billing_depositentry": "reference",
    "billing_dispute": "reason,answer",
    "billing_document": "reference,reason",
    "billing_draftchange": "what",
    "billing_entry": "reference",
    "billing_handover": "back_why",
    "billing_line": "text",
    "billing_mandate": "asked_to,signed_by_name,signed_from,document_path,attachment_id,blocked_why,ended_why",
    "billing_receipt": "reference,source_reference,note",
    "billing_refund": "verified,reason",
    "billing_reversal": "reason",
    "billing_snapshot": "bill_to,address,vat_number,subs,reason",
    "billing_suspensioncase": "ended_why",
}
COLUMNS = "\n".join(f"        WHEN '{table}' THEN '{{{columns}}}'::text[]" for table, columns in FREE.items())
# Locked a statement at a time so far: by row as well, since a row says whose it is.
BY_STATEMENT = {
    "billing_casestep": ("case_steps_are_kept", "What happened in a case is never changed."),
    "billing_depositentry": (
        "deposit_entry_is_locked",
        "A deposit''s entry is never changed; another answers it.",
    ),
    "billing_draftchange": ("draft_changes_are_kept", "What was done to a draft stays on record."),
    "billing_entry": ("ledger_only_grows", "The ledger only grows; another entry answers a wrong one."),
    "billing_receipt": ("receipt_is_locked", "A receipt is never changed; reverse it."),
    "billing_refund": ("refund_is_locked", "A refund is never changed."),
    "billing_reversal": ("reversal_is_locked", "A reversal is never changed."),
}
BY_ROW = "\n".join(
    f"CREATE TRIGGER {name}_row BEFORE UPDATE ON {table} FOR EACH ROW"
    f" EXECUTE FUNCTION billing_refuse('{name}', '{why}');"
    for table, (name, why) in BY_STATEMENT.items()
)
LOCKED_BY_STATEMENT = ",".join(BY_STATEMENT)

BLANKS = f"""
CREATE FUNCTION billing_whose(tab text, it jsonb) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT CASE tab
        WHEN 'billing_casestep' THEN
            (SELECT customer_id FROM billing_suspensioncase WHERE id = (it->>'case_id')::bigint)
        WHEN 'billing_collectionresult' THEN
            (SELECT customer_id FROM billing_collectionline WHERE id = (it->>'line_id')::bigint)
        WHEN 'billing_dispute' THEN
            (SELECT customer_id FROM billing_document WHERE id = (it->>'document_id')::bigint)
        WHEN 'billing_snapshot' THEN
            (SELECT customer_id FROM billing_document WHERE id = (it->>'document_id')::bigint)
        WHEN 'billing_reversal' THEN
            (SELECT customer_id FROM billing_receipt WHERE id = (it->>'receipt_id')::bigint)
        ELSE (it->>'customer_id')::bigint END
$$;
CREATE FUNCTION billing_blanks(tab text, was jsonb, becomes jsonb) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF NOT house_blanks_some() THEN
        RETURN false;
    END IF;
    RETURN coalesce(house_only_blanks(billing_whose(tab, was), was, becomes, CASE tab
{COLUMNS}
        END), false);
END $$;

CREATE OR REPLACE FUNCTION billing_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF TG_LEVEL = 'ROW' THEN
            IF billing_blanks(TG_TABLE_NAME, to_jsonb(OLD), to_jsonb(NEW)) THEN
                RETURN NEW;
            END IF;
        ELSIF TG_TABLE_NAME = ANY ('{{{LOCKED_BY_STATEMENT}}}') AND house_blanks_some() THEN
            RETURN NULL;
        END IF;
    END IF;
    RAISE EXCEPTION '%', TG_ARGV[1] USING ERRCODE = 'check_violation', CONSTRAINT = TG_ARGV[0];
END $$;
{BY_ROW}

CREATE OR REPLACE FUNCTION billing_released_line() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT state FROM billing_collectionbatch WHERE id = OLD.batch_id) <> 'draft'
        AND NOT billing_blanks(TG_TABLE_NAME, to_jsonb(OLD), to_jsonb(NEW)) THEN
        RAISE EXCEPTION 'The batch is released; its lines are not changed any more.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'released_lines_are_locked';
    END IF;
    RETURN NEW;
END $$;
"""

# These guards know more than to refuse; they are not asked about what only blanks.
AROUND = """
DROP TRIGGER bank_row_is_kept ON billing_bankrow;
CREATE TRIGGER bank_row_is_kept BEFORE UPDATE ON billing_bankrow FOR EACH ROW
    WHEN (NOT billing_blanks('billing_bankrow', to_jsonb(OLD), to_jsonb(NEW)))
    EXECUTE FUNCTION billing_bank_row_guard();
CREATE TRIGGER bank_row_is_kept_delete BEFORE DELETE ON billing_bankrow FOR EACH ROW
    EXECUTE FUNCTION billing_bank_row_guard();
DROP TRIGGER snapshot_is_locked ON billing_snapshot;
CREATE TRIGGER snapshot_is_locked BEFORE UPDATE ON billing_snapshot FOR EACH ROW
    WHEN (NOT billing_blanks('billing_snapshot', to_jsonb(OLD), to_jsonb(NEW)))
    EXECUTE FUNCTION billing_snapshot_guard();
CREATE TRIGGER snapshot_is_locked_delete BEFORE DELETE ON billing_snapshot FOR EACH ROW
    EXECUTE FUNCTION billing_snapshot_guard();
DROP TRIGGER debit_detail_stands ON billing_debitdetail;
CREATE TRIGGER debit_detail_stands BEFORE UPDATE ON billing_debitdetail FOR EACH ROW
    WHEN (NOT billing_blanks('billing_debitdetail', to_jsonb(OLD), to_jsonb(NEW)))
    EXECUTE FUNCTION debit_detail_stands();
DROP TRIGGER mandate_stands ON billing_mandate;
CREATE TRIGGER mandate_stands BEFORE UPDATE ON billing_mandate FOR EACH ROW
    WHEN (NOT billing_blanks('billing_mandate', to_jsonb(OLD), to_jsonb(NEW)))
    EXECUTE FUNCTION mandate_stands();
"""

# What follows from issuing does not follow from blanking; and a transaction that blanks issues nothing.
ISSUED = """
DROP TRIGGER document_issued ON billing_document;
CREATE TRIGGER document_issued AFTER UPDATE ON billing_document REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT WHEN (NOT house_blanks_some()) EXECUTE FUNCTION billing_document_issued();
DROP TRIGGER document_names_noted ON billing_document;
CREATE TRIGGER document_names_noted AFTER UPDATE ON billing_document REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT WHEN (NOT house_blanks_some()) EXECUTE FUNCTION billing_names_noted();
CREATE FUNCTION billing_nothing_issued() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM added a JOIN gone g ON g.id = a.id WHERE a.status = 'issued' AND g.status <> 'issued') THEN
        RAISE EXCEPTION 'Nothing is issued where personal data is blanked.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'blanking_issues_nothing';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER blanking_issues_nothing AFTER UPDATE ON billing_document
    REFERENCING OLD TABLE AS gone NEW TABLE AS added
    FOR EACH STATEMENT WHEN (house_blanks_some()) EXECUTE FUNCTION billing_nothing_issued();
"""

LINES = """
CREATE OR REPLACE FUNCTION billing_line_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    named text;
BEGIN
    -- Before or after: a line that is or comes on an issued document is refused. Each question is asked apart,
    -- since an operation knows only its own tables.
    IF TG_OP = 'UPDATE' THEN
        IF house_blanks_some() THEN
            IF NOT EXISTS (SELECT FROM gone g LEFT JOIN added a ON a.id = g.id
                WHERE NOT billing_blanks('billing_line', to_jsonb(g), coalesce(to_jsonb(a), '{}'))) THEN
                RETURN NULL;
            END IF;
        END IF;
    END IF;
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
"""

# They look for their tables where they were made, so that no other table of that name stands in the way.
PINNED = """
DO $$
DECLARE
    rule text;
BEGIN
    FOREACH rule IN ARRAY ARRAY['billing_whose(text, jsonb)',
        'billing_blanks(text, jsonb, jsonb)',
        'billing_refuse()',
        'billing_released_line()',
        'billing_nothing_issued()',
        'billing_line_guard()'] LOOP
        EXECUTE format('ALTER FUNCTION %s SET search_path = pg_catalog, %I, pg_temp', rule, current_schema());
    END LOOP;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("billing", "0040_card_gateways_stand"), ("house", "0010_blanking")]
    operations = [
        migrations.RunSQL("\n".join((BLANKS, AROUND, ISSUED, LINES, PINNED)), migrations.RunSQL.noop),
    ]
