"""What the slice of job cards adds: rights, gates, the card that a lead gets by itself, lists, Setup, the calendar."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import workflow.job_messages
import workflow.lists.absences
import workflow.lists.jobs
import workflow.rights.jobs  # noqa: F401
from customers.anonymising import Personal, personal
from herotill.access import may
from herotill.demo import DemoPart, demo_parts
from herotill.lists import Column, cells
from herotill.menu import MenuEntry, menu
from herotill.tables import keep
from herotill.users.models import User
from workflow.arrivals import Arrival, arrivals
from workflow.demo.jobs import make_jobs
from workflow.forms.job_types import JobTypeForm
from workflow.gates import Gate, gates
from workflow.lead_cards import LeadCard, lead_cards
from workflow.lists.waiting import waiting_lists
from workflow.models import ChecklistItem, JobType, Lead, Place
from workflow.row_deeds import RowDeed, row_deeds
from workflow.selectors import job_counts, job_gates
from workflow.selectors import jobs as reading
from workflow.services import beginning, first_invoices, job_blanking, job_types, jobs

SEE, SCHEDULE = "workflow.view_jobcard", "workflow.schedule_jobcard"


def _open(leads: Sequence[int], actor: User | None, now: datetime) -> None:
    jobs.open_for(leads, now, actor)


def _call_off(leads: Sequence[int], actor: User | None, now: datetime) -> None:
    jobs.call_off_of(leads=leads, why="The lead came to nothing.", actor=actor, now=now)


def _drop(leads: Sequence[int], actor: User | None, now: datetime) -> None:
    beginning.drop(leads=leads, actor=actor, now=now)


arrivals.register(Arrival(Place.LOST, _call_off, name="jobs-called-off"))
arrivals.register(Arrival(Place.LOST, _drop, name="products-dropped", order=110))
arrivals.register(Arrival(Place.JOB_NEW, _open, name="job-card"))
arrivals.register(Arrival(Place.INVOICE_NEW, first_invoices.arrive, name="first-invoice"))
gates.register(
    Gate(
        "job-completed",
        "Job completed",
        job_gates.not_completed,
        before=frozenset({Place.INVOICE_NEW}),
        order=60,
    )
)
gates.register(
    Gate(
        "draft-checked",
        "First invoice checked and issued",
        job_gates.not_invoiced,
        before=frozenset({Place.WON}),
        order=70,
    )
)
for _order, (_step, _label, _url_name, _right) in enumerate(
    (
        (Place.JOB_NEW, "Schedule", "workflow:lead-job-schedule", SCHEDULE),
        (Place.JOB_SCHEDULED, "Start", "workflow:lead-job-start", "workflow.do_any_jobcard"),
        (Place.JOB_STARTED, "Complete", "workflow:lead-job-complete", "workflow.do_any_jobcard"),
        (Place.JOB_FAILED, "Book again", "workflow:lead-job-again", "workflow.add_jobcard"),
        (Place.INVOICE_NEW, "Check invoice", "workflow:first-invoice", "billing.issue_invoices"),
    )
):
    row_deeds.register(RowDeed(_step, _label, _url_name, _right, order=60 + _order))


def _card(lead: Lead, user: User) -> dict[str, Any] | None:
    found = reading.of_lead(lead.pk)
    if not found and lead.customer_id is None:
        return None
    undrafted = lead.place == Place.INVOICE_NEW and lead.draft_id is None
    return {"jobs": found, "goes_without": undrafted and may(user, "billing.issue_invoices")}


lead_cards.register(LeadCard("jobs", "Job cards", SEE, "workflow/jobs/card.html", _card, order=60))
waiting_lists[Place.INVOICE_NEW].columns.register(
    Column(
        name="draft",
        heading="First invoice",
        cell=cells.MONEY,
        fields=("draft__incl",),
        permission="billing.view_document",
        default=True,
        order=35,
    )
)
menu.register(
    MenuEntry("workflow.calendar", "Calendar", "workflow:calendar", SEE, order=60, parent="workflow")
)
menu.register(
    MenuEntry(
        "workflow.jobs",
        "Job cards",
        "workflow:jobs",
        SEE,
        order=62,
        parent="workflow",
        counter=lambda user: job_counts.to_do(),
    )
)
menu.register(
    MenuEntry(
        "setup.absences",
        "Absences of technicians",
        "workflow:absences",
        "workflow.view_absence",
        "calendar-days",
        534,
        parent="setup",
        about="When technicians cannot be sent; the calendar warns.",
    )
)
keep(
    name="job-types",
    model=JobType,
    title="Types of jobs",
    noun="type of job",
    nouns="types of jobs",
    about="Installation, repair, collection: how long they take, and their checklists.",
    icon="wrench-screwdriver",
    form=JobTypeForm,
    columns=(
        Column(
            name="minutes", heading="Minutes", cell=cells.NUMBER, fields=("minutes",), default=True, order=20
        ),
        Column(
            name="installs",
            heading="Installs a service",
            cell=cells.YES,
            fields=("installs",),
            default=True,
            order=30,
        ),
        Column(
            name="signature", heading="Signed", cell=cells.YES, fields=("signature",), default=True, order=40
        ),
        Column(name="tests", heading="Tested", cell=cells.YES, fields=("tests",), default=True, order=50),
    ),
    fixed=reading.why_it_stays,
    saved=job_types.saved,
    parts=(ChecklistItem,),
    order=532,
)
personal.register(
    Personal(
        name="jobs",
        what="Where jobs were, what was written of them, signatures and photos; that there was a job stays",
        blank=job_blanking.blank,
        waits=job_blanking.who_waits,
        order=98,
    )
)
demo_parts.register(DemoPart("jobs", make_jobs, order=76))
