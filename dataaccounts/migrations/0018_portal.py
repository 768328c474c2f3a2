"""What customers may do themselves in the portal, and the packages they ask for there."""

import django.db.models.deletion
import django.db.models.functions.datetime
import herotill.audit.sql
import herotill.money
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("dataaccounts", "0017_users_of_a_router"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PackageWish",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("takes_effect_on", models.DateField(verbose_name="wanted from")),
                (
                    "price",
                    herotill.money.MoneyField(
                        decimal_places=2, max_digits=14, verbose_name="a month, with VAT"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waits for an answer"),
                            ("accepted", "Accepted"),
                            ("refused", "Refused"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        db_collation="C",
                        db_default="waiting",
                        default="waiting",
                        max_length=9,
                    ),
                ),
                ("answer", models.CharField(blank=True, db_default="", default="", max_length=200)),
                (
                    "asked_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                ("decided_at", models.DateTimeField(editable=False, null=True)),
            ],
            options={
                "verbose_name": "package asked for",
                "verbose_name_plural": "packages asked for",
                "ordering": ["-id"],
                "default_permissions": (),
            },
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="networkrules",
            name="audit_add",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="networkrules",
            name="audit_change",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="networkrules",
            name="audit_remove",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="package",
            name="audit_add",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="package",
            name="audit_change",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="package",
            name="audit_remove",
        ),
        migrations.AddField(
            model_name="networkrules",
            name="portal_changes",
            field=models.CharField(
                choices=[
                    ("hidden", "Are not offered"),
                    ("asked", "Are asked for, and somebody decides"),
                    ("at_once", "Are made as customers choose them"),
                ],
                db_collation="C",
                db_default="asked",
                default="asked",
                max_length=7,
                verbose_name="package changes in the portal",
            ),
        ),
        migrations.AddField(
            model_name="networkrules",
            name="portal_on_account",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="By customers who owe nothing overdue. Otherwise they are paid by card.",
                verbose_name="toppings in the portal may be paid with the next invoice",
            ),
        ),
        migrations.AddField(
            model_name="networkrules",
            name="portal_password",
            field=models.CharField(
                choices=[
                    ("hidden", "Is not shown"),
                    ("shown", "Is shown, on record"),
                    ("renewed", "Is shown, on record, and may be replaced by a new one"),
                ],
                db_collation="C",
                db_default="shown",
                default="shown",
                max_length=7,
                verbose_name="connection password in the portal",
            ),
        ),
        migrations.AddField(
            model_name="package",
            name="in_portal",
            field=models.BooleanField(
                db_default=True,
                default=True,
                help_text="Customers may change to it themselves, or ask for it, as the network rules say.",
                verbose_name="offered in the portal",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="networkrules",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_add",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("only", "only", "flag"),
                        ("suspended", "suspended", "text"),
                        ("checks_required", "checks_required", "flag"),
                        ("archive_after_days", "archive_after_days", "plain"),
                        ("archive_kept_months", "archive_kept_months", "plain"),
                        ("journal_kept_days", "journal_kept_days", "plain"),
                        ("hours_kept_days", "hours_kept_days", "plain"),
                        ("logins_kept_days", "logins_kept_days", "plain"),
                        ("counters_kept_days", "counters_kept_days", "plain"),
                        ("portal_changes", "portal_changes", "text"),
                        ("portal_password", "portal_password", "text"),
                        ("portal_on_account", "portal_on_account", "flag"),
                    ],
                    hash="05d9bdcfc06b46e6234ba300acdb09bc457d9832",
                    model="dataaccounts.networkrules",
                    operation="INSERT",
                    pgid="pgtrigger_audit_add_7062d",
                    table="dataaccounts_networkrules",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="networkrules",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_change",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("only", "only", "flag"),
                        ("suspended", "suspended", "text"),
                        ("checks_required", "checks_required", "flag"),
                        ("archive_after_days", "archive_after_days", "plain"),
                        ("archive_kept_months", "archive_kept_months", "plain"),
                        ("journal_kept_days", "journal_kept_days", "plain"),
                        ("hours_kept_days", "hours_kept_days", "plain"),
                        ("logins_kept_days", "logins_kept_days", "plain"),
                        ("counters_kept_days", "counters_kept_days", "plain"),
                        ("portal_changes", "portal_changes", "text"),
                        ("portal_password", "portal_password", "text"),
                        ("portal_on_account", "portal_on_account", "flag"),
                    ],
                    hash="a263c05c54ac673e106f2d3fb63d87980adb6e99",
                    model="dataaccounts.networkrules",
                    operation="UPDATE",
                    pgid="pgtrigger_audit_change_695d4",
                    table="dataaccounts_networkrules",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="networkrules",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_remove",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("only", "only", "flag"),
                        ("suspended", "suspended", "text"),
                        ("checks_required", "checks_required", "flag"),
                        ("archive_after_days", "archive_after_days", "plain"),
                        ("archive_kept_months", "archive_kept_months", "plain"),
                        ("journal_kept_days", "journal_kept_days", "plain"),
                        ("hours_kept_days", "hours_kept_days", "plain"),
                        ("logins_kept_days", "logins_kept_days", "plain"),
                        ("counters_kept_days", "counters_kept_days", "plain"),
                        ("portal_changes", "portal_changes", "text"),
                        ("portal_password", "portal_password", "text"),
                        ("portal_on_account", "portal_on_account", "flag"),
                    ],
                    hash="681d1a048bb494ac1837d7ad208e2775ff4194ec",
                    model="dataaccounts.networkrules",
                    operation="DELETE",
                    pgid="pgtrigger_audit_remove_d1d8f",
                    table="dataaccounts_networkrules",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="package",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_add",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("name", "name", "text"),
                        ("product", "product_id", "plain"),
                        ("down_kbit", "down_kbit", "plain"),
                        ("up_kbit", "up_kbit", "plain"),
                        ("burst_down_kbit", "burst_down_kbit", "plain"),
                        ("burst_up_kbit", "burst_up_kbit", "plain"),
                        ("burst_seconds", "burst_seconds", "plain"),
                        ("allowance", "allowance", "plain"),
                        ("counts", "counts", "text"),
                        ("when_capped", "when_capped", "text"),
                        ("once_capped", "once_capped_id", "plain"),
                        ("any_topping_restores", "any_topping_restores", "flag"),
                        ("pool", "pool", "text"),
                        ("mac_lock", "mac_lock", "flag"),
                        ("sessions", "sessions", "plain"),
                        ("session_seconds", "session_seconds", "plain"),
                        ("idle_seconds", "idle_seconds", "plain"),
                        ("staff", "staff", "flag"),
                        ("in_portal", "in_portal", "flag"),
                        ("retired", "retired", "flag"),
                    ],
                    hash="86acdba98f1f4ce3aefbc427e1f0fe8f8e771a51",
                    model="dataaccounts.package",
                    operation="INSERT",
                    pgid="pgtrigger_audit_add_5eccf",
                    table="dataaccounts_package",
                    words=["name"],
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="package",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_change",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("name", "name", "text"),
                        ("product", "product_id", "plain"),
                        ("down_kbit", "down_kbit", "plain"),
                        ("up_kbit", "up_kbit", "plain"),
                        ("burst_down_kbit", "burst_down_kbit", "plain"),
                        ("burst_up_kbit", "burst_up_kbit", "plain"),
                        ("burst_seconds", "burst_seconds", "plain"),
                        ("allowance", "allowance", "plain"),
                        ("counts", "counts", "text"),
                        ("when_capped", "when_capped", "text"),
                        ("once_capped", "once_capped_id", "plain"),
                        ("any_topping_restores", "any_topping_restores", "flag"),
                        ("pool", "pool", "text"),
                        ("mac_lock", "mac_lock", "flag"),
                        ("sessions", "sessions", "plain"),
                        ("session_seconds", "session_seconds", "plain"),
                        ("idle_seconds", "idle_seconds", "plain"),
                        ("staff", "staff", "flag"),
                        ("in_portal", "in_portal", "flag"),
                        ("retired", "retired", "flag"),
                    ],
                    hash="718d18b04461c9003c68b08c6652d64945b2145c",
                    model="dataaccounts.package",
                    operation="UPDATE",
                    pgid="pgtrigger_audit_change_c03e5",
                    table="dataaccounts_package",
                    words=["name"],
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="package",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_remove",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("name", "name", "text"),
                        ("product", "product_id", "plain"),
                        ("down_kbit", "down_kbit", "plain"),
                        ("up_kbit", "up_kbit", "plain"),
                        ("burst_down_kbit", "burst_down_kbit", "plain"),
                        ("burst_up_kbit", "burst_up_kbit", "plain"),
                        ("burst_seconds", "burst_seconds", "plain"),
                        ("allowance", "allowance", "plain"),
                        ("counts", "counts", "text"),
                        ("when_capped", "when_capped", "text"),
                        ("once_capped", "once_capped_id", "plain"),
                        ("any_topping_restores", "any_topping_restores", "flag"),
                        ("pool", "pool", "text"),
                        ("mac_lock", "mac_lock", "flag"),
                        ("sessions", "sessions", "plain"),
                        ("session_seconds", "session_seconds", "plain"),
                        ("idle_seconds", "idle_seconds", "plain"),
                        ("staff", "staff", "flag"),
                        ("in_portal", "in_portal", "flag"),
                        ("retired", "retired", "flag"),
                    ],
                    hash="6d0f69b1207deda1f6b3dbeb5f7149c2b17e3428",
                    model="dataaccounts.package",
                    operation="DELETE",
                    pgid="pgtrigger_audit_remove_fb2ff",
                    table="dataaccounts_package",
                    words=["name"],
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="networkrules",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("portal_changes__in", ["hidden", "asked", "at_once"]),
                    ("portal_password__in", ["hidden", "shown", "renewed"]),
                ),
                name="portal_rules_known",
            ),
        ),
        migrations.AddField(
            model_name="packagewish",
            name="account",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="wishes",
                to="dataaccounts.dataaccount",
            ),
        ),
        migrations.AddField(
            model_name="packagewish",
            name="asked_by",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="packagewish",
            name="change",
            field=models.OneToOneField(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="wish",
                to="dataaccounts.packagechange",
            ),
        ),
        migrations.AddField(
            model_name="packagewish",
            name="decided_by",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="packagewish",
            name="to_package",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="dataaccounts.package"
            ),
        ),
        migrations.AddIndex(
            model_name="packagewish",
            index=models.Index(fields=["account", "-id"], name="package_wishes_of_account"),
        ),
        migrations.AddIndex(
            model_name="packagewish",
            index=models.Index(
                condition=models.Q(("state", "waiting")), fields=["id"], name="package_wishes_waiting"
            ),
        ),
        migrations.AddConstraint(
            model_name="packagewish",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "waiting")),
                fields=("account",),
                name="one_package_wish_an_account",
            ),
        ),
        migrations.AddConstraint(
            model_name="packagewish",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at", None), ("state", "waiting")),
                    models.Q(
                        ("decided_at__isnull", False), ("state__in", ["accepted", "refused", "withdrawn"])
                    ),
                    _connector="OR",
                ),
                name="package_wish_waits_or_was_decided",
            ),
        ),
        migrations.AddConstraint(
            model_name="packagewish",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("change__isnull", False), ("state", "accepted")),
                    models.Q(models.Q(("state", "accepted"), _negated=True), ("change", None)),
                    _connector="OR",
                ),
                name="accepted_wish_has_its_change",
            ),
        ),
        migrations.AddConstraint(
            model_name="packagewish",
            constraint=models.CheckConstraint(
                condition=models.Q(("price__gte", 0)), name="package_wish_price_not_negative"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="packagewish",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_add",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("account", "account_id", "plain"),
                        ("to_package", "to_package_id", "plain"),
                        ("takes_effect_on", "takes_effect_on", "plain"),
                        ("price", "price", "plain"),
                        ("state", "state", "text"),
                        ("answer", "answer", "text"),
                        ("change", "change_id", "plain"),
                        ("asked_by", "asked_by_id", "plain"),
                        ("decided_by", "decided_by_id", "plain"),
                    ],
                    customer='(SELECT upper_1."customer_id" FROM "dataaccounts_dataaccount" upper_1 WHERE upper_1."id" = {row}."account_id")',
                    hash="778cf6d626f720484763e5bc557e335f98223366",
                    model="dataaccounts.packagewish",
                    operation="INSERT",
                    pgid="pgtrigger_audit_add_94c88",
                    table="dataaccounts_packagewish",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="packagewish",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_change",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("account", "account_id", "plain"),
                        ("to_package", "to_package_id", "plain"),
                        ("takes_effect_on", "takes_effect_on", "plain"),
                        ("price", "price", "plain"),
                        ("state", "state", "text"),
                        ("answer", "answer", "text"),
                        ("change", "change_id", "plain"),
                        ("asked_by", "asked_by_id", "plain"),
                        ("decided_by", "decided_by_id", "plain"),
                    ],
                    customer='(SELECT upper_1."customer_id" FROM "dataaccounts_dataaccount" upper_1 WHERE upper_1."id" = {row}."account_id")',
                    hash="3289ebb126f17a4a771ad25cee27c913d642ec8d",
                    model="dataaccounts.packagewish",
                    operation="UPDATE",
                    pgid="pgtrigger_audit_change_b75d1",
                    table="dataaccounts_packagewish",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="packagewish",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_remove",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("account", "account_id", "plain"),
                        ("to_package", "to_package_id", "plain"),
                        ("takes_effect_on", "takes_effect_on", "plain"),
                        ("price", "price", "plain"),
                        ("state", "state", "text"),
                        ("answer", "answer", "text"),
                        ("change", "change_id", "plain"),
                        ("asked_by", "asked_by_id", "plain"),
                        ("decided_by", "decided_by_id", "plain"),
                    ],
                    customer='(SELECT upper_1."customer_id" FROM "dataaccounts_dataaccount" upper_1 WHERE upper_1."id" = {row}."account_id")',
                    hash="7f3af4b0e729f34a49b864278497ffff452f5646",
                    model="dataaccounts.packagewish",
                    operation="DELETE",
                    pgid="pgtrigger_audit_remove_e0304",
                    table="dataaccounts_packagewish",
                ),
            ),
        ),
    ]
