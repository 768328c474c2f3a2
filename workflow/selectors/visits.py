"""What a technician drives to: jobs and surveys in their order, and all that is needed at one of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Q

from customers.models import Asset, Contact
from dataaccounts.models import DataAccount
from dataaccounts.selectors import checks as identity
from dataaccounts.selectors import sessions
from dataaccounts.selectors.rules import rules
from herotill.clock import local_day, moment
from herotill.users.models import User
from workflow.models import JobCard, Lead, Photo, Quote, QuoteLine, Survey
from workflow.policies import jobs, phone

OPEN_JOBS = (JobCard.State.SCHEDULED, JobCard.State.STARTED)
SHOWN_JOBS = (*OPEN_JOBS, JobCard.State.COMPLETED, JobCard.State.FAILED)
SHOWN_SURVEYS = (Survey.State.SCHEDULED, Survey.State.DONE)
LOOK_BACK = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Visit:
    """One place to go to."""

    kind: str
    pk: int
    what: str
    who: str
    where: str
    state: str
    state_label: str
    starts_at: datetime
    ends_at: datetime | None
    ended: bool

    @property
    def day(self) -> date:
        return local_day(self.starts_at)


@dataclass(frozen=True, slots=True)
class Reach:
    """Somebody to call, and by which numbers: the number and what dials it."""

    name: str
    numbers: list[tuple[str, str]]
    role: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """What the test of an account sees: whether its session is up, since when, where, and how fast it may be."""

    account: DataAccount
    online: bool
    since: datetime | None = None
    address: str = ""
    nas: str = ""
    last: datetime | None = None

    @property
    def waits(self) -> bool:
        return self.account.state == DataAccount.State.WAITING


def days(begins: date, ends: date) -> tuple[datetime, datetime]:
    """From midnight here to midnight here."""
    return moment(begins), moment(ends)


def between(technician: User, begins: date, ends: date) -> list[Visit]:
    """This person's jobs and surveys from one day to before another, in order; two queries."""
    first, last = days(begins, ends)
    jobs = JobCard.objects.filter(technician=technician, starts_at__gte=first, starts_at__lt=last)
    surveys = Survey.objects.filter(technician=technician, starts_at__gte=first, starts_at__lt=last)
    return _in_order(jobs.filter(state__in=SHOWN_JOBS), surveys.filter(state__in=SHOWN_SURVEYS))


def unfinished(technician: User, today: date) -> list[Visit]:
    """What was to be done on earlier days and was not."""
    first, last = days(today - LOOK_BACK, today)
    jobs = JobCard.objects.filter(technician=technician, starts_at__gte=first, starts_at__lt=last)
    surveys = Survey.objects.filter(technician=technician, starts_at__gte=first, starts_at__lt=last)
    return _in_order(jobs.filter(state__in=OPEN_JOBS), surveys.filter(state=Survey.State.SCHEDULED))


def waiting(technician: User, today: date) -> tuple[int, int]:
    """How many visits this person still has to make by tonight, and how many of them are of earlier days."""
    first, midnight = days(today - LOOK_BACK, today)
    still = (
        JobCard.objects.filter(state__in=OPEN_JOBS),
        Survey.objects.filter(state=Survey.State.SCHEDULED),
    )
    number = left = 0
    for visits in still:
        own = visits.filter(
            technician=technician, starts_at__gte=first, starts_at__lt=midnight + timedelta(days=1)
        )
        found = own.aggregate(all=Count("pk"), left=Count("pk", filter=Q(starts_at__lt=midnight)))
        number, left = number + found["all"], left + found["left"]
    return number, left


def _in_order(jobs: Any, surveys: Any) -> list[Visit]:
    found = [_of_job(job) for job in jobs.select_related("customer", "job_type")]
    found += [_of_survey(survey) for survey in surveys.select_related("lead")]
    return sorted(found, key=lambda visit: (visit.starts_at, visit.kind, visit.pk))


def _of_job(job: JobCard) -> Visit:
    return Visit(
        kind="job",
        pk=job.pk,
        what=str(job.job_type),
        who=job.customer.name,
        where=", ".join(job.address.splitlines()),
        state=job.state,
        state_label=job.get_state_display(),
        starts_at=job.starts_at or job.state_since,
        ends_at=job.ends_at,
        ended=job.state not in OPEN_JOBS,
    )


