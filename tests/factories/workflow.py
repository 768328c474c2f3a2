"""Leads and what belongs to them, as the tests' stories need them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from customers.models import Customer
from herotill.links import hashed
from herotill.reference.models import Product
from tests.factories.products import make_product
from workflow.models import JobCard, JobType, Lead, Photo, Quote
from workflow.services import jobs, quotes
from workflow.services.quotes.sending import token_of

NOON = datetime(2018, 8, 22, 10, tzinfo=UTC)  # noon here


def make_lead(name: str = "Alice Liddel", **fields: Any) -> Lead:
    """A lead called `name`, new in the first list unless `step_id` says elsewhere; a company where `kind` says so."""
    if fields.get("kind") == "company":
        names = {"company_name": name}
    else:
        first, _, last = name.partition(" ")
        names = {"first_names": first, "surname": last}
    lead = Lead.objects.create(**(names | fields))
    lead.refresh_from_db()
    return lead


def make_job(
    customer: Customer | None = None, lead: Lead | None = None, state: str = "new", **fields: Any
) -> JobCard:
    """A job with its checklist: a repair at a customer, or the installation of a lead (who has a customer).

    `technician` and `starts_at` are for those that are scheduled; `job_type` may be a name.
    """
    if lead:
        job = (jobs.open_for([lead.pk], NOON) or list(lead.jobs.order_by("-pk")))[0]
    else:
        assert customer
        kind = fields.pop("job_type", "Repair")
        found = kind if isinstance(kind, JobType) else JobType.objects.get(name=kind)
        job = jobs.open_card(customer=customer, job_type=found, actor=None, now=NOON)
    if state != "new":
        fields.setdefault("starts_at", NOON)
        fields.setdefault("ends_at", fields["starts_at"] + timedelta(minutes=job.job_type.minutes))
        if state in ("completed", "failed", "called_off"):
            fields.setdefault("ended_at", fields["ends_at"])
    if fields or state != "new":
        JobCard.objects.filter(pk=job.pk).update(state=state, **fields)
        job.refresh_from_db()
    return job


def all_done(job: JobCard, at: datetime = NOON) -> None:
    """Everything on the checklist of a job is ticked, written down and photographed."""
    job.checks.exclude(kind="photo").update(done_at=at, answer="yes")
    for item in job.checks.filter(kind="photo"):
        Photo.objects.create(job=job, check_item=item, file="photo.jpg", size=1, sha256=f"{item.pk}")


def sold(code: str, price: str, **fields: Any) -> Product:
    """The product of this code, made where there is none."""
    return Product.objects.filter(code=code).first() or make_product(code, price, **fields)


def make_quote(
    lead: Lead | None = None,
    customer: Customer | None = None,
    *,
    sent: bool = True,
    package: Any = None,
    now: datetime = NOON,
    **send: Any,
) -> Quote:
    """A quote of an installation (R 1,500.00 once) and a service (R 454.00 a month, or this package), sent or a draft."""
    quote = quotes.begin(lead=lead, customer=customer, actor=None, now=now)
    quotes.add_line(quote=quote, product=sold("INST", "1500.00", name="Installation"), monthly=False)
    if package is not None:
        quotes.add_package(quote=quote, package=package)
    else:
        quotes.add_line(quote=quote, product=sold("UNC10", "454.00", name="Uncapped 10"), monthly=True)
    if sent:
        quotes.send(quote=quote, to=quote.recipient or "alice@isp.example", actor=None, now=now, **send)
    quote.refresh_from_db()
    return quote


def link_of(quote: Quote) -> str:
    """The token in the mail about a quote, as it is once that has gone out."""
    token = token_of(quote)
    Quote.objects.filter(pk=quote.pk).update(token_hash=hashed(token))
    return token


def accept(quote: Quote, *, now: datetime = NOON, **details: str) -> Quote:
    """The yes by the link, signed with the name the quote is for; `details` as they filled them in."""
    name = quote.lead.name if quote.lead else str(quote.customer)
    quotes.accept(
        token=link_of(quote), name=name, details=details, address="198.51.100.7", browser="Phone", now=now
    )
    quote.refresh_from_db()
    return quote
