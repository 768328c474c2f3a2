"""Usage by account and month, so that a report of a year reads no days."""

from django.db import migrations, models

MONTHS = """
CREATE TABLE dataaccounts_usagemonth (
    month date NOT NULL CONSTRAINT usage_month_by_its_first_day CHECK (extract(day FROM month) = 1),
    account_id bigint NOT NULL,
    download bigint NOT NULL,
    upload bigint NOT NULL,
    counted_at timestamptz NOT NULL,
    PRIMARY KEY (month, account_id)
);
"""


class Migration(migrations.Migration):
    dependencies = [("dataaccounts", "0012_counts_along_indexes")]

    operations = [
        migrations.RunSQL(MONTHS, "DROP TABLE dataaccounts_usagemonth"),
        migrations.CreateModel(
            name="UsageMonth",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "month", "account", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("month", models.DateField()),
                ("download", models.BigIntegerField()),
                ("upload", models.BigIntegerField()),
                ("counted_at", models.DateTimeField()),
            ],
            options={"db_table": "dataaccounts_usagemonth", "managed": False},
        ),
    ]
