"""Mail that ends whoever reads it is not begun for ever; mail is found by its subject; a wish opens a ticket."""

import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("helpdesk", "0007_mail_found_again"),
    ]

    operations = [
        migrations.CreateModel(
            name="FetchTry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "mailbox",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tries",
                        to="helpdesk.mailbox",
                    ),
                ),
                (
                    "message",
                    models.CharField(
                        db_collation="C", help_text="Its UID and size in the mailbox.", max_length=40
                    ),
                ),
                ("count", models.PositiveSmallIntegerField(db_default=1, default=1)),
            ],
            options={
                "verbose_name_plural": "fetch tries",
                "default_permissions": (),
            },
        ),
        migrations.AddConstraint(
            model_name="fetchtry",
            constraint=models.UniqueConstraint(
                fields=("mailbox", "message"), name="one_count_of_fetch_tries"
            ),
        ),
        migrations.AddIndex(
            model_name="inboundmail",
            index=models.Index(
                django.contrib.postgres.indexes.OpClass(
                    django.db.models.functions.text.Upper("subject"), name="text_pattern_ops"
                ),
                name="mail_by_subject",
            ),
        ),
        migrations.AlterField(
            model_name="ticket",
            name="origin",
            field=models.CharField(
                choices=[
                    ("staff", "Staff"),
                    ("portal", "Portal"),
                    ("email", "Email"),
                    ("rating", "Rating"),
                    ("cancellation", "Denied cancellation"),
                    ("job", "Failed job"),
                    ("wish", "Wish to be forgotten"),
                ],
                db_collation="C",
                default="staff",
                editable=False,
                max_length=12,
            ),
        ),
    ]
