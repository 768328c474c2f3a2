"""Receipts of the books that a person dealt with stay so; the cut-over holds; who is made there is asked first."""

from __future__ import annotations

import django.db.models.functions.text
import herotill.audit.sql
import herotill.money
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

FILL = """
UPDATE billing_booksconnection SET makes_customers = is_on;
UPDATE billing_booksreceipt SET confirmed = true WHERE state = 'confirms';
UPDATE billing_booksdocument b SET our_vat = d.vat FROM billing_document d WHERE d.id = b.document_id;
"""

# History ends where the books begin, and the books never begin earlier than what was told already.
RULES = """
CREATE FUNCTION billing_history_ends_at_cut_over() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    cut_over date;
    day date;
BEGIN
    SELECT starts_on INTO cut_over FROM billing_booksconnection WHERE is_on;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    IF TG_TABLE_NAME = 'billing_document' THEN
        day := NEW.document_date;
    ELSE
        day := NEW.receipt_date;
    END IF;
    IF day >= cut_over THEN
        RAISE EXCEPTION 'From % on SageOne counts; history ends before it.', cut_over
            USING ERRCODE = 'check_violation', CONSTRAINT = 'history_ends_at_cut_over';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER history_ends_at_cut_over AFTER INSERT ON billing_document FOR EACH ROW
    WHEN (NEW.before) EXECUTE FUNCTION billing_history_ends_at_cut_over();
CREATE TRIGGER history_ends_at_cut_over AFTER INSERT ON billing_receipt FOR EACH ROW
    WHEN (NEW.before) EXECUTE FUNCTION billing_history_ends_at_cut_over();

CREATE FUNCTION billing_books_cut_over_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM billing_booksdocument) OR EXISTS (SELECT FROM billing_booksreceipt) THEN
        RAISE EXCEPTION 'Documents or receipts count from % already.', OLD.starts_on
            USING ERRCODE = 'check_violation', CONSTRAINT = 'books_cut_over_stands';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER books_cut_over_stands BEFORE UPDATE OF starts_on ON billing_booksconnection FOR EACH ROW
    WHEN (NEW.starts_on IS NULL AND OLD.starts_on IS NOT NULL OR NEW.starts_on < OLD.starts_on)
    EXECUTE FUNCTION billing_books_cut_over_stands();

-- Whose details only wait to go there can be deleted: an import of customers is taken back with them.
CREATE FUNCTION billing_books_owe_nobody() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM billing_booksowed WHERE customer_id = OLD.id AND document_id IS NULL;
    RETURN OLD;
END $$;
CREATE TRIGGER books_owed_no_more BEFORE DELETE ON customers_customer FOR EACH ROW
    EXECUTE FUNCTION billing_books_owe_nobody();
"""
RULED_NO_MORE = """
DROP TRIGGER history_ends_at_cut_over ON billing_document;
DROP TRIGGER history_ends_at_cut_over ON billing_receipt;
DROP TRIGGER books_cut_over_stands ON billing_booksconnection;
DROP TRIGGER books_owed_no_more ON customers_customer;
DROP FUNCTION billing_history_ends_at_cut_over(), billing_books_cut_over_stands(), billing_books_owe_nobody();
"""

