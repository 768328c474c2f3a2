"""Who is online and who was: sessions with what we know about their account, router and sector."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

from django.db.models import DateTimeField, OuterRef, QuerySet, Subquery

from dataaccounts.models import DataAccount, Nas, Session, SessionColumns, SessionOrder
from herotill.reading import reading

MOST_ACCOUNTS = 500
WEAK = -80
"""dBm below which a signal is weak."""


class Place(NamedTuple):
    """Where a list of past sessions goes on: after the one that began then and has this id."""

    started_at: datetime
    pk: int


END = Place(datetime.max.replace(tzinfo=UTC), 0)


@dataclass(frozen=True, slots=True)
class Line:
    """One session. Download and upload are the customer's, in octets, whichever way its router counts."""

    session: SessionColumns
    account: DataAccount | None
    nas: Nas | None
    order: SessionOrder | None = None

    @property
    def download(self) -> int:
        swapped = self.nas is not None and self.nas.swap_directions
        return (self.session.input_octets if swapped else self.session.output_octets) or 0

    @property
    def upload(self) -> int:
        swapped = self.nas is not None and self.nas.swap_directions
        return (self.session.output_octets if swapped else self.session.input_octets) or 0

    @property
    def nas_name(self) -> str:
        return self.nas.name if self.nas else self.session.nas_address

    @property
    def web_url(self) -> str:
        """Where the router's own pages are; only of the web."""
        url = self.nas.web_url if self.nas else ""
        return url if url.startswith(("http://", "https://")) else ""

    @property
    def signal(self) -> int | None:
        reading = getattr(self.account, "signal", None)
        return reading.dbm if reading else None

    @property
    def is_weak(self) -> bool:
        return self.signal is not None and self.signal < WEAK

    @property
    def seconds(self) -> int:
        return self.session.seconds or 0


def accounts_of(*, customer_id: int) -> list[DataAccount]:
    """A customer's accounts with where they hang, their signal, and when each was last online (`last_stop`)."""
    last = Session.objects.filter(username=OuterRef("username")).order_by("-started_at")
    found = DataAccount.objects.filter(customer=customer_id).select_related("sector", "highsite", "signal")
    return list(
        found.annotate(
            last_stop=Subquery(last.values("stopped_at")[:1], output_field=DateTimeField())
        ).order_by("username")[:MOST_ACCOUNTS]
    )


def online(*, accounts: Sequence[DataAccount], limit: int) -> list[Line]:
    """Open sessions of these accounts, the newest first, each with the last order to it; three queries."""
    of = {account.username: account for account in accounts}
    sessions = list(
        Session.objects.filter(username__in=of, stopped_at=None).order_by("-started_at", "-pk")[:limit]
    )
    orders = last_orders([one.unique_id for one in sessions])
    routers = routers_at({one.nas_address for one in sessions})
    return [
        Line(one, of.get(one.username or ""), routers.get(one.nas_address), orders.get(one.unique_id))
        for one in sessions
    ]


def last_orders(unique_ids: Collection[str]) -> dict[str, SessionOrder]:
    """The newest order to each of these sessions."""
    if not unique_ids:
        return {}
    newest = SessionOrder.objects.filter(unique_id__in=unique_ids).order_by("unique_id", "-pk")
    return {one.unique_id: one for one in newest.distinct("unique_id")}


def orders_of(
    *, accounts: Sequence[DataAccount], but_owed_to: Collection[str], limit: int
) -> list[SessionOrder]:
    """What was last owed to sessions of these accounts, and how it went, but what still waits for some."""
    found = SessionOrder.objects.filter(account__in=accounts).select_related("account", "ordered_by")
    found = found.exclude(state=SessionOrder.State.OWED, unique_id__in=but_owed_to)
    return list(found.order_by("-pk")[:limit])


def routers_at(addresses: Collection[str]) -> dict[str, Nas]:
    """Our routers by their address."""
    return {nas.address: nas for nas in Nas.objects.filter(address__in=addresses)} if addresses else {}


def past(*, accounts: Sequence[DataAccount], limit: int, before: Place | None = None) -> list[Line]:
    """Closed sessions of these accounts, the newest first, at hand and archived.

    For each account a walk along the index of each part, so it costs what it shows, not what there is.
    """
    of = {account.username: account for account in accounts}
    found = _at_hand_and_archived(list(of), before or END, limit)
    known = routers_at({one.nas_address for one in found})
    return [Line(one, of.get(one.username or ""), known.get(one.nas_address)) for one in found]


def _at_hand_and_archived(usernames: list[str], before: Place, limit: int) -> list[Session]:
    """The archive is only asked where there are not enough at hand."""
    found = _walk("radacct", usernames, before, limit) if usernames else []
    if usernames and len(found) < limit:
        found += _walk("radacct_archive", usernames, before, limit)
        found.sort(key=place, reverse=True)
    return found[:limit]


def place(session: SessionColumns) -> Place:
    """Where a session stands among others, the newest first."""
    return Place(session.started_at or datetime.min.replace(tzinfo=UTC), session.pk)


def _walk(table: str, usernames: list[str], before: Place, limit: int) -> list[Session]:
    walk = f"""SELECT s.* FROM unnest(%s::text[]) AS name, LATERAL (
            SELECT * FROM {table} s
            WHERE s.username = name AND s.acctstoptime IS NOT NULL AND s.acctstarttime <= %s
                AND (s.acctstarttime, s.radacctid) < (%s, %s)
            ORDER BY s.acctstarttime DESC, s.radacctid DESC LIMIT %s) s
        ORDER BY s.acctstarttime DESC, s.radacctid DESC LIMIT %s"""
    asked = [usernames, before.started_at, before.started_at, before.pk, limit, limit]
    return list(Session.objects.using(reading()).raw(walk, asked))


def described(ids: Sequence[int]) -> Mapping[int, Line]:
    """Open sessions by id with their account and router: three queries for a page of a list."""
    sessions = list(Session.objects.using(reading()).filter(pk__in=ids))
    names = {one.username for one in sessions if one.username}
    accounts = {
        account.username: account
        for account in DataAccount.objects.using(reading())
        .filter(username__in=names)
        .select_related("customer", "sector", "highsite", "signal", "package")
    }
    routers = routers_at({one.nas_address for one in sessions})
    return {
        one.pk: Line(one, accounts.get(one.username or ""), routers.get(one.nas_address)) for one in sessions
    }


def open_ones() -> QuerySet[Session]:
    """Every session that is up."""
    return Session.objects.using(reading()).filter(stopped_at=None)


def of_accounts(rows: QuerySet[Session], accounts: QuerySet[DataAccount]) -> QuerySet[Session]:
    """Of these sessions those of these accounts."""
    return rows.filter(username__in=accounts.order_by().values("username"))


def orders_owed() -> int:
    """How many changes of sessions have not been carried out."""
    return SessionOrder.objects.filter(state=SessionOrder.State.OWED).count()
