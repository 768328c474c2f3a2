"""Telling people how much of an allowance is used, and whom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from customers.models import Customer
from dataaccounts.models import DataAccount, UsageNotice
from dataaccounts.policies.measures import octets_in_words
from dataaccounts.selectors.allowances import Standing
from herotill.messages.services import outbox
from herotill.messages.services.outbox import New

MAIL, SMS = "usage-notice", "usage-notice-sms"


def tell(reached: Sequence[tuple[Standing, int]], *, now: datetime) -> None:
    """Queue the notice of each account that has reached a threshold it is to be told of.

    It goes to the addresses of the account's own settings; without any, by mail to the customer's contacts
    for usage notices.
    """
    if not reached:
        return
    own = UsageNotice.objects.in_bulk([one.account_id for one, _ in reached], field_name="account_id")
    wanted = [
        (one, percent, own.get(one.account_id))
        for one, percent in reached
        if _asked_for(own.get(one.account_id), percent)
    ]
    names = dict(
        Customer.objects.filter(pk__in={one.customer_id for one, _, _ in wanted}).values_list("pk", "name")
    )
    given: dict[str, Any] = {"now": now, "subject_kind": "dataaccount"}
    outbox.queue_many(_mails(wanted, names), template=MAIL, **given)
    outbox.queue_many(_texts(wanted, names), template=SMS, **given)


def _asked_for(settings: UsageNotice | None, percent: int) -> bool:
    return bool(getattr(settings or UsageNotice(), f"at_{percent}"))


def _mails(
    wanted: Sequence[tuple[Standing, int, UsageNotice | None]], names: Mapping[int, str]
) -> Iterator[New]:
    for one, percent, settings in wanted:
        if settings is None or settings.email or not settings.sms:
            yield _new(one, percent, names, to=settings.email if settings else "")


def _texts(
    wanted: Sequence[tuple[Standing, int, UsageNotice | None]], names: Mapping[int, str]
) -> Iterator[New]:
    for one, percent, settings in wanted:
        if settings and settings.sms:
            yield _new(one, percent, names, to=settings.sms, by="sms-")


def _new(one: Standing, percent: int, names: Mapping[int, str], *, to: str, by: str = "") -> New:
    return New(
        customer_id=one.customer_id,
        to=to,
        subject_id=one.account_id,
        context={
            "name": names[one.customer_id],
            "username": one.username,
            "percent": str(percent),
            "used": octets_in_words(one.used),
            "allowance": octets_in_words(one.level),
            "left": octets_in_words(one.left),
        },
        key=f"usage-notice-{by}{one.account_id}-{one.since}-{percent}",
    )


@transaction.atomic
def set_up(*, account: DataAccount, values: Mapping[str, Any]) -> UsageNotice:
    """Say whom to tell about an account, and when."""
    made, _ = UsageNotice.objects.update_or_create(account=account, defaults=dict(values))
    return made
