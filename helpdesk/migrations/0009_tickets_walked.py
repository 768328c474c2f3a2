"""The lists of all tickets and of closed ones are walked by what is due next, and by who sees to them."""

import django.db.models.functions.comparison
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("helpdesk", "0008_mail_tried"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(fields=["assignee", "id"], name="tickets_given"),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                models.Case(
                    models.When(state="closed", then=None),
                    models.When(
                        answered_at=None,
                        then=django.db.models.functions.comparison.Least("answer_due_at", "solve_due_at"),
                    ),
                    default=models.F("solve_due_at"),
                ),
                models.F("id"),
                name="tickets_by_next_due",
            ),
        ),
    ]
