"""Why a line of a data account is what it is: what the account has since when, who changed it, and its price."""

from __future__ import annotations

from billing.models import Line
from billing.policies.facts import Fact
from billing.selectors.why.answers import day_of
from billing.selectors.why.prices import priced
from dataaccounts.models import PackageChange, ServiceSpan
from dataaccounts.selectors.billable import SOURCE


def facts(line: Line) -> list[Fact]:
    """What is known of the span a line was charged for; nothing for lines of anything else."""
    if line.source != SOURCE or line.item_id is None:
        return []
    related = ("package", "account__created_by", "account__customer__billing_profile__price_list")
    span = ServiceSpan.objects.filter(pk=line.item_id).select_related(*related).first()
    if span is None:
        return []
    day = line.first or line.period or span.starts_on
    customer = span.account.customer
    return [_has(span), *_changed(span), *priced(line, span.account.prices.all(), customer, day)]


def _has(span: ServiceSpan) -> Fact:
    account, ends = span.account, f", until {span.ends_on}" if span.ends_on else ""
    return Fact(
        f"{account.customer.name}\u2019s data account {account} has {span.package} since {span.starts_on}{ends}.",
        day_of(account.created_at),
        str(account.created_by or ""),
        account.customer.get_absolute_url(),
    )


def _changed(span: ServiceSpan) -> list[Fact]:
    """The changes of package that this span began and ended with."""
    made = PackageChange.objects.filter(account=span.account_id, applied_at__isnull=False)
    related = made.select_related("from_package", "to_package", "asked_by").order_by("takes_effect_on")
    return [_change(one) for one in related if _touches(one, span)]


def _touches(change: PackageChange, span: ServiceSpan) -> bool:
    follows = span.ends_on and (change.takes_effect_on - span.ends_on).days == 1
    return change.takes_effect_on == span.starts_on or bool(follows)


def _change(change: PackageChange) -> Fact:
    return Fact(
        f"The package changed from {change.from_package} to {change.to_package}: {change.reason}.",
        change.takes_effect_on,
        str(change.asked_by or ""),
    )
