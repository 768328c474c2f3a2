"""The audit as people read it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet
from django.utils.text import Truncator

from herotill.clock import moment
from herotill.reading import reading
from herotill.typed import place_in_time

from .declare import Subject, subjects
from .sql import HIDDEN
from .words import Named, Names, Reference, label_of, references, resolve, value_of

SYSTEM, DATABASE = "system", "database"
FIRST = 2  # fields of a long addition that a short view shows
VERBS = {"add": "added", "change": "changed", "remove": "removed"}


@dataclass(frozen=True, slots=True)
class Change:
    """One field: what it was and what it became. `hidden` says that the reader may not see the values."""

    field: str
    label: str
    old: str
    new: str
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """One row added, changed or removed, in words."""

    id: int
    at: datetime
    who: str
    where: str
    operation: str
    what: str
    changes: tuple[Change, ...]
    customer: str
    customer_code: str
    model: str
    object_id: str
    actor_id: int | None
    act: str
    ip: str
    run_id: int | None

    @property
    def verb(self) -> str:
        return VERBS[self.operation]

    @property
    def first(self) -> tuple[Change, ...]:
        """What a short view shows of a row added or removed; of a change everything."""
        folds = self.operation != "change" and len(self.changes) > FIRST + 1
        return self.changes[:FIRST] if folds else self.changes

    @property
    def rest(self) -> tuple[Change, ...]:
        return self.changes[len(self.first) :]


@dataclass(frozen=True, slots=True)
class Trail:
    """Entries, newest first. `older` is what `before` takes to go on; empty at the end."""

    entries: tuple[Entry, ...]
    older: str = ""


def trail(
    *,
    viewer: Any = None,
    customer_id: int | None = None,
    model: str = "",
    actor: int | str | None = None,
    field: str = "",
    since: date | None = None,
    until: date | None = None,
    before: str = "",
    limit: int = 50,
) -> Trail:
    """Who changed what, newest first, in two queries.

    `viewer` is who reads: models and fields beyond their rights are left out or masked; without one, every
    sensitive value is masked. `model` is a label such as `customers.contact`; `actor` a user's id, `system`
    or `database`; `since` and `until` are days, both counting, or moments. `before` is the `older` of the page
    before.
    """
    found = _filtered(viewer, customer_id, model, actor, field, since, until)
    events = list(_from(found, before)[: limit + 1])
    older = _cursor(events[limit - 1]) if len(events) > limit else ""
    return Trail(tuple(_entries(events[:limit], viewer)), older)


def each(*, viewer: Any, batch: int = 1000, **wanted: Any) -> Iterator[Entry]:
    """Every entry that `trail` would give, page after page, for an export of any length."""
    before = ""
    while True:
        page = trail(viewer=viewer, before=before, limit=batch, **wanted)
        yield from page.entries
        if not (before := page.older):
            return


def count(
    *,
    viewer: Any,
    customer_id: int | None = None,
    model: str = "",
    actor: int | str | None = None,
    field: str = "",
    since: date | None = None,
    until: date | None = None,
) -> int:
    """How many entries `each` would give."""
    return _filtered(viewer, customer_id, model, actor, field, since, until).count()


def things(viewer: Any) -> list[Subject]:
    """What this person may read the trail of, by its name."""
    return sorted(
        (one for one in subjects.values() if _may(viewer, one.permission)), key=lambda one: one.thing
    )


def _may(viewer: Any, permission: str) -> bool:
    return not permission or viewer is None or viewer.has_perm(permission)


def _readable(viewer: Any) -> Q:
    closed = [label for label, one in subjects.items() if not _may(viewer, one.permission)]
    return ~Q(model__in=closed) if closed else Q()


def _filtered(
    viewer: Any,
    customer_id: int | None,
    model: str,
    actor: int | str | None,
    field: str,
    since: date | None,
    until: date | None,
) -> QuerySet[Any]:
    events = apps.get_model("house", "AuditEvent").objects.using(reading()).filter(_readable(viewer))
    if customer_id is not None:
        events = events.filter(customer_id=customer_id)
    if model:
        events = events.filter(model=model.lower())
    if actor == SYSTEM:
        events = events.filter(actor_id=None).exclude(source__startswith=DATABASE)
    elif actor == DATABASE:
        events = events.filter(actor_id=None, source__startswith=DATABASE)
    elif actor:
        events = events.filter(actor_id=int(actor))
    if field:
        events = events.filter(Q(old__has_key=field) | Q(new__has_key=field))
    if since:
        events = events.filter(at__gte=_moment(since))
    if until:
        events = events.filter(at__lt=_moment(until, days=1))
    return events


def _moment(day: date, days: int = 0) -> datetime:
    """The start of a day here, `days` later; a moment is taken as it is."""
    if isinstance(day, datetime):
        return day
    if day == date.max:
        return datetime.max.replace(tzinfo=UTC)
    return moment(day + timedelta(days=days))


def _from(events: QuerySet[Any], before: str) -> QuerySet[Any]:
    """Newest first, after the page that ended at `before`."""
    try:
        moment, number = before.split("_")
        at, last = place_in_time(moment), int(number)
    except ValueError:  # no page was ever given such a place
        return events.order_by("-at", "-id")
    return events.filter(Q(at__lt=at) | Q(at=at, id__lt=last), at__lte=at).order_by("-at", "-id")


def _cursor(event: Any) -> str:
    return f"{event.at.isoformat()}_{event.id}"


def _entries(events: list[Any], viewer: Any) -> Iterable[Entry]:
    names = resolve({one for event in events for one in _pointed_at(event)})
    for event in events:
        yield _entry(event, names, viewer)


def _pointed_at(event: Any) -> Iterator[Reference]:
    subject = subjects.get(event.model)
    yield from references(subject, event.old)
    yield from references(subject, event.new)
    if event.actor_id:
        yield get_user_model(), str(event.actor_id)
    if event.customer_id and (owner := _owner()):
        yield owner, str(event.customer_id)


def _owner() -> Any:
    """The model of customers: the one that belongs to itself."""
    return next((one.model for one in subjects.values() if one.customer == "pk"), None)


def _entry(event: Any, names: Names, viewer: Any) -> Entry:
    subject = subjects.get(event.model)
    customer = names.get((_owner(), str(event.customer_id)), Named("")) if event.customer_id else Named("")
    changes = tuple(_changes(subject, event, names, viewer))
    linked = _linked(changes) if subject and subject.is_link else ""
    thing = subject.thing if subject else event.model
    return Entry(
        id=event.id,
        at=event.at,
        who=_who(event, names),
        where=_where(event),
        operation=event.operation,
        what=f"{thing} {linked or Truncator(event.name).chars(60)}".strip(),
        changes=() if linked else changes,
        customer=customer.name,
        customer_code=customer.code,
        model=event.model,
        object_id=event.object_id,
        actor_id=event.actor_id,
        act=str(event.act or ""),
        ip=event.ip or "",
        run_id=event.run_id,
    )


def _linked(changes: tuple[Change, ...]) -> str:
    """What a row that only links says: the label put on, or the role of a person."""
    return " of ".join(reversed([change.new or change.old for change in changes]))


def _changes(subject: Subject | None, event: Any, names: Names, viewer: Any) -> Iterator[Change]:
    order = list(subject.by_name) if subject else []
    found = sorted(
        {*event.old, *event.new}, key=lambda name: (order.index(name) if name in order else 99, name)
    )
    for name in found:
        label = label_of(subject, name)
        if subject and not _may_read(viewer, subject.right_to_read(name)):
            yield Change(
                name, label, HIDDEN if name in event.old else "", HIDDEN if name in event.new else "", True
            )
        else:
            yield _change(subject, name, label, event, names)


def _may_read(viewer: Any, permission: str) -> bool:
    return not permission or (viewer is not None and viewer.has_perm(permission))


def _change(subject: Subject | None, name: str, label: str, event: Any, names: Names) -> Change:
    old = value_of(subject, name, event.old.get(name), names)
    new = value_of(subject, name, event.new.get(name), names)
    if old == new == HIDDEN:
        return Change(name, label, "", "changed")
    return Change(name, label, old, new)


def _who(event: Any, names: Names) -> str:
    if event.actor_id:
        found = names.get((get_user_model(), str(event.actor_id)))
        return found.name if found else f"User {event.actor_id}, no longer there"
    if event.source.startswith(DATABASE):
        return "Database"
    return "Nobody logged in" if event.source.startswith("/") else "System"


def _where(event: Any) -> str:
    """The screen's path, or the job, command, import or SQL client in words."""
    words = event.source
    if words.startswith(f"{DATABASE}: "):
        words = f"SQL as {words.removeprefix(f'{DATABASE}: ')}"
    elif not words.startswith("/"):
        words = words[:1].upper() + words[1:]
    return f"{words} (run {event.run_id})" if event.run_id else words
