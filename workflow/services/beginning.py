"""Services begin when the installation is done: data accounts are let in, items are billed from that day on."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q

from billing.models import Line, RecurringItem
from billing.services import recurring
from customers.services import notes
from dataaccounts.models import DataAccount, ServiceSpan
from dataaccounts.services import accounts
from herotill.clock import local_day
from herotill.errors import DomainError
from herotill.users.models import User
from workflow.models import JobCard, JobMaterial, TakenOver
from workflow.selectors import jobs as reading

Thing = tuple[str, int]
ITEM, DATA = "item", "data"
DAY, APART = "starts_service_on", timedelta(days=62)


def begin(*, job: JobCard, day: date, actor: User | None, now: datetime) -> list[Thing]:
    """Begin what waits for a job, and bill what they pay for of its materials; what is billed by that.

    What waits at the same customer for another lead waits on.

    Raises DomainError where an account may not be let in yet (rule 29), and for a day far off.
    """
    if abs(day - local_day(now)) > APART:
        raise DomainError("That day is too far off; services begin around the day of the job.", field=DAY)
    begun = [(source, item) for source, item in job.begun]
    if job.job_type.installs:
        begun += let_in(job=job, day=day, actor=actor, now=now) + _begin_items(job, day, actor)
    return begun + [(ITEM, item) for item in _bill_materials(job, day, actor)]


def let_in(*, job: JobCard, day: date, actor: User | None, now: datetime) -> list[Thing]:
    """Let in the accounts that wait for a job, billed from `day` on; what is billed of them."""
    theirs = reading.waits_for(job, "account") | Q(pk=job.account_id) & ~reading.of_another(
        job.lead_id, "account"
    )
    waiting = DataAccount.objects.filter(
        _lasting(day), theirs, customer=job.customer_id, state=DataAccount.State.WAITING
    )
    ids = list(waiting.order_by("pk").values_list("pk", flat=True))
    touched = accounts.activate(accounts=ids, actor=actor, now=now, begins_on=day)
    spans = ServiceSpan.objects.filter(account__in=[one.id for one in touched], prepaid=False)
    return [(DATA, span) for span in spans.order_by("pk").values_list("pk", flat=True)]


def take_back(*, job: JobCard, actor: User | None, now: datetime) -> None:
    """Have the accounts that a job let in wait again, for it came to nothing.

    What is charged of them and waits is taken away; what stands on a document, a note at the customer tells of.
    Billing of the customer waits meanwhile (`first_invoices.take_turns`).
    """
    spans = [item for source, item in job.begun if source == DATA]
    if not spans:
        return
    theirs = DataAccount.objects.filter(spans__in=spans)
    ids = sorted(set(theirs.values_list("pk", flat=True)))
    accounts.put_back(accounts=ids, reason=f"{job} came to nothing.", actor=actor, now=now)
    charged = Line.objects.filter(source=DATA, item_id__in=spans)
    charged.filter(document=None).delete()
    if billed := sorted({str(line.document) for line in charged.select_related("document")}):
        text = f"{job} came to nothing, but what it connected is billed on {', '.join(billed)}: credit that."
        notes.add(customer=job.customer, author=actor, text=text, pops_up=True)


@transaction.atomic
def drop(*, leads: Collection[int], actor: User | None, now: datetime) -> None:
    """Take back what was taken over for leads that came to nothing, as far as it has not begun."""
    accounts_of = DataAccount.objects.filter(state=DataAccount.State.WAITING)
    items_of = RecurringItem.objects.filter(waiting=True)
    taken = TakenOver.objects.filter(lead__in=leads)
    waits = Q(account__in=accounts_of) | Q(item__in=items_of) | ~Q(left="")
    gone = taken.filter(waits).select_related("item").order_by("pk")
    found = list(gone)
    gone.delete()
    ids = [one.account_id for one in found if one.account_id]
    accounts.cancel(
        accounts=ids, last_day=local_day(now), reason="The lead came to nothing.", actor=actor, now=now
    )
    for one in found:
        if one.item:
            recurring.delete(item=one.item, actor=actor)


def _lasting(day: date) -> Q:
    return Q(ends_on=None) | Q(ends_on__gte=day)


def _begin_items(job: JobCard, day: date, actor: User | None) -> list[Thing]:
    theirs = reading.waits_for(job, "item")
    items = RecurringItem.objects.filter(_lasting(day), theirs, customer=job.customer_id, waiting=True)
    ids = list(items.order_by("pk").values_list("pk", flat=True))
    recurring.begin(items=ids, day=day, actor=actor)
    return [(ITEM, item) for item in ids]


def _bill_materials(job: JobCard, day: date, actor: User | None) -> list[int]:
    """Each material that the customer pays for is an item billed once; the items."""
    made: list[int] = []
    wanted = JobMaterial.objects.filter(job=job, billed=True, item=None, product__isnull=False)
    for material in wanted.select_related("product"):
        assert material.product
        new = recurring.NewItem(
            product=material.product,
            starts_on=day,
            text=material.text,
            quantity=material.quantity,
            once=True,
        )
        material.item = recurring.add(customer=job.customer, new=new, actor=actor)
        material.save(update_fields=["item"])
        made.append(material.item.pk)
    return made
