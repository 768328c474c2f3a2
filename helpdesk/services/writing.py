"""Writing what changed of tickets that are held."""

from __future__ import annotations

from collections.abc import Collection

from helpdesk.models import Ticket

AT_ONCE = 1000


def write(tickets: Collection[Ticket], fields: Collection[str]) -> None:
    """Write these fields. Making the statement for many takes as long as all else that a mail does to one."""
    if len(tickets) == 1:
        next(iter(tickets)).save(update_fields=fields)
    elif tickets:
        Ticket.objects.bulk_update(tickets, fields, batch_size=AT_ONCE)
