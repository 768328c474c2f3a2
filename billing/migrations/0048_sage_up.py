from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0047_notices_by_sms_audited"),
        ("house", "0015_outward"),
    ]

    operations: list = []
