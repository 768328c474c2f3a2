"""What a second person sees of a template that prints bank details."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.urls import reverse

from herotill.approvals import ApprovalKind, Asked, Row, Subject, kinds
from herotill.messages.models import Wording
from herotill.messages.selectors.wordings import current
from herotill.messages.services import wording
from herotill.messages.templates import templates
from herotill.users.models import User


def _subject(pk: int | None, payload: Mapping[str, Any]) -> Subject | None:
    found = Wording.objects.filter(pk=pk or 0).first()
    if found is None or found.template not in templates:
        return None
    template = templates[found.template]
    subject, text, _ = current([template.name])[template.name]
    address = reverse("message-template", args=[template.name])
    return Subject(f"Template {template.title}", address, {"subject": subject, "text": text})


def _describe(pk: int | None, payload: Mapping[str, Any]) -> list[Row]:
    new = Wording.objects.get(pk=pk or 0)
    template = templates[new.template]
    subject, text, _ = current([template.name])[template.name]
    becomes = (template.subject, template.text) if new.reset else (new.subject, new.text)
    rows = [Row("Subject", subject, becomes[0]), Row("Text", text, becomes[1])]
    return [row for row in rows if row.old != row.new] or rows


def _carry_out(asked: Asked, actor: User, now: datetime) -> None:
    if asked.subject_id:
        wording.count(pk=asked.subject_id)


def _dropped(asked: Asked, now: datetime) -> None:
    if asked.subject_id:
        wording.drop(pk=asked.subject_id)


kinds.register(
    ApprovalKind(
        name=wording.KIND,
        title="Change of a template that prints bank details",
        permission="outbox.approve_wording",
        subject=_subject,
        describe=_describe,
        carry_out=_carry_out,
        dropped=_dropped,
    )
)
