"""A line of a quote knows that it is what the survey found; a quote has one."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("workflow", "0018_forgotten_surveys")]

    operations = [
        migrations.AddField(
            model_name="quoteline",
            name="of_survey",
            field=models.BooleanField(
                db_default=False,
                default=False,
                editable=False,
                help_text="The list price is what the survey found it costs.",
                verbose_name="found by the survey",
            ),
        ),
        migrations.AddConstraint(
            model_name="quoteline",
            constraint=models.UniqueConstraint(
                condition=models.Q(("of_survey", True)), fields=("quote",), name="survey_cost_once_a_quote"
            ),
        ),
    ]
