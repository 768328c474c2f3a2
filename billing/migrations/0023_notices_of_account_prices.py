"""Notices of rises of a data account's own price."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("billing", "0022_numbers_follow_on"), ("dataaccounts", "0006_account_deeds")]

    operations = [
        migrations.RemoveConstraint("pricenotice", "notice_of_one_price"),
        migrations.AddField(
            "pricenotice",
            "account_price",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="notices",
                to="dataaccounts.accountprice",
            ),
        ),
        migrations.AddConstraint(
            "pricenotice",
            models.UniqueConstraint(
                fields=["account_price"],
                condition=Q(account_price__isnull=False),
                name="account_price_told_once",
            ),
        ),
        migrations.AddConstraint(
            "pricenotice",
            models.CheckConstraint(
                condition=Q(price__isnull=False, item_price=None, account_price=None)
                | Q(price=None, item_price__isnull=False, account_price=None)
                | Q(price=None, item_price=None, account_price__isnull=False),
                name="notice_of_one_price",
            ),
        ),
    ]
