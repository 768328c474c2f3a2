"""Packages for staff are given by who has the right."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("dataaccounts", "0014_toppings_given_once")]

    operations = [
        migrations.AlterModelOptions(
            name="package",
            options={
                "ordering": ["name_key"],
                "permissions": [("give_staff_package", "Can give data accounts packages for staff")],
            },
        ),
    ]
