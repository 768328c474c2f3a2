"""Routers, highsites and sectors: who is on, who hangs there, what goes over them, what is owed there."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from dataaccounts.models import DataAccount, LoadHour, Nas, Sector, Session, SessionOrder
from dataaccounts.selectors import sessions
from dataaccounts.selectors.sessions import Line
from herotill.reference.models import Highsite

SHOWN = 15
HOURS = 24


class Hour(NamedTuple):
    """What went over a place in an hour, in octets."""

    begins: datetime
    download: int
    upload: int


@dataclass(frozen=True, slots=True)
class Place:
    """A router, highsite or sector as its page shows it."""

    online: int
    accounts: int
    owed: int
    lines: Sequence[Line]
    load: Sequence[Hour]


class Router(NamedTuple):
    """A router with how many are on and how many orders are owed there."""

    nas: Nas
    online: int
    owed: int


class Hanging(NamedTuple):
    """A highsite with how much there is of it: accounts (cancelled ones left out), sectors, routers."""

    highsite: Highsite
    accounts: int
    sectors: int
    routers: int


def _open() -> QuerySet[Session]:
    return Session.objects.filter(stopped_at=None)


def of_nas(*, nas: Nas, now: datetime) -> Place:
    """A router's page: sessions by its address, accounts by its sectors."""
    up = _open().filter(nas_address=nas.address)
    hanging = DataAccount.objects.filter(sector__nas=nas)
    owed = SessionOrder.objects.filter(nas=nas, state=SessionOrder.State.OWED)
    return _place(up, hanging, owed, LoadHour.objects.filter(nas_address=nas.address), now)


def of_highsite(*, highsite: Highsite, now: datetime) -> Place:
    """A highsite's page: by its accounts, and the load of its routers."""
    hanging = DataAccount.objects.filter(highsite=highsite)
    routers = [one.address for one in Nas.objects.filter(highsite=highsite)]
    return _hanging(hanging, LoadHour.objects.filter(nas_address__in=routers), now)


def of_sector(*, sector: Sector, now: datetime) -> Place:
    """A sector's page: by its accounts."""
    hanging = DataAccount.objects.filter(sector=sector)
    return _hanging(hanging, LoadHour.objects.filter(sector_id=sector.pk), now)


def _hanging(hanging: QuerySet[DataAccount], load: QuerySet[LoadHour], now: datetime) -> Place:
    up = sessions.of_accounts(_open(), hanging)
    owed = SessionOrder.objects.filter(account__in=hanging.order_by(), state=SessionOrder.State.OWED)
    return _place(up, hanging, owed, load, now)


def _place(
    up: QuerySet[Session],
    hanging: QuerySet[DataAccount],
    owed: QuerySet[SessionOrder],
    load: QuerySet[LoadHour],
    now: datetime,
) -> Place:
    newest = list(up.order_by("-started_at").values_list("pk", flat=True)[:SHOWN])
    shown = sessions.described(newest)
    return Place(
        online=up.order_by().count(),
        accounts=hanging.exclude(state=DataAccount.State.CANCELLED).order_by().count(),
        owed=owed.order_by().count(),
        lines=[shown[pk] for pk in newest if pk in shown],
        load=hours(load, now),
    )


def hours(load: QuerySet[LoadHour], now: datetime) -> list[Hour]:
    """Each of the last 24 hours, the present one last; nought where nothing was counted."""
    present = now.replace(minute=0, second=0, microsecond=0)
    first = present - timedelta(hours=HOURS - 1)
    summed = (
        load.filter(hour__gte=first, hour__lte=present)
        .order_by()
        .values("hour")
        .annotate(down=Sum("download"), up=Sum("upload"))
    )
    found = {one["hour"]: (int(one["down"]), int(one["up"])) for one in summed}
    each = (first + timedelta(hours=n) for n in range(HOURS))
    return [Hour(hour, *found.get(hour, (0, 0))) for hour in each]


def counted(rows: QuerySet[Any], by: str, among: Collection[Any]) -> dict[Any, int]:
    """How many of these rows stand at each of some places."""
    found = rows.filter(**{f"{by}__in": among}).order_by().values(by).annotate(rows=Count("*"))
    return dict(found.values_list(by, "rows"))


def in_use() -> QuerySet[Nas]:
    """Routers in use, by name."""
    return Nas.objects.filter(retired=False).select_related("vendor", "highsite").order_by("name_key", "pk")


def routers(shown: Sequence[Nas]) -> list[Router]:
    """These routers with what is counted at each; each count is one question about all of them."""
    online = counted(_open(), "nas_address", [nas.address for nas in shown])
    owed = SessionOrder.objects.filter(state=SessionOrder.State.OWED)
    waiting = counted(owed, "nas", [nas.pk for nas in shown])
    return [Router(nas, online.get(nas.address, 0), waiting.get(nas.pk, 0)) for nas in shown]


def hung_at() -> QuerySet[Highsite]:
    """Highsites that have a router, a sector or an account, by name."""
    here = {"highsite": OuterRef("pk")}
    things = (_live().filter(**here), Sector.objects.filter(**here), Nas.objects.filter(**here))
    any_of = reduce(or_, (Q(Exists(of.order_by())) for of in things))
    return Highsite.objects.filter(any_of).order_by("name_key", "pk")


def highsites(shown: Sequence[Highsite]) -> list[Hanging]:
    """These highsites with what hangs at each."""
    ids = [one.pk for one in shown]
    live = counted(_live(), "highsite", ids)
    sectors = counted(Sector.objects.all(), "highsite", ids)
    at = counted(Nas.objects.all(), "highsite", ids)
    return [Hanging(one, live.get(one.pk, 0), sectors.get(one.pk, 0), at.get(one.pk, 0)) for one in shown]


def _live() -> QuerySet[DataAccount]:
    return DataAccount.objects.exclude(state=DataAccount.State.CANCELLED)


def has_secret(nas: Nas) -> bool:
    """Whether a router was given a secret."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM radius_nas_secret WHERE nas_id = %s)", [nas.pk])
        found = cursor.fetchone()
    return bool(found and found[0])
