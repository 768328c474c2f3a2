"""Customers are told when somebody comes, unless the sales settings say otherwise."""

import herotill.audit.sql
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("workflow", "0014_sendings_of_surveys"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="salesrules",
            name="audit_add",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="salesrules",
            name="audit_change",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="salesrules",
            name="audit_remove",
        ),
        migrations.AddField(
            model_name="salesrules",
            name="tell_of_jobs",
            field=models.BooleanField(
                db_default=True,
                default=True,
                help_text="A mail whenever a job is scheduled or comes to another time; the dialog offers to leave it out.",
                verbose_name="tell customers when somebody comes",
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
                        ("discount_limit", "discount_limit", "plain"),
                        ("sign_up_open", "sign_up_open", "flag"),
                        ("tell_of_jobs", "tell_of_jobs", "flag"),
                        ("rate_jobs", "rate_jobs", "flag"),
                        ("rate_tickets", "rate_tickets", "flag"),
                        ("rate_in_general", "rate_in_general", "flag"),
                        ("terms", "terms", "text"),
                    ],
                    hash="80ab3b4acb5e09a73dba7684f23f5cd882d315cb",
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
                        ("discount_limit", "discount_limit", "plain"),
                        ("sign_up_open", "sign_up_open", "flag"),
                        ("tell_of_jobs", "tell_of_jobs", "flag"),
                        ("rate_jobs", "rate_jobs", "flag"),
                        ("rate_tickets", "rate_tickets", "flag"),
                        ("rate_in_general", "rate_in_general", "flag"),
                        ("terms", "terms", "text"),
                    ],
                    hash="40ce54e3a3ee18c75b630750689b8e1ccc93b945",
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
                        ("discount_limit", "discount_limit", "plain"),
                        ("sign_up_open", "sign_up_open", "flag"),
                        ("tell_of_jobs", "tell_of_jobs", "flag"),
                        ("rate_jobs", "rate_jobs", "flag"),
                        ("rate_tickets", "rate_tickets", "flag"),
                        ("rate_in_general", "rate_in_general", "flag"),
                        ("terms", "terms", "text"),
                    ],
                    hash="b49da4def21b808bcadbecdbe2399ead17a12f23",
                    model="workflow.salesrules",
                    operation="DELETE",
                    pgid="pgtrigger_audit_remove_cf59b",
                    table="workflow_salesrules",
                ),
            ),
        ),
    ]
