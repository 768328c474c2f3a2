"""The paper of a finished job, made when it is asked for."""

from __future__ import annotations

from billing.services.statements import letterhead_on, party_of
from herotill.clock import local, local_day
from herotill.messages.templates import Attachment
from workflow.models import JobCard, JobCheck, JobEquipment, JobMaterial
from workflow.pdf import jobs as paper
from workflow.policies.jobs import PHOTO, is_done
from workflow.selectors.job_pages import drawn


def pdf(*, job: JobCard) -> Attachment:
    """A job card as it was completed."""
    return Attachment(f"Job-{job.customer.code}-{job.name}.pdf", paper.render(_sheet(job)))


def _sheet(job: JobCard) -> paper.JobSheet:
    day = local_day(job.ended_at or job.created_at)
    return paper.JobSheet(
        letterhead=letterhead_on(day),
        party=party_of(job.customer),
        name=job.name,
        kind=job.job_type.name,
        day=day,
        facts=tuple(_facts(job)),
        checks=tuple(_check(one) for one in JobCheck.objects.filter(job=job)),
        used=tuple(_used(job)),
        report=job.report,
        signed_by=job.signed_by,
        strokes=drawn(job.signature),
    )


def _facts(job: JobCard) -> list[tuple[str, str]]:
    rows = [("State", job.get_state_display()), ("Technician", str(job.technician or ""))]
    if job.ended_at:
        rows.append(("Completed", local(job.ended_at).strftime("%Y-%m-%d %H:%M")))
    if job.starts_service_on:
        rows.append(("Services begin", job.starts_service_on.isoformat()))
    return rows


def _check(one: JobCheck) -> tuple[str, str]:
    pictured = one.kind == PHOTO and one.photos.exists()
    done = is_done(kind=one.kind, ticked=bool(one.done_at), pictured=pictured)
    return one.text, (one.kind == "text" and one.answer) or ("done" if done else "not done")


def _used(job: JobCard) -> list[tuple[str, str]]:
    materials = [
        (one.text, f"{one.quantity:g}{', paid by the customer' if one.billed else ''}")
        for one in JobMaterial.objects.filter(job=job)
    ]
    put_in = JobEquipment.objects.filter(job=job).select_related("asset")
    return materials + [(str(one.asset), one.asset.serial_number) for one in put_in]
