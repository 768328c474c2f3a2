"""Callers linked with lines by hand, and led elsewhere where that was wrong."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from dataaccounts.models import VoiceCaller, VoiceLine
from dataaccounts.selectors import calls as reading
from dataaccounts.services.calls.given_back import give_back_of, hold_sources
from dataaccounts.services.calls.rated_again import settle
from herotill.errors import DomainError
from herotill.users.models import User


@transaction.atomic
def link(*, caller: VoiceCaller, line: VoiceLine | None, actor: User | None, now: datetime) -> int:
    """Say that a caller nobody knew is a line, and rate its calls; how many became calls to bill.

    Holds for later files too. Where it was said to be another line, the calls leave that; without a line they wait
    again. Raises DomainError for a line whose calls never came from there, and where a call that would leave is
    charged.
    """
    if line is not None and not reading.lines_for(caller).filter(pk=line.pk).exists():
        raise DomainError(f"Calls of {line} come from {line.source}, not from {caller.source}.")
    hold_sources()
    held = VoiceCaller.objects.select_for_update().get(pk=caller.pk)
    if held.line_id and held.line_id != (line.pk if line else None):
        give_back_of(caller=held, line=held.line_id)
    held.line, held.linked_by, held.linked_at = line, actor, now
    held.save(update_fields=["line", "linked_by", "linked_at"])
    return settle(caller=held)
