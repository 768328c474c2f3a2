from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("house", "0014_timetable"),
    ]

    operations: list = []
