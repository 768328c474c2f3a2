"""A wholesaler's format: kept, and changed once its files look different."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from dataaccounts.models import CallFile, CallProfile
from dataaccounts.services import calls
from herotill.clock import local_day
from herotill.errors import DomainError

_KEPT = {"id", "name_key", "source", "retired"}
_ASKED = tuple(field.name for field in CallProfile._meta.concrete_fields if field.name not in _KEPT)


def add(*, told: CallProfile) -> CallProfile:
    """Keep a format. Raises DomainError where its name is taken."""
    return _kept(told)


@transaction.atomic
def change(*, profile: CallProfile, told: CallProfile, now: datetime) -> CallProfile:
    """Have files of a format read as `told` says, which is not kept yet; its source stays.

    Where files stand that were read by it, it is retired as it was, under another name, and a new one takes its name
    and its drops. Raises DomainError where calls of those files would not be known again.
    """
    calls.hold_sources()
    held = CallProfile.objects.select_for_update().get(pk=profile.pk)
    if not held.files.filter(state=CallFile.State.DONE).exists():
        for name in _ASKED:
            setattr(held, name, getattr(told, name))
        return _kept(held)
    if _known_by(held) != _known_by(told):
        raise DomainError(
            "Files were read by it whose calls would not be known again, and billed twice where they are told once"
            " more. What a call is known by stays: its call ID; without one its account, numbers and start, by the"
            " same clock."
        )
    held.name, held.retired = f"{held.name[:30]} until {local_day(now)} ({held.pk})", True
    held.save(update_fields=["name", "retired"])
    told.source_id = held.source_id
    made = _kept(told)
    held.drops.update(profile=made)
    return made


def _known_by(profile: CallProfile) -> tuple[Any, ...]:
    if profile.dedupe == CallProfile.Known.CALL_ID:
        return (profile.dedupe,)
    said = [part in profile.columns for part in ("account", "a_number")]
    seconds = "SS" in profile.date_format + profile.time_format
    return profile.dedupe, *said, seconds, profile.timezone, profile.strip_prefixes


def _kept(profile: CallProfile) -> CallProfile:
    try:
        with transaction.atomic():
            profile.save()
    except IntegrityError:
        raise DomainError(f"There is already a format called “{profile.name}”.", field="name") from None
    return profile
