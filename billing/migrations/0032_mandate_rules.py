"""A change of account is a new row, and ends the mandate; what was agreed in a mandate stands."""

import herotill.audit.sql
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


RULES = """
CREATE FUNCTION billing_same_account(a billing_debitdetail, b billing_debitdetail) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
    SELECT (a.customer_id, a.bank_id, a.branch_code, a.account_type, a.number, a.holder)
        IS NOT DISTINCT FROM (b.customer_id, b.bank_id, b.branch_code, b.account_type, b.number, b.holder)
$$;

CREATE FUNCTION debit_detail_replaces() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.replaced_at IS NULL THEN
        UPDATE billing_debitdetail SET replaced_at = NEW.made_at
        WHERE customer_id = NEW.customer_id AND replaced_at IS NULL;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER debit_detail_replaces BEFORE INSERT ON billing_debitdetail
    FOR EACH ROW EXECUTE FUNCTION debit_detail_replaces();

CREATE FUNCTION debit_detail_ends_mandate() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before billing_debitdetail;
BEGIN
    SELECT * INTO before FROM billing_debitdetail
    WHERE customer_id = NEW.customer_id AND id <> NEW.id ORDER BY id DESC LIMIT 1;
    IF NOT FOUND OR NEW.replaced_at IS NOT NULL THEN
        RETURN NULL;
    END IF;
    IF billing_same_account(before, NEW) THEN
        UPDATE billing_mandate SET detail_id = NEW.id, debit_day = NEW.debit_day
        WHERE customer_id = NEW.customer_id AND status IN ('asked', 'active', 'blocked');
    ELSE
        UPDATE billing_mandate SET status = 'cancelled', ended_at = NEW.made_at,
            ended_why = 'Bank, account or holder changed.'
        WHERE customer_id = NEW.customer_id AND status IN ('asked', 'active', 'blocked');
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER debit_detail_ends_mandate AFTER INSERT ON billing_debitdetail
    FOR EACH ROW EXECUTE FUNCTION debit_detail_ends_mandate();

CREATE FUNCTION debit_detail_stands() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    renewed boolean := coalesce(current_setting('house.reencrypting', true), '') = 'on';
BEGIN
    IF renewed THEN
        NEW.number := coalesce(NEW.number, '');
        OLD.number := NEW.number;
    END IF;
    IF OLD.replaced_at IS NULL THEN
        OLD.replaced_at := NEW.replaced_at;
    END IF;
    IF OLD IS DISTINCT FROM NEW THEN
        RAISE EXCEPTION 'Debit-order details are replaced, not changed.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'debit_detail_stands';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER debit_detail_stands BEFORE UPDATE ON billing_debitdetail
    FOR EACH ROW EXECUTE FUNCTION debit_detail_stands();

CREATE FUNCTION mandate_begins() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.status IN ('asked', 'active', 'blocked') AND NOT EXISTS (
        SELECT FROM billing_debitdetail d
        WHERE d.id = NEW.detail_id AND d.customer_id = NEW.customer_id AND d.replaced_at IS NULL)
    THEN
        RAISE EXCEPTION 'A mandate is for the account that counts.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'mandate_is_for_the_account_that_counts';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER mandate_begins BEFORE INSERT ON billing_mandate
    FOR EACH ROW EXECUTE FUNCTION mandate_begins();

CREATE FUNCTION mandate_stands() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    old_account billing_debitdetail;
    new_account billing_debitdetail;
BEGIN
    IF (OLD.customer_id, OLD.reference, OLD.kind, OLD.holiday, OLD.maximum)
        IS DISTINCT FROM (NEW.customer_id, NEW.reference, NEW.kind, NEW.holiday, NEW.maximum)
        OR OLD.signed_at IS NOT NULL AND (OLD.signed_at, OLD.signed_by_name, OLD.signed_from, OLD.document_path,
            OLD.document_hash, OLD.attachment_id) IS DISTINCT FROM (NEW.signed_at, NEW.signed_by_name,
            NEW.signed_from, NEW.document_path, NEW.document_hash, NEW.attachment_id)
    THEN
        RAISE EXCEPTION 'What was agreed in a mandate stands; another is agreed anew.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'mandate_stands';
    END IF;
    IF NEW.detail_id <> OLD.detail_id THEN
        SELECT * INTO old_account FROM billing_debitdetail WHERE id = OLD.detail_id;
        SELECT * INTO new_account FROM billing_debitdetail WHERE id = NEW.detail_id;
        IF NOT billing_same_account(old_account, new_account) THEN
            RAISE EXCEPTION 'A mandate is for one account; another needs a mandate of its own.'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'mandate_is_for_one_account';
        END IF;
    END IF;
    IF NEW.status <> OLD.status AND (OLD.status, NEW.status) NOT IN (
            ('asked', 'active'), ('asked', 'cancelled'), ('asked', 'lapsed'), ('active', 'blocked'),
            ('active', 'cancelled'), ('blocked', 'cancelled'))
        AND NOT (OLD.status = 'blocked' AND NEW.status = 'active' AND OLD.block_code = '')
    THEN
        RAISE EXCEPTION 'A mandate that is % does not become %.', OLD.status, NEW.status
            USING ERRCODE = 'check_violation', CONSTRAINT = 'mandate_goes_its_way';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER mandate_stands BEFORE UPDATE ON billing_mandate
    FOR EACH ROW EXECUTE FUNCTION mandate_stands();
"""
FREE = """
DROP TRIGGER mandate_stands ON billing_mandate;
DROP TRIGGER mandate_begins ON billing_mandate;
DROP TRIGGER debit_detail_stands ON billing_debitdetail;
DROP TRIGGER debit_detail_ends_mandate ON billing_debitdetail;
DROP TRIGGER debit_detail_replaces ON billing_debitdetail;
DROP FUNCTION mandate_stands(), mandate_begins(), debit_detail_stands(), debit_detail_ends_mandate(),
    debit_detail_replaces(), billing_same_account(billing_debitdetail, billing_debitdetail);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0031_suspension_steps"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="mandate",
            name="audit_add",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="mandate",
            name="audit_change",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="mandate",
            name="audit_remove",
        ),
        migrations.AddField(
            model_name="mandate",
            name="asked_to",
            field=models.EmailField(blank=True, db_default="", default="", editable=False, max_length=254),
        ),
        migrations.AddField(
            model_name="mandate",
            name="blocked_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="mandate",
            name="blocked_why",
            field=models.CharField(blank=True, db_default="", default="", editable=False, max_length=200),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="mandate",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_add",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("customer", "customer_id", "plain"),
                        ("detail", "detail_id", "plain"),
                        ("reference", "reference", "text"),
                        ("kind", "kind", "text"),
                        ("status", "status", "text"),
                        ("debit_day", "debit_day", "plain"),
                        ("holiday", "holiday", "text"),
                        ("maximum", "maximum", "plain"),
                        ("attachment", "attachment_id", "plain"),
                        ("asked_to", "asked_to", "text"),
                        ("expires_at", "expires_at", "plain"),
                        ("signed_at", "signed_at", "plain"),
                        ("signed_by_name", "signed_by_name", "text"),
                        ("signed_from", "signed_from", "plain"),
                        ("document_path", "document_path", "text"),
                        ("document_hash", "document_hash", "text"),
                        ("block_code", "block_code", "text"),
                        ("blocked_at", "blocked_at", "plain"),
                        ("blocked_why", "blocked_why", "text"),
                        ("ended_at", "ended_at", "plain"),
                        ("ended_why", "ended_why", "text"),
                        ("made_by", "made_by_id", "plain"),
                    ],
                    customer='{row}."customer_id"',
                    hash="7f72c9e1a3257246fe371f2188395575d29e31f3",
                    model="billing.mandate",
                    operation="INSERT",
                    pgid="pgtrigger_audit_add_8220a",
                    table="billing_mandate",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="mandate",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_change",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("customer", "customer_id", "plain"),
                        ("detail", "detail_id", "plain"),
                        ("reference", "reference", "text"),
                        ("kind", "kind", "text"),
                        ("status", "status", "text"),
                        ("debit_day", "debit_day", "plain"),
                        ("holiday", "holiday", "text"),
                        ("maximum", "maximum", "plain"),
                        ("attachment", "attachment_id", "plain"),
                        ("asked_to", "asked_to", "text"),
                        ("expires_at", "expires_at", "plain"),
                        ("signed_at", "signed_at", "plain"),
                        ("signed_by_name", "signed_by_name", "text"),
                        ("signed_from", "signed_from", "plain"),
                        ("document_path", "document_path", "text"),
                        ("document_hash", "document_hash", "text"),
                        ("block_code", "block_code", "text"),
                        ("blocked_at", "blocked_at", "plain"),
                        ("blocked_why", "blocked_why", "text"),
                        ("ended_at", "ended_at", "plain"),
                        ("ended_why", "ended_why", "text"),
                        ("made_by", "made_by_id", "plain"),
                    ],
                    customer='{row}."customer_id"',
                    hash="4a3a2a4c07281378b5bf32bfd614c0acb38dcdec",
                    model="billing.mandate",
                    operation="UPDATE",
                    pgid="pgtrigger_audit_change_8fb6a",
                    table="billing_mandate",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="mandate",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_remove",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("customer", "customer_id", "plain"),
                        ("detail", "detail_id", "plain"),
                        ("reference", "reference", "text"),
                        ("kind", "kind", "text"),
                        ("status", "status", "text"),
                        ("debit_day", "debit_day", "plain"),
                        ("holiday", "holiday", "text"),
                        ("maximum", "maximum", "plain"),
                        ("attachment", "attachment_id", "plain"),
                        ("asked_to", "asked_to", "text"),
                        ("expires_at", "expires_at", "plain"),
                        ("signed_at", "signed_at", "plain"),
                        ("signed_by_name", "signed_by_name", "text"),
                        ("signed_from", "signed_from", "plain"),
                        ("document_path", "document_path", "text"),
                        ("document_hash", "document_hash", "text"),
                        ("block_code", "block_code", "text"),
                        ("blocked_at", "blocked_at", "plain"),
                        ("blocked_why", "blocked_why", "text"),
                        ("ended_at", "ended_at", "plain"),
                        ("ended_why", "ended_why", "text"),
                        ("made_by", "made_by_id", "plain"),
                    ],
                    customer='{row}."customer_id"',
                    hash="69f9a1858739c3c68c9dfa7f0fdbd4e465394544",
                    model="billing.mandate",
                    operation="DELETE",
                    pgid="pgtrigger_audit_remove_dfa94",
                    table="billing_mandate",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="mandate",
            index=models.Index(fields=["made_at", "id"], name="mandates_by_date"),
        ),
        migrations.RunSQL(RULES, FREE),
        migrations.AlterModelOptions(
            name="mandate",
            options={
                "permissions": [
                    ("block_mandate", "Can block, unblock and cancel mandates"),
                    ("export_mandates", "Can export mandates"),
                    ("import_debit_orders", "Can import debit-order accounts and mandates"),
                ]
            },
        ),
    ]
