from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("outbox", "0002_wording_gateways_consent")]
    operations = [
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("address", ""), _negated=True), fields=["address"], name="outbox_to"
            ),
        ),
    ]
