"""VAT rates announced and cancelled, and our own status. What has begun stays; the database refuses otherwise."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TypeVar

from django.db import IntegrityError, transaction

from herotill.errors import DomainError
from herotill.reference.models import VatRate, VendorStatus

Row = TypeVar("Row", VatRate, VendorStatus)
SAYS = {
    "vat_rate_once_a_day": "Another rate begins that day. Withdraw it first.",
    "vat_rate_follows_the_begun": "A later rate has begun already; what was charged since then stands.",
    "vat_rate_begun_stands": "This rate has begun and stays as it is.",
    "vendor_status_once_a_day": "Our status changes that day already.",
}


def announce(*, starts_on: date, rate: Decimal) -> VatRate:
    """Have a rate count from a day on. Raises DomainError for a day before a rate that has begun."""
    return _kept(VatRate(starts_on=starts_on, rate=rate))


def withdraw(*, rate: VatRate) -> None:
    """Cancel a rate that was announced and has not begun; it stays in the list as withdrawn."""
    rate.withdrawn = True
    _kept(rate)


def change_status(*, starts_on: date, is_vendor: bool, vat_number: str, day: date) -> VendorStatus:
    """Say what we are for VAT from a day on: after every day on which it changed so far, or from today on."""
    if starts_on < day and VendorStatus.objects.filter(starts_on__gte=starts_on).exists():
        raise DomainError(
            "A later status counts already; what was charged since then stands.", field="starts_on"
        )
    if not is_vendor:
        vat_number = ""
    return _kept(VendorStatus(starts_on=starts_on, is_vendor=is_vendor, vat_number=vat_number))


def set_number(*, status: VendorStatus, vat_number: str) -> None:
    """Put the number of a status right; documents that were issued keep the one they showed."""
    if not status.is_vendor:
        raise DomainError("Who is no vendor has no VAT number.")
    status.vat_number = vat_number
    status.save(update_fields=["vat_number"])


def _kept(row: Row) -> Row:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as trouble:
        constraint = getattr(getattr(trouble.__cause__, "diag", None), "constraint_name", None)
        if constraint not in SAYS:
            raise
        raise DomainError(SAYS[constraint], field="starts_on") from None
    return row
