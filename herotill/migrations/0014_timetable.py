from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("house", "0013_facts_are_blanked"),
    ]

    operations: list = []
