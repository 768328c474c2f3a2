"""The account that a customer's debit orders go against. A change is a new row, and the database does the rest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django.db import transaction

from billing.models import DebitDetail, PayerBank
from billing.policies import account_checks
from billing.selectors import mandates as reading
from billing.services import locks
from customers.models import Customer, Purpose
from herotill.clock import local_day
from herotill.errors import DomainError
from herotill.messages.recipients import recipients
from herotill.messages.services import outbox
from herotill.secrets import Secret, decrypt
from herotill.users.models import User

CHANGED = "debit-details-changed"
OVERRIDE = "billing.override_account_check"
FAILS = "This number fails the rule of {bank}; look at it once more."
_BETWEEN = str.maketrans("", "", " -")


@dataclass(frozen=True, slots=True)
class NewDetail:
    """What is captured of an account. An empty `number` keeps the one there is; `override` is why one that fails
    its bank's rule is kept."""

    bank: PayerBank
    branch_code: str
    holder: str
    debit_day: int
    number: str = ""
    branch_name: str = ""
    account_type: str = DebitDetail.AccountType.CURRENT
    override: str = ""


def digits(number: str) -> str:
    """An account number as people type it, without what they put between the digits."""
    return number.translate(_BETWEEN)


@transaction.atomic
def save_detail(
    *, customer: Customer, values: NewDetail, actor: User | None, now: datetime, seen: int | None = None
) -> DebitDetail:
    """Let other debit-order details count from now on; the ones there were are kept.

    Another bank, branch, account or holder ends the mandate, and the customer is told at the address there is
    now. `seen` is the row the person looked at (0 for none). Raises DomainError where that is no longer the one
    that counts, where a number is missing, or fails its bank's rule and is not overridden by somebody who may.
    """
    locks.hold([customer.pk])
    held = reading.current_detail(customer.pk)
    if seen is not None and seen != (held.pk if held else 0):
        raise DomainError("Somebody else changed the debit-order details meanwhile. Look at them first.")
    new = _row(customer, values, held)
    new.check_overridden = _checked(new, values, held, actor)
    new.made_by, new.made_at = actor, now
    if held and _says_the_same(held, new):
        return held
    new.save()
    if held and not same_account(held, new):
        _tell(customer, held, new, now, actor)
    return new


def _row(customer: Customer, values: NewDetail, held: DebitDetail | None) -> DebitDetail:
    number: Any = _number(digits(values.number), held)
    return DebitDetail(
        customer=customer,
        bank=values.bank,
        branch_name=values.branch_name.strip() or values.bank.name,
        branch_code=values.branch_code,
        holder=" ".join(values.holder.split()),
        account_type=values.account_type,
        number=number,
        number_last_four=number.last_four,
        debit_day=values.debit_day,
    )


def kept_number(detail: DebitDetail) -> Secret:
    """The account number as the database keeps it."""
    return cast(Secret, detail.number)


def _number(typed: str, held: DebitDetail | None) -> Secret:
    """The same token for the same number, by which the database knows that the account is the same."""
    if held and (not typed or decrypt(kept_number(held).token) == typed):
        return kept_number(held)
    if not typed:
        raise DomainError("Give the account number.", field="number")
    return Secret.of(typed)


def same_account(one: DebitDetail, other: DebitDetail) -> bool:
    """Whether two rows mean the same account of the same holder, as the database sees it too."""
    return _account(one) == _account(other)


def _account(detail: DebitDetail) -> tuple[object, ...]:
    return detail.bank_id, detail.branch_code, detail.account_type, kept_number(detail).token, detail.holder


def _says_the_same(held: DebitDetail, new: DebitDetail) -> bool:
    same = (held.branch_name, held.debit_day) == (new.branch_name, new.debit_day)
    return same and same_account(held, new)


def _checked(new: DebitDetail, values: NewDetail, held: DebitDetail | None, actor: User | None) -> str:
    """Why the bank's rule is overridden; empty where the number passes."""
    if _passes(new):
        return ""
    if held and held.check_overridden and same_account(held, new):
        return held.check_overridden
    why = values.override.strip()
    if not why or actor is None or not actor.has_perm(OVERRIDE):
        raise DomainError(FAILS.format(bank=new.bank.name), field="number")
    return why[:200]


def _passes(detail: DebitDetail) -> bool:
    number = decrypt(kept_number(detail).token)
    return account_checks.check(detail.bank.check_rule, detail.account_type, number, detail.branch_code)


def fails(values: NewDetail, held: DebitDetail | None) -> bool:
    """Whether a number would have to be overridden: it fails its bank's rule, and was not kept so before."""
    number = digits(values.number) or (decrypt(kept_number(held).token) if held else "")
    rule = values.bank.check_rule
    if account_checks.check(rule, values.account_type, number, values.branch_code):
        return False
    known = _account_values(held) if held and held.check_overridden else None
    return known != (values.bank.pk, values.branch_code, values.account_type, number)


def _account_values(held: DebitDetail) -> tuple[object, ...]:
    return held.bank_id, held.branch_code, held.account_type, decrypt(kept_number(held).token)


def _tell(customer: Customer, held: DebitDetail, new: DebitDetail, now: datetime, actor: User | None) -> None:
    """Tell those who get invoices, at the addresses they have at this moment, so that no later one hides it."""
    if reading.is_resellers(customer, local_day(now)):
        return
    wanted = (customer.pk, str(Purpose.INVOICES))
    for address in dict.fromkeys(recipients().addresses("email", {wanted})[wanted]):
        outbox.queue(
            template=CHANGED,
            now=now,
            customer_id=customer.pk,
            to=address,
            context={
                "name": customer.name,
                "code": customer.code,
                "old": f"{held.bank}, {held.number}",
                "new": f"{new.bank}, {new.number}",
            },
            subject_kind="debit_detail",
            subject_id=new.pk,
            actor_id=actor.pk if actor else None,
        )
