"""What data accounts need to know of their bills."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from django.db.models import Max

from billing.models import BillingProfile, Line, SubAccountMode
from billing.selectors.profiles import mode_on, modes
from customers.models import Customer
from dataaccounts.selectors.billable import SOURCE


def billed_upto(spans: Sequence[int]) -> Mapping[int, date]:
    """The last day for which each of these spans stands on a document, draft or issued; one statement."""
    lines = Line.objects.filter(source=SOURCE, item_id__in=spans, document__isnull=False).order_by()
    found = lines.values("item_id").annotate(upto=Max("last")).values_list("item_id", "upto")
    return {span: last for span, last in found if span}


def price_lists(customers: Sequence[int]) -> Mapping[int, int]:
    """The price lists of these customers; who has none is left out."""
    found = BillingProfile.objects.filter(customer__in=customers, price_list__isnull=False)
    return dict(found.values_list("customer", "price_list"))


def payer(customer: Customer, day: date) -> Customer | None:
    """The master whom a sub-account's services are billed to, or its reseller; None for who pays itself."""
    if customer.master_id is None or mode_on(modes(customer=customer), day) == SubAccountMode.Mode.ITSELF:
        return None
    return customer.master
