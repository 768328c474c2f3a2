"""The people at the customer, and what is sent to each."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from customers.forms.own_things import PURPOSES, OwnContactForm, PurposesForm
from customers.models import Contact
from customers.portal.answers import theirs
from customers.selectors import details
from customers.services import own_contacts
from herotill.errors import DomainError
from herotill.forms import refuse
from herotill.pages import done, me, page, posted, told
from herotill.portal import private_view

SEE = "customers.view_contact"
LIST = "portal-contacts"


@require_safe
@private_view(SEE)
def listed(request: HttpRequest) -> HttpResponse:
    """All contacts with what each gets."""
    labels = dict(PURPOSES)
    people = [
        (one, [label for value, label in labels.items() if value in one.purposes])
        for one in details.contacts(customer=theirs(request))
    ]
    return page(request, "portal/customers/contacts.html", people=people, page_title=gettext("Contacts"))


def _one(request: HttpRequest, pk: int) -> Contact:
    found = details.contacts(customer=theirs(request)).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@private_view(SEE)
def add(request: HttpRequest) -> HttpResponse:
    """Another person."""
    form = OwnContactForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            own_contacts.add(
                customer=theirs(request), values=form.cleaned_data, actor=me(request), now=timezone.now()
            )
        except DomainError as no:
            refuse(form, no)
        else:
            return done(request, gettext("The contact is added."), LIST)
    title = gettext("Add a contact")
    return page(request, "portal/customers/contact.html", form=form, contact=None, page_title=title)


@private_view(SEE)
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """One person; of the main contact only what is sent to them."""
    contact = _one(request, pk)
    form = _form(request, contact)
    if request.method == "POST" and form.is_valid():
        values = {name: form.cleaned_data[name] for name in form.changed_data}
        try:
            own_contacts.change(contact=contact, values=values, actor=me(request), now=timezone.now())
        except DomainError as no:
            refuse(form, no)
        else:
            return done(request, gettext("The contact is saved."), LIST)
    return page(request, "portal/customers/contact.html", form=form, contact=contact, page_title=contact.name)


def _form(request: HttpRequest, contact: Contact) -> OwnContactForm | PurposesForm:
    data = posted(request)
    if contact.is_primary:
        return PurposesForm(data, initial={"purposes": contact.purposes})
    return OwnContactForm(data, instance=contact)


@require_POST
@private_view(SEE)
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one away."""
    contact = _one(request, pk)
    gone = told(
        request,
        lambda: own_contacts.remove(contact=contact, actor=me(request), now=timezone.now()),
        gettext("The contact is removed."),
    )
    return redirect(LIST) if gone else redirect("portal-contact", pk)
