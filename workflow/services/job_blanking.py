"""What jobs at former customers lose; that there was a job, of which type, when and by whom, stays."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from herotill.blanking import drop_files, execute
from workflow.models import JobCard, Photo
from workflow.policies.jobs import OPEN

_CARDS = """
UPDATE workflow_jobcard SET address = '', instructions = '', report = '', fail_words = '', signed_by = '',
    overridden = CASE overridden WHEN '' THEN '' ELSE '•••' END,
    unbilled = CASE unbilled WHEN '' THEN '' ELSE '•••' END, signature = NULL, tested = NULL
WHERE customer_id = ANY(%s)
"""
_CHECKS = """
UPDATE workflow_jobcheck SET answer = '•••' WHERE kind = 'text' AND answer <> ''
AND job_id IN (SELECT id FROM workflow_jobcard WHERE customer_id = ANY(%s))
"""


def blank(customers: Collection[int], now: datetime) -> None:
    """Where, what was written, who signed, and all photos, in the caller's transaction."""
    ids = list(customers)
    execute(_CARDS, ids)
    execute(_CHECKS, ids)
    photos = Photo.objects.filter(job__customer__in=ids)
    drop_files([str(name) for name in photos.values_list("file", flat=True)])
    photos.delete()


def who_waits(customers: Collection[int], day: date) -> dict[int, str]:
    """Whoever has a job that is not done."""
    found = JobCard.objects.filter(customer__in=customers, state__in=OPEN)
    return dict.fromkeys(found.values_list("customer_id", flat=True), "A job is not done.")
