from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("dataaccounts", "0018_portal"),
        ("house", "0015_outward"),
    ]

    operations: list = []
