"""Mails about log-ins go through the outbox; links that are owed still get their mail."""

from django.db import migrations

OWED = """
INSERT INTO outbox_message (template, channel, purpose, rank, address, subject_kind, subject_id, queued_by)
SELECT door || '-link', 'email', 'portal', 10, email, 'access_link', id, asked_by_id FROM users_accesslink
WHERE sent_at IS NULL AND ended_at IS NULL AND used_at IS NULL AND user_id IS NOT NULL
"""


class Migration(migrations.Migration):
    dependencies = [("users", "0005_role_manager"), ("outbox", "0001_initial")]
    operations = [
        migrations.RunSQL(OWED, migrations.RunSQL.noop),
        migrations.DeleteModel(name="SecurityMail"),
        migrations.RemoveField(model_name="accesslink", name="tries"),
    ]
