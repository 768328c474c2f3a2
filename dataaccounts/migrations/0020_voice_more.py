from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("dataaccounts", "0019_voice"),
    ]

    operations: list = []
