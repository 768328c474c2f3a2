"""A card payment begun by a form is one, a line is charged once, and notices wait to be decided."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


KEPT = """
CREATE TRIGGER card_notice_is_kept BEFORE DELETE ON billing_cardnotice FOR EACH ROW
    EXECUTE FUNCTION billing_refuse('card_notice_is_kept', 'A notice of a gateway is kept whatever it was worth.');
CREATE TRIGGER card_attempt_is_kept BEFORE DELETE ON billing_cardattempt FOR EACH ROW
    EXECUTE FUNCTION billing_refuse('card_attempt_is_kept', 'A card payment that was begun is never deleted.');
"""
GONE = """
DROP TRIGGER card_notice_is_kept ON billing_cardnotice;
DROP TRIGGER card_attempt_is_kept ON billing_cardattempt;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0035_cancellations"),
        ("customers", "0007_doubts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="cardattempt",
            name="card",
            field=models.ForeignKey(
                db_index=False,
                help_text="The stored card that is charged.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="attempts",
                to="billing.storedcard",
            ),
        ),
        migrations.AddField(
            model_name="cardattempt",
            name="claimed_at",
            field=models.DateTimeField(
                help_text="When the gateway began to be asked to charge; it is asked once.", null=True
            ),
        ),
        migrations.AddField(
            model_name="cardattempt",
            name="form_key",
            field=models.CharField(
                db_collation="C", help_text="Which sending of a form began it.", max_length=40, null=True
            ),
        ),
        migrations.AddField(
            model_name="cardnotice",
            name="decided_at",
            field=models.DateTimeField(help_text="When it was decided what it is worth.", null=True),
        ),
        migrations.AddField(
            model_name="cardnotice",
            name="next_try_at",
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
        ),
        migrations.AddField(
            model_name="cardnotice",
            name="tries",
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddIndex(
            model_name="cardattempt",
            index=models.Index(
                condition=models.Q(("state", "started")), fields=["id"], name="card_attempts_open"
            ),
        ),
        migrations.AddIndex(
            model_name="cardnotice",
            index=models.Index(
                condition=models.Q(("decided_at", None)),
                fields=["next_try_at", "id"],
                name="card_notices_to_decide",
            ),
        ),
        migrations.AddConstraint(
            model_name="cardattempt",
            constraint=models.UniqueConstraint(fields=("proof_hash",), name="card_attempt_proof_once"),
        ),
        migrations.AddConstraint(
            model_name="cardattempt",
            constraint=models.UniqueConstraint(fields=("form_key",), name="card_attempt_of_a_form_once"),
        ),
        migrations.AddConstraint(
            model_name="cardattempt",
            constraint=models.UniqueConstraint(fields=("line",), name="a_line_is_charged_once"),
        ),
        migrations.AddConstraint(
            model_name="cardattempt",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "paid"), _negated=True),
                    ("receipt__isnull", False),
                    ("line__isnull", False),
                    _connector="OR",
                ),
                name="paid_attempt_has_its_receipt",
            ),
        ),
        migrations.AddConstraint(
            model_name="cardattempt",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("purpose", "stored"), _negated=True), ("card__isnull", False), _connector="OR"
                ),
                name="stored_attempt_names_its_card",
            ),
        ),
        migrations.RunSQL(KEPT, GONE),
    ]
