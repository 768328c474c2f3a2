"""The lists of mail: what waits for a decision, all that came in; mailboxes and rules."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.urls import reverse

from helpdesk.lists.mail_deeds import Leave
from helpdesk.models import InboundMail, Mailbox, MailRule
from helpdesk.selectors import mail_pages
from herotill.lists import Column, Link, List, ListFilter, PageAction, RowAction, Search, cells, keyset, lists
from herotill.lists.columns import Row

Outcome = InboundMail.Outcome
TONES = {Outcome.REFUSED: "bad", Outcome.BOUNCE: "bad", Outcome.TRIAGE: "warn", Outcome.NEW_TICKET: "ok"}
OUTCOME = cells.chips({each.value: (each.label, TONES.get(each, "")) for each in Outcome})
SEE, TRIAGE = "helpdesk.view_inboundmail", "helpdesk.triage_mail"
BOXES, RULES = "helpdesk.view_mailbox", "helpdesk.view_mailrule"
FOUND = 500


def mail_url(row: Row) -> str:
    return reverse("helpdesk:mail-message", args=[row["pk"]])


def _name(row: Row) -> str:
    return row["subject"] or row["sender"] or "without a sender"


def _subject(row: Row) -> Link:
    return Link(mail_url(row), _name(row))


def _ticket(row: Row) -> Link | None:
    number = row["ticket_id"]
    return Link(reverse("helpdesk:ticket", args=[number]), f"#{number}") if number else None


def _search(text: str, person: Any) -> Search:
    def narrowed(rows: QuerySet[InboundMail], along: str = "") -> QuerySet[InboundMail]:
        return rows.filter(pk__in=mail_pages.found_by(rows, text, FOUND))

    return narrowed


def _columns(*, with_outcome: bool) -> tuple[Column, ...]:
    shared = (
        Column(
            name="subject",
            heading="Subject",
            cell=cells.LINK,
            fields=("subject", "sender"),
            value=_subject,
            default=True,
            heads_row=True,
            order=10,
        ),
        Column(name="sender", heading="From", cell=cells.CLIPPED, fields=("sender",), default=True, order=20),
        Column(
            name="received",
            heading="Came",
            cell=cells.MOMENT,
            fields=("received_at",),
            sort=keyset.by_moment("received_at"),
            default=True,
            order=30,
        ),
        Column(
            name="mailbox",
            heading="Mailbox",
            cell=cells.SHORT,
            fields=("mailbox__address",),
            default=True,
            narrow=False,
            order=40,
        ),
        Column(
            name="flags",
            heading="Notes",
            cell=cells.CLIPPED,
            fields=("flags", "reason"),
            value=lambda row: ", ".join(filter(None, [row["reason"], *row["flags"]])).replace("_", " "),
            default=True,
            narrow=False,
            order=60,
        ),
    )
    outcome = (
        Column(name="outcome", heading="Became", cell=OUTCOME, fields=("outcome",), default=True, order=50),
        Column(
            name="ticket",
            heading="Ticket",
            cell=cells.LINK,
            fields=("ticket_id",),
            value=_ticket,
            default=True,
            order=55,
        ),
    )
    return (*shared, *outcome) if with_outcome else shared


OPEN = RowAction(url=mail_url, label=_name, fields=("subject", "sender"))
triage = lists.register(
    List(
        name="mail-triage",
        title="Mail of unknown senders",
        noun="message",
        nouns="messages",
        permission=TRIAGE,
        url_name="helpdesk:mail-triage",
        rows=lambda: InboundMail.objects.order_by().filter(outcome=Outcome.TRIAGE, decided_at=None),
        default_sort="-received",
        action=OPEN,
        search=_search,
        searches="sender or subject",
        export_permission=SEE,
        empty="Nothing waits. Mail of senders that nobody knows stands here until somebody decides.",
        icon="inbox-arrow-down",
        order=90,
    )
)
inbound = lists.register(
    List(
        name="mail",
        title="Mail that came in",
        noun="message",
        nouns="messages",
        permission=SEE,
        url_name="helpdesk:mail",
        rows=lambda: InboundMail.objects.order_by(),
        default_sort="-received",
        action=OPEN,
        search=_search,
        searches="sender or subject",
        export_permission=SEE,
        empty="No mail came in yet. Mailboxes are added under Setup.",
        icon="inbox",
        order=91,
    )
)
for _column in _columns(with_outcome=False):
    triage.columns.register(_column)
triage.bulk.register(Leave())
for _column in _columns(with_outcome=True):
    inbound.columns.register(_column)
inbound.filters.register(
    ListFilter(
        name="outcome",
        filter=django_filters.MultipleChoiceFilter(
            field_name="outcome", choices=Outcome.choices, label="Became"
        ),
    )
)


def _edit(kind: str) -> RowAction:
    return RowAction(
        url=lambda row: reverse(f"helpdesk:{kind}-edit", args=[row["pk"]]),
        label=lambda row: str(row.get("address") or f"rule {row['position']}"),
        fields=("address",) if kind == "mailbox" else ("position",),
        verb="Change",
        permission=f"helpdesk.change_{kind.replace('-', '')}",
        in_dialog=True,
    )


mailboxes = lists.register(
    List(
        name="mailboxes",
        title="Mailboxes",
        noun="mailbox",
        nouns="mailboxes",
        permission=BOXES,
        url_name="helpdesk:mailboxes",
        rows=lambda: Mailbox.objects.order_by(),
        default_sort="address",
        action=_edit("mailbox"),
        export_permission=BOXES,
        empty="No mailbox yet. Add the address at which customers write to a department.",
        icon="inbox-stack",
        order=92,
    )
)
for _column in (
    Column(
        name="address",
        heading="Address",
        fields=("address",),
        sort=keyset.by_text("address"),
        default=True,
        heads_row=True,
        order=10,
    ),
    Column(name="department", heading="Department", fields=("department__name",), default=True, order=20),
    Column(
        name="host",
        heading="Fetched from",
        fields=("host",),
        value=lambda row: row["host"] or "piped in",
        default=True,
        order=30,
    ),
    Column(name="active", heading="Works", cell=cells.YES, fields=("active",), default=True, order=40),
    Column(
        name="fetched",
        heading="Last fetched",
        cell=cells.MOMENT,
        fields=("fetched_at",),
        default=True,
        order=50,
    ),
    Column(name="error", heading="Trouble", cell=cells.CLIPPED, fields=("error",), default=True, order=60),
):
    mailboxes.columns.register(_column)
mailboxes.actions.register(
    PageAction(
        name="new", label="New mailbox", url_name="helpdesk:mailbox-new", permission="helpdesk.add_mailbox"
    )
)


def _wanted(row: Row) -> str:
    named = (("sender", "from"), ("recipient", "to"), ("subject", "subject"), ("body", "text"))
    return ", ".join(f"{word} has “{row[name]}”" for name, word in named if row[name])


def _done(row: Row) -> str:
    given = [row["department__name"], row["category__name"], row["priority__name"]]
    return ", ".join(filter(None, [*given, "closed" if row["closes"] else ""]))


mail_rules = lists.register(
    List(
        name="mail-rules",
        title="Mail rules",
        noun="rule",
        nouns="rules",
        permission=RULES,
        url_name="helpdesk:mail-rules",
        rows=lambda: MailRule.objects.order_by(),
        default_sort="position",
        action=_edit("mail-rule"),
        export_permission=RULES,
        empty="No rule yet: new tickets go to the department of their mailbox.",
        icon="funnel",
        order=93,
    )
)
for _column in (
    Column(
        name="position",
        heading="Place",
        cell=cells.NUMBER,
        fields=("position",),
        sort=keyset.by_number("position"),
        default=True,
        heads_row=True,
        order=10,
    ),
    Column(
        name="wanted",
        heading="Where",
        fields=("sender", "recipient", "subject", "body"),
        value=_wanted,
        default=True,
        order=20,
    ),
    Column(name="mailbox", heading="In mailbox", fields=("mailbox__address",), default=True, order=30),
    Column(
        name="done",
        heading="The ticket gets",
        fields=("department__name", "category__name", "priority__name", "closes"),
        value=_done,
        default=True,
        order=40,
    ),
    Column(
        name="retired", heading="Switched off", cell=cells.YES, fields=("retired",), default=True, order=50
    ),
):
    mail_rules.columns.register(_column)
mail_rules.actions.register(
    PageAction(
        name="new", label="New rule", url_name="helpdesk:mail-rule-new", permission="helpdesk.add_mailrule"
    )
)
