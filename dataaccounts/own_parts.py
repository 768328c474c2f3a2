"""What data accounts put into the copy of somebody's data: user names, and what they used each day."""

from __future__ import annotations

from collections.abc import Iterator

from customers.models import Customer
from customers.own_data import OwnData, Row, own_data
from dataaccounts.models import DataAccount, UsageDay
from dataaccounts.selectors import sessions
from herotill.clock import local

MOST = 100_000


def _accounts(customer: Customer) -> Iterator[Row]:
    found = DataAccount.objects.filter(customer=customer).select_related("package")
    for one in found.order_by("username"):
        yield {
            "User name": one.username,
            "Package": one.package.name,
            "State": one.get_state_display(),
            "First day": one.starts_on,
            "Last day": one.ends_on,
            "Fixed IP address": one.static_ip,
        }


def _usage(customer: Customer) -> Iterator[Row]:
    found = UsageDay.objects.filter(account__customer=customer).select_related("account")
    for one in found.order_by("account__username", "day")[:MOST].iterator():
        yield {
            "User name": one.account.username,
            "Day": one.day,
            "Octets downloaded": one.download,
            "Octets uploaded": one.upload,
        }


def _sessions(customer: Customer) -> Iterator[Row]:
    accounts = sessions.accounts_of(customer_id=customer.pk)
    for line in sessions.past(accounts=accounts, limit=MOST):
        one = line.session
        yield {
            "User name": one.username,
            "From": f"{local(one.started_at):%Y-%m-%d %H:%M}" if one.started_at else "",
            "Until": f"{local(one.stopped_at):%Y-%m-%d %H:%M}" if one.stopped_at else "",
            "IP address": one.ip_address,
        }


for order, (name, title, rows) in enumerate(
    (
        ("data-accounts", "Data accounts", _accounts),
        ("usage", "What you used each day", _usage),
        ("sessions", "When you were online", _sessions),
    )
):
    own_data.register(OwnData(name=name, title=title, rows=rows, order=80 + order))
