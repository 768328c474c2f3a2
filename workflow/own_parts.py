"""What the workflow puts into the copy of somebody's data: what they asked to change, quotes and visits."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from customers.models import Customer
from customers.own_data import OwnData, OwnFile, Row, own_data
from herotill.clock import local
from workflow.models import ChangeRequest, JobCard
from workflow.policies import change_fields
from workflow.selectors import change_requests, quotes
from workflow.services.quotes import papers

MOST = 100_000


def _changes(customer: Customer) -> Iterator[Row]:
    for one in ChangeRequest.objects.filter(customer=customer).order_by("pk"):
        fields = change_fields.FIELDS[one.kind]
        wanted = zip(fields, change_requests.in_words(fields, one.wanted), strict=True)
        yield {
            "Asked": f"{local(one.asked_at):%Y-%m-%d %H:%M}",
            "Kind": one.get_kind_display(),
            "Wanted": "; ".join(f"{field.full_label}: {text}" for field, text in wanted if text),
            "In your words": one.words,
            "What became of it": one.get_state_display(),
            "Reason": one.why,
        }


def _quotes(customer: Customer) -> Iterator[Row]:
    for one in quotes.shown_to(customer, limit=MOST):
        yield {
            "Quote": str(one),
            "Date": one.day,
            "State": one.get_state_display(),
            "Once": one.once,
            "A month": one.monthly,
        }


def _paper(pk: int) -> bytes:
    return papers.stored(pk).content


def _papers(customer: Customer) -> Iterator[OwnFile]:
    for one in quotes.shown_to(customer, limit=MOST):
        yield OwnFile(f"{one.name}.pdf", partial(_paper, one.pk))


def _jobs(customer: Customer) -> Iterator[Row]:
    for one in JobCard.objects.filter(customer=customer).select_related("job_type").order_by("pk"):
        yield {
            "What": one.job_type.name,
            "Begins": f"{local(one.starts_at):%Y-%m-%d %H:%M}" if one.starts_at else "",
            "Where": one.address,
            "State": one.get_state_display(),
            "What was done": one.report,
            "Signed by": one.signed_by,
        }


for part in (
    OwnData(name="changes", title="What you asked to change", rows=_changes, order=40),
    OwnData(name="quotes", title="Quotes", rows=_quotes, files=_papers, order=41),
    OwnData(name="visits", title="Visits of technicians", rows=_jobs, order=42),
):
    own_data.register(part)
