import django.db.models.deletion
import herotill.audit.sql
import herotill.money
import pgtrigger.compiler
import pgtrigger.migrations
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0032_mandate_rules"),
    ]

    operations = [
        migrations.CreateModel(
            name="DebitNotice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("action_date", models.DateField()),
                ("amount", herotill.money.MoneyField(decimal_places=2, max_digits=14)),
                ("queued_at", models.DateTimeField()),
                ("sent_on", models.DateField(null=True)),
            ],
            options={
                "default_permissions": (),
            },
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="collectionrules",
            name="audit_add",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="collectionrules",
            name="audit_change",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="collectionrules",
            name="audit_remove",
        ),
        migrations.AddField(
            model_name="collectionbatch",
            name="changes",
            field=models.JSONField(db_default=[], default=list, help_text="What the last update changed."),
        ),
        migrations.AddField(
            model_name="collectionbatch",
            name="problems",
            field=models.JSONField(
                db_default=[], default=list, help_text="What the channel would refuse, as it was found last."
            ),
        ),
        migrations.AddField(
            model_name="collectionline",
            name="disputed",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="collectionline",
            name="released",
            field=models.BooleanField(
                db_default=False, default=False, help_text="Part of what was released; the seal covers it."
            ),
        ),
        migrations.AddField(
            model_name="collectionrules",
            name="minimum",
            field=herotill.money.MoneyField(
                db_default=Decimal("0.00"),
                decimal_places=2,
                default=Decimal("0.00"),
                help_text="Who owes less waits for the next batch.",
                max_digits=14,
                verbose_name="collect no less than",
            ),
        ),
        migrations.AddIndex(
            model_name="collectionline",
            index=models.Index(fields=["batch", "amount", "id"], name="collection_lines_by_amount"),
        ),
        migrations.AddIndex(
            model_name="collectionline",
            index=models.Index(
                condition=models.Q(("state__in", ["planned", "sent"])),
                fields=["customer"],
                name="collection_lines_live",
            ),
        ),
        migrations.AddIndex(
            model_name="collectionline",
            index=models.Index(
                condition=models.Q(("state", "unpaid")), fields=["customer"], name="collection_lines_unpaid"
            ),
        ),
        migrations.AddIndex(
            model_name="collectionresult",
            index=models.Index(
                condition=models.Q(("booked_at", None), ("line__isnull", False)),
                fields=["line"],
                name="results_to_book",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="collectionrules",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_add",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("only", "only", "flag"),
                        ("second_person", "second_person", "flag"),
                        ("unusual_factor", "unusual_factor", "plain"),
                        ("minimum", "minimum", "plain"),
                        ("unpaid_limit", "unpaid_limit", "plain"),
                        ("dispute_limit", "dispute_limit", "plain"),
                    ],
                    hash="7d3f1722bfee36d7b51f3a579073b4953e860fe3",
                    model="billing.collectionrules",
                    operation="INSERT",
                    pgid="pgtrigger_audit_add_a081c",
                    table="billing_collectionrules",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="collectionrules",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_change",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("only", "only", "flag"),
                        ("second_person", "second_person", "flag"),
                        ("unusual_factor", "unusual_factor", "plain"),
                        ("minimum", "minimum", "plain"),
                        ("unpaid_limit", "unpaid_limit", "plain"),
                        ("dispute_limit", "dispute_limit", "plain"),
                    ],
                    hash="1b15572d2e596a6f32928479212f9a736cbe1806",
                    model="billing.collectionrules",
                    operation="UPDATE",
                    pgid="pgtrigger_audit_change_a2247",
                    table="billing_collectionrules",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="collectionrules",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_remove",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("only", "only", "flag"),
                        ("second_person", "second_person", "flag"),
                        ("unusual_factor", "unusual_factor", "plain"),
                        ("minimum", "minimum", "plain"),
                        ("unpaid_limit", "unpaid_limit", "plain"),
                        ("dispute_limit", "dispute_limit", "plain"),
                    ],
                    hash="0238eb4741540eb5da73737a537fc04cbe7a2e5c",
                    model="billing.collectionrules",
                    operation="DELETE",
                    pgid="pgtrigger_audit_remove_21d1d",
                    table="billing_collectionrules",
                ),
            ),
        ),
        migrations.AddField(
            model_name="debitnotice",
            name="customer",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="customers.customer",
            ),
        ),
        migrations.AddField(
            model_name="debitnotice",
            name="queued_by",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddIndex(
            model_name="debitnotice",
            index=models.Index(
                condition=models.Q(("sent_on", None)), fields=["id"], name="debit_notices_to_send"
            ),
        ),
        migrations.AddConstraint(
            model_name="debitnotice",
            constraint=models.UniqueConstraint(
                fields=("customer", "action_date", "amount"), name="debit_announced_once"
            ),
        ),
    ]
