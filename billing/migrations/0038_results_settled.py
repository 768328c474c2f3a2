from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0037_service_keys_stand"),
    ]

    operations = [
        migrations.AddField(
            model_name="collectionresult",
            name="settled_as",
            field=models.CharField(
                blank=True, db_default="", default="", help_text="What a person said it is.", max_length=200
            ),
        ),
    ]
