"""What quotes know of a person, blanked with the lead or the customer: numbers, sums and hashes stay."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import Q

from workflow.models import Acceptance, Quote
from workflow.selectors import quotes as reading


def of_leads(leads: Collection[int], now: datetime) -> None:
    """Blank the quotes of leads who are forgotten in this transaction."""
    _blank(Q(lead__in=leads))


def of_customers(customers: Collection[int], now: datetime) -> None:
    """Blank the quotes that these customers were given as customers."""
    _blank(Q(customer__in=customers))


def _blank(whose: Q) -> None:
    ids = list(Quote.objects.filter(whose).values_list("pk", flat=True))
    Quote.objects.filter(pk__in=ids, state__in=reading.OPEN).update(state=Quote.State.WITHDRAWN)
    Acceptance.objects.filter(quote__in=ids).update(
        name="", address=None, browser="", details={}, document=""
    )
    Quote.objects.filter(pk__in=ids).update(
        recipient="", remark="", decline_words="", token_hash="", snapshot=None, pdf=None
    )
