"""What a technician's phone sends, perhaps late and perhaps twice: each thing is done once, by its key.

The key is written in the transaction of the deed, so what was refused leaves no key and may be sent again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction

from customers.models import Asset
from dataaccounts.models import DataAccount
from herotill.clock import local
from herotill.errors import DomainError
from herotill.users.models import User
from workflow.models import JobCard, JobCheck, JobEquipment, JobSending, Survey
from workflow.policies import phone
from workflow.selectors import visits
from workflow.services import job_things, jobs, photos, surveys

OPEN = (JobCard.State.SCHEDULED, JobCard.State.STARTED)


@dataclass(frozen=True, slots=True)
class Sending:
    """One deed as the phone tells of it; `values` are clean values of its form by name."""

    key: UUID
    kind: str
    made_at: datetime | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    upload: UploadedFile | None = None


@transaction.atomic
def for_job(*, sending: Sending, job: JobCard, actor: User, now: datetime) -> bool:
    """Do what was sent for a job; False where it was done before. Raises DomainError, and keeps no key, for a no."""
    if not _first(sending, actor, job=job):
        return False
    card = JobCard.objects.select_related("customer", "lead", "job_type", "account__package").get(pk=job.pk)
    after = max(card.state_since, card.lead.step_since) if card.lead else card.state_since
    at = phone.moment(sending.made_at, after, now)
    JOB_DEEDS[sending.kind](card, sending, actor, at)
    return True


@transaction.atomic
def for_survey(*, sending: Sending, survey: Survey, actor: User, now: datetime) -> bool:
    """Do what was sent for a survey; False where it was done before."""
    if not _first(sending, actor, survey=survey):
        return False
    at = phone.moment(sending.made_at, survey.lead.step_since, now)
    SURVEY_DEEDS[sending.kind](survey, sending, actor, at)
    return True


def _first(sending: Sending, actor: User, **of: JobCard | Survey) -> bool:
    """Take the key; False where it is taken. Whoever holds it in an open transaction is waited for."""
    made = JobSending(key=sending.key, kind=sending.kind, made_at=sending.made_at, by=actor, **of)
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:
        known = JobSending.objects.get(pk=sending.key)
        if (known.job_id, known.survey_id, known.by_id) != (made.job_id, made.survey_id, made.by_id):
            raise DomainError("This was sent for something else already.") from None
        return False
    return True


def _start(card: JobCard, sending: Sending, actor: User, at: datetime) -> None:
    jobs.start(card, actor, at)


def _check(card: JobCard, sending: Sending, actor: User, at: datetime) -> None:
    jobs.check(_item(card, sending.values["item"]), sending.values["answer"], actor, at)


def _item(card: JobCard, pk: int) -> JobCheck:
    found = JobCheck.objects.filter(job=card, pk=pk).first()
    if found is None:
        raise DomainError("This is not on the checklist of this job.")
    return found


def _photo(card: JobCard, sending: Sending, actor: User, at: datetime) -> None:
    """A photo may still come when the job is done: it was taken before, and is large."""
    if card.state == JobCard.State.CALLED_OFF:
        raise DomainError("This job was called off meanwhile.")
    assert sending.upload
    item = _item(card, sending.values["item"]) if sending.values.get("item") else None
    photos.add(
        job=card, check=item, upload=sending.upload, caption=sending.values.get("caption", ""), actor=actor
    )


def _material(card: JobCard, sending: Sending, actor: User, at: datetime) -> None:
    _still_open(card)
    job_things.add_material(job=card, actor=actor, now=at, **sending.values)


def _still_open(card: JobCard) -> None:
    held = JobCard.objects.select_for_update(of=("self",), no_key=True).get(pk=card.pk)
    if held.state not in OPEN:
        raise DomainError(f"This job is {held.get_state_display().lower()}; nothing is added to it any more.")


def _equipment(card: JobCard, sending: Sending, actor: User, at: datetime) -> None:
    """Into the customer's register; what stands there already by its serial number or MAC is not doubled."""
    _still_open(card)
    known = _known(card, sending.values)
    if known is None:
        job_things.add_equipment(job=card, values=sending.values, actor=actor, now=at)
    else:
        JobEquipment.objects.get_or_create(asset=known, defaults={"job": card})


def _known(card: JobCard, values: Mapping[str, Any]) -> Asset | None:
    here = Asset.objects.filter(customer=card.customer_id, returned_on=None)
    for name in ("serial_number", "mac_address"):
        if values.get(name) and (found := here.filter(**{name: values[name]}).first()):
            return found
    return None


def _connect(card: JobCard, sending: Sending, actor: User, at: datetime) -> None:
    jobs.connect(card, actor, at)


def _test(card: JobCard, sending: Sending, actor: User, at: datetime) -> None:
    """Keep what the test saw. Raises DomainError where nothing is up."""
    account = visits.account_of(card)
    if account is None:
        raise DomainError("This job is about no data account.")
    line = visits.test(account)
    if not line.online:
        raise DomainError(_offline(line))
    JobCard.objects.filter(pk=card.pk).update(tested=_seen(line, at))


def _seen(line: visits.Line, at: datetime) -> dict[str, Any]:
    """What is kept of a test that found the session up."""
    return {
        "online": True,
        "username": line.account.username,
        "since": line.since.isoformat() if line.since else "",
        "address": line.address,
        "router": line.nas,
        "package": str(line.account.package),
        "at": at.isoformat(),
    }


def _offline(line: visits.Line) -> str:
    account: DataAccount = line.account
    if line.waits:
        return f"{account.username} is not switched on yet; switch it on, then test it."
    if line.last:
        return f"{account.username} is not online; it was until {local(line.last):%Y-%m-%d %H:%M}."
    return f"{account.username} is not online and never was."


def _complete(card: JobCard, sending: Sending, actor: User, at: datetime) -> None:
    """A test that is still owed is made now: offline the technician could not."""
    values = dict(sending.values)
    owed = card.job_type.tests and not (card.tested or {}).get("online")
    account = visits.account_of(card) if owed else None
    if account and (line := visits.test(account)).online:
        values["tested"] = _seen(line, at)
    jobs.complete(card, values, actor, at)


def _fail(card: JobCard, sending: Sending, actor: User, at: datetime) -> None:
    jobs.fail(card, sending.values["reason"], sending.values["words"], actor, at)


def _found(survey: Survey, sending: Sending, actor: User, at: datetime) -> None:
    surveys.write_down(survey=survey, values=sending.values, actor=actor, now=at)


def _survey_photo(survey: Survey, sending: Sending, actor: User, at: datetime) -> None:
    if survey.state == Survey.State.CALLED_OFF:
        raise DomainError("This survey was called off meanwhile.")
    assert sending.upload
    photos.add(survey=survey, upload=sending.upload, caption=sending.values.get("caption", ""), actor=actor)


JobDeed = Callable[[JobCard, Sending, User, datetime], None]
SurveyDeed = Callable[[Survey, Sending, User, datetime], None]
JOB_DEEDS: dict[str, JobDeed] = {
    "start": _start,
    "check": _check,
    "photo": _photo,
    "material": _material,
    "equipment": _equipment,
    "connect": _connect,
    "test": _test,
    "complete": _complete,
    "fail": _fail,
}
SURVEY_DEEDS: dict[str, SurveyDeed] = {"found": _found, "photo": _survey_photo}
