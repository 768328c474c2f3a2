"""The list of job cards."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from customers.models import Customer
from herotill.clock import local
from herotill.folding import fold
from herotill.lists import Column, Link, List, RowAction, Search, cells, keyset, lists
from herotill.lists.columns import Row
from herotill.lists.sheet import Sheet
from herotill.typed import number
from workflow.filters.jobs import JOBS
from workflow.models import JobCard
from workflow.selectors import job_counts

State = JobCard.State
TONES = {
    State.NEW: "warn",
    State.SCHEDULED: "accent",
    State.STARTED: "accent",
    State.COMPLETED: "ok",
    State.FAILED: "bad",
    State.CALLED_OFF: "",
}
STATE = cells.chips({state.value: (state.label, tone) for state, tone in TONES.items()})


def job_url(row: Row) -> str:
    return reverse("workflow:job", args=[row["pk"]])


def job_name(row: Row) -> str:
    return f"JOB{row['pk']:05d}"


def _customer(row: Row) -> Link:
    return Link(job_url(row), row["customer__name"], job_name(row))


def _search(text: str, person: object) -> Search:
    pk = number(text.strip().upper().removeprefix("JOB"))

    def narrowed(rows: QuerySet[JobCard], along: str = "") -> QuerySet[JobCard]:
        theirs = Customer.objects.filter(Q(name_key__startswith=fold(text)) | Q(code=text.strip().upper()))
        found = Q(customer__in=theirs.values("pk"))
        if pk is not None:
            found |= Q(pk=pk)
        return rows.filter(found)

    return narrowed


def _time(row: Row) -> str:
    if not row["starts_at"]:
        return ""
    begins, ends = local(row["starts_at"]), local(row["ends_at"])
    return f"{begins:%Y-%m-%d %H:%M}–{ends:%H:%M}"


def _facts(sheet: Sheet) -> dict[str, Any]:
    return {"counts": job_counts.by_state()}


jobs = lists.register(
    List(
        name="job-cards",
        title="Job cards",
        noun="job",
        nouns="jobs",
        permission="workflow.view_jobcard",
        url_name="workflow:jobs",
        rows=lambda: JobCard.objects.order_by(),
        default_sort="-number",
        action=RowAction(url=job_url, label=job_name, fields=()),
        search=_search,
        searches="number, customer or code",
        export_permission="workflow.export_jobcards",
        empty="No job yet. A customer's card Job cards opens one; new customers get theirs by themselves.",
        icon="wrench-screwdriver",
        template_name="workflow/jobs/list.html",
        facts=_facts,
        order=74,
    )
)
COLUMNS = (
    Column(
        name="customer",
        heading="Customer",
        cell=cells.LINK,
        fields=("customer__name",),
        value=_customer,
        default=True,
        heads_row=True,
        order=10,
    ),
    Column(
        name="number",
        heading="Job No",
        cell=cells.IDENTIFIER,
        fields=("id",),
        value=job_name,
        sort=keyset.by_number("id"),
        default=True,
        narrow=False,
        order=20,
    ),
    Column(name="type", heading="Type", cell=cells.SHORT, fields=("job_type__name",), default=True, order=30),
    Column(name="state", heading="State", cell=STATE, fields=("state",), default=True, order=40),
    Column(
        name="since",
        heading="Since",
        cell=cells.MOMENT,
        fields=("state_since",),
        order=45,
    ),
    Column(
        name="time",
        heading="When",
        cell=cells.IDENTIFIER,
        fields=("starts_at", "ends_at"),
        value=_time,
        sort=keyset.by_moment("starts_at"),
        default=True,
        order=50,
    ),
    Column(
        name="technician",
        heading="Technician",
        cell=cells.SHORT,
        fields=("technician__name", "technician__username"),
        value=lambda row: row["technician__name"] or row["technician__username"] or "",
        default=True,
        narrow=False,
        order=60,
    ),
    Column(
        name="area",
        heading="Area",
        cell=cells.SHORT,
        fields=("area__name",),
        default=True,
        narrow=False,
        order=70,
    ),
    Column(
        name="code",
        heading="Account code",
        cell=cells.IDENTIFIER,
        fields=("customer__code",),
        default=True,
        narrow=False,
        order=80,
    ),
    Column(name="address", heading="Where", cell=cells.CLIPPED, fields=("address",), order=90),
    Column(
        name="why",
        heading="Why it failed",
        cell=cells.CLIPPED,
        fields=("fail_reason__name", "fail_words"),
        value=lambda row: ": ".join(filter(None, (row["fail_reason__name"], row["fail_words"]))),
        order=100,
    ),
    Column(
        name="begins",
        heading="Services begin",
        cell=cells.DAY,
        fields=("starts_service_on",),
        order=110,
    ),
)
for _column in COLUMNS:
    jobs.columns.register(_column)
for _narrowing in JOBS:
    jobs.filters.register(_narrowing)
