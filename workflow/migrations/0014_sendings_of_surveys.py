"""Technicians' phones send surveys, too."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("workflow", "0013_leads_kept")]

    operations = [
        migrations.AlterField(
            model_name="jobsending",
            name="job",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="sendings",
                to="workflow.jobcard",
            ),
        ),
        migrations.AddField(
            model_name="jobsending",
            name="survey",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="sendings",
                to="workflow.survey",
            ),
        ),
        migrations.AddConstraint(
            model_name="jobsending",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("job__isnull", True), ("survey__isnull", False)),
                    models.Q(("job__isnull", False), ("survey__isnull", True)),
                    _connector="OR",
                ),
                name="sending_for_one_thing",
            ),
        ),
    ]
