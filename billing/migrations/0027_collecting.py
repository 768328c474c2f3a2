"""Tables of collecting: mandates, batches, cards, suspension, the collectors' desk, cancellation."""

import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.datetime
import herotill.audit.sql
import herotill.folding
import herotill.money
import herotill.secrets.fields
import pgtrigger.compiler
import pgtrigger.migrations
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0026_lines_refer"),
        ("customers", "0007_doubts"),
        ("dataaccounts", "0013_usage_by_month"),
        ("reference", "0006_product_imports"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CancelledAccount",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="CardAttempt",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "reference",
                    models.CharField(db_collation="C", max_length=25, verbose_name="our reference"),
                ),
                (
                    "proof_hash",
                    models.CharField(
                        help_text="Of the word that comes back with the notice; nobody else can know it.",
                        max_length=64,
                    ),
                ),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("verify", "Verification"),
                            ("pay", "Payment"),
                            ("topping", "Topping"),
                            ("voucher", "Voucher"),
                            ("stored", "Stored card charged"),
                        ],
                        max_length=8,
                    ),
                ),
                ("amount", herotill.money.MoneyField(decimal_places=2, max_digits=14)),
                (
                    "subject",
                    models.JSONField(
                        db_default={},
                        default=dict,
                        help_text="For a topping or voucher: what was bought, for which account.",
                    ),
                ),
                ("keep_card", models.BooleanField(db_default=False, default=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("started", "Started"),
                            ("reported", "Reported, not verified"),
                            ("paid", "Paid"),
                            ("verified", "Card verified"),
                            ("failed", "Declined"),
                            ("cancelled", "Cancelled"),
                            ("reversed", "Reversed"),
                            ("review", "To be looked at"),
                        ],
                        db_collation="C",
                        db_default="started",
                        default="started",
                        max_length=9,
                    ),
                ),
                (
                    "gateway_reference",
                    models.CharField(blank=True, db_collation="C", db_default="", default="", max_length=60),
                ),
                ("fee", herotill.money.MoneyField(decimal_places=2, max_digits=14, null=True)),
                ("says", models.CharField(blank=True, db_default="", default="", max_length=200)),
                ("started_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "permissions": [
                    ("request_verification", "Can ask customers to verify a card"),
                    ("settle_card_attempt", "Can confirm or refuse card payments that do not match"),
                ],
                "default_permissions": ("view",),
            },
        ),
        migrations.CreateModel(
            name="CardGateway",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("payfast", "PayFast"),
                            ("paynow", "Netcash Pay Now"),
                            ("vcs", "VCS (PaySubs)"),
                        ],
                        db_collation="C",
                        max_length=10,
                    ),
                ),
                ("is_on", models.BooleanField(db_default=False, default=False, verbose_name="in use")),
                (
                    "test_mode",
                    models.BooleanField(
                        db_default=False, default=False, help_text="Nothing is booked in test mode."
                    ),
                ),
                (
                    "merchant",
                    models.CharField(
                        blank=True,
                        db_default="",
                        default="",
                        max_length=60,
                        verbose_name="merchant or terminal id",
                    ),
                ),
                (
                    "key_last_four",
                    models.CharField(blank=True, db_default="", default="", editable=False, max_length=4),
                ),
                (
                    "key",
                    herotill.secrets.fields.EncryptedField(
                        last_four="key_last_four",
                        permission="billing.change_cardgateway",
                        verbose_name="merchant or service key",
                    ),
                ),
                (
                    "passphrase_last_four",
                    models.CharField(blank=True, db_default="", default="", editable=False, max_length=4),
                ),
                (
                    "passphrase",
                    herotill.secrets.fields.EncryptedField(
                        last_four="passphrase_last_four",
                        permission="billing.change_cardgateway",
                        verbose_name="passphrase or MD5 key",
                    ),
                ),
                (
                    "notify_hash",
                    models.CharField(
                        blank=True,
                        db_default="",
                        default="",
                        editable=False,
                        help_text="Of the secret part of the address that notices come to.",
                        max_length=64,
                    ),
                ),
            ],
            options={
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="CardNotice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("came_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("came_from", models.GenericIPAddressField(null=True)),
                (
                    "raw_last_four",
                    models.CharField(blank=True, db_default="", default="", editable=False, max_length=4),
                ),
                (
                    "raw",
                    herotill.secrets.fields.EncryptedField(
                        last_four="raw_last_four", permission="billing.settle_card_attempt"
                    ),
                ),
                ("status", models.CharField(blank=True, db_default="", default="", max_length=10)),
                (
                    "gateway_reference",
                    models.CharField(blank=True, db_collation="C", db_default="", default="", max_length=60),
                ),
                ("amount", herotill.money.MoneyField(decimal_places=2, max_digits=14, null=True)),
                ("verified", models.BooleanField(db_default=False, default=False)),
                ("outcome", models.CharField(blank=True, db_default="", default="", max_length=200)),
            ],
            options={
                "default_permissions": ("view",),
            },
        ),
        migrations.CreateModel(
            name="CaseStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("opened", "Overdue"),
                            ("approved", "Approved"),
                            ("warned", "First warning"),
                            ("warned_twice", "Second warning"),
                            ("suspended", "Suspended"),
                            ("paused", "Paused"),
                            ("resumed", "Suspended again after a pause"),
                            ("ended", "Reset"),
                        ],
                        db_collation="C",
                        max_length=12,
                    ),
                ),
                ("day", models.DateField()),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("overdue", herotill.money.MoneyField(decimal_places=2, max_digits=14, null=True)),
                ("why", models.CharField(blank=True, db_default="", default="", max_length=300)),
                ("message_key", models.CharField(blank=True, db_default="", default="", max_length=80)),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="CollectedEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("amount", herotill.money.MoneyField(decimal_places=2, max_digits=14)),
                (
                    "live",
                    models.BooleanField(
                        db_default=True,
                        default=True,
                        help_text="Kept by a trigger: its line is planned or sent.",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="CollectionBatch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "method",
                    models.CharField(
                        choices=[("debit_order", "Debit orders"), ("card", "Stored cards")],
                        db_collation="C",
                        max_length=11,
                    ),
                ),
                ("channel", models.CharField(db_collation="C", max_length=20)),
                ("name", models.CharField(max_length=60)),
                ("action_date", models.DateField()),
                ("due_upto", models.DateField(verbose_name="for what is due by")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Being checked"),
                            ("released", "Released"),
                            ("sent", "Sent, not loaded yet"),
                            ("loaded", "Loaded, not authorised"),
                            ("authorised", "Authorised"),
                            ("processed", "Results are in"),
                            ("rejected", "Refused by the bank"),
                            ("cancelled", "Cancelled"),
                        ],
                        db_collation="C",
                        db_default="draft",
                        default="draft",
                        max_length=10,
                    ),
                ),
                (
                    "lines",
                    models.PositiveIntegerField(db_default=0, default=0, verbose_name="lines that go out"),
                ),
                (
                    "total",
                    herotill.money.MoneyField(
                        db_default=Decimal("0.00"), decimal_places=2, default=Decimal("0.00"), max_digits=14
                    ),
                ),
                ("release_hash", models.CharField(blank=True, db_default="", default="", max_length=64)),
                ("released_at", models.DateTimeField(null=True)),
                ("sent_at", models.DateTimeField(null=True)),
                ("file_token", models.CharField(blank=True, db_default="", default="", max_length=60)),
                (
                    "bank_reference",
                    models.CharField(
                        blank=True,
                        db_default="",
                        default="",
                        help_text="What the bank calls the batch.",
                        max_length=60,
                    ),
                ),
                ("trouble", models.CharField(blank=True, db_default="", default="", max_length=300)),
                ("built_at", models.DateTimeField(null=True)),
                (
                    "made_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
            ],
            options={
                "verbose_name": "collection batch",
                "verbose_name_plural": "collection batches",
                "ordering": ["-action_date", "-id"],
                "permissions": [
                    ("release_batch", "Can release debit-order and card batches"),
                    ("download_batch", "Can download the file of a released batch"),
                    ("send_batch", "Can send a released batch to the bank and authorise it there"),
                    ("import_collection_results", "Can import results of debit orders"),
                ],
            },
        ),
        migrations.CreateModel(
            name="CollectionFee",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("late", "Late payment"), ("unpaid", "Unpaid debit")], max_length=6
                    ),
                ),
                (
                    "cause",
                    models.CharField(
                        db_collation="C", help_text="What it is charged for, once.", max_length=60
                    ),
                ),
                (
                    "amount",
                    herotill.money.MoneyField(decimal_places=2, max_digits=14, verbose_name="incl VAT"),
                ),
                ("day", models.DateField()),
                ("waived_at", models.DateTimeField(null=True)),
                ("waived_why", models.CharField(blank=True, db_default="", default="", max_length=200)),
            ],
            options={
                "permissions": [("waive_fee", "Can waive late and unpaid fees")],
                "default_permissions": ("view",),
            },
        ),
        migrations.CreateModel(
            name="CollectionLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "reference",
                    models.CharField(db_collation="C", max_length=22, verbose_name="account reference"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "Planned"),
                            ("sent", "Sent"),
                            ("collected", "Collected"),
                            ("unpaid", "Unpaid"),
                            ("refused", "Refused by the bank's checks"),
                            ("withdrawn", "Left out"),
                        ],
                        db_collation="C",
                        db_default="planned",
                        default="planned",
                        max_length=9,
                    ),
                ),
                (
                    "due",
                    herotill.money.MoneyField(
                        decimal_places=2, max_digits=14, verbose_name="due by the cut-off"
                    ),
                ),
                (
                    "credit",
                    herotill.money.MoneyField(
                        db_default=Decimal("0.00"),
                        decimal_places=2,
                        default=Decimal("0.00"),
                        max_digits=14,
                        verbose_name="credit not used yet",
                    ),
                ),
                ("amount", herotill.money.MoneyField(decimal_places=2, max_digits=14)),
                ("edited_why", models.CharField(blank=True, db_default="", default="", max_length=200)),
                ("warnings", models.JSONField(db_default=[], default=list)),
                ("withdrawn_why", models.CharField(blank=True, db_default="", default="", max_length=200)),
                ("paid_after_release", models.BooleanField(db_default=False, default=False)),
                ("result_code", models.CharField(blank=True, db_default="", default="", max_length=10)),
                ("result_on", models.DateField(null=True)),
            ],
            options={
                "default_permissions": ("view", "change"),
            },
        ),
        migrations.CreateModel(
            name="CollectionResult",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("channel", models.CharField(db_collation="C", max_length=20)),
                ("told_id", models.CharField(db_collation="C", max_length=60, verbose_name="transaction id")),
                ("told_type", models.CharField(db_collation="C", max_length=10)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("collected", "Collected"),
                            ("unpaid", "Unpaid"),
                            ("disputed", "Disputed"),
                            ("receipt", "Other money in"),
                            ("other", "Fee, transfer or other"),
                        ],
                        db_collation="C",
                        max_length=9,
                    ),
                ),
                ("day", models.DateField()),
                ("amount", herotill.money.MoneyField(decimal_places=2, max_digits=14)),
                ("reference", models.CharField(blank=True, db_default="", default="", max_length=60)),
                ("code", models.CharField(blank=True, db_default="", default="", max_length=10)),
                ("text", models.CharField(blank=True, db_default="", default="", max_length=300)),
                ("booked_at", models.DateTimeField(null=True)),
                ("trouble", models.CharField(blank=True, db_default="", default="", max_length=200)),
                ("run_id", models.BigIntegerField(null=True)),
                ("came_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "default_permissions": ("view",),
            },
        ),
        migrations.CreateModel(
            name="CollectionRules",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("only", models.BooleanField(db_default=True, default=True, editable=False)),
                (
                    "second_person",
                    models.BooleanField(
                        db_default=True, default=True, verbose_name="released by a second person"
                    ),
                ),
                (
                    "unusual_factor",
                    models.DecimalField(
                        db_default=Decimal("2.0"),
                        decimal_places=1,
                        default=Decimal("2.0"),
                        max_digits=4,
                        verbose_name="warn above so many times the usual",
                    ),
                ),
                (
                    "unpaid_limit",
                    models.DecimalField(
                        db_default=Decimal("18.0"),
                        decimal_places=1,
                        default=Decimal("18.0"),
                        max_digits=4,
                        verbose_name="unpaids at most, in %",
                    ),
                ),
                (
                    "dispute_limit",
                    models.DecimalField(
                        db_default=Decimal("0.5"),
                        decimal_places=1,
                        default=Decimal("0.5"),
                        max_digits=4,
                        verbose_name="disputes at most, in %",
                    ),
                ),
            ],
            options={
                "verbose_name": "rules of collection batches",
                "verbose_name_plural": "rules of collection batches",
                "default_permissions": ("view", "change"),
            },
        ),
        migrations.CreateModel(
            name="DebitDetail",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "branch_name",
                    models.CharField(help_text="Where it is not known, the name of the bank.", max_length=60),
                ),
                (
                    "branch_code",
                    models.CharField(
                        max_length=6,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^\\d{6}\\Z", "A branch code has exactly six digits."
                            )
                        ],
                    ),
                ),
                ("holder", models.CharField(max_length=50, verbose_name="account holder")),
                (
                    "account_type",
                    models.CharField(
                        choices=[
                            ("current", "Current (cheque)"),
                            ("savings", "Savings"),
                            ("transmission", "Transmission"),
                        ],
                        default="current",
                        max_length=12,
                    ),
                ),
                (
                    "number_last_four",
                    models.CharField(blank=True, db_default="", default="", editable=False, max_length=4),
                ),
                (
                    "number",
                    herotill.secrets.fields.EncryptedField(
                        last_four="number_last_four",
                        permission="billing.reveal_account_number",
                        verbose_name="account number",
                    ),
                ),
                (
                    "debit_day",
                    models.PositiveSmallIntegerField(
                        help_text="29 to 31 mean the last day of a shorter month.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(31),
                        ],
                        verbose_name="debit order day",
                    ),
                ),
                (
                    "check_overridden",
                    models.CharField(
                        blank=True,
                        db_default="",
                        default="",
                        max_length=200,
                        verbose_name="why the bank's rule was overridden",
                    ),
                ),
                (
                    "made_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                ("replaced_at", models.DateTimeField(editable=False, null=True)),
            ],
            options={
                "verbose_name": "debit-order detail",
                "permissions": [
                    ("reveal_account_number", "Can see customers' bank account numbers"),
                    ("override_account_check", "Can keep an account number that fails its bank's rule"),
                ],
            },
        ),
        migrations.CreateModel(
            name="DebtorNote",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.CharField(max_length=1000)),
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("note", "Note"),
                            ("call", "Call"),
                            ("email", "Email"),
                            ("sms", "SMS"),
                            ("visit", "Visit"),
                        ],
                        db_default="note",
                        default="note",
                        max_length=5,
                    ),
                ),
                ("next_on", models.DateField(blank=True, null=True, verbose_name="next action on")),
                ("next_done_at", models.DateTimeField(editable=False, null=True)),
                (
                    "message_id",
                    models.BigIntegerField(editable=False, help_text="The message it tracks.", null=True),
                ),
                ("written_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "default_permissions": ("view", "add"),
            },
        ),
        migrations.CreateModel(
            name="Dispute",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.CharField(max_length=300)),
                (
                    "opened_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                ("answered_at", models.DateTimeField(editable=False, null=True)),
                ("answer", models.CharField(blank=True, db_default="", default="", max_length=300)),
            ],
            options={
                "default_permissions": ("view", "add", "change"),
            },
        ),
        migrations.CreateModel(
            name="HandOver",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("collector", models.CharField(max_length=100)),
                ("amount", herotill.money.MoneyField(decimal_places=2, max_digits=14)),
                ("handed_on", models.DateField()),
                ("back_on", models.DateField(null=True)),
                ("back_why", models.CharField(blank=True, db_default="", default="", max_length=200)),
            ],
            options={
                "verbose_name": "hand-over",
                "permissions": [
                    ("hand_over", "Can hand debts over to an external collector and take them back")
                ],
                "default_permissions": ("view",),
            },
        ),
        migrations.CreateModel(
            name="LeftOut",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("why", models.CharField(db_collation="C", max_length=20)),
                (
                    "due",
                    herotill.money.MoneyField(
                        db_default=Decimal("0.00"), decimal_places=2, default=Decimal("0.00"), max_digits=14
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Mandate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reference", models.CharField(db_collation="C", max_length=30)),
                (
                    "kind",
                    models.CharField(
                        choices=[("paper", "Paper, signed"), ("electronic", "Electronic")], max_length=10
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("asked", "Waits for the customer"),
                            ("active", "Active"),
                            ("blocked", "Blocked"),
                            ("cancelled", "Cancelled"),
                            ("lapsed", "Never signed"),
                        ],
                        db_collation="C",
                        max_length=9,
                    ),
                ),
                (
                    "debit_day",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(31),
                        ]
                    ),
                ),
                (
                    "holiday",
                    models.CharField(
                        choices=[("before", "The business day before"), ("after", "The business day after")],
                        db_default="after",
                        default="after",
                        max_length=6,
                        verbose_name="if that day is no business day",
                    ),
                ),
                (
                    "maximum",
                    herotill.money.MoneyField(
                        blank=True,
                        decimal_places=2,
                        help_text="Empty: whatever is due.",
                        max_digits=14,
                        null=True,
                        verbose_name="at most a debit",
                    ),
                ),
                (
                    "token_hash",
                    models.CharField(blank=True, db_default="", default="", editable=False, max_length=64),
                ),
                ("expires_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("signed_at", models.DateTimeField(blank=True, null=True)),
                ("signed_by_name", models.CharField(blank=True, db_default="", default="", max_length=100)),
                ("signed_from", models.GenericIPAddressField(blank=True, null=True)),
                (
                    "document_path",
                    models.CharField(blank=True, db_default="", default="", editable=False, max_length=200),
                ),
                (
                    "document_hash",
                    models.CharField(blank=True, db_default="", default="", editable=False, max_length=64),
                ),
                (
                    "block_code",
                    models.CharField(blank=True, db_default="", default="", editable=False, max_length=5),
                ),
                ("ended_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "ended_why",
                    models.CharField(blank=True, db_default="", default="", editable=False, max_length=200),
                ),
                (
                    "made_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
            ],
            options={
                "permissions": [("block_mandate", "Can block, unblock and cancel mandates")],
            },
        ),
        migrations.CreateModel(
            name="PayerBank",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60)),
                (
                    "name_key",
                    models.GeneratedField(
                        db_persist=True,
                        expression=herotill.folding.Key("name"),
                        output_field=models.CharField(db_collation="C", max_length=200),
                    ),
                ),
                (
                    "branch_code",
                    models.CharField(
                        max_length=6,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^\\d{6}\\Z", "A branch code has exactly six digits."
                            )
                        ],
                        verbose_name="universal branch code",
                    ),
                ),
                (
                    "check_rule",
                    models.CharField(
                        blank=True,
                        db_default="",
                        default="",
                        help_text="Which check digits its numbers carry; empty where none is known.",
                        max_length=12,
                        verbose_name="rule for account numbers",
                    ),
                ),
                (
                    "retired",
                    models.BooleanField(db_default=False, default=False, help_text="No longer offered."),
                ),
            ],
            options={
                "verbose_name": "bank of customers",
                "verbose_name_plural": "banks of customers",
                "ordering": ["name_key"],
            },
        ),
        migrations.CreateModel(
            name="PayLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("token_hash", models.CharField(max_length=64)),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("verify", "Verification"),
                            ("pay", "Payment"),
                            ("topping", "Topping"),
                            ("voucher", "Voucher"),
                            ("stored", "Stored card charged"),
                        ],
                        max_length=8,
                    ),
                ),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(null=True)),
                ("made_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Promise",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("amount", herotill.money.MoneyField(decimal_places=2, max_digits=14)),
                ("by_day", models.DateField(verbose_name="pays by")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("kept", "Kept"),
                            ("broken", "Broken"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        db_collation="C",
                        db_default="open",
                        default="open",
                        max_length=9,
                    ),
                ),
                ("decided_on", models.DateField(editable=False, null=True)),
                ("made_on", models.DateField(editable=False)),
                (
                    "made_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
            ],
            options={
                "verbose_name": "promise to pay",
                "verbose_name_plural": "promises to pay",
                "default_permissions": ("view", "add", "change"),
            },
        ),
        migrations.CreateModel(
            name="StoredCard",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "token_last_four",
                    models.CharField(blank=True, db_default="", default="", editable=False, max_length=4),
                ),
                (
                    "token",
                    herotill.secrets.fields.EncryptedField(
                        last_four="token_last_four", permission="billing.change_cardgateway"
                    ),
                ),
                ("brand", models.CharField(blank=True, db_default="", default="", max_length=20)),
                (
                    "last_four",
                    models.CharField(
                        blank=True, db_default="", default="", max_length=4, verbose_name="ends in"
                    ),
                ),
                ("expires_on", models.DateField(null=True, verbose_name="valid until")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("active", "Active"),
                            ("refused", "Refused by the gateway"),
                            ("removed", "Removed"),
                        ],
                        db_default="active",
                        default="active",
                        max_length=7,
                    ),
                ),
                ("verified_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("ended_why", models.CharField(blank=True, db_default="", default="", max_length=200)),
            ],
            options={
                "permissions": [("remove_card", "Can remove customers' stored cards")],
                "default_permissions": ("view",),
            },
        ),
        migrations.CreateModel(
            name="SuspensionCase",
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
                            ("listed", "Waits for approval"),
                            ("approved", "Approved"),
                            ("warned", "Warned"),
                            ("warned_twice", "Warned twice"),
                            ("suspended", "Suspended"),
                            ("taken_over", "Taken over as suspended"),
                            ("ended", "Ended"),
                        ],
                        db_collation="C",
                        db_default="listed",
                        default="listed",
                        max_length=12,
                    ),
                ),
                ("opened_on", models.DateField()),
                (
                    "counts_from",
                    models.DateField(
                        help_text="The due date, or later; see the rules.", verbose_name="days count from"
                    ),
                ),
                (
                    "overdue",
                    herotill.money.MoneyField(
                        decimal_places=2, max_digits=14, verbose_name="overdue when opened"
                    ),
                ),
                ("by_hand", models.BooleanField(db_default=False, default=False)),
                ("approved_at", models.DateTimeField(null=True)),
                ("suspended_on", models.DateField(null=True)),
                ("paused_until", models.DateField(null=True)),
                (
                    "reported_until",
                    models.DateTimeField(
                        help_text="A card payment was reported and is waited for; once a case.", null=True
                    ),
                ),
                ("ended_on", models.DateField(null=True)),
                ("ended_why", models.CharField(blank=True, db_default="", default="", max_length=200)),
            ],
            options={
                "permissions": [
                    ("approve_suspension", "Can approve that customers are warned and suspended"),
                    ("pause_suspension", "Can pause suspensions"),
                    ("reset_suspension", "Can reset suspension cases"),
                    ("suspend_customer", "Can suspend a customer at once"),
                ],
                "default_permissions": ("view",),
            },
        ),
        migrations.CreateModel(
            name="SuspensionRules",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("only", models.BooleanField(db_default=True, default=True, editable=False)),
                (
                    "enabled",
                    models.BooleanField(
                        db_default=False, default=False, help_text="Off: nobody is warned or suspended."
                    ),
                ),
                (
                    "overdue_days",
                    models.PositiveSmallIntegerField(
                        db_default=7,
                        default=7,
                        help_text="First warning; for customers without a billing group.",
                        validators=[django.core.validators.MaxValueValidator(365)],
                        verbose_name="days till overdue",
                    ),
                ),
                (
                    "second_notice_days",
                    models.PositiveSmallIntegerField(
                        db_default=12,
                        default=12,
                        help_text="For customers without a billing group.",
                        validators=[django.core.validators.MaxValueValidator(365)],
                        verbose_name="days till second warning",
                    ),
                ),
                (
                    "suspension_days",
                    models.PositiveSmallIntegerField(
                        db_default=15,
                        default=15,
                        help_text="For customers without a billing group.",
                        validators=[django.core.validators.MaxValueValidator(365)],
                        verbose_name="days till suspension",
                    ),
                ),
                (
                    "pause_days",
                    models.PositiveSmallIntegerField(
                        db_default=3,
                        default=3,
                        help_text="What a pause is offered with.",
                        validators=[django.core.validators.MaxValueValidator(365)],
                        verbose_name="length of a pause, in days",
                    ),
                ),
                (
                    "minimum",
                    herotill.money.MoneyField(
                        db_default=Decimal("50.00"),
                        decimal_places=2,
                        default=Decimal("50.00"),
                        help_text="Nobody who owes less than this overdue is warned or suspended.",
                        max_digits=14,
                        verbose_name="minimum amount",
                    ),
                ),
                (
                    "grace_days",
                    models.PositiveSmallIntegerField(
                        db_default=3,
                        default=3,
                        help_text="For debit-order and card customers the days count from the later of due date and action date plus these.",
                        validators=[django.core.validators.MaxValueValidator(365)],
                        verbose_name="business days after a debit date",
                    ),
                ),
                (
                    "from_hour",
                    models.PositiveSmallIntegerField(
                        db_default=8,
                        default=8,
                        validators=[django.core.validators.MaxValueValidator(23)],
                        verbose_name="suspend from (hour)",
                    ),
                ),
                (
                    "until_hour",
                    models.PositiveSmallIntegerField(
                        db_default=15,
                        default=15,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(24),
                        ],
                        verbose_name="suspend until (hour)",
                    ),
                ),
                (
                    "reported_hours",
                    models.PositiveSmallIntegerField(
                        db_default=48, default=48, verbose_name="pause for a reported card payment, in hours"
                    ),
                ),
                (
                    "stop_billing_days",
                    models.PositiveSmallIntegerField(
                        db_default=60,
                        default=60,
                        help_text="Cancellation is then proposed. 0: never.",
                        validators=[django.core.validators.MaxValueValidator(365)],
                        verbose_name="billing stops after days suspended",
                    ),
                ),
                (
                    "late_fee",
                    herotill.money.MoneyField(
                        blank=True,
                        decimal_places=2,
                        help_text="Empty: none.",
                        max_digits=14,
                        null=True,
                        verbose_name="late fee",
                    ),
                ),
                (
                    "unpaid_fee",
                    herotill.money.MoneyField(
                        blank=True,
                        decimal_places=2,
                        help_text="Empty: none.",
                        max_digits=14,
                        null=True,
                        verbose_name="fee for an unpaid debit",
                    ),
                ),
            ],
            options={
                "verbose_name": "suspension rules",
                "verbose_name_plural": "suspension rules",
                "default_permissions": ("view", "change"),
            },
        ),
        migrations.CreateModel(
            name="SuspensionTerms",
            fields=[
                (
                    "customer",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="suspension_terms",
                        serialize=False,
                        to="customers.customer",
                    ),
                ),
                (
                    "disabled",
                    models.BooleanField(
                        db_default=False,
                        default=False,
                        help_text="Never suspend this customer.",
                        verbose_name="suspension disabled",
                    ),
                ),
                ("disabled_why", models.CharField(blank=True, db_default="", default="", max_length=200)),
                (
                    "use_group",
                    models.BooleanField(
                        db_default=True, default=True, verbose_name="use group default settings"
                    ),
                ),
                (
                    "overdue_days",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="Days after the due date until the first warning.",
                        null=True,
                        validators=[django.core.validators.MaxValueValidator(365)],
                        verbose_name="invoice becomes overdue (days)",
                    ),
                ),
                (
                    "second_notice_days",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="Days after the due date.",
                        null=True,
                        validators=[django.core.validators.MaxValueValidator(365)],
                        verbose_name="2nd notification goes out (days)",
                    ),
                ),
                (
                    "suspension_days",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="Days after the due date.",
                        null=True,
                        validators=[django.core.validators.MaxValueValidator(365)],
                        verbose_name="suspension kicks in (days)",
                    ),
                ),
            ],
            options={
                "permissions": [("disable_suspension", "Can say that a customer is never suspended")],
                "default_permissions": ("view", "change"),
            },
        ),
        migrations.CreateModel(
            name="TakenDown",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("down_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("back_at", models.DateTimeField(null=True)),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="UnpaidCode",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.PositiveSmallIntegerField()),
                ("text", models.CharField(max_length=100)),
                (
                    "effect",
                    models.CharField(
                        choices=[
                            ("represent", "May be tried once more, with the next mandated date"),
                            ("keep", "The mandate stays; nothing is tried again"),
                            ("block", "The mandate is blocked"),
                            ("dispute", "The mandate is blocked: the customer disputes it"),
                        ],
                        default="block",
                        max_length=9,
                    ),
                ),
            ],
            options={
                "ordering": ["code"],
            },
        ),
        migrations.CreateModel(
            name="BankService",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(db_collation="C", editable=False, max_length=20)),
                ("name", models.CharField(max_length=60)),
                ("is_on", models.BooleanField(db_default=False, default=False, verbose_name="in use")),
                (
                    "debit_key_last_four",
                    models.CharField(blank=True, db_default="", default="", editable=False, max_length=4),
                ),
                (
                    "debit_key",
                    herotill.secrets.fields.EncryptedField(
                        last_four="debit_key_last_four",
                        permission="billing.change_bankservice",
                        verbose_name="service key: debit orders",
                    ),
                ),
                (
                    "account_key_last_four",
                    models.CharField(blank=True, db_default="", default="", editable=False, max_length=4),
                ),
                (
                    "account_key",
                    herotill.secrets.fields.EncryptedField(
                        last_four="account_key_last_four",
                        permission="billing.change_bankservice",
                        verbose_name="service key: account",
                    ),
                ),
                ("instruction", models.CharField(blank=True, db_default="", default="", max_length=20)),
                (
                    "lead_days",
                    models.PositiveSmallIntegerField(
                        db_default=3,
                        default=3,
                        help_text="A file is taken until so many business days before.",
                        validators=[django.core.validators.MaxValueValidator(10)],
                        verbose_name="business days before the action date",
                    ),
                ),
                (
                    "cutoff_hour",
                    models.PositiveSmallIntegerField(
                        db_default=22,
                        default=22,
                        validators=[django.core.validators.MaxValueValidator(23)],
                        verbose_name="until (hour)",
                    ),
                ),
                (
                    "loads_good_lines",
                    models.BooleanField(
                        db_default=False,
                        default=False,
                        verbose_name="loads what is right of a file with errors",
                    ),
                ),
                (
                    "account",
                    models.ForeignKey(
                        blank=True,
                        help_text="Where what it collects is booked; its receipts come from debit-order results.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="billing.bankaccount",
                    ),
                ),
            ],
            options={
                "verbose_name": "debit-order service",
                "default_permissions": ("view", "change"),
            },
        ),
        migrations.CreateModel(
            name="BatchFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(choices=[("sent", "The file"), ("report", "Load report")], max_length=6),
                ),
                ("path", models.CharField(max_length=200)),
                ("sha256", models.CharField(max_length=64)),
                ("made_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "made_by",
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
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="BatchTouch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("what", models.CharField(max_length=200)),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "person",
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
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="CancellationReason",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=100)),
                (
                    "name_key",
                    models.GeneratedField(
                        db_persist=True,
                        expression=herotill.folding.Key("name"),
                        output_field=models.CharField(db_collation="C", max_length=200),
                    ),
                ),
                (
                    "won_back",
                    models.BooleanField(
                        db_default=False,
                        default=False,
                        help_text="Shown apart in the report.",
                        verbose_name="could be won back",
                    ),
                ),
                (
                    "retired",
                    models.BooleanField(db_default=False, default=False, help_text="No longer offered."),
                ),
            ],
            options={
                "verbose_name": "reason of cancellation",
                "verbose_name_plural": "reasons of cancellation",
                "ordering": ["name_key"],
                "constraints": [
                    models.UniqueConstraint(fields=("name_key",), name="cancellation_reason_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Cancellation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "whole",
                    models.BooleanField(db_default=True, default=True, verbose_name="the whole customer"),
                ),
                ("comment", models.CharField(blank=True, db_default="", default="", max_length=1000)),
                ("last_day", models.DateField(verbose_name="last day of service")),
                ("answer_by", models.DateField(null=True, verbose_name="the customer answers by")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "Waits for approval"),
                            ("approved", "Waits for the customer"),
                            ("confirmed", "Confirmed, not ended yet"),
                            ("denied", "Denied by the customer"),
                            ("refused", "Refused"),
                            ("lapsed", "Not answered in time"),
                            ("withdrawn", "Withdrawn"),
                            ("done", "Ended"),
                        ],
                        db_collation="C",
                        db_default="asked",
                        default="asked",
                        max_length=9,
                    ),
                ),
                (
                    "token_hash",
                    models.CharField(blank=True, db_default="", default="", editable=False, max_length=64),
                ),
                (
                    "asked_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                ("approved_at", models.DateTimeField(editable=False, null=True)),
                ("answered_at", models.DateTimeField(editable=False, null=True)),
                ("answered_from", models.GenericIPAddressField(editable=False, null=True)),
                ("answer", models.CharField(blank=True, db_default="", default="", max_length=1000)),
                ("ended_at", models.DateTimeField(editable=False, null=True)),
                (
                    "equipment",
                    models.CharField(
                        blank=True,
                        db_default="",
                        default="",
                        max_length=500,
                        verbose_name="equipment to collect",
                    ),
                ),
                (
                    "approved_by",
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
                (
                    "customer",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cancellations",
                        to="customers.customer",
                    ),
                ),
                (
                    "final_draft",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="billing.document",
                    ),
                ),
                (
                    "reason",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="billing.cancellationreason",
                    ),
                ),
            ],
            options={
                "permissions": [
                    ("approve_cancellation", "Can approve and refuse cancellations"),
                    ("withdraw_cancellation", "Can withdraw cancellations"),
                ],
                "default_permissions": ("view", "add"),
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="cancellationreason",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_add",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("name", "name", "text"),
                        ("won_back", "won_back", "flag"),
                        ("retired", "retired", "flag"),
                    ],
                    hash="ebd47ce191655feef1c0e4af94a5895840db57fe",
                    model="billing.cancellationreason",
                    operation="INSERT",
                    pgid="pgtrigger_audit_add_aaec6",
                    table="billing_cancellationreason",
                    words=["name"],
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="cancellationreason",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_change",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("name", "name", "text"),
                        ("won_back", "won_back", "flag"),
                        ("retired", "retired", "flag"),
                    ],
                    hash="6487e59c9ad6143df2c3ad28963e2c79097c59b8",
                    model="billing.cancellationreason",
                    operation="UPDATE",
                    pgid="pgtrigger_audit_change_34a01",
                    table="billing_cancellationreason",
                    words=["name"],
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="cancellationreason",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_remove",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("name", "name", "text"),
                        ("won_back", "won_back", "flag"),
                        ("retired", "retired", "flag"),
                    ],
                    hash="bc4ea144be3b49d1c72a086e0537832917b09d46",
                    model="billing.cancellationreason",
                    operation="DELETE",
                    pgid="pgtrigger_audit_remove_8ddad",
                    table="billing_cancellationreason",
                    words=["name"],
                ),
            ),
        ),
        migrations.AddField(
            model_name="cancelledaccount",
            name="account",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="dataaccounts.dataaccount"
            ),
        ),
        migrations.AddField(
            model_name="cancelledaccount",
            name="cancellation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="accounts",
                to="billing.cancellation",
            ),
        ),
        migrations.AddField(
            model_name="cardattempt",
            name="customer",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="card_attempts",
                to="customers.customer",
            ),
        ),
        migrations.AddField(
            model_name="cardattempt",
            name="document",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="billing.document",
            ),
        ),
        migrations.AddField(
            model_name="cardattempt",
            name="receipt",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="card_attempts",
                to="billing.receipt",
            ),
        ),
        migrations.AddField(
            model_name="cardattempt",
            name="started_by",
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
            model_name="cardgateway",
            name="account",
            field=models.ForeignKey(
                help_text="Where its receipts are booked; its receipts come from gateway notices.",
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="billing.bankaccount",
            ),
        ),
        migrations.AddField(
            model_name="cardattempt",
            name="gateway",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="attempts",
                to="billing.cardgateway",
            ),
        ),
        migrations.AddField(
            model_name="cardnotice",
            name="attempt",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="notices",
                to="billing.cardattempt",
            ),
        ),
        migrations.AddField(
            model_name="cardnotice",
            name="gateway",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="billing.cardgateway",
            ),
        ),
        migrations.AddField(
            model_name="casestep",
            name="by",
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
            model_name="collectedentry",
            name="entry",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="billing.entry",
            ),
        ),
        migrations.AddField(
            model_name="collectionbatch",
            name="billing_group",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="customers.billinggroup"
            ),
        ),
        migrations.AddField(
            model_name="collectionbatch",
            name="made_by",
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
            model_name="collectionbatch",
            name="released_by",
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
            model_name="batchtouch",
            name="batch",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="touches",
                to="billing.collectionbatch",
            ),
        ),
        migrations.AddField(
            model_name="batchfile",
            name="batch",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="files",
                to="billing.collectionbatch",
            ),
        ),
        migrations.AddField(
            model_name="collectionfee",
            name="customer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="customers.customer"
            ),
        ),
        migrations.AddField(
            model_name="collectionfee",
            name="product",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="reference.product"
            ),
        ),
        migrations.AddField(
            model_name="collectionfee",
            name="waived_by",
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
            model_name="collectionline",
            name="batch",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="all_lines",
                to="billing.collectionbatch",
            ),
        ),
        migrations.AddField(
            model_name="collectionline",
            name="customer",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="collection_lines",
                to="customers.customer",
            ),
        ),
        migrations.AddField(
            model_name="collectionline",
            name="receipt",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="collection_lines",
                to="billing.receipt",
            ),
        ),
        migrations.AddField(
            model_name="collectedentry",
            name="line",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="entries",
                to="billing.collectionline",
            ),
        ),
        migrations.AddField(
            model_name="cardattempt",
            name="line",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="attempts",
                to="billing.collectionline",
            ),
        ),
        migrations.AddField(
            model_name="collectionresult",
            name="line",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="results",
                to="billing.collectionline",
            ),
        ),
        migrations.AddConstraint(
            model_name="collectionrules",
            constraint=models.UniqueConstraint(fields=("only",), name="one_set_of_collection_rules"),
        ),
        migrations.AddConstraint(
            model_name="collectionrules",
            constraint=models.CheckConstraint(
                condition=models.Q(("only", True)), name="collection_rules_are_the_only_ones"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="collectionrules",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_add",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("only", "only", "flag"),
                        ("second_person", "second_person", "flag"),
                        ("unusual_factor", "unusual_factor", "plain"),
                        ("unpaid_limit", "unpaid_limit", "plain"),
                        ("dispute_limit", "dispute_limit", "plain"),
                    ],
                    hash="5abe4350648e46b927d7116eb3d4d2138186b474",
                    model="billing.collectionrules",
                    operation="INSERT",
                    pgid="pgtrigger_audit_add_a081c",
                    table="billing_collectionrules",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="collectionrules",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_change",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("only", "only", "flag"),
                        ("second_person", "second_person", "flag"),
                        ("unusual_factor", "unusual_factor", "plain"),
                        ("unpaid_limit", "unpaid_limit", "plain"),
                        ("dispute_limit", "dispute_limit", "plain"),
                    ],
                    hash="9785589f70a62f14b5e6a233c7bdb512d2ee0445",
                    model="billing.collectionrules",
                    operation="UPDATE",
                    pgid="pgtrigger_audit_change_a2247",
                    table="billing_collectionrules",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="collectionrules",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_remove",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("only", "only", "flag"),
                        ("second_person", "second_person", "flag"),
                        ("unusual_factor", "unusual_factor", "plain"),
                        ("unpaid_limit", "unpaid_limit", "plain"),
                        ("dispute_limit", "dispute_limit", "plain"),
                    ],
                    hash="95d3f32015c495dee19b9e4a1bba0eeee0895b06",
                    model="billing.collectionrules",
                    operation="DELETE",
                    pgid="pgtrigger_audit_remove_21d1d",
                    table="billing_collectionrules",
                ),
            ),
        ),
        migrations.AddField(
            model_name="debitdetail",
            name="customer",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="debit_details",
                to="customers.customer",
            ),
        ),
        migrations.AddField(
            model_name="debitdetail",
            name="made_by",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="captured by",
            ),
        ),
        migrations.AddField(
            model_name="debtornote",
            name="author",
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
            model_name="debtornote",
            name="customer",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="debtor_notes",
                to="customers.customer",
            ),
        ),
        migrations.AddField(
            model_name="dispute",
            name="answered_by",
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
            model_name="dispute",
            name="document",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="disputes", to="billing.document"
            ),
        ),
        migrations.AddField(
            model_name="dispute",
            name="opened_by",
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
            model_name="handover",
            name="customer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="hand_overs",
                to="customers.customer",
            ),
        ),
        migrations.AddField(
            model_name="handover",
            name="handed_by",
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
            model_name="leftout",
            name="batch",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="left_out",
                to="billing.collectionbatch",
            ),
        ),
        migrations.AddField(
            model_name="leftout",
            name="customer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="customers.customer"
            ),
        ),
        migrations.AddField(
            model_name="mandate",
            name="attachment",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="customers.attachment",
            ),
        ),
        migrations.AddField(
            model_name="mandate",
            name="customer",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="mandates",
                to="customers.customer",
            ),
        ),
        migrations.AddField(
            model_name="mandate",
            name="detail",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="mandates", to="billing.debitdetail"
            ),
        ),
        migrations.AddField(
            model_name="mandate",
            name="made_by",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="asked or captured by",
            ),
        ),
        migrations.AddField(
            model_name="collectionline",
            name="mandate",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="lines",
                to="billing.mandate",
            ),
        ),
        migrations.AddConstraint(
            model_name="payerbank",
            constraint=models.UniqueConstraint(fields=("name_key",), name="payer_bank_name_once"),
        ),
        migrations.AddConstraint(
            model_name="payerbank",
            constraint=models.CheckConstraint(
                condition=models.Q(("branch_code__regex", "^\\d{6}$")), name="payer_bank_branch_six_digits"
            ),
        ),
        migrations.AddField(
            model_name="debitdetail",
            name="bank",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="billing.payerbank"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="payerbank",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_add",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("name", "name", "text"),
                        ("branch_code", "branch_code", "text"),
                        ("check_rule", "check_rule", "text"),
                        ("retired", "retired", "flag"),
                    ],
                    hash="ccf020f3e12177f282d6b4a61a8b3a212ec85234",
                    model="billing.payerbank",
                    operation="INSERT",
                    pgid="pgtrigger_audit_add_7726e",
                    table="billing_payerbank",
                    words=["name"],
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="payerbank",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_change",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("name", "name", "text"),
                        ("branch_code", "branch_code", "text"),
                        ("check_rule", "check_rule", "text"),
                        ("retired", "retired", "flag"),
                    ],
                    hash="c872981e75fdc292b7488d032f2aceeec4001c1f",
                    model="billing.payerbank",
                    operation="UPDATE",
                    pgid="pgtrigger_audit_change_4887d",
                    table="billing_payerbank",
                    words=["name"],
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="payerbank",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_remove",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("name", "name", "text"),
                        ("branch_code", "branch_code", "text"),
                        ("check_rule", "check_rule", "text"),
                        ("retired", "retired", "flag"),
                    ],
                    hash="4eb6fe3f55921d6293e4643ba9ec39fd09eeb345",
                    model="billing.payerbank",
                    operation="DELETE",
                    pgid="pgtrigger_audit_remove_6663e",
                    table="billing_payerbank",
                    words=["name"],
                ),
            ),
        ),
        migrations.AddField(
            model_name="paylink",
            name="customer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="customers.customer"
            ),
        ),
        migrations.AddField(
            model_name="paylink",
            name="made_by",
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
            model_name="promise",
            name="customer",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="promises",
                to="customers.customer",
            ),
        ),
        migrations.AddField(
            model_name="promise",
            name="made_by",
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
            model_name="storedcard",
            name="customer",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="cards",
                to="customers.customer",
            ),
        ),
        migrations.AddField(
            model_name="storedcard",
            name="gateway",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="billing.cardgateway"
            ),
        ),
        migrations.AddField(
            model_name="collectionline",
            name="card",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="lines",
                to="billing.storedcard",
            ),
        ),
        migrations.AddField(
            model_name="suspensioncase",
            name="approved_by",
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
            model_name="suspensioncase",
            name="customer",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="suspension_cases",
                to="customers.customer",
            ),
        ),
        migrations.AddField(
            model_name="casestep",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="steps", to="billing.suspensioncase"
            ),
        ),
        migrations.AddField(
            model_name="suspensionrules",
            name="fee_product",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="reference.product",
            ),
        ),
        migrations.AddConstraint(
            model_name="suspensionterms",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("use_group", True),
                    models.Q(
                        ("overdue_days__isnull", False),
                        ("second_notice_days__gte", models.F("overdue_days")),
                        ("suspension_days__gte", models.F("second_notice_days")),
                    ),
                    _connector="OR",
                ),
                name="own_terms_warn_before_they_suspend",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="suspensionterms",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_add",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("disabled", "disabled", "flag"),
                        ("disabled_why", "disabled_why", "text"),
                        ("use_group", "use_group", "flag"),
                        ("overdue_days", "overdue_days", "plain"),
                        ("second_notice_days", "second_notice_days", "plain"),
                        ("suspension_days", "suspension_days", "plain"),
                    ],
                    customer='{row}."customer_id"',
                    hash="fab631cd2d18bc325bf2e7bfeb8069f046f98e12",
                    model="billing.suspensionterms",
                    operation="INSERT",
                    pgid="pgtrigger_audit_add_e7c00",
                    pk="customer_id",
                    table="billing_suspensionterms",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="suspensionterms",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_change",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("disabled", "disabled", "flag"),
                        ("disabled_why", "disabled_why", "text"),
                        ("use_group", "use_group", "flag"),
                        ("overdue_days", "overdue_days", "plain"),
                        ("second_notice_days", "second_notice_days", "plain"),
                        ("suspension_days", "suspension_days", "plain"),
                    ],
                    customer='{row}."customer_id"',
                    hash="d7cca0956e3a215ee4e4b0c8c33362c36e904dc9",
                    model="billing.suspensionterms",
                    operation="UPDATE",
                    pgid="pgtrigger_audit_change_fad42",
                    pk="customer_id",
                    table="billing_suspensionterms",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="suspensionterms",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_remove",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("disabled", "disabled", "flag"),
                        ("disabled_why", "disabled_why", "text"),
                        ("use_group", "use_group", "flag"),
                        ("overdue_days", "overdue_days", "plain"),
                        ("second_notice_days", "second_notice_days", "plain"),
                        ("suspension_days", "suspension_days", "plain"),
                    ],
                    customer='{row}."customer_id"',
                    hash="709a18148c8936fa324ead60be42a3171b47e190",
                    model="billing.suspensionterms",
                    operation="DELETE",
                    pgid="pgtrigger_audit_remove_20a3e",
                    pk="customer_id",
                    table="billing_suspensionterms",
                ),
            ),
        ),
        migrations.AddField(
            model_name="takendown",
            name="account",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="dataaccounts.dataaccount"
            ),
        ),
        migrations.AddField(
            model_name="takendown",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="taken_down",
                to="billing.suspensioncase",
            ),
        ),
        migrations.AddConstraint(
            model_name="unpaidcode",
            constraint=models.UniqueConstraint(fields=("code",), name="unpaid_code_once"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="unpaidcode",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_add",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("code", "code", "plain"),
                        ("text", "text", "text"),
                        ("effect", "effect", "text"),
                    ],
                    hash="4fffa86ba39c7d1c10e6739d79d977a8530df179",
                    model="billing.unpaidcode",
                    operation="INSERT",
                    pgid="pgtrigger_audit_add_03faa",
                    table="billing_unpaidcode",
                    words=["text"],
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="unpaidcode",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_change",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("code", "code", "plain"),
                        ("text", "text", "text"),
                        ("effect", "effect", "text"),
                    ],
                    hash="39f325941d88941c1ac090d7fe95af7b802aeca6",
                    model="billing.unpaidcode",
                    operation="UPDATE",
                    pgid="pgtrigger_audit_change_db6d4",
                    table="billing_unpaidcode",
                    words=["text"],
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="unpaidcode",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_remove",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("code", "code", "plain"),
                        ("text", "text", "text"),
                        ("effect", "effect", "text"),
                    ],
                    hash="8b4dba5e1b8532a93d72d0c8568e4b6dd6b971c7",
                    model="billing.unpaidcode",
                    operation="DELETE",
                    pgid="pgtrigger_audit_remove_32484",
                    table="billing_unpaidcode",
                    words=["text"],
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="bankservice",
            constraint=models.UniqueConstraint(fields=("kind",), name="one_service_a_kind"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="bankservice",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_add",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("kind", "kind", "text"),
                        ("name", "name", "text"),
                        ("account", "account_id", "plain"),
                        ("is_on", "is_on", "flag"),
                        ("debit_key", "debit_key", "encrypted", "debit_key_last_four"),
                        ("account_key", "account_key", "encrypted", "account_key_last_four"),
                        ("instruction", "instruction", "text"),
                        ("lead_days", "lead_days", "plain"),
                        ("cutoff_hour", "cutoff_hour", "plain"),
                        ("loads_good_lines", "loads_good_lines", "flag"),
                    ],
                    hash="4e045bedd4115e5dce0430eb76ee1b1023e9919a",
                    model="billing.bankservice",
                    operation="INSERT",
                    pgid="pgtrigger_audit_add_1d6c3",
                    table="billing_bankservice",
                    words=["name"],
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="bankservice",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_change",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("kind", "kind", "text"),
                        ("name", "name", "text"),
                        ("account", "account_id", "plain"),
                        ("is_on", "is_on", "flag"),
                        ("debit_key", "debit_key", "encrypted", "debit_key_last_four"),
                        ("account_key", "account_key", "encrypted", "account_key_last_four"),
                        ("instruction", "instruction", "text"),
                        ("lead_days", "lead_days", "plain"),
                        ("cutoff_hour", "cutoff_hour", "plain"),
                        ("loads_good_lines", "loads_good_lines", "flag"),
                    ],
                    hash="6f19eccba39b99aae893c09530d587c572b8cab3",
                    model="billing.bankservice",
                    operation="UPDATE",
                    pgid="pgtrigger_audit_change_cba41",
                    table="billing_bankservice",
                    words=["name"],
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="bankservice",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_remove",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("kind", "kind", "text"),
                        ("name", "name", "text"),
                        ("account", "account_id", "plain"),
                        ("is_on", "is_on", "flag"),
                        ("debit_key", "debit_key", "encrypted", "debit_key_last_four"),
                        ("account_key", "account_key", "encrypted", "account_key_last_four"),
                        ("instruction", "instruction", "text"),
                        ("lead_days", "lead_days", "plain"),
                        ("cutoff_hour", "cutoff_hour", "plain"),
                        ("loads_good_lines", "loads_good_lines", "flag"),
                    ],
                    hash="1eda18bbb0bf5f1016d452c99b736728d7d2778b",
                    model="billing.bankservice",
                    operation="DELETE",
                    pgid="pgtrigger_audit_remove_e9b95",
                    table="billing_bankservice",
                    words=["name"],
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="cancellation",
            index=models.Index(fields=["customer", "-id"], name="cancellations_of_customer"),
        ),
        migrations.AddIndex(
            model_name="cancellation",
            index=models.Index(fields=["state", "last_day", "id"], name="cancellations_by_state"),
        ),
        migrations.AddConstraint(
            model_name="cancellation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["asked", "approved", "confirmed"]), ("whole", True)),
                fields=("customer",),
                name="one_cancellation_of_a_customer",
            ),
        ),
        migrations.AddConstraint(
            model_name="cancellation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("token_hash", ""), _negated=True),
                fields=("token_hash",),
                name="cancellation_token_once",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="cancellation",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_add",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("customer", "customer_id", "plain"),
                        ("whole", "whole", "flag"),
                        ("reason", "reason_id", "plain"),
                        ("comment", "comment", "text"),
                        ("last_day", "last_day", "plain"),
                        ("answer_by", "answer_by", "plain"),
                        ("state", "state", "text"),
                        ("asked_by", "asked_by_id", "plain"),
                        ("approved_by", "approved_by_id", "plain"),
                        ("approved_at", "approved_at", "plain"),
                        ("answered_at", "answered_at", "plain"),
                        ("answered_from", "answered_from", "plain"),
                        ("answer", "answer", "text"),
                        ("ended_at", "ended_at", "plain"),
                        ("final_draft", "final_draft_id", "plain"),
                        ("equipment", "equipment", "text"),
                    ],
                    customer='{row}."customer_id"',
                    hash="b38b0f23d1ab61ad13e082a2889d45647f2a65fc",
                    model="billing.cancellation",
                    operation="INSERT",
                    pgid="pgtrigger_audit_add_8cc08",
                    table="billing_cancellation",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="cancellation",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_change",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("customer", "customer_id", "plain"),
                        ("whole", "whole", "flag"),
                        ("reason", "reason_id", "plain"),
                        ("comment", "comment", "text"),
                        ("last_day", "last_day", "plain"),
                        ("answer_by", "answer_by", "plain"),
                        ("state", "state", "text"),
                        ("asked_by", "asked_by_id", "plain"),
                        ("approved_by", "approved_by_id", "plain"),
                        ("approved_at", "approved_at", "plain"),
                        ("answered_at", "answered_at", "plain"),
                        ("answered_from", "answered_from", "plain"),
                        ("answer", "answer", "text"),
                        ("ended_at", "ended_at", "plain"),
                        ("final_draft", "final_draft_id", "plain"),
                        ("equipment", "equipment", "text"),
                    ],
                    customer='{row}."customer_id"',
                    hash="c4e9a14cdc3c20df67a0a0d3eacf5161e139ff50",
                    model="billing.cancellation",
                    operation="UPDATE",
                    pgid="pgtrigger_audit_change_a318b",
                    table="billing_cancellation",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="cancellation",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_remove",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("customer", "customer_id", "plain"),
                        ("whole", "whole", "flag"),
                        ("reason", "reason_id", "plain"),
                        ("comment", "comment", "text"),
                        ("last_day", "last_day", "plain"),
                        ("answer_by", "answer_by", "plain"),
                        ("state", "state", "text"),
                        ("asked_by", "asked_by_id", "plain"),
                        ("approved_by", "approved_by_id", "plain"),
                        ("approved_at", "approved_at", "plain"),
                        ("answered_at", "answered_at", "plain"),
                        ("answered_from", "answered_from", "plain"),
                        ("answer", "answer", "text"),
                        ("ended_at", "ended_at", "plain"),
                        ("final_draft", "final_draft_id", "plain"),
                        ("equipment", "equipment", "text"),
                    ],
                    customer='{row}."customer_id"',
                    hash="f4cb3c5296293203cbb84a607e5f92a9726bdfd2",
                    model="billing.cancellation",
                    operation="DELETE",
                    pgid="pgtrigger_audit_remove_31215",
                    table="billing_cancellation",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="cancelledaccount",
            constraint=models.UniqueConstraint(
                fields=("cancellation", "account"), name="cancelled_account_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="cardgateway",
            constraint=models.UniqueConstraint(fields=("kind",), name="one_gateway_a_kind"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="cardgateway",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_add",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("name", "name", "text"),
                        ("kind", "kind", "text"),
                        ("account", "account_id", "plain"),
                        ("is_on", "is_on", "flag"),
                        ("test_mode", "test_mode", "flag"),
                        ("merchant", "merchant", "text"),
                        ("key", "key", "encrypted", "key_last_four"),
                        ("passphrase", "passphrase", "encrypted", "passphrase_last_four"),
                    ],
                    hash="ef4ce4069cd7b155378e01f43a8fb745f3e041c9",
                    model="billing.cardgateway",
                    operation="INSERT",
                    pgid="pgtrigger_audit_add_00cf8",
                    table="billing_cardgateway",
                    words=["name"],
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="cardgateway",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_change",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("name", "name", "text"),
                        ("kind", "kind", "text"),
                        ("account", "account_id", "plain"),
                        ("is_on", "is_on", "flag"),
                        ("test_mode", "test_mode", "flag"),
                        ("merchant", "merchant", "text"),
                        ("key", "key", "encrypted", "key_last_four"),
                        ("passphrase", "passphrase", "encrypted", "passphrase_last_four"),
                    ],
                    hash="c20ad288f4044d3eef0337825299dcd1510e366d",
                    model="billing.cardgateway",
                    operation="UPDATE",
                    pgid="pgtrigger_audit_change_fd2ef",
                    table="billing_cardgateway",
                    words=["name"],
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="cardgateway",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_remove",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("name", "name", "text"),
                        ("kind", "kind", "text"),
                        ("account", "account_id", "plain"),
                        ("is_on", "is_on", "flag"),
                        ("test_mode", "test_mode", "flag"),
                        ("merchant", "merchant", "text"),
                        ("key", "key", "encrypted", "key_last_four"),
                        ("passphrase", "passphrase", "encrypted", "passphrase_last_four"),
                    ],
                    hash="1117e5a20c63b5f0792a02ebfabb671a5bc83756",
                    model="billing.cardgateway",
                    operation="DELETE",
                    pgid="pgtrigger_audit_remove_8be1d",
                    table="billing_cardgateway",
                    words=["name"],
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="cardnotice",
            index=models.Index(fields=["-came_at", "-id"], name="card_notices_by_date"),
        ),
        migrations.AddConstraint(
            model_name="cardnotice",
            constraint=models.UniqueConstraint(
                condition=models.Q(("verified", True), models.Q(("gateway_reference", ""), _negated=True)),
                fields=("gateway", "gateway_reference", "status"),
                name="card_notice_counts_once",
            ),
        ),
        migrations.AddIndex(
            model_name="collectionbatch",
            index=models.Index(fields=["-action_date", "-id"], name="collection_batches_by_date"),
        ),
        migrations.AddConstraint(
            model_name="collectionbatch",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["cancelled", "rejected"]), _negated=True),
                fields=("billing_group", "action_date", "method"),
                name="one_batch_a_group_and_date",
            ),
        ),
        migrations.AddConstraint(
            model_name="collectionbatch",
            constraint=models.UniqueConstraint(fields=("name",), name="collection_batch_name_once"),
        ),
        migrations.AddConstraint(
            model_name="collectionbatch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["draft", "cancelled"]),
                    models.Q(("release_hash", ""), _negated=True),
                    _connector="OR",
                ),
                name="batch_released_with_a_hash",
            ),
        ),
        migrations.AddConstraint(
            model_name="collectionfee",
            constraint=models.UniqueConstraint(fields=("kind", "cause"), name="fee_once_for_a_cause"),
        ),
        migrations.AddConstraint(
            model_name="collectionfee",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gt", 0)), name="fee_more_than_nothing"
            ),
        ),
        migrations.AddConstraint(
            model_name="collectedentry",
            constraint=models.UniqueConstraint(
                condition=models.Q(("live", True)), fields=("entry",), name="open_amount_in_one_line"
            ),
        ),
        migrations.AddConstraint(
            model_name="collectedentry",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gt", 0)), name="collected_more_than_nothing"
            ),
        ),
        migrations.AddIndex(
            model_name="cardattempt",
            index=models.Index(fields=["customer", "-started_at"], name="card_attempts_of_customer"),
        ),
        migrations.AddIndex(
            model_name="cardattempt",
            index=models.Index(
                condition=models.Q(("state__in", ["review", "reported"])),
                fields=["id"],
                name="card_attempts_to_look_at",
            ),
        ),
        migrations.AddIndex(
            model_name="cardattempt",
            index=models.Index(fields=["-started_at", "-id"], name="card_attempts_by_date"),
        ),
        migrations.AddConstraint(
            model_name="cardattempt",
            constraint=models.UniqueConstraint(fields=("reference",), name="card_attempt_reference_once"),
        ),
        migrations.AddConstraint(
            model_name="cardattempt",
            constraint=models.UniqueConstraint(
                condition=models.Q(("gateway_reference", ""), _negated=True),
                fields=("gateway", "gateway_reference"),
                name="gateway_reference_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="cardattempt",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gte", 0)), name="card_attempt_no_less_than_nothing"
            ),
        ),
        migrations.AddIndex(
            model_name="collectionresult",
            index=models.Index(fields=["-day", "-id"], name="results_by_day"),
        ),
        migrations.AddIndex(
            model_name="collectionresult",
            index=models.Index(
                condition=models.Q(("trouble", ""), _negated=True), fields=["id"], name="results_in_doubt"
            ),
        ),
        migrations.AddConstraint(
            model_name="collectionresult",
            constraint=models.UniqueConstraint(
                fields=("channel", "told_id", "told_type"), name="result_told_once"
            ),
        ),
        migrations.AddIndex(
            model_name="debtornote",
            index=models.Index(fields=["customer", "-id"], name="debtor_notes_of_customer"),
        ),
        migrations.AddIndex(
            model_name="debtornote",
            index=models.Index(
                condition=models.Q(("next_done_at", None), ("next_on__isnull", False)),
                fields=["next_on", "id"],
                name="debtor_notes_next",
            ),
        ),
        migrations.AddConstraint(
            model_name="debtornote",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", ""), _negated=True), name="debtor_note_says_something"
            ),
        ),
        migrations.AddConstraint(
            model_name="dispute",
            constraint=models.UniqueConstraint(
                condition=models.Q(("answered_at", None)), fields=("document",), name="one_open_dispute"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="dispute",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_add",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("document", "document_id", "plain"),
                        ("reason", "reason", "text"),
                        ("opened_by", "opened_by_id", "plain"),
                        ("answered_at", "answered_at", "plain"),
                        ("answer", "answer", "text"),
                        ("answered_by", "answered_by_id", "plain"),
                    ],
                    customer='(SELECT upper_1."customer_id" FROM "billing_document" upper_1 WHERE upper_1."id" = {row}."document_id")',
                    hash="0fd78eb9657fb2aed75d5367404b1002dbe8b340",
                    model="billing.dispute",
                    operation="INSERT",
                    pgid="pgtrigger_audit_add_eba03",
                    table="billing_dispute",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="dispute",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_change",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("document", "document_id", "plain"),
                        ("reason", "reason", "text"),
                        ("opened_by", "opened_by_id", "plain"),
                        ("answered_at", "answered_at", "plain"),
                        ("answer", "answer", "text"),
                        ("answered_by", "answered_by_id", "plain"),
                    ],
                    customer='(SELECT upper_1."customer_id" FROM "billing_document" upper_1 WHERE upper_1."id" = {row}."document_id")',
                    hash="7965db9bcea21015584d02be7560e4ba847652c6",
                    model="billing.dispute",
                    operation="UPDATE",
                    pgid="pgtrigger_audit_change_2bf20",
                    table="billing_dispute",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="dispute",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_remove",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("document", "document_id", "plain"),
                        ("reason", "reason", "text"),
                        ("opened_by", "opened_by_id", "plain"),
                        ("answered_at", "answered_at", "plain"),
                        ("answer", "answer", "text"),
                        ("answered_by", "answered_by_id", "plain"),
                    ],
                    customer='(SELECT upper_1."customer_id" FROM "billing_document" upper_1 WHERE upper_1."id" = {row}."document_id")',
                    hash="360ffd61b3b12270e93203ca7a9951379d8630f9",
                    model="billing.dispute",
                    operation="DELETE",
                    pgid="pgtrigger_audit_remove_07767",
                    table="billing_dispute",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="handover",
            constraint=models.UniqueConstraint(
                condition=models.Q(("back_on", None)), fields=("customer",), name="handed_over_once"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="handover",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_add",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("customer", "customer_id", "plain"),
                        ("collector", "collector", "text"),
                        ("amount", "amount", "plain"),
                        ("handed_on", "handed_on", "plain"),
                        ("handed_by", "handed_by_id", "plain"),
                        ("back_on", "back_on", "plain"),
                        ("back_why", "back_why", "text"),
                    ],
                    customer='{row}."customer_id"',
                    hash="e0bc6b77d767395667a6dc642452bf1e9a4c04ac",
                    model="billing.handover",
                    operation="INSERT",
                    pgid="pgtrigger_audit_add_59085",
                    table="billing_handover",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="handover",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_change",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("customer", "customer_id", "plain"),
                        ("collector", "collector", "text"),
                        ("amount", "amount", "plain"),
                        ("handed_on", "handed_on", "plain"),
                        ("handed_by", "handed_by_id", "plain"),
                        ("back_on", "back_on", "plain"),
                        ("back_why", "back_why", "text"),
                    ],
                    customer='{row}."customer_id"',
                    hash="3e80a65203d5aa8d217ef11e337b24929c8c842f",
                    model="billing.handover",
                    operation="UPDATE",
                    pgid="pgtrigger_audit_change_e0cfd",
                    table="billing_handover",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="handover",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_remove",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("customer", "customer_id", "plain"),
                        ("collector", "collector", "text"),
                        ("amount", "amount", "plain"),
                        ("handed_on", "handed_on", "plain"),
                        ("handed_by", "handed_by_id", "plain"),
                        ("back_on", "back_on", "plain"),
                        ("back_why", "back_why", "text"),
                    ],
                    customer='{row}."customer_id"',
                    hash="8073a7ea45327ee458efcdfa9b1ade8faed45162",
                    model="billing.handover",
                    operation="DELETE",
                    pgid="pgtrigger_audit_remove_8b6bc",
                    table="billing_handover",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="leftout",
            constraint=models.UniqueConstraint(fields=("batch", "customer"), name="left_out_once"),
        ),
        migrations.AddIndex(
            model_name="mandate",
            index=models.Index(fields=["customer", "-id"], name="mandates_of_customer"),
        ),
        migrations.AddIndex(
            model_name="mandate",
            index=models.Index(fields=["status", "id"], name="mandates_by_status"),
        ),
        migrations.AddConstraint(
            model_name="mandate",
            constraint=models.UniqueConstraint(fields=("reference",), name="mandate_reference_once"),
        ),
        migrations.AddConstraint(
            model_name="mandate",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status__in", ["asked", "active", "blocked"])),
                fields=("customer",),
                name="one_mandate_a_customer",
            ),
        ),
        migrations.AddConstraint(
            model_name="mandate",
            constraint=models.UniqueConstraint(
                condition=models.Q(("token_hash", ""), _negated=True),
                fields=("token_hash",),
                name="mandate_token_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="mandate",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status__in", ["active", "blocked"]), _negated=True),
                    ("signed_at__isnull", False),
                    _connector="OR",
                ),
                name="active_mandate_is_signed",
            ),
        ),
        migrations.AddConstraint(
            model_name="mandate",
            constraint=models.CheckConstraint(
                condition=models.Q(("maximum", None), ("maximum__gt", Decimal("0")), _connector="OR"),
                name="mandate_maximum_more_than_nothing",
            ),
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
                        ("expires_at", "expires_at", "plain"),
                        ("signed_at", "signed_at", "plain"),
                        ("signed_by_name", "signed_by_name", "text"),
                        ("signed_from", "signed_from", "plain"),
                        ("document_path", "document_path", "text"),
                        ("document_hash", "document_hash", "text"),
                        ("block_code", "block_code", "text"),
                        ("ended_at", "ended_at", "plain"),
                        ("ended_why", "ended_why", "text"),
                        ("made_by", "made_by_id", "plain"),
                    ],
                    customer='{row}."customer_id"',
                    hash="1d277abe96757149e5b8a11c24ce099460863baf",
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
                        ("expires_at", "expires_at", "plain"),
                        ("signed_at", "signed_at", "plain"),
                        ("signed_by_name", "signed_by_name", "text"),
                        ("signed_from", "signed_from", "plain"),
                        ("document_path", "document_path", "text"),
                        ("document_hash", "document_hash", "text"),
                        ("block_code", "block_code", "text"),
                        ("ended_at", "ended_at", "plain"),
                        ("ended_why", "ended_why", "text"),
                        ("made_by", "made_by_id", "plain"),
                    ],
                    customer='{row}."customer_id"',
                    hash="ad1895d2eb59af7397c4d7c94d039187b3309a66",
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
                        ("expires_at", "expires_at", "plain"),
                        ("signed_at", "signed_at", "plain"),
                        ("signed_by_name", "signed_by_name", "text"),
                        ("signed_from", "signed_from", "plain"),
                        ("document_path", "document_path", "text"),
                        ("document_hash", "document_hash", "text"),
                        ("block_code", "block_code", "text"),
                        ("ended_at", "ended_at", "plain"),
                        ("ended_why", "ended_why", "text"),
                        ("made_by", "made_by_id", "plain"),
                    ],
                    customer='{row}."customer_id"',
                    hash="601c39f7ba44ebaf3410ff42a1196e847433bdc7",
                    model="billing.mandate",
                    operation="DELETE",
                    pgid="pgtrigger_audit_remove_dfa94",
                    table="billing_mandate",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="debitdetail",
            index=models.Index(fields=["customer", "-id"], name="debit_details_of_customer"),
        ),
        migrations.AddConstraint(
            model_name="debitdetail",
            constraint=models.UniqueConstraint(
                condition=models.Q(("replaced_at", None)),
                fields=("customer",),
                name="one_debit_detail_counts",
            ),
        ),
        migrations.AddConstraint(
            model_name="debitdetail",
            constraint=models.CheckConstraint(
                condition=models.Q(("branch_code__regex", "^\\d{6}$")), name="debit_detail_branch_six_digits"
            ),
        ),
        migrations.AddConstraint(
            model_name="debitdetail",
            constraint=models.CheckConstraint(
                condition=models.Q(("debit_day__range", (1, 31))), name="debit_day_in_a_month"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="debitdetail",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_add",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("customer", "customer_id", "plain"),
                        ("bank", "bank_id", "plain"),
                        ("branch_name", "branch_name", "text"),
                        ("branch_code", "branch_code", "text"),
                        ("holder", "holder", "text"),
                        ("account_type", "account_type", "text"),
                        ("number", "number", "encrypted", "number_last_four"),
                        ("debit_day", "debit_day", "plain"),
                        ("check_overridden", "check_overridden", "text"),
                        ("made_by", "made_by_id", "plain"),
                        ("replaced_at", "replaced_at", "plain"),
                    ],
                    customer='{row}."customer_id"',
                    hash="ab47794fb9a272b0a8024d66d620e3550929472e",
                    model="billing.debitdetail",
                    operation="INSERT",
                    pgid="pgtrigger_audit_add_2bc1a",
                    table="billing_debitdetail",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="debitdetail",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_change",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("customer", "customer_id", "plain"),
                        ("bank", "bank_id", "plain"),
                        ("branch_name", "branch_name", "text"),
                        ("branch_code", "branch_code", "text"),
                        ("holder", "holder", "text"),
                        ("account_type", "account_type", "text"),
                        ("number", "number", "encrypted", "number_last_four"),
                        ("debit_day", "debit_day", "plain"),
                        ("check_overridden", "check_overridden", "text"),
                        ("made_by", "made_by_id", "plain"),
                        ("replaced_at", "replaced_at", "plain"),
                    ],
                    customer='{row}."customer_id"',
                    hash="0f26549bb8721975257e0f0bacc6a646e3e61b96",
                    model="billing.debitdetail",
                    operation="UPDATE",
                    pgid="pgtrigger_audit_change_981d0",
                    table="billing_debitdetail",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="debitdetail",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_remove",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("customer", "customer_id", "plain"),
                        ("bank", "bank_id", "plain"),
                        ("branch_name", "branch_name", "text"),
                        ("branch_code", "branch_code", "text"),
                        ("holder", "holder", "text"),
                        ("account_type", "account_type", "text"),
                        ("number", "number", "encrypted", "number_last_four"),
                        ("debit_day", "debit_day", "plain"),
                        ("check_overridden", "check_overridden", "text"),
                        ("made_by", "made_by_id", "plain"),
                        ("replaced_at", "replaced_at", "plain"),
                    ],
                    customer='{row}."customer_id"',
                    hash="ae9f436eff079a239765e6f19d1e819a2b596a9c",
                    model="billing.debitdetail",
                    operation="DELETE",
                    pgid="pgtrigger_audit_remove_2e437",
                    table="billing_debitdetail",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="paylink",
            constraint=models.UniqueConstraint(fields=("token_hash",), name="pay_link_once"),
        ),
        migrations.AddIndex(
            model_name="promise",
            index=models.Index(fields=["customer", "-id"], name="promises_of_customer"),
        ),
        migrations.AddConstraint(
            model_name="promise",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "open")), fields=("customer",), name="one_open_promise"
            ),
        ),
        migrations.AddConstraint(
            model_name="promise",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gt", 0)), name="promise_more_than_nothing"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="promise",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_add",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("customer", "customer_id", "plain"),
                        ("amount", "amount", "plain"),
                        ("by_day", "by_day", "plain"),
                        ("state", "state", "text"),
                        ("decided_on", "decided_on", "plain"),
                        ("made_on", "made_on", "plain"),
                        ("made_by", "made_by_id", "plain"),
                    ],
                    customer='{row}."customer_id"',
                    hash="25b35d7018ea19eefd1fb8e0adb293682b853a1b",
                    model="billing.promise",
                    operation="INSERT",
                    pgid="pgtrigger_audit_add_2f1f0",
                    table="billing_promise",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="promise",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_change",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("customer", "customer_id", "plain"),
                        ("amount", "amount", "plain"),
                        ("by_day", "by_day", "plain"),
                        ("state", "state", "text"),
                        ("decided_on", "decided_on", "plain"),
                        ("made_on", "made_on", "plain"),
                        ("made_by", "made_by_id", "plain"),
                    ],
                    customer='{row}."customer_id"',
                    hash="0beae028f2d03744b1c4a70f39212192ce4497ce",
                    model="billing.promise",
                    operation="UPDATE",
                    pgid="pgtrigger_audit_change_d7d42",
                    table="billing_promise",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="promise",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_remove",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("customer", "customer_id", "plain"),
                        ("amount", "amount", "plain"),
                        ("by_day", "by_day", "plain"),
                        ("state", "state", "text"),
                        ("decided_on", "decided_on", "plain"),
                        ("made_on", "made_on", "plain"),
                        ("made_by", "made_by_id", "plain"),
                    ],
                    customer='{row}."customer_id"',
                    hash="504113b6f637023497b6de96093e7d848dfada70",
                    model="billing.promise",
                    operation="DELETE",
                    pgid="pgtrigger_audit_remove_2ff3e",
                    table="billing_promise",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="storedcard",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status", "active")), fields=("customer",), name="one_card_counts"
            ),
        ),
        migrations.AddIndex(
            model_name="collectionline",
            index=models.Index(fields=["customer", "-id"], name="collection_lines_of_customer"),
        ),
        migrations.AddConstraint(
            model_name="collectionline",
            constraint=models.UniqueConstraint(
                fields=("batch", "customer"), name="one_line_a_customer_and_batch"
            ),
        ),
        migrations.AddConstraint(
            model_name="collectionline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("card", None), ("mandate__isnull", False)),
                    models.Q(("card__isnull", False), ("mandate", None)),
                    _connector="OR",
                ),
                name="collected_from_an_account_or_a_card",
            ),
        ),
        migrations.AddConstraint(
            model_name="collectionline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("amount__gte", 0),
                    models.Q(
                        (
                            "amount__lte",
                            django.db.models.expressions.CombinedExpression(
                                models.F("due"), "-", models.F("credit")
                            ),
                        ),
                        ("state", "withdrawn"),
                        _connector="OR",
                    ),
                ),
                name="line_no_more_than_is_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="collectionline",
            constraint=models.CheckConstraint(
                condition=models.Q(("state", "withdrawn"), ("amount__gt", Decimal("0")), _connector="OR"),
                name="line_more_than_nothing",
            ),
        ),
        migrations.AddIndex(
            model_name="suspensioncase",
            index=models.Index(fields=["customer", "-id"], name="suspension_cases_of_customer"),
        ),
        migrations.AddIndex(
            model_name="suspensioncase",
            index=models.Index(
                condition=models.Q(("state", "ended"), _negated=True),
                fields=["state", "counts_from", "id"],
                name="suspension_cases_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="suspensioncase",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "ended"), _negated=True),
                fields=("customer",),
                name="one_open_suspension_case",
            ),
        ),
        migrations.AddConstraint(
            model_name="suspensioncase",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_on__isnull", False), ("state", "ended")),
                    models.Q(models.Q(("state", "ended"), _negated=True), ("ended_on", None)),
                    _connector="OR",
                ),
                name="suspension_case_ended_on_a_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="suspensioncase",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "suspended"), _negated=True),
                    ("suspended_on__isnull", False),
                    _connector="OR",
                ),
                name="suspended_on_a_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="casestep",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind__in", ["opened", "warned", "warned_twice", "suspended", "ended"])),
                fields=("case", "kind"),
                name="case_step_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="suspensionrules",
            constraint=models.UniqueConstraint(fields=("only",), name="one_set_of_suspension_rules"),
        ),
        migrations.AddConstraint(
            model_name="suspensionrules",
            constraint=models.CheckConstraint(
                condition=models.Q(("only", True)), name="suspension_rules_are_the_only_ones"
            ),
        ),
        migrations.AddConstraint(
            model_name="suspensionrules",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("second_notice_days__gte", models.F("overdue_days")),
                    ("suspension_days__gte", models.F("second_notice_days")),
                ),
                name="company_warns_before_it_suspends",
            ),
        ),
        migrations.AddConstraint(
            model_name="suspensionrules",
            constraint=models.CheckConstraint(
                condition=models.Q(("minimum__gte", 0)), name="minimum_no_less_than_nothing"
            ),
        ),
        migrations.AddConstraint(
            model_name="suspensionrules",
            constraint=models.CheckConstraint(
                condition=models.Q(("until_hour__gt", models.F("from_hour")), ("until_hour__lte", 24)),
                name="suspension_hours",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="suspensionrules",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_add",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("only", "only", "flag"),
                        ("enabled", "enabled", "flag"),
                        ("overdue_days", "overdue_days", "plain"),
                        ("second_notice_days", "second_notice_days", "plain"),
                        ("suspension_days", "suspension_days", "plain"),
                        ("pause_days", "pause_days", "plain"),
                        ("minimum", "minimum", "plain"),
                        ("grace_days", "grace_days", "plain"),
                        ("from_hour", "from_hour", "plain"),
                        ("until_hour", "until_hour", "plain"),
                        ("reported_hours", "reported_hours", "plain"),
                        ("stop_billing_days", "stop_billing_days", "plain"),
                        ("late_fee", "late_fee", "plain"),
                        ("unpaid_fee", "unpaid_fee", "plain"),
                        ("fee_product", "fee_product_id", "plain"),
                    ],
                    hash="14ff14ffab9ab5a7edafcab3ffb3b91e3e7b3094",
                    model="billing.suspensionrules",
                    operation="INSERT",
                    pgid="pgtrigger_audit_add_21c7f",
                    table="billing_suspensionrules",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="suspensionrules",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_change",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("only", "only", "flag"),
                        ("enabled", "enabled", "flag"),
                        ("overdue_days", "overdue_days", "plain"),
                        ("second_notice_days", "second_notice_days", "plain"),
                        ("suspension_days", "suspension_days", "plain"),
                        ("pause_days", "pause_days", "plain"),
                        ("minimum", "minimum", "plain"),
                        ("grace_days", "grace_days", "plain"),
                        ("from_hour", "from_hour", "plain"),
                        ("until_hour", "until_hour", "plain"),
                        ("reported_hours", "reported_hours", "plain"),
                        ("stop_billing_days", "stop_billing_days", "plain"),
                        ("late_fee", "late_fee", "plain"),
                        ("unpaid_fee", "unpaid_fee", "plain"),
                        ("fee_product", "fee_product_id", "plain"),
                    ],
                    hash="4fa4ddf4695433f52f6dda18d90ac0c24317d285",
                    model="billing.suspensionrules",
                    operation="UPDATE",
                    pgid="pgtrigger_audit_change_9ad38",
                    table="billing_suspensionrules",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="suspensionrules",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_remove",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("only", "only", "flag"),
                        ("enabled", "enabled", "flag"),
                        ("overdue_days", "overdue_days", "plain"),
                        ("second_notice_days", "second_notice_days", "plain"),
                        ("suspension_days", "suspension_days", "plain"),
                        ("pause_days", "pause_days", "plain"),
                        ("minimum", "minimum", "plain"),
                        ("grace_days", "grace_days", "plain"),
                        ("from_hour", "from_hour", "plain"),
                        ("until_hour", "until_hour", "plain"),
                        ("reported_hours", "reported_hours", "plain"),
                        ("stop_billing_days", "stop_billing_days", "plain"),
                        ("late_fee", "late_fee", "plain"),
                        ("unpaid_fee", "unpaid_fee", "plain"),
                        ("fee_product", "fee_product_id", "plain"),
                    ],
                    hash="81f62596430a6ed862bafc499139f66c9a248971",
                    model="billing.suspensionrules",
                    operation="DELETE",
                    pgid="pgtrigger_audit_remove_ae57c",
                    table="billing_suspensionrules",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="takendown",
            constraint=models.UniqueConstraint(
                condition=models.Q(("back_at", None)), fields=("account",), name="account_taken_down_once"
            ),
        ),
    ]
