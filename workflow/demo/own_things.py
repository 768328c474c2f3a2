"""What Alice of the demo finds in the portal: a change that was made, one that waits, and a quote to accept."""

from __future__ import annotations

from datetime import datetime, timedelta

from customers.models import Customer
from herotill.demo import DemoOrder
from herotill.reference.models import Product
from herotill.users.models import User
from workflow.models import ChangeRequest
from workflow.services import change_requests, quotes

Kind = ChangeRequest.Kind


def make_own_things(order: DemoOrder) -> None:
    """Her requests and her quote, once."""
    alice = Customer.objects.filter(code="ALI001").first()
    manager = User.objects.filter(username="manager").first()
    if alice is None or manager is None or ChangeRequest.objects.filter(customer=alice).exists():
        return
    now = order.moment
    _changes(alice, manager, now=order.moment)
    product = Product.objects.filter(code="INST", retired=False).first()
    if product and product.prices.exists():
        made = quotes.begin(lead=None, customer=alice, actor=manager, now=now - timedelta(days=1))
        quotes.add_line(quote=made, product=product, monthly=False)
        quotes.send(quote=made, to=alice.contact_email, actor=manager, now=now - timedelta(days=1))


def _changes(alice: Customer, manager: User, now: datetime) -> None:
    first = {"other_phone": "+27832221111"}
    asked = change_requests.ask(
        customer=alice, kind=Kind.DETAILS, wanted=first, actor=None, now=now - timedelta(days=30)
    )
    change_requests.accept(request=asked, version=1, actor=manager, now=now - timedelta(days=29))
    change_requests.ask(
        customer=alice,
        kind=Kind.DETAILS,
        wanted={"postal_lines": "P.O. Box 77", "postal_town": "Parys", "postal_postal_code": "9585"},
        words="We rented a box.",
        actor=None,
        now=now - timedelta(hours=5),
    )
