"""Sessions in a table of our own, so that a person sees and ends their log-ins."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from herotill.registry import Registry
from herotill.users.models import Session

NETWORK, AGENT = "_network", "_agent"
TOUCH = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class AlsoEnds:
    """Another way in that ends where all log-ins of a person do; `end` gets their id."""

    name: str
    end: Callable[[int], object]
    order: int = 100


also_ends: Registry[AlsoEnds] = Registry("way in that ends with log-ins")


class SessionStore(DatabaseStore):
    """Django's database sessions, each knowing whose it is, from where, and when it was last used."""

    row: Session | None = None

    def _validate_session_key(self, key: str | None) -> bool:
        """A browser sends what it likes as the key of its log-in; ours are letters and digits."""
        return key is not None and len(key) >= 8 and key.isascii() and key.isalnum()

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    @cached_property
    def model(self) -> type[Session]:
        return Session

    def _get_session_from_db(self) -> Session | None:
        self.row = super()._get_session_from_db()  # type: ignore[misc]
        return self.row

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        session: Session = super().create_model_instance(data)  # type: ignore[assignment]
        session.user_id = data.get(SESSION_KEY)
        session.network = data.get(NETWORK, "")
        session.agent = data.get(AGENT, "")[:200]
        return session

    def is_locked(self, *, now: datetime) -> bool:
        """Whether the screen was locked, or nobody used it for IDLE_LOCK_SECONDS."""
        self._get_session()  # type: ignore[attr-defined]
        if self.row is None:
            return False
        return self.row.locked or now - self.row.seen_at >= timedelta(seconds=settings.IDLE_LOCK_SECONDS)

    def touch(self, *, now: datetime) -> None:
        """Note that the person is at work; written at most once a minute."""
        if self.row is not None and now - self.row.seen_at >= TOUCH:
            self._write(seen_at=now, expire_date=now + timedelta(seconds=settings.SESSION_COOKIE_AGE))

    def lock(self) -> None:
        self._write(locked=True)

    def unlock(self, *, now: datetime) -> None:
        self._write(locked=False, seen_at=now)

    def _write(self, **values: Any) -> None:
        if self.row is not None:
            Session.objects.filter(session_key=self.session_key).update(**values)
            for name, value in values.items():
                setattr(self.row, name, value)


def end_all(*, user_id: int, keep: str | None = None) -> int:
    """End a person's log-ins, all but the one whose key is `keep`. Returns how many.

    Where none is kept, every other way in ends with them: somebody else may have been using it.
    """
    found = Session.objects.filter(user_id=user_id)
    if keep:
        return found.exclude(session_key=keep).delete()[0]
    for way in also_ends:
        way.end(user_id)
    return found.delete()[0]


def end_one(*, user_id: int, handle: str) -> bool:
    """End the one of a person's log-ins that a page calls by `handle`; False if there is none."""
    found = [each for each in Session.objects.filter(user_id=user_id) if each.handle == handle]
    return bool(Session.objects.filter(pk__in=[each.pk for each in found]).delete()[0])
