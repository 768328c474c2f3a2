"""Who is prepaid is let in by a bundle only, so until some moment."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("dataaccounts", "0008_outages_told")]

    operations = [
        migrations.RunSQL(
            "UPDATE dataaccounts_dataaccount SET expires_at = now() WHERE prepaid AND expires_at IS NULL",
            migrations.RunSQL.noop,
        ),
        migrations.AddConstraint(
            model_name="dataaccount",
            constraint=models.CheckConstraint(
                condition=models.Q(prepaid=False) | models.Q(expires_at__isnull=False),
                name="prepaid_lasts_until",
            ),
        ),
    ]
