from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("billing", "0044_deeds_on_batches")]

    operations = [
        migrations.AddField(
            model_name="suspensionrules",
            name="notices_by_sms",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="Besides the mail, to the numbers of those who get debt messages. Each SMS costs.",
                verbose_name="notices by SMS too",
            ),
        ),
    ]
