"""The answer to a quote: by the link that was mailed, or taken by staff on the phone or on paper."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from herotill import links
from herotill.clock import local_day
from herotill.errors import DomainError
from herotill.events import record
from herotill.messages.services import outbox
from herotill.users.models import User
from workflow.models import Acceptance, DeclineReason, Place, Quote
from workflow.policies import quoting
from workflow.selectors import quotes as reading
from workflow.services import moving
from workflow.services.quotes.sending import SUBJECT, hold

log = logging.getLogger(__name__)
ACCEPTED, TOLD = "quote_accepted", "quote_answered"
State = Quote.State
UNKNOWN = "This link does not open a quote. It may be cut short, or a newer mail has another one."
OVER = {
    State.ACCEPTED: "This quote was accepted.",
    State.DECLINED: "This quote was declined.",
    State.EXPIRED: "This quote has expired.",
    State.REPLACED: "This quote is being changed. You will get the new version by mail.",
    State.WITHDRAWN: "This quote was withdrawn.",
}


def open_link(*, token: str, now: datetime) -> tuple[Quote | None, str]:
    """The quote that a link opens; where it opens none (any more), the sentence that is all it says."""
    known = Quote.objects.filter(token_hash=links.hashed(token)).select_related("lead", "customer")
    quote = known.defer("pdf").first()
    if quote is None:
        return None, UNKNOWN
    if reading.is_answerable(quote, local_day(now)):
        return quote, ""
    ended = State.EXPIRED if quote.state == State.SENT and _goes_on(quote) else quote.state
    return None, OVER.get(State(ended), OVER[State.WITHDRAWN])


def _goes_on(quote: Quote) -> bool:
    return quote.lead is None or reading.goes_on(quote.lead)


def opened(*, token: str, now: datetime) -> None:
    """Somebody reads it: the first time is noted."""
    Quote.objects.filter(token_hash=links.hashed(token), state=State.SENT, opened_at=None).update(
        opened_at=now
    )


def _held_by(token: str, now: datetime) -> Quote:
    """The quote of a link, for us alone, while it may be answered. Raises DomainError with what became of it."""
    quote, over = open_link(token=token, now=now)
    if quote is None:
        raise DomainError(over)
    try:
        held = hold(quote, State.SENT)
    except DomainError:
        raise DomainError(open_link(token=token, now=now)[1] or UNKNOWN) from None
    if not links.known(held.token_hash, token) or not reading.is_answerable(held, local_day(now)):
        raise DomainError(open_link(token=token, now=now)[1] or UNKNOWN)
    return held


@transaction.atomic
def accept(
    *, token: str, name: str, details: Mapping[str, str], address: str, browser: str, now: datetime
) -> Quote:
    """The customer's yes by the link, once: signed with `name`, from this address and browser, with their details.

    Raises DomainError, a sentence for their page, where it was answered, replaced, withdrawn or has expired.
    """
    held = _held_by(token, now)
    given = Acceptance(
        name=name,
        at=now,
        address=address or None,
        browser=browser[:300],
        details=quoting.details_of(dict(details)),
    )
    return _accept(held, given, None, now)


@transaction.atomic
def accept_at_portal(
    *,
    quote: Quote,
    name: str,
    actor: User,
    address: str,
    browser: str,
    now: datetime,
) -> Quote:
    """The yes of who is logged in as the customer, whose details we have, once.

    Raises DomainError as `accept` does.
    """
    held = _held_at_portal(quote, now)
    given = Acceptance(
        name=name,
        at=now,
        by=actor,
        document="In the portal",
        address=address or None,
        browser=browser[:300],
    )
    return _accept(held, given, actor, now)


@transaction.atomic
def decline_at_portal(
    *, quote: Quote, reason: DeclineReason, words: str, actor: User, now: datetime
) -> Quote:
    """The no of who is logged in as the customer. Raises DomainError as `accept` does."""
    return _decline(_held_at_portal(quote, now), reason, words, actor, now)


def _held_at_portal(quote: Quote, now: datetime) -> Quote:
    """The quote for us alone, while it may be answered. Raises DomainError with what became of it."""
    try:
        held = hold(quote, State.SENT)
    except DomainError:
        raise DomainError(OVER.get(State(Quote.objects.get(pk=quote.pk).state), UNKNOWN)) from None
    if not reading.is_answerable(held, local_day(now)):
        raise DomainError(OVER[State.EXPIRED])
    return held


@transaction.atomic
def accept_by_hand(
    *, quote: Quote, name: str, document: str, details: Mapping[str, str], actor: User, now: datetime
) -> Quote:
    """The yes that staff took, shown by `document`. Raises DomainError unless the quote waits for an answer."""
    held = hold(quote, State.SENT)
    if not reading.is_answerable(held, local_day(now)):
        raise DomainError("It has expired, or its lead is lost; make a new version of it.")
    given = Acceptance(
        name=name, at=now, by=actor, document=document, details=quoting.details_of(dict(details))
    )
    return _accept(held, given, actor, now)


def _accept(quote: Quote, given: Acceptance, actor: User | None, now: datetime) -> Quote:
    quote.state, quote.answered_at = State.ACCEPTED, now
    quote.save(update_fields=["state", "answered_at"])
    given.quote, given.pdf_sha256 = quote, quote.pdf_sha256
    given.terms_sha256 = hashlib.sha256(quote.terms.encode()).hexdigest()
    given.save(force_insert=True)
    if quote.lead:
        others = Quote.objects.filter(lead=quote.lead, state__in=reading.OPEN).exclude(pk=quote.pk)
        others.update(state=State.WITHDRAWN)
        _bring_on(quote, Place.CUSTOMER_NEW, f"{quote} was accepted.", actor, now)
    _confirm(quote, given, now)
    _tell(quote, "accepted", now)
    return quote


def _bring_on(quote: Quote, to: Place, why: str, actor: User | None, now: datetime) -> None:
    """Move the lead on. What else it misses there stands on its row; an answer is taken all the same."""
    lead = quote.lead
    if lead is None or not reading.is_before(lead, Place.CUSTOMER_NEW):
        return
    try:
        with transaction.atomic():
            moving.move(leads=[lead.pk], to=to, actor=actor, now=now, why=why)
    except DomainError as no:
        log.info("Lead %s stays after %s: %s", lead.pk, quote, no)


def _confirm(quote: Quote, given: Acceptance, now: datetime) -> None:
    """The paper of what was accepted, to whom the quote was sent."""
    outbox.queue(
        template=ACCEPTED,
        now=now,
        customer_id=quote.customer_id,
        to=quote.recipient,
        context={"name": given.name, "quote": quote.name, "day": str(local_day(now))},
        subject_kind=SUBJECT,
        subject_id=quote.pk,
        key=f"quote-{quote.pk}-accepted",
    )


@transaction.atomic
def decline(*, token: str, reason: DeclineReason, words: str, now: datetime) -> Quote:
    """The customer's no by the link, with the reason. Raises DomainError as `accept` does."""
    return _decline(_held_by(token, now), reason, words, None, now)


