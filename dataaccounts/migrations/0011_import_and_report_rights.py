"""Rights that are not about a row of a table as such."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("dataaccounts", "0010_rules_watched_whole")]

    operations = [
        migrations.AlterModelOptions(
            name="dataaccount",
            options={
                "verbose_name": "data account",
                "ordering": ["username"],
                "permissions": [
                    ("activate_dataaccount", "Can activate data accounts"),
                    ("suspend_dataaccount", "Can suspend and restore data accounts"),
                    ("cancel_dataaccount", "Can cancel data accounts"),
                    ("reveal_password", "Can see the password of a data account"),
                    ("export_dataaccounts", "Can export large lists of data accounts"),
                    ("import_dataaccounts", "Can import packages, data accounts and old user names"),
                    ("see_usage_reports", "Can see reports of usage"),
                ],
            },
        ),
    ]
