"""Equipment of a job says whether the customer's register has it from that job."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("workflow", "0020_left_out")]

    operations = [
        migrations.AddField(
            model_name="jobequipment",
            name="made_here",
            field=models.BooleanField(
                db_default=False,
                default=False,
                editable=False,
                help_text="The register has it from this job; else it stood there before.",
            ),
        ),
    ]
