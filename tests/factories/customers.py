"""Customers as the tests' stories need them."""

from __future__ import annotations

from typing import Any

import factory
from django.db import transaction

from customers.models import ALL_PURPOSES, Contact, Customer, CustomerGroup


class ContactFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Contact

    name = "Alice Liddel"
    email = factory.Sequence(lambda n: f"person{n}@example.com")
    phone = factory.Sequence(lambda n: f"+2783000{n:04d}")
    purposes: Any = []


class CustomerFactory(factory.django.DjangoModelFactory):
    """A customer with a primary contact who holds every purpose."""

    class Meta:
        model = Customer
        skip_postgeneration_save = True

    code = factory.Sequence(lambda n: f"TST{n:04d}")
    kind = "individual"
    first_names = "Alice"
    surname = "Liddel"
    contact: Any = factory.LazyFunction(dict)
    group = factory.LazyFunction(lambda: CustomerGroup.objects.get(is_default=True))

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **kwargs: Any) -> Any:
        contact = dict(kwargs.pop("contact"))
        with transaction.atomic():
            customer = super()._create(model_class, *args, **kwargs)
            name = kwargs.get("company_name") or f"{kwargs['first_names']} {kwargs['surname']}"
            contact.setdefault("name", name)
            ContactFactory(customer=customer, is_primary=True, purposes=ALL_PURPOSES, **contact)
        customer.refresh_from_db()
        return customer


def make_customer(name: str = "Alice Liddel", code: str = "", **fields: Any) -> Customer:
    """A customer called `name`; a company where `kind` says so. `contact` has values of the primary contact."""
    first, _, last = name.partition(" ")
    if fields.get("kind") == "company":
        names = {"company_name": name, "first_names": "", "surname": ""}
    else:
        names = {"first_names": first, "surname": last}
    given = {"code": code} if code else {}
    customer: Any = CustomerFactory(**given, **names, **fields)
    return customer
