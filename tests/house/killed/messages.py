"""What is owed to the jobs of the queue messages."""

from __future__ import annotations

import socket
from datetime import timedelta
from typing import Any

from billing.models import BooksOwed
from customers.models import Category
from helpdesk.models import HelpdeskRules, InboundMail, Post, Ticket
from herotill import events, runs
from herotill.integrations.sms.smsportal.standin import SmsPortalStandIn
from herotill.messages.models import Message, SmsGateway
from herotill.messages.services import gateways, outbox
from herotill.models import JobState, Run
from herotill.users.models import AccessLink
from tests.contracts.imap.server import MISSING, PASSWORD, PROGRAM, dovecot
from tests.factories import make_customer, make_person
from tests.factories.books import connect
from tests.factories.helpdesk import make_priority, make_ticket
from tests.factories.people import in_role
from tests.helpdesk.mail.letters import letter, mailbox
from tests.house.killed.story import Story, World, heard, nothing
from tests.messages.mailserver import Sink, mail_server
from tests.sampleapp.models import Mark
from tests.strict import needs


def prepare(world: World, settings: Any) -> None:
    """A mail server, one for mail that comes in, and an SMS gateway stand in."""
    needs(PROGRAM, MISSING)
    settings.OUTBOUND_ALLOW = ["127.0.0.1"]
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = int(one.getsockname()[1])
    world.there.sink = Sink()
    world.open.enter_context(mail_server(world.there.sink, port))
    world.there.portal = world.open.enter_context(SmsPortalStandIn())
    world.there.inbox = world.open.enter_context(dovecot())
    settings.SMSPORTAL_URL = world.there.portal.url
    gateways.switch_on(row=SmsGateway.objects.create(kind="smsportal", key="key", secret="secret"))
    world.environment |= {
        "EMAIL_URL": f"smtp://127.0.0.1:{port}",
        "SMSPORTAL_URL": world.there.portal.url,
        "OUTBOUND_ALLOW": "127.0.0.1",
    }
    make_priority("Normal", usual=True, answer_minutes=60, vip_answer_minutes=15)


def written(world: World, template: str, words: dict[str, str], *addresses: str) -> None:
    for address in addresses:
        outbox.queue(template=template, to=address, context=words, now=world.now)


def states(*addresses: str) -> list[str]:
    return sorted(Message.objects.filter(address__in=addresses).values_list("state", flat=True))


MAILS = tuple(f"{name}@wonderland.example" for name in ("ann", "ben", "col"))
PHONES = ("+27821234561", "+27821234562", "+27821234563")


def mailed(world: World) -> tuple[list[str], list[str]]:
    return sorted(to for to in world.there.sink.to() if to in MAILS), states(*MAILS)


def texted(world: World) -> tuple[list[str], list[str]]:
    return sorted(one["destination"] for one in world.there.portal.sent), states(*PHONES)


def nobody_took(world: World) -> None:
    """A run whose message the broker lost."""
    run = runs.start(kind="sample-count", params={"to": 30}, actor=make_person("Rita"))
    Run.objects.filter(pk=run.pk).update(nudged_at=world.now - timedelta(hours=1))


def marks_of_the_run(world: World) -> int:
    return Mark.objects.filter(text__in=[str(number) for number in range(30)]).count()


def in_trouble(world: World) -> None:
    """Thandi administers; a job failed of which nobody has told her."""
    thandi = in_role("Thandi", "administrator")
    thandi.email = "thandi@isp.example"
    thandi.save(update_fields=["email"])
    failed = {"failed": True, "failures": 1, "said": "No."}
    JobState.objects.update_or_create(
        name="sample-tick", defaults=failed | {"started_at": world.now, "finished_at": world.now}
    )


def alarms(world: World) -> int:
    return Message.objects.filter(template="job-in-trouble", address="thandi@isp.example").count()


def overdue(world: World) -> None:
    lena = make_person("Lena", email="lena@isp.example")
    ticket = make_ticket(make_customer("Dina Liddel", "DUE001"), assignee=lena, now=world.now)
    Ticket.objects.filter(pk=ticket.pk).update(answer_due_at=world.now, warned_of=None, late_of=None)


