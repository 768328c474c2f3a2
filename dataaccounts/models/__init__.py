from .accounts import AccountPrice, DataAccount, IdentityCheck, NetworkRules, PackageChange, ServiceSpan
from .allowances import NoticeSent, Topping, UsageNotice, Voucher, VoucherBatch
from .network import Nas, Outage, Sector, VendorAttribute, VendorTemplate
from .packages import Package, ToppingOffer
from .sessions import (
    AnySession,
    ArchivedSession,
    Device,
    LoginAnswer,
    NasReload,
    Session,
    SessionColumns,
    SessionOrder,
)
from .signals import NasTurn, SignalReading
from .sources import UsageName, UsageSource
from .usage import LoadHour, UsageDay, UsageHour, UsageMonth
from .wishes import PackageWish

__all__ = [
    "AccountPrice",
    "AnySession",
    "ArchivedSession",
    "DataAccount",
    "Device",
    "IdentityCheck",
    "LoadHour",
    "LoginAnswer",
    "Nas",
    "NasReload",
    "NasTurn",
    "NetworkRules",
    "NoticeSent",
    "Outage",
    "Package",
    "PackageChange",
    "PackageWish",
    "Sector",
    "ServiceSpan",
    "Session",
    "SessionColumns",
    "SessionOrder",
    "SignalReading",
    "Topping",
    "ToppingOffer",
    "UsageDay",
    "UsageHour",
    "UsageMonth",
    "UsageName",
    "UsageNotice",
    "UsageSource",
    "VendorAttribute",
    "VendorTemplate",
    "Voucher",
    "VoucherBatch",
]
