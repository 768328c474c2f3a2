"""What customers may choose a ticket to be about."""

import herotill.audit.sql
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

# What opens by itself is about these; nobody asks for them.
OURS = "UPDATE helpdesk_category SET offered = false WHERE name_key IN ('job that failed', 'low rating')"


class Migration(migrations.Migration):
    dependencies = [
        ("helpdesk", "0005_mail"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="category",
            name="audit_add",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="category",
            name="audit_change",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="category",
            name="audit_remove",
        ),
        migrations.AddField(
            model_name="category",
            name="offered",
            field=models.BooleanField(
                db_default=True,
                default=True,
                help_text="When they open a ticket.",
                verbose_name="customers may choose it",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="category",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_add",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("name", "name", "text"),
                        ("offered", "offered", "flag"),
                        ("retired", "retired", "flag"),
                    ],
                    hash="093434e6814a843b116ad4343fc36806e3b7438b",
                    model="helpdesk.category",
                    operation="INSERT",
                    pgid="pgtrigger_audit_add_b7ede",
                    table="helpdesk_category",
                    words=["name"],
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="category",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_change",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("name", "name", "text"),
                        ("offered", "offered", "flag"),
                        ("retired", "retired", "flag"),
                    ],
                    hash="fc70cda92d4a245b2f943bf35859cdba0380f5e4",
                    model="helpdesk.category",
                    operation="UPDATE",
                    pgid="pgtrigger_audit_change_af14e",
                    table="helpdesk_category",
                    words=["name"],
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="category",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_remove",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("name", "name", "text"),
                        ("offered", "offered", "flag"),
                        ("retired", "retired", "flag"),
                    ],
                    hash="22a36f8a0efda65c50c0224784f38bbd58e915e1",
                    model="helpdesk.category",
                    operation="DELETE",
                    pgid="pgtrigger_audit_remove_37c8d",
                    table="helpdesk_category",
                    words=["name"],
                ),
            ),
        ),
        migrations.RunSQL(OURS, migrations.RunSQL.noop),
    ]
