"""Highsites have coordinates."""

import django.core.validators
import herotill.audit.sql
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("reference", "0006_product_imports"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="highsite",
            name="audit_add",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="highsite",
            name="audit_change",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="highsite",
            name="audit_remove",
        ),
        migrations.AddField(
            model_name="highsite",
            name="latitude",
            field=models.DecimalField(
                blank=True,
                decimal_places=6,
                help_text="In degrees, south below zero: -33.731800.",
                max_digits=8,
                null=True,
                validators=[
                    django.core.validators.MinValueValidator(-90),
                    django.core.validators.MaxValueValidator(90),
                ],
            ),
        ),
        migrations.AddField(
            model_name="highsite",
            name="longitude",
            field=models.DecimalField(
                blank=True,
                decimal_places=6,
                help_text="In degrees, west below zero: 18.962100.",
                max_digits=9,
                null=True,
                validators=[
                    django.core.validators.MinValueValidator(-180),
                    django.core.validators.MaxValueValidator(180),
                ],
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="highsite",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_add",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("name", "name", "text"),
                        ("town", "town", "text"),
                        ("latitude", "latitude", "plain"),
                        ("longitude", "longitude", "plain"),
                        ("retired", "retired", "flag"),
                    ],
                    hash="5db1046ee28497a318da8d08d7a8738c3a104968",
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
                        ("latitude", "latitude", "plain"),
                        ("longitude", "longitude", "plain"),
                        ("retired", "retired", "flag"),
                    ],
                    hash="a1a5fd578abca9b153b5af4088273dd7539091a0",
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
                        ("latitude", "latitude", "plain"),
                        ("longitude", "longitude", "plain"),
                        ("retired", "retired", "flag"),
                    ],
                    hash="3443ff7336860bfbd3c8f6fd3d8e0d17bc26a9ac",
                    model="reference.highsite",
                    operation="DELETE",
                    pgid="pgtrigger_audit_remove_0b039",
                    table="reference_highsite",
                    words=["name"],
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="highsite",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("latitude__isnull", True), ("longitude__isnull", True)),
                    models.Q(("latitude__isnull", False), ("longitude__isnull", False)),
                    _connector="OR",
                ),
                name="highsite_coordinates_are_two",
            ),
        ),
    ]
