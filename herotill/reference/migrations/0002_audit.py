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
                    hash="0080b78e9b13c01ba4a4561550909a15143a9e54",
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
                    hash="f2ddf853abb5d22ae34aaf857ff5ba821bd9132d",
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
                    hash="7d389889401212460ca4233cb697909b7061c63d",
                    model="reference.highsite",
                    operation="DELETE",
                    pgid="pgtrigger_audit_remove_0b039",
                    table="reference_highsite",
                    words=["name"],
                ),
            ),
        ),
    ]
