"""Debit-order accounts and mandates as the services make them. All numbers are made up, and pass the banks' rules."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from billing.models import DebitDetail, Mandate, PayerBank
from billing.services import mandates
from customers.models import Customer

NOW = datetime(2026, 11, 2, 8, tzinfo=UTC)
FNB, OTHER_FNB, ABSA = "62194875749", "62448347824", "4052601815"


def new_detail(bank: str = "FNB / RMB", number: str = FNB, **more: Any) -> mandates.NewDetail:
    """Details of an account at a bank, on its universal branch code."""
    found = PayerBank.objects.get(name=bank)
    given = {"branch_code": found.branch_code, "holder": "A Liddel", "debit_day": 25} | more
    return mandates.NewDetail(bank=found, number=number, **given)


def make_detail(
    customer: Customer, bank: str = "FNB / RMB", number: str = FNB, *, now: datetime = NOW, **more: Any
) -> DebitDetail:
    """The account that counts from now on."""
    return mandates.save_detail(
        customer=customer, values=new_detail(bank, number, **more), actor=None, now=now
    )


def signed_form(name: str = "mandate.pdf", mark: str = "") -> SimpleUploadedFile:
    """A scan of a signed form; `mark` makes it another."""
    return SimpleUploadedFile(name, f"%PDF-1.4\n% {mark}\n%%EOF\n".encode(), "application/pdf")


def make_mandate(
    customer: Customer,
    *,
    now: datetime = NOW,
    maximum: str = "",
    holiday: str = Mandate.Holiday.AFTER,
    **detail: Any,
) -> Mandate:
    """An active mandate on paper, with the account it is for."""
    if detail or not DebitDetail.objects.filter(customer=customer, replaced_at=None).exists():
        make_detail(customer, now=now, **detail)
    return mandates.capture_paper(
        customer=customer,
        signed_on=date(2026, 11, 1),
        signed_by="",
        actor=None,
        now=now,
        upload=signed_form(mark=customer.code),
        maximum=Decimal(maximum) if maximum else None,
        holiday=holiday,
    )
