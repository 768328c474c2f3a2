"""The rule of the second person as approvals see it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse

from billing.models import CollectionRules
from herotill.approvals import Row, Subject
from herotill.models import ApprovalRequest

KIND = "batch-second-person"
WORDS = {True: "Needed", False: "Not needed"}


def as_subject(pk: int | None, payload: Mapping[str, Any]) -> Subject | None:
    """The rules as they are now."""
    rules = CollectionRules.objects.get()
    return Subject("Rules of debit batches", reverse("billing:collection-rules"), {"on": rules.second_person})


def changes(pk: int | None, payload: Mapping[str, Any]) -> list[Row]:
    """What would change."""
    now = CollectionRules.objects.get().second_person
    return [Row("A second person releases", WORDS[now], WORDS[bool(payload["on"])])]


def waiting() -> ApprovalRequest | None:
    """The change that waits for a second person."""
    return ApprovalRequest.objects.filter(kind=KIND, state="open").select_related("asked_by").first()
