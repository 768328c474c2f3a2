"""Change requests of the demo: three that wait, one accepted, one rejected."""

from __future__ import annotations

from datetime import datetime, timedelta

from billing.models import PayerBank
from customers.models import Customer
from herotill.demo import DemoOrder
from herotill.users.models import User
from workflow.models import ChangeRequest
from workflow.services import change_requests

Kind = ChangeRequest.Kind


def make_change_requests(order: DemoOrder) -> None:
    """A request of each kind that waits, and two that are decided, once."""
    if ChangeRequest.objects.exists():
        return
    now = order.moment
    manager = User.objects.filter(username="manager").first() or User.objects.order_by("pk").first()
    free = Customer.objects.filter(status="active", master=None, subs=None, kind="individual")
    people = list(free.exclude(code="ALI001").order_by("-name_key", "-pk")[:5])
    if manager is None or len(people) < 5:
        return
    _waiting(people[:3], manager, now)
    new = {"email": f"new.{people[3].code.lower()}@example.com"}
    asked = _ask(people[3], Kind.DETAILS, new, now - timedelta(days=6))
    change_requests.accept(request=asked, version=1, actor=manager, now=now - timedelta(days=5))
    _ask(people[4], Kind.DETAILS, {"surname": "Smith"}, now - timedelta(days=9))
    change_requests.reject(
        request=ChangeRequest.objects.get(customer=people[4]),
        why="Please send us the marriage certificate.",
        actor=manager,
        now=now - timedelta(days=8),
    )


def _waiting(people: list[Customer], manager: User, now: datetime) -> None:
    moved = {"physical_lines": "12 Protea Street", "physical_town": "Prince Albert", "phone": "+27823334455"}
    _ask(people[0], Kind.DETAILS, moved, now - timedelta(hours=3), words="We moved at the weekend.")
    bank = PayerBank.objects.filter(name="FNB / RMB").first() or PayerBank.objects.get(name="Absa")
    account = {
        "method": "debit_order",
        "debit_day": "25",
        "bank": str(bank.pk),
        "branch_code": bank.branch_code,
        "holder": people[1].name[:50],
        "account_type": "current",
    }
    number = "62194875749" if bank.name == "FNB / RMB" else "4052601815"
    _ask(people[1], Kind.PAYMENT, account, now - timedelta(days=1), number=number)
    trade = {"company_name": f"{people[2].surname} Trading", "registration_number": "2021/123456/07"}
    change_requests.ask(
        customer=people[2],
        kind=Kind.CONVERSION,
        wanted=trade | {"contact_name": people[2].name},
        document="Letter of the company, under Attachments",
        actor=manager,
        now=now - timedelta(days=2),
    )


def _ask(
    customer: Customer, kind: str, wanted: dict[str, str], now: datetime, number: str = "", words: str = ""
) -> ChangeRequest:
    return change_requests.ask(
        customer=customer,
        kind=kind,
        wanted=wanted,
        actor=None,
        now=now,
        number=number,
        words=words,
        address="198.51.100.7",
    )
