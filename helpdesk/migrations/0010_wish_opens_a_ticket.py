"""A ticket may have been opened by a wish to be forgotten."""

from django.db import migrations

KNOWN = """
ALTER TABLE helpdesk_ticket DROP CONSTRAINT ticket_origin_known, ADD CONSTRAINT ticket_origin_known CHECK (
    origin IN ('staff', 'portal', 'email', 'rating', 'cancellation', 'job'{}));
"""


class Migration(migrations.Migration):
    dependencies = [
        ("helpdesk", "0009_tickets_walked"),
    ]

    operations = [
        migrations.RunSQL(KNOWN.format(", 'wish'"), KNOWN.format("")),
    ]
