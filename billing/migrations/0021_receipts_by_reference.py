import django.contrib.postgres.indexes
from django.db import migrations, models
from django.db.models.functions import Upper


class Migration(migrations.Migration):
    dependencies = [("billing", "0020_open_items_of_documents")]
    operations = [
        migrations.AddIndex(
            model_name="receipt",
            index=models.Index(
                django.contrib.postgres.indexes.OpClass(Upper("reference"), name="text_pattern_ops"),
                name="receipts_by_reference",
            ),
        ),
        migrations.AddIndex(
            model_name="document",
            index=django.contrib.postgres.indexes.BrinIndex(
                fields=["run_id"], name="documents_of_run", autosummarize=True, pages_per_range=32
            ),
        ),
    ]
