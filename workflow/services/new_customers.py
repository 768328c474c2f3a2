"""Leads become customers: a profile is created, or one who is there already is linked. Once, whoever presses."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from customers.models import Address, Attachment, Customer
from customers.services import addresses, attachments, contacts, customers
from customers.services.customers import NewCustomer
from herotill.clock import local_day
from herotill.errors import DomainError
from herotill.messages.services import consent
from herotill.users.models import User
from workflow.models import WITH_CUSTOMER, JobCard, Lead, Place, Quote, TakenOver
from workflow.policies import prefilling
from workflow.policies.jobs import OPEN
from workflow.policies.prefilling import Known
from workflow.selectors import new_customers as reading
from workflow.selectors import quotes
from workflow.services import leads as writing
from workflow.services import moving

# What a person who may not see it does not type; the profile gets it all the same.
UNSEEN = ("id_number", "registration_number")


@transaction.atomic
def create(*, lead: Lead, new: NewCustomer, actor: User, now: datetime) -> Customer:
    """Create the customer that a lead becomes; the lead moves on to Active in the same transaction.

    Raises DomainError where somebody has created or linked one meanwhile, or the lead is elsewhere by now.
    """
    held = _held(lead)
    if held.customer is not None:
        raise DomainError(f"{held.name} is the customer {held.customer} already.")
    _insist_new(held)
    quote = quotes.accepted(held)
    said = reading.known(held, quote)
    fields = {name: said[name] for name in UNSEEN if name not in new.fields and _is_of(name, new)}
    customer = customers.create(new=replace(new, fields={**new.fields, **fields}), actor=actor)
    _lies(held, _checked_place(new), actor, now)
    _becomes(held, customer, quote, actor, now)
    return customer


def _checked_place(new: NewCustomer) -> dict[str, str]:
    """The physical address as it goes into the profile."""
    kinds = {one.kind: asdict(one) for one in new.addresses}
    return kinds.get(Address.Kind.PHYSICAL, {})


def _lies(lead: Lead, place: Mapping[str, str], actor: User | None, now: datetime) -> None:
    """Where the service is to be, as it is known by now, is the lead's address too: the technician drives there."""
    if place.get("lines"):
        values = {name: place.get(name, "") for name in (*prefilling.PLACE, "directions")}
        values["directions"] = prefilling.without_coordinates(values["directions"])
        writing.change(lead=lead, values=values, actor=actor, now=now)


def _as_accepted(lead: Lead, quote: Quote | None) -> dict[str, str]:
    """Where the service is to be, by what the customer completed when accepting; nothing before that."""
    return reading.known(lead, quote).place("physical") if quote else {}


def _held(lead: Lead) -> Lead:
    """The lead, for us alone. Its customer is read after that: joined, it would be as it was before we waited."""
    return Lead.objects.select_for_update(no_key=True).get(pk=lead.pk)


def _insist_new(lead: Lead) -> None:
    if lead.place != Place.CUSTOMER_NEW:
        raise DomainError(f"{lead.name} is no longer under Customers, New.")


def _is_of(name: str, new: NewCustomer) -> bool:
    """An ID number is a person's, a registration number a company's."""
    return (name == "registration_number") == (new.fields["kind"] == Customer.Kind.COMPANY)


def _becomes(lead: Lead, customer: Customer, quote: Quote | None, actor: User | None, now: datetime) -> None:
    Lead.objects.filter(pk=lead.pk).update(customer=customer)
    if lead.marketing and lead.email:
        _wants_marketing(lead, customer, actor, now)
    if lead.place == Place.CUSTOMER_NEW:
        if quote:
            _attach(quote, customer, actor)
        moving.move(leads=[lead.pk], to=Place.CUSTOMER_ACTIVE, actor=actor, now=now, why=customer.code)
        moving.settle(now=now, leads=[lead.pk])


@transaction.atomic
def arrive(leads: Sequence[int], actor: User | None, now: datetime) -> None:
    """Leads that accept and have their customer already need no profile: they go on to Active at once.

    Who was put back here by a person stays, so that another customer can be linked.
    """
    known = Lead.objects.filter(pk__in=leads, customer__isnull=False).select_related("customer")
    for lead in known.order_by("pk"):
        came = lead.moves.order_by("-pk").values_list("from_step", flat=True).first()
        if lead.customer and came not in WITH_CUSTOMER:
            quote = quotes.accepted(lead)
            _lies(lead, _as_accepted(lead, quote), actor, now)
            _becomes(lead, lead.customer, quote, actor, now)


