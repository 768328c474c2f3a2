"""The company, bank accounts and kinds of VAT of the books, as they tell them; which of their accounts is ours."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from billing.models import BankAccount, BooksAccount, BooksCompany, BooksTaxType
from billing.selectors import books_receipts as selecting
from billing.services.books_receipts.booking import JOB
from herotill.errors import DomainError
from herotill.integrations import books as port
from herotill.jobs import nudge


def look(*, books: port.Books, now: datetime) -> BooksCompany:
    """Ask for the company, its bank accounts and kinds of VAT, and keep what they say."""
    company, accounts, kinds = books.company(), books.bank_accounts(), books.tax_types()
    with transaction.atomic():
        made = note_company(company, now)
        for account in accounts:
            BooksAccount.objects.update_or_create(
                company=company.id,
                their_id=account.id,
                defaults={
                    "name": account.name[:200],
                    "number": account.number[:100],
                    "active": account.active,
                },
            )
        for kind in kinds:
            BooksTaxType.objects.update_or_create(
                company=company.id,
                their_id=kind.id,
                defaults={
                    "name": kind.name[:200],
                    "rate": kind.rate,
                    "usual": kind.default,
                    "active": kind.active,
                },
            )
        _gone(company.id, accounts, kinds)
    return made


def note_company(company: port.Company, now: datetime) -> BooksCompany:
    """Keep what is told of the company."""
    made, _ = BooksCompany.objects.update_or_create(
        their_id=company.id,
        defaults={
            "name": company.name[:200],
            "vat_number": company.vat_number[:30],
            "locked_until": company.locked_until,
            "ages_by_month": company.ages_by_month,
            "ages_from_due": company.ages_from_due,
            "told_at": now,
        },
    )
    return made


def _gone(company: str, accounts: object, kinds: object) -> None:
    """What they no longer tell of is used no more; what was said of it stays."""
    for model, told in ((BooksAccount, accounts), (BooksTaxType, kinds)):
        ids = [one.id for one in told]  # type: ignore[attr-defined]
        model.objects.filter(company=company, active=True).exclude(their_id__in=ids).update(active=False)


def _want_after_others(account: BankAccount, starts_on: date | None) -> None:
    """Raises DomainError where receipts would count that another source has booked already."""
    used = selecting.connected()
    if account.source != BankAccount.Source.ACCOUNTING or used is None or used.starts_on is None:
        return
    last = selecting.fed_until(account)
    first = max(used.starts_on, starts_on or used.starts_on, account.starts_on or used.starts_on)
    if last and first <= last:
        raise DomainError(
            f"Receipts into {account} up to {last} are booked here already; say a day after that.",
            field="starts_on",
        )


@transaction.atomic
def map_account(*, theirs: BooksAccount, account: BankAccount | None, starts_on: date | None) -> None:
    """Say which account of ours one of theirs is, and from when its receipts count; what waited is booked next.

    What was booked before stays where it is. Raises DomainError for an account of ours that is retired, and for
    a first day on which another source brought receipts: the books tell of the same money.
    """
    if account is not None and account.retired:
        raise DomainError("That account of ours is used no longer.", field="account")
    if account is not None and (account.pk, starts_on) != (theirs.account_id, theirs.starts_on):
        _want_after_others(account, starts_on)
    theirs.account, theirs.starts_on = account, starts_on
    theirs.save(update_fields=["account", "starts_on"])
    nudge(JOB)
