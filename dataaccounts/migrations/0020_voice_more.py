"""Drops that files of calls come from, and what a voice line may spend before somebody is told."""

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
import herotill.audit.sql
import herotill.folding
import herotill.money
import herotill.secrets.fields
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("dataaccounts", "0019_voice"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CallDrop",
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
                    "kind",
                    models.CharField(
                        choices=[("folder", "A folder of this machine"), ("sftp", "SFTP")],
                        db_collation="C",
                        default="folder",
                        max_length=6,
                    ),
                ),
                (
                    "folder",
                    models.CharField(
                        blank=True,
                        db_default="",
                        default="",
                        help_text="Empty: where the log-in begins.",
                        max_length=200,
                    ),
                ),
                (
                    "files",
                    models.CharField(
                        default="*.csv",
                        help_text="Which files of the folder are read, as calls-*.csv.",
                        max_length=100,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[A-Za-z0-9_*?][A-Za-z0-9._*?-]*\\Z",
                                "The name of a file, * and ? stand for any letters.",
                            )
                        ],
                    ),
                ),
                ("host", models.CharField(blank=True, db_default="", default="", max_length=253)),
                (
                    "port",
                    models.PositiveIntegerField(
                        default=22,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(65535),
                        ],
                    ),
                ),
                (
                    "user",
                    models.CharField(
                        blank=True, db_default="", default="", max_length=100, verbose_name="user name"
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
                        permission="dataaccounts.change_calldrop",
                        verbose_name="password",
                    ),
                ),
                (
                    "host_key",
                    models.CharField(
                        blank=True,
                        db_default="",
                        default="",
                        help_text="The line that ssh-keyscan prints, compared with what its keeper tells you.",
                        max_length=1500,
                    ),
                ),
                (
                    "retired",
                    models.BooleanField(db_default=False, default=False, help_text="No longer read."),
                ),
                ("read_at", models.DateTimeField(editable=False, null=True)),
                (
                    "said",
                    models.CharField(blank=True, db_default="", default="", editable=False, max_length=300),
                ),
                ("failed", models.BooleanField(db_default=False, default=False, editable=False)),
                (
                    "profile",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="drops",
                        to="dataaccounts.callprofile",
                        verbose_name="format",
                    ),
                ),
            ],
            options={
                "verbose_name": "drop for call records",
                "verbose_name_plural": "drops for call records",
                "ordering": ["name_key"],
            },
        ),
        migrations.CreateModel(
            name="DroppedFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("size", models.BigIntegerField()),
                ("written_at", models.DateTimeField()),
                ("said", models.CharField(blank=True, db_default="", default="", max_length=300)),
                ("found_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "drop",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="found",
                        to="dataaccounts.calldrop",
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="dataaccounts.callfile",
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="SpendAlarm",
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
                            ("day", "Limit of a day"),
                            ("month", "Limit of a month"),
                            ("class", "Watched class of calls"),
                        ],
                        db_collation="C",
                        max_length=5,
                    ),
                ),
                ("day", models.DateField()),
                ("amount", herotill.money.MoneyField(decimal_places=2, max_digits=14, verbose_name="spent")),
                (
                    "allowed",
                    herotill.money.MoneyField(
                        decimal_places=2, max_digits=14, null=True, verbose_name="limit"
                    ),
                ),
                ("made_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("seen_at", models.DateTimeField(null=True)),
                (
                    "line",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="alarms",
                        to="dataaccounts.voiceline",
                    ),
                ),
                (
                    "seen_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "default_permissions": ("change", "view"),
            },
        ),
        migrations.CreateModel(
            name="SpendLimit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "per_day",
                    herotill.money.MoneyField(
                        blank=True,
                        decimal_places=2,
                        max_digits=14,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="a day",
                    ),
                ),
                (
                    "per_month",
                    herotill.money.MoneyField(
                        blank=True,
                        decimal_places=2,
                        max_digits=14,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="a month",
                    ),
                ),
                (
                    "classes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(db_collation="C", max_length=30),
                        blank=True,
                        default=list,
                        help_text="Classes of the price lists with commas between, as premium, satellite.",
                        size=None,
                        verbose_name="classes that raise an alarm",
                    ),
                ),
                (
                    "tell_customer",
                    models.BooleanField(
                        db_default=False,
                        default=False,
                        help_text="Those who get usage notices.",
                        verbose_name="tell the customer too",
                    ),
                ),
                (
                    "line",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="limit",
                        to="dataaccounts.voiceline",
                    ),
                ),
            ],
            options={
                "verbose_name": "spend limit",
            },
        ),
        migrations.AddConstraint(
            model_name="calldrop",
            constraint=models.UniqueConstraint(fields=("name_key",), name="call_drop_name_once"),
        ),
        migrations.AddConstraint(
            model_name="calldrop",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("host", ""), ("kind", "folder")),
                    models.Q(
                        ("kind", "sftp"),
                        models.Q(("host", ""), _negated=True),
                        models.Q(("user", ""), _negated=True),
                        models.Q(("host_key", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="call_drop_says_where",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="calldrop",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_add",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("name", "name", "text"),
                        ("profile", "profile_id", "plain"),
                        ("kind", "kind", "text"),
                        ("folder", "folder", "text"),
                        ("files", "files", "text"),
                        ("host", "host", "text"),
                        ("port", "port", "plain"),
                        ("user", "user", "text"),
                        ("password", "password", "encrypted", "password_last_four"),
                        ("host_key", "host_key", "text"),
                        ("retired", "retired", "flag"),
                    ],
                    hash="c36d58f2e008dcc7ae786bb045a82d9a7708e53b",
                    model="dataaccounts.calldrop",
                    operation="INSERT",
                    pgid="pgtrigger_audit_add_7544f",
                    table="dataaccounts_calldrop",
                    words=["name"],
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="calldrop",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_change",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("name", "name", "text"),
                        ("profile", "profile_id", "plain"),
                        ("kind", "kind", "text"),
                        ("folder", "folder", "text"),
                        ("files", "files", "text"),
                        ("host", "host", "text"),
                        ("port", "port", "plain"),
                        ("user", "user", "text"),
                        ("password", "password", "encrypted", "password_last_four"),
                        ("host_key", "host_key", "text"),
                        ("retired", "retired", "flag"),
                    ],
                    hash="839e6429abc7527fd41a59800ac60db0f89757cc",
                    model="dataaccounts.calldrop",
                    operation="UPDATE",
                    pgid="pgtrigger_audit_change_1482f",
                    table="dataaccounts_calldrop",
                    words=["name"],
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="calldrop",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_remove",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("name", "name", "text"),
                        ("profile", "profile_id", "plain"),
                        ("kind", "kind", "text"),
                        ("folder", "folder", "text"),
                        ("files", "files", "text"),
                        ("host", "host", "text"),
                        ("port", "port", "plain"),
                        ("user", "user", "text"),
                        ("password", "password", "encrypted", "password_last_four"),
                        ("host_key", "host_key", "text"),
                        ("retired", "retired", "flag"),
                    ],
                    hash="b4641d79f9a4333e83fb4b6d5a832aeff04c60fc",
                    model="dataaccounts.calldrop",
                    operation="DELETE",
                    pgid="pgtrigger_audit_remove_fb460",
                    table="dataaccounts_calldrop",
                    words=["name"],
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="droppedfile",
            constraint=models.UniqueConstraint(
                fields=("drop", "name", "size", "written_at"), name="dropped_file_once"
            ),
        ),
        migrations.AddIndex(
            model_name="spendalarm",
            index=models.Index(
                condition=models.Q(("seen_at", None)), fields=["-id"], name="spend_alarms_open"
            ),
        ),
        migrations.AddConstraint(
            model_name="spendalarm",
            constraint=models.UniqueConstraint(fields=("line", "kind", "day"), name="spend_alarm_once"),
        ),
        migrations.AddConstraint(
            model_name="spendalarm",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["day", "month", "class"])), name="spend_alarm_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="spendlimit",
            constraint=models.UniqueConstraint(
                condition=models.Q(("line", None)),
                fields=("line",),
                name="one_spend_limit_for_all",
                nulls_distinct=False,
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="spendlimit",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_add",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("line", "line_id", "plain"),
                        ("per_day", "per_day", "plain"),
                        ("per_month", "per_month", "plain"),
                        ("classes", "classes", "list"),
                        ("tell_customer", "tell_customer", "flag"),
                    ],
                    hash="168d1e072ec4667d1c5504e4d58e63dca8748306",
                    model="dataaccounts.spendlimit",
                    operation="INSERT",
                    pgid="pgtrigger_audit_add_34f46",
                    table="dataaccounts_spendlimit",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="spendlimit",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_change",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("line", "line_id", "plain"),
                        ("per_day", "per_day", "plain"),
                        ("per_month", "per_month", "plain"),
                        ("classes", "classes", "list"),
                        ("tell_customer", "tell_customer", "flag"),
                    ],
                    hash="668c7615a2b74e55d7ff991250a65c34c0ec1561",
                    model="dataaccounts.spendlimit",
                    operation="UPDATE",
                    pgid="pgtrigger_audit_change_8cc8a",
                    table="dataaccounts_spendlimit",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="spendlimit",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_remove",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("line", "line_id", "plain"),
                        ("per_day", "per_day", "plain"),
                        ("per_month", "per_month", "plain"),
                        ("classes", "classes", "list"),
                        ("tell_customer", "tell_customer", "flag"),
                    ],
                    hash="cdbcc0739183b09867dcf658888dc8f28a974501",
                    model="dataaccounts.spendlimit",
                    operation="DELETE",
                    pgid="pgtrigger_audit_remove_773d0",
                    table="dataaccounts_spendlimit",
                ),
            ),
        ),
    ]
