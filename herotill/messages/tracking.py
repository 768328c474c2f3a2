"""What a mail service tells of mails, by way of anymail."""

from __future__ import annotations

from typing import Any

from anymail.signals import tracking
from django.conf import settings
from django.dispatch import receiver

from herotill import clock
from herotill.integrations.sms import Report, code
from herotill.messages.services import consent, reports
from herotill.typed import can_be_kept

STATES = {
    "delivered": "delivered",
    "bounced": "failed",
    "rejected": "failed",
    "failed": "failed",
    "sent": "sent",
}
LONGEST = 254  # letters of an address
UNWANTED = {"unsubscribed": "by the mail service", "complained": "reported as spam"}


@receiver(tracking, dispatch_uid="outbox")
def told(sender: Any, event: Any, esp_name: str, **kwargs: Any) -> None:
    """Write down delivery and failure; a complaint ends marketing to that address."""
    now = clock.stamp()
    if state := STATES.get(event.event_type):
        error = (
            f"The mail service says: {code(event.reject_reason) or event.event_type}."
            if state == "failed"
            else ""
        )
        report = Report(state, gateway_id=str(event.message_id or ""), error=error, at=event.timestamp)
        reports.take(reports=[report], gateway=settings.MAIL_SERVICE, now=now)
    address = str(event.recipient or "")
    if (how := UNWANTED.get(event.event_type)) and 0 < len(address) <= LONGEST and can_be_kept(address):
        consent.record(channel="email", address=address, wanted=False, how=how, now=now)