def _wants_marketing(lead: Lead, customer: Customer, actor: User | None, now: datetime) -> None:
    if lead.email.lower() in consent.wanting("email", [lead.email]):
        return
    consent.record(
        channel="email",
        address=lead.email,
        wanted=True,
        how=f"Ticked it themselves on {local_day(lead.created_at)}",
        now=now,
        customer_id=customer.pk,
        actor_id=actor.pk if actor else None,
    )


def _attach(quote: Quote, customer: Customer, actor: User | None) -> None:
    """The paper that was accepted stands on the profile."""
    if not quote.pdf or Attachment.objects.filter(customer=customer, sha256=quote.pdf_sha256).exists():
        return
    said = f"Accepted by {quote.acceptance.name} on {local_day(quote.acceptance.at)}"
    attachments.add(
        customer=customer,
        upload=SimpleUploadedFile(f"{quote.name}.pdf", bytes(quote.pdf), "application/pdf"),
        kind=Attachment.Kind.SERVICE_APPLICATION,
        note=said[:300],
        actor=actor,
    )


@transaction.atomic
def link(
    *, lead: Lead, customer: Customer, adding: Collection[str] = (), actor: User, now: datetime
) -> list[str]:
    """Make a lead one of a customer who is there already; from New it moves on to Active.

    `adding` names what of `reading.lacks` the customer gets; what was added is returned in words. Raises
    DomainError for a lead that has another customer from Active on or with something of it already, and for a
    customer who left.
    """
    held = _held(lead)
    if held.customer_id == customer.pk and held.place != Place.CUSTOMER_NEW:
        raise DomainError(f"{held.name} is linked to {customer} already.")
    if not held.is_open or held.place in WITH_CUSTOMER:
        raise DomainError(f"{held.name} is past that: {held.customer or held.step.name}.")
    if held.customer_id != customer.pk:
        _insist_nothing_of(held)
    current = Customer.objects.select_for_update(of=("self",), no_key=True).get(pk=customer.pk)
    if current.anonymised_on or current.status == Customer.Status.CANCELLED:
        raise DomainError(f"{current} is cancelled; make the profile active again first.", field="customer")
    added, quote = _add(held, current, set(adding), actor), quotes.accepted(held)
    _lies(held, _as_accepted(held, quote), actor, now)
    _becomes(held, current, quote, actor, now)
    return added


@transaction.atomic
def unlink(*, lead: Lead, actor: User, now: datetime) -> None:
    """Take the customer off a lead that was linked by mistake; the customer stays. Not from Active on, nor where
    the customer has something of it already.
    """
    held = _held(lead)
    if held.place in WITH_CUSTOMER:
        raise DomainError(f"Put {held.name} back to Customers, New first.")
    _insist_nothing_of(held)
    Lead.objects.filter(pk=held.pk).update(customer=None)


def _insist_nothing_of(lead: Lead) -> None:
    """Raise DomainError where the customer that a lead is linked to has something because of it."""
    taken = TakenOver.objects.filter(lead=lead).exists()
    if taken or JobCard.objects.filter(lead=lead, state__in=(*OPEN, JobCard.State.COMPLETED)).exists():
        what = "products of its quote" if taken else "a job card"
        raise DomainError(
            f"{lead.customer} has {what} for {lead.name}. Lose the lead, which takes back what has not begun;"
            " bring it back and link it from Customers, New."
        )


def _add(lead: Lead, customer: Customer, adding: set[str], actor: User) -> list[str]:
    """What the customer lacks still and somebody chose."""
    said = reading.known(lead, quotes.accepted(lead))
    found = [one for one in reading.lacks(lead, customer) if one.name in adding]
    changes: dict[str, Any] = {}
    for one in found:
        if one.name == "contact":
            contacts.add(customer=customer, values=_contact(said), actor=actor)
        elif one.name in ("physical", "postal", "other"):
            place = said.place("physical" if one.name == "other" else one.name)
            addresses.add(customer=customer, values={**place, "kind": one.name}, actor=actor)
        elif one.name == "highsite":
            changes["highsite_id"] = reading.highsite_of(lead)
        else:
            changes[one.name] = one.value
    if changes:
        customers.update(customer=customer, changes=changes, actor=actor)
    return [one.label for one in found]


def _contact(said: Known) -> dict[str, Any]:
    return {
        "name": reading.contact_name(said),
        "email": said["email"],
        "phone": said["phone"],
        "other_phone": said["other_phone"],
    }