def _of_survey(survey: Survey) -> Visit:
    return Visit(
        kind="survey",
        pk=survey.pk,
        what="Survey",
        who=survey.lead.name,
        where=", ".join(address_of(survey.lead).splitlines()),
        state=survey.state,
        state_label=survey.get_outcome_display() or survey.get_state_display(),
        starts_at=survey.starts_at or survey.created_at,
        ends_at=survey.ends_at,
        ended=survey.state != Survey.State.SCHEDULED,
    )


def address_of(lead: Lead) -> str:
    return "\n".join(part for part in (lead.lines, lead.suburb, lead.town, lead.postal_code) if part)


def job(pk: int) -> JobCard | None:
    found = JobCard.objects.select_related("customer", "job_type", "lead", "account__package", "fail_reason")
    return found.filter(pk=pk).first()


def survey(pk: int) -> Survey | None:
    found = Survey.objects.select_related("lead__area", "highsite", "sector__highsite")
    return found.filter(pk=pk).first()


def unchecked(job: JobCard) -> str:
    """What nobody has checked of the customer yet, without which no account may be let in; "" where nothing."""
    if not job.job_type.installs or not rules().checks_required:
        return ""
    lacking = identity.missing({job.customer_id}).get(job.customer_id, [])
    return " and ".join(identity.LABELS[kind].lower() for kind in lacking)


def reach_customer(customer: int) -> list[Reach]:
    """The contacts of a customer that have a number, the primary one first."""
    found = Contact.objects.filter(customer=customer)
    made = [_reach(one.name, (one.phone, one.other_phone), one.position) for one in found]
    return [one for one in made if one.numbers]


def reach_lead(lead: Lead) -> list[Reach]:
    one = _reach(lead.contact_name or lead.name, (lead.phone, lead.other_phone), "")
    return [one] if one.numbers else []


def _reach(name: str, numbers: Sequence[str], role: str) -> Reach:
    return Reach(name, [(number, phone.tel(number)) for number in numbers if phone.tel(number)], role)


@dataclass(frozen=True, slots=True)
class Check:
    """One thing of the checklist with its photos."""

    item: Any
    photos: list[Photo] = field(default_factory=list)

    @property
    def done(self) -> bool:
        ticked = bool(self.item.done_at)
        return jobs.is_done(kind=self.item.kind, ticked=ticked, pictured=bool(self.photos))


def checks(card: JobCard) -> tuple[list[Check], list[Photo]]:
    """The checklist with the photos that belong to it, and the photos that belong to nothing; two queries."""
    found = {item.pk: Check(item) for item in card.checks.all()}
    others: list[Photo] = []
    for photo in card.photos.all():
        (found[photo.check_item_id].photos if photo.check_item_id in found else others).append(photo)
    return list(found.values()), others


def put_in(card: JobCard) -> list[Asset]:
    """Equipment registered on this job."""
    return [one.asset for one in card.equipment.select_related("asset").order_by("pk")]


def standing_there(card: JobCard) -> list[Asset]:
    """Our equipment that stands at the customer already."""
    found = Asset.objects.filter(customer=card.customer_id, returned_on=None, owner=Asset.Owner.ISP)
    return list(found.exclude(pk__in=card.equipment.values("asset"))[:20])


def to_bring(card: JobCard) -> list[str]:
    """What the quote that was accepted sells once: the equipment, among it."""
    if card.lead_id is None:
        return []
    sold = QuoteLine.objects.filter(
        quote__lead=card.lead_id, quote__state=Quote.State.ACCEPTED, monthly=False
    )
    return [f"{line.quantity} × {line.text}" for line in sold]


def account_of(card: JobCard) -> DataAccount | None:
    """The account that the job is about, or the only one of its customer."""
    if card.account:
        return card.account
    found = DataAccount.objects.filter(customer=card.customer_id).exclude(state=DataAccount.State.CANCELLED)
    two = list(found.select_related("package").order_by("pk")[:2])
    return two[0] if len(two) == 1 else None


def test(account: DataAccount) -> Line:
    """Whether the account's session is up."""
    up = sessions.online(accounts=[account], limit=1)
    if up:
        one = up[0]
        address = str(one.session.ip_address or "")
        return Line(account, True, one.session.started_at, address, one.nas_name)
    past = sessions.past(accounts=[account], limit=1)
    return Line(account, False, last=past[0].session.stopped_at if past else None)
