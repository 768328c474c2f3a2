"""What our own people are told of tickets."""

from __future__ import annotations

from helpdesk.services import sources, telling
from herotill.clock import stamp
from herotill.events import Consumer, consumers, lately
from herotill.jobs import Job, Queue, jobs
from herotill.messages.templates import FIRST, SMS, Field, Template, register_mails, templates

GROUP = "Tickets (to our own people)"
ONE = (
    Field("number", "The ticket's number", "1042"),
    Field("subject", "What it is about", "No connection since the storm"),
    Field("customer", "Whose it is", "Alice Liddel"),
    Field("priority", "How urgent it is", "High"),
    Field("department", "Which department it is in", "Support"),
)
LINK = Field("link", "Where it is read", "https://isp.example/helpdesk/1042/", link=True)
MANY = (
    Field("count", "How many there are", "2 tickets"),
    Field("tickets", "Which they are, a line each", "#1042 No connection (Mon 09:30)", several=True),
    Field("link", "Where they are listed", "https://isp.example/helpdesk/", link=True),
)
ABOUT = "\n\nCustomer: {customer}\nPriority: {priority}\nDepartment: {department}\n\n{link}"

register_mails(
    GROUP,
    (
        (
            telling.MAIL,
            "A ticket is yours now",
            "#{number} is yours: {subject}",
            "Ticket #{number} was given to you: {subject}" + ABOUT,
            (*ONE, LINK),
        ),
        (
            telling.OPENED,
            "A ticket opened by itself",
            "#{number}: {subject}",
            "Ticket #{number} opened by itself and is nobody's yet: {subject}" + ABOUT,
            (*ONE, LINK),
        ),
        (
            telling.SOON,
            "Tickets are about to be late",
            "{count} about to be late",
            "{count} will be late soon:\n\n{tickets}\n\n{link}",
            MANY,
        ),
        (telling.LATE, "Tickets are late", "{count} late", "{count} late:\n\n{tickets}\n\n{link}", MANY),
    ),
    order=720,
)
templates.register(
    Template(
        name=telling.SMS,
        title="A ticket is yours now (SMS)",
        group=GROUP,
        channel=SMS,
        rank=FIRST,
        text="Ticket #{number} is yours ({priority}): {subject}. {customer}",
        fields=ONE,
        order=724,
    )
)
consumers.register(
    Consumer(
        "ticket-sources",
        sources.KINDS,
        lambda facts: sources.consume(lately(facts, now=stamp())),
        order=10,
    )
)
consumers.register(
    Consumer(
        "ticket-staff", telling.KINDS, lambda facts: telling.consume(lately(facts, now=stamp())), order=20
    )
)
jobs.register(
    Job(
        name="helpdesk-due-notices",
        title="Tells of tickets that are about to be late",
        queue=Queue.MESSAGES,
        task=lambda now: f"{telling.warn(now=now)} tickets told of.",
        schedule="every 5 minutes",
    )
)
