"""Sessions that are worked on: whose turn a router is, how well radios are heard, indexes and rights of their screens."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("dataaccounts", "0003_radius"), ("dataaccounts", "0004_usage")]

    operations = [
        migrations.CreateModel(
            name="NasTurn",
            fields=[
                (
                    "nas",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="turn",
                        serialize=False,
                        to="dataaccounts.nas",
                    ),
                ),
                ("busy_until", models.DateTimeField()),
                ("polled_at", models.DateTimeField(null=True)),
                ("poll_said", models.CharField(blank=True, db_default="", default="", max_length=200)),
            ],
            options={"verbose_name": "turn at a NAS"},
        ),
        migrations.CreateModel(
            name="SignalReading",
            fields=[
                (
                    "account",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="signal",
                        serialize=False,
                        to="dataaccounts.dataaccount",
                    ),
                ),
                ("dbm", models.SmallIntegerField(verbose_name="signal strength, dBm")),
                ("read_at", models.DateTimeField()),
                (
                    "nas",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="signals",
                        to="dataaccounts.nas",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=Q(dbm__gte=-128, dbm__lte=0), name="signal_in_dbm")
                ]
            },
        ),
        migrations.AlterModelOptions(
            name="session",
            options={
                "permissions": [
                    ("cut_session", "Can disconnect sessions"),
                    ("ping_session", "Can ping routers and sessions"),
                    ("export_sessions", "Can export large lists of sessions"),
                ]
            },
        ),
        migrations.AddIndex(
            model_name="session",
            index=models.Index(
                fields=["started_at", "id"], name="radacct_open_by_start", condition=Q(stopped_at=None)
            ),
        ),
        migrations.AddIndex(
            model_name="sessionorder",
            index=models.Index(fields=["ordered_at", "id"], name="session_orders_by_time"),
        ),
    ]
