"""What is done about quotes that nobody answers: they are followed up, and expire."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from herotill.clock import local_day
from workflow.models import Quote
from workflow.policies import quoting
from workflow.selectors import quotes as reading
from workflow.services.quotes.sending import REMINDER, mail

AT_ONCE = 500


def expire_due(*, now: datetime) -> int:
    """Sent quotes whose last day has gone by here expire; how many."""
    due = Quote.objects.filter(state=Quote.State.SENT, expires_on__lt=local_day(now))
    return due.update(state=Quote.State.EXPIRED)


def remind_due(*, now: datetime) -> int:
    """Follow up quotes on the days Setup names, each once and none that was answered; how many.

    Days that were missed are made up for by one mail.
    """
    days, reminded, last = sorted(reading.rules().reminder_days), 0, 0
    while days:
        found = _remind_some(days, last, now)
        if not found:
            break
        reminded, last = reminded + sum(sent for _, sent in found), found[-1][0]
    return reminded


@transaction.atomic
def _remind_some(days: list[int], after: int, now: datetime) -> list[tuple[int, bool]]:
    """The next quotes by id, and whether each was reminded."""
    waiting = Quote.objects.select_for_update(no_key=True, skip_locked=True, of=("self",)).filter(
        state=Quote.State.SENT, expires_on__gte=local_day(now), reminded__lt=len(days), pk__gt=after
    )
    found = list(waiting.select_related("lead", "customer").defer("pdf", "snapshot").order_by("pk")[:AT_ONCE])
    return [(quote.pk, _remind(quote, days, now)) for quote in found]


def _remind(quote: Quote, days: list[int], now: datetime) -> bool:
    assert quote.sent_at is not None
    due = quoting.reminders_due(local_day(quote.sent_at), local_day(now), days)
    if due <= quote.reminded or (quote.lead and not reading.goes_on(quote.lead)):
        return False
    quote.reminded = due
    quote.save(update_fields=["reminded"])
    mail(quote, REMINDER, now, None, key=f"quote-{quote.pk}-reminder-{due}")
    return True
