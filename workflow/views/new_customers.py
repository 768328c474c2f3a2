"""Customers – New: the create dialog filled in from a lead, and linking a lead to somebody who is there already."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from customers.creating import Beginning
from customers.models import Customer
from customers.policies import phones
from customers.services import customers
from customers.services.customers import NewCustomer
from customers.views import creation
from herotill.access import may, staff_view
from herotill.errors import DomainError
from herotill.lists.views.dialogs import changed, dialog
from herotill.search import ids
from herotill.users.models import User
from workflow.models import WITH_CUSTOMER, Lead, Place, Quote
from workflow.policies import prefilling
from workflow.policies.prefilling import Known
from workflow.selectors import new_customers as reading
from workflow.selectors import quotes
from workflow.services import new_customers

LINK, SEE_IDS = "workflow.link_customer", "customers.see_id_numbers"
FIELDS = {"email": "contact_email", "phone": "contact_phone"}
DIRECT = (
    "kind",
    *prefilling.NAMES,
    *prefilling.NUMBERS,
    "other_phone",
    "payment_method",
)
MOST = 12


def _lead(pk: int) -> Lead:
    return get_object_or_404(Lead.objects.select_related("customer", "highsite", "step"), pk=pk)


@staff_view("customers.add_customer")
def create(request: HttpRequest, pk: int) -> HttpResponse:
    """The create dialog with all that the lead and the customer's own words say. POST: the customer, and on to
    Active; 422 where something is missing or a colleague was faster."""
    lead = _lead(pk)
    if request.method != "POST" and (lead.customer or lead.place != Place.CUSTOMER_NEW):
        return _past(request, lead)
    if lead.customer:
        return _past(request, lead, f"{lead.name} is the customer {lead.customer} already.")
    return creation.show(request, _beginning(request, lead))


def _past(request: HttpRequest, lead: Lead, trouble: str = "") -> HttpResponse:
    """Who a lead is already, and what can be done about it."""
    context = {
        "lead": lead,
        "trouble": trouble,
        "may_link": may(request.user, LINK) and lead.is_open and lead.place not in WITH_CUSTOMER,
        "page_title": lead.name,
    }
    return dialog(request, "workflow/customers/past.html", context, 422 if trouble else 200)


def _beginning(request: HttpRequest, lead: Lead) -> Beginning:
    quote = quotes.accepted(lead)
    said = reading.known(lead, quote)

    def make(new: NewCustomer, actor: User) -> Customer:
        return new_customers.create(lead=lead, new=new, actor=actor, now=timezone.now())

    def done(request: HttpRequest, customer: Customer) -> HttpResponse:
        return _done(request, lead, customer, creation.in_words(request, customer))

    links = may(request.user, LINK)
    return Beginning(
        title=f"New customer: {lead.name}",
        action=reverse("workflow:new-customer", args=[lead.pk]),
        create=make,
        done=done,
        remarks=list(_remarks(request, lead, quote, said)),
        details=_details(said)
        | {"highsite": reading.highsite_of(lead), "customer_since": timezone.localdate()},
        physical=said.place("physical"),
        postal=said.place("postal"),
        elsewhere=dict(_elsewhere(said)),
        another=_another(lead) if links else None,
    )


def _another(lead: Lead) -> tuple[str, str]:
    return "Link to a customer who is there already…", reverse("workflow:link-customer", args=[lead.pk])


def _details(said: Known) -> dict[str, Any]:
    values: dict[str, Any] = {name: said[name] for name in DIRECT}
    values |= {field: said[name] for name, field in FIELDS.items()}
    if values["payment_method"] not in Customer.PaymentMethod.values:
        values["payment_method"] = ""
    if said["kind"] == Customer.Kind.COMPANY:
        values["contact_name"] = reading.contact_name(said)
    names = {name: said[name] for name in ("kind", "company_name", "first_names", "surname")}
    letters = customers.letters(**names)
    code = customers.free_code(letters=letters)
    return values | {"code": code, "proposed": code}


def _elsewhere(said: Known) -> Iterator[tuple[str, str]]:
    """What the lead says where the customer said something else, by the dialog's fields."""
    for key, text in said.other.items():
        shown = phones.national(text) if key in prefilling.PHONES else text.replace("\n", ", ")
        yield _field(key), f"The lead says: {shown}."


def _field(key: str) -> str:
    for kind in ("physical", "postal"):
        if key.startswith(f"{kind}_"):
            return key.replace("_", "-", 1)
    return FIELDS.get(key, key)


