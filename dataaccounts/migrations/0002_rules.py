"""What the database itself holds to about data accounts."""

from django.db import migrations

# No day of an account has two packages. One range of whole numbers stands for account and days together, since
# an exclusion over two columns of different kinds would need an extension.
SPANS = """
ALTER TABLE dataaccounts_servicespan ADD CONSTRAINT one_span_a_day EXCLUDE USING gist (
    int8range(account_id * 10000000 + (starts_on - date '2000-01-01'),
              account_id * 10000000 + (coalesce(ends_on, date '9999-12-31') - date '2000-01-01') + 1) WITH &&
);
"""
RULES = "INSERT INTO dataaccounts_networkrules DEFAULT VALUES;"


class Migration(migrations.Migration):
    dependencies = [("dataaccounts", "0001_initial")]

    operations = [
        migrations.RunSQL(SPANS, "ALTER TABLE dataaccounts_servicespan DROP CONSTRAINT one_span_a_day"),
        migrations.RunSQL(RULES, "DELETE FROM dataaccounts_networkrules"),
    ]
