"""A form sent twice gives a topping once."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("dataaccounts", "0013_usage_by_month")]

    operations = [
        migrations.AddField(
            model_name="topping",
            name="token",
            field=models.CharField(db_collation="C", editable=False, max_length=40, null=True),
        ),
        migrations.AddConstraint(
            model_name="topping",
            constraint=models.UniqueConstraint(fields=("token",), name="topping_given_once"),
        ),
    ]
