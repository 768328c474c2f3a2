"""Anonymising: who is due, what a person asks for earlier, and the work itself, stage by stage."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, datetime

from dateutil.relativedelta import relativedelta
from django.db import transaction

from customers.anonymising import Stage, personal
from customers.models import Anonymisation, Contact, Customer, CustomerBalance
from customers.services.blanking import NOT_CANCELLED, log_ins
from herotill import approvals, blanking, events
from herotill.clock import local_day
from herotill.errors import DomainError
from herotill.models import ApprovalRequest, RetentionRules
from herotill.users.models import User

KIND = "anonymise-customer"
DONE = "customer.anonymised"
AT_ONCE = 200
ALREADY = "This customer is anonymised already."


def year_end(day: date, last_month: int) -> date:
    """The last day of the financial year that a day is in."""
    year = day.year + (day.month > last_month)
    return date(year, last_month, 1) + relativedelta(months=1, days=-1)


def last_days(customers: Collection[int]) -> dict[int, date]:
    """The last day on which anything happened that the law counts from, for each."""
    found: dict[int, date] = {}
    for part in personal:
        for pk, day in part.lasts(customers).items():
            found[pk] = max(found.get(pk, day), day)
    return found


def who_waits(customers: Collection[int], stage: Stage, day: date) -> dict[int, str]:
    """Who must not be blanked on this day in this stage, and why."""
    found: dict[int, str] = {}
    for part in personal:
        if part.stage == stage:
            found.update(part.waits(customers, day))
    return found


def run(now: datetime, *, at_once: int = AT_ONCE) -> str:
    """The nightly job: blank whoever's time has come. Each batch is a transaction; it may be killed anywhere."""
    said = {"anonymised": sum(_blank_due(ids, now) for ids in _former(now, at_once))}
    for stage in (Stage.ACCOUNTS, Stage.DOCUMENTS, Stage.BOOKS):
        said[stage.value] = sum(_stage(ids, stage, now) for ids in _owed(stage, now, at_once))
    return ", ".join(f"{count:,} {what}" for what, count in said.items() if count)


def _former(now: datetime, at_once: int) -> Iterator[list[int]]:
    """Cancelled customers that owe nothing, some at a time."""
    rows = Customer.objects.filter(
        status=Customer.Status.CANCELLED, anonymised_on=None, balance__amount=0
    ).order_by("pk")
    last = 0
    while ids := list(rows.filter(pk__gt=last).values_list("pk", flat=True)[:at_once]):
        yield ids
        last = ids[-1]


def _blank_due(ids: list[int], now: datetime) -> int:
    rules = RetentionRules.objects.get()
    until = local_day(now) - relativedelta(months=rules.anonymise_after_months)
    due = [pk for pk, day in last_days(ids).items() if day <= until]
    return anonymise(customers=due, reason="", asked_by=None, approved_by=None, now=now) if due else 0


@transaction.atomic
def anonymise(
    *, customers: Collection[int], reason: str, asked_by: User | None, approved_by: User | None, now: datetime
) -> int:
    """Blank what is personal of those of these customers that wait for nothing; returns how many.

    It cannot be undone. What tax and company law demand stays for its years (Anonymisation).
    """
    _hold(customers)
    waiting = who_waits(customers, Stage.PERSON, local_day(now))
    ids = [pk for pk in sorted(customers) if pk not in waiting]
    fresh = list(Customer.objects.filter(pk__in=ids, anonymised_on=None).order_by("pk"))
    if not fresh:
        return 0
    rules, lasts = RetentionRules.objects.get(), last_days(ids)
    Anonymisation.objects.bulk_create(
        Anonymisation(
            customer=customer,
            at=now,
            reason=reason,
            asked_by=asked_by,
            approved_by=approved_by,
            documents_due=_due(lasts[customer.pk], rules, rules.documents_years),
            books_due=_due(lasts[customer.pk], rules, rules.books_years),
        )
        for customer in fresh
    )
    _person([customer.pk for customer in fresh], [customer.code for customer in fresh], now)
    return len(fresh)


def _due(last: date, rules: RetentionRules, years: int) -> date:
    return year_end(last, rules.year_ends_in) + relativedelta(years=years, days=1)


def _hold(customers: Collection[int]) -> None:
    """Their balances first, as everybody does that posts; so nothing is posted meanwhile."""
    list(
        CustomerBalance.objects.select_for_update(no_key=True)
        .filter(customer__in=customers)
        .order_by("customer_id")
    )
    list(Customer.objects.select_for_update(of=("self",)).filter(pk__in=customers).order_by("pk"))


