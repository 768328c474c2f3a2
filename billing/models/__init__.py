from .bank import (
    Alias,
    BankRow,
    Reconciliation,
    Refund,
    RowKind,
    StatementImport,
    StatementLayout,
)
from .contracts import DepositEntry, PriceNotice, RentalContract
from .documents import Document, GivenNumbers, Letterhead, Line, LineCredit, NameRange, Snapshot
from .grounds import AdjustmentReason, DraftChange, Grounds
from .kinds import DocumentKind, EntryKind, VatClass
from .ledger import Allocation, Entry, OpenItem
from .month_end import MonthEnd, PreviewRow
from .receipts import Receipt, Reversal
from .recurring import Hold, ItemPrice, RecurringItem, Waiver
from .reports import (
    AgedCustomer,
    AgedSum,
    AgeingPicture,
    MailedStatement,
    MonthReceived,
    MonthRevenue,
    MonthVat,
    RevenueUpto,
    TakeOver,
    TakeOverRow,
)
from .settings import AccountingPeriod, BankAccount, BillingProfile, Limit, Rules, Series, SubAccountMode

__all__ = [
    "AccountingPeriod",
    "AdjustmentReason",
    "AgedCustomer",
    "AgedSum",
    "AgeingPicture",
    "Alias",
    "Allocation",
    "BankAccount",
    "BankRow",
    "BillingProfile",
    "DepositEntry",
    "Document",
    "DocumentKind",
    "DraftChange",
    "Entry",
    "EntryKind",
    "GivenNumbers",
    "Grounds",
    "Hold",
    "ItemPrice",
    "Letterhead",
    "Limit",
    "Line",
    "LineCredit",
    "MailedStatement",
    "MonthEnd",
    "MonthReceived",
    "MonthRevenue",
    "MonthVat",
    "NameRange",
    "OpenItem",
    "PreviewRow",
    "PriceNotice",
    "Receipt",
    "Reconciliation",
    "RecurringItem",
    "Refund",
    "RentalContract",
    "RevenueUpto",
    "Reversal",
    "RowKind",
    "Rules",
    "Series",
    "Snapshot",
    "StatementImport",
    "StatementLayout",
    "SubAccountMode",
    "TakeOver",
    "TakeOverRow",
    "VatClass",
    "Waiver",
]
