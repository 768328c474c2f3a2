from django.db import migrations, models


class Migration(migrations.Migration):
    """A snapshot keeps the names of the sub-accounts that the print shows."""

    dependencies = [("billing", "0006_grounds_rules")]

    operations = [
        migrations.AddField(
            model_name="snapshot",
            name="subs",
            field=models.JSONField(null=True, verbose_name="sub-accounts whose lines it shows, by id"),
        ),
    ]
