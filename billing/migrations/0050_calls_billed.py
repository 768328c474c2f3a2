from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0049_sage_down"),
    ]

    operations: list = []
