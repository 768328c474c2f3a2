from __future__ import annotations

from typing import Any

from django.db.models import Model
from django.shortcuts import get_object_or_404

from customers.forms.contacts import ContactForm
from customers.models import Contact, Purpose
from customers.screen import Section, Widget, action, register
from customers.selectors import details
from customers.services import contacts
from herotill.messages.services.failing import since as failing_since


@register
class Contacts(Widget):
    """The people at the customer, and what is sent to each."""

    name, title = "contacts", "Contacts"
    section, position = Section.ACCOUNT, 20
    permission = "customers.view_contact"
    template_name = "customers/widgets/contacts.html"

    def context(self) -> dict[str, Any]:
        people = list(details.contacts(customer=self.customer))
        addresses = [address for person in people for address in (person.email, *person.other_emails)]
        failing = set(failing_since(addresses))
        for person in people:
            theirs = (person.email, *person.other_emails)
            person.failing = [one for one in theirs if one.lower() in failing]  # type: ignore[attr-defined]
        return {"people": people, "count": len(people), "purposes": dict(Purpose.choices)}

    def find(self, pk: int) -> Model:
        return get_object_or_404(Contact, pk=pk, customer=self.customer)

    @action(
        label="Add",
        title="Add contact",
        permission="customers.add_contact",
        form=ContactForm,
        emits=("profile-head", "account-details"),
        done="Contact added.",
    )
    def add(self, data: dict[str, Any], changed: list[str]) -> None:
        contacts.add(customer=self.customer, values=data, actor=self.user)

    @action(
        label="Edit",
        title="Change contact",
        submit="Save contact",
        permission="customers.change_contact",
        form=ContactForm,
        row=True,
        emits=("profile-head", "account-details"),
        done="Contact saved.",
    )
    def edit(self, data: dict[str, Any], changed: list[str], contact: Contact) -> None:
        contacts.change(contact=contact, values={name: data[name] for name in changed}, actor=self.user)

    @action(
        label="Remove",
        title="Remove contact",
        confirm="Messages will no longer go to this person. The audit trail keeps their details.",
        permission="customers.delete_contact",
        row=True,
        danger=True,
        done="Contact removed.",
    )
    def remove(self, data: dict[str, Any], changed: list[str], contact: Contact) -> None:
        contacts.remove(contact=contact, actor=self.user)
