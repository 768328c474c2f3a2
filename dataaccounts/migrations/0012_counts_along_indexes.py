"""How many accounts a package or a highsite has is counted along an index, and sessions ended here are found by one."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("dataaccounts", "0011_import_and_report_rights")]

    operations = [
        migrations.RemoveIndex("dataaccount", "accounts_of_package"),
        migrations.RemoveIndex("dataaccount", "accounts_of_highsite"),
        migrations.AddIndex(
            "dataaccount",
            models.Index(fields=["package", "username", "id"], include=["state"], name="accounts_of_package"),
        ),
        migrations.AddIndex(
            "dataaccount",
            models.Index(
                fields=["highsite", "username", "id"], include=["state"], name="accounts_of_highsite"
            ),
        ),
        migrations.AddIndex(
            "session",
            models.Index(
                fields=["stopped_at"],
                condition=models.Q(terminate_cause="Stale-Session", stopped_at__isnull=False),
                name="radacct_ended_here",
            ),
        ),
    ]
