"""Electronic mandates: asked for by mail, signed once behind a link, kept as the PDF of what was signed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.timezone import get_current_timezone

from billing.models import Mandate
from billing.pdf import mandates as paper
from billing.selectors import mandates as reading
from billing.services import locks, statements
from billing.services.mandates.standing import next_reference, room_for_one
from customers.models import Customer
from herotill import links, storing
from herotill.clock import local_day
from herotill.errors import DomainError
from herotill.messages.models import Message
from herotill.messages.services import outbox
from herotill.messages.templates import Attachment
from herotill.users.models import User

SUBJECT = "mandate"
REQUEST, SIGNED = "mandate-request", "mandate-signed"
WORKS_FOR = timedelta(days=14)
OVER = "This mandate was signed, ended or is too old."
DAMAGED = "The stored mandate is missing or no longer what was stored. Ask your administrator for the backup."


@transaction.atomic
def ask(
    *,
    customer: Customer,
    to: str,
    actor: User | None,
    now: datetime,
    maximum: Decimal | None = None,
    holiday: str = Mandate.Holiday.AFTER,
) -> Mandate:
    """Ask for a mandate of the account that counts, by a mail to one of the customer's contacts.

    One that waited or was blocked ends. Raises DomainError for any other address, where no details are
    captured, or a mandate is active already.
    """
    if to not in dict(reading.mail_addresses(customer.pk)):
        raise DomainError("Choose one of the customer's contacts with an email address.", field="to")
    detail = room_for_one(customer, now, "Another mandate was asked for.")
    mandate = Mandate.objects.create(
        customer=customer,
        detail=detail,
        reference=next_reference(customer),
        kind=Mandate.Kind.ELECTRONIC,
        status=Mandate.Status.ASKED,
        debit_day=detail.debit_day,
        holiday=holiday,
        maximum=maximum,
        asked_to=to,
        expires_at=now + WORKS_FOR,
        made_by=actor,
        made_at=now,
    )
    _mail(mandate, REQUEST, now, actor)
    return mandate


def _mail(mandate: Mandate, template: str, now: datetime, actor: User | None) -> None:
    outbox.queue(
        template=template,
        now=now,
        customer_id=mandate.customer_id,
        to=mandate.asked_to,
        context={
            "name": mandate.customer.name,
            "code": mandate.customer.code,
            "reference": mandate.reference,
        },
        subject_kind=SUBJECT,
        subject_id=mandate.pk,
        actor_id=actor.pk if actor else None,
    )


def seal(message: Message, now: datetime) -> Mapping[str, str]:
    """The address to sign at, made as the mail goes out. Raises DomainError where it is too late for it."""
    open_ones = Mandate.objects.filter(status=Mandate.Status.ASKED, expires_at__gt=now)
    mandate = open_ones.filter(pk=message.subject_id or 0).first()
    if mandate is None or mandate.expires_at is None:
        raise DomainError("This mandate was signed or ended before its mail was sent.")
    token = links.new()
    Mandate.objects.filter(pk=mandate.pk).update(token_hash=links.hashed(token))
    return {
        "link": links.address("billing-mandate", token),
        "until": local_day(mandate.expires_at).isoformat(),
    }


def find(*, token: str) -> Mandate | None:
    """The mandate that a link is of, whatever became of it."""
    found = Mandate.objects.filter(token_hash=links.hashed(token))
    return found.select_related("customer", "detail__bank").first()


def is_open(mandate: Mandate, now: datetime) -> bool:
    """Whether its link still opens it."""
    waits = mandate.status == Mandate.Status.ASKED and mandate.expires_at is not None
    return waits and bool(mandate.expires_at and mandate.expires_at > now)


def shown(mandate: Mandate) -> str:
    """A mark of what a page shows, by which signing knows that nothing has changed since."""
    terms = reading.terms(mandate)
    return hashlib.sha256(repr((terms.facts, terms.authority)).encode()).hexdigest()


def sign(*, token: str, name: str, mark: str, address: str, now: datetime) -> Mandate:
    """Sign by a link, once. Raises DomainError where the link no longer opens it, or as `sign_known` does."""
    known = find(token=token)
    if known is None:
        raise DomainError(OVER)
    return sign_known(mandate=known, name=name, mark=mark, address=address, now=now)


@transaction.atomic
def sign_known(*, mandate: Mandate, name: str, mark: str, address: str, now: datetime) -> Mandate:
    """Sign: keep name, time, address and the PDF of what was agreed, and mail a copy.

    Raises DomainError where it was signed, ended or replaced, or what is agreed is not what was shown.
    """
    locks.hold([mandate.customer_id])
    held = Mandate.objects.select_for_update(of=("self",), no_key=True).select_related(
        "customer", "detail__bank"
    )
    signed = held.get(pk=mandate.pk)
    if signed.token_hash != mandate.token_hash or not is_open(signed, now):
        raise DomainError(OVER)
    if mark != shown(signed):
        raise DomainError("What is agreed has changed meanwhile. Read it once more, then sign.")
    signed.status, signed.signed_at = Mandate.Status.ACTIVE, now
    signed.signed_by_name, signed.signed_from = name.strip(), address or None
    _keep(signed, now)
    signed.save()
    _mail(signed, SIGNED, now, None)
    return signed


def _keep(mandate: Mandate, now: datetime) -> None:
    """Store the paper of what was signed; the hash in its name makes a second try harmless."""
    letterhead = statements.letterhead_on(local_day(now))
    content = paper.render(
        paper.MandateSheet(
            letterhead=letterhead,
            party=statements.party_of(mandate.customer),
            terms=reading.terms(mandate),
            signed_by=mandate.signed_by_name,
            signed_at=now.astimezone(get_current_timezone()),
            signed_from=mandate.signed_from or "",
        )
    )
    mandate.document_hash = hashlib.sha256(content).hexdigest()
    mandate.document_path = f"mandates/{mandate.pk // 1000:06}/{mandate.pk}-{mandate.document_hash[:16]}.pdf"
    storing.keep({mandate.document_path: content})


def document(mandate: Mandate) -> Attachment:
    """The PDF of what was signed, as it was stored. Raises DomainError where it is not there, or is another."""
    if not mandate.document_path:
        raise DomainError("This mandate has no stored document.")
    try:
        with default_storage.open(mandate.document_path, "rb") as file:
            content = bytes(file.read())
    except FileNotFoundError as trouble:
        raise DomainError(DAMAGED) from trouble
    if hashlib.sha256(content).hexdigest() != mandate.document_hash:
        raise DomainError(DAMAGED)
    return Attachment(f"Mandate-{mandate.reference}.pdf", content)


def copy_of(mandate_id: int) -> Attachment:
    """The same, for the mail that brings the customer a copy."""
    return document(Mandate.objects.get(pk=mandate_id))


def stored(ids: list[int]) -> set[int]:
    """Which of these mandates have a document."""
    return set(Mandate.objects.filter(pk__in=ids).exclude(document_path="").values_list("pk", flat=True))
