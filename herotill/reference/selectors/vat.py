"""Which VAT counts on which day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from herotill.reference.models import VatRate, VendorStatus
from herotill.vat import Rates


def rates() -> Rates:
    """The rates that count, with our own status worked in. Read once for a piece of work."""
    standard = VatRate.objects.filter(withdrawn=False).order_by("starts_on")
    status = VendorStatus.objects.order_by("starts_on")
    return Rates.of(
        standard.values_list("starts_on", "rate"),
        status.values_list("starts_on", "is_vendor"),
    )


def all_rates() -> Sequence[VatRate]:
    """Every rate, the newest first, withdrawn ones too."""
    return list(VatRate.objects.order_by("-starts_on", "-id"))


def statuses() -> Sequence[VendorStatus]:
    """What we were for VAT, the newest first."""
    return list(VendorStatus.objects.order_by("-starts_on"))


def vendor_status(day: date) -> VendorStatus | None:
    """What we are for VAT on a day: vendor with number, or not."""
    return VendorStatus.objects.filter(starts_on__lte=day).order_by("-starts_on").first()


def lacks_vat_number(day: date | None = None) -> bool:
    """Whether we charge VAT without a number: on a day, or from the newest status on."""
    status = vendor_status(day or date.max)
    return status is not None and status.is_vendor and status.vat_number == ""
