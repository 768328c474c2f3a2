"""What is read of job cards."""

from __future__ import annotations

from collections.abc import Collection
from datetime import time, timedelta

from django.contrib.auth.models import Group
from django.db.models import Exists, OuterRef, Q, QuerySet

from customers.models import Address
from dataaccounts.models import DataAccount
from herotill.errors import DomainError
from herotill.users.grants import ADMINISTRATOR
from herotill.users.models import User
from workflow.models import JobCard, JobCheck, JobType, Lead, Photo, Place, SalesRules, TakenOver
from workflow.policies.jobs import PHOTO, Done

LAST = 23 * 60 + 55  # minutes of a day
DO = "do_jobcard"
UNINSTALLED = (
    Place.CUSTOMER_ACTIVE,
    Place.JOB_NEW,
    Place.JOB_SCHEDULED,
    Place.JOB_STARTED,
    Place.JOB_FAILED,
)


def technicians() -> QuerySet[User]:
    """Who can be sent to jobs and surveys; not whoever holds that right only because they hold every right."""
    right = Q(permissions__codename=DO, permissions__content_type__app_label="workflow")
    roles = Group.objects.filter(right).exclude(name=ADMINISTRATOR)
    people = User.objects.filter(groups__in=roles, is_active=True, kind=User.Kind.STAFF)
    return people.order_by("name", "pk").distinct()


def may_be_sent(person: User) -> bool:
    return technicians().filter(pk=person.pk).exists()


def installation() -> JobType:
    """The job that a new customer gets. Raises DomainError where Setup has none."""
    found = JobType.objects.filter(installs=True, retired=False).order_by("pk").first()
    if found is None:
        raise DomainError("No type of job installs a service; Setup, Job types, says which does.")
    return found


def why_it_stays(job_type: JobType) -> str:
    """Why a type of job cannot be given up: it is the last that installs what was sold. Empty where it can."""
    others = JobType.objects.filter(installs=True, retired=False).exclude(pk=job_type.pk)
    if not job_type.installs or job_type.retired or others.exists():
        return ""
    return "No other type of job installs a service; new customers would get no job."


def newest_of(leads: Collection[int]) -> dict[int, JobCard]:
    """The newest card of each of these leads."""
    found = JobCard.objects.filter(lead__in=leads).order_by("lead_id", "-pk").distinct("lead_id")
    return {card.lead_id: card for card in found.select_related("job_type") if card.lead_id}


def waiting_account(lead: Lead) -> int | None:
    """The data account that waits to be connected, the first of several; none of another lead's."""
    waiting = DataAccount.objects.filter(customer=lead.customer_id, state=DataAccount.State.WAITING)
    own = waiting.exclude(of_another(lead.pk, "account"))
    return own.order_by("pk").values_list("pk", flat=True).first()


def of_another(lead: int | None, kind: str) -> Q:
    """Accounts or items (`kind` is the field of `TakenOver`) that were taken over for another lead than this."""
    return Q(pk__in=TakenOver.objects.exclude(lead=lead).exclude(**{kind: None}).values(kind))


def waits_for(job: JobCard, kind: str) -> Q:
    """Accounts or items that begin with a job: those taken over for its lead. What nobody took over from a quote
    does too, unless another lead of the customer is set up or installed: then a person begins it.
    """
    own = Q(pk__in=TakenOver.objects.filter(lead=job.lead_id).exclude(**{kind: None}).values(kind))
    others = Lead.objects.filter(customer=job.customer_id, step__in=UNINSTALLED)
    if others.exclude(pk=job.lead_id or 0).exists():
        return own
    return ~of_another(job.lead_id, kind)


def address_of_lead(lead: Lead) -> str:
    return "\n".join(part for part in (lead.lines, lead.suburb, lead.town, lead.postal_code) if part)


def address_of(customer: int) -> str:
    """Where a customer is at home, the physical address before others."""
    found = Address.objects.filter(customer=customer).order_by("kind", "pk").first()
    return str(found) if found else ""


def tells_of_jobs() -> bool:
    """Whether customers are told when somebody comes, unless the dialog says otherwise."""
    return bool(SalesRules.objects.values_list("tell_of_jobs", flat=True).first())


def later(clock: str, length: timedelta) -> str:
    """The time of day that lies so long after `clock` (14:05), at the latest 23:55."""
    try:
        begins = time.fromisoformat(clock)
    except ValueError:
        return ""
    minutes = min(begins.hour * 60 + begins.minute + length // timedelta(minutes=1), LAST)
    return f"{minutes // 60:02}:{minutes % 60:02}"


def done(card: JobCard) -> Done:
    """What a card has of what its type asks for."""
    checks = JobCheck.objects.filter(job=card, compulsory=True)
    pictured = Exists(Photo.objects.filter(check_item=OuterRef("pk")))
    undone = checks.filter(Q(kind=PHOTO) & ~pictured | ~Q(kind=PHOTO) & Q(done_at=None))
    return Done(
        list(undone.values_list("text", flat=True)),
        card.job_type.signature,
        bool(card.signature and card.signed_by),
        card.job_type.tests,
        bool(card.tested and card.tested.get("online")),
    )


def of_customer(customer: int, *, limit: int) -> tuple[list[JobCard], int]:
    """The newest jobs at a customer, and how many there are."""
    found = JobCard.objects.filter(customer=customer)
    return list(found.select_related("job_type").order_by("-pk")[:limit]), found.count()


def of_lead(lead: int) -> list[JobCard]:
    """The jobs of a lead, newest first."""
    found = JobCard.objects.filter(lead=lead).select_related("job_type", "technician", "fail_reason")
    return list(found.order_by("-pk"))
