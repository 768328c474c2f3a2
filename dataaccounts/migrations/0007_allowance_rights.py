"""Rights that are not about a row of a table as such."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("dataaccounts", "0006_account_deeds")]

    operations = [
        migrations.AlterModelOptions(
            name="topping",
            options={
                "ordering": ["-added_at", "-id"],
                "permissions": [("give_topping", "Can give data free")],
            },
        ),
        migrations.AlterModelOptions(
            name="voucherbatch",
            options={
                "ordering": ["-id"],
                "verbose_name_plural": "voucher batches",
                "permissions": [
                    ("print_vouchers", "Can print and export voucher codes"),
                    ("redeem_voucher", "Can redeem vouchers for customers"),
                ],
            },
        ),
    ]
