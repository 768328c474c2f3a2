"""A price of an item's own ends: from a day on the price list counts again."""

import django.core.validators
from django.db import migrations

import herotill.money


class Migration(migrations.Migration):
    dependencies = [("billing", "0017_sums_and_indexes_for_reports")]

    operations = [
        migrations.AlterField(
            model_name="itemprice",
            name="amount",
            field=herotill.money.MoneyField(
                decimal_places=2,
                max_digits=14,
                null=True,
                validators=[django.core.validators.MinValueValidator(0)],
            ),
        )
    ]