# Whom an import brings while we move in goes there with the first document of ours; so the import can be taken
# back until then. Who is linked goes on as ever.
_OWED = """
CREATE OR REPLACE FUNCTION billing_books_details(whose bigint) RETURNS void LANGUAGE sql AS $$
    INSERT INTO billing_booksowed AS o (customer_id)
    SELECT whose FROM billing_booksconnection WHERE is_on{details}
    ON CONFLICT (customer_id) WHERE document_id IS NULL DO UPDATE SET version = o.version + 1,
        state = CASE WHEN o.state = 'refused' THEN 'waits' ELSE o.state END,
        next_try_at = CASE WHEN o.state = 'refused' THEN now() ELSE o.next_try_at END
$$;
CREATE OR REPLACE FUNCTION billing_books_customers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO billing_booksowed (customer_id) SELECT id FROM added
    WHERE EXISTS (SELECT FROM billing_booksconnection WHERE is_on){customers} ORDER BY id
    ON CONFLICT (customer_id) WHERE document_id IS NULL DO NOTHING;
    RETURN NULL;
END $$;
DO $do$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['customers()', 'details(bigint)'] LOOP
        EXECUTE format('ALTER FUNCTION billing_books_%s SET search_path = pg_catalog, %I, pg_temp', name,
            current_schema());
    END LOOP;
END $do$;
"""
_MOVING = "EXISTS (SELECT FROM house_movingin WHERE signed_at IS NULL AND called_off_at IS NULL)"
_LINKED = "EXISTS (SELECT FROM billing_bookscustomer k WHERE k.customer_id = whose)"
NOT_WHILE_MOVING = _OWED.replace("{details}", f" AND (NOT {_MOVING} OR {_LINKED})").replace(
    "{customers}", f" AND NOT {_MOVING}"
)
WHILE_MOVING = _OWED.replace("{details}", "").replace("{customers}", "")


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0051_billing_waits"),
        ("customers", "0012_contacts_by_address"),
        ("house", "0016_moving_in"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="booksconnection",
            name="audit_add",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="booksconnection",
            name="audit_change",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="booksconnection",
            name="audit_remove",
        ),
        migrations.RemoveIndex(
            model_name="booksdocument",
            name="books_documents_that_differ",
        ),
        migrations.AddField(
            model_name="booksconnection",
            name="makes_customers",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="Tick it once those who stand there already have their SageOne ID here, or carry our code there: nobody is made there while this is off.",
                verbose_name="customers are made there",
            ),
        ),
        migrations.AddField(
            model_name="booksdocument",
            name="our_vat",
            field=herotill.money.MoneyField(
                db_default=0, decimal_places=2, default=0, max_digits=14, verbose_name="our VAT"
            ),
        ),
        migrations.AddField(
            model_name="booksowed",
            name="told_of",
            field=models.CharField(
                blank=True,
                db_collation="C",
                db_default="",
                default="",
                help_text="The trouble that the financial manager was told of, as a hash.",
                max_length=32,
            ),
        ),
        migrations.AddField(
            model_name="booksreading",
            name="missing",
            field=models.JSONField(db_default=[], default=list),
        ),
        migrations.AddField(
            model_name="booksreading",
            name="last_id",
            field=models.CharField(blank=True, db_collation="C", db_default="", default="", max_length=40),
        ),
        migrations.AddField(
            model_name="booksreceipt",
            name="confirmed",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="Another source brought this money, and counts for it.",
            ),
        ),
        migrations.AddField(
            model_name="booksreceipt",
            name="undone",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="What was booked for it was reversed here by a person.",
            ),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name="bookscustomer",
            index=models.Index(fields=["synced_at"], name="books_customers_by_sync"),
        ),
        migrations.AddIndex(
            model_name="booksdocument",
            index=models.Index(
                condition=models.Q(
                    models.Q(("incl", models.F("ours")), _negated=True),
                    models.Q(("vat", models.F("our_vat")), _negated=True),
                    _connector="OR",
                ),
                fields=["document"],
                name="books_documents_differing",
            ),
        ),
        migrations.AddIndex(
            model_name="booksdocument",
            index=models.Index(fields=["synced_at"], name="books_documents_by_sync"),
        ),
        migrations.AddIndex(
            model_name="booksowed",
            index=models.Index(fields=["made_at", "id"], name="books_owed_since"),
        ),
        migrations.AddIndex(
            model_name="booksreceipt",
            index=models.Index(
                models.F("company"),
                django.db.models.functions.text.Length("their_id"),
                models.F("their_id"),
                name="books_receipts_by_their_id",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="booksconnection",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_add",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("only", "only", "flag"),
                        ("is_on", "is_on", "flag"),
                        ("version", "version", "text"),
                        ("company_id", "company_id", "text"),
                        ("company_name", "company_name", "text"),
                        ("user", "user", "text"),
                        ("password", "password", "encrypted", "password_last_four"),
                        ("api_key", "api_key", "encrypted", "api_key_last_four"),
                        ("starts_on", "starts_on", "plain"),
                        ("sales_account", "sales_account", "text"),
                        ("other_account", "other_account", "text"),
                        ("manager", "manager_id", "plain"),
                        ("makes_customers", "makes_customers", "flag"),
                    ],
                    hash="7b0bfa92f15c97ac3e57f395bea371807a26077c",
                    model="billing.booksconnection",
                    operation="INSERT",
                    pgid="pgtrigger_audit_add_cab94",
                    table="billing_booksconnection",
                    words=["company_name"],
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="booksconnection",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_change",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("only", "only", "flag"),
                        ("is_on", "is_on", "flag"),
                        ("version", "version", "text"),
                        ("company_id", "company_id", "text"),
                        ("company_name", "company_name", "text"),
                        ("user", "user", "text"),
                        ("password", "password", "encrypted", "password_last_four"),
                        ("api_key", "api_key", "encrypted", "api_key_last_four"),
                        ("starts_on", "starts_on", "plain"),
                        ("sales_account", "sales_account", "text"),
                        ("other_account", "other_account", "text"),
                        ("manager", "manager_id", "plain"),
                        ("makes_customers", "makes_customers", "flag"),
                    ],
                    hash="1565bb119fca6cd829f7cb307a78f4baf9169e0a",
                    model="billing.booksconnection",
                    operation="UPDATE",
                    pgid="pgtrigger_audit_change_3f89b",
                    table="billing_booksconnection",
                    words=["company_name"],
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="booksconnection",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_remove",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("only", "only", "flag"),
                        ("is_on", "is_on", "flag"),
                        ("version", "version", "text"),
                        ("company_id", "company_id", "text"),
                        ("company_name", "company_name", "text"),
                        ("user", "user", "text"),
                        ("password", "password", "encrypted", "password_last_four"),
                        ("api_key", "api_key", "encrypted", "api_key_last_four"),
                        ("starts_on", "starts_on", "plain"),
                        ("sales_account", "sales_account", "text"),
                        ("other_account", "other_account", "text"),
                        ("manager", "manager_id", "plain"),
                        ("makes_customers", "makes_customers", "flag"),
                    ],
                    hash="b26bfc274bb8c28af3c6880c878667e1460f094d",
                    model="billing.booksconnection",
                    operation="DELETE",
                    pgid="pgtrigger_audit_remove_50d7d",
                    table="billing_booksconnection",
                    words=["company_name"],
                ),
            ),
        ),
        migrations.RunSQL(RULES, RULED_NO_MORE),
        migrations.RunSQL(NOT_WHILE_MOVING, WHILE_MOVING),
    ]
