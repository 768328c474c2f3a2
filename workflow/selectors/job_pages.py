"""What a job's page shows: checklist, photos, materials, equipment, test, and what became of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from herotill import audit
from herotill.users.models import User
from workflow.models import JobCard, JobCheck, JobEquipment, JobMaterial, Photo
from workflow.policies import jobs as rules
from workflow.selectors import jobs as reading

CHANGES = 60


@dataclass(frozen=True, slots=True)
class Deed:
    """Something done with a job in some of its states: its address, words, right, and whether it takes the doer."""

    name: str
    label: str
    permission: str
    states: tuple[str, ...]
    tone: str = ""
    doers: bool = False


SCHEDULE = "workflow.schedule_jobcard"
NEW, SCHEDULED, STARTED = rules.OPEN
DEEDS = (
    Deed("schedule", "Schedule…", SCHEDULE, (NEW,), "pri"),
    Deed("start", "Start…", "", (SCHEDULED,), "pri", doers=True),
    Deed("complete", "Complete…", "", (STARTED,), "pri", doers=True),
    Deed("schedule", "Reschedule…", SCHEDULE, (SCHEDULED,)),
    Deed("complete", "Complete…", "", (SCHEDULED,), doers=True),
    Deed("connect", "Let the account in…", "", (SCHEDULED, STARTED), doers=True),
    Deed("fail", "Failed…", "", (SCHEDULED, STARTED), doers=True),
    Deed("change", "Edit…", "workflow.change_jobcard", rules.OPEN),
    Deed("call-off", "Call off…", SCHEDULE, rules.OPEN),
    Deed("again", "Book again…", "workflow.add_jobcard", rules.BOOKED_AGAIN, "pri"),
)


def does(person: User, job: JobCard) -> bool:
    """Whether this person carries the job out: their own, or anybody's with the right."""
    if person.has_perm("workflow.do_any_jobcard"):
        return True
    return job.technician_id == person.pk and person.has_perm("workflow.do_jobcard")


def deeds(person: User, job: JobCard) -> Iterator[Deed]:
    """What this person may do with the job as it stands."""
    done_again = job.state in rules.BOOKED_AGAIN and JobCard.objects.filter(instead_of=job).exists()
    for deed in DEEDS:
        if job.state not in deed.states or (deed.name == "again" and done_again):
            continue
        if deed.name == "connect" and not (job.job_type.installs and not job.begun):
            continue
        if does(person, job) if deed.doers else person.has_perm(deed.permission):
            yield deed


def find(pk: int) -> JobCard | None:
    """A card with what its page needs of others."""
    found = JobCard.objects.select_related(
        "job_type", "customer", "lead", "account", "technician", "area", "fail_reason", "instead_of"
    ).select_related("created_by", "ended_by", "lead__draft")
    return found.filter(pk=pk).first()


def page(person: User, job: JobCard) -> dict[str, Any]:
    """All that the page shows besides the card itself."""
    photos = list(Photo.objects.filter(job=job).select_related("check_item", "taken_by"))
    checks = list(JobCheck.objects.filter(job=job).select_related("done_by"))
    pictured = {photo.check_item_id for photo in photos}
    trail = audit.trail(viewer=person, customer_id=job.customer_id, model="workflow.jobcard", limit=CHANGES)
    return {
        "checks": [(check, _is_done(check, pictured)) for check in checks],
        "photos": photos,
        "materials": list(JobMaterial.objects.filter(job=job).select_related("product")),
        "equipment": list(JobEquipment.objects.filter(job=job).select_related("asset")),
        "strokes": strokes(job.signature),
        "lacking": rules.lacking(reading.done(job)) if job.state in rules.OPEN else [],
        "again": JobCard.objects.filter(instead_of=job).first(),
        "entries": [entry for entry in trail.entries if entry.object_id == str(job.pk)],
    }


def _is_done(check: JobCheck, pictured: Collection[int | None]) -> bool:
    return rules.is_done(kind=check.kind, ticked=bool(check.done_at), pictured=check.pk in pictured)


def drawn(signature: object) -> list[list[tuple[int, int]]]:
    """The strokes of a signature; what is no figure from 0 to 1000 is brought into that or left out."""
    if not isinstance(signature, list):
        return []
    return [pairs for stroke in signature if (pairs := _pairs(stroke))]


def strokes(signature: object) -> list[str]:
    """The same as points of an SVG, `x,y x,y`."""
    return [" ".join(f"{x},{y}" for x, y in stroke) for stroke in drawn(signature)]


def _pairs(stroke: object) -> list[tuple[int, int]]:
    if not isinstance(stroke, list):
        return []
    points = [point for point in stroke if isinstance(point, list) and len(point) >= 2]
    pairs = [(_clamped(point[0]), _clamped(point[1])) for point in points]
    return pairs * 2 if len(pairs) == 1 else pairs


def _clamped(value: object) -> int:
    return min(max(int(value), 0), 1000) if isinstance(value, int | float) else 0
