"""Files of calls taken in by the command `import_csv cdrs`, with a format it names, has, or is given."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from dataaccounts.models import CallFile, CallProfile, CallRow, VoiceSource
from dataaccounts.services.calls.taking_in import import_file, take_back
from herotill.clock import stamp
from herotill.errors import DomainError
from herotill.folding import fold
from herotill.imports.whole import Taken

FIELDS = {field.name for field in CallProfile._meta.concrete_fields} - {"id", "name_key", "source", "retired"}


@transaction.atomic
def taken_in(path: Path, given: Mapping[str, Any] | None, only_say: bool) -> Taken:
    """Take in a file by the format that `given` names as `profile` or describes; without it, by the only one."""
    with path.open("rb") as file:
        outcome = import_file(profile=_profile(given), file=file, name=path.name, actor=None, now=stamp())
    found = CallRow.objects.filter(file=outcome.file).order_by("row").values_list("row", "outcome", "reason")
    rows = [(str(row), said, reason) for row, said, reason in found.iterator(10_000)]
    transaction.set_rollback(only_say)
    return Taken(f"{path.name}: {outcome}.", outcome.file.pk, rows)


def taken_back(number: int) -> str:
    """Undo a file."""
    file = CallFile.objects.select_related("profile").filter(pk=number).first()
    if file is None:
        raise DomainError(f"There is no file of calls {number}.")
    gone = take_back(file=file, actor=None, now=stamp())
    return f"{file.name} taken back: {gone:,} calls went."


def _profile(given: Mapping[str, Any] | None) -> CallProfile:
    if given is None:
        found = list(CallProfile.objects.filter(retired=False)[:2])
        if len(found) != 1:
            raise DomainError('Say which format the file has: --map MAP.json with {"profile": "its name"}.')
        return found[0]
    if "profile" in given:
        named = CallProfile.objects.filter(name_key=fold(str(given["profile"]))).first()
        if named is None:
            raise DomainError(f"There is no format {given['profile']}.")
        return named
    return _described(given)


def _described(given: Mapping[str, Any]) -> CallProfile:
    """The format a JSON object describes, kept under its name or its source's."""
    if not given.get("source"):
        raise DomainError("A format says its source.")
    if unknown := sorted(set(given) - FIELDS - {"source", "file"}):
        raise DomainError(f"A format has no {', '.join(unknown)}.")
    told = str(given["source"])
    source = VoiceSource.objects.filter(name_key=fold(told)).first() or VoiceSource.objects.create(name=told)
    name = str(given.get("name") or given["source"])
    profile = CallProfile.objects.filter(name_key=fold(name)).first() or CallProfile(name=name)
    profile.source = source
    for field in FIELDS & set(given):
        setattr(profile, field, given[field])
    try:
        profile.full_clean()
    except ValidationError as no:
        raise DomainError(
            "; ".join(f"{part}: {' '.join(said)}" for part, said in no.message_dict.items())
        ) from no
    profile.save()
    return profile
