"""The customers whom the users' manuals show."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from PIL import Image, ImageDraw
from reportlab.pdfgen.canvas import Canvas

from customers.models import BillingGroup, Category, Customer, CustomerGroup, Label
from customers.services import addresses, assets, attachments, contacts, notes
from customers.services.customers import NewAddress, NewBalance, NewContact, NewCustomer, create_many
from herotill.users.models import User


def make_manual_customers(*, today: date, password: str) -> None:
    """Alice, her master Wonderland, Mickey, and the main contact with his sub-account; once."""
    if Customer.objects.filter(code="ALI001").exists():
        return
    staff = list(User.objects.filter(kind=User.Kind.STAFF).order_by("pk")[:3])
    with transaction.atomic():
        create_many(new=_new(today), actor=None)
        User.objects.filter(username__in=CODES).update(password=password)
        Customer.objects.filter(code="ALI001").update(master=Customer.objects.get(code="WON001"))
        Customer.objects.filter(code="SUB001").update(master=Customer.objects.get(code="MAS001"))
        _fill_alice(today, staff)


CODES = ("WON001", "ALI001", "MIC001", "MAS001", "SUB001")


def _new(today: date) -> list[NewCustomer]:
    group = CustomerGroup.objects.get(is_default=True)
    common = {
        "group": group,
        "billing_group": BillingGroup.objects.get(name="Netcash Run 1"),
        "customer_since": date(2016, 3, 14),
        "payment_method": "debit_order",
    }
    vip = [Category.objects.get(name="VIP").pk]
    green = [Label.objects.get(name="Green").pk]

    def balance(amount: str) -> NewBalance:
        return NewBalance(Decimal(amount), today.replace(day=1), "Demo")

    home = NewAddress(
        "physical", "12 Rabbit Lane", "Oord", "Parys", "9585", "White gate; the bell is on the left."
    )
    return [
        NewCustomer(
            "WON001",
            common
            | {
                "kind": "company",
                "company_name": "Wonderland (Pty) Ltd",
                "registration_number": "2009/012345/07",
            }
            | {"is_reseller": True, "payment_method": "eft", "verified_on": date(2016, 3, 14)},
            NewContact(
                "Charles Dodgson", "accounts@wonderland.example", "+27820000002", position="Bookkeeper"
            ),
            [NewAddress("physical", "1 Looking Glass House", "Golf Estate", "Parys", "9585")],
        ),
        NewCustomer(
            "ALI001",
            common
            | {
                "kind": "individual",
                "first_names": "Alice",
                "surname": "Liddel",
                "id_number": "9292929292929",
            },
            NewContact("Alice Liddel", "alice@wonderland.example", "+27799999999"),
            [home, NewAddress("postal", "PO Box 42", "", "Parys", "9585")],
            vip,
            green,
            balance=balance("454.00"),
        ),
        NewCustomer(
            "MIC001",
            common
            | {
                "kind": "individual",
                "first_names": "Mickey",
                "surname": "Mouse",
                "payment_method": "credit_card",
            },
            NewContact("Mickey Mouse", "mickey@example.com", "+27820000000"),
            category_ids=vip,
        ),
        NewCustomer(
            "MAS001",
            common | {"kind": "individual", "first_names": "Main", "surname": "contact"},
            NewContact("Main contact", "main.contact@example.com", "+27000000000"),
            label_ids=green,
            balance=balance("18597.00"),
        ),
        NewCustomer(
            "SUB001",
            common | {"kind": "company", "company_name": "Sub Account"},
            NewContact("Main Contact", "sub.account@example.com", "+27000000000"),
            balance=balance("200.00"),
        ),
    ]


def _fill_alice(today: date, staff: list[User]) -> None:
    """Alice has some of everything, so that her profile shows what a full one looks like."""
    alice = Customer.objects.get(code="ALI001")
    clerk: Any = staff[0] if staff else None
    for name, role, email, phone, purposes in (
        ("Edith Liddel", "Sister", "edith@wonderland.example", "+27820000003", ["tickets", "outages"]),
        (
            "Lorina Liddel",
            "Pays the bills",
            "lorina@wonderland.example",
            "+27820000004",
            ["invoices", "statements"],
        ),
    ):
        contacts.add(
            customer=alice,
            values={"name": name, "position": role, "email": email, "phone": phone, "purposes": purposes},
            actor=clerk,
        )
    cottage = addresses.add(
        customer=alice,
        values={"kind": "other", "label": "Cottage", "lines": "12 Rabbit Lane, at the back", "town": "Parys"},
        actor=clerk,
    )
    for description, model, serial, address in (
        ("Router", "MikroTik hAP ac2", "HF0904ABCDE", None),
        ("Radio", "LiteBeam 5AC", "802AA824E861", cottage),
        ("UPS", "Mini 12 V", "UPS-77", None),
    ):
        assets.add(
            customer=alice,
            values={
                "description": description,
                "model": model,
                "serial_number": serial,
                "address": address,
                "installed_on": today - timedelta(days=400),
            },
            actor=clerk,
        )
    notes.add(customer=alice, author=clerk, text="Prefers a call after 17:00.")
    notes.add(customer=alice, author=clerk, text="Radio moved to the new roof; the old mast may come down.")
    notes.add(
        customer=alice, author=clerk, text="Gate code 4471. Ask for Alice, never the lodger.", pops_up=True
    )
    for upload, kind, note in (
        (
            _pdf("service-application.pdf", "Service application"),
            "service_application",
            "Signed at the counter",
        ),
        (_pdf("debit-order-mandate.pdf", "Permission to debit"), "debit_order", ""),
        (_photo("roof.png"), "installation_photo", "South side"),
    ):
        attachments.add(customer=alice, upload=upload, kind=kind, note=note, actor=clerk)


def _pdf(name: str, title: str) -> SimpleUploadedFile:
    out = BytesIO()
    canvas = Canvas(out, invariant=1)
    canvas.drawString(72, 760, f"{title}: Alice Liddel (ALI001)")
    canvas.save()
    return SimpleUploadedFile(name, out.getvalue(), "application/pdf")


def _photo(name: str) -> SimpleUploadedFile:
    out = BytesIO()
    picture = Image.new("RGB", (320, 200), "#9fb8d0")
    ImageDraw.Draw(picture).polygon([(20, 180), (160, 60), (300, 180)], fill="#7a4a3a")
    picture.save(out, "PNG")
    return SimpleUploadedFile(name, out.getvalue(), "image/png")
