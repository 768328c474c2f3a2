from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("house", "0015_outward"),
        ("users", "0003_rules"),
    ]

    operations: list = []
