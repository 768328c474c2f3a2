"""Whose sessions went over a router is found along an index: whom its outage affects is asked of them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("dataaccounts", "0016_sessions_by_address")]

    operations = [
        migrations.AddIndex(
            "session", models.Index(fields=["nas_address", "username"], name="radacct_at_nas")
        ),
    ]
