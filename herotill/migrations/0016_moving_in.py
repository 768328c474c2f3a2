from __future__ import annotations

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
        ("house", "0015_outward"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="MovingIn",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "began_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                ("signed_at", models.DateTimeField(editable=False, null=True)),
                ("called_off_at", models.DateTimeField(editable=False, null=True)),
                (
                    "why",
                    models.CharField(
                        blank=True,
                        db_default="",
                        default="",
                        editable=False,
                        max_length=300,
                        verbose_name="why it is called off",
                    ),
                ),
                (
                    "began_by",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "called_off_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "signed_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "move from another system",
                "verbose_name_plural": "moves from another system",
                "permissions": [
                    ("move_in", "Can move in from another system"),
                    ("sign_move", "Can sign off a move, which switches billing on"),
                ],
                "default_permissions": ("view",),
            },
        ),
        migrations.CreateModel(
            name="OldFigure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("step", models.CharField(db_collation="C", editable=False, max_length=40)),
                ("count", models.PositiveIntegerField(verbose_name="how many it has")),
                (
                    "amount",
                    herotill.money.MoneyField(
                        blank=True,
                        decimal_places=2,
                        max_digits=14,
                        null=True,
                        verbose_name="what they come to",
                    ),
                ),
                (
                    "noted_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                (
                    "move",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="figures",
                        to="house.movingin",
                    ),
                ),
                (
                    "noted_by",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "figure of the old system",
                "verbose_name_plural": "figures of the old system",
                "default_permissions": (),
            },
        ),
        migrations.AddConstraint(
            model_name="movingin",
            constraint=models.UniqueConstraint(
                models.Value(1),
                condition=models.Q(("called_off_at", None), ("signed_at", None)),
                name="one_move_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="movingin",
            constraint=models.CheckConstraint(
                condition=models.Q(("signed_at", None), ("called_off_at", None), _connector="OR"),
                name="move_ends_in_one_way",
            ),
        ),
        migrations.AddConstraint(
            model_name="movingin",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("signed_at", None), ("signed_by", None)),
                    models.Q(("signed_at__isnull", False), ("signed_by__isnull", False)),
                    _connector="OR",
                ),
                name="move_is_signed_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="movingin",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("called_off_at", None), ("called_off_by", None), ("why", "")),
                    models.Q(
                        ("called_off_at__isnull", False),
                        ("called_off_by__isnull", False),
                        models.Q(("why", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="move_is_called_off_with_a_reason",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="movingin",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_add",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("began_by", "began_by_id", "plain"),
                        ("began_at", "began_at", "plain"),
                        ("signed_by", "signed_by_id", "plain"),
                        ("signed_at", "signed_at", "plain"),
                        ("called_off_by", "called_off_by_id", "plain"),
                        ("called_off_at", "called_off_at", "plain"),
                        ("why", "why", "text"),
                    ],
                    hash="2f4de6396fb68ae528ff724dc25e87f82c3e5a66",
                    model="house.movingin",
                    operation="INSERT",
                    pgid="pgtrigger_audit_add_63427",
                    table="house_movingin",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="movingin",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_change",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("began_by", "began_by_id", "plain"),
                        ("began_at", "began_at", "plain"),
                        ("signed_by", "signed_by_id", "plain"),
                        ("signed_at", "signed_at", "plain"),
                        ("called_off_by", "called_off_by_id", "plain"),
                        ("called_off_at", "called_off_at", "plain"),
                        ("why", "why", "text"),
                    ],
                    hash="4308cfd59babc92ac4df52a559b7a18b164f3c8d",
                    model="house.movingin",
                    operation="UPDATE",
                    pgid="pgtrigger_audit_change_b4beb",
                    table="house_movingin",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="movingin",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_remove",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("began_by", "began_by_id", "plain"),
                        ("began_at", "began_at", "plain"),
                        ("signed_by", "signed_by_id", "plain"),
                        ("signed_at", "signed_at", "plain"),
                        ("called_off_by", "called_off_by_id", "plain"),
                        ("called_off_at", "called_off_at", "plain"),
                        ("why", "why", "text"),
                    ],
                    hash="2b14dc2fb3073cfb182e853f76e7f4e7ddaf6121",
                    model="house.movingin",
                    operation="DELETE",
                    pgid="pgtrigger_audit_remove_357fd",
                    table="house_movingin",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="oldfigure",
            constraint=models.UniqueConstraint(fields=("move", "step"), name="old_figure_once"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="oldfigure",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_add",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("move", "move_id", "plain"),
                        ("step", "step", "text"),
                        ("count", "count", "plain"),
                        ("amount", "amount", "plain"),
                        ("noted_by", "noted_by_id", "plain"),
                        ("noted_at", "noted_at", "plain"),
                    ],
                    hash="91d153b692fcdbb881808d483692d4890f0e54da",
                    model="house.oldfigure",
                    operation="INSERT",
                    pgid="pgtrigger_audit_add_e63cd",
                    table="house_oldfigure",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="oldfigure",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_change",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("move", "move_id", "plain"),
                        ("step", "step", "text"),
                        ("count", "count", "plain"),
                        ("amount", "amount", "plain"),
                        ("noted_by", "noted_by_id", "plain"),
                        ("noted_at", "noted_at", "plain"),
                    ],
                    hash="facd4e6858311e7b4f8f83ad194b0b2406ac4e24",
                    model="house.oldfigure",
                    operation="UPDATE",
                    pgid="pgtrigger_audit_change_e4c68",
                    table="house_oldfigure",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="oldfigure",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_remove",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("move", "move_id", "plain"),
                        ("step", "step", "text"),
                        ("count", "count", "plain"),
                        ("amount", "amount", "plain"),
                        ("noted_by", "noted_by_id", "plain"),
                        ("noted_at", "noted_at", "plain"),
                    ],
                    hash="c7e1484cbdeffc41753cb69e0be47b83af644f00",
                    model="house.oldfigure",
                    operation="DELETE",
                    pgid="pgtrigger_audit_remove_a9274",
                    table="house_oldfigure",
                ),
            ),
        ),
    ]
