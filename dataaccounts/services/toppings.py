"""Data added to an account: toppings for the month, prepaid bundles of days and gigabytes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from dateutil.relativedelta import relativedelta
from django.db import IntegrityError, transaction
from django.db.models import F, Max, QuerySet

from dataaccounts.models import DataAccount, Topping, ToppingOffer
from dataaccounts.selectors.allowances import standings
from dataaccounts.services import account_facts, allowances, session_orders
from dataaccounts.services.account_facts import Touched
from herotill.clock import local_day
from herotill.errors import DomainError
from herotill.months import Month
from herotill.users.models import User

Charge = Topping.Charge
Kind = ToppingOffer.Kind
# Bundles without days: what is prepaid may not lapse within three years (Consumer Protection Act, s 63).
UNUSED_LASTS = relativedelta(years=3)


@dataclass(frozen=True, slots=True)
class Given:
    """What is given: an offer, or free octets for this month. `document` is the invoice of what was paid.

    `token` says which sending of a form asks for it; the same is given once.
    """

    offer: ToppingOffer | None = None
    octets: int = 0
    charge: str = Charge.FREE
    reason: str = ""
    document: str = ""
    token: str | None = None


@transaction.atomic
def give(*, account: DataAccount, given: Given, actor: User | None, now: datetime) -> Topping:
    """Add data or days to an account, at once felt by RADIUS and by sessions that are up.

    Raises DomainError where it does not fit the account, is given free without a reason, or was given already.
    """
    locked = DataAccount.objects.select_for_update().get(pk=account.pk)
    _fits(locked, given)
    topping = _topping(locked, given, actor, now)
    _save(topping)
    if locked.prepaid:
        _extend(locked, given.offer, topping, now)
    touched = [Touched(locked.pk, locked.customer_id, locked.username)]
    account_facts.tell("topped-up", touched, now, {"octets": topping.octets, "topping": topping.pk})
    allowances.judge(accounts=[locked.pk], now=now)
    return topping


def _fits(account: DataAccount, given: Given) -> None:
    if account.state == DataAccount.State.CANCELLED:
        raise DomainError(f"{account.username} is cancelled.")
    if given.offer and given.offer.retired:
        raise DomainError(f"{given.offer} is no longer sold.", field="offer")
    if not given.offer and given.octets <= 0:
        raise DomainError("Say how much data to give.", field="octets")
    if given.charge == Charge.FREE and not given.reason.strip():
        raise DomainError("Say why it is given free.", field="reason")
    if account.prepaid != _is_bundle(given):
        kind = "prepaid: it takes a bundle" if account.prepaid else "paid by the month: it takes a topping"
        raise DomainError(f"{account.username} is {kind}.", field="offer")


def _save(topping: Topping) -> None:
    try:
        with transaction.atomic():
            topping.save()
    except IntegrityError as error:
        if "topping_given_once" not in str(error):
            raise
        raise DomainError("This was added already: the button was pressed twice.") from None


def _is_bundle(given: Given) -> bool:
    return bool(given.offer and given.offer.kind == Kind.BUNDLE)


def _topping(account: DataAccount, given: Given, actor: User | None, now: datetime) -> Topping:
    today = local_day(now)
    found = standings(accounts=[account.pk], day=today)
    return Topping(
        account=account,
        offer=given.offer,
        octets=(given.offer.octets or 0) if given.offer else given.octets,
        used_before=found[0].used if found else 0,
        starts_on=today,
        ends_on=_last_day(account, given.offer, today, now),
        charge=given.charge,
        document=given.document,
        reason=given.reason,
        token=given.token,
        added_by=actor,
        added_at=now,
    )


def _last_day(account: DataAccount, offer: ToppingOffer | None, today: date, now: datetime) -> date:
    if not account.prepaid or offer is None:
        return Month.of(today).last
    if not offer.days:
        return today + UNUSED_LASTS
    if offer.octets:
        return local_day(_running(account, now) + timedelta(days=offer.days))
    return (_last_unlimited(account, today) or today) + timedelta(days=offer.days)


def _last_unlimited(account: DataAccount, today: date) -> date | None:
    """The last day of the bundles of days alone that run; days that follow begin after them."""
    return _bundles(account, today).filter(octets=0).aggregate(last=Max("ends_on"))["last"]


def _bundles(account: DataAccount, today: date) -> QuerySet[Topping]:
    return Topping.objects.filter(account=account, taken_back_at=None, ends_on__gte=today).order_by()


def _running(account: DataAccount, now: datetime) -> datetime:
    """Until when it runs already; now, where it has run out."""
    return max(account.expires_at or now, now)


def _extend(account: DataAccount, offer: ToppingOffer | None, topping: Topping, now: datetime) -> None:
    """Let a prepaid account in until its days, or the last day of what it bought, are over.

    Gigabytes do not run down while days alone run, so they keep as many days longer.
    """
    if offer and offer.days and not offer.octets:
        unused = _bundles(account, topping.starts_on).filter(octets__gt=0)
        unused.update(ends_on=F("ends_on") + timedelta(days=offer.days))
    if offer and offer.days:
        until = _running(account, now) + timedelta(days=offer.days)
    else:
        until = max(_running(account, now), now + (topping.ends_on - topping.starts_on))
    DataAccount.objects.filter(pk=account.pk).update(expires_at=until)
    session_orders.owe(account_ids=[account.pk], why="Bundle added", actor=topping.added_by, now=now)


@transaction.atomic
def take_back(*, topping: Topping, actor: User | None, now: datetime) -> None:
    """Take back what was given free by mistake; what was charged is put right by a credit note instead."""
    locked = Topping.objects.select_for_update().select_related("account").get(pk=topping.pk)
    if locked.taken_back_at:
        raise DomainError("It has been taken back already.")
    if locked.charge != Charge.FREE:
        raise DomainError("It is charged for: credit its invoice instead.")
    locked.taken_back_at, locked.taken_back_by = now, actor
    locked.save(update_fields=["taken_back_at", "taken_back_by"])
    allowances.judge(accounts=[locked.account_id], now=now)
