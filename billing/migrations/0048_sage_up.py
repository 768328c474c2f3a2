"""The books kept elsewhere: the connection, what is linked, and what is owed to them, written down by triggers."""

import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.datetime
import herotill.audit.sql
import herotill.integrations.books.packages
import herotill.money
import herotill.secrets.fields
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

BEGINS = """
INSERT INTO billing_booksconnection (password, api_key) VALUES ('', '');
ALTER TABLE billing_booksconnection ADD CONSTRAINT books_in_use_know_their_keys
    CHECK (NOT is_on OR (password <> '' AND api_key <> ''));

CREATE FUNCTION billing_books_company_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM billing_bookscustomer) OR EXISTS (SELECT FROM billing_booksdocument) THEN
        RAISE EXCEPTION 'Customers are linked with this company already; it stays.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'books_company_stands';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER books_company_stands BEFORE UPDATE OF company_id ON billing_booksconnection FOR EACH ROW
    WHEN (OLD.company_id <> '' AND OLD.company_id <> NEW.company_id)
    EXECUTE FUNCTION billing_books_company_stands();
"""
BEGUN_NO_MORE = """
DROP TRIGGER books_company_stands ON billing_booksconnection;
DROP FUNCTION billing_books_company_stands();
"""

# Written down with what it is about, so that nothing is issued or changed that the books never hear of. Where
# there is no connection in use it is one look at one row.
OWED = """
CREATE FUNCTION billing_books_documents() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    since date;
BEGIN
    SELECT starts_on INTO since FROM billing_booksconnection WHERE is_on;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    INSERT INTO billing_booksowed (customer_id)
    SELECT DISTINCT customer_id FROM added a
    WHERE status = 'issued' AND NOT before AND document_date >= since
        AND NOT EXISTS (SELECT FROM billing_bookscustomer b WHERE b.customer_id = a.customer_id)
    ORDER BY customer_id ON CONFLICT (customer_id) WHERE document_id IS NULL DO NOTHING;
    INSERT INTO billing_booksowed (customer_id, document_id)
    SELECT customer_id, id FROM added
    WHERE status = 'issued' AND NOT before AND document_date >= since
    ORDER BY customer_id, kind DESC, number ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER books_owed_documents AFTER UPDATE ON billing_document REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT WHEN (NOT house_blanks_some()) EXECUTE FUNCTION billing_books_documents();

CREATE FUNCTION billing_books_details(whose bigint) RETURNS void LANGUAGE sql AS $$
    INSERT INTO billing_booksowed AS o (customer_id)
    SELECT whose FROM billing_booksconnection WHERE is_on
    ON CONFLICT (customer_id) WHERE document_id IS NULL DO UPDATE SET version = o.version + 1,
        state = CASE WHEN o.state = 'refused' THEN 'waits' ELSE o.state END,
        next_try_at = CASE WHEN o.state = 'refused' THEN now() ELSE o.next_try_at END
$$;
CREATE FUNCTION billing_books_customers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO billing_booksowed (customer_id) SELECT id FROM added
    WHERE EXISTS (SELECT FROM billing_booksconnection WHERE is_on) ORDER BY id
    ON CONFLICT (customer_id) WHERE document_id IS NULL DO NOTHING;
    RETURN NULL;
END $$;
CREATE FUNCTION billing_books_addresses() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM billing_books_details(customer_id) FROM (SELECT DISTINCT customer_id FROM added
        WHERE kind <> 'other' AND EXISTS (SELECT FROM billing_booksconnection WHERE is_on) ORDER BY 1) a;
    RETURN NULL;
END $$;
CREATE FUNCTION billing_books_customer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM billing_books_details(NEW.id);
    RETURN NULL;
END $$;
CREATE FUNCTION billing_books_address() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM billing_books_details(NEW.customer_id);
    RETURN NULL;
END $$;
CREATE FUNCTION billing_books_address_gone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Whoever is linked is not being deleted.
    PERFORM billing_books_details(customer_id) FROM billing_bookscustomer WHERE customer_id = OLD.customer_id;
    RETURN NULL;
END $$;
CREATE TRIGGER books_owed_customer AFTER INSERT ON customers_customer REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION billing_books_customers();
CREATE TRIGGER books_owed_details AFTER UPDATE ON customers_customer FOR EACH ROW
    WHEN (NEW.anonymised_on IS NULL AND (OLD.kind, OLD.company_name, OLD.first_names, OLD.surname, OLD.vat_number,
        OLD.registration_number, OLD.status = 'cancelled', OLD.contact_name, OLD.contact_email, OLD.contact_phone)
        IS DISTINCT FROM
        (NEW.kind, NEW.company_name, NEW.first_names, NEW.surname, NEW.vat_number, NEW.registration_number,
        NEW.status = 'cancelled', NEW.contact_name, NEW.contact_email, NEW.contact_phone))
    EXECUTE FUNCTION billing_books_customer();
CREATE TRIGGER books_owed_address_new AFTER INSERT ON customers_address REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION billing_books_addresses();
CREATE TRIGGER books_owed_address AFTER UPDATE ON customers_address FOR EACH ROW
    WHEN (NEW.kind <> 'other') EXECUTE FUNCTION billing_books_address();
CREATE TRIGGER books_owed_address_gone AFTER DELETE ON customers_address FOR EACH ROW
    WHEN (OLD.kind <> 'other') EXECUTE FUNCTION billing_books_address_gone();
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['documents()', 'customers()', 'addresses()', 'details(bigint)', 'customer()',
            'address()', 'address_gone()'] LOOP
        EXECUTE format('ALTER FUNCTION billing_books_%s SET search_path = pg_catalog, %I, pg_temp', name,
            current_schema());
    END LOOP;
END $$;
"""
NOTHING_OWED = """
DROP TRIGGER books_owed_documents ON billing_document;
DROP TRIGGER books_owed_customer ON customers_customer;
DROP TRIGGER books_owed_details ON customers_customer;
DROP TRIGGER books_owed_address_new ON customers_address;
DROP TRIGGER books_owed_address ON customers_address;
DROP TRIGGER books_owed_address_gone ON customers_address;
DROP FUNCTION billing_books_documents(), billing_books_customers(), billing_books_addresses(),
    billing_books_customer(), billing_books_address(),
    billing_books_address_gone(), billing_books_details(bigint);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0047_notices_by_sms_audited"),
        ("customers", "0012_contacts_by_address"),
        ("house", "0015_outward"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="BooksDocument",
            fields=[
                (
                    "document",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="in_books",
                        serialize=False,
                        to="billing.document",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("invoice", "Invoice"),
                            ("credit_note", "Credit note"),
                            ("debit_note", "Debit note"),
                            ("adjustment", "Adjustment"),
                            ("write_off", "Write-off"),
                        ],
                        db_collation="C",
                        max_length=12,
                    ),
                ),
                ("their_id", models.CharField(db_collation="C", max_length=40)),
                ("their_number", models.CharField(blank=True, db_default="", default="", max_length=100)),
                (
                    "ours",
                    herotill.money.MoneyField(decimal_places=2, max_digits=14, verbose_name="our total"),
                ),
                (
                    "incl",
                    herotill.money.MoneyField(decimal_places=2, max_digits=14, verbose_name="their total"),
                ),
                ("vat", herotill.money.MoneyField(decimal_places=2, max_digits=14, verbose_name="their VAT")),
                (
                    "difference",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.db.models.expressions.CombinedExpression(
                            models.F("incl"), "-", models.F("ours")
                        ),
                        output_field=herotill.money.MoneyField(decimal_places=2, max_digits=14),
                    ),
                ),
                (
                    "found",
                    models.BooleanField(
                        db_default=False,
                        default=False,
                        help_text="It stood there when we looked before sending it.",
                    ),
                ),
                ("support_id", models.CharField(blank=True, db_default="", default="", max_length=100)),
                (
                    "told_of",
                    models.CharField(
                        blank=True,
                        db_collation="C",
                        db_default="",
                        default="",
                        help_text="Their total and VAT that the financial manager was told of, as a hash.",
                        max_length=32,
                    ),
                ),
                ("synced_at", models.DateTimeField()),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="BooksOwed",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waits", "Waits"),
                            ("sending", "Being sent"),
                            ("unknown", "Sent, no answer"),
                            ("refused", "Refused"),
                            ("left", "Left out"),
                        ],
                        db_collation="C",
                        db_default="waits",
                        default="waits",
                        max_length=7,
                    ),
                ),
                ("version", models.PositiveIntegerField(db_default=1, default=1)),
                ("tries", models.PositiveIntegerField(db_default=0, default=0)),
                ("next_try_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("tried_at", models.DateTimeField(null=True, verbose_name="last tried")),
                (
                    "trouble",
                    models.CharField(
                        blank=True, db_default="", default="", max_length=500, verbose_name="what they said"
                    ),
                ),
                ("support_id", models.CharField(blank=True, db_default="", default="", max_length=100)),
                (
                    "made_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        editable=False,
                        verbose_name="owed since",
                    ),
                ),
            ],
            options={
                "verbose_name": "entry for the books",
                "verbose_name_plural": "entries for the books",
                "permissions": [
                    ("push_to_books", "Can send invoices and customers to the books"),
                    ("push_all_to_books", "Can send everything that waits to the books"),
                    ("settle_booksowed", "Can send what the books refused again, or leave it out"),
                ],
                "default_permissions": ("view",),
            },
        ),
        migrations.CreateModel(
            name="BooksConnection",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("only", models.BooleanField(db_default=True, default=True, editable=False)),
                ("is_on", models.BooleanField(db_default=False, default=False, verbose_name="in use")),
                (
                    "version",
                    models.CharField(
                        choices=herotill.integrations.books.packages.choices,
                        db_default="2.0.0",
                        default="2.0.0",
                        max_length=20,
                        verbose_name="accounting package",
                    ),
                ),
                (
                    "company_id",
                    models.CharField(
                        blank=True,
                        db_collation="C",
                        db_default="",
                        default="",
                        max_length=40,
                        verbose_name="company",
                    ),
                ),
                ("company_name", models.CharField(blank=True, db_default="", default="", max_length=200)),
                (
                    "user",
                    models.CharField(
                        blank=True,
                        db_collation="C",
                        db_default="",
                        default="",
                        max_length=254,
                        verbose_name="user (email address)",
                    ),
                ),
                (
                    "password_last_four",
                    models.CharField(blank=True, db_default="", default="", editable=False, max_length=4),
                ),
                (
                    "password",
                    herotill.secrets.fields.EncryptedField(
                        last_four="password_last_four",
                        permission="billing.change_booksconnection",
                        verbose_name="password",
                    ),
                ),
                (
                    "api_key_last_four",
                    models.CharField(blank=True, db_default="", default="", editable=False, max_length=4),
                ),
                (
                    "api_key",
                    herotill.secrets.fields.EncryptedField(
                        last_four="api_key_last_four",
                        permission="billing.change_booksconnection",
                        verbose_name="API key",
                    ),
                ),
                (
                    "starts_on",
                    models.DateField(
                        blank=True,
                        help_text="Documents and receipts count from this day on; what is older stays where it is.",
                        null=True,
                        verbose_name="cut-over day",
                    ),
                ),
                (
                    "sales_account",
                    models.CharField(
                        blank=True,
                        db_collation="C",
                        db_default="",
                        default="",
                        help_text="What lines of invoices and credit notes are posted to.",
                        max_length=40,
                        verbose_name="account for sales",
                    ),
                ),
                (
                    "other_account",
                    models.CharField(
                        blank=True,
                        db_collation="C",
                        db_default="",
                        default="",
                        help_text="Empty: the account for sales.",
                        max_length=40,
                        verbose_name="account for adjustments and write-offs",
                    ),
                ),
                (
                    "trouble",
                    models.CharField(blank=True, db_default="", default="", editable=False, max_length=300),
                ),
                ("trouble_at", models.DateTimeField(editable=False, null=True)),
                (
                    "manager",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        help_text="Told by mail where a customer's result is not OK. Without one, those who may send again what was refused.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="financial manager",
                    ),
                ),
            ],
            options={
                "verbose_name": "connection to the books",
                "verbose_name_plural": "connections to the books",
                "default_permissions": ("view", "change"),
            },
        ),
        migrations.CreateModel(
            name="BooksCustomer",
            fields=[
                (
                    "customer",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="in_books",
                        serialize=False,
                        to="customers.customer",
                    ),
                ),
                ("their_id", models.CharField(db_collation="C", max_length=40, verbose_name="SageOne ID")),
                ("synced_at", models.DateTimeField(null=True, verbose_name="last sync")),
                (
                    "sent",
                    models.CharField(blank=True, db_collation="C", db_default="", default="", max_length=64),
                ),
            ],
            options={
                "default_permissions": ("view", "change"),
                "constraints": [
                    models.UniqueConstraint(fields=("their_id",), name="books_customer_once"),
                    models.CheckConstraint(
                        condition=models.Q(("their_id", ""), _negated=True), name="books_customer_has_an_id"
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="bookscustomer",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_add",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[("their_id", "their_id", "text")],
                    customer='{row}."customer_id"',
                    hash="f1acd2146efaf3d7be136cc194a8a77a85a3a71c",
                    model="billing.bookscustomer",
                    operation="INSERT",
                    pgid="pgtrigger_audit_add_1cf90",
                    pk="customer_id",
                    table="billing_bookscustomer",
                    words=["their_id"],
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="bookscustomer",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_change",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[("their_id", "their_id", "text")],
                    customer='{row}."customer_id"',
                    hash="497191d07c4a46f49dd1f25eaf9dd024f1b2801b",
                    model="billing.bookscustomer",
                    operation="UPDATE",
                    pgid="pgtrigger_audit_change_7b7f1",
                    pk="customer_id",
                    table="billing_bookscustomer",
                    words=["their_id"],
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="bookscustomer",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_remove",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[("their_id", "their_id", "text")],
                    customer='{row}."customer_id"',
                    hash="0a3ebf279ccded2bedbc3b4b88cf0e395f760c3f",
                    model="billing.bookscustomer",
                    operation="DELETE",
                    pgid="pgtrigger_audit_remove_9e73b",
                    pk="customer_id",
                    table="billing_bookscustomer",
                    words=["their_id"],
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="booksdocument",
            index=models.Index(
                condition=models.Q(("incl", models.F("ours")), _negated=True),
                fields=["document"],
                name="books_documents_that_differ",
            ),
        ),
        migrations.AddConstraint(
            model_name="booksdocument",
            constraint=models.UniqueConstraint(fields=("kind", "their_id"), name="books_document_once"),
        ),
        migrations.AddField(
            model_name="booksowed",
            name="customer",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="owed_to_books",
                to="customers.customer",
            ),
        ),
        migrations.AddField(
            model_name="booksowed",
            name="decided_by",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="booksowed",
            name="document",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="owed_to_books",
                to="billing.document",
            ),
        ),
        migrations.AddConstraint(
            model_name="booksconnection",
            constraint=models.UniqueConstraint(fields=("only",), name="one_books_connection"),
        ),
        migrations.AddConstraint(
            model_name="booksconnection",
            constraint=models.CheckConstraint(
                condition=models.Q(("only", True)), name="books_connection_is_the_only_one"
            ),
        ),
        migrations.AddConstraint(
            model_name="booksconnection",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("is_on", False),
                    models.Q(
                        ("starts_on__isnull", False),
                        models.Q(("company_id", ""), _negated=True),
                        models.Q(("user", ""), _negated=True),
                        models.Q(("sales_account", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="books_in_use_are_complete",
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
                    ],
                    hash="83c5de8b00ce05300860d65d796cdc2f5173d044",
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
                    ],
                    hash="e31dbf4ad18053d5127997809756e7735416c2e5",
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
                    ],
                    hash="135c3216850624e98e18dca0f84628f6636b558d",
                    model="billing.booksconnection",
                    operation="DELETE",
                    pgid="pgtrigger_audit_remove_50d7d",
                    table="billing_booksconnection",
                    words=["company_name"],
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="booksowed",
            index=models.Index(fields=["customer", "id"], name="books_owed_of_customer"),
        ),
        migrations.AddIndex(
            model_name="booksowed",
            index=models.Index(
                condition=models.Q(("state__in", ["waits", "sending", "unknown"])),
                fields=["next_try_at", "id"],
                name="books_owed_to_send",
            ),
        ),
        migrations.AddIndex(
            model_name="booksowed",
            index=models.Index(fields=["state", "id"], name="books_owed_by_state"),
        ),
        migrations.AddConstraint(
            model_name="booksowed",
            constraint=models.UniqueConstraint(
                condition=models.Q(("document", None)), fields=("customer",), name="books_owe_details_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="booksowed",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "refused"), _negated=True),
                    models.Q(("trouble", ""), _negated=True),
                    _connector="OR",
                ),
                name="books_refusal_says_why",
            ),
        ),
        migrations.RunSQL(BEGINS, BEGUN_NO_MORE),
        migrations.RunSQL(OWED, NOTHING_OWED),
    ]
