"""Suspension: when a case took its last step, whom it took down, and what keeps its history."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models.functions import Now

KINDS = [
    ("opened", "Overdue"),
    ("approved", "Approved"),
    ("warned", "First warning"),
    ("warned_twice", "Second warning"),
    ("suspended", "Suspended"),
    ("paused", "Paused"),
    ("resumed", "Suspended again after a pause"),
    ("stopped", "Billing stopped, cancellation proposed"),
    ("ended", "Reset"),
]
RULES = """
CREATE TRIGGER case_steps_are_kept BEFORE UPDATE OR DELETE ON billing_casestep FOR EACH STATEMENT
    EXECUTE FUNCTION billing_refuse('case_steps_are_kept', 'What happened in a case is never changed.');
CREATE TRIGGER ended_case_is_kept BEFORE UPDATE ON billing_suspensioncase FOR EACH ROW WHEN (OLD.state = 'ended')
    EXECUTE FUNCTION billing_refuse('ended_case_is_kept', 'A case that has ended is never changed.');
CREATE TRIGGER cases_are_kept BEFORE DELETE ON billing_suspensioncase FOR EACH STATEMENT
    EXECUTE FUNCTION billing_refuse('cases_are_kept', 'Cases are kept.');
CREATE INDEX collected_of_entry ON billing_collectedentry (entry_id);
CREATE INDEX entries_from_before ON billing_entry (id) WHERE before;
"""
BACK = """
DROP INDEX entries_from_before;
DROP INDEX collected_of_entry;
DROP TRIGGER cases_are_kept ON billing_suspensioncase;
DROP TRIGGER ended_case_is_kept ON billing_suspensioncase;
DROP TRIGGER case_steps_are_kept ON billing_casestep;
"""


class Migration(migrations.Migration):
    dependencies = [("billing", "0030_desk_rules")]

    operations = [
        migrations.AddField(
            "suspensioncase",
            "stepped_on",
            models.DateField(
                help_text="Day of the last warning or suspension; the next keeps its distance from it.",
                null=True,
            ),
        ),
        migrations.AddField("suspensioncase", "billing_stopped_on", models.DateField(null=True)),
        migrations.AlterModelOptions(
            "suspensioncase",
            options={
                "default_permissions": ("view",),
                "permissions": [
                    ("approve_suspension", "Can approve that customers are warned and suspended"),
                    ("pause_suspension", "Can pause suspensions"),
                    ("reset_suspension", "Can reset suspension cases"),
                    ("suspend_customer", "Can suspend a customer at once"),
                    ("run_suspensions", "Can run the collections day by hand"),
                    ("export_suspensions", "Can export large lists of suspension cases"),
                ],
            },
        ),
        migrations.AlterField(
            "casestep", "kind", models.CharField(choices=KINDS, db_collation="C", max_length=12)
        ),
        migrations.CreateModel(
            name="CustomerDown",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("down_at", models.DateTimeField(db_default=Now())),
                ("back_at", models.DateTimeField(null=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="customers_down",
                        to="billing.suspensioncase",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.customer",
                    ),
                ),
                (
                    "hold",
                    models.ForeignKey(
                        help_text="Billing stopped.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="billing.hold",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(back_at=None), fields=["customer"], name="customer_taken_down_once"
                    )
                ],
            },
        ),
        migrations.RunSQL(RULES, BACK),
    ]
