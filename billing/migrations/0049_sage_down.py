"""Receipts as the books kept elsewhere tell them, their bank accounts and kinds of VAT, and who owes what there."""

import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import herotill.audit.sql
import herotill.money

KEPT = """
CREATE TRIGGER books_receipt_is_kept BEFORE DELETE ON billing_booksreceipt FOR EACH ROW
    EXECUTE FUNCTION billing_refuse('books_receipt_is_kept', 'What the books told of a receipt is kept.');
"""
GONE = "DROP TRIGGER books_receipt_is_kept ON billing_booksreceipt;"


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0048_sage_up"),
        ("customers", "0012_contacts_by_address"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="BooksCompany",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("their_id", models.CharField(db_collation="C", max_length=40, unique=True)),
                ("name", models.CharField(max_length=200)),
                ("vat_number", models.CharField(blank=True, db_default="", default="", max_length=30)),
                ("locked_until", models.DateField(null=True)),
                ("ages_by_month", models.BooleanField(db_default=True, default=True)),
                ("ages_from_due", models.BooleanField(db_default=False, default=False)),
                ("told_at", models.DateTimeField()),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="BooksReading",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("company", models.CharField(db_collation="C", max_length=40)),
                ("whole", models.BooleanField()),
                ("since", models.DateTimeField(null=True)),
                ("upto", models.DateTimeField(null=True)),
                ("started_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
                ("told", models.PositiveIntegerField(db_default=0, default=0)),
                ("booked", models.PositiveIntegerField(db_default=0, default=0)),
                ("answered", models.PositiveIntegerField(db_default=0, default=0)),
                ("waiting", models.PositiveIntegerField(db_default=0, default=0)),
                ("gone", models.PositiveIntegerField(db_default=0, default=0)),
                ("trouble", models.CharField(blank=True, db_default="", default="", max_length=300)),
            ],
            options={
                "ordering": ["-pk"],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="BooksAgeing",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("company", models.CharField(db_collation="C", max_length=40)),
                ("as_at", models.DateField()),
                ("by_months", models.BooleanField()),
                ("from_due", models.BooleanField()),
                ("asked_at", models.DateTimeField()),
                (
                    "asked_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
                "default_permissions": ("view",),
            },
        ),
        migrations.CreateModel(
            name="BooksAged",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("their_customer", models.CharField(db_collation="C", max_length=40)),
                ("name", models.CharField(max_length=200)),
                (
                    "code",
                    models.CharField(
                        blank=True,
                        db_default="",
                        default="",
                        help_text="The customer code it carries there.",
                        max_length=40,
                    ),
                ),
                ("days120", herotill.money.MoneyField(decimal_places=2, max_digits=14)),
                ("days90", herotill.money.MoneyField(decimal_places=2, max_digits=14)),
                ("days60", herotill.money.MoneyField(decimal_places=2, max_digits=14)),
                ("days30", herotill.money.MoneyField(decimal_places=2, max_digits=14)),
                ("current", herotill.money.MoneyField(decimal_places=2, max_digits=14)),
                (
                    "ageing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rows",
                        to="billing.booksageing",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="BooksReceipt",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("company", models.CharField(db_collation="C", max_length=40)),
                ("their_id", models.CharField(db_collation="C", max_length=40)),
                ("their_customer", models.CharField(db_collation="C", max_length=40)),
                ("their_account", models.CharField(db_collation="C", max_length=40)),
                ("day", models.DateField()),
                ("amount", herotill.money.MoneyField(decimal_places=2, max_digits=14)),
                ("reference", models.CharField(blank=True, db_default="", default="", max_length=100)),
                ("text", models.CharField(blank=True, db_default="", default="", max_length=100)),
                (
                    "method",
                    models.CharField(
                        choices=[
                            ("eft", "EFT"),
                            ("debit_order", "Debit order"),
                            ("card", "Card"),
                            ("cash", "Cash"),
                            ("other", "Other"),
                        ],
                        default="eft",
                        max_length=11,
                    ),
                ),
                (
                    "payer",
                    models.CharField(
                        blank=True,
                        db_default="",
                        default="",
                        help_text="Who it is there, while it waits and is nobody's here.",
                        max_length=200,
                    ),
                ),
                (
                    "payer_code",
                    models.CharField(
                        blank=True,
                        db_default="",
                        default="",
                        help_text="The customer code they carry there.",
                        max_length=40,
                    ),
                ),
                ("changed", models.DateTimeField(null=True, verbose_name="changed there")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waits", "Waits for a person"),
                            ("booked", "Booked"),
                            ("confirms", "Only confirms"),
                            ("early", "Before the cut-over"),
                            ("left", "Left out"),
                            ("gone", "Deleted there"),
                        ],
                        db_collation="C",
                        max_length=8,
                    ),
                ),
                ("trouble", models.CharField(blank=True, db_default="", default="", max_length=300)),
                ("edition", models.PositiveSmallIntegerField(db_default=0, default=0)),
                ("told_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("decided_why", models.CharField(blank=True, db_default="", default="", max_length=300)),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "given_to",
                    models.ForeignKey(
                        db_index=False,
                        help_text="Whose a person said it is.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="customers.customer",
                    ),
                ),
                (
                    "receipt",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="in_books",
                        to="billing.receipt",
                    ),
                ),
            ],
            options={
                "permissions": [
                    ("sync_books", "Can ask the accounting package for receipts"),
                    ("settle_booksreceipt", "Can say whose a receipt of the accounting package is"),
                ],
                "default_permissions": ("view",),
            },
        ),
        migrations.CreateModel(
            name="BooksTaxType",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("company", models.CharField(db_collation="C", max_length=40)),
                ("their_id", models.CharField(db_collation="C", max_length=40)),
                ("name", models.CharField(max_length=200)),
                ("rate", models.DecimalField(decimal_places=4, max_digits=7)),
                ("usual", models.BooleanField(db_default=False, default=False)),
                ("active", models.BooleanField(db_default=True, default=True)),
            ],
            options={
                "ordering": ["name", "pk"],
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(fields=("company", "their_id"), name="books_tax_type_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="BooksAccount",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("company", models.CharField(db_collation="C", max_length=40)),
                ("their_id", models.CharField(db_collation="C", max_length=40)),
                ("name", models.CharField(max_length=200)),
                ("number", models.CharField(blank=True, db_default="", default="", max_length=100)),
                ("active", models.BooleanField(db_default=True, default=True)),
                (
                    "starts_on",
                    models.DateField(
                        blank=True,
                        help_text="Empty: from the day the connection starts.",
                        null=True,
                        verbose_name="receipts count from",
                    ),
                ),
                (
                    "account",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="billing.bankaccount",
                        verbose_name="is ours",
                    ),
                ),
            ],
            options={
                "ordering": ["name", "pk"],
                "default_permissions": ("view", "change"),
                "constraints": [
                    models.UniqueConstraint(fields=("company", "their_id"), name="books_account_once")
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="booksaccount",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_add",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("company", "company", "text"),
                        ("their_id", "their_id", "text"),
                        ("name", "name", "text"),
                        ("number", "number", "text"),
                        ("active", "active", "flag"),
                        ("account", "account_id", "plain"),
                        ("starts_on", "starts_on", "plain"),
                    ],
                    hash="997e07f3c6ac1974fd60d700c67efda81fb85261",
                    model="billing.booksaccount",
                    operation="INSERT",
                    pgid="pgtrigger_audit_add_88ab8",
                    table="billing_booksaccount",
                    words=["name"],
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="booksaccount",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_change",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("company", "company", "text"),
                        ("their_id", "their_id", "text"),
                        ("name", "name", "text"),
                        ("number", "number", "text"),
                        ("active", "active", "flag"),
                        ("account", "account_id", "plain"),
                        ("starts_on", "starts_on", "plain"),
                    ],
                    hash="3060a242ed853da5af4a9fe58dce534fa3ec925b",
                    model="billing.booksaccount",
                    operation="UPDATE",
                    pgid="pgtrigger_audit_change_af8f5",
                    table="billing_booksaccount",
                    words=["name"],
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="booksaccount",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_remove",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("company", "company", "text"),
                        ("their_id", "their_id", "text"),
                        ("name", "name", "text"),
                        ("number", "number", "text"),
                        ("active", "active", "flag"),
                        ("account", "account_id", "plain"),
                        ("starts_on", "starts_on", "plain"),
                    ],
                    hash="593bcd9441ec1ec9d7bf8458752bc1cb364d390b",
                    model="billing.booksaccount",
                    operation="DELETE",
                    pgid="pgtrigger_audit_remove_8d3b8",
                    table="billing_booksaccount",
                    words=["name"],
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="booksaged",
            constraint=models.UniqueConstraint(fields=("ageing", "their_customer"), name="books_aged_once"),
        ),
        migrations.AddIndex(
            model_name="booksreceipt",
            index=models.Index(fields=["-day", "-id"], name="books_receipts_by_day"),
        ),
        migrations.AddIndex(
            model_name="booksreceipt",
            index=models.Index(
                condition=models.Q(("state", "waits")), fields=["day", "id"], name="books_receipts_that_wait"
            ),
        ),
        migrations.AddConstraint(
            model_name="booksreceipt",
            constraint=models.UniqueConstraint(fields=("company", "their_id"), name="books_receipt_once"),
        ),
        migrations.AddConstraint(
            model_name="booksreceipt",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("receipt__isnull", False), ("state", "booked")),
                    models.Q(models.Q(("state", "booked"), _negated=True), ("receipt", None)),
                    _connector="OR",
                ),
                name="books_receipt_booked_or_not",
            ),
        ),
        migrations.AddConstraint(
            model_name="booksreceipt",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "waits"), models.Q(("trouble", ""), _negated=True)),
                    models.Q(models.Q(("state", "waits"), _negated=True), ("trouble", "")),
                    _connector="OR",
                ),
                name="books_receipt_waits_for_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="booksreceipt",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state", "waits"), models.Q(("payer", ""), ("payer_code", "")), _connector="OR"
                ),
                name="books_receipt_forgets_its_payer",
            ),
        ),
        migrations.RunSQL(KEPT, GONE),
    ]
