"""What quotes add: rights, their gate, the card on a lead's page, jobs, mails, and where they are found."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse

import workflow.quote_messages
import workflow.rights.quotes  # noqa: F401
from customers.anonymising import Personal, personal
from herotill.access import may
from herotill.clock import local_day, stamp
from herotill.demo import DemoPart, demo_parts
from herotill.jobs import Job, Queue, count, jobs
from herotill.menu import MenuEntry, menu
from herotill.search import Row, SearchKind, search_kinds
from herotill.tiles import Tile, tiles
from herotill.users.models import User
from workflow.arrivals import Arrival, arrivals
from workflow.demo.quotes import make_quotes
from workflow.forgetting import Forgotten, forgotten
from workflow.gates import Gate, gates
from workflow.lead_cards import LeadCard, lead_cards
from workflow.lists.quotes import SOON, TONES
from workflow.models import Lead, Place, Quote
from workflow.row_deeds import RowDeed, row_deeds
from workflow.selectors import quotes as reading
from workflow.services import quotes
from workflow.services.quotes import forgetting

gates.register(
    Gate(
        "quote-accepted",
        "A quote was accepted",
        reading.not_accepted,
        before=frozenset({Place.CUSTOMER_NEW.value}),
        order=40,
    )
)


def _withdraw(leads: Sequence[int], actor: User | None, now: datetime) -> None:
    quotes.withdraw_of(leads=leads)


arrivals.register(Arrival(Place.LOST, _withdraw, "quotes-withdrawn"))


def _card(lead: Lead, user: User) -> dict[str, Any] | None:
    found = reading.of_lead(lead.pk)
    draft = any(one.state == Quote.State.DRAFT for one in found)
    return {
        "quotes": [(one, TONES[Quote.State(one.state)]) for one in found],
        "may_begin": lead.is_open and not draft and may(user, "workflow.add_quote"),
    }


lead_cards.register(
    LeadCard("quotes", "Quotes", "workflow.view_quote", "workflow/leads/cards/quotes.html", _card, order=40)
)
row_deeds.register(RowDeed(Place.QUOTE_NEW, "Quote", "workflow:quote-begin", "workflow.add_quote"))


def _expire(now: datetime) -> str:
    expired = quotes.expire_due(now=now)
    count(expired=expired)
    return f"{expired} quotes expired." if expired else ""


def _remind(now: datetime) -> str:
    reminded = quotes.remind_due(now=now)
    count(reminded=reminded)
    return f"{reminded} quotes followed up." if reminded else ""


jobs.register(
    Job("quotes-expire", "Lets quotes expire whose days are over", Queue.REPORTS, _expire, "daily at 00:10")
)
jobs.register(
    Job("quotes-remind", "Follows up quotes that nobody answered", Queue.REPORTS, _remind, "daily at 09:00")
)
menu.register(
    MenuEntry(
        "workflow.quotes", "Quotes", "workflow:quotes", "workflow.view_quote", order=40, parent="workflow"
    )
)


def _waiting(user: User) -> dict[str, Any] | None:
    now = stamp()
    every, soon = reading.waiting(now, soon=local_day(now) + timedelta(days=SOON))
    if not every:
        return None
    return {
        "figure": every,
        "what": "Quotes wait for an answer",
        "sub": f"{soon:,} expire within a week",
        "url": f"{reverse('workflow:quotes')}?state={Quote.State.SENT.value}",
        "icon": "document-text",
        "tone": "warn" if soon else "",
    }


tiles.register(
    Tile(
        "quotes",
        "Quotes wait for an answer",
        "workflow.send_quote",
        "tiles/_figure.html",
        _waiting,
        order=60,
    )
)
forgotten.register(Forgotten("quotes", forgetting.of_leads, order=40))
personal.register(
    Personal(
        name="quotes",
        what="What they were offered and said to it; numbers, sums and days of quotes stay",
        blank=forgetting.of_customers,
        order=58,
    )
)


def _url(row: Row) -> str:
    return reverse("workflow:quote", args=[row.object_id])


CHIPS = {state.value: (state.label, tone) for state, tone in TONES.items()}
search_kinds.register(
    SearchKind(
        name="quote",
        label="Quotes",
        permission="workflow.view_quote",
        url=_url,
        icon="document-text",
        chips=CHIPS,
        order=45,
    )
)
demo_parts.register(DemoPart("quotes", make_quotes, order=72))
