"""Whether a second person releases batches: switching it off, or on again, takes two (rule 4)."""

from __future__ import annotations

from datetime import datetime

from billing.models import CollectionRules
from billing.selectors.batch_rules import KIND
from herotill import approvals
from herotill.models import ApprovalRequest
from herotill.users.models import User


def ask(*, on: bool, reason: str, actor: User, now: datetime) -> ApprovalRequest:
    """Have the change wait for a second person."""
    pk = CollectionRules.objects.values_list("pk", flat=True).get()
    return approvals.ask(kind=KIND, subject_id=pk, payload={"on": on}, reason=reason, actor=actor, now=now)


def carry_out(asked: approvals.Asked, actor: User, now: datetime) -> None:
    """Do what a second person approved."""
    rules = CollectionRules.objects.select_for_update(of=("self",)).get()
    rules.second_person = bool(asked.payload["on"])
    rules.save(update_fields=["second_person"])
