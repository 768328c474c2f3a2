"""The open session at an address: who is led to the page for suspended customers."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("dataaccounts", "0015_staff_packages_right"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="session",
            index=models.Index(
                condition=models.Q(("stopped_at", None)),
                fields=["ip_address"],
                name="radacct_open_at_address",
            ),
        ),
    ]
