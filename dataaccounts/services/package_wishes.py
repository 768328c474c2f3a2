"""Packages that customers choose in the portal: made at once, or asked for and decided by somebody.

Which of the two, the network rules say.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.db import IntegrityError, transaction

from dataaccounts.models import DataAccount, NetworkRules, Package, PackageChange, PackageWish
from dataaccounts.selectors import choosing
from dataaccounts.selectors.own_services import planned
from dataaccounts.selectors.rules import rules
from dataaccounts.services import account_facts, package_changes
from dataaccounts.services.account_facts import Touched
from dataaccounts.services.package_changes import Wish
from herotill.clock import local_day
from herotill.errors import DomainError
from herotill.messages.services import outbox
from herotill.months import Month
from herotill.users.models import User

State = PackageWish.State
HOW = NetworkRules.PortalChanges
REASON = "Chosen in the portal"
ASKED = "Asked for in the portal"
ANSWERED = "package-answered"
OVER = "This was decided or withdrawn already."


@transaction.atomic
def choose(
    *, account: DataAccount, package: Package, day: date, price: Decimal, actor: User | None, now: datetime
) -> PackageChange | PackageWish:
    """Change an account's package as its customer wants it, or keep that they asked for it.

    `price` is what they were shown a month, with VAT. Raises DomainError where packages are not changed in the
    portal, the price is another by now, the day is neither today nor the first of next month, or the account
    cannot change.
    """
    how = rules().portal_changes
    if how == HOW.HIDDEN:
        raise DomainError("Ask us to change your package.")
    held = DataAccount.objects.select_for_update(of=("self",)).select_related("package__product", "customer")
    held = held.get(pk=account.pk)  # type: ignore[assignment]
    _refuse(held, package, day, price, now)  # type: ignore[arg-type]
    if how == HOW.AT_ONCE:
        wish = Wish(day=day, reason=REASON, package=package)
        return package_changes.schedule(accounts=[held.pk], wish=wish, actor=actor, now=now)[0]  # type: ignore[attr-defined]
    return _asked(held, package, day, price, actor, now)  # type: ignore[arg-type]


def days(now: datetime) -> tuple[date, date]:
    """When a change chosen in the portal may begin: today, or with next month."""
    today = local_day(now)
    return today, Month.of(today).next.first


def refusal(account: DataAccount) -> str:
    """Why its customer cannot change this account's package, or nothing."""
    if account.state != DataAccount.State.ACTIVE:
        return "Only a service that is active can change."
    return "A prepaid service has no monthly package; buy a bundle." if account.prepaid else ""


def _refuse(account: DataAccount, package: Package, day: date, price: Decimal, now: datetime) -> None:
    if said := refusal(account):
        raise DomainError(said)
    if day not in days(now):
        raise DomainError("Choose today or the first of next month.", field="day")
    offered = choosing.choices(account=account, day=day)
    found = next((one for one in offered if one.package.pk == package.pk), None)
    if found is None:
        raise DomainError("This package is not offered.", field="package")
    if found.price != price:
        raise DomainError("The price has changed. Look at it once more.", field="package")
    if planned(account):
        raise DomainError("A change is planned already. Withdraw it first.")


def _asked(
    account: DataAccount, package: Package, day: date, price: Decimal, actor: User | None, now: datetime
) -> PackageWish:
    try:
        with transaction.atomic():
            wish = PackageWish.objects.create(
                account=account,
                to_package=package,
                takes_effect_on=day,
                price=price,
                asked_by=actor,
                asked_at=now,
            )
    except IntegrityError as no:
        if "one_package_wish_an_account" not in str(no):
            raise
        raise DomainError("You asked for a package already. Withdraw that first.") from None
    touched = [Touched(account.pk, account.customer_id, account.username)]
    account_facts.tell("package-asked", touched, now, {"wish": wish.pk, "package": package.pk})
    return wish


@transaction.atomic
def accept(*, wish: PackageWish, actor: User, now: datetime) -> PackageChange:
    """Plan what a customer asked for: for the day they wanted, or today where that has gone by.

    Raises DomainError where it was decided or withdrawn, or the account cannot change.
    """
    held = _waiting(wish)
    day = max(held.takes_effect_on, local_day(now))
    planning = Wish(day=day, reason=ASKED, package=held.to_package)
    made = package_changes.schedule(accounts=[held.account_id], wish=planning, actor=actor, now=now)[0]
    held.change = made
    _decide(held, State.ACCEPTED, actor, now)
    _tell(held, f"It changes on {made.takes_effect_on}.", now)
    return made


@transaction.atomic
def refuse(*, wish: PackageWish, answer: str, actor: User, now: datetime) -> None:
    """Say no, with words that the customer reads. Raises DomainError without any."""
    held = _waiting(wish)
    if not answer.strip():
        raise DomainError("Say why; the customer reads it.", field="answer")
    held.answer = answer.strip()[:200]
    _decide(held, State.REFUSED, actor, now)
    _tell(held, f"We could not do it: {held.answer}", now)


@transaction.atomic
def withdraw(*, wish: PackageWish, actor: User | None, now: datetime) -> None:
    """Take back what was asked for, while it waits."""
    _decide(_waiting(wish), State.WITHDRAWN, actor, now)


def _waiting(wish: PackageWish) -> PackageWish:
    related = PackageWish.objects.select_related("to_package", "account__customer")
    held = related.select_for_update(of=("self",)).get(pk=wish.pk)
    if held.state != State.WAITING:
        raise DomainError(OVER)
    return held


def _decide(wish: PackageWish, state: str, actor: User | None, now: datetime) -> None:
    wish.state, wish.decided_by, wish.decided_at = state, actor, now
    wish.save(update_fields=["state", "answer", "change", "decided_by", "decided_at"])


def _tell(wish: PackageWish, answer: str, now: datetime) -> None:
    customer = wish.account.customer
    outbox.queue(
        template=ANSWERED,
        customer_id=customer.pk,
        context={
            "name": customer.name,
            "username": wish.account.username,
            "package": wish.to_package.name,
            "answer": answer,
        },
        subject_kind="dataaccount",
        subject_id=wish.account_id,
        key=f"{ANSWERED}-{wish.pk}",
        now=now,
    )
