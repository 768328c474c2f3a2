"""When a ticket's personal data was blanked, and the right to see the helpdesk's figures."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("helpdesk", "0001_begin")]

    operations = [
        migrations.AlterModelOptions(
            name="helpdeskrules",
            options={
                "default_permissions": ("view", "change"),
                "permissions": [("see_helpdesk_reports", "Can see the figures of the helpdesk")],
                "verbose_name": "helpdesk settings",
                "verbose_name_plural": "helpdesk settings",
            },
        ),
        migrations.AddField(
            model_name="ticket",
            name="forgotten_on",
            field=models.DateField(editable=False, help_text="When what is personal was blanked.", null=True),
        ),
    ]