def became_a_vip(world: World) -> None:
    vip = Category.objects.create(name="Gold")
    HelpdeskRules.objects.update_or_create(defaults={"vip_category": vip})
    victor = make_customer("Victor Liddel", "VIP001")
    make_ticket(victor, now=world.now)
    world.there.usual = due("VIP001")
    victor.categories.add(vip)


def due(code: str) -> Any:
    return Ticket.objects.get(customer__code=code).answer_due_at


def forgot_the_password(world: World) -> None:
    make_person("Fred", email="fred@isp.example")
    AccessLink.objects.create(door="staff", asked_for="fred")


def waits_in_the_mailbox(world: World) -> None:
    where = {"host": "127.0.0.1", "port": world.there.inbox.port, "tls": False}
    mailbox(username="help", password=PASSWORD, **where)
    make_customer("Ina Liddel", "INB001", contact={"email": "alice@wonderland.example"})
    world.there.inbox.put(letter("One"), letter("Two"))


def taken_in(world: World) -> tuple[list[str], int, int]:
    """What stands on tickets, how many mails were kept, and how many wait there."""
    said = Post.objects.filter(ticket__customer__code="INB001").order_by("pk")
    return list(said.values_list("text", flat=True)), InboundMail.objects.count(), world.there.inbox.count()


def refused_by_the_books(world: World) -> None:
    manager = make_person("Mona", email="mona@isp.example")
    one = connect()
    one.manager = manager
    one.save()
    refused = BooksOwed.objects.filter(customer=make_customer("Bo Liddel", "BOO001"))
    refused.update(state="refused", trouble="The name is too long.")


def ten_minutes_later(world: World) -> None:
    """The lease of whoever was sending is over."""
    Message.objects.filter(state="waiting").update(next_try_at=world.now)
    Message.objects.filter(state="sending").update(started_at=world.now - timedelta(hours=1))


# Of what was under way nobody can know whether it went out: it is not sent again, and a person looks.
SENT = 'UPDATE "outbox_message" SET .*"sent_at"'
STORIES = {
    "messages-mail": Story(
        nothing,
        mailed,
        (sorted(MAILS), ["sent", "sent", "unknown"]),
        at=SENT,
        before=True,
        comes=lambda world: written(world, "test-mail", {"subject": "Hello", "text": "A word"}, *MAILS),
        passes=ten_minutes_later,
    ),
    "messages-sms": Story(
        nothing,
        texted,
        ([number.lstrip("+") for number in PHONES], ["unknown"] * 3),
        at=SENT,
        before=True,
        comes=lambda world: written(world, "test-sms", {"name": "Rita"}, *PHONES),
        passes=ten_minutes_later,
    ),
    "facts-consume": Story(
        lambda world: events.record(kind="sample.made", key="once"),
        lambda world: Mark.objects.filter(text="once").count(),
        1,
        at='INSERT INTO "sampleapp_mark"',
    ),
    "runs-sweep": Story(nothing, marks_of_the_run, 30, comes=nobody_took),
    # Before it writes: what stands there and is not committed would hold up who looks meanwhile.
    "jobs-watch": Story(nothing, alarms, 1, at='INSERT INTO "?outbox_message', before=True, comes=in_trouble),
    "books-troubles": Story(
        nothing,
        lambda world: Message.objects.filter(address="mona@isp.example").count(),
        1,
        comes=refused_by_the_books,
    ),
    "sms-balance": Story(nothing, lambda world: SmsGateway.objects.filter(balance__isnull=False).count(), 1),
    "helpdesk-due-notices": Story(
        overdue,
        lambda world: Message.objects.filter(template="tickets_late", address="lena@isp.example").count(),
        1,
    ),
    "helpdesk-due-times": Story(became_a_vip, lambda world: due("VIP001") < world.there.usual, True),
    "log-in-mail": Story(
        forgot_the_password,
        lambda world: AccessLink.objects.filter(email="fred@isp.example").count(),
        1,
    ),
    "mail-fetch": Story(
        waits_in_the_mailbox,
        taken_in,
        (["One", "Two"], 2, 0),
        at='INSERT INTO "helpdesk_ticket"',
    ),
    "pulse-messages": heard("messages"),
}
