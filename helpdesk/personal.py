"""What the helpdesk knows of a person, how long it stays, and what of it somebody may take along."""

from __future__ import annotations

from customers.anonymising import Personal, personal
from customers.own_data import OwnData, own_data
from helpdesk.selectors import own_data as reading
from helpdesk.services import forgetting
from herotill.retention import Kept, kinds

personal.register(
    Personal(
        name="tickets",
        what="Tickets, what was said on them, files, mails and the words of ratings",
        blank=forgetting.of_customers,
        waits=forgetting.who_waits,
        order=5,
    )
)
for order, (name, title, period, forget, setting) in enumerate(
    (
        (
            "tickets-of-nobody",
            "Closed tickets of people who are no customers",
            lambda rules: f"{rules.anonymise_after_months} months",
            forgetting.of_nobody,
            "retention",
        ),
        (
            "raw-mail",
            "Mail as it came, and mail that became nothing",
            lambda rules: f"{rules.raw_mail_months} months",
            forgetting.raw_mail,
            "retention",
        ),
        ("presences", "Who looks at a ticket", lambda rules: "A day", forgetting.presences, ""),
    )
):
    kinds.register(
        Kept(name=name, title=title, period=period, forget=forget, setting=setting, order=84 + order)
    )
own_data.register(OwnData(name="tickets", title="Tickets", rows=reading.words, files=reading.files, order=60))
own_data.register(OwnData(name="ratings", title="Ratings you gave", rows=reading.ratings, order=61))
