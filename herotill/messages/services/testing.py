"""Tests that a person sends to themselves."""

from __future__ import annotations

from datetime import datetime

from herotill.errors import DomainError
from herotill.messages.policies.previewing import preview
from herotill.messages.selectors.wordings import current
from herotill.messages.services import outbox
from herotill.messages.templates import FIRST, SMS, Field, Template, templates

MAIL, TEXT = "test-mail", "test-sms"
templates.register(
    Template(
        name=MAIL,
        title="A test of a template",
        group="Tests",
        channel="email",
        subject="Test: {subject}",
        text="{text}",
        fields=(
            Field("subject", "The subject of what is tested", "Your invoice INV00699"),
            Field("text", "The text of what is tested", "Dear Thandi…", several=True),
        ),
        rank=FIRST,
        order=990,
    )
)
templates.register(
    Template(
        name=TEXT,
        title="A test of the SMS gateway",
        group="Tests",
        channel=SMS,
        text="A test from {name}.",
        fields=(Field("name", "Who tests", "Thandi Mokoena"),),
        rank=FIRST,
        order=991,
    )
)


def mail(*, template: Template, to: str, now: datetime, actor_id: int) -> None:
    """Mail the text in use with the examples of its fields; of an SMS, what it would say."""
    if not to:
        raise DomainError("You have no email address of your own here.")
    subject, text, _ = current([template.name])[template.name]
    shown = preview(template, subject, text)
    context = {"subject": shown.subject or template.title, "text": shown.text}
    outbox.queue(template=MAIL, to=to, context=context, now=now, actor_id=actor_id)


def sms(*, to: str, name: str, now: datetime, actor_id: int) -> None:
    """Send an SMS by the gateway that is switched on."""
    outbox.queue(template=TEXT, to=to, context={"name": name}, now=now, actor_id=actor_id)
