"""Triggers that record every change of what a person can edit."""

import herotill.audit.sql
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("house", "0002_audit"),
        ("reference", "0001_initial"),
    ]

    operations = [
        pgtrigger.migrations.AddTrigger(
            model_name="highsite",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_add",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("name", "name", "text"),
                        ("town", "town", "text"),
                        ("retired", "retired", "flag"),
                    ],
                    hash="b80fb85d4769c9ca901d26e217394848d916a025",
                    model="reference.highsite",
                    operation="INSERT",
                    pgid="pgtrigger_audit_add_4b2a4",
                    table="reference_highsite",
                    words=["name"],
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="highsite",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_change",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("name", "name", "text"),
                        ("town", "town", "text"),
                        ("retired", "retired", "flag"),
                    ],
                    hash="6515ccad6c83c76fd2210ed5b1192fb2838d923f",
                    model="reference.highsite",
                    operation="UPDATE",
                    pgid="pgtrigger_audit_change_ff187",
                    table="reference_highsite",
                    words=["name"],
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="highsite",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_remove",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("name", "name", "text"),
                        ("town", "town", "text"),
                        ("retired", "retired", "flag"),
                    ],
                    hash="7914b07a559c4e1d502521f1566e9cdcdceb99ee",
                    model="reference.highsite",
                    operation="DELETE",
                    pgid="pgtrigger_audit_remove_0b039",
                    table="reference_highsite",
                    words=["name"],
                ),
            ),
        ),
    ]
