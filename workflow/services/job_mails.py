"""What customers are told of their jobs: the day and the time within which somebody comes."""

from __future__ import annotations

from datetime import datetime

from billing.selectors.mandates import is_resellers
from herotill.clock import local, local_day
from herotill.messages.services import outbox
from herotill.users.models import User
from workflow.models import JobCard

SCHEDULED, RESCHEDULED, SUBJECT = "job_scheduled", "job_rescheduled", "job"


def tell_scheduled(job: JobCard, actor: User | None, now: datetime, *, again: bool) -> bool:
    """Owe the customer a mail of when somebody comes; `again`: at another time than they were told before.

    False where a reseller speaks to them (rule 14).
    """
    assert job.starts_at
    assert job.ends_at
    if is_resellers(job.customer, local_day(now)):
        return False
    begins, ends = local(job.starts_at), local(job.ends_at)
    context = {
        "customer": job.customer.name,
        "job": job.job_type.name,
        "day": begins.strftime("%A, %-d %B %Y"),
        "from": begins.strftime("%H:%M"),
        "until": ends.strftime("%H:%M"),
        "technician": str(job.technician),
        "address": ", ".join(line.strip() for line in job.address.splitlines() if line.strip()),
    }
    return outbox.queue(
        template=RESCHEDULED if again else SCHEDULED,
        customer_id=job.customer_id,
        subject_kind=SUBJECT,
        subject_id=job.pk,
        context=context,
        key=f"job-{job.pk}-{job.version}",
        now=now,
        actor_id=actor.pk if actor else None,
    )