def _person(ids: list[int], codes: list[str], now: datetime) -> None:
    people = log_ins(ids)
    blanking.begin(ids, Stage.PERSON)
    for part in personal:
        if part.stage == Stage.PERSON:
            part.blank(ids, now)
    blanking.house(ids, codes)
    blanking.audit(ids, people)
    events.record_many(
        events.NewFact(kind=DONE, key=f"{DONE}-{pk}", customer_id=pk, subject_kind="customer", subject_id=pk)
        for pk in ids
    )


def _owed(stage: Stage, now: datetime, at_once: int) -> Iterator[list[int]]:
    """Anonymised customers that a later stage is owed, some at a time."""
    rows = Anonymisation.objects.filter(**{f"{stage}_on": None}).order_by("customer_id")
    if stage != Stage.ACCOUNTS:
        rows = rows.filter(**{f"{stage}_due__lte": local_day(now)})
    last = 0
    while ids := list(rows.filter(customer_id__gt=last).values_list("customer_id", flat=True)[:at_once]):
        yield ids
        last = ids[-1]


@transaction.atomic
def _stage(customers: list[int], stage: Stage, now: datetime) -> int:
    """Carry one later stage out for those that wait for nothing."""
    _hold(customers)
    waiting = who_waits(customers, stage, local_day(now))
    ids = [pk for pk in customers if pk not in waiting]
    if not ids:
        return 0
    blanking.begin(ids, stage)
    for part in personal:
        if part.stage == stage:
            part.blank(ids, now)
    if stage == Stage.BOOKS:
        blanking.approvals(list(Customer.objects.filter(pk__in=ids).values_list("code", flat=True)))
    blanking.audit(ids, [])
    return Anonymisation.objects.filter(customer__in=ids).update(**{f"{stage}_on": local_day(now)})


def refusal(*, customer: Customer, day: date) -> str:
    """Why this customer cannot be anonymised on a day, or nothing."""
    if customer.anonymised_on:
        return ALREADY
    if customer.status != Customer.Status.CANCELLED:
        return NOT_CANCELLED
    return who_waits([customer.pk], Stage.PERSON, day).get(customer.pk, "")


def preview(*, customer: Customer) -> list[approvals.Row]:
    """What would be blanked at once, and what must stay and until when."""
    rules, last = RetentionRules.objects.get(), last_days([customer.pk])[customer.pk]
    until = {
        Stage.PERSON: "Blanked at once",
        Stage.ACCOUNTS: f"Blanked {rules.results_days} days after the last debit",
        Stage.DOCUMENTS: f"Stays until {_due(last, rules, rules.documents_years)}, by tax law",
        Stage.BOOKS: f"Stays until {_due(last, rules, rules.books_years)}, by company law",
    }
    return [approvals.Row(part.what, "", until[part.stage]) for part in personal if part.what]


def ask(*, customer: Customer, reason: str, actor: User, now: datetime) -> ApprovalRequest:
    """Have a customer's wish to be forgotten wait for a second person.

    Raises DomainError where something is open yet, for one who is anonymised, and without a reason.
    """
    if why := refusal(customer=customer, day=local_day(now)):
        raise DomainError(why)
    return approvals.ask(kind=KIND, subject_id=customer.pk, payload={}, reason=reason, actor=actor, now=now)


def carry_out(asked: approvals.Asked, actor: User, now: datetime) -> None:
    """Do what a second person approved."""
    done = anonymise(
        customers=[asked.subject_id or 0],
        reason=asked.request.reason,
        asked_by=asked.request.asked_by,
        approved_by=actor,
        now=now,
    )
    if not done:
        raise DomainError("Something of this customer is open again, or it is anonymised already.")


def addresses(customers: Collection[int]) -> list[str]:
    """Where these customers were written to, and nobody else is."""
    theirs = Contact.objects.filter(customer__in=customers).values_list("email", "phone")
    found = {one for pair in theirs for one in pair if one}
    others = Contact.objects.filter(email__in=found).exclude(customer__in=customers)
    found -= set(others.values_list("email", flat=True))
    others = Contact.objects.filter(phone__in=found).exclude(customer__in=customers)
    return sorted(found - set(others.values_list("phone", flat=True)))
