"""Mail is found by its key, its sender, its customer and the post it became, without reading all of it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("helpdesk", "0006_customers_choose"),
    ]

    operations = [
        migrations.AlterField(
            model_name="inboundmail",
            name="key",
            field=models.CharField(
                db_collation="C",
                help_text="SHA-256 of its Message-ID, or of what it is known by without one, or of all that was refused.",
                max_length=64,
            ),
        ),
        migrations.AddIndex(
            model_name="inboundmail",
            index=models.Index(fields=["key"], name="mail_by_key"),
        ),
        migrations.AddIndex(
            model_name="inboundmail",
            index=models.Index(
                condition=models.Q(("post__isnull", False)), fields=["post"], name="mail_of_post"
            ),
        ),
        migrations.AddIndex(
            model_name="inboundmail",
            index=models.Index(
                condition=models.Q(("customer__isnull", False)),
                fields=["customer"],
                name="mail_of_customer",
            ),
        ),
        migrations.AddIndex(
            model_name="inboundmail",
            index=models.Index(fields=["sender"], name="mail_of_sender"),
        ),
    ]
