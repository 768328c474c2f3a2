"""What messages add to the shell: rights, jobs, screens."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.urls import reverse

from herotill import clock, outward
from herotill.jobs import Job, Queue, jobs
from herotill.menu import MenuEntry, Section, menu, setup_sections
from herotill.messages import approving, listing, tracking  # noqa: F401
from herotill.messages.selectors import messages as reading
from herotill.messages.services import gateways, sending, testing  # noqa: F401
from herotill.messages.templates import Field, HouseField, house_fields
from herotill.reference.selectors.company import company
from herotill.retention import Kept, kinds
from herotill.tiles import Hint, Tile, hints, tiles
from herotill.users.grants import EVERYBODY, right

SCREEN, SETUP = "Messages", "Setup: messages"
outward.owed.register(outward.Owed("mails", "Mails", lambda: reading.waiting("email"), order=10))
outward.owed.register(outward.Owed("sms", "SMS", lambda: reading.waiting("sms"), order=20))
OFFICE = ("manager", "accounts", "support")
right("outbox.view_message", "see the messages that were sent", screen=SCREEN, to=EVERYBODY)
right("outbox.send_again", "send messages again", screen=SCREEN, to=OFFICE)
right(
    "outbox.cancel_message", "stop or release messages that wait", screen=SCREEN, to=("manager", "accounts")
)
right(
    "outbox.export_messages", "export large lists of messages", screen=SCREEN, to=("manager",), sensitive=True
)
right("outbox.view_consent", "see who wants marketing", screen=SCREEN, to=EVERYBODY)
right("outbox.add_consent", "record who wants marketing", screen=SCREEN, to=("manager", "sales", "support"))
right("outbox.view_wording", "see what messages say", screen=SETUP, to=OFFICE)
right("outbox.change_wording", "change what messages say", screen=SETUP, to=("manager",))
right(
    "outbox.approve_wording",
    "approve templates that print bank details",
    screen=SETUP,
    to=("manager",),
    money=True,
)
right("outbox.view_smsgateway", "see the SMS gateway and its balance", screen=SETUP, to=("manager",))
right("outbox.change_smsgateway", "set up the SMS gateway", screen=SETUP)

listing.register()
setup_sections.register(Section("messages", "Messages", 500))
menu.register(MenuEntry("messages", "Messages", "messages", "outbox.view_message", "envelope", 500))
menu.register(
    MenuEntry(
        "setup.templates",
        "Message templates",
        "message-templates",
        "outbox.view_wording",
        "chat-bubble-left-right",
        500,
        parent="setup",
        about="What mails and SMS say.",
    )
)
menu.register(
    MenuEntry(
        "setup.sms",
        "SMS gateway",
        "sms-gateways",
        "outbox.view_smsgateway",
        "device-phone-mobile",
        505,
        parent="setup",
        about="Who sends our SMS, and what is left to spend.",
    )
)

house_fields.register(HouseField(Field("company", "Our name", "Karoo Wireless"), lambda: company().called))
house_fields.register(
    HouseField(Field("company_phone", "Our number", "010 555 0100"), lambda: company().phone)
)


def _trouble(user: Any) -> dict[str, Any] | None:
    """Messages of the last week that failed, or of which nobody knows."""
    found = reading.in_trouble(since=clock.stamp() - reading.LATELY)
    number = found["failed"] + found["unknown"]
    if not number:
        return None
    return {
        "figure": number,
        "what": "Messages that did not arrive",
        "sub": f"{found['failed']} failed, {found['unknown']} unknown this week",
        "url": f"{reverse('messages')}?state=failed&state=unknown",
        "icon": "envelope",
        "tone": "bad",
    }


def _gateway_is_missing() -> bool:
    return gateways.active() is None


tiles.register(Tile("messages", "Messages", "outbox.view_message", "tiles/_figure.html", _trouble, order=450))
hints.register(
    Hint(
        name="sms",
        what="Set up an SMS gateway",
        why="SMS wait until one is switched on.",
        url_name="sms-gateways",
        permission="outbox.change_smsgateway",
        needed=_gateway_is_missing,
    )
)

jobs.register(
    Job("messages-mail", "Sends mails", Queue.MESSAGES, sending.send_mail, "every minute", order=30)
)
jobs.register(Job("messages-sms", "Sends SMS", Queue.MESSAGES, sending.send_sms, "every minute", order=31))
jobs.register(
    Job(
        "sms-balance",
        "Asks the SMS gateway what is left",
        Queue.MESSAGES,
        gateways.ask_all,
        "every hour",
        order=32,
    )
)
jobs.register(
    Job(
        "messages-quarters",
        "Makes room for the messages of the coming quarters, and forgets old ones",
        Queue.REPORTS,
        sending.keep_quarters,
        "daily at 03:45",
        order=93,
    )
)


def _drop_old(now: datetime) -> str:
    gone = sending.forget(before=now - relativedelta(years=settings.MESSAGES_KEPT_YEARS))
    return f"{gone:,} messages." if gone else ""


kinds.register(
    Kept(
        name="messages",
        title="Messages sent",
        period=lambda rules: f"{settings.MESSAGES_KEPT_YEARS} years, then by quarters",
        forget=_drop_old,
        variable="MESSAGES_KEPT_YEARS",
        order=20,
    )
)
