"""Tables of the workflow: leads and their way, surveys, quotes, job cards, change requests."""

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.comparison
import django.db.models.functions.datetime
import django.db.models.functions.text
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
    initial = True

    dependencies = [
        ("house", "0010_blanking"),
        ("billing", "0042_room_in_lines"),
        ("customers", "0008_anonymising"),
        ("dataaccounts", "0017_users_of_a_router"),
        ("reference", "0006_product_imports"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ChangeRequest",
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
                            ("details", "Account details"),
                            ("payment", "Payment method"),
                            ("conversion", "Individual or company"),
                        ],
                        db_collation="C",
                        max_length=10,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waits for a decision"),
                            ("accepted", "Accepted"),
                            ("rejected", "Rejected"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        db_collation="C",
                        db_default="waiting",
                        default="waiting",
                        max_length=9,
                    ),
                ),
                (
                    "origin",
                    models.CharField(
                        choices=[("portal", "Portal"), ("staff", "Staff, on the customer's behalf")],
                        default="portal",
                        max_length=6,
                    ),
                ),
                ("wanted", models.JSONField(db_default={}, default=dict)),
                ("seen", models.JSONField(db_default={}, default=dict)),
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
                    "words",
                    models.CharField(
                        blank=True, db_default="", default="", max_length=500, verbose_name="in their words"
                    ),
                ),
                (
                    "document",
                    models.CharField(
                        blank=True,
                        db_default="",
                        default="",
                        help_text="Where staff entered it.",
                        max_length=300,
                        verbose_name="shown by",
                    ),
                ),
                (
                    "asked_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                ("asked_from", models.GenericIPAddressField(editable=False, null=True)),
                ("decided_at", models.DateTimeField(editable=False, null=True)),
                (
                    "why",
                    models.CharField(
                        blank=True, db_default="", default="", max_length=500, verbose_name="reason"
                    ),
                ),
                ("version", models.PositiveIntegerField(db_default=1, default=1, editable=False)),
            ],
            options={
                "permissions": [
                    ("decide_changerequest", "Can accept and reject what customers ask to be changed")
                ],
                "default_permissions": ("view", "add"),
            },
        ),
        migrations.CreateModel(
            name="ChecklistItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(db_default=0, default=0)),
                ("text", models.CharField(max_length=200)),
                (
                    "kind",
                    models.CharField(
                        choices=[("tick", "To tick"), ("text", "To write down"), ("photo", "A photo")],
                        db_default="tick",
                        default="tick",
                        max_length=5,
                    ),
                ),
                ("compulsory", models.BooleanField(db_default=True, default=True)),
            ],
            options={
                "ordering": ["position", "id"],
            },
        ),
        migrations.CreateModel(
            name="DeclineReason",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=80)),
                (
                    "name_key",
                    models.GeneratedField(
                        db_persist=True,
                        expression=herotill.folding.Key("name"),
                        output_field=models.CharField(db_collation="C", max_length=200),
                    ),
                ),
                (
                    "retired",
                    models.BooleanField(db_default=False, default=False, help_text="No longer offered."),
                ),
            ],
            options={
                "verbose_name": "reason for declining a quote",
                "verbose_name_plural": "reasons for declining quotes",
                "ordering": ["name_key"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="FailReason",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=80)),
                (
                    "name_key",
                    models.GeneratedField(
                        db_persist=True,
                        expression=herotill.folding.Key("name"),
                        output_field=models.CharField(db_collation="C", max_length=200),
                    ),
                ),
                (
                    "retired",
                    models.BooleanField(db_default=False, default=False, help_text="No longer offered."),
                ),
            ],
            options={
                "verbose_name": "reason for a failed job",
                "verbose_name_plural": "reasons for failed jobs",
                "ordering": ["name_key"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="JobCard",
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
                            ("new", "New"),
                            ("scheduled", "Scheduled"),
                            ("started", "In progress"),
                            ("completed", "Completed"),
                            ("failed", "Failed"),
                            ("called_off", "Called off"),
                        ],
                        db_collation="C",
                        db_default="new",
                        default="new",
                        max_length=10,
                    ),
                ),
                (
                    "state_since",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                ("starts_at", models.DateTimeField(blank=True, null=True, verbose_name="from")),
                ("ends_at", models.DateTimeField(blank=True, null=True, verbose_name="until")),
                ("address", models.TextField(blank=True, db_default="", default="", verbose_name="where")),
                ("instructions", models.TextField(blank=True, db_default="", default="")),
                (
                    "report",
                    models.TextField(blank=True, db_default="", default="", verbose_name="what was done"),
                ),
                ("fail_words", models.CharField(blank=True, db_default="", default="", max_length=500)),
                (
                    "starts_service_on",
                    models.DateField(blank=True, null=True, verbose_name="services begin on"),
                ),
                ("started_at", models.DateTimeField(editable=False, null=True)),
                ("ended_at", models.DateTimeField(editable=False, null=True)),
                (
                    "signed_by",
                    models.CharField(
                        blank=True, db_default="", default="", max_length=200, verbose_name="signed by"
                    ),
                ),
                (
                    "signature",
                    models.JSONField(
                        blank=True,
                        editable=False,
                        help_text="Strokes on the glass: lists of points from 0 to 1000.",
                        null=True,
                    ),
                ),
                (
                    "tested",
                    models.JSONField(
                        blank=True, editable=False, help_text="What the test of the account saw.", null=True
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                ("version", models.PositiveIntegerField(db_default=1, default=1, editable=False)),
            ],
            options={
                "permissions": [
                    ("schedule_jobcard", "Can schedule jobs and surveys"),
                    ("do_jobcard", "Can carry out jobs that are theirs"),
                    ("do_any_jobcard", "Can carry out anybody's jobs"),
                    ("export_jobcards", "Can export large lists of job cards"),
                ],
            },
        ),
        migrations.CreateModel(
            name="JobCheck",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(db_default=0, default=0)),
                ("text", models.CharField(max_length=200)),
                (
                    "kind",
                    models.CharField(
                        choices=[("tick", "To tick"), ("text", "To write down"), ("photo", "A photo")],
                        max_length=5,
                    ),
                ),
                ("compulsory", models.BooleanField(db_default=True, default=True)),
                ("answer", models.CharField(blank=True, db_default="", default="", max_length=500)),
                ("done_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["position", "id"],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="JobEquipment",
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
            name="JobMaterial",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.CharField(max_length=200)),
                ("quantity", models.DecimalField(decimal_places=2, max_digits=8)),
                (
                    "billed",
                    models.BooleanField(
                        db_default=False, default=False, verbose_name="the customer pays for it"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="JobSending",
            fields=[
                ("key", models.UUIDField(primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=12)),
                ("made_at", models.DateTimeField(null=True, verbose_name="on the phone at")),
                ("received_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="JobType",
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
                    "minutes",
                    models.PositiveSmallIntegerField(
                        db_default=120,
                        default=120,
                        validators=[
                            django.core.validators.MinValueValidator(15),
                            django.core.validators.MaxValueValidator(1440),
                        ],
                        verbose_name="takes minutes",
                    ),
                ),
                (
                    "installs",
                    models.BooleanField(
                        db_default=False,
                        default=False,
                        help_text="The job that a new customer gets; when it is completed, services begin.",
                        verbose_name="installs a service",
                    ),
                ),
                (
                    "signature",
                    models.BooleanField(db_default=True, default=True, verbose_name="the customer signs"),
                ),
                (
                    "retired",
                    models.BooleanField(db_default=False, default=False, help_text="No longer offered."),
                ),
            ],
            options={
                "ordering": ["name_key"],
            },
        ),
        migrations.CreateModel(
            name="Lead",
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
                        choices=[("individual", "Individual"), ("company", "Company")],
                        default="individual",
                        max_length=10,
                        verbose_name="type",
                    ),
                ),
                (
                    "company_name",
                    models.CharField(
                        blank=True, db_default="", default="", max_length=200, verbose_name="company name"
                    ),
                ),
                (
                    "first_names",
                    models.CharField(
                        blank=True, db_default="", default="", max_length=200, verbose_name="first names"
                    ),
                ),
                (
                    "surname",
                    models.CharField(
                        blank=True, db_default="", default="", max_length=200, verbose_name="surname"
                    ),
                ),
                (
                    "name",
                    models.GeneratedField(
                        db_persist=True,
                        expression=models.Case(
                            models.When(kind="company", then=models.F("company_name")),
                            default=django.db.models.functions.text.Trim(
                                django.db.models.functions.text.Concat(
                                    models.F("first_names"), models.Value(" "), models.F("surname")
                                )
                            ),
                        ),
                        output_field=models.CharField(max_length=401),
                    ),
                ),
                (
                    "name_key",
                    models.GeneratedField(
                        db_persist=True,
                        expression=herotill.folding.Key(
                            models.Case(
                                models.When(kind="company", then=models.F("company_name")),
                                default=django.db.models.functions.text.Trim(
                                    django.db.models.functions.text.Concat(
                                        models.F("first_names"), models.Value(" "), models.F("surname")
                                    )
                                ),
                            )
                        ),
                        output_field=models.CharField(db_collation="C", max_length=200),
                    ),
                ),
                (
                    "contact_name",
                    models.CharField(
                        blank=True, db_default="", default="", max_length=200, verbose_name="contact name"
                    ),
                ),
                (
                    "email",
                    models.CharField(blank=True, db_collation="C", db_default="", default="", max_length=254),
                ),
                (
                    "phone",
                    models.CharField(
                        blank=True,
                        db_collation="C",
                        db_default="",
                        default="",
                        max_length=20,
                        verbose_name="cell number",
                    ),
                ),
                (
                    "other_phone",
                    models.CharField(
                        blank=True,
                        db_collation="C",
                        db_default="",
                        default="",
                        max_length=20,
                        verbose_name="other number",
                    ),
                ),
                (
                    "id_number",
                    models.CharField(
                        blank=True,
                        db_default="",
                        default="",
                        max_length=40,
                        verbose_name="ID or passport number",
                    ),
                ),
                (
                    "registration_number",
                    models.CharField(
                        blank=True,
                        db_default="",
                        default="",
                        max_length=40,
                        verbose_name="company registration number",
                    ),
                ),
                (
                    "vat_number",
                    models.CharField(
                        blank=True, db_default="", default="", max_length=20, verbose_name="VAT number"
                    ),
                ),
                ("lines", models.TextField(blank=True, db_default="", default="", verbose_name="street")),
                (
                    "suburb",
                    models.CharField(
                        blank=True, db_default="", default="", max_length=100, verbose_name="suburb"
                    ),
                ),
                (
                    "town",
                    models.CharField(
                        blank=True, db_default="", default="", max_length=100, verbose_name="town"
                    ),
                ),
                (
                    "postal_code",
                    models.CharField(
                        blank=True, db_default="", default="", max_length=20, verbose_name="postal code"
                    ),
                ),
                (
                    "directions",
                    models.TextField(
                        blank=True, db_default="", default="", help_text="Gate, dogs, how to find it."
                    ),
                ),
                (
                    "address_key",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.db.models.functions.comparison.NullIf(
                            django.db.models.functions.text.Left(
                                herotill.folding.Fold(
                                    django.db.models.functions.text.Trim(
                                        django.db.models.functions.text.Concat(
                                            models.F("lines"), models.Value(" "), models.F("suburb")
                                        )
                                    )
                                ),
                                200,
                            ),
                            models.Value(""),
                        ),
                        output_field=models.CharField(db_collation="C", max_length=200, null=True),
                    ),
                ),
                (
                    "latitude",
                    models.DecimalField(
                        blank=True,
                        decimal_places=6,
                        max_digits=8,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(-90),
                            django.core.validators.MaxValueValidator(90),
                        ],
                    ),
                ),
                (
                    "longitude",
                    models.DecimalField(
                        blank=True,
                        decimal_places=6,
                        max_digits=9,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(-180),
                            django.core.validators.MaxValueValidator(180),
                        ],
                    ),
                ),
                (
                    "wants",
                    models.TextField(blank=True, db_default="", default="", verbose_name="what they want"),
                ),
                (
                    "next_action",
                    models.CharField(
                        blank=True, db_default="", default="", max_length=200, verbose_name="next action"
                    ),
                ),
                ("next_action_on", models.DateField(blank=True, null=True, verbose_name="on")),
                (
                    "marketing",
                    models.BooleanField(
                        db_default=False,
                        default=False,
                        help_text="Ticked by themselves, on the form.",
                        verbose_name="agreed to marketing",
                    ),
                ),
                (
                    "step_since",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                (
                    "lost_words",
                    models.CharField(
                        blank=True, db_default="", default="", max_length=500, verbose_name="more about it"
                    ),
                ),
                (
                    "origin",
                    models.CharField(
                        choices=[("staff", "Staff"), ("form", "Sign-up form"), ("import", "Import")],
                        db_default="staff",
                        default="staff",
                        editable=False,
                        max_length=6,
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                ("version", models.PositiveIntegerField(db_default=1, default=1, editable=False)),
            ],
            options={
                "permissions": [
                    ("move_lead", "Can move leads on"),
                    ("lose_lead", "Can mark leads as lost and bring them back"),
                    ("merge_leads", "Can merge leads"),
                    ("assign_leads", "Can give leads to another person"),
                    ("import_leads", "Can import leads"),
                    ("export_leads", "Can export large lists of leads"),
                    ("see_sales_reports", "Can see the figures of sales"),
                    ("link_customer", "Can link a lead to a customer who is there already"),
                ],
            },
        ),
        migrations.CreateModel(
            name="LeadNote",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.TextField()),
                (
                    "at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-id"],
                "default_permissions": ("view", "add"),
            },
        ),
        migrations.CreateModel(
            name="LostReason",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=80)),
                (
                    "name_key",
                    models.GeneratedField(
                        db_persist=True,
                        expression=herotill.folding.Key("name"),
                        output_field=models.CharField(db_collation="C", max_length=200),
                    ),
                ),
                (
                    "retired",
                    models.BooleanField(db_default=False, default=False, help_text="No longer offered."),
                ),
            ],
            options={
                "verbose_name": "reason for losing a lead",
                "verbose_name_plural": "reasons for losing leads",
                "ordering": ["name_key"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Move",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "from_step",
                    models.CharField(blank=True, db_collation="C", db_default="", default="", max_length=16),
                ),
                ("to_step", models.CharField(db_collation="C", max_length=16)),
                (
                    "since",
                    models.DateTimeField(
                        help_text="When the lead had come to where it leaves.",
                        null=True,
                        verbose_name="there since",
                    ),
                ),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("why", models.CharField(blank=True, db_default="", default="", max_length=300)),
            ],
            options={
                "ordering": ["at", "id"],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Phase",
            fields=[
                (
                    "key",
                    models.CharField(
                        db_collation="C", editable=False, max_length=12, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=40)),
                ("position", models.PositiveSmallIntegerField()),
            ],
            options={
                "ordering": ["position", "key"],
                "default_permissions": ("view", "change"),
            },
        ),
        migrations.CreateModel(
            name="Photo",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("file", models.FileField(max_length=200, upload_to="photos/%Y/%m")),
                ("caption", models.CharField(blank=True, db_default="", default="", max_length=200)),
                ("size", models.PositiveBigIntegerField(help_text="In octets.")),
                ("sha256", models.CharField(max_length=64)),
                (
                    "at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "default_permissions": ("view", "add", "delete"),
            },
        ),
        migrations.CreateModel(
            name="Quote",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField(editable=False)),
                (
                    "version",
                    models.PositiveSmallIntegerField(
                        db_default=1, default=1, editable=False, verbose_name="version"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("sent", "Sent"),
                            ("accepted", "Accepted"),
                            ("declined", "Declined"),
                            ("expired", "Expired"),
                            ("replaced", "Replaced"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        db_collation="C",
                        db_default="draft",
                        default="draft",
                        max_length=9,
                    ),
                ),
                ("day", models.DateField(verbose_name="date")),
                ("expires_on", models.DateField(blank=True, null=True, verbose_name="stands until")),
                (
                    "recipient",
                    models.CharField(
                        blank=True, db_default="", default="", max_length=254, verbose_name="email"
                    ),
                ),
                (
                    "remark",
                    models.TextField(
                        blank=True, db_default="", default="", verbose_name="words above the lines"
                    ),
                ),
                ("terms", models.TextField(blank=True, db_default="", default="", editable=False)),
                (
                    "once_excl",
                    herotill.money.MoneyField(
                        db_default=Decimal("0.00"),
                        decimal_places=2,
                        default=Decimal("0.00"),
                        editable=False,
                        max_digits=14,
                    ),
                ),
                (
                    "once_vat",
                    herotill.money.MoneyField(
                        db_default=Decimal("0.00"),
                        decimal_places=2,
                        default=Decimal("0.00"),
                        editable=False,
                        max_digits=14,
                    ),
                ),
                (
                    "once",
                    herotill.money.MoneyField(
                        db_default=Decimal("0.00"),
                        decimal_places=2,
                        default=Decimal("0.00"),
                        editable=False,
                        max_digits=14,
                        verbose_name="once-off",
                    ),
                ),
                (
                    "monthly_excl",
                    herotill.money.MoneyField(
                        db_default=Decimal("0.00"),
                        decimal_places=2,
                        default=Decimal("0.00"),
                        editable=False,
                        max_digits=14,
                    ),
                ),
                (
                    "monthly_vat",
                    herotill.money.MoneyField(
                        db_default=Decimal("0.00"),
                        decimal_places=2,
                        default=Decimal("0.00"),
                        editable=False,
                        max_digits=14,
                    ),
                ),
                (
                    "monthly",
                    herotill.money.MoneyField(
                        db_default=Decimal("0.00"),
                        decimal_places=2,
                        default=Decimal("0.00"),
                        editable=False,
                        max_digits=14,
                        verbose_name="a month",
                    ),
                ),
                (
                    "snapshot",
                    models.JSONField(
                        editable=False, help_text="All that the paper shows, frozen when sent.", null=True
                    ),
                ),
                ("pdf", models.BinaryField(null=True)),
                (
                    "pdf_sha256",
                    models.CharField(blank=True, db_default="", default="", editable=False, max_length=64),
                ),
                (
                    "token_hash",
                    models.CharField(blank=True, db_default="", default="", editable=False, max_length=64),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                ("sent_at", models.DateTimeField(editable=False, null=True)),
                ("opened_at", models.DateTimeField(editable=False, null=True, verbose_name="first opened")),
                ("reminded", models.PositiveSmallIntegerField(db_default=0, default=0, editable=False)),
                ("answered_at", models.DateTimeField(editable=False, null=True)),
                ("decline_words", models.CharField(blank=True, db_default="", default="", max_length=1000)),
            ],
            options={
                "ordering": ["-number", "-version"],
                "permissions": [
                    ("send_quote", "Can send quotes"),
                    ("discount_quote", "Can give discounts on quotes"),
                    ("discount_quote_freely", "Can give discounts above the limit"),
                    ("answer_quote", "Can accept and decline a quote for the customer, with a document"),
                    ("export_quotes", "Can export large lists of quotes"),
                ],
            },
        ),
        migrations.CreateModel(
            name="QuoteLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(db_default=0, default=0)),
                ("text", models.CharField(max_length=200)),
                ("monthly", models.BooleanField(db_default=False, default=False)),
                ("quantity", models.PositiveSmallIntegerField(db_default=1, default=1)),
                (
                    "price",
                    herotill.money.MoneyField(
                        decimal_places=2,
                        help_text="In the product's own terms, VAT included or not.",
                        max_digits=14,
                        verbose_name="price each",
                    ),
                ),
                (
                    "list_price",
                    herotill.money.MoneyField(decimal_places=2, editable=False, max_digits=14, null=True),
                ),
                (
                    "discount",
                    models.DecimalField(
                        db_default=Decimal("0.00"),
                        decimal_places=2,
                        default=Decimal("0.00"),
                        max_digits=5,
                        verbose_name="discount %",
                    ),
                ),
                ("vat_class", models.CharField(editable=False, max_length=10)),
                ("vat_rate", models.DecimalField(decimal_places=2, editable=False, max_digits=5)),
                ("excl", herotill.money.MoneyField(decimal_places=2, editable=False, max_digits=14)),
                ("vat", herotill.money.MoneyField(decimal_places=2, editable=False, max_digits=14)),
                ("incl", herotill.money.MoneyField(decimal_places=2, editable=False, max_digits=14)),
            ],
            options={
                "ordering": ["position", "id"],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="SalesRules",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("only", models.BooleanField(db_default=True, default=True, editable=False)),
                (
                    "quote_days",
                    models.PositiveSmallIntegerField(
                        db_default=30,
                        default=30,
                        validators=[django.core.validators.MaxValueValidator(365)],
                        verbose_name="quotes stand for days",
                    ),
                ),
                (
                    "reminder_days",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveSmallIntegerField(),
                        blank=True,
                        db_default=[3, 10],
                        default=list,
                        help_text="Days after a quote was sent on which an unanswered one is followed up; with commas between them.",
                        size=None,
                        verbose_name="remind after days",
                    ),
                ),
                (
                    "sign_up_open",
                    models.BooleanField(
                        db_default=False,
                        default=False,
                        help_text="The public page at /sign-up/.",
                        verbose_name="sign-up form is open",
                    ),
                ),
                (
                    "rate_jobs",
                    models.BooleanField(
                        db_default=False, default=False, verbose_name="ask for a rating after a job"
                    ),
                ),
                (
                    "rate_tickets",
                    models.BooleanField(
                        db_default=False, default=False, verbose_name="ask for a rating after a ticket"
                    ),
                ),
                (
                    "rate_in_general",
                    models.BooleanField(
                        db_default=False, default=False, verbose_name="customers may rate us at any time"
                    ),
                ),
                (
                    "terms",
                    models.TextField(
                        blank=True,
                        db_default="",
                        default="",
                        help_text="What the customer accepts. A quote keeps the terms it was sent with.",
                        verbose_name="terms of a quote",
                    ),
                ),
            ],
            options={
                "verbose_name": "sales settings",
                "verbose_name_plural": "sales settings",
                "default_permissions": ("view", "change"),
            },
        ),
        migrations.CreateModel(
            name="Source",
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
                    "retired",
                    models.BooleanField(db_default=False, default=False, help_text="No longer offered."),
                ),
            ],
            options={
                "ordering": ["name_key"],
            },
        ),
        migrations.CreateModel(
            name="Step",
            fields=[
                (
                    "key",
                    models.CharField(
                        choices=[
                            ("lead-new", "New"),
                            ("lead-worked", "Being worked on"),
                            ("survey-new", "To schedule"),
                            ("survey-scheduled", "Scheduled"),
                            ("survey-done", "Surveyed"),
                            ("quote-new", "To quote"),
                            ("quote-sent", "Sent"),
                            ("quote-declined", "Declined"),
                            ("customer-new", "New"),
                            ("customer-active", "Active"),
                            ("job-new", "New"),
                            ("job-scheduled", "Scheduled"),
                            ("job-started", "In progress"),
                            ("job-failed", "Failed"),
                            ("invoice-new", "To check"),
                            ("won", "Won"),
                            ("lost", "Lost"),
                        ],
                        db_collation="C",
                        editable=False,
                        max_length=16,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("name", models.CharField(max_length=40)),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "late_after",
                    models.PositiveSmallIntegerField(
                        db_default=3,
                        default=3,
                        help_text="From this many days in this list on, a lead is shown as waiting long.",
                        validators=[django.core.validators.MaxValueValidator(365)],
                        verbose_name="late after days",
                    ),
                ),
                (
                    "overdue_after",
                    models.PositiveSmallIntegerField(
                        db_default=7,
                        default=7,
                        help_text="From this many days on, it is shown as waiting too long.",
                        validators=[django.core.validators.MaxValueValidator(365)],
                        verbose_name="overdue after days",
                    ),
                ),
                (
                    "gates",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=24),
                        blank=True,
                        db_default=[],
                        default=list,
                        size=None,
                    ),
                ),
            ],
            options={
                "ordering": ["phase__position", "position", "key"],
                "default_permissions": ("view", "change"),
            },
        ),
        migrations.CreateModel(
            name="Survey",
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
                            ("new", "To schedule"),
                            ("scheduled", "Scheduled"),
                            ("done", "Done"),
                            ("called_off", "Called off"),
                        ],
                        db_collation="C",
                        db_default="new",
                        default="new",
                        max_length=10,
                    ),
                ),
                ("starts_at", models.DateTimeField(blank=True, null=True, verbose_name="from")),
                ("ends_at", models.DateTimeField(blank=True, null=True, verbose_name="until")),
                (
                    "line_of_sight",
                    models.CharField(
                        blank=True,
                        choices=[("yes", "Yes"), ("no", "No"), ("unsure", "Unsure")],
                        db_default="",
                        default="",
                        max_length=6,
                    ),
                ),
                ("signal", models.SmallIntegerField(blank=True, null=True, verbose_name="signal (dBm)")),
                (
                    "cost",
                    herotill.money.MoneyField(
                        blank=True,
                        decimal_places=2,
                        help_text="VAT included.",
                        max_digits=14,
                        null=True,
                        verbose_name="cost to install",
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("feasible", "Feasible"),
                            ("extra", "Feasible with extra work"),
                            ("not_feasible", "Not feasible"),
                        ],
                        db_collation="C",
                        db_default="",
                        default="",
                        max_length=12,
                    ),
                ),
                (
                    "extra",
                    models.CharField(
                        blank=True,
                        db_default="",
                        default="",
                        help_text="A mast, a longer cable.",
                        max_length=500,
                        verbose_name="extra work",
                    ),
                ),
                ("notes", models.TextField(blank=True, db_default="", default="")),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                ("done_at", models.DateTimeField(editable=False, null=True)),
            ],
            options={
                "permissions": [("do_survey", "Can write down what a survey found")],
            },
        ),
        migrations.CreateModel(
            name="Absence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="from")),
                ("ends_on", models.DateField(verbose_name="until")),
                ("why", models.CharField(blank=True, db_default="", default="", max_length=100)),
                (
                    "technician",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["starts_on"],
            },
        ),
        migrations.CreateModel(
            name="Acceptance",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
                ("address", models.GenericIPAddressField(null=True, verbose_name="from address")),
                ("browser", models.CharField(blank=True, db_default="", default="", max_length=300)),
                ("pdf_sha256", models.CharField(max_length=64)),
                ("terms_sha256", models.CharField(max_length=64)),
                ("details", models.JSONField(db_default={}, default=dict)),
                (
                    "document",
                    models.CharField(
                        blank=True,
                        db_default="",
                        default="",
                        help_text="Where staff took the yes.",
                        max_length=300,
                        verbose_name="shown by",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="taken by",
                    ),
                ),
            ],
            options={
                "default_permissions": ("view",),
            },
        ),
        migrations.CreateModel(
            name="Area",
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
                    "towns",
                    models.TextField(
                        blank=True,
                        db_default="",
                        default="",
                        help_text="One a line. A lead from there is put into this area by itself.",
                        verbose_name="towns and suburbs",
                    ),
                ),
                (
                    "covered",
                    models.BooleanField(
                        db_default=True,
                        default=True,
                        help_text="What the sign-up form says of it.",
                        verbose_name="we cover it",
                    ),
                ),
                (
                    "retired",
                    models.BooleanField(db_default=False, default=False, help_text="No longer offered."),
                ),
            ],
            options={
                "ordering": ["name_key"],
                "constraints": [models.UniqueConstraint(fields=("name_key",), name="area_name_once")],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="area",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_add",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("name", "name", "text"),
                        ("towns", "towns", "text"),
                        ("covered", "covered", "flag"),
                        ("retired", "retired", "flag"),
                    ],
                    hash="cf46979696be1bc189f0ecaf36211da544d38e65",
                    model="workflow.area",
                    operation="INSERT",
                    pgid="pgtrigger_audit_add_b47ac",
                    table="workflow_area",
                    words=["name"],
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="area",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_change",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("name", "name", "text"),
                        ("towns", "towns", "text"),
                        ("covered", "covered", "flag"),
                        ("retired", "retired", "flag"),
                    ],
                    hash="3b9a9a436584bb013d6c62ba63b7a1e067b4d08d",
                    model="workflow.area",
                    operation="UPDATE",
                    pgid="pgtrigger_audit_change_7a185",
                    table="workflow_area",
                    words=["name"],
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="area",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_remove",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("name", "name", "text"),
                        ("towns", "towns", "text"),
                        ("covered", "covered", "flag"),
                        ("retired", "retired", "flag"),
                    ],
                    hash="beea021daa42a4badc6b6cc96a0d42a5820ecc79",
                    model="workflow.area",
                    operation="DELETE",
                    pgid="pgtrigger_audit_remove_eca62",
                    table="workflow_area",
                    words=["name"],
                ),
            ),
        ),
        migrations.AddField(
            model_name="changerequest",
            name="asked_by",
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
            model_name="changerequest",
            name="customer",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="change_requests",
                to="customers.customer",
            ),
        ),
        migrations.AddField(
            model_name="changerequest",
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
        migrations.AddConstraint(
            model_name="declinereason",
            constraint=models.UniqueConstraint(fields=("name_key",), name="decline_reason_name_once"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="declinereason",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_add",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[("name", "name", "text"), ("retired", "retired", "flag")],
                    hash="424d8f29ef25ca4a2f16d76e74c879689db8a63b",
                    model="workflow.declinereason",
                    operation="INSERT",
                    pgid="pgtrigger_audit_add_2675f",
                    table="workflow_declinereason",
                    words=["name"],
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="declinereason",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_change",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[("name", "name", "text"), ("retired", "retired", "flag")],
                    hash="5c7e8df79224272aed28be185f51f7dbbbb502ba",
                    model="workflow.declinereason",
                    operation="UPDATE",
                    pgid="pgtrigger_audit_change_e4555",
                    table="workflow_declinereason",
                    words=["name"],
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="declinereason",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_remove",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[("name", "name", "text"), ("retired", "retired", "flag")],
                    hash="7044f504797eb496fba5c899a0c9f6c763e4f059",
                    model="workflow.declinereason",
                    operation="DELETE",
                    pgid="pgtrigger_audit_remove_4091b",
                    table="workflow_declinereason",
                    words=["name"],
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="failreason",
            constraint=models.UniqueConstraint(fields=("name_key",), name="fail_reason_name_once"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="failreason",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_add",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[("name", "name", "text"), ("retired", "retired", "flag")],
                    hash="f961228feab65ba36cce164aa9de21494e0a1aa1",
                    model="workflow.failreason",
                    operation="INSERT",
                    pgid="pgtrigger_audit_add_0501f",
                    table="workflow_failreason",
                    words=["name"],
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="failreason",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_change",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[("name", "name", "text"), ("retired", "retired", "flag")],
                    hash="a353f17677ebb599ebd9d4a46e6c4f0e5cf57178",
                    model="workflow.failreason",
                    operation="UPDATE",
                    pgid="pgtrigger_audit_change_2453b",
                    table="workflow_failreason",
                    words=["name"],
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="failreason",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_remove",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[("name", "name", "text"), ("retired", "retired", "flag")],
                    hash="61cfdd89f3d9deb862c3007fe6fe867696b63d86",
                    model="workflow.failreason",
                    operation="DELETE",
                    pgid="pgtrigger_audit_remove_3eeb5",
                    table="workflow_failreason",
                    words=["name"],
                ),
            ),
        ),
        migrations.AddField(
            model_name="jobcard",
            name="account",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="dataaccounts.dataaccount",
            ),
        ),
        migrations.AddField(
            model_name="jobcard",
            name="area",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="workflow.area",
            ),
        ),
        migrations.AddField(
            model_name="jobcard",
            name="created_by",
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
            model_name="jobcard",
            name="customer",
            field=models.ForeignKey(
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="jobs",
                to="customers.customer",
            ),
        ),
        migrations.AddField(
            model_name="jobcard",
            name="ended_by",
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
            model_name="jobcard",
            name="fail_reason",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="workflow.failreason",
            ),
        ),
        migrations.AddField(
            model_name="jobcard",
            name="instead_of",
            field=models.OneToOneField(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="booked_again",
                to="workflow.jobcard",
            ),
        ),
        migrations.AddField(
            model_name="jobcard",
            name="technician",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="jobcheck",
            name="done_by",
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
            model_name="jobcheck",
            name="job",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="checks", to="workflow.jobcard"
            ),
        ),
        migrations.AddField(
            model_name="jobequipment",
            name="asset",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="customers.asset"
            ),
        ),
        migrations.AddField(
            model_name="jobequipment",
            name="job",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="equipment", to="workflow.jobcard"
            ),
        ),
        migrations.AddField(
            model_name="jobmaterial",
            name="job",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="materials", to="workflow.jobcard"
            ),
        ),
        migrations.AddField(
            model_name="jobmaterial",
            name="product",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="reference.product",
            ),
        ),
        migrations.AddField(
            model_name="jobsending",
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
            model_name="jobsending",
            name="job",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="sendings", to="workflow.jobcard"
            ),
        ),
        migrations.AddConstraint(
            model_name="jobtype",
            constraint=models.UniqueConstraint(fields=("name_key",), name="job_type_name_once"),
        ),
        migrations.AddField(
            model_name="jobcard",
            name="job_type",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="workflow.jobtype",
            ),
        ),
        migrations.AddField(
            model_name="checklistitem",
            name="job_type",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="checklist", to="workflow.jobtype"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="jobtype",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_add",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("name", "name", "text"),
                        ("minutes", "minutes", "plain"),
                        ("installs", "installs", "flag"),
                        ("signature", "signature", "flag"),
                        ("retired", "retired", "flag"),
                    ],
                    hash="d6e3ab2ea78b3205730f60908aa69f7056bbf998",
                    model="workflow.jobtype",
                    operation="INSERT",
                    pgid="pgtrigger_audit_add_52719",
                    table="workflow_jobtype",
                    words=["name"],
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="jobtype",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_change",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("name", "name", "text"),
                        ("minutes", "minutes", "plain"),
                        ("installs", "installs", "flag"),
                        ("signature", "signature", "flag"),
                        ("retired", "retired", "flag"),
                    ],
                    hash="9d0fbbad483339fed57b42f88186b92c4e772786",
                    model="workflow.jobtype",
                    operation="UPDATE",
                    pgid="pgtrigger_audit_change_1ed5c",
                    table="workflow_jobtype",
                    words=["name"],
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="jobtype",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_remove",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("name", "name", "text"),
                        ("minutes", "minutes", "plain"),
                        ("installs", "installs", "flag"),
                        ("signature", "signature", "flag"),
                        ("retired", "retired", "flag"),
                    ],
                    hash="19c7714e3934d7914bca2568b6f623d71ca45c88",
                    model="workflow.jobtype",
                    operation="DELETE",
                    pgid="pgtrigger_audit_remove_8a6fe",
                    table="workflow_jobtype",
                    words=["name"],
                ),
            ),
        ),
        migrations.AddField(
            model_name="lead",
            name="area",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="leads",
                to="workflow.area",
            ),
        ),
        migrations.AddField(
            model_name="lead",
            name="created_by",
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
            model_name="lead",
            name="customer",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="leads",
                to="customers.customer",
            ),
        ),
        migrations.AddField(
            model_name="lead",
            name="draft",
            field=models.ForeignKey(
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="billing.document",
            ),
        ),
        migrations.AddField(
            model_name="lead",
            name="highsite",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="reference.highsite",
            ),
        ),
        migrations.AddField(
            model_name="lead",
            name="merged_into",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="merged",
                to="workflow.lead",
            ),
        ),
        migrations.AddField(
            model_name="lead",
            name="owner",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="leads",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="jobcard",
            name="lead",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="jobs",
                to="workflow.lead",
            ),
        ),
        migrations.AddField(
            model_name="leadnote",
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
            model_name="leadnote",
            name="lead",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="notes", to="workflow.lead"
            ),
        ),
        migrations.AddConstraint(
            model_name="lostreason",
            constraint=models.UniqueConstraint(fields=("name_key",), name="lost_reason_name_once"),
        ),
        migrations.AddField(
            model_name="lead",
            name="lost_reason",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="workflow.lostreason",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="lostreason",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_add",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[("name", "name", "text"), ("retired", "retired", "flag")],
                    hash="9acc04c6d441d967d2db57da89be05af2c29f2ea",
                    model="workflow.lostreason",
                    operation="INSERT",
                    pgid="pgtrigger_audit_add_86587",
                    table="workflow_lostreason",
                    words=["name"],
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="lostreason",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_change",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[("name", "name", "text"), ("retired", "retired", "flag")],
                    hash="81056f3789dcd9e775279802ccaf6b5d3a3c4491",
                    model="workflow.lostreason",
                    operation="UPDATE",
                    pgid="pgtrigger_audit_change_b7b30",
                    table="workflow_lostreason",
                    words=["name"],
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="lostreason",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_remove",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[("name", "name", "text"), ("retired", "retired", "flag")],
                    hash="a68a0d3454cfd54efbd7e99289fe5ad28e26d7b2",
                    model="workflow.lostreason",
                    operation="DELETE",
                    pgid="pgtrigger_audit_remove_7ac5e",
                    table="workflow_lostreason",
                    words=["name"],
                ),
            ),
        ),
        migrations.AddField(
            model_name="move",
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
            model_name="move",
            name="lead",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="moves",
                to="workflow.lead",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="phase",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_add",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[("name", "name", "text"), ("position", "position", "plain")],
                    hash="a3219509a86e004d01906047081156c53e5e72c7",
                    model="workflow.phase",
                    operation="INSERT",
                    pgid="pgtrigger_audit_add_60c27",
                    pk="key",
                    table="workflow_phase",
                    words=["name"],
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="phase",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_change",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[("name", "name", "text"), ("position", "position", "plain")],
                    hash="bc4d42210513d9c68bf366b5ab122853e96f3881",
                    model="workflow.phase",
                    operation="UPDATE",
                    pgid="pgtrigger_audit_change_76505",
                    pk="key",
                    table="workflow_phase",
                    words=["name"],
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="phase",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_remove",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[("name", "name", "text"), ("position", "position", "plain")],
                    hash="0ebc9090472ca9bbe7ab493613eba6051b7f4914",
                    model="workflow.phase",
                    operation="DELETE",
                    pgid="pgtrigger_audit_remove_7337d",
                    pk="key",
                    table="workflow_phase",
                    words=["name"],
                ),
            ),
        ),
        migrations.AddField(
            model_name="photo",
            name="check_item",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="photos",
                to="workflow.jobcheck",
            ),
        ),
        migrations.AddField(
            model_name="photo",
            name="job",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="photos",
                to="workflow.jobcard",
            ),
        ),
        migrations.AddField(
            model_name="photo",
            name="taken_by",
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
            model_name="quote",
            name="created_by",
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
            model_name="quote",
            name="customer",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="quotes",
                to="customers.customer",
            ),
        ),
        migrations.AddField(
            model_name="quote",
            name="decline_reason",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="workflow.declinereason",
            ),
        ),
        migrations.AddField(
            model_name="quote",
            name="lead",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="quotes",
                to="workflow.lead",
            ),
        ),
        migrations.AddField(
            model_name="quote",
            name="sent_by",
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
            model_name="acceptance",
            name="quote",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="acceptance", to="workflow.quote"
            ),
        ),
        migrations.AddField(
            model_name="quoteline",
            name="package",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="dataaccounts.package",
            ),
        ),
        migrations.AddField(
            model_name="quoteline",
            name="product",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="reference.product",
            ),
        ),
        migrations.AddField(
            model_name="quoteline",
            name="quote",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="lines", to="workflow.quote"
            ),
        ),
        migrations.AddConstraint(
            model_name="salesrules",
            constraint=models.UniqueConstraint(fields=("only",), name="one_set_of_sales_settings"),
        ),
        migrations.AddConstraint(
            model_name="salesrules",
            constraint=models.CheckConstraint(
                condition=models.Q(("only", True)), name="sales_settings_are_the_only_ones"
            ),
        ),
        migrations.AddConstraint(
            model_name="salesrules",
            constraint=models.CheckConstraint(
                condition=models.Q(("quote_days__gte", 1)), name="quotes_stand_for_a_day"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="salesrules",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_add",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("only", "only", "flag"),
                        ("quote_days", "quote_days", "plain"),
                        ("reminder_days", "reminder_days", "list"),
                        ("sign_up_open", "sign_up_open", "flag"),
                        ("rate_jobs", "rate_jobs", "flag"),
                        ("rate_tickets", "rate_tickets", "flag"),
                        ("rate_in_general", "rate_in_general", "flag"),
                        ("terms", "terms", "text"),
                    ],
                    hash="85c558cb1cf77b0ac4c7b77781b97afb15410cf5",
                    model="workflow.salesrules",
                    operation="INSERT",
                    pgid="pgtrigger_audit_add_14603",
                    table="workflow_salesrules",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="salesrules",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_change",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("only", "only", "flag"),
                        ("quote_days", "quote_days", "plain"),
                        ("reminder_days", "reminder_days", "list"),
                        ("sign_up_open", "sign_up_open", "flag"),
                        ("rate_jobs", "rate_jobs", "flag"),
                        ("rate_tickets", "rate_tickets", "flag"),
                        ("rate_in_general", "rate_in_general", "flag"),
                        ("terms", "terms", "text"),
                    ],
                    hash="736dbc9e592f852e0302053e2297708c19f7017c",
                    model="workflow.salesrules",
                    operation="UPDATE",
                    pgid="pgtrigger_audit_change_e09d9",
                    table="workflow_salesrules",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="salesrules",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_remove",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("only", "only", "flag"),
                        ("quote_days", "quote_days", "plain"),
                        ("reminder_days", "reminder_days", "list"),
                        ("sign_up_open", "sign_up_open", "flag"),
                        ("rate_jobs", "rate_jobs", "flag"),
                        ("rate_tickets", "rate_tickets", "flag"),
                        ("rate_in_general", "rate_in_general", "flag"),
                        ("terms", "terms", "text"),
                    ],
                    hash="949cdff2944e70bdfd18463c84fe3848cde47499",
                    model="workflow.salesrules",
                    operation="DELETE",
                    pgid="pgtrigger_audit_remove_cf59b",
                    table="workflow_salesrules",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="source",
            constraint=models.UniqueConstraint(fields=("name_key",), name="lead_source_name_once"),
        ),
        migrations.AddField(
            model_name="lead",
            name="source",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="leads",
                to="workflow.source",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="source",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_add",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[("name", "name", "text"), ("retired", "retired", "flag")],
                    hash="e5fb5fe7c01150f711ee43ae102c849414c49c03",
                    model="workflow.source",
                    operation="INSERT",
                    pgid="pgtrigger_audit_add_fca4a",
                    table="workflow_source",
                    words=["name"],
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="source",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_change",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[("name", "name", "text"), ("retired", "retired", "flag")],
                    hash="731fda33785a64a750861838f8fd4a35c2749d2e",
                    model="workflow.source",
                    operation="UPDATE",
                    pgid="pgtrigger_audit_change_65d2c",
                    table="workflow_source",
                    words=["name"],
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="source",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_remove",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[("name", "name", "text"), ("retired", "retired", "flag")],
                    hash="5ad2245f2813c14766ef67d24cff7753e56129c5",
                    model="workflow.source",
                    operation="DELETE",
                    pgid="pgtrigger_audit_remove_f6ee0",
                    table="workflow_source",
                    words=["name"],
                ),
            ),
        ),
        migrations.AddField(
            model_name="step",
            name="phase",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="steps",
                to="workflow.phase",
            ),
        ),
        migrations.AddField(
            model_name="lead",
            name="step",
            field=models.ForeignKey(
                db_index=False,
                default="lead-new",
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="leads",
                to="workflow.step",
            ),
        ),
        migrations.AddField(
            model_name="survey",
            name="created_by",
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
            model_name="survey",
            name="done_by",
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
            model_name="survey",
            name="highsite",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="reference.highsite",
            ),
        ),
        migrations.AddField(
            model_name="survey",
            name="lead",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="surveys", to="workflow.lead"
            ),
        ),
        migrations.AddField(
            model_name="survey",
            name="sector",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="dataaccounts.sector",
            ),
        ),
        migrations.AddField(
            model_name="survey",
            name="technician",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="photo",
            name="survey",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="photos",
                to="workflow.survey",
            ),
        ),
        migrations.AddConstraint(
            model_name="absence",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                name="absence_ends_after_it_begins",
            ),
        ),
        migrations.AddIndex(
            model_name="changerequest",
            index=models.Index(fields=["customer", "-id"], name="changes_of_customer"),
        ),
        migrations.AddIndex(
            model_name="changerequest",
            index=models.Index(fields=["state", "asked_at", "id"], name="changes_by_state"),
        ),
        migrations.AddConstraint(
            model_name="changerequest",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "waiting")),
                fields=("customer", "kind"),
                name="one_waiting_change_of_a_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="changerequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "rejected"), _negated=True),
                    models.Q(("why", ""), _negated=True),
                    _connector="OR",
                ),
                name="rejected_change_says_why",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="changerequest",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_add",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("customer", "customer_id", "plain"),
                        ("kind", "kind", "text"),
                        ("state", "state", "text"),
                        ("origin", "origin", "text"),
                        ("number", "number", "encrypted", "number_last_four"),
                        ("words", "words", "text"),
                        ("document", "document", "text"),
                        ("asked_by", "asked_by_id", "plain"),
                        ("asked_from", "asked_from", "plain"),
                        ("decided_at", "decided_at", "plain"),
                        ("decided_by", "decided_by_id", "plain"),
                        ("why", "why", "text"),
                    ],
                    customer='{row}."customer_id"',
                    hash="303fb6ee390e1edd6aa4a8adf5a3338e03a7c914",
                    model="workflow.changerequest",
                    operation="INSERT",
                    pgid="pgtrigger_audit_add_bf3f1",
                    table="workflow_changerequest",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="changerequest",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_change",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("customer", "customer_id", "plain"),
                        ("kind", "kind", "text"),
                        ("state", "state", "text"),
                        ("origin", "origin", "text"),
                        ("number", "number", "encrypted", "number_last_four"),
                        ("words", "words", "text"),
                        ("document", "document", "text"),
                        ("asked_by", "asked_by_id", "plain"),
                        ("asked_from", "asked_from", "plain"),
                        ("decided_at", "decided_at", "plain"),
                        ("decided_by", "decided_by_id", "plain"),
                        ("why", "why", "text"),
                    ],
                    customer='{row}."customer_id"',
                    hash="9a11731af9103430828de409730b5cdc4ac4d8d8",
                    model="workflow.changerequest",
                    operation="UPDATE",
                    pgid="pgtrigger_audit_change_b9c77",
                    table="workflow_changerequest",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="changerequest",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_remove",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("customer", "customer_id", "plain"),
                        ("kind", "kind", "text"),
                        ("state", "state", "text"),
                        ("origin", "origin", "text"),
                        ("number", "number", "encrypted", "number_last_four"),
                        ("words", "words", "text"),
                        ("document", "document", "text"),
                        ("asked_by", "asked_by_id", "plain"),
                        ("asked_from", "asked_from", "plain"),
                        ("decided_at", "decided_at", "plain"),
                        ("decided_by", "decided_by_id", "plain"),
                        ("why", "why", "text"),
                    ],
                    customer='{row}."customer_id"',
                    hash="0f86f57df829d20331e8175f2291878331f64b01",
                    model="workflow.changerequest",
                    operation="DELETE",
                    pgid="pgtrigger_audit_remove_b757f",
                    table="workflow_changerequest",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="jobmaterial",
            constraint=models.CheckConstraint(
                condition=models.Q(("quantity__gt", 0)), name="material_has_a_quantity"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="checklistitem",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_add",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("job_type", "job_type_id", "plain"),
                        ("position", "position", "plain"),
                        ("text", "text", "text"),
                        ("kind", "kind", "text"),
                        ("compulsory", "compulsory", "flag"),
                    ],
                    hash="b169d076a829e4b754b37aab4a20134fb4895562",
                    model="workflow.checklistitem",
                    operation="INSERT",
                    pgid="pgtrigger_audit_add_b633d",
                    table="workflow_checklistitem",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="checklistitem",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_change",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("job_type", "job_type_id", "plain"),
                        ("position", "position", "plain"),
                        ("text", "text", "text"),
                        ("kind", "kind", "text"),
                        ("compulsory", "compulsory", "flag"),
                    ],
                    hash="39ebfc8577e9657979ffee6ef6d4f617be0a9e3e",
                    model="workflow.checklistitem",
                    operation="UPDATE",
                    pgid="pgtrigger_audit_change_e4733",
                    table="workflow_checklistitem",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="checklistitem",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_remove",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("job_type", "job_type_id", "plain"),
                        ("position", "position", "plain"),
                        ("text", "text", "text"),
                        ("kind", "kind", "text"),
                        ("compulsory", "compulsory", "flag"),
                    ],
                    hash="ffc3dedc1984a8f8d4974b14302214824a6cb79b",
                    model="workflow.checklistitem",
                    operation="DELETE",
                    pgid="pgtrigger_audit_remove_0be39",
                    table="workflow_checklistitem",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="jobcard",
            index=models.Index(fields=["technician", "starts_at"], name="jobs_of_technician"),
        ),
        migrations.AddIndex(
            model_name="jobcard",
            index=models.Index(fields=["state", "state_since", "id"], name="jobs_by_state"),
        ),
        migrations.AddIndex(
            model_name="jobcard",
            index=models.Index(fields=["starts_at", "id"], name="jobs_by_time"),
        ),
        migrations.AddIndex(
            model_name="jobcard",
            index=models.Index(fields=["area", "starts_at"], name="jobs_of_area"),
        ),
        migrations.AddConstraint(
            model_name="jobcard",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["new", "scheduled", "started"])),
                fields=("lead",),
                name="one_open_job_of_a_lead",
            ),
        ),
        migrations.AddConstraint(
            model_name="jobcard",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["scheduled", "started"]), _negated=True),
                    models.Q(
                        ("ends_at__isnull", False),
                        ("starts_at__isnull", False),
                        ("technician__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="scheduled_job_has_time_and_technician",
            ),
        ),
        migrations.AddConstraint(
            model_name="jobcard",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ends_at", None), ("ends_at__gt", models.F("starts_at")), _connector="OR"
                ),
                name="job_ends_after_it_begins",
            ),
        ),
        migrations.AddConstraint(
            model_name="jobcard",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "failed"), _negated=True),
                    ("fail_reason__isnull", False),
                    _connector="OR",
                ),
                name="failed_job_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="jobcard",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "completed"), _negated=True),
                    ("ended_at__isnull", False),
                    _connector="OR",
                ),
                name="completed_job_has_its_time",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="jobcard",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_add",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("job_type", "job_type_id", "plain"),
                        ("lead", "lead_id", "plain"),
                        ("customer", "customer_id", "plain"),
                        ("account", "account_id", "plain"),
                        ("state", "state", "text"),
                        ("state_since", "state_since", "plain"),
                        ("technician", "technician_id", "plain"),
                        ("starts_at", "starts_at", "plain"),
                        ("ends_at", "ends_at", "plain"),
                        ("area", "area_id", "plain"),
                        ("address", "address", "text"),
                        ("instructions", "instructions", "text"),
                        ("report", "report", "text"),
                        ("fail_reason", "fail_reason_id", "plain"),
                        ("fail_words", "fail_words", "text"),
                        ("instead_of", "instead_of_id", "plain"),
                        ("starts_service_on", "starts_service_on", "plain"),
                        ("started_at", "started_at", "plain"),
                        ("ended_at", "ended_at", "plain"),
                        ("ended_by", "ended_by_id", "plain"),
                        ("signed_by", "signed_by", "text"),
                        ("tested", "tested", "json"),
                        ("created_by", "created_by_id", "plain"),
                    ],
                    customer='{row}."customer_id"',
                    hash="deebc312303ee9da26e8c86c3626a0fdf7f45a03",
                    model="workflow.jobcard",
                    operation="INSERT",
                    pgid="pgtrigger_audit_add_b2bbd",
                    table="workflow_jobcard",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="jobcard",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_change",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("job_type", "job_type_id", "plain"),
                        ("lead", "lead_id", "plain"),
                        ("customer", "customer_id", "plain"),
                        ("account", "account_id", "plain"),
                        ("state", "state", "text"),
                        ("state_since", "state_since", "plain"),
                        ("technician", "technician_id", "plain"),
                        ("starts_at", "starts_at", "plain"),
                        ("ends_at", "ends_at", "plain"),
                        ("area", "area_id", "plain"),
                        ("address", "address", "text"),
                        ("instructions", "instructions", "text"),
                        ("report", "report", "text"),
                        ("fail_reason", "fail_reason_id", "plain"),
                        ("fail_words", "fail_words", "text"),
                        ("instead_of", "instead_of_id", "plain"),
                        ("starts_service_on", "starts_service_on", "plain"),
                        ("started_at", "started_at", "plain"),
                        ("ended_at", "ended_at", "plain"),
                        ("ended_by", "ended_by_id", "plain"),
                        ("signed_by", "signed_by", "text"),
                        ("tested", "tested", "json"),
                        ("created_by", "created_by_id", "plain"),
                    ],
                    customer='{row}."customer_id"',
                    hash="e0f9a9061243b0538481af6584015f3e4c25682a",
                    model="workflow.jobcard",
                    operation="UPDATE",
                    pgid="pgtrigger_audit_change_05851",
                    table="workflow_jobcard",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="jobcard",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_remove",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("job_type", "job_type_id", "plain"),
                        ("lead", "lead_id", "plain"),
                        ("customer", "customer_id", "plain"),
                        ("account", "account_id", "plain"),
                        ("state", "state", "text"),
                        ("state_since", "state_since", "plain"),
                        ("technician", "technician_id", "plain"),
                        ("starts_at", "starts_at", "plain"),
                        ("ends_at", "ends_at", "plain"),
                        ("area", "area_id", "plain"),
                        ("address", "address", "text"),
                        ("instructions", "instructions", "text"),
                        ("report", "report", "text"),
                        ("fail_reason", "fail_reason_id", "plain"),
                        ("fail_words", "fail_words", "text"),
                        ("instead_of", "instead_of_id", "plain"),
                        ("starts_service_on", "starts_service_on", "plain"),
                        ("started_at", "started_at", "plain"),
                        ("ended_at", "ended_at", "plain"),
                        ("ended_by", "ended_by_id", "plain"),
                        ("signed_by", "signed_by", "text"),
                        ("tested", "tested", "json"),
                        ("created_by", "created_by_id", "plain"),
                    ],
                    customer='{row}."customer_id"',
                    hash="49f3a080269d1347634a8f1935b0581338d6af69",
                    model="workflow.jobcard",
                    operation="DELETE",
                    pgid="pgtrigger_audit_remove_6728b",
                    table="workflow_jobcard",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="move",
            index=models.Index(fields=["lead", "id"], name="moves_of_lead"),
        ),
        migrations.AddIndex(
            model_name="move",
            index=models.Index(
                fields=["at", "to_step"], include=("from_step", "lead", "since"), name="moves_by_time"
            ),
        ),
        migrations.AddIndex(
            model_name="quote",
            index=models.Index(fields=["state", "-id"], name="quotes_by_state"),
        ),
        migrations.AddIndex(
            model_name="quote",
            index=models.Index(fields=["-day", "-id"], name="quotes_by_day"),
        ),
        migrations.AddIndex(
            model_name="quote",
            index=models.Index(
                condition=models.Q(("state", "sent")), fields=["expires_on"], name="quotes_to_expire"
            ),
        ),
        migrations.AddConstraint(
            model_name="quote",
            constraint=models.UniqueConstraint(fields=("number", "version"), name="quote_version_once"),
        ),
        migrations.AddConstraint(
            model_name="quote",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "draft")), fields=("number",), name="one_draft_of_a_quote"
            ),
        ),
        migrations.AddConstraint(
            model_name="quote",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["sent", "accepted"])),
                fields=("number",),
                name="one_version_stands",
            ),
        ),
        migrations.AddConstraint(
            model_name="quote",
            constraint=models.UniqueConstraint(
                condition=models.Q(("token_hash", ""), _negated=True),
                fields=("token_hash",),
                name="quote_token_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="quote",
            constraint=models.CheckConstraint(
                condition=models.Q(("lead__isnull", False), ("customer__isnull", False), _connector="OR"),
                name="quote_is_for_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="quote",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state", "draft"), ("state", "withdrawn"), ("sent_at__isnull", False), _connector="OR"
                ),
                name="quote_was_sent",
            ),
        ),
        migrations.AddConstraint(
            model_name="quote",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "monthly",
                        django.db.models.expressions.CombinedExpression(
                            models.F("monthly_excl"), "+", models.F("monthly_vat")
                        ),
                    ),
                    (
                        "once",
                        django.db.models.expressions.CombinedExpression(
                            models.F("once_excl"), "+", models.F("once_vat")
                        ),
                    ),
                ),
                name="quote_adds_up",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="quote",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_add",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("number", "number", "plain"),
                        ("version", "version", "plain"),
                        ("lead", "lead_id", "plain"),
                        ("customer", "customer_id", "plain"),
                        ("state", "state", "text"),
                        ("day", "day", "plain"),
                        ("expires_on", "expires_on", "plain"),
                        ("recipient", "recipient", "text"),
                        ("remark", "remark", "text"),
                        ("terms", "terms", "text"),
                        ("once_excl", "once_excl", "plain"),
                        ("once_vat", "once_vat", "plain"),
                        ("once", "once", "plain"),
                        ("monthly_excl", "monthly_excl", "plain"),
                        ("monthly_vat", "monthly_vat", "plain"),
                        ("monthly", "monthly", "plain"),
                        ("snapshot", "snapshot", "json"),
                        ("pdf_sha256", "pdf_sha256", "text"),
                        ("created_by", "created_by_id", "plain"),
                        ("sent_at", "sent_at", "plain"),
                        ("sent_by", "sent_by_id", "plain"),
                        ("opened_at", "opened_at", "plain"),
                        ("answered_at", "answered_at", "plain"),
                        ("decline_reason", "decline_reason_id", "plain"),
                        ("decline_words", "decline_words", "text"),
                    ],
                    customer='{row}."customer_id"',
                    hash="3e72c1573ab75e7037c221da4a675c9961ee6ce9",
                    model="workflow.quote",
                    operation="INSERT",
                    pgid="pgtrigger_audit_add_46798",
                    table="workflow_quote",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="quote",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_change",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("number", "number", "plain"),
                        ("version", "version", "plain"),
                        ("lead", "lead_id", "plain"),
                        ("customer", "customer_id", "plain"),
                        ("state", "state", "text"),
                        ("day", "day", "plain"),
                        ("expires_on", "expires_on", "plain"),
                        ("recipient", "recipient", "text"),
                        ("remark", "remark", "text"),
                        ("terms", "terms", "text"),
                        ("once_excl", "once_excl", "plain"),
                        ("once_vat", "once_vat", "plain"),
                        ("once", "once", "plain"),
                        ("monthly_excl", "monthly_excl", "plain"),
                        ("monthly_vat", "monthly_vat", "plain"),
                        ("monthly", "monthly", "plain"),
                        ("snapshot", "snapshot", "json"),
                        ("pdf_sha256", "pdf_sha256", "text"),
                        ("created_by", "created_by_id", "plain"),
                        ("sent_at", "sent_at", "plain"),
                        ("sent_by", "sent_by_id", "plain"),
                        ("opened_at", "opened_at", "plain"),
                        ("answered_at", "answered_at", "plain"),
                        ("decline_reason", "decline_reason_id", "plain"),
                        ("decline_words", "decline_words", "text"),
                    ],
                    customer='{row}."customer_id"',
                    hash="504c47ab80ca5df1793112a0c327392f88af71a7",
                    model="workflow.quote",
                    operation="UPDATE",
                    pgid="pgtrigger_audit_change_4b8f4",
                    table="workflow_quote",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="quote",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_remove",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("number", "number", "plain"),
                        ("version", "version", "plain"),
                        ("lead", "lead_id", "plain"),
                        ("customer", "customer_id", "plain"),
                        ("state", "state", "text"),
                        ("day", "day", "plain"),
                        ("expires_on", "expires_on", "plain"),
                        ("recipient", "recipient", "text"),
                        ("remark", "remark", "text"),
                        ("terms", "terms", "text"),
                        ("once_excl", "once_excl", "plain"),
                        ("once_vat", "once_vat", "plain"),
                        ("once", "once", "plain"),
                        ("monthly_excl", "monthly_excl", "plain"),
                        ("monthly_vat", "monthly_vat", "plain"),
                        ("monthly", "monthly", "plain"),
                        ("snapshot", "snapshot", "json"),
                        ("pdf_sha256", "pdf_sha256", "text"),
                        ("created_by", "created_by_id", "plain"),
                        ("sent_at", "sent_at", "plain"),
                        ("sent_by", "sent_by_id", "plain"),
                        ("opened_at", "opened_at", "plain"),
                        ("answered_at", "answered_at", "plain"),
                        ("decline_reason", "decline_reason_id", "plain"),
                        ("decline_words", "decline_words", "text"),
                    ],
                    customer='{row}."customer_id"',
                    hash="140795ff32dcb433a94020c264b5dbf7a5a3dc13",
                    model="workflow.quote",
                    operation="DELETE",
                    pgid="pgtrigger_audit_remove_9399f",
                    table="workflow_quote",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="quoteline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "incl",
                        django.db.models.expressions.CombinedExpression(
                            models.F("excl"), "+", models.F("vat")
                        ),
                    )
                ),
                name="quote_line_adds_up",
            ),
        ),
        migrations.AddConstraint(
            model_name="quoteline",
            constraint=models.CheckConstraint(
                condition=models.Q(("quantity__gte", 1)), name="quote_line_has_a_quantity"
            ),
        ),
        migrations.AddConstraint(
            model_name="quoteline",
            constraint=models.CheckConstraint(
                condition=models.Q(("discount__gte", 0), ("discount__lte", 100)),
                name="quote_discount_is_a_share",
            ),
        ),
        migrations.AddConstraint(
            model_name="quoteline",
            constraint=models.CheckConstraint(
                condition=models.Q(("package", None), ("monthly", True), _connector="OR"),
                name="packages_are_monthly",
            ),
        ),
        migrations.AddConstraint(
            model_name="step",
            constraint=models.CheckConstraint(
                condition=models.Q(("overdue_after__gte", models.F("late_after"))),
                name="step_is_late_before_it_is_overdue",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="step",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_add",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("phase", "phase_id", "plain"),
                        ("name", "name", "text"),
                        ("position", "position", "plain"),
                        ("late_after", "late_after", "plain"),
                        ("overdue_after", "overdue_after", "plain"),
                        ("gates", "gates", "list"),
                    ],
                    hash="504d84eaf96dc0cd5e63e8a5337220865c39b72c",
                    model="workflow.step",
                    operation="INSERT",
                    pgid="pgtrigger_audit_add_d1412",
                    pk="key",
                    table="workflow_step",
                    words=["name"],
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="step",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_change",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("phase", "phase_id", "plain"),
                        ("name", "name", "text"),
                        ("position", "position", "plain"),
                        ("late_after", "late_after", "plain"),
                        ("overdue_after", "overdue_after", "plain"),
                        ("gates", "gates", "list"),
                    ],
                    hash="2718a16272589c199fd8ae3de7cf1371802b10af",
                    model="workflow.step",
                    operation="UPDATE",
                    pgid="pgtrigger_audit_change_9cc73",
                    pk="key",
                    table="workflow_step",
                    words=["name"],
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="step",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_remove",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("phase", "phase_id", "plain"),
                        ("name", "name", "text"),
                        ("position", "position", "plain"),
                        ("late_after", "late_after", "plain"),
                        ("overdue_after", "overdue_after", "plain"),
                        ("gates", "gates", "list"),
                    ],
                    hash="a9939ec63c05e0e1ca118ef1c26825431e6f30ae",
                    model="workflow.step",
                    operation="DELETE",
                    pgid="pgtrigger_audit_remove_8e81e",
                    pk="key",
                    table="workflow_step",
                    words=["name"],
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="lead",
            index=models.Index(fields=["step", "step_since", "id"], name="leads_by_step"),
        ),
        migrations.AddIndex(
            model_name="lead",
            index=models.Index(fields=["name_key", "id"], name="leads_by_name"),
        ),
        migrations.AddIndex(
            model_name="lead",
            index=models.Index(fields=["created_at", "id"], name="leads_by_creation"),
        ),
        migrations.AddIndex(
            model_name="lead",
            index=models.Index(fields=["step", "name_key", "id"], name="leads_by_step_name"),
        ),
        migrations.AddIndex(
            model_name="lead",
            index=models.Index(fields=["owner", "step", "step_since"], name="leads_of_owner"),
        ),
        migrations.AddIndex(
            model_name="lead",
            index=models.Index(fields=["area", "step", "step_since"], name="leads_of_area"),
        ),
        migrations.AddIndex(
            model_name="lead",
            index=models.Index(fields=["source", "step", "step_since"], name="leads_of_source"),
        ),
        migrations.AddIndex(
            model_name="lead",
            index=models.Index(
                condition=models.Q(("phone", ""), _negated=True), fields=["phone"], name="leads_by_phone"
            ),
        ),
        migrations.AddIndex(
            model_name="lead",
            index=models.Index(
                condition=models.Q(("email", ""), _negated=True), fields=["email"], name="leads_by_email"
            ),
        ),
        migrations.AddIndex(
            model_name="lead",
            index=models.Index(
                condition=models.Q(("id_number", ""), _negated=True),
                fields=["id_number"],
                name="leads_by_id_number",
            ),
        ),
        migrations.AddIndex(
            model_name="lead",
            index=models.Index(
                condition=models.Q(("address_key__isnull", False)),
                fields=["address_key"],
                name="leads_by_address",
            ),
        ),
        migrations.AddIndex(
            model_name="lead",
            index=models.Index(
                condition=models.Q(("next_action_on__isnull", False)),
                fields=["next_action_on", "id"],
                name="leads_to_do",
            ),
        ),
        migrations.AddConstraint(
            model_name="lead",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "company"), models.Q(("company_name", ""), _negated=True)),
                    models.Q(
                        ("kind", "individual"), models.Q(("first_names", ""), ("surname", ""), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="lead_has_a_name",
            ),
        ),
        migrations.AddConstraint(
            model_name="lead",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("customer__isnull", False),
                    models.Q(
                        (
                            "step__in",
                            [
                                "customer-active",
                                "job-new",
                                "job-scheduled",
                                "job-started",
                                "job-failed",
                                "invoice-new",
                                "won",
                            ],
                        ),
                        _negated=True,
                    ),
                    _connector="OR",
                ),
                name="lead_has_a_customer_from_active_on",
            ),
        ),
        migrations.AddConstraint(
            model_name="lead",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("lost_reason__isnull", False),
                    models.Q(("step", "lost"), _negated=True),
                    ("merged_into__isnull", False),
                    _connector="OR",
                ),
                name="lost_lead_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="lead",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("latitude__isnull", True), ("longitude__isnull", True)),
                    models.Q(("latitude__isnull", False), ("longitude__isnull", False)),
                    _connector="OR",
                ),
                name="lead_coordinates_are_two",
            ),
        ),
        migrations.AddConstraint(
            model_name="lead",
            constraint=models.CheckConstraint(
                condition=models.Q(("merged_into", models.F("id")), _negated=True),
                name="lead_not_merged_into_itself",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="lead",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_add",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("kind", "kind", "text"),
                        ("company_name", "company_name", "text"),
                        ("first_names", "first_names", "text"),
                        ("surname", "surname", "text"),
                        ("contact_name", "contact_name", "text"),
                        ("email", "email", "text"),
                        ("phone", "phone", "text"),
                        ("other_phone", "other_phone", "text"),
                        ("id_number", "id_number", "text"),
                        ("registration_number", "registration_number", "text"),
                        ("vat_number", "vat_number", "text"),
                        ("lines", "lines", "text"),
                        ("suburb", "suburb", "text"),
                        ("town", "town", "text"),
                        ("postal_code", "postal_code", "text"),
                        ("directions", "directions", "text"),
                        ("latitude", "latitude", "plain"),
                        ("longitude", "longitude", "plain"),
                        ("wants", "wants", "text"),
                        ("source", "source_id", "plain"),
                        ("area", "area_id", "plain"),
                        ("highsite", "highsite_id", "plain"),
                        ("owner", "owner_id", "plain"),
                        ("next_action", "next_action", "text"),
                        ("next_action_on", "next_action_on", "plain"),
                        ("marketing", "marketing", "flag"),
                        ("lost_reason", "lost_reason_id", "plain"),
                        ("lost_words", "lost_words", "text"),
                        ("merged_into", "merged_into_id", "plain"),
                        ("customer", "customer_id", "plain"),
                        ("draft", "draft_id", "plain"),
                        ("origin", "origin", "text"),
                        ("created_by", "created_by_id", "plain"),
                    ],
                    hash="d9b5ff0441bda4f4cd9de4a577948853eda117ee",
                    model="workflow.lead",
                    operation="INSERT",
                    pgid="pgtrigger_audit_add_871ca",
                    table="workflow_lead",
                    words=["name"],
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="lead",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_change",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("kind", "kind", "text"),
                        ("company_name", "company_name", "text"),
                        ("first_names", "first_names", "text"),
                        ("surname", "surname", "text"),
                        ("contact_name", "contact_name", "text"),
                        ("email", "email", "text"),
                        ("phone", "phone", "text"),
                        ("other_phone", "other_phone", "text"),
                        ("id_number", "id_number", "text"),
                        ("registration_number", "registration_number", "text"),
                        ("vat_number", "vat_number", "text"),
                        ("lines", "lines", "text"),
                        ("suburb", "suburb", "text"),
                        ("town", "town", "text"),
                        ("postal_code", "postal_code", "text"),
                        ("directions", "directions", "text"),
                        ("latitude", "latitude", "plain"),
                        ("longitude", "longitude", "plain"),
                        ("wants", "wants", "text"),
                        ("source", "source_id", "plain"),
                        ("area", "area_id", "plain"),
                        ("highsite", "highsite_id", "plain"),
                        ("owner", "owner_id", "plain"),
                        ("next_action", "next_action", "text"),
                        ("next_action_on", "next_action_on", "plain"),
                        ("marketing", "marketing", "flag"),
                        ("lost_reason", "lost_reason_id", "plain"),
                        ("lost_words", "lost_words", "text"),
                        ("merged_into", "merged_into_id", "plain"),
                        ("customer", "customer_id", "plain"),
                        ("draft", "draft_id", "plain"),
                        ("origin", "origin", "text"),
                        ("created_by", "created_by_id", "plain"),
                    ],
                    hash="6da5c378b9d68c0a47772625dc0f4e1bfff29aa4",
                    model="workflow.lead",
                    operation="UPDATE",
                    pgid="pgtrigger_audit_change_abb29",
                    table="workflow_lead",
                    words=["name"],
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="lead",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_remove",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("kind", "kind", "text"),
                        ("company_name", "company_name", "text"),
                        ("first_names", "first_names", "text"),
                        ("surname", "surname", "text"),
                        ("contact_name", "contact_name", "text"),
                        ("email", "email", "text"),
                        ("phone", "phone", "text"),
                        ("other_phone", "other_phone", "text"),
                        ("id_number", "id_number", "text"),
                        ("registration_number", "registration_number", "text"),
                        ("vat_number", "vat_number", "text"),
                        ("lines", "lines", "text"),
                        ("suburb", "suburb", "text"),
                        ("town", "town", "text"),
                        ("postal_code", "postal_code", "text"),
                        ("directions", "directions", "text"),
                        ("latitude", "latitude", "plain"),
                        ("longitude", "longitude", "plain"),
                        ("wants", "wants", "text"),
                        ("source", "source_id", "plain"),
                        ("area", "area_id", "plain"),
                        ("highsite", "highsite_id", "plain"),
                        ("owner", "owner_id", "plain"),
                        ("next_action", "next_action", "text"),
                        ("next_action_on", "next_action_on", "plain"),
                        ("marketing", "marketing", "flag"),
                        ("lost_reason", "lost_reason_id", "plain"),
                        ("lost_words", "lost_words", "text"),
                        ("merged_into", "merged_into_id", "plain"),
                        ("customer", "customer_id", "plain"),
                        ("draft", "draft_id", "plain"),
                        ("origin", "origin", "text"),
                        ("created_by", "created_by_id", "plain"),
                    ],
                    hash="e612bb96bdc219f6179eb31a45b15738733791ae",
                    model="workflow.lead",
                    operation="DELETE",
                    pgid="pgtrigger_audit_remove_9a191",
                    table="workflow_lead",
                    words=["name"],
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="survey",
            index=models.Index(fields=["technician", "starts_at"], name="surveys_of_technician"),
        ),
        migrations.AddIndex(
            model_name="survey",
            index=models.Index(fields=["state", "starts_at", "id"], name="surveys_by_state"),
        ),
        migrations.AddConstraint(
            model_name="survey",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["new", "scheduled"])),
                fields=("lead",),
                name="one_open_survey_of_a_lead",
            ),
        ),
        migrations.AddConstraint(
            model_name="survey",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "done"), _negated=True),
                    models.Q(("outcome", ""), _negated=True),
                    _connector="OR",
                ),
                name="done_survey_has_an_outcome",
            ),
        ),
        migrations.AddConstraint(
            model_name="survey",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "scheduled"), _negated=True),
                    models.Q(("starts_at__isnull", False), ("technician__isnull", False)),
                    _connector="OR",
                ),
                name="scheduled_survey_has_day_and_technician",
            ),
        ),
        migrations.AddConstraint(
            model_name="survey",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ends_at", None), ("ends_at__gt", models.F("starts_at")), _connector="OR"
                ),
                name="survey_ends_after_it_begins",
            ),
        ),
        migrations.AddConstraint(
            model_name="survey",
            constraint=models.CheckConstraint(
                condition=models.Q(("cost", None), ("cost__gte", 0), _connector="OR"),
                name="survey_cost_no_less_than_zero",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="survey",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_add",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("lead", "lead_id", "plain"),
                        ("state", "state", "text"),
                        ("technician", "technician_id", "plain"),
                        ("starts_at", "starts_at", "plain"),
                        ("ends_at", "ends_at", "plain"),
                        ("highsite", "highsite_id", "plain"),
                        ("sector", "sector_id", "plain"),
                        ("line_of_sight", "line_of_sight", "text"),
                        ("signal", "signal", "plain"),
                        ("cost", "cost", "plain"),
                        ("outcome", "outcome", "text"),
                        ("extra", "extra", "text"),
                        ("notes", "notes", "text"),
                        ("created_by", "created_by_id", "plain"),
                        ("done_at", "done_at", "plain"),
                        ("done_by", "done_by_id", "plain"),
                    ],
                    hash="ffc91a1ccc9b4ffd10899f15bbf662b70c42eb41",
                    model="workflow.survey",
                    operation="INSERT",
                    pgid="pgtrigger_audit_add_fbf56",
                    table="workflow_survey",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="survey",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_change",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("lead", "lead_id", "plain"),
                        ("state", "state", "text"),
                        ("technician", "technician_id", "plain"),
                        ("starts_at", "starts_at", "plain"),
                        ("ends_at", "ends_at", "plain"),
                        ("highsite", "highsite_id", "plain"),
                        ("sector", "sector_id", "plain"),
                        ("line_of_sight", "line_of_sight", "text"),
                        ("signal", "signal", "plain"),
                        ("cost", "cost", "plain"),
                        ("outcome", "outcome", "text"),
                        ("extra", "extra", "text"),
                        ("notes", "notes", "text"),
                        ("created_by", "created_by_id", "plain"),
                        ("done_at", "done_at", "plain"),
                        ("done_by", "done_by_id", "plain"),
                    ],
                    hash="8c8d9ca4556c2e36132157ea48dea320ec639ea7",
                    model="workflow.survey",
                    operation="UPDATE",
                    pgid="pgtrigger_audit_change_d9be3",
                    table="workflow_survey",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="survey",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_remove",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("lead", "lead_id", "plain"),
                        ("state", "state", "text"),
                        ("technician", "technician_id", "plain"),
                        ("starts_at", "starts_at", "plain"),
                        ("ends_at", "ends_at", "plain"),
                        ("highsite", "highsite_id", "plain"),
                        ("sector", "sector_id", "plain"),
                        ("line_of_sight", "line_of_sight", "text"),
                        ("signal", "signal", "plain"),
                        ("cost", "cost", "plain"),
                        ("outcome", "outcome", "text"),
                        ("extra", "extra", "text"),
                        ("notes", "notes", "text"),
                        ("created_by", "created_by_id", "plain"),
                        ("done_at", "done_at", "plain"),
                        ("done_by", "done_by_id", "plain"),
                    ],
                    hash="d5c202be42988402e3cc6f29b95b147c51de674c",
                    model="workflow.survey",
                    operation="DELETE",
                    pgid="pgtrigger_audit_remove_27606",
                    table="workflow_survey",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="photo",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("job__isnull", True), ("survey__isnull", False)),
                    models.Q(("job__isnull", False), ("survey__isnull", True)),
                    _connector="OR",
                ),
                name="photo_of_one_thing",
            ),
        ),
    ]
