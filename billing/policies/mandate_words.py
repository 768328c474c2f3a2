"""What somebody agrees to who signs a mandate, in words: the same on the page and on paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from herotill.money import rand

HOLIDAY = {"before": "the business day before", "after": "the business day after"}
NOTICE_DAYS = 10


@dataclass(frozen=True, slots=True)
class Terms:
    """What a mandate says. `number` is masked; `creditor` is who debits."""

    creditor: str
    code: str
    reference: str
    holder: str
    bank: str
    branch: str
    account_type: str
    number: str
    debit_day: int
    holiday: str
    maximum: Decimal | None

    @property
    def facts(self) -> Sequence[tuple[str, str]]:
        """Each thing agreed, with its name."""
        return (
            ("Paid to", self.creditor),
            ("Account holder", self.holder),
            ("Bank", self.bank),
            ("Branch", self.branch),
            ("Account type", self.account_type),
            ("Account number", self.number),
            ("Debit order day", day_words(self.debit_day)),
            ("If that is no business day", f"On {HOLIDAY[self.holiday]}"),
            ("Largest debit", rand(self.maximum) if self.maximum else "What your invoices say is due"),
            ("Reference", self.reference),
        )

    @property
    def authority(self) -> Sequence[str]:
        """The sentences that are agreed to."""
        return (
            f"I authorise {self.creditor} to debit this account with what is due for its services under the "
            f"customer code {self.code}, each month on the debit order day.",
            f"A debit carries the code {self.code}. One that differs from the month before is announced with "
            f"amount and date at least {NOTICE_DAYS} days ahead.",
            "I may end this mandate at any time by telling you so in writing; what was due before stays due. "
            "I may dispute a debit at my bank.",
            "If bank, account or account holder change, this mandate ends and I am asked anew.",
            "I am the account holder, or may sign for the account holder.",
        )


def day_words(day: int) -> str:
    """`the 25th of the month`."""
    ending = "th" if 10 < day < 14 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
    last = ", or the last day of a shorter month" if day > 28 else ""
    return f"The {day}{ending} of the month{last}"
