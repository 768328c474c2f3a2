from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("billing", "0043_items_that_wait")]

    operations = [
        migrations.AddField(
            model_name="batchtouch",
            name="is_hand",
            field=models.BooleanField(
                db_default=True,
                default=True,
                help_text="Not so where it was only released, sent or authorised.",
            ),
        ),
    ]
