"""What the cards about the customer itself show."""

from __future__ import annotations

from django.db.models import F, QuerySet

from customers.models import Address, Asset, Attachment, Contact, Customer, CustomerNote
from customers.policies import doubts


def contacts(*, customer: Customer) -> QuerySet[Contact]:
    """The primary contact first, then in the order they came."""
    return Contact.objects.filter(customer=customer).order_by("-is_primary", "id")


def addresses(*, customer: Customer) -> list[Address]:
    """Physical, postal, then the additional ones."""
    place = {Address.Kind.PHYSICAL: 0, Address.Kind.POSTAL: 1}
    found = Address.objects.filter(customer=customer)
    return sorted(found, key=lambda address: (place.get(address.kind, 2), address.pk))  # type: ignore[call-overload]


def notes(*, customer: Customer, limit: int = 20) -> list[CustomerNote]:
    """The newest notes, one more than `limit` where there are more."""
    found = CustomerNote.objects.filter(customer=customer).select_related("author")
    return list(found.order_by("-created_at", "-id")[: limit + 1])


def assets(*, customer: Customer, limit: int = 50) -> list[Asset]:
    """What stands at the customer first, then what came back; one more than `limit` where there are more."""
    found = Asset.objects.filter(customer=customer).select_related("address")
    return list(found.order_by(F("returned_on").desc(nulls_first=True), "-installed_on", "-id")[: limit + 1])


def attachments(*, customer: Customer, limit: int = 30) -> list[Attachment]:
    """The newest files, one more than `limit` where there are more."""
    found = Attachment.objects.filter(customer=customer).select_related("uploaded_by")
    return list(found.order_by("-uploaded_at", "-id")[: limit + 1])


DOUBTS = {
    doubts.ID: ("id_number", "This is no valid South African ID number or passport number."),
    doubts.REGISTRATION: ("registration_number", "A registration number looks like 2018/123456/07."),
    doubts.VAT: ("vat_number", "A VAT number has ten digits, begins with 4 and has a check digit."),
    doubts.PHONE: ("phone", "No network gives out such a phone number."),
}


def doubts_of(*, customer: Customer) -> dict[str, str]:
    """What does not check in the customer's numbers, by field; never more than a warning."""
    return dict(DOUBTS[name] for name in customer.doubts)
