"""What a cancellation remembers for the way back, and accounts that a hold took off."""

import django.db.models.deletion
import herotill.audit.sql
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0034_batch_rules"),
        ("dataaccounts", "0015_staff_packages_right"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="cancellationreason", name="cancellation_reason_once"),
        migrations.AddConstraint(
            model_name="cancellationreason",
            constraint=models.UniqueConstraint(fields=("name_key",), name="cancellation_reason_name_once"),
        ),
        migrations.CreateModel(
            name="HeldAccount",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("down_at", models.DateTimeField()),
                ("back_at", models.DateTimeField(null=True)),
            ],
            options={
                "default_permissions": (),
            },
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="cancellation",
            name="audit_add",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="cancellation",
            name="audit_change",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="cancellation",
            name="audit_remove",
        ),
        migrations.AddField(
            model_name="cancellation",
            name="applied_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="ends were set"),
        ),
        migrations.AddField(
            model_name="cancellation",
            name="trouble",
            field=models.CharField(blank=True, db_default="", default="", editable=False, max_length=300),
        ),
        migrations.AddField(
            model_name="cancellation",
            name="undo",
            field=models.JSONField(
                db_default={},
                default=dict,
                editable=False,
                help_text="The last days that items had before, by id.",
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
                        ("applied_at", "applied_at", "plain"),
                        ("ended_at", "ended_at", "plain"),
                        ("final_draft", "final_draft_id", "plain"),
                        ("equipment", "equipment", "text"),
                    ],
                    customer='{row}."customer_id"',
                    hash="9068624499ef43be9535103ff9bb4d00cbb85c1b",
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
                        ("applied_at", "applied_at", "plain"),
                        ("ended_at", "ended_at", "plain"),
                        ("final_draft", "final_draft_id", "plain"),
                        ("equipment", "equipment", "text"),
                    ],
                    customer='{row}."customer_id"',
                    hash="1c131e5505ae538271937fd28ed038fcd7d159ee",
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
                        ("applied_at", "applied_at", "plain"),
                        ("ended_at", "ended_at", "plain"),
                        ("final_draft", "final_draft_id", "plain"),
                        ("equipment", "equipment", "text"),
                    ],
                    customer='{row}."customer_id"',
                    hash="b94d074ca314ec83e97771a2f5d4f97ca2d9768d",
                    model="billing.cancellation",
                    operation="DELETE",
                    pgid="pgtrigger_audit_remove_31215",
                    table="billing_cancellation",
                ),
            ),
        ),
        migrations.AddField(
            model_name="heldaccount",
            name="account",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="dataaccounts.dataaccount"
            ),
        ),
        migrations.AddField(
            model_name="heldaccount",
            name="hold",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="held_accounts", to="billing.hold"
            ),
        ),
        migrations.AddConstraint(
            model_name="heldaccount",
            constraint=models.UniqueConstraint(
                condition=models.Q(("back_at", None)), fields=("account",), name="account_held_once"
            ),
        ),
    ]
