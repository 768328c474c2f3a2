"""A job card keeps what began with it, which the first invoice takes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("workflow", "0011_moves_kept")]

    operations = [
        migrations.AddField(
            model_name="jobcard",
            name="begun",
            field=models.JSONField(
                db_default=[],
                default=list,
                editable=False,
                help_text="Source and number of each thing that is billed, as the first invoice takes them.",
                verbose_name="what began with it",
            ),
        ),
    ]
