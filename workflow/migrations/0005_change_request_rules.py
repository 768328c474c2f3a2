"""A change request holds fields of its fixed list, goes from waiting to one decision, and then stands."""

from django.db import migrations, models

# The same lists as in workflow/policies/change_fields.py; a test compares them. A number stands there masked.
FIELDS = {
    "details": "company_name,first_names,surname,vat_number,contact_name,email,phone,other_phone,"
    "physical_lines,physical_suburb,physical_town,physical_postal_code,physical_directions,"
    "postal_lines,postal_suburb,postal_town,postal_postal_code",
    "payment": "method,debit_day,bank,branch_name,branch_code,holder,account_type,number",
    "conversion": "kind,company_name,registration_number,vat_number,contact_name,first_names,surname,id_number",
}
ALLOWED = " ".join(f"WHEN '{kind}' THEN '{{{names}}}'::text[]" for kind, names in FIELDS.items())
# What blanking a former customer may empty of a request that is decided.
PERSONAL = "{wanted,seen,words,document,why,asked_from,number,number_last_four}"

RULES = f"""
ALTER TABLE workflow_changerequest
    ADD CONSTRAINT change_request_asks_from_its_list CHECK (
        jsonb_typeof(wanted) = 'object' AND wanted - CASE kind {ALLOWED} ELSE '{{}}'::text[] END = '{{}}'::jsonb),
    ADD CONSTRAINT change_request_kind_known CHECK (kind IN ('details', 'payment', 'conversion')),
    ADD CONSTRAINT change_request_state_known CHECK (state IN ('waiting', 'accepted', 'rejected', 'withdrawn')),
    ADD CONSTRAINT decided_change_has_its_time CHECK ((state = 'waiting') = (decided_at IS NULL)),
    ADD CONSTRAINT decided_change_keeps_no_number CHECK (state = 'waiting' OR number = ''),
    ADD CONSTRAINT change_request_shows_no_number CHECK (coalesce(wanted ->> 'number', '••••') LIKE '••••%'),
    ADD CONSTRAINT only_payments_have_a_number CHECK (kind = 'payment' OR number = ''),
    ADD CONSTRAINT staff_show_a_document CHECK (origin <> 'staff' OR document <> '');

CREATE FUNCTION workflow_change_request_stands() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    asked text[] := '{{wanted,seen,words,document,origin,asked_at,asked_by_id,asked_from,number,number_last_four,version}}';
    decided text[] := '{{state,decided_at,decided_by_id,why,number}}';
    was jsonb := to_jsonb(OLD);
    becomes jsonb := to_jsonb(NEW);
BEGIN
    IF house_only_blanks(OLD.customer_id, was, becomes, '{PERSONAL}') THEN
        RETURN NEW;
    END IF;
    IF OLD.state <> 'waiting' THEN
        RAISE EXCEPTION 'This request was decided; what was decided stands.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'change_request_is_decided_once';
    END IF;
    IF NEW.state <> 'waiting' THEN
        IF was - decided <> becomes - decided THEN
            RAISE EXCEPTION 'A decision is about what was asked, as it was asked.'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'change_request_is_decided_as_asked';
        END IF;
    ELSIF coalesce(current_setting('house.reencrypting', true), '') = 'on' AND was - 'number' = becomes - 'number' THEN
        RETURN NEW;
    ELSIF was - asked <> becomes - asked OR NEW.version <> OLD.version + 1 THEN
        RAISE EXCEPTION 'Whoever asks for something else gives the request its next version.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'change_request_has_versions';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER change_request_stands BEFORE UPDATE ON workflow_changerequest
    FOR EACH ROW EXECUTE FUNCTION workflow_change_request_stands();

CREATE FUNCTION workflow_change_request_begins() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'What a customer asked for is kept.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'change_requests_are_kept';
    END IF;
    IF NEW.state <> 'waiting' OR NEW.version <> 1 THEN
        RAISE EXCEPTION 'A request begins by waiting for its decision.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'change_request_begins_by_waiting';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER change_request_begins BEFORE INSERT OR DELETE ON workflow_changerequest
    FOR EACH ROW EXECUTE FUNCTION workflow_change_request_begins();
"""
FREE = """
DROP TRIGGER change_request_begins ON workflow_changerequest;
DROP TRIGGER change_request_stands ON workflow_changerequest;
DROP FUNCTION workflow_change_request_begins(), workflow_change_request_stands();
ALTER TABLE workflow_changerequest
    DROP CONSTRAINT change_request_asks_from_its_list,
    DROP CONSTRAINT change_request_kind_known,
    DROP CONSTRAINT change_request_state_known,
    DROP CONSTRAINT decided_change_has_its_time,
    DROP CONSTRAINT decided_change_keeps_no_number,
    DROP CONSTRAINT change_request_shows_no_number,
    DROP CONSTRAINT only_payments_have_a_number,
    DROP CONSTRAINT staff_show_a_document;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("workflow", "0004_quote_rules"),
        ("house", "0010_blanking"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="changerequest",
            index=models.Index(fields=["asked_at", "id"], name="changes_by_time"),
        ),
        migrations.RunSQL(RULES, FREE),
    ]
