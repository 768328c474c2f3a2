"""What is read of how a customer is billed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from billing.models import BillingProfile, Rules, SubAccountMode
from customers.models import BillingGroup, Customer
from herotill.months import Month


def profile(*, customer: Customer) -> BillingProfile | None:
    """A customer's own rules, where there are any."""
    return BillingProfile.objects.filter(customer=customer).select_related("price_list").first()


@dataclass(frozen=True, slots=True)
class Due:
    """When an invoice is due: so many days after its date, and who says so."""

    days: int
    source: str

    @property
    def words(self) -> str:
        if not self.days:
            return "on the invoice's own date"
        return "1 day after the invoice" if self.days == 1 else f"{self.days} days after the invoice"

    def on(self, dated: date) -> date:
        return dated + timedelta(days=self.days)


def due(*, profile: BillingProfile | None, group: BillingGroup | None, rules: Rules) -> Due:
    """The customer's own days, else the billing group's, else the company's."""
    if profile and profile.due_days is not None:
        return Due(profile.due_days, "own")
    if group:
        return Due(group.due_days, "group")
    return Due(rules.due_days, "company")


def next_run(group: BillingGroup, today: date) -> date:
    """The next day, today included, on which a billing group's debit orders run."""
    months = (Month.of(today), Month.of(today).next)
    return next(day for month in months if (day := _run_day(group, month)) >= today)


def _run_day(group: BillingGroup, month: Month) -> date:
    return month.first + timedelta(days=min(group.run_day, month.length) - 1)


def modes(*, customer: Customer) -> list[SubAccountMode]:
    """How a sub-account is and was billed, the newest first."""
    found = SubAccountMode.objects.filter(customer=customer).select_related("set_by")
    return list(found.order_by("-starts_on"))


def mode_on(modes: list[SubAccountMode], day: date) -> str:
    """The mode that counts on a day; who never had one is billed itself."""
    counting = next((one.mode for one in modes if one.starts_on <= day), None)
    return counting or SubAccountMode.Mode.ITSELF
