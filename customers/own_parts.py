"""What customers themselves put into the copy of somebody's data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from customers.models import Address, Attachment, Customer
from customers.own_data import OwnData, OwnFile, Row, own_data
from customers.selectors import details, own_things
from herotill.clock import local
from herotill.messages.listing import title
from herotill.messages.models import Consent, Message

MOST = 100_000


def _account(customer: Customer) -> Iterator[Row]:
    yield {
        "Customer code": customer.code,
        "Type": customer.get_kind_display(),
        "Name": customer.name,
        "ID or passport number": customer.id_number,
        "Company registration number": customer.registration_number,
        "VAT number": customer.vat_number,
        "Status": customer.get_status_display(),
        "Payment method": customer.get_payment_method_display(),
        "Customer since": customer.customer_since,
        "Details verified on": customer.verified_on,
    }


def _contacts(customer: Customer) -> Iterator[Row]:
    for one in details.contacts(customer=customer):
        yield {
            "Name": one.name,
            "Role": one.position,
            "Email": one.email,
            "Further emails": ", ".join(one.other_emails),
            "Cell number": one.phone,
            "Other number": one.other_phone,
            "Gets": ", ".join(one.purposes),
            "Main contact": "yes" if one.is_primary else "no",
        }


def _addresses(customer: Customer) -> Iterator[Row]:
    for one in details.addresses(customer=customer):
        yield {
            "Kind": Address.Kind(one.kind).label,
            "Label": one.label,
            "Address": one.lines,
            "Suburb": one.suburb,
            "Town": one.town,
            "Postal code": one.postal_code,
            "How to find it": one.directions,
        }


def _equipment(customer: Customer) -> Iterator[Row]:
    for one in customer.assets.order_by("pk"):
        yield {
            "What": str(one),
            "Serial number": one.serial_number,
            "MAC address": one.mac_address,
            "Installed on": one.installed_on,
            "Returned on": one.returned_on,
        }


def _documents(customer: Customer) -> Iterator[Row]:
    for one in Attachment.objects.filter(customer=customer).order_by("pk"):
        yield {
            "File": one.filename,
            "Kind": one.get_kind_display(),
            "Kept since": local(one.uploaded_at).strftime("%Y-%m-%d"),
            "In this copy": "yes" if one.shared else "no; ask us for it",
        }


def _read(file: Attachment) -> bytes:
    with file.file.open("rb") as opened:
        return bytes(opened.read())


def _files(customer: Customer) -> Iterator[OwnFile]:
    for one in own_things.documents(customer, limit=MOST):
        yield OwnFile(one.filename, partial(_read, one))


def _messages(customer: Customer) -> Iterator[Row]:
    shown = own_things.said_to(customer, limit=MOST)
    bodies = dict(Message.objects.filter(pk__in=[one.pk for one in shown]).values_list("pk", "body"))
    for one in shown:
        yield {
            "When": local(one.queued_at).strftime("%Y-%m-%d %H:%M"),
            "By": one.get_channel_display(),
            "To": one.address,
            "Subject": one.subject or title(one.template),
            "Text": bodies.get(one.pk, ""),
        }


def _marketing(customer: Customer) -> Iterator[Row]:
    for one in Consent.objects.filter(customer_id=customer.pk).order_by("pk"):
        yield {
            "When": local(one.at).strftime("%Y-%m-%d %H:%M"),
            "By": one.get_channel_display(),
            "Address": one.address,
            "Wants offers": "yes" if one.wanted else "no",
        }


for order, part in enumerate(
    (
        OwnData(name="account", title="Your account", rows=_account),
        OwnData(name="contacts", title="Contacts", rows=_contacts),
        OwnData(name="addresses", title="Addresses", rows=_addresses),
        OwnData(name="equipment", title="Equipment at your place", rows=_equipment),
        OwnData(name="documents", title="Documents", rows=_documents, files=_files),
        OwnData(name="messages", title="Messages we sent", rows=_messages),
        OwnData(name="marketing", title="What you said about offers and news", rows=_marketing),
    )
):
    own_data.register(replace(part, order=10 + order))
