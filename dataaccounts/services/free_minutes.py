"""Free minutes of voice packages and lines: given, changed and ended, from a month on."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from dataaccounts.models import VoiceBundle, VoiceLine, VoicePackage
from dataaccounts.selectors import free_minutes as reading
from dataaccounts.services import calls
from herotill.errors import DomainError
from herotill.months import Month


@transaction.atomic
def give(
    *, whose: VoicePackage | VoiceLine, call_class: str, minutes: int, month: Month, today: date
) -> VoiceBundle:
    """Have a line, or each line of a package, so many minutes of a class free in each month from one on.

    What was meant for later months goes. Calls that nobody charged are priced anew; charged ones stay. Raises
    DomainError for a month before the last.
    """
    return _from(whose, call_class, minutes, month, today)


@transaction.atomic
def end(*, whose: VoicePackage | VoiceLine, call_class: str, month: Month, today: date) -> VoiceBundle:
    """Give no more free minutes of a class from a month on; a line has its package's again.

    Raises DomainError for a month before the last, and where there are none by then.
    """
    held = [one for one in reading.own(whose, today) if one.call_class == call_class]
    if not any(one.minutes is not None or one.coming for one in held):
        raise DomainError(f"There are no free minutes of {call_class} to end.")
    return _from(whose, call_class, None, month, today)


def _from(
    whose: VoicePackage | VoiceLine, call_class: str, minutes: int | None, month: Month, today: date
) -> VoiceBundle:
    earliest = Month.of(today).plus(-1)
    if month < earliest:
        raise DomainError(f"{earliest.label} is the first month that can still be changed.", field="month")
    calls.hold_sources()
    type(whose).objects.select_for_update().get(pk=whose.pk)
    of = {"package": whose} if isinstance(whose, VoicePackage) else {"line": whose}
    VoiceBundle.objects.filter(**of, call_class=call_class, month__gt=month.first).delete()
    kept, _ = VoiceBundle.objects.update_or_create(
        **of, call_class=call_class, month=month.first, defaults={"minutes": minutes}
    )
    calls.give_from(first=month.first, **{name: one.pk for name, one in of.items()})
    return kept
