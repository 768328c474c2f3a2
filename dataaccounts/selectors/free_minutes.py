"""What is read of free minutes: what packages and lines give, since when, what is to come, and what is used."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Q, Sum

from dataaccounts.models import Call, DeckRow, VoiceBundle, VoiceLine, VoicePackage
from dataaccounts.models.voice import ALWAYS
from herotill.months import Month

Used = tuple[int, str, str]  # the customer, a number of theirs, and the class of calls


@dataclass(frozen=True, slots=True)
class Free:
    """Minutes of a class that are free in a month; None where there are none, or only later. `used` in seconds.

    `since` is the month they hold from, None from the start; `coming` are the changes of later months.
    """

    call_class: str
    minutes: int | None
    since: Month | None
    coming: tuple[tuple[Month, int | None], ...] = ()
    own: bool = True
    used: int = 0

    @property
    def used_minutes(self) -> int:
        """Whole minutes, one begun counts as one."""
        return -(-self.used // 60)


def own(whose: VoicePackage | VoiceLine, today: date) -> list[Free]:
    """What a package or line gives by itself, by class; what ended and comes no more is left out."""
    of = {"package": whose} if isinstance(whose, VoicePackage) else {"line": whose}
    return _in_force(VoiceBundle.objects.filter(**of), Month.of(today))


def of_lines(lines: Sequence[VoiceLine], today: date) -> dict[int, list[Free]]:
    """What lines have free this month, their own or their package's, with what is used of it; two queries.

    What their customer used with the same number on another line counts.
    """
    month = Month.of(today)
    asked = Q(line__in=[one.pk for one in lines]) | Q(package__in={one.package_id for one in lines})
    rows = list(VoiceBundle.objects.filter(asked)) if lines else []
    if not rows:
        return {}
    used = _used(lines, month)
    return {line.pk: _of_line(line, rows, month, used) for line in lines}


def by_class(whose: VoicePackage) -> list[str]:
    """The classes of calls that a package's price list knows, and those it gives minutes of."""
    rated = DeckRow.objects.filter(version__deck=whose.deck_id, free=False).order_by()
    given = VoiceBundle.objects.filter(package=whose).order_by()
    return sorted(
        {*rated.values_list("call_class", flat=True).distinct(), *given.values_list("call_class", flat=True)}
    )


def of_packages(ids: Sequence[int], today: date) -> dict[int, str]:
    """What packages give this month, in words: `60 national, 30 mobile`."""
    rows = list(VoiceBundle.objects.filter(package__in=ids))
    found = {pk: _in_force((one for one in rows if one.package_id == pk), Month.of(today)) for pk in ids}
    return {
        pk: ", ".join(f"{one.minutes:,} {one.call_class}" for one in given if one.minutes)
        for pk, given in found.items()
    }


def _of_line(line: VoiceLine, rows: Sequence[VoiceBundle], month: Month, used: dict[Used, int]) -> list[Free]:
    mine = {one.call_class: one for one in _in_force((row for row in rows if row.line_id == line.pk), month)}
    packages = _in_force((row for row in rows if row.package_id == line.package_id), month)
    found = {one.call_class: replace(one, own=False) for one in packages}
    for name, one in mine.items():
        instead = one.minutes is not None or name not in found
        found[name] = one if instead else replace(found[name], coming=one.coming)
    return [
        replace(one, used=used.get((line.customer_id, line.number, name), 0))
        for name, one in sorted(found.items())
    ]


def _in_force(rows: Iterable[VoiceBundle], month: Month) -> list[Free]:
    classes: dict[str, list[VoiceBundle]] = {}
    for row in rows:
        classes.setdefault(row.call_class, []).append(row)
    found = [_one(name, sorted(held, key=lambda one: one.month), month) for name, held in classes.items()]
    return sorted(
        (one for one in found if one.minutes is not None or one.coming), key=lambda one: one.call_class
    )


def _one(name: str, rows: Sequence[VoiceBundle], month: Month) -> Free:
    now = next((row for row in reversed(rows) if row.month <= month.first), None)
    coming = tuple((Month.of(row.month), row.minutes) for row in rows if row.month > month.first)
    if now is None or now.minutes is None:
        return Free(name, None, None, coming)
    return Free(name, now.minutes, None if now.month == ALWAYS else Month.of(now.month), coming)


def _used(lines: Sequence[VoiceLine], month: Month) -> dict[Used, int]:
    whose = Q(
        line__customer__in={one.customer_id for one in lines}, line__number__in={one.number for one in lines}
    )
    found = Call.objects.filter(whose, day__range=(month.first, month.last), bundled__gt=0).order_by()
    rows = found.values_list("line__customer", "line__number", "call_class").annotate(total=Sum("bundled"))
    return {(customer, number, name): total for customer, number, name, total in rows}
