"""What ratings add: rights, mails, their list, the button that asks, the portal's page, figures."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

import helpdesk.rights.ratings  # noqa: F401
from customers.deeds import CardDeed, card_deeds
from customers.models import Customer
from helpdesk.selectors import ratings as reading
from helpdesk.selectors.sources import asks
from helpdesk.services import asking, ratings
from helpdesk.views.figures import SEE as FIGURES
from herotill.clock import stamp
from herotill.counting import remembered
from herotill.events import Consumer, consumers, lately
from herotill.menu import MenuEntry, menu
from herotill.messages.templates import EMAIL, LATER, Field, Template, templates
from herotill.portal import PortalEntry, portal_menu
from herotill.reports import Report, reports

SEE, ASK = "helpdesk.view_rating", "helpdesk.request_rating"
FIELDS = (
    Field("name", "Whom it is to", "Alice Liddel"),
    Field("what", "What is rated: the ticket's subject, the kind of job", "No connection since the storm"),
    Field("who", "Who served them, if anybody", "Sipho Ndlovu"),
    Field("link", "Where they rate", "https://isp.example/…", secret=True, link=True),
)
END = "\n\n{link}\n\nThe link works once."

for _order, (_kind, _title, _subject, _text) in enumerate(
    (
        (
            "ticket",
            "Asks to rate a ticket",
            "How was our help? {what}",
            "Dear {name}\n\nWe closed your request “{what}”. How was our help?" + END,
        ),
        (
            "job",
            "Asks to rate a job",
            "How was our visit?",
            "Dear {name}\n\nOur technician was with you: {what}. How was it?" + END,
        ),
        (
            "general",
            "Asks to rate us in general",
            "What do you think of us?",
            "Dear {name}\n\nTell us what you think of us; it takes a moment." + END,
        ),
    )
):
    templates.register(
        Template(
            name=f"rating_{_kind}",
            title=_title,
            group="Ratings",
            channel=EMAIL,
            rank=LATER,
            purpose="tickets",
            subject=_subject,
            text=_text,
            fields=FIELDS,
            secrets=ratings.seal,
            order=740 + _order,
        )
    )


def _ask_url(customer: Customer) -> str:
    return reverse("helpdesk:rating-ask", args=[customer.code])


@remembered("ratings-on")
def _is_on() -> int:
    return int(any(asks(switch) for switch in ("rate_in_general", "rate_tickets", "rate_jobs")))


@remembered("ratings-to-acknowledge")
def _waiting() -> int:
    return reading.to_acknowledge()


consumers.register(
    Consumer(
        "rating-asking", asking.KINDS, lambda facts: asking.consume(lately(facts, now=stamp())), order=30
    )
)
menu.register(
    MenuEntry(
        "helpdesk.ratings",
        "Ratings",
        "helpdesk:ratings",
        SEE,
        order=60,
        parent="helpdesk",
        counter=lambda user: _waiting(),
    )
)
reports.register(
    Report(
        "helpdesk-ratings",
        "Ratings",
        "helpdesk-reports:ratings",
        FIGURES,
        "What customers think of us, by month, department and person.",
        "star",
        305,
    )
)
card_deeds.register(
    CardDeed(
        "request-rating",
        "account-details",
        "Request rating…",
        ASK,
        _ask_url,
        order=130,
        foot=True,
        fits=lambda customer: customer.anonymised_on is None,
    )
)
portal_menu.register(
    PortalEntry(
        "ratings", _("Rate us"), "portal-ratings", "star", order=90, shown=lambda customer: bool(_is_on())
    )
)
