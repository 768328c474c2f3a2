"""Types of jobs and their checklists; when technicians are away."""

from __future__ import annotations

from typing import Any

from herotill.users.models import User
from workflow.models import Absence, ChecklistItem, JobType
from workflow.policies import checklists


def keep_checklist(job_type: JobType, text: str) -> None:
    """Make a type's checklist what is written, a line each; cards that are there keep theirs."""
    wanted = checklists.read(text)
    known = list(job_type.checklist.all())
    if [checklists.Item(one.text, one.kind, one.compulsory) for one in known] == wanted:
        return
    for gone in known:
        gone.delete()
    for place, item in enumerate(wanted):
        ChecklistItem.objects.create(
            job_type=job_type, position=place, text=item.text, kind=item.kind, compulsory=item.compulsory
        )


def note_absence(*, absence: Absence, actor: User) -> Absence:
    """Note when somebody cannot be sent, or that it is other days."""
    absence.save()
    return absence


def forget_absence(*, absence: Absence, actor: User) -> None:
    """They can be sent after all; the audit keeps it."""
    absence.delete()


def saved(row: Any, actor: Any) -> None:
    """What a type needs whenever Setup saves it."""
    keep_checklist(row, getattr(row, "written", ""))
