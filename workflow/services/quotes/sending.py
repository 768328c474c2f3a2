"""Quotes on their way: sent, sent again, replaced by a new version, withdrawn."""

from __future__ import annotations

import base64
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.crypto import salted_hmac

from customers.policies import emails
from herotill import links
from herotill.clock import local_day
from herotill.errors import DomainError
from herotill.messages.models import Message
from herotill.messages.services import outbox
from herotill.users.models import User
from workflow.models import Lead, Place, Quote, QuoteLine
from workflow.selectors import quotes as reading
from workflow.services import moving
from workflow.services.quotes import drafting, papers

QUOTE, REMINDER, SUBJECT = "quote", "quote_reminder", "quote"
State = Quote.State
COPIED = (
    *("product", "package", "position", "text", "monthly", "quantity"),
    *("price", "list_price", "of_survey", "discount"),
)


def token_of(quote: Quote) -> str:
    """The secret in a quote's address: the same in every mail to one address, another for another address.

    It is worked out anew for each mail and kept nowhere; the hash is.
    """
    digest = salted_hmac("workflow.quote", f"{quote.pk}:{quote.recipient}", algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def hold(quote: Quote, *states: str) -> Quote:
    """It as it stands, for us alone; its lead is held before it. Raises DomainError in any other state."""
    if quote.lead_id:
        Lead.objects.select_for_update(no_key=True).get(pk=quote.lead_id)
    found = (
        Quote.objects.select_for_update(no_key=True, of=("self",))
        .select_related("lead__owner", "customer")
        .defer("pdf")
        .get(pk=quote.pk)
    )
    if found.state not in states:
        raise DomainError(f"{found} is {found.get_state_display().lower()} by now; somebody was first.")
    return found


@transaction.atomic
def send(*, quote: Quote, to: str, actor: User | None, now: datetime, days: int | None = None) -> Quote:
    """Freeze a draft, make its paper and mail the link; its lead comes to the sent ones.

    It stands `days` from today, or as Setup says. Raises DomainError without lines or a usable address, and
    where the lead is lost, has accepted another or misses something.
    """
    held = hold(quote, State.DRAFT)
    if held.lead:
        drafting.insist_sold_to(held.lead)
    freeze(held, to=to, actor=actor, now=now, days=days)
    if held.lead and reading.is_before(held.lead, Place.CUSTOMER_NEW):
        moving.move(leads=[held.lead.pk], to=Place.QUOTE_SENT, actor=actor, now=now, why=f"{held} was sent.")
    mail(held, QUOTE, now, actor)
    return held


def freeze(quote: Quote, *, to: str, actor: User | None, now: datetime, days: int | None = None) -> None:
    """Make a held draft one that was sent: with the VAT of the day, terms, paper and the day it stands until."""
    lines = reading.lines(quote)
    if not lines:
        raise DomainError("There is nothing on it yet; add a line first.")
    rules = reading.rules()
    quote.day = local_day(now)
    drafting.reckon(lines, quote)
    QuoteLine.objects.bulk_update(lines, ["vat_class", "vat_rate", "excl", "vat", "incl"])
    quote.refresh_from_db(fields=["once_excl", "once_vat", "once", "monthly_excl", "monthly_vat", "monthly"])
    quote.expires_on = quote.day + timedelta(days=days or rules.quote_days)
    quote.terms, quote.recipient = rules.terms, _usable(to)
    quote.state, quote.sent_at, quote.sent_by = State.SENT, now, actor
    papers.keep(quote, lines)
    quote.save()


def _usable(to: str) -> str:
    address = to.strip().lower()
    if not emails.is_email(address):
        raise DomainError("Give the email address it goes to.", field="to")
    return address


def mail(quote: Quote, template: str, now: datetime, actor: User | None, *, key: str = "") -> None:
    """Queue a mail with the link to the quote."""
    outbox.queue(
        template=template,
        now=now,
        customer_id=quote.customer_id,
        to=quote.recipient,
        context={
            "name": papers.party_of(quote)[0],
            "quote": quote.name,
            "once": f"{quote.once:,.2f}",
            "monthly": f"{quote.monthly:,.2f}",
            "until": str(quote.expires_on),
        },
        subject_kind=SUBJECT,
        subject_id=quote.pk,
        key=key,
        actor_id=actor.pk if actor else None,
    )


@transaction.atomic
def seal(message: Message, now: datetime) -> Mapping[str, str]:
    """The address of the quote, put in as the mail goes out. Raises DomainError where it is too late for it."""
    found = Quote.objects.select_for_update(no_key=True, of=("self",)).select_related("lead").defer("pdf")
    quote = found.filter(pk=message.subject_id or 0).first()
    if quote is None or not reading.is_answerable(quote, local_day(now)):
        raise DomainError("This quote was answered, replaced or ended before its mail was sent.")
    if message.address != quote.recipient:
        raise DomainError("This quote goes to another address by now.")
    token = token_of(quote)
    Quote.objects.filter(pk=quote.pk).update(token_hash=links.hashed(token))
    return {"link": links.address("quote-answer", token)}


@transaction.atomic
def resend(*, quote: Quote, to: str, actor: User | None, now: datetime) -> Quote:
    """Mail the link once more; where it goes to another address, the link in earlier mails ends at once."""
    held = hold(quote, State.SENT)
    if not reading.is_answerable(held, local_day(now)):
        raise DomainError("It has expired; make a new version of it.")
    address = _usable(to)
    if address != held.recipient:
        held.recipient, held.token_hash = address, ""
        held.save(update_fields=["recipient", "token_hash"])
    mail(held, QUOTE, now, actor)
    return held


@transaction.atomic
def revise(*, quote: Quote, actor: User | None, now: datetime) -> Quote:
    """A draft of the next version. The one that was sent is replaced at once: its link opens nothing more.

    Raises DomainError for one that was accepted, and beside a draft of the same quote.
    """
    held = hold(quote, State.SENT, State.DECLINED, State.EXPIRED, State.WITHDRAWN, State.REPLACED)
    if held.lead:
        drafting.insist_sold_to(held.lead)
    every = Quote.objects.filter(number=held.number)
    if every.filter(state__in=(State.DRAFT, State.ACCEPTED)).exists():
        raise DomainError("Another version of it is a draft or accepted already.")
    every.filter(state=State.SENT).update(state=State.REPLACED)
    newest = max(every.values_list("version", flat=True))
    made = Quote.objects.create(
        number=held.number,
        version=newest + 1,
        lead=held.lead,
        customer=held.customer,
        day=local_day(now),
        recipient=held.recipient,
        remark=held.remark,
        created_by=actor,
    )
    _copy_lines(held, made)
    return made


def _copy_lines(old: Quote, new: Quote) -> None:
    lines = [
        QuoteLine(quote=new, **{name: getattr(one, name) for name in COPIED}) for one in reading.lines(old)
    ]
    drafting.reckon(lines, new)
    QuoteLine.objects.bulk_create(lines)


@transaction.atomic
def withdraw(*, quote: Quote) -> Quote:
    """Take a draft or a sent quote back; its link opens nothing more."""
    held = hold(quote, State.DRAFT, State.SENT)
    held.state = State.WITHDRAWN
    held.save(update_fields=["state"])
    return held


@transaction.atomic
def withdraw_of(*, leads: Collection[int]) -> int:
    """Take back all that is open of these leads, who are lost or have what they wanted; how many. The caller
    holds the leads.
    """
    return Quote.objects.filter(lead__in=leads, state__in=reading.OPEN).update(state=State.WITHDRAWN)
