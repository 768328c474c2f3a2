"""Lists that programs read are on record as exports are."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("house", "0016_moving_in")]

    operations = [
        migrations.AlterField(
            model_name="export",
            name="file_format",
            field=models.CharField(
                choices=[("csv", "CSV"), ("xlsx", "XLSX"), ("pdf", "PDF"), ("api", "API")], max_length=4
            ),
        ),
        migrations.RemoveConstraint(model_name="export", name="export_format_known"),
        migrations.AddConstraint(
            model_name="export",
            constraint=models.CheckConstraint(
                condition=models.Q(file_format__in=["csv", "xlsx", "pdf", "api"]), name="export_format_known"
            ),
        ),
    ]
