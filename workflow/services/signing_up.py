"""Somebody signs up on the public form. Who is known is answered like who is new, so that the answer tells nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from workflow.models import Lead, LeadNote, Source
from workflow.policies.sign_up import retold
from workflow.selectors import lead_duplicates
from workflow.services import leads

FORM = "sign-up form"


@transaction.atomic
def sign_up(*, values: Mapping[str, Any], now: datetime) -> Lead:
    """A new lead; or a note on the lead on its way that has the same phone number or email.

    Two at once of one person become one lead. A customer who signs up becomes a lead too, whose page says so.
    """
    _one_at_a_time(str(values["phone"]), str(values["email"]))
    known = lead_duplicates.open_leads_of((values["phone"],), values["email"])
    if known:
        (lead,) = leads.hold(known[:1])
        _told_again(lead, retold(values), now)
        return lead
    source = Source.objects.filter(name_key=FORM, retired=False).first()
    return leads.capture(values={**values, "source": source}, actor=None, now=now, origin=Lead.Origin.FORM)


def _told_again(lead: Lead, text: str, now: datetime) -> None:
    """The same said twice is one note."""
    if not LeadNote.objects.filter(lead=lead, text=text, by=None).exists():
        leads.note(lead=lead, text=text, actor=None, now=now)


def _one_at_a_time(*names: str) -> None:
    with connection.cursor() as cursor:
        for name in sorted(filter(None, names)):
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"sign-up {name}"])
