"""What is read of debit-order details and mandates."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from billing.models import DebitDetail, Mandate, SubAccountMode
from billing.policies.mandate_words import Terms
from billing.selectors import profiles
from customers.models import Contact, Customer
from herotill.reference.selectors.company import company

OPEN = (Mandate.Status.ASKED, Mandate.Status.ACTIVE, Mandate.Status.BLOCKED)


def current_detail(customer_id: int) -> DebitDetail | None:
    """The debit-order details that count."""
    found = DebitDetail.objects.filter(customer=customer_id, replaced_at=None)
    return found.select_related("bank", "made_by").first()


def details(customer_id: int) -> list[DebitDetail]:
    """Every version of a customer's debit-order details, the newest first."""
    found = DebitDetail.objects.filter(customer=customer_id).select_related("bank", "made_by")
    return list(found.order_by("-id"))


def active(customer_ids: Collection[int]) -> Mapping[int, Mandate]:
    """The active mandates of these customers by their ids, each with its account and bank."""
    found = Mandate.objects.filter(customer__in=customer_ids, status=Mandate.Status.ACTIVE)
    return {one.customer_id: one for one in found.select_related("detail__bank")}


def open_mandate(customer_id: int) -> Mandate | None:
    """The mandate that is asked for, active or blocked; a customer has one at most."""
    found = Mandate.objects.filter(customer=customer_id, status__in=OPEN)
    return found.select_related("detail__bank", "attachment", "made_by", "customer").first()


def mandates_of(customer_id: int, *, limit: int = 20) -> list[Mandate]:
    """A customer's mandates, the newest first."""
    found = Mandate.objects.filter(customer=customer_id).select_related("detail__bank", "made_by")
    return list(found.order_by("-id")[:limit])


def is_resellers(customer: Customer, day: date) -> bool:
    """Whether a reseller bills this customer, whom we neither message nor debit (rule 14)."""
    if customer.master_id is None:
        return False
    mode = profiles.mode_on(profiles.modes(customer=customer), day)
    return mode == SubAccountMode.Mode.RESELLER


def mail_addresses(customer_id: int) -> list[tuple[str, str]]:
    """The contacts' email addresses and whose they are, the primary contact's first."""
    found = Contact.objects.filter(customer=customer_id).exclude(email="").order_by("-is_primary", "id")
    return list({email: f"{name} <{email}>" for email, name in found.values_list("email", "name")}.items())


def terms(mandate: Mandate) -> Terms:
    """What a mandate says, the number masked."""
    detail, us = mandate.detail, company()
    return Terms(
        creditor=us.trading_name or us.name or "HeroTill",
        code=mandate.customer.code,
        reference=mandate.reference,
        holder=detail.holder,
        bank=detail.bank.name,
        branch=f"{detail.branch_name}, {detail.branch_code}",
        account_type=detail.get_account_type_display(),
        number=str(detail.number),
        debit_day=mandate.debit_day,
        holiday=mandate.holiday,
        maximum=mandate.maximum,
    )


def summary(customer: Customer) -> list[tuple[str, str]]:
    """What Billing details says of a debit order: where it comes from, and whether it may be debited."""
    held = DebitDetail.objects.filter(customer=customer, replaced_at=None).select_related("bank")
    status = Mandate.objects.filter(customer=OuterRef("customer"), status__in=OPEN).values("status")[:1]
    detail = held.annotate(mandate_status=Subquery(status)).first()
    if detail is None:
        return []
    words = dict(Mandate.Status.choices)
    return [
        ("Debit order", f"{detail.bank.name} {detail.number}, on day {detail.debit_day}"),
        ("Mandate", words.get(detail.mandate_status, "None: nothing is debited")),
    ]


def everything() -> QuerySet[Mandate]:
    """The rows of the list."""
    return Mandate.objects.order_by()


def search(text: str, user: Any) -> Any:
    """Mandates of a customer by the code, or by the beginning of the reference."""
    wanted = text.strip()
    customer = Customer.objects.filter(code=wanted.upper()).values_list("pk", flat=True).first()

    def narrowed(rows: QuerySet[Mandate], along: str = "") -> QuerySet[Mandate]:
        return (
            rows.filter(customer=customer) if customer else rows.filter(reference__startswith=wanted.upper())
        )

    return narrowed
