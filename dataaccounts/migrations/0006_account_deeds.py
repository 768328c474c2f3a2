"""Rights to deeds on accounts, indexes of their list, and at which price a package changes."""

import django.core.validators
from django.db import migrations, models
from django.db.models import Q

import herotill.money

LISTED = (
    (("username", "id"), "accounts_by_name"),
    (("state", "username", "id"), "accounts_by_state"),
    (("package", "username", "id"), "accounts_of_package"),
    (("highsite", "username", "id"), "accounts_of_highsite"),
    (("sector", "username", "id"), "accounts_of_sector"),
    (("expires_at", "id"), "accounts_by_expiry"),
)


class Migration(migrations.Migration):
    dependencies = [("dataaccounts", "0005_live")]

    operations = [
        migrations.AlterModelOptions(
            name="dataaccount",
            options={
                "ordering": ["username"],
                "permissions": [
                    ("activate_dataaccount", "Can activate data accounts"),
                    ("suspend_dataaccount", "Can suspend and restore data accounts"),
                    ("cancel_dataaccount", "Can cancel data accounts"),
                    ("reveal_password", "Can see the password of a data account"),
                    ("export_dataaccounts", "Can export large lists of data accounts"),
                ],
                "verbose_name": "data account",
            },
        ),
        *(
            migrations.AddIndex("dataaccount", models.Index(fields=fields, name=name))
            for fields, name in LISTED
        ),
        migrations.AddIndex(
            "dataaccount",
            models.Index(
                fields=["ends_on"],
                name="accounts_to_end",
                condition=Q(ends_on__isnull=False) & ~Q(state="cancelled"),
            ),
        ),
        migrations.AddField(
            "packagechange",
            "price",
            herotill.money.MoneyField(
                blank=True,
                decimal_places=2,
                max_digits=14,
                null=True,
                validators=[django.core.validators.MinValueValidator(0)],
                verbose_name="price of its own from then on",
            ),
        ),
        migrations.AddField(
            "packagechange",
            "keeps_price",
            models.BooleanField(db_default=False, default=False, verbose_name="keeps the price of its own"),
        ),
    ]
