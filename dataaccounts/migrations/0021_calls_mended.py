"""Lines that never became active, files whose calls later ones repeat, and accounts that are one line's on any day."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import herotill.money
from django.db import migrations, models

# The account's number stands for source and text, as with numbers: one range for account and days together.
ACCOUNTS = """
ALTER TABLE dataaccounts_voiceline ADD CONSTRAINT voice_account_once_a_day EXCLUDE USING gist (
    numrange(hashtextextended(source_id::text || ':' || lower(account), 0)::numeric * 10000000
                 + (starts_on - date '2000-01-01'),
             hashtextextended(source_id::text || ':' || lower(account), 0)::numeric * 10000000
                 + (coalesce(ends_on, date '9999-12-31') - date '2000-01-01') + 1) WITH &&
) WHERE (account <> '');
"""
BACK = "ALTER TABLE dataaccounts_voiceline DROP CONSTRAINT voice_account_once_a_day;"

FIRST = """
UPDATE dataaccounts_callfile f SET first_on = c.day
FROM (SELECT file_id, min(day) AS day FROM dataaccounts_call GROUP BY file_id) c WHERE c.file_id = f.id;
"""


class Migration(migrations.Migration):
    dependencies = [("dataaccounts", "0020_voice_more")]

    operations = [
        migrations.AddField(
            model_name="voiceline",
            name="never_active",
            field=models.BooleanField(db_default=False, default=False, editable=False),
        ),
        migrations.AddField(
            model_name="callfile",
            name="repeats",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.BigIntegerField(), db_default=[], default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name="callfile",
            name="left_out",
            field=models.IntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="callfile",
            name="first_on",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="callfile",
            name="thinned_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddIndex(
            model_name="call",
            index=django.contrib.postgres.indexes.BrinIndex(
                autosummarize=True, fields=["day"], name="calls_by_day"
            ),
        ),
        migrations.RunSQL(FIRST, migrations.RunSQL.noop),
        migrations.CreateModel(
            name="VoiceTerm",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("ends_on", models.DateField(verbose_name="last day")),
                ("rental", herotill.money.MoneyField(decimal_places=2, max_digits=14, null=True)),
                (
                    "line",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="terms",
                        to="dataaccounts.voiceline",
                    ),
                ),
                (
                    "package",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="dataaccounts.voicepackage",
                    ),
                ),
            ],
            options={
                "ordering": ["line", "ends_on"],
                "default_permissions": (),
            },
        ),
        migrations.AddConstraint(
            model_name="voiceterm",
            constraint=models.UniqueConstraint(fields=("line", "ends_on"), name="voice_term_once_a_day"),
        ),
        migrations.AddField(
            model_name="callcharge",
            name="place",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.RemoveConstraint(model_name="callcharge", name="call_charge_once_a_month"),
        migrations.AddConstraint(
            model_name="callcharge",
            constraint=models.UniqueConstraint(
                fields=("line", "month", "place"), name="call_charge_once_a_place"
            ),
        ),
        migrations.RemoveConstraint(model_name="voiceline", name="voice_account_once"),
        migrations.RunSQL(ACCOUNTS, BACK),
    ]
