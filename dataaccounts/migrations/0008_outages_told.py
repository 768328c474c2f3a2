"""Editions of what customers read of an outage, the right to tell them, and when it can be."""

from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("dataaccounts", "0007_allowance_rights")]

    operations = [
        migrations.AlterModelOptions(
            name="outage",
            options={
                "default_permissions": ("view", "add", "change"),
                "ordering": ["-starts_at"],
                "permissions": [("tell_outage", "Can tell customers of outages")],
            },
        ),
        migrations.AddField(
            "outage",
            "edition",
            models.PositiveSmallIntegerField(
                db_default=1,
                default=1,
                editable=False,
                help_text="Rises when what customers read changes: so each is told each edition once.",
            ),
        ),
        migrations.AddIndex("outage", models.Index(fields=["starts_at", "id"], name="outages_by_start")),
        migrations.AddConstraint(
            "outage",
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gt=F("starts_at")), name="outage_ends_after_it_starts"
            ),
        ),
        migrations.AddConstraint(
            "outage",
            models.CheckConstraint(
                condition=Q(kind="outage") | Q(ends_at__isnull=False), name="maintenance_has_an_end"
            ),
        ),
    ]
