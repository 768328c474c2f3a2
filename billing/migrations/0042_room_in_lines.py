"""Lines of batches are changed where they lie: each goes through planned, sent and its result."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("billing", "0041_blanked_by_law")]
    operations = [
        migrations.RunSQL(
            "ALTER TABLE billing_collectionline SET (fillfactor = 60);"
            "ALTER TABLE billing_collectedentry SET (fillfactor = 80)",
            "ALTER TABLE billing_collectionline RESET (fillfactor);"
            "ALTER TABLE billing_collectedentry RESET (fillfactor)",
        )
    ]
