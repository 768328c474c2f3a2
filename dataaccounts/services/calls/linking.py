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
    """Say that a caller nobody knew is a line, in whichever way it is written, and rate its calls.

    Returns how many became calls to bill. Holds for later files too. Where it was said to be another line, the calls
    leave that; without a line they wait again. Raises DomainError for a line whose calls never came from there, and
    where a call that would leave is charged.
    """
    if line is not None and not reading.lines_for(caller).filter(pk=line.pk).exists():
        raise DomainError(f"Calls of {line} come from {line.source}, not from {caller.source}.")
    hold_sources()
    ways = [one.pk for one in reading.alike(caller)]
    held = list(VoiceCaller.objects.select_for_update().filter(pk__in=ways).order_by("pk"))
    was = next(one.line_id for one in held if one.pk == caller.pk)
    return sum(_linked(one, line, actor, now) for one in held if one.line_id == was)


def _linked(caller: VoiceCaller, line: VoiceLine | None, actor: User | None, now: datetime) -> int:
    if caller.line_id and caller.line_id != (line.pk if line else None):
        give_back_of(caller=caller, line=caller.line_id)
    caller.line, caller.linked_by, caller.linked_at = line, actor, now
    caller.save(update_fields=["line", "linked_by", "linked_at"])
    return settle(caller=caller)
