"""Vouchers sold one by one: the receipt, its tax invoice and the voucher are one transaction (rule 17)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from dateutil.relativedelta import relativedelta
from django.db import transaction

from billing.models import BillingProfile, CardAttempt
from billing.services import documents, receipts, single
from billing.services.receipts import NewReceipt
from dataaccounts.models import Package, ToppingOffer, Voucher, VoucherBatch
from dataaccounts.policies import voucher_codes
from dataaccounts.services import vouchers
from herotill.clock import local_day
from herotill.errors import DomainError
from herotill.messages.models import Message
from herotill.messages.services import outbox
from herotill.reference.selectors.prices import prices
from herotill.secrets import decrypt
from herotill.users.models import User

TEMPLATE, ABOUT = "card-voucher", "voucher"
# What is prepaid may not lapse within three years (Consumer Protection Act, s 63).
GOOD_FOR = relativedelta(years=3)


def kinds() -> list[tuple[Package, ToppingOffer]]:
    """What vouchers we make: package and bundle of every batch that was not withdrawn, each once."""
    made = VoucherBatch.objects.filter(withdrawn_at=None, offer__retired=False)
    found = made.select_related("package", "offer__product").order_by("package", "offer", "pk")
    return list({(one.package_id, one.offer_id): (one.package, one.offer) for one in found}.values())


@transaction.atomic
def sell(*, attempt: CardAttempt, receipt: NewReceipt, actor: User | None, now: datetime) -> str:
    """Issue the invoice of a voucher, book the receipt that pays it, make the voucher and mail its code.

    Raises DomainError where less is paid than it costs. Returns a sentence.
    """
    offer = ToppingOffer.objects.select_related("product").get(pk=attempt.subject["offer"])
    package = Package.objects.get(pk=attempt.subject["package"])
    invoice = _invoice(attempt, offer, actor, now)
    if receipt.amount < invoice.incl:
        raise DomainError(f"It costs R {invoice.incl}, and less is paid.", field="amount")
    receipts.capture(receipt=replace(receipt, names_id=invoice.pk), actor=actor)
    batch = vouchers.make(
        name=f"Sold to {attempt.customer.code}, {invoice.name}",
        package=package,
        offer=offer,
        count=1,
        expires_on=local_day(now) + GOOD_FOR,
        actor=actor,
        now=now,
    )
    _mail(attempt, batch, now)
    return f"Voucher {batch.pk}-1 for {offer}, invoice {invoice.name}."


def _invoice(attempt: CardAttempt, offer: ToppingOffer, actor: User | None, now: datetime) -> Any:
    today = local_day(now)
    profile = BillingProfile.objects.filter(customer=attempt.customer_id).first()
    listed = prices([offer.product_id]).on(
        offer.product_id, profile.price_list_id if profile else None, today
    )
    if listed is None:
        raise DomainError(f"{offer} has no price any more.")
    draft = single.draft(
        customer=attempt.customer,
        text=f"{offer.product.invoice_text} (voucher)",
        amount=listed,
        day=today,
        actor=actor,
        product=offer.product,
        due=today,
    )
    documents.issue(documents=[draft.pk], actor=None, now=now)
    draft.refresh_from_db()
    return draft


def _mail(attempt: CardAttempt, batch: VoucherBatch, now: datetime) -> None:
    outbox.queue(
        template=TEMPLATE,
        customer_id=attempt.customer_id,
        context={"name": attempt.customer.name, "what": str(batch.offer), "until": str(batch.expires_on)},
        subject_kind=ABOUT,
        subject_id=Voucher.objects.get(batch=batch).pk,
        key=f"{TEMPLATE}-{attempt.pk}",
        now=now,
    )


def seal(message: Message, now: datetime) -> Mapping[str, str]:
    """The code of a voucher, read as its mail goes out. Raises DomainError for one that is used or withdrawn."""
    voucher = Voucher.objects.select_related("batch").filter(pk=message.subject_id or 0).first()
    if voucher is None or voucher.redeemed_at or voucher.batch.withdrawn_at:
        raise DomainError("This voucher is not good any more.")
    code: Any = voucher.code
    return {"code": voucher_codes.grouped(decrypt(code.token))}