@transaction.atomic
def decline_by_hand(
    *, quote: Quote, reason: DeclineReason, words: str, document: str, actor: User, now: datetime
) -> Quote:
    """The no that staff took, shown by `document`."""
    said = f"{words}\n" if words else ""
    return _decline(hold(quote, State.SENT), reason, f"{said}Taken by {actor}: {document}", actor, now)


def _decline(quote: Quote, reason: DeclineReason, words: str, actor: User | None, now: datetime) -> Quote:
    quote.state, quote.answered_at = State.DECLINED, now
    quote.decline_reason, quote.decline_words = reason, words[:1000]
    quote.save(update_fields=["state", "answered_at", "decline_reason", "decline_words"])
    if not _has_another(quote):
        _bring_on(quote, Place.QUOTE_DECLINED, f"{quote} was declined: {reason}.", actor, now)
    _tell(quote, "declined", now)
    return quote


def _has_another(quote: Quote) -> bool:
    return Quote.objects.filter(lead=quote.lead, state=State.SENT).exclude(pk=quote.pk).exists()


def _tell(quote: Quote, what: str, now: datetime) -> None:
    """A fact for whoever wants to know, and a mail to the lead's owner, or to who sent it."""
    record(
        kind=f"quote.{what}",
        key=f"quote.{what}-{quote.pk}",
        customer_id=quote.customer_id,
        subject_kind=SUBJECT,
        subject_id=quote.pk,
        data={"lead": quote.lead_id, "number": quote.name, "reason": str(quote.decline_reason or "")},
    )
    owner = (quote.lead.owner if quote.lead else None) or quote.sent_by
    if owner and owner.email and owner.is_active:
        outbox.queue(
            template=TOLD,
            now=now,
            to=owner.email,
            context={
                "quote": quote.name,
                "who": quote.lead.name if quote.lead else str(quote.customer),
                "answer": what,
                "reason": str(quote.decline_reason or ""),
            },
            subject_kind=SUBJECT,
            subject_id=quote.pk,
            key=f"quote-{quote.pk}-told",
        )