def _remarks(request: HttpRequest, lead: Lead, quote: Quote | None, said: Known) -> Iterator[str]:
    if quote:
        taken = f" on {timezone.localtime(quote.answered_at):%Y-%m-%d}" if quote.answered_at else ""
        yield f"From lead L{lead.pk}, who accepted {quote.name}{taken}."
    if said.other:
        yield (
            "What the customer completed when accepting is filled in; where the lead says otherwise, that stands"
            " below the field."
        )
    if not may(request.user, SEE_IDS) and (said["id_number"] or said["registration_number"]):
        yield "Their ID or registration number is known and goes into the profile; you may not see it."
    yield "Check it with the customer: what is marked * must be there, and the address on the next tab should be."


def _done(request: HttpRequest, lead: Lead, customer: Customer, said: str) -> HttpResponse:
    now = Lead.objects.select_related("step__phase").get(pk=lead.pk)
    moved = f" Now under {now.step.phase}, {now.step}." if now.step.phase else ""
    back = reverse("workflow:list-customer-new")
    return changed(request, f"{said}{moved}", back, href=customer.get_absolute_url(), label="Open profile")


@staff_view(LINK)
def link(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose a customer for a lead (`customer`: the code), see what the profile lacks, and link. POST links."""
    lead = _lead(pk)
    if lead.place in WITH_CUSTOMER or not lead.is_open:
        return _past(request, lead)
    code = str((request.POST if request.method == "POST" else request.GET).get("customer", ""))
    customer = Customer.objects.filter(code=code.strip().upper()).first()
    if request.method == "POST" and customer:
        return _link(request, lead, customer)
    context: dict[str, Any] = {"lead": lead, "customer": customer, "page_title": f"Link {lead.name}"}
    if customer:
        return _confirm(request, lead, customer, "")
    likely = reading.likely(lead, by_id=may(request.user, SEE_IDS))
    context |= {"found": likely, "likely": True, "missed": code}
    return dialog(request, "workflow/customers/link.html", context, 422 if request.method == "POST" else 200)


def _confirm(request: HttpRequest, lead: Lead, customer: Customer, trouble: str) -> HttpResponse:
    context = {
        "lead": lead,
        "customer": customer,
        "trouble": trouble,
        "lacks": list(_shown(request, lead, customer)),
        "page_title": f"Link {lead.name} to {customer}",
    }
    return dialog(request, "workflow/customers/link_to.html", context, 422 if trouble else 200)


def _shown(request: HttpRequest, lead: Lead, customer: Customer) -> Iterator[reading.Lack]:
    return (one for one in reading.lacks(lead, customer) if may(request.user, one.permission))


def _link(request: HttpRequest, lead: Lead, customer: Customer) -> HttpResponse:
    wanted = set(request.POST.getlist("add"))
    adding = [one.name for one in _shown(request, lead, customer) if one.name in wanted]
    actor = cast(User, request.user)
    try:
        added = new_customers.link(
            lead=lead, customer=customer, adding=adding, actor=actor, now=timezone.now()
        )
    except DomainError as no:
        return _confirm(request, lead, customer, str(no))
    said = f"{lead.name} is linked to {customer}."
    return _done(request, lead, customer, f"{said} Added: {', '.join(added)}." if added else said)


@require_POST
@staff_view(LINK)
def unlink(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a customer off a lead again."""
    lead = _lead(pk)
    try:
        new_customers.unlink(lead=lead, actor=cast(User, request.user), now=timezone.now())
    except DomainError as no:
        return _past(request, lead, str(no))
    return changed(request, f"{lead.name} has no customer any more.", reverse("workflow:lead", args=[pk]))


@require_safe
@staff_view(LINK)
def candidates(request: HttpRequest, pk: int) -> HttpResponse:
    """The customers that match what is typed; before anything is, those the lead may be."""
    lead, text = _lead(pk), request.GET.get("q", "").strip()
    if text:
        found = list(_found(request, text))
    else:
        found = reading.likely(lead, by_id=may(request.user, SEE_IDS))
    context = {"lead": lead, "found": found, "likely": not text, "typed": text}
    return render(request, "workflow/customers/_candidates.html", context)


def _found(request: HttpRequest, text: str) -> Iterator[Customer]:
    wanted = ids(text, kind="customer", limit=MOST, user=request.user)
    known = Customer.objects.in_bulk(wanted)
    return (known[pk] for pk in wanted if pk in known)
