"""What is read for leads that become customers: what is known of them, who they may be already, what is lacking."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from customers.models import Address, Contact, Customer
from customers.policies import phones
from customers.selectors import duplicates
from workflow.models import Lead, Quote, Survey
from workflow.policies import prefilling
from workflow.policies.prefilling import Known
from workflow.selectors import quotes


def known(lead: Lead, quote: Quote | None) -> Known:
    """Everything that the lead and the customer's own words say."""
    said = {key: getattr(lead, key, "") for key in prefilling.KEYS}
    said |= {f"physical_{name}": getattr(lead, name) for name in prefilling.PLACE}
    said["physical_directions"] = _directions(lead)
    details = quote.acceptance.details if quote else {}
    return prefilling.together(said, {key: str(details.get(key, "")) for key in prefilling.KEYS})


def _directions(lead: Lead) -> str:
    """How to find the place, its coordinates included."""
    if lead.latitude is None:
        return lead.directions
    return f"{lead.directions}\n{prefilling.COORDINATES}{lead.latitude}, {lead.longitude}".strip()


def highsite_of(lead: Lead) -> int | None:
    """The tower that the newest survey found, or that the lead was given."""
    done = Survey.objects.filter(lead=lead, state=Survey.State.DONE, highsite__isnull=False)
    found = done.order_by("-done_at", "-pk").values_list("highsite", flat=True).first()
    return found or lead.highsite_id


def likely(lead: Lead, *, by_id: bool) -> list[Customer]:
    """Customers whom a lead may be already; by the ID number only for who may see those."""
    said = known(lead, quotes.accepted(lead))
    return duplicates.of(
        email=said["email"], phone=said["phone"], id_number=said["id_number"] if by_id else ""
    )


@dataclass(frozen=True, slots=True)
class Lack:
    """Something that the lead knows and the customer lacks. Who holds `permission` may have it added."""

    name: str
    label: str
    value: str
    permission: str


def lacks(lead: Lead, customer: Customer) -> list[Lack]:
    """What of the lead could be added to a customer who was there before."""
    return list(_lacks(known(lead, quotes.accepted(lead)), lead, customer))


FIELDS = (
    ("id_number", "ID number", "customers.change_id_numbers"),
    ("registration_number", "Company registration number", "customers.change_id_numbers"),
    ("vat_number", "VAT number", "customers.change_customer"),
)


def _lacks(said: Known, lead: Lead, customer: Customer) -> Iterator[Lack]:
    for name, label, permission in FIELDS:
        if said[name] and not getattr(customer, name):
            yield Lack(name, label, said[name], permission)
    highsite = highsite_of(lead)
    if highsite and customer.highsite_id is None:
        name = str(lead.highsite) if lead.highsite_id == highsite else "as the survey found"
        yield Lack("highsite", "Highsite", name, "customers.change_customer")
    yield from _places(said, customer)
    if (said["email"] or said["phone"]) and not _has_contact(said, customer):
        yield Lack("contact", "Contact", _contact(said), "customers.add_contact")


def _places(said: Known, customer: Customer) -> Iterator[Lack]:
    """Addresses: where the customer has another physical one, this becomes a further one."""
    held = {one.kind: one.one_line for one in customer.addresses.all()}
    for kind, label in (("physical", "Physical address"), ("postal", "Postal address")):
        line = Address(**said.place(kind)).one_line
        if not line or _same(line, held.values()):
            continue
        if kind not in held:
            yield Lack(kind, label, line, "customers.add_address")
        elif kind == "physical":
            yield Lack("other", "Additional address", line, "customers.add_address")


def _same(line: str, others: object) -> bool:
    return " ".join(line.casefold().split()) in {
        " ".join(str(one).casefold().split())
        for one in others  # type: ignore[attr-defined]
    }


def _has_contact(said: Known, customer: Customer) -> bool:
    contacts = Contact.objects.filter(customer=customer)
    if said["email"]:
        return contacts.filter(email__iexact=said["email"]).exists()
    return contacts.filter(phone=said["phone"]).exists()


def contact_name(said: Known) -> str:
    name = f"{said['first_names']} {said['surname']}".strip()
    return said["contact_name"] or name or said["company_name"]


def _contact(said: Known) -> str:
    number = phones.national(said["phone"]) if said["phone"] else ""
    return ", ".join(part for part in (contact_name(said), said["email"], number) if part)
