"""Jobs of the demo: a filled week, jobs in every state, and leads whose cards stand where they wait."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.conf import settings
from django.contrib.auth.models import Group

from customers.models import Customer
from dataaccounts.models import IdentityCheck
from dataaccounts.services import identity_checks
from herotill.clock import moment
from herotill.demo import DemoOrder
from herotill.users.models import User
from herotill.users.services.demo import password_hash
from workflow.models import Absence, FailReason, JobCard, JobCheck, JobMaterial, JobType, Lead, Place
from workflow.selectors import jobs as reading
from workflow.services import beginning, first_invoices, job_things, jobs

TECHNICIANS = (("tumi", "Tumi Dlamini"), ("riaan", "Riaan Botes"), ("sipho", "Sipho Nkosi"))
SIGNATURE = [
    [[80, 620], [160, 300], [220, 660], [300, 380], [420, 600]],
    [[480, 560], [700, 420], [920, 540]],
]
SLOTS = (time(8), time(11), time(14))
REPAIRS = ("Weak signal since the storm.", "No connection since yesterday.", "Router restarts by itself.")


def make_jobs(order: DemoOrder) -> None:
    """Jobs over this week and the last, once."""
    if JobCard.objects.exclude(lead=None).filter(starts_at__isnull=False).exists():
        return
    people = _technicians()
    now = order.moment
    _leads(people, order.today, now)
    _repairs(people, order.today, now)
    if not Absence.objects.exists():
        monday = monday_of(order.today)
        Absence.objects.create(
            technician=people[-1],
            starts_on=monday + timedelta(days=3),
            ends_on=monday + timedelta(days=4),
            why="Course in Worcester",
        )


def monday_of(today: date) -> date:
    """The Monday of this week; at a weekend of the next, which people then look at."""
    monday = today - timedelta(days=today.weekday())
    return monday + timedelta(days=7) if today.weekday() > 4 else monday


def _technicians() -> list[User]:
    role = Group.objects.get(name="technician")
    for username, name in TECHNICIANS:
        if not User.objects.filter(username=username).exists():
            person = User.objects.create_user(username, None, name=name, kind=User.Kind.STAFF)
            person.groups.add(role)
            if settings.DEMO:
                User.objects.filter(pk=person.pk).update(password=password_hash())
    return list(reading.technicians().filter(username__in=[name for name, _ in TECHNICIANS]))


def _at(day: date, clock: time) -> datetime:
    return moment(day, clock)


def _send(job: JobCard, person: User, day: date, clock: time, **more: object) -> None:
    """Write a time into a card, as the story of a list has it already."""
    begins = _at(day, clock)
    JobCard.objects.filter(pk=job.pk).update(
        technician=person, starts_at=begins, ends_at=begins + timedelta(minutes=job.job_type.minutes), **more
    )


def _leads(people: list[User], today: date, now: datetime) -> None:
    """The cards of leads in Job cards and Invoicing, each as far as its list says."""
    states = {
        Place.JOB_NEW: "new",
        Place.JOB_SCHEDULED: "scheduled",
        Place.JOB_STARTED: "started",
        Place.JOB_FAILED: "failed",
        Place.INVOICE_NEW: "completed",
    }
    leads = Lead.objects.filter(step__in=states, customer__isnull=False).order_by("pk")
    jobs.open_for(list(leads.values_list("pk", flat=True)), now)
    for place, lead in enumerate(leads):
        job = (
            JobCard.objects.select_related("job_type", "customer", "technician")
            .filter(lead=lead)
            .order_by("-pk")[0]
        )
        state = states[Place(lead.place)]
        person = people[place % len(people)]
        if state == "scheduled":
            day = today + timedelta(days=1 + place % 4)
            _send(job, person, day, SLOTS[place % 3], state=state, state_since=lead.step_since)
        elif state == "started":
            _send(job, person, today, SLOTS[place % 3], state=state, started_at=now, state_since=now)
        elif state == "failed":
            _fail(job, person, today - timedelta(days=1 + place % 3), SLOTS[place % 3])
        elif state == "completed":
            day = today - timedelta(days=2 + place % 3)
            _done(job, person, day, SLOTS[place % 3], starts_service_on=day)
            _begin(job, person, day, now)


def _begin(job: JobCard, person: User, day: date, now: datetime) -> None:
    """Let what was ordered begin, and draft the first invoice, as completing the job does."""
    checker = User.objects.filter(username="support").first() or person
    for kind in IdentityCheck.Kind.values:
        identity_checks.note(
            customer=job.customer, kind=kind, document="Seen", checked_on=day, today=day, actor=checker
        )
    begun = beginning.begin(job=job, day=day, actor=job.technician, now=now)
    JobCard.objects.filter(pk=job.pk).update(begun=begun)
    first_invoices.arrive([job.lead_id or 0], None, now)


def _fail(job: JobCard, person: User, day: date, clock: time) -> None:
    reason = FailReason.objects.filter(retired=False).order_by("pk").first()
    ended = _at(day, clock) + timedelta(minutes=20)
    words = "Nobody answered the gate."
    _send(
        job,
        person,
        day,
        clock,
        state="failed",
        fail_reason=reason,
        fail_words=words,
        state_since=ended,
        ended_at=ended,
    )


def _done(job: JobCard, person: User, day: date, clock: time, **more: object) -> None:
    ended = _at(day, clock) + timedelta(minutes=job.job_type.minutes)
    JobCheck.objects.filter(job=job).exclude(kind="photo").update(answer="yes", done_at=ended, done_by=person)
    JobCheck.objects.filter(job=job, kind="text").update(answer="-58 dBm")
    _send(
        job,
        person,
        day,
        clock,
        state="completed",
        state_since=ended,
        started_at=_at(day, clock),
        ended_at=ended,
        ended_by=person,
        signed_by=job.customer.name,
        signature=SIGNATURE,
        report="Antenna on the chimney, router in the passage."
        if job.job_type.installs
        else "Plug replaced.",
        **more,
    )


def _repairs(people: list[User], today: date, now: datetime) -> None:
    """Repairs at customers who are there already, over the week, two of them at one time."""
    repair = JobType.objects.filter(installs=False, retired=False).order_by("pk").first()
    free = Customer.objects.filter(status="active").exclude(jobs__isnull=False).order_by("code")[:10]
    monday = monday_of(today)
    for place, customer in enumerate(free):
        if repair is None:
            return
        job = jobs.open_card(
            customer=customer,
            job_type=repair,
            instructions=REPAIRS[place % len(REPAIRS)],
            actor=None,
            now=now - timedelta(days=3),
        )
        if place < 3:
            continue
        person, day = people[place % len(people)], monday + timedelta(days=(place * 2) % 5)
        if day < today:
            _done(job, person, day, SLOTS[(place + 1) % 3])
            JobMaterial.objects.create(job=job, text="Outdoor cable (m)", quantity=12)
        else:
            jobs.schedule(
                job,
                person,
                _at(day, SLOTS[place % 3]),
                _at(day, SLOTS[place % 3]) + timedelta(hours=2),
                None,
                now,
            )
            job_things.add_material(
                job=job,
                text="Connectors",
                quantity=Decimal(4),
                product=None,
                billed=False,
                actor=person,
                now=now,
            )
